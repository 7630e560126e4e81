"""Rounds: a plan of rounds in notes, as an interview of the content format.

Notes have it as lines (`Thursday 10:00 – round 1 (Dana, 45 min): Ownership`), as rows of a table,
or as headings with the themes below. Only what is sure is taken: two rounds at least, each with its
number or the time of the day, and with themes that are all known names. A round with its number
beside them is one without themes (`Round 3: coding`). Lines about stories look alike (`1. The mill
(2 min): Ownership`), and are none. The text stays in its guide in any case.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

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
    r"(?<![\d:.])(?P<hours>\d{1,2})"
    r"(?:(?:[:.h](?P<minutes>\d\d))?\s*(?:(?P<half>[ap])\.?m\b\.?|Uhr\b)|[:h](?P<alone>\d\d))"
    r"(?!\w|:\d)",
    re.I,
)
_TO = re.compile(r"\s*(?:-|–|—|to|until|bis)\s*", re.I)
_MINUTES = re.compile(r"\b(\d{1,3})\s*(?:min(?:ute[ns]?|uti|s)?\b\.?|m\b|['’′])", re.I)
_WITH = re.compile(r"(?:^|(?<=\s))(?:w/|with|mit|avec|con|com|met)\s+", re.I)
_PARTS = re.compile(r"\s+[-–—|·•]+\s+|[()\[\]|,;]|\s[-–—]$|^[-–—]\s")
# What may stand between the head of a round and its themes, and between two themes.
_BEFORE_THEMES = re.compile(r"(?<!\d):|:(?!\d)|：|\s[-–—|]\s|\|")
_BETWEEN = re.compile(r"\s*(?:[,;/|、]|<br>|\s(?:and|&|\+|und|et|y|e)\s)\s*", re.I)
_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_NAME = re.compile(r"[^\W\d_a-z]\S*(?: (?:[^\W\d_a-z]\S*|van|von|de|der|da|di|la)){0,3}")
# A line with a number that is a round, without its themes; and what is none, between rounds.
_NUMBERED = re.compile(rf"(?:[^\W\d]+\W+){{0,2}}(?:{_NUMBER.pattern})\s*(?:[|:：,·(–—-]|$)", re.I)
_PAUSE = re.compile(r"\b(?:lunch|break|pause|mittag\w*|déjeuner|almuerzo|comida|pranzo)\b", re.I)
_ROLE = re.compile(
    r"\b(?:managers?|directors?|engineer\w*|lead(?:er)?|raiser|recruiter|head|chief|principal|staff|"
    r"senior|peers?|design\w*|product|VP|C[EFIT]O|E[MD]|T?PM|SD[EM]|HR|"
    r"\w*leit(?:er|erin|ung)|\w*entwickler(?:in)?|direktor(?:in)?|chef(?:in)?)\b",
    re.I,
)
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_LONGEST_HEAD = 120  # characters
_MOST_PIECES = 6  # of the name of a theme, between marks
_MOST_MARKS = 8  # of a line, behind which themes are looked for
_CAPITALISED = r"[^\W\d_a-z][\w.&'’-]*(?: (?:&|[^\W\d_a-z][\w.&'’-]*)){0,2}"
_COMPANY = re.compile(
    rf"(?P<before>(?!(?i:virtual|final|full|my|our|the|interview)\b){_CAPITALISED}) "
    rf"(?i:(?:virtual |final )?(?:on-?site|loop|panel|superday)\b)"
    rf"|\b(?i:at|bei|chez) (?P<behind>{_CAPITALISED})"
)
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
    listed = list(sections)
    texts = (line.text for section in listed for line in section.lines)
    all_dates = _dates_in((*texts, *(name for section in listed for name in section.headings)))
    found = []
    for group in (*([section] for section in listed), *_below_headings(listed)):
        is_single = len(group) == 1
        lines = group[0].lines if is_single else ()
        candidates = _candidates(lines, themes) if is_single else _in_headings(group, themes)
        rounds = tuple(_rounds(candidates))
        if len(rounds) > 1:
            dates = _dates_in((*(line.text for line in lines), group[0].name)) or all_dates
            date = dates.pop() if len(dates) == 1 else ""
            found.append(PlannedInterview(rounds, _company_of(group[0]), date))
    return found


def _company_of(section: Section) -> str:
    """Return the company that the headings of a plan name: `Northwind onsite`, `At Northwind`."""
    named = (match for name in reversed(section.headings) for match in _COMPANY.finditer(name))
    found = (match["before"] or match["behind"] for match in named)
    return section.company or next(filter(words.is_company_name, found), "")


def _dates_in(texts: Iterable[str]) -> set[str]:
    return {date for text in texts for date in _DATE.findall(text)}


def _below_headings(sections: Sequence[Section]) -> Iterator[list[Section]]:
    """Yield the sections that stand one after the other, and have headings of rounds."""
    for _, group in groupby(sections, lambda one: (one.level, one.above, _is_head(one.name))):
        listed = list(group)
        if len(listed) > 1 and _is_head(listed[0].name):
            yield listed


def _in_headings(sections: Iterable[Section], themes: Mapping[str, str]) -> Iterator["_Candidate"]:
    for section in sections:
        text = plain(section.name).replace("**", "")
        found = _split_text(text, themes)
        if not found.themes.names:
            found = _Candidate(text, text, _read_below(section.lines, themes))
        yield found


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
        found.setdefault(_theme_key(name), name)
    for name in own:
        found.setdefault(_theme_key(re.split(r"[;:,(]", name)[0]), name)
    for name in words.AMAZON_PRINCIPLES:
        found.setdefault(_theme_key(name), name)
    return {key: name for key, name in found.items() if key}


def _theme_key(name: str) -> str:
    """Return a name as it is compared: `Learn & Be Curious` is `Learn and Be Curious`."""
    return names.slug(name.replace("&", " and "))


class _Themes(msgspec.Struct, frozen=True):
    """The themes that a text lists, and what it says besides."""

    names: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        return bool(self.names) and not self.others


class _Candidate(msgspec.Struct, frozen=True):
    """A line that may be a round: its text, its themes, and the text without them."""

    text: str
    head: str
    themes: _Themes


def _is_head(text: str) -> bool:
    """Return True if a text has the number of a round, or a time of the day."""
    return bool(_NUMBER.search(text) or _read_time(text)[0])


def _rounds(candidates: Iterable[_Candidate]) -> list[PlannedRound]:
    """Return the rounds among candidates.

    Where two are sure, one with other words is one, too, and so is one with its number alone.
    """
    found: list[PlannedRound] = []
    sure = 0
    numbers: set[str] = set()
    for one in candidates:
        number = _NUMBER.search(one.text)
        label = number[0].casefold() if number else ""
        is_first = not label or label not in numbers
        if one.themes.names and (planned := _read_head(one.head, one.themes)):
            found.append(planned)
            sure += one.themes.is_sure
            numbers.add(label)
        elif is_first and not one.themes.names and _is_numbered(one.text):
            found += filter(None, [_read_head(one.text, _Themes())])
            numbers.add(label)
    return found if sure > 1 else []


def _is_numbered(text: str) -> bool:
    """Return True if a line begins with the number of a round, and not with that of a pause."""
    is_short = len(text) <= _LONGEST_HEAD
    return is_short and bool(_NUMBERED.match(text)) and not _PAUSE.search(text)


def _candidates(lines: Sequence[Line], themes: Mapping[str, str]) -> Iterator[_Candidate]:
    """Yield what may be the head of a round, and its themes."""
    columns: list[str] = []
    for i, line in enumerate(lines):
        if line.role == "table":
            cells = [plain(cell) for cell in split_row(line.text)]
            if not i or lines[i - 1].role != "table":
                columns = cells
            else:
                yield _split_row(columns, cells, themes)
        elif line.role in ("item", "text"):
            text = plain(line.words).replace("**", "")
            if _is_head(text):
                found = _split_text(text, themes)
                if not found.themes.names:
                    found = _Candidate(text, text, _read_below(_lines_below(lines, i), themes))
                yield found


def _lines_below(lines: Sequence[Line], at: int) -> Iterator[Line]:
    """Yield the items that belong to a line: those further in, or all below a paragraph."""
    for line in lines[at + 1 :]:
        is_inside = line.role == "item" and (
            lines[at].role == "text" or line.indent > lines[at].indent
        )
        if line.role != "blank" and (not is_inside or _is_head(line.words)):
            return
        yield line


def _read_below(lines: Iterable[Line], themes: Mapping[str, str]) -> _Themes:
    """Return the themes of the lines that list nothing else."""
    found: list[str] = []
    for line in lines:
        if line.role in ("item", "text"):
            text = plain(line.words).replace("**", "")
            whole = _read_themes(text, themes)
            listed = whole if whole.is_sure else _split_text(text, themes).themes
            found += listed.names if listed.is_sure else ()
    return _Themes(tuple(dict.fromkeys(found)))


def _split_text(text: str, themes: Mapping[str, str]) -> _Candidate:
    """Return a line around the marks between which it lists themes best."""
    marks = [(mark.start(), mark.end()) for mark in _BEFORE_THEMES.finditer(text)][:_MOST_MARKS]
    ends = [*(start for start, _ in marks), len(text)]
    found = [
        _Candidate(text, f"{text[:start]} | {text[last:]}", _read_themes(text[begin:last], themes))
        for i, (start, begin) in enumerate(marks)
        for last in reversed(ends[i + 1 :])
    ]
    return min(found, key=_is_worse, default=_Candidate(text, text, _Themes()))


def _split_row(
    columns: Sequence[str], cells: Sequence[str], themes: Mapping[str, str]
) -> _Candidate:
    """Return the other cells of a row, and the one with its themes.

    What its column is called says what a bare number is.
    """
    listed = [_read_themes(cell, themes) for cell in cells]
    at = min(range(len(cells)), key=lambda i: _is_worse(_Candidate("", "", listed[i])))
    parts = []
    for name, cell in zip([*columns, *[""] * len(cells)], cells, strict=False):
        if cell.isdecimal() and _ROUND_HEAD.search(name):
            parts.append(f"round {cell}")
        elif cell.isdecimal() and _LENGTH_HEAD.search(name):
            parts.append(f"{cell} min")
        else:
            parts.append("" if cell.isdecimal() else cell)
    text, head = (" | ".join(some) for some in (parts, parts[:at] + parts[at + 1 :]))
    return _Candidate(text, head, listed[at])


def _is_worse(candidate: _Candidate) -> tuple[bool, int, int]:
    """Return a sort key: themes and nothing else come first, then as many as possible."""
    listed = candidate.themes
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
        lasts = range(min(len(ends), at + _MOST_PIECES) - 1, at - 1, -1)
        known = (i for i in lasts if _theme_key(text[starts[at] : ends[i]]) in themes)
        last = next(known, -1)
        piece = text[starts[at] : ends[max(last, at)]]
        if last >= at:
            found.append(themes[_theme_key(piece)])
        elif piece:
            others.append(piece)
        at = max(last, at) + 1
    return _Themes(tuple(dict.fromkeys(found)), tuple(others))


def _read_head(text: str, listed: _Themes) -> PlannedRound | None:
    """Return the round that stands around its themes, if it has its number or a time.

    What stands alone in a round without themes may be what it is about, and is no name.
    """
    time, length = _read_time(text)
    if not (time or _NUMBER.search(text)):
        return None
    rest, before = _without_time(text) if time else (text, "")
    minutes = _MINUTES.search(text)
    count = int(minutes[1]) if minutes else length
    bare = _NUMBER.sub(" ", _MINUTES.sub(" ", rest))
    person, name = _read_person(bare, _names_in_brackets(text), is_sure=bool(listed.names))
    return PlannedRound(
        themes=listed.names,
        name=name,
        person=person,
        minutes=count if _SHORTEST <= count <= _LONGEST else 0,
        starts=time,
        notes=", ".join(filter(None, (_trim(_NUMBER.sub("", before)), *listed.others))),
    )


def _names_in_brackets(text: str) -> list[str]:
    """Return what may be a person beside a time or a length: `Coding (Ada Berg, 45 min)`."""
    told = (
        part for part in _IN_BRACKETS.findall(text) if _TIME.search(part) or _MINUTES.search(part)
    )
    return [piece for part in told for piece in map(_trim, _PARTS.split(part)) if _is_name(piece)]


def _is_name(piece: str) -> bool:
    return bool(_NAME.fullmatch(piece)) and not _ROLE.search(piece)


def _without_time(text: str) -> tuple[str, str]:
    """Return a text without its times, and what stands right before the first: the day."""
    match = _TIME.search(text)
    assert match
    before = text[: match.start()].rpartition("|")[2]
    if _NUMBER.search(before) or _WITH.search(before) or re.search(r"[(:]", before):
        before = ""  # no day: the round itself
    rest = text[: match.start() - len(before)] + text[match.start() :]
    return _TIME.sub(" | ", rest), before


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
    hours, minutes = int(match["hours"]), int(match["minutes"] or match["alone"] or 0)
    if half := (match["half"] or "").casefold():
        hours = hours % 12 + 12 * (half == "p")
    return hours * 60 + minutes if hours in _DAY_HOURS and minutes < 60 else -1


def _read_person(text: str, named: Sequence[str], *, is_sure: bool) -> tuple[str, str]:
    """Return whom a round is with, and what else is said of it: the role.

    `named` are names that are likelier than any other. Unless it `is_sure` that there is one, a
    person is only who is introduced as one (`with Ada`).
    """
    with_whom = _WITH.search(text)
    after = text[with_whom.end() :] if with_whom else ""
    pieces = [
        _trim(piece) for piece in _PARTS.split(text[: with_whom.start()] if with_whom else text)
    ]
    behind = [_trim(piece) for piece in _PARTS.split(after)]
    others = [piece for piece in (*pieces, *behind) if piece]
    person = next(filter(None, behind), "") or next(iter(named), "")
    if not person and is_sure:
        people = sorted(filter(_NAME.fullmatch, others), key=lambda piece: not _is_name(piece))
        person = next(iter(people), "")
    return person, ", ".join(piece for piece in others if piece != person)


def _trim(piece: str) -> str:
    return " ".join(piece.split()).strip(" -–—:.,|/(·•")
