"""Traversal of model values: collect all their texts and ids, or rewrite them."""

from collections.abc import Callable, Iterator
from enum import Enum
from functools import cache
from typing import Any, TypeVar, cast

import msgspec

from starbook import urls
from starbook.model import (
    Amount,
    AnswerLength,
    Callout,
    Field,
    Figure,
    Image,
    Link,
    Prose,
    Question,
    Ref,
    Settings,
    Story,
)

T = TypeVar("T")

# Fields with a name that is part of an address.
_IDS = frozenset({"id", "to"})
# Fields that no page shows: paths and names for internal use. A rewritten base URL would be another
# address.
_HIDDEN = {
    Amount: {"kind", "unit", "per", "currency"},
    AnswerLength: {"name"},
    Callout: {"kind"},
    Field: {"name"},
    Image: {"name"},
    Question: {"needs"},
    Ref: {"text"},
    Settings: {"id", "paper", "publish", "base_url", "language", "coach"},
    Story: {"coach"},
}


def _unchanged(value: T) -> T:
    return value


class Rewriter(msgspec.Struct, frozen=True):
    """Functions that rewrite plain text, ids, prose and numbers; the default is no change."""

    text: Callable[[str], str] = _unchanged
    ident: Callable[[str], str] = _unchanged
    prose: Callable[[Prose], Prose] = _unchanged
    figure: Callable[[Figure], Figure] = _unchanged

    def rewrite(self, value: T) -> T:
        """Return `value` with every text, id, prose and number in it rewritten."""
        result: Any = value
        if isinstance(value, Prose):
            result = self.prose(value)
        elif isinstance(value, Figure):
            result = self.figure(value)
        elif isinstance(value, msgspec.Struct):
            changes = {
                name: (self.ident if name in _IDS else self.rewrite)(getattr(value, name))
                for name in _shown_fields(type(value))
            }
            result = msgspec.structs.replace(value, **changes)
        elif isinstance(value, tuple):
            result = tuple(map(self.rewrite, value))
            # Texts that rewriting has made equal, such as two tags, become one.
            if result != value and all(isinstance(item, str) for item in result):
                result = tuple(dict.fromkeys(result))
        elif isinstance(value, str) and not isinstance(value, Enum):
            result = self.text(value)
        return cast("T", result)


def without_lines(value: T) -> T:
    """Return `value` with each line 0, so that it stays equal while only lines move."""
    result: Any = value
    if isinstance(value, msgspec.Struct):
        changes = {
            name: 0 if name == "line" else without_lines(getattr(value, name))
            for name in value.__struct_fields__
        }
        result = msgspec.structs.replace(value, **changes)
    elif isinstance(value, tuple):
        result = tuple(map(without_lines, value))
    return cast("T", result)


@cache
def _shown_fields(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    hidden = {"path"} | _HIDDEN.get(kind, set())
    return tuple(name for name in kind.__struct_fields__ if name not in hidden)


def leaves(value: object, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the values without parts, and prose, each with the name of its field."""
    if isinstance(value, msgspec.Struct) and not isinstance(value, Prose):
        for field in _shown_fields(type(value)):
            yield from leaves(getattr(value, field), field)
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from leaves(item, name)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, key)
    else:
        yield name, value


def texts(value: object) -> Iterator[str]:
    """Return every text and id in `value`, except prose."""
    return (leaf for _, leaf in leaves(value) if isinstance(leaf, str))


def idents(value: object) -> Iterator[str]:
    """Yield every id in `value`, including anchors in prose and in the targets of links."""
    for name, leaf in leaves(value):
        if isinstance(leaf, Prose):
            yield from urls.ids_in(leaf)
            links = (part for part in leaf.parts if isinstance(part, Link))
            yield from (link.target.partition("#")[2] for link in links)
        elif name in _IDS:
            yield leaf
