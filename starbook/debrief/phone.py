"""Phone: what the page of an interview saved on the day, as entries of the log."""

from pathlib import Path

import msgspec

from starbook.content import files
from starbook.debrief.entries import Entry, EntryError, find_interview, round_name
from starbook.debrief.writing import Book, LogError
from starbook.model import Handbook
from starbook.problem import Report

KIND, VERSION = "told", 1
_HINT = "save it again on the page of the interview"


class _Told(msgspec.Struct, frozen=True):
    """A story that was told, and the number of its round."""

    story: str
    round: int


class _Export(msgspec.Struct, frozen=True):
    starbook: str = ""
    version: int = 0
    interview: str = ""
    told: tuple[_Told, ...] = ()


def read(path: Path, handbook: Handbook) -> tuple[Entry, ...]:
    """Return the stories that were told by a file of the phone. Raise LogError."""
    report = Report(str(path))
    data = files.read_bytes(path, report)
    if data is None:
        fault = report.problems[0]
        raise LogError(f"{path} {fault.message}; {fault.hint}")
    export = _decode(path, data)
    try:
        one = find_interview(handbook, export.interview)
    except EntryError as error:
        raise LogError(f"{path}: {error}") from error
    stories = {story.id for story in handbook.stories}
    entries = []
    for told in export.told:
        if told.story not in stories:
            hint = f"write `id: {told.story}` in the story that was renamed"
            raise LogError(f"{path}: there is no story `{told.story}`; {hint}")
        if not 1 <= told.round <= len(one.rounds):
            raise LogError(f"{path}: {one.path} has no round {told.round}; {_HINT}")
        entries.append(Entry(one.id, one.date, round_name(one, told.round - 1), story=told.story))
    return tuple(entries)


def leave_out_known(book: Book, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return the entries of stories that the log does not have in the same round already."""
    loops = {one.id: one for one in book.handbook.interviews}
    known = {
        (one.interview.to, loops[one.interview.to].find_round(one.round.text), one.story.to)
        for one in book.handbook.log
        if one.interview.to and one.round and one.story
    }
    return tuple(
        one
        for one in entries
        if (one.interview, loops[one.interview].find_round(one.round), one.story) not in known
    )


def _decode(path: Path, data: bytes) -> _Export:
    try:
        export = msgspec.json.decode(data, type=_Export)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        message = f"{path} is not what the page of an interview saves; {_HINT}"
        raise LogError(message) from error
    if export.starbook == "practice":
        raise LogError(f"{path} is what the practice page saves; put it into practice/")
    if export.starbook != KIND:
        raise LogError(f"{path} is not what the page of an interview saves; {_HINT}")
    if export.version != VERSION:
        found = f"is of version {export.version}, and this program reads {VERSION}"
        raise LogError(f"{path} {found}; update Starbook")
    return export
