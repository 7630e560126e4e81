"""Lists: read questions, questions to ask and categories from list items and tables."""

import re
from collections.abc import Sequence
from itertools import groupby

import msgspec

from starbook.importer import words
from starbook.importer.document import Line, join_lines, split_row
from starbook.importer.labels import strip_decoration
from starbook.importer.stories import KnownPrinciples, Story, add_field, split_names
from starbook.text import names
from starbook.text.vocabulary import Vocabulary

_QUOTED = re.compile(r"[\"“«„](?P<text>[^\"“”«»„]+)[\"”»“](?P<rest>.*)")
_BACKTICKED = re.compile(r"`([^`]+)`")
_ARROW = re.compile(r"(?:(?<!\s)\s+)?(?:→|->|=>|⇒)\s*(?P<target>.*)$")
_STORY_ID = re.compile(r"\b[A-Z]{1,4}-\d{1,3}\b")
_MORE_NUMBERS = re.compile(r"(?<=[\d)])\s*(?:,|&|and|or)\s*#?(\d+)\b")
_BOLD_TOPIC = re.compile(r"\*\*(?P<topic>[^*]+)\*\*\s*:?")


def split_items(
    lines: Sequence[Line], vocabulary: Vocabulary
) -> tuple[list[list[Line]], list[Line]]:
    """Return the outermost items and questions, with the lines below each, and the other lines."""
    outer = min((line.indent for line in lines if line.role == "item"), default=0)
    items: list[list[Line]] = []
    rest: list[Line] = []
    inside = False
    for line in lines:
        is_item = line.role == "item" and line.indent <= outer
        if inside and (line.indent > outer or line.role == "blank"):
            items[-1].append(line)
        elif is_item or (line.role == "text" and is_question(line.words, vocabulary)):
            items.append([line])
            inside, outer = True, min(outer, line.indent)
        else:
            inside = False
            rest.append(line)
    return items, rest


def is_question(text: str, vocabulary: Vocabulary) -> bool:
    """Return True if `text` is a question, as an interviewer asks it."""
    question = split_question(text)[0]
    is_opening = vocabulary.question_start.match(question) and len(question.split()) > 3
    asks = is_opening or question.endswith(("?", "？", "?)"))
    return bool(asks and names.slug(question))


def split_question(text: str) -> tuple[str, str]:
    """Return a question without bold and quotes, and the text behind its quotes."""
    plain = strip_decoration(text).replace("**", "").strip()
    match = _QUOTED.fullmatch(plain)
    return (match["text"].strip(), match["rest"].strip()) if match else (plain, "")


class QuestionEntry(msgspec.Struct):
    """An entry of questions.yml; `choices` are its stories, each with a note on it."""

    question: str
    also: list[str] = []
    categories: list[str] = []
    principles: list[str] = []
    companies: list[str] = []
    levels: list[str] = []
    notes: str = ""
    choices: list[tuple[Story, str]] = []

    @property
    def stories(self) -> list[object]:
        """The ids of its stories, or mappings of id and note."""
        return [{"story": s.ident, "note": note} if note else s.ident for s, note in self.choices]

    @property
    def has_details(self) -> bool:
        """True if it holds more than the words of the question."""
        return any((self.choices, self.notes, self.companies, self.categories, self.principles))

    def to_mapping(self) -> dict[str, object]:
        """Return the keys and values that are not empty."""
        keys = (*self.__struct_fields__[:-1], "stories")
        return {key: value for key in keys if (value := getattr(self, key))}


class ListReader:
    """Reads lists and tables that refer to stories of the document and to known principles."""

    def __init__(self, stories: Sequence[Story], known: KnownPrinciples) -> None:
        self.known = known
        self._by_name: dict[str, Story] = {}
        for i, story in enumerate(stories, 1):
            for name in (story.number or str(i), story.ident, names.key(story.title)):
                self._by_name.setdefault(name, story)

    def refers_to_story(self, text: str) -> bool:
        """Return True if `text` says which story to tell."""
        arrow = _ARROW.search(text)
        target = (
            arrow["target"]
            if arrow
            else text
            if self.known.vocabulary.story_reference.match(text)
            else ""
        )
        return bool(self._find_stories(target))

    def parse_question(self, item: Sequence[Line]) -> QuestionEntry:
        """Return the question of a list item, with its stories and notes."""
        levels = [level.strip() for level in _BACKTICKED.findall(item[0].words)]
        first = _BACKTICKED.sub("", item[0].words).strip()
        arrow = _ARROW.search(first)
        references = self._find_stories(arrow["target"]) if arrow else []
        if arrow and references:
            first = first[: arrow.start()]
        text, behind = split_question(first)
        entry = QuestionEntry(text, levels=levels)
        if match := words.TITLE_WITH_NAMES.fullmatch(text):
            inside = split_names(match["names"], self.known)
            if inside and all(map(self.known.find, inside)):
                entry.question, entry.principles = match["title"], inside
            elif named := self._find_stories(match["names"]):
                entry.question = match["title"]
                references += named
        notes = [Line(0, behind, "text")] if behind else []
        for line in item[1:]:
            is_reference = self.known.vocabulary.story_reference.match(line.words)
            named = self._find_stories(line.words) if is_reference else []
            references += named
            notes += [] if named else [line]
        while notes and not notes[-1].text.strip(" -*_"):
            notes.pop()
        entry.choices, entry.notes = _parse_choices(references), join_lines(notes)
        return entry

    def take_tables(self, lines: Sequence[Line]) -> tuple[list[QuestionEntry], list[Line]]:
        """Return the questions of tables that have a column for them, and the other lines."""
        entries: list[QuestionEntry] = []
        rest: list[Line] = []
        for is_table, group in groupby(lines, key=lambda line: line.role == "table"):
            block = list(group)
            found = self._parse_table(block) if is_table else []
            entries += found
            rest += [] if found else block
        return entries, rest

    def _parse_table(self, lines: Sequence[Line]) -> list[QuestionEntry]:
        """Return the questions of a table, or none if it has rows without a question."""
        head, *rows = [split_row(line.text) for line in lines]
        columns = [names.key(cell.strip("* ")) for cell in head]
        column = next((i for i, name in enumerate(columns) if "question" in name), len(head))
        rows = [row for row in rows if re.search(r"\w", "".join(row))]
        if any(len(row) <= column or not re.search(r"\w", row[column]) for row in rows):
            return []
        entries = []
        for row in rows:
            entry = self.parse_question([Line(0, row[column], "text")])
            names_of_cells = [*columns, *[""] * (len(row) - len(columns))]
            for i, (name, cell) in enumerate(zip(names_of_cells, row, strict=False)):
                is_counter = name in ("#", "no", "no.", "nr") and cell.strip("#. ").isdecimal()
                if i != column and not is_counter and re.search(r"\w", cell):
                    self._add_cell(entry, name, cell)
            entries.append(entry)
        return entries

    def _add_cell(self, entry: QuestionEntry, column: str, cell: str) -> None:
        field = self.known.vocabulary.field_of_label(column)
        if "stor" in column or "use" in column:
            references = self._find_stories(cell) or self._find_stories(f"#{cell}")
            entry.choices += _parse_choices(references)
            if not references:
                entry.notes = f"{entry.notes}\n\n{cell}".strip()
        elif field in ("categories", "principles", "names"):
            fields = {"categories": entry.categories, "principles": entry.principles}
            add_field(fields, field, cell, self.known)
        elif field in ("level", "company"):
            values = [part.strip("` ") for part in cell.split(",")]
            (entry.levels if field == "level" else entry.companies).extend(values)
        else:
            label = f"{column.capitalize()}: " if column else ""
            entry.notes = f"{entry.notes}\n\n{label}{cell}".strip()

    def _find_stories(self, text: str) -> list[tuple[Story, str]]:
        """Return the stories that `text` refers to, each with the text up to the next one.

        It may refer to them by number or by id, or else by title.
        """
        found = [
            (match.span(), match[1]) for match in self.known.vocabulary.story_number.finditer(text)
        ]
        found += [(match.span(), names.slug(match[0])) for match in _STORY_ID.finditer(text)]
        if any(name in self._by_name for _, name in found):  # `#1, #4` and `Story 1, 4`
            found += [(match.span(), match[1]) for match in _MORE_NUMBERS.finditer(text)]
        else:
            key = names.key(text)
            titles = (name for name in self._by_name if len(name) > 8 and name in key)
            found = [((0, len(text)), title) for title in titles]
        known = [(span, self._by_name[name]) for span, name in found if name in self._by_name]
        known.sort(key=lambda reference: reference[0][0])
        stops = [*(start for (start, _), _ in known[1:]), len(text)]
        pairs = zip(known, stops, strict=False)
        return [(story, text[end:stop]) for ((_, end), story), stop in pairs]


def _parse_choices(references: Sequence[tuple[Story, str]]) -> list[tuple[Story, str]]:
    """Return each story once, with the note behind its first reference.

    What stands there in brackets is left out if it only repeats the title.
    """
    choices: dict[str, tuple[Story, str]] = {}
    for story, text in references:
        bracket = re.match(r"\s*\(([^)]*)\)", text)
        rest = text[bracket.end() :] if bracket else text
        note = re.sub(r"\s*\b(?:or|and)(?:\s+stor(?:y|ies))?\s*#?$", "", rest.strip(), flags=re.I)
        note = note.strip(" ,;:–—-")
        title = f"{story.title} {' '.join(story.fields.get('categories', []))}".casefold()
        words_inside = re.findall(r"\w+", bracket[1].casefold()) if bracket else []
        if bracket and not all(word in title for word in words_inside):
            note = f"{bracket[1]}{': ' if note else ''}{note}"
        choices.setdefault(story.ident, (story, note))
    return list(choices.values())


def group_by_topic(
    lines: Sequence[Line], default_topic: str, vocabulary: Vocabulary
) -> list[dict[str, object]]:
    """Return questions to ask by topic; those without a topic are under `default_topic`."""
    topics: dict[str, list[str]] = {}
    for item in split_items(lines, vocabulary)[0]:
        topic = _BOLD_TOPIC.fullmatch(item[0].words)
        nested = [line for line in item[1:] if line.text and line.role != "comment"]
        if topic and nested:
            name, asked = topic["topic"].strip().removesuffix(":").strip(), nested
        else:
            name, asked = default_topic, [item[0], *nested]
        questions = (" ".join(split_question(line.words)).strip() for line in asked)
        topics.setdefault(name, []).extend(questions)
    return [{"topic": topic, "questions": questions} for topic, questions in topics.items()]
