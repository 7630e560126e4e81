"""The practice page: what its scripts know of each story and question, and the texts they show.

The index has what is needed to choose; the texts are in files of a few stories each, and fetched
when a story is practised.
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial

from markupsafe import Markup

from starbook import urls
from starbook.content import timing
from starbook.content.timing import SPOKEN
from starbook.model import AROUND, STAR, Kind, Section, Story
from starbook.pages import cards, practice_choices, views
from starbook.pages.context import PageContext, angle_view
from starbook.pages.story import item_view
from starbook.text import names

# Stories in one file of texts.
SHARD = 16
_MAX_FIGURES = 4
# The most key words of a part.
_KEY_WORDS = {Kind.ACTION: 5, Kind.RESULT: 3}
_FEW_KEY_WORDS = 2
_QUOTED = re.compile(r'["“„«]([^"“”„«»]+)["”“»]')


def practice_page(context: PageContext) -> views.Practice:
    """Return the page; scripts fill its screens."""
    stories = context.summaries
    titles = tuple((story.id, story.title) for story in stories)
    return views.Practice(
        **context.page(urls.PRACTICE, context.t("nav.practice"), (context.t("nav.practice"), "")),
        stories=len(stories),
        ready=sum(story.ready or story.resting for story in stories),
        cards=urls.CARDS if context.shows("cards") else "",
        choices=tuple(practice_choices.choices(context, titles)),
        days=practice_choices.days(context),
        lengths=tuple(length.name for length in context.data.settings.answer_lengths),
        titles=titles,
    )


def facts(context: PageContext, ident: str) -> views.PracticeFacts:
    """Return what the index says of a story."""
    story = context.data.story(ident)
    lengths = context.data.settings.answer_lengths
    length = context.answer_length(story)
    # One that rests is under nothing that is drawn from; it is told by its name alone.
    topics = [
        f"{topics.kind}/{topic}"
        for topics in context.topic_indexes.values()
        for topic in context.data.topics_of_story(topics.kind, ident)
        if not story.resting
    ]
    return views.PracticeFacts(
        id=ident,
        title=story.title,
        ready=story.ready and not story.resting,
        resting=story.resting,
        digest=timing.digest(story),
        length=lengths.index(length) if length else -1,
        parts=tuple(_parts(context, story)),
        topics=tuple(topics),
        level="" if story.resting else story.level,
        probes=sum(len(section.items) for section in story.parts(Kind.FOLLOW_UPS)),
    )


def _parts(context: PageContext, story: Story) -> Iterator[views.PracticePart]:
    """Yield the parts that are said, in the order of the story; those of S T A R that are missing.

    A story without any is one answer without parts.
    """
    spoken = _spoken(story)
    missing = [kind for kind in STAR if spoken and not story.parts(kind)]
    for section in spoken:
        if section.kind in SPOKEN:
            before = SPOKEN[: SPOKEN.index(section.kind)]
            yield from (_missing_part(context, kind) for kind in missing if kind in before)
            missing = [kind for kind in missing if kind not in before]
        yield views.PracticePart(
            letter=section.kind[0] if section.kind in STAR else "",
            name=section.heading,
            kind=str(section.kind),
            seconds=section.seconds or 0,
            aloud=context.speaking_time([section]),
            gap=section.kind in story.missing,
        )
    yield from (_missing_part(context, kind) for kind in missing)


def _missing_part(context: PageContext, kind: Kind) -> views.PracticePart:
    return views.PracticePart(kind[0], context.letter(kind).name, str(kind), gap=True)


def _spoken(story: Story) -> list[Section]:
    """Return the sections that are said: those of the answer, and others with a time of their own.

    A story with none of S T A R has none: it is one answer.
    """
    if not any(map(story.parts, STAR)):
        return []
    return [s for s in story.sections if s.kind in SPOKEN or (s.seconds and s.kind not in AROUND)]


def shard_count(context: PageContext) -> int:
    """Return the number of files with texts."""
    return -(-len(context.data.story_ids) // SHARD)


def shard(context: PageContext, number: int) -> tuple[str, ...]:
    """Return the ids of the stories whose texts are in a file."""
    return context.data.story_ids[number * SHARD : (number + 1) * SHARD]


def index(
    context: PageContext, stories: tuple[views.PracticeFacts, ...], versions: Iterable[str]
) -> views.PracticeIndex:
    """Return the index; `versions` are those of the files with texts."""
    data = context.data
    lengths = (
        views.PracticeLength(one.name, one.seconds, {str(kind): s for kind, s in one.sections})
        for one in data.settings.answer_lengths
    )
    topics = {
        f"{topics.kind}/{topic.id}": topic.name
        for topics in context.topic_indexes.values()
        for topic in topics
    }
    made = practice_choices.make_choices(context)
    return views.PracticeIndex(
        id=data.settings.id,
        title=context.title,
        lengths=tuple(lengths),
        topics=topics,
        sets=made.sets,
        stories=stories,
        questions=made.questions,
        planned=made.planned,
        shard=SHARD,
        versions=tuple(versions),
    )


def texts(context: PageContext, ident: str) -> views.PracticeStory:
    """Return the texts of a story, as they are uncovered step by step."""
    story = context.data.story(ident)
    spoken = _spoken(story)
    shown = spoken or [section for section in story.sections if section.kind not in AROUND]
    return views.PracticeStory(
        numbers=context.numbers(story, _MAX_FIGURES),
        cue=story.cue,
        angles=tuple(_angles(context, story)),
        opening=Markup() if spoken else cards.html_elsewhere(context, story, story.opening),
        sections=tuple(_section(context, story, section) for section in shown),
        probes=tuple(_items(context, story, Kind.FOLLOW_UPS)),
        quiz=tuple(_items(context, story, Kind.QUIZ)),
    )


def _angles(context: PageContext, story: Story) -> Iterator[views.ToldFor]:
    """Yield the angles of a story, each with the address of whom or what it is for."""
    html = partial(cards.html_elsewhere, context, story)
    for item in story.angles:
        if not item.ref:
            continue
        address, name = item.ref.to, context.listener(item.ref.to, urls.PRACTICE).text
        slug = names.slug(item.ref.text)
        if not name and slug in (names.slug(one.company) for one in context.data.interviews):
            address, name = f"company/{slug}", item.ref.text  # that of an interview alone
        if name:
            yield views.ToldFor(address, angle_view(item, name, html))


def _section(context: PageContext, story: Story, section: Section) -> views.PracticeSection:
    html = partial(cards.html_elsewhere, context, story)
    is_spoken = section.kind in SPOKEN or section.seconds
    length = context.answer_length(story)
    return views.PracticeSection(
        letter=(
            context.letter(section.kind, section.kind in story.missing)
            if section.kind in STAR
            else None
        ),
        heading=section.heading,
        planned=(timing.planned_seconds(length, section) or 0) if is_spoken else 0,
        words=tuple(_key_words(section, html(section.body))),
        html=html(section.body),
        coaching=tuple(
            views.NoteView(note.kind, context.t(f"note.{note.kind}"), html(note.body))
            for note in section.notes
            if note.kind != "phrases"
        ),
    )


def _key_words(section: Section, body: Markup) -> Iterable[str]:
    """Return a few words that bring a part back: its phrases to say, else shortened sentences."""
    most = _KEY_WORDS.get(section.kind, _FEW_KEY_WORDS)
    phrases = "\n".join(note.body.text for note in section.notes if note.kind == "phrases")
    if quoted := _QUOTED.findall(phrases):
        return [phrase.strip(" ,.") for phrase in quoted]
    return cards.cue_lines([] if section.holes else [body], most)


def _items(context: PageContext, story: Story, kind: Kind) -> Iterator[views.ItemView]:
    """Yield the follow-ups or quiz questions of a story."""
    html = partial(cards.html_elsewhere, context, story)
    for section in story.parts(kind):
        for item in section.items:
            yield item_view(context, kind, item, urls.PRACTICE, html)
