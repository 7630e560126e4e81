"""Stories: turn the lines of a span into a story file, with front matter and sections."""

import re
from collections.abc import Iterable, Sequence

import msgspec
import yaml

from starbook.content import comments, headings
from starbook.content.markdown import PLACEHOLDER
from starbook.importer import walkthrough, words
from starbook.importer.document import Line, join_lines, trim_lines
from starbook.importer.labels import PartLabel, strip_decoration
from starbook.importer.spans import Span, parse_field
from starbook.model import Kind, Status
from starbook.text import names
from starbook.text.vocabulary import Vocabulary, load

_QUOTES = '"“”«»„'
_LIST_SEPARATOR = re.compile(r"(?:(?<!\s)\s+)?(?:[,;，、]|\s/\s|\s\|\s|\s·\s)\s*")
_QUOTED = re.compile(r"[\"“]([^\"”]+)[\"”]")
_TAG = re.compile(r"#([\w/-]+)")
_TIME = re.compile(r"(?:⏱\S*\s*)?target\s*:?\s*(?P<time>\d+\s*(?:s|sec|seconds|min|m)\b)", re.I)
_PROBE = re.compile(r"(?:follow[- ]?ups?|probes?)\b", re.I)
_LIST_FIELDS = ("categories", "principles", "tags", "cue")
_FRONT_FIELDS = "headline categories principles level tags company date cue".split()


class KnownPrinciples(msgspec.Struct, frozen=True):
    """What is known before a document is read: names of principles, with Amazon's, and words."""

    names: tuple[str, ...] = ()
    vocabulary: Vocabulary = msgspec.field(default_factory=load)

    def find(self, name: str) -> str:
        """Return the full spelling of the principle that `name` means, or ""."""
        slug = names.slug(name)
        known = (*self.names, *words.AMAZON_PRINCIPLES)
        return next((full for full in known if slug and names.slug(full) == slug), "")


class Story(msgspec.Struct):
    """A story to be written.

    `question` is the question in the place of its title, `also` are other questions for it, `line`
    is the line of the document where it begins, `doubts` are lines and remarks on them.
    """

    title: str
    number: str = ""
    ident: str = ""
    question: str = ""
    also: tuple[str, ...] = ()
    fields: dict[str, list[str]] = {}
    body: str = ""
    sections: tuple[str, ...] = ()
    line: int = 0
    doubts: list[tuple[int, str]] = []

    @property
    def is_draft(self) -> bool:
        """True if something in it is still to be filled in."""
        return bool(PLACEHOLDER.search(comments.hide(self.body).text)) or len(self.sections) < 3

    def add(self, field: str, values: Iterable[str]) -> None:
        """Add values to a field of the front matter."""
        self.fields.setdefault(field, []).extend(values)

    def to_markdown(self) -> str:
        """Return the text of its file."""
        front: dict[str, object] = {"title": self.title}
        for key in _FRONT_FIELDS:
            values = list(dict.fromkeys(filter(None, self.fields.get(key, []))))
            if values:
                front[key] = values if key in _LIST_FIELDS else " ".join(values)
        status = " ".join(self.fields.get("status", [])).casefold()
        if status not in ("draft", "ready"):
            status = "draft" if self.is_draft else "ready"
        front["status"] = status
        # `None`: lists stand on one line; without a list, PyYAML would write all keys on one.
        flow = None if any(isinstance(value, list) for value in front.values()) else False
        dumped = yaml.safe_dump(
            front, allow_unicode=True, sort_keys=False, width=10_000, default_flow_style=flow
        )
        return f"---\n{dumped}---\n\n{self.body.strip()}\n"


def parse_title(text: str, known: KnownPrinciples, *, page_title: bool = False) -> Story:
    """Return a story with what the line of its title says: a number, an id, a question, names.

    Of a `page_title` such as `Questions - The title - A kind of page` only one piece is the title.
    """
    text = strip_decoration(text).strip().strip("*").strip()
    story = Story(text)
    if match := words.NUMBERED_TITLE.fullmatch(text):
        story.number, text = match["number"], match["title"].strip("* ")
    if match := known.vocabulary.counted_title.fullmatch(text):
        story.number, text = match["number"], match["title"].strip("* ") or text
    elif match := known.vocabulary.word_title.fullmatch(text):
        text = match["title"]
    elif match := words.ID_TITLE.fullmatch(text):
        story.ident, text = names.slug(match["id"]), match["title"]
    if match := words.BRACKET_THEME_TITLE.fullmatch(text):
        text = match["title"]
        add_field(story.fields, "names", match["theme"], known)
    text = _take_names(story, text, known).strip().strip(_QUOTES).strip()
    pieces = text.split(" - ")
    if page_title and len(pieces) > 2:
        text = max(pieces, key=len).strip()
    asks = text.endswith(("?", "？")) or known.vocabulary.question_preamble.match(text)
    if names.slug(text) and asks:
        story.question, text = text, _shorten_question(text, known.vocabulary)
    story.title = text
    return story


def _take_names(story: Story, text: str, known: KnownPrinciples) -> str:
    """Move names in brackets at the end of `text` to `story`, and return the text without them."""
    match = words.TITLE_WITH_NAMES.fullmatch(text)
    if not match:
        return text
    inside = split_names(match["names"], known)
    if inside and all(map(known.find, inside)):
        story.add("principles", inside)
    elif names.key(match["names"]) in ("sample", "example", "draft"):
        story.add("tags", [match["names"]])
    elif re.search(r"\w", match["names"]):
        return text
    return match["title"]


def _shorten_question(question: str, vocabulary: Vocabulary) -> str:
    """Return a title for the answer to `question`: its first sentence, without the preamble."""
    rest = vocabulary.question_preamble.sub("", question, count=1).strip()
    rest = rest if len(rest.split()) > 2 else question
    ends = "." if rest == question else ".?"
    first = re.split(r"(?<=[.?!])\s+(?=[A-Z])", rest)[0].rstrip(ends).strip()
    return first[:1].upper() + first[1:]


def split_names(text: str, known: KnownPrinciples) -> list[str]:
    """Split a list of names; "Are Right, A Lot" is one name, and NUL while the list is split."""
    text = text.strip().strip("[]")
    compound = [n for n in (*words.AMAZON_PRINCIPLES, *known.names) if re.search("[,;/]", n)]
    longest_first = "|".join(map(re.escape, sorted(compound, key=len, reverse=True)))
    whole = iter(re.findall(longest_first, text, re.I))
    pieces = _LIST_SEPARATOR.split(re.sub(longest_first, "\0", text, flags=re.I))
    restored = (re.sub("\0", lambda _: next(whole), piece) for piece in pieces)
    return [name.strip("*`[] ") for name in restored if name.strip("*`[] –-")]


def add_field(fields: dict[str, list[str]], key: str, value: str, known: KnownPrinciples) -> None:
    """Add values to a field of the front matter; "names" are principles and categories."""
    if key in ("headline", "level", "company", "date"):
        values = [value.strip().strip("*")]
    else:
        tags = _TAG.findall(value) if key == "tags" and not _TAG.sub("", value).strip(" ,;") else []
        values = tags or split_names(value, known)
    for name in values:
        principle = known.find(name) if key in ("names", "principles") else ""
        field = ("principles" if principle else "categories") if key == "names" else key
        fields.setdefault(field, []).append(principle or name)


def build_story(
    lines: Sequence[Line], span: Span, known: KnownPrinciples, *, page_title: bool = False
) -> Story:
    """Return the story of a span, without the names from the headings above it.

    Its parts become sections. Lines that give fields go to the front matter, and the time for a
    part goes to the heading of its section.
    """
    title = lines[span.title].words if span.title >= 0 else ""
    story = parse_title(title, known, page_title=page_title)
    story.line = lines[span.begin].number
    begin = span.title + 1 if span.title >= 0 else span.begin
    starts = [i for i, _ in span.labels]
    names_of_parts = [headings.parse(label.heading, known.vocabulary) for _, label in span.labels]
    # A time is for the next part: whether there is one that has none, for the opening and each part
    takes_time, *takes_times = [*(name.seconds is None for name in names_of_parts), False]
    opening, time = _take_fields(story, lines[begin : starts[0]], known, takes_time)
    if any(line.role != "comment" for line in opening):
        story.doubts.append((opening[0].number, "kept above the first part"))
    pieces = [_format_lines(opening, lines[begin : span.end])]
    kinds: list[str] = []
    folds = _find_folds(lines, span)
    has_task = any(Kind.TASK in label.kinds for _, label in span.labels)
    ends = [*starts[1:], span.end]
    parts = zip(span.labels, names_of_parts, ends, takes_times, strict=True)
    for (i, label), parsed, end, takes_time in parts:
        if len(label.kinds) > 1:
            story.doubts.append((lines[i].number, f"one part for two: {label.heading}"))
        timed = f" ({time})" if time else ""
        own = [line for line in lines[i + 1 : end] if line.fold not in folds]
        body, time = _take_fields(story, own, known, takes_time)
        pieces += [f"## {label.heading}{timed}", _format_part(label, body, lines[i].level)]
        is_task = parsed.may_be_task and Kind.SITUATION in kinds and not has_task
        kinds += map(str, [Kind.TASK] if is_task else label.kinds)
    if folds:
        pieces += _format_folds(folds.values(), known.vocabulary)
    story.body = "\n\n".join(filter(None, pieces))
    story.sections = tuple(dict.fromkeys(kinds))
    # The Angles name principles, and the Reflection names its level.
    angles = story.body.partition("## Angles\n")[2].partition("\n## ")[0]
    story.add("principles", filter(known.find, re.findall(r"^### (.+)$", angles, re.M)))
    if level := re.search(rf"^\*\*({words.LEVEL.pattern}) Reflection:", story.body, re.M):
        story.fields.setdefault("level", [level[1]])
    return story


def _find_folds(lines: Sequence[Line], span: Span) -> dict[int, list[Line]]:
    """Return the lines of each fold below the first part of a story that holds no part of it."""
    parts = {lines[i].fold for i, _ in span.labels}
    folds: dict[int, list[Line]] = {}
    for line in lines[span.labels[0][0] : span.end]:
        if line.fold and line.fold not in parts:
            folds.setdefault(line.fold, []).append(line)
    return folds


def _format_folds(folds: Iterable[Sequence[Line]], vocabulary: Vocabulary) -> Iterable[str]:
    """Return folds as sections; those with a question as their summary are follow-ups."""
    sections: list[str] = []
    probes: list[str] = []
    for lines in folds:
        summary, *below = trim_lines(lines) or [Line(0, "", "blank")]
        title = summary.text.strip().strip("*").strip() if summary.text.startswith("**") else ""
        if not title:
            below = [summary, *below]
        label = PartLabel((), title, "", strong=True)
        text = _format_part(label, trim_lines(below), 0)
        spelling = headings.parse(title, vocabulary).spelling
        names_part = spelling == title.casefold().rstrip(": ")
        if (title.endswith("?") or _PROBE.match(title)) and not names_part:
            probes += [f"### {title}", text]
        else:
            sections += [f"## {title or 'Details'}", text]
    return [*sections, *(["## Follow-ups", *probes] if probes else [])]


def _take_fields(
    story: Story, lines: Sequence[Line], known: KnownPrinciples, takes_time: bool
) -> tuple[list[Line], str]:
    """Move fields from `lines` to `story`; return the other lines and the time of the next part.

    There is none unless the next part `takes_time`.
    """
    kept = []
    time = ""
    for line in lines:
        field, plain = (
            parse_field(line, known.vocabulary),
            strip_decoration(line.words).strip("* ").rstrip(": "),
        )
        if takes_time and not time and (match := _TIME.fullmatch(line.words.strip())):
            time = match["time"]
        elif field and field[0] == "questions":
            only_quoted = not re.search(r"\w", _QUOTED.sub("", field[1]))
            parts = _QUOTED.findall(field[1]) if only_quoted else field[1].split(";")
            parts = [part.strip() for part in parts]
            story.also += tuple(filter(None, parts))
        elif field and (field[0] != "status" or names.key(field[1]) in ("", *Status)):
            add_field(story.fields, *field, known)
        elif not known.vocabulary.answer_heading.fullmatch(plain):
            kept.append(line)
    return trim_lines(kept), time


def _format_part(label: PartLabel, lines: Iterable[Line], level: int) -> str:
    """Return the text of a part whose label is a heading of this level, or of level 0.

    A heading inside the part is put below it; one beside it is a section.
    """
    body = []
    for line in lines:
        if line.role == "heading":
            shifted = 2 if level and line.level <= level else max(3, min(line.level, 6))
            body.append(msgspec.structs.replace(line, text=f"{'#' * shifted} {line.words}"))
        else:
            body.append(line)
    joint = "\n" if body and body[0].role in ("item", "text") else "\n\n"
    return joint.join(filter(None, [label.rest.strip(), _format_lines(body, body)]))


def _format_lines(lines: Sequence[Line], context: Sequence[Line]) -> str:
    """Return `lines` without their common indent; if `context` is a walkthrough, convert them."""
    if walkthrough.is_walkthrough(context):
        return walkthrough.convert([line.text for line in lines])
    return join_lines(lines)
