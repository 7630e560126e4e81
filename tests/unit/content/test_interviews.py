"""Files of interviews and the log: what is read, and what is said of what cannot be."""

import pytest
from conftest import story

from starbook.build import pipeline

LISTS = {"principles.yml": "- name: Ownership\n  set: Amazon\n"}
FULL = """company: City Library
role: Engineer
date: 2026-12-10 Europe/London
level: Senior engineer
principles: Amazon
notes: |
  By video.
  They   take notes.
rounds:
  - name: manager
    with: Ana Silva
    starts: "09:30"
    minutes: 45
    themes: [Ownership]
"""


def test_an_interview_is_read_with_its_rounds(content) -> None:
    book, problems = pipeline.load(content(LISTS | {"interviews/library.yml": FULL}))
    assert problems == ()
    [one] = book.interviews
    assert (one.id, one.title) == ("library", "City Library, Engineer")
    assert (one.date, one.zone) == ("2026-12-10", "Europe/London")
    assert one.notes == "By video.\nThey take notes."
    [first] = one.rounds
    assert (first.name, first.person, first.starts) == ("manager", "Ana Silva", "09:30")
    assert [ref.to for ref in first.themes] == ["principle/ownership"]


def test_one_file_may_list_several_interviews(content) -> None:
    text = "- company: City Library\n  role: Engineer\n- company: Harbour\n  id: cranes\n"
    book, _ = pipeline.load(content({"interviews.yml": text}))
    assert [one.id for one in book.interviews] == ["city-library-engineer", "cranes"]


def test_a_principle_comes_before_a_category_of_the_same_name(content) -> None:
    files = {
        "principles.yml": "- name: Conflict\n",
        "categories.yml": "- name: Conflict\n",
        "interviews/a.yml": "company: A\nrounds: [{themes: [Conflict]}]\n",
    }
    book, _ = pipeline.load(content(files))
    assert book.interviews[0].rounds[0].themes[0].to == "principle/conflict"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "date: 2026-02-30 Europe/London",
            "expected a day of the calendar, found `2026-02-30 Europe/London`; "
            "write it as 2024-03-01, with the time zone behind it [type]",
        ),
        (
            "date: 2026-W07-5",
            "expected a day of the calendar, found `2026-W07-5`; "
            "write it as 2024-03-01, with the time zone behind it [type]",
        ),
        (
            "date: Thursday",
            "expected a day of the calendar, found `Thursday`; "
            "write it as 2024-03-01, with the time zone behind it [type]",
        ),
        ("rol: Engineer", "unknown key `rol`; did you mean `role`? [unknown-key]"),
        (
            "rounds: [{minutes: 1}]",
            "expected a whole number from 5 to 600, found `1`; "
            "write a number in between, in digits [type]",
        ),
        ("rounds: [{wiht: Ana}]", "unknown key `wiht`; did you mean `with`? [unknown-key]"),
        (
            "rounds: Ana",
            "expected a list of rounds, found `Ana`; write `[Ana]` [type]",
        ),
    ],
)
def test_a_fault_of_an_interview_has_its_line(line: str, said: str, problems) -> None:
    found = problems({"interviews/a.yml": f"company: City Library\n{line}\n"})
    assert [one for one in found if "warning" not in one] == [f"content/interviews/a.yml:2: {said}"]


@pytest.mark.parametrize(
    ("line", "near"),
    [
        ("audience: Teammates", "Peers / Teammates"),  # a part of the name
        ("audience: Accountants", ""),
        ("audience: Pears / Teammates", "Peers / Teammates"),
        ("themes: [tell me about a conflict]", "Conflict"),  # the name, and more words
        ("themes: [Conflct]", "Conflict"),
        ("themes: [would you lead]", "how-would-you-lead-a-night-shift"),
    ],
)
def test_a_wrong_name_is_answered_with_the_nearest(line: str, near: str, problems) -> None:
    files = {
        "interviews/a.yml": f"company: City Library\nrounds:\n- {line}\n",
        "to-ask.yml": "- audience: Peers / Teammates\n  topics: [{topic: A, questions: [Why?]}]\n",
        "categories.yml": "- name: Conflict\n",
        "questions.yml": "- question: How would you lead a night shift?\n",
    }
    [found] = [one for one in problems(files) if ":3: unknown" in one and "warning" not in one]
    assert ("did you mean" in found) == bool(near)
    assert f"did you mean `{near}`?" in found or not near


def test_an_interview_needs_a_company(problems) -> None:
    assert problems({"interviews/a.yml": "role: Engineer\n"}) == [
        "content/interviews/a.yml:1: an interview has no `company`; add `company: …` [required]"
    ]


def test_a_required_name_that_is_empty_is_a_fault(problems) -> None:
    empty = "is empty; write it behind the colon, in quotes if it begins with # [required]"
    question = "- question: Why us?\n  stories:\n    - story: ''\n      note: The ferry.\n"
    assert problems({"log.yml": "- interview: ''\n", "questions.yml": question}) == [
        f"content/log.yml:1: `interview` {empty}",
        f"content/questions.yml:3: `story` {empty}",
    ]


def test_two_files_with_one_id_are_a_fault(problems) -> None:
    round_ = "rounds: [{themes: [Ownership]}]\n"
    files = {
        "interviews/a.yml": f"company: City Library\n{round_}",
        "interviews/b.yml": f"company: Harbour\nid: a\n{round_}",
    }
    assert problems(LISTS | files) == [
        "content/interviews/b.yml:1: the id `a` is already taken by interviews/a.yml:1; "
        "give one of them another `id: …` [duplicate-id]"
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "landed: 5",
            "expected a whole number from 1 to 4, found `5`; write a number in between, in digits",
        ),
        (
            "date: 2026-02-30",
            "expected a date, found `2026-02-30`; write it as 2024-03-01 or 2024-03",
        ),
        ("story: 'a", "YAML is broken: found unexpected end of stream; check quotes"),
        ("landed: [4]", "expected a whole number from 1 to 4, found a list"),
        ("date: soon", "expected a date, found `soon`; write it as 2024-03-01 or 2024-03"),
        ("stroy: a", "unknown key `stroy`; did you mean `story`?"),
    ],
)
def test_a_fault_of_the_log_has_its_line(line: str, said: str, problems) -> None:
    files = {
        "interviews/a.yml": "company: City Library\nrounds: [{themes: [Ownership]}]\n",
        "log.yml": f"- interview: a\n  {line}\n",
    }
    [found] = problems(LISTS | files)
    assert found.startswith(f"content/log.yml:2: {said}")


def test_a_story_to_tell_that_is_not_there_is_left_out_with_the_nearest_name(problems) -> None:
    files = {
        "stories/bell.md": story("The bell"),
        "interviews/a.yml": "company: A\nrounds:\n- themes: [Ownership]\n  fixed: [bel]\n",
    }
    assert problems(LISTS | files) == [
        "content/interviews/a.yml:4: warning: unknown story `bel`, which is left out; "
        "did you mean `bell`? [unknown-story]"
    ]


def test_a_loop_without_rounds_and_a_round_without_themes_say_what_to_add(problems) -> None:
    files = {
        "interviews/a.yml": "company: A\n",
        "interviews/b.yml": "company: B\nrounds:\n- with: Ana\n",
    }
    assert problems(LISTS | files) == [
        "content/interviews/a.yml:1: warning: has no rounds, so nothing is planned; "
        "add `rounds:` with an entry `- with: …` for each [no-round]",
        "content/interviews/b.yml:3: warning: this round has no theme, and so no story; "
        "add `themes: […]`: principles, categories or questions [no-theme]",
    ]


def test_a_question_that_the_handbook_does_not_have_is_no_fault(content) -> None:
    files = {
        "interviews/a.yml": "company: City Library\nrounds: [{themes: [Ownership]}]\n",
        "log.yml": "- interview: a\n  question: Why books?\n",
    }
    book, problems = pipeline.load(content(LISTS | files))
    assert problems == ()
    [entry] = book.log
    assert entry.question
    assert (entry.question.text, entry.question.to) == ("Why books?", "")
