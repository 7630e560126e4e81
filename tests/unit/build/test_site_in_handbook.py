"""A handbook of one's own has its sites in its own folder, and none of them is content."""

import os
import shutil
import time
from pathlib import Path

import pytest
from conftest import LAYOUTS, story
from editions import PNG, write

from starbook import cli
from starbook.build import fast_path
from starbook.commands import folders

posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows does not say when a file changed")

Said = pytest.CaptureFixture[str]
FILES = {
    "stories/a.md": story("The flood", "publish: true", body="\n![[plan.png]]\n"),
    "stories/plan.png": PNG,
}


@pytest.fixture(autouse=True)
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of the tool, in which the person stands."""
    folder = tmp_path / "tool"
    folder.mkdir()
    monkeypatch.setattr(folders, "ROOT", folder)
    monkeypatch.setattr(folders, "SAMPLE", folder / "content")
    monkeypatch.setattr(folders, "REMEMBERED", folder / "remembered")
    monkeypatch.chdir(folder)
    monkeypatch.delenv("STARBOOK_VENV", raising=False)
    shutil.copytree(LAYOUTS, folder / "layouts")
    write(tmp_path / "mine", FILES)
    return folder


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def pages_in(site: Path) -> dict[str, bytes]:
    return {p.relative_to(site).as_posix(): p.read_bytes() for p in site.rglob("*.*")}


@pytest.mark.slow
def test_both_editions_of_a_handbook_elsewhere_are_built_into_its_own_folder(
    tool: Path, tmp_path: Path, capsys: Said
) -> None:
    mine = Path("../mine")

    assert cli.main(["--content", "../mine"]) == 0
    assert capsys.readouterr().out.endswith(f"\nOpen {mine / 'site/index.html'}\n")
    assert cli.main(["--public", "--content", "../mine"]) == 0
    assert capsys.readouterr().out.endswith(f"\nOpen {mine / 'site-public/index.html'}\n")

    assert names_in(tmp_path / "mine") == ["site", "site-public", "stories"]
    assert names_in(tool) == ["layouts"]


@pytest.mark.slow
def test_so_is_the_one_that_is_remembered(tool: Path, tmp_path: Path) -> None:
    (tool / "remembered").write_text(f"{tmp_path / 'mine'}\n", encoding="utf-8")

    assert cli.main([]) == 0

    assert (tmp_path / "mine/site/stories/a.html").is_file()
    assert names_in(tool) == ["layouts", "remembered"]


@pytest.mark.slow
@pytest.mark.parametrize("content", ["content", "../tool/content", "{here}/content/"])
def test_the_sample_has_its_site_beside_it_however_it_is_named(tool: Path, content: str) -> None:
    write(tool / "content", FILES)

    assert cli.main(["--content", content.format(here=tool)]) == 0

    assert (tool / "site/stories/a.html").is_file()
    assert names_in(tool / "content") == ["stories"]


def test_another_folder_can_still_be_named(tmp_path: Path) -> None:
    assert cli.main(["--content", "../mine", "--out", "../elsewhere"]) == 0

    assert (tmp_path / "elsewhere/index.html").is_file()
    assert names_in(tmp_path / "mine") == ["stories"]


@pytest.mark.slow
def test_sites_in_a_handbook_are_no_content(tmp_path: Path, capsys: Said) -> None:
    for more in ([], ["--public"], ["--out", "../clean"]):
        assert cli.main(["--content", "../mine", *more]) == 0
    assert capsys.readouterr().err == ""
    write(tmp_path / "mine/site", {"plan.png": PNG, "notes.yml": "- nothing\n"})

    assert cli.main(["check", "--content", "../mine", "--strict"]) == 0
    assert cli.main(["--content", "../mine", "--no-cache"]) == 0

    built = pages_in(tmp_path / "mine/site")
    built.pop("plan.png")  # both are the person's own, and stay
    built.pop("notes.yml")
    assert built == pages_in(tmp_path / "clean")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["site", "site-public"])
def test_a_folder_of_the_persons_with_that_name_stays_theirs(
    tmp_path: Path, capsys: Said, name: str
) -> None:
    write(tmp_path / "mine", {f"{name}/map.png": PNG, "stories/b.md": story(body="\n![[map.png]]")})
    public = ["--public"] if name == "site-public" else []

    assert cli.main(["--content", "../mine", *public]) == 1
    assert capsys.readouterr().err.startswith(
        f"{Path('../mine', name)}: error: is not empty, and not a site that Starbook made; "
        "empty it, or choose another folder with --out [output]\n"
    )

    assert cli.main(["--content", "../mine", "--out", "../elsewhere"]) == 0
    assert capsys.readouterr().err == ""  # the picture in it is found
    assert names_in(tmp_path / "mine" / name) == ["map.png"]


def test_where_there_is_no_handbook_none_is_begun(tmp_path: Path) -> None:
    assert cli.main(["--content", "../gone"]) == 1

    assert not (tmp_path / "gone").exists()


@pytest.mark.slow
@posix_only
def test_a_build_into_the_handbook_is_replayed_until_something_changes(tmp_path: Path) -> None:
    command = ["--content", "../mine"]

    def build() -> None:
        time.sleep(3 * fast_path._TICK / 10**9)
        assert cli.main(command) == 0

    build()
    assert fast_path.replay_if_unchanged(command)
    write(tmp_path / "mine", {"questions.yml": "- question: Why?\n"})
    assert not fast_path.replay_if_unchanged(command)
    build()
    assert fast_path.replay_if_unchanged(command)
    (tmp_path / "mine/site/stories/a.html").unlink()
    assert not fast_path.replay_if_unchanged(command)
    build()
    assert fast_path.replay_if_unchanged(command)
    (tmp_path / "mine/questions.yml").unlink()
    assert not fast_path.replay_if_unchanged(command)
