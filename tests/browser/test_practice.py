"""Practice as a person meets it: each mode to its end, by keyboard and by touch; what is kept."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import DESK, PHONE, READY, address, breaches, story
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
NOW = "2025-12-02T19:40:00Z"
ID = "5d0c1f6be2a94873"
STORIES = """() =>
  [...document.querySelectorAll("optgroup[label=Story] option")].map((it) => it.value.slice(6))
"""
KEY = f"starbook-practice:{ID}"
WIDE = """() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  return scrollWidth > clientWidth ? [document.querySelector("h1").textContent] : [];
}"""


@pytest.fixture
def practice(visit: Open) -> Open:
    """Open the practice page at a fixed time; from there its clock runs, and can be advanced."""

    def open_page(anchor: str = "", size: Any = DESK, stored: Any = None, **options: Any) -> Page:
        page = visit("to-ask.html", size=size, **options)
        if stored is not None:
            raw = stored if isinstance(stored, str) else json.dumps(stored)
            page.evaluate("([key, raw]) => localStorage.setItem(key, raw)", [KEY, raw])
        page.clock.install(time=NOW)
        page.goto(page.url.replace("to-ask.html", f"practice.html{anchor}"))
        return page

    return open_page


def kept(page: Page) -> list[dict[str, Any]]:
    """Return the records in the storage of the browser."""
    raw = page.evaluate("(key) => localStorage.getItem(key)", KEY)
    return json.loads(raw)["records"] if raw else []


def told(ident: str = "r1", **fields: Any) -> dict[str, Any]:
    """Return a record of an answer."""
    of = {"id": ident, "story": "flaky-tests", "digest": "old", "question": "", "rating": 3,
          "at": "2025-11-30T08:00:00Z", "thinking": 2, "parts": [60, 70], "probes": [],
          "mode": "drill"}  # fmt: skip
    return {**of, **fields}


def history(*records: dict[str, Any], **settings: Any) -> dict[str, Any]:
    return {"version": 1, "records": list(records), "settings": settings}


def says(place: Locator, words: str | re.Pattern[str]) -> None:
    """Expect a place to show these words."""
    expect(place).to_contain_text(words, use_inner_text=True)


class Player:
    """Plays by keyboard or by touch; looks at each screen that it comes to."""

    def __init__(self, page: Page, touch: bool = False) -> None:
        self.page, self.touch = page, touch
        self.faults: list[str] = []

    def look(self) -> None:
        """Note what is wrong with this screen for who cannot see it, or on a small phone."""
        self.faults += breaches(self.page)
        self.faults += [f"too wide: {title}" for title in self.page.evaluate(WIDE)]

    def wait(self, seconds: float) -> None:
        self.page.clock.run_for(int(seconds * 1000))

    def dark(self, words: str = "") -> None:
        """Press the dark button, which must say these words, and have the focus for a keyboard."""
        button = self.page.locator(".do:visible")
        if words:
            says(button, words)
        self.wait(0.5)
        if self.touch:
            button.tap()
        else:
            expect(button).to_be_focused()
            self.page.keyboard.press("Space")

    def press(self, words: str) -> None:
        button = self.page.get_by_role("button", name=words, exact=True)
        self.wait(0.5)
        if self.touch:
            button.tap()
        else:
            button.focus()
            self.page.keyboard.press("Enter")


PLAYERS = pytest.mark.parametrize("touch", [False, True], ids=["keyboard", "touch"])


@pytest.fixture
def player(practice: Open) -> Callable[..., Player]:
    def make(anchor: str = "", touch: bool = False, stored: Any = None, **options: Any) -> Player:
        size = PHONE if touch else DESK
        page = practice(anchor, size, stored, has_touch=touch, is_mobile=touch, **options)
        return Player(page, touch)

    return make


@PLAYERS
def test_a_story_is_studied_to_the_end_of_its_quiz(player: Any, touch: bool) -> None:
    play = player("#study=rewrite-argued-down", touch)
    page = play.page
    expect(page.locator("h1")).to_have_text("When did you act fast because you could undo it?")
    assert page.locator(".overview, .words, .whole").locator("visible=true").count() == 0
    play.dark("Show numbers and cue")
    says(page.locator(".overview"), "126")
    play.dark("Show the angle: Amazon")
    says(page.locator(".angle"), "Angle: Amazon")
    for part in ("Situation", "Task", "Action", "Result", "Reflection"):
        play.dark(f"Show {part}, key words")
    says(page.locator(".words").nth(1), "Dermot first, alone")
    play.look()
    play.dark("Show the text")
    says(page.locator(".whole").first, "I thought it would fail.")
    play.look()
    play.dark("To the follow-ups")
    says(page.locator("h1"), "Was the trial not stacked")
    play.look()
    play.dark("Show strong and weak")
    says(page.locator(".strong"), "The two weeks were Dermot's")
    play.look()
    play.dark("Next follow-up")
    play.dark("Show strong and weak")
    play.dark("To the quiz")
    play.wait(1)
    if touch:
        page.get_by_text("If the rebuild passes 280").tap()
    else:
        page.keyboard.press("2")
    expect(page.locator(".session .numeric")).to_have_text("quiz, 1 of 2 right")
    says(page.locator(".quiz").first, "Give it before the result.")
    if touch:
        page.get_by_text("9 days", exact=True).tap()
    else:
        page.keyboard.press("2")
    expect(page.locator(".session .numeric")).to_have_text("quiz, 1 of 2 right")
    says(page.locator(".opt.wrong"), "Your choice")
    play.press("Show the answer")
    play.look()
    play.dark("Back to practice")
    expect(page.locator("h1")).to_have_text("Practice")
    assert play.faults == []
    assert kept(page) == []


def test_what_a_choice_was_stands_beside_its_text_once_one_is_chosen(practice: Open) -> None:
    page = practice("#study=rewrite-argued-down")
    page.get_by_role("button", name="Show all").click()
    for name in ("To the follow-ups", "To the quiz"):
        page.clock.run_for(600)
        page.get_by_role("button", name=name).click()
    labels = page.locator(".opt > .label:visible")
    expect(labels).to_have_count(0)
    page.get_by_text("The old code won").click()
    expect(labels).to_have_text(["Your choice", "Right"])
    ends = "(all) => all.map((it) => it.getBoundingClientRect()).map(({ x, right }) => [x, right])"
    texts = page.locator("[data-done] .opt > input + span").evaluate_all(ends)
    assert len({left for left, _ in texts}) == 1  # all texts begin in one line
    for (_, right), (left, _) in zip(texts[:2], labels.evaluate_all(ends), strict=True):
        assert left >= right


def _answers_a_follow_up(play: Player) -> None:
    page = play.page
    play.press("Show the text")
    expect(page.locator(".compare .whole").first).to_be_visible()
    page.locator(".probes button").first.click()
    play.wait(26)
    says(page.locator(".count"), re.compile(r"[2-4]\sseconds left of 30"))
    play.dark("Done")
    says(page.locator(".probes"), re.compile("2[6-9] s"))
    expect(page.get_by_role("button", name="Show strong and weak").first).to_be_in_viewport()
    play.press("Show strong and weak")
    expect(page.locator(".probes .strong").first).to_be_visible()
    expect(page.locator(".probes .shown")).to_be_focused()
    width = "(it) => it.getBoundingClientRect().width"
    assert page.locator(".pr h3").first.evaluate(width) > 200
    play.look()


def _tells_with_a_pause(play: Player) -> None:
    """Tell five parts: the second is paused, given back, and ended again."""
    page = play.page
    play.dark("Begin to tell")
    play.wait(5)
    says(page.locator(".count"), re.compile(r"1[3-5]\sseconds left of 20"))
    says(page.locator("[aria-current=step]"), "Situation")
    play.dark("Next: Task")
    expect(page.locator("#_said")).to_have_text("Task, 15 seconds")
    play.wait(22)
    says(page.locator(".count"), re.compile(r"\+(7|8|9)\sseconds over 15"))
    expect(page.locator("#_said")).to_have_text("Task, 15 seconds")  # it does not talk over one
    if play.touch:
        play.press("Pause")
    else:
        page.keyboard.press("Escape")
    play.wait(60)
    says(page.locator(".count"), re.compile(r"\+(7|8|9)\sseconds over 15"))
    expect(page.locator("#_said")).to_have_text(re.compile("Paused, 0:2[2-5] into Task"))
    play.look()
    play.dark("Go on")
    if play.touch:
        play.press("Back a part")
    else:
        page.keyboard.press("ArrowLeft")
    play.dark("Next: Task")
    for part in ("Action", "Result", "Reflection"):
        play.dark(f"Next: {part}")
    play.wait(2)
    play.dark("Done")


@PLAYERS
def test_a_question_is_drilled_from_the_choice_to_the_rating(player: Any, touch: bool) -> None:
    question = "what-have-you-fixed-that-nobody-asked-you"
    play = player(f"#drill={question}", touch)
    page = play.page
    expect(page.locator(".opt")).to_have_count(4)
    play.wait(3)
    expect(page.locator(".ring text")).to_have_text(re.compile("[4-7]"))
    expect(page.get_by_role("timer")).to_have_accessible_name(re.compile(r"^\d seconds? left$"))
    choices = page.locator(".opt > span:last-child").all_inner_texts()
    if touch:
        page.locator(".opt", has_text="Nobody's tests").tap()
    else:
        page.keyboard.press(str(choices.index("Nobody's tests") + 1))
    expect(page.locator("h1")).to_have_text("Nobody's tests")
    says(page.locator(".two-ways > section").first, re.compile("You chose, in [3-6] s"))
    says(page.locator(".two-ways > section").first, "The handbook would tell it too.")
    play.look()
    _tells_with_a_pause(play)
    says(page.locator(".sum"), re.compile(r"0:3[0-9] of 2:00\s8\d seconds short"))
    says(page.locator(".do:visible"), "Next question not rated yet")
    says(page.locator(".bars li").first, re.compile(r"\d\d of 20 s"))
    play.look()
    play.wait(1)
    if touch:
        page.get_by_text("Told whole").tap()
    else:
        expect(page.locator(".do:visible")).to_be_focused()
        page.keyboard.press("3")
    _answers_a_follow_up(play)
    expect(page.get_by_role("button", name="Next question", exact=True)).to_be_visible()
    (record,) = kept(page)
    assert record["story"] == "flaky-tests"
    assert record["question"] == question
    assert record["thinking"] == pytest.approx(4.5, abs=1.5)
    assert record["parts"] == pytest.approx([30, 1, 1, 1, 1], abs=3)
    assert (record["rating"], record["mode"]) == (3, "drill")
    assert [probe["seconds"] for probe in record["probes"]] == pytest.approx([28], abs=2)
    play.press("Leave")
    expect(page.locator("h1")).to_have_text("Practice")
    says(page.locator(".sofar"), re.compile(r"Last: today, Nobody's tests, 0:3\d\."))
    play.look()
    assert play.faults == []


@PLAYERS
def test_a_mock_goes_from_question_to_question_to_a_report(player: Any, touch: bool) -> None:
    play = player("", touch, history(count=2))
    page = play.page
    play.press("Mock")
    for number in (1, 2):
        expect(page.locator(".stage-top .numeric")).to_have_text(
            f"{number} of 2", use_inner_text=True
        )
        assert page.locator("main").inner_text().count("Handbook") == 0
        play.wait(4)
        play.dark("Begin to speak")
        play.wait(90)
        says(page.locator(".count"), re.compile("1:3[0-4]"))
        play.look()
        play.dark("Done")
        says(page.locator("h1"), f"Answer {number} is kept.")
        play.dark("Next: question 2" if number == 1 else "To the report")
    expect(page.locator("h1")).to_have_text("2 answers in 3 min")
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator("[name=story]").first).to_have_value("")  # only the person knows
    says(page.locator(".overview"), "Choose the story that you told for each question")
    expect(page.locator(".overview")).not_to_contain_text("of the plan", use_inner_text=True)
    says(page.locator("tbody tr").first, re.compile("1:3[0-9], thought"))
    play.look()
    page.locator("[name=story]").first.select_option("vendor-exit")
    expect(page.locator("[name=story]").first).to_have_value("vendor-exit")
    says(page.locator("tbody tr").first, re.compile("1:3[0-9] of 3:00, thought"))
    says(page.locator(".overview"), re.compile(r"0 of 1\s*within 15 seconds of the plan"))
    page.locator("[name=rating]").first.select_option("4")
    first, second = kept(page)
    assert (first["rating"], first["story"], first["mode"]) == (4, "vendor-exit", "mock")
    assert second["rating"] is None
    assert first["parts"] == pytest.approx([93], abs=3.5)
    page.locator("tbody tr").nth(1).get_by_role("button", name="Retake").click()
    play.dark("Begin to speak")
    play.wait(60)
    play.dark("Done")
    says(page.locator("tbody tr").nth(1), re.compile(r"\(first 1:3\d\)"))
    expect(page.get_by_role("button", name="Retake")).to_have_count(1)
    play.press("Back to practice")
    says(page.locator(".alerts"), "A mock from today waits. Answers without a rating: 1.")
    play.look()
    play.press("Rate it")
    expect(page.locator("h1")).to_have_text("2 answers in 3 min")
    assert play.faults == []


def test_the_clock_is_right_after_four_minutes_in_a_tab_that_sleeps(player: Any) -> None:
    play = player("#tell=double-charge")
    page = play.page
    page.evaluate("""() => {
      const press = (name) => document.querySelector(name).click();
      times = [];
      addEventListener("click", () => times.push(performance.now()), true);
      press(".do");
      later = () => { press(".do"); press("[data-do=stop]"); };
    }""")
    page.clock.fast_forward(240_000)  # timers that are due fire once, as in the background
    page.evaluate("later()")
    page.locator(".bars").wait_for()
    (record,) = kept(page)
    begun, marked, *_ = page.evaluate("times")
    assert marked - begun > 240_000
    assert record["parts"][0] == pytest.approx((marked - begun) / 1000, abs=0.1)


def test_the_clock_runs_from_the_press_however_long_its_screen_takes(visit: Open) -> None:
    page = visit("practice.html#tell=flaky-tests")
    page.locator(".do").wait_for()
    page.evaluate("""() => {
      scrollTo = () => {  // each new screen does it
        const until = performance.now() + 300;
        while (performance.now() < until);
      };
      for (const name of [".do", "[data-do=stop]"]) document.querySelector(name).click();
    }""")
    assert kept(page)[0]["parts"][0] >= 0.3


def test_a_story_without_parts_has_one_clock(practice: Open, build: Any, visit: Open) -> None:
    site = build({"stories/a.md": "---\ntitle: The mill\n---\n\nIt stood still.\n"})
    page = visit("practice.html#tell=a", site=site)
    page.get_by_role("button", name="Begin to tell").click()
    expect(page.locator(".run li")).to_have_count(1)
    expect(page.locator("h1")).to_have_text("The answer")
    says(page.locator(".do:visible"), "Done")
    expect(page.get_by_role("button", name="Back a part")).to_be_disabled()


def test_the_name_of_a_part_stands_in_one_line_on_a_phone(build: Any, visit: Open) -> None:
    text = READY.format(title="The mill").replace("## Situation", "## Background")
    page = visit("practice.html#tell=a", size=PHONE, site=build({"stories/a.md": text}))
    page.get_by_role("button", name="Begin to tell").click()
    expect(page.locator("h1")).to_have_text("SBackground")
    lines = """() => {
      const range = document.createRange();
      range.selectNodeContents(document.querySelector("[data-v=part]"));
      return range.getClientRects().length;
    }"""
    assert page.evaluate(lines) == 1


REMARK = "## Situation\n\nIt was late.\n\n> [!MISTAKE]\n> Do not begin with the mill.\n"


@pytest.mark.parametrize("text", ["It stood still.\n", REMARK], ids=["no parts", "a remark"])
def test_a_text_has_room_where_it_is_studied_and_compared(
    build: Any, visit: Open, text: str
) -> None:
    site = build({"stories/a.md": f"---\ntitle: The mill\n---\n\n{text}"})
    page = visit("practice.html#study=a", site=site)
    page.get_by_role("button", name=re.compile("^Show")).first.click()
    shown = page.locator(".whole:visible, .words:visible")
    shown.wait_for()
    widths = "(all) => all.map((it) => it.getBoundingClientRect().width)"
    texts = shown.evaluate_all(widths)
    page = visit("practice.html#tell=a", site=site)
    page.get_by_role("button", name="Begin to tell").click()
    page.get_by_role("button", name="Stop here").click()
    page.get_by_role("button", name="Show the text").click()
    expect(page.locator(".compare .whole")).to_be_visible()
    texts += page.locator(".compare :is(.whole, .aside)").evaluate_all(widths)
    assert min(texts) > 300


def test_a_part_that_is_missing_is_passed_over(build: Any, visit: Open) -> None:
    text = READY.format(title="The mill").replace("## Task\n\nI had to mend it.\n\n", "")
    page = visit("practice.html#tell=a", site=build({"stories/a.md": text}))
    page.get_by_role("button", name="Begin to tell").click()
    expect(page.locator(".run li")).to_have_count(4)
    says(page.locator(".run li").nth(1), "not written")
    says(page.locator(".do:visible"), "Next: Action")


# What is kept


STATES = {
    "damaged": ("{", "What is stored here cannot be read."),
    "newer": ({"version": 9, "records": []}, "This history was written by a newer Starbook."),
}


@pytest.mark.parametrize("state", STATES)
def test_storage_that_cannot_be_used_is_left_as_it_is(practice: Open, state: str) -> None:
    stored, words = STATES[state]
    page = practice("", stored=stored)
    says(page.locator(".alerts"), words)
    before = page.evaluate("(key) => localStorage.getItem(key)", KEY)
    page.locator("[name=day]").fill("2025-12-04")
    assert page.evaluate("(key) => localStorage.getItem(key)", KEY) == before
    says(page.locator(".until"), "2 days")
    assert breaches(page) == []


def test_one_damaged_record_is_kept_beside_the_others(practice: Open) -> None:
    odd = {"id": 7, "story": None}
    page = practice("", stored=history(told(), odd))
    says(page.locator(".sofar"), "1 of 15")
    page.locator("[name=day]").fill("2025-12-04")
    assert kept(page) == [told(), odd]


def test_a_full_or_refused_storage_says_so_and_goes_on(practice: Open) -> None:
    page = practice()
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
    page.locator("[name=day]").fill("2025-12-04")
    says(page.locator(".alerts"), "The browser’s storage is full")
    says(page.locator(".sofar"), "Kept until you close this page.")
    page.add_init_script("Storage.prototype.getItem = () => { throw new Error('refused'); }")
    page.reload()
    says(page.locator(".alerts"), "This browser keeps nothing")
    says(page.locator(".sofar"), "Kept until you close this page.")
    assert breaches(page) == []
    page.close()  # no other test gets the script


def test_a_history_is_saved_forgotten_and_added_again_without_doubles(
    practice: Open, tmp_path: Path
) -> None:
    page = practice("", stored=history(told(), told("r2", rating=4)))
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as a file").click()
    saved = tmp_path / "saved.json"
    waiting.value.save_as(saved)
    export = json.loads(saved.read_text("utf-8"))
    assert (export["starbook"], export["version"], export["handbook"]["id"]) == ("practice", 1, ID)
    page.get_by_role("button", name="Forget all").click()
    says(page.locator(".alerts"), "This deletes 2 answers from 1 day")
    page.locator(".alerts").get_by_role("button", name="Forget all").click()
    assert kept(page) == []
    page.locator("[type=file]").set_input_files(saved)
    says(page.locator(".alerts"), "2 answers added; 0 were here already.")
    page.locator("[type=file]").set_input_files(saved)
    says(page.locator(".alerts"), "0 answers added; 2 were here already.")
    assert [record["id"] for record in kept(page)] == ["r1", "r2"]
    other = tmp_path / "other.json"
    other.write_text(saved.read_text("utf-8").replace(ID, "tides"), "utf-8")
    page.locator("[type=file]").set_input_files(other)
    says(page.locator(".alerts"), "That file belongs to another handbook")
    other.write_text("{}", "utf-8")
    page.locator("[type=file]").set_input_files(other)
    says(page.locator(".alerts"), "does not come from a practice page")


def test_what_another_handbook_keeps_is_not_shown(practice: Open) -> None:
    page = practice()
    page.evaluate("localStorage.setItem('starbook-practice:other', '{}')")
    page.reload()
    says(page.locator(".sofar"), "Nothing told yet.")


# Until the day


def test_todays_stories_are_the_untold_ones_then_those_least_remembered(practice: Open) -> None:
    ids = ["double-charge", "flaky-tests", "vendor-exit"]
    records = [
        told(f"r{i}", story=ident, rating=i + 1, at="2025-11-20T08:00:00Z")
        for i, ident in enumerate(ids)
    ]
    page = practice("", stored=history(*records, day="2025-12-04"))
    expect(page.locator(".due li")).to_have_count(6)  # 11 untold on two days
    assert page.locator(".due .untold:visible").count() == 6
    plan = page.evaluate("(() => starbook.practice.plan().today.map((it) => it.id))()")
    assert not set(ids) & set(plan)
    every = [
        told(f"t{i}", story=ident, rating=4, at="2025-12-01T08:00:00Z")
        for i, ident in enumerate(page.evaluate(STORIES))
    ]
    page = practice("", stored=history(*records, *every, day="2025-12-04"))
    expect(page.locator(".due li")).to_have_count(5)
    says(page.locator(".due li").first, "in 10 on Thursday")
    says(page.locator(".until"), "2 days until Thursday")
    assert breaches(page) == []


def test_the_day_itself_and_the_day_after_say_what_to_do(practice: Open) -> None:
    records = [told(), told("r2", story="vendor-exit"), told("r3", story="double-charge")]
    page = practice("", stored=history(*records, day="2025-12-02"))
    says(page.locator(".alerts"), "tell two that you know, then stop.")
    expect(page.locator(".due li")).to_have_count(2)
    page = practice("", stored=history(*records, day="2025-12-01"))
    says(page.locator(".alerts"), "Monday, December 1, 2025 is over.")
    page.get_by_role("button", name="Clear the date").click()
    expect(page.locator(".alerts .alert:visible")).to_have_count(0)


# Which story


def test_which_story_counts_down_takes_words_and_chooses_nothing_by_itself(player: Any) -> None:
    play = player("#drill=what-have-you-fixed-that-nobody-asked-you")
    page = play.page
    places = page.locator(".opt").evaluate_all("(all) => all.map((it) => it.offsetTop)")
    play.wait(11)
    says(page.locator(".which + .choose h2").first, "Late: ten seconds are over.")
    # Nothing moves away from under a finger.
    assert page.locator(".opt").evaluate_all("(all) => all.map((it) => it.offsetTop)") == places
    expect(page.locator("#_said")).to_have_text("Ten seconds are over")
    page.keyboard.press("v")
    page.keyboard.type("endor")
    expect(page.locator(".opt")).to_have_count(0)
    page.locator("main [type=search]").fill("map")
    expect(page.locator(".opt")).to_have_count(1)
    play.look()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    says(page.locator(".two-ways > section").first, "You chose, late")
    says(page.locator(".theirs"), "The handbook would tell Nobody's tests")
    page.get_by_role("button", name="Tell this one instead").click()
    expect(page.locator("h1")).to_have_text("Nobody's tests")
    page.keyboard.press("/")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.go_back()
    expect(page.locator("h1")).to_have_text("Practice")
    assert play.faults == []


QUESTION = "#drill=what-have-you-fixed-that-nobody-asked-you"


def test_enter_takes_the_first_title_that_is_found(practice: Open) -> None:
    page = practice(QUESTION)
    page.locator(".opt").first.wait_for()
    page.keyboard.type("company")
    expect(page.locator(".opt")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Leaving the map company")


def test_a_digit_chooses_only_while_no_words_are_typed(practice: Open) -> None:
    page = practice(QUESTION)
    page.locator("main [type=search]").fill("map")
    page.locator(".opt").first.focus()
    page.keyboard.press("1")
    expect(page.locator("h1")).to_have_text("What have you fixed that nobody asked you to fix?")


def test_a_story_that_the_handbook_proposed_was_not_chosen(practice: Open) -> None:
    page = practice(QUESTION)
    page.get_by_role("button", name="None of mine fits").click()
    expect(page.locator("h1")).to_have_text("You found none that fits")
    page.clock.run_for(600)
    page.get_by_role("button", name="Tell it all the same").click()
    says(page.locator(".two-ways > section").first, "The handbook would tell")
    expect(page.locator("main")).not_to_contain_text("You chose", use_inner_text=True)


HARBOUR = {
    "questions.yml": "- {question: When did the harbour freeze over?, id: ice, companies: [Quay],"
    " stories: [mill]}\n- {question: Why us?, needs: answer, companies: [Quay]}\n",
    "stories/mill.md": story("The mill"),
    "stories/harbour.md": story("The harbour froze over"),
}


def test_a_story_that_was_assigned_stands_before_those_whose_words_fit(
    build: Any, visit: Open
) -> None:
    page = visit("practice.html#drill=ice", site=build(HARBOUR))
    page.locator(".opt", has_text="The harbour froze over").click()
    says(page.locator(".theirs"), "The handbook would tell The mill You assigned it")


def test_a_question_that_wants_no_story_is_not_drilled(build: Any, visit: Open) -> None:
    page = visit("practice.html", site=build(HARBOUR))
    page.locator("[name=from]").select_option("company/Quay")
    page.get_by_role("button", name="Drill", exact=True).click()
    for number in range(1, 5):
        says(page.locator(".session .title"), f"question {number}")
        expect(page.locator("main h1")).to_have_text("When did the harbour freeze over?")
        page.get_by_role("button", name="Another question").click()


FEW = {
    "principles.yml": "- name: Candour\n",
    "questions.yml": "- {question: When did it freeze?, id: ice, stories: [harbour, mill]}\n"
    "- {question: Why us?, needs: answer}\n",
    "stories/mill.md": story("The mill", "principles: [Candour]"),
    "stories/harbour.md": story("The harbour"),
}
DRAFT = {
    "questions.yml": FEW["questions.yml"].replace(", mill", ""),
    "stories/harbour.md": "---\ntitle: The harbour\n---\n",
}


@pytest.mark.parametrize(
    ("files", "choice", "asked"),
    [
        (FEW, "principle/candour", {"When did it freeze?"}),  # another story fits it better
        (FEW, "today", {"When did it freeze?", "Why us?"}),
        (DRAFT, "drafts", {"When did it freeze?", "Why us?"}),
    ],
    ids=["a story that is second", "few stories", "a draft alone"],
)
def test_a_mock_finds_questions_where_stories_lead_to_few(
    build: Any, visit: Open, files: dict[str, str], choice: str, asked: set[str]
) -> None:
    page = visit("practice.html", site=build(files))
    page.locator("[name=from]").select_option(choice)
    page.get_by_role("button", name="Mock", exact=True).click()
    said = set()
    for number in range(1, len(asked) + 1):
        says(page.locator(".stage-top .numeric"), f"{number} of {len(asked)}")
        said.add(page.locator("h1").inner_text())
        for name in ("Begin to speak", "Done", re.compile("^(Next: q|To the r)")):
            page.wait_for_timeout(450)
            page.get_by_role("button", name=name).click()
    assert said == asked


# After telling


@pytest.fixture
def stopped(player: Any) -> Player:
    """An answer that was stopped after a few seconds."""
    play = player("#tell=flaky-tests")
    play.dark("Begin to tell")
    play.wait(3)
    play.press("Stop here")
    expect(play.page.locator(".rate")).to_be_visible()
    return play


def test_space_after_a_telling_rates_nothing(stopped: Player) -> None:
    stopped.dark("Back to practice")
    expect(stopped.page.locator("h1")).to_have_text("Practice")
    assert [record["rating"] for record in kept(stopped.page)] == [None]


def test_a_telling_far_shorter_than_its_plan_is_not_rated_whole(stopped: Player) -> None:
    says(stopped.page.locator(".judge"), "Less than a quarter of the plan was told")
    for key in "34":
        stopped.page.keyboard.press(key)
    assert [record["rating"] for record in kept(stopped.page)] == [None]


def test_a_mocks_rating_falls_with_the_plan_of_the_story_chosen(practice: Open) -> None:
    record = told("m1-1", mode="mock", story="", rating=4, parts=[20])
    open_one = told("m1-2", mode="mock", story="", rating=None, parts=[20])
    page = practice("", stored=history(record, open_one))
    page.get_by_role("button", name="Rate it").click()
    page.locator("[name=story]").first.select_option("flaky-tests")
    expect(page.locator("[name=rating]").first).to_have_value("2")
    says(page.locator("tbody tr").first, "“With gaps” at most.")


def test_a_printed_report_has_words_in_the_place_of_boxes(practice: Open) -> None:
    page = practice("", stored=history(told("m1-1", mode="mock", story="", rating=None)))
    page.get_by_role("button", name="Rate it").click()
    page.emulate_media(media="print")
    for name in ("story", "rating"):
        box = page.locator(f"[name={name}]")
        for value in ("border-top-width", "padding-left", "outline-width"):
            expect(box).to_have_css(value, "0px")
        expect(box).to_have_css("appearance", "none")


def test_the_stories_of_a_question_stand_first_where_one_says_which_was_told(
    practice: Open,
) -> None:
    question = "what-have-you-fixed-that-nobody-asked-you"
    record = told("m1-1", mode="mock", story="", question=question, rating=None)
    page = practice("", stored=history(record))
    titles = page.locator("optgroup[label=Story] option").all_inner_texts()
    page.get_by_role("button", name="Rate it").click()
    first, assigned, *others = page.locator("[name=story] option").all_inner_texts()
    assert (first, assigned) == ("Choose the story", "Nobody's tests")
    assert sorted([assigned, *others]) == sorted(titles)
    expect(page.locator("[name=story]")).to_have_value("")


def test_a_report_says_that_it_was_copied_or_was_not(practice: Open) -> None:
    page = practice("", stored=history(told("m1-1", mode="mock", story="", rating=None)))
    page.get_by_role("button", name="Rate it").click()
    page.evaluate("""() => Object.defineProperty(navigator, "clipboard", { configurable: true,
      value: { writeText: async (text) => { copied = text; } } })""")
    page.get_by_role("button", name="Copy as text").click()
    says(page.locator(".asking-head [role=status]"), "Copied")
    assert "Choose the story, 2:10, thought 2 s, Rate it" in page.evaluate("copied")
    page.evaluate("() => Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.get_by_role("button", name="Copy as text").click()
    says(page.locator(".asking-head [role=status]"), "It could not be copied.")


def test_where_no_chance_shows_none_is_explained(practice: Open) -> None:
    explained = "worked out from your ratings"
    expect(practice().locator(".today")).not_to_contain_text(explained, use_inner_text=True)
    page = practice("", stored=history(told(at="2025-10-01T08:00:00Z"), day=""))
    says(page.locator(".today"), explained)


def test_a_report_names_no_key_that_only_scrolls_it(practice: Open) -> None:
    page = practice("", stored=history(told("m1-1", mode="mock", story="", rating=None)))
    page.get_by_role("button", name="Rate it").click()
    expect(page.locator("main .do")).to_have_text("Back to practice")
    expect(page.locator("[aria-keyshortcuts]")).to_have_count(0)


# What it learns shows


def test_the_page_of_a_story_says_when_it_was_told_and_that_it_changed(practice: Open) -> None:
    page = practice("", stored=history(told(), told("r2", rating=4, at="2025-12-01T08:00:00Z")))
    page.goto(page.url.replace("practice.html", "stories/flaky-tests.html"))
    says(
        page.locator(".told"),
        "Told 2 times, last yesterday, 2:10, all numbers, in time. Changed since.",
    )
    page.get_by_role("link", name="Practise it").click()
    expect(page.locator("h1")).to_have_text("Nobody's tests")
    page.goto(re.sub("practice.html.*", "stories/vendor-exit.html", page.url))
    expect(page.locator(".told")).to_be_hidden()


def test_the_first_page_and_the_list_know_what_was_told(practice: Open) -> None:
    records = [told(), told("r2", story="vendor-exit", rating=2), told("r3", story="review-tone")]
    page = practice("", stored=history(*records))
    page.goto(page.url.replace("practice.html", "index.html"))
    says(page.locator(".readiness .told"), "2 told whole last time")
    page.goto(page.url.replace("index.html", "stories/index.html"))
    says(
        page.locator(".row", has_text="Nobody's tests"), "Told once, 2 days ago, 2:10, told whole."
    )
    before = page.locator(".row .id").all_inner_texts()
    page.locator(".order select").select_option("recall")
    order = page.locator(".row .id").all_inner_texts()
    assert sorted(order) == sorted(before)
    assert order[-3:] == ["vendor-exit", "flaky-tests", "review-tone"]
    assert breaches(page) == []
    page.locator(".order select").select_option("")
    assert page.locator(".row .id").all_inner_texts() == before


def test_what_was_practised_on_another_device_shows_without_storage(
    build: Any, visit: Open
) -> None:
    export = {"starbook": "practice", "version": 1, "handbook": {}, "records": [told(story="a")]}
    site = build({"stories/a.md": story("The mill"), "practice/phone.json": json.dumps(export)})
    page = visit("stories/a.html", site=site)
    says(page.locator(".told"), "2:10, told whole.")
    page.goto(page.url.replace("stories/a.html", "practice.html"))
    says(page.locator(".sofar"), "1 of 1")


def test_without_history_pages_say_nothing(visit: Open) -> None:
    for path in ("index.html", "stories/index.html", "stories/flaky-tests.html"):
        expect(visit(path).locator(".told")).to_be_hidden()


# Without


def test_without_scripts_the_page_says_what_serves(visit: Open) -> None:
    page = visit("practice.html", java_script_enabled=False)
    says(page.locator("main"), "Practice needs JavaScript, which is off here.")


def test_a_handbook_without_stories_says_what_to_do(build: Any, visit: Open) -> None:
    site = build({"questions.yml": "- question: Why?\n"})
    page = visit("practice.html", site=site)
    says(page.locator("main"), "There is nothing to practise yet.")
    assert breaches(page) == []


def test_drafts_alone_can_be_studied(build: Any, visit: Open) -> None:
    site = build({"stories/a.md": story("The mill").replace("status: ready\n", "")})
    page = visit("practice.html", site=site)
    says(page.locator(".alerts"), "No story is ready yet.")
    page.get_by_role("button", name="Study the drafts").click()
    expect(page.locator("h1")).to_have_text("The mill")


# Listening


def test_a_take_is_recorded_listened_to_and_dropped(chromium: Any, sample_site: Path) -> None:
    context = chromium.new_context(viewport=DESK, permissions=["microphone"])
    page = context.new_page()
    page.goto(address(sample_site, "practice.html#tell=flaky-tests"))
    page.get_by_label("Record my answer").check()
    says(page.locator(".off"), "The microphone is ready.")
    page.get_by_role("button", name="Begin to tell").click()
    says(page.locator(".stage-top"), "Recording")
    page.wait_for_timeout(1600)
    page.get_by_role("button", name="Stop here").click()
    says(page.locator(".takes"), re.compile(r"Take 1\s+0:0[12], silent for \d seconds? \(\d+ %\)"))
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Play take 1").click()
    expect(page.locator("h1")).to_have_text("Listen: Nobody's tests")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_role("button", name="Pause take 1")).to_be_visible()
    page.get_by_role("button", name="Pause take 1").click()
    page.get_by_role("button", name="Play from 0:00").first.click()
    expect(page.locator(".section.playing")).to_have_count(1)
    assert breaches(page) == []
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as a file").click()
    assert re.fullmatch(r"flaky-tests-1\.(webm|ogg|m4a|mp4)", waiting.value.suggested_filename)
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Back to the answer").click()
    expect(page.locator(".take")).to_have_count(0)
    context.close()


def test_without_a_microphone_everything_else_works(practice: Open) -> None:
    page = practice("#tell=flaky-tests")
    page.evaluate("() => { navigator.mediaDevices.getUserMedia = () => { throw new Error(); }; }")
    page.get_by_label("Record my answer").click()
    says(page.locator(".off"), "No microphone here. Your answer is timed either way.")
    page.get_by_role("button", name="Begin to tell").click()
    expect(page.locator(".rec")).to_be_hidden()


def test_the_line_over_a_paused_take_fits_a_phone_in_german(chromium: Any, build: Any) -> None:
    site = build({"handbook.yml": "language: de\n", "stories/a.md": story("Die Mühle")})
    context = chromium.new_context(viewport=PHONE, permissions=["microphone"])
    page = context.new_page()
    page.goto(address(site, "practice.html#tell=a"))
    page.get_by_label("Meine Antwort aufnehmen").check()
    says(page.locator(".off"), "Das Mikrofon ist bereit.")
    page.get_by_role("button", name="Erzählen").click()
    page.get_by_role("button", name="Pause").click()
    says(page.locator(".rec"), "Aufnahme, angehalten")
    ends = "(all) => all.map((it) => it.getBoundingClientRect().right)"
    buttons = page.locator(".stage-top button:visible")
    expect(buttons).to_have_text(["Neu beginnen", "Hier aufhören"])
    assert max(buttons.evaluate_all(ends)) <= PHONE["width"]
    context.close()


# A microphone whose stream the test can reach.
REACH = """() => {
  const { mediaDevices } = navigator, ask = mediaDevices.getUserMedia.bind(mediaDevices);
  streams = [];
  mediaDevices.getUserMedia = async (wanted) => {
    const stream = await ask(wanted);
    streams.push(stream);
    return stream;
  };
}"""
OPEN = (
    "() => streams.flatMap((it) => it.getTracks()).filter((it) => it.readyState === 'live').length"
)


@pytest.fixture
def recording(chromium: Any, sample_site: Path) -> Iterator[Page]:
    """A story that is being told and recorded."""
    context = chromium.new_context(viewport=DESK, permissions=["microphone"])
    page = context.new_page()
    page.goto(address(sample_site, "practice.html#tell=flaky-tests"))
    page.evaluate(REACH)
    page.get_by_label("Record my answer").check()
    says(page.locator(".off"), "The microphone is ready.")
    page.get_by_role("button", name="Begin to tell").click()
    says(page.locator(".stage-top"), "Recording")
    yield page
    context.close()


def test_a_microphone_that_goes_while_one_speaks_loses_no_answer(recording: Page) -> None:
    page = recording
    page.evaluate("streams[0].getTracks().forEach((it) => it.stop())")
    page.wait_for_timeout(300)
    page.keyboard.press("Escape")
    says(page.locator("[data-do=pause]"), "Paused")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Stop here").click()
    says(page.locator(".sum"), "stopped before the end")
    expect(page.locator(".take")).to_have_count(1)  # what was heard until then
    assert len(kept(page)) == 1
    page.get_by_role("button", name="Tell it again").click()
    says(page.locator(".off"), "The microphone is ready.")  # it is asked for anew
    assert page.evaluate("streams.length") == 2


def test_the_microphone_is_closed_when_practice_is_left(recording: Page) -> None:
    page = recording
    assert page.evaluate(OPEN) == 1
    page.go_back()
    expect(page.locator("h1")).to_have_text("Practice")
    assert page.evaluate(OPEN) == 0


# While a clock runs


AWAKE = """() => {
  locks = 0;
  const request = async () => {
    let held = 1;
    locks += 1;
    return { release: async () => { locks -= held; held = 0; } };
  };
  Object.defineProperty(navigator, "wakeLock", { value: { request } });
}"""


def test_the_screen_stays_awake_while_a_clock_runs_and_no_longer(player: Any) -> None:
    play = player("#tell=flaky-tests")
    page = play.page
    page.evaluate(AWAKE)
    play.dark("Begin to tell")
    assert page.evaluate("locks") == 1
    page.keyboard.press("Escape")
    assert page.evaluate("locks") == 0
    play.dark("Go on")
    play.dark("Next: Task")
    assert page.evaluate("locks") == 1
    play.press("Stop here")
    assert page.evaluate("locks") == 0
    page.locator(".probes button").first.click()
    assert page.evaluate("locks") == 1
    page.go_back()
    expect(page.locator("h1")).to_have_text("Practice")
    assert page.evaluate("locks") == 0


def test_nothing_moves_but_the_line_and_the_digits(player: Any) -> None:
    play = player("#tell=flaky-tests")
    page = play.page
    play.dark("Begin to tell")
    places = """() => [...document.querySelectorAll("button, .run li, .part-name, .asked-q")]
      .map((it) => JSON.stringify(it.getBoundingClientRect())).join()"""
    play.wait(0.2)
    before = page.evaluate(places)
    for seconds in (5, 15, 80):  # to the plan, over it, and far over it
        play.wait(seconds)
        assert page.evaluate(places) == before
    assert page.evaluate("document.getAnimations().length") == 0
    assert page.evaluate("scrollY") == 0


def test_what_is_said_is_an_answer_to_a_key_and_nothing_comes_by_itself(player: Any) -> None:
    play = player("#tell=flaky-tests")
    page = play.page
    page.evaluate("""() => {
      said = [];
      const voice = document.getElementById("_said");
      new MutationObserver(() => { if (voice.textContent) said.push(voice.textContent); })
        .observe(voice, { childList: true });
    }""")
    play.dark("Begin to tell")
    play.wait(30)
    play.dark("Next: Task")
    play.wait(30)
    play.press("Pause")
    play.dark("Go on")
    play.press("Back a part")
    play.press("Stop here")
    assert [re.sub(r"\d+:\d\d|4\d", "…", text) for text in page.evaluate("said")] == [
        *("Situation, 20 seconds", "Task, 15 seconds", "Paused, … into Task", "Task"),
        *("Situation", "… of …, Situation … over"),
    ]
    live = page.locator("main [aria-live]:not([aria-live=off]), main [role=alert]")
    expect(live).to_have_count(0)


@PLAYERS
def test_a_question_is_said_where_a_button_has_the_focus(player: Any, touch: bool) -> None:
    play = player("", touch, history(count=2))
    page = play.page
    play.press("Mock")
    said, title = page.locator("#_said"), page.locator("main h1")
    expect(said).to_have_text(title.inner_text())
    expect(page.locator(".do")).to_be_focused()
    play.dark("Begin to speak")
    play.dark("Done")
    expect(said).to_have_text("Answer 1 is kept.")
    play.press("Stop here")
    expect(said).to_be_empty()  # the report is read from its heading
    expect(title).to_be_focused()
    play.press("Back to practice")
    play.press("Drill")
    expect(page.locator(".opt").first).to_be_focused()
    expect(said).to_have_text(title.inner_text())


def test_what_is_revealed_is_said_and_seen_from_its_beginning(player: Any) -> None:
    play = player("#study=double-charge", touch=True)
    page, said = play.page, play.page.locator("#_said")
    expect(said).to_have_text(page.locator("main h1").inner_text())
    for _ in range(6):
        play.dark()
    expect(said).to_have_text("Reflection is shown")
    expect(page.locator("main h1")).not_to_be_in_viewport()
    play.dark("Show the text")
    expect(said).to_have_text("The text is shown")
    expect(page.locator("main h1")).to_be_in_viewport()
    play.dark("To the follow-ups")
    expect(said).to_have_text("Why did you not simply close the sale?")
    play.dark("Show strong and weak")
    expect(said).to_have_text("The text is shown")
    play.press("To the quiz")
    show = page.get_by_role("button", name="Show the answer")
    expect(show.first).to_be_focused()
    show.first.click()
    expect(said).to_have_text(page.locator(".quiz .answer").first.inner_text())
    expect(show.first).to_be_focused()  # that of the next question
    show.first.click()
    show.first.click()
    expect(page.locator(".do")).to_be_focused()
