"""Documents: markdown split into lines with roles; HTML, tables and fences become plain lines."""

import html
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

import msgspec

from starbook.content import comments, markdown
from starbook.importer import marks
from starbook.importer.labels import PartLabel, parse_label, split_inline_labels
from starbook.text.vocabulary import Vocabulary

_FRONT = re.compile(r"\A-{3,}[ \t]*\n(?P<front>.*?)^(?:-{3,}|\.{3})[ \t]*$\n?", re.DOTALL | re.M)
_CODE = re.compile(r"(^[ \t]*(?:```|~~~).*?^[ \t]*(?:```|~~~)[ \t]*$|`[^`\n]+`)", re.DOTALL | re.M)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u2028\u2029]")
_HREF = re.compile(r'\shref="([^"]*)"', re.I)


def _convert_link(tag: re.Match[str]) -> str:
    """Return a link of HTML as markdown."""
    href = _HREF.search(tag[1])
    return f"[{tag[2]}]({href[1]})" if href else tag[0]


# Markdown for HTML tags. The text between the tags stays; NUL is a line end, see `_convert_html`.
_TAGS: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"<summary[^<>]*>\s*(?:<(?:b|strong)>)?\s*", "\0\0**"),
    (r"(?<!\s)\s*(?:</(?:b|strong)>\s*)?</summary>", "**\0\0"),
    (r"<details[^<>]*>", f"\0{marks.FOLD}\0"),
    (r"</details[^<>]*>", f"\0{marks.FOLD_END}\0"),
    (r"</?(?:p|div|ul|ol|section|center|span|table|tbody)\b[^<>]*>", "\0"),
    (r"<br\s*/?>", "\0"),
    (r"<li[^<>]*>\s*", "\0- "),
    (r"</li>", "\0"),
    (r"<h([1-6])[^<>]*>\s*", lambda tag: f"\0\0{'#' * int(tag[1])} "),
    (r"</h[1-6]>", "\0\0"),
    (r"<(?:b|strong)>(\s*)", r"\1**"),
    (r"(?<!\s)(\s*)</(?:b|strong)>", r"**\1"),
    (r"<(?:i|em)>(\s*)", r"\1*"),
    (r"(?<!\s)(\s*)</(?:i|em)>", r"*\1"),
    (r"<a(\s[^<>]*)>((?:(?!</?a[\s>]).)*)</a>", _convert_link),
)
# A link of Obsidian: `[[file]]`, `[[file|words]]`.
_WIKI_LINK = re.compile(r"!?\[\[([^\[\]|]+)(?:\|([^\[\]]+))?\]\]")
_HAS_TAG = re.compile(r"<[a-zA-Z/!]")
_LIST_MARK = re.compile(r"(?P<indent>\s*)(?P<mark>[-*+•]|\d{1,3}[.)])\s+")
_Q, _A = re.compile(r"^Q\d*\s*[:.]", re.M), re.compile(r"^A\d*\s*[:.]\s*", re.M)
_OTHER_LETTER = re.compile(r"^(?:[-*]\s+|\*\*)*[STR]\s*[:.]", re.M)
_QUOTE = re.compile(r"(?:^[ ]{0,3}>.*(?:\n|$))+", re.M)
_QUOTE_MARK = re.compile(r"(^|\0)[ ]{0,3}>[ ]?", re.M)
_FENCE_END = re.compile(r"\s*(?:`{3,}|~{3,})\s*")
_CELL_BORDER = re.compile(r"(?<!\\)\|")
_COUNTER_COLUMNS = ("#", "No", "No.", "Nr", "ID")
_TITLE_COLUMN = re.compile(r"story|title|name|project|example|what", re.I)


class Line(msgspec.Struct, frozen=True):
    """A line of a document: its number, its text, and its role.

    `role` is heading, item, text, code, table, rule, blank or comment, a mark of `marks`; `indent`
    is in columns; `fold` is the number of the `<details>` that it is in, or 0.
    """

    number: int
    text: str
    role: str
    level: int = 0
    indent: int = 0
    fold: int = 0

    @property
    def words(self) -> str:
        """The text without heading or list marks."""
        if self.role == "heading":
            return self.text.strip().strip("#").strip()
        mark = _LIST_MARK.match(self.text) if self.role == "item" else None
        return self.text[mark.end() :].strip() if mark else self.text.strip()


class Document(msgspec.Struct, frozen=True):
    """A parsed document: its name, its front matter without comments, and its lines.

    `comments` are the comments with the numbers of their lines; `lines` have marks for them.
    """

    name: str
    front: str
    lines: tuple[Line, ...]
    comments: tuple[tuple[int, str], ...] = ()


def parse_document(name: str, text: str, vocabulary: Vocabulary) -> Document:
    """Return the document with this name and text."""
    match = _FRONT.match(text)
    front = match["front"] if match else ""
    first = front.count("\n") + 3 if match else 1
    body, found = marks.insert(_CONTROL.sub(" ", text[match.end() :] if match else text))
    body = _convert_html(body)
    if _Q.search(body) and not _OTHER_LETTER.search(body):  # here A means answer, not Action
        body = _A.sub("", body)
    unwrap = partial(_unwrap_story, vocabulary=vocabulary)
    pieces = (
        (number, html.unescape(piece) if "&" in piece and "\0" in line else piece)
        for number, line in marks.split_lines(_QUOTE.sub(unwrap, body), first)
        for piece in line.split("\0")
    )
    numbered = list(marks.take_out_folds(marks.take_out(pieces)))
    texts = ("" if marks.is_mark(piece) else piece for _, piece, _ in numbered)
    roles = _find_roles("\n".join(texts))
    lines = [
        msgspec.structs.replace(_make_line(number, piece, *roles.get(i, ("", 0))), fold=fold)
        for i, (number, piece, fold) in enumerate(numbered)
    ]
    numbers = [(number + first, comment) for number, comment in found]
    numbers += [(2 + line, comment) for line, comment in marks.insert(front)[1]]
    front = comments.hide_in_line(_CONTROL.sub(" ", front)).text
    return Document(name, front, tuple(_expand_blocks(lines, vocabulary)), tuple(numbers))


def trim_lines(lines: Sequence[Line]) -> list[Line]:
    """Return `lines` without blank lines and rules at the start and the end."""
    kept = [i for i, line in enumerate(lines) if line.role not in ("rule", "blank")]
    return list(lines[kept[0] : kept[-1] + 1]) if kept else []


def join_lines(lines: Sequence[Line]) -> str:
    """Return the text of `lines` without their common indent."""
    solid = [line for line in lines if line.text and line.role != "comment"]
    by = min((line.indent for line in solid), default=0)
    texts = (line.text if line.role == "comment" else line.text[by:] for line in lines)
    return "\n".join(texts).strip("\n")


def _convert_html(text: str) -> str:
    """Replace HTML and wiki links outside code with markdown.

    NUL stands for a new line until lines are numbered, so that the numbers are those of the text.
    """
    pieces = _CODE.split(text)
    for i in range(0, len(pieces), 2):  # those between are code
        piece = _WIKI_LINK.sub(
            lambda link: f"{link[2]} ({link[1]})" if link[2] else link[1], pieces[i]
        )
        for pattern, replacement in _TAGS if _HAS_TAG.search(piece) else ():
            piece = re.sub(pattern, replacement, piece, flags=re.I)
        pieces[i] = piece
    return "".join(pieces)


def _unwrap_story(quote: re.Match[str], vocabulary: Vocabulary) -> str:
    """Return a block quote, without its marks if it holds a story."""
    inner = _QUOTE_MARK.sub("", quote[0])
    lines = (line.lstrip("# ") for line in re.split(r"[\n\0]", inner))
    labels = (parse_label(line, vocabulary) for line in lines)
    return inner if _count_kinds(labels) >= 3 else quote[0]


def _count_kinds(labels: Iterable[PartLabel | None]) -> int:
    return len({kind for label in labels if label for kind in label.kinds})


def _find_roles(text: str) -> dict[int, tuple[str, int]]:
    """Return role and heading level by line index, for lines that are more than plain text."""
    roles: dict[int, tuple[str, int]] = {}
    tokens = (token for block in markdown.parse(text, 0) for token in block.tokens)
    for token, (begin, end) in ((token, token.map) for token in tokens if token.map):
        if token.type == "heading_open":
            underlined = token.markup in ("-", "=")
            if underlined:
                roles[end - 1] = ("rule", 0)
            if not underlined or end - begin == 2:  # else it is a paragraph above a rule
                roles[begin] = ("heading", int(token.tag[1]))
        elif token.type in ("fence", "table_open"):
            role = "code" if token.type == "fence" else "table"
            roles |= dict.fromkeys(range(begin, end), (role, 0))
        elif token.type == "hr":
            roles[begin] = ("rule", 0)
    return roles


def _make_line(number: int, text: str, role: str, level: int) -> Line:
    text = text.rstrip()
    indent = len(text) - len(text.lstrip())
    if not text.strip():
        return Line(number, "", "code" if role == "code" else "blank")
    if marks.is_mark(text):
        return Line(number, text.strip(), "comment")
    if role == "heading" and not text.lstrip().startswith("#"):  # underlined
        if len(text) > 80 or text.endswith((".", "!")):
            role = "text"
        else:
            text = f"{'#' * level} {text.strip()}"
    if not role:
        role = "item" if _LIST_MARK.match(text) else "text"
    return Line(number, text, role, level, indent)


def _expand_blocks(lines: Sequence[Line], vocabulary: Vocabulary) -> Iterator[Line]:
    """Replace fences, tables and paragraphs that hold a story with the lines of the story."""
    begin = 0
    while begin < len(lines):
        role, end = lines[begin].role, begin + 1
        while role in ("code", "table") and end < len(lines) and lines[end].role == role:
            end += 1
            text = lines[end - 1].text
            if _FENCE_END.fullmatch(text) and text.strip()[0] == lines[begin].text.strip()[0]:
                break
        expand = {"code": _expand_fence, "table": _expand_table}.get(role, _expand_line)
        yield from expand(lines[begin:end], vocabulary)
        begin = end


def _expand_line(block: Sequence[Line], vocabulary: Vocabulary) -> Iterable[Line]:
    line = block[0]
    is_prose = line.role in ("text", "item")
    pieces = split_inline_labels(line.words, vocabulary) if is_prose else []
    texts = [f"**{label}:** {text}" if label else text for label, text in pieces]
    return _make_paragraphs(line.number, texts) if texts else block


def _make_paragraphs(number: int, texts: Iterable[str]) -> Iterator[Line]:
    for text in texts:
        yield Line(number, text, "text")
        yield Line(number, "", "blank")


def _expand_fence(block: Sequence[Line], vocabulary: Vocabulary) -> Iterable[Line]:
    closed = len(block) > 1 and _FENCE_END.fullmatch(block[-1].text)
    inside = block[1 : -1 if closed else None]
    inner = [_make_line(line.number, line.text, "", 0) for line in inside]
    labels = [parse_label(line.words, vocabulary) for line in inner]
    filled = 0
    for i, label in enumerate(labels):
        if label and label.rest:
            filled += not label.rest.startswith(("(", "["))
        elif label and i + 1 < len(inner):
            filled += bool(inner[i + 1].text and not labels[i + 1])
    return inner if _count_kinds(labels) >= 3 and filled >= 3 else block


def split_row(row: str) -> list[str]:
    """Return the cells of a table row, without the space around them."""
    return [cell.strip().replace("\\|", "|") for cell in _CELL_BORDER.split(row.strip().strip("|"))]


def _expand_table(block: Sequence[Line], vocabulary: Vocabulary) -> Iterator[Line]:
    rows = [(line.number, split_row(line.text)) for line in block]
    head = rows[0][1]
    body = [row for row in rows[1:] if not all(set(cell) <= set(":- ") for cell in row[1])]
    read = partial(parse_label, vocabulary=vocabulary, whole=True)
    if _count_kinds(map(read, head)) >= 3:
        for number, row in body:
            yield Line(number, "", "blank")
            yield from _make_paragraphs(number, _story_paragraphs(head, row, vocabulary))
    elif len(head) == 2 and _count_kinds(read(row[0]) for _, row in rows) >= 3:
        for number, (label, *texts) in [rows[0], *body]:
            start = f"**{label.strip('*: ')}:**" if read(label) else f"{label}:"
            yield from _make_paragraphs(number, [" ".join([start, *texts]).strip()])
    else:
        yield from block


def _story_paragraphs(
    head: Sequence[str], row: Sequence[str], vocabulary: Vocabulary
) -> Iterator[str]:
    """Yield the title of the story in a table row, and each other cell below its column's name."""
    named = [*head, *[""] * (len(row) - len(head))]  # a row may have more cells than the head
    cells = [(name.strip("* "), cell) for name, cell in zip(named, row, strict=False) if cell]
    counter = next((i for i, (name, _) in enumerate(cells) if name in _COUNTER_COLUMNS), -1)
    others = [
        i for i, (name, _) in enumerate(cells) if not parse_label(name, vocabulary, whole=True)
    ]
    titles = [i for i in others if i != counter and _TITLE_COLUMN.search(cells[i][0])][:1]
    titles += [i for i in others if i != counter] or others
    title = titles[0] if titles else -1
    count = cells[counter][1].strip("#") if counter >= 0 else ""
    is_counted = count.isdecimal() and counter != title
    if titles:
        counted = f"Story {count}: " if count.isdecimal() else ""
        yield f"**{counted}{cells[title][1].strip('* ')}**"
    for i, (name, cell) in enumerate(cells):
        if i != title and not (is_counted and i == counter):
            yield f"**{name}:** {cell}" if name else cell
