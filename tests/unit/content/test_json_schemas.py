"""The schemas that editors read say what `check` says: types, required fields, choices."""

import copy
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, examples
from editors import kind_of, read
from format_document import CLEAN
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from starbook.content import json_schemas, loader, schema
from starbook.content import yaml_nodes as yaml
from starbook.content.folder import Source
from starbook.content.properties import Properties
from starbook.problem import Problem, Report
from starbook.text import vocabulary

SCHEMAS = json_schemas.all_schemas(Properties())
FRONT_MATTER = {"story": "stories/a.md", "guide": "guides/a.md", "answer": "answers/a.md"}
# What is said of values that no schema describes: of two fields at once, of the names of fields,
# and of letters in all scripts.
BEYOND = ("`as` says", "is a field of stories", "has no letter or digit")


@cache
def validator(kind: str) -> Draft7Validator:
    return Draft7Validator(SCHEMAS[kind])


def problems(kind: str, text: str) -> tuple[Problem, ...]:
    """Return what reading a file reports."""
    source = Source(FRONT_MATTER.get(kind, f"{kind}.yml"), text.encode())
    if kind == "story":
        return loader.load_story(source, vocabulary.load())[1]
    if kind in FRONT_MATTER:
        load = {"guide": loader.load_guide, "answer": loader.load_answer}[kind]
        return load(source)[1]
    if kind == "labels":
        return loader.load_labels([source])[1]
    return loader.load_lists({kind: [source]})[1]


def faults(kind: str, value: Any) -> list[str]:
    """Return what `check` says of the types, required fields and choices in a file."""
    text = json.dumps(value, ensure_ascii=False)  # which is YAML
    if kind in FRONT_MATTER:
        text = f"---\n{text}\n---\n\nText.\n"
    found = problems(kind, text)
    assert "yaml" not in {one.rule for one in found}, text
    return [
        one.message
        for one in found
        if one.rule in ("type", "required", "unknown-key", "front-matter")
        and not any(words in one.message for words in BEYOND)
    ]


def assert_agreement(kind: str, value: Any) -> bool:
    """Assert that schema and check say the same of a file; return whether they accept it."""
    found = faults(kind, value)
    refused = [error.message for error in validator(kind).iter_errors(value)]
    assert bool(found) == bool(refused), (value, found, refused)
    return not found


# What people write, and what they write by mistake

TEXTS = [
    "", "  ", "\u200b", "The ferry", "Zug nach Köln", "night-outage", "-outage", "two--hyphens",
    "READY", " Draft ", "No-Figure", "redy", "a4", "Letter", "To-Ask", "story", "leaving.md",
    "true", "null", "Scale", "Hedge",
    "120", "0120", "-5", "3", "999999", "3.5", "3f9a", "12E4", "3f9", "2023", "2023-06", "2023-13",
    "2024-02-29", "2023-02-29", "2024-05-01T10:30", "2024-05-01 24:00", "2026-12-10 Europe/London",
    "https://me.github.io/book", "one\ntwo lines", "a, b", "x" * 90,
]  # fmt: skip
# Whole numbers with four digits are fingerprints too.
SCALARS = [*TEXTS, True, False, None, -3, 0.5, 1234, 9999]
VALUES = [*SCALARS, [], ["a"], [None], [["a"]], [True], {}, {"a": "b"}, {"a": None}, {"a": ["b"]},
          {"a": "b", "c": "d"}, [{}], [{"a": "b"}]]  # fmt: skip


def values(form: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that a schema takes."""
    if "enum" in form:
        return st.sampled_from(form["enum"])
    if "anyOf" in form:
        return st.one_of([values(one) for one in form["anyOf"]])
    kinds = [form["type"]] if isinstance(form["type"], str) else form["type"]
    return st.one_of([_values_of_kind(kind, form) for kind in kinds])


def _values_of_kind(kind: str, form: dict[str, Any]) -> st.SearchStrategy[Any]:
    if kind == "string":
        return st.sampled_from([text for text in TEXTS if re.search(form.get("pattern", ""), text)])
    if kind == "integer":
        most = form.get("maximum", 9999)
        return st.integers(form["minimum"] if "maximum" in form else 1000, most)
    if kind == "array":
        return st.lists(values(form["items"]), max_size=3)
    if kind == "object":
        return _mappings(form)
    simple = {"null": st.none(), "boolean": st.booleans(), "number": st.sampled_from([-3, 0.5, 7])}
    return simple[kind]


def _mappings(form: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    if isinstance(form["additionalProperties"], dict):
        keys = st.sampled_from(["73 → 61 %", "a"])
        return st.dictionaries(keys, values(form["additionalProperties"]), min_size=1, max_size=1)
    fields = {key: values(one) for key, one in form["properties"].items()}
    required = form.get("required", ())
    optional = {key: fields[key] for key in fields if key not in required}
    return st.fixed_dictionaries({key: fields[key] for key in required}, optional=optional)


FILES = {kind: values(form) for kind, form in SCHEMAS.items()}


def places(value: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the path of each value inside a value."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        yield (key,)
        if isinstance(inner, dict | list):
            yield from ((key, *path) for path in places(inner))


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """Return a value with another one in a place."""
    if not path:
        return new
    result = copy.copy(value)
    result[path[0]] = changed(value[path[0]], path[1:], new)
    return result


@pytest.mark.slow
@pytest.mark.parametrize("kind", SCHEMAS)
@given(data=st.data())
@settings(max_examples=examples(80))
def test_what_a_schema_takes_has_no_fault_and_a_change_is_judged_alike(
    kind: str, data: Any
) -> None:
    """With 13 kinds of files, these are over 2,000 files."""
    value = data.draw(FILES[kind])
    assert assert_agreement(kind, value)

    path = data.draw(st.sampled_from([(), *places(value or ())]))
    assert_agreement(kind, changed(value, path, data.draw(st.sampled_from(VALUES))))


# Whole ranges


@pytest.mark.parametrize(("least", "most"), [(0, 9999), (0, 3600), (10, 3600), (5, 600), (1, 4)])
def test_a_whole_number_in_quotes_has_the_same_range(least: int, most: int) -> None:
    form = json_schemas._integer(least, most)
    taken = {n for n in range(11_000) if re.search(form["pattern"], str(n))}
    assert taken == set(range(least, most + 1))


@pytest.mark.parametrize("year", [0, 1, 1900, 2000, 2023, 2024, 2100])
def test_the_days_of_the_calendar_are_the_same(year: int) -> None:
    spec = {"date": SCHEMAS["story"], "day": SCHEMAS["interviews"]["anyOf"][0]}
    forms = {name: form["properties"]["date"]["pattern"] for name, form in spec.items()}
    for month in range(14):
        for day in range(33):
            text = f"{year:04}-{month:02}-{day:02}"
            for name, pattern in forms.items():
                report = Report("")
                getattr(schema, name)(yaml.Scalar(text, 1), report)
                assert bool(re.search(pattern, text)) == (not report.problems), text


TIMES = ["T10:30", " 10:30:00,5 +02:00", "t10:30:59.123456789z", "T10:30 Z", "T24:00", "T10:60",
         "T10:30+24:00", "T10:30-0530", "T10", "T10:30:5", " 10:30 -05"]  # fmt: skip


@pytest.mark.parametrize("time", TIMES)
def test_the_times_behind_a_date_are_the_same(time: str) -> None:
    assert_agreement("story", {"title": "A", "date": f"2024-05-01{time}"})


# The files of handbooks


def files_of(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if kind_of(path.relative_to(folder).as_posix()) in SCHEMAS
        and path.suffix in (".md", ".yml")
    }


@pytest.mark.parametrize("folder", ["docs/FORMAT.md", "content", "tests/handbook"])
def test_the_files_of_a_good_handbook_are_as_their_schemas_say(folder: str) -> None:
    files = CLEAN if folder.endswith(".md") else files_of(ROOT / folder)
    found = {
        path: [error.message for error in validator(kind_of(path)).iter_errors(read(path, text))]
        for path, text in files.items()
        if path.endswith(".yml") or yaml.has_front_matter(text)
    }
    assert {path: errors for path, errors in found.items() if errors} == {}
    assert {kind_of(path) for path in found} >= {"story", "handbook", "questions", "guide"}


@pytest.mark.slow
@pytest.mark.parametrize("path", CLEAN)
def test_each_field_of_the_examples_is_judged_alike_whatever_stands_there(path: str) -> None:
    kind, value = kind_of(path), read(path, CLEAN[path])
    refused = 0
    for place in places(value):
        if isinstance(place[-1], int) and place[-1]:
            continue  # of a list, the first entry
        for other in (1234, True, "\u200b", None, ["a"], [["a"]], {"a": ["b"]}):
            refused += not assert_agreement(kind, changed(value, place, other))
    assert refused


@pytest.mark.parametrize("path", CLEAN)
def test_a_field_that_there_is_not_is_refused(path: str) -> None:
    kind, value = kind_of(path), read(path, CLEAN[path])
    if kind == "synonyms":
        return
    entry = value[0] if isinstance(value, list) else value
    entry["feild"] = "x"
    assert not assert_agreement(kind, value)
    assert faults(kind, value) == ["unknown key `feild`"]


def test_an_entry_of_white_space_is_no_comment() -> None:
    assert not assert_agreement("questions", ["  "])
    said = ['expected a mapping for a question, found `" "`']
    assert faults("questions", ["  "]) == said
    assert problems("questions", "- <!-- later -->\n") == ()


@pytest.mark.parametrize("key", ["cssclasses", "Created time", "date-created", "UID"])
def test_the_properties_of_other_programs_are_passed_over_in_front_matter(key: str) -> None:
    assert assert_agreement("story", {"title": "A", key: ["x"]})
    assert not assert_agreement("questions", [{"question": "A", key: ["x"]}])


def test_the_properties_that_the_settings_list_are_passed_over_too() -> None:
    story = {"title": "A", "Reviewed-By (lead)": "Ana", "date": "2024"}
    assert not validator("story").is_valid(story)
    forms = json_schemas.all_schemas(Properties.of(["reviewed by (lead)"]))
    assert Draft7Validator(forms["story"]).is_valid(story)
    assert not Draft7Validator(forms["questions"]).is_valid([{"question": "A", **story}])


def test_the_schemas_are_schemas() -> None:
    for form in SCHEMAS.values():
        Draft7Validator.check_schema(form)


def test_an_editor_offers_the_choices_of_a_field() -> None:
    needs = SCHEMAS["questions"]["items"]["properties"]["needs"]
    assert needs["anyOf"][0] == {"enum": ["story", "answer"]}


@pytest.mark.parametrize(
    ("kind", "field", "said"),
    [
        ("story", "date", "Write 2024, 2024-03 or 2024-03-01."),
        ("story", "id", "Write lower-case letters, digits and hyphens."),
        ("story", "title", "It is empty."),
        ("guide", "order", "Write a whole number from 0 to 9999."),
    ],
)
def test_an_editor_says_in_words_what_a_field_takes(kind: str, field: str, said: str) -> None:
    assert SCHEMAS[kind]["properties"][field]["patternErrorMessage"] == said
