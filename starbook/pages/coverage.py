"""The page of coverage: what has a story and what has none, gaps first."""

from collections.abc import Iterator

from starbook import urls
from starbook.model import Story, Topic
from starbook.pages import formatting, views
from starbook.pages.context import PageContext, TopicIndex

_LISTED = 3


def coverage(context: PageContext) -> views.Coverage:
    """What is met and what is not, gaps first."""
    page = urls.COVERAGE
    gaps = context.private  # a gap in a public edition may be where a private story is
    open_ = [q for q in context.questions if gaps and not context.data.chosen_for(q.id)]
    everything = views.Anchor(f"{urls.QUESTIONS}#met=open", f"All {len(open_)}")
    return views.Coverage(
        path=page,
        frame=context.frame(page),
        crumbs=context.crumbs(page, ("Coverage", "")),
        title=_coverage_title(context, len(open_)) if gaps else "Coverage",
        principles=tuple(_bare(context, context.principles)) if gaps else (),
        categories=tuple(_bare(context, context.categories)) if gaps else (),
        questions=tuple(
            views.Anchor(urls.question(q.id), q.question) for q in open_[: _LISTED + 2]
        ),
        all_questions=everything if len(open_) > _LISTED + 2 else None,
        loose=tuple(_loose(context)) if gaps else (),
        matrices=tuple(_matrices(context)),
        rows=tuple(
            row for row in sorted(_coverage_rows(context), key=_gap_first) if gaps or row.ready
        ),
    )


def _coverage_title(context: PageContext, open_: int) -> str:
    bare = len(context.principles.without_story)
    if bare:
        return f"{formatting.count(bare, 'principle has', 'principles have')} no story"
    if open_:
        return f"{formatting.count(open_, 'question has', 'questions have')} no story"
    return "Everything has a story"


def _bare(context: PageContext, shelf: TopicIndex) -> Iterator[views.IndexLine]:
    """Those without a story, with how many questions ask for one."""
    for topic in shelf.without_story:
        asked = len(shelf.questions(topic.id))
        none = f"{formatting.count(asked, 'question')} asked" if asked else "no story"
        href = context.topic_link(shelf.form, topic.id, urls.COVERAGE).href
        yield views.IndexLine(href, topic.name, "", none)


def _loose(context: PageContext) -> Iterator[views.LooseEnd]:
    stories = context.summaries
    nameless = sum(1 for story in stories if not any(ref.to for ref in story.principles))
    if nameless and context.principles.topics:
        text = "names no principle" if nameless == 1 else "name no principle"
        yield views.LooseEnd(nameless, "#story-by-principle", text, "")
    yield from drafts(context)
    numberless = sum(1 for story in stories if not context.figures(story))
    if numberless:
        href = f"{urls.STORIES}#told=no-number"
        text = "has no number" if numberless == 1 else "have no number"
        yield views.LooseEnd(numberless, href, text, " in the Result")


def drafts(context: PageContext) -> Iterator[views.LooseEnd]:
    """Yield a line that counts the drafts, if there are any."""
    found = [story for story in context.summaries if not story.ready]
    holes = sum(len(story.holes) for story in found)
    if found:
        rest = f" with {holes} to fill in" if holes else ""
        href = f"{urls.STORIES}#told=draft"
        yield views.LooseEnd(len(found), href, formatting.plural(len(found), "draft"), rest)


def _matrices(context: PageContext) -> Iterator[views.Matrix]:
    for shelf in (context.principles, context.categories):
        if shelf.topics and context.data.story_ids:
            yield _matrix(context, shelf)


def _matrix(context: PageContext, shelf: TopicIndex) -> views.Matrix:
    page = urls.COVERAGE
    shown = [topic for topic in shelf if context.private or shelf.stories(topic.id)]
    under = {topic.id: {p.story for p in shelf.stories(topic.id)} for topic in shelf}
    columns = sorted(shown, key=lambda topic: len(under[topic.id]))
    rows: list[tuple[int, views.MatrixRow]] = []
    left_out: list[views.Anchor] = []
    for story in context.summaries:
        mark = "ready" if story.ready else "draft"
        cells = tuple(mark if story.id in under[topic.id] else "" for topic in columns)
        here = context.story_link(story.id, page)
        if mark in cells:
            row = views.MatrixRow(here.href, story.id, story.title, cells)
            rows.append((cells.index(mark), row))
        else:
            left_out.append(here)
    named = formatting.count(len(rows), "story names", "stories name")
    unplaced = formatting.count(len(left_out), "story", "stories")
    return views.Matrix(
        id=f"story-by-{shelf.form}",
        title=f"Story by {shelf.form}",
        note=f"{named} a {shelf.form}. Emptiest column first.",
        columns=tuple(_column(context, shelf, topic, len(under[topic.id])) for topic in columns),
        rows=tuple(row for _, row in sorted(rows, key=lambda row: row[0])),
        left_out=tuple(left_out),
        left_out_label=f"{unplaced} under no {shelf.form}",
    )


def _column(context: PageContext, shelf: TopicIndex, topic: Topic, number: int) -> views.Column:
    href = context.topic_link(shelf.form, topic.id, urls.COVERAGE).href
    return views.Column(href, topic.name, number)


def _coverage_rows(context: PageContext) -> Iterator[views.CoverageRow]:
    page = urls.COVERAGE
    for question in context.questions:
        ties = context.data.stories_of_question(question.id)
        chosen = [context.data.summary(tie.id) for tie in ties.chosen]
        yield views.CoverageRow(
            question=context.question_row(question, page),
            ready=tuple(_by_id(story, page) for story in chosen if story.ready),
            drafts=tuple(_by_id(story, page) for story in chosen if not story.ready),
            candidates=tuple(_by_id(context.data.summary(tie.id), page) for tie in ties.found),
        )


def _by_id(story: Story, page: str) -> views.Anchor:
    return views.Anchor(urls.relative(page, urls.story(story.id)), story.id)


def _gap_first(row: views.CoverageRow) -> int:
    return 2 if row.ready else 1 if row.drafts else 0
