"""Templates: the Jinja environment of the layouts.

Values are escaped unless they are `Markup`, and a misspelt name is an error.
"""

import re
from collections.abc import Callable, Mapping
from hashlib import sha1
from typing import Any

import msgspec
from jinja2 import BytecodeCache, Environment, FunctionLoader, StrictUndefined, Template
from markupsafe import escape

from starbook.text.catalogue import Catalogue

_SPECIAL = re.compile("[&<>\"']")


def _escape(value: object) -> str:
    """Return a value as HTML. A plain text stays a `str`: most of the time of a page went there."""
    if type(value) is str and not _SPECIAL.search(value):
        return value
    return escape(value)


class _Template(Template):
    """A template that escapes with `_escape`; the next thing that happens is that all is joined."""

    @classmethod
    def from_code(cls, *args: Any, **options: Any) -> Template:
        """Return a template; Jinja calls this with what it has compiled or loaded."""
        template = super().from_code(*args, **options)
        template.root_render_func.__globals__["escape"] = _escape
        return template


class _Environment(Environment):
    """An environment without a fallback from attributes to items, so that a misspelt one fails."""

    template_class = _Template
    getattr = staticmethod(getattr)  # type: ignore[assignment]  # called for `page.title`


class _LocalizedCache(BytecodeCache):
    """Compiled templates of one catalogue: its texts are constants in them."""

    def __init__(self, compiled: BytecodeCache, catalogue: Catalogue) -> None:
        self.load_bytecode = compiled.load_bytecode  # type: ignore[method-assign]
        self.dump_bytecode = compiled.dump_bytecode  # type: ignore[method-assign]
        self._texts = sha1(msgspec.msgpack.encode(catalogue)).hexdigest()

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return a key that differs by template, folder and texts; Jinja calls this."""
        return super().get_cache_key(f"{self._texts}|{name}", filename)


def make_environment(
    layouts: Mapping[str, bytes],
    place: Callable[[str], str],
    catalogue: Catalogue,
    compiled: BytecodeCache | None = None,
) -> Environment:
    """Return an environment of templates with their sources in `layouts`, each read from `place`.

    The filter `t` returns a text of `catalogue`; of a literal key without values, Jinja makes a
    constant. Templates that are in `compiled` are not compiled again.
    """

    def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        if name not in layouts:
            return None
        return layouts[name].decode(), place(name), lambda: True

    environment = _Environment(
        loader=FunctionLoader(load),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=compiled and _LocalizedCache(compiled, catalogue),
    )
    environment.filters["t"] = catalogue.html
    return environment
