"""The account of an import: where each line of a document went."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from starbook.importer.document import Document
from starbook.importer.lines import Line

_WORD = re.compile(r"\w+")


class Owner(msgspec.Struct, eq=False):
    """A story, question, list or guide to which lines of a document went.

    `kind` is story, question, to-ask, guide or format, `path` its file.
    """

    kind: str
    name: str = ""
    path: str = ""


class Place(msgspec.Struct, frozen=True):
    """The place to which one line of a document went.

    `kind` is story, question, to-ask, guide, comment, format (the head of a table, a fence, a name
    that stands elsewhere) or blank. `target` is the title of what holds it, `path` its file within
    the content folder, `part` the part of it, and `written` how the line stands there, if
    otherwise. `doubt` says why the place is not sure.
    """

    number: int
    text: str
    kind: str
    target: str = ""
    part: str = ""
    path: str = ""
    written: str = ""
    doubt: str = ""


FORMAT = Owner("format")


class Account:
    """Notes where the lines of a document go; the first place of a line is kept."""

    def __init__(self) -> None:
        self._places: dict[int, tuple[Owner, str]] = {}
        self._written: dict[int, str] = {}

    def put(self, lines: Iterable[Line], owner: Owner, part: str = "", written: str = "") -> None:
        """Note that `owner` holds these lines, in this part of it, and how they stand there."""
        for line in lines:
            self._places.setdefault(line.index, (owner, part))
            if written:
                self._written[line.index] = written

    def move(self, lines: Iterable[Line], owner: Owner, part: str) -> None:
        """Note that `owner` holds these lines, wherever they went before."""
        self._places |= {line.index: (owner, part) for line in lines}

    def unplaced(self, document: Document) -> list[Line]:
        """Return the lines that nothing holds; there should be none."""
        solid = (line for line in document.lines if line.role not in ("blank", "comment", "rule"))
        return [line for line in solid if line.index not in self._places]

    def places(self, document: Document, doubts: Mapping[int, str]) -> Iterator[Place]:
        """Yield the place of each line of the source."""
        derived: dict[int, list[Line]] = {}
        for line in document.lines:
            if line.role not in ("blank", "comment"):
                for number in range(line.number, line.number + line.span):
                    derived.setdefault(number, []).append(line)
        hidden = {
            number + i
            for number, comment in document.comments
            for i in range(comment.count("\n") + 1)
        }
        for number, text in enumerate(document.source, 1):
            lines = [one for one in derived.get(number, ()) if one.index in self._places]
            found = [self._places[one.index] for one in lines]
            written = " ".join(filter(None, (self._written.get(one.index) for one in lines)))
            real = [place for place in found if place[0].kind != "format"]
            if real:
                yield _make_place(number, text, real, written, doubts.get(number, ""))
            elif not text.strip():
                yield Place(number, text, "blank")
            else:
                kind = "comment" if number in hidden else "format"
                yield Place(number, text, kind, doubt=doubts.get(number, ""))


def _make_place(
    number: int, text: str, found: Sequence[tuple[Owner, str]], written: str, doubt: str
) -> Place:
    owner = found[0][0]
    if found[0][1] == "title":
        written = written or owner.name
    parts = dict.fromkeys(part for one, part in found if one is owner and part)
    return Place(
        number, text, owner.kind, owner.name, " – ".join(parts), owner.path, written, doubt
    )


def normalize_words(text: str) -> list[str]:
    """Return the words of `text` in the form in which they are compared."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
