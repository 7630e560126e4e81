"""Front matter: write it anew, or change or add one key in a file, and no other byte of it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import yaml

from starbook.content import files, yaml_nodes
from starbook.problem import Report
from starbook.text import names

_BREAK = re.compile(r"\r\n|\r|\n")
_FENCE = re.compile(r"-{3,}[^\S\r\n]*(?=[\r\n]|\Z)")


class _Place(msgspec.Struct, frozen=True):
    """A file as text, and what its front matter says and where: `root` counts from `start`."""

    text: str
    start: int
    end: int
    root: yaml.MappingNode

    def value(self, key: str) -> tuple[int, int] | None:
        """Return where the value of a key begins and ends in the text."""
        for name, value in self.root.value:
            if name.value == key:
                return value.start_mark.index + self.start, value.end_mark.index + self.start
        return None


def dump(values: Mapping[str, object]) -> str:
    """Return front matter with these keys and values, each on one line."""
    # `None`: lists stand on one line; without a list, PyYAML would write all keys on one.
    flow = None if any(isinstance(value, list) for value in values.values()) else False
    text = yaml.safe_dump(
        dict(values), allow_unicode=True, sort_keys=False, width=10_000, default_flow_style=flow
    )
    return f"---\n{text}---\n"


def read(data: bytes) -> dict[str, Any]:
    """Return the keys of the front matter of a file, and their values as texts, lists and dicts.

    There are none if it cannot be read.
    """
    report = Report("")
    text = files.decode(data, report)
    node = yaml_nodes.parse_front_matter(text, report)[0] if text is not None else None
    found: dict[str, Any] = _plain(node) if node else {}
    return found


def with_lines(data: bytes, key: str, lines: Sequence[str]) -> bytes | None:
    """Return a file with lines that give `key` a value at the end of its front matter.

    Return None if there is no room for lines, as in front matter in braces.
    """
    place = _find(data)
    if place is None:
        return None
    ending = _BREAK.search(place.text)
    column = place.root.start_mark.column  # all keys may be indented
    added = "".join(f"{' ' * column}{line}{ending[0] if ending else ''}" for line in lines)
    new = _splice(place.text, place.end, place.end, added)
    return new if _differs_in(key, data, new) else None


def with_word(data: bytes, key: str, word: str) -> bytes | None:
    """Return a file whose front matter says `key: word`; quotes and comments of a value stay.

    Return None if its value is too odd to be changed, or there is no place for one.
    """
    for new in _attempts(data, key, word):
        if _differs_in(key, data, new) and names.key(str(read(new)[key])) == word:
            return new
    return None


def _attempts(data: bytes, key: str, word: str) -> Iterator[bytes]:
    """Yield the file with the word at each place where it might stand."""
    place = _find(data)
    if place is None:
        return
    text = place.text
    if span := place.value(key):
        start, end = span
        if start == end:  # `status:`
            yield _splice(text, start, end, f" {word}")
        for match in re.finditer(r"[^\W_]+|~", text[start:end]):  # `status: "draft"`
            yield _splice(text, start + match.start(), start + match.end(), word)
    elif place.root.flow_style:
        end = place.root.value[-1][1].end_mark.index + place.start
        yield _splice(text, end, end, f", {key}: {word}")
    elif (new := with_lines(data, key, [f"{key}: {word}"])) is not None:
        yield new


def _find(data: bytes) -> _Place | None:
    if not read(data):
        return None
    text = data.decode()  # with its mark, if it begins with one, and its own line ends
    lines = [0, *(match.end() for match in _BREAK.finditer(text))]
    ends = (end for end in lines[1:] if _FENCE.match(text, end))
    start, end = lines[1], next(ends)
    root = yaml.compose(text[start:end], Loader=yaml_nodes.LOADER)
    return _Place(text, start, end, root) if isinstance(root, yaml.MappingNode) else None


def _splice(text: str, start: int, end: int, new: str) -> bytes:
    return f"{text[:start]}{new}{text[end:]}".encode()


def _differs_in(key: str, old: bytes, new: bytes) -> bool:
    """Return True if front matter can be read after a change, and says the same but for a key."""
    before, after = read(old), read(new)
    return key in after and {**before, key: ""} == {**after, key: ""}


def _plain(node: yaml_nodes.Node) -> Any:
    if isinstance(node, yaml_nodes.Scalar):
        return node.text
    if isinstance(node, yaml_nodes.Sequence):
        return [_plain(item) for item in node.items]
    return {key.text: _plain(value) for key, value in node.entries}
