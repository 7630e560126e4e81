"""Proposals: the lines `metrics:` for stories that give no numbers, to paste or to be written."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from starbook.build.pipeline import load
from starbook.content import files, front_matter, metrics
from starbook.text import names


class ProposalError(Exception):
    """Nothing can be proposed or written; the message says why and what to do."""


class Proposal(msgspec.Struct, frozen=True):
    """The file of a story, and the entries of `metrics` that its text would give."""

    path: Path
    entries: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines to add to the front matter."""
        # Double quotes: an entry has a colon, and may have any sign that means something in YAML.
        listed = (json.dumps(entry, ensure_ascii=False) for entry in self.entries)
        return ("metrics:", *(f"  - {entry}" for entry in listed))


def propose(content: Path, ident: str = "") -> Iterator[Proposal]:
    """Yield a proposal for each story that gives no numbers, or for the one that is named.

    There may be no entries in that of a story that is named.
    """
    stories = {story.id: story for story in load(content)[0].stories}
    if ident and ident not in stories:
        raise ProposalError(names.no_story(ident, stories))
    for story in [stories[ident]] if ident else stories.values():
        path = content / story.path
        if has_metrics(path.read_bytes()):
            if ident:
                raise ProposalError(
                    f"{os.path.relpath(path)} has `metrics` already; edit them there"
                )
            continue
        entries = (" ".join(metrics.entry(found).split()) for found in metrics.found_in(story))
        proposal = Proposal(path, tuple(entries))
        if ident or proposal.entries:
            yield proposal


def has_metrics(data: bytes) -> bool:
    """Return True if the front matter of a file has the key `metrics`, even without a value."""
    return "metrics" in front_matter.read(data)


def write(proposal: Proposal) -> None:
    """Add the lines to the front matter of the file, and change nothing else in it."""
    shown = os.path.relpath(proposal.path)
    data = proposal.path.read_bytes()
    if has_metrics(data):
        raise ProposalError(f"{shown} has `metrics` already; edit them there")
    new = front_matter.with_lines(data, "metrics", proposal.lines)
    if new is None:
        raise ProposalError(f"{shown} has no room for them; paste them between the two ---")
    if not files.replace(proposal.path, data, new):
        raise ProposalError(f"{shown} has changed meanwhile; run this again")
