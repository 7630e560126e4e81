"""From the lines of a story to its file: front matter, sections, and what was unsure."""

import re
from collections.abc import Sequence

import msgspec
import yaml

from starbook.content import headings
from starbook.content.markdown import PLACEHOLDER
from starbook.importer import marks, walkthrough, words
from starbook.importer.document import Line
from starbook.importer.spans import Span, meta
from starbook.model import Kind
from starbook.text import names

_QUOTES = '"“”«»„'
_LISTED = re.compile(r"\s*(?:[,;，、]|\s/\s|\s\|\s|\s·\s)\s*")
_TAG = re.compile(r"#([\w/-]+)")
_TIME = re.compile(
    r"(?:⏱\S*\s*)?target\s*:?\s*(?P<time>\d+\s*(?:s|sec|seconds|min|m)\b)", re.IGNORECASE
)


class Known(msgspec.Struct, frozen=True):
    """The names of principles and categories that are known before a document is read."""

    principles: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    def principle(self, name: str) -> str:
        """The principle that a name means, as it is written with its signs, or ""."""
        said = names.slug(name)
        known = (*self.principles, *words.AMAZON)
        return next((full for full in known if said and names.slug(full) == said), "")

    def is_principle(self, name: str) -> bool:
        """Whether a name is that of a principle."""
        return bool(self.principle(name))


class Title(msgspec.Struct):
    """What a line in the place of a title says."""

    text: str
    ident: str = ""
    number: str = ""
    question: str = ""
    themes: tuple[str, ...] = ()
    principles: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


class Story(msgspec.Struct):
    """A story as it will be written; `lines` are those of the document that it takes."""

    title: str
    number: str = ""
    ident: str = ""
    question: str = ""
    also: tuple[str, ...] = ()
    fields: dict[str, list[str]] = msgspec.field(default_factory=dict)
    body: str = ""
    sections: tuple[str, ...] = ()
    line: int = 0
    unsure: tuple[tuple[int, str], ...] = ()

    @property
    def draft(self) -> bool:
        """Whether something in it is yet to be filled in."""
        return bool(PLACEHOLDER.search(self.body)) or len(self.sections) < 3

    def text(self) -> str:
        """The file."""
        front: dict[str, object] = {"title": self.title}
        for key in (
            "headline",
            "categories",
            "principles",
            "level",
            "tags",
            "company",
            "date",
            "cue",
        ):
            said = list(dict.fromkeys(filter(None, self.fields.get(key, []))))
            if said:
                front[key] = (
                    said if key in ("categories", "principles", "tags", "cue") else " ".join(said)
                )
        status = " ".join(self.fields.get("status", [])).casefold()
        front["status"] = (
            status if status in ("draft", "ready") else "draft" if self.draft else "ready"
        )
        dumped = yaml.safe_dump(
            front, allow_unicode=True, sort_keys=False, width=10_000, default_flow_style=None
        )
        return f"---\n{_block(dumped)}---\n\n{self.body.strip()}\n"


def _block(dumped: str) -> str:
    """PyYAML writes a mapping of plain values on one line, in braces; a person does not."""
    if not dumped.startswith("{"):
        return dumped
    return str(
        yaml.safe_dump(yaml.safe_load(dumped), allow_unicode=True, sort_keys=False, width=10_000)
    )


def title(text: str, known: Known) -> Title:
    """What a title says beside its words: a number, an id, a theme, principles."""
    said = marks.bare(text).strip().strip("*").strip()
    made = Title(said)
    if found := words.NUMBERED.fullmatch(said):
        made.number, said = found["number"], found["title"].strip("* ")
    if found := words.COUNTED.fullmatch(said):
        made.number, said = found["number"], found["title"].strip("* ") or said
    elif found := words.NAMED.fullmatch(said):
        said = found["title"]
    elif found := words.IDENT.fullmatch(said):
        made.ident, said = names.slug(found["id"]), found["title"]
    if found := words.THEMED.fullmatch(said):
        made.themes, said = (found["theme"],), found["title"]
    if found := words.BEHIND.fullmatch(said):
        inside = split(found["names"], known)
        if inside and all(map(known.is_principle, inside)):
            made.principles, said = tuple(inside), found["title"]
        elif not re.search(r"\w", found["names"]):
            said = found["title"]
        elif names.key(found["names"]) in ("sample", "example", "draft"):
            made.tags, said = (found["names"],), found["title"]
    said = said.strip().strip(_QUOTES).strip()
    pieces = re.split(r"\s+-\s+", said)
    if len(pieces) > 2:  # `Questions - The title - A kind of page`
        said = max(pieces, key=len)
    if said.endswith(("?", "？")) or words.INTERVIEWER.match(said):
        made.question, said = said, _shortened(said)
    made.text = said
    return made


def _shortened(question: str) -> str:
    """A question as the title of its answer: without how the interviewer begins."""
    rest = words.INTERVIEWER.sub("", question, count=1).strip()
    rest = rest if len(rest.split()) > 2 else question
    ends = "." if rest == question else ".?"
    first = re.split(r"(?<=[.?!])\s+(?=[A-Z])", rest)[0].rstrip(ends).strip()
    return first[:1].upper() + first[1:]


def split(text: str, known: Known) -> list[str]:
    """Names in a row; `Are Right, A Lot` has a comma of its own."""
    text = text.strip().strip("[]")
    kept: dict[str, str] = {}
    for name in sorted({*words.AMAZON, *known.principles}, key=len, reverse=True):
        if re.search(r"[,;/]", name) and (found := re.search(re.escape(name), text, re.IGNORECASE)):
            hole = f"\0{len(kept)}\0"
            kept[hole] = found[0]
            text = text.replace(found[0], hole)
    pieces = (kept.get(piece.strip(), piece.strip()) for piece in _LISTED.split(text))
    return [piece.strip("*`[] ") for piece in pieces if piece.strip("*`[] –-")]


def put(fields: dict[str, list[str]], key: str, value: str, known: Known) -> None:
    """Add what a line gives to the front matter of its story."""
    if key == "tags":
        found = _TAG.findall(value) or split(value, known)
    elif key in ("headline", "level", "company", "date"):
        found = [value.strip().strip("*")]
    else:
        found = split(value, known)
    for name in found:
        kind, principle = key, known.principle(name)
        if key == "names":
            kind = "principles" if principle else "categories"
        fields.setdefault(kind, []).append(
            principle if principle and kind == "principles" else name
        )


def story(lines: Sequence[Line], span: Span, known: Known) -> Story:
    """The story of a span, without what the headings above it say."""
    head = lines[span.head].words if span.head >= 0 else ""
    said = title(head, known)
    made = Story(said.text, said.number, said.ident, said.question, line=lines[span.begin].number)
    for theme in said.themes:
        put(made.fields, "names", theme, known)
    made.fields.setdefault("principles", []).extend(said.principles)
    made.fields.setdefault("tags", []).extend(said.tags)
    _Body(made, lines, span, known).write()
    return made


class _Body:
    """Writes the sections of one story."""

    def __init__(self, made: Story, lines: Sequence[Line], span: Span, known: Known) -> None:
        self.made, self.lines, self.span, self.known = made, lines, span, known
        self.unsure: list[tuple[int, str]] = []
        self.time = ""

    def write(self) -> None:
        begin = self.span.head + 1 if self.span.head >= 0 else self.span.begin
        starts = [i for i, _ in self.span.marks]
        opening = self._kept(range(begin, starts[0]))
        signed = walkthrough.fits([self.lines[i] for i in range(begin, self.span.end)])
        told = [line.text for line in opening]
        parts = [walkthrough.text(told) if signed else _text(opening)] if opening else []
        if opening:
            self.unsure.append((opening[0].number, "kept above the first part"))
        seen: list[str] = []
        for (i, mark), end in zip(self.span.marks, [*starts[1:], self.span.end], strict=True):
            if len(mark.kinds) > 1:
                self.unsure.append((self.lines[i].number, f"one part for two: {mark.heading}"))
            parts.append(self._section(i, mark, end))
            seen += self._kinds(mark, seen)
        self.made.body = "\n\n".join(filter(None, parts))
        self._from_body()
        self.made.sections = tuple(dict.fromkeys(seen))
        self.made.unsure = tuple(self.unsure)

    def _kinds(self, mark: marks.Mark, seen: Sequence[str]) -> list[str]:
        """The parts, with a Challenge behind a Situation as what there was to do."""
        tasks = any(Kind.TASK in other.kinds for _, other in self.span.marks)
        spelling = headings.parse(mark.heading).spelling
        if spelling in headings.TASK_AFTER_SITUATION and Kind.SITUATION in seen and not tasks:
            return [str(Kind.TASK)]
        return [str(kind) for kind in mark.kinds]

    def _from_body(self) -> None:
        """The principles that angles are for, and the level at which it is told."""
        angles = self.made.body.partition("## Angles\n")[2].partition("\n## ")[0]
        named = re.findall(r"^### (.+)$", angles, re.MULTILINE)
        found = [name for name in named if self.known.is_principle(name)]
        self.made.fields.setdefault("principles", []).extend(found)
        level = re.search(
            rf"^\*\*({words.LEVEL.pattern}) Reflection:", self.made.body, re.MULTILINE
        )
        if level:
            self.made.fields.setdefault("level", [level[1]])

    def _kept(self, among: range) -> list[Line]:
        """Lines that are neither front matter nor what a document says of itself."""
        kept = []
        for i in among:
            line, field = self.lines[i], meta(self.lines[i])
            plain = marks.bare(line.words).strip("* ").rstrip(": ")
            timed = _TIME.fullmatch(line.words.strip())
            if timed:
                self.time = timed["time"]
            elif field and field[0] == "questions":
                quoted = re.findall(r"[\"“]([^\"”]+)[\"”]", field[1])
                self.made.also += tuple(
                    quoted or [p.strip() for p in field[1].split(";") if p.strip()]
                )
            elif field:
                put(self.made.fields, *field, self.known)
            elif not (plain and words.NOISE.fullmatch(plain)):
                kept.append(line)
        while kept and kept[-1].role in ("rule", "blank"):
            kept.pop()
        while kept and kept[0].role in ("rule", "blank"):
            kept.pop(0)
        return kept

    def _section(self, i: int, mark: marks.Mark, end: int) -> str:
        heading = mark.heading
        if self.time and headings.parse(heading).seconds is None:
            heading += f" ({self.time})"
        self.time = ""
        below = self._kept(range(i + 1, end))
        own = self.lines[i].level
        body = [_demoted(line, own) for line in below]
        text = (
            walkthrough.text([line.text for line in body])
            if walkthrough.fits(body)
            else _text(body)
        )
        first = mark.rest.strip()
        return "\n\n".join(filter(None, [f"## {heading}", _joined(first, text, body)]))


def _joined(first: str, text: str, body: Sequence[Line]) -> str:
    if not first or not text:
        return first or text
    goes_on = body[0].role in ("text",) and not text.startswith("\n")
    return f"{first}\n{text}" if goes_on or body[0].role == "item" else f"{first}\n\n{text}"


def _demoted(line: Line, own: int) -> Line:
    """A heading inside of a part stands below it; one beside it is a part of the person's own."""
    if line.role != "heading":
        return line
    level = 2 if own and line.level <= own else max(3, min(line.level, 6))
    return msgspec.structs.replace(line, text=f"{'#' * level} {line.words}")


def _text(lines: Sequence[Line]) -> str:
    """Lines as they were written, moved to the left where all of them stood further in."""
    indents = [line.indent for line in lines if line.text]
    by = min(indents, default=0)
    return "\n".join(line.text[by:] for line in lines).strip("\n")
