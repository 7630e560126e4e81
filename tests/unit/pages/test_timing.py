"""The verdict beside the planned and the speaking time of a story."""

import re
from pathlib import Path

import pytest
from conftest import story

PLAN = "pace: 120\nanswer_lengths: [{name: One, seconds: 60, situation: 20, action: 40}]\n"
SCRIPT = "I rang every baker and told each of them what to do. "  # 12 words: 6 seconds


def facts(site: Path) -> str:
    page = (site / "stories/a.html").read_text(encoding="utf-8")
    (found,) = re.findall(r"<span class=\"numeric\">(\d:\d\d aloud.*?)</span>", page)
    return found


def section(site: Path, part: str = "action") -> str:
    page = (site / "stories/a.html").read_text(encoding="utf-8")
    body = page.partition(f'id="{part}">')[2].partition("</section>")[0]
    found = re.findall(r'<p class="note speaking-time numeric">(.*?)</p>', body)
    return found[0] if found else ""


def told(words: str) -> str:
    return story("A").replace("I mended it.", words)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (SCRIPT * 6, "36 s aloud, fits"),
        (SCRIPT * 7, "42 s aloud, fits"),  # about the plan
        (SCRIPT * 8, "48 s aloud, <b>over by 8 s</b>"),
        (SCRIPT * 13, "78 s aloud, <b>over by 38 s</b>"),
        (
            "- rota moved\n- boss told\n- two teams asked, one agreed",
            "4 s aloud, notes, not a script",
        ),
        ("Rota moved, boss told", "2 s aloud, notes, not a script"),
        ("- " + SCRIPT + "\n- " + SCRIPT, "12 s aloud, fits"),  # bullets of sentences
        (SCRIPT * 3 + "\n\n- rota moved\n- boss told", "20 s aloud, fits"),
        ("Eins wurde verschoben. Zwei blieb.", "2 s aloud, fits"),
        ("会議を開いた。", "0 s aloud, fits"),
        ("I rang [Fill in: whom and when and why]", "1 s aloud"),
    ],
)
def test_a_section_fits_its_plan_or_is_over_it_or_is_notes(words, expected, build) -> None:
    site = build({"handbook.yml": PLAN, "stories/a.md": told(words)})
    assert section(site) == ("" if expected.startswith("0 s") else expected)


def test_without_a_plan_nothing_is_judged(build) -> None:
    site = build({"handbook.yml": "pace: 120\n", "stories/a.md": told(SCRIPT * 20)})
    assert section(site) == "120 s aloud"
    assert facts(site) == "2:08 aloud"


def test_the_time_in_a_heading_counts_before_the_answer_length(build) -> None:
    text = told(SCRIPT * 6).replace("## Action", "## Action (20 s)")
    site = build({"handbook.yml": PLAN, "stories/a.md": text})
    assert section(site) == "36 s aloud, <b>over by 16 s</b>"


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (6, "0:44 aloud, 1:00 planned, fits"),
        (15, "1:38 aloud, 1:00 planned, <b>over by 38 s</b>"),
    ],
)
def test_the_whole_answer_is_judged_beside_its_two_times(count, expected, build) -> None:
    site = build({"handbook.yml": PLAN, "stories/a.md": told(SCRIPT * count)})
    assert facts(site) == expected


def test_an_answer_of_notes_is_called_notes(build) -> None:
    notes = "\n".join(f"## {part}\n\n- one thing\n- another\n" for part in
                      ("Situation", "Task", "Action", "Result"))  # fmt: skip
    site = build({"handbook.yml": PLAN, "stories/a.md": f"---\ntitle: A\n---\n\n{notes}"})
    assert facts(site) == "0:06 aloud, 1:00 planned, notes, not a script"


def test_an_answer_with_a_part_missing_is_not_judged(build) -> None:
    text = told(SCRIPT * 20).partition("## Result")[0].replace("ready", "draft")
    site = build({"handbook.yml": PLAN, "stories/a.md": text})
    assert facts(site) == "2:04 aloud, 1:00 planned"


def test_times_in_all_headings_are_the_plan_of_an_answer_without_a_length(build) -> None:
    text = re.sub(r"^(## \w+)$", r"\1 (5 s)", told(SCRIPT), flags=re.MULTILINE)
    site = build({"handbook.yml": "pace: 120\n", "stories/a.md": text})
    assert facts(site) == "0:14 aloud, 0:20 planned, fits"
