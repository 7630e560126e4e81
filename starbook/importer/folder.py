"""Folders: read documents and write imported files, without changing a file that exists."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from starbook.build.pipeline import load
from starbook.content import files
from starbook.importer import plan
from starbook.importer.document import parse_document
from starbook.importer.stories import KnownPrinciples
from starbook.problem import Report
from starbook.text import names

MAX_BYTES = 5_000_000
_ASCIIDOC = (".adoc", ".asciidoc")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class UnreadableError(Exception):
    """A document that cannot be imported; the message says why and what to do."""


class WriteResult(msgspec.Struct):
    """The files of an import by outcome, as paths within the content folder."""

    new: list[str] = []
    unchanged: list[str] = []
    conflicts: list[str] = []


def load_known_principles(content: Path) -> KnownPrinciples:
    """Return the names of the principles of a content folder."""
    if not content.is_dir():
        return KnownPrinciples()
    principles = load(content)[0].principles
    return KnownPrinciples(tuple(n for topic in principles for n in (topic.name, *topic.aliases)))


def read_document(path: Path, known: KnownPrinciples) -> plan.ImportResult:
    """Return what the document at `path` becomes. Raise `UnreadableError` if it holds nothing."""
    report = Report(os.path.relpath(path))
    text = _read_text(path, report)
    result = plan.import_document(parse_document(path.stem, text), known)
    if not (result.stories or result.questions or result.audiences):
        raise UnreadableError(
            f"{report.path} has no story and no question that can be told apart; its parts need "
            "names, such as **Situation:**, or its questions a heading that says so"
        )
    return result


def _read_text(path: Path, report: Report) -> str:
    if path.suffix.lower() in _ASCIIDOC:
        raise UnreadableError(f"{report.path} is AsciiDoc; save it as markdown")
    data = files.read_bytes(path, report, MAX_BYTES)
    if data is not None and data[:4096].count(0) > 1 and data[:2] not in _UTF16_MARKS:
        raise UnreadableError(f"{report.path} is no text; save it as markdown")
    text = files.decode(data, report) if data is not None else None
    if text is None:
        raise UnreadableError(str(report.problems[0]))
    if not text.strip():
        raise UnreadableError(f"{report.path} is empty; name a document with stories or questions")
    if text.startswith("= ") and "\n== " in text:
        raise UnreadableError(f"{report.path} is AsciiDoc; save it as markdown")
    return text


def render_new_files(content: Path, result: plan.ImportResult) -> dict[str, str]:
    """Return the files of an import, without entries that other files of the content have."""
    if not content.is_dir():
        return plan.render_files(result)
    book = load(content)[0]
    stem = names.slug(result.name) or "imported"
    entries = [("questions", question.path, question.question) for question in book.questions]
    for kind, topics in (("categories", book.categories), ("principles", book.principles)):
        entries += [(kind, topic.path, n) for topic in topics for n in (topic.name, *topic.aliases)]
    others = (entry for entry in entries if not entry[1].endswith(f"/{stem}.yml"))
    return plan.render_files(result, {(kind, names.key(name)) for kind, _, name in others})


def write_files(
    content: Path, texts: Mapping[str, str], *, rename: bool, dry_run: bool
) -> WriteResult:
    """Write texts to their paths within `content` where no file exists yet.

    A file that exists with another text is a conflict; with `rename`, a free name is used instead.
    """
    result = WriteResult()
    for relative, text in texts.items():
        path = _free_path(content / relative, text) if rename else content / relative
        shown = path.relative_to(content).as_posix()
        if not os.path.lexists(path):
            result.new.append(shown)
            if not dry_run:
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("x", encoding="utf-8", newline="\n") as file:
                    file.write(text)
        elif _has_text(path, text):
            result.unchanged.append(shown)
        else:
            result.conflicts.append(shown)
    return result


def _has_text(path: Path, text: str) -> bool:
    try:
        return path.read_text(encoding="utf-8") == text
    except (OSError, ValueError):
        return False


def _free_path(path: Path, text: str) -> Path:
    """Return `path`, or one with a number, that does not exist or has this text."""
    count, free = 1, path
    while os.path.lexists(free) and not _has_text(free, text):
        count += 1
        free = path.with_stem(f"{path.stem}-{count}")
    return free


def make_ids_unique(results: Iterable[plan.ImportResult]) -> None:
    """Rename stories so that no two of the documents have the same id."""
    taken: set[str] = set()
    for result in results:
        for story in result.stories:
            story.ident = names.unique(story.ident, taken)
