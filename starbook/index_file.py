"""The index of Ask as the file that a page fetches: `search-index.js`, and how any such is written.

It has to be small and quick to take in, so its numbers are written in letters and digits, without
anything between them. Its words stand in full: whoever looks for leaks can read them.
"""

import hashlib
from collections.abc import Iterable, Iterator

import msgspec

from starbook import tokens
from starbook.search import STEPS, Index, Posting

# Raised with every change to what search.js has to know.
VERSION = 1

# Letters and digits alone, and many in a row: nothing that somebody could have written.
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
assert len(_ALPHABET) == STEPS + 1
_HALF = len(_ALPHABET) // 2
# Between two words of the index, so that they are no phrase.
_BETWEEN = " 0 "


def text(index: Index, marks: list[str], shard: int, private: bool) -> str:
    """`search-index.js`: a classic script that hands the index over.

    `marks` are those of the files with the texts of results, `shard` so many in each.
    """
    words = sorted(index.words, key=lambda word: word.encode("utf-16-be"))
    order, forms = _forms(index, words)
    postings = [_posting(index.postings.get(stem, Posting([], []))) for stem in order]
    return script(
        "index",
        {
            "version": VERSION,
            "private": private,
            "marks": marks,
            "shard": shard,
            "counts": index.counts,
            "ids": index.ids,
            "titles": index.titles,
            "wordings": [wording for _, wording in index.wordings],
            "owners": "".join(_number(place - index.counts[0]) for place, _ in index.wordings),
            "under": "".join(map(_numbers, index.under)),
            "chosen": "".join(map(_numbers, index.chosen)),
            "drafts": "".join(map(_number, _gaps(sorted(index.drafts)))),
            "words": _BETWEEN.join(words),
            "forms": forms,
            "sizes": "".join(_number(len(posting)) for posting in postings),
            "postings": "".join(postings),
            "groups": index.groups,
            "asides": [" ".join(tokens.split(aside)) for aside in index.interview.asides],
            "joining": sorted(word.replace("'", "") for word in index.interview.function_words),
        },
    )


def script(function: str, *values: object) -> str:
    """A call of one of our functions in a page, with values that no text in them can end."""
    said = msgspec.json.encode(values).decode()[1:-1]
    for char, escape in (("<", "\\u003c"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029")):
        said = said.replace(char, escape)
    return f"starbook.{function}({said});\n"


def mark(data: bytes) -> str:
    """By what a file of another build is known."""
    return hashlib.sha256(data).hexdigest()[:12]


def _numbers(numbers: list[int]) -> str:
    return _number(len(numbers)) + "".join(map(_number, numbers))


def _forms(index: Index, words: Iterable[str]) -> tuple[list[str], str]:
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
    return list(met), "".join(forms)


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
