"""Numbers in a text, with all that belongs to them: sign, currency, scale, unit and rate."""

import re
from collections.abc import Iterator

import msgspec


def any_of(words: str) -> str:
    """Return the pattern of one of the words, the longest first; `_` stands for a space."""
    longest_first = sorted(words.split(), key=len, reverse=True)
    return f"(?:{'|'.join(longest_first)})".replace(".", r"\.").replace("_", r"\s")


TIME = any_of(
    """millisecond milliseconds second seconds minute minutes hour hours day days night nights week
    weeks sprint sprints month months quarter quarters year years yr yrs ms sec secs min mins hr hrs
    s h d Sekunden Minuten Stunden Tage Tagen Arbeitstage Wochen Monate Jahr Jahre Woche Tag Monat
    secondes heures jour jours semaine semaines mois an ans segundos minutos hora horas día días
    semanas mes meses año años semestre dia dias ano anos"""
)
_MEASURE = any_of(
    """kWh MWh GWh kW MW W GB MB TB kB KB Gbit/s Mbit/s req/s rps qps kg mg g t km m cm mm l m² m³
    m2 m3 °C tonnes tons litres liters miles metres meters pp p.p. pts percentage_points percent
    percentage_point per_cent basis_points points point ★ stars euros euro dollars pounds francs EUR
    USD GBP CHF INR rupees pesos ARR MRR pence cents working_days business_days Euro Prozent
    Prozentpunkte pour_cent por_ciento dozen bps bp FTE FTEs"""
)
_CURRENCY = r"(?:(?:US|CA|A|NZ|HK|R)?[$€£¥₹]\s?|(?:EUR|USD|GBP|CHF|INR|Rs\.?)\s)"
SMALL = any_of("two three four five six seven eight nine ten eleven twelve twenty thirty forty")
_GROUP = "(?:[,.'’ \u00a0\u2009\u202f]\\d{3}(?!\\d))"  # of thousands
DIGITS = rf"(?:\d{{1,3}}{_GROUP}{{1,4}}(?:[.,]\d{{1,4}})?|\d{{1,12}}(?:[.,]\d{{1,6}})?)"
SCALE = (
    r"(?:\s?(?:[kKMBm]|[bm]n|[mM]io\.?|Mrd\.?)(?![\w²³])"
    r"|[\s-](?:hundred|thousand|[mb]illion|lakhs?|crores?|millones|milh[ãõ]\w+|Millionen|tausend)\b)"
)
BOUND = any_of(
    """more_than less_than fewer_than under over below above about around roughly approximately
    nearly almost up_to at_least well_over well_under just_over just_under an_average_of
    an_estimated"""
)
AMOUNT = rf"(?:[~≈<>≤≥±+−–-]\s?)?{_CURRENCY}?{DIGITS}[½¼¾⅓⅔]?(?:±{DIGITS})?{SCALE}?\+?"
_WHOLE = r"(?:(?:the|all|our|my|their|these)\s)?"
_OF = rf"\s(?:out\s)?of\s{_WHOLE}(?:{DIGITS}{SCALE}?|{SMALL}\b)(?!\d|\s?%)"
UNIT = rf"""(?: \s?[%‰€$£](?!\w) | \s?[x×](?!\w) | (?<!24)/\s?(?:[4-7]|10|20|100)(?![\d/])
    | -fold\b | [\s-]?(?:{TIME}|{_MEASURE})(?!\w|\sover\s) | {_OF} )"""
RATE = rf"""(?: \s?/\s?(?:{TIME}|[A-Za-z]{{1,4}})\b | \s(?:an?|each|every)\s{TIME}(?!\w)
    | \sper\s(?:100\s|1,000\s)?[a-z]{{3,15}}\b
    | \s(?:hourly|daily|weekly|monthly|quarterly|yearly|annually)\b )"""
_IN_WORDS = rf"""
      (?:one|{SMALL}|\d+)\sin\s(?:{SMALL}\b|(?!(?:19|20)\d\d\b){DIGITS})(?!\d|\s?%|\s{TIME}\b)
    | (?:twice|(?:{SMALL}|\d+)\stimes)\b{RATE}? | a\sfactor\sof\s(?:\d+|{SMALL})\b
    | (?:more\sthan\s|less\sthan\s|over\s)?half\b(?!\san?\s) | [½⅓¼⅔¾⅕]
    | (?:an?|one|two|three)[\s-](?:thirds?|quarters?|fifths?|sixths?|tenths?)
      (?=[.,;)]|$|\s(?:of|in|on|since|within|this|during|and|less|as|[a-z]+er)\b)
    | [Nn]one\sof\s(?:(?:the|our|all)\s)?(?:{AMOUNT}|{SMALL}\b)
    | [Zz]ero\b(?!-) | nil\b | none(?=[\s.,;)]|$)(?!\sof\b)
"""
_NUMBER = re.compile(
    rf"""(?<![^\s("“‘'→>])
    (?:{BOUND}\s)?
    (?: {_IN_WORDS} | (?:{AMOUNT}|{SMALL}\b) (?:\s?[–-]\s?{AMOUNT}(?!\w)|\sand\sa\shalf\b)?
        {UNIT}{{0,2}} (?:\s(?:and\s)?\d+\s?{TIME}(?!\w))? {RATE}{{0,2}} )
    (?! [\w^#] | [.,:/’']\d | [–-]\w | \s?(?:am|pm|a\.m|p\.m|o[’']clock|Uhr)\b )""",
    re.VERBOSE,
)
HAS_NUMBER = re.compile(
    rf"[0-9]|\b(?:[Zz]ero|nil|half|twice|thirds?|quarters?|fifths?|{SMALL})\b|[½⅓¼⅔]"
)
ARROW = r"(?:→|->|=>|–>|⇒|➔|➜)"
ABOUT = r"(?:(?:only|just|about|around|over|nearly|now|an?|the|mere|average|of)\s){0,3}"
FROM = re.compile(rf"\b(?i:from|von|del?|d[’']|passé de)\s{ABOUT}$")
_JOIN = re.compile(
    rf"(?P<arrow>\s?{ARROW}\s?)|(?P<noun>(?:\s[a-z-]+){{0,3}})\s(?:to|auf|à|al?)\s{ABOUT}"
)


class Mention(msgspec.Struct, frozen=True):
    """A number in a sentence, or several that `to` or an arrow joins: `73 to 61 %`.

    `is_pair` is true for a before and an after, as in `from 73 to 61 %`; `is_clear` is false for
    what may be two numbers or a range.
    """

    start: int
    end: int
    parts: tuple[str, ...]
    is_pair: bool
    is_clear: bool


def mentions(sentence: str) -> Iterator[Mention]:
    """Yield the numbers of a sentence in their order."""
    numbers = list(_NUMBER.finditer(sentence))
    at = 0
    while at < len(numbers):
        first = last = at
        start = numbers[first].start()
        has_from = bool(FROM.search(sentence, max(start - 40, 0), start))
        is_pair, is_clear = False, True
        while last + 1 < len(numbers):
            after = numbers[last + 1]
            join = _JOIN.fullmatch(sentence, numbers[last].end(), after.start())
            if not join:
                break
            is_pair = has_from or bool(join["arrow"])
            if not is_pair and has_unit(numbers[last][0]):
                break  # `rose 12 points to 61` are two numbers
            # `by 210 to 420` may be two as well: only the unit in `by 30 to 40 %` shows a range.
            is_clear = is_pair or (not join["noun"] and has_unit(after[0]))
            last += 1
        parts = tuple(number[0] for number in numbers[first : last + 1])
        yield Mention(start, numbers[last].end(), parts, is_pair, is_clear and len(parts) < 3)
        at = last + 1


def has_unit(number: str) -> bool:
    """Return True if a number says what it counts: by a unit, a currency, or as a share."""
    bare = re.sub(rf"^(?:{BOUND}\s)?(?:{SMALL}$)?", "", number)
    return re.search(r"[^\W\d_]|[%‰$€£¥₹/×★½⅓¼⅔¾]", bare) is not None


def value_of(digits: str) -> float | None:
    """Return the value of digits, or None where a point may mark a fraction or thousands."""
    plain = re.sub(r"['’\s]", "", digits)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain):
        return float(plain.replace(",", ""))
    if re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", plain):
        return None
    plain = re.sub(r"\.(?=\d{3}(?:\D|$))", "", plain) if plain.count(".") > 1 else plain
    plain = plain.replace(",", ".")
    return float(plain) if plain.count(".") < 2 else None
