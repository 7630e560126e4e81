"""Lines: the lines of a document, each with its role."""

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from starbook.importer.labels import PartLabel

# Bullets of other programs are lists too; a dot and a tab is what is left of a number.
LIST_MARK = re.compile(
    r"(?P<indent>\s*)"
    r"(?P<mark>[-*+•·・▪▫◦‣⁃○●■□➢➤►✓✔–—]|\.(?=\t)|\d{1,3}[.)][*+-]?|[a-z][.)]|//|>>|[※★☆◆◇])(?:\s+|(?<=・))"
)
_BOX = re.compile(r"\s*\[[ xX-]\]\s+")
# The level of the title of a row: below all headings.
ROW = 7


class Line(msgspec.Struct, frozen=True):
    """A line of a document: its number, its text, and its role.

    `role` is heading, item, text, code, table, rule, blank or comment, a mark of `marks`; `indent`
    is in columns; `fold` is the number of the `<details>` or, below 0, of the row of a table that
    it is in, or 0; `index` is its place among the lines of the document; `span` is how many lines
    of the source it has.
    """

    number: int
    text: str
    role: str
    level: int = 0
    indent: int = 0
    fold: int = 0
    index: int = -1
    span: int = 1

    @property
    def words(self) -> str:
        """The text without heading or list marks, and without a box to tick."""
        if self.role == "heading":
            return self.text.strip().strip("#").strip()
        mark = LIST_MARK.match(self.text) if self.role == "item" else None
        text = self.text[mark.end() :] if mark else self.text
        box = _BOX.match(text) if mark else None
        return (text[box.end() :] if box else text).strip()


def trim_lines(lines: Sequence[Line]) -> list[Line]:
    """Return `lines` without blank lines and rules at the start and the end."""
    kept = [i for i, line in enumerate(lines) if line.role not in ("rule", "blank")]
    return list(lines[kept[0] : kept[-1] + 1]) if kept else []


def join_lines(lines: Sequence[Line]) -> str:
    """Return the text of `lines` without their common indent."""
    solid = [line for line in lines if line.text and line.role != "comment"]
    by = min((line.indent for line in solid), default=0)
    texts = (line.text if line.role == "comment" else line.text[by:] for line in lines)
    return "\n".join(texts).strip("\n")


def make_paragraphs(number: int, texts: Iterable[str], fold: int = 0) -> Iterator[Line]:
    """Yield texts as paragraphs of one line."""
    for text in texts:
        yield Line(number, text, "text", fold=fold)
        yield Line(number, "", "blank", fold=fold)


def count_kinds(labels: Iterable[PartLabel | None]) -> int:
    """Return how many parts the labels name."""
    return len({kind for label in labels if label for kind in label.kinds})
