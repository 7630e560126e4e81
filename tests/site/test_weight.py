"""Weight: the bytes needed before a page shows stay few, counted as a server sends them.

Each file is compressed by itself, with gzip at level 9; a style sheet that pages share counts in
full for each of them, and so does the script that sets the theme. No screen waits for a style sheet
for paper.
"""

import gzip
import re
from pathlib import Path

import pytest

FIRST_PAINT = 14_000  # bytes: what a server sends before it waits for the first answer
SCRIPT = 30_000
PRACTICE = 14_000  # the scripts of practice, which its page alone fetches
INTERVIEW = 2_000

# What a screen waits for: style sheets, and scripts that are not deferred.
_BLOCKING = re.compile(r'<(?:link rel="stylesheet" href|script src)="([^"]+)"')


def _sent(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9, mtime=0))


def _first_paint(page: Path) -> int:
    files = _BLOCKING.findall(page.read_text(encoding="utf-8"))
    expected = ["theme.js", "starbook.css"]
    if 'class="remark' in page.read_text(encoding="utf-8"):  # of the coach, in the margin
        expected.append("coach.css")
    assert [Path(file).name for file in files] == expected, page.name
    return _sent(page) + sum(_sent((page.parent / file).resolve()) for file in files)


def _heavy(site: Path) -> dict[str, int]:
    pages = [page for page in site.glob("stories/*.html") if page.name != "index.html"]
    assert pages
    return {page.name: size for page in pages if (size := _first_paint(page)) > FIRST_PAINT}


def test_a_story_is_on_the_screen_after_14_kilobytes(sample_site: Path) -> None:
    assert _heavy(sample_site) == {}


@pytest.mark.slow
def test_a_story_of_a_large_handbook_is_too(corpus_site: Path) -> None:
    assert _heavy(corpus_site) == {}


def test_all_scripts_together_stay_under_30_kilobytes(sample_site: Path) -> None:
    scripts = {path.name: _sent(path) for path in sample_site.glob("assets/*.js")}
    del scripts["practice.js"], scripts["interview.js"]
    assert sum(scripts.values()) <= SCRIPT, scripts


def test_the_scripts_of_practice_stay_under_14_kilobytes_on_their_page(sample_site: Path) -> None:
    assert _sent(sample_site / "assets/practice.js") <= PRACTICE
    fetched = re.compile(r"assets/practice\.js|practice-index")
    pages = (page for page in sample_site.rglob("*.html") if page.name != "practice.html")
    assert [page.name for page in pages if fetched.search(page.read_text("utf-8"))] == []


def test_the_script_of_interviews_stays_under_2_kilobytes_on_their_pages(
    sample_site: Path,
) -> None:
    assert _sent(sample_site / "assets/interview.js") <= INTERVIEW
    fetching = {
        page.parent.name
        for page in sample_site.rglob("*.html")
        if "assets/interview.js" in page.read_text("utf-8")
    }
    assert fetching == {"interviews"}


@pytest.mark.parametrize("kind", ["stories", "questions", "categories", "principles", "guides"])
def test_no_page_asks_for_the_same_file_twice(sample_site: Path, kind: str) -> None:
    for page in sample_site.glob(f"{kind}/*.html"):
        asked = re.findall(r'<(?:link|script)[^>]*(?:href|src)="([^"]+)"', page.read_text("utf-8"))
        assert len(asked) == len(set(asked)), page.name
