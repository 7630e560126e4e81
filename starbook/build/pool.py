"""Worker processes: work on many things, shared out where that is quicker.

Workers are forked, so that they have all that this process has read and computed. Only Linux forks
safely a process that has used the system's libraries, and none forks one with threads; elsewhere,
as in `serve` once it answers, the caller does the work itself.
"""

import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

# To start workers takes some 30 ms; fewer things are done sooner without.
FEWEST = 100
# With more, all wait for the part that only one process can do.
MOST = 4
# Chunks for each worker: results are taken while others are still being computed.
_CHUNKS = 4
# So many things are in a chunk at most: what comes of them is in memory twice for a moment.
_LARGEST = 200

_work: Callable[[Any], Any] | None = None


def parallel_map(work: Callable[[Sequence[T]], R], things: Sequence[T]) -> Iterator[R]:
    """Yield `work` of chunks of the things, computed in worker processes.

    Yield nothing where workers are not worth it, and no more once one of them has died: the caller
    does what is left.
    """
    count = _worker_count(len(things))
    if count < 2:
        return
    global _work  # noqa: PLW0603  (inherited by the workers: it need not be sent to them)
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415  (20 ms)
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415
    from multiprocessing import get_context  # noqa: PLC0415

    number = max(count * _CHUNKS, len(things) // _LARGEST)
    chunks = [things[first::number] for first in range(number)]
    _work = work
    try:
        with ProcessPoolExecutor(count, get_context("fork")) as executor:
            yield from executor.map(_work_on, chunks)
    except BrokenProcessPool:
        return
    finally:
        _work = None


def _worker_count(things: int) -> int:
    if things < FEWEST or sys.platform != "linux" or threading.active_count() > 1:
        return 1
    return min(len(os.sched_getaffinity(0)), MOST)


def _work_on(chunk: Sequence[Any]) -> Any:
    assert _work
    return _work(chunk)
