"""A disk that is full in the middle of a file: no command leaves the half of one."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import story
from editions import read, write

from starbook import cli
from starbook.build import cache

if sys.platform == "win32":
    pytest.skip("Windows has no limit on the size of files", allow_module_level=True)
else:
    import resource

Said = pytest.CaptureFixture[str]
FILES = {f"content/stories/s{n}.md": story(f"Story {n}") for n in range(12)}
COMMAND = ["--content", "content", "--out", "site"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said) -> Path:
    """The folder where one stands. What is printed goes into no file, which may be full too."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let no file become longer: what is written beyond that fails, after the first part."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.slow
def test_a_new_story_is_whole_or_not_there(here: Path, capsys: Said) -> None:
    write(here, FILES)
    with room_for(100):
        assert cli.main(["new", "story", "The flood", "--content", "content"]) == 1
    assert capsys.readouterr().err == (
        "Nothing was made: content/stories/the-flood.md cannot be written (File too large).\n"
    )
    assert not (here / "content/stories/the-flood.md").exists()
    assert cli.main(["new", "story", "The flood", "--content", "content"]) == 0


@pytest.mark.slow
@pytest.mark.parametrize("size", [0, 400, 2000])
@pytest.mark.parametrize("empty", [True, False])
def test_a_new_handbook_is_whole_or_not_there(here: Path, size: int, empty: bool) -> None:
    if empty:
        (here / "book").mkdir()
    with room_for(size):
        assert cli.main(["new", "handbook", "book"]) == 1
    assert list((here / "book").iterdir()) == []
    assert cli.main(["new", "handbook", "book"]) == 0


@pytest.mark.slow
def test_an_import_leaves_whole_files_and_goes_on_where_it_stopped(
    here: Path, capsys: Said
) -> None:
    parts = ("Situation", "Task", "Action", "Result")
    long = "".join(f"### {part}\n\n{'We waited and looked. ' * 40}\n\n" for part in parts)
    short = "".join(f"### {part}\n\nWe looked.\n\n" for part in parts)
    document = f"# Stories\n\n## The short one\n\n{short}## The long one\n\n{long}"
    (here / "notes.md").write_text(document, encoding="utf-8")
    command = ["import", "notes.md", "--into", "book"]
    assert cli.main([*command[:-1], "whole"]) == 0
    whole = read(here / "whole")
    assert len(whole) >= 2
    with room_for(1500):
        assert cli.main(command) == 1
    assert "The import stopped: " in capsys.readouterr().err
    assert read(here / "book").items() < whole.items()
    assert cli.main(command) == 0
    assert read(here / "book") == whole


# The endings of the whole files of a cache.
ENDINGS = {".sqlite", ".template", ".built"}


def largest(folder: Path) -> int:
    return max(len(data) for data in read(folder).values())


@pytest.mark.slow
@pytest.mark.parametrize("before", ["nothing", "a store"])
def test_a_cache_that_does_not_fit_leaves_nothing_and_stops_no_build(
    here: Path, before: str, capsys: Said
) -> None:
    write(here, FILES)
    assert cli.main([*COMMAND[:-1], "clean", "--no-cache"]) == 0
    room = largest(here / "clean") + 2000
    root = Path(cache.root())
    if before == "a store":
        assert cli.main(COMMAND) == 0
    kept = {path: data for path, data in read(root).items() if path.endswith(".sqlite")}
    write(here, {"content/stories/s3.md": story("Another")})

    with room_for(room):
        assert cli.main(COMMAND) == 0

    assert {Path(path).suffix for path in read(root)} <= ENDINGS
    stores = [path for path in read(root) if path.endswith(".sqlite")]
    assert {path: read(root)[path] for path in stores} == kept
    assert "Another" in (here / "site/stories/s3.html").read_text(encoding="utf-8")
    write(here, {"content/stories/s4.md": story("Yet another")})
    assert cli.main(COMMAND) == 0
    assert sum(path.endswith(".sqlite") for path in read(root)) == 1
    assert largest(root) > room


@pytest.mark.slow
def test_a_site_that_does_not_fit_leaves_the_last_one(here: Path, capsys: Said) -> None:
    write(here, FILES)
    assert cli.main(COMMAND) == 0
    site, names = read(here / "site"), sorted(here.iterdir())
    write(here, {"content/stories/s3.md": story("Another")})
    capsys.readouterr()
    with room_for(1000):
        assert cli.main([*COMMAND, "--no-cache"]) == 1
    assert capsys.readouterr().err.startswith("site: error: cannot be written (File too large); ")
    assert read(here / "site") == site
    assert sorted(here.iterdir()) == names
