"""Nothing is lost: every word of a story reaches its page."""

import html
import re
from collections import Counter
from pathlib import Path

import pytest
from conftest import SAMPLE

from starbook.content import headings
from starbook.model import Kind
from starbook.text.vocabulary import load

_WORD = re.compile(r"\w+(?:['’.,]\w+)*")
_TAGS = re.compile(r"<[^>]+>")
_BETWEEN_WORDS = re.compile(
    r'<span class="letter[^>]*>.</span>'  # the letter before a heading is ours
    r"|</?(?:p|li|h\d|div|td|th|tr|summary|b|blockquote|time)\b[^>]*>"
)


def _page_words(page: Path) -> Counter[str]:
    """The words of the story itself: no title, figures or cross-links that could stand in."""
    whole = page.read_text(encoding="utf-8").partition('id="links"')[0]
    text = re.split(r'<div class="opening|<section', whole, maxsplit=1)[1]
    text = html.unescape(_TAGS.sub("", _BETWEEN_WORDS.sub(" ", text)))
    return Counter(word.casefold() for word in _WORD.findall(text))


def _source_words(path: Path) -> Counter[str]:
    """The words of a story's body, without what the format itself adds."""
    body = path.read_text(encoding="utf-8").split("\n---\n", 1)[1]
    text = re.sub(r"[*_`]", "", "\n".join(map(_without_format, body.splitlines())))
    return Counter(word.casefold() for word in _WORD.findall(text))


def _without_format(line: str) -> str:
    heading = re.match(r"#{1,6}\s+(.*)", line)
    if heading and headings.parse(heading[1], load()).kind is not Kind.OTHER:
        return headings.parse(heading[1], load()).words
    for ours in (
        r"^\*\*(Situation|Task|Action|Result):\*\*",
        r"\[!\w+\]",
        r"^\s*- \[[ x]\]",
        r"^\s*\d+[.)]\s",
        r"(?<=\])\([^)]*\)",
    ):
        line = re.sub(ours, "", line)
    return line


def _lost(content: Path, site: Path) -> dict[str, Counter[str]]:
    stories = content.glob("stories/*.md")
    pages = {path: site / "stories" / f"{path.stem}.html" for path in stories}
    lost = {path.stem: _source_words(path) - _page_words(page) for path, page in pages.items()}
    return {name: words for name, words in lost.items() if words}


def test_every_word_of_the_sample_stories_is_on_their_pages(sample_site: Path) -> None:
    assert _lost(SAMPLE, sample_site) == {}


@pytest.mark.slow
def test_every_word_of_a_large_handbook_is_on_its_pages(corpus: Path, corpus_site: Path) -> None:
    assert len(list(corpus.glob("stories/*.md"))) == 89
    assert _lost(corpus, corpus_site) == {}


@pytest.mark.parametrize(
    "body",
    [
        "Before any heading.\n\n## Own heading\n\nOwn words.",
        "## Situation\n\nOne.\n\n## Action\n\nTwo.\n\n## Action (again)\n\nThree.",
        "**Situation:** One.\n**Task:** Two.\n\nMore\n\n**Action:**\n\n1. 3rd\n\n**Result:** Four.",
        "## Levels\n\nLead words.\n\n### Senior\n\n**Bar:** High.\n\n**Own label:** Kept.",
        "## Weak answer\n\nWe did it.\n\nAnd more.\n\n- no number\n\n## Quiz\n\n- not an entry",
        "## Follow-ups\n\n### Why?\n\nLead.\n\n**Strong:** Yes.\n\n- with\n- a list\n\n> a quote",
        "## Result\n\n> [!NOTE] A title\n> noted\n\n> [!PHRASES]\n> said\n\n> plain quote",
        "## Result\n\n> [!COACHING] on the same line\n> and the next",
        "# Title\n\n## Task\n\n### Deep\n\n#### Deeper\n\ntext ~~struck~~ `code` <b>raw</b>",
        "## Result\n\n```\nfenced [Fill in: this]\n```\n\n| a | b |\n|---|--:|\n| one | two |",
        "Setext\n======\n\nwords\n\n- [ ] open\n- [x] done",
    ],
)  # fmt: skip
def test_no_shape_of_story_loses_a_word(body: str, build, content) -> None:
    site = build({"stories/one.md": f"---\ntitle: One\n---\n{body}\n"})
    assert _lost(site.parent / "content", site) == {}
