"""Proposals: the lines `metrics:` for stories that give no numbers, to paste or to be written."""

import json
import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from starbook.build.pipeline import load
from starbook.content import files, metrics, yaml_nodes
from starbook.problem import Report
from starbook.text import names

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)?")


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
        hint = names.did_you_mean(ident, stories, "the id is the name of its file without `.md`")
        raise ProposalError(f"there is no story `{ident}`; {hint}")
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
    return "metrics" in _front_matter(data)


def write(proposal: Proposal) -> None:
    """Add the lines to the front matter of the file, and change nothing else in it."""
    path = proposal.path.resolve()
    shown = os.path.relpath(proposal.path)
    data = path.read_bytes()
    before = _front_matter(data)
    if "metrics" in before:
        raise ProposalError(f"{shown} has `metrics` already; edit them there")
    new = _insert(data, proposal.lines)
    if [*_front_matter(new)] != [*before, "metrics"]:
        raise ProposalError(f"{shown} has no room for them; paste them between the two ---")
    beside = path.with_name(f".{path.name}.new")  # so that the file is the old or the new one
    try:
        beside.write_bytes(new)
        beside.chmod(stat.S_IMODE(path.stat().st_mode))
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        raise


def _insert(data: bytes, lines: tuple[str, ...]) -> bytes:
    """Return a file with these lines at the end of its front matter, ended as its others are."""
    there = _LINE.findall(data)
    fences = (at for at, line in enumerate(there) if at and re.fullmatch(rb"-{3,}\s*", line))
    closer = next(fences, 0)
    ending = there[0][len(there[0].rstrip(b"\r\n")) :]
    added = b"".join(line.encode() + ending for line in lines)
    return b"".join((*there[:closer], added, *there[closer:]))


def _front_matter(data: bytes) -> dict[str, yaml_nodes.Node]:
    report = Report("")
    text = files.decode(data, report)
    node = yaml_nodes.parse_front_matter(text, report)[0] if text is not None else None
    return {key.text: value for key, value in node.entries} if node else {}
