"""One at a time: a lock on a file that a process loses when it ends, however it ends.

It uses the standard library alone, as environment.py needs it too.
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
    """Another process holds the lock and did not let it go in time; the message says which."""


def locked(file: IO[str]) -> bool:
    """Lock an open file for this process, if no other has it. The system unlocks it at our end.

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
def holding(path: Path, seconds: float, on_wait: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock file at `path`, waiting up to `seconds` for it; it is gone afterwards.

    `on_wait` is told who holds it. Raises `BusyError` when the time is up.
    """
    file = _waited_for(path, time.monotonic() + seconds, on_wait)
    try:
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
    finally:
        # Ours as long as it is open, so no other process can have begun to use it. Windows
        # deletes no open file, nor one that another process has open; an empty one harms nobody.
        with suppress(OSError):
            path.unlink()
        file.close()
        if sys.platform == "win32":
            with suppress(OSError):
                path.unlink()


def _waited_for(path: Path, end: float, on_wait: Callable[[str], None]) -> IO[str]:
    told = False
    while not (file := _taken(path)):
        if not told:
            on_wait(_holder(path))
            told = True
        if time.monotonic() > end:
            raise BusyError(_holder(path))
        time.sleep(_PAUSE)
    return file


def _taken(path: Path) -> IO[str] | None:
    file = path.open("a+", encoding="utf-8")
    try:
        # Its last holder may have deleted the file between our opening and locking it.
        with suppress(FileNotFoundError):
            if locked(file) and os.path.samestat(path.stat(), os.fstat(file.fileno())):
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
