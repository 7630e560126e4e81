"""Review: what was asked in an interview, compared with what was planned for it."""

from collections.abc import Iterable, Sequence

import msgspec

from starbook.model import Interview, Question, Telling
from starbook.planning.plan import Plan, PlanData, Row


class Review(msgspec.Struct, frozen=True):
    """The themes of an interview that came up, and the firsts that were told, with totals.

    `unforeseen` are the entries of the log whose question belongs to no theme.
    """

    met: int = 0
    themes: int = 0
    told: int = 0
    firsts: int = 0
    unforeseen: tuple[Telling, ...] = ()


def entries_of(interview: Interview, log: Iterable[Telling]) -> tuple[Telling, ...]:
    """Return the entries of the log about one interview."""
    return tuple(entry for entry in log if entry.interview.to == interview.id)


def make_review(interview: Interview, plan: Plan, data: PlanData) -> Review:
    """Return the review of an interview by its entries in the log."""
    entries = entries_of(interview, data.log)
    met = [row for row in plan.rows if any(_meets(one, row, interview, data) for one in entries)]
    told = {entry.story.to for entry in entries if entry.story}
    firsts = {row.first.fit.story for row in plan.rows if row.first}
    unforeseen = (one for one in entries if not _is_foreseen(one, plan.rows, interview, data))
    return Review(len(met), len(plan.rows), len(told & firsts), len(firsts), tuple(unforeseen))


def _is_foreseen(entry: Telling, rows: Sequence[Row], interview: Interview, data: PlanData) -> bool:
    """Return True unless a question was asked that no theme of its round is about."""
    return entry.question is None or any(_meets(entry, row, interview, data) for row in rows)


def _meets(entry: Telling, row: Row, interview: Interview, data: PlanData) -> bool:
    """Return True if an entry is about a theme: its question is, in its round or in any."""
    asked_in = interview.find_round(entry.round.text) if entry.round else None
    if asked_in not in (None, row.round) or not entry.question or not entry.question.to:
        return False
    if row.kind == "question":
        return entry.question.to == row.id
    return row.id in _topics(data.question(entry.question.to), row.kind)


def _topics(question: Question, kind: str) -> set[str]:
    refs = question.principles if kind == "principle" else question.categories
    return {ref.to for ref in refs}
