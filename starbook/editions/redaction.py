"""Redaction: replace confidential terms in all texts, ids and prose of a handbook.

A term is found in any case and Unicode form, with any spaces and hyphens between its words, and
with markup in it. A possessive ending stays, behind the replacement.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import accumulate
from typing import TypeVar
from urllib.parse import unquote

import msgspec
from markdown_it.common.utils import escapeHtml

from starbook.content.footnotes import RENDERED_REFERENCE
from starbook.content.markdown import LINK_MARK, insert_links
from starbook.content.rewriter import Rewriter, idents
from starbook.model import Figure, Handbook, Link, Prose, Redaction
from starbook.text import names

T = TypeVar("T")

# The number of a footnote counts as markup: it is no part of the words around it.
_TAG = re.compile(rf"({RENDERED_REFERENCE.pattern}|<[^>]*>)")
_BLOCK = re.compile(r"</?(?:p|li|[uo]l|h\d|t[dhr]|div|blockquote|pre|details|summary)\b")
_ATTRIBUTE = re.compile(r'(?<=[ ])(id|title|alt|class)="([^"]*)"')
_HREF = re.compile(r'<a href="([^"]*)"')
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_SPACE = re.compile(r"[\s_\-\u2010-\u2015\u2212]+")
# Between the words of a term: spaces, hyphens, and markup that is shown as it was written.
_BETWEEN = r"[\W_]{0,4}"
# Digits, and letters of the scripts with upper and lower case: they form words with boundaries.
# Other scripts have no spaces, or join syllables to a name.
CASED = "a-z0-9\u00df-\u00f6\u00f8-\u02af\u0370-\u058f"
_ALNUM = re.compile(r"[^\W_]")
# Invisible, though not format characters.
_INVISIBLE = re.compile("[\u034f\ufe00-\ufe0f\U000e0100-\U000e01ef]")


class Hit(msgspec.Struct, frozen=True):
    """An occurrence of a term in a text, and the redaction for it."""

    start: int
    end: int
    redaction: Redaction


class Redactor:
    """The compiled redactions of a handbook, and the new ids that they have led to."""

    def __init__(self, redactions: Iterable[Redaction], known: Iterable[str] = ()) -> None:
        # A longer term goes first: `Acme Payments` before `Acme`.
        self.redactions = sorted(redactions, key=lambda redaction: -len(redaction.term))
        patterns = (f"({_pattern(redaction.term)})" for redaction in self.redactions)
        self.pattern = re.compile("|".join(patterns) or "(?!)")
        # No entry gets the id of another, or that of a list page.
        self.taken = {"index", *(ident for ident in set(known) if self.redact_text(ident) == ident)}
        self.ids: dict[str, str] = {}

    def find(self, text: str) -> Iterator[Hit]:
        """Yield the occurrences of terms in a plain text."""
        if not self.pattern.search(fold(text)):
            return
        pieces = list(map(fold, text))
        positions = [i for i, piece in enumerate(pieces) for _ in piece]
        for match in self.pattern.finditer("".join(pieces)):
            end = positions[match.end() - 1] + 1
            while end < len(text) and not fold(text[end]):
                end += 1
            yield Hit(positions[match.start()], end, self._redaction(match))

    def find_folded(self, folded: str) -> Iterator[str]:
        """Yield the terms that occur in a text that is already folded."""
        yield from (self._redaction(match).term for match in self.pattern.finditer(folded))

    def _redaction(self, match: re.Match[str]) -> Redaction:
        return self.redactions[(match.lastindex or 1) - 1]

    def redact_text(self, text: str) -> str:
        """Return a plain text without the terms."""
        return self._repeat(lambda once: self._redact_across([once])[0], text)

    def _repeat(self, step: Callable[[T], T], value: T) -> T:
        """Apply `step` until nothing changes, since a replacement may form another term."""
        for _ in range(len(self.redactions) + 1):
            before, value = value, step(value)
            if value == before:
                break
        return value

    def _redact_across(self, pieces: list[str]) -> list[str]:
        """Redact the pieces of one text; a replacement is where its term began."""
        hits = list(self.find("".join(pieces)))
        pairs = zip(pieces, accumulate(map(len, pieces[:-1]), initial=0), strict=True)
        return [_replace_hits(piece, hits, start) for piece, start in pairs]

    def redact_figure(self, figure: Figure) -> Figure:
        """Return a number without the terms, which may span its parts."""
        return self._repeat(self._redact_figure_once, figure)

    def _redact_figure_once(self, figure: Figure) -> Figure:
        """Search the number as a page shows it: `73 → 61 %: cart abandonment`."""
        pieces = [figure.before, " → ", figure.value, " ", figure.unit, ": ", figure.label]
        before, value, unit, label = map(str.strip, self._redact_across(pieces)[::2])
        # The replacement of a whole pair is in `before`, where the pair began.
        return Figure(value or before, before if value else "", unit, label)

    def redact_id(self, ident: str) -> str:
        """Return an id or anchor without the terms; equal ids get equal results."""
        if ident not in self.ids:
            text = self.redact_text(ident)
            new = text if text == ident else names.unique(names.slug(text) or "x", self.taken)
            self.ids[ident] = new
        return self.ids[ident]

    def redact_prose(self, prose: Prose) -> Prose:
        """Return prose without the terms in its text, anchors, titles and links."""
        links = []
        for link in (part for part in prose.parts if isinstance(part, Link)):
            path, hash_, anchor = link.target.partition("#")
            target = path + hash_ + self.redact_id(anchor)
            links.append(msgspec.structs.replace(link, target=target))
        markup = "".join(LINK_MARK if isinstance(part, Link) else part for part in prose.parts)
        markup = self._redact_tags(self._repeat(self._redact_markup, markup))
        return Prose(insert_links(markup, links), self.redact_text(prose.text))

    def _redact_markup(self, markup: str) -> str:
        """Replace terms in each block, also across tags."""
        output: list[str] = []
        for pieces in _blocks(markup):
            texts = [html.unescape(piece) for piece in pieces[::2]]
            for i, redacted in enumerate(self._redact_across(texts)):
                if redacted != texts[i]:
                    pieces[2 * i] = escapeHtml(redacted)
            output += pieces
        return "".join(output)

    def _redact_tags(self, markup: str) -> str:
        """Redact attributes; a link with a term in its address becomes plain words."""
        pieces = _TAG.split(markup)
        unlinked = False
        for i in range(1, len(pieces), 2):
            address = _HREF.match(pieces[i])
            if address and any(self.find(unquote(html.unescape(address[1])))):
                pieces[i], unlinked = "", True
            elif unlinked and pieces[i] == "</a>":
                pieces[i], unlinked = "", False
            else:
                pieces[i] = _ATTRIBUTE.sub(self._redact_attribute, pieces[i])
        return "".join(pieces)

    def _redact_attribute(self, match: re.Match[str]) -> str:
        name, value = match[1], html.unescape(match[2])
        if name == "class" and not value.startswith("language-"):
            return match[0]
        redacted = self.redact_id(value) if name == "id" else self.redact_text(value)
        return match[0] if redacted == value else f'{name}="{escapeHtml(redacted)}"'


def _blocks(markup: str) -> Iterator[list[str]]:
    """Yield each block of the markup as alternating texts and tags.

    A block begins or ends with a paragraph, list item or the like. No term spans two of them.
    """
    block = [""]
    pieces = _TAG.split(markup)
    for text, tag in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        block[-1] += text
        if _BLOCK.match(tag):
            yield block
            block = ["", tag, ""]
        else:
            block += [tag, ""]
    yield block


def _replace_hits(text: str, hits: list[Hit], start: int) -> str:
    """Return `text`, which begins at `start` of the searched text, with the hits replaced."""
    pieces, position, end = [], start, start + len(text)
    for hit in hits:
        if hit.end <= start or hit.start >= end:
            continue
        pieces.append(text[position - start : max(hit.start, start) - start])
        if hit.start >= start:
            pieces.append(hit.redaction.instead)
        position = min(hit.end, end)
    return "".join([*pieces, text[position - start :]])


def fold(text: str) -> str:
    """Return `text` normalized for comparison: spellings of one term become equal."""
    return _NOT_ASCII.sub(lambda match: _fold_character(match[0]), text).lower()


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
    return "".join(part for part in plain if not unicodedata.combining(part)).lower()


def _pattern(term: str) -> str:
    """Return the pattern of a folded term, at word boundaries, with any separators inside."""
    words = [word for word in _SPACE.split(fold(term)) if word]
    if not words:
        return "(?!)"
    last = words[-1].rstrip(".,!?") or words[-1]
    stop = words[-1][len(last) :]  # `Acme Inc.` and `Yahoo!` are also written without it
    body = _BETWEEN.join(map(_word_pattern, (*words[:-1], last)))
    before = f"(?<![{CASED}])" if re.match(f"[{CASED}]", words[0]) else ""
    after = f"(?![{CASED}])" if re.search(f"[{CASED}]$", last) else ""
    return before + body + (f"(?:{re.escape(stop)})?" if stop else "") + after


def _word_pattern(word: str) -> str:
    """Return the pattern of a word; in an address, `O'Neil` is `oneil` and `AT&T` is `at-t`."""
    pieces = re.split(r"(?<=[^\W_])([\W_])(?=[^\W_])", word)
    signs = {"'": "'?", "&": r"(?:\s?&\s?|-)"}
    separators = (signs.get(p) or rf"(?:{re.escape(p)}|-)" for p in pieces[1::2])
    first, *others = map(re.escape, pieces[::2])
    return first + "".join(sign + piece for sign, piece in zip(separators, others, strict=True))


def redact(handbook: Handbook, redactions: tuple[Redaction, ...]) -> Handbook:
    """Return the handbook with the terms of `redactions` replaced everywhere."""
    if not redactions:
        return handbook
    redactor = Redactor(redactions, idents(handbook))
    rewriter = Rewriter(
        redactor.redact_text, redactor.redact_id, redactor.redact_prose, redactor.redact_figure
    )
    return rewriter.rewrite(handbook)
