"""Costs: how well a story fits a theme, as points. The fewer, the better."""

from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache

import msgspec

from starbook.content.timing import TOLERANCE


class Cost(StrEnum):
    """A reason for points; the value is its key among the texts of pages."""

    CHOSEN = "chosen"
    NAMED = "named"
    ANGLE_ONLY = "angle_only"
    ASKED = "asked"
    SAME_PRINCIPLE = "same_principle"
    SAME_CATEGORY = "same_category"
    TAG = "tag"
    FIXED = "fixed"
    NO_ANGLE = "no_angle"
    NEVER_TOLD = "never_told"
    OTHER_LEVEL = "other_level"
    TOO_LONG = "too_long"
    TOLD_TO_THEM = "told_to_them"
    DRAFT = "draft"


# The one table of points. Why a story fits: the first reason that holds.
#   0 you chose the story for this very question; nothing that is worked out comes near
#  10 the story names the principle or category: you said so, if not for a question
#  15 only an angle is for it: you thought of telling it so
#  20 you chose it for another question under the theme
#  30, 40 it shares a principle, or a category, with the question: that was worked out
#  50 only a tag leads from the story to the theme: a guess
#  60 it does not fit, but you fixed it
# What comes on top decides between stories that fit alike. It moves a story by a step of the above
# at most, since fitting is what they asked for:
#   5 there is no angle, so it has to be turned while speaking
#   5 it was never told aloud
#   8 it is of another level than the interview
#   8 it takes longer than the answers of this interview
# What makes a story dear:
#  40 the same company heard it before, for each time: as much as between your word and a guess
# 100 it is a draft: worse than any that fits, for on the day it cannot be told to the end
POINTS = {
    Cost.CHOSEN: 0,
    Cost.NAMED: 10,
    Cost.ANGLE_ONLY: 15,
    Cost.ASKED: 20,
    Cost.SAME_PRINCIPLE: 30,
    Cost.SAME_CATEGORY: 40,
    Cost.TAG: 50,
    Cost.FIXED: 60,
    Cost.NO_ANGLE: 5,
    Cost.NEVER_TOLD: 5,
    Cost.OTHER_LEVEL: 8,
    Cost.TOO_LONG: 8,
    Cost.TOLD_TO_THEM: 40,
    Cost.DRAFT: 100,
}


class Candidate(msgspec.Struct, frozen=True):
    """A story to choose, with how often it was told aloud, and to this company."""

    id: str
    ready: bool = True
    level: str = ""
    seconds: int = 0
    told: int = 0
    told_to_them: int = 0


class Wish(msgspec.Struct, frozen=True):
    """The level and the seconds of an answer that an interview wants of every story."""

    level: str = ""
    seconds: int = 0


class Fit(msgspec.Struct, frozen=True):
    """A story for a theme: why it fits, `via` which question or tag, and all its points."""

    story: str
    why: Cost
    via: str = ""
    points: tuple[tuple[Cost, int], ...] = ()

    @property
    def cost(self) -> int:
        """All points together."""
        return sum([points for _, points in self.points])

    def has(self, cost: Cost) -> bool:
        """Return True if the story has points for this."""
        return any(cost is one for one, _ in self.points)


def weigh(candidate: Candidate, why: Cost, wish: Wish, *, via: str = "", angle: bool) -> Fit:
    """Return how well a story fits that fits because of `why`."""
    first = (why, POINTS[why])
    points = (first, *_points_of_all_themes(candidate, wish))
    return Fit(candidate.id, why, via, points if angle else (first, _NO_ANGLE, *points[1:]))


_NO_ANGLE = (Cost.NO_ANGLE, POINTS[Cost.NO_ANGLE])


@lru_cache(maxsize=2**12)  # a story fits many themes
def _points_of_all_themes(candidate: Candidate, wish: Wish) -> tuple[tuple[Cost, int], ...]:
    """Return the points that a story has whatever the theme."""
    return tuple((cost, times * POINTS[cost]) for cost, times in _reasons(candidate, wish))


def _reasons(candidate: Candidate, wish: Wish) -> Iterator[tuple[Cost, int]]:
    """Yield the reasons for points, each with how often it holds."""
    if not candidate.told:
        yield Cost.NEVER_TOLD, 1
    if wish.level and candidate.level and wish.level.casefold() != candidate.level.casefold():
        yield Cost.OTHER_LEVEL, 1
    if wish.seconds and candidate.seconds > wish.seconds * TOLERANCE:
        yield Cost.TOO_LONG, 1
    if candidate.told_to_them:
        yield Cost.TOLD_TO_THEM, candidate.told_to_them
    if not candidate.ready:
        yield Cost.DRAFT, 1
