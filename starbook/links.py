"""Cross-links: who belongs together, and why. Pure functions over a handbook.

Two things are tied by what they share: a principle weighs more than a category, a category more
than a tag. What the person chose stands before what was found.
"""

import bisect
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from types import MappingProxyType
from typing import TypeVar

import msgspec

from starbook.build.memory import Memory
from starbook.model import Handbook, Question, Ref, Story, Topic
from starbook.search import scoring
from starbook.search.scoring import Index, Match

FOUND = 5
# In a handbook of thousands, neighbours are looked for among so many candidates, rarest shared
# name first, so that the work grows with the stories and not with their square.
CANDIDATES = 256

_WEIGHTS = {"principle": 3, "category": 2, "tag": 1}
# What a word in common counts, and how many and how telling they must be to be a reason.
_WORD, _WORDS, _ENOUGH = 2, 2, 0.6

K = TypeVar("K")
# By question, the stories that say what it asks, by their place in the handbook.
Said = Mapping[str, Mapping[int, Match]]


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
    """Every cross-link of a handbook, by the id of where it starts.

    They are a function of what they are `made_of`: the bare handbook, and the ties of those
    questions that words lead from.
    """

    made_of: tuple[Handbook, Mapping[str, Ties]]
    stories_of_question: "_Across"
    questions_of_story: Mapping[str, Ties]
    related_stories: Mapping[str, Ties]
    related_questions: Mapping[str, Ties]
    in_category: Mapping[str, tuple[Place, ...]]
    in_principle: Mapping[str, tuple[Place, ...]]
    categories_of: Mapping[str, list[str]]
    principles_of: Mapping[str, list[str]]
    questions_in_category: Mapping[str, tuple[str, ...]]
    questions_on_principle: Mapping[str, tuple[str, ...]]
    at_level: Mapping[str, tuple[str, ...]]
    with_tag: Mapping[str, tuple[str, ...]]

    def chosen_for(self, question: str) -> tuple[Tie, ...]:
        """The stories that the person chose for a question: to find more takes longer."""
        return tuple(self.stories_of_question.chosen[question])

    def first_for(self, question: str) -> tuple[Tie, ...]:
        """The chosen stories for a question, or else those that were found."""
        return self.chosen_for(question) or self.stories_of_question[question].found


def bare(handbook: Handbook) -> Handbook:
    """All that links are made of: a handbook without the words of its stories.

    It does not change while they are written, and so its links need not be found again.
    """
    return Handbook(
        stories=tuple(story.link_terms for story in handbook.stories),
        questions=handbook.questions,
        categories=handbook.categories,
        principles=handbook.principles,
    )


def link(handbook: Handbook) -> Links:
    """All cross-links. Those that are found are looked for when they are asked for."""
    bits = _Bits()
    stories = _Side(_story_terms(handbook), [not story.ready for story in handbook.stories], bits)
    questions = _Side(_question_terms(handbook), [False] * len(handbook.questions), bits)
    chosen = _chosen(handbook)
    in_category = _places(handbook.categories, [(s, s.categories) for s in handbook.stories])
    in_principle = _places(handbook.principles, [(s, s.principles) for s in handbook.stories])
    return Links(
        made_of=(handbook, {}),
        stories_of_question=_Across(questions, stories, chosen),
        questions_of_story=_Across(stories, questions, _turned(chosen)),
        related_stories=_Across(stories, stories, {}),
        related_questions=_Across(questions, questions, {}),
        in_category=in_category,
        in_principle=in_principle,
        categories_of=_topics_of(in_category),
        principles_of=_topics_of(in_principle),
        questions_in_category=_having(questions, "category", handbook.categories),
        questions_on_principle=_having(questions, "principle", handbook.principles),
        at_level=_grouped((s.level, s.id) for s in handbook.stories if s.level),
        with_tag=_grouped((tag, s.id) for s in handbook.stories for tag in s.tags),
    )


def with_words(links: Links, said: Said, memory: Memory | None = None) -> Links:
    """Links where words as well lead from a question to its found stories.

    With the `memory` of the last time they are the same ones, unless other stories are found, or
    for another reason: how much the words count is seen nowhere.
    """
    memory = memory or Memory()
    across = links.stories_of_question
    ties = memory.all(
        "told",
        {ident: (links, ident, matches) for ident, matches in said.items()},
        lambda new: [across.ties(ident, matches) for _, ident, matches in new],
    )
    told = dict(zip(said, ties, strict=True))

    def work() -> Links:
        made_of = links.made_of[0], told
        return msgspec.structs.replace(
            links, made_of=made_of, stories_of_question=across.with_told(told)
        )

    return memory.kept("links with words", (links, told), work)


def _places(
    topics: Iterable[Topic], stated: Iterable[tuple[Story, tuple[Ref, ...]]]
) -> dict[str, tuple[Place, ...]]:
    """The stories of each topic: those that name it, then those that a tag puts there."""
    named: dict[str, list[Place]] = {topic.id: [] for topic in topics}
    tagged: dict[str, list[Place]] = {topic.id: [] for topic in topics}
    by_tag = _grouped((tag.casefold(), topic.id) for topic in topics for tag in topic.tags)
    for story, refs in stated:
        seen = dict.fromkeys(ref.to for ref in refs if ref.to)
        for ident in seen:
            named[ident].append(Place(story.id))
        for tag in story.tags:
            for ident in by_tag.get(tag.casefold(), ()):
                if ident not in seen:
                    seen[ident] = None
                    tagged[ident].append(Place(story.id, tag))
    return {ident: (*named[ident], *tagged[ident]) for ident in named}


def _topics_of(places: Mapping[str, Iterable[Place]]) -> dict[str, list[str]]:
    """Turned round: from each story to what it stands under."""
    found: dict[str, list[str]] = {}
    for ident, under in places.items():
        for place in under:
            found.setdefault(place.story, []).append(ident)
    return found


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


class _Bits(dict[int, int]):
    """Sets of terms as numbers, a bit for each term: what two things share is one `&` away.

    As a mapping it leads from such a number to how much it weighs to share that.
    """

    def __init__(self) -> None:
        super().__init__()
        self.terms: list[Term] = []
        self.bits: dict[Term, int] = {}

    def mask(self, terms: Iterable[Term]) -> int:
        """The number of a set."""
        mask = 0
        for term in terms:
            if term not in self.bits:
                self.bits[term] = 1 << len(self.terms)
                self.terms.append(term)
            mask |= self.bits[term]
        return mask

    def of(self, mask: int) -> Iterator[Term]:
        """The set of a number."""
        while mask:
            yield self.terms[(mask & -mask).bit_length() - 1]
            mask &= mask - 1

    def __missing__(self, shared: int) -> int:
        self[shared] = sum(_WEIGHTS[term.kind] for term in self.of(shared))
        return self[shared]


class _Side:
    """Stories or questions with their terms, and from each strong term to those that have it.

    `standing` puts them in order where they share equally much: the weak ones last.
    """

    def __init__(self, rows: list[tuple[str, set[Term]]], weak: list[bool], bits: _Bits) -> None:
        self.bits = bits
        self.ids = [ident for ident, _ in rows]
        self.position = {ident: i for i, ident in enumerate(self.ids)}
        self.masks = [bits.mask(terms) for _, terms in rows]
        # Tags alone do not tie: they are a person's own shorthand, and too loose for a reason.
        self.strong = [[t for t in terms if t.kind != "tag"] for _, terms in rows]
        self.standing = [i + len(rows) * is_weak for i, is_weak in enumerate(weak)]
        self.postings: dict[Term, list[int]] = {}
        for i, terms in enumerate(self.strong):
            for term in terms:
                self.postings.setdefault(term, []).append(i)


class _Across(Mapping[str, Ties]):
    """The ties of everything on one side to things on the other, or to its own kind."""

    def __init__(
        self,
        here: _Side,
        there: _Side,
        chosen: Mapping[str, list[Tie]],
        told: Mapping[str, Ties] = MappingProxyType({}),
    ) -> None:
        self.here, self.there, self.chosen = here, there, chosen
        self.known = dict(told)

    def with_told(self, told: Mapping[str, Ties]) -> "_Across":
        """The same but for some ties."""
        return _Across(self.here, self.there, self.chosen, told)

    def __eq__(self, other: object) -> bool:
        return self is other  # to compare them would be to look for all of them

    def __hash__(self) -> int:
        return id(self)

    def __len__(self) -> int:
        return len(self.here.ids)

    def __iter__(self) -> Iterator[str]:
        return iter(self.here.ids)

    def __getitem__(self, ident: str) -> Ties:
        if self.here is self.there:  # it is on its own page alone that one is asked for
            return self.ties(ident, {})
        if ident not in self.known:
            self.known[ident] = self.ties(ident, {})
        return self.known[ident]

    def ties(self, ident: str, said: Mapping[int, Match]) -> Ties:
        """Those of one thing, where words count too if any are `said`."""
        own = tuple(self.chosen.get(ident, ()))
        skip = {self.there.position[tie.id] for tie in own}
        position, itself = self.here.position[ident], self.here is self.there
        if itself:
            skip.add(position)
        terms, mask = self.here.strong[position], self.here.masks[position]
        candidates = self._candidates(terms, position if itself else 0)
        if said:
            best = self._best_said(mask, candidates, skip, said)
        else:
            best = self._best(mask, candidates, skip)
        more = self._broadest(terms) if len(best) > FOUND else None
        return Ties(own, tuple(self._tie(mask, p, said.get(p)) for p in best[:FOUND]), more)

    def _candidates(self, terms: Iterable[Term], position: int) -> Iterable[int]:
        postings = sorted((len(self.there.postings.get(t, ())), t) for t in terms)
        found: dict[int, None] = {}
        for size, term in postings:
            if size and len(found) < CANDIDATES:
                found |= dict.fromkeys(_window(self.there.postings[term], position))
        return found

    def _best(self, mask: int, candidates: Iterable[int], skip: set[int]) -> list[int]:
        """The nearest, and one more where there are more.

        This is where linking spends its time, so each candidate becomes one number to sort by.
        """
        masks, standing, score = self.there.masks, self.there.standing, self.there.bits
        size = 2 * len(masks)
        ranked = sorted([standing[p] - size * score[mask & masks[p]] for p in candidates])
        best = ((rank % size) % len(masks) for rank in ranked)
        return list(islice((p for p in best if p not in skip), FOUND + 1))

    def _best_said(
        self, mask: int, candidates: Iterable[int], skip: set[int], said: Mapping[int, Match]
    ) -> list[int]:
        """The same where words count too: alone only if they are reason enough."""
        masks, standing, score = self.there.masks, self.there.standing, self.there.bits
        told = {p for p, match in said.items() if _tells(match)}
        found = [p for p in {*candidates, *told} if p not in skip]
        ranks = {p: score[mask & masks[p]] + _WORD * _score(said.get(p)) for p in found}
        return sorted(found, key=lambda p: (-ranks[p], standing[p]))[: FOUND + 1]

    def _tie(self, mask: int, other: int, said: Match | None) -> Tie:
        shared = self.there.bits.of(mask & self.there.masks[other])
        return Tie(self.there.ids[other], shared=_ordered(shared), words=_words(said))

    def _broadest(self, terms: Iterable[Term]) -> Term | None:
        sizes = [(len(self.there.postings[t]), t) for t in terms if t in self.there.postings]
        return max(sizes)[1] if sizes else None


def said(
    handbook: Handbook, index: Index, memory: Memory | None = None
) -> dict[str, dict[int, Match]]:
    """The stories that say what a question asks, for those that none was chosen for."""
    memory, ties = memory or Memory(), bare(handbook)
    asked = memory.kept("without a story", ties, lambda: dict(_without_a_story(ties)))
    return scoring.said(index, asked, memory)


def _without_a_story(handbook: Handbook) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The questions that none was chosen for, in all their wordings."""
    chosen = _chosen(handbook)
    for question in handbook.questions:
        if not chosen[question.id]:
            yield question.id, (question.question, *question.also)


def _tells(match: Match) -> bool:
    """Whether words alone are enough of a reason."""
    return len(match.words) >= _WORDS and match.score >= _ENOUGH


def _words(match: Match | None) -> tuple[str, ...]:
    return match.words if match and _tells(match) else ()


def _score(match: Match | None) -> float:
    return match.score if match else 0


def _window(posting: list[int], position: int) -> list[int]:
    start = bisect.bisect(posting, position) - CANDIDATES // 2
    start = max(0, min(start, len(posting) - CANDIDATES))
    return posting[start : start + CANDIDATES]


def _ordered(shared: Iterable[Term]) -> tuple[Term, ...]:
    strong = (term for term in shared if term.kind != "tag")
    return tuple(sorted(strong, key=lambda term: (-_WEIGHTS[term.kind], term.id)))


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
    return any(stories[tie.id].ready for tie in links.chosen_for(question.id))
