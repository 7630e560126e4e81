"""Plain text: keep what markdown would read as code or emphasis, unless the text is markdown."""

import re

from starbook.importer.formats.chats import join_messages, name_speakers
from starbook.importer.formats.source import Converted, from_lines

# Signs that nobody types into a plain text by chance.
_MARKDOWN = re.compile(
    r"^(?:#{1,6}[ \t]+\S|[ ]{0,3}(?:```|~~~)|\|?[ ]*:?-{3,}:?[ ]*\|[-:| \t]*$)|\*\*[^\s*]|\]\(",
    re.M,
)
_BULLET = re.compile(r"[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]")
# `__init__`, `a*b*c`, `src/*.py`: signs inside a word. `_Situation_` and `___` mean what they show.
_DUNDER = re.compile(r"(?<![\w\\])__(?=[a-z][a-z0-9_]*__(?!\w))|(?<=[a-z0-9])__(?!\w)")
_INNER_STAR = re.compile(r"(?<=[\w/.)\]])\*(?=[\w/.(\[])")
_CODE_INDENT = 4


def read_text(text: str) -> Converted:
    """Return the markdown for a plain text; one that has signs of markdown is taken for it."""
    lines = name_speakers(text).split("\n")
    if not _MARKDOWN.search(text):
        lines = [escape_signs(line) for line in _unindent([line.expandtabs(4) for line in lines])]
    return from_lines(join_messages(list(enumerate(lines, 1))))


def escape_signs(text: str) -> str:
    """Return a text with backslashes before signs inside words that markdown takes for emphasis."""
    if "__" in text:
        text = _DUNDER.sub(lambda match: r"\_" * len(match[0]), text)
    return _INNER_STAR.sub(r"\\*", text) if "*" in text else text


def _unindent(lines: list[str]) -> list[str]:
    """Return lines without an indent that would make them code; what is below an item keeps it."""
    done: list[str] = []
    shift = 0
    in_list = False
    for whole in lines:
        indent = len(whole) - len(whole.lstrip())
        if not whole.strip():
            done.append("")
            continue
        if indent < shift:
            shift = 0
        if not in_list and not shift and indent >= _CODE_INDENT:
            shift = indent
        line = whole[shift:]
        is_item = bool(_BULLET.match(line))
        below = in_list and (indent > shift or bool(done and done[-1]))
        in_list = is_item or below
        done.append(line)
    return done
