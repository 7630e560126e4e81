"""Pages of categories and principles, and their lists."""

from collections.abc import Iterable

from starbook.links import Placement
from starbook.model import Topic
from starbook.pages import formatting, views
from starbook.pages.context import PageContext, TopicIndex


def topic_list(context: PageContext, form: str) -> views.TopicList:
    """All categories, or all principles by set."""
    shelf = context.topic_indexes[form]
    title, page = shelf.many.capitalize(), shelf.index
    lines = index_lines(context, shelf, page)
    groups = (views.TopicGroup("", lines),) if lines else ()
    return views.TopicList(
        path=page,
        frame=context.frame(page),
        crumbs=context.crumbs(page, (title, "")),
        title=title,
        form=shelf.form,
        groups=principle_sets(context, page) if shelf is context.principles else groups,
    )


def topic_page(context: PageContext, form: str, ident: str) -> views.TopicPage:
    """A category or principle: how it is asked, its stories (ready first) and questions."""
    shelf = context.topic_indexes[form]
    topic = shelf.topics[ident]
    anchors = [views.Anchor(f"{one.id}.html", one.name) for one in shelf]
    before, after = formatting.neighbours(anchors, list(shelf.topics).index(ident))
    page = shelf.url(topic.id)
    under = sorted(
        shelf.stories(topic.id), key=lambda place: not context.data.summary(place.story).ready
    )
    asked = [context.data.question(ident) for ident in shelf.questions(topic.id)]
    return views.TopicPage(
        path=page,
        frame=context.frame(page),
        crumbs=context.crumbs(page, (shelf.many.capitalize(), shelf.index), (topic.name, "")),
        title=topic.name,
        form=shelf.form,
        set=topic.set,
        about=topic.about,
        aliases=", ".join(topic.aliases),
        asked_as=topic.asked_as,
        rows=tuple(_place_row(context, place, page) for place in under),
        questions=tuple(context.question_row(question, page) for question in asked),
        cards=context.print_cards(f"{shelf.form}/{topic.id}", len(under), page),
        before=before,
        after=after,
    )


def _place_row(context: PageContext, place: Placement, page: str) -> views.StoryRow:
    why = f"by its tag: {place.tag}" if place.tag else ""
    return context.story_row(context.data.summary(place.story), page, why)


def index_lines(
    context: PageContext, shelf: TopicIndex, page: str, among: Iterable[Topic] | None = None
) -> tuple[views.IndexLine, ...]:
    """Lines of an index, the fullest first."""
    lines = []
    for topic in shelf if among is None else among:
        anchor = context.topic_link(shelf.form, topic.id, page)
        number = len(shelf.stories(topic.id))
        none = "" if number or not context.private else "no story"
        line = views.IndexLine(anchor.href, topic.name, str(number or ""), none)
        lines.append((-number, line))
    return tuple(line for _, line in sorted(lines, key=lambda pair: pair[0]))


def principle_sets(context: PageContext, page: str) -> tuple[views.TopicGroup, ...]:
    """Return the principles by set."""
    groups: dict[str, list[Topic]] = {}
    for topic in context.principles:
        groups.setdefault(topic.set, []).append(topic)
    return tuple(
        views.TopicGroup(name, index_lines(context, context.principles, page, topics))
        for name, topics in groups.items()
    )
