"""A temporary file for results that are too large to be held in memory together."""

import os
from tempfile import TemporaryFile
from typing import IO, NamedTuple


class Place(NamedTuple):
    """A range of bytes in a file."""

    offset: int
    size: int


class SpillFile:
    """A private file without a name, which is gone when the last process that has it open ends."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None

    def append(self, data: bytes) -> Place:
        """Write `data` at the end, and return where it is. Raises OSError."""
        self._file = self._file or TemporaryFile()  # noqa: SIM115  (open while the database is)
        place = Place(self._file.tell(), len(data))
        self._file.write(data)
        self._file.flush()
        return place

    def read(self, place: Place) -> bytes:
        """Return the bytes at `place`; a process that was forked since may read them too."""
        # With the position of the file, processes would disturb each other.
        return os.pread(self._file.fileno(), place.size, place.offset) if self._file else b""
