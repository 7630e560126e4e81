"""The pages of a small handbook, compared with what they were: no page changes unseen.

After a change that is meant, accept the new pages, and read the difference before it is committed:

    STARBOOK_GOLDEN=update .venv/bin/python -m pytest tests/site/test_golden.py
    git diff tests/golden
"""

import difflib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from conftest import LAYOUTS, ROOT

from starbook.build import pipeline

HANDBOOK = ROOT / "tests/handbook"
GOLDEN = ROOT / "tests/golden"
ACCEPT = "STARBOOK_GOLDEN=update python -m pytest tests/site/test_golden.py"

_SHOWN = 60  # lines of a difference


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The text of each page by its path; style sheets, scripts and what Ask reads are no pages."""
    out = tmp_path_factory.mktemp("golden") / "site"
    outcome = pipeline.build(HANDBOOK, LAYOUTS, out)
    assert not outcome.failed, [str(problem) for problem in outcome.problems]
    pages = _texts(
        path for path in out.rglob("*") if path.suffix != ".js" and "assets" not in path.parts
    )
    return {path.relative_to(out).as_posix(): text for path, text in pages.items()}


@pytest.fixture(scope="module")
def golden(made: dict[str, str]) -> dict[str, str]:
    """Return the saved pages; with STARBOOK_GOLDEN=update, save new ones first."""
    if os.environ.get("STARBOOK_GOLDEN") == "update":
        _accept(made)
    return {p.relative_to(GOLDEN).as_posix(): t for p, t in _texts(GOLDEN.rglob("*")).items()}


def _texts(paths: Iterable[Path]) -> dict[Path, str]:
    """Bytes and all: line ends are part of a page. Hidden files are none."""
    files = (path for path in sorted(paths) if path.is_file() and path.name[0] != ".")
    return {path: path.read_bytes().decode() for path in files}


def _accept(made: Mapping[str, str]) -> None:
    for path in _texts(GOLDEN.rglob("*")):
        path.unlink()
    for name, text in made.items():
        path = GOLDEN / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def _difference(name: str, was: str, now: str) -> str:
    lines = difflib.unified_diff(
        was.splitlines(), now.splitlines(), f"tests/golden/{name}", f"{name} as built", "", "", 1
    )
    shown = list(lines)
    cut = [f"… and {len(shown) - _SHOWN} more lines"] if len(shown) > _SHOWN else []
    return "\n".join([*shown[:_SHOWN], *cut])


def test_the_handbook_of_the_golden_pages_checks_clean() -> None:
    _, problems = pipeline.load(HANDBOOK)
    assert [str(problem) for problem in problems] == []


def test_every_page_is_as_it_was(made: dict[str, str], golden: dict[str, str]) -> None:
    changed = [name for name in sorted(made) if name in golden and made[name] != golden[name]]
    told = [_difference(name, golden[name], made[name]) for name in changed]
    if changed:
        story = "\n\n".join(told[:3])
        many = f"{len(changed)} pages changed: {', '.join(changed)}"
        pytest.fail(f"{many}\n\n{story}\n\nIf this is meant: {ACCEPT}", pytrace=False)


def test_no_page_is_without_a_golden_one(made: dict[str, str], golden: dict[str, str]) -> None:
    assert sorted(set(made) - set(golden)) == [], f"if they are meant: {ACCEPT}"


def test_no_golden_page_is_without_a_page(made: dict[str, str], golden: dict[str, str]) -> None:
    assert sorted(set(golden) - set(made)) == [], f"if they are gone for good: {ACCEPT}"


def test_building_twice_gives_the_same_bytes(made: dict[str, str], tmp_path: Path) -> None:
    pipeline.build(HANDBOOK, LAYOUTS, tmp_path / "site")
    again = _texts(tmp_path / "site" / name for name in made)
    assert {p.relative_to(tmp_path / "site").as_posix(): t for p, t in again.items()} == made
