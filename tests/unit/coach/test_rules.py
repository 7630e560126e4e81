"""Rules of the coach: the exact remark for a bad story, and none for a good one."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Command, story

Content = Callable[..., Path]
LENGTHS = "id: 0123456789abcdef\nanswer_lengths: [{name: One, seconds: 60}]\n"
FRONT = 'metrics: ["9 → 2 %: errors"]'


def with_result(text: str, *front: str) -> str:
    return story("A story", *front).replace("Errors fell from 9 to 2 %.", text)


def with_more(text: str, *front: str) -> str:
    return story("A story", *front, body=f"\n{text}\n")


def key_line(text: str) -> str:
    return f"## Follow-ups\n\n### Why?\n\n**Strong:** It was time.\n\n**Key line:** {text}"


def quiz(right: str) -> str:
    return f"## Quiz\n\n### How far?\n\n- [ ] 9 %\n- [x] {right}\n"


# By rule: a story, and the remark on it without its fingerprint.
BAD = {
    "arithmetic": (
        with_result("Errors fell from 90 to 27 a week (50 % reduction)."),
        ":20: advice: 90 → 27 a week is 70 %, not 50 %; work it out again",
    ),
    "two-values": (
        with_more("", 'metrics: ["9 → 4 %: errors"]'),
        ":21: advice: 9 → 2 % here, and 9 → 4 % in `metrics`; say which of the two is right",
    ),
    "answer-number": (
        with_more(key_line("From 9 % to 5 %.")),
        ":24: advice: The key line of “Why?” has 5 %, and the rest of the story does not; "
        "give it the number of the text",
    ),
    "foreign-number": (
        with_more("## Angles\n\n### Ownership\n\n**Emphasize:** The 14 customers.\n"),
        ":24: advice: The angle “Ownership” has 14, and the story does not; "
        "give it a number of the story",
    ),
    "no-figure": (
        with_result("Customers are much happier."),
        ":18: advice: The Result has no figure; add the number that changed",
    ),
    "no-strong-answer": (
        with_more("## Follow-ups\n\n### Why?\n\n**Weak:** It felt right.\n"),
        ":24: advice: The follow-up “Why?” has no strong answer; write what you would say",
    ),
    "too-long": (
        with_result("Errors fell from 9 to 2 % because I counted them. " * 20),
        ":1: advice: As written it takes 1:39, and 1:00 is planned; "
        "shorten it, or plan a longer answer",
    ),
    "only-notes": (
        "---\ntitle: A story\nstatus: ready\n---\n## Situation\n- errors\n## Task\n- find out why\n"
        "## Action\n- counted\n## Result\n- 9 → 2 %\n",
        ":1: advice: Ready, but most of what is spoken is in notes; write it as you say it",
    ),
}  # fmt: skip
GOOD = {
    "arithmetic": with_result("Errors fell from 90 to 27 a week (70 % reduction)."),
    "two-values": with_more("", FRONT),
    "answer-number": with_more(key_line("From 9 % to 2 %.")) + quiz("2 %"),
    "foreign-number": with_more("## Angles\n\n### Ownership\n\n**Downplay:** The 9 %.\n"),
    "no-figure": with_result("Nobody has called since."),
    "no-strong-answer": with_more("## Follow-ups\n\n### Why?\n\nBecause it was time.\n"),
    "too-long": with_result("Errors fell from 9 to 2 %. " * 8),
    "only-notes": story("A story"),
}


@pytest.fixture
def coach(content: Content, command: Command) -> Iterator[Callable[..., list[str]]]:
    def run(text: str, **files: str) -> list[str]:
        content({"handbook.yml": LENGTHS, "stories/a.md": text, **files})
        code, printed, _ = command("check", "--coach")
        assert code == 0
        return printed.splitlines()[:-1]

    return run


@pytest.mark.parametrize("rule", BAD)
def test_a_rule_remarks_on_a_bad_story(coach: Callable[..., list[str]], rule: str) -> None:
    text, remark = BAD[rule]
    (line,) = coach(text)
    print_of = line.rpartition(f"`coach: {{{rule}: ")[2].partition("}")[0]
    keep = f"; or keep it: `coach: {{{rule}: {print_of}}}` [{rule}]"
    assert line == f"content/stories/a.md{remark}{keep}"
    assert len(print_of) == 4


@pytest.mark.parametrize("rule", GOOD)
def test_a_rule_says_nothing_of_a_good_story(coach: Callable[..., list[str]], rule: str) -> None:
    assert coach(GOOD[rule]) == []


def test_a_quiz_answer_with_another_number_is_remarked_on(coach: Callable[..., list[str]]) -> None:
    (line,) = coach(with_more(quiz("3 %")))
    assert line.startswith(
        "content/stories/a.md:24: advice: The answer to the quiz question “How far?” has 3 %, "
        "and the rest of the story does not; "
    )


def test_a_note_of_a_question_is_remarked_on_in_its_file(
    content: Content, command: Command
) -> None:
    asked = "- question: Why?\n  stories:\n  - {story: a, note: begin with the 14 customers}\n"
    content({"handbook.yml": LENGTHS, "stories/a.md": story(), "questions.yml": asked})
    _, printed, _ = command("check", "--coach")
    assert printed.startswith(
        "content/questions.yml:3: advice: The note for “Why?” has 14, and the story does not; "
        "give it a number of the story; or keep it: `coach: {foreign-number: "
    )
    assert "}` in stories/a.md [foreign-number]" in printed


def test_a_number_of_metrics_that_the_text_lacks_is_remarked_on(
    coach: Callable[..., list[str]],
) -> None:
    (line,) = coach(story("A story", 'metrics: ["14: customers"]'))
    assert line.startswith(
        "content/stories/a.md:19: advice: `metrics` has 14 (customers), and the text does not; "
    )


def test_a_pair_that_is_turned_around_in_metrics_is_remarked_on(
    coach: Callable[..., list[str]],
) -> None:
    (line,) = coach(story("A story", 'metrics: ["2 → 9 %: faults"]'))
    assert line.startswith(
        "content/stories/a.md:21: advice: 9 → 2 % here, and 2 → 9 % in `metrics`; "
    )


def test_a_number_of_metrics_is_looked_for_with_its_unit(coach: Callable[..., list[str]]) -> None:
    text = with_result("It took six days, and 14 months later it was 9 to 2 %.", 'metrics: ["@"]')
    assert coach(text.replace("@", "6 days: to mend it")) == []
    assert coach(text.replace("@", "14 months: without a fault")) == []
    (line,) = coach(text.replace("@", "14 days: to mend it"))
    assert "`metrics` has 14 days (to mend it), and the text does not" in line


def test_one_side_of_a_pair_of_metrics_that_the_text_lacks_is_remarked_on(
    coach: Callable[..., list[str]],
) -> None:
    text = with_result("The line took 40 minutes. In May it took 12 of them.", 'metrics: ["@"]')
    assert coach(text.replace("@", "40 → 12 minutes: the line")) == []
    (line,) = coach(text.replace("@", "40 → 17 minutes: the line"))
    assert "`metrics` has 17 minutes (the line), and the text does not" in line


def test_a_pair_of_metrics_that_begins_where_the_story_ends_is_remarked_on(
    coach: Callable[..., list[str]],
) -> None:
    text = with_result("In May we paid €1.25 million.", 'metrics: ["@"]').replace(
        "It was late.", "The rent was €2 m a year."
    )
    assert coach(text.replace("@", "€2 m → €1.25 m: rent")) == []
    (line,) = coach(text.replace("@", "€1.25 m → €2 m: rent"))
    assert "advice: €2 m → €1.25 m here, and €1.25 m → €2 m in `metrics`" in line


def test_a_share_in_a_note_is_no_other_number_of_the_story(
    coach: Callable[..., list[str]],
) -> None:
    text = with_result("Errors had fallen from 9 to 2 %, and 18 of 24 were mine.")
    text = text.replace("It was late.", "It was day 6.")
    noted = "- question: Why?\n  id: why\n  stories: [{story: a, note: Say the @ first.}]\n"
    for known in ("9 %", "78 %", "75 %"):  # a share, what the pair makes, what two numbers make
        assert coach(text, **{"questions.yml": noted.replace("@", known)}) == []
    (line,) = coach(text, **{"questions.yml": noted.replace("@", "6 %")})
    assert "has 6 %" in line


def test_a_rounded_number_in_a_key_line_is_known(coach: Callable[..., list[str]]) -> None:
    text = with_result("Errors fell from 912 to 297 a week.")
    assert coach(f"{text}\n{key_line('From 900 to 300.')}\n") == []
    (line,) = coach(f"{text}\n{key_line('From 900 to 299.')}\n")
    assert "has 299, and the rest of the story does not" in line


def test_a_step_on_the_way_is_no_second_value(coach: Callable[..., list[str]]) -> None:
    steps = with_more("", 'metrics: ["9 → 2 %: errors"]')
    assert (
        coach(steps.replace("## Result\n", "## Result\n\nErrors went from 9 to 5 % in May.\n"))
        == []
    )


def test_pairs_of_one_measure_that_differ_are_remarked_on(coach: Callable[..., list[str]]) -> None:
    more = "## Follow-ups\n\n### Why?\n\n**Strong:** The errors fell from 9 to 3 % at last.\n"
    (line,) = coach(with_more(more))
    assert line.startswith("content/stories/a.md:26: advice: 9 → 3 % here, and 9 → 2 % in Result; ")


def test_a_story_that_was_never_practised_is_remarked_on_once_others_were(
    content: Content, command: Command
) -> None:
    record = '{"id": "r1", "story": "b", "at": "2026-01-01T10:00:00Z"}'
    export = f'{{"starbook": "practice", "version": 1, "records": [{record}]}}'
    files = {"stories/a.md": story("A"), "stories/b.md": story("B")}
    content({"handbook.yml": LENGTHS, **files, "practice/phone.json": export})
    _, printed, _ = command("check", "--coach")
    (line, _) = printed.splitlines()
    assert line.startswith(
        "content/stories/a.md:1: advice: Ready, but never told in practice; tell it once aloud; "
    )


def answered(text: str, coach: Callable[..., list[str]]) -> str:
    """Return the story with the line that its one remark says."""
    (line,) = coach(text)
    return text.replace("status: ready", f"status: ready\n{line.split('`')[-2]}", 1)


@pytest.mark.slow
def test_an_answered_remark_comes_back_when_its_sentence_changes(
    coach: Callable[..., list[str]],
) -> None:
    text = answered(BAD["arithmetic"][0], coach)
    assert coach(text) == []
    assert coach(text.replace("I ", "I have ")) == []
    assert len(coach(text.replace("27 a week", "28 a week"))) == 1


def test_a_rule_can_be_switched_off(content: Content, command: Command) -> None:
    files = {"stories/a.md": BAD["no-figure"][0]}
    content({"handbook.yml": LENGTHS + "coach: {off: [no-figure]}\n", **files})
    assert command("check", "--coach")[1] == "No problems.\n"


def test_an_unknown_rule_is_an_error_with_the_nearest_one(
    content: Content, command: Command
) -> None:
    files = {"stories/a.md": story("A", "coach: {arithmetics: 3f9a}")}
    content({"handbook.yml": LENGTHS + "coach: {off: [no-figures]}\n", **files})
    code, printed, _ = command("check", "--coach")
    assert code == 1
    assert "handbook.yml:3: error: expected `arithmetic` or " in printed
    assert "did you mean `no-figure`? [type]" in printed
    assert "unknown key `arithmetics`; did you mean `arithmetic`? [unknown-key]" in printed
    assert "The coach did not run: mend the errors first.\n" in printed


def test_a_word_for_the_settings_of_the_coach_is_an_error_that_says_what_to_write(
    content: Content, command: Command
) -> None:
    content({"handbook.yml": f"{LENGTHS}coach: style\n", "stories/a.md": story()})
    code, printed, _ = command("check")
    assert code == 1
    assert (
        "handbook.yml:3: error: expected a list or a mapping, found `style`; "
        "write `[style]`, or `{on: [style], off: [no-figure]}` [type]"
    ) in printed


def test_a_fingerprint_has_four_digits(problems: Callable[..., list[str]]) -> None:
    assert problems({"stories/a.md": story("A", "coach: {arithmetic: [3f9a, yes]}")}) == [
        "content/stories/a.md:4: expected four digits or letters from a to f, found `yes`; "
        "copy it from the remark that it answers, such as `3f9a` [type]"
    ]


def test_advice_changes_no_exit_code_and_is_in_json(content: Content, command: Command) -> None:
    content({"handbook.yml": LENGTHS, "stories/a.md": BAD["no-figure"][0]})
    code, printed, _ = command("check", "--coach", "--strict", "--format", "json")
    assert code == 0
    assert '"rule": "no-figure"' in printed
    assert '"severity": "advice"' in printed
    assert command("check", "--strict")[1] == "No problems.\n"


def test_remarks_are_counted_apart(content: Content, command: Command) -> None:
    content({"handbook.yml": LENGTHS, "stories/a.md": BAD["no-figure"][0]})
    assert command("check", "--coach")[1].splitlines()[-1] == "1 remark."
