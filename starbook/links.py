"""Cross-links between stories and questions, with their reasons. Pure functions of a handbook.

Entries are linked by what they share: a principle weighs more than a category, a category more than
a tag. Of two stories, what few others have weighs most. Links that the author chose stand before
those that were found.
"""

import bisect
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import TypeVar

import msgspec

from starbook.model import Handbook, Prose, Question, Story, Topic
from starbook.search.fields import WordSplitter
from starbook.search.interview import load_interview
from starbook.search.question_matching import WordMatch
from starbook.text import tokenizer

FOUND = 5
# The entries compared with each entry, those of the rarest shared name first, so that in a handbook
# of thousands the work grows with the stories and not with their square.
CANDIDATES = 256

_WEIGHTS = {"principle": 3, "category": 2, "tag": 1}
# The weight of shared words, and the least number and score of those that are a reason alone.
_WORD_WEIGHT, _MIN_WORDS, _MIN_SCORE = 2, 2, 0.6
# The weights of what two stories share, before its rarity counts; the most that is shown of it; and
# the share of all stories that may have a word before it says nothing.
_SIMILAR = {**_WEIGHTS, "word": 1.5}
_MAX_SHARED, _COMMON = 3, 0.2
_MIN_LETTERS = 4

K = TypeVar("K")
V = TypeVar("V")


class Term(msgspec.Struct, frozen=True, order=True):
    """A category, principle or tag that two entries can share, or the stem of a word."""

    kind: str
    id: str


class CrossLink(msgspec.Struct, frozen=True):
    """A link to a story or question by id, and its reasons.

    `note` is how to tell a story for a question; `words` are those of a question that a story has.
    """

    id: str
    chosen: bool = False
    note: str = ""
    shared: tuple[Term, ...] = ()
    words: tuple[str, ...] = ()


class CrossLinks(msgspec.Struct, frozen=True):
    """The links of one entry: those chosen, the nearest found, and the topic that has them all."""

    chosen: tuple[CrossLink, ...] = ()
    found: tuple[CrossLink, ...] = ()
    more: Term | None = None

    @property
    def all(self) -> tuple[CrossLink, ...]:
        """The chosen links, then those found."""
        return (*self.chosen, *self.found)


class Placement(msgspec.Struct, frozen=True):
    """A story under a category or principle; `tag` is the reason if the story does not name it."""

    story: str
    tag: str = ""


class TopicLinks(msgspec.Struct, frozen=True):
    """The stories and questions of each topic, by kind and id, and the stories at each level."""

    stories: dict[str, dict[str, tuple[Placement, ...]]]
    questions: dict[str, dict[str, tuple[str, ...]]]
    at_level: dict[str, tuple[str, ...]]


def link_terms(handbook: Handbook) -> Handbook:
    """Return `handbook` reduced to the fields from which cross-links are made.

    The result stays equal while only the texts of stories change.
    """
    return Handbook(
        stories=tuple(story.link_terms for story in handbook.stories),
        questions=tuple(
            msgspec.structs.replace(one, notes=Prose(), answer=None) for one in handbook.questions
        ),
        categories=handbook.categories,
        principles=handbook.principles,
    )


def chosen_stories(handbook: Handbook) -> dict[str, tuple[CrossLink, ...]]:
    """Return the stories chosen for each question, in the question first, then in stories.

    Those that rest are last.
    """
    chosen: dict[str, dict[str, CrossLink]] = {question.id: {} for question in handbook.questions}
    for question in handbook.questions:
        for choice in question.stories:
            link = CrossLink(choice.story.to, chosen=True, note=choice.note)
            if link.id:
                chosen[question.id].setdefault(link.id, link)
    for story in handbook.stories:
        for ref in story.questions:
            if ref.to:
                chosen[ref.to].setdefault(story.id, CrossLink(story.id, chosen=True))
    resting = {story.id for story in handbook.stories if story.resting}
    return {
        ident: tuple(sorted(links.values(), key=lambda link: link.id in resting))
        for ident, links in chosen.items()
    }


class LinkIndex:
    """An index of a handbook that finds the cross-links of each story and question."""

    def __init__(self, handbook: Handbook, splitter: WordSplitter) -> None:
        stories, masks = handbook.stories, _TermMasks()
        topics = {"category": handbook.categories, "principle": handbook.principles}
        placements = {kind: _place(kind, some, stories) for kind, some in topics.items()}
        last = {story.id: _rank(story) for story in stories if _rank(story)}
        terms = _story_terms(stories, placements)
        self._stories = _TermIndex(terms, masks, last)
        self._similar = _SimilarStories(stories, terms, splitter)
        self._questions = _TermIndex(_question_terms(handbook.questions), masks)
        self._chosen = chosen_stories(handbook)
        self._chosen_for_story = _group(
            (link.id, CrossLink(ident, chosen=True, note=link.note))
            for ident, links in self._chosen.items()
            for link in links
        )
        self.topics = TopicLinks(
            stories=placements,
            questions={
                kind: self._questions.ids_by_topic(kind, some) for kind, some in topics.items()
            },
            at_level=_group((s.level, s.id) for s in stories if s.level),
        )

    def stories_of_question(
        self, ident: str, matches: Mapping[int, WordMatch] | None = None
    ) -> CrossLinks:
        """Return the stories to tell for a question.

        With `matches`, by the positions of stories in the handbook, shared words count as well.
        """
        chosen = self._chosen.get(ident, ())
        return _find_links(ident, self._questions, self._stories, chosen, matches)

    def questions_of_story(self, ident: str) -> CrossLinks:
        """Return the questions that a story answers."""
        chosen = self._chosen_for_story.get(ident, ())
        return _find_links(ident, self._stories, self._questions, chosen)

    def related_stories(self, ident: str) -> CrossLinks:
        """Return the stories that are nearest to a story."""
        return self._similar.links(ident)

    def related_questions(self, ident: str) -> CrossLinks:
        """Return the questions that are nearest to a question."""
        return _find_links(ident, self._questions, self._questions)


def _rank(story: Story) -> int:
    """Return 0 for a story that is ready, 1 for a draft, and 2 for one that rests."""
    return 2 if story.resting else int(not story.ready)


def _place(
    kind: str, topics: Iterable[Topic], stories: Iterable[Story]
) -> dict[str, tuple[Placement, ...]]:
    """Return the stories of each topic: those that name it, then those that have a tag of it.

    `kind` is that of all the topics.
    """
    named: dict[str, list[Placement]] = {topic.id: [] for topic in topics}
    tagged: dict[str, list[Placement]] = {topic.id: [] for topic in topics}
    by_tag = _group((tag.casefold(), topic.id) for topic in topics for tag in topic.tags)
    for story in stories:
        refs = story.categories if kind == "category" else story.principles
        placed = dict.fromkeys(ref.to for ref in refs if ref.to)
        for ident in placed:
            named[ident].append(Placement(story.id))
        for tag in story.tags:
            for ident in by_tag.get(tag.casefold(), ()):
                if ident not in placed:
                    placed[ident] = None
                    tagged[ident].append(Placement(story.id, tag))
    return {ident: (*named[ident], *tagged[ident]) for ident in named}


def _group(pairs: Iterable[tuple[K, V]]) -> dict[K, tuple[V, ...]]:
    groups: dict[K, list[V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}


# Terms


def _story_terms(
    stories: Iterable[Story], placements: Mapping[str, Mapping[str, Iterable[Placement]]]
) -> dict[str, set[Term]]:
    """Return the terms of each story by id: its tags, and the topics that it stands under."""
    terms = {story.id: {Term("tag", tag.casefold()) for tag in story.tags} for story in stories}
    for kind, topics in placements.items():
        for ident, placed in topics.items():
            for placement in placed:
                terms[placement.story].add(Term(kind, ident))
    return terms


def _question_terms(questions: Iterable[Question]) -> dict[str, set[Term]]:
    terms = {}
    for question in questions:
        categories = {Term("category", ref.to) for ref in question.categories if ref.to}
        principles = {Term("principle", ref.to) for ref in question.principles if ref.to}
        terms[question.id] = categories | principles
    return terms


class _TermMasks(dict[int, int]):
    """Sets of terms as bit masks, so that `&` of two of them is what two entries share.

    As a mapping, it leads from a mask to the weight of its terms.
    """

    def __init__(self) -> None:
        super().__init__()
        self._terms: list[Term] = []
        self._bits: dict[Term, int] = {}

    def mask(self, terms: Iterable[Term]) -> int:
        """Return the mask of a set of terms."""
        mask = 0
        for term in terms:
            if term not in self._bits:
                self._bits[term] = 1 << len(self._terms)
                self._terms.append(term)
            mask |= self._bits[term]
        return mask

    def terms(self, mask: int) -> Iterator[Term]:
        """Yield the terms of a mask."""
        while mask:
            yield self._terms[(mask & -mask).bit_length() - 1]
            mask &= mask - 1

    def __missing__(self, mask: int) -> int:
        self[mask] = sum(_WEIGHTS[term.kind] for term in self.terms(mask))
        return self[mask]


class _TermIndex:
    """Stories or questions with their terms; `postings` are the entries that have a strong term.

    Of entries that share equally much, the one with the lower rank stands first; `last` says how
    far back a draft or a story that rests stands.
    """

    def __init__(
        self,
        terms_by_id: dict[str, set[Term]],
        term_masks: _TermMasks,
        last: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        self.term_masks = term_masks
        self.ids = list(terms_by_id)
        self.positions = {ident: position for position, ident in enumerate(self.ids)}
        self.masks = list(map(term_masks.mask, terms_by_id.values()))
        # Tags alone do not link: they are the author's shorthand, and too loose for a reason.
        self.strong = [[t for t in terms if t.kind != "tag"] for terms in terms_by_id.values()]
        size = len(self.ids)
        self.ranks = [at + size * last.get(ident, 0) for at, ident in enumerate(self.ids)]
        self.postings: dict[Term, list[int]] = {}
        for position, terms in enumerate(self.strong):
            for term in terms:
                self.postings.setdefault(term, []).append(position)

    def ids_by_topic(self, kind: str, topics: Iterable[Topic]) -> dict[str, tuple[str, ...]]:
        """Return the ids of the entries that have each topic."""
        return {
            topic.id: tuple(self.ids[at] for at in self.postings.get(Term(kind, topic.id), ()))
            for topic in topics
        }


class _SimilarStories:
    """Stories with their terms and the words of their titles, headlines and numbers.

    A term weighs the more, the fewer stories have it; so the stories of one category differ in
    what is nearest to each.
    """

    def __init__(
        self, stories: Sequence[Story], terms: Mapping[str, set[Term]], splitter: WordSplitter
    ) -> None:
        self._ids = [story.id for story in stories]
        self._positions = {ident: position for position, ident in enumerate(self._ids)}
        self._ranks = list(map(_rank, stories))
        self._words = [_stems(story, splitter) for story in stories]
        own = [
            terms[story.id] | {Term("word", stem) for stem in words}
            for story, words in zip(stories, self._words, strict=True)
        ]
        counts = Counter(term for some in own for term in some)
        most = max(_COMMON * len(stories), 2)
        self._weights = {
            term: _SIMILAR[term.kind] * math.log(1 + len(stories) / count)
            for term, count in counts.items()
            if count > 1 and (term.kind != "word" or count <= most)
        }
        # The rarest first.
        self._terms = [
            sorted(some & self._weights.keys(), key=lambda term: (counts[term], term))
            for some in own
        ]
        self._sets = [frozenset(some) for some in self._terms]
        self._postings: dict[Term, list[int]] = {}
        for position, some in enumerate(self._terms):
            for term in some:
                self._postings.setdefault(term, []).append(position)
        # A story that has much shares much with all; it is not nearer to them for that.
        self._sizes = [math.sqrt(1 + sum(map(self._weights.__getitem__, s))) for s in self._terms]

    def links(self, ident: str) -> CrossLinks:
        """Return the links of a story to the nearest others.

        If more were found, the broadest term they share leads to all.
        """
        position = self._positions[ident]
        scores = self._scores(position)
        size, sizes, ranks = len(self._ids), self._sizes, self._ranks
        # Of equals, each story has others: those that follow it.
        best = sorted(
            scores,
            key=lambda p: (-round(scores[p] / sizes[p], 6), ranks[p], (p - position) % size),
        )
        topics = [term for term in self._terms[position] if term.kind not in ("tag", "word")]
        found = tuple(self._link(position, other) for other in best[:FOUND])
        return CrossLinks((), found, topics[-1] if topics and len(best) > FOUND else None)

    def _scores(self, position: int) -> dict[int, float]:
        """Return the weight of what is shared with each candidate that has reason enough."""
        scores: dict[int, float] = {}
        words: Counter[int] = Counter()
        strong: set[int] = set()
        for term in self._terms[position]:
            weight = self._weights[term]
            nearest = _nearest_positions(self._postings[term], position)
            if term.kind == "word":
                words.update(nearest)
            elif term.kind != "tag":
                # Tags alone do not link: they are the author's shorthand, too loose for a reason.
                strong.update(nearest)
            for other in nearest:
                scores[other] = scores.get(other, 0.0) + weight
        scores.pop(position, None)
        return {
            other: score
            for other, score in scores.items()
            if other in strong or words[other] >= _MIN_WORDS
        }

    def _link(self, position: int, other: int) -> CrossLink:
        """Return the link to another story, with the weightiest of what they share."""
        shared = self._sets[position] & self._sets[other]
        ranked = sorted(shared, key=lambda term: (-self._weights[term], term))
        # A word is a reason, but a name that the author gave says more.
        ranked.sort(key=lambda term: term.kind == "word")
        shown = ranked[:_MAX_SHARED]
        words = [self._words[position][term.id] for term in shown if term.kind == "word"]
        named = tuple(term for term in shown if term.kind != "word")
        return CrossLink(self._ids[other], shared=named, words=tuple(words))


def _stems(story: Story, splitter: WordSplitter) -> dict[str, str]:
    """Return the stems of the words of a title, headline and numbers, each with its word."""
    texts = (story.title, story.headline, *(figure.label for figure in story.figures))
    found = (word for text in texts for word in splitter.words(text))
    common = load_interview().common_words
    return {
        tokenizer.stem(word): word
        for word in found
        if len(word) >= _MIN_LETTERS and not word.isdigit() and word not in common
    }


def _nearest_positions(positions: list[int], position: int) -> list[int]:
    """Return positions; of many, those nearest to `position`."""
    start = bisect.bisect(positions, position) - CANDIDATES // 2
    start = max(0, min(start, len(positions) - CANDIDATES))
    return positions[start : start + CANDIDATES]


# Finding


def _find_links(
    ident: str,
    sources: _TermIndex,
    targets: _TermIndex,
    chosen: tuple[CrossLink, ...] = (),
    matches: Mapping[int, WordMatch] | None = None,
) -> CrossLinks:
    """Return the links of a source to targets: those chosen, and the nearest of the others.

    If more were found, the broadest term they share leads to all.
    """
    position, matches = sources.positions[ident], matches or {}
    skip = {targets.positions[link.id] for link in chosen}
    if sources is targets:
        skip.add(position)
    mask, postings = sources.masks[position], targets.postings
    # The rarest terms first.
    terms = [term for term in sources.strong[position] if term in postings]
    terms.sort(key=lambda term: (len(postings[term]), term))
    candidates = _candidates(targets, terms, position if sources is targets else 0)
    if matches:
        best = _nearest_by_words(targets, mask, candidates, skip, matches)
    else:
        best = _nearest(targets, mask, candidates, skip)
    found = tuple(_link(targets, mask, other, matches.get(other)) for other in best[:FOUND])
    return CrossLinks(chosen, found, terms[-1] if terms and len(best) > FOUND else None)


def _candidates(targets: _TermIndex, terms: Sequence[Term], position: int) -> Iterable[int]:
    """Return the entries that have the first of `terms`; of many, those nearest to `position`."""
    candidates: dict[int, None] = {}
    for term in terms:
        if len(candidates) < CANDIDATES:
            candidates |= dict.fromkeys(_nearest_positions(targets.postings[term], position))
    return candidates


def _nearest(
    targets: _TermIndex, mask: int, candidates: Iterable[int], skip: set[int]
) -> list[int]:
    """Return the nearest candidates, and one more to tell that there are more.

    Linking spends most of its time here, so each candidate becomes one number to sort by.
    """
    masks, ranks, weights = targets.masks, targets.ranks, targets.term_masks
    size = 2 * len(masks)
    ordered = sorted([ranks[p] - size * weights[mask & masks[p]] for p in candidates])
    best = ((number % size) % len(masks) for number in ordered)
    return list(islice((p for p in best if p not in skip), FOUND + 1))


def _nearest_by_words(
    targets: _TermIndex,
    mask: int,
    candidates: Iterable[int],
    skip: set[int],
    matches: Mapping[int, WordMatch],
) -> list[int]:
    """Return the same, but count shared words, which may be reason enough for a link."""
    masks, ranks, weights = targets.masks, targets.ranks, targets.term_masks
    matching = {position for position, match in matches.items() if _is_reason(match)}
    scores = {
        p: weights[mask & masks[p]] + (_WORD_WEIGHT * matches[p].score if p in matches else 0)
        for p in {*candidates, *matching} - skip
    }
    return sorted(scores, key=lambda p: (-scores[p], ranks[p]))[: FOUND + 1]


def _is_reason(match: WordMatch) -> bool:
    return len(match.words) >= _MIN_WORDS and match.score >= _MIN_SCORE


def _link(targets: _TermIndex, mask: int, position: int, match: WordMatch | None) -> CrossLink:
    terms = targets.term_masks.terms(mask & targets.masks[position])
    shared = [term for term in terms if term.kind != "tag"]
    return CrossLink(
        targets.ids[position],
        shared=tuple(sorted(shared, key=lambda term: (-_WEIGHTS[term.kind], term.id))),
        words=match.words if match and _is_reason(match) else (),
    )
