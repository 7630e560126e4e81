"""Metrics of a story: the numbers in its front matter, else those extracted from its Result.

`extract` takes each sentence through four steps, in the order of this file: its *quantities* (a
number and its unit), the *mentions* they make up (a quantity, or a before and an after), the
*words* around a mention, and from these a *rank* (is it an outcome, and how much does it matter?)
and a label. An after that stands alone is then matched with a before in the Situation.

Precision comes first: a number that is missing can be given in the front matter, a wrong one makes
the whole page suspect. Numbers that are not clearly outcomes (dates, names, targets) are left out.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum, IntEnum
from itertools import chain, islice, takewhile
from typing import NamedTuple

import msgspec

from starbook.model import Figure, Kind, Story


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# --- Quantities: a number and its unit ------------------------------------------------------------

_SECONDS = {
    word: seconds
    for words, seconds in (
        ("ms millisecond milliseconds", 0.001),
        ("s sec secs second seconds", 1),
        ("m min mins minute minutes", 60),
        ("h hr hrs hour hours", 3600),
        ("d day days", 86_400),
        ("week weeks", 604_800),
        ("sprint sprints", 1_209_600),
        ("month months", 2_629_800),
        ("quarter quarters", 7_889_400),
        ("year years", 31_557_600),
    )
    for word in words.split()
}
_CURRENCY = "$€£¥₹"
_TIME = "|".join(sorted((word for word in _SECONDS if len(word) > 1), key=len, reverse=True))
_EACH = "(?: hour | day | week | sprint | month | quarter | year )"

_DIGITS = r"\d+ (?: ,\d{3} )* (?: \.\d+ )?"
_SCALE = r"(?: [kKMB]\b | \s (?: thousand | [mb]illion )\b )"
_BOUND = r"(?: (?: less\ than | fewer\ than | under | more\ than )\s | sub- | [<>] )"
_NUMBER = rf"""
    {_BOUND}? [~≈]?
    (?: [{_CURRENCY}] {_DIGITS} (?: {_SCALE} | (?: m | bn )\b )? | [+−-]? {_DIGITS} {_SCALE}? )
    (?: [–-] {_DIGITS} {_SCALE}? )?              # a range, `2–3`, is one number
    \+?
"""
_UNIT = rf"""
      \s? (?: % | (?: percentage\ points? | percent | per\ cent | points )\b )
    | [\s-]? (?: {_TIME} )\b
    | \s? [sh]\b | [md]\b
    | \s? [x×](?!\w)
    | (?<! 24 ) / (?: 100 | 10 | [457] )\b       # a score
    | \s (?: out\s )? of\s (?: the\s )? (?! (?:19|20)\d\d\b ) \d+\b
"""
_RATE = rf"""
      \s?/\s? {_EACH}\b
    | \s (?: an? | each | every )\s {_EACH}\b
    | \s per\s (?: \d+\s )? [a-z]+\b
    | \s (?: hourly | daily | weekly | monthly | quarterly | yearly | annually )\b
"""
_QUANTITY = re.compile(
    rf"""
    (?<! [\w.,/\#@{_CURRENCY}] ) (?<! \w[–-] )   # not inside a name: `P95`, `v2.1`, `COVID-19`
    (?: (?P<number>{_NUMBER}) (?P<unit>{_UNIT})? (?P<rate>{_RATE})? | (?P<zero>[Zz]ero)\b )
    (?! \w | [.,:/]\d | [–-]\w )                 # nor half of one: `24/7`, `1-on-1`, `3rd`
    """,
    re.VERBOSE,
)
# Tried on every line: with one set of characters in front it takes a quarter of the time.
_HAS_NUMBER = re.compile(r"[0-9Zz](?:(?<=[0-9])|ero\b)")
_BOUND_SIGNS = (("less than ", "<"), ("fewer than ", "<"), ("under ", "<"), ("more than ", ">"))
_PERCENT = re.compile(r" ?per ?cent$")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s?(\w?)")
_SCALES = {"k": 1e3, "t": 1e3, "m": 1e6, "b": 1e9}


class Quantity(NamedTuple):
    """A number, its unit, and their position in the sentence."""

    number: str
    unit: str
    start: int
    end: int

    @property
    def kind(self) -> str:
        """The kind of measure; a before and an after are of one kind."""
        if any(sign in self.number for sign in _CURRENCY):
            return "money"
        return "time" if self.unit in _SECONDS else self.unit

    @property
    def is_time(self) -> bool:
        """True if it is a length of time, or one per period: `7.5 hours/week`."""
        return self.unit.replace("/", " ").partition(" ")[0] in _SECONDS

    @property
    def size(self) -> float:
        """The amount, with times in seconds: precise enough to tell up from down."""
        match = _SIZE.search(self.number.replace(",", ""))
        if not match:
            return 0.0
        return float(match[1]) * _SCALES.get(match[2].lower(), 1) * _SECONDS.get(self.unit, 1)


def _quantities(sentence: str) -> list[Quantity]:
    return [_quantity(match) for match in _QUANTITY.finditer(sentence)]


def _quantity(match: re.Match[str]) -> Quantity:
    if match["zero"]:
        return Quantity("0", "", *match.span())
    number, unit, rate = match["number"], match["unit"] or "", match["rate"] or ""
    for words, sign in _BOUND_SIGNS:
        number = number.replace(words, sign)
    unit = _PERCENT.sub("%", unit)
    # `a 2-week delay` is read as `2 weeks`: a figure stands on its own.
    if unit.startswith("-") and unit[1:] + "s" in _SECONDS and number not in ("1", "sub-1", "<1"):
        unit += "s"
    return Quantity(number, (unit.lstrip(" -") + rate).strip(), *match.span())


# --- Mentions: one quantity, or the two of a pair -------------------------------------------------

_ARROWS = ("→", "->", "=>", "–>", "⇒", "➔", "➜")
_ARROW = f"(?: {' | '.join(_ARROWS)} )"
_ABOUT = r"(?: (?: about|around|roughly|approximately|nearly|almost|just|only|an?|average|of )\s )*"
_TO = re.compile(
    rf"(?: \s [\w-]+ | \s \([^()]{{0,40}}\) ){{0,3}} (?: \s* {_ARROW} \s* | \s to \s ) {_ABOUT}",
    re.VERBOSE,
)
_FORMERLY = re.compile(
    rf"""
    (?: [^(,]{{0,60}} (?: [(,] \s* (?: was | were | previously | formerly | before | from ):?
                        | [(,]? \s* (?: up | down ) \s from )
      | \s from ) \s {_ABOUT}
    """,
    re.VERBOSE,
)
_FROM = re.compile(r"\b [Ff]rom \s (?: [\w~-]+ \s ){0,3} $", re.VERBOSE)
_HALF_OF_PAIR = re.compile(rf"\b [Ff]rom \s (?: [^,;()]* \b to \s )? {_ABOUT} $", re.VERBOSE)

# Words that may stand between a number and its governor: `within` about `3 weeks`.
_VAGUE = _set(
    "about around roughly approximately nearly almost just only a an average of estimated was were "
    "is"
)
_NEAR, _CLOSE = 140, 48  # the characters to search for the words about a number, and for its lead


class Mention(NamedTuple):
    """A number as it was written: its quantity, its before if it has one, and the text around."""

    quantity: Quantity
    before: Quantity | None
    left: str
    right: str
    lead: tuple[str, ...]  # the last words before it; the very last one is its governor

    @property
    def governor(self) -> str:
        """The word that gives the number its role: `to`, `by`, `within`, `saved`."""
        return self.lead[-1]

    @property
    def is_level(self) -> bool:
        """True if it is a level that was reached: `reached 98 %`, `cut to 12 minutes`."""
        is_reached = self.governor in _REACHED and self.lead[-2] not in _OTHER_TO
        return is_reached and self.before is None

    @property
    def is_by(self) -> bool:
        """True if it is the size of a change: `improved by 25 %`, not `used by 25 % of users`."""
        return self.governor == "by" and not self.right.startswith(" of ")

    @property
    def is_aside(self) -> bool:
        """True if it stands in brackets."""
        return self.left.count("(") > self.left.count(")")


_OTHER_TO = _set("led leading estimated")  # `led to a $2M contract`, `estimated at $2M`
_REACHED = _set("to at now achieved achieving reached reaching hit hitting")


def _mentions(sentence: str) -> Iterator[Mention]:
    quantities = _quantities(sentence)
    at = 0
    while at < len(quantities):
        first, last = quantities[at], _last_joined(sentence, quantities, at)
        quantity, before = (quantities[last], first) if last > at else (first, None)
        if last == at and _is_before_next(sentence, quantities, at):
            last = at + 1
            before = quantities[last]
        mention = _mention(sentence, first.start, quantity, before)
        if _is_whole(sentence, mention):
            yield mention
        at = last + 1


def _mention(sentence: str, start: int, quantity: Quantity, before: Quantity | None) -> Mention:
    left = sentence[max(start - _NEAR, 0) : start]
    lead = [word.strip('("“') for word in left[-_CLOSE:].lower().split()]
    while lead and lead[-1] in _VAGUE:
        lead.pop()
    right = sentence[quantity.end : quantity.end + _NEAR]
    return Mention(quantity, before, left, right, ("", "", *lead))


def _last_joined(sentence: str, quantities: list[Quantity], at: int) -> int:
    """Return the last index joined by `to` or an arrow: of `10 → 50 → 100`, the third."""
    while at + 1 < len(quantities) and _TO.fullmatch(
        sentence, quantities[at].end, quantities[at + 1].start
    ):
        at += 1
    return at


def _is_before_next(sentence: str, quantities: list[Quantity], at: int) -> bool:
    """Return True if the next quantity is the before of this one: `61 % (up from 73 %)`."""
    if at + 1 == len(quantities) or _last_joined(sentence, quantities, at + 1) > at + 1:
        return False
    this, other = quantities[at], quantities[at + 1]
    is_like = other.kind in (this.kind, "")  # `down to 6 days from 23`
    return is_like and bool(_FORMERLY.fullmatch(sentence, this.end, other.start))


def _is_whole(sentence: str, mention: Mention) -> bool:
    """Return False for half a pair (`from [gap] to 61 %`) and a range (`10 to 15 minutes`)."""
    quantity, before, left = mention.quantity, mention.before, mention.left
    if before is None:
        has_arrow = left.rstrip().endswith(_ARROWS) or mention.right.lstrip().startswith(_ARROWS)
        return not has_arrow and not ("rom " in left and _HALF_OF_PAIR.search(left))
    if " to " not in sentence[before.end : quantity.start]:
        return True
    return bool((before.unit and before.kind == quantity.kind) or _FROM.search(left))


# --- Words: the text around a mention -------------------------------------------------------------


class Sense(Enum):
    """The meaning of a verb for the number near it."""

    UP = "+"
    DOWN = "-"
    DONE = "done"  # it belongs in the label: `lost revenue prevented`
    PLAIN = ""  # it adds nothing to the number: `achieved`, `generated`


_VERBS = {
    word: sense
    for sense, words in (
        (Sense.UP, """increased grew grown rose risen raised boosted expanded climbed jumped up
            surged added"""),
        (Sense.DOWN, """reduced decreased dropped cut fell fallen lowered shrank shrunk declined
            slashed trimmed shortened down minimized minimised lessened limited dipped"""),
        (Sense.DONE, """improved enhanced accelerated exceeded delayed prevented saved avoided
            restored recovered resolved fixed delivered eliminated secured retained shipped migrated
            completed implemented identified promoted mentored trained onboarded hired adopted
            applied caught patched closed won earned removed deleted automated submitted mitigated
            negotiated freed shaved optimized optimised processed detected recouped reinvested
            published supported"""),
        (Sense.PLAIN, """generated achieved maintained acquired handled launched reached hit served
            enabled created made got became attained scored averaged led covered used
            stabilized stabilised remained brought kept gained impacted took spent caused affected
            realized received demonstrated totaled totalled landed moved"""),
    )
    for word in words.split()
}  # fmt: skip
# Every form of a verb that a sentence may have, and the one for a label.
_FORMS = (
    {verb[:-2] + "ing": verb for verb in _VERBS if verb.endswith("ed")}
    | {verb: verb for verb in _VERBS}
    | {
        "cutting": "cut", "growing": "grew", "rising": "rose", "falling": "fell",
        "winning": "won", "hitting": "hit", "making": "made", "bringing": "brought",
        "keeping": "kept", "leading": "led", "catching": "caught",
        "hiring": "", "training": "", "processing": "",  # nouns, more often than not
    }
)  # fmt: skip
_JOINING = _set("to at by from of for in within on with across under over into per than during")
# Words that a label neither begins nor ends with.
_SMALL = (
    _JOINING
    | _VAGUE
    | _set(
        "the all our my their his her its this we i they it and or & as also successfully worth "
        "went now take takes are be been has have had = + -"
    )
)
# Words before which a phrase ends.
_STOPS = _set(
    "that which who whose due via through using over during while because since after until when "
    "where and but vs vs. versus within by with without instead so rather than if despite first "
    "following next previously including related = – — -"
)
_LONGEST = 7
_CLOSED_BRACKETS = re.compile(r"\s*\([^()]*\)")
_BOUNDARY = re.compile(r"[,;:—–](?:\s|$)|\(|\s-\s")
_COUNTED = re.compile(rf"{_QUANTITY.pattern} (?: \s of\b )?", re.VERBOSE)


class Words(NamedTuple):
    """The words around a mention, by their role.

    `Team velocity increased by 28% in a year` has the subject `Team velocity`, the verb
    `increased` and no object; `Cut 28% of costs` has the phrase `costs` that follows.
    """

    subject: tuple[str, ...]
    verb: str
    object: tuple[str, ...]
    phrase: tuple[str, ...]

    @property
    def sense(self) -> Sense:
        """The sense of the verb; plain if there is none."""
        return _VERBS.get(self.verb, Sense.PLAIN)

    @property
    def is_plain(self) -> bool:
        """True if there is a verb and it is plain."""
        return bool(self.verb) and self.sense is Sense.PLAIN

    @property
    def thing(self) -> tuple[str, ...]:
        """The words before the number that name its subject matter."""
        return self.object or self.subject

    @property
    def done(self) -> tuple[str, ...]:
        """The verb, if it belongs in the label."""
        return (self.verb,) if self.sense is Sense.DONE else ()


def _words(mention: Mention) -> Words:
    left, phrase = mention.left, _phrase(mention.right)
    if ")" in left:
        left = _CLOSED_BRACKETS.sub("", left)
    clauses = _BOUNDARY.split(left)
    # In `Time saved: 7 hours` and `Failures fell (from 18% to 2%)` the words stand further left.
    for clause in clauses[-1:] if phrase else reversed(clauses):
        subject, verb, object_ = _clause(clause)
        if subject or verb or object_:
            return Words(subject, verb, object_, phrase)
    return Words((), "", (), phrase)


_LEAD_INS = ("In ", "Within ", "After ", "Over ", "By ")
_LEAD_IN = re.compile(rf"\w+\s (?: (?:\w+\s){{1,3}}? (?:{_TIME})\b | [A-Z]\w+\s )", re.VERBOSE)


def _clause(text: str) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """Return the words before the last verb of a clause, that verb, and the words after it."""
    if _HAS_NUMBER.search(text):
        text = _COUNTED.sub("", text)
    if text.startswith(_LEAD_INS):  # `In six weeks the failures fell from`: not about weeks
        text = _LEAD_IN.sub("", text, count=1)
    words = text.split()
    forms = (_FORMS.get(word.lower(), "") for word in words)
    verbs = [(at, verb) for at, verb in enumerate(forms) if verb]
    if not verbs:
        return _trim(words), "", ()
    at, verb = verbs[-1]
    start = verbs[-2][0] + 1 if len(verbs) > 1 else 0
    after = list(takewhile(lambda word: word not in _STOPS or word == "and", words[at + 1 :]))
    return _trim(words[start:at]), verb, () if after and after[0] in _JOINING else _trim(after)


def _trim(words: list[str]) -> tuple[str, ...]:
    """Return `words` without the small ones at either end."""
    start, end = 0, len(words)
    while start < end and words[start].lower() in _SMALL:
        start += 1
    while end > start and words[end - 1].lower() in _SMALL:
        end -= 1
    return tuple(words[start:end])


def _phrase(right: str) -> tuple[str, ...]:
    """Return the words that follow a number and name what it counts."""
    words: list[str] = []
    for word in right.split(maxsplit=_LONGEST + 1):
        bare = word.strip(',;:.!?()“”"')
        if not bare or _ends_phrase(word, words):
            break
        words.append(bare)
        if word[-1] in ",;:.!?)":
            break
    return _trim(words)


def _ends_phrase(word: str, words: list[str]) -> bool:
    if not words:
        return not word[0].isalpha() or word in _STOPS or word in _JOINING - {"of", "in"}
    if word[0].isdigit():
        return not words[-1][0].isupper()  # another number, unless a name: `WCAG 2.1 AA`
    return (
        word in _STOPS
        or (word in _JOINING and len(words) > 2)
        or (word.endswith("ing") and word in _FORMS)
        or word[0] in "(→"
        or len(words) == _LONGEST
    )


# --- Rank: is it an outcome, and how much does it matter? -----------------------------------------


class Rank(IntEnum):
    """The kinds of outcome, the most important first."""

    PAIR = 0
    MONEY = 1
    SHARE = 2
    TIME = 3
    COUNT = 4


_RIVALS = _set("plan vs vs. versus against instead than compared despite industry")
_YARDSTICKS = _set(
    "target targets goal goals benchmark threshold standard requirement expected projected planned"
)
_NAMING = _set(
    "every each first last next past previous following top step phase section version level stage "
    "tier part chapter option day week month year quarter sprint page item ticket issue no."
)
_YARDSTICK_AFTER = re.compile(
    r"\s (?: (?!of\b|vs) [\w-]+ \s )? (?: target|goal|benchmark|threshold|standard|requirement )\b",
    re.VERBOSE,
)
_YEAR = re.compile(r"19[5-9]\d|20(?!00)[0-4]\d")
_WITHIN = _REACHED | _set("in within by took take takes")
_AHEAD = re.compile(
    r"\s ( (?: ahead|early|earlier|before|faster|sooner|quicker|shorter|under )\b [^,;:.()]* )",
    re.VERBOSE,
)
_OWN = _set("the our their its this that")  # `the 20 % rule`, `our 99.9 % promise`: names
_SAVING = _set("saved secured negotiated freed shaved won earned cut")
_PEOPLE = _set("people staff women men")


def _rank(mention: Mention, words: Words) -> Rank | None:
    """Return the rank of a mention, or None if it is not an outcome."""
    quantity = mention.quantity
    if mention.before:
        return Rank.PAIR
    if _is_reference(mention):
        return None
    if quantity.kind == "money":
        return Rank.MONEY
    if quantity.is_time:
        return Rank.TIME if _is_outcome_time(mention, words) else None
    if quantity.unit and not quantity.unit.startswith("per "):
        return None if mention.governor in _OWN else Rank.SHARE
    return Rank.COUNT if _is_count(mention, words) else None


def _is_reference(mention: Mention) -> bool:
    """Return True for a target, a rival or a name: `vs 60% target`, `sprint 3`."""
    governor = mention.governor.rstrip(":")
    return (
        governor in _NAMING
        or governor in _YARDSTICKS
        or not _RIVALS.isdisjoint(mention.lead[-2:])
        or bool(_YARDSTICK_AFTER.match(mention.right))
    )


def _is_outcome_time(mention: Mention, words: Words) -> bool:
    """Return True for `within 4 hours`, `saved 3 hours`; not for `a 4-hour outage`."""
    return (
        mention.quantity.number[0] in "<s+-−"
        or words.verb in _SAVING
        or mention.governor in _WITHIN
        or (mention.governor.endswith(":") and not mention.right.startswith(" later"))
        or bool(_AHEAD.match(mention.right))
        or any("saving" in word for word in words.subject)
    )


def _is_count(mention: Mention, words: Words) -> bool:
    """Return True for `12 teams`, `down to 95`; not for `Java 17`, `2024`, `3 whole months`."""
    number, phrase, before = mention.quantity.number, words.phrase, mention.left.rsplit(None, 2)
    follows_name = len(before) > 1 and before[-1][0].isupper()
    if number == "1" or _YEAR.fullmatch(number) or follows_name:
        return False
    if not phrase or not mention.right[0].isspace():
        return mention.is_level and bool(words.thing)
    is_exact = number[-1].isdigit()
    if ("." in number and is_exact) or not _SECONDS.keys().isdisjoint(phrase[:2]):
        return "saved" in (words.verb, *phrase)
    return not is_exact or number == "0" or any(_is_plural(word) for word in phrase)


def _is_plural(word: str) -> bool:
    return (word.endswith("s") and not word.endswith("ss")) or word in _PEOPLE


# --- Labels: the words below the number -----------------------------------------------------------

_CHANGE_AFTER = re.compile(
    r"""\s (?: (?P<of>[\w-]+) \s )?
    (?: (?P<down> reduction | decrease | drop | decline | fewer | less | lower | cut )
      | (?P<up> increase | growth | rise | more | higher )
    ) \b (?: \s (?: in | of ) \b )?""",
    re.VERBOSE,
)
_COMPARED = {("faster",), ("better",), ("quicker",), ("slower",), ("shorter",), ("larger",)}


def _sign(mention: Mention, words: Words) -> tuple[str, Words]:
    """Return `-` or `+` if a word makes the direction clear, and the words without that one."""
    is_share = mention.quantity.unit == "%"
    if mention.before or mention.is_level or mention.quantity.number[0] in "+-−<>":
        return "", words
    if is_share and (match := _CHANGE_AFTER.match(mention.right)):
        of = (match["of"],) if match["of"] else ()
        phrase = (*of, *_phrase(mention.right[match.end() :]))
        return "-" if match["down"] else "+", Words((), "", (), phrase or words.thing)
    is_change = mention.is_by or (is_share and _follows_thing(mention))
    if is_change and words.sense in (Sense.UP, Sense.DOWN):
        return words.sense.value, words
    return "", words


def _follows_thing(mention: Mention) -> bool:
    """Return True for `usage increased 40 %`; not for `cut 40 % of the steps`, `in 40 % of`."""
    is_direct = mention.governor in _FORMS or mention.governor not in _SMALL
    return is_direct and not mention.right.startswith(" of ")


def _label(rank: Rank, mention: Mention, words: Words, sign: str) -> tuple[str, ...]:
    """Return the label of a number."""
    ahead = _AHEAD.match(mention.right)
    if rank is Rank.TIME and ahead:
        return tuple(ahead[1].split())
    is_change = rank is Rank.PAIR or sign or mention.is_level or mention.is_by
    if is_change and (mention.quantity.unit or not words.phrase or rank is Rank.PAIR):
        return _change_label(words, mention.is_by and not sign)
    if rank is Rank.TIME and (mention.governor in _WITHIN or mention.governor.endswith(":")):
        return _time_label(mention, words)
    return _amount_label(mention, words)


def _change_label(words: Words, with_verb: bool) -> tuple[str, ...]:
    """Return the label of a change, with the verb if the direction needs it."""
    is_after = not words.thing or (words.is_plain and not words.object)
    if words.phrase and is_after:
        return words.phrase
    return (*words.thing, *words.done) if with_verb else words.thing


_OPENING = re.compile(r"(?:^|[:;,]\s)\s*(?:In|Within|in|within)\s(?:\w+\s)?$")


def _time_label(mention: Mention, words: Words) -> tuple[str, ...]:
    """Return the label of a time: `service restored`."""
    if _OPENING.search(mention.left):  # `Within 3 sprints, coverage rose`
        return _phrase(mention.right.lstrip(" ,0123456789")) or words.thing
    if words.verb in ("became", "took"):
        return (words.verb, *words.object) if words.object else words.subject
    if words.thing:
        return (*words.thing, words.verb) if words.verb else words.thing
    return words.phrase


def _clause_after(mention: Mention) -> list[str]:
    return _BOUNDARY.split(mention.right)[0].rstrip(" .!?)").split()


def _amount_label(mention: Mention, words: Words) -> tuple[str, ...]:
    """Return the label of a count or sum: `other teams adopted the tool`."""
    phrase, thing, done = words.phrase, words.thing, words.done
    if not phrase or phrase in _COMPARED:
        return (*thing, *done, *phrase)
    if mention.governor in _FORMS or not thing:
        return (*phrase, *done)
    if not _belongs_to_words_before(mention, words):
        return phrase
    is_passive = mention.governor == "by" and not words.object
    for short in (phrase, tuple(takewhile(lambda word: word not in _JOINING, phrase)), phrase[-2:]):
        if len(short) + len(thing) + len(done) <= _LONGEST:
            about = (*thing, *done)
            return (*short, *done, *thing) if is_passive else (*short[:-1], f"{short[-1]}:", *about)
    return (*phrase, *done)


def _belongs_to_words_before(mention: Mention, words: Words) -> bool:
    """Return True if the words before belong to it: `tool adopted by 3`; not `with 3`."""
    if mention.governor in ("with", "and"):
        return False
    return bool(words.object or words.done) or (not words.verb and mention.left.endswith("of "))


def _shorten(words: Sequence[str]) -> Sequence[str]:
    """Return at most `_LONGEST` words, cut before a joining word if possible."""
    if len(words) <= _LONGEST:
        return words
    ends = (i for i in range(3, _LONGEST) if words[i].lower() in _JOINING | _STOPS)
    return words[: next(ends, _LONGEST)]


# --- Figures --------------------------------------------------------------------------------------

_PLACEHOLDER = re.compile(r"\[[^\]\n]*\]")
_BULLET = re.compile(r"^(?:[-*+•]|\d{1,2}[.)])\s+")
_SENTENCE_END = re.compile(r";\s+|[.!?]\s+(?=[A-Z“\"(])")
_IN_OTHER_WORDS = re.compile(r"[,;–—-]\s(?:an?\s|or\s)?$")
_CHANGE = re.compile(r"\s(?:[\w-]+\s)?(?:improvement|reduction|increase|decrease|drop|gain)\b")


class Extracted(NamedTuple):
    """An extracted metric, and the values needed to find its before."""

    rank: Rank
    figure: Figure
    quantity: Quantity
    sense: Sense
    is_level: bool


def _iter_extracted(text: str) -> Iterator[Extracted]:
    """Yield the metrics in a text, in its order."""
    return chain.from_iterable(_in_sentence(sentence) for sentence in _sentences(text))


def _sentences(text: str) -> Iterator[str]:
    """Yield the sentences that have a number, without bullets and placeholders."""
    if "[" in text:
        text = _PLACEHOLDER.sub("[…]", text)
    for line in text.splitlines():
        if _HAS_NUMBER.search(line):
            sentences = _SENTENCE_END.split(_BULLET.sub("", line.strip()))
            yield from filter(_HAS_NUMBER.search, sentences)


def _in_sentence(sentence: str) -> list[Extracted]:
    found: list[Extracted] = []
    for mention in _mentions(sentence):
        if found and _restates(mention):
            continue
        words = _words(mention)
        rank = _rank(mention, words)
        if rank is None:
            continue
        if found and mention.before and mention.is_aside and found[-1].rank is Rank.SHARE:
            found.pop()  # `fell by 89 % (from 18 % to 2 %)`: the pair says more
        found.append(_figure(rank, mention, words))
    return found


def _restates(mention: Mention) -> bool:
    """Return True for the same change in other words: `to 61 % (a 16 % improvement)`."""
    if mention.before or mention.is_level or mention.quantity.kind == "money":
        return False
    is_change = mention.quantity.unit == "%" and _CHANGE.match(mention.right)
    return mention.is_aside or bool(is_change and _IN_OTHER_WORDS.search(mention.left))


def _figure(rank: Rank, mention: Mention, words: Words) -> Extracted:
    quantity = mention.quantity
    sign, words = _sign(mention, words)
    # Without a label, the clause that follows is one: `takes 5 minutes` to deploy.
    label = _shorten(_label(rank, mention, words, sign) or _clause_after(mention))
    before, unit = _pair(mention.before, quantity)
    figure = Figure(sign + quantity.number, before, unit, " ".join(label).strip('“”"'))
    return Extracted(rank, figure, quantity, words.sense, mention.is_level)


def _pair(before: Quantity | None, after: Quantity) -> tuple[str, str]:
    """Return the before as it is shown, and the unit after both: `2.5 hours` → 8 `minutes`."""
    if before is None:
        return "", after.unit
    if not after.unit or before.unit in ("", after.unit):
        return before.number, after.unit or before.unit
    space = " " if len(before.unit) > 2 and before.unit[0].isalpha() else ""
    return before.number + space + before.unit, after.unit


# --- The before in the Situation ------------------------------------------------------------------

_FAINT = _set("the and for with average time rate score number total from per our new overall mean")
_WORD = re.compile(r"[A-Za-z][\w-]+")
_WANTED = _set("need needs needed must should")


class InitialLevel(NamedTuple):
    """A quantity of the Situation, the text near it and the words of its sentence."""

    quantity: Quantity
    near: str
    sentence: frozenset[str]


def _initial_levels(situation: str) -> Iterator[InitialLevel]:
    """Yield the levels in a Situation."""
    for sentence in _sentences(situation):
        words, quantities = _content_words(sentence), _quantities(sentence)
        ends = [0, *(quantity.end for quantity in quantities)]
        starts = [*(quantity.start for quantity in quantities), len(sentence)]
        for i, quantity in enumerate(quantities):
            if _is_initial_level(_mention(sentence, quantity.start, quantity, None)):
                near = sentence[ends[i] : quantity.start] + sentence[quantity.end : starts[i + 1]]
                yield InitialLevel(quantity, near, words)


def _is_initial_level(mention: Mention) -> bool:
    """Return True for a level; not for a change, a target or a need."""
    moved = mention.governor == "by" or _VERBS.get(mention.governor) in (Sense.UP, Sense.DOWN)
    is_wanted = not _WANTED.isdisjoint(mention.left.split()) or mention.quantity.number[0] in "<s"
    return not moved and not is_wanted and not _is_reference(mention)


def _content_words(text: str) -> frozenset[str]:
    """Return the words that carry meaning, in the singular."""
    words = (word.lower() for word in _WORD.findall(text))
    return frozenset(_singular(word) for word in words if word not in _FAINT)


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _with_before(found: Extracted, levels: list[InitialLevel]) -> Extracted:
    """Return the metric as a pair, if the Situation has its before."""
    words = _content_words(found.figure.label)
    # More than half of the words, or `offer decline rate` would be what `offer acceptance` was.
    likely = [
        each
        for each in levels
        if 2 * len(words & each.sentence) > len(words) and _fits(found, each.quantity)
    ]
    if not likely:
        return found
    best = max(
        likely,
        key=lambda each: (len(words & _content_words(each.near)), len(words & each.sentence)),
    )
    before, unit = _pair(best.quantity, found.quantity)
    figure = Figure(found.figure.value, before, unit, found.figure.label)
    return found._replace(rank=Rank.PAIR, figure=figure)


def _fits(found: Extracted, before: Quantity) -> bool:
    """Return True if `before` is of the same kind, and the change has the direction of the verb."""
    after = found.quantity
    if before.kind != after.kind and after.number != "0":
        return False
    change = after.size - before.size
    if found.sense is Sense.DOWN:
        return change < 0
    return change > 0 if found.sense is Sense.UP else change != 0


# --- The metrics of a story -----------------------------------------------------------------------

_NAME = re.compile(r"(?<=[a-z,][ ])[A-Z]\w*")


def extract(
    result: str, situation: str = "", metrics: str = "", limit: int = 4
) -> tuple[Figure, ...]:
    """Return the metrics in the plain text of sections, the best first, at most `limit`."""
    found = [*_iter_extracted(result), *_iter_extracted(metrics)]
    if situation and any(each.is_level for each in found):
        levels = list(_initial_levels(situation))
        found = [_with_before(each, levels) if each.is_level else each for each in found]
    found.sort(key=lambda each: each.rank)
    figures = tuple(islice(_unique(each.figure for each in found), limit))
    return _lower_labels(figures, f"{result}\n{situation}")


def _unique(figures: Iterable[Figure]) -> Iterator[Figure]:
    """Yield each number once; a pair, which comes first, also counts as its after alone."""
    seen: set[tuple[str, ...]] = set()
    for figure in figures:
        # Two counts of 3 may be 3 partners and 3 teams.
        label = figure.label if figure.value.isdigit() and not figure.unit else ""
        key = (figure.before, figure.value, figure.unit, label)
        if key not in seen:
            yield figure
        seen.update((key, ("", *key[1:])))


def _lower_labels(figures: tuple[Figure, ...], text: str) -> tuple[Figure, ...]:
    """Lower the case of labels, except words with a capital within a sentence: names."""
    if all(figure.label.islower() for figure in figures):
        return figures
    names = frozenset(_NAME.findall(text))
    return tuple(
        Figure(figure.value, figure.before, figure.unit, _lower_words(figure.label, names))
        for figure in figures
    )


def _lower_words(label: str, names: frozenset[str]) -> str:
    words = label.split()
    for i, word in enumerate(words):
        begins_name = i + 1 < len(words) and words[i + 1][0].isupper()
        is_plain = word[0].isupper() and word[1:].islower() and "'" not in word.replace("’", "'")
        if is_plain and word not in names and not begins_name:
            words[i] = word.lower()
    return " ".join(words)


_COLON = re.compile(r"\s*:(?!\d)\s*")
_GIVEN_PAIR = re.compile(
    rf"from\s (?P<first>.+?) \s to\s | (?P<before>.+) \s* {_ARROW} \s*",
    re.VERBOSE | re.IGNORECASE,
)
_GIVEN_NUMBER = re.compile(
    rf"(?<!\w) (?P<number> {_ABOUT} {_NUMBER} (?: \s to\s {_DIGITS} )? ) (?P<rest> .*)",
    re.VERBOSE,
)
_GIVEN_UNIT = re.compile(rf"\s* (?P<unit> (?:{_UNIT})? (?:{_RATE})? ) (?P<more> .*)", re.VERBOSE)


def with_extracted(story: Story) -> Story:
    """Return the story with the metrics in its text, unless it has them already or gives some."""
    if story.extracted_metrics is not None or story.figures:
        return story
    return msgspec.structs.replace(story, extracted_metrics=get(story))


def get(story: Story) -> tuple[Figure, ...]:
    """Return the metrics that a story gives, else those extracted from its Result and Metrics."""
    if story.figures or story.extracted_metrics is not None:
        return story.figures or story.extracted_metrics or ()
    result, situation, metrics = (
        "\n".join(section.body.text for section in story.parts(kind))
        for kind in (Kind.RESULT, Kind.SITUATION, Kind.METRICS)
    )
    return extract(result, situation, metrics)


def parse(text: str) -> Figure:
    """Parse an entry of `metrics` in the front matter: `73 → 61 %: cart abandonment`.

    Any text becomes a figure, and none of its words is lost.
    """
    head, *label = _COLON.split(" ".join(text.split()), maxsplit=1)
    pair = _GIVEN_PAIR.match(head)
    before = (pair["first"] or pair["before"]).strip() if pair else ""
    after = head[pair.end() :] if pair else head
    number = _GIVEN_NUMBER.search(after)
    if not number:
        return Figure(after, before, "", " ".join(label))
    unit, more = number["rest"].strip(), ""
    if not label and (known := _GIVEN_UNIT.match(number["rest"])):
        unit, more = known["unit"].strip(), known["more"].strip()
    before, unit = _share_unit(before, unit)
    words = f"{after[: number.start()].strip()} {more}".strip()
    return Figure(number["number"], before, unit, ": ".join(filter(None, (words, *label))))


def _share_unit(before: str, unit: str) -> tuple[str, str]:
    """Return the before without a unit that both sides share: `0.3 %`, → `0.3`, `%`."""
    number = _GIVEN_NUMBER.match(before)
    if number and (not unit or number["rest"].strip() == unit):
        return number["number"], number["rest"].strip()
    return before, unit
