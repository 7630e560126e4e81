"""Vocabulary: the words that are recognised in headings, labels and notes, of every language.

The words are data: `languages/<code>.yml` in this package, and `labels.yml` of the content.
Look-ups and patterns are built from them here, each when it is first asked for.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from starbook.model import SPINE, Kind, Labels
from starbook.text import names, yaml_texts

_LANGUAGES = Path(__file__).with_name("languages")
# Its spellings come first where one is shown.
_FIRST = "en"

# Keys of `parts`: `follow_ups`, though a page has the anchor `follow-ups`.
PARTS = {
    "situation": Kind.SITUATION, "task": Kind.TASK, "action": Kind.ACTION, "result": Kind.RESULT,
    "reflection": Kind.REFLECTION, "metrics": Kind.METRICS, "risk": Kind.RISK,
    "follow_ups": Kind.FOLLOW_UPS, "weak": Kind.WEAK, "quiz": Kind.QUIZ, "angles": Kind.ANGLES,
    "levels": Kind.LEVELS,
}  # fmt: skip
# Keys of `fields`. A name is a principle where it is known as one, else a category.
FIELDS = (
    "categories", "principles", "names", "tags", "questions", "company", "level", "date",
    "headline", "status", "cue", "title", "duration",
)  # fmt: skip
# Keys of `units_of_time`. Answers take no hours: `Result (48 hours)` is no time to speak.
UNITS = {"seconds": 1, "minutes": 60}
KEYS: Mapping[str, tuple[str, ...]] = {
    "parts": tuple(PARTS), "fields": FIELDS, "units_of_time": tuple(UNITS),
    "spoken_labels": tuple(PARTS)[:5],
}  # fmt: skip
_OF_STORIES = ("parts", "units_of_time", "challenges", "other_words", "about_words")

# Characters of scripts that put no spaces between words, or add endings to them.
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_GAP = r"(?:\S+\s+){0,3}?"  # for `…` in a phrase
_ENDS_WORD = r"(?!\w)"
_STOP = "[.,!;:…–—。，！、-]"
_NUMBER = r"\d+(?:[.,]\d+)?"

_Value = TypeVar("_Value")


def fold(phrase: str) -> str:
    """Return `phrase` in the form in which phrases compare; a lone capital stays one."""
    text = " ".join(names.composed(phrase).replace("’", "'").replace("&", " and ").split())
    return text if len(text) == 1 and text.isupper() else _fold_case(text)


def fold_label(phrase: str) -> str:
    """Return the name of a part or field in the form in which they compare, without a colon."""
    return _fold_case(fold(phrase)).rstrip(":： ")


def as_key(text: str) -> str:
    """Return a heading or label in the form of the keys of look-ups."""
    folded = _fold_case(names.composed(text).replace("’", "'").replace("&", "and"))
    return folded.replace("ı", "i")  # both are I in capitals, in Turkish as it is often typed


def _by_spelling(named: Iterable[tuple[str, _Value]]) -> dict[str, _Value]:
    """Return a look-up by spellings as keys, and by the same without accents."""
    known = {spelling.replace("ı", "i"): value for spelling, value in named}
    return {_without_accents(spelling): known[spelling] for spelling in known} | known


def _without_accents(spelling: str) -> str:
    """Return a spelling without accents, as it is typed in keys and in haste: `acao`."""
    if spelling.isascii():
        return spelling
    letters = unicodedata.normalize("NFD", spelling)
    return "".join(char for char in letters if not "\u0300" <= char <= "\u036f")


def _fold_case(text: str) -> str:
    return text.casefold().replace("i\u0307", "i")  # İ of Turkish


class Vocabulary(Labels, frozen=True, eq=False, dict=True):
    """The words that are known, with the look-ups and patterns that are built from them.

    Two are equal only if they are one object, so that results can be cached by it.
    """

    @cached_property
    def kind_of(self) -> dict[str, Kind]:
        """The part that each spelling names; the spelling is as a key."""
        spelled = ((PARTS[key], spelling) for key in PARTS for spelling in self.parts.get(key, ()))
        return _by_spelling((spelling, kind) for kind, spelling in spelled)

    @cached_property
    def spellings(self) -> dict[str, str]:
        """The spellings of parts, by their keys."""
        spelled = (spelling for key in PARTS for spelling in self.parts.get(key, ()))
        return _by_spelling((spelling, spelling) for spelling in spelled)

    @cached_property
    def task_after_situation(self) -> frozenset[str]:
        """Spellings of a Situation that name the Task if another Situation stands before them."""
        return frozenset(self.challenges)

    @cached_property
    def not_slips(self) -> frozenset[str]:
        """Words that are a letter away from a spelling of a part, and mean something else."""
        return frozenset(self.other_words)

    @cached_property
    def _fields_by_label(self) -> dict[str, str]:
        labels = ((label, field) for field in FIELDS for label in self.fields.get(field, ()))
        return _by_spelling(labels)

    def field_of_label(self, label: str) -> str:
        """Return the field of the front matter that `label` introduces, or ""."""
        return self._fields_by_label.get(as_key(" ".join(label.split())), "")

    @cached_property
    def seconds_of_unit(self) -> dict[str, int]:
        """The seconds of each unit of time."""
        units = self.units_of_time
        return {unit: UNITS[key] for key in UNITS for unit in units.get(key, ())}

    @cached_property
    def time(self) -> re.Pattern[str]:
        """A time to speak: `about 30-45 seconds`, `1 minute 45 seconds`, `（约2分钟）`."""
        minutes = _any_of(self.units_of_time.get("minutes", ()), begins_word=False)
        unit = _any_of(self.seconds_of_unit, begins_word=False)
        return re.compile(
            rf"""(?:[(（\[]\s*+)? (?:(?:[~≈]|{_any_of(self.about_words)})\s*+)? (?<!\d)
            (?: (?P<minutes>\d+) \s*+ {minutes} \.? ,? \s*+ (?:(?:and|[&+])\s*+)? )?
            (?: (?P<low>{_NUMBER}) \s*+ (?:[-–—~]|to) \s*+ )?  # of a range, the upper end counts
            (?P<number>{_NUMBER}) \s*+ (?P<unit>{unit}) \.? (?:\s*+[)）\]])?""",
            re.VERBOSE | re.IGNORECASE,
        )

    @cached_property
    def count(self) -> re.Pattern[str]:
        """A length that is no time: `(2-3 sentences)`."""
        counts = _any_of(self.counts, begins_word=False)
        return _compile(rf"[(（\[]\s*(?:\w+\s+)?\d+(?:\s*[-–—~]\s*\d+)?\s*{counts}\s*[)）\]]")

    @cached_property
    def amount(self) -> re.Pattern[str]:
        """A length in a sentence, or a share of the whole: `1 or 2 sentences`, `50 % of it`."""
        counts = _any_of(self.counts, begins_word=False)
        return _compile(rf"\d+(?:\W+(?:\w+\W+)?\d+)?\s*(?:{counts}|%(?=\s+(?:\w+\s+){{2}}))")

    # Headings

    @cached_property
    def method_heading(self) -> re.Pattern[str]:
        """In a heading of text that explains the method, and tells no story."""
        return _compile(_any_of(self.method_headings))

    @cached_property
    def answer_heading(self) -> re.Pattern[str]:
        """The whole of a heading that says nothing of its answer: `Sample answer (STAR format)`."""
        phrases = set(self.answer_headings)
        pairs = (phrase.partition(" ") for phrase in phrases)
        kinds = {first for first, _, rest in pairs if rest in phrases}  # `strong`, `sample`
        more = rf"(?:{_any_of(kinds)}\s+)*"
        star = r"(?:\s*[(（]?\s*star(?:[\s-]+\w+)?\s*[)）]?)?"
        return _compile(rf"{more}{_any_of(self.answer_headings)}{star}")

    @cached_property
    def weak_heading(self) -> re.Pattern[str]:
        """The whole of a heading of an answer that shows how not to answer."""
        return _compile(rf"{_any_of(self.weak_headings)}\s*\d*")

    @cached_property
    def template_heading(self) -> re.Pattern[str]:
        """In a heading of a form to fill in."""
        return _compile(_any_of(self.template_headings))

    @cached_property
    def questions_heading(self) -> re.Pattern[str]:
        """In a heading above questions."""
        return _compile(_any_of(self.question_headings))

    @cached_property
    def to_ask_heading(self) -> re.Pattern[str]:
        """In a heading above questions for the interviewer; one word is the whole of it: `Ask`."""
        words = {one for one in self.audiences if " " not in one and not _UNSPACED.search(one)}
        begins = _any_of(one for one in self.audiences if one not in words)
        headings = _any_of(
            heading.replace("@", person)
            for heading in self.to_ask_headings
            for person in (self.people_to_ask if "@" in heading else ("",))
        )
        return _compile(rf"^\W*{begins}|^\W*{_any_of(words)}\W*$|{headings}")

    def names_to_ask(self, heading: str) -> bool:
        """Return True if a heading says that questions for the interviewer follow.

        The longer phrase counts: `Questions they asked me` is no `questions … me`.
        """
        own, asked = (
            max((len(match[0]) for match in form.finditer(heading)), default=0)
            for form in (self.to_ask_heading, self.questions_heading)
        )
        return bool(own) and own >= asked

    @cached_property
    def asks_company(self) -> re.Pattern[str]:
        """In a question that a candidate asks: `What does a typical day look like?`."""
        return _compile(_any_of(self.to_ask_phrases))

    @cached_property
    def categories_heading(self) -> re.Pattern[str]:
        """The whole of a heading above names of categories."""
        return _compile(_any_of(self.category_headings))

    @cached_property
    def advice_heading(self) -> re.Pattern[str]:
        """In a heading above advice."""
        return _compile(_any_of(self.advice_headings))

    @cached_property
    def contents_heading(self) -> re.Pattern[str]:
        """The whole of a heading above a table of contents."""
        return _compile(_any_of(self.contents_headings))

    # Titles and references

    @cached_property
    def counted_title(self) -> re.Pattern[str]:
        """A title with a number: `Story 3: T`, `故事一：T`, `STAR question 2 - T`."""
        word = _any_of((*self.story_words, *self.question_words), ends_word=False)
        kind = rf"(?:\w+\s+){{1,2}}(?={word}\s*[#№]?\s*\d+\s*[:：.)–—-]\s)"
        return _compile(
            rf"(?:{kind})?(?P<word>{word})\s*[#№n°º.]*\s*"
            r"(?P<number>\d+|[一二三四五六七八九十]+|[A-Z](?=\s*[:–—·|-]\s))"
            r"\s*(?:[:：.)–—·|-]\s*)?(?P<title>.*)"
        )

    @cached_property
    def word_title(self) -> re.Pattern[str]:
        """A title behind a word: `Project: T`."""
        word = _any_of((*self.story_words, *self.title_words))
        return _compile(rf"{word}\s*(?::\s+|：\s*)(?P<title>.+)")

    @cached_property
    def placeholder_title(self) -> re.Pattern[str]:
        """The whole of a title of a story that is not written yet: `Your story`, `Example #2`."""
        named = (*self.placeholder_titles, *self.template_headings, *self.fields.get("title", ()))
        titles = _any_of(named)
        return _compile(rf"\W*(?:{titles}|{_any_of(self.story_words)}?\s*\#?\s*\d*)\W*")

    @cached_property
    def own_stories(self) -> re.Pattern[str]:
        """In a heading above stories that are told by a method: `STAR stories`."""
        return _compile(_any_of(self.story_plurals))

    @cached_property
    def story_number(self) -> re.Pattern[str]:
        """A reference to a story by its number, which is group 1: `Story 3`, `#3`."""
        word = _any_of((*self.story_words, *self.story_plurals), ends_word=False)
        return _compile(rf"(?:{word}\s*[#№]?|\#)\s*(\d+)")

    @cached_property
    def begins_with_story(self) -> re.Pattern[str]:
        """The start of a remark on a story by its number: `used story 2, she nodded`."""
        return _compile(rf"\W*(?:\w+\s+)?{self.story_number.pattern}")

    @cached_property
    def question_label(self) -> re.Pattern[str]:
        """The label before a question: `Q:`, `Question 3 -`, `Likely question:`."""
        word = _any_of(self.question_words, ends_word=False)
        more = rf"\w+\s+{word}(?:\s*\d+)?|{word}\s+\w+"
        return _compile(
            rf"^\W*(?:{word}\s*\d*\s*(?:[:：.)]|\s[–—-]\s)|(?:{more})[*_]*\s*[:：])[*_\s]*"
        )

    @cached_property
    def story_reference(self) -> re.Pattern[str]:
        """The start of a line that names the story for the question above it: `Use:`, `→`."""
        return _compile(rf"^\W*{_any_of(self.story_references)}\s*[:：→]|^\W*(?:→|->|=>|⇒)")

    # Questions

    @cached_property
    def question_start(self) -> re.Pattern[str]:
        """The start of a question."""
        return _compile(rf"^\W*{self._polite}{_any_of(self.question_starts)}")

    @property
    def _asking_words(self) -> set[str]:
        return set(self.question_starts) - set(self.question_phrases)

    @cached_property
    def asking_word(self) -> re.Pattern[str]:
        """The start of a question that is no request: `Why`, `Have you`."""
        return _compile(rf"^\W*{_any_of(self._asking_words)}")

    @cached_property
    def plain_question(self) -> re.Pattern[str]:
        """The start of a question to somebody, by its first words: `How did you`, `A time you`.

        `What you did` and `How to begin` ask nothing.
        """
        person = _any_of(self.second_person)
        starts = self._asking_words
        persons = set(self.second_person)
        whole = {start for start in starts if set(re.split(r"[\s-]", start)[1:]) & persons}
        asked = {*self.question_starts, *self.second_person}
        links = f"(?:{_any_of(self.question_links)}\\W+)*?"
        named = f"{_any_of(set(self.question_links) - asked)}\\W+{links}{person}"
        article = _any_of(self.question_articles)
        inside = f"{_any_of(filter(_UNSPACED.search, persons))}[^。！]*"
        inside += _any_of(filter(_UNSPACED.search, self.question_starts), begins_word=False)
        return _compile(
            rf"^[^。！]*?{inside}|^\W*(?:{_any_of(whole)}"
            rf"|{_any_of(starts - whole)}\s+\w+[\s-]{person}"
            rf"|{_any_of(start for start in starts if ' ' in start)}\s+{person}"
            rf"|(?:{article}\s+)?{named})"
        )

    @cached_property
    def question_preamble(self) -> re.Pattern[str]:
        """The start of a question that tells nothing of its story: `Describe a time when you`."""
        article, links = _any_of(self.question_articles), _any_of(self.question_links)
        joint = r"[\s,，、]*"
        return _compile(
            rf"{self._polite}{_any_of(self.question_phrases)}(?:{joint}{article})?"
            rf"(?:{joint}{links})*{joint}"
        )

    @cached_property
    def request_end(self) -> re.Pattern[str]:
        """A question that asks with its last words, with what stands before the request as `rest`.

        Where words have no spaces between them, the rest can be a title: `…経験` of
        `…経験を教えてください`.
        """
        ends = [end for end in self.question_ends if any(s in end for s in self.question_starts)]
        return _compile(rf"(?P<rest>.*){_any_of(ends, begins_word=False)}\W*")

    @cached_property
    def greeting(self) -> re.Pattern[str]:
        """A remark of an interviewer before a question: `Good. Let us begin`."""
        begins = f"{self._polite}{_any_of((*self.question_phrases, *self.question_starts))}"
        then = rf"(?:\s*{_STOP}+\s*|\s*$|\s+(?={begins}))"
        return _compile(
            rf"(?:^\W*|(?<=[.!?…]\s)|(?<=[。！？]))(?:{_any_of(self.greetings)}{then})+"
        )

    @cached_property
    def offer(self) -> re.Pattern[str]:
        """The start of a question that offers help or to go on: `Shall we begin?`."""
        return _compile(rf"\W*{_any_of(self.offers)}")

    @cached_property
    def story_request(self) -> re.Pattern[str]:
        """In a question that asks for something that happened: `a time`, `your proudest`."""
        return _compile(_any_of(self.story_requests))

    @cached_property
    def _conditional_question(self) -> re.Pattern[str]:
        """In a question that asks what somebody would do."""
        return _compile(_any_of(self.conditional_questions))

    def asks_for_story(self, question: str) -> bool:
        """Return True if a question asks for something that happened."""
        asks = self.story_request.search(question)
        return bool(asks and not self._conditional_question.search(question))

    @cached_property
    def standard_question(self) -> re.Pattern[str]:
        """The whole of a heading that everybody knows as a question: `Strengths`."""
        return _compile(rf"\W*{_any_of(self.standard_questions)}\W*(?:[(（][^()（）]*[)）]\W*)?")

    @cached_property
    def _spoken_labels(self) -> dict[Kind, re.Pattern[str]]:
        spoken = self.spoken_labels
        begin = r"\W*(?:\w{1,5},?\s+)?"  # `So`, `Okay,`
        return {PARTS[key]: _compile(rf"{begin}{_any_of(spoken[key])}") for key in spoken}

    def kind_of_sentence(self, sentence: str) -> Kind | None:
        """Return the part that a sentence says it begins: `My task was to …`, `As a result, …`."""
        found = (kind for kind, form in self._spoken_labels.items() if form.match(sentence))
        return next(found, None)

    @cached_property
    def kinds_of_acronym(self) -> dict[str, tuple[Kind, ...]]:
        """The parts that the letters of an acronym stand for: those of CAR have no task."""
        found: dict[str, tuple[Kind, ...]] = {}
        for phrase in self.acronyms:
            pairs = zip(phrase.split(), (*SPINE, Kind.REFLECTION), strict=False)
            letters = [(letter.upper(), kind) for letter, kind in pairs if letter != "-"]
            found["".join(letter for letter, _ in letters)] = tuple(kind for _, kind in letters)
        return found

    @cached_property
    def _polite(self) -> str:
        return rf"(?:{_any_of(self.polite_starts)}[\s,，、]*)*"

    @cached_property
    def interviewer_name(self) -> re.Pattern[str]:
        """The whole name of who asks, without its colon."""
        return _compile(rf"{_any_of(self.interviewer, ends_word=False)}\s*\d*")

    @cached_property
    def candidate_name(self) -> re.Pattern[str]:
        """The whole name of who answers, without its colon."""
        return _compile(rf"{_any_of(self.candidate, ends_word=False)}\s*\d*")

    # Texts

    @cached_property
    def instruction(self) -> re.Pattern[str]:
        """The first words of the explanation of a part, or words that address the reader."""
        begins, address = _any_of(self.instruction_starts), _any_of(self.second_person)
        return _compile(rf"^\W*{begins}|{address}")

    @cached_property
    def speaks_of_self(self) -> re.Pattern[str]:
        """A word by which people speak of themselves."""
        return _compile(_any_of(self.first_person))

    @cached_property
    def addresses_reader(self) -> re.Pattern[str]:
        """A word by which a text addresses its reader."""
        return _compile(_any_of(self.second_person))

    @cached_property
    def placeholder(self) -> re.Pattern[str]:
        """A text that is still to be written: `[your goal]`, `TODO`, `___`."""
        return _compile(rf"^[\W_]*(?:{_any_of(self.placeholders)}.*)?[\W_]*$")

    @cached_property
    def draft_word(self) -> re.Pattern[str]:
        """A remark that something is not finished: `half done`."""
        return _compile(_any_of(self.draft_words))


@cache
def load() -> Vocabulary:
    """Return the vocabulary of all languages."""
    paths = sorted(_LANGUAGES.glob("*.yml"), key=lambda path: (path.stem != _FIRST, path.name))
    return _join(map(read_language, paths))


def read_language(path: Path) -> Labels:
    """Return the words of a file of ours: folded phrases between commas, to be read fast."""
    words: Any = yaml_texts.load(path.read_bytes())
    found: dict[str, Any] = {
        key: {inner: tuple(text.split(", ")) for inner, text in value.items()}
        if isinstance(value, dict)
        else tuple(value.split(", ") if value else ())
        for key, value in words.items()
    }
    return Labels(**found)


def for_stories(vocabulary: Vocabulary) -> Labels:
    """Return the words that stories are read with; the others are for the importer."""
    return Labels(**{key: getattr(vocabulary, key) for key in _OF_STORIES})


def from_words(words: Labels) -> Vocabulary:
    """Return a vocabulary of these words, which are folded."""
    return Vocabulary(**{key: getattr(words, key) for key in Labels.__struct_fields__})


def extend(vocabulary: Vocabulary, own: Labels) -> Vocabulary:
    """Return the vocabulary with the person's words, which win over ours."""
    if own == Labels():
        return vocabulary
    own = _folded(own)
    parts = set(chain.from_iterable(own.parts.values()))
    fields = set(chain.from_iterable(own.fields.values()))
    ours = msgspec.structs.replace(
        vocabulary,
        parts=_without(vocabulary.parts, parts),
        fields=_without(vocabulary.fields, parts | fields),
    )
    return _join([ours, own])


def _folded(labels: Labels) -> Labels:
    """Return the labels with each phrase in the form in which phrases compare."""
    folded: dict[str, Any] = {}
    for key, value in msgspec.structs.asdict(labels).items():
        if isinstance(value, dict):
            folded[key] = {
                inner: tuple(filter(None, map(fold_label, phrases)))
                for inner, phrases in value.items()
            }
        else:
            folded[key] = tuple(map(fold, value))
    return Labels(**folded)


def _without(words: Mapping[str, tuple[str, ...]], taken: set[str]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(p for p in phrases if p not in taken) for key, phrases in words.items()}


def _join(several: Iterable[Labels]) -> Vocabulary:
    """Return one vocabulary of several lists, each phrase once in its list."""
    listed = list(several)
    joined: dict[str, Any] = {}
    for key in Labels.__struct_fields__:
        values = [getattr(one, key) for one in listed]
        if key in KEYS:
            joined[key] = {
                inner: _distinct(value.get(inner, ()) for value in values) for inner in KEYS[key]
            }
        else:
            joined[key] = _distinct(values)
    return Vocabulary(**joined)


def _distinct(lists: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(lists)))


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _any_of(phrases: Iterable[str], *, begins_word: bool = True, ends_word: bool = True) -> str:
    """Return a pattern for any of `phrases`, the longest that fits.

    Where a phrase begins or ends with a letter, a word has to begin or end there, unless its script
    has no spaces. The pattern is a tree of the common starts: with hundreds of phrases, trying one
    after the other at each position of a text would take seconds.
    """
    bounded: _Tree = {}
    free: _Tree = {}
    for phrase in phrases:
        is_unspaced = bool(_UNSPACED.search(phrase))
        atoms = list(_atoms(phrase))
        if ends_word and not is_unspaced and _is_letter(phrase[-1]):
            atoms.append(_ENDS_WORD)
        branch = bounded if begins_word and not is_unspaced and _is_letter(phrase[0]) else free
        for atom in atoms:
            branch = branch.setdefault(atom, {})
        branch[""] = {}
    patterns = [rf"(?<!\w){_tree_pattern(bounded)}"] if bounded else []
    patterns += [_tree_pattern(free)] if free else []
    return f"(?:{'|'.join(patterns)})" if patterns else "(?!)"


_Tree = dict[str, "_Tree"]


def _is_letter(char: str) -> bool:
    return char.isalnum() or char == "_"


def _atoms(phrase: str) -> Iterable[str]:
    """Yield the pattern of each character of a phrase."""
    if len(phrase) == 1 and phrase.isupper():
        yield f"(?-i:{phrase})"
        return
    previous = ""
    for char in phrase.replace("ss", "ß"):
        if char == "…":
            yield _GAP
        elif char != " ":
            yield {"'": "['’]", "ё": "[её]", "ß": "(?:ss|ß)", ":": r"\s*[:：]"}.get(
                char
            ) or re.escape(char)
        elif previous != "…":  # a gap ends in white space
            yield r",?\s+"
        previous = char


def _tree_pattern(tree: _Tree) -> str:
    # The end of a phrase comes last, so that the longest is found.
    atoms = sorted((atom for atom in tree if atom), key=lambda atom: atom == _ENDS_WORD)
    branches = [atom + _tree_pattern(tree[atom]) for atom in atoms]
    group = branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
    if not branches:
        return ""
    return f"(?:{group})?" if "" in tree else group
