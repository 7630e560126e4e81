"""The documents of the repository: their links lead somewhere, their paths exist."""

import re
from pathlib import Path

import pytest
from conftest import ROOT

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/*.md"))]
_FENCED = re.compile(r"^( *)```.*?^\1```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_PATH = re.compile(r"`((?:starbook|layouts|tests|docs|\.github|\.ci)/[\w./-]*)`")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)

every_document = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix()
)


def _prose(document: Path) -> str:
    return _FENCED.sub("", document.read_text(encoding="utf-8"))


def _anchors(document: Path) -> set[str]:
    """The anchors that GitHub gives to headings: punctuation goes, spaces become hyphens."""
    headings = _HEADING.findall(_prose(document))
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@every_document
def test_every_link_leads_to_a_file_and_a_heading(document: Path) -> None:
    for target in _LINK.findall(re.sub(r"`[^`]*`", "", _prose(document))):
        path, _, anchor = target.partition("#")
        if not path.startswith("https:"):
            file = (document.parent / path).resolve() if path else document
            assert file.exists(), target
            assert not anchor or anchor in _anchors(file), target


@every_document
def test_every_path_in_code_exists(document: Path) -> None:
    missing = [path for path in _PATH.findall(_prose(document)) if not (ROOT / path).exists()]
    assert missing == []


def test_the_architecture_names_every_package_and_module_of_the_top() -> None:
    rooms = (ROOT / "docs/ARCHITECTURE.md").read_text(encoding="utf-8")
    there = {path.name for path in (ROOT / "starbook").iterdir() if not path.name.startswith("_")}
    assert {name for name in there if f"| `starbook/{name.rstrip('/')}" not in rooms} == set()


def test_the_readme_can_be_read_in_five_minutes() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").split()) <= 1300


def test_pictures_are_small() -> None:
    sizes = {path.name: path.stat().st_size for path in ROOT.glob("docs/*.png")}
    assert {name for name, size in sizes.items() if size > 150_000} == set()
