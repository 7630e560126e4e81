"""Style: off until it is asked for, and what it says of 16 stories told in as many manners."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from conftest import ROOT, SAMPLE, Command, story

from starbook.build import pipeline
from starbook.coach import rules, style
from starbook.coach.remark import Remark
from starbook.coach.told import Told
from starbook.model import STYLE, CoachSettings, Story

Content = Callable[..., Path]
STORIES = ROOT / "tests/style"
BAD = story("A story").replace("I mended it.", "A meeting was held. I basically mended it.")

# What is said of each story, as the rule and the words that it is about; of the others nothing.
SAID = {
    "we-all-the-way": [("we-as-subject", "5 0")],
    "sort-of": [
        ("hedge", "basically"),
        ("hedge", "sort of"),
        ("hedge", "more or less"),
        ("hedge", "I guess"),
        ("hedge", "and so on"),
    ],
    "it-was-decided": [
        ("passive-opening", "A working group was formed"),
        ("passive-opening", "Several buildings were reviewed"),
        ("passive-opening", "It was decided"),
        ("passive-opening", "Boxes were prepared"),
    ],
    "notes-of-a-build": [
        ("passive-opening", "Three designs were prepared"),
        ("passive-opening", "The steepest one was removed"),
        ("vague-result", "went very well"),
    ],
    "a-great-success": [
        ("vague-result", "a great success"),
        ("vague-result", "Everyone was happy"),
        ("vague-result", "improved significantly"),
    ],
    "synergies": [("jargon", "27 74 “stakeholders”, “deliverables”, “ecosystem”")],
    "all-before-the-beginning": [("action-share", "13 35 70")],
    "all-action": [("action-share", "84 35 70")],
}


def stories(folder: Path) -> list[Story]:
    return list(pipeline.load(folder)[0].stories)


def remarks(one: Story) -> list[Remark]:
    return [remark for _, rule in style.RULES for remark in rule(Told(one))]


def test_it_says_of_each_story_what_a_reader_would() -> None:
    found = {
        one.id: [(str(r.rule), " ".join(map(str, r.values.values()))) for r in remarks(one)]
        for one in stories(STORIES)
    }
    assert len(found) == 16
    assert {ident: said for ident, said in found.items() if said} == SAID


def test_of_the_sample_it_says_nothing() -> None:
    assert [remarks(one) for one in stories(SAMPLE) if remarks(one)] == []


@pytest.mark.slow
def test_of_a_large_handbook_it_says_what_was_judged(corpus: Path) -> None:
    counts = Counter(remark.rule for one in stories(corpus) for remark in remarks(one))
    assert counts == {"vague-result": 3, "action-share": 2}


@pytest.mark.parametrize(
    ("coach", "said"),
    [
        ("", []),
        ("coach: {off: [only-notes]}\n", []),
        ("coach: [style]\n", ["passive-opening", "hedge"]),
        ("coach: [Hedge]\n", ["hedge"]),
        ("coach: {on: [style]}\n", ["passive-opening", "hedge"]),
        ("coach: {on: [style], off: [hedge]}\n", ["passive-opening"]),
        ("coach: {on: [passive-opening, jargon]}\n", ["passive-opening"]),
    ],
)
def test_it_is_off_until_handbook_yml_asks_for_it(
    content: Content, command: Command, coach: str, said: list[str]
) -> None:
    content({"handbook.yml": f"id: 0123456789abcdef\n{coach}", "stories/a.md": BAD})
    code, printed, _ = command("check", "--coach")
    assert code == 0
    assert sorted(re.findall(r"\[([\w-]+)\]$", printed, re.MULTILINE)) == sorted(said)


def test_a_remark_stands_beside_its_sentence_and_can_be_answered(
    content: Content, command: Command
) -> None:
    files = {"handbook.yml": "id: 0123456789abcdef\ncoach: [hedge]\n", "stories/a.md": BAD}
    content(files)
    line, _ = command("check", "--coach")[1].splitlines()
    keep = re.findall(r"`(coach: {hedge: [0-9a-f]{4}})`", line)[0]
    assert line == (
        "content/stories/a.md:16: advice: “basically” takes weight from the sentence; "
        f"leave it out; or keep it: `{keep}` [hedge]"
    )
    content({"stories/a.md": BAD.replace("status: ready", f"status: ready\n{keep}")})
    assert command("check", "--coach")[1] == "No problems.\n"


def test_a_rule_of_facts_needs_no_asking(problems: Callable[..., list[str]]) -> None:
    known = " or ".join(f"`{name}`" for name in ("style", *STYLE))
    assert problems({"handbook.yml": "id: 0123456789abcdef\ncoach: [no-figure]\n"}) == [
        f"content/handbook.yml:2: expected {known}, found `no-figure`; choose one of them [type]"
    ]
    near = problems({"handbook.yml": "id: 0123456789abcdef\ncoach: [styel]\n"})
    assert near[0].endswith("found `styel`; did you mean `style`? [type]")


def test_what_is_asked_for_on_style_goes_through_the_same_driver() -> None:
    one = next(one for one in stories(STORIES) if one.id == "sort-of")
    told = Told(one)
    assert rules.remarks(told, style.RULES) == ()
    settings = msgspec.structs.replace(told.settings, coach=CoachSettings(on=("hedge",)))
    assert len(rules.remarks(Told(one, settings), style.RULES)) == 5
