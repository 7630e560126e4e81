"""Rules of the coach: one generator for each, over facts that stand in the story.

A rule that is not sure says nothing. docs/COACH.md has how often each was right.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Set

import msgspec

from starbook.coach import arithmetic, known
from starbook.coach.known import KnownNumbers
from starbook.coach.quantities import Pair, Quantity
from starbook.coach.remark import Remark, Values, fingerprint
from starbook.coach.told import Line, Told, figure_text, read_figure
from starbook.content import timing
from starbook.content.numbers import HAS_NUMBER
from starbook.model import CoachRule, Figure, Item, Kind, Section
from starbook.text import names

Rule = Callable[[Told], Iterator[Remark]]

_SCRIPT = 150  # words in the spine of a story that is written to be spoken as it stands
_LONGEST = 240  # seconds


def wrong_arithmetic(told: Told) -> Iterator[Remark]:
    """Remark on a claim that does not follow from the numbers that it is of.

    Bad: `Abandonment fell from 73 to 61 %, a 12 % drop.`
    Good: `Abandonment fell from 73 to 61 %, a 16 % drop.`
    Source: a figure that the listener works out and finds wrong costs all the others their weight.
    """
    for claim in arithmetic.wrong_claims(told.lines):
        values: Values = {
            "numbers": claim.numbers, "said": claim.said, "follows": claim.follows,
        }  # fmt: skip
        line = claim.lines[-1]
        about = About(tuple(one.text for one in claim.lines), line.text)
        key = f"arithmetic.{claim.kind}" if claim.kind else "arithmetic"
        yield _beside(told, line.section, key, values, about)


def two_values(told: Told) -> Iterator[Remark]:
    """Remark on one measure with two values: in two pairs, or in `metrics` and in the text.

    Bad: `metrics: ["11 → 4 %: parcels with something missing"]` above `fell from 11 % to 3 %`
    Good: the same number in both
    Source: the numbers to remember are the ones that are said; the text is what is asked about.
    """
    differ = [*_figures_turned(told), *_pairs_that_differ(told)]
    yield from differ
    # Of a pair that differs from one in the text, that says more than that one side is not there.
    pairs = {one.values["first"] for one in differ if one.key.endswith(".in-metrics")}
    yield from _figures_not_in_text(told, pairs)


def no_figure(told: Told) -> Iterator[Remark]:
    """Remark on a Result without a number.

    Bad: `The team is much happier with the new process.`
    Good: `Nobody has left in the 14 months since.`
    Source: the Result is where interviewers note a figure, and ask for one that is not there.
    """
    results = [part for part in told.story.parts(Kind.RESULT) if part.body.text.strip()]
    parts = [*results, *told.story.parts(Kind.METRICS)]
    if results and not any(part.holes or _COUNTS.search(part.body.text) for part in parts):
        about = About(tuple(part.body.text for part in results))
        yield _beside(told, results[0], "no-figure", {}, about)


def foreign_number(told: Told) -> Iterator[Remark]:
    """Remark on a number in an angle that the story does not have.

    Bad: `**Emphasize:** The 45 visitors who were turned away.`, of a story with 41 of them
    Good: `**Emphasize:** The 41 visitors who were turned away.`
    Source: an angle is read last before the answer, and so its number is the one that is said.
    """
    numbers = _numbers_without(told, Kind.ANGLES)
    for section in told.story.parts(Kind.ANGLES):
        for item in section.items:
            name = item.title.text.strip()
            for prose in (item.body, *(field.body for field in item.fields)):
                for sentence, number in _foreign(prose.text, numbers):
                    values: Values = {"number": number, "name": name}
                    about = About((name, sentence), line=item.line)
                    yield _beside(told, section, "foreign-number.angle", values, about)


def foreign_number_in_note(told: Told) -> Iterator[Remark]:
    """Remark on a number in the note of a question that the story does not have.

    Bad: `note: begin with the 45 visitors`, of a story with 41 of them
    Good: `note: begin with the 41 visitors`
    Source: as for an angle.
    """
    numbers = _numbers_without(told, Kind.ANGLES)
    for note in told.notes:
        for sentence, number in _foreign(note.note, numbers):
            values: Values = {"number": number, "name": note.question}
            yield Remark(
                CoachRule.FOREIGN_NUMBER, "remark.foreign-number.note", note.path, note.line,
                fingerprint(note.question, sentence), values,
            )  # fmt: skip


def answer_number(told: Told) -> Iterator[Remark]:
    """Remark on a number in a key line, or in the answer to a quiz, that the story does not have.

    Bad: `**Key line:** 45 minutes, and I knew the cause in nine.`, of a story with 41 minutes
    Good: `**Key line:** 41 minutes, and I knew the cause in nine.`
    Source: these are learnt by heart.
    """
    for kind, key in ((Kind.QUIZ, "quiz"), (Kind.FOLLOW_UPS, "key-line")):
        numbers = _numbers_without(told, kind)
        for section in told.story.parts(kind):
            for item in section.items:
                own, learnt = _learnt(kind, item)
                for sentence, number in _foreign(learnt, numbers, KnownNumbers(own), spoken=True):
                    values: Values = {"number": number, "name": item.title.text.strip()}
                    about = About((item.title.text, sentence), line=item.line)
                    yield _beside(told, section, f"answer-number.{key}", values, about)


def no_strong_answer(told: Told) -> Iterator[Remark]:
    """Remark on a follow-up without an answer to give.

    Bad: `### Why not earlier?` with **Weak:** alone
    Good: the same, with **Strong:**
    Source: a question that is foreseen and has no answer is the worst one to get.
    """
    for section in told.story.parts(Kind.FOLLOW_UPS):
        for item in section.items:
            answered = {field.name for field in item.fields if field.body.text.strip()}
            if not answered & {"strong", "key line"} and not item.body.text.strip():
                name = item.title.text.strip()
                about = About((name,), line=item.line)
                yield _beside(told, section, "no-strong-answer", {"name": name}, about)


def same_event(told: Told) -> Iterator[Remark]:
    """Remark on a story that tells much of another one in its words.

    Bad: a story for Ownership and one for Conflict, with the same Situation, Task and Result
    Good: one story, with an angle for each
    Source: interviewers compare notes, and count an event that they heard twice once.
    """
    for one in told.same_events:
        values: Values = {"percent": one.percent, "name": one.title}
        yield Remark(
            CoachRule.SAME_EVENT, "remark.same-event", told.story.path, 1, one.fingerprint, values
        )


def two_values_of_one_event(told: Told) -> Iterator[Remark]:
    """Remark on a measure of `metrics` that another story of the same event has with other numbers.

    Bad: `9 → 2 %: parcels lost` in one, and `9 → 4 %: parcels lost` in the other
    Good: the same numbers in both
    Source: interviewers compare notes.
    """
    for one in told.same_events:
        others = {names.key(figure.label): figure for figure in one.figures if figure.label}
        for figure, line in told.figures:
            other = others.get(names.key(figure.label))
            if other and _amounts(read_figure(other)) != _amounts(line):
                values: Values = {
                    "first": _without_label(other),
                    "second": f"{_without_label(figure)} ({figure.label})",
                    "name": one.title,
                }
                words = "\0".join(sorted(map(figure_text, (figure, other))))
                yield _of_story(told, "two-values.pairs", values, words)


def too_long(told: Told) -> Iterator[Remark]:
    """Remark on a script that takes longer than its answer length, or than four minutes.

    Bad: 700 words for an answer of 3 minutes
    Good: 420 words
    Source: interviewers interrupt an answer of more than four minutes, and miss its Result.
    """
    spoken = timing.spoken_sections(told.story)
    if sum(map(timing.words_to_say, spoken)) < _SCRIPT:
        return
    seconds = timing.speaking_time(spoken, told.settings.pace)
    length = timing.answer_length(told.story, told.settings)
    planned = timing.planned_total(length, told.story.sections)
    key, most = ("too-long", planned) if 0 < planned < _LONGEST else ("too-long.four", _LONGEST)
    _, over = timing.judge_story(told.story, seconds, most)
    if over:
        values: Values = {"time": _clock(seconds), "most": _clock(most)}
        yield _of_story(told, key, values, timing.digest(told.story))


def only_notes(told: Told) -> Iterator[Remark]:
    """Remark on a story that is ready, and of which what is spoken is in notes.

    Bad: `status: ready` above four bullets
    Good: the same, once it was told aloud and written as it is said
    Source: the time of notes says nothing of the time that the answer takes.
    """
    story = told.story
    if story.ready and not story.resting and timing.is_notes(timing.spoken_sections(story)):
        yield _of_story(told, "only-notes", {}, timing.digest(story))


def never_practised(told: Told) -> Iterator[Remark]:
    """Remark on a story that is ready and was never told in practice, if any story was.

    Bad: `status: ready`, and no record in practice/
    Good: one answer aloud
    Source: what is told for the first time in the interview takes longer than its words do.
    """
    if told.story.ready and not told.story.resting and told.times_practised == 0:
        yield _of_story(told, "never-practised", {}, told.story.id)


# The rules that need one story and the settings, and those that need more of the handbook.
STORY_RULES: tuple[tuple[CoachRule, Rule], ...] = (
    (CoachRule.ARITHMETIC, wrong_arithmetic),
    (CoachRule.TWO_VALUES, two_values),
    (CoachRule.ANSWER_NUMBER, answer_number),
    (CoachRule.FOREIGN_NUMBER, foreign_number),
    (CoachRule.NO_FIGURE, no_figure),
    (CoachRule.NO_STRONG_ANSWER, no_strong_answer),
    (CoachRule.TOO_LONG, too_long),
    (CoachRule.ONLY_NOTES, only_notes),
)
HANDBOOK_RULES: tuple[tuple[CoachRule, Rule], ...] = (
    (CoachRule.FOREIGN_NUMBER, foreign_number_in_note),
    (CoachRule.SAME_EVENT, same_event),
    (CoachRule.TWO_VALUES, two_values_of_one_event),
    (CoachRule.NEVER_PRACTISED, never_practised),
)
_RANKS = {rule: rank for rank, rule in enumerate(CoachRule)}


def remarks(
    told: Told, rules: tuple[tuple[CoachRule, Rule], ...] = (*STORY_RULES, *HANDBOOK_RULES)
) -> tuple[Remark, ...]:
    """Return what rules find in a story, without what is switched off or answered."""
    found = (
        one for ident, rule in rules if told.settings.coach.allows(ident) for one in rule(told)
    )
    kept = (one for one in found if (one.rule, one.fingerprint) not in told.story.coach)
    return tuple({(one.rule, one.fingerprint): one for one in kept}.values())


def in_order(found: Iterable[Remark]) -> tuple[Remark, ...]:
    """Return remarks in the order of what matters most."""
    return tuple(sorted(found, key=lambda one: _RANKS[one.rule]))


# --- Parts of the rules ---------------------------------------------------------------------------

_COUNTS = re.compile(
    rf"{HAS_NUMBER.pattern}|\b(?i:once|none|no one|nobody|dozens?|hundreds?|thousands?"
    r"|doubled|halved|tripled|both|niemand|keiner|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf"
    r"|verdoppelt|halbiert|verdreifacht)\b"
)
# `In 30 seconds`, `the first 2 sentences`: how to tell it, and no fact of the story.
_TELLING_UNIT = re.compile(r"s|secs?|seconds?|mins?|minutes?|Sekunden?|Minuten?")
_TELLING = re.compile(
    r"\s?(?:sentences?|words?|lines?|times|numbers?|points?|examples?|steps?|things?|S[aä]tze?|x\b)"
)


class About(msgspec.Struct, frozen=True):
    """The words that a remark is about, and the sentence that it stands beside, or "".

    `line` is that of the entry of a section, if the remark is about one.
    """

    words: tuple[str, ...]
    sentence: str = ""
    line: int = 0


def _beside(told: Told, section: Section, key: str, values: Values, about: About) -> Remark:
    line = about.line or section.line
    return Remark(
        CoachRule(key.partition(".")[0]), f"remark.{key}", told.story.path, line,
        fingerprint(*about.words), values, section.id, about.sentence,
    )  # fmt: skip


def _of_story(told: Told, key: str, values: Values, words: str) -> Remark:
    rule = CoachRule(key.partition(".")[0])
    return Remark(rule, f"remark.{key}", told.story.path, 1, fingerprint(words), values)


def _clock(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"


def _texts(told: Told, without: Kind) -> Iterator[str]:
    story = told.story
    yield from (story.title, story.headline, story.opening.text, *map(figure_text, story.figures))
    for section in story.sections:
        if section.kind is not without:
            yield from (prose.text for prose in section.proses())


def _numbers_without(told: Told, kind: Kind) -> KnownNumbers:
    """Return the numbers of a story that stand elsewhere than in its sections of a kind."""
    return KnownNumbers(_texts(told, kind))


def _foreign(text: str, *numbers: KnownNumbers, spoken: bool = False) -> Iterator[tuple[str, str]]:
    """Yield each number of a text that is not among those known, with its sentence."""
    for sentence, quantity in known.stated(text):
        behind = sentence[quantity.end :]
        is_telling = _TELLING.match(behind) or _TELLING_UNIT.fullmatch(quantity.unit)
        is_known = any(quantity in one for one in numbers)
        if not is_known and (spoken or not is_telling):
            yield sentence, quantity.text


def _learnt(kind: Kind, item: Item) -> tuple[list[str], str]:
    """Return the other texts of an item, and the one that is learnt by heart."""
    if kind is Kind.QUIZ:
        right = [choice.text.text for choice in item.choices if choice.right]
        answers = [field.body.text for field in item.fields]
        return [item.title.text], "\n".join((*right, item.body.text, *answers))
    learnt = [field.body.text for field in item.fields if field.name == "key line"]
    others = [field.body.text for field in item.fields if field.name != "key line"]
    return [item.title.text, item.body.text, *others], "\n".join(learnt)


def _without_label(figure: Figure) -> str:
    return f"{figure.before} → {figure.value} {figure.unit}".strip(" →")


def _amounts(line: Line) -> list[tuple[float, str]]:
    return [(one.value, one.kind) for one in line.found]


def _pair_text(pair: Pair) -> str:
    return f"{pair.before.text} → {pair.after.text}"


def _figures_not_in_text(told: Told, but: Set[str | int]) -> Iterator[Remark]:
    """Yield a remark for each number of `metrics` that the text lacks, except for some pairs."""
    results = told.story.parts(Kind.RESULT)
    if not told.figures or not results:
        return
    numbers = told.numbers_by_kind
    for figure, line in told.figures:
        # In a pair, a number has the unit that only the other one is written with.
        sides = {one.start: one for pair in line.pairs for one in (pair.before, pair.after)}
        unknown = [
            one for one in (sides.get(each.start, each) for each in line.found)
            if one.value and not known.is_year(one)
            and one.value not in numbers[one.kind] and one.plain not in numbers[""]
        ]  # fmt: skip
        if unknown and not any(_pair_text(pair) in but for pair in line.pairs):
            name = figure.label or figure.value
            values: Values = {"number": unknown[0].text, "name": name}
            about = About((figure_text(figure),))
            yield _beside(told, results[0], "two-values.metrics", values, about)


def _figures_turned(told: Told) -> Iterator[Remark]:
    """Yield a remark for `9 → 2 %` in `metrics` if 2 % begins the story, and 9 % ends it."""
    results = told.story.parts(Kind.RESULT)
    began = [one for one in told.lines if one.is_earlier]
    ended = [one for one in told.lines if one.section in results]
    for _, line in told.figures:
        for pair in line.pairs:
            if _only_in(began, ended, pair.after) and _only_in(ended, began, pair.before):
                values: Values = {
                    "first": _pair_text(pair),
                    "second": f"{pair.after.text} → {pair.before.text}",
                    "name": "",
                }
                about = About((line.text,))
                yield _beside(told, results[0], "two-values.in-metrics", values, about)


def _pairs_that_differ(told: Told) -> Iterator[Remark]:
    """Yield a remark where two pairs of one measure share a side, or have it on the other side."""
    lines = (*(line for _, line in told.figures), *told.lines)
    found = [(pair, line) for line in lines for pair in line.pairs if not pair.is_goal]
    for at, (pair, line) in enumerate(found):
        for other, before in found[:at]:
            if before.section is line.section or not _differ(pair, line, other, before):
                continue
            if not _is_step(told, pair, other, before):
                values: Values = {
                    "first": _pair_text(other),
                    "second": _pair_text(pair),
                    "name": before.section.heading,
                }
                key = "two-values.pairs" if before.section.id else "two-values.in-metrics"
                about = About((before.text, line.text), line.text)
                yield _beside(told, line.section, key, values, about)


def _is_step(told: Told, pair: Pair, other: Pair, before: Line) -> bool:
    """Return True if the other side of a pair stands in a third place: 40 to 25, and 40 to 12."""
    if pair.before.value == other.after.value:
        return False
    moved = other.after if pair.before.value == other.before.value else other.before
    return any(_has(one, moved) for one in told.lines if one.section is not before.section)


_NOT_DIGIT = re.compile(r"\D")
_FEW_DIGITS = 2  # a number with more of them is hardly the same by chance


def _only_in(lines: list[Line], others: list[Line], quantity: Quantity) -> bool:
    """Return True if some sentences have a number, and the others have not."""
    return any(_has(one, quantity) for one in lines) and not any(
        _has(one, quantity) for one in others
    )


def _has(line: Line, quantity: Quantity) -> bool:
    """Return True if a sentence has the number, whether with its unit or without."""
    return any(one.value == quantity.value or one.text == quantity.text for one in line.found)


def _differ(pair: Pair, line: Line, other: Pair, before: Line) -> bool:
    """Return True if two pairs of one measure have one side in common, or are turned around."""
    if pair.after.kind != other.after.kind:
        return False
    is_swapped = (pair.before.value, pair.after.value) == (other.after.value, other.before.value)
    one_side = is_swapped or (pair.before.value == other.before.value) != (
        pair.after.value == other.after.value
    )
    shares_words = arithmetic.nouns(line.text) & arithmetic.nouns(before.text)
    same = pair.before if pair.before.value == other.before.value else pair.after
    is_telling = len(_NOT_DIGIT.sub("", same.text)) > _FEW_DIGITS
    return one_side and bool(is_swapped or shares_words or is_telling)
