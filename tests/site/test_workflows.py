"""The workflows for GitHub: their triggers, permissions and pinned actions."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT

WORKFLOWS = [
    *sorted((ROOT / ".github/workflows").glob("*.yml")),
    ROOT / "starbook/handbook_files/pages.yml",
]


def load(path: Path) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def release() -> dict[Any, Any]:
    return load(ROOT / ".github/workflows/release.yml")


def test_every_action_is_named_by_its_commit_and_by_the_same_one_everywhere() -> None:
    used: dict[str, set[str]] = {}
    for path in WORKFLOWS:
        text = path.read_text(encoding="utf-8")
        named = re.findall(r"^ +(?:- )?uses: (\S+)@([0-9a-f]{40}) # v[\d.]+$", text, re.MULTILINE)
        assert len(named) == text.count("uses:"), path
        for action, commit in named:
            used.setdefault(action, set()).add(commit)
    assert {action: commits for action, commits in used.items() if len(commits) > 1} == {}
    assert "actions/checkout" in used


def test_a_release_begins_when_a_person_types_its_version_and_by_nothing_else(
    release: dict[Any, Any],
) -> None:
    assert list(release[True]) == ["workflow_dispatch"]  # `on`
    assert release[True]["workflow_dispatch"]["inputs"]["version"]["required"] is True


def test_only_its_last_job_may_upload_and_a_person_approves_that(release: dict[Any, Any]) -> None:
    jobs = release["jobs"]
    assert release["permissions"] == {"contents": "read"}
    assert "permissions" not in jobs["build"]
    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    assert jobs["publish"]["environment"] == "release"
    assert jobs["publish"]["needs"] == "build"
    assert [list(step) for step in jobs["publish"]["steps"]] == [["uses", "with"], ["uses"]]
    assert "secrets." not in str(release)


@pytest.mark.skipif(os.name == "nt", reason="the workflow runs on Linux")
@pytest.mark.parametrize(("version", "code"), [("1.2.0", 0), ("1.2", 1), ("", 1)])
def test_a_release_of_another_version_than_was_typed_stops(
    release: dict[Any, Any], tmp_path: Path, version: str, code: int
) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist/starbook-1.2.0.tar.gz").touch()
    [step] = [one for one in release["jobs"]["build"]["steps"] if "VERSION" in one.get("env", {})]

    done = subprocess.run(
        ["bash", "-ec", step["run"]],
        capture_output=True, encoding="utf-8", check=False, cwd=tmp_path,
        env=os.environ | {"VERSION": version},
    )  # fmt: skip

    assert done.returncode == code
    assert done.stdout == (
        f"::error file=starbook/__init__.py::This is not version {version}: starbook-1.2.0.tar.gz\n"
        if code
        else ""
    )
