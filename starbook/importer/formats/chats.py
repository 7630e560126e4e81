"""Chats: messages and transcripts with the times at which somebody says something."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

Line = tuple[int, str]

# How many lines have the form, so that it is that of the document.
_LEAST = 3
_DATE = r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}"
_HOUR = r"\d{1,2}:\d\d(?::\d\d)?(?:[\s\u202f]?[AaPp]\.?[\s\u202f]?[Mm]\.?)?"
_NAME = r"[^\W\d_][^:\n\t]{0,30}?"
# `[3/9/25, 22:14:05] Ada: …`, `3.9.25, 22:14 - Ada: …`
_MESSAGE = re.compile(
    rf"[\u200e\u200f\ufeff]*(?:\[{_DATE},?\s{_HOUR}\]|{_DATE},?\s{_HOUR}\s[-–])\s*(?:(?P<name>{_NAME}):\s)?(?P<text>.*)"
)
# What the program says, or stands for what is no text.
_OF_PROGRAM = re.compile(r"[\u200e\u200f].*|<[^<>]{3,40}>")
# `Ada  00:03`, `00:03 Ada`, `Ada (00:03)`, on a line of its own above what is said.
_SPEAKER = re.compile(
    rf"(?:\*\*)?(?:(?P<before>{_NAME})(?:\s+|\s*[|·,–-]\s*)[\[(]?{_HOUR}[\])]?|[\[(]?{_HOUR}[\])]?\s*[|·–-]?\s*(?P<after>{_NAME}))"
    r"[:：]?(?:\*\*)?:?"
)


def name_speakers(text: str) -> str:
    """Return a transcript with `Ada:` for each line that has no more than a name and a time.

    It is one if they are several, and a name stands twice.
    """
    lines = text.split("\n")
    found = {
        i: match for i, line in enumerate(lines) if (match := _SPEAKER.fullmatch(line.strip()))
    }
    names = {i: (match["before"] or match["after"]).strip(" *") for i, match in found.items()}
    if len(names) < _LEAST or len(set(names.values())) * 2 > len(names) + 1:
        return text
    return "\n".join(f"{names[i]}:" if i in names else line for i, line in enumerate(lines))


def join_messages(lines: Sequence[Line]) -> list[Line]:
    """Return the messages that one person wrote as paragraphs, without name and time.

    Lines of another document, and the messages of several, stay as they are.
    """
    found = [_MESSAGE.fullmatch(line) for _, line in lines]
    written = [match for match in found if match and match["name"]]
    if len(written) < _LEAST or len(Counter(match["name"] for match in written)) > 1:
        return list(lines)
    return list(_without_stamps(lines, found))


def _without_stamps(lines: Sequence[Line], found: Sequence[re.Match[str] | None]) -> Iterator[Line]:
    for (number, line), match in zip(lines, found, strict=True):
        if match is None:
            yield number, line
        elif not match["name"] or _OF_PROGRAM.fullmatch(match["text"]):
            yield number, ""
        else:
            yield number, ""
            yield number, match["text"].strip("\u200e\u200f")
