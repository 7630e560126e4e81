"""Plan of an import: what a document becomes, and where each of its lines goes."""

from collections.abc import Sequence

import msgspec

from starbook.importer import marks
from starbook.importer.account import FORMAT, Account
from starbook.importer.catalogue import CatalogueReader
from starbook.importer.document import Document
from starbook.importer.guides import build_guides
from starbook.importer.levels import find_levels
from starbook.importer.lines import join_lines, trim_lines
from starbook.importer.naming import StoryNamer
from starbook.importer.page import Page, make_page
from starbook.importer.properties import read_properties
from starbook.importer.readings import Span, read
from starbook.importer.result import ImportResult
from starbook.importer.rounds import find_interviews, find_new_themes
from starbook.importer.sections import plain_title, split_sections
from starbook.importer.sorting import find_weak_label, is_explanation, is_sample, is_weak
from starbook.importer.stories import Known, Story, build_story
from starbook.importer.told import find_told


def import_document(
    document: Document, known: Known, *, kind: str = "", rule: str = ""
) -> ImportResult:
    """Return everything that a document holds.

    `kind` says what the document is: stories, questions, to-ask or guide; `rule`, one of
    `readings.RULES`, says where its stories begin. Either may be "".
    """
    page = make_page(document.lines, known.vocabulary)
    headings = (page.lines[i] for i in page.borders)
    top = next((line.words for line in headings if line.level == 1), document.name)
    result = ImportResult(document.name, plain_title(top), document, Account(), page)
    found = read(page, rule) if kind in ("", "stories") else []
    result.readings = tuple(found)
    spans = found[0].spans if found else ()
    told = [span for span in spans if kind or _is_told(page, span, spans)]
    if kind in ("", "stories") and not rule:
        told = sorted([*told, *find_told(page, spans, known)], key=lambda span: span.begin)
    result.stories = [
        build_story(page, span, known, result.account, page_title=not page.has_headings)
        for span in told
    ]
    front = read_properties(result, known)
    weak = [] if kind else _attach_weak(result, spans, told)
    sections = split_sections(page, [*told, *weak])
    namer, catalogue = StoryNamer(result, known), CatalogueReader(result, known, kind)
    if kind in ("", "stories"):
        namer.take_named_stories(sections)
        catalogue.take_categories(sections)
    namer.name_stories([span.begin for span in told])
    if kind != "guide":
        catalogue.take_lists(sections)
    if not kind:
        topics = [*result.principles, *result.categories]
        result.interviews = find_interviews(sections, known, topics)
        result.principles += find_new_themes(result.interviews, known, topics)
        result.levels = find_levels(sections)
    build_guides(result, sections, front)
    if len(sections) == 1:  # a document without headings
        left = (line for line in sections[0].lines if line.text and line.role != "comment")
        result.unrecognised = [(line.number, line.text) for line in left]
    _restore_comments(result)
    return result


def _attach_weak(result: ImportResult, spans: Sequence[Span], told: Sequence[Span]) -> list[Span]:
    """Put weak answers into the story that answers the same question; return their lines."""
    page = result.page
    stories = {
        next(page.borders_above(span.labels[0][0]), -1): story
        for span, story in zip(told, result.stories, strict=False)
        if span.labels
    }
    taken: list[Span] = []
    for span in (span for span in spans if span not in told):
        label = find_weak_label(page, span)
        border = next(page.borders_above(label), -1) if label >= 0 else -1
        if border >= 0 and border in stories:
            _add_weak_answer(result, stories[border], label, span.end)
            taken.append(Span(-1, label, span.end, ()))
    return taken


def _add_weak_answer(result: ImportResult, story: Story, label: int, end: int) -> None:
    """Add the lines below a label to a story, as a section; headings in them become bold."""
    page, name = result.page, result.page.labels[label].heading
    below = page.lines[label + 1 : end]
    kept = [line for line in below if not page.is_answer_heading(line)]
    bold = [
        msgspec.structs.replace(line, text=f"**{line.words}**") if line.role == "heading" else line
        for line in kept
    ]
    story.body += f"\n\n## {name}\n\n{join_lines(trim_lines(bold))}"
    result.account.put([page.lines[label], *kept], story.owner, name)
    result.account.put(below, FORMAT)


def _is_told(page: Page, span: Span, spans: Sequence[Span]) -> bool:
    others = is_weak(page, span) or is_sample(page, span, spans)
    return not (others or is_explanation(page, span, spans))


def _restore_comments(result: ImportResult) -> None:
    """Put comments in the place of their marks; those without a place go into a guide."""
    found = result.document.comments
    texts = [story.body for story in result.stories]
    texts += [question.notes for question in result.questions]
    texts += result.guides.values()
    placed = {index for text in texts for index in marks.find(text)}
    left = [marks.make(index) for index in range(len(found)) if index not in placed]
    if left:
        title = next(iter(result.guides), f"Comments of {result.title}")
        result.guides[title] = "\n\n".join(filter(None, [result.guides.get(title, ""), *left]))
    for story in result.stories:
        story.body = marks.restore(story.body, found)
    for question in result.questions:
        question.notes = marks.restore(question.notes, found)
    result.guides = {name: marks.restore(text, found) for name, text in result.guides.items()}
    result.comments = [number for number, _ in found]
