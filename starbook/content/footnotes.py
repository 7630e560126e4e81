"""Footnotes: `[^1]` in a text and `[^1]: …` anywhere in its file, gathered at the end.

Notes are numbered in the order in which the text first refers to them. A reference without a note,
and a note without a reference, are shown as they were written, with a warning.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec
from markdown_it.rules_block import StateBlock, reference
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote.index import footnote_def

from starbook.content import parsing
from starbook.content.parsing import Parsing
from starbook.text import names

# The name of the link from a note back to the text; a page says it in its language.
BACK_LABEL = 'aria-label="Back to the text"'
# A reference in rendered prose: on paper, and in a search for terms, it is no part of the text.
RENDERED_REFERENCE = re.compile(r'<sup class="ref">.*?</sup>')
# The type of the token that begins the notes.
NOTES = "footnotes"

_REFERENCE = re.compile(r"\[\^([^\s\[\]^]{1,100})\]")
_DEFINITION = "footnote_reference_open", "footnote_reference_close"
_RULE = "footnote"


class Footnote(msgspec.Struct):
    """A note: its number, its blocks, how often it is referred to, and the ids of references.

    `shown` has the ids of those that were rendered: only these can be led back to.
    """

    number: int
    tokens: list[Token]
    count: int = 0
    shown: list[str] = []


def parse_definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse `[^1]: …`; inside of another note it is text."""
    if not state.src.startswith("[^", state.bMarks[start] + state.tShift[start]):
        return False
    parse = parsing.current(state)
    if silent or parse.in_footnote:
        return silent and footnote_def(state, start, end, silent)
    parse.in_footnote = True
    try:
        return footnote_def(state, start, end, silent)
    finally:
        parse.in_footnote = False


def parse_link_definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse `[a]: address`, of which nothing is shown; what looks like a footnote is none."""
    if state.src.startswith("[^", state.bMarks[start] + state.tShift[start]):
        return False
    return reference(state, start, end, silent)


def find_labels(tokens: Iterable[Token]) -> frozenset[str]:
    """Return the labels of the notes among `tokens`."""
    return frozenset(map(_label, (token for token in tokens if token.type == _DEFINITION[0])))


def _label(token: Token) -> str:
    return names.key(str(token.meta["label"]))


def parse_reference(state: StateInline, silent: bool) -> bool:
    """Parse `[^1]`, if there is such a note; no link is put into another."""
    match = _REFERENCE.match(state.src, state.pos)
    if not match or state.linkLevel:
        return False
    parse = parsing.current(state)
    if names.key(match[1]) not in parse.footnotes:
        if not silent:
            message = f"no footnote is named `{match[0]}`, so it is shown as text"
            hint = f"add a paragraph `{match[0]}: …`"
            parse.warn(parsing.line_of(state), _RULE, message, hint)
        return False
    if not silent:
        token = state.push("footnote_ref", "sup", 0)
        token.meta = {"label": match[1]}
    state.pos = match.end()
    return True


def move_to_end(tokens: Sequence[Token], parse: Parsing) -> tuple[list[Token], list[Token]]:
    """Return the tokens without the notes that are referred to, and those of the notes."""
    notes: dict[str, list[Token]] = {}
    pieces: list[tuple[str, list[Token]]] = []
    for label, piece in _cut(tokens):
        is_repeated = label in notes  # the first one counts, and this one stays where it is
        pieces.append(("" if is_repeated else label, piece))
        if label:
            notes.setdefault(label, piece)
    used = _number(pieces, notes)
    text: list[Token] = []
    for label, piece in pieces:
        if not piece or piece[0].type != _DEFINITION[0]:
            text += piece
        elif not label or label not in used:
            text += _as_text(piece, parse, is_repeated=not label)
    return text, _list_of(used.values()) if used else []


def _cut(tokens: Sequence[Token]) -> Iterator[tuple[str, list[Token]]]:
    """Yield the tokens between notes with the label "", and those of each note with its label."""
    piece: list[Token] = []
    for token in tokens:
        if token.type == _DEFINITION[0]:
            yield "", piece
            piece = []
        piece.append(token)
        if token.type == _DEFINITION[1]:
            yield _label(piece[0]), piece
            piece = []
    yield "", piece


def _number(
    pieces: Sequence[tuple[str, list[Token]]], notes: dict[str, list[Token]]
) -> dict[str, Footnote]:
    """Number the notes, and their references: first those in the text, then those in notes."""
    used: dict[str, Footnote] = {}

    def refer(tokens: Iterable[Token]) -> None:
        for child in (child for token in tokens for child in token.children or ()):
            if child.type == "footnote_ref":
                label = _label(child)
                note = used.setdefault(label, Footnote(len(used) + 1, notes[label][1:-1], 0, []))
                note.count += 1
                child.meta |= {"note": note, "count": note.count}

    for label, piece in pieces:
        if not label:
            refer(piece)
    done: set[str] = set()
    while waiting := [label for label in used if label not in done]:
        for label in waiting:
            refer(notes[label])
            done.add(label)
    for label, piece in pieces:
        if label and label not in done:
            refer(piece)
    return used


def _as_text(piece: list[Token], parse: Parsing, *, is_repeated: bool) -> list[Token]:
    """Return the blocks of a note as part of the text, with its label in front."""
    shown = f"[^{piece[0].meta['label']}]"
    line = piece[0].map[0] if piece[0].map else 0
    if is_repeated:
        message = f"there are two footnotes `{shown}`, and this one is shown as text"
        hint = "give one of them another name"
    else:
        message = f"nothing refers to the footnote `{shown}`, so it is shown as text"
        hint = f"write `{shown}` where it belongs"
    parse.warn(line, _RULE, message, hint)
    tokens = piece[1:-1]
    for token in tokens:
        token.level -= 1
    label = Token("text", "", 0, content=f"{shown}: ")
    if len(tokens) > 1 and tokens[1].type == "inline":
        tokens[1].children = [label, *(tokens[1].children or ())]
        return tokens
    paragraph = Token("paragraph_open", "p", 1, map=piece[0].map, level=piece[0].level, block=True)
    inline = Token("inline", "", 0, children=[label], content=label.content, map=piece[0].map)
    inline.level = paragraph.level + 1
    end = Token("paragraph_close", "p", -1, level=piece[0].level, block=True)
    return [paragraph, inline, end, *tokens]


def _list_of(notes: Iterable[Footnote]) -> list[Token]:
    """Return the tokens of the list of notes."""
    tokens = [Token(f"{NOTES}_open", "ol", 1, block=True)]
    for note in notes:
        tokens.append(Token("footnote_open", "li", 1, meta={"note": note}, level=1, block=True))
        ends_in_text = bool(note.tokens) and note.tokens[-1].type == "paragraph_close"
        back = Token("footnote_back", "", 0, meta={"note": note}, level=2)
        tokens += [*note.tokens[:-1], back, note.tokens[-1]] if ends_in_text else note.tokens
        tokens += [] if ends_in_text else [back]
        tokens.append(Token("footnote_close", "li", -1, level=1, block=True))
    return [*tokens, Token(f"{NOTES}_close", "ol", -1, block=True)]
