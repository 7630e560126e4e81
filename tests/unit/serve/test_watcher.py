"""File watcher of `serve`: saves of every kind, and how they are debounced."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import LAYOUTS, story
from editions import PNG, write
from watchdog.events import FileClosedEvent, FileCreatedEvent, FileDeletedEvent, FileModifiedEvent

from starbook.build import pipeline
from starbook.content.folder import ContentFolder
from starbook.serve import watcher

PATIENCE = 30.0
STORIES = {"stories/a.md": story("Alpha"), "stories/b.md": story("Beta")}


def wait_for(watching: watcher.Watcher, path: Path) -> set[Path]:
    """Return all paths that are reported until `path` is."""
    found: set[Path] = set()
    end = time.monotonic() + PATIENCE
    while path not in found:
        assert time.monotonic() < end, f"{path} is seen"
        found.update(watching.wait(0.1))
    return found


@pytest.fixture(params=[False, True], ids=["events", "polling"])
def watched(request, content) -> Iterator[tuple[watcher.Watcher, Path]]:
    folder = content(STORIES)
    watching = watcher.Watcher([folder], poll=request.param)
    yield watching, folder
    watching.close()


def in_place(path: Path) -> None:
    path.write_text("saved", encoding="utf-8")


def by_rename(path: Path) -> None:
    temporary = path.with_name("a.md.tmp")
    temporary.write_text("saved", encoding="utf-8")
    temporary.replace(path)


def like_vim(path: Path) -> None:
    path.with_name("4913").touch()
    path.with_name("4913").unlink()
    backup = path.with_name("a.md~")
    path.rename(backup)
    path.write_text("saved", encoding="utf-8")
    backup.unlink()


def anew(path: Path) -> None:
    path.unlink()
    path.write_text("saved", encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("save", [in_place, by_rename, like_vim, anew, Path.unlink])
def test_a_save_is_seen_however_an_editor_does_it(save, watched) -> None:
    watching, folder = watched
    save(folder / "stories/a.md")
    assert wait_for(watching, folder / "stories/a.md") <= {
        folder / "stories/a.md",
        folder / "stories",
    }


@pytest.mark.slow
def test_a_folder_that_is_deleted_and_made_anew_is_watched(watched) -> None:
    watching, folder = watched
    shutil.rmtree(folder)
    wait_for(watching, folder)
    (folder / "stories").mkdir(parents=True)
    (folder / "stories/a.md").write_text("one", encoding="utf-8")
    wait_for(watching, folder)
    (folder / "stories/a.md").write_text("two, later", encoding="utf-8")
    wait_for(watching, folder / "stories/a.md")


@pytest.mark.slow
def test_a_folder_that_takes_the_place_of_another_is_watched(watched) -> None:
    watching, folder = watched
    shutil.copytree(folder, folder.with_name("fresh"))
    folder.rename(folder.with_name("old"))
    folder.with_name("fresh").rename(folder)
    wait_for(watching, folder)
    (folder.with_name("old") / "stories/b.md").write_text("not ours any more", encoding="utf-8")
    (folder / "stories/a.md").write_text("ours", encoding="utf-8")
    assert folder / "stories/b.md" not in wait_for(watching, folder / "stories/a.md")


def test_a_folder_that_is_made_later_is_watched(tmp_path) -> None:
    watching = watcher.Watcher([tmp_path / "content"])
    (tmp_path / "content").mkdir()
    wait_for(watching, tmp_path / "content")
    (tmp_path / "content/handbook.yml").write_text("title: x", encoding="utf-8")
    wait_for(watching, tmp_path / "content/handbook.yml")
    watching.close()


def test_reading_and_what_programs_keep_for_themselves_are_no_news(content) -> None:
    folder = content(STORIES)
    watching = watcher.Watcher([folder])
    pipeline.build_site(pipeline.open_database(folder, LAYOUTS))
    for name in (".git/index", ".cache/x", "stories/.a.md.swp", "stories/a.md~", "stories/#a.md#"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("x", encoding="utf-8")
    (folder / "stories/c.md").write_text("x", encoding="utf-8")
    assert wait_for(watching, folder / "stories/c.md") == {folder / "stories/c.md"}
    watching.close()


def _linked_folder(folder: Path) -> None:
    (folder / "stories/media").symlink_to("../.vault", target_is_directory=True)


def _linked_file(folder: Path) -> None:
    (folder / "stories/chart.png").symlink_to("../.vault/chart.png")


@pytest.mark.slow
@pytest.mark.parametrize("watched", [False], indirect=True, ids=["events"])
@pytest.mark.parametrize(
    ("link", "saved", "prepare"),
    [
        (".vault/chart.png", "stories/.vault/chart.png", lambda folder: None),
        ("../.vault/chart.png", ".vault/chart.png", lambda folder: None),
        ("2024", "stories/2024", lambda folder: None),
        ("chart.png~", "stories/chart.png~", lambda folder: None),
        ("media/chart.png", ".vault/chart.png", _linked_folder),
        ("chart.png", ".vault/chart.png", _linked_file),
    ],
)
def test_a_picture_that_a_story_shows_is_watched_wherever_it_lies(
    watched, link: str, saved: str, prepare: Callable[[Path], None]
) -> None:
    watching, folder = watched
    write(folder, {saved: PNG, "stories/a.md": story("Alpha", body=f"\n![x](<{link}>)\n")})
    prepare(folder)
    database = pipeline.open_database(folder, LAYOUTS)
    assert not pipeline.build_site(database).failed
    content: ContentFolder = database.environment.content
    watching.watch_also(folder, content.read_paths())
    while watching.wait(0.3):
        pass

    write(folder, {saved: PNG + b"\0", ".git/index": "x", "stories/.a.md.swp": "x"})

    found = wait_for(watching, folder / saved)
    assert found <= {folder / saved, (folder / saved).parent}


@pytest.mark.slow
@pytest.mark.parametrize("watched", [True], indirect=True, ids=["polling"])
def test_links_to_the_folders_around_them_are_not_followed(watched) -> None:
    watching, folder = watched
    (folder / "stories/again").symlink_to(".")
    (folder / "all").symlink_to("..")
    wait_for(watching, folder / "all")
    (folder.parent / "site").mkdir()
    (folder.parent / "site/index.html").write_text("x", encoding="utf-8")
    (folder / "stories/a.md").write_text("saved", encoding="utf-8")
    assert wait_for(watching, folder / "stories/a.md") <= {
        *(folder / "stories/a.md", folder / "stories", folder / "stories/again"),
    }


def test_many_saves_are_one_batch(content) -> None:
    folder = content(STORIES)
    watching = watcher.Watcher([folder])
    names = {folder / f"stories/{n}-{kind}.md" for n in range(50) for kind in "xy"}
    for path in names:
        path.write_text("x", encoding="utf-8")
    assert set(watching.wait(PATIENCE)) == names
    watching.close()


@pytest.mark.slow
def test_where_the_system_watches_no_more_folders_we_look_ourselves(content, monkeypatch) -> None:
    folder = content(STORIES)
    full = OSError(28, "inotify watch limit reached")

    class Full(watcher.Observer):  # type: ignore[misc, valid-type]
        def schedule(self, *args: Any, **options: Any) -> None:
            raise full

    monkeypatch.setattr(watcher, "Observer", Full)
    watching = watcher.Watcher([folder])
    assert watching.polls
    (folder / "stories/a.md").write_text("saved", encoding="utf-8")
    wait_for(watching, folder / "stories/a.md")
    watching.close()


A, B = Path("a.md"), Path("b.md")


def test_one_whole_file_is_acted_upon_at_once() -> None:
    batch = watcher.Debouncer(reports_close=True)
    assert batch.due is None
    batch.add(FileModifiedEvent, A, 1.0)
    assert batch.due == 1.0 + watcher.LONG_DELAY  # it may be half written
    batch.add(FileClosedEvent, A, 1.01)
    assert batch.due == 1.01 + watcher.SHORT_DELAY
    assert list(batch.changed) == [A]


def test_a_system_that_does_not_say_when_a_file_is_whole_is_not_waited_for() -> None:
    batch = watcher.Debouncer(reports_close=False)
    batch.add(FileModifiedEvent, A, 1.0)
    assert batch.due == 1.0 + watcher.SHORT_DELAY


def test_a_second_file_makes_us_wait_for_a_third_but_not_for_ever() -> None:
    batch = watcher.Debouncer(reports_close=True)
    for n in range(100):
        batch.add(FileClosedEvent, Path(f"{n}.md"), 1.0 + n / 50)
    assert batch.due == 1.0 + watcher.MAX_DELAY


def test_a_file_that_is_gone_may_be_back_in_a_moment() -> None:
    batch = watcher.Debouncer(reports_close=True)
    batch.add(FileDeletedEvent, A, 1.0)
    assert batch.due == 1.0 + watcher.LONG_DELAY
    batch.add_move(None, A, 1.01)
    assert batch.due == 1.01 + watcher.SHORT_DELAY


def test_a_file_made_to_take_anothers_place_is_not_a_second_one() -> None:
    batch = watcher.Debouncer(reports_close=True)
    batch.add(FileCreatedEvent, B, 1.0)
    batch.add_move(B, A, 1.01)
    assert (list(batch.changed), batch.due) == ([A], 1.01 + watcher.SHORT_DELAY)
    batch.add_move(A, B, 1.02)
    assert set(batch.changed) == {A, B}


@pytest.mark.slow
def test_a_site_that_is_written_into_the_handbook_is_no_change(watched) -> None:
    watching, folder = watched
    assert not pipeline.build(folder, LAYOUTS, folder / "site").failed
    (folder / "stories/b.md").write_text("saved", encoding="utf-8")

    assert wait_for(watching, folder / "stories/b.md") <= {
        folder / "stories/b.md",
        folder / "stories",
    }
