"""Pages of categories and principles, and their lists."""

from collections.abc import Iterable

from starbook.model import Topic
from starbook.pages import formatting, views
from starbook.pages.context import PageContext, TopicIndex


def topic_list(context: PageContext, topics: TopicIndex) -> views.TopicList:
    """Return the list of all categories, or of all principles by set."""
    title, page = context.topics_title(topics), topics.list_path
    if topics is context.principles:
        groups = principle_sets(context, page)
    else:
        lines = index_lines(context, topics, page)
        groups = (views.TopicGroup("", lines),) if lines else ()
    return views.TopicList(
        **context.page(page, title, (title, "")), form=topics.kind, groups=groups
    )


def topic_page(context: PageContext, topics: TopicIndex, ident: str) -> views.TopicPage:
    """Return the page of a category or principle, with its stories (ready first) and questions."""
    data, by_id = context.data, topics.by_id
    topic, ids = by_id[ident], list(by_id)
    before, after = formatting.neighbours(ids, ids.index(ident), lambda one: by_id[one].name)
    page = topics.url(ident)
    steps = ((context.topics_title(topics), topics.list_path), (topic.name, ""))
    stories = [(data.summary(place.story), place.tag) for place in topics.stories(ident)]
    stories.sort(key=lambda pair: not pair[0].ready)
    return views.TopicPage(
        **context.page(page, topic.name, *steps),
        form=topics.kind,
        set=topic.set,
        about=topic.about,
        aliases=", ".join(topic.aliases),
        asked_as=topic.asked_as,
        rows=tuple(
            context.story_row(
                story,
                page,
                context.t("reason.tag", name=tag) if tag else "",
                f"{topics.kind}/{ident}",
            )
            for story, tag in stories
        ),
        questions=tuple(
            context.question_row(data.question(question), page)
            for question in topics.questions(ident)
        ),
        cards=context.print_link(f"{topics.kind}/{ident}", len(stories), page),
        before=before,
        after=after,
    )


def index_lines(
    context: PageContext, topics: TopicIndex, page: str, selected: Iterable[Topic] | None = None
) -> tuple[views.IndexLine, ...]:
    """Return the lines of an index of all topics, or of those selected, the fullest first."""
    lines = []
    for topic in topics if selected is None else selected:
        href = topics.link(topic.id, page).href
        number = len(topics.stories(topic.id))
        none = "" if number or not context.private else context.t("topic.no_story")
        lines.append((-number, views.IndexLine(href, topic.name, str(number or ""), none)))
    return tuple(line for _, line in sorted(lines, key=lambda pair: pair[0]))


def principle_sets(context: PageContext, page: str) -> tuple[views.TopicGroup, ...]:
    """Return the principles by set."""
    sets: dict[str, list[Topic]] = {}
    for topic in context.principles:
        sets.setdefault(topic.set, []).append(topic)
    return tuple(
        views.TopicGroup(name, index_lines(context, context.principles, page, topics))
        for name, topics in sets.items()
    )
