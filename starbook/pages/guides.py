"""Pages of guides, and of questions for the interviewer."""

from starbook import urls
from starbook.model import Audience
from starbook.pages import formatting, views
from starbook.pages.context import PageContext


def guide_list(context: PageContext) -> views.GuideList:
    """Return the list of guides in their order."""
    guides = tuple(views.Anchor(f"{guide.id}.html", guide.title) for guide in context.data.guides)
    return views.GuideList(
        **context.page(urls.GUIDES, context.t("nav.guides"), (context.t("nav.guides"), "")),
        guides=guides,
    )


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
    return views.ToAsk(**context.page(urls.TO_ASK, title, (title, "")), audiences=audiences)


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
