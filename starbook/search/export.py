"""Export: the search index as a script, `search-index.js`, that a page loads.

To be small and quick to read, it has its numbers in letters and digits, without separators. Its
words stand in full, so that a check for leaks can read them.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import msgspec

from starbook.model import Handbook, InterviewWords
from starbook.search.postings import gaps, write_number, write_numbers
from starbook.text import spelling, tokenizer

# Raised with every change of the format that search.js has to follow.
VERSION = 5

# Characters that JavaScript sorts by their UTF-16 halves.
_SORTED_BY_HALVES = re.compile("[\ud800-\U0010ffff]")
# Separates the words of the index, so that two of them are no phrase.
_SEPARATOR = " q0 "


class InterviewExport(msgspec.Struct, frozen=True, array_like=True):
    """The vocabulary of interview questions for pages, the same in every handbook.

    `script` has asides, function words, common words, rules of spelling and synonyms; `stems` are
    those of the words of synonyms.
    """

    script: str
    stems: dict[str, str]


class SearchIndex(msgspec.Struct, frozen=True):
    """The search index of an edition, with its entries in the order of `fields.KINDS`.

    `wordings` are the wordings of questions and topics, each with the position of its entry.
    `topics` are those of each story and `chosen` the stories of each question, by position.
    `answered` are the questions whose answer stands before the stories, by number. `words` lead to
    stems, stems to written `postings`; `synonyms` are those of the handbook.
    """

    counts: tuple[int, ...]
    ids: list[str]
    titles: list[str]
    drafts: list[int]
    resting: list[int]
    wordings: list[tuple[int, str]]
    topics: list[list[int]]
    chosen: list[list[int]]
    answered: list[int]
    words: dict[str, str]
    postings: dict[str, str]
    synonyms: list[tuple[str, ...]]


@lru_cache(maxsize=1)  # there is one vocabulary
def export_interview(interview: InterviewWords) -> InterviewExport:
    """Return the vocabulary of interview questions for pages."""
    asides = tokenizer.normalize_all(interview.asides)
    function_words = tokenizer.normalize_all(sorted(interview.function_words))
    common_words = tokenizer.normalize_all(sorted(interview.common_words))
    groups = [tokenizer.normalize_all(group) for group in interview.synonyms]
    words = sorted({word for group in groups for phrase in group for word in phrase.split()})
    return InterviewExport(
        script(
            "index",
            *(VERSION, asides, function_words, common_words),
            *(spelling.BEGINNINGS, spelling.RULES, words, groups),
        ),
        {word: tokenizer.stem(word) for word in words},
    )


def usable_synonyms(
    synonyms: Iterable[tuple[str, ...]], postings: Mapping[str, str]
) -> tuple[list[tuple[str, ...]], dict[str, str]]:
    """Return the groups of synonyms with a word that is in the index, and the stems of words."""
    groups: list[tuple[str, ...]] = []
    words: dict[str, str] = {}
    for group in synonyms:
        phrases = tokenizer.normalize_all(group)
        stems = {word: tokenizer.stem(word) for phrase in phrases for word in phrase.split()}
        if any(stem in postings for stem in stems.values()):
            words |= stems
            groups.append(phrases)
    return groups, words


def list_wordings(lists: Handbook, first: int) -> list[tuple[int, str]]:
    """Return the wordings of questions and topics, each with its position in the index.

    `first` is the position of the first question.
    """
    wordings = []
    for position, one in enumerate(lists.questions, first):
        wordings += [(position, wording) for wording in (one.question, *one.also)]
    first += len(lists.questions) + len(lists.guides)
    for position, topic in enumerate((*lists.categories, *lists.principles), first):
        phrases = (topic.name, *topic.aliases, *topic.tags, *topic.asked_as)
        wordings += [(position, wording) for wording in phrases]
    return wordings


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
    """Return `search-index.js`, a script of three lines.

    The first is the same in every handbook, the second has the words, the third only numbers.
    `text_versions` are the versions of the files with the texts of results, `shard` the results in
    each file.
    """
    # The order of JavaScript differs from Python's for rare characters.
    by_halves = _SORTED_BY_HALVES.search(" ".join(index.words))
    words = sorted(index.words, key=(lambda w: w.encode("utf-16-be")) if by_halves else None)
    stems, distances = _number_stems(index.words, words)
    postings = [index.postings.get(stem, "") for stem in stems]
    synonym_stems = [stems.setdefault(stem, len(stems)) for stem in interview.stems.values()]
    texts = script(
        "index",
        index.ids,
        index.titles,
        [wording for _, wording in index.wordings],
        _SEPARATOR.join(words),
        index.synonyms,
    )
    numbers = script(
        "index",
        private,
        shard,
        index.counts,
        text_versions,
        write_numbers(position - index.counts[0] for position, _ in index.wordings),
        "".join(map(_write_list, index.topics)),
        "".join(map(_write_list, index.chosen)),
        write_numbers(gaps(index.drafts)),
        write_numbers(gaps(index.resting)),
        write_numbers(gaps(index.answered)),
        distances,
        write_numbers(map(len, postings)),
        "".join(postings),
        write_numbers(synonym_stems),
    )
    return interview.script + texts + numbers


def _number_stems(stems_of: Mapping[str, str], words: Iterable[str]) -> tuple[dict[str, int], str]:
    """Return the stems with their numbers, and the distance of each word to its stem as text."""
    numbers: dict[str, int] = {}
    distances = []
    for word in words:
        new = len(numbers)
        distances.append(write_number(new - numbers.setdefault(stems_of[word], new)))
    return numbers, "".join(distances)


def _write_list(numbers: list[int]) -> str:
    return write_number(len(numbers)) + write_numbers(numbers)


def script(function: str, *values: object) -> str:
    """Return a script that calls a function of `starbook`; no text in the values can end it."""
    text = msgspec.json.encode(values).decode()[1:-1]
    for char, escape in (("<", "\\u003c"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029")):
        text = text.replace(char, escape)
    return f"starbook.{function}({text});\n"


def fingerprint(data: bytes) -> str:
    """Return a short text that changes with the content of a file."""
    return hashlib.sha256(data).hexdigest()[:12]
