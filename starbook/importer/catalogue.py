"""Catalogue: move questions, questions to ask and categories from sections to the result."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from functools import partial
from itertools import chain, takewhile, zip_longest
from typing import Any

import msgspec

from starbook.importer import lists, words
from starbook.importer.account import FORMAT, Owner
from starbook.importer.lines import Line
from starbook.importer.page import QUOTED, Page, plain, without_symbols
from starbook.importer.result import ImportResult
from starbook.importer.sections import Section, join_lines
from starbook.importer.sorting import names_method
from starbook.importer.stories import Known, Story, parse_title
from starbook.importer.talks import take_talk
from starbook.text import names
from starbook.text.vocabulary import Vocabulary

_FOR_AUDIENCE = re.compile(r"^For\s+(?!them\b)(?:the\s+|your\s+)?", re.I)
# An entry of a table of contents.
_TO_HEADING = re.compile(r"\[.+\]\(#[^()\s]*\)")


class _Group(msgspec.Struct):
    """Counts of headings that stand beside each other, or have one level.

    `known` are those that ask or that everybody knows as questions, `settled` those and the ones
    with an answer or nothing below, `numbered` those that ask and have a number.
    """

    total: int = 0
    asked: int = 0
    known: int = 0
    settled: int = 0
    numbered: int = 0

    @property
    def are_answered(self) -> bool:
        """True if a quarter of the headings ask, and most of them have an answer or nothing."""
        return (
            self.known > 2 and self.known * 4 >= self.total and self.settled * 3 >= self.total * 2
        )

    @property
    def are_numbered(self) -> bool:
        """True if several headings ask, and all of them have a number."""
        return self.numbered == self.asked > 2


class CatalogueReader:
    """Moves what sections list to the result of an import.

    `kind` is what the person said that the document is, or "".
    """

    def __init__(self, result: ImportResult, known: Known, kind: str = "") -> None:
        self.result, self.known, self.kind = result, known, kind
        self.page, self.account = result.page, result.account
        self.vocabulary = known.vocabulary
        self.question_levels: frozenset[int] = frozenset()
        self._beside: dict[tuple[int, tuple[str, ...]], _Group] = {}
        self._of_level: dict[int, _Group] = {}
        self.names_topics = False  # lines without a mark name what the questions below are about

    def take_lists(self, sections: Sequence[Section]) -> None:
        """Move questions and questions to ask from the stories and sections to the result."""
        reader = lists.ListReader(self.page, self.result.stories, self.known, self.account)
        self._take_questions_of_stories()
        self._pass_on_to_ask(sections)
        several = sum(section.level == 1 for section in sections) > 1
        self.question_levels = self._find_question_levels(sections)
        for section, following in zip_longest(sections, sections[1:]):
            self._count(section, following)
        asks = [s for s in sections if s.level == 7 and any(map(self._asks_in, s.lines))]
        self.names_topics = len(asks) > 1
        prepared = self._are_answers_prepared(sections) or any(map(self._requests_story, sections))
        prepared = prepared or self._are_addressed(sections)
        near = self._find_near_standard(sections)
        self._take_answered(sections)
        for section in sections:
            if not self._is_to_ask(section):
                take_talk(section, self.result)
                self._take_questions(section, reader)
            elif self._take_questions_to_ask(section):
                continue
            answered = self._is_among_answers(section)
            listed = prepared or id(section) in near or answered or self._is_listed(section)
            marked = answered or words.ASKING_SIGN.search(section.name)
            outer = section.level > 1 or (several and marked)
            if outer and (listed or self._is_standard(section)):
                self._take_heading_question(section, reader)
        _gather_names(self.result)

    def _take_questions_of_stories(self) -> None:
        """Move the questions that stories answer to the result."""
        for story in self.result.stories:
            choices = [(story, "")]
            if story.question:
                asked = _title_question(story, also=list(story.also), choices=choices)
                self.result.questions.append(asked)
            else:
                entries = (lists.QuestionEntry(one, choices=choices) for one in story.also)
                self.result.questions += entries

    def _is_listed(self, section: Section) -> bool:
        """Return True if a heading stands where questions do."""
        named = any(map(self.vocabulary.questions_heading.search, section.headings))
        among = self._is_among_questions(section)
        return bool(self.result.questions) or 7 in self.question_levels or named or among

    def _asks_in(self, line: Line) -> bool:
        return self.page.is_question(line.words)

    def _find_question_levels(self, sections: Sequence[Section]) -> frozenset[int]:
        """Return the levels at which most headings ask, so that the others do, too."""
        counts = Counter(section.level for section in sections if section.level > 1)
        asked = Counter(section.level for section in sections if self._asks(section))
        return frozenset(
            level for level in asked if asked[level] > 2 and asked[level] * 3 > counts[level] * 2
        )

    def _pass_on_to_ask(self, sections: Sequence[Section]) -> None:
        """Put sections below a heading of their level that says that questions to ask follow."""
        vocabulary = self.vocabulary
        above: Section | None = None
        for section in sections:
            if vocabulary.names_to_ask(section.name):
                asks = any(self.page.is_question(line.words) for line in section.lines)
                above = None if asks else section
            elif above and (
                section.level < above.level
                or vocabulary.questions_heading.search(section.name)
                or vocabulary.method_heading.search(section.name)
            ):
                above = None
            elif above and above.name not in section.above:
                section.above = (above.name, *section.above)

    def _take_answered(self, sections: Sequence[Section]) -> None:
        """Move a heading that asks and has headings below it; all of that is the notes on it."""
        for at, section in enumerate(sections):
            below = list(takewhile(partial(_is_below, section), sections[at + 1 :]))
            asks = self._asks(section) and section.level > 1
            if not (section.heading and below and asks) or self._names_to_ask(section):
                continue
            lines = [line for line in section.lines if not self.page.is_answer_heading(line)]
            for one in below:
                heading = one.heading and msgspec.structs.replace(
                    one.heading, text=f"#### {one.name}"
                )
                lines += [*filter(None, [heading]), Line(0, "", "blank"), *one.lines]
            entry = _title_question(parse_title(section.name, self.known), notes=join_lines(lines))
            entry.question = entry.question or plain(section.name)
            self.result.questions.append(entry)
            self.account.put([section.heading], entry.owner, "question")
            self.account.put(lines, entry.owner, "notes")
            self.account.put(section.lines, FORMAT)
            for one in (section, *below):
                one.lines, one.heading, one.name, one.level = [], None, "", 9

    def _asks(self, section: Section) -> bool:
        """Return True if a heading is a question of an interviewer, not one on the method."""
        return self.page.is_question(section.name) and not names_method(self.page, section.name)

    def _requests_story(self, section: Section) -> bool:
        """Return True if a heading is an interviewer's request for a story."""
        name = plain(words.strip_count(section.name, self.vocabulary)) if section.level > 1 else ""
        requests = self.vocabulary.question_preamble.match(name)
        return bool(requests and self.vocabulary.asks_for_story(name) and self._asks(section))

    def _is_standard(self, section: Section) -> bool:
        """Return True if everybody knows a heading as a question, and no advice is below a name."""
        name = plain(words.strip_count(section.name, self.vocabulary))
        text = join_lines(section.lines)
        advises = self.vocabulary.addresses_reader.search(text)
        instructs = self.vocabulary.instruction.match(text)
        spoken = words.is_spoken(text, self.vocabulary)
        return bool(
            self.vocabulary.standard_question.fullmatch(name)
            and any(line.role in ("text", "item") for line in section.lines)
            and (self.page.is_question(name) or spoken or not (advises or instructs))
        )

    def _find_near_standard(self, sections: Sequence[Section]) -> set[int]:
        """Return the ids of sections that ask right beside one that everybody knows."""
        standard = [section.level > 1 and self._is_standard(section) for section in sections]
        return {
            id(section)
            for at, section in enumerate(sections)
            for beside in (at - 1, at + 1)
            if self._asks(section)
            and 0 <= beside < len(sections)
            and standard[beside]
            and sections[beside].level == section.level
        }

    def _are_addressed(self, sections: Sequence[Section]) -> bool:
        """Return True if most headings beside one ask something of the candidate."""
        places = Counter((section.level, section.above) for section in sections)
        asked = Counter(
            (section.level, section.above)
            for section in sections
            if section.level > 1
            and self._asks(section)
            and self.vocabulary.plain_question.match(
                plain(words.strip_count(section.name, self.vocabulary))
            )
        )
        return any(count > 2 and count * 2 > places[place] for place, count in asked.items())

    def _are_answers_prepared(self, sections: Sequence[Section]) -> bool:
        """Return True if most of several headings that ask stand above what a candidate says."""
        asked = [s for s in sections if s.level > 1 and self._asks(s)]
        spoken = [s for s in asked if words.is_spoken(join_lines(s.lines), self.vocabulary)]
        return len(spoken) > 1 and len(spoken) * 2 > len(asked)

    def _take_heading_question(self, section: Section, reader: lists.ListReader) -> None:
        """Move a question that is a heading without a story; the lines below are its notes."""
        title = parse_title(section.name, self.known)
        ends = ("?", "？", ")", '"', "”", "」")
        name = plain(section.name)
        answered = any(line.text for line in section.lines)
        among = self._is_numbered_among_questions(section) or self._is_among_questions(section)
        if (answered and among) or self._is_standard(section) or self._is_among_answers(section):
            title.question = title.question or title.title
        elif not self._asks(section) and not words.is_numbered_question(
            section.name, self.vocabulary
        ):
            return
        if not title.question or not (
            name.endswith(ends)
            or answered
            or self.page.is_question(name)
            or self._is_among_answers(section)
        ):
            return
        below = [line for line in section.lines if not self.page.is_answer_heading(line)]
        self.account.put((line for line in section.lines if line not in below), FORMAT)
        references, notes = reader.take_references(below)
        choices = lists.parse_choices(references)
        entry = _title_question(title, notes=join_lines(notes), choices=choices)
        entry.is_answer = words.is_spoken(entry.notes, self.vocabulary)
        self.result.questions.append(entry)
        self.account.put(filter(None, [section.heading]), entry.owner, "question")
        self.account.put(section.lines, entry.owner, "notes")
        section.lines, section.heading = [], None

    def _count(self, section: Section, following: Section | None) -> None:
        """Count a heading with those beside it and of its level; `following` is the next one."""
        text = join_lines(section.lines)
        holds = following and (following.level > section.level or following.after_story)
        answered = words.speaks(text, self.vocabulary) if text else not holds
        asks = self._asks(section)
        known = asks or self._is_standard(section)
        for group in (self._group(section), self._of_level.setdefault(section.level, _Group())):
            group.total += 1
            group.asked += asks
            group.known += known
            group.settled += bool(known or answered)
            group.numbered += asks and words.counted(section.name, self.vocabulary)

    def _group(self, section: Section) -> _Group:
        return self._beside.setdefault((section.level, section.above), _Group())

    def _is_among_questions(self, section: Section) -> bool:
        """Return True if most headings of the level of one ask, or most of those beside it."""
        group = self._group(section)
        mostly = group.asked > 2 and group.asked * 3 >= group.total * 2
        mostly = mostly or (group.asked > 0 and section.level in self.question_levels)
        return mostly and self._is_numbered_as(section, group)

    def _is_among_answers(self, section: Section) -> bool:
        """Return True if some headings beside one ask, and answers or nothing stand below most."""
        name = section.name
        if names_method(self.page, name) or self.vocabulary.own_stories.search(name):
            return False
        group, of_level = self._group(section), self._of_level.get(section.level, _Group())
        some = group.are_answered or (group.known > 0 and of_level.are_answered)
        return some and self._is_numbered_as(section, of_level)

    def _is_numbered_as(self, section: Section, group: _Group) -> bool:
        """Return True if a heading has a number, or one of several that ask has none."""
        return not group.are_numbered or words.counted(section.name, self.vocabulary)

    def _is_numbered_among_questions(self, section: Section) -> bool:
        """Return True if a heading has a number and stands right below one that names questions."""
        vocabulary = self.vocabulary
        above = section.above[-1] if section.above else ""
        return bool(
            words.counted(section.name, vocabulary)
            and vocabulary.questions_heading.search(above)
            and not vocabulary.method_heading.search(section.name)
            and not vocabulary.questions_heading.search(words.strip_count(section.name, vocabulary))
        )

    def take_categories(self, sections: Sequence[Section]) -> None:
        """Move lists of categories to the result."""
        for section in sections if not self.kind else ():
            if self.vocabulary.categories_heading.fullmatch(section.name):
                self._take_categories(section)

    def _take_categories(self, section: Section) -> None:
        """Move the items of a list to the categories; what stands below one is about it."""
        items, rest = lists.split_items(section.lines, self.page)
        named = [(item[0].words.strip("*` "), item[1:]) for item in items]
        below = [line for _, lines in named for line in lines]
        if (
            not all(names.slug(name) and len(name.split()) <= 6 for name, _ in named)
            or any(line.role not in ("item", "text", "blank") for line in below)
            or len({names.key(name) for name, _ in named}) < len(named)
        ):
            return
        owner = Owner("category", section.name)
        for name, lines in named:
            self.result.categories.append(name)
            about = "".join(
                f"{'; ' if line.role == 'item' else ' '}{line.words}"
                for line in lines
                if line.words
            )
            if about:
                self.result.abouts[names.key(name)] = about.strip("; ")
        for item in items:
            self.account.put(item, owner, item[0].words)
        section.lines = rest

    def _names_to_ask(self, section: Section) -> bool:
        """Return True if a heading of a section says that questions to ask follow."""
        return any(map(self.vocabulary.names_to_ask, section.headings))

    def _is_to_ask(self, section: Section) -> bool:
        """Return True if headings say that questions to ask follow, or most of them say it.

        None of those asks for a story.
        """
        if self.kind or self._names_to_ask(section):
            return self.kind in ("", "to-ask")
        below = (line for line in section.lines if line.role in ("item", "text"))
        asked = [lists.split_question(line.words)[0] for line in below]
        asked = [text for text in asked if self.page.is_question(text)]
        own = sum(bool(self.vocabulary.asks_company.search(text)) for text in asked)
        requests = any(map(self.vocabulary.question_preamble.match, asked))
        spoken = any(line.index in self.page.turns for line in section.lines)
        return len(asked) > 1 and own * 3 >= len(asked) * 2 and not requests and not spoken

    def _take_questions_to_ask(self, section: Section) -> bool:
        """Move the questions of a section to those to ask; return False if it lists none."""
        named = any(map(self.vocabulary.names_to_ask, section.above))
        if named and self._asks(section) and not any(map(self._asks_in, section.lines)):
            self._take_heading_to_ask(section)
            return True
        self._drop_answer_headings(section)
        end = lists.end_of_list(section.lines, self.page)
        listed, behind = section.lines[:end], section.lines[end:]
        items, rest = lists.split_items(listed, self.page)
        own_name = self.vocabulary.names_to_ask(section.name)
        if own_name and _are_names(listed):
            solid = (one for one in listed if one.text)
            items, rest = [[msgspec.structs.replace(one, role="item")] for one in solid], []
        lines = [line for item in items for line in item]
        below = [line for line in lines if line.role in ("item", "text")]
        starts = self.vocabulary.question_start if own_name else None
        asked = [
            line
            for line in below
            if self.page.is_question(lists.split_question(line.words)[0])
            or (starts and starts.match(line.words))
        ]
        advice = self._advises_on_asking(section)
        brief = own_name and all(len(line.words.split()) <= 12 for line in below)
        if not below or (advice and not self.kind) or not (len(asked) * 2 >= len(below) or brief):
            return False
        heading = next(filter(_FOR_AUDIENCE.match, reversed(section.above)), "")
        above = next(filter(self.vocabulary.names_to_ask, section.above), "")
        name = self._name_to_ask(heading or above or section.name) or self.result.title
        own = self._name_to_ask(section.name) or name
        if _FOR_AUDIENCE.match(section.name):
            name = own
        owner = Owner("to-ask", name)
        topics = lists.group_by_topic(lines, own, self.page, self.account, owner)
        self.account.put(filter(None, [section.heading]), owner, "topic")
        self.result.add_to_ask(name, topics)
        section.lines, section.heading, section.name = [*rest, *behind], None, own
        return True

    def _drop_answer_headings(self, section: Section) -> None:
        """Take lines that say only that an answer follows out of a section."""
        empty = list(filter(self.page.is_answer_heading, section.lines))
        self.account.put(empty, FORMAT)
        section.lines = [line for line in section.lines if line not in empty]

    def _take_heading_to_ask(self, section: Section) -> None:
        """Move a question to ask that is a heading; the lines below it stay."""
        above = next(filter(self.vocabulary.names_to_ask, reversed(section.above)))
        name = self._name_to_ask(above)
        self.account.put(filter(None, [section.heading]), Owner("to-ask", name), name)
        self.result.add_to_ask(name, [{"topic": name, "questions": [plain(section.name)]}])
        section.heading = None

    def _advises_on_asking(self, section: Section) -> bool:
        """Return True if a heading advises, below one on questions to ask or as one."""
        named = (i for i, name in enumerate(section.above) if self.vocabulary.names_to_ask(name))
        below = section.headings[next(named, len(section.above)) :]
        return any(map(self.vocabulary.advice_heading.search, below))

    def _name_to_ask(self, heading: str) -> str:
        """Return a heading above questions to ask without its number, and without `For the`."""
        numbered = words.NUMBERED_TITLE.fullmatch(heading)
        return _FOR_AUDIENCE.sub("", numbered["title"] if numbered else heading).strip()

    def _take_questions(self, section: Section, reader: lists.ListReader) -> None:
        """Move the questions of tables and lists, each with the names from the headings above."""
        if section.heading and section.heading.index in self.page.method_labels and not self.kind:
            return
        entries, lines = reader.take_tables(section.lines)
        if self.vocabulary.questions_heading.search(section.name):
            lines = lists.mark_items(lines, self.page)
        items, rest = lists.split_items(lines, self.page, lift=True)
        asked = self._find_asked(items, section, reader)
        rest = _attach_answers(items, asked, rest, self.vocabulary)
        names_above = dict(lists.split_topics(items, self.page))
        for item in asked:
            topic = names_above.get(item[0].index, "")
            if self._take_named_to_ask(item) or self._take_below_ask(item, topic):
                continue
            entry = reader.parse_question(self._take_asked_back(item))
            self._add_topic(entry, topic)
            entries.append(entry)
        left = [*rest, *(line for item in items if item not in asked for line in item)]
        if asked and not any(line.text for line in rest):
            headed = [item for item in items if lists.is_topic(item, items, self.page)]
            for item in headed:
                self.account.put(item, Owner("category", item[0].words), "name")
            left = [line for line in left if not any(line in item for item in headed)]
        kept = {line.index for line in left}
        section.lines = [line for line in lines if line.index in kept]
        for entry in entries:
            self._add_heading_names(entry, section)
        self.result.questions += entries

    def _take_asked_back(self, item: Sequence[Line]) -> Sequence[Line]:
        """Move what stands below `Any questions for us?` to those to ask, if all of it asks."""
        first, *below = item
        asked = [line for line in below if line.text]
        if not (
            asked and self.vocabulary.names_to_ask(first.words) and all(map(self._asks_in, asked))
        ):
            return item
        name = plain(first.words)
        self.result.add_to_ask(name, [{"topic": name, "questions": [one.words for one in asked]}])
        self.account.put(below, Owner("to-ask", name), name)
        return [first]

    def _take_named_to_ask(self, item: Sequence[Line]) -> bool:
        """Move what stands behind a label such as `Ask at the end:`; return False without one."""
        label, colon, text = item[0].words.replace("**", "").partition(":")
        if not colon or len(label.split()) > 5 or not self.vocabulary.names_to_ask(label):
            return False
        owner = Owner("to-ask", label)
        line = msgspec.structs.replace(item[0], text=text.strip(), role="text")
        topics = lists.group_by_topic([line, *item[1:]], label, self.page, self.account, owner)
        self.result.add_to_ask(label, topics)
        return True

    def _take_below_ask(self, item: Sequence[Line], topic: str) -> bool:
        """Move a question below an item such as `Ask`; return False if it is below another."""
        if not self.vocabulary.names_to_ask(topic):
            return False
        owner = Owner("to-ask", topic)
        topics = lists.group_by_topic(item, topic, self.page, self.account, owner)
        self.result.add_to_ask(topic, topics)
        return True

    def _find_asked(
        self, items: Sequence[list[Line]], section: Section, reader: lists.ListReader
    ) -> list[list[Line]]:
        """Return the items that are questions, if they are most of the list."""
        named = bool(self.kind) or bool(self.vocabulary.questions_heading.search(section.name))
        advised = self._asks(section)
        asked = [
            item
            for item in items
            if self._is_asked(item, reader, named=named)
            and not (advised and self._requests_alone(item[0]))
        ]
        if asked:  # beside questions, `Strengths` is one
            asked = [item for item in items if item in asked or self._names_standard(item)]
        unclear = [item for item in items if self._is_plain_question(item, items)]
        # A few among many that ask and have numbers, too.
        mostly = len(asked) > 2 and len(asked) > 2 * len(unclear) and all(map(_has_number, items))
        if (named and len(asked) * 2 >= len(unclear)) or mostly:
            asked = [item for item in items if item in asked or item in unclear]
        others = sum(not lists.is_topic(item, items, self.page) for item in items)
        advice = self.vocabulary.advice_heading.search(section.name) and not self.kind
        if any(map(self.vocabulary.question_preamble.match, (item[0].words for item in asked))):
            advice = False  # `Mistakes`: what it names is asked for
        return asked if len(asked) * 2 > others - named and not advice else []

    def _is_asked(self, item: Sequence[Line], reader: lists.ListReader, *, named: bool) -> bool:
        """Return True if an item asks, says which story to tell, or is quoted among questions."""
        line = item[0]
        known = line.index in self.page.labels or line.index in self.page.turns
        if known or _TO_HEADING.fullmatch(line.words):
            return False
        quoted = named and not line.indent and bool(QUOTED.fullmatch(line.words))
        question = lists.split_name(line.words, self.page)[1]
        is_asked = lists.may_ask if named and line.role == "item" else Page.is_question
        asks = is_asked(self.page, lists.split_question(question)[0])
        return quoted or asks or reader.refers_to_story(line.words)

    def _names_standard(self, item: Sequence[Line]) -> bool:
        """Return True if an item is short and asks, or names a question that everybody knows."""
        line = item[0]
        known = line.index in self.page.labels or line.index in self.page.fields
        text = plain(line.words)
        asks = self.vocabulary.asking_word.match(text) and len(text.split()) <= 6
        return not known and bool(asks or self.vocabulary.standard_question.fullmatch(text))

    def _requests_alone(self, line: Line) -> bool:
        """Return True if a paragraph requests something without a question mark or a quotation.

        Below a question that is advice: `Give a real weakness`.
        """
        text = line.words
        asks = bool(words.ASKING_SIGN.search(text)) or bool(QUOTED.fullmatch(text))
        return line.role == "text" and line.index >= 0 and not asks

    def _is_plain_question(self, item: Sequence[Line], items: Sequence[Sequence[Line]]) -> bool:
        """Return True if an item below a heading on questions is one without saying so."""
        text = item[0].words
        is_name = lists.is_topic(item, items, self.page)
        return not is_name and item[0].role == "item" and len(text.split()) > 2 and ":" not in text

    def _add_topic(self, entry: lists.QuestionEntry, topic: str) -> None:
        if not names.slug(topic):
            return
        principle = self.known.find(topic)
        (entry.principles if principle else entry.categories).append(principle or topic)

    def _add_heading_names(self, entry: lists.QuestionEntry, section: Section) -> None:
        """Add the company, principle or category that the headings above a question name."""
        heading = self.vocabulary.questions_heading
        name = section.name
        if section.level > 6 and section.above and heading.search(name):  # `**Questions:**`
            name = section.above[-1]
        name = plain(words.strip_count(words.strip_bracketed_count(name), self.vocabulary))
        if self.page.is_question(name):
            return
        company = section.company
        if company:
            entry.companies.append(company)
        above = " ".join(section.above)
        if self.known.find(name):
            entry.principles.append(self.known.find(name))
        elif not company and section.level == 7 and self.names_topics and not heading.search(name):
            if names.slug(name) and name != self.result.title:
                entry.categories.append(name)
        elif company or not heading.search(above):
            return
        # Other languages write other words in capitals, too.
        elif section.level == 2 and "question" in above.casefold() and words.is_company_name(name):
            entry.companies.append(name)
        elif (section.level > 2 and not heading.search(name)) and names.slug(name):
            entry.categories.append(name)


def _has_number(item: Sequence[Line]) -> bool:
    return bool(words.NUMBERED_TITLE.fullmatch(item[0].text.strip()))


def _are_names(lines: Sequence[Line]) -> bool:
    """Return True if lines are a list without marks: several short ones, and no sentences."""
    solid = [line for line in lines if line.text]
    return len(solid) > 1 and all(
        line.role == "text"
        and len(line.words.split()) <= 12
        and not without_symbols(line.words).endswith((*words.ENDS, ":"))
        for line in solid
    )


def _attach_answers(
    items: Sequence[list[Line]],
    asked: Sequence[list[Line]],
    rest: Sequence[Line],
    vocabulary: Vocabulary,
) -> list[Line]:
    """Add the text between questions to the question above it; return the lines that are left.

    That is done where most questions have text below them, as in notes on how to answer each; of
    others, with what a candidate says.
    """
    starts = [item[0].index for item in items]
    answers: dict[int, list[Line]] = {}
    for line in rest:
        above = bisect_right(starts, line.index) - 1
        if above >= 0 and items[above] in asked and line.role in ("text", "code", "item"):
            answers.setdefault(above, []).append(line)
    if len(answers) < 2 or len(answers) * 2 < len(asked):
        spoken = [at for at in answers if words.is_spoken(join_lines(answers[at]), vocabulary)]
        answers = {at: answers[at] for at in spoken}
    for above, lines in answers.items():
        items[above] += lines
    held = {line.index for lines in answers.values() for line in lines}
    return [line for line in rest if line.index not in held]


def _is_below(section: Section, other: Section) -> bool:
    return other.level > section.level and not other.after_story


def _title_question(story: Story, **fields: Any) -> lists.QuestionEntry:
    """Return the question that a story answers, with the names of the story."""
    fields |= {key: list(story.fields.get(key, [])) for key in ("categories", "principles")}
    return lists.QuestionEntry(story.question, **fields)


def _gather_names(result: ImportResult) -> None:
    """List each category and principle that a story or question names, once."""
    for kind in ("categories", "principles"):
        fields = [story.fields.get(kind, []) for story in result.stories]
        fields += [getattr(question, kind) for question in result.questions]
        unique: dict[str, str] = {}
        for name in filter(names.slug, chain(getattr(result, kind), *fields)):
            unique.setdefault(names.key(name), name)
        setattr(result, kind, list(unique.values()))
