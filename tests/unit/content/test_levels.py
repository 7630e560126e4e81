"""levels.yml and `scope`: what is read, and what is said of what cannot be."""

import pytest
from conftest import story

from starbook.build import pipeline

LEVELS = """- name: Mate
  aliases: [M1]
  next: captain
  expects:
    teams: 2 to 3
    money: named and owned
    Sea miles:
  red_flags: [Only ever sailed in fog.]
  differs: ["Command: one watch, not the ship."]
  length: short
- name: Captain
  publish: true
"""
SETTINGS = "answer_lengths: [{name: Short, seconds: 60}]\n"


def test_a_level_is_read_with_what_it_expects(content) -> None:
    book, problems = pipeline.load(content({"levels.yml": LEVELS, "handbook.yml": SETTINGS}))
    assert problems == ()
    mate, captain = book.levels
    assert (mate.id, mate.name, mate.aliases) == ("mate", "Mate", ("M1",))
    assert mate.next
    assert (mate.next.to, mate.next.line) == ("captain", 3)
    assert mate.length
    assert mate.length.to == "Short"
    said = [(one.measure, one.text, one.line, bool(one.amount)) for one in mate.expects]
    assert said == [("teams", "2 to 3", 5, True), ("money", "named and owned", 6, False)]
    assert mate.red_flags == ("Only ever sailed in fog.",)
    assert (mate.publish, captain.publish) == (False, True)


def test_a_scope_is_read_as_it_is_written(content) -> None:
    front = "level: Mate", "scope: {teams: 3, money: 1.8M/year, publish: true}"
    files = {"levels.yml": LEVELS, "handbook.yml": SETTINGS, "stories/a.md": story("A", *front)}
    book, problems = pipeline.load(content(files))
    assert problems == ()
    (told,) = book.stories
    assert [(one.measure, one.text) for one in told.scope.extents] == [
        ("teams", "3"),
        ("money", "1.8M/year"),
    ]
    assert told.scope.publish


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        ("{teams: three}", "`three` cannot be read as a number; write it as 3, 2 to 4 or 5+"),
        (
            "{money: lots}",
            "`lots` cannot be read as an amount of money; "
            "write it as 500k, 1.8M/year or $1M to $5M/year",
        ),
        (
            "{horizon: 3 quartrs}",
            "`3 quartrs` cannot be read as a time; write it as 6 weeks, a quarter or 1 to 2 years",
        ),
        (
            "3 teams",
            "expected a mapping for `scope`, found `3 teams`; write `{teams: 3, people: 12}`",
        ),
        (
            "{publish: yes}",
            "expected true or false, found `yes`; write it without quotes, in lower case",
        ),
    ],
)
def test_a_scope_that_cannot_be_read_is_an_error(scope, said, problems) -> None:
    files = {
        "levels.yml": "- name: Mate\n",
        "stories/a.md": story("A", "level: Mate", f"scope: {scope}"),
    }
    rule = "amount" if "cannot be read" in said else "type"
    assert problems(files) == [f"content/stories/a.md:5: {said} [{rule}]"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "expects: {teams: 3 times over and out}",
            "`3 times over and out` cannot be read as a number; "
            "write it as 3, 2 to 4 or 5+ [amount]",
        ),
        ("expect: {teams: 3}", "unknown key `expect`; did you mean `expects`? [unknown-key]"),
        ("red_flags: fog", "expected a list of words, found `fog`; write `[fog]` [type]"),
    ],
)
def test_a_level_that_cannot_be_read_is_an_error(line, said, problems) -> None:
    assert problems({"levels.yml": f"- name: Mate\n  {line}\n"}) == [
        f"content/levels.yml:2: {said}"
    ]


def test_two_levels_of_one_name_are_an_error(problems) -> None:
    assert problems({"levels.yml": "- name: Mate\n- {name: Captain, aliases: [mate]}\n"}) == [
        "content/levels.yml:2: `mate` already names `Mate` (levels.yml:1); "
        "use another alias [ambiguous-name]"
    ]
