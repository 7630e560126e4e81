"""Plan of an import: what a document becomes, as texts by path, and how much of it is kept."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from typing import Any

import msgspec
import yaml

from starbook.importer import lists, marks, words
from starbook.importer.document import Document, Line, trim_lines
from starbook.importer.labels import parse_label, strip_decoration
from starbook.importer.spans import find_spans, introduces_questions_to_ask, parse_field
from starbook.importer.stories import KnownPrinciples, Story, build_story, parse_title
from starbook.text import names
from starbook.text.vocabulary import Vocabulary

_WORD = re.compile(r"\w+")
_LIST_NUMBER = re.compile(r"^[^\S\n]*\d{1,3}[.)]\s", re.MULTILINE)
_LINK = re.compile(
    r"(?P<picture>!?)\[(?P<text>[^\[\]]*)\]"
    r"\((?P<target>[^()\s]*)(?:\s+\"(?P<title>[^\"]*)\")?\)"
)
_LINK_DEFINITION = re.compile(r"^([^\S\n]*)\[(?=[^\[\]\n]+\]:\s*\S)", re.MULTILINE)
_EXTERNAL = ("http://", "https://", "mailto:", "tel:")
_BOLD = re.compile(r"\*\*[^*]+\*\*:?")
_FOR_AUDIENCE = re.compile(r"^For\s+(?:the\s+|your\s+)?", re.I)
_COUNT = re.compile(r"\s*\(\d+\s+\w+\)\s*$")
_EXAMPLES = re.compile(r"\s+(?:examples?|stories)$", re.I)
_QUESTIONS_COLUMN = re.compile(r"\bquestions?\b", re.I)
_NO_TOPIC = re.compile(
    r"\b(?:stor(?:y|ies)|examples?\s+skeletons?|skeletons?|questions?|prompts?|star|answers?|bank|historias"
    r"|geschichten|histoires|histórias|истории)\b|故事|エピソード|사례",
    re.I,
)


class Section(msgspec.Struct):
    """The lines below a heading that belong to no story; `above` are the headings above it."""

    name: str
    level: int
    above: tuple[str, ...]
    lines: list[Line]


class ImportResult(msgspec.Struct):
    """The files that a document becomes.

    `abouts` are texts on categories, by the key of the name, `guides` are texts by title,
    `comments` are numbers of lines, `unrecognised` are numbers and texts of lines, and
    `word_coverage` is the share of the words of the document that will be written, without those of
    comments.
    """

    name: str
    title: str
    stories: list[Story]
    questions: list[lists.QuestionEntry] = []
    audiences: list[dict[str, Any]] = []
    categories: list[str] = []
    principles: list[str] = []
    abouts: dict[str, str] = {}
    guides: dict[str, str] = {}
    comments: list[int] = []
    unrecognised: list[tuple[int, str]] = []
    word_coverage: float = 0.0


def import_document(document: Document, known: KnownPrinciples) -> ImportResult:
    """Return everything that a document holds."""
    lines = document.lines
    vocabulary = known.vocabulary
    spans = find_spans(lines, vocabulary)
    has_headings = any(line.role == "heading" for line in lines)
    stories = [build_story(lines, span, known, page_title=not has_headings) for span in spans]
    taken = {i for span in spans for i in range(span.begin, span.end)}
    if not has_headings:  # its title line speaks of the page too
        titles = (span.title for span in spans if span.title >= 0)
        taken -= {i for i in titles if lines[i].text.count(" - ") > 1}
    sections = _split_sections(lines, taken, vocabulary)
    top = (line.words for line in lines if line.role == "heading" and line.level == 1)
    title = _plain_title(next(top, document.name))
    result = ImportResult(document.name, title, stories)
    for section in sections:
        if vocabulary.categories_heading.fullmatch(section.name):
            _take_categories(result, section, vocabulary)
    _name_stories(result, lines, [span.begin for span in spans], known)
    _take_lists(result, sections, known)
    _gather_names(result)
    result.guides = _build_guides(document, sections, vocabulary)
    if len(sections) == 1:  # a document without headings
        left = (line for line in sections[0].lines if line.text and line.role != "comment")
        result.unrecognised = [(line.number, line.text) for line in left]
    _restore_comments(document, result)
    result.word_coverage = _measure_word_coverage(document, result, vocabulary)
    return result


def _split_sections(
    lines: Sequence[Line], taken: set[int], vocabulary: Vocabulary
) -> list[Section]:
    sections = [Section("", 0, (), [])]
    above: list[Line] = []
    left = (line for i, line in enumerate(lines) if i not in taken)
    for line in (_promote_heading(line, vocabulary) for line in left):
        if line.role == "heading":
            above = [heading for heading in above if heading.level < line.level]
            names_above = tuple(heading.words for heading in above)
            sections.append(Section(line.words, line.level, names_above, []))
            above.append(line)
        else:
            sections[-1].lines.append(line)
    return sections


def _promote_heading(line: Line, vocabulary: Vocabulary) -> Line:
    """Return a heading for a line that stands like one above questions, or is one in bold."""
    text = line.text.strip()
    bold = line.role == "text" and _BOLD.fullmatch(text)
    text = text.strip("*: ").strip('"“”')
    asks = text.endswith("?") or vocabulary.to_ask_heading.search(text) or text.startswith("For ")
    if introduces_questions_to_ask(line, vocabulary) or (bold and asks):
        return Line(line.number, text, "heading", 8 if text.startswith("For ") else 7)
    return line


def _name_stories(
    result: ImportResult, lines: Sequence[Line], begins: Sequence[int], known: KnownPrinciples
) -> None:
    """Give each story its title, its id, and the names from its title and the headings above."""
    titled = [story for story in result.stories if not story.question]
    matches = [(story, words.DASH_THEME_TITLE.fullmatch(story.title)) for story in titled]
    themed = [(story, match) for story, match in matches if match]
    for story, match in themed if len(themed) * 2 > len(titled) else []:
        story.title, theme = match["title"], match["theme"]
        parts = set(normalize_words(theme))  # a category may have more words
        full = (name for name in result.categories if parts <= set(normalize_words(name)))
        theme = next(full, theme) if parts else theme
        story.fields.setdefault("categories", []).insert(0, theme)
    first_heading = next((line.words for line in lines if line.role == "heading"), "")
    taken: set[str] = set()
    for story, begin in zip(result.stories, begins, strict=True):
        _add_topics(story, lines, begin, known)
        story.title = story.title or first_heading or result.name
        ident = story.ident or names.slug(story.title) or f"{names.slug(result.name)}-story"
        story.ident = names.unique(ident, taken)


def _add_topics(story: Story, lines: Sequence[Line], begin: int, known: KnownPrinciples) -> None:
    """Add the principle, category and level that the headings above a story name."""
    level = lines[begin].level if lines[begin].role == "heading" else 7
    nearest = True
    for line in reversed(lines[:begin]):
        if line.role != "heading" or line.level >= level:
            continue
        level = line.level
        name = _COUNT.sub("", line.words).strip()
        if (match := words.LEVEL.search(name)) and not story.fields.get("level"):
            story.fields["level"] = [match[0]]
        name = _EXAMPLES.sub("", name)
        no_topic = _NO_TOPIC.search(name) or known.vocabulary.method_heading.search(name)
        if known.find(name):
            story.add("principles", [name])
        elif nearest and level > 1 and not no_topic:
            story.add("categories", [name])
        nearest = False


def _take_lists(result: ImportResult, sections: Sequence[Section], known: KnownPrinciples) -> None:
    """Move questions and questions to ask from the stories and sections to the result."""
    reader = lists.ListReader(result.stories, known)
    for story in result.stories:
        choices = [(story, "")]
        if story.question:
            also = list(story.also)
            result.questions.append(_title_question(story, also=also, choices=choices))
        else:
            result.questions += [lists.QuestionEntry(q, choices=choices) for q in story.also]
    for section in sections:
        full_name = " / ".join((*section.above, section.name))
        asks = known.vocabulary.questions_heading.search(full_name)
        if known.vocabulary.to_ask_heading.search(full_name):
            _take_questions_to_ask(result, section, known.vocabulary)
        elif asks or any(reader.refers_to_story(line.words) for line in section.lines):
            _take_questions(result, section, reader)
        if section.level > 1 and (result.questions or asks):
            _take_heading_question(result, section, known)


def _title_question(story: Story, **fields: Any) -> lists.QuestionEntry:
    """Return the question that is the title of a story, with the names of the story."""
    fields |= {key: list(story.fields.get(key, [])) for key in ("categories", "principles")}
    return lists.QuestionEntry(story.question, **fields)


def _take_heading_question(result: ImportResult, section: Section, known: KnownPrinciples) -> None:
    """Move a question that is a heading without a story; the lines below it are its notes."""
    title = parse_title(section.name, known)
    if title.question and section.name.rstrip("*").strip()[-1:] in ("?", "？", ")", '"', "”"):
        result.questions.append(_title_question(title, notes=_join_lines(section.lines)))
        section.lines = []


def _take_categories(result: ImportResult, section: Section, vocabulary: Vocabulary) -> None:
    """Move the items of a list to the categories; what stands below one is about it."""
    items, rest = lists.split_items(section.lines, vocabulary)
    named = [(item[0].words.strip("*` "), item[1:]) for item in items]
    below = [line for _, lines in named for line in lines]
    if (
        not all(names.slug(name) and len(name.split()) <= 6 for name, _ in named)
        or any(line.role not in ("item", "text", "blank") for line in below)
        or len({names.key(name) for name, _ in named}) < len(named)
    ):
        return
    for name, lines in named:
        result.categories.append(name)
        about = "".join(
            f"{'; ' if line.role == 'item' else ' '}{line.words}" for line in lines if line.words
        )
        if about:
            result.abouts[names.key(name)] = about.strip("; ")
    section.lines = rest


def _take_questions_to_ask(result: ImportResult, section: Section, vocabulary: Vocabulary) -> None:
    items, rest = lists.split_items(section.lines, vocabulary)
    lines = [line for item in items for line in item]
    below = [line for line in lines if line.role in ("item", "text")]
    asked = [line for line in below if lists.is_question(line.words, vocabulary)]
    is_advice = vocabulary.advice_heading.search(section.name)
    if not asked or is_advice or len(asked) * 2 < len(below):
        return
    heading = next(filter(_FOR_AUDIENCE.match, reversed(section.above)), section.name)
    name = _FOR_AUDIENCE.sub("", heading).strip()
    topic = name if heading == section.name else section.name
    topics = lists.group_by_topic(lines, topic, vocabulary)
    audience = next((one for one in result.audiences if one["audience"] == name), None)
    if audience:
        audience["topics"] += topics
    else:
        result.audiences.append({"audience": name, "topics": topics})
    section.lines = rest


def _take_questions(result: ImportResult, section: Section, reader: lists.ListReader) -> None:
    vocabulary = reader.known.vocabulary
    entries, section.lines = reader.take_tables(section.lines)
    items, rest = lists.split_items(section.lines, vocabulary)
    asked = [
        item
        for item in items
        if lists.is_question(item[0].words, vocabulary) or reader.refers_to_story(item[0].words)
    ]
    if asked and len(asked) * 2 >= len(items):
        entries += [reader.parse_question(item) for item in asked]
        section.lines = [line for item in items if item not in asked for line in item] + rest
    for entry in entries:
        _add_heading_names(entry, section, reader.known)
    result.questions += entries


def _add_heading_names(
    entry: lists.QuestionEntry, section: Section, known: KnownPrinciples
) -> None:
    """Add the company, principle or category that the headings above a question name."""
    name = _COUNT.sub("", section.name)
    headings = (section.name, *reversed(section.above))
    company = next(filter(None, map(words.company_of_heading, headings)), "")
    if company:
        entry.companies.append(company)
    above = " ".join(section.above)
    if known.find(name):
        entry.principles.append(name)
    elif company or not known.vocabulary.questions_heading.search(above):
        return
    elif section.level == 2 and words.is_company_name(name):
        entry.companies.append(name)
    elif section.level > 2 and not known.vocabulary.questions_heading.search(name):
        entry.categories.append(name)


def _gather_names(result: ImportResult) -> None:
    """List each category and principle that a story or question names, once."""
    for kind in ("categories", "principles"):
        fields = [story.fields.get(kind, []) for story in result.stories]
        fields += [getattr(question, kind) for question in result.questions]
        unique: dict[str, str] = {}
        for name in filter(names.slug, chain(getattr(result, kind), *fields)):
            unique.setdefault(names.key(name), name)
        setattr(result, kind, list(unique.values()))


def _build_guides(
    document: Document, sections: Sequence[Section], vocabulary: Vocabulary
) -> dict[str, str]:
    """Return the text that is left, by title, split at the level where headings repeat.

    Headings without a text of their own are listed, unless their words stand elsewhere.
    """
    counts = Counter(section.level for section in sections if section.level)
    level = next((level for level in sorted(counts) if counts[level] > 1), 2)
    top = next((s.name for s in sections if s.level and s.level < level), "") or document.name
    front = document.front.strip()
    main: list[str] = [f"```yaml\n{front}\n```"] if front else []
    empty_headings: list[str] = []
    title = ""
    texts: dict[str, list[str]] = {}
    for section in sections:
        text = _join_lines(section.lines)
        if section.level and section.level <= level:
            title = section.name if section.level == level else ""
        if not text:
            empty_headings += [section.name] if section.name and section.name != top else []
        elif not title or vocabulary.contents_heading.fullmatch(section.name):
            main += [text] if section.name in ("", top) else [f"## {section.name}", text]
        elif section.level == level:
            texts.setdefault(title, []).append(text)
        else:
            heading = "##" if section.level == level + 1 else "###"
            texts.setdefault(title, []).extend([f"{heading} {section.name}", text])
    written = set(normalize_words(" ".join(main)))
    empty_headings = [name for name in empty_headings if name not in texts]
    listed = [name for name in empty_headings if not set(normalize_words(name)) <= written]
    if listed:
        main += ["## Contents", "\n".join(f"- {name}" for name in listed)]
    guides = {name: "\n\n".join(pieces) for name, pieces in texts.items()}
    if not main:
        return guides
    main += filter(None, [guides.pop(top, "")])  # a section may have the name of the document
    return {top: "\n\n".join(main)} | guides


def _restore_comments(document: Document, result: ImportResult) -> None:
    """Put comments in the place of their marks; those without a place go into a guide."""
    found = document.comments
    result.comments = [number for number, _ in found]
    texts = [story.body for story in result.stories] + list(result.guides.values())
    texts += [question.notes for question in result.questions]
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


def _join_lines(lines: Sequence[Line]) -> str:
    return "\n".join(line.text for line in trim_lines(lines))


def render_files(
    result: ImportResult, existing: Collection[tuple[str, str]] = ()
) -> dict[str, str]:
    """Return texts by path within the content folder, without the lists' keys in `existing`.

    A question that exists is written again if it has details, since equal questions merge.
    """
    stem = names.slug(result.name) or "imported"
    files = {story_path(story.ident): render_story(story) for story in result.stories}
    taken: set[str] = set()
    for name, text in result.guides.items():
        title = _plain_title(name)
        ident = names.unique(names.slug(title) or stem, taken)
        front = yaml.safe_dump({"title": title}, allow_unicode=True, width=10_000)
        files[f"guides/{ident}.md"] = f"---\n{front}---\n\n{strip_local_links(text)}\n"
    questions = [
        entry.to_mapping()
        for entry in _merge_questions(result.questions)
        if entry.has_details or ("questions", names.key(entry.question)) not in existing
    ]
    entries = {"questions": questions, "to-ask": result.audiences}
    for kind in ("categories", "principles"):
        abouts = result.abouts if kind == "categories" else {}
        entries[kind] = [
            {"name": name} | ({"about": about} if about else {})
            for name in getattr(result, kind)
            if (about := abouts.get(names.key(name), "")) or (kind, names.key(name)) not in existing
        ]
    deck = {"name": result.title, "stories": [story.ident for story in result.stories]}
    entries["decks"] = [deck] if result.stories else []
    for kind in filter(entries.get, entries):
        text = yaml.safe_dump(entries[kind], allow_unicode=True, sort_keys=False, width=100)
        files[f"{kind}/{stem}.yml"] = strip_local_links(text)
    return files


def story_path(ident: str) -> str:
    """Return the path of a story within the content folder."""
    return f"stories/{ident}.md"


def render_story(story: Story) -> str:
    """Return the text of the file of a story; its id is in the name of the file only."""
    return strip_local_links(story.to_markdown())


def _plain_title(name: str) -> str:
    plain = _LINK.sub(lambda link: link["text"], name)
    return plain.replace("**", "").replace("`", "").strip() or name


def _merge_questions(entries: Iterable[lists.QuestionEntry]) -> list[lists.QuestionEntry]:
    """Return one entry for each question, with what all entries of the question hold."""
    merged: dict[str, lists.QuestionEntry] = {}
    for entry in entries:
        first = merged.setdefault(names.key(entry.question), lists.QuestionEntry(entry.question))
        for key in ("also", "categories", "principles", "companies", "levels", "choices"):
            values = getattr(first, key)
            for value in getattr(entry, key):
                if value not in values:
                    values.append(value)
        first.notes = "\n\n".join(filter(None, [first.notes, entry.notes]))
    return list(merged.values())


def strip_local_links(text: str) -> str:
    """Replace links to files and headings, which no handbook has, with their words."""
    return _LINK.sub(_strip_local_link, _LINK_DEFINITION.sub(r"\1\\[", text))


def _strip_local_link(link: re.Match[str]) -> str:
    text, target, title = link["text"], link["target"], link["title"] or ""
    if target.lower().startswith(_EXTERNAL):
        return f"[{text or target}]({target}" + (f' "{title}")' if title else ")")
    behind = ", ".join(filter(None, ["" if target.startswith("#") else target, title]))
    return f"{text} ({behind})" if text and behind else text or behind


def _measure_word_coverage(
    document: Document, result: ImportResult, vocabulary: Vocabulary
) -> float:
    """Return the share of words that is written; list numbers and dropped labels do not count."""
    files = render_files(result)
    written = Counter(normalize_words(" ".join(f"{path} {text}" for path, text in files.items())))
    lines = "\n".join(line.text for line in document.lines)
    expected = Counter(normalize_words(f"{document.front}\n{lines}"))
    labels = set(normalize_words(" ".join(_label_texts(document, vocabulary))))
    for word in labels & expected.keys():
        expected[word] = min(expected[word], written[word])
    total = expected.total()
    return (expected & written).total() / total if total else 1.0


def normalize_words(text: str) -> list[str]:
    """Return the words of `text` in the form in which they are compared."""
    return _WORD.findall(unicodedata.normalize("NFKC", _LIST_NUMBER.sub("", text)).casefold())


def _label_texts(document: Document, vocabulary: Vocabulary) -> Iterable[str]:
    """Yield the texts that need not be written: labels, numbers, heads of tables."""
    answer = vocabulary.answer_heading
    for line in document.lines:
        text, name = line.words, strip_decoration(line.words).strip("* ")
        if label := parse_label(text, vocabulary):
            yield text.removesuffix(label.rest)
        elif field := parse_field(line, vocabulary):
            yield text.removesuffix(field[1])
        elif any((vocabulary.story_reference.match(text), answer.fullmatch(name.strip("*: ")))):
            yield text
        if numbered := words.NUMBERED_TITLE.fullmatch(name):  # "3. The mill"
            yield numbered["number"]
            name = numbered["title"].strip("* ")
        for form in (
            vocabulary.counted_title,
            vocabulary.word_title,
        ):  # "Story 3", "Q4", "Project:"
            if match := form.fullmatch(name):
                yield name.removesuffix(match["title"])
        if line.role == "table" and _QUESTIONS_COLUMN.search(line.text):
            yield line.text
