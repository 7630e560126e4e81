"""The output folder: whether it may be written, and a new site put in the place of the old one.

The new site is made in a folder beside the old one, `.site.new`, and takes its place by two
renames. A run that is stopped at any moment leaves the old site or the new one; what lies about
then is put right by the next run.
"""

import json
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path, PurePosixPath

import msgspec

from starbook.model import Edition
from starbook.problem import Problem

NAME = ".starbook.json"

# The files of a site by path. Each may be read or made when it is asked for.
Files = Mapping[str, bytes]


class Manifest(msgspec.Struct, frozen=True):
    """What we wrote into a folder the last time, and which edition that was."""

    files: frozenset[str] = frozenset()
    edition: Edition = Edition.PRIVATE


def manifest(out: Path) -> Manifest | None:
    """The manifest of a folder that is ours, else None."""
    try:
        return msgspec.json.decode((out / NAME).read_bytes(), type=Manifest)
    except (OSError, ValueError):  # a fault in its JSON, its types or its encoding
        return None


def beside(out: Path, what: str) -> Path:
    """The path beside `out` of what we need while we write it: `site` → `.site.new`.

    Of a link, beside the folder that it leads to: that is the one to be exchanged.
    """
    out = out.resolve()
    return out.with_name(f".{out.name}.{what}")


# May it be written?


def refusals(out: Path, edition: Edition, sources: Iterable[Path]) -> Iterator[Problem]:
    """Why `out` must not be written, if it must not; `sources` are the folders that we read."""
    try:
        yield from _refusals(out, edition, [source.resolve() for source in sources])
    except (OSError, RuntimeError) as error:  # Python 3.11 and 3.12 raise it for a circle of links
        reason = getattr(error, "strerror", None) or "its links lead in a circle"
        hint = "choose another folder with --out"
        yield _refusal(out, f"cannot be looked into ({reason})", hint)


def _refusals(out: Path, edition: Edition, sources: Iterable[Path]) -> Iterator[Problem]:
    here = out.resolve()
    ours = manifest(out)
    if any(kept.is_relative_to(here) for kept in (*sources, Path.cwd(), *_home())):
        yield _refusal(out, "holds more than the site", "choose a folder of its own with --out")
    elif any(here.is_relative_to(source) for source in sources):
        hint = "choose a folder elsewhere with --out"
        yield _refusal(out, "lies inside the content or the layouts", hint)
    elif ours and ours.edition is Edition.PUBLIC and edition is Edition.PRIVATE:
        hint = "choose another folder with --out, so that the private one is not published"
        yield _refusal(out, "holds a public edition", hint)
    elif out.exists() and not out.is_dir():
        yield _refusal(out, "is not a folder", "name a folder with --out")
    elif out.exists() and not ours and any(out.iterdir()):
        hint = "empty it, or choose another folder with --out"
        yield _refusal(out, "is not empty, and not a site that we made", hint)


def _home() -> Iterator[Path]:
    with suppress(RuntimeError):  # a user without an entry in the system's list has none
        yield Path.home()


def strangers(files: Iterable[str], out: Path) -> Iterator[Problem]:
    """What we did not write and stands where we must: in the site, or beside it."""
    for path in (beside(out, "new"), beside(out, "old")):
        if os.path.lexists(path):
            yield _refusal(path, "is not ours, and we need its name for a moment", "move it away")
    ours = manifest(out)
    for path in sorted(set(_in_the_way(files, out, ours))) if ours else ():
        yield _refusal(path, "is not ours, and a page must stand there", "move it away")


def _in_the_way(files: Iterable[str], out: Path, ours: Manifest) -> Iterator[Path]:
    @cache
    def blocked(folder: str) -> Path | None:
        """What stands where a folder must be: itself, or one that it is in."""
        above, _, _ = folder.rpartition("/")
        here = out / folder
        found = blocked(above) if above else None
        return found or (here if here.is_symlink() or here.is_file() else None)

    for path in files:
        folder, _, _ = path.rpartition("/")
        here = f"{out}{os.sep}{path}"
        if folder and (there := blocked(folder)):
            yield there
        elif os.path.isdir(here) if path in ours.files else os.path.lexists(here):  # noqa: PTH112
            yield out / path


def _refusal(path: Path, message: str, hint: str) -> Problem:
    return Problem(os.path.relpath(path), 0, message, hint, "output")


# Putting a new site in the place of the old one


def write(
    files: Files,
    out: Path,
    edition: Edition,
    is_unchanged: Callable[[str, str], bool] = lambda path, place: False,
) -> tuple[int, int]:
    """Put a site of these files into `out`; how many changed, and how many are gone.

    `is_unchanged` may know, without reading it, that the file of a path at a place in `out` is the
    one to be written. Unchanged pages and files that are not ours are linked over, and so keep
    their times. Raises OSError where it cannot be done; `out` is as it was then.
    """
    out = out.resolve()
    before = manifest(out) or Manifest()
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = beside(out, "new")
    fresh.mkdir()
    try:
        _mark(fresh, {})  # from now on it can be told from a folder that is not ours
        for folder in sorted({path.rpartition("/")[0] for path in files} - {""}):
            (fresh / folder).mkdir(parents=True, exist_ok=True)
        changed = 0
        for path in files:
            there, target = f"{out}{os.sep}{path}", f"{fresh}{os.sep}{path}"
            if is_unchanged(path, there) or _holds(there, files[path]):
                _link(there, target)
            else:
                changed += 1
                with open(target, "wb") as file:  # noqa: PTH123  (there are thousands)
                    file.write(files[path])
        _bring(out, fresh, {*before.files, *files, NAME})
        _mark(fresh, {"edition": edition, "files": sorted(files)})
        _exchange(fresh, out)
    except BaseException:  # Ctrl-C too
        heal(out)
        raise
    with suppress(OSError):  # the new site is there; what is left of the old one can wait
        heal(out)
    return changed, len(before.files - set(files))


def _mark(folder: Path, listed: Mapping[str, object]) -> None:
    text = json.dumps(listed, indent=0) + "\n"
    (folder / NAME).write_text(text, encoding="utf-8", newline="\n")


def _exchange(fresh: Path, out: Path) -> None:
    if out.exists():
        out.rename(beside(out, "old"))
    fresh.rename(out)


def unfinished(out: Path) -> bool:
    """Whether another run is writing this folder, or was stopped while it did."""
    return any(map(_is_leftover, (beside(out, "new"), beside(out, "old"))))


def heal(out: Path) -> None:
    """Put right what a run that was stopped left behind."""
    out = out.resolve()
    fresh, old = beside(out, "new"), beside(out, "old")
    if _is_leftover(fresh):
        _discard(fresh)
    if _is_leftover(old):
        with suppress(OSError):  # an empty folder, which somebody has made in the meantime
            out.rmdir()
        if manifest(out):
            # Under another name, so that half of a site is never taken for the old one.
            _discard(old if os.path.lexists(fresh) else old.rename(fresh))
        elif not os.path.lexists(out):
            old.rename(out)


def _is_leftover(path: Path) -> bool:
    """Whether a folder with the name of one of ours is ours. Empty ones are: they lose nothing."""
    if path.is_symlink() or not path.is_dir():
        return False
    return (path / NAME).is_file() or not any(path.iterdir())


def _discard(folder: Path) -> None:
    """Delete a folder; the file by which it is known as ours goes last."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            _delete(path)
        elif path.name != NAME:
            path.unlink()
    (folder / NAME).unlink(missing_ok=True)
    folder.rmdir()


def _delete(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except PermissionError:  # a folder of the person's that says it must not be changed
        for inner, _, _ in os.walk(folder):
            Path(inner).chmod(0o700)
        shutil.rmtree(folder)


def _holds(path: str, data: bytes) -> bool:
    """Whether a file is there, itself and not by a link, and holds these bytes."""
    try:
        found = os.lstat(path)
        if not stat.S_ISREG(found.st_mode) or found.st_size != len(data):
            return False
        with open(path, "rb") as file:  # noqa: PTH123  (the same)
            return file.read() == data
    except OSError:  # it is not there, or a folder of its way is something else
        return False


def _bring(out: Path, fresh: Path, known: set[str]) -> None:
    """What the person put into the folder stays there, as it is."""
    for folder, folders, names in os.walk(out, onerror=_raise) if out.exists() else ():
        inside = Path(folder).relative_to(out)
        here, there = out / inside, fresh / inside
        prefix = "" if here == out else f"{inside.as_posix()}/"
        # A link to a folder is found among the folders, and is one entry like a file.
        for name in (*names, *(name for name in folders if (here / name).is_symlink())):
            if prefix + name not in known:
                there.mkdir(parents=True, exist_ok=True)
                _link(here / name, there / name)
        if not names and not folders:
            there.mkdir(parents=True, exist_ok=True)
    inner = {path.rpartition("/")[0] for path in known}
    ours = {fresh / above for name in inner for above in (name, *_above(name))}
    for folder, _, _ in os.walk(fresh, topdown=False):  # a folder's time changes with what is in it
        here, there = out / Path(folder).relative_to(fresh), Path(folder)
        if here.is_dir():
            (shutil.copymode if there in ours else shutil.copystat)(here, there)


def _above(folder: str) -> tuple[str, ...]:
    return tuple(above.as_posix() for above in PurePosixPath(folder).parents)


def _raise(error: OSError) -> None:
    raise error


def _link(there: Path | str, target: Path | str) -> None:
    """A second name for a file, or for a link itself where the system can; else a copy."""
    with suppress(OSError):  # some file systems have no hard links
        os.link(there, target, follow_symlinks=os.link not in os.supports_follow_symlinks)
        return
    shutil.copy2(there, target, follow_symlinks=False)
