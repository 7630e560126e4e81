"""Mentions: public content that refers to a private story or interview by its id or file name.

Titles and numbers are what the search for leaks in finished files looks for.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

import msgspec
from msgspec.structs import replace

from starbook.content.rewriter import leaves
from starbook.editions.spelling import decode, fold
from starbook.editions.terms import GAP
from starbook.model import Handbook, Prose, Question, Story
from starbook.text.names import slug, stem

_WORD = re.compile(r"[^\W_]+")
_ATTRIBUTE = re.compile(r'\s(?:href|title)="([^"]+)"')
# What stands before the name of a story in a path or link.
_ADDRESS_START = re.compile(r"(?:(?<![\w-])stories/(?:[\w.-]+/)*|\[\[(?:[^\[\]|#]{0,60}/)?)\Z")
_ADDRESS_ENDS = (".md", ".html")
_JOINED = re.compile(r"[-_]+")
_JOINED_WORDS = re.compile(r"[^\W_]+(?:[-_]+[^\W_]+)+")
_SPACED = re.compile(r"[ \t\n\xa0]+")
# A part of a text that is enough to see such a beginning.
_NEAR = 90
# Words of two letters and numbers are side by side by chance.
_LONG, _PHRASE = 3, 3


class Mention(msgspec.Struct, frozen=True):
    """A reference in the content file `path` to a private story, by its id or file name.

    `is_address` is True for a path, a link or several joined words, which are no coincidence.
    `what` is "interview" for one of these; `story` is its file then.
    """

    path: str
    found: str
    kind: str
    story: str
    is_address: bool
    what: str = "story"


def content_texts(handbook: Handbook) -> Iterator[tuple[str, str]]:
    """Yield the path of each file of a handbook, and the texts of an entry in it without ids."""
    yield "handbook.yml", _text_of(handbook.settings)
    for name in ("stories", "guides", "questions", "categories", "principles", "audiences"):
        for entry in getattr(handbook, name):
            if isinstance(entry, Question) and entry.answer:
                yield entry.answer.path, _text_of(entry.answer)
                entry = replace(entry, answer=None)  # noqa: PLW2901
            yield entry.path, _text_of(entry)


def _text_of(entry: object) -> str:
    """Return the texts of an entry and the addresses in its prose, with gaps between them."""
    found = []
    for name, leaf in leaves(entry):
        if isinstance(leaf, Prose):
            markup = "".join(part for part in leaf.parts if isinstance(part, str))
            found += [leaf.text, *map(html.unescape, _ATTRIBUTE.findall(markup))]
        elif isinstance(leaf, str) and name not in ("id", "to"):
            found.append(leaf)
    return GAP.join(found)


def find_mentions(
    texts: Iterable[tuple[str, str]], private: Handbook, public: Handbook
) -> Iterator[Mention]:
    """Yield the references to private stories and interviews in texts of the public edition."""
    names, loops = _private_names(private, public), _joined_ids(private)
    for path, text in texts if names or loops else ():
        folded = fold(decode(text))
        yield from dict.fromkeys(
            (*_mentions_in(path, folded, names), *_loops_in(path, folded, loops))
        )


def _joined_ids(private: Handbook) -> dict[str, str]:
    """Return the files of interviews by their ids of several words; a company alone is no id."""
    return {
        _JOINED.sub("-", fold(one.id)): one.path
        for one in private.interviews
        if _JOINED.search(one.id) and one.id != slug(one.company)
    }


def _loops_in(path: str, folded: str, loops: Mapping[str, str]) -> Iterator[Mention]:
    for match in _JOINED_WORDS.finditer(folded) if loops else ():
        if loop := loops.get(_JOINED.sub("-", match[0])):
            yield Mention(path, match[0], "id", loop, True, "interview")


_Names = dict[str, list[tuple[tuple[str, ...], str, Story]]]


def _private_names(private: Handbook, public: Handbook) -> _Names:
    """Return the ids and file names of private stories by their first word."""
    lists = (public.stories, public.guides, public.questions, public.categories, public.principles)
    taken = {entry.id for entries in lists for entry in entries}
    paths = {story.path for story in public.stories}
    names: _Names = {}
    for story in private.stories:
        kinds = (
            {fold(stem(story.path)): "file name", fold(story.id): "id"}
            if story.path not in paths
            else {}
        )
        for name, kind in kinds.items():
            words = tuple(_WORD.findall(name))
            if words and name not in taken:
                names.setdefault(words[0], []).append((words, kind, story))
    return names


def _mentions_in(path: str, folded: str, names: _Names) -> Iterator[Mention]:
    words = list(_WORD.finditer(folded))
    for i, first in enumerate(words):
        for wanted, kind, story in names.get(first[0], ()):
            matches = words[i : i + len(wanted)]
            if tuple(match[0] for match in matches) == wanted:
                start, end = matches[0].start(), matches[-1].end()
                seps = [folded[a.end() : b.start()] for a, b in pairwise(matches)]
                if _is_address(folded, start, end, seps):
                    yield Mention(path, folded[start:end], kind, story.path, True)
                elif _is_phrase(wanted, seps) and not _says_title(words, story):
                    yield Mention(path, folded[start:end], kind, story.path, False)


def _is_address(folded: str, start: int, end: int, seps: list[str]) -> bool:
    """Return True for `stories/outage`, `outage.md`, `[[outage`, and for `night-outage`."""
    before, after = folded[max(0, start - _NEAR) : start], folded[end : end + 6]
    if re.search(r"[\w-]\Z", before) or re.match(r"[-_]*\w", after):
        return False  # a part of a longer name
    if _ADDRESS_START.search(before) or after.startswith(_ADDRESS_ENDS):
        return all(map(re.compile(r"[-_ ]").fullmatch, seps))
    return bool(seps) and all(map(_JOINED.fullmatch, seps))


def _is_phrase(words: tuple[str, ...], seps: list[str]) -> bool:
    is_telling = len(words) >= _PHRASE or all(len(word) >= _LONG for word in words)
    return len(words) > 1 and is_telling and all(map(_SPACED.fullmatch, seps))


def _says_title(words: list[re.Match[str]], story: Story) -> bool:
    """Return True if the words have the whole title, which is reported by itself."""
    title = " ".join(_WORD.findall(fold(story.title)))
    return f" {title} " in f" {' '.join(word[0] for word in words)} "
