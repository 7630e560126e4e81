"""HTML in markdown: tables and lists of definitions, which markdown writes in its own way."""

import re
from collections.abc import Iterator

from starbook.importer.formats.chats import name_speakers
from starbook.importer.formats.escapes import drop_pictures, unescape
from starbook.importer.formats.source import Converted, from_lines, number_lines

_BLOCK = re.compile(r"^[ \t]*<(table|dl)\b.*?</\1\s*>[ \t]*$", re.I | re.M | re.DOTALL)
_FENCE = re.compile(r"^[ ]{0,3}(?:```|~~~).*?(?:^[ ]{0,3}(?:```|~~~)[ \t]*$|\Z)", re.M | re.DOTALL)

_COMMENT = re.compile("<!--|%%")  # stays where it is, so the block does, too


def read_markdown(text: str, path: str) -> Converted:
    """Return markdown in which such blocks of HTML are markdown, too, without needless escapes."""
    text, pictures = drop_pictures(text)
    text = name_speakers(unescape(text))
    fences = [match.span() for match in _FENCE.finditer(text)]
    blocks = [
        match
        for match in _BLOCK.finditer(text)
        if not any(begin <= match.start() < end for begin, end in fences)
        and not _COMMENT.search(match[0])
    ]
    notes = [f"pictures inside the text stay out: {pictures}"] if pictures else []
    if not blocks:
        return Converted(text, number_lines(text), notes=tuple(notes))
    return from_lines(list(_convert_blocks(text, blocks, path)), notes)


def _convert_blocks(text: str, blocks: list[re.Match[str]], path: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a text with their numbers, its blocks as markdown."""
    from starbook.importer.formats.html_text import read_html  # noqa: PLC0415  (slow to import)

    at, number = 0, 1
    for block in blocks:
        before = text[at : block.start()].split("\n")[:-1]
        yield from enumerate(before, number)
        number += len(before)
        converted = read_html(block[0], path)
        lines = converted.text.split("\n") if converted.text else []
        yield number, ""
        yield from (
            (number + n - 1, line) for n, line in zip(converted.numbers, lines, strict=True)
        )
        yield number, ""
        number += block[0].count("\n") + 1
        at = block.end() + 1
    yield from enumerate(text[at:].split("\n"), number)
