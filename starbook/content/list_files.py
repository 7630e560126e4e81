"""Files of lists: one more entry at the end, and no byte changed of what stands there."""

import re
from collections.abc import Iterator, Sequence

from starbook.content import files
from starbook.content import yaml_nodes as yaml
from starbook.problem import Report

_DASH = re.compile(r"^([ \t]*)-(?=\s|$)", re.MULTILINE)


def with_entries(data: bytes, entries: Sequence[Sequence[str]]) -> bytes | None:
    """Return the file of a list with entries behind its last one, each as the lines of a mapping.

    Return None if there is no room for lines, as in a list in brackets.
    """
    before = _items(data)
    if before is None:
        return None
    text = data.decode()  # with its mark, if it begins with one, and its own line ends
    ending = "\r\n" if "\r\n" in text else "\n"
    for indent in _indents(text):
        lines = [f"{indent}{line}" for entry in entries for line in as_item(entry)]
        gap = ending if text and not text.endswith(("\n", "\r")) else ""
        new = f"{text}{gap}{ending.join([*lines, ''])}".encode()
        after = _items(new)
        if after and after[: len(before)] == before and len(after) == len(before) + len(entries):
            return new
    return None


def as_item(entry: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a mapping as an item of a list."""
    for number, line in enumerate(entry):
        yield f"{'  ' if number else '- '}{line}"


def _indents(text: str) -> Iterator[str]:
    """Yield where the items of a list may begin: as the first of them does, or at the margin."""
    if match := _DASH.search(text):
        yield match[1]
    yield ""


def _items(data: bytes) -> tuple[yaml.Node, ...] | None:
    """Return the items of a list, or None if it cannot be read."""
    report = Report("")
    text = files.decode(data, report)
    node = yaml.parse(text, report) if text else None
    if report.problems or (node and not isinstance(node, yaml.Sequence)):
        return None
    return node.items if isinstance(node, yaml.Sequence) else ()
