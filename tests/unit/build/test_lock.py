"""Two builds at once: the second waits and names the first, and a dead one holds no lock."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from conftest import ROOT, story

from starbook import cli
from starbook.build import lock, output, pipeline

posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows lets nobody read a locked file")

Make = Callable[..., Path]
Said = pytest.CaptureFixture[str]
Hold = Callable[[], "subprocess.Popen[str]"]

# A build in the midst of writing, until it is told to go on.
HOLDER = """
import sys
from pathlib import Path
from starbook.build import lock

with lock.holding(Path(sys.argv[1]), 5, print):
    print("holding", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def hold() -> Iterator[Hold]:
    """Start a process that holds the lock of `site/`."""
    with ExitStack() as processes:

        def start() -> "subprocess.Popen[str]":
            process = processes.enter_context(_python("-c", HOLDER, ".site.lock"))
            assert process.stdout
            assert process.stdout.readline() == "holding\n"
            return process

        yield start


def _python(*argv: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, *argv],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
    )


def start_build(*argv: str) -> "subprocess.Popen[str]":
    return _python(str(ROOT / "build.py"), "--content", "content", "--out", "site", *argv)


@pytest.mark.slow
@posix_only
def test_the_second_build_says_for_whom_it_waits_and_goes_on_when_that_is_done(
    content: Make, hold: Hold
) -> None:
    content({"stories/a.md": story("One")})
    first = hold()
    with start_build() as second:
        assert second.stderr
        assert second.stdout

        waiting = second.stderr.readline()
        assert waiting == f"Waiting for process {first.pid}, which is building too…\n"
        assert second.poll() is None
        assert not Path("site").exists()
        first.communicate("go on\n")
        said = second.stdout.read()

        assert (second.wait(), second.stderr.read()) == (0, "")
        assert re.search(r"^Built 1 story and 0 questions: ", said, re.MULTILINE)
    assert Path("site/stories/a.html").is_file()
    assert not Path(".site.lock").exists()


@pytest.mark.slow
@posix_only
def test_a_build_that_waits_too_long_says_who_holds_the_folder_and_writes_nothing(
    content: Make, hold: Hold, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    content({"stories/a.md": story("One")})
    first = hold()
    monkeypatch.setattr(pipeline, "PATIENCE", 0.2)

    assert cli.main(["--content", "content", "--out", "site"]) == 1

    assert capsys.readouterr().err == (
        f"Waiting for process {first.pid}, which is building too…\n"
        f"site: error: "
        f"is being written by process {first.pid}; wait until it has finished, or end it "
        "[output]\nNothing was built: 1 error.\n"
    )
    assert sorted(p.name for p in Path().iterdir()) == [".site.lock", "content"]


@posix_only
def test_what_a_running_build_has_begun_is_not_taken_for_a_leftover(
    content: Make, hold: Hold, monkeypatch: pytest.MonkeyPatch
) -> None:
    content({"stories/a.md": story("One")})
    hold()
    half = Path(".site.new")
    half.mkdir()
    (half / ".starbook.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(pipeline, "PATIENCE", 0.2)

    assert cli.main(["--content", "content", "--out", "site"]) == 1

    assert half.is_dir()


@pytest.mark.slow
@posix_only
def test_a_folder_that_is_refused_while_another_build_exchanges_it_is_looked_at_again(
    content: Make, hold: Hold
) -> None:
    folder = content({"stories/a.md": story("One")})
    assert cli.main(["--content", "content", "--out", "site"]) == 0
    first = hold()
    Path("site/.starbook.json").rename("list")  # it looks like a folder of somebody else's
    (folder / "stories/a.md").write_text(story("Two"), encoding="utf-8")
    with start_build() as second:
        assert second.stderr
        waiting = second.stderr.readline()
        assert waiting == f"Waiting for process {first.pid}, which is building too…\n"
        Path("list").rename("site/.starbook.json")
        first.communicate("go on\n")

        assert (second.wait(), second.stderr.read()) == (0, "")
    assert "Two" in Path("site/stories/a.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_folder_that_looked_foreign_for_a_moment_is_looked_at_again(
    content: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    content({"stories/a.md": story("One")})
    assert cli.main(["--content", "content", "--out", "site"]) == 0
    read, left = output.read_manifest, [None]

    def late(out: Path) -> output.Manifest | None:
        return left.pop() if left else read(out)

    monkeypatch.setattr(output, "read_manifest", late)

    assert cli.main(["--content", "content", "--out", "site"]) == 0


def test_the_lock_of_a_build_that_was_killed_is_taken_over_at_once(
    content: Make, hold: Hold, capsys: Said
) -> None:
    content({"stories/a.md": story("One")})
    first = hold()
    first.kill()
    first.wait()
    assert Path(".site.lock").exists()

    assert cli.main(["--content", "content", "--out", "site"]) == 0

    assert capsys.readouterr().err == ""
    assert not Path(".site.lock").exists()


@pytest.mark.slow
def test_a_lock_file_that_nobody_holds_is_no_hindrance(content: Make, capsys: Said) -> None:
    content({"stories/a.md": story("One")})
    Path(".site.lock").write_bytes(b"\xff not a number")

    assert cli.main(["--content", "content", "--out", "site"]) == 0

    assert capsys.readouterr().err == ""
    assert not Path(".site.lock").exists()


@pytest.mark.slow
def test_many_builds_at_once_all_succeed_and_leave_one_whole_site(content: Make) -> None:
    folder = content({f"stories/s{i}.md": story(f"Story {i}") for i in range(6)})
    (folder / "handbook.yml").write_text("title: One of many\n", encoding="utf-8")

    with ExitStack() as processes:
        builds = [processes.enter_context(start_build()) for _ in range(4)]
        said = [build.communicate() for build in builds]

    assert [build.returncode for build in builds] == [0] * 4, said
    assert sorted(p.name for p in Path().iterdir()) == ["content", "site"]
    assert len(list(Path("site/stories").glob("s*.html"))) == 6
    out = Path("site")
    before = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    assert cli.main(["--content", "content", "--out", "site"]) == 0
    assert {p: p.read_bytes() for p in out.rglob("*") if p.is_file()} == before


@pytest.mark.slow
def test_a_private_build_that_waited_does_not_replace_the_public_edition_of_the_other(
    content: Make, hold: Hold
) -> None:
    folder = content({"stories/a.md": story("One", "publish: true")})
    first = hold()
    with start_build() as second:
        assert second.stderr
        second.stderr.readline()  # it has found nothing to refuse, and waits
        done = pipeline.build(
            folder, ROOT / "layouts", Path("other"), edition=pipeline.Edition.PUBLIC
        )
        assert not done.failed
        Path("other").rename("site")
        first.communicate("go on\n")

        assert second.wait() == 1
        assert second.stderr.read() == (
            "site: error: "
            "holds a public edition; choose another folder with --out, so that the private "
            "one is not published [output]\n"
            "Nothing was built: 1 error. The last good site is untouched.\n"
        )
    assert "noindex" not in Path("site/index.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_other_folders_are_not_waited_for(content: Make, hold: Hold, capsys: Said) -> None:
    content({"stories/a.md": story("One")})
    hold()

    assert cli.main(["--content", "content", "--out", "another"]) == 0

    assert capsys.readouterr().err == ""


def test_the_lock_is_let_go_when_what_it_guards_fails() -> None:
    with pytest.raises(ZeroDivisionError), lock.holding(Path("turn"), 0, print):
        raise ZeroDivisionError

    assert not Path("turn").exists()
    with lock.holding(Path("turn"), 0, print):
        assert Path("turn").exists()


def test_one_process_cannot_hold_it_twice() -> None:
    told: list[str] = []
    with (
        lock.holding(Path("turn"), 0, told.append),
        pytest.raises(lock.BusyError),
        lock.holding(Path("turn"), 0, told.append),
    ):
        raise AssertionError("it was had twice")

    assert len(told) == 1
    assert not Path("turn").exists()


@posix_only
def test_where_the_system_has_no_locks_the_build_says_so_and_does_not_wait(
    content: Make, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl  # noqa: PLC0415 (not on Windows)

    def no_locks(*_: object) -> None:
        raise OSError(37, "No locks available")

    content({"stories/a.md": story("One")})
    monkeypatch.setattr(fcntl, "flock", no_locks)

    assert cli.main(["--content", "content", "--out", "site"]) == 1

    assert capsys.readouterr().err == (
        "site: error: "
        "cannot be written (No locks available); free some space or check its permissions; "
        "the last site is as it was [output]\nNothing was built: 1 error.\n"
    )
