"""Traversal of model values: collect all their texts and ids, or rewrite them."""

from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, TypeVar

import msgspec

from starbook import urls
from starbook.model import AnswerLength, Callout, Field, Figure, Image, Link, Prose, Ref, Settings

T = TypeVar("T")

# Fields with a name that is part of an address.
_IDS = frozenset({"id", "to"})
# Fields that no page shows: paths and names for internal use. A rewritten base URL would be another
# address.
_HIDDEN = {
    AnswerLength: frozenset({"name"}),
    Callout: frozenset({"kind"}),
    Field: frozenset({"name"}),
    Image: frozenset({"name"}),
    Ref: frozenset({"text"}),
    Settings: frozenset({"paper", "publish", "base_url"}),
}
_PATH = frozenset({"path"})


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
        result: T = self._rewrite(value)
        return result

    def _rewrite(self, value: Any) -> Any:
        if isinstance(value, Prose):
            return self.prose(value)
        if isinstance(value, Figure):
            return self.figure(value)
        if isinstance(value, msgspec.Struct):
            return self._rewrite_struct(value)
        if isinstance(value, tuple):
            return _without_new_duplicates(value, tuple(map(self._rewrite, value)))
        if isinstance(value, str) and not isinstance(value, Enum):
            return self.text(value)
        return value

    def _rewrite_struct(self, value: msgspec.Struct) -> msgspec.Struct:
        changes = {
            name: self.ident(item) if name in _IDS else self._rewrite(item)
            for name, item in _shown_fields(value)
        }
        return msgspec.structs.replace(value, **changes)


def _without_new_duplicates(old: tuple[Any, ...], new: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return `new`, without texts in it that rewriting has made equal, such as two tags."""
    if new == old or not all(isinstance(item, str) for item in new):
        return new
    return tuple(dict.fromkeys(new))


def _shown_fields(value: msgspec.Struct) -> Iterator[tuple[str, Any]]:
    hidden = _HIDDEN.get(type(value), frozenset()) | _PATH
    return ((name, getattr(value, name)) for name in value.__struct_fields__ if name not in hidden)


def texts(value: object) -> Iterator[str]:
    """Yield every text and id in `value`, except prose."""
    if isinstance(value, msgspec.Struct) and not isinstance(value, Prose):
        for _, item in _shown_fields(value):
            yield from texts(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        yield value


def idents(value: object) -> Iterator[str]:
    """Yield every id in `value`, including anchors in prose and in the targets of links."""
    if isinstance(value, Prose):
        yield from urls.ids_in(value)
        yield from (part.target.partition("#")[2] for part in value.parts if isinstance(part, Link))
    elif isinstance(value, msgspec.Struct):
        for name, item in _shown_fields(value):
            yield from [item] if name in _IDS else idents(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from idents(item)
