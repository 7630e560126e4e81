"""Files for editors in a handbook: schemas, the lines that name them, and tasks of VS Code."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import story
from editors import kind_of, read
from jsonschema import Draft7Validator

from starbook import cli, editor_files
from starbook.commands import folders
from starbook.content import front_matter, json_schemas
from starbook.content.properties import Properties
from starbook.problem import Problem, Severity

Make = Callable[..., Path]
Said = pytest.CaptureFixture[str]
MODELINE = re.compile(r"# yaml-language-server: \$schema=(\S+)")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(folders, "REMEMBERED", tmp_path / ".starbook-content")
    return tmp_path


def make_schemas() -> int:
    return cli.main(["new", "schemas", "--content", "content"])


# The lines that name a schema


@pytest.mark.slow
def test_each_file_of_a_new_handbook_names_its_schema_and_is_as_that_says(here: Path) -> None:
    assert cli.main(["new", "handbook", "book"]) == 0
    assert cli.main(["new", "interview", "Harbour, Engineer", "--content", "book"]) == 0
    assert cli.main(["new", "question", "Why us?", "--content", "book"]) == 0

    named = set()
    for path in (here / "book").rglob("*.*"):
        name = path.relative_to(here / "book").as_posix()
        if name.startswith(".") or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        match = MODELINE.match(text.removeprefix("---\n"))
        assert match, name
        schema = (path.parent / match[1]).resolve()
        assert schema.stem == kind_of(name)
        Draft7Validator(json.loads(schema.read_bytes())).validate(read(name, text))
        named.add(schema.stem)
    assert named >= {"handbook", "questions", "story", "guide", "interviews", "decks", "to-ask"}


def test_a_new_handbook_with_these_lines_has_no_problem(here: Path, capsys: Said) -> None:
    assert cli.main(["new", "handbook", "book"]) == 0
    capsys.readouterr()
    assert cli.main(["check", "--content", "book", "--strict"]) == 0
    assert capsys.readouterr().out == "Content: book\nNo problems.\n"


@pytest.mark.slow
def test_a_story_from_a_template_names_its_schema_once(here: Path) -> None:
    assert cli.main(["new", "handbook", "book"]) == 0
    command = ["new", "story", "The flood", "--template", "outage", "--content", "book"]
    assert cli.main(command) == 0

    text = (here / "book/stories/the-flood.md").read_text(encoding="utf-8")
    line = "# yaml-language-server: $schema=../.schemas/story.json\n"
    assert text.startswith(f"---\n{line}title: The flood\ncategories: ")
    assert text.count("yaml-language-server") == 1
    ready = front_matter.with_word(text.encode(), "status", "ready")
    assert ready == text.replace("status: draft", "status: ready").encode()


def test_without_schemas_no_file_names_one(content: Make) -> None:
    made = content({})
    assert cli.main(["new", "guide", "On the day", "--content", "content"]) == 0
    text = (made / "guides/on-the-day.md").read_text(encoding="utf-8")
    assert text.startswith("---\ntitle: On the day\n---\n")


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("handbook.yml", "handbook"),
        ("questions.yaml", "questions"),
        ("questions/core.yml", "questions"),
        ("labels/swedish.yml", "labels"),
        ("answers/deep/er/why-us.md", "answer"),
        ("templates/outage.md", "story"),
        *(
            (name, "")
            for name in ("README.md", "notes.yml", "to-ask.md", "stories", "handbook/a.yml")
        ),
    ],
)
def test_a_file_has_the_schema_of_its_kind(name: str, schema: str) -> None:
    assert editor_files.schema_of(name) == schema


# The schemas


def test_schemas_are_written_into_a_handbook_that_has_none(content: Make, capsys: Said) -> None:
    made = content({"stories/a.md": story("A")})

    assert make_schemas() == 0

    assert capsys.readouterr().out == (
        f"Content: content\nWrote 14 schemas to {Path('content/.schemas')}.\n"
        "A file names its schema in a comment; docs/FORMAT.md has it, under In the editor.\n"
    )
    written = {path.stem: json.loads(path.read_bytes()) for path in made.glob(".schemas/*")}
    assert set(written) == set(json_schemas.all_schemas(Properties()))
    assert make_schemas() == 0
    assert capsys.readouterr().out.endswith(
        f"The schemas in {Path('content/.schemas')} are up to date.\n"
    )


def test_a_schema_of_an_older_version_is_replaced_and_one_of_the_persons_stays(
    content: Make, capsys: Said
) -> None:
    made = content({})
    assert make_schemas() == 0
    new = (made / ".schemas/log.json").read_bytes()
    (made / ".schemas/log.json").write_bytes(new.replace(b"landed", b"rating"))
    (made / ".schemas/decks.json").write_text('{"type": "array"}', encoding="utf-8")
    capsys.readouterr()

    assert make_schemas() == 1

    said = capsys.readouterr()
    assert "Wrote 1 schema to " in said.out
    assert said.err == (
        f"{Path('content/.schemas/decks.json')} stays as it is: Starbook did not write it.\n"
    )
    assert (made / ".schemas/log.json").read_bytes() == new
    assert (made / ".schemas/decks.json").read_text(encoding="utf-8") == '{"type": "array"}'


def test_properties_that_the_settings_pass_over_are_in_the_schema_of_a_story(
    content: Make,
) -> None:
    made = content({"handbook.yml": "ignore_properties: [mood]\n"})
    assert make_schemas() == 0
    form = Draft7Validator(json.loads((made / ".schemas/story.json").read_bytes()))
    assert form.is_valid({"title": "A", "Mood": "calm"})
    assert not form.is_valid({"title": "A", "moods": "calm"})


def test_schemas_need_a_handbook(capsys: Said) -> None:
    assert make_schemas() == 1
    assert capsys.readouterr().err == f"{folders.NO_FOLDER}.\n"


# The tasks


def matched(line: str) -> dict[str, str] | None:
    """Return what VS Code takes from a line: the groups of the first matcher that fits."""
    for matcher in editor_files.tasks()["tasks"][0]["problemMatcher"]:
        pattern = dict(matcher["pattern"])
        kind = pattern.pop("kind")
        if match := re.search(pattern.pop("regexp"), line):
            found = {name: match[number] for name, number in pattern.items()}
            assert ("line" in found) is (kind == "location")
            return {"severity": matcher["severity"], **found}
    return None


PATHS = ["stories/a.md", "../job search/stories/the flood.md", "C:\\Users\\Ana Silva\\a.md",
         "..\\book\\stories\\10:30.md", "stories/error: x.md"]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("line", [0, 12])
def test_the_matcher_finds_place_severity_and_words(path: str, severity: str, line: int) -> None:
    if not line and severity == Severity.ADVICE:
        return  # a remark of the coach has a line
    message = 'expected a list: found `[a]`:7: error: "x"'
    problem = Problem(path, line, message, "write `[…]`", "type", Severity(severity))
    assert matched(str(problem)) == {
        "file": path,
        **({"line": str(line)} if line else {}),
        "severity": "info" if severity == "advice" else severity,
        "message": f"{message}; write `[…]`",
        "code": "type",
    }


def test_the_matcher_reads_each_line_of_a_check_but_the_first_and_the_last(
    content: Make, capsys: Said
) -> None:
    content({
        "stories/the flood.md": story("A", "levl: x"),
        "stories/b.md": story("B").partition("## Result")[0],
        "qestions.yml": "- question: x\n",
        "stories/c.md": "no fences",
    })  # fmt: skip
    assert cli.main(["check", "--content", "content"]) == 1

    first, *lines, last = capsys.readouterr().out.splitlines()
    assert (matched(first), matched(last)) == (None, None)
    found = [matched(line) for line in lines]
    places = [(one["file"], one.get("line"), one["severity"]) for one in found if one]
    assert places == [
        ("content/qestions.yml", None, "warning"),
        ("content/stories/b.md", "5", "warning"),
        ("content/stories/c.md", "1", "error"),
        ("content/stories/the flood.md", "4", "error"),
    ]


@pytest.mark.slow
def test_the_tasks_of_a_new_handbook_run_check_in_its_folder(here: Path) -> None:
    assert cli.main(["new", "handbook", "book"]) == 0
    made: dict[str, Any] = json.loads((here / "book/.vscode/tasks.json").read_bytes())
    assert made["version"] == "2.0.0"
    ends = [["check", "--content", "."], ["check", "--content", ".", "--coach"]]
    for task, end in zip(made["tasks"], ends, strict=True):
        script, *arguments = task["args"]
        assert Path(script) == folders.ROOT / "build.py"
        assert arguments == end
        assert task["options"] == {"cwd": "${workspaceFolder}"}
