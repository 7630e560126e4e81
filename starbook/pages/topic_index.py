"""The lists of categories and of principles: what each is about, its best story, and its gaps."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

from starbook import urls
from starbook.model import Story, Topic
from starbook.pages import views
from starbook.pages.context import PageContext, TopicIndex
from starbook.pages.topic import set_names
from starbook.text import sentences

# The wordings that say what a topic is about, where nothing else does.
_MOST_WORDINGS = 5


def topic_list(context: PageContext, topics: TopicIndex) -> views.TopicList:
    """Return the list of all categories, or of all principles by set."""
    title, page, chosen = context.topics_title(topics), topics.list_path, "all"
    sets = context.principle_sets if topics is context.principles else {"": list(topics)}
    groups = tuple(_group(context, topics, name, some) for name, some in sets.items() if some)
    if topics is context.principles and context.chosen_set and groups:
        chosen = groups[0].id
    return views.TopicList(
        **context.page(page, title, (title, "")),
        form=topics.kind,
        groups=groups,
        chosen=chosen,
        has_best=any(row.best or row.none for group in groups for row in group.rows),
    )


def _group(
    context: PageContext, topics: TopicIndex, name: str, some: list[Topic]
) -> views.TopicRows:
    """Return the rows of a set, those without a story first, then those with the most."""
    rows = [_row(context, topics, topic) for topic in some]
    counts = [len(topics.stories(topic.id)) for topic in some]
    order = sorted(
        range(len(some)), key=lambda at: (counts[at] > 0 and context.private, -counts[at])
    )
    ident, shown = set_names(context, name) if topics is context.principles else ("", "")
    covered = ""
    if context.private:
        covered = context.t("topic.covered", count=topics.covered(some), total=len(some))
    return views.TopicRows(shown, tuple(rows[at] for at in order), ident, covered)


def _row(context: PageContext, topics: TopicIndex, topic: Topic) -> views.TopicRow:
    first, *rest = sentences.split(topic.about) or [""]
    if not first and topic.asked_as:
        wordings = "; ".join(topic.asked_as[:_MOST_WORDINGS])
        rest = [context.t("topic.asked_as", wordings=wordings)]
    placed = [context.data.summary(place.story) for place in topics.stories(topic.id)]
    best = _best(context, topics, topic, placed)
    is_gap = not placed and context.private and not context.data.nothing_written
    return views.TopicRow(
        href=topics.link(topic.id, topics.list_path).href,
        text=topic.name,
        about=first,
        more=" ".join(rest),
        best=context.story_link(best.id, topics.list_path) if best else None,
        numbers=context.numbers(best, 1) if best else views.Numbers((), ()),
        none=context.t("topic.no_story_assigned") if is_gap else "",
        guess=_guess(context, topics, topic) if is_gap else None,
        stories=_count_stories(context, placed),
        questions=_questions(context, topics, topic),
    )


def _best(
    context: PageContext, topics: TopicIndex, topic: Topic, placed: Iterable[Story]
) -> Story | None:
    """Return the story that is ready, chosen for most questions of the topic, and has numbers.

    One that rests is the best only among others that rest.
    """
    chosen = Counter(
        link.id for ident in topics.questions(topic.id) for link in context.data.chosen_for(ident)
    )
    return max(
        placed,
        key=lambda one: (
            not one.resting,
            one.ready,
            chosen[one.id],
            bool(one.figures),
            bool(context.numbers(one)),
        ),
        default=None,
    )


def _count_stories(context: PageContext, placed: list[Story]) -> str:
    """Return `3 stories, 1 a draft`; no page says that there is none before one is written.

    Nor does a public edition.
    """
    if not placed and (not context.private or context.data.nothing_written):
        return ""
    drafts = sum(not story.ready for story in placed)
    text = context.t("count.stories", count=len(placed))
    if not drafts or not context.private:
        return text
    return context.t("topic.with_drafts", stories=text, count=drafts)


def _questions(context: PageContext, topics: TopicIndex, topic: Topic) -> views.Anchor | None:
    """Return how many questions of a topic are uncovered, with the link to them.

    Without a gap, it is their number, and no link; so it is before a story is written.
    """
    asked = [context.data.question(ident) for ident in topics.questions(topic.id)]
    tells_gaps = context.private and not context.data.nothing_written
    lacking = sum(not context.has_answer(one) for one in asked) if tells_gaps else 0
    if not asked:
        return None
    if not lacking:
        return views.Anchor("", context.t("count.questions", count=len(asked)))
    href = urls.relative(topics.list_path, urls.QUESTIONS)
    href += f"#coverage=uncovered,unanswered&{topics.kind}={topic.id}"
    return views.Anchor(href, context.t("topic.uncovered", lacking=lacking, count=len(asked)))


def _guess(context: PageContext, topics: TopicIndex, topic: Topic) -> views.TopicGuess | None:
    """Return the story that might fit a topic without one, with the reason; None without one.

    It is told for a question of the topic, shares words with one, or has the name as a tag.
    """
    reasons = chain(_told_for_questions(context, topics, topic), _tagged(context, topic))
    story, question, why = next(reasons, ("", "", ""))
    if not story:
        return None
    link = context.story_link(story, topics.list_path)
    return views.TopicGuess(link.href, link.text, question, why)


def _told_for_questions(
    context: PageContext, topics: TopicIndex, topic: Topic
) -> Iterator[tuple[str, str, str]]:
    """Yield stories with a question of the topic and the reason: the chosen ones first."""
    asked = [context.data.question(ident) for ident in topics.questions(topic.id)]
    for one in asked:
        for link in context.data.chosen_for(one.id):
            yield link.id, one.question, context.t("reason.chosen")
    for one in asked:
        for link in context.data.stories_of_question(one.id).found:
            if link.words:
                yield link.id, one.question, context.reason(link)


def _tagged(context: PageContext, topic: Topic) -> Iterator[tuple[str, str, str]]:
    called = {name.casefold() for name in (topic.name, *topic.aliases)}
    for story in context.summaries:
        for tag in story.tags:
            if tag.casefold() in called:
                yield story.id, "", context.t("reason.tag", name=tag)
