"""A part of the private edition: some stories and questions, with the topics that they belong to.

Like a public edition, it is a handbook of its own, made before anything is linked or counted, so
that nothing of the rest comes into a file that is passed on.
"""

from collections.abc import Container

import msgspec

from starbook.editions.public import select_topics, without_dead_links
from starbook.model import Handbook, Question, Story


def part_of(handbook: Handbook, chosen: Container[str]) -> Handbook:
    """Return the handbook with the entries whose addresses, such as `stories/a`, are chosen.

    It has no decks, interviews and log, which name stories that may not be in it.
    """
    stories = tuple(one for one in handbook.stories if f"stories/{one.id}" in chosen)
    questions = tuple(one for one in handbook.questions if f"questions/{one.id}" in chosen)
    entries: tuple[Story | Question, ...] = (*stories, *questions)
    topics = {ref.to for entry in entries for ref in (*entry.categories, *entry.principles)}
    tags = {tag.casefold() for story in stories for tag in story.tags}
    part = msgspec.structs.replace(
        handbook,
        stories=tuple(_with_questions(story, {one.id for one in questions}) for story in stories),
        questions=tuple(_with_stories(one, {story.id for story in stories}) for one in questions),
        categories=select_topics(handbook.categories, topics, tags),
        principles=select_topics(handbook.principles, topics, tags),
        audiences=tuple(one for one in handbook.audiences if f"to-ask/{one.id}" in chosen),
        guides=tuple(one for one in handbook.guides if f"guides/{one.id}" in chosen),
        decks=(),
        interviews=(),
        log=(),
    )
    return without_dead_links(part)


def _with_questions(story: Story, known: Container[str]) -> Story:
    """Return a story that names only questions that are `known`."""
    kept = tuple(ref for ref in story.questions if ref.to in known)
    return msgspec.structs.replace(story, questions=kept)


def _with_stories(question: Question, known: Container[str]) -> Question:
    """Return a question for which only stories that are `known` are chosen."""
    kept = tuple(choice for choice in question.stories if choice.story.to in known)
    return msgspec.structs.replace(question, stories=kept, place=None)
