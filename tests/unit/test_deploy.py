"""`python3 build.py deploy`, against a bare repository on disk."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import story

from starbook import cli

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="no git on this machine")

Make = Callable[..., Path]
Said = pytest.CaptureFixture[str]
PUBLISHED = {"stories/a.md": story("One", "publish: true"), "stories/b.md": story("Private")}


@pytest.fixture(autouse=True)
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone of a bare repository, where the person stands; git knows who they are."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ada@example.org")
    git("init", "--quiet", "--bare", "-b", "main", str(tmp_path / "remote.git"))
    git("clone", "--quiet", str(tmp_path / "remote.git"), str(tmp_path / "clone"))
    monkeypatch.chdir(tmp_path / "clone")
    git("checkout", "--quiet", "-b", "main")
    git("commit", "--quiet", "--allow-empty", "-m", "Begin")
    git("push", "--quiet", "origin", "main")
    return tmp_path / "clone"


def git(*args: str) -> str:
    done = subprocess.run(
        ["git", *args], capture_output=True, encoding="utf-8", check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def remote(*args: str) -> str:
    return git("-C", "../remote.git", *args)


def deploy(*argv: str) -> int:
    return cli.main(["deploy", "--content", "../content", "--out", "../public", *argv])


def published() -> dict[str, bytes]:
    """Return the files on the branch at the remote."""
    names = remote("ls-tree", "-r", "-z", "--name-only", "gh-pages").split("\0")
    return {name: _published(name) for name in names if name}


def _published(name: str) -> bytes:
    show = ["git", "-C", "../remote.git", "show", f"gh-pages:{name}"]
    return subprocess.run(show, capture_output=True, check=True).stdout


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
    pages = built()
    del pages[".starbook.json"]
    assert published() == pages | {".nojekyll": b""}
    assert "stories/a.html" in pages
    assert "stories/b.html" not in pages
    assert remote("log", "--format=%an <%ae> %s", "gh-pages") == "Ada <ada@example.org> Publish"


def test_only_the_branch_of_the_remote_is_touched(content: Make) -> None:
    content(PUBLISHED)
    git("branch", "gh-pages")  # perhaps the person has something on it
    before = git("for-each-ref", "refs/heads"), git("status", "--porcelain"), git("ls-files")

    assert deploy() == 0

    after = git("for-each-ref", "refs/heads"), git("status", "--porcelain"), git("ls-files")
    assert after == before
    assert remote("rev-parse", "main") == git("rev-parse", "main")


def test_a_second_deploy_builds_upon_the_first(content: Make) -> None:
    folder = content(PUBLISHED)
    deploy()
    first = remote("rev-parse", "gh-pages")
    (folder / "stories/a.md").rename(folder / "stories/c.md")

    assert deploy() == 0

    assert remote("rev-parse", "gh-pages^") == first
    assert "stories/a.html" not in published()
    assert "stories/c.html" in published()


def test_a_deploy_of_what_is_there_already_pushes_nothing(content: Make, capsys: Said) -> None:
    content(PUBLISHED)
    deploy()
    first = remote("rev-parse", "gh-pages")
    capsys.readouterr()

    assert deploy() == 0

    assert capsys.readouterr().out.splitlines()[-1] == "Nothing is new to gh-pages of origin."
    assert remote("rev-parse", "gh-pages") == first


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


# What is refused


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
        f"{Path('../public')}: error: is not empty, and not a site that we made; "
        "empty it, or choose another folder with --out [output]\nNothing was built: 1 error.\n"
    )
    assert nothing_was_pushed()


def test_files_that_nobody_checked_are_refused(content: Make, capsys: Said) -> None:
    content(PUBLISHED)
    cli.main(["build", "--public", "--content", "../content", "--out", "../public"])
    for name in ("notes.txt", "old/.secret", "stories/.DS_Store"):
        Path("../public", name).parent.mkdir(exist_ok=True)
        Path("../public", name).write_text("mine", encoding="utf-8")
    capsys.readouterr()

    assert deploy() == 1

    assert capsys.readouterr().err == (
        f"Nothing was pushed: {Path('../public')} holds what was not checked "
        "(notes.txt, old/.secret); move it away.\n"
    )
    assert nothing_was_pushed()


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
@pytest.mark.parametrize("target", ["../content", "../content/stories/b.md", "gone"])
def test_links_are_files_that_nobody_checked(content: Make, capsys: Said, target: str) -> None:
    content(PUBLISHED)
    cli.main(["build", "--public", "--content", "../content", "--out", "../public"])
    Path("../public/link").symlink_to(target)
    capsys.readouterr()

    assert deploy() == 1

    assert "holds what was not checked (link); move it away." in capsys.readouterr().err
    assert nothing_was_pushed()


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


def test_another_remote_can_be_named(content: Make, capsys: Said) -> None:
    content(PUBLISHED)
    git("remote", "rename", "origin", "pages")

    assert deploy("--remote", "pages") == 0

    assert "index.html" in published()


def test_a_remote_that_does_not_answer_is_one_clear_message(content: Make, capsys: Said) -> None:
    content(PUBLISHED)
    git("remote", "set-url", "origin", "../gone.git")

    assert deploy() == 1

    said = capsys.readouterr().err
    assert said.startswith("Nothing was pushed: `git ls-remote` says:\n    fatal: '../gone.git'")


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
