"""Segments: the inverted index in blocks of entries, so that a save inverts one block again."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

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


# Segments, each with the position of its first entry in the index.
Placed = Sequence[tuple[int, Segment]]


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


def merge(segments: Placed) -> dict[str, PostingList]:
    """Return, for each stem, the entries of all segments that have it, and their levels."""
    merged: dict[str, PostingList] = {}
    for first, segment in segments:
        for stem, packed in segment.postings.items():
            _extend(merged.setdefault(stem, ([], bytearray())), first, packed)
    return merged


def find(stem: str, segments: Placed) -> PostingList:
    """Return the entries of all segments that have one stem, and their levels."""
    found: PostingList = [], bytearray()
    for first, segment in segments:
        if packed := segment.postings.get(stem):
            _extend(found, first, packed)
    return found


def _extend(postings: PostingList, first: int, packed: bytes) -> None:
    half = len(packed) // 2
    postings[0].extend([first + position for position in packed[:half]])
    postings[1].extend(packed[half:])


def write(
    merged: Mapping[str, PostingList], counts: Sequence[int], wordings: Mapping[str, PostingList]
) -> dict[str, str]:
    """Return the posting list of each stem as a page reads it.

    `counts` says how many entries there are of each kind; behind them stand the wordings.
    """
    rarest, total = rarity(max(counts), 1), sum(counts)
    ends = list(accumulate(counts))
    written = {}
    for stem in merged.keys() | wordings.keys():
        positions, levels = merged.get(stem, ([], bytearray()))
        impacts = bytearray()
        for count, end in zip(counts, ends, strict=True):
            # A word that is rare among stories may be common among questions.
            start, stop = len(impacts), bisect_left(positions, end, len(impacts))
            if stop > start:
                impacts += levels[start:stop].translate(
                    impacts_of_levels(count, stop - start, rarest)
                )
        if stem in wordings:
            numbers, shares = wordings[stem]
            positions = [*positions, *(total + number for number in numbers)]
            impacts += shares
        written[stem] = write_postings(positions, impacts)
    return written
