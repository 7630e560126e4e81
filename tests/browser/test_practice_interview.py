"""Practice by interview: the day to be ready for, its rounds, its questions, and the angles."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from conftest import DESK, PHONE, breaches
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Open = Callable[..., Page]


@pytest.fixture
def practice(visit: Open) -> Open:
    """Open the practice page at a time before or after the interviews of the sample."""

    def open_page(now: str = "2026-12-01T19:40:00Z", anchor: str = "", size: Any = DESK) -> Page:
        page = visit("to-ask.html", size=size)
        page.clock.install(time=now)
        page.goto(page.url.replace("to-ask.html", f"practice.html{anchor}"))
        return page

    return open_page


def test_the_day_is_that_of_the_next_interview_until_another_is_typed(practice: Open) -> None:
    page = practice()
    day, loop = page.get_by_label("The interview is on"), page.locator("[name=loop]")
    expect(day).to_have_value("2026-12-10")
    expect(loop.locator("option:checked")).to_have_text(
        "Pennant Tide, Staff engineer, 2026-12-10, 09:30, Europe/London"
    )
    expect(page.locator(".until p")).to_contain_text("9 days")
    assert [text[:12] for text in loop.locator("option").all_inner_texts()] == [
        *("another date", "Pennant Tide", "Oriel Freigh", "Pennant Tide"),
    ]  # those that are over stand last
    day.fill("2026-12-04")
    expect(page.locator(".until p")).to_contain_text("3 days")
    expect(loop.locator("option:checked")).to_have_text("another date")
    page.reload()
    expect(day).to_have_value("2026-12-04")
    loop.select_option("2026-12-10")
    expect(day).to_have_value("2026-12-10")
    loop.select_option("another date")
    expect(day).to_have_value("")
    expect(day).to_be_focused()
    page.reload()
    expect(day).to_have_value("")  # none was wanted


def test_after_the_last_interview_no_day_is_taken_from_one(practice: Open) -> None:
    page = practice("2026-12-11T08:00:00Z")
    expect(page.get_by_label("The interview is on")).to_have_value("")
    expect(page.locator(".alerts .alert:visible")).to_have_count(0)


def test_the_page_of_an_interview_leads_to_the_practice_of_it(visit: Open) -> None:
    page = visit("interviews/pennant-tide.html")
    page.get_by_role("link", name="Practise this interview").click()
    expect(page.locator("h1")).to_have_text("Practice")
    expect(page.get_by_label("Practise with").locator("option:checked")).to_have_text(
        "Pennant Tide, Staff engineer: all rounds"
    )


def test_two_interviews_of_one_company_are_told_apart_and_those_over_stand_last(
    practice: Open,
) -> None:
    page = practice()
    groups = page.locator("[name=from] optgroup:has([value^='interview/'])")
    first = groups.locator("option:first-child")
    assert first.all_inner_texts() == [
        "Pennant Tide, Staff engineer: all rounds",
        "Pennant Tide, Staff engineer, phone screen: all rounds",
        "Oriel Freight: all rounds",
    ]
    last = page.locator("[name=from] optgroup").last
    expect(last.locator("option").first).to_have_text("Oriel Freight: all rounds")


def test_a_round_is_drilled_with_its_questions_its_stories_and_its_angles(practice: Open) -> None:
    page = practice(size=PHONE, anchor="#with=interview/pennant-tide/1")
    expect(page.get_by_label("The interview is on")).to_have_value("2026-12-10")
    page.get_by_role("button", name="Drill", exact=True).click()
    expect(page.locator(".stage-top")).to_contain_text("Pennant Tide: Joaquin Dahl")
    for _ in range(6):
        if page.locator("h1").inner_text().startswith("Walk me through the worst outage"):
            break
        page.get_by_role("button", name="Another question").click()
        page.wait_for_timeout(100)
    page.locator(".opt", has_text="The night we charged passengers twice").click()
    section = page.locator(".two-ways > section").first
    expect(section).to_contain_text("The handbook would tell it too.")
    expect(section.locator(".angle")).to_have_count(1)
    expect(section.locator(".angle")).to_contain_text("Angle: Ownership")
    assert breaches(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_a_round_is_studied_with_its_first_story_for_the_theme(practice: Open) -> None:
    page = practice(anchor="#with=interview/pennant-tide/1")
    page.get_by_role("button", name="Study", exact=True).first.click()
    expect(page.locator("h1")).to_have_text("Walk me through the worst outage you have handled.")
    expect(page.locator(".angle:visible")).to_have_count(0)  # it is told first
    page.get_by_role("button", name="Show numbers and cue").click()
    page.wait_for_timeout(450)
    page.clock.run_for(500)
    page.get_by_role("button", name="Show the angle: Ownership").click()
    expect(page.locator(".angle:visible")).to_have_count(1)
    assert breaches(page) == []


def test_a_mock_of_a_round_asks_what_may_come_in_it(practice: Open) -> None:
    page = practice(anchor="#with=interview/pennant-tide/4")
    page.get_by_role("button", name="Mock", exact=True).click()
    expect(page.locator(".stage-top .numeric")).to_have_text(
        re.compile("1 of 4"), use_inner_text=True
    )
