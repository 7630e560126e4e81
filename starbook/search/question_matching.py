"""Question matching: the stories that share words with a question, or have synonyms of them."""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from starbook.model import InterviewWords
from starbook.search import segments
from starbook.search.fields import fold_words
from starbook.search.postings import STEPS
from starbook.search.scoring import impacts_of_levels, rarity
from starbook.search.segments import Segment
from starbook.text import tokenizer

# The stories considered for each stem, those with the highest impact.
_CHAMPIONS = 64
# The weights of a common word and of a synonym; those after the first few of a group weigh less.
_COMMON_WEIGHT = 0.3
_SYNONYM_WEIGHT, _LATE, _BEST = 0.35, 0.7, 5
_MAX_WORDS = 3  # words that are shown as a reason

# The content words of a question, each with the stems that may stand for it, and their weights.
Meanings = dict[str, dict[str, float]]
# The impacts and positions of the stories with the highest impact.
_Champions = Sequence[tuple[int, int]]


class WordMatch(NamedTuple):
    """The score of a story for a question, up to one for each word, and the words to show."""

    score: float
    words: tuple[str, ...]


class QuestionReader:
    """A reader of questions that works as Ask does in the page."""

    def __init__(self, interview: InterviewWords, synonyms: Iterable[tuple[str, ...]]) -> None:
        self._function_words = fold_words(interview.function_words)
        self._asides = [tokenizer.fold(aside).replace("'", "") for aside in interview.asides]
        self._common_words = fold_words(interview.common_words)
        self._synonyms: dict[str, dict[str, float]] = {}
        for group in (*interview.synonyms, *map(tokenizer.normalize_all, synonyms)):
            weights = {
                tokenizer.stem(word): _SYNONYM_WEIGHT * (1 if rank < _BEST else _LATE)
                for rank, word in reversed(list(enumerate(group)))
                if " " not in word
            }
            for stem in weights:
                known = self._synonyms.get(stem)
                self._synonyms[stem] = _heavier(known, weights) if known else weights

    def meanings(self, texts: Iterable[str]) -> Meanings:
        """Return the content words of a question, given its wordings, with their meanings."""
        meanings: Meanings = {}
        seen: set[str] = set()
        for text in texts:
            words = f" {tokenizer.normalize(text)} "
            for aside in self._asides:
                words = words.replace(f" {aside} ", " ")
            for word in words.split():
                stem = tokenizer.stem(word)
                if word not in self._function_words and stem not in seen:
                    seen.add(stem)
                    weight = _COMMON_WEIGHT if word in self._common_words else 1.0
                    # The stem of the word itself stands last, or where a synonym has it.
                    meanings[word] = self._synonyms.get(stem, {}) | {stem: weight}
        return meanings


def _heavier(one: dict[str, float], other: dict[str, float]) -> dict[str, float]:
    """Return the words of both, each with the higher of its weights."""
    return one | {stem: max(one.get(stem, 0), weight) for stem, weight in other.items()}


def match_questions(
    questions: Mapping[str, Meanings], stories: Sequence[Segment], counts: Sequence[int]
) -> dict[str, dict[int, WordMatch]]:
    """Return the stories that match each question, by their positions.

    `counts` are the numbers of entries of each kind; the first is that of stories.
    """
    stems = {stem for one in questions.values() for stem in chain.from_iterable(one.values())}
    stems |= {tokenizer.stem(word) for one in questions.values() for word in one}
    rarest = rarity(max(counts), 1)
    champions = {stem: _champions(stem, stories, counts[0], rarest) for stem in stems}
    return {ident: _matches(meanings, champions) for ident, meanings in questions.items()}


def _champions(stem: str, stories: Sequence[Segment], count: int, rarest: float) -> _Champions:
    """Return the stories with the highest impacts of a stem; of equals, the first."""
    positions, levels = segments.find(stem, stories)
    if not positions:
        return []
    impacts = levels.translate(impacts_of_levels(count, len(positions), rarest))
    best = sorted(range(len(impacts)), key=impacts.__getitem__, reverse=True)[:_CHAMPIONS]
    return [(impacts[number], positions[number]) for number in best]


def _matches(question: Meanings, champions: Mapping[str, _Champions]) -> dict[int, WordMatch]:
    scores: dict[int, float] = {}
    words: dict[int, list[tuple[int, str]]] = {}
    for word, meanings in question.items():
        best: dict[int, float] = {}
        for stem, weight in meanings.items():
            for impact, position in champions[stem]:
                best[position] = max(best.get(position, 0.0), weight * impact / STEPS)
        for position, score in best.items():
            scores[position] = scores.get(position, 0.0) + score
        for impact, position in champions[tokenizer.stem(word)]:
            words.setdefault(position, []).append((impact, word))
    return {
        position: WordMatch(
            score, tuple(word for _, word in heapq.nlargest(_MAX_WORDS, words.get(position, ())))
        )
        for position, score in scores.items()
    }
