"""What was worked out before, so that a save costs what it changes and not the whole handbook.

There is one idea: a result is kept at a place (such as a file, or a page) together with the values
that it was worked out from, and is used again only where they are equal. All such values are
frozen, so a result can be forgotten and worked out again, but it cannot be wrong.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, NamedTuple, TypeVar

import msgspec

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")


class Sight(msgspec.Struct, frozen=True, array_like=True):
    """What a piece of work has asked of a world: which, which in brief, and for all, either way."""

    asked: frozenset[Any]
    asked_briefly: frozenset[Any]
    asked_for_all: bool
    asked_for_summary: bool

    def has(self, others: Set[Any], briefs: Set[Any]) -> bool:
        """Whether any of these, which are not what they were, were seen."""
        return bool(
            (others and (self.asked_for_all or not others.isdisjoint(self.asked)))
            or (briefs and (self.asked_for_summary or not briefs.isdisjoint(self.asked_briefly)))
        )


class Seen(NamedTuple):
    """What a piece of work has asked of a world, the mark of what it saw, and what came of it."""

    sight: Sight
    view: bytes
    result: Any


class _Grounds(NamedTuple):
    """All that pieces of work were done on: the world, what else is looked at, and what is used."""

    entries: Mapping[Any, Any]
    briefs: Mapping[Any, Any]
    value: object
    use: object
    pieces: Mapping[Any, Any]


class Traced(Mapping[K, V]):
    """A mapping that notes what is asked of it, for `Memory.traced`.

    Of each entry there is a brief, which stays the same when most of what the entry says changes.
    """

    def __init__(self, entries: dict[K, V], briefs: dict[K, V]) -> None:
        self.entries = entries
        self.briefs = briefs
        self.begin()

    def begin(self) -> None:
        """Nothing has been asked yet."""
        self.asked: dict[K, None] = {}
        self.asked_briefly: dict[K, None] = {}
        self.asked_for_all = False
        self.asked_for_summary = False

    @property
    def summary(self) -> dict[K, V]:
        """The briefs of all."""
        self.asked_for_summary = True
        return self.briefs

    def brief(self, key: K) -> V:
        """The brief of one."""
        self.asked_briefly[key] = None
        return self.briefs[key]

    def __getitem__(self, key: K) -> V:
        self.asked[key] = None  # that there is none is an answer too
        return self.entries[key]

    def __iter__(self) -> Iterator[K]:
        self.asked_for_all = True
        return iter(self.entries)

    def __len__(self) -> int:
        self.asked_for_all = True
        return len(self.entries)

    def sight(self) -> Sight:
        """What was asked since the beginning."""
        asked = () if self.asked_for_all else self.asked
        briefly = () if self.asked_for_summary else self.asked_briefly
        return Sight(
            frozenset(asked), frozenset(briefly), self.asked_for_all, self.asked_for_summary
        )


def others(was: Mapping[K, V], now: Mapping[K, V]) -> set[K]:
    """The keys whose entries are not what they were."""
    changed = {k for k, value in now.items() if (old := was.get(k)) is not value and old != value}
    return changed | (was.keys() - now.keys())


class _Known(NamedTuple):
    value: Any
    result: Any
    turn: int


class Memory:
    """Results by place. A new one is empty."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, _Known] = {}
        self._turn = 0

    def kept(self, place: Hashable, value: object, work: Callable[[], T]) -> T:
        """What `work` comes to, which need not be done where the value is what it was before."""
        known = self._kept.get(place)
        result: T = known.result if known and known.value == value else work()
        # Kept with the newest value: where it is the same object next time, to compare is nothing.
        self._kept[place] = _Known(value, result, self._turn)
        return result

    def onward(self, place: Hashable, value: V, work: Callable[[tuple[V, T] | None], T]) -> T:
        """The same, where `work` may go on from the last value and what came of it.

        What it comes to has to be the same as from nothing.
        """
        known = self._kept.get(place)
        before = (known.value, known.result) if known else None
        return self.kept(place, value, lambda: work(before))

    def all(
        self,
        place: Hashable,
        values: Mapping[K, V],
        work: Callable[[Sequence[V]], Sequence[T]],
    ) -> list[T]:
        """The same for many, by their names, where `work` is done on all that are new together."""

        def again(before: tuple[Mapping[K, V], Mapping[K, T]] | None) -> Mapping[K, T]:
            known, results = before or ({}, {})
            new = [n for n, value in values.items() if n not in known or known[n] != value]
            worked = zip(new, work([values[name] for name in new]), strict=True)
            return {**{name: results[name] for name in values if name in results}, **dict(worked)}

        results = self.onward(place, values, again)
        return [results[name] for name in values]

    def same(self, place: Hashable, value: T) -> T:
        """The value; or the one that was there before, where they are equal."""
        return self.kept(place, value, lambda: value)

    def traced(
        self,
        pieces: Mapping[K, T],
        grounds: tuple[object, object],
        world: Traced[Any, Any],
        work: Callable[[Sequence[tuple[K, Seen | None]]], Iterable[Seen]],
    ) -> list[Any]:
        """What comes of each of the pieces, by their names.

        `work` is done on those that may see something new, together: on their names, each with
        what it saw the last time. To look at a piece it may use the first of the grounds, and
        whatever it asks of the world; to make something of what it sees, that and the second.
        """
        now = _Grounds(world.entries, world.briefs, *grounds, pieces)
        seen: Mapping[K, Seen] = self.onward("traced", now, lambda before: _seen(now, before, work))
        return [seen[name].result for name in pieces]

    def turn(self) -> None:
        """Forget what was not asked for since the last turn."""
        self._kept = {
            place: known for place, known in self._kept.items() if known.turn == self._turn
        }
        self._turn += 1


def _seen(
    now: _Grounds,
    before: tuple[_Grounds, Mapping[K, Seen]] | None,
    work: Callable[[Sequence[tuple[K, Seen | None]]], Iterable[Seen]],
) -> dict[K, Seen]:
    """What is seen of each piece: where nothing that it asked for has changed, what was."""
    was, known = before if before and before[0].use == now.use else (now, {})
    entries, briefs = others(was.entries, now.entries), others(was.briefs, now.briefs)
    anew = was.value != now.value

    def holds(name: K, seen: Seen | None) -> bool:
        if anew or seen is None or was.pieces[name] != now.pieces[name]:
            return False
        return not seen.sight.has(entries, briefs)

    new = [(name, known.get(name)) for name in now.pieces if not holds(name, known.get(name))]
    worked = {name: seen for (name, _), seen in zip(new, work(new), strict=True)}
    return {name: worked.get(name) or known[name] for name in now.pieces}
