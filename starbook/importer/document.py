"""Documents: markdown split into lines with roles; HTML, tables and fences become plain lines."""

import html
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

import msgspec

from starbook.content import comments, markdown
from starbook.importer import marks
from starbook.importer.labels import (
    PartLabel,
    has_inline_story,
    parse_label,
    split_inline_labels,
)
from starbook.text.vocabulary import Vocabulary

_FRONT = re.compile(r"\A-{3,}[ \t]*\n(?P<front>.*?)^(?:-{3,}|\.{3})[ \t]*$\n?", re.DOTALL | re.M)
_CODE = re.compile(r"(^[ \t]*(?:```|~~~).*?^[ \t]*(?:```|~~~)[ \t]*$|`[^`\n]+`)", re.DOTALL | re.M)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u2028\u2029]")
_PICTURES = (".png", ".jpg", ".webp")
_HREF = re.compile(r'\shref="([^"]*)"', re.I)


def _convert_wiki_link(link: re.Match[str]) -> str:
    """Return the words of a link of Obsidian; a picture stays, as it is copied with its name."""
    if link[0].startswith("!") and link[1].lower().endswith(_PICTURES):
        return link[0]
    return f"{link[2]} ({link[1]})" if link[2] else link[1]


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
    (r"</?(?:u|font)\b[^<>]*>", ""),
    (r"</?(?:p|div|ul|ol|section|center|span|table|tbody)\b[^<>]*>", "\0"),
    (r"<br\s*/?>", "\0"),
    (r"<li[^<>]*>\s*", "\0- "),
    (r"</li>", "\0"),
    (r"<h([1-6])[^<>]*>\s*", lambda tag: f"\0\0{'#' * int(tag[1])} "),
    (r"</h[1-6]>", "\0\0"),
    (r"</?code\b[^<>]*>", "`"),
    (r"<(?:b|strong)(?:\s[^<>]*)?>(\s*)", r"\1**"),
    (r"(?<!\s)(\s*)</(?:b|strong)>", r"**\1"),
    (r"<(?:i|em)(?:\s[^<>]*)?>(\s*)", r"\1*"),
    (r"(?<!\s)(\s*)</(?:i|em)>", r"*\1"),
    (r"<a(\s[^<>]*)>((?:(?!</?a[\s>]).)*)</a>", _convert_link),
)
# A link of Obsidian: `[[file]]`, `[[file|words]]`.
_WIKI_LINK = re.compile(r"!?\[\[([^\[\]|]+)(?:\|([^\[\]]+))?\]\]")
_ROW = re.compile(r"(^[ \t]*\|.*$)", re.M)
_SCRIPT = re.compile(r"<(script|style)\b[^<>]*>.*?</\1\s*>", re.I | re.DOTALL)
_HAS_TAG = re.compile(r"<[a-zA-Z/!]")
# Bullets of other programs are lists too; a dot and a tab is what is left of a number.
_LIST_MARK = re.compile(
    r"(?P<indent>\s*)(?P<mark>[-*+•·▪▫◦‣⁃○●■□➢➤►✓✔–—]|\.(?=\t)|\d{1,3}[.)][*+-]?)\s+"
)
_BOX = re.compile(r"\s*\[[ xX-]\]\s+")
_Q, _A = re.compile(r"^Q\d*\s*[:.]", re.M), re.compile(r"^A\d*\s*[:.]\s*", re.M)
_OTHER_LETTER = re.compile(r"^(?:[-*]\s+|\*\*)*[STR]\s*[:.]", re.M)
_QUOTE = re.compile(r"(?:^[ ]{0,3}>.*(?:\n|$))+", re.M)
_QUOTE_MARK = re.compile(r"(^|\0)[ ]{0,3}>[ ]?", re.M)
_FENCE_END = re.compile(r"\s*(?:`{3,}|~{3,})\s*")
# The level of the title of a row: below all headings.
ROW = 7
_DRAWN = re.compile("[\u2500-\u257f]")  # a box of lines
_CELL_BORDER = re.compile(r"(?<!\\)\|")
_COUNTER_COLUMN = re.compile(r"#|№|\b(?:no|nr|id|number|index|num)\b|^$", re.I)
# Columns of which a cell may have several names.
_LISTS = ("categories", "principles", "names", "tags", "cue")
_TITLE_COLUMN = re.compile(r"story|title|name|project|example|what", re.I)


class Line(msgspec.Struct, frozen=True):
    """A line of a document: its number, its text, and its role.

    `role` is heading, item, text, code, table, rule, blank or comment, a mark of `marks`; `indent`
    is in columns; `fold` is the number of the `<details>` or, below 0, of the row of a table that
    it is in, or 0; `index` is its place among the lines of the document.
    """

    number: int
    text: str
    role: str
    level: int = 0
    indent: int = 0
    fold: int = 0
    index: int = -1

    @property
    def words(self) -> str:
        """The text without heading or list marks, and without a box to tick."""
        if self.role == "heading":
            return self.text.strip().strip("#").strip()
        mark = _LIST_MARK.match(self.text) if self.role == "item" else None
        text = self.text[mark.end() :] if mark else self.text
        return (_BOX.sub("", text, count=1) if mark else text).strip()


class Document(msgspec.Struct, frozen=True):
    """A parsed document: its name, its front matter without comments, and its lines.

    `comments` are the comments with the numbers of their lines; `lines` have marks for them.
    `source` are the lines as they stood.
    """

    name: str
    front: str
    lines: tuple[Line, ...]
    source: tuple[str, ...] = ()
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
    pieces = (
        (number, html.unescape(piece) if "&" in piece and "\0" in line else piece)
        for number, line in marks.split_lines(
            _QUOTE.sub(partial(_unwrap_story, vocabulary), body), first
        )
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
    expanded = tuple(
        msgspec.structs.replace(line, index=i)
        for i, line in enumerate(_expand_blocks(lines, vocabulary))
    )
    return Document(name, front, expanded, tuple(text.splitlines()), tuple(numbers))


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
        parts = _ROW.split(_WIKI_LINK.sub(_convert_wiki_link, pieces[i]))
        parts[::2] = map(_convert_tags, parts[::2])
        # A row of a table stays on one line.
        parts[1::2] = [_convert_tags(row).replace("\0", "<br>") for row in parts[1::2]]
        pieces[i] = "".join(parts)
    return "".join(pieces)


def _convert_tags(text: str) -> str:
    text = _SCRIPT.sub(lambda script: "\n" * script[0].count("\n"), text)
    for pattern, replacement in _TAGS if _HAS_TAG.search(text) else ():
        text = re.sub(pattern, replacement, text, flags=re.I)
    return text


def _unwrap_story(vocabulary: Vocabulary, quote: re.Match[str]) -> str:
    """Return a block quote, without its marks if it holds a story."""
    inner = _QUOTE_MARK.sub("", quote[0])
    labels = (parse_label(line.lstrip("# "), vocabulary) for line in re.split(r"[\n\0]", inner))
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
    begin = rows = 0
    while begin < len(lines):
        role, end = lines[begin].role, begin + 1
        while role in ("code", "table", "text") and end < len(lines) and lines[end].role == role:
            end += 1
            text = lines[end - 1].text
            closes = role == "code" and _FENCE_END.fullmatch(text)
            if closes and text.strip()[:1] == lines[begin].text.strip()[:1]:
                break
        block = lines[begin:end]
        if role == "table":
            rows += len(block)
            yield from _expand_table(block, vocabulary, rows)
        elif role == "code":
            yield from _expand_fence(block, vocabulary)
        else:
            yield from _expand_paragraph(block, vocabulary)
        begin = end


def _expand_paragraph(block: Sequence[Line], vocabulary: Vocabulary) -> Iterable[Line]:
    """Return a paragraph with each label of a part at the start of a line."""
    texts = [line.words for line in block]
    if block[0].role not in ("text", "item") or not has_inline_story(texts, vocabulary):
        return block
    expanded: list[Line] = []
    for line in block:
        pieces = split_inline_labels(line.words, vocabulary)
        for label, piece in pieces:
            shown = f"**{label}:** {piece}" if label else piece
            if label and expanded:
                expanded.append(Line(line.number, "", "blank"))
            expanded.append(Line(line.number, shown, "text", fold=line.fold))
    return expanded


def _make_paragraphs(number: int, texts: Iterable[str], fold: int = 0) -> Iterator[Line]:
    for text in texts:
        yield Line(number, text, "text", fold=fold)
        yield Line(number, "", "blank", fold=fold)


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
    drawn = any(_DRAWN.search(line.text) for line in inside)
    return inner if _count_kinds(labels) >= 3 and filled >= 3 and not drawn else block


def split_row(row: str) -> list[str]:
    """Return the cells of a table row, without the space around them."""
    return [cell.strip().replace("\\|", "|") for cell in _CELL_BORDER.split(row.strip().strip("|"))]


def _expand_table(
    block: Sequence[Line], vocabulary: Vocabulary, rows_before: int
) -> Iterator[Line]:
    """Yield the rows of a table as stories, or a table of two columns as one story."""
    rows = [(line.number, split_row(line.text)) for line in block]
    head = [_strip_marks(cell) for cell in rows[0][1]]
    body = [row for row in rows[1:] if not all(set(cell) <= set(":- ") for cell in row[1])]

    def is_part(cell: str) -> PartLabel | None:
        return parse_label(_strip_marks(cell), vocabulary, whole=True)

    if _count_kinds(map(is_part, head)) >= 3:
        folds = (-(rows_before * 1000 + i + 1) for i in range(len(body)))
        expanded = [
            list(_expand_row(number, fold, head, row, vocabulary))
            for (number, row), fold in zip(body, folds, strict=True)
        ]
        # What is neither a story nor a question belongs to no row above it.
        for lines in sorted(expanded, key=lambda lines: bool(lines and lines[0].role == "heading")):
            yield from lines
    elif _are_columns_told(head, body) and _count_kinds(is_part(row[0]) for _, row in body) >= 3:
        yield from _expand_columns([rows[0], *body], rows_before)
    elif len(head) == 2 and _count_kinds(is_part(row[0]) for _, row in rows) >= 3:
        told = body if _says_nothing(head, vocabulary) else [rows[0], *body]
        for number, (label, *texts) in told:
            start = f"**{_strip_marks(label)}:**" if is_part(label) else f"{label}:"
            yield from _make_paragraphs(number, [" ".join([start, *texts]).strip()])
    else:
        yield from _expand_lists_in_rows(block, vocabulary, rows_before)


def _expand_lists_in_rows(
    block: Sequence[Line], vocabulary: Vocabulary, rows_before: int
) -> Iterator[Line]:
    """Yield a table without the rows of which a cell is a list, and then the lines of those.

    That is a list of the parts of a story, or of questions to ask; the cell before it is its name.
    """
    rest: list[Line] = []
    expanded: list[Line] = []
    for i, line in enumerate(block):
        name, *cells = split_row(line.text)
        lists = [cell.split("<br>") for cell in cells if "<br>" in cell]
        found = next((texts for texts in lists if _is_list_of_parts(texts, vocabulary)), None)
        if not found and lists and vocabulary.to_ask_heading.search(_strip_marks(name)):
            found = lists[0]
        if found and len(cells) == 1:
            fold = -(rows_before * 1000 + i + 1)
            title = " ".join(_strip_marks(name).replace("<br>", " ").split())
            expanded.append(Line(line.number, title, "heading", ROW, fold=fold))
            for text in found:
                role = "item" if _LIST_MARK.match(text) else "text"
                expanded.append(Line(line.number, text, role, fold=fold))
            expanded.append(Line(line.number, "", "blank", fold=fold))
        else:
            rest.append(line)
    yield from rest
    yield from expanded


def _are_columns_told(head: Sequence[str], body: Sequence[tuple[int, Sequence[str]]]) -> bool:
    """Return True if the columns of a table may be stories, with titles and sentences.

    `Poor | Good` are columns of a scale, and `Means | Time` of an explanation.
    """
    titled = all(" " in title or (not title.isascii() and len(title) > 3) for title in head[1:])
    cells = [cell for _, row in body for cell in row[1:] if cell]
    long = sum(cell.count(" ") > 2 or not cell.isascii() for cell in cells)
    return len(head) > 2 and titled and long * 2 > len(cells)


def _expand_columns(rows: Sequence[tuple[int, Sequence[str]]], rows_before: int) -> Iterator[Line]:
    """Yield a story for each column of a table of which each row is a part."""
    number, (_, *titles) = rows[0]
    for column, title in enumerate(titles, 1):
        fold = -(rows_before * 1000 + column)
        yield Line(number, _strip_marks(title), "heading", ROW, fold=fold)
        for below, row in rows[1:]:
            cell = row[column] if column < len(row) else ""
            text = f"**{_strip_marks(row[0])}:** {cell}".rstrip()
            yield from _make_paragraphs(below, text.split("<br>"), fold)


def _is_list_of_parts(texts: Sequence[str], vocabulary: Vocabulary) -> bool:
    lines = (_make_line(0, text, "", 0).words for text in texts)
    return _count_kinds(parse_label(line, vocabulary) for line in lines) >= 3


def _says_nothing(head: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Return True if the head of a table names its columns only: `Part`, `What I say`."""
    name, text = head
    known = parse_label(name, vocabulary, whole=True) or vocabulary.field_of_label(name)
    return bool(name and text and len(text.split()) <= 4 and not known)


def _strip_marks(cell: str) -> str:
    return cell.replace("**", "").replace("__", "").strip("*:_ ")


def _expand_row(
    number: int, fold: int, head: Sequence[str], row: Sequence[str], vocabulary: Vocabulary
) -> Iterator[Line]:
    """Yield the title of the story in a table row, and each other cell below its column's name."""
    named = [*head, *[""] * (len(row) - len(head))]  # a row may have more cells than the head
    pairs = list(zip(named, row, strict=False))
    cells = [(name, cell) for name, cell in pairs if cell.strip("* ")]
    if not any(parse_label(name, vocabulary, whole=True) for name, _ in cells):
        yield from _expand_untold_row(number, fold, pairs, vocabulary)
        return
    counter = next((i for i, cell in enumerate(cells) if _is_counter(*cell)), -1)
    others = [
        i
        for i, (name, _) in enumerate(cells)
        if i != counter and not parse_label(name, vocabulary, whole=True)
    ]
    titles = [i for i in others if vocabulary.field_of_label(cells[i][0]) == "title"]
    titles += [i for i in others if _TITLE_COLUMN.search(cells[i][0])]
    titles += [i for i in others if vocabulary.field_of_label(cells[i][0]) == "questions"]
    titles += [i for i in others if not vocabulary.field_of_label(cells[i][0])]
    title = (titles or others or [counter])[0]
    count = cells[counter][1].strip("#. ") if counter >= 0 else ""
    if title >= 0:
        counted = f"Story {count}: " if count.isdecimal() and title != counter else ""
        yield Line(number, f"{counted}{_strip_marks(cells[title][1])}", "heading", ROW, fold=fold)
    for i, (name, cell) in enumerate(cells):
        if i not in (title, counter) or (i == counter and not count.isdecimal()):
            text = cell.strip() if "****" not in cell else _strip_marks(cell)
            if vocabulary.field_of_label(name) in _LISTS:
                text = text.replace("<br>", ", ")
            shown = f"**{name}:** {text}" if name else text
            yield from _make_paragraphs(number, shown.split("<br>"), fold)


def _expand_untold_row(
    number: int, fold: int, cells: Sequence[tuple[str, str]], vocabulary: Vocabulary
) -> Iterator[Line]:
    """Yield what a row holds that has no part of a story: a name alone, or a question.

    A name stands for a story that is still to be told, unless the row lacks the number that others
    have, as a sum does.
    """
    filled = [
        (name, cell) for name, cell in cells if cell.strip("* ") and not _is_counter(name, cell)
    ]
    counted = not _COUNTER_COLUMN.search(cells[0][0]) or cells[0][1].strip()
    asked = [cell for name, cell in filled if vocabulary.field_of_label(name) == "questions"]
    if filled and counted and len(filled) > len(asked):
        yield Line(number, _strip_marks(filled[0][1]), "heading", ROW, fold=fold)
        for name, cell in [*filled[1:], *((name, "") for name, _ in cells)]:
            if cell or parse_label(name, vocabulary, whole=True):
                yield from _make_paragraphs(number, [f"**{name}:** {cell}".strip()], fold)
    else:
        for _, cell in filled:
            text = _strip_marks(cell)
            if cell in asked:
                yield Line(number, text, "heading", ROW, fold=fold)
            else:
                yield Line(number, f"- {text}", "item", fold=fold)


def _is_counter(name: str, cell: str) -> bool:
    return bool(_COUNTER_COLUMN.search(name)) and cell.strip("#. ").isdecimal()
