"""One parse of markdown: what the rules of the parser share, and the warnings that they give."""

from typing import Any

import msgspec

from starbook.problem import Report

_KEY = "parsing"


class Parsing(msgspec.Struct):
    """The state of one parse."""

    report: Report
    first_line: int = 1
    line_breaks: bool = False

    def in_environment(self) -> dict[str, Any]:
        """Return the environment of the parser, from which its rules get this."""
        return {_KEY: self}


def current(state: Any) -> Parsing:
    """Return the parse that `state`, the state of a rule of the parser, belongs to."""
    found: Parsing = state.env[_KEY]
    return found
