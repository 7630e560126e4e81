"""Records: lists of objects in JSON and YAML to markdown tables, and what is around them."""

import json
import re
from collections.abc import Iterator, Sequence

from starbook.content import yaml_nodes
from starbook.content.yaml_nodes import Mapping, Node, Scalar
from starbook.importer.formats.source import Converted, UnreadableError, from_lines
from starbook.importer.formats.tables import (
    MAX_CELLS,
    MAX_ROWS,
    Line,
    break_lines,
    make_row,
    render,
)
from starbook.problem import Report

MAX_DEPTH = yaml_nodes.MAX_DEPTH
# Each line and each comma may begin a value, and each value takes as long as a page of prose.
MAX_YAML_SIGNS = 200_000
_NAME_KEYS = frozenset({"title", "name", "headline", "heading", "question", "prompt", "story"})
# Lists that are more than details of the object that they stand in, unless it has so many texts.
_LIST_KEYS = frozenset({"questions", "stories"})
_STORY_TEXTS = 3
# Keys of objects and lists that only hold what belongs to the object that they stand in.
_TRANSPARENT = frozenset(
    "star parts details properties meta metadata blocks children content pages items data".split()
)
_IDS = frozenset({"id", "uuid", "_id"})
_TEXT_KEYS = ("text", "content", "plain_text")
# Keys of the messages of a chat or a transcript.
_SPEAKER_KEYS = ("role", "speaker", "author", "sender", "from", "who", "name")
_MESSAGE_KEYS = ("content", "text", "message", "body", "transcript", "utterance")
_WORDS_IN_KEY = re.compile(r"(?<=[a-z])(?=[A-Z])|_")
_SPACE = re.compile(r"[ \t\n\r]*")
_ENTRY_END = re.compile(r"[ \t\n\r]*,?[ \t\n\r]*")


def read_yaml(text: str, path: str) -> Converted:
    """Return the markdown for a YAML document. Raise `UnreadableError`."""
    if text.count("\n") + text.count(",") > MAX_YAML_SIGNS:
        raise UnreadableError(f"{path} has over {MAX_YAML_SIGNS:,} lines and commas; split it")
    report = Report(path)
    node = yaml_nodes.parse(text, report)
    if report.problems:
        raise UnreadableError(str(report.problems[0]))
    return _convert(node, path)


def read_json(text: str, path: str) -> Converted:
    """Return the markdown for a JSON document. Raise `UnreadableError`."""
    try:
        if not text.strip():
            return _convert(None, path)
        _DECODER.decode(text)
        return _convert(_JsonReader(text, path).read(), path)
    except json.JSONDecodeError as error:
        raise UnreadableError(
            f"{path}:{error.lineno} is no JSON: {error.msg} at column {error.colno}; fix it there"
        ) from error
    except RecursionError as error:
        raise _too_deep(path) from error


def _convert(node: Node | None, path: str) -> Converted:
    lines = [] if node is None else list(_Writer(path).write(node, 1))
    return from_lines(lines)


def _too_long(path: str) -> UnreadableError:
    return UnreadableError(f"{path} has a list of over {MAX_ROWS:,} entries; split it")


def _too_deep(path: str) -> UnreadableError:
    return UnreadableError(f"{path} is nested over {MAX_DEPTH} deep; flatten it")


# --- JSON with lines ------------------------------------------------------------------------------


def _keep_pairs(pairs: list[tuple[str, object]]) -> tuple[tuple[str, object], ...]:
    """Return an object as a tuple, so that a key that stands twice is not lost."""
    return tuple(pairs)


# Numbers stay as they were written. JSON of other programs may have NaN and raw line ends.
_DECODER = json.JSONDecoder(
    strict=False, object_pairs_hook=_keep_pairs, parse_int=str, parse_float=str, parse_constant=str
)


class _JsonReader:
    """A reader of a text that is known to be JSON. Two levels of containers have their lines."""

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.position = self.line = 0
        self.counted = 0

    def read(self, depth: int = 0) -> Node:
        self.position = self.skip_space(self.position)
        sign = self.text[self.position : self.position + 1]
        if depth > 1 or sign not in ("[", "{"):
            line = self.find_line()
            value, self.position = _DECODER.raw_decode(self.text, self.position)
            return _to_node(value, line)
        line = self.find_line()
        self.position = self.skip_space(self.position + 1)
        if sign == "[":
            items = tuple(self.read_items(depth))
            return yaml_nodes.Sequence(items, line)
        return Mapping(tuple(self.read_entries(depth)), line)

    def read_items(self, depth: int) -> Iterator[Node]:
        count = 0
        while self.text[self.position] != "]":
            yield self.read(depth + 1)
            self.skip_comma()
            if (count := count + 1) > MAX_ROWS:
                raise _too_long(self.path)
        self.position += 1

    def read_entries(self, depth: int) -> Iterator[tuple[Scalar, Node]]:
        count = 0
        while self.text[self.position] != "}":
            if (count := count + 1) > MAX_ROWS:
                raise _too_long(self.path)
            line = self.find_line()
            key, end = _DECODER.raw_decode(self.text, self.position)
            self.position = self.skip_space(end) + 1  # the colon
            yield Scalar(key, line, quoted=True), self.read(depth + 1)
            self.skip_comma()
        self.position += 1

    def skip_space(self, position: int) -> int:
        match = _SPACE.match(self.text, position)
        return match.end() if match else position

    def skip_comma(self) -> None:
        match = _ENTRY_END.match(self.text, self.position)
        self.position = match.end() if match else self.position

    def find_line(self) -> int:
        self.line += self.text.count("\n", self.counted, self.position)
        self.counted = self.position
        return self.line + 1


def _to_node(value: object, line: int, depth: int = 2) -> Node:
    """Return a decoded value as a node; what is inside it has the line on which it begins."""
    if depth > MAX_DEPTH:
        raise RecursionError
    if isinstance(value, tuple):
        pairs = ((Scalar(key, line, True), _to_node(v, line, depth + 1)) for key, v in value)
        return Mapping(tuple(pairs), line)
    if isinstance(value, list):
        return yaml_nodes.Sequence(tuple(_to_node(v, line, depth + 1) for v in value), line)
    if value is None:
        return Scalar("", line)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return Scalar(text, line, quoted=True)


# --- Markdown -------------------------------------------------------------------------------------


class _Writer:
    """A writer of nodes as numbered lines of markdown."""

    def __init__(self, path: str) -> None:
        self.path = path

    def write(self, node: Node, level: int) -> Iterator[Line]:
        if isinstance(node, Scalar):
            yield from _text_lines(node)
        elif isinstance(node, Mapping):
            yield from self.write_mapping(node, level)
        elif node.items:
            yield from self.write_list(node.items, level)

    def write_list(self, items: Sequence[Node], level: int) -> Iterator[Line]:
        if len(items) > MAX_ROWS:
            raise _too_long(self.path)
        records = [item for item in items if isinstance(item, Mapping)]
        others = [item for item in items if not isinstance(item, Mapping)]
        if records and not others and all(map(_is_block, records)):
            yield from _write_blocks(records, level)
        elif records and not others and (spoken := _find_messages(records)):
            yield from _write_messages(spoken)
        elif any(map(_holds_lists, records)):
            for record in records:
                yield from self.write_group(record, level)
        elif records:
            yield from self.write_table(records)
        if records and others:
            yield others[0].line, ""
        for item in others:
            if isinstance(item, Scalar):
                yield item.line, f"- {break_lines(_cell(item))}"
            else:
                yield from self.write(item, level)

    def write_mapping(self, node: Mapping, level: int) -> Iterator[Line]:
        if node.entries and all(_is_named_record(value) for _, value in node.entries):
            yield from self.write_table([_name_record(key, value) for key, value in node.entries])
        elif _is_record(node):
            yield from self.write_table([node])
        else:
            for key, value in node.entries:
                yield from self.write_entry(key, value, level)

    def write_group(self, record: Mapping, level: int) -> Iterator[Line]:
        """Write an object with a list of its own: its first text as a heading, then the rest."""
        texts = [
            (i, v)
            for i, (key, v) in enumerate(record.entries)
            if isinstance(v, Scalar) and key.text.casefold() not in _IDS
        ]
        named = [(i, v) for i, v in texts if record.entries[i][0].text.casefold() in _NAME_KEYS]
        first, name = next(iter(named or texts), (-1, None))
        if name:
            yield record.line, f"{'#' * min(level + 1, 6)} {break_lines(_cell(name))}"
            yield record.line, ""
        for i, (key, value) in enumerate(record.entries):
            if i != first and key.text.casefold() not in _IDS:
                yield from self.write_entry(key, value, level + 1)

    def write_entry(self, key: Scalar, value: Node, level: int) -> Iterator[Line]:
        if key.text.casefold() in _TRANSPARENT and not isinstance(value, Scalar):
            yield from self.write_transparent(value, level)
        elif isinstance(value, Scalar):
            first, *more = _cell(value).split("\n")
            yield key.line, f"**{key.text}:** {first}".rstrip()
            for offset, line in enumerate(more, 1):
                yield value.text_line + offset if value.text_line else key.line, line
        else:
            yield key.line, f"{'#' * min(level + 1, 6)} {_words_of_key(key.text)}"
            yield key.line, ""
            yield from self.write(value, level + 1)
        yield key.line, ""

    def write_transparent(self, value: Node, level: int) -> Iterator[Line]:
        """Write what an object holds as its own; a list of words is the value of its name."""
        if not isinstance(value, Mapping):
            yield from self.write(value, level)
            return
        for key, inner in value.entries:
            items = inner.items if isinstance(inner, yaml_nodes.Sequence) else ()
            if items and all(isinstance(item, Scalar) for item in items):
                yield key.line, f"**{key.text}:** {break_lines(', '.join(map(_cell, items)))}"
                yield key.line, ""
            else:
                yield from self.write_entry(key, inner, level)

    def write_table(self, records: Sequence[Mapping]) -> Iterator[Line]:
        names = list(dict.fromkeys(key.text for record in records for key, _ in record.entries))
        if len(records) * len(names) > MAX_CELLS:
            raise UnreadableError(
                f"{self.path} has over {MAX_CELLS:,} cells: {len(records):,} objects with "
                f"{len(names):,} names between them; split it"
            )
        rows = [make_row(records[0].line, names)] if names else []
        for record in records:
            cells: dict[str, str] = {}
            for key, value in record.entries:
                cells[key.text] = "\n".join(filter(None, [cells.get(key.text), _cell(value)]))
            rows.append(make_row(record.line, [cells.get(name, "") for name in names]))
        if names:
            yield from render(rows, has_head=True)


def _is_record(node: Mapping) -> bool:
    """Return True if a mapping is one object: no value of it is a list of objects or a mapping."""
    inner = [
        item
        for _, value in node.entries
        for item in (value.items if isinstance(value, yaml_nodes.Sequence) else (value,))
    ]
    texts = [value for _, value in node.entries if isinstance(value, Scalar)]
    return len(texts) > 1 and all(isinstance(item, Scalar) for item in inner)


def _words_of_key(key: str) -> str:
    """Return the words of a key such as `questionsToAsk`."""
    words = _WORDS_IN_KEY.sub(" ", key)
    return key if words == key else words.capitalize()


def _is_block(node: Mapping) -> bool:
    """Return True if an object is a block of a page: a `type` and a text."""
    values = {key.text: value for key, value in node.entries}
    texts = [values[key] for key in _TEXT_KEYS if key in values]
    return isinstance(values.get("type"), Scalar) and any(isinstance(one, Scalar) for one in texts)


def _write_blocks(blocks: Sequence[Mapping], level: int) -> Iterator[Line]:
    """Yield the text of blocks, as headings, items and paragraphs by their types."""
    for block in blocks:
        values = {key.text: value for key, value in block.entries}
        kind = _cell(values["type"]).casefold()
        text = break_lines(next(_cell(values[key]) for key in _TEXT_KEYS if key in values))
        if "head" in kind:
            yield block.line, ""
            yield block.line, f"{'#' * min(level + 1, 6)} {text}"
        elif "number" in kind:
            yield block.line, f"1. {text}"
        elif "list" in kind or "bullet" in kind or kind in ("to_do", "todo", "toggle"):
            yield block.line, f"- {text}"
        else:
            yield block.line, ""
            yield block.line, text
    yield blocks[-1].line, ""


def _find_messages(records: Sequence[Mapping]) -> list[tuple[int, str, str]]:
    """Return line, speaker and text of each message, if most objects are messages of a talk."""
    found = []
    for record in records:
        values = {key.text.casefold(): value for key, value in record.entries}
        speaker = next((values[key] for key in _SPEAKER_KEYS if key in values), None)
        said = next((values[key] for key in _MESSAGE_KEYS if key in values), None)
        if isinstance(speaker, Scalar) and isinstance(said, Scalar):
            found.append((record.line, _cell(speaker), _cell(said)))
    speakers = {name for _, name, _ in found}
    is_talk = len(found) > 3 and len(found) * 3 > len(records) * 2
    return found if is_talk and 1 < len(speakers) <= len(found) // 2 else []


def _write_messages(messages: Sequence[tuple[int, str, str]]) -> Iterator[Line]:
    """Yield messages as the turns of a transcript."""
    for number, speaker, said in messages:
        for line in f"{speaker}: {said}".split("\n"):
            yield number, line
        yield number, ""


def _is_named_record(node: Node) -> bool:
    """Return True if a value is an object without lists of objects."""
    return isinstance(node, Mapping) and not _holds_lists(node)


def _holds_lists(record: Mapping) -> bool:
    """Return True if a value of an object is worth a heading of its own.

    A list of questions is one only if the object has few texts, and so is no story.
    """
    texts = sum(isinstance(value, Scalar) for _, value in record.entries)
    return any(
        _holds_list(value, key.text) or (key.text.casefold() in _LIST_KEYS and texts < _STORY_TEXTS)
        for key, value in record.entries
        if not isinstance(value, Scalar)
    )


def _holds_list(node: Node, key: str) -> bool:
    """Return True if a value is an object that holds more, or a list of objects."""
    if not isinstance(node, yaml_nodes.Sequence):
        return isinstance(node, Mapping) and (
            key.casefold() in _TRANSPARENT
            or any(not isinstance(value, Scalar) for _, value in node.entries)
        )
    return any(isinstance(item, Mapping) for item in node.items)


def _name_record(key: Scalar, node: Node) -> Mapping:
    """Return an object with the key under which it stood as its first value."""
    entries = node.entries if isinstance(node, Mapping) else ()
    has_name = any(name.text.casefold() in _NAME_KEYS for name, _ in entries)
    name = Scalar("id" if has_name else "name", key.line, quoted=True)
    return Mapping(((name, key), *entries), key.line)


def _cell(node: Node) -> str:
    """Return a value as the text of a cell; items and entries stand on lines of their own."""
    if isinstance(node, Scalar):
        return _text(node)
    if isinstance(node, Mapping):
        return "\n".join(f"{key.text}: {_cell(value)}" for key, value in node.entries)
    return "\n".join(_cell(item) for item in node.items)


def _text(node: Scalar) -> str:
    return "" if node.is_null else (node.source or node.text).strip()


def _text_lines(node: Scalar) -> Iterator[Line]:
    for offset, line in enumerate(_text(node).split("\n")):
        yield node.line + offset, line
