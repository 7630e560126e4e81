"""Levels in the browser: the switch at the Reflection, the fold, and what paper has of both."""

import pytest
from conftest import DESK, PHONE, breaches_in_each_scheme
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

STORY = "stories/double-charge.html"  # with a Reflection for two levels
COMPARED = "stories/two-teams-one-api.html"  # with a scope


def shown(page: Page) -> list[str]:
    """The beginnings of the Reflections that can be read."""
    texts = page.locator(".by-level > .text:visible").all_inner_texts()
    return [text.split()[0] for text in texts]


def test_the_switch_shows_one_reflection_at_a_time(visit) -> None:
    page = visit(STORY)
    assert shown(page) == ["I"]
    page.get_by_role("radio", name="As written").focus()
    page.keyboard.press("ArrowRight")
    assert shown(page) == ["I"]
    expect(page.get_by_role("radio", name="Engineer", exact=True)).to_be_checked()
    page.get_by_label("Staff engineer", exact=True).click()
    assert shown(page) == ["Three"]
    expect(page.locator(".by-level > .text:visible .note")).to_have_text("Length: 3 minutes")


def test_paper_has_the_chosen_reflection_and_neither_switch_nor_fold(visit) -> None:
    page = visit(STORY)
    page.get_by_label("Staff engineer", exact=True).click()
    page.emulate_media(media="print")
    assert shown(page) == ["Three"]
    expect(page.get_by_text("As written")).to_be_hidden()
    expect(page.locator("#_level")).to_be_hidden()


def test_the_rail_leads_to_the_fold(visit) -> None:
    page = visit(COMPARED)
    page.get_by_role("link", name="Level 1 not said").click()
    assert page.url.endswith("#_level")
    table = page.locator("#_level table")
    expect(table).to_be_hidden()
    page.get_by_text("Senior engineer: 1 shown").click()
    expect(table).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize(
    "path", [COMPARED, STORY, "levels/index.html", "levels/staff-engineer.html"]
)
def test_levels_can_be_used_by_all_and_fit_the_screen(visit, path: str, size) -> None:
    page = visit(path, size=size)
    for fold in page.locator("#_level summary").all():
        fold.click()
    assert breaches_in_each_scheme(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
