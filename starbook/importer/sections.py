"""Sections: the lines of a document that belong to no story, below the headings that they have."""

import re
from collections.abc import Iterable, Sequence

import msgspec

from starbook.importer import words
from starbook.importer.lines import Line, trim_lines
from starbook.importer.page import BOLD, Page
from starbook.importer.readings import Span, introduces_questions_to_ask

_LINK = re.compile(r"!?\[(?P<text>[^\[\]]*)\]\([^()\s]*\)")


class Section(msgspec.Struct, eq=False):
    """The lines below a heading that belong to no story; `above` are the headings above it.

    It is `after_story` if a story stands between it and the section before it.
    """

    name: str
    level: int
    above: tuple[str, ...]
    lines: list[Line]
    heading: Line | None = None
    after_story: bool = False

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings that it is below, from the outermost to its own."""
        return (*self.above, self.name)

    @property
    def company(self) -> str:
        """The company that the nearest of its headings names, or ""."""
        return next(filter(None, map(words.company_of_heading, reversed(self.headings))), "")


def split_sections(page: Page, spans: Sequence[Span]) -> list[Section]:
    """Return the sections of what no span holds, in the order of the document."""
    return _Splitter(page).split(spans)


def join_lines(lines: Iterable[Line]) -> str:
    """Return the text of lines as they stand, without blank ones at its ends."""
    return "\n".join(line.text for line in trim_lines(list(lines)))


def plain_title(name: str) -> str:
    """Return the words of a heading, without links and marks."""
    plain_name = _LINK.sub(lambda link: link["text"], name)
    return plain_name.replace("**", "").replace("`", "").strip() or name


class _Splitter:
    """Splits the lines of a page at its headings, and at lines that stand like one."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.has_headings = page.has_headings
        bold = [line for line in page.lines if self._is_bold_name(line)]
        asked = sum(page.is_question(line.words) for line in bold)
        self.bold_lines_ask = asked > 2 and asked * 2 >= len(bold)

    def split(self, spans: Sequence[Span]) -> list[Section]:
        taken = {i for span in spans for i in range(span.begin, span.end)}
        taken |= {span.question for span in spans if span.question >= 0}
        if not self.has_headings:  # its title line speaks of the page too
            titles = (span.title for span in spans if span.title >= 0)
            taken -= {i for i in titles if self.page.lines[i].text.count(" - ") > 1}
        sections = [Section("", 0, (), [])]
        above: list[Line] = []
        after_story = spoken = inside = False
        for i, line in enumerate(self.page.lines):
            if self.page.begins_turn(i):
                if inside and i not in taken:  # a heading in what somebody says ends with it
                    sections.append(Section("", 0, (), [], after_story=after_story))
                    above, after_story = [], False
                spoken, inside = True, False
            if i in taken:
                after_story = True
                inside = inside or (spoken and self.page.is_border(i))
                continue
            promoted = self._promote_heading(line)
            if promoted.role == "heading":
                inside = spoken
                above = [heading for heading in above if heading.level < promoted.level]
                names_above = tuple(heading.words for heading in above)
                sections.append(
                    Section(promoted.words, promoted.level, names_above, [], promoted, after_story)
                )
                after_story = False
                above.append(promoted)
            else:
                sections[-1].lines.append(line)
        return sections

    def _promote_heading(self, line: Line) -> Line:
        """Return a heading for a line that stands like one above questions, or is one in bold."""
        text = line.text.strip()
        bold = line.role == "text" and BOLD.fullmatch(text)
        text = text.strip("*_: ").strip('"“”')
        vocabulary = self.page.vocabulary
        asks = self.page.is_question(text) or vocabulary.names_to_ask(text)
        asks = asks or bool(vocabulary.standard_question.fullmatch(text))
        if introduces_questions_to_ask(line, self.page) or (
            bold and (asks or text.startswith("For ") or vocabulary.questions_heading.search(text))
        ):
            level = 8 if text.startswith("For ") else 7
            return msgspec.structs.replace(line, text=text, role="heading", level=level)
        named = (bold and self._stands_on_questions(line)) or self._names_question(line, text)
        named = named or (self.bold_lines_ask and self._is_bold_name(line))
        named = named or self._names_stories(line, text)
        if named or self._stands_above_questions(line, text) or self._is_plain_heading(line):
            return msgspec.structs.replace(line, text=text, role="heading", level=7)
        return line

    def _is_bold_name(self, line: Line) -> bool:
        """Return True if a line is bold, stands alone and is no label."""
        text = line.text.strip()
        free = line.index not in self.page.labels and line.index not in self.page.fields
        bold = line.role == "text" and BOLD.fullmatch(text) and not text.strip("*_ ").endswith(":")
        return bool(bold) and free and self.page.is_first(line.index)

    def _is_plain_heading(self, line: Line) -> bool:
        """Return True if a line stands as a heading does, in a document that marks none."""
        text = line.text.strip()
        if self.has_headings or line.indent or words.count(text) > 8:
            return False
        if not re.search(r"[^\W\d_]{2}", text) or text.endswith((*words.ENDS, "?", ";", ",")):
            return False
        following = self.page.line_below(line.index)
        capitals = text == text.upper() and text != text.lower()
        numbered = words.NUMBERED_TITLE.fullmatch(text) and following and following.indent > 0
        return bool(self.page.is_first(line.index) and following and (capitals or numbered))

    def _stands_on_questions(self, line: Line) -> bool:
        """Return True if the first line below is an item that asks."""
        solid = [one for one in self.page.lines[line.index + 1 :][:4] if one.text][:2]
        if len(solid) == 2 and solid[0].role == "text" and not BOLD.fullmatch(solid[0].words):
            solid = solid[1:]  # what the name means
        below = solid[0] if solid else None
        return bool(below and below.role == "item" and self.page.is_question(below.words))

    def _names_question(self, line: Line, text: str) -> bool:
        """Return True if a short name stands alone right above a question."""
        below = self.page.lines[line.index + 1 :][:1]
        return bool(
            line.role == "text"
            and self.page.is_first(line.index)
            and words.count(text) <= 4
            and re.fullmatch(r"[\w ,&/'’-]+", text)
            and line.index not in self.page.fields
            and line.index not in self.page.turns
            and below
            and (below[0].role == "item" or (below[0].role == "text" and text[:1].isupper()))
            and self.page.is_question(below[0].words)
        )

    def _names_stories(self, line: Line, text: str) -> bool:
        """Return True if a line says no more than that stories follow, right above a list."""
        below = self.page.line_below(line.index)
        listed = line.role == "text" and below is not None and below.role == "item"
        examples = self.page.is_answer_heading(line)
        return listed and not examples and words.names_stories(text, self.page.vocabulary)

    def _stands_above_questions(self, line: Line, text: str) -> bool:
        """Return True if a plain short line names questions, as a heading would."""
        short = words.count(text) <= 8 and not text.endswith(words.ENDS)
        return short and self.page.introduces_items(line)
