"""Folders with odd names, and folders that contain themselves: each is said on one line."""

from pathlib import Path

import pytest
from conftest import story

from starbook import cli

Said = pytest.CaptureFixture[str]
NOTES = "# B\n\n## The barge\n\n**S:** a\n\n**T:** b\n\n**A:** c\n\n**R:** d\n"


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", ["guides", "templates", "questions", "decks"])
@pytest.mark.parametrize("target", [".", "..", "../..", "../content"])
def test_a_folder_that_contains_itself_is_one_line(
    name: str, target: str, content, problems
) -> None:
    (content({"stories/a.md": story("A")}) / name).symlink_to(target, target_is_directory=True)
    assert problems({}) == [
        f"content/{name}: is a link to a folder that contains it, and is not followed; "
        "delete the link [outside]"
    ]


def test_stories_that_contain_the_handbook_are_one_line(content, problems) -> None:
    (content({}) / "stories").symlink_to("..", target_is_directory=True)
    assert problems({"guides/g.md": "---\ntitle: G\n---\nx\n"}) == [
        "content/stories: is a link to a folder that contains it, and is not followed; "
        "delete the link [outside]"
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a\nb", "a\x1b[2Jb", "a\u2028b", "a\rb"])
def test_a_folder_whose_name_cannot_be_printed_is_shown_on_one_line(
    name: str, tmp_path: Path, capsys: Said
) -> None:
    path = tmp_path / name / "stories/a.md"
    try:
        path.parent.mkdir(parents=True)
    except OSError:
        pytest.skip("this file system takes no such name")
    path.write_text(story("A"), encoding="utf-8")
    (tmp_path / name / "handbook.yml").write_text("id: 0123456789abcdef\n", encoding="utf-8")
    (tmp_path / "notes.md").write_text(NOTES, encoding="utf-8")
    shown = "".join(char if char.isprintable() else "\ufffd" for char in name)
    assert cli.main(["check", "--content", name]) == 0
    assert capsys.readouterr().out == f"Content: {shown}\nNo problems.\n"
    assert cli.main(["build", "--content", name, "--out", f"{name}-site"]) == 0
    assert capsys.readouterr().out.splitlines()[::2] == [
        f"Content: {shown}",
        f"Open {shown}-site/index.html",
    ]
    assert cli.main(["import", "notes.md", "--into", name]) == 0
    assert f"\nWrote 2 files to {shown}.\n" in capsys.readouterr().out
    assert cli.main(["new", "story", "Calm", "--content", name]) == 0
    assert capsys.readouterr().out.splitlines()[1] == (
        f"Made {shown}/stories/calm.md. Fill it in, then run `python3 build.py --content {shown}`."
    )
