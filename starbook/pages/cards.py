"""Cards: what of a story goes on one sheet of paper, in full and as cues.

A full card has every word of the spine and of sections of the person's own, the lines to say and
the follow-ups with their key lines. Which of it is left out of a small card is for the page to
find out, where there is a font: here it is only marked what may be.
"""

import re
from collections.abc import Iterable, Iterator

from markupsafe import Markup, escape

from starbook import urls
from starbook.model import (
    AROUND,
    STAR,
    Guide,
    Item,
    Kind,
    Prose,
    Section,
    Story,
)
from starbook.pages import formatting, views
from starbook.pages.context import PageContext, TopicIndex
from starbook.text import names, sentences

_FIGURES = 4
_QUESTIONS = 4
# The most that a card of cues shows of an Action and of a Result, and the words of each.
_CUES = {Kind.SITUATION: 1, Kind.TASK: 1, Kind.ACTION: 5, Kind.RESULT: 3}
_CUE_WORDS = 9
_OWN_CUES = sum(_CUES.values())
_ORDER = (Kind.REFLECTION, Kind.METRICS, Kind.RISK)

_HEADING = re.compile(r"<h[2-6][^>]*>(.*?)</h[2-6]>", re.DOTALL)
_TICK = re.compile(r'<li class="task-list-item[^"]*">(.*?)(?=<ul|</li>)', re.DOTALL)
_ANCHOR = re.compile(r'(?<=<h[2-6]) id="[^"]*"')

# Half points that a text of so many characters takes on a sheet, for readers without scripts. The
# steps were measured on A4 with a wide font; on other papers they go by its area.
_STEPS = ((900, 26), (1500, 23), (2200, 20), (3000, 18), (3800, 16), (4800, 14), (6000, 13))
_SMALLEST = 12
_AREA = {"A4": 1.0, "Letter": 0.95, "A5": 0.5, "4x6": 0.27, "3x5": 0.16}


def card_page(context: PageContext) -> views.CardPage:
    """All cards, and the ways to choose among them."""
    page = urls.CARDS
    lists = (*_to_ask(context), *_checklists(context))
    decks = decks_of(context)
    return views.CardPage(
        path=page,
        frame=context.frame(page),
        crumbs=context.crumbs(page, ("Cards", "")),
        title="Cards",
        paper=context.settings.paper.lower(),
        decks=decks,
        sets=tuple((kind, found) for kind, found in _sets(context) if found),
        first=context.data.first_cards,
        cards=views.PIECES if context.data.story_ids else Markup(),
        lists=lists,
    )


def first_cards(context: PageContext) -> frozenset[str]:
    """Return the ids of the cards that are shown at first."""
    decks = decks_of(context)
    return frozenset(decks[0].ids if decks else context.data.story_ids)


def card_fragment(context: PageContext, ident: str) -> views.CardPiece:
    """Return one card, as it stands on the page of all cards."""
    return views.CardPiece(
        card(context, context.data.story(ident)), ident not in context.data.first_cards
    )


def card(context: PageContext, story: Story) -> views.Card:
    """One story."""
    page = urls.story(story.id)
    aloud = context.aloud(story)
    facts = (story.level, story.company, f"{formatting.clock(aloud)} aloud" if aloud else "")
    return views.Card(
        id=story.id,
        href=page,
        address=_address(context, page),
        title=story.title,
        headline=story.headline,
        draft=formatting.draft_label(story),
        facts=" · ".join(filter(None, facts)),
        size=_size(context, _characters(story)),
        questions=_asked(context, story),
        categories=tuple(
            context.categories.topics[ref.to].name for ref in story.categories if ref.to
        ),
        principles=tuple(
            context.principles.topics[ref.to].name for ref in story.principles if ref.to
        ),
        figures=context.figures(story)[:_FIGURES],
        context=tuple(_parts(context, story, STAR[:2])),
        beats=tuple(_parts(context, story, STAR[2:])),
        rest=tuple(_rest(context, story)),
        probes=tuple(_probes(context, story)),
        say=tuple(_said(context, story)),
        cues=tuple(cues(story)),
    )


def cues(story: Story) -> Iterator[tuple[views.Letter | None, tuple[str, ...]]]:
    """The few words that bring each part back: the person's own, else the gist of its sentences.

    Sentences with a number go before others; they stand in the order in which they are told.
    """
    if story.cue:
        yield None, story.cue[:_OWN_CUES]
        return
    for kind, most in _CUES.items():
        parts = [part for part in story.parts(kind) if not part.holes]
        told = [said for part in parts for said in sentences.split(part.body.text)]
        if told:
            shown = tuple(sentences.shorten(said, _CUE_WORDS) for said in _telling(told, most))
            yield formatting.letter(kind), shown


def _telling(told: list[str], most: int) -> list[str]:
    """The sentences to keep: those with a number, then the first ones."""
    ranked = sorted(range(len(told)), key=lambda i: (not any(map(str.isdigit, told[i])), i))
    return [told[i] for i in sorted(ranked[:most])]


def _address(context: PageContext, page: str) -> str:
    """Where the whole story is, to be read on paper: no `https://` in front."""
    base = context.settings.base_url
    return f"{base.partition('//')[2]}{page}" if base else page


def _asked(context: PageContext, story: Story) -> tuple[str, ...]:
    ties = context.data.questions_of_story(story.id).all
    return tuple(context.data.question(tie.id).question for tie in ties[:_QUESTIONS])


# Parts


def _parts(context: PageContext, story: Story, kinds: Iterable[Kind]) -> Iterator[views.CardPart]:
    """A part for each letter, all sections of its kind together; one that is missing is hollow."""
    for kind in kinds:
        sections = story.parts(kind)
        seconds = sum(section.seconds or 0 for section in sections)
        html = Markup("\n").join(_marked(context, story, section.body) for section in sections)
        letter = formatting.letter(kind, kind in story.missing)
        yield views.CardPart(letter, letter.name, f"{seconds} s" if seconds else "", html)


def _rest(context: PageContext, story: Story) -> Iterator[views.CardPart]:
    """What else is told: the opening, reflection, metrics, risks, and sections of one's own."""
    if story.opening:
        yield views.CardPart(None, "", "", _marked(context, story, story.opening))
    others = [s for s in story.sections if s.kind not in (*STAR, *AROUND)]
    others.sort(key=lambda s: _ORDER.index(s.kind) if s.kind in _ORDER else len(_ORDER))
    for section in others:
        time = f"{section.seconds} s" if section.seconds else ""
        html = _marked(context, story, section.body)
        if html:
            yield views.CardPart(None, section.heading, time, html)


def _html(context: PageContext, story: Story, prose: Prose) -> Markup:
    """Prose on a card: its links within the story lead to the page of the story.

    Many stories share the page of cards, so that no heading is an anchor there.
    """
    html = _ANCHOR.sub("", context.html(prose, urls.CARDS, story.path))
    return Markup(html.replace('href="#', f'href="{urls.story(story.id)}#'))


def _marked(context: PageContext, story: Story, prose: Prose) -> Markup:
    return Markup(sentences.wrap_sentences(_html(context, story, prose)))


def _probes(context: PageContext, story: Story) -> Iterator[views.ProbeView]:
    for section in story.parts(Kind.FOLLOW_UPS):
        for item in section.items:
            question = _html(context, story, item.title)
            yield views.ProbeView(question, _key_line(context, story, item))


def _key_line(context: PageContext, story: Story, item: Item) -> Markup:
    """The line to answer with: the person's own, else how the strong answer begins."""
    said = {field.name: field.body for field in item.fields}
    if own := said.get("key line"):
        html = _html(context, story, own).strip()
        return Markup(html.removeprefix("<p>").removesuffix("</p>")) if _is_line(html) else html
    answer = sentences.split((said.get("strong") or item.body).text)
    return escape(answer[0]) if answer else Markup()


def _is_line(html: str) -> bool:
    return html.startswith("<p>") and html.count("<p>") == 1 and html.endswith("</p>")


def _said(context: PageContext, story: Story) -> Iterator[Markup]:
    for section in story.sections:
        for note in section.notes:
            if note.kind == "phrases":
                yield _html(context, story, note.body)


# A size for those without scripts


def _characters(story: Story) -> int:
    """How much there is to print, headings and gaps counted as text."""
    told = [s for s in story.sections if s.kind not in AROUND]
    around = [item for part in story.parts(Kind.FOLLOW_UPS) for item in part.items]
    notes = [note for s in story.sections for note in s.notes if note.kind == "phrases"]
    return sum(
        (
            *(_room(section) for section in told),
            *(len(item.title.text) + 160 for item in around),
            *(len(note.body.text) for note in notes),
            len(story.opening.text) + len(story.title) + len(story.headline) + 300,
        )
    )


def _room(section: Section) -> int:
    return len(section.body.text) + 40 * section.body.text.count("\n") + 60


def _size(context: PageContext, characters: int) -> int:
    wanted = characters / _AREA[context.settings.paper]
    return next((size for most, size in _STEPS if wanted <= most), _SMALLEST)


# Lists at the end of a deck


def _to_ask(context: PageContext) -> Iterator[views.ListCard]:
    for audience in context.data.audiences:
        groups = tuple((t.topic, tuple(map(escape, t.questions))) for t in audience.topics)
        title = f"To ask: {audience.audience}"
        yield _list_card(context, f"to-ask/{audience.id}", title, groups)


def _checklists(context: PageContext) -> Iterator[views.ListCard]:
    for guide in context.data.guides:
        if urls.has_tick_boxes(guide.body):
            groups = tuple(_ticks(context, guide))
            yield _list_card(context, f"guides/{guide.id}", guide.title, groups, ticks=True)


def _ticks(context: PageContext, guide: Guide) -> Iterator[tuple[str, tuple[Markup, ...]]]:
    """The tick boxes of a guide under the headings they stand under."""
    html = context.html(guide.body, urls.CARDS, guide.path)
    heads = [(0, ""), *((h.end(), _plain(h[1])) for h in _HEADING.finditer(html))]
    for (start, heading), (end, _) in zip(heads, [*heads[1:], (len(html), "")], strict=True):
        ticks = tuple(escape(_plain(t[1])) for t in _TICK.finditer(html[start:end]))
        if ticks:
            yield heading, ticks


def _plain(html: str) -> str:
    return " ".join(Markup(html).striptags().split())


def _list_card(
    context: PageContext,
    ident: str,
    title: str,
    groups: tuple[tuple[str, tuple[Markup, ...]], ...],
    ticks: bool = False,
) -> views.ListCard:
    href = f"{urls.TO_ASK}#{ident.partition('/')[2]}" if not ticks else f"{ident}.html"
    characters = sum(len(line) + 40 for _, lines in groups for line in lines)
    return views.ListCard(
        ident, href, _address(context, href), title, _size(context, characters), ticks, groups
    )


# Ways to choose


def decks_of(context: PageContext) -> tuple[views.CardSet, ...]:
    """The decks that have a card, each with a name for addresses."""
    return tuple(deck for deck in _decks(context) if deck.ids)


def _decks(context: PageContext) -> Iterator[views.CardSet]:
    taken: set[str] = set()
    for deck in context.data.decks:
        stories = (ref.to for ref in deck.stories if ref.to)
        ends = (ident for ref in deck.ends_with for ident in _expanded(context, ref.to))
        token = names.unique(names.slug(deck.name) or "deck", taken)
        yield views.CardSet(token, deck.name, tuple(dict.fromkeys((*stories, *ends))))


def _expanded(context: PageContext, ident: str) -> Iterator[str]:
    """`to-ask` stands for the cards of all audiences."""
    if ident == "to-ask":
        yield from (f"to-ask/{audience.id}" for audience in context.data.audiences)
    elif ident:
        yield ident


def _sets(context: PageContext) -> Iterator[tuple[str, tuple[views.CardSet, ...]]]:
    yield "Category", tuple(_of_shelf(context.categories))
    yield "Principle", tuple(_of_shelf(context.principles))
    yield "Question", tuple(_of_questions(context))
    yield "Level", tuple(_of_levels(context))


def _of_shelf(shelf: TopicIndex) -> Iterator[views.CardSet]:
    for topic in shelf:
        ids = tuple(place.story for place in shelf.stories(topic.id))
        if ids:
            yield views.CardSet(f"{shelf.form}/{topic.id}", topic.name, ids)


def _of_questions(context: PageContext) -> Iterator[views.CardSet]:
    for question in context.questions:
        ids = tuple(tie.id for tie in context.stories_to_tell(question.id))
        if ids:
            yield views.CardSet(f"question/{question.id}", question.question, ids)


def _of_levels(context: PageContext) -> Iterator[views.CardSet]:
    for level, ids in context.data.stories_at_level.items():
        yield views.CardSet(f"level/{names.slug(level)}", level, ids)
