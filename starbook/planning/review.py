"""Review: what was asked in an interview, compared with what was planned for it."""

from collections.abc import Iterable

import msgspec

from starbook.model import Interview, Question, Telling
from starbook.planning.plan import Plan, PlanData, Row


class ThemeReview(msgspec.Struct, frozen=True):
    """A theme of the plan, and the entries of the log that are about it."""

    row: Row
    entries: tuple[Telling, ...] = ()


class Review(msgspec.Struct, frozen=True):
    """The themes of an interview with what was told, and which of its firsts were, of how many.

    `others` are the entries of the log about no theme. Those with a question were not foreseen.
    """

    themes: tuple[ThemeReview, ...] = ()
    others: tuple[Telling, ...] = ()
    told: frozenset[str] = frozenset()
    firsts: int = 0

    @property
    def met(self) -> int:
        """The number of themes that came up."""
        return sum(bool(theme.entries) for theme in self.themes)

    @property
    def unforeseen(self) -> tuple[Telling, ...]:
        """The entries of the log whose question is about no theme."""
        return tuple(entry for entry in self.others if entry.question)


def entries_of(interview: Interview, log: Iterable[Telling]) -> tuple[Telling, ...]:
    """Return the entries of the log about one interview."""
    return tuple(entry for entry in log if entry.interview.to == interview.id)


def make_review(interview: Interview, plan: Plan, data: PlanData) -> Review:
    """Return the review of an interview by its entries in the log."""
    entries = entries_of(interview, data.log)
    met = [(entry, _themes_met(entry, plan, interview, data)) for entry in entries]
    themes = tuple(
        ThemeReview(row, tuple(entry for entry, rows in met if row in rows)) for row in plan.rows
    )
    told = {entry.story.to for entry in entries if entry.story}
    firsts = {row.first.fit.story for row in plan.rows if row.first}
    others = tuple(entry for entry, rows in met if not rows)
    return Review(themes, others, frozenset(told & firsts), len(firsts))


def _themes_met(
    entry: Telling, plan: Plan, interview: Interview, data: PlanData
) -> tuple[Row, ...]:
    """Return the themes that an entry is about: those of its round, or else of any other."""
    found = tuple(row for row in plan.rows if _is_about(entry, row, data))
    asked_in = interview.find_round(entry.round.text) if entry.round else None
    return tuple(row for row in found if row.round == asked_in) or found


def _is_about(entry: Telling, row: Row, data: PlanData) -> bool:
    """Return True if a question is about a theme, or a story without one was planned for it."""
    if entry.question is None:
        planned = {pick.fit.story for pick in (row.first, row.backup) if pick}
        return entry.story is not None and entry.story.to in planned
    if not entry.question.to:
        return False
    if row.kind == "question":
        return entry.question.to == row.id
    return row.id in _topics(data.question(entry.question.to), row.kind)


def _topics(question: Question, kind: str) -> set[str]:
    refs = question.principles if kind == "principle" else question.categories
    return {ref.to for ref in refs}
