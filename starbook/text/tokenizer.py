"""Split texts into the words of the search, exactly as layouts/assets/search.js does.

Words are folded: `Café` and `CAFE` are one. `post-mortem` is found as `post`, `mortem` and
`postmortem`; `$2m`, `99.9%` and `p95` stay words. `450 ms` and `450ms` are the same three: `450`,
`ms` and `450ms`. Scripts that put no spaces between words are cut into pairs of letters.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from itertools import pairwise

from starbook.text.spelling import american

# A letter, digit or mark, given that all of a folded text that is not ASCII is one of these. The
# negated class compiles in a tenth of the time, which every build takes at its start.
_W = r"[^\x00-/:-`{-\x7f]"
_CHUNK = re.compile(rf"\$?{_W}+(?:[-/'_.,&+]{_W}+)*(?:%|\+\+|#)?")
_NUMBER = rf"[0-9](?<!{_W}[0-9])[0-9]*(?:[.,][0-9]+)*"
_UNIT = (
    "[mnμ]?s|secs?|mins?|hrs?|[kmgtp]i?b|bn|mn|[ckm]?m|kg|[kmg]?hz|[kmg]?wh?|[rqtf]ps|[dghkltx]"
    "|p[ptx]|eur|usd|gbp|chf|€|£"
)
# White space between a number and its unit: the two are one chunk, as they are without it.
_GAP = re.compile(rf"({_NUMBER})[ \n]+(?=%|(?:{_UNIT})(?!{_W}))")
_MEASURE = re.compile(rf"({_NUMBER})({_UNIT})")
_NOT_ASCII = re.compile("[^\x00-\x7f]")
_POSSESSIVE = re.compile(rf"'s(?!{_W})")
_THOUSANDS = re.compile(r"([0-9]),(?=[0-9]{3}(?![0-9]))")
_JOINT = re.compile(r"[-/_,&+]|\.(?![0-9])")
_SIGN = re.compile(r"^[$€£¥₹]|(?:%|\+\+|#)$")
# Han, kana, Hangul, Thai, Lao, Khmer, Burmese.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
    "\U00020000-\U0003ffff"
)
_ENGLISH = re.compile("[a-z]{3,}")
_LONGEST = 40

_FOLDED = {"ς": "σ", "ß": "ss", "’": "'", "\u2010": "-", **{sign: sign for sign in "€£¥₹"}}


def fold(text: str) -> str:
    """Return `text` without case, accents and symbols."""
    if text.isascii():
        return text.lower()
    lower = unicodedata.normalize("NFKD", text).lower()
    return unicodedata.normalize("NFC", _NOT_ASCII.sub(lambda match: _fold_char(match[0]), lower))


@cache
def _fold_char(char: str) -> str:
    if char in _FOLDED:
        return _FOLDED[char]
    if "\u0300" <= char <= "\u036f":
        return ""
    return char if unicodedata.category(char)[0] in "LNM" else " "


def chunks(text: str) -> list[str]:
    """Return the chunks between the spaces of a text, such as `post-mortem`, for `words`."""
    return _CHUNK.findall(_GAP.sub(r"\1", fold(text)))


@lru_cache(maxsize=2**16)
def words(chunk: str) -> tuple[str, ...]:
    """Return the words of a chunk: its parts, and the parts joined."""
    if chunk.isalpha() and chunk.isascii():
        return (chunk,) if len(chunk) <= _LONGEST else ()
    whole = _THOUSANDS.sub(r"\1", _POSSESSIVE.sub("", chunk).replace("'", ""))
    bare = _SIGN.sub("", whole)
    parts = [part for part in _JOINT.split(bare) if part]
    result = [word for part in parts for word in (*_split_unit(part), *_split_unspaced(part))]
    if len(parts) > 1 and (whole.isascii() or not _unspaced().search(whole)):
        result.append("".join(parts))
    elif bare != whole:
        result.append(whole)
    return tuple(word for word in result if len(word) <= _LONGEST)


@cache
def _unspaced() -> re.Pattern[str]:  # compiled only for texts that need it
    return re.compile(f"([{_UNSPACED}]+)")


def _split_unit(part: str) -> tuple[str, ...]:
    """Return the number and the unit of a part such as `450ms`."""
    match = _MEASURE.fullmatch(part)
    return match.groups() if match else ()


def _split_unspaced(part: str) -> Iterator[str]:
    """Yield the words of a part: letters of scripts without spaces in pairs."""
    # What the pattern matches stands at the odd places.
    for i, run in enumerate([part] if part.isascii() else _unspaced().split(part)):
        if i % 2 and len(run) > 1:
            yield from map("".join, pairwise(run))
        elif run:
            yield run


def split(text: str) -> list[str]:
    """Return all words of a text, in their order."""
    return [word for chunk in chunks(text) for word in words(chunk)]


def normalize(text: str) -> str:
    """Return the words of a text, joined by spaces."""
    return " ".join(split(text))


def normalize_all(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the normalized form of each text that has a word, without duplicates."""
    return tuple(dict.fromkeys(filter(None, map(normalize, texts))))


@lru_cache(maxsize=2**16)
def stem(word: str) -> str:
    """Return the stem of an English word: that of `escalated` and `escalation` is the same.

    So is that of `organisation` and `organization`.
    """
    return _stemmer()(american(word)) if _ENGLISH.fullmatch(word) else word


@cache
def _stemmer() -> Callable[[str], str]:
    import snowballstemmer  # type: ignore[import-untyped]  # noqa: PLC0415  (only new words need it)

    stem: Callable[[str], str] = snowballstemmer.stemmer("english").stemWord
    return stem
