"""Talks: the questions of an interviewer in a transcript, and what the candidate asks back."""

import re

from starbook.importer import lists
from starbook.importer.account import Owner
from starbook.importer.lines import Line
from starbook.importer.page import find_question
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
        entry.notes = join_lines(notes)
    result.questions += [entry for entry, _ in reader.answered]


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
        if name in page.interviewers and page.vocabulary.to_ask_heading.search(text):
            self.is_invited = True
        elif name in page.interviewers and question:
            self.is_invited = False
            return self._add_question(line, question)
        elif self.is_invited and question and name not in page.interviewers:
            return self._add_question_to_ask(line, question)
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

    def _add_question_to_ask(self, line: Line, question: str) -> bool:
        title = self.result.title
        self.result.add_to_ask(title, [{"topic": title, "questions": [question]}])
        self.result.account.put([line], Owner("to-ask", title), title)
        return True
