"""The door of the importer: from paths of files and folders to documents of markdown text.

One document that cannot be read stops no other. Archives and folders are read in the same way.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from starbook.content import files, images
from starbook.importer.formats import kinds, markdown_html, notion, org, plain_text, records, tables
from starbook.importer.formats.archives import Archive
from starbook.importer.formats.decoding import decode
from starbook.importer.formats.pictures import Finder, Gallery, look_beside
from starbook.importer.formats.source import (
    Converted,
    Source,
    UnreadableError,
)
from starbook.problem import Report
from starbook.text.names import stem

MAX_BYTES = 5_000_000
MAX_TEXT = 600_000  # characters of prose, which take some five seconds
MAX_ARCHIVE = 50_000_000
MAX_FILES = 2_000
_MAX_LISTED = 20_000  # files beside a document, of which one may be the picture that it names
_PAGE = re.compile(r"\s{0,100}(?:<!doctype html|<html[\s>])", re.IGNORECASE)
_WITH_PICTURES = frozenset({"markdown", "text", "html", "org"})
_TABLES = frozenset({"table", "json", "yaml"})


class Readings(msgspec.Struct):
    """The documents at several paths, why others cannot be read, and the files passed over."""

    sources: list[Source] = []
    failures: list[str] = []
    passed: list[str] = []


def read_all(paths: Iterable[Path]) -> Readings:
    """Return the documents in all files, folders and archives."""
    readings = Readings()
    for path in paths:
        try:
            _read_path(path, readings)
        except UnreadableError as error:
            readings.failures.append(str(error))
    return readings


def _read_path(path: Path, readings: Readings) -> None:
    shown = os.path.relpath(path)
    if path.is_dir() and path.suffix.lower() not in (".pages", ".key", ".numbers"):
        shelf = _FolderShelf(path)
        names = shelf.list_files()
        if len(names) > MAX_FILES:
            raise UnreadableError(
                f"{shown} has over {MAX_FILES:,} files; name the folder that has your documents"
            )
        sizes = {name: _size(path / name) for name in names}
        _read_entries(_Entries(shown, "/", sizes, shelf.read_document, shelf), readings)
        return
    if advice := kinds.advise(kinds.find_suffix(path.name)):
        raise UnreadableError(f"{shown} {advice}")
    data = _read_bytes(path)
    if kinds.is_zip(data) and kinds.find_kind(path.name) != "docx":
        archive = Archive(data, shown)
        if kinds.find_kind_of_zip(archive.names) == ".zip":
            _read_archive(archive, readings, depth=1)
            return
    finder = look_beside(_FolderShelf(path.parent), "")
    readings.sources.append(_convert(path.name, shown, data, finder))


def _read_bytes(path: Path) -> bytes:
    """Return the content of a document. Raise `UnreadableError`."""
    report = Report(os.path.relpath(path))
    is_packed = kinds.find_kind(path.name) in ("zip", "docx")
    data = files.read_bytes(path, report, MAX_ARCHIVE if is_packed else MAX_BYTES)
    if data is None:
        raise UnreadableError(str(report.problems[0]))
    return data


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


# --- One document ---------------------------------------------------------------------------------


def _convert(name: str, shown: str, data: bytes, finder: Finder) -> Source:
    """Return the document in `data`. Raise `UnreadableError`."""
    title = notion.drop_ids(stem(name)) or name
    if reason := kinds.why_refused(name, data):
        raise UnreadableError(f"{shown} {reason}")
    kind = kinds.find_kind(name)
    gallery = Gallery(finder)
    if kinds.is_zip(data):
        converted, kind = _convert_docx(data, shown, gallery), "docx"
    elif kind == "docx":
        raise UnreadableError(f"{shown} is no Word document; open it in Word and save it again")
    else:
        text, notes = _read_text(data, shown)
        if kind in ("", "markdown", "text") and _PAGE.match(text):
            kind = "html"
        kind = kind or "markdown"
        converted = _convert_text(kind, text, name, shown)
        converted = msgspec.structs.replace(converted, notes=(*notes, *converted.notes))
    text = converted.text
    if kind in _WITH_PICTURES:
        text = gallery.collect(text)
    if not text.strip():
        raise UnreadableError(f"{shown} is empty; name a document with stories or questions")
    if kind not in _TABLES and len(text) > MAX_TEXT:
        size = f"{len(text):,} characters of text, over {MAX_TEXT:,}"
        raise UnreadableError(f"{shown} has {size}; split it")
    pictures = tuple(gallery.pictures.values())
    told = (*converted.notes, *gallery.notes)
    return Source(title, shown, kind, notion.drop_ids(text), converted.numbers, pictures, told)


def _read_text(data: bytes, shown: str) -> tuple[str, list[str]]:
    if len(data) > MAX_BYTES:
        raise UnreadableError(f"{shown} is {len(data):,} bytes, over {MAX_BYTES:,}; split it")
    text, notes = decode(data, shown)
    if not text.strip():
        raise UnreadableError(f"{shown} is empty; name a document with stories or questions")
    if text.startswith("= ") and "\n== " in text:
        raise UnreadableError(f"{shown} {kinds.advise('.adoc')}")
    return text, notes


def _convert_text(kind: str, text: str, name: str, shown: str) -> Converted:
    if kind == "html":
        from starbook.importer.formats.html_text import read_html  # noqa: PLC0415  (slow to import)

        return read_html(text, shown)
    if kind == "table":
        is_tabbed = kinds.find_suffix(name) == ".tsv"
        return tables.read_csv(text, shown, delimiter="\t" if is_tabbed else "")
    if kind in ("json", "yaml"):
        return (records.read_json if kind == "json" else records.read_yaml)(text, shown)
    if kind in ("org", "text"):
        return org.read_org(text, shown) if kind == "org" else plain_text.read_text(text)
    return markdown_html.read_markdown(text, shown)


def _convert_docx(data: bytes, shown: str, gallery: Gallery) -> Converted:
    archive = Archive(data, shown)
    suffix = kinds.find_kind_of_zip(archive.names)
    if advice := kinds.advise(suffix):
        raise UnreadableError(f"{shown} {advice}")
    if suffix != ".docx":
        raise UnreadableError(f"{shown} is no Word document; open it in Word and save it again")
    from starbook.importer.formats.docx import read_docx  # noqa: PLC0415  (slow to import)

    return read_docx(archive, gallery)


# --- Many documents -------------------------------------------------------------------------------


class _Entries(msgspec.Struct, frozen=True):
    """The files of a folder or an archive: how to show, read and find them.

    `read` raises `UnreadableError`.
    """

    root: str
    separator: str
    sizes: Mapping[str, int]
    read: Callable[[str], bytes]
    shelf: "_FolderShelf | _ArchiveShelf"

    def show(self, name: str) -> str:
        """Return the path of a file as it is shown in messages."""
        return f"{self.root}{self.separator}{notion.drop_ids(name)}"


def _read_entries(entries: _Entries, readings: Readings, depth: int = 2) -> None:
    """Add all documents of a folder or an archive. Raise `UnreadableError` if it has none."""
    before = len(readings.sources) + len(readings.failures)
    names = [name for name in sorted(entries.sizes) if not _is_hidden(name)]
    databases = notion.find_databases(names, entries.sizes)
    pages = {page for found in databases.values() for page in found}
    duplicates = notion.find_duplicates(names, entries.sizes)
    for name in names:
        if name in pages or name in duplicates:
            continue
        try:
            if name in databases:
                _read_database(entries, name, databases[name], readings)
            elif kinds.find_suffix(name) == ".zip":
                _read_inner_archive(entries, name, readings, depth)
            elif kinds.find_kind(name):
                readings.sources.append(_read_entry(entries, name))
            elif kinds.find_suffix(name) not in images.ENDINGS:
                advice = kinds.advise(kinds.find_suffix(name)) or "has a format that is not read"
                readings.passed.append(f"{entries.show(name)} {advice}")
        except UnreadableError as error:
            readings.failures.append(str(error))
    if len(readings.sources) + len(readings.failures) == before:
        endings = ", ".join(kinds.KNOWN_SUFFIXES)
        raise UnreadableError(f"{entries.root} has no document that is read: {endings}")


def _read_entry(entries: _Entries, name: str) -> Source:
    finder = look_beside(entries.shelf, name.rpartition("/")[0])
    return _convert(name, entries.show(name), entries.read(name), finder)


def _read_database(entries: _Entries, table: str, pages: Sequence[str], readings: Readings) -> None:
    """Add the pages of a database with their properties, and the rows that have no page."""
    found: list[Source] = []
    for page in pages:
        try:
            found.append(_read_entry(entries, page))
        except UnreadableError as error:
            readings.failures.append(str(error))
    shown = entries.show(table)
    text, notes = _read_text(entries.read(table), shown)
    rows, joined = notion.join_database(tables.read_rows(text, shown), found)
    if lines := tables.to_lines(rows):
        title = notion.drop_ids(stem(table)).removesuffix("_all")
        numbers = tuple(number for number, _ in lines)
        text = notion.drop_ids("\n".join(line for _, line in lines))
        readings.sources.append(Source(title, shown, "table", text, numbers, (), tuple(notes)))
    readings.sources += joined


def _read_archive(archive: Archive, readings: Readings, depth: int) -> None:
    shelf = _ArchiveShelf(archive)
    sizes = {name: entry.file_size for name, entry in archive.entries.items()}
    _read_entries(_Entries(archive.path, ": ", sizes, archive.read, shelf), readings, depth)


def _read_inner_archive(entries: _Entries, name: str, readings: Readings, depth: int) -> None:
    """Read an archive in an archive, as Notion makes them; what is deeper is refused."""
    shown = entries.show(name)
    if depth < 1:
        raise UnreadableError(f"{shown} is an archive in an archive in an archive; unpack it")
    archive = Archive(entries.read(name), shown)
    _read_archive(archive, readings, depth - 1)


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX", "~$")) for part in name.split("/"))


# --- Files beside a document ----------------------------------------------------------------------


class _FolderShelf:
    """The files in a folder and below, without links, which may lead elsewhere."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.listed: list[str] | None = None

    def list_files(self) -> list[str]:
        """Return the paths of all files that are not hidden."""
        if self.listed is None:
            self.listed = list(self._walk())
        return self.listed

    def _walk(self) -> Iterator[str]:
        count = 0
        for folder, folders, names in os.walk(self.root):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            base = Path(folder)
            if (count := count + len(names)) > _MAX_LISTED:
                return
            for name in sorted(names):
                path = base / name
                if not name.startswith(".") and not path.is_symlink():
                    yield path.relative_to(self.root).as_posix()

    def read_document(self, name: str) -> bytes:
        """Return the content of a document. Raise `UnreadableError`."""
        return _read_bytes(self.root / name)

    def read(self, name: str) -> bytes | str:
        """Return the content of a picture, or why it has none."""
        path = self.root / name
        steps = [path, *path.parents]
        inside = steps[: steps.index(self.root)] if self.root in steps else []
        if any(step.is_symlink() for step in inside):
            return "is a symbolic link, which is not followed"
        if not inside or not os.path.lexists(path):
            return "is not beside the document or in a folder below, and stays out"
        report = Report(name)
        data = files.read_bytes(path, report, images.MAX_BYTES)
        return data if data is not None else f"{report.problems[0].message}, and stays out"

    def search(self, name: str) -> str:
        """Return the path of the file with this name in the fewest folders, or ""."""
        return _find_nearest(self.list_files(), name)


class _ArchiveShelf:
    """The files in an archive."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def read(self, name: str) -> bytes | str:
        """Return the content of a picture, or why it has none."""
        entry = self.archive.entries.get(name)
        if entry is None:
            return "is not in the archive, and stays out"
        if entry.file_size > images.MAX_BYTES:
            return f"is over {images.MAX_BYTES:,} bytes, and stays out"
        try:
            return self.archive.read(name)
        except UnreadableError:
            return "is damaged, and stays out"

    def search(self, name: str) -> str:
        """Return the path of the file with this name in the fewest folders, or ""."""
        return _find_nearest(self.archive.names, name)


def _find_nearest(names: Iterable[str], name: str) -> str:
    key = name.casefold()
    same = (path for path in names if path.rpartition("/")[2].casefold() == key)
    return min(same, key=lambda path: (path.count("/"), path), default="")
