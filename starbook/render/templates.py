"""Templates: the Jinja environment of the layouts.

Values are escaped unless they are `Markup`, and a misspelt name is an error.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, FunctionLoader, StrictUndefined, Template
from markupsafe import escape

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


def make_environment(
    layouts: Mapping[str, bytes], folder: Path, compiled: BytecodeCache | None = None
) -> Environment:
    """Return an environment of templates with their sources in `layouts`, read from `folder`.

    Those that are in `compiled` are not compiled again.
    """

    def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        if name not in layouts:
            return None
        return layouts[name].decode(), str(folder / name), lambda: True

    return _Environment(
        loader=FunctionLoader(load),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=compiled,
    )
