"""The index of Ask as the file that a page fetches: `search-index.js`, and how any such is written.

It has to be small and quick to take in, so its numbers are written in letters and digits, without
anything between them. Its words stand in full: whoever looks for leaks can read them.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from starbook import tokens
from starbook.model import Interview
from starbook.search import STEPS, Index, Posting

# Raised with every change to what search.js has to know.
VERSION = 2

# Letters and digits alone, and many in a row: nothing that somebody could have written.
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
assert len(_ALPHABET) == STEPS + 1
_HALF = len(_ALPHABET) // 2
# Between two words of the index, so that they are no phrase.
_BETWEEN = " q0 "


def text(index: Index, marks: list[str], shard: int, private: bool) -> str:
    """`search-index.js`: a classic script of three lines that hands the index over.

    The first is the same in every handbook, the second has its words, the third numbers alone.
    `marks` are those of the files with the texts of results, `shard` so many in each.
    """
    words = sorted(index.words, key=_as_javascript_does)
    met, forms = _forms(index, words)
    postings = [_posting(index.postings.get(stem, Posting([], []))) for stem in met]
    own = [met.setdefault(tokens.stem(word), len(met)) for word in _words(index.interview)]
    wordings = [wording for _, wording in index.wordings]
    owners = (place - index.counts[0] for place, _ in index.wordings)
    drafts = _gaps(sorted(index.drafts))
    return "".join(
        (
            script("index", VERSION, *_interview(index.interview)),
            script("index", index.ids, index.titles, wordings, _BETWEEN.join(words), index.groups),
            script(
                *("index", private, shard, index.counts, marks, _numbers(owners)),
                *("".join(map(_list, index.under)), "".join(map(_list, index.chosen))),
                *(_numbers(drafts), forms, _numbers(map(len, postings)), "".join(postings)),
                _numbers(own),
            ),
        )
    )


def _as_javascript_does(word: str) -> bytes:
    return word.encode("utf-16-be")


def _interview(interview: Interview) -> tuple[list[Any], ...]:
    """Asides, words that join others, common ones; words that mean the same, and their lists."""
    asides = [_phrase(aside) for aside in interview.asides]
    joining, common = (
        [_phrase(word) for word in sorted(words)]
        for words in (interview.function_words, interview.common_words)
    )
    groups = [list(dict.fromkeys(map(_phrase, group))) for group in interview.synonyms]
    return asides, joining, common, _words(interview), groups


def _phrase(text: str) -> str:
    return " ".join(tokens.split(text))


def _words(interview: Interview) -> list[str]:
    groups = interview.synonyms
    return sorted({word for group in groups for phrase in group for word in tokens.split(phrase)})


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


def _forms(index: Index, words: Iterable[str]) -> tuple[dict[str, int], str]:
    """Every stem in the order in which it is met, and for each word how far back its stem is."""
    met: dict[str, int] = {}
    forms = []
    for word in words:
        stem = index.words[word]
        if stem in met:
            forms.append(_number(len(met) - met[stem]))
        else:
            met[stem] = len(met)
            forms.append(_number(0))
    return met, "".join(forms)


def _posting(posting: Posting) -> str:
    gaps = _gaps(posting.places)
    return "".join(
        _number(gap) + _ALPHABET[impact] for gap, impact in zip(gaps, posting.impacts, strict=True)
    )


def _gaps(places: Iterable[int]) -> Iterator[int]:
    before = -1
    for place in places:
        yield place - before - 1
        before = place


def _number(number: int) -> str:
    """Digits to the base of half the alphabet, the lowest first; the other half: more follow."""
    digits = ""
    while number >= _HALF:
        number, digit = divmod(number, _HALF)
        digits += _ALPHABET[digit + _HALF]
    return digits + _ALPHABET[number]
