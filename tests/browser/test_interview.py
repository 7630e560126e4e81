"""The page of an interview in a browser: the day on a phone, the run sheet on paper."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import DESK, LAYOUTS, PHONE, SAMPLE, address, breaches_in_each_scheme, story
from editions import write
from paper import read_sheets
from playwright.sync_api import Browser, Page, expect

from starbook import cli
from starbook.build import pipeline

pytestmark = pytest.mark.browser

LOOP = "interviews/pennant-tide.html"


@pytest.fixture
def phone(chromium: Browser, sample_site: Path) -> Iterator[Page]:
    """The interview of the sample on a phone, with a storage of its own."""
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(address(sample_site, LOOP))
    yield page
    context.close()


def test_a_phone_shows_one_round_and_the_tabs_lead_to_the_others(phone: Page) -> None:
    expect(phone.get_by_role("heading", name="Joaquin Dahl")).to_be_in_viewport()
    expect(phone.get_by_role("heading", name="Aoife Brandt")).not_to_be_in_viewport()
    tabs = phone.get_by_role("navigation", name="Rounds")
    expect(tabs.get_by_role("link", name="09:30")).to_have_attribute("aria-current", "true")

    tabs.get_by_role("link", name="10:30").click()

    expect(phone.get_by_role("heading", name="Aoife Brandt")).to_be_in_viewport()
    expect(tabs.get_by_role("link", name="10:30")).to_have_attribute("aria-current", "true")
    expect(tabs.get_by_role("link", name="09:30")).not_to_have_attribute("aria-current", "true")


def test_a_swipe_leads_to_the_next_round(chromium: Browser, sample_site: Path) -> None:
    context = chromium.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(address(sample_site, LOOP))
    tab = page.locator(".day-tabs [aria-current]")
    expect(tab).to_contain_text("09:30")
    swipe(page, 320, 40)
    expect(tab).to_contain_text("10:30")
    expect(page.get_by_role("heading", name="Aoife Brandt")).to_be_in_viewport()
    swipe(page, 40, 320)
    expect(tab).to_contain_text("09:30")
    context.close()


def swipe(page: Page, start: int, end: int) -> None:
    """Move a finger over the tickets, from one side to the other."""
    session = page.context.new_cdp_session(page)
    steps = [start + (end - start) * step // 10 for step in range(11)]
    for number, x in enumerate(steps):
        kind = "touchMove" if number else "touchStart"
        points = [{"x": x, "y": 300}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_theme_leads_to_the_cue_card_and_back_closes_it(phone: Page) -> None:
    phone.locator("#day-1 .ticket-first").first.click()
    card = phone.locator(".cue-card:target")
    expect(card.get_by_role("heading")).to_have_text("The night we charged passengers twice")
    expect(card).to_contain_text("ferry sale, Saturday 21:05")
    phone.go_back()
    expect(phone.locator(".cue-card:target")).to_have_count(0)
    expect(phone.get_by_role("heading", name="Joaquin Dahl")).to_be_in_viewport()


def test_a_cue_card_fills_the_screen_once_ask_was_used_too(phone: Page) -> None:
    phone.get_by_role("button", name="Ask").click()
    phone.keyboard.type("charged twice")
    expect(phone.locator(".result").first).to_be_visible()
    phone.keyboard.press("Escape")
    phone.keyboard.press("Escape")
    expect(phone.locator(".ask-dialog")).to_be_hidden()
    phone.locator("#day-1 .ticket-first").first.click()
    card = phone.locator(".cue-card:target")
    assert card.bounding_box() == {"x": 0, "y": 0, **PHONE}
    assert card.evaluate("(it) => getComputedStyle(it).borderTopWidth") == "0px"


def test_what_was_told_is_struck_through_and_the_backup_takes_its_place(phone: Page) -> None:
    ticket = phone.locator("#day-1 .ticket").first
    ticket.locator(".ticket-first").click()
    phone.locator(".cue-card:target .tell").click()
    expect(phone.locator(".cue-card:target .tell")).to_have_text("Told. Undo")
    phone.locator(".cue-card:target .cue-back a").click()

    struck = ticket.locator(".told-note")
    expect(struck).to_have_text("The night we charged passengers twice Told in round 1")
    expect(ticket.locator(".ticket-first")).to_be_hidden()
    expect(ticket.locator(".ticket-backup")).to_contain_text("The sync I fought for")

    phone.reload()  # kept on the device
    expect(struck).to_be_visible()


def test_when_the_backup_was_told_too_none_is_left(phone: Page) -> None:
    ticket = phone.locator("#day-1 .ticket").first
    none_left = ticket.get_by_text("none left")
    for kind in ("first", "backup"):
        expect(none_left).to_be_hidden()
        ticket.locator(f".ticket-{kind}").click()
        phone.locator(".cue-card:target .tell").click()
        phone.go_back()
    expect(none_left).to_be_visible()
    expect(ticket.locator(".ticket-first, .ticket-backup")).to_have_count(2)
    expect(ticket.locator(".ticket-first:visible, .ticket-backup:visible")).to_have_count(0)
    expect(ticket.locator("s:visible")).to_have_text(
        ["The night we charged passengers twice", "The sync I fought for"]
    )


def test_what_was_told_by_mistake_can_be_untold(phone: Page) -> None:
    phone.locator("#day-1 .ticket-first").first.click()
    told = phone.locator(".cue-card:target .tell")
    told.click()
    told.click()
    expect(told).to_have_text("Already told")
    phone.go_back()
    expect(phone.locator("#day-1 .ticket-first").first).to_be_visible()


def test_a_story_that_was_not_planned_is_told_in_the_round_in_sight(phone: Page) -> None:
    phone.get_by_role("navigation", name="Rounds").get_by_role("link", name="10:30").click()
    expect(phone.locator(".day-tabs [aria-current]")).to_contain_text("10:30")
    phone.locator("#day-2").get_by_role("link", name="Told something else").click()
    others = phone.locator("#others")
    expect(others.get_by_role("listitem")).to_have_count(15)
    row = others.get_by_role("listitem").filter(has_text="The night we charged passengers twice")
    row.get_by_role("button").click()
    expect(row.get_by_role("button")).to_have_text("Told. Undo")
    others.get_by_role("link", name="← Round 2").click()
    expect(phone.get_by_role("heading", name="Aoife Brandt")).to_be_in_viewport()
    expect(phone.locator("#day-2 .save-told")).to_be_visible()

    struck = phone.locator("#day-1 .told-note").first  # it was planned for another round
    expect(struck).to_have_text("The night we charged passengers twice Told in round 2")


def test_what_was_told_is_saved_as_a_file_that_log_adds(
    phone: Page, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saving = phone.locator("#day-2 .save-told")
    for place in ("#cue-1-1", "#cue-2-1"):
        expect(saving).to_be_hidden()  # there is nothing to save, or a cue card lies over it
        phone.evaluate("place => { location.hash = place; }", place)
        phone.locator(f"{place} .tell").click()
    phone.locator("#cue-2-1 .cue-back a").click()
    with phone.expect_download() as download:
        saving.click()
    assert download.value.suggested_filename == "told-pennant-tide.json"
    download.value.save_as(tmp_path / "told.json")

    content = tmp_path / "content"
    shutil.copytree(SAMPLE, content)
    before = (content / "log.yml").read_bytes()
    saved = ["--from", str(tmp_path / "told.json")]
    assert cli.main(["log", "--content", str(content), *saved]) == 0
    assert "Added 2 entries" in capsys.readouterr().out
    assert (content / "log.yml").read_bytes().decode() == before.decode() + (
        "- interview: pennant-tide\n  date: 2026-12-10\n  round: Joaquin Dahl\n"
        "  story: double-charge\n"
        "- interview: pennant-tide\n  date: 2026-12-10\n  round: Aoife Brandt\n"
        "  story: one-feature-less\n"
    )


def test_the_whole_plan_is_there_on_a_phone_too(phone: Page) -> None:
    phone.locator("#day-1").get_by_role("link", name="Whole plan").click()
    expect(phone.get_by_role("heading", name="Biggest gaps")).to_be_visible()
    expect(phone.locator(".day")).to_be_hidden()
    phone.get_by_role("link", name="The day", exact=True).click()
    expect(phone.locator(".day")).to_be_visible()


def test_without_scripts_the_rounds_and_cue_cards_are_there(
    chromium: Browser, sample_site: Path
) -> None:
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(address(sample_site, LOOP))
    page.locator("#day-1 .ticket-first").first.click()
    expect(page.locator(".cue-card:target")).to_be_visible()
    expect(page.locator(".tell")).not_to_have_count(0)
    expect(page.locator(".tell:visible")).to_have_count(0)
    context.close()


@pytest.mark.parametrize(
    "place",
    [
        *(LOOP, f"{LOOP}#plan", f"{LOOP}#cue-1-1", f"{LOOP}#others"),
        *("interviews/index.html", "interviews/oriel-freight.html#plan"),
    ],
)
def test_nothing_is_in_the_way_on_a_phone(chromium: Browser, sample_site: Path, place: str) -> None:
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    path, mark, fragment = place.partition("#")
    page.goto(address(sample_site, path) + mark + fragment)
    assert breaches_in_each_scheme(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    context.close()


@pytest.mark.parametrize("path", [LOOP, "interviews/index.html", "interviews/oriel-freight.html"])
def test_nothing_is_in_the_way_on_a_desk(chromium: Browser, sample_site: Path, path: str) -> None:
    context = chromium.new_context(viewport=DESK)
    page = context.new_page()
    page.goto(address(sample_site, path))
    assert breaches_in_each_scheme(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == DESK["width"]
    context.close()


def test_the_run_sheet_is_one_page_with_every_round(phone: Page) -> None:
    [sheet] = read_sheets(phone.pdf(prefer_css_page_size=True))
    assert [round(length) for length in sheet.size] == [210, 297]
    for name in ("Joaquin Dahl", "Aoife Brandt", "Thandi Rask", "Leopold Nair", "Mirela Stroud"):
        assert name in sheet.text
    assert "The night we charged passengers twice" in sheet.text
    assert "Ask Mirela Stroud" in sheet.text


@pytest.mark.parametrize("choice", ["", "&form=cue&paper=4x6"])
def test_the_pack_is_the_run_sheet_the_cards_what_to_ask_and_the_checklist(
    phone: Page, choice: str
) -> None:
    phone.evaluate("location.hash = '#plan'")
    pack = phone.get_by_role("link", name="Print the pack: 17 sheets")
    phone.goto(pack.evaluate("it => it.href") + choice)
    sheets = read_sheets(phone.pdf(prefer_css_page_size=True))
    heads = [" ".join(sheet.text.split())[:30] for sheet in sheets]
    assert heads[0].startswith("Run sheet: Pennant Tide")
    assert "The launch I said was green" in " ".join(sheets[0].text.split())
    assert [head.partition(" ")[0] for head in heads[-6:]] == [*["Ask"] * 5, "On"]
    assert len(sheets) == 1 + 10 + 5 + 1
    assert phone.locator(".too-long").count() == 0


def test_a_long_day_is_one_page_with_every_story(chromium: Browser, tmp_path: Path) -> None:
    title = "A story with a title that goes on for quite a while, number {}"
    files = {
        f"stories/s{number}.md": story(
            title.format(number), "principles: [Ownership]",
            "metrics: ['41 → 6 minutes: until somebody had noticed it', '12 people: asked']",
        )
        for number in range(40)
    }  # fmt: skip
    rounds = "".join(
        f"  - {{with: Person {number}, minutes: 60, themes: [Ownership, Ownership, Ownership]}}\n"
        for number in range(7)
    )
    files |= {
        "principles.yml": "- name: Ownership\n",
        "interviews/long.yml": f"company: Harbour\nrounds:\n{rounds}",
    }
    pipeline.build(write(tmp_path / "content", files), LAYOUTS, tmp_path / "site")
    page = chromium.new_page()
    page.goto(address(tmp_path / "site", "interviews/long.html"))
    [sheet] = read_sheets(page.pdf(prefer_css_page_size=True))
    shown = "".join(sheet.text.split())
    stories = [title.format(number).replace(" ", "") for number in range(40)]
    assert len([one for one in stories if one in shown]) >= 21
    assert "Person6" in shown
    page.close()


def test_an_interview_without_rounds_prints_what_it_has(chromium: Browser, tmp_path: Path) -> None:
    files = {"stories/a.md": story(), "interviews/new.yml": "company: Harbour\n"}
    pipeline.build(write(tmp_path / "content", files), LAYOUTS, tmp_path / "site")
    page = chromium.new_page(viewport=PHONE)
    page.goto(address(tmp_path / "site", "interviews/new.html"))
    expect(page.get_by_text("This interview has no rounds yet.")).to_be_visible()
    page.close()
