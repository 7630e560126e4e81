"""Responses: which bytes answer a request for an address, as pure functions of a snapshot.

A page is served as a build would write it, with two changes: a script element that keeps it
current, and a Content-Security-Policy that lets this script connect to this server.
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
from starbook.problem import Problem
from starbook.serve.diagnostics import Diagnostic

# Client assets and events are below this path, behind the prefix of all paths if there is one. It
# collides with no page: none begins with a dot.
CLIENT_PATH = "/.starbook/"
EVENTS_PATH = f"{CLIENT_PATH}events"

_CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".jpeg": "image/jpeg",
    ".xml": "application/xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
_HTML_LINK = re.compile(r'<[^>]*?\s(?:href|src)="([^"]*)"')
_ABSOLUTE = re.compile(r'(\s(?:href|src)=")/')
_CSS_LINK = re.compile(r"""(?:@import\s+|url\()\s*["']?([^"')\s]+)""")
_CSP_ELEMENT = re.compile(r"<meta\b[^>]*http-equiv=.content-security-policy.[^>]*>", re.IGNORECASE)
# The folders whose files make a page reload when they change. The search index is in neither: it
# changes with every word of every story, and a page may keep the old one until it is left.
_ASSET_FOLDERS = ("assets/", "images/")


class Snapshot(msgspec.Struct, frozen=True):
    """The last good site, if any, and the diagnostics of what was saved since."""

    files: Mapping[str, bytes] = {}
    diagnostics: tuple[Diagnostic, ...] = ()
    base: str = "/"


class Response(msgspec.Struct, frozen=True):
    """An HTTP response."""

    status: int
    body: bytes = b""
    content_type: str = _CONTENT_TYPES[".txt"]
    location: str = ""


_NOT_FOUND = Response(404, b"Not found.\n")


class PageState(msgspec.Struct, frozen=True):
    """The JSON that is sent to a page: the versions of its files, and all diagnostics."""

    versions: dict[str, str]
    faults: tuple[Diagnostic, ...]


def respond(
    snapshot: Snapshot, address: str, assets: Mapping[str, bytes], prefix: str = ""
) -> Response:
    """Return the response to a request for `address`, which is percent-encoded, without a query.

    `prefix` is the beginning of all paths, which `address` is without.
    """
    if address.startswith(CLIENT_PATH):
        name = address.removeprefix(CLIENT_PATH)
        return Response(200, assets[name], _content_type(name)) if name in assets else _NOT_FOUND
    path = _decode_path(address, snapshot.base)
    if path is None:
        return _NOT_FOUND
    if path == "favicon.ico" and path not in snapshot.files:  # no page names it, browsers try
        return Response(204)
    # A folder stands for its index.html.
    name = f"{path}index.html" if path == "" or path.endswith("/") else path
    if not snapshot.files:
        return _placeholder(name, snapshot, assets, prefix)
    is_found = name in snapshot.files
    if not is_found and f"{path}/index.html" in snapshot.files:
        return Response(302, location=f"{prefix}/{quote(path)}/")
    shown = name if is_found else urls.NOT_FOUND
    body = snapshot.files.get(shown, b"Not found.\n")
    if shown.endswith(".html"):
        page = body.decode()
        if not is_found:  # the one page whose links are absolute, as it stands anywhere
            page = _ABSOLUTE.sub(rf"\1{prefix}/", page)
        body = add_script(page, name, _page_versions(snapshot, name), prefix).encode()
    return Response(200 if is_found else 404, body, _content_type(shown))


def page_state(snapshot: Snapshot, key: str) -> PageState:
    """Return the current state of the page at `key`."""
    return PageState(_page_versions(snapshot, key), snapshot.diagnostics)


def client_assets() -> dict[str, bytes]:
    """Return the files that are served beside the site, by name."""
    folder = Path(__file__).with_name("client")
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def _decode_path(address: str, base: str) -> str | None:
    """Return the path in the site that `address` names, or None if no site can have it."""
    if not address.startswith("/"):
        return None
    has_base = base != "/" and address.startswith(base)
    try:
        path = unquote(address.removeprefix(base) if has_base else address[1:], errors="strict")
    except UnicodeDecodeError:
        return None
    parts = path.removesuffix("/").split("/") if path else []
    is_safe = all(part and not part.startswith(".") for part in parts)
    return path if is_safe and "\\" not in path and "\0" not in path else None


def _placeholder(
    name: str, snapshot: Snapshot, assets: Mapping[str, bytes], prefix: str
) -> Response:
    """Return the page that is shown at every address until there is a good site."""
    if not name.endswith(".html"):
        return _NOT_FOUND
    problems = (
        Problem(d.path, d.line, d.message, d.hint, d.rule, d.severity) for d in snapshot.diagnostics
    )
    items = "".join(f"<li>{html.escape(str(problem))}</li>\n" for problem in problems)
    template = Template(assets["first.html"].decode())
    page = template.substitute(faults=items, client=f"{prefix}{CLIENT_PATH}")
    page = add_script(page, name, {name: ""}, prefix)
    return Response(503, page.encode(), _CONTENT_TYPES[".html"])


def _content_type(name: str) -> str:
    return _CONTENT_TYPES.get(posixpath.splitext(name)[1].lower(), "application/octet-stream")


def add_script(page: str, key: str, versions: Mapping[str, str], prefix: str = "") -> str:
    """Return `page` with the script element that keeps it current."""
    data = html.escape(msgspec.json.encode(versions).decode())
    script = (
        f'<script src="{prefix}{CLIENT_PATH}live.js" data-page="{html.escape(key)}" '
        f'data-versions="{data}" defer></script>\n'
    )
    if policy := _CSP_ELEMENT.search(page):
        # In front: of two directives with one name, the first counts.
        allowing = re.sub(r"""(content=["'])""", r"\1connect-src 'self'; ", policy[0], count=1)
        page = page.replace(policy[0], allowing, 1)
    head, end, rest = page.partition("</head>")
    return f"{head}{script}{end}{rest}" if end else page + script


def _page_versions(snapshot: Snapshot, key: str) -> dict[str, str]:
    """Return the versions of a page and its assets; for a missing page, of the error page too."""
    files = snapshot.files
    if key not in files:
        error_page = urls.NOT_FOUND
        return (_page_versions(snapshot, error_page) if error_page in files else {}) | {key: ""}
    names = dict.fromkeys([key, *_find_assets(snapshot, key)])
    return {name: _version(files[name]) for name in names}


def _find_assets(snapshot: Snapshot, name: str) -> Iterator[str]:
    """Yield the style sheets, scripts and images that a page uses, also through a style sheet."""
    if not name.endswith((".html", ".css")):
        return
    pattern = _HTML_LINK if name.endswith(".html") else _CSS_LINK
    for link in dict.fromkeys(pattern.findall(snapshot.files[name].decode())):
        url = urlsplit(html.unescape(link))
        if url.scheme or url.netloc or not url.path:
            continue
        path = unquote(url.path)
        path = path.removeprefix(snapshot.base) if path.startswith("/") else path
        asset = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
        if asset.startswith(_ASSET_FOLDERS) and asset in snapshot.files and asset != name:
            yield asset
            if asset.endswith(".css") and name.endswith(".html"):
                yield from _find_assets(snapshot, asset)


@lru_cache(maxsize=512)
def _version(data: bytes) -> str:
    return blake2b(data, digest_size=8).hexdigest()
