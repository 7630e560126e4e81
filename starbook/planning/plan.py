"""The plan of an interview: a first story and a backup for each theme of each round, with reasons.

Pure: the same interview and the same handbook give the same plan.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

import msgspec

from starbook.links import CrossLink, Placement
from starbook.model import Interview, Item, Question, Round, Settings, Story, Telling
from starbook.planning.assignment import Choice, Slot, assign, narrow
from starbook.planning.costs import POINTS, Candidate, Cost, Fit, Wish, weigh
from starbook.text import names


class PlanData(Protocol):
    """The data that a plan is made from; each part is fetched when it is needed."""

    settings: Settings
    story_ids: tuple[str, ...]
    interviews: tuple[Interview, ...]
    log: tuple[Telling, ...]
    times_practised: dict[str, int]

    def summary(self, ident: str) -> Story:
        """Return a story without its text."""

    def seconds(self, ident: str) -> int:
        """Return how long it takes to tell a story."""

    def question(self, ident: str) -> Question:
        """Return a question."""

    def stories_of_topic(self, kind: str, ident: str) -> tuple[Placement, ...]:
        """Return the stories under a topic."""

    def questions_of_topic(self, kind: str, ident: str) -> tuple[str, ...]:
        """Return the ids of the questions under a topic."""

    def chosen_for(self, question: str) -> tuple[CrossLink, ...]:
        """Return the stories that are chosen for a question."""


class Instead(msgspec.Struct, frozen=True):
    """The next best story for a theme, and what the whole plan would cost with it.

    `points` come on top, and `again` is how many more stories would be told twice. `needed` is the
    position of the round that has the story now, if one has.
    """

    story: str
    points: int
    again: int
    needed: int | None = None


class Pick(msgspec.Struct, frozen=True):
    """A story for a theme; `again` are the positions of other rounds that have it too."""

    fit: Fit
    again: tuple[int, ...] = ()
    instead: Instead | None = None


class Row(msgspec.Struct, frozen=True):
    """A theme of a round with its stories.

    Where no story is free as a backup, `repetition` is the best that is told in another round, at
    the position `repeats`.
    """

    round: int
    kind: str
    id: str
    first: Pick | None = None
    backup: Pick | None = None
    repetition: Fit | None = None
    repeats: int = 0


class Plan(msgspec.Struct, frozen=True):
    """The themes of all rounds, in their order."""

    rows: tuple[Row, ...] = ()

    def of_round(self, position: int) -> tuple[Row, ...]:
        """Return the themes of one round."""
        return tuple(row for row in self.rows if row.round == position)


class _Theme(msgspec.Struct, frozen=True):
    """A theme with the stories that fit it, and those that its round tells in any case."""

    round: int
    kind: str
    id: str
    fits: Mapping[str, Fit]
    fixed: Mapping[str, Fit]

    @property
    def slot(self) -> Slot:
        costs = {story: fit.cost for story, fit in self.fits.items()}
        fixed = {story: fit.cost for story, fit in self.fixed.items()}
        return Slot(costs, self.round, fixed)

    def fit(self, story: str) -> Fit:
        return self.fixed.get(story) or self.fits[story]


def make_plan(interview: Interview, data: PlanData) -> Plan:
    """Return the plan of an interview: firsts, then backups among the stories that are none."""
    themes = tuple(_themes(interview, data))
    slots = narrow([theme.slot for theme in themes], len(themes))
    choice = Choice(slots)
    firsts = choice.best()
    backups = assign([_without(slot, frozenset(firsts)) for slot in slots])
    search = _Search(themes, choice, firsts)
    return Plan(tuple(_row(search, number, backups) for number in range(len(themes))))


def _without(slot: Slot, told: Container[str]) -> Slot:
    costs = {story: cost for story, cost in slot.costs.items() if story not in told}
    return Slot(costs, slot.round)


class _Search(NamedTuple):
    """The themes of an interview, the ways to fill them, and the best."""

    themes: Sequence[_Theme]
    choice: Choice
    firsts: Sequence[str]


def _row(search: _Search, number: int, backups: Sequence[str]) -> Row:
    themes, firsts = search.themes, search.firsts
    theme, story, backup = themes[number], firsts[number], backups[number]
    first = spare = repetition = None
    repeats = 0
    if story:
        again = _rounds_with(themes, number, firsts, story)
        first = Pick(theme.fit(story), again, _find_instead(search, number))
    if backup:
        spare = Pick(theme.fit(backup), _rounds_with(themes, number, backups, backup))
    else:
        others = [fit for name, fit in theme.fits.items() if name in firsts and name != story]
        repetition = min(others, key=lambda fit: (fit.cost, fit.story), default=None)
    if repetition:
        repeats = themes[firsts.index(repetition.story)].round
    return Row(theme.round, theme.kind, theme.id, first, spare, repetition, repeats)


def _rounds_with(
    themes: Sequence[_Theme], number: int, firsts: Sequence[str], story: str
) -> tuple[int, ...]:
    """Return the rounds of the other themes that have a story."""
    others = (i for i, one in enumerate(firsts) if one == story and i != number)
    return tuple(dict.fromkeys(themes[i].round for i in others))


def _find_instead(search: _Search, number: int) -> Instead | None:
    """Return what is best if a theme cannot have its story; what is fixed has no other."""
    themes, firsts = search.themes, search.firsts
    story = firsts[number]
    if story in themes[number].fixed:
        return None
    others = search.choice.best_without(story, number)
    if not others[number]:
        return None
    points = _total(themes, others) - _total(themes, firsts)
    again = _count_repetitions(others) - _count_repetitions(firsts)
    needed = _rounds_with(themes, number, firsts, others[number])
    return Instead(others[number], points, again, next(iter(needed), None))


def _total(themes: Sequence[_Theme], stories: Sequence[str]) -> int:
    pairs = zip(themes, stories, strict=True)
    return sum(theme.fit(story).cost for theme, story in pairs if story)


def _count_repetitions(stories: Sequence[str]) -> int:
    told = [story for story in stories if story]
    return len(told) - len(set(told))


# What fits


def _themes(interview: Interview, data: PlanData) -> Iterator[_Theme]:
    lengths = {length.name: length.seconds for length in data.settings.answer_lengths}
    seconds = lengths.get(interview.length.to, 0) if interview.length else 0
    known = _Known(interview, data, Wish(interview.level, seconds))
    for position, one in enumerate(interview.rounds):
        avoided = {ref.to for ref in one.avoid}
        for ref in one.themes:
            if ref.to:
                kind, _, ident = ref.to.partition("/")
                reasons = _find_reasons(kind, ident, known)
                fits = {
                    story: known.weigh(story, reason, ref.to)
                    for story, reason in reasons.items()
                    if story not in avoided
                }
                fixed = _fixed(one, fits, ref.to, known)
                # What rests is told only where a person fixed it.
                fits = {name: fit for name, fit in fits.items() if name not in known.resting}
                yield _Theme(position, kind, ident, fits, fixed)


def _fixed(one: Round, fits: Mapping[str, Fit], address: str, known: "_Known") -> dict[str, Fit]:
    """Return the stories that a round tells in any case: no more than it has themes."""
    stories = list(dict.fromkeys(ref.to for ref in one.fixed if ref.to))
    return {
        story: fits.get(story) or known.weigh(story, (Cost.FIXED, ""), address)
        for story in stories[: len([ref for ref in one.themes if ref.to])]
    }


def _find_reasons(kind: str, ident: str, known: "_Known") -> dict[str, tuple[Cost, str]]:
    """Return why each story fits a theme, and through which question, topic or tag."""
    found: dict[str, tuple[Cost, str]] = {}
    all_reasons = _question_reasons if kind == "question" else _topic_reasons
    for story, cost, via in (
        *all_reasons(kind, ident, known.data),
        *((story, Cost.ANGLE_ONLY, "") for story in known.with_angle(f"{kind}/{ident}")),
    ):
        if story not in found or POINTS[cost] < POINTS[found[story][0]]:
            found[story] = cost, via
    return found


def _topic_reasons(kind: str, ident: str, data: PlanData) -> Iterator[tuple[str, Cost, str]]:
    for place in data.stories_of_topic(kind, ident):
        yield place.story, Cost.TAG if place.tag else Cost.NAMED, place.tag
    for question in data.questions_of_topic(kind, ident):
        for link in data.chosen_for(question):
            yield link.id, Cost.ASKED, question


def _question_reasons(kind: str, ident: str, data: PlanData) -> Iterator[tuple[str, Cost, str]]:
    question = data.question(ident)
    for link in data.chosen_for(ident):
        yield link.id, Cost.CHOSEN, ""
    shared = (
        ("principle", Cost.SAME_PRINCIPLE, question.principles),
        ("category", Cost.SAME_CATEGORY, question.categories),
    )
    for topic, cost, refs in shared:
        for ref in refs:
            for place in data.stories_of_topic(topic, ref.to) if ref.to else ():
                yield place.story, Cost.TAG if place.tag else cost, place.tag or ref.to


def angle_address(item: Item, company: str) -> str:
    """Return what an angle is for, such as `principle/ownership`; `company` for this company."""
    if item.ref is None:
        return ""
    is_theirs = names.slug(company) in (
        names.slug(item.ref.text),
        item.ref.to.removeprefix("company/"),
    )
    return "company" if is_theirs else item.ref.to


class _Known:
    """Facts on all stories before an interview, without what was told in it."""

    def __init__(self, interview: Interview, data: PlanData, wish: Wish) -> None:
        self.data, self.wish = data, wish
        stories = [data.summary(ident) for ident in data.story_ids]
        self.angles = {
            story.id: {angle_address(item, interview.company) for item in story.angles}
            for story in stories
        }
        self.resting = frozenset(story.id for story in stories if story.resting)
        company = names.key(interview.company)
        same = {one.id for one in data.interviews if names.key(one.company) == company}
        before = [entry for entry in data.log if _is_before(entry, interview)]
        self.ever = _count(before)
        self.to_them = _count(entry for entry in before if entry.interview.to in same)
        self.candidates: dict[str, Candidate] = {}

    def weigh(self, ident: str, reason: tuple[Cost, str], address: str) -> Fit:
        """Return how well a story fits the theme at `address`; `reason` is why, and via what."""
        why, via = reason
        if ident not in self.candidates:
            self.candidates[ident] = self.candidate(ident)
        angle = self.has_angle(ident, address)
        return weigh(self.candidates[ident], why, self.wish, via=via, angle=angle)

    def candidate(self, ident: str) -> Candidate:
        """Return a story to choose."""
        story = self.data.summary(ident)
        return Candidate(
            ident,
            story.ready,
            story.level,
            self.data.seconds(ident) if self.wish.seconds else 0,
            self.ever.get(ident, 0) + self.data.times_practised.get(ident, 0),
            self.to_them.get(ident, 0),
        )

    def with_angle(self, address: str) -> list[str]:
        """Return the stories that say how they are told for a theme."""
        return [ident for ident, found in self.angles.items() if address in found]

    def has_angle(self, ident: str, address: str) -> bool:
        """Return True if a story says how it is told for a theme, or for this company."""
        if address.startswith("question/"):
            chosen = self.data.chosen_for(address.partition("/")[2])
            if any(link.id == ident and link.note for link in chosen):
                return True
        return bool(self.angles[ident] & {address, "company"})


def _is_before(entry: Telling, interview: Interview) -> bool:
    if entry.interview.to == interview.id:
        return False
    return not (entry.date and interview.date) or entry.date <= interview.date


def _count(entries: Iterable[Telling]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for entry in entries:
        if entry.story and entry.story.to:
            counts[entry.story.to] = counts.get(entry.story.to, 0) + 1
    return counts
