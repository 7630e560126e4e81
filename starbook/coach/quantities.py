"""Quantities in a sentence: numbers whose value, unit and rounding are sure, and pairs of them."""

import re
from itertools import pairwise

import msgspec

from starbook.content.numbers import ABOUT, ARROW, DIGITS, FROM, RATE, any_of, value_of

# Seconds in a unit of time: by the calendar, and in a working week of five days of eight hours.
_HOUR, _DAY = 3600.0, 86_400.0
_TIMES: dict[str, tuple[float, float]] = {
    "ms millisecond milliseconds Millisekunden": (0.001, 0.001),
    "s sec secs second seconds Sekunde Sekunden": (1, 1),
    "min mins minute minutes Minute Minuten": (60, 60),
    "h hr hrs hour hours Stunde Stunden": (_HOUR, _HOUR),
    "d day days Tag Tage Tagen": (_DAY, 8 * _HOUR),
    "week weeks Woche Wochen": (7 * _DAY, 40 * _HOUR),
}
_MONTHS: dict[str, float] = {
    "month months Monat Monate Monaten": 1,
    "quarter quarters Quartal Quartale Quartalen": 3,
    "year years yr yrs Jahr Jahre Jahren": 12,
}
# By unit: what it measures, and its size by the calendar and in working time.
UNITS: dict[str, tuple[str, float, float]] = {
    **{word: ("time", *size) for words, size in _TIMES.items() for word in words.split()},
    **{word: ("months", size, size) for words, size in _MONTHS.items() for word in words.split()},
    **dict.fromkeys(("%", "percent", "per cent", "Prozent"), ("%", 1.0, 1.0)),
    **dict.fromkeys(
        ("points", "point", "percentage points", "percentage point", "pp", "pts"),
        ("points", 1.0, 1.0),
    ),
    **dict.fromkeys(("Punkte", "Prozentpunkte", "Punkten"), ("points", 1.0, 1.0)),
    **dict.fromkeys(("x", "×", "-fold", " times"), ("times", 1.0, 1.0)),
}
_UNIT = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
_SCALES = {"k": 1e3, "K": 1e3, "M": 1e6, "m": 1e6, "mn": 1e6, "bn": 1e9, "B": 1e9} | {
    "thousand": 1e3, "million": 1e6, "billion": 1e9,
    "Mio": 1e6, "Millionen": 1e6, "Mrd": 1e9, "Milliarden": 1e9,
}  # fmt: skip
_CURRENCY = r"(?:[$€£¥₹]|(?:EUR|USD|GBP|CHF)\s)"
_QUANTITY = re.compile(
    rf"""(?<![\w.,:/#^<>])
    (?P<currency>{_CURRENCY})? (?P<digits>{DIGITS})
    (?:\s?(?P<scale>k|K|M|thousand|million|billion|Mio|Millionen|Mrd|Milliarden
        |(?(currency)(?:mn?|bn|B)|(?<=\d)(?:m|bn|B)))(?![\w²³/]))?
    (?P<plus>\+)? (?:[\s-]?(?P<unit>{_UNIT})(?!\w))? (?P<euro>\s?[€$£](?!\w))? (?P<rate>{RATE})?
    (?![\w^#]|[.,:/]\d|\s?[–-]\s?\d)""",
    re.VERBOSE,
)
_NEVER = re.compile(r"(?:\d\s?[–-]\s?|\b(?:v|V|Q|H|P|L|phase|version|top|day|week)\s?)$")
# A thousand of this many zeros was rounded: `12,000` may be 11,600.
_ROUND = 3
_MOST_ROUNDED = 0.025  # of the value


class Quantity(msgspec.Struct, frozen=True):
    """A number in a text: what it measures, its value by two calendars, and how sure it is.

    `half` is half of the last place that was written. `kind` is `time`, `months`, `%`, `points`,
    `times`, a currency, or "" for a number without a unit of these; `unit` is as it was written,
    and `plain` the value without it.
    """

    start: int
    end: int
    text: str
    kind: str
    values: tuple[float, float]
    half: float
    unit: str = ""
    rate: str = ""
    at_least: bool = False
    plain: float = 0.0

    @property
    def value(self) -> float:
        """The value by the calendar."""
        return self.values[0]


class Pair(msgspec.Struct, frozen=True):
    """Two quantities of one kind: before and after, or a goal and what was reached."""

    before: Quantity
    after: Quantity
    start: int
    end: int
    is_goal: bool = False


def find(sentence: str) -> list[Quantity]:
    """Return the quantities of a sentence in their order; what may be a name or a range is none."""
    found = (_read(match, sentence) for match in _QUANTITY.finditer(sentence))
    return [quantity for quantity in found if quantity]


def _read(match: re.Match[str], sentence: str) -> Quantity | None:
    digits = match["digits"]
    value = value_of(digits)
    if value is None or _NEVER.search(sentence[max(match.start() - 9, 0) : match.start()]):
        return None
    currency = (match["currency"] or match["euro"] or "").strip()
    scale = match["scale"] or ""
    if scale in ("m", "B") and not currency:
        return None  # minutes, metres, millions, bytes
    unit = (match["unit"] or "").strip()
    kind, *sizes = UNITS.get(match["unit"] or "", (currency, 1.0, 1.0))
    factor = _SCALES.get(scale, 1.0)
    half = _half_of_last_place(digits, value) * factor
    calendars = (value * factor * sizes[0], value * factor * sizes[-1])
    rate = " ".join((match["rate"] or "").split())
    text = sentence[match.start() : match.end()].strip()
    return Quantity(
        match.start(), match.end(), text, kind, calendars, half * sizes[0], unit, rate,
        match["plus"] is not None, value,
    )  # fmt: skip


def _half_of_last_place(digits: str, value: float) -> float:
    fraction = re.search(r"[.,](\d{1,2}|\d{4,})$", digits)
    zeros = len(digits) - len(digits.rstrip("0"))
    if fraction:
        half = 0.5 * 10.0 ** -len(fraction[1])
    else:
        half = 0.5 * 10.0**zeros if zeros >= _ROUND else 0.5
    return min(half, _MOST_ROUNDED * value) if value else 0.0


_WORDS = r"(?:\s[^\W\d][\w-]*){0,3}"
_TO = re.compile(rf"{_WORDS}\s(?:to|auf)\s{ABOUT}")
_REVERSED = re.compile(
    rf"(?:(?:\s[^\W\d][\w-]*){{0,9}},?\s\(?(?:up|down)\sfrom\s"
    rf"|{_WORDS}(?:\sinstead\sof\s|\s(?:an)?statt\s)){ABOUT}"
)
_GOAL = re.compile(
    rf"""{_WORDS}\s(?:vs\.?|versus|against)\s (?:(?:a|an|the|our)\s)?
    (?:(?:target|goal|plan|budget|limit)\sof\s)? {ABOUT}""",
    re.VERBOSE,
)
_NEAR = 5  # words, from which on a number has its own unit
_ARROW = re.compile(rf"\s?{ARROW}\s?")
_IS_GOAL = any_of("target goal plan planned budget limit estimated expected standard")


def pairs(sentence: str, found: list[Quantity]) -> list[Pair]:
    """Return the pairs in a sentence; a number in the middle of a chain of arrows is in none."""
    made: list[Pair] = []
    chained: set[int] = set()
    for first, second in pairwise(found):
        between = sentence[first.end : second.start]
        is_arrow = bool(_ARROW.fullmatch(between))
        if is_arrow and made and made[-1].end == first.end:
            chained.add(made[-1].start)
            chained.add(first.start)
        pair = _pair(sentence, first, second, between, is_arrow=is_arrow)
        if pair:
            made.append(pair)
    return [pair for pair in made if pair.start not in chained]


def _pair(
    sentence: str, first: Quantity, second: Quantity, between: str, *, is_arrow: bool
) -> Pair | None:
    start = first.start
    origin = FROM.search(sentence, max(start - 40, 0), start)
    is_goal = False
    if is_arrow or (origin and _TO.fullmatch(between)):
        before, after = first, second
        start = origin.start() if origin else start
    elif _REVERSED.fullmatch(between):
        if len(between.split()) > _NEAR and first.kind != second.kind:
            return None
        before, after = second, first
    elif _GOAL.fullmatch(between):
        before, after, is_goal = second, first, True
        behind = sentence[second.end : second.end + 12] + between
        if not re.search(rf"\b{_IS_GOAL}\b", behind):
            return None
    else:
        return None
    before, after = _with_one_unit(before, after)
    if before.kind != after.kind or not before.value:
        return None
    if before.rate and after.rate and before.rate != after.rate:
        return None
    return Pair(before, after, start, second.end, is_goal)


def _with_one_unit(before: Quantity, after: Quantity) -> tuple[Quantity, Quantity]:
    """Return both with the unit of the one that has a unit: `73 to 61 %`."""
    if not before.kind and after.kind:
        return _with_unit_of(after, before), after
    if not after.kind and before.kind:
        return before, _with_unit_of(before, after)
    return before, after


def _with_unit_of(model: Quantity, bare: Quantity) -> Quantity:
    size = UNITS.get(model.unit, ("", 1.0, 1.0))[1:]
    return msgspec.structs.replace(
        bare, kind=model.kind, unit=model.unit, half=bare.half * size[0],
        values=(bare.values[0] * size[0], bare.values[1] * size[-1]),
    )  # fmt: skip
