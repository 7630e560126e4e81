"""What Ask shows of what it finds: the index, and the texts of results in files of a few each.

A page that is asked for the first time fetches the index; the texts come with the results.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from starbook import urls
from starbook.build.memory import Memory
from starbook.build.past import Past, digest, mark_of
from starbook.build.stored import Data
from starbook.model import STAR, Kind, Question, Section, Story
from starbook.pages import context, views
from starbook.pages.context import Desk
from starbook.pages.story import bones
from starbook.search import export, scoring

# So many results share a file: enough for a small handbook's to be few, few enough to come at once.
SHARD = 16
_PICKED = 3
_HUES = {kind: kind[0] for kind in STAR}


# A story, and how to tell it for questions by their places.
_Told = tuple[Story, tuple[tuple[int, str], ...]]


class StoryHit(views.View, frozen=True, array_like=True):
    """What a found story shows, in the order in which hits.js takes it.

    `parts` are its sections: hue, heading, text; `bones` the four letters in a sentence each: hue,
    name, text, and whether it is to be written; `notes` how to tell it, by the place of a question.
    """

    headline: str
    figures: tuple[tuple[str, str, str, str], ...]
    chips: tuple[int, ...]
    tags: tuple[str, ...]
    parts: tuple[tuple[str, str, str], ...]
    cue: tuple[str, ...]
    bones: tuple[tuple[str, str, str, bool], ...]
    draft: str
    notes: tuple[tuple[int, str], ...]


class OtherHit(views.View, frozen=True, array_like=True):
    """What anything else shows below its name."""

    text: str


def files(
    at: Desk, index: scoring.Index, memory: Memory | None = None, past: Past | None = None
) -> dict[str, Data]:
    """The index and the texts, by their paths.

    With the `memory` of the last time, or the `past` of another process, sooner.
    """
    memory, past = memory or Memory(), past or Past()
    topics = memory.same("topics", _topics(at, index))
    things: list[_Told | bytes] = [*_stories(at, index), *map(msgspec.json.encode, _others(at))]
    shards = {
        number: (number, tuple(things[first : first + SHARD]), topics)
        for number, first in enumerate(range(0, len(things), SHARD))
    }
    texts = memory.all("texts", shards, lambda new: [_texts(at, *shard, past) for shard in new])
    found = {urls.search_texts(number): text.data for number, text in enumerate(texts)}
    marks = [text.mark for text in texts]
    text = export.text(index, marks, SHARD, at.private, memory=memory, past=past)
    return {urls.SEARCH_INDEX: text, **found}


class _Texts(NamedTuple):
    """A file of rows, and its mark."""

    data: Data
    mark: str


def _texts(
    at: Desk,
    number: int,
    things: tuple[_Told | bytes, ...],
    topics: Mapping[tuple[str, str], int],
    past: Past,
) -> _Texts:
    """The rows of some things; those of the last build, where it left the same."""
    path = urls.search_texts(number)
    ground = _ground(things, topics, past)
    known: tuple[str, bytes] | None = past.find(path, ground, tuple[str, bytes])
    if known and (left := past.left(path, known[1])):
        return _Texts(left, known[0])
    rows = [
        thing if isinstance(thing, bytes) else msgspec.json.encode(_story(at, *thing, topics))
        for thing in things
    ]
    said = b"[" + b",".join(rows) + b"]"
    mark = export.mark(said)
    text = export.script("texts", number, mark, msgspec.Raw(said))
    past.keep(path, ground, (mark, mark_of(text.encode())))
    return _Texts(text, mark)


def _ground(
    things: Iterable[_Told | bytes], topics: Mapping[tuple[str, str], int], past: Past
) -> bytes:
    """All that the texts of some things are made from."""
    if not past.kept:
        return b""
    of = [it if isinstance(it, bytes) else (past.mark(it[0]), it[1]) for it in things]
    return digest((of, list(topics.items())))


def _topics(at: Desk, index: scoring.Index) -> dict[tuple[str, str], int]:
    """The places of categories and principles."""
    book = at.handbook
    shelves = ("category", book.categories), ("principle", book.principles)
    return {
        (kind, topic.id): number
        for kind, topics in shelves
        for number, topic in enumerate(topics, index.first(kind))
    }


def _stories(at: Desk, index: scoring.Index) -> Iterator[_Told]:
    """All stories, in the order of the index."""
    notes = _notes(at, index.first("question"))
    return ((story, tuple(notes.get(story.id, ()))) for story in at.handbook.stories)


def _others(at: Desk) -> Iterator[views.View]:
    """A row for each other thing of the index, in its order."""
    for question in at.handbook.questions:
        yield OtherHit(_question(at, question))
    for guide in at.handbook.guides:
        yield OtherHit(guide.body.text)
    for shelf in (at.categories, at.principles):
        for topic in shelf:
            number = len(shelf.stories[topic.id])
            none = "no story yet" if at.private else ""
            yield OtherHit(context.count(number, "story", "stories") if number else none)


def _notes(at: Desk, first: int) -> dict[str, list[tuple[int, str]]]:
    """How to tell a story for a question, by the story."""
    notes: dict[str, list[tuple[int, str]]] = {}
    for place, question in enumerate(at.handbook.questions, first):
        for tie in at.links.chosen_for(question.id):
            if tie.note:
                notes.setdefault(tie.id, []).append((place, tie.note))
    return notes


def _story(
    at: Desk,
    story: Story,
    notes: tuple[tuple[int, str], ...],
    topics: Mapping[tuple[str, str], int],
) -> StoryHit:
    numbers = at.figures(story)
    refs = [("category", ref.to) for ref in story.categories]
    refs += [("principle", ref.to) for ref in story.principles]
    return StoryHit(
        headline=story.headline,
        figures=tuple((one.value, one.before, one.unit, one.label) for one in numbers),
        chips=tuple(topics[ref] for ref in refs if ref in topics),
        tags=story.tags,
        parts=tuple(_part(section) for section in story.sections if section.kind is not Kind.WEAK),
        cue=story.cue,
        bones=tuple(
            (bone.letter.hue, bone.letter.name, bone.text, bone.hole) for bone in bones(story, STAR)
        ),
        draft=context.draft_label(story),
        notes=notes,
    )


def _part(section: Section) -> tuple[str, str, str]:
    said = "\n".join(prose.text.strip() for prose in section.proses() if prose.text.strip())
    return _HUES.get(section.kind, ""), section.heading, said


def _question(at: Desk, question: Question) -> str:
    """The stories to tell for it, those that are ready first."""
    told = at.links.first_for(question.id)
    titles = [
        at.stories[tie.id].title
        for tie in sorted(told, key=lambda tie: not at.stories[tie.id].ready)
    ]
    if not titles:
        return "no story yet" if at.private else ""
    more = f" and {len(titles) - _PICKED} more" if len(titles) > _PICKED else ""
    word = "tell" if told[0].chosen else "would fit"
    return f"{word}: {'; '.join(titles[:_PICKED])}{more}"
