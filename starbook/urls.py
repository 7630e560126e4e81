"""Addresses: the page of each entry, and the resolution of links between content files.

Pure functions of values; whether a page exists on disk is not looked up.
"""

import posixpath
import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from urllib.parse import urlsplit

from starbook.model import Edition, Handbook, Link, Prose, Question, Settings
from starbook.text import names

HOME = "index.html"
STORIES = "stories/index.html"
QUESTIONS = "questions/index.html"
CATEGORIES = "categories/index.html"
PRINCIPLES = "principles/index.html"
GUIDES = "guides/index.html"
COVERAGE = "coverage.html"
TO_ASK = "to-ask.html"
CARDS = "cards.html"
PRINT = "print.html"
PRACTICE = "practice.html"
COACH = "coach.html"
INTERVIEWS = "interviews/index.html"
LEVELS = "levels/index.html"
NOT_FOUND = "404.html"
# No page of a site, but a file by itself with everything in it.
BUNDLE = "handbook.html"
# What Ask reads begins with this.
SEARCH = "search-"
SEARCH_INDEX = f"{SEARCH}index.js"
SEARCH_TEXTS = f"{SEARCH}texts/"

# The texts that scripts show.
SCRIPT_TEXTS = "assets/texts.js"
# What the practice page reads begins with this.
PRACTICE_DATA = "practice-"
PRACTICE_INDEX = f"{PRACTICE_DATA}index.js"
PRACTICE_HISTORY = f"{PRACTICE_DATA}history.js"
PRACTICE_TEXTS = f"{PRACTICE_DATA}texts/"

# The kinds of pages that an edition may have.
KINDS = (
    *("stories", "questions", "categories", "principles", "coverage", "interviews", "practice"),
    *("guides", "cards", "print", "to-ask", "coach", "levels"),
)

# The path of the page of an entry, from its id.
story = "stories/{}.html".format
question = "questions/{}.html".format
category = "categories/{}.html".format
principle = "principles/{}.html".format
guide = "guides/{}.html".format
# The id of the card of an answer on cards.html, from the id of its question; and that of all.
answer_card = "answers/{}".format
ANSWER_CARDS = "answers"
interview = "interviews/{}.html".format
level = "levels/{}.html".format
# The path of a file with texts of search results, from its number.
search_texts = (SEARCH_TEXTS + "{}.js").format
# That of a file with texts of stories to practise.
practice_texts = (PRACTICE_TEXTS + "{}.js").format

# The names of sets of cards by the status of their stories.
STATUSES = ("all", "ready", "draft", "resting")

_ID = re.compile(r' id="([^"]+)"')
_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*:|[/\\\\]{2}", re.IGNORECASE)


def base(settings: Settings) -> str:
    """Return the path under which a host serves the site, for the links of 404.html."""
    return urlsplit(settings.base_url).path or "/"


def relative(page: str, target: str) -> str:
    """Return the link from one page to another, such as `../guides/b.html`."""
    return _from_folder(page.rpartition("/")[0], target)


@lru_cache(maxsize=2**14)  # most pages of a folder link to the same targets
def _from_folder(folder: str, target: str) -> str:
    if target.startswith("#"):
        return target
    here, there = folder.split("/") if folder else [], target.split("/")
    shared = 0
    while shared < len(here) and shared < len(there) - 1 and here[shared] == there[shared]:
        shared += 1
    return "/".join([".."] * (len(here) - shared) + there[shared:])


def has_pages(handbook: Handbook, kind: str) -> bool:
    """Return True if this edition has pages of `kind`, such as `questions`.

    The private edition has all kinds, with a note on an empty one; only levels are left out until
    there are some. The public edition has those that may be published, and must not show that there
    are others.
    """
    if kind == "levels":
        return bool(handbook.levels)
    if handbook.edition is Edition.PRIVATE or kind == "stories":
        return True
    if kind in ("categories", "principles"):
        return bool(getattr(handbook, kind))
    return kind in handbook.settings.publish


def deck_endings(handbook: Handbook) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what a deck may end with: the id on cards.html, and the names of each."""
    if handbook.audiences:
        yield "to-ask", ("to-ask",)
    for audience in handbook.audiences:
        yield f"to-ask/{audience.id}", (audience.audience, audience.id)
    for entry in handbook.guides:
        if has_tick_boxes(entry.body):
            yield f"guides/{entry.id}", (entry.title, entry.id)
    answered = [one for one in handbook.questions if one.answer]
    if answered:
        yield ANSWER_CARDS, (ANSWER_CARDS,)
    for one in answered:
        yield answer_card(one.id), (answer_card(one.id), one.question, one.id)


def has_tick_boxes(prose: Prose) -> bool:
    """Return True if `prose` has a task list."""
    return any(isinstance(part, str) and "task-list-item" in part for part in prose.parts)


def by_source(handbook: Handbook) -> dict[str, str]:
    """Return a mapping from the path of each content file to its page or picture on the site."""
    pages = {image.path: f"images/{image.name}" for image in handbook.images}
    pages |= {s.path: story(s.id) for s in handbook.stories}
    pages |= {g.path: guide(g.id) for g in handbook.guides}
    if has_pages(handbook, "questions"):
        pages |= {path: question(q.id) for q in handbook.questions if (path := answer_file(q))}
    pages |= {one.path: interview(one.id) for one in handbook.interviews}
    for page in (STORIES, QUESTIONS, CATEGORIES, PRINCIPLES, GUIDES, TO_ASK, INTERVIEWS, LEVELS):
        name = page.removesuffix(".html").removesuffix("/index")
        if has_pages(handbook, name):
            pages |= {name: page, f"{name}.yml": page, f"{name}.yaml": page}
    return pages


def answer_file(entry: Question) -> str:
    """Return the path of the file that only the answer to a question stands in, or ""."""
    return entry.answer.path if entry.answer and entry.answer.path != entry.path else ""


def is_remote(target: str) -> bool:
    """Return True if `target` is on another host, or a `data:` address."""
    return bool(_REMOTE.match(target))


def join_source(target: str, source: str) -> str:
    """Return the path in the content folder of a link `target` in the content file `source`."""
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
    return names.composed(joined)


def resolve(target: str, source: str, pages: dict[str, str]) -> str | None:
    """Return the page and anchor that a link in the content file `source` leads to, or None.

    `pages` is from `by_source`. A link within the same file stays `#anchor`.
    """
    path, _, anchor = names.composed(target).partition("#")
    if not path:
        return f"#{anchor}"
    joined = join_source(path, source)
    page = pages.get(joined) or pages.get(f"{joined}.md")
    return page and (f"{page}#{anchor}" if anchor else page)


def without_dead_links(
    prose: Prose, source: str, pages: dict[str, str], *, with_names: bool = False
) -> Prose:
    """Return prose of the file `source` in which links that lead nowhere are plain words.

    Where the words are the name of a file that there is, they are left out, unless `with_names`.
    """
    parts: list[str | Link] = []
    kept: list[str] = []  # of the plain text, which loses the same words
    start = 0
    markup, in_tag, unclosed, unnamed = "", False, False, False
    for part in prose.parts:
        if isinstance(part, str):
            piece = part.partition(">")[2] if in_tag else part
            in_tag = False
            if unnamed:
                piece = piece[piece.index("</a>") :]
                unnamed = False
            if unclosed and "</a>" in piece:
                piece = piece.replace("</a>", "", 1)
                unclosed = False
            markup += piece
        elif part.image or resolve(part.target, source, pages):
            parts += [markup, part]
            markup = ""
        else:
            markup = markup.removesuffix('<a href="')
            in_tag = unclosed = True
            unnamed = part.words is not None and not (with_names or part.by_name)
            if part.words and unnamed:
                kept.append(prose.text[start : part.words[0]])
                start = part.words[1]
    text = "".join([*kept, prose.text[start:]])
    return Prose((*parts, markup) if markup else tuple(parts), text)


def anchors(handbook: Handbook) -> Callable[[str], set[str] | None]:
    """Return a function that gives the anchors on the page of a content file.

    It returns None for a file whose page has no anchors to check. Few links have an anchor, so the
    anchors of a page are collected when a link first needs them.
    """
    guides = {entry.path: entry for entry in handbook.guides}
    stories = {entry.path: entry for entry in handbook.stories}
    answers = {path: q.answer for q in handbook.questions if (path := answer_file(q))}

    @cache
    def anchors_of(source: str) -> set[str] | None:
        if source in ("to-ask", "to-ask.yml", "to-ask.yaml"):
            return {audience.id for audience in handbook.audiences}
        if entry := stories.get(source):
            sections = {section.id for section in entry.sections}
            return sections.union({"links"}, *map(ids_in, entry.proses()))
        if answer := answers.get(source):
            return {"answer"}.union(*map(ids_in, answer.proses()))
        return ids_in(guides[source].body) if source in guides else None

    return anchors_of


def ids_in(prose: Prose) -> set[str]:
    """Return the ids of headings in prose."""
    return {ident for part in prose.parts if isinstance(part, str) for ident in _ID.findall(part)}
