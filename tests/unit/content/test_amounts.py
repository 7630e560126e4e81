"""Amounts of scope: what is read, what is not, and what is surely less than a level asks."""

import math

import pytest

from starbook.content.amounts import Fit, fit, parse
from starbook.model import Extent


def _extent(measure: str, text: str) -> Extent:
    return Extent(measure, text, 1, parse(measure, text))


@pytest.mark.parametrize(
    ("measure", "text", "low", "high"),
    [
        ("teams", "3", 3, 3),
        ("teams", "2 to 4", 2, 4),
        ("teams", "2 - 4", 2, 4),
        ("people", "12 engineers", 12, 12),
        ("people", "about 1,200 people", 1200, 1200),
        ("people", "20 or more engineers", 20, math.inf),
        ("people", "50+ engineers", 50, math.inf),
        ("people", "mindestens 5", 5, math.inf),
        ("people", "up to 8", 0, 8),
        ("hires", "5-15/year", 5, 15),
        ("hires", "2 a month", 24, 24),
        ("money", "500k", 5e5, 5e5),
        ("money", "1.8M/year", 1.8e6, 1.8e6),
        ("money", "$1M-$5M annually", 1e6, 5e6),
        ("money", "$1-5M", 1e6, 5e6),
        ("money", "£50k/year or more", 5e4, math.inf),
        ("money", "2 Mio. € pro Jahr", 2e6, 2e6),
        ("money", "EUR 150k/month", 1.8e6, 1.8e6),
        ("horizon", "2 days", 2, 2),
        ("horizon", "a year", 365.25, 365.25),
        ("horizon", "1 to 2 years", 365.25, 730.5),
        ("horizon", "2 weeks to a year", 14, 365.25),
        ("horizon", "over a year", 365.25, math.inf),
        ("horizon", "2 Jahre oder mehr", 730.5, math.inf),
        ("influence", "15-50 engineers", 15, 50),
    ],
)
def test_an_amount_is_read_with_its_bounds(measure, text, low, high) -> None:
    amount = parse(measure, text)
    assert amount
    assert (amount.low, amount.high) == (low, high)


@pytest.mark.parametrize(
    ("measure", "text"),
    [
        ("teams", "zwei bis vier"),
        ("people", "1.250"),  # a thousand, or a fraction
        ("people", "4 to 2"),
        ("people", "1 to"),
        ("people", "several"),
        ("people", "3 weeks"),
        ("money", "1.8 Mo/year"),
        ("money", "$1M to €2M"),
        ("money", "3 teams"),
        ("horizon", "3 quartrs"),
        ("horizon", "12"),
        ("ownership", "a service"),  # not one of several
        ("influence", "across one boundary"),
    ],
)
def test_what_is_no_amount_of_its_measure_is_none(measure, text) -> None:
    assert parse(measure, text) is None


@pytest.mark.parametrize(
    ("measure", "shown", "asked", "expected"),
    [
        ("teams", "3", "2 to 4", Fit.SHOWN),
        ("teams", "2", "2 to 4", Fit.SHOWN),
        ("teams", "9", "2 to 4", Fit.SHOWN),  # more than asked
        ("teams", "1", "2 to 4", Fit.BELOW),
        ("teams", "1 to 3", "2 to 4", Fit.OPEN),
        ("teams", "5+", "8", Fit.OPEN),
        ("teams", "up to 3", "2", Fit.OPEN),
        ("teams", "up to 1", "2", Fit.BELOW),
        ("people", "9 engineers", "10 people", Fit.BELOW),
        ("services", "9 services", "10 platforms", Fit.OPEN),
        ("services", "9 services", "10 services", Fit.BELOW),
        ("money", "150k/month", "$1.8M/year", Fit.SHOWN),
        ("money", "1.8M", "1M/year", Fit.OPEN),  # once, and each year
        ("money", "£1M", "$2M", Fit.OPEN),
        ("money", "$1M", "$2M", Fit.BELOW),
        ("money", "1M", "named and owned", Fit.OPEN),
        ("horizon", "12 weeks", "a quarter", Fit.SHOWN),
        ("horizon", "8 weeks", "a quarter", Fit.BELOW),
        ("horizon", "4 weeks", "a month", Fit.SHOWN),
        ("horizon", "11 months", "12 months", Fit.BELOW),
        ("influence", "both teams", "one boundary", Fit.OPEN),
    ],
)
def test_only_what_is_surely_less_is_below(measure, shown, asked, expected) -> None:
    assert fit(_extent(measure, shown), _extent(measure, asked)) is expected


def test_what_a_story_does_not_say_is_not_below() -> None:
    assert fit(None, _extent("teams", "2 to 4")) is Fit.NOT_SAID
