"""Angles of a story in the browser: in what Ask found, and on its card."""

from collections.abc import Callable

import pytest
from conftest import breaches_in_each_scheme, story
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
        ("readers", ["Angle: BrightwaterEmphasise what readers saw."]),
    ],
)
def test_ask_shows_the_angle_of_what_led_to_a_story(visit, build, asked, angles) -> None:
    page = visit(f"index.html?q={asked}", build(BOOK))
    rota = page.locator(".result", has_text="The rota")
    expect(rota).to_have_count(1)
    expect(rota.locator(".chips")).to_be_visible()
    expect(rota.locator(".angle")).to_have_text(angles)


# Cards

DECKS = """
- {name: For them, stories: [company/brightwater]}
- {name: Plain, stories: [a, b]}
"""


def shown_angles(page: Page) -> list[str]:
    return page.locator(".sheet .card-angle:visible").all_inner_texts()


def chosen(page: Page) -> list[str]:
    rows = page.locator(".chosen li")
    return [row.get_attribute("data-id") or "" for row in rows.all()]


@pytest.mark.parametrize(
    ("address", "cards", "angles"),
    [
        ("", ["a"], ["Brightwater"]),
        ("#deck=plain", ["a", "b"], []),
        ("#deck=plain&for=company/brightwater", ["a", "b"], ["Brightwater"]),
        ("#stories=company/brightwater", ["a"], ["Brightwater"]),
        ("#stories=principle/ownership", ["a", "b"], ["Ownership"]),
        ("#stories=b,a&for=principle/ownership,company/brightwater", ["b", "a"],
         ["Ownership", "Brightwater"]),
        ("#stories=status/ready", ["a", "b"], []),
    ],
)  # fmt: skip
def test_a_card_has_the_angle_of_whom_it_is_printed_for(visit, build, address, cards, angles):
    page = visit(f"cards.html{address}", build(BOOK | {"decks.yml": DECKS}))
    expect(page.locator(".chosen li")).to_have_count(len(cards))
    assert chosen(page) == cards
    assert [text.split("\n")[0] for text in shown_angles(page)] == [f"Angle: {it}" for it in angles]


def test_the_angle_stays_while_cards_are_moved_and_can_be_chosen(visit, build) -> None:
    page = visit("cards.html#stories=principle/ownership", build(BOOK | {"decks.yml": DECKS}))
    page.get_by_role("button", name="Move down: The rota").click()
    assert chosen(page) == ["b", "a"]
    assert "#stories=b,a&for=principle/ownership" in page.url
    page.get_by_label("Angle for").select_option("Brightwater")
    assert [text.split("\n")[0] for text in shown_angles(page)] == ["Angle: Brightwater"]
    page.get_by_label("Angle for").select_option("none")
    assert shown_angles(page) == []


def test_an_address_names_an_angle_that_no_story_has(visit, build) -> None:
    page = visit("cards.html#stories=a&for=company/nobody", build(BOOK))
    expect(page.get_by_role("alert")).to_have_text("Not in this handbook: company/nobody.")


def test_without_scripts_the_cards_have_the_angle_of_the_first_deck(tabs, build) -> None:
    made = build(BOOK | {"decks.yml": DECKS})
    page = tabs.browser.new_context(java_script_enabled=False).new_page()
    page.goto((made / "cards.html").as_uri())
    assert [text.split("\n")[0] for text in shown_angles(page)] == ["Angle: Brightwater"]
    page.context.close()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    "path", ["index.html?q=brightwater", "cards.html#deck=for-them", "principles/ownership.html"]
)
def test_angles_break_no_rule_of_accessibility(visit, build, path, width) -> None:
    page = visit(path, build(BOOK | {"decks.yml": DECKS}))
    page.set_viewport_size({"width": width, "height": 720})
    expect(page.locator(".angle, .card-angle").locator("visible=true").first).to_be_visible()
    assert breaches_in_each_scheme(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
