"""The page of coverage: what has a story and what has none, gaps first."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from starbook import urls
from starbook.model import Question, Topic
from starbook.pages import matrix, views
from starbook.pages.context import PageContext, TopicIndex
from starbook.pages.first_run import example_file, front_matter_example
from starbook.pages.lists import group_questions

_MAX_QUESTIONS, _MAX_CANDIDATES = 5, 3
# So many stories are enough for a loop; of more, some can rest.
_ENOUGH = 12


def coverage(context: PageContext) -> views.Coverage:
    """Return the page of coverage, with the gaps first.

    A public edition shows none: a gap may be where a private story is.
    """
    if context.data.nothing_written or not _has_gaps_to_find(context):
        file, lines = example_file(context), front_matter_example(context)
        return views.Coverage(
            **context.page(
                urls.COVERAGE, context.t("nav.coverage"), (context.t("nav.coverage"), "")
            ),
            example=views.Example(file, lines),
        )
    gaps = context.private
    questions = context.open_by_state() if gaps else {}
    lacking = sum(map(len, questions.values()))
    index, counted = context.principles, context.counted_sets.items()
    empty = {name: found for name, some in counted if (found := index.without_story(some))}
    if gaps and empty:
        title = _title_of_principles(context, empty)
    elif lacking:
        title = context.t("coverage.title_questions", count=lacking)
    else:
        title = context.t("coverage.title_covered" if gaps else "nav.coverage")
    return views.Coverage(
        **context.page(urls.COVERAGE, title, (context.t("nav.coverage"), "")),
        principles=tuple(_lines(context, index, chain(*empty.values()))) if gaps else (),
        categories=tuple(_uncovered_categories(context)) if gaps else (),
        questions=tuple(_open_questions(context, questions)),
        loose=tuple(_loose_ends(context)) if gaps else (),
        loop=_loop(context) if gaps else None,
        matrices=tuple(_matrices(context)) if context.data.story_ids else (),
        groups=tuple(_question_groups(context)),
    )


def _matrices(context: PageContext) -> Iterator[views.Matrix]:
    for topics in (context.principles, context.categories):
        if topics.by_id:
            yield matrix.topic_matrix(context, topics)
    if patterns := matrix.pattern_matrix(context):
        yield patterns


def _has_gaps_to_find(context: PageContext) -> bool:
    topics = (*context.principles, *context.categories)
    return bool(context.data.question_ids or topics) or not context.private


def _open_questions(
    context: PageContext, by_state: dict[str, list[Question]]
) -> Iterator[views.OpenQuestions]:
    """Yield the questions that need a story, then those that need an answer."""
    titles = {
        "uncovered": "coverage.uncovered_questions",
        "unanswered": "coverage.unanswered_questions",
    }
    for state, found in by_state.items():
        text = context.t("list.all", count=len(found))
        everything = views.Anchor(f"{urls.QUESTIONS}#coverage={state}", text)
        more = everything if len(found) > _MAX_QUESTIONS else None
        if found:
            first = (
                views.Anchor(urls.question(one.id), one.question) for one in found[:_MAX_QUESTIONS]
            )
            yield views.OpenQuestions(context.t(titles[state]), tuple(first), more)


def _title_of_principles(context: PageContext, empty: dict[str, list[Topic]]) -> str:
    """Return how many principles of each set have no story; sets are not added up."""
    if len(context.counted_sets) == 1:
        (found,) = empty.values()
        return context.t("coverage.title_principles", count=len(found))
    numbers = [
        context.t("coverage.of_set", count=len(found), set=name)
        if name
        else context.t("coverage.of_no_set", count=len(found))
        for name, found in empty.items()
    ]
    return context.t("coverage.title_sets", sets=", ".join(numbers))


def _uncovered_categories(context: PageContext) -> Iterator[views.IndexLine]:
    categories = context.categories
    yield from _lines(context, categories, categories.without_story(categories))


def _lines(
    context: PageContext, topics: TopicIndex, selected: Iterable[Topic]
) -> Iterator[views.IndexLine]:
    """Yield a line for each topic without a story, with the number of its questions."""
    for topic in selected:
        number = len(topics.questions(topic.id))
        none = context.t("coverage.asked", count=number) if number else context.t("topic.no_story")
        href = topics.link(topic.id, urls.COVERAGE).href
        yield views.IndexLine(href, topic.name, "", none)


def _loose_ends(context: PageContext) -> Iterator[views.LooseEnd]:
    stories = context.summaries
    unnamed = sum(not any(ref.to for ref in story.principles) for story in stories)
    if unnamed and context.principles.by_id:
        text = context.t("coverage.no_principle", count=unnamed)
        yield views.LooseEnd(unnamed, "#story-by-principle", text, "")
    yield from count_drafts(context)
    unmeasured = sum(not context.numbers(story) for story in stories)
    if unmeasured:
        href = f"{urls.STORIES}#status=no-number"
        text = context.t("coverage.no_number", count=unmeasured)
        yield views.LooseEnd(unmeasured, href, text, "")
    begun = sum(
        context.has_answer(question) and not context.is_covered(question)
        for question in context.questions
    )
    if begun:
        href = f"{urls.QUESTIONS}#coverage=draft"
        yield views.LooseEnd(begun, href, context.t("coverage.draft_only", count=begun), "")


def count_drafts(context: PageContext) -> Iterator[views.LooseEnd]:
    """Yield a line with the number of drafts, if there are any."""
    drafts = [story for story in context.summaries if not story.ready]
    holes = sum(len(story.holes) for story in drafts)
    if drafts:
        rest = f", {context.t('coverage.blanks', count=holes)}" if holes else ""
        text = context.t("coverage.drafts", count=len(drafts))
        yield views.LooseEnd(len(drafts), f"{urls.STORIES}#status=draft", text, rest)


def topics_to_carry(context: PageContext) -> dict[str, frozenset[str]]:
    """Return the addresses of the topics of each story that is ready, if those are many.

    Stories stand in the order of how many questions they were chosen for.
    """
    ready = [one.id for one in context.summaries if one.ready and not one.resting]
    if len(ready) <= _ENOUGH:
        return {}
    counted = {
        "principle": {topic.id for topics in context.counted_sets.values() for topic in topics},
        "category": set(context.categories.by_id),
    }
    ready.sort(key=lambda ident: -_count_chosen(context, ident))
    return {
        ident: frozenset(
            f"{kind}/{topic}"
            for kind, known in counted.items()
            for topic in context.data.topics_of_story(kind, ident)
            if topic in known
        )
        for ident in ready
    }


def _count_chosen(context: PageContext, story: str) -> int:
    return len(context.data.questions_of_story(story).chosen)


def _loop(context: PageContext) -> views.Loop | None:
    """Return which stories carry a loop and which could rest, or None if there is no choice."""
    topics_of = topics_to_carry(context)
    carrying = context.data.selection.stories
    spare = [ident for ident in reversed(topics_of) if ident not in carrying]
    if not carrying or not spare:
        return None
    key = "coverage.carry" if context.data.selection.is_least else "coverage.carry_perhaps"
    return views.Loop(
        text=context.t(key, count=len(topics_of), few=len(carrying)),
        stories=tuple(
            (context.story_link(ident, urls.COVERAGE), _alone_for(context, ident, topics_of))
            for ident in carrying
        ),
        spare=tuple(
            (context.story_link(ident, urls.COVERAGE), _chosen_for(context, ident))
            for ident in spare
        ),
        spare_label=context.t("coverage.could_rest", count=len(spare)),
    )


def _alone_for(context: PageContext, story: str, topics_of: Mapping[str, frozenset[str]]) -> str:
    """Return `alone for Ownership, Hiring`: what none of the others that carry the loop has."""
    others = (topics_of[one] for one in context.data.selection.stories if one != story)
    alone = sorted(topics_of[story].difference(*others))
    topics = (address.partition("/") for address in alone)
    found = [context.topic_indexes[kind].by_id[ident].name for kind, _, ident in topics]
    return context.t("coverage.alone_for", names=", ".join(found)) if found else ""


def _chosen_for(context: PageContext, story: str) -> str:
    count = _count_chosen(context, story)
    return context.t("coverage.chosen_for", count=count) if count else ""


def _question_groups(context: PageContext) -> Iterator[views.CoverageGroup]:
    """Yield the questions of each category, those without a story first."""
    for name, topic, questions in group_questions(context):
        rows = [_question_row(context, question) for question in questions]
        rows.sort(key=lambda row: 2 if row.ready else 1 if row.drafts else 0)
        if not context.private:
            rows = [row for row in rows if row.ready]
        lacking = sum(not row.ready and not row.drafts for row in rows)
        if rows:
            text = context.t("coverage.open", count=lacking) if lacking else ""
            yield views.CoverageGroup(f"questions-{topic or 'other'}", name, text, tuple(rows))


def _question_row(context: PageContext, question: Question) -> views.CoverageRow:
    """Return the row of a question: its stories, and if none is ready, those that would fit."""
    links = context.data.stories_of_question(question.id)
    ready: list[views.Anchor] = []
    drafts: list[views.Anchor] = []
    for link in links.chosen:
        told = context.story_link(link.id, urls.COVERAGE)
        (ready if context.data.summary(link.id).ready else drafts).append(told)
    if answer := context.answer_link(question, urls.COVERAGE):
        (ready if question.answer and question.answer.ready else drafts).append(answer)
    none = "coverage.no_answer" if question.needs_answer else "coverage.no_story"
    found = () if ready else links.found[:_MAX_CANDIDATES]
    return views.CoverageRow(
        question=context.question_row(question, urls.COVERAGE),
        ready=tuple(ready),
        drafts=tuple(drafts),
        none=context.t(none),
        candidates=tuple(context.story_link(link.id, urls.COVERAGE) for link in found),
    )
