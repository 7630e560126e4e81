"""Small documents of each kind, with what an import makes of them as an outline.

They stand in `kinds/`: below `====== what it is [its name]` a document, and below `------>` its
outline. A last line `missing: …` has the words of the document that are written nowhere.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import yaml

FOLDER = Path(__file__).parent / "kinds"
_CASE = re.compile(r"(?m)^====== (?P<about>.+?)(?: \[(?P<name>[^\]]+)\])?\n")


class Case(msgspec.Struct, frozen=True):
    """A document with its name, the outline of what it becomes, and the words that it lacks."""

    ident: str
    name: str
    text: str
    outline: str
    missing: str


def read_cases() -> Iterator[Case]:
    """Yield the documents of all kinds."""
    for path in sorted(FOLDER.glob("*.txt")):
        _, *pieces = _CASE.split(path.read_text(encoding="utf-8"))
        for about, name, body in zip(*[iter(pieces)] * 3, strict=True):
            text, _, outline = body.partition("------>\n")
            outline, _, missing = outline.partition("missing: ")
            yield Case(f"{path.stem}: {about}", name or "notes.md", text, outline, missing.strip())


def describe(files: Mapping[str, str]) -> str:
    """Return the outline of files: each story with its parts, each question, and each guide."""
    lines: list[str] = []
    for path, text in files.items():
        kind = path.partition("/")[0]
        if kind in ("stories", "guides"):
            lines += _describe_file(kind, path, text)
        elif kind == "interviews":
            lines += _describe_interview(yaml.load(text, Loader=yaml.BaseLoader))
        elif kind != "decks":
            lines += _describe_list(kind, yaml.safe_load(text))
    return "".join(f"{line}\n" for line in lines)


def _describe_file(kind: str, path: str, text: str) -> Iterator[str]:
    _, front, body = text.split("---\n", 2)
    values = yaml.safe_load(front)
    status = values.pop("status", "")
    title = values.pop("title")
    yield f"{'STORY' if kind == 'stories' else 'GUIDE'} {title}{f' ({status})' if status else ''}"
    for key, value in values.items():
        yield f"  {key}: {'; '.join(value) if isinstance(value, list) else value}"
    for block in re.split(r"\n\n(?=## )", body.strip()):
        yield f"  {' | '.join(line for line in block.splitlines() if line)}"


def _describe_interview(values: dict[str, Any]) -> Iterator[str]:
    yield f"INTERVIEW {values['company']}"
    for one in values["rounds"]:
        shown = {**one, "themes": "; ".join(one["themes"])}
        yield f"  {' | '.join(f'{key}: {value}' for key, value in shown.items())}"


def _describe_list(kind: str, entries: list[dict[str, object]]) -> Iterator[str]:
    for entry in entries:
        if kind == "to-ask":
            for topic in entry["topics"]:  # type: ignore[attr-defined]
                yield f"TO ASK {entry['audience']} / {topic['topic']}"
                yield from (f"  {question}" for question in topic["questions"])
        elif kind == "questions":
            yield f"QUESTION {entry.pop('question')}"
            for key, value in entry.items():
                shown = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
                yield f"  {key}: {' | '.join(filter(None, shown.splitlines()))}"
        else:
            about = f": {entry['about']}" if "about" in entry else ""
            yield f"{kind.upper()} {entry['name']}{about}"
