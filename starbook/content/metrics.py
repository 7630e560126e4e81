"""Metrics of a story: the numbers that its front matter gives, or those found in its Result."""

import re

import msgspec

from starbook.content.numbers import AMOUNT, ARROW, BOUND, DIGITS, RATE, SCALE, UNIT
from starbook.content.outcomes import changed_thing, find
from starbook.model import Figure, FoundNumber, Kind, Story


def with_found(story: Story) -> Story:
    """Return the story with the numbers in its text, unless it gives some or was searched."""
    if story.found_numbers is not None or story.figures:
        return story
    return msgspec.structs.replace(story, found_numbers=found_in(story))


def found_in(story: Story) -> tuple[FoundNumber, ...]:
    """Return the numbers found in the Result and the section Metrics of a story that gives none."""
    if story.figures or story.found_numbers is not None:
        return story.found_numbers or ()
    sections = (*story.parts(Kind.RESULT), *story.parts(Kind.METRICS))
    return find("\n".join(section.body.text for section in sections))


_COLON = re.compile(r"\s*:(?!\d)\s*")
_GIVEN_PAIR = re.compile(rf"(?i:from)\s(?P<first>.+?)\sto\s|(?P<before>.+)\s*{ARROW}\s*")
_GIVEN_NUMBER = re.compile(
    rf"""(?<![\w\#]) (?P<number> (?:(?:{BOUND}|an?|just|only)\s)* {AMOUNT}
    (?:(?:\s?[–-]\s?|\sto\s){DIGITS}{SCALE}?)? \+? ) (?P<rest>.*)""",
    re.VERBOSE,
)
_GIVEN_UNIT = re.compile(rf"\s*(?P<unit>{UNIT}?{RATE}?)(?P<more>.*)", re.VERBOSE)


def parse(text: str) -> Figure:
    """Parse an entry of `metrics` in the front matter: `73 → 61 %: cart abandonment`.

    Any text becomes a figure, and none of its words is lost. What stands before the colon is the
    figure as it is, such as `#1`; without a colon, the first number is.
    """
    head, *label = _COLON.split(" ".join(text.split()), maxsplit=1)
    pair = _GIVEN_PAIR.match(head)
    before = (pair["first"] or pair["before"]).strip() if pair else ""
    after = head[pair.end() :] if pair else head
    number = (_GIVEN_NUMBER.match if label else _GIVEN_NUMBER.search)(after)
    if not number:
        return Figure(after, before, "", " ".join(label))
    unit, more = number["rest"].strip(), ""
    if not label and (known := _GIVEN_UNIT.match(number["rest"])):
        unit, more = known["unit"].strip(), known["more"].strip()
    words = f"{after[: number.start()].strip()} {more}".strip()
    first = _GIVEN_NUMBER.match(before)
    if first and (not unit or first["rest"].strip() == unit):  # both sides share the unit
        before, unit = first["number"], first["rest"].strip()
    return Figure(number["number"], before, unit, " ".join((words, *label)).strip())


def sides(number: str) -> list[str]:
    """Return the before and the after of a pair, else the number alone."""
    return re.split(rf"\s?{ARROW}\s?|\sto\s", number)


def entry(found: FoundNumber) -> str:
    """Return a found number as an entry of `metrics`: `73 → 61 %: Cart abandonment`.

    All words are those of the text. Where they make no clear label, the label is all of them.
    """
    parts = sides(found.number)
    before, after = found.before.strip(), found.after.strip()
    is_pair = len(parts) == 2 and (before.lower().endswith("from") or " to " not in found.number)
    label = after if not before else ""
    if is_pair and (thing := changed_thing(before)):
        label = f"{thing} {after}".strip()
    return f"{' → '.join(parts) if is_pair else found.number}: {label or found.text}"
