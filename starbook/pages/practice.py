"""The practice page: what its scripts know of each story and question, and the texts they show.

The index has what is needed to choose; the texts are in files of a few stories each, and fetched
when a story is practised.
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial

from markupsafe import Markup

from starbook import urls
from starbook.links import CrossLink
from starbook.model import AROUND, STAR, Kind, Section, Story
from starbook.pages import cards, timing, views
from starbook.pages.context import PageContext
from starbook.pages.story import item_view
from starbook.pages.timing import SPOKEN

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
        ready=sum(story.ready for story in stories),
        cards=urls.CARDS if context.shows("cards") else "",
        choices=tuple(_choices(context, titles)),
        lengths=tuple(length.name for length in context.data.settings.answer_lengths),
        titles=titles,
    )


def _choices(
    context: PageContext, titles: tuple[tuple[str, str], ...]
) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Yield what one can practise with by kind of name; the value is what the scripts look for."""
    questions = context.questions if context.shows("questions") else []
    yield from _group(
        context.t("practice.deck"),
        "deck",
        ((str(i), deck) for i, (deck, _) in enumerate(_decks(context))),
    )
    names_of_kinds = {
        "category": context.t("filter.category"),
        "principle": context.t("filter.principle"),
    }
    for topics in context.topic_indexes.values():
        named = ((topic.id, topic.name) for topic in topics if topics.stories(topic.id))
        yield from _group(names_of_kinds[topics.kind], topics.kind, named)
    companies = dict.fromkeys(name for question in questions for name in question.companies)
    yield from _group(
        context.t("filter.company"), "company", zip(companies, companies, strict=True)
    )
    levels = dict.fromkeys(
        (*context.data.stories_at_level, *(level for one in questions for level in one.levels))
    )
    yield from _group(context.t("practice.level"), "level", zip(levels, levels, strict=True))
    yield from _group(context.t("practice.story"), "story", titles)


def _group(
    name: str, kind: str, entries: Iterable[tuple[str, str]]
) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    if options := tuple((f"{kind}/{value}", text) for value, text in entries):
        yield name, options


def facts(context: PageContext, ident: str) -> views.PracticeFacts:
    """Return what the index says of a story."""
    story = context.data.story(ident)
    lengths = context.data.settings.answer_lengths
    length = context.answer_length(story)
    topics = [
        f"{topics.kind}/{topic}"
        for topics in context.topic_indexes.values()
        for topic in context.data.topics_of_story(topics.kind, ident)
    ]
    return views.PracticeFacts(
        id=ident,
        title=story.title,
        ready=story.ready,
        digest=timing.digest(story),
        length=lengths.index(length) if length else -1,
        parts=tuple(_parts(context, story)),
        topics=tuple(topics),
        level=story.level,
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
    questions = data.question_ids if context.shows("questions") else ()
    return views.PracticeIndex(
        id=data.settings.id,
        title=context.title,
        lengths=tuple(lengths),
        topics=topics,
        decks=tuple(_decks(context)),
        stories=stories,
        questions=tuple(_question(context, ident) for ident in questions),
        shard=SHARD,
        versions=tuple(versions),
    )


def _decks(context: PageContext) -> Iterator[tuple[str, tuple[str, ...]]]:
    for deck in context.data.card_decks:
        ids = tuple(ident for ident in deck.ids if ident in context.data.story_positions)
        if ids:
            yield deck.text, ids


def _question(context: PageContext, ident: str) -> views.PracticeQuestion:
    question = context.data.question(ident)
    refs = [f"category/{ref.to}" for ref in question.categories if ref.to]
    refs += [f"principle/{ref.to}" for ref in question.principles if ref.to]
    links = context.data.stories_of_question(ident).all
    return views.PracticeQuestion(
        id=ident,
        text=question.question,
        topics=tuple(refs),
        companies=question.companies,
        levels=question.levels,
        stories=tuple(_link(context, link) for link in links),
    )


def _link(context: PageContext, link: CrossLink) -> tuple[str, bool, str]:
    """Return the id of a story, whether it was chosen, and the note or the reason."""
    return link.id, link.chosen, link.note if link.chosen else context.reason(link)


def texts(context: PageContext, ident: str) -> views.PracticeStory:
    """Return the texts of a story, as they are uncovered step by step."""
    story = context.data.story(ident)
    spoken = _spoken(story)
    shown = spoken or [section for section in story.sections if section.kind not in AROUND]
    return views.PracticeStory(
        numbers=context.numbers(story, _MAX_FIGURES),
        cue=story.cue,
        opening=Markup() if spoken else cards.html_elsewhere(context, story, story.opening),
        sections=tuple(_section(context, story, section) for section in shown),
        probes=tuple(_items(context, story, Kind.FOLLOW_UPS)),
        quiz=tuple(_items(context, story, Kind.QUIZ)),
    )


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
