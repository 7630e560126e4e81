"""Context: the data of one edition, and the parts of pages that many pages share."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Protocol

import msgspec
from markupsafe import Markup, escape

from starbook import urls
from starbook.coach.remark import Remark
from starbook.content import metrics, timing
from starbook.content.footnotes import BACK_LABEL
from starbook.links import CrossLink, CrossLinks, Placement
from starbook.model import (
    STAR,
    AnswerLength,
    Audience,
    Deck,
    Guide,
    Interview,
    Item,
    Kind,
    Level,
    Place,
    Prose,
    Question,
    Ref,
    Section,
    Settings,
    Story,
    Telling,
    Topic,
)
from starbook.pages import formatting, plain_text, views
from starbook.planning.plan import Plan
from starbook.planning.selection import Selection
from starbook.text import names
from starbook.text.catalogue import Catalogue

# The kinds of pages in the menu, the keys of their names, and their first pages.
_MENU = (
    ("stories", "nav.stories", urls.STORIES),
    ("questions", "nav.questions", urls.QUESTIONS),
    ("categories", "nav.categories", urls.CATEGORIES),
    ("principles", "nav.principles", urls.PRINCIPLES),
    ("coverage", "nav.coverage", urls.COVERAGE),
    ("interviews", "nav.interviews", urls.INTERVIEWS),
    ("practice", "nav.practice", urls.PRACTICE),
    ("guides", "nav.guides", urls.GUIDES),
    ("cards", "nav.cards", urls.CARDS),
)
# Those at the foot of each page, and in the contents.
_OTHERS = (
    ("coach", "nav.coach", urls.COACH),
    ("levels", "nav.levels", urls.LEVELS),
    ("to-ask", "nav.to_ask", urls.TO_ASK),
    ("print", "nav.print", urls.PRINT),
)
# What stands behind the address of a picture; the words in its place are between the quotes.
_UNSHOWN = re.compile(r'" alt="([^"]*)" loading="lazy">')


class PageData(Protocol):
    """The data of pages, each part fetched when it is needed.

    A page depends on the parts that were fetched for it, and is made again when one of them
    changes. Topics are categories and principles; their `kind` is "category" or "principle".
    Stories, questions and guides stand in their order.
    """

    private: bool
    settings: Settings
    catalogue: Catalogue
    nothing_written: bool  # in a private edition, if no story has a part that is written
    template_names: tuple[str, ...]
    page_kinds: tuple[str, ...]  # such as `guides`
    story_ids: tuple[str, ...]
    story_positions: dict[str, int]
    question_ids: tuple[str, ...]
    guides: tuple[Guide, ...]
    audiences: tuple[Audience, ...]
    decks: tuple[Deck, ...]
    levels: dict[str, Level]
    interviews: tuple[Interview, ...]
    log: tuple[Telling, ...]
    times_practised: dict[str, int]
    sources: dict[str, str]  # the page of each content file, by the path of the file
    card_decks: tuple[views.CardSet, ...]
    resting: frozenset[str]
    selection: Selection
    stories_for_companies: dict[str, list[str]]  # told for, or chosen by, a company, by its id
    search_entries: tuple[tuple[str, str], ...]  # the kind and id of each, in their order
    search_positions: dict[str, int]  # those of the entries, by address, such as `category/teams`
    stories_at_level: dict[str, tuple[str, ...]]
    companies: dict[str, str]  # the names, by id
    asking_companies: frozenset[str]  # the ids of those that ask questions
    has_history: bool  # whether exports of practice were read

    def story(self, ident: str) -> Story:
        """Return a story."""

    def summary(self, ident: str) -> Story:
        """Return a story without its text, for lists; equal while only the text changes."""

    def is_first_card(self, ident: str) -> bool:
        """Return True for a card that is shown at first, or an address that it is told for."""

    def angles(self, ident: str) -> tuple[Item, ...]:
        """Return the angles of a story, with their words."""

    def remarks(self, ident: str) -> tuple[Remark, ...]:
        """Return what the coach remarks on in a story; nothing in a public edition."""

    def seconds(self, ident: str) -> int:
        """Return how long it takes to tell a story."""

    def plan(self, interview: str) -> Plan:
        """Return the plan of an interview."""

    def level_called(self, name: str) -> Level | None:
        """Return the level with a name, an alias or an id."""

    def stories_of_level(self, ident: str) -> tuple[str, ...]:
        """Return the ids of the stories of a level."""

    def tellings(self, ident: str) -> tuple[Telling, ...]:
        """Return the entries of the log in which a story was told."""

    def askings(self, ident: str) -> tuple[Telling, ...]:
        """Return the entries of the log in which a question was asked."""

    def preview(self, ident: str) -> views.Preview:
        """Return what the pages of questions show of the words of a story."""

    def question(self, ident: str) -> Question:
        """Return a question."""

    def place(self, question: str) -> Place | None:
        """Return where the file of a question takes the name of one more story."""

    def topics(self, kind: str) -> dict[str, Topic]:
        """Return all topics of a kind, by id."""

    def stories_of_topic(self, kind: str, ident: str) -> tuple[Placement, ...]:
        """Return the stories under a topic."""

    def questions_of_topic(self, kind: str, ident: str) -> tuple[str, ...]:
        """Return the ids of the questions under a topic."""

    def topics_of_story(self, kind: str, ident: str) -> tuple[str, ...]:
        """Return the ids of the topics of a story, in their order."""

    def chosen_for(self, question: str) -> tuple[CrossLink, ...]:
        """Return the stories that are chosen for a question."""

    def notes_on_story(self, ident: str) -> tuple[tuple[int, str], ...]:
        """Return the notes on telling a story for questions, with their positions in the index."""

    def stories_of_question(self, ident: str) -> CrossLinks:
        """Return the stories to tell for a question."""

    def questions_of_story(self, ident: str) -> CrossLinks:
        """Return the questions that a story answers."""

    def related_stories(self, ident: str) -> CrossLinks:
        """Return the stories that are nearest to a story."""

    def related_questions(self, ident: str) -> CrossLinks:
        """Return the questions that are nearest to a question."""


class TopicIndex(msgspec.Struct, frozen=True):
    """All categories, or all principles, with their names for texts and addresses."""

    data: PageData
    kind: str
    plural: str
    list_path: str
    url: Callable[[str], str]

    def __iter__(self) -> Iterator[Topic]:
        return iter(self.by_id.values())

    @property
    def by_id(self) -> dict[str, Topic]:
        """The topics by id."""
        return self.data.topics(self.kind)

    def stories(self, ident: str) -> tuple[Placement, ...]:
        """Return the stories under a topic."""
        return self.data.stories_of_topic(self.kind, ident)

    def questions(self, ident: str) -> tuple[str, ...]:
        """Return the ids of the questions under a topic."""
        return self.data.questions_of_topic(self.kind, ident)

    def link(self, ident: str, page: str) -> views.Anchor:
        """Return a link to a topic, for the page at `page`."""
        return views.Anchor(urls.relative(page, self.url(ident)), self.by_id[ident].name)

    def links(self, refs: Iterable[Ref], page: str) -> tuple[views.Anchor, ...]:
        """Return links to the topics that `refs` resolve to."""
        return tuple(self.link(ref.to, page) for ref in refs if ref.to)

    def names_of(self, refs: Iterable[Ref]) -> tuple[str, ...]:
        """Return the names of the topics that `refs` resolve to."""
        return tuple(self.by_id[ref.to].name for ref in refs if ref.to)

    def without_story(self, topics: Iterable[Topic]) -> list[Topic]:
        """Return those of `topics` that have no story."""
        return [topic for topic in topics if not self.stories(topic.id)]

    def covered(self, topics: Iterable[Topic]) -> int:
        """Return how many of `topics` have a story that is ready."""
        placed = ([place.story for place in self.stories(topic.id)] for topic in topics)
        return sum(any(self.data.summary(ident).ready for ident in ids) for ids in placed)


class PageContext:
    """The data of an edition, and the parts that its pages share."""

    def __init__(self, data: PageData) -> None:
        self.data = data
        self.categories = TopicIndex(data, "category", "categories", urls.CATEGORIES, urls.category)
        self.principles = TopicIndex(
            data, "principle", "principles", urls.PRINCIPLES, urls.principle
        )
        self.topic_indexes = {"category": self.categories, "principle": self.principles}

    @property
    def private(self) -> bool:
        """True for the private edition."""
        return self.data.private

    @property
    def title(self) -> str:
        """The name of the handbook."""
        return self.data.settings.title or self.t("site.title")

    @property
    def summaries(self) -> list[Story]:
        """All stories without their texts."""
        return [self.data.summary(ident) for ident in self.data.story_ids]

    @property
    def questions(self) -> list[Question]:
        """All questions."""
        return [self.data.question(ident) for ident in self.data.question_ids]

    def t(self, key: str, **values: object) -> str:
        """Return a text of the interface in the language of the handbook."""
        return self.data.catalogue.t(key, **values)

    @property
    def principle_sets(self) -> dict[str, list[Topic]]:
        """The principles by the name of their set; that of `principles_of` stands first."""
        sets: dict[str, list[Topic]] = {}
        for topic in self.principles:
            sets.setdefault(topic.set, []).append(topic)
        chosen = self.chosen_set
        ranked = sorted(sets.items(), key=lambda one: not chosen or names.key(one[0]) != chosen)
        return dict(ranked)

    @property
    def chosen_set(self) -> str:
        """The set that `principles_of` names, as names are compared, or ""."""
        chosen = self.data.settings.principles_of
        return names.key(chosen.text) if chosen else ""

    @property
    def counted_sets(self) -> dict[str, list[Topic]]:
        """The sets of principles that counts and gaps are of: the chosen one, or else each."""
        sets, chosen = self.principle_sets, self.chosen_set
        return {n: topics for n, topics in sets.items() if not chosen or names.key(n) == chosen}

    def topics_title(self, topics: TopicIndex) -> str:
        """Return `Categories` or `Principles`."""
        return self.t(f"nav.{topics.plural}")

    def shows(self, kind: str) -> bool:
        """Return True if this edition has pages of a kind."""
        return kind in self.data.page_kinds

    def is_covered(self, question: Question) -> bool:
        """Return True if the answer to the question, or a story chosen for it, is ready."""
        if question.answer and question.answer.ready:
            return True
        return any(self.data.summary(link.id).ready for link in self.data.chosen_for(question.id))

    def has_answer(self, question: Question) -> bool:
        """Return True if the question has an answer or a chosen story, ready or not."""
        return bool(question.answer or self.data.chosen_for(question.id))

    def open_state(self, question: Question) -> tuple[str, str]:
        """Return the value in filters of a question that is open, and what it lacks.

        In a handbook without a story all are open, and so none of them says it.
        """
        state, key = "uncovered", "question.no_story_assigned"
        if question.needs_answer:
            state, key = "unanswered", "question.no_answer"
        return state, "" if self.data.nothing_written else self.t(key)

    def open_by_state(self) -> dict[str, list[Question]]:
        """Return the questions without an answer, for which no story is chosen, by their state.

        Those that need a story stand before those that need an answer.
        """
        found: dict[str, list[Question]] = {"uncovered": [], "unanswered": []}
        for question in self.questions:
            if not self.has_answer(question):
                found[self.open_state(question)[0]].append(question)
        return found

    def stories_to_tell(self, question: str) -> tuple[CrossLink, ...]:
        """Return the stories chosen for a question, or else those that were found.

        None that were found take the place of an answer.
        """
        chosen = self.data.chosen_for(question)
        if chosen or self.data.question(question).answer:
            return chosen
        return self.data.stories_of_question(question).found

    def cards_of_question(self, question: str) -> tuple[str, ...]:
        """Return the ids of the cards for a question: what stands first on its page comes first.

        A story that rests is in no deck.
        """
        asked = self.data.question(question)
        links = self.stories_to_tell(question)
        stories = tuple(link.id for link in links if link.id not in self.data.resting)
        answers = (urls.answer_card(question),) if asked.answer else ()
        return (*answers, *stories) if asked.needs_answer else (*stories, *answers)

    # Fields of every page

    def page(self, path: str, title: str, *steps: tuple[str, str]) -> views.PageFields:
        """Return the fields that every page has.

        `steps` are the breadcrumb after the first page, each a text and its page, or "" for a text
        that is no link.
        """
        way = ((self.t("nav.home"), urls.HOME), *steps)
        crumbs = (views.Anchor(page and urls.relative(path, page), text) for text, page in way)
        return views.PageFields(
            path=path, frame=self.frame(path), title=title, crumbs=tuple(crumbs)
        )

    def frame(self, path: str, root: str | None = None) -> views.Frame:
        """Return the frame of the page at `path`; its links begin with `root` if that is given."""
        root = "../" * path.count("/") if root is None else root
        section = path.partition("/")[0]

        def items(menu: tuple[tuple[str, str, str], ...]) -> tuple[views.NavItem, ...]:
            return tuple(
                views.NavItem(root + page, self.t(key), page.partition("/")[0] == section)
                for kind, key, page in menu
                if self.shows(kind)
            )

        counts = [self.t("count.stories", count=len(self.data.story_ids))]
        if self.shows("questions"):
            counts.append(self.t("count.questions", count=len(self.data.question_ids)))
        return views.Frame(
            root=root,
            language=self.data.catalogue.language,
            handbook=self.title,
            private=self.private,
            canonical=self.data.settings.base_url,
            nav=items(_MENU),
            others=items(_OTHERS),
            counts=", ".join(counts),
            id=self.data.settings.id,
            history=self.data.has_history,
        )

    def category_step(self, entry: Story | Question) -> tuple[tuple[str, str], ...]:
        """Return the step of a breadcrumb for the first category of `entry`, if it has one."""
        first = formatting.first_category(entry)
        return ((self.categories.by_id[first].name, urls.category(first)),) if first else ()

    # Prose

    def html(self, prose: Prose, page: str, source: str) -> Markup:
        """Return the HTML of `prose` from the content file `source`, for the page at `page`.

        Of a link or picture that leads nowhere, the words stay.
        """
        if len(prose.parts) > 1:
            prose = urls.without_dead_links(prose, source, self.data.sources, with_names=True)
        pieces: list[str] = []
        left_out = False
        for part in prose.parts:
            if isinstance(part, str):
                pieces.append(_UNSHOWN.sub(r"\1", part, count=1) if left_out else part)
                left_out = False
                continue
            target = urls.resolve(part.target, source, self.data.sources)
            left_out = target is None  # so it is a picture
            if target is None:
                pieces[-1] = pieces[-1].removesuffix('<img src="')
            else:
                pieces.append(escape(urls.relative(page, target)))
        text = "".join(pieces)
        if BACK_LABEL in text:
            text = text.replace(BACK_LABEL, f'aria-label="{escape(self.t("prose.back"))}"')
        return Markup(text)

    # Links

    def story_link(self, ident: str, page: str) -> views.Anchor:
        """Return a link to a story."""
        return views.Anchor(urls.relative(page, urls.story(ident)), self.data.summary(ident).title)

    def answer_link(self, question: Question, page: str) -> views.Anchor | None:
        """Return a link to the prepared answer to a question, if it has one."""
        if not question.answer:
            return None
        href = f"{urls.relative(page, urls.question(question.id))}#answer"
        return views.Anchor(href, self.t("question.answer"))

    def filter_link(self, facet: str, value: str, page: str) -> views.Anchor:
        """Return a link to the list of stories with one filter set."""
        href = f"{urls.relative(page, urls.STORIES)}#{facet}={names.slug(value)}"
        return views.Anchor(href, value)

    def cards_url(self, choice: str, page: str) -> str:
        """Return the link to the page of cards with some chosen, such as `stories=a,b`."""
        return f"{urls.relative(page, urls.CARDS)}#{choice}"

    def printed_address(self, page: str) -> str:
        """Return the address of a page for readers of paper, without `https://`."""
        base = self.data.settings.base_url
        return f"{base.partition('//')[2]}{page}" if base else page

    def print_link(self, token: str, number: int, page: str) -> views.Anchor | None:
        """Return the link `Print 3 cards` to the set of cards named `token`."""
        if not number or not self.shows("cards"):
            return None
        text = self.t("cards.print_some", count=number)
        return views.Anchor(self.cards_url(f"stories={token}", page), text)

    # Parts of a story

    def heading(self, section: Section) -> str:
        """Return the heading of a section; that of footnotes is ours."""
        ours = section.kind is Kind.FOOTNOTES
        return self.t("story.footnotes") if ours else section.heading

    def letter(self, kind: Kind, gap: bool = False) -> views.Letter:
        """Return the letter of a part of a story."""
        return views.Letter(kind[0].upper(), self.t(f"part.{kind}"), kind[0], gap)

    def letters(self, story: Story) -> tuple[views.Letter, ...]:
        """Return S, T, A and R, with gaps for the parts that are missing."""
        return tuple(self.letter(kind, kind in story.missing) for kind in STAR)

    def missing(self, story: Story) -> str:
        """Return `Missing: Action, Result`, or a text that says that nothing is missing."""
        lacking = ", ".join(self.t(f"part.{kind}") for kind in story.missing)
        return self.t("story.missing", parts=lacking) if lacking else self.t("story.complete")

    def status_label(self, story: Story) -> str:
        """Return `Draft, 4 to fill in` or `Resting`, or "" for a story that is ready."""
        if story.resting:
            return self.t("story.resting")
        if story.ready:
            return ""
        return self.blanks_label(story.holes) or self.t("story.draft")

    def blanks_label(self, holes: tuple[str, ...]) -> str:
        """Return `Draft, 4 blanks`, or "" without any."""
        return self.t("story.draft_blanks", count=len(holes)) if holes else ""

    def numbers(self, story: Story, most: int | None = None) -> views.Numbers:
        """Return the first numbers of a story: those given, else those found in its Result."""
        figures, found = story.figures[:most], metrics.found_in(story)[:most]
        return views.Numbers(
            tuple(map(formatting.metric_view, figures)), tuple(map(formatting.found_view, found))
        )

    def speaking_time(self, sections: Iterable[Section]) -> int:
        """Return the seconds that it takes to speak `sections` at the pace of the handbook."""
        return timing.speaking_time(sections, self.data.settings.pace)

    def answer_time(self, story: Story) -> int:
        """Return the seconds that it takes to speak the whole answer."""
        return self.speaking_time(timing.spoken_sections(story))

    def planned(self, seconds: int) -> str:
        """Return `planned 2:00`, or "" without a plan."""
        return self.t("story.planned", time=formatting.clock(seconds)) if seconds else ""

    def verdict(self, verdict: timing.Verdict) -> views.Verdict:
        """Return the view of a verdict; only one that is over has seconds."""
        key, seconds = verdict
        return views.Verdict(self.t(key, count=seconds) if key else "", over=seconds > 0)

    def copy_text(self, write: Callable[[], str]) -> views.CopyText:
        """Return a text to copy, with `612 words, 112 over 500`; none in a public edition."""
        text = write() if self.private else ""
        number, limit = len(text.split()), plain_text.MOST_WORDS
        if not number:
            return views.CopyText()
        words, over = self.t("copy.words", count=number), number - limit
        if over > 0:
            words = self.t("copy.over", words=words, over=over, limit=limit)
        return views.CopyText(text, words)

    def answer_length(self, story: Story) -> AnswerLength | None:
        """Return the answer length that a story names, else the first of the handbook."""
        return timing.answer_length(story, self.data.settings)

    # Cross-links

    def story_cross_link(self, link: CrossLink, page: str) -> views.CrossLinkView:
        """Return the view of a cross-link to a story."""
        story = self.data.summary(link.id)
        href, reason = urls.relative(page, urls.story(story.id)), self.reason(link)
        return views.CrossLinkView(
            href, story.title, story.id, link.chosen, link.note, reason, not story.ready,
            resting=story.resting,
        )  # fmt: skip

    def question_cross_link(self, link: CrossLink, page: str) -> views.CrossLinkView:
        """Return the view of a cross-link to a question."""
        question = self.data.question(link.id)
        href, reason = urls.relative(page, urls.question(link.id)), self.reason(link)
        is_open = self.private and not self.has_answer(question)
        lacking = self.open_state(question)[1] if is_open else ""
        return views.CrossLinkView(
            href,
            question.question,
            "",
            link.chosen,
            link.note,
            reason,
            draft=False,
            lacking=lacking,
        )

    def reason(self, link: CrossLink) -> str:
        """Return `same principle: Ownership; same category: Feedback, Conflict; same words: …`."""
        shared: dict[str, list[str]] = {}
        for term in link.shared:
            topics = self.topic_indexes.get(term.kind)
            name = topics.by_id[term.id].name if topics else term.id
            shared.setdefault(term.kind, []).append(name)
        reasons = [
            self.t(
                "reason.same_tag" if kind == "tag" else f"reason.{kind}", names=", ".join(values)
            )
            for kind, values in shared.items()
        ]
        if link.words:
            reasons.append(self.t("reason.words", names=", ".join(link.words)))
        return "; ".join(reasons)

    def more_link(self, links: CrossLinks, page: str, anchor: str = "") -> views.Anchor | None:
        """Return the link `All 25 in Leadership`, or None if all that was found is shown.

        It leads to the stories of that topic, or to its questions if `anchor` is "#questions".
        """
        if links.more is None:
            return None
        topics, ident = self.topic_indexes[links.more.kind], links.more.id
        total = len(topics.questions(ident) if anchor else topics.stories(ident))
        topic = topics.link(ident, page)
        return views.Anchor(
            topic.href + anchor, self.t("list.all_in", count=total, name=topic.text)
        )

    # Angles

    def listener(self, address: str, page: str) -> views.Anchor:
        """Return the name of whom or what an angle is for, and the link to its page or ""."""
        kind, _, ident = address.partition("/")
        if kind in self.topic_indexes and ident in self.topic_indexes[kind].by_id:
            return self.topic_indexes[kind].link(ident, page)
        if kind == "question" and ident in self.data.question_ids:
            href = urls.relative(page, urls.question(ident))
            return views.Anchor(href, self.data.question(ident).question)
        if kind == "company" and ident in self.data.companies:
            href = f"{urls.relative(page, urls.QUESTIONS)}#company={ident}"
            is_asking = self.shows("questions") and ident in self.data.asking_companies
            return views.Anchor(href if is_asking else "", self.data.companies[ident])
        return views.Anchor("", "")

    def listeners(self, question: Question) -> list[str]:
        """Return the addresses of a question and of those it belongs to, for whom angles are."""
        return [
            f"question/{question.id}",
            *(f"company/{names.slug(company)}" for company in question.companies),
            *(f"principle/{ref.to}" for ref in question.principles if ref.to),
            *(f"category/{ref.to}" for ref in question.categories if ref.to),
        ]

    def angles(
        self, story: Story, addresses: Sequence[str], page: str, own: str = ""
    ) -> tuple[views.AngleView, ...]:
        """Return the angles of a story for any of `addresses`, in that order.

        That for `own`, which is the page itself, gets no name.
        """
        wanted = {one.ref.to for one in story.angles if one.ref} & set(addresses)
        if not wanted:
            return ()
        html = partial(self.html, page=page, source=story.path)
        found: dict[str, list[views.AngleView]] = {}
        for item in self.data.angles(story.id):
            if item.ref and (address := item.ref.to) in wanted:
                name = "" if address == own else self.listener(address, page).text
                found.setdefault(address, []).append(angle_view(item, name, html))
        return tuple(view for one in dict.fromkeys(addresses) for view in found.get(one, ()))

    # Rows of lists

    def story_row(
        self, story: Story, page: str, why: str = "", address: str = ""
    ) -> views.StoryRow:
        """Return the row of a story in a list, with the values that the filters compare.

        With the `address` of a topic, such as `principle/ownership`, the row has its angles for it.
        """
        numbers, holes = self.numbers(story, 2), story.holes
        status = [str(story.status), "resting" if story.resting else ""]
        status.append("" if numbers else "no-number")
        return views.StoryRow(
            href=urls.relative(page, urls.story(story.id)),
            id=story.id,
            title=story.title,
            headline=story.headline,
            hole=holes[0].strip("[]") if holes and not story.ready else "",
            holes=len(holes),
            numbers=numbers,
            letters=self.letters(story),
            missing=self.missing(story),
            draft=not story.ready,
            resting=story.resting,
            facets=(
                ("status", " ".join(filter(None, status)) if self.private else ""),
                ("category", " ".join(self.data.topics_of_story("category", story.id))),
                ("principle", " ".join(self.data.topics_of_story("principle", story.id))),
                ("company", names.slug(story.company)),
                ("date", story.date),
                ("year", story.date[:4]),
                ("level", names.slug(story.level)),
                ("tag", " ".join(names.slug(tag) for tag in story.tags)),
            ),
            facts=" · ".join(filter(None, (story.company, story.date))),
            why=why,
            angles=self.angles(story, [address], page, own=address) if address else (),
        )

    def question_row(self, question: Question, page: str) -> views.QuestionRow:
        """Return the row of a question in a list; a private edition says what it lacks."""
        ident = question.id
        chosen = self.data.chosen_for(ident)
        if not self.private or self.is_covered(question):
            state, label = "covered", ""
        elif self.has_answer(question):
            state, label = "draft", self.t("question.draft_only")
        else:
            state, label = self.open_state(question)
        return views.QuestionRow(
            href=urls.relative(page, urls.question(ident)),
            question=question.question,
            label=label,
            stories=tuple(self.story_link(link.id, page) for link in chosen),
            answer=self.answer_link(question, page),
            companies=", ".join(question.companies),
            facets=(
                ("coverage", state if self.private else ""),
                ("category", " ".join(ref.to for ref in question.categories)),
                ("principle", " ".join(ref.to for ref in question.principles)),
                ("company", " ".join(names.slug(company) for company in question.companies)),
                ("level", " ".join(names.slug(level) for level in question.levels)),
            ),
        )


def angle_view(item: Item, name: str, html: Callable[[Prose], Markup]) -> views.AngleView:
    """Return the view of an angle for whom or what is called `name`."""
    lines = (views.NoteView(one.name, one.label, html(one.body)) for one in item.fields)
    return views.AngleView(name, html(item.body), tuple(lines))
