"""Dead links and anchors in what was rendered: the last check before anything is written."""

import html
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from sys import intern
from urllib.parse import unquote, urlsplit

import msgspec

from starbook.problem import Problem

# Attribute values are quoted by our layouts, and `"` in a text is escaped: it can end no value.
_ATTRIBUTE = re.compile(r' (href|src|id)="([^"]*)"')
# `#category=feedback` is the state of a list's filters, not an anchor.
_STATE = "="


class PageLinks(msgspec.Struct, frozen=True, array_like=True):
    """Where the links of a page lead, `stories/a.html#top`, and where those of others may lead.

    Links to the page's own anchors are among the targets. The page itself is among the anchors.
    """

    targets: tuple[str, ...]
    anchors: tuple[str, ...]


def scan(path: str, text: str, base: str = "/") -> PageLinks:
    """One page. Its texts are those of other pages too, and all are kept: so each is kept once."""
    anchors = [path]
    targets: dict[str, None] = {}
    for name, value in _attributes(text):
        if name == "id":
            anchors.append(f"{path}#{html.unescape(value)}")
        elif (target := _target(path, value, base)) is not None:
            targets[intern(target)] = None
    return PageLinks(tuple(targets), tuple(anchors))


def _attributes(text: str) -> Iterable[tuple[str, str]]:
    # A pattern that begins with one sign, and not with any white space, is found in half the time.
    return dict.fromkeys(_ATTRIBUTE.findall(" ".join(text.splitlines())))


def _target(path: str, href: str, base: str) -> str | None:
    """Where a link targets; None for one to another host."""
    found = _page_and_anchor(posixpath.dirname(path), href, base)
    return found and (path if found[0] is None else found[0]) + found[1]


@lru_cache(maxsize=2**14)  # a page is linked to from a few folders, and by many in each of them
def _page_and_anchor(folder: str, href: str, base: str) -> tuple[str | None, str] | None:
    """The page is None where the link stays on its own; all is None for another host."""
    address = urlsplit(html.unescape(href))
    if address.scheme or address.netloc:
        return None
    anchor = unquote(address.fragment)
    anchor = f"#{anchor}" if anchor and _STATE not in anchor else ""
    if not address.path:
        return None, anchor
    there = posixpath.normpath(posixpath.join(base + folder, unquote(address.path)))
    return there.removeprefix(base), anchor


def find_dead_links(
    links: Sequence[tuple[str, PageLinks]],
    others: Iterable[str],
    read: Callable[[str], str],
    base: str,
) -> tuple[Problem, ...]:
    """Return the links that lead to none of the pages or other files, or to no anchor there.

    A page may come in parts. `read` returns its text: a dead link is shown as it is written.
    """
    offered = frozenset(chain(others, *(page.anchors for _, page in links)))
    dead = dict.fromkeys(path for path, page in links if not offered.issuperset(page.targets))
    return tuple(one for path in dead for one in _dead_links(path, read(path), base, offered))


def _dead_links(path: str, text: str, base: str, offered: frozenset[str]) -> Iterator[Problem]:
    for name, href in _attributes(text):
        target = _target(path, href, base) if name != "id" else None
        if target is not None and target not in offered:
            what = "anchor there" if target.partition("#")[0] in offered else "page"
            message = f"the link to `{html.unescape(href)}` leads to no {what}"
            yield Problem(path, 0, message, "mend the layout that writes it", "dead-page-link")
