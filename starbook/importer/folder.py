"""The edges of an import: documents in, new files out, and never a file touched that is there."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from starbook.build.pipeline import load
from starbook.content import files
from starbook.importer import plan
from starbook.importer.document import document
from starbook.importer.stories import Known
from starbook.problem import Report
from starbook.text import names

MAX_BYTES = 5_000_000
_ASCIIDOC = (".adoc", ".asciidoc")


class UnreadableError(Exception):
    """A document of which nothing can be made; the message says why and what to do."""


class Written(msgspec.Struct):
    """What became of the files of an import, by their paths within the content folder."""

    new: list[str]
    same: list[str]
    clashes: list[str]


def known(content: Path) -> Known:
    """The names that a content folder has already."""
    if not content.is_dir():
        return Known()
    book = load(content)[0]
    topics = (
        [(t.name, *t.aliases) for t in book.principles],
        [(t.name, *t.aliases) for t in book.categories],
    )
    principles, categories = (tuple(name for said in kind for name in said) for kind in topics)
    return Known(principles, categories)


def read(path: Path, names_known: Known) -> plan.Imported:
    """What a document becomes. Raises `UnreadableError`."""
    report = Report(os.path.relpath(path))
    if path.suffix.lower() in _ASCIIDOC:
        raise UnreadableError(f"{report.path} is AsciiDoc; save it as markdown")
    data = files.read_bytes(path, report, MAX_BYTES)
    if data is not None and data[:4096].count(0) > 1 and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise UnreadableError(f"{report.path} is no text; save it as markdown")
    text = files.decode(data, report) if data is not None else None
    if text is None:
        raise UnreadableError(str(report.problems[0]))
    if not text.strip():
        raise UnreadableError(f"{report.path} is empty; name a document with stories or questions")
    if text.startswith("= ") and "\n== " in text:
        raise UnreadableError(f"{report.path} is AsciiDoc; save it as markdown")
    made = plan.imported(document(path.stem, text), names_known)
    if not (made.stories or made.questions or made.audiences):
        hint = (
            "its parts need names, such as **Situation:**, or its questions a heading that says so"
        )
        raise UnreadableError(
            f"{report.path} has no story and no question that can be told apart; {hint}"
        )
    return made


def fresh(content: Path, made: plan.Imported) -> dict[str, str]:
    """The files of an import, without entries that other files of the content have."""
    return plan.files(made, _elsewhere(content, names.slug(made.name) or "imported"))


def _elsewhere(content: Path, stem: str) -> dict[str, set[str]]:
    """The names that the lists of a content folder have, but for the files of this import."""
    if not content.is_dir():
        return {}
    book = load(content)[0]
    own = f"/{stem}.yml"
    kinds = (
        ("questions", ((q.path, q.question) for q in book.questions)),
        ("categories", ((t.path, name) for t in book.categories for name in (t.name, *t.aliases))),
        ("principles", ((t.path, name) for t in book.principles for name in (t.name, *t.aliases))),
    )
    return {
        kind: {names.key(name) for path, name in said if not path.endswith(own)}
        for kind, said in kinds
    }


def write(content: Path, files: Mapping[str, str], *, rename: bool, dry: bool) -> Written:
    """Write what is not there yet. What is there and differs stays as it is, and is a clash."""
    done = Written([], [], [])
    for path, text in files.items():
        there = content / path
        if rename:
            there = _free(there, text)
        shown = there.relative_to(content).as_posix()
        if not os.path.lexists(there):
            done.new.append(shown)
            if not dry:
                there.parent.mkdir(parents=True, exist_ok=True)
                with there.open("x", encoding="utf-8", newline="\n") as file:
                    file.write(text)
        elif _holds(there, text):
            done.same.append(shown)
        else:
            done.clashes.append(shown)
    return done


def _holds(path: Path, text: str) -> bool:
    try:
        return path.read_text(encoding="utf-8") == text
    except (OSError, ValueError):
        return False


def _free(path: Path, text: str) -> Path:
    count, free = 1, path
    while os.path.lexists(free) and not _holds(free, text):
        count += 1
        free = path.with_stem(f"{path.stem}-{count}")
    return free


def apart(made: Iterable[plan.Imported]) -> None:
    """Documents that are imported together: no two stories of one name."""
    taken: set[str] = set()
    for one in made:
        for told in one.stories:
            wanted = names.unique(told.ident, taken)
            if wanted != told.ident:
                _renamed(one, told.ident, wanted)


def _renamed(one: plan.Imported, before: str, ident: str) -> None:
    for told in one.stories:
        told.ident = ident if told.ident == before else told.ident
    for asked in one.questions:
        asked.stories = [_choice(choice, before, ident) for choice in asked.stories]


def _choice(choice: object, before: str, ident: str) -> object:
    if isinstance(choice, dict):
        return choice | {"story": ident} if choice.get("story") == before else choice
    return ident if choice == before else choice
