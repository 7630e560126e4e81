"""What a build leaves for the next one saves work, and is never believed where it is wrong."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import LAYOUTS, story
from editions import read, write
from starbook.build.press import Press
from starbook.build.stored import Left, as_bytes

from starbook import cli
from starbook.build import cache, fast_path, output, past, pipeline, pool, stored
from starbook.render.templates import Templates
from starbook.serve import http, session

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows does not say what changed")

# Files are seen to be old after so long, in seconds.
AGE = 3 * fast_path._TICK / 10**9
FILES = {
    "content/stories/a.md": story("The flood", body="\n## Result\n\nIt was dry.\n"),
    "content/stories/b.md": story("The fire"),
    "content/stories/c.md": story("The frost"),
    "content/guides/g.md": "---\ntitle: Guide\n---\n\nCalm.\n",
    "content/questions.yml": "- question: Why?\n  stories: [a]\n",
}
COMMAND = ["--content", "content", "--layouts", "layouts", "--out", "site"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a handbook, a site of it, and what the build left."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(LAYOUTS, tmp_path / "layouts")
    write(tmp_path, FILES)
    build()
    return tmp_path


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages and cards that are made from now on."""
    found = []
    make = Press._page

    def page(self, part, view):
        found.append(f"{part.path} {part.name}".strip())
        return make(self, part, view)

    monkeypatch.setattr(Press, "_page", page)
    return found


def build() -> None:
    time.sleep(AGE)
    assert cli.main(COMMAND) == 0


def kept(pattern: str) -> list[Path]:
    return list(Path(cache.handbook_folder("content")).glob(pattern))


def left(here: Path) -> Path:
    (found,) = kept("*.sqlite")
    return found


def clean(here: Path) -> dict[str, bytes]:
    assert cli.main([*COMMAND[:-1], "clean"]) == 0
    return read(here / "clean")


def test_a_story_that_is_edited_costs_what_shows_it(here: Path, made: list[str]) -> None:
    write(here, {"content/stories/a.md": FILES["content/stories/a.md"].replace("dry", "wet")})
    build()
    assert "stories/a.html" in made
    assert "cards.html a" in made
    assert not {"stories/c.html", "cards.html c", "guides/g.html", "index.html"} & set(made)
    assert "It was wet." in (here / "site/stories/a.html").read_text(encoding="utf-8")
    assert read(here / "site") == clean(here)


@pytest.mark.parametrize("ahead", [0, 1, 100, 10**6])
def test_whatever_is_read_ahead_all_is_found_again(
    here: Path, made: list[str], monkeypatch: pytest.MonkeyPatch, ahead: int
) -> None:
    monkeypatch.setattr(past, "_AHEAD", ahead)
    write(here, {"content/stories/a.md": FILES["content/stories/a.md"].replace("dry", "wet")})
    build()
    assert made == ["stories/a.html", "cards.html a"]


def test_a_page_that_somebody_changed_in_the_site_is_made_again(
    here: Path, made: list[str]
) -> None:
    page = here / "site/guides/g.html"
    right = page.read_bytes()
    page.write_bytes(right.replace(b"Calm", b"Calx"))
    build()
    assert made == ["guides/g.html"]
    assert page.read_bytes() == right


@pytest.fixture
def read_again(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The files of the site that are read from now on."""
    found = set()
    read = Left.read

    def noted(self, start, length):
        found.add(Path(self.path).name)
        return read(self, start, length)

    monkeypatch.setattr(Left, "read", noted)
    return found


def test_a_page_that_looks_as_it_was_left_is_not_even_read(
    here: Path, read_again: set[str]
) -> None:
    write(here, {"content/stories/a.md": FILES["content/stories/a.md"].replace("dry", "wet")})
    build()
    assert read_again == {"cards.html"}  # of which one card is new
    assert read(here / "site") == clean(here)


def test_without_a_record_of_how_pages_looked_they_are_read(
    here: Path, made: list[str], read_again: set[str]
) -> None:
    for record in kept("*.built"):
        record.unlink()
    write(here, {"content/stories/a.md": FILES["content/stories/a.md"].replace("dry", "wet")})
    build()
    assert {"g.html", "c.html", "cards.html"} <= read_again
    assert not {"stories/c.html", "cards.html c", "guides/g.html"} & set(made)
    assert read(here / "site") == clean(here)


def test_a_record_of_another_build_says_nothing_of_how_pages_looked(
    here: Path, read_again: set[str]
) -> None:
    (record,) = kept("*.built")
    older = record.read_bytes()
    edits = (FILES["content/stories/a.md"].replace("dry", word) for word in ("wet", "damp"))
    for number, text in enumerate(edits):
        write(here, {"content/stories/a.md": text})
        if number:
            record.write_bytes(older)
            read_again.clear()
        build()
    assert "c.html" in read_again
    assert read(here / "site") == clean(here)


def test_pages_wait_on_the_disk_where_they_are_many(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = read(here / "site")
    left(here).unlink()
    monkeypatch.setattr(stored, "_LITTLE", 0)
    monkeypatch.setattr(stored, "_STEP", 100)
    assert clean(here) == small
    build()  # over the old site
    assert read(here / "site") == small


def test_pages_wait_in_memory_where_the_disk_is_full(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(stored, "_LITTLE", 0)
    monkeypatch.setattr(stored, "_nameless", full)
    assert clean(here) == read(here / "site")


def test_what_is_left_goes_on_in_one_file_and_does_not_grow_for_ever(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "_FEW", 100_000)
    first, sizes = left(here).stat(), []
    with left(here).open("rb"):  # while it is open, no new file is given its number
        for number in range(12):
            text = FILES["content/stories/a.md"].replace("dry", f"{number} feet high")
            write(here, {"content/stories/a.md": text})
            build()
            sizes.append(left(here).stat())
    assert sizes[0].st_ino == first.st_ino
    assert sizes[0].st_size > first.st_size
    assert max(size.st_size for size in sizes) < 100_000 + 3 * first.st_size
    assert sizes[-1].st_ino != first.st_ino
    assert read(here / "site") == clean(here)


def test_a_site_that_is_gone_is_made_again(here: Path) -> None:
    before = read(here / "site")
    shutil.rmtree(here / "site")
    build()
    assert read(here / "site") == before


def test_with_other_layouts_nothing_of_it_counts(here: Path, made: list[str]) -> None:
    layout = here / "layouts/base.html"
    layout.write_text(layout.read_text("utf-8").replace("<body", "<body data-new"), "utf-8")
    build()
    assert "guides/g.html" in made
    assert b"<body data-new" in (here / "site/guides/g.html").read_bytes()
    assert read(here / "site") == clean(here)


def _cut_short(data: bytes) -> bytes:
    return data[: len(data) // 2]


@pytest.mark.parametrize(
    "damage", [_cut_short, lambda data: b"", lambda data: data + b"x", lambda data: b"\0"]
)
def test_a_damaged_one_is_not_believed(
    here: Path, made: list[str], damage: Callable[[bytes], bytes]
) -> None:
    path = left(here)
    path.write_bytes(damage(path.read_bytes()))
    write(here, {"content/stories/a.md": FILES["content/stories/a.md"].replace("dry", "wet")})
    build()
    assert {"guides/g.html", "cards.html c"} <= set(made)
    assert read(here / "site") == clean(here)


@pytest.mark.parametrize("tenth", range(10))
def test_a_bit_that_is_wrong_shows_nowhere(here: Path, tenth: int) -> None:
    path = left(here)
    data = bytearray(path.read_bytes())
    data[len(data) * tenth // 10] ^= 1
    path.write_bytes(data)
    write(here, {"content/stories/a.md": FILES["content/stories/a.md"].replace("dry", "wet")})
    build()
    assert read(here / "site") == clean(here)


def test_one_that_others_could_write_is_not_believed(here: Path, made: list[str]) -> None:
    left(here).chmod(0o666)
    write(here, {"content/stories/a.md": FILES["content/stories/a.md"].replace("dry", "wet")})
    build()
    assert "guides/g.html" in made


def test_one_that_several_processes_worked_for_is_whole(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "FEWEST", 2)
    monkeypatch.setattr(past, "_MUCH", 100)  # and that is written piece by piece
    left(here).unlink()
    write(here, {"content/stories/d.md": story("The drought")})
    build()
    monkeypatch.undo()
    monkeypatch.chdir(here)
    there = past.read("content", "layouts", here / "site", "private")
    for place in ("stories/a.md", "stories/d.md", "guides/g.html ", "cards.html b"):
        assert there.last(place, Any) is not None, place


def test_a_build_that_fails_leaves_what_the_last_one_left(here: Path) -> None:
    before = left(here).read_bytes()
    write(here, {"content/stories/a.md": "no front matter\n"})
    time.sleep(AGE)
    assert cli.main(COMMAND) == 1
    assert left(here).read_bytes() == before
    assert kept("*.new") == []


def test_nobody_else_may_read_it(here: Path) -> None:
    assert left(here).stat().st_mode & 0o777 == 0o600


def served(here: Path) -> session.Session:
    """A server that has begun."""
    terminal = session.Terminal(lambda _: None, lambda _: None, lambda *_: None)
    folders = here / "content", here / "layouts", here / "site"
    serving = session.Session(*folders, http.SnapshotChannel(), terminal)
    serving.begin(lambda: None)
    return serving


def shown(serving: session.Session) -> dict[str, bytes]:
    assert serving.channel.current.diagnostics == ()
    return {path: as_bytes(data) for path, data in sorted(serving.channel.current.files.items())}


def test_a_server_begins_with_what_the_last_build_left_and_needs_the_site_no_more(
    here: Path, made: list[str]
) -> None:
    serving = served(here)
    assert made == []
    site = read(here / "site")
    del site[output.NAME]
    shutil.rmtree(here / "site")
    assert shown(serving) == site
    write(here, {"content/stories/a.md": FILES["content/stories/a.md"].replace("dry", "wet")})
    serving.rebuild((here / "content/stories/a.md",))
    assert made == ["stories/a.html", "cards.html a"]
    serving.write()
    assert read(here / "site") == clean(here)


def test_a_server_begins_with_what_the_last_one_left(here: Path, made: list[str]) -> None:
    left(here).unlink()
    served(here).write()
    assert "guides/g.html" in made
    made.clear()
    assert shown(served(here))
    assert made == []
    build()
    assert made == []


def test_what_a_server_begins_with_is_not_believed_where_the_site_is_another(here: Path) -> None:
    before = read(here / "site")
    for page in (here / "site").rglob("*.html"):
        page.write_bytes(page.read_bytes().replace(b"e", b"i"))
    served(here).write()
    assert read(here / "site") == before


def test_a_folder_that_cannot_hold_it_stops_no_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(LAYOUTS, tmp_path / "layouts")
    write(tmp_path, FILES)
    Path(cache.root()).write_text("a file\n", encoding="utf-8")
    build()
    assert (tmp_path / "site/index.html").is_file()


def common(here: Path) -> Path:
    (found,) = Path(cache.root()).glob("*.program")
    return found


def forget_handbook(here: Path) -> None:
    left(here).unlink()
    shutil.rmtree(here / "site")


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The layouts that are compiled from now on."""
    found = []
    compile_ = Templates.compile

    def noted(self, source, name=None, *rest, **options):
        found.append(name)
        return compile_(self, source, name, *rest, **options)

    monkeypatch.setattr(Templates, "compile", noted)
    return found


def test_layouts_are_compiled_once_for_all_handbooks(here: Path, compiled: list[str]) -> None:
    write(here, {"other/stories/a.md": story("The storm")})
    time.sleep(AGE)
    assert cli.main(["--content", "other", "--layouts", "layouts", "--out", "other-site"]) == 0
    assert compiled == []
    assert "The storm" in (here / "other-site/stories/a.html").read_text(encoding="utf-8")


def test_a_layout_that_changed_is_compiled_again(here: Path, compiled: list[str]) -> None:
    layout = here / "layouts/guide.html"
    layout.write_text(layout.read_text("utf-8") + "<!-- new -->", "utf-8")
    build()
    assert "guide.html" in compiled
    assert read(here / "site") == clean(here)


def test_what_all_handbooks_share_is_of_no_handbook(here: Path) -> None:
    assert b"flood" in left(here).read_bytes()
    assert b"flood" not in common(here).read_bytes()
    assert common(here).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("tenth", range(10))
def test_a_bit_of_that_which_is_wrong_shows_nowhere(here: Path, tenth: int) -> None:
    data = bytearray(common(here).read_bytes())
    data[len(data) * tenth // 10] ^= 1
    common(here).write_bytes(data)
    before = read(here / "site")
    forget_handbook(here)
    build()
    assert read(here / "site") == before


def test_a_layout_that_no_page_needs_may_be_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(LAYOUTS, tmp_path / "layouts")
    public = {"content/stories/a.md": story("The flood", "publish: true")}
    write(tmp_path, {**public, "layouts/to-ask.html": "{% if"})
    time.sleep(AGE)
    assert cli.main([*COMMAND, "--public"]) == 0
    assert (tmp_path / "site/stories/a.html").is_file()


def test_what_the_site_already_says_is_searched_for_leaks_as_a_text() -> None:
    files = {"search-texts/0.js": stored.Stored((b'"\\u003cem>"',)), "images/a.png": b"\x89"}
    assert pipeline._said(files, ()) == {**files, "search-texts/0.js": '"\\u003cem>"'}
