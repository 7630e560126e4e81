"""docs/FORMAT.md: its examples are a handbook without a problem; its tables have every field."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from conftest import ROOT
from format_document import CLEAN, FAULTY, TEXT

from starbook.content import schema
from starbook.model import Kind

_REPORT = re.compile(r"^```text problems\n(.*?)^```$", re.DOTALL | re.MULTILINE)

SPECS = {
    "stories/*.md": schema.STORY,
    "handbook.yml": schema.SETTINGS,
    "categories.yml": schema.CATEGORY,
    "principles.yml": schema.PRINCIPLE,
    "questions.yml": schema.QUESTION,
    "answers/*.md": schema.ANSWER,
    "to-ask.yml": schema.AUDIENCE,
    "interviews/*.yml": schema.INTERVIEW,
    "log.yml": schema.LOG_ENTRY,
    "decks.yml": schema.DECK,
    "levels.yml": schema.LEVEL,
    "guides/*.md": schema.GUIDE,
    "labels.yml": schema.LABELS,
}

Check = Callable[[Mapping[str, str]], list[str]]


def _table(heading: str) -> dict[str, list[str]]:
    """The first table of fields below a heading: the cells of each row by the field."""
    below = TEXT.split(f"\n## `{heading}`\n", 1)[1].split("\n## `", 1)[0]
    table = below.split("| field | type | default | meaning |\n", 1)[1].split("\n\n", 1)[0]
    rows = [row.strip("| ").split(" | ") for row in table.splitlines()[1:]]
    return {row[0].strip("`"): row[1:] for row in rows}


def test_the_examples_are_a_handbook_without_a_problem(problems: Check) -> None:
    assert problems(CLEAN) == []


def test_the_faulty_example_has_the_problems_that_the_page_lists(problems: Check) -> None:
    (expected,) = _REPORT.findall(TEXT)
    lines = expected.replace(": error: ", ": ").splitlines()
    assert problems({**CLEAN, **FAULTY}) == lines
    assert expected.count(": error: ") == 2


def test_every_file_has_an_example() -> None:
    names = {re.sub(r"/.*\.", "/*.", path) for path in CLEAN}
    assert names == {*SPECS, "synonyms.yml", "templates/*.md"}


@pytest.mark.parametrize("heading", SPECS)
def test_every_field_is_described_once_and_in_order(heading: str) -> None:
    assert list(_table(heading)) == list(SPECS[heading].keys)


@pytest.mark.parametrize("heading", SPECS)
def test_the_required_fields_are_called_required(heading: str) -> None:
    required = {field for field, cells in _table(heading).items() if cells[1] == "required"}
    assert required == set(SPECS[heading].required)


@pytest.mark.parametrize("heading", SPECS)
def test_every_field_is_in_an_example(heading: str) -> None:
    pattern = re.compile(heading.replace("*", ".*"))
    examples = "\n".join(text for path, text in CLEAN.items() if pattern.fullmatch(path))
    missing = [key for key in SPECS[heading].keys if not re.search(rf"\b{key}:", examples)]
    # A guide and a principle show the fields of their own; the others are those of a category.
    assert missing == {"guides/*.md": ["id"], "principles.yml": ["id", "tags"]}.get(heading, [])


def test_every_field_of_a_round_is_described_and_in_the_example() -> None:
    below = TEXT.split("\nA round:\n\n", 1)[1].split("\n\n", 2)[0]
    assert re.findall(r"^\| `(\w+)`", below, re.MULTILINE) == list(schema.ROUND.keys)
    example = CLEAN["interviews/harbour-cranes.yml"]
    assert [key for key in schema.ROUND.keys if f"{key}:" not in example] == []


def test_a_story_of_the_examples_has_every_section_and_callout() -> None:
    story = CLEAN["stories/returned-twice.md"]
    for kind in set(Kind) - {Kind.OTHER, Kind.FOOTNOTES}:
        assert (
            f"\n## {kind.replace('-', ' ').capitalize()}".replace("Follow ups", "Follow-ups")
            in story
        )
    for callout in ("PHRASES", "COACHING", "MISTAKE", "NOTE"):
        assert f"\n> [!{callout}]\n" in story


def _rules_that_warn(file: Path) -> Iterator[str]:
    """Yield the rules that a file of Starbook names where it makes a warning."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    values = {
        ast.unparse(one.targets[0]): one.value.value
        for one in tree.body
        if isinstance(one, ast.Assign) and isinstance(one.value, ast.Constant)
    }
    for call in (one for one in ast.walk(tree) if isinstance(one, ast.Call)):
        given = {ast.unparse(one) for one in call.args}
        function = ast.unparse(call.func).rpartition(".")[2].strip("_")
        if function in ("warn", "warning", "warning_once") or given & {
            "Severity.WARNING",
            "severity",
        }:
            texts = (one.value for one in call.args if isinstance(one, ast.Constant))
            for text in (*texts, *map(values.get, given)):
                if isinstance(text, str) and re.fullmatch(r"[a-z]+(-[a-z]+)*", text):
                    yield text


@pytest.mark.slow
def test_the_list_of_rules_that_warn_is_complete() -> None:
    below = TEXT.split("| rule | warning |\n", 1)[1].split("\n\n", 1)[0]
    cells = re.findall(r"^\| (`[^|]+`) \|", below, re.MULTILINE)
    listed = [rule for cell in cells for rule in re.findall(r"`([a-z-]+)`", cell)]
    warned = {rule for file in (ROOT / "starbook").rglob("*.py") for rule in _rules_that_warn(file)}
    assert sorted(listed) == sorted(warned)
