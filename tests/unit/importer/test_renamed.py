"""A story that gets another id, because its own is taken, is the one that its lists refer to."""

from pathlib import Path

import pytest
from conftest import story

from starbook import cli
from starbook.build import pipeline

NOTES = """# Bank

## The barge

**Situation:** It leaked.

**Task:** I had to keep it afloat.

**Action:** I pumped for 3 nights.

**Result:** 40 of 40 crates stayed dry.

## Questions

- Tell me about a time you kept calm → Story 1: slowly
"""


@pytest.fixture
def bring(content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Import a document into a handbook with these files; return the exit code."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.md").write_text(NOTES, encoding="utf-8")

    def run(files: dict[str, str], *more: str, documents: tuple[str, ...] = ("notes.md",)) -> int:
        content(files)
        return cli.main(["import", *documents, "--into", "content", *more])

    return run


def refers_to(folder: Path, name: str) -> list[str]:
    """Return the stories that a list refers to, and check that the handbook has no error."""
    handbook, problems = pipeline.load(folder)
    assert [str(problem) for problem in problems if problem.is_error] == []
    (question,) = handbook.questions
    (deck,) = (deck for deck in handbook.decks if deck.path == f"decks/{name}.yml")
    assert [ref.to for ref in deck.stories] == [choice.story.to for choice in question.stories]
    return [ref.to for ref in deck.stories]


@pytest.mark.parametrize(
    ("taken", "more"),
    [
        ({"stories/the-barge.md": story("Another barge")}, ["--rename"]),
        ({"stories/old/x.md": story("Another barge", "id: the-barge")}, []),
        ({"stories/2024/the-barge.md": story("Another barge")}, ["--rename"]),
    ],
)
def test_lists_refer_to_the_story_under_its_new_id(
    taken: dict[str, str], more: list[str], bring, tmp_path: Path
) -> None:
    assert bring(taken, *more) == 0
    assert refers_to(tmp_path / "content", "notes") == ["the-barge-2"]
    text = (tmp_path / "content/stories/the-barge-2.md").read_text(encoding="utf-8")
    assert "\ntitle: The barge\n" in f"\n{text}".replace("---\n", "", 1)
    assert bring({}, *more) == 0  # once more: the same names
    assert refers_to(tmp_path / "content", "notes") == ["the-barge-2"]
    assert not (tmp_path / "content/stories/the-barge-3.md").exists()


def test_the_first_number_that_is_free_is_taken(bring, tmp_path: Path) -> None:
    files = {f"stories/the-barge{end}.md": story(f"Barge{end}") for end in ("", "-2", "-4")}
    assert bring(files, "--rename") == 0
    assert refers_to(tmp_path / "content", "notes") == ["the-barge-3"]


def test_without_rename_a_file_of_that_name_is_left_and_named(
    bring, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = story("Another barge")
    assert bring({"stories/the-barge.md": mine}) == 1
    path = Path("content/stories/the-barge.md")
    assert f"{path} is there already and differs; it stays as it is" in capsys.readouterr().out
    assert path.read_text(encoding="utf-8") == mine
