"""Decoding: from bytes to text, in the encodings that programs save text in."""

import re

from starbook.content import files
from starbook.importer.formats.source import UnreadableError
from starbook.problem import Report

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_HIGH = re.compile("[\x80-\U0010ffff]")
_LETTER = re.compile(r"[^\W\d_]")
# With more letters than this outside ASCII, a text is in no Western language. CP1252 would turn
# every letter of Russian or Greek into a wrong one without a sign that anything is wrong.
_MOST_HIGH_LETTERS = 0.25
# Older encodings, and letters of which any text in that language has many.
_ASIAN = (
    ("cp932", "Japanese", re.compile("[\u3041-\u3096]")),
    ("gb18030", "Chinese", re.compile("[的是我在有了不这和们]")),
    ("cp949", "Korean", re.compile("[다이는을를가에서고의]")),
)


def decode(data: bytes, path: str) -> tuple[str, list[str]]:
    """Return the text in `data` with Unix line ends, and notes. Raise `UnreadableError`."""
    text, notes = _decode(data, path)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise UnreadableError(f"{path} is no text; save it as markdown")
    return text, notes


def _decode(data: bytes, path: str) -> tuple[str, list[str]]:
    try:
        if encoding := _find_utf16(data):
            return data.decode(encoding).removeprefix("\ufeff"), ["it was UTF-16"]
        if data[:4096].count(0) > 1:
            raise UnreadableError(f"{path} is no text; save it as markdown")
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    if len(_HIGH.findall(text)) <= _MOST_HIGH_LETTERS * len(_LETTER.findall(text)) and text:
        return text, ["it was not UTF-8 and was read as Windows-1252; check its accents"]
    for encoding, language, letters in _ASIAN:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if len(letters.findall(text)) * 10 > len(_HIGH.findall(text)):
            note = f"it was not UTF-8 and was read as {language} in {encoding}; check its letters"
            return text, [note]
    report = Report(path)
    files.decode(data, report)
    raise UnreadableError(str(report.problems[0]))


def _find_utf16(data: bytes) -> str:
    """Return the name of the UTF-16 that `data` is in, or "".

    Without a mark, it shows by zeros in every second byte, as Latin letters and signs have there.
    """
    if data[:2] in _UTF16_MARKS:
        return "utf-16"
    start = data[:4096]
    if len(start) >= 8 and len(data) % 2 == 0:
        most = len(start) // 2 * 0.7
        if start[1::2].count(0) > most and not start[::2].count(0):
            return "utf-16-le"
        if start[::2].count(0) > most and not start[1::2].count(0):
            return "utf-16-be"
    return ""
