"""Amounts: read `3 to 5`, `1.8M/year` and `a quarter`, and compare two of them.

An amount is read as a whole or not at all, and compared only with one that is surely of its kind.
"""

import math
import re
from enum import StrEnum
from types import MappingProxyType

import msgspec

from starbook.content.numbers import DIGITS, any_of, value_of
from starbook.model import Amount, Extent
from starbook.text import names

# The measures that are always amounts, and their kinds; any other may be an amount or words.
MEASURES = MappingProxyType(
    {
        "people": "number",
        "teams": "number",
        "reports": "number",
        "hires": "number",
        "money": "money",
        "horizon": "time",
    }
)
# Amounts of each kind, for messages.
EXAMPLES = MappingProxyType(
    {
        "number": "3, 2 to 4 or 5+",
        "money": "500k, 1.8M/year or $1M to $5M/year",
        "time": "6 weeks, a quarter or 1 to 2 years",
    }
)


def _by_word(values: dict[str, float]) -> dict[str, float]:
    """Return the values by each of the words that a key lists."""
    return {word: value for words, value in values.items() for word in words.split()}


_MONTH, _YEAR, _SLACK = 365.25 / 12, 365.25, 0.1
# Days by unit. A month is no whole number of weeks, so that `12 weeks` is not below `a quarter`.
_UNITS = _by_word(
    {
        "day days tag tage tagen": 1.0,
        "week weeks woche wochen": 7.0,
        "month months monat monate monaten": _MONTH,
        "quarter quarters quartal quartale quartalen": 3 * _MONTH,
        "year years jahr jahre jahren": _YEAR,
    }
)
_COUNTS = _by_word(
    {
        "a an one ein eine einem einen einer": 1,
        "two zwei": 2,
        "three drei": 3,
        "four vier": 4,
        "six sechs": 6,
    }
)
_SCALES = _by_word(
    {
        "k tsd thousand tausend": 1e3,
        "m mn mio million millionen": 1e6,
        "b bn mrd billion milliarden": 1e9,
    }
)
_SIGNS = {"us$": "usd", "$": "usd", "€": "eur", "£": "gbp", "¥": "jpy", "₹": "inr"}
_CURRENCY = rf"(?:us\$|[$€£¥₹]|{any_of('usd eur gbp jpy inr chf cad aud')}\b)"

_TIME = any_of(" ".join(_UNITS))
_RATE = re.compile(
    rf"(?P<amount>.*\d.*?)(?<!\bto)(?<!\bbis)(?:(?:\s?/\s?|\s(?:an?|per|each|every|pro|im)\s)(?P<unit>{_TIME})"
    r"|\s(?:annually|yearly|p\.a\.|jährlich))"
)
_LEAST = re.compile(r"(?:(?:at least|more than|over|mindestens|mehr als|über|ab)\b|>=?|≥)\s?")
_MOST = re.compile(
    r"(?:(?:at most|up to|less than|under|höchstens|bis zu|weniger als|unter)\b|<=?|≤)\s?"
)
_ABOUT = re.compile(r"(?:(?:about|around|roughly|etwa|rund)\b|ca\.|[~≈])\s?")
_OPEN = re.compile(r"\+|\s(?:(?:or|and) more|oder mehr)\b")
_TO = re.compile(r"\s?[–-]\s?(?=[\d$€£¥₹])|\s(?:to|bis)(?:\s|$)")
_SIDE = re.compile(
    rf"(?P<before>{_CURRENCY})?\s?(?:(?P<digits>{DIGITS})|(?P<word>{any_of(' '.join(_COUNTS))})\b)"
    rf"(?:\s?(?P<scale>{any_of(' '.join(_SCALES))})\b\.?)?(?:\s?(?P<behind>{_CURRENCY}))?"
    r"(?P<unit>(?:[\s-]?[^\W\d_]+(?:[\s-][^\W\d_]+){0,2})?)"
)


class Fit(StrEnum):
    """The verdict on an extent of a story beside that of a level; `OPEN` is left to the reader."""

    SHOWN = "shown"
    BELOW = "below"
    NOT_SAID = "not_said"
    OPEN = "open"


class _Side(msgspec.Struct, frozen=True):
    """One number of an amount, with its scale, currency and unit; `word` is true for `a`, `two`."""

    value: float
    scale: float | None
    currency: str
    unit: str
    word: bool


def parse(measure: str, text: str) -> Amount | None:
    """Return the amount that a text is, of the kind that the measure has; None if it is none."""
    kind = MEASURES.get(names.key(measure), "")
    amount = _parse(names.key(text), is_money=kind == "money")
    return amount if amount and kind in ("", amount.kind) else None


def fit(shown: Extent | None, asked: Extent) -> Fit:
    """Compare an extent of a story with the one that is `asked`; only a sure lack is `BELOW`."""
    if shown is None:
        return Fit.NOT_SAID
    one, other = shown.amount, asked.amount
    if one is None or other is None or not _is_comparable(asked.measure, one, other):
        return Fit.OPEN
    slack = _SLACK if one.kind == "time" and one.unit != other.unit else 1e-9
    least = other.low * (1 - slack)
    if one.high < least:
        return Fit.BELOW
    return Fit.SHOWN if one.low >= least else Fit.OPEN


def _is_comparable(measure: str, one: Amount, other: Amount) -> bool:
    """Return True if both are of one kind; a currency that is not written is that of the other."""
    # `people` are people, whatever they are called; two services are not two platforms.
    is_named = names.key(measure) not in MEASURES and one.kind == "number"
    return (
        (one.kind, one.per) == (other.kind, other.per)
        and ("" in (one.currency, other.currency) or one.currency == other.currency)
        and (one.unit == other.unit or not is_named)
    )


def _parse(text: str, *, is_money: bool) -> Amount | None:
    is_open, text = bool(_OPEN.search(text)), _OPEN.sub("", text, count=1)
    text, per, times = _split_rate(text)
    is_least, text = _strip(_LEAST, text)
    is_most, text = _strip(_MOST, text)
    _, text = _strip(_ABOUT, text)
    parts = _TO.split(text, maxsplit=1)
    sides = [side for part in parts if (side := _read_side(part))]
    kind = _kind_of(sides, is_money=is_money) if len(sides) == len(parts) else ""
    if not kind:
        return None
    low, high = (_value(side, sides[-1], kind) * times for side in (sides[0], sides[-1]))
    low, high = 0.0 if is_most else low, math.inf if is_least or is_open else high
    unit = f"{_UNITS[sides[-1].unit]:.0f}" if kind == "time" else sides[-1].unit
    currency = "".join(dict.fromkeys(side.currency for side in sides))
    return Amount(low, high, kind, unit, per, currency) if low <= high else None


def _split_rate(text: str) -> tuple[str, str, float]:
    """Return a text without its rate, that rate, and what makes one by the year of it."""
    match = _RATE.fullmatch(text)
    if match is None:
        return text, "", 1.0
    return match["amount"], "year", _YEAR / _UNITS[match["unit"] or "year"]


def _strip(pattern: re.Pattern[str], text: str) -> tuple[bool, str]:
    """Return True and the text behind a pattern that it begins with, else False and the text."""
    found = pattern.match(text)
    return bool(found), text[found.end() :] if found else text


def _read_side(text: str) -> _Side | None:
    match = _SIDE.fullmatch(text.strip())
    value = match and (_COUNTS.get(match["word"] or "") or value_of(match["digits"] or "x"))
    if match is None or value is None:
        return None
    sign = match["before"] or match["behind"] or ""
    scale = _SCALES[match["scale"]] if match["scale"] else None
    unit = names.key(match["unit"].replace("-", " "))
    return _Side(value, scale, _SIGNS.get(sign, sign), unit, bool(match["word"]))


def _kind_of(sides: list[_Side], *, is_money: bool) -> str:
    """Return the kind of an amount with these sides, or "" if they do not go together."""
    units = {side.unit for side in sides if side.unit}
    currencies = {side.currency for side in sides if side.currency}
    if sides[-1].unit in _UNITS and units <= _UNITS.keys() and not currencies:
        return "time"
    # A word is a count of time only: `a service` is not the first of several.
    if len(units) > 1 or len(currencies) > 1 or any(side.word for side in sides):
        return ""
    if is_money or currencies:
        return "" if units else "money"
    return "number" if sides[-1].unit or not units else ""


def _value(side: _Side, last: _Side, kind: str) -> float:
    """Return the value of a side in units of its kind; `$1-5M` is a range of millions."""
    if kind == "time":
        return side.value * _UNITS[side.unit or last.unit]
    is_shared = side.scale is None and side.value < last.value
    return side.value * ((last.scale if is_shared else side.scale) or 1.0)
