"""Selection: the fewest stories that cover all topics, of many that are ready.

That is the problem of the set cover, which has no fast solution in general. Handbooks are small:
what one story alone has is taken first, and the rest is searched in the order of depth. After
`_STEPS` steps the search ends, with the best that was found; so equal stories give equal results.
"""

from collections.abc import Iterator, Mapping
from functools import reduce
from operator import or_

import msgspec

_STEPS = 20_000


class Selection(msgspec.Struct, frozen=True):
    """The stories that cover all topics; `is_least` is true if no fewer do."""

    stories: tuple[str, ...]
    is_least: bool = True


def select(topics_of: Mapping[str, frozenset[str]]) -> Selection:
    """Return the fewest stories that have all topics of all.

    Of stories that do as well, those that stand first are taken.
    """
    bits = {topic: 1 << at for at, topic in enumerate(sorted(_union(topics_of)))}
    masks = {story: sum(bits[one] for one in topics) for story, topics in topics_of.items()}
    search = _Search(_without_dominated(masks))
    whole = sum(bits.values())
    best, is_least = list(search.greedy(whole)), True
    for size in range(search.least(whole), len(best)):
        found = search.cover(whole, size)
        if found is not None or search.steps > _STEPS:
            best, is_least = found or best, found is not None
            break
    chosen = set(best)
    return Selection(tuple(story for story in topics_of if story in chosen), is_least)


def _union(topics_of: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*topics_of.values())


def _without_dominated(masks: Mapping[str, int]) -> dict[str, int]:
    """Return the stories without those whose topics another one has too, and more or before it."""
    kept: dict[str, int] = {}
    for story, mask in sorted(masks.items(), key=lambda item: -item[1].bit_count()):
        if mask and not any(mask & ~other == 0 for other in kept.values()):
            kept[story] = mask
    return kept


class _Search:
    """A search among stories by the bit masks of their topics; `steps` counts what it tried."""

    def __init__(self, masks: Mapping[str, int]) -> None:
        self.masks = masks
        self.steps = 0
        having: dict[int, list[str]] = {}
        for story, mask in masks.items():
            for bit in _bits(mask):
                having.setdefault(bit, []).append(story)
        # The rarest topics first: one of few stories is needed for them.
        self.having = dict(sorted(having.items(), key=lambda item: len(item[1])))
        self.beside = {
            bit: reduce(or_, map(masks.__getitem__, some)) for bit, some in having.items()
        }

    def greedy(self, left: int) -> Iterator[str]:
        """Yield the story with the most topics that are left, until none is."""
        while left:
            story = max(self.masks, key=lambda one: (self.masks[one] & left).bit_count())
            left &= ~self.masks[story]
            yield story

    def least(self, left: int) -> int:
        """Return a number of stories that is needed at least: no story has two of these topics."""
        count = 0
        for bit in self.having:
            if bit & left:
                left &= ~self.beside[bit]
                count += 1
        return count

    def cover(self, left: int, size: int) -> list[str] | None:
        """Return `size` stories or fewer that have all topics that are left, or None."""
        self.steps += 1
        if not left:
            return []
        if self.steps > _STEPS or self.least(left) > size:
            return None
        rarest = next(some for bit, some in self.having.items() if bit & left)
        for story in sorted(rarest, key=lambda one: -(self.masks[one] & left).bit_count()):
            rest = self.cover(left & ~self.masks[story], size - 1)
            if rest is not None:
                return [story, *rest]
        return None


def _bits(mask: int) -> Iterator[int]:
    while mask:
        yield mask & -mask
        mask &= mask - 1
