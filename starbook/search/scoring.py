"""Scores: the impact of each word on each entry, by BM25F.

A word in a title counts more than one in an Action, a second occurrence less than the first, and a
word of few stories more than one of many. See Robertson and Zaragoza, *The Probabilistic Relevance
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

# Tuned with questions that use other words than the stories.
_K1 = 2.5
_LENGTH = 0.5  # the penalty of a long field, from 0 for none to 1
# The highest level; a level is the weight of a stem in an entry, whatever its rarity.
LEVELS = 255


def usual_lengths(blocks: Iterable[Iterable[tuple[int, int]]]) -> tuple[float, ...]:
    """Return the mean length of each field in the entries that have it.

    `blocks` have the sum and the number of the lengths of each field. The mean is rounded to an
    eighth of a doubling. An exact one would change with every word, and with it all levels.
    """
    means = []
    for column in zip(*blocks, strict=True):
        total, number = map(sum, zip(*column, strict=True))
        means.append(math.pow(2, round(8 * math.log2(total / number)) / 8) if total else 1.0)
    return tuple(means)


def stem_levels(
    counted: CountedWords, boosts: Iterable[float], usual: Iterable[float]
) -> tuple[dict[str, str], dict[str, int]]:
    """Return the words of an entry with their stems, and the level of each stem."""
    fields, stems_of_words = counted.fields
    weights: dict[str, float] = {}
    for words, length, mean, most in zip(fields, counted.lengths, usual, boosts, strict=True):
        boost = most / (1 - _LENGTH + _LENGTH * length / mean)
        for word, count in words.items():
            weights[word] = weights.get(word, 0.0) + boost * count
    stems: dict[str, float] = {}
    for stem, weight in zip(stems_of_words, weights.values(), strict=True):
        stems[stem] = stems.get(stem, 0.0) + weight
    levels = {
        stem: max(1, round(LEVELS * weight / (_K1 + weight))) for stem, weight in stems.items()
    }
    return dict(zip(weights, stems_of_words, strict=True)), levels


def rarity(entries: int, frequency: int) -> float:
    """Return the inverse document frequency of a word that `frequency` of the `entries` have."""
    return math.log(1 + (entries - frequency + 0.5) / (frequency + 0.5))


@lru_cache(maxsize=4096)
def impacts_of_levels(entries: int, frequency: int, rarest: float) -> bytes:
    """Return a table from levels of a stem to its impacts."""
    most = rarity(entries, frequency) / rarest * STEPS / LEVELS
    return bytes(max(1, round(most * level)) for level in range(LEVELS + 1))


class WordingWords(msgspec.Struct, frozen=True):
    """The words of all wordings with their stems, and the postings of each stem."""

    words: dict[str, str]
    postings: dict[str, PostingList]


def weigh_wordings(wordings: Sequence[str], splitter: WordSplitter) -> WordingWords:
    """Return the words of wordings; the impact of a word is its share of the wording."""
    words: dict[str, str] = {}
    stems_of_wordings = []
    for wording in wordings:
        content_words = list(splitter.words(wording)) or splitter.words(wording, whole=True)
        stems = {word: tokenizer.stem(word) for word in content_words}
        words |= stems
        stems_of_wordings.append(dict.fromkeys(stems.values()))
    frequencies = Counter(chain.from_iterable(stems_of_wordings))
    postings: dict[str, PostingList] = {}
    for number, wording_stems in enumerate(stems_of_wordings):
        rarities = {stem: rarity(len(wordings), frequencies[stem]) for stem in wording_stems}
        total = sum(rarities.values())
        for stem, share in rarities.items():
            numbers, impacts = postings.setdefault(stem, ([], bytearray()))
            numbers.append(number)
            impacts.append(max(1, round(share / total * STEPS)))
    return WordingWords(words, postings)
