"""The vocabulary of interview questions, from `interview.yml` in this package."""

from functools import cache
from pathlib import Path
from typing import Any

import msgspec.yaml

from starbook.model import InterviewWords

_FILE = Path(__file__).with_name("interview.yml")


@cache
def load_interview() -> InterviewWords:
    """Return the vocabulary of interview questions."""
    words = msgspec.yaml.decode(_FILE.read_bytes(), type=dict[str, Any])
    return InterviewWords(
        tuple(words["asides"]),
        frozenset(words["function_words"].split()),
        frozenset(words["common_words"].split()),
        tuple(map(tuple, words["synonyms"])),
    )
