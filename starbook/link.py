"""Cross-links: who belongs together, and why. Pure functions over a handbook.

Two things are tied by what they share: a principle weighs more than a category, a category more
than a tag. What the person chose stands before what was found.
"""

import bisect
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TypeVar

import msgspec

from starbook.model import Handbook, Question, Ref, Story, Topic
from starbook.search import Index, Match, Reader

FOUND = 5
# In a handbook of thousands, neighbours are looked for among so many candidates, rarest shared
# name first, so that the work grows with the stories and not with their square.
CANDIDATES = 256

_WEIGHTS = {"principle": 3, "category": 2, "tag": 1}
# What a word in common counts, and how many and how telling they must be to be a reason.
_WORD, _WORDS, _ENOUGH = 2, 2, 0.6

K = TypeVar("K")


class Term(msgspec.Struct, frozen=True, order=True):
    """Something that two things can share: its kind (`category`, `principle`, `tag`) and id."""

    kind: str
    id: str


class Tie(msgspec.Struct, frozen=True):
    """A link to a story or question by id. `note` is the person's own; `shared` says why else.

    `words` are those of a question that a story found for it says.
    """

    id: str
    chosen: bool = False
    note: str = ""
    shared: tuple[Term, ...] = ()
    words: tuple[str, ...] = ()


class Ties(msgspec.Struct, frozen=True):
    """The ties of one thing: the chosen ones, the best found ones, and where all of them stand."""

    chosen: tuple[Tie, ...] = ()
    found: tuple[Tie, ...] = ()
    more: Term | None = None

    @property
    def all(self) -> tuple[Tie, ...]:
        """Chosen before found."""
        return (*self.chosen, *self.found)


class Place(msgspec.Struct, frozen=True):
    """A story under a category or principle; `tag` is the tag that put it there, if one did."""

    story: str
    tag: str = ""


class Links(msgspec.Struct, frozen=True):
    """Every cross-link of a handbook, by the id of where it starts."""

    stories_of_question: Mapping[str, Ties]
    questions_of_story: Mapping[str, Ties]
    related_stories: Mapping[str, Ties]
    related_questions: Mapping[str, Ties]
    in_category: Mapping[str, tuple[Place, ...]]
    in_principle: Mapping[str, tuple[Place, ...]]
    questions_in_category: Mapping[str, tuple[str, ...]]
    questions_on_principle: Mapping[str, tuple[str, ...]]
    at_level: Mapping[str, tuple[str, ...]]
    with_tag: Mapping[str, tuple[str, ...]]


class _Side(msgspec.Struct):
    """Stories or questions with their terms, and from each term to those that have it."""

    ids: list[str]
    terms: list[frozenset[Term]]
    weak: list[bool]
    postings: dict[Term, list[int]]


def link(handbook: Handbook, index: Index | None = None) -> Links:
    """All cross-links; with an index, words as well lead from a question to its found stories."""
    stories = _side(_story_terms(handbook), [not story.ready for story in handbook.stories])
    questions = _side(_question_terms(handbook), [False] * len(handbook.questions))
    chosen = _chosen(handbook)
    said = _said(handbook, index, chosen) if index else {}
    by_story = _turned(chosen)
    categories = {t.id: _places(handbook, t, _categories) for t in handbook.categories}
    principles = {t.id: _places(handbook, t, _principles) for t in handbook.principles}
    return Links(
        stories_of_question=_across(questions, stories, chosen, said=said),
        questions_of_story=_across(stories, questions, by_story),
        related_stories=_across(stories, stories, {}, itself=True),
        related_questions=_across(questions, questions, {}, itself=True),
        in_category=categories,
        in_principle=principles,
        questions_in_category=_having(questions, "category", handbook.categories),
        questions_on_principle=_having(questions, "principle", handbook.principles),
        at_level=_grouped((s.level, s.id) for s in handbook.stories if s.level),
        with_tag=_grouped((tag, s.id) for s in handbook.stories for tag in s.tags),
    )


def _categories(story: Story) -> tuple[Ref, ...]:
    return story.categories


def _principles(story: Story) -> tuple[Ref, ...]:
    return story.principles


def _places(
    handbook: Handbook, topic: Topic, stated: Callable[[Story], tuple[Ref, ...]]
) -> tuple[Place, ...]:
    """The stories of a topic: those that name it, then those that a tag puts there."""
    wanted = {tag.casefold() for tag in topic.tags}
    named: list[Place] = []
    tagged: list[Place] = []
    for story in handbook.stories:
        if any(ref.to == topic.id for ref in stated(story)):
            named.append(Place(story.id))
        elif tag := next((tag for tag in story.tags if tag.casefold() in wanted), ""):
            tagged.append(Place(story.id, tag))
    return (*named, *tagged)


def _story_terms(handbook: Handbook) -> list[tuple[str, set[Term]]]:
    by_tag: dict[str, set[Term]] = {}
    for kind, topics in (("category", handbook.categories), ("principle", handbook.principles)):
        for topic in topics:
            for tag in topic.tags:
                by_tag.setdefault(tag.casefold(), set()).add(Term(kind, topic.id))
    rows = []
    for story in handbook.stories:
        terms = _named(story.categories, story.principles)
        for tag in story.tags:
            terms |= by_tag.get(tag.casefold(), set()) | {Term("tag", tag.casefold())}
        rows.append((story.id, terms))
    return rows


def _question_terms(handbook: Handbook) -> list[tuple[str, set[Term]]]:
    return [(q.id, _named(q.categories, q.principles)) for q in handbook.questions]


def _named(categories: Iterable[Ref], principles: Iterable[Ref]) -> set[Term]:
    found = {Term("category", ref.to) for ref in categories if ref.to}
    return found | {Term("principle", ref.to) for ref in principles if ref.to}


def _side(rows: list[tuple[str, set[Term]]], weak: list[bool]) -> _Side:
    postings: dict[Term, list[int]] = {}
    for position, (_, terms) in enumerate(rows):
        for term in terms:
            postings.setdefault(term, []).append(position)
    return _Side([row[0] for row in rows], [frozenset(row[1]) for row in rows], weak, postings)


def _chosen(handbook: Handbook) -> dict[str, list[Tie]]:
    """The stories chosen for each question, by the question first, then by the story."""
    chosen: dict[str, list[Tie]] = {question.id: [] for question in handbook.questions}
    for question in handbook.questions:
        for choice in question.stories:
            _choose(chosen[question.id], choice.story.to, choice.note)
    for story in handbook.stories:
        for ref in story.questions:
            if ref.to:
                _choose(chosen[ref.to], story.id, "")
    return chosen


def _choose(ties: list[Tie], ident: str, note: str) -> None:
    if ident and all(tie.id != ident for tie in ties):
        ties.append(Tie(ident, chosen=True, note=note))


def _turned(chosen: Mapping[str, list[Tie]]) -> dict[str, list[Tie]]:
    turned: dict[str, list[Tie]] = {}
    for ident, ties in chosen.items():
        for tie in ties:
            back = Tie(ident, chosen=True, note=tie.note)
            turned.setdefault(tie.id, []).append(back)
    return turned


def _across(
    here: _Side,
    there: _Side,
    chosen: Mapping[str, list[Tie]],
    itself: bool = False,
    said: Mapping[str, Mapping[int, Match]] = MappingProxyType({}),
) -> dict[str, Ties]:
    """The ties of everything on one side to things on the other (or to its own kind)."""
    found = {}
    for position, ident in enumerate(here.ids):
        own = tuple(chosen.get(ident, ()))
        skip = {tie.id for tie in own} | ({ident} if itself else set())
        words = said.get(ident, {})
        ties, more = _nearest(here.terms[position], there, position if itself else 0, skip, words)
        found[ident] = Ties(own, ties, more)
    return found


def _nearest(
    terms: frozenset[Term],
    there: _Side,
    position: int,
    skip: set[str],
    said: Mapping[int, Match],
) -> tuple[tuple[Tie, ...], Term | None]:
    """The best found ties, and the term under which more stand, where they are not all."""
    candidates = dict.fromkeys(_candidates(terms, there, position)) | dict.fromkeys(said)
    shared = [(p, terms & there.terms[p]) for p in candidates if there.ids[p] not in skip]
    # Tags alone do not tie: they are a person's own shorthand, and too loose for a reason.
    ranked = sorted(
        (-_score(common) - (_WORD * said[p].score if p in said else 0), there.weak[p], p)
        for p, common in shared
        if _strong(common) or (p in said and _tells(said[p]))
    )
    best = ranked[:FOUND]
    ties = tuple(
        Tie(there.ids[p], shared=_ordered(terms & there.terms[p]), words=_words(said.get(p)))
        for *_, p in best
    )
    more = _broadest(terms, there) if len(ranked) > FOUND else None
    return ties, more


def _said(
    handbook: Handbook, index: Index, chosen: Mapping[str, list[Tie]]
) -> dict[str, dict[int, Match]]:
    """The stories that say what a question asks, for those that none was chosen for."""
    reader = Reader(index)
    return {
        question.id: reader.stories((question.question, *question.also))
        for question in handbook.questions
        if not chosen[question.id]
    }


def _tells(match: Match) -> bool:
    """Whether words alone are enough of a reason."""
    return len(match.words) >= _WORDS and match.score >= _ENOUGH


def _words(match: Match | None) -> tuple[str, ...]:
    return match.words if match and _tells(match) else ()


def _candidates(terms: frozenset[Term], there: _Side, position: int) -> Iterable[int]:
    postings = sorted((len(there.postings.get(t, ())), t) for t in terms if t.kind != "tag")
    found: dict[int, None] = {}
    for size, term in postings:
        if size and len(found) < CANDIDATES:
            found |= dict.fromkeys(_window(there.postings[term], position))
    return found


def _window(posting: list[int], position: int) -> list[int]:
    start = bisect.bisect(posting, position) - CANDIDATES // 2
    start = max(0, min(start, len(posting) - CANDIDATES))
    return posting[start : start + CANDIDATES]


def _score(shared: Iterable[Term]) -> int:
    return sum(_WEIGHTS[term.kind] for term in shared)


def _strong(shared: Iterable[Term]) -> bool:
    return any(term.kind != "tag" for term in shared)


def _ordered(shared: Iterable[Term]) -> tuple[Term, ...]:
    strong = (term for term in shared if term.kind != "tag")
    return tuple(sorted(strong, key=lambda term: (-_WEIGHTS[term.kind], term.id)))


def _broadest(terms: frozenset[Term], there: _Side) -> Term | None:
    sizes = [(len(there.postings[t]), t) for t in terms if t.kind != "tag" and t in there.postings]
    return max(sizes)[1] if sizes else None


def _having(side: _Side, kind: str, topics: Iterable[Topic]) -> dict[str, tuple[str, ...]]:
    postings = side.postings
    return {
        topic.id: tuple(side.ids[p] for p in postings.get(Term(kind, topic.id), ()))
        for topic in topics
    }


def _grouped(pairs: Iterable[tuple[K, str]]) -> dict[K, tuple[str, ...]]:
    groups: dict[K, list[str]] = {}
    for name, ident in pairs:
        groups.setdefault(name, []).append(ident)
    return {name: tuple(idents) for name, idents in groups.items()}


def is_met(question: Question, links: Links, stories: Mapping[str, Story]) -> bool:
    """Whether a chosen story for the question is ready; found ones are candidates only."""
    ties = links.stories_of_question[question.id].chosen
    return any(stories[tie.id].ready for tie in ties)
