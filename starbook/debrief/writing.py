"""Writing: log.yml and the catalogue are read, and get entries at their ends."""

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from starbook.build import pipeline
from starbook.content import files, list_files
from starbook.content import yaml_nodes as yaml
from starbook.content.folder import YAML_ENDINGS, ContentFolder
from starbook.debrief.entries import Entry, near_questions
from starbook.model import Handbook, Question
from starbook.problem import Problem
from starbook.text import names

# A question that was asked has a file of its own, unless all questions are in one.
_ASKED = "questions/asked.yml"


class LogError(Exception):
    """Nothing was written; the message says why and what to do."""


class Target(msgspec.Struct, frozen=True):
    """A file that gets entries, as it was read; `data` is None if it is not there."""

    path: Path
    data: bytes | None

    @property
    def shown(self) -> str:
        """The path as the person would type it."""
        return os.path.relpath(self.path)


class Book(msgspec.Struct, frozen=True):
    """A handbook with its log and its catalogue; `faults` are the errors in the log."""

    handbook: Handbook
    log: Target
    catalogue: Target
    faults: tuple[Problem, ...] = ()


def open_book(content: Path) -> Book:
    """Read a content folder."""
    handbook, problems = pipeline.load(content)
    folder = ContentFolder(content)
    listed = folder.listing().files
    logs, questions = listed.get("log", ()), listed.get("questions", ())
    log = _target(content, _single(logs) or (logs[-1] if logs else "log.yml"), folder)
    catalogue = _target(content, _single(questions) or _ASKED, folder)
    paths = {os.path.relpath(content / folder.written(path)) for path in logs}
    faults = tuple(one for one in problems if one.is_error and one.path in paths)
    return Book(handbook, log, catalogue, faults)


def write_entries(book: Book, entries: Sequence[Entry]) -> None:
    """Add entries to the end of the log, and change nothing else in it. Raise LogError."""
    _append(book.log, [entry.lines for entry in entries])


class Offer(msgspec.Struct, frozen=True):
    """A question that the catalogue does not have: its lines there, and those that are like it."""

    lines: tuple[str, ...]
    near: tuple[Question, ...]


def new_questions(book: Book, entries: Sequence[Entry]) -> tuple[Offer, ...]:
    """Return what to offer the catalogue for the questions of entries that it does not have."""
    known = {one.id for one in book.handbook.questions}
    companies = {one.id: one.company for one in book.handbook.interviews}
    asked = {
        names.slug(one.question): (one.question, companies[one.interview])
        for one in reversed(entries)
        if one.question and one.question not in known
    }
    return tuple(
        Offer(_question_lines(book, question, company), near_questions(book.handbook, question))
        for question, company in reversed(asked.values())
    )


def _question_lines(book: Book, question: str, company: str) -> tuple[str, ...]:
    """Return the lines of a question for the catalogue, without the dash before the first.

    Its company is left out of a catalogue that is published: nothing may tell of an interview.
    """
    lines = [f"question: {yaml.scalar(question)}", "categories: []", "principles: []"]
    if "questions" not in book.handbook.settings.publish:
        lines.append(f"companies: [{yaml.scalar(company, in_list=True)}]")
    return (*lines, "stories: []")


def write_questions(book: Book, questions: Sequence[Sequence[str]]) -> None:
    """Add questions, each by its lines, to the end of the catalogue. Raise LogError."""
    _append(book.catalogue, questions)


def _single(paths: Sequence[str]) -> str:
    """Return the file that has the whole list, if there is one."""
    return next((path for path in paths if "/" not in path and path.endswith(YAML_ENDINGS)), "")


def _target(content: Path, path: str, folder: ContentFolder) -> Target:
    place = content / folder.written(path)
    return Target(place, place.read_bytes() if os.path.lexists(place) else None)


def _append(target: Target, entries: Sequence[Sequence[str]]) -> None:
    new = list_files.with_entries(target.data or b"", entries)
    if new is None:
        raise LogError(
            f"{target.shown} is no list that lines can be added to; "
            "begin each of its entries with `- ` on a line of its own"
        )
    target.path.parent.mkdir(exist_ok=True)
    if not files.replace(target.path, target.data, new):
        raise LogError(f"{target.shown} has changed meanwhile; run this again")
