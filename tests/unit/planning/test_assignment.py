"""Assignment: the best story for each theme, compared with every other way to fill them."""

import random
import time
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from starbook.planning.assignment import Choice, Slot, assign, narrow

Key = tuple[int, int, int, int, tuple[str, ...]]


def worth(slots: Sequence[Slot], stories: Sequence[str]) -> Key:
    """The five things that are compared, the better the smaller."""
    told = [story for story in stories if story]
    wanted = {(slot.round, story) for slot in slots for story in slot.fixed}
    held = {(slot.round, story) for slot, story in zip(slots, stories, strict=True)} & wanted
    cost = sum(
        slot.fixed.get(story, slot.costs.get(story, 0))
        for slot, story in zip(slots, stories, strict=True)
    )
    ids = tuple(story or "~" for story in stories)
    return -len(held), -len(told), len(told) - len(set(told)), cost, ids


def best_of_all(slots: Sequence[Slot]) -> tuple[str, ...]:
    """Try every way to fill the slots."""
    ways = product(*(("", *sorted({*slot.costs, *slot.fixed})) for slot in slots))
    return min(filter(partial(may_be, slots), ways), key=lambda way: worth(slots, way))


def may_be(slots: Sequence[Slot], stories: Sequence[str]) -> bool:
    """Return True unless a round tells a fixed story for two themes that it does not fit."""
    forced = [
        (slot.round, story)
        for slot, story in zip(slots, stories, strict=True)
        if story and story not in slot.costs
    ]
    return len(forced) == len(set(forced))


@st.composite
def loops(draw: st.DrawFn) -> list[Slot]:
    """Up to four themes in up to three rounds, five stories, with what is fixed."""
    stories = "abcde"[: draw(st.integers(1, 5))]
    rounds = sorted(draw(st.lists(st.integers(0, 2), min_size=1, max_size=4)))
    fixed = {
        number: draw(st.lists(st.sampled_from(stories), unique=True, max_size=rounds.count(number)))
        for number in set(rounds)
    }
    costs = st.dictionaries(st.sampled_from(stories), st.integers(0, 6), max_size=5)
    slots = []
    for number in rounds:
        fits = draw(costs)
        slots.append(Slot(fits, number, {one: fits.get(one, 9) for one in fixed[number]}))
    return slots


@pytest.mark.slow
@settings(max_examples=500)
@given(loops())
def test_no_other_way_to_fill_the_themes_is_better(slots: list[Slot]) -> None:
    assert assign(slots) == best_of_all(slots)


@pytest.mark.slow
@given(loops(), st.randoms())
def test_the_order_in_which_stories_are_listed_changes_nothing(
    slots: list[Slot], order: random.Random
) -> None:
    def shuffled(slot: Slot) -> Slot:
        items = list(slot.costs.items())
        order.shuffle(items)
        return Slot(dict(items), slot.round, slot.fixed)

    assert assign([shuffled(slot) for slot in slots]) == assign(slots)


@pytest.mark.slow
@given(loops())
def test_the_next_best_is_the_best_without_the_story_of_one_theme(slots: list[Slot]) -> None:
    choice = Choice(narrow(slots, len(slots)))
    for number, story in enumerate(choice.best()):
        if story and story not in slots[number].fixed:
            others = [without(slot, {story} if i == number else ()) for i, slot in enumerate(slots)]
            assert choice.best_without(story, number) == best_of_all(others)


def without(slot: Slot, out: Collection[str]) -> Slot:
    costs = {story: cost for story, cost in slot.costs.items() if story not in out}
    return Slot(costs, slot.round, slot.fixed)


@pytest.mark.slow
@given(loops(), st.sets(st.sampled_from("abcde"), max_size=2))
def test_what_no_theme_needs_can_be_left_out_before(slots: list[Slot], lost: set[str]) -> None:
    few = [without(slot, lost) for slot in narrow(slots, len(lost))]
    assert assign(few) == assign([without(slot, lost) for slot in slots])


@pytest.mark.slow
@given(loops())
def test_a_story_that_fits_nowhere_is_told_only_if_it_is_fixed(slots: list[Slot]) -> None:
    for slot, story in zip(slots, assign(slots), strict=True):
        assert story in {"", *slot.costs, *slot.fixed}
        assert story or not slot.costs


def test_each_theme_has_the_cheapest_story_if_no_other_needs_it() -> None:
    assert assign([Slot({"a": 3, "b": 1}), Slot({"a": 2, "c": 5})]) == ("b", "a")


def test_a_story_goes_where_the_other_theme_has_none() -> None:
    assert assign([Slot({"a": 0, "b": 90}), Slot({"a": 50})]) == ("b", "a")


def test_a_dear_story_comes_before_telling_one_twice() -> None:
    assert assign([Slot({"a": 0, "b": 500}), Slot({"a": 0})]) == ("b", "a")


def test_a_story_is_told_twice_before_a_theme_stays_empty() -> None:
    assert assign([Slot({"a": 0}), Slot({"a": 0})]) == ("a", "a")


def test_a_theme_that_nothing_fits_stays_empty() -> None:
    assert assign([Slot({}), Slot({"a": 0})]) == ("", "a")


def test_of_equal_ways_the_first_ids_are_taken() -> None:
    assert assign([Slot({"b": 1, "a": 1}), Slot({"b": 1, "a": 1})]) == ("a", "b")


def test_a_fixed_story_is_told_in_its_round_whatever_it_costs() -> None:
    slots = [Slot({"a": 0, "b": 1}, 0), Slot({"a": 0}, 1, {"z": 60})]
    assert assign(slots) == ("a", "z")


def test_a_fixed_story_takes_the_theme_that_had_none() -> None:
    slots = [Slot({"a": 0}, 0, {"z": 60}), Slot({}, 0, {"z": 60})]
    assert assign(slots) == ("a", "z")


def test_no_theme_is_no_work() -> None:
    assert assign([]) == ()


def large(themes: int, stories: int) -> Iterator[Slot]:
    chance = random.Random(7)
    for number in range(themes):
        fits = chance.sample(range(stories), stories // 3)
        yield Slot({f"story-{one:04}": chance.randrange(200) for one in fits}, number // 2)


def test_a_large_handbook_takes_no_search_through_all_ways() -> None:
    slots = list(large(30, 90))
    told = assign(slots)
    assert len(set(told)) == 30
    assert all(story in slot.costs for slot, story in zip(slots, told, strict=True))


if __name__ == "__main__":  # how long it takes, for the curious: the best, and each next best
    for themes, stories in ((30, 90), (20, 1000)):
        slots = list(large(themes, stories))
        begun = time.perf_counter()
        choice = Choice(narrow(slots, len(slots)))
        for number, story in enumerate(choice.best()):
            choice.best_without(story, number)
        print(f"{themes} themes, {stories} stories: {(time.perf_counter() - begun) * 1000:.0f} ms")
