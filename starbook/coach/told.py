"""A story as the rules of the coach see it: its sentences, and what is said of it elsewhere."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

import msgspec

from starbook.coach import known, quantities
from starbook.coach.quantities import Pair, Quantity
from starbook.model import Figure, Kind, Prose, Section, Settings, Story
from starbook.text import sentences

_DIGIT = re.compile(r"\d")
_OF_NAME = re.compile(r"\b(?:day|week|month|phase|version|Tag|Woche)\s(\d+)\b")
# What stands there shows how not to answer.
_WEAK = frozenset({"weak", "why it fails"})


class Line(msgspec.Struct, frozen=True):
    """A sentence with digits, its section, and the quantities and pairs that are found in it.

    `number` counts all sentences of the story; `is_spoken` is true for those of the sections
    themselves, and not of their entries.
    """

    text: str
    section: Section
    number: int
    is_spoken: bool
    found: list[Quantity]
    pairs: list[Pair]

    @property
    def is_earlier(self) -> bool:
        """True if it is told before the Action."""
        return self.is_spoken and self.section.kind in (Kind.SITUATION, Kind.TASK)


class NoteOnStory(msgspec.Struct, frozen=True):
    """The note of a question on how to tell the story for it: `{story: outage, note: …}`."""

    path: str
    line: int
    question: str
    note: str


class SameEvent(msgspec.Struct, frozen=True):
    """Another story that has so many per cent of the words of this one, three in a row.

    `figures` are the numbers of its `metrics`.
    """

    title: str
    percent: int
    fingerprint: str
    figures: tuple[Figure, ...] = ()


class Told(msgspec.Struct, frozen=True, dict=True):
    """A story with what the rules need of the rest of the handbook.

    `times_practised` is None in a handbook without exports of the practice page.
    """

    story: Story
    settings: Settings = Settings()
    notes: tuple[NoteOnStory, ...] = ()
    times_practised: int | None = None
    same_events: tuple[SameEvent, ...] = ()

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The sentences with digits, of everything but weak answers."""
        lines, number = [], 0
        for section in self.story.sections:
            for text, is_spoken in _texts(section):
                number += 1
                for sentence in sentences.split(text) if _DIGIT.search(text) else ():
                    number += 1
                    if _DIGIT.search(sentence):
                        lines.append(read_line(sentence, section, number, is_spoken=is_spoken))
        return tuple(lines)

    @cached_property
    def figures(self) -> tuple[tuple[Figure, Line], ...]:
        """The numbers of `metrics`, each with what is found in it."""
        return tuple((figure, read_figure(figure)) for figure in self.story.figures)

    @cached_property
    def numbers_by_kind(self) -> dict[str, set[float]]:
        """The numbers of all sections by their kind; those in words or without a unit are of ""."""
        found: dict[str, set[float]] = defaultdict(set)
        for line in self.lines:
            sides = (one for pair in line.pairs for one in (pair.before, pair.after))
            for one in (*line.found, *sides):
                found[one.kind].update(one.values)
        texts = (text for section in self.story.sections for text, _ in _texts(section))
        text = "\n".join(texts)
        found[""] |= set(map(float, _OF_NAME.findall(text)))
        for value, word in known.numbers_in_words(text):
            kind, *sizes = quantities.UNITS.get(word, ("", 1.0, 1.0))
            found[kind].update(value * size for size in sizes)
        return found


def read_line(text: str, section: Section, number: int = 0, *, is_spoken: bool = True) -> Line:
    """Return a sentence with what is found in it."""
    found = quantities.find(text)
    pairs = quantities.pairs(text, found) if len(found) > 1 else []
    return Line(text, section, number, is_spoken, found, pairs)


def figure_text(figure: Figure) -> str:
    """Return a number of `metrics` as one text."""
    return f"{figure.before} → {figure.value} {figure.unit} {figure.label}"


def read_figure(figure: Figure) -> Line:
    """Return a number of `metrics` as a sentence, of a section of its own without an id."""
    place = Section(Kind.OTHER, "", "", 0, Prose())
    return read_line(figure_text(figure).strip(" →"), place, is_spoken=False)


def _texts(section: Section) -> Iterator[tuple[str, bool]]:
    if section.kind is Kind.WEAK:
        return
    yield section.body.text, True
    for item in section.items:
        yield item.body.text, False
        yield from ((f.body.text, False) for f in item.fields if f.name not in _WEAK)
