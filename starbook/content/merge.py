"""Lists of several files as one: entries of one name in different files are one entry.

It comes after the check, which has to name the file in which a word stands.
"""

from typing import Any, TypeVar

import msgspec

from starbook.model import AskTopic, Audience, Choice, Handbook, Prose, Question, Ref, Topic
from starbook.text import names

E = TypeVar("E", Question, Topic, Audience, AskTopic)


def label(entry: object) -> str:
    """The name under which an entry of a list is the same in every file; "" where there is none."""
    for kind, field in ((Question, "question"), (Topic, "name"), (Audience, "audience")):
        if isinstance(entry, kind):
            return names.key(getattr(entry, field))
    return names.key(entry.topic) if isinstance(entry, AskTopic) else ""


def merged(handbook: Handbook) -> Handbook:
    """The handbook with each question, category, principle and audience once."""
    return msgspec.structs.replace(
        handbook,
        questions=_each_once(handbook.questions),
        categories=_each_once(handbook.categories),
        principles=_each_once(handbook.principles),
        audiences=_each_once(handbook.audiences),
    )


def _each_once(entries: tuple[E, ...]) -> tuple[E, ...]:
    found: dict[tuple[str, str], E] = {}
    for entry in entries:
        key = label(entry), getattr(entry, "id", "")  # of two ids, somebody means two
        first = found.get(key)
        found[key] = _joined(first, entry) if first else entry
    return tuple(found.values())


def _joined(first: E, second: E) -> E:
    """Lists are put together; of two other values the first that says something stays."""
    said: dict[str, Any] = {}
    for name in first.__struct_fields__:
        one: Any = getattr(first, name)
        other: Any = getattr(second, name)
        if isinstance(one, Prose):
            said[name] = Prose((*one.parts, *other.parts), one.text + other.text)
        elif isinstance(one, tuple):
            said[name] = _all_of(one, other)
        else:
            said[name] = one or other
    return msgspec.structs.replace(first, **said)


def _all_of(one: tuple[Any, ...], other: tuple[Any, ...]) -> tuple[Any, ...]:
    if any(isinstance(item, AskTopic) for item in one):
        return _each_once((*one, *other))
    known = set(map(_key, one))
    return (*one, *(item for item in other if _key(item) not in known))


def _key(item: Any) -> Any:
    """By what two items of a list are the same, wherever they stand."""
    if isinstance(item, Choice):
        return _key(item.story)
    return (item.to or item.text) if isinstance(item, Ref) else item
