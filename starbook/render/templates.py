"""Templates: the Jinja environment of the layouts.

Values are escaped unless they are `Markup`, and a misspelt name is an error.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FunctionLoader, StrictUndefined


class _Environment(Environment):
    """An environment without a fallback from attributes to items, so that a misspelt one fails."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an attribute of a view; Jinja calls this for `page.title`."""
        return getattr(obj, attribute)


def make_environment(
    layouts: Mapping[str, bytes], folder: Path, compiled: tuple[str, str] | None = None
) -> Environment:
    """Return an environment of templates with their sources in `layouts`, read from `folder`.

    `compiled` is the folder for compiled templates and the pattern of their names.
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
        bytecode_cache=FileSystemBytecodeCache(*compiled) if compiled else None,
    )
