"""What all pages draw on: look-ups over one handbook, and the parts that many pages share."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, cast

import msgspec
from markupsafe import Markup, escape

from starbook import links as link
from starbook import urls
from starbook.build.memory import Traced
from starbook.content import metrics
from starbook.model import (
    STAR,
    AnswerLength,
    Edition,
    Figure,
    Handbook,
    Kind,
    Link,
    Prose,
    Question,
    Ref,
    Section,
    Story,
    Topic,
)
from starbook.pages import views
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


class Shelf(msgspec.Struct, frozen=True):
    """Categories, or principles: all that is the same of both, and what it is called.

    `stories` and `questions` lead from a topic to what stands under it, `over` back from a story.
    """

    form: str
    many: str
    index: str
    place: Callable[[str], str]
    topics: dict[str, Topic]
    stories: Mapping[str, tuple[link.Place, ...]]
    questions: Mapping[str, tuple[str, ...]]
    over: Mapping[str, list[str]]

    def __iter__(self) -> Iterator[Topic]:
        return iter(self.topics.values())

    @property
    def bare(self) -> list[Topic]:
        """Those without a story."""
        return [topic for topic in self if not self.stories[topic.id]]


class _Book:
    """A handbook that is read at a desk: who looks at its stories is seen to look at all."""

    def __init__(self, handbook: Handbook, stories: Traced[str, Story]) -> None:
        self._handbook = handbook
        self._stories = stories

    def __getattr__(self, name: str) -> Any:
        if name not in _WITHOUT_STORIES:
            self._stories.asked_for_all = True
        return getattr(self._handbook, name)


_WITHOUT_STORIES = frozenset(Handbook.__struct_fields__) - {"stories"}


class Desk:
    """A handbook and its links, with everything at hand by id.

    What is made here can be remembered: `stories` notes which of them were looked at, whether it
    was their words or their outlines, and `rest` is the value of everything else, links by what
    they are made of: it can be written down.
    """

    def __init__(self, handbook: Handbook, links: link.Links) -> None:
        stories = {story.id: metrics.with_extracted(story) for story in handbook.stories}
        outlines = {ident: story.summary for ident, story in stories.items()}
        self.stories = Traced(stories, outlines)
        self.handbook = cast(Handbook, _Book(handbook, self.stories))
        self.links = links
        self.questions = {question.id: question for question in handbook.questions}
        self.categories = Shelf(
            "category", "categories", urls.CATEGORIES, urls.category,
            {topic.id: topic for topic in handbook.categories},
            links.in_category, links.questions_in_category, links.categories_of,
        )  # fmt: skip
        self.principles = Shelf(
            "principle", "principles", urls.PRINCIPLES, urls.principle,
            {topic.id: topic for topic in handbook.principles},
            links.in_principle, links.questions_on_principle, links.principles_of,
        )  # fmt: skip
        self.shelves = {"category": self.categories, "principle": self.principles}
        self.sources = urls.by_source(handbook)
        self.private = handbook.edition is Edition.PRIVATE
        self.total = len(stories)
        # The questions that a chosen story meets which is ready.
        met = (q.id for q in handbook.questions if link.is_met(q, links, stories))
        self.met = frozenset(met)
        without = msgspec.structs.replace(handbook, stories=())
        self.rest = (without, links.made_of, self.sources, self.total, self.met)
        self._frames: dict[tuple[str, str], views.Frame] = {}
        self._figures: dict[str, tuple[views.FigureView, ...]] = {}
        self._aloud: dict[str, int] = {}
        self._letters: dict[str, tuple[views.Letter, ...]] = {}

    @property
    def outlines(self) -> dict[str, Story]:
        """The stories without their words, by id: for lists, which then stay as they are."""
        return self.stories.summary

    def shows(self, kind: str) -> bool:
        """Whether this edition has pages of a kind."""
        return urls.has_pages(self.handbook, kind)

    # Around the page

    def frame(self, path: str) -> views.Frame:
        """What stands around the page at `path`."""
        return self.frame_at("../" * path.count("/"), path.split("/", 1)[0])

    def frame_at(self, root: str, section: str) -> views.Frame:
        """What stands around a page of a section, its links leading from `root`."""
        if (root, section) not in self._frames:
            self._frames[root, section] = self._frame(root, section)
        return self._frames[root, section]

    def _frame(self, root: str, section: str) -> views.Frame:
        nav = (
            views.NavItem(root + page, text, page.split("/", 1)[0] == section)
            for kind, text, page in _MENU
            if self.shows(kind)
        )
        counts = [count(self.total, "story", "stories")]
        if self.shows("questions"):
            counts.append(count(len(self.questions), "question"))
        return views.Frame(
            root=root,
            handbook=self.handbook.settings.title,
            private=self.private,
            canonical=self.handbook.settings.base_url,
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
        target = urls.resolve(part.target, source, self.sources)
        return escape(urls.relative(page, target)) if target else "#"

    # Topics

    def chips(
        self, refs: Iterable[Ref], page: str, form: str = "category"
    ) -> tuple[views.Anchor, ...]:
        """Categories or principles as links."""
        return tuple(self.topic_link(form, ref.to, page) for ref in refs if ref.to)

    def topic_link(self, form: str, ident: str, page: str) -> views.Anchor:
        """A category or principle as a link."""
        shelf = self.shelves[form]
        return views.Anchor(urls.relative(page, shelf.place(ident)), shelf.topics[ident].name)

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
        return views.Anchor(self.cards(f"stories={token}", page), f"Print {count(number, 'card')}")

    # Numbers and times

    def figures(self, story: Story) -> tuple[views.FigureView, ...]:
        """The numbers of a story: those given, else those found in its Result."""
        if story.id not in self._figures:
            self._figures[story.id] = tuple(map(_figure, metrics.get(story)))
        return self._figures[story.id]

    def seconds_aloud(self, sections: Iterable[Section]) -> int:
        """How long the words of sections take to say at the handbook's pace."""
        words = sum(len(section.body.text.split()) for section in sections)
        return round(words * 60 / self.handbook.settings.pace)

    def aloud(self, story: Story) -> int:
        """How long the whole answer takes to say, in seconds."""
        if story.id not in self._aloud:
            spoken = (section for section in story.sections if section.kind in SPOKEN)
            self._aloud[story.id] = self.seconds_aloud(spoken)
        return self._aloud[story.id]

    def letters(self, story: Story) -> tuple[views.Letter, ...]:
        """S, T, A and R; hollow where there is nothing yet."""
        if story.id not in self._letters:
            gaps = story.missing
            self._letters[story.id] = tuple(letter(kind, kind in gaps) for kind in STAR)
        return self._letters[story.id]

    def length(self, story: Story) -> AnswerLength | None:
        """The answer length of a story: its own, else the first of the handbook."""
        lengths = self.handbook.settings.answer_lengths
        wanted = names.key(story.length.text) if story.length else ""
        chosen = (length for length in lengths if names.key(length.name) == wanted)
        return next(chosen, lengths[0] if lengths else None)

    # Links between stories and questions

    def story_link(self, ident: str, page: str) -> views.Anchor:
        """A story as a link."""
        return views.Anchor(urls.relative(page, urls.story(ident)), self.stories.brief(ident).title)

    def story_tie(self, tie: link.Tie, page: str) -> views.TieView:
        """A cross-link to a story."""
        story = self.stories.brief(tie.id)
        href = urls.relative(page, urls.story(tie.id))
        why = self.why(tie)
        return views.TieView(
            href, story.title, story.id, tie.chosen, tie.note, why, draft=not story.ready
        )

    def question_tie(self, tie: link.Tie, page: str) -> views.TieView:
        """A cross-link to a question."""
        question = self.questions[tie.id]
        return views.TieView(
            urls.relative(page, urls.question(tie.id)), question.question, "",
            tie.chosen, tie.note, self.why(tie), draft=False,
            lacking=self.private and not self.links.chosen_for(tie.id),
        )  # fmt: skip

    def why(self, tie: link.Tie) -> str:
        """`same principle: Ownership; same category: Feedback, Conflict; same words: boss`."""
        kinds: dict[str, list[str]] = {}
        for term in tie.shared:
            kinds.setdefault(term.kind, []).append(self.shelves[term.kind].topics[term.id].name)
        if tie.words:
            kinds["words"] = list(tie.words)
        return "; ".join(f"same {kind}: {', '.join(shared)}" for kind, shared in kinds.items())

    def more(self, ties: link.Ties, page: str, stories: bool) -> views.Anchor | None:
        """`All 25 in Leadership`, where more were found than are shown."""
        term = ties.more
        if term is None:
            return None
        anchor = self.topic_link(term.kind, term.id, page)
        shelf = self.shelves[term.kind]
        total = len((shelf.stories if stories else shelf.questions)[term.id])
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
            missing=missing(story),
            draft=not story.ready,
            facets=self._story_facets(story, bool(numbers)),
            why=why,
        )

    def _story_facets(self, story: Story, numbers: bool) -> tuple[tuple[str, str], ...]:
        told = [str(story.status)] + ([] if numbers else ["no-number"])
        return (
            ("told", " ".join(told) if self.private else ""),
            ("category", " ".join(self.categories.over.get(story.id, ()))),
            ("principle", " ".join(self.principles.over.get(story.id, ()))),
            ("level", names.slug(story.level)),
            ("tag", " ".join(names.slug(tag) for tag in story.tags)),
        )

    def question_row(self, question: Question, page: str) -> views.QuestionRow:
        """A question in a list."""
        chosen = self.links.chosen_for(question.id)
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
        if question.id in self.met or not self.private:
            return "met", ""
        if self.links.chosen_for(question.id):
            return "draft", "draft only"
        if self.links.first_for(question.id):
            return "open", "no story chosen"
        return "open", "no story"


def _figure(figure: Figure) -> views.FigureView:
    close = figure.unit.startswith("/") or figure.unit == "x"  # 4.2/5 and 3x want no space
    unit = figure.unit if close or not figure.unit else f"\N{NO-BREAK SPACE}{figure.unit}"
    return views.FigureView(_minus(figure.value), _minus(figure.before), unit, figure.label)


def _minus(number: str) -> str:
    return f"\N{MINUS SIGN}{number[1:]}" if number.startswith("-") else number


@cache
def letter(kind: Kind, gap: bool = False) -> views.Letter:
    """The letter of a part."""
    return views.Letter(kind[0].upper(), kind.capitalize(), kind[0], gap)


def missing(story: Story) -> str:
    """`Missing: Action, Result`, or that all is there."""
    lacking = [kind.capitalize() for kind in story.missing]
    return f"Missing: {', '.join(lacking)}" if lacking else "All four parts written"


def draft_label(story: Story) -> str:
    """`Draft, 4 to fill in`, or nothing for a story that is ready."""
    if story.ready:
        return ""
    return f"Draft, {len(story.holes)} to fill in" if story.holes else "Draft"


def clock(seconds: int) -> str:
    """175 → `2:55`."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def count(number: int, one: str, many: str = "") -> str:
    """`1 story`, `2 stories`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def size(seconds: int) -> int:
    """The height of a letter in the thumb index: 1 to 12, a step each ten seconds."""
    return min(max(math.ceil(seconds / 10), 1), 12)


def neighbours(
    items: list[views.Anchor], i: int
) -> tuple[views.Anchor | None, views.Anchor | None]:
    """The one before and the one after."""
    before = items[i - 1] if i > 0 else None
    return before, items[i + 1] if i + 1 < len(items) else None
