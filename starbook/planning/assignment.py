"""Assignment: a story for each theme at the least cost, exactly. What costs what is in `costs`.

The best assignment holds every fixed story; of those, it covers the most themes; of those, it tells
the fewest stories twice; of those, it costs the least; of those, the ids of its stories come first
in the order of the themes, with what stays empty last. All five are digits of one integer, so that
one search finds the best.

The search adds one theme after the other by the shortest augmenting path (Jonker and Volgenant). It
is ours since scipy, which has it, weighs 100 MB, and small libraries need a full matrix of floats.
"""

import heapq
from collections.abc import Mapping, Sequence

import msgspec


class Slot(msgspec.Struct, frozen=True):
    """A theme to find a story for.

    `costs` has the stories that fit, and `fixed` those that are told in the same round in any
    case, each with its cost here.
    """

    costs: Mapping[str, int]
    round: int = 0
    fixed: Mapping[str, int] = {}


class _Edge(msgspec.Struct, frozen=True):
    """A way to fill a slot: the story, or "" for none, and the whole price of it."""

    story: str
    price: int


# The ways to fill each slot, by what they use up; nothing can be used twice.
_Row = dict[tuple[str, int], _Edge]


def assign(slots: Sequence[Slot]) -> tuple[str, ...]:
    """Return the story of each slot, or "" where none fits.

    A round must not have more fixed stories than slots.
    """
    return Choice(slots).best()


def narrow(slots: Sequence[Slot], spare: int) -> list[Slot]:
    """Return the slots with those stories alone that `assign` may take.

    The result is the same as with all of them, even if each slot loses up to `spare` stories.
    """
    fixed = {story for slot in slots for story in slot.fixed}
    count = len(slots) + spare
    found = []
    for slot in slots:
        costs = {story: cost for story, cost in slot.costs.items() if story in fixed}
        once = ((cost, story) for story, cost in slot.costs.items() if story not in fixed)
        costs |= {story: cost for cost, story in heapq.nsmallest(count, once)}
        found.append(Slot(costs, slot.round, slot.fixed))
    return found


class Choice:
    """The ways to fill some slots, with prices that compare as the module says."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        self.slots = slots
        self.ranks = {story: rank for rank, story in enumerate(sorted(_stories(slots)))}
        self.fixed = {story for slot in slots for story in slot.fixed}
        self.base = len(self.ranks) + 1
        self.unit = self.base ** len(slots)  # below it stands the order of the ids
        costs = sum(max(_all_costs(slot), default=0) for slot in slots)
        self.again = self.unit * (1 + costs)
        self.empty = self.again * (len(slots) + 1)
        self.reward = self.empty * (len(slots) + 1)
        self.rows = [self.row(slot, number) for number, slot in enumerate(slots)]

    def best(self) -> tuple[str, ...]:
        """Return the best assignment."""
        return _solve(self.rows)

    def best_without(self, story: str, number: int) -> tuple[str, ...]:
        """Return the best assignment in which one slot has another story."""
        slot = self.slots[number]
        costs = {name: cost for name, cost in slot.costs.items() if name != story}
        rows = list(self.rows)
        rows[number] = self.row(Slot(costs, slot.round, slot.fixed), number)
        return _solve(rows)

    def row(self, slot: Slot, number: int) -> _Row:
        """Return the ways to fill a slot.

        Of the stories that may be told once, only the cheapest of a slot matter, one for each slot:
        the others can take no more. A story that is told again has a price for that, and is the
        cheapest of the slot in any case.
        """
        count, unit, ranks = len(self.slots), self.unit, self.ranks
        place = self.base ** (count - 1 - number)
        prices = {story: cost * unit + ranks[story] * place for story, cost in slot.costs.items()}
        once = ((price, story) for story, price in prices.items() if story not in self.fixed)
        row: _Row = {
            (story, -1): _Edge(story, price) for price, story in heapq.nsmallest(count, once)
        }
        for story, cost in slot.fixed.items():
            price = cost * unit + ranks[story] * place - self.reward
            row[story, slot.round] = _Edge(story, price)
        cheapest = min(((price, story) for story, price in prices.items()), default=None)
        if cheapest is None:
            row["", number] = _Edge("", self.empty + len(ranks) * place)
        else:
            row["", number] = _Edge(cheapest[1], cheapest[0] + self.again)
        return row


def _solve(rows: Sequence[_Row]) -> tuple[str, ...]:
    """Return the story of each row in the cheapest way to fill all of them."""
    matching = _Matching(rows)
    for number in range(len(rows)):
        matching.add(number)
    return tuple(rows[row][column].story for row, column in sorted(matching.columns.items()))


def _stories(slots: Sequence[Slot]) -> set[str]:
    return {story for slot in slots for story in (*slot.costs, *slot.fixed)}


def _all_costs(slot: Slot) -> tuple[int, ...]:
    return (*slot.costs.values(), *slot.fixed.values())


class _Matching:
    """The cheapest way to fill the rows that were added, and the duals that prove it.

    No edge is cheaper than the dual of its row and that of its column together.
    """

    def __init__(self, rows: Sequence[_Row]) -> None:
        self.rows = rows
        self.columns: dict[int, tuple[str, int]] = {}
        self.row_of: dict[tuple[str, int], int] = {}
        self.row_duals: dict[int, int] = {}
        self.column_duals: dict[tuple[str, int], int] = {}

    def add(self, start: int) -> None:
        """Fill one more row; others may move to another column for it."""
        duals = self.column_duals
        self.row_duals[start] = min(
            edge.price - duals.get(column, 0) for column, edge in self.rows[start].items()
        )
        distances: dict[tuple[str, int], int] = {}
        origins: dict[tuple[str, int], int] = {}
        reached: set[tuple[str, int]] = set()
        queue: list[tuple[int, tuple[str, int]]] = []
        row, distance = start, 0
        while True:
            offset = distance - self.row_duals[row]
            for column, edge in self.rows[row].items():
                to = offset + edge.price - duals.get(column, 0)
                if column not in reached and to < distances.get(column, to + 1):
                    distances[column], origins[column] = to, row
                    heapq.heappush(queue, (to, column))
            distance, end = heapq.heappop(queue)
            while end in reached:
                distance, end = heapq.heappop(queue)
            if end not in self.row_of:
                break
            reached.add(end)
            row = self.row_of[end]
        self._adjust_duals(start, distance, {one: distances[one] for one in reached})
        self._turn_over(start, end, origins)

    def _adjust_duals(
        self, start: int, distance: int, reached: Mapping[tuple[str, int], int]
    ) -> None:
        self.row_duals[start] += distance
        for column, to in reached.items():
            self.column_duals[column] = self.column_duals.get(column, 0) - (distance - to)
            self.row_duals[self.row_of[column]] += distance - to

    def _turn_over(
        self, start: int, end: tuple[str, int], origins: Mapping[tuple[str, int], int]
    ) -> None:
        """Give each row on the path the column that leads on from it."""
        row = -1
        while row != start:
            row = origins[end]
            left = self.columns.get(row, end)
            self.columns[row], self.row_of[end] = end, row
            end = left
