"""What the last build of the same command worked out, so that the next one need not.

A result is kept at a place, such as a file or a page, with a digest of all that it was worked out
from, and is used again only where that is the same. Whoever reads the file of another program, or a
damaged one, has an empty past: a build then takes its time, and comes to the same site.
"""

import io
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from starbook import unchanged

T = TypeVar("T")
R = TypeVar("R")

_FORMAT = b"starbook past 3\n"
_SIZE = 16  # of a digest, in bytes
_TAIL = 8 + _SIZE  # at the end of a file: where its list begins, and a seal on both
_MUCH = 2**24  # so many bytes wait to be written

# Sets have no order of their own, and yet must come to one digest in every process.
_ENCODER = msgspec.msgpack.Encoder(order="deterministic")


@cache  # to make one takes longer than most results
def _decoder(kind: Any) -> "msgspec.msgpack.Decoder[Any]":
    return msgspec.msgpack.Decoder(kind)


def digest(value: Any) -> bytes:
    """By what a value is known: any that msgspec can write."""
    return mark_of(_ENCODER.encode(value))


def mark_of(data: bytes) -> bytes:
    """By what bytes are known."""
    return blake2b(data, digest_size=_SIZE).digest()


class _Entry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A result in a file, and what it was worked out from; a `mark` tells if it is damaged."""

    place: str
    ground: bytes
    start: int
    length: int
    mark: bytes


_LIST = msgspec.msgpack.Decoder(list[_Entry])


class Past:
    """Results by place: those of the last build, to be found; those of this one, to be kept.

    They lie in the file at `path`, as together they are large; without, nothing is kept, and to ask
    costs no time. `out` is the folder that both builds write. `common` has what is the same for
    every handbook.
    """

    def __init__(
        self,
        out: Path | None = None,
        path: str = "",
        program: bytes = b"",
        common: "Past | None" = None,
    ) -> None:
        self.out = out
        self.common = common or self
        self._before = _Before(path, program)
        self._file = _Written(path, program) if path else None
        self._marks: dict[int, tuple[object, bytes]] = {}

    @property
    def kept(self) -> bool:
        """Whether there will be a next build to remember this one."""
        return self._file is not None

    @property
    def is_new(self) -> bool:
        """Whether it is kept, and there is nothing in it yet."""
        return self.kept and not self._before.entries

    def mark(self, thing: object) -> bytes:
        """The digest of a thing that many results are worked out from."""
        known = self._marks.get(id(thing))
        if known is None:  # with the thing, so that no other can have its id
            known = self._marks[id(thing)] = thing, digest(thing)
        return known[1]

    def written(self, path: str, mark: bytes) -> bytes | None:
        """A file that the last build wrote, where it is still there and is the one of this mark."""
        try:
            data = (self.out / path).read_bytes() if self.out else None
        except OSError:
            return None
        return data if data is not None and mark_of(data) == mark else None

    def find(self, place: str, ground: bytes, kind: Any) -> Any:
        """What the last build came to there from the same, as a `kind` of thing; else None.

        It is kept for the next one as well.
        """
        entry = self._before.entries.get(place)
        if entry is None or entry.ground != ground or not self._file:
            return None
        found = self._before.read(entry, kind)
        if found is not None:
            self._file.hold(entry)
        return found

    def holds(self, place: str) -> bool:
        """Whether what was found there is still so."""
        return self._file is not None and place in self._file.held

    def last(self, place: str, kind: Any) -> Any:
        """What the last build came to there, from whatever; None where there was nothing."""
        entry = self._before.entries.get(place)
        return entry and self._before.read(entry, kind)

    def keep(self, place: str, ground: bytes, result: object) -> None:
        """Something for the next build."""
        if self._file:
            self._file.put(place, ground, msgspec.msgpack.encode(result))

    def end(self, *, well: bool) -> None:
        """This build is over: if it went well, the next one will read of it."""
        if self._file:
            self._file.end(self._before, well=well)
        self._before.end()
        if self.common is not self:
            self.common.end(well=well)

    def hold_all(self) -> None:
        """Keep all of it for the next build, whether it is asked for or not."""
        if self._file:
            self._file.held.update(self._before.entries)

    def each(
        self,
        work: Callable[[Sequence[T]], Sequence[R]],
        things: Sequence[T],
        at: Callable[[T], tuple[str, bytes]],
        kind: Any,
    ) -> list[R]:
        """What `work` comes to on the things, which is done on those that are new together.

        `at` says the place of each, and a digest of what it is worked out from.
        """
        if not self.kept:
            return list(work(things))
        known = [at(thing) for thing in things]
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
    if not (path and program):
        return Past()
    common = Past(None, unchanged.beside(layouts, "program"), program)
    common.hold_all()
    return Past(out, path, program, common)


class _Before:
    """The file of the last build. Of its results, those that are asked for are read."""

    def __init__(self, path: str, program: bytes) -> None:
        self.file = unchanged.opened_own(path)
        self.entries = {entry.place: entry for entry in self._listed(program)}

    def _listed(self, program: bytes) -> Iterable[_Entry]:
        if not self.file:
            return ()
        end = os.fstat(self.file.fileno()).st_size
        tail = self.bytes(max(0, end - _TAIL), _TAIL)
        start = int.from_bytes(tail[:8], "big")
        listed = self.bytes(start, max(0, end - start - _TAIL))
        with suppress(msgspec.DecodeError):
            return _LIST.decode(listed) if tail == _tail(program, start, listed) else ()
        return ()

    def bytes(self, start: int, length: int) -> bytes:
        """A piece of the file; what cannot be read is missing."""
        with suppress(OSError, OverflowError):
            if self.file:
                return os.pread(self.file.fileno(), length, start)
        return b""

    def read(self, entry: _Entry, kind: Any) -> Any:
        """The result of an entry; None where it is damaged."""
        data = self.bytes(entry.start, entry.length)
        return _decoder(kind).decode(data) if mark_of(data) == entry.mark else None

    def end(self) -> None:
        """Nothing is asked any more."""
        if self.file:
            self.file.close()


class _Written:
    """The file for the next build. If it cannot be written, that one takes its time.

    Nothing is written before it is much, or all: a build that fails soon leaves no trace.
    """

    def __init__(self, path: str, program: bytes) -> None:
        self.path = path
        self.program = program
        self.process = os.getpid()
        self.listed: list[msgspec.Raw] = []
        self.held: dict[str, _Entry] = {}
        self.waiting: list[bytes] = []
        self.size = self.written = 0
        self.file: io.BufferedWriter | None = None
        self.broken = False

    def put(self, place: str, ground: bytes, result: bytes) -> None:
        """Another entry; of a copy of this process, whose file it is as well, none."""
        if os.getpid() != self.process or self.broken:
            return
        self.held.pop(place, None)
        self._list(place, ground, self.size, len(result), mark_of(result))
        self._write(result)

    def hold(self, entry: _Entry) -> None:
        """An entry of the last build is one of this one as well."""
        self.held[entry.place] = entry

    def _list(self, *entry: str | bytes | int) -> None:
        # Packed: an object of each would be large.
        self.listed.append(msgspec.Raw(msgspec.msgpack.encode(entry)))

    def _write(self, data: bytes) -> None:
        self.waiting.append(data)
        self.size += len(data)
        if self.size - self.written > _MUCH:
            self._send()

    def _send(self) -> None:
        try:
            self.file = self.file or unchanged.open_own(self.path)
            self.file.writelines(self.waiting)
        except OSError:
            self.broken = True
        self.waiting, self.written = [], self.size

    def _write_held(self, before: _Before) -> None:
        """Those that follow each other there are brought over in one piece."""
        begin = end = shift = 0
        for entry in sorted(self.held.values(), key=lambda entry: entry.start):
            if entry.start != end or end - begin > _MUCH:
                self._write(before.bytes(begin, end - begin))
                begin, shift = entry.start, self.size - entry.start
            self._list(entry.place, entry.ground, entry.start + shift, entry.length, entry.mark)
            end = entry.start + entry.length
        self._write(before.bytes(begin, end - begin))

    def end(self, before: _Before, *, well: bool) -> None:
        """Put it where it will be read, or away."""
        if not self.listed and len(self.held) == len(before.entries):
            return  # there is nothing to say that the last build did not
        if well and not self.broken:
            self._write_held(before)
            start, listed = self.size, msgspec.msgpack.encode(self.listed)
            self.waiting += listed, _tail(self.program, start, listed)
            self._send()
        if self.file:
            with suppress(OSError):
                self.file.close()
                new = Path(os.fsdecode(self.file.name))
                if well and not self.broken:
                    new.replace(self.path)
                else:
                    new.unlink()


def _tail(program: bytes, start: int, listed: bytes) -> bytes:
    """What tells a whole file of this program from any other. It lists with the marks of all."""
    begin = start.to_bytes(8, "big")
    return begin + mark_of(_FORMAT + program + begin + listed)
