"""Private or public: what an edition holds, and the one predicate that decides.

A public edition is a handbook of its own, made before anything is linked or counted. No later
step knows what was left out, so none can show it.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import msgspec

from starbook import urls
from starbook.editions.redaction import redacted
from starbook.editions.rewriter import Rewriter
from starbook.model import (
    Choice,
    Edition,
    Guide,
    Handbook,
    Link,
    Prose,
    Question,
    Section,
    Story,
    Topic,
)


def is_public(story: Story) -> bool:
    """Whether a story may be published: it says `publish: true`, and it is ready."""
    return story.publish and story.ready


def public(handbook: Handbook) -> Handbook:
    """The public edition: what may be seen, in the words in which it may be seen."""
    return redacted(_without_dead_mentions(_kept(handbook)), handbook.settings.redact)


def _kept(handbook: Handbook) -> Handbook:
    kinds = set(handbook.settings.publish)
    stories = tuple(story for story in handbook.stories if is_public(story))
    ids = {story.id for story in stories}
    questions = handbook.questions if "questions" in kinds else ()
    asked = {question.id for question in questions}
    public: tuple[Story | Question, ...] = (*stories, *questions)
    named = {ref.to for item in public for ref in (*item.categories, *item.principles)}
    tags = {tag.casefold() for story in stories for tag in story.tags}
    principles = _topics_kept(handbook.principles, named, tags)
    met = {topic.id for topic in principles}
    return Handbook(
        settings=msgspec.structs.replace(handbook.settings, redact=()),
        stories=tuple(_story(story, asked, met) for story in stories),
        questions=tuple(_question(question, ids) for question in questions),
        categories=_topics_kept(handbook.categories, named, tags),
        principles=principles,
        audiences=handbook.audiences if "to-ask" in kinds else (),
        guides=handbook.guides if "guides" in kinds else (),
        images=handbook.images,
        edition=Edition.PUBLIC,
    )


def _topics_kept(topics: tuple[Topic, ...], named: set[str], tags: set[str]) -> tuple[Topic, ...]:
    """Those that something public belongs to, with the tags that public stories have.

    An empty one would show that there is a private story for it.
    """
    found = []
    for topic in topics:
        own = tuple(tag for tag in topic.tags if tag.casefold() in tags)
        if topic.id in named or own:
            found.append(msgspec.structs.replace(topic, tags=own))
    return tuple(found)


def _story(story: Story, asked: set[str], principles: set[str]) -> Story:
    questions = tuple(ref for ref in story.questions if ref.to in asked)
    sections = tuple(_section(section, principles) for section in story.sections)
    # Its numbers are looked for again, in the words in which it is published.
    return msgspec.structs.replace(story, questions=questions, sections=sections, found=None)


def _section(section: Section, principles: set[str]) -> Section:
    """An angle keeps its words; its link goes where nothing else is under that principle."""
    items = tuple(
        msgspec.structs.replace(item, ref=None)
        if item.ref and item.ref.to not in principles
        else item
        for item in section.items
    )
    return section if items == section.items else msgspec.structs.replace(section, items=items)


def _question(question: Question, stories: set[str]) -> Question:
    chosen: tuple[Choice, ...] = tuple(c for c in question.stories if c.story.to in stories)
    return msgspec.structs.replace(question, stories=chosen)


def _without_dead_mentions(handbook: Handbook) -> Handbook:
    """Links in prose to what is left out become plain words; pictures that none shows go."""
    pages = urls.by_source(handbook)

    def living(prose: Prose, source: str) -> Prose:
        return Prose(tuple(_living(prose.parts, source, pages)), prose.text)

    handbook = msgspec.structs.replace(
        handbook,
        stories=tuple(_with_prose(story, living) for story in handbook.stories),
        guides=tuple(_with_prose(guide, living) for guide in handbook.guides),
        questions=tuple(_with_prose(question, living) for question in handbook.questions),
    )
    shown = {
        urls.beside(part.target, source)
        for source, prose in handbook.proses()
        for part in prose.parts
        if isinstance(part, Link) and part.image
    }
    images = tuple(image for image in handbook.images if image.path in shown)
    return msgspec.structs.replace(handbook, images=images)


V = TypeVar("V", Story, Guide, Question)


def _with_prose(value: V, living: Callable[[Prose, str], Prose]) -> V:
    return Rewriter(_same, _same, lambda prose: living(prose, value.path))(value)


def _same(text: str) -> str:
    return text


def _living(
    parts: Iterable[str | Link], source: str, pages: dict[str, str]
) -> Iterator[str | Link]:
    """The parts of a prose, without the tags of links that lead nowhere in this edition."""
    held, in_tag, unclosed = "", False, False
    for part in parts:
        if isinstance(part, str):
            said = part.partition(">")[2] if in_tag else part
            in_tag = False
            if unclosed and "</a>" in said:
                said = said.replace("</a>", "", 1)
                unclosed = False
            held += said
        elif part.image or urls.resolve(part.target, source, pages):
            yield from (held, part)
            held = ""
        else:
            held = held.removesuffix('<a href="')
            in_tag = unclosed = True
    if held:
        yield held
