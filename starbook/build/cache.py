"""The cache: private files that save a later build work, where the system keeps caches.

Each handbook has a folder in it, named after its content folder: records of builds (fast_path.py)
and stores of results. Nothing is written into folders of the person's. Private stories stand in
these files, so all of it is for its owner alone: a file or folder that is a link, belongs to
somebody else or can be changed by others counts as missing. A cache that cannot be written stops no
build, and any file of it may be deleted at any time.

The fast path runs this before any package exists, so it imports next to nothing.
"""

import io
import os
import stat
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

_EXPIRY = 30 * 24 * 3600  # seconds for which an unused file is kept
_LIMIT = 200 * 10**6  # bytes of all handbooks together
_NAME_LENGTH = 60
# The endings of our files; SQLite names the ones that it needs for a while after the store.
_RECORD, _STORE, _TEMPLATE, _UNFINISHED = "built", "sqlite", "template", "new"
_ENDINGS = (_RECORD, _STORE, f"{_STORE}-journal", f"{_STORE}-wal", f"{_STORE}-shm", _TEMPLATE)

# How Jinja is to name a compiled template, by a hash.
TEMPLATE_NAME = f"%s.{_TEMPLATE}"

# Where it is


def root() -> str:
    """Return the folder of all caches of Starbook; "" where the system names no place for it."""
    if named := os.environ.get("STARBOOK_CACHE"):
        return os.path.abspath(named)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME", "")
        if not os.path.isabs(base):  # the specification says to ignore such a value
            base = os.path.expanduser("~/.cache")
    return os.path.join(base, "starbook") if os.path.isabs(base) else ""


def handbook_folder(content: str) -> str:
    """Return the cache folder of the handbook in the folder `content`."""
    path = os.path.realpath(content)
    words = "-".join(path.split(os.sep)[-2:])
    readable = "".join(c if c.isascii() and c.isalnum() else "-" for c in words)[-_NAME_LENGTH:]
    return os.path.join(root(), f"{readable.strip('-') or 'handbook'}-{_hash(path)}")


def record_path(content: str, key: bytes) -> str:
    """Return the path for the record of the build that `key` identifies."""
    return os.path.join(handbook_folder(content), f"{zlib.crc32(key):08x}.{_RECORD}")


def store_path(content: str, out: str, edition: str) -> str:
    """Return the path for the results of building an edition of a handbook into `out`."""
    name = _hash(f"{os.path.realpath(out)}\t{edition}")
    return os.path.join(handbook_folder(content), f"{name}.{_STORE}")


def template_folder() -> str | None:
    """Return the folder for compiled templates, shared by all handbooks; None if there is none."""
    try:
        make_private_folder(root())
    except OSError:
        return None
    return root()


def _hash(text: str) -> str:
    # hashlib takes longer to import than the fast path takes in all.
    return f"{zlib.crc32(os.fsencode(text)):08x}"


# Private files


def read_private(path: str) -> bytes | None:
    """Return the content of a file in the cache; None where there is no private one."""
    file = open_private(path)
    if file is None:
        return None
    with file:
        try:
            return file.read()
        except OSError:
            return None


def open_private(path: str) -> io.BufferedReader | None:
    """Open a file in the cache for reading; None where there is no private one."""
    if not _is_private_folder(os.path.dirname(path)):
        return None
    try:
        file = open(path, "rb", opener=_open_no_link)  # noqa: SIM115
    except OSError:
        return None
    status = os.fstat(file.fileno())
    if stat.S_ISREG(status.st_mode) and _is_ours_alone(status, 0o077):
        return file
    file.close()
    return None


def write_atomically(path: str, data: bytes) -> None:
    """Replace the file at `path` so that a reader sees the old content or the new, never a part.

    Raises OSError, and then leaves the old file.
    """
    file = create_private(path)
    try:
        file.write(data)
        file.close()
        os.replace(file.name, path)
    except BaseException:  # Ctrl-C too
        discard(file)
        raise


def create_private(path: str) -> io.BufferedWriter:
    """Create a file beside `path`, to be moved there by `os.replace`. Raises OSError."""
    make_private_folder(os.path.dirname(path))
    new = f"{path}.{os.getpid():x}.{_UNFINISHED}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    _unlink(new)  # of a process that was killed and had the same number
    return open(new, "wb", opener=lambda name, _: os.open(name, flags, 0o600))


def discard(file: io.BufferedWriter) -> None:
    """Close and delete a file of `create_private` that will not be used."""
    try:
        file.close()
    except OSError:  # the disk is full; Python closes the file all the same
        pass
    _unlink(os.fsdecode(file.name))


def make_private_folder(folder: str) -> None:
    """Make a folder of the cache unless it is there. Raises OSError where it is not private."""
    top = root()
    if not top:
        raise FileNotFoundError(None, "there is no place for a cache")
    os.makedirs(os.path.dirname(top), exist_ok=True)
    for part in (top, folder):
        try:
            os.mkdir(part, 0o700)
        except FileExistsError:
            pass
    if not _is_private_folder(folder):
        raise PermissionError(None, "the cache is not private", folder)


def is_private(path: str) -> bool:
    """Return True if there is a private file at `path` in the cache."""
    file = open_private(path)
    if file:
        file.close()
    return file is not None


@contextmanager
def replacing(path: str) -> Iterator[str]:
    """Give the path of an empty private file that takes the place of `path` at the end.

    Where something is raised, the old file stays. Raises OSError.
    """
    file = create_private(path)
    new = os.fsdecode(file.name)
    file.close()
    try:
        yield new
        os.replace(new, path)
    except BaseException:  # Ctrl-C too
        _unlink(new)
        raise


def touch(*paths: str) -> None:
    """Note that files of the cache were used now."""
    for path in paths:
        try:
            os.utime(path, follow_symlinks=False)
        except (OSError, NotImplementedError):  # it is gone, or others may change it alone
            pass


def _is_private_folder(folder: str) -> bool:
    """Return True if others can change neither the folder nor the root of the cache."""
    try:
        found = [os.lstat(part) for part in (root(), folder)]
    except OSError:
        return False
    return all(stat.S_ISDIR(one.st_mode) and _is_ours_alone(one, 0o022) for one in found)


def _is_ours_alone(status: os.stat_result, forbidden: int) -> bool:
    """Return True if this belongs to us, and its mode gives others none of these rights."""
    if sys.platform == "win32":  # owner and mode do not say there who can change it
        return False
    return status.st_uid == os.getuid() and not status.st_mode & forbidden


def _open_no_link(path: str, flags: int) -> int:
    # A pipe would keep us waiting.
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _unlink(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        pass


# Deleting it


class Usage:
    """The files of the cache that lie in one folder."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        files = [entry for entry in os.scandir(folder) if entry.is_file(follow_symlinks=False)]
        self.files = {entry.path: entry.stat() for entry in files if _is_ours(entry.name)}

    @property
    def size(self) -> int:
        """The bytes of all files."""
        return sum(status.st_size for status in self.files.values())

    @property
    def last_use(self) -> float:
        """The time when one of the files was used last."""
        return max((status.st_mtime for status in self.files.values()), default=0.0)

    def delete_unused(self, since: float) -> None:
        """Delete the files that were not used since then, as far as the system allows it."""
        for path in [path for path, status in self.files.items() if status.st_mtime < since]:
            try:
                os.unlink(path)
                del self.files[path]
                os.rmdir(self.folder)
            except OSError:  # the folder is not empty, or may not be changed
                continue


def prune(in_use: str) -> None:
    """Delete what no build used for 30 days, and old handbooks while all are over 200 MB.

    The handbook with the folder `in_use` keeps what was used lately, whatever its size.
    """
    usages = _usages()
    for usage in usages:
        usage.delete_unused(time.time() - _EXPIRY)
    total = sum(usage.size for usage in usages)
    for usage in sorted(usages, key=lambda usage: usage.last_use):
        if total > _LIMIT and usage.folder not in (root(), in_use):
            total -= usage.size
            usage.delete_unused(float("inf"))


def clean() -> tuple[int, int, int]:
    """Delete the cache of all handbooks, and nothing that is not ours.

    Return how many handbooks and how many bytes are gone, and how many files cannot be deleted.
    """
    usages = [usage for usage in _usages() if usage.files]
    size = sum(usage.size for usage in usages)
    for usage in reversed(usages):  # the root last, as it has to be empty
        usage.delete_unused(float("inf"))
    handbooks = sum(usage.folder != root() and not usage.files for usage in usages)
    left = sum(len(usage.files) for usage in usages)
    return handbooks, size - sum(usage.size for usage in usages), left


def _usages() -> list[Usage]:
    """Return what lies in the root itself, and then in the folder of each handbook."""
    try:
        names = sorted(name for name in os.listdir(root()) if _is_hash(name.rpartition("-")[2]))
    except OSError:  # there is none
        return []
    folders = [root(), *(os.path.join(root(), name) for name in names)]
    return [Usage(folder) for folder in folders if _is_our_folder(folder)]


def _is_our_folder(folder: str) -> bool:
    if sys.platform == "win32":
        return os.path.isdir(folder) and not os.path.islink(folder)
    return _is_private_folder(folder)


def _is_ours(name: str) -> bool:
    """Return True for `HASH.ENDING`, and for `HASH.ENDING.PROCESS.new`."""
    stem, _, endings = name.partition(".")
    ending, _, rest = endings.partition(".")
    return _is_hash(stem) and ending in _ENDINGS and (not rest or rest.endswith(f".{_UNFINISHED}"))


def _is_hash(text: str) -> bool:
    return len(text) in (8, 40) and set(text) <= set("0123456789abcdef")
