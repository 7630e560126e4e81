"""Numbers that a story has, for what is written about it elsewhere: notes, angles, key lines."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import permutations

from starbook.coach import quantities
from starbook.coach.quantities import Quantity
from starbook.content.numbers import DIGITS
from starbook.text import sentences

_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(rf"(?<![\w.,]){DIGITS}")
_WORDS = {
    word: number
    for number, words in enumerate(
        "zero|one once|two twice both|three|four|five|six|seven|eight|nine|ten|eleven|twelve dozen"
        "|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty".split("|")
    )
    for word in words.split()
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "hundred": 100}
_WORDS |= {
    word: number
    for number, word in enumerate(
        "null|eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf".split("|")
    )
}
_WORD = re.compile(r"[^\W\d_]+")
_PER_CENT = re.compile(r"%|\b(?:per\s?cent|percentage|points?|Prozent\w*|Punkten?)\b")
_YEAR = re.compile(r"(?:19|20)\d\d")
_CLOSE = 0.03  # of a number, that a rounded one may be off
_MOST = 40  # numbers of a line that are compared with one another
_TEN = 20  # and more: `twenty-two`


class KnownNumbers:
    """The numbers of some texts, and what follows from pairs of them.

    All are worked out only for a number that does not stand there in the same digits.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self.text = "\n".join(texts)

    def __contains__(self, quantity: Quantity) -> bool:
        """Return True if a quantity is one of them: in digits, in words or rounded.

        A share in per cent is none of the other numbers: `day 6` is not 6 %.
        """
        digits = _NUMBER.search(quantity.text)
        assert digits
        is_share = quantity.kind == "%"
        same = re.compile(rf"(?<![\d.,]){re.escape(digits[0])}(?!\d|[.,]\d)")
        if not is_share and same.search(self.text):
            return True
        plain = _plain(digits[0])
        off = _last_place(digits[0]) / 2
        scale = quantity.value / plain if plain else 1.0
        return any(
            abs(one - known) <= min(size * off, _CLOSE * known)
            for one, size in ((quantity.value, scale), (plain, 1.0))
            for known in (self.shares if is_share else self.values)
        )

    @cached_property
    def values(self) -> set[float]:
        """The values of all numbers, by each calendar, and of what follows from pairs."""
        values = set(_numbers(self.text))
        for line in filter(_DIGIT.search, self.text.splitlines()):
            found = quantities.find(line)
            values.update(value for one in found for value in one.values)
            for pair in quantities.pairs(line, found):
                before, after = pair.before.value, pair.after.value
                values.add(abs(before - after))
                values |= {max(before, after) / min(before, after)} if after else set()
        return values

    @cached_property
    def shares(self) -> set[float]:
        """The numbers of lines with a share in per cent, and what two numbers of a line make."""
        shares: set[float] = set()
        for line in self.text.splitlines():
            numbers = _numbers(line)
            if _PER_CENT.search(line):
                shares.update(numbers)
            few = set(filter(None, numbers[:_MOST]))
            for one, other in permutations(few, 2):
                shares |= {100 * one / other, 100 * abs(one - other) / other}
        return shares


def _numbers(text: str) -> list[float]:
    """Return the values of the numbers in a text: those in digits, then those in words."""
    in_digits = [_plain(match[0]) for match in _NUMBER.finditer(text)]
    return in_digits + [value for value, _ in numbers_in_words(text)]


def numbers_in_words(text: str) -> Iterator[tuple[float, str]]:
    """Yield the values of `nine` and `twenty-two`, each with the word behind it."""
    words = [*_WORD.findall(text.lower()), "", ""]
    for first, second, third in zip(words, words[1:], words[2:], strict=False):
        if first in _WORDS:
            yield float(_WORDS[first]), second
            if _WORDS[first] >= _TEN and second in _WORDS:
                yield float(_WORDS[first] + _WORDS[second]), third


def stated(text: str) -> Iterator[tuple[str, Quantity]]:
    """Yield each number in digits with its sentence, without years."""
    for sentence in sentences.split(text) if _DIGIT.search(text) else ():
        for quantity in quantities.find(sentence):
            if not is_year(quantity):
                yield sentence, quantity


def is_year(quantity: Quantity) -> bool:
    """Return True if a number may be a year."""
    return bool(_YEAR.fullmatch(quantity.text))


def _last_place(digits: str) -> float:
    """Return what the last digit that is no zero counts: 10 for `240`, and 0.1 for `4.3`."""
    fraction = re.search(r"[.,](\d{1,2})$", digits)
    plain = re.sub(r"\D", "", digits)
    return 10.0 ** -len(fraction[1]) if fraction else 10.0 ** (len(plain) - len(plain.rstrip("0")))


def _plain(digits: str) -> float:
    """Return the value of digits, in which a mark before three of them separates thousands."""
    plain = re.sub(r"[,.'’\s](?=\d{3}(?!\d))", "", digits).replace(",", ".")
    plain = re.sub(r"[^\d.]", "", plain)
    return float(plain) if plain.count(".") < 2 else 0.0
