"""One document → the files of a handbook, and an account of every word of it."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import yaml

from starbook.importer import lists, marks, words
from starbook.importer.document import Document, Line
from starbook.importer.spans import announces, meta, spans
from starbook.importer.stories import Known, Story, story, title
from starbook.text import names

_WORD = re.compile(r"\w+")
_LIST_NUMBER = re.compile(r"^\s*\d{1,3}[.)]\s", re.MULTILINE)
_LINK = re.compile(
    r"(?P<picture>!?)\[(?P<text>[^\[\]]*)\]\((?P<target>[^()\s]*)(?:\s+\"[^\"]*\")?\)"
)
_DEFINED = re.compile(r"^(\s*)\[(?=[^\]]+\]:\s*\S)", re.MULTILINE)
_SAFE = ("http://", "https://", "mailto:", "tel:")
_BOLD = re.compile(r"\*\*[^*]+\*\*:?")
_FOR = re.compile(r"^For\s+(?:the\s+|your\s+)?", re.IGNORECASE)
_TOC = re.compile(r"(?:table of )?contents|index|toc", re.IGNORECASE)
_COUNT = re.compile(r"\s*\(\d+\s+\w+\)\s*$")
_NO_TOPIC = re.compile(
    r"\b(?:stor(?:y|ies)|examples?\s+skeletons?|skeletons?|questions?|prompts?|star|answers?|bank|historias"
    r"|geschichten|histoires|histórias|истории)\b|故事|エピソード|사례",
    re.IGNORECASE,
)


class Part(msgspec.Struct):
    """A heading with the lines of its own that no story takes, and the headings above it."""

    heading: Line | None
    above: tuple[Line, ...]
    lines: list[Line]
    level: int = 0

    @property
    def name(self) -> str:
        """The words of the heading."""
        return self.heading.words if self.heading else ""

    @property
    def chain(self) -> str:
        """The words of it and of all above it."""
        return " / ".join(line.words for line in (*self.above, *filter(None, [self.heading])))


class Imported(msgspec.Struct):
    """What a document becomes; `files` are texts by path within the content folder."""

    name: str
    title: str
    stories: list[Story]
    questions: list[lists.Asked]
    audiences: list[dict[str, Any]]
    categories: list[str]
    principles: list[str]
    guides: dict[str, str]
    unrecognised: list[tuple[int, str]]
    share: float = 0.0


def imported(document: Document, known: Known) -> Imported:
    """Everything that a document holds."""
    lines = document.lines
    found = spans(lines)
    made = [story(lines, span, known) for span in found]
    taken = {i for span in found for i in range(span.begin, span.end)}
    if not any(line.role == "heading" for line in lines):  # its title line speaks of the page too
        taken -= {
            span.head for span in found if span.head >= 0 and lines[span.head].text.count(" - ") > 1
        }
    parts = _parts(lines, taken)
    headings = (line.words for line in lines if line.role == "heading" and line.level == 1)
    title_ = _title_of(next(headings, document.name))
    result = Imported(document.name, title_, made, [], [], [], [], {}, [])
    for part in parts:
        if words.CATEGORIES.fullmatch(part.name):
            _categories(result, part)
    _name_stories(result, lines, [span.begin for span in found], known)
    _sort_parts(result, parts, known)
    _gather_names(result)
    _guides(result, document, parts)
    result.unrecognised = _unrecognised(parts)
    result.share = _share(document, result)
    return result


def _parts(lines: Sequence[Line], taken: set[int]) -> list[Part]:
    parts = [Part(None, (), [])]
    above: list[Line] = []
    for i, line in enumerate(lines):
        if i not in taken:
            line = _as_heading(line)  # noqa: PLW2901
        if line.role == "heading" and i not in taken:
            above = [one for one in above if one.level < line.level]
            parts.append(Part(line, tuple(above), [], line.level))
            above.append(line)
        elif i not in taken:
            parts[-1].lines.append(line)
    return parts


def _as_heading(line: Line) -> Line:
    """A bold line that asks, or announces questions, stands in the place of a heading."""
    said = line.text.strip()
    bold = line.role == "text" and _BOLD.fullmatch(said)
    words_ = said.strip("*: ").strip('"“”')
    asks = words_.endswith("?") or words.ASKS.search(words_) or words_.startswith("For ")
    if not announces(line) and not (bold and asks):
        return line
    level = 8 if words_.startswith("For ") else 7
    return Line(line.number, words_, "heading", level)


# Stories


def _name_stories(
    result: Imported, lines: Sequence[Line], begins: Sequence[int], known: Known
) -> None:
    dashed = [words.DASHED.fullmatch(told.title) for told in result.stories if not told.question]
    themes = len(list(filter(None, dashed))) * 2 > len(dashed)
    plain = next((line.words for line in lines if line.role == "heading"), "")
    taken: set[str] = set()
    for told, begin in zip(result.stories, begins, strict=True):
        split = words.DASHED.fullmatch(told.title) if themes and not told.question else None
        if split:
            theme = _listed(split["theme"], result.categories)
            told.fields.setdefault("categories", []).insert(0, theme)
            told.title = split["title"]
        _from_above(told, lines, begin, known)
        told.title = told.title or plain or result.name
        wanted = told.ident or names.slug(told.title) or f"{names.slug(result.name)}-story"
        told.ident = names.unique(wanted, taken)


def _listed(theme: str, categories: Iterable[str]) -> str:
    """The category of the document that a theme means: `Mentoring` is `Mentoring & Growth`."""
    said = set(counted(theme))
    return next((name for name in categories if said and said <= set(counted(name))), theme)


def _from_above(told: Story, lines: Sequence[Line], begin: int, known: Known) -> None:
    """The principle, category and level that the headings above a story name."""
    level = lines[begin].level if lines[begin].role == "heading" else 7
    nearest = True
    for i in range(begin - 1, -1, -1):
        line = lines[i]
        if line.role != "heading" or line.level >= level:
            continue
        level = line.level
        name = _COUNT.sub("", line.words).strip()
        if (found := words.LEVEL.search(name)) and not told.fields.get("level"):
            told.fields["level"] = [found[0]]
        bare = re.sub(r"\s+(?:examples?|stories)$", "", name, flags=re.IGNORECASE)
        if known.is_principle(bare):
            told.fields.setdefault("principles", []).append(bare)
        elif nearest and level > 1 and not _NO_TOPIC.search(bare) and not words.METHOD.search(bare):
            told.fields.setdefault("categories", []).append(bare)
        nearest = False


# Lists


def _sort_parts(result: Imported, parts: Sequence[Part], known: Known) -> None:
    """Questions, questions to ask and categories leave the parts that they stand in."""
    stories = lists.Stories(result.stories)
    for told in result.stories:
        if told.question:
            asked = lists.Asked(told.question, also=list(told.also), stories=[told.ident])
            asked.categories = list(told.fields.get("categories", []))
            asked.principles = list(told.fields.get("principles", []))
            result.questions.append(asked)
        else:
            result.questions += [lists.Asked(also, stories=[told.ident]) for also in told.also]
    for part in parts:
        if words.ASKS.search(part.chain):
            _audience(result, part)
        elif words.QUESTIONS.search(part.chain) or _maps(part, stories):
            _questions(result, part, stories, known)
        if part.level > 1 and (result.questions or words.QUESTIONS.search(part.chain)):
            _asked_as_heading(result, part, known)


def _asked_as_heading(result: Imported, part: Part, known: Known) -> None:
    """A question in the place of a heading, without a story: what stands below it are notes."""
    said = title(part.name, known)
    if said.question and part.name.rstrip("*").strip()[-1:] in ("?", "？", ")", '"', "”"):
        asked = lists.Asked(said.question, notes=_text(part.lines))
        asked.principles = list(said.principles)
        result.questions.append(asked)
        part.lines = []


def _maps(part: Part, stories: lists.Stories) -> bool:
    return any(lists.mapped(line.words, stories) for line in part.lines)


def _categories(result: Imported, part: Part) -> None:
    found, rest = lists.entries(part.lines)
    if found and all(len(entry.first.split()) <= 6 for entry in found):
        result.categories += [entry.first.strip("*` ") for entry in found]
        part.lines = rest


def _audience(result: Imported, part: Part) -> None:
    found, rest = lists.entries(part.lines)
    below = [line for entry in found for line in entry.lines if line.role in ("item", "text")]
    asked = [line for line in below if lists.is_question(line.words)]
    if not asked or words.AVOIDS.search(part.name) or len(asked) * 2 < len(below):
        return
    above = next((line.words for line in reversed(part.above) if _FOR.match(line.words)), part.name)
    audience = _FOR.sub("", above).strip()
    topic = audience if above == part.name else part.name
    topics = lists.topics([line for entry in found for line in entry.lines], topic)
    there = next((one for one in result.audiences if one["audience"] == audience), None)
    if there:
        there["topics"] += topics
    else:
        result.audiences.append({"audience": audience, "topics": topics})
    part.lines = rest


def _questions(result: Imported, part: Part, stories: lists.Stories, known: Known) -> None:
    tabled = lists.table_questions(part.lines, stories, known)
    if tabled:
        part.lines = [line for line in part.lines if line.role != "table"]
    found, rest = lists.entries(part.lines)
    asked = [
        entry
        for entry in found
        if lists.is_question(entry.first) or lists.mapped(entry.first, stories)
    ]
    if asked and len(asked) * 2 >= len(found):
        tabled += [lists.question(entry, stories, known) for entry in asked]
        part.lines = [line for entry in found if entry not in asked for line in entry.lines] + rest
    for one in tabled:
        _under(one, part, known)
    result.questions += tabled


def _under(asked: lists.Asked, part: Part, known: Known) -> None:
    """What the headings above a question say of it."""
    name = _COUNT.sub("", part.name)
    company = next(
        (
            said
            for line in (part.heading, *reversed(part.above))
            if line and (said := words.company(line.words))
        ),
        "",
    )
    if company:
        asked.companies.append(company)
    about = bool(words.QUESTIONS.search(" ".join(line.words for line in part.above)))
    if known.is_principle(name):
        asked.principles.append(name)
    elif part.level == 2 and about and not company and words.is_company(name):
        asked.companies.append(name)
    elif part.level > 2 and about and not words.QUESTIONS.search(name) and not company:
        asked.categories.append(name)


def _gather_names(result: Imported) -> None:
    """Categories and principles that are named, each once."""
    fields = [told.fields for told in result.stories]
    asked = [{"categories": q.categories, "principles": q.principles} for q in result.questions]
    for kind in ("categories", "principles"):
        listed = getattr(result, kind)
        named = [name for one in (*fields, *asked) for name in one.get(kind, [])]
        unique = {names.key(name): name for name in reversed([*listed, *named]) if names.slug(name)}
        ordered = dict.fromkeys(names.key(name) for name in [*listed, *named] if names.slug(name))
        setattr(result, kind, [unique[key] for key in ordered])


# Guides


def _guides(result: Imported, document: Document, parts: Sequence[Part]) -> None:
    """What is left, by the headings at which a reader would split it."""
    level = _split_level(parts)
    top = next((p.name for p in parts if p.level and p.level < level), "") or document.name
    front = document.front.strip()
    own: list[str] = [f"```yaml\n{front}\n```"] if front else []
    contents: list[str] = []
    group = ""
    texts: dict[str, list[str]] = {}
    for part in parts:
        text = _text(part.lines)
        if part.level == level:
            group = part.name
        elif part.level and part.level < level:
            group = ""
        heading = f"## {part.name}" if part.level == level + 1 else f"### {part.name}"
        if not text:
            contents += [part.name] if part.name and part.name != top else []
        elif not group or _TOC.fullmatch(part.name):
            own += [text] if part.name in ("", top) else [f"## {part.name}", text]
        else:
            texts.setdefault(group, []).extend([text] if part.level == level else [heading, text])
    for name, pieces in texts.items():
        result.guides[name] = "\n\n".join(pieces)
    said = set(counted(" ".join(own)))
    listed = [name for name in contents if name not in texts and not set(counted(name)) <= said]
    if listed:
        own += ["## Contents", "\n".join(f"- {name}" for name in listed)]
    if own:  # a section may have the name of the document itself
        whole = [*own, *filter(None, [result.guides.pop(top, "")])]
        result.guides = {top: "\n\n".join(whole)} | result.guides


def _unrecognised(parts: Sequence[Part]) -> list[tuple[int, str]]:
    """In a document without headings, the lines that nothing else takes."""
    if any(part.heading for part in parts):
        return []
    return [(line.number, line.text) for part in parts for line in part.lines if line.text]


def _split_level(parts: Sequence[Part]) -> int:
    counts = Counter(part.level for part in parts if part.level)
    return next((level for level in sorted(counts) if counts[level] > 1), 2)


def _text(lines: Sequence[Line]) -> str:
    kept = list(lines)
    while kept and kept[0].role in ("blank", "rule"):
        kept.pop(0)
    while kept and kept[-1].role in ("blank", "rule"):
        kept.pop()
    return "\n".join(line.text for line in kept)


# Files


def files(result: Imported, there: Mapping[str, set[str]] | None = None) -> dict[str, str]:
    """The files, by their paths within the content folder, without names that are `there` already.

    A question that is there is written again where it has something to add: equal ones merge.
    """
    stem = names.slug(result.name) or "imported"
    made = {f"stories/{told.ident}.md": plain_links(told.text()) for told in result.stories}
    taken: set[str] = set()
    for name, text in result.guides.items():
        ident = names.unique(names.slug(_title_of(name)) or stem, taken)
        front = yaml.safe_dump({"title": _title_of(name)}, allow_unicode=True, width=10_000)
        made[f"guides/{ident}.md"] = f"---\n{front}---\n\n{plain_links(text)}\n"
    there = there or {}
    merged = _merged(result.questions)
    asked = [
        q.entry()
        for q in merged
        if q.adds or names.key(q.question) not in there.get("questions", ())
    ]
    for kind, entries in (
        ("questions", asked),
        ("to-ask", result.audiences),
        ("categories", _named(result.categories, there.get("categories", set()))),
        ("principles", _named(result.principles, there.get("principles", set()))),
        ("decks", _deck(result)),
    ):
        if entries:
            text = yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=100)
            made[f"{kind}/{stem}.yml"] = plain_links(text)
    return made


def _deck(result: Imported) -> list[dict[str, object]]:
    """The stories of a document in its order, under its title."""
    return (
        [{"name": result.title, "stories": [told.ident for told in result.stories]}]
        if result.stories
        else []
    )


def _named(found: Iterable[str], there: set[str]) -> list[dict[str, object]]:
    return [{"name": name} for name in found if names.key(name) not in there]


def _title_of(name: str) -> str:
    plain = _LINK.sub(lambda link: link["text"], name)
    return plain.replace("**", "").replace("`", "").strip() or name


def _merged(questions: Sequence[lists.Asked]) -> list[lists.Asked]:
    """A question that a document asks twice, once."""
    found: dict[str, lists.Asked] = {}
    for asked in questions:
        first = found.setdefault(names.key(asked.question), asked)
        if first is not asked:
            for key in ("also", "categories", "principles", "companies", "levels", "stories"):
                listed = getattr(first, key)
                listed += [one for one in getattr(asked, key) if one not in listed]
            first.notes = "\n\n".join(filter(None, [first.notes, asked.notes]))
    for asked in found.values():
        for key in ("categories", "principles", "companies", "levels"):
            setattr(asked, key, list(dict.fromkeys(getattr(asked, key))))
    return list(found.values())


def plain_links(text: str) -> str:
    """Links to what is not in a handbook as words, so that none is dead."""
    text = _DEFINED.sub(r"\1\\[", text)
    return _LINK.sub(_plain_link, text)


def _plain_link(link: re.Match[str]) -> str:
    said, target = link["text"], link["target"]
    if target.lower().startswith(_SAFE):
        return f"[{said or target}]({target})"
    if target.startswith("#") or not target:
        return said
    return f"{said} ({target})" if said else target


# The account


def _share(document: Document, result: Imported) -> float:
    """How much of the words of a document is written, list numbers and labels apart."""
    wrote = Counter(counted(" ".join([*(f"{p} {t}" for p, t in files(result).items())])))
    had = Counter(counted(document.front + "\n" + "\n".join(line.text for line in document.lines)))
    labels = Counter(counted(" ".join(_labels(document))))
    had -= Counter(
        {word: max(0, count - wrote[word]) if word in labels else 0 for word, count in had.items()}
    )
    total = sum(had.values())
    return sum(min(count, wrote[word]) for word, count in had.items()) / total if total else 1.0


def counted(text: str) -> list[str]:
    """The words of a text as they are compared."""
    return _WORD.findall(unicodedata.normalize("NFKC", _LIST_NUMBER.sub("", text)).casefold())


def _labels(document: Document) -> Iterable[str]:
    for line in document.lines:
        mark, field = marks.read(line.words), meta(line)
        if mark:
            yield line.words.removesuffix(mark.rest)
        elif field:
            yield line.words.removesuffix(field[1])
        elif words.NOISE.fullmatch(marks.bare(line.words).strip("*: ")) or words.USE.match(
            line.words
        ):
            yield line.words
        yield from _counting(line.words)
        if line.role == "table" and re.search(r"\bquestions?\b", line.text, re.IGNORECASE):
            yield line.text


def _counting(text: str) -> Iterable[str]:
    """What numbers a story or question: `Story 3`, `Q4`, `Project:`."""
    said = marks.bare(text).strip("* ")
    numbered = words.NUMBERED.fullmatch(said)
    if numbered:
        yield numbered["number"]
        said = numbered["title"].strip("* ")
    for form in (words.COUNTED, words.NAMED):
        if counted_ := form.fullmatch(said):
            yield said.removesuffix(counted_["title"])
