"""Labels of story parts: read "**Action:** I asked" and its many other spellings."""

import re
from collections.abc import Sequence
from functools import lru_cache

import msgspec

from starbook.content import headings
from starbook.model import SPINE, STAR, Kind
from starbook.text.vocabulary import Vocabulary

_LETTERS = {
    "S": (Kind.SITUATION,), "T": (Kind.TASK,), "A": (Kind.ACTION,), "R": (Kind.RESULT,),
    "L": (Kind.REFLECTION,), "ST": (Kind.SITUATION, Kind.TASK), "AR": (Kind.ACTION, Kind.RESULT),
}  # fmt: skip
_SYMBOLS = {"💭": (Kind.REFLECTION,)}
_LONGEST = 100
_EMOJI = re.compile(r"^(?:[^\w\s\[\](){}*_<>\"'“”«»`#|¿¡【】「」（）.,:;!?$€£%&@/\\+=~^-]\s*)+")
_SITUATION_AND_TASK = re.compile(r"[Ss]ituation\s*(?:/|&|\+|and)\s*[Tt]ask")
# `(S)ituation`, `**S**ituation`: a first letter that is set off from its word.
_MARKED_INITIAL = re.compile(r"^(?:\((\w)\)|\*\*(\w)\*\*)(?=\w)")
_BOLD, _BRACKET = r"(\*{2,3})(?P<label>[^*]{1,60}?)\1", r"(?P<more>\s*[(（][^)）]{1,60}[)）])?"
_SEPARATOR = r"(?:\s*[:：]\s*|\s+[–—-]\s+)"
# From the plainest form to the weakest. A form that is not strong counts only beside others.
_FORMS = (
    (r"(\*{1,3})(?P<label>[^*]{1,60}?)\s*[:：]\s*\1\s*(?P<rest>.*)", True),
    (rf"{_BOLD}{_BRACKET}{_SEPARATOR}(?P<rest>.*)", True),
    (rf"{_BOLD}{_BRACKET}\s*$", True),
    (rf"{_BOLD}\s+(?P<rest>.+)", True),
    (r"[【\[](?P<label>[^】\]]{1,60})[】\]](?!\()\s*[:：]?\s*(?P<rest>.*)", True),
    (r"[(（](?P<label>[^)）]{1,40})[)）]\s*[:：]?\s*(?P<rest>.*)", True),
    (r"(?P<label>[^:：]{1,60}?)\s*[:：](?!\d\d)\s*(?P<rest>.*)", False),
    (r"(?P<label>[^–—(（-]{1,40}?)\s+[–—-]\s+(?P<rest>.*)", False),
    (r"(?P<label>[STARL])\s?[/.)|]\s+(?P<rest>.*)", False),
    (r"(?P<label>.{1,60})", False),
)
_UNDERSCORES = re.compile(r"__(?!_)([^_](?:[^_]|_(?!_))*)__(?!_)")
_PERCENTAGE = re.compile(
    r"\s*[(（][^()（）]*\d\s*%\s*[)）]\s*$|\s*(?:[–—,(-]|\s)\s*~?\d{1,2}(?:\s*[-–]\s*\d{1,2})?\s*%\s*[)）]?\s*$"
)
_LETTER_LABEL = re.compile(
    r"(?P<letter>[STARL]|S\s?[/+&]?\s?T|A\s?[/+&]?\s?R)(?:\s*[(（–—:：/|.-]+\s*(?P<word>[^)）]+)[)）]?)?"
)
# `Target: 30s` is the time for the next part, not the Task.
_TARGET = re.compile(r"\W*target\W*", re.I)
_ONLY_TIME = re.compile(r"\d+\s*(?:s|secs?|seconds|m|mins?|minutes)", re.I)
# `1. Situation`, `Step 2: Task`, `Part 3 – Action`.
_STEP_NUMBER = re.compile(
    r"^(?:(?:step|part|paso|schritt|étape|passo)\s*)?\d{1,2}(?:\.\d{1,2})*[.):]?\s+[–—-]?\s*", re.I
)
# `(S)`, `**Situation:**`, or the start of a sentence with a colon, within a paragraph.
_INLINE = re.compile(
    r"(?:(?<=\s)|^|(?<=[。.!?]))(?:(?:\*\*)?[(（](?P<paren>ST|AR|[STARL]|[^\W\d_]{3,20})[)）](?:\*\*)?[:：]?"
    r"|(?P<star>\*{1,2})(?P<stop>[^*_\n:：.]{1,40})\.(?P=star)(?=\s)"
    r"|(?:\*\*|__)[(（【\[]?(?P<bold>[^*_\n:：]{1,40}?)[)）】\]]?\s*(?:[:：]\s*(?:\*\*|__)|(?:\*\*|__)(?:\s*[:：]|\s+[–—-](?=\s)))"
    r"|(?P<letter>ST|AR|[STARL])\s?[:：]|(?:^|(?<=[.!?;:]\s)|(?<=:\*\*\s)|(?<=[。！？；]))"
    r"(?P<colon>[^\W\d_]+(?:[ /'’][^\W\d_]+){0,3})\s?[:：])\s*"
)


class PartLabel(msgspec.Struct, frozen=True):
    """The label of a story part.

    `kinds` are the parts that it names, `heading` is the heading to write for it, `rest` the text
    behind it on its line. It is `strong` if its form (bold, brackets) is that of a label alone.
    """

    kinds: tuple[Kind, ...]
    heading: str
    rest: str
    strong: bool


@lru_cache(maxsize=2**14)  # each line is looked at by every rule
def strip_decoration(text: str) -> str:
    """Return `text` without the quote mark and the emoji at its start."""
    text = _UNDERSCORES.sub(r"**\1**", text.strip().removeprefix(">").strip())
    return _EMOJI.sub("", text) if text not in _SYMBOLS else text


def parse_label(text: str, vocabulary: Vocabulary, *, whole: bool = False) -> PartLabel | None:
    """Return the label at the start of `text`; with `whole`, only if `text` is nothing else."""
    plain = strip_decoration(text)
    if plain in _SYMBOLS:
        return PartLabel(_SYMBOLS[plain], "Reflection", "", strong=False)
    plain = join_initial(plain)
    if whole:
        if len(plain) > _LONGEST:
            return None
        return _make_label(plain.strip("* "), "", "", vocabulary, strong=False)
    for form, strong in _FORMS:
        if match := re.fullmatch(form, plain):
            groups = {"more": "", "rest": ""} | match.groupdict("")
            if _TARGET.fullmatch(groups["label"]) and _ONLY_TIME.fullmatch(groups["rest"]):
                return None
            found = (groups["label"], groups["more"], groups["rest"])
            if label := _make_label(*found, vocabulary, strong=strong):
                return label
    return None


def join_initial(text: str) -> str:
    """Return `text` without the marks around the first letter of its first word."""
    return _MARKED_INITIAL.sub(lambda match: match[1] or match[2], text)


def _make_label(
    name: str, suffix: str, rest: str, vocabulary: Vocabulary, *, strong: bool
) -> PartLabel | None:
    """Return the label that `name` is, such as "Situation and Task", "ACTION (20 %)" or "A"."""
    name = _EMOJI.sub("", name.strip("*_ \t【】[]")).rstrip(": .")
    name = _STEP_NUMBER.sub("", name, count=1)
    plain = _PERCENTAGE.sub("", name)
    percentage = name[len(plain) :].strip(" –—-,()（）")
    suffix = f" ({percentage}){suffix}" if percentage else suffix
    if _SITUATION_AND_TASK.match(plain):
        return PartLabel((Kind.SITUATION, Kind.TASK), f"Situation / Task{suffix}", rest, strong)
    kind = headings.parse(plain, vocabulary).kind
    if kind is not Kind.OTHER:
        heading = plain.capitalize() if plain.isupper() else plain[:1].upper() + plain[1:]
        return PartLabel((kind,), heading + suffix, rest, strong)
    letter, _, named = plain.partition(" ")
    if headings.parse(named, vocabulary).kind in _LETTERS.get(letter, ()):  # `S Situation`
        return _make_label(named, suffix, rest, vocabulary, strong=strong)
    if vocabulary.answer_heading.fullmatch(plain) or not (match := _LETTER_LABEL.fullmatch(plain)):
        return None
    kinds = _LETTERS.get(re.sub(r"[\s/+&]", "", match["letter"]), ())
    word = (match["word"] or "").strip()
    if word and (kind := headings.parse(word, vocabulary).kind) in SPINE:
        return PartLabel((kind,) if len(kinds) == 1 else kinds, word + suffix, rest, strong)
    heading = " / ".join(kind.capitalize() for kind in kinds) + (f" ({word})" if word else "")
    return PartLabel(kinds, heading + suffix, rest, strong) if kinds else None


def split_inline_labels(text: str, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """Split a line such as "(S) … (T) … (A) … (R) …" into pairs of a label and its text.

    Text before the first label has the label "". A line without labels is one pair.
    """
    found = [(match, label) for match in _INLINE.finditer(text) if (label := _name(match))]
    known = [(m, label) for m, label in found if parse_label(f"{label}:", vocabulary)]
    starts = [match.start() for match, _ in known]
    before = text[: starts[0]].strip() if starts else text.strip()
    stops = [*starts[1:], len(text)][: len(known)]
    pairs = [
        (label, text[match.end() : stop].strip())
        for (match, label), stop in zip(known, stops, strict=True)
    ]
    return [*([("", before)] if before else []), *pairs]


def _name(match: re.Match[str]) -> str:
    return (
        match["paren"] or match["stop"] or match["bold"] or match["letter"] or match["colon"] or ""
    ).strip()


def has_inline_story(lines: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Return True if labels of three STAR parts stand in `lines`, not all at the start of one."""
    kinds = set()
    inside = False
    for line in lines:
        for match in _INLINE.finditer(line):
            name = _name(match)
            if name and (label := parse_label(f"{name}:", vocabulary)):
                kinds |= {kind for kind in label.kinds if kind in STAR}
                inside |= match.start() > 0
    return inside and len(kinds) >= 3
