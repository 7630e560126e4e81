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


def each(
    work: Callable[[T], R], things: Sequence[T], kind: Any, done: Callable[[], None]
) -> list[R]:
    """`work` on each of the things, in their order; `done` is called after each.

    Results are of a `kind` that msgspec can write and read, for that is how another process sends
    them. Where one fails, this one does its share, so that a fault is raised here.
    """
    count = _processes(len(things))
    shares = [things[i::count] for i in range(count)]
    found: list[Any] = [None] * len(things)
    others = [_Copy(work, share) for share in shares[1:]]
    try:
        found[0::count] = _do(work, shares[0], done)
        for i, other in enumerate(others, 1):
            answer = other.answer()
            if answer is None:
                found[i::count] = _do(work, shares[i], done)
                continue
            found[i::count] = msgspec.msgpack.decode(answer, type=list[kind])
            for _ in shares[i]:
                done()
    finally:
        for other in others:
            other.end()
    return found


def _do(work: Callable[[T], R], things: Sequence[T], done: Callable[[], None]) -> list[R]:
    results = []
    for thing in things:
        results.append(work(thing))
        done()
    return results


def _processes(things: int) -> int:
    """How many are worth it.

    Linux alone copies a process that has used the system's libraries; and nobody copies one with
    threads, whose locks would stay as they are.
    """
    if things < FEWEST or sys.platform != "linux" or threading.active_count() > 1:
        return 1
    return min(len(os.sched_getaffinity(0)), MOST)


class _Copy:
    """A copy of this process that does one share of the work, says what it came to, and ends."""

    def __init__(self, work: Callable[[Any], object], things: Sequence[Any]) -> None:
        reading, writing = os.pipe()
        self.process = os.fork()
        if not self.process:
            _work_and_leave(work, things, writing)
        os.close(writing)
        self.pipe = os.fdopen(reading, "rb")

    def answer(self) -> bytes | None:
        """What it has to say, or None where it could not come to an end."""
        said = self.pipe.read()
        return said[1:] if said[:1] == b"+" else None

    def end(self) -> None:
        """Nobody waits for it any more."""
        self.pipe.close()
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)


def _work_and_leave(work: Callable[[Any], object], things: Sequence[Any], writing: int) -> None:
    """The whole life of a copy. It leaves without a word: to print or tidy up is not its place."""
    try:
        results = msgspec.msgpack.encode([work(thing) for thing in things])
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(b"+")
            pipe.write(results)
    finally:
        os._exit(0)
