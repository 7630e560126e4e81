"""What Ask finds, and in which order: an index whose work is done when the site is built.

For each word the index has the things that say it, and how much that counts: BM25F, where a word in
a title counts more than one in an Action. What is left to the page is to look up words and to add.
"""

import heapq
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from starbook import figures, tokens
from starbook.model import Figure, Guide, Handbook, Interview, Kind, Question, Ref, Story, Topic

# Found by trial, on questions in other words than the story's.
_K1 = 2.5
_LENGTH = 0.5  # how much a long field counts for less: 0 not at all, 1 in full

# Of each field, how much a word in it counts.
_STORY: dict[str, float] = {
    **{"title": 7.0, "names": 6.0, "headline": 2.0, "company": 2.0, "cue": 1.5, "rest": 0.4},
    **{Kind.SITUATION: 2.0, Kind.TASK: 1.5, Kind.ACTION: 0.7, Kind.RESULT: 1.1},
    **{Kind.METRICS: 1.1, Kind.REFLECTION: 0.9},
}
_QUESTION = {"title": 7.0, "also": 4.0, "names": 2.0, "company": 2.0, "notes": 0.7}
_TOPIC = {"title": 7.0, "tags": 3.0, "asked_as": 3.0, "about": 1.0}
_GUIDE = {"title": 7.0, "headings": 3.0, "body": 1.0}
# Where words that only join others are looked for: "Why do you want to leave?" has few else.
_WHOLE = "title"

# Impacts are kept in so many steps.
STEPS = 61

KINDS = ("story", "question", "guide", "category", "principle")

Fields = dict[str, list[str]]


class Posting(msgspec.Struct):
    """Where a word stands: the places of the things that say it, and how much it counts there."""

    places: list[int]
    impacts: list[int]


class Index(msgspec.Struct):
    """An index. `words` lead to stems, stems to postings.

    Things stand in the order of `KINDS`; behind them the wordings in which questions and topics are
    asked, each with the place of what it asks for. `under` are the topics of each story, `chosen`
    the stories of each question, by their places; `groups` are the person's own words that mean
    the same.
    """

    counts: tuple[int, ...]
    ids: list[str]
    titles: list[str]
    drafts: frozenset[int]
    wordings: list[tuple[int, str]]
    under: list[list[int]]
    chosen: list[list[int]]
    words: dict[str, str]
    postings: dict[str, Posting]
    groups: tuple[tuple[str, ...], ...]
    interview: Interview

    def first(self, kind: str) -> int:
        """The place of the first thing of a kind."""
        return sum(self.counts[: KINDS.index(kind)])


def build(handbook: Handbook, interview: Interview) -> Index:
    """The index of everything that an edition holds."""
    named = _Named(handbook)
    things = list(_things(handbook, named))
    counts = tuple(sum(thing.kind == kind for thing in things) for kind in KINDS)
    joining = _folded(interview.function_words)
    scorer = _Scorer(joining, max(counts))
    place = 0
    for kind, count in zip(KINDS, counts, strict=True):
        fields = [thing.fields for thing in things[place : place + count]]
        scorer.add(fields, _BOOSTS[kind], place)
        place += count
    wordings = list(_wordings(handbook))
    scorer.add_wordings([wording for _, wording in wordings], place)
    return Index(
        counts=counts,
        ids=[thing.id for thing in things],
        titles=[thing.title for thing in things],
        drafts=frozenset(i for i, story in enumerate(handbook.stories) if not story.ready),
        wordings=wordings,
        under=[named.places(story) for story in handbook.stories],
        chosen=_chosen(handbook),
        words=scorer.words,
        postings=scorer.postings,
        groups=tuple(_groups(handbook.synonyms, scorer.words, scorer.postings)),
        interview=interview,
    )


# What is found


class _Thing(msgspec.Struct):
    kind: str
    id: str
    title: str
    fields: Fields


_BOOSTS: dict[str, Mapping[str, float]] = {
    "story": _STORY,
    "question": _QUESTION,
    "guide": _GUIDE,
    "category": _TOPIC,
    "principle": _TOPIC,
}


def _things(handbook: Handbook, named: "_Named") -> Iterator[_Thing]:
    """All that is found, in the order of `KINDS`."""
    for story in handbook.stories:
        yield _Thing("story", story.id, story.title, _story(story, named))
    for question in handbook.questions:
        yield _Thing("question", question.id, question.question, _question(question, named))
    for guide in handbook.guides:
        yield _Thing("guide", guide.id, guide.title, _guide(guide))
    for kind, topics in (("category", handbook.categories), ("principle", handbook.principles)):
        for topic in topics:
            yield _Thing(kind, topic.id, topic.name, _topic(topic))


def _wordings(handbook: Handbook) -> Iterator[tuple[int, str]]:
    """In which words questions, categories and principles are asked, and the place of each."""
    for place, question in enumerate(handbook.questions, len(handbook.stories)):
        yield from ((place, wording) for wording in (question.question, *question.also))
    first = len(handbook.stories) + len(handbook.questions) + len(handbook.guides)
    for place, topic in enumerate((*handbook.categories, *handbook.principles), first):
        for wording in (topic.name, *topic.aliases, *topic.tags, *topic.asked_as):
            yield place, wording


def _chosen(handbook: Handbook) -> list[list[int]]:
    """The places of the stories that were chosen for each question."""
    places = {story.id: place for place, story in enumerate(handbook.stories)}
    chosen = {
        question.id: [places[c.story.to] for c in question.stories if c.story.to in places]
        for question in handbook.questions
    }
    for place, story in enumerate(handbook.stories):
        for ref in story.questions:
            if ref.to in chosen and place not in chosen[ref.to]:
                chosen[ref.to].append(place)
    return list(chosen.values())


class _Named:
    """What stories and questions are called by: their topics, and the questions they answer."""

    def __init__(self, handbook: Handbook) -> None:
        self.topics = {
            (form, topic.id): topic
            for form, topics in (
                ("category", handbook.categories),
                ("principle", handbook.principles),
            )
            for topic in topics
        }
        first = len(handbook.stories) + len(handbook.questions) + len(handbook.guides)
        self.place = {id(topic): place for place, topic in enumerate(self.topics.values(), first)}
        self.by_tag: dict[str, list[Topic]] = {}
        for topic in self.topics.values():
            for tag in topic.tags:
                self.by_tag.setdefault(tag.casefold(), []).append(topic)

    def of(self, thing: Story | Question) -> list[Topic]:
        """The topics of a story or question, those of a story's tags as well."""
        refs: list[tuple[str, Ref]] = [("category", ref) for ref in thing.categories]
        refs += [("principle", ref) for ref in thing.principles]
        found = [self.topics[form, ref.to] for form, ref in refs if (form, ref.to) in self.topics]
        if isinstance(thing, Story):
            for tag in thing.tags:
                found += [t for t in self.by_tag.get(tag.casefold(), ()) if t not in found]
        return found

    def places(self, story: Story) -> list[int]:
        """The places of a story's topics."""
        return [self.place[id(topic)] for topic in self.of(story)]


def _story(story: Story, named: _Named) -> Fields:
    fields: Fields = {
        "title": [story.title, story.id.replace("-", "")],
        "names": [*story.tags, *_names(named.of(story))],
        "headline": [story.headline],
        "cue": list(story.cue),
        "company": [story.company, story.level],
        Kind.METRICS: [_figure(figure) for figure in figures.of(story)] if story.figures else [],
        "rest": [story.opening.text],
    }
    for section in story.sections:
        body = fields.setdefault(section.kind if section.kind in _STORY else "rest", [])
        body.append(section.body.text)
        rest = fields["rest"]
        if section.kind not in _STORY:
            rest.append(section.heading)
        for prose in section.proses():
            if prose is not section.body:
                rest.append(prose.text)
    return fields


def _names(topics: Iterable[Topic]) -> list[str]:
    return [name for topic in topics for name in (topic.name, *topic.aliases)]


def _figure(figure: Figure) -> str:
    return f"{figure.before} {figure.value}{figure.unit} {figure.label}"


def _question(question: Question, named: _Named) -> Fields:
    return {
        "title": [question.question],
        "also": list(question.also),
        "names": _names(named.of(question)),
        "company": list(question.companies),
        "notes": [question.notes.text],
    }


def _guide(guide: Guide) -> Fields:
    headings = [heading.text for heading in guide.headings]
    return {"title": [guide.title], "headings": headings, "body": [guide.body.text]}


def _topic(topic: Topic) -> Fields:
    return {
        "title": [topic.name, *topic.aliases, topic.set],
        "tags": list(topic.tags),
        "asked_as": list(topic.asked_as),
        "about": [topic.about],
    }


# How much a word counts


class _Scorer:
    """Adds things of one kind to an index: how rare a word is, is a matter of its kind."""

    def __init__(self, joining: set[str], most: int) -> None:
        self.rarest = _rarity(most, 1)
        self.words: dict[str, str] = {}
        self.postings: dict[str, Posting] = {}
        self.joining = joining
        self.stems: dict[str, tuple[str, ...]] = {}  # of each chunk
        self.whole: dict[str, tuple[str, ...]] = {}  # the same with the words that join others

    def add(self, things: list[Fields], boosts: Mapping[str, float], first: int) -> None:
        counted = [self._counted(fields) for fields in things]
        usual = _usual_lengths(counted)
        weighed: dict[str, list[tuple[int, float]]] = {}
        for place, fields in enumerate(counted, first):
            for stem, weight in _weights(fields, boosts, usual).items():
                weighed.setdefault(stem, []).append((place, weight))
        for stem, found in weighed.items():
            most = _rarity(len(things), len(found)) / self.rarest * STEPS
            posting = self.postings.setdefault(stem, Posting([], []))
            for place, weight in found:
                posting.places.append(place)
                posting.impacts.append(max(1, round(most * weight / (_K1 + weight))))

    def add_wordings(self, wordings: list[str], first: int) -> None:
        """Of a wording, each word has its share: all of its words together come to a whole."""
        split = [self._telling(wording) for wording in wordings]
        saying = Counter(stem for stems in split for stem in stems)
        for place, stems in enumerate(split, first):
            rarities = {stem: _rarity(len(split), saying[stem]) for stem in stems}
            whole = sum(rarities.values())
            for stem, rarity in rarities.items():
                posting = self.postings.setdefault(stem, Posting([], []))
                posting.places.append(place)
                posting.impacts.append(max(1, round(rarity / whole * STEPS)))

    def _telling(self, wording: str) -> set[str]:
        chunks = tokens.chunks(wording)
        found = {stem for chunk in chunks for stem in self._stems(chunk, False)}
        return found or {stem for chunk in chunks for stem in self._stems(chunk, True)}

    def _counted(self, fields: Fields) -> dict[str, Counter[str]]:
        """How often each stem stands in each field."""
        counted = {}
        for name, texts in fields.items():
            stems: Counter[str] = Counter()
            known = self.whole if name == _WHOLE else self.stems
            chunks = Counter(tokens.chunks("\n".join(texts)))
            for chunk, times in chunks.items():
                found = known.get(chunk)
                if found is None:
                    found = known[chunk] = tuple(self._stems(chunk, name == _WHOLE))
                for stem in found:
                    stems[stem] += times
            counted[name] = stems
        return counted

    def _stems(self, chunk: str, whole: bool) -> Iterator[str]:
        for word in tokens.words(chunk):
            if whole or word not in self.joining:
                stem = self.words[word] = tokens.stem(word)
                yield stem


def _usual_lengths(counted: list[dict[str, Counter[str]]]) -> dict[str, float]:
    lengths: dict[str, list[int]] = {}
    for fields in counted:
        for name, stems in fields.items():
            if stems:
                lengths.setdefault(name, []).append(stems.total())
    return {name: sum(found) / len(found) for name, found in lengths.items()}


def _weights(
    fields: dict[str, Counter[str]], boosts: Mapping[str, float], usual: Mapping[str, float]
) -> dict[str, float]:
    """Of each stem in a thing, how often it stands there, in fields that count for more or less."""
    weights: dict[str, float] = {}
    for name, stems in fields.items():
        if stems:
            boost = boosts[name] / (1 - _LENGTH + _LENGTH * stems.total() / usual[name])
            for stem, times in stems.items():
                weights[stem] = weights.get(stem, 0.0) + boost * times
    return weights


def _rarity(things: int, saying: int) -> float:
    return math.log(1 + (things - saying + 0.5) / (saying + 0.5))


# Which stories say what a question asks


class Match(NamedTuple):
    """How much a story says of what was asked, one for each word in full; its best words of it."""

    score: float
    words: tuple[str, ...]


# A word that thousands of stories say tells little: those that say it most are enough.
_CHAMPIONS = 64
_SYNONYM = 0.5
_TOLD = 3  # words that are told as a reason


class Reader:
    """Reads questions as Ask does, for the build."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.joining = _folded(index.interview.function_words)
        self.asides = [tokens.fold(aside).replace("'", "") for aside in index.interview.asides]
        self.synonyms: dict[str, set[str]] = {}
        for group in (*index.interview.synonyms, *index.groups):
            single = [tokens.stem(word) for word in group if " " not in word]
            for stem in single:
                self.synonyms.setdefault(stem, set()).update(single)
        self.champions: dict[str, list[tuple[int, int]]] = {}

    def stories(self, texts: Iterable[str]) -> dict[int, Match]:
        """The stories that say what a question asks in any of its wordings, by their places."""
        scores: dict[int, float] = {}
        said: dict[int, list[tuple[int, str]]] = {}
        for word, meanings in self._asked(texts).items():
            best: dict[int, float] = {}
            for stem, weight in meanings.items():
                for impact, place in self._most(stem):
                    best[place] = max(best.get(place, 0.0), weight * impact / STEPS)
            for place, score in best.items():
                scores[place] = scores.get(place, 0.0) + score
            own = tokens.stem(word)
            for impact, place in self._most(own):
                said.setdefault(place, []).append((impact, word))
        return {
            place: Match(score, _most_telling(said.get(place, ())))
            for place, score in scores.items()
        }

    def _asked(self, texts: Iterable[str]) -> dict[str, dict[str, float]]:
        """The telling words of a question, each with the stems that may stand for it."""
        asked: dict[str, dict[str, float]] = {}
        met: set[str] = set()
        for text in texts:
            plain = f" {' '.join(tokens.split(text))} "
            for aside in self.asides:
                plain = plain.replace(f" {aside} ", " ")
            for word in plain.split():
                stem = tokens.stem(word)
                if word not in self.joining and stem not in met:
                    met.add(stem)
                    others = dict.fromkeys(self.synonyms.get(stem, ()), _SYNONYM)
                    asked[word] = others | {stem: 1.0}
        return asked

    def _most(self, stem: str) -> list[tuple[int, int]]:
        """The impacts and places of the stories that say a word most."""
        if stem not in self.champions:
            posting = self.index.postings.get(stem, Posting([], []))
            stories = self.index.counts[0]
            found = (
                (impact, place)
                for place, impact in zip(posting.places, posting.impacts, strict=True)
                if place < stories
            )
            most = heapq.nlargest(_CHAMPIONS, found, key=lambda pair: (pair[0], -pair[1]))
            self.champions[stem] = most
        return self.champions[stem]


def _most_telling(said: Iterable[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(word for _, word in heapq.nlargest(_TOLD, said))


# Words that mean the same


def _folded(words: Iterable[str]) -> set[str]:
    return {tokens.fold(word).replace("'", "") for word in words}


def _groups(
    synonyms: Iterable[tuple[str, ...]], words: dict[str, str], postings: Mapping[str, Posting]
) -> Iterator[tuple[str, ...]]:
    """Those lists that lead somewhere, each phrase as its words."""
    for group in synonyms:
        split = [tokens.split(phrase) for phrase in group]
        known = [phrase for phrase in split if phrase]
        if any(tokens.stem(word) in postings for phrase in known for word in phrase):
            for phrase in known:
                for word in phrase:
                    words.setdefault(word, tokens.stem(word))
            yield tuple(dict.fromkeys(" ".join(phrase) for phrase in known))
