"""A handbook in which no story is written yet: what to do first, and lines to copy."""

import json

from starbook import urls
from starbook.model import STAR
from starbook.pages import views
from starbook.pages.context import PageContext
from starbook.pages.guides import count_questions

# Where a first story can stand, if there is none.
_FIRST_FILE = "stories/my-first-story.md"
_MAX_TEMPLATES = 3


def first_run(context: PageContext) -> views.FirstRun | None:
    """Return the three ways to begin; None once a part of a story is written."""
    if not context.data.nothing_written:
        return None
    draft = next(iter(context.summaries), None)
    lengths = context.data.settings.answer_lengths
    seconds = [lengths[0].seconds_for(kind) if lengths else None for kind in STAR]
    return views.FirstRun(
        file=draft.path if draft else "",
        draft=context.story_link(draft.id, urls.HOME) if draft else None,
        parts=tuple(
            (context.letter(kind, gap=True), context.t("story.seconds", count=number))
            for kind, number in zip(STAR, seconds, strict=True)
            if number
        ),
        templates=context.data.template_names[:_MAX_TEMPLATES],
        here=tuple(_what_is_there(context)),
    )


def _what_is_there(context: PageContext) -> list[views.Anchor]:
    """Return links to what the handbook has already, each with its number."""
    data = context.data
    counts = (
        (urls.QUESTIONS, "count.questions", len(data.question_ids)),
        (urls.CATEGORIES, "ask.categories", len(context.categories.by_id)),
        (urls.PRINCIPLES, "ask.principles", len(context.principles.by_id)),
        (urls.TO_ASK, "first.to_ask", sum(map(count_questions, data.audiences))),
        (urls.GUIDES, "ask.guides", len(data.guides)),
    )
    there = [(page, context.t(key, count=number)) for page, key, number in counts if number]
    return [views.Anchor(page, text) for page, text in there]


def example_file(context: PageContext) -> str:
    """Return the file of the first story, or where it can stand."""
    return next((story.path for story in context.summaries), _FIRST_FILE)


def front_matter_example(context: PageContext) -> str:
    """Return lines for the front matter of a story, with names of this handbook.

    They are those of the first question with a category among those that want a story.
    """
    questions = [one for one in context.questions if not one.needs_answer]
    question = next((one for one in questions if one.categories), next(iter(questions), None))
    named = []
    for topics in (context.categories, context.principles):
        refs = getattr(question, topics.plural, ())
        names = [*topics.names_of(refs), *(topic.name for topic in topics)]
        named += [(topics.plural, name) for name in names[:1]]
    named += [("questions", question.question)] if question else []
    return "\n".join(yaml_list(key, name) for key, name in named)


def yaml_list(key: str, name: str) -> str:
    """Return a line of YAML with a list of one name."""
    return f"{key}: [{json.dumps(name, ensure_ascii=False)}]"
