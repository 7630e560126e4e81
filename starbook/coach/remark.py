"""Remarks: what the coach says of a story, as values with a place and a fingerprint."""

from hashlib import blake2b

import msgspec

from starbook.model import CoachRule

Values = dict[str, str | int]


class Remark(msgspec.Struct, frozen=True):
    """Something that an interviewer would stumble over: a rule, a place, and what is there.

    The text is that of the catalogue under `key`, with `values`. `section` is the id of the section
    that it stands beside, or "" for the story as a whole; `sentence` is the sentence there, or "".
    `fingerprint` changes with the words that it is about.
    """

    rule: CoachRule
    key: str
    path: str
    line: int
    fingerprint: str
    values: Values = {}
    section: str = ""
    sentence: str = ""

    @property
    def answer(self) -> str:
        """The line of front matter that answers the remark, as long as its words stay."""
        return f"coach: {{{self.rule}: {self.fingerprint}}}"


def fingerprint(*words: str) -> str:
    """Return the four digits that stand for some words; white space does not count."""
    text = "\0".join(" ".join(one.split()) for one in words)
    return blake2b(text.encode(), digest_size=2).hexdigest()
