"""The one markdown parser: text → blocks of tokens → `Prose`.

Markdown is CommonMark with GitHub's tables, strikethrough, task lists and bare links. Raw HTML is
shown as text, and so is a link that a page on disk must not follow (`javascript:`, `//host`).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, image
from markdown_it.token import Token
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from starbook.model import Heading, Link, Prose
from starbook.text import names

SAFE_SCHEMES = frozenset({"http", "https", "mailto", "tel"})

# What a person has yet to write. Other placeholders (`X%`) are looked for in ready stories only.
HOLE = re.compile(r"\[\s*(?:fill in|todo|tbd)\b[^\]\n]{0,500}\]", re.IGNORECASE)

# For each `[` and `:` the parser looks again at all that stands in the same paragraph.
_MANY_SIGNS = 1000
_CALLOUT = re.compile(r"\[!([\w-]+)\][+-]?[ \t]*")
# Where the parser has to look closer. Its own list has every sign that any plugin may ask for, and
# each `w` because of `www.`; with this one it reads ordinary prose in half of the time.
_SIGNS = re.compile(r"[\n\\`*_~\[\]<&@]|!(?=\[)|w(?=ww\.)|(?<=http|ttps|ilto|xmpp):")
# NUL cannot stand in content (the reader refuses it), so it can mark the holes for links.
_HOLE_MARK = "\0"


class Block(msgspec.Struct):
    """A top-level block with the line it starts on; `level` is 1 to 6 for a heading, else 0."""

    tokens: list[Token]
    line: int
    level: int = 0

    @property
    def kind(self) -> str:
        """What it is: `paragraph`, `bullet_list`, `blockquote` and so on."""
        return self.tokens[0].type.removesuffix("_open") if self.tokens else ""

    @property
    def inline(self) -> Token | None:
        """What a heading or paragraph says."""
        found = len(self.tokens) == 3 and self.tokens[1].type == "inline"
        return self.tokens[1] if found else None


class _Renderer(RendererHTML):
    """Safe HTML: local links become holes, no element carries a style, placeholders are marked."""

    def text(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        content = tokens[idx].content
        html = escapeHtml(content)
        if "[" in content:
            html = HOLE.sub(lambda found: f'<span class="hole">{found[0]}</span>', html)
        return html

    def link_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        href = str(tokens[idx].attrs["href"])
        title = tokens[idx].attrs.get("title")
        named = f' title="{escapeHtml(str(title))}"' if title else ""
        if urlsplit(href).scheme:
            return f'<a href="{escapeHtml(href)}"{named} rel="noreferrer">'
        env["links"].append(Link(unquote(href), tokens[idx].meta.get("line", 0)))
        return f'<a href="{_HOLE_MARK}"{named}>'

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        source = unquote(str(tokens[idx].attrs["src"]))
        env["links"].append(Link(source, tokens[idx].meta.get("line", 0), image=True))
        alt = escapeHtml(tokens[idx].content)
        return f'<img src="{_HOLE_MARK}" alt="{alt}" loading="lazy">'

    def heading_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        ident = str(tokens[idx].attrs.get("id", ""))
        return f'<{tokens[idx].tag} id="{escapeHtml(ident)}">'

    def td_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        style = str(tokens[idx].attrs.get("style", ""))
        side = style.removeprefix("text-align:")
        return f'<{tokens[idx].tag} class="{side}">' if side else f"<{tokens[idx].tag}>"

    th_open = td_open

    def table_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return '<div class="wide" tabindex="0"><table>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "</table></div>\n"

    def blockquote_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        label = tokens[idx].meta.get("callout")
        if not label:
            return "<blockquote>\n"
        return f'<blockquote class="callout"><p class="lab">{escapeHtml(label)}</p>\n'


def _safe(href: str) -> bool:
    """Whether a link may stay a link; what is refused is shown as it was written."""
    try:
        address = urlsplit(href)
    except ValueError:
        return False
    if address.scheme:
        return address.scheme.lower() in SAFE_SCHEMES
    return not href.startswith(("//", "\\", "/\\"))


def _any_image(state: StateInline, silent: bool) -> bool:
    """A picture of any address is one: those that no page may show are reported, not passed over.

    A fault stops the build, so none of them gets onto a page.
    """
    state.md.validateLink = lambda url: True  # type: ignore[method-assign]
    try:
        return image(state, silent)
    finally:
        state.md.validateLink = _safe  # type: ignore[method-assign,assignment]


def _inline(state: StateCore) -> None:
    """What markdown-it does here, but a heap of signs, which would keep it, is shown as written."""
    for token in state.tokens:
        if token.type == "inline":
            token.children = []
            plain = not _SIGNS.search(token.content)
            if plain or sum(map(token.content.count, "[:")) > _MANY_SIGNS:
                token.children.append(Token("text", "", 0, content=token.content))
            else:
                state.md.inline.parse(token.content, state.md, state.env, token.children)


def _ticks(state: StateCore, rule: Callable[[StateCore], None]) -> None:
    """Tick boxes are looked for, token by token, only where there may be one."""
    if "[" in state.src:
        rule(state)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    parser.enable(["table", "strikethrough"])
    parser.use(tasklists_plugin, enabled=True, label=True)
    rules = zip(parser.core.ruler.get_active_rules(), parser.core.ruler.getRules(""), strict=True)
    ticks = dict(rules)["github-tasklists"]
    parser.core.ruler.at("github-tasklists", lambda state: _ticks(state, ticks))
    parser.use(gfm_autolink_plugin)
    parser.validateLink = _safe  # type: ignore[method-assign,assignment]
    parser.inline.ruler.at("image", _any_image)
    parser.core.ruler.at("inline", _inline)
    parser.inline.terminator_re = _SIGNS
    parser.disable(["html_block", "html_inline"])  # they would be asked, to say no
    return parser


_PARSER = _parser()
_RENDERER = _Renderer(_PARSER)


def parse(text: str, first_line: int = 1) -> list[Block]:
    """The top-level blocks of a markdown text that starts on `first_line` of its file."""
    found: list[Block] = []
    begun: list[Token] = []
    for token in _PARSER.parse(text):
        if token.map:
            token.map = [token.map[0] + first_line, token.map[1] + first_line]
        begun.append(token)
        if token.level == 0 and token.nesting <= 0:
            head = begun[0]
            level = int(head.tag[1]) if head.type == "heading_open" else 0
            found.append(Block(begun, head.map[0] if head.map else first_line, level))
            begun = []
    return found


def render(blocks: Iterable[Block], taken: set[str] | None = None, top: int = 3) -> Prose:
    """Blocks as `Prose`: the highest heading among them becomes an `<h{top}>`.

    Headings get ids that are not in `taken`, and are added to it.
    """
    blocks = list(blocks)
    ids = set() if taken is None else taken
    levels = [block.level for block in blocks if block.level]
    shift = top - min(levels, default=top)
    tokens = [token for block in blocks for token in block.tokens]
    words = [_prepare(token, tokens, i, shift, ids) for i, token in enumerate(tokens)]
    env: dict[str, Any] = {"links": []}
    html = _RENDERER.render(tokens, _PARSER.options, env)
    return Prose(tuple(_with_holes(html, env["links"])), "".join(words))


def render_inline(inline: Token | None) -> Prose:
    """One line of prose without a paragraph around it, such as a heading."""
    if inline is None:
        return Prose()
    words = _prepare(inline, [inline], 0, 0, set())
    env: dict[str, Any] = {"links": []}
    html = _RENDERER.renderInline(inline.children or [], _PARSER.options, env)
    return Prose(tuple(_with_holes(html, env["links"])), words.strip())


def headings(blocks: Iterable[Block]) -> tuple[Heading, ...]:
    """The top-level headings of blocks that have been rendered (it is then that they get ids)."""
    return tuple(
        Heading(str(block.tokens[0].attrs["id"]), text_of(block.inline))
        for block in blocks
        if block.level and block.inline
    )


def text_of(inline: Token | None) -> str:
    """The words of an inline token, without its markup."""
    return "".join(_words(inline)).strip() if inline else ""


def _with_holes(html: str, links: Sequence[Link]) -> Iterator[str | Link]:
    pieces = html.split(_HOLE_MARK)
    for piece, link in zip(pieces, [*links, None], strict=True):
        if piece:
            yield piece
        if link is not None:
            yield link


def _prepare(token: Token, tokens: Sequence[Token], i: int, shift: int, taken: set[str]) -> str:
    """Make one token ready for the renderer, and return its words."""
    if token.type == "inline":
        _place_links(token)
        return "".join(_words(token)) + "\n"
    if token.type in ("heading_open", "heading_close"):
        token.tag = f"h{min(int(token.tag[1]) + shift, 6)}"
        if token.nesting == 1:
            wanted = names.slug(text_of(tokens[i + 1])) or "part"
            token.attrs["id"] = names.unique(wanted, taken)
    elif token.type == "blockquote_open":
        return _callout(token, tokens[i + 1 : i + 3])
    elif token.type in ("fence", "code_block"):
        return token.content
    return ""


def _words(inline: Token) -> Iterator[str]:
    for child in inline.children or ():
        if child.type in ("softbreak", "hardbreak"):
            yield "\n" if child.type == "hardbreak" else " "
        elif child.type != "html_inline":
            yield child.content


def _place_links(inline: Token) -> None:
    line = inline.map[0] if inline.map else 0
    for child in inline.children or ():
        if child.type in ("softbreak", "hardbreak"):
            line += 1
        elif child.type in ("link_open", "image"):
            child.meta["line"] = line


def callout_kind(block: Block) -> str:
    """`tip` for a block that begins `> [!TIP]`, else ""."""
    if block.kind != "blockquote" or len(block.tokens) < 3:
        return ""
    found = _CALLOUT.match(block.tokens[2].content)
    return found[1].lower() if found else ""


def inside(block: Block) -> list[Block]:
    """What a callout says: its blocks without the `[!KIND]` marker."""
    _drop_marker(block.tokens[2])
    inner = Block(block.tokens[1:-1], block.line)
    return [inner] if block.tokens[2].children else [Block(block.tokens[4:-1], block.line)]


def _callout(quote: Token, ahead: Sequence[Token]) -> str:
    """Mark a GitHub or Obsidian callout; a title behind the marker becomes its label."""
    inline = ahead[1] if len(ahead) == 2 and ahead[1].type == "inline" else None
    found = _CALLOUT.match(inline.content) if inline else None
    if inline is None or found is None:
        return ""
    title = inline.content.split("\n")[0][found.end() :].strip()
    quote.meta["callout"] = title or found[1].replace("-", " ").capitalize()
    _drop_marker(inline, whole_line=bool(title))
    return f"{title}\n" if title else ""


def _drop_marker(inline: Token, whole_line: bool = False) -> None:
    children = inline.children or []
    children[0].content = _CALLOUT.sub("", children[0].content, count=1)
    breaks = [i for i, child in enumerate(children) if child.type in ("softbreak", "hardbreak")]
    first_line = breaks[0] if breaks else len(children)
    if whole_line or not any(child.content for child in children[:first_line]):
        inline.children = children[first_line + 1 :]
