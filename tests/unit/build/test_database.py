"""The database of queries: a result is computed once, and again only if it may be another."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from starbook.build import pool
from starbook.build.database import QUERIES, Database, Keep, Key, Memo, fingerprint_of, query
from starbook.build.store import Store

PROGRAM = b"program"


class World:
    """The values that the inputs of these tests read, and the names of the queries computed."""

    def __init__(self, **cells: Any) -> None:
        self.cells = cells
        self.computed: list[str] = []
        self.nodes: tuple[Node, ...] = ()

    def take_computed(self) -> list[str]:
        """Return what was computed since the last call."""
        computed, self.computed = self.computed, []
        return computed


@query(Any, is_input=True)
def cell(db: Database, name: str) -> Any:
    return db.environment.cells[name]


@query(int)
def length(db: Database, name: str) -> int:
    db.environment.computed.append(f"length {name}")
    return len(cell(db, name))


@query(int)
def total(db: Database) -> int:
    db.environment.computed.append("total")
    return sum(length(db, name) for name in cell(db, "names"))


@query(str)
def shout(db: Database, name: str) -> str:
    db.environment.computed.append(f"shout {name}")
    return str(cell(db, name)).upper()


@query(bytes, Keep.FINGERPRINT)
def page(db: Database, name: str) -> bytes:
    db.environment.computed.append(f"page {name}")
    return shout(db, name).encode()


@query(list[str], Keep.NOTHING)
def letters(db: Database, name: str) -> list[str]:
    db.environment.computed.append(f"letters {name}")
    return list(shout(db, name))


@query(int)
def inverse(db: Database, name: str) -> int:
    db.environment.computed.append(f"inverse {name}")
    return 60 // int(cell(db, name))


@query(str)
def report(db: Database, name: str) -> str:
    db.environment.computed.append(f"report {name}")
    return f"one {name}th is {inverse(db, name)}"


@query(dict[str, int])
def table(db: Database) -> dict[str, int]:
    return dict(cell(db, "pairs"))


@query(list[str])
def columns(db: Database) -> list[str]:
    db.environment.computed.append("columns")
    return list(table(db))


@query(str)
def hypertext(db: Database, name: str) -> str:
    return Markup(cell(db, name))


# In one process


def test_a_result_is_computed_once() -> None:
    db = Database(World(a="one"))
    assert length(db, "a") == length(db, "a") == 3
    assert db.environment.take_computed() == ["length a"]


def test_it_is_not_computed_again_if_no_input_has_changed() -> None:
    db = Database(World(a="one"))
    assert length(db, "a") == 3
    db.begin()
    assert length(db, "a") == 3
    assert db.environment.take_computed() == ["length a"]


def test_an_input_is_looked_at_once_in_a_revision() -> None:
    db = Database(World(a="one"))
    assert length(db, "a") == 3
    db.environment.cells["a"] = "three"
    assert (cell(db, "a"), length(db, "a")) == ("one", 3)
    db.begin()
    assert (cell(db, "a"), length(db, "a")) == ("three", 5)


def test_it_is_computed_again_if_an_input_has_changed() -> None:
    db = Database(World(a="one", b="two"))
    assert (length(db, "a"), length(db, "b")) == (3, 3)
    db.environment.cells["a"] = "three"
    db.begin()
    assert (length(db, "a"), length(db, "b")) == (5, 3)
    assert db.environment.take_computed() == ["length a", "length b", "length a"]


def test_what_asks_for_a_result_that_comes_out_equal_holds() -> None:
    db = Database(World(names=["a", "b"], a="one", b="two"))
    assert total(db) == 6
    db.environment.take_computed()
    db.environment.cells["a"] = "six"
    db.begin()
    assert total(db) == 6
    assert db.environment.take_computed() == ["length a"]


def test_what_it_asks_for_may_be_other_results_each_time() -> None:
    db = Database(World(names=["a"], a="one", b="three"))
    assert total(db) == 3
    db.environment.cells["names"] = ["b"]
    db.begin()
    assert total(db) == 5
    db.environment.cells["a"] = "a long one"
    db.environment.take_computed()
    db.begin()
    assert total(db) == 5
    assert db.environment.take_computed() == []


def test_to_bring_it_up_to_date_is_to_compute_it() -> None:
    db = Database(World(a="one"))
    db.refresh(length, "a")
    assert db.environment.take_computed() == ["length a"]
    assert length(db, "a") == 3
    assert db.environment.take_computed() == []


def test_an_exception_is_not_remembered() -> None:
    db = Database(World(a="0"))
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            inverse(db, "a")
    assert db.environment.take_computed() == ["inverse a", "inverse a"]
    db.environment.cells["a"] = "5"
    db.begin()
    assert inverse(db, "a") == 12


def test_a_dependency_that_fails_counts_as_changed() -> None:
    db = Database(World(a="5"))
    assert report(db, "a") == "one ath is 12"
    db.environment.cells["a"] = "0"
    db.begin()
    db.environment.take_computed()
    with pytest.raises(ZeroDivisionError):
        report(db, "a")
    assert "report a" in db.environment.take_computed()
    db.environment.cells["a"] = "5"
    db.begin()
    assert report(db, "a") == "one ath is 12"
    assert "report a" not in db.environment.take_computed()  # it is as it was before


def test_one_that_is_not_asked_for_any_more_may_fail() -> None:
    db = Database(World(names=["a", "b"], a="one", b="two"))
    assert total(db) == 6
    del db.environment.cells["b"]
    db.environment.cells["names"] = ["a"]
    db.begin()
    assert total(db) == 3


def test_the_order_of_a_mapping_counts() -> None:
    db = Database(World(pairs=[("a", 1), ("b", 2)]))
    assert columns(db) == ["a", "b"]
    db.environment.cells["pairs"] = [("b", 2), ("a", 1)]
    db.begin()
    assert columns(db) == ["b", "a"]


def test_results_that_were_not_reached_are_dropped() -> None:
    db = Database(World(a="one", b="two"))
    assert (length(db, "a"), length(db, "b")) == (3, 3)
    db.begin()
    assert length(db, "a") == 3
    db.commit()
    db.environment.take_computed()
    assert (length(db, "a"), length(db, "b")) == (3, 3)
    assert db.environment.take_computed() == ["length b"]


# From one process to the next


@pytest.fixture
def path(cache_root: Path) -> str:
    """Return the path of the store of these tests."""
    return str(cache_root / "00000000.sqlite")


@pytest.fixture
def reopen(path: str) -> Callable[..., Database]:
    """Open what was saved as the next process does."""

    def open_(world: World, **options: Any) -> Database:
        return Database(world, Store(path, PROGRAM), **options)

    return open_


def test_a_saved_result_is_not_computed_again(reopen: Callable[..., Database]) -> None:
    world = World(names=["a", "b"], a="one", b="two")
    db = reopen(world)
    assert total(db) == 6
    db.commit()
    world.cells["a"] = "three"
    world.take_computed()
    db = reopen(world)
    assert total(db) == 8
    assert world.take_computed() == ["length a", "total"]


def test_a_value_that_is_damaged_is_computed_again(
    reopen: Callable[..., Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(a="one")
    db = reopen(world)
    length(db, "a")
    db.commit()
    monkeypatch.setattr(Store, "read", lambda *_: b"\x05")
    world.take_computed()
    db = reopen(world)
    assert length(db, "a") == 3
    assert world.take_computed() == ["length a"]


def test_results_that_were_not_reached_are_not_saved(reopen: Callable[..., Database]) -> None:
    world = World(a="one", b="two")
    db = reopen(world)
    length(db, "a")
    length(db, "b")
    db.commit()
    db = reopen(world)
    length(db, "a")
    db.commit()
    world.take_computed()
    db = reopen(world)
    assert (length(db, "a"), length(db, "b")) == (3, 3)
    assert world.take_computed() == ["length b"]


def test_nothing_is_saved_where_it_need_not(path: str, reopen: Callable[..., Database]) -> None:
    db = reopen(World(a="one"))
    length(db, "a")
    db.commit(save=False)
    assert not Path(path).exists()


def test_of_a_page_only_the_fingerprint_is_saved(reopen: Callable[..., Database]) -> None:
    world = World(a="one")
    db = reopen(world)
    assert page(db, "a") == b"ONE"
    db.commit()
    wanted: list[tuple[Key, bytes]] = []

    def recover(key: Key, fingerprint: bytes) -> bytes:
        wanted.append((key, fingerprint))
        return b"ONE"

    world.take_computed()
    db = reopen(world, recover=recover)
    db.refresh(page, "a")
    assert (wanted, world.take_computed()) == ([], [])
    assert page(db, "a") == page(db, "a") == b"ONE"
    assert wanted == [(("page", "a"), fingerprint_of(b"ONE"))]
    assert world.take_computed() == []


def test_a_page_that_cannot_be_recovered_is_computed_again(
    reopen: Callable[..., Database],
) -> None:
    world = World(a="one")
    db = reopen(world)
    page(db, "a")
    db.commit()
    world.take_computed()
    db = reopen(world)
    assert page(db, "a") == b"ONE"
    assert world.take_computed() == ["page a"]


def test_what_is_not_saved_at_all_is_computed_when_somebody_needs_it(
    reopen: Callable[..., Database],
) -> None:
    world = World(a="one")
    db = reopen(world)
    assert letters(db, "a") == ["O", "N", "E"]
    db.commit()
    world.take_computed()
    db = reopen(world)
    db.refresh(letters, "a")
    assert world.take_computed() == []
    assert letters(db, "a") == letters(db, "a") == ["O", "N", "E"]
    assert world.take_computed() == ["letters a"]


def test_html_is_saved_as_the_text_that_it_is(reopen: Callable[..., Database]) -> None:
    world = World(a="<b>")
    db = reopen(world)
    hypertext(db, "a")
    db.commit()
    assert hypertext(reopen(world), "a") == "<b>"


def test_what_another_program_has_saved_does_not_count(
    path: str, reopen: Callable[..., Database]
) -> None:
    world = World(a="one")
    db = reopen(world)
    length(db, "a")
    db.commit()
    world.take_computed()
    assert length(Database(world, Store(path, b"another")), "a") == 3
    assert world.take_computed() == ["length a"]


def test_a_store_that_is_replaced_meanwhile_is_read_to_the_end(
    reopen: Callable[..., Database],
) -> None:
    world = World(a="one", b="two")
    db = reopen(world)
    assert (shout(db, "a"), shout(db, "b")) == ("ONE", "TWO")
    db.commit()
    first, second = reopen(world), reopen(World(a="three", b="four"))
    assert (shout(second, "a"), shout(second, "b")) == ("THREE", "FOUR")
    second.commit()
    world.take_computed()
    assert (shout(first, "a"), shout(first, "b")) == ("ONE", "TWO")
    assert world.take_computed() == []
    first.commit()
    assert shout(reopen(world), "a") == "ONE"


# Worker processes


@pytest.fixture
def two_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_worker_count", lambda things: 2)


def groups(*names: str) -> list[list[tuple[Any, ...]]]:
    return [[(shout, name), (letters, name)] for name in names]


WORDS = {name: f"word {name}" for name in "abcdefghij"}


@pytest.mark.usefixtures("two_workers")
def test_worker_processes_return_what_they_have_computed() -> None:
    db = Database(World(**WORDS))
    steps: list[int] = []
    db.refresh_all(groups(*WORDS), steps.append)
    assert sum(steps) == len(WORDS)
    assert db.environment.take_computed() == []
    assert [shout(db, name) for name in WORDS] == [word.upper() for word in WORDS.values()]
    assert db.environment.take_computed() == []
    assert letters(db, "c") == list("WORD C")  # which is not sent
    assert db.environment.take_computed() == ["letters c"]


@pytest.mark.usefixtures("two_workers")
def test_they_are_given_only_what_does_not_hold() -> None:
    db = Database(World(**WORDS))
    db.refresh_all(groups(*WORDS))
    db.environment.cells["c"] = "another"
    db.begin()
    steps: list[int] = []
    db.refresh_all(groups(*WORDS), steps.append)
    assert sum(steps) == len(WORDS)
    assert steps[0] == len(WORDS) - 1
    assert (shout(db, "b"), shout(db, "c")) == ("WORD B", "ANOTHER")


@pytest.mark.slow
@pytest.mark.usefixtures("two_workers")
def test_what_a_worker_process_cannot_compute_is_raised_here() -> None:
    db = Database(World(**dict.fromkeys(WORDS, "5"), z="0"))
    with pytest.raises(ZeroDivisionError):
        db.refresh_all([[(report, name)] for name in (*WORDS, "z")])
    db.environment.cells["z"] = "6"
    db.begin()
    db.refresh_all([[(report, name)] for name in (*WORDS, "z")])
    assert report(db, "z") == "one zth is 10"


def test_what_a_worker_process_has_not_computed_is_computed_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def one_chunk(work: Callable[[Sequence[Any]], Any], things: Sequence[Any]) -> Iterator[Any]:
        yield work(things[:3])  # and then the others are killed

    monkeypatch.setattr(pool, "parallel_map", one_chunk)
    db = Database(World(**WORDS))
    steps: list[int] = []
    db.refresh_all(groups(*WORDS), steps.append)
    assert sum(steps) == len(WORDS)
    assert [shout(db, name) for name in WORDS] == [word.upper() for word in WORDS.values()]


@pytest.mark.usefixtures("two_workers")
def test_what_they_return_is_saved_with_all_that_it_depends_on(
    reopen: Callable[..., Database],
) -> None:
    world = World(names=list(WORDS), **WORDS)
    for word in ("x", "y"):
        db = reopen(world)
        for name, text in WORDS.items():  # `shout` comes out equal; only the workers need it
            world.cells[name] = text if word == "x" else text.title()
        db.refresh_all([[(page, name), (letters, name)] for name in WORDS])
        db.commit()
    world.take_computed()
    db = reopen(world)
    db.refresh_all([[(page, name), (letters, name)] for name in WORDS])
    assert shout(db, "a") == "WORD A"
    assert world.take_computed() == []


@pytest.mark.usefixtures("two_workers")
def test_what_they_have_found_to_hold_is_not_dropped() -> None:
    db = Database(World(names=["a", "b"], **WORDS, x=["a"], y=["b"]))
    assert [paired(db, name, "x") for name in WORDS]
    db.environment.cells["x"] = ["a", "a"]
    db.begin()
    db.refresh_all([[(paired, name, "x")] for name in WORDS])
    db.commit()
    db.begin()
    assert [paired(db, name, "x") for name in WORDS]
    db.commit()
    assert {key[0] for key in db._memos} == {"paired", "shout", "cell"}


@query(str)
def paired(db: Database, first: str, second: str) -> str:
    return f"{len(cell(db, second))} {shout(db, first)}"


# Any graph and any changes


class Node(msgspec.Struct, frozen=True):
    """A result by its number: what it depends on, cells or earlier nodes, and how it is kept."""

    first: int
    second: int
    third: int
    keep: Keep
    modulus: int
    fails_at: int


CELLS = 3
VALUES = st.integers(0, 3)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Node, ...]:
    count = draw(st.integers(2, 6))
    return tuple(
        Node(
            *(draw(st.integers(-CELLS, number - 1)) for _ in range(3)),
            draw(st.sampled_from(Keep)),
            draw(st.integers(1, 3)),
            draw(st.integers(0, 6)),
        )
        for number in range(count)
    )


def _combine(node: Node, read: Callable[[int], int]) -> int:
    """Return the value of a node, which may depend on one dependency which other it reads."""
    first = read(node.first)
    second = read(node.second if first % 2 else node.third)
    if second == node.fails_at:
        raise ValueError(second)
    return (first + 2 * second) % (node.modulus + 1)


def _node(db: Database, number: str) -> int:
    node = db.environment.nodes[int(number)]
    return _combine(node, lambda other: _ask(db, other))


def _ask(db: Database, number: int) -> int:
    if number < 0:
        value: int = cell(db, str(-number))
        return value
    kind = {
        Keep.VALUE: valued,
        Keep.FINGERPRINT: fingerprinted,
        Keep.NOTHING: unsaved,
    }[db.environment.nodes[number].keep]
    return kind(db, str(number))


@query(int)
def valued(db: Database, number: str) -> int:
    return _node(db, number)


@query(int, Keep.FINGERPRINT)
def fingerprinted(db: Database, number: str) -> int:
    return _node(db, number)


@query(int, Keep.NOTHING)
def unsaved(db: Database, number: str) -> int:
    return _node(db, number)


def plain(world: World, number: int) -> int:
    """The value of a node, computed without a database."""
    if number < 0:
        value: int = world.cells[str(-number)]
        return value
    return _combine(world.nodes[number], lambda other: plain(world, other))


def outcome(compute: Callable[[], int]) -> int | str:
    try:
        return compute()
    except ValueError as error:
        return f"fails at {error}"


class Change(msgspec.Struct, frozen=True):
    """A revision: the cells that change, the nodes to be read, and what is done after that."""

    cells: dict[str, int]
    read: list[int]
    commits: bool
    ends: bool
    recovers: bool


changes = st.builds(
    Change,
    st.dictionaries(st.sampled_from([str(n) for n in range(1, CELLS + 1)]), VALUES, max_size=2),
    st.lists(st.integers(0, 5), min_size=1, max_size=2),
    st.sampled_from([False, False, True]),
    st.sampled_from([False, False, True]),
    st.booleans(),
)


class _Saved:
    """A store in memory."""

    def __init__(self) -> None:
        self.revision = 0
        self.values: list[bytes] = []
        self.memos: list[tuple[Any, ...]] = []

    def load(self) -> tuple[int, dict[Key, Memo]]:
        memos = {key: Memo(key) for key, *_ in self.memos}
        for key, changed, fingerprint, row, dependencies in self.memos:
            memo = memos[key]
            memo.changed, memo.verified = changed, self.revision
            memo.fingerprint, memo.row = fingerprint, row
            memo.dependencies = tuple(memos[one] for one in dependencies)
        return self.revision, memos

    def read(self, row: int) -> bytes:
        return self.values[row - 1]

    def save(self, revision: int, memos: Sequence[Memo], encode: Callable[[Memo], bytes]) -> None:
        self.revision = revision
        for memo in memos:
            if not memo.row and (data := encode(memo)):
                self.values.append(data)
                memo.row = len(self.values)
        self.memos = [
            (m.key, m.changed, m.fingerprint, m.row, [one.key for one in m.dependencies])
            for m in memos
        ]


def check(
    nodes: tuple[Node, ...], revisions: list[Change], before: Callable[[Database, Change], None]
) -> None:
    """Compare what a database comes to with plain computation, revision by revision."""
    world = World(**{str(number): number for number in range(1, CELLS + 1)})
    world.nodes = nodes
    store = _Saved()
    known: dict[bytes, int] = {}
    db = Database(world, store)
    for change in revisions:
        world.cells |= change.cells
        db.begin()
        before(db, change)
        for number in change.read:
            expected = outcome(partial(plain, world, number % len(nodes)))
            assert outcome(partial(_ask, db, number % len(nodes))) == expected
            if isinstance(expected, int):
                known[fingerprint_of(valued.encode(expected))] = expected
        if change.commits:
            db.commit()
        if change.ends:
            recover = known.get if change.recovers else lambda fingerprint: None
            db = Database(world, store, lambda key, print_, recover=recover: recover(print_))


@pytest.mark.slow
@settings(max_examples=400)
@given(graphs(), st.lists(changes, min_size=2, max_size=8))
def test_after_any_changes_any_graph_comes_to_what_plain_computation_does(
    nodes: tuple[Node, ...], revisions: list[Change]
) -> None:
    check(nodes, revisions, lambda db, change: None)


@pytest.mark.slow
def test_so_it_does_with_worker_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_worker_count", lambda things: 2 if things else 1)

    def refresh(db: Database, change: Change) -> None:
        nodes = db.environment.nodes
        kinds = {Keep.VALUE: valued, Keep.FINGERPRINT: fingerprinted, Keep.NOTHING: unsaved}
        numbers = [number % len(nodes) for number in change.read]
        wanted = [[(kinds[nodes[number].keep], str(number))] for number in numbers]
        with suppress(ValueError):
            db.refresh_all(wanted)

    @settings(max_examples=15)
    @given(graphs(), st.lists(changes, min_size=2, max_size=4))
    def compare(nodes: tuple[Node, ...], revisions: list[Change]) -> None:
        check(nodes, revisions, refresh)

    compare()


def test_names_of_queries_are_those_of_their_functions() -> None:
    assert {name: one.name for name, one in QUERIES.items()} == {name: name for name in QUERIES}
    assert QUERIES["valued"] is valued
