"""Buttons that copy, in the browser: with a clipboard, without one, and for those who listen."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import SAMPLE, Tabs, breaches, breaches_in_each_scheme, story, visiting
from editions import site_of, write
from playwright.sync_api import Page, expect

from starbook import cli
from starbook.model import Edition

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
QUESTION = "questions/when-have-you-led-people-who-did-not.html"
ID = "when-have-you-led-people-who-did-not"
ODD = """---
title: Odd
---

## Situation (20 seconds)

One.[^1] Two *and* `three`,\nin two lines.  \nThen [the page](#action) &amp; "more".

## Task

- a
  1. b
  2. c **d**
- [x] e

3. f

4. g

   h

## Action

| a | b |
|---|---|
| 1 | 2 |
| | 3 |

    one
      two

> Said.

> [!COACHING]
> Not this.

<details><summary>More</summary>

Inside.

</details>

## Result

H<sub>2</sub>O<br>end. [Fill in: the number]

## Something else

Not told.

[^1]: Not told either.
"""
ASKED = """
- question: Why us?
  id: us
  answer: |
    First, *this*:

    - one
    - two

    Then the rest.
"""
REFUSE = """Object.defineProperty(navigator, "clipboard", {
  value: { writeText: () => Promise.reject(new DOMException("no", "NotAllowedError")) }
});
document.execCommand = () => false;"""


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


@pytest.fixture
def remarked(tabs: Tabs, tmp_path: Path) -> Iterator[Page]:
    """The page of a story with a remark of the coach."""
    text = story("The slow queue").replace("from 9 to 2 %.", "from 90 to 27 a week (50 % drop).")
    site = write(tmp_path, site_of({"stories/a.md": text}, Edition.PRIVATE))
    with visiting(tabs, site, {"width": 1280, "height": 720}, ["pageerror"]) as visit:
        yield visit("stories/a.html")


def test_the_line_that_answers_a_remark_is_copied(remarked: Page) -> None:
    remember_copies(remarked)
    remark = remarked.locator(".remark")
    remark.get_by_role("button").click()
    expect(remark.get_by_role("button")).to_have_text("Copied")
    assert remarked.evaluate("copied") == remark.locator("code").text_content()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_remark_breaks_no_rule_of_accessibility(remarked: Page, width: int) -> None:
    remarked.set_viewport_size({"width": width, "height": 720})
    assert breaches_in_each_scheme(remarked) == []
    assert remarked.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_remark_stands_in_the_margin_beside_its_sentence(remarked: Page) -> None:
    mark, remark = (remarked.locator(one).bounding_box() for one in (".marked", ".remark"))
    assert mark
    assert remark
    assert remark["x"] > mark["x"] + mark["width"]
    remarked.set_viewport_size({"width": 360, "height": 720})
    mark, remark = (remarked.locator(one).bounding_box() for one in (".marked", ".remark"))
    assert mark
    assert remark
    assert remark["y"] >= mark["y"] + mark["height"]


@pytest.mark.parametrize("width", [360, 1280])
def test_a_question_with_lines_to_paste_breaks_no_rule_of_accessibility(visit, width) -> None:
    page = visit(QUESTION)
    page.set_viewport_size({"width": width, "height": 720})
    assert breaches_in_each_scheme(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


# A story or an answer as text


def copied(page: Page) -> str:
    """Press `Copy as text` and return what was copied."""
    remember_copies(page)
    page.get_by_role("button", name="Copy as text").click()
    expect(page.locator("p.copied")).to_contain_text("Copied: ")
    return str(page.evaluate("copied"))


def test_what_a_page_copies_is_what_the_command_prints(visit, build, capsys) -> None:
    files = {"stories/odd.md": ODD, "questions.yml": ASKED}
    site = build(files)
    for path, ident in (("stories/odd.html", "odd"), ("questions/us.html", "us")):
        assert cli.main(["text", ident, "--content", str(site.parent / "content")]) == 0
        assert copied(visit(path, site)) == capsys.readouterr().out.rstrip("\n")


@pytest.mark.parametrize("ident", ["double-charge", "two-teams-one-api", "team-from-nothing"])
def test_a_story_of_the_sample_is_copied_as_the_command_prints_it(visit, capsys, ident) -> None:
    assert cli.main(["text", ident, "--content", str(SAMPLE)]) == 0
    page = visit(f"stories/{ident}.html")
    text, said = capsys.readouterr()
    assert copied(page) == text.rstrip("\n")
    words = said.splitlines()[-1]
    expect(page.locator("p.copied")).to_have_text(f"Copied: {words}")


def test_without_permission_the_text_of_a_story_is_selected_and_goes_when_left(visit) -> None:
    page = visit("stories/double-charge.html")
    page.evaluate(REFUSE)
    page.get_by_role("button", name="Copy as text").click()
    expect(page.get_by_role("status")).to_contain_text("Selected. Press Ctrl+C")
    field = page.get_by_role("textbox", name="Text to copy")
    expect(field).to_be_focused()
    assert page.evaluate("getSelection().toString()").startswith("Situation\nI was a senior")
    assert breaches(page) == []
    page.keyboard.press("Tab")
    expect(field).to_have_count(0)


def test_a_public_edition_offers_no_copy() -> None:
    files = {"stories/a.md": story("A", "publish: true")}
    page = site_of(files)["stories/a.html"].decode()
    assert "copy" not in page
