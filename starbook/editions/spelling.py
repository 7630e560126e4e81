"""Spellings: the forms in which a name can stand in a text, read as one, with their places.

Texts are compared folded: without case, accents and invisible signs. Some forms need more:
entities, percent-encoding and punycode are decoded, markup inside a word is left out, and a `BREAK`
marks where a capital begins a new word (`AcmeBot`) and where a plural ends (`Acmes`).
"""

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from urllib.parse import unquote_to_bytes

import msgspec

# Digits, and letters of the scripts with upper and lower case: they form words with boundaries.
# Other scripts have no spaces, or join syllables to a name.
CASED = "a-z0-9\u00df-\u00f6\u00f8-\u02af\u0370-\u058f"
# A boundary inside a word. Content has no control characters worth keeping.
BREAK = "\x01"

_LETTERS = [chr(code) for code in range(0x41, 0x530)]
_UPPER = "".join(filter(str.isupper, _LETTERS))
_LOWER = "".join(filter(str.islower, _LETTERS))
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_ALNUM = re.compile(r"[^\W_]")
# Invisible, though not format characters.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
# Letters whose stroke or ligature is no accent that normalizing would take off.
_PLAIN = {
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ħ": "h",
    "ŧ": "t",
    "ı": "i",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ð": "d",
}

# A pattern, and what stands in the place of each of its matches.
Step = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]


class Reading(msgspec.Struct, frozen=True):
    """A text as it is compared; each character has its start and end in the text as written."""

    text: str
    starts: list[int]
    ends: list[int]


class Form(msgspec.Struct, frozen=True):
    """A way to read a text: the steps to its letters, and those that mark boundaries as well.

    With `is_unmarked`, markup is left out, and the words beside it are one.
    """

    letters: tuple[Step, ...] = ()
    steps: tuple[Step, ...] = ()
    is_unmarked: bool = False

    def folded(self, text: str) -> str:
        """Return the folded letters of `text`, without boundaries and places."""
        return fold(_apply(self.letters, text))

    def read(self, text: str) -> Reading:
        """Return `text` as it is compared."""
        reading = Reading(text, list(range(len(text))), list(range(1, len(text) + 1)))
        for step in (*self.steps, *_FOLDING):
            reading = _rewrite(step, reading)
        return reading


def _apply(steps: Iterable[Step], text: str) -> str:
    for pattern, replace in steps:
        text = pattern.sub(replace, text)
    return text


def _rewrite(step: Step, reading: Reading) -> Reading:
    """Apply one step; what replaces a match has the place of the match."""
    pattern, replace = step
    texts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for match in pattern.finditer(reading.text):
        texts.append(reading.text[position : match.start()])
        starts += reading.starts[position : match.start()]
        ends += reading.ends[position : match.start()]
        position = match.end()
        new = replace(match)
        texts.append(new)
        first = reading.starts[match.start()]
        starts += [first] * len(new)
        ends += [reading.ends[position - 1] if match[0] else first] * len(new)
    if not texts:
        return reading
    texts.append(reading.text[position:])
    return Reading(
        "".join(texts), starts + reading.starts[position:], ends + reading.ends[position:]
    )


def fold(text: str) -> str:
    """Return `text` normalized for comparison: spellings of one term become equal."""
    return _NOT_ASCII.sub(_fold_match, text).lower()


@cache
def _fold_character(char: str) -> str:
    """Return one character without accents and the like, and "" for an invisible one."""
    if char in "‘’ʼ＇":
        return "'"
    if unicodedata.category(char) == "Cf" or _INVISIBLE.match(char):
        return ""
    plain = unicodedata.normalize("NFKD", char).casefold()
    if unicodedata.category(char)[0] not in "LM" and not char.isdecimal() and _ALNUM.search(plain):
        return " "  # `™` and `²` follow a word without being part of it
    letters = (_PLAIN.get(part, part) for part in plain if not unicodedata.combining(part))
    return "".join(letters).lower()


def _fold_match(match: re.Match[str]) -> str:
    return _fold_character(match[0])


# Codes: what stands for other characters

# Where a code or markup inside a word may begin.
_CODED = re.compile(
    r"&[#a-zA-Z]|%[0-9a-fA-F]{2}|\\u|[xX][nN]--|<[a-zA-Z/!]|\]\(|[*`~_\\]+[^\W_]|\[[^\W_]"
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2})+")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_PUNYCODE = re.compile(r"(?<![a-z0-9-])xn--([a-z0-9_-]{1,59})(?![a-z0-9_-])", re.IGNORECASE)


def _decode_bytes(match: re.Match[str]) -> str:
    data = unquote_to_bytes(match[0])
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _decode_label(match: re.Match[str]) -> str:
    try:
        return match[1].encode("ascii").decode("punycode").lower()
    except (UnicodeError, ValueError, OverflowError):
        return match[0]


_DECODING: tuple[Step, ...] = (
    (_ENTITY, lambda match: html.unescape(match[0])),
    (_PERCENT, _decode_bytes),
    (_ESCAPED, lambda match: chr(int(match[1], 16))),
    (_PUNYCODE, _decode_label),
) * 3  # a code may stand for a part of another one: `&amp;shy;`
# Markup that may stand inside a word, in a text where it is not read as markup, and what a link
# has besides its words.
_UNMARKING: Step = (
    re.compile(
        r"</?[a-zA-Z][a-zA-Z0-9-]{0,20}(?:\s[^<>]{0,300})?/?>|<!--[^<>]{0,300}-->"
        r"|(?<=[^\W_])[*`~_\\\[\]]{1,6}(?=[^\W_])"
    ),
    lambda match: "",
)
_UNLINKING: Step = (
    re.compile(r"\]\([^()\s]{0,300}\)|\[(?=[^\W_])|(?<=[^\W_])\]"),
    lambda match: "",
)
# The signs at which such markup begins and ends.
MARKS = "*`~_\\[]()<>"


def decode(text: str) -> str:
    """Return `text` with entities, escapes, percent-encoding and punycode decoded."""
    return _apply(_DECODING, text) if _CODED.search(text) else text


# Boundaries inside a word


def _break_plural(match: re.Match[str]) -> str:
    """Return a `BREAK` if the word before the `s` has a capital: `Acmes`, not `marks`."""
    word = _LAST_WORD.search(match.string, max(0, match.start() - 40), match.start())
    return BREAK if word and word[0].lstrip(MARKS)[:1].isupper() else ""


_LAST_WORD = re.compile("[^\\W\\d](?:[^\\W\\d]|[*`~\\\\\u0300-\u036f])*\\Z")
_HAS_UMLAUT = re.compile("[äöüÄÖÜåÅøØ\u0308\u030a]")
_UMLAUTS: tuple[Step, ...] = (
    (re.compile("[äöüÄÖÜ]|[aouAOU]\u0308"), lambda match: _first_letter(match[0]) + "e"),
    (re.compile("[åÅ]|[aA]\u030a"), lambda match: _first_letter(match[0]) + "a"),
    (re.compile("[øØ]"), lambda match: ("O" if match[0] == "Ø" else "o") + "e"),
)
_UNSEEN: Step = (
    re.compile(f"{_INVISIBLE.pattern}|[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"),
    lambda match: "",
)
# Letters of other shapes, which have a case as well.
_WIDE: Step = (
    re.compile("[\ufb00-\ufb06\uff10-\uff5a\U0001d400-\U0001d7ff]"),
    lambda match: unicodedata.normalize("NFKC", match[0]),
)
_CAPITALS: Step = (
    re.compile(f"(?<=[{_LOWER}0-9])(?=[{_UPPER}])|(?<=[{_UPPER}])(?=[{_UPPER}][{_LOWER}])"),
    lambda match: BREAK,
)
_PLURALS: Step = (
    re.compile("(?:(?<=[^\\W\\d_])|(?<=[\u0300-\u036f]))(?=[sS](?![^\\W_]))"),
    _break_plural,
)
_FOLDING: tuple[Step, ...] = (
    (_NOT_ASCII, _fold_match),
    (re.compile("[A-Z]+"), lambda match: match[0].lower()),
)

AS_WRITTEN = Form()


def _first_letter(text: str) -> str:
    return unicodedata.normalize("NFD", text)[0]


def spellings(term: str) -> tuple[str, ...]:
    """Return the ways to write `term`: with `ü` as it is, and with `ue` in its place."""
    return tuple(dict.fromkeys((term, _apply(_UMLAUTS, term))))


def break_capitals(term: str) -> str:
    """Return `term` with a `BREAK` before each capital that begins a word inside a word."""
    return _CAPITALS[0].sub(BREAK, term)


def other_forms(text: str, plurals: bool = True) -> Iterator[Form]:
    """Yield the forms in which `text` may say more than as it is written."""
    umlauts = _UMLAUTS if _HAS_UMLAUT.search(text) else ()
    boundaries = (_UNSEEN, _WIDE, _CAPITALS, *((_PLURALS,) if plurals else ()))
    if not _CODED.search(text):
        yield Form(umlauts, (*boundaries, *umlauts))
        return
    # Markup goes after the capitals, and the `e` of an umlaut last: no capital follows either.
    unmarked = (*_DECODING, _UNMARKING, *umlauts), (*_DECODING, *boundaries, _UNMARKING, *umlauts)
    yield Form((*_DECODING, *umlauts), (*_DECODING, *boundaries, *umlauts))
    yield Form(*unmarked, is_unmarked=True)
    if "](" in text:
        yield Form((_UNLINKING, *unmarked[0]), (_UNLINKING, *unmarked[1]), is_unmarked=True)


def visible(text: str) -> str:
    """Return `text` without invisible signs."""
    return text if text.isascii() else _UNSEEN[0].sub("", text)


def break_word(word: str) -> str:
    """Return a folded word with a `BREAK` at each boundary in it, as between Ann and Smith."""
    return fold(_apply((_WIDE, _CAPITALS, _PLURALS), word))
