"""Context: the data of one edition, and the parts of pages that many pages share."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import msgspec
from markupsafe import Markup, escape

from starbook import urls
from starbook.content import metrics
from starbook.links import CrossLink, CrossLinks, Placement
from starbook.model import (
    STAR,
    AnswerLength,
    Audience,
    Deck,
    Guide,
    Kind,
    Link,
    Prose,
    Question,
    Ref,
    Section,
    Settings,
    Story,
    Topic,
)
from starbook.pages import formatting, views
from starbook.text import names

_MENU = (
    ("stories", "Stories", urls.STORIES),
    ("questions", "Questions", urls.QUESTIONS),
    ("categories", "Categories", urls.CATEGORIES),
    ("principles", "Principles", urls.PRINCIPLES),
    ("coverage", "Coverage", urls.COVERAGE),
    ("guides", "Guides", urls.GUIDES),
    ("cards", "Cards", urls.CARDS),
)
# The parts that are spoken as the answer.
SPOKEN = (*STAR, Kind.REFLECTION)


class PageData(Protocol):
    """What pages are made from, each part fetched when it is needed.

    A page depends on the parts that it has fetched, and is made again when one of them changes.
    Topics are categories and principles, `kind` is "category" or "principle".
    """

    @property
    def private(self) -> bool:
        """True for the edition that only the person reads."""

    @property
    def settings(self) -> Settings:
        """The settings of the handbook."""

    @property
    def page_kinds(self) -> tuple[str, ...]:
        """The kinds of pages that the edition has, such as `guides`."""

    @property
    def story_ids(self) -> tuple[str, ...]:
        """The stories in their order."""

    @property
    def story_positions(self) -> dict[str, int]:
        """The position of each story in that order."""

    @property
    def question_ids(self) -> tuple[str, ...]:
        """The questions in their order."""

    @property
    def guides(self) -> tuple[Guide, ...]:
        """The guides in their order."""

    @property
    def audiences(self) -> tuple[Audience, ...]:
        """The questions to ask, by audience."""

    @property
    def decks(self) -> tuple[Deck, ...]:
        """The decks of cards."""

    @property
    def sources(self) -> dict[str, str]:
        """The pages of content files, by the path of the file."""

    @property
    def first_cards(self) -> frozenset[str]:
        """The ids of the cards that are shown at first."""

    @property
    def search_entries(self) -> tuple[tuple[str, str], ...]:
        """The kind and id of all that is searched, in the order of the index."""

    @property
    def stories_at_level(self) -> dict[str, tuple[str, ...]]:
        """The stories at each level."""

    def story(self, ident: str) -> Story:
        """Return a story."""

    def summary(self, ident: str) -> Story:
        """Return a story without its words: enough for a list, and equal while they are written."""

    def question(self, ident: str) -> Question:
        """Return a question."""

    def topics(self, kind: str) -> dict[str, Topic]:
        """Return all topics of a kind, by id."""

    def stories_of_topic(self, kind: str, ident: str) -> tuple[Placement, ...]:
        """Return the stories under a topic."""

    def questions_of_topic(self, kind: str, ident: str) -> tuple[str, ...]:
        """Return the questions under a topic."""

    def topics_of_story(self, kind: str, ident: str) -> tuple[str, ...]:
        """Return the topics that a story stands under, in their order."""

    def chosen_for(self, question: str) -> tuple[CrossLink, ...]:
        """Return the stories that the person chose for a question."""

    def notes_on_story(self, ident: str) -> tuple[tuple[int, str], ...]:
        """Return how to tell a story for questions, by their position in the index."""

    def stories_of_question(self, ident: str) -> CrossLinks:
        """Return the stories to tell for a question."""

    def questions_of_story(self, ident: str) -> CrossLinks:
        """Return the questions that a story answers."""

    def related_stories(self, ident: str) -> CrossLinks:
        """Return the stories that are nearest to a story."""

    def related_questions(self, ident: str) -> CrossLinks:
        """Return the questions that are nearest to a question."""


class TopicIndex(msgspec.Struct, frozen=True):
    """Categories, or principles: all that is the same of both, and what it is called."""

    data: PageData
    form: str
    many: str
    index: str
    url: Callable[[str], str]

    def __iter__(self) -> Iterator[Topic]:
        return iter(self.topics.values())

    @property
    def topics(self) -> dict[str, Topic]:
        """The topics by id."""
        return self.data.topics(self.form)

    def stories(self, ident: str) -> tuple[Placement, ...]:
        """Return the stories under a topic."""
        return self.data.stories_of_topic(self.form, ident)

    def questions(self, ident: str) -> tuple[str, ...]:
        """Return the questions under a topic."""
        return self.data.questions_of_topic(self.form, ident)

    @property
    def without_story(self) -> list[Topic]:
        """The topics that no story stands under."""
        return [topic for topic in self if not self.stories(topic.id)]


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
        """True for the edition that only the person reads."""
        return self.data.private

    @property
    def settings(self) -> Settings:
        """The settings of the handbook."""
        return self.data.settings

    @property
    def summaries(self) -> list[Story]:
        """All stories without their words."""
        return [self.data.summary(ident) for ident in self.data.story_ids]

    @property
    def questions(self) -> list[Question]:
        """All questions."""
        return [self.data.question(ident) for ident in self.data.question_ids]

    def shows(self, kind: str) -> bool:
        """Return True if this edition has pages of a kind."""
        return kind in self.data.page_kinds

    def is_covered(self, question: str) -> bool:
        """Return True if a story that was chosen for the question is ready."""
        return any(self.data.summary(link.id).ready for link in self.data.chosen_for(question))

    def stories_to_tell(self, question: str) -> tuple[CrossLink, ...]:
        """Return the stories chosen for a question, or else those that were found."""
        return self.data.chosen_for(question) or self.data.stories_of_question(question).found

    # Around the page

    def frame(self, path: str) -> views.Frame:
        """What stands around the page at `path`."""
        return self.frame_at("../" * path.count("/"), path.split("/", 1)[0])

    def frame_at(self, root: str, section: str) -> views.Frame:
        """What stands around a page of a section, its links leading from `root`."""
        nav = (
            views.NavItem(root + page, text, page.split("/", 1)[0] == section)
            for kind, text, page in _MENU
            if self.shows(kind)
        )
        counts = [formatting.count(len(self.data.story_ids), "story", "stories")]
        if self.shows("questions"):
            counts.append(formatting.count(len(self.data.question_ids), "question"))
        return views.Frame(
            root=root,
            handbook=self.settings.title,
            private=self.private,
            canonical=self.settings.base_url,
            nav=tuple(nav),
            counts=", ".join(counts),
            to_ask=root + urls.TO_ASK if self.shows("to-ask") else "",
        )

    def crumbs(self, path: str, *steps: tuple[str, str]) -> tuple[views.Anchor, ...]:
        """The way from the first page; a step without a page is where one stands."""
        way = (("Handbook", urls.HOME), *steps)
        return tuple(
            views.Anchor(urls.relative(path, page) if page else "", text) for text, page in way
        )

    # Prose

    def html(self, prose: Prose, page: str, source: str) -> Markup:
        """Prose on a page, its links leading from there."""
        return Markup("".join(self._part(part, page, source) for part in prose.parts))

    def _part(self, part: str | Link, page: str, source: str) -> str:
        if isinstance(part, str):
            return part
        target = urls.resolve(part.target, source, self.data.sources)
        return escape(urls.relative(page, target)) if target else "#"

    # Topics

    def chips(
        self, refs: Iterable[Ref], page: str, form: str = "category"
    ) -> tuple[views.Anchor, ...]:
        """Categories or principles as links."""
        return tuple(self.topic_link(form, ref.to, page) for ref in refs if ref.to)

    def topic_link(self, form: str, ident: str, page: str) -> views.Anchor:
        """A category or principle as a link."""
        shelf = self.topic_indexes[form]
        return views.Anchor(urls.relative(page, shelf.url(ident)), shelf.topics[ident].name)

    def filtered(self, page: str, facet: str, value: str) -> str:
        """The story list, with one filter set."""
        return f"{urls.relative(page, urls.STORIES)}#{facet}={names.slug(value)}"

    def cards(self, choice: str, page: str) -> str:
        """The page of cards with some chosen, as its address has it: `stories=a,b`."""
        return f"{urls.relative(page, urls.CARDS)}#{choice}"

    def print_cards(self, token: str, number: int, page: str) -> views.Anchor | None:
        """`Print 3 cards`: the stories that `token` stands for there."""
        if not number or not self.shows("cards"):
            return None
        return views.Anchor(
            self.cards(f"stories={token}", page), f"Print {formatting.count(number, 'card')}"
        )

    # Numbers and times

    def figures(self, story: Story) -> tuple[views.FigureView, ...]:
        """The numbers of a story: those given, else those found in its Result."""
        return tuple(map(formatting.metric_view, metrics.get(story)))

    def seconds_aloud(self, sections: Iterable[Section]) -> int:
        """How long the words of sections take to say at the handbook's pace."""
        words = sum(len(section.body.text.split()) for section in sections)
        return round(words * 60 / self.settings.pace)

    def aloud(self, story: Story) -> int:
        """How long the whole answer takes to say, in seconds."""
        spoken = (section for section in story.sections if section.kind in SPOKEN)
        return self.seconds_aloud(spoken)

    def letters(self, story: Story) -> tuple[views.Letter, ...]:
        """S, T, A and R; hollow where there is nothing yet."""
        gaps = story.missing
        return tuple(formatting.letter(kind, kind in gaps) for kind in STAR)

    def length(self, story: Story) -> AnswerLength | None:
        """The answer length of a story: its own, else the first of the handbook."""
        lengths = self.settings.answer_lengths
        wanted = names.key(story.length.text) if story.length else ""
        chosen = (length for length in lengths if names.key(length.name) == wanted)
        return next(chosen, lengths[0] if lengths else None)

    # Links between stories and questions

    def story_link(self, ident: str, page: str) -> views.Anchor:
        """A story as a link."""
        return views.Anchor(urls.relative(page, urls.story(ident)), self.data.summary(ident).title)

    def story_tie(self, tie: CrossLink, page: str) -> views.TieView:
        """A cross-link to a story."""
        story = self.data.summary(tie.id)
        href = urls.relative(page, urls.story(tie.id))
        why = self.why(tie)
        return views.TieView(
            href, story.title, story.id, tie.chosen, tie.note, why, draft=not story.ready
        )

    def question_tie(self, tie: CrossLink, page: str) -> views.TieView:
        """A cross-link to a question."""
        question = self.data.question(tie.id)
        return views.TieView(
            urls.relative(page, urls.question(tie.id)), question.question, "",
            tie.chosen, tie.note, self.why(tie), draft=False,
            lacking=self.private and not self.data.chosen_for(tie.id),
        )  # fmt: skip

    def why(self, tie: CrossLink) -> str:
        """`same principle: Ownership; same category: Feedback, Conflict; same words: boss`."""
        kinds: dict[str, list[str]] = {}
        for term in tie.shared:
            kinds.setdefault(term.kind, []).append(
                self.topic_indexes[term.kind].topics[term.id].name
            )
        if tie.words:
            kinds["words"] = list(tie.words)
        return "; ".join(f"same {kind}: {', '.join(shared)}" for kind, shared in kinds.items())

    def more(self, ties: CrossLinks, page: str, stories: bool) -> views.Anchor | None:
        """`All 25 in Leadership`, where more were found than are shown."""
        term = ties.more
        if term is None:
            return None
        anchor = self.topic_link(term.kind, term.id, page)
        shelf = self.topic_indexes[term.kind]
        total = len((shelf.stories if stories else shelf.questions)(term.id))
        where = "" if stories else "#questions"
        return views.Anchor(anchor.href + where, f"All {total} in {anchor.text}")

    # Rows

    def story_row(self, story: Story, page: str, why: str = "") -> views.StoryRow:
        """A story in a list."""
        numbers = self.figures(story)
        holes = story.holes
        return views.StoryRow(
            href=urls.relative(page, urls.story(story.id)),
            id=story.id,
            title=story.title,
            headline=story.headline,
            hole=holes[0].strip("[]") if holes and not story.ready else "",
            holes=len(holes),
            figures=numbers[:2],
            letters=self.letters(story),
            missing=formatting.missing(story),
            draft=not story.ready,
            facets=self._story_facets(story, bool(numbers)),
            why=why,
        )

    def _story_facets(self, story: Story, numbers: bool) -> tuple[tuple[str, str], ...]:
        told = [str(story.status)] + ([] if numbers else ["no-number"])
        return (
            ("told", " ".join(told) if self.private else ""),
            ("category", " ".join(self.data.topics_of_story("category", story.id))),
            ("principle", " ".join(self.data.topics_of_story("principle", story.id))),
            ("level", names.slug(story.level)),
            ("tag", " ".join(names.slug(tag) for tag in story.tags)),
        )

    def question_row(self, question: Question, page: str) -> views.QuestionRow:
        """A question in a list."""
        chosen = self.data.chosen_for(question.id)
        state, label = self._state(question)
        return views.QuestionRow(
            href=urls.relative(page, urls.question(question.id)),
            question=question.question,
            state=state,
            label=label,
            stories=tuple(self.story_link(tie.id, page) for tie in chosen),
            companies=", ".join(question.companies),
            facets=(
                ("met", state if self.private else ""),
                ("category", " ".join(ref.to for ref in question.categories)),
                ("principle", " ".join(ref.to for ref in question.principles)),
                ("company", " ".join(names.slug(company) for company in question.companies)),
                ("level", " ".join(names.slug(level) for level in question.levels)),
            ),
        )

    def _state(self, question: Question) -> tuple[str, str]:
        if self.is_covered(question.id) or not self.private:
            return "met", ""
        if self.data.chosen_for(question.id):
            return "draft", "draft only"
        if self.stories_to_tell(question.id):
            return "open", "no story chosen"
        return "open", "no story"
