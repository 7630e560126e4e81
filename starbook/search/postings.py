"""Posting lists: which entries have a stem and how much that counts, and how a page reads them.

Numbers are written in letters and digits alone, without anything between them.
"""

from collections.abc import Iterable
from functools import cache
from itertools import chain
from operator import add, sub

# Impacts are kept in so many steps.
STEPS = 61

# Letters and digits alone, and many in a row: nothing that somebody could have written.
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
assert len(_ALPHABET) == STEPS + 1
_HALF = len(_ALPHABET) // 2
_IMPACTS = _ALPHABET.encode().ljust(256)

# The positions of entries in ascending order, and an impact (or a level) for each.
PostingList = tuple[list[int], bytearray]


def write_postings(positions: list[int], impacts: bytearray) -> str:
    """Return a posting list as text: for each entry, how many were passed over, and its impact."""
    steps, passed = impacts.translate(_IMPACTS), gaps(positions)
    if max(passed, default=_HALF) >= _HALF:
        return "".join(map(add, map(write_number, passed), steps.decode()))
    text = bytearray(2 * len(steps))  # each number is one sign
    text[::2], text[1::2] = bytes(passed).translate(_IMPACTS), steps
    return text.decode()


def gaps(positions: list[int]) -> list[int]:
    """Return how many positions are passed over before each."""
    return list(map(sub, positions, chain((0,), map((1).__add__, positions))))


def write_numbers(numbers: Iterable[int]) -> str:
    """Return numbers as text, one behind the other."""
    return "".join(map(write_number, numbers))


@cache
def write_number(value: int) -> str:
    """Return digits to the base of half the alphabet, the lowest first; the other half: go on."""
    digits = ""
    while value >= _HALF:
        value, digit = divmod(value, _HALF)
        digits += _ALPHABET[digit + _HALF]
    return digits + _ALPHABET[value]
