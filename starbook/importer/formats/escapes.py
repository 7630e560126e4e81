"""Escapes: signs that other programs write around plain words of markdown, taken off."""

import re

_CODE = re.compile(
    r"(^[ ]{0,3}(?:```|~~~).*?(?:^[ ]{0,3}(?:```|~~~)[ \t]*$|\Z)|`[^`\n]+`)", re.M | re.S
)
# `## Title {#title}`, and a heading that is bold as a whole.
_ANCHOR = re.compile(r"(?m)^(#{1,6}[ \t].*?)[ \t]*\{[#.][^{}\n]*\}[ \t]*$")
_BOLD_HEADING = re.compile(r"(?m)^(#{1,6}[ \t]+)\*\*([^*\n]+)\*\*[ \t]*$")
# Signs that mean themselves wherever they stand in a line with words.
_SIGN = re.compile(r"\\([-.!()+=&:;,'\"%/?@^{}]|(?<=\w\\)_(?=\w)|[#>](?<=\S..))")
_BRACKET = re.compile(r"\\\[([^\[\]\n]*?)\\?\](?![(\[:])")
_BLANK = re.compile(r"(?:\\_){3,}")


# Pictures that are text: `![][image1]` with `[image1]: <data:image/png;base64,…>`.
_DATA = re.compile(r"(?m)^[ ]{0,3}\[(?P<name>[^\]\n]+)\]:[ \t]*<?data:[^\n]*$")
_INLINE_DATA = re.compile(r"!\[[^\]\n]*\]\(<?data:[^)\n]*\)")


def drop_pictures(text: str) -> tuple[str, int]:
    """Return markdown without the pictures whose bytes it holds, and how many they are."""
    if "data:" not in text:
        return text, 0
    names = [re.escape(match["name"]) for match in _DATA.finditer(text)]
    text, inline = _INLINE_DATA.subn("", _DATA.sub("", text))
    if names:
        text = re.sub(rf"!\[[^\]\n]*\]\[(?:{'|'.join(names)})\]", "", text)
    return text, len(names) + inline


def unescape(text: str) -> str:
    r"""Return markdown without anchors behind headings and without escapes that it can spare.

    An escape stays before a sign that would mean something there: `\*`, or `\#` at the start.
    """
    if "\\" not in text and not _ANCHOR.search(text) and not _BOLD_HEADING.search(text):
        return text
    pieces = _CODE.split(text)
    pieces[::2] = map(_unescape_prose, pieces[::2])
    return "".join(pieces)


def _unescape_prose(text: str) -> str:
    text = _BOLD_HEADING.sub(r"\1\2", _ANCHOR.sub(r"\1", text))
    if "\\" not in text:
        return text
    return "\n".join(map(_unescape_line, text.split("\n")))


def _unescape_line(line: str) -> str:
    if "\\" not in line or not re.search(r"[^\W_]", line):
        return line
    line = _BLANK.sub(lambda blank: "_" * (len(blank[0]) // 2), line)
    return _SIGN.sub(r"\1", _BRACKET.sub(r"[\1]", line))
