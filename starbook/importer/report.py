"""Report of an import: what was made of a document, what is unsure, and what went nowhere."""

from collections.abc import Iterator

from starbook import program
from starbook.importer import lists
from starbook.importer.formats.source import Source
from starbook.importer.result import ImportResult
from starbook.pages.formatting import count


def describe_document(source: Source, result: ImportResult) -> Iterator[str]:
    """Yield the lines of the report on one document."""
    line_of = source.original_line
    yield f"{result.name}: {describe_made(result)}"
    yield from _describe_reading(result)
    for story in result.stories:
        missing = "" if story.is_complete else "; not complete"
        parts = ", ".join(story.sections) or "no parts"
        yield f"  {line_of(story.line)}: {story.title} ({parts}{missing})"
        for line, doubt in story.doubts:
            yield f"  {line_of(line)}: not sure: {doubt}"
    for interview in result.interviews:
        rounds = count(len(interview.rounds), "round")
        filled = "" if interview.company else "; fill in its company"
        yield f"  an interview of {rounds}, whose plan is in a guide, too{filled}"
    if result.levels:
        named = ", ".join(level.name for level in result.levels)
        yield f"  levels, whose text is in a guide, too: {named}"
    if result.comments:
        numbers = ", ".join(map(str, sorted(map(line_of, result.comments))))
        verb = "stays a comment" if len(result.comments) == 1 else "stay comments"
        yield f"  {count(len(result.comments), 'comment')} {verb}: line {numbers}"
    for line, text in result.unrecognised:
        yield f"  {line_of(line)}: kept in a guide, not understood: {text[:70]}"
    for note in source.notes:
        yield f"  {note}"
    if result.missing_words:
        yield f"  written nowhere: {', '.join(result.missing_words)}"
    yield from _describe_complete(result)


def describe_made(result: ImportResult) -> str:
    """Return how many stories, questions and guides a document became."""
    return ", ".join(_counts(result))


def _counts(result: ImportResult) -> Iterator[str]:
    topics = [topic for audience in result.audiences for topic in audience["topics"]]
    yield count(len(result.stories), "story", "stories")
    yield count(len(lists.merge_questions(result.questions)), "question")
    yield count(sum(len(topic["questions"]) for topic in topics), "question") + " to ask"
    yield count(len(result.guides), "guide")


def _describe_reading(result: ImportResult) -> Iterator[str]:
    """Yield which reading was taken, and which other one is close."""
    if result.stories and result.readings:
        best = result.readings[0]
        yield f"  Reading: {best.about} (--split {best.name})"
    if close := result.close_reading:
        stories = count(len(close.spans), "story", "stories")
        yield f"  not sure: {stories} if {close.about}; for those, --split {close.name}"


def _describe_complete(result: ImportResult) -> Iterator[str]:
    """Yield how many stories are complete, and the command that sets them ready."""
    complete = [story for story in result.stories if story.is_complete]
    if result.stories:
        all_of = count(len(result.stories), "story", "stories")
        yield f"  {len(complete)} of {all_of} have all four parts and no blanks"
    drafts = [story.ident for story in complete if not story.is_ready]
    if drafts:
        yield f"  All are drafts; to make these ready: {program.COMMAND} ready {' '.join(drafts)}"
