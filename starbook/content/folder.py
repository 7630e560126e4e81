"""The content folder: which files are in it, and their bytes. Nothing else reads content."""

import errno
import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

import msgspec

from starbook import site_folders, urls
from starbook.content import copies, files, images
from starbook.problem import Problem, Report, Severity, printable
from starbook.text import names

SETTINGS = "handbook.yml"
FOLDERS = ("stories", "guides", "templates", "answers")
PRACTICE = "practice"
LAYOUTS = "layouts"  # read by the renderer
LISTS = (
    "categories", "principles", "questions", "to-ask", "decks", "levels", "synonyms",
    "interviews", "log",
)  # fmt: skip
LABELS = "labels"  # which is one mapping, where the others are lists
YAML_ENDINGS = (".yml", ".yaml")
_TEXT_ENDINGS = (".md", *YAML_ENDINGS)


class Listing(msgspec.Struct, frozen=True):
    """The files of a content folder in their order, by the folder or list that they belong to.

    Paths count from the content folder, and are in one Unicode form; see `names.composed`.
    """

    files: dict[str, tuple[str, ...]] = {}
    problems: tuple[Problem, ...] = ()


class Source(msgspec.Struct, frozen=True):
    """A file as it was read: its path as it is shown, and its bytes, or None and why not."""

    path: str
    data: bytes | None
    problems: tuple[Problem, ...] = ()

    @property
    def stem(self) -> str:
        """The file name without its ending."""
        return names.stem(self.path)


class ContentFolder:
    """Lists and reads the files below `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._sources: dict[str, Source] = {}
        # The status of each file just before it was read; None for one that was not there.
        self.statuses: dict[str, os.stat_result | None] = {}
        self._inside: dict[str, bool] = {}
        self._entries: dict[str, dict[str, str]] = {}

    def begin(self) -> None:
        """Forget what was read: from now on files may be others."""
        self._sources.clear()
        self.statuses.clear()
        self._inside.clear()
        self._entries.clear()

    def listing(self) -> Listing:
        """Return the files that are content, and what is wrong with the folders."""
        try:
            sites = site_folders.find(os.fspath(self.path))
            entries = sorted(path for path in self.path.iterdir() if path.name not in sites)
        except OSError as error:
            reasons = {FileNotFoundError: "does not exist", NotADirectoryError: "is not a folder"}
            why = "its links lead in a circle" if error.errno == errno.ELOOP else error.strerror
            what = reasons.get(type(error), f"cannot be read ({why})")
            hint = "name the folder that holds your stories/ with --content"
            problem = Problem("", 0, f"the content folder {what}", hint, "no-content")
            return Listing(problems=(problem,))
        problems = [*_find_misnamed(entries)]
        files = {name: self._below(name, (".md",), problems) for name in FOLDERS}
        for name in (*LISTS, LABELS):
            single = (f"{name}{ending}" for ending in YAML_ENDINGS)
            there = [path for path in single if os.path.lexists(self.path / path)]
            files[name] = (*there, *self._below(name, YAML_ENDINGS, problems))
        files[PRACTICE] = self._below(PRACTICE, (".json",), problems)
        files["handbook"] = (SETTINGS,) if os.path.lexists(self.path / SETTINGS) else ()
        return Listing(files, tuple(problems))

    def picture_paths(self) -> tuple[str, ...]:
        """Return the files in all folders that are pictures by their names."""
        return self._below("", images.ENDINGS, [])

    def count_files(self) -> int:
        """Return the number of files in all folders, whether they are content or not."""
        sites = site_folders.find(os.fspath(self.path))
        total = 0
        for here, folders, filenames in os.walk(self.path):
            if here == os.fspath(self.path):
                folders[:] = [name for name in folders if name not in sites]
            total += len(filenames)
        return total

    def _below(
        self, folder: str, endings: tuple[str, ...], problems: list[Problem]
    ) -> tuple[str, ...]:
        """Return what lies below a folder and ends so, but for names that begin with a dot.

        Those are what programs keep for themselves, such as what an editor threw away.
        """
        paths: list[str] = []
        errors: list[OSError] = []
        top = os.fspath(self.path / folder)
        if folder and self._leads_to_itself(top):
            message = "is a link to a folder that contains it, and is not followed"
            problems.append(Problem(folder, 0, message, "delete the link", "outside"))
            return ()
        for here, folders, filenames in os.walk(top, onerror=errors.append):
            inside = folder + here.removeprefix(top).replace(os.sep, "/")
            skipped = () if inside else site_folders.find(here)
            folders[:] = [name for name in folders if name[0] != "." and name not in skipped]
            inside = f"{inside}/".removeprefix("/")
            for path in (f"{inside}{name}" for name in folders):
                if (self.path / path).is_symlink():
                    message = "is a link to a folder, and is not followed"
                    hint = "copy the folder here instead"
                    around = os.path.realpath(self.path / path)
                    if Path(os.path.realpath(here)).is_relative_to(around):
                        message = "is a link to a folder that it lies in, and is not followed"
                        hint = "delete the link"
                    shown = printable(path)
                    problems.append(Problem(shown, 0, message, hint, "outside", Severity.WARNING))
            visible = (*folders, *(name for name in filenames if not name.startswith(".")))
            problems += (*_find_equal_names(inside, visible), *copies.find_backups(inside, visible))
            paths += [f"{inside}{name}" for name in visible if name.lower().endswith(endings)]
        for error in errors:
            place = Path(error.filename)
            if os.path.lexists(place):
                report = Report(printable(place.relative_to(self.path).as_posix()))
                files.report_unreadable(error, report)
                problems += report.problems
        return tuple(sorted(set(map(names.composed, paths)), key=_natural_order))

    def _leads_to_itself(self, folder: str) -> bool:
        """Return True if a folder is a link to the content folder or to one around it."""
        with suppress(OSError, RuntimeError):
            return self.path.resolve().is_relative_to(Path(folder).resolve())
        return False

    def fingerprint(self, path: str) -> bytes:
        """Return what tells the content of a file from any other, also of one that is not there."""
        if "\0" in path:  # no file has such a name
            return b""
        source = self.source(path)
        data = msgspec.msgpack.encode(source.problems) if source.data is None else source.data
        person = b"" if source.data is None else b"file"
        return blake2b(data, digest_size=16, person=person).digest()

    def source(self, path: str) -> Source:
        """Return a file, read once between two calls of `begin`."""
        if path in self._sources:
            return self._sources[path]
        report = Report(printable(path))
        data, inside = None, True
        self.statuses[path] = None
        with suppress(OSError, RuntimeError):
            status = self.statuses[path] = os.lstat(self._place(path))
            is_link = stat.S_ISLNK(status.st_mode)
            inside = self._is_inside(path) if is_link else self._is_folder_inside(path)
        if inside:
            is_text = path.lower().endswith(_TEXT_ENDINGS)
            most = files.MAX_BYTES if is_text else images.MAX_BYTES
            data = files.read_bytes(Path(self._place(path)), report, most)
        else:
            hint = "copy the file here instead"
            report.error(0, "outside", "is a link out of the content folder", hint)
        self._sources[path] = Source(report.path, data, tuple(report.problems))
        return self._sources[path]

    def text(self, path: str) -> str:
        """Return the text of a file, to name a line in it; "" if it cannot be read."""
        data = self.source(path).data
        return files.decode(data, Report(path)) or "" if data else ""

    def read_paths(self) -> Iterator[str]:
        """Yield the path of each file that was read, and where it lies if links lead there."""
        real = {"": os.path.realpath(self.path)}
        for path, status in self.statuses.items():
            yield path
            folder, _, name = path.rpartition("/")
            if folder not in real:
                real[folder] = os.path.realpath(self._place(folder))
            target = f"{real[folder]}{os.sep}{name}"
            if status and stat.S_ISLNK(status.st_mode):
                target = os.path.realpath(target)
            inside = target.removeprefix(f"{real['']}{os.sep}").replace(os.sep, "/")
            if inside not in (path, target):
                yield inside

    def has_file(self, path: str) -> bool:
        """Return True if there is a file, or a link to one."""
        # Not Path.is_file(), which raises where a name is too long to be one.
        return os.path.isfile(self._place(path))  # noqa: PTH113

    def written(self, path: str) -> str:
        """Return a path with its names as the file system has them, in whatever Unicode form."""
        if path.isascii() or os.path.lexists(f"{self.path}{os.sep}{path}"):
            return path
        place = ""
        for name in path.split("/"):
            place += f"{'/' if place else ''}{self._names_in(place).get(name, name)}"
        return place

    def _names_in(self, folder: str) -> dict[str, str]:
        """Return the names in a folder that are not composed, by their composed form."""
        if folder not in self._entries:
            self._entries[folder] = {}
            with suppress(OSError, ValueError):
                for name in os.listdir(f"{self.path}{os.sep}{folder}"):  # noqa: PTH208
                    if names.composed(name) != name:
                        self._entries[folder][names.composed(name)] = name
        return self._entries[folder]

    def _place(self, path: str) -> str:
        return f"{self.path}{os.sep}{self.written(path)}"

    def _is_inside(self, path: str) -> bool:
        """Return True if a path is in the content folder, through all links."""
        return Path(self._place(path)).resolve().is_relative_to(self.path.resolve())

    def _is_folder_inside(self, path: str) -> bool:
        folder = path.rpartition("/")[0]
        if folder not in self._inside:
            self._inside[folder] = self._is_inside(folder)
        return self._inside[folder]


def _find_misnamed(paths: Iterable[Path]) -> Iterator[Problem]:
    """Yield a warning for each file that is not read but has nearly the name of one that is."""
    lists = (f"{name}{ending}" for name in (*LISTS, LABELS) for ending in YAML_ENDINGS)
    ours = {*FOLDERS, *LISTS, LABELS, *lists, SETTINGS, PRACTICE, LAYOUTS}
    for path in paths:
        if path.name in ours or path.name == urls.BUNDLE or path.name.startswith((".", "README")):
            continue
        shown = printable(path.name)
        if original := copies.original_in(path.name, ours):
            message, hint = (
                f"is a copy of `{original}`, and is not read",
                "delete it, or merge them",
            )
            yield Problem(shown, 0, message, hint, "copy", Severity.WARNING)
        elif near := names.nearest(path.name, ours):
            hint = f"did you mean `{near}`?"
            yield Problem(shown, 0, "is not read", hint, "unknown-file", Severity.WARNING)


def _find_equal_names(folder: str, filenames: Iterable[str]) -> Iterator[Problem]:
    """Yield an error for each name that another one equals but for its Unicode form."""
    first: dict[str, str] = {}
    for name in sorted(filenames):
        if first.setdefault(names.composed(name), name) != name:
            message = "has the same name as another file, with its accents stored in another way"
            hint = "give one of them another name, or delete it"
            yield Problem(printable(f"{folder}/{name}"), 0, message, hint, "same-name")


@lru_cache(maxsize=2**15)  # while one serves, the same names are sorted over and over
def _natural_order(name: str) -> tuple[list[tuple[int, str]], str]:
    """Return a sort key by which `co-2` stands before `co-10`; no two names have the same."""
    pieces = re.split(r"(\d+)", name.casefold())
    key = [(int(piece), "") if piece.isdecimal() else (0, piece) for piece in pieces]
    return key, name
