"""The store saves a later build work, and a store that is damaged or foreign counts as empty."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import LAYOUTS, ROOT, story
from editions import PNG, PUBLIC, read, write
from jinja2 import Environment

from starbook import cli
from starbook.build import cache, fast_path, output, pipeline, pool
from starbook.build.database import Database
from starbook.build.store import Store
from starbook.editions import leaks
from starbook.model import Edition
from starbook.pages import views
from starbook.render.renderer import Renderer
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
# What is made when a word of the first story changes: of the pages of all, what is around.
COST = ["stories/a.html", "cards.html a", "print.html a", "cards.html", "print.html"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a handbook, a site of it, and what the build saved."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(LAYOUTS, tmp_path / "layouts")
    write(tmp_path, FILES)
    build()
    return tmp_path


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages and cards that are made from now on."""
    found = []
    make = Renderer.render

    def page(self: Renderer, view: Any) -> str:
        if hasattr(view, "path"):
            found.append(view.path)
        elif hasattr(view, "card"):
            found.append(f"cards.html {view.card.id}")
        elif isinstance(view, views.PrintedStory):  # others are texts of the practice page
            found.append(f"print.html {view.story.id}")
        return make(self, view)

    monkeypatch.setattr(Renderer, "render", page)
    return found


def build(*options: str) -> None:
    time.sleep(AGE)
    assert cli.main([*COMMAND, *options]) == 0


def edit(here: Path, word: str = "wet") -> None:
    """Change a word of the first story."""
    text = FILES["content/stories/a.md"].replace("dry", word)
    write(here, {"content/stories/a.md": text})


def kept(pattern: str) -> list[Path]:
    return list(Path(cache.root()).rglob(pattern))


def saved() -> Path:
    (found,) = kept("*.sqlite")
    return found


def clean(here: Path, *options: str) -> dict[str, bytes]:
    assert cli.main([*COMMAND[:-1], "clean", "--no-cache", *options]) == 0
    return read(here / "clean")


def test_a_story_that_is_edited_costs_what_shows_it(here: Path, made: list[str]) -> None:
    edit(here)
    build()
    assert "stories/a.html" in made
    assert "cards.html a" in made
    assert not {"stories/c.html", "cards.html c", "guides/g.html", "index.html"} & set(made)
    assert "It was wet." in (here / "site/stories/a.html").read_text(encoding="utf-8")
    assert read(here / "site") == clean(here)


@pytest.mark.slow
def test_nothing_else_is_made_again(here: Path, made: list[str]) -> None:
    edit(here)
    build()
    assert made == COST


@pytest.mark.slow
def test_a_page_that_somebody_changed_in_the_site_is_made_again(
    here: Path, made: list[str]
) -> None:
    page = here / "site/guides/g.html"
    right = page.read_bytes()
    page.write_bytes(right.replace(b"Calm", b"Calx"))
    build()
    assert made == ["guides/g.html"]
    assert page.read_bytes() == right


@pytest.mark.slow
def test_without_the_record_of_the_last_build_no_more_is_made(here: Path, made: list[str]) -> None:
    for record in kept("*.built"):
        record.unlink()
    edit(here)
    build()
    assert made == COST
    assert read(here / "site") == clean(here)


@pytest.mark.slow
def test_what_is_saved_does_not_grow_for_ever(here: Path) -> None:
    first, sizes = saved().stat().st_size, []
    for number in range(12):
        edit(here, f"{number} feet high")
        build()
        sizes.append(saved().stat().st_size)
    assert max(sizes) < 2 * first
    assert read(here / "site") == clean(here)


@pytest.mark.slow
def test_a_site_that_is_gone_is_made_again(here: Path) -> None:
    before = read(here / "site")
    shutil.rmtree(here / "site")
    build()
    assert read(here / "site") == before


@pytest.mark.slow
def test_with_other_layouts_nothing_of_it_counts(here: Path, made: list[str]) -> None:
    layout = here / "layouts/base.html"
    layout.write_text(layout.read_text("utf-8").replace("<body", "<body data-new"), "utf-8")
    build()
    assert "guides/g.html" in made
    assert b"<body data-new" in (here / "site/guides/g.html").read_bytes()
    assert read(here / "site") == clean(here)


def _cut_short(data: bytes) -> bytes:
    return data[: len(data) // 2]


@pytest.mark.slow
@pytest.mark.parametrize(
    "damage", [_cut_short, lambda data: b"", lambda data: b"\0", lambda data: b"x" + data]
)
def test_a_damaged_one_is_not_believed(
    here: Path, made: list[str], damage: Callable[[bytes], bytes]
) -> None:
    path = saved()
    path.write_bytes(damage(path.read_bytes()))
    edit(here)
    build()
    assert {"guides/g.html", "cards.html c"} <= set(made)
    assert read(here / "site") == clean(here)


@pytest.mark.slow
def test_something_behind_it_shows_nowhere(here: Path) -> None:
    with saved().open("ab") as file:
        file.write(b"x")
    edit(here)
    build()
    assert read(here / "site") == clean(here)


@pytest.mark.slow
@pytest.mark.parametrize(
    "statement",
    ["drop table graph", "drop table content", "update graph set data = 1", "delete from graph"],
)
def test_another_database_is_not_believed(here: Path, statement: str) -> None:
    with sqlite3.connect(saved()) as connection:
        connection.execute(statement)
    connection.close()
    edit(here)
    build()
    assert read(here / "site") == clean(here)


@pytest.mark.slow
@pytest.mark.parametrize("part", ["", " where length(data) > 100", " where id % 2"])
def test_a_value_that_somebody_changed_shows_nowhere(here: Path, part: str) -> None:
    with sqlite3.connect(saved()) as connection:
        connection.execute(f"update content set data = data || 'x'{part}")
    connection.close()
    edit(here)
    build()
    assert read(here / "site") == clean(here)
    edit(here, "damp")
    build()
    assert read(here / "site") == clean(here)


@pytest.mark.slow
def test_one_of_another_program_is_not_believed(
    here: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fast_path, "program_signature", lambda: b"another")
    build()
    assert {"guides/g.html", "cards.html c", "index.html"} <= set(made)
    assert read(here / "site") == clean(here)


@pytest.mark.slow
def test_a_link_is_not_followed(here: Path, made: list[str]) -> None:
    elsewhere = here / "elsewhere"
    saved().rename(elsewhere)
    saved_at = Path(cache.store_path("content", "site", "private"))
    saved_at.symlink_to(elsewhere)
    before = elsewhere.read_bytes()
    edit(here)
    build()
    assert "guides/g.html" in made
    assert elsewhere.read_bytes() == before
    assert saved() == saved_at
    assert not saved_at.is_symlink()


@pytest.mark.slow
@pytest.mark.parametrize("tenth", range(10))
def test_a_bit_that_is_wrong_shows_nowhere(here: Path, tenth: int) -> None:
    path = saved()
    data = bytearray(path.read_bytes())
    data[len(data) * tenth // 10] ^= 1
    path.write_bytes(data)
    edit(here)
    build()
    assert read(here / "site") == clean(here)


@pytest.mark.slow
def test_one_that_others_could_write_is_not_believed(here: Path, made: list[str]) -> None:
    saved().chmod(0o666)
    edit(here)
    build()
    assert "guides/g.html" in made


@pytest.mark.slow
def test_one_that_several_processes_worked_for_is_whole(
    here: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "_worker_count", lambda things: 2 if things > 1 else 1)
    saved().unlink()
    write(here, {"content/stories/d.md": story("The drought")})
    build()
    assert made == []  # the workers have made all, each in its own memory
    assert read(here / "site") == clean(here)
    program = fast_path.program_signature()
    assert program
    _, memos = pipeline.open_store(Path("content"), Path("site"), Edition.PRIVATE, program).load()
    for key in (
        ("parsed_story", "stories/a.md"),
        ("parsed_story", "stories/d.md"),
        ("html", "guides/g.html"),
        ("card", "b"),
    ):
        assert memos[key].row or memos[key].fingerprint, key
    made.clear()
    monkeypatch.setattr(pool, "_worker_count", lambda things: 1)
    build()
    assert made == []


@pytest.mark.slow
def test_a_build_that_fails_leaves_what_the_last_one_left(here: Path) -> None:
    before = saved().read_bytes()
    write(here, {"content/stories/a.md": "no front matter\n"})
    time.sleep(AGE)
    assert cli.main(COMMAND) == 1
    assert saved().read_bytes() == before
    assert kept("*.new") == []


@pytest.mark.slow
def test_nobody_else_may_read_it(here: Path) -> None:
    assert saved().stat().st_mode & 0o777 == 0o600


def served(here: Path) -> session.Session:
    """A server that has begun."""
    terminal = session.Terminal(lambda _: None, lambda _: None, lambda *_: None)
    folders = here / "content", here / "layouts", here / "site"
    serving = session.Session(*folders, http.SnapshotChannel(), terminal)
    serving.begin(lambda: None)
    return serving


def shown(serving: session.Session) -> dict[str, bytes]:
    assert serving.channel.current.diagnostics == ()
    return dict(sorted(serving.channel.current.files.items()))


@pytest.mark.slow
def test_a_server_begins_with_what_the_last_build_left_and_needs_the_site_no_more(
    here: Path, made: list[str]
) -> None:
    serving = served(here)
    assert made == []
    site = read(here / "site")
    del site[output.NAME]
    shutil.rmtree(here / "site")
    assert shown(serving) == site
    edit(here)
    serving.rebuild((here / "content/stories/a.md",))
    assert made == COST
    serving.write()
    assert read(here / "site") == clean(here)


@pytest.mark.slow
def test_a_server_begins_with_what_the_last_one_left(here: Path, made: list[str]) -> None:
    saved().unlink()
    served(here).write()
    assert "guides/g.html" in made
    made.clear()
    assert shown(served(here))
    assert made == []
    build()
    assert made == []


@pytest.mark.slow
def test_what_a_server_begins_with_is_not_believed_where_the_site_is_another(here: Path) -> None:
    before = read(here / "site")
    for page in (here / "site").rglob("*.html"):
        page.write_bytes(page.read_bytes().replace(b"e", b"i"))
    served(here).write()
    assert read(here / "site") == before


@pytest.mark.slow
def test_where_nothing_can_be_saved_the_old_site_is_not_taken_for_the_new_one(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    before, store = read(here / "site"), saved().read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(Store, "_write", full)
        edit(here)
        build()
    assert saved().read_bytes() == store
    assert kept("*.new") == []
    edit(here, "dry")
    build()
    assert read(here / "site") == before


@pytest.mark.slow
def test_a_folder_that_cannot_hold_it_stops_no_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(LAYOUTS, tmp_path / "layouts")
    write(tmp_path, FILES)
    Path(cache.root()).write_text("a file\n", encoding="utf-8")
    build()
    assert (tmp_path / "site/index.html").is_file()


def common() -> list[Path]:
    """The files for all handbooks."""
    return [path for path in Path(cache.root()).iterdir() if path.is_file()]


def forget_handbook(here: Path) -> None:
    saved().unlink()
    shutil.rmtree(here / "site")


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The layouts that are compiled from now on."""
    found = []
    compile_ = Environment.compile

    def noted(self, source, name=None, *rest, **options):
        found.append(name)
        return compile_(self, source, name, *rest, **options)

    monkeypatch.setattr(Environment, "compile", noted)
    return found


@pytest.mark.slow
def test_layouts_are_compiled_once_for_all_handbooks(here: Path, compiled: list[str]) -> None:
    write(here, {"other/stories/a.md": story("The storm")})
    time.sleep(AGE)
    assert cli.main(["--content", "other", "--layouts", "layouts", "--out", "other-site"]) == 0
    assert compiled == []
    assert "The storm" in (here / "other-site/stories/a.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_layout_that_changed_is_compiled_again(here: Path, compiled: list[str]) -> None:
    layout = here / "layouts/guide.html"
    layout.write_text(layout.read_text("utf-8") + "<!-- new -->", "utf-8")
    build()
    assert "guide.html" in compiled
    assert read(here / "site") == clean(here)


@pytest.mark.slow
def test_what_all_handbooks_share_is_of_no_handbook(here: Path) -> None:
    assert b"flood" in saved().read_bytes()
    assert len(common()) > 10
    for path in common():
        assert b"flood" not in path.read_bytes()
        assert path.stat().st_mode & 0o777 == 0o600


def flip(path: Path, tenth: int) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) * tenth // 10] ^= 1
    path.write_bytes(data)


@pytest.mark.slow
@pytest.mark.parametrize("tenth", range(10))
def test_a_bit_of_that_which_is_wrong_shows_nowhere(here: Path, tenth: int) -> None:
    for path in common():
        flip(path, tenth)
    before = read(here / "site")
    forget_handbook(here)
    build()
    assert read(here / "site") == before


@pytest.mark.slow
@pytest.mark.parametrize("damage", [lambda data: data[:16], _cut_short, lambda data: b""])
def test_that_is_not_believed_when_it_is_cut_short(
    here: Path, compiled: list[str], damage: Callable[[bytes], bytes]
) -> None:
    for path in common():
        path.write_bytes(damage(path.read_bytes()))
    before = read(here / "site")
    forget_handbook(here)
    build()
    assert "guide.html" in compiled
    assert read(here / "site") == before


@pytest.mark.slow
def test_that_of_another_program_is_not_believed(
    here: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fast_path, "program_signature", lambda: b"another")
    build()
    assert "guide.html" in compiled


@pytest.mark.slow
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


@pytest.mark.slow
def test_what_the_site_already_says_is_searched_for_leaks_as_a_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    searched: list[dict[str, str | bytes]] = []
    find_leaks = leaks.find_leaks

    def noted(private: Any, public: Any, files: Any, *rest: Any, **more: Any) -> Any:
        searched.append(dict(files))
        return find_leaks(private, public, files, *rest, **more)

    monkeypatch.setattr(leaks, "find_leaks", noted)
    text = story("A", PUBLIC, body="\n![](../a.png)\n").replace("It was late", "It was 1 < 2")
    write(tmp_path, {"content/stories/a.md": text, "content/a.png": PNG})
    shutil.copytree(LAYOUTS, tmp_path / "layouts")
    for _ in range(2):
        build("--public")
    first, second = searched
    assert first == second
    assert "It was 1 \\u003c 2." in str(second["search-texts/0.js"])
    kinds = {type(data) for path, data in second.items() if not path.startswith("images/")}
    assert kinds == {str}
    assert PNG in [data for path, data in second.items() if path.startswith("images/")]


# Several at once


def start(*options: str) -> "subprocess.Popen[bytes]":
    """Begin to build in another process."""
    command = [sys.executable, str(ROOT / "build.py"), *options]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


@pytest.mark.slow
def test_a_private_and_a_public_build_at_once_are_as_if_each_were_alone(here: Path) -> None:
    write(here, {"content/stories/b.md": story("The fire", PUBLIC)})
    public = [*COMMAND[:-1], "public", "--public"]
    for word in ("wet", "damp"):
        edit(here, word)
        running = [start(*command) for command in (COMMAND, public, COMMAND, public)]
        for process in running:
            _, said = process.communicate()
            assert process.returncode == 0, said
        assert read(here / "site") == clean(here)
        shutil.rmtree(here / "clean")
        assert read(here / "public") == clean(here, "--public")
        shutil.rmtree(here / "clean")
    assert len(kept("*.sqlite")) == 2
    assert kept("*.new") == []


def meanwhile(monkeypatch: pytest.MonkeyPatch, work: Callable[[], object]) -> None:
    """Do something between the next writing of a site and the saving of what it was made from."""
    commit = Database.commit

    def late(self: Database, *, save: bool = True) -> None:
        monkeypatch.setattr(Database, "commit", commit)
        work()
        commit(self, save=save)

    monkeypatch.setattr(Database, "commit", late)


@pytest.fixture
def other_layouts(here: Path) -> list[str]:
    """The options of a build of the same site with other layouts."""
    layouts = shutil.copytree(here / "layouts", here / "other")
    for name in ("base.html", "card.html"):
        layout = layouts / name
        layout.write_text(layout.read_text("utf-8") + "<!-- other -->", "utf-8")
    return ["--layouts", "other"]


@pytest.mark.slow
def test_two_builds_with_other_layouts_that_end_crosswise_never_mix_pages(
    here: Path, other_layouts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(here)
    meanwhile(monkeypatch, lambda: build(*other_layouts))
    build()
    assert b"<!-- other -->" in (here / "site/guides/g.html").read_bytes()
    for options in ([], other_layouts, []):
        edit(here, f"damp{len(options)}")
        build(*options)
        assert read(here / "site") == clean(here, *options)
        shutil.rmtree(here / "clean")


@pytest.mark.slow
def test_a_build_whose_site_another_one_has_replaced_is_not_repeated(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(here, {"content/stories/b.md": story("The fire", PUBLIC)})
    meanwhile(monkeypatch, lambda: build("--public"))
    build()
    assert b"The flood" not in (here / "site/stories/index.html").read_bytes()
    assert not fast_path.replay_if_unchanged(COMMAND)
    assert cli.main(COMMAND) == 1  # the folder holds a public edition now
    edit(here)
    build("--public")
    assert read(here / "site") == clean(here, "--public")


@pytest.mark.slow
def test_a_build_that_reads_what_another_one_replaces_meanwhile_is_as_if_it_were_alone(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(here)
    meanwhile(monkeypatch, lambda: [edit(here, "damp"), build()])
    time.sleep(AGE)
    assert cli.main(COMMAND) == 0
    edit(here, "soaked")
    build()
    assert read(here / "site") == clean(here)


@pytest.mark.slow
def test_a_build_beside_a_server_and_the_server_beside_a_build(here: Path) -> None:
    serving = served(here)
    for number in range(3):
        edit(here, f"{number} feet high")
        build()
        assert read(here / "site") == clean(here)
        serving.rebuild((here / "content/stories/a.md",))
        site = read(here / "site")
        del site[output.NAME]
        assert shown(serving) == site
        write(here, {"content/stories/b.md": story(f"The fire {number}")})
        serving.rebuild((here / "content/stories/b.md",))
        serving.write()
        shutil.rmtree(here / "clean")
        assert read(here / "site") == clean(here)
    build()
    assert read(here / "site") == clean(here)
    assert shown(served(here)) == shown(serving)


def while_it_builds(monkeypatch: pytest.MonkeyPatch, work: Callable[[], object]) -> None:
    """Do something after the next site was made and before it is written."""
    make = pipeline.build_site
    left = [work]

    def slow(*args: Any, **named: Any) -> pipeline.BuiltSite:
        built = make(*args, **named)
        while left:
            left.pop()()
        return built

    monkeypatch.setattr(pipeline, "build_site", slow)


@pytest.mark.slow
def test_a_build_that_ends_last_does_not_bring_back_older_content(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(here, "old words")
    while_it_builds(monkeypatch, lambda: [edit(here, "new words"), build()])

    build()

    assert b"new words" in (here / "site/stories/a.html").read_bytes()
    assert read(here / "site") == clean(here)
    edit(here, "newest words")
    build()
    assert read(here / "site") == clean_again(here)


def clean_again(here: Path) -> dict[str, bytes]:
    shutil.rmtree(here / "clean")
    return clean(here)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["b", "heron"])
def test_a_story_that_is_taken_back_while_it_is_being_published_stays_away(
    here: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    public = [*COMMAND[:-1], "public", "--public"]
    write(here, {"content/stories/c.md": story("The frost", PUBLIC)})
    path = f"content/stories/{name}.md"
    write(here, {path: story("Heron and partners", PUBLIC)})

    def take_back() -> None:
        write(here, {path: story("Heron and partners")})
        assert cli.main(public) == 0

    while_it_builds(monkeypatch, take_back)

    assert cli.main(public) == 0

    site = read(here / "public")
    assert [path for path, data in site.items() if b"heron" in (path.encode() + data).lower()] == []
    assert site == clean(here, "--public")


@pytest.mark.slow
def test_a_build_that_ends_last_and_finds_a_fault_by_then_leaves_the_other_ones_site(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def spoil() -> None:
        edit(here, "new words")
        build()
        write(here, {"content/stories/d.md": "---\nheadline: x\n---\n"})

    while_it_builds(monkeypatch, spoil)
    capsys.readouterr()

    assert cli.main(COMMAND) == 1

    assert capsys.readouterr().err == (
        "content/stories/d.md:2: error: a story has no `title`; add `title: …` [required]\n"
        "Nothing was built: 1 error. The last good site is untouched.\n"
    )
    assert b"new words" in (here / "site/stories/a.html").read_bytes()


@pytest.mark.slow
def test_a_folder_that_has_become_a_public_edition_meanwhile_is_left_alone(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, {"content/stories/b.md": story("The fire", PUBLIC)})
    while_it_builds(monkeypatch, lambda: cli.main([*COMMAND, "--public"]))
    capsys.readouterr()

    assert cli.main(COMMAND) == 1

    assert "site: error: holds a public edition; " in capsys.readouterr().err
    assert read(here / "site") == clean(here, "--public")


@pytest.mark.slow
def test_a_server_does_not_write_older_content_than_a_build_has(here: Path) -> None:
    edit(here, "old words")
    serving = served(here)
    serving.rebuild((here / "content/stories/a.md",))
    edit(here, "new words")
    build()

    serving.write()

    assert b"new words" in (here / "site/stories/a.html").read_bytes()
    assert read(here / "site") == clean(here)
    edit(here, "newest words")
    serving.rebuild((here / "content/stories/a.md",))
    serving.write()
    assert read(here / "site") == clean_again(here)


@pytest.mark.slow
@pytest.mark.parametrize("first", [[], ["--public"]])
def test_stores_that_have_the_same_name_by_chance_mix_no_editions(
    here: Path, monkeypatch: pytest.MonkeyPatch, first: list[str]
) -> None:
    monkeypatch.setattr(cache, "_hash", lambda text: "0" * 8)
    write(here, {"content/stories/b.md": story("The fire", PUBLIC)})
    second = [] if first else ["--public"]
    for number, options in enumerate((first, second, first, second)):
        edit(here, f"{number} feet")
        out = "public" if options else "private"
        assert cli.main([*COMMAND[:-1], out, *options]) == 0
        assert read(here / out) == clean(here, *options)
        shutil.rmtree(here / "clean")
