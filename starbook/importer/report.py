"""What an import found, told to the person who has to look it over."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from starbook.importer import folder, plan
from starbook.pages.formatting import count


def brought(
    content: Path, made: Sequence[plan.Imported], *, dry: bool, rename: bool
) -> tuple[list[str], folder.Written]:
    """Write all that was found, and say what it was, document by document."""
    folder.apart(made)
    done = folder.Written([], [], [])
    lines: list[str] = []
    for one in made:
        written = folder.write(content, folder.fresh(content, one), rename=rename, dry=dry)
        lines += [*_document(one), ""]
        done.new += written.new
        done.same += written.same
        done.clashes += written.clashes
    return [*lines, *_outcome(content, done, dry=dry)], done


def _document(one: plan.Imported) -> Iterator[str]:
    found = [
        count(len(one.stories), "story", "stories"),
        count(len(one.questions), "question"),
        count(
            sum(len(topic["questions"]) for a in one.audiences for topic in a["topics"]), "question"
        )
        + " to ask",
        count(len(one.guides), "guide"),
    ]
    yield f"{one.name}: {', '.join(found)}; {one.share * 100:.1f} % of its words"
    for told in one.stories:
        drafted = ", a draft" if told.draft else ""
        yield f"  {told.line}: {told.title} ({', '.join(told.sections)}{drafted})"
        for line, unsure in told.unsure:
            yield f"  {line}: not sure: {unsure}"
    for line, text in one.unrecognised:
        yield f"  {line}: not recognised, put into a guide: {text[:70]}"


def _outcome(content: Path, done: folder.Written, *, dry: bool) -> Iterator[str]:
    shown = os.path.relpath(content)
    verb = "Would write" if dry else "Wrote"
    yield f"{verb} {count(len(done.new), 'file')} to {shown}." if done.new else "Nothing is new."
    if done.same:
        yield f"{count(len(done.same), 'file')} there already."
    for path in done.clashes:
        yield f"{os.path.relpath(content / path)} is there already and differs; it stays as it is"
    if done.clashes:
        yield "`--rename` writes those under another name."
    elif done.new and not dry:
        yield "Look them over, then run `python3 build.py`."
