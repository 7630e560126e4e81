"""The first page: what is ready, what is missing, ways in."""

from collections.abc import Iterator
from itertools import islice
from urllib.parse import quote_plus

from starbook import urls
from starbook.pages import views
from starbook.pages.coach import remarked_stories
from starbook.pages.context import PageContext
from starbook.pages.coverage import count_drafts
from starbook.pages.first_run import first_run
from starbook.pages.guides import count_questions
from starbook.pages.interviews import interview_line, latest_first
from starbook.pages.topic import index_lines, principle_sets
from starbook.text import names

_MAX_EXAMPLES, _MAX_EXAMPLE_LENGTH = 5, 28
_MAX_NAMES = 3
_MAX_INTERVIEWS = 3


def home(context: PageContext) -> views.Home:
    """Return the first page."""
    page = urls.HOME
    data = context.data
    decks = data.card_decks if context.shows("cards") else ()
    cards = None
    if decks:
        text = context.t("home.print_deck", name=decks[0].text, count=len(decks[0].ids))
        cards = views.Anchor(context.cards_url(f"deck={decks[0].token}", page), text)
    return views.Home(
        **context.page(page, context.title),
        tries=tuple(islice(_example_queries(context), _MAX_EXAMPLES)),
        questions=urls.QUESTIONS if context.shows("questions") else "",
        level=context.data.settings.level,
        first_run=first_run(context),
        cards=cards,
        practice=urls.PRACTICE if context.shows("practice") else "",
        ready=tuple(_ready(context)),
        missing=tuple(_missing(context)) if context.private else (),
        categories=index_lines(context, context.categories, page),
        sets=principle_sets(context, page, context.counted_sets),
        interviews=tuple(
            interview_line(context, one, page)
            for one in latest_first(data.interviews)[:_MAX_INTERVIEWS]
        ),
        guides=tuple(views.Anchor(urls.guide(guide.id), guide.title) for guide in data.guides),
        audiences=tuple(
            views.IndexLine(f"{urls.TO_ASK}#{one.id}", one.audience, str(count_questions(one)))
            for one in data.audiences
        ),
    )


def _example_queries(context: PageContext) -> Iterator[views.Anchor]:
    """Yield a short wording of each category, those with the most stories first."""
    categories = context.categories
    for topic in sorted(categories, key=lambda topic: -len(categories.stories(topic.id))):
        short = [wording for wording in topic.asked_as if len(wording) <= _MAX_EXAMPLE_LENGTH]
        if short and categories.stories(topic.id):
            yield views.Anchor(f"{urls.HOME}?q={quote_plus(short[0])}", short[0])


def _ready(context: PageContext) -> Iterator[views.Ready]:
    """Yield `81 of 89 stories ready`; a public edition has only ready stories and counts those."""
    stories, questions = context.summaries, context.questions
    if not context.private:
        label = context.t("home.stories", count=len(stories))
        yield views.Ready(urls.STORIES, len(stories), "", label)
        if context.shows("questions"):
            number = len(questions)
            yield views.Ready(urls.QUESTIONS, number, "", context.t("home.questions", count=number))
        return
    ready = {story.id for story in stories if story.ready}
    of = context.t("count.of", total=len(stories))
    yield views.Ready(urls.STORIES, len(ready), of, context.t("home.stories_ready"))
    covered = sum(context.is_covered(question) for question in questions)
    of = context.t("count.of", total=len(questions))
    yield views.Ready(urls.QUESTIONS, covered, of, context.t("home.questions_covered"))
    for name, topics in context.counted_sets.items():
        told, of = context.principles.covered(topics), context.t("count.of", total=len(topics))
        label = context.t("home.principles_covered")
        href = urls.PRINCIPLES
        if name and len(context.principle_sets) > 1:
            label = context.t("home.principles_covered_of", set=name)
            href = f"{urls.PRINCIPLES}#set={names.slug(name)}"
        yield views.Ready(href, told, of, label)


def _missing(context: PageContext) -> Iterator[views.LooseEnd]:
    """Yield the gaps, each with the first few by name."""
    several = len(context.counted_sets) > 1
    counted = [
        *((context.principles, topics, name) for name, topics in context.counted_sets.items()),
        (context.categories, list(context.categories), ""),
    ]
    for index, topics, name in counted:
        empty = [topic.name for topic in index.without_story(topics)]
        if empty:
            text = context.t(f"home.uncovered_{index.kind}", count=len(empty))
            if name and several:
                text = context.t("home.uncovered_principle_of", count=len(empty), set=name)
            rest = f": {', '.join(empty[:_MAX_NAMES])}"
            if len(empty) > _MAX_NAMES:
                rest += f" {context.t('list.and_more', count=len(empty) - _MAX_NAMES)}"
            yield views.LooseEnd(len(empty), f"{urls.COVERAGE}#gaps", text, rest)
    keys = {"uncovered": "home.needs_story", "unanswered": "home.needs_answer"}
    for state, questions in context.open_by_state().items():
        if questions:
            text = context.t(keys[state], count=len(questions))
            href, rest = f"{urls.QUESTIONS}#coverage={state}", f": {questions[0].question}"
            yield views.LooseEnd(len(questions), href, text, rest)
    if remarked := remarked_stories(context):
        text = context.t("home.remarked", count=len(remarked))
        yield views.LooseEnd(len(remarked), urls.COACH, text, f": {remarked[0]}")
    yield from count_drafts(context)
