"""Pages of guides, and of questions for the interviewer."""

import re

from markupsafe import Markup

from starbook import urls
from starbook.model import Audience, Guide
from starbook.pages import formatting, views
from starbook.pages.context import PageContext
from starbook.pages.lists import MAX_UNFOLDED
from starbook.text import sentences

# A paragraph at the beginning, below headings at most.
_OPENING = re.compile(r"\s*(?:<h\d[^>]*>.*?</h\d>\s*)*<p>(?P<text>.*?)</p>", re.DOTALL)
_MOST_HEADINGS, _FEWEST_WORDS = 3, 4


def guide_list(context: PageContext) -> views.GuideList:
    """Return the list of guides in their order."""
    guides = tuple(
        views.GuideLine(f"{guide.id}.html", guide.title, _about(guide))
        for guide in context.data.guides
    )
    return views.GuideList(
        **context.page(urls.GUIDES, context.t("nav.guides"), (context.t("nav.guides"), "")),
        guides=guides,
    )


def _about(guide: Guide) -> str:
    """Return the first sentence of a guide, else its first headings, else its first line."""
    html = "".join(part for part in guide.body.parts if isinstance(part, str))
    opening = _OPENING.match(html)
    paragraph = Markup(opening["text"]).striptags() if opening else ""
    said = (
        next(iter(sentences.split(paragraph)), ""),
        " · ".join(heading.text for heading in guide.headings[:_MOST_HEADINGS]),
        next(iter(guide.body.text.splitlines()), ""),
    )
    return next(filter(_says_enough, said), "")


def _says_enough(text: str) -> bool:
    """Return True for a sentence; a label such as `In short:` says too little."""
    return text.endswith((".", "!", "?")) or len(text.split()) >= _FEWEST_WORDS


def guide_page(context: PageContext, ident: str) -> views.GuidePage:
    """Return the page of a guide."""
    guides = {guide.id: guide for guide in context.data.guides}
    ids = list(guides)
    before, after = formatting.neighbours(ids, ids.index(ident), lambda one: guides[one].title)
    guide = guides[ident]
    page = urls.guide(ident)
    return views.GuidePage(
        **context.page(
            page, guide.title, (context.t("nav.guides"), urls.GUIDES), (guide.title, "")
        ),
        html=context.html(guide.body, page, guide.path),
        toc=tuple(views.Anchor(f"#{heading.id}", heading.text) for heading in guide.headings),
        before=before,
        after=after,
    )


def to_ask(context: PageContext) -> views.ToAsk:
    """Return the page of questions for the interviewer, by audience and topic."""
    title = context.t("nav.to_ask")
    audiences = to_ask_audiences(context)
    return views.ToAsk(
        **context.page(urls.TO_ASK, title, (title, "")),
        folds=sum(audience.count for audience in audiences) > MAX_UNFOLDED,
        audiences=audiences,
    )


def to_ask_audiences(context: PageContext) -> tuple[views.AskAudience, ...]:
    """Return the questions for the interviewer by audience."""
    return tuple(
        views.AskAudience(
            id=audience.id,
            name=audience.audience,
            count=count_questions(audience),
            groups=audience.topics,
        )
        for audience in context.data.audiences
    )


def count_questions(audience: Audience) -> int:
    """Return the number of questions for an audience."""
    return sum(len(topic.questions) for topic in audience.topics)
