"""Numbers that a story has, for what is written about it elsewhere: notes, angles, key lines."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise

from starbook.coach import quantities
from starbook.coach.quantities import Quantity
from starbook.content.numbers import DIGITS
from starbook.text import sentences

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
_YEAR = re.compile(r"(?:19|20)\d\d")
_CLOSE = 0.03
_TEN = 20  # and more: `twenty-two`


class KnownNumbers:
    """The numbers of some texts, and what follows from pairs of them.

    All are worked out only for a number that does not stand there in the same digits.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self.text = "\n".join(texts)

    def __contains__(self, quantity: Quantity) -> bool:
        """Return True if a quantity is one of them: in digits, in words or rounded."""
        digits = _NUMBER.search(quantity.text)
        assert digits
        if re.search(rf"(?<![\d.,]){re.escape(digits[0])}(?!\d|[.,]\d)", self.text):
            return True
        wanted = {quantity.value, _plain(digits[0])}
        return any(abs(one - known) <= _CLOSE * known for one in wanted for known in self.values)

    @cached_property
    def values(self) -> set[float]:
        """The values of all numbers, by each calendar, and of what follows from pairs."""
        values = {_plain(match[0]) for match in _NUMBER.finditer(self.text)}
        words = _WORD.findall(self.text.lower())
        values.update(float(_WORDS[word]) for word in words if word in _WORDS)
        tens = ((_WORDS.get(first, 0), _WORDS.get(unit, 0)) for first, unit in pairwise(words))
        values.update(float(first + unit) for first, unit in tens if first >= _TEN and unit)
        for line in self.text.splitlines():
            found = quantities.find(line) if re.search(r"\d", line) else []
            values.update(value for one in found for value in one.values)
            for pair in quantities.pairs(line, found):
                before, after = pair.before.value, pair.after.value
                values |= {abs(before - after), 100 * abs(before - after) / before}
                values |= {max(before, after) / min(before, after)} if after else set()
        return values


def stated(text: str) -> Iterator[tuple[str, Quantity]]:
    """Yield each number in digits with its sentence, without years."""
    for sentence in sentences.split(text) if re.search(r"\d", text) else ():
        for quantity in quantities.find(sentence):
            if not _YEAR.fullmatch(quantity.text):
                yield sentence, quantity


def _plain(digits: str) -> float:
    """Return the value of digits, in which a mark before three of them separates thousands."""
    plain = re.sub(r"[,.'’\s](?=\d{3}(?!\d))", "", digits).replace(",", ".")
    plain = re.sub(r"[^\d.]", "", plain)
    return float(plain) if plain.count(".") < 2 else 0.0
