"""`python3 build.py deploy`, against a bare repository on disk."""

import os
import shutil
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from conftest import SAMPLE, answering, story
from passphrases import PHRASE, descriptor

from starbook import cli
from starbook import deploy as deploy_module

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="no git on this machine")

Make = Callable[..., Path]
Said = pytest.CaptureFixture[str]
PUBLISHED = {"stories/a.md": story("One", "publish: true"), "stories/b.md": story("Private")}


@pytest.fixture(scope="module")
def repositories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a bare repository and a clone of it, which each test copies."""
    folder = tmp_path_factory.mktemp("repositories")
    with pytest.MonkeyPatch.context() as patch:
        _be_ada(patch)
        git("init", "--quiet", "--bare", "--template=", "-b", "main", str(folder / "remote.git"))
        patch.chdir(folder)
        git("clone", "--quiet", "--template=", str(folder / "remote.git"), "clone")
        patch.chdir(folder / "clone")
        git("checkout", "--quiet", "-b", "main")
        git("commit", "--quiet", "--allow-empty", "-m", "Begin")
        git("push", "--quiet", "origin", "main")
    return folder


@pytest.fixture(autouse=True)
def checkout(repositories: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone of a bare repository, where the person stands; git knows who they are."""
    _be_ada(monkeypatch)
    shutil.copytree(repositories, tmp_path, dirs_exist_ok=True)
    config = tmp_path / "clone/.git/config"
    text = config.read_text(encoding="utf-8")
    assert str(repositories) in text
    config.write_text(text.replace(str(repositories), str(tmp_path)), encoding="utf-8")
    monkeypatch.chdir(tmp_path / "clone")
    return tmp_path / "clone"


def _be_ada(patch: pytest.MonkeyPatch) -> None:
    """Have git know a person, and nothing of this machine."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        patch.delenv(name)
    patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    patch.setenv("LC_ALL", "C.UTF-8")
    for role in ("AUTHOR", "COMMITTER"):
        patch.setenv(f"GIT_{role}_NAME", "Ada")
        patch.setenv(f"GIT_{role}_EMAIL", "ada@example.org")


def git(*args: str) -> str:
    done = subprocess.run(
        ["git", *args], capture_output=True, encoding="utf-8", check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def remote(*args: str) -> str:
    return git("-C", "../remote.git", *args)


def deploy(*argv: str) -> int:
    """Deploy as somebody who has agreed to a first push."""
    return cli.main(["deploy", "--yes", "--content", "../content", "--out", "../public", *argv])


def published() -> dict[str, bytes]:
    """Return the files on the branch at the remote."""
    names = remote("ls-tree", "-r", "-z", "--name-only", "gh-pages").split("\0")
    asked = "".join(f"gh-pages:{name}\n" for name in names if name)
    show = ["git", "-C", "../remote.git", "cat-file", "--batch"]
    answer = BytesIO(
        subprocess.run(show, input=asked.encode(), capture_output=True, check=True).stdout
    )
    return {name: _next_object(answer) for name in names if name}


def _next_object(answer: BytesIO) -> bytes:
    """Return the bytes of a file from the answer of git, which stand behind their size."""
    size = int(answer.readline().split()[2])
    return answer.read(size + 1)[:-1]


def built() -> dict[str, bytes]:
    files = (path for path in Path("../public").rglob("*") if path.is_file())
    return {path.relative_to("../public").as_posix(): path.read_bytes() for path in files}


def nothing_was_pushed() -> bool:
    return remote("for-each-ref", "--format=%(refname)") == "refs/heads/main"


def test_the_branch_has_exactly_the_files_of_the_public_edition(
    content: Make, capsys: Said
) -> None:
    content(PUBLISHED)

    assert deploy() == 0

    assert capsys.readouterr().out.splitlines()[-1] == (
        f"Pushed {Path('../public')} to gh-pages of origin."
    )
    pages = built()  # with the list of the files
    assert published() == pages | {".nojekyll": b""}
    assert "stories/a.html" in pages
    assert "stories/b.html" not in pages
    assert remote("log", "--format=%an <%ae> %s", "gh-pages") == "Ada <ada@example.org> Publish"


@pytest.mark.slow
def test_only_the_branch_of_the_remote_is_touched(content: Make) -> None:
    content(PUBLISHED)
    git("branch", "gh-pages")  # perhaps the person has something on it
    before = git("for-each-ref", "refs/heads"), git("status", "--porcelain"), git("ls-files")

    assert deploy() == 0

    after = git("for-each-ref", "refs/heads"), git("status", "--porcelain"), git("ls-files")
    assert after == before
    assert remote("rev-parse", "main") == git("rev-parse", "main")


@pytest.mark.slow
def test_a_second_deploy_builds_upon_the_first(content: Make) -> None:
    folder = content(PUBLISHED)
    deploy()
    first = remote("rev-parse", "gh-pages")
    (folder / "stories/a.md").rename(folder / "stories/c.md")

    assert deploy() == 0

    assert remote("rev-parse", "gh-pages^") == first
    assert "stories/a.html" not in published()
    assert "stories/c.html" in published()


@pytest.mark.slow
def test_a_deploy_of_what_is_there_already_pushes_nothing(content: Make, capsys: Said) -> None:
    content(PUBLISHED)
    deploy()
    first = remote("rev-parse", "gh-pages")
    capsys.readouterr()

    assert deploy() == 0

    assert (
        capsys.readouterr().out.splitlines()[-1]
        == "Nothing to push: gh-pages of origin is up to date."
    )
    assert remote("rev-parse", "gh-pages") == first


@pytest.mark.slow
@pytest.mark.parametrize("clone", [[], ["--single-branch"], ["--depth=1"]])
def test_what_was_pushed_from_another_computer_is_built_upon(
    content: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, clone: list[str]
) -> None:
    folder = content(PUBLISHED)
    deploy()
    url = (tmp_path / "remote.git").as_uri()
    git("clone", "--quiet", *clone, url, "../other")
    monkeypatch.chdir(tmp_path / "other")
    (folder / "stories/d.md").write_text(story("From there", "publish: true"), encoding="utf-8")
    assert deploy("--out", "../other-public") == 0
    theirs = remote("rev-parse", "gh-pages")
    monkeypatch.chdir(tmp_path / "clone")
    (folder / "stories/e.md").write_text(story("From here", "publish: true"), encoding="utf-8")

    assert deploy() == 0

    assert remote("rev-parse", "gh-pages^") == theirs
    assert remote("rev-list", "--count", "gh-pages") == "3"
    assert {"stories/d.html", "stories/e.html"} <= published().keys()


@pytest.mark.slow
def test_a_push_that_comes_first_is_not_overwritten(content: Make, capsys: Said) -> None:
    content(PUBLISHED)
    deploy()
    hook = Path(".git/hooks/pre-push")  # runs when all is made, and before anything is sent
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(
        "#!/bin/sh\nrm $0\n"
        'theirs=$(git commit-tree -p FETCH_HEAD -m Theirs "FETCH_HEAD^{tree}")\n'
        "git push --quiet --no-verify origin $theirs:refs/heads/gh-pages\n",
        encoding="utf-8",
    )
    hook.chmod(0o755)
    (Path("../content") / "stories/a.md").write_text(story("Two", "publish: true"), "utf-8")
    capsys.readouterr()

    assert deploy() == 1

    said = capsys.readouterr().err
    assert said.startswith("Nothing was pushed: `git push` says:\n    ")
    assert said.endswith("\nPut that right and run this again.\n")
    assert "rejected" in said
    assert remote("log", "--format=%s", "gh-pages") == "Theirs\nPublish"
    assert deploy() == 0
    assert remote("log", "--format=%s", "gh-pages") == "Publish\nTheirs\nPublish"


@pytest.mark.slow
def test_the_bytes_are_those_that_were_checked_whatever_git_is_told_to_do_to_files(
    content: Make,
) -> None:
    content(PUBLISHED)
    git("config", "core.autocrlf", "true")
    git("config", "filter.shout.clean", "tr a-z A-Z")
    Path(".git/info").mkdir(exist_ok=True)
    Path(".git/info/attributes").write_text("* filter=shout text\n", encoding="utf-8")

    assert deploy() == 0

    pages = built()
    assert published()["index.html"] == pages["index.html"]
    assert published()["assets/starbook.css"] == pages["assets/starbook.css"]


@pytest.mark.slow
def test_a_site_with_an_address_has_its_own_nojekyll_and_a_name_for_the_host_goes_along(
    content: Make,
) -> None:
    content(PUBLISHED | {"handbook.yml": "base_url: https://example.org/x/\n"})
    deploy()
    Path("../public/CNAME").write_text("example.org\n", encoding="utf-8")

    assert deploy() == 0

    assert published()["CNAME"] == b"example.org\n"
    assert published()[".nojekyll"] == b""
    assert "sitemap.xml" in published()


# What else is on the branch


def commit_there(files: dict[str, str], *gone: str, branch: str = "gh-pages") -> None:
    """Commit files to the branch of the remote from another clone, as a person does."""
    place = Path("../other")
    shutil.rmtree(place, ignore_errors=True)
    git("clone", "--quiet", "../remote.git", str(place))
    there = ("-C", str(place))
    if git(*there, "ls-remote", "origin", branch):
        git(*there, "checkout", "--quiet", branch)
    else:
        git(*there, "checkout", "--quiet", "--orphan", branch)
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    for name in gone:
        (place / name).unlink()
    git(*there, "add", "--all")
    git(*there, "commit", "--quiet", "--allow-empty", "-m", "By hand")
    git(*there, "push", "--quiet", "origin", branch)


THEIRS = {"CNAME": "me.example\n", "slides/index.html": "a talk", "robots.txt": "", "é/ü.txt": "x"}


@pytest.mark.slow
@pytest.mark.parametrize("first", ["theirs", "ours"])
def test_files_that_deploy_did_not_write_stay(content: Make, first: str) -> None:
    folder = content(PUBLISHED)
    if first == "ours":
        assert deploy() == 0
    commit_there(THEIRS)

    assert deploy() == 0
    (folder / "stories/c.md").write_text(story("Three", "publish: true"), encoding="utf-8")
    assert deploy() == 0

    found = published()
    assert {name: found[name].decode() for name in THEIRS} == THEIRS
    assert found == built() | {".nojekyll": b""} | {n: t.encode() for n, t in THEIRS.items()}


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has neither these modes nor these links")
def test_they_keep_their_modes_and_kinds(content: Make) -> None:
    content(PUBLISHED)
    commit_there(THEIRS)
    other = Path("../other")
    (other / "slides/make").write_text("#!/bin/sh\n", encoding="utf-8")
    (other / "slides/make").chmod(0o755)
    (other / "latest").symlink_to("slides")
    git("-C", "../other", "add", "--all")
    git("-C", "../other", "commit", "--quiet", "-m", "More")
    git("-C", "../other", "push", "--quiet", "origin", "gh-pages")
    before = remote("ls-tree", "-r", "gh-pages").splitlines()

    assert deploy() == 0

    assert set(before) <= set(remote("ls-tree", "-r", "gh-pages").splitlines())


@pytest.mark.slow
def test_a_nojekyll_of_theirs_is_not_emptied(content: Make) -> None:
    content(PUBLISHED)
    commit_there({".nojekyll": "see the docs\n"})

    assert deploy() == 0

    assert published()[".nojekyll"] == b"see the docs\n"


@pytest.mark.slow
def test_a_story_that_is_taken_back_is_deleted_from_a_fresh_clone_too(
    content: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Said
) -> None:
    folder = content(PUBLISHED | {"stories/heron.md": story("The heron", "publish: true")})
    deploy()
    commit_there(THEIRS)
    (folder / "stories/heron.md").write_text(story("The heron"), encoding="utf-8")
    git("clone", "--quiet", (tmp_path / "remote.git").as_uri(), "../fresh")
    monkeypatch.chdir(tmp_path / "fresh")
    capsys.readouterr()

    assert deploy("--out", "../fresh-public") == 0

    assert "\n  delete stories/heron.html\n" in capsys.readouterr().out
    found = published()
    assert not [name for name in found if "heron" in name]
    assert not [name for name, data in found.items() if b"heron" in data.lower()]
    assert THEIRS.keys() <= found.keys()


@pytest.mark.slow
def test_what_is_added_changed_and_deleted_is_listed_before_it_is_pushed(
    content: Make, capsys: Said
) -> None:
    folder = content(PUBLISHED)
    deploy()
    first = capsys.readouterr().out
    assert (
        "\nChanges to gh-pages of origin:\n  add    .nojekyll\n  add    .starbook.json\n" in first
    )
    assert "\n  add    stories/a.html\n" in first
    (folder / "stories/a.md").rename(folder / "stories/c.md")
    git("remote", "set-url", "--push", "origin", "../gone.git")

    assert deploy() == 1

    said = capsys.readouterr()
    listed = said.out[said.out.index("Changes to gh-pages of origin:") :].splitlines()
    assert listed[1:2] == ["  add    stories/c.html"]
    assert "  change stories/index.html" in listed
    assert listed[-1] == "  delete stories/a.html"
    assert len(listed) == len(set(listed))
    assert said.err.startswith("Nothing was pushed: `git push` says:")


@pytest.mark.slow
def test_of_many_files_the_first_are_listed_and_all_that_are_deleted(
    content: Make, capsys: Said
) -> None:
    many = {f"stories/s{n}.md": story(f"Story {n}", "publish: true") for n in range(60)}
    folder = content(PUBLISHED | many)

    deploy()

    added = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  add ")]
    assert len(added) == 41
    assert added[-1] == f"  add    {len(published()) - 40} files more"
    for name in many:
        (folder / name).unlink()
    deploy()
    said = capsys.readouterr().out
    assert said.count("\n  delete stories/s") == 60


# A branch that does not say who wrote its files


OLD = {"stories/old.html": "taken back", "index.html": "old", "images/x.png": "png", **THEIRS}


@pytest.mark.slow
def test_without_a_list_and_a_terminal_nothing_like_ours_is_changed(
    content: Make, capsys: Said
) -> None:
    content(PUBLISHED)
    commit_there(OLD)
    before = remote("rev-parse", "gh-pages")

    assert deploy() == 1

    assert capsys.readouterr().err == (
        "Nothing was pushed: gh-pages of origin does not say which files `deploy` wrote, and has "
        "3 files like ours (images/x.png, index.html, stories/old.html); run this in a terminal "
        "and say yes if they are, or move them away there.\n"
    )
    assert remote("rev-parse", "gh-pages") == before


QUESTION = (
    "gh-pages of origin does not say which files `deploy` wrote. "
    "Change or delete 3 files of it? [y/N] "
)


@pytest.mark.slow
@pytest.mark.parametrize("answer", ["y", "Yes "])
def test_at_a_terminal_it_asks_and_then_our_folders_count_as_ours(
    content: Make, monkeypatch: pytest.MonkeyPatch, answer: str, capsys: Said
) -> None:
    content(PUBLISHED)
    commit_there(OLD)
    asked = answering(monkeypatch, answer)

    assert deploy() == 0

    assert asked == [QUESTION]
    said = capsys.readouterr().out
    assert "\n  change index.html\n  delete images/x.png\n  delete stories/old.html\n" in said
    found = published()
    assert found == built() | {".nojekyll": b""} | {n: t.encode() for n, t in THEIRS.items()}
    assert deploy() == 0
    assert asked == [QUESTION]  # once


@pytest.mark.slow
@pytest.mark.parametrize("answer", ["", "n", "what?"])
def test_who_does_not_agree_finds_the_branch_as_it_was(
    content: Make, monkeypatch: pytest.MonkeyPatch, answer: str, capsys: Said
) -> None:
    content(PUBLISHED)
    commit_there(OLD)
    before = remote("rev-parse", "gh-pages")
    answering(monkeypatch, answer)

    assert deploy() == 1

    assert "Nothing was pushed: " in capsys.readouterr().err
    assert remote("rev-parse", "gh-pages") == before


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["", "[]", "{", '{"files": 1}', "<<<<<<< HEAD\n"])
def test_a_list_that_is_damaged_is_none(content: Make, capsys: Said, damage: str) -> None:
    folder = content(PUBLISHED)
    deploy()
    commit_there({".starbook.json": damage})
    (folder / "stories/a.md").write_text(story("Another", "publish: true"), encoding="utf-8")
    capsys.readouterr()

    assert deploy() == 1

    assert "does not say which files `deploy` wrote" in capsys.readouterr().err


@pytest.mark.slow
def test_where_all_is_as_it_would_be_pushed_nothing_is_asked(content: Make) -> None:
    content(PUBLISHED)
    deploy()
    commit_there({}, ".starbook.json")  # as versions without the list left it

    assert deploy() == 0

    assert published()[".starbook.json"] == Path("../public/.starbook.json").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("theirs", "named"),
    [
        ("stories/c.html", "stories/c.html"),
        ("stories/c.html/notes.txt", "stories/c.html/notes.txt"),
        ("guides", "guides"),
    ],
)
def test_their_file_in_the_place_of_a_page_stops_it(
    content: Make, capsys: Said, theirs: str, named: str
) -> None:
    folder = content(PUBLISHED | {"handbook.yml": "publish: [guides]\n"})
    deploy()
    gone = [name for name in published() if name.startswith("guides/") and theirs == "guides"]
    commit_there({}, *gone)
    commit_there({theirs: "mine"})
    before = remote("rev-parse", "gh-pages")
    text = "---\ntitle: Guide\n---\n\nWords.\n"
    (folder / "guides").mkdir()
    (folder / "guides/g.md").write_text(text, encoding="utf-8")
    (folder / "stories/c.md").write_text(story("Three", "publish: true"), encoding="utf-8")
    capsys.readouterr()

    assert deploy() == 1

    assert capsys.readouterr().err == (
        "Nothing was pushed: gh-pages of origin has files that are not from Starbook where pages "
        f"must stand ({named}); move them away there.\n"
    )
    assert remote("rev-parse", "gh-pages") == before


# Other builds meanwhile


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["plan", "push"])
def test_what_is_pushed_was_searched_though_another_build_has_replaced_the_folder(
    content: Make, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    folder = content(PUBLISHED)
    act = getattr(deploy_module, moment)
    expected: list[dict[str, bytes]] = []

    def late(*args: Any) -> Any:
        expected.append(built())
        (folder / "stories/b.md").write_text(story("Heron", "publish: true"), encoding="utf-8")
        assert cli.main(["build", "--public", "--content", "../content", "--out", "../public"]) == 0
        return act(*args)

    monkeypatch.setattr(deploy_module, moment, late)

    assert deploy() == 0

    assert published() == expected[0] | {".nojekyll": b""}
    assert b"Heron" in built()["stories/index.html"]


@pytest.mark.slow
def test_two_deploys_from_one_repository_wait_for_each_other(content: Make, capsys: Said) -> None:
    content(PUBLISHED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deploy_module, "PATIENCE", 0.0)
        with deploy_module.locked(Path(), print):
            assert deploy() == 1

    me = os.getpid()
    assert capsys.readouterr().err == (
        f"Waiting for process {me}, which is building too…\n"
        f"Nothing was pushed: process {me} is busy; wait until it has finished, or end it.\n"
    )
    assert nothing_was_pushed()
    assert deploy() == 0
    assert not list(Path(".git").glob("starbook*"))


# The first push


FIRST = "this is the first push to gh-pages of origin, where others may read it"


def first_deploy(*argv: str) -> int:
    return cli.main(["deploy", "--content", "../content", "--out", "../public", *argv])


def test_without_a_terminal_the_first_push_needs_a_yes(content: Make, capsys: Said) -> None:
    content(PUBLISHED)

    assert first_deploy() == 1

    assert capsys.readouterr().err == (
        f"Nothing was pushed: {FIRST}; run this in a terminal and say yes, or add --yes.\n"
    )
    assert nothing_was_pushed()


@pytest.mark.slow
@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("Yes ", 0), ("", 1), ("n", 1)])
def test_at_a_terminal_the_first_push_asks_once(
    content: Make, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    folder = content(PUBLISHED)
    asked = answering(monkeypatch, answer)

    assert first_deploy() == code

    assert asked == [f"T{FIRST[1:]}. Push? [y/N] "]
    assert nothing_was_pushed() is bool(code)
    if not code:
        (folder / "stories/a.md").write_text(story("Two", "publish: true"), encoding="utf-8")
        assert first_deploy() == 0
        assert len(asked) == 1


@pytest.mark.slow
def test_the_first_push_to_a_branch_that_others_use_asks_too(
    content: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    content(PUBLISHED)
    commit_there(THEIRS)
    asked = answering(monkeypatch, "y")

    assert first_deploy() == 0

    assert asked == [f"T{FIRST[1:]}. Push? [y/N] "]
    assert THEIRS.keys() <= published().keys()


@pytest.mark.slow
def test_yes_is_no_answer_to_whether_files_like_ours_may_be_deleted(
    content: Make, capsys: Said
) -> None:
    content(PUBLISHED)
    commit_there(OLD)

    assert first_deploy("--yes") == 1

    assert "and has 3 files like ours" in capsys.readouterr().err


# A dry run


@pytest.mark.slow
def test_a_dry_run_lists_pages_and_changes_and_pushes_nothing(content: Make, capsys: Said) -> None:
    content(PUBLISHED)
    refs = git("for-each-ref")

    assert first_deploy("--dry-run") == 0

    lines = capsys.readouterr().out.splitlines()
    pages = sorted(name for name in built() if name.endswith(".html"))
    begin = lines.index("Pages:")
    end = lines.index("Changes to gh-pages of origin:")
    assert [line.removeprefix("  ") for line in lines[begin + 1 : end]] == pages
    assert "stories/a.html" in pages
    assert "  add    stories/a.html" in lines[end:]
    assert lines[-2:] == ["A push would ask first.", "Nothing was pushed: this was a dry run."]
    assert nothing_was_pushed()
    assert git("for-each-ref") == refs


@pytest.mark.slow
def test_a_dry_run_says_what_goes_what_stays_and_that_all_is_there(
    content: Make, capsys: Said
) -> None:
    folder = content(PUBLISHED)
    commit_there(THEIRS)
    deploy()
    before = remote("rev-parse", "gh-pages")
    capsys.readouterr()

    assert first_deploy("--dry-run") == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "No changes: gh-pages of origin is up to date.",
        "Nothing was pushed: this was a dry run.",
    ]

    (folder / "stories/a.md").rename(folder / "stories/c.md")
    assert first_deploy("--dry-run") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-6:] == [
        "  delete stories/a.html",
        *(f"  keep   {name}" for name in sorted(THEIRS)),
        "Nothing was pushed: this was a dry run.",
    ]
    assert remote("rev-parse", "gh-pages") == before


@pytest.mark.slow
def test_of_many_files_that_stay_the_first_are_listed(content: Make, capsys: Said) -> None:
    content(PUBLISHED)
    commit_there({f"slides/{number:02}.txt": "x" for number in range(30)})

    assert first_deploy("--dry-run") == 0

    kept = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  keep ")]
    assert kept[9:] == ["  keep   slides/09.txt", "  keep   20 files more"]


# Warnings that what is private may be named

DOUBTS = {
    "said-in-public": {
        "stories/a.md": story("One", "publish: true") + "\nWe sold 4,711 tickets.\n",
        "stories/b.md": story("Private", 'metrics: ["4,711 tickets: sold"]'),
    },
    "possible-term": {
        "handbook.yml": "redact:\n  - {term: Globex, as: a bank}\n",
        "stories/a.md": story("One", "publish: true") + "\nWe ran globexctl.\n",
    },
    "private-mention": {
        "stories/a.md": story("One", "publish: true") + "\nAs the slow ferry had it.\n",
        "stories/slow-ferry.md": story("Private"),
    },
}


@pytest.mark.slow
@pytest.mark.parametrize("rule", DOUBTS)
def test_a_warning_that_a_private_thing_may_be_named_stops_a_push(
    content: Make, capsys: Said, rule: str
) -> None:
    content(DOUBTS[rule])

    assert deploy() == 1

    said = capsys.readouterr().err
    assert f" [{rule}]\n" in said
    doubts = (
        f"1 warning says that a public page may name what is private ({rule}); mend it in the "
        "content or, if nothing of it is private, add --allow-warnings"
    )
    assert said.splitlines()[-1] == f"Nothing was pushed: {doubts}."
    assert nothing_was_pushed()

    assert deploy("--dry-run") == 0
    assert f"\nA push would stop: {doubts}.\n" in capsys.readouterr().out
    assert nothing_was_pushed()

    assert deploy("--allow-warnings") == 0
    assert "stories/a.html" in published()


@pytest.mark.slow
def test_other_warnings_stop_no_push(content: Make, capsys: Said) -> None:
    content(PUBLISHED | {"stories/c.md": story("Three", "publish: true\ncompany: Acme")
                         + "\nAs [once](b.md) before.\n"})  # fmt: skip

    assert deploy() == 0

    assert "[dead-mention]" in capsys.readouterr().err


# A locked handbook

LOCKED = b"<!doctype html>\n<!-- Starbook bundle: locked -->\n"
FIRST_LOCKED = FIRST.replace("read it", "fetch the file and guess for ever")


def deploy_locked(*argv: str) -> int:
    """Deploy a locked handbook as somebody who has agreed to a first push."""
    pytest.importorskip("cryptography")
    return deploy("--encrypted", "--passphrase-fd", descriptor(), *argv)


@pytest.mark.slow
def test_a_locked_handbook_is_the_one_page_of_the_branch(content: Make, capsys: Said) -> None:
    content(PUBLISHED)
    commit_there({"CNAME": "me.example\n"})

    assert deploy_locked() == 0

    assert capsys.readouterr().out.splitlines()[-7:] == [
        "Changes to gh-pages of origin:",
        "  add    .nojekyll",
        "  add    .starbook.json",
        "  add    index.html",
        "  keep   CNAME",
        "Pushed the locked handbook to gh-pages of origin.",
        "It is encrypted: whoever has the file needs its passphrase, and can guess for ever.",
    ]
    found = published()
    assert found.keys() == {".nojekyll", ".starbook.json", "index.html", "CNAME"}
    page = found["index.html"]
    assert page.startswith(LOCKED)
    assert b'<meta name="robots" content="noindex, nofollow, noarchive">' in page
    assert PHRASE.encode() not in page
    assert not Path("../public").exists()
    assert not Path("index.html").exists()


@pytest.mark.slow
def test_nothing_of_it_is_readable_in_the_repository(content: Make, capsys: Said) -> None:
    content({"stories/heron.md": story("The grey heron")})

    assert deploy("--encrypted", "--dry-run") == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "Pages:",
        "  index.html",
        "Changes to gh-pages of origin:",
        "  add    .nojekyll",
        "  add    .starbook.json",
        "  add    index.html",
        "A push would ask first.",
        "Nothing was pushed: this was a dry run.",
    ]
    assert nothing_was_pushed()
    assert deploy_locked() == 0

    objects = git("cat-file", "--batch-all-objects", "--batch-check").splitlines()
    texts = [git("cat-file", "-p", line.split()[0]) for line in objects]
    assert [text for text in texts if "locked" in text]
    assert not [text for text in texts if "heron" in text.lower()]


@pytest.mark.slow
def test_a_second_locked_handbook_takes_the_place_of_the_first(content: Make) -> None:
    content(PUBLISHED)
    deploy_locked()
    first = published()["index.html"]

    assert deploy_locked() == 0

    assert published()["index.html"].startswith(LOCKED)
    assert published()["index.html"] != first


@pytest.mark.slow
def test_it_does_not_mix_with_a_public_edition_unless_it_is_told_where(
    content: Make, capsys: Said
) -> None:
    content(PUBLISHED)
    deploy()
    public = published()
    capsys.readouterr()

    assert deploy_locked() == 1

    assert capsys.readouterr().err == (
        "Nothing was pushed: gh-pages of origin has a public edition; name another folder there "
        "with --path, such as --path mine.\n"
    )
    assert published() == public

    assert deploy_locked("--path", "mine/") == 0
    assert capsys.readouterr().out.splitlines()[-2] == (
        "Pushed the locked handbook to mine/ on gh-pages of origin."
    )
    found = published()
    assert found.keys() - public.keys() == {"mine/index.html", "mine/.starbook.json"}
    assert found["mine/index.html"].startswith(LOCKED)
    assert found["index.html"] == public["index.html"]

    assert deploy() == 0  # the other way round, the folder stays
    assert published() == found


@pytest.mark.slow
def test_a_public_edition_does_not_take_the_place_of_a_locked_handbook(
    content: Make, capsys: Said
) -> None:
    content(PUBLISHED)
    deploy_locked()
    locked = published()

    assert deploy() == 1

    assert capsys.readouterr().err == (
        "Nothing was pushed: gh-pages of origin has a locked handbook; name another folder there "
        "with --path, such as --path mine.\n"
    )
    assert published() == locked
    assert deploy("--path", "open") == 0
    found = published()
    assert found["index.html"] == locked["index.html"]
    assert found["open/stories/a.html"] == built()["stories/a.html"]
    assert deploy("--path", "open") == 0
    assert published() == found


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("--encrypted",)])
def test_a_private_edition_that_was_pushed_by_hand_is_not_taken_for_a_locked_handbook(
    content: Make, capsys: Said, options: tuple[str, ...]
) -> None:
    content(PUBLISHED)
    cli.main(["build", "--content", "../content", "--out", "../private"])
    pages = (path for path in Path("../private").rglob("*.*") if path.suffix in (".html", ".json"))
    commit_there({path.relative_to("../private").as_posix(): path.read_text() for path in pages})
    capsys.readouterr()

    assert deploy("--dry-run", *options) == 1

    assert capsys.readouterr().err == (
        "Nothing was pushed: gh-pages of origin has the private edition, not locked; delete the "
        "branch there with `git push origin --delete gh-pages`, since its history has those pages "
        "too.\n"
    )


@pytest.mark.slow
def test_every_file_of_a_private_edition_counts_as_ours_where_there_is_no_list(
    content: Make, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = content(PUBLISHED)
    shutil.copytree(SAMPLE, folder, dirs_exist_ok=True)
    cli.main(["build", "--content", "../content", "--out", "../private"])
    site = [path.relative_to("../private") for path in Path("../private").rglob("*.*")]
    commit_there({path.as_posix(): "private" for path in site if path.name != ".starbook.json"})
    answering(monkeypatch, "y")

    assert deploy("--allow-warnings") == 0

    assert b"private" not in published().values()


def test_a_page_of_somebody_else_is_not_replaced_by_a_locked_one(
    content: Make, capsys: Said
) -> None:
    content(PUBLISHED)
    commit_there({"index.html": "mine", "stories/old.html": "mine"})

    assert deploy("--encrypted", "--dry-run") == 1

    assert capsys.readouterr().err == (
        "Nothing was pushed: gh-pages of origin has files that are not from Starbook where pages "
        "must stand (index.html); move them away there.\n"
    )


@pytest.mark.slow
def test_the_first_push_of_a_locked_handbook_asks_too(
    content: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    content(PUBLISHED)
    asked = answering(monkeypatch, "n")

    assert first_deploy("--encrypted", "--passphrase-fd", descriptor()) == 1

    assert asked == [f"T{FIRST_LOCKED[1:]}. Push? [y/N] "]
    assert nothing_was_pushed()


def test_a_fault_in_content_pushes_no_locked_handbook(content: Make, capsys: Said) -> None:
    content({"stories/bad.md": "---\nheadline: no title\n---\n"})

    assert deploy_locked() == 1

    assert capsys.readouterr().err.endswith("\nNothing was pushed: 1 error.\n")
    assert nothing_was_pushed()


@pytest.mark.parametrize("path", ["..", "a/../b", ".git", "/", "a//b", "a b", "é", ".nojekyll"])
def test_a_path_is_the_name_of_a_folder(content: Make, capsys: Said, path: str) -> None:
    content(PUBLISHED)

    assert deploy("--path", path) == 1

    assert capsys.readouterr().err == (
        f"Nothing was pushed: --path {path} is no name of a folder; use letters, digits and "
        "hyphens.\n"
    )


@pytest.mark.parametrize("path", ["stories", "assets/x", "images/"])
def test_a_path_is_no_folder_of_pages(content: Make, capsys: Said, path: str) -> None:
    content(PUBLISHED)

    assert deploy("--path", path) == 1

    assert capsys.readouterr().err == (
        f"Nothing was pushed: --path {path} is where pages of a public edition stand; name "
        "another.\n"
    )


# What is refused


@pytest.mark.slow
def test_a_private_edition_is_refused(content: Make, capsys: Said) -> None:
    content(PUBLISHED)
    cli.main(["build", "--content", "../content", "--out", "../public"])
    before = built()
    capsys.readouterr()

    assert deploy() == 1

    said = capsys.readouterr()
    assert said.err == (
        f"Nothing was pushed: {Path('../public')} holds the private edition; "
        "name another folder with --out.\n"
    )
    assert said.out == ""
    assert built() == before
    assert nothing_was_pushed()


def test_a_folder_that_is_not_ours_is_refused(content: Make, capsys: Said) -> None:
    content(PUBLISHED)
    Path("../public").mkdir()
    Path("../public/index.html").write_text("mine", encoding="utf-8")

    assert deploy() == 1

    assert capsys.readouterr().err == (
        f"{Path('../public')}: error: is not empty, and not a site that Starbook made; "
        "empty it, or choose another folder with --out [output]\nNothing was built: 1 error.\n"
    )
    assert nothing_was_pushed()


@pytest.mark.slow
def test_files_that_nobody_checked_are_refused(content: Make, capsys: Said) -> None:
    content(PUBLISHED)
    cli.main(["build", "--public", "--content", "../content", "--out", "../public"])
    for name in ("notes.txt", "old/.secret", "stories/.DS_Store"):
        Path("../public", name).parent.mkdir(exist_ok=True)
        Path("../public", name).write_text("mine", encoding="utf-8")
    capsys.readouterr()

    assert deploy() == 1

    assert capsys.readouterr().err == (
        f"Nothing was pushed: {Path('../public')} contains files that were not checked "
        "(notes.txt, old/.secret); move it away.\n"
    )
    assert nothing_was_pushed()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
@pytest.mark.parametrize("target", ["../content", "../content/stories/b.md", "gone"])
def test_links_are_files_that_nobody_checked(content: Make, capsys: Said, target: str) -> None:
    content(PUBLISHED)
    cli.main(["build", "--public", "--content", "../content", "--out", "../public"])
    Path("../public/link").symlink_to(target)
    capsys.readouterr()

    assert deploy() == 1

    assert "contains files that were not checked (link); move it away." in capsys.readouterr().err
    assert nothing_was_pushed()


@pytest.mark.slow
def test_what_file_managers_leave_about_is_no_hindrance_and_not_pushed(content: Make) -> None:
    content(PUBLISHED)
    cli.main(["build", "--public", "--content", "../content", "--out", "../public"])
    Path("../public/stories/.DS_Store").write_bytes(b"a.md b.md")

    assert deploy() == 0

    assert "stories/.DS_Store" not in published()


def test_a_fault_in_content_pushes_nothing(content: Make, capsys: Said) -> None:
    folder = content(PUBLISHED)
    (folder / "stories/bad.md").write_text("---\nheadline: no title\n---\n", encoding="utf-8")

    assert deploy() == 1

    assert capsys.readouterr().err.endswith("Nothing was built: 1 error.\n")
    assert nothing_was_pushed()


def test_outside_a_git_repository_nothing_is_built(
    content: Make, capsys: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content(PUBLISHED)
    (tmp_path / "plain").mkdir()
    monkeypatch.chdir(tmp_path / "plain")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))

    assert deploy() == 1

    assert capsys.readouterr() == (
        "",
        "Nothing was pushed: `git rev-parse` says:\n"
        "    fatal: not a git repository (or any of the parent directories): .git\n"
        "Put that right and run this again.\n",
    )
    assert not Path("../public").exists()


@pytest.mark.parametrize(
    ("name", "hint"),
    [("orign", "did you mean `origin`?"), ("pages", "there is `origin`")],
)
def test_an_unknown_remote_names_those_that_there_are(
    content: Make, capsys: Said, name: str, hint: str
) -> None:
    content(PUBLISHED)

    assert deploy("--remote", name) == 1

    line = f"Nothing was pushed: there is no remote `{name}`; {hint}.\n"
    assert capsys.readouterr().err == line.replace("?.", "?")
    assert nothing_was_pushed()


def test_without_a_remote_it_says_how_one_is_made(content: Make, capsys: Said) -> None:
    content(PUBLISHED)
    git("remote", "remove", "origin")

    assert deploy() == 1

    assert capsys.readouterr().err == (
        "Nothing was pushed: there is no remote `origin`; `git remote add` makes one.\n"
    )


@pytest.mark.slow
def test_another_remote_can_be_named(content: Make, capsys: Said) -> None:
    content(PUBLISHED)
    git("remote", "rename", "origin", "pages")

    assert deploy("--remote", "pages") == 0

    assert "index.html" in published()


@pytest.mark.slow
def test_a_remote_that_does_not_answer_is_one_clear_message(content: Make, capsys: Said) -> None:
    content(PUBLISHED)
    git("remote", "set-url", "origin", "../gone.git")

    assert deploy() == 1

    said = capsys.readouterr().err
    assert said.startswith("Nothing was pushed: `git ls-remote` says:\n    fatal: '../gone.git'")


@pytest.mark.slow
def test_git_that_does_not_know_who_one_is_says_so(
    content: Make, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    content(PUBLISHED)
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.delenv(f"GIT_{role}_NAME")
        monkeypatch.delenv(f"GIT_{role}_EMAIL")
    monkeypatch.delenv("EMAIL", raising=False)
    git("config", "user.useConfigOnly", "true")

    assert deploy() == 1

    said = capsys.readouterr().err
    assert said.startswith("Nothing was pushed: `git commit-tree` says:\n    ")
    assert "*** Please tell me who you are." in said
    assert nothing_was_pushed()


def test_without_git_it_says_so(
    content: Make, capsys: Said, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    content(PUBLISHED)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert deploy() == 1

    assert capsys.readouterr().err == (
        "Nothing was pushed: git is not installed; install it and run this again.\n"
    )


@pytest.mark.slow
def test_a_handbook_in_a_repository_is_pushed_to_that_wherever_the_person_stands(
    content: Make, capsys: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content(PUBLISHED).rename(tmp_path / "clone/book")
    (tmp_path / "plain").mkdir()
    for place in (tmp_path / "plain", tmp_path / "another"):
        git("init", "--quiet", "--template=", str(tmp_path / "another"))
        monkeypatch.chdir(place)
        target = f"gh-pages of origin in {Path('../clone/book')}"

        assert cli.main(["deploy", "--yes", "--content", "../clone/book"]) == 0

        assert capsys.readouterr().out.splitlines()[-1] in (
            f"Pushed {Path('../clone/book/site-public')} to {target}.",
            f"Nothing to push: {target} is up to date.",
        )
        assert "stories/a.html" in published()
        assert Path("../clone/book/site-public/stories/a.html").is_file()
