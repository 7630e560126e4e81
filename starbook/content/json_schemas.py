"""JSON Schemas of the files of a handbook, made from the fields in `schema`, for editors.

An editor sees values of YAML, where `check` sees the text that was written: a text may look like a
number or like `true`. Schema and check agree on types, required fields and choices. How a number is
spelled (`1e2`, `True`), and which names, addresses and ids there can be, is left to check.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from starbook.content import loader, schema
from starbook.content.folder import LABELS, LISTS
from starbook.content.properties import Properties
from starbook.content.schema import Reader, Spec

Json = dict[str, Any]

STORY, GUIDE, ANSWER = "story", "guide", "answer"  # schemas of front matter
_DIALECT = "http://json-schema.org/draft-07/schema#"  # the newest one that all editors read

_NOTHING: Json = {"type": "null"}
_TEXT: Json = {"type": ["string", "number", "boolean"]}
_TEXT_OR_NOTHING: Json = {"type": [*_TEXT["type"], "null"]}
_WORDS: Json = {"type": "array", "items": _TEXT_OR_NOTHING}
# Invisible signs alone are no text; see `names.is_blank`.
_INVISIBLE = r"\s\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
# Of other scripts all signs are taken; check knows which of them are letters.
_SLUG = r"\s*(?!-)(?!.*--)(?!.*-\s*$)[^\sA-Z!-,./:-@\[-`{-~]{1,80}\s*"

_YEAR = "(?!0000)[0-9]{4}"
_LEAP_YEAR = "(?:(?!0000)(?:[02468][048]|[13579][26])00|[0-9]{2}(?:0[48]|[2468][048]|[13579][26]))"
_MONTH = "(?:0[1-9]|1[0-2])"
_DAY = (
    f"(?:{_YEAR}-{_MONTH}-(?:0[1-9]|1[0-9]|2[0-8])|{_YEAR}-(?:0[13-9]|1[0-2])-(?:29|30)"
    f"|{_YEAR}-(?:0[13578]|1[02])-31|{_LEAP_YEAR}-02-29)"
)
_HOUR, _MINUTE = "(?:[01][0-9]|2[0-3])", "[0-5][0-9]"
_TIME = (
    rf"(?:[Tt]|\s+){_HOUR}:{_MINUTE}(?::{_MINUTE}(?:[.,][0-9]{{1,9}})?)?"
    rf"(?:\s*[Zz]|\s*[+-]{_HOUR}(?::?{_MINUTE})?)?"
)


def _spelled(what: str, pattern: str) -> Json:
    """Return the keywords for a text of some form; editors show `what` in place of the pattern."""
    return {"pattern": pattern, "description": what, "patternErrorMessage": f"Write {what}."}


# `0123` and `12e4` are numbers in YAML.
_FINGERPRINT: Json = {
    "type": ["string", "integer"],
    **_spelled("the four signs of a remark, such as 3f9a", r"^\s*[0-9A-Fa-f]{4}\s*$"),
    "minimum": 0,
}
# The schemas of single values and lists, by their readers.
_FORMS: dict[Reader, Json] = {
    schema.text: _TEXT,
    schema.ref: _TEXT,
    schema.lines: _TEXT,
    schema.property_name: _TEXT,
    schema.rich_text: _TEXT | {"description": "markdown"},
    schema.boolean: {"type": "boolean"},
    schema.slug: {
        "type": ["string", "integer", "boolean"],
        **_spelled("lower-case letters, digits and hyphens", f"^(?:{_SLUG}|[{_INVISIBLE}]*)$"),
        "minimum": 0,
    },
    schema.date: {
        "type": ["string", "integer"],
        **_spelled(
            "2024, 2024-03 or 2024-03-01",
            rf"^\s*(?:{_DAY}(?:{_TIME})?|{_YEAR}(?:-{_MONTH})?)\s*$",
        ),
        "minimum": 1000,
        "maximum": 9999,
    },
    schema.day: {
        "type": "string",
        **_spelled(
            "a day such as 2024-03-01, and the time zone behind it",
            rf"^\s*{_DAY},?(?:\s[\s\S]*)?$",
        ),
    },
    schema.url: {
        "type": "string",
        **_spelled(
            "an address such as https://me.github.io/handbook/",
            r"^\s*[Hh][Tt][Tt][Pp][Ss]?://",
        ),
    },
    schema.distinct_words: _WORDS,
    schema.tags: {"anyOf": [_TEXT, _WORDS], "description": "a list, or one line with commas"},
    schema.phrases: {"anyOf": [_TEXT, _WORDS], "description": "a list, or one line with commas"},
    schema.fingerprints: {"anyOf": [_FINGERPRINT, {"type": "array", "items": _FINGERPRINT}]},
    schema.scope: {
        "type": "object",
        "properties": {"publish": {"type": "boolean"}},
        "additionalProperties": _TEXT_OR_NOTHING,
        "description": "such as `{teams: 3, people: 12, money: 1.8M/year}`",
    },
    schema.expectations: {
        "type": "object",
        "additionalProperties": _TEXT_OR_NOTHING,
        "description": "such as `{teams: 2 to 4, influence: across one boundary}`",
    },
    schema.metric: {
        "anyOf": [
            _TEXT,
            {
                "type": "object",
                "additionalProperties": _TEXT_OR_NOTHING,
                "minProperties": 1,
                "maxProperties": 1,
            },
        ],
        "description": "such as `73 → 61 %: cart abandonment`",
    },
}
# Readers of mappings, and of shorter forms in place of one.
_MAPPINGS: dict[Reader, Spec] = {
    schema.answer_length: schema.ANSWER_LENGTH,
    schema.redaction: schema.REDACTION,
    schema.answered_remarks: schema.ANSWERED,
    schema.ask_topic: schema.ASK_TOPIC,
    schema.interview_round: schema.ROUND,
}
_SHORT_OR_MAPPINGS: dict[Reader, tuple[Reader, Spec]] = {
    schema.coach: (schema.style_rules, schema.COACH),
    schema.patterns: (schema.pattern_names, schema.PATTERNS),
    schema.answer: (schema.text, schema.ANSWER_OF_QUESTION),
    schema.choice: (schema.text, schema.CHOICE),
}


def all_schemas(properties: Properties) -> dict[str, Json]:
    """Return the schema of each kind of file by its name: those of the lists, and front matter."""
    forms = {name: _list_file(name) for name in ("handbook", *LISTS)}
    forms |= {
        LABELS: _or_nothing(_mapping(schema.LABELS)),
        STORY: _mapping(schema.STORY, properties.of_stories()),
        GUIDE: _mapping(schema.GUIDE, properties.of_guides()),
        ANSWER: _mapping(schema.ANSWER, properties.of_guides()),
    }
    return {name: {"$schema": _DIALECT, **form} for name, form in forms.items()}


def _list_file(name: str) -> Json:
    """Return the schema of a file of the list `name`, or of the settings."""
    if name == "synonyms":
        return _or_nothing({"type": "array", "items": _form(schema.words)})
    entry = _mapping(loader.ENTRIES[name][0])
    if name == "handbook":
        return _or_nothing(entry)
    entries = {"type": "array", "items": entry}
    # The file of an interview may have one or a list of them.
    return _or_nothing({"anyOf": [entry, entries]} if name == "interviews" else entries)


def _mapping(spec: Spec, foreign: Iterable[str] = ()) -> Json:
    """Return the schema of a mapping; keys that are `foreign` in any spelling are passed over."""
    fields = {
        key: _required(reader) if key in spec.required else _or_nothing(_form(reader))
        for key, reader in spec.keys.items()
    }
    form: Json = {"type": "object", "properties": fields, "additionalProperties": False}
    if spec.required:
        form["required"] = list(spec.required)
    if foreign:
        pattern = "|".join(sorted(map(_any_spelling, foreign)))
        form["patternProperties"] = {f"^(?:{pattern})$": True}
    return form


def _form(reader: Reader) -> Json:
    """Return the schema of what a reader takes without a fault."""
    if isinstance(reader, partial):
        return _MADE[reader.func](*reader.args)
    if reader in _MAPPINGS:
        return _mapping(_MAPPINGS[reader])
    if reader in _SHORT_OR_MAPPINGS:
        short, spec = _SHORT_OR_MAPPINGS[reader]
        return {"anyOf": [_form(short), _mapping(spec)]}
    return _FORMS[reader]


def _required(reader: Reader) -> Json:
    """Return the schema of a field that must not be empty."""
    form = _form(reader)
    if reader not in (schema.text, schema.ref):
        return form
    return {**form, "pattern": f"[^{_INVISIBLE}]", "patternErrorMessage": "It is empty."}


def _or_nothing(form: Json) -> Json:
    """Return a schema that takes nothing as well, as in `level:`."""
    if "anyOf" in form:
        return {**form, "anyOf": [*form["anyOf"], _NOTHING]}
    kinds = form["type"]
    return {**form, "type": [*([kinds] if isinstance(kinds, str) else kinds), "null"]}


def _list(reader: Reader, _: str = "") -> Json:
    return {"type": "array", "items": _or_nothing(_form(reader))}


def _one_of(by_key: Mapping[str, str]) -> Json:
    """Return the schema of some words: editors offer the first form, and take any case."""
    pattern = "|".join(map(_any_spelling, by_key))
    return {
        "anyOf": [
            {"enum": [str(choice) for choice in by_key.values()]},
            {"type": "string", "pattern": rf"^\s*(?:{pattern})\s*$"},
        ]
    }


def _integer(least: int, most: int) -> Json:
    """Return the schema of a whole number, which may stand in quotes."""
    what = f"a whole number from {least} to {most}"
    digits = f"^(?=[0-9]{{1,9}}$)0*(?:{_numbers(least, most)})$"
    kinds = ["integer", "string"]
    return {"type": kinds, "minimum": least, "maximum": most, **_spelled(what, digits)}


# Readers that were made for a field.
_MADE: dict[Any, Callable[..., Json]] = {
    schema.read_integer: _integer,
    schema.read_one_of: _one_of,
    schema.read_list: _list,
    schema.read_spec: _mapping,
}


def _numbers(least: int, most: int) -> str:
    """Return the pattern of the numbers from `least` to `most`."""
    lengths = range(len(str(least)), len(str(most)) + 1)
    ranges = (
        (max(least, 10 ** (n - 1)) if n > 1 else least, min(most, 10**n - 1)) for n in lengths
    )
    return "|".join(_digits(str(low), str(high)) for low, high in ranges)


def _digits(low: str, high: str) -> str:
    """Return the pattern of the numbers of one length from `low` to `high`."""
    if not low:
        return ""
    rest = len(low) - 1
    if low[0] == high[0]:
        return low[0] + _digits(low[1:], high[1:])
    first, last = int(low[0]), int(high[0])
    ranges = [f"{low[0]}{_digits(low[1:], '9' * rest)}"]
    if last - first > 1:
        ranges.append(f"[{first + 1}-{last - 1}]{'[0-9]' * rest}")
    ranges.append(f"{high[0]}{_digits('0' * rest, high[1:])}")
    return f"(?:{'|'.join(ranges)})"


def _any_spelling(name: str) -> str:
    """Return the pattern of a name in upper and lower case, with spaces, hyphens or underscores.

    JavaScript and Python read it in the same way.
    """
    return "".join(map(_any_case, name))


def _any_case(char: str) -> str:
    if char == " ":
        return "[ _-]+"
    cases = dict.fromkeys(form for form in (char.upper(), char.lower()) if len(form) == 1)
    if len(cases) > 1:
        return f"[{''.join(cases)}]"
    return f"\\{char}" if char in r"^$\.*+?()[]{}|/" else char
