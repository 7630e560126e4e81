"""Printed pages: what stands on each sheet of paper, and how large."""

import math
import re
import unicodedata
from pathlib import Path
from typing import NamedTuple

from pypdfium2 import PdfDocument, PdfPage, PdfTextPage, raw

MM = 25.4 / 72  # in a point


class Sheet(NamedTuple):
    """A sheet of paper: its words, its lines, and its width and height in millimetres."""

    text: str
    lines: list[str]
    size: tuple[float, float]


def read_sheets(pdf: bytes | Path) -> list[Sheet]:
    """Return the sheets of a printed document."""
    return [_read_sheet(page) for page in PdfDocument(pdf)]


def _read_sheet(page: PdfPage) -> Sheet:
    width, height = page.get_size()
    lines = _text_of(page.get_textpage()).splitlines()
    return Sheet(folded("\n".join(lines)), [*map(folded, lines)], (width * MM, height * MM))


def _text_of(page: PdfTextPage) -> str:
    """Return the text of a page, a hyphen at the end of a line as one.

    In a line with Arabic words PDFium gives the two halves of an emoji the wrong way round.
    """
    text = page.get_text_range(errors="surrogatepass").replace("\ufffe", "-")
    text = re.sub("([\udc00-\udfff])([\ud800-\udbff])", r"\2\1", text)
    return text.encode("utf-16", "surrogatepass").decode("utf-16")


def type_sizes(pdf: bytes | Path) -> set[float]:
    """Return the sizes of all signs of a printed document, in points on the paper."""
    return {size for page in PdfDocument(pdf) for size in _sizes_on(page.get_textpage())}


def _sizes_on(page: PdfTextPage) -> set[float]:
    matrix = raw.FS_MATRIX()
    sizes = set()
    for index in range(page.count_chars()):
        if not chr(raw.FPDFText_GetUnicode(page, index)).isspace():
            raw.FPDFText_GetMatrix(page, index, matrix)
            scale = math.hypot(matrix.c, matrix.d)
            sizes.add(round(raw.FPDFText_GetFontSize(page, index) * scale, 1))
    return sizes


def folded(text: str) -> str:
    """A text with its white space folded; a ligature, as some fonts have them, is two letters."""
    return " ".join(unicodedata.normalize("NFKC", text).split())
