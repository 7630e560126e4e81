"""Search results: what Ask shows of what it finds, in files of a few results each.

A page that is asked for the first time fetches the index; the texts come with the results.
"""

import msgspec

from starbook.model import STAR, Kind, Section, Story
from starbook.pages import formatting, views
from starbook.pages.context import PageContext
from starbook.pages.story import bones

# So many results share a file: enough for a small handbook's to be few, few enough to come at once.
SHARD = 16
_LISTED_STORIES = 3
_HUES = {kind: kind[0] for kind in STAR}


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


def shard_count(context: PageContext) -> int:
    """Return how many files of results there are."""
    return -(-len(context.data.search_entries) // SHARD)


def result_rows(context: PageContext, number: int) -> bytes:
    """Return the results of one file as a JSON list."""
    start = number * SHARD
    hits = [_hit(context, *one) for one in context.data.search_entries[start : start + SHARD]]
    return b"[" + b",".join(map(msgspec.json.encode, hits)) + b"]"


def notes_on_stories(context: PageContext) -> dict[str, list[tuple[int, str]]]:
    """Return, for each story, how to tell it for questions, by their position in the index."""
    notes: dict[str, list[tuple[int, str]]] = {}
    first = len(context.data.story_ids)
    for position, ident in enumerate(context.data.question_ids, first):
        for link in context.data.chosen_for(ident):
            if link.note:
                notes.setdefault(link.id, []).append((position, link.note))
    return notes


def _hit(context: PageContext, kind: str, ident: str) -> views.View:
    if kind == "story":
        return _story(context, context.data.story(ident))
    if kind == "question":
        return OtherHit(_question(context, ident))
    if kind == "guide":
        return OtherHit(next(g.body.text for g in context.data.guides if g.id == ident))
    number = len(context.data.stories_of_topic(kind, ident))
    none = "no story yet" if context.private else ""
    return OtherHit(formatting.count(number, "story", "stories") if number else none)


def _topic_positions(context: PageContext) -> dict[tuple[str, str], int]:
    """Return the positions in the index of categories and principles, which stand last."""
    topics = [
        (kind, ident) for kind in ("category", "principle") for ident in context.data.topics(kind)
    ]
    first = len(context.data.search_entries) - len(topics)
    return {topic: position for position, topic in enumerate(topics, first)}


def _story(context: PageContext, story: Story) -> StoryHit:
    topics = _topic_positions(context)
    numbers = context.figures(story)
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
        draft=formatting.draft_label(story),
        notes=tuple(context.data.notes_on_story(story.id)),
    )


def _part(section: Section) -> tuple[str, str, str]:
    said = "\n".join(prose.text.strip() for prose in section.proses() if prose.text.strip())
    return _HUES.get(section.kind, ""), section.heading, said


def _question(context: PageContext, ident: str) -> str:
    """Return the stories to tell for a question, those that are ready first."""
    links = context.stories_to_tell(ident)
    stories = [context.data.summary(link.id) for link in links]
    titles = [story.title for story in sorted(stories, key=lambda story: not story.ready)]
    if not titles:
        return "no story yet" if context.private else ""
    more = f" and {len(titles) - _LISTED_STORIES} more" if len(titles) > _LISTED_STORIES else ""
    word = "tell" if links[0].chosen else "would fit"
    return f"{word}: {'; '.join(titles[:_LISTED_STORIES])}{more}"
