"""Every text and piece of prose of a model value: to read them all, or to say them otherwise."""

import html
import re
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, TypeVar

import msgspec

from starbook.model import (
    AnswerLength,
    Callout,
    Field,
    Figure,
    Image,
    Link,
    Prose,
    Ref,
    Settings,
)

T = TypeVar("T")

_ANCHOR = re.compile(r' id="([^"]+)"')
# Names that stand in addresses.
_IDS = frozenset({"id", "to"})
# What no page shows: where a thing was written, and words that only we understand. An address that
# said something else would be another address.
_SILENT = {
    AnswerLength: frozenset({"name"}),
    Callout: frozenset({"kind"}),
    Field: frozenset({"name"}),
    Image: frozenset({"name"}),
    Ref: frozenset({"text"}),
    Settings: frozenset({"paper", "publish", "base_url"}),
}
_PLACE = frozenset({"path"})


def _same(figure: Figure) -> Figure:
    return figure


class Rewriter(msgspec.Struct, frozen=True):
    """How to say a plain text, an id, a piece of prose and a number."""

    text: Callable[[str], str]
    ident: Callable[[str], str]
    prose: Callable[[Prose], Prose]
    figure: Callable[[Figure], Figure] = _same

    def __call__(self, value: T) -> T:
        """The same value in other words."""
        said: T = self._value(value)
        return said

    def _value(self, value: Any) -> Any:
        if isinstance(value, Prose):
            return self.prose(value)
        if isinstance(value, Figure):
            return self.figure(value)
        if isinstance(value, msgspec.Struct):
            return self._struct(value)
        if isinstance(value, tuple):
            return _once(value, tuple(map(self._value, value)))
        if isinstance(value, str) and not isinstance(value, Enum):
            return self.text(value)
        return value

    def _struct(self, value: msgspec.Struct) -> msgspec.Struct:
        said = {}
        for name in _spoken(value):
            old = getattr(value, name)
            said[name] = self.ident(old) if name in _IDS else self._value(old)
        return msgspec.structs.replace(value, **said)


def _once(before: tuple[Any, ...], said: tuple[Any, ...]) -> tuple[Any, ...]:
    """Words that have become the same in a list, such as two tags, stand there once."""
    if said == before or not all(isinstance(item, str) for item in said):
        return said
    return tuple(dict.fromkeys(said))


def _spoken(value: msgspec.Struct) -> Iterator[str]:
    silent = _SILENT.get(type(value), frozenset()) | _PLACE
    return (name for name in value.__struct_fields__ if name not in silent)


def texts(value: object) -> Iterator[str]:
    """Everything that a value says, its ids as well, apart from prose."""
    if isinstance(value, msgspec.Struct) and not isinstance(value, Prose):
        for name in _spoken(value):
            yield from texts(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        yield value


def idents(value: object) -> Iterator[str]:
    """Every id in a value, those of headings in prose and of what links lead to as well."""
    if isinstance(value, Prose):
        for part in value.parts:
            yield from _anchors(part)
    elif isinstance(value, msgspec.Struct):
        for name in _spoken(value):
            item = getattr(value, name)
            yield from [item] if name in _IDS else idents(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from idents(item)


def _anchors(part: str | Link) -> list[str]:
    if isinstance(part, Link):
        return [part.target.partition("#")[2]]
    return [html.unescape(ident) for ident in _ANCHOR.findall(part)]
