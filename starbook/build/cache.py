"""The cache: private files that save a later build work, where the system keeps caches.

Each handbook has a folder in it, named after its content folder, with records of builds
(fast_path.py) and stores of results. Nothing is written into the folders of the person. The files
hold private stories, so only their owner has access: a file or folder that is a link, belongs to
another user or can be changed by one counts as missing. A cache that cannot be written stops no
build, and any file of it may be deleted at any time.

The fast path uses this module before any package exists, so it imports next to nothing.
"""

import io
import os
import stat
import sys
import time
import zlib

_EXPIRY = 30 * 24 * 3600  # seconds for which an unused file is kept
_LIMIT = 200 * 10**6  # bytes of all handbooks together
_NAME_LENGTH = 60
# The endings of our files. SQLite makes some beside the store while it writes.
_RECORD, _STORE, _TEMPLATE, _UNFINISHED = "built", "sqlite", "template", "new"
_ENDINGS = (_RECORD, _STORE, f"{_STORE}-journal", f"{_STORE}-wal", f"{_STORE}-shm", _TEMPLATE)

# Paths


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


def template_path(key: str) -> str:
    """Return the path for the compiled template that `key`, a hash, identifies in any handbook."""
    return os.path.join(root(), f"{key}.{_TEMPLATE}")


def _hash(text: str) -> str:
    # To import hashlib takes longer than the rest of the fast path.
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
    with Replacement(path) as new, open(new, "wb") as file:
        file.write(data)


class Replacement:
    """A new private file, at first empty, that takes the place of the one at `path`.

    The context manager returns its path. If an exception is raised, the old file stays. Raises
    OSError.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._new = f"{path}.{os.getpid():x}.{_UNFINISHED}"

    def __enter__(self) -> str:
        make_private_folder(os.path.dirname(self._path))
        _unlink(self._new)  # left by a killed process with the same number
        os.close(os.open(self._new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        return self._new

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                os.replace(self._new, self._path)
        finally:
            _unlink(self._new)


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
    """Return True if this belongs to us and its mode has none of the `forbidden` bits."""
    if sys.platform == "win32":  # mode bits do not tell there who can change it
        return False
    return status.st_uid == os.getuid() and not status.st_mode & forbidden


def _open_no_link(path: str, flags: int) -> int:
    # Opening a pipe would block.
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _unlink(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        pass


# Deletion


class _Folder:
    """A folder of the cache, with the status of the files in it that are ours."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.files: dict[str, os.stat_result] = {}
        for name in filter(_is_ours, os.listdir(path)):
            file = os.path.join(path, name)
            try:
                status = os.lstat(file)
            except FileNotFoundError:  # another build has just replaced or deleted it
                continue
            if stat.S_ISREG(status.st_mode):
                self.files[file] = status

    def size(self) -> int:
        """Return the size of all files in bytes."""
        return sum(status.st_size for status in self.files.values())

    def last_use(self) -> float:
        """Return the time of the last use of any file."""
        return max((status.st_mtime for status in self.files.values()), default=0.0)

    def delete_unused(self, since: float) -> None:
        """Delete the files without a use since then, as far as the system allows it."""
        for path in [path for path, status in self.files.items() if status.st_mtime < since]:
            try:
                os.unlink(path)
                del self.files[path]
                os.rmdir(self.path)
            except OSError:  # the folder is not empty, or must not be changed
                continue


def prune(in_use: str) -> None:
    """Delete what no build used for 30 days, and whole handbooks while all are over 200 MB.

    The handbooks used least recently go first, and never the one with the folder `in_use`.
    """
    folders = _list_folders()
    for folder in folders:
        folder.delete_unused(time.time() - _EXPIRY)
    total = sum(folder.size() for folder in folders)
    for folder in sorted(folders, key=_Folder.last_use):
        if total > _LIMIT and folder.path not in (root(), in_use):
            total -= folder.size()
            folder.delete_unused(float("inf"))


def clean() -> tuple[int, int, int]:
    """Delete the cache of all handbooks; leave files that are not ours.

    Return the number of handbooks and bytes deleted, and of files that could not be deleted.
    """
    folders = [folder for folder in _list_folders() if folder.files]
    size = sum(folder.size() for folder in folders)
    for folder in reversed(folders):  # the root last, when it is empty
        folder.delete_unused(float("inf"))
    handbooks = sum(folder.path != root() and not folder.files for folder in folders)
    remaining = sum(len(folder.files) for folder in folders)
    return handbooks, size - sum(folder.size() for folder in folders), remaining


def _list_folders() -> list[_Folder]:
    """Return the root itself and then the folders of handbooks."""
    try:
        names = sorted(name for name in os.listdir(root()) if _is_hash(name.rpartition("-")[2]))
        paths = [root(), *(os.path.join(root(), name) for name in names)]
        return [_Folder(path) for path in paths if _is_our_folder(path)]
    except OSError:  # there is no cache, or another build is deleting it
        return []


def _is_our_folder(folder: str) -> bool:
    if sys.platform == "win32":
        return os.path.isdir(folder) and not os.path.islink(folder)
    return _is_private_folder(folder)


def _is_ours(name: str) -> bool:
    """Return True for names like `HASH.ENDING` and `HASH.ENDING.PROCESS.new`."""
    stem, _, endings = name.partition(".")
    ending, _, rest = endings.partition(".")
    return _is_hash(stem) and ending in _ENDINGS and (not rest or rest.endswith(f".{_UNFINISHED}"))


def _is_hash(text: str) -> bool:
    return len(text) in (8, 40) and set(text) <= set("0123456789abcdef")
