"""What the last build of the same command worked out, so that the next one need not.

A result is kept at a place, such as a file or a page, with a digest of all that it was worked out
from, and is used again only where that is the same. Whoever reads the file of another program, or a
damaged one, has an empty past: a build then takes its time, and comes to the same site.
"""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec

from starbook import unchanged

T = TypeVar("T")
R = TypeVar("R")

_FORMAT = b"starbook past 1\n"
_SIZE = 16  # of a digest, in bytes

# Sets have no order of their own, and yet must come to one digest in every process.
_ENCODER = msgspec.msgpack.Encoder(order="deterministic")
_ENTRIES = msgspec.msgpack.Decoder(dict[str, tuple[bytes, bytes]])


def digest(value: Any) -> bytes:
    """By what a value is known: any that msgspec can write."""
    return mark_of(_ENCODER.encode(value))


def mark_of(data: bytes) -> bytes:
    """By what bytes are known."""
    return hashlib.blake2b(data, digest_size=_SIZE).digest()


class Past:
    """Results by place, those of the last build and those of this one.

    `out` is the folder that both write; without, nothing is kept, and to ask costs no time.
    """

    def __init__(self, out: Path | None = None) -> None:
        self.out = out
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
        self.now[place] = entry
        return msgspec.msgpack.decode(entry[1], type=kind)

    def keep(self, place: str, ground: bytes, result: object) -> None:
        """Something for the next build."""
        if self.kept:
            self.now[place] = ground, msgspec.msgpack.encode(result)

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


class File(NamedTuple):
    """Where the past of a command lies, and what made it; both None where there can be none."""

    path: str | None
    program: bytes | None


def file(content: str, layouts: str, argv: list[str]) -> File:
    """That of a command: to be asked for before anything is read that it is made of."""
    return File(unchanged.place(content, argv, "past"), unchanged.program(layouts))


def read(file: File, out: Path) -> Past:
    """The past of a command that writes `out`, where it is whole, of this program and layouts."""
    path, program = file
    past = Past(out if path and program else None)
    data = unchanged.read_own(path) if path and program else None
    if program and data and data.startswith(_FORMAT):
        body = memoryview(data)[len(_FORMAT) + _SIZE :]
        if data[len(_FORMAT) : len(_FORMAT) + _SIZE] == _seal(program, body):
            past.before = _ENTRIES.decode(body)
    return past


def write(past: Past, file: File) -> None:
    """Put it where the next build will read it; if that cannot be done, it takes its time."""
    path, program = file
    if path and program:
        body = msgspec.msgpack.encode(past.now)
        try:
            unchanged.write_own(path, (_FORMAT, _seal(program, body), body))
        except OSError:
            return


def _seal(program: bytes, body: bytes | memoryview) -> bytes:
    """What tells a whole file of this program from any other."""
    seal = hashlib.blake2b(program, digest_size=_SIZE)
    seal.update(body)
    return seal.digest()
