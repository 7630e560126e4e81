"""The whole handbook as JSON: what docs/EXPORT.md describes, and nothing else."""

from collections.abc import Iterable
from typing import Any

import msgspec

from starbook.model import (
    Answer,
    Audience,
    Callout,
    Edition,
    Guide,
    Handbook,
    Item,
    PracticeRecord,
    Question,
    Ref,
    Section,
    Story,
    Topic,
)

VERSION = 1
# What every such file begins with.
MARK = '{\n  "starbook": "handbook",\n'


def write(handbook: Handbook, practice: tuple[PracticeRecord, ...]) -> str:
    """Return the file of a handbook, with what was practised if the handbook is the private one."""
    settings = handbook.settings
    whole: dict[str, Any] = {
        "starbook": "handbook",
        "version": VERSION,
        "edition": str(handbook.edition),
        "id": settings.id,
        "title": settings.title,
        "level": settings.level,
        "pace": settings.pace,
        "answer_lengths": [
            {
                "name": length.name,
                "seconds": length.seconds,
                "sections": {str(kind): seconds for kind, seconds in length.sections},
            }
            for length in settings.answer_lengths
        ],
        "stories": list(map(_story, handbook.stories)),
        "questions": list(map(_question, handbook.questions)),
        "categories": list(map(_topic, handbook.categories)),
        "principles": [{**_topic(topic), "set": topic.set} for topic in handbook.principles],
        "to_ask": list(map(_audience, handbook.audiences)),
        "guides": list(map(_guide, handbook.guides)),
        "decks": [{"name": deck.name, "stories": _ids(deck.stories)} for deck in handbook.decks],
        "synonyms": [list(words) for words in handbook.synonyms],
    }
    if handbook.edition is Edition.PRIVATE:
        whole["practice"] = [msgspec.to_builtins(record) for record in practice]
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode() + "\n"


def _ids(refs: Iterable[Ref]) -> list[str]:
    return [ref.to for ref in refs if ref.to]


def _story(story: Story) -> dict[str, Any]:
    return {
        "id": story.id,
        "title": story.title,
        "headline": story.headline,
        "categories": _ids(story.categories),
        "principles": _ids(story.principles),
        "questions": _ids(story.questions),
        "level": story.level,
        "tags": list(story.tags),
        "company": story.company,
        "date": story.date,
        "length": story.length.text if story.length else "",
        "status": "resting" if story.resting else str(story.status),
        "publish": story.publish,
        "metrics": [msgspec.to_builtins(figure) for figure in story.figures],
        "cue": list(story.cue),
        "patterns": list(story.patterns.ticked),
        "opening": story.opening.text,
        "sections": list(map(_section, story.sections)),
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "kind": str(section.kind),
        "heading": section.heading,
        "seconds": section.seconds,
        "text": section.body.text,
        "callouts": _callouts(section.notes),
        "entries": list(map(_entry, section.items)),
    }


def _entry(item: Item) -> dict[str, Any]:
    return {
        "title": item.title.text,
        "text": item.body.text,
        "fields": [{"label": field.label, "text": field.body.text} for field in item.fields],
        "choices": [{"text": choice.text.text, "right": choice.right} for choice in item.choices],
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "question": question.question,
        "also": list(question.also),
        "categories": _ids(question.categories),
        "principles": _ids(question.principles),
        "companies": list(question.companies),
        "levels": list(question.levels),
        "notes": question.notes.text,
        "needs": "answer" if question.needs_answer else "story",
        "answer": question.answer and _answer(question.answer),
        "stories": [
            {"story": choice.story.to, "note": choice.note}
            for choice in question.stories
            if choice.story.to
        ],
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "seconds": answer.seconds or None,
        "publish": answer.publish,
        "text": answer.body.text,
        "callouts": _callouts(answer.notes),
    }


def _callouts(notes: Iterable[Callout]) -> list[dict[str, str]]:
    return [{"kind": note.kind, "text": note.body.text} for note in notes]


def _topic(topic: Topic) -> dict[str, Any]:
    return {
        "id": topic.id,
        "name": topic.name,
        "aliases": list(topic.aliases),
        "about": topic.about,
        "tags": list(topic.tags),
        "asked_as": list(topic.asked_as),
    }


def _audience(audience: Audience) -> dict[str, Any]:
    topics = [{"topic": it.topic, "questions": list(it.questions)} for it in audience.topics]
    return {"audience": audience.audience, "topics": topics}


def _guide(guide: Guide) -> dict[str, Any]:
    return {"id": guide.id, "title": guide.title, "text": guide.body.text}
