"""Sources: documents as markdown text, with the places in the original that each line came from."""

import re
from collections.abc import Iterable, Sequence

import msgspec

# Characters for private use that say, while a document is converted, on which line of the original
# a piece of text stood: one that opens, then ten digits. No converter changes or escapes them.
_OPEN, _ZERO = 0x10FE00, 0x10FE01
_MARK = re.compile(f"{chr(_OPEN)}([{chr(_ZERO)}-{chr(_ZERO + 9)}]+)")
_RESERVED = re.compile(f"[{chr(_OPEN)}-{chr(_ZERO + 9)}]")


class UnreadableError(Exception):
    """A document that cannot be imported; the message says why and what to do."""


class Picture(msgspec.Struct, frozen=True):
    """A picture that a document shows: the name that its text has for it, and its bytes."""

    name: str
    data: bytes


class Converted(msgspec.Struct, frozen=True):
    """The markdown text of a file, before it has a name; the fields are those of `Source`."""

    text: str
    numbers: tuple[int, ...]
    pictures: tuple[Picture, ...] = ()
    notes: tuple[str, ...] = ()


class Source(msgspec.Struct, frozen=True):
    """A document as markdown text.

    `numbers[i]` is the line of the original that line `i` of `text` came from; in a table it is
    the row, and in a docx the paragraph. `path` is shown in messages; a document in an archive has
    `notes.zip: Stories/mill.md`. `pictures` are those that the text shows as `![[name]]`. `notes`
    say what was left out or guessed, and why.
    """

    name: str
    path: str
    format: str
    text: str
    numbers: tuple[int, ...]
    pictures: tuple[Picture, ...] = ()
    notes: tuple[str, ...] = ()

    def original_line(self, number: int) -> int:
        """Return the line of the original for a line of the text, both counted from 1."""
        if not self.numbers:
            return number
        return self.numbers[min(max(number, 1), len(self.numbers)) - 1]


def from_lines(lines: Sequence[tuple[int, str]], notes: Sequence[str] = ()) -> Converted:
    """Return the text of numbered lines."""
    text = "\n".join(line for _, line in lines)
    return Converted(text, tuple(number for number, _ in lines), notes=tuple(notes))


def number_lines(text: str) -> tuple[int, ...]:
    """Return the numbers of the lines of a text that is its own original."""
    return tuple(range(1, text.count("\n") + 2))


def mark(number: int) -> str:
    """Return the mark for text that stands on this line of the original."""
    return chr(_OPEN) + "".join(chr(_ZERO + int(digit)) for digit in str(number))


def drop_marks(text: str) -> str:
    """Return `text` without marks, and without characters that could be taken for them."""
    return _RESERVED.sub("", text)


def resolve_marks(text: str) -> Iterable[tuple[int, str]]:
    """Yield the number and text of each line; a line without a mark has the number above it."""
    number = 1
    for line in text.split("\n"):
        if found := _MARK.search(line):
            number = int("".join(str(ord(sign) - _ZERO) for sign in found[1]))
        yield number, drop_marks(line)
