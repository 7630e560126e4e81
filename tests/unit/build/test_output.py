"""The output folder: the old site or the new one, and nothing of anybody else's touched.

Run as a program, this file is the builder that the tests of interrupted builds stop midway.
"""

import builtins
import errno
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import IO, Any

import pytest
from conftest import LAYOUTS, ROOT, story

from starbook import cli
from starbook.build import pipeline
from starbook.model import Edition
from starbook.render.renderer import TEMPLATES

posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows has neither fork nor these links")

HANDBOOK = ROOT / "tests" / "handbook"  # it has pages of each kind
KEPT = "The last good site is untouched."
Make = Callable[..., Path]
Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def build(*argv: str) -> int:
    """`python3 build.py`, for `content/` and `site/` where one stands."""
    return cli.main(["build", "--content", "content", "--out", "site", *argv])


def shows(path: Path) -> dict[str, tuple[str, bytes]]:
    """All that is in a folder: what each thing is, and what it holds."""
    return {p.relative_to(path).as_posix(): _shown(p) for p in sorted(path.rglob("*"))}


def _shown(path: Path) -> tuple[str, bytes]:
    if path.is_symlink():
        return "link", os.fsencode(path.readlink())
    return ("folder", b"") if path.is_dir() else ("file", path.read_bytes())


def identity(path: Path) -> tuple[int, int, int]:
    """Return numbers that change when a file is written, copied or touched."""
    found = path.lstat()
    return found.st_ino, found.st_mtime_ns, found.st_mode


def beside(path: Path) -> list[str]:
    """Return the names of all that is in the folder of a site's folder."""
    return sorted(p.name for p in path.parent.iterdir())


# Pages come and go


@pytest.mark.slow
def test_a_site_lists_what_was_written_into_it_and_which_edition_it_is(content: Make) -> None:
    content({"stories/a.md": story("One")})

    assert build() == 0

    site = Path("site")
    listed = json.loads((site / ".starbook.json").read_text(encoding="utf-8"))
    files = sorted(name for name, (kind, _) in shows(site).items() if kind == "file")
    assert listed == {"edition": "private", "files": [f for f in files if f != ".starbook.json"]}
    assert "stories/a.html" in files


@pytest.mark.slow
def test_what_vanished_from_the_content_vanishes_from_the_site(content: Make, capsys: Said) -> None:
    files = {"stories/a.md": story("One"), "guides/g.md": "---\ntitle: Guide\n---\n\nWords.\n"}
    folder = content({**files, "stories/b.md": story("Two")})
    build()
    (folder / "stories/b.md").unlink()
    capsys.readouterr()

    assert build() == 0

    assert ", 1 removed." in capsys.readouterr().out
    assert not Path("site/stories/b.html").exists()
    (folder / "guides/g.md").unlink()
    assert build() == 0
    assert not Path("site/guides/g.html").exists()


@pytest.mark.slow
def test_a_folder_that_only_held_vanished_pages_vanishes_too(content: Make) -> None:
    png = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010100000000376ef9240000000a4944415478"
        "016360000000020001737501180000000049454e44ae426082"
    )
    with_picture = {"stories/a.md": story("One", body="\n![a chart](a.png)\n")}
    folder = content({**with_picture, "stories/a.png": png})
    build()
    assert list(Path("site/images").iterdir())

    (folder / "stories/a.md").write_text(story("One"), encoding="utf-8")

    assert build() == 0
    assert not Path("site/images").exists()


def test_pages_that_did_not_change_keep_their_bytes_and_times(content: Make, capsys: Said) -> None:
    folder = content({"stories/a.md": story("One"), "stories/b.md": story("Two")})
    build()
    before = {path: identity(path) for path in Path("site").rglob("*.*") if path.is_file()}
    words = (folder / "stories/b.md").read_text(encoding="utf-8")
    (folder / "stories/b.md").write_text(words.replace("It was late.", "It was early."), "utf-8")
    capsys.readouterr()

    assert build() == 0

    changed = {p.as_posix() for p, was in before.items() if identity(p) != was}
    everywhere = {
        "site/cards.html",
        "site/print.html",
        "site/search-index.js",
        "site/search-texts/0.js",
    }
    practice = {"site/practice-index.js", "site/practice-texts/0.js"}
    assert changed == {"site/stories/b.html", "site/.starbook.json", *everywhere, *practice}
    assert " 7 files changed." in capsys.readouterr().out


@pytest.mark.slow
def test_a_build_of_what_has_not_changed_changes_nothing(content: Make, capsys: Said) -> None:
    content({"stories/a.md": story("One")})
    build()
    before = shows(Path("site"))
    capsys.readouterr()

    assert build() == 0

    assert " 0 files changed." in capsys.readouterr().out
    assert shows(Path("site")) == before


@pytest.mark.slow
def test_where_there_are_no_hard_links_pages_are_copied_with_their_times(
    content: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_link(*_: Any, **__: Any) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_link)
    content({"stories/a.md": story("One")})
    build()
    page, own = Path("site/stories/a.html"), Path("site/own.txt")
    own.write_text("mine", encoding="utf-8")
    os.utime(own, (1, 1))
    before = page.stat().st_mtime_ns

    assert build() == 0

    assert page.stat().st_mtime_ns == before
    assert (own.read_text(encoding="utf-8"), own.stat().st_mtime) == ("mine", 1)


# What the person put there


FOREIGN = ("own.txt", "stories/notes.md", ".htaccess", "old/.deep/er/file", "stories/.x")


def put_foreign_things_into(site: Path) -> list[Path]:
    for name in FOREIGN:
        path = site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"mine: {name}", encoding="utf-8")
        os.utime(path, (1_000_000, 1_000_000))
    (site / "empty/inner").mkdir(parents=True)
    return [site / name for name in FOREIGN]


def test_files_that_we_did_not_write_are_never_touched(content: Make) -> None:
    folder = content({"stories/a.md": story("One"), "stories/b.md": story("Two")})
    build()
    things = put_foreign_things_into(Path("site"))
    before = [identity(thing) for thing in things]
    (folder / "stories/b.md").unlink()
    (folder / "stories/c.md").write_text(story("Three"), encoding="utf-8")

    assert build() == 0

    assert [identity(thing) for thing in things] == before
    assert Path("site/old/.deep/er/file").read_text() == "mine: old/.deep/er/file"
    assert Path("site/empty/inner").is_dir()
    assert Path("site/stories/c.html").is_file()


@pytest.mark.slow
@posix_only
def test_links_and_folders_that_we_did_not_make_keep_their_nature_and_times(content: Make) -> None:
    content({"stories/a.md": story("One")})
    build()
    site = Path("site")
    put_foreign_things_into(site)
    (site / "to-a-file").symlink_to("own.txt")
    (site / "to-a-folder").symlink_to("old")
    (site / "to-nowhere").symlink_to("gone")
    (site / "old").chmod(0o555)
    site.chmod(0o751)
    os.utime(site / "old", (2_000_000, 2_000_000))
    os.utime(site / "empty", (2_000_000, 2_000_000))
    links = [site / "to-a-file", site / "to-a-folder", site / "to-nowhere"]
    before = [identity(link) for link in links]

    assert build() == 0
    assert build() == 0  # and what the first one left can be taken away

    assert [identity(link) for link in links] == before
    assert [str(link.readlink()) for link in links] == ["own.txt", "old", "gone"]
    assert oct((site / "old").stat().st_mode) == "0o40555"
    assert oct(site.stat().st_mode) == "0o40751"
    assert ((site / "old").stat().st_mtime, (site / "empty").stat().st_mtime) == (2e6, 2e6)
    assert beside(site) == ["content", "site"]


@pytest.mark.slow
def test_a_file_in_the_way_of_a_page_is_refused(content: Make, capsys: Said) -> None:
    folder = content({"stories/a.md": story("One")})
    build()
    mine = Path("site/stories/b.html")
    mine.write_text("mine", encoding="utf-8")
    before = shows(Path("site"))
    (folder / "stories/b.md").write_text(story("Two"), encoding="utf-8")
    capsys.readouterr()

    assert build() == 1

    assert capsys.readouterr().err == (
        f"{mine}: error: is not from Starbook, and a page must stand there; move it away [output]\n"
        f"Nothing was built: 1 error. {KEPT}\n"
    )
    assert shows(Path("site")) == before
    assert beside(Path("site")) == ["content", "site"]


@pytest.mark.slow
@posix_only
@pytest.mark.parametrize(
    ("where", "what"),
    [
        ("stories/b.html", "a folder"),
        ("stories/b.html", "a link"),
        ("stories/b.html", "a link to nowhere"),
        ("guides", "a link"),
        ("guides", "a link to nowhere"),
    ],
)
def test_whatever_is_in_the_way_of_a_page_is_refused(
    content: Make, capsys: Said, where: str, what: str
) -> None:
    folder = content({"stories/a.md": story("One")})
    build()
    mine = Path("site") / where
    if mine.exists():
        shutil.rmtree(mine)
    if what == "a folder":
        mine.mkdir()
    else:
        Path("elsewhere").mkdir()
        mine.symlink_to(Path("elsewhere" if what == "a link" else "gone").absolute())
    before = shows(Path("site"))
    (folder / "stories/b.md").write_text(story("Two"), encoding="utf-8")
    capsys.readouterr()

    assert build() == 1

    line = (
        f"{mine}: error: is not from Starbook, and a page must stand there; move it away [output]\n"
    )
    assert capsys.readouterr().err.startswith(line)
    assert shows(Path("site")) == before


@pytest.mark.slow
@posix_only
def test_a_page_that_was_made_a_link_is_a_page_again_and_what_it_led_to_is_left_alone(
    content: Make,
) -> None:
    content({"stories/a.md": story("One")})
    build()
    page, mine = Path("site/stories/a.html"), Path("mine.html")
    words = page.read_bytes()
    page.rename(mine)
    page.symlink_to(mine.absolute())
    before = identity(mine)

    assert build() == 0

    assert (page.is_symlink(), page.read_bytes()) == (False, words)
    assert identity(mine) == before


@pytest.mark.slow
@posix_only
def test_a_site_that_is_a_link_stays_one_and_the_folder_it_leads_to_is_written(
    content: Make, capsys: Said
) -> None:
    content({"stories/a.md": story("One")})
    Path("disk").mkdir()
    Path("site").symlink_to("disk/real")

    assert build() == 0
    assert build() == 0

    assert str(Path("site").readlink()) == "disk/real"
    assert Path("disk/real/stories/a.html").is_file()
    assert (beside(Path("site")), beside(Path("disk/real"))) == (
        ["content", "disk", "site"],
        ["real"],
    )
    Path("disk/.real.new").mkdir()
    Path("disk/.real.new/thesis.txt").write_text("mine", encoding="utf-8")
    assert build() == 1
    assert capsys.readouterr().err.startswith(
        "disk/.real.new: error: is not from Starbook, which needs this name; "
        "move it away [output]\n"
    )


# What the person puts there while a build runs


class Exchange:
    """Does something before the site is renamed, before the new one is, and after that."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **moments: Callable[[], object]) -> None:
        self.left = moments
        rename = Path.rename

        def watched(path: Path, target: Path) -> Path:
            if path.name == "site" and target.name == ".site.old":
                self.at("before")
            if path.name == ".site.new" and target.name == "site":
                self.at("between")
            try:
                return rename(path, target)
            finally:
                if target.name == "site" and path.name == ".site.new":
                    self.at("after")

        monkeypatch.setattr(Path, "rename", watched)

    def at(self, moment: str) -> None:
        act = self.left.pop(moment, None)
        if act:
            act()


def put(path: str, text: str = "mine") -> Callable[[], object]:
    def act() -> None:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text, encoding="utf-8")

    return act


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["before", "between", "after"])
@pytest.mark.parametrize("name", ["thesis.txt", "stories/notes.md", "photos/2024/cat.jpg", ".env"])
def test_a_file_that_is_put_into_the_site_while_it_is_exchanged_is_kept(
    content: Make, monkeypatch: pytest.MonkeyPatch, moment: str, name: str
) -> None:
    folder = content({"stories/a.md": story("One"), "stories/b.md": story("Two")})
    build()
    (folder / "stories/b.md").unlink()
    watched = Exchange(monkeypatch, **{moment: put(f"site/{name}", "kept words")})

    assert build() == 0

    assert watched.left == {}
    assert Path("site", name).read_text(encoding="utf-8") == "kept words"
    assert Path("site/stories/a.html").is_file()
    assert not Path("site/stories/b.html").exists()
    assert beside(Path("site")) == ["content", "site"]
    assert build() == 0
    assert Path("site", name).read_text(encoding="utf-8") == "kept words"


@pytest.mark.slow
def test_into_an_empty_folder_too(content: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    content({"stories/a.md": story("One")})
    Path("site").mkdir()
    Exchange(monkeypatch, before=put("site/thesis.txt"))

    assert build() == 0

    assert Path("site/thesis.txt").read_text(encoding="utf-8") == "mine"
    assert beside(Path("site")) == ["content", "site"]


@pytest.mark.slow
def test_a_file_of_theirs_that_is_saved_anew_meanwhile_is_the_one_that_was_saved(
    content: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    content({"stories/a.md": story("One")})
    build()
    put("site/plan.txt", "old plan")()
    os.utime("site/plan.txt", (1_000_000, 1_000_000))

    def save() -> None:  # as editors do
        put("site/plan.tmp", "new plan")()
        os.replace("site/plan.tmp", "site/plan.txt")  # noqa: PTH105

    Exchange(monkeypatch, before=save)

    assert build() == 0

    assert Path("site/plan.txt").read_text(encoding="utf-8") == "new plan"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("put_at", "kept_at"),
    [
        ("stories/b.html", "stories/b.html.kept"),
        ("stories/b.html/deep.txt", "stories/b.html.kept/deep.txt"),
        ("guides", "guides.kept"),
    ],
)
def test_where_a_page_has_taken_its_place_the_file_stands_beside_it(
    content: Make, monkeypatch: pytest.MonkeyPatch, put_at: str, kept_at: str
) -> None:
    folder = content({"stories/a.md": story("One")})
    build()
    shutil.rmtree("site/guides")
    (folder / "stories/b.md").write_text(story("Two"), encoding="utf-8")
    Exchange(monkeypatch, before=put(f"site/{put_at}"))

    assert build() == 0

    assert "Two" in Path("site/stories/b.html").read_text(encoding="utf-8")
    assert Path("site", kept_at).read_text(encoding="utf-8") == "mine"
    assert Path("site/guides/index.html").is_file()


@pytest.mark.slow
@posix_only
def test_a_program_that_goes_on_writing_where_the_old_site_was_loses_nothing(
    content: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    content({"stories/a.md": story("One")})
    build()
    inside = os.open("site", os.O_RDONLY)  # such as a shell that stands there
    rmdir, left = Path.rmdir, ["one.log", "two.log", "three.log"]

    def watched(path: Path) -> None:
        if path.name == ".site.new" or path.parent.name == ".site.new":
            while left:
                file = os.open(left.pop(), os.O_WRONLY | os.O_CREAT, dir_fd=inside)
                os.write(file, b"a line")
                os.close(file)
                break
        rmdir(path)

    monkeypatch.setattr(Path, "rmdir", watched)

    assert build() == 0

    os.close(inside)
    assert left == []
    names = sorted(path.name for path in Path("site").glob("*.log"))
    assert names == ["one.log", "three.log", "two.log"]
    assert beside(Path("site")) == ["content", "site"]


@pytest.mark.slow
def test_a_file_of_theirs_that_vanishes_meanwhile_stops_nothing(
    content: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    content({"stories/a.md": story("One")})
    build()
    put("site/passing.tmp")()
    link = os.link

    def watched(old: Any, new: Any, **named: Any) -> None:
        if str(old).endswith("passing.tmp"):
            Path(old).unlink()
        link(old, new, **named)

    monkeypatch.setattr(os, "link", watched)

    assert build() == 0

    assert not Path("site/passing.tmp").exists()


@pytest.mark.slow
@posix_only
def test_what_a_stopped_build_had_not_moved_yet_is_moved_by_the_next(content: Make) -> None:
    content({"stories/a.md": story("One")})
    build()
    shutil.copytree("site", ".site.old")  # here it was killed, with the new site in place
    put(".site.old/late/thesis.txt", "late words")()

    assert build() == 0

    assert Path("site/late/thesis.txt").read_text(encoding="utf-8") == "late words"
    assert beside(Path("site")) == ["content", "site"]


# Folders that must not be changed


def build_without_rights(*argv: str) -> tuple[int, str]:
    """Build as a person whom modes of folders bind, which they do not the superuser."""
    command = [sys.executable, str(ROOT / "build.py"), "--content", "content", "--out", "site"]
    if os.geteuid() == 0:
        caps = "-dac_override,-dac_read_search"
        command = ["setpriv", f"--bounding-set={caps}", f"--inh-caps={caps}", *command]
    done = subprocess.run([*command, *argv], capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


binds_modes = pytest.mark.skipif(
    os.name == "nt" or (os.geteuid() == 0 and not shutil.which("setpriv")),
    reason="modes of folders bind nobody here",
)


@pytest.mark.slow
@pytest.mark.usefixtures("compiled_layouts")
@binds_modes
@pytest.mark.parametrize(
    ("closed", "shown"), [("site", "site"), ("site/stories", "site/stories"), (".", ".")]
)
def test_a_read_only_folder_is_named_and_the_next_build_goes_through(
    content: Make, closed: str, shown: str
) -> None:
    folder = content({"stories/a.md": story("One")})
    assert build_without_rights()[0] == 0
    (folder / "stories/a.md").write_text(story("Two"), encoding="utf-8")
    before, mode = shows(Path("site")), Path(closed).stat().st_mode
    Path(closed).chmod(0o555)

    code, printed = build_without_rights()

    assert (code, printed) == (
        1,
        f"{shown}: error: is read-only; allow changes with `chmod u+w`, or choose another folder "
        f"with --out [output]\nNothing was built: 1 error. {KEPT}\n",
    )
    assert shows(Path("site")) == before
    assert beside(Path("site")) == ["content", "site"]
    Path(closed).chmod(mode)
    assert build_without_rights() == (0, "")
    assert "Two" in Path("site/stories/a.html").read_text(encoding="utf-8")
    assert beside(Path("site")) == ["content", "site"]


@pytest.mark.slow
@pytest.mark.usefixtures("compiled_layouts")
@binds_modes
@pytest.mark.parametrize("name", [".site.new", ".site.old"])
def test_what_lies_about_and_is_read_only_is_taken_away(content: Make, name: str) -> None:
    content({"stories/a.md": story("One")})
    assert build_without_rights()[0] == 0
    shutil.copytree("site", name)
    for path in (Path(name, "stories"), Path(name)):
        path.chmod(0o555)

    assert build_without_rights() == (0, "")

    assert beside(Path("site")) == ["content", "site"]


# Folders that are refused


@pytest.fixture
def world(tmp_path: Path, content: Make, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's files, seen from `work`, and a home with nothing in it yet."""
    folder = content({"stories/a.md": story("One")})
    for name in ("work/foreign/keep.txt", "work/notes.txt", "work/hidden/.keep", "book/plan.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("mine", encoding="utf-8")
    folder.rename(tmp_path / "book/content")
    shutil.copytree(LAYOUTS, tmp_path / "book/layouts")
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path


HOLDS_MORE = "holds more than the site; choose a folder of its own with --out"
INSIDE = "lies inside the content or the layouts; choose a folder elsewhere with --out"
FOREIGN_FOLDER = (
    "is not empty, and not a site that Starbook made; empty it, or choose another folder with --out"
)


@pytest.mark.parametrize(
    ("out", "why"),
    [
        (".", HOLDS_MORE),
        ("..", HOLDS_MORE),
        ("~", HOLDS_MORE),
        ("/", HOLDS_MORE),
        ("../book", HOLDS_MORE),
        ("../book/content", HOLDS_MORE),
        ("../book/layouts", HOLDS_MORE),
        ("foreign/../../book/content/.", HOLDS_MORE),
        ("../book/content/pages", INSIDE),
        ("../book/content/site/inner", INSIDE),
        ("../book/layouts/site", INSIDE),
        ("../book/content/stories", INSIDE),
        ("../book/layouts/assets/new", INSIDE),
        ("foreign", FOREIGN_FOLDER),
        ("hidden", FOREIGN_FOLDER),
        ("notes.txt", "is not a folder; name a folder with --out"),
    ],
)
def test_a_folder_that_holds_something_else_is_refused_and_nothing_changes(
    world: Path, capsys: Said, out: str, why: str
) -> None:
    before = {path: identity(path) for path in world.rglob("*")}

    assert build("--content", "../book/content", "--layouts", "../book/layouts", "--out", out) == 1

    line = f"{os.path.relpath(Path(out).expanduser())}: error: {why} [output]\n"
    assert capsys.readouterr().err == f"{line}Nothing was built: 1 error.\n"
    assert {path: identity(path) for path in world.rglob("*")} == before


@posix_only
def test_a_link_to_the_content_is_refused_too(world: Path, capsys: Said) -> None:
    Path("site").symlink_to("../book/content")
    before = {path: identity(path) for path in world.rglob("*")}

    assert build("--content", "../book/content") == 1

    assert capsys.readouterr().err.startswith(f"site: error: {HOLDS_MORE} [output]\n")
    assert {path: identity(path) for path in world.rglob("*")} == before


@posix_only
def test_a_folder_that_cannot_be_looked_into_is_one_clear_line(content: Make, capsys: Said) -> None:
    content({"stories/a.md": story("One")})
    Path("round").symlink_to("about")
    Path("about").symlink_to("round")

    assert build("--out", "round/site") == 1
    assert re.fullmatch(
        r"round/site: error: cannot be [^;]+; [^;]+( the last site is as it was)? \[output\]\n"
        r"Nothing was built: 1 error\.\n",
        capsys.readouterr().err,
    )
    assert build("--out", "long" * 100) == 1
    reason = "cannot be looked into (File name too long); choose another folder with --out"
    assert capsys.readouterr().err.startswith(f"{'long' * 100}: error: {reason} [output]\n")
    assert beside(Path("content")) == ["about", "content", "round"]


@posix_only
def test_content_that_is_a_circle_of_links_is_one_clear_line(capsys: Said) -> None:
    Path("book").symlink_to("shelf")
    Path("shelf").symlink_to("book")
    line = (
        "book: error: the content folder cannot be read (its links lead in a circle); name the "
        "folder that holds your stories/ with --content [no-content]\n"
    )

    assert build("--content", "book") == 1

    assert capsys.readouterr().err == f"{line}Nothing was built: 1 error.\n"
    assert beside(Path("site")) == ["book", "shelf"]
    assert cli.main(["check", "--content", "book"]) == 1
    assert capsys.readouterr().out == f"Content: book\n{line}1 error.\n"


@pytest.mark.slow
def test_a_new_or_empty_folder_is_taken_however_deep(content: Make, capsys: Said) -> None:
    content({"stories/a.md": story("One")})
    Path("empty").mkdir()

    assert build("--out", "empty") == 0
    assert build("--out", "some/where/deep") == 0

    assert Path("some/where/deep/index.html").is_file()
    assert beside(Path("empty")) == ["content", "empty", "some"]


def test_a_private_edition_is_refused_where_a_public_one_is(content: Make, capsys: Said) -> None:
    content({"stories/a.md": story("One", "publish: true")})
    build("--public")
    before = shows(Path("site"))
    capsys.readouterr()

    assert build() == 1

    assert capsys.readouterr().err == (
        "site: error: "
        "holds a public edition; choose another folder with --out, so that the private one "
        f"is not published [output]\nNothing was built: 1 error. {KEPT}\n"
    )
    assert shows(Path("site")) == before
    assert build("--public") == 0


@pytest.mark.slow
@pytest.mark.parametrize("damage", [b"", b"[]", b'{"files": ["\xff"]}', b'{"edition": "x"}'])
def test_a_site_whose_list_is_damaged_is_not_written(
    content: Make, capsys: Said, damage: bytes
) -> None:
    content({"stories/a.md": story("One")})
    build()
    Path("site/.starbook.json").write_bytes(damage)
    before = shows(Path("site"))
    capsys.readouterr()

    assert build() == 1

    assert capsys.readouterr().err == (
        f"site: error: {FOREIGN_FOLDER} [output]\nNothing was built: 1 error.\n"
    )
    assert shows(Path("site")) == before


@pytest.mark.slow
@pytest.mark.parametrize("name", [".site.new", ".site.old"])
@pytest.mark.parametrize("built", [True, False])
def test_a_folder_named_like_ours_that_is_not_ours_is_never_deleted(
    content: Make, capsys: Said, name: str, built: bool
) -> None:
    content({"stories/a.md": story("One")})
    if built:
        build()
    mine = Path(name)
    mine.mkdir()
    (mine / "thesis.txt").write_text("mine", encoding="utf-8")
    before = shows(Path())
    capsys.readouterr()

    assert build() == 1

    assert capsys.readouterr().err == (
        f"{name}: error: is not from Starbook, which needs this name; move it away [output]\n"
        f"Nothing was built: 1 error.{f' {KEPT}' if built else ''}\n"
    )
    assert shows(Path()) == before


@pytest.mark.slow
def test_a_folder_made_between_two_renames_costs_no_file_of_anybodys(content: Make) -> None:
    content({"stories/a.md": story("One")})
    build()
    Path("site/mine.txt").write_text("mine", encoding="utf-8")
    Path("site").rename(".site.old")  # here it was killed, and somebody made the folder anew
    Path("site").mkdir()

    assert build() == 0

    assert Path("site/mine.txt").read_text(encoding="utf-8") == "mine"
    assert beside(Path("site")) == ["content", "site"]


@pytest.mark.slow
def test_a_fault_in_content_leaves_the_site_as_it_was(content: Make, capsys: Said) -> None:
    folder = content({"stories/a.md": story("One")})
    build()
    before = {path: identity(path) for path in Path("site").rglob("*")}
    (folder / "stories/b.md").write_text("---\nheadline: no title\n---\n", encoding="utf-8")
    capsys.readouterr()

    assert build() == 1

    assert capsys.readouterr().err.endswith(f"[required]\nNothing was built: 1 error. {KEPT}\n")
    assert {path: identity(path) for path in Path("site").rglob("*")} == before
    assert beside(Path("site")) == ["content", "site"]


# The same input, the same bytes


@pytest.mark.slow
@pytest.mark.usefixtures("compiled_layouts")
def test_two_builds_in_other_folders_time_zones_and_languages_are_identical(tmp_path: Path) -> None:
    one = _elsewhere(tmp_path / "one", reverse=False)
    two = _elsewhere(tmp_path / "zwei ü/two", reverse=True)
    here = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}
    there = {"TZ": "America/St_Johns", "LC_ALL": "C", "LANG": "tr_TR", "PYTHONHASHSEED": "2"}
    bare = {"PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}

    for edition in ([], ["--public"]):
        out = "public" if edition else "private"
        _run(one, here, 0o022, *edition, "--out", out)
        _run(two, there | bare, 0o077, *edition, "--out", out)

        assert shows(one / out) == shows(two / out)
        assert len(shows(one / out)) > 20


def _elsewhere(place: Path, *, reverse: bool) -> Path:
    """The files of a handbook, made in another order and at other times."""
    place.mkdir(parents=True)
    paths = sorted((p for p in HANDBOOK.rglob("*") if p.is_file()), reverse=reverse)
    for i, path in enumerate(paths):
        copy = place / "content" / path.relative_to(HANDBOOK)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        os.utime(copy, (i * 1e6, i * 1e6))
    return place


def _run(place: Path, environ: dict[str, str], umask: int, *argv: str) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "build.py"), "build", "--content", "content", *argv],
        cwd=place,
        env=os.environ | environ,
        umask=umask if os.name == "posix" else -1,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()


# Stopped at any moment


class Countdown:
    """Counts every call that changes a file or folder; at the last one, something happens."""

    def __init__(self, calls: int, at_the_end: Callable[[str], None]) -> None:
        self.left = calls
        self.at_the_end = at_the_end
        self.seen: list[str] = []

    def __call__(self, call: str) -> None:
        self.seen.append(call)
        self.left -= 1
        if self.left <= 0:
            self.at_the_end(call)


CHANGING = {
    *("os.mkdir", "os.link", "os.symlink", "os.rename", "os.remove", "os.rmdir"),
    *("os.chmod", "os.utime", "os.truncate"),
}
# What a full disk still lets one do.
FREEING = {"os.remove", "os.rmdir", "os.rename", "os.chmod", "os.utime", "os.truncate"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def watch(countdown: Countdown) -> None:
    """Have every changing call counted, also those that the library makes; there is no way back."""

    class Watched(io.FileIO):
        def write(self, data: Any) -> int:
            half = bytes(data)[: len(data) // 2]
            if countdown.left == 1:
                super().write(half)  # so that a page is found cut in two
            countdown("write")
            return super().write(data)

    def watched_open(file: Any, mode: str = "r", *args: Any, **named: Any) -> IO[Any]:
        if not set(mode) & set("wxa+"):
            return plain_open(file, mode, *args, **named)
        raw = Watched(file, mode.replace("b", "").replace("t", ""))
        binary = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        if "b" in mode:
            return binary
        text = {key: named[key] for key in ("encoding", "errors", "newline") if key in named}
        return io.TextIOWrapper(binary, **text)

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event in CHANGING or (event == "open" and args[2] & WRITING):
            countdown(event)

    plain_open = io.open
    builtins.open = io.open = watched_open
    sys.addaudithook(hook)


def stop_builds(content: str, layouts: str, out: str, how: str) -> None:
    """For each number on standard input: a build in a process of its own, stopped at that call.

    Prints the calls that were seen, and what became of it, or nothing where it was killed. Pages
    are made once, before all that is stopped, which is the writing.
    """
    database = pipeline.open_database(Path(content), Path(layouts), Edition.PUBLIC)
    made = pipeline.build_site(database)
    pipeline.build_site = lambda *_: made
    for line in sys.stdin:
        if child := os.fork():
            _, status = os.waitpid(child, 0)
            killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
            print("killed" if killed else f"ended {status}", flush=True)
            continue
        countdown = Countdown(int(line), ENDINGS[how])
        watch(countdown)
        outcome = pipeline.build(Path(content), Path(layouts), Path(out), edition=Edition.PUBLIC)
        print(json.dumps({"seen": countdown.seen, "said": [str(p) for p in outcome.problems]}))
        sys.stdout.flush()
        os._exit(0)


def _kill(call: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _disk_is_full(call: str) -> None:
    if call not in FREEING:
        raise OSError(errno.ENOSPC, "No space left on device")


class _Once:
    def __init__(self) -> None:
        self.done = False

    def __call__(self, call: str) -> None:
        if not self.done:
            self.done = True
            raise OSError(errno.ENOSPC, "No space left on device")


ENDINGS: dict[str, Callable[[str], None]] = {
    "killed": _kill,
    "disk full": _disk_is_full,
    "one fault": _Once(),
}


class Builder:
    """Builds in another process, each time to be stopped at a certain call."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def __call__(self, calls: int) -> dict[str, list[str]] | None:
        """Return what a build saw and printed when this call failed; None if it was killed."""
        assert self.process.stdin
        assert self.process.stdout
        print(calls, file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if line == "killed\n":
            return None
        assert self.process.stdout.readline() == "ended 0\n", line
        found: dict[str, list[str]] = json.loads(line)
        return found


class Scene:
    """A content folder that changes in every way at once, and a site of it before and after.

    It is the public edition, which is small as long as little is published.
    """

    def __init__(self, place: Path, before: str) -> None:
        self.place = place
        self.out = place / "site"
        self.content, self.broken = place.parent / "content", place.parent / "broken"
        self.layouts = _small_layouts(place.parent / "layouts")
        self.made: dict[Path, pipeline.BuiltSite] = {}  # once content changes no more
        stories = self.content / "stories"
        stories.mkdir(parents=True)
        place.mkdir()
        for name in ("same", "changing", "going"):
            self.tell(name, f"The story {name}")
        if before == "a site":
            assert not self.build().failed
            put_foreign_things_into(self.out)
            (self.out / "link").symlink_to("own.txt")
        elif before == "an empty folder":
            self.out.mkdir()
        self.saved = shutil.copytree(place, place.parent / "saved", symlinks=True)
        self.old = self.shows(self.out)
        self.tell("changing", "It changed")
        self.tell("coming", "It came")
        (stories / "going.md").unlink()
        shutil.copytree(self.content, self.broken)
        (self.broken / "stories/bad.md").write_text("---\nheadline: x\n---\n", encoding="utf-8")
        assert not self.build().failed
        self.new = self.shows(self.out)
        self.reset()
        self.made = {path: self._made(path) for path in (self.content, self.broken)}

    def build(self, content: Path | None = None, out: Path | None = None) -> pipeline.BuildResult:
        content = content or self.content
        with pytest.MonkeyPatch.context() as patch:
            if content in self.made:
                patch.setattr(pipeline, "build_site", lambda *_: self.made[content])
            return pipeline.build(content, self.layouts, out or self.out, edition=Edition.PUBLIC)

    def _made(self, content: Path) -> pipeline.BuiltSite:
        return pipeline.build_site(
            pipeline.open_database(content, self.layouts, edition=Edition.PUBLIC)
        )

    def tell(self, name: str, title: str) -> None:
        path = self.content / "stories" / f"{name}.md"
        path.write_text(story(title, "publish: true"), encoding="utf-8")

    def reset(self) -> None:
        shutil.rmtree(self.place)
        shutil.copytree(self.saved, self.place, symlinks=True)

    def shows(self, out: Path) -> dict[str, Any]:
        """All that is in a site, with the times of what is not ours; None for no site."""
        if not out.exists():
            return {"": "no site"}
        times = {name: (out / name).stat().st_mtime for name in FOREIGN if (out / name).exists()}
        return {**shows(out), **times}

    def is_whole(self) -> bool:
        """Return True if the old or the new site is there, or can be renamed back."""
        old = self.out.with_name(".site.old")
        found = self.shows(self.out if self.out.exists() or not old.exists() else old)
        return found in (self.old, self.new)


def _small_layouts(folder: Path) -> Path:
    """Layouts that take no time to read, so that hundreds of builds do not."""
    (folder / "assets").mkdir(parents=True)
    shutil.copytree(LAYOUTS / "languages", folder / "languages")
    (folder / "assets/a.css").write_text("p {}", encoding="utf-8")
    for name in TEMPLATES.values():
        (folder / name).write_text("<title>{{ page.title }}</title>\n", encoding="utf-8")
    return folder


@pytest.fixture(params=["a site", "an empty folder", "nothing"])
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Scene:
    return Scene(tmp_path / "place", request.param)


@pytest.fixture
def builder(scene: Scene, request: pytest.FixtureRequest) -> Iterator[Builder]:
    where = (scene.content, scene.layouts, scene.out, request.param)
    paths = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    with subprocess.Popen(
        [sys.executable, __file__, *map(str, where)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": paths},
    ) as process:
        yield Builder(process)


@pytest.mark.slow
@posix_only
@pytest.mark.parametrize("builder", ["killed"], indirect=True)
def test_killed_at_any_write_a_build_leaves_the_old_site_or_the_new_one_and_the_next_one_heals(
    scene: Scene, builder: Builder
) -> None:
    for calls in count(1):
        scene.reset()
        finished = builder(calls)
        if finished:
            break
        assert scene.is_whole(), f"killed at call {calls}"
        if not scene.out.exists():
            assert scene.build(scene.broken).failed
            assert scene.shows(scene.out) == scene.old, f"killed at call {calls}"
        assert not scene.build().failed
        assert scene.shows(scene.out) == scene.new, f"killed at call {calls}"
        assert beside(scene.out) == ["site"], f"killed at call {calls}"
    assert scene.shows(scene.out) == scene.new
    assert {"os.mkdir", "open", "write", "os.rename", "os.remove"} <= set(finished["seen"])
    assert calls == len(finished["seen"]) + 1 > 20


@pytest.mark.slow
@posix_only
@pytest.mark.parametrize("builder", ["killed"], indirect=True)
def test_killed_again_and_again_it_is_still_the_old_site_or_the_new_one(
    scene: Scene, builder: Builder
) -> None:
    for calls in count(1):
        finished = builder(calls)  # begins with what the last one left
        assert scene.is_whole(), f"killed at call {calls}"
        if finished:
            break
    assert scene.shows(scene.out) == scene.new
    assert beside(scene.out) == ["site"]


@pytest.mark.slow
@posix_only
@pytest.mark.parametrize("scene", ["a site"], indirect=True)
@pytest.mark.parametrize("builder", ["killed"], indirect=True)
def test_half_of_the_old_site_is_never_taken_for_a_site(scene: Scene, builder: Builder) -> None:
    for calls in count(1):
        scene.reset()
        if builder(calls):
            break
        if scene.out.exists():
            shutil.rmtree(scene.out)  # as a person does who sees that something went wrong

        assert scene.build(scene.broken).failed
        assert scene.shows(scene.out) in (scene.old, {"": "no site"}), f"killed at call {calls}"


@pytest.mark.slow
@posix_only
@pytest.mark.parametrize("builder", ["disk full"], indirect=True)
def test_on_a_full_disk_the_old_site_stays_and_nothing_lies_about(
    scene: Scene, builder: Builder
) -> None:
    line = (
        f"{os.path.relpath(scene.out)}: error: "
        "cannot be written (No space left on device); free some "
        "space or check its permissions; the last site is as it was [output]"
    )
    for calls in count(1):
        scene.reset()
        finished = builder(calls)
        assert finished
        if not finished["said"]:
            break
        assert finished["said"] == [line]
        assert scene.shows(scene.out) == scene.old, f"full at call {calls}"
        assert beside(scene.out) == (["site"] if scene.out.exists() else [])
    assert scene.shows(scene.out) == scene.new
    assert calls > 20


@pytest.mark.slow
@posix_only
@pytest.mark.parametrize("builder", ["one fault"], indirect=True)
def test_after_any_single_fault_of_the_disk_there_is_the_old_site_or_the_new_one(
    scene: Scene, builder: Builder
) -> None:
    for calls in count(1):
        scene.reset()
        finished = builder(calls)
        assert finished
        assert scene.shows(scene.out) == (scene.old if finished["said"] else scene.new), calls
        if len(finished["seen"]) < calls:
            break
        assert not scene.build().failed
        assert scene.shows(scene.out) == scene.new
        assert beside(scene.out) == ["site"]


if __name__ == "__main__":
    stop_builds(*sys.argv[1:])
