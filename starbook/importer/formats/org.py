"""Org mode: headings, lists, drawers, blocks and emphasis to markdown."""

import re
from collections.abc import Iterator

from starbook.importer.formats import tables
from starbook.importer.formats.source import Converted, UnreadableError, from_lines
from starbook.importer.formats.tables import Line

_HEADING = re.compile(r"(?P<stars>\*+)[ \t]+(?P<text>\S.*)")
_STATES = frozenset("TODO DONE NEXT WAITING HOLD STARTED CANCELED CANCELLED".split())
_STATE = re.compile(r"(?P<state>[^\W\d_]+)(?:[ \t]+|$)(?:\[#[A-Z0-9]\][ \t]*)?")
# `#+TODO: DRAFT(d) WRITE | DONE`
_OWN_STATES = frozenset(("todo", "seq_todo", "typ_todo"))
_STATE_KEY = re.compile(r"\([^()]*\)|\|")
_TAGS = re.compile(r"[ \t](?P<tags>:(?:[\w@#%]+:)+)$")
_KEYWORD = re.compile(r"#\+(?P<name>\w+):[ \t]*(?P<value>.*)", re.I)
_DRAWER = re.compile(r":(?P<name>[\w-]+):[ \t]*(?P<value>.*)")
_BLOCK = re.compile(r"#\+(?P<edge>begin|end)_(?P<name>\w+)[ \t]*(?P<rest>.*)", re.I)
_ITEM = re.compile(r"(?P<indent>[ \t]*)(?P<mark>[-+]|\d{1,9}[.)])[ \t]+(?P<text>.*)")
_STAR_ITEM = re.compile(r"(?P<indent>[ \t]+)\*[ \t]+(?P<text>.*)")
_BOX = re.compile(r"\[(?P<state>[ xX-])\][ \t]+")
_RULE = re.compile(r"-{5,}[ \t]*")
_PLANNING = re.compile(r"[ \t]*(?:SCHEDULED|DEADLINE|CLOSED):")
# A date of a heading, without its weekday and hour.
_STAMP = re.compile(r"[<\[](\d{4}-\d\d-\d\d)\b[^<>\[\]\n]*[>\]](?:--?[<\[][^<>\[\]\n]*[>\]])?")
_LINK = re.compile(r"\[\[(?P<target>[^\[\]\n]+)\](?:\[(?P<text>[^\[\]\n]+)\])?\]")
_NOTE = re.compile(r"\[fn:(?P<name>[\w-]+)\]")
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg)$", re.I)
# A sign of emphasis stands between a space or bracket and a letter.
_EMPHASIS = re.compile(
    r"(?<![^\s(\[{'\"—–-])(?P<sign>[*/+=~_])(?=\S)"
    r"(?P<text>(?:(?!(?P=sign))[^\n]){1,400})(?<=\S)(?P=sign)(?![^\s)\]}'\".,;:!?—–-])"
)
_MARKS = {"*": "**", "/": "*", "+": "~~", "=": "`", "~": "`", "_": ""}
_BLOCK_MARKS = frozenset({"src", "example", "export"})
_COMMENTED = frozenset({"comment"})


def read_org(text: str, path: str) -> Converted:
    """Return the markdown for a document of Org mode. Raise `UnreadableError`."""
    reader = _Reader(path)
    lines = [
        line
        for number, text in enumerate(text.split("\n"), 1)
        for line in reader.read(number, text)
    ]
    return from_lines([*lines, *reader.close()], reader.notes)


class _Reader:
    """A reader of lines; it remembers the block, drawer or table that the next line is in."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.block = ""
        self.drawer = ""
        self.rows: list[tables.Row] = []
        self.has_head = False
        self.comments = 0
        self.states = _STATES

    @property
    def notes(self) -> list[str]:
        if not self.comments:
            return []
        verb = "line of comments stays out" if self.comments == 1 else "lines of comments stay out"
        return [f"{self.comments} {verb}"]

    def read(self, number: int, line: str) -> Iterator[Line]:
        """Yield what becomes of a line."""
        stripped = line.strip()
        if stripped.startswith("|") and not self.block:
            self.read_row(number, stripped)
            return
        yield from self.close()
        if self.block or _BLOCK.fullmatch(stripped):
            yield from self.read_in_block(number, line)
        elif self.drawer or _DRAWER.fullmatch(stripped):
            yield from self.read_in_drawer(number, stripped)
        elif stripped == "#" or stripped.startswith("# "):
            self.comments += 1
            yield number, ""
        elif match := _KEYWORD.fullmatch(stripped):
            if match["name"].lower() in _OWN_STATES:
                self.states |= set(_STATE_KEY.sub(" ", match["value"]).split())
            yield from _keyword_lines(number, match["name"].lower(), match["value"])
        elif match := _HEADING.fullmatch(line):
            text = self._without_state(match["text"])
            yield from _heading_lines(number, len(match["stars"]), text)
        elif _RULE.fullmatch(stripped):
            yield number, "---"
        else:
            yield number, _convert_line(line)

    def _without_state(self, heading: str) -> str:
        """Return a heading without the word for how far it is, and without its priority."""
        state = _STATE.match(heading)
        known = state and state["state"] in self.states
        return heading[state.end() :] or heading if state and known else heading

    def close(self) -> Iterator[Line]:
        """Yield the table that has ended."""
        if self.rows:
            yield from tables.render(self.rows, has_head=self.has_head)
        self.rows, self.has_head = [], False

    def read_row(self, number: int, line: str) -> None:
        if line.startswith("|-"):
            self.has_head = self.has_head or len(self.rows) == 1
            return
        cells = [_convert_inline(cell) for cell in line.strip("|").split("|")]
        self.rows.append(tables.make_row(number, cells))
        if len(self.rows) > tables.MAX_ROWS + 1:
            raise UnreadableError(
                f"{self.path} has a table of over {tables.MAX_ROWS:,} rows; split it"
            )

    def read_in_block(self, number: int, line: str) -> Iterator[Line]:
        match = _BLOCK.fullmatch(line.strip())
        if match and (not self.block or match["name"].lower() == self.block):
            opens = match["edge"].lower() == "begin"
            self.block = match["name"].lower() if opens else ""
            name = match["name"].lower()
            language = match["rest"].split(" ")[0] if opens and name == "src" else ""
            yield number, f"```{language}" if name in _BLOCK_MARKS else ""
        elif self.block in _COMMENTED:
            self.comments += 1
        elif self.block in _BLOCK_MARKS:
            yield number, line
        else:
            yield (
                number,
                f"> {_convert_line(line)}" if self.block == "quote" else _convert_line(line),
            )

    def read_in_drawer(self, number: int, line: str) -> Iterator[Line]:
        match = _DRAWER.fullmatch(line)
        if not self.drawer:
            self.drawer = match["name"] if match else ""
            yield number, ""
        elif match and match["name"].lower() == "end":
            self.drawer = ""
            yield number, ""
        elif match and match["value"]:
            yield number, f"{match['name'].replace('_', ' ').capitalize()}: {match['value']}"
            yield number, ""
        elif not match:
            yield number, _convert_line(line)


def _keyword_lines(number: int, name: str, value: str) -> Iterator[Line]:
    """Yield what a line such as `#+TITLE: …` says to a reader; the others are for Org alone."""
    if name == "title" and value:
        yield number, f"# {_convert_inline(value)}"
    elif name in ("filetags", "date", "subtitle", "description") and value:
        shown = value.strip(":").replace(":", ", ") if name == "filetags" else value
        yield number, f"{'Tags' if name == 'filetags' else name.capitalize()}: {shown}"
    yield number, ""


def _heading_lines(number: int, stars: int, text: str) -> Iterator[Line]:
    tags = _TAGS.search(text)
    text = text[: tags.start()].strip() if tags else text.strip()
    dates = _STAMP.findall(text)
    text = _STAMP.sub("", text).strip() or text
    yield number, f"{'#' * min(stars + 1, 6)} {_convert_inline(text)}"
    if dates:
        yield number, ""
        yield number, f"Date: {dates[0]}"
        yield number, ""
    if tags:
        yield number, ""
        yield number, f"Tags: {tags['tags'].strip(':').replace(':', ', ')}"
        yield number, ""


def _convert_line(line: str) -> str:
    """Return a line of text or a list item as markdown."""
    if _PLANNING.match(line):
        return ""
    item = _ITEM.fullmatch(line)
    star = _STAR_ITEM.fullmatch(line)
    if not item and not star:
        return _convert_inline(line.strip())
    match = item or star
    assert match
    mark = "-" if star or match["mark"] in "-+" else match["mark"]
    text = match["text"]
    box = _BOX.match(text)
    text = text[box.end() :] if box else text
    ticked = f"[{'x' if box['state'] in 'xX' else ' '}] " if box else ""
    term, is_term, about = f"{text} ".partition(" :: ")
    if is_term:
        text = f"**{term.strip()}:** {about.strip()}".rstrip()
    return f"{match['indent']}{mark} {ticked}{_convert_inline(text)}"


def _convert_inline(text: str) -> str:
    text = _LINK.sub(_convert_link, text) if "[[" in text else text
    text = _NOTE.sub(r"[^\g<name>]", text) if "[fn:" in text else text
    return _EMPHASIS.sub(_convert_emphasis, text)


def _convert_link(match: re.Match[str]) -> str:
    target = match["target"].removeprefix("file:")
    if _PICTURE.search(target) and not match["text"]:
        return f"![](<{target}>)" if " " in target else f"![]({target})"
    if ":" in target:
        return f"[{match['text'] or target}]({target})"
    return match["text"] or target.lstrip("*#")


def _convert_emphasis(match: re.Match[str]) -> str:
    mark = _MARKS[match["sign"]]
    return f"{mark}{match['text']}{mark}"
