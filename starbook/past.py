"""What the last build of the same command worked out, so that the next one need not.

A result is kept at a place, such as a file or a page, with a digest of all that it was worked out
from, and is used again only where that is the same. Whoever reads the file of another program, or a
damaged one, has an empty past: a build then takes its time, and comes to the same site.
"""

import hashlib
import io
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from starbook import unchanged

T = TypeVar("T")
R = TypeVar("R")

_FORMAT = b"starbook past 2\n"
_SIZE = 16  # of a digest, in bytes

# Sets have no order of their own, and yet must come to one digest in every process.
_ENCODER = msgspec.msgpack.Encoder(order="deterministic")
_ENTRY = msgspec.msgpack.Decoder(tuple[str, bytes, bytes])
_LENGTH = 4  # stands before an entry, in bytes
_MUCH = 2**24  # so many bytes wait to be written


def digest(value: Any) -> bytes:
    """By what a value is known: any that msgspec can write."""
    return mark_of(_ENCODER.encode(value))


def mark_of(data: bytes) -> bytes:
    """By what bytes are known."""
    return hashlib.blake2b(data, digest_size=_SIZE).digest()


class Past:
    """Results by place, those of the last build and those of this one.

    `out` is the folder that both write; without, nothing is kept, and to ask costs no time. As all
    together are large, those of this build go to a `file`; without one, they are `now`.
    """

    def __init__(self, out: Path | None = None, file: "_Written | None" = None) -> None:
        self.out = out
        self.file = file
        self.before: dict[str, tuple[bytes, bytes]] = {}
        self.now: dict[str, tuple[bytes, bytes]] = {}

    @property
    def kept(self) -> bool:
        """Whether there will be a next build to remember this one."""
        return self.out is not None

    def written(self, path: str, mark: bytes) -> bytes | None:
        """A file that the last build wrote, where it is still there and is the one of this mark."""
        try:
            data = (self.out / path).read_bytes() if self.out else None
        except OSError:
            return None
        return data if data is not None and mark_of(data) == mark else None

    def find(self, place: str, ground: bytes, kind: Any) -> Any:
        """What the last build came to there from the same, as a `kind` of thing; else None."""
        entry = self.before.get(place)
        if entry is None or entry[0] != ground:
            return None
        self._take(place, *entry)
        del self.before[place]  # nobody asks twice, and together they are large
        return msgspec.msgpack.decode(entry[1], type=kind)

    def keep(self, place: str, ground: bytes, result: object) -> None:
        """Something for the next build."""
        if self.kept:
            self._take(place, ground, msgspec.msgpack.encode(result))

    def _take(self, place: str, ground: bytes, result: bytes) -> None:
        if self.file:
            self.file.put(place, ground, result)
        else:
            self.now[place] = ground, result

    def end(self, *, well: bool) -> None:
        """This build is over: if it went well, the next one will read of it."""
        if self.file:
            self.file.end(well=well)

    def each(
        self,
        work: Callable[[Sequence[T]], Sequence[R]],
        things: Sequence[T],
        at: Callable[[T], tuple[str, object]],
        kind: Any,
    ) -> list[R]:
        """What `work` comes to on the things, which is done on those that are new together.

        `at` says the place of each, and what it is worked out from.
        """
        if not self.kept:
            return list(work(things))
        known = [(place, digest(value)) for place, value in map(at, things)]
        found = [self.find(*one, kind) for one in known]
        new = [n for n, result in enumerate(found) if result is None]
        for n, result in zip(new, work([things[n] for n in new]), strict=True):
            self.keep(*known[n], result)
            found[n] = result
        return found


def read(content: str, layouts: str, out: Path, argv: list[str]) -> Past:
    """The past of a command, to be asked for before anything is read that a site is made of.

    It is empty where there is none of this program and these layouts, or it is not whole.
    """
    path = unchanged.place(content, argv, "past")
    program = unchanged.program(layouts) if path else None
    if path is None or program is None:
        return Past()
    past = Past(out, _Written(path, program))
    data = memoryview(unchanged.read_own(path) or b"")
    seal = _seal(program)
    seal.update(data[:-_SIZE])
    if data[-_SIZE:] == seal.digest():
        past.before = dict(_entries(data[:-_SIZE]))
    return past


def _entries(data: memoryview) -> Iterator[tuple[str, tuple[bytes, bytes]]]:
    start = 0
    while start < len(data):
        begin = start + _LENGTH
        end = begin + int.from_bytes(data[start:begin], "big")
        place, ground, result = _ENTRY.decode(data[begin:end])
        yield place, (ground, result)
        start = end


class _Written:
    """The file for the next build. If it cannot be written, that one takes its time.

    Nothing is written before it is much, or all: a build that fails soon leaves no trace.
    """

    def __init__(self, path: str, program: bytes) -> None:
        self.path = path
        self.process = os.getpid()
        self.seal = _seal(program)
        self.waiting: list[bytes] = []
        self.size = 0
        self.file: io.BufferedWriter | None = None
        self.broken = False

    def put(self, place: str, ground: bytes, result: bytes) -> None:
        """Another entry; of a copy of this process, whose file it is as well, none."""
        if os.getpid() != self.process or self.broken:
            return
        entry = msgspec.msgpack.encode((place, ground, result))
        said = len(entry).to_bytes(_LENGTH, "big") + entry
        self.seal.update(said)
        self.waiting.append(said)
        self.size += len(said)
        if self.size > _MUCH:
            self._write()

    def _write(self) -> None:
        try:
            self.file = self.file or unchanged.open_own(self.path)
            self.file.writelines(self.waiting)
        except OSError:
            self.broken = True
        self.waiting, self.size = [], 0

    def end(self, *, well: bool) -> None:
        """Put it where it will be read, or away."""
        if well and not self.broken:
            self.waiting.append(self.seal.digest())
            self._write()
        if self.file:
            with suppress(OSError):
                self.file.close()
                new = Path(os.fsdecode(self.file.name))
                if well and not self.broken:
                    new.replace(self.path)
                else:
                    new.unlink()


def _seal(program: bytes) -> "hashlib.blake2b":
    """What tells a whole file of this program from any other, once it has seen all of it."""
    return hashlib.blake2b(_FORMAT + program, digest_size=_SIZE)
