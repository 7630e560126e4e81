"""Where the stories of a document are: from the line of a title to where the next thing begins."""

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from starbook.importer import marks, words
from starbook.importer.document import Line
from starbook.importer.marks import Mark
from starbook.model import STAR, Kind

_META = re.compile(
    r"[*_]{0,3}(?P<label>[^:：*_]{2,40}?)\s*[*_]{0,3}\s*[:：]+\s*[*_]{0,3}\s*(?P<value>.*)"
)
_BOLD = re.compile(r"\*\*[^*]+\*\*[:.]?")
_QUOTED = re.compile(r"[\"“«„].+[\"”»“]\??")
# So many of the four parts make a story; fewer are a label that somebody uses for other things.
_ENOUGH = 3


class Span(msgspec.Struct, frozen=True):
    """A story: the indices of its title (-1 for none), of its first line, and behind its last."""

    head: int
    begin: int
    end: int
    marks: tuple[tuple[int, Mark], ...]


def meta(line: Line) -> tuple[str, str] | None:
    """The field of a front matter that a line gives, and its value."""
    found = (
        _META.fullmatch(marks.bare(line.words))
        if line.role in ("text", "item", "heading")
        else None
    )
    field = words.field(found["label"]) if found else ""
    return (field, found["value"].strip()) if found and field else None


def spans(lines: Sequence[Line]) -> list[Span]:
    """Every story of a document, in its order."""
    found = _marks(lines)
    runs = [run for run in _runs(lines, found) if _is_told(lines, run, found)]
    heads: list[int] = []
    for number, run in enumerate(runs):
        after = runs[number - 1][-1] + 1 if number else 0
        following = runs[number + 1] if number + 1 < len(runs) else None
        heads.append(_head(lines, found, after, run, following))
    made = []
    for number, (run, head) in enumerate(zip(runs, heads, strict=True)):
        limit = len(lines)
        if number + 1 < len(runs):
            limit = heads[number + 1] if heads[number + 1] >= 0 else runs[number + 1][0]
        end = _end(lines, found, head, run, limit)
        own = tuple(
            (i, found[i])
            for i in sorted(found)
            if run[0] <= i < end and _counts(lines, found, run, i)
        )
        made.append(Span(head, head if head >= 0 else run[0], end, own))
    return made


def _marks(lines: Sequence[Line]) -> dict[int, Mark]:
    read = ((i, line) for i, line in enumerate(lines) if line.role in ("heading", "item", "text"))
    return {i: mark for i, line in read if not meta(line) and (mark := marks.read(line.words))}


def _is_border(lines: Sequence[Line], found: Mapping[int, Mark], i: int) -> bool:
    return lines[i].role == "heading" and i not in found and not meta(lines[i])


def _level_above(lines: Sequence[Line], found: Mapping[int, Mark], at: int) -> int:
    above = (lines[i].level for i in range(at, -1, -1) if _is_border(lines, found, i))
    return next(above, 6)


def _runs(lines: Sequence[Line], found: Mapping[int, Mark]) -> Iterator[list[int]]:
    """Labels in a row that may tell one story."""
    run: list[int] = []
    level = 6
    for i in sorted(found):
        borders = range(run[-1] + 1 if run else i, i)
        parted = any(_is_border(lines, found, j) and lines[j].level <= level for j in borders)
        if run and (parted or _starts_over(found, run, i)):
            yield run
            run = []
        if not run:
            level = _level_above(lines, found, i)
        run.append(i)
    if run:
        yield run


def _starts_over(found: Mapping[int, Mark], run: Sequence[int], i: int) -> bool:
    told = {kind for j in run for kind in found[j].kinds}
    first = found[i].kinds[0]
    if first is Kind.SITUATION:
        return bool(told & {Kind.ACTION, Kind.RESULT}) and Kind.SITUATION in told
    return first is Kind.TASK and {Kind.TASK, Kind.RESULT} <= told


def _is_told(lines: Sequence[Line], run: Sequence[int], found: Mapping[int, Mark]) -> bool:
    kinds = {kind for i in run for kind in found[i].kinds if kind in STAR}
    return len(kinds) >= _ENOUGH and not _explains(lines, run, found)


def _explains(lines: Sequence[Line], run: Sequence[int], found: Mapping[int, Mark]) -> bool:
    """Whether the parts say how a story is told, and tell none; or nothing at all."""
    star = [i for i in run if found[i].kinds[0] in STAR]
    said = [_said(lines, run, i, found[i]) for i in star]
    heading = next(
        (lines[i].words for i in range(run[0], -1, -1) if _is_border(lines, found, i)), ""
    )
    counted = words.COUNTED.match(heading) or words.IDENT.match(heading)
    own = [re.sub(r"\s+", " ", words.BRACKETED.sub(" ", text)).strip(" -*|:") for text in said]
    if not any(text and not words.BLANK.match(text) for text in own):
        heading = re.sub(r"[\[\]<>{}]", "", heading)
        title = words.COUNTED.match(heading)
        return bool(words.GENERIC.fullmatch(title["title"] if title else heading)) or bool(
            words.METHOD.search(heading)
        )
    score = 2 * bool(words.METHOD.search(heading) and not counted)
    score += sum(bool(words.INSTRUCTS.search(text)) for text in own if text) >= len(star) / 2
    score += all(len(text.split()) < 30 for text in own)
    unquoted = (re.sub(r'["“][^"“”]*["”]', "", text) for text in own)
    score -= sum(bool(words.TOLD.search(text)) for text in unquoted)
    score -= sum(bool(re.search(r"\d", text)) for text in own)
    return score >= 2


def _said(lines: Sequence[Line], run: Sequence[int], i: int, mark: Mark) -> str:
    after = next((j for j in run if j > i), min(i + 12, len(lines)))
    below: list[str] = []
    for line in lines[i + 1 : after]:
        if line.role in ("heading", "rule", "code", "table"):
            break
        below.append(line.words)
    return " ".join([mark.rest, *below]).strip()


def _head(
    lines: Sequence[Line],
    found: Mapping[int, Mark],
    after: int,
    run: Sequence[int],
    following: Sequence[int] | None,
) -> int:
    """The title of a run: a heading, or a line in its place where a heading holds several runs."""
    window = range(run[0] - 1, after - 1, -1)
    heading = next((i for i in window if _is_border(lines, found, i)), -1)
    below = range(run[0] - 1, max(after, heading + 1) - 1, -1)
    title = next((i for i in below if _is_title(lines, i, run)), -1)
    if heading < 0 and title < 0 and not after:
        return _first_title(lines, run[0])
    if heading < 0 or title < 0:
        return max(heading, title)
    between = range(run[-1], following[0]) if following else range(0)
    shared = bool(following) and not any(_is_border(lines, found, i) for i in between)
    counted = words.COUNTED.fullmatch(_plain(lines[title].words))
    return title if shared or counted else heading


def announces(line: Line) -> bool:
    """Whether a line without marks stands above questions to ask, in the place of a heading."""
    said = line.words
    short = line.role == "text" and len(said.split()) <= 6 and not said.endswith((".", "?", "!"))
    return short and bool(words.ASKS.search(said.strip("*: ")))


def _first_title(lines: Sequence[Line], end: int) -> int:
    """Without headings, the line above the first part that most looks like a title."""
    sized = (
        (len(line.words.split()), -i)
        for i, line in enumerate(lines[:end])
        if line.role == "text" and not line.words.endswith((".", "!", ":"))
    )
    count, at = max((size for size in sized if size[0] <= 20), default=(0, 1))
    return -at if count >= 3 else -1


def _plain(text: str) -> str:
    return marks.bare(text).strip("* ").strip('"“”«»„').strip()


def _is_title(lines: Sequence[Line], i: int, run: Sequence[int]) -> bool:
    line = lines[i]
    if (
        line.role not in ("text", "item")
        or meta(line)
        or words.NOISE.fullmatch(_plain(line.words).rstrip(":"))
    ):
        return False
    bare = marks.bare(line.words)
    above = (
        lines[run[0]].role == "item" and line.role == "item" and line.indent < lines[run[0]].indent
    )
    forms = (_BOLD.fullmatch(bare), _QUOTED.fullmatch(bare))
    counted = (form.fullmatch(_plain(bare)) for form in (words.COUNTED, words.NAMED))
    alone = any((*forms, *counted))
    return above or alone or (len(bare) < 200 and bare.endswith(("?", "？")))


def _counts(lines: Sequence[Line], found: Mapping[int, Mark], run: Sequence[int], i: int) -> bool:
    """Whether a label inside of a story is one of its own: as strong as the others, as far out."""
    if i in run[:1]:
        return True
    star = [j for j in run if found[j].kinds[0] in STAR]
    strong = sum(found[j].strong for j in star) * 2 > len(star)
    deeper = lines[i].indent > max(lines[j].indent for j in star[:2])
    if lines[i].role == "item" and not any(lines[j].role == "item" for j in star):
        return False
    lone = not any(found[j].rest for j in star)  # a letter or word on a line of its own
    if lone and not strong and found[i].rest:
        return False
    weak = (
        strong
        and not found[i].strong
        and not (found[i].rest == "" and found[i].kinds[0] not in STAR)
    )
    return not weak and not deeper


def _end(
    lines: Sequence[Line], found: Mapping[int, Mark], head: int, run: Sequence[int], limit: int
) -> int:
    level = lines[head].level if head >= 0 and lines[head].role == "heading" else 0
    level = level or _level_above(lines, found, run[0])
    shaped = head >= 0 and lines[head].role != "heading"
    if shaped:  # a line in the place of a heading: any heading that is none of its own ends it
        own = max((lines[j].level for j in run), default=0)
        level = own or 6
    for i in range(run[-1] + 1, limit):
        if _is_border(lines, found, i) and lines[i].level <= level:
            return i
        if shaped and (_same_shape(lines[head], lines[i]) or announces(lines[i])):
            return i
    return limit


def _same_shape(head: Line, line: Line) -> bool:
    if head.role != line.role or head.indent != line.indent:
        return False
    one, other = marks.bare(head.words), marks.bare(line.words)
    both = (_BOLD, _QUOTED)
    alike = any(form.fullmatch(one) and form.fullmatch(other) for form in both)
    question, asks = (text.strip('*"”: ').endswith("?") for text in (one, other))
    return alike and (asks or not question or bool(words.ASKS.search(other)))
