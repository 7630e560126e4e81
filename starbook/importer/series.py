"""Series: find labels by the lines around them, where no word of a line says that it is one."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from starbook.importer.labels import PartLabel, parse_label, strip_decoration
from starbook.importer.lines import Line, count_kinds
from starbook.model import STAR, Kind
from starbook.text.vocabulary import Vocabulary

Labels = dict[int, PartLabel]

# `S  the bus was late`, where the letters of lines right below each other spell an acronym.
_SPACED_LETTER = re.compile(r"(?P<letter>[^\W\d_a-z])(?:\s+(?P<rest>[^\s–—:.)-].*))?")
# `Situation. The bus was late.`
_RUN_IN = re.compile(r"(?P<label>[^\W\d_][^.:!?–—]{1,39})\.\s+(?P<rest>\S.*)")
_NAMED = re.compile(
    r"(?P<bold>\*\*)?\*?(?P<label>[^\W\d_][^:：*]{2,40}?)\s*[:：](?:\*\*)?(?:\s+(?P<rest>.*)|\s*)"
)
_ORDER = {kind: at for at, kind in enumerate(STAR)}


def find_spaced_letters(readable: Mapping[int, Line], vocabulary: Vocabulary) -> Labels:
    """Return the labels of lines right below each other whose first letters spell an acronym."""
    acronyms = {"STAR": tuple(STAR), **vocabulary.kinds_of_acronym}
    matches = {
        i: match
        for i, line in readable.items()
        if line.role == "text" and (match := _SPACED_LETTER.fullmatch(strip_decoration(line.words)))
    }
    found: Labels = {}
    for i in matches:
        spelled = "".join(matches[j]["letter"] for j in _following(matches, i))
        longest = max(filter(spelled.startswith, acronyms), key=len, default="")
        if i not in found and longest:
            for j, kind in enumerate(acronyms[longest], i):
                rest = matches[j]["rest"] or ""
                found[j] = PartLabel((kind,), kind.capitalize(), rest, strong=True)
    return found


def _following(indices: Mapping[int, object], i: int) -> Iterator[int]:
    """Yield an index and those that follow it without a gap."""
    while i in indices:
        yield i
        i += 1


def find_run_in(readable: Mapping[int, Line], vocabulary: Vocabulary) -> Labels:
    """Return the labels that a full stop ends, if they name three parts."""
    found: Labels = {}
    for i, line in readable.items():
        match = _RUN_IN.fullmatch(strip_decoration(line.words))
        label = match and parse_label(match["label"], vocabulary, whole=True)
        if match and label and label.kinds[0] in STAR:
            found[i] = PartLabel(label.kinds, label.heading, match["rest"], strong=False)
    return found if count_kinds(found.values()) >= 3 else {}


def find_missing(
    readable: Mapping[int, Line], labels: Mapping[int, PartLabel], taken: Mapping[int, object]
) -> Labels:
    """Return the labels of other words that stand, several times, in the place of a missing part.

    `What went wrong:` above each `My task:` is the Situation, if nothing else in the document is.
    """
    named = list(_named_lines(readable, labels, taken))
    places: dict[str, Counter[Kind | None]] = {}
    for before, (i, name), after in zip([None, *named], named, [*named[1:], None], strict=False):
        if i not in labels:
            kind = _missing_between(*(_kind_at(one, labels) for one in (before, after)))
            places.setdefault(name, Counter())[kind] += 1
    known = {kind for label in labels.values() for kind in label.kinds}
    kinds = {
        name: next(iter(counts))
        for name, counts in places.items()
        if len(counts) == 1 and counts.total() > 1
    }
    several = Counter(kinds.values())
    found: Labels = {}
    for i, name in named:
        kind = kinds.get(name) if i not in labels else None
        if kind and kind not in known and several[kind] == 1:
            found[i] = _make_label(readable[i], kind)
    return found


def find_remarks(
    readable: Mapping[int, Line],
    labels: Mapping[int, PartLabel],
    taken: Mapping[int, object],
    vocabulary: Vocabulary,
) -> Labels:
    """Return the labels of remarks that stand, several times, behind the last part of a story.

    `**Why this works:**` and `Coach: …` begin sections of their own.
    """
    found: dict[str, Labels] = {}
    strays: set[str] = set()
    inside = False
    for i, name in _named_lines(readable, labels, taken):
        if i in labels:
            inside = labels[i].kinds[-1] in (Kind.RESULT, Kind.REFLECTION)
            continue
        match = _NAMED.fullmatch(readable[i].words) if readable[i].role == "text" else None
        apart = match and (match["bold"] or vocabulary.interviewer_name.fullmatch(match["label"]))
        if match and apart and inside:
            rest = match["rest"] or ""
            rest = rest.rstrip("*") if readable[i].words[1:2] != "*" else rest  # `*Coach: …*`
            label = PartLabel((Kind.OTHER,), match["label"], rest, strong=True)
            found.setdefault(name, {})[i] = label
        else:
            strays.add(name)
            inside = False
    return {
        i: label
        for name, several in found.items()
        if len(several) > 1 and name not in strays
        for i, label in several.items()
    }


def _named_lines(
    readable: Mapping[int, Line], labels: Mapping[int, PartLabel], taken: Mapping[int, object]
) -> Iterator[tuple[int, str]]:
    """Yield the lines that are labels, or could be, each with its name."""
    for i, line in readable.items():
        if i in labels:
            yield i, ""
        elif i not in taken:
            match = _NAMED.fullmatch(strip_decoration(line.words))
            if match and line.role != "heading":
                yield i, match["label"].casefold()
            elif line.role == "heading":
                yield i, line.words.casefold()


def _kind_at(named: tuple[int, str] | None, labels: Mapping[int, PartLabel]) -> Kind | None:
    label = labels.get(named[0]) if named else None
    return label.kinds[-1] if label and label.kinds[-1] in _ORDER else None


def _missing_between(before: Kind | None, after: Kind | None) -> Kind | None:
    """Return the part that is missing between two, of which one may be that of another story."""
    if after is Kind.TASK and before in (None, Kind.RESULT, Kind.ACTION):
        return Kind.SITUATION
    if (before, after) == (Kind.SITUATION, Kind.ACTION):
        return Kind.TASK
    if before in (Kind.SITUATION, Kind.TASK) and after is Kind.RESULT:
        return Kind.ACTION
    if before is Kind.ACTION and after in (None, Kind.SITUATION):
        return Kind.RESULT
    return None


def _make_label(line: Line, kind: Kind) -> PartLabel:
    """Return the label of a part, with the words that stand for it in brackets."""
    match = _NAMED.fullmatch(strip_decoration(line.words)) if line.role != "heading" else None
    name, rest = (match["label"], match["rest"] or "") if match else (line.words, "")
    strong = bool(match and match["bold"])
    return PartLabel((kind,), f"{kind.capitalize()} ({name})", rest, strong)
