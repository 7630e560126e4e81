"""Schema of the YAML mappings: nodes to typed values, with every fault reported, not just one.

A spec maps each key to the reader of its value. A reader returns the value, or None after it has
reported what is wrong.
"""

import datetime
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

import msgspec

from starbook.content import address, amounts, comments, metrics
from starbook.content import yaml_nodes as yaml
from starbook.model import (
    STYLE,
    AnswerLength,
    AskTopic,
    Choice,
    CoachRule,
    CoachSettings,
    Extent,
    Figure,
    Labels,
    Pattern,
    Patterns,
    Redaction,
    Ref,
    Round,
    Scope,
    Status,
)
from starbook.problem import Report
from starbook.text import names, vocabulary

Reader = Callable[[yaml.Node, Report], Any]

# The kinds of page that `publish` may name.
PUBLISHED = ("questions", "guides", "to-ask", "coverage", "practice")

# The keys of an answer length that set the seconds for a part.
_PARTS = {str(kind).replace("-", "_"): kind for kind in vocabulary.PARTS.values()}


# A day, and what is written behind it.
_DAY = re.compile(r"(\d{4}-\d\d-\d\d),?(?: (.*))?")
# `2024-05-01T10:30`, `2024-05-01 10:30:00.5 +02:00`, as other programs write it.
_DATE_AND_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(\s?[Zz]|\s?[+-]\d\d(:?\d\d)?)?"
)

# The name of a file with an answer, in place of the answer.
_ANSWER_FILE = re.compile(r".*\.md", re.IGNORECASE)


class Spec(msgspec.Struct, frozen=True):
    """The keys that a mapping may have, those that it must have, and its name for messages."""

    name: str
    keys: Mapping[str, Reader]
    required: tuple[str, ...] = ()


def read(
    node: yaml.Node,
    spec: Spec,
    report: Report,
    is_foreign: Callable[[str], bool] = lambda key: False,
) -> dict[str, Any] | None:
    """Read a mapping into its values by key, without those that are empty or at fault.

    Return None if a required one is missing. An unknown key that `is_foreign` is passed over.
    """
    if not isinstance(node, yaml.Mapping):
        hint = f"write its keys, such as `{next(iter(spec.keys))}: …`"
        _report_type(node, f"a mapping for {spec.name}", hint, report)
        return None
    values: dict[str, Any] = {}
    for key, value in node.entries:
        reader = spec.keys.get(key.text)
        if reader is None:
            if is_foreign(key.text):
                continue
            known = ", ".join(f"`{name}`" for name in spec.keys)
            hint = names.did_you_mean(key.text, spec.keys, f"{spec.name} may have {known}")
            report.error(key.line, "unknown-key", f"unknown key `{_shorten(key.text)}`", hint)
        elif isinstance(value, yaml.Scalar) and value.is_null:
            if key.text not in spec.required:  # else it is an error below
                _warn_if_cut(value, report)
        else:
            values[key.text] = reader(value, report)
    for name in spec.required:
        if values.get(name, "") != "":
            continue
        line = next((key.line for key, _ in node.entries if key.text == name), None)
        if line is None:
            report.error(node.line, "required", f"{spec.name} has no `{name}`", f"add `{name}: …`")
        else:
            hint = "write it behind the colon, in quotes if it begins with #"
            report.error(line, "required", f"`{name}` is empty", hint)
    values = {name: value for name, value in values.items() if value not in (None, "")}
    return values if all(name in values for name in spec.required) else None


def _report_type(node: yaml.Node, expected: str, hint: str, report: Report) -> None:
    if isinstance(node, yaml.Scalar):
        shown = f'"{node.text}"' if node.quoted else node.text
        found = f"`{_shorten(shown)}`" if shown else "nothing"
    else:
        found = "a list" if isinstance(node, yaml.Sequence) else "a mapping"
    report.error(node.line, "type", f"expected {expected}, found {found}", hint)


def _report_comments(node: yaml.Scalar, report: Report) -> None:
    comments.report(comments.hide_in_line(node.source), node.text_line, report)


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:57]}…"


def _warn_if_cut(node: yaml.Scalar, report: Report) -> None:
    if node.cut:
        whole = f"{'' if node.is_null else node.text} {node.cut}".strip()
        message = f"`{_shorten(node.cut)}` is read as a comment, and is no part of the value"
        hint = f"quote the value: {yaml.quote(_shorten(whole))}, or begin a comment with `# `"
        report.warning(node.line, "comment", message, hint)


def text(node: yaml.Node, report: Report) -> str | None:
    """Read one line of text, and fold its white space; invisible signs alone are empty."""
    if not isinstance(node, yaml.Scalar):
        hint = "write one line of text; quote it if need be"
        if isinstance(node, yaml.Mapping) and len(node.entries) == 1:
            (key, value), *_ = node.entries
            if isinstance(value, yaml.Scalar):  # `- the night: nobody came`
                hint = f"quote it: {yaml.quote(_shorten(f'{key.text}: {value.text}'))}"
        _report_type(node, "text", hint, report)
        return None
    _warn_if_cut(node, report)
    _report_comments(node, report)
    return "" if names.is_blank(node.text) else " ".join(node.text.split())


def boolean(node: yaml.Node, report: Report) -> bool | None:
    """Read `true` or `false`, unquoted: a value that decides on publishing is not guessed."""
    if isinstance(node, yaml.Scalar) and not node.quoted and node.text in ("true", "false"):
        _report_comments(node, report)
        return node.text == "true"
    _report_type(node, "true or false", "write it without quotes, in lower case", report)
    return None


def integer(least: int, most: int) -> Reader:
    """Return a reader of whole numbers from `least` to `most`."""
    return partial(read_integer, least, most)


def read_integer(least: int, most: int, node: yaml.Node, report: Report) -> int | None:
    """Read a whole number from `least` to `most`."""
    if isinstance(node, yaml.Scalar) and re.fullmatch(r"-?\d{1,9}", node.text):
        number = int(node.text)
        if least <= number <= most:
            _report_comments(node, report)
            return number
    expected = f"a whole number from {least} to {most}"
    _report_type(node, expected, "write a number in between, in digits", report)
    return None


def one_of(*choices: str) -> Reader:
    """Return a reader of one of `choices`, in upper or lower case."""
    return partial(read_one_of, {names.key(choice): choice for choice in choices})


def read_one_of(by_key: Mapping[str, str], node: yaml.Node, report: Report) -> str | None:
    """Read one of the choices, which are listed by the form in which names compare."""
    if isinstance(node, yaml.Scalar) and names.key(node.text) in by_key:
        _report_comments(node, report)
        return by_key[names.key(node.text)]
    choices = by_key.values()
    expected = " or ".join(f"`{choice}`" for choice in choices)
    near = names.nearest(node.text, choices) if isinstance(node, yaml.Scalar) else ""
    hint = f"did you mean `{near}`?" if near else "choose one of them"
    _report_type(node, expected, hint, report)
    return None


def slug(node: yaml.Node, report: Report) -> str | None:
    """Read an id, which becomes a file name and part of an address."""
    value = names.composed(text(node, report) or "")
    if not value or value == names.slug(value):
        return value or None
    better = names.slug(value)
    hint = f"write `{better}`" if better else "use letters, digits and hyphens"
    _report_type(node, "an id of lower-case letters, digits and hyphens", hint, report)
    return None


def date(node: yaml.Node, report: Report) -> str | None:
    """Read `2024`, `2024-03` or `2024-03-01`; a time behind it is left out."""
    value = text(node, report)
    if value is None:
        return None
    with suppress(ValueError):
        if match := _DATE_AND_TIME.fullmatch(value):
            datetime.datetime.fromisoformat(re.sub(r"\s(?=[+-])", "", value).upper())
            return match[1]
        if re.fullmatch(r"\d{4}(-\d\d){0,2}", value):
            datetime.date.fromisoformat(value + "-01" * ((10 - len(value)) // 3))
            return value
    _report_type(node, "a date", "write it as 2024-03-01 or 2024-03", report)
    return None


def day(node: yaml.Node, report: Report) -> tuple[str, str] | None:
    """Read `2026-12-10 Europe/London`: a day, and what is written behind it."""
    value = text(node, report)
    if value is None:
        return None
    with suppress(ValueError):
        if match := _DAY.fullmatch(value):
            datetime.date.fromisoformat(match[1])
            return match[1], match[2] or ""
    hint = "write it as 2024-03-01, with the time zone behind it"
    _report_type(node, "a day of the calendar", hint, report)
    return None


def lines(node: yaml.Node, report: Report) -> str | None:
    """Read text of several lines, each with its white space folded."""
    if not isinstance(node, yaml.Scalar):
        return text(node, report)  # which reports the fault
    _warn_if_cut(node, report)
    _report_comments(node, report)
    written = (" ".join(line.split()) for line in node.text.splitlines())
    return "\n".join(filter(None, written))


def url(node: yaml.Node, report: Report) -> str | None:
    """Read an address such as `https://me.github.io/handbook/`, and end it with a slash."""
    value = text(node, report)
    if value is None:
        return None
    try:
        return address.normalize(value)
    except address.AddressError as error:
        message = f"`{_shorten(value)}` is no address that the site can have: {error}"
        hint = "write it as https://me.github.io/handbook/"
        report.error(node.line, "type", message, hint)
        return None


def list_of(reader: Reader, entries: str) -> Reader:
    """Return a reader of lists that reads each entry with `reader` and leaves out faulty ones.

    `entries` names them in messages.
    """
    return partial(read_list, reader, entries)


def read_list(
    reader: Reader, entries: str, node: yaml.Node, report: Report
) -> tuple[Any, ...] | None:
    """Read each entry of a list with `reader`, and leave out those that are empty or at fault."""
    if not isinstance(node, yaml.Sequence):
        shown = node.text if isinstance(node, yaml.Scalar) else "…"
        _report_type(node, f"a list of {entries}", f"write `[{_shorten(shown)}]`", report)
        return None
    values = []
    for item in node.items:
        if isinstance(item, yaml.Scalar) and item.is_null:
            _warn_if_cut(item, report)
        else:
            values.append(reader(item, report))
    return tuple(value for value in values if value not in (None, ""))


words = list_of(text, "words")


def distinct_words(node: yaml.Node, report: Report) -> tuple[str, ...] | None:
    """Read a list of words, each of them once."""
    values = words(node, report)
    return tuple(dict.fromkeys(values)) if values is not None else None


def tags(node: yaml.Node, report: Report) -> tuple[str, ...] | None:
    """Read a list of tags, or one line of them: `payments, on-call` or `"#payments #on-call"`."""
    if isinstance(node, yaml.Scalar):
        line = text(node, report) or ""
        values: tuple[str, ...] | None = tuple(re.split(r",|\s(?=#)", line))
    else:
        values = words(node, report)
    if values is None:
        return None
    return tuple(dict.fromkeys(filter(None, (value.strip().lstrip("#") for value in values))))


def phrases(node: yaml.Node, report: Report) -> tuple[Ref, ...] | None:
    """Read a list of phrases with the line of each, or one line of them with commas."""
    if isinstance(node, yaml.Scalar):
        line = text(node, report) or ""
        found = tuple(Ref(" ".join(part.split()), node.line) for part in line.split(","))
    else:
        found = refs(node, report) or ()
    for phrase in found:
        if phrase.text and not names.slug(phrase.text):
            hint = "write the words as they stand in your notes"
            message = f"`{_shorten(phrase.text)}` has no letter or digit"
            report.error(phrase.line, "type", message, hint)
    return tuple(phrase for phrase in found if names.slug(phrase.text))


def phrases_by(key: str) -> Reader:
    """Return a reader of the phrases under each key that a key of labels.yml has."""
    return partial(read_spec, Spec(f"`{key}`", dict.fromkeys(vocabulary.KEYS[key], phrases)))


def read_spec(spec: Spec, node: yaml.Node, report: Report) -> dict[str, Any] | None:
    """Read a mapping into its values by key."""
    return read(node, spec, report)


def ref(node: yaml.Node, report: Report) -> Ref | str | None:
    """Read the name of another entry of the handbook; it may be empty."""
    name = text(node, report)
    return Ref(name, node.line) if name else name


refs = list_of(ref, "names")


class Markdown(msgspec.Struct, frozen=True):
    """Markdown as it was written, and the line that it starts on."""

    text: str
    line: int


def rich_text(node: yaml.Node, report: Report) -> Markdown | None:
    """Read markdown."""
    if not isinstance(node, yaml.Scalar):
        _report_type(node, "text", "write markdown, such as `notes: |` and lines", report)
        return None
    _warn_if_cut(node, report)
    comments.report(comments.hide(node.source), node.text_line, report)
    return Markdown(node.source, node.text_line)


class WrittenAnswer(msgspec.Struct, frozen=True):
    """An answer in markdown, whether it may be published, and the seconds planned, or 0."""

    text: Markdown
    publish: bool = False
    seconds: int = 0


def answer(node: yaml.Node, report: Report) -> Ref | WrittenAnswer | str | None:
    """Read an answer, or the name of its file.

    It is markdown, a mapping such as `{text: markdown, publish: true}`, or one line that ends in
    `.md`.
    """
    if isinstance(node, yaml.Mapping):
        values = read(node, ANSWER_OF_QUESTION, report)
        return WrittenAnswer(**values) if values else None
    if not isinstance(node, yaml.Scalar):
        _report_type(node, "text", "write markdown, such as `answer: |` and lines", report)
        return None
    if _ANSWER_FILE.fullmatch(node.text.strip()):
        return ref(node, report)
    written = rich_text(node, report)
    return WrittenAnswer(written) if written else None


def metric(node: yaml.Node, report: Report) -> Figure | None:
    """Read `73 → 61 %: cart abandonment`, quoted or not: unquoted, it is a mapping in YAML."""
    if isinstance(node, yaml.Mapping) and len(node.entries) == 1:
        (key, value), *_ = node.entries
        if isinstance(value, yaml.Scalar):
            _warn_if_cut(value, report)
            _report_comments(key, report)
            _report_comments(value, report)
            return metrics.parse(f"{key.text}: {value.text}")
    line = text(node, report)
    return metrics.parse(line) if line else None


def choice(node: yaml.Node, report: Report) -> Choice | None:
    """Read a story id, or `{story: id, note: how to tell it}`."""
    if isinstance(node, yaml.Scalar):
        story = ref(node, report)
        return Choice(story) if isinstance(story, Ref) else None
    values = read(node, CHOICE, report)
    return Choice(values["story"], values.get("note", "")) if values else None


def answer_length(node: yaml.Node, report: Report) -> AnswerLength | None:
    """Read `{name: 2 minutes, seconds: 120, situation: 25, task: 20, …}`."""
    values = read(node, ANSWER_LENGTH, report)
    if values is None:
        return None
    sections = tuple((_PARTS[key], value) for key, value in values.items() if key in _PARTS)
    return AnswerLength(values["name"], node.line, values["seconds"], sections)


def redaction(node: yaml.Node, report: Report) -> Redaction | None:
    """Read `{term: Acme Payments, as: a payments company, keep: [Acmeology]}`."""
    values = read(node, REDACTION, report)
    if values is None:
        return None
    value = Redaction(values["term"], values["as"], values.get("keep", ()))
    if not any(map(str.isalnum, value.term)):
        hint = "write the name that is not to be read"
        report.error(node.line, "type", f"the term `{value.term}` has no letter or digit", hint)
    elif f" {names.key(value.term)} " in f" {names.key(value.instead)} ":
        hint = "say something else there"
        report.error(node.line, "type", f"`as` says `{value.term}` again", hint)
    return value


def fingerprints(node: yaml.Node, report: Report) -> tuple[str, ...] | None:
    """Read a fingerprint that the coach prints, such as `3f9a`, or a list of them."""
    items = node.items if isinstance(node, yaml.Sequence) else (node,)
    return tuple(filter(None, (fingerprint(item, report) for item in items)))


def fingerprint(node: yaml.Node, report: Report) -> str | None:
    """Read the fingerprint of a remark of the coach."""
    value = (text(node, report) or "").lower()
    if re.fullmatch(r"[0-9a-f]{4}", value):
        return value
    hint = "copy it from the remark that it answers, such as `3f9a`"
    _report_type(node, "four digits or letters from a to f", hint, report)
    return None


def answered_remarks(node: yaml.Node, report: Report) -> tuple[tuple[str, str], ...] | None:
    """Read `{arithmetic: 3f9a}`: the remarks of the coach that were answered."""
    values = read(node, ANSWERED, report) or {}
    return tuple((rule, one) for rule, found in values.items() for one in found)


def patterns(node: yaml.Node, report: Report) -> Patterns | None:
    """Read `[ownership, scale]`, or `{ticked: [ownership, scale], publish: true}`."""
    if isinstance(node, yaml.Mapping):
        values = read(node, PATTERNS, report)
        return Patterns(**values) if values is not None else None
    ticked = pattern_names(node, report)
    return Patterns(ticked) if ticked is not None else None


def coach(node: yaml.Node, report: Report) -> CoachSettings | None:
    """Read `[style]`, or `{on: [style], off: [no-figure]}`."""
    if isinstance(node, yaml.Sequence):
        return CoachSettings(on=style_rules(node, report) or ())
    if not isinstance(node, yaml.Mapping):
        hint = "write `[style]`, or `{on: [style], off: [no-figure]}`"
        _report_type(node, "a list or a mapping", hint, report)
        return None
    values = read(node, COACH, report)
    return CoachSettings(**values) if values is not None else None


def _extent(key: yaml.Scalar, node: yaml.Node, report: Report, *, is_sure: bool) -> Extent | None:
    """Read `teams: 3`. If it is not `is_sure`, a measure of amounts may have words instead."""
    value = text(node, report)
    if not value:
        return None
    amount = amounts.parse(key.text, value)
    kind = amounts.MEASURES.get(names.key(key.text), "")
    if kind and not amount and (is_sure or any(map(str.isdecimal, value))):
        article = "an amount of money" if kind == "money" else f"a {kind}"
        message = f"`{_shorten(value)}` cannot be read as {article}"
        report.error(node.line, "amount", message, f"write it as {amounts.EXAMPLES[kind]}")
        return None
    return Extent(" ".join(key.text.split()), value, node.line, amount)


def _extents(
    node: yaml.Node, report: Report, name: str, *, is_sure: bool, skip: str = ""
) -> tuple[Extent, ...] | None:
    """Read a mapping from measures to how far somebody reaches in them."""
    if not isinstance(node, yaml.Mapping):
        _report_type(node, f"a mapping for {name}", "write `{teams: 3, people: 12}`", report)
        return None
    entries = [(key, value) for key, value in node.entries if key.text != skip]
    found = (_extent(key, value, report, is_sure=is_sure) for key, value in entries)
    return tuple(extent for extent in found if extent)


def expectations(node: yaml.Node, report: Report) -> tuple[Extent, ...] | None:
    """Read what a level expects: `{teams: 2 to 4, influence: across one boundary}`."""
    return _extents(node, report, "`expects`", is_sure=False)


def scope(node: yaml.Node, report: Report) -> Scope | None:
    """Read the scope of a story: `{teams: 3, money: 1.8M/year}`, with `publish` if it is public."""
    found = _extents(node, report, "`scope`", is_sure=True, skip="publish")
    if not isinstance(node, yaml.Mapping) or found is None:
        return None
    public = [boolean(value, report) for key, value in node.entries if key.text == "publish"]
    return Scope(found, publish=any(public))


def property_name(node: yaml.Node, report: Report) -> str | None:
    """Read the name of a property of another program, which is not one of ours."""
    name = text(node, report)
    if name in STORY.keys or name in GUIDE.keys:
        hint = "take it out of the list"
        report.error(node.line, "type", f"`{name}` is a field of stories or guides", hint)
        return None
    return name


def ask_topic(node: yaml.Node, report: Report) -> AskTopic | None:
    """Read `{topic: …, questions: […]}`."""
    values = read(node, ASK_TOPIC, report)
    return AskTopic(values["topic"], values["questions"]) if values else None


def interview_round(node: yaml.Node, report: Report) -> Round | None:
    """Read a round: `{name: Phone screen, with: Ana Silva, themes: [Ownership], …}`."""
    values = read(node, ROUND, report)
    if values is None:
        return None
    person = values.pop("with", "")
    return Round(node.line, person=person, **values)


ANSWER = Spec("an answer", {"publish": boolean, "seconds": integer(10, 3600)})
ANSWER_OF_QUESTION = Spec("an answer", {"text": rich_text, **ANSWER.keys}, ("text",))
CHOICE = Spec("a chosen story", {"story": ref, "note": text}, ("story",))
ANSWER_LENGTH = Spec(
    "an answer length",
    {"name": text, "seconds": integer(10, 3600)} | dict.fromkeys(_PARTS, integer(0, 3600)),
    ("name", "seconds"),
)
REDACTION = Spec("a redaction", {"term": text, "as": text, "keep": words}, ("term", "as"))
ANSWERED = Spec("`coach` of a story", dict.fromkeys(CoachRule, fingerprints))
style_rules = list_of(one_of("style", *STYLE), "rules on style")
COACH = Spec(
    "`coach`", {"off": list_of(one_of(*CoachRule), "rules of the coach"), "on": style_rules}
)
pattern_names = list_of(one_of(*Pattern), "patterns")
PATTERNS = Spec("`patterns`", {"ticked": pattern_names, "publish": boolean}, ("ticked",))
ASK_TOPIC = Spec("a topic", {"topic": text, "questions": words}, ("topic", "questions"))

STORY = Spec(
    "a story",
    {
        "title": text,
        "id": slug,
        "headline": text,
        "categories": refs,
        "principles": refs,
        "questions": refs,
        "level": ref,
        "tags": tags,
        "company": text,
        "date": date,
        "length": ref,
        "status": one_of(*Status),
        "publish": boolean,
        "metrics": list_of(metric, "numbers"),
        "cue": words,
        "patterns": patterns,
        "scope": scope,
        "coach": answered_remarks,
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
        "companies": distinct_words,
        "levels": distinct_words,
        "notes": rich_text,
        "needs": one_of("story", "answer"),
        "answer": answer,
        "stories": list_of(choice, "stories"),
    },
    ("question",),
)
CATEGORY = Spec(
    "a category",
    {
        "name": text,
        "id": slug,
        "aliases": distinct_words,
        "about": text,
        "tags": tags,
        "asked_as": distinct_words,
    },
    ("name",),
)
PRINCIPLE = Spec("a principle", {**CATEGORY.keys, "set": text}, ("name",))
AUDIENCE = Spec(
    "an audience",
    {"audience": text, "topics": list_of(ask_topic, "topics")},
    ("audience", "topics"),
)
GUIDE = Spec("a guide", {"title": text, "id": slug, "order": integer(0, 9999)}, ("title",))
LABELS = Spec(
    "labels.yml",
    {
        key: phrases_by(key) if key in vocabulary.KEYS else phrases
        for key in Labels.__struct_fields__
    },
)
DECK = Spec("a deck", {"name": text, "stories": refs, "ends_with": refs}, ("name", "stories"))
LEVEL = Spec(
    "a level",
    {
        "name": text,
        "id": slug,
        "aliases": distinct_words,
        "next": ref,
        "expects": expectations,
        "red_flags": distinct_words,
        "differs": distinct_words,
        "length": ref,
        "publish": boolean,
    },
    ("name",),
)
ROUND = Spec(
    "a round",
    {
        "name": text,
        "with": text,
        "audience": ref,
        "minutes": integer(5, 600),
        "starts": text,
        "themes": refs,
        "avoid": refs,
        "fixed": refs,
        "notes": lines,
    },
)
INTERVIEW = Spec(
    "an interview",
    {
        "company": text,
        "id": slug,
        "role": text,
        "date": day,
        "level": text,
        "length": ref,
        "principles": ref,
        "notes": lines,
        "rounds": list_of(interview_round, "rounds"),
    },
    ("company",),
)
LOG_ENTRY = Spec(
    "an entry of the log",
    {
        "interview": ref,
        "date": date,
        "round": ref,
        "question": ref,
        "story": ref,
        "landed": integer(1, 4),
        "notes": lines,
    },
    ("interview",),
)
SETTINGS = Spec(
    "handbook.yml",
    {
        "title": text,
        "id": slug,
        "level": text,
        "language": ref,
        "principles_of": ref,
        "pace": integer(60, 400),
        "answer_lengths": list_of(answer_length, "answer lengths"),
        "paper": one_of("A4", "Letter", "A5", "4x6", "3x5"),
        "line_breaks": boolean,
        "base_url": url,
        "publish": list_of(one_of(*PUBLISHED), "kinds of page"),
        "redact": list_of(redaction, "terms"),
        "ignore_properties": list_of(property_name, "names"),
        "coach": coach,
    },
)
