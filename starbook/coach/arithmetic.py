"""Arithmetic of claims: a change, a ratio, a difference or a share beside the numbers it is of.

A claim is compared only where the words between it and its numbers leave no doubt that they belong
together. Each number may be off by half of its last place, and a claim by what its words allow:
`about`, `over`, `nearly`. Days are tried by the calendar and as working days.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec

from starbook.coach.quantities import Pair, Quantity
from starbook.coach.told import Line
from starbook.content.numbers import any_of

_CHANGE_NOUN = any_of(
    """improvement reduction increase decrease drop rise cut gain growth decline fall saving savings
    jump Rückgang Verbesserung Senkung Steigerung Anstieg Zuwachs Ersparnis"""
)
_COMPARED = any_of(
    """faster fewer less more better lower higher quicker shorter cheaper slower longer smaller
    larger sooner earlier weniger mehr schneller besser niedriger höher kürzer günstiger"""
)
_VERB = any_of(
    """reduced reduce reducing reduces cut cuts cutting decreased decrease decreasing dropped drop
    dropping fell fall falling lowered lower increased increase increasing grew grow rose rise
    raised improved improve improving shrank shortened down up gesunken gesenkt gestiegen sank stieg
    senkte fiel reduzierte verbesserte"""
)
_AS_NOUN = re.compile(
    rf"\s(?:relative\s|overall\s|net\s|total\s)?(?:{_CHANGE_NOUN}|{_COMPARED})\b"
    r"(?P<than>\s(?:than|als)\s(?:the\s|our\s|das\s)?(?:target|goal|plan|budget|Ziel)\b)?"
    r"|(?P<off>\s(?:above|below|under|over|ahead\sof)\s(?:the\s|our\s)?(?:target|goal|plan|budget)\b)"
)
_MORE_OF = re.compile(r"\s(?:(?!and\b|but\b|while\b|as\b|vs\b|versus\b|within\b|over\b)[^\W\d])")
_BY = re.compile(
    rf"\b{_VERB}\b[^.;:()\d]{{0,60}}?\s(?:by|um)\s(?:[^\W\d]+\s){{0,2}}$", re.IGNORECASE
)
_REMOVED = re.compile(r"\b(?:eliminated|removed|cut|beseitigte)\s$", re.IGNORECASE)
_OFF_GOAL = re.compile(
    r"\b(?:exceed\w*|beat\w*|above|below|under|over|ahead\sof)\b(?:[^.;:()\d]|[A-Z]\d){0,40}$",
    re.IGNORECASE,
)
_CLOSED = re.compile(r"\s?(?:$|[.;)])")
_LINK = r"""(?:(?:a|an|or|that\sis|that's|which\sis|which\swas|i\.e\.,?|equals|about|roughly|nearly
    |almost|more\sthan|less\sthan|over|around|approximately|some|down|up|by|just|only|even|also
    |das\ssind|das\sist|ein|eine|rund|etwa|fast|knapp|well|=|≈|~|[-+−])\s?)*"""
_BEHIND_PAIR = re.compile(
    rf"(?:\s[^\W\d][\w-]*){{0,4}}\s?(?:[(,:;=–—]|\s-\s|\b(?:or|which\sis|that\sis))\s?{_LINK}",
    re.VERBOSE,
)
_NOUN_OF = re.compile(rf"\b{_CHANGE_NOUN}\s(?:of|by|von|um)\s{_LINK}$", re.VERBOSE)
_ENDED = re.compile(r"\s?(?:$|[.,;:)])")
_BEFORE_PAIR = re.compile(r"[^.;:\d(]{0,60}(?:\(|,\s|:\s)|\s")
_NEXT = re.compile(
    rf"(?:That|This|It|Das)(?:'s|’s|\sis|\swas|\sare|\smeans|\ssind|\sist)\s{_LINK}", re.VERBOSE
)

_ABOUT = re.compile(
    r"(?:\b(?:about|roughly|around|approximately|approx\.|some|circa|ca\.|rund|etwa|ungefähr)|[~≈])"
    r"\s?(?:a\s|an\s)?$"
)
_OVER = re.compile(r"\b(?:over|more\sthan|at\sleast|well\sover|above|über|mehr\sals)\s(?:an?\s)?$")
_NEARLY = re.compile(r"\b(?:nearly|almost|just\sunder|fast|knapp|beinahe)\s(?:an?\s)?$")
_UNSURE = re.compile(r"\b(?:up\sto|less\sthan|another|a\sfurther|under|bis\szu)\s$")

# A claim in whole per cent may be rounded up or down, one in tens or fives to the next of them.
_STEP, _COARSE_STEP = 1.0, 2.5
_WORD_RATIOS = {
    "halved": (0.4, 0.6), "halbiert": (0.4, 0.6), "doubled": (1.8, 2.3), "verdoppelt": (1.8, 2.3),
    "tripled": (2.7, 3.4), "verdreifacht": (2.7, 3.4), "quadrupled": (3.6, 4.5),
}  # fmt: skip
_RATIO_WORD = re.compile(rf"\b(?:{'|'.join(_WORD_RATIOS)})\b")


class Claim(msgspec.Struct, frozen=True):
    """A claim that does not follow from its numbers: what was said, and what follows.

    The last of `lines` has the claim, those before it numbers that it is of. `kind` names the form
    of the remark: `goal` if the first number was a goal, `points` if per cent and points were taken
    for each other, `direction` if the numbers go the other way than their verb, else "".
    """

    lines: tuple[Line, ...]
    numbers: str
    said: str
    follows: str
    kind: str = ""


def wrong_claims(lines: Sequence[Line]) -> Iterator[Claim]:
    """Yield the claims that do not follow from their numbers, of sentences in their order."""
    for before, line in pairwise((None, *lines)):
        assert line
        yield from _in_sentence(line)
        if before and before.number + 1 == line.number:
            yield from _in_next(before, line)
        if line.is_spoken and not line.is_earlier:
            yield from _of_earlier(line, lines)


# --- In one sentence, and in the next -------------------------------------------------------------


def _in_sentence(line: Line) -> Iterator[Claim]:
    for pair in line.pairs:
        taken = {pair.before.start, pair.after.start}
        for quantity in line.found:
            if quantity.start not in taken and _belongs(line, quantity, pair):
                yield from _compare(quantity, pair, (line,))
        yield from _ratio_in_words(line, pair)
        yield from _wrong_way(line, pair)
    yield from _shares(line)
    yield from _products(line)


def _belongs(line: Line, quantity: Quantity, pair: Pair) -> bool:
    """Return True if only a bracket, a comma or joining words stand between claim and numbers."""
    text = line.text
    behind, ahead = text[quantity.end :], text[: quantity.start]
    if quantity.start >= pair.end:
        gap = text[pair.end : quantity.start]
        noun = _NOUN_OF.search(gap)
        if noun:
            return bool(_BEHIND_PAIR.fullmatch(gap[: noun.start()]) and _ENDED.match(behind))
        if not _BEHIND_PAIR.fullmatch(gap):
            return False
        named = _AS_NOUN.match(behind)
        if named:
            return not _MORE_OF.match(behind[named.end() :])
        is_bare = bool(_CLOSED.match(behind))
        return is_bare and (quantity.kind in ("points", "times") or gap.rstrip()[-1:] in "(:=≈~-+−")
    gap = text[quantity.end : pair.start]
    said = _BY.search(ahead) or (_AS_NOUN.match(behind) if not pair.is_goal else None)
    if pair.is_goal:
        said = _OFF_GOAL.search(ahead)
    elif quantity.kind == "times":
        said = said or re.search(rf"\b{_VERB}\s$", ahead, re.IGNORECASE)
    else:
        said = said or (_REMOVED.search(ahead) if behind.startswith(" of ") else None)
    return bool(said and _BEFORE_PAIR.fullmatch(gap))


def _in_next(before: Line, line: Line) -> Iterator[Claim]:
    """Yield a wrong claim that begins with `That is`, of the one pair in the sentence before."""
    start = _NEXT.match(line.text)
    if start and len(before.pairs) == 1 and len(before.found) == 2 and len(line.found) == 1:
        quantity = line.found[0]
        behind = line.text[quantity.end :]
        is_change = _AS_NOUN.match(behind) or _CLOSED.match(behind)
        if quantity.start == start.end() and is_change:
            yield from _compare(quantity, before.pairs[0], (before, line))


def _ratio_in_words(line: Line, pair: Pair) -> Iterator[Claim]:
    for word in _RATIO_WORD.finditer(line.text, 0, pair.start):
        gap = line.text[word.end() : pair.start]
        if not re.fullmatch(r"[^.;:\d]{0,40}[\s(,]", gap) or pair.is_goal:
            continue
        least, most = _WORD_RATIOS[word[0]]
        ratios = [after / before for before, after in _calendars(pair)]
        if all(not least <= ratio <= most for ratio in ratios):
            follows = _ratio_text(ratios[0])
            yield Claim((line,), _pair_text(pair), word[0], follows)


_DOWN = any_of(
    """fell fall falling drop dropped dropping decreased decreasing declined sank shrank reduced
    reducing lowered lowering cut cutting shortened down sank fiel senkte reduzierte"""
)
_RISE = any_of(
    """rose rise rising grew grow growing increased increasing climbed raised raising up stieg wuchs
    erhöhte"""
)
_MOVED = re.compile(
    rf"\b(?:(?P<down>{_DOWN})|(?P<up>{_RISE}))\b(?:\s(?:[^\W\d][\w’'-]*)){{0,6}}\s?$", re.IGNORECASE
)
_MINUS = re.compile(r"[-−–]\s?$")


def _wrong_way(line: Line, pair: Pair) -> Iterator[Claim]:
    """Yield `fell from 3 to 11 %`: numbers that go the other way than their verb."""
    is_turned = pair.after.start < pair.before.start
    end = line.text.rfind("from", 0, pair.before.start) if is_turned else pair.start
    moved = _MOVED.search(line.text, 0, max(end, 0))
    ends = (pair.before.start, pair.after.start)
    if pair.is_goal or not moved or any(_MINUS.search(line.text[:place]) for place in ends):
        return
    sign = 1 if moved["up"] else -1
    if all(sign * (after - before) < 0 for before, after in _calendars(pair)):
        said = moved["up"] or moved["down"]
        yield Claim((line,), _pair_text(pair), said, "", "direction")


# --- A claim of which the first number stands earlier in the story --------------------------------

_REACHED = re.compile(rf"(?:\s[^\W\d][\w-]*){{0,6}}\s\({_LINK}", re.VERBOSE)
_DEADLINE = re.compile(
    r"\b(?:within|in|over|for|by|after|every|last|next|first|another|until|past|since)\s"
    r"(?:the\s|a\s|about\s|only\s)?$",
    re.IGNORECASE,
)
_GOAL_AHEAD = re.compile(r"\b(?:to|under|below|target|goal|of|sub)[\s-](?:about\s)?$")
_STEM = re.compile(r"[^\W\d_]{4,}")
# Words that do not tell what a sentence is about.
_PLAIN = re.compile(
    any_of(
        """improved reduced average time within from with that this have their were would than
        improvement reduction increase target goal overall team teams across under achieved rate
        below about taking took more less"""
    )
)
_SURE_WORDS = 2  # that two sentences share if they count the same things


def _of_earlier(line: Line, lines: Sequence[Line]) -> Iterator[Claim]:
    """Yield a wrong `to 1.5 days (60 % improvement)` where 6 days stand in the Situation."""
    paired = {
        one.start for pair in line.pairs if not pair.is_goal for one in (pair.before, pair.after)
    }
    for reached, claim in pairwise(line.found):
        if claim.kind not in ("%", "times") or paired & {reached.start, claim.start}:
            continue
        named = _AS_NOUN.match(line.text, claim.end)
        if not named or not _REACHED.fullmatch(line.text[reached.end : claim.start]):
            continue
        is_goal = bool(named["than"] or named["off"])
        if _MORE_OF.match(line.text[named.end() :]) and not is_goal:
            continue
        first = _first_number(line, reached, lines, is_goal=is_goal)
        if first:
            pair = Pair(first[1], reached, 0, 0, is_goal)
            yield from _compare(claim, pair, (first[0], line))


def _first_number(
    line: Line, reached: Quantity, lines: Sequence[Line], *, is_goal: bool
) -> tuple[Line, Quantity] | None:
    """Return the one number before the Action that the claim can be of, if there is just one."""
    candidates = []
    for earlier in (one for one in lines if one.is_earlier):
        for quantity in earlier.found:
            ahead = earlier.text[max(quantity.start - 24, 0) : quantity.start]
            is_ruled_out = bool(quantity.kind and _DEADLINE.search(ahead))
            if is_goal and quantity.kind:
                is_ruled_out = not _GOAL_AHEAD.search(ahead)
            if (quantity.kind, quantity.rate) == (reached.kind, reached.rate) and not is_ruled_out:
                candidates.append((earlier, quantity))
    about = nouns(line.text)
    least = 1 if reached.kind else _SURE_WORDS
    shared = [(one, q) for one, q in candidates if len(about & nouns(one.text)) >= least]
    if len(shared) == 1:
        return shared[0]
    is_alone = len(candidates) == 1 and not shared and reached.unit
    if is_alone and candidates[0][1].unit.rstrip("s") == reached.unit.rstrip("s"):
        return candidates[0]
    return None


def nouns(text: str) -> set[str]:
    """Return the words of a text that may tell what its numbers measure."""
    words = (word.lower() for word in _STEM.findall(text))
    return {word.rstrip("s") for word in words if not _PLAIN.fullmatch(word)}


# --- Shares and products --------------------------------------------------------------------------

_OF = re.compile(r"\s(?:out\s)?of\s(?:the\s|our\s|all\s)?")
_SHARE_BEHIND = re.compile(
    rf"(?:\s[^\W\d][\w-]*){{0,4}}(?:\s\(|,\sor\s|\s?[=:]\s){_LINK}", re.VERBOSE
)
_SHARE_AHEAD = re.compile(r"(?:\sof\s[^\d.;()]{0,40})?\s\(")
_BASE = re.compile(r"\b(?:of|at|on)\s(?:about\s|our\s|the\s)?$")
_GAIN = re.compile(r"\s(?:more|fewer|less|additional|extra|mehr|weniger)\b")


def _shares(line: Line) -> Iterator[Claim]:
    """Yield a wrong `12 of 48 (30 %)`."""
    plain = [q for q in line.found if not q.unit or q.kind == ""]
    for part, whole in pairwise(plain):
        if part.kind != whole.kind or not whole.value or part.value > whole.value:
            continue
        if not _OF.fullmatch(line.text[part.end : whole.start]):
            continue
        for claim in (q for q in line.found if q.kind == "%"):
            behind = line.text[whole.end : claim.start] if claim.start > whole.end else ""
            ahead = line.text[claim.end : part.start] if claim.end < part.start else ""
            is_closed = _CLOSED.match(line.text[claim.end :])
            if (is_closed and _SHARE_BEHIND.fullmatch(behind)) or _SHARE_AHEAD.fullmatch(ahead):
                share = 100 * part.value / whole.value
                least = 100 * max(part.value - part.half, 0) / (whole.value + whole.half)
                most = 100 * (part.value + part.half) / max(whole.value - whole.half, 1e-9)
                if not _fits(claim, line.text, [(least, most)]):
                    numbers = line.text[part.start : whole.end].strip()
                    yield Claim((line,), numbers, claim.text, f"{_shown(share, claim)} %")


def _products(line: Line) -> Iterator[Claim]:
    """Yield a wrong `from 11 to 3 % of 2,400 a week, 240 more`."""
    shares = [pair for pair in line.pairs if pair.after.kind == "%" and not pair.is_goal]
    if len(shares) != 1:
        return
    pair = shares[0]
    later = [q for q in line.found if q.start >= pair.end and not q.kind]
    if len(later) != 2 or len(line.found) != 4:
        return
    base, claim = later
    if not _BASE.search(line.text[: base.start]) or not _GAIN.match(line.text, claim.end):
        return
    moved = abs(pair.before.value - pair.after.value)
    off = pair.before.half + pair.after.half
    least = max(moved - off, 0) / 100 * (base.value - base.half)
    most = (moved + off) / 100 * (base.value + base.half)
    if not _fits(claim, line.text, [(least, most)]):
        right = moved / 100 * base.value
        said = line.text[pair.start : base.end].strip(" (,")
        yield Claim((line,), said, claim.text, f"{right:,.0f}")


# --- Comparing ------------------------------------------------------------------------------------


def _compare(claim: Quantity, pair: Pair, lines: tuple[Line, ...]) -> Iterator[Claim]:
    if claim.rate or pair.before.values == pair.after.values:
        return
    if claim.kind == "%":
        ranges = _changes(pair)
        follows = f"{_shown(_change(pair), claim)} %"
    elif claim.kind == "points" and pair.after.kind == "%":
        moved = abs(pair.after.value - pair.before.value)
        off = pair.before.half + pair.after.half
        ranges, follows = [(moved - off, moved + off)], f"{_shown(moved, claim)} {claim.unit}"
    elif claim.kind == "times":
        ranges = _ratios(pair)
        follows = _ratio_text(pair.after.value / pair.before.value)
    else:
        return
    if not _fits(claim, lines[-1].text, ranges):
        kind = "goal" if pair.is_goal and claim.kind == "%" else ""
        if claim.kind == "%" and pair.after.kind == "%":
            points = abs(pair.after.value - pair.before.value)
            kind = "points" if abs(points - claim.value) <= _tolerance(claim) else kind
        yield Claim(lines, _pair_text(pair), claim.text, follows, kind)


def _calendars(pair: Pair) -> list[tuple[float, float]]:
    """Return before and after by the calendar and in working days, without doubles."""
    both = zip(pair.before.values, pair.after.values, strict=True)
    return [(a, b) for a, b in dict.fromkeys(both) if a]


def _change(pair: Pair) -> float:
    return 100 * abs(pair.after.value - pair.before.value) / pair.before.value


def _changes(pair: Pair) -> list[tuple[float, float]]:
    """Return the changes in per cent that the numbers allow: of the first, or as a speed."""
    ranges = []
    for before, after in _calendars(pair):
        low, high = before - pair.before.half, before + pair.before.half
        least, most = max(after - pair.after.half, 0), after + pair.after.half
        changes = [100 * abs(y - x) / x for x in (low, high) if x > 0 for y in (least, most)]
        ranges.append((min(changes), max(changes)))
        if pair.after.kind in ("time", "months") and after < before:  # `100 % faster` halves a time
            ranges.append((100 * (low / most - 1), 100 * (high / max(least, 1e-9) - 1)))
    return ranges


def _ratios(pair: Pair) -> list[tuple[float, float]]:
    ranges = []
    for before, after in _calendars(pair):
        if not after:
            return [(0, float("inf"))]
        small, large = sorted((before, after))
        off = (pair.before.half / before) + (pair.after.half / after)
        ratio = large / small
        ranges.append((ratio * (1 - off), ratio * (1 + off)))
        ranges.append((ratio * (1 - off) - 1, ratio * (1 + off) - 1))  # `5 times faster`
    return ranges


def _fits(claim: Quantity, text: str, ranges: list[tuple[float, float]]) -> bool:
    """Return True if a claim is in one of the ranges, with what its words and digits allow."""
    ahead = text[max(claim.start - 18, 0) : claim.start]
    if _UNSURE.search(ahead):
        return True
    value, step = claim.value, _tolerance(claim)
    below = above = step
    if _ABOUT.search(ahead):
        below = above = max(step, 0.12 * value)
    elif _OVER.search(ahead) or claim.at_least:
        above = 0.35 * value
    elif _NEARLY.search(ahead):
        below = 0.2 * value
    return any(least - above <= value <= most + below for least, most in ranges)


def _tolerance(claim: Quantity) -> float:
    if claim.kind in ("%", "points") and claim.value == int(claim.value) and claim.half >= 0.3:
        return _COARSE_STEP if claim.value % 5 == 0 and claim.value >= 10 else _STEP
    return max(claim.half, 0.025 * claim.value if not claim.kind else claim.half)


def _shown(value: float, claim: Quantity) -> str:
    """Return a number with as many places as the claim has, and its decimal mark."""
    fraction = re.search(r"([.,])(\d{1,2})(?!\d)", claim.text)
    if fraction:
        return f"{value:.{len(fraction[2])}f}".replace(".", fraction[1])
    return f"{value:.0f}" if value >= 1 else f"{value:.1f}"


def _ratio_text(ratio: float) -> str:
    ratio = ratio if ratio >= 1 else 1 / ratio if ratio else 0
    return f"{ratio:.1f}".removesuffix(".0") + " ×"


def _pair_text(pair: Pair) -> str:
    first, second = pair.before.text, pair.after.text
    return f"{second} / {first}" if pair.is_goal else f"{first} → {second}"
