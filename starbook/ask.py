"""What Ask shows of what it finds: the index, and the texts of results in files of a few each.

A page that is asked for the first time fetches the index; the texts come with the results.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import msgspec

from starbook import desk, index_file, places, search, views
from starbook.desk import Desk
from starbook.memory import Memory
from starbook.model import STAR, Kind, Question, Section, Story
from starbook.past import Past, digest
from starbook.story_page import bones

# So many results share a file: enough for a small handbook's to be few, few enough to come at once.
SHARD = 16
_PICKED = 3
_HUES = {kind: kind[0] for kind in STAR}


# A story, the places of topics, and how to tell it for questions by their places.
_Told = tuple[Story, Mapping[tuple[str, str], int], tuple[tuple[int, str], ...]]


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
    at: Desk, index: search.Index, memory: Memory | None = None, past: Past | None = None
) -> dict[str, str]:
    """The index and the texts, by their paths.

    With the `memory` of the last time, or the `past` of another process, sooner.
    """
    memory, past = memory or Memory(), past or Past()
    rows = [*_stories(at, index, memory, past), *map(msgspec.json.encode, _others(at))]
    shards = [tuple(rows[first : first + SHARD]) for first in range(0, len(rows), SHARD)]
    texts = [
        memory.kept(("texts", number), shard, partial(_texts, number, shard))
        for number, shard in enumerate(shards)
    ]
    marks = [mark for mark, _ in texts]
    found = {places.search_texts(number): text for number, (_, text) in enumerate(texts)}
    return {places.SEARCH_INDEX: index_file.text(index, marks, SHARD, at.private, memory), **found}


def _texts(number: int, rows: tuple[bytes, ...]) -> tuple[str, str]:
    """A file of rows, and its mark."""
    said = b"[" + b",".join(rows) + b"]"
    mark = index_file.mark(said)
    return mark, index_file.script("texts", number, mark, msgspec.Raw(said))


def _stories(at: Desk, index: search.Index, memory: Memory, past: Past) -> Sequence[bytes]:
    """A row for each story, in the order of the index."""
    topics = {
        ("category", topic.id): number
        for number, topic in enumerate(at.handbook.categories, index.first("category"))
    } | {
        ("principle", topic.id): number
        for number, topic in enumerate(at.handbook.principles, index.first("principle"))
    }
    topics = memory.same("topics", topics)
    notes = _notes(at, index.first("question"))
    mark = digest(list(topics.items())) if past.kept else b""

    def work(new: Sequence[_Told]) -> list[bytes]:
        return [msgspec.json.encode(_story(at, *one)) for one in new]

    def place(one: _Told) -> tuple[str, bytes]:
        story, _, notes = one
        return f"hit {story.id}", digest((past.mark(story), mark, notes))

    return memory.all(
        "stories",
        {
            story.id: (story, topics, tuple(notes.get(story.id, ())))
            for story in at.handbook.stories
        },
        lambda new: past.each(work, new, place, bytes),
    )


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
            yield OtherHit(desk.count(number, "story", "stories") if number else none)


def _notes(at: Desk, first: int) -> dict[str, list[tuple[int, str]]]:
    """How to tell a story for a question, by the story."""
    notes: dict[str, list[tuple[int, str]]] = {}
    for place, question in enumerate(at.handbook.questions, first):
        for tie in at.links.stories_of_question[question.id].chosen:
            if tie.note:
                notes.setdefault(tie.id, []).append((place, tie.note))
    return notes


def _story(
    at: Desk,
    story: Story,
    topics: Mapping[tuple[str, str], int],
    notes: tuple[tuple[int, str], ...],
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
        draft=desk.draft_label(story),
        notes=notes,
    )


def _part(section: Section) -> tuple[str, str, str]:
    said = "\n".join(prose.text.strip() for prose in section.proses() if prose.text.strip())
    return _HUES.get(section.kind, ""), section.heading, said


def _question(at: Desk, question: Question) -> str:
    """The stories to tell for it, those that are ready first."""
    ties = at.links.stories_of_question[question.id]
    told = ties.chosen or ties.found
    titles = [
        at.stories[tie.id].title
        for tie in sorted(told, key=lambda tie: not at.stories[tie.id].ready)
    ]
    if not titles:
        return "no story yet" if at.private else ""
    more = f" and {len(titles) - _PICKED} more" if len(titles) > _PICKED else ""
    word = "tell" if ties.chosen else "would fit"
    return f"{word}: {'; '.join(titles[:_PICKED])}{more}"
