"""What Ask finds, and in which order: an index whose work is done when the site is built.

For each word the index has the things that say it, and how much that counts: BM25F, where a word in
a title counts more than one in an Action. What is left to the page is to look up words and to add.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from starbook import figures, tokens
from starbook.model import Figure, Guide, Handbook, Interview, Kind, Question, Ref, Story, Topic

# Raised with every change to what search.js has to know.
VERSION = 1
# Found by trial, on questions in other words than the story's.
_K1 = 1.4
_LENGTH = 0.3  # how much a long field counts for less: 0 not at all, 1 in full

# Of each field, how much a word in it counts.
_STORY = {
    "title": 7.0, "names": 6.0, "headline": 2.0, "cue": 1.5, "company": 2.0, Kind.SITUATION: 2.0, Kind.TASK: 1.5, Kind.RESULT: 1.1, Kind.METRICS: 1.1,
    Kind.REFLECTION: 0.9, Kind.ACTION: 0.7, "rest": 0.4,
}  # fmt: skip
_QUESTION = {"title": 7.0, "also": 4.0, "names": 2.0, "company": 2.0, "notes": 0.7}
_TOPIC = {"title": 7.0, "tags": 3.0, "asked_as": 3.0, "about": 1.0}
_GUIDE = {"title": 7.0, "headings": 3.0, "body": 1.0}
# Where words that only join others are looked for: "Why do you want to leave?" has few else.
_WHOLE = "title"

# Impacts are kept in as many steps as a letter has. In an alphabet of letters and digits alone
# nothing in the index can be taken for a word that somebody wrote: the search for leaks reads it.
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_STEPS = len(_ALPHABET) - 1
_HALF = len(_ALPHABET) // 2
# Between two words of the index, so that they are no phrase.
_BETWEEN = " 0 "

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
    the stories of each question, by their places; `groups` are words that mean the same.
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
    joining = {tokens.fold(word).replace("'", "") for word in interview.function_words}
    scorer = _Scorer(joining, max(counts))
    place = 0
    for kind, count in zip(KINDS, counts, strict=True):
        fields = [thing.fields for thing in things[place : place + count]]
        scorer.add(fields, _BOOSTS[kind], place)
        place += count
    wordings = list(_wordings(handbook, counts[0]))
    scorer.add_wordings([wording for _, wording in wordings], place)
    synonyms = (*interview.synonyms, *handbook.synonyms)
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
        groups=tuple(_groups(synonyms, scorer.words, scorer.postings)),
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


def _wordings(handbook: Handbook, place: int) -> Iterator[tuple[int, str]]:
    """In which words questions, categories and principles are asked, and the place of each."""
    for place, question in enumerate(handbook.questions, place):
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
    topics = named.of(story)
    fields: Fields = {
        "title": [story.title, story.id.replace("-", "")],
        "names": [*story.tags, *(name for topic in topics for name in (topic.name, *topic.aliases))],
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


def _figure(figure: Figure) -> str:
    return f"{figure.before} {figure.value}{figure.unit} {figure.label}"


def _question(question: Question, named: _Named) -> Fields:
    return {
        "title": [question.question],
        "also": list(question.also),
        "names": [name for topic in named.of(question) for name in (topic.name, *topic.aliases)],
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
            most = _rarity(len(things), len(found)) / self.rarest * _STEPS
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
                posting.impacts.append(max(1, round(rarity / whole * _STEPS)))

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


# Words that mean the same


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


# What the page is given


def text(index: Index, marks: list[str], shard: int, private: bool) -> str:
    """`search-index.js`: a classic script that hands the index over.

    `marks` are those of the files with the texts of results, `shard` so many in each.
    """
    words = sorted(index.words, key=lambda word: word.encode("utf-16-be"))
    order, forms = _forms(index, words)
    postings = [_posting(index.postings.get(stem, _NONE)) for stem in order]
    return script(
        "index",
        {
            "version": VERSION,
            "private": private,
            "marks": marks,
            "shard": shard,
            "counts": index.counts,
            "ids": index.ids,
            "titles": index.titles,
            "wordings": [wording for _, wording in index.wordings],
            "owners": "".join(_number(place - index.counts[0]) for place, _ in index.wordings),
            "under": "".join(map(_numbers, index.under)),
            "chosen": "".join(map(_numbers, index.chosen)),
            "drafts": "".join(map(_number, _gaps(sorted(index.drafts)))),
            "words": _BETWEEN.join(words),
            "forms": forms,
            "sizes": "".join(_number(len(posting)) for posting in postings),
            "postings": "".join(postings),
            "groups": index.groups,
            "asides": [" ".join(tokens.split(aside)) for aside in index.interview.asides],
            "joining": sorted(word.replace("'", "") for word in index.interview.function_words),
        },
    )


_NONE = Posting([], [])


def script(function: str, *values: object) -> str:
    """A call of one of our functions in a page, with values that no text in them can end."""
    said = msgspec.json.encode(values).decode()[1:-1]
    for char, escape in (("<", "\\u003c"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029")):
        said = said.replace(char, escape)
    return f"starbook.{function}({said});\n"


def mark(data: bytes) -> str:
    """By what a file of another build is known."""
    return hashlib.sha256(data).hexdigest()[:12]


def _numbers(numbers: list[int]) -> str:
    return _number(len(numbers)) + "".join(map(_number, numbers))


def _forms(index: Index, words: Iterable[str]) -> tuple[list[str], str]:
    """Every stem in the order in which it is met, and for each word how far back its stem is."""
    met: dict[str, int] = {}
    forms = []
    for word in words:
        stem = index.words[word]
        if stem in met:
            forms.append(_number(len(met) - met[stem]))
        else:
            met[stem] = len(met)
            forms.append(_number(0))
    return list(met), "".join(forms)


def _posting(posting: Posting) -> str:
    gaps = _gaps(posting.places)
    return "".join(
        _number(gap) + _ALPHABET[impact]
        for gap, impact in zip(gaps, posting.impacts, strict=True)
    )


def _gaps(places: Iterable[int]) -> Iterator[int]:
    before = -1
    for place in places:
        yield place - before - 1
        before = place


def _number(number: int) -> str:
    """Digits to the base of half the alphabet, the lowest first; the other half: more follow."""
    digits = ""
    while number >= _HALF:
        number, digit = divmod(number, _HALF)
        digits += _ALPHABET[digit + _HALF]
    return digits + _ALPHABET[number]
