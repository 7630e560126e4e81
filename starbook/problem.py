"""Faults of content as values that can be sorted and printed."""

import re
from enum import StrEnum

import msgspec

# Line breaks, control characters, marks that change the direction of writing, and lone surrogates,
# which no stream can encode.
_UNPRINTABLE = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    """Return `text` with each character replaced that is unsafe to print on one line."""
    return _UNPRINTABLE.sub("\ufffd", text)


class Severity(StrEnum):
    """The severity of a fault: an error stops the build, a warning does not.

    Advice is no fault: it says what an interviewer would stumble over, and changes no exit code.
    """

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


class Problem(msgspec.Struct, frozen=True, order=True):
    """A fault: its place, what is wrong, and what to do.

    `path` is relative to the working directory or absolute; `line` counts from 1, and is 0 for a
    fault without a line, such as a missing folder.
    """

    path: str
    line: int
    message: str
    hint: str
    rule: str
    severity: Severity = Severity.ERROR

    @property
    def is_error(self) -> bool:
        """True if it stops a build."""
        return self.severity is Severity.ERROR

    @property
    def text(self) -> str:
        """The fault and the hint on one line, with all characters printable."""
        return printable(f"{self.message}; {self.hint}" if self.hint else self.message)

    def __str__(self) -> str:
        """Return `path:line: error: what is wrong; what to do [rule]`, where editors find it."""
        place = f"{self.path}:{self.line}" if self.line else self.path
        return printable(f"{place}: {self.severity}: {self.text} [{self.rule}]")


def has_errors(problems: tuple[Problem, ...]) -> bool:
    """Return True if one of the problems stops the build."""
    return any(problem.is_error for problem in problems)


class Report(msgspec.Struct):
    """The faults of one file, collected while it is read."""

    path: str
    problems: list[Problem] = []
    _warned: set[str] = set()

    def error(self, line: int, rule: str, message: str, hint: str) -> None:
        """Add a fault that stops the build."""
        self.problems.append(Problem(self.path, line, message, hint, rule))

    def warning(self, line: int, rule: str, message: str, hint: str) -> None:
        """Add a fault that does not stop the build."""
        self.problems.append(Problem(self.path, line, message, hint, rule, Severity.WARNING))

    def warning_once(self, line: int, rule: str, message: str, hint: str) -> None:
        """Add such a fault, unless this file has another with the same message."""
        if message not in self._warned:
            self._warned.add(message)
            self.warning(line, rule, message, hint)
