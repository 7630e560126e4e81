"""Formatting: times and numbers as pages show them, and neighbours of a page."""

from collections.abc import Callable, Sequence

from starbook.model import Figure, FoundNumber, Question, Story
from starbook.pages import views


def found_view(found: FoundNumber) -> views.FoundView:
    """Return the view of a number that was found in the text."""
    return views.FoundView(found.before, found.number, found.after)


def metric_view(figure: Figure) -> views.FigureView:
    """Return the view of a number that matters."""
    close = figure.unit.startswith("/") or figure.unit == "x"  # 4.2/5 and 3x want no space
    unit = figure.unit if close or not figure.unit else f"\N{NO-BREAK SPACE}{figure.unit}"
    return views.FigureView(_minus(figure.value), _minus(figure.before), unit, figure.label)


def _minus(number: str) -> str:
    return f"\N{MINUS SIGN}{number[1:]}" if number.startswith("-") else number


def clock(seconds: int) -> str:
    """Return seconds as minutes and seconds: 175 → `2:55`."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def neighbours(
    ids: Sequence[str], position: int, title: Callable[[str], str]
) -> tuple[views.Anchor | None, views.Anchor | None]:
    """Return links to the pages before and after the one at `position` in a folder of pages."""
    before, after = (
        views.Anchor(f"{ids[at]}.html", title(ids[at])) if 0 <= at < len(ids) else None
        for at in (position - 1, position + 1)
    )
    return before, after


def first_category(entry: Story | Question) -> str:
    """Return the id of the first category of `entry`, or "" if it has none."""
    return next((ref.to for ref in entry.categories if ref.to), "")


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun, for messages in English: `1 story`, `2 stories`."""
    return f"{number} {plural(number, one, many)}"


def plural(number: int, one: str, many: str = "") -> str:
    """Return the noun or phrase for a number: `story` for 1, else `stories`."""
    return one if number == 1 else many or f"{one}s"
