"""Plain text of a story or answer, as it is copied and printed."""

import pytest
from conftest import story

from starbook import cli
from starbook.build import pipeline
from starbook.pages import plain_text

ODD = {
    "paragraphs": ("One.\n\nTwo *and* `three`.", "One.\n\nTwo and three."),
    "lines": ("One  \nTwo", "One\nTwo"),
    "bullets": ("They said:\n\n- a\n- b **c**\n\nEnd.", "They said:\n\n- a\n- b c\n\nEnd."),
    "loose bullets": ("- a\n\n- b\n\n  more", "- a\n- b\n\nmore"),
    "numbers": ("3. a\n4. b", "3. a\n4. b"),
    "lists in lists": ("- a\n  1. b\n  2. c\n- d", "- a\n  1. b\n  2. c\n- d"),
    "a task list": ("- [ ] a\n- [x] b", "- a\n- b"),
    "a table": ("| a | b |\n|---|---|\n| 1 | 2 |", "a | b\n1 | 2"),
    "empty cells": ("| a | b | c |\n|---|---|---|\n| | 2 | |", "a | b | c\n| 2 |"),
    "code": ("Run:\n\n    one\n      two\n\nEnd.", "Run:\n\none\n  two\n\nEnd."),
    "a quotation": ("> Said.\n\nDone.", "Said.\n\nDone."),
    "a link": ("See [the *page*](#task) &amp; go.", "See the page & go."),
    "a blank": ("[Fill in: the number]", "[Fill in: the number]"),
    "a footnote": ("It fell.[^1]\n\n[^1]: By half.", "It fell."),
    "a heading": ("### First\n\nOne.", "First\n\nOne."),
    "tags": ("H<sub>2</sub>O and <kbd>x</kbd><br>end", "H2O and x\nend"),
    "a fold": (
        "<details><summary>More</summary>\n\nInside.\n\n</details>\n\nAfter.",
        "More\n\nInside.\n\nAfter.",
    ),
    "an empty entry": ("- a\n-\n- b", "- a\n- b"),
}


@pytest.mark.parametrize(("markdown", "text"), ODD.values(), ids=ODD)
def test_markup_becomes_the_text_that_one_would_type(content, markdown, text) -> None:
    body = f"---\ntitle: A\n---\n\n## Task\n\nX.\n\n## Action (20 seconds)\n\n{markdown}\n"
    handbook, _ = pipeline.load(content({"stories/a.md": body}))
    assert plain_text.story_text(handbook.stories[0]) == f"Task\nX.\n\nAction\n{text}"


def test_the_command_prints_the_text_alone_and_says_the_words_apart(content, capsys) -> None:
    folder = content({"stories/a.md": story("A", body="\n## Quiz\n\n### Why?\n\nNo.\n")})
    assert cli.main(["text", "a", "--content", str(folder)]) == 0
    printed, said = capsys.readouterr()
    assert printed == (
        "Situation\nIt was late.\n\nTask\nI had to mend it.\n\n"
        "Action\nI mended it.\n\nResult\nErrors fell from 9 to 2 %.\n"
    )
    assert said.splitlines()[-1] == "22 words"


def test_the_command_says_by_how_much_a_text_is_too_long(content, capsys) -> None:
    long = story("A").replace("It was late.", "word " * 495)
    folder = content({"stories/a.md": long})
    assert cli.main(["text", "stories/a.md", "--content", str(folder)]) == 0
    assert capsys.readouterr().err.splitlines()[-1] == "514 words, 14 over 500"


def test_the_command_prints_an_answer(content, capsys) -> None:
    asked = "- question: Why us?\n  id: why-us\n  answer: |\n    I **know** it.\n"
    folder = content({"questions.yml": asked})
    assert cli.main(["text", "why-us", "--content", str(folder)]) == 0
    assert capsys.readouterr().out == "I know it.\n"


def test_the_command_names_the_nearest_story(content, capsys) -> None:
    folder = content({"stories/outage.md": story("A")})
    assert cli.main(["text", "outrage", "--content", str(folder)]) == 1
    said = "there is no story `outrage`; did you mean `outage`?"
    assert capsys.readouterr().err.splitlines()[-1] == said
