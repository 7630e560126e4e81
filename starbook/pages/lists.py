"""Lists of stories and questions, with filters."""

from collections.abc import Iterable, Iterator

from starbook import urls
from starbook.pages import views
from starbook.pages.context import PageContext
from starbook.text import names

# Filter values shown at once; the rest are behind "All 14".
_SHOWN = 6


def story_list(context: PageContext) -> views.StoryList:
    """All stories, with filters."""
    page = urls.STORIES
    rows = tuple(context.story_row(story, page) for story in context.summaries)
    told = [("ready", "Ready"), ("draft", "Draft"), ("no-number", "No number yet")]
    facets = (
        _facet("told", "Told as", told, rows),
        _facet("principle", "Principle", [(t.id, t.name) for t in context.principles], rows),
        _facet("category", "Category", [(t.id, t.name) for t in context.categories], rows),
        _facet("level", "Level", _slugs(s.level for s in context.summaries), rows),
        _facet("tag", "Tag", _slugs(tag for s in context.summaries for tag in s.tags), rows),
    )
    return views.StoryList(
        path=page,
        frame=context.frame(page),
        crumbs=context.crumbs(page, ("Stories", "")),
        title="Stories",
        total=len(rows),
        facets=tuple(facet for facet in facets if facet.options),
        rows=rows,
    )


def question_list(context: PageContext) -> views.QuestionList:
    """All questions under the category they name first, with filters."""
    page = urls.QUESTIONS
    rows = {q.id: context.question_row(q, page) for q in context.questions}
    companies = _slugs(company for q in context.questions for company in q.companies)
    levels = _slugs(level for q in context.questions for level in q.levels)
    met = [("met", "Met"), ("draft", "Draft only"), ("open", "No story chosen")]
    facets = (
        _facet("met", "Met", met, rows.values()),
        _facet("category", "Category", [(t.id, t.name) for t in context.categories], rows.values()),
        _facet(
            "principle", "Principle", [(t.id, t.name) for t in context.principles], rows.values()
        ),
        _facet("company", "Company", companies, rows.values()),
        _facet("level", "Level", levels, rows.values()),
    )
    return views.QuestionList(
        path=page,
        frame=context.frame(page),
        crumbs=context.crumbs(page, ("Questions", "")),
        title="Questions",
        total=len(rows),
        facets=tuple(facet for facet in facets if facet.options),
        groups=tuple(_question_groups(context, rows, page)),
    )


def _question_groups(
    context: PageContext, rows: dict[str, views.QuestionRow], page: str
) -> Iterator[views.QuestionGroup]:
    groups: dict[str, list[views.QuestionRow]] = {}
    for question in context.questions:
        first = next((ref.to for ref in question.categories if ref.to), "")
        groups.setdefault(first, []).append(rows[question.id])
    for topic in context.categories:
        if topic.id in groups:
            href = context.topic_link("category", topic.id, page).href
            yield views.QuestionGroup(topic.id, topic.name, href, tuple(groups[topic.id]))
    if "" in groups:
        name = "Of no category" if len(groups) > 1 else ""
        yield views.QuestionGroup("of_no_category", name, "", tuple(groups[""]))


def _facet(
    name: str,
    legend: str,
    values: Iterable[tuple[str, str]],
    rows: Iterable[views.StoryRow | views.QuestionRow],
) -> views.Facet:
    """A filter with the values that any row has, the most frequent first."""
    counts: dict[str, int] = {}
    for row in rows:
        for value in dict(row.facets)[name].split():
            counts[value] = counts.get(value, 0) + 1
    options = [views.Option(v, text, counts[v]) for v, text in values if counts.get(v)]
    if name not in ("told", "met"):
        options.sort(key=lambda option: -option.count)
    shown = len(options) if len(options) <= _SHOWN + 1 else _SHOWN
    return views.Facet(name, legend, tuple(options[:shown]), tuple(options[shown:]))


def _slugs(texts: Iterable[str]) -> list[tuple[str, str]]:
    return list({names.slug(text): text for text in texts if text}.items())
