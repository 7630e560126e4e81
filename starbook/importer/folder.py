"""Folders: read documents, write imported files beside what exists, and report both."""

import itertools
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from starbook import program
from starbook.build import pipeline, queries
from starbook.content import comments, files
from starbook.importer import lists, output, plan
from starbook.importer.document import parse_document
from starbook.importer.formats import reading
from starbook.importer.formats.source import Source, UnreadableError
from starbook.importer.lines import ROW
from starbook.importer.report import describe_document
from starbook.importer.result import ImportResult
from starbook.importer.stories import Known, Story
from starbook.model import Handbook, Level, Topic
from starbook.pages.formatting import count
from starbook.problem import Problem, printable
from starbook.text import names

_PICTURES = "pictures"
_MAX_STORIES = 1_000


class Imported(msgspec.Struct, frozen=True):
    """A document, and what it becomes."""

    source: Source
    result: ImportResult


class Documents(msgspec.Struct):
    """The documents of an import, why others cannot be read, and the files passed over."""

    imported: list[Imported] = []
    failures: list[str] = []
    passed: list[str] = []


class WriteResult(msgspec.Struct):
    """The files of an import by outcome, as paths within the content folder.

    `refused` are lines on documents of which nothing was written.
    """

    new: list[str] = []
    unchanged: list[str] = []
    conflicts: list[str] = []
    refused: list[str] = []


class Content:
    """The content folder that an import writes to. Looking again reads what has changed only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._database = pipeline.open_database(path)

    def read(self) -> tuple[Handbook, tuple[Problem, ...]]:
        """Return the handbook in the folder, and all that is wrong with it."""
        if not self.path.is_dir():
            return Handbook(), ()
        problems = pipeline.examine(self._database)
        return queries.private_handbook(self._database), problems

    def load_known(self) -> Known:
        """Return the names of the principles and categories in the folder, and its vocabulary."""
        if not self.path.is_dir():
            return Known()
        book = self.read()[0]
        principles, categories = (
            tuple(name for topic in topics for name in (topic.name, *topic.aliases))
            for topics in (book.principles, book.categories)
        )
        return Known(principles, pipeline.load_vocabulary(self._database), categories)


def read_documents(
    paths: Iterable[Path], known: Known, *, kind: str = "", rule: str = ""
) -> Documents:
    """Return what the documents in all files, folders and archives become.

    `kind` and `rule` are those of `plan.import_document`.
    """
    readings = reading.read_all(paths)
    documents = Documents([], readings.failures, readings.passed)
    for source in readings.sources:
        try:
            documents.imported.append(Imported(source, _import_source(source, known, kind, rule)))
        except UnreadableError as error:
            documents.failures.append(str(error))
    return documents


def _import_source(source: Source, known: Known, kind: str, rule: str) -> ImportResult:
    """Return what a document becomes. Raise `UnreadableError` if a comment is left open."""
    if unclosed := comments.hide(source.text).unclosed:
        line = source.original_line(unclosed.line + 1)
        raise UnreadableError(
            f"{source.path}:{line} opens a comment with `{unclosed.sign}` that is "
            f"never closed; close it, or write `\\{unclosed.sign}` for the sign itself"
        )
    document = parse_document(source.name, source.text, known.vocabulary)
    rows = sum(line.role == "heading" and line.level == ROW for line in document.lines)
    if rows > _MAX_STORIES:
        raise UnreadableError(
            f"{source.path} has a table of {rows:,} stories, over {_MAX_STORIES:,}; split it"
        )
    return plan.import_document(document, known, kind=kind, rule=rule)


def write_and_report(
    content: Content, documents: Sequence[Imported], *, dry_run: bool, rename: bool
) -> tuple[list[str], WriteResult]:
    """Write the files of all documents; return the lines of the report, and the outcome."""
    _give_free_ids(content, [one.result for one in documents], rename=rename)
    outcome = WriteResult()
    lines: list[str] = []
    for one in documents:
        texts = _render_new_files(content, one.result)
        _note_places(one.result, texts)
        begun = len(outcome.new)
        _write_files(content.path, texts, outcome, rename=rename, dry_run=dry_run)
        _write_pictures(content.path, one.source, texts.values(), outcome, dry_run=dry_run)
        if not dry_run:
            _withdraw_faulty(content, one.result, outcome, begun)
        lines += [*describe_document(one.source, one.result), ""]
    lines += _describe_outcome(content.path, outcome, dry_run=dry_run)
    return [printable(line) for line in lines], outcome


def _note_places(result: ImportResult, texts: Mapping[str, str]) -> None:
    """Note in the result where each line went, and which words went nowhere."""
    result.places = tuple(result.account.places(result.document, _doubts(result)))
    result.missing_words = output.find_missing_words(result.document, result, texts)


def _doubts(result: ImportResult) -> dict[int, str]:
    """Return the remarks on lines, by their numbers."""
    unplaced = result.account.unplaced(result.document)
    doubts = {line.number: "went nowhere" for line in unplaced}
    doubts |= {number: "kept, not understood" for number, _ in result.unrecognised}
    for story in result.stories:
        doubts |= dict(story.doubts)
    return doubts


def _give_free_ids(content: Content, results: Sequence[ImportResult], *, rename: bool) -> None:
    """Give each story an id that no other has, before lists are written that refer to it.

    An id is taken by another document or by a story in a file of another name; with `rename`, also
    by a file of that name with another text.
    """
    stories = content.read()[0].stories
    taken = {story.id for story in stories if story.path != output.story_path(story.id)}

    def is_free(ident: str, story: Story) -> bool:
        path = content.path / output.story_path(ident)
        return ident not in taken and not (
            rename and os.path.lexists(path) and not _has_text(path, output.render_story(story))
        )

    for story in (story for result in results for story in result.stories):
        numbered = (f"{story.ident}-{number}" for number in itertools.count(2))
        idents = itertools.chain([story.ident], numbered)
        story.ident = next(ident for ident in idents if is_free(ident, story))
        taken.add(story.ident)


def _render_new_files(content: Content, result: ImportResult) -> dict[str, str]:
    """Return the files of an import, without entries that other files of the content have."""
    book = content.read()[0]
    own = f"/{output.file_stem(result)}.yml"
    questions = [entry for entry in book.questions if not entry.path.endswith(own)]
    kinds: dict[str, tuple[Topic | Level, ...]]
    kinds = {"categories": book.categories, "principles": book.principles, "levels": book.levels}
    topics = [
        (kind, topic)
        for kind, entries in kinds.items()
        for topic in entries
        if not topic.path.endswith(own)
    ]
    wordings = {lists.question_key(entry.question): entry.question for entry in questions}
    taken = {
        (kind, names.key(name)) for kind, topic in topics for name in (topic.name, *topic.aliases)
    }
    # Notes call a level by its id, too: `L6`.
    taken |= {(kind, names.key(topic.id)) for kind, topic in topics if kind == "levels"}
    ids = {("questions", entry.id) for entry in questions}
    ids |= {(kind, topic.id) for kind, topic in topics}
    return output.render_files(result, output.Existing(wordings, taken, ids))


def _write_files(
    content: Path, texts: Mapping[str, str], outcome: WriteResult, *, rename: bool, dry_run: bool
) -> None:
    """Write texts to their paths within `content` where no file exists, and note the outcome.

    A file that exists with another text is a conflict; with `rename`, a free name is used instead.
    """
    for relative, text in texts.items():
        path = _free_path(content / relative, text) if rename else content / relative
        shown = path.relative_to(content).as_posix()
        if not os.path.lexists(path):
            outcome.new.append(shown)
            if not dry_run:
                files.create(path, text)
        elif _has_text(path, text):
            outcome.unchanged.append(shown)
        else:
            outcome.conflicts.append(shown)


def _withdraw_faulty(
    content: Content, result: ImportResult, outcome: WriteResult, begun: int
) -> None:
    """Delete the new files of a document again if one of them has an error."""
    new = outcome.new[begun:]
    shown = {os.path.relpath(content.path / path) for path in new}
    faults = [p for p in content.read()[1] if p.is_error and p.path in shown] if new else []
    if faults:
        for path in new:
            (content.path / path).unlink()
        del outcome.new[begun:]
        outcome.refused.append(f"Nothing was written of {result.name}, as it would not build:")
        outcome.refused += [f"  {problem}" for problem in faults]


def _write_pictures(
    content: Path, source: Source, texts: Iterable[str], outcome: WriteResult, *, dry_run: bool
) -> None:
    """Write the pictures that the texts show; the name of each tells its content."""
    whole = "\n".join(texts)
    for picture in (picture for picture in source.pictures if picture.name in whole):
        path = content / _PICTURES / picture.name
        shown = path.relative_to(content).as_posix()
        if os.path.lexists(path):
            outcome.unchanged.append(shown)
        else:
            outcome.new.append(shown)
            if not dry_run:
                files.create_bytes(path, picture.data)


def _has_text(path: Path, text: str) -> bool:
    try:
        return path.read_text(encoding="utf-8") == text
    except (OSError, ValueError):
        return False


def _free_path(path: Path, text: str) -> Path:
    """Return `path`, or one with a number, that does not exist or has this text."""
    numbered = (path.with_stem(f"{path.stem}-{number}") for number in itertools.count(2))
    paths = itertools.chain([path], numbered)
    return next(free for free in paths if not os.path.lexists(free) or _has_text(free, text))


def _describe_outcome(content: Path, outcome: WriteResult, *, dry_run: bool) -> Iterator[str]:
    verb = "Would write" if dry_run else "Wrote"
    exist = count(len(outcome.unchanged), "file exists", "files exist")
    if outcome.new:
        yield f"{verb} {count(len(outcome.new), 'file')} to {os.path.relpath(content)}."
    yield from outcome.refused
    if outcome.unchanged:
        yield f"{exist} already." if outcome.new else f"No changes: {exist}."
    elif not outcome.new:
        yield "No changes."
    for path in outcome.conflicts:
        yield f"{os.path.relpath(content / path)} is there already and differs; it stays as it is"
    if outcome.conflicts:
        yield "`--rename` writes those under another name."
    elif outcome.new and not dry_run:
        yield f"Look them over, then run `{program.COMMAND}`."
