"""The review of an import as a page: each line of a document beside what it became."""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import groupby
from pathlib import Path

import msgspec
from markupsafe import Markup

from starbook.importer.account import Place
from starbook.importer.result import CLOSE
from starbook.pages.formatting import count
from starbook.render.templates import make_environment
from starbook.text.catalogue import Catalogue

MARK = '<meta name="generator" content="Starbook import review">'

_LETTERS = {"situation": "S", "task": "T", "action": "A", "result": "R"}
_TAGS = {"story": "St", "question": "Q", "to-ask": "TA", "guide": "G", "comment": "C"}
_NAMES = {
    "story": "Story",
    "question": "Questions",
    "to-ask": "Questions to ask",
    "guide": "Guide",
    "comment": "Comment, hidden",
    "": "No text",
}
_JOINING = ("comment", "blank", "format")  # they stand within whatever is around them


class Way(msgspec.Struct, frozen=True):
    """A way to read a document: its name, its points, and what it says in words."""

    name: str
    score: float
    about: str


class Document(msgspec.Struct, frozen=True):
    """A document that was imported; `command` imports it again, and an option can follow."""

    path: str
    made: str
    command: str
    places: tuple[Place, ...]
    reading: Way
    others: tuple[Way, ...] = ()
    doubts: tuple[tuple[int, str], ...] = ()
    missing_words: tuple[str, ...] = ()


class Alternative(msgspec.Struct, frozen=True):
    """Another reading of a document, and the command that takes it."""

    reading: Way
    is_close: bool
    command: str


class Doubt(msgspec.Struct, frozen=True):
    """A line that is not sure, and why; `id` is that of its row."""

    id: str
    number: int
    reason: str


class Row(msgspec.Struct, frozen=True):
    """A line: `tag` stands for its destination; `part` and `target` are empty if not new."""

    id: str
    place: Place
    tag: str
    part: str = ""
    target: str = ""
    doubts: tuple[str, ...] = ()


class Run(msgspec.Struct, frozen=True):
    """Lines one below the other that went to one story, list or guide; `id` is its first row's."""

    id: str
    name: str
    target: str
    path: str
    rows: tuple[Row, ...]


class Section(msgspec.Struct, frozen=True):
    """The part of the page on one document."""

    id: str
    document: Document
    doubts: tuple[Doubt, ...]
    alternatives: tuple[Alternative, ...]
    runs: tuple[Run, ...]

    @property
    def kinds(self) -> set[str]:
        """The kinds of place that its lines have."""
        return {place.kind for place in self.document.places}


class Review(msgspec.Struct, frozen=True):
    """The page: a section for each document, and the kinds of place to choose from."""

    sections: tuple[Section, ...]
    kinds: tuple[tuple[str, str, str], ...]
    doubts: int
    about_doubts: str


def make_review(documents: Iterable[Document]) -> Review:
    """Return the page on these documents."""
    sections = tuple(_section(f"d{i}", document) for i, document in enumerate(documents, 1))
    there = {kind for section in sections for kind in section.kinds}
    kinds = tuple((kind, tag, _NAMES[kind]) for kind, tag in _TAGS.items() if kind in there)
    doubts = sum(len(section.doubts) for section in sections)
    return Review(sections, kinds, doubts, count(doubts, "place"))


def render(review: Review, files: Mapping[str, bytes], folder: Path) -> str:
    """Return the HTML of the page, from the template and style sheet in `files` of `folder`."""
    style = files["review.css"].decode()
    digest = b64encode(sha256(style.encode()).digest()).decode()
    environment = make_environment(files, lambda name: str(folder / name), Catalogue())
    template = environment.get_template("review.html")
    return template.render(page=review, mark=Markup(MARK), style=Markup(style), digest=digest)


def reading_option(name: str) -> str:
    """Return the option of `import` that takes a reading."""
    return "--as questions" if name == "lists" else f"--split {name}"


def _section(ident: str, document: Document) -> Section:
    doubts = _reasons(document)
    listed = (
        Doubt(f"{ident}-{number}", number, reason)
        for number, reasons in sorted(doubts.items())
        for reason in reasons
    )
    alternatives = (
        Alternative(
            other,
            other.score >= document.reading.score * CLOSE,
            f"{document.command} {reading_option(other.name)}",
        )
        for other in document.others
    )
    runs = _runs(ident, document.places, doubts)
    return Section(ident, document, tuple(listed), tuple(alternatives), tuple(runs))


def _reasons(document: Document) -> dict[int, tuple[str, ...]]:
    """Return why lines are not sure, by their numbers; each reason once."""
    pairs = [*document.doubts, *((place.number, place.doubt) for place in document.places)]
    found: dict[int, tuple[str, ...]] = {}
    for number, reason in pairs:
        if reason and reason not in found.get(number, ()):
            found[number] = (*found.get(number, ()), reason)
    return found


def _runs(
    ident: str, places: Sequence[Place], doubts: Mapping[int, tuple[str, ...]]
) -> Iterator[Run]:
    """Yield the lines by destination, in their order."""
    for (kind, target, path), group in groupby(_with_destination(places), lambda pair: pair[0]):
        rows: list[Row] = []
        part = told = ""
        for place in (place for _, place in group):
            is_text = place.kind not in _JOINING
            new_target = place.target if is_text and place.target not in (told, target) else ""
            rows.append(
                Row(
                    f"{ident}-{place.number}",
                    place,
                    _tag(place),
                    place.part if is_text and place.part != part else "",
                    new_target if new_target not in (place.written or place.text) else "",
                    doubts.get(place.number, ()),
                )
            )
            if is_text:
                part, told = place.part, place.target
        yield Run(rows[0].id, _NAMES[kind], target, path, tuple(rows))


def _with_destination(
    places: Iterable[Place],
) -> Iterator[tuple[tuple[str, str, str], Place]]:
    """Yield each line with the kind, title and file under which it is shown."""
    here = ("", "", "")
    for place in places:
        if place.kind not in _JOINING:
            # A list has many questions, and they stand in one file.
            title = place.target if place.kind in ("story", "guide") else ""
            here = (place.kind, title, place.path)
        elif place.kind == "comment" and place.path not in ("", here[2]):
            here = ("comment", "", place.path)
        yield here, place


def _tag(place: Place) -> str:
    letter = _LETTERS.get(place.part.lower(), "") if place.kind == "story" else ""
    return letter or _TAGS.get(place.kind, "")
