"""What the last build or `serve` of the same site worked out, so that the next one need not.

A result is kept at a place, such as a file or a page, with a digest of all that it was worked out
from, and is used again only where that is the same. Whoever reads the file of another program, or a
damaged one, has an empty past: a build then takes its time, and comes to the same site.
"""

import io
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar
from zlib import crc32

import msgspec
from markupsafe import Markup

from starbook.build import fast_path
from starbook.build.stored import Cut, Left, Stored, as_bytes

T = TypeVar("T")
R = TypeVar("R")

_FORMAT = b"starbook past 6\n"
_SIZE = 16  # of a digest, in bytes
_TAIL = 8 + _SIZE  # at the end of a file: where its list begins, and a seal on both
_MUCH = 2**24  # so many bytes wait to be written
_FEW = 2**20  # with so many that nobody needs any more, a file is not written anew
_AHEAD = 2**16  # so many are read at once: what is asked for next mostly lies behind


def _plain(thing: object) -> str:
    if isinstance(thing, Markup):  # a text of a page that is HTML already
        return str(thing)
    raise NotImplementedError


# Sets have no order of their own, and yet must come to one digest in every process.
_ENCODER = msgspec.msgpack.Encoder(order="deterministic", enc_hook=_plain)


@cache  # to make one takes longer than most results
def _decoder(kind: Any) -> "msgspec.msgpack.Decoder[Any]":
    return msgspec.msgpack.Decoder(kind)


def digest(value: Any) -> bytes:
    """By what a value is known: any that msgspec can write, and HTML."""
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
    mark: int


_LIST = msgspec.msgpack.Decoder(list[_Entry])


class Past:
    """Results by place: those of the last build, to be found; those of this one, to be kept.

    They lie in the file at `path`, as together they are large; without, nothing is kept, and to ask
    costs no time. `out` is the folder that both builds write. `common` has what is the same for
    every handbook, `looks` how all looked at the last build. With those, what is left of the site
    need not be read; without, it is, and is `at_hand`: it may be written anew while it is used.
    """

    def __init__(
        self,
        out: Path | None = None,
        path: str = "",
        program: bytes = b"",
        common: "Past | None" = None,
        looks: tuple[bytes, Mapping[bytes, bytes]] | None = None,
    ) -> None:
        self.out = out and os.path.abspath(out)  # noqa: PTH100  (as looks have it, with its links)
        self.common = common or self
        self.seal = b""
        self._before = _Before(path, program)
        self._file = _Written(path, program) if path else None
        self._at_hand = looks is None
        seal, named = looks or (b"", {})  # those of another time say nothing of what is left
        self._looks = named if seal and seal == self._before.seal else {}
        self._left: dict[str, tuple[Left, bool]] = {}
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

    def left(
        self, path: str, mark: bytes, stand: tuple[int, int] | None = None
    ) -> bytes | Stored | None:
        """A file of the site, or what stands in it (from where, and how much), as it was left.

        That is where its bytes have this mark. It is not read where its look tells as much.
        """
        if path not in self._left:
            self._left[path] = self._look_at(f"{self.out}{os.sep}{path}")
        file, as_left = self._left[path]
        data = Stored((Cut(file, *(stand or (0, file.size))),))
        with suppress(OSError):
            if as_left:
                return data
            found = as_bytes(data)
            if mark_of(found) == mark:
                return found if self._at_hand else data
        return None

    def _look_at(self, path: str) -> tuple[Left, bool]:
        """A file, and whether it looks as it was left."""
        try:
            found = os.lstat(path)
        except OSError:
            return Left(path, 0), False
        return Left(path, found.st_size), self.is_as_left(path, found)

    def is_as_left(self, path: str, found: os.stat_result) -> bool:
        """Whether a file, of which the system tells this now, is as it was for the last build."""
        look = self._looks.get(os.fsencode(path))
        return look is not None and look == fast_path.stamp(found)

    def sound(self, place: str) -> bytes | None:
        """From what a result came that can be found there, undamaged; None where there is none."""
        entry = self._before.entries.get(place)
        return entry.ground if entry and self._before.fetch(entry) else None

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

    def once(self, place: str, ground: bytes, kind: Any, work: Callable[[], R]) -> R:
        """What `work` comes to, which need not be done where it is found there from the same."""
        found: R | None = self.find(place, ground, kind)
        if found is None:
            found = work()
            self.keep(place, ground, found)
        return found

    def end(self, *, well: bool) -> None:
        """This build is over: if it went well, the next one will read of it.

        Whoever asks from now on finds nothing.
        """
        if self._file:
            self.seal = self._file.end(self._before, well=well)
        self._file = None
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


def read(
    content: str, layouts: str, out: Path, edition: str, argv: list[str] | None = None
) -> Past:
    """The past of a site, to be asked for before anything is read that it is made of.

    It is empty where there is none of this program and these layouts, or it is not whole. With the
    `argv` of a build, the record of that build tells how all looked.
    """
    program = None if os.name == "nt" else fast_path.program(layouts)
    if program is None:
        return Past()
    path = fast_path.beside(content, "past", os.path.realpath(out), edition)
    common = Past(None, fast_path.beside(layouts, "program"), program)
    common.hold_all()
    looks = None if argv is None else fast_path.looks(content, argv)
    return Past(out, path, program, common, looks)


class _Before:
    """The file of the last build. Of its results, those that are asked for are read."""

    def __init__(self, path: str, program: bytes) -> None:
        self.file = fast_path.opened_own(path)
        self.seal, self.size = b"", 0
        self.path = path
        self.begin, self.ahead = 0, b""
        self.fetched: dict[str, bytes] = {}
        self.entries = {entry.place: entry for entry in self._listed(program)}

    def _listed(self, program: bytes) -> Iterable[_Entry]:
        if not self.file:
            return ()
        self.size = end = os.fstat(self.file.fileno()).st_size
        tail = self.piece(max(0, end - _TAIL), _TAIL)
        start = int.from_bytes(tail[:8], "big")
        listed = self.piece(start, max(0, end - start - _TAIL))
        if tail != _tail(program, start, listed):
            return ()
        with suppress(msgspec.DecodeError):
            entries = _LIST.decode(listed)
            self.seal = _seal(tail)
            return entries
        return ()

    def piece(self, start: int, length: int) -> bytes:
        """A piece of the file; what cannot be read is missing."""
        first = start - self.begin
        if first < 0 or first + length > len(self.ahead):
            self.begin, self.ahead, first = start, self._read(start, max(length, _AHEAD)), 0
        return self.ahead[first : first + length]

    def _read(self, start: int, length: int) -> bytes:
        with suppress(OSError, OverflowError):
            if self.file:
                return os.pread(self.file.fileno(), length, start)
        return b""

    def open_to_go_on(self, held: Iterable[_Entry]) -> io.BufferedWriter | None:
        """The same file, to write behind it, where most of it still holds, and it is as it was."""
        live = sum(entry.length for entry in held)
        if not self.file or self.size > 2 * live + _FEW:
            return None
        with suppress(OSError):
            file = open(self.path, "ab", opener=_no_link)  # noqa: SIM115
            now = os.fstat(file.fileno())
            if os.path.samestat(now, os.fstat(self.file.fileno())) and now.st_size == self.size:
                return file
            file.close()
        return None

    def read(self, entry: _Entry, kind: Any) -> Any:
        """The result of an entry; None where it is damaged."""
        if not self.fetch(entry):
            return None
        return _decoder(kind).decode(self.fetched.pop(entry.place))

    def fetch(self, entry: _Entry) -> bool:
        """Have the bytes of an entry at hand, to be read soon; whether they are undamaged."""
        if entry.place in self.fetched:
            return True
        data = self.piece(entry.start, entry.length)
        if crc32(data) != entry.mark:
            return False
        self.fetched[entry.place] = data
        return True

    def end(self) -> None:
        """Nothing is there any more."""
        self.entries = {}
        if self.file:
            self.file.close()


class _Written:
    """What this build leaves for the next. If it cannot be written, that one takes its time.

    Nothing is written before it is much, or all: a build that fails soon leaves no trace.
    """

    def __init__(self, path: str, program: bytes) -> None:
        self.path = path
        self.program = program
        self.process = os.getpid()
        self.new: dict[str, _Entry] = {}
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
        self.new[place] = _Entry(place, ground, self.size, len(result), crc32(result))
        self._write(result)

    def hold(self, entry: _Entry) -> None:
        """An entry of the last build is one of this one as well."""
        self.held[entry.place] = entry

    def _write(self, data: bytes) -> None:
        self.waiting.append(data)
        self.size += len(data)
        if self.size - self.written > _MUCH:
            self._send()

    def _send(self) -> None:
        try:
            self.file = self.file or fast_path.open_own(self.path)
            self.file.writelines(self.waiting)
        except OSError:
            self.broken = True
        self.waiting, self.written = [], self.size

    def end(self, before: _Before, *, well: bool) -> bytes:
        """Put it where it will be read, or away; by what it is known, if it is there."""
        if not self.new and len(self.held) == len(before.entries):
            return before.seal  # there is nothing to say that the last build did not
        sound = well and not self.broken
        if sound and not self.file and (file := before.open_to_go_on(self.held.values())):
            return self._go_on(file, before)
        tail = b""
        if sound:
            held = self._bring(before)
            tail = self._list([*self.new.values(), *held])
            self._send()
        if self.file:
            with suppress(OSError):
                self.file.close()
                new = Path(os.fsdecode(self.file.name))
                if tail and not self.broken:
                    new.replace(self.path)
                    return _seal(tail)
                new.unlink()
        return b""

    def _go_on(self, file: io.BufferedWriter, before: _Before) -> bytes:
        """Write behind what the last build left. Should it be cut short, there is no past."""
        new = [_moved(entry, before.size) for entry in self.new.values()]
        self.size += before.size
        tail = self._list([*self.held.values(), *new])
        with suppress(OSError), file:
            file.writelines(self.waiting)
            return _seal(tail)
        return b""

    def _list(self, entries: list[_Entry]) -> bytes:
        """The last to be written: where all is, and what tells that it is whole."""
        listed = msgspec.msgpack.encode(entries)
        tail = _tail(self.program, self.size, listed)
        self.waiting += listed, tail
        return tail

    def _bring(self, before: _Before) -> list[_Entry]:
        """What is held, where it is now; what follows each other there comes in one piece."""
        found: list[_Entry] = []
        begin = end = shift = 0
        for entry in sorted(self.held.values(), key=lambda entry: entry.start):
            if entry.start != end or end - begin > _MUCH or not found:
                self._write(before.piece(begin, end - begin))
                begin, shift = entry.start, self.size - entry.start
            found.append(_moved(entry, shift))
            end = entry.start + entry.length
        self._write(before.piece(begin, end - begin))
        return found


def _moved(entry: _Entry, by: int) -> _Entry:
    return msgspec.structs.replace(entry, start=entry.start + by)


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW)


def _seal(tail: bytes) -> bytes:
    return tail[8:].hex().encode()


def _tail(program: bytes, start: int, listed: bytes) -> bytes:
    """What tells a whole file of this program from any other. It lists with the marks of all."""
    begin = start.to_bytes(8, "big")
    return begin + mark_of(_FORMAT + program + begin + listed)
