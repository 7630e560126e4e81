"""Notes around an answer in a document without markup: coaching, probes, angles, levels."""

import re
from collections.abc import Sequence

from starbook.importer import marks
from starbook.importer.document import Line

_CALLOUTS = {
    "coaching": "COACHING", "coaching tip": "COACHING", "coach's note": "COACHING",
    "common mistake": "MISTAKE", "common mistakes": "MISTAKE", "pitfall": "MISTAKE",
}  # fmt: skip
# What a line of its own introduces: the field of what stands below, and of what comes behind that.
_FIELDS = {
    "weak": ("Weak", "Why it fails"),
    "strong": ("Strong", "Key line"),
    "emphasize": ("Emphasize", ""),
    "emphasise": ("Emphasize", ""),
    "downplay": ("Downplay", ""),
}
_BEGINS = (
    (re.compile(r"probes?\s*:\s*", re.I), "Probes"),
    (re.compile(r"bar raiser thinks:?\s*", re.I), "Bar raiser thinks"),
    (re.compile(r"reflection\s*:\s*", re.I), "Reflection"),
    (re.compile(r"Bar\s+(?=[A-Z])"), "Bar"),
    (re.compile(r"(?=keep to |[\d.]+\s?-\s?[\d.]+ minutes\.?$)", re.I), "Length"),
)
_PHRASES = re.compile(r"(?:[\"“][^\"”]+[\"”]\s*,?\s*){2,}")
_ROLE = re.compile(
    r"\b(?:SDE|SWE|L\d|IC\d|junior|mid|senior|staff|principal|manager|lead|engineer)\b", re.I
)


def fits(lines: Sequence[Line]) -> bool:
    """Whether lines hold such notes."""
    plain = [marks.bare(line.text).casefold() for line in lines]
    noted = any(text in _CALLOUTS for text in plain)
    return noted or sum(text in _FIELDS or text.startswith("probes:") for text in plain) >= 2


def text(lines: Sequence[str]) -> str:
    """The same words as sections, entries, fields and callouts of ours."""
    writer = _Writer([line.strip() for line in lines])
    while writer.at < len(writer.lines):
        writer.step()
    return "\n\n".join(writer.parts)


class _Writer:
    def __init__(self, lines: list[str]) -> None:
        self.lines, self.at = lines, 0
        self.parts: list[str] = []
        self.section = ""
        self.next_field = ""

    def step(self) -> None:
        line = self.lines[self.at]
        plain = marks.bare(line)
        self.at += 1
        if not line:
            return
        if plain.casefold() in _CALLOUTS:
            self._put(f"> [!{_CALLOUTS[plain.casefold()]}]\n> " + self._paragraph())
        elif plain.casefold() in _FIELDS:
            field, self.next_field = _FIELDS[plain.casefold()]
            self._put(f"**{field}:** {self._paragraph()}")
        elif _PHRASES.fullmatch(line):
            said = re.findall(r"[\"“][^\"”]+[\"”]", line)
            self._put("> [!PHRASES]\n> " + ", ".join(said))
        elif begun := next((form for form in _BEGINS if form[0].match(plain)), None):
            self._put(f"**{begun[1]}:** {plain[begun[0].match(plain).end() :]}")  # type: ignore[union-attr]
        else:
            self._plain(line, plain)

    def _plain(self, line: str, plain: str) -> None:
        if not plain:  # a lone sign stands before the question of a quiz, or before a name
            if self._ahead().endswith("?"):
                self._entry("Quiz", self._next())
            elif self._ahead().endswith(" Reflection"):  # as somebody of that level tells it
                self._put(f"**{self._next()}:** {self._paragraph()}")
            elif 0 < len(self._ahead().split()) <= 4 and not self.section:
                self.parts.append(f"## {self._next()}")
            return
        ahead = self._following(8)
        short = len(plain.split()) <= 5 and not plain.endswith((".", ":", "?"))
        if (
            plain.endswith("?")
            and ahead
            and (ahead[0].casefold().startswith("probe") or ahead[0].casefold() == "weak")
        ):
            self._entry("Follow-ups", plain)
        elif short and "emphasize" in map(str.casefold, ahead[:3]):
            self._entry("Angles", plain)
        elif short and self.section in ("Angles", "Levels") and _ROLE.search(plain):
            self._entry("Levels", plain)
        elif self.next_field:
            self._put(f"**{self.next_field}:** {line}")
            self.next_field = ""
        elif line.startswith("•"):
            self._put(f"- {line.lstrip('• ')}")
        else:
            self._put(line)

    def _entry(self, section: str, title: str) -> None:
        self.next_field = ""
        if self.section != section:
            self.section = section
            self.parts.append(f"## {section}")
        self.parts.append(f"### {title}")

    def _put(self, said: str) -> None:
        if said.startswith("- ") and self.parts and self.parts[-1].startswith("- "):
            self.parts[-1] += f"\n{said}"
        else:
            self.parts.append(said)

    def _paragraph(self) -> str:
        while self.at < len(self.lines) and not self.lines[self.at]:
            self.at += 1
        return self._next()

    def _next(self) -> str:
        self.at += 1
        return self.lines[self.at - 1] if self.at - 1 < len(self.lines) else ""

    def _ahead(self) -> str:
        return self.lines[self.at] if self.at < len(self.lines) else ""

    def _following(self, count: int) -> list[str]:
        return [marks.bare(line) for line in self.lines[self.at :] if line][:count]
