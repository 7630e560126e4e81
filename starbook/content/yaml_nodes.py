"""Safe reading: bytes to text, front matter fences, and YAML whose every value knows its line.

YAML is read from parser events, not from Python objects. A scalar therefore stays the text that
was written until a field asks for something else: `no`, `010` and `1:30` are what they look like.
Duplicate keys, aliases and depth are seen before they can do harm.
"""

import re
import stat
from collections.abc import Iterator
from pathlib import Path

import msgspec
import yaml
from frontmatter.default_handlers import YAMLHandler

from starbook.problem import Report

MAX_BYTES = 1_000_000
MAX_DEPTH = 16

_FENCE = re.compile(r"-{3,}\s*")
# YAML complains of these where it gives up looking; where they begin is the line to mend.
_NOTICED_LATE = ("quoted scalar", "flow", "simple key")
# A value that begins with a sign of YAML's own, or goes on behind a quote or bracket.
_WANTS_QUOTES = re.compile(r"""[*&!%@`]|-\s|(?:"[^"]*"|'[^']*'|\[[^\]]*\])\s*[^\s#]""")
# What YAML can escape into a text, and no page can show: control characters, half characters.
_NO_TEXT = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
# libyaml's parser is ten times faster; PyYAML ships without it on a few platforms.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Scalar(msgspec.Struct, frozen=True):
    """A single value as it was written; `quoted` tells `"true"` from `true`.

    `text_line` is where its words begin: those of a `|` block stand below it.
    """

    text: str
    line: int
    quoted: bool = False
    text_line: int = 0

    @property
    def empty(self) -> bool:
        """Whether YAML would call it null."""
        return not self.quoted and self.text in _NULLS


class Sequence(msgspec.Struct, frozen=True):
    """A YAML list."""

    items: "tuple[Node, ...]"
    line: int


class Mapping(msgspec.Struct, frozen=True):
    """A YAML mapping in the order it was written; keys are unique."""

    entries: "tuple[tuple[Scalar, Node], ...]"
    line: int


Node = Scalar | Sequence | Mapping


class _RefusedError(Exception):
    """YAML that we refuse: `args` are line, message and hint."""


def read_bytes(path: Path, report: Report, most: int = MAX_BYTES) -> bytes | None:
    """The bytes of a file, or None with the reason in the report."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # reading a pipe or device may never end
            report.error(0, "unreadable", "is not a file", "give it another name, or delete it")
        elif found.st_size > most:
            message = f"is {found.st_size:,} bytes, over {most:,}"
            report.error(0, "too-large", message, "split it, or move data elsewhere")
        else:
            return path.read_bytes()
    except OSError as error:
        hint = "check its permissions and, if it is a link, where it leads"
        report.error(0, "unreadable", f"cannot be read ({error.strerror})", hint)
    return None


def decode(data: bytes, report: Report) -> str | None:
    """A file's text, its line ends made one kind, or None with the reason in the report."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        report.error(1, "encoding", "is UTF-16", "save it as UTF-8")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = f"byte 0x{data[error.start]:02x} at offset {error.start}"
        report.error(line, "encoding", f"is not UTF-8 ({byte})", "save it as UTF-8")
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        report.error(line, "encoding", "holds a NUL character", "delete it")
        return None
    return text


def split_front_matter(text: str, report: Report) -> tuple[Mapping | None, str, int]:
    """Front matter, body, and the line the body starts on.

    The mapping is None where there is none or it cannot be read; the report says why.
    """
    lines = text.split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    if not _FENCE.fullmatch(lines[first]):
        report.error(1, "front-matter", "has no front matter", "start it with ---, title: …, ---")
        return None, text, 1
    if first:
        report.error(first + 1, "front-matter", "has blank lines above ---", "delete them")
        return None, "", 1
    closer = _closing_fence(lines, report)
    if closer is None:
        return None, "", 1
    # After our own checks on the fences the library's split cannot go wrong. It eats blank lines
    # behind a fence, so both texts are counted from their ends.
    matter, body = YAMLHandler().split(text)
    body_line = len(lines) - body.count("\n")
    node = parse_yaml(matter, report, first_line=closer + 1 - matter.count("\n"))
    if isinstance(node, Mapping):
        return node, body, body_line
    if node is not None:
        message = "front matter is not a mapping"
        report.error(node.line, "front-matter", message, "write it as `title: …`, one key a line")
    elif not report.problems:
        report.error(1, "front-matter", "front matter is empty", "write `title: …` between the ---")
    return None, body, body_line


def _closing_fence(lines: list[str], report: Report) -> int | None:
    for i, line in enumerate(lines[1:], 1):
        if _FENCE.fullmatch(line):
            return i
        if line.rstrip() == "...":
            report.error(i + 1, "front-matter", "front matter ends with ...", "end it with ---")
            return None
    report.error(1, "front-matter", "front matter is never closed", "add a line --- below it")
    return None


def parse_yaml(text: str, report: Report, first_line: int = 1) -> Node | None:
    """The document in `text`, or None where it is empty or broken (then the report says why)."""
    events = yaml.parse(text, Loader=_Loader)
    try:
        node = _document(events, first_line, report)
    except _RefusedError as error:
        line, message, hint = error.args
        report.error(line, "yaml", message, hint)
    except yaml.MarkedYAMLError as error:
        report.error(*_explain(error, first_line, text))
    except yaml.reader.ReaderError as error:
        before, sign, _ = text.partition(chr(error.character))
        message = f"holds the control character U+{ord(sign):04X}"
        report.error(first_line + before.count("\n"), "encoding", message, "delete it")
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        reason = str(error).splitlines()[0]
        report.error(first_line, "yaml", f"YAML cannot be read ({reason})", "check this file")
    else:
        return node
    return None


def _document(events: Iterator[yaml.Event], first_line: int, report: Report) -> Node | None:
    builder = _Builder(events, first_line, report)
    for event in events:
        if isinstance(event, yaml.StreamEndEvent):
            return None
        if isinstance(event, yaml.DocumentStartEvent):
            break
    node = builder.node(next(events), depth=0)
    rest = next((e for e in events if isinstance(e, yaml.DocumentStartEvent)), None)
    if rest is not None:
        line = _line(rest) + first_line
        raise _RefusedError(line, "a second YAML document starts here", "delete the line ---")
    return None if isinstance(node, Scalar) and node.empty else node


def _line(event: yaml.Event) -> int:
    return event.start_mark.line if event.start_mark else 0


class _Builder:
    """Turns a stream of events into nodes, one recursion a level of depth."""

    def __init__(self, events: Iterator[yaml.Event], first_line: int, report: Report) -> None:
        self.events = events
        self.first_line = first_line
        self.report = report

    def node(self, event: yaml.Event, depth: int) -> Node:
        line = _line(event) + self.first_line
        if depth > MAX_DEPTH:
            raise _RefusedError(line, f"YAML is nested over {MAX_DEPTH} deep", "flatten it")
        if any(getattr(event, mark, None) for mark in ("anchor", "tag")):  # of an alias as well
            message = "YAML anchors (&), aliases (*) and tags (!) are not read"
            raise _RefusedError(line, message, 'write the value out, or quote it: "…"')
        if isinstance(event, yaml.ScalarEvent):
            if found := _NO_TEXT.search(event.value):
                message = f"the escape \\u{ord(found[0]):04x} stands for no character of a text"
                raise _RefusedError(line, message, "delete it")
            below = line + (event.style in ("|", ">"))
            return Scalar(event.value, line, event.style not in (None, ""), below)
        if isinstance(event, yaml.SequenceStartEvent):
            return Sequence(tuple(self.sequence(depth)), line)
        return Mapping(tuple(self.mapping(depth)), line)

    def sequence(self, depth: int) -> Iterator[Node]:
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                return
            yield self.node(event, depth + 1)

    def mapping(self, depth: int) -> Iterator[tuple[Scalar, Node]]:
        seen: dict[str, int] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                return
            key = self.node(event, depth + 1)
            value = self.node(next(self.events), depth + 1)
            if not isinstance(key, Scalar):
                raise _RefusedError(key.line, "a key is a list or mapping", "use a word as the key")
            if key.text in seen:
                name = " ".join(key.text.split())
                message = f"key `{name}` stands twice, here and on line {seen[key.text]}"
                self.report.error(key.line, "duplicate-key", message, "keep one of them")
                continue
            seen[key.text] = key.line
            yield key, value


def _explain(error: yaml.MarkedYAMLError, first_line: int, text: str) -> tuple[int, str, str, str]:
    late = any(what in (error.context or "") for what in _NOTICED_LATE)
    mark = (error.context_mark if late else error.problem_mark) or error.context_mark
    number = mark.line if mark else 0
    reason = error.problem or error.context or "it cannot be read"
    lines = text.split("\n")
    hint = _remedy(lines[number] if number < len(lines) else "")
    return number + first_line, "yaml", f"YAML is broken: {reason}", hint


def _remedy(written: str) -> str:
    """What to do about a line that YAML stumbles over."""
    key, _, value = (piece.strip() for piece in written.partition(": "))
    if _WANTS_QUOTES.match(value) or (": " in value and value[0] not in "\"'[{|>"):
        return f"quote the value: {key}: {_quoted(value)}"
    if "\t" in written[: len(written) - len(written.lstrip())]:
        return "indent with spaces, not tabs"
    return "check quotes, brackets and indentation here"


def _quoted(value: str) -> str:
    bare = value[1:-1] if value[0] == value[-1] and value[0] in "\"'" else value
    if '"' in bare or "\\" in bare:
        return "'" + bare.replace("'", "''") + "'"
    return f'"{bare}"'
