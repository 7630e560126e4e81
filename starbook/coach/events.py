"""Events: two stories that tell of one, by the runs of words that they share.

Words alone do not show it: of two incidents half the words are the same. Runs of three words hardly
are, unless one text was written from the other.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import combinations
from zlib import crc32

from starbook.content.markdown import PLACEHOLDER
from starbook.model import SPINE, Story

# Of the runs of the shorter story, the share that is much; of other pairs it is a tenth at most.
_MUCH = 0.2
# Fewer shared runs than these are a phrase.
_FEWEST = 20
_RUN = 3
_WORD = re.compile(r"\w+")
# One run in four does to find the pairs to compare. One that more stories than these have is a way
# to put things, and none of an event.
_EACH, _IN_COMMON, _CANDIDATE = 4, 4, 2


def runs(story: Story) -> frozenset[int]:
    """Return a number for each run of three words in the spine of a story."""
    text = " ".join(section.body.text for section in story.sections if section.kind in SPINE)
    words = _WORD.findall(PLACEHOLDER.sub("", text).casefold())
    found = (" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))
    return frozenset(crc32(run.encode()) for run in found)


def sketch(found: Collection[int]) -> tuple[int, ...]:
    """Return the runs by which a story is looked for."""
    return tuple(sorted(run for run in found if run % _EACH == 0))


def find_pairs(sketches: Mapping[str, Collection[int]]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of stories, by path, that may share much."""
    having: dict[int, list[str]] = defaultdict(list)
    for path, numbers in sketches.items():
        for number in numbers:
            having[number].append(path)
    few = (paths for paths in having.values() if 1 < len(paths) <= _IN_COMMON)
    shared = Counter(pair for paths in few for pair in combinations(paths, 2))
    yield from sorted(pair for pair, count in shared.items() if count >= _CANDIDATE)


def shared_percent(one: frozenset[int], other: frozenset[int]) -> int:
    """Return the share of runs of the shorter story that the other has, or 0 if that is little."""
    shared = len(one & other)
    share = shared / max(1, min(len(one), len(other)))
    return int(100 * share) if shared >= _FEWEST and share >= _MUCH else 0
