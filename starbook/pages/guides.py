"""Pages of guides, and of questions for the interviewer."""

from collections.abc import Iterable

from starbook import urls
from starbook.model import AskTopic
from starbook.pages import formatting, views
from starbook.pages.context import PageContext


def guide_list(context: PageContext) -> views.GuideList:
    """All guides in their order."""
    page = urls.GUIDES
    return views.GuideList(
        path=page,
        frame=context.frame(page),
        crumbs=context.crumbs(page, ("Guides", "")),
        title="Guides",
        guides=tuple(
            views.Anchor(f"{guide.id}.html", guide.title) for guide in context.data.guides
        ),
    )


def guide_page(context: PageContext, ident: str) -> views.GuidePage:
    """A guide with its contents list."""
    guides = context.data.guides
    position = [guide.id for guide in guides].index(ident)
    guide = guides[position]
    anchors = [views.Anchor(f"{one.id}.html", one.title) for one in guides]
    before, after = formatting.neighbours(anchors, position)
    page = urls.guide(guide.id)
    return views.GuidePage(
        path=page,
        frame=context.frame(page),
        crumbs=context.crumbs(page, ("Guides", urls.GUIDES), (guide.title, "")),
        title=guide.title,
        id=guide.id,
        html=context.html(guide.body, page, guide.path),
        toc=tuple(views.Anchor(f"#{heading.id}", heading.text) for heading in guide.headings),
        before=before,
        after=after,
    )


def to_ask(context: PageContext) -> views.ToAsk:
    """Questions for the interviewer, by audience and topic."""
    page = urls.TO_ASK
    return views.ToAsk(
        path=page,
        frame=context.frame(page),
        crumbs=context.crumbs(page, ("Questions to ask them", "")),
        title="Questions to ask them",
        audiences=tuple(
            views.AskAudience(
                a.id,
                a.audience,
                count_questions(a.topics),
                tuple(views.AskGroup(topic.topic, topic.questions) for topic in a.topics),
            )
            for a in context.data.audiences
        ),
    )


def count_questions(topics: Iterable[AskTopic]) -> int:
    """Return how many questions there are under topics."""
    return sum(len(topic.questions) for topic in topics)
