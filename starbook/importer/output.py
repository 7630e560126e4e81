"""Output: the files that a document becomes, as texts by path, and the words that none holds."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec
import yaml

from starbook.content import front_matter
from starbook.content.checks import RESERVED_IDS
from starbook.importer import lists, words
from starbook.importer.account import normalize_words
from starbook.importer.document import CODE, Document
from starbook.importer.labels import join_initial
from starbook.importer.page import plain
from starbook.importer.result import ImportResult
from starbook.importer.sections import plain_title
from starbook.importer.stories import Story, split_bold
from starbook.text import names
from starbook.text.vocabulary import Vocabulary

_LINK = re.compile(
    r"(?P<picture>!?)\[(?P<text>[^\[\]]*)\]"
    r"\((?P<target>(?:[^()\s]|\([^()\s]*\))*)(?:\s+\"(?P<title>[^\"]*)\")?\)"
)
# Not of a picture, which is written so.
_WIKI_LINK = re.compile(r"(?<![!\\])\[\[(?=[^\[\]]+\]\])")
_LINK_DEFINITION = re.compile(r"^([^\S\n]*)\[(?=[^\[\]\n]+\]:\s*\S)", re.MULTILINE)
_EXTERNAL = ("http://", "https://", "mailto:", "tel:")


class Existing(msgspec.Struct, frozen=True):
    """The entries of a content folder that an import does not write again.

    `questions` are their wordings by `lists.question_key`, `names` the keys of the names of
    categories, principles and levels, and `ids` the ids of all four, each with its kind before it.
    """

    questions: Mapping[str, str] = {}
    names: Collection[tuple[str, str]] = ()
    ids: Collection[tuple[str, str]] = ()


def render_files(result: ImportResult, existing: Existing = Existing()) -> dict[str, str]:  # noqa: B008
    """Return texts by path within the content folder, without the entries that exist.

    A question that exists is written again if it has details, since equal questions merge.
    """
    stem = file_stem(result)
    files = {}
    for story in result.stories:
        story.owner.path = story_path(story.ident)
        files[story.owner.path] = render_story(story)
    taken = set(RESERVED_IDS)
    for name, text in result.guides.items():
        title = plain_title(name)
        path = f"guides/{names.unique(names.slug(title) or stem, taken)}.md"
        files[path] = f"{front_matter.dump({'title': title})}\n{strip_local_links(text)}\n"
    for number, interview in enumerate(result.interviews, 1):
        path = f"interviews/{stem}{f'-{number}' if number > 1 else ''}.yml"
        files[path] = strip_local_links(interview.to_yaml())
    entries = {"questions": _question_entries(result, existing), "to-ask": result.audiences}
    for kind in ("categories", "principles"):
        entries[kind] = _name_entries(result, kind, existing)
    deck = {"name": result.title, "stories": [story.ident for story in result.stories]}
    entries["decks"] = [deck] if result.stories else []
    new = (one for one in result.levels if ("levels", names.key(one.name)) not in existing.names)
    entries["levels"] = [level.to_mapping() for level in new]
    top = next((kind for kind in ("questions", "to-ask", "decks") if entries[kind]), "")
    for kind in filter(entries.get, entries):
        text = yaml.safe_dump(entries[kind], allow_unicode=True, sort_keys=False, width=100)
        # Headings of which all lines went to lists and stories have no other place.
        headings = dict.fromkeys(result.headings if kind == top else ())
        above = f"# {' / '.join(headings)}\n" if headings else ""
        files[f"{kind}/{stem}.yml"] = above + strip_local_links(text)
    return files


def _name_entries(result: ImportResult, kind: str, existing: Existing) -> list[dict[str, object]]:
    """Return the entries of categories or principles that the content folder lacks.

    Names that differ by a mark only, such as `Yes, and` and `Yes and`, have ids of their own.
    """
    entries = []
    taken = {*RESERVED_IDS, *(ident for other, ident in existing.ids if other == kind)}
    for name in getattr(result, kind):
        about = result.abouts.get(names.key(name), "") if kind == "categories" else ""
        exists = (kind, names.key(name)) in existing.names
        if exists and not about:
            continue
        slug = names.slug(name)
        ident = slug if exists else names.unique(slug, taken)
        values = {"name": name, "id": "" if ident == slug else ident, "about": about}
        entries.append({key: value for key, value in values.items() if value})
    return entries


def _question_entries(result: ImportResult, existing: Existing) -> list[dict[str, object]]:
    """Return the entries of questions, each with an id where its words give it no own one."""
    entries = []
    taken = {*RESERVED_IDS, *(ident for kind, ident in existing.ids if kind == "questions")}
    for entry in lists.merge_questions(result.questions):
        there = existing.questions.get(lists.question_key(entry.question), "")
        if there and not entry.has_details:
            continue
        entry.question = there or entry.question
        slug = names.slug(entry.question)
        ident = slug if there else names.unique(slug or "question", taken)
        if ident != slug:
            entry.ident = ident
        entries.append(entry.to_mapping())
    return entries


def file_stem(result: ImportResult) -> str:
    """Return the name of the files of lists that a document becomes, without the ending."""
    return names.unique(names.slug(result.name) or "imported", set(RESERVED_IDS))


def story_path(ident: str) -> str:
    """Return the path of a story within the content folder."""
    return f"stories/{ident}.md"


def render_story(story: Story) -> str:
    """Return the text of the file of a story; its id is in the name of the file only."""
    return strip_local_links(story.to_markdown())


def strip_local_links(text: str) -> str:
    """Replace links to files and headings, which no handbook has, with their words.

    Links by name were in code that is none any more, and stay as they were written.
    """
    pieces = CODE.split(_LINK.sub(_strip_local_link, _LINK_DEFINITION.sub(r"\1\\[", text)))
    pieces[::2] = (_WIKI_LINK.sub(r"\\\g<0>", piece) for piece in pieces[::2])
    return "".join(pieces)


def _strip_local_link(link: re.Match[str]) -> str:
    text, target, title = link["text"], link["target"], link["title"] or ""
    if target.lower().startswith(_EXTERNAL):
        return f"[{text or target}]({target}" + (f' "{title}")' if title else ")")
    behind = ", ".join(filter(None, ["" if target.startswith("#") else target, title]))
    return f"{text} ({behind})" if text and behind else text or behind


def find_missing_words(
    document: Document, result: ImportResult, files: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the words of a document that no file holds, in the order of the document.

    Words of lines that are format only, such as the head of a table or a label, do not count.
    """
    held = " ".join(f"{path} {text}" for path, text in files.items())
    written = Counter(_words(held))
    wanted = Counter(_words("\n".join(_counted_texts(document, result))))
    return tuple(word for word in wanted if not written[word])


def _counted_texts(document: Document, result: ImportResult) -> Iterator[str]:
    """Yield the texts that have to be written: all but letters that are labels, and numbers."""
    vocabulary = result.page.vocabulary
    asked = {place.number for place in result.places if "question" in (place.kind, place.part)}
    titles = {story.title for story in result.stories}
    format_only = {place.number for place in result.places if place.kind == "format"}
    yield from (_without_known_key(line, vocabulary) for line in document.front.splitlines())
    for line in document.lines:
        label, field = result.page.labels.get(line.index), result.page.fields.get(line.index)
        if line.number in format_only:
            continue
        if line.number in asked and lists.names_story(line.words, vocabulary):
            yield lists.without_references(line.words, vocabulary)
        elif label:
            name = join_initial(line.words.removesuffix(label.rest))
            yield " ".join(word for word in _words(name) if len(word) > 2)
            yield label.rest
        elif field:
            yield field[1]
        elif turn := result.page.turns.get(line.index):
            yield turn[1]
        else:
            text = line.words if line.role in ("heading", "item") else line.text
            text, behind = split_bold(text, vocabulary)
            text = f"{text} {behind[1]}" if behind else text
            if line.number in asked:
                text = vocabulary.question_label.sub("", text, count=1)
            series = words.SERIES_TITLE.fullmatch(plain(text))
            named = series and series["title"] in titles
            yield series["title"] if series and named else words.strip_count(text, vocabulary)


def _without_known_key(line: str, vocabulary: Vocabulary) -> str:
    """Return a line of front matter, without its key if that names a part or a field."""
    key, colon, value = line.partition(":")
    known = names.key(key) in vocabulary.kind_of or vocabulary.field_of_label(key)
    return value if colon and known else line


def _words(text: str) -> Sequence[str]:
    return [word for word in normalize_words(text) if word.strip("_")]
