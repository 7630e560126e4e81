"""Dialogue: ask on a terminal what was asked and told; each answer is read, or asked for again."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from starbook.debrief.entries import (
    Entry,
    EntryError,
    clean,
    describe_rounds,
    find_interview,
    find_question,
    find_round,
    find_story,
    near_questions,
    read_date,
)
from starbook.model import Handbook, Interview

LANDED = ("lost the thread", "with gaps", "told whole", "all numbers, in time")

T = TypeVar("T")


class Dialogue:
    """Questions to the person, each with `ask`, and what is said in between with `say`.

    Entries are kept in `entries` once they are whole, so that none is lost if the person stops.
    """

    def __init__(
        self, handbook: Handbook, ask: Callable[[str], str], say: Callable[[str], None]
    ) -> None:
        self.handbook, self.ask, self.say = handbook, ask, say
        self.entries: list[Entry] = []

    def complete(self, entries: Sequence[Entry]) -> None:
        """Ask for what the phone does not know of stories that were told."""
        for number, entry in enumerate(entries, 1):
            story = next(one for one in self.handbook.stories if one.id == entry.story)
            self.say(f"\n{number} of {len(entries)}, with {entry.round}: {story.title}")
            question = self._read_question("They asked (Enter if you don't know): ")
            self.entries.append(self._with_rest(msgspec.structs.replace(entry, question=question)))

    def run(self, interview: Interview | None, date: str) -> None:
        """Ask for one question after the other, until there are no more."""
        one = interview or self._choose_interview()
        date = date or one.date or self._read_until("On which day? (2024-03-01) ", read_date)
        if one.rounds:
            self.say(f"Rounds: {', '.join(describe_rounds(one))}")
        place = ""
        while True:
            self.say(f"\nQuestion {len(self.entries) + 1}")
            question = self._read_question("They asked (Enter if that is all): ")
            story = self._read_story(is_last_chance=not question)
            if not question and not story:
                return
            place = self._read_round(one, place)
            entry = Entry(one.id, date, place, question, story)
            self.entries.append(self._with_rest(entry))

    def _with_rest(self, entry: Entry) -> Entry:
        landed = self._read_landed()
        notes = self._read_until("What was missed? ", str, empty="")
        return msgspec.structs.replace(entry, landed=landed, notes=notes)

    def _choose_interview(self) -> Interview:
        loops = sorted(self.handbook.interviews, key=lambda one: one.date, reverse=True)
        for number, one in enumerate(loops, 1):
            self.say(f"  {number}  {one.title}{f', {one.date}' if one.date else ''}")
        if len(loops) == 1:
            return loops[0]

        def read(text: str) -> Interview:
            chosen = _number(text, len(loops))
            return loops[chosen - 1] if chosen else find_interview(self.handbook, text)

        return self._read_until("Which interview? ", read)

    def _read_question(self, prompt: str) -> str:
        """Return the id of a question, or new words, or "" for none."""

        def read(text: str) -> str:
            found = find_question(self.handbook, text) if text else None
            return found.id if found else text

        text = self._read_until(prompt, read, empty="")
        if not text or any(one.id == text for one in self.handbook.questions):
            return text
        near = near_questions(self.handbook, text)
        if not near:
            return text
        self.say("The handbook has:")
        for number, one in enumerate(near, 1):
            self.say(f"  {number}  {one.question}")

        def choose(typed: str) -> str:
            chosen = _number(typed, len(near))
            if not chosen:
                raise EntryError(f"write a number from 1 to {len(near)}, or nothing")
            return near[chosen - 1].id

        return self._read_until("Is it one of them? (Enter if it is not) ", choose, empty=text)

    def _read_story(self, *, is_last_chance: bool) -> str:
        prompt = "You told (a story; Enter for none): "
        if is_last_chance:
            prompt = "A story that you told (Enter if that is all): "
        return self._read_until(prompt, lambda text: find_story(self.handbook, text), empty="")

    def _read_round(self, one: Interview, before: str) -> str:
        if not one.rounds:
            return ""
        if len(one.rounds) == 1:
            return find_round(one, "1")
        prompt = f"Who asked? (Enter for {before}) " if before else "Who asked? "
        return self._read_until(prompt, lambda text: find_round(one, text), empty=before)

    def _read_landed(self) -> int:
        def read(text: str) -> int:
            chosen = _number(text, len(LANDED))
            if not chosen:
                raise EntryError(f"write a number from 1 to {len(LANDED)}, or nothing")
            return chosen

        scale = ", ".join(f"{number} {words}" for number, words in enumerate(LANDED, 1))
        return self._read_until(f"How did it land? ({scale}) ", read, empty=0)

    def _read_until(self, prompt: str, read: Callable[[str], T], empty: T | None = None) -> T:
        """Ask until an answer can be read; `empty` is what no answer means, if it means anything.

        After an unknown name, a number chooses one of those that were offered for it.
        """
        near: tuple[str, ...] = ()
        while True:
            try:
                text = clean(self.ask(prompt))
                if not text and empty is not None:
                    return empty
                if text:
                    chosen = _number(text, len(near))
                    return read(near[chosen - 1] if chosen else text)
            except EntryError as error:
                near = error.near
                self.say(f"{str(error)[0].upper()}{str(error)[1:]}")
                for number, ident in enumerate(near, 1):
                    self.say(f"  {number}  {ident}")


def _number(text: str, most: int) -> int:
    """Return the number that was typed, or 0 if it is none from 1 to `most`."""
    is_number = text.isascii() and text.isdecimal() and 1 <= int(text) <= most
    return int(text) if is_number else 0
