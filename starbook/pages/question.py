"""The page of a question: the stories to tell, each with the reason."""

from starbook import urls
from starbook.links import CrossLink
from starbook.model import STAR, Kind, Question
from starbook.pages import formatting, views
from starbook.pages.context import PageContext
from starbook.pages.story import bones

_PICKED_FIGURES = 3


def question_page(context: PageContext, ident: str) -> views.QuestionPage:
    """A question: the chosen stories first, then others that fit, each with the reason."""
    question = context.data.question(ident)
    page = urls.question(ident)
    ties = context.data.stories_of_question(question.id)
    first = next((ref.to for ref in question.categories if ref.to), "")
    steps = [("Questions", urls.QUESTIONS)]
    if first:
        steps.append((context.categories.topics[first].name, urls.category(first)))
    return views.QuestionPage(
        path=page,
        frame=context.frame(page),
        crumbs=context.crumbs(page, *steps),
        title=question.question,
        id=question.id,
        also=question.also,
        categories=context.chips(question.categories, page),
        principles=context.chips(question.principles, page, "principle"),
        asked=_asked_at(question),
        notes=context.html(question.notes, page, question.path),
        chosen=tuple(_pick(context, tie, page) for tie in ties.chosen),
        found=tuple(_pick(context, tie, page) for tie in ties.found),
        more=context.more(ties, page, stories=True),
        close=tuple(
            context.question_tie(tie, page)
            for tie in context.data.related_questions(question.id).all
        ),
        cards=context.print_cards(
            f"question/{question.id}", len(context.stories_to_tell(question.id)), page
        ),
    )


def _asked_at(question: Question) -> str:
    where = f"asked at {', '.join(question.companies)}" if question.companies else ""
    level = f"for {', '.join(question.levels)}" if question.levels else ""
    return ", ".join(filter(None, (where, level)))


def _pick(context: PageContext, tie: CrossLink, page: str) -> views.Pick:
    story = context.data.story(tie.id)
    aloud = context.aloud(story)
    kinds = STAR if tie.chosen else (Kind.RESULT,) if story.ready else STAR[:1]
    return views.Pick(
        href=urls.relative(page, urls.story(story.id)),
        id=story.id,
        title=story.title,
        chosen=tie.chosen,
        note=tie.note,
        why=context.why(tie),
        aloud=f"{formatting.clock(aloud)} aloud" if story.ready else "",
        draft=formatting.draft_label(story),
        letters=() if story.ready else context.letters(story),
        missing=formatting.missing(story),
        bones=bones(story, kinds),
        figures=context.figures(story)[:_PICKED_FIGURES],
    )
