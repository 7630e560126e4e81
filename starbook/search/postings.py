"""Posting lists: the entries that have a stem, with their impacts, and their form as text.

Numbers are written in letters and digits, without separators.
"""

from collections.abc import Iterable
from functools import cache
from itertools import chain
from operator import add, sub

# The highest impact.
STEPS = 61

# Without spaces or punctuation, numbers look like no text that an author wrote.
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
assert len(_ALPHABET) == STEPS + 1
_HALF = len(_ALPHABET) // 2
_IMPACTS = _ALPHABET.encode().ljust(256)

# The positions of entries in ascending order, and the impact (or level) of each.
PostingList = tuple[list[int], bytearray]


def write_postings(positions: list[int], impacts: bytearray) -> str:
    """Return a posting list as text: for each entry, the gap before it, and its impact."""
    steps, distances = impacts.translate(_IMPACTS), gaps(positions)
    if max(distances, default=_HALF) >= _HALF:
        return "".join(map(add, map(write_number, distances), steps.decode()))
    text = bytearray(2 * len(steps))  # each number has one digit
    text[::2], text[1::2] = bytes(distances).translate(_IMPACTS), steps
    return text.decode()


def gaps(positions: list[int]) -> list[int]:
    """Return the number of positions left out before each of those given."""
    return list(map(sub, positions, chain((0,), map((1).__add__, positions))))


def write_numbers(numbers: Iterable[int]) -> str:
    """Return numbers as text, without separators."""
    return "".join(map(write_number, numbers))


@cache
def write_number(value: int) -> str:
    """Return a number as text: digits to the base of half the alphabet, the lowest first.

    All digits but the last are from the other half of the alphabet.
    """
    digits = ""
    while value >= _HALF:
        value, digit = divmod(value, _HALF)
        digits += _ALPHABET[digit + _HALF]
    return digits + _ALPHABET[value]
