"""Choices of the practice page: interviews and rounds, with the questions of their plan."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from conftest import story
from editions import site_of

from starbook.model import Edition

ANGLES = """
## Angles

### Ownership

Begin with the phone.

### Harbour

Begin with the crane.

### Frugality

Begin with the bill.
"""
BOOK = {
    "handbook.yml": "id: mill\npublish: [questions, practice]\n",
    "principles.yml": "- name: Ownership\n- name: Frugality\n",
    "questions.yml": (
        "- {question: What broke?, id: broke, principles: [Ownership], stories: [bell]}\n"
        "- {question: Who paid?, id: paid}\n"
    ),
    "stories/bell.md": story("The bell", "principles: [Ownership]", "publish: true", body=ANGLES),
    "stories/door.md": story("The door", "principles: [Ownership, Frugality]", "publish: true"),
    "stories/sill.md": story("The sill", "principles: [Ownership]"),
    "interviews/harbour.yml": (
        "company: Harbour\nrole: Engineer\ndate: 2026-12-10 Europe/Paris\nrounds:\n"
        "- {with: Ana Silva, starts: '09:40', themes: [Ownership]}\n"
        "- {name: the boss, themes: [Frugality, Who paid?]}\n"
        "- {name: lunch}\n"
    ),
    "interviews/quay.yml": "company: Quay\ndate: 2026-11-02\n",
}


def index(files: Mapping[str, str], edition: Edition = Edition.PRIVATE) -> Any:
    """Return what the practice page reads first."""
    text = site_of(files, edition)["practice-index.js"].decode()
    return json.JSONDecoder().raw_decode(text[text.index("(") + 1 :])[0]


def asked(made: Any, choice: str) -> list[str]:
    """Return the texts of the questions of an interview or a round."""
    return [made["planned"][number]["text"] for number in made["sets"][choice]["questions"]]


def test_a_round_has_the_stories_of_its_plan_and_the_questions_that_may_come() -> None:
    made = index(BOOK)
    assert made["sets"]["interview/harbour/1"]["stories"] == ["bell", "sill"]
    assert asked(made, "interview/harbour/1") == ["What broke?"]
    (broke, *_) = made["planned"]
    assert broke["first"] == "bell"
    assert broke["angles"] == ["principle/ownership", "company/harbour"]


def test_a_theme_is_asked_by_its_name_where_no_question_leads_to_its_story() -> None:
    made = index(BOOK)
    assert asked(made, "interview/harbour/2") == ["They ask about Frugality.", "Who paid?"]
    frugality = made["planned"][1]
    assert frugality["id"] == "principle/frugality"
    assert frugality["stories"] == [["door", False, "planned, for round 2"]]


def test_a_question_as_a_theme_without_a_story_is_asked_all_the_same() -> None:
    paid = index(BOOK)["planned"][2]
    assert (paid["id"], paid["stories"], "first" in paid) == ("paid", [], False)


def test_a_whole_interview_has_all_its_rounds_and_its_day() -> None:
    made = index(BOOK)
    assert asked(made, "interview/harbour") == [
        "What broke?",
        "They ask about Frugality.",
        "Who paid?",
    ]
    assert made["sets"]["interview/harbour"]["day"] == "2026-12-10"
    assert "interview/quay" not in made["sets"]  # it has nothing to practise


def test_the_page_offers_each_interview_with_its_rounds_and_its_date_as_written() -> None:
    page = site_of(BOOK, Edition.PRIVATE)["practice.html"].decode()
    for option in (
        '<optgroup label="Harbour, Engineer" data-day="2026-12-10">'
        '<option value="interview/harbour">Harbour: all rounds',
        '<option value="interview/harbour/1">Harbour: Ana Silva</option>',
        '<option value="interview/harbour/2">Harbour: the boss</option></optgroup>',
        '<option value="2026-11-02" data-day="2026-11-02">Quay, 2026-11-02</option>'
        '<option value="2026-12-10" data-day="2026-12-10">'
        "Harbour, Engineer, 2026-12-10, 09:40, Europe/Paris</option>",
    ):
        assert option in page
    assert "interview/harbour/3" not in page


def test_the_page_of_an_interview_leads_to_its_practice() -> None:
    files = site_of(BOOK, Edition.PRIVATE)
    link = (
        '<a class="btn" href="../practice.html#with=interview/harbour">Practise this interview</a>'
    )
    assert link in files["interviews/harbour.html"].decode()
    assert "Practise this" not in files["interviews/quay.html"].decode()


def test_the_texts_of_a_story_have_its_angles_for_themes_and_companies() -> None:
    (text,) = json.loads(
        "[" + site_of(BOOK, Edition.PRIVATE)["practice-texts/0.js"].decode().split(",", 2)[2]
        .rpartition(")")[0] + "]"
    )  # fmt: skip
    assert 'data-angle="company/harbour" data-label="Show the angle: Harbour"' in text[0]
    assert "Begin with the phone." in text[0]
    assert "data-angle" not in text[1]


@pytest.mark.slow
def test_a_public_edition_has_no_interview_to_practise_with() -> None:
    files = site_of(BOOK)
    made = index(BOOK, Edition.PUBLIC)
    assert made["planned"] == []
    assert made["sets"] == {}
    everything = b"".join(data for path, data in files.items() if path.startswith("practice"))
    for word in (b"Ana Silva", b"the boss", b"2026-12-10", b"Quay", b"company/harbour"):
        assert word not in everything
    assert b'data-angle=\\"principle/ownership\\"' in everything


def second_interview(role: str) -> str:
    """Return the page of a handbook with another interview at Harbour, a month later."""
    harbour = BOOK["interviews/harbour.yml"].replace("2026-12-10", "2027-01-10")
    files = {**BOOK, "interviews/second.yml": harbour.replace("Engineer", role)}
    return site_of(files, Edition.PRIVATE)["practice.html"].decode()


def test_two_interviews_of_one_company_are_told_apart_by_their_roles() -> None:
    page = second_interview("Architect")
    assert ">Harbour, Architect: all rounds<" in page
    assert ">Harbour, Engineer: all rounds<" in page


def test_two_interviews_for_one_role_are_told_apart_by_their_dates() -> None:
    page = second_interview("Engineer")
    assert ">Harbour, Engineer, 2026-12-10: Ana Silva<" in page
    assert ">Harbour, Engineer, 2027-01-10: Ana Silva<" in page
