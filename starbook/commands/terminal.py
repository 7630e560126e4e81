"""The terminal: what commands print and ask."""

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

from starbook.commands import folders
from starbook.pages.formatting import count
from starbook.problem import Problem, Severity, printable

_BAR_DELAY = 2.0  # seconds; a short build needs no progress bar
_BAR_WIDTH = 30
_HUES = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.ADVICE: "36"}


def has_terminal() -> bool:
    """Return True if somebody can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def confirms(question: str, yes: tuple[str, ...] = ("", "y", "yes")) -> bool:
    """Ask a question on the terminal; return False where there is none."""
    if not has_terminal():
        return False
    try:
        return input(question).strip().lower() in yes
    except EOFError:
        return False


def reason(error: Exception) -> str:
    """Return why something failed, on one line."""
    if isinstance(error, OSError) and error.filename:
        return f"{shown(Path(error.filename))} cannot be written ({error.strerror})"
    return getattr(error, "strerror", None) or str(error)


def fail(message: str) -> int:
    """Print why a command stopped, and return its exit code."""
    print(message if message.endswith("?") else f"{message}.", file=sys.stderr)
    return 1


def content_line(content: Path) -> str:
    """Return the first line that commands print: which content they read."""
    is_remembered = content != folders.SAMPLE and content == folders.remembered()
    why = f" (remembered in {shown(folders.REMEMBERED)})" if is_remembered else ""
    return f"Content: {shown(content)}{why}"


def shown(path: Path) -> str:
    """Return the relative or the absolute path, whichever is shorter to type, on one line."""
    relative = os.path.relpath(path)
    return printable(relative if len(relative) < len(str(path)) else str(path))


def tally(problems: Sequence[Problem]) -> str:
    """Return `1 error, 2 warnings, 3 remarks`."""
    counted = Counter(problem.severity for problem in problems)
    nouns = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "remark"}
    return ", ".join(count(counted[one], noun) for one, noun in nouns.items() if counted[one])


def print_problems(problems: Iterable[Problem], stream: TextIO) -> None:
    """Print problems, in colour on a terminal."""
    colour = stream.isatty() and not os.environ.get("NO_COLOR")
    for problem in problems:
        print(coloured(problem) if colour else problem, file=stream)


def coloured(problem: Problem) -> str:
    """Return the text with the place in bold, the message in a colour, the rule faint.

    An error is red, a warning yellow, advice cyan.
    """
    hue = _HUES[problem.severity]
    place = f"{problem.path}:{problem.line}" if problem.line else problem.path
    text = str(problem).removeprefix(f"{place}: ").removesuffix(f" [{problem.rule}]")
    message = text.removesuffix(f"; {problem.hint}") if problem.hint else text
    hint = f"; {problem.hint}" if problem.hint else ""
    rule = f"\033[2m[{problem.rule}]\033[0m"
    return f"\033[1m{place}\033[0m: \033[{hue}m{message}\033[0m{hint} {rule}"


class ProgressBar:
    """A progress bar on a terminal, for builds that take longer than two seconds."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.begun = time.monotonic()
        self.last = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show how much of a stage is done, ten times a second."""
        now = time.monotonic()
        finished = done >= total
        if not self.stream.isatty() or now - self.begun < _BAR_DELAY:
            return
        if now - self.last < 0.1 and not finished:
            return
        self.last = now
        filled = _BAR_WIDTH * min(done, total) // max(total, 1)
        bar = "█" * filled + "·" * (_BAR_WIDTH - filled)
        end = "\r\033[K" if finished else ""
        print(f"\r{stage:13}{bar} {done:,} of {total:,}{end}", end="", file=self.stream, flush=True)


def content_option(args: argparse.Namespace) -> str:
    """Return the option that later commands need to read the same content, or ""."""
    default = folders.default_content()
    if default and os.path.realpath(args.content) == os.path.realpath(default):
        return ""
    path = shown(args.content)
    return f' --content "{path}"' if " " in path else f" --content {path}"
