"""Sections of a story: its markdown cut at the headings, and each piece by its kind."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

import msgspec
from markdown_it.token import Token

from starbook.content import headings, markdown
from starbook.content.footnotes import NOTES
from starbook.content.markdown import BREAKS, PLACEHOLDER, Block
from starbook.model import (
    AROUND,
    SPINE,
    STAR,
    Callout,
    Field,
    Item,
    Kind,
    Prose,
    QuizChoice,
    Ref,
    Section,
)
from starbook.problem import Report
from starbook.text import names
from starbook.text.vocabulary import Vocabulary

# Tells from a heading which part it names.
_ReadHeading = Callable[[str], headings.ParsedHeading]
# Callouts that stand in the margin; every other one stays where it is in the text.
_MARGIN = frozenset({"phrases", "coaching", "mistake"})
# The kinds whose entries say by themselves whether they may be published, by what an entry is.
_PUBLISHED_BY_ENTRY = {Kind.ANGLES: "angle", Kind.LEVELS: "level"}
# The label that says so, and what may stand behind it.
_PUBLISH, _TRUTH = "publish", {"true": True, "false": False}


class _Part(msgspec.Struct):
    """A heading, or a `**Label:**` that serves as one, and the blocks below it."""

    heading: headings.ParsedHeading
    line: int
    blocks: list[Block]

    @property
    def anchor(self) -> str:
        kind, words = self.heading.kind, self.heading.words
        return (names.slug(words) or "part") if kind is Kind.OTHER else str(kind)


def parse(
    text: str,
    first_line: int,
    title: str,
    vocabulary: Vocabulary,
    report: Report | None = None,
    *,
    line_breaks: bool = False,
) -> tuple[Prose, tuple[Section, ...]]:
    """Parse the body of a story into the text before its first heading and its sections.

    A first heading that only repeats the title of the story is left out. The footnotes of the whole
    story are the last section.
    """
    read = partial(headings.parse, vocabulary=vocabulary)
    ends_section = partial(_may_end_section, read)
    blocks = markdown.parse(
        text, first_line, report, line_breaks=line_breaks, ends_section=ends_section
    )
    notes = [blocks.pop()] if blocks and blocks[-1].kind == NOTES else []
    if blocks and blocks[0].level == 1 and names.key(_heading(blocks[0])) == names.key(title):
        blocks = blocks[1:]
    opening, parts = _split(blocks, read)
    _turn_challenge_into_task(parts)
    taken: set[str] = {"links"}
    # Links rely on the ids of known parts, so these are given out before those of headings.
    ids = [names.unique(part.anchor, taken) for part in parts]
    lead = markdown.render(opening, taken)
    sections = [
        _section(part, id_, taken, vocabulary, report) for part, id_ in zip(parts, ids, strict=True)
    ]
    if notes:  # after the rest: they lead back to the references that were rendered
        ident, body = names.unique(NOTES, taken), markdown.render(notes, taken)
        sections.append(Section(Kind.FOOTNOTES, ident, "Footnotes", notes[0].line, body))
    return lead, tuple(sections)


def parse_answer(
    text: str, first_line: int, report: Report | None = None, *, line_breaks: bool = False
) -> tuple[Prose, tuple[Callout, ...], Prose]:
    """Parse a prepared answer into its text, the notes in the margin and the footnotes."""
    blocks = markdown.parse(text, first_line, report, line_breaks=line_breaks)
    footnotes = [blocks.pop()] if blocks and blocks[-1].kind == NOTES else []
    taken: set[str] = set()
    body = markdown.render([b for b in blocks if b.callout_kind not in _MARGIN], taken)
    notes = _margin_notes((b for b in blocks if b.callout_kind in _MARGIN), taken)
    return body, notes, markdown.render(footnotes, taken)


def _may_end_section(read: _ReadHeading, level: int, heading: str) -> bool:
    return level <= 2 or _is_part(read, heading)


def _heading(block: Block) -> str:
    return markdown.plain_text(block.inline)


def _split(blocks: list[Block], read: _ReadHeading) -> tuple[list[Block], list[_Part]]:
    """Split `blocks` at headings and, if no heading is S, T, A or R, at `**Situation:**` lines."""
    # A part begins at level 2, or deeper if all known ones do.
    known = [b.level for b in blocks if b.level and _is_part(read, _heading(b))]
    part_level, star_level = max(2, min(known, default=2)), _star_level(blocks, read)
    is_part = partial(_is_part, read)
    opening: list[Block] = []
    parts: list[_Part] = []
    any_known = below_heading = False
    for block in blocks:
        if block.level:
            heading = read(_heading(block))
            around = bool(parts) and parts[-1].heading.kind in AROUND
            is_star = block.level == star_level and not around and heading.kind in SPINE
            if block.level <= part_level or is_star:
                parts.append(_Part(heading, block.line, []))
                # Labels still count below a heading of another name, such as another title.
                any_known = below_heading = any_known or heading.kind is not Kind.OTHER
                continue
        use_labels = not star_level and not below_heading
        for label, piece in _split_at_labels(block, is_part) if use_labels else [("", block)]:
            if label:
                parts.append(_Part(read(label), piece.line, []))
                any_known = True
            (parts[-1].blocks if parts else opening).append(piece)
    return opening, parts


def _star_level(blocks: list[Block], read: _ReadHeading) -> int:
    """Return the level of the headings S, T, A, R, or 0; all may stand below another heading.

    An angle or a probe that has such a name (`### Impact`) does not count.
    """
    levels, around_level = [], 0
    for block in blocks:
        if not block.level or (around_level and block.level > around_level):
            continue
        kind = read(_heading(block)).kind
        around_level = block.level if kind in AROUND else 0
        if kind in STAR:
            levels.append(block.level)
    return min(levels, default=0)


def _is_part(read: _ReadHeading, heading: str) -> bool:
    return read(heading).kind is not Kind.OTHER


def _split_at_labels(block: Block, accept: Callable[[str], bool]) -> Iterator[tuple[str, Block]]:
    """Split a paragraph where a line begins with `**Label:**`; yield each label and its piece.

    A block that is no paragraph, or has no such line, is yielded whole with the label "".
    """
    inline = block.inline if block.kind == "paragraph" else None
    if not inline or not any(child.type == "strong_open" for child in inline.children or ()):
        yield "", block
        return
    # A block may be split more than once, so the colon of a label is removed from a copy.
    children = [child.copy() for child in inline.children or ()]
    labels = list(_find_labels(children, accept))
    if not labels:
        yield "", block
        return
    first = labels[0][0]
    if any(child.content for child in children[:first]):
        yield "", _piece(block, inline, children, 0, first)
    ends = [start for start, _, _ in labels[1:]] + [len(children)]
    for (_, label, begin), end in zip(labels, ends, strict=True):
        yield label, _piece(block, inline, children, begin, end)


def _find_labels(
    children: list[Token], accept: Callable[[str], bool]
) -> Iterator[tuple[int, str, int]]:
    """Yield the start, text and end of each label that begins a line, if `accept` takes it.

    The colon behind the bold text of a label is removed.
    """
    begins_line = True
    for i, child in enumerate(children):
        if child.type == "strong_open" and begins_line:
            end = next(j for j in range(i, len(children)) if children[j].type == "strong_close")
            text = "".join(inner.content for inner in children[i:end]).strip()
            after = children[end + 1 : end + 2]
            rest = after[0].content.lstrip() if after and after[0].type == "text" else ""
            is_label = text.endswith(":") or rest.startswith(":")
            if is_label and accept(text.rstrip(": ")):
                if not text.endswith(":"):
                    after[0].content = rest[1:]
                yield i, text.rstrip(": "), end + 1
        if child.type in BREAKS or child.content or child.nesting:
            begins_line = child.type in BREAKS


def _piece(block: Block, inline: Token, children: list[Token], begin: int, end: int) -> Block:
    """Return a paragraph of the children from `begin` to `end`, stripped of breaks and spaces."""
    breaks = (child for child in reversed(children[:begin]) if child.type in BREAKS)
    line = next((int(child.meta["line"]) for child in breaks), block.line)
    solid = [
        i
        for i, child in enumerate(children[begin:end], begin)
        if child.type not in (*BREAKS, "text") or child.content.strip()
    ]
    kept = children[solid[0] : solid[-1] + 1] if solid else []
    if kept and kept[0].type == "text":
        kept[0].content = kept[0].content.lstrip()
    content = "".join(child.content for child in kept)
    if not content:
        return Block([], line)
    piece = inline.copy(children=kept, content=content, map=[line, line + 1])
    return Block([block.tokens[0], piece, block.tokens[2]], line)


def _turn_challenge_into_task(parts: list[_Part]) -> None:
    """Make a `Challenge` the Task, if it follows a Situation and there is no Task."""
    kinds = [part.heading.kind for part in parts]
    if Kind.TASK in kinds or kinds.count(Kind.SITUATION) < 2:
        return
    for part in parts[kinds.index(Kind.SITUATION) + 1 :]:
        if part.heading.may_be_task:
            part.heading = msgspec.structs.replace(part.heading, kind=Kind.TASK)
            return


def _section(
    part: _Part, section_id: str, taken: set[str], vocabulary: Vocabulary, report: Report | None
) -> Section:
    heading, around = part.heading, part.heading.kind in AROUND
    callouts = [b for b in part.blocks if not around and b.callout_kind in _MARGIN]
    blocks = [b for b in part.blocks if around or b.callout_kind not in _MARGIN]
    lead, entries = _split_entries(heading.kind, blocks) if around else (blocks, [])
    # Rendering gives out the ids of headings, so its order decides which of two gets `-2`.
    body = markdown.render(lead, taken)
    items = tuple(_item(heading.kind, head, below, taken) for head, below in entries)
    if noun := _PUBLISHED_BY_ENTRY.get(heading.kind):
        items = tuple(_named_entry(item, noun, report) for item in items)
    notes = _margin_notes(callouts, taken)
    section = Section(
        heading.kind, section_id, heading.words, part.line, body, heading.seconds, notes, items
    )
    holes = [hole for prose in section.proses() for hole in PLACEHOLDER.findall(prose.text)]
    is_other = heading.kind is Kind.OTHER
    meant = headings.find_meant(heading.words, vocabulary) if is_other else ""
    return msgspec.structs.replace(section, holes=tuple(holes), meant=meant)


def _margin_notes(callouts: Iterable[Block], taken: set[str]) -> tuple[Callout, ...]:
    return tuple(
        Callout(block.callout_kind, markdown.render(markdown.unwrap_callout(block), taken))
        for block in callouts
    )


def _split_entries(
    kind: Kind, blocks: list[Block]
) -> tuple[list[Block], list[tuple[Block | None, list[Block]]]]:
    """Return the blocks before the first entry, and the entries: a heading and its blocks.

    In a weak answer, the blocks after its first paragraphs (why it fails) are an entry too.
    """
    level = min((block.level for block in blocks if block.level), default=0)
    lead: list[Block] = []
    entries: list[tuple[Block | None, list[Block]]] = []
    for block in blocks:
        if level and block.level == level:
            entries.append((block, []))
        elif entries:
            entries[-1][1].append(block)
        elif kind is Kind.WEAK and lead and not _is_plain_paragraph(block):
            entries.append((None, [block]))
        else:
            lead.append(block)
    return lead, entries


def _is_plain_paragraph(block: Block) -> bool:
    """Return True if `block` is a paragraph that begins with no label."""
    return block.kind == "paragraph" and not next(_split_at_labels(block, bool))[0]


def _item(kind: Kind, head: Block | None, blocks: Iterable[Block], taken: set[str]) -> Item:
    body: list[Block] = []
    labelled: list[tuple[str, list[Block]]] = []
    for block in blocks:
        for label, piece in _split_at_labels(block, bool):
            if label:
                labelled.append((label, []))
            (labelled[-1][1] if labelled else body).append(piece)
    title = markdown.render_inline(head.inline) if head else Prose()
    line = head.line if head else 0
    choices = _take_choices(body) if kind is Kind.QUIZ else ()
    lead = markdown.render(body, taken)
    fields = tuple(
        Field(names.key(label), label, markdown.render(below, taken)) for label, below in labelled
    )
    return Item(title, line, lead, fields, choices=choices)


def _named_entry(item: Item, noun: str, report: Report | None) -> Item:
    """Return an angle or a level with what it is for, and whether it may be published."""
    publish = None
    for field in item.fields:
        if field.name == _PUBLISH:
            publish = _TRUTH.get(value := field.body.text.strip())
            if publish is None and report:
                message = f"expected true or false, found `{value}`"
                hint = f"write `**{field.label}:** true` below this {noun}, or take it out"
                report.error(item.line, "type", message, hint)
    fields = tuple(field for field in item.fields if field.name != _PUBLISH)
    ref = Ref(item.title.text.strip(), item.line)
    return msgspec.structs.replace(item, fields=fields, ref=ref, publish=publish)


def _take_choices(blocks: list[Block]) -> tuple[QuizChoice, ...]:
    """Take the first list of nothing but tick boxes out of `blocks`, and return it as choices."""
    for position, block in enumerate(blocks):
        if lines := markdown.tick_boxes(block):
            del blocks[position]
            return tuple(QuizChoice(markdown.render_inline(line), ticked) for ticked, line in lines)
    return ()
