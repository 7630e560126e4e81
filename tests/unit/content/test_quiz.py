"""Quiz questions with choices: what is a choice, what stays text, and what `check` says of them."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from conftest import story

from starbook.content import sections
from starbook.model import Kind
from starbook.text.vocabulary import load

QUIZ = "\n## Quiz\n\n### Which comes first?\n\n{}\n"


def _item(body: str) -> tuple[list[tuple[str, bool]], str, list[str]]:
    """Return the choices, the text and the labels of a quiz question."""
    _, parsed = sections.parse(QUIZ.format(body), 1, "T", load())
    item = next(section for section in parsed if section.kind is Kind.QUIZ).items[0]
    choices = [(choice.text.text, choice.right) for choice in item.choices]
    return choices, item.body.text, [field.label for field in item.fields]


def test_tick_boxes_are_the_choices_of_a_quiz_question() -> None:
    choices, text, labels = _item(
        "Think.\n\n- [ ] the *ferry*\n- [X] the bell\n\nIt rang.\n\n**Say:** Rang."
    )
    assert choices == [("the ferry", False), ("the bell", True)]
    assert (text, labels) == ("Think.\nIt rang.\n", ["Say"])


def test_a_numbered_list_of_tick_boxes_has_choices_too() -> None:
    assert _item("1. [x] a bell\n2. [ ] a whistle")[0] == [("a bell", True), ("a whistle", False)]


@pytest.mark.parametrize(
    "body",
    [
        "- a bell\n- a whistle",
        "- [x] a bell\n- a whistle",
        "- [x] a bell\n  - [ ] of brass\n- [ ] a whistle",
        "- [x] a bell\n\n  of brass\n- [ ] a whistle",
    ],
)
def test_any_other_list_stays_in_the_text(body: str) -> None:
    choices, text, _ = _item(body)
    assert choices == []
    assert all(word in text for word in ("bell", "whistle"))


def test_tick_boxes_outside_a_quiz_stay_in_the_text() -> None:
    _, parsed = sections.parse("## Follow-ups\n\n### Why?\n\n- [x] a bell\n", 1, "T", load())
    assert parsed[0].items[0].choices == ()
    assert "a bell" in parsed[0].items[0].body.text


def test_a_question_without_a_right_choice_is_warned_of(
    problems: Callable[[Mapping[str, str]], list[str]],
) -> None:
    text = story(body=QUIZ.format("- [ ] a bell\n- [ ] a whistle"))
    line = text.split("\n").index("### Which comes first?") + 1
    assert problems({"stories/a.md": text}) == [
        f"content/stories/a.md:{line}: warning: no choice of the quiz question "
        "`Which comes first?` is right; tick the right one: `- [x] …` [quiz-without-answer]"
    ]


def test_the_page_shows_the_choices_and_folds_the_answer(build: Callable[..., Path]) -> None:
    body = QUIZ.format("- [ ] a whistle\n- [x] a **bell**\n\nIt rang.")
    page = (build({"stories/a.md": story(body=body)}) / "stories/a.html").read_text("utf-8")
    shown, _, folded = page.partition("<summary>Show the answer</summary>")
    assert "<ul><li>a whistle</li><li>a <strong>bell</strong></li></ul>" in shown
    assert "It rang." not in shown
    assert '<b class="label">Right</b>a <strong>bell</strong>' in folded
    assert "It rang." in folded


def test_ask_finds_the_words_of_choices(build: Callable[..., Path]) -> None:
    site = build({"stories/a.md": story(body=QUIZ.format("- [ ] a xylograph\n- [x] a bell"))})
    assert "xylograph" in (site / "search-index.js").read_text("utf-8")
