"""Markdown to safe HTML: text → blocks of tokens → `Prose`.

Markdown is CommonMark with GitHub's tables, strikethrough, task lists, footnotes and bare links,
and with links by the name of a file. Raw HTML is shown as text, but for a few tags (`html_tags`),
and so is a link that a page on disk must not follow (`javascript:`, `//host`).
Comments are taken out before anything else.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, takewhile
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_block.table import escapedSplit, getLine
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, image
from markdown_it.token import Token
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from starbook.content import comments, footnotes, html_tags, parsing, wikilinks
from starbook.content.parsing import Parsing
from starbook.model import Heading, Link, Prose
from starbook.problem import Report
from starbook.text import names

# Text that is still to be written. The check of ready stories also finds others, such as `X%`.
PLACEHOLDER = re.compile(r"\[\s*(?:fill in|todo|tbd)\b[^\]\n]{0,500}\]", re.IGNORECASE)

_SAFE_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
# The parser scans the rest of the paragraph for each `[` and `:`, so its time is quadratic in them.
_MAX_BRACKETS = 1000
BREAKS = ("softbreak", "hardbreak")
_CALLOUT = re.compile(r"\[!([\w-]+)\][+-]?[ \t]*")
# Where markup may begin. The parser's own pattern has the signs of every plugin, and stops at each
# `w` because of `www.`; with this one ordinary prose takes half of the time.
_MARKUP = re.compile(r"[\n\\`*_~\[\]<&@]|!(?=\[)|w(?=ww\.)|(?<=http|ttps|ilto|xmpp):")
_RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
# Content never holds a NUL (see `files.decode`), so it can mark the places of links in HTML.
LINK_MARK = "\0"


class Block(msgspec.Struct):
    """A top-level block and the line it starts on; `level` is 1 to 6 for a heading, else 0."""

    tokens: list[Token]
    line: int
    level: int = 0

    @property
    def kind(self) -> str:
        """The type of its first token: `paragraph`, `bullet_list`, `blockquote` and so on."""
        return self.tokens[0].type.removesuffix("_open") if self.tokens else ""

    @property
    def inline(self) -> Token | None:
        """The inline token of a heading or paragraph, else None."""
        has_inline = len(self.tokens) == 3 and self.tokens[1].type == "inline"
        return self.tokens[1] if has_inline else None

    @property
    def callout_kind(self) -> str:
        """The kind of a callout, such as `tip` for `> [!TIP]`, else ""."""
        if self.kind != "blockquote" or len(self.tokens) < 3:
            return ""
        match = _CALLOUT.match(self.tokens[2].content)
        return match[1].lower() if match else ""


class _Renderer(RendererHTML):
    """A renderer of safe HTML: it collects local links, and marks placeholders.

    No element has a style, since the pages allow no inline style.
    """

    def text(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        html = escapeHtml(tokens[idx].content)
        if "[" in html:
            html = PLACEHOLDER.sub(r'<span class="placeholder">\g<0></span>', html)
        return html

    def link_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        href = str(tokens[idx].attrs.get("href", ""))
        title = tokens[idx].attrs.get("title")
        attribute = f' title="{escapeHtml(str(title))}"' if title else ""
        if urlsplit(href).scheme:
            return f'<a href="{escapeHtml(href)}"{attribute} rel="noreferrer">'
        env["links"].append(_make_link(tokens[idx], unquote(href)))
        return f'<a href="{LINK_MARK}"{attribute}>'

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        source = unquote(str(tokens[idx].attrs["src"]))
        env["links"].append(_make_link(tokens[idx], source, image=True))
        alt = escapeHtml(tokens[idx].content)
        return f'<img src="{LINK_MARK}" alt="{alt}" loading="lazy">'

    def fence(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        html = super().fence(tokens, idx, options, env)
        return html.replace("<pre>", '<pre tabindex="0">', 1)  # it scrolls, without a mouse too

    def code_block(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        html = super().code_block(tokens, idx, options, env)
        return html.replace("<pre>", '<pre tabindex="0">', 1)

    def footnote_ref(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        meta = tokens[idx].meta
        note: footnotes.Footnote = meta["note"]
        ident = f"fnref_{note.number}" + (f"_{meta['count']}" if meta["count"] > 1 else "")
        note.shown.append(ident)
        env["links"].append(Link(f"#fn_{note.number}", meta.get("line", 0)))
        return f'<sup class="ref"><a href="{LINK_MARK}" id="{ident}">{note.number}</a></sup>'

    def footnotes_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return '<ol class="footnotes">\n'

    def footnote_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f'<li id="fn_{tokens[idx].meta["note"].number}">'

    def footnote_back(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        shown = tokens[idx].meta["note"].shown
        env["links"] += [Link(f"#{ident}", 0) for ident in shown]
        sign = "\N{LEFTWARDS ARROW WITH HOOK}\N{VARIATION SELECTOR-15}"
        link = f' <a href="{LINK_MARK}" class="back" {footnotes.BACK_LABEL}>{sign}</a>'
        return link * len(shown)

    def details_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "<details open>\n" if tokens[idx].meta["open"] else "<details>\n"

    def heading_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        anchor = escapeHtml(str(tokens[idx].attrs.get("id", "")))
        return f'<{tokens[idx].tag} id="{anchor}">'

    def td_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        style = str(tokens[idx].attrs.get("style", ""))
        side = style.removeprefix("text-align:")
        tag = _cell_tag(tokens[idx], tokens[idx + 1])
        return f'<{tag} class="{side}">' if side else f"<{tag}>"

    th_open = td_open

    def th_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f"</{_cell_tag(tokens[idx], tokens[idx - 1])}>\n"

    def table_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return '<div class="table" tabindex="0"><table>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "</table></div>\n"

    def blockquote_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        label = tokens[idx].meta.get("callout")
        if not label:
            return "<blockquote>\n"
        return f'<blockquote class="callout"><p class="label">{escapeHtml(label)}</p>\n'


def _cell_tag(cell: Token, text: Token) -> str:
    """Return the tag of a cell; one of the head without words heads nothing."""
    return cell.tag if text.content.strip() else "td"


def _make_link(token: Token, address: str, *, image: bool = False) -> Link:
    meta = token.meta
    target = meta.get("name", address)
    # CommonMark links are paths. Programs that write links by name have no other with a space.
    by_name = "name" in meta
    return Link(target, meta.get("line", 0), image, by_name, words=meta.get("words"))


def _is_safe_link(href: str) -> bool:
    """Return True if a link may stay a link; others are shown as they were written."""
    try:
        scheme = urlsplit(href).scheme
    except ValueError:
        return False
    return scheme in _SAFE_SCHEMES if scheme else not href.startswith(("//", "\\", "/\\"))


def _parse_image(state: StateInline, silent: bool) -> bool:
    """Parse an image with any address, so that the check can report an unsafe one.

    That is an error, which stops the build: no page shows such an image.
    """
    state.md.validateLink = lambda url: True  # type: ignore[method-assign]
    try:
        return image(state, silent)
    finally:
        state.md.validateLink = _is_safe_link  # type: ignore[method-assign,assignment]


def _parse_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse a table; warn of each row with cells that its head has no column for."""
    if not table(state, start, end, silent):
        return False
    if not silent:
        parse = parsing.current(state)
        rows = (_cells(state, line) for line in range(start, state.line))
        head, *others = rows
        for line, cells in enumerate(others, start + 1):
            if any(cells[len(head) :]):
                message = f"this row has {len(cells)} cells, but its head has {len(head)}"
                hint = "the rest is not shown: write `\\|` for a pipe in a cell"
                parse.report.warning(parse.place(line), "wide-row", message, hint)
    return True


def _cells(state: StateBlock, line: int) -> list[str]:
    """Return the cells of a row as the parser cuts it."""
    cells = escapedSplit(getLine(state, line).strip())
    first, last = cells[:1] == [""], len(cells) > 1 and cells[-1] == ""
    return [cell.strip() for cell in cells[first : len(cells) - last]]


def _parse_inline(state: StateCore) -> None:
    """Parse inline markup; leave text with very many brackets as it was written."""
    parse = parsing.current(state)
    if "[^" in state.src:
        parse.footnotes = footnotes.find_labels(state.tokens)
    for token in state.tokens:
        if token.type == "inline":
            token.children = []
            plain = not _MARKUP.search(token.content)
            if plain or sum(map(token.content.count, "[:")) > _MAX_BRACKETS:
                token.children.append(Token("text", "", 0, content=token.content))
            else:
                parse.line = token.map[0] if token.map else 0
                state.md.inline.parse(token.content, state.md, state.env, token.children)
                _finish_inline(token, parse)


def _finish_inline(inline: Token, parse: Parsing) -> None:
    """Pair the HTML tags among the children of an inline token, and keep its lines if wanted."""
    children = inline.children or []
    if "<" in inline.content:
        html_tags.pair_inline_tags(children, parse)
    if "<!--" in inline.content:
        _stop_at_comment(children, parse)
    if parse.line_breaks and "\n" in inline.content:
        for child in children:
            if child.type == "softbreak":
                child.type, child.tag = "hardbreak", "br"
    for child in children if "![" in inline.content else ():
        if child.type == "image" and child.children:
            child.content = "".join(one.content for one in child.children if not one.meta)


def _stop_at_comment(children: Sequence[Token], parse: Parsing) -> None:
    """Report a comment that would be shown; an escaped `<` is a token of its own.

    `comments` tells code from text without a parse. Where it is wrong, nothing must be published.
    """
    texts = [one for child in children for one in (child, *(child.children or ()))]
    if any(one.type == "text" and "<!--" in one.content for one in texts):
        message = "a comment here would be shown, as it looks like code but is none"
        hint = "put it on a line of its own, with an empty line above and below"
        parse.report.error(parse.place(parse.line), "shown-comment", message, hint)


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    parser.enable(["table", "strikethrough"])
    parser.use(tasklists_plugin, enabled=True, label=True)
    rules = zip(parser.core.ruler.get_active_rules(), parser.core.ruler.getRules(""), strict=True)
    find_task_lists = dict(rules)["github-tasklists"]

    def find_task_lists_if_any(state: StateCore) -> None:
        if "[" in state.src:  # else the rule would visit every token for nothing
            find_task_lists(state)

    parser.core.ruler.at("github-tasklists", find_task_lists_if_any)
    parser.use(gfm_autolink_plugin)
    parser.validateLink = _is_safe_link  # type: ignore[method-assign,assignment]
    parser.inline.ruler.at("image", _parse_image)
    parser.core.ruler.at("inline", _parse_inline)
    parser.core.ruler.push("details", html_tags.place_details)
    parser.inline.terminator_re = _MARKUP
    parser.inline.ruler.before("link", "footnote", footnotes.parse_reference)
    parser.inline.ruler.after("image", "name", wikilinks.parse_link)
    parser.inline.ruler.after("name", "spaced", wikilinks.parse_spaced_address)
    parser.inline.ruler.after("autolink", "tag", html_tags.parse_tag)
    parser.block.ruler.at("table", _parse_table, {"alt": ["paragraph", "reference"]})
    parser.block.ruler.before(
        "reference", "footnote", footnotes.parse_definition, {"alt": ["paragraph", "reference"]}
    )
    parser.block.ruler.at("reference", footnotes.parse_link_definition)
    parser.disable(["html_block", "html_inline"])  # with `html: False` they never match
    return parser


_PARSER = _make_parser()
_RENDERER = _Renderer(_PARSER)


# The parser takes each of these for the end of a line, and lines must be counted as it does.
_LINE_END = re.compile(r"\r\n?")


def parse(
    text: str,
    first_line: int = 1,
    report: Report | None = None,
    *,
    line_breaks: bool = False,
    ends_section: Callable[[int, str], bool] | None = None,
) -> list[Block]:
    """Parse markdown that starts on `first_line` of its file into its top-level blocks.

    The last block has the footnotes, if there are any. `report` gets warnings. `ends_section` tells
    from its level and words whether a heading ends the section before it: no block spans one.
    Comments are left out; `comments.report` says which of them are at fault.
    """
    visible = comments.hide(_LINE_END.sub("\n", text))
    parse = Parsing(report or Report("", []), first_line, visible.lines, line_breaks, ends_section)
    tokens = _PARSER.parse(visible.text, parse.in_environment())
    notes: list[Token] = []
    if parse.footnotes:
        tokens, notes = footnotes.move_to_end(tokens, parse)
    blocks: list[Block] = []
    block: list[Token] = []
    for token in (*tokens, *notes):
        if token.map:
            if token.children:
                _set_lines_inside(token.children, parse, token.map[0])
            token.map = [parse.place(line) for line in token.map]
        block.append(token)
        if token.level == 0 and token.nesting <= 0:
            first = block[0]
            level = int(first.tag[1]) if first.type == "heading_open" else 0
            blocks.append(Block(block, first.map[0] if first.map else first_line, level))
            block = []
    return blocks


def render(blocks: Sequence[Block], taken: set[str] | None = None, top: int = 3) -> Prose:
    """Render `blocks` as `Prose`; the highest heading among them becomes an `<h{top}>`.

    Headings get ids that are not in `taken`, and these are added to it.
    """
    ids = set() if taken is None else taken
    shift = top - min((block.level for block in blocks if block.level), default=top)
    tokens = [token for block in blocks for token in block.tokens]
    texts: list[str] = []
    unlabelled: list[tuple[Token, int]] = []
    for i, token in enumerate(tokens):
        if token.type == "inline":
            unlabelled += _find_unlabelled(token, len(texts))
            texts += (*_iter_text(token), "\n")
        elif token.type in ("heading_open", "heading_close"):
            # One inside of another block, such as a quotation, is no higher than those beside it.
            token.tag = f"h{min(max(int(token.tag[1]) + shift, top), 6)}"
            if token.nesting == 1:
                wanted = names.slug(plain_text(tokens[i + 1])) or "part"
                token.attrs["id"] = names.unique(wanted, ids)
        elif token.type == "blockquote_open":
            texts.append(_mark_callout(token, tokens[i + 1 : i + 3]))
        elif token.type in ("fence", "code_block"):
            texts.append(token.content)
    if unlabelled:
        starts = [0, *accumulate(map(len, texts))]
        for link, position in unlabelled:
            link.meta["words"] = (starts[position], starts[position + 1])
    env: dict[str, Any] = {"links": []}
    html = _RENDERER.render(tokens, _PARSER.options, env)
    text = "".join(texts)
    return Prose(insert_links(html, env["links"]), "" if names.is_blank(text) else text)


def render_inline(inline: Token | None) -> Prose:
    """Render one line, such as a heading, as `Prose` without a paragraph around it."""
    if inline is None:
        return Prose()
    prose = render([Block([inline], 0)])
    return Prose(prose.parts, prose.text.rstrip())


def tick_boxes(block: Block) -> list[tuple[bool, Token]]:
    """Return the lines of a list whose entries are one tick box each, else an empty list.

    With each line goes whether it is ticked; the box is not part of the line.
    """
    entry = ["list_item_open", "paragraph_open", "inline", "paragraph_close", "list_item_close"]
    inside = block.tokens[1:-1]
    if not block.kind.endswith("_list") or [t.type for t in inside] != entry * (len(inside) // 5):
        return []
    lines = []
    for item, inline in zip(inside[::5], inside[2::5], strict=True):
        if not str(item.attrs.get("class", "")).startswith("task-list-item"):
            return []
        _, box, *words, _ = (child.copy() for child in inline.children or ())
        words[0].content = words[0].content.lstrip()
        lines.append(("checked=" in box.content, inline.copy(children=words)))
    return lines


def collect_headings(blocks: Iterable[Block]) -> tuple[Heading, ...]:
    """Return the top-level headings of `blocks`, which must be rendered: that gives them ids."""
    return tuple(
        Heading(str(block.tokens[0].attrs["id"]), plain_text(block.inline))
        for block in blocks
        if block.level and block.inline
    )


def plain_text(inline: Token | None) -> str:
    """Return the text of an inline token without its markup."""
    return "".join(_iter_text(inline)).strip() if inline else ""


def unwrap_callout(block: Block) -> list[Block]:
    """Return the blocks inside a callout, without the `[!KIND]` marker."""
    _remove_marker(block.tokens[2])
    start = 1 if block.tokens[2].children else 4  # a paragraph of the marker alone is left out
    return [Block(block.tokens[start:-1], block.line)]


def insert_links(html: str, links: Sequence[Link]) -> tuple[str | Link, ...]:
    """Return the parts of prose whose links have a `LINK_MARK` as their place in `html`."""
    pairs: Iterable[tuple[str, str | Link]] = zip(html.split(LINK_MARK), [*links, ""], strict=True)
    return tuple(part for pair in pairs for part in pair if part)


def _iter_text(inline: Token) -> Iterator[str]:
    raised = False
    for child in inline.children or ():
        if child.type == "text":
            # Without this, 10<sup>6</sup> would be another number.
            yield child.content.translate(_RAISED) if raised else child.content
        elif child.type in BREAKS:
            yield "\n" if child.type == "hardbreak" else " "
        else:
            raised = child.type == "sup_open"
            yield "" if child.type == "html_inline" else child.content


def _set_lines_inside(inline: Iterable[Token], parse: Parsing, index: int) -> None:
    """Note the line of each link, and of what follows each line break; the first is at `index`."""
    for child in inline:
        if child.type in BREAKS:
            index += not html_tags.is_tag(child)
        if child.type in (*BREAKS, "link_open", "image", "footnote_ref"):
            child.meta["line"] = parse.place(index)


def _find_unlabelled(inline: Token, position: int) -> Iterator[tuple[Token, int]]:
    """Yield the links whose words are the name of a file, with the position of their words.

    `position` is that of the first child; each child has one text (see `_iter_text`).
    """
    for i, child in enumerate(inline.children or (), position):
        if child.type == "link_open" and child.meta.get("unlabelled"):
            yield child, i + 1


def _mark_callout(quote: Token, following: Sequence[Token]) -> str:
    """Make a GitHub or Obsidian callout of a block quote that is one, and return its title."""
    inline = following[1] if len(following) == 2 and following[1].type == "inline" else None
    match = _CALLOUT.match(inline.content) if inline else None
    if inline is None or match is None:
        return ""
    title = _first_line(inline)[match.end() :].strip()
    quote.meta["callout"] = title or match[1].replace("-", " ").capitalize()
    _remove_marker(inline, whole_line=bool(title))
    return f"{title}\n" if title else ""


def _first_line(inline: Token) -> str:
    kept = takewhile(lambda child: child.type not in BREAKS, inline.children or ())
    return "".join(child.content for child in kept)


def _remove_marker(inline: Token, whole_line: bool = False) -> None:
    children = inline.children or []
    children[0].content = _CALLOUT.sub("", children[0].content, count=1)
    breaks = (i for i, child in enumerate(children) if child.type in BREAKS)
    first_line = next(breaks, len(children))
    if whole_line or not any(child.content for child in children[:first_line]):
        inline.children = children[first_line + 1 :]
