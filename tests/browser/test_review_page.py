"""The review of an import in a browser: it is read on a phone, and without a script."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import DESK, Tabs, breaches_in_each_scheme, visiting

from starbook.importer import review_file
from starbook.importer.account import Place
from starbook.importer.review import Document, Way

pytestmark = pytest.mark.browser

FILE = "stories/the-mill.md"
PLACES = (
    Place(1, "## The mill", "story", "The mill", "title", FILE, "title: The mill"),
    Place(2, "S: It rained.", "story", "The mill", "Situation", FILE, "It rained."),
    Place(3, "A: " + "w" * 300, "story", "The mill", "Action", FILE, "w" * 300, "a long word"),
    Place(4, "<!-- not her -->", "comment", "The mill", "Action", FILE),
    Place(5, "| question |", "format"),
    Place(6, "| Why? |", "question", "Why?", "question", "questions/n.yml", "question: Why?"),
    Place(7, "- How many?", "to-ask", "Miller", "question", "to-ask/n.yml"),
    Place(8, "Stop after two minutes.", "guide", "Notes", "", "guides/n.md"),
)
HEADINGS = Way("heading2", 0.86, "stories begin at headings of level 2")
OTHER = Way("numbered", 0.8, "stories begin at numbered titles")
COMMAND = f"python3 build.py import {'very-' * 20}long.md --review"
NOTES = Document("notes.md", "1 story", COMMAND, PLACES, HEADINGS, (OTHER,), (), ("quern",))

_SHOWN = """() => [...document.querySelectorAll("tr[id]")]
  .filter(row => row.checkVisibility()).map(row => Number(row.id.slice(3)))"""


@pytest.fixture
def visit(tabs: Tabs, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Open the review; any word that the browser has to say about it is a fault."""
    review_file.write(tmp_path / "review.html", [NOTES])
    with visiting(tabs, tmp_path, DESK, ("console", "pageerror")) as visit:
        yield visit


@pytest.mark.parametrize("width", [360, 1280])
def test_it_fits_any_screen_and_breaks_no_rule_of_accessibility(
    visit: Callable[..., Any], width: int
) -> None:
    page = visit("review.html", size={"width": width, "height": 900})
    assert breaches_in_each_scheme(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_choice_shows_one_kind_of_destination(visit: Callable[..., Any]) -> None:
    page = visit("review.html")
    shown = {}
    for kind in ("all", "doubt", "story", "question", "to-ask", "guide", "comment"):
        page.locator(f"#show-{kind}").check()
        shown[kind] = page.evaluate(_SHOWN)
    assert shown == {
        "all": [1, 2, 3, 4, 5, 6, 7, 8], "doubt": [3], "story": [1, 2, 3], "question": [6],
        "to-ask": [7], "guide": [8], "comment": [4],
    }  # fmt: skip


def test_the_keyboard_chooses_and_a_link_shows_its_line_whatever_is_chosen(
    visit: Callable[..., Any],
) -> None:
    page = visit("review.html")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowUp")  # from the first to the last
    assert page.evaluate(_SHOWN) == [4]
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#d1-3")
    assert page.evaluate(_SHOWN) == [3, 4]


def test_on_a_phone_a_line_stands_above_what_it_became(visit: Callable[..., Any]) -> None:
    page = visit("review.html", size={"width": 360, "height": 900})
    source, result = (page.locator(f"#d1-2 td:nth-child({n})").bounding_box() for n in (2, 3))
    assert result["y"] >= source["y"] + source["height"]
    assert page.locator("#d1-8 .text").is_hidden()  # the same words again


def test_paper_has_all_lines(visit: Callable[..., Any]) -> None:
    page = visit("review.html")
    page.locator("#show-all").check()
    page.emulate_media(media="print")
    assert page.evaluate(_SHOWN) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert page.locator(".filter").is_hidden()
