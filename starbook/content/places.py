"""Places: where in its file a question takes one more story, for the lines that its page offers."""

import re
from collections.abc import Iterator

from starbook.content import yaml_nodes as yaml
from starbook.model import Place

# What YAML takes for the end of a line.
_LINE_END = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
_DASH = re.compile(r"\s*-\s+")
# Comments stay hidden, and files of pictures are not named: such a line is not shown.
_NOT_SHOWN = re.compile(r"<!--|%%|!\[")


def places(text: str, items: tuple[yaml.Node, ...]) -> Iterator[Place | None]:
    """Yield the place of one more story in each of the entries of a list of questions."""
    lines = _LINE_END.split(text)
    ends = [*(item.line - 1 for item in items[1:]), len(lines)]
    for item, end in zip(items, ends, strict=False):  # of no items, there is one end too many
        place = (
            _place(lines, item, _trimmed(lines, end)) if isinstance(item, yaml.Mapping) else None
        )
        hides = place and place.replaces and _NOT_SHOWN.search(place.head + place.tail)
        yield None if hides else place


def _place(lines: list[str], entry: yaml.Mapping, end: int) -> Place | None:
    """Return the place in an entry that ends on the line `end`, or None where it is not clear.

    Bad: an entry in braces that goes over several lines
    Good: `stories: [a, b]` on one line, `stories:` with a line each, or no `stories` yet
    """
    first = lines[entry.line - 1] if entry.line <= len(lines) else ""
    dash = _DASH.match(first)
    if dash is None:
        return None
    if first[dash.end() :].startswith("{"):
        return _place_in_braces(first, entry.line) if entry.line == end else None
    indent = " " * dash.end()
    keys = [key for key, _ in entry.entries]
    for number, (key, value) in enumerate(entry.entries):
        if key.text != "stories":
            continue
        if number + 1 < len(keys):
            end = _trimmed(lines, keys[number + 1].line - 1)
        line = lines[key.line - 1]
        if isinstance(value, yaml.Sequence) and "[" in line.partition("stories")[2]:
            return _place_in_brackets(line, key.line) if key.line == end else None
        if isinstance(value, yaml.Sequence) and value.items:
            item = lines[value.items[0].line - 1]
            return Place(end, False, item[: len(item) - len(item.lstrip())] + "- ")
        return Place(key.line, False, f"{indent}- ")
    return Place(end, False, f"{indent}stories:\n{indent}- ")


def _trimmed(lines: list[str], end: int) -> int:
    """Return the last line up to `end` that is neither blank nor a comment at the margin."""
    end = min(end, len(lines))
    while end > 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    return end


def _place_in_brackets(line: str, number: int) -> Place | None:
    name, brackets, rest = line.partition("stories")
    inside, bracket, after = rest.partition("]")
    before = f"{name}{brackets}{inside}"
    comma = "" if before.rstrip().endswith("[") else ", "
    return Place(number, True, f"{before}{comma}", f"{bracket}{after}") if bracket else None


def _place_in_braces(line: str, number: int) -> Place | None:
    before, bracket, after = line.partition("stories: [")
    if bracket:
        return _place_in_brackets(line, number)
    before, brace, after = line.rpartition("}")
    return Place(number, True, f"{before.rstrip()}, stories: [", f"]{brace}{after}")
