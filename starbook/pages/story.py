"""The page of a story: its sections, and the summary and links around them."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from markupsafe import Markup
from msgspec.structs import replace

from starbook import urls
from starbook.content import timing
from starbook.content.timing import SPOKEN
from starbook.model import STAR, Item, Kind, Prose, Section, Story
from starbook.pages import coach, formatting, levels, plain_text, views
from starbook.pages.context import PageContext
from starbook.pages.tellings import tellings_of_story
from starbook.text import names

_WEAK = frozenset({"weak", "why it fails"})
_STRONG = frozenset({"strong", "key line"})
_FORMS = {
    Kind.FOLLOW_UPS: "probes",
    Kind.WEAK: "weak",
    Kind.QUIZ: "quiz",
    Kind.ANGLES: "angles",
    Kind.LEVELS: "levels",
}
_MAX_SENTENCE = 170


def story_page(context: PageContext, ident: str) -> views.StoryPage:
    """Return the page of a story."""
    data = context.data
    story = data.story(ident)
    path = urls.story(ident)
    before, after = formatting.neighbours(
        data.story_ids, data.story_positions[ident], lambda other: data.summary(other).title
    )
    remarks = coach.numbered(context, story)
    text = story_text(context, story, path, remarks)
    shown = levels.with_reflections(context, story, text.sections, path)
    text, level = replace(text, sections=shown), levels.fold(context, story, shown, path)
    steps = ((context.t("nav.stories"), urls.STORIES), *context.category_step(story), (ident, ""))
    published = context.t("story.public" if story.ready else "story.public_once_ready")
    questions, stories = data.questions_of_story(ident), data.related_stories(ident)
    return views.StoryPage(
        **context.page(path, story.title, *steps),
        source=story.path if context.private else "",
        story=text,
        published=published if story.publish and context.private else "",
        text=context.copy_text(partial(plain_text.story_text, story)),
        card=context.cards_url(f"stories={ident}", path) if context.shows("cards") else "",
        practice=_practice_url(context, ident, path),
        digest=timing.digest(story) if context.shows("practice") else "",
        tags=tuple(context.filter_link("tag", tag, path) for tag in story.tags),
        thumbs=tuple(_thumb(context, story, kind) for kind in STAR),
        toc=tuple(_table_of_contents(context, text.sections, level)),
        remarks=tuple(view for remark, view in remarks if not remark.section),
        remarked=context.t("coach.remarks", count=len(remarks)) if remarks else "",
        level=level,
        questions=views.CrossLinkList(
            tuple(context.question_cross_link(link, path) for link in questions.all),
            context.more_link(questions, path, "#questions"),
        ),
        stories=views.CrossLinkList(
            tuple(context.story_cross_link(link, path) for link in stories.all),
            context.more_link(stories, path),
        ),
        told=tellings_of_story(context, ident),
        before=before,
        after=after,
    )


def story_text(
    context: PageContext, story: Story, path: str, remarks: Sequence[coach.Numbered] = ()
) -> views.StoryText:
    """Return the facts, numbers and sections of a story for the page at `path`."""
    seconds = context.answer_time(story)
    planned = timing.planned_total(context.answer_length(story), story.sections)
    return views.StoryText(
        id=story.id,
        title=story.title,
        headline=story.headline,
        level=context.filter_link("level", story.level, path) if story.level else None,
        company=story.company,
        date=story.date,
        aloud=context.t("story.speaking_time", time=formatting.clock(seconds)) if seconds else "",
        planned=context.planned(planned),
        verdict=context.verdict(timing.judge_story(story, seconds, planned)),
        draft=context.status_label(story),
        numbers=context.numbers(story),
        categories=context.categories.links(story.categories, path),
        principles=context.principles.links(story.principles, path),
        opening=context.html(story.opening, path, story.path),
        sections=tuple(
            coach.with_remarks(_section(context, story, section, path), remarks)
            for section in story.sections
        ),
    )


def _practice_url(context: PageContext, ident: str, path: str) -> str:
    return f"{urls.relative(path, urls.PRACTICE)}#tell={ident}" if context.shows("practice") else ""


def _thumb(context: PageContext, story: Story, kind: Kind) -> views.ThumbView:
    """Return the letter of a part, as tall as its planned time or else its speaking time."""
    parts = story.parts(kind)
    length = context.answer_length(story)
    seconds = sum(timing.planned_seconds(length, part) or 0 for part in parts)
    seconds = seconds or context.speaking_time(parts)
    return views.ThumbView(
        context.letter(kind, kind in story.missing),
        href=f"#{parts[0].id}" if parts else "",
        time=context.t("story.seconds", count=seconds) if seconds else "",
        size=min(max(math.ceil(seconds / 10), 1), 12),  # a step each ten seconds
    )


def _table_of_contents(
    context: PageContext, sections: Sequence[views.SectionView], level: views.LevelFold | None
) -> Iterator[views.IndexLine]:
    """Yield a line for each section without a letter, with its time or the number of its items."""
    for place, section in enumerate(sections):
        if level and place == level.place:
            yield views.IndexLine("#_level", context.t("level.level"), level.not_said)
        if not section.letter:
            count = str(len(section.items) or "") if section.form != "weak" else ""
            yield views.IndexLine(f"#{section.id}", section.heading, section.planned or count)
    if level and level.place == len(sections):
        yield views.IndexLine("#_level", context.t("level.level"), level.not_said)
    yield views.IndexLine("#links", context.t("story.questions"), "")


def _section(context: PageContext, story: Story, section: Section, path: str) -> views.SectionView:
    html = partial(context.html, page=path, source=story.path)
    spoken = section.kind in SPOKEN
    planned = timing.planned_seconds(context.answer_length(story), section) if spoken else None
    seconds = context.speaking_time([section]) if spoken else 0
    notes = [
        views.NoteView(n.kind, context.t(f"note.{n.kind}"), html(n.body)) for n in section.notes
    ]
    coaching = tuple(note for note in notes if note.kind != "phrases")
    kinds = {note.kind for note in coaching}
    label = "note.coaching_and_mistakes" if len(kinds) > 1 else f"note.{''.join(kinds)}"
    gap = bool(section.holes)
    return views.SectionView(
        form=_FORMS.get(section.kind, "text"),
        id=section.id,
        heading=context.heading(section),
        letter=context.letter(section.kind, gap) if section.kind in STAR else None,
        planned=context.t("story.seconds", count=planned) if planned else "",
        seconds=planned,
        aloud=context.t("story.speaking_seconds", count=seconds) if seconds else "",
        verdict=context.verdict(timing.judge_section(section, seconds, planned)),
        html=html(section.body),
        say=tuple(note.html for note in notes if note.kind == "phrases"),
        coaching=coaching,
        coaching_label=context.t(label) if coaching else "",
        items=tuple(item_view(context, section.kind, item, path, html) for item in section.items),
    )


def item_view(
    context: PageContext, kind: Kind, item: Item, path: str, html: Callable[[Prose], Markup]
) -> views.ItemView:
    """Return an entry of a section for the page at `path`."""
    notes = [views.NoteView(field.name, field.label, html(field.body)) for field in item.fields]
    weak, strong = (_WEAK, _STRONG) if kind is Kind.FOLLOW_UPS else (frozenset(), frozenset())
    address = item.ref.to if item.ref else ""
    listener = context.listener(address, path)
    # An id is shown as the name that it stands for, any other heading as it was written.
    is_id = listener.text and names.key(item.title.text) in (address, address.rpartition("/")[2])
    return views.ItemView(
        title=listener.text if is_id else html(item.title),
        href=listener.href,
        shape="" if address.startswith(("category/", "question/")) else "principle",
        lead=html(item.body),
        notes=tuple(note for note in notes if note.kind not in weak | strong),
        weak=tuple(note for note in notes if note.kind in weak),
        strong=tuple(note for note in notes if note.kind in strong),
        choices=tuple(views.ChoiceView(html(one.text), one.right) for one in item.choices),
    )


def bones(context: PageContext, story: Story, kinds: Iterable[Kind]) -> tuple[views.Bone, ...]:
    """Return parts of a story in a sentence each, or the placeholder of one not yet written."""
    shown = []
    for kind in kinds:
        for section in story.parts(kind)[:1]:
            hole = bool(section.holes)
            text = section.holes[0].strip("[]") if hole else _first_sentence(section.body.text)
            shown.append(views.Bone(context.letter(kind, hole), text, hole))
    return tuple(shown)


def _first_sentence(text: str) -> str:
    """Return the first sentence of `text`, cut after a word if it is too long."""
    line, _, rest = text.strip().partition("\n")
    if line.endswith(":"):  # the introduction of a list says little without its first entry
        line = f"{line} {rest.partition(chr(10))[0]}"
    for end in (". ", "! ", "? ", "。"):
        line = line.split(end)[0] + end.strip() if end in line else line
    if len(line) <= _MAX_SENTENCE:
        return line
    return line[:_MAX_SENTENCE].rsplit(" ", 1)[0].rstrip(",;:–-") + "…"
