"""Readiness: a story that says it is ready is a draft as long as it cannot be told."""

import re
from collections.abc import Iterator

import msgspec

from starbook.content.markdown import PLACEHOLDER
from starbook.model import Kind, Status, Story

# `X%`, `$X`, `X months`, `X/10`: a number that a template left for the person to fill in.
_BLANK_NUMBER = re.compile(
    r"""(?<![\w$]) (?: \$\s?X{1,3}[KMB]?\b
        | X{1,3} \s? (?: % | /\s?\d+ )
        | X{1,3} \s (?: days?|weeks?|months?|years?|hours?|minutes?|people|percent )\b )""",
    re.VERBOSE,
)


class Blank(msgspec.Struct, frozen=True):
    """A blank that is left, the line of its part, and the name of that part."""

    text: str
    line: int
    part: str


def blanks(story: Story) -> Iterator[Blank]:
    """Yield what is still to be filled in."""
    texts = [
        ("its title", 1, story.title),
        ("its headline", 1, story.headline),
        ("its opening", story.body_line, story.opening.text),
    ]
    for section in story.sections:
        text = " ".join(prose.text for prose in section.proses())
        texts.append((section.heading, section.line, text))
    for part, line, text in texts:
        yield from (Blank(blank, line, part) for blank in blanks_in(text))


def blanks_in(text: str) -> list[str]:
    """Return what is still to be filled in of a text."""
    found = PLACEHOLDER.findall(text) if "[" in text else []
    return found + (_BLANK_NUMBER.findall(text) if "X" in text else [])


def missing_parts(story: Story) -> list[Kind]:
    """Return the parts among S, T, A and R that are absent or empty; not those with a blank."""
    blank = {section.kind for section in story.sections if section.holes}
    return [kind for kind in story.missing if kind not in blank]


def settled(story: Story) -> Story:
    """Return the story as a draft if it says `status: ready` and is not.

    One that says `resting` is as ready as it is complete: whoever rests a draft is told nothing.
    """
    if story.status is Status.DRAFT:
        return story
    complete = not story.missing and not any(blanks(story))
    rests = story.status is Status.RESTING
    status = Status.READY if complete else Status.DRAFT
    return msgspec.structs.replace(story, status=status, says_ready=not rests, resting=rests)
