"""Fields: the searched texts of stories, questions, guides and topics, and their word counts."""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain

import msgspec

from starbook.model import Guide, Kind, Question, Story, Topic
from starbook.text import names, tokenizer

# The kinds of entries, in the order of the index.
KINDS = ("story", "question", "guide", "category", "principle")

# The weight of a word in each field.
_STORY: dict[str, float] = {
    **{"title": 7.0, "names": 6.0, "headline": 2.0, "company": 2.0, "cue": 1.5, "rest": 0.4},
    "date": 3.0,
    **{Kind.SITUATION: 2.0, Kind.TASK: 1.5, Kind.ACTION: 0.7, Kind.RESULT: 1.1},
    **{Kind.METRICS: 1.1, Kind.REFLECTION: 0.9},
}
_TOPIC = {"title": 7.0, "tags": 3.0, "asked_as": 3.0, "about": 1.0}
BOOSTS: dict[str, dict[str, float]] = {
    "story": _STORY,
    "question": {
        "title": 7.0,
        "also": 4.0,
        "names": 2.0,
        "company": 2.0,
        "notes": 0.7,
        "answer": 0.7,
    },
    "guide": {"title": 7.0, "headings": 3.0, "body": 1.0},
    "category": _TOPIC,
    "principle": _TOPIC,
}
_MONTH = len("2024-03")
# The field in which function words count: "Why do you want to leave?" has few others.
_WHOLE = "title"

Entry = Story | Question | Guide | Topic
_Fields = dict[str, list[str]]


class Topics:
    """The categories and principles of a handbook, as stories and questions refer to them."""

    def __init__(self, categories: Iterable[Topic], principles: Iterable[Topic]) -> None:
        self._topics = {
            (kind, topic.id): topic
            for kind, topics in (("category", categories), ("principle", principles))
            for topic in topics
        }
        self._numbers = {id(topic): number for number, topic in enumerate(self._topics.values())}
        self._by_tag: dict[str, list[Topic]] = {}
        for topic in self._topics.values():
            for tag in topic.tags:
                self._by_tag.setdefault(tag.casefold(), []).append(topic)

    def of(self, entry: Story | Question) -> list[Topic]:
        """Return the topics of a story or question, including those of a story's tags."""
        keys = [("category", ref.to) for ref in entry.categories]
        keys += [("principle", ref.to) for ref in entry.principles]
        topics = [self._topics[key] for key in keys if key in self._topics]
        for tag in entry.tags if isinstance(entry, Story) else ():
            topics += [t for t in self._by_tag.get(tag.casefold(), ()) if t not in topics]
        return topics

    def numbers(self, story: Story) -> list[int]:
        """Return the positions of a story's topics; categories stand before principles."""
        return [self._numbers[id(topic)] for topic in self.of(story)]


class CountedWords(msgspec.Struct, frozen=True, array_like=True):
    """The word counts of each field of an entry, in the order of the boosts of its kind.

    `packed` has the counts of each field by word, and the stem of each word in the order of their
    first occurrence. It stays encoded, as few entries are read again.
    """

    lengths: tuple[int, ...]
    packed: bytes

    @property
    def fields(self) -> tuple[list[dict[str, int]], list[str]]:
        """The word counts of each field, and the stems of the words."""
        return _unpack(self.packed)


_unpack = msgspec.msgpack.Decoder(tuple[list[dict[str, int]], list[str]]).decode


class WordSplitter:
    """A splitter of texts into the words of the search, without function words."""

    def __init__(self, function_words: Iterable[str]) -> None:
        skipped = fold_words(function_words)
        # The same chunks recur and are split once.
        self._split = lru_cache(maxsize=2**15)(
            lambda chunk: tuple(word for word in tokenizer.words(chunk) if word not in skipped)
        )

    def words(self, text: str, *, whole: bool = False) -> Iterator[str]:
        """Return the words of a text, including function words if `whole` is true."""
        split = tokenizer.words if whole else self._split
        return chain.from_iterable(map(split, tokenizer.chunks(text)))


def fold_words(words: Iterable[str]) -> set[str]:
    """Return words in the form in which they are compared, without apostrophes."""
    return {tokenizer.fold(word).replace("'", "") for word in words}


def count_words(kind: str, entry: Entry, topics: Topics, splitter: WordSplitter) -> CountedWords:
    """Return the word counts of each field of an entry."""
    texts = _fields(entry, topics)
    fields = [
        dict(Counter(splitter.words("\n".join(texts.get(name, ())), whole=name == _WHOLE)))
        for name in BOOSTS[kind]
    ]
    stems = [tokenizer.stem(word) for word in dict.fromkeys(chain.from_iterable(fields))]
    packed = msgspec.msgpack.encode((fields, stems))
    return CountedWords(tuple([sum(words.values()) for words in fields]), packed)


def _fields(entry: Entry, topics: Topics) -> _Fields:
    match entry:
        case Story():
            return _story_fields(entry, topics)
        case Question():
            return {
                "title": [entry.question],
                "also": list(entry.also),
                "names": [*_names(topics.of(entry)), *_own_id(entry.id, entry.question)],
                "company": list(entry.companies),
                "notes": [entry.notes.text],
                "answer": [prose.text for prose in entry.answer.proses()] if entry.answer else [],
            }
        case Guide():
            headings = [heading.text for heading in entry.headings]
            headings += _own_id(entry.id, entry.title)
            return {"title": [entry.title], "headings": headings, "body": [entry.body.text]}
        case Topic():
            return {
                "title": [entry.name, *entry.aliases, entry.set],
                "tags": [*entry.tags, *_own_id(entry.id, entry.name)],
                "asked_as": list(entry.asked_as),
                "about": [entry.about],
            }


def _story_fields(story: Story, topics: Topics) -> _Fields:
    fields: _Fields = {
        "title": [story.title, story.id.replace("-", "")],
        "names": [*story.tags, *_names(topics.of(story))],
        "headline": [story.headline],
        "cue": list(story.cue),
        "company": [story.company, story.level, *_told_to(story)],
        "date": months(story.date),
        "rest": [story.opening.text],
    }
    if story.figures:
        fields[Kind.METRICS] = [
            f"{one.before} {one.value}{one.unit} {one.label}" for one in story.figures
        ]
    for section in story.sections:
        body = fields.setdefault(section.kind if section.kind in _STORY else "rest", [])
        body.append(section.body.text)
        rest = fields["rest"]
        if section.kind not in _STORY and section.kind is not Kind.FOOTNOTES:
            rest.append(section.heading)
        rest += [prose.text for prose in section.proses() if prose is not section.body]
    return fields


def months(date: str) -> list[str]:
    """Return a date as it is searched: `2024-03-01` is found by `2024-03` as well."""
    return [date[:_MONTH], date] if len(date) > _MONTH else [date]


def _own_id(ident: str, name: str) -> list[str]:
    """Return an id that its author chose; one that is made of the name adds no word."""
    return [] if ident == names.slug(name) else [ident]


def _told_to(story: Story) -> Iterator[str]:
    """Yield the companies that a story has an angle for."""
    for item in story.angles:
        if item.ref and item.ref.to.startswith("company/"):
            yield item.title.text


def _names(topics: Iterable[Topic]) -> list[str]:
    return [name for topic in topics for name in (topic.name, *topic.aliases)]
