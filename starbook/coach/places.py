"""Places of sentences: the line of a file that one begins on, under the marks of markdown."""

from itertools import accumulate


def line_of(text: str, sentence: str, first: int) -> int:
    """Return the line of `text` that a sentence begins on, at `first` or after it, else `first`.

    Letters and digits alone are compared: the marks of emphasis, links and lists are no part of it.
    """
    lines = [_letters(line) for line in text.splitlines()[first - 1 :]]
    found = "".join(lines).find(_letters(sentence))
    if found < 0:
        return first
    return first + sum(end <= found for end in accumulate(map(len, lines)))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
