"""The page to print: the whole handbook as one document, of which a part can be chosen."""

from collections.abc import Iterable, Iterator

import msgspec
from markupsafe import Markup

from starbook import urls
from starbook.model import Question
from starbook.pages import cards, formatting, views
from starbook.pages.context import PageContext
from starbook.pages.guides import to_ask_audiences
from starbook.pages.lists import group_questions
from starbook.pages.question import answer_view, asked_by
from starbook.pages.story import story_text
from starbook.text import names

# The ids of what can be chosen begin like the addresses of its pages.
_STORY, _QUESTION, _GUIDE = "stories/{}".format, "questions/{}".format, "guides/{}".format


def print_page(context: PageContext) -> views.PrintPage:
    """Return the page to print, with a placeholder for its stories."""
    title = context.t("nav.print")
    return views.PrintPage(
        **context.page(urls.PRINT, title, (title, "")),
        choices=tuple(_choices(context)),
        contents=tuple(_contents(context)),
        stories=views.PLACEHOLDER if context.data.story_ids else Markup(),
        topics=tuple(_topics(context)),
        audiences=to_ask_audiences(context),
        guides=tuple(printed_guides(context)),
    )


def printed_guides(context: PageContext) -> Iterator[views.PrintedGuide]:
    """Yield the guides with anchors of their own."""
    for guide in context.data.guides:
        name, html = _GUIDE(guide.id), context.html(guide.body, urls.PRINT, guide.path)
        yield views.PrintedGuide(name, guide.title, with_own_anchors(html, name))


def printed_story(context: PageContext, ident: str) -> views.PrintedStory:
    """Return a story of the page to print."""
    return views.PrintedStory(story_text(context, context.data.story(ident), urls.PRINT))


def with_own_anchors(html: str, name: str) -> Markup:
    """Return HTML of which all anchors, and the links to them, begin with `name`.

    So a document of many stories has each anchor once. A `"` in a text is escaped in HTML.
    """
    text = str(html)  # `Markup` would escape the quotes of what is put in
    return Markup(text.replace(' id="', f' id="{name}/').replace(' href="#', f' href="#{name}/'))


def _contents(context: PageContext) -> Iterator[views.ContentsLine]:
    for story in context.summaries:
        seconds = context.data.seconds(story.id)
        time = formatting.clock(seconds) if seconds else ""
        yield views.ContentsLine(_STORY(story.id), story.title, time, context.status_label(story))


def _topics(context: PageContext) -> Iterator[views.PrintedTopic]:
    for name, _, questions in group_questions(context):
        printed = tuple(printed_question(context, question) for question in questions)
        yield views.PrintedTopic(name, printed)


def printed_question(context: PageContext, question: Question) -> views.PrintedQuestion:
    """Return a question with anchors of its own."""
    row, name = context.question_row(question, urls.PRINT), _QUESTION(question.id)
    answer = answer_view(context, question, urls.PRINT)
    if answer:
        html, footnotes = (with_own_anchors(one, name) for one in (answer.html, answer.footnotes))
        answer = msgspec.structs.replace(answer, html=html, footnotes=footnotes)
    return views.PrintedQuestion(
        id=name,
        question=question.question,
        also=question.also,
        asked=asked_by(context, question),
        notes=with_own_anchors(context.html(question.notes, urls.PRINT, question.path), name),
        stories=row.stories,
        lacking=row.label,
        answer=answer,
    )


def _choices(context: PageContext) -> Iterator[tuple[str, tuple[views.CardSet, ...]]]:
    """Yield the sets that can be chosen by kind of name: decks, and what cards are chosen by."""
    decks = (context.t("cards.deck"), context.data.card_decks)
    interviews = (context.t("nav.interviews"), tuple(_interviews(context)))
    # The page of a question prints it.
    others = cards.card_sets(context, with_questions=False)
    for name, sets in (decks, interviews, *others):
        if shown := tuple(_printed_set(context, one) for one in sets):
            yield name, shown


def _interviews(context: PageContext) -> Iterator[views.CardSet]:
    """Yield the stories of each interview, then all that is to ask the audiences of its rounds."""
    for deck in cards.interview_decks(context):
        one = next(each for each in context.data.interviews if deck.token.endswith(f"/{each.id}"))
        stories = (ident for ident in deck.ids if "/" not in ident)
        asked = (f"to-ask/{each.audience.to}" for each in one.rounds if each.audience)
        yield views.CardSet(deck.token, deck.text, (*stories, *asked))


def _printed_set(context: PageContext, chosen: views.CardSet) -> views.CardSet:
    """Return the parts of this page for a set of cards; for a topic with its questions."""
    ids = (part_of_card(ident) for ident in chosen.ids)
    questions = map(_QUESTION, _questions_of(context, chosen.token))
    return views.CardSet(chosen.token, chosen.text, tuple(dict.fromkeys((*ids, *questions))))


def part_of_card(ident: str) -> str:
    """Return the address of what a card shows, such as `stories/outage`."""
    kind, _, rest = ident.rpartition("/")
    if kind == urls.ANSWER_CARDS:
        return _QUESTION(rest)
    return ident if kind else _STORY(ident)


def _questions_of(context: PageContext, token: str) -> Iterable[str]:
    """Return the ids of the questions that belong to an address such as `category/teams`."""
    kind, _, ident = token.partition("/")
    if kind in context.topic_indexes:
        return context.topic_indexes[kind].questions(ident)
    if kind not in ("company", "level"):
        return ()
    return (
        one.id
        for one in context.questions
        if ident in map(names.slug, one.companies if kind == "company" else one.levels)
    )
