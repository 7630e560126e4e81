"""Talks: the questions of an interviewer in a transcript, and what the candidate asks back."""

import re
from collections.abc import Sequence

import msgspec

from starbook.importer import lists
from starbook.importer.account import FORMAT, Owner
from starbook.importer.lines import Line, trim_lines
from starbook.importer.page import Page, find_question, is_question, split_sentences
from starbook.importer.result import ImportResult
from starbook.importer.sections import Section

# What is said before a question is a remark on the last answer, if it is longer.
_GREETING_WORDS = 3
# The answer to a question that only begins a talk: `Did you find us?`, `Yes, thank you.`
_LEAST_ANSWER = 6
_NUMBER = re.compile(r"\d{1,2}[.)]\s*")


def take_talk(section: Section, result: ImportResult) -> None:
    """Move the questions of a talk to the result; what is answered is the notes on each."""
    if not result.page.turns:
        return
    reader = _Reader(result)
    small = _find_small_talk(section.lines, result.page)
    section.lines = [
        left
        for line in section.lines
        if (left := line if line.index in small else reader.take(line))
    ]
    for entry, notes in reader.answered:
        _write_notes(entry, notes, result.page)
    result.questions += [entry for entry, _ in reader.answered]


def _find_small_talk(lines: Sequence[Line], page: Page) -> frozenset[int]:
    """Return the indices of the lines that begin a talk with questions of no weight."""
    small: set[int] = set()
    begun: list[int] = []
    answered = 0
    for line in lines:
        name, text = page.turns.get(line.index, ("", line.words))
        if name in page.interviewers and find_question(text, page.vocabulary):
            if answered:
                small |= set(begun)
            begun, answered = [], 0
        elif name not in page.interviewers:
            answered += len(text.split())
        if answered >= _LEAST_ANSWER or page.vocabulary.question_preamble.match(text):
            return frozenset(small)
        begun.append(line.index)
    return frozenset()


def _write_notes(entry: lists.QuestionEntry, notes: Sequence[Line], page: Page) -> None:
    """Write what is said after a question: what the candidate alone says is the answer."""
    speakers = {page.turns[line.index][0] for line in notes if line.index in page.turns}
    entry.is_answer = len(speakers) == 1 and not speakers & page.interviewers
    kept = trim_lines(notes)
    said = said_by_candidate(kept, page) if entry.is_answer else [line.text for line in kept]
    entry.notes = "\n".join(said)


def said_by_candidate(lines: Sequence[Line], page: Page) -> list[str]:
    """Return the texts of lines that no interviewer says, without the names of speakers."""
    said: list[str] = []
    is_own = True
    for line in lines:
        name, text = page.turns.get(line.index, ("", line.text))
        is_own = name not in page.interviewers if name else is_own
        said += [text] if is_own else []
    return said


class _Reader:
    """A reader of lines; it remembers what the interviewer asked last.

    `is_invited` is True when that was whether the candidate has questions.
    """

    def __init__(self, result: ImportResult) -> None:
        self.result = result
        self.answered: list[tuple[lists.QuestionEntry, list[Line]]] = []
        self.is_invited = False

    def take(self, line: Line) -> Line | None:
        """Note what a line asks or answers; return it if it does not, or what is said before."""
        page = self.result.page
        name, text = page.turns.get(line.index, ("", line.words))
        question = find_question(_NUMBER.sub("", text, count=1), page.vocabulary)
        if name in page.interviewers and page.vocabulary.names_to_ask(text):
            self.is_invited = True
        elif name in page.interviewers and question:
            self.is_invited = False
            self._add_question(line, question)
            return self._said_before(line, text, question)
        elif self.is_invited and question and name not in page.interviewers:
            self._add_questions_to_ask(line, text)
            return None
        if self.is_invited or not self.answered:
            return line
        if name and not text:  # who says what stands below
            self.result.account.put([line], FORMAT)
            return None
        if name in page.interviewers and self.answered[-1][1]:  # a remark on the answer
            return line
        entry, notes = self.answered[-1]
        notes.append(line)
        self.result.account.put([line], entry.owner, "notes")
        return None

    def _said_before(self, line: Line, text: str, question: str) -> Line | None:
        """Return what an interviewer says before a question, or None if that is a greeting."""
        before, _, _ = self.result.page.vocabulary.greeting.sub("", text).partition(question)
        is_remark = len(before.split()) > _GREETING_WORDS
        return msgspec.structs.replace(line, text=before.strip()) if is_remark else None

    def _add_question(self, line: Line, question: str) -> None:
        entry = lists.QuestionEntry(question[:1].upper() + question[1:])
        self.answered.append((entry, []))
        self.result.account.put([line], entry.owner, "question")

    def _add_questions_to_ask(self, line: Line, text: str) -> None:
        title, vocabulary = self.result.title, self.result.page.vocabulary
        said = (vocabulary.greeting.sub("", one) for one in split_sentences(text))
        asked = [one[:1].upper() + one[1:] for one in said if is_question(one, vocabulary)]
        self.result.add_to_ask(title, [{"topic": title, "questions": asked}])
        self.result.account.put([line], Owner("to-ask", title), title)
