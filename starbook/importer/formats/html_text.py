"""HTML to markdown: pages that were saved or exported, and what a docx became.

Beautiful Soup parses, and markdownify writes. Here is what they leave open: what is hidden, the
lines of the original, tables, and signs that would become markup.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bs4 import BeautifulSoup
from bs4.element import (
    CData,
    Comment,
    Declaration,
    Doctype,
    NavigableString,
    ProcessingInstruction,
    Tag,
)
from markdownify import MarkdownConverter

from starbook.importer.formats import source, tables
from starbook.importer.formats.plain_text import escape_signs
from starbook.importer.formats.source import Converted, UnreadableError, from_lines

MAX_TAGS = 40_000
MAX_DEPTH = 100
_NO_WORDS = (
    *("script", "style", "template", "noscript", "head", "svg", "math", "iframe", "object"),
    *("embed", "canvas", "audio", "video", "map", "link", "meta"),
)
# Elements that may be left open, with those that end them.
_BLOCKS = frozenset(
    "p ul ol dl div table h1 h2 h3 h4 h5 h6 pre blockquote section article hr details "
    "li dt dd tr td th thead tbody tfoot".split()
)
_CELLS = frozenset({"td", "th", "tr", "thead", "tbody", "tfoot"})
_ENDED_BY = {
    "p": _BLOCKS,
    "li": frozenset({"li"}),
    "td": _CELLS,
    "th": _CELLS,
    "tr": frozenset({"tr", "thead", "tbody", "tfoot"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
}
_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
_BLOCKS_IN_CELL = ["table", *_HEADINGS, "details", "pre"]
_CLASS = re.compile(r"\.([\w-]{1,100})(?![\w-])")
_HIDDEN_STYLE = re.compile(
    r"(?:^|[;\s])(?:display\s{0,5}:\s{0,5}none|visibility\s{0,5}:\s{0,5}hidden)", re.I
)
_BOLD_STYLE = re.compile(r"(?:^|[;\s])font-weight\s{0,5}:\s{0,5}(?:bold|[6-9]00)", re.I)
_OPENS_TAG = re.compile(r"<(?=[a-zA-Z/!?])")
_COMMENT_SIGN = re.compile("%%")
EMBEDDED = "data-embedded"  # an image whose address is the name of a picture of the document
_NUMBER = "data-number"  # of an item in a numbered list
_HARD_SPACE = "\xa0"
_CELL_END, _ROW_END = "\x1f", "\x1e"
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def read_html(text: str, path: str) -> Converted:
    """Return the markdown for a page. Raise `UnreadableError` if it is too large."""
    soup = parse(source.drop_marks(text), path)
    comments = _take_out_google_comments(soup)
    _mend_google_links(soup)
    notes = take_out_hidden(soup, comments)
    _mark_lines(soup)
    return to_markdown(soup, notes)


def parse(text: str, path: str) -> BeautifulSoup:
    """Return the tree of a page. Raise `UnreadableError` if it is too large or too deep."""
    if (tags := text.count("<") - text.count("</")) > MAX_TAGS:
        raise UnreadableError(f"{path} has {tags:,} HTML tags, over {MAX_TAGS:,}; split it")
    text = _close_open_signs(text)
    clean = _CONTROLS.sub(" ", text)
    soup = _Soup(clean, "html.parser")
    if _measure_depth(soup) > MAX_DEPTH:
        raise UnreadableError(
            f"{path} has HTML that is nested over {MAX_DEPTH} deep; copy its text into a .md file"
        )
    return soup


def _mend_spaces(line: str) -> str:
    """Return a line with plain spaces, and without those that no browser folds at its start."""
    if not line.strip():
        return ""
    return (line.lstrip() if line.startswith(_HARD_SPACE) else line).replace(_HARD_SPACE, " ")


def _close_open_signs(text: str) -> str:
    """Return a page in which what opens and never ends is text: the parser would start again."""
    for opener, closer in (("<!--", "-->"), ("<", ">")):
        whole, end, rest = text.rpartition(closer)
        text = whole + end + rest.replace(opener, opener.replace("<", "&lt;"))
    return text


def to_markdown(soup: BeautifulSoup, notes: Sequence[str]) -> Converted:
    """Return the markdown for a tree, by the line marks in it."""
    _unfold_layout_tables(soup)
    _number_items(soup)
    for heading in soup.find_all(_HEADINGS):
        for bold in heading.find_all(["b", "strong"]):
            bold.unwrap()
    text = _Writer().convert_soup(soup).strip()
    lines = [(number, _mend_spaces(line)) for number, line in source.resolve_marks(text)]
    kept = [line for i, line in enumerate(lines) if line[1] or lines[i - 1][1]]
    return from_lines(kept, notes)


# --- What is left out -----------------------------------------------------------------------------


def take_out_hidden(soup: BeautifulSoup, comments: int = 0) -> list[str]:
    """Remove what a browser does not show from a tree, and return notes on it."""
    comments += _take_out_comments(soup)
    verb = "comment stays out" if comments == 1 else "comments stay out"
    notes = [f"{comments} {verb}"] if comments else []
    hidden_classes, bold_classes = _read_styles(soup)
    _show_title(soup)
    hidden = 0
    for element in _elements(soup):
        if element.decomposed or element.name == "[document]":
            continue
        if element.name in _NO_WORDS:
            element.decompose()
        elif _is_hidden(element, hidden_classes):
            hidden += bool(element.get_text(strip=True))
            element.decompose()
        elif _is_bold(element, bold_classes):
            element.name = "b"
    if hidden:
        verb = "hidden element stays out" if hidden == 1 else "hidden elements stay out"
        notes.append(f"{hidden} {verb}")
    return notes


def _show_title(soup: BeautifulSoup) -> None:
    """Make the title of a page its first heading, if it has none of that level."""
    title = soup.find("title")
    named = soup.find("p", class_="title")  # as Google Docs exports it
    if isinstance(named, Tag) and soup.find("h1") is None:
        named.name = "h1"
    if isinstance(title, Tag) and title.get_text(strip=True) and soup.find("h1") is None:
        heading = title.extract()
        heading.name = "h1"
        soup.insert(0, heading)


def _take_out_google_comments(soup: BeautifulSoup) -> int:
    """Remove the comments that Google Docs exports below a page; return their number."""
    found = 0
    for link in soup.find_all("a", href=re.compile("^#cmnt")):
        if link.decomposed:
            continue
        is_comment = str(link["href"]).startswith("#cmnt_ref")
        around = link.find_parent("div" if is_comment else "sup")
        (around or link).decompose()
        found += is_comment
    return found


def _mend_google_links(soup: BeautifulSoup) -> None:
    """Let links lead where they say: Google Docs leads them past itself."""
    for link in soup.find_all("a", href=re.compile(r"^https://www\.google\.com/url\?")):
        if target := parse_qs(urlsplit(str(link["href"])).query).get("q"):
            link["href"] = target[0]


def _take_out_comments(soup: BeautifulSoup) -> int:
    """Remove comments and declarations; return how many a person may have written."""
    odd = (Comment, Declaration, Doctype, ProcessingInstruction, CData)
    found = [text for text in soup.find_all(string=True) if isinstance(text, odd)]
    words = [text for text in found if isinstance(text, Comment) and _is_note(str(text))]
    for text in found:
        text.extract()
    return len(words)


def _is_note(comment: str) -> bool:
    """Return True if a person may have written a comment; programs write `[if IE]`, `wp:list`."""
    text = comment.strip()
    return " " in text and not text.startswith(("[if", "wp:", "/wp:", "saved from"))


def _read_styles(soup: BeautifulSoup) -> tuple[set[str], set[str]]:
    """Return the classes that style sheets of the page hide, and those that they make bold."""
    hidden: set[str] = set()
    bold: set[str] = set()
    for style in soup.find_all("style"):
        for selector, rule in _split_rules(style.get_text()):
            names = [_CLASS.fullmatch(name.strip()) for name in selector.split(",")]
            classes = {name[1] for name in names if name}
            if _HIDDEN_STYLE.search(rule):
                hidden |= classes
            if _BOLD_STYLE.search(rule):
                bold |= classes
    return hidden, bold


def _split_rules(style: str) -> Iterator[tuple[str, str]]:
    """Yield selector and body of the rules of a style sheet that hold on every medium."""
    depth = 0
    selector = body = ""
    for piece in re.split(r"([{}])", style):
        if piece == "{":
            depth += 1
        elif piece == "}":
            if depth == 1 and body:
                yield selector, body
            depth, body = max(depth - 1, 0), ""
        elif depth == 0:
            selector = piece.rpartition(";")[2].rpartition("*/")[2]
        else:
            body = piece if depth == 1 else ""


def _is_hidden(element: Tag, classes: set[str]) -> bool:
    style = str(element.get("style") or "")
    return (
        element.has_attr("hidden")
        or str(element.get("aria-hidden")).lower() == "true"
        or (element.name == "input" and element.get("type") == "hidden")
        or bool(_HIDDEN_STYLE.search(style))
        or bool(classes and classes & set(element.get_attribute_list("class")))
    )


def _is_bold(element: Tag, classes: set[str]) -> bool:
    """Return True for text that a style makes bold, as word processors export it."""
    return element.name == "span" and (
        bool(_BOLD_STYLE.search(str(element.get("style") or "")))
        or bool(classes and classes & set(element.get_attribute_list("class")))
    )


# --- The tree -------------------------------------------------------------------------------------


def _elements(soup: BeautifulSoup) -> list[Tag]:
    return [element for element in soup.descendants if isinstance(element, Tag)]


class _Soup(BeautifulSoup):
    """A tree in which elements end where browsers end them: `<li>one<li>two`."""

    def handle_starttag(self, name: str, *rest: Any, **more: Any) -> Tag | None:
        while self.currentTag is not None and name in _ENDED_BY.get(self.currentTag.name, ()):
            self.handle_endtag(self.currentTag.name)
        return super().handle_starttag(name, *rest, **more)


def _measure_depth(soup: BeautifulSoup) -> int:
    deepest = 0
    depths = {id(soup): 0}
    for element in _elements(soup):
        depth = depths.get(id(element.parent), 0) + 1
        depths[id(element)] = depth
        deepest = max(deepest, depth)
    return deepest


def _mark_lines(soup: BeautifulSoup) -> None:
    """Put marks before texts: the lines on which they stand in the page."""
    line = 1
    in_pre = {id(node) for pre in soup.find_all("pre") for node in pre.descendants}
    for node in list(soup.descendants):
        if isinstance(node, Tag):
            line = node.sourceline or line
        elif isinstance(node, NavigableString) and (text := str(node)):
            lead = len(text) - len(text.lstrip())
            first = line + text.count("\n", 0, lead)
            line += text.count("\n")
            if lead < len(text):
                marked = text[:lead] + source.mark(first) + text[lead:]
                if id(node) in in_pre:
                    marked = _mark_code(text, line - text.count("\n"))
                node.replace_with(NavigableString(marked))


def _mark_code(text: str, start: int) -> str:
    return "\n".join(
        source.mark(start + i) + line if line.strip() else ""
        for i, line in enumerate(text.split("\n"))
    )


def _number_items(soup: BeautifulSoup) -> None:
    for numbered in soup.find_all("ol"):
        start = str(numbered.get("start") or "")
        first = int(start[:9]) if start.isdecimal() else 1
        for number, item in enumerate(numbered.find_all("li", recursive=False), first):
            item[_NUMBER] = str(number)


def _unfold_layout_tables(soup: BeautifulSoup) -> None:
    """Turn tables that hold headings or other tables, and captions, into blocks."""
    for table in reversed(soup.find_all("table")):
        for caption in table.find_all("caption"):
            caption.name = "p"
            table.insert_before(caption)
        if table.find(_BLOCKS_IN_CELL):
            for element in [table, *table.find_all(["thead", "tbody", "tfoot", "tr", "td", "th"])]:
                element.name = "div"


# --- Markdown -------------------------------------------------------------------------------------


class _Writer(MarkdownConverter):
    """A writer of markdown that knows folds, boxes to tick, definitions and tables of rows."""

    class Options:
        """With `wrap`, a paragraph is one line: a line of the page may begin like a list item."""

        heading_style = "atx"
        wrap = True
        wrap_width = None

    def _inherit(self, name: str, element: Tag, text: str, parent_tags: set[str]) -> str:
        """Return what markdownify makes of an element; its types do not name these methods."""
        convert: Callable[..., str] = getattr(super(), name)
        return convert(element, text, parent_tags)

    def escape(self, text: str, parent_tags: set[str]) -> str:
        """Return a text with backslashes before signs that would become markup."""
        text = _COMMENT_SIGN.sub(r"\\%%", _OPENS_TAG.sub(r"\\<", text))
        return escape_signs(text)

    def convert_a(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        bare = source.drop_marks(text)
        lead = text[: len(text) - len(bare)] if text.endswith(bare) else ""
        return lead + self._inherit("convert_a", element, bare, parent_tags)

    def convert_br(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        return (
            "\n"
            if _in_cell(parent_tags)
            else self._inherit("convert_br", element, text, parent_tags)
        )

    def convert_p(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        if _in_cell(parent_tags):
            return f"\n{text.strip()}\n"
        return self._inherit("convert_p", element, text, parent_tags)

    def convert_div(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        if _in_cell(parent_tags):
            return f"\n{text.strip()}\n"
        return self._inherit("convert_div", element, text, parent_tags)

    convert_article = convert_section = convert_main = convert_header = convert_footer = convert_div
    convert_figure = convert_aside = convert_nav = convert_div

    def convert_details(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n<details>\n\n{text.strip()}\n\n</details>\n\n"

    def convert_summary(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n<summary>{' '.join(text.split())}</summary>\n\n"

    def convert_li(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        mark = f"{element[_NUMBER]}. " if element.has_attr(_NUMBER) else "- "
        first, *more = text.strip().split("\n")
        below = (" " * len(mark) + line if line else "" for line in more)
        return "\n".join([mark + first, *below]) + "\n" if first else "\n"

    def convert_dt(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        words = " ".join(text.split()).strip("*")
        return f"\n\n**{words}**\n\n" if words else ""

    def convert_dd(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{text.strip()}\n\n"

    def convert_input(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        if element.get("type") != "checkbox":
            return ""
        box = "[x]" if element.has_attr("checked") else "[ ]"
        return box if str(element.next_sibling or "")[:1].isspace() else f"{box} "

    def convert_img(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        address, alt = str(element.get("src") or ""), str(element.get("alt") or "")
        alt = " ".join(alt.replace("[", "(").replace("]", ")").split())
        if element.has_attr(EMBEDDED):
            return f"![[{address}|{alt}]]" if alt else f"![[{address}]]"
        if not address or address.startswith("data:"):
            return alt
        return f"![{alt}](<{address}>)" if set(address) & set(" ()") else f"![{alt}]({address})"

    def convert_td(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        lines = filter(None, (line.strip() for line in text.strip().split("\n")))
        span = str(element.get("colspan") or "")
        width = max(1, min(int(span), 100)) if span.isdecimal() else 1
        return "\n".join(lines) + _CELL_END * width

    convert_th = convert_td

    def convert_tr(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        return text.removesuffix(_CELL_END) + _ROW_END

    def convert_table(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        if _in_cell(parent_tags):
            return text.replace(_CELL_END, " ").replace(_ROW_END, "\n")
        cells = [row.strip("\n").split(_CELL_END) for row in text.split(_ROW_END)]
        rows = [tables.make_row(0, row) for row in cells]
        lines = (line for _, line in tables.to_lines(rows))
        return "\n\n" + "\n".join(lines) + "\n\n"


def _in_cell(parent_tags: set[str]) -> bool:
    return not parent_tags.isdisjoint(("td", "th"))
