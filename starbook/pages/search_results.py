"""Search results: the texts that Ask shows of what it finds, in files of a few results each.

The search index is fetched with the first search; these files are fetched with the results.
"""

import msgspec

from starbook.model import STAR, Item, Kind, Story
from starbook.pages import views
from starbook.pages.context import PageContext
from starbook.pages.story import bones
from starbook.search.fields import months

# Results in one file: a small handbook has few files, and each is loaded quickly.
SHARD = 16
_MAX_STORIES = 3
_HUES = {kind: kind[0] for kind in STAR}


class StoryHit(views.View, frozen=True, array_like=True):
    """A story that was found; the fields stand in the order in which search-results.js reads them.

    `chips` are positions of topics in the index, `parts` are sections: hue, heading, text. `bones`
    are the four letters: hue, name, sentence, and whether it is a placeholder. `notes` are those on
    telling the story, each with the position of its question in the index. `found` are numbers
    found in the text, each with the words before and after it. `angles` have the position of what
    they are for in the index, or -1, its name, and labelled lines. `tags` end with the company and
    the date. `more` is what is searched for a phrase and not shown.
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
    found: tuple[tuple[str, str, str], ...]
    angles: tuple[tuple[int, str, tuple[tuple[str, str], ...]], ...]
    more: str


def shard_count(context: PageContext) -> int:
    """Return the number of files with results."""
    return -(-len(context.data.search_entries) // SHARD)


def result_rows(context: PageContext, number: int) -> bytes:
    """Return the results of one file as a JSON list."""
    start = number * SHARD
    entries = context.data.search_entries[start : start + SHARD]
    return msgspec.json.encode([_hit(context, kind, ident) for kind, ident in entries])


def notes_on_stories(context: PageContext) -> dict[str, list[tuple[int, str]]]:
    """Return the notes on telling each story, with the positions of the questions in the index."""
    notes: dict[str, list[tuple[int, str]]] = {}
    positions = context.data.search_positions
    for ident in context.data.question_ids:
        for link in context.data.chosen_for(ident):
            if link.note:
                place = positions[f"question/{ident}"]
                notes.setdefault(link.id, []).append((place, link.note))
    return notes


def _hit(context: PageContext, kind: str, ident: str) -> StoryHit | tuple[str, ...]:
    """Return a story that was found; or for another kind, the text below its name.

    A question has its prepared answer as well.
    """
    if kind == "story":
        return _story_hit(context, context.data.story(ident))
    if kind == "question":
        answer = context.data.question(ident).answer
        text = _question_text(context, ident)
        return (text, answer.body.text.strip()) if answer else (text,)
    if kind == "guide":
        return (next(g.body.text for g in context.data.guides if g.id == ident),)
    number = len(context.data.stories_of_topic(kind, ident))
    none = context.t("topic.no_story") if context.private else ""
    return (context.t("count.stories", count=number) if number else none,)


def _story_hit(context: PageContext, story: Story) -> StoryHit:
    positions = context.data.search_positions
    topics = [f"category/{ref.to}" for ref in story.categories]
    topics += [f"principle/{ref.to}" for ref in story.principles]
    parts, more = [], [story.opening.text]
    for section in story.sections:
        if section.kind is not Kind.WEAK:
            proses = section.proses() if section.kind is not Kind.ANGLES else (section.body,)
            text = "\n".join(filter(None, (prose.text.strip() for prose in proses)))
            if text or section.kind is not Kind.ANGLES:
                parts.append((_HUES.get(section.kind, ""), context.heading(section), text))
        else:  # a weak answer is not quoted
            more += [prose.text for prose in section.proses()]
    numbers = context.numbers(story)
    return StoryHit(
        headline=story.headline,
        figures=tuple((f.value, f.before, f.unit, f.label) for f in numbers.figures),
        chips=tuple(positions[topic] for topic in topics if topic in positions),
        tags=(*story.tags, *filter(None, (story.company, *months(story.date)))),
        parts=tuple(parts),
        cue=story.cue,
        bones=tuple(
            (bone.letter.hue, bone.letter.name, bone.text, bone.hole)
            for bone in bones(context, story, STAR)
        ),
        draft=context.status_label(story),
        notes=tuple(context.data.notes_on_story(story.id)),
        found=tuple((f.before, f.number, f.after) for f in numbers.found),
        angles=tuple(_angle(context, item) for item in story.angles),
        more="\n".join(filter(None, map(str.strip, more))),
    )


def _angle(context: PageContext, item: Item) -> tuple[int, str, tuple[tuple[str, str], ...]]:
    address = item.ref.to if item.ref else ""
    place = context.data.search_positions.get(address, -1)
    texts = [("", item.body.text), *((field.label, field.body.text) for field in item.fields)]
    lines = tuple((label, " ".join(text.split())) for label, text in texts if text.strip())
    return place, context.listener(address, "").text or item.title.text.strip(), lines


def _question_text(context: PageContext, ident: str) -> str:
    """Return the titles of the stories to tell for a question, those that are ready first."""
    links = context.stories_to_tell(ident)
    stories = [context.data.summary(link.id) for link in links]
    titles = [
        story.title for story in sorted(stories, key=lambda one: (one.resting, not one.ready))
    ]
    if not titles:
        question = context.data.question(ident)
        is_open = context.private and not question.answer
        return context.open_state(question)[1] if is_open else ""
    shown = "; ".join(titles[:_MAX_STORIES])
    if len(titles) > _MAX_STORIES:
        shown += f" {context.t('list.and_more', count=len(titles) - _MAX_STORIES)}"
    return context.t("ask.tell" if links[0].chosen else "ask.would_fit", names=shown)
