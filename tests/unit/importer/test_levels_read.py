"""Levels in notes: what becomes an entry of levels.yml, and what looks like one and is none."""

from typing import Any

import pytest
import yaml

from starbook import cli
from starbook.build import pipeline
from starbook.importer.document import parse_document
from starbook.importer.plan import import_document
from starbook.importer.stories import Known

NOTES = """# M2 kitchen leads, how we hire

## What an M2 is: expectations

- **Direct reports**: 4-9 cooks (with sous-chefs)
- **Cost and waste**: €200K-€600K annual effect
- **Teams**: 2+ kitchens
- **Planning horizon**: Monthly to quarterly, mostly
- **Reach of influence**: 20-35 people in the house
- **Recipe ownership**: One menu
- **Hiring**: 3 to 6 cooks per year

## Warning signs

### In numbers

- **Below €50K**: nobody would notice
- Only the own kitchen

## How M3 differs

- **Horizon**: monthly/quarterly vs the whole season
- **Influence**: 20-35 people vs 90+ people
- **Cost**: €200K-€600K vs €2M+ a house
- **Press**: never vs every month
"""
M2 = {
    "name": "M2",
    "next": "M3",
    "expects": {
        "reports": "4 to 9",
        "money": "€200K to €600K/year",
        "teams": "2+",
        "horizon": "a month to a quarter",
        "influence": "20 to 35 people",
        "recipe ownership": "One menu",
        "hires": "3 to 6/year",
    },
    "red_flags": ["Below €50K: nobody would notice", "Only the own kitchen"],
    "differs": [
        "Horizon: monthly/quarterly vs the whole season",
        "Influence: 20-35 people vs 90+ people",
        "Cost: €200K-€600K vs €2M+ a house",
        "Press: never vs every month",
    ],
}
M3 = {
    "name": "M3",
    "expects": {"horizon": "the whole season", "influence": "90+ people", "money": "€2M+/year"},
}


def levels(text: str) -> list[dict[str, object]]:
    known = Known()
    result = import_document(parse_document("notes", text, known.vocabulary), known)
    return [level.to_mapping() for level in result.levels]


def test_a_profile_becomes_a_level_and_what_differs_the_next_one() -> None:
    assert levels(NOTES) == [M2, M3]


def test_the_text_stays_in_guides() -> None:
    known = Known()
    result = import_document(parse_document("notes", NOTES, known.vocabulary), known)
    text = "\n".join(result.guides.values())
    assert "4-9 cooks (with sous-chefs)" in text
    assert "nobody would notice" in text
    assert "€2M+ a house" in text


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("Budget: about 3 large ovens", {}),  # digits that are no amount
        ("Budget: named and owned", {"money": "named and owned"}),
        ("Revenue: $1-5M a year", {"money": "$1 to 5M/year"}),
        ("Planning: multi-year strategic", {"horizon": "multi-year strategic"}),
        ("Umsatz: €2M pro Jahr", {"money": "€2M/year"}),
        ("**Headcount**: 12", {"people": "12"}),
        ("Taste: 3 stars or more", {"taste": "3 stars or more"}),
    ],
)
def test_an_amount_is_taken_or_else_the_words(item: str, expected: dict[str, str]) -> None:
    text = f"# L4 profile\n\n- Direct reports: 2\n- Teams: 1\n- {item}\n"
    ((level),) = levels(text)
    assert level["expects"] == {"reports": "2", "teams": "1", **expected}


@pytest.mark.parametrize(
    "text",
    [
        "# L4 profile\n\n- Teams: 2\n- Tone: warm\n",  # one amount
        "# Expectations\n\n- Teams: 2\n- Direct reports: 3\n",  # of nobody knows which level
        "# L4 kitchens\n\n- Teams: 2\n- Direct reports: 3\n",  # not what is expected
        "# L4 profile\n\nTeams: 2\n\nDirect reports: 3\n",  # no list
        "# Warning signs for L4\n\n- Teams: 2\n- Direct reports: 3\n",
    ],
)
def test_what_is_not_sure_is_no_level(text: str) -> None:
    assert levels(text) == []


def test_a_lower_level_is_not_the_next_one() -> None:
    (level,) = levels(NOTES.replace("How M3 differs", "How M1 differs"))
    assert "next" not in level
    assert "differs" not in level


def test_warning_signs_belong_to_the_level_that_is_named_above_them() -> None:
    profile = "- Teams: 2\n- Direct reports: 3\n"
    text = f"# Kitchens\n\n## L4 profile\n\n{profile}\n## L5 profile\n\n{profile}"
    text += "\n## Red flags of an L5\n\n- Shouts.\n\n## Red flags\n\n- Salts twice.\n"
    four, five = levels(text)
    assert "red_flags" not in four
    assert five["red_flags"] == ["Shouts."]


def test_the_file_is_read_without_a_problem_and_not_written_twice(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kitchen.md").write_text(NOTES, "utf-8")
    assert cli.main(["import", "kitchen.md", "--into", "book"]) == 0
    assert "levels, whose text is in a guide, too: M2, M3" in capsys.readouterr().out
    written = yaml.safe_load((tmp_path / "book/levels/kitchen.yml").read_text("utf-8"))
    assert written == [M2, M3]
    book, problems = pipeline.load(tmp_path / "book")
    assert problems == ()
    assert [level.name for level in book.levels] == ["M2", "M3"]
    (tmp_path / "again.md").write_text(NOTES.replace("4-9", "5-9"), "utf-8")
    assert cli.main(["import", "again.md", "--rename", "--into", "book"]) == 0
    assert sorted(path.name for path in (tmp_path / "book/levels").iterdir()) == ["kitchen.yml"]
