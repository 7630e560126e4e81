"""Origin: where the Starbook that runs came from, so that a workflow can install the same one."""

import json
import re
import subprocess
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from starbook import program

_WEB = re.compile(r"https://(?:[^@/]*@)?(?P<host>[\w.:-]+)/(?P<path>[\w.~/-]+)")
_SSH = re.compile(r"(?:ssh://)?git@(?P<host>[\w.-]+)[:/](?P<path>[\w.~/-]+)")
_COMMIT = re.compile(r"[0-9a-f]{40}")


def pinned_source() -> str:
    """Return `git+https://ADDRESS@COMMIT`, or "" if no published commit is known."""
    if not program.IS_WHEEL:
        return of_checkout(Path(program.ROOT))
    return of_installation(metadata.distribution("starbook").read_text("direct_url.json") or "{}")


def of_installation(record: str) -> str:
    """Return the source of a package from the record that its installer left (PEP 610)."""
    facts = json.loads(record)
    if "vcs_info" in facts:
        return _pinned(facts["url"], facts["vcs_info"]["commit_id"])
    parts = urlsplit(facts.get("url", ""))
    if parts.scheme == "file" and "dir_info" in facts:
        return of_checkout(Path(url2pathname(parts.path)))
    return ""


def of_checkout(folder: Path) -> str:
    """Return the last commit of a checkout as the source, or "" if no remote branch has it."""
    if Path(_git(folder, "rev-parse", "--show-toplevel")) != folder.resolve():
        return ""  # the files of a release, in a repository of the person
    commit = _git(folder, "rev-parse", "HEAD")
    if not _git(folder, "branch", "--remotes", "--contains", commit):
        return ""
    return _pinned(_git(folder, "remote", "get-url", "origin"), commit)


def _git(folder: Path, *words: str) -> str:
    """Run git in a folder; return what it prints, or "" if it fails or is not installed."""
    command = ["git", "-C", str(folder), *words]
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    except OSError:
        return ""
    return "" if done.returncode else done.stdout.strip()


def _pinned(address: str, commit: str) -> str:
    """Return the source without names and passwords; "" if it is no public address and commit."""
    found = _WEB.fullmatch(address) or _SSH.fullmatch(address)
    if not found or not _COMMIT.fullmatch(commit):
        return ""
    return f"git+https://{found['host']}/{found['path']}@{commit}"
