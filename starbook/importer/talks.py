"""Talks: the questions of an interviewer in a transcript, and what the candidate asks back."""

import re
from collections.abc import Sequence

import msgspec

from starbook.importer import lists
from starbook.importer.account import Owner
from starbook.importer.lines import Line, trim_lines
from starbook.importer.page import Page, find_question, is_question, split_sentences
from starbook.importer.result import ImportResult
from starbook.importer.sections import Section, join_lines

_NUMBER = re.compile(r"\d{1,2}[.)]\s*")


def take_talk(section: Section, result: ImportResult) -> None:
    """Move the questions of a talk to the result; what is answered is the notes on each."""
    if not result.page.turns:
        return
    reader = _Reader(result)
    section.lines = [line for line in section.lines if not reader.take(line)]
    for entry, notes in reader.answered:
        _write_notes(entry, notes, result.page)
    result.questions += [entry for entry, _ in reader.answered]


def _write_notes(entry: lists.QuestionEntry, notes: Sequence[Line], page: Page) -> None:
    """Write what is said after a question: what the candidate alone says is the answer."""
    speakers = {page.turns[line.index][0] for line in notes if line.index in page.turns}
    entry.is_answer = len(speakers) == 1 and not speakers & page.interviewers
    if entry.is_answer:
        said = (page.turns.get(line.index, ("", line.text))[1] for line in notes)
        notes = [
            msgspec.structs.replace(one, text=text) for one, text in zip(notes, said, strict=True)
        ]
    entry.notes = join_lines(trim_lines(notes))


class _Reader:
    """A reader of lines; it remembers what the interviewer asked last.

    `is_invited` is True when that was whether the candidate has questions.
    """

    def __init__(self, result: ImportResult) -> None:
        self.result = result
        self.answered: list[tuple[lists.QuestionEntry, list[Line]]] = []
        self.is_invited = False

    def take(self, line: Line) -> bool:
        """Return True if a line is a question, an answer or a question to ask, and note it."""
        page = self.result.page
        name, text = page.turns.get(line.index, ("", line.words))
        question = find_question(_NUMBER.sub("", text, count=1), page.vocabulary)
        if name in page.interviewers and page.vocabulary.names_to_ask(text):
            self.is_invited = True
        elif name in page.interviewers and question:
            self.is_invited = False
            return self._add_question(line, question)
        elif self.is_invited and question and name not in page.interviewers:
            return self._add_questions_to_ask(line, text)
        if self.is_invited or not self.answered:
            return False
        entry, notes = self.answered[-1]
        notes.append(line)
        self.result.account.put([line], entry.owner, "notes")
        return True

    def _add_question(self, line: Line, question: str) -> bool:
        entry = lists.QuestionEntry(question)
        self.answered.append((entry, []))
        self.result.account.put([line], entry.owner, "question")
        return True

    def _add_questions_to_ask(self, line: Line, text: str) -> bool:
        title, vocabulary = self.result.title, self.result.page.vocabulary
        said = (vocabulary.greeting.sub("", one) for one in split_sentences(text))
        asked = [one[:1].upper() + one[1:] for one in said if is_question(one, vocabulary)]
        self.result.add_to_ask(title, [{"topic": title, "questions": asked}])
        self.result.account.put([line], Owner("to-ask", title), title)
        return True
