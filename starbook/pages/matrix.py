"""Tables of stories by category, by principle and by pattern, emptiest column first."""

from collections.abc import Callable, Iterable

from starbook import urls
from starbook.model import Kind, Pattern, Story
from starbook.pages import views
from starbook.pages.context import PageContext, TopicIndex

# The patterns that a story shows by itself, by the part that shows it; a number shows depth.
_PARTS = {Pattern.REFLECTION: Kind.REFLECTION, Pattern.RISK: Kind.RISK}


def topic_matrix(context: PageContext, topics: TopicIndex) -> views.Matrix:
    """Return the table of stories by category or by principle."""
    stories_of = {topic.id: {p.story for p in topics.stories(topic.id)} for topic in topics}
    columns = [
        (ident, views.Column(topics.url(ident), topics.by_id[ident].name, len(stories)))
        for ident, stories in stories_of.items()
        if context.private or stories
    ]

    def mark(story: Story, ident: str) -> str:
        return _readiness(story) if story.id in stories_of[ident] else ""

    return _matrix(context, topics.kind, columns, context.summaries, mark)


def pattern_matrix(context: PageContext) -> views.Matrix | None:
    """Return the table of stories by pattern: what each shows by itself, and what was ticked.

    A public edition has the stories whose patterns are published, and none without them.
    """
    stories = [one for one in context.summaries if context.private or one.patterns.publish]
    marks = {
        story.id: {pattern: _shown(context, story, pattern) for pattern in Pattern}
        for story in stories
    }
    counts = {pattern: sum(bool(one[pattern]) for one in marks.values()) for pattern in Pattern}
    columns = [
        (str(pattern), views.Column("", context.t(f"pattern.{pattern}"), count))
        for pattern, count in counts.items()
        if context.private or count
    ]

    def mark(story: Story, pattern: str) -> str:
        return marks[story.id][Pattern(pattern)]

    return _matrix(context, "pattern", columns, stories, mark) if columns and stories else None


def _shown(context: PageContext, story: Story, pattern: Pattern) -> str:
    """Return whether the text of a story shows a pattern, the person ticked it, or neither."""
    kind = _PARTS.get(pattern)
    parts = story.parts(kind) if kind else ()
    has_part = any(part.body.text.strip() and not part.holes for part in parts)
    if has_part or (pattern is Pattern.DEPTH and context.numbers(story)):
        return "shown"
    return "ticked" if pattern in story.patterns.ticked else ""


def _readiness(story: Story) -> str:
    return "ready" if story.ready else "draft"


def _matrix(
    context: PageContext,
    name: str,
    columns: list[tuple[str, views.Column]],
    stories: Iterable[Story],
    mark: Callable[[Story, str], str],
) -> views.Matrix:
    """Return the table with a mark for each story in each column."""
    columns.sort(key=lambda column: column[1].count)
    rows: list[tuple[int, views.MatrixRow]] = []
    left_out: list[views.Anchor] = []
    for story in stories:
        cells = tuple(mark(story, ident) for ident, _ in columns)
        link = context.story_link(story.id, urls.COVERAGE)
        if any(cells):
            first = next(at for at, cell in enumerate(cells) if cell)
            rows.append((first, views.MatrixRow(link.href, link.text, cells)))
        else:
            left_out.append(link)
    heads = tuple(column for _, column in columns)
    return views.Matrix(
        id=f"story-by-{name}",
        title=context.t(f"coverage.stories_by_{name}"),
        note=context.t(f"coverage.note_{name}", count=len(rows)),
        columns=heads,
        rows=tuple(row for _, row in sorted(rows, key=lambda row: row[0])),
        lists=tuple(
            (head, tuple((row, row.cells[at]) for _, row in rows if row.cells[at]))
            for at, head in enumerate(heads)
            if head.count or not head.href  # topics without a story stand among the gaps
        ),
        left_out=tuple(left_out),
        left_out_label=context.t(f"coverage.without_{name}", count=len(left_out)),
    )
