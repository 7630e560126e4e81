"""Deploy: push a public edition to the branch that GitHub Pages serves.

The commit is made by git's plumbing commands, from the files that the manifest lists and no others.
So the files pushed are byte for byte the files checked, and neither the working tree nor a local
branch changes. The push is never forced: the new commit stands on the last one of the remote. The
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
# Files that people put beside a site for its host.
_HOST_FILES = frozenset({"CNAME", _NO_JEKYLL})
# Never pushed, and no reason to refuse: the manifest, and what file managers leave behind.
_IGNORED = frozenset({output.NAME, ".DS_Store", "Thumbs.db", "desktop.ini"})


class DeployError(Exception):
    """Nothing was pushed; the message says why and what to do."""


def check(out: Path, repository: Path, remote: str) -> None:
    """Raise `DeployError` if a push cannot work; to be called before anything is built."""
    manifest = output.read_manifest(out)
    if manifest and manifest.edition is not Edition.PUBLIC:
        raise DeployError(
            f"{os.path.relpath(out)} holds the private edition; name another folder with --out"
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
    """Commit the site to the branch `gh-pages` of a remote; return False if nothing changed."""
    check(out, repository, remote)
    tree = _write_tree(out.absolute(), _files_to_push(out), repository)
    parents: list[str] = []
    if _git(repository, "ls-remote", remote, _REF):
        _git(repository, "fetch", "--quiet", "--no-tags", remote, _REF)
        parents = ["-p", _git(repository, "rev-parse", "FETCH_HEAD")]
        if _git(repository, "rev-parse", f"{parents[1]}^{{tree}}") == tree:
            return False
    commit = _git(repository, "commit-tree", tree, *parents, "-m", "Publish")
    _git(repository, "push", "--quiet", remote, f"{commit}:{_REF}")
    return True


def _files_to_push(out: Path) -> list[str]:
    manifest = output.read_manifest(out)
    if manifest is None:
        raise DeployError(f"{os.path.relpath(out)} is no site that we made")
    walk = (path for path in out.rglob("*") if path.is_symlink() or not path.is_dir())
    files = {path.relative_to(out).as_posix() for path in walk if path.name not in _IGNORED}
    if unchecked := sorted(files - manifest.files - _HOST_FILES):
        listed = ", ".join(unchecked[:3])
        raise DeployError(
            f"{os.path.relpath(out)} holds what was not checked ({listed}); move it away"
        )
    return sorted(files)


def _write_tree(out: Path, paths: list[str], repository: Path) -> str:
    """Write a git tree of these files without filters or changed line ends, and return its id."""
    lines = "".join(f"{out / path}\n" for path in paths)
    ids = _git(repository, "hash-object", "-w", "--no-filters", "--stdin-paths", stdin=lines)
    blobs = dict(zip(paths, ids.split(), strict=True))
    blobs[_NO_JEKYLL] = blobs.get(_NO_JEKYLL) or _git(repository, "hash-object", "-w", "--stdin")
    entries = "".join(f"100644 {blob}\t{path}\0" for path, blob in blobs.items())
    with tempfile.TemporaryDirectory() as scratch:
        index = str(Path(scratch) / "index")
        _git(repository, "update-index", "-z", "--index-info", stdin=entries, GIT_INDEX_FILE=index)
        return _git(repository, "write-tree", GIT_INDEX_FILE=index)


def _git(repository: Path, *args: str, stdin: str = "", **environ: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(repository), *args],
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            check=False,
            env=os.environ | environ,
        )
    except FileNotFoundError as error:
        raise DeployError("git is not installed; install it and run this again") from error
    if done.returncode:
        errors = "\n".join(f"    {line}" for line in done.stderr.splitlines() if line.strip())
        raise DeployError(f"`git {args[0]}` says:\n{errors}\nPut that right and run this again")
    return done.stdout.strip()
