"""Long pages on a phone, lists in groups and in order, and the theme, in the browser."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import LAYOUTS, breaches, story
from playwright.sync_api import Locator, Page, expect

from starbook.build import pipeline
from starbook.model import Edition

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
PHONE = {"width": 360, "height": 640}
STORY = "stories/double-charge.html"
DARK, LIGHT = "rgb(20, 23, 25)", "rgb(252, 252, 250)"


def _is_in_sight(place: Locator) -> bool:
    box, size = place.bounding_box(), place.page.viewport_size
    return bool(box and size and 0 <= box["y"] < size["height"] and 0 <= box["x"] < size["width"])


def _titles(page: Page) -> list[str]:
    return page.locator(".rows > li:visible :is(h2, h3)").all_inner_texts()


# The theme


def _ground(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_the_theme_is_chosen_once_for_all_pages_of_a_device(visit: Open) -> None:
    page = visit("stories/index.html", color_scheme="light")
    assert _ground(page) == LIGHT
    page.get_by_label("Theme").select_option("Dark")
    assert _ground(page) == DARK
    for path in (STORY, "cards.html", "practice.html"):
        page.goto(re.sub(r"stories/.*|cards.html|practice.html", path, page.url))
        assert _ground(page) == DARK, path
    page.goto(re.sub("practice.html", "index.html", page.url))
    expect(page.get_by_label("Theme")).to_have_value("dark")
    page.get_by_label("Theme").select_option("System")
    assert _ground(page) == LIGHT


def test_the_theme_can_be_chosen_on_every_kind_of_page(visit: Open, sample_site: Path) -> None:
    kinds = {path.parent: path for path in sample_site.glob("*/*.html")}
    alone = {path for path in sample_site.glob("*.html") if path.name != "404.html"}  # not on disk
    for path in (*kinds.values(), *alone):
        page = visit(path.relative_to(sample_site).as_posix(), color_scheme="light")
        page.get_by_label("Theme").select_option("Dark")
        assert _ground(page) == DARK, path.name
        page.get_by_label("Theme").select_option("System")


def test_the_theme_is_set_before_anything_is_drawn(visit: Open) -> None:
    page = visit("index.html", color_scheme="light")
    page.get_by_label("Theme").select_option("Dark")
    page.add_init_script("""
      new MutationObserver((_, watch) => {
        if (!document.body) return;
        window.themeAtFirst = document.documentElement.dataset.theme;
        watch.disconnect();
      }).observe(document, { childList: true, subtree: true });
    """)
    page.reload()
    assert page.evaluate("themeAtFirst") == "dark"


def test_where_storage_is_refused_the_theme_still_changes_the_page(visit: Open) -> None:
    page = visit("index.html", color_scheme="light")
    page.add_init_script("""Object.defineProperty(window, "localStorage", {
      get() { throw new DOMException("refused", "SecurityError"); }
    });""")
    page.reload()
    page.get_by_label("Theme").select_option("Dark")
    assert _ground(page) == DARK


def test_on_a_phone_the_theme_is_in_the_contents(visit: Open) -> None:
    page = visit(STORY, size=PHONE, color_scheme="light")
    page.get_by_text("Contents", exact=True).click()
    theme = page.locator(".menu").get_by_label("Theme")
    theme.select_option("Dark")
    assert _ground(page) == DARK
    assert breaches(page) == []


# A long story on a phone


def test_on_a_phone_the_title_of_a_story_comes_first(visit: Open) -> None:
    page = visit(STORY, size=PHONE)
    tops = page.evaluate("""[".story-head h1", ".story-head .headline", ".crumbs", ".facts"].map(
      (it) => document.querySelector(it).getBoundingClientRect().top)""")
    assert tops == sorted(tops)
    assert tops[0] < 100


def test_the_bar_of_a_phone_leads_to_every_section_of_a_story(visit: Open) -> None:
    page = visit(STORY, size=PHONE, reduced_motion="reduce")
    bar = page.locator(".rail .sticky")
    for section in page.locator("main > section").all():
        ident = section.get_attribute("id")
        link = bar.locator(f"a[href='#{ident}']")
        link.click()
        expect(link).to_have_attribute("aria-current", "location")
        assert _is_in_sight(section.locator("h2").first), ident
        assert _is_in_sight(link), ident
        box = link.bounding_box()
        assert box
        assert box["height"] >= 44, ident


@pytest.mark.parametrize(
    ("path", "figures"),
    [("stories/a.html", ".overview"), ("questions/q.html", ".story-choice")],
    ids=["story", "question"],
)
def test_on_a_desk_a_change_of_large_numbers_stands_on_one_line(
    path: str, figures: str, build: Any, visit: Open
) -> None:
    metrics = "metrics: ['£960,000 → £245,000: running cost']"
    book = {
        "stories/a.md": story("The map", metrics),
        "questions.yml": "- {question: Why?, id: q, stories: [a]}\n",
    }
    page = visit(path, build(book), size={"width": 1280, "height": 800})
    number = page.locator(f"{figures} .figure b")
    expect(number).to_have_text("£960,000→£245,000")
    lines = "it => it.offsetHeight / parseFloat(getComputedStyle(it).lineHeight)"
    assert round(number.evaluate(lines)) == 1


def test_links_side_by_side_under_a_heading_stand_apart(visit: Open) -> None:
    page = visit("principles/ownership.html", size={"width": 1280, "height": 800})
    cards, whole = (
        page.get_by_role("link", name=name, exact=True).bounding_box()
        for name in ("Print 1 card", "Print its stories and questions")
    )
    assert cards
    assert whole
    assert cards["y"] == whole["y"]
    assert whole["x"] - (cards["x"] + cards["width"]) >= 16


def test_on_a_desk_advice_alone_begins_at_the_left(
    content: Any, tmp_path: Path, visit: Open
) -> None:
    files = {
        "handbook.yml": "publish: [questions]\n",
        "questions.yml": "- {question: Why us?, id: q, needs: answer, notes: Say what is true.}\n",
        "answers/q.md": "I like rye.\n",
        "stories/a.md": story("The map", "publish: true"),
    }
    site = tmp_path / "public"
    pipeline.build(content(files), LAYOUTS, site, edition=Edition.PUBLIC)
    page = visit("questions/q.html", site, size={"width": 1280, "height": 800})
    advice = page.get_by_text("Say what is true.").bounding_box()
    heading = page.locator("h1").bounding_box()
    assert advice
    assert heading
    assert advice["x"] == heading["x"]


def test_on_a_phone_what_follows_a_gap_stands_on_its_last_line(build: Any, visit: Open) -> None:
    book = {
        "stories/a.md": story("The map"),
        "principles.yml": "- {name: Own it, set: The Company of Merchants of the Seven Seas}\n"
        "- {name: Share it, set: Guild}\n",
    }
    page = visit("index.html", build(book), size=PHONE)
    gap = page.locator(".gap-list a").first
    assert gap.evaluate("it => it.getClientRects().length") > 1
    middles = gap.evaluate("""it => {
      const colon = document.createRange();
      colon.setStart(it.nextSibling, 0);
      colon.setEnd(it.nextSibling, 1);
      return [[...it.getClientRects()].at(-1), colon.getBoundingClientRect()]
        .map((box) => Math.round((box.top + box.bottom) / 2));
    }""")
    assert middles[0] == pytest.approx(middles[1], abs=2)


def test_contents_lists_every_kind_of_page(visit: Open) -> None:
    page = visit(STORY, size=PHONE)
    page.get_by_text("Contents", exact=True).click()
    names = page.locator(".menu a").all_inner_texts()
    assert names == [
        *("Stories", "Questions", "Categories", "Principles", "Coverage", "Interviews"),
        *("Practice", "Guides", "Cards", "Coach", "Levels", "Questions to ask", "Print all"),
    ]


# Lists in groups


@pytest.mark.parametrize("path", ["questions/index.html", "to-ask.html", "coverage.html"])
def test_on_a_phone_a_long_list_is_folded_by_group(visit: Open, path: str) -> None:
    page = visit(path, size=PHONE)
    folds = page.locator("details.fold:visible")
    assert folds.count() > 2
    assert page.locator("details.fold[open]").count() == 0
    inside = folds.first.locator(":is(a, li)").first
    expect(inside).to_be_hidden()
    folds.first.locator("summary").click()
    expect(inside).to_be_visible()
    assert breaches(page) == []


@pytest.mark.parametrize("path", ["questions/index.html", "to-ask.html", "coverage.html"])
def test_on_a_desk_nothing_is_folded(visit: Open, path: str) -> None:
    page = visit(path)
    expect(page.locator(".fold summary:visible")).to_have_count(0)
    assert page.locator(".fold a:visible, .fold li:visible").count() > 20


@pytest.mark.parametrize(
    "path", ["stories/index.html", "questions/index.html", "to-ask.html", "coverage.html"]
)
def test_the_first_useful_line_is_no_more_than_three_thumbs_away(visit: Open, path: str) -> None:
    page = visit(path, size=PHONE)
    first = page.locator("main :is(.row, .fold summary, .gap-box li):visible").first
    box = first.bounding_box()
    assert box
    assert box["y"] < 640


def test_an_address_that_leads_to_a_group_opens_it(visit: Open) -> None:
    page = visit("questions/index.html#conflict", size=PHONE)
    expect(page.locator("#conflict > details")).to_have_attribute("open", "")
    page = visit("coverage.html#questions-conflict", size=PHONE)
    expect(page.locator("#questions-conflict > details")).to_have_attribute("open", "")


def test_what_a_filter_leaves_is_not_folded(visit: Open) -> None:
    page = visit("questions/index.html", size=PHONE)
    page.get_by_text("Filter questions").click()
    page.get_by_label("Words in questions").fill("team")
    assert page.locator(".question-row:visible").count() > 0
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".question-row:visible")).to_have_count(0)


def test_a_jump_to_a_group_keeps_the_filters(visit: Open) -> None:
    page = visit("questions/index.html#coverage=covered")
    before = page.locator(".question-row:visible").count()
    page.locator(".jumps a").nth(1).click()
    expect(page.locator("[name=coverage][value=covered]")).to_be_checked()
    assert page.locator(".question-row:visible").count() == before


def test_coverage_names_stories_by_title(visit: Open) -> None:
    page = visit("coverage.html")
    main = page.locator("main").inner_text()
    assert "The night we charged passengers twice" in main
    assert "double-charge" not in main
    page.locator(".jumps").first.get_by_role("link", name="Stories by question").click()
    expect(page).to_have_url(re.compile("#question-by-story$"))


def test_on_a_phone_coverage_lists_the_stories_of_each_principle(visit: Open) -> None:
    page = visit("coverage.html", size=PHONE)
    fold = page.locator("#story-by-principle .fold", has_text="Dive Deep")
    fold.locator("summary").click()
    titles = fold.locator("a").all_inner_texts()
    assert "Make it faster" in titles
    assert len(titles) == int(fold.locator(".numeric").inner_text())
    expect(page.locator(".matrix:visible")).to_have_count(0)


# A list in another order


BOOK = {
    "stories/a.md": story("Alder", "company: Mill", "date: 2021-05"),
    "stories/b.md": story("Birch", "company: Bakery", "date: 2023-01-02"),
    "stories/c.md": story("Cedar"),
    "stories/d.md": story("Dogwood", "company: Mill", "date: 2022"),
}


def test_a_list_is_put_in_order_by_company_and_by_date(build: Any, visit: Open) -> None:
    page = visit("stories/index.html", site=build(BOOK))
    order = page.get_by_label("Order")
    order.select_option("company")
    assert _titles(page) == ["Birch", "Alder", "Dogwood", "Cedar"]
    order.select_option("date, latest first")
    assert _titles(page) == ["Birch", "Dogwood", "Alder", "Cedar"]
    expect(page).to_have_url(re.compile("#sort=date$"))
    page.reload()
    assert _titles(page) == ["Birch", "Dogwood", "Alder", "Cedar"]
    order.select_option("as written")
    assert _titles(page) == ["Alder", "Birch", "Cedar", "Dogwood"]


def test_a_list_is_filtered_by_company_and_by_year(build: Any, visit: Open) -> None:
    page = visit("stories/index.html", site=build(BOOK))
    page.get_by_role("group", name="Company").get_by_label("Mill").check()
    assert _titles(page) == ["Alder", "Dogwood"]
    page.get_by_role("group", name="Year").get_by_label("2022").check()
    assert _titles(page) == ["Dogwood"]
    expect(page.locator(".row:visible .meta")).to_have_text("Mill · 2022")


def test_a_long_list_is_grouped_by_category_and_put_back_after_another_order(
    build: Any, visit: Open
) -> None:
    files = {
        f"stories/s{n:02}.md": story(
            f"Story {n:02}", f"company: C{n % 3}", f"categories: [{('Odd', 'Even')[n % 2]}]"
        )
        for n in range(24)
    }
    page = visit(
        "stories/index.html", site=build({**files, "categories.yml": "[{name: Odd}, {name: Even}]"})
    )
    assert page.locator(".group > h2:visible").all_inner_texts() == ["Odd", "Even"]
    before = _titles(page)
    page.get_by_label("Order").select_option("company")
    assert _titles(page)[:3] == ["Story 00", "Story 06", "Story 12"]
    expect(page.locator(".group:visible")).to_have_count(0)
    page.get_by_label("Order").select_option("by category")
    assert _titles(page) == before
    assert breaches(page) == []
