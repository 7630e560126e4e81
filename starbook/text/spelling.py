"""British spelling, read as American, so that `organization` finds `organisation`.

The rules apply to words as the search folds them. layouts/assets/search.js gets them with the index
and applies them in the same way. What comes out is compared and never shown.
"""

import re
from functools import cache

# How words begin in British and in American spelling, where no rule below holds.
BEGINNINGS: dict[str, str] = {
    **{"advisor": "adviser", "aeroplane": "airplane", "ageing": "aging", "aluminium": "aluminum"},
    **{"anaem": "anem", "anaesth": "anesth", "archaeo": "archeo", "artefact": "artifact"},
    **{"benefitt": "benefit", "burnt": "burned", "cosy": "cozy", "counsellor": "counselor"},
    **{"diarrhoea": "diarrhea", "dreamt": "dreamed", "encyclopaed": "encycloped"},
    **{"enquir": "inquir", "focuss": "focus", "foet": "fet", "grey": "gray", "gynaeco": "gyneco"},
    **{"haemo": "hemo", "instalment": "installment", "jewellery": "jewelry", "learnt": "learned"},
    **{"leukaem": "leukem", "likeable": "likable", "marvellous": "marvelous", "maths": "math"},
    **{"mould": "mold", "orthopaed": "orthoped", "paediatr": "pediatr", "plough": "plow"},
    **{"preventative": "preventive", "pyjama": "pajama", "sceptic": "skeptic", "usea": "usa"},
    **{"sizeable": "sizable", "skilful": "skillful", "speciality": "specialty"},
    **{"sulphur": "sulfur", "wilful": "willful", "woollen": "woolen"},
}
# Behaviour, colour, favourite; but hour, tour, contour.
_OUR = (
    "ar[bdm]|behavi|cand|clam|col|demean|endeav|fav|ferv|flav|harb|hon|hum|lab|neighb|od|parl|rig"
    "|rum|sav|splend|tum|val|vap|vig"
)
# Centre, metre, kilolitre; but genre, acre.
_RE = "calib|cent|fib|lust|meag|sab|somb|spect|theat|^met|^lit|[aio](?:met|lit)"
# What ends in `ise` in American spelling too. So does what has a vowel, `v` or `w` before it
# (raise, advise, otherwise), `c` (exercise; but criticise), or few letters (rise).
_ISE = (
    "advert|appr|chast|compr|comprom|dem|desp|enterpr|expert|franch|merchand|parad|pract|prem|prom"
    "|repr|sunr|surpr|treat"
)
_ISE_ENDS = "e[drs]?|ers|ing|able|ation(?:s|al)?"
# A pattern, of which the group stays, and what takes the place of the rest of its match.
RULES: tuple[tuple[str, str], ...] = (
    (f"^(.*(?:{_OUR}))our", "or"),
    (f"^(.*(?:{_RE}))re(?=s?$)", "er"),
    ("^(cent)r(?=ed$|ing$)", "er"),
    (f"^(?!(?:un)?(?:{_ISE})is)(..+(?:[^aceouvw]|ic|tiv))is(?=(?:{_ISE_ENDS})$)", "iz"),
    ("^(.+ly)s(?=(?:e[drs]?|ers|ing)$)", "z"),
    ("^(pract)is(?=e[drs]?$|ing$)", "ic"),
    ("^(def|lic|off|pret)enc(?=e|ing$)", "ens"),
    ("^(.*(?:anal|catal|dial)og)u(?:e[drs]?|ing)$", ""),
    ("^(.*program)me(?=s?$)", ""),
    ("^(.+dg)e(?=ment)", ""),
    ("^((?:re)?(?:dial|duel|fuel|trial))l(?=ed$|ing$)", ""),
    ("^(man)oeuvr(?:e(?=s?$)|(?=ed$|ing$))", "euver"),
)
# What a word has that any of them changes; most words have none of it.
_ANY = re.compile("our|re|is|ys|enc|ogu|mme|dge|ll|oeu|ntr")


def american(word: str) -> str:
    """Return a word of lower-case letters in American spelling: `colour` as `color`."""
    word = _beginning().sub(lambda match: BEGINNINGS[match[0]], word)
    for pattern, to in _rules() if _ANY.search(word) else ():
        word = pattern.sub(lambda match: match[1] + to, word)  # noqa: B023 (called at once)
    return word


@cache
def _beginning() -> re.Pattern[str]:
    return re.compile(f"^(?:{'|'.join(BEGINNINGS)})")


@cache
def _rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), to) for pattern, to in RULES)
