"""Lists: read questions, questions to ask and categories from list items and tables."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby

import msgspec

from starbook.importer import words
from starbook.importer.account import FORMAT, Account, Owner
from starbook.importer.labels import parse_label, strip_decoration
from starbook.importer.lines import LIST_MARK, Line, count_kinds, join_lines
from starbook.importer.page import Page, split_sentences
from starbook.importer.stories import Known, Story, add_field, split_names
from starbook.importer.tables import split_row
from starbook.text import names
from starbook.text.vocabulary import Vocabulary

_QUOTED = re.compile(r"[\"“«„「](?P<text>[^\"“”«»„「」]+)[\"”»“」](?P<rest>.*)")
_ITALIC = re.compile(r"([*_])(?P<text>[^*_]+)\1")
_NAMED = re.compile(
    r"(?:\*\*(?P<name>[^*]{2,40})\*\*\s*[:：–—-]?|(?P<plain>[^*:：.?？!,，]{2,40})[:：])\s*(?P<question>.+)"
)
_BACKTICKED = re.compile(r"`([^`]+)`")
_EMPTY_BRACKETS = re.compile(r"\s*[(（\[]\s*(?:[,;/]\s*)*[)）\]]")
_ARROW = re.compile(r"(?:(?<!\s)\s+)?(?:→|->|=>|⇒)\s*(?P<target>.*)$")
# `2`, `(-> 2)`, `③`: a story by its number alone.
_NUMBER_ALONE = re.compile(r"^\W*(?:→|->|=>|⇒)?\s*(?P<number>\d{1,2}|[①-⑳])\W*$")
_STORY_ID = re.compile(r"\b[A-Z]{1,4}-\d{1,3}\b")
_MORE_NUMBERS = re.compile(r"(?<=[\d)])\s*(?:,|&|and|or)\s*#?(\d+)\b")
_BOLD_TOPIC = re.compile(r"\*\*(?P<topic>[^*]+)\*\*\s*:?")
_ORDERED = re.compile(r"\s*\d{1,3}[.)]\s")
# A name above questions has few words and does not end as a sentence does.
_TOPIC_WORDS = 6
# A paragraph of more words is a question only if it begins with one.
_QUESTION_WORDS = 40
# Fewer letters of a title name no story.
_SHORTEST_NAME = 3


def split_items(
    lines: Sequence[Line], page: Page, *, lift: bool = False
) -> tuple[list[list[Line]], list[Line]]:
    """Return the outermost items and questions, with the lines below each, and the other lines.

    With `lift`, questions below an item that is none are items too.
    """
    outer = min((line.indent for line in lines if line.role == "item"), default=0)
    items: list[list[Line]] = []
    rest: list[Line] = []
    inside = False
    lines = _lift_questions(lines, outer, page) if lift else lines
    answered = lift and _are_answered_in_lists(lines, page)
    for line in lines:
        is_item = line.role == "item" and line.indent <= outer
        held = answered and is_item and bool(items) and items[-1][0].role == "text"
        if inside and (line.indent > outer or line.role == "blank" or held):
            items[-1].append(line)
        elif is_item or (line.role == "text" and _asks_alone(line.words, page)):
            items.append([line])
            inside, outer = True, min(outer, line.indent)
        else:
            inside = False
            rest.append(line)
    return items, rest


def end_of_list(lines: Sequence[Line], page: Page) -> int:
    """Return how many lines a list of questions has, with what stands below another paragraph.

    It ends below its last question, or the last one with its mark, at a paragraph of another form.
    """
    asked = [
        at
        for at, line in enumerate(lines)
        if line.role in ("item", "text") and page.is_question(split_question(line.words)[0])
    ]
    mark = next(filter(None, (_mark_of(lines[at]) for at in asked)), "")
    last = max((at for at in asked if _mark_of(lines[at]) == mark), default=len(lines))
    for at in range(last + 1, len(lines)):
        begins = lines[at].text and not lines[at - 1].text and not lines[at].indent
        if begins and (not mark or _mark_of(lines[at]) != mark):
            return at
    return len(lines)


def _mark_of(line: Line) -> str:
    """Return the mark of an item, with 1 for any number, or ""."""
    mark = LIST_MARK.match(line.text) if line.role == "item" else None
    return re.sub(r"\d+", "1", mark["mark"]) if mark else ""


def may_ask(page: Page, text: str) -> bool:
    """Return True if a line among questions is one, without a mark that says so."""
    vocabulary = page.vocabulary
    asks = vocabulary.question_start.match(text) or vocabulary.asks_for_story(text)
    return bool(asks) or page.is_question(text)


def mark_items(lines: Sequence[Line], page: Page) -> list[Line]:
    """Return lines with each as an item in paragraphs of which most lines ask."""
    marked: list[Line] = []
    for is_text, group in groupby(lines, key=lambda line: line.role == "text"):
        block = list(group)
        asked = [may_ask(page, split_question(line.words)[0]) for line in block]
        ended = any(line.words.endswith((".", ":", "!")) for line in block)
        listed = is_text and len(block) > 2 and sum(asked) * 2 >= len(block) and not ended
        marked += [msgspec.structs.replace(line, role="item") if listed else line for line in block]
    return marked


def _are_answered_in_lists(lines: Sequence[Line], page: Page) -> bool:
    """Return True if most paragraphs that ask stand above a list that does not.

    Items above the first of them are names of what the paragraphs ask for.
    """
    solid = [line for line in lines if line.text]
    asks = [line.role == "text" and _asks_alone(line.words, page) for line in solid]
    first = next((i for i, line in enumerate(solid) if asks[i] or line.role == "item"), -1)
    if first < 0 or not asks[first]:
        return False
    pairs = zip(solid, solid[1:], asks, strict=False)
    below = [one for line, one, asked in pairs if asked and one.indent >= line.indent]
    answers = [one for one in below if one.role == "item" and not page.is_question(one.words)]
    return len(answers) > 1 and len(answers) * 2 > sum(asks)


def _asks_alone(text: str, page: Page) -> bool:
    """Return True if a paragraph is a question, and no prose in which something is asked."""
    question = split_question(text)[0]
    sentences = split_sentences(question)
    short = len(sentences) < 3 and len(question.split()) <= _QUESTION_WORDS
    return page.is_question(question) and (short or page.is_question(sentences[0]))


def _lift_questions(lines: Sequence[Line], outer: int, page: Page) -> Sequence[Line]:
    """Return `lines` with the questions below an item that is none as items beside it."""
    nested = [line for line in lines if line.role == "item" and line.indent > outer]
    asked = [line for line in nested if page.is_question(split_question(line.words)[0])]
    above = [line for line in lines if line.role == "item" and line.indent == outer]
    if len(asked) * 2 < len(nested) or any(page.is_question(line.words) for line in above):
        return lines
    lifted = {line.index for line in asked}
    return [
        msgspec.structs.replace(line, indent=outer, text=line.words, role="text")
        if line.index in lifted
        else line
        for line in lines
    ]


def split_question(text: str) -> tuple[str, str]:
    """Return a question without bold and quotes, and the text behind its quotes."""
    plain = strip_decoration(text).replace("**", "").strip()
    if whole := _ITALIC.fullmatch(plain):
        plain = whole["text"]
    match = _QUOTED.fullmatch(plain)
    return (match["text"].strip(), match["rest"].strip()) if match else (plain, "")


def split_name(text: str, page: Page) -> tuple[str, str]:
    """Return the name before a question, as in `**Courage**: Tell me …`, and the question.

    A label such as `**Q1:**` or `**Interviewer:**` is no name of what is asked.
    """
    match = _NAMED.fullmatch(strip_decoration(text))
    if not match or not page.is_question(match["question"]):
        return "", text
    name = (match["name"] or match["plain"]).strip(": ")
    if page.is_question(name) or (match["plain"] and len(name.split()) > 4):
        return "", text
    return (name if page.is_title(name) else ""), match["question"]


class QuestionEntry(msgspec.Struct, eq=False):
    """An entry of questions.yml; `choices` are its stories, each with a note on it.

    `is_answer` is true if `notes` are what the candidate says, and no advice.
    """

    question: str
    ident: str = ""
    also: list[str] = []
    categories: list[str] = []
    principles: list[str] = []
    companies: list[str] = []
    levels: list[str] = []
    notes: str = ""
    is_answer: bool = False
    choices: list[tuple[Story, str]] = []
    owner: Owner = msgspec.field(default_factory=lambda: Owner("question"))

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
        keys = ("also", "categories", "principles", "companies", "levels")
        values: dict[str, object] = {"question": self.question, "id": self.ident}
        values |= {key: getattr(self, key) for key in keys}
        if self.is_answer and self.notes:
            values |= {"needs": "answer", "answer": self.notes}
        else:
            values["notes"] = self.notes
        values["stories"] = self.stories
        return {key: value for key, value in values.items() if value}


def names_story(text: str, vocabulary: Vocabulary) -> bool:
    """Return True if a text refers to a story by its number."""
    return bool(vocabulary.story_number.search(text) or _ARROW.search(text))


def without_references(text: str, vocabulary: Vocabulary) -> str:
    """Return a text without the words that refer to a story, such as `(use story 2)`."""
    phrases = "|".join(map(re.escape, vocabulary.story_references))
    pattern = rf"[(（]?\s*(?:(?:{phrases})\s*:?\s*)?{vocabulary.story_number.pattern}\s*[)）]?"
    arrow = _ARROW.search(text)
    if arrow and _NUMBER_ALONE.match(arrow["target"]):
        text = text[: arrow.start()]
    return re.sub(pattern, " ", text, flags=re.I)


def question_key(question: str) -> str:
    """Return the form in which questions compare: case and marks at the ends do not matter."""
    return names.key(question).strip(" .?!¿¡。？！…\"'“”„«»「」")


class ListReader:
    """Reads lists and tables that refer to stories of the document and to known principles."""

    def __init__(
        self, page: Page, stories: Sequence[Story], known: Known, account: Account
    ) -> None:
        self.page, self.known, self.account = page, known, account
        self._by_name: dict[str, Story] = {}
        self._titles = {names.key(story.title) for story in stories}
        for i, story in enumerate(stories, 1):
            number = _plain_number(story.number) or str(i)
            for name in (number, story.ident, names.key(story.title)):
                self._by_name.setdefault(name, story)

    def refers_to_story(self, text: str) -> bool:
        """Return True if `text` says which story to tell."""
        arrow = _ARROW.search(text)
        is_reference = self.known.vocabulary.story_reference.match(text)
        target = arrow["target"] if arrow else text if is_reference else ""
        return bool(self._find_stories(target))

    def parse_question(self, item: Sequence[Line]) -> QuestionEntry:
        """Return the question of a list item, with its stories and notes."""
        levels = [
            level.strip()
            for found in _BACKTICKED.findall(item[0].words)
            for level in found.split(",")
        ]
        first = _EMPTY_BRACKETS.sub("", _BACKTICKED.sub("", item[0].words)).strip()
        first, references, aside = self._split_arrow(first)
        first = self.known.vocabulary.question_label.sub("", first, count=1)
        name, first = split_name(first, self.page)
        text, behind = split_question(first)
        entry = QuestionEntry(text, levels=levels)
        if name:
            principle = self.known.find(name)
            (entry.principles if principle else entry.categories).append(principle or name)
        if match := words.TITLE_WITH_NAMES.fullmatch(text):
            inside = split_names(match["names"], self.known)
            if inside and all(map(self.known.find, inside)):
                entry.question, entry.principles = match["title"], inside
            elif named := self._find_stories(match["names"]):
                entry.question = match["title"]
                references += named
        notes = [Line(0, text, "text") for text in (behind, aside) if text]
        named, rest = self.take_references(item[1:])
        begins = self.known.vocabulary.speaks_of_self.match
        solid = [line for line in rest if line.text]
        if len(solid) == 1 and begins(solid[0].words):
            rest = [Line(0, solid[0].words, "text")]  # an answer that is a list of one item
        references, notes = references + named, notes + rest
        while notes and not notes[-1].text.strip(" -*_"):
            notes.pop()
        entry.choices, entry.notes = parse_choices(references), join_lines(notes)
        entry.is_answer = words.is_spoken(entry.notes, self.known.vocabulary)
        self.account.put(item[:1], entry.owner, "question")
        self.account.put(item[1:], entry.owner, "notes")
        return entry

    def _split_arrow(self, text: str) -> tuple[str, list[tuple[Story, str]], str]:
        """Return a question, the stories behind its arrow, or else the remark behind it."""
        arrow = _ARROW.search(text)
        references = self._find_stories(arrow["target"]) if arrow else []
        if not arrow or not (references or self.page.is_question(text[: arrow.start()])):
            return text, references, ""
        return text[: arrow.start()], references, "" if references else arrow["target"].strip()

    def take_references(self, lines: Sequence[Line]) -> tuple[list[tuple[Story, str]], list[Line]]:
        """Return the stories that lines below a question name, and the lines that say more."""
        references: list[tuple[Story, str]] = []
        rest: list[Line] = []
        for line in lines:
            refers = self.known.vocabulary.story_reference.match(line.words)
            is_title = names.key(line.words) in self._by_name
            named = self._find_stories(line.words) if refers or is_title else []
            begins = self.known.vocabulary.begins_with_story.match(line.words)
            references += named or (self._find_stories(begins[0]) if begins else [])
            rest += [] if named else [line]
        return references, rest

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
        head, *rows = [(line, split_row(line.text)) for line in lines]
        columns = [names.key(cell.strip("* ").replace("_", " ")) for cell in head[1]]
        is_name = self.known.vocabulary.questions_heading.search
        rows = [row for row in rows if re.search(r"\w", "".join(row[1]))]
        named = (i for i, name in enumerate(columns) if is_name(name))
        column = next(chain(named, self._columns_that_ask([row for _, row in rows])), len(columns))
        if self._explains_parts([cells for _, cells in rows]) or any(
            len(row) <= column or not re.search(r"\w", row[column]) for _, row in rows
        ):
            return []
        self.account.put(lines, FORMAT)
        entries = []
        for line, row in rows:
            asked = msgspec.structs.replace(line, text=row[column], role="text", index=-1)
            entry = self.parse_question([asked])
            self.account.move([line], entry.owner, "question")
            names_of_cells = [*columns, *[""] * (len(row) - len(columns))]
            for i, (name, cell) in enumerate(zip(names_of_cells, row, strict=False)):
                is_counter = name in ("#", "no", "no.", "nr") and cell.strip("#. ").isdecimal()
                if i != column and not is_counter and re.search(r"\w", cell):
                    self._add_cell(entry, name, cell)
            entries.append(entry)
        return entries

    def _columns_that_ask(self, rows: Sequence[Sequence[str]]) -> Iterator[int]:
        """Yield the columns of which each cell asks."""
        for i in range(min(map(len, rows), default=0) if len(rows) > 1 else 0):
            if all(self.page.is_question(_strip(row[i])) for row in rows):
                yield i

    def _explains_parts(self, rows: Sequence[Sequence[str]]) -> bool:
        """Return True if the rows say what the parts of a story are."""
        firsts = (parse_label(_strip(row[0]), self.known.vocabulary, whole=True) for row in rows)
        return count_kinds(firsts) >= 3

    def _add_cell(self, entry: QuestionEntry, column: str, cell: str) -> None:
        field = self.known.vocabulary.field_of_label(column)
        if "stor" in column or "use" in column:
            references = self._find_stories(cell) or self._find_stories(f"#{cell}")
            entry.choices += parse_choices(references)
            if references:
                return
        elif field in ("categories", "principles", "names"):
            fields = {"categories": entry.categories, "principles": entry.principles}
            add_field(fields, field, cell, self.known)
            return
        elif field in ("level", "company"):
            values = [part.strip("`* ") for part in cell.split(",")]
            (entry.levels if field == "level" else entry.companies).extend(values)
            return
        answers = self.known.vocabulary.answer_heading.fullmatch(column)
        entry.is_answer |= bool(answers and not entry.notes)
        is_note = column.rstrip("s") in ("note", "text", "") or bool(answers)
        label = "" if is_note else f"{column.capitalize()}: "
        entry.notes = f"{entry.notes}\n\n{label}{cell}".strip()

    def _find_stories(self, text: str) -> list[tuple[Story, str]]:
        """Return the stories that `text` refers to, each with the text up to the next one.

        It may refer to them by number or by id, or else by title.
        """
        if alone := _NUMBER_ALONE.match(text):
            text = f"#{_plain_number(alone['number'])}"
        numbers = self.known.vocabulary.story_number.finditer(text)
        found = [(match.span(), match[1]) for match in numbers]
        found += [(match.span(), names.slug(match[0])) for match in _STORY_ID.finditer(text)]
        if any(name in self._by_name for _, name in found):  # `#1, #4` and `Story 1, 4`
            found += [(match.span(), match[1]) for match in _MORE_NUMBERS.finditer(text)]
        else:
            key = names.key(text)
            titles = (name for name in self._by_name if len(name) > 8 and name in key)
            found = [((0, len(text)), title) for title in titles]
        if not any(name in self._by_name for _, name in found):
            found = [((0, len(text)), title) for title in self._titles_with(names.key(text))]
        known = [(span, self._by_name[name]) for span, name in found if name in self._by_name]
        known.sort(key=lambda reference: reference[0][0])
        stops = [*(start for (start, _), _ in known[1:]), len(text)]
        pairs = zip(known, stops, strict=False)
        return [(story, text[end:stop]) for ((_, end), story), stop in pairs]

    def _titles_with(self, key: str) -> list[str]:
        """Return the one title that has the words of a reference in it, such as `the audit`."""
        key = key.strip(" .()")
        form = re.compile(rf"\b{re.escape(key)}\b")
        titles = [name for name in self._by_name if name in self._titles and form.search(name)]
        return titles if len(titles) == 1 and len(key) > _SHORTEST_NAME else []


def _plain_number(number: str) -> str:
    """Return the number of a story in digits: `③` is 3."""
    return "".join(
        str(int(unicodedata.numeric(sign))) if sign.isnumeric() else sign for sign in number
    )


def parse_choices(references: Sequence[tuple[Story, str]]) -> list[tuple[Story, str]]:
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


def split_topics(items: Sequence[Sequence[Line]], page: Page) -> Iterator[tuple[int, str]]:
    """Yield the index of the line of each item that asks, with the name above it, or "".

    A name is a short item right above one that asks, or in another kind of list.
    """
    topic = ""
    for at, item in enumerate(items):
        text = item[0].words
        if page.is_question(split_question(text)[0]):
            yield item[0].index, topic
        else:
            following = items[at + 1] if at + 1 < len(items) else None
            topic = _strip_topic(text) if following and _is_topic(item, following, page) else ""


def is_topic(item: Sequence[Line], items: Sequence[Sequence[Line]], page: Page) -> bool:
    """Return True if an item is the name of the questions below it."""
    at = next((i for i, one in enumerate(items) if one is item), len(items))
    return at + 1 < len(items) and _is_topic(item, items[at + 1], page)


def _is_topic(item: Sequence[Line], following: Sequence[Line], page: Page) -> bool:
    text = item[0].words
    short = len(text.split()) <= _TOPIC_WORDS and not text.endswith((".", "!", ";"))
    asks = page.is_question(split_question(following[0].words)[0])
    ordered = [bool(_ORDERED.match(one[0].text)) for one in (item, following)]
    unlike = item[0].role != following[0].role or ordered[0] != ordered[1]
    return short and asks and unlike and not any(line.text for line in item[1:])


def _strip(cell: str) -> str:
    return cell.replace("**", "").strip()


def _strip_topic(text: str) -> str:
    return text.strip("*_`: ").strip()


def group_by_topic(
    lines: Sequence[Line], default_topic: str, page: Page, account: Account, owner: Owner
) -> list[dict[str, object]]:
    """Return questions to ask by topic; those without a topic are under `default_topic`."""
    topics: dict[str, list[str]] = {}
    for item in split_items(lines, page)[0]:
        topic = _BOLD_TOPIC.fullmatch(item[0].words)
        nested = [line for line in item[1:] if line.text and line.role != "comment"]
        if topic and nested:
            name, asked = topic["topic"].strip().removesuffix(":").strip(), nested
        else:
            name, text = split_name(item[0].words, page)
            name = name or default_topic
            asked = [msgspec.structs.replace(item[0], text=text, role="text"), *nested]
        account.put(item, owner, name)
        questions = [" ".join(split_question(line.words)).strip() for line in asked]
        if item[0].role == "text":
            questions = [one for question in questions for one in _split_several(question)]
        topics.setdefault(name, []).extend(questions)
    return [{"topic": topic, "questions": questions} for topic, questions in topics.items()]


def _split_several(text: str) -> list[str]:
    """Return the questions of a line that holds nothing else, each of several words."""
    found = split_sentences(text)
    several = all(one.endswith(("?", "？")) and len(one.split()) > 3 for one in found)
    return found if several else [text]


def merge_questions(entries: Iterable[QuestionEntry]) -> list[QuestionEntry]:
    """Return one entry for each question, with what all entries of the question hold.

    Entries of other questions that would have the same id get one of their own.
    """
    merged: dict[str, QuestionEntry] = {}
    for entry in entries:
        first = merged.setdefault(
            question_key(entry.question), QuestionEntry(entry.question, owner=entry.owner)
        )
        for key in ("also", "categories", "principles", "companies", "levels", "choices"):
            values = getattr(first, key)
            values += [value for value in getattr(entry, key) if value not in values]
        if entry.notes not in first.notes:
            first.is_answer = entry.is_answer and (first.is_answer or not first.notes)
            first.notes = "\n\n".join(filter(None, [first.notes, entry.notes]))
    return list(merged.values())
