"""The memos of a `Database` in an SQLite file, for the next process.

The table `graph` has one row: the keys, revisions, fingerprints and dependencies of all memos. The
table `content` has their encoded values, which are read one by one when they are asked for. A file
is never changed in place: a changed copy takes its place, so that a process goes on reading the
file that it has opened, and two that write at once leave the file of one of them. A file that is
damaged, of another program, or writable by others counts as empty.
"""

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress

import msgspec

from starbook.build import cache
from starbook.build.database import Key, Memo, fingerprint_of

_FORMAT = b"starbook store 1\n"


class _Entry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A memo in the graph; `dependencies` are positions in it."""

    key: Key
    changed: int
    dependencies: tuple[int, ...]
    fingerprint: bytes
    row: int


class _Graph(msgspec.Struct, frozen=True, array_like=True):
    """All memos at one revision."""

    revision: int
    entries: list[_Entry]


_GRAPH = msgspec.msgpack.Decoder(_Graph)


class Store:
    """The store at `path`, as the `program` with this fingerprint writes it."""

    def __init__(self, path: str, program: bytes) -> None:
        self._path = path
        self._program = program
        self._rows: set[int] = set()
        self._process = os.getpid()
        self._connection = self._connect()

    def _connect(self) -> sqlite3.Connection | None:
        if not cache.is_private(self._path):
            return None
        with suppress(sqlite3.Error):
            # Nothing writes to a file that is in its place, so SQLite need not lock it.
            address = f"file:{_quoted(self._path)}?mode=ro&immutable=1"
            return sqlite3.connect(address, uri=True)
        return None

    def load(self) -> tuple[int, dict[Key, Memo]]:
        """Return the last revision and its memos, without their values; none if it is damaged."""
        graph = self._graph()
        memos = [Memo(entry.key) for entry in graph.entries]
        for memo, entry in zip(memos, graph.entries, strict=True):
            memo.changed, memo.verified = entry.changed, graph.revision
            memo.fingerprint, memo.row = entry.fingerprint, entry.row
            memo.dependencies = tuple([memos[position] for position in entry.dependencies])
        self._rows = {memo.row for memo in memos if memo.row}
        return graph.revision, {memo.key: memo for memo in memos}

    def _graph(self) -> _Graph:
        with suppress(sqlite3.Error, msgspec.DecodeError, TypeError):
            if self._connection:
                seal, data = self._connection.execute("select seal, data from graph").fetchone()
                if seal == self._seal(data):
                    return _GRAPH.decode(data)
        return _Graph(0, [])

    def _seal(self, data: bytes) -> bytes:
        return fingerprint_of(_FORMAT + self._program + data)

    def read(self, row: int) -> bytes:
        """Return an encoded value; empty if it cannot be read."""
        if self._process != os.getpid():  # a connection must not be used in two processes
            self._process, self._connection = os.getpid(), self._connect()
        with suppress(sqlite3.Error, TypeError):
            if self._connection:
                query = "select data from content where id = ?"
                data = self._connection.execute(query, (row,)).fetchone()[0]
                return data if isinstance(data, bytes) else b""
        return b""

    def save(self, revision: int, memos: Sequence[Memo], encode: Callable[[Memo], bytes]) -> None:
        """Replace what is stored; if that fails, the next process finds what was there."""
        rows = self._new_rows(memos, encode)
        graph = msgspec.msgpack.encode(_Graph(revision, _entries(memos)))
        dead = self._rows - {memo.row for memo in memos}
        with suppress(OSError, sqlite3.Error), cache.replacing(self._path) as path:
            self._write(path, graph, rows, dead)
        self._rows = {memo.row for memo in memos if memo.row}
        self._connection = self._connect()

    def _new_rows(
        self, memos: Sequence[Memo], encode: Callable[[Memo], bytes]
    ) -> list[tuple[int, bytes]]:
        rows = []
        last = max(self._rows, default=0)
        for memo in memos:
            if not memo.row and (data := encode(memo)):
                last += 1
                memo.row = last
                rows.append((last, data))
        return rows

    def _write(
        self, path: str, graph: bytes, rows: Sequence[tuple[int, bytes]], dead: set[int]
    ) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            # The file is nobody's yet: if writing it fails, it is deleted, and needs no journal.
            connection.execute("pragma journal_mode = off")
            connection.execute("pragma synchronous = off")
            if self._rows and self._connection:
                self._connection.backup(connection)
            connection.execute("begin")
            connection.execute(
                "create table if not exists content (id integer primary key, data blob)"
            )
            connection.execute("create table if not exists graph (seal blob, data blob)")
            connection.executemany("delete from content where id = ?", ((row,) for row in dead))
            connection.executemany("insert into content values (?, ?)", rows)
            connection.execute("delete from graph")
            connection.execute("insert into graph values (?, ?)", (self._seal(graph), graph))
            connection.execute("commit")


def _quoted(path: str) -> str:
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _entries(memos: Sequence[Memo]) -> list[_Entry]:
    positions = {memo: position for position, memo in enumerate(memos)}
    return [
        _Entry(
            memo.key,
            memo.changed,
            tuple([positions[one] for one in memo.dependencies]),
            memo.fingerprint,
            memo.row,
        )
        for memo in memos
    ]
