"""Readings: divide a document into stories in several ways, and choose the best.

A reading is made by one rule that says at which lines stories begin. What the rule leaves, and a
story that turns out to hold several, is read again by the rules that remain. Each reading has a
score: the sum of what is in favour of its stories, see `_score`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import msgspec

from starbook.content.headings import parse
from starbook.importer import words
from starbook.importer.labels import PartLabel, strip_decoration
from starbook.importer.lines import ROW, Line
from starbook.importer.page import (
    BOLD,
    QUOTED,
    Page,
    plain,
    questions_of_turns,
    split_sentences,
)
from starbook.model import STAR, Kind

# How many of the four parts make a story; fewer are labels that have another meaning. Between
# stories that are borders of the same kind, two are a story that is not written yet.
_MIN_PARTS, _MIN_DRAFT = 3, 2


class Span(msgspec.Struct, frozen=True):
    """The lines of a story: the indices of its title (or -1), its first line and behind its last.

    `labels` are the labels of its parts, each with the index of its line; `question` is the index
    of the line above several stories that answer it, or -1.
    """

    title: int
    begin: int
    end: int
    labels: tuple[tuple[int, PartLabel], ...]
    question: int = -1


class Reading(msgspec.Struct, frozen=True):
    """A way to divide a document: the name of its rule, its stories, and its score.

    `direct` is how many of the stories begin where the rule itself says.
    """

    name: str
    spans: tuple[Span, ...]
    score: float
    direct: int = 0

    @property
    def about(self) -> str:
        """A clause that says where the stories begin, for the report."""
        return f"stories begin at {RULES[self.name][0]}"


def read(page: Page, rule: str = "") -> list[Reading]:
    """Return all readings of a page that find stories, the best first; or that by one rule."""
    reader = _Reader(page)
    chosen = (rule,) if rule else tuple(RULES)
    found = [reader.read(name, 0, len(page.lines), tuple(RULES)) for name in chosen]
    readings = [reading for reading in found if reading]
    # Of equals, the one whose own rule finds most; then the rule that stands first.
    readings.sort(key=lambda reading: (-reading.score, -reading.direct))
    distinct: dict[tuple[tuple[int, int], ...], Reading] = {}
    for one in readings:
        distinct.setdefault(tuple((span.title, span.begin) for span in one.spans), one)
    return list(distinct.values())


class _Reader:
    """Reads ranges of a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._levels = Counter(page.lines[i].level for i in page.borders)
        self._starts: dict[int, bool] = {}
        self._best: dict[tuple[int, int, tuple[str, ...]], tuple[Span, ...]] = {}

    def read(self, rule: str, begin: int, end: int, rules: tuple[str, ...]) -> Reading | None:
        """Return the reading of a range by a rule, with what the other `rules` find around it."""
        borders = [i for i in RULES[rule][1](self.page, begin, end) if begin <= i < end]
        if rule == "letters":
            spans = tuple(self._spans_of_runs(begin, end))
        elif not borders:
            return None
        else:
            others = tuple(name for name in rules if name != rule)
            spans = tuple(self._spans_of_borders(borders, begin, end, others))
        direct = sum(span.title in set(borders) for span in spans)
        return Reading(rule, spans, self._score(spans, begin, end), direct) if spans else None

    def best(self, begin: int, end: int, rules: tuple[str, ...]) -> tuple[Span, ...]:
        """Return the stories of the best reading of a range."""
        key = (begin, end, rules)
        if key not in self._best:
            star = self.page.star_labels(begin, end)
            readings = [self.read(rule, begin, end, rules) for rule in rules] if star else []
            found = max(
                filter(None, readings), key=lambda one: (one.score, one.direct), default=None
            )
            self._best[key] = found.spans if found else ()
        return self._best[key]

    def _spans_of_borders(
        self, borders: Sequence[int], begin: int, end: int, others: tuple[str, ...]
    ) -> Iterator[Span]:
        found: list[Span | tuple[int, int]] = []  # a story, or begin and end without one
        at = begin
        for border, following in pairwise([*borders, end]):
            found += self.best(at, border, others)
            at = self.closing(border, following)
            found += self._spans_of_item(border, at, others) or [(border, at)]
        found += self.best(at, end, others)
        begins = set(borders)
        told = any(isinstance(span, Span) and span.title in begins for span in found)
        told = told or self._begin_alike(borders, end)
        for span in found:
            if isinstance(span, Span):
                yield span
            elif told and (draft := self._draft(*span)):
                yield draft

    def _draft(self, border: int, end: int) -> Span | None:
        """Return the story at a border between stories that has two parts, or is told as such."""
        labels = self.own_labels(self.page.star_labels(border + 1, end), border + 1, end)
        least = 1 if self._begins_with_situation(border, end) else _MIN_DRAFT
        if len(set(self.page.kinds(i for i, _ in labels))) >= least:
            return Span(border, border, end, tuple(labels))
        text = self.page.lines[border].text.lstrip("# ")
        counted = words.counted(text, self.page.vocabulary)
        wanted = self.page.vocabulary.draft_word.search(text) or words.STORY_WORD.match(plain(text))
        if counted and wanted and not self.page.is_question(text) and not labels:
            return Span(border, border, end, ())
        return None

    def _begins_with_situation(self, border: int, end: int) -> bool:
        """Return True if the first line below a border, but for fields, is a Situation."""
        page = self.page
        below = (line for line in page.lines[border + 1 : end] if line.text)
        first = next((line.index for line in below if line.index not in page.fields), -1)
        if first not in page.labels or page.labels[first].kinds[0] is not Kind.SITUATION:
            return False
        return not parse(page.labels[first].heading, page.vocabulary).may_be_task  # `Problem`

    def _begin_alike(self, borders: Sequence[int], end: int) -> bool:
        """Return True if three borders stand above a Situation, or two above another part too."""
        pairs = list(pairwise([*borders, end]))
        begun = [pair for pair in pairs if self._begins_with_situation(*pair)]
        kinds = (set(self.page.kinds(self.page.star_labels(*pair))) for pair in begun)
        return len(begun) > 2 or sum(len(found) >= _MIN_DRAFT for found in kinds) > 1

    def _spans_of_item(self, border: int, end: int, others: tuple[str, ...]) -> list[Span]:
        runs = self.split_runs(border + 1, end)
        if not runs:
            return []
        if len(runs) == 1:
            return [Span(border, border, end, tuple(self.own_labels(runs[0], border + 1, end)))]
        inner = self.best(border + 1, end, others)
        if not inner:
            return []
        asked = border if self.asks(border) else -1
        titled = self._has_siblings(border) and self.page.is_title(self.page.lines[border].words)
        found = [
            msgspec.structs.replace(span, title=border)
            if titled and span is inner[0] and not self._has_own_title(span)
            else msgspec.structs.replace(span, question=max(span.question, asked))
            for span in inner
        ]
        if found[0].title == border:
            found[0] = msgspec.structs.replace(found[0], begin=border)
        return found

    def _has_own_title(self, span: Span) -> bool:
        return span.title >= 0 and self.page.is_title(self.page.lines[span.title].words)

    def _has_siblings(self, border: int) -> bool:
        """Return True if other headings have the level of this one, so that it names no page."""
        line = self.page.lines[border]
        return line.role != "heading" or self._levels[line.level] > 1

    def asks(self, i: int) -> bool:
        """Return True if a line asks a question."""
        text = words.strip_count(self.page.lines[i].words, self.page.vocabulary)
        turn = self.page.turns.get(i, ("", ""))[1]
        explains = re.search(r"\bSTAR\b", text)
        return (self.page.is_question(text) and not explains) or bool(turn)

    def closing(self, border: int, limit: int) -> int:
        """Return the index behind the last line of what begins at a border; at most `limit`."""
        page, line = self.page, self.page.lines[border]
        if line.fold:
            outside = (i for i in range(border, limit) if page.lines[i].fold != line.fold)
            limit = next(outside, limit)
        if line.role == "item":
            limit = self._end_of_item(border, limit)
        if line.role == "heading":
            level = line.level
        else:  # any heading ends what it begins that is not below one of its parts
            labels = page.star_labels(border, limit)
            level = max((page.lines[i].level for i in labels), default=0) or 6
            limit = self._stray_end(border, self._next_question(border, limit))
        # Questions below a heading may be those on its story.
        introduces = introduces_questions_to_ask if line.role == "heading" else introduces_list
        for i in range(border + 1, limit):
            if page.lines[i].role == "heading" and page.lines[i].level <= level:
                if page.is_border(i):
                    return i
            elif introduces(page.lines[i], page):
                return i
        return limit

    def _end_of_item(self, border: int, limit: int) -> int:
        """Return the index of the next item beside one, if its parts are below it, or outside."""
        lines, labels = self.page.lines, self.page.star_labels(border + 1, limit)
        inside = bool(labels) and lines[labels[0]].indent > lines[border].indent
        outer = lines[border].indent + inside
        items = (i for i in range(border + 1, limit) if lines[i].role == "item")
        return next((i for i in items if lines[i].indent < outer and i not in labels), limit)

    def _stray_end(self, border: int, limit: int) -> int:
        """Return the index of the first question or numbered name behind the parts of a story.

        Without a heading above it, no more than that says that the story is over.
        """
        page = self.page
        labels = page.labels_between(border, limit)
        if not labels or page.lines[labels[-1]].role == "heading":
            return limit
        items = any(page.lines[i].role == "item" for i in labels)
        for i in range(labels[-1] + 1, limit):
            line = page.lines[i]
            if not page.is_first(i) or line.role not in ("text", "item") or line.indent > 1:
                continue
            numbered = words.NUMBERED_TITLE.fullmatch(line.text.strip()) and not items
            following = page.line_below(i, limit)
            asks = bool(following and page.is_question(following.words))
            if (
                page.is_question(line.words)
                or (numbered and asks)
                or (numbered and following and following.role == "text")
            ):
                return self._back_to_name(i, labels[-1])
        return limit

    def _back_to_name(self, i: int, last: int) -> int:
        """Return the index of a short line above `i` that names what follows, or `i`."""
        above = [j for j in range(last + 1, i) if self.page.lines[j].text]
        if not above:
            return i
        line = self.page.lines[above[-1]]
        short = len(line.words.split()) <= 6 and not line.words.endswith((".", "!", ";"))
        return above[-1] if short and line.role == "text" and self.page.is_first(above[-1]) else i

    # Runs of labels

    def split_runs(self, begin: int, end: int) -> list[list[int]]:
        """Return the runs of labels in a range that have enough parts to tell a story."""
        runs: list[list[int]] = [[]]
        for i in self._main_labels(begin, end):
            if self._starts_over(runs[-1], i):
                runs.append([])
            runs[-1].append(i)
        return [run for run in runs if len(set(self.page.kinds(run))) >= _MIN_PARTS]

    def _main_labels(self, begin: int, end: int) -> Sequence[int]:
        """Return the labels of STAR in a range that have the form of most parts.

        Inside a part that is a heading, a bold word such as `Impact` is no part of its own.
        """
        star = self.page.star_labels(begin, end)
        forms: dict[tuple[int, int], list[int]] = {}
        for i in star:
            forms.setdefault(self._form(i), []).append(i)
        for form in sorted(forms):
            if len(set(self.page.kinds(forms[form]))) >= _MIN_PARTS:
                return [i for i in star if self._form(i) <= form]
        return star

    def _form(self, i: int) -> tuple[int, int]:
        """Return what kind of label this is, from the outermost: a heading, bold, a list, plain."""
        line, label = self.page.lines[i], self.page.labels[i]
        if line.role == "heading":
            return 0, 0
        indent = line.indent // 2
        if line.role == "item":
            return (2 if label.strong else 3), indent
        return (1 if label.strong else 3), indent

    def _starts_over(self, run: Sequence[int], i: int) -> bool:
        kinds = set(self.page.kinds(run))
        first = self.page.labels[i].kinds[0]
        if first is Kind.SITUATION:
            return bool(kinds & {Kind.ACTION, Kind.RESULT}) and Kind.SITUATION in kinds
        return first is Kind.TASK and {Kind.TASK, Kind.RESULT} <= kinds

    def own_labels(self, run: Sequence[int], begin: int, end: int) -> list[tuple[int, PartLabel]]:
        """Return the labels of the parts of a story: those of the run, and others of its form."""
        if not run:
            return []
        labels = self.page.labels
        around = self.page.labels_between(max(begin, run[0]), end)
        return [(i, labels[i]) for i in around if i in run or self._is_own(run, i)]

    def _is_own(self, run: Sequence[int], i: int) -> bool:
        """Return True if a label is as strong as those of the run, and not further indented."""
        label, line = self.page.labels[i], self.page.lines[i]
        lines = [self.page.lines[j] for j in run]
        if label.kinds[0] is Kind.OTHER:  # a remark that stands behind several stories
            return i > run[-1]
        if any(one.role == "heading" for one in lines):
            return line.role == "heading"
        if sum(self.page.labels[j].strong for j in run) * 2 > len(run):
            weaker = not label.strong and (label.rest or label.kinds[0] in STAR)
        else:  # a letter or word on a line of its own is stronger than one with text behind it
            weaker = label.rest and not any(self.page.labels[j].rest for j in run)
        unlike = line.role == "item" and not any(one.role == "item" for one in lines)
        indented = line.indent > max(one.indent for one in lines[:2])
        return not (weaker or unlike or indented)

    # Runs without borders

    def _spans_of_runs(self, begin: int, end: int) -> Iterator[Span]:
        """Yield a story for each run, from the nearest line above it that looks like a title."""
        runs = self._all_runs(begin, end)
        if not runs:
            return
        titles = [
            self._title_above(before[-1] + 1 if before else begin, run)
            for before, run in pairwise([[], *runs])
        ]
        begins = [title if title >= 0 else run[0] for title, run in zip(titles, runs, strict=True)]
        limits = [*begins[1:], end]
        for run, title, start, limit in zip(runs, titles, begins, limits, strict=True):
            stop = self.closing(title, limit) if title >= 0 else self._run_end(run, limit)
            stop = max(stop, run[-1] + 1)
            is_item = title >= 0 and self.page.lines[title].role == "item"
            asked = self._question_over(title, begin) if is_item and not self.asks(title) else -1
            yield Span(title, start, stop, tuple(self.own_labels(run, run[0], stop)), asked)

    def _all_runs(self, begin: int, end: int) -> list[list[int]]:
        """Return the runs of a range, also those that a heading separates."""
        edges = [begin, *self.page.borders_between(begin + 1, end), end]
        pieces = [run for one, other in pairwise(edges) for run in self.split_runs(one, other)]
        whole = self.split_runs(begin, end)
        return whole if len(whole) > len(pieces) else pieces

    def _title_above(self, start: int, run: Sequence[int]) -> int:
        nearest = self._nearest_above(run[0], start)
        for i in range(run[0] - 1, start - 1, -1):
            if self.page.is_border(i) or self._looks_like_title(i, run):
                return i
            if i == nearest and self._stands_alone(i):
                return i
        if start == 0 and not self.page.borders_between(0, run[0]):
            return _first_title(self.page.lines[: run[0]])
        return -1

    def _nearest_above(self, i: int, start: int) -> int:
        """Return the index of the nearest line with words above a line, or -1."""
        return next((j for j in range(i - 1, start - 1, -1) if self.page.lines[j].text), -1)

    def _stands_alone(self, i: int) -> bool:
        """Return True if a short line stands alone, as a heading without a mark does."""
        line = self.page.lines[i]
        text = plain(line.words)
        ends = (".", "!", "?", ":", ";", ",", "。", "：", "，")
        return (
            line.role == "text"
            and self.page.is_first(i)
            and len(line.words.split()) <= 8
            and not text.endswith(ends)
            and not text.startswith((">", "(", "["))
            and not any(
                i in known for known in (self.page.fields, self.page.labels, self.page.turns)
            )
            and self.page.is_title(line.words)
        )

    def _looks_like_title(self, i: int, run: Sequence[int]) -> bool:
        line, first = self.page.lines[i], self.page.lines[run[0]]
        if self.page.fields.get(i, ("", ""))[0] == "title" and line.role == "text":
            return self.page.is_title(self.page.fields[i][1])
        if line.role not in ("text", "item") or line.text.startswith(">"):
            return False
        if not self.page.is_title(line.words) or plain(line.words).endswith((":", "：")):
            return False
        if line.role == "item" and line.indent < first.indent:
            return True  # also `Topic: The mill`
        if i in self.page.fields:
            return False
        text = strip_decoration(line.words)
        return bool(
            BOLD.fullmatch(text)
            or _is_quoted(line)
            or words.counted(text, self.page.vocabulary)
            or (len(text) < 200 and self.asks(i) and not _is_listed_question(self.page, i))
        )

    def _run_end(self, run: Sequence[int], limit: int) -> int:
        level = max(self.page.lines[j].level for j in run) or 6
        limit = self._stray_end(run[0], self._next_question(run[0], limit))
        ends = (
            i
            for i in range(run[-1] + 1, limit)
            if (self.page.is_border(i) and self.page.lines[i].level <= level)
            or introduces_list(self.page.lines[i], self.page)
        )
        return next(ends, limit)

    def _next_question(self, begin: int, limit: int) -> int:
        """Return the index of the next turn in which somebody asks, behind the line at `begin`."""
        asked = [i for i, _ in questions_of_turns(self.page, begin + 1, limit)]
        limit = min(asked, default=limit)
        labels = self.page.star_labels(begin, limit)
        last = labels[-1] if labels else limit
        return min((i for i in range(last + 1, limit) if self._ends_talk(i)), default=limit)

    def _ends_talk(self, i: int) -> bool:
        """Return True if a line behind a story asks nothing of it: an offer, or a name alone."""
        name, text = self.page.turns.get(i, ("", self.page.lines[i].words))
        if not self.page.turns or self.page.lines[i].role != "text":
            return False
        return bool(self.page.vocabulary.offer.match(text) or (name and not text))

    # The score

    def _score(self, spans: Sequence[Span], begin: int, end: int) -> float:
        """Return what is in favour of dividing a range into these stories.

        Each part counts 1, and a title of its own 1; a part that stands twice, a title that is a
        label or that stands twice, and a label outside all stories count against it.
        """
        titles = Counter(self._title_key(span) for span in spans if span.title >= 0)
        inside = sum(len(self.page.star_labels(span.begin, span.end)) for span in spans)
        outside = len(self.page.star_labels(begin, end)) - inside
        repeated = sum(count - 1 for count in titles.values())
        return sum(map(self._score_story, spans)) - outside / 2 - repeated

    def _title_key(self, span: Span) -> str:
        return plain(words.strip_count(self.page.lines[span.title].words, self.page.vocabulary))

    def _score_story(self, span: Span) -> float:
        """Return what is in favour of one story."""
        star = [(i, label) for i, label in span.labels if label.kinds[0] in STAR]
        kinds = self.page.kinds(i for i, _ in star)
        named = {(label.kinds, label.heading.casefold()) for _, label in star}
        repeated = len(star) - len(named)
        order = [STAR.index(kind) for kind in kinds]
        disorder = sum(one > other for one, other in pairwise(order))
        title = self.page.lines[span.title].words if span.title >= 0 else ""
        first = span.labels[0][0] if span.labels else span.end
        # A heading with others between it and the first part names the page, not the story.
        inner = self.page.borders_between(span.title + 1, first)
        between = any(self.page.is_title(self.page.lines[i].words) for i in inner)
        between = (between and not self.asks(span.title)) or self._has_item_between(span, first)
        good = self.page.is_title(title) or span.title in self.page.turns
        titled = (0.0 if between else 1.0) if good else -0.5
        strays = min(2, self._count_strays(span) / 2)
        return len(set(kinds)) - repeated - disorder / 2 + (titled if title else 0) - strays

    def _has_item_between(self, span: Span, first: int) -> bool:
        """Return True if an item below the title, right above the first part, names the story."""
        i, lines = self._nearest_above(first, span.begin), self.page.lines
        if i <= span.title or span.title < 0 or lines[i].role != "item":
            return False
        nested = lines[span.title].indent < lines[i].indent < lines[first].indent
        free = i not in self.page.fields and i not in self.page.labels
        return nested and free and self.page.is_title(lines[i].words) and not self.asks(i)

    def _question_over(self, i: int, start: int) -> int:
        """Return the index of the nearest item above that asks and holds the item `i`, or -1."""
        indent = self.page.lines[i].indent
        for j in range(i - 1, start - 1, -1):
            line = self.page.lines[j]
            if line.role == "item" and line.indent < indent:
                if self.asks(j):
                    return j
                indent = line.indent
        return -1

    def _count_strays(self, span: Span) -> int:
        """Return how many lines within the parts of a story look like the start of another."""
        first = span.labels[0][0] if span.labels else span.end
        own = {i for i, _ in span.labels}
        inner = self.page.borders_between(span.title + 1, first)
        between = sum(self.page.is_title(self.page.lines[i].words) for i in inner)
        strays = 0 if span.title < 0 or self.asks(span.title) else between
        # More than one question above the first part are others' questions.
        above = set(range(span.begin, first)) - self.page.turns.keys() - set(inner)
        strays += max(0, sum(map(self._starts_something, above)) - 1)
        for i in range(first + 1, span.end):
            strays += self._starts_something(i)
            is_label = i in self.page.labels and self.page.lines[i].role == "heading"
            strays += is_label and i not in own
        return strays

    def _starts_something(self, i: int) -> bool:
        """Return True if a line looks like the start of another story, question or list."""
        if i not in self._starts:
            self._starts[i] = self._look_for_start(i)
        return self._starts[i]

    def _look_for_start(self, i: int) -> bool:
        page, line = self.page, self.page.lines[i]
        if i in page.turns or (page.is_border(i) and line.level < 3):
            return True
        text = strip_decoration(line.words)
        if line.role != "text":
            return False
        asked = QUOTED.fullmatch(text) or BOLD.fullmatch(text)
        counted = words.STORY_WORD.match(text) and words.counted(text, page.vocabulary)
        return bool(
            (asked and page.is_question(text)) or counted or introduces_questions_to_ask(line, page)
        )


# How many words a line above questions to ask has: as a name, and as a sentence with a colon.
_NAMING_WORDS, _INTRODUCING_WORDS = 6, 12


def introduces_questions_to_ask(line: Line, page: Page) -> bool:
    """Return True if `line` is text that stands above questions to ask, like a heading."""
    text = line.words
    most = _INTRODUCING_WORDS if text.endswith(":") else _NAMING_WORDS
    if text.endswith(("?", "？")):  # `Any questions for us?`, above them
        following = page.line_below(line.index)
        asks = following and following.role == "text" and page.is_question(following.words)
        free = page.is_first(line.index) and line.index not in page.turns
        most = _INTRODUCING_WORDS if asks and free else 0
    short = line.role == "text" and words.count(text) <= most and not text.endswith(words.ENDS)
    return short and bool(page.vocabulary.names_to_ask(text.strip("*: ")))


def introduces_list(line: Line, page: Page) -> bool:
    """Return True if `line` stands above questions, or above questions to ask, like a heading."""
    known = line.index in page.fields or line.index in page.labels
    if introduces_questions_to_ask(line, page) or (not known and page.stands_on_questions(line)):
        return True
    short = words.count(line.words.strip("*: ")) <= 4
    return short and not known and page.introduces_items(line)


def _first_title(lines: Sequence[Line]) -> int:
    """Return the index of the line that looks most like a title, or -1 below a list."""
    if any(line.role == "item" for line in lines):
        return -1
    sizes = (
        (len(line.words.split()), -i)
        for i, line in enumerate(lines)
        if line.role == "text" and not line.words.endswith((".", "!", ":")) and line.text[0] != ">"
    )
    count, negative_index = max((size for size in sizes if size[0] <= 20), default=(0, 1))
    return -negative_index if count >= 3 else -1


# Rules


def _headings(level: int) -> Callable[[Page, int, int], list[int]]:
    def find(page: Page, begin: int, end: int) -> list[int]:
        return [i for i in page.borders_between(begin, end) if page.lines[i].level == level]

    return find


def _supported(page: Page, candidates: Sequence[int], end: int) -> list[int]:
    """Return the candidates that have two parts or more below them, before the next one."""
    return [
        i
        for i, following in pairwise([*candidates, end])
        if len(set(page.kinds(page.star_labels(i + 1, following)))) >= _MIN_DRAFT
    ]


def _lines(page: Page, begin: int, end: int) -> Iterator[tuple[int, Line]]:
    """Yield the lines of a range that may be titles without being headings."""
    for i in range(begin, end):
        line = page.lines[i]
        if line.role in ("text", "item") and i not in page.fields and i not in page.labels:
            yield i, line


def _numbered(page: Page, begin: int, end: int) -> list[int]:
    """Return titles with a number; one without parts counts if the next part is another's."""
    found = [
        i
        for i, line in _lines(page, begin, end)
        if line.indent < 2
        and len(line.words) < 160
        and (words.counted(line.text.strip(), page.vocabulary))
    ]
    strong = set(_supported(page, found, end))
    if not strong:
        return []
    borders = []
    for i in found:
        labels = [j for j in page.star_labels(i, end)[:1] if not any(i < s < j for s in strong)]
        before = [s for s in strong if s < i]
        next_is_first = not labels or page.labels[labels[0]].kinds[0] is Kind.SITUATION
        if i in strong or (before and next_is_first and not page.is_question(page.lines[i].words)):
            borders.append(i)
    return borders


def _bold(page: Page, begin: int, end: int) -> list[int]:
    candidates = [
        i
        for i, line in _lines(page, begin, end)
        if BOLD.fullmatch(strip_decoration(line.words))
        and i not in page.turns
        and not plain(line.words).endswith((":", "："))
    ]
    return _supported(page, candidates, end)


def _asked(page: Page, begin: int, end: int) -> list[int]:
    candidates = [
        i
        for i, line in _lines(page, begin, end)
        if len(line.words) < 300
        and i not in page.turns
        and not _is_listed_question(page, i)
        and (_is_quoted(line) or page.is_question(words.strip_count(line.words, page.vocabulary)))
    ]
    candidates += [i for i in range(begin, end) if page.asked_in_field(i)]
    return _supported(page, sorted(candidates), end)


def _is_quoted(line: Line) -> bool:
    """Return True if a line is a quotation of a sentence or two, as a question may be."""
    quoted = QUOTED.fullmatch(strip_decoration(line.words))
    return bool(quoted) and len(split_sentences(line.words)) < 3


def _is_listed_question(page: Page, i: int) -> bool:
    """Return True if an item that asks stands right beside another one, with no answer below."""
    line = page.lines[i]
    if line.role != "item":
        return False
    above = next((one for one in reversed(page.lines[max(0, i - 3) : i]) if one.text), None)
    below = page.line_below(i)
    if below and below.role == "item" and below.indent == line.indent:
        return page.is_question(below.words)
    beside = above and above.role == "item" and above.indent == line.indent
    nested = below and below.indent > line.indent
    return bool(beside and not nested and above and page.is_question(above.words))


def _details(page: Page, begin: int, end: int) -> list[int]:
    folds = (
        i
        for i in range(begin, end)
        if page.lines[i].fold > 0
        and page.lines[i].role != "blank"
        and (i == 0 or _fold_before(page, i) != page.lines[i].fold)
    )
    return _supported(page, list(folds), end)


def _fold_before(page: Page, i: int) -> int:
    solid = (page.lines[j] for j in range(i - 1, -1, -1) if page.lines[j].role != "blank")
    return next((line.fold for line in solid), 0)


def _turns(page: Page, begin: int, end: int) -> list[int]:
    return _supported(page, [i for i, _ in questions_of_turns(page, begin, end)], end)


def _none(page: Page, begin: int, end: int) -> list[int]:
    return []


# By name: what the rule says, and the lines at which it lets stories begin.
RULES: dict[str, tuple[str, Callable[[Page, int, int], list[int]]]] = {
    "rows": ("rows of a table", _headings(ROW)),
    **{
        f"heading{level}": (f"headings of level {level}", _headings(level)) for level in range(1, 7)
    },
    "details": ("folds", _details),
    "transcript": ("questions of an interviewer", _turns),
    "numbered": ("numbered titles", _numbered),
    "bold": ("bold lines", _bold),
    "questions": ("questions", _asked),
    "letters": ("each first part", _none),
}
