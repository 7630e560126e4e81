"""Arguments, printing and exit codes: 0 clean, 1 faults, 2 usage."""

import argparse
import os
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

import msgspec

from starbook import site
from starbook.desk import count
from starbook.environment import run_tests
from starbook.problem import Problem, Severity, has_errors

ROOT = Path(__file__).resolve().parent.parent
# A build that is over before one looks up needs no bar.
_PATIENCE = 2.0
_BAR = 30


def main(argv: Sequence[str]) -> int:
    """Run one command and return the exit code."""
    if argv[:1] == ["test"]:
        return run_tests(list(argv[1:]))
    args = _parser().parse_args(_with_command(argv))
    return _COMMANDS[args.command](args)


def _with_command(argv: Sequence[str]) -> list[str]:
    """Without a command it is `build` that options are for."""
    if argv and (not argv[0].startswith("-") or argv[0] in ("-h", "--help")):
        return list(argv)
    return ["build", *argv]


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--content", type=Path, default=ROOT / "content", metavar="DIR",
        help="the folder with your handbook (default: content/)",
    )  # fmt: skip
    parser = argparse.ArgumentParser(
        prog="build.py",
        description="Starbook: your stories in, a handbook for the interview out.",
        epilog="Without a command it builds. Exit code: 0 clean, 1 faults, 2 usage.",
    )
    commands = parser.add_subparsers(dest="command", title="commands", metavar="COMMAND")
    build = commands.add_parser("build", parents=[common], help="build the site (the default)")
    build.add_argument(
        "--out", type=Path, default=ROOT / "site", metavar="DIR", help="where to (default: site/)"
    )
    build.add_argument(
        "--layouts", type=Path, default=ROOT / "layouts", metavar="DIR",
        help="the folder with the templates (default: layouts/)",
    )  # fmt: skip
    check = commands.add_parser("check", parents=[common], help="say what is wrong, build nothing")
    check.add_argument(
        "--format", choices=["text", "json"], default="text", help="how to say it (default: text)"
    )
    commands.add_parser("test", help="run the tests; what follows goes to pytest")
    return parser


def _build(args: argparse.Namespace) -> int:
    print(f"Content: {_shown(args.content)}")
    outcome = site.build(args.content, args.layouts, args.out, _Bar(sys.stderr))
    _print_problems(outcome.problems, sys.stderr)
    if outcome.failed:
        kept = " The last good site is untouched." if args.out.exists() else ""
        print(f"Nothing was built: {_tally(outcome.problems)}.{kept}", file=sys.stderr)
        return 1
    print(_summary(outcome, args.out))
    return 0


def _summary(outcome: site.Outcome, out: Path) -> str:
    book = outcome.handbook
    stories = count(len(book.stories), "story", "stories")
    questions = count(len(book.questions), "question")
    made = f"{count(outcome.pages, 'page')} in {outcome.seconds:.2f} s"
    changes = f"{count(outcome.changed, 'file')} changed"
    if outcome.removed:
        changes += f", {outcome.removed} removed"
    warnings = f" {_tally(outcome.problems).capitalize()}." if outcome.problems else ""
    start = _shown(out / "index.html")
    return f"Built {stories} and {questions}: {made}, {changes}.{warnings}\nOpen {start}"


def _check(args: argparse.Namespace) -> int:
    _, problems = site.examine(args.content)
    if args.format == "json":
        print(msgspec.json.format(msgspec.json.encode(problems), indent=2).decode())
    else:
        print(f"Content: {_shown(args.content)}")
        _print_problems(problems, sys.stdout)
        print(f"{_tally(problems).capitalize()}." if problems else "No problems.")
    return 1 if has_errors(problems) else 0


_COMMANDS = {"build": _build, "check": _check}


def _shown(path: Path) -> str:
    """A path as short as it can be typed from here."""
    relative = os.path.relpath(path)
    return relative if len(relative) < len(str(path)) else str(path)


def _tally(problems: Iterable[Problem]) -> str:
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    warnings = sum(problem.severity is Severity.WARNING for problem in problems)
    parts = [count(errors, "error")] if errors else []
    return ", ".join(parts + ([count(warnings, "warning")] if warnings else []))


def _print_problems(problems: Iterable[Problem], stream: TextIO) -> None:
    colour = stream.isatty() and not os.environ.get("NO_COLOR")
    for problem in problems:
        print(_coloured(problem) if colour else problem, file=stream)


def _coloured(problem: Problem) -> str:
    """The same words; the place bold, a message red or yellow, the rule faint."""
    hue = "31" if problem.severity is Severity.ERROR else "33"
    place = f"{problem.path}:{problem.line}" if problem.line else problem.path
    text = str(problem).removeprefix(f"{place}: ").removesuffix(f" [{problem.rule}]")
    message = text.removesuffix(f"; {problem.hint}") if problem.hint else text
    hint = f"; {problem.hint}" if problem.hint else ""
    rule = f"\033[2m[{problem.rule}]\033[0m"
    return f"\033[1m{place}\033[0m: \033[{hue}m{message}\033[0m{hint} {rule}"


class _Bar:
    """A progress bar on a terminal, once a build has taken more than two seconds."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.begun = time.monotonic()
        self.last = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        finished = done >= total
        if not self.stream.isatty() or now - self.begun < _PATIENCE:
            return
        if now - self.last < 0.1 and not finished:
            return
        self.last = now
        filled = _BAR * min(done, total) // max(total, 1)
        bar = "█" * filled + "·" * (_BAR - filled)
        end = "\r\033[K" if finished else ""
        print(f"\r{stage:13}{bar} {done:,} of {total:,}{end}", end="", file=self.stream, flush=True)
