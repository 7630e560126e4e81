"""Problems with the source lines around them, or with a traceback, as a page shows them."""

import os
import traceback
from collections.abc import Iterable
from pathlib import Path

import msgspec

from starbook import program
from starbook.model import Edition
from starbook.problem import Problem, Severity, printable

_CONTEXT_LINES = 3  # on each side of the line at fault
_MAX_WIDTH = 400
_ROOT = Path(__file__).resolve().parents[2]


class SourceLine(msgspec.Struct, frozen=True):
    """A line of a file, with its number."""

    number: int
    text: str


class Diagnostic(msgspec.Struct, frozen=True):
    """A problem with the source lines around it; for a crash, with a traceback instead.

    The field names are those of the JSON that `client/live.js` reads.
    """

    path: str
    line: int
    message: str
    hint: str
    rule: str
    severity: Severity
    lines: tuple[SourceLine, ...] = ()
    trace: tuple[str, ...] = ()


def diagnostics(problems: Iterable[Problem], folders: Iterable[Path]) -> tuple[Diagnostic, ...]:
    """Return a diagnostic for each problem, errors first.

    Source lines are included only for files in `folders`.
    """
    # Unlike `Path.resolve`, this raises nothing for a circle of links.
    allowed = [Path(os.path.realpath(folder)) for folder in folders]
    ordered = sorted(problems, key=lambda problem: problem.severity is not Severity.ERROR)
    paths = {problem.path for problem in ordered if problem.line}
    texts = {path: _read_lines(Path(path), allowed) for path in paths}
    return tuple(_diagnostic(p, _excerpt(p.line, texts[p.path]) if p.line else ()) for p in ordered)


def describe_crash(error: Exception) -> tuple[Problem, Diagnostic]:
    """Return the problem and the diagnostic for an exception that is a bug in Starbook."""
    frames = traceback.extract_tb(error.__traceback__)
    path, line = (frames[-1].filename, frames[-1].lineno or 0) if frames else (program.NAME, 0)
    summary = traceback.format_exception_only(error)[-1].strip()
    hint = "this is a bug in Starbook; undo the last change, or run the command again"
    problem = Problem(_shorten_path(path), line, f"internal error: {summary}", hint, "internal")
    trace = (f"{_shorten_path(f.filename)}:{f.lineno} {f.name}: {f.line}" for f in frames)
    return problem, _diagnostic(problem, (), tuple(map(printable, trace)))


def for_network(found: Iterable[Diagnostic], edition: Edition) -> tuple[Diagnostic, ...]:
    """Return what other devices may see of diagnostics: no line of a file, and no traceback.

    Where they may read the public edition alone, that is no more than that there are errors: paths
    and messages name private stories, and quote them.
    """
    if edition is Edition.PUBLIC:
        hint = "the terminal that runs `serve` says why"
        problem = Problem("The handbook", 0, "cannot be built as it was saved", hint, "not-built")
        return (_diagnostic(problem, ()),)
    return tuple(msgspec.structs.replace(one, lines=(), trace=()) for one in found)


def _diagnostic(
    problem: Problem, lines: tuple[SourceLine, ...], trace: tuple[str, ...] = ()
) -> Diagnostic:
    path, message, hint = map(printable, (problem.path, problem.message, problem.hint))
    return Diagnostic(
        path, problem.line, message, hint, problem.rule, problem.severity, lines, trace
    )


def _read_lines(path: Path, folders: Iterable[Path]) -> list[str]:
    """Return the lines of a file, or none if it is unreadable or outside `folders`."""
    try:
        if not any(path.resolve().is_relative_to(folder) for folder in folders):
            return []
        # Not splitlines(): the loader counts only \n, \r\n and \r as line ends.
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except (OSError, RuntimeError, ValueError):  # missing, a symlink loop, an invalid name
        return []
    return text.removesuffix("\n").split("\n")


def _excerpt(line: int, lines: list[str]) -> tuple[SourceLine, ...]:
    first = max(line - _CONTEXT_LINES, 1)
    shown = [printable(text.expandtabs(4)) for text in lines[first - 1 : line + _CONTEXT_LINES]]
    return tuple(
        SourceLine(number, text if len(text) <= _MAX_WIDTH else text[:_MAX_WIDTH] + "…")
        for number, text in enumerate(shown, first)
    )


def _shorten_path(path: str) -> str:
    """Return `path` relative to the program's folder, where it lies in it."""
    try:
        return Path(path).relative_to(_ROOT).as_posix()
    except ValueError:
        return path
