"""Entries of the log: from names as they were typed to what log.yml says, and its lines."""

import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from starbook import program
from starbook.content import schema
from starbook.content import yaml_nodes as yaml
from starbook.model import Handbook, Interview, Question
from starbook.problem import Report
from starbook.search.interview import load_interview
from starbook.search.question_matching import QuestionReader
from starbook.text import names, tokenizer

_NEW = f'`{program.COMMAND} new interview "Company, role"` makes one'
_MOST = 3  # names that are offered for one that is unknown
_SHORT = 3  # letters of a word that is like too many others
_ENOUGH = 0.5  # the share of its words that a question has in common with one that is near

_NEARLY = 0.7  # of the best, what another one has to reach


class EntryError(Exception):
    """Something cannot stand in an entry; the message says why, with the nearest names.

    `near` are the ids that an unknown name may mean.
    """

    def __init__(self, message: str, near: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.near = near


class Entry(msgspec.Struct, frozen=True):
    """An entry of the log as it will be written; each field is that of log.yml."""

    interview: str
    date: str = ""
    round: str = ""
    question: str = ""
    story: str = ""
    landed: int = 0
    notes: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of the entry, without the dash before the first."""
        values = {
            "interview": yaml.scalar(self.interview),
            "date": self.date,
            "round": self.round if self.round.isdecimal() else yaml.scalar(self.round),
            "question": yaml.scalar(self.question),
            "story": yaml.scalar(self.story),
            "landed": str(self.landed or ""),
            "notes": yaml.scalar(self.notes),
        }
        return tuple(f"{key}: {values[key]}" for key in values if getattr(self, key))


def clean(text: str) -> str:
    """Return what was typed on one line, without signs that no text may hold."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise EntryError("this is not UTF-8; type it in a terminal that is") from error
    return re.sub(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff]", "", " ".join(text.split()))


def make_entry(
    handbook: Handbook,
    *,
    interview: str,
    date: str,
    place: str,
    question: str,
    story: str,
    landed: int,
    notes: str,
) -> Entry:
    """Return an entry by what was typed for its fields; `place` is the round. Raise EntryError.

    The only interview of a handbook need not be named.
    """
    if not (question or story):
        raise EntryError("say what was asked with --question, or what you told with --story")
    if not interview and len(handbook.interviews) != 1:
        ids = [one.id for one in handbook.interviews]
        hint = _name_one(ids[:_MOST]) if ids else _NEW
        raise EntryError(f"say which interview it was with --interview; {hint}")
    one = find_interview(handbook, interview or handbook.interviews[0].id)
    known = find_question(handbook, question) if question else None
    return Entry(
        one.id,
        read_date(date) if date else one.date,
        find_round(one, place) if place else "",
        known.id if known else clean(question),
        find_story(handbook, story) if story else "",
        landed,
        clean(notes),
    )


def find_interview(handbook: Handbook, text: str) -> Interview:
    """Return the interview of this id, title or company; raise EntryError if there is none.

    A company with several interviews needs the id of one.
    """
    known = {one.id: one for one in handbook.interviews}
    labels = {one.id: (one.title, one.company) for one in handbook.interviews}
    found = names.called(text, labels)
    if len(found) == 1:
        return known[found[0]]
    if found:
        raise EntryError(f"{len(found)} interviews are called `{text}`; {_name_one(found)}", found)
    if not handbook.interviews:
        raise EntryError(f"there is no interview `{text}`; {_NEW}")
    near = _nearest(text, labels)
    offered = near or tuple(known)[:_MOST]
    raise EntryError(f"there is no interview `{text}`; {_name_one(offered)}", near)


def find_round(interview: Interview, text: str) -> str:
    """Return what to write for the round of this number, name or person; see `round_name`."""
    position = interview.find_round(text)
    if position is not None:
        return round_name(interview, position)
    known = [name for one in interview.rounds for name in (one.person, one.name) if name]
    hint = names.did_you_mean(text, known, "give its number, its name or whom it was with")
    raise EntryError(f"there is no round `{text}` in {interview.path}; {hint}")


def round_name(interview: Interview, position: int) -> str:
    """Return whom a round was with, if that tells it from the others, or else its number."""
    person = interview.rounds[position].person
    is_clear = person and interview.find_round(person) == position
    return person if is_clear else str(position + 1)


def find_story(handbook: Handbook, text: str) -> str:
    """Return the id of the story of this id or title, whatever its marks."""
    stories = names.index((story.id, (story.title,)) for story in handbook.stories)
    by_words = {names.slug(name): ident for name, ident in reversed(stories.items())} | {"": ""}
    typed = text.removesuffix(".md").rpartition("/")[2]
    found = stories.get(names.key(text)) or stories.get(names.key(typed))
    if found := found or by_words.get(names.slug(typed), ""):
        return found
    near = _nearest(typed, {story.id: (story.title,) for story in handbook.stories})
    hint = f"did you mean {_listed(near)}?" if near else "stories/ has no name like it"
    raise EntryError(f"there is no story `{text}`; {hint}", near)


def find_question(handbook: Handbook, text: str) -> Question | None:
    """Return the question of this id or wording, whatever its marks; or None.

    What is written like an id has to be one.
    """
    known = names.index((one.id, (one.question, *one.also)) for one in handbook.questions)
    by_words = {names.slug(name): ident for name, ident in reversed(known.items())}
    ident = known.get(names.key(text)) or by_words.get(names.slug(text))
    if ident:
        return next(one for one in handbook.questions if one.id == ident)
    if " " in text.strip():
        return None
    near = _nearest(text, {one.id: (one.question, *one.also) for one in handbook.questions})
    hint = f"did you mean {_listed(near)}?" if near else "write a new question in its words"
    raise EntryError(f"there is no question `{text}`; {hint}", near)


def near_questions(handbook: Handbook, text: str) -> tuple[Question, ...]:
    """Return the questions that share the most words with a text, or have synonyms of them."""
    reader = QuestionReader(load_interview(), handbook.synonyms)
    asked = reader.meanings([text])
    weights = {word: max(meanings.values()) for word, meanings in asked.items()}
    scores: list[tuple[float, int]] = []
    for position, question in enumerate(handbook.questions):
        wordings = " ".join((question.question, *question.also))
        stems = {tokenizer.stem(word) for word in tokenizer.normalize(wordings).split()}
        shared = sum(
            max((weight for stem, weight in meanings.items() if stem in stems), default=0)
            for meanings in asked.values()
        )
        if asked and shared >= _ENOUGH * sum(weights.values()):
            scores.append((-shared, position))
    best = min(scores, default=(0.0, 0))[0]
    near = [position for score, position in sorted(scores) if score <= _NEARLY * best]
    return tuple(handbook.questions[position] for position in near[:_MOST])


def read_date(text: str) -> str:
    """Return a date as log.yml takes it, or raise EntryError."""
    report = Report("")
    found = schema.date(yaml.Scalar(text, 0), report)
    if found is None:
        fault = report.problems[0]
        raise EntryError(f"{fault.message}; {fault.hint}")
    return found


def _nearest(text: str, labels: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return ids that a text may mean: those with its words, or else the most similar names."""
    wanted = names.slug(text).split("-")
    found = [
        ident
        for ident, named in labels.items()
        if all(word in names.slug(" ".join((ident, *named))) for word in wanted)
    ]
    if not found:
        labelled = {ident: (ident, *named) for ident, named in labels.items()}
        owners = {word: one for one, own in labelled.items() for word in _words(own)}
        owners |= {label: one for one, own in labelled.items() for label in own}
        near = names.nearest(text, owners)
        found = [owners[near]] if near else []
    return tuple(found[:_MOST])


def _words(labels: Iterable[str]) -> Iterator[str]:
    """Yield the words of labels that are long enough to be mistyped."""
    words = names.slug(" ".join(labels)).split("-")
    return (word for word in words if len(word) > _SHORT)


def _listed(ids: Iterable[str]) -> str:
    return " or ".join(f"`{ident}`" for ident in ids)


def _name_one(ids: Iterable[str]) -> str:
    return f"name {_listed(ids)}"


def describe_rounds(interview: Interview) -> Iterator[str]:
    """Yield the rounds of an interview as they can be named: `1 Ana Silva`."""
    for number, one in enumerate(interview.rounds, 1):
        yield f"{number} {one.person or one.name}".rstrip()
