"""Run an export: read the handbook, make the text, search it for leaks, and write one file."""

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

import msgspec

from starbook.build import pipeline, queries
from starbook.build.database import Database
from starbook.exporter import anki, bundle, document
from starbook.links import CrossLink
from starbook.model import Edition, Handbook
from starbook.problem import Problem, has_errors

MARKS = {
    "anki": (anki.MARK,),
    "json": (document.MARK,),
    "bundle": (bundle.MARK, bundle.LOCKED_MARK),
}
_WHATS = {"bundle": "no bundle"}


class ExportError(Exception):
    """Nothing was written; the message says why and what to do."""


class Export(msgspec.Struct, frozen=True):
    """A text to write and what it holds; with an error among the problems there is none."""

    text: str = ""
    count: int = 0
    problems: tuple[Problem, ...] = ()


def make(content: Path, layouts: Path, kind: str, edition: Edition) -> Export:
    """Return the text of an export, or what is wrong with the content.

    `layouts` have the texts that a public edition shows anyway.
    """
    database = pipeline.open_database(content, layouts, edition)
    problems = pipeline.examine(database)
    if has_errors(problems):
        return Export(problems=problems)
    private = edition is Edition.PRIVATE
    handbook = (queries.private_handbook if private else queries.edition_handbook)(database)
    text, count = _text(database, handbook, kind)
    leaks = () if private else pipeline.leaks_in(database, {f"export.{kind}": text})
    return Export(text, count, tuple(sorted((*problems, *leaks))))


def _text(database: Database, handbook: Handbook, kind: str) -> tuple[str, int]:
    if kind == "json":
        return document.write(handbook, queries.practice_records(database)), len(handbook.stories)
    found = list(anki.notes(handbook, lambda ident: _links(database, ident)))
    return anki.write(handbook.settings.title, found), len(found)


def _links(database: Database, question: str) -> tuple[CrossLink, ...]:
    links = queries.stories_of_question(database, question)
    return links.chosen or links.found


def write(path: Path, text: str, kind: str) -> None:
    """Write a file that its owner alone may read, in the place of an older export only.

    A reader sees the old file or the new one. Raise `ExportError` or OSError.
    """
    with suppress(FileNotFoundError):
        shown = os.path.relpath(path)
        if not stat.S_ISREG(path.lstat().st_mode):
            raise ExportError(f"{shown} is not a file; name another one")
        with path.open("rb") as there:
            begin = there.read(max(map(len, MARKS[kind])))
            if not begin.startswith(tuple(mark.encode() for mark in MARKS[kind])):
                what = _WHATS.get(kind, "no such export")
                raise ExportError(f"{shown} is there already, and is {what}; name another file")
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # readable by us only
    try:
        with open(handle, "w", encoding="utf-8", newline="\n") as file:  # noqa: PTH123
            file.write(text)
        Path(name).replace(path)
    except BaseException:  # Ctrl-C too
        Path(name).unlink(missing_ok=True)
        raise
