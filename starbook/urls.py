"""Where things stand: the page of each, and the page that a link written in content means."""

import posixpath
import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from urllib.parse import urlsplit

from starbook.model import Edition, Guide, Handbook, Prose, Story

HOME = "index.html"
STORIES = "stories/index.html"
QUESTIONS = "questions/index.html"
CATEGORIES = "categories/index.html"
PRINCIPLES = "principles/index.html"
GUIDES = "guides/index.html"
COVERAGE = "coverage.html"
TO_ASK = "to-ask.html"
CARDS = "cards.html"
NOT_FOUND = "404.html"
SEARCH_INDEX = "search-index.js"
SEARCH_TEXTS = "search-texts/"

_ID = re.compile(r' id="([^"]+)"')
_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*:|[/\\\\]{2}", re.IGNORECASE)


def story(ident: str) -> str:
    """The page of a story."""
    return f"stories/{ident}.html"


def question(ident: str) -> str:
    """The page of a question."""
    return f"questions/{ident}.html"


def category(ident: str) -> str:
    """The page of a category."""
    return f"categories/{ident}.html"


def principle(ident: str) -> str:
    """The page of a principle."""
    return f"principles/{ident}.html"


def guide(ident: str) -> str:
    """The page of a guide."""
    return f"guides/{ident}.html"


def search_texts(number: int) -> str:
    """The file with the texts of some of the search results."""
    return f"{SEARCH_TEXTS}{number}.js"


def base(handbook: Handbook) -> str:
    """The path under which a host serves the site, as 404.html says it."""
    return urlsplit(handbook.settings.base_url).path or "/"


def relative(page: str, target: str) -> str:
    """The link from one page to another: `stories/a.html`, `guides/b.html` → `../guides/b.html`."""
    return _from_folder(page.rpartition("/")[0], target)


@lru_cache(maxsize=2**14)  # of a folder's many pages, most link to the same
def _from_folder(folder: str, target: str) -> str:
    if target.startswith("#"):
        return target
    here, there = folder.split("/") if folder else [], target.split("/")
    shared = 0
    while shared < len(here) and shared < len(there) - 1 and here[shared] == there[shared]:
        shared += 1
    return "/".join([".."] * (len(here) - shared) + there[shared:])


def shows(handbook: Handbook, kind: str) -> bool:
    """Whether an edition has pages of a kind.

    The private one has all, with a word where they are empty. The public one has those that may be
    published, and says nothing of the others.
    """
    if handbook.edition is Edition.PRIVATE or kind == "stories":
        return True
    if kind in ("categories", "principles"):
        return bool(getattr(handbook, kind))
    return kind in handbook.settings.publish


def lists(handbook: Handbook) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What a deck of cards may end with: the id of each list on cards.html, and its names."""
    if handbook.audiences:
        yield "to-ask", ("to-ask",)
    for audience in handbook.audiences:
        yield f"to-ask/{audience.id}", (audience.audience, audience.id)
    for advice in handbook.guides:
        if has_tick_boxes(advice.body):
            yield f"guides/{advice.id}", (advice.title, advice.id)


def has_tick_boxes(prose: Prose) -> bool:
    """Whether prose holds a task list."""
    return any(isinstance(part, str) and "task-list-item" in part for part in prose.parts)


def by_source(handbook: Handbook) -> dict[str, str]:
    """From the path of a content file to the page that shows it, or its place as a picture."""
    pages = {image.path: f"images/{image.name}" for image in handbook.images}
    pages |= {s.path: story(s.id) for s in handbook.stories}
    pages |= {g.path: guide(g.id) for g in handbook.guides}
    for name, page in (
        ("stories", STORIES),
        ("questions", QUESTIONS),
        ("categories", CATEGORIES),
        ("principles", PRINCIPLES),
        ("guides", GUIDES),
        ("to-ask", TO_ASK),
    ):
        if shows(handbook, name):
            pages |= {name: page, f"{name}.yml": page, f"{name}.yaml": page}
    return pages


def is_remote(target: str) -> bool:
    """Whether a picture is at another host (or written out in the address itself)."""
    return bool(_REMOTE.match(target))


def beside(target: str, source: str) -> str:
    """The path, from the content folder, of what is linked to in the content file `source`."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), target))


def resolve(target: str, source: str, pages: dict[str, str]) -> str | None:
    """The page, with its anchor, that a link in the content file `source` means; None if none.

    A link within the same file stays `#anchor`.
    """
    path, _, anchor = target.partition("#")
    if not path:
        return f"#{anchor}"
    wanted = beside(path, source)
    page = pages.get(wanted) or pages.get(f"{wanted}.md")
    return page and (f"{page}#{anchor}" if anchor else page)


def anchors(handbook: Handbook) -> Callable[[str], set[str] | None]:
    """The anchors that the page of a story, a guide or the questions to ask offers, by its source.

    They are looked for where they are asked for, as few links have one.
    """
    told: dict[str, Story | Guide] = {entry.path: entry for entry in handbook.guides}
    told |= {story.path: story for story in handbook.stories}

    @cache
    def offered(source: str) -> set[str] | None:
        if source in ("to-ask", "to-ask.yml", "to-ask.yaml"):
            return {audience.id for audience in handbook.audiences}
        entry = told.get(source)
        if entry is None:
            return None
        if isinstance(entry, Guide):
            return _ids(entry.body)
        own = {section.id for section in entry.sections} | {"links"}
        return own.union(*map(_ids, entry.proses()))

    return offered


def _ids(prose: Prose) -> set[str]:
    return {ident for part in prose.parts if isinstance(part, str) for ident in _ID.findall(part)}
