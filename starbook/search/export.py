"""Export: the index as a page fetches it, `search-index.js`, and how such scripts are written.

It has to be small and quick to take in, so its numbers are written in letters and digits, without
anything between them. Its words stand in full: a search for leaks can read them.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import msgspec

from starbook.model import Handbook, Interview
from starbook.search.postings import gaps, write_number, write_numbers
from starbook.text import tokenizer

# Raised with every change to what search.js has to know.
VERSION = 2

# What JavaScript sorts by its halves.
_RARE = re.compile("[\ud800-\U0010ffff]")
# Between two words of the index, so that they are no phrase.
_BETWEEN = " q0 "


class InterviewExport(msgspec.Struct, frozen=True, array_like=True):
    """What a page has to know of how interviewers talk, the same in every handbook.

    `script` hands over asides, words that join others, common ones, and words that mean the same;
    `stems` has each of the latter with its stem.
    """

    script: str
    stems: dict[str, str]


class SearchIndex(msgspec.Struct, frozen=True):
    """All that can be searched. Entries stand in the order of `fields.KINDS`.

    `wordings` are those in which questions and topics are asked, each with the position of its
    entry. `topics` are those of each story and `chosen` the stories of each question, by their
    positions. `words` lead to stems, stems to written `postings`; `synonyms` are the person's own.
    """

    counts: tuple[int, ...]
    ids: list[str]
    titles: list[str]
    drafts: list[int]
    wordings: list[tuple[int, str]]
    topics: list[list[int]]
    chosen: list[list[int]]
    words: dict[str, str]
    postings: dict[str, str]
    synonyms: list[tuple[str, ...]]


@lru_cache(maxsize=1)  # there is one, as long as the program does not change
def export_interview(interview: Interview) -> InterviewExport:
    """Return what pages know of how interviewers talk."""
    asides = [_phrase(aside) for aside in interview.asides]
    joining, common = (
        [_phrase(word) for word in sorted(words)]
        for words in (interview.function_words, interview.common_words)
    )
    groups = [list(dict.fromkeys(map(_phrase, group))) for group in interview.synonyms]
    phrases = (phrase for group in interview.synonyms for phrase in group)
    alike = sorted({word for phrase in phrases for word in tokenizer.split(phrase)})
    return InterviewExport(
        script("index", VERSION, asides, joining, common, alike, groups),
        {word: tokenizer.stem(word) for word in alike},
    )


def _phrase(text: str) -> str:
    return " ".join(tokenizer.split(text))


def leading_synonyms(
    synonyms: Iterable[tuple[str, ...]], postings: Mapping[str, str]
) -> tuple[list[tuple[str, ...]], dict[str, str]]:
    """Return those lists of synonyms that lead somewhere, and their words with their stems."""
    groups: list[tuple[str, ...]] = []
    words: dict[str, str] = {}
    for group in synonyms:
        split = [phrase for phrase in map(tokenizer.split, group) if phrase]
        stems = {word: tokenizer.stem(word) for phrase in split for word in phrase}
        if any(stem in postings for stem in stems.values()):
            words |= stems
            groups.append(tuple(dict.fromkeys(" ".join(phrase) for phrase in split)))
    return groups, words


def list_wordings(lists: Handbook, first: int) -> list[tuple[int, str]]:
    """Return how questions and topics are asked, each with its position; `first` is a question."""
    found = []
    for position, one in enumerate(lists.questions, first):
        found += [(position, wording) for wording in (one.question, *one.also)]
    first += len(lists.questions) + len(lists.guides)
    for position, topic in enumerate((*lists.categories, *lists.principles), first):
        phrases = (topic.name, *topic.aliases, *topic.tags, *topic.asked_as)
        found += [(position, wording) for wording in phrases]
    return found


def list_titles(lists: Handbook) -> list[str]:
    """Return the titles of all entries but stories, in the order of the index."""
    return [
        *(one.question for one in lists.questions),
        *(guide.title for guide in lists.guides),
        *(topic.name for topic in (*lists.categories, *lists.principles)),
    ]


def write_index(
    index: SearchIndex,
    interview: InterviewExport,
    text_versions: Sequence[str],
    shard: int,
    *,
    private: bool,
) -> str:
    """Return `search-index.js`: a classic script of three lines that hands the index over.

    The first is the same in every handbook, the second has its words, the third numbers alone.
    `text_versions` are those of the files with the texts of results, `shard` so many in each.
    """
    words = _in_script_order(index.words)
    stems, forms = _stems(index.words, words)
    postings = [index.postings.get(stem, "") for stem in stems]
    own = [stems.setdefault(stem, len(stems)) for stem in interview.stems.values()]
    return "".join(
        (
            interview.script,
            script(
                "index",
                index.ids,
                index.titles,
                [wording for _, wording in index.wordings],
                _BETWEEN.join(words),
                index.synonyms,
            ),
            script(
                "index",
                private,
                shard,
                index.counts,
                text_versions,
                write_numbers(position - index.counts[0] for position, _ in index.wordings),
                "".join(map(_write_list, index.topics)),
                "".join(map(_write_list, index.chosen)),
                write_numbers(gaps(index.drafts)),
                forms,
                write_numbers(map(len, postings)),
                "".join(postings),
                write_numbers(own),
            ),
        )
    )


def _in_script_order(words: Iterable[str]) -> list[str]:
    """Return words in the order in which JavaScript sorts them: but for rare signs, it is ours."""
    return sorted(words, key=_utf16 if _RARE.search(" ".join(words)) else None)


def _utf16(word: str) -> bytes:
    return word.encode("utf-16-be")


def _stems(stems_of: Mapping[str, str], words: Iterable[str]) -> tuple[dict[str, int], str]:
    """Return stems in the order in which they are met; for each word, how far back its own is."""
    met: dict[str, int] = {}
    forms = []
    for word in words:
        new = len(met)
        forms.append(write_number(new - met.setdefault(stems_of[word], new)))
    return met, "".join(forms)


def _write_list(numbers: list[int]) -> str:
    return write_number(len(numbers)) + write_numbers(numbers)


def script(function: str, *values: object) -> str:
    """Return a call of one of our functions in a page; no text in the values can end the script."""
    text = msgspec.json.encode(values).decode()[1:-1]
    for char, escape in (("<", "\\u003c"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029")):
        text = text.replace(char, escape)
    return f"starbook.{function}({text});\n"


def version_of(data: bytes) -> str:
    """Return what tells a file of one build from the same file of another."""
    return hashlib.sha256(data).hexdigest()[:12]
