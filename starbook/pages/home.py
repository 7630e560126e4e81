"""The first page: what is ready, what is missing, ways in."""

from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import quote_plus

from starbook import urls
from starbook.links import Placement
from starbook.pages import formatting, views
from starbook.pages.cards import decks_of
from starbook.pages.context import PageContext
from starbook.pages.coverage import drafts
from starbook.pages.guides import count_questions
from starbook.pages.topic import index_lines, principle_sets

# Wordings to try Ask with, and how long they may be.
_TRIES, _SHORT = 5, 28
_LISTED = 3


def home(context: PageContext) -> views.Home:
    """What is ready, what is missing, ways in."""
    page = urls.HOME
    return views.Home(
        path=page,
        frame=context.frame(page),
        title=context.settings.title,
        tries=tuple(islice(_tries(context), _TRIES)),
        questions=urls.QUESTIONS if context.shows("questions") else "",
        level=context.settings.level,
        cards=_tonight(context),
        ready=tuple(_ready(context)),
        missing=tuple(_missing(context)) if context.private else (),
        categories=index_lines(context, context.categories, page),
        sets=principle_sets(context, page),
        guides=tuple(
            views.Anchor(urls.guide(guide.id), guide.title) for guide in context.data.guides
        ),
        audiences=tuple(
            views.IndexLine(f"{urls.TO_ASK}#{a.id}", a.audience, str(count_questions(a.topics)))
            for a in context.data.audiences
        ),
    )


def _tonight(context: PageContext) -> views.Anchor | None:
    """The first deck, to print."""
    decks = decks_of(context) if context.shows("cards") else ()
    if not decks:
        return None
    number = formatting.count(len(decks[0].ids), "card")
    choice = f"deck={decks[0].token}"
    return views.Anchor(context.cards(choice, urls.HOME), f"{decks[0].text}: print {number}")


def _tries(context: PageContext) -> Iterator[views.Anchor]:
    """How the categories with the most stories are asked, in a few words each."""
    fullest = sorted(
        context.categories, key=lambda topic: -len(context.categories.stories(topic.id))
    )
    for topic in fullest:
        short = [wording for wording in topic.asked_as if len(wording) <= _SHORT]
        if short and context.categories.stories(topic.id):
            yield views.Anchor(f"{urls.HOME}?q={quote_plus(short[0])}", short[0])


def _shorten(names: list[str]) -> str:
    shown = ", ".join(names[:_LISTED])
    return f"{shown} and {len(names) - _LISTED} more" if len(names) > _LISTED else shown


def _ready(context: PageContext) -> Iterator[views.Ready]:
    """`81 of 89 stories ready`; a public edition, which has only what is ready, counts that."""
    stories, questions, principles = context.summaries, context.questions, context.principles
    if not context.private:
        yield views.Ready(urls.STORIES, len(stories), "", formatting.plural(len(stories), "story"))
        if context.shows("questions"):
            number = len(questions)
            yield views.Ready(urls.QUESTIONS, number, "", formatting.plural(number, "question"))
        return
    covered = sum(context.is_covered(question.id) for question in questions)
    ready = sum(story.ready for story in stories)
    yield views.Ready(urls.STORIES, ready, f"of {len(stories)}", "stories ready")
    yield views.Ready(urls.QUESTIONS, covered, f"of {len(questions)}", "questions met")
    topics = principles.topics
    if topics:
        met = sum(_has_ready(context, principles.stories(ident)) for ident in topics)
        yield views.Ready(urls.PRINCIPLES, met, f"of {len(topics)}", "principles met")


def _has_ready(context: PageContext, under: Iterable[Placement]) -> bool:
    return any(context.data.summary(place.story).ready for place in under)


def _missing(context: PageContext) -> Iterator[views.LooseEnd]:
    """The gaps, each with the first few by name."""
    for shelf in (context.principles, context.categories):
        bare = [topic.name for topic in shelf.without_story]
        if bare:
            text = f"{shelf.form if len(bare) == 1 else shelf.many} with no story"
            yield views.LooseEnd(len(bare), f"{urls.COVERAGE}#gaps", text, f": {_shorten(bare)}")
    open_ = [q.question for q in context.questions if not context.data.chosen_for(q.id)]
    if open_:
        text = f"{formatting.plural(len(open_), 'question')} with no story chosen"
        yield views.LooseEnd(len(open_), f"{urls.QUESTIONS}#met=open", text, f", first: {open_[0]}")
    yield from drafts(context)
