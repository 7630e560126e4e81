"""Formats: the problems of a check as the lines and files that other programs read."""

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

import starbook
from starbook.problem import Problem, Severity, printable

CHOICES = ("text", "json", "github", "sarif")

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "notice"}
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "note"}
_HELP = "docs/FORMAT.md and docs/COACH.md of Starbook describe the rules."


def root() -> Path:
    """Return the folder that places count from: the checkout of a workflow, or the current one."""
    return Path(os.path.realpath(os.environ.get("GITHUB_WORKSPACE") or Path.cwd()))


def as_json(problems: Sequence[Problem]) -> str:
    """Return problems as a list of objects."""
    return msgspec.json.format(msgspec.json.encode(problems), indent=2).decode()


def as_github(problem: Problem, base: Path) -> str:
    """Return the workflow command by which GitHub shows a problem at its line.

    The escapes are those of https://docs.github.com/en/actions/reference/workflow-commands.
    """
    path, line = printable(_place(problem, base).as_posix()), str(problem.line or "")
    values = {"file": path, "line": line, "title": problem.rule}
    properties = ",".join(f"{key}={_escape_property(one)}" for key, one in values.items() if one)
    return f"::{_COMMANDS[problem.severity]} {properties}::{_escape(problem.text)}"


def as_sarif(problems: Iterable[Problem], base: Path) -> str:
    """Return problems as a file of SARIF 2.1.0, for code scanning."""
    listed = list(problems)
    rules = sorted({problem.rule: problem.severity for problem in listed}.items())
    numbers = {rule: number for number, (rule, _) in enumerate(rules)}
    driver = {
        "name": "Starbook",
        "version": starbook.__version__,
        "rules": [_sarif_rule(rule, severity) for rule, severity in rules],
    }
    results = [_sarif_result(problem, numbers[problem.rule], base) for problem in listed]
    file = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }
    return json.dumps(file, indent=2)  # in ASCII, as a terminal may have any encoding


def _sarif_rule(rule: str, severity: Severity) -> dict[str, Any]:
    name = rule.replace("-", " ").capitalize()
    return {
        "id": rule,
        "shortDescription": {"text": name},
        "fullDescription": {"text": name},
        "help": {"text": _HELP},
        "defaultConfiguration": {"level": _LEVELS[severity]},
    }


def _sarif_result(problem: Problem, rule_number: int, base: Path) -> dict[str, Any]:
    path = _place(problem, base)
    if path.is_absolute():
        place: dict[str, Any] = {"artifactLocation": {"uri": path.as_uri()}}
    else:
        uri = quote(os.fsencode(path.as_posix()))
        place = {"artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"}}
    if problem.line:
        place["region"] = {"startLine": problem.line}
    return {
        "ruleId": problem.rule,
        "ruleIndex": rule_number,
        "level": _LEVELS[problem.severity],
        "message": {"text": problem.text},
        "locations": [{"physicalLocation": place}],
    }


def _place(problem: Problem, base: Path) -> Path:
    """Return the path of a problem from `base`, or the whole one if it lies elsewhere."""
    whole = Path(os.path.normpath(Path(problem.path).absolute()))
    return whole.relative_to(base) if whole.is_relative_to(base) else whole


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
