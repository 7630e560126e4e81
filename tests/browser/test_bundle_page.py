"""The bundle in a browser: complete without scripts, and with Ask where scripts run."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import PHONE, ROOT, SAMPLE, Tabs, breaches, breaches_in_each_scheme, visiting
from firefox import Firefox
from playwright.sync_api import Page, expect

from starbook import cli

pytestmark = pytest.mark.browser

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the bundles of the sample and of the handbook of tests."""
    made = tmp_path_factory.mktemp("bundles")
    for name, content in (("sample", SAMPLE), ("handbook", ROOT / "tests/handbook")):
        out = str(made / f"{name}.html")
        assert cli.main(["bundle", "--content", str(content), "--out", out]) == 0
    return made


@pytest.fixture
def visit(tabs: Tabs, folder: Path) -> Iterator[Open]:
    """Open a page on a phone; any word the browser has to say about it is a fault."""
    with visiting(tabs, folder, PHONE, ("console", "pageerror")) as visit:
        yield visit


def unfold_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((it) => { it.open = true; })")


def test_ask_finds_a_story_in_the_file_and_opens_it_there(visit: Open) -> None:
    page = visit("sample.html")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name="Ask").click()
    page.keyboard.type("charged twice")
    first = page.locator(".result").first
    expect(first).to_contain_text("charged twice", ignore_case=True)
    expect(first.locator(".figures, .found").first).to_be_visible()  # its texts were read, too
    first.click()
    expect(page.locator(".ask-dialog")).to_be_hidden()
    story = page.locator('details[id="stories/double-charge/_top"]')
    expect(story.locator(".section").first).to_be_in_viewport()
    assert asked == []


def test_a_cue_card_is_shown_in_its_result(visit: Open) -> None:
    page = visit("handbook.html")
    page.keyboard.press("/")
    page.keyboard.type("scales")
    expect(page.locator(".result").first).to_be_visible()
    page.keyboard.press("ArrowRight")
    card = page.locator(".result .cue-card")
    expect(card).to_contain_text("clocks went back")
    assert card.evaluate("(it) => getComputedStyle(it).position") == "static"


def test_an_address_unfolds_its_story(visit: Open) -> None:
    page = visit("handbook.html#stories/sourdough-count/_top")
    told = page.locator('details[id="stories/sourdough-count/_top"]')
    expect(told.locator(".section").first).to_be_in_viewport()
    told.locator("> summary").click()
    expect(told.locator(".section").first).to_be_hidden()


# What is folded is made elements by a script


@pytest.fixture
def hurry(tabs: Tabs, folder: Path) -> Iterator[Open]:
    """Open a page on a phone that is never painted, so that nothing is made in advance."""
    context = tabs.browser.new_context(viewport=PHONE)
    context.add_init_script("requestAnimationFrame = () => {}")

    def visit(path: str) -> Page:
        page = context.new_page()
        page.goto(f"{folder.as_uri()}/{path}")
        return page

    yield visit
    context.close()


def all_made(page: Page) -> None:
    expect(page.locator(".bundled > noscript")).to_have_count(0)


def sections(page: Page) -> list[str]:
    """Return the stories of which the sections are elements."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('.section')].map((it) => it.closest('.bundled').id)"
    )
    return sorted(set(found))


def test_an_address_unfolds_its_story_before_others_are_elements(hurry: Open) -> None:
    page = hurry("sample.html#stories/double-charge/action")
    action = page.locator('[id="stories/double-charge/action"]')
    expect(action).to_be_in_viewport()
    assert sections(page) == ["stories/double-charge/_top"]
    assert page.locator(".bundled:visible").count() == 1


def test_firefox_unfolds_it_and_makes_the_others_later(fox: Firefox, folder: Path) -> None:
    fox.open(f"{folder.as_uri()}/sample.html#stories/double-charge/action")
    made = "document.querySelector('.bundled') && !document.querySelector('.bundled > noscript')"
    fox.wait_for(made)
    place = "document.getElementById('stories/double-charge/action').getBoundingClientRect().y"
    assert 0 <= fox.run(f"return {place}") < 100  # px: below the head
    assert fox.run("return document.documentElement.dataset.read") == "all"


def test_what_is_unfolded_by_hand_is_there_at_once(hurry: Open) -> None:
    page = hurry("sample.html")
    told = page.locator('details[id="stories/double-charge/_top"]')
    told.locator("> summary").click()
    expect(told.locator(".section").first).to_be_visible()
    assert sections(page) == ["stories/double-charge/_top"]


def test_a_link_leads_into_a_story_that_was_not_unfolded(hurry: Open) -> None:
    page = hurry("handbook.html")
    page.evaluate("location.hash = 'stories/frozen-scales/task'")
    expect(page.locator('[id="stories/frozen-scales/task"]')).to_be_in_viewport()


def test_all_of_it_is_printed_even_at_once(hurry: Open) -> None:
    page = hurry("sample.html#stories/double-charge/_top")
    assert page.locator(".bundled > noscript").count() > 100
    page.pdf()
    all_made(page)
    page.emulate_media(media="print")
    assert page.locator(".bundled:not(:visible)").count() == 0


def test_later_all_is_there_and_the_story_is_where_it_was(visit: Open) -> None:
    page = visit("sample.html#stories/double-charge/_top")
    told = page.locator('details[id="stories/double-charge/_top"]')
    all_made(page)
    expect(page.locator(".bundled:visible")).to_have_count(page.locator(".bundled").count())
    below_head = page.evaluate("getComputedStyle(document.documentElement).scrollPaddingTop")
    assert told.evaluate("(it) => it.getBoundingClientRect().y") == pytest.approx(
        float(below_head.removesuffix("px")), abs=1
    )
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((it) => it.id)")
    assert len(ids) == len(set(ids))


def test_a_reload_leads_back_to_where_one_was(visit: Open) -> None:
    page = visit("sample.html#stories/double-charge/_top")
    all_made(page)
    page.evaluate("scrollBy({ top: 1500, behavior: 'instant' })")
    place = page.evaluate("scrollY")
    page.reload()
    all_made(page)
    page.wait_for_function("(place) => Math.abs(scrollY - place) < 2", arg=place)


def test_the_elements_are_those_that_a_page_without_scripts_has(visit: Open) -> None:
    texts = []
    for options in ({}, {"java_script_enabled": False}):
        page = visit("handbook.html", **options)
        expect(page.locator(".bundled > noscript")).to_have_count(0 if not options else 22)
        page.emulate_media(media="print")  # it folds nothing
        texts.append(page.inner_text("main"))
    assert "Why a text message, and not an update?" in texts[0]
    assert texts[0] == texts[1]


@pytest.mark.parametrize("address", ["stories/%E0", "stories/no-such", "%"])
def test_an_address_of_nothing_shows_the_contents(visit: Open, address: str) -> None:
    page = visit(f"handbook.html#{address}")
    expect(page.get_by_role("button", name="Ask")).to_be_visible()
    expect(page.locator(".bundled:visible")).to_have_count(page.locator(".bundled").count())


def test_where_a_server_refuses_scripts_the_page_says_what_is_missing(
    tabs: Tabs, folder: Path
) -> None:
    context = tabs.browser.new_context(viewport=PHONE)
    page = context.new_page()
    address = "http://bundle.test/"
    headers = {"Content-Security-Policy": "script-src 'none'"}
    file = folder / "handbook.html"
    page.route(address, lambda it: it.fulfill(path=file, headers=headers))
    page.goto(address)
    said = (
        "If entries stay empty, scripts are refused here: open the file in a browser, "
        "from the disk."
    )
    expect(page.get_by_text(said)).to_be_visible()
    expect(page.get_by_role("heading", name="The scales that froze at five").first).to_be_visible()
    page.unroute(address)
    page.route(address, lambda it: it.fulfill(path=file))
    page.goto(address)
    expect(page.get_by_text(said)).to_be_hidden()
    context.close()


# Links, Ask and practice


def test_a_link_unfolds_what_it_leads_to_and_does_so_again(visit: Open) -> None:
    page = visit("handbook.html#questions/broke/_top")
    page.get_by_role("navigation").get_by_role("link", name="Stories").click()
    page.evaluate("location.hash = 'stories/frozen-scales/_top'")
    told = page.locator('details[id="stories/frozen-scales/_top"]')
    chip = told.get_by_role("link", name="Own the loaf").first
    chip.click()
    topic = page.locator('details[id="principles/own-the-loaf/_top"]')
    expect(topic).to_have_attribute("open", "")
    topic.locator("> summary").click()
    chip.click()
    expect(topic).to_have_attribute("open", "")


def test_practice_is_a_page_over_the_file_and_back_returns_to_it(visit: Open) -> None:
    page = visit("handbook.html")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("link", name="Practice").click()
    practice = page.frame_locator('iframe[title="Practice"]')
    expect(practice.get_by_role("heading", name="Practice")).to_be_visible()
    practice.get_by_role("button", name="Study", exact=True).click()
    practice.get_by_role("button", name="Show").first.click()
    page.evaluate("history.back()")
    expect(practice.get_by_role("button", name="Drill", exact=True)).to_be_visible()
    page.evaluate("history.back()")
    expect(page.locator("iframe")).to_be_hidden()
    expect(page.get_by_role("heading", name="Stories")).to_be_visible()
    assert asked == []


def test_ask_opens_over_the_file_and_not_over_its_practice(visit: Open) -> None:
    page = visit("handbook.html#practice")
    practice = page.frame_locator("iframe")
    practice.get_by_role("button", name="Drill", exact=True).focus()
    page.keyboard.press("/")
    expect(practice.locator("dialog")).to_be_hidden()
    page.evaluate("history.replaceState(null, '', '#questions')")
    page.reload()
    page.keyboard.press("/")  # even before what it reads is unpacked
    page.keyboard.type("scales")
    expect(page.locator(".result").first).to_be_visible()


def test_a_drill_in_the_file_takes_words_for_a_story(visit: Open) -> None:
    page = visit("handbook.html#practice")
    practice = page.frame_locator("iframe")
    practice.get_by_role("button", name="Drill", exact=True).click()
    practice.locator("main [type=search]").fill("scales")  # Ask answers, with the data of the file
    expect(practice.locator(".opt")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(practice.locator("h1")).to_contain_text("scales")


def test_a_story_due_today_is_unfolded_in_the_file(visit: Open) -> None:
    page = visit("handbook.html#practice")
    link = page.frame_locator("iframe").locator(".due a").first
    title = link.text_content() or ""
    link.click()
    expect(page.locator("iframe")).to_be_hidden()
    told = page.locator("details[open]", has=page.get_by_role("heading", name=title)).first
    expect(told.locator(".section").first).to_be_in_viewport()


@pytest.mark.parametrize("width", [360, 1280])
def test_practice_in_the_file_breaks_no_rule_of_accessibility(visit: Open, width: int) -> None:
    page = visit("sample.html#practice")
    page.set_viewport_size({"width": width, "height": 740})
    expect(page.frame_locator("iframe").locator(".due li").first).to_be_visible()
    frame = page.frames[1]  # a document without an origin lets axe not look into its frames
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert breaches(frame) == []
    assert breaches(page, iframes=False) == []


def test_without_scripts_all_is_unfolded_by_hand_or_by_its_address(visit: Open) -> None:
    page = visit("handbook.html", java_script_enabled=False)
    expect(page.locator(".open-ask")).to_be_hidden()
    told = page.locator('details[id="stories/frozen-scales/_top"]')
    action = told.locator(".section").nth(2)
    expect(action).to_be_hidden()
    told.locator("> summary").click()
    expect(action).to_be_visible()
    for probe in told.locator(".probe > summary").all()[1:]:
        probe.click()
    expect(told).to_contain_text("Why a text message, and not an update?", use_inner_text=True)
    expect(page.locator(".refused")).to_be_hidden()
    page.locator('a[href="#questions"]').click()
    page = visit("handbook.html#stories/sourdough-count/_top", java_script_enabled=False)
    expect(page.locator('[id="stories/sourdough-count/action"]')).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_file_breaks_no_rule_of_accessibility(visit: Open, width: int) -> None:
    page = visit("handbook.html")  # it has every kind of element
    page.set_viewport_size({"width": width, "height": 740})
    assert breaches_in_each_scheme(page) == []
    unfold_all(page)
    assert breaches_in_each_scheme(page) == []
    assert fits(page)


def test_nor_does_a_large_file_when_all_of_it_is_unfolded(visit: Open) -> None:
    page = visit("sample.html")
    unfold_all(page)
    assert fits(page)
    assert breaches_in_each_scheme(page) == []
    page.set_viewport_size({"width": 1280, "height": 740})
    assert fits(page)


def fits(page: Page) -> bool:
    """Return True where nothing of a page is beyond the side of the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
