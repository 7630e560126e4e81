"""The files of a handbook as an editor reads them: values by the rules of YAML 1.2."""

import json
import re
from typing import Any

from starbook.content import yaml_nodes as yaml
from starbook.problem import Report


def as_an_editor_reads(node: yaml.Node | None) -> Any:
    """Return the value of a file by the rules of YAML 1.2."""
    if isinstance(node, yaml.Mapping):
        return {key.text: as_an_editor_reads(value) for key, value in node.entries}
    if isinstance(node, yaml.Sequence):
        return [as_an_editor_reads(item) for item in node.items]
    if node is None or node.is_null:
        return None
    if node.quoted or not re.fullmatch(r"true|false|-?[0-9]+(\.[0-9]+)?", node.text):
        return node.text
    return json.loads(re.sub(r"^(-?)0+(?=[0-9])", r"\1", node.text))


def kind_of(path: str) -> str:
    """Return the kind of a file of a handbook."""
    kind = path.split("/", maxsplit=1)[0].removesuffix(".yml")
    front = {"stories": "story", "templates": "story", "guides": "guide", "answers": "answer"}
    return front.get(kind, kind)


def read(path: str, text: str) -> Any:
    """Return the value of a list, or of the front matter of a markdown file."""
    report = Report("")
    if path.endswith(".md"):
        return as_an_editor_reads(yaml.parse_front_matter(text, report)[0])
    return as_an_editor_reads(yaml.parse(text, report))
