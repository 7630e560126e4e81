"""Texts and small parts that many pages format alike: counts, clocks, letters, numbers."""

import math
from functools import cache

from starbook.model import Figure, Kind, Story
from starbook.pages import views


def metric_view(figure: Figure) -> views.FigureView:
    """Return a number as it stands in large type."""
    close = figure.unit.startswith("/") or figure.unit == "x"  # 4.2/5 and 3x want no space
    unit = figure.unit if close or not figure.unit else f"\N{NO-BREAK SPACE}{figure.unit}"
    return views.FigureView(_minus(figure.value), _minus(figure.before), unit, figure.label)


def _minus(number: str) -> str:
    return f"\N{MINUS SIGN}{number[1:]}" if number.startswith("-") else number


@cache
def letter(kind: Kind, gap: bool = False) -> views.Letter:
    """The letter of a part."""
    return views.Letter(kind[0].upper(), kind.capitalize(), kind[0], gap)


def missing(story: Story) -> str:
    """`Missing: Action, Result`, or that all is there."""
    lacking = [kind.capitalize() for kind in story.missing]
    return f"Missing: {', '.join(lacking)}" if lacking else "All four parts written"


def draft_label(story: Story) -> str:
    """`Draft, 4 to fill in`, or nothing for a story that is ready."""
    if story.ready:
        return ""
    return f"Draft, {len(story.holes)} to fill in" if story.holes else "Draft"


def clock(seconds: int) -> str:
    """175 → `2:55`."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def count(number: int, one: str, many: str = "") -> str:
    """`1 story`, `2 stories`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def size(seconds: int) -> int:
    """The height of a letter in the thumb index: 1 to 12, a step each ten seconds."""
    return min(max(math.ceil(seconds / 10), 1), 12)


def neighbours(
    items: list[views.Anchor], i: int
) -> tuple[views.Anchor | None, views.Anchor | None]:
    """The one before and the one after."""
    before = items[i - 1] if i > 0 else None
    return before, items[i + 1] if i + 1 < len(items) else None


def plural(number: int, word: str) -> str:
    """Return `word` for one, else its plural: `story` → `stories`."""
    return word if number == 1 else f"{word}s".replace("ys", "ies")
