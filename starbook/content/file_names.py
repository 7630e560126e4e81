"""Names of files: find what `[[a note]]` and `![[a picture.png]]` lead to, as Obsidian does.

A name matches in any folder, with or without the folders before it, whatever its case and Unicode
form. Of several files the one beside the link comes first, then the one in the fewest folders.
"""

import posixpath
from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeVar

import msgspec

from starbook import urls
from starbook.content import headings
from starbook.content.rewriter import Rewriter
from starbook.model import Answer, Guide, Kind, Link, Prose, Question, Story
from starbook.text import names
from starbook.text.vocabulary import Vocabulary

Entry = TypeVar("Entry", Story, Guide, Question, Answer)
# From the name of a file without `.md` or `.yml`, normalized, to the paths that end in it.
Files = dict[str, tuple[str, ...]]
_ENDINGS = (".md", ".yml", ".yaml")


def index(paths: Iterable[str]) -> Files:
    """Return the files by name."""
    found: dict[str, list[str]] = {}
    for path in paths:
        found.setdefault(names.key(_stem(path.rpartition("/")[2])), []).append(path)
    return {name: tuple(several) for name, several in found.items()}


def _stem(name: str) -> str:
    ending = next((ending for ending in _ENDINGS if name.lower().endswith(ending)), "")
    return name[: len(name) - len(ending)]


def find(name: str, source: str, files: Files) -> str:
    """Return the path of the file that `name` means in the file `source`, or ""."""
    wanted = [part for part in _stem(name).split("/") if part not in ("", ".", "..")]
    if not wanted:
        return ""
    keys = [names.key(part) for part in wanted]
    relative = _stem(urls.join_source(name, source))
    folder = posixpath.dirname(source)

    def rank(path: str) -> tuple[bool, bool, bool, int, str]:
        stem = _stem(path)
        is_exact = stem.endswith(names.composed("/".join(wanted)))
        beside = posixpath.dirname(path) == folder
        return stem != relative, not is_exact, not beside, path.count("/"), path

    matching = (
        path
        for path in files.get(keys[-1], ())
        if list(map(names.key, _stem(path).split("/")))[-len(keys) :] == keys
    )
    return min(matching, key=rank, default="")


def has_names(entry: Story | Guide | Question | Answer) -> bool:
    """Return True if prose of `entry` has a link by name."""
    return any(link.by_name for link in _links(entry))


def _links(entry: Story | Guide | Question | Answer) -> Iterable[Link]:
    if isinstance(entry, Story):
        return entry.links
    proses: tuple[Prose, ...]
    match entry:
        case Guide():
            proses = (entry.body,)
        case Answer():
            proses = tuple(entry.proses())
        case Question():
            proses = (entry.notes, *(entry.answer.proses() if entry.answer else ()))
    return (part for prose in proses for part in prose.parts if isinstance(part, Link))


def resolve(
    entry: Entry, files: Files, pictures: Callable[[], Files], vocabulary: Vocabulary
) -> Entry:
    """Return `entry` with paths in place of the names in its links.

    A link whose name no file has keeps it, and gets the name that is nearest to it.
    """
    resolve_prose = partial(_resolve_prose, entry.path, files, pictures, vocabulary)
    return Rewriter(prose=resolve_prose).rewrite(entry)


def _resolve_prose(
    source: str, files: Files, pictures: Callable[[], Files], vocabulary: Vocabulary, prose: Prose
) -> Prose:
    parts = [
        _resolve_link(part, source, pictures() if part.image else files, vocabulary)
        if isinstance(part, Link) and part.by_name
        else part
        for part in prose.parts
    ]
    return Prose(tuple(parts), prose.text)


def _resolve_link(link: Link, source: str, files: Files, vocabulary: Vocabulary) -> Link:
    name, _, heading = link.target.partition("#")
    path = find(name, source, files) if name.strip() else source
    if not path:
        near = names.nearest(_stem(name.rpartition("/")[2]), files)
        shown = _stem(files[near][0]).rpartition("/")[2] if near else ""
        return msgspec.structs.replace(link, near=shown)
    target = posixpath.relpath(path, posixpath.dirname(source) or ".") if name.strip() else ""
    anchor = "" if link.image else _anchor(heading, path, vocabulary)
    return msgspec.structs.replace(link, target=target + anchor, by_name=False)


def _anchor(heading: str, path: str, vocabulary: Vocabulary) -> str:
    """Return `#result` for a heading as it was written; a paragraph of Obsidian's has no anchor."""
    words = heading.rpartition("#")[2].strip()
    if not words or words.startswith("^"):
        return ""
    in_story = path.startswith("stories/")
    kind = headings.parse(words, vocabulary).kind if in_story else Kind.OTHER
    return f"#{names.slug(words) if kind is Kind.OTHER else kind}"
