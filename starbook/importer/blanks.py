"""Blanks: write what a person has still to fill in as `[Fill in: …]`."""

import re
from collections.abc import Sequence

from starbook.importer import marks

# `[…]` that is no link, note, task box or wiki link.
_BRACKET = re.compile(
    r"(?<![\[\]!\\])\[(?!\[|\^|[ xX]?\]|\d+\]|Fill in:|!)([^\[\]\n]{1,200})\](?![\[(:])"
)
_DOTS = re.compile(r"(?:\.\s?){3,}|…+|_{3,}|-{4,}|\?{2,}")
_ONLY_MARKS = re.compile(r"[\s*_>|:•-]*(?:\d{1,3}[.)]\s*)?[\s*_>|:•-]*")
_LINE_START = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])?\s*")
_TEMPLATE_WORD = re.compile(
    r"(?i)^\s*(?:your|the|insert|add|describe|explain|what|how|why|when|where|who|which|e\.?g|name|number"
    r"|company|role|team|date|x+|n|todo|tbd|fill|title|details?|result|metric)\b|^[?…\s.]+$|[?？]\s*$"
)
_FENCE = re.compile(r"(?ms)^[ \t]*(```|~~~)[^\n]*\n(?P<inside>.*?)^[ \t]*\1[ \t]*$\n?")
_EMPTY_LABEL = re.compile(r"(?m)^([ \t]*(?:[-*+•]|\d{1,3}[.)])?[ \t]*\*\*[^*\n]{1,40}:\*\*)[ \t]*$")
BLANK = "[Fill in: …]"


def fill_blanks(text: str) -> str:
    """Return the text of a part with its blanks as `[Fill in: …]`; a part without words is one.

    A bracket is a blank if it asks, if it speaks as a template does, or if nothing but brackets
    stands in the part; other brackets belong to the text.
    """
    text = _FENCE.sub(_open_fence, text)
    only = not re.search(r"\w", _DOTS.sub("", _BRACKET.sub("", text)))
    if only and not _BRACKET.search(text):
        return "\n\n".join([BLANK, *marks.find_all(text)])
    lines = text.split("\n")
    filled = (_fill_line(line, only=only) for line in lines)
    return "\n".join(_fill_label(line, lines[i + 1 :]) for i, line in enumerate(filled))


def _fill_label(line: str, below: Sequence[str]) -> str:
    """Return a line, with a blank if it is a label and nothing below belongs to it."""
    following = next((one for one in below if one.strip()), "")
    belongs = following[:1] in (" ", "\t") or (below and below[0].strip() and "**" not in below[0])
    return line if belongs else _EMPTY_LABEL.sub(rf"\1 {BLANK}", line)


def _open_fence(fence: re.Match[str]) -> str:
    """Return what stands in a fence, without the fence if it is all brackets."""
    inside = fence["inside"]
    return fence[0] if re.search(r"\w", _BRACKET.sub("", inside)) else inside


def _fill_line(line: str, *, only: bool) -> str:
    def fill(bracket: re.Match[str]) -> str:
        words = bracket[1].strip()
        if not only and not _TEMPLATE_WORD.search(words):
            return bracket[0]
        return f"[Fill in: {words}]" if re.search(r"\w", words) else BLANK

    line = _BRACKET.sub(fill, line)
    start = _LINE_START.match(line)
    rest = line[start.end() :] if start else line
    if start and start[0].strip() and not re.search(r"\w", rest) and _ONLY_MARKS.fullmatch(rest):
        return f"{start[0].rstrip()} {BLANK}"  # an empty item
    if rest and not re.search(r"\w", rest) and _DOTS.search(rest):
        return _DOTS.sub(BLANK, line, count=1)
    return re.sub(r"(?<=\s)_{3,}(?=[\s.,;]|$)|\[\?\]", BLANK, line)
