"""Report of an import: what was found in each document, and which files were written."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from starbook.importer import folder, plan
from starbook.pages.formatting import count


def write_and_report(
    content: Path, results: Sequence[plan.ImportResult], *, dry_run: bool, rename: bool
) -> tuple[list[str], folder.WriteResult]:
    """Write the files of all documents; return the lines of the report, and the outcome."""
    folder.make_ids_unique(results)
    total = folder.WriteResult()
    lines: list[str] = []
    for result in results:
        files = folder.render_new_files(content, result)
        written = folder.write_files(content, files, rename=rename, dry_run=dry_run)
        lines += [*_describe_document(result), ""]
        total.new += written.new
        total.unchanged += written.unchanged
        total.conflicts += written.conflicts
    return [*lines, *_describe_outcome(content, total, dry_run=dry_run)], total


def _describe_document(result: plan.ImportResult) -> Iterator[str]:
    topics = [topic for audience in result.audiences for topic in audience["topics"]]
    counts = [
        count(len(result.stories), "story", "stories"),
        count(len(result.questions), "question"),
        count(sum(len(topic["questions"]) for topic in topics), "question") + " to ask",
        count(len(result.guides), "guide"),
    ]
    yield f"{result.name}: {', '.join(counts)}; {result.word_coverage * 100:.1f} % of its words"
    for story in result.stories:
        draft = ", a draft" if story.is_draft else ""
        yield f"  {story.line}: {story.title} ({', '.join(story.sections)}{draft})"
        for line, doubt in story.doubts:
            yield f"  {line}: not sure: {doubt}"
    for line, text in result.unrecognised:
        yield f"  {line}: not recognised, put into a guide: {text[:70]}"


def _describe_outcome(content: Path, total: folder.WriteResult, *, dry_run: bool) -> Iterator[str]:
    verb = "Would write" if dry_run else "Wrote"
    if total.new:
        yield f"{verb} {count(len(total.new), 'file')} to {os.path.relpath(content)}."
    else:
        yield "Nothing is new."
    if total.unchanged:
        yield f"{count(len(total.unchanged), 'file')} there already."
    for path in total.conflicts:
        yield f"{os.path.relpath(content / path)} is there already and differs; it stays as it is"
    if total.conflicts:
        yield "`--rename` writes those under another name."
    elif total.new and not dry_run:
        yield "Look them over, then run `python3 build.py`."
