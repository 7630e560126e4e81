"""Long texts of one repeated sign: each part that reads them does so in little time.

These are time limits, for a quiet machine: `python3 build.py test tests/benchmarks/bench_limits.py`
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from starbook.content import comments, copies, markdown
from starbook.content.outcomes import find
from starbook.editions import leaks
from starbook.editions.redaction import Redactor
from starbook.model import Handbook, Prose, Redaction, Story


@contextmanager
def within(seconds: float, about: str = "") -> Iterator[None]:
    """Fail if what is done takes more seconds of a processor."""
    begun = time.process_time()
    yield
    assert time.process_time() - begun < seconds, about


_PATTERNS = [
    "[[", "![[", "[[a", "[[a|b]] ", "[[a\\|", "[^", "[^1", "[^1] ", "[^1]: a\n", "[^1]: ",
    "[^1]:\n", "[^1]\n\n[^1]: b\n\n", "  [^1]: a\n    - ", "![", "![](a b", "![](a b.png)",
    "[x](a b.md) ", "<", "<a ", "</", "<div>\n", "<br>", "<kbd>", "<kbd></kbd>", "<kbd>*a</kbd>*",
    "<details>", "</details>", "<details>\n\n", "<details>\n<summary>a</summary>\n\n",
    "<details><summary>", "- <details>\n", "> <details>\n", "| a | b |\n", "<sup>1</sup>",
]  # fmt: skip
_BEFORE = ["", "x[^1]\n\n[^1]: y\n\n", "| a |\n|---|\n", "<details>\n\n"]


@pytest.mark.parametrize("pattern", _PATTERNS)
def test_markdown_in_which_a_pattern_is_repeated(pattern: str) -> None:
    for before in _BEFORE:
        with within(2, before):
            markdown.render(markdown.parse(before + pattern * (20_000 // len(pattern))))


def test_markdown_with_many_warnings() -> None:
    text = "".join(f"[^a{number}] <x{number}>\n\n" for number in range(20_000))
    with within(15):
        markdown.parse(text)


_SIGNS = [
    "<!-- -->", "<!--", "<!---->", "-->", "<!-", "%%", "%%1%%", "`", "`` `", "```", "| `", "a|",
    "|", "-", ">", "1.", "#", "*", "~", "=", "\\", "[", "](", '](x "', "[a]:", "[[", "<", "<:",
    "<a:", "](<", "https:", "https:%%",
]  # fmt: skip


@pytest.mark.parametrize("end", ["", "\n"])
def test_comments_in_many_signs_of_one_kind(end: str) -> None:
    for sign in _SIGNS:
        text = (sign + end) * (20_000 // len(sign + end))
        with within(2, sign):
            for whole in (text, f"<!-- x -->{text}%%", f"%%%% {text}\n%%%%"):
                comments.hide(whole)
                comments.hide_in_line(whole)


_PIECES = ["1 ", "5% ", "1 → ", "from 3 ", "1,000", "12-", "(", "9", "[", "a", ". ",
           "errors fell by 4 % "]  # fmt: skip


@pytest.mark.parametrize("piece", _PIECES)
@pytest.mark.parametrize("before", ["", "Errors fell from 9 to "])
def test_numbers_in_a_long_line_of_one_piece(before: str, piece: str) -> None:
    with within(2):
        find(before + piece * (20_000 // len(piece)))


def test_a_thousand_stories_that_are_compared() -> None:
    overlapping = {str(i): tuple(range(i * 7, i * 7 + 32)) for i in range(1000)}
    with within(2):
        list(copies.find_equal_texts(dict.fromkeys(overlapping, tuple(range(32)))))
        list(copies.find_equal_texts(overlapping))


@pytest.mark.parametrize("sign", ["(", "(conflict ", " 2", " copy", "~", "-A1", ".bak", "a", "(1)"])
def test_the_name_of_a_copy(sign: str) -> None:
    with within(1):
        list(copies.find_copies([f"stories/{(sign * 250)[:250]}.md"]))


@pytest.mark.parametrize(
    "text",
    [
        "a" * 20_000, "acme" * 5_000, "Acme " * 4_000, "Acme" + " " * 20_000, "acme - " * 3_000,
        "*Acme* " * 3_000, "&amp;" * 4_000, "%41" * 7_000, "xn--" * 5_000, "<" * 20_000,
        "[](" * 7_000, "](" * 10_000, "_a" * 10_000, "\\u0041" * 3_000, "aA" * 10_000,
        "s" * 20_000, "AcmeBot" * 3_000, "\u0308" * 20_000, "\u200b" * 20_000, "'" * 20_000,
        "Acme\u00ad" * 3_000, "<sup>Acme</sup>" * 1_500,
    ],
    ids=lambda text: ascii(text[:12]),
)  # fmt: skip
def test_terms_in_a_text_of_any_repeated_sign(text: str) -> None:
    names = [f"{'Acme' * i} {'a' * 300}{i}" for i in range(1, 25)]
    terms = [Redaction(term, "X") for term in ("Acme", "a" * 2_000, "O'Neil & Acme s", *names)]
    redactor = Redactor(terms)
    with within(2):
        redactor.redact_text(text)
        redactor.redact_prose(Prose((f"<p>{text.replace('<', '&lt;')}</p>",), text))
        redactor.redact_prose(Prose((f"<p>{'<em>Acme</em> ' * 1_500}</p>",), text))


@pytest.mark.parametrize(
    "text",
    ["late ferry " * 2_000, "late-" * 4_000, "stories/" * 2_500, "[[" * 10_000, "co 1 " * 4_000],
)
def test_leaks_in_a_text_of_any_pattern(text: str) -> None:
    private = (
        Story("late-ferry", "stories/late-ferry.md", "late ferry"),
        Story("co-1", "stories/co-1.md", "x y"),
    )
    shown = Story("open", "stories/open.md", "Open", headline=text)
    with within(2):
        leaks.find_leaks(
            Handbook(stories=(*private, shown)),
            Handbook(stories=(shown,)),
            {"stories/open.html": f"<p>{text}</p>"},
        )
