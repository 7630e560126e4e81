"""The switch between sets of principles, in the browser."""

from collections.abc import Callable

import pytest
from conftest import breaches_in_each_scheme
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
LIST = "principles/index.html"


def shown(page: Page) -> list[str]:
    return page.locator("section[data-set]:visible h2").all_inner_texts()


def test_the_switch_shows_one_set_or_all(visit) -> None:
    page = visit(LIST)
    assert shown(page) == ["Amazon"]
    page.get_by_role("radio", name="Amazon").focus()
    page.keyboard.press("ArrowRight")
    assert shown(page) == ["GitLab"]
    assert page.url.endswith("#set=gitlab")
    page.get_by_role("radio", name="All").click()
    assert shown(page) == ["Amazon", "GitLab"]


def test_the_choice_is_remembered_and_an_address_wins(visit) -> None:
    page = visit(LIST)
    page.get_by_role("radio", name="GitLab").click()
    page.goto(page.url.partition("#")[0] + "?again")
    assert shown(page) == ["GitLab"]
    page.goto(page.url.partition("?")[0] + "?once-more#set=amazon")
    assert shown(page) == ["Amazon"]
    page.goto(page.url.partition("?")[0] + "?unknown#set=zebra")
    assert shown(page) == ["GitLab"]


def test_where_storage_is_refused_the_address_remembers(visit) -> None:
    page = visit(LIST)
    page.add_init_script("""Object.defineProperty(window, "localStorage", {
      get() { throw new DOMException("refused", "SecurityError"); }
    });""")
    page.reload()
    page.get_by_role("radio", name="GitLab").click()
    assert shown(page) == ["GitLab"]
    page.reload()
    assert shown(page) == ["GitLab"]


@pytest.mark.parametrize("width", [360, 1280])
def test_the_list_of_principles_breaks_no_rule_of_accessibility(visit, width) -> None:
    page = visit(LIST)
    page.set_viewport_size({"width": width, "height": 720})
    assert breaches_in_each_scheme(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
