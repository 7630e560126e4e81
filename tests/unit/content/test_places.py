"""Places: what a page offers to paste, pasted where it says, chooses the story."""

import pytest
from conftest import story
from editions import site_of

from starbook.build import pipeline
from starbook.model import Edition

LISTS = {
    "a list with a line each": (
        "- question: Why?\n  stories:\n  - a\n  levels: [Lead]\n- question: How?\n"
    ),
    "a list that is set in": (
        "- question: Why?\n  stories:\n    - a\n\n# More\n\n- question: How?\n"
    ),
    "stories with notes": (
        "- question: Why?\n  stories:\n  - story: a\n    note: >\n      One.\n\n      # Two.\n"
    ),
    "brackets": "- question: Why?\n  stories: [a]\n  levels: [Lead]\n",
    "empty brackets": "- question: Why?\n  stories: []  # none [yet]\n",
    "a key without a value": "- question: Why?\n  stories:\n  levels: [Lead]\n",
    "no stories": "- question: Why?\n  notes: |\n    Short.\n\n\n# The end\n",
    "a wide dash": "-   question: Why?\n    levels: [Lead]\n- question: How?\n",
    "braces": "- {question: Why?, levels: [Lead]}\n- question: How?\n",
    "braces with stories": "- {question: Why?, stories: [a], levels: [Lead]}\n",
    "no end of line": "- question: Why?",
    "an entry below a comment": "# Mine\n\n- question: How?\n- question: Why?\n",
}
NOT_CLEAR = {
    "brackets over lines": "- question: Why?\n  stories: [a,\n    b]\n",
    "braces over lines": "- {question: Why?,\n  levels: [Lead]}\n",
}


@pytest.mark.parametrize("text", LISTS.values(), ids=LISTS)
def test_a_story_that_is_pasted_where_the_page_says_is_chosen(text, content) -> None:
    files = {"stories/a.md": story("A"), "stories/b.md": story("B"), "questions.yml": text}
    handbook, problems = pipeline.load(content(files))
    assert problems == ()
    (why,) = (one for one in handbook.questions if one.question == "Why?")
    place = why.place
    assert place
    lines = text.split("\n")
    pasted = f"{place.head}b{place.tail}".split("\n")
    lines[place.line - place.replaces : place.line] = pasted
    handbook, problems = pipeline.load(content({**files, "questions.yml": "\n".join(lines)}))
    assert [str(problem) for problem in problems] == []
    after = {
        one.question: [choice.story.to for choice in one.stories] for one in handbook.questions
    }
    assert after["Why?"] == [*(choice.story.to for choice in why.stories), "b"]
    assert after.get("How?", []) == []


@pytest.mark.parametrize("text", NOT_CLEAR.values(), ids=NOT_CLEAR)
def test_where_the_place_is_not_clear_none_is_named(text, content) -> None:
    files = {"stories/a.md": story("A"), "stories/b.md": story("B"), "questions.yml": text}
    handbook, _ = pipeline.load(content(files))
    assert handbook.questions[0].place is None


def test_a_list_without_questions_has_no_place(problems) -> None:
    assert problems({"stories/a.md": story("A"), "questions.yml": "[]\n"}) == []


BOOK = {
    "categories.yml": "- name: Incidents\n",
    "questions/core.yml": "- question: Why?\n  categories: [Incidents]\n",
    "stories/a.md": story("A", "categories: [Incidents]", "publish: true"),
}


def test_the_page_of_a_question_says_its_id_and_what_to_paste_where() -> None:
    page = site_of(BOOK, Edition.PRIVATE)["questions/why.html"].decode()
    part = page.partition('id="add"')[2].partition("</section>")[0]
    assert [row.partition("<")[0] for row in part.split("<p><span>")[1:]] == [
        "stories/a.md, after line 1",
        "questions/core.yml, after line 2",
        "The id of this question",
    ]
    assert [row.partition("</pre>")[0] for row in part.split('<pre tabindex="0">')[1:]] == [
        "questions: [why]",
        "  stories:\n  - a",
        "why",
    ]


def test_a_story_with_questions_gets_no_second_key() -> None:
    asked = "- question: Why?\n  categories: [Incidents]\n- question: How?\n"
    files = {
        **BOOK,
        "questions/core.yml": asked,
        "stories/a.md": story("A", "categories: [Incidents]", "questions: [how]"),
    }
    page = site_of(files, Edition.PRIVATE)["questions/why.html"].decode()
    assert "questions: [why]" not in page
    assert "questions/core.yml, after line 2" in page


def test_a_public_edition_says_nothing_of_files_and_ids() -> None:
    site = site_of({**BOOK, "handbook.yml": "publish: [questions]\n"})
    page = site["questions/why.html"].decode()
    assert "core.yml" not in page
    assert 'class="paste"' not in page
    assert "copy.js" not in page
