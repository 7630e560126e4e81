"""Class names: each one in a style sheet is used, and each one in a layout means something."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import LAYOUTS, ROOT

ASSETS = LAYOUTS / "assets"
# Prose is made here; the classes of task lists and of the columns of tables come from libraries.
MARKUP = (
    ROOT / "starbook/content/markdown.py",
    ROOT / "starbook/content/footnotes.py",
    ROOT / "starbook/text/sentences.py",
)
OF_LIBRARIES = {"contains-task-list", "task-list-item", "right", "center"}
# A layout ends these with a value, such as the paper.
BEGINNINGS = ("size-", "share-", "paper-", "per-sheet-", "form-", "minutes-")
KINDS_OF_NOTES = {"mistake"}
# Both sheets mean the sign of a part: pages.css keeps its hue where a system forces colours.
ALIKE = ["letter"]

_JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}")
_ATTRIBUTE = re.compile(r'class="((?:[^"{]|\{\{.*?\}\}|\{%.*?%\})*)"')


def test_every_class_in_a_style_sheet_is_used() -> None:
    sources = [*LAYOUTS.glob("*.html"), *ASSETS.rglob("*.js"), *MARKUP]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    used = set(re.findall(r"[\w-]+", text))
    unused = {
        f"{path.name}: .{name}"
        for path in ASSETS.glob("*.css")
        for name in _in_sheet(path)
        if not name.startswith(BEGINNINGS) and name not in used
    }
    assert unused - {f"starbook.css: .{name}" for name in OF_LIBRARIES | KINDS_OF_NOTES} == set()


def test_every_class_in_a_layout_has_a_rule_or_a_script() -> None:
    rules = {name for path in ASSETS.glob("*.css") for name in _in_sheet(path)}
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in ASSETS.rglob("*.js"))
    found = set(re.findall(r"\.([\w-]+)", scripts))
    idle = {
        f"{path.name}: {name}"
        for path in LAYOUTS.glob("*.html")
        for name in _in_layout(path)
        if name not in rules | found and not name.startswith(BEGINNINGS)
    }
    assert idle == set()


@pytest.mark.parametrize("own", ["cards", "coach", "interview", "practice", "run-sheet"])
def test_no_class_has_rules_of_its_own_in_two_sheets_of_a_page(own: str) -> None:
    """The first would reach what the second means by it; `search-results.css` comes with Ask."""
    found = Counter(
        name
        for sheet in ("starbook", "pages", "search-results", own)
        for name in set(_alone_in_sheet(ASSETS / f"{sheet}.css"))
    )
    assert found["row"] == 1
    assert [name for name, count in found.items() if count > 1] == ALIKE


def _alone_in_sheet(path: Path) -> Iterator[str]:
    """Find the classes that are all of a selector."""
    text = re.sub(r"/\*.*?\*/|\([^()]*\)", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for selectors in re.findall(r"([^{};]+)\{", text):
        for selector in selectors.split(","):
            if alone := re.fullmatch(r"\s*\.([\w-]+)\s*", selector):
                yield alone[1]


def _in_sheet(path: Path) -> Iterator[str]:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    selectors = re.sub(r"\{[^{}]*\}", " ", text)
    yield from re.findall(r"\.([a-z][\w-]*)", selectors)


def _in_layout(path: Path) -> Iterator[str]:
    for value in _ATTRIBUTE.findall(path.read_text(encoding="utf-8")):
        yield from _JINJA.sub(" ", value).split()


def test_only_colours_differ_between_light_and_dark() -> None:
    """They are pairs, `light-dark(…)`, which may stand for a colour alone."""
    review = ROOT / "starbook/importer/review_page"
    texts = {
        path.name: path.read_text(encoding="utf-8")
        for path in (*LAYOUTS.rglob("*.*"), *review.rglob("*.*"))
        if path.is_file()
    }
    assert "light-dark(" in texts["starbook.css"]
    assert [name for name, text in texts.items() if "prefers-color-scheme" in text] == []
