"""Marks: signs that stand for the comments and folds of a document while its lines become files.

A mark has no letter or digit, so that nothing takes the words of a comment for a title or a label.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from starbook.content import comments

# The last private characters of Unicode: an opening one, ten digits, and a closing one.
_OPEN, _ZERO, _CLOSE = 0x10FFF0, 0x10FFF1, 0x10FFFB
_NEWLINE = "\1"  # a line end inside a comment; a document has no other of these
_MARK = re.compile(f"{chr(_OPEN)}([{chr(_ZERO)}-{chr(_ZERO + 9)}]+){chr(_CLOSE)}")
# Around what `<details>` folds.
FOLD, FOLD_END = chr(0x10FFFC), chr(0x10FFFD)
_RESERVED = re.compile(f"[{chr(_OPEN)}-{FOLD_END}]")
_STRUCTURE = re.compile(
    r"\s*(?:[-*+•]\s|[>#|]|\d{1,3}[.)]\s|\*\*|```|~~~|[\U0010fffc\U0010fffd]|$)"
)
_UNDERLINE = re.compile(r"\s*(?:=+|-+)\s*")


def insert(text: str) -> tuple[str, list[tuple[int, str]]]:
    """Return markdown with a mark for each comment, and the comments with their lines from 0."""
    text = _RESERVED.sub(" ", text)
    pieces: list[str] = []
    found: list[tuple[int, str]] = []
    line = position = 0
    for start, end in comments.find(text):
        line += text.count("\n", position, start)
        comment = text[start:end]
        pieces += [text[position:start], make(len(found)), _NEWLINE * comment.count("\n")]
        found.append((line, comment))
        line, position = line + comment.count("\n"), end
    return "".join([*pieces, text[position:]]), found


def make(index: int) -> str:
    """Return the mark for the comment with this index."""
    digits = "".join(chr(_ZERO + int(digit)) for digit in str(index))
    return f"{chr(_OPEN)}{digits}{chr(_CLOSE)}"


def find(text: str) -> list[int]:
    """Return the indices of the comments whose marks are in `text`."""
    return [_index(digits) for digits in _MARK.findall(text)]


def find_all(text: str) -> list[str]:
    """Return the marks that are in `text`."""
    return [match[0] for match in _MARK.finditer(text)]


def restore(text: str, found: Sequence[tuple[int, str]]) -> str:
    """Return `text` with the comments in the place of their marks."""
    return _MARK.sub(lambda mark: found[_index(mark[1])][1], text)


def is_mark(text: str) -> bool:
    """Return True if a line is nothing but a mark."""
    return bool(_MARK.fullmatch(text.strip()))


def split_lines(text: str, first: int) -> Iterator[tuple[int, str]]:
    """Yield the number and text of each line, with those that a comment joins as one."""
    for line in text.split("\n"):
        yield first, line.replace(_NEWLINE, "")
        first += 1 + line.count(_NEWLINE)


def take_out(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield lines with each mark on a line of its own: above its line, or below its paragraph."""
    held: list[tuple[int, str]] = []
    above = ""
    for number, text in lines:
        parts = _STRUCTURE.match(text) and not _UNDERLINE.fullmatch(text)
        if parts and not (above.startswith("|") and text.startswith("|")):
            yield from held
            held = []
        marks = [(number, mark[0]) for mark in _MARK.finditer(text)]
        plain = re.sub(rf"(?<![ \t])[ \t]*{_MARK.pattern}(?=[ \t]|$)|{_MARK.pattern}", "", text)
        leads = bool(marks) and text.lstrip().startswith(chr(_OPEN))
        if leads and not above.startswith("|"):
            yield from marks[:1] if plain.strip() else marks
            marks = marks[1:] if plain.strip() else []
        held += marks
        if plain.strip() or not _MARK.search(text):
            above = plain.lstrip()
            yield number, plain.lstrip() if leads else plain
    yield from held


def take_out_folds(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str, int]]:
    """Yield lines without the signs of folds, each with the number of its outermost fold, or 0."""
    fold = depth = 0
    for number, text in lines:
        if text == FOLD:
            fold, depth = fold + (depth == 0), depth + 1
        elif text == FOLD_END:
            depth = max(depth - 1, 0)
        yield number, "" if text in (FOLD, FOLD_END) else text, fold if depth else 0


def _index(digits: str) -> int:
    return int("".join(str(ord(sign) - _ZERO) for sign in digits))
