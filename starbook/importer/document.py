"""Documents: markdown split into lines with roles; HTML, tables and fences become plain lines."""

import html
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

import msgspec

from starbook.content import comments, markdown
from starbook.importer import marks
from starbook.importer.labels import (
    has_inline_story,
    parse_label,
    split_inline_labels,
)
from starbook.importer.lines import LIST_MARK, Line, count_kinds
from starbook.importer.tables import expand_table
from starbook.text import sentences
from starbook.text.vocabulary import Vocabulary

_FRONT = re.compile(r"\A-{3,5}[ \t]*\n(?P<front>.*?)^(?:-{3,5}|\.{3})[ \t]*$\n?", re.DOTALL | re.M)
CODE = re.compile(r"(^[ \t]*(?:```|~~~).*?^[ \t]*(?:```|~~~)[ \t]*$|`[^`\n]+`)", re.DOTALL | re.M)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\u2028\u2029]")
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
    (r"</?(?:u|font|span)\b[^<>]*>", ""),
    (r"</?(?:p|div|ul|ol|section|center|table|tbody|blockquote)\b[^<>]*>", "\0"),
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
_Q = re.compile(r"^(?:\*\*)?Q\d*\s*[:.]", re.M)
_A = re.compile(r"^([ \t]*)(?:\*\*A\d*\s*[:.]\s*\*\*|A\d*\s*[:.])[ \t]*", re.M)
# An A right below a Q.
_ANSWERED = re.compile(
    r"^([ \t]*(?:[-*+] +)?(?:\*\*)?Q\d*\s*[:.][^\n]*\n+[ \t]*(?:[-*+] +)?)"
    r"(?:\*\*A\d*\s*[:.]\s*\*\*|A\d*\s*[:.])[ \t]*",
    re.M,
)
_LETTERED = re.compile(
    r"^(?P<mark>[ \t]*(?:\*\*)?)(?P<letter>[^\W\d_a-z])(?P<rest>(?:\*\*)?[ ]?[:.].*)$", re.M
)
_OTHER_LETTER = re.compile(r"^[ \t]*(?:[-*]\s+|\*\*|[(（\[])*[STRB]\s*[:.)）\]–-]", re.M)
_QUOTE = re.compile(r"(?:^[ ]{0,3}>.*(?:\n|$))+", re.M)
_QUOTE_MARK = re.compile(r"(^|\0)[ ]{0,3}>[ ]?", re.M)
# The first line of a callout of Obsidian or GitHub, with a title of its own.
_CALLOUT = re.compile(r"\s*\[![\w -]+\][+-]?[ \t]+(?P<title>[^\n\0]+)")
_FENCE_END = re.compile(r"\s*(?:`{3,}|~{3,})\s*")
_SHORTEST_WRAP = 50  # letters of a line that ends where it does because of its width
_SPEAKER = re.compile(r"^[*_>\s]*[^\W\d_][^:：]{0,40}[:：][*_]*\s*")
# What parts a title and the parts of a story in one line: `The mill - S: … / T: …`.
_SEPARATED = re.compile(r"\s+[/|;·–—-]+$")
# `■ T` above text that is no item, as Japanese and Chinese notes mark headings.
_MARKED_HEADING = re.compile(r"^[■◆▼□◇] ?(?=\S[^\n]{0,60}\n+(?![■◆▼□◇\s]))", re.M)
# `1️⃣ T` at the start of a line.
_KEYCAPS = re.compile(
    r"(?m)^([ \t]*(?:(?:#{1,6}|[-*+>])[ \t]+)*(?:\*\*)?)((?:\d\ufe0f?\u20e3)+|\U0001f51f)\s*(?=\S)"
)
# A title between two lines of signs, as plain text sets it off.
_BETWEEN_RULES = re.compile(
    r"(?m)^[ \t]*(?P<rule>([=*#~_])\2{3,})[ \t]*\n"
    r"[ \t]*(?P<title>\w[^\n]{0,80})\n[ \t]*(?P=rule)[ \t]*$"
)
# A title in bold before the parts of a story in one line.
_BOLD_NAME = re.compile(r"\*\*([^*]+?)[:：]?\*\*[:：]?")
_DRAWN = re.compile("[\u2500-\u257f]")  # a box of lines


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
    body = _mark_questions(body, vocabulary)
    answers = _Q.search(body) or len(_A.findall(body)) > 1
    if answers and not _OTHER_LETTER.search(body):  # here A means answer, not Action
        body = _A.sub(r"\1", body)
    else:
        body = _ANSWERED.sub(r"\1", body)
    body = _KEYCAPS.sub(_write_number, body)
    body = _BETWEEN_RULES.sub("\n## \\g<title>\n", body)
    if len(_MARKED_HEADING.findall(body)) > 1:
        body = _MARKED_HEADING.sub("## ", body)
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
    joined = _join_questions(lines, vocabulary)
    expanded = tuple(
        msgspec.structs.replace(line, index=i)
        for i, line in enumerate(_expand_blocks(joined, vocabulary))
    )
    return Document(name, front, expanded, tuple(text.splitlines()), tuple(numbers))


def _write_number(keycaps: re.Match[str]) -> str:
    return f"{keycaps[1]}{''.join(filter(str.isdecimal, keycaps[2])) or 10}. "


def _mark_questions(text: str, vocabulary: Vocabulary) -> str:
    """Return a text with `Q:` and `A:` where two other letters do, as `P:` and `R:` in Spanish.

    They take turns, and most lines of the first one ask.
    """
    found = list(_LETTERED.finditer(text))
    letters = [line["letter"] for line in found]
    asked = [line for line in found[::2] if _asks(line["rest"].strip("*_:. "), vocabulary)]
    pair = letters[:2]
    alternate = len(found) > 3 and letters == (pair * len(found))[: len(found)]
    if not alternate or pair[0] == pair[1] or pair[1] not in "STARL":  # else they are speakers
        return text
    if len(asked) * 4 < len(found):
        return text
    names = dict(zip(pair, "QA", strict=True))
    return _LETTERED.sub(lambda line: line["mark"] + names[line["letter"]] + line["rest"], text)


def _asks(text: str, vocabulary: Vocabulary) -> bool:
    return text.endswith(("?", "？")) or bool(vocabulary.question_preamble.match(text))


def _convert_html(text: str) -> str:
    """Replace HTML and wiki links outside code with markdown.

    NUL stands for a new line until lines are numbered, so that the numbers are those of the text.
    """
    pieces = CODE.split(text)
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
    """Return a block quote, without its marks if it holds a story or is a callout for a part."""
    inner = _QUOTE_MARK.sub("", quote[0])
    callout = _CALLOUT.match(inner)
    if callout and parse_label(callout["title"], vocabulary, whole=True):
        return f"**{callout['title'].strip()}**\0\0{inner[callout.end() :]}"
    labels = (parse_label(line.lstrip("# "), vocabulary) for line in re.split(r"[\n\0]", inner))
    if count_kinds(labels) < 3:
        return quote[0]
    return f"{callout['title']}\0\0{inner[callout.end() :]}" if callout else inner


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
        role = "item" if LIST_MARK.match(text) else "text"
    return Line(number, text, role, level, indent)


def _join_questions(lines: Sequence[Line], vocabulary: Vocabulary) -> list[Line]:
    """Return lines with each question on one, where the source breaks it for its width."""
    joined: list[Line] = []
    for line in lines:
        above = joined[-1] if joined else None
        if above and _goes_on(above, line, vocabulary):
            text = f"{above.text} {line.text.strip()}"
            span = line.number - above.number + 1
            joined[-1] = msgspec.structs.replace(above, text=text, span=span)
        else:
            joined.append(line)
    return joined


def _goes_on(above: Line, line: Line, vocabulary: Vocabulary) -> bool:
    """Return True if a question that begins at the end of a line goes on in the next one."""
    if above.role not in ("text", "item") or line.role != "text" or above.fold != line.fold:
        return False
    inside = above.role == "item" and line.indent > above.indent
    is_broken = (inside or len(above.text) >= _SHORTEST_WRAP) and above.number < line.number
    if not is_broken or not line.text.lstrip()[:1].islower():
        return False
    last = (sentences.split(above.words) or [""])[-1]
    asked = vocabulary.greeting.sub("", _SPEAKER.sub("", last))
    ended = last.rstrip('*_"”»)').endswith((".", "?", "!", ":", ";"))
    return not ended and bool(vocabulary.question_start.match(asked))


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
            yield from expand_table(block, vocabulary, rows)
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
        for label, spaced in pieces:
            piece = _SEPARATED.sub("", spaced)
            name = _BOLD_NAME.fullmatch(piece) if not label and len(pieces) > 1 else None
            piece = f"**{name[1]}**" if name else piece
            shown = f"**{label}:** {piece}" if label else piece
            if label and expanded:
                expanded.append(Line(line.number, "", "blank"))
            expanded.append(Line(line.number, shown, "text", fold=line.fold))
    return expanded


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
    return inner if count_kinds(labels) >= 3 and filled >= 3 and not drawn else block
