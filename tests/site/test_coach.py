"""The coach on pages: remarks beside their sentence, the list of what most needs work, and home."""

import re
from collections.abc import Callable
from pathlib import Path

from conftest import story
from editions import site_of

from starbook.model import Edition

Build = Callable[..., Path]
WRONG = "Errors fell from 90 to 27 a week (50 % reduction)."
BAD = story("The slow queue", "publish: true").replace(
    "Errors fell from 9 to 2 %.", f"{WRONG} *So* be it."
)
VAGUE = story("The calm team").replace("Errors fell from 9 to 2 %.", "All are happier.")
DRAFT = "---\ntitle: The first draft\n---\n## Situation\n[Fill in: where]\n"
FILES = {
    "stories/bad.md": BAD, "stories/calm.md": VAGUE, "stories/draft.md": DRAFT,
    "stories/good.md": story("The good one"),
}  # fmt: skip


def read(site: Path, page: str) -> str:
    return (site / page).read_text(encoding="utf-8")


def test_a_remark_stands_behind_its_sentence_with_the_line_that_answers_it(build: Build) -> None:
    page = read(build(FILES), "stories/bad.html")
    assert (
        f'<span class="marked">{WRONG}</span><sup>1</sup><span class="remark" id="remark-1">'
        in page
    )
    assert re.search(
        r"</b> 90 → 27 a week is 70 %, not 50 %: work it out again\. "
        r'<span class="answer">Keep as it is: <code>coach: \{arithmetic: [0-9a-f]{4}\}</code> '
        r'<span><button type="button" class="copy" hidden>Copy</button></span>'
        r"</span></span> <em>So</em> be it\.",
        page,
    )
    assert '<a href="#remark-1">1 remark</a>' in page


def test_remarks_are_numbered_in_the_order_of_the_page(build: Build) -> None:
    text = BAD.replace("status: ready", 'status: ready\nmetrics: ["7 → 5 days: to mend a fault"]')
    text = text.replace(WRONG, f"To mend a fault takes 4 days instead of 7. {WRONG}")
    page = read(build({"stories/bad.md": text}), "stories/bad.html")
    assert re.findall(r'<b class="label">(\d) Coach</b> ([^:]*):', page) == [
        ("1", "7 → 4 days here, and 7 → 5 days in <code>metrics</code>"),
        ("2", "90 → 27 a week is 70 %, not 50 %"),
    ]


def test_a_remark_on_a_part_stands_in_its_margin(build: Build) -> None:
    page = read(build(FILES), "stories/calm.html")
    result = page.partition('id="result"')[2].partition("</section>")[0]
    aside = result.partition('<div class="aside">')[2]
    assert "</b> The Result has no figure: add the number that changed. " in aside


def test_a_story_without_remarks_asks_for_no_style_of_them(build: Build) -> None:
    site = build(FILES)
    assert "coach.css" not in read(site, "stories/good.html")
    assert "coach.css" in read(site, "stories/bad.html")


def test_the_coach_lists_stories_by_what_most_needs_work(build: Build) -> None:
    page = read(build(FILES), "coach.html")
    assert re.findall(r'<h2><a href="([^"]+)">([^<]+)', page) == [
        ("stories/bad.html#remark-1", "The slow queue"),
        ("stories/calm.html#remark-1", "The calm team"),
        ("stories/draft.html", "The first draft"),
    ]
    assert re.findall(r"</b> ([^<]+)</p>", page) == [
        "work it out again", "add the number that changed", "write what is missing",
    ]  # fmt: skip
    assert "Nothing to say of 1 story." in page


def test_a_complete_draft_is_listed_with_the_line_that_makes_it_ready(build: Build) -> None:
    page = read(build({"stories/a.md": story().replace("status: ready\n", "")}), "coach.html")
    assert "</b> read it once more, and write <code>status: ready</code></p>" in page


def test_the_first_page_counts_the_stories_with_remarks(build: Build) -> None:
    page = read(build(FILES), "index.html")
    line = '<a href="coach.html">stories that an interviewer would stumble over</a>: The slow queue'
    assert f"<li><b>2</b><span>{line}</span></li>" in page


def test_a_story_that_a_company_has_heard_three_times_is_listed(build: Build) -> None:
    loop = "company: City Library\nrounds: [{with: Ana, themes: [Ownership]}]\n"
    log = "- {interview: library, date: 2024-05-01, story: good}\n" * 3
    files = {
        "stories/good.md": story("The good one"), "log.yml": log,
        "principles.yml": "- name: Ownership\n", "interviews/library.yml": loop,
    }  # fmt: skip
    page = read(build(files), "coach.html")
    assert "<p>City Library has heard it 3 times</p>" in page
    assert "</b> tell them another story</p>" in page


def test_remarks_are_not_printed(build: Build) -> None:
    assert "remark" not in read(build(FILES), "print.html").partition("<main")[2]


def test_a_public_edition_has_nothing_of_the_coach() -> None:
    answered = BAD.replace("status: ready", "status: ready\ncoach: {no-figure: 3f9a}")
    site = site_of({"stories/bad.md": answered, "handbook.yml": "coach: {off: [too-long]}\n"})
    assert "stories/bad.html" in site
    assert [path for path in site if "coach" in path] == []
    said = re.compile(rb"(?i)coach(?!ing)|remark|3f9a|stumble")
    shown = {path: data for path, data in site.items() if path.endswith((".html", ".css"))}
    assert {path for path, data in shown.items() if said.search(data)} == set()
    assert "coach.html" in site_of({"stories/bad.md": answered}, Edition.PRIVATE)
