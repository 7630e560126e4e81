"""Dead links and anchors in what was rendered: the last check before anything is written."""

import html
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from sys import intern
from urllib.parse import unquote, urlsplit

import msgspec

from starbook.build.memory import Memory
from starbook.build.stored import Data, Files, as_text
from starbook.problem import Problem

# Attribute values are quoted by our layouts, and `"` in a text is escaped: it can end no value.
_ATTRIBUTE = re.compile(r' (href|src|id)="([^"]*)"')
# `#category=feedback` is the state of a list's filters, not an anchor.
_STATE = "="


class Scan(msgspec.Struct, frozen=True):
    """Where the links of a page lead, `stories/a.html#top`, and where those of others may lead."""

    leads: tuple[str, ...]
    offers: tuple[str, ...]


def scan(path: str, text: str, base: str = "/") -> Scan:
    """One page. Its texts are those of other pages too, and all are kept: so each is kept once."""
    offers = [path]
    leads: dict[str, None] = {}
    for name, value in _attributes(text):
        if name == "id":
            offers.append(f"{path}#{html.unescape(value)}")
        elif (target := _target(path, value, base)) is not None:
            leads[intern(target)] = None
    return Scan(tuple(leads), tuple(offers))


def _attributes(text: str) -> Iterable[tuple[str, str]]:
    # A pattern that begins with one sign, and not with any white space, is found in half the time.
    return dict.fromkeys(_ATTRIBUTE.findall(" ".join(text.splitlines())))


def _target(path: str, href: str, base: str) -> str | None:
    """Where a link leads; None for one to another host."""
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


def dead(scans: Mapping[str, Scan], files: Files, base: str, memory: Memory) -> tuple[Problem, ...]:
    """The links that lead to none of the files, or to nothing that the pages offer."""
    there = (tuple(files), tuple(page.offers for page in scans.values()))
    offered = memory.kept("offered", there, lambda: _Offered(chain(there[0], *there[1])))
    looked = memory.all(
        "leads",
        {path: (page, offered) for path, page in scans.items()},
        lambda new: [offered.names.issuperset(page.leads) for page, _ in new],
    )
    return tuple(
        problem
        for path, sound in zip(scans, looked, strict=True)
        if not sound
        for problem in _dead(path, files[path], base, offered.names)
    )


class _Offered:
    """Where links may lead. It is compared as one thing: its names are many."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = frozenset(names)


def _dead(path: str, data: Data, base: str, offered: frozenset[str]) -> Iterator[Problem]:
    """The dead links of a page, as they are written there."""
    for name, href in _attributes(as_text(data)):
        target = _target(path, href, base) if name != "id" else None
        if target is not None and target not in offered:
            what = "anchor there" if target.partition("#")[0] in offered else "page"
            message = f"the link to `{html.unescape(href)}` leads to no {what}"
            yield Problem(path, 0, message, "mend the layout that writes it", "dead-page-link")
