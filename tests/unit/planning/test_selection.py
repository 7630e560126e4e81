"""The fewest stories that cover all topics."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starbook.planning import selection
from starbook.planning.selection import Selection, select

TOPICS = st.frozensets(st.sampled_from("abcdefgh"), max_size=4)


def covers(topics_of: dict[str, frozenset[str]], stories: tuple[str, ...]) -> bool:
    whole = frozenset[str]().union(*topics_of.values())
    return frozenset[str]().union(*map(topics_of.__getitem__, stories)) == whole


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from("123456789"), TOPICS, min_size=1))
def test_no_fewer_stories_cover_all_topics(topics_of: dict[str, frozenset[str]]) -> None:
    found = select(topics_of)
    assert found.is_least
    assert covers(topics_of, found.stories)
    fewer = combinations(topics_of, max(0, len(found.stories) - 1))
    assert not found.stories or not any(covers(topics_of, some) for some in fewer)


def test_one_after_the_other_by_their_number_would_be_more() -> None:
    stories = {"wide": "cdef", "left": "ace", "right": "bdf"}
    topics_of = {story: frozenset(topics) for story, topics in stories.items()}
    assert select(topics_of) == Selection(("left", "right"))


def test_of_equal_stories_the_first_is_taken() -> None:
    assert select({"b": frozenset("xy"), "a": frozenset("yx")}).stories == ("b",)


def test_stories_without_topics_carry_nothing() -> None:
    assert select({"a": frozenset(), "b": frozenset()}) == select({}) == Selection(())


def test_a_search_that_is_given_up_says_that_fewer_may_do(monkeypatch) -> None:
    stories = {"wide": "cdef", "left": "ace", "right": "bdf"}
    topics_of = {story: frozenset(topics) for story, topics in stories.items()}
    monkeypatch.setattr(selection, "_STEPS", 0)
    found = select(topics_of)
    assert not found.is_least
    assert covers(topics_of, found.stories)
