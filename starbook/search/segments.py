"""Segments: the inverted index in blocks of entries, so that a change inverts only one block."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import count

import msgspec

from starbook.search.fields import CountedWords
from starbook.search.postings import PostingList, write_postings
from starbook.search.scoring import impacts_of_levels, rarity, stem_levels

# The entries of a segment, all of one kind; inverting so many takes some milliseconds.
SIZE = 32


class Segment(msgspec.Struct, frozen=True, array_like=True):
    """The words of a block of entries with their stems, and the postings of each stem.

    The bytes of a posting list are a position in the block, a level, a position, a level, …
    """

    words: dict[str, str]
    postings: dict[str, bytes]


# The sum of the lengths of each field, and the number of those that are not 0.
FieldLengths = list[tuple[int, int]]


def add_lengths(lengths: Iterable[tuple[int, ...]]) -> FieldLengths:
    """Return the sum and the number of the lengths of each field in a block."""
    return [(sum(column), len(column) - column.count(0)) for column in zip(*lengths, strict=True)]


def invert(
    entries: Iterable[CountedWords], boosts: Sequence[float], usual: Sequence[float]
) -> Segment:
    """Return the segment of a block of entries of one kind."""
    words: dict[str, str] = {}
    postings: dict[str, bytearray] = {}
    for position, counted in enumerate(entries):
        entry_words, entry_levels = stem_levels(counted, boosts, usual)
        words |= entry_words
        for stem, level in entry_levels.items():
            packed = postings.get(stem)
            if packed is None:
                packed = postings[stem] = bytearray()
            packed.append(position)
            packed.append(level)
    return Segment(words, {stem: bytes(packed) for stem, packed in postings.items()})


def find(stem: str, segments: Iterable[Segment]) -> PostingList:
    """Return the postings of a stem in the segments of one kind."""
    postings: PostingList = [], bytearray()
    for number, segment in enumerate(segments):
        if packed := segment.postings.get(stem):
            _extend(postings, number * SIZE, packed)
    return postings


def _extend(postings: PostingList, first: int, packed: bytes) -> None:
    postings[0].extend(map(first.__add__, packed[::2]))
    postings[1].extend(packed[1::2])


def write(
    segments: Sequence[Sequence[Segment]],
    counts: Sequence[int],
    wordings: Mapping[str, PostingList],
) -> dict[str, str]:
    """Return the posting list of each stem as text for search.js.

    `segments` are those of each kind, and `counts` the numbers of its entries; the wordings follow
    them.
    """
    index: dict[str, PostingList] = {}
    rarest, first = rarity(max(counts), 1), 0
    for segments_of_kind, number in zip(segments, counts, strict=True):
        # Rarity is within a kind: a rare word of stories may be common in questions.
        for stem, (positions, levels) in _merge(segments_of_kind, first).items():
            postings = index.setdefault(stem, ([], bytearray()))
            postings[0].extend(positions)
            postings[1].extend(levels.translate(impacts_of_levels(number, len(levels), rarest)))
        first += number
    for stem, (numbers, shares) in wordings.items():
        postings = index.setdefault(stem, ([], bytearray()))
        postings[0].extend(map(first.__add__, numbers))
        postings[1].extend(shares)
    return {stem: write_postings(*postings) for stem, postings in index.items()}


def _merge(segments: Iterable[Segment], first: int) -> dict[str, PostingList]:
    merged: dict[str, PostingList] = {}
    for start, segment in zip(count(first, SIZE), segments, strict=False):
        for stem, packed in segment.postings.items():
            postings = merged.get(stem)
            if postings is None:
                postings = merged[stem] = [], bytearray()
            _extend(postings, start, packed)
    return merged
