"""Angles of a story in the browser: in what Ask found, and on its card."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Tabs, story, visiting
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
ANGLES = """
## Angles

### Ownership

Begin with the phone.

**Lead with:** nobody was on call.

### Brightwater

**Emphasise:** what readers saw.

### Pennant Row

**Downplay:** the money.
"""
BOOK = {
    "principles.yml": "- name: Ownership\n  asked_as: [nobody else was going to do it]\n",
    "questions.yml": "- {question: Why us?, companies: [Brightwater]}\n",
    "stories/a.md": story("The rota", "principles: [Ownership]", body=ANGLES),
    "stories/b.md": story("Another", "principles: [Ownership]"),
}


@pytest.fixture
def visit(tabs: Tabs, sample_site: Path) -> Iterator[Open]:
    """Open a page; an error on it is a fault."""
    with visiting(tabs, sample_site, {"width": 1280, "height": 720}, ["pageerror"]) as visit:
        yield visit


@pytest.mark.parametrize(
    ("asked", "angles"),
    [
        (
            "nobody else was going to do it",
            ["Angle: OwnershipBegin with the phone.Lead with nobody was on call."],
        ),
        ("brightwater", ["Angle: BrightwaterEmphasise what readers saw."]),
        ("I mended it, at Pennant Row", ["Angle: Pennant RowDownplay the money."]),
        ("the row of errors I mended", []),
    ],
)
def test_ask_shows_the_angle_of_what_led_to_a_story(visit, build, asked, angles) -> None:
    page = visit(f"index.html?q={asked}", build(BOOK))
    rota = page.locator(".result", has_text="The rota")
    expect(rota).to_have_count(1)
    expect(rota.locator(".chips")).to_be_visible()
    expect(rota.locator(".angle")).to_have_text(angles)
