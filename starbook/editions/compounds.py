"""Compounds: words of a public edition that may mean a redacted term, for the person to decide.

Redaction replaces what surely is the name. This module finds the rest, such as `Acmeology` and
`AnnSmith`; words that only share letters with a name (`Annual`, `purchase`) are not among them.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

from starbook.editions import spelling
from starbook.editions.spelling import BREAK, fold
from starbook.model import Redaction

# The fewest letters of a name that is a whole part of a word, is capitalized or in the plural,
# begins a word, or stands anywhere in one.
_PART, _CAPITALIZED, _BEGINNING, _ANYWHERE = 3, 4, 5, 6
_WORD = re.compile("[\\w\u0300-\u036f]+")
_PARTS = re.compile(rf"[{BREAK}_]|(?<=[0-9])(?=[^\W\d])|(?<=[^\W\d])(?=[0-9])")
_INFLECTION = re.compile(r"(?:e?d|ing|e?rs?|ly|able|es)\Z")


class Compound(msgspec.Struct, frozen=True):
    """A word that may mean `term`, and the content files that have it."""

    word: str
    term: str
    paths: tuple[str, ...]


def find_compounds(
    texts: Iterable[tuple[str, str]], redactions: Iterable[Redaction]
) -> Iterator[Compound]:
    """Yield the words of `texts` that may mean a term; with each text goes the path of its file."""
    names = [(name, one) for one in redactions for name in _names(one.term)]
    kept = {one.term: frozenset(map(fold, one.keep)) for one in redactions}
    found: dict[tuple[str, str], tuple[str, dict[str, None]]] = {}
    for path, text in texts:
        folded = fold(text)
        for name, redaction in names:
            for word in _words_with(name, text) if name in folded else ():
                if fold(word) not in kept[redaction.term]:
                    _, paths = found.setdefault((redaction.term, fold(word)), (word, {}))
                    paths[path] = None
    for (term, _), (word, paths) in found.items():
        yield Compound(word, term, tuple(paths))


def _names(term: str) -> Iterator[str]:
    """Yield the letters and digits of each spelling of `term`, if they are enough for a name."""
    for spelt in spelling.spellings(term):
        name = re.sub(r"[\W_]+", "", fold(spelt))
        if len(name) >= _PART:
            yield name


def _words_with(name: str, text: str) -> Iterator[str]:
    """Yield the words of `text` that may mean `name`."""
    for word in dict.fromkeys(_WORD.findall(spelling.visible(text))):
        if name in fold(word) and may_mean(name, word):
            yield word


def may_mean(name: str, word: str) -> bool:
    """Return True if a word with the letters of the folded `name` may mean it."""
    parts = _PARTS.split(spelling.break_word(word))
    whole = "".join(parts)
    if whole == f"{name}s" and len(name) >= _CAPITALIZED:
        return True
    shortest = _CAPITALIZED if word[0].isupper() else _BEGINNING
    if whole.startswith(name) and len(name) >= shortest:
        return not _INFLECTION.match(whole, len(name))
    if len(name) >= _ANYWHERE:
        return True
    return any(joined == name for joined in _joined_parts(parts, len(name)))


def _joined_parts(parts: list[str], length: int) -> Iterator[str]:
    """Yield the parts of a word from each part on, joined up to a length."""
    for i, joined in enumerate(parts):
        for following in parts[i + 1 :]:
            if len(joined) >= length:
                break
            joined += following  # noqa: PLW2901
        yield joined


def redact_slug(ident: str, redactions: Iterable[Redaction]) -> str:
    """Return an id without the terms that a slug has made hard to see.

    The heading `MyAcmeBot` became `myacmebot`, and an invisible sign a hyphen: `ac-me`.
    """
    words = ident.split("-")
    for redaction in redactions:
        for name in _names(redaction.term):
            folded = list(map(fold, words))
            spans = _word_spans(folded, name) if name in "".join(folded) else iter(())
            for start, end in reversed(list(spans)):
                words[start:end] = [redaction.instead]
    return "-".join(words)


def _word_spans(words: list[str], name: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of `words` that are `name` together, and single words that may mean it."""
    for start, word in enumerate(words):
        if name in word and (word == name or may_mean(name, word)):
            yield start, start + 1
        joined = ""
        for end in range(start, len(words)):
            joined += words[end]
            if len(joined) >= len(name):
                break
        if end > start and joined == name and len(name) >= _CAPITALIZED:
            yield start, end + 1
