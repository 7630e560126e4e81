"""Stories by pattern: what each text shows, what was ticked, and what of it is published."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import story
from editions import site_of

Build = Callable[..., Path]

LISTS = {"categories.yml": "- name: Incidents\n"}
WORDS = story("In words").replace("Errors fell from 9 to 2 %.", "We all owned it and it scaled.")


def table(page: str) -> str:
    return page.partition('id="story-by-pattern"')[2].partition("</section>")[0]


def marks(page: str) -> dict[str, dict[str, str]]:
    """Return the marks of each story by the name of the pattern, without empty cells."""
    shown = table(page)
    heads = re.findall(r'<th scope="col"[^>]*><span class="column">([^<]+)', shown)
    rows = re.findall(r'class="name">([^<]+)</span></a></th>(.*?)</tr>', shown, re.DOTALL)
    cells = {name: re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for name, row in rows}
    labels = {
        name: [re.findall('aria-label="([^"]+)"', one) for one in c] for name, c in cells.items()
    }
    return {
        name: {head: found[0] for head, found in zip(heads, row, strict=True) if found}
        for name, row in labels.items()
    }


def test_the_text_shows_depth_reflection_and_risk_by_what_stands_there(build: Build) -> None:
    both = "\n## Reflection\n\nI count first.\n\n## Risk mitigation\n\nI kept the old one.\n"
    site = build(LISTS | {"stories/a.md": story("All three", body=both), "stories/b.md": WORDS})
    page = (site / "coverage.html").read_text("utf-8")
    shown = "the text shows it"
    assert marks(page) == {"All three": {"Depth": shown, "Reflection": shown, "Risk": shown}}
    assert "<summary>1 story without a pattern</summary>" in page


def test_a_part_with_a_blank_shows_nothing(build: Build) -> None:
    blank = WORDS + "\n## Reflection\n\n[Fill in: what you learnt]\n"
    page = (build(LISTS | {"stories/a.md": blank}) / "coverage.html").read_text("utf-8")
    assert marks(page) == {}


def test_what_was_ticked_is_told_from_what_the_text_shows(build: Build) -> None:
    ticked = story("Ticked", "patterns: [Ownership, depth, scale]")
    page = (build(LISTS | {"stories/a.md": ticked}) / "coverage.html").read_text("utf-8")
    assert marks(page) == {
        "Ticked": {"Ownership": "ticked", "Depth": "the text shows it", "Scale": "ticked"}
    }


def test_the_rarest_pattern_stands_first(build: Build) -> None:
    stories = {
        "stories/a.md": story("A", "patterns: [ownership, scale]"),
        "stories/b.md": WORDS.replace("status: ready", "status: ready\npatterns: [scale]"),
    }
    shown = table((build(LISTS | stories) / "coverage.html").read_text("utf-8"))
    assert re.findall(r'<span class="column">([^<]+)', shown) == [
        "Collaboration", "Reflection", "Risk", "Ownership", "Depth", "Scale",
    ]  # fmt: skip
    sums = shown.partition('<tr class="sum">')[2].partition("</tr>")[0]
    assert re.findall(r"<td[^>]*>(\d)</td>", sums) == list("000112")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "patterns: [onwership]",
            "expected `ownership` or `depth` or `collaboration` or `reflection` or `risk` or "
            "`scale`, found `onwership`; did you mean `ownership`? [type]",
        ),
        (
            "patterns: ownership",
            "expected a list of patterns, found `ownership`; write `[ownership]` [type]",
        ),
        (
            "patterns: {tickd: [scale], publish: true}",
            "unknown key `tickd`; did you mean `ticked`? [unknown-key]",
        ),
    ],
)
def test_a_wrong_name_is_an_error_with_the_nearest_one(
    problems: Callable[..., list[str]], line: str, said: str
) -> None:
    assert f"content/stories/a.md:4: {said}" in problems({"stories/a.md": story("A", line)})


def test_a_public_edition_has_the_patterns_that_are_published_alone() -> None:
    own = story("Own", "publish: true", "patterns: [ownership, scale]")
    told = story("Told", "publish: true", "patterns: {ticked: [ownership], publish: true}")
    files = LISTS | {"handbook.yml": "publish: [coverage]\n", "stories/a.md": own}
    assert "story-by-pattern" not in site_of(files)["coverage.html"].decode()
    page = site_of(files | {"stories/b.md": told})["coverage.html"].decode()
    assert marks(page) == {"Told": {"Ownership": "ticked", "Depth": "the text shows it"}}
    assert "Tick what else" not in page
    assert ">Scale<" not in page


def test_on_a_phone_a_pattern_without_a_story_is_listed_first(build: Build) -> None:
    page = (build(LISTS | {"stories/a.md": story("A")}) / "coverage.html").read_text("utf-8")
    lists = table(page).partition('<div class="by-topic">')[2]
    shown = re.findall(r"<h3>(\w+)</h3> <span[^>]*>(\d)</span></summary><(\w+)", lists)
    assert shown[0] == ("Ownership", "0", "p")
    assert shown[-1] == ("Depth", "1", "ul")
