"""Pictures: find what a document shows beside it, and name each by its name and its content."""

import hashlib
import re
from collections.abc import Callable
from posixpath import join, normpath
from typing import Protocol
from urllib.parse import unquote

from starbook.content import images, wikilinks
from starbook.importer.formats.kinds import find_suffix
from starbook.importer.formats.source import Picture
from starbook.text import names

MAX_PICTURES = 500
MAX_TOTAL = 200_000_000
_FENCE = re.compile(r"[ ]{0,3}(?P<sign>```+|~~~+)")
_SHOWN = re.compile(
    r"""(?P<code>`[^`\n]{1,500}`)
    | !\[\[ (?P<name>[^\[\]|\\\n]{1,300}) (?:\\?\| (?P<label>[^\[\]\n]{0,300}))? \]\]
    | !\[ (?P<alt>[^\[\]\n]{0,300}) \]\( [ ]*
      (?: <(?P<angled>[^<>\n]{1,500})>
        | (?P<target>[^<>()\n"]{1,500}(?:\([^<>()\n"]{0,100}\)[^<>()\n"]{0,100})?) )
      (?: [ ]*"[^"\n]{0,200}")? [ ]* \)
    | <img\b (?P<attributes>[^<>]{1,1000}) >""",
    re.VERBOSE | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""\b(src|alt)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_REMOTE = re.compile(r"(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)

# A function from the address of a picture, as a document has it, to its bytes, or to why there are
# none.
Finder = Callable[[str], bytes | str]


class Shelf(Protocol):
    """The files beside a document, by their paths within a folder or an archive."""

    def read(self, name: str) -> bytes | str:
        """Return the content of the file with this path, or why it has none."""

    def search(self, name: str) -> str:
        """Return the path of the nearest file with this name, in whatever folder, or ""."""


def look_beside(shelf: Shelf, folder: str) -> Finder:
    """Return a function that finds the pictures of a document in this folder of a shelf.

    As in Obsidian, a name alone is looked for in all folders.
    """

    def find(address: str) -> bytes | str:
        plain = unquote(address).replace("\\", "/")
        path = normpath(join(folder, plain))
        if plain.startswith("/") or path.startswith("../") or "\0" in plain:
            return "is outside the folder of the document, and stays out"
        found = shelf.read(path)
        if isinstance(found, str) and (nearest := shelf.search(plain.rpartition("/")[2])):
            return shelf.read(nearest)
        return found

    return find


class Gallery:
    """The pictures of one document, collected while its text is read."""

    def __init__(self, find: Finder) -> None:
        self.find = find
        self.pictures: dict[str, Picture] = {}
        self.notes: list[str] = []

    def collect(self, text: str) -> str:
        """Return markdown with the names of pictures; a note says why one was not found."""
        fence = ""
        lines = text.split("\n")
        for i, line in enumerate(lines):
            if match := _FENCE.match(line):
                sign = match["sign"]
                if not fence:
                    fence = sign
                elif sign.startswith(fence):
                    fence = ""
            elif not fence and ("![" in line or "<img" in line.lower()):
                lines[i] = _SHOWN.sub(self._replace, line)
        return "\n".join(lines)

    def add(self, address: str, data: bytes) -> str:
        """Return the name of a picture in the content, or "" after a note why it is none."""
        stem = names.slug(names.stem(unquote(address)))
        try:
            hashed = images.image_name(data)
        except images.NotAnImageError as error:
            self.notes.append(f"the picture `{address}` {error}, and stays out")
            return ""
        if len(data) > images.MAX_BYTES:
            most = f"{images.MAX_BYTES:,}"
            self.notes.append(f"the picture `{address}` has over {most} bytes, and stays out")
            return ""
        if len(self.pictures) >= MAX_PICTURES:
            self.notes.append(
                f"the picture `{address}` is over {MAX_PICTURES} pictures of a document"
            )
            return ""
        short = hashlib.sha256(data).hexdigest()[:8]
        name = f"{stem}-{short}{find_suffix(hashed)}" if stem else hashed
        self.pictures[name] = Picture(name, data)
        return name

    def _replace(self, match: re.Match[str]) -> str:
        if match["code"]:
            return match[0]
        address, alt = _read_address(match)
        if not address or _REMOTE.match(address):
            return match[0]
        is_picture = find_suffix(address) in images.ENDINGS
        if match["name"] and not is_picture:  # the embedding of a note
            return match[0]
        found = self.find(address)
        if isinstance(found, str):
            self.notes.append(f"the picture `{address}` {found}")
            name = ""
        else:
            name = self.add(address, found)
        if not name:
            return f"{alt} ({address})" if alt else address
        border = r"\|" if match.string.lstrip().startswith("|") else "|"  # in a table
        return f"![[{name}{border}{alt}]]" if alt else f"![[{name}]]"


def _read_address(match: re.Match[str]) -> tuple[str, str]:
    """Return the address and the words of a picture."""
    if match["name"]:
        labels = (label.strip() for label in re.split(r"\\?\|", match["label"] or ""))
        alt = " ".join(label for label in labels if label and not wikilinks.SIZE.fullmatch(label))
        return match["name"].strip(), alt
    if match["attributes"]:
        pairs = _ATTRIBUTE.findall(match["attributes"])
        values = {name.lower(): quoted or single for name, quoted, single in pairs}
        return values.get("src", ""), values.get("alt", "")
    address = (match["angled"] or match["target"]).strip()
    return address, match["alt"].strip()
