"""The public edition: the selection of what may be published, and the one rule for stories.

A public edition is a handbook of its own, made before anything is linked or counted. Later steps do
not get the rest, so they cannot show it.
"""

from collections.abc import Iterable, Iterator
from typing import TypeVar

import msgspec

from starbook import urls
from starbook.content.rewriter import Rewriter
from starbook.editions.redaction import redact
from starbook.model import Edition, Guide, Handbook, Link, Prose, Question, Section, Story, Topic

Entry = TypeVar("Entry", Story, Guide, Question)


def is_public(story: Story) -> bool:
    """Return True if a story may be published: it says `publish: true` and is ready."""
    return story.publish and story.ready


def public_edition(handbook: Handbook) -> Handbook:
    """Return the handbook with what may be published, and with terms redacted."""
    return redact(_without_dead_links(_select(handbook)), handbook.settings.redact)


def _select(handbook: Handbook) -> Handbook:
    kinds = set(handbook.settings.publish)
    stories = tuple(story for story in handbook.stories if is_public(story))
    story_ids = {story.id for story in stories}
    questions = handbook.questions if "questions" in kinds else ()
    question_ids = {question.id for question in questions}
    entries: tuple[Story | Question, ...] = (*stories, *questions)
    topic_ids = {ref.to for entry in entries for ref in (*entry.categories, *entry.principles)}
    tags = {tag.casefold() for story in stories for tag in story.tags}
    principles = _select_topics(handbook.principles, topic_ids, tags)
    principle_ids = {topic.id for topic in principles}
    return Handbook(
        settings=msgspec.structs.replace(handbook.settings, redact=()),
        stories=tuple(_trim_story(story, question_ids, principle_ids) for story in stories),
        questions=tuple(_trim_question(question, story_ids) for question in questions),
        categories=_select_topics(handbook.categories, topic_ids, tags),
        principles=principles,
        audiences=handbook.audiences if "to-ask" in kinds else (),
        guides=handbook.guides if "guides" in kinds else (),
        images=handbook.images,
        edition=Edition.PUBLIC,
    )


def _select_topics(topics: tuple[Topic, ...], ids: set[str], tags: set[str]) -> tuple[Topic, ...]:
    """Return the topics with an id in `ids` or a tag in `tags`, without their other tags.

    An empty topic would show that there is a private story for it.
    """
    selected = []
    for topic in topics:
        shared = tuple(tag for tag in topic.tags if tag.casefold() in tags)
        if topic.id in ids or shared:
            selected.append(msgspec.structs.replace(topic, tags=shared))
    return tuple(selected)


def _trim_story(story: Story, question_ids: set[str], principle_ids: set[str]) -> Story:
    questions = tuple(ref for ref in story.questions if ref.to in question_ids)
    sections = tuple(_trim_section(section, principle_ids) for section in story.sections)
    # Metrics are extracted again, from the redacted text.
    return msgspec.structs.replace(
        story, questions=questions, sections=sections, extracted_metrics=None
    )


def _trim_section(section: Section, principle_ids: set[str]) -> Section:
    """Return the section without links from its angles to principles that are left out."""
    items = tuple(
        msgspec.structs.replace(item, ref=None)
        if item.ref and item.ref.to not in principle_ids
        else item
        for item in section.items
    )
    return section if items == section.items else msgspec.structs.replace(section, items=items)


def _trim_question(question: Question, story_ids: set[str]) -> Question:
    choices = tuple(choice for choice in question.stories if choice.story.to in story_ids)
    return msgspec.structs.replace(question, stories=choices)


def _without_dead_links(handbook: Handbook) -> Handbook:
    """Return the handbook without dead links in prose and pictures that no prose shows."""
    pages = urls.by_source(handbook)
    handbook = msgspec.structs.replace(
        handbook,
        stories=tuple(_unlink(story, pages) for story in handbook.stories),
        guides=tuple(_unlink(guide, pages) for guide in handbook.guides),
        questions=tuple(_unlink(question, pages) for question in handbook.questions),
    )
    shown = {
        urls.join_source(link.target, source) for source, link in handbook.links() if link.image
    }
    images = tuple(image for image in handbook.images if image.path in shown)
    return msgspec.structs.replace(handbook, images=images)


def _unlink(entry: Entry, pages: dict[str, str]) -> Entry:
    """Return `entry` with links in its prose to pages that do not exist made plain words."""

    def unlink(prose: Prose) -> Prose:
        return Prose(tuple(_without_dead_tags(prose.parts, entry.path, pages)), prose.text)

    return Rewriter(prose=unlink).rewrite(entry)


def _without_dead_tags(
    parts: Iterable[str | Link], source: str, pages: dict[str, str]
) -> Iterator[str | Link]:
    """Yield the parts of prose in the file `source` without the tags of dead links."""
    markup, in_tag, unclosed = "", False, False
    for part in parts:
        if isinstance(part, str):
            piece = part.partition(">")[2] if in_tag else part
            in_tag = False
            if unclosed and "</a>" in piece:
                piece = piece.replace("</a>", "", 1)
                unclosed = False
            markup += piece
        elif part.image or urls.resolve(part.target, source, pages):
            yield from (markup, part)
            markup = ""
        else:
            markup = markup.removesuffix('<a href="')
            in_tag = unclosed = True
    if markup:
        yield markup
