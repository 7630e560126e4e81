"""One reader for the labels of a story, in whatever form they stand."""

import re

import msgspec

from starbook.content import headings
from starbook.importer import words
from starbook.model import SPINE, STAR, Kind

_LETTERS = {
    "S": (Kind.SITUATION,), "T": (Kind.TASK,), "A": (Kind.ACTION,), "R": (Kind.RESULT,),
    "L": (Kind.REFLECTION,), "ST": (Kind.SITUATION, Kind.TASK), "AR": (Kind.ACTION, Kind.RESULT),
}  # fmt: skip
_SIGNS = {"💭": (Kind.REFLECTION,)}
_EMOJI = re.compile(r"^(?:[^\w\s\[\](){}*_<>\"'“”«»`#|¿¡【】「」.,:;!?$€£%&@/\\+=~^-]\s*)+")
_JOINED = re.compile(r"[Ss]ituation\s*(?:/|&|\+|and)\s*[Tt]ask")
# `(S)ituation`, `**S**ituation`: a letter set apart in its word.
_APART = re.compile(r"^(?:\((\w)\)|\*\*(\w)\*\*)(?=\w)")
_BORDER = r"(?:\s*[:：]\s*|\s+[–—-]\s+)"
# From the plainest to the weakest; the last three count only beside others.
_FORMS: tuple[tuple[re.Pattern[str], bool], ...] = tuple(
    (re.compile(pattern), strong)
    for pattern, strong in (
        (r"(\*{1,3})(?P<label>[^*]{1,60}?)\s*[:：]\s*\1\s*(?P<rest>.*)", True),
        (
            rf"(\*{{2,3}})(?P<label>[^*]{{1,60}}?)\1(?P<more>\s*[(（][^)）]{{1,60}}[)）])?{_BORDER}(?P<rest>.*)",
            True,
        ),
        (r"(\*{2,3})(?P<label>[^*]{1,60}?)\1(?P<more>\s*[(（][^)）]{1,60}[)）])?\s*$", True),
        (r"(\*{2,3})(?P<label>[^*]{1,60}?)\1\s+(?P<rest>.+)", True),
        (r"[【\[](?P<label>[^】\]]{1,60})[】\]](?!\()\s*[:：]?\s*(?P<rest>.*)", True),
        (r"[(（](?P<label>[^)）]{1,40})[)）]\s*[:：]?\s*(?P<rest>.*)", True),
        (r"(?P<label>[^:：]{1,60}?)\s*[:：]\s*(?P<rest>.*)", False),
        (r"(?P<label>[^–—(（-]{1,40}?)\s+[–—-]\s+(?P<rest>.*)", False),
        (r"(?P<label>.{1,60})", False),
    )
)
_SHARE = re.compile(
    r"\s*[(（][^()（）]*\d\s*%\s*[)）]\s*$|\s*(?:[–—,(-]|\s)\s*~?\d{1,2}(?:\s*[-–]\s*\d{1,2})?\s*%\s*[)）]?\s*$"
)
_LETTERED = re.compile(
    r"(?P<letter>[STARL]|S\s?[/+&]?\s?T|A\s?[/+&]?\s?R)(?:\s*[(（–—:：/|.-]+\s*(?P<word>[^)）]+)[)）]?)?"
)
# `Target: 30s` says how long the next part may take.
_ONLY_TIME = re.compile(r"\d+\s*(?:s|secs?|seconds|m|mins?|minutes)", re.IGNORECASE)
_STEP = re.compile(r"(?:step|part|paso|schritt)?\s*\d[.):]?\s+", re.IGNORECASE)
_INLINE = re.compile(
    r"(?:(?<=\s)|^)(?:\*\*)?(?:\((?P<paren>ST|[STARL])\)|(?P<colon>[STARL]|Situation|Task|Action|Result|"
    r"SITUATION|TASK|ACTION|RESULT)\s*[:：])(?:\*\*)?[:：]?\s*"
)


class Mark(msgspec.Struct, frozen=True):
    """A label: the parts it stands for, the heading to write, and what follows it on its line."""

    kinds: tuple[Kind, ...]
    heading: str
    rest: str
    strong: bool


def bare(text: str) -> str:
    """A line without quote marks and the signs that people decorate it with."""
    text = text.strip().removeprefix(">").strip().replace("__", "**")
    return _EMOJI.sub("", text) if text not in _SIGNS else text


def read(text: str, *, cell: bool = False) -> Mark | None:
    """The label that a line begins with; with `cell`, a text that is nothing but a label."""
    plain = bare(text)
    if plain in _SIGNS:
        return Mark(_SIGNS[plain], "Reflection", "", strong=False)
    plain = _APART.sub(lambda found: found[1] or found[2], plain)
    if cell:
        return _mark(plain.strip("* "), "", "", strong=False)
    for form, strong in _FORMS:
        if found := form.fullmatch(plain):
            parts = found.groupdict()
            if _ONLY_TIME.fullmatch(parts.get("rest") or ""):
                return None
            mark = _mark(
                parts["label"], parts.get("more") or "", parts.get("rest") or "", strong=strong
            )
            if mark:
                return mark
    return None


def _mark(label: str, more: str, rest: str, *, strong: bool) -> Mark | None:
    said = _EMOJI.sub("", label.strip("*_ \t")).rstrip(": ")
    said = _STEP.sub("", said, count=1)
    timeless = _SHARE.sub("", said)
    share = said[len(timeless) :].strip(" –—-,()（）")
    behind = f" ({share})" if share else ""
    if _JOINED.match(timeless):
        return Mark((Kind.SITUATION, Kind.TASK), "Situation / Task" + behind + more, rest, strong)
    known = headings.parse(timeless)
    if known.kind is not Kind.OTHER:
        heading = timeless.capitalize() if timeless.isupper() else timeless
        return Mark((known.kind,), f"{heading}{behind}{more}", rest, strong)
    if words.NOISE.fullmatch(timeless):
        return None
    return _lettered(timeless, behind + more, rest, strong=strong)


def _lettered(said: str, behind: str, rest: str, *, strong: bool) -> Mark | None:
    found = _LETTERED.fullmatch(said)
    if not found:
        return None
    kinds = _LETTERS.get(re.sub(r"[\s/+&]", "", found["letter"]), ())
    word = (found["word"] or "").strip()
    if word and headings.parse(word).kind in SPINE:
        return Mark(
            (headings.parse(word).kind,) if len(kinds) == 1 else kinds, word + behind, rest, strong
        )
    heading = " / ".join(kind.capitalize() for kind in kinds)
    if word:
        heading += f" ({word})"
    return Mark(kinds, heading + behind, rest, strong) if kinds else None


def inline(text: str) -> list[tuple[str, str]]:
    """`(S) … (T) … (A) … (R) …` in one paragraph, cut: pairs of a label and its words."""
    found = list(_INLINE.finditer(text))
    said = [(match["paren"] or match["colon"]) for match in found]
    kinds = [kind for label in said if (mark := read(f"{label}:")) for kind in mark.kinds]
    if len({kind for kind in kinds if kind in STAR}) < 3:
        return []
    ends = [match.start() for match in found[1:]] + [len(text)]
    pieces = [("", text[: found[0].start()].strip())] if found[0].start() else []
    return pieces + [
        (label, text[match.end() : end].strip())
        for label, match, end in zip(said, found, ends, strict=True)
    ]
