"""Dead links and anchors in what was rendered: the last check before anything is written."""

import html
import posixpath
import re
from collections.abc import Container, Iterator, Mapping
from urllib.parse import unquote, urlsplit

from starbook.problem import Problem

# Attribute values are quoted by our layouts, and `"` in them is escaped.
_LINK = re.compile(r'<[^>]*?\s(?:href|src)="([^"]*)"')
_ID = re.compile(r'<[^>]*?\sid="([^"]*)"')
# `#category=feedback` is the state of a list's filters, not an anchor.
_STATE = "="


def verify(files: Mapping[str, str | bytes], base: str = "/") -> tuple[Problem, ...]:
    """Every link to a page, file or anchor that is not among `files`.

    A link from the root of the host, as 404.html has them, must lead below `base`.
    """
    links: dict[str, list[str]] = {}
    ids: dict[str, set[str]] = {}
    for path, text in files.items():
        if isinstance(text, str) and path.endswith(".html"):
            links[path], ids[path] = _read(text)
    return tuple(p for path, hrefs in links.items() for p in _dead(path, hrefs, base, files, ids))


def _read(text: str) -> tuple[list[str], set[str]]:
    hrefs = list(dict.fromkeys(html.unescape(href) for href in _LINK.findall(text)))
    return hrefs, {html.unescape(ident) for ident in _ID.findall(text)}


def _dead(
    path: str, hrefs: list[str], base: str, files: Container[str], ids: Mapping[str, set[str]]
) -> Iterator[Problem]:
    here = base + posixpath.dirname(path)
    for href in hrefs:
        address = urlsplit(href)
        if address.scheme or address.netloc:
            continue
        there = posixpath.normpath(posixpath.join(here, unquote(address.path)))
        target = there.removeprefix(base) if address.path else path
        anchor = unquote(address.fragment)
        if target not in files:
            yield _problem(path, href, "leads to no page")
        elif anchor and _STATE not in anchor and anchor not in ids.get(target, ()):
            yield _problem(path, href, "leads to no anchor there")


def _problem(path: str, href: str, what: str) -> Problem:
    hint = "mend the layout that writes it"
    return Problem(path, 0, f"the link to `{href}` {what}", hint, "dead-page-link")
