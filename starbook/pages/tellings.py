"""Tellings: lines of the log, on the pages of stories, questions and interviews."""

from starbook import urls
from starbook.model import Telling
from starbook.pages import views
from starbook.pages.context import PageContext

_LANDED = (
    "",
    "practice.rate_lost",
    "practice.rate_gaps",
    "practice.rate_whole",
    "practice.rate_all",
)


def tellings_of_story(context: PageContext, ident: str) -> tuple[views.TellingView, ...]:
    """Return where a story was told, for its page."""
    page = urls.story(ident)
    return tuple(telling_view(context, entry, page) for entry in context.data.tellings(ident))


def askings_of_question(context: PageContext, ident: str) -> tuple[views.TellingView, ...]:
    """Return where a question was asked, for its page."""
    page = urls.question(ident)
    return tuple(telling_view(context, entry, page) for entry in context.data.askings(ident))


def telling_view(context: PageContext, entry: Telling, page: str) -> views.TellingView:
    """Return a line of the log, for the page at `page`."""
    data, asked = context.data, entry.question
    loops = {one.id: one for one in data.interviews}
    where = loops[entry.interview.to]
    question = None
    if asked:
        href = urls.relative(page, urls.question(asked.to)) if asked.to else ""
        text = data.question(asked.to).question if asked.to else asked.text
        question = views.Anchor(href, text)
    told = entry.story and entry.story.to
    return views.TellingView(
        date=entry.date or where.date,
        where=views.Anchor(urls.relative(page, urls.interview(where.id)), where.title),
        round=entry.round.text if entry.round else "",
        question=question,
        story=context.story_link(told, page) if told else None,
        landed=context.t(_LANDED[entry.landed]) if entry.landed else "",
        notes=tuple(entry.notes.splitlines()),
    )
