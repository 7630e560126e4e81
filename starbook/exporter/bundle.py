"""The handbook, or a part of it, as one HTML file that needs no other."""

import base64
from collections.abc import Iterable, Iterator, Mapping
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
_LOCKED = "assets/locked.js"  # before those, in a file that is to be encrypted
_LAST = ("assets/ask.js", "assets/theme-switch.js")
_FOR_ASK = ("assets/search.js", "assets/search-results.js")
_FOR_PRACTICE = ("assets/told.js", "assets/recall.js", "assets/practice.js")
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
    assets = dict(database.environment.layouts.assets())
    later = dict(_scripts_of_ask(database, assets))
    before = [assets[_LOCKED]] if locked else []
    first, last = ([assets[path] for path in paths] for paths in (_FIRST, _LAST))
    whole = _join(assets, _SHEETS, before + first, last)
    parts, practised = [whole], _practice(database, assets, before + first[:1])
    if practised:
        parts.append(practised)
        later |= dict(_practice_texts(database, pictures))
    scripts = (text for part in parts for text in (part.first, part.last))
    policy = Markup(inlining.policy((part.style for part in parts), (*scripts, *later.values())))
    if practised:
        inlined, context = replace(practised, policy=policy), queries.page_context(database)
        view = bundle.bundled_practice(context, inlined, locked=locked)
        later[urls.PRACTICE] = inlining.link_inside(
            _render(database, view), urls.PRACTICE, pictures
        )
    data = tuple((path, inlining.pack(text)) for path, text in later.items())
    return replace(whole, policy=policy, data=data)


def _join(
    assets: Mapping[str, str], sheets: Iterable[str], first: Iterable[str], last: Iterable[str]
) -> views.Inlined:
    """Return style sheets and scripts, each as one; the policy is empty."""
    sheet = "".join(assets[f"assets/{name}.css"] for name in sheets)
    style = f"{sheet}@media print {{{assets['assets/print.css']}}}"
    return views.Inlined(
        Markup(), Markup(style), first=Markup("".join(first)), last=Markup("".join(last))
    )


def _scripts_of_ask(database: Database, assets: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what Ask reads, by the path on the site."""
    yield urls.SCRIPT_TEXTS, queries.script_texts(database).decode()
    yield urls.SEARCH_INDEX, queries.search_index(database).decode()
    yield from ((path, assets[path]) for path in _FOR_ASK)
    for number in range(queries.shard_count(database)):
        yield urls.search_texts(number), queries.search_texts(database, str(number)).decode()


# Practice: the page of the site as a document of its own, which the file shows in a frame


def _practice(
    database: Database, assets: Mapping[str, str], first: Iterable[str]
) -> views.Inlined | None:
    """Return the style and scripts of practice, if there are stories to practise."""
    if not queries.ids(database, "story"):
        return None
    last = [assets[path] for path in (*_LAST, *_FOR_PRACTICE)]
    last.insert(1, queries.script_texts(database).decode())
    last.append(queries.practice_index(database).decode())
    return _join(assets, _PRACTICE_SHEETS, first, last)


def _practice_texts(database: Database, pictures: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the texts of stories that practice reads; links in them are words."""
    context = queries.page_context(database)
    for number in range(queries.practice_shard_count(database)):
        rows = [
            inlining.unlink_dead(
                inlining.link_inside(
                    queries.practice_story(database, ident).decode(), urls.PRACTICE, pictures
                ),
                frozenset(),
            )
            for ident in practice.shard(context, number)
        ]
        version = queries.practice_version(database, str(number))
        yield (
            urls.practice_texts(number),
            export.script("practice.texts", number, version, rows),
        )


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
