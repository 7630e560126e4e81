"""A build is replayed where nothing has changed, and never where something has."""

import errno
import mmap
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest
from conftest import ROOT, story
from editions import PNG, write

from starbook import cli
from starbook.build import cache, fast_path
from starbook.build.database import Database

if sys.platform != "win32":
    import fcntl

posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows does not say when a file changed")
pytestmark = posix_only

# Files are seen to be old after so long, in seconds.
AGE = 3 * fast_path._TICK / 10**9
FILES = {
    "content/stories/a.md": story("The flood"),
    "content/stories/b.md": story("The fire", body="\n![it](it.png)\n"),
    "content/stories/it.png": PNG,
    "content/questions.yml": "- question: Why?\n",
}
COMMAND = ["--content", "content", "--out", "site"]


@pytest.fixture(autouse=True)
def _as_a_person_runs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """With STARBOOK_VENV set, no build is replayed."""
    monkeypatch.delenv("STARBOOK_VENV", raising=False)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a handbook, a site of it, and a record of the build."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path, FILES)
    build()
    return tmp_path


def build(*more: str) -> int:
    time.sleep(AGE)
    return cli.main([*COMMAND, *more])


def is_replayed(*more: str) -> bool:
    return fast_path.replay_if_unchanged([*COMMAND, *more])


def test_the_output_of_a_build_is_replayed(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    build()
    first = capsys.readouterr()
    assert is_replayed()
    again = capsys.readouterr()
    assert again.out.splitlines()[0] == "Content: content"
    assert again.out.splitlines()[1].startswith("Built 2 stories and 1 question: ")
    assert again.out.endswith(" s, 0 files changed.\nOpen site/index.html\n")
    assert again.out.partition(" pages ")[0] == first.out.partition(" pages ")[0]
    assert again.err == first.err == ""


@pytest.mark.slow
def test_warnings_are_replayed(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"content/stories/c.md": "---\ntitle: C\nstatus: ready\n---\n"})
    build()
    first = capsys.readouterr().err
    assert "[missing-part]" in first
    assert is_replayed()
    assert capsys.readouterr().err == first


def _same_size_and_time(here: Path) -> None:
    path = here / "content/stories/a.md"
    times = path.stat()
    path.write_text(path.read_text(encoding="utf-8").replace("late", "soon"), encoding="utf-8")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


CHANGES: dict[str, Callable[[Path], object]] = {
    "a story": lambda here: write(here, {"content/stories/a.md": story("The flood, again")}),
    "a story with the old time and size": _same_size_and_time,
    "a new story": lambda here: write(here, {"content/stories/c.md": story("New")}),
    "a story in a new folder": lambda here: write(here, {"content/stories/x/c.md": story("New")}),
    "a story that is gone": lambda here: (here / "content/stories/a.md").unlink(),
    "another name": lambda here: (here / "content/stories/a.md").rename("content/stories/z.md"),
    "a list": lambda here: write(here, {"content/categories.yml": "- name: X\n"}),
    "a picture": lambda here: write(here, {"content/stories/it.png": PNG + b"\0"}),
    "all content": lambda here: shutil.rmtree(here / "content"),
    "a page": lambda here: write(here, {"site/index.html": "mine"}),
    "a page that is gone": lambda here: (here / "site/stories/a.html").unlink(),
    "a file beside the pages": lambda here: write(here, {"site/own.txt": "mine"}),
    "the site": lambda here: shutil.rmtree(here / "site"),
    "a stopped build": lambda here: (here / ".site.new").mkdir(),
    "a link in the place of a file": lambda here: (
        (here / "content/stories/a.md").rename(here / "a.md"),
        (here / "content/stories/a.md").symlink_to(here / "a.md"),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
def test_nothing_is_replayed_where_something_changed(here: Path, change: str) -> None:
    build()
    assert is_replayed()
    CHANGES[change](here)
    assert not is_replayed()


SHOWN = {
    "in a hidden folder": ("stories/.attachments/p.png", ".attachments/p.png"),
    "in a hidden folder above": (".media/2024/p.png", "../.media/2024/p.png"),
    "in a folder of Python's": ("stories/__pycache__/p.png", "__pycache__/p.png"),
    "with a hidden name": ("stories/.p.png", ".p.png"),
    "in a folder of a name like another program's": ("stories/node_modules/p~", "node_modules/p~"),
}


@pytest.mark.slow
@pytest.mark.parametrize("where", SHOWN)
@pytest.mark.parametrize("edition", [[], ["--public"]], ids=["private", "public"])
def test_a_picture_that_changes_is_shown_wherever_it_lies(
    here: Path, where: str, edition: list[str]
) -> None:
    path, link = SHOWN[where]
    text = story("The storm", "publish: true", body=f"\n![a chart](<{link}>)\n")
    write(here, {"content/stories/s.md": text, f"content/{path}": PNG})
    options = [*COMMAND[:-1], "own", *edition]
    time.sleep(AGE)
    assert cli.main(options) == 0
    assert fast_path.replay_if_unchanged(options)
    before = set((here / "own/images").iterdir())
    write(here, {f"content/{path}": PNG.replace(b"\0\0\0\x01\0\0\0\x01\x08", DARKER)})

    assert not fast_path.replay_if_unchanged(options)

    time.sleep(AGE)
    assert cli.main(options) == 0
    assert set((here / "own/images").iterdir()) != before
    assert fast_path.replay_if_unchanged(options)
    (here / "content" / path).unlink()
    assert not fast_path.replay_if_unchanged(options)


# The head of a picture of one point by one, with another depth of colour.
DARKER = b"\0\0\0\x01\0\0\0\x01\x10"


@pytest.mark.slow
def test_a_picture_that_is_replaced_while_a_build_runs_is_not_taken_for_the_one_that_was_read(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = story("The storm", body="\n![a chart](.own/p.png)\n")
    write(here, {"content/stories/s.md": text, "content/stories/.own/p.png": PNG})
    commit = Database.commit

    def late(self: Database, *, save: bool = True) -> None:
        write(here, {"content/stories/.own/p.png": PNG + b"\0"})
        commit(self, save=save)

    monkeypatch.setattr(Database, "commit", late)
    build()
    time.sleep(AGE)

    assert not is_replayed()


@pytest.mark.slow
def test_a_story_in_a_folder_of_any_name_is_not_overlooked(here: Path) -> None:
    write(here, {"content/stories/__pycache__/c.md": story("The frost")})
    build()
    assert is_replayed()
    write(here, {"content/stories/__pycache__/d.md": story("The drought")})
    assert not is_replayed()


def _mapped(file: IO[bytes]) -> IO[bytes] | mmap.mmap:
    with file:
        return mmap.mmap(file.fileno(), 0)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell who writes a file")
@pytest.mark.parametrize("path", ["content/stories/a.md", "content/questions.yml"])
@pytest.mark.parametrize("hold", [_mapped, lambda file: file], ids=["mapped", "open"])
def test_what_a_program_may_change_without_a_trace_is_read_again(
    here: Path, path: str, hold: Callable[[IO[bytes]], IO[bytes] | mmap.mmap]
) -> None:
    held = hold((here / path).open("r+b"))
    build()
    if isinstance(held, mmap.mmap):
        held[-4:-1] = b"odd"
        time.sleep(AGE)
        build()
        held[-4:-1] = b"new"

    assert not is_replayed()

    held.close()
    build()
    assert is_replayed()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no leases")
def test_a_file_system_without_leases_is_recorded_as_always(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(file: int, command: int, argument: int = 0) -> int:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(fcntl, "fcntl", refuse)
    build()
    assert is_replayed()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no leases")
def test_a_program_that_opens_a_file_while_that_is_asked_does_not_end_the_build(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, writers = fcntl.fcntl, []

    def slow(file: int, command: int, argument: int = 0) -> int:
        if command == fcntl.F_SETLEASE and argument == fcntl.F_UNLCK and not writers:
            code = "import sys; open(sys.argv[1], 'r+b').close()"
            name = os.readlink(f"/proc/self/fd/{file}")  # noqa: PTH115
            writers.append(subprocess.Popen([sys.executable, "-c", code, name]))
            time.sleep(0.3)  # it waits for us now, and the system has told us so
        return ask(file, command, argument)

    monkeypatch.setattr(fcntl, "fcntl", slow)
    before = signal.getsignal(signal.SIGIO)

    assert build() == 0

    assert [writer.wait(30) for writer in writers] == [0]
    assert signal.getsignal(signal.SIGIO) == before


@pytest.mark.slow
def test_another_command_or_place_is_another_build(here: Path) -> None:
    assert is_replayed()
    assert fast_path.replay_if_unchanged(["--out", "site", "--content", "content"]) is False
    assert not is_replayed("--public")
    assert not fast_path.replay_if_unchanged(["check", *COMMAND])
    assert not fast_path.replay_if_unchanged(["deploy", *COMMAND])
    os.chdir(here / "content")
    assert not fast_path.replay_if_unchanged(["--content", "../content", "--out", "../site"])


@pytest.mark.slow
def test_the_layouts_and_starbook_itself_count(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layouts = shutil.copytree(ROOT / "layouts", tmp_path / "own")
    assert build("--layouts", "own") == 0
    assert is_replayed("--layouts", "own")
    with (layouts / "story.html").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert not is_replayed("--layouts", "own")
    for name in ("starbook/pages/views.py", "pyproject.toml"):
        record = next(records()).read_bytes()
        assert os.fsencode(str(ROOT / name)) in record


@pytest.mark.slow
def test_a_build_with_faults_is_not_replayed(here: Path) -> None:
    write(here, {"content/stories/a.md": "---\ntitle: [\n---\n"})
    assert build() == 1
    assert not is_replayed()


def records() -> Iterator[Path]:
    yield from Path(cache.root()).glob("*.built")


@pytest.mark.slow
@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data + b"x",
        lambda data: data.replace(b"2 stories", b"9 stories"),
        lambda data: data.replace(b"starbook 5", b"starbook 4"),
        lambda data: b"\xff" * 100,
    ],
    ids=["empty", "cut", "longer", "other words", "older", "noise"],
)
def test_a_damaged_record_is_never_believed_and_made_anew(
    here: Path, damage: Callable[[bytes], bytes]
) -> None:
    for record in records():
        record.write_bytes(damage(record.read_bytes()))
    assert not is_replayed()
    assert build() == 0
    assert is_replayed()


@pytest.mark.slow
@pytest.mark.parametrize(
    "listed", [b"- /nowhere", b"", b"- /proc/none\n- /nowhere"], ids=["one", "none", "two"]
)
def test_a_record_that_was_made_up_is_not_believed(here: Path, listed: bytes) -> None:
    (record,) = records()
    parts = [b"", b"made up\n", b"made up\n", b"Content: c\nBuilt 9 stories in \0 s.\n", listed]
    body = b"\0\0".join(parts)
    record.write_bytes(fast_path._head(COMMAND, body) + body)
    assert fast_path._read_record(COMMAND) == parts  # its form is right
    assert not is_replayed()


def test_a_record_of_another_installation_is_not_believed(here: Path) -> None:
    (record,) = records()
    *parts, lines = fast_path._read_record(COMMAND)
    own = os.fsencode(ROOT / "starbook/build/fast_path.py")
    kept = b"\n".join(line for line in lines.split(b"\n") if not line.endswith(own))
    body = b"\0\0".join((*parts, kept))
    record.write_bytes(fast_path._head(COMMAND, body) + body)
    assert not is_replayed()


@pytest.mark.slow
def test_a_record_that_others_may_have_written_is_not_believed(here: Path) -> None:
    for record in records():
        record.chmod(0o666)
    assert not is_replayed()


@pytest.mark.slow
def test_a_record_that_was_copied_with_the_content_is_not_believed(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(here, tmp_path / "copy", symlinks=True)
    monkeypatch.chdir(tmp_path / "copy")
    assert not is_replayed()


@pytest.mark.slow
def test_the_record_is_for_its_owner_alone_and_in_none_of_their_folders(here: Path) -> None:
    folder = Path(cache.root())
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [record.stat().st_mode & 0o777 for record in records()] == [0o600]
    assert sorted(path.name for path in here.iterdir()) == ["content", "site"]


@pytest.mark.slow
def test_where_no_record_can_be_written_the_build_is_as_always(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, FILES)
    Path(cache.root()).write_text("a file in the place of the folder", encoding="utf-8")
    assert build() == 0
    assert capsys.readouterr().err == ""
    assert not is_replayed()


@pytest.mark.slow
def test_content_that_was_saved_a_moment_ago_is_not_trusted(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fast_path, "_TICK", 10**12)  # a clock that ticks once in a while
    monkeypatch.setattr(fast_path.time, "sleep", lambda seconds: None)
    write(here, {"content/stories/a.md": story("Newer")})
    cli.main(COMMAND)
    assert not is_replayed()


def test_it_does_without_any_package() -> None:
    """build.py comes here on a bare machine, and before anything that takes time."""
    code = "import sys, starbook.build.fast_path; print(*sorted(sys.modules))"
    said = subprocess.run(
        [sys.executable, "-S", "-c", code], env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert not {"pathlib", "msgspec", "jinja2", "json", "argparse", "re"} & set(said.stdout.split())


@pytest.mark.slow
def test_the_door_replays_it(here: Path) -> None:
    command = [sys.executable, str(ROOT / "build.py"), *COMMAND]
    build()
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    assert said.stdout.endswith("0 files changed.\nOpen site/index.html\n")
    CHANGES["a story"](here)
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    assert " 0 files changed" not in said.stdout
    assert "The flood, again" in (here / "site/stories/a.html").read_text(encoding="utf-8")
