"""Timing: how long a story takes to say, and the verdict beside its plan."""

import re
from collections.abc import Iterable
from hashlib import blake2b

from starbook.content.markdown import PLACEHOLDER
from starbook.model import STAR, Answer, AnswerLength, Kind, Section, Settings, Story
from starbook.text import names

# The sections that are spoken as the answer.
SPOKEN = (*STAR, Kind.REFLECTION)
# The key of the text of a verdict, "" for none; and by how many seconds an answer is over.
Verdict = tuple[str, int]
NOTES: Verdict = ("timing.notes", 0)
FITS: Verdict = ("timing.fits", 0)
NONE: Verdict = ("", 0)

# A script that takes up to this times its plan fits: nobody speaks at quite the same pace.
TOLERANCE = 1.1
# A line of notes is a bullet or another line that ends like no sentence. One that is longer than
# this is prose in a language whose sentences end otherwise.
_LONGEST_NOTE = 40
_SENTENCE_END = re.compile(r"""[.!?…。！？]["'”’»)\]]*\s*$""")


def words_to_say(section: Section) -> int:
    """Return the number of words of a section that are spoken: a blank is none."""
    return len(PLACEHOLDER.sub("", section.body.text).split())


def speaking_time(sections: Iterable[Section], pace: int) -> int:
    """Return the seconds that it takes to speak `sections` at a pace in words a minute."""
    return round(sum(map(words_to_say, sections)) * 60 / pace)


def spoken_sections(story: Story) -> list[Section]:
    """Return the sections of a story that are spoken as the answer."""
    return [section for section in story.sections if section.kind in SPOKEN]


def digest(story: Story) -> str:
    """Return a short text that changes with the words that are spoken."""
    spoken = spoken_sections(story) or list(story.sections)
    words = [story.opening.text, *(part.body.text for part in spoken)]
    return blake2b("\0".join(words).encode(), digest_size=6).hexdigest()


def answer_length(story: Story, settings: Settings) -> AnswerLength | None:
    """Return the answer length that a story names, else the first of the handbook."""
    lengths = settings.answer_lengths
    wanted = names.key(story.length.text) if story.length else ""
    chosen = (length for length in lengths if names.key(length.name) == wanted)
    return next(chosen, lengths[0] if lengths else None)


def planned_seconds(length: AnswerLength | None, section: Section) -> int | None:
    """Return the time in the heading of a section, else that of the answer length."""
    if section.seconds is not None or length is None:
        return section.seconds
    return length.seconds_for(section.kind)


def planned_total(length: AnswerLength | None, sections: Iterable[Section]) -> int:
    """Return the seconds planned for a whole answer, or 0 without a plan."""
    if length:
        return length.seconds
    times = [section.seconds for section in sections if section.kind in SPOKEN]
    return sum(time or 0 for time in times) if all(times) else 0


def judge_section(section: Section, seconds: int, planned: int | None) -> Verdict:
    """Return the verdict for a section; one with a blank is not judged."""
    if not planned or not seconds or section.holes:
        return NONE
    return NOTES if is_notes([section]) else _compare(seconds, planned)


def judge_story(story: Story, seconds: int, planned: int) -> Verdict:
    """Return the verdict for a whole answer; one with a part missing is not judged."""
    if not planned or not seconds or story.missing:
        return NONE
    return NOTES if is_notes(spoken_sections(story)) else _compare(seconds, planned)


def judge_answer(answer: Answer, seconds: int) -> Verdict:
    """Return the verdict for a prepared answer; notes are told apart without a plan, too."""
    if not answer.ready:
        return NONE
    if is_notes([answer.section]):
        return NOTES
    return _compare(seconds, answer.seconds) if seconds and answer.seconds else NONE


def _compare(seconds: int, planned: int) -> Verdict:
    if seconds <= planned * TOLERANCE:
        return FITS
    return "timing.over", seconds - planned


def is_notes(sections: Iterable[Section]) -> bool:
    """Return True if most words are in bullets and fragments, whose time says nothing."""
    in_notes = in_all = 0
    for line in (line for section in sections for line in section.body.text.split("\n")):
        count = len(PLACEHOLDER.sub("", line).split())
        in_all += count
        if count <= _LONGEST_NOTE and not _SENTENCE_END.search(line):
            in_notes += count
    return in_notes * 2 > in_all
