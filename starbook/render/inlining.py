"""Inlining: one HTML file that needs no other, with the policy that allows what is in it."""

import base64
import hashlib
import html
import posixpath
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote, urlsplit

# The beginning of an entry in the file has its address and this as its id.
TOP = "_top"
# Layouts quote attribute values, and `"` in a text is escaped, so it ends no value.
_LINK = re.compile(r' (href|src)="([^"]*)"')
_ID = re.compile(r' id="([^"]*)"')


def policy(styles: Iterable[str], scripts: Iterable[str]) -> str:
    """Return the directives that allow these styles and scripts, and pictures inside the file.

    What the page itself records may be played.
    """
    style, script = (" ".join(dict.fromkeys(map(_source, it))) for it in (styles, scripts))
    return f"script-src {script}; style-src {style}; img-src data:; media-src blob:;"


def _source(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def link_inside(text: str, path: str, pictures: Mapping[str, str]) -> str:
    """Return HTML of the page at `path` with links to anchors such as `#stories/outage/_top`.

    `pictures` have the data of each picture as an address, by its path on the site.
    """

    def replace(match: re.Match[str]) -> str:
        target = _target(match[2], path)
        if target is None:
            return match[0]
        page, anchor = target
        if match[1] == "src":
            return f' src="{pictures[page]}"'
        entry = page.removesuffix(".html").removesuffix("/index")
        return f' href="#{html.escape("/".join(filter(None, (entry, anchor))))}"'

    return _LINK.sub(replace, text)


def _target(href: str, path: str) -> tuple[str, str] | None:
    """Return the page and anchor of a link to another page of the site, else None."""
    value = html.unescape(href)
    address = urlsplit(value)
    if not address.path or address.scheme or address.netloc:
        return None
    page = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(address.path)))
    return page, unquote(address.fragment)


def entries_linked(text: str, path: str) -> Iterator[str]:
    """Yield the addresses, such as `stories/outage`, of the pages that HTML at `path` links to."""
    targets = (_target(href, path) for name, href in _LINK.findall(text) if name == "href")
    return (target[0].removesuffix(".html") for target in targets if target)


def pack(text: str) -> str:
    """Return a text compressed by zlib, as Base64."""
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def ids(text: str) -> frozenset[str]:
    """Return the ids in HTML."""
    return frozenset(map(html.unescape, _ID.findall(text)))


def unlink_dead(text: str, known: frozenset[str]) -> str:
    """Return HTML without the targets of links to anchors that are not `known`.

    A link to a part of an entry that is not shown leads to the entry.
    """

    def replace(match: re.Match[str]) -> str:
        value = html.unescape(match[2])
        if match[1] == "src" or not value.startswith("#"):
            return match[0]
        anchor = unquote(value[1:])
        entry = "/".join(anchor.split("/")[:2])
        places = (anchor, f"{anchor}/{TOP}", f"{entry}/{TOP}")
        found = next((one for one in places if one in known), None)
        return f' href="#{html.escape(found)}"' if found else ""

    return _LINK.sub(replace, text)
