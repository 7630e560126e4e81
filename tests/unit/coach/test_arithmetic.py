"""Arithmetic of claims: what does not follow from its numbers is said, all else is left alone."""

import pytest

from starbook.coach.arithmetic import wrong_claims
from starbook.coach.told import read_line
from starbook.model import Kind, Prose, Section


def said(*sentences: str, earlier: tuple[str, ...] = ()) -> list[str]:
    """Return what is wrong in the sentences of a Result, with those of a Situation before it."""
    before, result = (Section(k, k, k, 1, Prose()) for k in (Kind.SITUATION, Kind.RESULT))
    told = [*((one, before) for one in earlier), *((one, result) for one in sentences)]
    lines = [read_line(text, section, number) for number, (text, section) in enumerate(told)]
    return [f"{one.numbers} is {one.follows}, not {one.said}" for one in wrong_claims(lines)]


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("Refunds fell from 80 to 52 a week (45 % reduction).", "80 → 52 a week is 35 %, not 45 %"),
        ("We cut refunds by 45 % (from 80 to 52).", "80 → 52 is 35 %, not 45 %"),
        ("Refunds went 80 → 52, a 45 % drop.", "80 → 52 is 35 %, not 45 %"),
        ("Of 300 letters 52 were late, down from 80, a drop of 45 per cent.",
         "80 → 52 is 35 %, not 45 per cent"),
        ("Rents rose from €2.5 m to €4 m (30 % rise).", "€2.5 m → €4 m is 60 %, not 30 %"),
        ("Opening takes 52 s, down from 80 s: 45 % less.", "80 s → 52 s is 35 %, not 45 %"),
        ("Opening went from 2 s to 500 ms, 60 % faster.", "2 s → 500 ms is 75 %, not 60 %"),
        ("The share fell from 40 to 30 % (10 %).", "40 → 30 % is 25 %, not 10 %"),
        ("Orders rose from 200 to 900: 3 times.", "200 → 900 is 4.5 ×, not 3 times"),
        ("The queue halved, from 90 to 70 cases.", "90 → 70 is 1.3 ×, not halved"),
        ("It answered 27 of 60 calls (55 %).", "27 of 60 is 45 %, not 55 %"),
        ("Losses fell from 9 % to 4 %, which of 3,000 parcels is 210 more.",
         "from 9 % to 4 %, which of 3,000 is 150, not 210"),
        ("We beat the plan by 12 % ($5.2M vs $5M target).", "$5.2M / $5M is 4 %, not 12 %"),
        ("Die Quote sank von 80 auf 52 Fälle (45 % Rückgang).", "80 → 52 is 35 %, not 45 %"),
    ],
)  # fmt: skip
def test_a_claim_that_does_not_follow_is_wrong(sentence: str, wrong: str) -> None:
    assert said(sentence) == [wrong]


@pytest.mark.parametrize(
    "sentence",
    [
        "Refunds fell from 80 to 52 a week (35 % reduction).",
        "Refunds fell from 80 to 52 a week, about a 40 % reduction.",
        "Refunds fell from 80 to 52, with 45 % fewer letters.",  # of letters
        "Refunds fell from 80 to 52, and I cut costs by 45 %.",  # of costs
        "Refunds fell from 80 to 52, a 45 % drop in letters.",
        "Refunds fell from 80 to 52, a drop of 45 % in letters.",
        "Refunds fell from 80 to 52, a drop of 35 per cent.",
        "Load went 10 % → 50 % → 100 %, a 20 % step.",  # a chain
        "The share fell from 40 to 30 %, 10 points.",
        "Opening went from 2 s to 500 ms: 4 times faster.",
        "A review takes 4 hours, down from 2 days (75 % less).",  # of working days
        "Between 30 and 40 % of them left.",
        "We went from 3 to 5 people (40 % of them new).",
        "Version 2.0 to version 3.0, 45 % faster.",
        "It fell from 1.250 to 800, a 36 % drop.",  # a point that may mark thousands
    ],
)
def test_a_claim_that_follows_or_may_be_of_something_else_is_left_alone(sentence: str) -> None:
    assert said(sentence) == []


def test_the_first_number_of_a_claim_may_stand_in_the_situation() -> None:
    situation = ("A refund took 6 days on average.",)
    assert said("Cut a refund to 1.5 days (60 % improvement).", earlier=situation) == [
        "6 days → 1.5 days is 75 %, not 60 %"
    ]
    assert said("Cut a refund to 1.5 days (75 % improvement).", earlier=situation) == []


def test_of_two_first_numbers_none_is_taken() -> None:
    situation = ("A refund took 6 days, and a refund abroad 14 days.",)
    assert said("Cut a refund to 1.5 days (60 % improvement).", earlier=situation) == []


def test_better_than_the_goal_is_compared_with_the_goal() -> None:
    task = ("Bring a search to under 800 ms within 6 weeks.",)
    assert said("A search takes 420 ms (20 % better than target).", earlier=task) == [
        "420 ms / 800 ms is 48 %, not 20 %"
    ]
    assert said("A search takes 420 ms (48 % better than target).", earlier=task) == []


@pytest.mark.parametrize(
    ("sentence", "numbers"),
    [
        ("Refunds fell from 52 to 80 a week.", "52 → 80 a week"),
        ("I cut the time to open a file from 200 ms to 3 s.", "200 ms → 3 s"),
        ("Orders took 9 days, up from 12 days.", "12 days → 9 days"),
        ("Refunds fell from 80 to 52 a week.", ""),
        ("Orders took 9 days, down from 12 days.", ""),
        ("I brought refunds down, and orders went from 52 to 80.", ""),
        ("The night was cold and fell from -2 °C to -8 °C.", ""),
    ],
)
def test_numbers_that_go_the_other_way_than_their_verb_are_wrong(
    sentence: str, numbers: str
) -> None:
    found = [line.partition(" is ")[0] for line in said(sentence)]
    assert found == ([numbers] if numbers else [])


def test_the_next_sentence_may_say_what_the_change_is() -> None:
    assert said("Refunds fell from 80 to 52.", "That is a 45 % drop.") == [
        "80 → 52 is 35 %, not 45 %"
    ]
    assert said("Refunds fell from 80 to 52.", "Costs: a 45 % drop.") == []
