"""One parse of markdown: what the rules of the parser share, and the warnings that they give."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from starbook.problem import Report

_KEY = "parsing"


class Parsing(msgspec.Struct):
    """The state of one parse.

    The text starts on `first_line` of its file, and `lines` are those that its lines had before
    comments were taken out. `line` is that of the text whose inline markup is being parsed, from 0.
    `footnotes` are the labels that the text defines. `ends_section` tells from its level and words
    whether a heading ends the section before it.
    """

    report: Report
    first_line: int
    lines: Sequence[int]
    line_breaks: bool = False
    ends_section: Callable[[int, str], bool] | None = None
    line: int = 0
    footnotes: frozenset[str] = frozenset()
    in_footnote: bool = False
    has_block_tags: bool = False

    def warn(self, line: int, rule: str, message: str, hint: str) -> None:
        """Report a warning for a line of the parsed text; the same message once in a file."""
        self.report.warning_once(self.place(line), rule, message, hint)

    def place(self, line: int) -> int:
        """Return the line in the file of a line of the parsed text, which has no comments."""
        return self.lines[line] + self.first_line

    def in_environment(self) -> dict[str, Any]:
        """Return the environment of the parser, from which its rules get this."""
        return {_KEY: self}


def current(state: Any) -> Parsing:
    """Return the parse that `state`, the state of a rule of the parser, belongs to."""
    found: Parsing = state.env[_KEY]
    return found


def line_of(state: Any) -> int:
    """Return the line of the position of an inline rule, from 0."""
    return current(state).line + str(state.src).count("\n", 0, state.pos)
