"""Terms that a public edition does not say, and what it says instead.

A term is found whatever its case, its Unicode form, the spaces and hyphens between its words, and
the markup that stands in it or between them; a possessive stays on what is said instead.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from urllib.parse import unquote

import msgspec
from markdown_it.common.utils import escapeHtml

from starbook.editions.rewriter import Rewriter, idents
from starbook.model import Figure, Handbook, Link, Prose, Redaction
from starbook.text import names

_TAG = re.compile(r"(<[^>]*>)")
_BLOCK = re.compile(r"</?(?:p|li|[uo]l|h\d|t[dhr]|div|blockquote|pre)\b")
_ATTRIBUTE = re.compile(r'(?<=[ ])(id|title|alt|class)="([^"]*)"')
_HREF = re.compile(r'<a href="([^"]*)"')
_LANGUAGE = "language-"
_HOLE = "\0"
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_SPACE = re.compile(r"[\s_\-\u2010-\u2015\u2212]+")
# Between the words of a term: spaces, hyphens, markup that is shown as it was written.
_BETWEEN = r"[\W_]{0,4}"
# Letters of scripts that have capitals, and digits: they make words with borders. Others stand
# without spaces, or with syllables that are joined to a name.
CASED = "a-z0-9\u00df-\u00f6\u00f8-\u02af\u0370-\u058f"
_ALNUM = re.compile(r"[^\W_]")
# Format characters are not the only ones that nobody sees.
_UNSEEN = re.compile("[\u034f\ufe00-\ufe0f\U000e0100-\U000e01ef]")


class Hit(msgspec.Struct, frozen=True):
    """Where a term stands in a text, and what to say there."""

    start: int
    end: int
    term: Redaction


class Redactor:
    """Finds the terms of a handbook in any text, and says something else there."""

    def __init__(self, redactions: Iterable[Redaction], known: Iterable[str] = ()) -> None:
        # A longer term goes first: `Acme Payments` before `Acme`.
        self.terms = sorted(redactions, key=lambda redaction: -len(redaction.term))
        patterns = (f"({_pattern(redaction.term)})" for redaction in self.terms)
        self.pattern = re.compile("|".join(patterns) or "(?!)")
        known = dict.fromkeys(known)
        # No page is given the name of another one.
        self.taken = {"index", *(ident for ident in known if self.text(ident) == ident)}
        self.slugs: dict[str, str] = {}

    def hits(self, text: str) -> Iterator[Hit]:
        """Every term in a plain text."""
        if not self.pattern.search(folded(text)):
            return
        same, origin = fold(text)
        for match in self.pattern.finditer(same):
            end = origin[match.end() - 1] + 1
            while end < len(text) and not folded(text[end]):
                end += 1
            yield Hit(origin[match.start()], end, self.terms[(match.lastindex or 1) - 1])

    def said(self, same: str) -> Iterator[str]:
        """The terms in a text that is folded already."""
        for match in self.pattern.finditer(same):
            yield self.terms[(match.lastindex or 1) - 1].term

    def text(self, text: str) -> str:
        """A plain text without the terms."""
        for _ in range(len(self.terms) + 1):  # what is said may make another term
            hits = list(self.hits(text))
            if not hits:
                break
            text = _replaced(text, hits, 0, len(text))
        return text

    def figure(self, figure: Figure) -> Figure:
        """A number without the terms: it is searched as it reads, `73 → 61 %: cart abandonment`."""
        for _ in range(len(self.terms) + 1):
            before, figure = figure, self._figure(figure)
            if figure == before:
                break
        return figure

    def _figure(self, figure: Figure) -> Figure:
        pieces = [figure.before, " → ", figure.value, " ", figure.unit, ": ", figure.label]
        hits, said, start = list(self.hits("".join(pieces))), [], 0
        for piece in pieces:
            said.append(_replaced(piece, hits, start, start + len(piece)).strip())
            start += len(piece)
        before, value, unit, label = said[::2]
        # What is said instead of a pair stands where the pair began.
        return Figure(value or before, before if value else "", unit, label)

    def slug(self, ident: str) -> str:
        """An id or anchor without the terms; the same id comes out the same everywhere."""
        if ident not in self.slugs:
            said = self.text(ident)
            new = said if said == ident else names.unique(names.slug(said) or "x", self.taken)
            self.slugs[ident] = new
        return self.slugs[ident]

    def prose(self, prose: Prose) -> Prose:
        """Prose without the terms, in its text, anchors, titles and links."""
        links = [self._link(part) for part in prose.parts if isinstance(part, Link)]
        markup = "".join(_HOLE if isinstance(part, Link) else part for part in prose.parts)
        for _ in range(len(self.terms) + 1):
            before, markup = markup, self._html(markup)
            if markup == before:
                break
        pieces = self._tags(markup).split(_HOLE)
        parts: list[str | Link] = []
        for piece, link in zip(pieces, [*links, None], strict=True):
            parts += [piece] * bool(piece) + ([link] if link else [])
        return Prose(tuple(parts), self.text(prose.text))

    def _link(self, link: Link) -> Link:
        path, hash_, anchor = link.target.partition("#")
        return msgspec.structs.replace(link, target=path + hash_ + self.slug(anchor))

    def _html(self, markup: str) -> str:
        """Text is searched as it reads, across tags; what is said stands where the term began."""
        return "".join(piece for block in _blocks(markup) for piece in self._block(block))

    def _block(self, pieces: list[str]) -> list[str]:
        texts = [html.unescape(piece) for piece in pieces[::2]]
        hits = list(self.hits("".join(texts)))
        start = 0
        for i, text in enumerate(texts):
            shown = _replaced(text, hits, start, start + len(text))
            if shown != text:
                pieces[2 * i] = escapeHtml(shown)
            start += len(text)
        return pieces

    def _tags(self, markup: str) -> str:
        """What stands in the tags; a link to an address with a term in it becomes plain words."""
        pieces = _TAG.split(markup)
        unlinked = False
        for i in range(1, len(pieces), 2):
            address = _HREF.match(pieces[i])
            if address and any(self.hits(unquote(html.unescape(address[1])))):
                pieces[i], unlinked = "", True
            elif unlinked and pieces[i] == "</a>":
                pieces[i], unlinked = "", False
            else:
                pieces[i] = _ATTRIBUTE.sub(self._attribute, pieces[i])
        return "".join(pieces)

    def _attribute(self, found: re.Match[str]) -> str:
        name, value = found[1], html.unescape(found[2])
        if name == "class" and not value.startswith(_LANGUAGE):
            return found[0]
        said = self.slug(value) if name == "id" else self.text(value)
        return found[0] if said == value else f'{name}="{escapeHtml(said)}"'


def _blocks(markup: str) -> Iterator[list[str]]:
    """Text, tag, text, tag and so on, cut where a paragraph, list item or the like begins or ends.

    No term stands across two of them.
    """
    found = [""]
    pieces = _TAG.split(markup)
    for text, tag in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        found[-1] += text
        if _BLOCK.match(tag):
            yield found
            found = ["", tag, ""]
        else:
            found += [tag, ""]
    yield found


def _replaced(text: str, hits: list[Hit], start: int, end: int) -> str:
    """`text`, which stands at `start` to `end` of what was searched, with the hits replaced."""
    said, at = [], start
    for hit in hits:
        if hit.end <= start or hit.start >= end:
            continue
        said.append(text[at - start : max(hit.start, start) - start])
        if hit.start >= start:
            said.append(hit.term.instead)
        at = min(hit.end, end)
    return "".join([*said, text[at - start :]])


def folded(text: str) -> str:
    """A text as it is compared: spellings of one term come out equal."""
    return _NOT_ASCII.sub(lambda found: _plain(found[0]), text).lower()


def fold(text: str) -> tuple[str, list[int]]:
    """A text as it is compared, and from where in it each character came."""
    pieces = [folded(char) for char in text]
    return "".join(pieces), [i for i, piece in enumerate(pieces) for _ in piece]


@cache
def _plain(char: str) -> str:
    """One character without accents and the like; "" for one that nobody sees."""
    if char in "‘’ʼ＇":
        return "'"
    if unicodedata.category(char) == "Cf" or _UNSEEN.match(char):
        return ""
    plain = unicodedata.normalize("NFKD", char).casefold()
    if unicodedata.category(char)[0] not in "LM" and not char.isdecimal() and _ALNUM.search(plain):
        return " "  # `™` and `²` stand behind a word, and are no letters of it
    return "".join(part for part in plain if not unicodedata.combining(part)).lower()


def _pattern(term: str) -> str:
    """A term's words with anything between them that parts words, at the borders of words."""
    words = [word for word in _SPACE.split(folded(term)) if word]
    if not words:
        return "(?!)"
    last = words[-1].rstrip(".,!?") or words[-1]
    stop = words[-1][len(last) :]  # `Acme Inc.` and `Yahoo!` are said without it too
    body = _BETWEEN.join(map(_word, (*words[:-1], last)))
    before = f"(?<![{CASED}])" if re.match(f"[{CASED}]", words[0]) else ""
    after = f"(?![{CASED}])" if re.search(f"[{CASED}]$", last) else ""
    return before + body + (f"(?:{re.escape(stop)})?" if stop else "") + after


def _word(word: str) -> str:
    """In an address, `O'Neil` is `oneil` and `AT&T` is `at-t`."""
    pieces = re.split(r"(?<=[^\W_])([\W_])(?=[^\W_])", word)
    signs = {"'": "'?", "&": r"(?:\s?&\s?|-)"}
    said = (signs.get(p) or rf"(?:{re.escape(p)}|-)" for p in pieces[1::2])
    plain = list(map(re.escape, pieces[::2]))
    return plain[0] + "".join(sign + piece for sign, piece in zip(said, plain[1:], strict=True))


def redacted(handbook: Handbook, redactions: tuple[Redaction, ...]) -> Handbook:
    """The handbook without those terms anywhere."""
    if not redactions:
        return handbook
    redactor = Redactor(redactions, idents(handbook))
    rewriter = Rewriter(redactor.text, redactor.slug, redactor.prose, redactor.figure)
    return rewriter(handbook)
