"""Prepared answers: where they may stand, and what of them is said aloud."""

import pytest

from starbook.build import pipeline

WHY = "- question: Why us?\n  id: why-us\n"


def read(files, content):
    """Return the questions in these files, which must have no problem."""
    handbook, problems = pipeline.load(content(files))
    assert [str(problem) for problem in problems] == []
    return handbook.questions


@pytest.mark.parametrize(
    "files",
    [
        {"questions.yml": f"{WHY}  answer: Your *maps*.\n"},
        {"questions.yml": f"{WHY}  answer: |\n    Your *maps*.\n"},
        {"questions.yml": f"{WHY}  answer: {{text: Your *maps*.}}\n"},
        {"questions.yml": WHY, "answers/why-us.md": "Your *maps*.\n"},
        {"questions.yml": WHY, "answers/2024/Why us.MD": "---\nmood: good\n---\nYour *maps*.",
         "handbook.yml": "ignore_properties: [mood]\n"},
        {"questions.yml": f"{WHY}  answer: maps.md\n", "answers/maps.md": "Your *maps*.\n"},
        {"questions.yml": f"{WHY}  answer: answers/maps.md\n", "answers/maps.md": "Your *maps*."},
        {"questions/a.yml": WHY, "questions/b.yml": WHY, "answers/why-us.md": "Your *maps*.\n"},
    ],
)  # fmt: skip
def test_an_answer_stands_at_its_question_or_in_a_file_of_its_own(files, content) -> None:
    answers = [one.answer for one in read(files, content) if one.answer]
    assert [(one.body.text, one.publish, one.ready) for one in answers] == [
        ("Your maps.\n", False, True)
    ]


@pytest.mark.parametrize(
    ("files", "path"),
    [
        ({"questions.yml": f"{WHY}  answer: {{text: Maps., publish: true}}\n"}, "questions.yml"),
        (
            {"questions.yml": WHY, "answers/why-us.md": "---\npublish: true\n---\n\nMaps.\n"},
            "answers/why-us.md",
        ),
    ],
)
def test_an_answer_itself_says_that_it_may_be_published(files, path, content) -> None:
    (question,) = read(files, content)
    assert question.answer
    assert (question.answer.path, question.answer.publish) == (path, True)


def test_an_answer_may_serve_two_questions(content) -> None:
    asked = "- {question: Why us?, answer: maps.md}\n- {question: Why here?, answer: maps.md}\n"
    found = read({"questions.yml": asked, "answers/maps.md": "Maps."}, content)
    assert [one.answer and one.answer.path for one in found] == ["answers/maps.md"] * 2


def test_notes_and_footnotes_are_not_spoken(content) -> None:
    text = "Your maps.[^1]\n\n> [!COACHING]\n> Slowly.\n\n[^1]: Seen in May.\n"
    (question,) = read({"questions.yml": WHY, "answers/why-us.md": text}, content)
    answer = question.answer
    assert answer
    assert answer.section.body.text == "Your maps.\n"
    assert [(note.kind, note.body.text) for note in answer.notes] == [("coaching", "Slowly.\n")]
    assert "Seen in May." in answer.footnotes.text


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"questions.yml": f"{WHY}  needs: sotry\n"},
            "content/questions.yml:3: expected `story` or `answer`, found `sotry`; "
            "did you mean `story`? [type]",
        ),
        (
            {"questions.yml": f"{WHY}  answer: {{text: Maps., publsh: true}}\n"},
            "content/questions.yml:3: unknown key `publsh`; did you mean `publish`? [unknown-key]",
        ),
        (
            {"questions.yml": f"{WHY}  answer: {{text: Maps., seconds: 9}}\n"},
            "content/questions.yml:3: expected a whole number from 10 to 3600, found `9`; "
            "write a number in between, in digits [type]",
        ),
        (
            {"questions.yml": f"{WHY}  answer: {{publish: true}}\n"},
            "content/questions.yml:3: an answer has no `text`; add `text: …` [required]",
        ),
        (
            {"questions.yml": f"{WHY}  answer: [Maps.]\n"},
            "content/questions.yml:3: expected text, found a list; "
            "write markdown, such as `answer: |` and lines [type]",
        ),
        (
            {"questions.yml": WHY, "answers/why-us.md": "---\npublsh: true\n---\nMaps.\n"},
            "content/answers/why-us.md:2: unknown key `publsh`; did you mean `publish`? "
            "[unknown-key]",
        ),
        (
            {"questions.yml": WHY, "answers/why-us.md": "See [it](../stories/none.md).\n"},
            "content/answers/why-us.md:1: warning: the link to `../stories/none.md` leads nowhere, "
            "and its words stay; link to a file in stories/ or guides/ [dead-link]",
        ),
        (
            {"questions.yml": WHY, "answers/why-us.md": "\n![map](map.png)\n"},
            "content/answers/why-us.md:2: the image `map.png` is not in the content folder; "
            "save it beside this file [missing-image]",
        ),
        (
            {"questions.yml": WHY, "answers/why-us.md": "Maps.\n\n<!-- and more\n"},
            "content/answers/why-us.md:3: the comment that `<!--` opens here is never closed, "
            "so it hides all below it; close it with `-->`, "
            "or write `\\<!--` for the sign itself [open-comment]",
        ),
    ],
)
def test_a_fault_in_an_answer_has_its_line(files, expected, problems) -> None:
    assert expected in problems(files)
