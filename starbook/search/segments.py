"""Segments: the inverted index in blocks of entries, so that a save inverts one block again."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import count

import msgspec

from starbook.search.fields import CountedWords
from starbook.search.postings import PostingList, write_postings
from starbook.search.scoring import impacts_of_levels, rarity, stem_levels

# So many entries of one kind make a segment: few enough to invert them in some milliseconds.
SIZE = 32


class Segment(msgspec.Struct, frozen=True, array_like=True):
    """The words of a block of entries with their stems, and the entries that have each stem.

    Of `postings`, the first half of the bytes are positions in the block, the second half levels.
    """

    words: dict[str, str]
    postings: dict[str, bytes]


# Of each field, the sum of its lengths and how many are not 0.
FieldLengths = list[tuple[int, int]]


def add_lengths(lengths: Iterable[tuple[int, ...]]) -> FieldLengths:
    """Return the lengths of each field of a block together."""
    return [(sum(column), len(column) - column.count(0)) for column in zip(*lengths, strict=True)]


def invert(
    entries: Iterable[CountedWords], boosts: Sequence[float], usual: Sequence[float]
) -> Segment:
    """Return the segment of a block of entries of one kind."""
    words: dict[str, str] = {}
    positions: dict[str, bytearray] = {}
    levels: dict[str, bytearray] = {}
    for position, counted in enumerate(entries):
        its_words, its_levels = stem_levels(counted, boosts, usual)
        words |= its_words
        for stem, level in its_levels.items():
            positions.setdefault(stem, bytearray()).append(position)
            levels.setdefault(stem, bytearray()).append(level)
    return Segment(words, {stem: bytes(positions[stem] + levels[stem]) for stem in positions})


def find(stem: str, segments: Iterable[Segment]) -> PostingList:
    """Return the entries of segments of one kind that have a stem, and their levels."""
    found: PostingList = [], bytearray()
    for number, segment in enumerate(segments):
        if packed := segment.postings.get(stem):
            _extend(found, number * SIZE, packed)
    return found


def _extend(postings: PostingList, first: int, packed: bytes) -> None:
    half = len(packed) // 2
    postings[0].extend(map(first.__add__, packed[:half]))
    postings[1].extend(packed[half:])


def write(
    segments: Sequence[Sequence[Segment]],
    counts: Sequence[int],
    wordings: Mapping[str, PostingList],
) -> dict[str, str]:
    """Return the posting list of each stem as a page reads it.

    There are the segments of each kind, and `counts` of its entries; behind them stand the
    wordings.
    """
    whole: dict[str, PostingList] = {}
    rarest, first = rarity(max(counts), 1), 0
    for of_kind, number in zip(segments, counts, strict=True):
        # A word that is rare among stories may be common among questions.
        for stem, (positions, levels) in _merge(of_kind, first).items():
            found = whole.setdefault(stem, ([], bytearray()))
            found[0].extend(positions)
            found[1].extend(levels.translate(impacts_of_levels(number, len(levels), rarest)))
        first += number
    for stem, (numbers, shares) in wordings.items():
        found = whole.setdefault(stem, ([], bytearray()))
        found[0].extend(map(first.__add__, numbers))
        found[1].extend(shares)
    return {stem: write_postings(*found) for stem, found in whole.items()}


def _merge(segments: Iterable[Segment], first: int) -> dict[str, PostingList]:
    merged: dict[str, PostingList] = {}
    for start, segment in zip(count(first, SIZE), segments, strict=False):
        for stem, packed in segment.postings.items():
            found = merged.get(stem)
            if found is None:
                found = merged[stem] = [], bytearray()
            _extend(found, start, packed)
    return merged
