"""The verdict beside the planned and the speaking time of a story."""

import re
from pathlib import Path

import pytest
from conftest import story

PLAN = "pace: 120\nanswer_lengths: [{name: One, seconds: 60, situation: 20, action: 40}]\n"
SCRIPT = "I rang every baker and told each of them what to do. "  # 12 words: 6 seconds


def facts(site: Path) -> str:
    page = (site / "stories/a.html").read_text(encoding="utf-8")
    (found,) = re.findall(r"<span class=\"numeric\">(Speaking time.*?)</span>", page)
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
        (SCRIPT * 6, "Speaking time 36 s, fits"),
        (SCRIPT * 7, "Speaking time 42 s, fits"),  # about the plan
        (SCRIPT * 8, "Speaking time 48 s, <b>8 s over</b>"),
        (SCRIPT * 13, "Speaking time 78 s, <b>38 s over</b>"),
        (
            "- rota moved\n- boss told\n- two teams asked, one agreed",
            "Speaking time 4 s, notes, not a script",
        ),
        ("Rota moved, boss told", "Speaking time 2 s, notes, not a script"),
        ("- " + SCRIPT + "\n- " + SCRIPT, "Speaking time 12 s, fits"),  # bullets of sentences
        (SCRIPT * 3 + "\n\n- rota moved\n- boss told", "Speaking time 20 s, fits"),
        ("Eins wurde verschoben. Zwei blieb.", "Speaking time 2 s, fits"),
        ("会議を開いた。", ""),
        ("I rang [Fill in: whom and when and why]", "Speaking time 1 s"),
    ],
)
def test_a_section_fits_its_plan_or_is_over_it_or_is_notes(words, expected, build) -> None:
    site = build({"handbook.yml": PLAN, "stories/a.md": told(words)})
    assert section(site) == expected


def test_without_a_plan_nothing_is_judged(build) -> None:
    site = build({"handbook.yml": "pace: 120\n", "stories/a.md": told(SCRIPT * 20)})
    assert section(site) == "Speaking time 120 s"
    assert facts(site) == "Speaking time 2:08"


def test_the_time_in_a_heading_counts_before_the_answer_length(build) -> None:
    text = told(SCRIPT * 6).replace("## Action", "## Action (20 s)")
    site = build({"handbook.yml": PLAN, "stories/a.md": text})
    assert section(site) == "Speaking time 36 s, <b>16 s over</b>"


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (6, "Speaking time 0:44, planned 1:00, fits"),
        (15, "Speaking time 1:38, planned 1:00, <b>38 s over</b>"),
    ],
)
def test_the_whole_answer_is_judged_beside_its_two_times(count, expected, build) -> None:
    site = build({"handbook.yml": PLAN, "stories/a.md": told(SCRIPT * count)})
    assert facts(site) == expected


def test_an_answer_of_notes_is_called_notes(build) -> None:
    notes = "\n".join(f"## {part}\n\n- one thing\n- another\n" for part in
                      ("Situation", "Task", "Action", "Result"))  # fmt: skip
    site = build({"handbook.yml": PLAN, "stories/a.md": f"---\ntitle: A\n---\n\n{notes}"})
    assert facts(site) == "Speaking time 0:06, planned 1:00, notes, not a script"


def test_an_answer_with_a_part_missing_is_not_judged(build) -> None:
    text = told(SCRIPT * 20).partition("## Result")[0].replace("ready", "draft")
    site = build({"handbook.yml": PLAN, "stories/a.md": text})
    assert facts(site) == "Speaking time 2:04, planned 1:00"


def test_times_in_all_headings_are_the_plan_of_an_answer_without_a_length(build) -> None:
    text = re.sub(r"^(## \w+)$", r"\1 (5 s)", told(SCRIPT), flags=re.MULTILINE)
    site = build({"handbook.yml": "pace: 120\n", "stories/a.md": text})
    assert facts(site) == "Speaking time 0:14, planned 0:20, fits"
