"""`check --format github` and `sarif`: what GitHub shows beside the lines of a commit."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from conftest import story
from jsonschema import Draft7Validator

from starbook import __version__, cli
from starbook.commands import formats
from starbook.problem import Problem, Severity

Make = Callable[..., Path]
Said = pytest.CaptureFixture[str]
FILES = {
    "stories/the flood, again.md": story("A", "levl: 50 %"),
    "stories/b.md": story("B").partition("## Result")[0],
    "qestions.yml": "- question: x\n",
    "handbook.yml": "id: mill\n",
}
HAPPIER = {
    "stories/a.md": story("A").replace("Errors fell from 9 to 2 %.", "Customers are happier."),
    "handbook.yml": "id: mill\n",
}
# What a reader of SARIF 2.1.0 needs, and what GitHub asks for besides.
_TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string",
         "minLength": 1}}}  # fmt: skip
_RULE = {
    "type": "object",
    "required": ["id", "shortDescription", "fullDescription", "help"],
    "properties": {
        "id": {"pattern": "^[a-z-]+$"},
        **dict.fromkeys(("shortDescription", "fullDescription", "help"), _TEXT),
        "defaultConfiguration": {"properties": {"level": {"enum": ["error", "warning", "note"]}}},
    },
}
_LOCATION = {
    "required": ["physicalLocation"],
    "properties": {
        "physicalLocation": {
            "required": ["artifactLocation"],
            "properties": {
                "artifactLocation": {
                    "required": ["uri"],
                    "properties": {
                        "uri": {"type": "string", "pattern": "^(file:///)?[A-Za-z0-9%._~/-]+$"}
                    },
                },
                "region": {
                    "required": ["startLine"],
                    "properties": {"startLine": {"type": "integer", "minimum": 1}},
                },
            },
        }
    },
}
_RESULT = {
    "type": "object",
    "required": ["ruleId", "ruleIndex", "level", "message", "locations"],
    "properties": {
        "level": {"enum": ["error", "warning", "note"]},
        "message": _TEXT,
        "locations": {"type": "array", "minItems": 1, "maxItems": 1, "items": _LOCATION},
    },
}
_DRIVER = {
    "type": "object",
    "required": ["name", "version", "rules"],
    "properties": {"rules": {"type": "array", "uniqueItems": True, "items": _RULE}},
}
SARIF = {
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "properties": {
                    "tool": {"required": ["driver"], "properties": {"driver": _DRIVER}},
                    "results": {"type": "array", "items": _RESULT},
                },
            },
        },
    },
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    return tmp_path


def check(form: str, *options: str) -> int:
    return cli.main(["check", "--content", "content", "--format", form, *options])


def sarif(capsys: Said) -> dict[str, Any]:
    """Return the one run of what was printed, which is SARIF as GitHub wants it."""
    file = json.loads(capsys.readouterr().out)
    Draft7Validator(SARIF).validate(file)
    (run,) = file["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
    found: dict[str, Any] = run
    return found


# Commands of a workflow


def test_github_shows_each_problem_at_its_line(content: Make, capsys: Said) -> None:
    content(FILES)
    assert check("github") == 1
    assert capsys.readouterr().out.splitlines() == [
        "Content: content",
        "::warning file=content/qestions.yml,title=unknown-file::is not read; "
        "did you mean `questions.yml`?",
        "::warning file=content/stories/b.md,line=5,title=missing-part::says `status: ready`, but "
        "has no Result, so it counts as a draft; add `## Result`, or write `status: draft`",
        "::error file=content/stories/the flood%2C again.md,line=4,title=unknown-key::"
        "unknown key `levl`; did you mean `level`?",
        "1 error, 2 warnings.",
    ]


@pytest.mark.parametrize(
    ("problem", "command"),
    [
        (
            Problem("a.md", 3, "50 % of a: b, c", "write 100%25", "x"),
            "::error file=a.md,line=3,title=x::50 %25 of a: b, c; write 100%2525",
        ),
        (
            Problem("stories/10:30, 5%.md", 0, "is gone", "", "outside", Severity.WARNING),
            "::warning file=stories/10%3A30%2C 5%25.md,title=outside::is gone",
        ),
        (
            Problem("a.md", 1, "two\nlines\r::error::x", "", "no-figure", Severity.ADVICE),
            "::notice file=a.md,line=1,title=no-figure::two\ufffdlines\ufffd::error::x",
        ),
        (
            Problem("a\n::b.md", 1, "x", "", "y"),
            "::error file=a\ufffd%3A%3Ab.md,line=1,title=y::x",
        ),
    ],
)
def test_no_sign_ends_a_command_or_begins_another(problem: Problem, command: str) -> None:
    assert formats.as_github(problem, formats.root()) == command


def test_without_problems_there_is_no_command(content: Make, capsys: Said) -> None:
    content({"stories/a.md": story("A"), "handbook.yml": "id: mill\n"})
    assert check("github", "--strict") == 0
    assert capsys.readouterr().out == "Content: content\nNo problems.\n"


# SARIF


def test_code_scanning_gets_each_problem_with_its_rule(content: Make, capsys: Said) -> None:
    content(FILES)
    assert check("sarif") == 1

    run = sarif(capsys)
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("Starbook", __version__)
    assert [(rule["id"], rule["shortDescription"]["text"]) for rule in driver["rules"]] == [
        ("missing-part", "Missing part"),
        ("unknown-file", "Unknown file"),
        ("unknown-key", "Unknown key"),
    ]
    places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    assert places == [
        {"artifactLocation": {"uri": "content/qestions.yml", "uriBaseId": "%SRCROOT%"}},
        {
            "artifactLocation": {"uri": "content/stories/b.md", "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": 5},
        },
        {
            "artifactLocation": {
                "uri": "content/stories/the%20flood%2C%20again.md",
                "uriBaseId": "%SRCROOT%",
            },
            "region": {"startLine": 4},
        },
    ]
    assert [(one["ruleId"], one["level"]) for one in run["results"]] == [
        ("unknown-file", "warning"),
        ("missing-part", "warning"),
        ("unknown-key", "error"),
    ]
    assert run["results"][1]["message"]["text"].endswith("or write `status: draft`")
    assert run["results"][2]["message"]["text"] == "unknown key `levl`; did you mean `level`?"


def test_a_clean_handbook_is_a_run_without_results(content: Make, capsys: Said) -> None:
    content({"stories/a.md": story("A")})
    assert check("sarif", "--strict") == 0
    run = sarif(capsys)
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])


def test_a_folder_that_is_not_there_is_a_result_too(capsys: Said) -> None:
    assert check("sarif") == 1
    (result,) = sarif(capsys)["results"]
    assert result["ruleId"] == "no-content"


def test_any_name_of_a_file_is_an_address(here: Path) -> None:
    name = "stories/Zür 50%#1?\udce9.md"
    printed = formats.as_sarif([Problem(name, 1, "is no “x”", "", "y")], here)
    (result,) = json.loads(printed)["runs"][0]["results"]
    assert result["message"]["text"] == "is no “x”"
    assert printed.isascii()
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote(uri, errors="surrogateescape") == name
    assert uri.isascii()
    assert not {"#", "?", " "} & set(uri)


# The coach, and places


def test_a_remark_of_the_coach_is_a_notice(content: Make, capsys: Said) -> None:
    content(HAPPIER)
    assert check("github", "--coach", "--strict") == 0
    first, line, tally = capsys.readouterr().out.splitlines()
    assert (first, tally) == ("Content: content", "1 remark.")
    assert line.startswith(
        "::notice file=content/stories/a.md,line=18,title=no-figure::"
        "The Result has no figure; add the number that changed; or keep it: `coach: {no-figure: "
    )


def test_a_remark_of_the_coach_is_a_note_of_code_scanning(content: Make, capsys: Said) -> None:
    content(HAPPIER)
    assert check("sarif", "--coach", "--strict") == 0
    (result,) = sarif(capsys)["results"]
    assert (result["ruleId"], result["level"]) == ("no-figure", "note")
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 18}


def test_the_coach_says_that_it_waits_for_a_handbook_without_errors(
    content: Make, capsys: Said
) -> None:
    content(FILES)
    assert check("github", "--coach") == 1
    said = capsys.readouterr().out.splitlines()
    assert said[-2:] == ["The coach did not run: mend the errors first.", "1 error, 2 warnings."]


def test_places_count_from_the_checkout_of_a_workflow(
    content: Make, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    content(FILES)
    monkeypatch.setenv("GITHUB_WORKSPACE", str(here))
    monkeypatch.chdir(here / "content/stories")

    assert cli.main(["check", "--content", "..", "--format", "github"]) == 1
    assert "::warning file=content/stories/b.md,line=5," in capsys.readouterr().out
    assert cli.main(["check", "--content", "..", "--format", "sarif"]) == 1
    first = sarif(capsys)["results"][0]["locations"][0]["physicalLocation"]
    assert first["artifactLocation"]["uri"] == "content/qestions.yml"


def test_a_file_outside_the_checkout_has_its_whole_address(here: Path, capsys: Said) -> None:
    (here / "work").mkdir()
    os.chdir(here / "work")
    fault = Problem("../book/a b.md", 2, "x", "", "y")
    whole = here.resolve() / "book/a b.md"
    assert formats.as_github(fault, formats.root()) == (
        f"::error file={formats._escape_property(whole.as_posix())},line=2,title=y::x"
    )
    (run,) = json.loads(formats.as_sarif([fault], formats.root()))["runs"]
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": whole.as_uri()}
