"""The file of the review of an import: it replaces an older review, and no other file."""

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from starbook.content import files
from starbook.importer import report, review
from starbook.importer.formats.source import Source
from starbook.importer.result import ImportResult

_PAGE = Path(__file__).with_name("review_page")


class NotAReviewError(Exception):
    """A file that is no review is in the way; the message says so and what to do."""


def read_old(path: Path) -> bytes | None:
    """Return the review at `path`, or None if there is nothing. Raise `NotAReviewError`."""
    if not os.path.lexists(path):
        return None
    data = path.read_bytes() if path.is_file() else b""
    if review.MARK.encode() not in data[:200]:
        shown = os.path.relpath(path)
        message = f"{shown} is no review of an import; name another file behind --review"
        raise NotAReviewError(f"{message}, or put --review behind all documents")
    return data


def make_document(source: Source, result: ImportResult, command: str) -> review.Document:
    """Return what the review says of a document; `command` imports it again."""
    ways = [review.Way(one.name, one.score, one.about) for one in result.readings]
    taken, *others = ways or [review.Way("lists", 0, "lists and text, without stories")]
    doubts = [(line, doubt) for story in result.stories for line, doubt in story.doubts]
    return review.Document(
        path=source.path,
        made=report.describe_made(result),
        command=command,
        places=tuple(
            msgspec.structs.replace(place, number=source.original_line(place.number))
            for place in result.places
        ),
        reading=taken,
        others=tuple(others),
        doubts=tuple((source.original_line(line), doubt) for line, doubt in doubts),
        missing_words=result.missing_words,
    )


def write(path: Path, documents: Iterable[review.Document]) -> None:
    """Write the review of these documents; only its owner can read the file.

    Raise `NotAReviewError` if another file is there, and OSError.
    """
    old = read_old(path)
    templates = {file.name: file.read_bytes() for file in _PAGE.iterdir() if file.is_file()}
    page = review.render(review.make_review(documents), templates, _PAGE)
    if not files.replace(path, old, page.encode("utf-8", "replace")):
        message = f"{os.path.relpath(path)} has changed meanwhile; run this again"
        raise NotAReviewError(message)
