"""What is served at one moment, and the answer to each address; pure.

A page is the one that a build would write, with one element added: the script that keeps it up to
date. A page's Content-Security-Policy lets no script ask for anything, so the copy that is served
lets it ask this server.
"""

import html
import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from string import Template
from urllib.parse import quote, unquote, urlsplit

import msgspec

from starbook import urls
from starbook.build.stored import Data, Files, as_bytes, as_text
from starbook.serve.diagnostics import Fault

# Everything of ours has an address below this one; no page can: it begins with a dot.
OURS = "/.starbook/"
EVENTS = f"{OURS}events"

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".xml": "application/xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
_PLAIN = _TYPES[".txt"]
_LINK = re.compile(r'<[^>]*?\s(?:href|src)="([^"]*)"')
_IN_CSS = re.compile(r"""(?:@import\s+|url\()\s*["']?([^"')\s]+)""")
_POLICY = re.compile(r"<meta\b[^>]*http-equiv=.content-security-policy.[^>]*>", re.IGNORECASE)
# What a page is made of beside its own text. The search index is not: it changes with every word
# of every story, and may wait for the next page.
_PARTS = ("assets/", "images/")


class Snapshot(msgspec.Struct, frozen=True):
    """The last good site, and what is wrong with what was saved since."""

    files: Files = {}
    faults: tuple[Fault, ...] = ()
    base: str = "/"

    @property
    def empty(self) -> bool:
        """Whether there never was a good site."""
        return not self.files


class Reply(msgspec.Struct, frozen=True):
    """An answer over HTTP."""

    status: int
    body: bytes = b""
    kind: str = _PLAIN
    location: str = ""


_NOTHING = Reply(404, b"Not found.\n")


class State(msgspec.Struct, frozen=True):
    """What a page has to know: the versions of what it is made of, and all faults."""

    versions: dict[str, str]
    faults: tuple[Fault, ...]


def reply(snapshot: Snapshot, address: str, own: Mapping[str, bytes]) -> Reply:
    """What to answer to an address, as it stands in a request; `own` are the files for `OURS`."""
    if address.startswith(OURS):
        name = address.removeprefix(OURS)
        return Reply(200, own[name], _kind(name)) if name in own else _NOTHING
    key = _key(address, snapshot.base)
    if key is None:
        return _NOTHING
    if key == "favicon.ico" and key not in snapshot.files:  # browsers ask for it unasked
        return Reply(204)
    return _first(key, snapshot, own) if snapshot.empty else _page(key, snapshot)


def _page(key: str, snapshot: Snapshot) -> Reply:
    name = _name(key)
    if name in snapshot.files:
        return Reply(200, _body(snapshot, name, name), _kind(name))
    if f"{key}/index.html" in snapshot.files:
        return Reply(302, location=f"/{quote(key)}/")
    return Reply(404, _body(snapshot, urls.NOT_FOUND, name), _TYPES[".html"])


def _name(key: str) -> str:
    """A folder stands for its first page."""
    return f"{key}index.html" if key == "" or key.endswith("/") else key


def state(snapshot: Snapshot, key: str) -> State:
    """How the page of this name is now."""
    return State(_versions(snapshot, key), snapshot.faults)


def _key(address: str, base: str) -> str | None:
    """The name in the site that an address stands for, or None where none could ever be."""
    if not address.startswith("/"):
        return None
    under = base != "/" and address.startswith(base)
    inside = address.removeprefix(base) if under else address[1:]
    try:
        key = unquote(inside, errors="strict")
    except UnicodeDecodeError:
        return None
    parts = key.removesuffix("/").split("/") if key else []
    sound = all(part and not part.startswith(".") for part in parts)
    return key if sound and "\\" not in key and "\0" not in key else None


def _kind(name: str) -> str:
    return _TYPES.get(posixpath.splitext(name)[1].lower(), "application/octet-stream")


def _body(snapshot: Snapshot, name: str, key: str) -> bytes:
    """A file as it is sent; `key` is what was asked for, where that is not `name`."""
    data = snapshot.files.get(name, "Not found.\n")
    if name.endswith(".html"):
        data = with_script(as_text(data), key, _versions(snapshot, key))
    return as_bytes(data)


def with_script(page: str, key: str, versions: Mapping[str, str]) -> str:
    """A page and the element that keeps it up to date."""
    made_of = html.escape(msgspec.json.encode(versions).decode())
    script = (
        f'<script src="{OURS}live.js" data-page="{html.escape(key)}" '
        f'data-versions="{made_of}" defer></script>\n'
    )
    page = _POLICY.sub(_may_ask, page, count=1)
    head, end, rest = page.partition("</head>")
    return f"{head}{script}{end}{rest}" if end else page + script


def _may_ask(policy: re.Match[str]) -> str:
    """Of two directives of one name the first counts."""
    return re.sub(r"""(content=["'])""", r"\1connect-src 'self'; ", policy[0], count=1)


def _versions(snapshot: Snapshot, key: str) -> dict[str, str]:
    """The versions of a page and its parts; a page that is not there has an empty one."""
    files = snapshot.files
    if key not in files:
        lost = {} if urls.NOT_FOUND not in files else _versions(snapshot, urls.NOT_FOUND)
        return lost | {key: ""}
    names = dict.fromkeys([key, *_parts(snapshot, key)])
    return {name: _version(files[name]) for name in names}


def _parts(snapshot: Snapshot, name: str) -> Iterator[str]:
    """The style sheets, scripts and pictures that a page needs, and those that they need."""
    if not name.endswith((".html", ".css")):
        return
    text = as_text(snapshot.files[name])
    links = _LINK.findall(text) if name.endswith(".html") else _IN_CSS.findall(text)
    for link in dict.fromkeys(links):
        address = urlsplit(html.unescape(link))
        if address.scheme or address.netloc or not address.path:
            continue
        path = unquote(address.path)
        path = path.removeprefix(snapshot.base) if path.startswith("/") else path
        part = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
        if part.startswith(_PARTS) and part in snapshot.files and part != name:
            yield part
            if part.endswith(".css") and name.endswith(".html"):
                yield from _parts(snapshot, part)


@lru_cache(maxsize=512)
def _version(data: Data) -> str:
    return blake2b(as_bytes(data), digest_size=8).hexdigest()


def _first(key: str, snapshot: Snapshot, own: Mapping[str, bytes]) -> Reply:
    """What stands for every page as long as there was no good build."""
    name = _name(key)
    if not name.endswith(".html"):
        return _NOTHING
    lines = "".join(f"<li>{html.escape(_line(fault))}</li>\n" for fault in snapshot.faults)
    page = Template(own["first.html"].decode()).substitute(faults=lines)
    return Reply(503, with_script(page, name, {name: ""}).encode(), _TYPES[".html"])


def _line(fault: Fault) -> str:
    place = f"{fault.path}:{fault.line}" if fault.line else fault.path
    words = f"{fault.message}; {fault.hint}" if fault.hint else fault.message
    return f"{place}: {words} [{fault.rule}]"


def own_files() -> dict[str, bytes]:
    """The script, the style sheet and the first page that are served beside the site."""
    folder = Path(__file__).with_name("client")
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
