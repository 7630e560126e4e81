"""Exports of the practice page in the folder `practice/`: from their bytes to records.

A fault in one is a warning: what was practised stays out of the way of what is written.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from starbook.content import files
from starbook.content.folder import Source
from starbook.model import PracticeRecord
from starbook.problem import Problem, Report, Severity, printable

KIND, VERSION = "practice", 1
_RULE = "practice"
_HINT = "save it again on the practice page, or take it out of practice/"


def load(source: Source, handbook: str) -> tuple[tuple[PracticeRecord, ...], tuple[Problem, ...]]:
    """Return the records of an export, and warnings for what is wrong with it.

    `handbook` is the id of the handbook: the export of another one is left out.
    """
    reading = Report(source.path, list(source.problems))
    text = None if source.data is None else files.decode(source.data, reading)
    report = Report(source.path)
    for fault in reading.problems:
        report.warning(fault.line, _RULE, fault.message, fault.hint)
    export = None if text is None else _decode(text, report)
    if export is None or not _belongs_here(export, handbook, report):
        return (), tuple(report.problems)
    return tuple(_records(export, report)), tuple(report.problems)


def merge(exports: Iterable[Iterable[PracticeRecord]]) -> tuple[PracticeRecord, ...]:
    """Return all records in the order of time, each once: of two with one id a rated one."""
    found: dict[str, PracticeRecord] = {}
    for record in (record for export in exports for record in export):
        if record.id not in found or found[record.id].rating is None:
            found[record.id] = record
    return tuple(sorted(found.values(), key=lambda record: (record.at, record.id)))


def unknown_stories(
    path: str, records: Iterable[PracticeRecord], stories: Collection[str]
) -> Iterator[Problem]:
    """Yield a warning for records of stories that are not among the ids `stories`.

    Bad: a record with `"story": "outage"`, where that story has a new file name
    Good: `id: outage` in the story
    """
    named = (record.story for record in records if record.story)  # a mock may name none
    strange = [story for story in named if story not in stories]
    if strange:
        names = ", ".join(f"`{name}`" for name in dict.fromkeys(strange))
        one = "1 record is of a story that is"
        count = one if len(strange) == 1 else f"{len(strange)} records are of stories that are"
        message = f"{count} not here: {names}"
        hint = f"write `id: {strange[0]}` in the story that was renamed"
        yield Problem(printable(path), 1, message, hint, _RULE, Severity.WARNING)


def _decode(text: str, report: Report) -> dict[str, Any] | None:
    try:
        export = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        place = str(error).rpartition("byte ")[2].rstrip(")")
        line = text.encode()[: int(place)].count(b"\n") + 1 if place.isdecimal() else 1
        report.warning(line, _RULE, "is no JSON from here on", _HINT)
        return None
    except RecursionError:
        report.warning(1, _RULE, "is nested too deeply", _HINT)
        return None
    if not isinstance(export, dict) or export.get("starbook") != KIND:
        report.warning(1, _RULE, "is no export of the practice page", _HINT)
        return None
    if export.get("version") != VERSION:
        message = f"is of version {export.get('version')}, and this program reads {VERSION}"
        report.warning(1, _RULE, message, "update Starbook")
        return None
    return export


def _belongs_here(export: dict[str, Any], handbook: str, report: Report) -> bool:
    of = export.get("handbook")
    of = of if isinstance(of, dict) else {}
    if of.get("id", "") in ("", handbook):
        return True
    message = f"belongs to another handbook, `{of.get('title', '')}`, and is left out"
    hint = f"move it there, or write `id: {of.get('id')}` in handbook.yml if it is the same one"
    report.warning(1, _RULE, message, hint)
    return False


def _records(export: dict[str, Any], report: Report) -> Iterable[PracticeRecord]:
    listed = export.get("records")
    for number, value in enumerate(listed if isinstance(listed, list) else (), 1):
        try:
            record = msgspec.convert(value, PracticeRecord)
            datetime.fromisoformat(record.at)
        except ValueError as error:  # as a ValidationError is
            why = str(error).replace("`$.", "`").replace("`$`", "it")
            report.warning(1, _RULE, f"record {number} is left out: {why}", _HINT)
        else:
            yield record
