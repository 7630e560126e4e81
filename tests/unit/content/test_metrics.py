"""The numbers that a story gives, and the entries that are proposed for those found in its text."""

import random
import re

import pytest

from starbook.content.metrics import entry, found_in, parse, with_found
from starbook.model import Figure, FoundNumber, Kind, Prose, Section, Story

# --- Given numbers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "figure"),
    [
        ("73 → 61 %: cart abandonment", Figure("61", "73", "%", "cart abandonment")),
        ("$8K a week: revenue recovered", Figure("$8K", "", "a week", "revenue recovered")),
        ("0.3 % → 0: webhooks dropped", Figure("0", "0.3", "%", "webhooks dropped")),
        ("12: people hired", Figure("12", "", "", "people hired")),
        ("41 -> 6 minutes: time to restore", Figure("6", "41", "minutes", "time to restore")),
        ("from 3.2 to 4.1: satisfaction", Figure("4.1", "3.2", "", "satisfaction")),
        ("99.95 %: uptime", Figure("99.95", "", "%", "uptime")),
        ("4 hours => 12 minutes: deploy", Figure("12", "4 hours", "minutes", "deploy")),
        ("4 minutes → 30 s: build", Figure("30", "4 minutes", "s", "build")),
        ("3.2/5 → 4.1/5: rating", Figure("4.1", "3.2", "/5", "rating")),
        ("-85 %: stale reads", Figure("-85", "", "%", "stale reads")),
        ("about 40 %: less rework", Figure("about 40", "", "%", "less rework")),
        ("weekly → daily: releases", Figure("daily", "weekly", "", "releases")),
    ],
)
def test_a_given_line_is_read_as_it_looks(line: str, figure: Figure) -> None:
    assert parse(line) == figure


def test_a_given_line_needs_no_colon() -> None:
    assert parse("61 % cart abandonment") == Figure("61", "", "%", "cart abandonment")
    assert parse("saved 3 hours a week") == Figure("3", "", "hours a week", "saved")


def test_a_given_line_without_a_number_is_shown_as_it_is() -> None:
    assert parse("first: to market") == Figure("first", label="to market")
    assert parse("") == Figure("")


def test_a_colon_within_a_ratio_or_a_time_parts_nothing() -> None:
    assert parse("from 4:1 to 2:1: seniors to juniors").label == "seniors to juniors"


@pytest.mark.parametrize(
    ("line", "figure"),
    [
        ("#1: rank in the region", Figure("#1", label="rank in the region")),
        ("#1 in the region", Figure("#1 in the region")),
        ("#4 → #1: rank", Figure("#1", "#4", label="rank")),
        ("P95 240 ms: search", Figure("P95 240 ms", label="search")),
        (
            "none of the 41 million: orders lost",
            Figure("none of the 41 million", "", "", "orders lost"),
        ),
        ("8 of 9: people who commented", Figure("8", "", "of 9", "people who commented")),
    ],
)
def test_what_stands_before_the_colon_is_never_cut(line: str, figure: Figure) -> None:
    assert parse(line) == figure


PIECES = """from to → -> => 73 61% $1.8M 0.3% zero 900ms 3.2 (up (was ) , ; : . by of reduced 12
    Improved teams 4/5 2-week 500+ <3 ~30 [Fill in] X% - * 1. weeks a day per quarter within in vs
    target 24/7 P95 v2.1 2023 — “ ” ½ ٣ 10–15 sub- -85% + = / % $ […] less than out 7"""


def any_texts(count: int) -> list[str]:
    chance, pieces = random.Random("figures"), PIECES.split()
    return [
        "".join(chance.choice(pieces) + chance.choice(" \n") for _ in range(chance.randint(0, 14)))
        for _ in range(count)
    ]


def test_any_given_line_is_a_figure_and_keeps_its_words() -> None:
    for text in any_texts(3000):
        figure = parse(text)
        kept = " ".join((figure.value, figure.before, figure.unit, figure.label))
        lost = words_and_numbers(text) - words_and_numbers(kept)
        assert lost <= {"from", "to"}, (text, figure)


def words_and_numbers(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+|\d+", text))


@pytest.mark.parametrize("piece", ["1 ", "5% ", "1 → ", "from 3 ", "1,000", "12-", "(", "9", "["])
def test_a_line_of_one_piece_repeated_is_parsed_in_time(piece: str) -> None:
    parse(piece * 2000)


# --- The numbers of a story -----------------------------------------------------------------------


def section(kind: Kind, text: str) -> Section:
    return Section(kind, kind, kind, 1, Prose((text,), text))


FELL = "Errors fell by 40 %."
LEAD = FoundNumber("Errors fell by ", "40 %", "")


def test_the_result_is_searched_and_the_section_metrics_after_it() -> None:
    metrics = section(Kind.METRICS, "Sign-ups rose by 9 % and errors by 40 %.")
    action = section(Kind.ACTION, "I cut the queue by 70 %.")
    story = Story("a", "a.md", "A", sections=(metrics, action, section(Kind.RESULT, FELL)))
    assert found_in(story) == (LEAD, FoundNumber("Sign-ups rose by ", "9 %", ""))


def test_a_story_that_gives_numbers_has_no_found_ones() -> None:
    story = Story("a", "a.md", "A", figures=(Figure("3"),), sections=(section(Kind.RESULT, FELL),))
    assert found_in(story) == ()
    assert with_found(story).found_numbers is None


def test_a_text_that_was_searched_is_not_searched_again() -> None:
    story = Story("a", "a.md", "A", sections=(section(Kind.RESULT, FELL),))
    assert with_found(story).summary.sections[0].body.text == "…"
    assert found_in(with_found(story).summary) == (LEAD,)


# --- Entries --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "number", "after", "expected"),
    [
        ("Cart abandonment fell from ", "73 to 61 %", "", "73 → 61 %: Cart abandonment"),
        ("We cut the wait from ", "9 h to 40 min", "", "9 h → 40 min: the wait"),
        ("Cut waste from ", "9 kg to 4 kg", " a day", "9 kg → 4 kg: waste a day"),
        ("Refunds: ", "12 → 3", "", "12 → 3: Refunds"),
        ("all calls from ", "1,900 to 1,370", "", "1,900 → 1,370: all calls"),
        ("", "3 of 4", " teams adopted it", "3 of 4: teams adopted it"),
        ("Waste fell by ", "30 to 40 %", "", "30 to 40 %: Waste fell by 30 to 40 %"),
        ("it went from ", "9 to 4 minutes", "", "9 → 4 minutes: it went from 9 to 4 minutes"),
        ("Rotas saved ", "€9k a year", " in fees", "€9k a year: Rotas saved €9k a year in fees"),
    ],
)  # fmt: skip
def test_an_entry_has_the_words_of_the_text_only(
    before: str, number: str, after: str, expected: str
) -> None:
    assert entry(FoundNumber(before, number, after)) == expected
