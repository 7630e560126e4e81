"""From YAML to typed values: every fault of a mapping is reported, not the first alone.

A spec maps each key to the reader of its value. A reader returns the value, or None after it has
reported what is wrong.
"""

import datetime
import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from starbook.content import markdown, metrics
from starbook.content import yaml_nodes as yaml
from starbook.content.headings import SPELLINGS
from starbook.model import (
    AnswerLength,
    AskTopic,
    Choice,
    Figure,
    Kind,
    Prose,
    Redaction,
    Ref,
    Status,
)
from starbook.problem import Report
from starbook.text import names

Reader = Callable[[yaml.Node, Report], Any]

_PARTS = {
    spelling: kind
    for kind, spellings in SPELLINGS.items()
    for spelling in (*spellings, str(kind), str(kind).replace("-", "_"))
}

# A host, perhaps a port, perhaps folders: pages are put behind it as they are.
_ADDRESS = re.compile(r"https?://[\w.-]+(:\d{1,5})?(/[^\s?#\"'<>\\]*)?", re.IGNORECASE)


class Spec(msgspec.Struct, frozen=True):
    """What a mapping may hold: its name for messages, its keys and which of them it must have."""

    what: str
    keys: Mapping[str, Reader]
    required: tuple[str, ...] = ()


def read(node: yaml.Node, spec: Spec, report: Report) -> dict[str, Any] | None:
    """The values of a mapping by key, without those that are absent, empty or at fault.

    None where a required one is lacking, so that nothing can be made of it.
    """
    if not isinstance(node, yaml.Mapping):
        hint = f"write its keys, such as `{next(iter(spec.keys))}: …`"
        _wrong(node, f"a mapping for {spec.what}", hint, report)
        return None
    values: dict[str, Any] = {}
    for key, value in node.entries:
        reader = spec.keys.get(key.text)
        if reader is None:
            _unknown_key(key, spec, report)
        elif not (isinstance(value, yaml.Scalar) and value.empty):
            values[key.text] = reader(value, report)
    for name in spec.required:
        if values.get(name, "") == "":
            _lacking(name, node, spec, report)
    values = {key: value for key, value in values.items() if value not in (None, "")}
    return values if all(name in values for name in spec.required) else None


def _unknown_key(key: yaml.Scalar, spec: Spec, report: Report) -> None:
    known = ", ".join(f"`{name}`" for name in spec.keys)
    hint = names.did_you_mean(key.text, spec.keys, f"{spec.what} may have {known}")
    report.error(key.line, "unknown-key", f"unknown key `{_short(key.text)}`", hint)


def _lacking(name: str, node: yaml.Mapping, spec: Spec, report: Report) -> None:
    line = next((key.line for key, _ in node.entries if key.text == name), None)
    if line is None:
        report.error(node.line, "required", f"{spec.what} has no `{name}`", f"add `{name}: …`")
    else:
        hint = "write it behind the colon, in quotes if it begins with #"
        report.error(line, "required", f"`{name}` is empty", hint)


def _wrong(node: yaml.Node, wanted: str, hint: str, report: Report) -> None:
    if isinstance(node, yaml.Scalar):
        shown = f'"{node.text}"' if node.quoted else node.text
        found = f"`{_short(shown)}`" if shown else "nothing"
    else:
        found = "a list" if isinstance(node, yaml.Sequence) else "a mapping"
    report.error(node.line, "type", f"expected {wanted}, found {found}", hint)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:57]}…"


def text(node: yaml.Node, report: Report) -> str | None:
    """One line of words, white space folded."""
    if not isinstance(node, yaml.Scalar):
        _wrong(node, "text", "write one line of text; quote it if need be", report)
        return None
    return " ".join(node.text.split())


def flag(node: yaml.Node, report: Report) -> bool | None:
    """`true` or `false`, unquoted: what decides on publishing must not be guessed."""
    if isinstance(node, yaml.Scalar) and not node.quoted and node.text in ("true", "false"):
        return node.text == "true"
    _wrong(node, "true or false", "write it without quotes, in lower case", report)
    return None


def whole(least: int, most: int) -> Reader:
    """A whole number within bounds."""

    def reader(node: yaml.Node, report: Report) -> int | None:
        if isinstance(node, yaml.Scalar) and re.fullmatch(r"-?\d{1,9}", node.text):
            number = int(node.text)
            if least <= number <= most:
                return number
        wanted = f"a whole number from {least} to {most}"
        _wrong(node, wanted, "write a number in between, in digits", report)
        return None

    return reader


def one_of(*choices: str) -> Reader:
    """One word of a few, whatever its case."""
    by_key = {names.key(choice): choice for choice in choices}

    def reader(node: yaml.Node, report: Report) -> str | None:
        if isinstance(node, yaml.Scalar) and names.key(node.text) in by_key:
            return by_key[names.key(node.text)]
        wanted = " or ".join(f"`{choice}`" for choice in choices)
        near = names.nearest(node.text, choices) if isinstance(node, yaml.Scalar) else ""
        hint = f"did you mean `{near}`?" if near else "choose one of them"
        _wrong(node, wanted, hint, report)
        return None

    return reader


def status(node: yaml.Node, report: Report) -> Status | None:
    """`draft` or `ready`."""
    word = one_of(*Status)(node, report)
    return Status(word) if word else None


def slug(node: yaml.Node, report: Report) -> str | None:
    """An id: it becomes a file name and part of an address."""
    words = text(node, report)
    if words is None or words == names.slug(words):
        return words or None
    better = names.slug(words)
    hint = f"write `{better}`" if better else "use letters, digits and hyphens"
    _wrong(node, "an id of lower-case letters, digits and hyphens", hint, report)
    return None


def date(node: yaml.Node, report: Report) -> str | None:
    """`2024`, `2024-03` or `2024-03-01`."""
    words = text(node, report)
    if words is None:
        return None
    try:
        if re.fullmatch(r"\d{4}(-\d\d){0,2}", words):
            datetime.date.fromisoformat(words + "-01" * ((10 - len(words)) // 3))
            return words
    except ValueError:
        pass
    _wrong(node, "a date", "write it as 2024-03-01 or 2024-03", report)
    return None


def url(node: yaml.Node, report: Report) -> str | None:
    """`https://me.github.io/handbook/`, with the slash at its end that people leave out."""
    words = text(node, report)
    if words is None:
        return None
    if _ADDRESS.fullmatch(words):
        return words.rstrip("/") + "/"
    hint = "write it as https://me.github.io/handbook/"
    _wrong(node, "the address the site will have", hint, report)
    return None


def list_of(reader: Reader, what: str) -> Reader:
    """A list, each entry read by `reader`; entries at fault are left out."""

    def read_list(node: yaml.Node, report: Report) -> tuple[Any, ...] | None:
        if not isinstance(node, yaml.Sequence):
            shown = node.text if isinstance(node, yaml.Scalar) else "…"
            _wrong(node, f"a list of {what}", f"write `[{_short(shown)}]`", report)
            return None
        written = (n for n in node.items if not (isinstance(n, yaml.Scalar) and n.empty))
        values = (reader(item, report) for item in written)
        return tuple(value for value in values if value not in (None, ""))

    return read_list


words = list_of(text, "words")


def tags(node: yaml.Node, report: Report) -> tuple[str, ...] | None:
    """Words that stand once each."""
    found = words(node, report)
    return tuple(dict.fromkeys(found)) if found is not None else None


def ref(node: yaml.Node, report: Report) -> Ref | None:
    """A name of something else in the handbook."""
    name = text(node, report)
    return Ref(name, node.line) if name else None


refs = list_of(ref, "names")


def prose(node: yaml.Node, report: Report) -> Prose | None:
    """Markdown in a YAML value."""
    if not isinstance(node, yaml.Scalar):
        _wrong(node, "text", "write markdown, such as `notes: |` and lines", report)
        return None
    return markdown.render(markdown.parse(node.text, node.text_line))


def figure(node: yaml.Node, report: Report) -> Figure | None:
    """`73 → 61 %: cart abandonment`, quoted or not: unquoted, YAML reads it as a mapping."""
    if isinstance(node, yaml.Mapping) and len(node.entries) == 1:
        (key, value), *_ = node.entries
        if isinstance(value, yaml.Scalar):
            return metrics.given(f"{key.text}: {value.text}")
    words = text(node, report)
    return metrics.given(words) if words else None


def choice(node: yaml.Node, report: Report) -> Choice | None:
    """A story id, or `{story: id, note: how to tell it}`."""
    if isinstance(node, yaml.Scalar):
        story = ref(node, report)
        return Choice(story) if story else None
    values = read(node, _CHOICE, report)
    return Choice(values["story"], values.get("note", "")) if values else None


def length(node: yaml.Node, report: Report) -> AnswerLength | None:
    """`{name: 2 minutes, seconds: 120, situation: 25, task: 20, …}`."""
    values = read(node, _LENGTH, report)
    if values is None:
        return None
    sections = tuple((_PARTS[key], value) for key, value in values.items() if key in _PARTS)
    return AnswerLength(values["name"], node.line, values["seconds"], sections)


def redaction(node: yaml.Node, report: Report) -> Redaction | None:
    """`{term: Acme Payments, as: a payments company}`."""
    values = read(node, _REDACTION, report)
    if values is None:
        return None
    made = Redaction(values["term"], values["as"])
    if not any(map(str.isalnum, made.term)):
        hint = "write the name that is not to be read"
        report.error(node.line, "type", f"the term `{made.term}` has no letter or digit", hint)
    elif f" {names.key(made.term)} " in f" {names.key(made.instead)} ":
        hint = "say something else there"
        report.error(node.line, "type", f"`as` says `{made.term}` again", hint)
    return made


def ask_topic(node: yaml.Node, report: Report) -> AskTopic | None:
    """`{topic: …, questions: […]}`."""
    values = read(node, _ASK_TOPIC, report)
    return AskTopic(values["topic"], values["questions"]) if values else None


_SECONDS = whole(0, 3600)
_CHOICE = Spec("a chosen story", {"story": ref, "note": text}, ("story",))
_LENGTH = Spec(
    "an answer length",
    {"name": text, "seconds": whole(10, 3600)}
    | {str(kind).replace("-", "_"): _SECONDS for kind in Kind if kind is not Kind.OTHER},
    ("name", "seconds"),
)
_REDACTION = Spec("a redaction", {"term": text, "as": text}, ("term", "as"))
_ASK_TOPIC = Spec("a topic", {"topic": text, "questions": words}, ("topic", "questions"))

STORY = Spec(
    "a story",
    {
        "title": text,
        "id": slug,
        "headline": text,
        "categories": refs,
        "principles": refs,
        "questions": refs,
        "level": text,
        "tags": tags,
        "company": text,
        "date": date,
        "length": ref,
        "status": status,
        "publish": flag,
        "metrics": list_of(figure, "numbers"),
        "cue": words,
    },
    ("title",),
)
QUESTION = Spec(
    "a question",
    {
        "question": text,
        "id": slug,
        "also": words,
        "categories": refs,
        "principles": refs,
        "companies": tags,
        "levels": tags,
        "notes": prose,
        "stories": list_of(choice, "stories"),
    },
    ("question",),
)
CATEGORY = Spec(
    "a category",
    {"name": text, "id": slug, "aliases": tags, "about": text, "tags": tags, "asked_as": tags},
    ("name",),
)
PRINCIPLE = Spec("a principle", {**CATEGORY.keys, "set": text}, ("name",))
AUDIENCE = Spec(
    "an audience",
    {"audience": text, "topics": list_of(ask_topic, "topics")},
    ("audience", "topics"),
)
GUIDE = Spec("a guide", {"title": text, "id": slug, "order": whole(0, 9999)}, ("title",))
DECK = Spec("a deck", {"name": text, "stories": refs, "ends_with": refs}, ("name", "stories"))
SETTINGS = Spec(
    "handbook.yml",
    {
        "title": text,
        "level": text,
        "pace": whole(60, 400),
        "answer_lengths": list_of(length, "answer lengths"),
        "paper": one_of("A4", "Letter", "A5", "4x6", "3x5"),
        "base_url": url,
        "publish": list_of(one_of("questions", "guides", "to-ask", "coverage"), "kinds of page"),
        "redact": list_of(redaction, "terms"),
    },
)
