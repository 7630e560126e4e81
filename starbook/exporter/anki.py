"""Notes for Anki: a text file that its importer reads, with an id for each note.

A note that is imported again is updated by that id, and never doubled.
Format: https://docs.ankiweb.net/importing/text-files.html
"""

import html
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from itertools import islice

import msgspec

from starbook.content import metrics
from starbook.links import CrossLink
from starbook.model import Figure, Handbook, Item, Kind, Story
from starbook.text import names, sentences

# What every such file begins with.
MARK = "#separator:tab\n#html:true\n#guid column:1\n"
_KEY_WORDS = 9
_MOST_STORIES = 3

LinksOf = Callable[[str], Sequence[CrossLink]]


class Note(msgspec.Struct, frozen=True):
    """A note: an id that stays, its two sides as HTML, and its tags."""

    guid: str
    front: str
    back: str
    tags: tuple[str, ...]


def notes(handbook: Handbook, links_of: LinksOf) -> Iterator[Note]:
    """Yield a note for each question with a story, each follow-up and each quiz question.

    `links_of` returns the stories to tell for a question, best first. Those that rest have none.
    """
    awake = (story for story in handbook.stories if not story.resting)
    stories = {story.id: metrics.with_found(story) for story in awake}
    for question in handbook.questions:
        links = (link for link in links_of(question.id) if link.id in stories)
        told = [stories[link.id] for link in islice(links, _MOST_STORIES)]
        if told:
            back = "<hr>".join(map(_recall, told))
            tags = tuple(ref.to for ref in question.categories if ref.to)
            guid = _guid(handbook, "question", question.id)
            yield Note(guid, html.escape(question.question), back, ("question", *tags))
    for story in stories.values():
        for kind, read in ((Kind.FOLLOW_UPS, _follow_up), (Kind.QUIZ, _quiz)):
            for item in (item for section in story.parts(kind) for item in section.items):
                front, back = read(story, item)
                if back:
                    guid = _guid(handbook, kind, story.id, names.key(item.title.text))
                    yield Note(guid, front, back, (str(kind), story.id))


def write(title: str, found: Sequence[Note]) -> str:
    """Return the file with these notes, for a deck with this title."""
    deck = " ".join(title.split())
    head = f"{MARK}#notetype:Basic\n#deck:{deck}\n#tags column:4\n"
    lines = (
        "\t".join((note.guid, note.front, note.back, " ".join(note.tags))) + "\n" for note in found
    )
    return head + "".join(lines)


def _guid(handbook: Handbook, *parts: str) -> str:
    """Return an id that another handbook does not have, and that new words do not change."""
    settings = handbook.settings
    whole = "\0".join((settings.id or settings.title, *parts))
    return blake2b(whole.encode(), digest_size=10).hexdigest()


def _recall(story: Story) -> str:
    """Return what brings a story back: its title, its numbers and its cue."""
    lines = [f"<b>{_line(story.title)}</b>"]
    numbers = [_figure(figure) for figure in story.figures]
    numbers += [found.text for found in metrics.found_in(story)] if not numbers else []
    cue = story.cue or tuple(_key_words(story))
    return "<br>".join([*lines, *map(_line, numbers), *(f"– {_line(words)}" for words in cue)])


def _key_words(story: Story) -> Iterator[str]:
    for kind in (Kind.SITUATION, Kind.TASK, Kind.ACTION, Kind.RESULT):
        for section in story.parts(kind)[:1]:
            if not section.holes and (lines := sentences.split(section.body.text)):
                yield sentences.shorten(lines[0], _KEY_WORDS)


def _figure(figure: Figure) -> str:
    value = f"{figure.before} → {figure.value}" if figure.before else figure.value
    number = f"{value} {figure.unit}".strip()
    return f"{number}: {figure.label}" if figure.label else number


def _follow_up(story: Story, item: Item) -> tuple[str, str]:
    fields = {field.name: field.body.text for field in item.fields}
    answer = fields.get("strong") or item.body.text
    sides = [_text(answer), *(f"<b>{_text(line)}</b>" for line in [fields.get("key line")] if line)]
    return f"<i>{_line(story.title)}</i><br>{_line(item.title.text)}", "<br>".join(
        filter(None, sides)
    )


def _quiz(story: Story, item: Item) -> tuple[str, str]:
    choices = "".join(f"<li>{_text(choice.text.text)}</li>" for choice in item.choices)
    listed = f"<ul>{choices}</ul>" if choices else ""
    right = [f"<b>{_text(choice.text.text)}</b>" for choice in item.choices if choice.right]
    texts = (item.body.text, *(f"{field.label}: {field.body.text}" for field in item.fields))
    back = "<br>".join([*right, *filter(None, map(_text, texts))])
    return f"<i>{_line(story.title)}</i><br>{_line(item.title.text)}{listed}", back


def _line(text: str) -> str:
    """Return a text as HTML on one line, since a tab or a line break would end the field."""
    return html.escape(" ".join(text.split()))


def _text(text: str) -> str:
    return "<br>".join(filter(None, map(_line, text.splitlines())))
