"""Scores: how much it counts that a word stands in a story, by BM25F.

A word in a title counts more than one in an Action, a second time less than the first, and a word
of few stories more than one of many. See Robertson and Zaragoza, *The Probabilistic Relevance
Framework: BM25 and Beyond* (2009), section 3.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain

import msgspec

from starbook.search.fields import CountedWords, WordSplitter
from starbook.search.postings import STEPS, PostingList
from starbook.text import tokenizer

# Found by trial, on questions in other words than the story's.
_K1 = 2.5
_LENGTH = 0.5  # how much a long field counts for less: 0 not at all, 1 in full
# How often an entry has a stem is kept in so many steps.
LEVELS = 255


def usual_lengths(blocks: Iterable[Iterable[tuple[int, int]]]) -> tuple[float, ...]:
    """Return the mean length of each field where it is not empty, roughly.

    Of each block of entries there are the sum and the number of lengths. The mean is rounded to an
    eighth of a doubling: exact, it would change with every word, and with it all scores.
    """
    usual = []
    for column in zip(*blocks, strict=True):
        total, number = map(sum, zip(*column, strict=True))
        usual.append(_roughly(total / number) if total else 1.0)
    return tuple(usual)


def _roughly(length: float) -> float:
    return math.pow(2, round(8 * math.log2(length)) / 8)


def stem_levels(
    counted: CountedWords, boosts: Iterable[float], usual: Iterable[float]
) -> tuple[dict[str, str], dict[str, int]]:
    """Return the words of an entry, each with its stem, and how much it has each stem."""
    fields, stems_of_words = counted.fields
    weights: dict[str, float] = {}
    for words, length, middle, most in zip(fields, counted.lengths, usual, boosts, strict=True):
        boost = most / (1 - _LENGTH + _LENGTH * length / middle)
        for word, times in words.items():
            weights[word] = weights.get(word, 0.0) + boost * times
    stems: dict[str, float] = {}
    for stem, weight in zip(stems_of_words, weights.values(), strict=True):
        stems[stem] = stems.get(stem, 0.0) + weight
    levels = {
        stem: max(1, round(LEVELS * weight / (_K1 + weight))) for stem, weight in stems.items()
    }
    return dict(zip(weights, stems_of_words, strict=True)), levels


def rarity(entries: int, having: int) -> float:
    """Return the inverse document frequency of a word that so many of the entries have."""
    return math.log(1 + (entries - having + 0.5) / (having + 0.5))


@lru_cache(maxsize=4096)
def impacts_of_levels(entries: int, having: int, rarest: float) -> bytes:
    """Return a table from how much an entry has a stem to how much that counts."""
    most = rarity(entries, having) / rarest * STEPS / LEVELS
    return bytes(max(1, round(most * level)) for level in range(LEVELS + 1))


class WordingWords(msgspec.Struct, frozen=True):
    """The words of all wordings with their stems; for each stem, the wordings that have it."""

    words: dict[str, str]
    postings: dict[str, PostingList]


def weigh_wordings(wordings: Sequence[str], splitter: WordSplitter) -> WordingWords:
    """Return the share of each word in each wording: those of one wording come to a whole."""
    words: dict[str, str] = {}
    stems_of_wordings = []
    for wording in wordings:
        found = dict.fromkeys(splitter.words(wording))
        found = found or dict.fromkeys(splitter.words(wording, whole=True))
        stems = {word: tokenizer.stem(word) for word in found}
        words |= stems
        stems_of_wordings.append(dict.fromkeys(stems.values()))
    having = Counter(chain.from_iterable(stems_of_wordings))
    postings: dict[str, PostingList] = {}
    for number, found_stems in enumerate(stems_of_wordings):
        rarities = {stem: rarity(len(stems_of_wordings), having[stem]) for stem in found_stems}
        whole = sum(rarities.values())
        for stem, share in rarities.items():
            numbers, impacts = postings.setdefault(stem, ([], bytearray()))
            numbers.append(number)
            impacts.append(max(1, round(share / whole * STEPS)))
    return WordingWords(words, postings)
