"""Exports of the practice page in practice/: what is read, merged, left out."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from conftest import story

from starbook.content import practice_files
from starbook.model import PracticeRecord

Check = Callable[[Mapping[str, str | bytes]], list[str]]
RECORD = {"id": "r1", "story": "a", "at": "2025-12-02T19:40:00.000Z", "rating": 3}
HINT = "save it again on the practice page, or take it out of practice/ [practice]"


def export(*records: Any, **fields: Any) -> str:
    """Return an export with these records, and other fields than usual."""
    handbook = {"id": "mill", "title": "The mill"}
    whole = {"starbook": "practice", "version": 1, "handbook": handbook, "records": records}
    return json.dumps(whole | fields)


@pytest.fixture
def practised(problems: Check) -> Check:
    """Return the problems of a handbook with the id `mill` and these exports."""

    def check(exports: Mapping[str, str | bytes]) -> list[str]:
        files = {f"practice/{name}.json": data for name, data in exports.items()}
        return problems({"handbook.yml": "id: mill\n", "stories/a.md": story(), **files})

    return check


def test_an_export_of_this_handbook_checks_clean(practised: Check) -> None:
    probe = {"probe": "Why?", "seconds": 28.5}
    told = {**RECORD, "thinking": 6, "parts": [27, 24.5], "probes": [probe], "mode": "drill"}
    assert practised({"phone": export(told), "laptop (1)": export(RECORD)}) == []


def test_an_answer_of_a_mock_without_a_story_checks_clean(practised: Check) -> None:
    assert practised({"phone": export({**RECORD, "story": "", "mode": "mock"})}) == []


@pytest.mark.parametrize(
    ("data", "warning"),
    [
        ('{"starbook": "practice",\n oops', "2: warning: is no JSON from here on; " + HINT),
        ("[" * 5000, "1: warning: is nested too deeply; " + HINT),
        ("{}", "1: warning: is no export of the practice page; " + HINT),
        ("[]", "1: warning: is no export of the practice page; " + HINT),
        (b"\xff\xfea", "1: warning: is UTF-16; save it as UTF-8 [practice]"),
        (
            export(version=2),
            "1: warning: is of version 2, and this program reads 1; update Starbook [practice]",
        ),
        (
            export(RECORD, handbook={"id": "tides", "title": "Tide tables"}),
            "1: warning: belongs to another handbook, `Tide tables`, and is left out; move it "
            "there, or write `id: tides` in handbook.yml if it is the same one [practice]",
        ),
        (
            export(RECORD, {**RECORD, "rating": 5}),
            "1: warning: record 2 is left out: Expected `int` <= 4 - at `rating`; " + HINT,
        ),
        (
            export({"id": "r2", "story": "a"}),
            "1: warning: record 1 is left out: Object missing required field `at`; " + HINT,
        ),
        (
            export({**RECORD, "at": "noon"}),
            "1: warning: record 1 is left out: Invalid isoformat string: 'noon'; " + HINT,
        ),
        (
            export("none"),
            "1: warning: record 1 is left out: Expected `object`, got `str`; " + HINT,
        ),
    ],
)
def test_a_fault_in_an_export_is_a_warning_with_its_place(
    practised: Check, data: str | bytes, warning: str
) -> None:
    assert practised({"phone": data}) == [f"content/practice/phone.json:{warning}"]


def test_a_record_of_a_story_that_is_not_there_is_warned_of_once(practised: Check) -> None:
    gone = [{**RECORD, "id": f"r{number}", "story": "renamed"} for number in range(3)]
    assert practised({"phone": export(RECORD, *gone)}) == [
        "content/practice/phone.json:1: warning: 3 records are of stories that are not here: "
        "`renamed`; write `id: renamed` in the story that was renamed [practice]"
    ]


def test_records_of_two_exports_are_merged_each_once_in_the_order_of_time() -> None:
    def record(ident: str, day: int, rating: int | None) -> PracticeRecord:
        return PracticeRecord(ident, "a", f"2025-12-{day:02}T08:00:00Z", rating=rating)

    phone = [record("r2", 5, None), record("r1", 4, 2)]
    laptop = [record("r2", 5, 3), record("r3", 3, 1), record("r1", 4, 2)]
    merged = practice_files.merge([phone, laptop])
    assert [(one.id, one.rating) for one in merged] == [("r3", 1), ("r1", 2), ("r2", 3)]


def test_an_export_without_the_id_of_a_handbook_is_read(problems: Check) -> None:
    files = {"stories/a.md": story(), "practice/p.json": export(RECORD, handbook={})}
    assert problems(files) == []


def test_a_folder_of_a_similar_name_is_pointed_at(problems: Check) -> None:
    files = {"stories/a.md": story(), "practise/p.json": export(RECORD)}
    assert problems(files) == [
        "content/practise: warning: is not read; did you mean `practice`? [unknown-file]"
    ]
