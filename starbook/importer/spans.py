"""Spans of stories: find the lines of each story in a document, from its title to its end."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

import msgspec

from starbook.importer import words
from starbook.importer.document import Line
from starbook.importer.labels import PartLabel, parse_label, strip_decoration
from starbook.model import STAR, Kind
from starbook.text.vocabulary import Vocabulary

_FIELD = re.compile(
    r"[*_]{0,3}(?P<label>[^:：*_]{2,40}?)\s*(?:[*_]{1,3}\s*)?[:：]+\s*[*_]{0,3}\s*(?P<value>.*)"
)
_BOLD = re.compile(r"\*\*[^*]+\*\*[:.]?")
_QUOTED = re.compile(r"[\"“«„].+[\"”»“]\??")
# How many of the four parts make a story. Fewer are labels that have another meaning.
_MIN_PARTS = 3


class Span(msgspec.Struct, frozen=True):
    """The lines of a story: the indices of its title (or -1), its first line and behind its last.

    `labels` are the labels of its parts, each with the index of its line.
    """

    title: int
    begin: int
    end: int
    labels: tuple[tuple[int, PartLabel], ...]


def parse_field(line: Line, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """Return the name and value of the front matter field that `line` gives, or None."""
    if line.role not in ("text", "item", "heading"):
        return None
    match = _FIELD.fullmatch(strip_decoration(line.words))
    field = vocabulary.field_of_label(match["label"]) if match else ""
    if field in ("title", "duration"):  # which stories have no use for yet: they stay as they are
        return None
    return (field, match["value"].strip()) if match and field else None


def find_spans(lines: Sequence[Line], vocabulary: Vocabulary) -> list[Span]:
    """Return the spans of all stories, in the order of the document."""
    finder = _SpanFinder(lines, vocabulary)
    runs = list(filter(finder.is_story, finder.split_runs()))
    neighbours = zip([[-1], *runs], runs, [*runs[1:], []], strict=False)
    titles = [finder.find_title(before[-1] + 1, run, after) for before, run, after in neighbours]
    begins = [title if title >= 0 else run[0] for title, run in zip(titles, runs, strict=True)]
    limits = [*begins[1:], len(lines)]
    spans = []
    for run, title, begin, limit in zip(runs, titles, begins, limits, strict=False):
        end = finder.find_end(title, run, limit)
        inner = [(i, label) for i, label in finder.labels.items() if run[0] <= i < end]
        labels = tuple((i, label) for i, label in inner if finder.is_own_label(run, i))
        spans.append(Span(title, begin, end, labels))
    return spans


def introduces_questions_to_ask(line: Line, vocabulary: Vocabulary) -> bool:
    """Return True if `line` is text that stands above questions to ask, like a heading."""
    text = line.words
    short = line.role == "text" and len(text.split()) <= 6 and not text.endswith((".", "?", "!"))
    return short and bool(vocabulary.to_ask_heading.search(text.strip("*: ")))


class _SpanFinder:
    """Finds runs of labels that tell a story, and the lines around each run.

    A run is a list of indices into `lines`, at which `labels` has labels. A border is a heading
    that is neither a part nor a field of a story.
    """

    def __init__(self, lines: Sequence[Line], vocabulary: Vocabulary) -> None:
        self.lines = lines
        self.vocabulary = vocabulary
        self.labels = {
            i: label
            for i, line in enumerate(lines)
            if line.role in ("heading", "item", "text")
            and not parse_field(line, vocabulary)
            and (label := parse_label(line.words, vocabulary))
        }

    def _is_border(self, i: int) -> bool:
        line = self.lines[i]
        return (
            line.role == "heading"
            and i not in self.labels
            and not parse_field(line, self.vocabulary)
        )

    def _find_border(self, indices: Iterable[int]) -> int:
        return next(filter(self._is_border, indices), -1)

    def _heading_above(self, start: int) -> Line:
        """Return the nearest border above, or an empty heading of level 6."""
        border = self._find_border(range(start, -1, -1))
        return self.lines[border] if border >= 0 else Line(0, "", "heading", 6)

    def split_runs(self) -> Iterator[list[int]]:
        """Yield runs of consecutive labels that may belong to one story."""
        run: list[int] = []
        level = 6
        for i in self.labels:
            between = range(run[-1] + 1 if run else i, i)
            separated = any(self._is_border(j) and self.lines[j].level <= level for j in between)
            if run and (separated or self._starts_over(run, i)):
                yield run
                run = []
            level = level if run else self._heading_above(i).level
            run.append(i)
        if run:
            yield run

    def _starts_over(self, run: Sequence[int], i: int) -> bool:
        kinds = {kind for j in run for kind in self.labels[j].kinds}
        first = self.labels[i].kinds[0]
        if first is Kind.SITUATION:
            return bool(kinds & {Kind.ACTION, Kind.RESULT}) and Kind.SITUATION in kinds
        return first is Kind.TASK and {Kind.TASK, Kind.RESULT} <= kinds

    def _star_labels(self, run: Sequence[int]) -> list[int]:
        return [i for i in run if self.labels[i].kinds[0] in STAR]

    def is_story(self, run: Sequence[int]) -> bool:
        """Return True if a run has enough parts, which neither are empty nor explain the method."""
        if len({kind for i in run for kind in self.labels[i].kinds if kind in STAR}) < _MIN_PARTS:
            return False
        star = self._star_labels(run)
        others = ("heading", "rule", "code", "table")
        texts = []
        for i in star:
            end = next((j for j in run if j > i), i + 12)
            below = takewhile(lambda line: line.role not in others, self.lines[i + 1 : end])
            text = " ".join([self.labels[i].rest, *(line.words for line in below)])
            text = words.BRACKETED.sub(" ", text)
            texts.append(re.sub(r"\s+", " ", text).strip(" -*|:"))
        heading = self._heading_above(run[0]).words
        if all(self.vocabulary.placeholder.match(text) for text in texts):
            heading = re.sub(r"[\[\]<>{}]", "", heading)
            counted = self.vocabulary.counted_title.match(heading)
            title = counted["title"] if counted else heading
            is_template = self.vocabulary.placeholder_title.fullmatch(title)
            return not (is_template or self.vocabulary.method_heading.search(heading))
        counted = self.vocabulary.counted_title.match(heading) or words.ID_TITLE.match(heading)
        score = 2 * bool(self.vocabulary.method_heading.search(heading) and not counted)
        score += (
            sum(bool(self.vocabulary.instruction.search(text)) for text in texts) >= len(star) / 2
        )
        score += all(len(text.split()) < 30 for text in texts)
        unquoted = (re.sub(r'["“][^"“”]*["”]', "", text) for text in texts)
        score -= sum(bool(self.vocabulary.speaks_of_self.search(text)) for text in unquoted)
        score -= sum(bool(re.search(r"\d", text)) for text in texts)
        return score < 2

    def find_title(self, start: int, run: Sequence[int], following: Sequence[int]) -> int:
        """Return the index of the heading above a run, or of a line below it if runs share it."""
        heading = self._find_border(range(run[0] - 1, start - 1, -1))
        below = range(run[0] - 1, max(start, heading + 1) - 1, -1)
        title = next((i for i in below if self._is_title(i, run)), -1)
        if heading < 0 and title < 0 and not start:
            return _first_title(self.lines[: run[0]])
        if heading < 0 or title < 0:
            return max(heading, title)
        shared = following and self._find_border(range(run[-1], following[0])) < 0
        counted = self.vocabulary.counted_title.fullmatch(_strip_marks(self.lines[title].words))
        return title if shared or counted else heading

    def _is_title(self, i: int, run: Sequence[int]) -> bool:
        line, first = self.lines[i], self.lines[run[0]]
        text = strip_decoration(line.words)
        plain = _strip_marks(text)
        if line.role not in ("text", "item") or parse_field(line, self.vocabulary):
            return False
        if self.vocabulary.answer_heading.fullmatch(plain.rstrip(":")):
            return False
        if first.role == "item" and line.role == "item" and line.indent < first.indent:
            return True
        marked = _BOLD.fullmatch(text) or _QUOTED.fullmatch(text)
        counted = self.vocabulary.counted_title.fullmatch(
            plain
        ) or self.vocabulary.word_title.fullmatch(plain)
        return bool(marked or counted) or (len(text) < 200 and text.endswith(("?", "？")))

    def is_own_label(self, run: Sequence[int], i: int) -> bool:
        """Return True if a label is as strong as those of the run, and not further indented."""
        if i == run[0]:
            return True
        label, line = self.labels[i], self.lines[i]
        star = self._star_labels(run)
        if sum(self.labels[j].strong for j in star) * 2 > len(star):
            weaker = not label.strong and (label.rest or label.kinds[0] in STAR)
        else:  # a letter or word on a line of its own is stronger than one with text behind it
            weaker = label.rest and not any(self.labels[j].rest for j in star)
        unlike = line.role == "item" and not any(self.lines[j].role == "item" for j in star)
        indented = line.indent > max(self.lines[j].indent for j in star[:2])
        return not (weaker or unlike or indented)

    def find_end(self, title: int, run: Sequence[int], limit: int) -> int:
        """Return the index behind the last line of a story; at most `limit`."""
        above = self.lines[title] if title >= 0 else self._heading_above(run[0])
        shaped, level = above if above.role != "heading" else None, above.level
        if shaped:  # any heading ends the story that is not below one of its parts
            level = max(self.lines[j].level for j in run) or 6
        for i in range(run[-1] + 1, limit):
            line = self.lines[i]
            if self._is_border(i) and line.level <= level:
                return i
            if shaped and (
                _is_similar_title(shaped, line, self.vocabulary)
                or introduces_questions_to_ask(line, self.vocabulary)
            ):
                return i
        return limit


def _first_title(lines: Sequence[Line]) -> int:
    """Return the index of the line that looks most like a title, or -1."""
    sizes = (
        (len(line.words.split()), -i)
        for i, line in enumerate(lines)
        if line.role == "text" and not line.words.endswith((".", "!", ":"))
    )
    count, negative_index = max((size for size in sizes if size[0] <= 20), default=(0, 1))
    return -negative_index if count >= 3 else -1


def _strip_marks(text: str) -> str:
    return strip_decoration(text).strip("* ").strip('"“”«»„').strip()


def _is_similar_title(title: Line, line: Line, vocabulary: Vocabulary) -> bool:
    """Return True if `line` has the form of `title`, so that another story begins with it."""
    if title.role != line.role or title.indent != line.indent:
        return False
    one, other = strip_decoration(title.words), strip_decoration(line.words)
    alike = any(form.fullmatch(one) and form.fullmatch(other) for form in (_BOLD, _QUOTED))
    question, asks = (text.strip('*"”: ').endswith("?") for text in (one, other))
    return alike and (asks or not question or bool(vocabulary.to_ask_heading.search(other)))
