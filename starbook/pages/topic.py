"""Pages of categories and principles, and the lines of an index of them."""

from collections.abc import Iterable

from starbook import urls
from starbook.model import Topic
from starbook.pages import formatting, views
from starbook.pages.context import PageContext, TopicIndex
from starbook.pages.first_run import yaml_list
from starbook.text import names


def topic_page(context: PageContext, topics: TopicIndex, ident: str) -> views.TopicPage:
    """Return the page of a category or principle, with its stories (ready first) and questions."""
    data, by_id = context.data, topics.by_id
    topic, ids = by_id[ident], list(by_id)
    before, after = formatting.neighbours(ids, ids.index(ident), lambda one: by_id[one].name)
    page = topics.url(ident)
    steps = ((context.topics_title(topics), topics.list_path), (topic.name, ""))
    stories = [(data.summary(place.story), place.tag) for place in topics.stories(ident)]
    stories.sort(key=lambda pair: (pair[0].resting, not pair[0].ready))
    awake = sum(not story.resting for story, _ in stories)
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
        cards=context.print_link(f"{topics.kind}/{ident}", awake, page),
        example=_example(context, topics, topic) if context.private else None,
        print=_print_link(context, f"{topics.kind}/{ident}", page) if stories else None,
        before=before,
        after=after,
    )


def _example(context: PageContext, topics: TopicIndex, topic: Topic) -> views.Example | None:
    """Return the line that places a story or question here; None if there are both.

    Questions stand in one file or in a folder.
    """
    if topics.stories(topic.id) and topics.questions(topic.id):
        return None
    first = next(iter(context.data.question_ids), "")
    is_folder = bool(first) and "/" in context.data.question(first).path
    file = "questions/" if is_folder else "questions.yml"
    return views.Example(file, yaml_list(topics.plural, topic.name))


def _print_link(context: PageContext, address: str, page: str) -> views.Anchor | None:
    """Return the link to the page to print with the stories and questions of a topic."""
    if not context.shows("print"):
        return None
    href = f"{urls.relative(page, urls.PRINT)}#deck={address}"
    return views.Anchor(href, context.t("print.topic"))


def index_lines(
    context: PageContext, topics: TopicIndex, page: str, selected: Iterable[Topic] | None = None
) -> tuple[views.IndexLine, ...]:
    """Return the lines of an index of all topics, or of those selected, the fullest first."""
    lines = []
    for topic in topics if selected is None else selected:
        href = topics.link(topic.id, page).href
        number = len(topics.stories(topic.id))
        is_gap = not number and context.private and not context.data.nothing_written
        none = context.t("topic.no_story") if is_gap else ""
        lines.append((-number, views.IndexLine(href, topic.name, str(number or ""), none)))
    return tuple(line for _, line in sorted(lines, key=lambda pair: pair[0]))


def principle_sets(
    context: PageContext, page: str, sets: dict[str, list[Topic]]
) -> tuple[views.TopicGroup, ...]:
    """Return the principles of `sets`, by set; a private edition says how many are covered."""
    principles = context.principles
    groups = []
    for name, topics in sets.items():
        lines = index_lines(context, principles, page, topics)
        number, total = principles.covered(topics), len(topics)
        covered = context.t("topic.covered", count=number, total=total) if context.private else ""
        ident, shown = set_names(context, name)
        groups.append(views.TopicGroup(shown, lines, ident, covered))
    return tuple(groups)


def set_names(context: PageContext, name: str) -> tuple[str, str]:
    """Return the id of a set of principles, and its name as it is shown."""
    several = len(context.principle_sets) > 1
    return names.slug(name) or "none", name or (context.t("topic.no_set") if several else "")
