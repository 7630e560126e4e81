"""Copies: files that a program which synchronises, or a person, made of a story, guide or list.

By its name a file may be one; whether it is left out is decided by its text.
"""

import heapq
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from zlib import crc32

import msgspec

from starbook.content.markdown import PLACEHOLDER
from starbook.model import Story
from starbook.problem import Problem, Severity, printable
from starbook.text import names

# A copy with at least this share of its words in common with the original is left out.
NEARLY_EQUAL = 0.8

# "Conflicted copy" as Dropbox, Nextcloud and Obsidian say it in their languages.
_CONFLICT = (
    r"conflict(?:ed)?\b|konflikt|conflit\b|conflicto|conflitto|conflito"
    r"|conflicterend|motstridig|motstridende|modstridende|konflikcie|конфликт|конфлікт"
    r"|競合|冲突|衝突|충돌"
)
# A name that no person gives: the whole of it says that it is a copy.
_CERTAIN = re.compile(
    rf""" (?P<original>.+?) (?:
          \s* \( (?=[^()]*(?:\d|c[oó]p|kop|коп|コピー|本|사본|case))
              [^()]* (?:{_CONFLICT}) [^()]* (?:\(\d+\)[^()]*)? \)
        | [._]sync-conflict-\d{{8}}-\d{{6}}(?:-\w+)?
        | _conflict-\d{{8}}-\d{{6}}
        | \.conflict
        | \.(?:orig|bak|backup) | ~ )""",
    re.VERBOSE | re.IGNORECASE,
)
# A name that a person may give as well: it counts only beside the file it is a copy of.
_LIKELY = re.compile(
    r""" (?P<original>.+?) (?:
          \s(?:[2-9]|1\d)
        | \s?\(\d{1,2}\)
        | \s(?:[-–]\s)? (?:copy|kopie|copie|copia|cópia|kopia|копия|のコピー|副本)
              (?:\s\d{1,2}|\s\(\d{1,2}\))?
        | -(?=[^a-z]*(?:\d|DESKTOP|LAPTOP|MACBOOK))[A-Z][A-Z0-9-]{3,14}
        | -[\w-]*(?:MacBook|iMac|iPhone|iPad|Laptop|Desktop)[\w-]* )""",
    re.VERBOSE | re.IGNORECASE,
)
_BACKUP = re.compile(r"(?P<original>.+\.(?:md|ya?ml))(?:~|\.(?:orig|bak|backup|old|rej|swp))", re.I)

_WORD = re.compile(r"\w+")
# A sketch of a text has the smallest hashes of its runs of four words, so many of each text. Runs
# that begin with one word in five do for a text that is not short.
_RUN, _SKETCH, _MIN_WORDS, _EACH = 4, 32, 25, 5
_PRIME = 2**61 - 1


class Copy(msgspec.Struct, frozen=True):
    """A file whose name is that of a copy: its path, and the path of its original, or ""."""

    path: str
    original: str = ""


def find_copies(paths: Collection[str]) -> Iterator[Copy]:
    """Yield the files that are copies by their names, each with its original if that is there."""
    known = set(paths)
    for path in paths:
        folder, _, name = path.rpartition("/")
        stem, dot, ending = name.rpartition(".")
        candidates = list(_originals(stem))
        beside = (f"{folder}/{one}{dot}{ending}" for one in candidates)
        original = next((one for one in beside if one in known), "")
        if original or (candidates and _CERTAIN.fullmatch(stem)):
            yield Copy(path, original)


def _originals(stem: str) -> Iterator[str]:
    """Yield the name that `stem` is a copy of; and if that is one too, of what."""
    while match := _CERTAIN.fullmatch(stem) or _LIKELY.fullmatch(stem):
        stem = match["original"]
        yield stem


def find_backups(folder: str, filenames: Iterable[str]) -> Iterator[Problem]:
    """Yield a warning for each file that an editor or git put beside one that is read."""
    for name in sorted(filenames):
        if match := _BACKUP.fullmatch(name):
            path, original = printable(f"{folder}/{name}"), printable(match["original"])
            message = f"is a backup of `{original}`, and is not read"
            yield Problem(path, 0, message, "delete it", "copy", Severity.WARNING)


def original_in(name: str, known: Collection[str]) -> str:
    """Return which of the names `known` a file is a copy or backup of, or ""."""
    if match := _BACKUP.fullmatch(name):
        return match["original"] if match["original"] in known else ""
    stem, dot, ending = name.rpartition(".")
    return next((f for one in _originals(stem) if (f := f"{one}{dot}{ending}") in known), "")


def similarity(one: str, other: str) -> float:
    """Return the share of words that two texts have in common, from 0 to 1."""
    words, more = (Counter(_words(text)) for text in (one, other))
    total = words.total() + more.total()
    return 2 * (words & more).total() / total if total else 1.0


def _words(text: str) -> list[str]:
    """Return the words of a text; two stories with the same blanks are no copies."""
    return _WORD.findall(PLACEHOLDER.sub("", text).casefold())


def copy_problem(copy: Copy, shared: float) -> Problem:
    """Return the warning for a copy that has this share of words in common with its original."""
    original = printable(copy.original.rpartition("/")[2])
    hint = "keep one of them, and delete the other or give it another name"
    percent = f"{int(100 * shared)} % of their words are the same"
    if not copy.original:
        message = "is named like a copy by a program that synchronises files, and is read"
        hint = "delete it, or give it another name"
    elif shared >= NEARLY_EQUAL:
        message = f"is left out: it is a copy of `{original}` by its name, and {percent}"
    else:
        message = f"is named like a copy of `{original}`, and is read, since only {percent}"
    return Problem(printable(copy.path), 0, message, hint, "copy", Severity.WARNING)


def sketch(story: Story) -> tuple[int, ...]:
    """Return numbers by which the text of a story is compared; none for a short one."""
    words = _words(" ".join(prose.text for prose in story.proses()))
    if len(words) < _MIN_WORDS:
        return ()
    hashes = list(map(_hash, words))
    starts = range(len(words) - _RUN + 1)
    chosen = {_mix(hashes[i : i + _RUN]) for i in starts if hashes[i] % _EACH == 0}
    if len(chosen) < _SKETCH:  # a short text: its other runs stand behind those
        chosen |= {_PRIME + _mix(hashes[i : i + _RUN]) for i in starts if hashes[i] % _EACH}
    return tuple(heapq.nsmallest(_SKETCH, chosen))


@lru_cache(maxsize=2**15)
def _hash(word: str) -> int:
    """Return a number for a word; Python's own hash is another one in each process."""
    return crc32(word.encode())


def _mix(hashes: list[int]) -> int:
    one, two, three, four = hashes
    return (one * 1_000_003 ^ two * 10_007 ^ three * 101 ^ four) % _PRIME


def find_equal_texts(sketches: Mapping[str, tuple[int, ...]]) -> Iterator[Problem]:
    """Yield a warning for each story with nearly the text of one before it, by path.

    Each number belongs to the first story that has it, so the time is linear.
    """
    owners: dict[int, str] = {}
    for path, numbers in sketches.items():
        shared = Counter(owners.setdefault(number, path) for number in numbers)
        del shared[path]
        for other, count in shared.most_common(1):
            if count >= NEARLY_EQUAL * len(numbers):
                message = f"has nearly the same text as {other}"
                hint = "keep one of them, or tell two stories"
                yield Problem(path, 0, message, hint, "same-text", Severity.WARNING)


def find_equal_titles(titles: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """Yield a warning for each title, of pairs of path and title, that one before it has."""
    first: dict[str, str] = {}
    for path, title in titles:
        other = first.setdefault(names.key(title), path)
        if other != path:
            message = f"has the same title as {other}"
            hint = "give one of them another title, or delete it"
            yield Problem(path, 1, message, hint, "same-title", Severity.WARNING)
