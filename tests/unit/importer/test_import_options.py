"""`--as` and `--split` overrule what import makes of a document; the report says what was read."""

from pathlib import Path

import pytest
from kinds_of_documents import describe

from starbook import cli
from starbook.importer import output, plan
from starbook.importer.document import parse_document
from starbook.importer.stories import Known
from starbook.text.vocabulary import load

Said = pytest.CaptureFixture[str]
PARTS = "**Situation:** I sat {0}.\n\n**Task:** I had {0}.\n\n**Action:** I ran {0}.\n\n"
PARTS += "**Result:** I won {0}.\n\n"


def become(text: str, *, kind: str = "", rule: str = "") -> str:
    """Return the outline of what a text becomes."""
    document = parse_document("notes", text, load())
    return describe(
        output.render_files(plan.import_document(document, Known(), kind=kind, rule=rule))
    )


def told(title: str, word: str) -> str:
    return (
        f"STORY {title} (draft)\n  ## Situation | I sat {word}.\n  ## Task | I had {word}.\n"
        f"  ## Action | I ran {word}.\n  ## Result | I won {word}.\n"
    )


LIST = "# Boats\n\nBe calm.\n\n- Tell me about a boat.\n- Why wood?\n- Paint, in blue\n"
KINDS = {
    "": "GUIDE Boats\n  Be calm. | - Paint, in blue\n"
    "QUESTION Tell me about a boat.\nQUESTION Why wood?\n",
    "questions": "GUIDE Boats\n  Be calm.\nQUESTION Tell me about a boat.\nQUESTION Why wood?\n"
    "QUESTION Paint, in blue\n",
    "to-ask": "GUIDE Boats\n  Be calm.\nTO ASK Boats / Boats\n"
    "  Tell me about a boat.\n  Why wood?\n  Paint, in blue\n",
    "guide": "GUIDE Boats\n  Be calm. | - Tell me about a boat. | - Why wood? | - Paint, in blue\n",
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_is_what_the_person_says_it_is(kind: str) -> None:
    assert become(LIST, kind=kind) == KINDS[kind]


def test_an_explanation_is_a_story_if_the_person_says_so() -> None:
    text = (
        "# The STAR way\n\n**Situation:** Describe the scene.\n\n**Task:** Say what was yours.\n\n"
        "**Action:** List your steps.\n\n**Result:** Give a number.\n"
    )
    assert become(text).startswith("GUIDE The STAR way\n")
    assert become(text, kind="stories") == (
        "STORY The STAR way (draft)\n  ## Situation | Describe the scene.\n"
        "  ## Task | Say what was yours.\n  ## Action | List your steps.\n"
        "  ## Result | Give a number.\n"
    )


def test_stories_as_a_guide_stay_as_they_stand() -> None:
    text = f"# Boats\n\n## Ada\n\n{PARTS.format('low')}"
    said = " | ".join(line for line in PARTS.format("low").splitlines() if line)
    assert become(text, kind="guide") == f"GUIDE Boats\n  ## Ada | {said}\n"


TABLE = (
    "| Title | Situation | Task | Action | Result |\n|---|---|---|---|---|\n"
    "| Ada | I sat low. | I had low. | I ran low. | I won low. |\n"
)
FOLD = f"<details><summary>Ada</summary>\n\n{PARTS.format('low')}\n</details>\n"
SPLITS = {
    "heading1": f"# Ada\n\n{PARTS.format('low')}# Bo\n\n{PARTS.format('high')}",
    "heading2": f"# All\n\n## Ada\n\n{PARTS.format('low')}## Bo\n\n{PARTS.format('high')}",
    "heading3": f"# All\n\n### Ada\n\n{PARTS.format('low')}### Bo\n\n{PARTS.format('high')}",
    "numbered": f"1. Ada\n\n{PARTS.format('low')}2. Bo\n\n{PARTS.format('high')}",
    "bold": f"**Ada**\n\n{PARTS.format('low')}**Bo**\n\n{PARTS.format('high')}",
    "rows": TABLE + "| Bo | I sat high. | I had high. | I ran high. | I won high. |\n",
    "details": FOLD + FOLD.replace("Ada", "Bo").replace("low", "high"),
}


@pytest.mark.parametrize("rule", SPLITS)
def test_stories_begin_where_the_person_says(rule: str) -> None:
    assert become(SPLITS[rule], rule=rule) == told("Ada", "low") + told("Bo", "high")


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("questions", "Why wood?\n\n{0}How long?\n\n{1}"),
        ("transcript", "**Q:** Why wood?\n\n**Me:**\n{0}**Q:** How long?\n\n**Me:**\n{1}"),
    ],
)  # fmt: skip
def test_stories_begin_at_questions_if_the_person_says_so(rule: str, text: str) -> None:
    filled = text.format(PARTS.format("low"), PARTS.format("high"))
    assert become(filled, rule=rule) == (
        told("Why wood?", "low")
        + told("How long?", "high")
        + "QUESTION Why wood?\n  stories: why-wood\n"
        "QUESTION How long?\n  stories: how-long\n"
    )


def test_letters_begin_a_story_at_each_first_part() -> None:
    text = f"# Boats\n\n{PARTS.format('low')}{PARTS.format('high')}"
    assert become(text, rule="letters") == told("Boats", "low") + told("I sat high", "high")


def test_a_rule_that_finds_nothing_leaves_all_in_guides() -> None:
    text = f"# Boats\n\n## Ada\n\n{PARTS.format('low')}"
    assert become(text, rule="rows").startswith("GUIDE Boats\n  ## Ada | **Situation:** I sat low.")


def test_the_report_names_the_reading_and_how_to_take_it(tmp_path: Path, capsys: Said) -> None:
    document = tmp_path / "notes.md"
    document.write_text(SPLITS["heading2"], encoding="utf-8")
    into = ["--into", str(tmp_path / "book"), "--dry-run"]
    assert cli.main(["import", str(document), *into]) == 0
    assert (
        "notes: 2 stories, 0 questions, 0 questions to ask, 0 guides\n"
        "  Reading: stories begin at headings of level 2 (--split heading2)\n"
        "  3: Ada (situation, task, action, result)\n"
        "  13: Bo (situation, task, action, result)\n"
        "  2 of 2 stories have all four parts and no blanks\n"
        "  All are drafts; to make these ready: python3 build.py ready ada bo\n"
    ) in capsys.readouterr().out
    assert cli.main(["import", str(document), *into, "--split", "letters"]) == 0
    assert (
        "  Reading: stories begin at each first part (--split letters)\n" in capsys.readouterr().out
    )
    assert cli.main(["import", str(document), *into, "--as", "guide"]) == 0
    made = "notes: 0 stories, 0 questions, 0 questions to ask, 2 guides\n"
    assert made in capsys.readouterr().out
