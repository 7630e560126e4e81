"""The anatomy of a story: which part of its markdown is what."""

from collections.abc import Callable, Iterable, Iterator

import msgspec
from markdown_it.token import Token

from starbook.content import headings, markdown
from starbook.content.markdown import Block
from starbook.model import AROUND, SPINE, STAR, Callout, Field, Item, Kind, Prose, Ref, Section
from starbook.text import names

# Notes that stand in the margin; every other callout stays where it is in the text.
MARGIN = frozenset({"phrases", "coaching", "mistake"})

_BREAKS = ("softbreak", "hardbreak")


class _Part(msgspec.Struct):
    """A heading, or a `**Label:**` in its place, and the blocks below it."""

    label: headings.Label
    line: int
    blocks: list[Block]


def sections(text: str, first_line: int, title: str) -> tuple[Prose, tuple[Section, ...]]:
    """What stands before the first heading, and the sections, in the order they were written.

    A heading that only repeats the title of the story is passed over.
    """
    blocks = markdown.parse(text, first_line)
    if blocks and blocks[0].level == 1 and names.key(_heading(blocks[0])) == names.key(title):
        blocks = blocks[1:]
    opening, parts = _split(blocks)
    _sort_out_challenges(parts)
    taken: set[str] = {"links"}
    # Ids of known parts are promised to links, so they are given out before those of headings.
    idents = [names.unique(_wanted_id(part.label), taken) for part in parts]
    lead = markdown.render(opening, taken)
    found = [_section(part, ident, taken) for part, ident in zip(parts, idents, strict=True)]
    return lead, tuple(found)


def _heading(block: Block) -> str:
    return markdown.text_of(block.inline)


def _wanted_id(label: headings.Label) -> str:
    if label.kind is not Kind.OTHER:
        return str(label.kind)
    return names.slug(label.words) or "part"


def _split(blocks: list[Block]) -> tuple[list[Block], list[_Part]]:
    """Parts by heading; where no heading is S, T, A or R, by `**Situation:**` lines as well."""
    border, star = _border(blocks), _star_level(blocks)
    opening: list[Block] = []
    parts: list[_Part] = []
    under_heading = False
    for block in blocks:
        inside = parts[-1].label.kind in AROUND if parts else False
        deeper = block.level == star and not inside and _kind(_heading(block)) in SPINE
        if 0 < block.level <= border or (star > border and deeper):
            parts.append(_Part(headings.read(_heading(block)), block.line, []))
            # A heading of the person's own, such as the title in other words, may hold them all.
            under_heading = any(part.label.kind is not Kind.OTHER for part in parts)
            continue
        pieces = labelled(block, _is_part) if not star and not under_heading else [("", block)]
        for label, piece in pieces:
            if label:
                parts.append(_Part(headings.read(label), piece.line, []))
            (parts[-1].blocks if parts else opening).append(piece)
    return opening, parts


def _border(blocks: list[Block]) -> int:
    """The lowest heading level that parts a story: 2, or deeper where all known ones are."""
    known = [b.level for b in blocks if b.level and _is_part(_heading(b))]
    return max(2, min(known, default=2))


def _star_level(blocks: list[Block]) -> int:
    """The level of the headings S, T, A, R, or 0. All may stand below one heading of another name.

    An angle or a probe that has such a name (`### Impact`) does not count.
    """
    found, around = [], 0
    for block in (block for block in blocks if block.level):
        if around and block.level > around:
            continue
        kind = _kind(_heading(block))
        around = block.level if kind in AROUND else 0
        if kind in STAR:
            found.append(block.level)
    return min(found, default=0)


def _kind(text: str) -> Kind:
    return headings.read(text).kind


def _is_part(text: str) -> bool:
    return _kind(text) is not Kind.OTHER


def labelled(block: Block, accept: Callable[[str], bool]) -> Iterator[tuple[str, Block]]:
    """A paragraph cut where a line begins with `**Label:**`, each piece with its label.

    A block that is no paragraph, or has no such line, comes back whole with the label "".
    """
    inline = block.inline if block.kind == "paragraph" else None
    if not inline or not any(child.type == "strong_open" for child in inline.children or ()):
        yield "", block
        return
    # A block may be looked at more than once, so it is a copy that loses the colon of a label.
    children = [child.copy() for child in inline.children or ()]
    starts = [i for i in range(len(children)) if _begins_line(children, i)]
    cuts = [(i, label, end) for i in starts for label, end in _label_at(children, i, accept)]
    if not cuts:
        yield "", block
        return
    if any(child.content for child in children[: cuts[0][0]]):
        yield "", _piece(block, inline, children, 0, cuts[0][0])
    ends = [start for start, _, _ in cuts[1:]] + [len(children)]
    for (_, label, begin), end in zip(cuts, ends, strict=True):
        yield label, _piece(block, inline, children, begin, end)


def _begins_line(children: list[Token], i: int) -> bool:
    before = [c for c in children[:i] if c.type in _BREAKS or c.content or c.nesting]
    return children[i].type == "strong_open" and (not before or before[-1].type in _BREAKS)


def _label_at(
    children: list[Token], start: int, accept: Callable[[str], bool]
) -> Iterator[tuple[str, int]]:
    """The label that opens at `start` and the index behind it, if it is one that we accept."""
    end = next(i for i in range(start, len(children)) if children[i].type == "strong_close")
    text = "".join(child.content for child in children[start:end]).strip()
    after = children[end + 1 : end + 2]
    rest = after[0].content.lstrip() if after and after[0].type == "text" else ""
    if not (text.endswith(":") or rest.startswith(":")) or not accept(text.rstrip(": ")):
        return
    if not text.endswith(":"):
        after[0].content = rest[1:]
    yield text.rstrip(": "), end + 1


def _piece(block: Block, inline: Token, children: list[Token], begin: int, end: int) -> Block:
    breaks = sum(child.type in _BREAKS for child in children[:begin])
    line = block.line + breaks
    kept = _trimmed(children[begin:end])
    content = "".join(child.content for child in kept)
    if not content:
        return Block([], line)
    piece = inline.copy(children=kept, content=content, map=[line, line + 1])
    return Block([block.tokens[0], piece, block.tokens[2]], line)


def _trimmed(children: list[Token]) -> list[Token]:
    """Without breaks and white space at either end."""
    while children and (children[0].type in _BREAKS or _is_nothing(children[0])):
        children = children[1:]
    while children and (children[-1].type in _BREAKS or _is_nothing(children[-1])):
        children = children[:-1]
    if children and children[0].type == "text":
        children[0].content = children[0].content.lstrip()
    return children


def _is_nothing(child: Token) -> bool:
    return child.type == "text" and not child.content.strip()


def _sort_out_challenges(parts: list[_Part]) -> None:
    """Where a Situation is told already and no Task is, `Challenge` names the Task."""
    kinds = [part.label.kind for part in parts]
    if Kind.TASK in kinds or kinds.count(Kind.SITUATION) < 2:
        return
    for part in parts[kinds.index(Kind.SITUATION) + 1 :]:
        if part.label.spelling in headings.TASK_AFTER_SITUATION:
            part.label = msgspec.structs.replace(part.label, kind=Kind.TASK)
            return


def _section(part: _Part, ident: str, taken: set[str]) -> Section:
    kind, words = part.label.kind, part.label.words
    around = kind in AROUND
    notes = [b for b in part.blocks if not around and markdown.callout_kind(b) in MARGIN]
    blocks = [b for b in part.blocks if around or markdown.callout_kind(b) not in MARGIN]
    lead, entries = _entries(kind, blocks) if around else (blocks, [])
    body = markdown.render(lead, taken)
    items = tuple(_item(kind, head, below, taken) for head, below in entries)
    callouts = tuple(Callout(markdown.callout_kind(b), _note(b, taken)) for b in notes)
    section = Section(kind, ident, words, part.line, body, part.label.seconds, callouts, items)
    holes = tuple(hole for said in section.proses() for hole in markdown.HOLE.findall(said.text))
    return msgspec.structs.replace(section, holes=holes) if holes else section


def _note(block: Block, taken: set[str]) -> Prose:
    return markdown.render(markdown.inside(block), taken)


def _entries(
    kind: Kind, blocks: list[Block]
) -> tuple[list[Block], list[tuple[Block | None, list[Block]]]]:
    """The blocks before the first entry, and the entries: a heading and what is below it.

    In a weak answer, what comes behind its first paragraphs (why it fails) is an entry too.
    """
    level = min((block.level for block in blocks if block.level), default=0)
    lead: list[Block] = []
    entries: list[tuple[Block | None, list[Block]]] = []
    for block in blocks:
        if level and block.level == level:
            entries.append((block, []))
        elif entries:
            entries[-1][1].append(block)
        elif kind is Kind.WEAK and lead and not _goes_on(block):
            entries.append((None, [block]))
        else:
            lead.append(block)
    return lead, entries


def _goes_on(block: Block) -> bool:
    """Whether a block still belongs to the weak answer: a paragraph without a label."""
    return block.kind == "paragraph" and not next(labelled(block, bool))[0]


def _item(kind: Kind, head: Block | None, blocks: Iterable[Block], taken: set[str]) -> Item:
    body: list[Block] = []
    fields: list[tuple[str, list[Block]]] = []
    for block in blocks:
        for label, piece in labelled(block, bool):
            if label:
                fields.append((label, []))
            (fields[-1][1] if fields else body).append(piece)
    title = markdown.render_inline(head.inline) if head else Prose()
    line = head.line if head else 0
    ref = Ref(title.text, line) if kind is Kind.ANGLES else None
    made = (Field(names.key(name), name, markdown.render(below, taken)) for name, below in fields)
    return Item(title, line, markdown.render(body, taken), tuple(made), ref)
