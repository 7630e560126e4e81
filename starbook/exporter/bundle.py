"""The handbook, or a part of it, as one HTML file that needs no other."""

import base64
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
from markupsafe import Markup
from msgspec.structs import replace

from starbook import urls
from starbook.build import pipeline, queries
from starbook.build.database import Database
from starbook.build.queries import Environment
from starbook.model import Image
from starbook.pages import bundle, practice, print_page, views
from starbook.pages.context import PageContext
from starbook.pages.interviews import latest_first
from starbook.problem import Problem, has_errors
from starbook.render import inlining
from starbook.render.renderer import LayoutError
from starbook.search import export
from starbook.text import names

_DOCTYPE = "<!doctype html>\n"
# What every such file begins with.
MARK = f"{_DOCTYPE}<!-- Starbook bundle: private -->\n"
LOCKED_MARK = f"{_DOCTYPE}<!-- Starbook bundle: locked -->\n"
_SHEETS = ("starbook", "pages", "interview", "search-results", "bundle")
_PRACTICE_SHEETS = ("starbook", "pages", "practice")
_FIRST = ("assets/theme.js", "assets/bundle.js")
_PRACTICE_FIRST = ("assets/theme.js",)
_LOCKED = "assets/locked.js"  # before those, in a file that is to be encrypted
_LAST = ("assets/ask.js", "assets/theme-switch.js")
_PRACTICE_LAST = (
    *("assets/ask.js", urls.SCRIPT_TEXTS, "assets/theme-switch.js"),
    *("assets/told.js", "assets/recall.js", "assets/practice.js", urls.PRACTICE_INDEX),
)
# What Ask reads, and after these the texts of results.
_FOR_ASK = (
    *(urls.SCRIPT_TEXTS, urls.SEARCH_INDEX),
    *("assets/search.js", "assets/search-results.js"),
)
_TYPES = {".png": "png", ".jpg": "jpeg", ".webp": "webp"}


class ChoiceError(Exception):
    """A chosen story, deck or interview is not in the handbook; the message names the nearest."""


class Choice(msgspec.Struct, frozen=True):
    """The part of a handbook that a bundle has: all of it, if nothing is chosen."""

    stories: tuple[str, ...] = ()
    deck: str = ""
    interview: str = ""

    def __bool__(self) -> bool:
        return self != Choice()


class Bundle(msgspec.Struct, frozen=True):
    """The text of a bundle and its number of stories; with an error among the problems, none."""

    text: str = ""
    stories: int = 0
    problems: tuple[Problem, ...] = ()


def make(content: Path, layouts: Path, choice: Choice, passphrase: str = "") -> Bundle:
    """Return a bundle, or what is wrong with the content. Raise `ChoiceError`.

    With a passphrase it is encrypted.
    """
    whole = pipeline.open_database(content, layouts)
    problems = pipeline.examine(whole)
    if has_errors(problems):
        return Bundle(problems=problems)
    try:
        if whole.environment.layout_error:
            raise whole.environment.layout_error
        database, plans = whole, _plans(whole, choice)
        if choice:
            chosen = _choose(queries.page_context(whole), choice, plans)
            database = pipeline.open_database(content, layouts, chosen=chosen)
            pipeline.examine(database)
        text = _write(database, plans, locked=bool(passphrase))
        if passphrase:
            text = _lock(database, text, passphrase)
        return Bundle(text, len(queries.ids(database, "story")), problems)
    except LayoutError as error:
        return Bundle(problems=(*problems, error.problem))


# The document


def _write(database: Database, plans: dict[str, str], *, locked: bool) -> str:
    """Return the document; `plans` are those of interviews, by address."""
    pictures = {f"images/{one.name}": _data_url(database, one) for one in queries.images(database)}
    context = queries.page_context(database)
    inlined = _inlined(database, pictures, locked=locked)
    view = bundle.bundle_page(context, inlined, with_plans=bool(plans), locked=locked)
    page = _render(database, view)
    # No link stands behind the first of the data; what looks like one there is a text.
    body, *data = page.partition("<script type")
    body = inlining.link_inside(body, urls.BUNDLE, pictures)
    entries = {f"stories/{one}": _story(database, one) for one in context.data.story_ids}
    for place, parts in ((bundle.INTERVIEWS, plans), (views.PLACEHOLDER, entries)):
        inside = (
            inlining.link_inside(print_page.with_own_anchors(text, name), f"{name}.html", pictures)
            for name, text in parts.items()
        )
        body = body.replace(str(place), "".join(inside))
    body = inlining.unlink_dead(body, inlining.ids(body))
    return MARK + body.removeprefix(_DOCTYPE) + "".join(data)


def _lock(database: Database, text: str, passphrase: str) -> str:
    """Return the page that asks for the passphrase, with the document encrypted in it."""
    from starbook.exporter import sealing  # noqa: PLC0415  (its packages are optional)

    assets = dict(database.environment.layouts.assets())
    view = views.LockedPage(
        language=queries.catalogue(database).language,
        style=Markup(assets["assets/locked.css"]),
        script=Markup(assets["assets/unlock.js"]),
        sealed=sealing.seal(text, passphrase),
    )
    return LOCKED_MARK + _render(database, view).removeprefix(_DOCTYPE)


def _render(database: Database, view: views.View) -> str:
    environment: Environment = database.environment
    return environment.renderer(queries.catalogue(database)).render(view)


def _story(database: Database, ident: str) -> str:
    return _render(database, bundle.bundled_story(queries.page_context(database), ident))


def _plans(database: Database, choice: Choice) -> dict[str, str]:
    """Return the HTML of all interviews by address, or of the one that was chosen."""
    context = queries.page_context(database)
    ids = [one.id for one in latest_first(context.data.interviews)]
    if choice:
        ids = [_find_interview(context, choice.interview)] if choice.interview else []
    return {
        f"interviews/{ident}": _render(database, bundle.bundled_interview(context, ident))
        for ident in ids
    }


def _data_url(database: Database, image: Image) -> str:
    data = base64.b64encode(queries.picture_data(database, image.path)).decode()
    return f"data:image/{_TYPES[Path(image.name).suffix]};base64,{data}"


def _inlined(database: Database, pictures: dict[str, str], *, locked: bool) -> views.Inlined:
    """Return the style, the scripts, and what is read later."""
    files = _files(database)
    before = (_LOCKED,) if locked else ()
    whole = _join(files, _SHEETS, (*before, *_FIRST), _LAST)
    practised = _join(files, _PRACTICE_SHEETS, (*before, *_PRACTICE_FIRST), _PRACTICE_LAST)
    parts = (whole, practised) if queries.ids(database, "story") else (whole,)
    later = {path: files[path] for path in _FOR_ASK}
    later |= _result_texts(database) | _practice_texts(database, pictures)
    scripts = (text for part in parts for text in (part.first, part.last))
    policy = Markup(inlining.policy((part.style for part in parts), (*scripts, *later.values())))
    if practised in parts:
        page = replace(practised, policy=policy)
        later[urls.PRACTICE] = _practice(database, page, pictures, locked=locked)
    data = tuple((path, inlining.pack(text)) for path, text in later.items())
    return replace(whole, policy=policy, data=data)


def _files(database: Database) -> dict[str, str]:
    """Return the style sheets and scripts of the site by path, but not the texts in pieces."""
    made = {
        urls.SCRIPT_TEXTS: queries.script_texts(database).decode(),
        urls.SEARCH_INDEX: queries.search_index(database).decode(),
        urls.PRACTICE_INDEX: queries.practice_index(database).decode(),
    }
    return dict(database.environment.layouts.assets()) | made


def _join(
    files: Mapping[str, str], sheets: Iterable[str], first: Iterable[str], last: Iterable[str]
) -> views.Inlined:
    """Return style sheets and scripts, each as one; the policy is empty."""
    sheet = "".join(files[f"assets/{name}.css"] for name in sheets)
    style = f"{sheet}@media print {{{files['assets/print.css']}}}"
    begin, end = (Markup("".join(files[path] for path in paths)) for paths in (first, last))
    return views.Inlined(Markup(), Markup(style), begin, end)


def _result_texts(database: Database) -> dict[str, str]:
    """Return the texts of the results of Ask, by the path on the site."""
    return {
        urls.search_texts(number): queries.search_texts(database, str(number)).decode()
        for number in range(queries.shard_count(database))
    }


# Practice: the page of the site as a document of its own, which the file shows in a frame


def _practice(
    database: Database, inlined: views.Inlined, pictures: dict[str, str], *, locked: bool
) -> str:
    view = bundle.bundled_practice(queries.page_context(database), inlined, locked=locked)
    return inlining.link_inside(_render(database, view), urls.PRACTICE, pictures)


def _practice_texts(database: Database, pictures: dict[str, str]) -> dict[str, str]:
    """Return the texts of stories that practice reads, by path; links in them are words."""
    context, found = queries.page_context(database), {}
    for number in range(queries.practice_shard_count(database)):
        stories = (queries.practice_story(database, it) for it in practice.shard(context, number))
        inside = (inlining.link_inside(it.decode(), urls.PRACTICE, pictures) for it in stories)
        rows = [inlining.unlink_dead(it, frozenset()) for it in inside]
        version = queries.practice_version(database, str(number))
        path = urls.practice_texts(number)
        found[path] = export.script("practice.texts", number, version, rows)
    return found


# The choice


def _choose(context: PageContext, choice: Choice, plans: dict[str, str]) -> frozenset[str]:
    """Return the addresses of what was chosen, with the questions that its stories are told for.

    An interview has the pages that its plan names.
    """
    chosen = {f"stories/{_find_story(context, ident)}" for ident in choice.stories}
    if choice.deck:
        chosen.update(map(print_page.part_of_card, _find_deck(context, choice.deck).ids))
    for name, text in plans.items():
        chosen.update(inlining.entries_linked(text, f"{name}.html"))
        chosen.update(_lists_to_ask(context, name.partition("/")[2]))
    told = {address.removeprefix("stories/") for address in chosen}
    for question in context.data.question_ids:
        if any(link.id in told for link in context.data.chosen_for(question)):
            chosen.add(f"questions/{question}")
    return frozenset(chosen)


def _lists_to_ask(context: PageContext, interview: str) -> Iterable[str]:
    """Return the addresses of the lists of questions for the interviewers."""
    one = next(each for each in context.data.interviews if each.id == interview)
    return (f"to-ask/{each.audience.to}" for each in one.rounds if each.audience)


def _find_story(context: PageContext, ident: str) -> str:
    if ident not in context.data.story_positions:
        raise ChoiceError(names.no_story(ident, context.data.story_ids))
    return ident


def _find_deck(context: PageContext, name: str) -> views.CardSet:
    decks = {one.token: one for one in context.data.card_decks}
    known = names.index((one.token, [one.text]) for one in decks.values())
    if token := known.get(names.key(name)):
        return decks[token]
    hint = names.did_you_mean(name, [one.text for one in decks.values()], "decks.yml names them")
    raise ChoiceError(f"there is no deck `{name}`; {hint}")


def _find_interview(context: PageContext, name: str) -> str:
    entries = context.data.interviews
    found = names.called(name, {one.id: (one.title, one.company) for one in entries})
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(f"`{ident}`" for ident in found)
        raise ChoiceError(f"{len(found)} interviews are called `{name}`; name one of {ids}")
    hint = names.did_you_mean(name, [one.id for one in entries], "interviews/ has their files")
    raise ChoiceError(f"there is no interview `{name}`; {hint}")
