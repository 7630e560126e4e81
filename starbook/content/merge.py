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
    fields = ((Question, "question"), (Topic, "name"), (Audience, "audience"), (AskTopic, "topic"))
    for kind, field in fields:
        if isinstance(entry, kind):
            return names.key(getattr(entry, field))
    return ""


def merge_lists(handbook: Handbook) -> Handbook:
    """Return the handbook with each question, category, principle and audience once."""
    lists = ("questions", "categories", "principles", "audiences")
    merged = {name: _merge(getattr(handbook, name)) for name in lists}
    return msgspec.structs.replace(handbook, **merged)


def _merge(entries: tuple[E, ...]) -> tuple[E, ...]:
    merged: dict[tuple[str, str], E] = {}
    for entry in entries:
        key = entry_name(entry), getattr(entry, "id", "")  # another id: another entry
        first = merged.setdefault(key, entry)
        if first is not entry:
            fields = ((n, getattr(first, n), getattr(entry, n)) for n in entry.__struct_fields__)
            joined = {name: _join(one, other) for name, one, other in fields}
            merged[key] = msgspec.structs.replace(first, **joined)
    return tuple(merged.values())


def _join(one: Any, other: Any) -> Any:
    """Join prose and lists; of any other field, return the first value that is not empty."""
    if isinstance(one, Prose):
        return Prose((*one.parts, *other.parts), one.text + other.text)
    if not isinstance(one, tuple):
        return one or other
    if any(isinstance(item, AskTopic) for item in one):
        return _merge((*one, *other))
    known = set(map(_identity, one))
    return (*one, *(item for item in other if _identity(item) not in known))


def _identity(item: Any) -> Any:
    """Return the value that is equal for two list items that mean the same."""
    ref = item.story if isinstance(item, Choice) else item
    return (ref.to or ref.text) if isinstance(ref, Ref) else ref
