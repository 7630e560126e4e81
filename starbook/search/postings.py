"""Where a word of the index stands, and how that is written for a page to take in.

Numbers are written in letters and digits alone, without anything between them.
"""

from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from operator import add

import msgspec

# Impacts are kept in so many steps.
STEPS = 61

# Letters and digits alone, and many in a row: nothing that somebody could have written.
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
assert len(_ALPHABET) == STEPS + 1
_HALF = len(_ALPHABET) // 2
_IMPACTS = _ALPHABET.encode().ljust(256)


# In which places, in their order, and how much in each.
Standing = tuple[list[int], bytearray]
# Packed, as they are many, and few are looked into again.
pack = msgspec.msgpack.Encoder().encode
unpack = msgspec.msgpack.Decoder(Standing).decode


class Posting(msgspec.Struct, frozen=True, array_like=True):
    """Where a word stands: the places of the things that say it, and how much it counts there.

    `said` is that in writing.
    """

    said: str
    packed: bytes

    @property
    def standing(self) -> Standing:
        """The places, and the impact in each."""
        found: Standing = unpack(self.packed)
        return found


def posting(places: list[int], impacts: bytearray) -> Posting:
    """A posting: each place as how many were passed over, and its impact."""
    steps = impacts.translate(_IMPACTS).decode()
    said = "".join(map(add, map(number, gaps(places)), steps))
    return Posting(said, pack((places, impacts)))


def gaps(places: Iterable[int]) -> list[int]:
    """How many places are passed over before each."""
    return [place - before - 1 for before, place in pairwise((-1, *places))]


def numbers(them: Iterable[int]) -> str:
    """One behind the other."""
    return "".join(map(number, them))


@cache
def number(value: int) -> str:
    """Digits to the base of half the alphabet, the lowest first; the other half: more follow."""
    digits = ""
    while value >= _HALF:
        value, digit = divmod(value, _HALF)
        digits += _ALPHABET[digit + _HALF]
    return digits + _ALPHABET[value]
