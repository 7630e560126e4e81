"""A part of the private edition: some stories and questions, with the topics that they belong to.

Like a public edition, it is a handbook of its own, made before anything is linked or counted, so
that nothing of the rest comes into a file that is passed on.
"""

from collections.abc import Container

import msgspec

from starbook.editions.public import select_topics, with_stories, without_dead_links
from starbook.model import Handbook, Story


def part_of(handbook: Handbook, chosen: Container[str]) -> Handbook:
    """Return the handbook with the entries whose addresses, such as `stories/a`, are chosen.

    It has no decks, interviews and log, which name stories that may not be in it, and no levels.
    """
    stories = tuple(one for one in handbook.stories if f"stories/{one.id}" in chosen)
    questions = tuple(one for one in handbook.questions if f"questions/{one.id}" in chosen)
    categories, principles = select_topics(handbook, stories, questions)
    story_ids = {story.id for story in stories}
    question_ids = {question.id for question in questions}
    part = msgspec.structs.replace(
        handbook,
        stories=tuple(_with_questions(story, question_ids) for story in stories),
        questions=tuple(with_stories(one, story_ids) for one in questions),
        categories=categories,
        principles=principles,
        audiences=tuple(one for one in handbook.audiences if f"to-ask/{one.id}" in chosen),
        guides=tuple(one for one in handbook.guides if f"guides/{one.id}" in chosen),
        decks=(),
        levels=(),
        interviews=(),
        log=(),
    )
    return without_dead_links(part)


def _with_questions(story: Story, known: Container[str]) -> Story:
    """Return a story that names only questions that are `known`."""
    kept = tuple(ref for ref in story.questions if ref.to in known)
    return msgspec.structs.replace(story, questions=kept)
