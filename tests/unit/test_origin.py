"""The origin of this Starbook, for a new handbook's workflow: address and published commit."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from starbook import origin

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def git(folder: Path, *words: str) -> str:
    who = {
        f"GIT_{who}_{what}": "ada" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    done = subprocess.run(
        ["git", "-C", str(folder), *words],
        capture_output=True, encoding="utf-8", check=True, env=os.environ | who,
    )  # fmt: skip
    return done.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with one commit, which a branch of its remote has."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    git(folder, "init", "--quiet")
    git(folder, "remote", "add", "origin", "https://code.example/mill/starbook.git")
    git(folder, "commit", "--quiet", "--allow-empty", "--message=One")
    git(folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    return folder


def test_a_checkout_is_named_by_its_remote_and_its_last_commit(checkout: Path) -> None:
    commit = git(checkout, "rev-parse", "HEAD")
    pinned = f"git+https://code.example/mill/starbook.git@{commit}"
    assert origin.of_checkout(checkout) == pinned
    record = {"url": checkout.as_uri(), "dir_info": {}}  # pip install . in it
    assert origin.of_installation(json.dumps(record)) == pinned


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("https://ada:secret@code.example/mill/book", "https://code.example/mill/book"),
        ("https://code.example:8443/mill/book.git", "https://code.example:8443/mill/book.git"),
        ("git@code.example:mill/book.git", "https://code.example/mill/book.git"),
        ("ssh://git@code.example/mill/book.git", "https://code.example/mill/book.git"),
    ],
)
def test_an_address_is_named_without_who_may_read_it(
    checkout: Path, address: str, named: str
) -> None:
    git(checkout, "remote", "set-url", "origin", address)
    assert origin.of_checkout(checkout) == f"git+{named}@{git(checkout, 'rev-parse', 'HEAD')}"


@pytest.mark.parametrize("address", ["/srv/starbook", "../starbook", 'https://a.example/"$(x)"'])
def test_an_address_on_this_machine_or_of_no_such_form_is_not_named(
    checkout: Path, address: str
) -> None:
    git(checkout, "remote", "set-url", "origin", address)
    assert origin.of_checkout(checkout) == ""


def test_a_commit_that_is_nowhere_else_is_not_named(checkout: Path) -> None:
    git(checkout, "commit", "--quiet", "--allow-empty", "--message=Two")
    assert origin.of_checkout(checkout) == ""


def test_neither_is_the_repository_around_an_unpacked_release(checkout: Path) -> None:
    (checkout / "starbook-1.0").mkdir()
    assert origin.of_checkout(checkout / "starbook-1.0") == ""


def test_what_was_installed_from_a_commit_is_named_by_it() -> None:
    record = {
        "url": "https://code.example/mill/starbook",
        "vcs_info": {"vcs": "git", "commit_id": COMMIT},
    }
    assert origin.of_installation(json.dumps(record)) == (
        f"git+https://code.example/mill/starbook@{COMMIT}"
    )


@pytest.mark.parametrize(
    "record",
    [{}, {"url": "https://files.example/starbook-1.0-py3-none-any.whl", "archive_info": {}}],
)
def test_of_what_was_installed_from_a_file_nothing_is_known(record: dict[str, object]) -> None:
    assert origin.of_installation(json.dumps(record)) == ""
