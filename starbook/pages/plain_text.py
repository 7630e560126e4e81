"""Plain text of a story or answer, for forms of applications: what `Copy as text` copies."""

import re
from html.parser import HTMLParser

from starbook.model import SPINE, Answer, Link, Prose, Story

# The most words that forms usually take.
MOST_WORDS = 500

_SPACE = re.compile(r"[ \t\n\r\f]+")
_BLOCKS = frozenset(
    "p h1 h2 h3 h4 h5 h6 blockquote pre table details summary div hr dl dt dd".split()
)


def story_text(story: Story) -> str:
    """Return the parts of a story that are told, each below its heading."""
    texts = (
        (section.heading, prose_text(section.body))
        for section in story.sections
        if section.kind in SPINE
    )
    return "\n\n".join(f"{heading}\n{text}" for heading, text in texts if text)


def answer_text(answer: Answer) -> str:
    """Return a prepared answer without its notes."""
    return prose_text(answer.body)


def prose_text(prose: Prose) -> str:
    """Return prose with a blank line between paragraphs and a line for each entry of a list."""
    writer = _Writer()
    writer.feed("".join("#" if isinstance(part, Link) else part for part in prose.parts))
    writer.close()
    return writer.text.strip()


class _Writer(HTMLParser):
    """Writes HTML as text. `gap` are the line breaks that are due before the next word."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self._gap = 0
        self._marker = ""  # of a list, for its next entry
        self._numbers: list[int | None] = []  # of the open lists; None for one with bullets
        self._is_first = False
        self._cells = 0
        self._in_code = self._in_note = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "sup" and ("class", "ref") in attrs:
            self._in_note = True
        elif tag in ("ul", "ol"):
            self._break(1 if self._numbers else 2)
            start = int(dict(attrs).get("start") or 1)
            self._numbers.append(start - 1 if tag == "ol" else None)
            self._is_first = True
        elif tag == "li":
            self._begin_entry()
        elif tag in ("br", "tr"):
            self._break(1)
            self._cells = 0
        elif tag in ("td", "th"):
            self._begin_cell()
        elif tag in _BLOCKS:
            self._break(2)
            self._in_code = self._in_code or tag == "pre"

    def _begin_entry(self) -> None:
        self._gap = max(self._gap, 1) if self._is_first else 1
        self._is_first = False
        number = self._numbers[-1] if self._numbers else None
        if number is not None:
            number = self._numbers[-1] = number + 1
        sign = "- " if number is None else f"{number}. "
        self._marker = "  " * (len(self._numbers) - 1) + sign

    def _begin_cell(self) -> None:
        if self._cells and self._gap:  # all cells before it are empty
            self._marker = "| "
        elif self._cells:
            self.text = f"{self.text.rstrip(' ')} | "
        self._cells += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "sup":
            self._in_note = False
        elif tag in ("ul", "ol"):
            self._numbers.pop()
            self._break(1 if self._numbers else 2)
        elif tag in ("li", "tr"):
            self._marker = ""
            self._break(1)
        elif tag in _BLOCKS:
            self._break(2)
            self._in_code = self._in_code and tag != "pre"

    def _break(self, lines: int) -> None:
        if not self._marker:
            self._gap = max(self._gap, lines)

    def handle_data(self, data: str) -> None:
        if self._in_note:
            return
        data = data if self._in_code else _SPACE.sub(" ", data)
        if self._gap or self._marker or not self.text:
            data = data.lstrip("\n" if self._in_code else " ")
        if not data:
            return
        if self._gap and self.text:
            self.text = self.text.rstrip(" \n") + "\n" * self._gap
        self.text += self._marker + data
        self._gap, self._marker = 0, ""
