"""The time of parsing is in proportion to the text, whatever is repeated in it."""

import time

import pytest

from starbook.content import markdown

_SIZE = 20_000
_PATTERNS = [
    "[[", "![[", "[[a", "[[a|b]] ", "[[a\\|", "[^", "[^1", "[^1] ", "[^1]: a\n", "[^1]: ",
    "[^1]:\n", "[^1]\n\n[^1]: b\n\n", "  [^1]: a\n    - ", "![", "![](a b", "![](a b.png)",
    "[x](a b.md) ", "<", "<a ", "</", "<div>\n", "<br>", "<kbd>", "<kbd></kbd>", "<kbd>*a</kbd>*",
    "<details>", "</details>", "<details>\n\n", "<details>\n<summary>a</summary>\n\n",
    "<details><summary>", "- <details>\n", "> <details>\n", "| a | b |\n", "<sup>1</sup>",
]  # fmt: skip
_BEFORE = ["", "x[^1]\n\n[^1]: y\n\n", "| a |\n|---|\n", "<details>\n\n"]


@pytest.mark.slow
@pytest.mark.parametrize("pattern", _PATTERNS)
def test_repeating_a_pattern_takes_no_time(pattern: str) -> None:
    for before in _BEFORE:
        begun = time.process_time()
        markdown.render(markdown.parse(before + pattern * (_SIZE // len(pattern))))
        assert time.process_time() - begun < 2, before


@pytest.mark.slow
def test_many_warnings_take_no_time() -> None:
    text = "".join(f"[^a{number}] <x{number}>\n\n" for number in range(20_000))
    begun = time.process_time()
    markdown.parse(text)
    assert time.process_time() - begun < 15
