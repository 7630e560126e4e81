"""The cache lies where systems keep caches, is for its owner alone, and does not grow for ever."""

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, story
from editions import read, write

from starbook import cli
from starbook.build import cache
from starbook.serve import session
from starbook.serve.http import SnapshotChannel

posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows keeps no cache")
DAY = 24 * 3600
COMMAND = ["--content", "content", "--out", "site"]
FILES = {"content/stories/a.md": story("The flood")}

Said = pytest.CaptureFixture[str]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a handbook that is not built yet."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path, FILES)
    time.sleep(0.05)  # until files are seen to be old
    return tmp_path


def entries(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def keep(folder: Path, name: str = "0123abcd.sqlite", *, days: float = 0, size: int = 4) -> Path:
    """A file of the cache that was used some days ago."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    path.touch(0o600)
    os.truncate(path, size)
    then = time.time() - days * DAY
    os.utime(path, (then, then))
    return path


@pytest.fixture
def top(cache_root: Path) -> Path:
    """The folder of all caches, there and private."""
    cache_root.mkdir(0o700)
    return cache_root


# Where it is


def test_a_variable_names_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STARBOOK_CACHE", "mine/")
    assert cache.root() == str(tmp_path / "mine")


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {"HOME": "/home/me"}, "/home/me/.cache/starbook"),
        ("linux", {"HOME": "/home/me", "XDG_CACHE_HOME": "/var/me"}, "/var/me/starbook"),
        ("linux", {"HOME": "/home/me", "XDG_CACHE_HOME": "here"}, "/home/me/.cache/starbook"),
        ("darwin", {"HOME": "/Users/me"}, "/Users/me/Library/Caches/starbook"),
        ("win32", {"HOME": "/home/me"}, ""),
    ],
)
@posix_only
def test_else_it_lies_where_the_system_keeps_caches(
    platform: str, variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("STARBOOK_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert cache.root() == expected


@pytest.mark.slow
@posix_only
def test_where_the_system_names_no_place_nothing_is_kept(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "root", lambda: "")
    assert cli.main(COMMAND) == 0
    assert names(Path()) == ["content", "site"]


@posix_only
def test_a_handbook_has_a_folder_with_a_name_to_recognise(here: Path, top: Path) -> None:
    first = Path(cache.handbook_folder("content"))
    assert first.parent == top
    assert first.name.startswith(f"{here.name.replace('_', '-')}-content-"[-40:])
    (here / "link").symlink_to("content")
    assert cache.handbook_folder(str(here / "link/../content/")) == str(first)
    assert cache.handbook_folder("link") == str(first)
    assert cache.handbook_folder("other") != str(first)
    assert Path(cache.handbook_folder("/")).name.startswith("handbook-")
    assert Path(cache.handbook_folder("/Bücher/\udcff" + "x" * 300)).name.isascii()


@posix_only
def test_each_output_folder_and_edition_has_a_store() -> None:
    commands = [("site", "private"), ("site", "public"), ("other", "private")]
    paths = {cache.store_path("content", *command) for command in commands}
    assert len(paths) == 3
    assert {Path(path).parent for path in paths} == {Path(cache.handbook_folder("content"))}
    assert all(path.endswith(".sqlite") for path in paths)


@pytest.mark.slow
@posix_only
@pytest.mark.parametrize("command", [COMMAND, [*COMMAND, "--public"]])
def test_a_build_writes_nothing_beside_the_site(
    here: Path, cache_root: Path, command: list[str]
) -> None:
    before = entries(here / "content"), entries(ROOT / "layouts")
    cli.main(command)
    assert names(Path()) == ["content", "site"]
    assert (entries(here / "content"), entries(ROOT / "layouts")) == before
    folder = Path(cache.handbook_folder("content"))
    assert folder.parent == cache_root
    assert [path.suffix for path in folder.iterdir()] == [".sqlite"]
    suffixes = {path.suffix for path in cache_root.iterdir() if path.is_file()}
    assert suffixes == {".built", ".template"}
    assert not (ROOT / ".cache").exists()


# Private files


@pytest.mark.slow
@posix_only
def test_folders_and_files_are_for_their_owner_alone(here: Path, cache_root: Path) -> None:
    old = os.umask(0)
    try:
        cli.main(COMMAND)
    finally:
        os.umask(old)
    paths = list(cache_root.rglob("*"))
    modes = {path.stat().st_mode & 0o777 for path in paths if path.is_file()}
    folders = {path.stat().st_mode & 0o777 for path in (cache_root, *paths) if path.is_dir()}
    assert (modes, folders) == ({0o600}, {0o700})


@pytest.fixture
def kept(top: Path) -> Path:
    """A private file with something in it."""
    path = Path(cache.handbook_folder("content")) / "0123abcd.built"
    cache.write_atomically(str(path), b"ours")
    assert cache.read_private(str(path)) == b"ours"
    return path


def _link_of(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to(path.with_name("elsewhere"))


def _moved(folder: Path, target: Path) -> None:
    folder.rename(target)
    folder.symlink_to(target)


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


HOSTILE: dict[str, Callable[[Path], object]] = {
    "a file that others can read": lambda path: path.chmod(0o640),
    "a file that others can write": lambda path: path.chmod(0o602),
    "a link": _link_of,
    "a pipe": _pipe,
    "a folder that others can write": lambda path: path.parent.chmod(0o770),
    "a root that others can write": lambda path: path.parent.parent.chmod(0o777),
    "a link to a folder": lambda path: _moved(path.parent, path.parent.with_name("x")),
    "a link to a root": lambda path: _moved(path.parent.parent, path.parent.parent.parent / "x"),
}


@posix_only
@pytest.mark.parametrize("change", HOSTILE)
def test_what_others_may_have_written_is_missing(kept: Path, change: str) -> None:
    HOSTILE[change](kept)
    assert cache.read_private(str(kept)) == b""
    assert not cache.is_private(str(kept))


@posix_only
@pytest.mark.parametrize("change", [name for name in HOSTILE if "folder" in name or "root" in name])
def test_nothing_is_written_where_others_could_change_it(kept: Path, change: str) -> None:
    HOSTILE[change](kept)
    with pytest.raises(OSError, match="not private"):
        cache.write_atomically(str(kept), b"new")
    assert kept.read_bytes() == b"ours"


@posix_only
def test_what_belongs_to_somebody_else_is_missing(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getuid", lambda: os.geteuid() + 1)
    assert cache.read_private(str(kept)) == b""


@posix_only
def test_a_link_in_the_place_of_a_new_file_is_not_followed(kept: Path) -> None:
    kept.unlink()
    target = kept.with_name("target")
    target.write_bytes(b"theirs")
    kept.symlink_to(target)
    kept.with_name(f"{kept.name}.{os.getpid():x}.new").symlink_to(target)
    cache.write_atomically(str(kept), b"new")
    assert (cache.read_private(str(kept)), target.read_bytes()) == (b"new", b"theirs")
    assert not kept.is_symlink()


@posix_only
def test_a_file_is_replaced_as_a_whole_or_not_at_all(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with kept.open("rb") as reader:
        cache.write_atomically(str(kept), b"newer")
        assert reader.read() == b"ours"

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        cache.write_atomically(str(kept), b"newest")
    assert entries(kept.parent) == [kept.name]
    assert kept.read_bytes() == b"newer"


# Where it cannot be written


@pytest.mark.slow
@posix_only
def test_a_full_disk_stops_no_build_and_leaves_nothing_half_written(here: Path) -> None:
    """A limit on the size of files stands in for it; the site's files are smaller."""
    code = (
        "import resource, signal, sys; from starbook import cli\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "sys.exit(cli.main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *COMMAND], env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert [
        name for name in entries(Path(cache.root())) if name.endswith((".new", "journal"))
    ] == []
    assert resource.RLIMIT_FSIZE


@pytest.mark.slow
@posix_only
@pytest.mark.parametrize("place", ["the root", "the handbook's folder", "a link to nowhere"])
def test_something_in_the_place_of_a_folder_stops_no_build(
    here: Path, cache_root: Path, place: str, capsys: Said
) -> None:
    if place == "the handbook's folder":
        cache_root.mkdir(0o700)
        Path(cache.handbook_folder("content")).write_text("a file", encoding="utf-8")
    elif place == "the root":
        cache_root.write_text("a file", encoding="utf-8")
    else:
        cache_root.symlink_to("nowhere")
    assert cli.main(COMMAND) == 0
    assert cli.main(COMMAND) == 0
    assert capsys.readouterr().err == ""
    assert not list(cache_root.parent.rglob("*.sqlite"))
    if place != "the handbook's folder":
        assert not list(cache_root.parent.rglob("*.built"))


@posix_only
@pytest.mark.skipif(os.name != "nt" and os.getuid() == 0, reason="root may write anywhere")
def test_a_cache_that_may_only_be_read_stops_no_build(here: Path, top: Path, capsys: Said) -> None:
    top.chmod(0o500)
    try:
        assert cli.main(COMMAND) == 0
    finally:
        top.chmod(0o700)
    assert capsys.readouterr().err == ""
    assert entries(top) == []


# What is old goes


@posix_only
def test_what_no_build_used_for_thirty_days_is_deleted(top: Path) -> None:
    old = [
        keep(top / "a-content-0123abcd", days=31),
        keep(top / "a-content-0123abcd", "0123abcd.built", days=31),
        keep(top / "b-content-4567abcd", "0123abcd.sqlite-journal", days=31),
        keep(top / "b-content-4567abcd", "0123abcd.sqlite.1f.new", days=31),
        keep(top, f"{40 * 'a'}.template", days=31),
    ]
    new = [
        keep(top / "b-content-4567abcd", days=29),
        keep(top, f"{40 * 'b'}.template", days=29),
    ]
    cache.prune(str(top / "b-content-4567abcd"))
    assert not any(path.exists() for path in old)
    assert not (top / "a-content-0123abcd").exists()
    assert all(path.exists() for path in new)


@posix_only
def test_above_the_limit_the_handbooks_go_that_were_used_least_lately(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_LIMIT", 1000)
    keep(top / "a-00000001", days=3, size=400)
    keep(top / "b-00000002", days=9, size=400)
    keep(top / "b-00000002", "0123abcd.built", days=1, size=1)
    keep(top / "c-00000003", days=2, size=400)
    shared = keep(top, f"{40 * 'a'}.template", days=20)
    cache.prune(str(top / "c-00000003"))
    assert names(top) == [f"{40 * 'a'}.template", "b-00000002", "c-00000003"]
    assert shared.exists()


@posix_only
def test_the_handbook_in_use_stays_whatever_its_size(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_LIMIT", 1000)
    keep(top / "a-00000001", days=3, size=4000)
    keep(top / "b-00000002", days=1, size=400)
    cache.prune(str(top / "a-00000001"))
    assert names(top) == ["a-00000001"]


@posix_only
def test_what_is_not_ours_stays(top: Path, tmp_path: Path) -> None:
    outside = keep(tmp_path / "outside", days=99)
    (top / "d-0123abcd").symlink_to(outside.parent)
    book = top / "a-0123abcd"
    theirs = [
        keep(book, "notes.txt", days=99),
        keep(book, "0123abcd.md", days=99),
        keep(book, "0123abcd.built.md", days=99),
        keep(book / "0123abcd.built", days=99),
        keep(top / "books", days=99),
        keep(top, "other.sqlite", days=99),
        outside,
    ]
    (book / "4567abcd.built").symlink_to(outside)
    ours = keep(book, days=99)
    cache.prune("")
    assert not ours.exists()
    keep(book)
    assert cache.clean() == (1, 4, 0)
    assert all(path.exists() for path in theirs)
    assert (book / "4567abcd.built").is_symlink()


@pytest.mark.slow
@posix_only
def test_a_build_and_one_that_is_replayed_count_as_a_use(here: Path, cache_root: Path) -> None:
    cli.main(COMMAND)
    door = [sys.executable, str(ROOT / "build.py"), *COMMAND]
    environ = {name: value for name, value in os.environ.items() if name != "STARBOOK_VENV"}
    then = time.time() - 9 * DAY
    for command in (door, [*door, "--layouts", str(ROOT / "layouts")]):
        paths = [path for path in cache_root.rglob("*") if path.is_file()]
        for path in paths:
            os.utime(path, (then, then))
        subprocess.run(command, check=True, capture_output=True, env=environ)
        used = {path.suffix for path in paths if path.stat().st_mtime > then + DAY}
        assert used == ({".sqlite", ".built"} if command == door else {".sqlite"})


@posix_only
def test_a_build_deletes_what_is_old(here: Path, top: Path) -> None:
    old = keep(top / "a-0123abcd", days=31)
    assert cli.main([*COMMAND, "--no-cache"]) == 0
    assert old.exists()
    assert cli.main(COMMAND) == 0
    assert not old.parent.exists()
    assert Path(cache.handbook_folder("content")).is_dir()


# clean


@posix_only
def test_clean_deletes_the_cache_of_all_handbooks_and_says_so(
    here: Path, cache_root: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    monkeypatch.setenv("STARBOOK_CACHE", "cached")
    cli.main(COMMAND)
    keep(Path("cached/b-content-0123abcd"), size=2_500_000)
    site = read(Path("site"))
    capsys.readouterr()
    assert cli.main(["clean"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Deleted the cache of 2 handbooks in cached: ")
    assert out.endswith(" MB.\n")
    assert err == ""
    assert names(Path()) == ["content", "site"]
    assert read(Path("site")) == site
    assert cli.main(["clean"]) == 0
    assert capsys.readouterr() == ("Nothing to delete: there is no cache in cached.\n", "")


@posix_only
def test_clean_leaves_a_foreign_file_and_says_how_much_went(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    monkeypatch.setenv("STARBOOK_CACHE", "cached")
    ours = keep(Path("cached/a-0123abcd"), size=1500)
    theirs = keep(Path("cached/a-0123abcd"), "notes.txt")
    assert cli.main(["clean"]) == 0
    assert capsys.readouterr().out == "Deleted the cache of 1 handbook in cached: 2 kB.\n"
    assert (ours.exists(), theirs.exists()) == (False, True)


@posix_only
def test_clean_says_what_it_cannot_delete(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    monkeypatch.setenv("STARBOOK_CACHE", "cached")
    keep(Path("cached/a-0123abcd"))

    def refuse(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "unlink", refuse)
    assert cli.main(["clean"]) == 1
    assert capsys.readouterr() == (
        "", "1 file in cached cannot be deleted; check the permissions.\n",
    )  # fmt: skip


# --no-cache


@pytest.mark.slow
@posix_only
@pytest.mark.parametrize("more", [[], ["--public"]])
def test_without_a_cache_nothing_of_it_is_read_or_written(
    here: Path, cache_root: Path, more: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli.main([*COMMAND, *more, "--no-cache"]) == 0
    assert not cache_root.exists()
    cli.main([*COMMAND, *more])
    before = {path: path.stat() for path in cache_root.rglob("*")}
    site = read(Path("site"))
    shutil.rmtree("site")
    opened: list[str] = []
    monkeypatch.setattr(cache, "is_private", opened.append)
    assert cli.main([*COMMAND, *more, "--no-cache"]) == 0
    after = {path: path.stat() for path in cache_root.rglob("*")}
    assert [(s.st_mtime_ns, s.st_ino) for s in after.values()] == [
        (s.st_mtime_ns, s.st_ino) for s in before.values()
    ]
    assert [path for path in opened if path] == []
    assert read(Path("site")) == site


@pytest.mark.slow
@posix_only
def test_the_door_replays_nothing_without_a_cache(here: Path) -> None:
    door = [sys.executable, str(ROOT / "build.py"), *COMMAND]
    cli.main([*COMMAND])
    page = Path("site/stories/a.html").stat()
    (here / "site/index.html").write_text("mine", encoding="utf-8")
    subprocess.run([*door, "--no-cache"], check=True, capture_output=True)
    assert (here / "site/index.html").read_text(encoding="utf-8") != "mine"
    assert Path("site/stories/a.html").stat().st_ino == page.st_ino


@pytest.mark.slow
@posix_only
def test_a_server_without_a_cache_keeps_none(here: Path, cache_root: Path) -> None:
    terminal = session.Terminal(lambda _: None, lambda _: None, lambda *_: None)
    folders = here / "content", ROOT / "layouts", here / "site"
    serving = session.Session(*folders, SnapshotChannel(), terminal)
    serving.begin(lambda: None, cache=False)
    assert not cache_root.exists()
    serving.begin(lambda: None)
    assert list(cache_root.rglob("*.sqlite"))


@pytest.mark.parametrize("command", ["build", "serve", "deploy"])
def test_commands_that_build_can_do_without_a_cache(command: str) -> None:
    args = cli._parser().parse_args([command, "--no-cache"])
    assert args.no_cache is True
    assert cli._parser().parse_args([command]).no_cache is False


def test_help_says_what_clean_deletes(capsys: Said) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    words = " ".join(capsys.readouterr().out.split())
    assert "clean delete the cache of all handbooks; no content and no site" in words
