"""Kinds of files: which format a file has by its first bytes and its name, and which are refused.

The text about a format that is refused says what it is and how to turn it into one that is read.
"""

import re

from starbook.content import images

_SUFFIXES = {
    "markdown": "md markdown mdown mkd mdx qmd",
    "text": "txt text",
    "html": "html htm xhtml",
    "docx": "docx",
    "table": "csv tsv",
    "json": "json",
    "yaml": "yml yaml",
    "org": "org",
    "zip": "zip",
}
_FORMATS = {f".{end}": kind for kind, ends in _SUFFIXES.items() for end in ends.split()}
KNOWN_SUFFIXES = tuple(_FORMATS)

_SAVE_DOCX = "open it in {} and save it as .docx"
_WORD = _SAVE_DOCX.format("Word, LibreOffice or Google Docs")
_SHEET = "open it and save each sheet that you want as .csv"
_NO_WORDS = "type the words that you want from it into a .md file"
_UNPACK = "unpack it, and import the folder"
_REFUSED = {
    "pdf": (
        "a PDF",
        "open it in Word or Google Docs and save it as .docx, or copy its text to .md",
    ),
    "rtf": ("RTF", _SAVE_DOCX.format("Word, LibreOffice or TextEdit")),
    "odt": ("an OpenDocument text", _SAVE_DOCX.format("LibreOffice or Google Docs")),
    "doc": ("a document of old Word", _WORD),
    "docm": ("a Word document with macros", _SAVE_DOCX.format("Word or LibreOffice")),
    "dot dotx": ("a Word template", _WORD),
    "pages": ("a Pages document", "in Pages, choose File > Export To > Word, and import the .docx"),
    "gdoc": ("a link to Google Docs", "choose File > Download > Microsoft Word there"),
    "gsheet": ("a link to Google Sheets", "choose File > Download > .csv there"),
    "xlsx xls xlsm ods numbers": ("a spreadsheet", _SHEET),
    "pptx ppt odp key": ("a presentation", "copy its words into a .md file"),
    "epub mobi azw3": ("a book", "copy what you want from it into a .md file"),
    "enex": ("an export of Evernote", "in Evernote, export as HTML and import that"),
    "one onepkg": ("a OneNote notebook", "in OneNote, export the page as .docx"),
    "adoc asciidoc asc": ("AsciiDoc", "save it as markdown, or as HTML with `asciidoctor`"),
    "rst": ("reStructuredText", "turn it into markdown: `pandoc -f rst -t gfm`"),
    "tex": ("LaTeX", "turn it into markdown: `pandoc -f latex -t gfm`"),
    "textile wiki mediawiki": ("wiki markup", "turn it into markdown: `pandoc -t gfm`"),
    "tar gz tgz bz2 xz 7z rar": ("an archive", _UNPACK),
    " ".join(end[1:] for end in images.ENDINGS): ("a picture", _NO_WORDS),
    "mp3 m4a wav ogg mp4 mov webm avi mkv": ("a recording", _NO_WORDS),
    "exe dll so dylib bin": ("a program", "name a document"),
}
_ADVICE = {f".{end}": advice for ends, advice in _REFUSED.items() for end in ends.split()}

# What files begin with, and the suffix whose format that is.
_FIRST_BYTES = (
    (rb"%PDF-", ".pdf"),
    (rb"\{\\rtf", ".rtf"),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".doc"),
    (rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP|BM....\0\0\0\0", ".png"),
    (rb"\x1f\x8b|BZh[1-9]1AY&SY|7z\xbc\xaf|Rar!\x1a|\xfd7zXZ", ".gz"),
    (rb"\x7fELF|MZ\x90", ".bin"),
    (rb"ID3[\x02-\x04]\0|OggS\0|\0\0..ftyp", ".mp4"),
)
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
# A name in an archive that tells what program wrote it.
_MEMBERS = (
    ("word/document.xml", ".docx"),
    ("xl/workbook.xml", ".xlsx"),
    ("ppt/presentation.xml", ".pptx"),
    ("META-INF/container.xml", ".epub"),
    ("Index/Document.iwa", ".pages"),
    ("Index.zip", ".pages"),
    ("content.xml", ".odt"),
)


def find_suffix(name: str) -> str:
    """Return the suffix of a file name, in lower case."""
    stem, dot, suffix = name.rpartition("/")[2].rpartition(".")
    return f".{suffix.lower()}" if dot and stem else ""


def find_kind(name: str) -> str:
    """Return the format that the name of a file promises, or "" if it promises none."""
    return _FORMATS.get(find_suffix(name), "")


def is_zip(data: bytes) -> bool:
    """Return True if a file is an archive in zip format, as a docx is too."""
    return data.startswith((_ZIP, _EMPTY_ZIP))


def find_kind_of_zip(members: list[str]) -> str:
    """Return the suffix of the format that an archive with these members has."""
    names = set(members)
    return next((suffix for member, suffix in _MEMBERS if member in names), ".zip")


def why_refused(name: str, data: bytes) -> str:
    """Return what a file is and what to do, if it has a format that is refused, or ""."""
    start = data[:16]
    suffix = find_suffix(name)
    found = (end for pattern, end in _FIRST_BYTES if re.match(pattern, start, re.DOTALL))
    by_bytes = next(found, "")
    if by_bytes == ".doc" and suffix == ".docx":
        return "is encrypted, or of old Word; open it in Word and save it without a password"
    if by_bytes and suffix in _ADVICE:  # its own name is closer: .ppt, .heic, .rar
        by_bytes = suffix
    return advise(by_bytes or suffix)


def advise(suffix: str) -> str:
    """Return what a file with this suffix is and what to do, if it is refused, or ""."""
    what, remedy = _ADVICE.get(suffix, ("", ""))
    return f"is {what}; {remedy}" if what else ""
