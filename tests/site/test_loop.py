"""Coverage says which of many stories carry a loop, and which could rest."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import story

Build = Callable[..., Path]

TOPICS = {"wide": "B, C", "left": "A, B", "right": "C, D"}
LISTS = {
    "principles.yml": "".join(f"- name: {name}\n" for name in "ABCD"),
    "questions.yml": "- {question: What broke?, stories: [s1]}\n",
}


def handbook(number: int) -> dict[str, str]:
    """Return a handbook of so many ready stories, of which three have principles."""
    stories = {
        f"stories/{ident}.md": story(ident.title(), f"principles: [{topics}]")
        for ident, topics in TOPICS.items()
    }
    others = {f"stories/s{i}.md": story(f"S {i}") for i in range(number - len(stories))}
    return LISTS | stories | others


def loop_of(site: Path) -> str:
    page = (site / "coverage.html").read_text(encoding="utf-8")
    return page.partition('<section class="part" id="loop">')[2].partition("</section>")[0]


def test_the_fewest_stories_with_all_principles_carry_a_loop_of_thirteen(build: Build) -> None:
    shown = loop_of(build(handbook(13)))
    assert "<h2>What carries a loop</h2>" in shown
    assert (
        "<p>13 stories are ready. These 2 have every principle and category that any of them has; "
        "with fewer, some are missing.</p>"
    ) in shown
    carrying, _, spare = shown.partition("<details")
    assert re.findall(r">([^<]+)</a> <span class=\"meta\">([^<]+)", carrying) == [
        ("Left", "alone for A, B"), ("Right", "alone for C, D"),
    ]  # fmt: skip
    assert "<summary>11 others could rest</summary>" in spare


@pytest.mark.slow
def test_what_was_chosen_for_a_question_is_the_last_that_could_rest(build: Build) -> None:
    _, _, spare = loop_of(build(handbook(13))).partition("<details")
    assert re.findall(r">([^<]+)</a>( <span class=\"meta\">[^<]+)?", spare)[-1] == (
        "S 1", ' <span class="meta">chosen for 1 question',
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    "files",
    [
        handbook(12),
        handbook(13) | {"stories/s1.md": story("S 1").replace("ready", "resting")},
        handbook(13) | {"stories/s1.md": story("S 1").replace("ready", "draft")},
        {f"stories/s{i}.md": story(f"S {i}") for i in range(14)} | LISTS,
    ],
    ids=["twelve", "one rests", "one is a draft", "no topics"],
)
def test_where_there_is_nothing_to_choose_it_says_nothing(
    build: Build, files: dict[str, str]
) -> None:
    assert loop_of(build(files)) == ""
