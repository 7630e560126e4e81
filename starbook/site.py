"""The pipeline, and the only writer of the output folder."""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from starbook import render
from starbook.check import check
from starbook.link import link
from starbook.load import load
from starbook.model import Handbook
from starbook.pages import pages
from starbook.problem import Problem, has_errors
from starbook.verify import verify

MANIFEST = ".starbook.json"
# What is done and how much of it there is, such as ("reading", 20, 89).
Progress = Callable[[str, int, int], None]


class Outcome(msgspec.Struct, frozen=True):
    """What a build came to. With an error among the problems nothing was written."""

    handbook: Handbook
    problems: tuple[Problem, ...]
    pages: int = 0
    changed: int = 0
    removed: int = 0
    seconds: float = 0.0

    @property
    def failed(self) -> bool:
        """Whether an error stopped it."""
        return has_errors(self.problems)


def _silent(stage: str, done: int, total: int) -> None:
    pass


def build(content: Path, layouts: Path, out: Path, progress: Progress = _silent) -> Outcome:
    """Content in, site out. Where there is an error, the site stays as it was."""
    begun = time.perf_counter()
    handbook, problems = examine(content, progress)
    if has_errors(problems):
        return Outcome(handbook, problems)
    try:
        files = _rendered(handbook, layouts, progress)
    except render.LayoutError as error:
        return Outcome(handbook, (*problems, error.problem))
    problems = (*problems, *verify(files), *_unwritable(out, content, layouts))
    if has_errors(problems):
        return Outcome(handbook, tuple(sorted(problems)))
    try:
        changed, removed = _write(files, out)
    except OSError as error:
        hint = "free some space or check its permissions; the last site is as it was"
        failed = Problem(str(out), 0, f"cannot be written ({error.strerror})", hint, "output")
        return Outcome(handbook, (*problems, failed))
    count = sum(path.endswith(".html") for path in files)
    seconds = time.perf_counter() - begun
    return Outcome(handbook, problems, count, changed, removed, seconds)


def examine(content: Path, progress: Progress = _silent) -> tuple[Handbook, tuple[Problem, ...]]:
    """Load and check, with every problem sorted and its path as the person would type it."""
    total = sum(path.is_file() for path in content.rglob("*")) if content.is_dir() else 0
    handbook, problems = load(content, _counter(progress, "reading", total))
    progress("reading", total, total)  # not every file is ours to read
    shown = [_from_here(problem, content) for problem in (*problems, *check(handbook))]
    return handbook, tuple(sorted(shown))


def _counter(progress: Progress, stage: str, total: int) -> Callable[[], None]:
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        progress(stage, done, total)

    return step


def _from_here(problem: Problem, content: Path) -> Problem:
    path = content / problem.path if problem.path else content
    return msgspec.structs.replace(problem, path=os.path.relpath(path))


def _rendered(handbook: Handbook, layouts: Path, progress: Progress) -> dict[str, str]:
    topics = len(handbook.categories) + len(handbook.principles)
    documents = len(handbook.stories) + len(handbook.questions) + len(handbook.guides)
    step = _counter(progress, "making pages", documents + topics)
    files = dict(render.assets(layouts))
    for path, text in render.render(pages(handbook, link(handbook)), layouts):
        files[path] = text
        step()
    return files


# Writing


def _unwritable(out: Path, content: Path, layouts: Path) -> Iterator[Problem]:
    """Why `out` must not be written to, if it must not."""
    here = out.resolve()
    kept = (content.resolve(), layouts.resolve(), Path.cwd(), Path.home())
    if any(folder == here or here in folder.parents for folder in kept):
        hint = "choose a folder of its own with --out"
        yield Problem(str(out), 0, "holds more than the site", hint, "output")
    elif content.resolve() in here.parents or layouts.resolve() in here.parents:
        hint = "choose a folder elsewhere with --out"
        yield Problem(str(out), 0, "lies inside the content or the layouts", hint, "output")
    elif out.exists() and not _is_ours(out):
        hint = "empty it, or choose another folder with --out"
        yield Problem(str(out), 0, "is not empty, and not a site that we made", hint, "output")


def _is_ours(out: Path) -> bool:
    return out.is_dir() and ((out / MANIFEST).is_file() or not any(out.iterdir()))


def _write(files: Mapping[str, str], out: Path) -> tuple[int, int]:
    """Make the new site beside the old one, then put it in its place; (changed, removed).

    Pages that did not change, and files that are not ours, are linked over and so keep their times.
    """
    out = out.resolve()  # a link to the folder stays one
    fresh, old = (out.with_name(f".{out.name}.{what}") for what in ("new", "old"))
    _heal(out, fresh, old)
    out.parent.mkdir(parents=True, exist_ok=True)
    before = _manifest(out)
    changed = sum([_put(path, text, out, fresh) for path, text in files.items()])
    _write_text(fresh / MANIFEST, json.dumps({"files": sorted(files)}, indent=0) + "\n")
    _bring_foreign(out, fresh, {*before, *files, MANIFEST})
    if out.exists():
        out.rename(old)
    fresh.rename(out)
    shutil.rmtree(old, ignore_errors=True)
    return changed, len(before - set(files))


def _heal(out: Path, fresh: Path, old: Path) -> None:
    """Mend what a build left that was stopped half-way."""
    if old.exists() and not out.exists():
        old.rename(out)
    for leftover in (fresh, old):
        if leftover.exists():
            shutil.rmtree(leftover)


def _manifest(out: Path) -> set[str]:
    """What we wrote the last time."""
    try:
        listed = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        return set(listed["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _put(path: str, text: str, out: Path, fresh: Path) -> bool:
    """Write one file, or link it over where it is the same; whether it changed."""
    data = text.encode()
    there = out / path
    target = fresh / path
    target.parent.mkdir(parents=True, exist_ok=True)
    if there.is_file() and there.read_bytes() == data:
        _link(there, target)
        return False
    target.write_bytes(data)
    return True


def _write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _bring_foreign(out: Path, fresh: Path, ours: Iterable[str]) -> None:
    """What the person put into the folder stays there."""
    known = set(ours)
    for path in sorted(out.rglob("*")) if out.exists() else ():
        name = path.relative_to(out).as_posix()
        target = fresh / name
        if path.is_symlink():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(path.readlink())
        elif path.is_dir() and not _had_ours(name, known):
            target.mkdir(parents=True, exist_ok=True)
        elif path.is_file() and name not in known:
            target.parent.mkdir(parents=True, exist_ok=True)
            _link(path, target)


def _had_ours(folder: str, known: Iterable[str]) -> bool:
    return any(path.startswith(f"{folder}/") for path in known)


def _link(there: Path, target: Path) -> None:
    try:
        os.link(there, target)
    except OSError:
        shutil.copy2(there, target)
