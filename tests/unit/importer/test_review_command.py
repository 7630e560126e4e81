"""`import --review`: the page is written where the person stands, with commands to go on."""

from pathlib import Path

import pytest

from starbook import cli

NOTES = """# Notes

## The mill

### In spring

**Situation:** It rained.

**Task:** I was to stop it.

**Action:** I cut the belt.

**Result:** We lost 2 sacks.
"""

Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where the person stands, with a document."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my notes.md").write_text(NOTES, "utf-8")
    return tmp_path


@pytest.mark.parametrize(("option", "path"), [([], "import-review.html"), (["r.html"], "r.html")])
def test_the_page_has_the_command_that_takes_the_next_reading(
    here: Path, capsys: Said, option: list[str], path: str
) -> None:
    assert cli.main(["import", "my notes.md", "--into", "book", "--review", *option]) == 0
    assert f"Open {path} to see where each line went. It is private." in capsys.readouterr().out
    page = (here / path).read_text("utf-8")
    command = "python3 build.py import &#39;my notes.md&#39; --into book --review"
    assert f"<code>{' '.join([command, *option])} --split heading2</code>" in page
    assert "<dt>Made</dt><dd>1 story, 0 questions, 0 questions to ask, 0 guides</dd>" in page


def test_a_dry_run_writes_the_page_and_nothing_else(here: Path) -> None:
    assert cli.main(["import", "my notes.md", "--into", "book", "--dry-run", "--review"]) == 0
    assert {path.name for path in here.iterdir()} == {"my notes.md", "import-review.html"}


def test_a_document_behind_the_option_is_not_taken_for_the_page(here: Path, capsys: Said) -> None:
    (here / "b.md").write_text(NOTES, "utf-8")
    assert cli.main(["import", "b.md", "--into", "book", "--review", "my notes.md"]) == 1
    assert capsys.readouterr().err == (
        "The import stopped: my notes.md is no review of an import; name another file behind "
        "--review, or put --review behind all documents.\n"
    )
    assert (here / "my notes.md").read_text("utf-8") == NOTES
    assert not (here / "book").exists()
