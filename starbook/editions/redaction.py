"""Redaction: replace confidential terms in all texts, ids and prose of a handbook.

A term is found in any spelling that `terms.py` knows, and with markup in it. A possessive ending,
and the rest of a compound such as `AcmeBot`, stay beside the replacement.
"""

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import accumulate, pairwise
from typing import TypeVar

from markdown_it.common.utils import escapeHtml
from msgspec.structs import replace

from starbook.content.footnotes import RENDERED_REFERENCE
from starbook.content.markdown import LINK_MARK, insert_links
from starbook.content.rewriter import Rewriter, idents
from starbook.editions.compounds import redact_slug
from starbook.editions.spelling import CASED, decode, fold
from starbook.editions.terms import Hit, TermFinder
from starbook.model import Figure, Handbook, Link, Prose, Redaction
from starbook.text import names

T = TypeVar("T")

# The number of a footnote counts as markup: it is no part of the words around it.
_TAG = re.compile(rf"({RENDERED_REFERENCE.pattern}|<[^>]*>)")
_BLOCK = re.compile(r"</?(?:p|li|[uo]l|h\d|t[dhr]|div|blockquote|pre|details|summary)\b")
_ATTRIBUTE = re.compile(r'(?<=[ ])(id|title|alt|class)="([^"]*)"')
_HREF = re.compile(r'<a href="([^"]*)"')
# A number above the line, as of a footnote, is no part of the word before it.
_BLOCK_OR_RAISED = re.compile(rf"{_BLOCK.pattern}|</?su[bp]\b")
_BLOCK_END = re.compile(r"</(?:p|li|h\d|t[dh]|blockquote|pre|summary)\b|<br\b")
# The words of a link that are its address.
_ADDRESS = re.compile(r"(?:https?:|www\.|mailto:|\S+@)", re.IGNORECASE)
_HEADING = re.compile(r'<h\d id="([^"]*)">([^\n]*?)</h\d>')
_CASED = re.compile(f"[{CASED}]")


class Redactor:
    """The compiled redactions of a handbook, and the new ids that they have led to."""

    def __init__(self, redactions: Iterable[Redaction], known: Iterable[str] = ()) -> None:
        self.terms = TermFinder(redactions)
        # No entry gets the id of another, or that of a list page.
        self.taken = {"index", *(ident for ident in set(known) if self.redact_text(ident) == ident)}
        self.ids: dict[str, str] = {}

    def redact_text(self, text: str) -> str:
        """Return a plain text without the terms."""
        return self._repeat(lambda once: self._redact_across([once])[0], text)

    def _repeat(self, step: Callable[[T], T], value: T) -> T:
        """Apply `step` until nothing changes, since a replacement may form another term."""
        for _ in range(len(self.terms.redactions) + 2):
            before, value = value, step(value)
            if value == before:
                break
        return value

    def _redact_across(self, pieces: list[str]) -> list[str]:
        """Redact the pieces of one text; a replacement is where its term began."""
        text = "".join(pieces)
        hits = self.terms.find(text)
        if not hits:
            return pieces
        hits = [replace(hit, instead=_spaced(text, hit)) for hit in hits]
        starts, ends = [hit.start for hit in hits], [hit.end for hit in hits]
        output = []
        for start, end in pairwise(accumulate(map(len, pieces), initial=0)):
            inside = hits[bisect_right(ends, start) : bisect_left(starts, end)]
            output.append(_replace_hits(text, inside, start, end))
        return output

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
        """Return an id or anchor without the terms; equal ids get equal results.

        Of an address, such as `principle/ownership`, the id behind the kind is redacted.
        """
        kind, slash, last = ident.rpartition("/")
        if slash:
            return f"{kind}/{self.redact_id(last)}"
        if ident not in self.ids:
            text = self.redact_text(ident)
            text = redact_slug(ident, self.terms.redactions) if text == ident else text
            new = text if text == ident else names.unique(names.slug(text) or "x", self.taken)
            self.ids[ident] = new
        return self.ids[ident]

    def redact_slugs(self, titles: Iterable[tuple[str, str]]) -> None:
        """Make new ids for those that are slugs of redacted titles, however a slug hid the term."""
        for ident, title in titles:
            redacted = self.redact_text(title)
            is_hidden = redacted != title and self.redact_text(ident) == ident
            if is_hidden and ident not in self.ids and _is_slug(ident, title):
                self.ids[ident] = names.unique(names.slug(redacted) or "x", self.taken)

    def redact_prose(self, prose: Prose) -> Prose:
        """Return prose without the terms in its text, anchors, titles and links."""
        links = []
        for link in (part for part in prose.parts if isinstance(part, Link)):
            path, hash_, anchor = link.target.partition("#")
            target = path + hash_ + self.redact_id(anchor)
            links.append(replace(link, target=target))
        written = "".join(LINK_MARK if isinstance(part, Link) else part for part in prose.parts)
        markup = self._repeat(self._redact_markup, written)
        text = self.redact_text(prose.text)
        if "<su" in markup:
            raised = self._repeat(partial(self._redact_markup, boundary=_BLOCK_OR_RAISED), markup)
            text = text if raised == markup else self.redact_text(_shown_text(raised))
            markup = raised
        if markup != written:
            markup = _without_changed_addresses(markup)
        return Prose(insert_links(self._redact_tags(markup), links), text)

    def _redact_markup(self, markup: str, boundary: re.Pattern[str] = _BLOCK) -> str:
        """Replace terms between two boundaries, also across tags."""
        output: list[str] = []
        for pieces in _blocks(markup, boundary):
            texts = [html.unescape(piece) for piece in pieces[::2]]
            for i, redacted in enumerate(self._redact_across(texts)):
                if redacted != texts[i]:
                    pieces[2 * i] = escapeHtml(redacted)
            output += pieces
        return "".join(output)

    def _redact_tags(self, markup: str) -> str:
        """Redact attributes; a link with a term in its address becomes plain words."""
        markup = _unlink(markup, lambda address, words: bool(self.terms.find(address)))
        redact = partial(_ATTRIBUTE.sub, self._redact_attribute)
        return _TAG.sub(lambda tag: redact(tag[0]), markup)

    def _redact_attribute(self, match: re.Match[str]) -> str:
        name, value = match[1], html.unescape(match[2])
        if name == "class" and not value.startswith("language-"):
            return match[0]
        redacted = self.redact_id(value) if name == "id" else self.redact_text(value)
        return match[0] if redacted == value else f'{name}="{escapeHtml(redacted)}"'


def _unlink(markup: str, is_dead: Callable[[str, str], bool]) -> str:
    """Return markup in which dead links to other hosts, by address and first words, are words."""
    pieces = _TAG.split(markup)
    unlinked = False
    for i in range(1, len(pieces), 2):
        address = _HREF.match(pieces[i])
        if address and is_dead(html.unescape(address[1]), html.unescape(pieces[i + 1])):
            pieces[i], unlinked = "", True
        elif unlinked and pieces[i] == "</a>":
            pieces[i], unlinked = "", False
    return "".join(pieces)


def _without_changed_addresses(markup: str) -> str:
    """Return markup without the links that show an address and no longer lead there.

    A term that begins in an address and ends behind it is not found in the address alone.
    """
    return _unlink(
        markup,
        lambda address, words: (
            bool(_ADDRESS.match(words)) and fold(decode(words)) not in fold(decode(address))
        ),
    )


def _is_slug(ident: str, title: str) -> bool:
    """Return True if `ident` comes from the words of `title`, or from the first eight of them."""
    slug = names.slug(title)
    is_beginning = slug.startswith(f"{ident}-") and ident.count("-") >= 7
    return is_beginning or slug in (ident, re.sub(r"-\d+\Z", "", ident))


def _titles(handbook: Handbook) -> Iterator[tuple[str, str]]:
    """Yield the ids that may be slugs, each with its title."""
    yield from ((story.id, story.title) for story in handbook.stories)
    yield from ((one.id, one.heading) for story in handbook.stories for one in story.sections)
    yield from ((question.id, question.question) for question in handbook.questions)
    yield from ((topic.id, topic.name) for topic in (*handbook.categories, *handbook.principles))
    yield from ((audience.id, audience.audience) for audience in handbook.audiences)
    yield from ((guide.id, guide.title) for guide in handbook.guides)
    for _, prose in handbook.proses():
        for ident, title in _HEADING.findall("".join(p for p in prose.parts if isinstance(p, str))):
            yield html.unescape(ident), html.unescape(_TAG.sub("", title))


def _blocks(markup: str, boundary: re.Pattern[str]) -> Iterator[list[str]]:
    """Yield each block of the markup as alternating texts and tags.

    A block begins or ends with a paragraph, list item or the like. No term spans two of them.
    """
    block = [""]
    pieces = _TAG.split(markup)
    for text, tag in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        block[-1] += text
        if boundary.match(tag):
            yield block
            block = ["", tag, ""]
        else:
            block += [tag, ""]
    yield block


def _replace_hits(text: str, hits: Sequence[Hit], start: int, end: int) -> str:
    """Return a part of `text` with the hits in it replaced; each stands where it began."""
    pieces, position = [], start
    for hit in hits:
        pieces.append(text[position : max(hit.start, start)])
        if hit.start >= start:
            pieces.append(hit.instead)
        position = min(hit.end, end)
    return "".join([*pieces, text[position:end]])


def _spaced(text: str, hit: Hit) -> str:
    """Return the replacement, with spaces where the term is a part of a compound: `a firm Bot`."""
    before, after = text[hit.start - 1 : hit.start], text[hit.end : hit.end + 1]
    joins_before = _CASED.match(fold(before)) and _CASED.match(fold(text[hit.start]))
    joins_after = _CASED.match(fold(after)) and _CASED.match(fold(text[hit.end - 1]))
    is_plural = after in ("s", "S") and not text[hit.end + 1 : hit.end + 2].isalnum()
    return " " * bool(joins_before) + hit.instead + " " * bool(joins_after and not is_plural)


def _shown_text(markup: str) -> str:
    """Return the text that rendered markup shows, with a newline after each block."""
    return html.unescape(_TAG.sub(lambda tag: "\n" if _BLOCK_END.match(tag[0]) else "", markup))


def redact(handbook: Handbook, redactions: tuple[Redaction, ...]) -> Handbook:
    """Return the handbook with the terms of `redactions` replaced everywhere."""
    if not redactions:
        return handbook
    redactor = Redactor(redactions, idents(handbook))
    redactor.redact_slugs(_titles(handbook))
    rewriter = Rewriter(
        redactor.redact_text, redactor.redact_id, redactor.redact_prose, redactor.redact_figure
    )
    return rewriter.rewrite(handbook)
