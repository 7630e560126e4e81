"""Walkthroughs: convert notes around an answer (coaching, probes, angles, levels) to markdown."""

import re
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import islice

from starbook.importer.labels import strip_decoration
from starbook.importer.lines import Line
from starbook.importer.marks import is_mark

_CALLOUTS = {
    "coaching": "COACHING", "coaching tip": "COACHING", "coach's note": "COACHING",
    "common mistake": "MISTAKE", "common mistakes": "MISTAKE", "pitfall": "MISTAKE",
}  # fmt: skip
# Fields by the line above them: the field of the next paragraph, and of the one after it.
_FIELDS = {
    "weak": ("Weak", "Why it fails"), "strong": ("Strong", "Key line"),
    "emphasize": ("Emphasize", ""), "emphasise": ("Emphasize", ""), "downplay": ("Downplay", ""),
}  # fmt: skip
# Fields by the start of their own line.
_FIELD_STARTS = {
    "Probes": re.compile(r"probes?\s*:\s*", re.I),
    "Bar raiser thinks": re.compile(r"bar raiser thinks:?\s*", re.I),
    "Reflection": re.compile(r"reflection\s*:\s*", re.I),
    "Bar": re.compile(r"Bar\s+(?=[A-Z])"),
    "Length": re.compile(r"(?=keep to |[\d.]+\s?-\s?[\d.]+ minutes\.?$)", re.I),
}
_PHRASE = r"[\"“][^\"”]+[\"”]"
_PHRASES = re.compile(rf"(?:{_PHRASE}\s*,?\s*){{2,}}")
_ROLE = re.compile(
    r"\b(?:SDE|SWE|L\d|IC\d|junior|mid|senior|staff|principal|manager|lead|engineer)\b", re.I
)


def is_walkthrough(lines: Sequence[Line]) -> bool:
    """Return True if `lines` hold notes of this kind."""
    texts = [strip_decoration(line.text).casefold() for line in lines]
    if any(text in _CALLOUTS for text in texts):
        return True
    return sum(text in _FIELDS or text.startswith("probes:") for text in texts) >= 2


def convert(lines: Iterable[str]) -> str:
    """Return `lines` as markdown, with sections, entries, fields and callouts of the format."""
    converter = _Converter(line.strip() for line in lines)
    while converter.lines:
        converter.convert_paragraph()
    return "\n\n".join(converter.blocks)


class _Converter:
    """Takes lines and appends blocks of markdown."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = deque(lines)
        self.blocks: list[str] = []
        self.section = ""
        self.next_field = ""

    def convert_paragraph(self) -> None:
        """Convert the next line, with the lines that belong to it."""
        line = self._next_line()
        plain = strip_decoration(line)
        key = plain.casefold()
        following = self.lines[0] if self.lines else ""
        if not line:
            return
        if is_mark(line):
            self._append(line)
            return
        if key in _CALLOUTS:
            self._append(f"> [!{_CALLOUTS[key]}]\n> {self._next_paragraph()}")
        elif key in _FIELDS:
            field, self.next_field = _FIELDS[key]
            self._append(f"**{field}:** {self._next_paragraph()}")
        elif _PHRASES.fullmatch(line):
            self._append(f"> [!PHRASES]\n> {', '.join(re.findall(_PHRASE, line))}")
        elif field := next((f for f, form in _FIELD_STARTS.items() if form.match(plain)), ""):
            self._append(f"**{field}:** {_FIELD_STARTS[field].sub('', plain, count=1)}")
        elif plain:
            self._convert_text(line, plain)
        # Below a lone symbol stands a question of a quiz, a reflection or a name.
        elif following.endswith("?"):
            self._append_entry("Quiz", self._next_line())
        elif following.endswith(" Reflection"):  # of somebody at that level
            self._append(f"**{self._next_line()}:** {self._next_paragraph()}")
        elif 0 < len(following.split()) <= 4 and not self.section:
            self.blocks.append(f"## {self._next_line()}")

    def _convert_text(self, line: str, plain: str) -> None:
        texts = (strip_decoration(text).casefold() for text in self.lines if text)
        following = list(islice(texts, 3)) or [""]
        short = len(plain.split()) <= 5 and not plain.endswith((".", ":", "?"))
        noted = following[0].startswith("probe") or following[0] == "weak"
        if noted and plain.endswith("?"):
            self._append_entry("Follow-ups", plain)
        elif short and "emphasize" in following:
            self._append_entry("Angles", plain)
        elif short and self.section in ("Angles", "Levels") and _ROLE.search(plain):
            self._append_entry("Levels", plain)
        elif self.next_field:
            self._append(f"**{self.next_field}:** {line}")
            self.next_field = ""
        else:
            self._append(f"- {line.lstrip('• ')}" if line.startswith("•") else line)

    def _append_entry(self, section: str, title: str) -> None:
        self.next_field = ""
        if self.section != section:
            self.section = section
            self.blocks.append(f"## {section}")
        self.blocks.append(f"### {title}")

    def _append(self, block: str) -> None:
        if block.startswith("- ") and self.blocks and self.blocks[-1].startswith("- "):
            self.blocks[-1] += f"\n{block}"
        else:
            self.blocks.append(block)

    def _next_line(self) -> str:
        return self.lines.popleft() if self.lines else ""

    def _next_paragraph(self) -> str:
        while self.lines and not self.lines[0]:
            self.lines.popleft()
        return self._next_line()
