"""The index of Ask as the file that a page fetches: `search-index.js`, and how any such is written.

It has to be small and quick to take in, so its numbers are written in letters and digits, without
anything between them. Its words stand in full: whoever looks for leaks can read them.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import partial
from typing import NamedTuple

import msgspec

from starbook.build.memory import Memory
from starbook.build.past import Past
from starbook.model import Interview
from starbook.search.postings import gaps, number, numbers
from starbook.search.scoring import Index
from starbook.text import tokenizer

# Raised with every change to what search.js has to know.
VERSION = 2

# What JavaScript sorts by its halves.
_RARE = re.compile("[\ud800-\U0010ffff]")
# Between two words of the index, so that they are no phrase.
_BETWEEN = " q0 "


def text(
    index: Index,
    marks: list[str],
    shard: int,
    private: bool,
    *,
    memory: Memory | None = None,
    past: Past | None = None,
) -> str:
    """`search-index.js`: a classic script of three lines that hands the index over.

    The first is the same in every handbook, the second has its words, the third numbers alone.
    `marks` are those of the files with the texts of results, `shard` so many in each. With the
    `memory` of the last time, only what has changed is written anew; of the `past`, what is ours.
    """
    memory, past = memory or Memory(), past or Past()
    ours = memory.kept("ours", index.interview, lambda: _ours(index.interview, past.common))
    words = memory.kept("words", index.words, lambda: _sorted(index.words))
    stems = memory.kept(
        "stems", (index.words, ours), lambda: _stems(index.words, words, ours.words)
    )
    postings = [index.postings.get(stem) for stem in stems.met]
    said = [one.said if one else "" for one in postings]
    wordings = [wording for _, wording in index.wordings]
    owners = (place - index.counts[0] for place, _ in index.wordings)
    drafts = gaps(sorted(index.drafts))
    lists = index.under, index.chosen
    return "".join(
        (
            ours.said,
            script("index", index.ids, index.titles, wordings, _BETWEEN.join(words), index.groups),
            script(
                *("index", private, shard, index.counts, marks, numbers(owners)),
                *memory.kept("lists", lists, lambda: ["".join(map(_list, them)) for them in lists]),
                *(numbers(drafts), stems.forms, numbers(map(len, said)), "".join(said), stems.ours),
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


def _ours(interview: Interview, past: Past) -> _Ours:
    return past.once("ours", past.mark(interview), _Ours, partial(_written, interview))


def _written(interview: Interview) -> _Ours:
    asides = [_phrase(aside) for aside in interview.asides]
    joining, common = (
        [_phrase(word) for word in sorted(them)]
        for them in (interview.function_words, interview.common_words)
    )
    groups = [list(dict.fromkeys(map(_phrase, group))) for group in interview.synonyms]
    alike = words(interview)
    return _Ours(script("index", VERSION, asides, joining, common, alike, groups), alike)


def words(interview: Interview) -> list[str]:
    """All words of ours that mean the same as another."""
    phrases = (phrase for group in interview.synonyms for phrase in group)
    return sorted({word for phrase in phrases for word in tokenizer.split(phrase)})


def _phrase(text: str) -> str:
    return " ".join(tokenizer.split(text))


def script(function: str, *values: object) -> str:
    """A call of one of our functions in a page, with values that no text in them can end."""
    said = msgspec.json.encode(values).decode()[1:-1]
    for char, escape in (("<", "\\u003c"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029")):
        said = said.replace(char, escape)
    return f"starbook.{function}({said});\n"


def mark(data: bytes) -> str:
    """By what a file of another build is known."""
    return hashlib.sha256(data).hexdigest()[:12]


def _list(them: list[int]) -> str:
    return number(len(them)) + numbers(them)


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
        forms.append(number(new - met.setdefault(stems[word], new)))
    stood = list(met)
    own = [met.setdefault(tokenizer.stem(word), len(met)) for word in ours]
    return _Stems(stood, "".join(forms), numbers(own))
