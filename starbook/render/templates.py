"""Templates: the Jinja environment of the layouts.

Everything is escaped unless a view says it is HTML; a misspelt name is an error.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FunctionLoader, StrictUndefined


class _Environment(Environment):
    """Views have attributes and no items, so that a misspelt one is an `AttributeError`."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an attribute; Jinja calls this for `page.title`."""
        return getattr(obj, attribute)


def environment(
    layouts: Mapping[str, bytes], folder: Path, compiled: tuple[str, str] | None = None
) -> Environment:
    """Return the templates among the layouts, by name; faults are reported for files in `folder`.

    Compiled templates are kept in a folder under names, as `compiled` says, if it does.
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
