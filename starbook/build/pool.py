"""Work on many things, done by several processes where that is quicker."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
R = TypeVar("R")

# A copy of this process takes some milliseconds to make and to hear from; fewer are done sooner.
FEWEST = 100
# With more, all wait for the part that only one process can do.
MOST = 4

# Each result is sent behind its length. So much may wait to be heard, that a copy need not.
_LENGTH = 4
_WAITING = 2**20


def each(work: Callable[[T], R], things: Sequence[T], kind: Any, take: Callable[[R], R]) -> list[R]:
    """`work` on each of the things, in their order.

    Results are of a `kind` that msgspec can write and read, for that is how another process sends
    them. Each is handed to `take` as soon as it is here, which says what of it to keep. What
    another process could not do, this one does, so that a fault is raised here.
    """
    count = _processes(len(things))
    shares = [things[i::count] for i in range(count)]
    copies = [_Copy(work, share, kind, take) for share in shares[1:]]
    found: list[Any] = [None] * len(things)
    try:
        own = []
        for thing in shares[0]:
            own.append(take(work(thing)))
            for copy in copies:
                copy.hear()
        found[0::count] = own
        for i, copy in enumerate(copies, 1):
            results = copy.all()
            rest = shares[i][len(results) :]
            found[i::count] = [*results, *(take(work(thing)) for thing in rest)]
    finally:
        for copy in copies:
            copy.end()
    return found


def _processes(things: int) -> int:
    """How many are worth it.

    Linux alone copies a process that has used the system's libraries; and nobody copies one with
    threads, whose locks would stay as they are.
    """
    if things < FEWEST or sys.platform != "linux" or threading.active_count() > 1:
        return 1
    return min(len(os.sched_getaffinity(0)), MOST)


class _Copy:
    """A copy of this process that does one share of the work, says what comes of it, and ends."""

    def __init__(
        self,
        work: Callable[[Any], object],
        things: Sequence[Any],
        kind: Any,
        take: Callable[[Any], Any],
    ) -> None:
        self.pipe, writing = os.pipe()
        _widen(writing)
        self.process = os.fork()
        if not self.process:
            _work_and_leave(work, things, writing)
        os.close(writing)
        os.set_blocking(self.pipe, False)
        self.decoder = msgspec.msgpack.Decoder(kind)
        self.take = take
        self.heard = bytearray()
        self.results: list[Any] = []

    def hear(self) -> bool:
        """Take what it has said since; whether it may say more."""
        with suppress(BlockingIOError):
            while said := os.read(self.pipe, _WAITING):
                self.heard += said
                self._understand()
            return False
        return True

    def _understand(self) -> None:
        start = 0
        while (begin := start + _LENGTH) <= len(self.heard):
            end = begin + int.from_bytes(self.heard[start:begin], "big")
            if end > len(self.heard):
                break
            self.results.append(self.take(self.decoder.decode(self.heard[begin:end])))
            start = end
        del self.heard[:start]

    def all(self) -> list[Any]:
        """All results, once it has ended; fewer than its share where it could not go on."""
        os.set_blocking(self.pipe, True)
        self.hear()
        return self.results

    def end(self) -> None:
        """Nobody listens any more."""
        os.close(self.pipe)
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)


def _widen(pipe: int) -> None:
    import fcntl  # noqa: PLC0415  (Windows has none, and does not come here)

    with suppress(OSError):  # the system may not let us
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _WAITING)


def _work_and_leave(work: Callable[[Any], object], things: Sequence[Any], writing: int) -> None:
    """The whole life of a copy. It leaves without a word: to print or tidy up is not its place."""
    try:
        encoder = msgspec.msgpack.Encoder()
        with os.fdopen(writing, "wb") as pipe:
            for thing in things:
                said = encoder.encode(work(thing))
                pipe.write(len(said).to_bytes(_LENGTH, "big") + said)
    finally:
        os._exit(0)
