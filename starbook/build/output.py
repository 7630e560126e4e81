"""Output folder: write a site into it as a whole, or leave it as it was.

The new site is put together in a folder beside the old one, `.site.new`, and takes its place by two
renames. A run that is stopped at any moment leaves the old site or the new one, and perhaps folders
that the next run removes. Of the old site only pages are deleted; what the person put there in the
meantime moves to the new one.
"""

import errno
import json
import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath

import msgspec

from starbook import site_folders
from starbook.build import fast_path
from starbook.model import Edition
from starbook.problem import Problem

NAME = site_folders.MANIFEST
# How often a folder is emptied again, if programs go on writing into it.
_ATTEMPTS = 20

# The files of a site by path. Each may be read or made when it is asked for.
Files = Mapping[str, bytes]


class Manifest(msgspec.Struct, frozen=True):
    """The files that the last build wrote into a folder, and their edition."""

    files: frozenset[str] = frozenset()
    edition: Edition = Edition.PRIVATE


def read_manifest(out: Path) -> Manifest | None:
    """Return the manifest of a folder; None where no build wrote one."""
    try:
        return parse_manifest((out / NAME).read_bytes())
    except OSError:
        return None


def parse_manifest(data: bytes) -> Manifest | None:
    """Return a manifest from the bytes of its file; None where they are none."""
    try:
        return msgspec.json.decode(data, type=Manifest)
    except ValueError:  # a fault in its JSON, its types or its encoding
        return None


def read_site(out: Path, edition: Edition) -> dict[str, bytes]:
    """Return the files of the site that a build of this edition wrote; none if one is missing."""
    manifest = read_manifest(out)
    if manifest is None or manifest.edition != edition:
        return {}
    root = out.resolve()
    try:
        paths = {path: (root / path).resolve() for path in manifest.files}
        return {path: found.read_bytes() for path, found in paths.items() if root in found.parents}
    except OSError:
        return {}


def manifest_text(edition: Edition, files: Iterable[str]) -> str:
    """Return the text of the manifest of a whole site."""
    return json.dumps({"edition": edition, "files": sorted(files)}, indent=0) + "\n"


def version(out: Path) -> bytes:
    """Return what differs each time a build has written `out`; the same where none has."""
    try:
        return fast_path.stat_signature((out / NAME).lstat())
    except OSError:
        return b""


def sibling(out: Path, suffix: str) -> Path:
    """Return the path of a helper file or folder beside `out`: `site` → `.site.new`.

    If `out` is a link, it lies beside the target, which is the folder to be replaced.
    """
    out = out.resolve()
    return out.with_name(f".{out.name}.{suffix}")


# May it be written?


def write_errors(out: Path, edition: Edition, sources: Sequence[Path]) -> Iterator[Problem]:
    """Yield the reason why `out` must not be written, if any.

    `sources` are the input folders, first the content. A site may lie in that under its own name.
    """
    try:
        # One that is a circle of links holds nothing; whoever reads it says that it is one.
        found = [source.resolve() for source in sources if not _is_circle(source)]
        own = [source / name for source in found[:1] for name in site_folders.NAMES]
        yield from _write_errors(out, edition, found, own)
    except (OSError, RuntimeError) as error:  # Python 3.11 and 3.12 raise it for a circle of links
        reason = getattr(error, "strerror", None) or "its links lead in a circle"
        hint = "choose another folder with --out"
        yield _problem(out, f"cannot be looked into ({reason})", hint)


def _is_circle(path: Path) -> bool:
    try:
        path.stat()
    except OSError as error:
        return error.errno == errno.ELOOP
    return False


def _write_errors(
    out: Path, edition: Edition, sources: Sequence[Path], own: Sequence[Path]
) -> Iterator[Problem]:
    target = out.resolve()
    manifest = read_manifest(out)
    if any(kept.is_relative_to(target) for kept in (*sources, Path.cwd(), *_home())):
        yield _problem(out, "holds more than the site", "choose a folder of its own with --out")
    elif target not in own and any(target.is_relative_to(source) for source in sources):
        hint = "choose a folder elsewhere with --out"
        yield _problem(out, "lies inside the content or the layouts", hint)
    elif manifest and manifest.edition is Edition.PUBLIC and edition is Edition.PRIVATE:
        hint = "choose another folder with --out, so that the private one is not published"
        yield _problem(out, "holds a public edition", hint)
    elif out.exists() and not out.is_dir():
        yield _problem(out, "is not a folder", "name a folder with --out")
    elif out.exists() and not manifest and any(out.iterdir()):
        hint = "empty it, or choose another folder with --out"
        yield _problem(out, "is not empty, and not a site that Starbook made", hint)
    else:
        closed = [folder for folder in _changed_folders(target, manifest) if _is_read_only(folder)]
        for folder in closed[:1]:
            hint = "allow changes with `chmod u+w`, or choose another folder with --out"
            yield _problem(folder, "is read-only", hint)


def _changed_folders(target: Path, manifest: Manifest | None) -> Iterator[Path]:
    """Yield the folders that a build changes, as far as they exist: around pages and around all."""
    yield next((path for path in target.parents if path.exists()), target)
    files = manifest.files if manifest else ()
    inner = {"", *(path.rpartition("/")[0] for path in files)}
    yield from (target / folder for folder in sorted(inner) if (target / folder).is_dir())


def _is_read_only(folder: Path) -> bool:
    # On Windows this is an attribute, which says nothing about folders.
    return os.name != "nt" and not os.access(folder, os.W_OK | os.X_OK)


def _home() -> Iterator[Path]:
    with suppress(RuntimeError):  # a user without an entry in the system's list has none
        yield Path.home()


def foreign_files(files: Iterable[str], out: Path) -> Iterator[Problem]:
    """Yield a problem for each path to be written, in or beside the site, that is not ours."""
    for path in (sibling(out, "new"), sibling(out, "old")):
        if os.path.lexists(path):
            yield _problem(path, "is not from Starbook, which needs this name", "move it away")
    manifest = read_manifest(out)
    for path in sorted(set(_blocking_paths(files, out, manifest))) if manifest else ():
        yield _problem(path, "is not from Starbook, and a page must stand there", "move it away")


def _blocking_paths(files: Iterable[str], out: Path, manifest: Manifest) -> Iterator[Path]:
    parents = {path.rpartition("/")[0] for path in files} - {""}
    blocking = {folder: _blocking_parent(folder, out) for folder in parents}
    for path in files:
        target = f"{out}{os.sep}{path}"
        ours = path in manifest.files
        if parent := blocking.get(path.rpartition("/")[0]):
            yield parent
        elif os.path.isdir(target) if ours else os.path.lexists(target):  # noqa: PTH112
            yield out / path


def _blocking_parent(folder: str, out: Path) -> Path | None:
    """Return the first part of a path in `out` that is a file or a link instead of a folder."""
    parts = folder.split("/")
    paths = (out.joinpath(*parts[:end]) for end in range(1, len(parts) + 1))
    return next((path for path in paths if path.is_symlink() or path.is_file()), None)


def _problem(path: Path, message: str, hint: str) -> Problem:
    return Problem(os.path.relpath(path), 0, message, hint, "output")


# Replacing the old site by the new one


def write(files: Files, out: Path, edition: Edition) -> tuple[int, int]:
    """Replace the site in `out` by these files; return how many changed and how many were removed.

    Unchanged pages and files that are not ours are hard links to the old ones, and so keep their
    times. Raises OSError, and then leaves `out` as it was.
    """
    out = out.resolve()
    before = read_manifest(out) or Manifest()
    out.parent.mkdir(parents=True, exist_ok=True)
    staging, old = sibling(out, "new"), sibling(out, "old")
    staging.mkdir()
    try:
        _write_manifest(staging, "{}\n")  # which marks the folder as ours
        changed = _stage_files(files, out, staging)
        _carry_over(out, staging, {*before.files, *files, NAME})
        _write_manifest(staging, manifest_text(edition, files))
        if out.exists():
            out.rename(old)
        _put_in_place(staging, out)
    except BaseException:  # Ctrl-C too
        recover(out)
        raise
    with suppress(OSError):  # the new site is there; what is left of the old one can wait
        if old.exists():
            _dissolve(old.rename(staging), out, before.files)
    return changed, len(before.files - set(files))


def _put_in_place(staging: Path, out: Path) -> None:
    """Rename the staging folder to `out`, also where a program has made that folder anew."""
    for _ in range(_ATTEMPTS):
        try:
            staging.rename(out)
        except OSError:
            if not out.is_dir() or read_manifest(out):
                raise
            with suppress(OSError):  # more may appear while this runs
                _dissolve(out, staging, frozenset())
        else:
            return
    staging.rename(out)


def _stage_files(files: Files, out: Path, staging: Path) -> int:
    """Write each file into the staging folder, or link the old one; return how many changed."""
    for folder in sorted({path.rpartition("/")[0] for path in files} - {""}):
        (staging / folder).mkdir(parents=True, exist_ok=True)
    changed = 0
    for path, data in files.items():
        old, new = f"{out}{os.sep}{path}", f"{staging}{os.sep}{path}"
        if _has_content(old, data):
            _link(old, new)
        else:
            changed += 1
            with open(new, "wb") as file:  # noqa: PTH123  (there are thousands)
                file.write(data)
    return changed


def _write_manifest(folder: Path, text: str) -> None:
    (folder / NAME).write_text(text, encoding="utf-8", newline="\n")


def is_being_written(out: Path) -> bool:
    """Return True if another run has locked this folder, or has left its lock."""
    try:
        return sibling(out, "lock").exists()
    except (OSError, RuntimeError, ValueError):  # a circle of links, a name too long, or none
        return False


def is_unfinished(out: Path) -> bool:
    """Return True if another run is writing this folder, or was stopped while it did."""
    return any(map(_is_leftover, (sibling(out, "new"), sibling(out, "old"))))


def recover(out: Path) -> None:
    """Finish or undo what a run that was stopped left behind."""
    out = out.resolve()
    staging, old = sibling(out, "new"), sibling(out, "old")
    if _is_leftover(staging):
        _discard(staging, out)
    if _is_leftover(old):
        with suppress(OSError):  # an empty folder, made in the meantime
            out.rmdir()
        if read_manifest(out):
            # Under another name, so that half of a site is never taken for the old one.
            _discard(old if os.path.lexists(staging) else old.rename(staging), out)
        elif not os.path.lexists(out):
            old.rename(out)


def _is_leftover(path: Path) -> bool:
    """Return True if the folder at `path` is ours or empty, so that deleting it loses nothing."""
    if path.is_symlink() or not path.is_dir():
        return False
    return (path / NAME).is_file() or not any(path.iterdir())


def _discard(folder: Path, out: Path) -> None:
    """Delete a folder that a stopped run left: an old site, or a new one that is not finished."""
    manifest = read_manifest(folder)
    if manifest and manifest.files and read_manifest(out):
        _dissolve(folder, out, manifest.files)
        return
    _allow_changes(folder)
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            _delete(path)
        elif path.name != NAME:
            path.unlink()
    (folder / NAME).unlink(missing_ok=True)  # last of all, as it marks the folder as ours
    folder.rmdir()


def _delete(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except PermissionError:
        for inner, _, _ in os.walk(folder):
            _allow_changes(Path(inner))
        shutil.rmtree(folder)


def _allow_changes(folder: Path) -> None:
    if _is_read_only(folder):
        folder.chmod(0o700)


def _dissolve(folder: Path, out: Path, ours: frozenset[str]) -> None:
    """Delete `folder` with the files that are ours; move all others that `out` lacks there.

    Those appeared while `out` was written, and programs may go on writing into the folder.
    """
    pages = (read_manifest(out) or Manifest()).files
    for _ in range(_ATTEMPTS):
        for here, folders, names in os.walk(folder, topdown=False, onerror=_raise):
            inner = Path(here).relative_to(folder)
            _allow_changes(Path(here))
            for name in (*names, *(name for name in folders if Path(here, name).is_symlink())):
                path = (inner / name).as_posix()
                if path in ours:
                    Path(here, name).unlink()
                elif path != NAME:
                    _move(Path(here, name), out, path, pages)
            with suppress(OSError):  # it is not empty, or it is the folder itself
                if inner.parts:
                    Path(here).rmdir()
        if all(path.name == NAME for path in folder.iterdir()):
            break
    (folder / NAME).unlink(missing_ok=True)  # last of all, as it marks the folder as ours
    folder.rmdir()


def _move(old: Path, out: Path, path: str, pages: frozenset[str]) -> None:
    """Move a file to its path in `out`, unless that has it already, as new or newer."""
    new = out / path
    if os.path.lexists(new) and path not in pages:
        before, after = old.lstat(), new.lstat()
        if os.path.samestat(before, after) or before.st_mtime_ns <= after.st_mtime_ns:
            old.unlink()
            return
        if not stat.S_ISDIR(after.st_mode):
            old.replace(new)
            return
    new = _free_path(out, path)
    new.parent.mkdir(parents=True, exist_ok=True)
    old.rename(new)


def _free_path(out: Path, path: str) -> Path:
    """Return where a file can stand: at `path` in `out`, or beside a page that stands there."""
    here = out
    *folders, name = path.split("/")
    for folder in folders:
        here /= folder
        while here.is_symlink() or (os.path.lexists(here) and not here.is_dir()):
            here = here.with_name(f"{here.name}.kept")
    here /= name
    while os.path.lexists(here):
        here = here.with_name(f"{here.name}.kept")
    return here


def _has_content(path: str, data: bytes) -> bool:
    """Return True if there is a file with this content, and no link to one."""
    try:
        status = os.lstat(path)
        if not stat.S_ISREG(status.st_mode) or status.st_size != len(data):
            return False
        with open(path, "rb") as file:  # noqa: PTH123  (the same)
            return file.read() == data
    except OSError:  # it is not there, or a part of its path is no folder
        return False


def _carry_over(out: Path, staging: Path, ours: set[str]) -> None:
    """Link the files and folders that the person put into `out` into the staging folder.

    What vanishes meanwhile is left out.
    """
    for folder, folders, names in os.walk(out, onerror=_raise) if out.exists() else ():
        inner = Path(folder).relative_to(out)
        old, new = out / inner, staging / inner
        prefix = "" if old == out else f"{inner.as_posix()}/"
        # A link to a folder is found among the folders, and is one entry like a file.
        for name in (*names, *(name for name in folders if (old / name).is_symlink())):
            if prefix + name not in ours:
                new.mkdir(parents=True, exist_ok=True)
                with suppress(FileNotFoundError):
                    _link(old / name, new / name)
        if not names and not folders:
            new.mkdir(parents=True, exist_ok=True)
    _copy_folder_status(out, staging, ours)


def _copy_folder_status(out: Path, staging: Path, ours: set[str]) -> None:
    """Give folders the modes that they had, and those without pages their times as well."""
    folders = {path.rpartition("/")[0] for path in ours}
    with_pages = {
        staging / parent for folder in folders for parent in PurePosixPath(folder, "page").parents
    }
    for folder, _, _ in os.walk(staging, topdown=False):  # a change inside changes a folder's time
        new = Path(folder)
        old = out / new.relative_to(staging)
        with suppress(FileNotFoundError, NotADirectoryError):
            (shutil.copymode if new in with_pages else shutil.copystat)(old, new)


def _raise(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def _link(old: Path | str, new: Path | str) -> None:
    """Give a file a second name; copy it where the file system has no hard links.

    Where the system can, a link is linked itself instead of its target.
    """
    with suppress(OSError):
        os.link(old, new, follow_symlinks=os.link not in os.supports_follow_symlinks)
        return
    shutil.copy2(old, new, follow_symlinks=False)
