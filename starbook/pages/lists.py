"""Lists of stories and questions, with filters."""

from collections.abc import Iterable, Iterator

from starbook import urls
from starbook.model import Question, Story
from starbook.pages import formatting, views
from starbook.pages.context import PageContext, TopicIndex
from starbook.text import names

# Values of a filter that are shown at once; the rest are folded.
_MAX_OPTIONS = 6
# The entries of a list that a thumb scrolls past; a longer one is folded by group on a phone.
MAX_UNFOLDED = 20


def story_list(context: PageContext) -> views.StoryList:
    """Return the list of all stories."""
    stories = context.summaries
    rows = {story.id: context.story_row(story, urls.STORIES) for story in stories}
    status = [
        ("ready", context.t("story.ready")),
        ("draft", context.t("story.draft")),
        ("resting", context.t("story.resting")),
        ("no-number", context.t("filter.no_number")),
    ]
    tags = _slugs(tag for story in stories for tag in story.tags)
    years = sorted({story.date[:4] for story in stories if story.date}, reverse=True)
    values = {
        "status": status,
        "principle": _topics(context.principles),
        "category": _topics(context.categories),
        "company": _slugs(story.company for story in stories),
        "year": [(year, year) for year in years],
        "level": _slugs(story.level for story in stories),
        "tag": tags,
    }
    facets = [
        _facet(name, context.t(f"filter.{name}"), found, rows.values())
        for name, found in values.items()
    ]
    folds = len(rows) > MAX_UNFOLDED
    orders = [
        (name, context.t(f"order.{name}")) for name in ("company", "date") if _has(rows, name)
    ]
    return views.StoryList(
        **context.page(urls.STORIES, context.t("nav.stories"), (context.t("nav.stories"), "")),
        total=len(rows),
        folds=folds,
        facets=tuple(facet for facet in facets if facet.options),
        orders=tuple(orders),
        groups=tuple(_story_groups(context, rows, folds)),
        practice=context.shows("practice"),
    )


def _has(rows: dict[str, views.StoryRow], facet: str) -> bool:
    """Return True if stories have different values of a facet."""
    return len({dict(row.facets)[facet] for row in rows.values()}) > 1


def _story_groups(
    context: PageContext, rows: dict[str, views.StoryRow], folds: bool
) -> Iterator[views.StoryGroup]:
    """Yield the stories of a long list by their first category, those of a short one together."""
    groups: dict[str, list[Story]] = {}
    for story in context.summaries:
        first = formatting.first_category(story) if folds else ""
        groups.setdefault(first, []).append(story)
    for ident in (*context.categories.by_id, ""):
        if ident in groups:
            found = tuple(rows[story.id] for story in groups[ident])
            other = context.t("list.no_category") if len(groups) > 1 else ""
            link = (
                context.categories.link(ident, urls.STORIES) if ident else views.Anchor("", other)
            )
            yield views.StoryGroup(ident or "of_no_category", link.text, link.href, found)


def question_list(context: PageContext) -> views.QuestionList:
    """Return the list of all questions, each under its first category."""
    questions = context.questions
    rows = {one.id: context.question_row(one, urls.QUESTIONS) for one in questions}
    companies = _slugs(company for one in questions for company in one.companies)
    levels = _slugs(level for one in questions for level in one.levels)
    states = [
        ("covered", context.t("filter.covered")),
        ("draft", context.t("filter.draft_only")),
        ("uncovered", context.t("filter.no_story_assigned")),
        ("unanswered", context.t("filter.no_answer")),
    ]
    facets = (
        _facet("coverage", context.t("filter.status"), states, rows.values()),
        _facet(
            "category", context.t("filter.category"), _topics(context.categories), rows.values()
        ),
        _facet(
            "principle", context.t("filter.principle"), _topics(context.principles), rows.values()
        ),
        _facet("company", context.t("filter.company"), companies, rows.values()),
        _facet("level", context.t("filter.level"), levels, rows.values()),
    )
    return views.QuestionList(
        **context.page(
            urls.QUESTIONS, context.t("nav.questions"), (context.t("nav.questions"), "")
        ),
        total=len(rows),
        folds=len(rows) > MAX_UNFOLDED,
        facets=tuple(facet for facet in facets if facet.options),
        groups=tuple(_question_groups(context, rows)),
    )


def _question_groups(
    context: PageContext, rows: dict[str, views.QuestionRow]
) -> Iterator[views.QuestionGroup]:
    for name, topic, questions in group_questions(context):
        href = context.categories.link(topic, urls.QUESTIONS).href if topic else ""
        group = tuple(rows[question.id] for question in questions)
        yield views.QuestionGroup(topic or "of_no_category", name, href, group)


def group_questions(context: PageContext) -> Iterator[tuple[str, str, list[Question]]]:
    """Yield the name and id of each category with the questions that name it first.

    The id is "" for questions without a category, and so is the name if there are no others.
    """
    groups: dict[str, list[Question]] = {}
    for question in context.questions:
        groups.setdefault(formatting.first_category(question), []).append(question)
    for topic in context.categories:
        if topic.id in groups:
            yield topic.name, topic.id, groups[topic.id]
    if "" in groups:
        yield context.t("list.no_category") if len(groups) > 1 else "", "", groups[""]


def _facet(
    name: str,
    legend: str,
    values: Iterable[tuple[str, str]],
    rows: Iterable[views.StoryRow | views.QuestionRow],
) -> views.Facet:
    """Return a filter with the values that rows have, the most frequent first."""
    counts: dict[str, int] = {}
    for row in rows:
        for value in dict(row.facets)[name].split():
            counts[value] = counts.get(value, 0) + 1
    options = [views.Option(v, text, counts[v]) for v, text in values if counts.get(v)]
    if name not in ("status", "coverage", "year"):
        options.sort(key=lambda option: -option.count)
    shown = len(options) if len(options) <= _MAX_OPTIONS + 1 else _MAX_OPTIONS
    return views.Facet(name, legend, tuple(options[:shown]), tuple(options[shown:]))


def _topics(topics: TopicIndex) -> list[tuple[str, str]]:
    return [(topic.id, topic.name) for topic in topics]


def _slugs(texts: Iterable[str]) -> list[tuple[str, str]]:
    return list({names.slug(text): text for text in texts if text}.items())
