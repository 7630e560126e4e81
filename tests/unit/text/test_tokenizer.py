"""Words of the search: a number and its unit are found together and apart."""

import pytest

from starbook.text.tokenizer import chunks, split


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("450 ms", ["450", "ms", "450ms"]),
        ("450ms", ["450", "ms", "450ms"]),
        ("450\u00a0ms", ["450", "ms", "450ms"]),
        ("450\nms", ["450", "ms", "450ms"]),
        ("1,200 GB", ["1200", "gb", "1200gb"]),
        ("1.5 h", ["1.5", "h", "1.5h"]),
        ("10-20 ms", ["10", "20", "ms", "20ms", "1020ms"]),
        ("99.9 %", ["99.9", "99.9%"]),
        ("99.9%", ["99.9", "99.9%"]),
        ("$2 m", ["2", "m", "2m", "$2m"]),
        ("3 µs", ["3", "μs", "3μs"]),
        # No unit, or no number.
        ("450 users", ["450", "users"]),
        ("2021 in May", ["2021", "in", "may"]),
        ("p95 ms", ["p95", "ms"]),
        ("450, ms", ["450", "ms"]),
    ],
)
def test_a_number_and_its_unit_are_words_together_and_apart(text: str, words: list[str]) -> None:
    assert split(text) == words


def test_a_number_and_its_unit_are_one_chunk() -> None:
    assert chunks("fell from 450 ms to 90ms") == ["fell", "from", "450ms", "to", "90ms"]
