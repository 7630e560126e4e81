"""Long rows of one sign: each field, and each kind of line of an import, takes less than 2 s.

These are time limits, for a quiet machine; they take some minutes:
`python3 build.py test tests/benchmarks/bench_long_rows.py`
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import LAYOUTS
from fields import FIELDS, fill

from starbook.build import pipeline
from starbook.importer import output, plan
from starbook.importer.document import parse_document
from starbook.importer.stories import Known
from starbook.text.vocabulary import load

BYTES = 20_000
SECONDS = 2.0  # of a processor

SIGNS = [
    *"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", *" \t\u00a0\u2003\u200b\x85", *"aA7éß日あ。",
    "\u0301", "🎯", "1, ", "; ", "? ", "! ", "a. ", "X. ", "e.g. ", "I did it and ", ", which ",
]  # fmt: skip
MARKUP = [
    "- ", "> ", "| ", "1. ", "a: ", "# ", "[[", "](", "![", "**_", "**a ", "*a **b ", "_a ", "`a",
    "`a` ", "~~a ", "[a](b", "![a](<", "[Fill in: ", "[ ] ", "[a|", "[^1]", "<!--", "<!-- a -->",
    "%%", "%% a ", "<b>", "<br>", "<a ", '<a href="', "<p>", "<details>", '"a', '"a" ', "“a ",
    "(a", "(a) ", "&#", "&amp;", "&nbsp;", "&quot;", "http://", "http://a.b ", "www.a.", "a@b.",
    "mailto:", "?\n", ";,", "* * ", "***", "a-", "a'", "1.", "1/", "1 % ", "→ ", "from 1 to 2 ",
    "1 → ", "$1 ", "\\\\ ",
]  # fmt: skip
LINES = [
    "\n", "\na\n", "\n- a", "\n- a\n\n", "\n> a\n\n", "\n1. a", "\n# ", "\n## q\n", "\n### q\n\n",
    "\n| a | b |\n", "\n|-", "\n```x", "\n---\n", "\n    a", "\n**A:** b", "\n[a]: b", "\\\n",
    "\n[^1]: a", "\nkey: a", "\n- [ ] a",
]  # fmt: skip
# What stands before a row can keep something open until its end.
OPENERS = ('"', "(", "“", "**", "[")
PATTERNS = [("", sign) for sign in (*SIGNS, *MARKUP, *LINES)]
PATTERNS += [(start, sign) for start in OPENERS for sign in ("a. b ", "a, b ", "a ", "*a* ")]

PARTS = "**Situation:** Late.\n\n**Task:** Mend.\n\n**Action:** I did 3.\n\n**Result:** Good.\n"
_DOCUMENTS = {
    "text": "@", "title": "# B\n\n## #1\n\n~", "top": "# #1\n\n## One\n\n~",
    "label": "# B\n\n## One\n\n**Situation:** #1\n\n~", "below": "# B\n\n## One\n\n~\n@\n",
    "inline": "# B\n\n## One\n\n(S) #1 (T) #1 (A) c (R) d\n",
    "field": "# B\n\n## One\n\nTags: #1\nCategory: #1\nPrinciples: #1\nQuestions: #1\n\n~",
    "question": "# B\n\n## One\n\n~\n## Questions\n\n- #1?\n- Tell me about a time when #1\n",
    "to ask": "# B\n\n## One\n\n~\n## Questions to ask the interviewer\n\n- #1?\n- **#1**\n",
    "category": "# B\n\n## Categories\n\n- #1\n  - #1\n\n## One\n\n~",
    "row": "| Title | S | T | A | R |\n|-|-|-|-|-|\n| One | #1 | b | c | d |\n",
    "question in a row": "# B\n\n~\n## Questions\n\n| Question | Story |\n|-|-|\n| #1? | #1 |\n",
    "code": "# B\n\n## One\n\n~\n```\n@\n```\n", "quote": "# B\n\n## One\n\n~\n> #1\n",
    "front matter": "---\ntitle: #1\n---\n\n# B\n\n## One\n\n~",
    "walkthrough": "# B\n\n## One\n\n~\nCoaching tip\n\n@\n\nProbes: #1\n\nWeak\n\n#1\n",
}  # fmt: skip


def row(start: str, pattern: str) -> str:
    return start + pattern * (BYTES // len(pattern.encode()))


def build(field: str, text: str, folder: Path) -> None:
    for name, content in FIELDS[field](text).items():
        path = folder / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode())
    pipeline.build(folder / "content", LAYOUTS, folder / "site")


def bring(kind: str, text: str) -> None:
    document = parse_document("n", fill(_DOCUMENTS[kind].replace("~", PARTS), text), load())
    output.render_files(plan.import_document(document, Known()))


def slow(run: Callable[[str], None], patterns: list[tuple[str, str]]) -> Iterator[str]:
    """Yield the patterns that take too long: of the quicker of two runs, as machines are busy."""
    for start, pattern in patterns:
        text = row(start, pattern)
        for _ in range(2):
            begun = time.process_time()
            run(text)
            seconds = time.process_time() - begun
            if seconds < SECONDS:
                break
        else:
            yield f"{start}{pattern!r}: {seconds:.1f} s"


@pytest.mark.parametrize("field", ["story ## Situation", "story ## Follow-ups", "guide"])
def test_no_common_row_keeps_a_build(field: str, tmp_path: Path) -> None:
    rows = [("", "."), ("", "1, "), ("", "\n## q\n"), ('"', "a. b ")]
    assert list(slow(lambda text: build(field, text, tmp_path), rows)) == []


@pytest.mark.parametrize("kind", ["text", "field", "question", "to ask"])
def test_no_common_row_keeps_an_import(kind: str) -> None:
    rows = [("", "\n"), ("", '<a href="'), ("", "\u00a0"), ("", "[")]
    assert list(slow(lambda text: bring(kind, text), rows)) == []


def share(names: Iterable[str]) -> list[Any]:
    """Return each name with the patterns to try: a tenth of them, so that all are tried somewhere.

    With STARBOOK_ROWS=all each name gets all of them, which takes half an hour.
    """
    step = 1 if os.environ.get("STARBOOK_ROWS") == "all" else 10
    return [pytest.param(n, PATTERNS[i % step :: step], id=n) for i, n in enumerate(names)]


@pytest.mark.parametrize(("field", "patterns"), share(FIELDS))
def test_no_row_keeps_a_build(field: str, patterns: list[tuple[str, str]], tmp_path: Path) -> None:
    assert list(slow(lambda text: build(field, text, tmp_path), patterns)) == []


@pytest.mark.parametrize(("kind", "patterns"), share(_DOCUMENTS))
def test_no_row_keeps_an_import(kind: str, patterns: list[tuple[str, str]]) -> None:
    assert list(slow(lambda text: bring(kind, text), patterns)) == []
