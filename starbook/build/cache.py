"""The cache: private files that save a later build work, where the system keeps caches.

Each handbook has a folder in it, named after its content folder, with stores of results; beside
these lie the records of builds (fast_path.py) and compiled templates. Nothing is written into the
folders of the person. The files hold private stories, so only their owner has access: a file or
folder that is a link, belongs to another user or can be changed by one counts as missing. A cache
that cannot be written stops no build, and any file of it may be deleted at any time. Windows keeps
no cache: mode bits do not tell there who can change a file.

The fast path uses this module before any package exists, so it imports next to nothing.
"""

import os
import stat
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_EXPIRY = 30 * 24 * 3600  # seconds for which an unused file is kept
_LIMIT = 200 * 10**6  # bytes of all handbooks together
_NAME_LENGTH = 60
# The endings of our files. SQLite makes some beside the store while it writes.
_RECORD, _STORE, _TEMPLATE, _UNFINISHED = "built", "sqlite", "template", "new"
_ENDINGS = (_RECORD, _STORE, f"{_STORE}-journal", f"{_STORE}-wal", f"{_STORE}-shm", _TEMPLATE)

# Paths


def root() -> str:
    """Return the folder of all caches of Starbook; "" where there is no place for it."""
    if sys.platform == "win32":
        return ""
    if named := os.environ.get("STARBOOK_CACHE"):
        return os.path.abspath(named)
    base = os.environ.get("XDG_CACHE_HOME", "")
    if sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    elif not os.path.isabs(base):  # the specification says to ignore such a value
        base = os.path.expanduser("~/.cache")
    return os.path.join(base, "starbook") if os.path.isabs(base) else ""


def handbook_folder(content: str) -> str:
    """Return the cache folder of the handbook in the folder `content`."""
    path = os.path.realpath(content)
    words = "-".join(path.split(os.sep)[-2:])
    readable = "".join(c if c.isascii() and c.isalnum() else "-" for c in words)[-_NAME_LENGTH:]
    return os.path.join(root(), f"{readable.strip('-') or 'handbook'}-{_hash(path)}")


def store_path(content: str, out: str, edition: str) -> str:
    """Return the path for the results of building an edition of a handbook into `out`."""
    name = _hash(f"{os.path.realpath(out)}\t{edition}")
    return os.path.join(handbook_folder(content), f"{name}.{_STORE}")


def record_path(command: str) -> str:
    """Return the path for the record of a build by this command."""
    return os.path.join(root(), f"{_hash(command)}.{_RECORD}")


def template_path(key: str) -> str:
    """Return the path for the compiled template that `key`, a hash, identifies in any handbook."""
    return os.path.join(root(), f"{key}.{_TEMPLATE}")


def _hash(text: str) -> str:
    # To import hashlib takes longer than the rest of the fast path.
    return f"{zlib.crc32(os.fsencode(text)):08x}"


# Private files


def read_private(path: str) -> bytes:
    """Return the content of a file in the cache; empty where there is no private one."""
    with suppress(OSError):
        if is_private(path):
            with open(path, "rb") as file:
                return file.read()
    return b""


def is_private(path: str) -> bool:
    """Return True if there is a file at `path` that others can neither read nor change."""
    with suppress(OSError):
        status = os.lstat(path)
        is_folder_private = _is_private_folder(os.path.dirname(path))
        return is_folder_private and stat.S_ISREG(status.st_mode) and _is_ours(status, 0o077)
    return False


def _is_private_folder(folder: str) -> bool:
    """Return True if others can change neither the folder nor the root of the cache."""
    with suppress(OSError):
        found = [os.lstat(path) for path in (root(), folder)]
        return all(stat.S_ISDIR(one.st_mode) and _is_ours(one, 0o022) for one in found)
    return False


def _is_ours(status: os.stat_result, forbidden: int) -> bool:
    """Return True if this belongs to us and its mode has none of the `forbidden` bits."""
    return status.st_uid == os.getuid() and not status.st_mode & forbidden


def write_atomically(path: str, data: bytes) -> None:
    """Replace the file at `path` so that a reader sees the old content or the new, never a part.

    Raises OSError, and then leaves the old file.
    """
    with replacing(path) as new, open(new, "wb") as file:
        file.write(data)


@contextmanager
def replacing(path: str) -> Iterator[str]:
    """Make an empty private file, which takes the place of the one at `path` in the end.

    The context manager returns its path. If an exception is raised, the old file stays. Raises
    OSError.
    """
    new = f"{path}.{os.getpid():x}.{_UNFINISHED}"
    _make_private_folder(os.path.dirname(path))
    with suppress(FileNotFoundError):
        os.unlink(new)  # left by a killed process with the same number
    os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield new
        os.replace(new, path)
    finally:
        with suppress(OSError):
            os.unlink(new)


def _make_private_folder(folder: str) -> None:
    """Make a folder of the cache unless it is there. Raises OSError where it is not private."""
    if not root():
        raise FileNotFoundError(None, "there is no place for a cache")
    os.makedirs(os.path.dirname(root()), exist_ok=True)
    for part in (root(), folder):
        with suppress(FileExistsError):
            os.mkdir(part, 0o700)
    if not _is_private_folder(folder):
        raise PermissionError(None, "the cache is not private", folder)


# Deletion

# The files of a folder with their status, by path.
_Files = dict[str, os.stat_result]


def touch(*paths: str) -> None:
    """Note that files of the cache were used now."""
    for path in paths:
        with suppress(OSError, NotImplementedError):  # it is gone, or others may change it alone
            os.utime(path, follow_symlinks=False)


def prune(in_use: str) -> None:
    """Delete what no build used for 30 days, and whole handbooks while all are over 200 MB.

    The handbooks used least recently go first, and never the one with the folder `in_use`.
    """
    folders = _list_files()
    for folder, files in folders.items():
        _delete_unused(folder, files, time.time() - _EXPIRY)
    total = sum(map(_size, folders.values()))
    for folder, files in sorted(folders.items(), key=lambda item: _last_use(item[1])):
        if total > _LIMIT and folder not in (root(), in_use):
            total -= _size(files)
            _delete_unused(folder, files)


def clean() -> tuple[int, int, int]:
    """Delete the cache of all handbooks; leave files that are not ours.

    Return the number of handbooks and bytes deleted, and of files that could not be deleted.
    """
    folders = {folder: files for folder, files in _list_files().items() if files}
    size = sum(map(_size, folders.values()))
    for folder, files in reversed(folders.items()):  # the root last, when it is empty
        _delete_unused(folder, files)
    handbooks = sum(folder != root() and not files for folder, files in folders.items())
    size -= sum(map(_size, folders.values()))
    return handbooks, size, sum(map(len, folders.values()))


def _list_files() -> dict[str, _Files]:
    """Return our files in the root and then in the folders of handbooks, by folder."""
    found: dict[str, _Files] = {}
    with suppress(OSError):  # there is no cache, or another process is deleting it
        names = [name for name in os.listdir(root()) if _is_hash(name.rpartition("-")[2])]
        for folder in (root(), *(os.path.join(root(), name) for name in sorted(names))):
            if _is_private_folder(folder):
                found[folder] = {
                    entry.path: entry.stat(follow_symlinks=False)
                    for entry in os.scandir(folder)
                    if _is_our_name(entry.name) and entry.is_file(follow_symlinks=False)
                }
    return found


def _is_our_name(name: str) -> bool:
    """Return True for names like `HASH.ENDING` and `HASH.ENDING.PROCESS.new`."""
    stem, _, endings = name.partition(".")
    ending, _, rest = endings.partition(".")
    return _is_hash(stem) and ending in _ENDINGS and (not rest or rest.endswith(f".{_UNFINISHED}"))


def _is_hash(text: str) -> bool:
    return len(text) in (8, 40) and set(text) <= set("0123456789abcdef")


def _size(files: _Files) -> int:
    return sum(status.st_size for status in files.values())


def _last_use(files: _Files) -> float:
    return max((status.st_mtime for status in files.values()), default=0.0)


def _delete_unused(folder: str, files: _Files, since: float = float("inf")) -> None:
    """Delete the files without a use since then, as far as the system allows it."""
    for path in [path for path, status in files.items() if status.st_mtime < since]:
        with suppress(OSError):  # the folder is not empty, or must not be changed
            os.unlink(path)
            del files[path]
            os.rmdir(folder)
