"""The index of Ask as the file that a page fetches: `search-index.js`, and how any such is written.

It has to be small and quick to take in, so its numbers are written in letters and digits, without
anything between them. Its words stand in full: whoever looks for leaks can read them.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import pairwise
from operator import add
from typing import NamedTuple

import msgspec

from starbook import tokens
from starbook.memory import Memory
from starbook.model import Interview
from starbook.search import STEPS, Index, Posting

# Raised with every change to what search.js has to know.
VERSION = 2

# Letters and digits alone, and many in a row: nothing that somebody could have written.
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
assert len(_ALPHABET) == STEPS + 1
_HALF = len(_ALPHABET) // 2
_IMPACTS = _ALPHABET.encode().ljust(256)
# What JavaScript sorts by its halves.
_RARE = re.compile("[\ud800-\U0010ffff]")
# Between two words of the index, so that they are no phrase.
_BETWEEN = " q0 "


def text(
    index: Index, marks: list[str], shard: int, private: bool, memory: Memory | None = None
) -> str:
    """`search-index.js`: a classic script of three lines that hands the index over.

    The first is the same in every handbook, the second has its words, the third numbers alone.
    `marks` are those of the files with the texts of results, `shard` so many in each. With the
    `memory` of the last time, only what has changed is written anew.
    """
    memory = memory or Memory()
    ours = memory.kept("ours", index.interview, lambda: _ours(index.interview))
    words = memory.kept("words", index.words, lambda: _sorted(index.words))
    stems = memory.kept(
        "stems", (index.words, ours), lambda: _stems(index.words, words, ours.words)
    )
    postings = memory.onward(
        "postings", index.postings, lambda before: _postings(index.postings, before)
    )
    said = [postings.get(stem, _NOWHERE) for stem in stems.met]
    wordings = [wording for _, wording in index.wordings]
    owners = (place - index.counts[0] for place, _ in index.wordings)
    drafts = _gaps(sorted(index.drafts))
    return "".join(
        (
            ours.said,
            script("index", index.ids, index.titles, wordings, _BETWEEN.join(words), index.groups),
            script(
                *("index", private, shard, index.counts, marks, _numbers(owners)),
                *("".join(map(_list, index.under)), "".join(map(_list, index.chosen))),
                *(_numbers(drafts), stems.forms, "".join([size for size, _ in said])),
                *("".join([posting for _, posting in said]), stems.ours),
            ),
        )
    )


def _sorted(words: Iterable[str]) -> list[str]:
    """In the order in which JavaScript has them. But for rare signs, that is ours, and at hand."""
    return sorted(words, key=_as_javascript_does if _RARE.search(" ".join(words)) else None)


def _as_javascript_does(word: str) -> bytes:
    return word.encode("utf-16-be")


class _Ours(NamedTuple):
    """Of how interviewers talk, what the page has to know, and all words that mean the same.

    It has to know asides, words that join others, common ones, those words, and their lists.
    """

    said: str
    words: list[str]


def _ours(interview: Interview) -> _Ours:
    asides = [_phrase(aside) for aside in interview.asides]
    joining, common = (
        [_phrase(word) for word in sorted(words)]
        for words in (interview.function_words, interview.common_words)
    )
    groups = [list(dict.fromkeys(map(_phrase, group))) for group in interview.synonyms]
    words = sorted({word for group in groups for phrase in group for word in phrase.split()})
    return _Ours(script("index", VERSION, asides, joining, common, words, groups), words)


def _phrase(text: str) -> str:
    return " ".join(tokens.split(text))


def script(function: str, *values: object) -> str:
    """A call of one of our functions in a page, with values that no text in them can end."""
    said = msgspec.json.encode(values).decode()[1:-1]
    for char, escape in (("<", "\\u003c"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029")):
        said = said.replace(char, escape)
    return f"starbook.{function}({said});\n"


def mark(data: bytes) -> str:
    """By what a file of another build is known."""
    return hashlib.sha256(data).hexdigest()[:12]


def _numbers(numbers: Iterable[int]) -> str:
    return "".join(map(_number, numbers))


def _list(numbers: list[int]) -> str:
    return _number(len(numbers)) + _numbers(numbers)


class _Stems(NamedTuple):
    """Stems in the order in which they are met, and for each word how far back its own is.

    `ours` are the numbers of those of our own words.
    """

    met: list[str]
    forms: str
    ours: str


def _stems(stems: Mapping[str, str], words: Iterable[str], ours: Iterable[str]) -> _Stems:
    met: dict[str, int] = {}
    forms = []
    for word in words:
        new = len(met)
        forms.append(_number(new - met.setdefault(stems[word], new)))
    stood = list(met)
    numbers = [met.setdefault(tokens.stem(word), len(met)) for word in ours]
    return _Stems(stood, "".join(forms), _numbers(numbers))


_Written = tuple[str, str]  # how long it is, and a posting
_NOWHERE: _Written = ("0", "")


def _postings(
    postings: Mapping[str, Posting],
    before: tuple[Mapping[str, Posting], Mapping[str, _Written]] | None,
) -> dict[str, _Written]:
    """Each posting by its stem; those of before are written already."""
    known, written = before or ({}, {})
    return {
        stem: written[stem] if known.get(stem) is posting else _posting(posting)
        for stem, posting in postings.items()
    }


def _posting(posting: Posting) -> _Written:
    gaps = _gaps(posting.places)
    impacts = posting.impacts.translate(_IMPACTS).decode()
    said = "".join(map(add, map(_number, gaps), impacts))
    return _number(len(said)), said


def _gaps(places: Iterable[int]) -> list[int]:
    return [place - before - 1 for before, place in pairwise((-1, *places))]


@cache
def _number(number: int) -> str:
    """Digits to the base of half the alphabet, the lowest first; the other half: more follow."""
    digits = ""
    while number >= _HALF:
        number, digit = divmod(number, _HALF)
        digits += _ALPHABET[digit + _HALF]
    return digits + _ALPHABET[number]
