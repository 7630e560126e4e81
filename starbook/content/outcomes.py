"""Outcomes in a text: which of its numbers tell what was reached, and the words around them.

Nothing is rebuilt: a found number is a short part of a sentence with the number set off in it. A
number is an outcome if it says what it measures, if a word of its clause tells of a change or a
success, and if no word there tells of a plan, a cost, a date, a name or of somebody else. Precision
comes before recall: a number that is missing can be given in the front matter, a wrong one makes
the whole page suspect.
"""

import re
from collections.abc import Iterator
from itertools import islice

from starbook.content.numbers import (
    ABOUT,
    ARROW,
    FROM,
    HAS_NUMBER,
    TIME,
    Mention,
    any_of,
    has_unit,
    mentions,
)
from starbook.model import FoundNumber

MOST = 4  # numbers that are found in a story


def _beginnings(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){any_of(words)}\w*", re.IGNORECASE)


def _words(words: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){any_of(words)}(?![\w-])", flags)


# --- Words that tell an outcome, and words that rule one out --------------------------------------

# Words that begin so tell of a change or a success.
_TOLD = _beginnings(
    """fell fall drop decreas declin sank sunk shrank shrunk shrink rose rise risen rising grow
    grew climb jump doubl tripl quadrupl halv narrow dipp plummet surg soar eas plung improv
    lift rais boost brought bring shorten expand accelerat sped shav tighten reduc cut lower
    slash trim sav won win gain recover free avoid prevent retain reclaim reach attract secur
    rescu sold sell generat acquir enrol earn achiev attain averag scor recoup eliminat collect
    clos maintain answer resolv replicat deliver complet adopt exceed beat surpass outperform
    went gone came come moved pushed drove driv got hit settl crept stabili ended finished
    landed turned stands sits stood ran run stay remain kept keep held hold pass renew switch
    agreed joined signed attend succe surviv approv migrat serv handl process releas ship cited
    citation record drew draws gave hired recruit worth valu now today fewer less faster
    slower higher better cheaper shorter longer quicker sooner earlier instead up down twice
    half zero nil booked clear accept repl unblock download handed submit open cover extend
    sanken receiv publish refund rolled takes none turnover uptime accuracy coverage
    satisfaction availability retention conversion occupancy yield margin attendance adoption
    uptake take-up churn backlog nps csat rate rating revenue sales sink steig stieg gesunk
    gestieg senk gesenkt reduzier gesteigert verringer verbesser halbier verdoppel verkürz
    erreich verlänger gewonn gespart spar wuchs lieg lag zurück jetzt rédui diminu baiss augment
    progress tomb gagn mont livré signé ouvert évit accueilli fidélis économi atteint attein
    divisé passé reduj baj sub aument ahorr gan lleg crec logr cerr aprob abri renov consig
    alcanz ca[íi] dimin alcan"""
)
# Words of the clause that tell of a plan, a doubt, a cost, or of somebody else.
_RULED_OUT = _words(
    """They faced facing Would Could Should If Unless Without Not Never Despite Although Though
    According would could should might may will shall if unless hope hoped hopes hoping plan
    planned plans planning expect expected expects projected imagine suppose supposed otherwise
    potential potentially promise promised wanted wants want intend intended aim aims aimed
    aiming originally initially previously formerly anticipated predicted proposed proposal wish
    wished must feared fear try tried trying sought attempted suggested considered discussed
    thought believed not never cannot without rather target targets goal goals budget budgets
    limit limits threshold need needs needed require required requires despite although though
    spent spending pay paid invested invest investment costing charged headcount fine penalty
    deadline cap asked demanded offered failed worst baseline benchmark benchmarks nobody hardly
    refused guess guessed assumed claimed missed objective ambition request requested okr
    capacity deposit discount idea option supplier supplier's vendor vendor's competitor
    competitors competitor's landlord provider industry economy inflation market national
    colleague colleague's colleague’s their theirs county according average_was average_is
    before until put_in no_longer about_to going_to able_to used_to had_been had_gone had_fallen
    had_risen had_grown old took lasted sollte wollte könnte würde Ziel geplant statt objectif
    prévu devait pourrait serait objetivo previsto meta debía podría""",
    flags=0,  # `may` is no month
)
# With these a number is reached though a target is named: `exceeded the target by 12 %`.
_BEATEN = _words(
    """exceeded exceeding exceeds beat beating beats surpassed surpassing outperformed under below
    above ahead over"""
)
_OTHERS = re.compile(r"\s(?:against|versus|vs|than|compared|rather|of)\s")
# A sentence that begins so tells of the time before.
_EARLIER = re.compile(
    r"\W*(?:Before|Until|Initially|Previously|Originally|At\sfirst|When\s(?:I|we))\b"
)
# What has a number as its name: `phase 2`, `top 3`, `the last 6 months`, `12 March`.
_NAMED = any_of(
    """level grade year phase stage step page pages chapter section room floor version release tier
    band class ticket issue number no. nr. line table figure appendix item gate bed ward team unit
    place priority severity sev type category article clause route model round season series store
    flight bus track zone area district top first last next past previous final every since day week
    sprint quarter age aged wave these those key desk press rack server cohort q h iso pier"""
)
_MONTH = (
    r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)(?:uary|ruary|ch|il|ust|ember|ober)?"
)
_NOT_BEFORE = re.compile(
    rf"""(?: \b(?i:{_NAMED})\s | \b{_MONTH}\s | \b[pnrNH]\s | [A-Za-z]\s?[=<>] | \band\san?\s
    | [\#№§&@^] | {ARROW}\s? | \b[Cc]osts?\s(?:us\s|them\s|me\s)?{ABOUT}
    | \b(?:instead\sof|rather\sthan|than|compared\s(?:to|with)|against|versus|vs\.?|from)\s{ABOUT}
    )$""",
    re.VERBOSE,
)
_NOT_AFTER = re.compile(
    rf"""\s?{ARROW} | \s(?:of\s)?{_MONTH}\b | \s?= | \^ | \sby\s\d
    | \s(?:then|before|previously|at\sthe\sstart|originally|initially|of\sexperience|old|in\sa\srow
        |ago|later|late)\b
    | (?:\s(?!of|above|over|under|below|ahead|beyond)[\w-]+)?\s(?:targets?|budgets?|goals?|limit
        |deadline|quota|cap|threshold|fine|penalty|confidence|CI|SLA|discount|bonus|deposit)\b
    | [^.;,]{{0,40}}\s(?:was|were)\s(?:planned|expected|the\s(?:goal|target))""",
    re.VERBOSE,
)
_YEAR = re.compile(r"(?:.*\s)?(?:19|20)\d\d(?:[–-]\d+)?")
_RANGE = _words("between age ages aged ranged ranging monday pm am grade grades von_ab")


def _is_ruled_out(mention: Mention, own: str, left: str, right: str) -> bool:
    """Return True if the words around a number tell of a plan, a cost, a date, a name or others.

    Of the words on the left, its `own` are those that stands behind the number before.
    """
    near = FROM.sub("", left) if mention.is_pair else left
    if _NOT_BEFORE.search(near) or _NOT_AFTER.match(right) or any(map(_YEAR.match, mention.parts)):
        return True
    if mention.is_pair and _RANGE.search(left + right):
        return True
    after = " ".join(_OTHERS.split(right)[0].split()[:4])
    is_unreal = _RULED_OUT.search(own) or _RULED_OUT.search(after)
    return is_unreal is not None and not _BEATEN.search(left)


# --- What a number measures -----------------------------------------------------------------------

_DURATION = re.compile(rf".*[\s\d-]{TIME}(?<!\san)(?<!\sa)")
_IS_RATE = re.compile(r"/|\s(?:per|an?|each|every)\s")
_EFFORT = re.compile(
    rf"""(?: \b(?:in|within|over|during|after|for|since|last|past|next|first|every|of|the|another
        |spent|innerhalb|nach|en|pendant|durante|dans|après|depuis)\s
    | \b(?:took|lasted|waited)\s(?:\w+\s){{0,3}} ){ABOUT}$""",
    re.VERBOSE,
)
# A duration is an outcome only beside words like these: `cut to 3 days`, `2 days sooner`.
_REACHED = re.compile(
    rf"""(?: \b(?:to|by|is|are|at|of|takes?|needs?|now|auf|um|à|a|de)
    | \b(?:sav|cut|reduc|shorten|shav|gain)\w*(?:\s\w+){{0,3}} )\s{ABOUT}$""",
    re.VERBOSE,
)
_SOONER = re.compile(
    r"\s(?:faster|sooner|earlier|shorter|quicker|less|longer|ahead|saved|instead|now)\b"
)
_SHORT = re.compile(r"[+−-]\s?\S|(?:under|below|less\sthan)\s")
# A word that a number counts: `2,300 cases`.
_COUNTED = re.compile(r"\s(?:(?:more|new|extra|fewer|additional)\s)?(?P<noun>[^\W\d_]{4,})")
_NOT_COUNTED = _words(
    """with from that this than then they there these those were have been when while which into
    over under after before since until during within without million billion thousand each every
    also and only even just more less last next first times"""
)
# In `in 5 regions` and `the 14 shops` the number is no outcome, and in `Java 8` it is a name.
_PLACE = re.compile(
    r"\b(?i:in|on|at|within|of|from|after|for|across|with|than|the|these|those|our|my)\s$"
    r"|\S\s[A-Z]\w*\s$"
)
# `-22 %`, `0 of 41 million orders`
_TELLS_ITSELF = re.compile(r"[+−-]\s?\S|(?i:0|zero|none)\sof\b")


def _is_measured(number: str, left: str, right: str) -> bool:
    """Return True if a number has a unit, or counts something, and is not the time it took."""
    if _DURATION.fullmatch(number) and not _IS_RATE.search(number):
        is_reached = _REACHED.search(left) or _SOONER.match(right) or _SHORT.match(number)
        is_effort = "-" in number[1:] or number.startswith("over") or _EFFORT.search(left)
        return bool(is_reached) and not is_effort
    counted = _COUNTED.match(right)
    is_count = counted is not None and not _NOT_COUNTED.fullmatch(counted["noun"])
    if has_unit(number) or number[0] in "+−-":
        return True
    return is_count and number[-1].isdigit() and not _PLACE.search(left)


def _is_outcome(mention: Mention, number: str, left: str, right: str) -> bool:
    """Return True if a number tells an outcome; `left` and `right` are the rest of its clause."""
    if not mention.is_clear or number == "1":
        return False
    if mention.is_pair and re.search(ARROW, number):
        return True
    is_told = right.startswith(" more ") or _TOLD.search(f"{left} {number} {right}")
    if not is_told and not _TELLS_ITSELF.match(number):
        return False
    return mention.is_pair or _is_measured(number, left, right)


# --- The words around a number --------------------------------------------------------------------

# A placeholder ends a sentence as well: what stands in it and around it is not written yet.
_SENTENCE_END = re.compile(
    r"""(?<=[.!?…])(?<!Rs\.)(?<!ca\.)(?<!vs\.)(?<!pprox\.)["”’)]?\s+(?=[^\Wa-z_]|["“(])
    | \n | \[[^\[\]\n]*\]""",
    re.VERBOSE,
)
_CLAUSE_END = re.compile(
    r"""[,;.!?](?=\s) | \s[–—-](?=\s) | [()\[\]…]
    | \s(?=(?:but|while|whereas|although|and|which|und|et|y)\s)""",
    re.VERBOSE,
)
_LONGEST = 1000  # characters; what is longer is no sentence
_MOST_BEFORE, _MOST_AFTER = 9, 7  # words
_JOINING = _words("and but or so which while whereas although und et y")
_LOOSE = _words(
    """a an the this that these its our their his her my in on for with within over by to at of from
    as than and or but which who when because so is are was were be been just about around"""
)
# Verbs and pronouns of `It went from 12 to 3`, which do not say what it is.
_NO_NOUN = _words(
    """went gone came fell rose grew dropped improved increased decreased reduced moved jumped
    climbed was were been had has have did got now only one them one they you she him her what up
    down more less total overall around about million thousand per each year month week day"""
)


def find(text: str, most: int = MOST) -> tuple[FoundNumber, ...]:
    """Return the first outcomes in a plain text that are told in numbers, at most `most`."""
    found: dict[str, FoundNumber] = {}
    for sentence in _SENTENCE_END.split(text):
        is_told = len(sentence) <= _LONGEST and not _EARLIER.match(sentence)
        if is_told and HAS_NUMBER.search(sentence):
            for each in _in_sentence(sentence):
                found.setdefault(each.number, each)
        if len(found) >= most:
            break
    return tuple(islice(found.values(), most))


def _in_sentence(sentence: str) -> Iterator[FoundNumber]:
    breaks = [match.span() for match in _CLAUSE_END.finditer(sentence)]
    free = last = 0  # where the last found part ends, and the last number
    for mention in mentions(sentence):
        start = max((end for _, end in breaks if end <= mention.start), default=0)
        end = min((begin for begin, _ in breaks if begin >= mention.end), default=len(sentence))
        if mention.start < free or (start and sentence[start - 1] in "(["):
            continue
        number = sentence[mention.start : mention.end]
        is_alone = sentence[start : mention.start].strip() in ("", "by", "to", "from")
        if start and is_alone and has_unit(number):
            # `more than doubled, to 78 %`: what is told stands in the clause before.
            start = max((after for _, after in breaks if after < start), default=0)
        left, right = sentence[start : mention.start], sentence[mention.end : end]
        own, last = sentence[max(start, last) : mention.start], mention.end
        is_ruled_out = _is_ruled_out(mention, own, left, right)
        if not is_ruled_out and _is_outcome(mention, number, left, right):
            before = _words_before(sentence[max(start, free) : mention.start])
            found = FoundNumber(before, number, _words_after(right))
            if any(map(_is_noun, re.findall(r"[^\W\d_]+", found.text))):
                free = mention.end + len(found.after)
                yield found


def _words_before(left: str) -> str:
    """Return the last words before a number, from one that a phrase may begin with."""
    words = list(re.finditer(r"\S+", left))
    loose = _LOOSE if len(words) > _MOST_BEFORE else _JOINING
    words = words[-_MOST_BEFORE:]
    while words and loose.fullmatch(words[0][0]):
        words = words[1:]
    return left[words[0].start() :].lstrip(",:\"“‘'«-•* ") if words else ""


def _words_after(right: str) -> str:
    """Return the first words after a number, to one that a phrase may end with."""
    words = list(re.finditer(r"\S+", right))[:_MOST_AFTER]
    while words and _LOOSE.fullmatch(words[-1][0]):
        words.pop()
    return right[: words[-1].end()].rstrip(".,;:!?\"”’'»") if words else ""


def _is_noun(word: str) -> bool:
    """Return True if a word may say what a number is of."""
    return len(word) > 2 and not (_LOOSE.fullmatch(word) or _NO_NOUN.fullmatch(word))


def changed_thing(before: str) -> str:
    """Return what changed: `Cart abandonment` of `Cart abandonment fell from`, or "" if unclear."""
    if before.rstrip().endswith(":"):
        return before.rstrip(": ")
    told = _TOLD.search(before)
    subject = before[: told.start()].strip() if told else before
    is_ours = re.fullmatch(r"(?i:and\s)?(?i:I|we|it|which|that|this|who)?(?:\s\w+)?", subject)
    words = (before[told.end() :] if told and is_ours else subject).split()
    while words and _LOOSE.fullmatch(words[-1]):
        words.pop()
    return " ".join(words) if len(words) < 7 else ""
