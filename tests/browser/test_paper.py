"""Pages on paper, in Chromium and in Firefox: nothing is cut off, and headings keep their lines."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import address, story
from paper import Sheet, read_sheets
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
Build = Callable[..., Path]
Print = Callable[..., list[Sheet]]

# A heading of the sample's pages that stands alone at the foot of a page is one of these.
HEADINGS = {
    "stories/double-charge.html": ("Whose mistake was the retry?", "Quiz", "Angles", "Levels"),
    "to-ask.html": ("Working with engineers", "Product and design", "Directors and executives"),
    "questions/index.html": ("Failure", "Hiring", "Feedback", "Stakeholders", "No category"),
    "coverage.html": ("Stories by principle", "Stories by category", "Stories by question"),
}
WIDE = story(
    "The slow queue",
    body="\n## Metrics\n\n"
    + f"| {' | '.join(f'Quarter {n} heading' for n in range(9))} |\n{'|---' * 9}|\n"
    + f"| {' | '.join(f'measure{n}' for n in range(9))} |\n\n"
    + f"```\nselect {', '.join(f'column_number_{n}' for n in range(20))} END_OF_LINE\n```\n",
)


@pytest.fixture(params=["chromium", "firefox"])
def printed(request: pytest.FixtureRequest, sample_site: Path) -> Print:
    """Print a page of a site on A4, in each browser, and return its sheets."""

    def in_chromium(path: str, site: Path = sample_site) -> list[Sheet]:
        page = request.getfixturevalue("visit")(path, site)
        return read_sheets(page.pdf(format="A4"))

    def in_firefox(path: str, site: Path = sample_site) -> list[Sheet]:
        return read_sheets(request.getfixturevalue("fox").pdf(address(site, path)))

    return in_chromium if request.param == "chromium" else in_firefox


def text_of(sheets: list[Sheet]) -> str:
    """Return the words of some sheets."""
    return " ".join(sheet.text for sheet in sheets)


@pytest.mark.parametrize("path", HEADINGS)
def test_no_heading_stands_alone_at_the_foot_of_a_sheet(printed: Print, path: str) -> None:
    ends = [sheet.lines[-1] for sheet in printed(path)]
    assert [line for line in ends[:-1] if line in HEADINGS[path]] == []


@pytest.mark.parametrize("path", ["questions/index.html", "stories/index.html"])
def test_a_list_begins_below_its_heading(printed: Print, path: str) -> None:
    assert len(printed(path)[0].lines) > 20


def test_wide_tables_and_long_lines_of_code_are_whole(printed: Print, build: Build) -> None:
    text = text_of(printed("stories/a.html", build({"stories/a.md": WIDE})))
    assert "measure8" in text
    assert "END_OF_LINE" in text


def test_the_matrix_of_coverage_names_its_stories(printed: Print) -> None:
    first = printed("coverage.html")[0]
    assert "The night we charged passengers twice" in first.text


def test_what_is_folded_lies_open_on_paper(printed: Print) -> None:
    text = text_of(printed("stories/double-charge.html"))
    assert "I had approved it, and I wrote that down." in text  # in a follow-up that is folded


# The page to print


def test_the_whole_handbook_is_one_document_with_a_sheet_for_each_beginning(
    printed: Print,
) -> None:
    first, *others = (sheet.text for sheet in printed("print.html"))
    assert "The Thursday Handbook" in first
    assert "Leaving the map company" in first  # the contents
    begins = [text for text in others if "fits Leaving the map company" in text]
    assert len(begins) == 1


@pytest.mark.parametrize(
    ("choice", "cards"),
    [("paper=a4", [1] * 15), ("up=4", [4, 4, 4, 3]), ("up=4&form=cue", [4, 4, 4, 3])],
)
def test_each_card_stands_on_its_sheet_down_to_its_foot(
    printed: Print, choice: str, cards: list[int]
) -> None:
    sheets = printed(f"cards.html#stories=all&{choice}")
    assert [sheet.text.count("Speaking time ") for sheet in sheets] == cards
    assert {tuple(map(round, sheet.size)) for sheet in sheets} == {(210, 297)}
    assert "The night we charged passengers twice" in text_of(sheets)
    assert "All 1,312 passengers had their refund sent by noon on Monday" in text_of(sheets)


def test_a_choice_prints_its_stories_and_questions_alone(visit: Open) -> None:
    page = visit("print.html")
    page.get_by_role("combobox", name="Part").select_option(label="Incidents")
    expect(page.get_by_role("status")).to_have_text("1 story, 7 questions")
    assert page.url.endswith("#deck=category/incidents")
    text = text_of(read_sheets(page.pdf(format="A4")))
    assert "The night we charged passengers twice" in text
    assert "Eight weeks with Stellan" not in text
    assert "Why this company?" not in text


def test_an_address_chooses_what_is_printed(visit: Open) -> None:
    page = visit("print.html#deck=principle/ownership&without=questions,guides")
    expect(page.get_by_role("combobox", name="Part")).to_have_value("principle/ownership")
    expect(page.get_by_label("Questions", exact=True)).not_to_be_checked()
    text = text_of(read_sheets(page.pdf(format="A4")))
    assert "The night we charged passengers twice" in text
    assert "Walk me through the worst outage" not in text


def test_a_jump_to_a_place_keeps_the_choice(visit: Open) -> None:
    page = visit("print.html")
    page.get_by_role("combobox", name="Part").select_option(label="Incidents")
    for link in page.locator(".contents a:visible").all():
        link.click()
        expect(page.locator(":target")).to_be_visible()
        expect(page.get_by_role("status")).to_have_text("1 story, 7 questions")


def test_the_page_of_a_category_links_to_its_print(visit: Open) -> None:
    page = visit("categories/incidents.html")
    page.get_by_role("link", name="Print its stories and questions").click()
    expect(page.get_by_role("status")).to_have_text("1 story, 7 questions")


def test_an_unknown_part_is_named_and_all_is_shown(visit: Open) -> None:
    page = visit("print.html#deck=category/none")
    expect(page.get_by_role("status")).to_have_text("Not in this handbook: category/none.")
    expect(page.get_by_role("heading", name="Leaving the map company")).to_be_visible()


def test_nothing_is_left_of_a_kind_that_is_not_ticked(visit: Open) -> None:
    page = visit("print.html")
    page.get_by_label("Stories", exact=True).uncheck()
    page.get_by_label("Guides", exact=True).uncheck()
    expect(page.get_by_role("status")).to_have_text("0 stories, 71 questions")
    expect(page.locator(".contents h2:visible")).to_have_text(["Questions", "Questions to ask"])


def test_a_handbook_without_stories_says_how_to_begin(visit: Open, build: Build) -> None:
    page: Any = visit("print.html", build({"handbook.yml": "title: Mine\n"}))
    expect(page.locator("main")).to_contain_text("No stories yet, so there is nothing to print.")
