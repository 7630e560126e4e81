"""YAML nodes: text or front matter to scalars, sequences and mappings that have a line each.

The nodes are built from parser events, not from Python objects. A scalar therefore stays the text
that was written until a schema reads it: `no`, `010` and `1:30` are what they look like. Duplicate
keys, aliases and depth are checked before they can do harm.
"""

import json
import re
from collections.abc import Iterator
from itertools import takewhile

import msgspec
import yaml
from frontmatter.default_handlers import YAMLHandler

from starbook.content import comments
from starbook.problem import Report

MAX_DEPTH = 16

# In these contexts the parser's mark is where it stopped; the fault is where the context begins.
_LATE_CONTEXTS = ("quoted scalar", "flow", "simple key")
# A value that begins with a sign of YAML's own, or goes on after a quote or bracket.
_NEEDS_QUOTES = re.compile(r"""[*&!%@`]|-\s|(?:"[^"]*"|'[^']*'|\[[^\]]*\])\s*[^\s#]""")
# Escapes that YAML allows and no page can show: control characters, surrogates.
_NOT_TEXT = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_COMMENT_LINE = re.compile(r"\s*(?:<!--|%%|-->)")
# A comment that is hardly meant as one. Behind two spaces, where comments stand, only a number.
_CUT = re.compile(r"(?:[ \t]|[ \t]{2,}(?=#\d))(#[^\s#].*)")
# Text that needs no quotes, in a list in brackets neither but for its commas.
_PLAIN = re.compile(r"[^\W\d_][\w ,.’'()?!/-]*[\w.’'()?!]|[^\W\d_]")
# Words that YAML, or a reader of an older version, does not read as text.
_NOT_PLAIN = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_FENCE = re.compile(r"-{3,}\s*")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
# libyaml's parser is ten times faster; PyYAML ships without it on a few platforms.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Scalar(msgspec.Struct, frozen=True):
    """A single value as it was written; `quoted` tells `"true"` from `true`.

    `text` is without comments, and `source` has them. `text_line` is where the text begins: that of
    a `|` block stands below the `|`. `cut` is what YAML takes for a comment behind it, though it
    looks like a part of the value: ` #1`.
    """

    text: str
    line: int
    quoted: bool = False
    text_line: int = 0
    source: str = ""
    cut: str = ""

    @property
    def is_null(self) -> bool:
        """True if YAML reads it as null."""
        return not self.quoted and self.text in _NULLS


class Sequence(msgspec.Struct, frozen=True):
    """A YAML list."""

    items: "tuple[Node, ...]"
    line: int


class Mapping(msgspec.Struct, frozen=True):
    """A YAML mapping in the order in which it was written; keys are unique."""

    entries: "tuple[tuple[Scalar, Node], ...]"
    line: int


Node = Scalar | Sequence | Mapping


def is_comment(node: Node) -> bool:
    """Return True if a node is a value of which comments leave nothing."""
    return isinstance(node, Scalar) and node.source != node.text and not node.text.strip()


class _RefusedError(Exception):
    """Raised for YAML that is not supported; `args` are line, message and hint."""


def parse_front_matter(text: str, report: Report) -> tuple[Mapping | None, str, int]:
    """Return the front matter of a text, its body, and the line on which the body starts.

    The front matter is None if there is none or it cannot be read; the report says why.
    """
    lines = text.split("\n")
    closer = _find_closing_fence(lines, report)
    if closer is None:
        return None, "", 1
    # After our own checks on the fences the library's split cannot go wrong. It removes blank lines
    # after a fence, so both first lines are counted from the end.
    front_matter, body = YAMLHandler().split(text)
    body_line = len(lines) - body.count("\n")
    node = parse(front_matter, report, closer + 1 - front_matter.count("\n"))
    if isinstance(node, Mapping):
        return node, body, body_line
    if node is not None:
        message = "front matter is not a mapping"
        report.error(node.line, "front-matter", message, "write it as `title: …`, one key a line")
    elif not report.problems:
        report.error(1, "front-matter", "front matter is empty", "write `title: …` between the ---")
    return None, body, body_line


def has_front_matter(text: str) -> bool:
    """Return True if the first line of a text opens its front matter."""
    return bool(_FENCE.fullmatch(next(filter(str.strip, text.split("\n")), "")))


def _find_closing_fence(lines: list[str], report: Report) -> int | None:
    """Return the index of the line that closes the front matter, or report what is wrong."""
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    if not _FENCE.fullmatch(lines[first]):
        report.error(1, "front-matter", "has no front matter", "start it with ---, title: …, ---")
        return None
    if first:
        report.error(first + 1, "front-matter", "has blank lines above ---", "delete them")
        return None
    for i, line in enumerate(lines[1:], 1):
        if _FENCE.fullmatch(line):
            return i
        if line.rstrip() == "...":
            report.error(i + 1, "front-matter", "front matter ends with ...", "end it with ---")
            return None
    report.error(1, "front-matter", "front matter is never closed", "add a line --- below it")
    return None


def parse(text: str, report: Report, first_line: int = 1) -> Node | None:
    """Parse the YAML document in `text`; return None if it is empty, or after reporting a fault."""
    try:
        lines = text.split("\n") if "#" in text else []
        return _build_document(yaml.parse(text, Loader=LOADER), first_line, lines, report)
    except _RefusedError as error:
        line, message, hint = error.args
        report.error(line, "yaml", message, hint)
    except yaml.MarkedYAMLError as error:
        report.error(*_explain(error, text, first_line))
    except yaml.reader.ReaderError as error:
        before, sign, _ = text.partition(chr(error.character))
        message = f"holds the control character U+{ord(sign):04X}"
        report.error(first_line + before.count("\n"), "encoding", message, "delete it")
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        reason = str(error).splitlines()[0]
        report.error(first_line, "yaml", f"YAML cannot be read ({reason})", "check this file")
    return None


def _build_document(
    events: Iterator[yaml.Event], first_line: int, lines: list[str], report: Report
) -> Node | None:
    starts = (event for event in events if isinstance(event, yaml.DocumentStartEvent))
    if next(starts, None) is None:
        return None
    node = _Builder(events, first_line, lines, report).build(next(events), depth=0)
    if second := next(starts, None):
        line = _line(second) + first_line
        raise _RefusedError(line, "a second YAML document starts here", "delete the line ---")
    return None if isinstance(node, Scalar) and node.is_null else node


def _line(event: yaml.Event) -> int:
    return event.start_mark.line if event.start_mark else 0


class _Builder(msgspec.Struct, frozen=True):
    """A builder of nodes from a stream of events; it recurses once for each level of depth.

    `lines` are those of the text, if a comment may be in it.
    """

    events: Iterator[yaml.Event]
    first_line: int
    lines: list[str]
    report: Report

    def build(self, event: yaml.Event, depth: int) -> Node:
        line = _line(event) + self.first_line
        if depth > MAX_DEPTH:
            raise _RefusedError(line, f"YAML is nested over {MAX_DEPTH} deep", "flatten it")
        if any(getattr(event, name, None) for name in ("anchor", "tag")):  # an alias has one, too
            message = "YAML anchors (&), aliases (*) and tags (!) are not read"
            raise _RefusedError(line, message, 'write the value out, or quote it: "…"')
        if isinstance(event, yaml.ScalarEvent):
            if match := _NOT_TEXT.search(event.value):
                message = f"the escape \\u{ord(match[0]):04x} stands for no character of a text"
                raise _RefusedError(line, message, "delete it")
            text_line = line + (event.style in ("|", ">"))
            quoted = event.style not in (None, "")
            shown = comments.hide_in_line(event.value).text
            cut = "" if quoted else self.find_cut(event)
            return Scalar(shown, line, quoted, text_line, event.value, cut)
        children = takewhile(
            lambda child: not isinstance(child, yaml.CollectionEndEvent), self.events
        )
        nodes = (self.build(child, depth + 1) for child in children)
        if isinstance(event, yaml.SequenceStartEvent):
            return Sequence(tuple(nodes), line)
        return Mapping(tuple(self.build_entries(nodes)), line)

    def find_cut(self, event: yaml.ScalarEvent) -> str:
        end = event.end_mark
        if end is None or end.line >= len(self.lines):
            return ""
        match = _CUT.match(self.lines[end.line], end.column)
        return match[1].rstrip() if match else ""

    def build_entries(self, nodes: Iterator[Node]) -> Iterator[tuple[Scalar, Node]]:
        seen: dict[str, int] = {}
        for key, value in zip(nodes, nodes, strict=True):
            if not isinstance(key, Scalar):
                raise _RefusedError(key.line, "a key is a list or mapping", "use a word as the key")
            if key.text in seen:
                name = " ".join(key.text.split())
                message = f"key `{name}` stands twice, here and on line {seen[key.text]}"
                hint = "write it once, with what both say"
                self.report.error(key.line, "duplicate-key", message, hint)
                continue
            seen[key.text] = key.line
            yield key, value


def scalar(text: str, *, in_list: bool = False) -> str:
    """Return `text` as a value on one line: plain where that cannot be misread, else quoted.

    A list in brackets has commas of its own.
    """
    plain = _PLAIN.fullmatch(text) and text.casefold() not in _NOT_PLAIN
    if plain and not (in_list and "," in text):
        return text
    return quote(text) if text.isprintable() else json.dumps(text, ensure_ascii=False)


def quote(text: str) -> str:
    """Return `text` as a quoted value."""
    doubled = text.replace("'", "''")
    return f"'{doubled}'" if '"' in text or "\\" in text else f'"{text}"'


def _explain(error: yaml.MarkedYAMLError, text: str, first_line: int) -> tuple[int, str, str, str]:
    """Return the arguments of `Report.error` for an error of the parser."""
    late = any(context in (error.context or "") for context in _LATE_CONTEXTS)
    mark = (error.context_mark if late else error.problem_mark) or error.context_mark
    number = mark.line if mark else 0
    reason = error.problem or error.context or "it cannot be read"
    lines = text.split("\n")
    hint = _suggest_fix(lines[number] if number < len(lines) else "")
    return number + first_line, "yaml", f"YAML is broken: {reason}", hint


def _suggest_fix(line: str) -> str:
    """Return a hint on a line that YAML cannot read, if it can with the value in quotes."""
    if _COMMENT_LINE.match(line):
        return "begin a comment in YAML with #"
    key, _, value = (piece.strip() for piece in line.partition(": "))
    if _NEEDS_QUOTES.match(value) or (": " in value and value[0] not in "\"'[{|>"):
        if comments.find(line):
            return f'quote the value: {key}: "…"'
        bare = value[1:-1] if value[0] == value[-1] and value[0] in "\"'" else value
        return f"quote the value: {key}: {quote(bare)}"
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "indent with spaces, not tabs"
    return "check quotes, brackets and indentation here"
