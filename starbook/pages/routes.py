"""All pages of the site as view models: a pure function of a handbook and its links."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import quote_plus

from starbook import links, urls
from starbook.model import STAR, AskTopic, Guide, Kind, Question, Story, Topic
from starbook.pages import context, views
from starbook.pages.cards import card_page, card_piece, decks_of, pieces
from starbook.pages.context import Desk, Shelf
from starbook.pages.story import bones, story_page
from starbook.text import names

# Filter values shown at once; the rest are behind "All 14".
_SHOWN = 6
_LISTED = 3
# Wordings to try Ask with, and how long they may be.
_TRIES, _SHORT = 5, 28
_PICKED_FIGURES = 3


class Sheet(NamedTuple):
    """A page that is not made yet: where it will stand, and what makes its view from what.

    A page of very many things has pieces, each of which is made by itself, like a page.
    """

    path: str
    make: Callable[..., views.View]
    of: tuple[Any, ...] = ()
    pieces: "tuple[Sheet, ...]" = ()
    name: str = ""  # of a piece, to tell it from others of its page


def sheets(at: Desk) -> Iterator[Sheet]:
    """Every page that the edition has, in the order of the menu."""
    yield Sheet(urls.HOME, home)
    yield Sheet(urls.STORIES, story_list)
    yield from _story_pages(at)
    if at.shows("questions"):
        yield Sheet(urls.QUESTIONS, question_list)
        for question in at.handbook.questions:
            yield Sheet(urls.question(question.id), question_page, (question,))
    for shelf in at.shelves.values():
        if at.shows(shelf.many):
            yield Sheet(shelf.index, topic_list, (shelf.form,))
            yield from _topic_pages(at, shelf)
    if at.shows("coverage"):
        yield Sheet(urls.COVERAGE, coverage)
    if at.shows("guides"):
        yield Sheet(urls.GUIDES, guide_list)
        yield from _guide_pages(at)
    if at.shows("to-ask"):
        yield Sheet(urls.TO_ASK, to_ask)
    if at.shows("cards"):
        cards = (
            Sheet(urls.CARDS, card_piece, (story, hidden), name=story.id)
            for story, hidden in pieces(at)
        )
        yield Sheet(urls.CARDS, card_page, pieces=tuple(cards))
    yield Sheet(urls.NOT_FOUND, not_found)


# The first page


def home(at: Desk) -> views.Home:
    """What is ready, what is missing, ways in."""
    book, page = at.handbook, urls.HOME
    return views.Home(
        path=page,
        frame=at.frame(page),
        title=book.settings.title,
        tries=tuple(islice(_tries(at), _TRIES)),
        questions=urls.QUESTIONS if at.shows("questions") else "",
        level=book.settings.level,
        cards=_tonight(at),
        ready=tuple(_ready(at)),
        missing=tuple(_missing(at)) if at.private else (),
        categories=_index(at, at.categories, page),
        sets=_sets(at, page),
        guides=tuple(views.Anchor(urls.guide(guide.id), guide.title) for guide in book.guides),
        audiences=tuple(
            views.IndexLine(f"{urls.TO_ASK}#{a.id}", a.audience, str(_asked(a.topics)))
            for a in book.audiences
        ),
    )


def _tonight(at: Desk) -> views.Anchor | None:
    """The first deck, to print."""
    decks = decks_of(at) if at.shows("cards") else ()
    if not decks:
        return None
    number = context.count(len(decks[0].ids), "card")
    choice = f"deck={decks[0].token}"
    return views.Anchor(at.cards(choice, urls.HOME), f"{decks[0].text}: print {number}")


def _tries(at: Desk) -> Iterator[views.Anchor]:
    """How the categories with the most stories are asked, in a few words each."""
    fullest = sorted(at.categories, key=lambda topic: -len(at.categories.stories[topic.id]))
    for topic in fullest:
        short = [wording for wording in topic.asked_as if len(wording) <= _SHORT]
        if short and at.categories.stories[topic.id]:
            yield views.Anchor(f"{urls.HOME}?q={quote_plus(short[0])}", short[0])


def _asked(topics: Iterable[AskTopic]) -> int:
    return sum(len(topic.questions) for topic in topics)


def _ready(at: Desk) -> Iterator[views.Ready]:
    """`81 of 89 stories ready`; a public edition, which has only what is ready, counts that."""
    stories, questions, principles = at.outlines.values(), at.questions, at.principles.topics
    if not at.private:
        yield views.Ready(urls.STORIES, len(stories), "", _plural(len(stories), "story"))
        if at.shows("questions"):
            number = len(questions)
            yield views.Ready(urls.QUESTIONS, number, "", _plural(number, "question"))
        return
    ready = sum(story.ready for story in stories)
    yield views.Ready(urls.STORIES, ready, f"of {len(stories)}", "stories ready")
    yield views.Ready(urls.QUESTIONS, len(at.met), f"of {len(questions)}", "questions met")
    if principles:
        met = sum(_has_ready(at, under) for under in at.principles.stories.values())
        yield views.Ready(urls.PRINCIPLES, met, f"of {len(principles)}", "principles met")


def _has_ready(at: Desk, under: Iterable[links.Place]) -> bool:
    return any(at.stories.brief(place.story).ready for place in under)


def _missing(at: Desk) -> Iterator[views.LooseEnd]:
    """The gaps, each with the first few by name."""
    for shelf in (at.principles, at.categories):
        bare = [topic.name for topic in shelf.bare]
        if bare:
            text = f"{shelf.form if len(bare) == 1 else shelf.many} with no story"
            yield views.LooseEnd(len(bare), f"{urls.COVERAGE}#gaps", text, f": {_some(bare)}")
    open_ = [q.question for q in at.handbook.questions if not at.links.chosen_for(q.id)]
    if open_:
        text = f"{_plural(len(open_), 'question')} with no story chosen"
        yield views.LooseEnd(len(open_), f"{urls.QUESTIONS}#met=open", text, f", first: {open_[0]}")
    yield from _drafts(at)


def _drafts(at: Desk) -> Iterator[views.LooseEnd]:
    drafts = [story for story in at.outlines.values() if not story.ready]
    holes = sum(len(story.holes) for story in drafts)
    if drafts:
        rest = f" with {holes} to fill in" if holes else ""
        href = f"{urls.STORIES}#told=draft"
        yield views.LooseEnd(len(drafts), href, _plural(len(drafts), "draft"), rest)


def _some(names_: list[str]) -> str:
    shown = ", ".join(names_[:_LISTED])
    return f"{shown} and {len(names_) - _LISTED} more" if len(names_) > _LISTED else shown


def _plural(number: int, one: str) -> str:
    return one if number == 1 else f"{one}s".replace("ys", "ies")


def _index(
    at: Desk, shelf: Shelf, page: str, among: Iterable[Topic] | None = None
) -> tuple[views.IndexLine, ...]:
    """Lines of an index, the fullest first."""
    lines = []
    for topic in shelf if among is None else among:
        anchor = at.topic_link(shelf.form, topic.id, page)
        number = len(shelf.stories[topic.id])
        none = "" if number or not at.private else "no story"
        line = views.IndexLine(anchor.href, topic.name, str(number or ""), none)
        lines.append((-number, line))
    return tuple(line for _, line in sorted(lines, key=lambda pair: pair[0]))


def _sets(at: Desk, page: str) -> tuple[views.TopicGroup, ...]:
    groups: dict[str, list[Topic]] = {}
    for topic in at.principles:
        groups.setdefault(topic.set, []).append(topic)
    return tuple(
        views.TopicGroup(name, _index(at, at.principles, page, topics))
        for name, topics in groups.items()
    )


# Stories


def story_list(at: Desk) -> views.StoryList:
    """All stories, with filters."""
    page, book = urls.STORIES, at.handbook
    rows = tuple(at.story_row(story, page) for story in at.outlines.values())
    told = [("ready", "Ready"), ("draft", "Draft"), ("no-number", "No number yet")]
    facets = (
        _facet("told", "Told as", told, rows),
        _facet("principle", "Principle", [(t.id, t.name) for t in book.principles], rows),
        _facet("category", "Category", [(t.id, t.name) for t in book.categories], rows),
        _facet("level", "Level", _slugs(s.level for s in at.outlines.values()), rows),
        _facet("tag", "Tag", _slugs(tag for s in at.outlines.values() for tag in s.tags), rows),
    )
    return views.StoryList(
        path=page,
        frame=at.frame(page),
        crumbs=at.crumbs(page, ("Stories", "")),
        title="Stories",
        total=len(rows),
        facets=tuple(facet for facet in facets if facet.options),
        rows=rows,
    )


def _slugs(texts: Iterable[str]) -> list[tuple[str, str]]:
    return list({names.slug(text): text for text in texts if text}.items())


def _facet(
    name: str,
    legend: str,
    values: Iterable[tuple[str, str]],
    rows: Iterable[views.StoryRow | views.QuestionRow],
) -> views.Facet:
    """A filter with the values that any row has, the most frequent first."""
    counts: dict[str, int] = {}
    for row in rows:
        for value in dict(row.facets)[name].split():
            counts[value] = counts.get(value, 0) + 1
    options = [views.Option(v, text, counts[v]) for v, text in values if counts.get(v)]
    if name not in ("told", "met"):
        options.sort(key=lambda option: -option.count)
    shown = len(options) if len(options) <= _SHOWN + 1 else _SHOWN
    return views.Facet(name, legend, tuple(options[:shown]), tuple(options[shown:]))


def _story_pages(at: Desk) -> Iterator[Sheet]:
    stories = at.handbook.stories
    anchors = [views.Anchor(f"{story.id}.html", story.title) for story in stories]
    for i, story in enumerate(stories):
        yield Sheet(urls.story(story.id), story_page, (story, *context.neighbours(anchors, i)))


# Questions


def question_list(at: Desk) -> views.QuestionList:
    """All questions under the category they name first, with filters."""
    page, book = urls.QUESTIONS, at.handbook
    rows = {q.id: at.question_row(q, page) for q in book.questions}
    companies = _slugs(company for q in book.questions for company in q.companies)
    levels = _slugs(level for q in book.questions for level in q.levels)
    met = [("met", "Met"), ("draft", "Draft only"), ("open", "No story chosen")]
    facets = (
        _facet("met", "Met", met, rows.values()),
        _facet("category", "Category", [(t.id, t.name) for t in book.categories], rows.values()),
        _facet("principle", "Principle", [(t.id, t.name) for t in book.principles], rows.values()),
        _facet("company", "Company", companies, rows.values()),
        _facet("level", "Level", levels, rows.values()),
    )
    return views.QuestionList(
        path=page,
        frame=at.frame(page),
        crumbs=at.crumbs(page, ("Questions", "")),
        title="Questions",
        total=len(rows),
        facets=tuple(facet for facet in facets if facet.options),
        groups=tuple(_question_groups(at, rows, page)),
    )


def _question_groups(
    at: Desk, rows: dict[str, views.QuestionRow], page: str
) -> Iterator[views.QuestionGroup]:
    groups: dict[str, list[views.QuestionRow]] = {}
    for question in at.handbook.questions:
        first = next((ref.to for ref in question.categories if ref.to), "")
        groups.setdefault(first, []).append(rows[question.id])
    for topic in at.handbook.categories:
        if topic.id in groups:
            href = at.topic_link("category", topic.id, page).href
            yield views.QuestionGroup(topic.id, topic.name, href, tuple(groups[topic.id]))
    if "" in groups:
        name = "Of no category" if len(groups) > 1 else ""
        yield views.QuestionGroup("of_no_category", name, "", tuple(groups[""]))


def question_page(at: Desk, question: Question) -> views.QuestionPage:
    """A question: the chosen stories first, then others that fit, each with the reason."""
    page = urls.question(question.id)
    ties = at.links.stories_of_question[question.id]
    first = next((ref.to for ref in question.categories if ref.to), "")
    steps = [("Questions", urls.QUESTIONS)]
    if first:
        steps.append((at.categories.topics[first].name, urls.category(first)))
    return views.QuestionPage(
        path=page,
        frame=at.frame(page),
        crumbs=at.crumbs(page, *steps),
        title=question.question,
        id=question.id,
        also=question.also,
        categories=at.chips(question.categories, page),
        principles=at.chips(question.principles, page, "principle"),
        asked=_asked_at(question),
        notes=at.html(question.notes, page, question.path),
        chosen=tuple(_pick(at, tie, page) for tie in ties.chosen),
        found=tuple(_pick(at, tie, page) for tie in ties.found),
        more=at.more(ties, page, stories=True),
        close=tuple(
            at.question_tie(tie, page) for tie in at.links.related_questions[question.id].all
        ),
        cards=at.print_cards(f"question/{question.id}", len(at.links.first_for(question.id)), page),
    )


def _asked_at(question: Question) -> str:
    where = f"asked at {', '.join(question.companies)}" if question.companies else ""
    level = f"for {', '.join(question.levels)}" if question.levels else ""
    return ", ".join(filter(None, (where, level)))


def _pick(at: Desk, tie: links.Tie, page: str) -> views.Pick:
    story = at.stories[tie.id]
    aloud = at.aloud(story)
    kinds = STAR if tie.chosen else (Kind.RESULT,) if story.ready else STAR[:1]
    return views.Pick(
        href=urls.relative(page, urls.story(story.id)),
        id=story.id,
        title=story.title,
        chosen=tie.chosen,
        note=tie.note,
        why=at.why(tie),
        aloud=f"{context.clock(aloud)} aloud" if story.ready else "",
        draft=context.draft_label(story),
        letters=() if story.ready else at.letters(story),
        missing=context.missing(story),
        bones=bones(story, kinds),
        figures=at.figures(story)[:_PICKED_FIGURES],
    )


# Categories and principles

_HINTS = {
    "category": "Give one `categories: [{}]`, or a tag that belongs to it.",
    "principle": "Give one `principles: [{}]`, or a tag that belongs to it.",
}


def topic_list(at: Desk, form: str) -> views.TopicList:
    """All categories, or all principles by set."""
    shelf = at.shelves[form]
    title, page = shelf.many.capitalize(), shelf.index
    lines = _index(at, shelf, page)
    groups = (views.TopicGroup("", lines),) if lines else ()
    return views.TopicList(
        path=page,
        frame=at.frame(page),
        crumbs=at.crumbs(page, (title, "")),
        title=title,
        form=shelf.form,
        groups=_sets(at, page) if shelf is at.principles else groups,
    )


def _topic_pages(at: Desk, shelf: Shelf) -> Iterator[Sheet]:
    anchors = [views.Anchor(f"{topic.id}.html", topic.name) for topic in shelf]
    for i, topic in enumerate(shelf):
        around = context.neighbours(anchors, i)
        yield Sheet(shelf.place(topic.id), topic_page, (shelf.form, topic, *around))


def topic_page(
    at: Desk, form: str, topic: Topic, before: views.Anchor | None, after: views.Anchor | None
) -> views.TopicPage:
    """A category or principle: how it is asked, its stories (ready first) and questions."""
    shelf = at.shelves[form]
    page = shelf.place(topic.id)
    under = sorted(
        shelf.stories[topic.id], key=lambda place: not at.stories.brief(place.story).ready
    )
    asked = [at.questions[ident] for ident in shelf.questions[topic.id]]
    return views.TopicPage(
        path=page,
        frame=at.frame(page),
        crumbs=at.crumbs(page, (shelf.many.capitalize(), shelf.index), (topic.name, "")),
        title=topic.name,
        form=shelf.form,
        set=topic.set,
        about=topic.about,
        aliases=", ".join(topic.aliases),
        asked_as=topic.asked_as,
        rows=tuple(_place_row(at, place, page) for place in under),
        questions=tuple(at.question_row(question, page) for question in asked),
        cards=at.print_cards(f"{shelf.form}/{topic.id}", len(under), page),
        before=before,
        after=after,
    )


def _place_row(at: Desk, place: links.Place, page: str) -> views.StoryRow:
    why = f"by its tag: {place.tag}" if place.tag else ""
    return at.story_row(at.stories.brief(place.story), page, why)


# Coverage


def coverage(at: Desk) -> views.Coverage:
    """What is met and what is not, gaps first."""
    page = urls.COVERAGE
    gaps = at.private  # a gap in a public edition may be where a private story is
    open_ = [q for q in at.handbook.questions if gaps and not at.links.chosen_for(q.id)]
    everything = views.Anchor(f"{urls.QUESTIONS}#met=open", f"All {len(open_)}")
    return views.Coverage(
        path=page,
        frame=at.frame(page),
        crumbs=at.crumbs(page, ("Coverage", "")),
        title=_coverage_title(at, len(open_)) if gaps else "Coverage",
        principles=tuple(_bare(at, at.principles)) if gaps else (),
        categories=tuple(_bare(at, at.categories)) if gaps else (),
        questions=tuple(
            views.Anchor(urls.question(q.id), q.question) for q in open_[: _LISTED + 2]
        ),
        all_questions=everything if len(open_) > _LISTED + 2 else None,
        loose=tuple(_loose(at)) if gaps else (),
        matrices=tuple(_matrices(at)),
        rows=tuple(row for row in sorted(_coverage_rows(at), key=_gap_first) if gaps or row.ready),
    )


def _coverage_title(at: Desk, open_: int) -> str:
    bare = len(at.principles.bare)
    if bare:
        return f"{context.count(bare, 'principle has', 'principles have')} no story"
    if open_:
        return f"{context.count(open_, 'question has', 'questions have')} no story"
    return "Everything has a story"


def _bare(at: Desk, shelf: Shelf) -> Iterator[views.IndexLine]:
    """Those without a story, with how many questions ask for one."""
    for topic in shelf.bare:
        asked = len(shelf.questions[topic.id])
        none = f"{context.count(asked, 'question')} asked" if asked else "no story"
        href = at.topic_link(shelf.form, topic.id, urls.COVERAGE).href
        yield views.IndexLine(href, topic.name, "", none)


def _loose(at: Desk) -> Iterator[views.LooseEnd]:
    stories = at.outlines.values()
    nameless = sum(1 for story in stories if not any(ref.to for ref in story.principles))
    if nameless and at.principles.topics:
        text = "names no principle" if nameless == 1 else "name no principle"
        yield views.LooseEnd(nameless, "#story-by-principle", text, "")
    yield from _drafts(at)
    numberless = sum(1 for story in stories if not at.figures(story))
    if numberless:
        href = f"{urls.STORIES}#told=no-number"
        text = "has no number" if numberless == 1 else "have no number"
        yield views.LooseEnd(numberless, href, text, " in the Result")


def _matrices(at: Desk) -> Iterator[views.Matrix]:
    for shelf in (at.principles, at.categories):
        if shelf.topics and at.total:
            yield _matrix(at, shelf)


def _matrix(at: Desk, shelf: Shelf) -> views.Matrix:
    page = urls.COVERAGE
    shown = [topic for topic in shelf if at.private or shelf.stories[topic.id]]
    under = {ident: {p.story for p in stories} for ident, stories in shelf.stories.items()}
    columns = sorted(shown, key=lambda topic: len(under[topic.id]))
    rows: list[tuple[int, views.MatrixRow]] = []
    left_out: list[views.Anchor] = []
    for story in at.outlines.values():
        mark = "ready" if story.ready else "draft"
        cells = tuple(mark if story.id in under[topic.id] else "" for topic in columns)
        here = at.story_link(story.id, page)
        if mark in cells:
            row = views.MatrixRow(here.href, story.id, story.title, cells)
            rows.append((cells.index(mark), row))
        else:
            left_out.append(here)
    named = context.count(len(rows), "story names", "stories name")
    return views.Matrix(
        id=f"story-by-{shelf.form}",
        title=f"Story by {shelf.form}",
        note=f"{named} a {shelf.form}. Emptiest column first.",
        columns=tuple(_column(at, shelf, topic, len(under[topic.id])) for topic in columns),
        rows=tuple(row for _, row in sorted(rows, key=lambda row: row[0])),
        left_out=tuple(left_out),
        left_out_label=f"{context.count(len(left_out), 'story', 'stories')} under no {shelf.form}",
    )


def _column(at: Desk, shelf: Shelf, topic: Topic, number: int) -> views.Column:
    href = at.topic_link(shelf.form, topic.id, urls.COVERAGE).href
    return views.Column(href, topic.name, number)


def _coverage_rows(at: Desk) -> Iterator[views.CoverageRow]:
    page = urls.COVERAGE
    for question in at.handbook.questions:
        ties = at.links.stories_of_question[question.id]
        chosen = [at.stories.brief(tie.id) for tie in ties.chosen]
        yield views.CoverageRow(
            question=at.question_row(question, page),
            ready=tuple(_by_id(story, page) for story in chosen if story.ready),
            drafts=tuple(_by_id(story, page) for story in chosen if not story.ready),
            candidates=tuple(_by_id(at.stories.brief(tie.id), page) for tie in ties.found),
        )


def _by_id(story: Story, page: str) -> views.Anchor:
    return views.Anchor(urls.relative(page, urls.story(story.id)), story.id)


def _gap_first(row: views.CoverageRow) -> int:
    return 2 if row.ready else 1 if row.drafts else 0


# Guides, and questions for the interviewer


def guide_list(at: Desk) -> views.GuideList:
    """All guides in their order."""
    page = urls.GUIDES
    return views.GuideList(
        path=page,
        frame=at.frame(page),
        crumbs=at.crumbs(page, ("Guides", "")),
        title="Guides",
        guides=tuple(views.Anchor(f"{guide.id}.html", guide.title) for guide in at.handbook.guides),
    )


def _guide_pages(at: Desk) -> Iterator[Sheet]:
    guides = at.handbook.guides
    anchors = [views.Anchor(f"{guide.id}.html", guide.title) for guide in guides]
    for i, guide in enumerate(guides):
        yield Sheet(urls.guide(guide.id), guide_page, (guide, *context.neighbours(anchors, i)))


def guide_page(
    at: Desk, guide: Guide, before: views.Anchor | None, after: views.Anchor | None
) -> views.GuidePage:
    """A guide with its contents list."""
    page = urls.guide(guide.id)
    return views.GuidePage(
        path=page,
        frame=at.frame(page),
        crumbs=at.crumbs(page, ("Guides", urls.GUIDES), (guide.title, "")),
        title=guide.title,
        id=guide.id,
        html=at.html(guide.body, page, guide.path),
        toc=tuple(views.Anchor(f"#{heading.id}", heading.text) for heading in guide.headings),
        before=before,
        after=after,
    )


def to_ask(at: Desk) -> views.ToAsk:
    """Questions for the interviewer, by audience and topic."""
    page = urls.TO_ASK
    return views.ToAsk(
        path=page,
        frame=at.frame(page),
        crumbs=at.crumbs(page, ("Questions to ask them", "")),
        title="Questions to ask them",
        audiences=tuple(
            views.AskAudience(
                a.id,
                a.audience,
                _asked(a.topics),
                tuple(views.AskGroup(topic.topic, topic.questions) for topic in a.topics),
            )
            for a in at.handbook.audiences
        ),
    )


def not_found(at: Desk) -> views.NotFound:
    """The page for an address that leads nowhere. It may be shown at any depth of the site."""
    frame = at.frame_at(urls.base(at.handbook), "")
    return views.NotFound(urls.NOT_FOUND, frame, "There is no such page")
