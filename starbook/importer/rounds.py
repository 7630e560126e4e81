"""Rounds: a plan of rounds in notes, as an interview of the content format.

Notes have it as lines (`Thursday 10:00 – round 1 (Dana, 45 min): Ownership`) or rows of a table.
Only what is sure is taken: two rounds at least, each with its number or the time of the day, and
with themes that are all known names. Lines about stories look alike (`1. The mill (2 min):
Ownership`), and are none. The text stays in its guide in any case.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
import yaml

from starbook.importer import words
from starbook.importer.lines import Line
from starbook.importer.page import plain
from starbook.importer.sections import Section
from starbook.importer.stories import Known
from starbook.importer.tables import split_row
from starbook.text import names

COMPANY = "[Fill in: which company?]"

# Of other languages, a time of the day is enough.
_ROUND = r"(?:rounds?|runden?|rondes?|rondas?|rodadas?|rundy?|tours?|раунд|ラウンド|라운드|轮|輪)"
_NUMBER = re.compile(rf"\b{_ROUND}\s*(?:#|no?\.)?\s*(\d{{1,2}})\b|\bR(\d)\b", re.I)
_ROUND_HEAD = re.compile(_ROUND, re.I)
_LENGTH_HEAD = re.compile(r"\b(?:min|minutes|length|duration|dauer|durée|duración)\b", re.I)
_TIME = re.compile(
    r"(?<![\d:.])(\d{1,2})(?:[:.h](\d\d)\s*([ap])\.?m\.?|[:h](\d\d)|\s*([ap])\.?m\.?)(?![\w:])",
    re.I,
)
_TO = re.compile(r"\s*(?:-|–|—|to|until|bis)\s*", re.I)
_MINUTES = re.compile(r"\b(\d{1,3})\s*(?:min(?:ute[ns]?|uti|s)?\b\.?|m\b|['’′])", re.I)
_WITH = re.compile(r"(?:^|(?<=\s))(?:w/|with|mit|avec|con|com|met)\s+", re.I)
_PARTS = re.compile(r"\s+[-–—|]+\s+|[()\[\]|,;]|\s[-–—]$|^[-–—]\s")
# What may stand between the head of a round and its themes, and between two themes.
_BEFORE_THEMES = re.compile(r"(?<!\d):|:(?!\d)|：|\s[-–—|]\s|\|")
_BETWEEN = re.compile(r"\s*(?:[,;/|、]|<br>|\s(?:and|&|\+|und|et|y|e)\s)\s*", re.I)
_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_NAME = re.compile(r"[^\W\d_a-z]\S*(?: (?:[^\W\d_a-z]\S*|van|von|de|der|da|di|la)){0,3}")
_DAY_HOURS = range(7, 21)  # a story may take 2:45, and no round begins then
_SHORTEST, _LONGEST = 5, 600


class PlannedRound(msgspec.Struct, frozen=True):
    """A round as notes have it; the keys are those of the content format."""

    themes: tuple[str, ...]
    name: str = ""
    person: str = ""
    minutes: int = 0
    starts: str = ""
    notes: str = ""

    def to_mapping(self) -> dict[str, object]:
        """Return what is written of it."""
        values = {
            "name": self.name, "with": self.person, "starts": self.starts,
            "minutes": self.minutes, "themes": list(self.themes), "notes": self.notes,
        }  # fmt: skip
        return {key: value for key, value in values.items() if value}


class PlannedInterview(msgspec.Struct, frozen=True):
    """An interview as notes have it."""

    rounds: tuple[PlannedRound, ...]
    company: str = ""
    date: str = ""

    def to_yaml(self) -> str:
        """Return the text of its file."""
        values: dict[str, object] = {"company": self.company or COMPANY}
        if self.date:
            values["date"] = self.date
        values["rounds"] = [one.to_mapping() for one in self.rounds]
        text = yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=10_000)
        return text.replace(f"date: '{self.date}'", f"date: {self.date}")


def find_interviews(
    sections: Iterable[Section], known: Known, topics: Iterable[str]
) -> list[PlannedInterview]:
    """Return the interviews that sections plan; `topics` are the names that the document has."""
    themes = _index_themes(known, topics)
    found = []
    for section in sections:
        rounds = tuple(_rounds(section.lines, themes))
        if len(rounds) > 1:
            dates = {date for line in section.lines for date in _DATE.findall(line.text)}
            dates |= set(_DATE.findall(section.name))
            date = dates.pop() if len(dates) == 1 else ""
            found.append(PlannedInterview(rounds, section.company, date))
    return found


def find_new_themes(
    interviews: Iterable[PlannedInterview], known: Known, topics: Iterable[str]
) -> list[str]:
    """Return the themes that neither the handbook nor the document has: principles of Amazon."""
    there = {names.key(name) for name in (*known.names, *known.categories, *topics)}
    themes = (theme for one in interviews for planned in one.rounds for theme in planned.themes)
    return [theme for theme in dict.fromkeys(themes) if names.key(theme) not in there]


def _index_themes(known: Known, topics: Iterable[str]) -> dict[str, str]:
    """Return the names of themes by their slugs; the first words of a longer name mean it, too."""
    own = [*known.names, *known.categories, *topics]
    found: dict[str, str] = {}
    for name in own:
        found.setdefault(names.slug(name), name)
    for name in own:
        found.setdefault(names.slug(re.split(r"[;:,(]", name)[0]), name)
    for name in words.AMAZON_PRINCIPLES:
        found.setdefault(names.slug(name), name)
    return {slug: name for slug, name in found.items() if slug}


class _Themes(msgspec.Struct, frozen=True):
    """The themes that a text lists, and what it says besides."""

    names: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        return bool(self.names) and not self.others


def _rounds(lines: Sequence[Line], themes: Mapping[str, str]) -> list[PlannedRound]:
    """Return the rounds of a section; where two are sure, one with other words is one, too."""
    found = [
        (planned, listed.is_sure)
        for text, listed in _candidates(lines, themes)
        if listed.names and (planned := _read_head(text, listed))
    ]
    return [planned for planned, _ in found] if sum(sure for _, sure in found) > 1 else []


def _candidates(lines: Sequence[Line], themes: Mapping[str, str]) -> Iterator[tuple[str, _Themes]]:
    """Yield what may be the head of a round, and its themes."""
    columns: list[str] = []
    for before, line in zip([None, *lines], lines, strict=False):
        if line.role == "table":
            cells = [plain(cell) for cell in split_row(line.text)]
            if before is None or before.role != "table":
                columns = cells
            else:
                yield _split_row(columns, cells, themes)
        elif line.role in ("item", "text"):
            yield _split_line(line, themes)


def _split_line(line: Line, themes: Mapping[str, str]) -> tuple[str, _Themes]:
    """Return a line before and behind the mark behind which it lists themes best."""
    text = plain(line.words).replace("**", "")
    marks = list(_BEFORE_THEMES.finditer(text))
    found = [(text[: mark.start()], _read_themes(text[mark.end() :], themes)) for mark in marks]
    return min(found, key=_is_worse, default=("", _Themes()))


def _split_row(
    columns: Sequence[str], cells: Sequence[str], themes: Mapping[str, str]
) -> tuple[str, _Themes]:
    """Return the other cells of a row, and the one with its themes.

    What its column is called says what a bare number is.
    """
    listed = [_read_themes(cell, themes) for cell in cells]
    at = min(range(len(cells)), key=lambda i: _is_worse(("", listed[i])))
    parts = []
    for name, cell in zip([*columns, *[""] * len(cells)], cells, strict=False):
        if cell.isdecimal() and _ROUND_HEAD.search(name):
            parts.append(f"round {cell}")
        elif cell.isdecimal() and _LENGTH_HEAD.search(name):
            parts.append(f"{cell} min")
        else:
            parts.append("" if cell.isdecimal() else cell)
    return " | ".join(parts[:at] + parts[at + 1 :]), listed[at]


def _is_worse(candidate: tuple[str, _Themes]) -> tuple[bool, int, int]:
    """Return a sort key: themes and nothing else come first, then as many as possible."""
    listed = candidate[1]
    return not listed.names, len(listed.others), -len(listed.names)


def _read_themes(text: str, themes: Mapping[str, str]) -> _Themes:
    """Return the themes that a text lists.

    A name may have a mark that stands between names: the longest that is known counts.
    """
    text = text.strip(" .|")
    pieces = [(match.start(), match.end()) for match in _BETWEEN.finditer(text)]
    starts, ends = [0, *(end for _, end in pieces)], [*(start for start, _ in pieces), len(text)]
    found: list[str] = []
    others: list[str] = []
    at = 0
    while at < len(starts):
        lasts = range(len(ends) - 1, at - 1, -1)
        known = (i for i in lasts if names.slug(text[starts[at] : ends[i]]) in themes)
        last = next(known, -1)
        piece = text[starts[at] : ends[max(last, at)]]
        if last >= at:
            found.append(themes[names.slug(piece)])
        elif piece:
            others.append(piece)
        at = max(last, at) + 1
    return _Themes(tuple(dict.fromkeys(found)), tuple(others))


def _read_head(text: str, listed: _Themes) -> PlannedRound | None:
    """Return the round that stands before its themes, if it has its number or a time."""
    time, length = _read_time(text)
    if not (time or _NUMBER.search(text)):
        return None
    before = _TIME.split(text, maxsplit=1)[0] if time else ""
    minutes = _MINUTES.search(text)
    count = int(minutes[1]) if minutes else length
    rest = _NUMBER.sub(" ", _MINUTES.sub(" ", text))
    if time:
        rest = _TIME.sub(" | ", rest.removeprefix(before))
    person, name = _read_person(rest)
    return PlannedRound(
        themes=listed.names,
        name=name,
        person=person,
        minutes=count if _SHORTEST <= count <= _LONGEST else 0,
        starts=time,
        notes=", ".join(filter(None, (_trim(_NUMBER.sub("", before)), *listed.others))),
    )


def _read_time(text: str) -> tuple[str, int]:
    """Return when a round begins, or "", and its minutes if it says when it ends."""
    match = _TIME.search(text)
    begins = _minutes_of_day(match) if match else -1
    if match is None or begins < 0:
        return "", 0
    gap = _TO.match(text, match.end())
    end = _TIME.match(text, gap.end()) if gap else None
    length = _minutes_of_day(end) - begins if end else 0
    return f"{begins // 60:02d}:{begins % 60:02d}", max(length, 0)


def _minutes_of_day(match: re.Match[str]) -> int:
    """Return the minutes since midnight, or -1 for what is no time of a working day."""
    hours, minutes = int(match[1]), int(match[2] or match[4] or 0)
    if half := (match[3] or match[5] or "").casefold():
        hours = hours % 12 + 12 * (half == "p")
    return hours * 60 + minutes if hours in _DAY_HOURS and minutes < 60 else -1


def _read_person(text: str) -> tuple[str, str]:
    """Return whom a round is with, and what else is said of it: the role."""
    named = _WITH.search(text)
    after = text[named.end() :] if named else ""
    pieces = [_trim(piece) for piece in _PARTS.split(text[: named.start()] if named else text)]
    behind = [_trim(piece) for piece in _PARTS.split(after)]
    person = next(filter(None, behind), "")
    others = [piece for piece in (*pieces, *behind) if piece and piece != person]
    if not person:
        person = next((piece for piece in others if _NAME.fullmatch(piece)), "")
        others = [piece for piece in others if piece != person]
    return person, ", ".join(others)


def _trim(piece: str) -> str:
    return " ".join(piece.split()).strip(" -–—:.,|/(")
