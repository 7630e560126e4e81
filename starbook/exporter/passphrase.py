"""Passphrases: one made of random words, and a judgement of one that a person chose."""

import math
import re
import secrets
import unicodedata

from xkcdpass import xkcd_password
from zxcvbn import zxcvbn

WORDS = 6
_LIST, _LONGEST_WORD = "eff-long", 9  # the EFF's list for dice
LEAST_WORDS = 7_776  # each of them is 12.9 bits, six are 77
# A thousand graphics cards that try 15,000 a second each need twenty years for these.
LEAST_GUESSES = 10**16
_JUDGED = 72  # so many characters are judged; the time grows with their square


def make() -> str:
    """Return six random words."""
    words = xkcd_password.generate_wordlist(_LIST, min_length=1, max_length=_LONGEST_WORD)
    if len(set(words)) < LEAST_WORDS:
        raise RuntimeError(f"the list of words has {len(set(words))} of {LEAST_WORDS}")
    return " ".join(secrets.choice(words) for _ in range(WORDS))


def normalized(passphrase: str) -> str:
    """Return a passphrase as it is encrypted with, as `layouts/assets/unlock.js` does.

    Keyboards of phones add spaces, and systems write `ä` as one character or as two.
    """
    return re.sub(" +", " ", unicodedata.normalize("NFKC", passphrase)).strip(" ")


def weakness(passphrase: str) -> str:
    """Return why a passphrase will not do; "" if it will."""
    text = normalized(passphrase)
    if not text:
        return "it is empty"
    if not text.isprintable():
        return "it has a character that cannot be typed, such as a tab"
    judged = zxcvbn(text[:_JUDGED])
    if judged["guesses"] >= LEAST_GUESSES:
        return ""
    warning = judged["feedback"]["warning"].rstrip(".")
    why = f" ({warning[:1].lower()}{warning[1:]})" if warning else ""
    tries = f"10^{math.ceil(judged['guesses_log10'])}"
    return f"it would be found in about {tries} tries{why}, and a file can be tried for ever"
