"""Promotion: `ready` sets `status: ready` in stories that are complete, and in no others."""

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from starbook.build import pipeline, queries
from starbook.content import checks, files, front_matter
from starbook.content.folder import ContentFolder
from starbook.problem import Problem, Severity
from starbook.text import names


class Candidate(msgspec.Struct, frozen=True):
    """A story by its file, as it was checked; `faults` say why it cannot be ready."""

    id: str
    title: str
    path: Path
    data: bytes
    is_ready: bool
    is_resting: bool
    faults: tuple[Problem, ...]


def find_candidates(content: Path) -> Iterator[Candidate]:
    """Yield all stories in a content folder, also those that cannot be read."""
    database = pipeline.open_database(content)
    problems = pipeline.examine(database)
    folder: ContentFolder = database.environment.content
    for path in queries.files_of(database, "stories"):
        source, story = folder.source(path), queries.resolved_story(database, path)
        shown = os.path.relpath(content / folder.written(source.path))
        faults = [problem for problem in problems if problem.is_error and problem.path == shown]
        if story:
            missing = (*checks.find_missing_parts(story), *checks.find_blanks(story))
            faults += (pipeline.from_here(problem, folder) for problem in missing)
        yield Candidate(
            story.id if story else names.slug(source.stem),
            story.title if story else "",
            content / folder.written(path),
            source.data or b"",
            story is not None and story.ready and not story.resting,
            story is not None and story.resting,
            tuple(msgspec.structs.replace(fault, severity=Severity.ERROR) for fault in faults),
        )


def promote(candidate: Candidate) -> tuple[Problem, ...]:
    """Write `status: ready` into the file of a story; return why not, if it stays as it is."""
    if candidate.faults or candidate.is_ready:
        return candidate.faults
    shown = os.path.relpath(candidate.path)
    new = front_matter.with_word(candidate.data, "status", "ready")
    if new is None:
        hint = "write `status: ready` between the two ---"
        return (Problem(shown, 1, "its `status` cannot be changed", hint, "status"),)
    try:
        if files.replace(candidate.path, candidate.data, new):
            return ()
        message, hint = "has changed since it was checked, and stays as it is", "run this again"
        return (Problem(shown, 0, message, hint, "changed"),)
    except OSError as error:
        message, hint = f"cannot be written ({error.strerror})", "check its permissions"
        return (Problem(shown, 0, message, hint, "unwritable"),)
