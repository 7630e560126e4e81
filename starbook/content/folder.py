"""The content folder: which files are in it, and their bytes. Nothing else reads content."""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache, partial
from hashlib import blake2b
from pathlib import Path

import msgspec

from starbook.content import files, images
from starbook.problem import Problem, Report, printable
from starbook.text import names

SETTINGS = "handbook.yml"
FOLDERS = ("stories", "guides", "templates")
LISTS = ("categories", "principles", "questions", "to-ask", "decks", "synonyms")
YAML_ENDINGS = (".yml", ".yaml")
_TEXT_ENDINGS = (".md", *YAML_ENDINGS)


class Listing(msgspec.Struct, frozen=True):
    """The files of a content folder in their order, by the folder or list that they belong to.

    Paths count from the content folder.
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
        return self.path.rpartition("/")[2].rpartition(".")[0]


class ContentFolder:
    """Lists and reads the files below `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._sources: dict[str, Source] = {}
        self._inside: dict[str, bool] = {}

    def begin(self) -> None:
        """Forget what was read: from now on files may be others."""
        self._sources.clear()
        self._inside.clear()

    # Listing

    def listing(self) -> Listing:
        """Return the files that are content, and what is wrong with the folders."""
        if problem := self._unusable():
            return Listing(problems=(problem,))
        problems = [*self._misnamed()]
        files = {name: self._below(name, (".md",), problems) for name in FOLDERS}
        for name in LISTS:
            single = (f"{name}{ending}" for ending in YAML_ENDINGS)
            there = [path for path in single if os.path.lexists(self.path / path)]
            files[name] = (*there, *self._below(name, YAML_ENDINGS, problems))
        files["handbook"] = (SETTINGS,) if os.path.lexists(self.path / SETTINGS) else ()
        return Listing(files, tuple(problems))

    def _unusable(self) -> Problem | None:
        try:
            os.scandir(self.path).close()
        except FileNotFoundError:
            what = "does not exist"
        except NotADirectoryError:
            what = "is not a folder"
        except OSError as error:
            what = f"cannot be read ({error.strerror})"
        else:
            return None
        hint = "name the folder that holds your stories/ with --content"
        return Problem("", 0, f"the content folder {what}", hint, "no-content")

    def _misnamed(self) -> Iterator[Problem]:
        """Yield a warning for each file that is not read but has nearly the name of one that is."""
        lists = (f"{name}{ending}" for name in LISTS for ending in YAML_ENDINGS)
        ours = {*FOLDERS, *LISTS, *lists, SETTINGS}
        for path in sorted(self.path.iterdir()):
            near = names.nearest(path.name, ours)
            if path.name not in ours and not path.name.startswith((".", "README")) and near:
                report = Report(printable(path.name))
                report.warning(0, "unknown-file", "is not read", f"did you mean `{near}`?")
                yield from report.problems

    def _below(
        self, folder: str, endings: tuple[str, ...], problems: list[Problem]
    ) -> tuple[str, ...]:
        paths = (path for path in self._walk(folder, problems) if path.lower().endswith(endings))
        return tuple(sorted(paths, key=_natural_order))

    def _walk(self, folder: str, problems: list[Problem]) -> Iterator[str]:
        """Yield all that lies below a folder, but for names that begin with a dot.

        Those are what programs keep for themselves, such as what an editor threw away.
        """
        top = os.fspath(self.path / folder)
        for here, folders, filenames in os.walk(top, onerror=partial(self._report, problems)):
            inside = folder + here.removeprefix(top).replace(os.sep, "/")
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in folders:
                yield f"{inside}/{name}"
                if (self.path / inside / name).is_symlink():
                    report = Report(printable(f"{inside}/{name}"))
                    hint = "copy the folder here instead"
                    report.warning(0, "outside", "is a link to a folder, and is not followed", hint)
                    problems += report.problems
            yield from (f"{inside}/{name}" for name in filenames if not name.startswith("."))

    def _report(self, problems: list[Problem], error: OSError) -> None:
        path = Path(error.filename)
        if os.path.lexists(path):
            report = Report(printable(path.relative_to(self.path).as_posix()))
            hint = "check its permissions and, if it is a link, where it leads"
            report.error(0, "unreadable", f"cannot be read ({error.strerror})", hint)
            problems += report.problems

    # Reading

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
        if path not in self._sources:
            self._sources[path] = self._read(path)
        return self._sources[path]

    def has_file(self, path: str) -> bool:
        """Return True if there is a file, or a link to one."""
        # Not Path.is_file(), which raises where a name is too long to be one.
        return os.path.isfile(self._place(path))  # noqa: PTH113

    def _read(self, path: str) -> Source:
        report = Report(printable(path))
        with suppress(OSError, RuntimeError):
            is_link = stat.S_ISLNK(os.lstat(self._place(path)).st_mode)
            inside = self._is_inside(path) if is_link else self._is_folder_inside(path)
            if not inside:
                hint = "copy the file here instead"
                report.error(0, "outside", "is a link out of the content folder", hint)
                return Source(report.path, None, tuple(report.problems))
        is_text = path.lower().endswith(_TEXT_ENDINGS)
        most = files.MAX_BYTES if is_text else images.MAX_BYTES
        data = files.read_bytes(Path(self._place(path)), report, most)
        return Source(report.path, data, tuple(report.problems))

    def _place(self, path: str) -> str:
        return f"{self.path}{os.sep}{path}"

    def _is_inside(self, path: str) -> bool:
        """Return True if a path is in the content folder, through all links."""
        return Path(self._place(path)).resolve().is_relative_to(self.path.resolve())

    def _is_folder_inside(self, path: str) -> bool:
        folder = path.rpartition("/")[0]
        if folder not in self._inside:
            self._inside[folder] = self._is_inside(folder)
        return self._inside[folder]


@lru_cache(maxsize=2**15)  # while one serves, the same names are sorted over and over
def _natural_order(name: str) -> list[tuple[int, str]]:
    """Return a sort key by which `co-2` stands before `co-10`."""
    pieces = re.split(r"(\d+)", name.casefold())
    return [(int(piece), "") if piece.isdecimal() else (0, piece) for piece in pieces]
