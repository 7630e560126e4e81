"""Deploy: push a public edition, or a locked handbook, to the branch that GitHub Pages serves.

The commit is made by git's plumbing commands, from the very bytes that were built and searched for
leaks; neither the working tree nor a local branch changes. The branch has a list of the files that
were written to it, in the same form as a site, and so has a folder of it that was pushed to. Files
that are not listed are somebody else's and stay. The push is never forced: the new commit stands on
the last one of the remote. The library for this, ghp-import, pushes all that lies in a folder, and
deletes all else.
"""

import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from starbook import urls
from starbook.build import lock, output
from starbook.build.pipeline import PATIENCE, ignore_wait
from starbook.model import Edition
from starbook.text import names

BRANCH = "gh-pages"
_REF = f"refs/heads/{BRANCH}"
_NO_JEKYLL = ".nojekyll"
# Files that people put beside a site for its host. They are pushed, and never deleted there.
_HOST_FILES = frozenset({"CNAME", _NO_JEKYLL})
# Never pushed, and no reason to refuse: the manifest, and what file managers leave behind.
_IGNORED = frozenset({output.NAME, ".DS_Store", "Thumbs.db", "desktop.ini"})
_LOCK = "starbook-deploy.lock"
_FOLDER_NAME = re.compile(r"[\w-][\w.-]*", re.ASCII)

# What a tree of git has at a path: a mode and the id of an object.
_Tree = dict[str, tuple[str, str]]


class DeployError(Exception):
    """Nothing was pushed; the message says why and what to do."""


class Plan(msgspec.Struct, frozen=True):
    """A commit to be pushed: its tree and parent, and what it changes on the branch.

    `kept` are files of others. `unlisted` are the files to change or delete of which the branch
    does not say who wrote them. `is_first` is true if `deploy` has pushed nothing there yet.
    """

    tree: str
    parent: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    deleted: tuple[str, ...]
    kept: tuple[str, ...]
    unlisted: tuple[str, ...]
    is_first: bool

    @property
    def is_empty(self) -> bool:
        """True if the branch has all that, and nothing more, already."""
        return not (self.added or self.changed or self.deleted)


def find_repository(content: Path) -> Path:
    """Return a folder in the repository to push from: that of the handbook, if it lies in one.

    Else it is the one where the person stands.
    """
    here = Path.cwd()
    found = [_find_git_folder(folder) for folder in (content, here)]
    return content if found[0] and found[0] != found[1] else here


def _find_git_folder(folder: Path) -> str:
    try:
        return _git(folder, "rev-parse", "--path-format=absolute", "--git-common-dir")
    except DeployError:
        return ""


def check(out: Path, repository: Path, remote: str) -> None:
    """Raise `DeployError` if a push cannot work; to be called before anything is built."""
    manifest = output.read_manifest(out)
    if manifest and manifest.edition is not Edition.PUBLIC:
        raise DeployError(
            f"{os.path.relpath(out)} holds the private edition; name another folder with --out"
        )
    check_remote(repository, remote)


def check_remote(repository: Path, remote: str) -> None:
    """Raise `DeployError` if there is no repository, or no such remote of it."""
    _git(repository, "rev-parse", "--git-dir")
    known = _git(repository, "remote").split()
    if remote not in known:
        listed = ", ".join(f"`{name}`" for name in known)
        hint = f"there is {listed}" if listed else "`git remote add` makes one"
        raise DeployError(
            f"there is no remote `{remote}`; {names.did_you_mean(remote, known, hint)}"
        )


@contextmanager
def locked(repository: Path, on_wait: Callable[[str], None]) -> Iterator[None]:
    """Let one process at a time build and push here. Raise `DeployError` on timeout."""
    path = repository / _git(repository, "rev-parse", "--git-common-dir") / _LOCK
    with _holding(path, on_wait):
        yield


@contextmanager
def _holding(path: Path, on_wait: Callable[[str], None] = ignore_wait) -> Iterator[None]:
    try:
        with lock.holding(path, PATIENCE, on_wait):
            yield
    except lock.BusyError as error:
        raise DeployError(f"{error} is busy; wait until it has finished, or end it") from error


def folder_name(path: str) -> str:
    """Return the name of a folder of the branch; "" is its top. Raise `DeployError`."""
    name = path.strip("/")
    if not all(_FOLDER_NAME.fullmatch(part) for part in name.split("/")) and path:
        raise DeployError(f"--path {path} is no name of a folder; use letters, digits and hyphens")
    if name.partition("/")[0] in _FOLDERS:
        raise DeployError(f"--path {path} is where pages of a public edition stand; name another")
    return name


def plan(site: Mapping[str, bytes], out: Path, folder: str, repository: Path, remote: str) -> Plan:
    """Return what a push of these files would do, and keep them in the repository.

    They are the files that were built into `out`, for a folder of the branch. Raise `DeployError`
    if they must not be pushed.
    """
    with _holding(output.sibling(out, "lock")):  # not while another build exchanges the folder
        check(out, repository, remote)
        hosts = _read_host_files(out, site)
        files = {**site} if folder else {**hosts, **site}
    return _plan(files, Edition.PUBLIC, folder, repository, remote)


def plan_locked(page: bytes, folder: str, repository: Path, remote: str) -> Plan:
    """Return what a push of a locked handbook as the first page of a folder would do.

    Raise `DeployError` if it must not be pushed.
    """
    return _plan({urls.HOME: page}, Edition.PRIVATE, folder, repository, remote)


def _plan(
    site: Mapping[str, bytes], edition: Edition, folder: str, repository: Path, remote: str
) -> Plan:
    manifest = output.manifest_text(edition, site.keys() - _HOST_FILES).encode()
    within = f"{folder}/" if folder else ""
    files = {f"{within}{path}": data for path, data in {**site, output.NAME: manifest}.items()}
    parent, there = _fetch(repository, remote)
    if _NO_JEKYLL not in there:
        files.setdefault(_NO_JEKYLL, b"")
    found = _read_list(repository, there, within)
    if found and (found.edition is not edition or _is_unlocked(found)):
        raise DeployError(_describe_mix(found, folder, remote))
    listed = {f"{within}{path}" for path in (*found.files, output.NAME)} if found else None
    # A locked handbook is one file, so that others which look like pages are none of it.
    is_site = edition is Edition.PUBLIC and not folder
    ours = listed or {path for path in there if is_site and _may_be_ours(path)}
    kept = {path: entry for path, entry in there.items() if path not in {*ours, *files}}
    new = _write_blobs(repository, files)
    differing = sorted(path for path, entry in new.items() if there.get(path, entry) != entry)
    _refuse_conflicts({*differing} - ours - _HOST_FILES, kept, new, remote)
    added = sorted(new.keys() - there.keys())
    deleted = sorted(there.keys() - kept.keys() - new.keys())
    return Plan(
        _write_tree(repository, kept | new),
        parent,
        tuple(added),
        tuple(differing),
        tuple(deleted),
        tuple(sorted(kept.keys() - {_NO_JEKYLL})),
        () if listed else tuple(sorted({*differing, *deleted} & ours)),
        not listed and not {output.NAME, _NO_JEKYLL}.issuperset((*added, *differing)),
    )


def _is_unlocked(there: output.Manifest) -> bool:
    """Return True for the list of a private site, which somebody pushed by hand."""
    return there.edition is Edition.PRIVATE and bool(there.files - {urls.HOME})


def _describe_mix(there: output.Manifest, folder: str, remote: str) -> str:
    place = f"{folder}/ on {BRANCH} of {remote}" if folder else f"{BRANCH} of {remote}"
    if _is_unlocked(there):
        return (
            f"{place} has the private edition, not locked; delete the branch there with "
            f"`git push {remote} --delete {BRANCH}`, since its history has those pages too"
        )
    what = "a public edition" if there.edition is Edition.PUBLIC else "a locked handbook"
    return f"{place} has {what}; name another folder there with --path, such as --path mine"


def push(made: Plan, repository: Path, remote: str) -> None:
    """Commit what was planned and push it to the branch of the remote."""
    parents = ["-p", made.parent] if made.parent else []
    commit = _git(repository, "commit-tree", made.tree, *parents, "-m", "Publish")
    _git(repository, "push", "--quiet", remote, f"{commit}:{_REF}")


def _read_host_files(out: Path, site: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files in `out` that are for its host; refuse others that were not checked."""
    manifest = output.read_manifest(out)
    if manifest is None:
        raise DeployError(f"{os.path.relpath(out)} is no site that Starbook made")
    walk = (path for path in out.rglob("*") if path.is_symlink() or not path.is_dir())
    found = {path.relative_to(out).as_posix(): path for path in walk if path.name not in _IGNORED}
    hosts = {name: path for name, path in found.items() if name in _HOST_FILES - site.keys()}
    links = {name for name, path in hosts.items() if path.is_symlink()}
    if unchecked := sorted(found.keys() - manifest.files - site.keys() - hosts.keys() | links):
        listed = ", ".join(unchecked[:3])
        raise DeployError(
            f"{os.path.relpath(out)} contains files that were not checked ({listed}); move it away"
        )
    return {name: path.read_bytes() for name, path in hosts.items()}


# The branch


def _fetch(repository: Path, remote: str) -> tuple[str, _Tree]:
    """Return the last commit of the branch and its files; none where there is no branch."""
    if not _git(repository, "ls-remote", remote, _REF):
        return "", {}
    _git(repository, "fetch", "--quiet", "--no-tags", remote, _REF)
    parent = _git(repository, "rev-parse", "FETCH_HEAD")
    tree: _Tree = {}
    for line in _git(repository, "ls-tree", "-r", "-z", "--full-tree", parent).split("\0"):
        about, _, path = line.partition("\t")
        if path:
            mode, _, ident = about.split(" ")
            tree[path] = (mode, ident)
    return parent, tree


def _read_list(repository: Path, there: _Tree, within: str) -> output.Manifest | None:
    """Return the list of the files that we wrote into a folder; None where there is none."""
    mode, ident = there.get(f"{within}{output.NAME}", ("", ""))
    if mode not in ("100644", "100755"):
        return None
    text = _git(repository, "cat-file", "blob", ident)
    return output.parse_manifest(text.encode("utf-8", "surrogateescape"))


_FOLDERS = frozenset(
    {
        *urls.KINDS,
        "assets",
        "images",
        *(f.rstrip("/") for f in (urls.SEARCH_TEXTS, urls.PRACTICE_TEXTS)),
    }
)
_ROOT_FILES = frozenset(
    {
        *(urls.HOME, urls.COVERAGE, urls.TO_ASK, urls.CARDS, urls.PRINT, urls.COACH),
        *(urls.NOT_FOUND, urls.SEARCH_INDEX),
        *(urls.PRACTICE, urls.PRACTICE_INDEX, urls.PRACTICE_HISTORY),
        *("sitemap.xml", output.NAME),
    }
)


def _may_be_ours(path: str) -> bool:
    """Return True for the path of a file like those that we write."""
    folder, slash, _ = path.partition("/")
    return folder in _FOLDERS if slash else path in _ROOT_FILES


def _refuse_conflicts(taken: set[str], kept: _Tree, new: _Tree, remote: str) -> None:
    """Raise `DeployError` if somebody else's file stands on the branch where ours must."""
    in_way = taken | (_parents(new) & kept.keys())
    in_way |= {path for path in kept if not _parents([path]).isdisjoint(new)}
    if in_way:
        listed = ", ".join(sorted(in_way)[:3])
        raise DeployError(
            f"{BRANCH} of {remote} has files that are not from Starbook where pages must stand "
            f"({listed}); move them away there"
        )


def _parents(paths: Iterable[str]) -> set[str]:
    return {path[:end] for path in paths for end, letter in enumerate(path) if letter == "/"}


# Objects of git


def _write_blobs(repository: Path, files: Mapping[str, bytes]) -> _Tree:
    """Write files as objects, without filters or changed line ends."""
    with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryFile() as stream:
        for number, data in enumerate(files.values(), 1):
            stream.write(b"blob\nmark :%d\ndata %d\n%b\n" % (number, len(data), data))
        stream.seek(0)
        marks = Path(scratch, "marks")
        _git(repository, "fast-import", "--quiet", f"--export-marks={marks}", stdin=stream)
        pairs = (line.split() for line in marks.read_text(encoding="ascii").splitlines())
        ids = dict(pairs)
    return {path: ("100644", ids[f":{number}"]) for number, path in enumerate(files, 1)}


def _write_tree(repository: Path, tree: _Tree) -> str:
    """Write a tree, and return its id."""
    entries = "".join(f"{mode} {ident}\t{path}\0" for path, (mode, ident) in tree.items())
    with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryFile() as stream:
        stream.write(entries.encode("utf-8", "surrogateescape"))
        stream.seek(0)
        index = str(Path(scratch) / "index")
        arguments = ("update-index", "-z", "--index-info")
        _git(repository, *arguments, stdin=stream, GIT_INDEX_FILE=index)
        return _git(repository, "write-tree", GIT_INDEX_FILE=index)


def _git(repository: Path, *args: str, stdin: IO[bytes] | None = None, **environ: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(repository), *args],
            stdin=stdin or subprocess.DEVNULL,
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
