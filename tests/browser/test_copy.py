"""Buttons that copy, in the browser: with a clipboard, without one, and for those who listen."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Tabs, breaches, visiting
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
QUESTION = "questions/when-have-you-led-people-who-did-not.html"
ID = "when-have-you-led-people-who-did-not"
REFUSE = """Object.defineProperty(navigator, "clipboard", {
  value: { writeText: () => Promise.reject(new DOMException("no", "NotAllowedError")) }
});
document.execCommand = () => false;"""


@pytest.fixture
def visit(tabs: Tabs, sample_site: Path) -> Iterator[Open]:
    """Open a page; an error on it is a fault."""
    with visiting(tabs, sample_site, {"width": 1280, "height": 720}, ["pageerror"]) as visit:
        yield visit


def remember_copies(page: Page) -> None:
    page.evaluate("""navigator.clipboard.writeText = (text) => {
      window.copied = text;
      return Promise.resolve();
    }""")


def test_the_id_of_a_question_is_copied_and_said(visit) -> None:
    page = visit(QUESTION)
    remember_copies(page)
    button = page.locator(".paste", has_text="The id of this question").get_by_role("button")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("p.copied")).to_have_text("Copied")
    expect(button).to_have_text("Copied")
    assert page.evaluate("copied") == ID


def test_without_permission_the_lines_are_selected(visit) -> None:
    page = visit(QUESTION)
    page.evaluate(REFUSE)
    page.locator(".paste").last.get_by_role("button").click()
    expect(page.get_by_role("status")).to_contain_text("Selected. Press Ctrl+C")
    assert page.evaluate("getSelection().toString()").strip() == ID


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_question_with_lines_to_paste_breaks_no_rule_of_accessibility(
    visit, width, scheme
) -> None:
    page = visit(QUESTION)
    page.set_viewport_size({"width": width, "height": 720})
    page.emulate_media(color_scheme=scheme)
    assert breaches(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
