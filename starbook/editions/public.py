"""The public edition: the selection of what may be published, and the one rule for stories.

A public edition is a handbook of its own, made before anything is linked or counted. Later steps do
not get the rest, so they cannot show it.
"""

from collections.abc import Container
from functools import partial
from typing import TypeVar

import msgspec

from starbook import urls
from starbook.content.references import index_topics
from starbook.content.rewriter import Rewriter
from starbook.editions.redaction import redact
from starbook.model import (
    Answer,
    CoachSettings,
    Edition,
    Guide,
    Handbook,
    Item,
    Kind,
    Level,
    Patterns,
    Prose,
    Question,
    Scope,
    Section,
    Story,
    Topic,
)
from starbook.text import names

E = TypeVar("E", Story, Guide, Question, Answer)


def public_edition(handbook: Handbook) -> Handbook:
    """Return the handbook with what may be published, and with terms redacted."""
    return redact(without_dead_links(_select(handbook)), handbook.settings.redact)


def _select(handbook: Handbook) -> Handbook:
    """Return the handbook with what may be published, without links to anything else."""
    kinds = set(handbook.settings.publish)
    # The one rule for stories: the author publishes it, and it is ready to be told. One that rests
    # is as ready as before, and that it rests is nobody else's business.
    stories = tuple(story for story in handbook.stories if story.publish and story.ready)
    story_ids = {story.id for story in stories}
    questions = handbook.questions if "questions" in kinds else ()
    question_ids = {question.id for question in questions}
    categories, principles = select_topics(handbook, stories, questions)
    shown = {
        *(f"principle/{topic.id}" for topic in principles),
        *(f"category/{topic.id}" for topic in categories),
        *(f"question/{ident}" for ident in question_ids),
    }
    levels = public_levels(handbook.levels)
    replace = msgspec.structs.replace
    return Handbook(
        settings=replace(
            handbook.settings,
            level="",  # what the person applies for
            redact=(),
            ignore_properties=(),
            principles_of=None,
            coach=CoachSettings(),
        ),
        stories=tuple(_trim_story(story, question_ids, shown, levels) for story in stories),
        questions=tuple(with_stories(without_private_answer(one), story_ids) for one in questions),
        categories=categories,
        principles=principles,
        audiences=handbook.audiences if "to-ask" in kinds else (),
        guides=handbook.guides if "guides" in kinds else (),
        levels=levels,
        images=handbook.images,
        edition=Edition.PUBLIC,
    )


def public_levels(levels: tuple[Level, ...]) -> tuple[Level, ...]:
    """Return the levels that say that they may be published, without private ones above them."""
    kept = tuple(level for level in levels if level.publish)
    ids = {level.id for level in kept}
    return tuple(
        msgspec.structs.replace(
            level, next=level.next if level.next and level.next.to in ids else None
        )
        for level in kept
    )


def without_private_answer(question: Question) -> Question:
    """Return the question without its answer, unless the answer itself may be published."""
    if question.answer and question.answer.publish:
        return question
    return msgspec.structs.replace(question, answer=None, answer_file=None)


def with_stories(question: Question, known: Container[str]) -> Question:
    """Return a question for which only stories that are `known` are chosen."""
    kept = tuple(choice for choice in question.stories if choice.story.to in known)
    return msgspec.structs.replace(question, stories=kept, place=None)


def select_topics(
    handbook: Handbook, stories: tuple[Story, ...], questions: tuple[Question, ...]
) -> tuple[tuple[Topic, ...], tuple[Topic, ...]]:
    """Return the categories and the principles of stories and questions, without other tags.

    An empty topic would show that there is a private story for it.
    """
    entries: tuple[Story | Question, ...] = (*stories, *questions)
    ids = {ref.to for entry in entries for ref in (*entry.categories, *entry.principles)}
    tags = {tag.casefold() for story in stories for tag in story.tags}
    categories = _of_ids_or_tags(handbook.categories, ids, tags)
    return categories, _of_ids_or_tags(handbook.principles, ids, tags)


def _of_ids_or_tags(topics: tuple[Topic, ...], ids: set[str], tags: set[str]) -> tuple[Topic, ...]:
    """Return the topics with an id in `ids` or a tag in `tags`, without their other tags."""
    trimmed = (
        msgspec.structs.replace(topic, tags=tuple(t for t in topic.tags if t.casefold() in tags))
        for topic in topics
    )
    return tuple(topic for topic in trimmed if topic.id in ids or topic.tags)


def is_public_angle(angle: Item, shown: Container[str]) -> bool:
    """Return True if a public edition may have an angle of a public story.

    `shown` are the addresses of the principles, categories and questions in it. An angle for a
    company is private, as is one for a name that no list has, which may be a company too; the
    author says otherwise in the angle itself.
    """
    if angle.publish is not None:
        return angle.publish
    address = angle.ref.to if angle.ref else ""
    return address.startswith(("principle/", "category/")) or address in shown


def is_public_level(item: Item, levels: Container[str]) -> bool:
    """Return True if a public edition may have what a public story says for a level.

    `levels` are the names of those that levels.yml publishes, folded for comparison.
    """
    if item.publish is not None:
        return item.publish
    return item.ref is not None and names.key(item.ref.text) in levels


def _trim_story(
    story: Story, question_ids: set[str], shown: Container[str], levels: tuple[Level, ...]
) -> Story:
    """Return the story without private angles and levels, and links to what is left out."""
    replace = msgspec.structs.replace
    called = index_topics(levels)
    trimmed = (_trim_section(section, shown, called) for section in story.sections)
    questions = tuple(ref for ref in story.questions if ref.to in question_ids)
    # Numbers are found again, in the redacted text.
    return replace(
        story,
        questions=questions,
        sections=tuple(filter(None, trimmed)),
        found_numbers=None,
        coach=(),
        scope=story.scope if story.scope.publish else Scope(),
        resting=False,
        patterns=story.patterns if story.patterns.publish else Patterns(),
    )


def _trim_section(
    section: Section, shown: Container[str], levels: Container[str]
) -> Section | None:
    """Return the section without private angles and levels; None if nothing is left of it."""
    items = section.items
    if section.kind is Kind.ANGLES:
        items = tuple(_trim_angle(one, shown) for one in items if is_public_angle(one, shown))
        if section.items and not items and not section.body:
            return None
    if section.kind is Kind.LEVELS:
        items = tuple(one for one in items if is_public_level(one, levels))
        # The text before them may speak of any level.
        return msgspec.structs.replace(section, items=items, body=Prose()) if items else None
    return msgspec.structs.replace(section, items=items)


def _trim_angle(angle: Item, shown: Container[str]) -> Item:
    address = angle.ref.to if angle.ref else ""
    is_shown = address in shown or address.startswith("company/")
    return msgspec.structs.replace(angle, ref=angle.ref if is_shown else None)


def without_dead_links(handbook: Handbook) -> Handbook:
    """Return the handbook without dead links in prose and pictures that no prose shows."""
    pages = urls.by_source(handbook)
    unlink = partial(_unlink_entry, pages)
    handbook = msgspec.structs.replace(
        handbook,
        stories=tuple(map(unlink, handbook.stories)),
        guides=tuple(map(unlink, handbook.guides)),
        questions=tuple(
            msgspec.structs.replace(unlink(one), answer=one.answer and unlink(one.answer))
            for one in handbook.questions
        ),
    )
    shown = {urls.join_source(link.target, path) for path, link in handbook.links() if link.image}
    images = tuple(image for image in handbook.images if image.path in shown)
    return msgspec.structs.replace(handbook, images=images)


def _unlink_entry(pages: dict[str, str], entry: E) -> E:
    unlink = partial(urls.without_dead_links, source=entry.path, pages=pages)
    return Rewriter(prose=unlink).rewrite(entry)
