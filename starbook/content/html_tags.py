"""HTML in markdown: the few tags that are rendered, found by rules of our own.

The parser knows no HTML. Each of these tags is a token of its own type, without attributes, so no
other element can come of what a person writes. A tag without its partner stays text.
"""

import re
from collections.abc import Iterator, Sequence

from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from starbook.content import parsing
from starbook.content.parsing import Parsing

INLINE = ("kbd", "sub", "sup")
_BLOCK = ("details", "summary")
_OPEN = re.compile(r"""open(?:\s*=\s*(?:"[^"]*"|'[^']*'|open))?""", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]{0,30})(\s[^<>]{0,300}|/)?>")
_RULE = "html"
_KNOWN = "`<br>`, `<kbd>`, `<sub>`, `<sup>`, `<details>` and `<summary>`"
# The types of tokens: a tag in a line, and one that stands around blocks.
_INLINE_TAG, _BLOCK_TAG = "inline_tag", "block_tag"
_BLANK = frozenset({"text", "softbreak", "hardbreak"})


def parse_tag(state: StateInline, silent: bool) -> bool:
    """Parse a tag that is rendered; warn of any other, which is shown as text."""
    match = _TAG.match(state.src, state.pos)
    if not match:
        return False
    name, ends, rest = match[2].lower(), bool(match[1]), (match[3] or "").strip()
    is_break = name == "br" and not ends and rest in ("", "/")
    is_open = name == "details" and not ends and bool(_OPEN.fullmatch(rest))
    if not is_break and (name not in (*INLINE, *_BLOCK) or (rest and not is_open)):
        if not silent:
            _warn_unknown(state, match[1] + name, bool(rest))
        return False
    if not silent:
        kind = _BLOCK_TAG if name in _BLOCK else _INLINE_TAG
        token = state.push("hardbreak" if is_break else kind, name, 0)
        token.markup = match[0]
        token.content = "" if is_break else match[0]
        token.meta = {"ends": ends, "open": is_open}
        parsing.current(state).has_block_tags |= kind == _BLOCK_TAG
    state.pos = match.end()
    return True


def _warn_unknown(state: StateInline, name: str, has_attributes: bool) -> None:
    known = name.strip("/") in ("br", *INLINE, *_BLOCK)
    if known and has_attributes:
        message = f"`<{name} …>` has an attribute and is shown as text"
        hint = "take it out: no tag may have one but `<details open>`"
    else:
        message = f"`<{name}>` is shown as text"
        hint = f"write code between backticks; of HTML only {_KNOWN} are used"
    parsing.current(state).warn(parsing.line_of(state), _RULE, message, hint)


def pair_inline_tags(children: Sequence[Token], parse: Parsing) -> None:
    """Pair the tags in a line; those without a partner, or across other markup, become text."""
    open_: list[Token] = []
    line = parse.line
    for child in children:
        if child.type in ("softbreak", "hardbreak"):
            line += not is_tag(child)
        elif child.type == _INLINE_TAG:
            child.meta["line"] = line
            if not child.meta["ends"]:
                open_.append(child)
            elif open_ and open_[-1].type == _INLINE_TAG and open_[-1].tag == child.tag:
                _set_pair(open_.pop(), child)
        elif child.type == _BLOCK_TAG:
            child.meta["line"] = line
            child.meta["inside"] = bool(open_)
        elif child.nesting == 1:
            open_.append(child)
        elif child.nesting == -1:
            _close(open_, _INLINE_TAG)
    for child in children:
        if child.type == _INLINE_TAG:
            _show_as_text(child, parse)


def _close(open_: list[Token], kind: str) -> None:
    """Close the innermost markup in `open_`, and the tags of this kind left open in it."""
    while open_ and open_[-1].type == kind:
        open_.pop()
    if open_:
        open_.pop()


def is_tag(token: Token) -> bool:
    """Return True for a line break that is no new line in the file: `<br>`."""
    return token.markup.startswith("<")


def _set_pair(start: Token, end: Token) -> None:
    for token, nesting in ((start, 1), (end, -1)):
        token.type = f"{token.tag}_{'open' if nesting == 1 else 'close'}"
        token.nesting, token.content = nesting, ""  # type: ignore[assignment]


def _show_as_text(tag: Token, parse: Parsing) -> None:
    message = f"`{tag.markup}` has no matching tag here and is shown as text"
    hint = "begin and end it in the same paragraph"
    if tag.type == _BLOCK_TAG:
        hint = "`<details>` ends in the section in which it begins, and `<summary>` opens it"
    parse.warn(tag.meta["line"], _RULE, message, hint)
    tag.type, tag.tag, tag.markup = "text", "", ""


# Blocks: <details> and <summary>


def place_details(state: StateCore) -> None:
    """Make blocks of `<details>` and `<summary>`, which the parser found within paragraphs."""
    parse = parsing.current(state)
    if not parse.has_block_tags:
        return
    _pair_details(state.tokens, parse)
    for token in state.tokens:
        for child in token.children or ():
            if child.type == _BLOCK_TAG and not child.meta.get("paired"):
                _show_as_text(child, parse)
    state.tokens = list(_split_paragraphs(state.tokens))


def _has_block_tag(token: Token) -> bool:
    return any(child.type == _BLOCK_TAG for child in token.children or ())


def _pair_details(tokens: Sequence[Token], parse: Parsing) -> None:
    """Mark the tags that have a partner in the same container and section."""
    open_: list[Token] = []
    for i, token in enumerate(tokens):
        if token.type == "inline":
            if tokens[i - 1].type == "paragraph_open":
                _pair_in_paragraph(token.children or [], open_)
            continue
        if token.type in ("paragraph_open", "paragraph_close"):
            continue
        if open_ and open_[-1].type == _BLOCK_TAG:
            open_[-1].meta["begun"] = True
        if token.type == "heading_open" and token.level == 0 and parse.ends_section:
            words = "".join(child.content for child in tokens[i + 1].children or ())
            if parse.ends_section(int(token.tag[1]), words.strip()):
                open_.clear()
        if token.nesting == 1:
            open_.append(token)
        elif token.nesting == -1:
            _close(open_, _BLOCK_TAG)


def _pair_in_paragraph(children: Sequence[Token], open_: list[Token]) -> None:
    summary: Token | None = None
    for child in children:
        inside = child.type == _BLOCK_TAG and child.meta["inside"]
        is_tag = child.type == _BLOCK_TAG and not inside
        top = open_[-1] if open_ and open_[-1].type == _BLOCK_TAG else None
        if is_tag and child.tag == "summary":
            if not child.meta["ends"]:
                summary = child if top and not top.meta.get("begun") else None
            elif summary and top:
                top.meta["summary"] = (summary, child)
                summary = None
        elif is_tag and not child.meta["ends"]:
            summary = None
            if top:
                top.meta["begun"] = True
            open_.append(child)
        elif is_tag:
            summary = None
            if top:
                for tag in (open_.pop(), child, *top.meta.get("summary", ())):
                    tag.meta["paired"] = True
        if top and (child.type not in ("text", "softbreak") or child.content.strip()):
            top.meta["begun"] = True


def _split_paragraphs(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the tokens with the paragraphs cut at `<details>` and `<summary>`."""
    depth, i = 0, 0
    while i < len(tokens):
        token = tokens[i]
        triple = tokens[i : i + 3]
        if token.type == "paragraph_open" and _has_block_tag(triple[1]):
            for piece in _split_paragraph(triple):
                depth -= piece.type == "details_close"
                piece.level += depth
                depth += piece.type == "details_open"
                yield piece
            i += 3
            continue
        token.level += depth
        yield token
        i += 1


def _split_paragraph(triple: Sequence[Token]) -> Iterator[Token]:
    start, inline, end = triple
    run: list[Token] = []
    line = inline.map[0] if inline.map else 0
    for child in (*(inline.children or ()), None):
        if child is not None and child.type != _BLOCK_TAG:
            run.append(child)
            continue
        text = _trim(run)
        content = "".join(one.content for one in text)
        before = run[: run.index(text[0])] if text else []
        line += sum(one.type in ("softbreak", "hardbreak") and not is_tag(one) for one in before)
        piece = inline.copy(children=text, content=content, map=[line, line + 1])
        run = []
        ends_summary = child is not None and child.tag == "summary" and child.meta["ends"]
        if ends_summary:
            yield piece
        elif text:
            yield from (start.copy(map=[line, line + 1]), piece, end.copy())
        if child is not None:
            line = child.meta["line"]
            nesting = -1 if child.meta["ends"] else 1
            kind = f"{child.tag}_{'close' if nesting == -1 else 'open'}"
            meta = {"open": child.meta["open"]}
            yield Token(
                kind, child.tag, nesting, map=[line, line + 1], meta=meta,  # type: ignore[arg-type]
                level=start.level + (child.tag == "summary"), block=True,
            )  # fmt: skip


def _trim(run: list[Token]) -> list[Token]:
    """Return inline tokens without breaks and blanks at the start and the end."""
    solid = [i for i, one in enumerate(run) if one.type not in _BLANK or one.content.strip()]
    kept = run[solid[0] : solid[-1] + 1] if solid else []
    if kept and kept[0].type == "text":
        kept[0].content = kept[0].content.lstrip()
    if kept and kept[-1].type == "text":
        kept[-1].content = kept[-1].content.rstrip()
    return kept
