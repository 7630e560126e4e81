"""Folders: read documents, write imported files beside what exists, and report both."""

import itertools
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from starbook.build.pipeline import load, load_vocabulary
from starbook.content import comments, files
from starbook.importer import plan
from starbook.importer.document import parse_document
from starbook.importer.stories import KnownPrinciples
from starbook.pages.formatting import count
from starbook.problem import Report, printable
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
    """Return the names of the principles of a content folder, and its own words."""
    if not content.is_dir():
        return KnownPrinciples()
    principles = load(content)[0].principles
    names_ = tuple(name for topic in principles for name in (topic.name, *topic.aliases))
    return KnownPrinciples(names_, load_vocabulary(content))


def read_document(path: Path, known: KnownPrinciples) -> plan.ImportResult:
    """Return what the document at `path` becomes. Raise `UnreadableError` if it holds nothing."""
    report = Report(os.path.relpath(path))
    text = _read_text(path, report)
    if unclosed := comments.hide(text).unclosed:
        raise UnreadableError(
            f"{report.path}:{unclosed.line + 1} opens a comment with `{unclosed.sign}` that is "
            f"never closed; close it, or write `\\{unclosed.sign}` for the sign itself"
        )
    result = plan.import_document(parse_document(path.stem, text, known.vocabulary), known)
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


def write_and_report(
    content: Path, results: Sequence[plan.ImportResult], *, dry_run: bool, rename: bool
) -> tuple[list[str], WriteResult]:
    """Write the files of all documents; return the lines of the report, and the outcome."""
    _give_free_ids(content, results, rename=rename)
    outcome = WriteResult()
    lines: list[str] = []
    for result in results:
        texts = _render_new_files(content, result)
        _write_files(content, texts, outcome, rename=rename, dry_run=dry_run)
        lines += [*_describe_document(result), ""]
    lines += _describe_outcome(content, outcome, dry_run=dry_run)
    return [printable(line) for line in lines], outcome


def _give_free_ids(content: Path, results: Sequence[plan.ImportResult], *, rename: bool) -> None:
    """Give each story an id that no other has, before lists are written that refer to it.

    An id is taken by another document or by a story in a file of another name; with `rename`, also
    by a file of that name with another text.
    """
    stories = load(content)[0].stories if content.is_dir() else ()
    taken = {story.id for story in stories if story.path != plan.story_path(story.id)}

    def is_free(ident: str, text: str) -> bool:
        path = content / plan.story_path(ident)
        is_ours = not rename or not os.path.lexists(path) or _has_text(path, text)
        return ident not in taken and is_ours

    for story in (story for result in results for story in result.stories):
        text = plan.render_story(story)
        numbered = (f"{story.ident}-{number}" for number in itertools.count(2))
        idents = itertools.chain([story.ident], numbered)
        story.ident = next(ident for ident in idents if is_free(ident, text))
        taken.add(story.ident)


def _render_new_files(content: Path, result: plan.ImportResult) -> dict[str, str]:
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


def _describe_document(result: plan.ImportResult) -> Iterator[str]:
    topics = [topic for audience in result.audiences for topic in audience["topics"]]
    counts = [
        count(len(result.stories), "story", "stories"),
        count(len(result.questions), "question"),
        count(sum(len(topic["questions"]) for topic in topics), "question") + " to ask",
        count(len(result.guides), "guide"),
    ]
    yield f"{result.name}: {', '.join(counts)}; {result.word_coverage * 100:.1f} % of its words"
    for story in result.stories:
        draft = ", a draft" if story.is_draft else ""
        yield f"  {story.line}: {story.title} ({', '.join(story.sections)}{draft})"
        for line, doubt in story.doubts:
            yield f"  {line}: not sure: {doubt}"
    if result.comments:
        numbers = ", ".join(map(str, sorted(result.comments)))
        verb = "stays a comment" if len(result.comments) == 1 else "stay comments"
        yield f"  {count(len(result.comments), 'comment')} {verb}: line {numbers}"
    for line, text in result.unrecognised:
        yield f"  {line}: not recognised, put into a guide: {text[:70]}"


def _describe_outcome(content: Path, outcome: WriteResult, *, dry_run: bool) -> Iterator[str]:
    verb = "Would write" if dry_run else "Wrote"
    if outcome.new:
        yield f"{verb} {count(len(outcome.new), 'file')} to {os.path.relpath(content)}."
    else:
        yield "Nothing is new."
    if outcome.unchanged:
        yield f"{count(len(outcome.unchanged), 'file')} there already."
    for path in outcome.conflicts:
        yield f"{os.path.relpath(content / path)} is there already and differs; it stays as it is"
    if outcome.conflicts:
        yield "`--rename` writes those under another name."
    elif outcome.new and not dry_run:
        yield "Look them over, then run `python3 build.py`."
