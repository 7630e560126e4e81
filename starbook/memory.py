"""What was worked out before, so that a save costs what it changes and not the whole handbook.

There is one idea: a result is kept at a place (such as a file, or a page) together with the value
that it was worked out from, and is used again only where that value is equal. All such values are
frozen, so a result can be forgotten and worked out again, but it cannot be wrong.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
V = TypeVar("V")


class Memory:
    """Results by place. A new one is empty."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[Any, Any, int]] = {}
        self._turn = 0

    def kept(self, place: Hashable, value: object, work: Callable[[], T]) -> T:
        """What `work` comes to, which need not be done where the value is what it was before."""
        known = self._kept.get(place)
        result: T = known[1] if known and known[0] == value else work()
        # Kept with the newest value: where it is the same object next time, to compare is nothing.
        self._kept[place] = (value, result, self._turn)
        return result

    def all(
        self, values: Mapping[Hashable, V], work: Callable[[Sequence[V]], Sequence[T]]
    ) -> Sequence[T]:
        """The same for many, where `work` is done on all that are new together."""
        known = {place: self._kept.get(place) for place in values}
        new = [p for p, value in values.items() if not (k := known[p]) or k[0] != value]
        worked = dict(zip(new, work([values[place] for place in new]), strict=True))
        for place, value in values.items():
            result = worked[place] if place in worked else self._kept[place][1]
            self._kept[place] = (value, result, self._turn)
        return [self._kept[place][1] for place in values]

    def same(self, place: Hashable, value: T) -> T:
        """The value; or the one that was there before, where they are equal."""
        return self.kept(place, value, lambda: value)

    def turn(self) -> None:
        """Forget what was not asked for since the last turn."""
        self._kept = {place: known for place, known in self._kept.items() if known[2] == self._turn}
        self._turn += 1
