"""Files for editors: the schemas of a handbook, the line that names one, and tasks of VS Code.

Only files that this wrote are replaced; those of the person stay.
"""

import json
import os
import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from starbook import program
from starbook.content import files, json_schemas
from starbook.content.folder import LABELS, LISTS, SETTINGS, YAML_ENDINGS
from starbook.content.properties import Properties

SCHEMAS = ".schemas"
_TASKS = ".vscode/tasks.json"
# How a schema of ours begins. JSON has no other place for a comment.
_MARK = "Written by Starbook. `new schemas` replaces this file."
# The schema of each folder of markdown.
_FRONT_MATTER = {
    "stories": json_schemas.STORY,
    "templates": json_schemas.STORY,
    "guides": json_schemas.GUIDE,
    "answers": json_schemas.ANSWER,
}
_MODELINE = re.compile(r"^# yaml-language-server: \$schema=.*\n", re.MULTILINE)
_OPENING_FENCE = re.compile(r"-{3,}[ \t]*\n")

# The lines that `check` prints; see `Problem.__str__`. The first of these that fits a line counts.
_FILE, _REST = r"^((?:(?!: (?:error|warning|advice): ).)+?)", r"(.*) \[([a-z-]+)\]$"
_MATCHERS = (
    (rf"{_FILE}:(\d+): (error|warning): {_REST}", ("file", "line", "severity", "message", "code")),
    (rf"{_FILE}:(\d+): advice: {_REST}", ("file", "line", "message", "code")),
    (rf"{_FILE}: (error|warning): {_REST}", ("file", "severity", "message", "code")),
)


def schema_of(name: str) -> str:
    """Return the name of the schema for a file of a handbook, or "" if it has none."""
    top, _, below = name.partition("/")
    if name.endswith(".md"):
        return _FRONT_MATTER.get(top, "") if below else ""
    kind = top if below else PurePosixPath(name).stem
    is_list = kind in (*LISTS, LABELS) and name.endswith(YAML_ENDINGS)
    return kind if is_list or name == SETTINGS else ""


def modeline(name: str) -> str:
    """Return the line by which editors find the schema for a file of a handbook."""
    up = "../" * name.count("/")
    return f"# yaml-language-server: $schema={up}{SCHEMAS}/{schema_of(name)}.json\n"


def with_modeline(content: Path, name: str, text: str) -> str:
    """Return the text of a file with the line that names its schema, if the schema is there.

    In markdown the line is the first one of the front matter.
    """
    if not schema_of(name) or not (content / SCHEMAS / f"{schema_of(name)}.json").is_file():
        return text
    if name.endswith(".md"):
        fence = _OPENING_FENCE.match(text)
        if not fence:
            return text
        start = fence.end()
    else:
        start = 0
    return f"{text[:start]}{modeline(name)}{_MODELINE.sub('', text[start:], count=1)}"


def write_schemas(content: Path, properties: Properties) -> tuple[list[Path], list[Path]]:
    """Write the schemas that are not there or differ; return these, and foreign files in the way.

    Raises OSError.
    """
    written, foreign = [], []
    for name, form in json_schemas.all_schemas(properties).items():
        path = content / SCHEMAS / f"{name}.json"
        data = f"{_dump({'$comment': _MARK, **form})}\n".encode()
        old = path.read_bytes() if os.path.lexists(path) else None
        if old is None:
            files.create_bytes(path, data)
        elif _MARK.encode() not in old or (old != data and not files.replace(path, old, data)):
            foreign.append(path)
            continue
        if old != data:
            written.append(path)
    return written, foreign


def add_to_new(content: Path) -> None:
    """Add schemas, the lines that name them, and tasks to a handbook that was just made."""
    write_schemas(content, Properties())
    files.create(content / _TASKS, f"{_dump(tasks())}\n")
    for path in sorted(path for path in content.rglob("*") if path.is_file()):
        old = path.read_bytes()
        name = path.relative_to(content).as_posix()
        new = with_modeline(content, name, old.decode()).encode() if schema_of(name) else old
        if new != old:
            files.replace(path, old, new)


def tasks() -> dict[str, Any]:
    """Return tasks of VS Code that check a handbook, and list its problems where they are."""
    return {
        "version": "2.0.0",
        "tasks": [
            _task("Check the handbook", is_default=True),
            _task("Check the handbook, with the coach", "--coach"),
        ],
    }


def _task(label: str, *options: str, is_default: bool = False) -> dict[str, Any]:
    command, *arguments = program.process()
    return {
        "label": label,
        "type": "process",
        "command": command,
        "args": [*arguments, "check", "--content", ".", *options],
        "options": {"cwd": "${workspaceFolder}"},
        "group": {"kind": "build", "isDefault": is_default},
        "presentation": {"reveal": "silent", "clear": True},
        "problemMatcher": [_matcher(regexp, groups) for regexp, groups in _MATCHERS],
    }


def _matcher(regexp: str, groups: Sequence[str]) -> dict[str, Any]:
    numbered = {name: number for number, name in enumerate(groups, 1)}
    return {
        "owner": "starbook",
        "source": "starbook",
        "severity": "info",  # where the line names none that VS Code has
        "fileLocation": ["autoDetect", "${workspaceFolder}"],
        "pattern": {
            "regexp": regexp,
            "kind": "location" if "line" in groups else "file",
            **numbered,
        },
    }


def _dump(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
