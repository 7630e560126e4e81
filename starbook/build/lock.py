"""Lock files: one process at a time. The system releases a lock when its process ends.

Only the standard library is used, as bootstrap.py runs this before any package exists.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

_PAUSE = 0.05


class BusyError(Exception):
    """Another process kept the lock for too long; the message names it."""


def try_lock(file: IO[str]) -> bool:
    """Lock an open file; return False if another process has locked it.

    Raises OSError where the file system has no locks.
    """
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415  (there alone)

        file.seek(0)
        with suppress(OSError):
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            return True
    else:
        import fcntl  # noqa: PLC0415  (not on Windows)

        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    return False


@contextmanager
def holding(path: Path, timeout: float, on_wait: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock file at `path`; wait up to `timeout` seconds, and delete it afterwards.

    Before waiting, `on_wait` is called with the name of the holder. Raises `BusyError` on timeout.
    """
    file = _wait_for_lock(path, time.monotonic() + timeout, on_wait)
    try:
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
    finally:
        # It is locked until it is closed, so no other process can have begun to use it. Windows
        # deletes no open file, nor one that another process has open; an empty one does no harm.
        with suppress(OSError):
            path.unlink()
        file.close()
        if sys.platform == "win32":
            with suppress(OSError):
                path.unlink()


def _wait_for_lock(path: Path, end: float, on_wait: Callable[[str], None]) -> IO[str]:
    if file := _open_locked(path):
        return file
    on_wait(_holder(path))
    while time.monotonic() <= end:
        time.sleep(_PAUSE)
        if file := _open_locked(path):
            return file
    raise BusyError(_holder(path))


def _open_locked(path: Path) -> IO[str] | None:
    """Open and lock a file; None if another process has locked it."""
    file = path.open("a+", encoding="utf-8")
    try:
        # Its last holder may have deleted the file between our opening and locking it.
        with suppress(FileNotFoundError):
            if try_lock(file) and os.path.samestat(path.stat(), os.fstat(file.fileno())):
                return file
    except BaseException:
        file.close()
        raise
    file.close()
    return None


def _holder(path: Path) -> str:
    with suppress(OSError, ValueError):
        if text := path.read_text(encoding="utf-8").strip():
            return f"process {text}"
    return "another process"
