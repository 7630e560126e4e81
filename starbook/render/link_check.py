"""Link check: dead links and anchors in rendered pages, before any of them is written."""

import html
import posixpath
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import chain
from sys import intern
from urllib.parse import unquote, urlsplit

import msgspec

from starbook.problem import Problem

# Layouts quote attribute values, and `"` in a text is escaped, so it ends no value.
_ATTRIBUTE = re.compile(r' (href|src|id)="([^"]*)"')
# In the state of a list's filters, `#category=feedback`, which is no anchor.
_STATE = "="


class PageLinks(msgspec.Struct, frozen=True, array_like=True):
    """The targets of the links of a page, such as `stories/a.html#top`, and its own anchors.

    Links within the page are among the targets, and the page itself is among the anchors.
    """

    targets: tuple[str, ...]
    anchors: tuple[str, ...]


def scan(path: str, text: str, base: str = "/") -> PageLinks:
    """Return the links of the page at `path`; those to other hosts are left out."""
    anchors = [path]
    targets: dict[str, None] = {}
    for name, value in _attributes(text):
        if name == "id":
            anchors.append(f"{path}#{html.unescape(value)}")
        elif (target := _target(path, value, base)) is not None:
            targets[intern(target)] = None  # many pages have the same targets
    return PageLinks(tuple(targets), tuple(anchors))


def _attributes(text: str) -> Iterable[tuple[str, str]]:
    # A pattern that begins with a space, not with any white space, is found in half the time.
    return dict.fromkeys(_ATTRIBUTE.findall(" ".join(text.splitlines())))


def _target(path: str, href: str, base: str) -> str | None:
    """Return the target of a link on the page at `path`, or None if it is on another host."""
    target = _page_and_anchor(posixpath.dirname(path), href, base)
    return target and (path if target[0] is None else target[0]) + target[1]


@lru_cache(maxsize=2**14)  # most pages of a folder have the same links
def _page_and_anchor(folder: str, href: str, base: str) -> tuple[str | None, str] | None:
    """Return the page, or None for a link within a page; return None for another host."""
    address = urlsplit(html.unescape(href))
    if address.scheme or address.netloc:
        return None
    anchor = unquote(address.fragment)
    anchor = f"#{anchor}" if anchor and _STATE not in anchor else ""
    if not address.path:
        return None, anchor
    root = unquote(base)
    page = posixpath.normpath(posixpath.join(root + folder, unquote(address.path)))
    return page.removeprefix(root), anchor


def find_dead_links(
    links: Sequence[tuple[str, PageLinks]],
    others: Iterable[str],
    read: Callable[[str], str],
    base: str,
) -> tuple[Problem, ...]:
    """Return a problem for each link to a page, other file or anchor that does not exist.

    A page may come in parts. `read` returns its text: a dead link is shown as it is written.
    """
    offered = frozenset(chain(others, *(page.anchors for _, page in links)))
    dead = dict.fromkeys(path for path, page in links if not offered.issuperset(page.targets))
    hint, problems = "fix the layout that writes it", []
    for path in dead:
        for name, href in _attributes(read(path)):
            target = _target(path, href, base) if name != "id" else None
            if target is not None and target not in offered:
                missing = "anchor there" if target.partition("#")[0] in offered else "page"
                message = f"the link to `{html.unescape(href)}` leads to no {missing}"
                problems.append(Problem(path, 0, message, hint, "dead-page-link"))
    return tuple(problems)
