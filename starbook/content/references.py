"""References: give every name in a handbook the id of what it names."""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from starbook import urls
from starbook.content.rewriter import Rewriter
from starbook.model import (
    Choice,
    Handbook,
    Interview,
    Kind,
    Level,
    Link,
    Prose,
    Question,
    Ref,
    Round,
    Section,
    Story,
    Telling,
    Topic,
)
from starbook.text import names


class NameIndex(NamedTuple):
    """From the names of a handbook to ids, by kind: all that a story can refer to.

    `listeners` are all that an angle can be for, and lead to addresses: `principle/ownership`.
    """

    categories: dict[str, str]
    principles: dict[str, str]
    questions: dict[str, str]
    lengths: dict[str, str]
    listeners: dict[str, str]


def index_names(handbook: Handbook) -> NameIndex:
    """Return the ids and addresses of all that a story can name."""
    categories = index_topics(handbook.categories)
    principles = index_topics(handbook.principles)
    questions = names.index((q.id, (q.question, *q.also)) for q in handbook.questions)
    named = companies(handbook.questions, handbook.principles)
    kinds = {
        "principle": principles,
        "category": categories,
        "question": questions,
        "company": names.index((ident, (name,)) for ident, name in named.items()),
    }
    return NameIndex(
        categories=categories,
        principles=principles,
        questions=questions,
        lengths=names.index((a.name, ()) for a in handbook.settings.answer_lengths),
        listeners=_addresses(kinds),
    )


def index_topics(topics: Iterable[Topic | Level]) -> dict[str, str]:
    """Return the ids of categories, principles or levels by their names and aliases."""
    return names.index((one.id, (one.name, *one.aliases)) for one in topics)


def companies(questions: Iterable[Question], principles: Iterable[Topic]) -> dict[str, str]:
    """Return the companies by id: those that ask questions, and those that have principles."""
    asking = (company for question in questions for company in question.companies)
    having = (principle.set for principle in principles)
    found: dict[str, str] = {}
    for name in (*asking, *having):
        found.setdefault(names.slug(name), name)
    return {ident: name for ident, name in found.items() if ident}


def _addresses(kinds: dict[str, dict[str, str]]) -> dict[str, str]:
    """Return the address of each name, and of each address; the first of two kinds wins."""
    found: dict[str, str] = {}
    addresses: dict[str, str] = {}
    for kind, ids in kinds.items():
        for name, ident in ids.items():
            address = f"{kind}/{ident}"
            found.setdefault(name, address)
            addresses[names.key(address)] = address
    return addresses | found


def resolve_story(story: Story, known: NameIndex) -> Story:
    """Return the story with the ids of its categories, principles, questions, length and angles."""
    return msgspec.structs.replace(
        story,
        categories=_resolve_all(story.categories, known.categories),
        principles=_resolve_all(story.principles, known.principles),
        questions=_resolve_all(story.questions, known.questions),
        length=names.resolve(story.length, known.lengths) if story.length else None,
        sections=tuple(_resolve_angles(one, known.listeners) for one in story.sections),
    )


def resolve_lists(handbook: Handbook, known: NameIndex) -> Handbook:
    """Return the handbook with the ids of what its questions and decks name."""
    stories = names.index((story.id, (story.title,)) for story in handbook.stories)
    endings = names.index(urls.deck_endings(handbook))
    answers = {names.key(card): card for card in endings.values() if card.startswith("answers")}
    printed = answers | deck_addresses(handbook, known) | stories
    replace = msgspec.structs.replace
    questions = tuple(
        replace(
            question,
            categories=_resolve_all(question.categories, known.categories),
            principles=_resolve_all(question.principles, known.principles),
            stories=tuple(
                Choice(names.resolve(c.story, stories), c.note) for c in question.stories
            ),
        )
        for question in handbook.questions
    )
    decks = tuple(
        replace(
            deck,
            stories=_resolve_all(deck.stories, printed),
            ends_with=_resolve_all(deck.ends_with, endings),
        )
        for deck in handbook.decks
    )
    places = _index_interviews(handbook, known)
    levels = index_topics(handbook.levels)
    return replace(
        handbook,
        questions=questions,
        decks=decks,
        levels=tuple(_resolve_level(one, levels, known.lengths) for one in handbook.levels),
        interviews=tuple(_resolve_interview(one, places, stories) for one in handbook.interviews),
        log=tuple(_resolve_telling(one, places, stories) for one in handbook.log),
    )


def _resolve_level(one: Level, levels: names.Names, lengths: names.Names) -> Level:
    return msgspec.structs.replace(
        one,
        next=one.next and names.resolve(one.next, levels),
        length=one.length and names.resolve(one.length, lengths),
    )


class InterviewNames(NamedTuple):
    """From the names in interviews and the log to ids; `themes` lead to addresses."""

    themes: dict[str, str]
    audiences: dict[str, str]
    sets: dict[str, str]
    lengths: dict[str, str]
    questions: dict[str, str]
    interviews: dict[str, str]


def _index_interviews(handbook: Handbook, known: NameIndex) -> InterviewNames:
    kinds = {
        "question": known.questions,
        "category": known.categories,
        "principle": known.principles,  # the last one wins: it is what a theme mostly is
    }
    themes = {name: f"{kind}/{to}" for kind, some in kinds.items() for name, to in some.items()}
    sets = dict.fromkeys(topic.set for topic in handbook.principles if topic.set)
    loops = ((one.id, (one.title, one.company)) for one in handbook.interviews)
    return InterviewNames(
        themes=themes,
        audiences=names.index((one.id, (one.audience,)) for one in handbook.audiences),
        sets=names.index((name, ()) for name in sets),
        lengths=known.lengths,
        questions=known.questions,
        interviews=names.index(loops),
    )


def _resolve_interview(one: Interview, known: InterviewNames, stories: names.Names) -> Interview:
    return msgspec.structs.replace(
        one,
        length=one.length and names.resolve(one.length, known.lengths),
        principles=one.principles and names.resolve(one.principles, known.sets),
        rounds=tuple(_resolve_round(each, known, stories) for each in one.rounds),
    )


def _resolve_round(one: Round, known: InterviewNames, stories: names.Names) -> Round:
    return msgspec.structs.replace(
        one,
        audience=one.audience and names.resolve(one.audience, known.audiences),
        themes=_resolve_all(one.themes, known.themes),
        avoid=_resolve_all(one.avoid, stories),
        fixed=_resolve_all(one.fixed, stories),
    )


def _resolve_telling(one: Telling, known: InterviewNames, stories: names.Names) -> Telling:
    return msgspec.structs.replace(
        one,
        interview=names.resolve(one.interview, known.interviews),
        question=one.question and names.resolve(one.question, known.questions),
        story=one.story and names.resolve(one.story, stories),
    )


def deck_addresses(handbook: Handbook, known: NameIndex) -> dict[str, str]:
    """Return the addresses of the sets that a deck may name: all that cards.html knows."""
    status = {name: f"status/{name}" for name in urls.STATUSES}
    levels = (f"level/{names.slug(story.level)}" for story in handbook.stories if story.level)
    lists = (ident for ident, _ in urls.deck_endings(handbook))
    addresses = (*status.values(), *known.listeners.values(), *levels, *lists)
    return status | {names.key(address): address for address in addresses}


def _resolve_all(refs: tuple[Ref, ...], known: names.Names) -> tuple[Ref, ...]:
    return tuple(names.resolve(ref, known) for ref in refs)


def _resolve_angles(section: Section, listeners: names.Names) -> Section:
    if section.kind is not Kind.ANGLES:
        return section
    replace = msgspec.structs.replace
    items = (
        replace(item, ref=names.resolve(item.ref, listeners)) if item.ref else item
        for item in section.items
    )
    return replace(section, items=tuple(items))


def without_words(story: Story) -> Story:
    """Return the story with what its words refer to alone: links, and the ids of its headings."""

    def links_and_ids(prose: Prose) -> Prose:
        ids = "".join(f' id="{ident}"' for ident in urls.ids_in(prose))
        links = [part for part in prose.parts if isinstance(part, Link)]
        return Prose((*links, ids) if ids else tuple(links))

    return Rewriter(prose=links_and_ids).rewrite(story)
