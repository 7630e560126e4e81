"""Labels of story parts: read "**Action:** I asked" and its many other spellings."""

import re

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
_EMOJI = re.compile(r"^(?:[^\w\s\[\](){}*_<>\"'“”«»`#|¿¡【】「」.,:;!?$€£%&@/\\+=~^-]\s*)+")
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
    (r"(?P<label>[^:：]{1,60}?)\s*[:：]\s*(?P<rest>.*)", False),
    (r"(?P<label>[^–—(（-]{1,40}?)\s+[–—-]\s+(?P<rest>.*)", False),
    (r"(?P<label>.{1,60})", False),
)
_PERCENTAGE = re.compile(
    r"\s*[(（][^()（）]*\d\s*%\s*[)）]\s*$|\s*(?:[–—,(-]|\s)\s*~?\d{1,2}(?:\s*[-–]\s*\d{1,2})?\s*%\s*[)）]?\s*$"
)
_LETTER_LABEL = re.compile(
    r"(?P<letter>[STARL]|S\s?[/+&]?\s?T|A\s?[/+&]?\s?R)(?:\s*[(（–—:：/|.-]+\s*(?P<word>[^)）]+)[)）]?)?"
)
# `Target: 30s` is the time for the next part, not the Task.
_ONLY_TIME = re.compile(r"\d+\s*(?:s|secs?|seconds|m|mins?|minutes)", re.I)
_STEP_NUMBER = re.compile(r"^(?:step|part|paso|schritt)?\s*\d[.):]?\s+", re.I)
_INLINE = re.compile(
    r"(?:(?<=\s)|^)(?:\*\*)?(?:\((?P<paren>ST|[STARL])\)|(?P<colon>[STARL]|Situation|Task|Action|Result|"
    r"SITUATION|TASK|ACTION|RESULT)\s*[:：])(?:\*\*)?[:：]?\s*"
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


def strip_decoration(text: str) -> str:
    """Return `text` without the quote mark and the emoji at its start."""
    text = text.strip().removeprefix(">").strip().replace("__", "**")
    return _EMOJI.sub("", text) if text not in _SYMBOLS else text


def parse_label(text: str, vocabulary: Vocabulary, *, whole: bool = False) -> PartLabel | None:
    """Return the label at the start of `text`; with `whole`, only if `text` is nothing else."""
    plain = strip_decoration(text)
    if plain in _SYMBOLS:
        return PartLabel(_SYMBOLS[plain], "Reflection", "", strong=False)
    plain = _MARKED_INITIAL.sub(lambda match: match[1] or match[2], plain)
    if whole:
        if len(plain) > _LONGEST:
            return None
        return _make_label(plain.strip("* "), "", "", vocabulary, strong=False)
    for form, strong in _FORMS:
        if match := re.fullmatch(form, plain):
            groups = {"more": "", "rest": ""} | match.groupdict("")
            if _ONLY_TIME.fullmatch(groups["rest"]):
                return None
            label = _make_label(
                groups["label"], groups["more"], groups["rest"], vocabulary, strong=strong
            )
            if label:
                return label
    return None


def _make_label(
    name: str, suffix: str, rest: str, vocabulary: Vocabulary, *, strong: bool
) -> PartLabel | None:
    """Return the label that `name` is, such as "Situation and Task", "ACTION (20 %)" or "A"."""
    name = _EMOJI.sub("", name.strip("*_ \t")).rstrip(": ")
    name = _STEP_NUMBER.sub("", name, count=1)
    plain = _PERCENTAGE.sub("", name)
    percentage = name[len(plain) :].strip(" –—-,()（）")
    suffix = f" ({percentage}){suffix}" if percentage else suffix
    if _SITUATION_AND_TASK.match(plain):
        return PartLabel((Kind.SITUATION, Kind.TASK), f"Situation / Task{suffix}", rest, strong)
    kind = headings.parse(plain, vocabulary).kind
    if kind is not Kind.OTHER:
        heading = plain.capitalize() if plain.isupper() else plain
        return PartLabel((kind,), heading + suffix, rest, strong)
    if vocabulary.answer_heading.fullmatch(plain):
        return None
    if not (match := _LETTER_LABEL.fullmatch(plain)):
        return None
    kinds = _LETTERS.get(re.sub(r"[\s/+&]", "", match["letter"]), ())
    word = (match["word"] or "").strip()
    if word and (kind := headings.parse(word, vocabulary).kind) in SPINE:
        return PartLabel((kind,) if len(kinds) == 1 else kinds, word + suffix, rest, strong)
    heading = " / ".join(kind.capitalize() for kind in kinds) + (f" ({word})" if word else "")
    return PartLabel(kinds, heading + suffix, rest, strong) if kinds else None


def split_inline_labels(text: str, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """Split a paragraph such as "(S) … (T) … (A) … (R) …" into pairs of a label and its text.

    Text before the first label has the label "". A paragraph without three STAR labels has none.
    """
    start, *rest = _INLINE.split(text)
    names = [paren or colon for paren, colon in zip(rest[::3], rest[1::3], strict=True)]
    labels = filter(None, (parse_label(f"{name}:", vocabulary) for name in names))
    if len({kind for label in labels for kind in label.kinds if kind in STAR}) < 3:
        return []
    texts = [piece.strip() for piece in (start, *rest[2::3])]
    return list(zip(["", *names], texts, strict=True))[0 if start else 1 :]
