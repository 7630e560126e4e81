"""Problems as a page shows them: with the lines around each, or the way a program error took."""

import traceback
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import msgspec

from starbook.problem import Problem, Severity, printable

_AROUND = 3  # lines shown before and after the one at fault
_WIDEST = 400
_ROOT = Path(__file__).resolve().parents[2]


class Line(msgspec.Struct, frozen=True):
    """A line of a file, with its number."""

    number: int
    text: str


class Fault(msgspec.Struct, frozen=True):
    """A problem and the lines around it; `trace` is the way a program came there."""

    path: str
    line: int
    message: str
    hint: str
    rule: str
    severity: Severity
    lines: tuple[Line, ...] = ()
    trace: tuple[str, ...] = ()


def faults(problems: Iterable[Problem], folders: Iterable[Path]) -> tuple[Fault, ...]:
    """Errors first. Lines are shown of files in these folders alone."""
    inside = [folder.resolve() for folder in folders]

    @cache
    def lines(path: str) -> list[str]:
        return _lines(Path(path), inside)

    found = sorted(problems, key=lambda problem: problem.severity is not Severity.ERROR)
    return tuple(_fault(p, _around(p.line, lines(p.path)) if p.line else ()) for p in found)


def crash(error: Exception) -> tuple[Problem, Fault]:
    """What only a mistake in Starbook itself brings about: an exception that nobody expected."""
    frames = traceback.extract_tb(error.__traceback__)
    path, line = (frames[-1].filename, frames[-1].lineno or 0) if frames else ("build.py", 0)
    what = traceback.format_exception_only(error)[-1].strip()
    hint = "this is a mistake in Starbook; undo the last change, or run the command again"
    problem = Problem(_from_root(path), line, f"stumbled: {what}", hint, "internal")
    trace = (f"{_from_root(f.filename)}:{f.lineno} {f.name}: {f.line}" for f in frames)
    return problem, _fault(problem, (), tuple(map(printable, trace)))


def _fault(problem: Problem, lines: tuple[Line, ...], trace: tuple[str, ...] = ()) -> Fault:
    return Fault(
        printable(problem.path),
        problem.line,
        printable(problem.message),
        printable(problem.hint),
        problem.rule,
        problem.severity,
        lines,
        trace,
    )


def _lines(path: Path, folders: Iterable[Path]) -> list[str]:
    try:
        if not any(path.resolve().is_relative_to(folder) for folder in folders):
            return []
        # Lines are counted as when it was read: an end is \n, \r\n or \r, and nothing else.
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except (OSError, RuntimeError, ValueError):  # it is gone, a circle of links, no name at all
        return []
    return text.removesuffix("\n").split("\n")


def _around(line: int, lines: list[str]) -> tuple[Line, ...]:
    first = max(line - _AROUND, 1)
    shown = lines[first - 1 : line + _AROUND]
    return tuple(Line(first + n, _shown(text)) for n, text in enumerate(shown))


def _shown(line: str) -> str:
    line = printable(line.expandtabs(4))
    return line if len(line) <= _WIDEST else line[:_WIDEST] + "…"


def _from_root(path: str) -> str:
    try:
        return Path(path).relative_to(_ROOT).as_posix()
    except ValueError:
        return path
