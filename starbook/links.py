"""Cross-links: which stories and questions belong together, and why. Pure functions of a handbook.

Two entries are linked by what they share: a principle weighs more than a category, a category more
than a tag. What the person chose stands before what was found.
"""

import bisect
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TypeVar

import msgspec

from starbook.model import Handbook, Ref, Story, Topic
from starbook.search.question_matching import WordMatch

FOUND = 5
# In a handbook of thousands, neighbours are looked for among so many candidates, rarest shared
# name first, so that the work grows with the stories and not with their square.
CANDIDATES = 256

_WEIGHTS = {"principle": 3, "category": 2, "tag": 1}
# What a word in common counts, and how many and how telling they must be to be a reason.
_WORD, _WORDS, _ENOUGH = 2, 2, 0.6

K = TypeVar("K")


class Term(msgspec.Struct, frozen=True, order=True):
    """Something that two entries can share: its kind (`category`, `principle`, `tag`) and id."""

    kind: str
    id: str


class CrossLink(msgspec.Struct, frozen=True):
    """A link to a story or question by id. `note` is the person's own; `shared` says why else.

    `words` are those of a question that a story found for it has.
    """

    id: str
    chosen: bool = False
    note: str = ""
    shared: tuple[Term, ...] = ()
    words: tuple[str, ...] = ()


class CrossLinks(msgspec.Struct, frozen=True):
    """The links of one entry: those chosen, the best found, and the topic that has them all."""

    chosen: tuple[CrossLink, ...] = ()
    found: tuple[CrossLink, ...] = ()
    more: Term | None = None

    @property
    def all(self) -> tuple[CrossLink, ...]:
        """Chosen before found."""
        return (*self.chosen, *self.found)


class Placement(msgspec.Struct, frozen=True):
    """A story under a category or principle; `tag` is the tag that put it there, if one did."""

    story: str
    tag: str = ""


class TopicLinks(msgspec.Struct, frozen=True):
    """What stands under each topic, by its kind and id, and the stories at each level."""

    stories: dict[str, dict[str, tuple[Placement, ...]]]
    questions: dict[str, dict[str, tuple[str, ...]]]
    at_level: dict[str, tuple[str, ...]]


def link_terms(handbook: Handbook) -> Handbook:
    """Return a handbook with all that links are made of, without the words of its stories.

    It stays equal while those are written, and so its links need not be found again.
    """
    return Handbook(
        stories=tuple(story.link_terms for story in handbook.stories),
        questions=handbook.questions,
        categories=handbook.categories,
        principles=handbook.principles,
    )


def chosen_stories(handbook: Handbook) -> dict[str, tuple[CrossLink, ...]]:
    """Return the stories chosen for each question, by the question first, then by the story."""
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
    return {ident: tuple(links.values()) for ident, links in chosen.items()}


class LinkIndex:
    """Finds the cross-links of the entries of a handbook, one by one."""

    def __init__(self, handbook: Handbook) -> None:
        masks = _TermMasks()
        drafts = [not story.ready for story in handbook.stories]
        self._stories = _Side(_story_terms(handbook), drafts, masks)
        no_drafts = [False] * len(handbook.questions)
        self._questions = _Side(_question_terms(handbook), no_drafts, masks)
        self._chosen = chosen_stories(handbook)
        self._chosen_for_story = _reverse(self._chosen)
        self.topics = self._topics(handbook)

    def stories_of_question(
        self, ident: str, matches: Mapping[int, WordMatch] | None = None
    ) -> CrossLinks:
        """Return the stories to tell for a question.

        Words count as well if there are `matches`, by the positions of stories in the handbook.
        """
        chosen = self._chosen.get(ident, ())
        return _find_links(ident, self._questions, self._stories, chosen, matches or {})

    def questions_of_story(self, ident: str) -> CrossLinks:
        """Return the questions that a story answers."""
        chosen = self._chosen_for_story.get(ident, ())
        return _find_links(ident, self._stories, self._questions, chosen, {})

    def related_stories(self, ident: str) -> CrossLinks:
        """Return the stories that are nearest to a story."""
        return _find_links(ident, self._stories, self._stories, (), {})

    def related_questions(self, ident: str) -> CrossLinks:
        """Return the questions that are nearest to a question."""
        return _find_links(ident, self._questions, self._questions, (), {})

    def _topics(self, handbook: Handbook) -> TopicLinks:
        by_category = [(story, story.categories) for story in handbook.stories]
        by_principle = [(story, story.principles) for story in handbook.stories]
        return TopicLinks(
            stories={
                "category": _place(handbook.categories, by_category),
                "principle": _place(handbook.principles, by_principle),
            },
            questions={
                "category": self._questions.having("category", handbook.categories),
                "principle": self._questions.having("principle", handbook.principles),
            },
            at_level=_group((s.level, s.id) for s in handbook.stories if s.level),
        )


def _place(
    topics: Iterable[Topic], stated: Iterable[tuple[Story, tuple[Ref, ...]]]
) -> dict[str, tuple[Placement, ...]]:
    """Return the stories of each topic: those that name it, then those that a tag puts there."""
    named: dict[str, list[Placement]] = {topic.id: [] for topic in topics}
    tagged: dict[str, list[Placement]] = {topic.id: [] for topic in topics}
    by_tag = _group((tag.casefold(), topic.id) for topic in topics for tag in topic.tags)
    for story, refs in stated:
        seen = dict.fromkeys(ref.to for ref in refs if ref.to)
        for ident in seen:
            named[ident].append(Placement(story.id))
        for tag in story.tags:
            for ident in by_tag.get(tag.casefold(), ()):
                if ident not in seen:
                    seen[ident] = None
                    tagged[ident].append(Placement(story.id, tag))
    return {ident: (*named[ident], *tagged[ident]) for ident in named}


def _group(pairs: Iterable[tuple[K, str]]) -> dict[K, tuple[str, ...]]:
    groups: dict[K, list[str]] = {}
    for name, ident in pairs:
        groups.setdefault(name, []).append(ident)
    return {name: tuple(idents) for name, idents in groups.items()}


def _reverse(chosen: Mapping[str, Iterable[CrossLink]]) -> dict[str, tuple[CrossLink, ...]]:
    """Return links from stories to questions, given those from questions to stories."""
    return _group_links(
        (link.id, CrossLink(ident, chosen=True, note=link.note))
        for ident, links in chosen.items()
        for link in links
    )


def _group_links(pairs: Iterable[tuple[str, CrossLink]]) -> dict[str, tuple[CrossLink, ...]]:
    groups: dict[str, list[CrossLink]] = {}
    for ident, link in pairs:
        groups.setdefault(ident, []).append(link)
    return {ident: tuple(links) for ident, links in groups.items()}


# Terms


def _story_terms(handbook: Handbook) -> list[tuple[str, set[Term]]]:
    by_tag: dict[str, set[Term]] = {}
    for kind, topics in (("category", handbook.categories), ("principle", handbook.principles)):
        for topic in topics:
            for tag in topic.tags:
                by_tag.setdefault(tag.casefold(), set()).add(Term(kind, topic.id))
    rows = []
    for story in handbook.stories:
        terms = _named_terms(story.categories, story.principles)
        for tag in story.tags:
            terms |= by_tag.get(tag.casefold(), set()) | {Term("tag", tag.casefold())}
        rows.append((story.id, terms))
    return rows


def _question_terms(handbook: Handbook) -> list[tuple[str, set[Term]]]:
    return [(q.id, _named_terms(q.categories, q.principles)) for q in handbook.questions]


def _named_terms(categories: Iterable[Ref], principles: Iterable[Ref]) -> set[Term]:
    found = {Term("category", ref.to) for ref in categories if ref.to}
    return found | {Term("principle", ref.to) for ref in principles if ref.to}


class _TermMasks(dict[int, int]):
    """Sets of terms as numbers, a bit for each term: what two entries share is one `&` away.

    As a mapping it leads from such a number to how much it weighs to share that.
    """

    def __init__(self) -> None:
        super().__init__()
        self.terms: list[Term] = []
        self.bits: dict[Term, int] = {}

    def mask(self, terms: Iterable[Term]) -> int:
        """Return the number of a set."""
        mask = 0
        for term in terms:
            if term not in self.bits:
                self.bits[term] = 1 << len(self.terms)
                self.terms.append(term)
            mask |= self.bits[term]
        return mask

    def of(self, mask: int) -> Iterator[Term]:
        """Yield the set of a number."""
        while mask:
            yield self.terms[(mask & -mask).bit_length() - 1]
            mask &= mask - 1

    def __missing__(self, shared: int) -> int:
        self[shared] = sum(_WEIGHTS[term.kind] for term in self.of(shared))
        return self[shared]


class _Side:
    """Stories or questions with their terms, and from each strong term to those that have it.

    `ranks` put them in order where they share equally much: drafts stand last.
    """

    def __init__(
        self, rows: list[tuple[str, set[Term]]], drafts: list[bool], term_masks: _TermMasks
    ) -> None:
        self.term_masks = term_masks
        self.ids = [ident for ident, _ in rows]
        self.positions = {ident: position for position, ident in enumerate(self.ids)}
        self.masks = [term_masks.mask(terms) for _, terms in rows]
        # Tags alone do not link: they are a person's own shorthand, and too loose for a reason.
        self.strong = [[term for term in terms if term.kind != "tag"] for _, terms in rows]
        self.ranks = [position + len(rows) * draft for position, draft in enumerate(drafts)]
        self.postings: dict[Term, list[int]] = {}
        for position, terms in enumerate(self.strong):
            for term in terms:
                self.postings.setdefault(term, []).append(position)

    def having(self, kind: str, topics: Iterable[Topic]) -> dict[str, tuple[str, ...]]:
        """Return the ids of those that have each topic."""
        return {
            topic.id: tuple(self.ids[at] for at in self.postings.get(Term(kind, topic.id), ()))
            for topic in topics
        }


# Finding


def _find_links(
    ident: str,
    here: _Side,
    there: _Side,
    chosen: tuple[CrossLink, ...],
    matches: Mapping[int, WordMatch],
) -> CrossLinks:
    position = here.positions[ident]
    skip = {there.positions[link.id] for link in chosen}
    if here is there:
        skip.add(position)
    terms, mask = here.strong[position], here.masks[position]
    candidates = _candidates(there, terms, position if here is there else 0)
    if matches:
        best = _best_by_words(there, mask, candidates, skip, matches)
    else:
        best = _best(there, mask, candidates, skip)
    found = tuple(_link(there, mask, other, matches.get(other)) for other in best[:FOUND])
    return CrossLinks(chosen, found, _broadest(there, terms) if len(best) > FOUND else None)


def _candidates(there: _Side, terms: Iterable[Term], position: int) -> Iterable[int]:
    """Return those that share a term, of the rarest terms first."""
    postings = sorted((len(there.postings.get(term, ())), term) for term in terms)
    found: dict[int, None] = {}
    for size, term in postings:
        if size and len(found) < CANDIDATES:
            found |= dict.fromkeys(_window(there.postings[term], position))
    return found


def _window(posting: list[int], position: int) -> list[int]:
    start = bisect.bisect(posting, position) - CANDIDATES // 2
    start = max(0, min(start, len(posting) - CANDIDATES))
    return posting[start : start + CANDIDATES]


def _best(there: _Side, mask: int, candidates: Iterable[int], skip: set[int]) -> list[int]:
    """Return the nearest, and one more where there are more.

    This is where linking spends its time, so each candidate becomes one number to sort by.
    """
    masks, ranks, score = there.masks, there.ranks, there.term_masks
    size = 2 * len(masks)
    ordered = sorted([ranks[p] - size * score[mask & masks[p]] for p in candidates])
    best = ((number % size) % len(masks) for number in ordered)
    return list(islice((p for p in best if p not in skip), FOUND + 1))


def _best_by_words(
    there: _Side,
    mask: int,
    candidates: Iterable[int],
    skip: set[int],
    matches: Mapping[int, WordMatch],
) -> list[int]:
    """Return the same where words count too: alone only if they are reason enough."""
    masks, ranks, score = there.masks, there.ranks, there.term_masks
    telling = {position for position, match in matches.items() if _is_reason(match)}
    found = [position for position in {*candidates, *telling} if position not in skip]
    scores = {
        p: score[mask & masks[p]] + _WORD * (matches[p].score if p in matches else 0) for p in found
    }
    return sorted(found, key=lambda p: (-scores[p], ranks[p]))[: FOUND + 1]


def _is_reason(match: WordMatch) -> bool:
    """Return True if words alone are enough of a reason."""
    return len(match.words) >= _WORDS and match.score >= _ENOUGH


def _link(there: _Side, mask: int, position: int, match: WordMatch | None) -> CrossLink:
    shared = [t for t in there.term_masks.of(mask & there.masks[position]) if t.kind != "tag"]
    return CrossLink(
        there.ids[position],
        shared=tuple(sorted(shared, key=lambda term: (-_WEIGHTS[term.kind], term.id))),
        words=match.words if match and _is_reason(match) else (),
    )


def _broadest(there: _Side, terms: Iterable[Term]) -> Term | None:
    sizes = [(len(there.postings[term]), term) for term in terms if term in there.postings]
    return max(sizes)[1] if sizes else None
