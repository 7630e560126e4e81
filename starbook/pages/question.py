"""The page of a question: the stories to tell, each with the reason."""

import re
from collections.abc import Iterator, Sequence
from functools import partial

from markupsafe import Markup

from starbook import urls
from starbook.content import timing
from starbook.links import CrossLink, CrossLinks
from starbook.model import STAR, Kind, Question
from starbook.pages import formatting, plain_text, views
from starbook.pages.context import PageContext
from starbook.pages.story import bones
from starbook.pages.tellings import askings_of_question

_MAX_FIGURES = 3
# Stands for the id of a story in lines to paste.
_YOURS = "your-story"
_FOOTNOTE = re.compile(r'( (?:id|href)="#?)(?=fn(?:ref)?_\d)')


def question_page(context: PageContext, ident: str) -> views.QuestionPage:
    """Return the page of a question: chosen stories, then others that fit, and the reasons."""
    question = context.data.question(ident)
    page = urls.question(ident)
    links = context.data.stories_of_question(ident)
    pick = partial(_pick, context, page=page, addresses=context.listeners(question))
    related = context.data.related_questions(ident).all
    steps = ((context.t("nav.questions"), urls.QUESTIONS), *context.category_step(question))
    return views.QuestionPage(
        **context.page(page, question.question, *steps),
        also=question.also,
        categories=context.categories.links(question.categories, page),
        principles=context.principles.links(question.principles, page),
        asked=asked_by(context, question),
        asked_in=askings_of_question(context, ident),
        notes=context.html(question.notes, page, question.path),
        needs_answer=question.needs_answer,
        answer=answer_view(context, question, page),
        answer_path=f"answers/{ident}.md",
        chosen=tuple(pick(link) for link in links.chosen),
        found=tuple(pick(link) for link in links.found),
        more=context.more_link(links, page),
        close=tuple(context.question_cross_link(link, page) for link in related),
        cards=context.print_link(f"question/{ident}", len(context.cards_of_question(ident)), page),
        id=ident,
        pastes=tuple(_pastes(context, question, links))
        if context.private and not question.needs_answer
        else (),
    )


def asked_by(context: PageContext, question: Question) -> str:
    """Return the companies that ask a question, and at which levels, or ""."""
    facts = (("question.companies", question.companies), ("question.levels", question.levels))
    return " · ".join(context.t(key, names=", ".join(found)) for key, found in facts if found)


def _pastes(
    context: PageContext, question: Question, links: CrossLinks
) -> Iterator[views.PasteView]:
    """Yield the lines that choose a story: in its front matter, and in the list of questions.

    The story is the first that was found for the question or the only one there is, else one yet
    to be named.
    """
    ids = [link.id for link in links.found]
    if not ids and len(context.data.story_ids) == 1 and not links.chosen:
        ids = list(context.data.story_ids)
    found = context.data.summary(ids[0]) if ids else None
    if found is None or not found.questions:  # a second `questions:` would be an error
        path = found.path if found else f"stories/{_YOURS}.md"
        yield views.PasteView(path, 1, False, f"questions: [{question.id}]")
    if place := context.data.place(question.id):
        text = f"{place.head}{found.id if found else _YOURS}{place.tail}"
        yield views.PasteView(question.path, place.line, place.replaces, text)


def preview(context: PageContext, ident: str) -> views.Preview:
    """Return what the pages of questions show of the words of a story."""
    story = context.data.story(ident)
    return views.Preview(context.answer_time(story), bones(context, story, STAR))


def answer_view(context: PageContext, question: Question, page: str) -> views.AnswerView | None:
    """Return the prepared answer to a question for the page at `page`, if there is one."""
    answer = question.answer
    if answer is None:
        return None
    card = ""
    if context.shows("cards") and context.stories_to_tell(question.id):  # else the page prints it
        card = context.cards_url(f"stories={urls.answer_card(question.id)}", page)
    seconds = context.speaking_time([answer.section])
    clock = formatting.clock(seconds)
    html, *notes, footnotes = (
        _with_own_ids(context.html(prose, page, answer.path)) for prose in answer.proses()
    )
    kinds = [note.kind for note in answer.notes]
    labelled = [
        views.NoteView(kind, context.t(f"note.{kind}"), note)
        for kind, note in zip(kinds, notes, strict=True)
    ]
    public = context.t("story.public" if answer.ready else "story.public_once_ready")
    return views.AnswerView(
        html=html,
        say=tuple(note.html for note in labelled if note.kind == "phrases"),
        coaching=tuple(note for note in labelled if note.kind != "phrases"),
        footnotes=footnotes,
        aloud=context.t("story.speaking_time", time=clock) if seconds else "",
        planned=context.planned(answer.seconds),
        verdict=context.verdict(timing.judge_answer(answer, seconds)),
        draft=context.blanks_label(answer.holes),
        published=public if answer.publish and context.private else "",
        source=answer.path if context.private else "",
        card=card,
        text=context.copy_text(partial(plain_text.answer_text, answer)),
    )


def _with_own_ids(html: Markup) -> Markup:
    """Return the HTML of an answer with ids of footnotes that those in the notes do not have."""
    return Markup(_FOOTNOTE.sub(r"\1answer_", str(html)))


def _pick(context: PageContext, link: CrossLink, page: str, addresses: Sequence[str]) -> views.Pick:
    """Return a story to tell, with its angles for the question and what that belongs to."""
    story, words = context.data.summary(link.id), context.data.preview(link.id)
    kinds = STAR if link.chosen else (Kind.RESULT,) if story.ready else STAR[:1]
    clock = formatting.clock(words.seconds)
    return views.Pick(
        href=urls.relative(page, urls.story(story.id)),
        id=story.id,
        title=story.title,
        chosen=link.chosen,
        note=link.note,
        why=context.reason(link),
        aloud=context.t("story.speaking_time", time=clock) if story.ready else "",
        draft=context.status_label(story),
        letters=() if story.ready else context.letters(story),
        missing=context.missing(story),
        bones=tuple(bone for bone in words.bones if bone.letter.hue in [kind[0] for kind in kinds]),
        numbers=context.numbers(story, _MAX_FIGURES),
        angles=context.angles(story, addresses, page, own=addresses[0]),
    )
