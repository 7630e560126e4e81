"""Every state of practice without barriers, in both hues, on a desk and on a phone.

One walk for each mode; in each state the page is measured four times. Clocks run meanwhile.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import DESK, address, breaches_in_each_scheme, story
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

NOW = "2026-12-01T19:40:00Z"
KEY = "starbook-practice:5d0c1f6be2a94873"
SIZES = (DESK, {"width": 360, "height": 740})
# What stands out of the screen to the side, or under the foot of the screen while a clock runs.
OUTSIDE = """() => {
  const root = document.documentElement, main = document.getElementById("_main");
  const isStage = main.classList.contains("stage");
  const shown = [...main.querySelectorAll("button")].filter((it) => it.checkVisibility());
  const low = shown.filter((it) => isStage && it.getBoundingClientRect().bottom > innerHeight + 1);
  return [
    ...(root.scrollWidth > root.clientWidth ? ["too wide"] : []),
    ...low.map((it) => `out of reach: ${it.textContent}`),
  ];
}"""


class Walk:
    """A person who goes through a mode, and measures each state that they come to."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        self.seen: list[str] = []

    def look(self, state: str) -> None:
        """Note what is wrong with this state."""
        self.seen.append(state)
        for size in SIZES:
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            found = [*breaches_in_each_scheme(self.page), *self.page.evaluate(OUTSIDE)]
            self.faults += [f"{state}, {size['width']}: {fault}" for fault in found]

    def wait(self, seconds: float) -> None:
        self.page.clock.run_for(int(seconds * 1000))

    def press(self, name: str = "", do: str = "next") -> None:
        """Press the button with this name, or that with this purpose."""
        self.wait(0.5)
        if name:
            self.page.get_by_role("button", name=name, exact=True).first.click()
        else:
            self.page.locator(f"[data-do={do}]:visible").first.click()

    def see(self, text: str) -> None:
        """Wait for the heading of a state."""
        expect(self.page.locator("main h1").first).to_contain_text(text)


@pytest.fixture
def walk(chromium: Browser, sample_site: Path) -> Iterator[Callable[..., Walk]]:
    """Open the practice page with what is stored, at a fixed time from which its clock runs."""
    context = chromium.new_context(viewport=DESK, permissions=["microphone"])

    def make(anchor: str = "", stored: Any = None, site: Path = sample_site) -> Walk:
        page = context.new_page()
        if stored is not None:  # pages opened from disk share one storage with every other file
            page.goto(address(site, "assets/starbook.css"))
            raw = stored if isinstance(stored, str) else json.dumps(stored)
            page.evaluate("([key, raw]) => localStorage.setItem(key, raw)", [KEY, raw])
        page.clock.install(time=NOW)
        page.goto(address(site, f"practice.html{anchor}"))
        return Walk(page)

    yield make
    context.close()


def record(ident: str, story: str = "flaky-tests", **fields: Any) -> dict[str, Any]:
    """Return an answer as it is stored."""
    of = {"id": ident, "story": story, "digest": "old", "question": "", "rating": 3, "at": NOW,
          "thinking": 2, "parts": [60, 70], "probes": [], "mode": "drill"}  # fmt: skip
    return {**of, **fields}


def history(*records: dict[str, Any], **settings: Any) -> dict[str, Any]:
    return {"version": 1, "records": list(records), "settings": settings}


def test_the_start_in_each_of_its_states(walk: Callable[..., Walk], tmp_path: Path) -> None:
    at = walk()
    at.look("nothing told")
    at.press("Forget all")
    at.look("asks before it forgets")
    at.press(do="forgetAll")
    at.look("forgotten")
    for name, text in (("strange", "{}"), ("newer", '{"starbook": "practice", "version": 9}')):
        file = tmp_path / f"{name}.json"
        file.write_text(text, "utf-8")
        at.page.locator("[type=file]").set_input_files(file)
        at.look(f"a {name} file")
    every = at.page.locator("optgroup[label=Story] option").all()
    ids = [option.get_attribute("value").removeprefix("story/") for option in every]  # type: ignore[union-attr]
    told = [record(f"r{n}", ident, at=f"2026-11-{10 + n}T08:00:00Z") for n, ident in enumerate(ids)]
    waits = record("m1-1", mode="mock", rating=None)
    states = {
        "told, without a day": history(*told, day=""),
        "told, with a day": history(*told, day="2026-12-04"),
        "the day itself": history(*told, day="2026-12-01"),
        "the day after": history(*told, day="2026-11-30"),
        "a mock waits": history(*told, waits),
        "damaged": "{",
        "of a newer version": {"version": 9, "records": []},
    }
    for name, stored in states.items():
        page = walk("", stored)
        page.look(name)
        at.faults += page.faults
    full = walk()
    full.page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
    full.page.locator("[name=day]").fill("2026-12-05")
    full.look("the storage is full")
    assert at.faults + full.faults == []


def test_the_start_without_stories_and_with_drafts_alone(
    walk: Callable[..., Walk], build: Any
) -> None:
    empty = walk(site=build({"questions.yml": "- question: Why?\n"}))
    empty.look("no story")
    draft = story("The mill").replace("status: ready\n", "")
    drafts = walk(site=build({"stories/a.md": draft}))
    drafts.look("drafts alone")
    assert empty.faults + drafts.faults == []


def test_study_in_each_of_its_states(walk: Callable[..., Walk]) -> None:
    at = walk("#study=rewrite-argued-down")
    at.see("When did you act fast")
    at.look("covered")
    at.press("Show numbers and cue")
    at.look("numbers and cue")
    at.press("Show the angle: Amazon")
    at.look("an angle")
    for part in ("Situation", "Task", "Action", "Result", "Reflection"):
        at.press(f"Show {part}, key words")
    at.look("key words")
    at.press()
    at.look("the text")
    at.press("To the follow-ups")
    at.look("a follow-up")
    at.press("Show strong and weak")
    at.look("a follow-up with its answers")
    at.press("To the quiz")
    at.look("the quiz")
    at.wait(1)
    at.page.get_by_text("If the rebuild passes 280").click()
    at.look("a right choice")
    at.wait(1)
    at.page.get_by_text("9 days", exact=True).click()
    at.look("a wrong choice")
    at.press("Show the answer")
    at.look("the quiz to its end")
    assert at.faults == []


def test_drill_in_each_of_its_states(walk: Callable[..., Walk]) -> None:
    at = walk("#drill=what-have-you-fixed-that-nobody-asked-you")
    at.see("What have you fixed")
    at.look("which story")
    at.page.locator("main [type=search]").fill("zzz")
    at.look("no title says that")
    at.page.locator("main [type=search]").fill("")
    at.wait(11)
    at.look("ten seconds are over")
    at.press("None of mine fits")
    at.look("none fits")
    at.press("Tell it all the same")
    at.see("Nobody's tests")
    at.page.get_by_label("Record my answer").check()
    at.look("ready, with the microphone")
    at.press("Begin to tell")
    at.see("Situation")
    at.look("telling")
    at.wait(25)
    at.look("over the plan of a part")
    at.press("Pause")
    at.look("paused")
    at.press("Go on")
    for _ in range(4):
        at.press()
    at.see("Reflection")
    at.look("the last part")
    at.wait(60)  # an answer of less than a quarter of its plan was not told whole
    at.press("Done")
    at.see("Nobody's tests")
    at.look("afterwards, with a take")
    at.wait(1)
    at.page.locator(".opt", has_text="Told whole").click()
    at.press("Show the text")
    at.look("rated, with the text")
    at.page.locator(".probes button").first.click()
    at.look("a follow-up")
    at.wait(35)
    at.look("a follow-up over its time")
    at.press("Pause")
    at.look("a follow-up, paused")
    at.press("Go on")
    at.press("Done")
    at.press("Show strong and weak")
    at.look("a follow-up answered")
    assert at.faults == []


def test_a_choice_that_is_not_the_handbooks_and_listening(walk: Callable[..., Walk]) -> None:
    at = walk("#drill=what-have-you-fixed-that-nobody-asked-you")
    at.see("What have you fixed")
    at.page.locator(".opt").filter(has_not_text="Nobody's tests").first.click()
    expect(at.page.locator(".theirs").first).to_be_visible()
    at.look("another than the handbook would tell")
    for number in (1, 2):
        at.page.get_by_label("Record my answer").check()
        microphone = at.page.locator(".off")
        expect(microphone).to_contain_text("The microphone is ready.", use_inner_text=True)
        at.press("Begin to tell")
        at.page.wait_for_timeout(300)
        at.press("Stop here")
        expect(at.page.locator(".take")).to_have_count(1)
        if number == 1:
            at.press("Tell it again")
    at.press(do="play")
    at.see("Listen")
    at.look("listening")
    at.press("Play")
    at.look("a take that plays")
    assert at.faults == []


def test_an_answer_without_parts(walk: Callable[..., Walk], build: Any) -> None:
    site = build({"stories/a.md": "---\ntitle: The mill\n---\n\nIt stood still.\n"})
    at = walk("#tell=a", site=site)
    at.look("ready")
    at.press("Begin to tell")
    at.see("The answer")
    at.look("one clock")
    at.wait(130)
    at.look("over the plan")
    at.press("Done")
    at.look("afterwards")
    assert at.faults == []


def test_a_mock_in_each_of_its_states(walk: Callable[..., Walk]) -> None:
    at = walk("", history(count=2))
    at.press("Mock")
    at.see("")
    at.look("thinking")
    at.press("Begin to speak")
    at.wait(90)
    at.look("speaking")
    at.press("Pause")
    at.look("paused")
    at.press("Go on")
    at.press("Done")
    at.see("Answer 1 is kept.")
    at.look("an answer is kept")
    at.press("Next: question 2")
    at.press("Begin to speak")
    at.wait(200)
    at.press("Done")
    at.look("all is told")
    at.press("To the report")
    at.see("2 answers")
    at.look("the report")
    for number in (0, 1):
        at.page.locator("[name=story]").nth(number).select_option("flaky-tests")
        at.page.locator("[name=rating]").nth(number).select_option("3")
    at.look("a story told twice")
    at.press("Retake")
    at.look("a retake")
    at.press("Begin to speak")
    at.press("Done")
    at.see("2 answers")
    at.look("the report with a retake")
    assert at.faults == []


QUAY = {
    "handbook.yml": "id: quay\n",
    "principles.yml": "- name: Candour\n",
    "questions.yml": "- {question: When did you own up?, id: own-up, principles: [Candour]}\n"
    "- {question: What did you break?, id: broke, stories: [south]}\n",
    **{
        f"stories/{name}.md": story(f"The {name} quay", "principles: [Candour]").replace(
            "status: ready", f"status: {status}"
        )
        for name, status in (
            *((one, "ready") for one in ("east", "west", "north")),
            *((one, "draft") for one in ("south", "outer")),
            ("old", "resting"),
        )
    },
}


def test_a_drill_offers_what_is_ready_and_the_rest_by_its_title(
    walk: Callable[..., Walk], build: Callable[..., Path]
) -> None:
    at = walk("#drill=own-up", site=build(QUAY))
    titles = at.page.locator(".opt > span:last-child")
    expect(titles).to_have_count(3)
    assert sorted(titles.all_inner_texts()) == ["The east quay", "The north quay", "The west quay"]
    expect(at.page.locator(".hint")).to_contain_text("1–3 choose, while no words are typed")
    for typed in ("old", "outer"):
        at.page.locator("main [type=search]").fill(typed)
        expect(titles).to_have_text([f"The {typed} quay"])


def test_a_drill_of_drafts_offers_them_and_never_what_rests(
    walk: Callable[..., Walk], build: Callable[..., Path]
) -> None:
    # As many as are offered: of more it would be chance which.
    four = {path: text for path, text in QUAY.items() if "north" not in path}
    at = walk(site=build(four))
    for choice, drafts in (("drafts", {"The south quay", "The outer quay"}),
                           ("principle/candour", set())):  # fmt: skip
        at.page.locator("[name=from]").select_option(choice)
        at.press(do="drill")
        titles = at.page.locator(".opt > span:last-child")
        titles.first.wait_for()
        offered = set(titles.all_inner_texts())
        assert "The old quay" not in offered
        assert offered & {"The south quay", "The outer quay"} == drafts
        at.page.go_back()
        at.see("Practice")


def test_with_one_story_to_offer_no_digits_are_named(
    walk: Callable[..., Walk], build: Callable[..., Path]
) -> None:
    others = [path for path in QUAY if path.startswith("stories/") and "east" not in path]
    at = walk("#drill=own-up", site=build({k: v for k, v in QUAY.items() if k not in others}))
    expect(at.page.locator(".opt")).to_have_count(1)
    expect(at.page.get_by_text("choose, while no words are typed")).to_be_hidden()
