"""Cards: a story or an answer on one sheet of paper, in full and as cues, and lists to print, too.

A full card has all text of the spine and of sections of other kinds, the phrases to say, and the
follow-ups with their key lines. The page removes what does not fit on smaller paper, as only it can
measure fonts; here the parts that it may remove are marked.
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice

from markupsafe import Markup, escape

from starbook import urls
from starbook.content.footnotes import RENDERED_REFERENCE
from starbook.model import AROUND, STAR, Guide, Item, Kind, Prose, Story
from starbook.pages import formatting, views
from starbook.pages.context import PageContext, angle_view
from starbook.text import names, sentences

_MAX_FIGURES = 4
_MAX_QUESTIONS = 4
# The most sentences of each part on a card of cues, and the words of each.
_CUES = {Kind.SITUATION: 1, Kind.TASK: 1, Kind.ACTION: 5, Kind.RESULT: 3}
_CUE_WORDS = 9
_MAX_WRITTEN_CUES = sum(_CUES.values())
# The addresses of whom or what an angle can be for begin so.
_LISTENERS = ("principle/", "category/", "question/", "company/")
_ORDER = (Kind.REFLECTION, Kind.METRICS, Kind.RISK)

_HEADING = re.compile(r"<h[2-6][^>]*>(.*?)</h[2-6]>", re.DOTALL)
_TICK = re.compile(r'<li class="task-list-item[^"]*">(.*?)(?=<ul|</li>)', re.DOTALL)
_ANCHOR = re.compile(r'(?<=<h[2-6]) id="[^"]*"')

# Font sizes, in half points, at which so many characters fit on a sheet, for readers without
# scripts. Measured on A4 with a wide font; other papers are scaled by their area.
_SIZES = ((900, 26), (1500, 23), (2200, 20), (3000, 18), (3800, 16), (4800, 14), (6000, 13))
_SMALLEST = 12
_AREA = {"A4": 1.0, "Letter": 0.95, "A5": 0.5, "4x6": 0.27, "3x5": 0.16}


def card_page(context: PageContext) -> views.CardPage:
    """Return the page of all cards, and of the ways to choose among them."""
    has_cards = bool(context.data.story_ids) or any(answer_cards(context))
    return views.CardPage(
        **context.page(urls.CARDS, context.t("nav.cards"), (context.t("nav.cards"), "")),
        paper=context.data.settings.paper.lower(),
        decks=context.data.card_decks,
        interviews=tuple(interview_decks(context)),
        sets=tuple(card_sets(context)),
        angles=tuple(_listeners(context)),
        cards=views.PLACEHOLDER if has_cards else Markup(),
        has_answers=any(answer_cards(context)),
        lists=tuple(_list_cards(context)),
        deck_example=_deck_example(context),
    )


def _deck_example(context: PageContext) -> str:
    """Return the lines of a deck of the first stories, for a handbook that has no deck."""
    if context.data.decks or not context.private:
        return ""
    ids = ", ".join(context.data.story_ids[:2])
    return context.t("example.deck", stories=ids) if ids else ""


def answer_cards(context: PageContext) -> Iterator[str]:
    """Yield the ids of the cards of answers."""
    return (urls.answer_card(one.id) for one in context.questions if one.answer)


def first_cards(context: PageContext) -> tuple[str, ...]:
    """Return the ids of the cards that are shown at first, and whom they are told for."""
    decks = context.data.card_decks
    return (*decks[0].ids, *decks[0].told_for) if decks else context.data.story_ids


def card_fragment(context: PageContext, ident: str) -> views.CardFragment:
    """Return the card of a story or answer, as it stands on the page of all cards."""
    make = _answer_card if "/" in ident else _story_card
    return views.CardFragment(make(context, ident), hidden=not context.data.is_first_card(ident))


def _answer_card(context: PageContext, ident: str) -> views.Card:
    question = context.data.question(ident.partition("/")[2])
    answer, page = question.answer, urls.question(question.id)
    assert answer
    html = _card_html(context, answer.body, answer.path, page)
    phrases = tuple(
        _card_html(context, note.body, answer.path, page)
        for note in answer.notes
        if note.kind == "phrases"
    )
    seconds = context.speaking_time([answer.section])
    spoken = context.t("story.speaking_time", time=formatting.clock(seconds)) if seconds else ""
    told = (sentences.shorten_html(one, _CUE_WORDS) for one in sentences.split_html(html))
    return views.Card(
        id=ident,
        href=f"{page}#answer",
        address=_address(context, page),
        title=question.question,
        headline="",
        draft=context.blanks_label(answer.holes),
        facts=", ".join(filter(None, (spoken, context.planned(answer.seconds)))),
        size=_font_size(context, len(answer.body.text) + len(question.question) + 300),
        questions=(),
        categories=(),
        principles=(),
        numbers=views.Numbers((), ()),
        answer=Markup(sentences.wrap_sentences(html)),
        context=(),
        beats=(),
        rest=(),
        probes=(),
        say=phrases,
        cues=((None, tuple(map(Markup, islice(told, _MAX_WRITTEN_CUES)))),),
        angles=(),
    )


def _story_card(context: PageContext, ident: str) -> views.Card:
    story, page = context.data.story(ident), urls.story(ident)
    seconds = context.answer_time(story)
    spoken = context.t("story.speaking_time", time=formatting.clock(seconds)) if seconds else ""
    facts = (story.level, story.company, spoken)
    questions = context.data.questions_of_story(ident).all[:_MAX_QUESTIONS]
    phrases = (note for s in story.sections for note in s.notes if note.kind == "phrases")
    return views.Card(
        id=ident,
        href=page,
        address=_address(context, page),
        title=story.title,
        headline=story.headline,
        draft=context.draft_label(story),
        facts=" · ".join(filter(None, facts)),
        size=_font_size(context, _count_characters(story)),
        questions=tuple(context.data.question(link.id).question for link in questions),
        categories=context.categories.names_of(story.categories),
        principles=context.principles.names_of(story.principles),
        numbers=context.numbers(story, _MAX_FIGURES),
        answer=Markup(),
        context=tuple(_star_parts(context, story, STAR[:2])),
        beats=tuple(_star_parts(context, story, STAR[2:])),
        rest=tuple(_other_parts(context, story)),
        probes=tuple(
            views.ProbeView(
                html_elsewhere(context, story, item.title), _key_line(context, story, item)
            )
            for section in story.parts(Kind.FOLLOW_UPS)
            for item in section.items
        ),
        say=tuple(html_elsewhere(context, story, note.body) for note in phrases),
        cues=tuple(_cues(context, story)),
        angles=tuple(_angles(context, story)),
    )


def _angles(context: PageContext, story: Story) -> Iterator[views.CardAngle]:
    """Yield the angles of a story for whom or what cards can be chosen by."""
    html = partial(html_elsewhere, context, story)
    for item in story.angles:
        address = item.ref.to if item.ref else ""
        if name := context.listener(address, urls.CARDS).text:
            hidden = not context.data.is_first_card(address)
            yield views.CardAngle(address, angle_view(item, name, html), hidden)


def _address(context: PageContext, page: str) -> str:
    """Return the address of a page for readers of paper, without `https://`."""
    base = context.data.settings.base_url
    return f"{base.partition('//')[2]}{page}" if base else page


def _cues(
    context: PageContext, story: Story
) -> Iterator[tuple[views.Letter | None, tuple[str, ...]]]:
    """Yield a few words for each part: those the author wrote, else shortened sentences.

    Sentences with a number are preferred; those chosen stand in the order of the story.
    """
    if story.cue:
        yield None, story.cue[:_MAX_WRITTEN_CUES]
        return
    for kind, most in _CUES.items():
        parts = (part for part in story.parts(kind) if not part.holes)
        if lines := cue_lines((html_elsewhere(context, story, p.body) for p in parts), most):
            yield context.letter(kind), lines


def cue_lines(bodies: Iterable[str], most: int) -> tuple[Markup, ...]:
    """Return shortened sentences of HTML, at most `most`: those with a number are preferred."""
    lines = [line for body in bodies for line in sentences.split_html(body)]
    ranked = sorted(range(len(lines)), key=lambda i: (not any(map(str.isdigit, lines[i])), i))
    shown = (sentences.shorten_html(lines[i], _CUE_WORDS) for i in sorted(ranked[:most]))
    return tuple(map(Markup, shown))


# Parts


def _star_parts(
    context: PageContext, story: Story, kinds: Iterable[Kind]
) -> Iterator[views.CardPart]:
    """Yield a part for each letter, with all sections of its kind."""
    for kind in kinds:
        sections = story.parts(kind)
        seconds = sum(section.seconds or 0 for section in sections)
        html = Markup("\n").join(_marked(context, story, section.body) for section in sections)
        letter = context.letter(kind, kind in story.missing)
        time = context.t("story.seconds", count=seconds) if seconds else ""
        yield views.CardPart(letter, letter.name, time, html)


def _other_parts(context: PageContext, story: Story) -> Iterator[views.CardPart]:
    """Yield the opening, reflection, metrics, risks, and sections of other kinds."""
    if story.opening:
        yield views.CardPart(None, "", "", _marked(context, story, story.opening))
    others = [s for s in story.sections if s.kind not in (*STAR, *AROUND)]
    others.sort(key=lambda s: _ORDER.index(s.kind) if s.kind in _ORDER else len(_ORDER))
    for section in others:
        time = context.t("story.seconds", count=section.seconds) if section.seconds else ""
        html = _marked(context, story, section.body)
        if html:
            yield views.CardPart(None, section.heading, time, html)


def html_elsewhere(context: PageContext, story: Story, prose: Prose) -> Markup:
    """Return prose for a page of many stories: without footnotes, and without anchors.

    Links within the story lead to its own page, and nothing is folded on paper.
    """
    return _card_html(context, prose, story.path, urls.story(story.id))


def _card_html(context: PageContext, prose: Prose, source: str, page: str) -> Markup:
    html = _ANCHOR.sub("", _without_references(context.html(prose, urls.CARDS, source)))
    html = html.replace("<details>", "<details open>")
    return Markup(html.replace('href="#', f'href="{page}#'))


def _without_references(html: str) -> str:
    return RENDERED_REFERENCE.sub("", html)


def _marked(context: PageContext, story: Story, prose: Prose) -> Markup:
    return Markup(sentences.wrap_sentences(html_elsewhere(context, story, prose)))


def _key_line(context: PageContext, story: Story, item: Item) -> Markup:
    """Return the key line of a follow-up, else the first sentence of its strong answer."""
    fields = {field.name: field.body for field in item.fields}
    if key_line := fields.get("key line"):
        html = html_elsewhere(context, story, key_line).strip()
        one = html.startswith("<p>") and html.count("<p>") == 1 and html.endswith("</p>")
        return Markup(html.removeprefix("<p>").removesuffix("</p>")) if one else html
    answer = html_elsewhere(context, story, fields.get("strong") or item.body)
    return Markup(next(iter(sentences.split_html(answer)), ""))


# Font sizes for readers without scripts


def _count_characters(story: Story) -> int:
    """Return the number of characters on a card, with headings and gaps counted as text."""
    bodies = [s.body.text for s in story.sections if s.kind not in AROUND]
    probes = [item.title.text for s in story.parts(Kind.FOLLOW_UPS) for item in s.items]
    notes = [note for s in story.sections for note in s.notes if note.kind == "phrases"]
    return (
        sum(len(body) + 40 * body.count("\n") + 60 for body in bodies)
        + sum(len(probe) + 160 for probe in probes)
        + sum(len(note.body.text) for note in notes)
        + len(story.opening.text) + len(story.title) + len(story.headline) + 300
    )  # fmt: skip


def _font_size(context: PageContext, characters: int) -> int:
    scaled = characters / _AREA[context.data.settings.paper]
    return next((size for most, size in _SIZES if scaled <= most), _SMALLEST)


# Lists at the end of a deck


def _list_cards(context: PageContext) -> Iterator[views.ListCard]:
    """Yield a card for the questions to each audience, then for each guide with tick boxes."""
    lists = []
    for audience in context.data.audiences:
        groups = tuple((t.topic, tuple(map(escape, t.questions))) for t in audience.topics)
        title = context.t("cards.to_ask", name=audience.audience)
        href = f"{urls.TO_ASK}#{audience.id}"
        lists.append((f"to-ask/{audience.id}", href, title, False, groups))
    for guide in context.data.guides:
        if urls.has_tick_boxes(guide.body):
            groups, href = tuple(_tick_boxes(context, guide)), urls.guide(guide.id)
            lists.append((f"guides/{guide.id}", href, guide.title, True, groups))
    for ident, href, title, ticks, groups in lists:
        size = _font_size(context, sum(len(line) + 40 for _, lines in groups for line in lines))
        hidden = not context.data.is_first_card(ident)
        address = _address(context, href)
        yield views.ListCard(ident, href, address, title, size, hidden, ticks, groups)


def _tick_boxes(context: PageContext, guide: Guide) -> Iterator[tuple[str, tuple[Markup, ...]]]:
    """Yield the tick boxes of a guide by heading."""
    html = _without_references(context.html(guide.body, urls.CARDS, guide.path))
    heads = [(0, ""), *((h.end(), _plain_text(h[1])) for h in _HEADING.finditer(html))]
    for (start, heading), (end, _) in zip(heads, [*heads[1:], (len(html), "")], strict=True):
        boxes = _TICK.finditer(html[start:end])
        ticks = tuple(Markup(sentences.without_markup(box[1])) for box in boxes)
        if ticks:
            yield heading, ticks


def _plain_text(html: str) -> str:
    return " ".join(Markup(html).striptags().split())


# Ways to choose


def make_decks(context: PageContext) -> Iterator[views.CardSet]:
    """Yield the decks that have a card, each with a unique name for addresses."""
    taken: set[str] = set()
    for deck in context.data.decks:
        ids = [ident for ref in deck.stories for ident in _cards_of(context, ref.to)]
        told_for = (ref.to for ref in deck.stories if ref.to.startswith(_LISTENERS))
        for ref in deck.ends_with:
            ids += _cards_of(context, ref.to)
        token = names.unique(names.slug(deck.name) or "deck", taken)
        if ids := list(dict.fromkeys(filter(None, ids))):
            yield views.CardSet(token, deck.name, tuple(ids), tuple(dict.fromkeys(told_for)))


def interview_decks(context: PageContext) -> Iterator[views.CardSet]:
    """Yield the cards of each interview: its firsts in their order, then what to ask."""
    for one in context.data.interviews:
        rows = context.data.plan(one.id).rows
        ids = [row.first.fit.story for row in rows if row.first]
        ids += [f"to-ask/{each.audience.to}" for each in one.rounds if each.audience]
        company = names.slug(one.company)
        told_for = (f"company/{company}",) if company in context.data.companies else ()
        if ids:
            ids = list(dict.fromkeys(ids))
            yield views.CardSet(f"interview/{one.id}", one.title, tuple(ids), told_for)


def card_sets(context: PageContext) -> Iterator[tuple[str, tuple[views.CardSet, ...]]]:
    """Yield the sets of cards by kind of name: those of all addresses that have stories."""
    rows: dict[str, Iterable[tuple[str, str]]] = {
        "category": ((one.id, one.name) for one in context.categories),
        "principle": ((one.id, one.name) for one in context.principles),
        "question": ((one.id, one.question) for one in context.questions),
        "company": context.data.companies.items(),
        "level": ((names.slug(level), level) for level in context.data.stories_at_level),
    }
    for kind, entries in rows.items():
        sets = (
            views.CardSet(address, text, tuple(_cards_of(context, address)))
            for address, text in ((f"{kind}/{ident}", text) for ident, text in entries)
        )
        if shown := tuple(one for one in sets if one.ids):
            yield context.t(f"cards.by_{kind}"), shown
    if ids := tuple(answer_cards(context)):
        everything = views.CardSet(urls.ANSWER_CARDS, context.t("cards.all_answers"), ids)
        yield context.t("cards.answers"), (everything,)


def _cards_of(context: PageContext, address: str) -> Iterator[str]:
    """Yield the ids of the cards that an address stands for; that of a card stands for itself."""
    kind, _, ident = address.partition("/")
    if kind in context.topic_indexes:
        yield from (place.story for place in context.topic_indexes[kind].stories(ident))
    elif kind == "question":
        yield from context.cards_of_question(ident)
    elif kind == "company":
        yield from context.data.stories_for_companies.get(ident, ())
    elif kind == "level":
        for level, ids in context.data.stories_at_level.items():
            yield from ids if names.slug(level) == ident else ()
    elif kind == "status":
        yield from (one.id for one in context.summaries if ident in ("all", one.status))
    elif address == "to-ask":  # stands for all audiences
        yield from (f"to-ask/{audience.id}" for audience in context.data.audiences)
    elif address == urls.ANSWER_CARDS:
        yield from answer_cards(context)
    else:
        yield address


def stories_for_companies(context: PageContext) -> dict[str, list[str]]:
    """Return the stories for each company: with an angle for it, then chosen for its questions."""
    found: dict[str, dict[str, None]] = {}
    for story in context.summaries:
        for ref in filter(None, (one.ref for one in story.angles)):
            kind, _, ident = ref.to.partition("/")
            if kind == "company":
                found.setdefault(ident, {})[story.id] = None
    for question in context.questions:
        chosen = dict.fromkeys(link.id for link in context.data.chosen_for(question.id))
        for company in question.companies:
            found.setdefault(names.slug(company), {}).update(chosen)
    return {ident: list(ids) for ident, ids in found.items()}


def _listeners(context: PageContext) -> Iterator[tuple[str, str]]:
    """Yield the address and name of all that a story has an angle for, by name."""
    refs = (one.ref for story in context.summaries for one in story.angles)
    found = {ref.to: context.listener(ref.to, urls.CARDS).text for ref in refs if ref and ref.to}
    yield from sorted(found.items(), key=lambda pair: pair[1])
