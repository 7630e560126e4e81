"""Told stories: find the answers that tell what happened without a label for each part."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from starbook.importer import words
from starbook.importer.lines import Line, join_lines
from starbook.importer.page import (
    BOLD,
    QUOTED,
    Page,
    find_question,
    plain,
    questions_of_turns,
    split_sentences,
)
from starbook.importer.readings import Span, introduces_list
from starbook.importer.sorting import names_method
from starbook.importer.spoken import split_parts
from starbook.importer.stories import Known, parse_title
from starbook.importer.talks import said_by_candidate

# A shorter text is a note on a story; letters count where no spaces part words.
_LEAST_WORDS, _LEAST_LETTERS = 25, 80
_LONGEST_QUESTION = 300


def find_told(page: Page, spans: Sequence[Span], known: Known) -> list[Span]:
    """Return the stories outside `spans` that a question asks for, or that stand beside others."""
    taken = {i for span in spans for i in range(span.begin, span.end)}
    finder = _Finder(page, spans, known)
    starts = sorted(i for i in finder.starts() if i not in taken)
    edges = sorted({*(span.begin for span in spans), len(page.lines)})
    found = []
    for i, following in pairwise([*starts, len(page.lines)]):
        end = min(following, edges[bisect_right(edges, i)])
        if span := finder.read(i, end):
            found.append(span)
    return found


class _Finder:
    """Reads the lines of a page that may begin a told story."""

    def __init__(self, page: Page, spans: Sequence[Span], known: Known) -> None:
        self.page, self.known = page, known
        self.vocabulary = known.vocabulary
        titles = {span.title for span in spans if span.labels}
        self._beside = Counter(map(self._place, page.borders))
        self._told = Counter(self._place(i) for i in page.borders if i in titles)

    def _place(self, border: int) -> tuple[int, int]:
        """Return the level of a heading and the heading above it, or -1."""
        return self.page.lines[border].level, next(self.page.borders_above(border), -1)

    def starts(self) -> Iterator[int]:
        """Yield the indices of borders and of lines that ask."""
        page = self.page
        yield from page.borders
        yield from (i for i, _ in questions_of_turns(page, 0, len(page.lines)))
        for line in page.lines:
            if line.role in ("text", "item") and self._asks_alone(line):
                yield line.index

    def _asks_alone(self, line: Line) -> bool:
        text = line.words
        below = self.page.line_below(line.index)
        first = self.page.is_first(line.index)
        if line.role == "item":  # `1. Tell me about …`, and no entry of a list
            close = bool(below) and below == self.page.lines[line.index + 1]
            first = (first or close) and not line.indent and bool(below and below.role == "text")
        if not first or line.index in self.page.turns:
            return False
        known = line.index in self.page.labels or line.index in self.page.fields
        count = len(split_sentences(text))
        short = len(text) < _LONGEST_QUESTION and count < (3 if text.endswith(("?", "？")) else 2)
        marked = BOLD.fullmatch(text) or QUOTED.fullmatch(text)
        return short and not known and bool(marked or self.page.is_question(text))

    def read(self, i: int, end: int) -> Span | None:
        """Return the story that begins at a line, if what stands below it tells one."""
        page, title = self.page, self.page.lines[i]
        end = self._end(i, end)
        below = page.lines[i + 1 : end]
        if i in page.turns:
            text = "\n".join(said_by_candidate(below, page))
        else:
            text = join_lines([one for one in below if one.index not in page.fields])
        if not self._is_told(text) or names_method(page, title.words):
            return None
        lines = [line for line in below if line.text]
        if sum(line.role == "text" and page.is_question(line.words) for line in lines) > 1:
            return None
        spoken = len(split_parts(lines, self.vocabulary)) > 1
        if spoken or self._asks_for_story(i, below) or self._stands_beside(i):
            return Span(i, i, end, ())
        return None

    def _end(self, i: int, end: int) -> int:
        """Return the index behind the last line of what stands below a line."""
        page = self.page
        for j in range(i + 1, end):
            line = page.lines[j]
            if introduces_list(line, page):
                return j
            if i in page.turns:
                if j in page.turns and page.turns[j][0] in page.interviewers:
                    return j
            elif line.role not in ("text", "blank", "comment", "item") or (
                not page.is_border(i) and (line.role == "item" or self._is_name(line))
            ):
                return j
        return end

    def _is_name(self, line: Line) -> bool:
        """Return True if a short line stands alone as a heading does."""
        ends = (".", "!", "…", "。", "！", ")", '"', "”", "»", "~")
        alone = self.page.is_first(line.index) and not any(
            one.text for one in self.page.lines[line.index + 1 : line.index + 2]
        )
        short = len(line.words.split()) <= 6 and len(line.words) < 40
        return bool(line.text) and alone and short and not line.words.endswith(ends)

    def _is_told(self, text: str) -> bool:
        """Return True if a text is prose of some length in which somebody speaks of himself."""
        letters = len(text) if not text.isascii() else 0
        long = len(text.split()) >= _LEAST_WORDS or letters >= _LEAST_LETTERS
        return long and words.is_spoken(text, self.vocabulary)

    def _asks_for_story(self, i: int, below: Sequence[Line]) -> bool:
        """Return True if a line asks for something that happened, or a field below it does."""
        page = self.page
        asked = [page.fields[line.index][1] for line in below if page.asked_in_field(line.index)]
        title = plain(words.strip_count(page.lines[i].words, self.vocabulary))
        if i in page.turns:
            title = find_question(page.turns[i][1], self.vocabulary)
        if self.vocabulary.standard_question.fullmatch(title):
            return False
        asks = page.is_question(title) or parse_title(title, self.known).question
        return any(map(self.vocabulary.asks_for_story, [*([title] if asks else []), *asked]))

    def _stands_beside(self, i: int) -> bool:
        """Return True if most headings beside this one are the titles of stories."""
        page = self.page
        if not page.is_border(i) or page.is_question(page.lines[i].words):
            return False
        place = self._place(i)
        told = self._told[place]
        named = place[1] >= 0 and words.names_stories(
            plain(page.lines[place[1]].words), self.vocabulary
        )
        if not named and (place[1] < 0 or told < 2 or told * 2 <= self._beside[place] - 1):
            return False
        title = plain(words.strip_count(page.lines[i].words, self.vocabulary))
        return page.is_title(title) and not self.vocabulary.standard_question.fullmatch(title)
