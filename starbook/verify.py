"""Dead links and anchors in what was rendered: the last check before anything is written."""

import html
import posixpath
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache, partial
from itertools import chain
from urllib.parse import unquote, urlsplit

import msgspec

from starbook.memory import Memory
from starbook.problem import Problem

# Attribute values are quoted by our layouts, and `"` in a text is escaped: it can end no value.
_ATTRIBUTE = re.compile(r' (href|src|id)="([^"]*)"')
# `#category=feedback` is the state of a list's filters, not an anchor.
_STATE = "="


class Scan(msgspec.Struct, frozen=True):
    """What a page needs and offers.

    `leads` says where its links lead, `stories/a.html#top`, by how they are written; `offers` is
    where those of others may lead.
    """

    leads: dict[str, str]
    offers: tuple[str, ...]


def verify(files: Mapping[str, str | bytes], base: str = "/") -> tuple[Problem, ...]:
    """Every link to a page, file or anchor that is not among `files`.

    A link from the root of the host, as 404.html has them, must lead below `base`.
    """
    pages = ((path, text) for path, text in files.items() if path.endswith(".html"))
    scans = {path: scan(path, text, base) for path, text in pages if isinstance(text, str)}
    return dead(scans, files, Memory())


def scan(path: str, text: str, base: str = "/") -> Scan:
    """One page."""
    folder = posixpath.dirname(path)
    leads: dict[str, str] = {}
    offers = [path]
    # A pattern that begins with one sign, and not with any white space, is found in half the time.
    for name, value in dict.fromkeys(_ATTRIBUTE.findall(" ".join(text.splitlines()))):
        if name == "id":
            offers.append(f"{path}#{html.unescape(value)}")
        elif target := _target(folder, value, base):
            page, anchor = target
            leads[value] = (path if page is None else page) + anchor
    return Scan(leads, tuple(offers))


@lru_cache(maxsize=2**16)  # a page is linked to from a few folders, and by many in each of them
def _target(folder: str, href: str, base: str) -> tuple[str | None, str] | None:
    """The page that a link leads to (None for its own) and its anchor; None for another host."""
    address = urlsplit(html.unescape(href))
    if address.scheme or address.netloc:
        return None
    anchor = unquote(address.fragment)
    anchor = f"#{anchor}" if anchor and _STATE not in anchor else ""
    if not address.path:
        return None, anchor
    there = posixpath.normpath(posixpath.join(base + folder, unquote(address.path)))
    return there.removeprefix(base), anchor


def dead(scans: Mapping[str, Scan], files: Iterable[str], memory: Memory) -> tuple[Problem, ...]:
    """The links that lead to none of the files, or to nothing that the pages offer."""
    there = (tuple(files), tuple(page.offers for page in scans.values()))
    offered = memory.kept("offered", there, lambda: frozenset(chain(there[0], *there[1])))
    return tuple(
        problem
        for path, page in scans.items()
        for problem in memory.kept(
            ("dead", path), (page, offered), partial(_dead, path, page, offered)
        )
    )


def _dead(path: str, page: Scan, offered: frozenset[str]) -> tuple[Problem, ...]:
    if offered.issuperset(page.leads.values()):
        return ()
    return tuple(
        _problem(path, href, target.partition("#")[0] in offered)
        for href, target in page.leads.items()
        if target not in offered
    )


def _problem(path: str, href: str, has_page: bool) -> Problem:
    what = "leads to no anchor there" if has_page else "leads to no page"
    message = f"the link to `{html.unescape(href)}` {what}"
    return Problem(path, 0, message, "mend the layout that writes it", "dead-page-link")
