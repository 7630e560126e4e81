"""What Ask finds, and in which order: an index whose work is done when the site is built.

For each word the index has the things that say it, and how much that counts: BM25F, where a word in
a title counts more than one in an Action. What is left to the page is to look up words and to add.
"""

import heapq
import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import accumulate, chain
from typing import NamedTuple

import msgspec

from starbook.build.memory import Memory
from starbook.build.past import Past, digest
from starbook.content import metrics
from starbook.model import Figure, Guide, Handbook, Interview, Kind, Question, Ref, Story, Topic
from starbook.search.postings import STEPS, Posting, Standing, pack, posting, unpack
from starbook.text import tokenizer

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

KINDS = ("story", "question", "guide", "category", "principle")

Fields = dict[str, list[str]]


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


def build(
    handbook: Handbook,
    interview: Interview,
    memory: Memory | None = None,
    past: Past | None = None,
) -> Index:
    """The index of everything that an edition holds.

    With the `memory` of the last time, or the `past` of another process, only what has changed is
    read and counted again.
    """
    memory, past = memory or Memory(), past or Past()
    topics = handbook.categories, handbook.principles
    named = memory.kept("named", topics, lambda: _Named(*topics))
    cutter = memory.kept("cutter", interview, lambda: _Cutter(interview))
    things = {(thing.kind, thing.id): thing for thing in _things(handbook)}
    # How words are cut is a matter of the program, as is the interview: no past of another counts.
    grounds = _Grounds(past, digest(topics) if past.kept else b"")
    counted = _all_counted(
        {key: (thing, named, cutter) for key, thing in things.items()}, memory, grounds
    )
    counts = tuple(map(len, (handbook.stories, handbook.questions, handbook.guides, *topics)))
    rows = _rows(things.values(), counted, memory, grounds)
    wordings = list(_wordings(handbook))
    asked = memory.kept("asked", (wordings, cutter), lambda: _asked(wordings, cutter))
    whole = _Whole(rows, counts, asked)
    turned = _all_turned(whole, [_place(thing) for thing in things.values()], memory, past)
    words = {word: tokenizer.stem(word) for word in chain(turned.saying, asked.words)}
    first = sum(counts[: KINDS.index("category")])
    return Index(
        counts=counts,
        ids=[thing.id for thing in things.values()],
        titles=[thing.title for thing in things.values()],
        drafts=frozenset(i for i, story in enumerate(handbook.stories) if not story.ready),
        wordings=wordings,
        under=[[first + topic for topic in one.topics] for one in counted[: counts[0]]],
        chosen=_chosen(handbook),
        words=words,
        postings=turned.postings,
        groups=tuple(_groups(handbook.synonyms, words, turned.postings)),
        interview=interview,
    )


# What is found


class _Thing(NamedTuple):
    kind: str
    id: str
    title: str
    told: Story | Question | Guide | Topic


_BOOSTS: dict[str, Mapping[str, float]] = {
    "story": _STORY,
    "question": _QUESTION,
    "guide": _GUIDE,
    "category": _TOPIC,
    "principle": _TOPIC,
}


def _things(handbook: Handbook) -> Iterator[_Thing]:
    """All that is found, in the order of `KINDS`."""
    for story in handbook.stories:
        yield _Thing("story", story.id, story.title, story)
    for question in handbook.questions:
        yield _Thing("question", question.id, question.question, question)
    for guide in handbook.guides:
        yield _Thing("guide", guide.id, guide.title, guide)
    for kind, topics in (("category", handbook.categories), ("principle", handbook.principles)):
        for topic in topics:
            yield _Thing(kind, topic.id, topic.name, topic)


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

    def __init__(self, categories: tuple[Topic, ...], principles: tuple[Topic, ...]) -> None:
        self.topics = {
            (form, topic.id): topic
            for form, topics in (("category", categories), ("principle", principles))
            for topic in topics
        }
        self.number = {id(topic): number for number, topic in enumerate(self.topics.values())}
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

    def numbers(self, story: Story) -> tuple[int, ...]:
        """Which topics those of a story are, all categories before all principles."""
        return tuple(self.number[id(topic)] for topic in self.of(story))


def _fields(told: Story | Question | Guide | Topic, named: _Named) -> Fields:
    match told:
        case Story():
            return _story(told, named)
        case Question():
            return _question(told, named)
        case Guide():
            return _guide(told)
        case Topic():
            return _topic(told)


def _story(story: Story, named: _Named) -> Fields:
    fields: Fields = {
        "title": [story.title, story.id.replace("-", "")],
        "names": [*story.tags, *_names(named.of(story))],
        "headline": [story.headline],
        "cue": list(story.cue),
        "company": [story.company, story.level],
        Kind.METRICS: [_figure(figure) for figure in metrics.get(story)] if story.figures else [],
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


# Which words a thing says


class _Cutter:
    """Cuts texts into the words that are looked for."""

    def __init__(self, interview: Interview) -> None:
        joining = _folded(interview.function_words)
        self.telling = cache(
            lambda chunk: tuple(word for word in tokenizer.words(chunk) if word not in joining)
        )

    def words(self, text: str, *, whole: bool = False) -> Iterator[str]:
        """The words of a text; those that only join others where it is cut as a `whole`."""
        cut = tokenizer.words if whole else self.telling
        return chain.from_iterable(map(cut, tokenizer.chunks(text)))


class _Counted(NamedTuple):
    """How often each word stands in each field of a thing, and which topics a story's are.

    Fields and their lengths are in the order of the kind's boosts; fields are packed, as they are
    many, and seldom looked at again.
    """

    kind: str
    fields: bytes
    lengths: tuple[int, ...]
    topics: tuple[int, ...]


class _Grounds(NamedTuple):
    """Where the past has what is made of a thing, and from what."""

    past: Past
    topics: bytes

    def counted(self, one: tuple[_Thing, _Named, _Cutter]) -> tuple[str, bytes]:
        """Of a thing's words."""
        return f"counted {_place(one[0])}", self._of(one[0])

    def row(self, one: tuple[_Thing, _Counted, tuple[float, ...]]) -> tuple[str, bytes]:
        """Of its row."""
        thing, _, usual = one
        return f"row {_place(thing)}", digest((self._of(thing), usual))

    def _of(self, thing: _Thing) -> bytes:
        return self.past.mark(thing.told) + self.topics


def _place(thing: _Thing) -> str:
    return f"{thing.kind} {thing.id}"


def _all_counted(
    things: Mapping[tuple[str, str], tuple[_Thing, _Named, _Cutter]],
    memory: Memory,
    grounds: _Grounds,
) -> list[_Counted]:
    def work(new: Sequence[tuple[_Thing, _Named, _Cutter]]) -> list[_Counted]:
        return [_counted(*one) for one in new]

    at = grounds.counted
    return memory.all("counted", things, lambda new: grounds.past.each(work, new, at, _Counted))


def _counted(thing: _Thing, named: _Named, cutter: _Cutter) -> _Counted:
    said = _fields(thing.told, named)
    fields = [
        dict(Counter(cutter.words("\n".join(said.get(name, ())), whole=name == _WHOLE)))
        for name in _BOOSTS[thing.kind]
    ]
    lengths = tuple([sum(words.values()) for words in fields])
    topics = named.numbers(thing.told) if isinstance(thing.told, Story) else ()
    return _Counted(thing.kind, _pack(fields), lengths, topics)


# How much a word counts


class _Row(NamedTuple):
    """The words of a thing, and how much it says each of their stems, up to `_LEVELS`."""

    words: tuple[str, ...]
    levels: dict[str, int]


_LEVELS = 255
# Rows, too, are packed: of those that are as they were nobody looks into one.
_pack = msgspec.msgpack.Encoder().encode
_fields_of = msgspec.msgpack.Decoder(list[dict[str, int]]).decode
_row_of = msgspec.msgpack.Decoder(_Row).decode
_NO_ROW = _pack(_Row((), {}))


def _usual_lengths(counted: Iterable[_Counted]) -> tuple[float, ...]:
    """How long each field is in the middle, to a tenth or so, where there is one.

    It changes with every word that is written, and all that is weighed by it would change as well.
    """
    columns = zip(*(one.lengths for one in counted), strict=True)
    return tuple(
        _roughly(sum(column) / (len(column) - column.count(0))) if any(column) else 1.0
        for column in columns
    )


def _roughly(length: float) -> float:
    return math.pow(2, round(8 * math.log2(length)) / 8)


def _rows(
    things: Iterable[_Thing], counted: Sequence[_Counted], memory: Memory, grounds: _Grounds
) -> list[bytes]:
    """A row for each thing, by what is usual for its kind."""
    of_kind: dict[str, list[_Counted]] = {kind: [] for kind in KINDS}
    for one in counted:
        of_kind[one.kind].append(one)
    usual = {
        kind: memory.same(("usual", kind), _usual_lengths(them)) for kind, them in of_kind.items()
    }
    return memory.all(
        "rows",
        {
            (thing.kind, thing.id): (thing, one, usual[one.kind])
            for thing, one in zip(things, counted, strict=True)
        },
        lambda new: grounds.past.each(
            lambda them: [_row(one, middle) for _, one, middle in them], new, grounds.row, bytes
        ),
    )


def _row(counted: _Counted, usual: Iterable[float]) -> bytes:
    """How often a thing says each stem, in fields that count for more or less, and ever less."""
    weights: dict[str, float] = {}
    boosts = _BOOSTS[counted.kind].values()
    for words, length, middle, most in zip(
        _fields_of(counted.fields), counted.lengths, usual, boosts, strict=True
    ):
        boost = most / (1 - _LENGTH + _LENGTH * length / middle)
        for word, times in words.items():
            weights[word] = weights.get(word, 0.0) + boost * times
    stems: dict[str, float] = {}
    for word, weight in weights.items():
        stem = tokenizer.stem(word)
        stems[stem] = stems.get(stem, 0.0) + weight
    levels = {
        stem: max(1, round(_LEVELS * weight / (_K1 + weight))) for stem, weight in stems.items()
    }
    return _pack(_Row(tuple(weights), levels))


class _Asked(msgspec.Struct, frozen=True):
    """The words of all wordings; of each stem, the wordings with it and how much it counts."""

    words: dict[str, None]
    standing: dict[str, Standing]


def _asked(wordings: Sequence[tuple[int, str]], cutter: _Cutter) -> _Asked:
    """Of a wording, each word has its share: all of its words together come to a whole."""
    words: dict[str, None] = {}
    split = []
    for _, wording in wordings:
        found = dict.fromkeys(cutter.words(wording))
        found = found or dict.fromkeys(cutter.words(wording, whole=True))
        words |= found
        split.append(dict.fromkeys(map(tokenizer.stem, found)))
    saying = Counter(chain.from_iterable(split))
    standing: dict[str, Standing] = {}
    for number, stems in enumerate(split):
        rarities = {stem: _rarity(len(split), saying[stem]) for stem in stems}
        whole = sum(rarities.values())
        for stem, rarity in rarities.items():
            numbers, impacts = standing.setdefault(stem, ([], bytearray()))
            numbers.append(number)
            impacts.append(max(1, round(rarity / whole * STEPS)))
    return _Asked(words, standing)


def _rarity(things: int, saying: int) -> float:
    return math.log(1 + (things - saying + 0.5) / (saying + 0.5))


# From words to the things that say them


class _Whole(msgspec.Struct, frozen=True):
    """All that a word can stand in: things, how many there are of each kind, and wordings."""

    rows: Sequence[bytes]
    counts: tuple[int, ...]
    asked: _Asked


class _Turned(msgspec.Struct, frozen=True):
    """Rows turned round: how many say a word, and of each stem, the rows with it and the levels.

    Those are packed. `postings` are what they come to.
    """

    saying: dict[str, int]
    standing: dict[str, bytes]
    postings: dict[str, Posting]


def _all_turned(whole: _Whole, keys: list[str], memory: Memory, past: Past) -> _Turned:
    """All rows, going on from those of the last time; `keys` say of which things they are."""
    turned = memory.onward(
        "turned", whole, lambda before: _turned(whole, before or _left(whole, keys, past))
    )
    if past.kept:
        past.keep("turned", b"", _Left(_ground(whole), keys, turned))
    return turned


def _turned(whole: _Whole, before: tuple[_Whole, _Turned] | None) -> _Turned:
    """All rows turned round: those that are new, where there were as many of each kind before."""
    if before and (before[0].counts, before[0].asked) == (whole.counts, whole.asked):
        was, turned = before[0].rows, before[1]
        stems: set[str] = set()
    else:
        was, turned = [_NO_ROW] * len(whole.rows), _Turned({}, {}, {})
        stems = set(whole.asked.standing)
    saying = dict(turned.saying)
    fresh: dict[str, Standing] = {}
    for place, (old, new) in enumerate(zip(was, whole.rows, strict=True)):
        if old is not new and old != new:
            said, says = _row_of(old), _row_of(new)
            _say(saying, said.words, says.words)
            for stem, level in _changes(said.levels, says.levels):
                if stem not in fresh:
                    packed = turned.standing.get(stem)
                    fresh[stem] = unpack(packed) if packed else ([], bytearray())
                _stand(fresh[stem], place, level)
    stems |= fresh.keys()
    standing = turned.standing | {stem: pack(one) for stem, one in fresh.items()}
    largest, asked = _rarity(max(whole.counts), 1), whole.asked.standing
    postings = turned.postings | {
        stem: _posting(fresh.get(stem), whole.counts, largest, asked.get(stem)) for stem in stems
    }
    for stem in stems:
        if stem in fresh and not fresh[stem][0]:
            del standing[stem]
        if not postings[stem].said:
            del postings[stem]
    return _Turned(saying, standing, postings)


class _Left(msgspec.Struct, frozen=True, array_like=True):
    """In the past: rows turned round, and the places of the things whose rows they were.

    They can be gone on from where the `ground` is the same: all but the rows.
    """

    ground: bytes
    keys: list[str]
    turned: _Turned


def _ground(whole: _Whole) -> bytes:
    return digest((whole.counts, whole.asked))


def _left(whole: _Whole, keys: list[str], past: Past) -> tuple[_Whole, _Turned] | None:
    """What the last build left, to go on from; rows that have stayed are those of now."""
    left: _Left | None = past.last("turned", _Left) if past.kept else None
    if left is None or left.ground != _ground(whole):
        return None
    now = dict(zip(keys, whole.rows, strict=True))
    places = {key: f"row {key}" for key in left.keys}
    was = [now[k] if past.holds(place) else past.last(place, bytes) for k, place in places.items()]
    return (msgspec.structs.replace(whole, rows=was), left.turned) if None not in was else None


def _say(saying: dict[str, int], old: Iterable[str], new: Iterable[str]) -> None:
    """Count the new words of a thing in place of its old ones."""
    for word in new:
        saying[word] = saying.get(word, 0) + 1
    for word in old:
        saying[word] -= 1
        if not saying[word]:
            del saying[word]


def _changes(old: Mapping[str, int], new: Mapping[str, int]) -> Iterable[tuple[str, int]]:
    """The stems that a thing says at another level than before, and at which: 0 is not at all."""
    if not old:
        return new.items()
    return chain(new.items() - old.items(), ((stem, 0) for stem in old.keys() - new.keys()))


def _stand(standing: Standing, place: int, level: int) -> None:
    """Put a stem in its place at a level."""
    places, levels = standing
    if level and (not places or places[-1] < place):
        places.append(place)
        levels.append(level)
        return
    at = bisect_left(places, place)
    if not level:
        del places[at], levels[at]
    elif places[at] == place:
        levels[at] = level
    else:
        places.insert(at, place)
        levels.insert(at, level)


def _posting(
    standing: Standing | None, counts: Sequence[int], rarest: float, asked: Standing | None
) -> Posting:
    """How rare a word is, is a matter of the kind of things that it stands in."""
    places, levels = standing or ([], bytearray())
    impacts = bytearray()
    for count, end in zip(counts, accumulate(counts), strict=True):
        first, last = len(impacts), bisect_left(places, end, len(impacts))
        if last > first:
            impacts += levels[first:last].translate(_impacts(count, last - first, rarest))
    if asked:
        wordings, shares = asked
        places = [*places, *(sum(counts) + number for number in wordings)]
        impacts += shares
    return posting(places, impacts)


@lru_cache(maxsize=4096)
def _impacts(things: int, saying: int, rarest: float) -> bytes:
    """From how much a thing says a stem to how much that counts."""
    most = _rarity(things, saying) / rarest * STEPS / _LEVELS
    return bytes(max(1, round(most * level)) for level in range(_LEVELS + 1))


# Which stories say what a question asks


class Match(NamedTuple):
    """How much a story says of what was asked, one for each word in full; its best words of it."""

    score: float
    words: tuple[str, ...]


# A word that thousands of stories say tells little: those that say it most are enough.
_CHAMPIONS = 64
# What a common word counts, and one that means the same: those that begin a list say it best.
_COMMON = 0.3
_SYNONYM, _LATE, _BEST = 0.35, 0.7, 5
_TOLD = 3  # words that are told as a reason


# The telling words of a question, each with the stems that may stand for it, and how well.
_Meanings = Mapping[str, Mapping[str, float]]
# The impacts and places of the stories that say a stem most.
_Most = Sequence[tuple[int, int]]


def said(
    index: Index, asked: Mapping[str, tuple[str, ...]], memory: Memory | None = None
) -> dict[str, dict[int, Match]]:
    """For each question, the stories that say what it asks in any of its wordings, by their places.

    With the `memory` of the last time, only those questions are looked at whose stories changed.
    """
    memory = memory or Memory()
    ours = index.interview, index.groups
    reader = memory.kept("reader", ours, lambda: _Reader(*ours))
    meant = memory.all(
        "meant",
        {ident: (texts, reader) for ident, texts in asked.items()},
        lambda new: [reader.meanings(texts) for texts, _ in new],
    )
    stems = [dict.fromkeys(chain.from_iterable(meanings.values())) for meanings in meant]
    stories = index.counts[0]
    standing = {stem: (index.postings.get(stem), stories) for stem in chain.from_iterable(stems)}
    champions = memory.all("champions", standing, lambda new: [_champions(*one) for one in new])
    most = dict(zip(standing, champions, strict=True))
    found = memory.all(
        "matches",
        {
            ident: (meanings, {stem: most[stem] for stem in its})
            for ident, meanings, its in zip(asked, meant, stems, strict=True)
        },
        lambda new: [_matches(*one) for one in new],
    )
    return dict(zip(asked, found, strict=True))


def _champions(posting: Posting | None, stories: int) -> _Most:
    """Those that say a stem most; of two that say it as much, the first."""
    if posting is None:
        return []
    places, impacts = posting.standing
    impacts = impacts[: bisect_left(places, stories)]
    best = sorted(range(len(impacts)), key=impacts.__getitem__, reverse=True)[:_CHAMPIONS]
    return [(impacts[at], places[at]) for at in best]


def _matches(asked: _Meanings, most: Mapping[str, _Most]) -> dict[int, Match]:
    scores: dict[int, float] = {}
    said: dict[int, list[tuple[int, str]]] = {}
    for word, meanings in asked.items():
        best: dict[int, float] = {}
        for stem, weight in meanings.items():
            for impact, place in most[stem]:
                best[place] = max(best.get(place, 0.0), weight * impact / STEPS)
        for place, score in best.items():
            scores[place] = scores.get(place, 0.0) + score
        for impact, place in most[tokenizer.stem(word)]:
            said.setdefault(place, []).append((impact, word))
    return {
        place: Match(score, _most_telling(said.get(place, ()))) for place, score in scores.items()
    }


class _Reader:
    """Reads questions as Ask does, for the build."""

    def __init__(self, interview: Interview, groups: Iterable[tuple[str, ...]]) -> None:
        self.joining = _folded(interview.function_words)
        self.asides = [tokenizer.fold(aside).replace("'", "") for aside in interview.asides]
        self.common = _folded(interview.common_words)
        self.synonyms: dict[str, dict[str, float]] = {}
        for group in (*interview.synonyms, *groups):
            single = {
                tokenizer.stem(word): _SYNONYM * (1 if rank < _BEST else _LATE)
                for rank, word in reversed(list(enumerate(group)))
                if " " not in word
            }
            for stem in single:
                known = self.synonyms.setdefault(stem, {})
                known |= {other: max(known.get(other, 0), w) for other, w in single.items()}

    def meanings(self, texts: Iterable[str]) -> _Meanings:
        """The telling words of a question, each with the stems that may stand for it."""
        asked: dict[str, dict[str, float]] = {}
        met: set[str] = set()
        for text in texts:
            plain = f" {' '.join(tokenizer.split(text))} "
            for aside in self.asides:
                plain = plain.replace(f" {aside} ", " ")
            for word in plain.split():
                stem = tokenizer.stem(word)
                if word not in self.joining and stem not in met:
                    met.add(stem)
                    worth = _COMMON if word in self.common else 1.0
                    asked[word] = self.synonyms.get(stem, {}) | {stem: worth}
        return asked


def _most_telling(said: Iterable[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(word for _, word in heapq.nlargest(_TOLD, said))


# Words that mean the same


def _folded(words: Iterable[str]) -> set[str]:
    return {tokenizer.fold(word).replace("'", "") for word in words}


def _groups(
    synonyms: Iterable[tuple[str, ...]], words: dict[str, str], postings: Mapping[str, Posting]
) -> Iterator[tuple[str, ...]]:
    """Those lists that lead somewhere, each phrase as its words."""
    for group in synonyms:
        split = [tokenizer.split(phrase) for phrase in group]
        known = [phrase for phrase in split if phrase]
        if any(tokenizer.stem(word) in postings for phrase in known for word in phrase):
            for phrase in known:
                for word in phrase:
                    words.setdefault(word, tokenizer.stem(word))
            yield tuple(dict.fromkeys(" ".join(phrase) for phrase in known))
