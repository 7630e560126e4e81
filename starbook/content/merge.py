"""Merging of lists that are spread over several files: entries of one name become one entry.

It follows the check, which has to name the file in which a name stands.
"""

from typing import Any, TypeVar

import msgspec

from starbook.model import AskTopic, Audience, Choice, Handbook, Prose, Question, Ref, Topic
from starbook.text import names

E = TypeVar("E", Question, Topic, Audience, AskTopic)


def entry_name(entry: object) -> str:
    """Return the name by which entries of several files are the same one, or ""."""
    for kind, field in ((Question, "question"), (Topic, "name"), (Audience, "audience")):
        if isinstance(entry, kind):
            return names.key(getattr(entry, field))
    return names.key(entry.topic) if isinstance(entry, AskTopic) else ""


def merge_lists(handbook: Handbook) -> Handbook:
    """Return the handbook with each question, category, principle and audience once."""
    return msgspec.structs.replace(
        handbook,
        questions=_merge(handbook.questions),
        categories=_merge(handbook.categories),
        principles=_merge(handbook.principles),
        audiences=_merge(handbook.audiences),
    )


def _merge(entries: tuple[E, ...]) -> tuple[E, ...]:
    merged: dict[tuple[str, str], E] = {}
    for entry in entries:
        key = entry_name(entry), getattr(entry, "id", "")  # another id: another entry
        first = merged.get(key)
        merged[key] = _merge_two(first, entry) if first else entry
    return tuple(merged.values())


def _merge_two(first: E, second: E) -> E:
    """Join prose and lists; of any other field, keep the first value that is not empty."""
    values: dict[str, Any] = {}
    for name in first.__struct_fields__:
        one: Any = getattr(first, name)
        other: Any = getattr(second, name)
        if isinstance(one, Prose):
            values[name] = Prose((*one.parts, *other.parts), one.text + other.text)
        elif isinstance(one, tuple):
            values[name] = _join(one, other)
        else:
            values[name] = one or other
    return msgspec.structs.replace(first, **values)


def _join(one: tuple[Any, ...], other: tuple[Any, ...]) -> tuple[Any, ...]:
    if any(isinstance(item, AskTopic) for item in one):
        return _merge((*one, *other))
    known = set(map(_identity, one))
    return (*one, *(item for item in other if _identity(item) not in known))


def _identity(item: Any) -> Any:
    """Return the value that is equal for two list items that mean the same."""
    if isinstance(item, Choice):
        return _identity(item.story)
    return (item.to or item.text) if isinstance(item, Ref) else item
