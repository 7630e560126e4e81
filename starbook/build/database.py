"""Memoised queries: results that are kept together with the dependencies they were computed from.

The algorithm is Salsa's (https://salsa-rs.github.io/salsa/reference/algorithm.html). A build begins
a revision. A result whose dependencies have not changed since it was last verified holds and is not
computed again. A result that is computed again and comes out equal keeps the revision in which it
last changed, so that what depends on it holds as well (early cutoff).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import Enum
from functools import partial
from hashlib import blake2b
from typing import Any, Generic, Protocol, TypeVar

import msgspec
from markupsafe import Markup

from starbook.build import pool
from starbook.build.spill import Place, SpillFile

T = TypeVar("T")

# The name of a query and its arguments.
Key = tuple[str, ...]

_MISSING: Any = object()


class Keep(Enum):
    """The part of a result that is saved for the next process."""

    VALUE = "value"
    # Of large values that can be read elsewhere, or are computed quickly from what is saved.
    FINGERPRINT = "fingerprint"
    NOTHING = "nothing"


def _encode_markup(value: object) -> str:
    if isinstance(value, Markup):  # msgspec writes subclasses of str only when told
        return str(value)
    raise NotImplementedError


# The order of a mapping is kept: it may count. (So results should hold no sets, which have none.)
_ENCODER = msgspec.msgpack.Encoder(enc_hook=_encode_markup)


def fingerprint_of(data: bytes) -> bytes:
    """Return 16 bytes that tell `data` from any other."""
    return blake2b(data, digest_size=16).digest()


class Query(Generic[T]):
    """A function of a database and string arguments whose results are memoised.

    An input is executed once in each revision that asks for it: it looks at the world outside.
    """

    def __init__(
        self, function: Callable[..., T], kind: Any, keep: Keep, *, is_input: bool = False
    ) -> None:
        self.function = function
        self.name = function.__name__
        self.keep = keep
        self.is_input = is_input
        self._decoder = None if kind is bytes else msgspec.msgpack.Decoder(kind)

    def __call__(self, database: "Database", *args: str) -> T:
        """Return the result for these arguments."""
        return database.get(self, *args)

    def decode(self, data: bytes) -> Any:
        """Return the value that was encoded as `data`."""
        return self._decoder.decode(data) if self._decoder else data

    def encode(self, value: Any) -> bytes:
        """Return `value` as bytes that `decode` reads."""
        return value if isinstance(value, bytes) else _ENCODER.encode(value)


QUERIES: dict[str, Query[Any]] = {}


def split_key(key: Key) -> tuple[Any, ...]:
    """Return the query of a key, and its arguments."""
    name, *args = key
    return QUERIES[name], *args


def query(
    kind: Any, keep: Keep = Keep.VALUE, *, is_input: bool = False
) -> Callable[[Callable[..., T]], Query[T]]:
    """Return a decorator that makes a `Query` of a function whose results are of type `kind`."""

    def decorate(function: Callable[..., T]) -> Query[T]:
        made = QUERIES[function.__name__] = Query(function, kind, keep, is_input=is_input)
        return made

    return decorate


class Memo:
    """A result: its value, the revisions in which it changed and was verified, its dependencies.

    `spilled` is where the value lies as a worker process has encoded it, `row` where the store has
    it (0 for nowhere). `fingerprint` is that of the encoded value, empty until it is needed.
    """

    __slots__ = (
        "changed", "dependencies", "fingerprint", "key", "query", "row", "spilled", "value",
        "verified",
    )  # fmt: skip

    def __init__(self, key: Key) -> None:
        self.key = key
        self.query = QUERIES[key[0]]
        self.value: Any = _MISSING
        self.spilled: Place | None = None
        self.changed = 0
        self.verified = 0
        self.dependencies: tuple[Memo, ...] = ()
        self.fingerprint = b""
        self.row = 0


class Store(Protocol):
    """A place where memos outlive the process; see `starbook.build.store`."""

    def load(self) -> tuple[int, dict[Key, Memo]]:
        """Return the last revision and its memos, without their values."""

    def read(self, row: int) -> bytes:
        """Return an encoded value; empty if it cannot be read."""

    def save(self, revision: int, memos: Sequence[Memo], encode: Callable[[Memo], bytes]) -> None:
        """Replace what is stored by these memos."""


# A memo as a worker process returns it: key, whether it changed, value, fingerprint, dependencies.
_Result = tuple[Key, bool, bytes | None, bytes, list[Key]]


class Database:
    """The memos of one handbook, in memory and, with a store, on disk.

    `environment` is what inputs read from. `recover` may return a value of which only the
    fingerprint was saved, or None; it is computed again then.
    """

    def __init__(
        self,
        environment: Any = None,
        store: Store | None = None,
        recover: Callable[[Key, bytes], Any] = lambda key, fingerprint: None,
    ) -> None:
        self.environment = environment
        self.recover = recover
        self._store = store
        self._spill = SpillFile()
        self.revision, self._memos = store.load() if store else (0, {})
        self.revision += 1
        self._running: list[dict[Memo, None]] = []
        self._executed: list[Memo] | None = None

    def begin(self) -> None:
        """Begin a revision: inputs are looked at again when they are asked for."""
        self.revision += 1

    def get(self, query: Query[T], *args: str) -> T:
        """Return the result of `query`, computed only if a dependency has changed."""
        memo = self._fresh(query, args)
        value: T = memo.value if memo.value is not _MISSING else self._read(memo)
        return value

    def refresh(self, query: Query[Any], *args: str) -> None:
        """Bring a result up to date without reading it."""
        self._fresh(query, args)

    def _fresh(self, query: Query[Any], args: Key) -> Memo:
        key = (query.name, *args)
        memo = self._memos.get(key)
        if memo is None:
            memo = self._memos[key] = Memo(key)
        if self._running:
            self._running[-1][memo] = None
        if not self._verify(memo):
            self._execute(memo)
        return memo

    def _verify(self, memo: Memo) -> bool:
        """Return True if the result holds: no dependency has changed since it was verified."""
        revision = self.revision
        if memo.verified == revision:
            return True
        if not memo.verified or memo.query.is_input:
            return False
        try:
            for dependency in memo.dependencies:
                if dependency.verified != revision and not self._verify(dependency):
                    self._execute(dependency)
                if dependency.changed > memo.verified:
                    return False
        except Exception:  # it is raised again if it is still asked for
            return False
        memo.verified = revision
        return True

    def _execute(self, memo: Memo) -> None:
        with self._recording() as dependencies:
            value = memo.query.function(self, *memo.key[1:])
        if not (memo.verified and self._is_same(memo, value)):
            memo.value, memo.spilled, memo.changed = value, None, self.revision
            memo.fingerprint, memo.row = b"", 0
        memo.verified = self.revision
        memo.dependencies = tuple(dependencies)
        if self._executed is not None:
            self._executed.append(memo)

    @contextmanager
    def _recording(self) -> Iterator[dict[Memo, None]]:
        self._running.append({})
        try:
            yield self._running[-1]
        finally:
            self._running.pop()

    def _is_same(self, memo: Memo, value: object) -> bool:
        if memo.value is not _MISSING:
            # Mappings with another order are equal, but what is made of them need not be.
            in_order = not isinstance(value, dict) or list(memo.value) == list(value)
            return bool(memo.value == value) and in_order
        query = memo.query
        if query.keep is Keep.NOTHING or fingerprint_of(query.encode(value)) != memo.fingerprint:
            return False
        memo.value = value
        return True

    def _read(self, memo: Memo) -> Any:
        """Return a value that is not in memory: one that is saved, or else computed."""
        value = self._saved(memo)
        if memo.spilled and isinstance(value, bytes):  # pages are many, and hardly read again
            return value
        if value is _MISSING:
            with self._recording():  # what it depends on is known
                value = memo.query.function(self, *memo.key[1:])
        memo.value = value
        return value

    def _saved(self, memo: Memo) -> Any:
        """Return a value that this or another process has saved, `_MISSING` if there is none."""
        query = memo.query
        if memo.spilled or memo.row:
            data = self._data(memo)
            return query.decode(data) if fingerprint_of(data) == memo.fingerprint else _MISSING
        found = query.keep is Keep.FINGERPRINT and self.recover(memo.key, memo.fingerprint)
        return found or _MISSING

    def _data(self, memo: Memo) -> bytes:
        """Return an encoded value; empty if it cannot be read."""
        if memo.spilled:
            return self._spill.read(memo.spilled)
        return self._store.read(memo.row) if self._store else b""

    # Many at once

    def refresh_all(
        self,
        groups: Iterable[Sequence[tuple[Any, ...]]],
        on_progress: Callable[[int], None] = lambda count: None,
    ) -> None:
        """Bring many results up to date, in several processes where that is quicker.

        A group has queries with their arguments that one process computes together. `on_progress`
        is called with how many more groups are done.
        """
        keys = [[(query.name, *args) for query, *args in group] for group in groups]
        stale = [group for group in keys if not all(map(self._is_fresh, group))]
        on_progress(len(keys) - len(stale))
        with suppress(OSError):  # the disk is full
            for count, results in pool.parallel_map(partial(_compute, self), stale):
                for result in results:
                    self._adopt(*result)
                on_progress(count)
        for group in stale:  # all, or what a worker process could not compute
            if not all(map(self._is_fresh, group)):
                for key in group:
                    self.refresh(*split_key(key))
                on_progress(1)

    def _is_fresh(self, key: Key) -> bool:
        memo = self._memos.get(key)
        return memo is not None and self._verify(memo)

    def _adopt(
        self, key: Key, changed: bool, data: bytes | None, fingerprint: bytes, keys: list[Key]
    ) -> None:
        """Take over a memo that a worker process has computed."""
        memo = self._memos.get(key)
        if memo is None:
            memo = self._memos[key] = Memo(key)
        if memo.verified == self.revision:
            return  # two workers needed it
        if changed:
            memo.value, memo.spilled = _MISSING, self._spill.append(data) if data else None
            memo.changed, memo.fingerprint, memo.row = self.revision, fingerprint, 0
        memo.verified = self.revision
        memo.dependencies = tuple(self._memos[name] for name in keys)
        self._hold(memo.dependencies)

    def _hold(self, memos: Iterable[Memo]) -> None:
        """Note that memos hold: a worker has used them, and did not compute them again."""
        for memo in memos:
            if memo.verified != self.revision:
                memo.verified = self.revision
                self._hold(memo.dependencies)

    def release(self, *queries: Query[Any]) -> None:
        """Free the memory of results that will hardly be asked for again in this process."""
        for memo in self._memos.values():
            if memo.query in queries and (memo.spilled or memo.query.keep is Keep.NOTHING):
                memo.value = _MISSING

    # Saving

    def commit(self, *, save: bool = True) -> None:
        """Drop what this revision has not reached, and save the rest for the next process."""
        self._memos = {k: m for k, m in self._memos.items() if m.verified == self.revision}
        if save and self._store:
            self._store.save(self.revision, list(self._memos.values()), self._encoded)
        for memo in self._memos.values():
            if memo.row:
                memo.spilled = None

    def _encoded(self, memo: Memo) -> bytes:
        """Return the value as it is saved, empty for one that is not; set its fingerprint."""
        query = memo.query
        if query.keep is Keep.NOTHING or (query.keep is Keep.FINGERPRINT and memo.fingerprint):
            return b""
        data = self._data(memo) if memo.spilled else query.encode(memo.value)
        memo.fingerprint = memo.fingerprint or fingerprint_of(data)
        return data if query.keep is Keep.VALUE else b""


def _compute(database: Database, groups: Sequence[Sequence[Key]]) -> tuple[int, list[_Result]]:
    """Compute results in a worker process; return how many groups, and all memos that this took."""
    executed: list[Memo] = []
    database._executed = executed
    done = 0
    for group in groups:
        with suppress(Exception):  # the parent process comes to the same, and raises it
            for key in group:
                database.refresh(*split_key(key))
            done += 1
    database._executed = None
    return done, [_result(database, memo) for memo in executed]


def _result(database: Database, memo: Memo) -> _Result:
    query = memo.query
    changed = memo.changed == database.revision
    data = None
    if changed and query.keep is not Keep.NOTHING and memo.value is not _MISSING:
        data = query.encode(memo.value)
        memo.fingerprint = memo.fingerprint or fingerprint_of(data)
        if query.keep is Keep.FINGERPRINT:
            # Pages are many, and the parent process writes them; all else is computed quickly.
            data = data if isinstance(memo.value, bytes) else None
            memo.value = _MISSING
    return memo.key, changed, data, memo.fingerprint, [one.key for one in memo.dependencies]
