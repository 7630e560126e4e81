"""Loader: from the bytes of a content file to what it says, and what is wrong with it."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, TypeVar

import msgspec

from starbook import urls
from starbook.content import (
    comments,
    files,
    images,
    labels,
    markdown,
    metrics,
    readiness,
    schema,
    sections,
)
from starbook.content import yaml_nodes as yaml
from starbook.content.folder import LISTS, Source
from starbook.content.places import places
from starbook.content.properties import Properties
from starbook.model import (
    Answer,
    Audience,
    Deck,
    Guide,
    Handbook,
    Interview,
    Labels,
    Level,
    Question,
    Ref,
    Settings,
    Story,
    Telling,
    Topic,
)
from starbook.problem import Problem, Report, Severity
from starbook.text import names
from starbook.text.vocabulary import Vocabulary

_QUESTION_WORDS = 8
_LAST = 10_000  # a guide without an order stands behind those that have one

# The keys of an entry of each list, and its class. Synonyms are lists of words.
ENTRIES: dict[str, tuple[schema.Spec, type[msgspec.Struct]]] = {
    "handbook": (schema.SETTINGS, Settings),
    "categories": (schema.CATEGORY, Topic),
    "principles": (schema.PRINCIPLE, Topic),
    "questions": (schema.QUESTION, Question),
    "to-ask": (schema.AUDIENCE, Audience),
    "decks": (schema.DECK, Deck),
    "levels": (schema.LEVEL, Level),
    "interviews": (schema.INTERVIEW, Interview),
    "log": (schema.LOG_ENTRY, Telling),
}

# Those of handbook.yml come in addition.
_KNOWN = Properties()

T = TypeVar("T")


def load_story(
    source: Source,
    vocabulary: Vocabulary,
    properties: Properties = _KNOWN,
    *,
    line_breaks: bool = False,
) -> tuple[Story | None, tuple[Problem, ...]]:
    """Return a story as it was written, its references not resolved."""
    read = partial(_story, vocabulary, properties=properties, line_breaks=line_breaks)
    return _load(source, read)


def load_guide(
    source: Source, properties: Properties = _KNOWN, *, line_breaks: bool = False
) -> tuple[Guide | None, tuple[Problem, ...]]:
    """Return a guide."""
    return _load(source, partial(_guide, properties, line_breaks))


def load_answer(
    source: Source, properties: Properties = _KNOWN, *, line_breaks: bool = False
) -> tuple[Answer | None, tuple[Problem, ...]]:
    """Return a prepared answer that has a file of its own; it may do without front matter."""
    return _load(source, partial(_answer_file, properties, line_breaks))


def load_lists(
    sources: Mapping[str, Iterable[Source]],
) -> tuple[Handbook, tuple[Problem, ...]]:
    """Return the settings and all lists, by the name of each list; there are no stories in it."""
    lists: dict[str, tuple[Any, ...]] = {}
    problems: list[Problem] = []
    for name in ("handbook", *LISTS):
        lists[name] = ()
        for source in sources.get(name, ()):
            settings = next(iter(lists["handbook"]), Settings())
            entries, faults = _load(source, partial(_entries, name, settings))
            lists[name] += entries or ()
            problems += faults
    handbook = Handbook(
        settings=lists["handbook"][0] if lists["handbook"] else Settings(),
        questions=_with_ids(lists["questions"]),
        categories=lists["categories"],
        principles=lists["principles"],
        audiences=lists["to-ask"],
        decks=lists["decks"],
        levels=lists["levels"],
        interviews=lists["interviews"],
        log=lists["log"],
        synonyms=lists["synonyms"],
    )
    return handbook, tuple(problems)


def load_labels(sources: Iterable[Source]) -> tuple[Labels, tuple[Problem, ...]]:
    """Return the person's own words, and what is wrong with them."""
    read = [(source, *_load(source, _labels)) for source in sources]
    faults = tuple(problem for _, _, problems in read for problem in problems)
    own, conflicts = labels.join((source.path, values or {}) for source, values, _ in read)
    return own, (*faults, *conflicts)


def _labels(source: Source, text: str, report: Report) -> dict[str, Any] | None:
    node = yaml.parse(text, report)
    return schema.read(node, schema.LABELS, report) if node else None


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
        is_svg = source.path.lower().endswith((".svg", ".svgz"))
        return "", images.IS_SVG if is_svg else str(error), source.problems
    return name, "", source.problems


def picture_data(source: Source) -> bytes:
    """Return a picture as the site has it: without metadata."""
    return images.strip_metadata(source.data or b"")


def picture_problem(path: str, fault: str, shown_in: str, line: int) -> Problem:
    """Return what is wrong with a picture that the file `shown_in` shows on this line."""
    message, hint = f"the image `{path}` {fault}", "save it as PNG, JPEG or WebP"
    if fault == images.IS_SVG:
        message += ", and is left out"
        return Problem(shown_in, line, message, hint, "svg", Severity.WARNING)
    return Problem(shown_in, line, message, hint, "image")


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


def _story(
    vocabulary: Vocabulary,
    source: Source,
    text: str,
    report: Report,
    *,
    properties: Properties,
    line_breaks: bool,
) -> Story | None:
    spec, is_foreign = schema.STORY, properties.in_stories
    values, body, line = _front_matter(source, text, spec, report, is_foreign)
    if values is None:
        return None
    values["figures"] = values.pop("metrics", ())
    if level := values.get("level"):
        values |= {"level": level.text, "level_line": level.line}
    title = values["title"]
    opening, parts = sections.parse(body, line, title, vocabulary, report, line_breaks=line_breaks)
    story = Story(path=source.path, opening=opening, sections=parts, body_line=line, **values)
    return metrics.with_found(readiness.settled(story))


def _guide(
    properties: Properties, line_breaks: bool, source: Source, text: str, report: Report
) -> Guide | None:
    spec, is_foreign = schema.GUIDE, properties.in_guides
    values, body, line = _front_matter(source, text, spec, report, is_foreign)
    if values is None:
        return None
    blocks = markdown.parse(body, line, report, line_breaks=line_breaks)
    rendered = markdown.render(blocks, top=2)
    headings = markdown.collect_headings(blocks)
    values.setdefault("order", _LAST)
    return Guide(path=source.path, body=rendered, headings=headings, **values)


def _answer_file(
    properties: Properties, line_breaks: bool, source: Source, text: str, report: Report
) -> Answer | None:
    written = schema.WrittenAnswer(schema.Markdown(text, 1))
    if yaml.has_front_matter(text):
        spec, is_foreign = schema.ANSWER, properties.in_guides
        values, body, line = _front_matter(source, text, spec, report, is_foreign)
        if values is None:
            return None
        plan = values.get("publish", False), values.get("seconds", 0)
        written = schema.WrittenAnswer(schema.Markdown(body, line), *plan)
    else:
        comments.report(comments.hide(text), 1, report)
    return _answer(report, written, line_breaks=line_breaks)


def _answer(report: Report, written: schema.WrittenAnswer, *, line_breaks: bool) -> Answer:
    text, line = written.text.text, written.text.line
    body, notes, footnotes = sections.parse_answer(text, line, report, line_breaks=line_breaks)
    line += len(text) - len(text.lstrip("\n"))
    answer = Answer(report.path, line, body, notes, footnotes, written.publish, written.seconds)
    holes = [hole for prose in answer.proses() for hole in readiness.blanks_in(prose.text)]
    return msgspec.structs.replace(answer, holes=tuple(holes))


def _front_matter(
    source: Source,
    text: str,
    spec: schema.Spec,
    report: Report,
    is_foreign: Callable[[str], bool],
) -> tuple[dict[str, Any] | None, str, int]:
    """Return the values of the front matter, or None; the body; and the line it starts on."""
    node, body, line = yaml.parse_front_matter(text, report)
    comments.report(comments.hide(body), line, report)
    values = schema.read(node, spec, report, is_foreign) if node else None
    if values is not None:
        values.setdefault("id", names.slug(source.stem))
    return values, body, line


def _entries(
    name: str, settings: Settings, source: Source, text: str, report: Report
) -> tuple[Any, ...]:
    """Return the entries in a file of the list `name`; all faults of the file are reported."""
    node = yaml.parse(text, report)
    if node is None:
        return ()
    items: tuple[yaml.Node, ...] = (node,)
    # The settings are one mapping, no list, and so may the file of an interview be.
    alone = name == "interviews" and isinstance(node, yaml.Mapping)
    if name != "handbook" and not alone:
        if not isinstance(node, yaml.Sequence):
            report.error(node.line, "type", "expected a list", "begin each entry with `- `")
            return ()
        items = tuple(item for item in node.items if not yaml.is_comment(item))
    entries = [_entry(name, settings, item, report) for item in items]
    if name == "questions":
        placed = zip(entries, places(text, items), strict=True)
        entries = [one and msgspec.structs.replace(one, place=place) for one, place in placed]
    if alone and entries[0] and not entries[0].id:
        entries = [msgspec.structs.replace(entries[0], id=names.slug(source.stem))]
    elif name == "interviews":
        entries = [one and _with_own_id(one) for one in entries]
    return tuple(entry for entry in entries if entry is not None)


def _entry(name: str, settings: Settings, node: yaml.Node, report: Report) -> Any:
    """Return an entry of the list `name`, or None after reporting what is wrong with it."""
    if name == "synonyms":
        return schema.words(node, report)
    spec, kind = ENTRIES[name]
    values = schema.read(node, spec, report)
    if values is None:
        return None
    if kind is Settings:
        return Settings(**values)
    if kind in (Topic, Level):
        values.setdefault("id", names.slug(values["name"]))
    elif kind is Interview:
        values.setdefault("id", "")  # see `_entries`
        values["date"], values["zone"] = values.get("date", ("", ""))
    elif kind is Audience:
        values["id"] = names.slug(values["audience"]) or "audience"
    elif kind is Question:
        values.setdefault("id", "")  # see `_with_ids`
        if notes := values.get("notes"):
            blocks = markdown.parse(
                notes.text, notes.line, report, line_breaks=settings.line_breaks
            )
            values["notes"] = markdown.render(blocks)
        answer = values.pop("answer", None)
        if isinstance(answer, Ref):
            values["answer_file"] = answer
        elif answer:
            values["answer"] = _answer(report, answer, line_breaks=settings.line_breaks)
    return kind(path=report.path, line=node.line, **values)


def _with_own_id(interview: Interview) -> Interview:
    """Give an interview without an id, in a list of several, that of its company and role."""
    ident = interview.id or names.slug(interview.title)
    return msgspec.structs.replace(interview, id=ident)


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
