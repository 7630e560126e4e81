"""What is wrong with a piece of content, as a value that can be sorted and shown."""

import re
from enum import StrEnum

import msgspec

# Ends of lines, what commands a terminal or turns the reading round, and halves of characters that
# no stream takes.
_UNPRINTABLE = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    """A text that a terminal shows on one line, and any stream can take."""
    return _UNPRINTABLE.sub("\ufffd", text)


class Severity(StrEnum):
    """An error stops the build, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Problem(msgspec.Struct, frozen=True, order=True):
    """One fault: where it is, what is wrong, what to do.

    `path` is relative to the person's folder or absolute, as they would type it; `line` counts
    from 1, and is 0 where the fault has no line (a missing folder).
    """

    path: str
    line: int
    message: str
    hint: str
    rule: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """`path:line: what is wrong; what to do [rule]`, on one line whatever was written."""
        place = f"{self.path}:{self.line}" if self.line else self.path
        words = f"{self.message}; {self.hint}" if self.hint else self.message
        return printable(f"{place}: {words} [{self.rule}]")


def has_errors(problems: tuple[Problem, ...]) -> bool:
    """Whether any of the problems stops a build."""
    return any(problem.severity is Severity.ERROR for problem in problems)


class Report:
    """Collects the problems of one file while it is read."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []

    def error(self, line: int, rule: str, message: str, hint: str) -> None:
        """Add a fault that stops the build."""
        self.problems.append(Problem(self.path, line, message, hint, rule))

    def warning(self, line: int, rule: str, message: str, hint: str) -> None:
        """Add a fault that does not stop the build."""
        problem = Problem(self.path, line, message, hint, rule, Severity.WARNING)
        self.problems.append(problem)
