"""The files of a site before they are written: in memory, or by where their bytes lie on the disk.

The pages of a large handbook come to more than all else that a build holds. So those that are made
wait in a file of their own, and those that are as the last build left them are not even read.
"""

import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, NamedTuple

# As much as a small handbook has stays in memory, in bytes; the rest is read in steps.
_LITTLE = 2**25
_STEP = 2**20


class Left:
    """A file that lies on the disk, and how many bytes it has."""

    def __init__(self, path: str, size: int) -> None:
        self.path = path
        self.size = size

    def read(self, start: int, length: int) -> bytes:
        """A piece of it. Raises OSError."""
        with Path(self.path).open("rb", buffering=0) as file:
            file.seek(start)
            return file.read(length)


class Cut(NamedTuple):
    """A piece of a file on the disk."""

    file: "Left | Spool"
    start: int
    length: int


class Stored(NamedTuple):
    """What comes of pieces, one behind the other."""

    parts: tuple[bytes | Cut, ...]

    def is_file(self, path: str) -> bool:
        """Whether it is all of what lies there."""
        only = self.parts[0] if len(self.parts) == 1 else b""
        if isinstance(only, bytes) or not isinstance(only.file, Left):
            return False
        return only.file.path == path and only.length == only.file.size


Data = str | bytes | Stored
Files = Mapping[str, Data]


def chunks(data: bytes | Stored) -> Iterator[bytes]:
    """All the bytes of a file, not too many at once. Raises OSError."""
    if isinstance(data, Stored):
        for part in _runs(data.parts):
            yield from [part] if isinstance(part, bytes) else _steps(part)
    else:
        yield data


def size(data: bytes | Stored) -> int:
    """How many bytes a file has."""
    if isinstance(data, Stored):
        return sum(len(part) if isinstance(part, bytes) else part.length for part in data.parts)
    return len(data)


def as_bytes(data: Data) -> bytes:
    """A file as it is written. Raises OSError."""
    return b"".join(chunks(data.encode() if isinstance(data, str) else data))


def as_text(data: Data) -> str:
    """A file that is a text, pages among them. Raises OSError."""
    return data if isinstance(data, str) else as_bytes(data).decode()


def joined(parts: Iterable[bytes | Stored]) -> bytes | Stored:
    """One behind the other."""
    them = tuple(parts)
    if all(isinstance(part, bytes) for part in them):
        return b"".join(them)  # type: ignore[arg-type]
    pieces = ((part,) if isinstance(part, bytes) else part.parts for part in them)
    return Stored(tuple(piece for some in pieces for piece in some))


class Spool:
    """Where what was made waits. It goes when nobody needs it any more."""

    def __init__(self) -> None:
        self._size = 0
        self._file: IO[bytes] | None = None

    def put(self, data: bytes) -> bytes | Stored:
        """The same data, on the disk where there is much already."""
        self._size += len(data)
        if self._size <= _LITTLE:
            return data
        try:
            self._file = self._file or _nameless()
            start = self._file.seek(0, io.SEEK_END)
            self._file.write(data)
            self._file.flush()
        except OSError:  # it is full: memory may not be
            return data
        return Stored((Cut(self, start, len(data)),))

    def read(self, start: int, length: int) -> bytes:
        """A piece of it. Raises OSError."""
        if self._file is None:
            return b""
        self._file.seek(start)
        return self._file.read(length)


def _nameless() -> IO[bytes]:
    import tempfile  # noqa: PLC0415  (a small handbook needs none)

    return tempfile.TemporaryFile()


def _runs(parts: Iterable[bytes | Cut]) -> Iterator[bytes | Cut]:
    """Cuts that follow each other in their file as one."""
    last: bytes | Cut = b""
    for part in parts:
        if isinstance(last, Cut) and isinstance(part, Cut) and _follows(part, last):
            last = Cut(last.file, last.start, last.length + part.length)
        else:
            yield last
            last = part
    yield last


def _follows(cut: Cut, before: Cut) -> bool:
    return cut.file is before.file and cut.start == before.start + before.length


def _steps(cut: Cut) -> Iterator[bytes]:
    end = cut.start + cut.length
    for start in range(cut.start, end, _STEP):
        length = min(_STEP, end - start)
        found = cut.file.read(start, length)
        if len(found) < length:
            raise OSError(None, "a file that it is made of was cut short meanwhile")
        yield found
