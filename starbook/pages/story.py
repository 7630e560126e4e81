"""The page of a story: from its sections to what a reader sees at a glance."""

from collections.abc import Iterable

from starbook import urls
from starbook.model import STAR, AnswerLength, Field, Item, Kind, Prose, Section, Story
from starbook.pages import formatting, views
from starbook.pages.context import SPOKEN, PageContext

_LABELS = {"phrases": "Say", "coaching": "Coaching", "mistake": "Mistake"}
_WEAK = frozenset({"weak", "why it fails"})
_STRONG = frozenset({"strong", "key line"})
_AROUND_FORMS = {
    Kind.FOLLOW_UPS: "probes",
    Kind.WEAK: "weak",
    Kind.QUIZ: "quiz",
    Kind.ANGLES: "angles",
    Kind.LEVELS: "levels",
}
# An answer that is longer than planned by less than this is not worth a word.
_TOLERANCE = 1.1


def story_page(context: PageContext, ident: str) -> views.StoryPage:
    """Everything that the page of one story shows."""
    story = context.data.story(ident)
    before, after = _neighbours(context, ident)
    path = urls.story(story.id)
    level = views.Anchor(context.filtered(path, "level", story.level), story.level)
    tags = (views.Anchor(context.filtered(path, "tag", tag), tag) for tag in story.tags)
    aloud = context.aloud(story)
    sections = tuple(_section(context, story, section, path) for section in story.sections)
    return views.StoryPage(
        path=path,
        frame=context.frame(path),
        crumbs=_crumbs(context, story, path),
        id=story.id,
        title=story.title,
        headline=story.headline,
        level=level if story.level else None,
        company=story.company,
        date=story.date,
        aloud=f"{formatting.clock(aloud)} aloud" if aloud else "",
        draft=formatting.draft_label(story),
        published=_published(story) if context.private else "",
        card=context.cards(f"stories={story.id}", path) if context.shows("cards") else "",
        figures=context.figures(story),
        categories=context.chips(story.categories, path),
        principles=context.chips(story.principles, path, "principle"),
        tags=tuple(tags),
        thumbs=_thumbs(context, story),
        toc=_toc(sections),
        opening=context.html(story.opening, path, story.path),
        sections=sections,
        questions=_questions(context, story, path),
        stories=_stories(context, story, path),
        before=before,
        after=after,
    )


def _neighbours(
    context: PageContext, ident: str
) -> tuple[views.Anchor | None, views.Anchor | None]:
    ids = context.data.story_ids
    position = context.data.story_positions[ident]
    around = (position - 1, position + 1)
    links = [
        views.Anchor(f"{ids[at]}.html", context.data.summary(ids[at]).title)
        if 0 <= at < len(ids)
        else None
        for at in around
    ]
    return links[0], links[1]


def _published(story: Story) -> str:
    """What the person should know of a story that others may read."""
    if not story.publish:
        return ""
    return "Public" if story.ready else "Public once ready"


def _crumbs(context: PageContext, story: Story, path: str) -> tuple[views.Anchor, ...]:
    first = next((ref.to for ref in story.categories if ref.to), "")
    steps = [("Stories", urls.STORIES)]
    if first:
        steps.append((context.categories.topics[first].name, urls.category(first)))
    return context.crumbs(path, *steps, (story.id, ""))


def _thumbs(context: PageContext, story: Story) -> tuple[views.ThumbView, ...]:
    thumbs = []
    for kind in STAR:
        parts = story.parts(kind)
        seconds = sum(_planned(context.length(story), part) or 0 for part in parts)
        seconds = seconds or context.seconds_aloud(parts)
        href = f"#{parts[0].id}" if parts else ""
        shown = formatting.letter(kind, kind in story.missing)
        time = f"{seconds} s" if seconds else ""
        thumbs.append(views.ThumbView(shown, href, time, formatting.size(seconds)))
    return tuple(thumbs)


def _planned(length: AnswerLength | None, section: Section) -> int | None:
    """The time for a section: the one on its heading, else the one the answer length gives."""
    if section.seconds is not None or length is None:
        return section.seconds
    return length.seconds_for(section.kind)


def _toc(sections: Iterable[views.SectionView]) -> tuple[views.TocView, ...]:
    lines = [
        views.TocView(f"#{s.id}", s.heading, s.planned or _number(s))
        for s in sections
        if not s.letter
    ]
    return (*lines, views.TocView("#links", "Where it serves", ""))


def _number(section: views.SectionView) -> str:
    return str(len(section.items)) if section.items and section.form != "weak" else ""


def _section(context: PageContext, story: Story, section: Section, path: str) -> views.SectionView:
    starred = section.kind in STAR
    planned = _planned(context.length(story), section) if section.kind in SPOKEN else None
    aloud = context.seconds_aloud([section]) if section.kind in SPOKEN else 0
    notes = [_note(context, story, note.kind, note.body, path) for note in section.notes]
    coaching = tuple(note for note in notes if note.kind != "phrases")
    return views.SectionView(
        form=_AROUND_FORMS.get(section.kind, "text"),
        id=section.id,
        heading=section.heading,
        letter=formatting.letter(section.kind, bool(section.holes)) if starred else None,
        planned=f"{planned} s" if planned else "",
        seconds=planned,
        aloud=f"{aloud} s aloud" if aloud else "",
        over=_over(aloud, planned),
        html=context.html(section.body, path, story.path),
        say=tuple(note.html for note in notes if note.kind == "phrases"),
        coaching=coaching,
        coaching_label=" and ".join(dict.fromkeys(_fold_word(note) for note in coaching)),
        items=tuple(_item(context, story, section.kind, item, path) for item in section.items),
    )


def _over(aloud: int, planned: int | None) -> str:
    if not planned or aloud <= planned * _TOLERANCE:
        return ""
    return f"{aloud - planned} s over"


def _fold_word(note: views.NoteView) -> str:
    return "Coaching" if note.kind == "coaching" else "a mistake"


def _note(context: PageContext, story: Story, kind: str, body: Prose, path: str) -> views.NoteView:
    return views.NoteView(kind, _LABELS[kind], context.html(body, path, story.path))


def _item(context: PageContext, story: Story, kind: Kind, item: Item, path: str) -> views.ItemView:
    notes = [_field(context, story, field, path) for field in item.fields]
    paired = kind is Kind.FOLLOW_UPS
    sides = _WEAK | _STRONG if paired else frozenset[str]()
    href = ""
    if item.ref and item.ref.to:
        href = context.topic_link("principle", item.ref.to, path).href
    return views.ItemView(
        title=context.html(item.title, path, story.path),
        href=href,
        lead=context.html(item.body, path, story.path),
        notes=tuple(note for note in notes if note.kind not in sides),
        weak=tuple(note for note in notes if paired and note.kind in _WEAK),
        strong=tuple(note for note in notes if paired and note.kind in _STRONG),
    )


def _field(context: PageContext, story: Story, field: Field, path: str) -> views.NoteView:
    return views.NoteView(field.name, field.label, context.html(field.body, path, story.path))


def _questions(context: PageContext, story: Story, path: str) -> views.Ties:
    ties = context.data.questions_of_story(story.id)
    return views.Ties(
        tuple(context.question_tie(tie, path) for tie in ties.all),
        context.more(ties, path, stories=False),
    )


def _stories(context: PageContext, story: Story, path: str) -> views.Ties:
    ties = context.data.related_stories(story.id)
    return views.Ties(
        tuple(context.story_tie(tie, path) for tie in ties.all),
        context.more(ties, path, stories=True),
    )


def first_sentence(text: str, limit: int = 170) -> str:
    """The first sentence of a text, cut at a word with `…` where it is over `limit` characters."""
    line, _, rest = text.strip().partition("\n")
    if line.endswith(":"):  # a heading of a list says little without what follows
        line = f"{line} {rest.partition(chr(10))[0]}"
    for end in (". ", "! ", "? ", "。"):
        line = line.split(end)[0] + end.strip() if end in line else line
    if len(line) <= limit:
        return line
    return line[:limit].rsplit(" ", 1)[0].rstrip(",;:–-") + "…"


def bones(story: Story, kinds: Iterable[Kind]) -> tuple[views.Bone, ...]:
    """Parts of a story in a sentence each; a part that is not written shows what to fill in."""
    found = []
    for kind in kinds:
        for section in story.parts(kind)[:1]:
            hole = bool(section.holes)
            said = section.holes[0].strip("[]") if hole else first_sentence(section.body.text)
            found.append(views.Bone(formatting.letter(kind, hole), said, hole))
    return tuple(found)
