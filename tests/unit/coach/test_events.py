"""Two stories of one event: named on both, unless one rests or a person keeps both."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Command

Content = Callable[..., Path]
Coach = Callable[[dict[str, str]], list[str]]

SITUATION = (
    "In March the ticket machines of the harbour printed the date of the day before. Nobody had "
    "noticed until a tourist was sent back at the gate with a ticket that he had just bought."
)
TASK = "I looked after the machines, and the first ferry of the next day left at six."
RESULT = "All 14 machines were right by five, and 230 tickets were paid back within a week."
ALONE = (
    "I drove to the depot, read the log of one machine, and saw that a leap day had been left "
    "out. I wrote the correction, tried it on one machine, and put it on the others by hand."
)
TOGETHER = (
    "The guards at the gate wanted to refuse every ticket. I met their head, showed him what the "
    "machines had printed, and we agreed that they would let people through for a night."
)


def telling(title: str, action: str = ALONE, front: str = "status: ready", **parts: str) -> str:
    said = {"Situation": SITUATION, "Task": TASK, "Action": action, "Result": RESULT, **parts}
    body = "".join(f"## {name}\n\n{text}\n\n" for name, text in said.items())
    return f"---\ntitle: {title}\n{front}\n---\n\n{body}"


@pytest.fixture
def coach(content: Content, command: Command) -> Coach:
    """Return a function that returns what is said of doubles in these stories."""

    def run(stories: dict[str, str]) -> list[str]:
        content({f"stories/{ident}.md": text for ident, text in stories.items()})
        code, printed, _ = command("check", "--coach")
        assert code == 0
        return [line for line in printed.splitlines() if "[same-event]" in line]

    return run


def test_two_tellings_of_one_event_name_each_other(coach: Coach) -> None:
    lines = coach({"a": telling("The leap day"), "b": telling("The gate", TOGETHER)})
    shown = [re.sub(r"[0-9a-f]{4}}", "…}", line) for line in lines]
    said = "advice: “{}” tells much of this in the same words: {} % of the shorter text; "
    rest = "tell it once, with an angle for each question, and let the other one rest; or keep it: "
    keep = "`coach: {same-event: …}` [same-event]"
    percent = re.findall(r"\d+(?= %)", lines[0])[0]
    assert 40 < int(percent) < 70
    assert shown == [
        f"content/stories/a.md:1: {said.format('The gate', percent)}{rest}{keep}",
        f"content/stories/b.md:1: {said.format('The leap day', percent)}{rest}{keep}",
    ]
    prints = [re.findall(r"same-event: ([0-9a-f]{4})", line) for line in lines]
    assert prints[0] == prints[1]


def test_one_that_rests_is_no_double(coach: Coach) -> None:
    old = telling("The gate", TOGETHER, "status: resting")
    assert coach({"a": telling("The leap day"), "b": old}) == []


@pytest.mark.slow
def test_who_keeps_both_says_so_in_one_of_them(coach: Coach) -> None:
    line, _ = coach({"a": telling("The leap day"), "b": telling("The gate", TOGETHER)})
    answer = re.findall(r"`(coach: [^`]+)`", line)[0]
    kept = telling("The gate", TOGETHER, f"status: ready\n{answer}")
    assert coach({"a": telling("The leap day"), "b": kept}) == []
    changed = kept.replace("for a night", "until the next morning")
    assert coach({"b": changed}) == []


def test_what_is_told_in_other_words_is_not_seen(coach: Coach) -> None:
    retold = telling(
        "The gate", TOGETHER,
        Situation="Fourteen machines sold tickets of yesterday, as a visitor saw at the gate.",
        Task="They were mine to mend before six in the morning, when the first boat goes.",
        Result="It was mended an hour before, and people got their money, 230 of them, in days.",
    )  # fmt: skip
    assert coach({"a": telling("The leap day"), "b": retold}) == []


def test_prompts_of_a_template_are_no_event(coach: Coach) -> None:
    prompts = {"Situation": SITUATION, "Task": TASK, "Action": ALONE, "Result": RESULT}
    blank = {name: f"[Fill in: {text}]" for name, text in prompts.items()}
    one = telling("One", front="status: draft", **blank)
    assert coach({"a": one, "b": one.replace("One", "Two")}) == []


def test_what_five_stories_say_alike_is_a_way_to_begin(coach: Coach) -> None:
    begin = "I work for a ferry company with nine routes and forty people on shore, and I answer "
    begin += "for everything that prints, counts or opens something, by day and by night."
    others = ["bread", "snow", "paint", "nets", "oil"]
    stories = {
        word: telling(
            word, Situation=begin, Task=f"The {word} was late, and I had to ask why.",
            Action=" ".join(f"I {verb} the {word} of {place}." for verb, place in zip(
                ("saw", "sold", "sent", "lost", "hid"), others, strict=True)),
            Result=f"The {word} came after {number} days.",
        )
        for number, word in enumerate(others, 2)
    }  # fmt: skip
    assert coach(stories) == []


def test_a_measure_with_another_number_in_the_other_telling_is_remarked_on(
    content: Content, command: Command
) -> None:
    front = 'status: ready\nmetrics: ["{}: tickets paid back", "14: machines"]'
    told = telling("The leap day", front=front.format(230))
    again = telling("The gate", TOGETHER, front.format(250), Result=RESULT.replace("230", "250"))

    def said(again: str) -> list[str]:
        content({"stories/a.md": told, "stories/b.md": again})
        _, printed, _ = command("check", "--coach")
        return [line for line in printed.splitlines() if "[two-values]" in line]

    first, second = said(again)
    assert first.startswith(
        "content/stories/a.md:1: advice: 230 (tickets paid back) here, and 250 in The gate; "
        "say which of the two is right; or keep it: `coach: {two-values: "
    )
    assert second.startswith(
        "content/stories/b.md:1: advice: 250 (tickets paid back) here, and 230"
    )
    assert said(again.replace("250", "230")) == []
