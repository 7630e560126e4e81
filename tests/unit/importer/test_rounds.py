"""Plans of rounds in notes: what becomes an interview, and what looks like one and is none."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from starbook import cli
from starbook.build import pipeline
from starbook.importer.document import parse_document
from starbook.importer.plan import import_document
from starbook.importer.stories import Known

KNOWN = Known(
    ("Guest First", "Lead, Then Ask", "Speak Up; Then Commit", "Taste and Be Honest"),
    categories=("Incidents", "Conflict"),
)
SECOND = "12:00 - round 2: Incidents"


def interviews(text: str, known: Known = KNOWN) -> list[Any]:
    document = parse_document("day", f"# Thursday\n\n{text}\n", known.vocabulary)
    return import_document(document, known).interviews


def first_round(line: str) -> dict[str, object]:
    """Return what becomes of a line, above another one that surely is a round."""
    [interview] = interviews(f"{line}\n{SECOND}")
    assert len(interview.rounds) == 2
    found: dict[str, object] = interview.rounds[0].to_mapping()
    return found


INCIDENTS = {"themes": ["Incidents"]}


@pytest.mark.parametrize(
    ("line", "becomes"),
    [
        (
            "Friday 10:00 – Round 1 (Mona, 45 min): Guest First, Conflict",
            {
                "with": "Mona", "starts": "10:00", "minutes": 45,
                "themes": ["Guest First", "Conflict"], "notes": "Friday",
            },
        ),
        (
            "- 9:30am w/ Karim (bar raiser): incidents",
            {"name": "bar raiser", "with": "Karim", "starts": "09:30", **INCIDENTS},
        ),
        (
            "* **Round 1** with Ada Berg, head of kitchens — Incidents and conflict",
            {"name": "head of kitchens", "with": "Ada Berg", "themes": ["Incidents", "Conflict"]},
        ),
        ("1:15 pm Ines: Incidents", {"with": "Ines", "starts": "13:15", **INCIDENTS}),
        (
            "14:00-14:45, Pau Riba: Incidents",
            {"with": "Pau Riba", "starts": "14:00", "minutes": 45, **INCIDENTS},
        ),
        (
            "2026-12-10 09:00 system design: Incidents",
            {"name": "system design", "starts": "09:00", "notes": "2026-12-10", **INCIDENTS},
        ),
        ("Runde 1 mit Jo, 30 Min.: Incidents", {"with": "Jo", "minutes": 30, **INCIDENTS}),
        (
            "2:15 PM – 3:00 PM: Edda Holm (bar raiser) — Conflict",
            {
                "name": "bar raiser", "with": "Edda Holm", "starts": "14:15", "minutes": 45,
                "themes": ["Conflict"],
            },
        ),
        (
            "Runde 1 – 9.30 Uhr, Frau Lindt (Teamleitung), 45 Minuten: Incidents",
            {
                "name": "Teamleitung", "with": "Frau Lindt", "starts": "09:30", "minutes": 45,
                **INCIDENTS,
            },
        ),
        ("Runde 1, 13 Uhr mit Jo: Incidents", {"with": "Jo", "starts": "13:00", **INCIDENTS}),
        # Themes before what else is said.
        (
            "Round 1: Menus - Incidents and Conflict - with Ada Berg (director) - 11:00-11:45",
            {
                "name": "Menus, director", "with": "Ada Berg", "starts": "11:00", "minutes": 45,
                "themes": ["Incidents", "Conflict"],
            },
        ),
        (
            "R1 · 9:00–9:45 · Ada Berg (director): Incidents",
            {
                "name": "director", "with": "Ada Berg", "starts": "09:00", "minutes": 45,
                **INCIDENTS,
            },
        ),
        # A name beside a time is a person, unless it is a role.
        (
            "Round 1: Soups (Ada Berg, 10:00): Incidents",
            {"name": "Soups", "with": "Ada Berg", "starts": "10:00", **INCIDENTS},
        ),
        (
            "Round 1: Ada (Director, 45 min): Incidents",
            {"name": "Director", "with": "Ada", "minutes": 45, **INCIDENTS},
        ),
        ("Round 1: Guest first & conflict", {"themes": ["Guest First", "Conflict"]}),
        ("Round 1: Taste & Be Honest", {"themes": ["Taste and Be Honest"]}),
        # A name with a mark that stands between others, and the beginning of a longer name.
        ("Round 1: Lead, then ask, Conflict", {"themes": ["Lead, Then Ask", "Conflict"]}),
        ("Round 1: speak up / Incidents", {"themes": ["Speak Up; Then Commit", "Incidents"]}),
    ],
)  # fmt: skip
def test_a_line_of_a_plan_becomes_a_round(line: str, becomes: dict[str, object]) -> None:
    assert first_round(line) == becomes


def test_the_rows_of_a_table_become_rounds() -> None:
    [interview] = interviews(
        "| Round | Time | With | Length (min) | About |\n|---|---|---|---|---|\n"
        "| 1 | 9:00 | Mona Lind | 45 | Guest First; Incidents |\n"
        "| 2 | 10:00 | Karim, the chef | 60 | Conflict |\n"
    )
    assert [one.to_mapping() for one in interview.rounds] == [
        {
            "with": "Mona Lind", "starts": "09:00", "minutes": 45,
            "themes": ["Guest First", "Incidents"],
        },
        {
            "name": "the chef", "with": "Karim", "starts": "10:00", "minutes": 60,
            "themes": ["Conflict"],
        },
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Round 1 (Mona): Incidents",  # one alone
        "Round 1 (Mona): Incidents\nRound 2 (Karim): whatever comes up",
        "Round 1 (Mona): Incidents, and then lunch\nRound 2 (Karim): Conflict",
        # Stories, by their numbers and how long they take.
        "1. The spilled soup (2 min): Incidents\n2. The lost key (3 min): Conflict",
        "1. The spilled soup (2:45): Incidents\n2. The lost key (1:50): Conflict",
        "| # | Story | Shows |\n|---|---|---|\n| 1 | Soup | Incidents |\n| 2 | A key | Conflict |",
        "With Mona about the soup: Conflict\nWith Karim about the key: Incidents",
        # Prose that says the time.
        "At 10:00 the kitchen burned.\nAt 11:00 it was Conflict all over.",
    ],
)
def test_what_is_not_surely_a_plan_is_none(text: str) -> None:
    assert interviews(text) == []


def test_a_row_without_the_number_of_its_round_keeps_the_person_before_the_time() -> None:
    [one] = interviews(
        "| Who | When | About |\n|---|---|---|\n"
        "| Mona (chef) | 9:00 | Incidents |\n| Karim | 10:00 | Conflict |"
    )
    assert [each.to_mapping() for each in one.rounds] == [
        {"name": "chef", "with": "Mona", "starts": "09:00", "themes": ["Incidents"]},
        {"with": "Karim", "starts": "10:00", "themes": ["Conflict"]},
    ]


@pytest.mark.parametrize(
    "text",
    [
        "## Round 1: Soups (Mona, 9:00)\n\n- Incidents\n\n"
        "## Round 2 (Karim)\n\nGuest first, conflict",
        "- Round 1: Soups (Mona, 9:00)\n  - Incidents\n"
        "- Round 2 (Karim)\n  - guest first\n  - Conflict",
        "**Round 1: Soups (Mona, 9:00)**\n\n* Asked of all: incidents\n* Bring a spoon\n\n"
        "**Round 2 (Karim)**\n\n* guest first\n* Conflict",
    ],
)  # fmt: skip
def test_the_themes_of_a_round_may_stand_below_it(text: str) -> None:
    [one] = interviews(text)
    assert [each.to_mapping() for each in one.rounds] == [
        {"name": "Soups", "with": "Mona", "starts": "09:00", "themes": ["Incidents"]},
        {"with": "Karim", "themes": ["Guest First", "Conflict"]},
    ]


def test_a_round_without_themes_keeps_its_place_and_a_pause_is_none() -> None:
    [one] = interviews(
        "Round 1: a walk with Lena, 30 minutes\nRound 2: Knives, Ismail\nRound 3: Lunch\n"
        "Round 4 (Mona): Incidents\nRound 5 (Karim): Conflict\nRound 5 went well."
    )
    assert [each.to_mapping() for each in one.rounds] == [
        {"name": "a walk", "with": "Lena", "minutes": 30},
        {"name": "Knives, Ismail"},
        {"with": "Mona", "themes": ["Incidents"]},
        {"with": "Karim", "themes": ["Conflict"]},
    ]


@pytest.mark.parametrize(
    ("heading", "company"),
    [
        ("Northwind onsite", "Northwind"),
        ("Final loop", ""),
        ("Blue Harbour virtual onsite, in May", "Blue Harbour"),
        ("Vor-Ort-Tag bei Nordwind", "Nordwind"),
        ("Onsite at 10", ""),
        ("Leadership panel", ""),
    ],
)
def test_a_heading_that_says_where_the_rounds_are_names_the_company(
    heading: str, company: str
) -> None:
    [one] = interviews(f"## {heading}\n\nR1: Conflict\n{SECOND}")
    assert one.company == company


def test_the_only_day_of_a_document_is_that_of_its_plan() -> None:
    [one] = interviews(f"By video, 2026-12-03.\n\n## Plan\n\nR1: Conflict\n{SECOND}")
    assert one.date == "2026-12-03"


def test_the_company_and_the_day_come_from_the_headings() -> None:
    [interview] = interviews(
        f"## Northwind interview questions, 2026-12-10\n\nR1: Conflict\n{SECOND}"
    )
    assert (interview.company, interview.date) == ("Northwind", "2026-12-10")


def test_two_days_are_no_date() -> None:
    [one] = interviews("2026-12-10 9:00 Mona: Incidents\n2026-12-11 9:00 Karim: Conflict")
    assert one.date == ""


NOTES = """# My day

## Logistics

9:00 – Round 1 w/ Mona (head chef): Frugality, Guest First
10:00 – Round 2 w/ Karim: Conflict, 3rd floor
11:00 – Round 3 w/ Ada, 30 min: Conflict

Bring the knife.
"""


def test_what_is_written_checks_clean_and_the_notes_stay_whole(
    content: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = content(
        {
            "handbook.yml": "id: f00d\n",
            "principles.yml": "- name: Guest First\n",
            "categories.yml": "- name: Conflict\n",
        }
    )
    monkeypatch.chdir(tmp_path)
    Path("day.md").write_text(NOTES, encoding="utf-8")

    assert cli.main(["import", "day.md", "--into", "content"]) == 0

    assert (
        "an interview of 3 rounds, whose plan is in a guide, too; fill in its company"
        in capsys.readouterr().out
    )
    assert (folder / "interviews/day.yml").read_text(encoding="utf-8") == (
        "company: '[Fill in: which company?]'\nrounds:\n"
        "- name: head chef\n  with: Mona\n  starts: 09:00\n"
        "  themes:\n  - Frugality\n  - Guest First\n"
        "- with: Karim\n  starts: '10:00'\n  themes:\n  - Conflict\n  notes: 3rd floor\n"
        "- with: Ada\n  starts: '11:00'\n  minutes: 30\n  themes:\n  - Conflict\n"
    )
    book, problems = pipeline.load(folder)
    assert problems == ()
    [one] = book.interviews
    assert [ref.to for ref in one.rounds[0].themes] == [
        "principle/frugality", "principle/guest-first"
    ]  # fmt: skip
    guides = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("guides/*.md"))
    for line in NOTES.splitlines()[4:]:
        assert line in guides
