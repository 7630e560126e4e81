"""Where things stand: the page of each, and the page that a link written in content means."""

import posixpath
import re

from starbook.model import Edition, Handbook, Prose

HOME = "index.html"
STORIES = "stories/index.html"
QUESTIONS = "questions/index.html"
CATEGORIES = "categories/index.html"
PRINCIPLES = "principles/index.html"
GUIDES = "guides/index.html"
COVERAGE = "coverage.html"
TO_ASK = "to-ask.html"
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


def relative(page: str, target: str) -> str:
    """The link from one page to another: `stories/a.html`, `guides/b.html` → `../guides/b.html`."""
    if target.startswith("#"):
        return target
    here, there = page.split("/"), target.split("/")
    shared = 0
    while shared < len(here) - 1 and shared < len(there) - 1 and here[shared] == there[shared]:
        shared += 1
    return "/".join([".."] * (len(here) - 1 - shared) + there[shared:])


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


def anchors(handbook: Handbook) -> dict[str, set[str]]:
    """The anchors that pages of stories, guides and questions to ask offer, by their source."""
    found: dict[str, set[str]] = {}
    for told in handbook.stories:
        own = {section.id for section in told.sections} | {"links"}
        found[told.path] = own.union(*map(_ids, told.proses()))
    for advice in handbook.guides:
        found[advice.path] = _ids(advice.body)
    for source in ("to-ask", "to-ask.yml", "to-ask.yaml"):
        found[source] = {audience.id for audience in handbook.audiences}
    return found


def _ids(prose: Prose) -> set[str]:
    return {ident for part in prose.parts if isinstance(part, str) for ident in _ID.findall(part)}
