"""Lists in several files are one list: entries of the same name are one entry."""

from collections.abc import Callable
from pathlib import Path

from conftest import story

from starbook.build import pipeline
from starbook.model import Handbook

Make = Callable[..., Path]

STORIES = {"stories/a.md": story("Stone"), "stories/b.md": story("Wheel")}


def _read(content: Make, files: dict[str, str]) -> Handbook:
    book, problems = pipeline.load(content(STORIES | files))
    assert problems == ()
    return book


def test_a_question_of_two_files_has_what_both_say(content: Make) -> None:
    one = "- {question: Why rain?, companies: [Mill], notes: One., stories: [a]}\n"
    other = "- {question: why  RAIN?, companies: [Mill, Dam], notes: Two., stories: [b, a]}\n"
    (asked,) = _read(content, {"questions/1.yml": one, "questions/2.yml": other}).questions
    assert (asked.question, asked.path) == ("Why rain?", "questions/1.yml")
    assert asked.companies == ("Mill", "Dam")
    assert [choice.story.to for choice in asked.stories] == ["a", "b"]
    assert asked.notes.text == "One.\nTwo.\n"


def test_a_question_has_one_id_in_all_files_and_two_ids_are_two_questions(content: Make) -> None:
    files = {
        "questions/1.yml": "- question: Why rain?\n",
        "questions/2.yml": "- {question: Why rain?, id: wet}\n- {question: Why rain?, id: cold}\n",
    }
    assert [asked.id for asked in _read(content, files).questions] == ["wet", "cold"]


def test_a_category_of_two_files_has_the_tags_of_both(content: Make) -> None:
    one, other = "- {name: Rain, tags: [wet]}\n", "- {name: rain, about: Wet., tags: [cold]}\n"
    (topic,) = _read(content, {"categories/1.yml": one, "categories/2.yml": other}).categories
    assert (topic.name, topic.about, topic.tags) == ("Rain", "Wet.", ("wet", "cold"))


def test_an_audience_of_two_files_has_each_topic_once(content: Make) -> None:
    one = "- {audience: Peers, topics: [{topic: Rest, questions: [When?]}]}\n"
    more = "{topic: Rest, questions: [Why?]}, {topic: Pay, questions: [How?]}"
    other = f"- {{audience: Peers, topics: [{more}]}}\n"
    (audience,) = _read(content, {"to-ask/1.yml": one, "to-ask/2.yml": other}).audiences
    assert [(topic.topic, topic.questions) for topic in audience.topics] == [
        ("Rest", ("When?", "Why?")),
        ("Pay", ("How?",)),
    ]


def test_a_fault_in_the_second_file_names_the_second_file(content: Make, problems) -> None:
    one, other = "- question: Why?\n", "- {question: Why?, stories: [zzz]}\n"
    assert problems(STORIES | {"questions/1.yml": one, "questions/2.yml": other}) == [
        "content/questions/2.yml:1: warning: unknown story `zzz`, which is left out; "
        "add it to stories/, or take it out here [unknown-story]"
    ]


def test_an_id_is_meant_before_a_title(content: Make) -> None:
    files = {"stories/0.md": story("a"), "questions.yml": "- {question: Why?, stories: [a]}\n"}
    (asked,) = _read(content, files).questions
    assert asked.stories[0].story.to == "a"
