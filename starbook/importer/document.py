"""A document as lines of markdown, each with what it is; HTML, tables and fences made plain."""

import html
import re
from collections.abc import Iterator, Mapping

import msgspec
import yaml

from starbook.content import markdown
from starbook.importer import marks

_FENCE = re.compile(r"\A-{3,}[ \t]*\n(?P<front>.*?)^(?:-{3,}|\.{3})[ \t]*$\n?", re.DOTALL | re.M)
_CODE = re.compile(r"(^[ \t]*(?:```|~~~).*?^[ \t]*(?:```|~~~)[ \t]*$|`[^`\n]+`)", re.DOTALL | re.M)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u2028\u2029]")
# HTML, tag by tag, as markdown; what is between the tags stays.
_TAGS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), said)
    for pattern, said in (
        (r"<summary[^>]*>\s*(?:<(?:b|strong)>)?\s*", "\n\n**"),
        (r"\s*(?:</(?:b|strong)>)?\s*</summary>", "**\n\n"),
        (r"</?details[^>]*>|</?(?:p|div|ul|ol|section|center|span|table|tbody)\b[^>]*>", "\n"),
        (r"<br\s*/?>", "\n"),
        (r"<li[^>]*>\s*", "\n- "),
        (r"</li>", "\n"),
        (r"<h([1-6])[^>]*>\s*", r"\n\n<#\1> "),
        (r"</h[1-6]>", "\n\n"),
        (r"<(?:b|strong)>(\s*)", r"\1**"),
        (r"(\s*)</(?:b|strong)>", r"**\1"),
        (r"<(?:i|em)>(\s*)", r"\1*"),
        (r"(\s*)</(?:i|em)>", r"*\1"),
        (r'<a\s[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', r"[\2](\1)"),
        (r"<!--(.*?)-->", r"\1"),
    )
)
_HEADING_MARK = re.compile(r"<#([1-6])>")
# A link of Obsidian's: `[[file]]`, `[[file|words]]`.
_WIKI = re.compile(r"!?\[\[([^\[\]|]+)(?:\|([^\[\]]+))?\]\]")
_HAS_TAG = re.compile(r"<[a-zA-Z/!]")
_LIST_MARK = re.compile(r"(?P<indent>\s*)(?P<mark>[-*+•]|\d{1,3}[.)])\s+")
_Q, _A = re.compile(r"^Q\d*\s*[:.]", re.M), re.compile(r"^A\d*\s*[:.]\s*", re.M)
_OTHER_LETTER = re.compile(r"^(?:[-*]\s+|\*\*)*[STR]\s*[:.]", re.M)
_QUOTE = re.compile(r"(?:^[ ]{0,3}>.*(?:\n|$))+", re.M)
_QUOTE_MARK = re.compile(r"(^|\0)[ ]{0,3}>[ ]?", re.M)
_ROW = re.compile(r"(?<!\\)\|")


class Line(msgspec.Struct, frozen=True):
    """One line: where it stood, its text, and what it is.

    `role` is heading, item, text, code, table, rule or blank; `indent` is in columns.
    """

    number: int
    text: str
    role: str
    level: int = 0
    indent: int = 0

    @property
    def words(self) -> str:
        """The text without heading or list marks."""
        if self.role == "heading":
            return self.text.strip().strip("#").strip()
        found = _LIST_MARK.match(self.text) if self.role == "item" else None
        return self.text[found.end() :].strip() if found else self.text.strip()


class Document(msgspec.Struct, frozen=True):
    """A document that was read: its name, its front matter as written, and its lines."""

    name: str
    front: str
    lines: tuple[Line, ...]
    matter: Mapping[str, str]


def document(name: str, text: str) -> Document:
    """Take a text apart into lines."""
    found = _FENCE.match(text)
    front = found["front"] if found else ""
    first = front.count("\n") + 2 if found else 0
    body = _CONTROL.sub(" ", text[found.end() :] if found else text)
    lines = tuple(_lines(_unquoted(_unanswered(_without_html(body))), first + 1))
    lines = tuple(_unfolded(lines))
    return Document(name, _CONTROL.sub(" ", front), lines, _matter(front))


def _matter(front: str) -> dict[str, str]:
    try:
        read = yaml.safe_load(front) if len(front) < 20_000 and "&" not in front else None
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    found = read if isinstance(read, dict) else {}
    lists = {k: ", ".join(map(str, v)) if isinstance(v, list) else str(v) for k, v in found.items()}
    return {str(key).casefold(): value for key, value in lists.items() if value not in ("", "None")}


def _without_html(text: str) -> str:
    """Line numbers stay: what is made of a line stands on it until the end, parted by NUL."""
    pieces = _CODE.split(text)
    return "".join(piece if i % 2 else _plain(piece) for i, piece in enumerate(pieces))


def _unanswered(text: str) -> str:
    """`Q: …` and `A: …`: what stands behind an A is an answer, and no Action."""
    if _Q.search(text) and not _OTHER_LETTER.search(text):
        return _A.sub("", text)
    return text


def _unquoted(text: str) -> str:
    """A block quote that holds a story, without its marks."""
    return _QUOTE.sub(lambda quote: _opened(quote[0]), text)


def _opened(quote: str) -> str:
    inner = _QUOTE_MARK.sub("", quote)
    read = (marks.read(line.lstrip("# ")) for line in re.split(r"[\n\0]", inner))
    kinds = {kind for mark in read if mark for kind in mark.kinds}
    return inner if len(kinds) >= 3 else quote


def _plain(text: str) -> str:
    text = _WIKI.sub(lambda link: f"{link[2]} ({link[1]})" if link[2] else link[1], text)
    if not _HAS_TAG.search(text):
        return text
    for pattern, said in _TAGS:
        text = pattern.sub(said.replace("\n", "\0"), text)
    return _HEADING_MARK.sub(lambda mark: "#" * int(mark[1]), text)


def _lines(text: str, first: int) -> Iterator[Line]:
    numbered = [
        (number, html.unescape(piece) if "&" in piece and "\0" in line else piece)
        for number, line in enumerate(text.split("\n"), first)
        for piece in line.split("\0")
    ]
    texts = [piece for _, piece in numbered]
    roles = _roles("\n".join(texts))
    for i, (number, piece) in enumerate(numbered):
        yield _line(number, piece, *roles.get(i, ("", 0)))


def _roles(text: str) -> dict[int, tuple[str, int]]:
    """What markdown makes of lines, where it makes something of them."""
    roles: dict[int, tuple[str, int]] = {}
    for block in markdown.parse(text, 0):
        for token in block.tokens:
            if not token.map:
                continue
            begin, end = token.map
            if token.type == "heading_open":
                level = int(token.tag[1])
                roles[begin] = ("heading", level)
                if token.markup in ("-", "="):
                    roles |= dict.fromkeys(range(begin + 1, end), ("rule", 0))
            elif token.type in ("fence", "table_open"):
                role = "code" if token.type == "fence" else "table"
                roles |= dict.fromkeys(range(begin, end), (role, 0))
            elif token.type == "hr":
                roles[begin] = ("rule", 0)
    return roles


def _line(number: int, text: str, role: str, level: int) -> Line:
    text = text.rstrip()
    indent = len(text) - len(text.lstrip())
    if not text.strip():
        return Line(number, "", "code" if role == "code" else "blank")
    if role == "heading" and not text.lstrip().startswith("#"):  # underlined
        long = len(text) > 80 or text.endswith((".", "!"))
        role, text = ("text", text) if long else (role, f"{'#' * level} {text.strip()}")
    if not role:
        role = "item" if _LIST_MARK.match(text) else "text"
    return Line(number, text, role, level, indent)


# Fences and tables that hold a story


def _unfolded(lines: tuple[Line, ...]) -> Iterator[Line]:
    """A fence or table that holds a story becomes the lines that it holds."""
    at = 0
    while at < len(lines):
        role, end = lines[at].role, at + 1
        while role in ("code", "table") and end < len(lines) and lines[end].role == role:
            end += 1
            if role == "code" and _closes(lines[at].text, lines[end - 1].text):
                break
        block = lines[at:end]
        if role == "code":
            yield from _unfenced(block)
        elif role == "table":
            yield from _untabled(block)
        else:
            yield from _cut(block[0])
        at = end


def _cut(line: Line) -> Iterator[Line]:
    """A paragraph that tells a story in one go, part by part."""
    pieces = marks.inline(line.words) if line.role in ("text", "item") else []
    for label, said in pieces:
        yield Line(line.number, f"**{label}:** {said}" if label else said, "text")
        yield Line(line.number, "", "blank")
    if not pieces:
        yield line


def _closes(opening: str, line: str) -> bool:
    return (
        bool(re.fullmatch(r"\s*(?:`{3,}|~{3,})\s*", line)) and line.strip()[0] == opening.strip()[0]
    )


def _unfenced(block: tuple[Line, ...]) -> Iterator[Line]:
    inner = [_line(line.number, line.text, "", 0) for line in block[1:-1]]
    found = [marks.read(line.words) for line in inner]
    kinds = {kind for mark in found if mark for kind in mark.kinds}
    told = sum(bool(mark and mark.rest and not mark.rest.startswith(("(", "["))) for mark in found)
    below = sum(
        bool(
            mark and not mark.rest and i + 1 < len(inner) and inner[i + 1].text and not found[i + 1]
        )
        for i, mark in enumerate(found)
    )
    yield from inner if len(kinds) >= 3 and told + below >= 3 else block


def cells(row: str) -> list[str]:
    """The cells of a table row, without the space around them."""
    return [cell.strip().replace("\\|", "|") for cell in _ROW.split(row.strip().strip("|"))]


def _untabled(block: tuple[Line, ...]) -> Iterator[Line]:
    rows = [(line.number, cells(line.text)) for line in block]
    head = rows[0][1]
    columns = [marks.read(cell, cell=True) for cell in head]
    first = [marks.read(row[0], cell=True) for _, row in rows if row]
    body = [row for row in rows[1:] if not all(set(cell) <= set(":- ") for cell in row[1])]
    if len({k for mark in columns if mark for k in mark.kinds}) >= 3:
        for number, row in body:
            yield from _story_of_row(number, head, row)
    elif len({k for mark in first if mark for k in mark.kinds}) >= 3 and len(head) == 2:
        for number, row in [rows[0], *body]:
            label, said = row[0], row[1] if len(row) > 1 else ""
            text = (
                f"**{label.strip('*: ')}:** {said}"
                if marks.read(label, cell=True)
                else f"{label}: {said}"
            )
            yield Line(number, text.strip(), "text")
            yield Line(number, "", "blank")
    else:
        yield from block


def _story_of_row(number: int, head: list[str], row: list[str]) -> Iterator[Line]:
    said = [(name.strip("* "), cell) for name, cell in zip(head, row, strict=False) if cell]
    told = {name for name, _ in said if marks.read(name, cell=True)}
    titles = [i for i, (name, _) in enumerate(said) if name not in told]
    named = [
        i for i in titles if re.search(r"story|title|name|project|example|what", said[i][0], re.I)
    ]
    title = (named or titles or [-1])[0]
    count = next((cell for name, cell in said if name in ("#", "No", "No.", "Nr", "ID")), "")
    if title >= 0 and said[title][1] == count and len(titles) > 1:
        title = next(i for i in titles if said[i][1] != count)
    yield Line(number, "", "blank")
    if title >= 0:
        counted = f"Story {count.strip('#')}: " if count.strip("#").isdecimal() else ""
        yield Line(number, f"**{counted}{said[title][1].strip('* ')}**", "text")
    for i, (name, cell) in enumerate(said):
        if i != title and cell != count:
            yield Line(number, "", "blank")
            yield Line(number, f"**{name}:** {cell}", "text")
    yield Line(number, "", "blank")
