"""Outcomes in a text: which of its numbers tell what was reached, and the words around them.

Nothing is rebuilt: a found number is a short part of a sentence with the number set off in it.

Precision comes before recall: a number that is missing can be given in the front matter, a wrong
one makes the whole page suspect. A number is an outcome only if a rule in `_RULES` says so, and if
no word tells of a target, a cost, a date, a name or of what was not done.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from starbook.content.numbers import (
    ABOUT,
    ARROW,
    FROM,
    HAS_NUMBER,
    SMALL,
    TIME,
    Mention,
    any_of,
    mentions,
)
from starbook.model import FoundNumber

MOST = 4  # numbers that are found in a story

# --- Words that tell an outcome -------------------------------------------------------------------

# The kinds of the words around a number. Other words are of the kind `w`, names `Q`, numbers `n`.
_KINDS = {
    word: kind
    for kind, words in {
        "F": """fell fallen dropped dropping decreased decreasing declined declining sank sunk
            shrank shrunk rose risen rising grew grown growing increased increasing climbed climbing
            jumped doubled doubling tripled tripling quadrupled halved halving narrowed dipped
            plummeted surged soared eased plunged""",  # it changed by itself
        "C": """improved improving lifted lifting raised raising boosted boosting brought bringing
            shortened shortening expanded accelerated sped shaved tightened reducing cutting
            lowering slashing trimming""",  # it was changed
        "R": "reduced cut lowered trimmed slashed",  # it was made less
        "G": "saved saving saves secured",
        "W": """won winning gained gaining recovered recovering freed freeing
            avoided avoiding prevented preventing retained reclaimed reached reaching attracted
            rescued sold signed generated acquired enrolled vaccinated gathered""",
        "A": """generating earned achieved achieving attained averaged averages scored recouped
            eliminated collected closed maintained maintaining""",
        "S": "answered resolved placed replicated delivered completed fixed",
        "Y": "adopted", "y": "used",
        "E": "exceeded exceeding beat beating surpassed surpassing outperformed outperforming",
        "D": """drop fall decrease reduction decline rise increase improvement gain growth jump
            uplift lift saving savings plus surplus profit""",
        "M": "went gone going came moved took pushed drove got driven negotiated talked",
        "T": "stabilised stabilized settled ended finished landed stands sits",
        "K": "stayed remained kept",
        "H": "hit hitting",
        "d": """passed renewed switched accepted agreed joined use recommend recommended shipped
            arrived graduated responded migrated handed rated attended succeeded survived
            qualified returned upgraded approved bought arrive ship pass converted convert""",
        "h": "lost missed late harmed affected rejected delayed cancelled damaged infected",
        "g": """rate accuracy coverage satisfaction uptime availability retention conversion
            occupancy yield margin attendance adoption score churn errors turnover response
            compliance utilisation utilization absences reliability recall precision""",
        "m": """fewer less faster slower higher lower better cheaper shorter longer larger smaller
            quicker greater sooner earlier early ahead""",
        "I": "takes take runs run needs need costs cost ships ship", "V": "is are",
        "B": "was were been be", "N": "now today only", "U": "up down", "r": "more",
        "b": "by", "t": "to", "a": "at", "o": "of", "f": "from", "s": "as", "i": "instead rather",
        "p": """in on for with within over during until since than like per out not vs versus
            against worth through above""",
        "u": "under below", "q": "budget",
        "j": "and or but which who when because so while where if after before into",
        "e": """the this that these its our their his her my your she they have has had also again
            there each every all""",
        "l": "just a an about around nearly almost some another further exactly",
        "x": "access due according thanks link expensive",
    }.items()
    for word in words.split()
}  # fmt: skip
# What a number must be: in units, in money or a share, a percentage, so many of so many.
_IN_UNITS = rf"(?!over\s.*{TIME}$|.*-\w+$).*(?:[^\W\d_]|[%‰$€£¥₹/×★½⅓¼⅔¾])"
_SHARE = (
    r".*(?:[%‰×½⅓¼⅔¾$€£]|\dx|per\s?cent|points?\b|pp\b|pts\b|half|third|quarter|fifth|tenth|factor"
    r"|fold|times|twice)"
)
_PERCENT = r".*(?:%|per\s?cent)$"
_SHARE_OF = rf".*(?:\sof\s(?:(?:the|our|all)\s)?(?:\d\S*(?:\s[mb]illion)?|{SMALL})|%|per\s?cent)$"
_OBJECT, _NOUN = "[^btaofspujQn]", "[^btaofspujrmeUBVN,i]"
# An outcome: the kinds of the words left of a number, the number, the kinds of those right of it.
_RULES = tuple(
    tuple(map(re.compile, rule))
    for rule in (
        ("E[^j]{0,9}bl*$", "", ""),  # exceeded the target by 12 %
        # It changed, by or to a number.
        ("(?:F|[VIBMC][wle]*U)(?:[^j]{0,8}[^jx])?[bt][lN]*$", "", ""),
        ("[CR](?:[^j]{0,8}[^jx])?[bt][lN]*$", _IN_UNITS, ""),
        ("R(?:[^j]{0,8}[^jx])?t[lN]*$", "", ""),
        ("M[^j]{0,9}t$", r"(?:zero|0)$", ""),
        (f"(?:[FCR]|[VIBM][wle]*U){_OBJECT}{{0,5}}$", _SHARE, "(?!o)"),
        ("^[wgDQIe]{1,4}U[lN]*$", _SHARE, "(?!o)"),
        ("F[lN]*$", _IN_UNITS, "(?!j)"),
        ("D[w]?o[lN]*$", _IN_UNITS, ""),
        # It was won, reached or done.
        (f"W{_OBJECT}{{0,5}}$", r"(?!.*-\w+$)", _NOUN),
        (f"[WG]{_OBJECT}{{0,5}}$", _IN_UNITS, "(?!j)"),
        (f"A{_OBJECT}{{0,5}}$", rf"(?!.*(?:day|week|month|year)s?$){_IN_UNITS}", ""),
        ("[SAK][lN]*$", _SHARE_OF, ""),
        ("[Yy]b[lN]*$", "", f"{_NOUN}|o"),
        (f"[Md]{_OBJECT}{{0,4}}$", r".*(?:/\d+|\sout\sof\s\w+|\sstars)$", ""),
        ("Cp$", r"[$€£]", ""),  # brought in $2M
        ("H[lN]*$", _PERCENT, "(?!o)"),
        ("", _SHARE_OF, "o?[^jtp,]{0,5}[dSYTWG]"),  # 3 of 4 teams adopted it
        ("", r"0\s|[Nn]one\s", "[wQDBe]{1,5}h"),  # 0 of 41 million orders were lost
        ("", r"[Zz]ero$", _NOUN),
        # It stands there now.
        (f"(?:[TAV]|F){_OBJECT}{{0,4}}al*$", _SHARE, ""),
        (f"[KMC]{_OBJECT}{{0,4}}$", r"(?:below|under|above)\s.*[^\d.,\s]", ""),
        ("(?:N[VIw]|[VI]N)[at]?[lN]*$", _IN_UNITS, ""),
        ("[paWA][lN]*$", _PERCENT, "w?g"),  # with 99.95 % uptime
        # It is less or more than it was.
        ("", _SHARE, "[we]?m|rw|uq"),
        ("", r".*(?:half|twice|times)$", "s"),  # twice as fast
        ("", _IN_UNITS, "[we]?m(?!p)|N?,?N?,?(?:i|Uf)"),
        ("", "", "[^,]{1,4},Uf"),
        ("", r".*(?:%|-point|per\s?cent|fold|[x×]$)", "[we]?D"),
        # It is the number of a label: `NPS +18`, `Test coverage: 85 %`.
        ("^[wgDQI]{1,4}$|^[^j]{1,5}:$", r"[+−-]\s?\S", ""),
        ("^[^j]{0,4}g:$", _PERCENT, ""),
    )
)  # fmt: skip


def _kinds(text: str) -> str:
    """Return the kinds of the words of a text, a letter each, with its commas and colons."""
    return "".join(map(_kind, text.split()))


@lru_cache(4096)
def _kind(word: str) -> str:
    mark = word[-1] if word[-1] in ",:" else ""
    word = word.strip(".,:;!?\"“”()'")
    if not word:
        return mark
    if kind := _KINDS.get(word) or _KINDS.get(word.lower()):
        return kind + mark
    if any(map(str.isdigit, word)):
        return "n" + mark
    return ("Q" if word[0].isupper() else "w") + mark


# --- Words that rule a number out -----------------------------------------------------------------

# In the same sentence: what did not happen, or was not ours.
_NOT_REAL = frozenset(
    """would could should might may will shall if If unless Unless hope hoped hopes hoping plan
    planned plans planning expect expected expects projected imagine suppose otherwise potential
    potentially promise promised promises wanted wants intend intended aim aims aimed aiming
    originally initially previously formerly Originally Initially Previously Until anticipated
    predicted supposed proposed proposal wish wished must feared fear tried try trying sought
    attempted suggested considered discussed thought believed predecessor They He She""".split()
)
# In the same clause: what was wanted, spent or not done.
_NOT_OURS = frozenset(
    """not never cannot without rather versus vs compared target targets goal goals budget budgets
    limit limits threshold quota need needs needed require required requires despite although
    though until spent spending pay invested invest investment charged costing headcount fine
    penalty deadline cap asked demanded offered allowed failed worst baseline benchmark before
    scale nobody hardly refused faced coped guess guessed assumed claimed missed objective
    ambition request requested ask okr capacity raise deposit discount idea option""".split()
)
_NOT_TOLD = re.compile(
    r"\b(?:used\sto|the\sold|able\sto|in\stheory|going\sto|about\sto|no\slonger|no\sone|[Hh]ad\swe"
    r"|[Ii]nstead\sof|At\sfirst|When\sI|Before\s(?:that|then|the|my|our|we|I)|(?<!-)paid(?!\s(?:off|on|back))"
    r"|[Ff]orecasts?\s(?:an?|that|for|of)"
    r"|(?i:supplier|vendor|competitor|landlord|provider|market|industry|inflation|demand|rent)s?"
    r"\s(?:(?:has|have|had)\s)?(?:[a-z]+(?:ed|t)|rose|grew|fell|sank)"
    r"|(?<!managed\s)(?<!helped\s)(?<!us\s)to\scut)\b|['’](?:ll|d)\b|n['’]t\b"
)
_HAD = re.compile(r"\bhad\s(?:been|risen|grown|climbed|increased|fallen|dropped|gone)\b")
_TURN = re.compile(r"\bbut\b|;\s|\bHowever\b")
# What has a number as its name: `phase 2`, `top 3`, `the last 6 months`, `12 March`.
_NAMED = any_of(
    """level grade year phase stage step page chapter section room floor version release tier band
    class ticket issue number no. nr. line table figure appendix item gate bed ward team unit place
    priority severity sev type category article clause route model round season series store flight
    bus track zone area district top first last next past previous final every since day week sprint
    quarter age aged wave the these those my"""
)
_MONTH = (
    r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)(?:uary|ruary|ch|il|ust|ember|ober)?"
)
_NOT_BEFORE = re.compile(
    rf"(?:\b(?i:{_NAMED})\s|\b{_MONTH}\s|\b[pnrN]\s|\bthan\s|\b[Cc]osts?\s(?:us\s|them\s|me\s)?"
    rf"|[A-Za-z]\s?[=<>]|[\d/+±-]\s|[#№§&@]|{ARROW}\s?|\bfrom\s(?:[^,;]{{0,40}}\sto\s)?{ABOUT})$"
)
_NOT_AFTER = re.compile(
    rf"\s?{ARROW}|\s(?:of\s)?{_MONTH}\b|\s(?:of\sexperience|old|high|low|record|peak|in\sa\srow"
    r"|running|straight|ago|later|late)\b|\sin[.,;]"
    r"|(?:\s(?!above|over|under|below|ahead|beyond)[\w-]+)?\s(?:targets?|budgets?|goals?|limit"
    r"|deadline|quota|cap|threshold|fine|penalty|confidence|CI|SLA|discount|bonus|deposit)\b"
    r"|(?:\s(?!as\b|because\b|so\b|and\b|since\b|while\b|when\b)[\w’'-]+){0,5}"
    r"\s(?:would(?!\srecommend)|could|should|might|had|until|before\s(?:I|we))\s"
    r"|[^.;]{0,60}\s(?:if|unless)\s|[^.;,]{0,40}\s(?:was|were)\s(?:planned|expected|the\s(?:goal|target))"
    r"|[^.;,]{0,40}\sthan\s(?:the\s|our\s|any\s|most\s)?(?:competit|industry|market|average|other|rest)"
)
_YEAR = re.compile(r"(?:.*\s)?(?:19|20)\d\d(?:[–-]\d+)?")


def _is_ruled_out(mention: Mention, told: str, left: str, right: str) -> bool:
    near = FROM.sub("", left) if mention.is_pair else left
    return (
        not mention.is_clear
        or mention.parts == ("1",)
        or any(map(_YEAR.fullmatch, mention.parts))
        or _NOT_BEFORE.search(near) is not None
        or _NOT_AFTER.match(right) is not None
        or not _NOT_REAL.isdisjoint(told.replace(",", " ").split())
        or _NOT_TOLD.search(told) is not None
        or (not mention.is_pair and _HAD.search(told) is not None)
    )


def _is_outcome(mention: Mention, number: str, told: str, left: str, right: str) -> bool:
    """Return True if the words around a number say that it was reached, gained or changed."""
    kinds, after = _kinds(left), _kinds(right)
    is_ours = _NOT_OURS.isdisjoint(left.lower().replace(":", " ").split())
    if mention.is_pair:
        # In `wrong letters fell from 310 to 4, and calls from 90 to 12` the verb is farther left.
        verb = re.search("[FCRMUDW]", _kinds(told) if kinds.startswith("j") else kinds)
        return is_ours and (verb or re.search(ARROW, number)) is not None
    rules = _RULES if is_ours else _RULES[:1]  # `exceeded the target by 12 %`
    for left_of, amount, right_of in rules:
        if left_of.search(kinds) and amount.match(number) and right_of.match(after):
            return True
    return False


# --- The words around a number --------------------------------------------------------------------

# A placeholder ends a sentence as well: what stands in it and around it is not written yet.
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’)]?\s+(?=[^\Wa-z_]|[\"“(])|\n|\[[^\[\]\n]*\]")
_CLAUSE_END = re.compile(r"[,;.!?](?=\s)|\s[–—-](?=\s)|[()\[\]…]|\s(?=(?:but|while|whereas)\s)")
_TAIL = re.compile(r"\s(?:and|so|which|because|although|even|when|who|or|since|vs\.?|versus)\s")
_LONGEST = 1000  # characters; what is longer is no sentence
_NEAR = 160  # the characters on each side of a number that are searched
_MOST_BEFORE, _MOST_AFTER = 9, 7  # words
_BARE = re.compile(
    rf"{TIME}|million|billion|thousand|average|than|per|what|within|across|first|next|last"
)


def find(text: str, most: int = MOST) -> tuple[FoundNumber, ...]:
    """Return the first outcomes in a plain text that are told in numbers, at most `most`."""
    found: dict[str, FoundNumber] = {}
    for sentence in _SENTENCE_END.split(text):
        if len(sentence) <= _LONGEST and HAS_NUMBER.search(sentence):
            for each in _in_sentence(sentence):
                found.setdefault(each.number, each)
        if len(found) >= most:
            break
    return tuple(islice(found.values(), most))


def _in_sentence(sentence: str) -> Iterator[FoundNumber]:
    breaks = [match.span() for match in _CLAUSE_END.finditer(sentence)]
    starts, ends = (
        [0, *(end for _, end in breaks)],
        [*(start for start, _ in breaks), len(sentence)],
    )
    free = 0  # where the last found part ends
    for mention in mentions(sentence):
        at = bisect_right(starts, mention.start) - 1
        end = max(ends[bisect_left(starts, mention.end) - 1], mention.end)
        in_brackets = starts[at] > 0 and sentence[starts[at] - 1] in "(["
        if mention.start < free or in_brackets:
            continue
        found = _found(sentence, mention, max(starts[at], free), end)
        if not found and at and starts[at - 1] >= free:  # `turnover halved, from 22 to 11 %`
            found = _found(sentence, mention, starts[at - 1], end)
        if found:
            free = mention.end + len(found.after)
            yield found


def _found(sentence: str, mention: Mention, start: int, end: int) -> FoundNumber | None:
    """Return a number with the words around it, between `start` and `end`, if it is an outcome."""
    number = sentence[mention.start : mention.end]
    left = sentence[max(start, mention.start - _NEAR) : mention.start]
    right = sentence[mention.end : min(end, mention.end + _NEAR)]
    told = _TURN.split(sentence[max(0, mention.start - 2 * _NEAR) : mention.start])[-1]
    after = sentence[mention.end : mention.end + _NEAR]  # `4 days, down from 10`
    if not _is_outcome(mention, number, told, left, after):
        return None
    if _is_ruled_out(mention, told, left, right):
        return None
    found = FoundNumber(_words_before(left), number, _words_after(right))
    return found if any(map(_is_noun, f"{found.before} {found.after}".split())) else None


def _is_noun(word: str) -> bool:
    """Return True if a word may say what a number is of."""
    word = word.strip(".,:;!?\"“”()'")
    if re.fullmatch("[A-Z][A-Z0-9]+", word):
        return True
    return len(word) > 2 and _kind(word) in "wQDgIqhdx" and not _BARE.fullmatch(word.lower())


def _words_before(left: str) -> str:
    """Return the last words before a number, from one that a phrase may begin with."""
    title, _, rest = left.rpartition(": ")
    left = rest if title and len(rest.split()) > 2 else left
    words = list(re.finditer(r"\S+", left))
    at = max(len(words) - _MOST_BEFORE, 0)
    if words and not at and _kind(words[0][0]) == "j":
        at = 1  # `and carrying costs fell`
    else:
        while 0 < at < len(words) and _is_loose(words[at][0], words[at - 1][0]):
            at += 1
    return left[words[at].start() :].lstrip(":\"“‘'«-•* ") if at < len(words) else ""


def _words_after(right: str) -> str:
    """Return the first words after a number, to one that a phrase may end with."""
    words = list(re.finditer(r"\S+", _TAIL.split(right)[0]))
    at = min(len(words), _MOST_AFTER)
    while 0 < at < len(words) and _is_loose(words[at - 1][0], words[at - 1][0]):
        at -= 1
    while at and _kind(words[at - 1][0]) in "btaofps":
        at -= 1
    return right[: words[at - 1].end()].rstrip(".,;:!?\"”’'»") if at else ""


def _is_loose(word: str, neighbour: str) -> bool:
    """Return True if a cut beside this word could part a number from what belongs to it."""
    is_small = _kind(word) in "btaofspujlVBirNe" or _BARE.fullmatch(word.lower()) is not None
    return is_small or not word[0].isalpha() or neighbour[-1].isdigit()


def changed_thing(before: str) -> str:
    """Return what changed: `Cart abandonment` of `Cart abandonment fell from`, or "" if unclear."""
    words = before.removesuffix(":").split()
    kinds = "".join(_kind(word)[0] for word in words)
    if before.endswith(":") and len(words) < 6:
        return " ".join(words)
    shape = re.fullmatch("[wQ]?[CR]([^FCRMj]+)f|([^FCRM]+?)[BVe]?(?:[FCRM]?U?)f", kinds)
    if not shape or words[0] in ("we", "it", "which", "who"):
        return ""
    start, end = shape.span(shape.lastindex or 0)
    return " ".join(words[start:end])
