"""Pages: the lines of a document with what each may be: a label, a field, a title, a turn."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import dropwhile, islice, pairwise, takewhile

import msgspec

from starbook.content.headings import parse
from starbook.importer import series, words
from starbook.importer.labels import PartLabel, parse_label, strip_decoration
from starbook.importer.lines import Line
from starbook.model import STAR, Kind
from starbook.text import names
from starbook.text.vocabulary import Vocabulary

_FIELD = re.compile(
    r"[(（]?[*_]{0,3}(?P<label>[^:：*_()（）]{2,40}?(?:\s?[(（][^()（）]{1,30}[)）])?)"
    r"\s*(?:[*_]{1,3}\s*)?[:：]+\s*[*_]{0,3}\s*(?P<value>.*)"
)
# A field that is a heading or a bold line of its own, above what it holds.
_BOLD_FIELD = re.compile(r"(?:\*\*|__)(?P<label>[^:：*]{2,40}?)[:：]?(?:\*\*|__)[:：]?")
_LONG_LABEL = re.compile(
    r"(?:\*\*)?(?P<label>[^*:：.,]{2,60}?)(?:[:：]\s*\*\*|(?:\*\*)?\s*[:：])\s*(?P<rest>.*)"
)
BOLD = re.compile(r"(?:\*\*|__)[^*]+(?:\*\*|__)[:：.]?")
QUOTED = re.compile(r"[\"“«„「『].+[\"”»“」』][?.!]?")
_NAME = r"[^\W\d_][\w.'’ -]{0,24}?(?: \([^()]{1,30}\))?"
_TURN = re.compile(
    rf"(?:\[[^\[\]]{{0,24}}\d:\d\d[^\[\]]{{0,12}}\]\s*"
    rf"|\(?(?:\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}},?\s)?\d{{1,2}}:\d\d(?::\d\d)?(?:\s?[AP]M)?\)?\s*[-–]?\s*)?"
    rf"(?:(?P<bold>\*\*|__)\[?(?P<a>{_NAME})\]?\s*[:：]?(?P=bold)\s*[:：]?|(?P<b>{_NAME})\s*[:：])"
    r"\s*(?P<text>.*)"
)
# `C: …`, `(P) …`, `**A** …`: a letter that may stand for a part.
_LETTERED = re.compile(
    r"(?P<bold>\*\*)?[(（\[]?(?P<letter>[^\W\d_])(?:[)）\]])?(?:\*\*)?"
    r"(?:\s?[:：.)]|\s[–—-]|(?<=[)）\]*]))(?:\*\*)?(?:\s+(?P<rest>[^\s–—-].*)|\s*)"
)
_BRACKETED = re.compile(r"\s*[(（\[][^()（）\[\]]*[)）\]]\s*")
_REMARK = re.compile(r"[(（][^()（）\"“”«»„「」]*[)）]")
_HASHTAGS = re.compile(r"(?:#[^\W\d_][\w/-]*[\s,]*)+")
_ADDRESS = re.compile(r"[^\W\d_a-z][\w’'-]+(?: [^\W\d_a-z][\w’'-]+)?, ")
_TAG = re.compile(r", (\w+)\s?\?$")
_SENTENCE = re.compile(r"(?<=[.?!。？！])\s+|(?<=[。？！])")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
# Stars and ticks behind a title: neither words nor marks of punctuation.
_SYMBOLS_BEHIND = re.compile(r"(?<=\S)(?:\s*[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])+\s*$")
_URL = re.compile(r"(?:https?://|www\.)\S+")
_FILE = re.compile(r"\S+\.(?:md|txt|docx?|pdf|html?|csv)", re.I)
_SHARE = re.compile(r"[~≈]?\d{1,3}(?:\s?[-–]\s?\d{1,3})?\s?%")
_METHOD = re.compile(r"STAR[RL]{0,2}\W*(?:[^\W\d_]+\W*)?")  # `STAR structure` names no story
_LONGEST_QUESTION = 400
_LONGEST_PLAIN = 25  # words of one without its mark
_Q_LABEL = re.compile(r"\W*Q\s?\d*\s?[:.)]\s*\w")
# What may stand between names of answers: `Bad example vs. good one`.
_JOINING = "vs 1 2 3 and y e und et o one"
# A question mark behind a word: `w/ ???` is a blank.
_ENDS_ASKING = re.compile(r"[^\s?？؟](?:\s?[?？؟]|[?？؟]+)[\"”)]*$")
# Japanese, Korean and Chinese ask by the last syllable, too.
_ASKING_END = re.compile(
    r"(?:[\u3040-\u30ff\u4e00-\u9fff]か|습니까|[\uac00-\ud7af]까요|나요|[\u4e00-\u9fff][吗嗎呢]"
    r"|怎[么麼](?:办|辦|做|看|样|樣|解决的?|解決的?))[.。]?$"
)
# … and state something by others.
_STATING_END = re.compile("(?:니다|です|ます|ました|でした)[.。]?$")


def plain(text: str) -> str:
    """Return `text` without emoji, marks of emphasis, links and quotes around it."""
    text = without_symbols(text)
    return text.replace("**", "").strip("*_` ").strip('"“”«»„「」『』').strip()


def _between(indices: Sequence[int], begin: int, end: int) -> Sequence[int]:
    return indices[bisect_left(indices, begin) : bisect_left(indices, end)]


@lru_cache(maxsize=2**14)
def without_symbols(text: str) -> str:
    """Return `text` without emoji around it and without the addresses of links."""
    return _SYMBOLS_BEHIND.sub("", _LINK.sub(r"\1", strip_decoration(text))).strip()


class Page(msgspec.Struct, frozen=True, dict=True):
    """A document to be read.

    `labels` and `fields` are by the index of their line; so are `turns`: the speaker and the words
    of a line with which somebody begins to speak. A border is a heading that is none of these.
    """

    lines: tuple[Line, ...]
    labels: dict[int, PartLabel]
    fields: dict[int, tuple[str, str]]
    turns: dict[int, tuple[str, str]]
    borders: tuple[int, ...]
    vocabulary: Vocabulary
    interviewers: frozenset[str] = frozenset()

    @cached_property
    def has_headings(self) -> bool:
        """True if the document marks headings; a row of a table is none."""
        return any(line.role == "heading" and line.level < 7 for line in self.lines)

    def kinds(self, indices: Iterable[int]) -> list[Kind]:
        """Return the parts of STAR that the labels at `indices` name, in their order."""
        found = (kind for i in indices for kind in self.labels[i].kinds)
        return [kind for kind in found if kind in STAR]

    @cached_property
    def _label_indices(self) -> list[int]:
        return sorted(self.labels)

    @cached_property
    def _star_indices(self) -> list[int]:
        return [i for i in self._label_indices if self.labels[i].kinds[0] in STAR]

    @cached_property
    def method_labels(self) -> frozenset[int]:
        """The headings that name parts, if enough of them do to tell a story.

        What is asked below one that tells none explains the method: `Task: What was the goal?`
        """
        found = [i for i in self._star_indices if self.lines[i].role == "heading"]
        return frozenset(found if len(set(self.kinds(found))) >= 3 else ())

    @cached_property
    def _border_set(self) -> frozenset[int]:
        return frozenset(self.borders)

    @cached_property
    def _parents(self) -> dict[int, int]:
        """The nearest border of a lower level above each border, or -1."""
        parents: dict[int, int] = {}
        above: list[int] = []
        for i in self.borders:
            above = [j for j in above if self.lines[j].level < self.lines[i].level]
            parents[i] = above[-1] if above else -1
            above.append(i)
        return parents

    @cached_property
    def repeated(self) -> frozenset[str]:
        """The borders that stand below several others, and so are labels; without brackets."""
        parents: dict[str, set[int]] = {}
        for i, parent in self._parents.items():
            bare = plain(words.strip_count(self.lines[i].words, self.vocabulary))
            parents.setdefault(_without_bracket(bare), set()).add(parent)
        return frozenset(bare for bare, found in parents.items() if len(found - {-1}) > 1)

    def is_border(self, i: int) -> bool:
        """Return True if the line at `i` is a border."""
        return i in self._border_set

    def begins_turn(self, i: int) -> bool:
        """Return True if somebody begins to speak in a line, also where nobody asks."""
        line = self.lines[i]
        name = line.words.strip("*_").rstrip(":：").strip("*_")
        is_name = line.role == "text" and line.words.strip("*_").endswith((":", "："))
        return i in self.turns or (is_name and _is_role(name, self.vocabulary))

    def labels_between(self, begin: int, end: int) -> Sequence[int]:
        """Return the indices of labels in a range."""
        return _between(self._label_indices, begin, end)

    def star_labels(self, begin: int, end: int) -> Sequence[int]:
        """Return the indices of labels of STAR parts in a range."""
        return _between(self._star_indices, begin, end)

    def borders_between(self, begin: int, end: int) -> Sequence[int]:
        """Return the borders in a range."""
        return _between(self.borders, begin, end)

    def borders_above(self, i: int) -> Iterator[int]:
        """Yield the borders above a line, the nearest first, each of a lower level than the last.

        If the line is a border itself, those that it is below.
        """
        at = bisect_left(self.borders, i)
        above = self._parents[i] if self.is_border(i) else self.borders[at - 1] if at else -1
        while above >= 0:
            yield above
            above = self._parents[above]

    def is_first(self, i: int) -> bool:
        """Return True if nothing stands right above a line."""
        return i == 0 or self.lines[i - 1].role in ("blank", "rule")

    def line_below(self, i: int, end: int | None = None) -> Line | None:
        """Return the next line that is not blank, or None."""
        return next((line for line in self._lines_below(i, end) if line.role != "blank"), None)

    def _lines_below(self, i: int, end: int | None = None) -> Iterator[Line]:
        last = len(self.lines) if end is None else end
        return (self.lines[j] for j in range(i + 1, last))

    def introduces_items(self, line: Line) -> bool:
        """Return True if a line of plain text names questions and stands above a list."""
        text = line.words.strip("*: ").strip('"“”')
        below = self.line_below(line.index)
        return bool(
            line.role == "text"
            and not line.indent
            and self.vocabulary.questions_heading.search(text)
            and not self.is_question(text)
            and below
            and (below.role == "item" or self._asks_alone(below))
        )

    def _asks_alone(self, line: Line) -> bool:
        """Return True if a line of text without a mark asks."""
        return line.role == "text" and self.is_question(line.words)

    def asked_in_field(self, i: int) -> bool:
        """Return True if a line is a field that holds one question: `Question: Why boats?`."""
        field, value = self.fields.get(i, ("", ""))
        return field == "questions" and self.is_question(value)

    def stands_on_questions(self, line: Line) -> bool:
        """Return True if a paragraph of one line stands above a list of which most items ask."""
        if line.role != "text" or not self.is_first(line.index):
            return False
        below = dropwhile(lambda one: one.role == "blank", self._lines_below(line.index))
        items = list(takewhile(lambda one: one.role in ("item", "blank"), islice(below, 12)))
        asked = [one for one in items if one.role == "item"]
        questions = sum(self.is_question(one.words) for one in asked)
        return len(asked) > 1 and questions * 3 >= len(asked) * 2

    def is_answer_heading(self, line: Line) -> bool:
        """Return True if `line` says no more than that an answer follows."""
        text = plain(line.words).rstrip(":： ")
        return bool(text and self.vocabulary.answer_heading.fullmatch(text))

    def is_question(self, text: str) -> bool:
        """Return True if `text` is a question, as an interviewer asks it."""
        return is_question(plain(text), self.vocabulary)

    def says_answer(self, text: str) -> bool:
        """Return True if a text has no words but those of headings above any answer."""
        return set(re.findall(r"\w+", text.casefold())) <= _answer_words(self.vocabulary)

    def is_title(self, text: str) -> bool:
        """Return True if somebody would call a story by this text."""
        bare = plain(words.strip_count(text, self.vocabulary))
        if _without_bracket(bare) in self.repeated:
            return False
        if (
            not names.slug(bare)
            or bare.isdecimal()
            or _REMARK.fullmatch(bare)
            or _URL.fullmatch(bare)
            or _FILE.fullmatch(bare)
            or _METHOD.fullmatch(bare)
        ):
            return False
        vocabulary = self.vocabulary
        if self.says_answer(bare):
            return False
        return not (
            vocabulary.answer_heading.fullmatch(bare.rstrip(": "))
            or vocabulary.placeholder_title.fullmatch(bare)
            or vocabulary.field_of_label(bare.rstrip(": "))
            or parse_label(bare, vocabulary, whole=True)
            or vocabulary.interviewer_name.fullmatch(bare.rstrip(": "))
            or vocabulary.candidate_name.fullmatch(bare.rstrip(": "))
        )


@lru_cache(maxsize=8)
def _answer_words(vocabulary: Vocabulary) -> frozenset[str]:
    """Return the words of headings that say nothing of their answer: `Bad example vs. good one`."""
    phrases = (*vocabulary.answer_headings, *vocabulary.weak_headings)
    short = (phrase.split() for phrase in phrases if phrase.count(" ") < 2)
    return frozenset(word for phrase in [*short, _JOINING.split()] for word in phrase)


def make_page(lines: Sequence[Line], vocabulary: Vocabulary) -> Page:
    """Return the page of these lines."""
    readable = {i: line for i, line in enumerate(lines) if line.role in ("heading", "item", "text")}
    fields = {i: field for i, line in readable.items() if (field := parse_field(line, vocabulary))}
    labels = {
        i: label
        for i, line in readable.items()
        if i not in fields and (label := parse_label(line.words, vocabulary))
    }
    labels |= {
        i: _with_length(label, vocabulary)
        for i, label in labels.items()
        if readable[i].role == "heading" and label.rest
    }
    labels |= series.find_run_in(readable, vocabulary)
    labels |= series.find_spaced_letters(readable, vocabulary)
    labels |= _find_acronyms(readable, fields, vocabulary)
    labels |= dict(_find_longer_labels(readable, labels, vocabulary))
    labels |= series.find_missing(readable, labels, fields)
    labels |= series.find_remarks(readable, labels, fields, vocabulary)
    turns, interviewers = _find_turns(readable, fields, labels, vocabulary)
    labels |= {
        i: label for i, (_, text) in turns.items() if (label := parse_label(text, vocabulary))
    }
    labels = dict(sorted(labels.items()))
    page = Page(tuple(lines), labels, fields, turns, (), vocabulary, interviewers=interviewers)
    borders: list[int] = []
    above: list[int] = []  # the levels of the headings above
    for i, line in readable.items():
        if line.role != "heading" or i in labels or i in fields or i in turns:
            continue
        above = [level for level in above if level < line.level]
        # Below another heading, `Sample answer` names nothing; beside others it begins something.
        if not (page.is_answer_heading(line) and any(level > 1 for level in above)):
            borders.append(i)
            above.append(line.level)
    return msgspec.structs.replace(page, borders=tuple(borders))


def _find_acronyms(
    readable: dict[int, Line], fields: dict[int, tuple[str, str]], vocabulary: Vocabulary
) -> dict[int, PartLabel]:
    """Return the labels of lines whose letters spell an acronym other than STAR.

    No heading may stand between them.
    """
    found: dict[int, PartLabel] = {}
    run: list[tuple[int, re.Match[str]]] = []
    for i, line in [*readable.items(), (-1, Line(0, "#", "heading"))]:
        match = _LETTERED.fullmatch(strip_decoration(line.words)) if i not in fields else None
        if match and match["letter"] == match["letter"].upper():
            run.append((i, match))
        elif line.role == "heading":
            found |= _spell_acronyms(run, vocabulary)
            run = []
    return found


def _spell_acronyms(
    run: Sequence[tuple[int, re.Match[str]]], vocabulary: Vocabulary
) -> Iterator[tuple[int, PartLabel]]:
    """Yield the labels of lettered lines, by the longest acronym at each of them."""
    spelled = "".join(match["letter"] for _, match in run)
    at = 0
    while at < len(run):
        known = vocabulary.kinds_of_acronym
        acronym = max((one for one in known if spelled.startswith(one, at)), key=len, default="")
        for (i, match), kind in zip(run[at:], known.get(acronym, ()), strict=False):
            yield i, PartLabel((kind,), kind.capitalize(), match["rest"] or "", bool(match["bold"]))
        at += len(acronym) or 1


def _find_longer_labels(
    readable: dict[int, Line], labels: dict[int, PartLabel], vocabulary: Vocabulary
) -> Iterator[tuple[int, PartLabel]]:
    """Yield labels with more words than the name of a part: `**Action taken on board:** …`.

    They have the form of the label above, and the part is the one that is missing below it.
    """
    order = {kind: at for at, kind in enumerate(STAR)}
    last: Kind | None = None
    form: tuple[str, int, bool] | None = None
    for i, line in readable.items():
        text = strip_decoration(line.words)
        own = (line.role, line.indent, text.startswith("**"))
        label = labels.get(i)
        if label and label.kinds[-1] in order:
            last, form = label.kinds[-1], own
        elif not label and line.role == "heading":
            last = None
        elif not label and last and own == form and (match := _LONG_LABEL.fullmatch(text)):
            kind = _kind_within(match["label"].split(), vocabulary)
            if kind in order and order[kind] - order[last] in (0, 1):
                yield i, PartLabel((kind,), match["label"], match["rest"], strong=own[2])
                last = kind


def _kind_within(name: Sequence[str], vocabulary: Vocabulary) -> Kind:
    """Return the part that words begin or end with: `Action taken on board`, `Team action`."""
    cuts = range(len(name) - 1, 0, -1)
    parts = [*(name[:cut] for cut in cuts), *(name[-cut:] for cut in cuts)]
    kinds = (parse(" ".join(part), vocabulary).kind for part in parts)
    return next((kind for kind in kinds if kind in STAR), Kind.OTHER)


def _with_length(label: PartLabel, vocabulary: Vocabulary) -> PartLabel:
    """Return the label of a heading with what it says of the length in brackets."""
    rest = label.rest.strip()
    if not (vocabulary.time.fullmatch(rest) or _SHARE.fullmatch(rest)):
        return label
    return msgspec.structs.replace(label, heading=f"{label.heading} ({rest})", rest="")


def _without_bracket(text: str) -> str:
    return re.sub(r"\s*[(（][^()（）]*[)）]\s*$", "", text).casefold()


def parse_field(line: Line, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """Return the name and value of the front matter field that `line` gives, or None."""
    if line.role not in ("text", "item", "heading"):
        return None
    text = strip_decoration(line.words)
    if line.role == "text" and _HASHTAGS.fullmatch(text):
        return "tags", text
    if match := _FIELD.fullmatch(text):
        field, value = vocabulary.field_of_label(match["label"]), match["value"].strip()
        if BOLD.fullmatch(text):  # `**Title: The mill**`
            value = value.rstrip("*_:：.")
        if text.startswith(("(", "（")):
            value = value.removesuffix(")").removesuffix("）")
        return (field, value) if field else None
    bold = _BOLD_FIELD.fullmatch(text)
    field = vocabulary.field_of_label(bold["label"]) if bold else ""
    named = vocabulary.field_of_label(text) if line.role == "heading" and line.level > 2 else ""
    if named == "questions" and " " in text:
        field = named
    return (field, "") if field else None


def _find_turns(
    readable: dict[int, Line],
    fields: dict[int, tuple[str, str]],
    labels: dict[int, PartLabel],
    vocabulary: Vocabulary,
) -> tuple[dict[int, tuple[str, str]], frozenset[str]]:
    """Return the turns of a talk, and the names of those who ask in it.

    Two speak in a talk at least, each of whom does so twice or is named by a role.
    """
    found: dict[int, tuple[str, str]] = {}
    for i, line in readable.items():
        match = _TURN.fullmatch(strip_decoration(line.words)) if i not in fields else None
        if match and line.role == "text" and line.fold >= 0:  # a column is no speaker
            found[i] = ((match["a"] or match["b"]).strip(" :"), match["text"].strip())
        elif line.role == "heading" and _is_role(name := line.words.rstrip(": "), vocabulary):
            found[i] = (name, "")
    found = {i: turn for i, turn in found.items() if i not in labels}
    by_name = Counter(name for name, _ in found.values())
    turns = {
        i: (name, text)
        for i, (name, text) in found.items()
        if by_name[name] > 1 or _is_role(name, vocabulary)
    }
    turns |= _find_words_below(readable, turns)
    asked = Counter(name for name, text in turns.values() if find_question(text, vocabulary))
    speakers = {name for name, _ in turns.values()}
    roles = {name for name in speakers if _is_interviewer(name, vocabulary)}
    others = [name for name in asked if not _is_candidate(name, vocabulary)]
    mostly = {name for name in others if asked[name] * 2 > by_name[name]}
    interviewers = roles or mostly or set(sorted(others, key=asked.__getitem__)[-1:])
    if not asked or len(speakers) < 2:
        return {}, frozenset()
    return turns, frozenset(interviewers)


def _is_role(name: str, vocabulary: Vocabulary) -> bool:
    """Return True if a name says what somebody is in an interview."""
    return _is_interviewer(name, vocabulary) or _is_candidate(name, vocabulary)


def _is_candidate(name: str, vocabulary: Vocabulary) -> bool:
    """Return True if a name is that of who answers."""
    return bool(vocabulary.candidate_name.fullmatch(_without_bracket(name)))


def _is_interviewer(name: str, vocabulary: Vocabulary) -> bool:
    """Return True if a name is that of a role that asks: `Interviewer 2 (Ann)`."""
    return bool(vocabulary.interviewer_name.fullmatch(_without_bracket(name)))


def _find_words_below(
    readable: dict[int, Line], turns: dict[int, tuple[str, str]]
) -> dict[int, tuple[str, str]]:
    """Return the first words that stand below the name of who speaks."""
    indices = sorted(readable)
    following = dict(pairwise(indices))
    below = ((following.get(i, -1), name) for i, (name, text) in turns.items() if not text)
    return {
        i: (name, readable[i].words)
        for i, name in below
        if i >= 0 and i not in turns and readable[i].role == "text"
    }


@lru_cache(maxsize=2**14)
def is_question(sentence: str, vocabulary: Vocabulary) -> bool:
    """Return True if a sentence has a question mark, or begins as an interviewer's request does."""
    labelled = bool(_Q_LABEL.match(sentence))
    sentence = vocabulary.question_label.sub("", sentence, count=1).rstrip().rstrip('"”')
    if not names.slug(sentence) or len(sentence) > _LONGEST_QUESTION:
        return False
    # `(the ferry? the mill?)`, `TODO: the ferry?`, `Shall we begin?`
    if (
        _BRACKETED.fullmatch(sentence)
        or vocabulary.draft_word.match(sentence)
        or vocabulary.offer.match(sentence)
    ):
        return False
    return labelled or _has_mark(sentence, vocabulary) or _requests(sentence, vocabulary)


def _has_mark(sentence: str, vocabulary: Vocabulary) -> bool:
    """Return True if the first or the last sentence ends as a question does."""
    sentences = split_sentences(sentence) or [""]
    tag = _TAG.search(sentence)  # `I'll be a bit mean, alright?`
    states = tag and tag[1].casefold() in vocabulary.greetings
    ends = (sentences[0], sentences[-1])
    if not states and any(map(_ENDS_ASKING.search, ends)):
        return True
    return any(_ASKING_END.search(one, max(0, len(one) - 7)) for one in ends)


def _requests(sentence: str, vocabulary: Vocabulary) -> bool:
    """Return True if a sentence asks without a mark, by its first words or its last ones."""
    if len(sentence.split()) <= 3 and (sentence.isascii() or len(sentence) <= 8):
        return False
    if vocabulary.request_end.fullmatch(sentence):
        return True
    if _STATING_END.search(sentence):
        return False
    sentences = split_sentences(sentence)
    short = len(sentences) == 1 and len(sentence.split()) <= _LONGEST_PLAIN
    if short and sentence[-1:] not in ".:：" and vocabulary.plain_question.match(sentence):
        return True
    last = sentences[-1] if len(sentences) <= 3 else ""  # `We all err. Tell me about a time …`
    begins = vocabulary.story_request.search(last) and vocabulary.question_preamble.match(last)
    return bool(begins or vocabulary.question_preamble.match(sentence))


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a line."""
    return [sentence.strip() for sentence in _SENTENCE.split(text) if sentence.strip()]


def find_question(text: str, vocabulary: Vocabulary) -> str:
    """Return the question that somebody asks in `text`, without what is said before it, or ""."""
    sentences = split_sentences(vocabulary.greeting.sub("", text))
    sentences = [_without_address(one, vocabulary) for one in sentences]
    first = next(
        (
            i
            for i, sentence in enumerate(sentences)
            if is_question(sentence, vocabulary) and not _is_probe(sentence, vocabulary)
        ),
        -1,
    )
    return " ".join(sentences[first:]) if first >= 0 else ""


def _without_address(sentence: str, vocabulary: Vocabulary) -> str:
    """Return a request without the name of who is asked: `Tom, tell me about a time …`."""
    named = _ADDRESS.match(sentence)
    rest = sentence[named.end() :] if named else ""
    is_request = vocabulary.question_preamble.match(rest)
    return f"{rest[:1].upper()}{rest[1:]}" if is_request else sentence


def _is_probe(sentence: str, vocabulary: Vocabulary) -> bool:
    """Return True for a question that lives on the one before it: `And the result?`."""
    short = sentence.isascii() and len(sentence.split()) < 4
    return short and not vocabulary.question_start.match(sentence)


def questions_of_turns(page: Page, begin: int, end: int) -> Iterator[tuple[int, str]]:
    """Yield the indices of turns in which somebody asks, each with the question."""
    for i, (name, text) in page.turns.items():
        asks = begin <= i < end and name in page.interviewers
        if asks and (question := find_question(text, page.vocabulary)):
            yield i, question
