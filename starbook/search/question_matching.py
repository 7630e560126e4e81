"""Question matching: the stories that say in their words what a question asks."""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from starbook.model import Interview
from starbook.search import segments
from starbook.search.fields import fold_words
from starbook.search.postings import STEPS
from starbook.search.scoring import impacts_of_levels, rarity
from starbook.search.segments import Segment
from starbook.text import tokenizer

# A word that thousands of stories say tells little: those that say it most are enough.
_CHAMPIONS = 64
# What a common word counts, and one that means the same: those that begin a list say it best.
_COMMON = 0.3
_SYNONYM, _LATE, _BEST = 0.35, 0.7, 5
_SHOWN = 3  # words that are shown as a reason

# The telling words of a question, each with the stems that may stand for it, and how well.
Meanings = dict[str, dict[str, float]]
# The impacts and positions of the stories that have a stem most.
_Champions = Sequence[tuple[int, int]]


class WordMatch(NamedTuple):
    """How much a story says of what a question asks, one for each word; its best words of it."""

    score: float
    words: tuple[str, ...]


class QuestionReader:
    """Reads questions as Ask does in the page."""

    def __init__(self, interview: Interview, synonyms: Iterable[tuple[str, ...]]) -> None:
        self._joining = fold_words(interview.function_words)
        self._asides = [tokenizer.fold(aside).replace("'", "") for aside in interview.asides]
        self._common = fold_words(interview.common_words)
        self._synonyms: dict[str, dict[str, float]] = {}
        for group in (*interview.synonyms, *map(_tokenized, synonyms)):
            single = {
                tokenizer.stem(word): _SYNONYM * (1 if rank < _BEST else _LATE)
                for rank, word in reversed(list(enumerate(group)))
                if " " not in word
            }
            for stem in single:
                known = self._synonyms.setdefault(stem, {})
                known |= {other: max(known.get(other, 0), w) for other, w in single.items()}

    def meanings(self, texts: Iterable[str]) -> Meanings:
        """Return the telling words of a question, each with the stems that may stand for it."""
        found: Meanings = {}
        met: set[str] = set()
        for text in texts:
            plain = f" {' '.join(tokenizer.split(text))} "
            for aside in self._asides:
                plain = plain.replace(f" {aside} ", " ")
            for word in plain.split():
                stem = tokenizer.stem(word)
                if word not in self._joining and stem not in met:
                    met.add(stem)
                    worth = _COMMON if word in self._common else 1.0
                    # The stem of the word itself comes last, or where a synonym of it stands.
                    found[word] = self._synonyms.get(stem, {}) | {stem: worth}
        return found


def _tokenized(group: Iterable[str]) -> tuple[str, ...]:
    split = [tokenizer.split(phrase) for phrase in group]
    return tuple(dict.fromkeys(" ".join(phrase) for phrase in split if phrase))


def match_questions(
    questions: Mapping[str, Meanings], stories: Sequence[Segment], counts: Sequence[int]
) -> dict[str, dict[int, WordMatch]]:
    """Return, for each question, the stories that say what it asks, by their positions."""
    stems = {stem for one in questions.values() for stem in chain.from_iterable(one.values())}
    stems |= {tokenizer.stem(word) for one in questions.values() for word in one}
    rarest = rarity(max(counts), 1)
    champions = {stem: _champions(stem, stories, counts[0], rarest) for stem in stems}
    return {ident: _matches(meanings, champions) for ident, meanings in questions.items()}


def _champions(stem: str, stories: Sequence[Segment], count: int, rarest: float) -> _Champions:
    """Return the stories that have a stem most; of two that have it as much, the first."""
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
        position: WordMatch(score, _most_telling(words.get(position, ())))
        for position, score in scores.items()
    }


def _most_telling(words: Iterable[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(word for _, word in heapq.nlargest(_SHOWN, words))
