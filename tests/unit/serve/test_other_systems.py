"""`serve` and builds as on macOS and Windows, as far as another system can stand in for them."""

import os
import re
import shutil
import sys
import types
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath
from typing import Any

import pytest
from conftest import LAYOUTS, ROOT, story
from editions import read as files_of
from serving import create_session
from watchdog import events

from starbook import cli
from starbook.build import lock, pipeline, pool
from starbook.content.checks import is_page_id
from starbook.model import Edition
from starbook.serve import watcher

HANDBOOK = ROOT / "tests/handbook"
STORIES = {f"stories/s{number}.md": story(f"Story {number}") for number in range(5)}


def make_msvcrt(locked: dict[tuple[int, int], int]) -> types.ModuleType:
    """Return a module that locks files as that of Windows does; `locked` has who holds which."""
    module = types.ModuleType("msvcrt")

    def locking(handle: int, mode: int, length: int) -> None:
        assert (mode, length, os.lseek(handle, 0, os.SEEK_CUR)) == (2, 1, 0)
        status = os.fstat(handle)
        file = status.st_dev, status.st_ino
        if locked.setdefault(file, handle) != handle:
            raise PermissionError(13, "Permission denied")

    vars(module).update(LK_NBLCK=2, locking=locking)
    return module


@pytest.fixture(params=["darwin", "win32"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Have the program believe that it runs on another system, without what that lacks.

    Of `pathlib` and `os.path` there is only the kind of this system.
    """
    if os.name == "nt":
        pytest.skip("Windows cannot pass for another system")
    lacking = ["fork", "sched_getaffinity"]
    if request.param == "win32":
        lacking += ["getuid", "geteuid", "getgid", "chown"]
        monkeypatch.setitem(sys.modules, "fcntl", None)
        monkeypatch.setitem(sys.modules, "msvcrt", make_msvcrt({}))
    for name in lacking:
        monkeypatch.delattr(os, name, raising=False)
    monkeypatch.setattr(sys, "platform", request.param)
    monkeypatch.setattr(pool, "FEWEST", 1)  # as in a large handbook
    yield request.param
    monkeypatch.undo()


@pytest.fixture
def built(content: Any, tmp_path: Path) -> dict[str, bytes]:
    """The site of this system, from what the test saves."""
    folder = content(STORIES | {"stories/s1.md": story("Saved")})
    assert not pipeline.build(folder, LAYOUTS, tmp_path / "built").failed
    return files_of(tmp_path / "built")


@pytest.mark.slow
def test_a_save_is_shown_and_written_without_forks_and_their_locks(
    built: dict[str, bytes], system: str, content: Any, tmp_path: Path
) -> None:
    folder = content(STORIES)
    serving, lines = create_session(folder, tmp_path / "site")
    started: list[bool] = []
    serving.begin(lambda: started.append(True))
    saved = folder / "stories/s1.md"
    saved.write_text(story("Saved"), encoding="utf-8", newline="\r\n")

    serving.rebuild((saved,))
    serving.finish()

    assert started == [True]
    assert files_of(tmp_path / "site") == built
    assert lines[-1] == f"\nStopped. {os.path.relpath(tmp_path / 'site/index.html')} is up to date."
    assert not [line for line in lines if "error" in line]


@pytest.mark.slow
def test_a_build_writes_the_same_site_on_every_system(
    built: dict[str, bytes], system: str, content: Any, tmp_path: Path
) -> None:
    folder = content(STORIES | {"stories/s1.md": story("Saved")})

    assert cli.main(["--content", str(folder), "--out", str(tmp_path / "site")]) == 0

    assert files_of(tmp_path / "site") == built


def test_a_lock_of_windows_is_held_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.name == "nt":
        pytest.skip("test_lock.py has the real ones")
    locked: dict[tuple[int, int], int] = {}
    monkeypatch.setitem(sys.modules, "msvcrt", make_msvcrt(locked))
    monkeypatch.setattr(sys, "platform", "win32")
    told: list[str] = []
    with lock.holding(tmp_path / "turn", 0, told.append):
        assert len(locked) == 1
        with (
            pytest.raises(lock.BusyError, match=f"process {os.getpid()}"),
            lock.holding(tmp_path / "turn", 0, told.append),
        ):
            raise AssertionError("it was had twice")
    assert len(told) == 1
    assert not (tmp_path / "turn").exists()


# What the systems report


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_a_save_is_not_waited_for_where_no_system_says_that_it_is_whole(
    platform: str, content: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    watching = watcher.Watcher([content(STORIES)], poll=True)
    assert watching._batch.reports_close is False
    assert watching._create_batch().reports_close is False
    watching.close()


REPORTED = {
    "Windows deletes a folder, and says that it was a file": [
        (events.FileDeletedEvent, "stories/s1.md", ""),
        (events.FileDeletedEvent, "stories", ""),
    ],
    "Windows writes a file in three steps": [
        (events.FileCreatedEvent, "stories/new.md", ""),
        (events.FileModifiedEvent, "stories/new.md", ""),
        (events.FileModifiedEvent, "stories/new.md", ""),
    ],
    "macOS renames a file that it has just made": [
        (events.FileCreatedEvent, "stories/s1.md.sb-5f2c", ""),
        (events.FileModifiedEvent, "stories/s1.md.sb-5f2c", ""),
        (events.FileMovedEvent, "stories/s1.md.sb-5f2c", "stories/s1.md"),
    ],
    "macOS moves a file in from elsewhere": [(events.FileMovedEvent, "", "stories/s1.md")],
    "Finder and Explorer leave their own files": [
        (events.FileCreatedEvent, ".DS_Store", ""),
        (events.FileModifiedEvent, "stories/.DS_Store", ""),
        (events.FileModifiedEvent, "stories/._s1.md", ""),
    ],
}


@pytest.mark.parametrize(
    ("reported", "changed"),
    [
        (REPORTED["Windows deletes a folder, and says that it was a file"],
         {"stories/s1.md", "stories"}),
        (REPORTED["Windows writes a file in three steps"], {"stories/new.md"}),
        (REPORTED["macOS renames a file that it has just made"], {"stories/s1.md"}),
        (REPORTED["macOS moves a file in from elsewhere"], {"stories/s1.md"}),
        (REPORTED["Finder and Explorer leave their own files"], set()),
    ],
    ids=list(REPORTED),
)  # fmt: skip
def test_what_a_system_reports_is_the_paths_that_changed(
    reported: list[tuple[type[events.FileSystemEvent], str, str]], changed: set[str], content: Any
) -> None:
    folder = content(STORIES)
    watching = watcher.Watcher([folder], poll=True)
    real = folder.resolve()
    for kind, source, target in reported:
        paths = [str(real / path if path else real.parent / "away") for path in (source, target)]
        watching.on_any_event(kind(*paths) if "Moved" in kind.__name__ else kind(paths[0]))
    assert watching._batch.changed.keys() == {folder / path for path in changed}
    watching.close()


@pytest.mark.parametrize(
    ("path", "ignored"),
    [
        (r"stories\a.md", False),
        (r"stories\2024\a.md", False),
        (r"images\site\a.png", False),
        (r"site\index.html", True),
        (r"site-public\stories\a.html", True),
        (r".git\HEAD", True),
        (r"stories\.a.md.swp", True),
        (r"stories\a.md~", True),
        (r"stories\~$a.tmp", True),
    ],
)
def test_paths_of_windows_are_told_apart(path: str, ignored: bool) -> None:
    assert watcher._is_ignored(PureWindowsPath(path)) is ignored


# Files


@pytest.mark.slow
def test_a_handbook_with_line_ends_of_windows_is_the_same_site(tmp_path: Path) -> None:
    for name, end in (("lf", b"\n"), ("crlf", b"\r\n")):
        shutil.copytree(HANDBOOK, tmp_path / name, ignore=shutil.ignore_patterns("site*"))
        for path in (tmp_path / name).rglob("*"):
            if path.suffix in (".md", ".yml"):
                lines = path.read_bytes().replace(b"\r\n", b"\n").split(b"\n")
                path.write_bytes(end.join(lines))
        assert not pipeline.build(tmp_path / name, LAYOUTS, tmp_path / f"{name}-site").failed
    assert files_of(tmp_path / "crlf-site") == files_of(tmp_path / "lf-site")


@pytest.mark.slow
@pytest.mark.parametrize("edition", Edition)
def test_every_file_of_a_site_can_be_written_everywhere(edition: Edition) -> None:
    site = pipeline.build_site(pipeline.open_database(HANDBOOK, LAYOUTS, edition))
    assert not site.failed
    paths = list(site.files)
    assert len({path.lower() for path in paths}) == len(paths)
    for path in paths:
        assert re.fullmatch(r"[a-z0-9._/-]+", path, re.I), path
        for part in path.removeprefix(".").split("/"):
            stem = part.partition(".")[0]
            assert is_page_id(stem.lower()) or stem == "index", path
            assert not part.endswith((".", " ")), path
        assert len(path) < 200, path


def test_names_that_differ_in_case_only_are_one_address(content: Any, problems: Any) -> None:
    found = problems({"stories/Ferry.md": story("One"), "stories/ferry.md": story("Two")})
    if len(list(Path("content/stories").iterdir())) == 1:
        pytest.skip("this file system does not tell upper from lower case")
    assert found == [
        "content/stories/ferry.md:1: the id `ferry` is already taken by stories/Ferry.md:1; "
        "give one of them another `id: …` [duplicate-id]"
    ]
