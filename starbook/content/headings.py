"""Headings of story parts: the part and time that each names, by the spellings of a vocabulary."""

import re
from functools import lru_cache

import msgspec

from starbook.model import Kind
from starbook.text.vocabulary import Vocabulary, as_key

# A time at the end: `(about 30-45 seconds)`, `: 90 s`, `（1分30秒）`. Its words are looked up.
_TIME = re.compile(
    r"""\s* (?:[(（\[]|[-–:,]\s) \s* (?P<about>[~≈]|[^\W\d_]+\.?)? \s*
        (?: (?P<minutes>\d+) \s* (?P<minute>(?!to\b)[^\W\d_]+) \.? ,? \s* (?:(?:and|[&+])\s*)? )?
        (?: (?P<low>\d+(?:[.,]\d+)?) \s* (?:[-–—~]|to) \s* )?  # of a range, the upper end counts
        (?P<number>\d+(?:[.,]\d+)?) \s* (?P<unit>[^\W\d_]+) \.? \s* [)）\]]? \s* $""",
    re.VERBOSE | re.IGNORECASE,
)
# A heading matches if it is a spelling, but for a time, a bracket, and text after a colon or dash:
# `Impact on the team` matches none.
_SUFFIX = re.compile(r"\s*(?:[(（\[:：]|\s[-–—/|]\s).*$", re.DOTALL)

# A spelling that is shorter is as near to words that are right, unless two letters are swapped.
_MIN_LENGTH = 6


class ParsedHeading(msgspec.Struct, frozen=True):
    """A heading taken apart: its part, its words without the time, and the time in seconds.

    `spelling` is the spelling of the vocabulary that it matches, or "". A heading that
    `may_be_task` names the Task if another Situation stands before it.
    """

    kind: Kind
    words: str
    spelling: str = ""
    seconds: int | None = None
    may_be_task: bool = False


@lru_cache(maxsize=1024)  # stories have the same few headings
def parse(heading: str, vocabulary: Vocabulary) -> ParsedHeading:
    """Parse any heading; one that names no part keeps all its words, as `Kind.OTHER`."""
    text = " ".join(heading.split())
    words, seconds = _split_time(text.rstrip(": "), vocabulary)
    folded = as_key(words).replace("*", "").replace("_", " ")
    candidates = (folded.rstrip(":："), _SUFFIX.sub("", folded))
    kinds = vocabulary.kind_of
    spelling = next((candidate for candidate in candidates if candidate in kinds), "")
    if not spelling:
        return ParsedHeading(Kind.OTHER, text)
    # `(the core, 90 seconds)`: without the time, the bracket has to be closed.
    closed = f"{words})" if words.count("(") > words.count(")") else words
    may_be_task = spelling in vocabulary.task_after_situation
    return ParsedHeading(kinds[spelling], closed.rstrip(":"), spelling, seconds, may_be_task)


def _split_time(heading: str, vocabulary: Vocabulary) -> tuple[str, int | None]:
    """Return a heading without the time at its end, and the time in seconds."""
    time = _TIME.search(heading)
    if not time:
        return heading, None
    units = vocabulary.seconds_of_unit
    unit, minute = (units.get(as_key(time[name] or "")) for name in ("unit", "minute"))
    about = as_key(time["about"] or "~")
    is_about = about in "~≈" or about in vocabulary.about_words
    if not unit or not is_about or (time["minutes"] and (minute, unit) != (60, 1)):
        return heading, None
    number = float(time["number"].replace(",", "."))
    return heading[: time.start()], round(number * unit) + 60 * int(time["minutes"] or 0)


@lru_cache(maxsize=1024)
def find_meant(heading: str, vocabulary: Vocabulary) -> str:
    """Return the known heading that `heading` is but for one slip of the keyboard, or ""."""
    words = as_key(" ".join(heading.split()).rstrip(": "))
    words, _ = _split_time(words, vocabulary)
    kinds = vocabulary.kind_of
    for candidate in dict.fromkeys((words, _SUFFIX.sub("", words))):
        is_plural = candidate.removesuffix("s") in kinds or f"{candidate}s" in kinds
        if candidate in vocabulary.not_slips or is_plural:
            continue
        meant = (spelling for spelling in kinds if is_slip(candidate, spelling))
        if found := next(meant, ""):
            spelling = vocabulary.spellings[found]
            return spelling[0].upper() + spelling[1:]
    return ""


def is_slip(typed: str, meant: str) -> bool:
    """Return True if one letter is missing, doubled, too many or wrong, or two are swapped."""
    if abs(len(typed) - len(meant)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), -1)
    if start < 0:  # one more at the end
        start = min(len(typed), len(meant))
    one, other = typed[start:], meant[start:]
    if len(one) == len(other):
        is_swapped = one[:2] == other[1::-1] and one[2:] == other[2:]
        return is_swapped or (one[1:] == other[1:] and len(meant) >= _MIN_LENGTH)
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    is_doubled = start > 0 and longer[0] == typed[start - 1]
    return longer[1:] == shorter and (is_doubled or len(meant) >= _MIN_LENGTH)
