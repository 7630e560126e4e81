"""Loader: from the bytes of a content file to what it says, and what is wrong with it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

import msgspec

from starbook import urls
from starbook.content import files, images, markdown, metrics, schema, sections
from starbook.content import yaml_nodes as yaml
from starbook.content.folder import LISTS, Source
from starbook.model import (
    Audience,
    Deck,
    Guide,
    Handbook,
    Question,
    Settings,
    Story,
    Topic,
)
from starbook.problem import Problem, Report
from starbook.text import names

_QUESTION_WORDS = 8
_LAST = 10_000  # a guide without an order stands behind those that have one

T = TypeVar("T")


def load_story(source: Source) -> tuple[Story | None, tuple[Problem, ...]]:
    """Return a story as it was written, its references not resolved."""
    return _load(source, _story)


def load_guide(source: Source) -> tuple[Guide | None, tuple[Problem, ...]]:
    """Return a guide."""
    return _load(source, _guide)


def load_lists(
    sources: Mapping[str, Iterable[Source]],
) -> tuple[Handbook, tuple[Problem, ...]]:
    """Return the settings and all lists, by the name of each list; there are no stories in it."""
    problems: list[Problem] = []

    def entries(name: str) -> tuple[Any, ...]:
        found: list[Any] = []
        for source in sources.get(name, ()):
            report = Report(source.path)
            found += _entries(source, _READ[name], report)
            problems.extend((*source.problems, *report.problems))
        return tuple(found)

    settings = entries("handbook")
    lists = {name: entries(name) for name in LISTS}
    handbook = Handbook(
        settings=settings[0] if settings else Settings(),
        questions=_with_ids(lists["questions"]),
        categories=lists["categories"],
        principles=lists["principles"],
        audiences=lists["to-ask"],
        decks=lists["decks"],
        synonyms=lists["synonyms"],
    )
    return handbook, tuple(problems)


def shown_pictures(handbook: Handbook) -> dict[str, tuple[str, int]]:
    """Return the paths that prose shows as pictures, each with the file and line of the first.

    Those of another host, or outside the content folder, are left to the checks.
    """
    found: dict[str, tuple[str, int]] = {}
    for source, link in handbook.links():
        if link.image and not urls.is_remote(link.target):
            target = urls.join_source(link.target, source)
            if not target.startswith(("/", "../")):
                found.setdefault(target, (source, link.line))
    return found


def load_picture(source: Source) -> tuple[str, str, tuple[Problem, ...]]:
    """Return the name of a picture on the site, or why it is none; and the faults of its file."""
    try:
        name = "" if source.data is None else images.image_name(source.data)
    except images.NotAnImageError as error:
        return "", str(error), source.problems
    return name, "", source.problems


def picture_data(source: Source) -> bytes:
    """Return a picture as the site has it: without metadata."""
    return images.strip_metadata(source.data or b"")


def picture_problem(path: str, fault: str, shown_in: str, line: int) -> Problem:
    """Return what is wrong with a picture that the file `shown_in` shows on this line."""
    message = f"the image `{path}` {fault}"
    return Problem(shown_in, line, message, "save it as PNG or JPEG", "image")


def in_guide_order(guides: Iterable[Guide]) -> tuple[Guide, ...]:
    """Return guides in the order in which they are shown."""
    return tuple(sorted(guides, key=lambda guide: (guide.order, guide.title)))


def _load(
    source: Source, read: Callable[[Source, str, Report], T | None]
) -> tuple[T | None, tuple[Problem, ...]]:
    report = Report(source.path)
    text = None if source.data is None else files.decode(source.data, report)
    value = None if text is None else read(source, text, report)
    return value, (*source.problems, *report.problems)


def _story(source: Source, text: str, report: Report) -> Story | None:
    values, body, line = _front_matter(text, schema.STORY, report)
    if values is None:
        return None
    values["figures"] = values.pop("metrics", ())
    values.setdefault("id", names.slug(source.stem))
    opening, parts = sections.parse(body, line, values["title"])
    story = Story(path=source.path, opening=opening, sections=parts, body_line=line, **values)
    return metrics.with_extracted(story)


def _guide(source: Source, text: str, report: Report) -> Guide | None:
    values, body, line = _front_matter(text, schema.GUIDE, report)
    if values is None:
        return None
    blocks = markdown.parse(body, line)
    rendered = markdown.render(blocks, top=2)
    values.setdefault("id", names.slug(source.stem))
    values.setdefault("order", _LAST)
    return Guide(
        path=source.path, body=rendered, headings=markdown.collect_headings(blocks), **values
    )


def _front_matter(
    text: str, spec: schema.Spec, report: Report
) -> tuple[dict[str, Any] | None, str, int]:
    node, body, line = yaml.parse_front_matter(text, report)
    return (schema.read(node, spec, report) if node else None), body, line


# Lists


def _entries(
    source: Source, read: Callable[[yaml.Node, Report], T | None], report: Report
) -> Iterator[T]:
    text = None if source.data is None else files.decode(source.data, report)
    node = None if text is None else yaml.parse(text, report)
    if node is None:
        return
    if read is not _settings and not isinstance(node, yaml.Sequence):
        report.error(node.line, "type", "expected a list", "begin each entry with `- `")
        return
    items = node.items if isinstance(node, yaml.Sequence) and read is not _settings else (node,)
    # All of a file are read before the first is used, so that all of its faults come out.
    yield from [entry for item in items if (entry := read(item, report)) is not None]


def _settings(node: yaml.Node, report: Report) -> Settings | None:
    values = schema.read(node, schema.SETTINGS, report)
    return None if values is None else Settings(**values)


def _question(node: yaml.Node, report: Report) -> Question | None:
    values = schema.read(node, schema.QUESTION, report)
    if values is None:
        return None
    return Question(path=report.path, line=node.line, **({"id": ""} | values))


def _with_ids(questions: tuple[Question, ...]) -> tuple[Question, ...]:
    """Give each question without an id one: its first eight words, or more to tell it apart."""
    taken = {question.id: names.key(question.question) for question in questions if question.id}
    given = {wording: ident for ident, wording in reversed(taken.items())}
    found = []
    for question in questions:
        known = given.get(names.key(question.question))  # the same one, in another file
        ident = question.id or known or _short_id(question.question, taken)
        taken.setdefault(ident, names.key(question.question))
        found.append(msgspec.structs.replace(question, id=ident))
    return tuple(found)


def _short_id(question: str, taken: Mapping[str, str]) -> str:
    """Return an id that no other question has; a question that stands twice is left to `checks`."""
    wording = names.key(question)
    for count in range(_QUESTION_WORDS, len(question.split()) + 1):
        ident = names.slug(" ".join(question.split()[:count]))
        if taken.get(ident, wording) == wording:
            return ident
    return names.slug(question)


def _category(node: yaml.Node, report: Report) -> Topic | None:
    return _topic(schema.read(node, schema.CATEGORY, report), node.line, report.path)


def _principle(node: yaml.Node, report: Report) -> Topic | None:
    return _topic(schema.read(node, schema.PRINCIPLE, report), node.line, report.path)


def _topic(values: dict[str, Any] | None, line: int, path: str) -> Topic | None:
    if values is None:
        return None
    return Topic(path=path, line=line, **({"id": names.slug(values["name"])} | values))


def _audience(node: yaml.Node, report: Report) -> Audience | None:
    values = schema.read(node, schema.AUDIENCE, report)
    if values is None:
        return None
    ident = names.slug(values["audience"]) or "audience"
    return Audience(id=ident, path=report.path, line=node.line, **values)


def _deck(node: yaml.Node, report: Report) -> Deck | None:
    values = schema.read(node, schema.DECK, report)
    return Deck(path=report.path, line=node.line, **values) if values else None


def _synonyms(node: yaml.Node, report: Report) -> tuple[str, ...] | None:
    found: tuple[str, ...] | None = schema.words(node, report)
    return found


_READ: dict[str, Callable[[yaml.Node, Report], Any]] = {
    "handbook": _settings,
    "categories": _category,
    "principles": _principle,
    "questions": _question,
    "to-ask": _audience,
    "decks": _deck,
    "synonyms": _synonyms,
}
