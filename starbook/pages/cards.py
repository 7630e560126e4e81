"""Cards: a story or an answer on one sheet of paper, in full and as cues, and lists to print, too.

A full card has all text of the spine and of sections of other kinds, the phrases to say, and the
follow-ups with their key lines. The page leaves out what does not fit on smaller paper, as only it
can measure fonts; here each piece that it may leave out gets a rank by its worth.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import count

from markupsafe import Markup, escape

from starbook import urls
from starbook.content.footnotes import RENDERED_REFERENCE
from starbook.model import AROUND, STAR, Guide, Item, Kind, Prose, Ref, Story
from starbook.pages import formatting, views, worth
from starbook.pages.context import PageContext, angle_view
from starbook.pages.interviews import pack_of, run_sheets
from starbook.text import names, sentences

_MAX_FIGURES = 4
_MAX_QUESTIONS = 4
_MAX_CUE_WORDS = 10  # on a card of cues: those that the author wrote
_CUES_OF_ANSWER = 6
_CUE_WORDS = 9  # of a shortened sentence
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
    sheets = tuple(run_sheets(context, urls.CARDS))
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
        run_sheets=sheets,
        to_ask=tuple(_cards_to_ask(context, sheets)),
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
    if decks:
        return (*decks[0].ids, *decks[0].told_for)
    return tuple(one for one in context.data.story_ids if one not in context.data.resting)


def card_fragment(context: PageContext, ident: str) -> views.CardFragment:
    """Return the card of a story or answer, as it stands on the page of all cards."""
    make = _answer_card if "/" in ident else _story_card
    return views.CardFragment(make(context, ident), hidden=not context.data.is_first_card(ident))


def _answer_card(context: PageContext, ident: str) -> views.Card:
    question = context.data.question(ident.partition("/")[2])
    answer, page = question.answer, urls.question(question.id)
    assert answer
    html = _card_html(context, answer.body, answer.path, page)
    ranking = worth.rank([worth.Text(None, sentences.wrap_sentences(html))], question.question)
    phrases = tuple(
        _card_html(context, note.body, answer.path, page)
        for note in answer.notes
        if note.kind == "phrases"
    )
    seconds = context.speaking_time([answer.section])
    spoken = context.t("story.speaking_time", time=formatting.clock(seconds)) if seconds else ""
    return views.Card(
        id=ident,
        href=f"{page}#answer",
        address=context.printed_address(page),
        title=question.question,
        headline="",
        draft=context.blanks_label(answer.holes),
        resting=False,
        facts=tuple(
            filter(None, [", ".join(filter(None, (spoken, context.planned(answer.seconds))))])
        ),
        size=_font_size(context, len(answer.body.text) + len(question.question) + 300),
        questions=(),
        categories=(),
        principles=(),
        numbers=views.Numbers((), ()),
        answer=Markup(ranking.html()[0]),
        context=(),
        beats=(),
        rest=(),
        probes=(),
        say=_ranked(phrases, 1),
        cues=views.CueLines(parts=((None, _ranked(ranking.lines(None, _CUES_OF_ANSWER), 0)),)),
        angles=(),
    )


def _ranked(lines: Iterable[str], first: int) -> tuple[views.RankedLine, ...]:
    return tuple(views.RankedLine(Markup(line), rank) for rank, line in enumerate(lines, first))


def _story_card(context: PageContext, ident: str) -> views.Card:
    story, page = context.data.story(ident), urls.story(ident)
    seconds = context.answer_time(story)
    spoken = context.t("story.speaking_time", time=formatting.clock(seconds)) if seconds else ""
    questions = context.data.questions_of_story(ident).all[:_MAX_QUESTIONS]
    ranking = _ranking(context, story)
    star = tuple(_star_parts(context, story, ranking))
    # Of what stands around them, the first follow-up is kept longest, and what to say goes first.
    rest = tuple(_other_parts(context, story, 2))
    first = 2 + sum(part.html.count(" data-rank=") for part in rest)
    probes = tuple(_probes(context, story, first))
    phrases = (note for s in story.sections for note in s.notes if note.kind == "phrases")
    say = (html_elsewhere(context, story, note.body) for note in phrases)
    return views.Card(
        id=ident,
        href=page,
        address=context.printed_address(page),
        title=story.title,
        headline=story.headline,
        draft=context.status_label(story),
        resting=story.resting,
        facts=tuple(filter(None, (story.level, story.company, spoken))),
        size=_font_size(context, _count_characters(story)),
        questions=tuple(context.data.question(link.id).question for link in questions),
        categories=context.categories.names_of(story.categories),
        principles=context.principles.names_of(story.principles),
        numbers=context.numbers(story, _MAX_FIGURES),
        answer=Markup(),
        context=star[:2],
        beats=star[2:],
        rest=rest,
        probes=probes,
        say=_ranked(say, first + len(probes)),
        cues=_cues(context, story, ranking, probes),
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


def _cues(
    context: PageContext,
    story: Story,
    ranking: worth.Ranking,
    probes: Sequence[views.ProbeView],
) -> views.CueLines:
    """Return the words of the author, the sentences of each part that tell most, and follow-ups.

    One sentence of each part is never left out. The words are kept longest, then a second sentence
    of the Result and the Action, the first follow-up, and all else.
    """
    words = story.cue[:_MAX_CUE_WORDS]
    rank = len(words) + 1
    ranks = {Kind.RESULT: (0, rank), Kind.ACTION: (0, rank + 1, rank + 5)}
    ranks |= {Kind.TASK: (0, rank + 3), Kind.SITUATION: (0, rank + 4)}
    parts = []
    for kind in STAR:
        lines = map(Markup, ranking.lines(kind, len(ranks[kind])))
        ranked = map(views.RankedLine, lines, ranks[kind])
        parts.append((context.letter(kind, kind in story.missing), tuple(ranked)))
    return views.CueLines(
        words=tuple(views.RankedLine(escape(word), n) for n, word in enumerate(words, 1)),
        parts=tuple(parts),
        probes=tuple(
            views.ProbeView(one.question, one.answer, n)
            for one, n in zip(probes, (rank + 2, rank + 6), strict=False)
        ),
    )


def cue_lines(bodies: Iterable[str], most: int) -> tuple[Markup, ...]:
    """Return shortened sentences of HTML, at most `most`: those with a number are preferred."""
    lines = [line for body in bodies for line in sentences.split_html(body)]
    ranked = sorted(range(len(lines)), key=lambda i: (not any(map(str.isdigit, lines[i])), i))
    shown = (sentences.shorten_html(lines[i], _CUE_WORDS) for i in sorted(ranked[:most]))
    return tuple(map(Markup, shown))


# Parts


def _ranking(context: PageContext, story: Story) -> worth.Ranking:
    """Return the pieces of S, T, A and R by their worth."""
    texts = []
    for kind in STAR:
        bodies = (_marked(context, story, section.body) for section in story.parts(kind))
        texts.append(worth.Text(kind, "\n".join(bodies)))
    figures = (f"{one.before} {one.value} {one.label}" for one in story.figures)
    return worth.rank(texts, " ".join((story.title, story.headline, *story.cue, *figures)))


def _star_parts(
    context: PageContext, story: Story, ranking: worth.Ranking
) -> Iterator[views.CardPart]:
    """Yield a part for each letter, with all sections of its kind."""
    for kind, html in zip(STAR, ranking.html(), strict=True):
        letter = context.letter(kind, kind in story.missing)
        seconds = sum(section.seconds or 0 for section in story.parts(kind))
        yield _card_part(context, letter, letter.name, seconds, html)


def _card_part(
    context: PageContext, letter: views.Letter | None, heading: str, seconds: int, html: str
) -> views.CardPart:
    time = context.t("story.seconds", count=seconds) if seconds else ""
    return views.CardPart(letter, heading, time, Markup(html), "<table" in html or "<pre" in html)


def _other_parts(context: PageContext, story: Story, first: int) -> Iterator[views.CardPart]:
    """Yield the opening, reflection, metrics, risks, and other sections; ranks begin at `first`."""
    others = [s for s in story.sections if s.kind not in (*STAR, *AROUND)]
    others.sort(key=lambda s: _ORDER.index(s.kind) if s.kind in _ORDER else len(_ORDER))
    parts = [("", 0, story.opening), *((s.heading, s.seconds or 0, s.body) for s in others)]
    texts = [worth.Text(None, _marked(context, story, prose)) for _, _, prose in parts]
    marked = worth.in_reading_order(texts).html(first)
    for (heading, seconds, _), html in zip(parts, marked, strict=True):
        if html:
            yield _card_part(context, None, heading, seconds, html)


def _probes(context: PageContext, story: Story, first: int) -> Iterator[views.ProbeView]:
    """Yield the follow-ups; the first has rank 1, the others have ranks that begin at `first`."""
    items = [item for section in story.parts(Kind.FOLLOW_UPS) for item in section.items]
    for rank, item in zip((1, *range(first, first + len(items))), items, strict=False):
        question = html_elsewhere(context, story, item.title)
        yield views.ProbeView(question, _key_line(context, story, item), rank)


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


def _marked(context: PageContext, story: Story, prose: Prose) -> str:
    return sentences.wrap_sentences(html_elsewhere(context, story, prose))


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
        yield _list_card(context, ident, href, title, groups, ticks=ticks)


def _list_card(
    context: PageContext,
    ident: str,
    href: str,
    title: str,
    groups: Iterable[tuple[str, Sequence[str]]],
    *,
    ticks: bool,
) -> views.ListCard:
    size = _font_size(context, sum(len(line) + 40 for _, lines in groups for line in lines))
    hidden = not context.data.is_first_card(ident)
    ranks = count()
    ranked = tuple(
        (heading, tuple(views.RankedLine(escape(line), next(ranks)) for line in lines))
        for heading, lines in groups
    )
    address = context.printed_address(href)
    return views.ListCard(ident, href, address, title, size, hidden, ticks, ranked)


def _cards_to_ask(
    context: PageContext, sheets: Iterable[views.RunSheet]
) -> Iterator[views.ListCard]:
    """Yield a card for each person of an interview, with what the plan asks this person."""
    for sheet in sheets:
        for one in filter(lambda each: each.ask, sheet.rounds):
            groups = [(", ".join(filter(None, (one.role, one.starts))), one.ask)]
            ident, href = f"{sheet.id}/{one.number}", f"{sheet.href}#round-{one.number}"
            yield _list_card(context, ident, href, one.ask_title, groups, ticks=True)


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
    """Yield the cards of each interview, told for its company and its themes."""
    listeners = {ref.to for story in context.summaries for ref in _refs_of_angles(story)}
    for one in context.data.interviews:
        if ids := pack_of(context, one):
            themes = (f"{row.kind}/{row.id}" for row in context.data.plan(one.id).rows)
            told_for = dict.fromkeys((f"company/{names.slug(one.company)}", *themes))
            listed = tuple(filter(listeners.__contains__, told_for))
            yield views.CardSet(f"interview/{one.id}", one.title, ids, listed)


def card_sets(
    context: PageContext, *, with_questions: bool = True
) -> Iterator[tuple[str, tuple[views.CardSet, ...]]]:
    """Yield the sets of cards by kind of name: those of all addresses that have stories."""
    questions = context.questions if with_questions else []
    rows: dict[str, Iterable[tuple[str, str]]] = {
        "category": ((one.id, one.name) for one in context.categories),
        "principle": ((one.id, one.name) for one in context.principles),
        "question": ((one.id, one.question) for one in questions),
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
    """Yield the ids of the cards that an address stands for; that of a card stands for itself.

    A story that rests is in no set but that of all that rest.
    """
    resting = context.data.resting
    for ident in _members(context, address):
        if ident == address or (ident in resting) == (address == "status/resting"):
            yield ident


def _members(context: PageContext, address: str) -> Iterator[str]:
    """Yield the ids of all cards that belong to an address."""
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
        wanted = ("all", "resting")
        yield from (one.id for one in context.summaries if ident in (*wanted, one.status))
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
    refs = (ref for story in context.summaries for ref in _refs_of_angles(story))
    found = {ref.to: context.listener(ref.to, urls.CARDS).text for ref in refs}
    yield from sorted(found.items(), key=lambda pair: pair[1])


def _refs_of_angles(story: Story) -> Iterator[Ref]:
    """Yield whom or what the angles of a story are for, if it is known."""
    return (one.ref for one in story.angles if one.ref and one.ref.to)
