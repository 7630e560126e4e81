"""What was worked out before, so that a save costs what it changes and not the whole handbook.

There is one idea: a result is kept at a place (such as a file, or a page) together with the values
that it was worked out from, and is used again only where they are equal. All such values are
frozen, so a result can be forgotten and worked out again, but it cannot be wrong.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")


class _Seen(NamedTuple):
    """What a piece of work has asked of a world, the answers, and what came of it."""

    asked: Mapping[Any, Any]
    asked_for_all: bool
    summary: Any  # None where it was not asked for
    view: Any
    result: Any

    def still(self, world: "Traced[Any, Any]") -> bool:
        """Whether it would see the same."""
        if self.summary is not None and self.summary != world.sum:
            return False
        if self.asked_for_all:
            return self.asked == world.entries
        answer = world.entries.get
        for key, value in self.asked.items():  # all() takes twice as long, and thousands ask
            now = answer(key)
            if now is not value and now != value:
                return False
        return True


class Traced(Mapping[K, V]):
    """A mapping that notes what is asked of it, for `Memory.traced`."""

    def __init__(self, entries: dict[K, V], summary: object = None) -> None:
        self.entries = entries
        self.sum = summary
        self.begin()

    def begin(self) -> None:
        """Nothing has been asked yet."""
        self.asked: dict[K, V | None] = {}
        self.asked_for_all = False
        self.asked_for_summary = False

    @property
    def summary(self) -> Any:
        """What is true of all entries, and stays so when most of what they say changes."""
        self.asked_for_summary = True
        return self.sum

    def __getitem__(self, key: K) -> V:
        value = self.entries.get(key)
        self.asked[key] = value  # that there is none is an answer too
        if value is None:
            raise KeyError(key)
        return value

    def seen(self, view: object, result: object) -> _Seen:
        """What was asked since the beginning, with what came of it."""
        asked = self.entries if self.asked_for_all else self.asked
        summary = self.sum if self.asked_for_summary else None
        return _Seen(asked, self.asked_for_all, summary, view, result)

    def __iter__(self) -> Iterator[K]:
        self.asked_for_all = True
        return iter(self.entries)

    def __len__(self) -> int:
        self.asked_for_all = True
        return len(self.entries)


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
        place: Hashable,
        values: tuple[object, object],
        world: Traced[Any, Any],
        look: Callable[[], V],
        work: Callable[[V], T],
    ) -> T:
        """What `work` comes to on what `look` sees.

        Of the two values, `look` may use the first, and whatever it asks of the world; `work` may
        use the second, and what was seen. Either need not be done where those are what they were.
        """
        known = self._kept.get(place)
        value, ground = values
        seen: _Seen | None = known.result if known and known.value[1] == ground else None
        if not (known and seen and known.value[0] == value and seen.still(world)):
            world.begin()
            view = look()
            result = seen.result if seen and seen.view == view else work(view)
            seen = world.seen(view, result)
        self._kept[place] = _Known(values, seen, self._turn)
        found: T = seen.result
        return found

    def turn(self) -> None:
        """Forget what was not asked for since the last turn."""
        self._kept = {
            place: known for place, known in self._kept.items() if known.turn == self._turn
        }
        self._turn += 1
