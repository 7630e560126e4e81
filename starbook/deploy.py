"""Push a public edition to the branch that GitHub Pages serves.

The commit is made by git's own small commands, from the files that the manifest lists and from no
others. So what is pushed is byte for byte what was checked, and neither the working tree nor a
branch of the person's is touched. It is never forced: who pushed in between is built upon. The
library for this, ghp-import, pushes all that lies in the folder, by way of a local branch.
"""

import os
import subprocess
import tempfile
from pathlib import Path

from starbook.build import output
from starbook.model import Edition
from starbook.text import names

BRANCH = "gh-pages"
_REF = f"refs/heads/{BRANCH}"
_NO_JEKYLL = ".nojekyll"
# What people put beside a site for its host.
_FOR_THE_HOST = frozenset({"CNAME", _NO_JEKYLL})
# What is never pushed, and no reason to refuse: our own, and what file managers leave about.
_LEFT_HERE = frozenset({output.NAME, ".DS_Store", "Thumbs.db", "desktop.ini"})


class DeployError(Exception):
    """Nothing was pushed; the message says why and what to do."""


def refuse(out: Path, repository: Path, remote: str) -> None:
    """Raise `DeployError` where a push could not work, before anything is built."""
    made = output.manifest(out)
    if made and made.edition is not Edition.PUBLIC:
        raise DeployError(
            f"{_shown(out)} holds the private edition; name another folder with --out"
        )
    _git(repository, "rev-parse", "--git-dir")
    known = _git(repository, "remote").split()
    if remote not in known:
        listed = ", ".join(f"`{name}`" for name in known)
        hint = f"there is {listed}" if listed else "`git remote add` makes one"
        raise DeployError(
            f"there is no remote `{remote}`; {names.did_you_mean(remote, known, hint)}"
        )


def push(out: Path, repository: Path, remote: str) -> bool:
    """Put the site on the branch `gh-pages` of a remote, upon what is there; whether it is new.

    Raises `DeployError`.
    """
    refuse(out, repository, remote)
    tree = _tree(out.absolute(), _to_push(out), repository)
    parent = _there(repository, remote)
    if parent and _git(repository, "rev-parse", f"{parent}^{{tree}}") == tree:
        return False
    upon = ["-p", parent] if parent else []
    commit = _git(repository, "commit-tree", tree, *upon, "-m", "Publish")
    _git(repository, "push", "--quiet", remote, f"{commit}:{_REF}")
    return True


def _to_push(out: Path) -> list[str]:
    made = output.manifest(out)
    if made is None:
        raise DeployError(f"{_shown(out)} is no site that we made")
    walk = (path for path in out.rglob("*") if path.is_symlink() or not path.is_dir())
    there = {path.relative_to(out).as_posix() for path in walk if path.name not in _LEFT_HERE}
    if strangers := sorted(there - made.files - _FOR_THE_HOST):
        listed = ", ".join(strangers[:3])
        raise DeployError(f"{_shown(out)} holds what was not checked ({listed}); move it away")
    return sorted(there)


def _tree(out: Path, paths: list[str], repository: Path) -> str:
    """A git tree of these files as they are: no filter, no line end changed."""
    written = "".join(f"{out / path}\n" for path in paths)
    ids = _git(repository, "hash-object", "-w", "--no-filters", "--stdin-paths", feed=written)
    blobs = dict(zip(paths, ids.split(), strict=True))
    blobs[_NO_JEKYLL] = blobs.get(_NO_JEKYLL) or _git(repository, "hash-object", "-w", "--stdin")
    listed = "".join(f"100644 {blob}\t{path}\0" for path, blob in blobs.items())
    with tempfile.TemporaryDirectory() as scratch:
        index = str(Path(scratch) / "index")
        _git(repository, "update-index", "-z", "--index-info", feed=listed, GIT_INDEX_FILE=index)
        return _git(repository, "write-tree", GIT_INDEX_FILE=index)


def _there(repository: Path, remote: str) -> str:
    """The commit that is on the branch of the remote now, fetched; "" where there is none."""
    if not _git(repository, "ls-remote", remote, _REF):
        return ""
    _git(repository, "fetch", "--quiet", "--no-tags", remote, _REF)
    return _git(repository, "rev-parse", "FETCH_HEAD")


def _git(repository: Path, *args: str, feed: str = "", **environ: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(repository), *args],
            input=feed,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            check=False,
            env=os.environ | environ,
        )
    except FileNotFoundError as error:
        raise DeployError("git is not installed; install it and run this again") from error
    if done.returncode:
        said = "\n".join(f"    {line}" for line in done.stderr.splitlines() if line.strip())
        raise DeployError(f"`git {args[0]}` says:\n{said}\nPut that right and run this again")
    return done.stdout.strip()


def _shown(path: Path) -> str:
    return os.path.relpath(path)
