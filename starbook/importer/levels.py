"""Levels: what notes ask at a level, as entries of levels.yml.

Notes have it as the profile of a level: labelled items below a heading such as `Expectations`; as
red flags; and as what is different at the next level (`Influence: 9 people vs 40+ people`). A
profile counts if two of its items are amounts. Of an item, an amount that can be read as a whole is
taken, or else its words. The text stays in its guide in any case.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from starbook.content import amounts
from starbook.importer.lines import Line
from starbook.importer.page import plain
from starbook.importer.sections import Section

_RANK = r"(?:Junior|Mid-Level|Senior|Senior Staff|Staff|Principal|Lead)"
_LEVEL = re.compile(
    rf"\b(?:[LEM]\d{{1,2}}|IC\d|SDE[ -]?(?:\d|I{{1,3}})|Engineering Manager"
    rf"|{_RANK} (?:Software )?(?:Engineer|Developer|Manager))\b"
)
_NUMBERED = re.compile(r"(\D+)(\d+)")
_PROFILE = re.compile(r"\b(?:expectations?|profile|requirements|erwartungen|anforderungen)\b", re.I)
_RED_FLAGS = re.compile(r"\b(?:red flags?|warning signs?|warnzeichen)\b", re.I)
_DIFFERS = re.compile(r"\b(?:differ\w*|compared|unterschied\w*)\b", re.I)
_LABELLED = re.compile(r"(?P<label>[^:]{2,40}?)\s?:\s*(?P<text>\S.*)")
_VERSUS = re.compile(r"\s(?:vs\.?|versus)\s", re.I)

# The measure that a label names: the first of these.
_MEASURES = {
    "reports": re.compile(r"\bdirect(?:ly)? report|\bdirekt", re.I),
    "hires": re.compile(r"\bhir(?:es?|ing)\b|einstellung", re.I),
    "money": re.compile(r"\b(?:revenue|cost|budget|money|impact)\b|umsatz|kosten", re.I),
    "teams": re.compile(r"\bteams?\b", re.I),
    "horizon": re.compile(r"\b(?:planning|horizon)\b|planung|horizont", re.I),
    "people": re.compile(r"\b(?:people|headcount)\b|\bleute\b|personen", re.I),
    "influence": re.compile(r"\binfluence\b|einfluss", re.I),
}
_NUMBER = r"[$€£]?\d[\d.,]*(?:\s?(?:k|K|M|bn|B)\b)?"
_AMOUNT = re.compile(
    rf"(?P<first>{_NUMBER})(?P<open>\+)?(?:\s?(?:[-–]|to)\s?(?P<last>{_NUMBER}))?"
    r"(?:\s(?P<noun>engineer|developer|people)s?\b)?"
)
_YEARLY = re.compile(r"\b(?:annual(?:ly)?|per year|a year|yearly)\b|jährlich|pro jahr", re.I)
_SPANS = {
    "weekly": "a week", "monthly": "a month", "quarterly": "a quarter", "annual": "a year",
    "yearly": "a year",
}  # fmt: skip
_SPAN = re.compile(rf"(?:{'|'.join(_SPANS)})\b", re.I)


class PlannedLevel(msgspec.Struct, eq=False):
    """A level as notes have it; the keys are those of the content format."""

    name: str
    above: str = ""
    expects: dict[str, str] = {}
    red_flags: list[str] = []
    differs: list[str] = []

    def to_mapping(self) -> dict[str, object]:
        """Return its entry in levels.yml."""
        values = {
            "name": self.name, "next": self.above, "expects": self.expects,
            "red_flags": self.red_flags, "differs": self.differs,
        }  # fmt: skip
        return {key: value for key, value in values.items() if value}


def find_levels(sections: Sequence[Section]) -> list[PlannedLevel]:
    """Return the levels that sections describe, and the next ones that they are compared with."""
    found: dict[str, PlannedLevel] = {}
    for section in sections:
        name = _level_of(section.headings)
        if name and any(map(_PROFILE.search, section.headings)):
            expects = dict(_read_expectations(section.lines))
            if sum(_is_amount(*item) for item in expects.items()) > 1:
                found.setdefault(name, PlannedLevel(name)).expects |= expects
    above: dict[str, PlannedLevel] = {}
    for section in sections if found else ():
        own, other = _level_of(section.above), _level_of((section.name,))
        level = found.get(own or other) or (next(iter(found.values())) if len(found) == 1 else None)
        if level and any(map(_RED_FLAGS.search, section.headings)):
            level.red_flags += _items(section.lines)
        elif level and _DIFFERS.search(section.name) and _is_above(other, level.name):
            level.above = other
            level.differs += _items(section.lines)
            if other not in found:
                expects = dict(_read_next(section.lines, level.expects))
                above[other] = PlannedLevel(other, expects=expects)
    return [*found.values(), *above.values()]


def _level_of(headings: Sequence[str]) -> str:
    """Return the level that the nearest of some headings names, or ""."""
    named = (_LEVEL.search(plain(heading)) for heading in reversed(headings))
    return next((match[0] for match in named if match), "")


def _is_above(other: str, level: str) -> bool:
    """Return True if the number of a level says that it is above another."""
    one, two = _NUMBERED.fullmatch(other), _NUMBERED.fullmatch(level)
    return bool(one and two and one[1] == two[1] and int(one[2]) > int(two[2]))


def _items(lines: Iterable[Line]) -> list[str]:
    return [text for line in lines if line.role == "item" and (text := plain(line.words))]


def _labelled(lines: Iterable[Line]) -> Iterator[tuple[str, str]]:
    """Yield the measure and the text of each labelled item."""
    for match in map(_LABELLED.fullmatch, _items(lines)):
        if match:
            label = " ".join(match["label"].split())
            known = (name for name, pattern in _MEASURES.items() if pattern.search(label))
            yield next(known, label.lower()), match["text"]


def _read_expectations(lines: Iterable[Line]) -> Iterator[tuple[str, str]]:
    for measure, text in _labelled(lines):
        if value := _read_value(measure, text):
            yield measure, value


def _read_next(lines: Iterable[Line], own: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what the next level asks in the measures of the `own` one: what stands behind `vs`."""
    for measure, text in _labelled(lines):
        here, *there = _VERSUS.split(text, maxsplit=1)
        value = _read_value(measure, there[0]) if there and measure in own else ""
        # What is compared with an amount by the year is one, too.
        if own.get(measure, "").endswith("/year"):
            yearly = f"{_read_value(measure, here)}/year"
            is_same = amounts.parse(measure, yearly) == amounts.parse(measure, own[measure])
            value = f"{value}/year" if is_same and _is_amount(measure, f"{value}/year") else value
        if value:
            yield measure, value


def _is_amount(measure: str, text: str) -> bool:
    return amounts.parse(measure, text) is not None


def _read_value(measure: str, text: str) -> str:
    """Return the amount that a text begins with, or else its words.

    Digits that are no amount are not taken for a measure of amounts.
    """
    amount = _join_amount(measure, text)
    if amount and _is_amount(measure, amount):
        return amount
    is_odd = measure in amounts.MEASURES and any(map(str.isdecimal, text))
    return "" if is_odd else text


def _join_amount(measure: str, text: str) -> str:
    if measure == "horizon" and _SPAN.match(text):
        spans = [_SPANS[word.lower()] for word in _SPAN.findall(text)]
        return " to ".join(dict.fromkeys(spans[:2]))
    match = _AMOUNT.match(text)
    noun = match["noun"] if match and measure not in amounts.MEASURES else None
    # Of other measures, what is counted has to be known.
    if match is None or not (noun or measure in amounts.MEASURES):
        return ""
    counted = {None: "", "people": " people"}.get(noun, f" {noun}s")
    rate = "/year" if measure in ("money", "hires") and _YEARLY.search(text) else ""
    last = f" to {match['last']}" if match["last"] else match["open"] or ""
    return f"{match['first']}{last}{counted}{rate}"
