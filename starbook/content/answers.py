"""Prepared answers: which file in `answers/` answers which question, and what is wrong there.

A file answers the question that names it; else the one whose id is the name of the file.
"""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from starbook.model import Answer, Handbook, Question
from starbook.problem import Problem, Severity
from starbook.text import names

FOLDER = "answers"


def attach(questions: Iterable[Question], answers: Iterable[Answer]) -> tuple[Question, ...]:
    """Return the questions, each with the answer that has a file of its own."""
    questions, by_name = tuple(questions), _by_name(answers)
    own = _own_files(questions, by_name)
    attached = []
    taken: set[str] = set()  # a question in several files is one, with one answer
    for question in questions:
        answer = _named(question, by_name) or own.get(question.id)
        if answer and not question.answer and question.id not in taken:
            taken.add(question.id)
            question = msgspec.structs.replace(question, answer=answer)  # noqa: PLW2901
        attached.append(question)
    return tuple(attached)


def unknown_answer(handbook: Handbook) -> Iterator[Problem]:
    """Report a question that names a file which is not in answers/.

    Bad: `answer: why-uss.md`
    Good: `answer: why-us.md`
    """
    by_name = _by_name(handbook.answers)
    known = [answer.path.rpartition("/")[2] for answer in handbook.answers]
    unread = {names.key(names.stem(path)) for path in handbook.unread}
    for question in handbook.questions:
        ref = question.answer_file
        if ref and not _named(question, by_name) and names.key(names.stem(ref.text)) not in unread:
            hint = names.did_you_mean(ref.text, known, f"write the answer in {FOLDER}/{ref.text}")
            message = f"the answer `{ref.text}` is not in {FOLDER}/"
            yield _warning(question.path, ref.line, message, hint, "unknown-answer")


def stray_answer(handbook: Handbook) -> Iterator[Problem]:
    """Report a file with an answer to no question, which is on no page.

    Bad: answers/why-uss.md
    Good: answers/why-us.md, beside a question with the id `why-us`
    """
    by_name = _by_name(handbook.answers)
    used = {answer.path for answer in _own_files(handbook.questions, by_name).values()}
    used |= {one.path for q in handbook.questions if (one := _named(q, by_name))}
    if any(path.startswith(("questions.", "questions/")) for path in handbook.unread):
        return
    ids = [question.id for question in handbook.questions]
    for answer in handbook.answers:
        if answer.path not in used:
            stem = names.stem(answer.path)
            near = names.nearest(stem, ids)
            hint = f"did you mean `{near}.md`?" if near else "name it after the id of a question"
            message = f"is the answer to no question: none has the id `{stem}`"
            yield _warning(answer.path, 0, message, hint, "stray-answer")


def two_answers(handbook: Handbook) -> Iterator[Problem]:
    """Report a question with answers in two places: no page would show the second.

    Bad: `answer: We are hiring.` and answers/why-us.md
    Good: one of them
    """
    by_name = _by_name(handbook.answers)
    own = _own_files(handbook.questions, by_name)
    found: dict[str, list[Answer]] = {}
    for question in handbook.questions:
        inline = question.answer if question.answer not in handbook.answers else None
        several = (inline, _named(question, by_name), own.get(question.id))
        found.setdefault(question.id, []).extend(filter(None, several))
    for ident, answers in found.items():
        first = answers[0] if answers else None
        for answer in answers:
            if first and answer != first:
                message = f"`{ident}` has an answer in {first.path}:{first.line} already"
                yield Problem(answer.path, answer.line, message, "keep one of them", "two-answers")


def empty_answer(handbook: Handbook) -> Iterator[Problem]:
    """Report a file with an answer in which nothing is written.

    Bad: a file with front matter only
    Good: the answer below it
    """
    for answer in handbook.answers:
        if not answer.body:
            hint = "write the answer as you say it, or delete the file"
            yield _warning(answer.path, 0, "is empty", hint, "empty-answer")


def _by_name(answers: Iterable[Answer]) -> dict[str, Answer]:
    """Return the answers by the name of their file, and by its path in `answers/`."""
    by_name: dict[str, Answer] = {}
    for answer in answers:
        below = answer.path.removeprefix(f"{FOLDER}/")
        for name in (answer.path, below, below.rpartition("/")[2]):
            by_name.setdefault(names.key(name), answer)
    return by_name


def _named(question: Question, by_name: Mapping[str, Answer]) -> Answer | None:
    ref = question.answer_file
    return by_name.get(names.key(ref.text.removeprefix("./"))) if ref else None


def _own_files(questions: Iterable[Question], by_name: Mapping[str, Answer]) -> dict[str, Answer]:
    """Return the answers whose file has the id of a question for a name, and no other names it."""
    questions = tuple(questions)
    named = {one.path for question in questions if (one := _named(question, by_name))}
    ids = {question.id for question in questions}
    found: dict[str, Answer] = {}
    for answer in by_name.values():
        stem = names.slug(names.stem(answer.path))
        if stem in ids and answer.path not in named:
            found.setdefault(stem, answer)
    return found


def _warning(path: str, line: int, message: str, hint: str, rule: str) -> Problem:
    return Problem(path, line, message, hint, rule, Severity.WARNING)
