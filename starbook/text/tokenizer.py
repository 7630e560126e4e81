"""Texts into words, as search knows them. layouts/assets/search.js does exactly the same.

A word is folded: `Café` and `CAFE` are one. `post-mortem` is found as `post`, `mortem` and
`postmortem`; `$2m`, `99.9%` and `p95` stay words. Scripts that put no spaces between words are cut
into pairs of letters.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from itertools import pairwise

# What a word is made of: once a text is folded, all that is not ASCII is a letter, digit or mark.
# Said by what it is not made of, it compiles in a tenth of the time, at the start of every build.
_W = r"[^\x00-/:-`{-\x7f]"
_CHUNK = re.compile(rf"\$?{_W}+(?:[-/'_.,&+]{_W}+)*(?:%|\+\+|#)?")
_ODD = re.compile("[^\x00-\x7f]")
_POSSESSIVE = re.compile(rf"'s(?!{_W})")
_THOUSANDS = re.compile(r"([0-9]),(?=[0-9]{3}(?![0-9]))")
_JOINT = re.compile(r"[-/_,&+]|\.(?![0-9])")
_SIGN = re.compile(r"^[$€£¥₹]|(?:%|\+\+|#)$")
# Han, kana, Hangul, Thai, Lao, Khmer, Burmese.
_SOLID = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
    "\U00020000-\U0003ffff"
)
_ENGLISH = re.compile("[a-z]{3,}")
_LONGEST = 40

_AS = {"ς": "σ", "ß": "ss", "’": "'", "\u2010": "-", **dict.fromkeys("€£¥₹")}


def fold(text: str) -> str:
    """A text without case, accents and signs."""
    if text.isascii():
        return text.lower()
    lower = unicodedata.normalize("NFKD", text).lower()
    return unicodedata.normalize("NFC", _ODD.sub(lambda found: _plain(found[0]), lower))


@cache
def _plain(char: str) -> str:
    if char in _AS:
        return _AS[char] or char
    if "\u0300" <= char <= "\u036f":
        return ""
    return char if unicodedata.category(char)[0] in "LNM" else " "


def chunks(text: str) -> list[str]:
    """What stands between the spaces of a text, such as `post-mortem`; `words` cuts it up."""
    return _CHUNK.findall(fold(text))


@lru_cache(maxsize=2**16)
def words(chunk: str) -> tuple[str, ...]:
    """The words in a chunk, apart and joined."""
    if chunk.isalpha() and chunk.isascii():
        return (chunk,) if len(chunk) <= _LONGEST else ()
    whole = _THOUSANDS.sub(r"\1", _POSSESSIVE.sub("", chunk).replace("'", ""))
    bare = _SIGN.sub("", whole)
    parts = [part for part in _JOINT.split(bare) if part]
    found = [word for part in parts for word in _apart(part)]
    if len(parts) > 1 and (whole.isascii() or not _solid().search(whole)):
        found.append("".join(parts))
    elif bare != whole:
        found.append(whole)
    return tuple(word for word in found if len(word) <= _LONGEST)


# Compiled where there is something for them to find.


@cache
def _runs() -> re.Pattern[str]:
    return re.compile(f"[{_SOLID}]+|[^{_SOLID}]+")


@cache
def _solid() -> re.Pattern[str]:
    return re.compile(f"[{_SOLID}]")


def _apart(part: str) -> Iterator[str]:
    for run in [part] if part.isascii() else _runs().findall(part):
        if len(run) > 1 and not run.isascii() and _solid().match(run):
            yield from map("".join, pairwise(run))
        else:
            yield run


def split(text: str) -> list[str]:
    """All words of a text, in their order."""
    return [word for chunk in chunks(text) for word in words(chunk)]


@lru_cache(maxsize=2**16)
def stem(word: str) -> str:
    """Return what the forms of an English word share: `escalated` and `escalation` are one."""
    return _stemmer()(word) if _ENGLISH.fullmatch(word) else word


@cache
def _stemmer() -> Callable[[str], str]:
    import snowballstemmer  # type: ignore[import-untyped]  # noqa: PLC0415  (where words are new)

    stem: Callable[[str], str] = snowballstemmer.stemmer("english").stemWord
    return stem
