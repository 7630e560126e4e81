"""The output folder: what is written there, what stays, and where nothing is ever written."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import LAYOUTS, ROOT, SAMPLE, story

from starbook import site
from starbook.verify import verify

TWO = {"stories/a.md": story("The first"), "stories/b.md": story("The second")}
# What a person may keep beside the pages: the name of a domain, a picture, a repository.
FOREIGN = ("CNAME", ".nojekyll", "pictures/me.png", "stories/notes.txt", ".git/HEAD")


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def state(folder: Path) -> dict[str, tuple[int, int]]:
    """Which file each name is, and when it was written."""
    found = {path: path.stat() for path in folder.rglob("*")}
    return {str(path): (stat.st_ino, stat.st_mtime_ns) for path, stat in found.items()}


def refused(content: Path, layouts: Path, out: Path) -> str:
    """The one problem of a build."""
    (problem,) = site.build(content, layouts, out).problems
    return str(problem)


# What is written


def test_the_manifest_lists_what_was_written(build) -> None:
    made = build(TWO)
    listed = json.loads((made / site.MANIFEST).read_text(encoding="utf-8"))["files"]
    assert listed == sorted(files(made).keys() - {site.MANIFEST})
    assert {"index.html", "stories/a.html", "stories/b.html"} <= set(listed)


def test_the_page_of_a_story_that_is_gone_goes_too(build, content) -> None:
    made = build(TWO)
    (content({}) / "stories/b.md").unlink()
    build({})
    assert (made / "stories/a.html").is_file()
    assert [name for name, data in files(made).items() if b"The second" in data] == []
    assert not (made / "stories/b.html").exists()


def test_a_page_that_is_renamed_leaves_its_old_name(build) -> None:
    made = build(TWO)
    build({"stories/b.md": story("The second", "id: second")})
    assert (made / "stories/second.html").is_file()
    assert not (made / "stories/b.html").exists()


def test_what_did_not_change_is_not_written_again(build) -> None:
    made = build(TWO)
    before = state(made)
    build({"stories/b.md": story("The second", body="\n## More\n\nMore words.\n")})
    after = state(made)
    unchanged = {name for name in before if before[name] == after[name]}
    assert str(made / "stories/a.html") in unchanged
    assert str(made / "stories/b.html") not in unchanged
    assert b"More words." in files(made)["stories/b.html"]


def test_a_second_build_changes_no_page(build) -> None:
    made = build(TWO)
    before = state(made)
    build({})
    again = state(made)
    pages = [str(path) for path in made.rglob("*") if path.suffix in (".html", ".css", ".js")]
    assert len(pages) > 10
    assert {name: again[name] for name in pages} == {name: before[name] for name in pages}


def test_what_the_person_put_there_stays(build, content) -> None:
    made = build(TWO)
    for name in FOREIGN:
        (made / name).parent.mkdir(exist_ok=True)
        (made / name).write_text(f"mine: {name}")
    before = {str(made / name): (made / name).stat().st_mtime_ns for name in FOREIGN}
    (content({}) / "stories/b.md").unlink()
    build({})
    assert {name: files(made)[name].decode() for name in FOREIGN} == {
        name: f"mine: {name}" for name in FOREIGN
    }
    assert {name: Path(name).stat().st_mtime_ns for name in before} == before
    listed = json.loads((made / site.MANIFEST).read_text(encoding="utf-8"))["files"]
    assert set(FOREIGN).isdisjoint(listed)


@pytest.mark.parametrize("kind", ["an empty folder", "a link to a folder", "a link to nothing"])
def test_folders_and_links_that_the_person_put_there_stay(kind, build, tmp_path) -> None:
    made = build(TWO)
    theirs = made / "theirs"
    if kind == "an empty folder":
        theirs.mkdir()
    else:
        (tmp_path / "target").mkdir()
        theirs.symlink_to(tmp_path / ("target" if kind == "a link to a folder" else "gone"))
    build({})
    assert os.path.lexists(theirs)


def test_the_site_may_be_a_link_to_a_folder(content, tmp_path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "site").symlink_to("real")
    for _ in range(2):
        assert site.build(content(TWO), LAYOUTS, tmp_path / "site").problems == ()
    assert (tmp_path / "real/stories/a.html").is_file()


def test_two_builds_give_the_same_bytes(tmp_path) -> None:
    made = []
    for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        out = tmp_path / f"site-{seed}"
        command = [sys.executable, str(ROOT / "build.py"), "--content", str(SAMPLE)]
        subprocess.run(
            [*command, "--out", str(out)],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            check=True,
            capture_output=True,
        )
        made.append(files(out))
    assert made[0] == made[1]


def test_a_page_does_not_say_where_or_by_whom_it_was_built(build, tmp_path) -> None:
    found = b"".join(files(build(TWO)).values())
    assert str(tmp_path).encode() not in found
    assert str(ROOT).encode() not in found


# Where nothing is written


@pytest.fixture
def elsewhere(tmp_path, content, monkeypatch) -> Path:
    """A folder with content, layouts, a home, and the folder where the person stands."""
    content(TWO)
    for name in ("home/deep", "here/deep"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "layouts").mkdir()
    for path in (path for path in LAYOUTS.rglob("*") if path.is_file()):
        copy = tmp_path / "layouts" / path.relative_to(LAYOUTS)
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(path.read_bytes())
    (tmp_path / "alias").symlink_to("content")
    monkeypatch.chdir(tmp_path / "here/deep")
    monkeypatch.setenv("HOME", str(tmp_path / "home/deep"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home/deep"))
    return tmp_path


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *(
            (name, "holds more than the site; choose a folder of its own with --out")
            for name in (
                *("content", ".", "layouts", "home/deep", "home", "here/deep", "here", "alias"),
                *("content/stories/..", "here/deep/../../content"),
            )
        ),
        *(
            (name, "lies inside the content or the layouts; choose a folder elsewhere with --out")
            for name in ("content/site", "content/stories", "layouts/assets", "alias/site")
        ),
    ],
)
def test_a_folder_that_holds_more_than_the_site_is_refused(name, expected, elsewhere) -> None:
    before = state(elsewhere)
    out = elsewhere / name
    line = refused(elsewhere / "content", elsewhere / "layouts", out)
    assert line == f"{out}: {expected} [output]"
    assert state(elsewhere) == before


@pytest.mark.parametrize("name", ["tax/2023.pdf", ".profile", "index.html"])
def test_a_folder_with_files_of_others_is_refused(name, elsewhere) -> None:
    (elsewhere / "out" / name).parent.mkdir(parents=True)
    (elsewhere / "out" / name).write_text("mine")
    before = state(elsewhere)
    assert refused(elsewhere / "content", LAYOUTS, elsewhere / "out") == (
        f"{elsewhere / 'out'}: is not empty, and not a site that we made; "
        "empty it, or choose another folder with --out [output]"
    )
    assert state(elsewhere) == before


def test_a_file_in_the_place_of_the_site_is_refused(elsewhere) -> None:
    (elsewhere / "out").write_text("mine")
    assert "[output]" in refused(elsewhere / "content", LAYOUTS, elsewhere / "out")
    assert (elsewhere / "out").read_text() == "mine"


@pytest.mark.parametrize("name", ["new", "new/and/deep", "empty", "here/deep/site"])
def test_a_new_or_empty_folder_is_written_to(name, elsewhere) -> None:
    (elsewhere / "empty").mkdir()
    outcome = site.build(elsewhere / "content", LAYOUTS, elsewhere / name)
    assert outcome.problems == ()
    assert (elsewhere / name / "stories/a.html").is_file()


# A build that was stopped half-way


@pytest.mark.parametrize("stopped", ["while writing", "between the renames", "while cleaning up"])
def test_a_build_that_was_stopped_is_mended_by_the_next(stopped, build, tmp_path) -> None:
    made = build(TWO)
    (made / "CNAME").write_text("example.org")
    pages = files(made)
    new, old = tmp_path / ".site.new", tmp_path / ".site.old"
    if stopped != "while cleaning up":
        (new / "stories").mkdir(parents=True)
        (new / "stories/a.html").write_text("half a pa")
        (new / "stories/zebra.html").write_text("of a story that is gone")
    if stopped == "between the renames":
        made.rename(old)
    if stopped == "while cleaning up":
        old.mkdir()
        (old / "index.html").write_text("old")
    build({})
    assert files(made) == pages
    assert sorted(path.name for path in tmp_path.iterdir()) == ["content", "site"]


def test_a_site_that_cannot_be_written_stays_as_it_was(build, content, tmp_path) -> None:
    made = build(TWO)
    before = state(made)
    (tmp_path / ".site.new").write_text("a file in the place of a folder")
    outcome = site.build(content({"stories/c.md": story("The third")}), LAYOUTS, made)
    assert [str(problem) for problem in outcome.problems] == [
        f"{made}: cannot be written (Not a directory); "
        "free some space or check its permissions; the last site is as it was [output]"
    ]
    assert state(made) == before


# Dead links in pages


def page(*links: str) -> str:
    return '<main id="main">{}</main>'.format("".join(f"<a {link}>x</a>" for link in links))


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ('href="b.html"', "the link to `b.html` leads to no page"),
        ('href="../a.html"', "the link to `../a.html` leads to no page"),
        ('href="."', "the link to `.` leads to no page"),
        ('src="gone.js"', "the link to `gone.js` leads to no page"),
        ('href="#top"', "the link to `#top` leads to no anchor there"),
        ('href="../index.html#top"', "the link to `../index.html#top` leads to no anchor there"),
    ],
)
def test_a_page_with_a_dead_link_is_one_line(link, expected) -> None:
    made = {"stories/a.html": page(link), "index.html": page(), "style.css": 'href="gone.html"'}
    assert [str(problem) for problem in verify(made)] == [
        f"stories/a.html: {expected}; mend the layout that writes it [dead-page-link]"
    ]


@pytest.mark.parametrize(
    "link",
    [
        'href="a.html"',
        'href="./../index.html#main"',
        'href="#main"',
        'href="../index.html#category=feedback&amp;status=ready"',
        'href="two%20words.html"',
        'href="b&amp;c.html"',
        'href="caf%C3%A9.html#caf%C3%A9"',
        'src="../assets/app.js"',
        'href="https://example.org/gone.html"',
        'href="mailto:a@example.org"',
        'href="#"',
        'id="here" href="#here"',
    ],
)
def test_a_link_that_leads_somewhere_is_passed_over(link) -> None:
    made = {
        "stories/a.html": page(link),
        "stories/two words.html": "",
        "stories/b&c.html": "",
        "stories/café.html": '<p id="café">',
        "index.html": page(),
        "assets/app.js": "",
    }
    assert verify(made) == ()


def test_every_dead_link_of_every_page_is_found_once() -> None:
    made = {
        "a.html": page('href="x.html"', 'href="x.html"', 'href="#y"'),
        "b.html": page('href="#z"'),
    }
    assert [(problem.path, problem.message) for problem in verify(made)] == [
        ("a.html", "the link to `x.html` leads to no page"),
        ("a.html", "the link to `#y` leads to no anchor there"),
        ("b.html", "the link to `#z` leads to no anchor there"),
    ]


def test_a_dead_link_in_a_page_stops_the_build(content, elsewhere) -> None:
    layout = elsewhere / "layouts/base.html"
    text = layout.read_text(encoding="utf-8").replace("<main", '<a href="gone.html">x</a><main', 1)
    layout.write_text(text, encoding="utf-8")
    outcome = site.build(elsewhere / "content", elsewhere / "layouts", elsewhere / "site")
    assert (
        "index.html: the link to `gone.html` leads to no page; "
        "mend the layout that writes it [dead-page-link]"
    ) in [str(problem) for problem in outcome.problems]
    assert not (elsewhere / "site").exists()
