"""Questions, questions to ask and categories, from the lists of a document."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from starbook.importer import marks, words
from starbook.importer.document import Line, cells
from starbook.importer.stories import Known, Story, put, split
from starbook.text import names

_QUOTED = re.compile(r"[\"“«„](?P<said>[^\"“”«»„]+)[\"”»“](?P<rest>.*)")
_TICKED = re.compile(r"`([^`]+)`")
_MAPPED = re.compile(r"\s*(?:→|->|=>|⇒)\s*(?P<to>.*)$")
_IDENT = re.compile(r"\b[A-Z]{1,4}-\d{1,3}\b")
_BOLD_TOPIC = re.compile(r"\*\*(?P<topic>[^*]+?)\s*:?\s*\*\*\s*:?")


class Entry(msgspec.Struct):
    """A list item: its first line and what stands below it."""

    lines: list[Line]

    @property
    def first(self) -> str:
        """Its words without marks."""
        return self.lines[0].words


def entries(lines: Sequence[Line]) -> tuple[list[Entry], list[Line]]:
    """The outermost items of some lines, with all below them, and the lines that are none."""
    items = [line for line in lines if line.role == "item"]
    outer = min((line.indent for line in items), default=0)
    found: list[Entry] = []
    rest: list[Line] = []
    inside = False
    for line in lines:
        if line.role == "item" and line.indent <= outer:
            found.append(Entry([line]))
            inside = True
        elif inside and (line.indent > outer or line.role == "blank"):
            found[-1].lines.append(line)
        elif line.role == "text" and is_question(line.words):
            found.append(Entry([line]))
            inside = True
            outer = min(outer, line.indent)
        else:
            inside = False
            rest.append(line)
    return found, rest


def is_question(text: str) -> bool:
    """Whether a line asks something, as an interviewer does."""
    said = said_of(text)[0]
    return said.endswith(("?", "？", "?)")) or (
        bool(words.ASKED.match(said)) and len(said.split()) > 3
    )


def said_of(text: str) -> tuple[str, str]:
    """The words of a question without bold and quotes, and what stands behind the quotes."""
    plain = marks.bare(text).replace("**", "").strip()
    found = _QUOTED.fullmatch(plain)
    if found:
        return found["said"].strip(), found["rest"].strip()
    return plain, ""


class Asked(msgspec.Struct):
    """A question as it will be written."""

    question: str
    also: list[str] = msgspec.field(default_factory=list)
    categories: list[str] = msgspec.field(default_factory=list)
    principles: list[str] = msgspec.field(default_factory=list)
    companies: list[str] = msgspec.field(default_factory=list)
    levels: list[str] = msgspec.field(default_factory=list)
    notes: str = ""
    stories: list[object] = msgspec.field(default_factory=list)

    @property
    def adds(self) -> bool:
        """Whether it says more than its words."""
        return bool(
            self.stories or self.notes or self.companies or self.categories or self.principles
        )

    def entry(self) -> dict[str, object]:
        """The entry of questions.yml, without what is empty."""
        pairs = ((key, getattr(self, key)) for key in self.__struct_fields__)
        return {key: value for key, value in pairs if value}


class Stories:
    """The stories of a document, to be found by number, id or title."""

    def __init__(self, stories: Sequence[Story]) -> None:
        self.by: dict[str, Story] = {}
        for i, story in enumerate(stories, 1):
            for name in (story.number or str(i), story.ident, names.key(story.title)):
                self.by.setdefault(name, story)

    def named(self, text: str) -> list[tuple[Story, str]]:
        """The stories that a text names, each with the words behind it."""
        found: list[tuple[int, int, Story]] = []
        for hit in (*words.NUMBERS.finditer(text), *_IDENT.finditer(text)):
            name = hit[1] if hit.re is words.NUMBERS else names.slug(hit[0])
            if name in self.by:
                found.append((hit.start(), hit.end(), self.by[name]))
        if found:  # `#1, #4` and `Story 1, 4`
            for hit in re.finditer(r"(?<=[\d)])\s*(?:,|&|and|or)\s*#?(\d+)\b", text):
                if hit[1] in self.by:
                    found.append((hit.start(), hit.end(), self.by[hit[1]]))
        if not found:
            keyed = names.key(text)
            found = [
                (0, len(text), story)
                for name, story in self.by.items()
                if len(name) > 8 and name in keyed
            ]
        found.sort(key=lambda one: one[0])
        ends = [*(start for start, _, _ in found[1:]), len(text)][: len(found)]
        return [(story, text[end:stop]) for (_, end, story), stop in zip(found, ends, strict=True)]


def mapped(text: str, stories: Stories) -> bool:
    """Whether a line says which story to tell."""
    arrow = _MAPPED.search(text)
    said = arrow["to"] if arrow else text if words.USE.match(text) else ""
    return bool(said and stories.named(said))


def question(entry: Entry, stories: Stories, known: Known) -> Asked:
    """A question with its mapping and notes."""
    first = entry.first
    ticks = _TICKED.findall(first)
    first = _TICKED.sub("", first).strip()
    arrow = _MAPPED.search(first)
    chosen: list[tuple[Story, str]] = []
    if arrow and (to := stories.named(arrow["to"])):
        chosen, first = to, first[: arrow.start()]
    said, behind = said_of(first)
    made = Asked(said, levels=[tick.strip() for tick in ticks])
    if found := words.BEHIND.fullmatch(said):
        inside = split(found["names"], known)
        if inside and all(map(known.is_principle, inside)):
            made.question, made.principles = found["title"], inside
        elif named := stories.named(found["names"]):
            made.question, chosen = found["title"], chosen + named
    notes = [behind] if behind else []
    for line in entry.lines[1:]:
        named = stories.named(line.words) if words.USE.match(line.words) else []
        if named:
            chosen += named
        else:
            notes.append(line.text)
    made.stories = list(_choices(chosen))
    made.notes = _dedented(notes)
    return made


def _choices(chosen: Sequence[tuple[Story, str]]) -> Iterator[object]:
    """A story by its id, with how to tell it where that is said."""
    seen: set[str] = set()
    for story, behind in chosen:
        bracket = re.match(r"\s*\(([^)]*)\)", behind)
        rest = behind[bracket.end() :] if bracket else behind
        note = re.sub(r"\s*\b(?:or|and)(?:\s+stor(?:y|ies))?\s*#?$", "", rest.strip(), flags=re.I)
        note = note.strip(" ,;:–—-")
        told = f"{story.title} {' '.join(story.fields.get('categories', []))}".casefold()
        if bracket and not all(word in told for word in re.findall(r"\w+", bracket[1].casefold())):
            note = f"{bracket[1]}{': ' if note else ''}{note}"
        if story.ident not in seen:
            seen.add(story.ident)
            yield {"story": story.ident, "note": note} if note else story.ident


def _dedented(lines: Sequence[str]) -> str:
    kept = list(lines)
    while kept and not kept[-1].strip(" -*_"):
        kept.pop()
    by = min((len(line) - len(line.lstrip()) for line in kept if line.strip()), default=0)
    return "\n".join(line[by:] for line in kept).strip("\n")


def table_questions(lines: Sequence[Line], stories: Stories, known: Known) -> list[Asked]:
    """The questions of a table that has a column for them."""
    rows = [cells(line.text) for line in lines if line.role == "table"]
    head = [names.key(cell.strip("* ")) for cell in rows[0]] if rows else []
    column = next((i for i, name in enumerate(head) if "question" in name), -1)
    if column < 0:
        return []
    made = []
    for row in rows[1:]:
        if len(row) <= column or not re.search(r"\w", row[column]):
            continue
        asked = question(Entry([Line(0, row[column], "text")]), stories, known)
        for name, cell in zip(head, row, strict=False):
            _from_cell(asked, name, cell, stories, known, is_question=name == head[column])
        made.append(asked)
    return made


def _from_cell(
    asked: Asked, name: str, cell: str, stories: Stories, known: Known, *, is_question: bool
) -> None:
    if is_question or not re.search(r"\w", cell) or name in ("#", "no", "no.", "nr"):
        return
    fields: dict[str, list[str]] = {}
    if "stor" in name or "use" in name:
        named = stories.named(cell) or stories.named(f"#{cell}")
        asked.stories = list(_choices(named))
        asked.notes = asked.notes or ("" if named else cell)
        return
    field = words.field(name)
    if field in ("categories", "principles", "names"):
        put(fields, field, cell, known)
        asked.categories += fields.get("categories", [])
        asked.principles += fields.get("principles", [])
    elif field in ("level", "company"):
        said = [part.strip("` ") for part in cell.split(",")]
        (asked.levels if field == "level" else asked.companies).extend(said)
    else:
        asked.notes = f"{asked.notes}\n\n{name.capitalize()}: {cell}".strip()


def topics(lines: Sequence[Line], name: str) -> list[dict[str, object]]:
    """Questions to ask, by topic; without one of their own, under `name`."""
    found: dict[str, list[str]] = {}
    for entry in entries(lines)[0]:
        topic = _BOLD_TOPIC.fullmatch(entry.first.strip())
        nested = [line for line in entry.lines[1:] if line.text]
        if topic and nested:
            found.setdefault(topic["topic"], []).extend(_as_asked(line.words) for line in nested)
        else:
            found.setdefault(name, []).extend(
                _as_asked(line.words) for line in [entry.lines[0], *nested]
            )
    return [{"topic": topic, "questions": asked} for topic, asked in found.items()]


def _as_asked(text: str) -> str:
    said, behind = said_of(text)
    return f"{said} {behind}".strip()
