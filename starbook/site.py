"""The pipeline: content in, site out."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

import msgspec

from starbook import ask, folder, lock, places, render, search
from starbook import edition as editions
from starbook.check import check
from starbook.desk import Desk
from starbook.leaks import leaks
from starbook.link import link
from starbook.load import interview, load
from starbook.merge import merged
from starbook.model import Edition, Handbook
from starbook.pages import pages
from starbook.problem import Problem, has_errors
from starbook.verify import verify

# How long a build waits for another one that writes the same folder, in seconds.
PATIENCE = 60.0

# What is done and how much of it there is, such as ("reading", 20, 89).
Progress = Callable[[str, int, int], None]
Files = dict[str, str | bytes]


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


def _nobody(holder: str) -> None:
    pass


def build(
    content: Path,
    layouts: Path,
    out: Path,
    progress: Progress = _silent,
    *,
    edition: Edition = Edition.PRIVATE,
    on_wait: Callable[[str], None] = _nobody,
) -> Outcome:
    """Content in, site out. Where there is an error, the site stays as it was.

    `on_wait` is told who else is writing `out`, if this has to wait.
    """
    begun = time.perf_counter()
    refused = _refused(out, edition, (content, layouts), on_wait)
    private, problems = examine(content, progress)
    if has_errors((*problems, *refused)):
        return Outcome(private, (*problems, *refused))
    handbook = private if edition is Edition.PRIVATE else editions.public(private)
    try:
        files = _rendered(handbook, layouts, progress)
    except render.LayoutError as error:
        return Outcome(private, (*problems, error.problem))
    problems = (*problems, *verify(files, _base(handbook)))
    if edition is Edition.PUBLIC:
        found = leaks(private, handbook, files)
        problems = (*problems, *(p if p.path in files else _from_here(p, content) for p in found))
    written = Outcome(handbook, tuple(sorted(problems)))
    if not written.failed:
        written = _write(written, files, out, (content, layouts), on_wait)
    return msgspec.structs.replace(written, seconds=time.perf_counter() - begun)


def _refused(
    out: Path, edition: Edition, sources: tuple[Path, ...], on_wait: Callable[[str], None]
) -> tuple[Problem, ...]:
    """Why `out` must not be written, once what a stopped run left there is put right.

    That comes first: even if there is a fault in content now, the last good site is back.
    """
    if refused := tuple(folder.refusals(out, edition, sources)):
        return refused
    try:
        if folder.unfinished(out):
            with lock.holding(folder.beside(out, "lock"), PATIENCE, on_wait):
                folder.heal(out)
    except (OSError, lock.BusyError) as error:
        return (_unwritten(out, error),)
    return tuple(folder.refusals(out, edition, sources))


def _write(
    built: Outcome,
    files: Files,
    out: Path,
    sources: tuple[Path, ...],
    on_wait: Callable[[str], None],
) -> Outcome:
    edition = built.handbook.edition
    try:
        out.resolve().parent.mkdir(parents=True, exist_ok=True)
        with lock.holding(folder.beside(out, "lock"), PATIENCE, on_wait):
            folder.heal(out)
            # Asked again: another run may have written there while this one made its pages.
            refused = (*folder.refusals(out, edition, sources), *folder.strangers(files, out))
            if refused:
                return msgspec.structs.replace(built, problems=(*built.problems, *refused))
            changed, removed = folder.write(files, out, edition)
    except (OSError, lock.BusyError) as error:
        return msgspec.structs.replace(built, problems=(*built.problems, _unwritten(out, error)))
    count = sum(path.endswith(".html") for path in files)
    return msgspec.structs.replace(built, pages=count, changed=changed, removed=removed)


def _unwritten(out: Path, error: Exception) -> Problem:
    shown = os.path.relpath(out)
    if isinstance(error, lock.BusyError):
        hint = "wait until it has finished, or end it"
        return Problem(shown, 0, f"is being written by {error}", hint, "output")
    reason = getattr(error, "strerror", None) or str(error)
    hint = "free some space or check its permissions; the last site is as it was"
    return Problem(shown, 0, f"cannot be written ({reason})", hint, "output")


def examine(content: Path, progress: Progress = _silent) -> tuple[Handbook, tuple[Problem, ...]]:
    """Load and check, with every problem sorted and its path as the person would type it."""
    total = sum(len(files) for *_, files in os.walk(content))
    handbook, problems = load(content, _counter(progress, "reading", total))
    progress("reading", total, total)  # not every file is ours to read
    shown = [_from_here(problem, content) for problem in (*problems, *check(handbook))]
    return merged(handbook), tuple(sorted(shown))


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


def _rendered(handbook: Handbook, layouts: Path, progress: Progress) -> Files:
    topics = len(handbook.categories) + len(handbook.principles)
    documents = len(handbook.stories) + len(handbook.questions) + len(handbook.guides)
    step = _counter(progress, "making pages", documents + topics)
    files: Files = dict(render.assets(layouts))
    files |= {f"images/{image.name}": image.data for image in handbook.images}
    index = search.build(handbook, interview())
    links = link(handbook, index)
    files |= ask.files(Desk(handbook, links), index)
    for path, text in render.render(pages(handbook, links), layouts):
        files[path] = text
        step()
    if handbook.settings.base_url and handbook.edition is Edition.PUBLIC:
        files["sitemap.xml"] = _sitemap(handbook.settings.base_url, files)
        files[".nojekyll"] = ""
    return files


def _sitemap(base: str, files: Files) -> str:
    """As sitemaps.org has it, without dates: nothing on a page depends on the day it was built."""
    paths = sorted(path for path in files if path.endswith(".html") and path != places.NOT_FOUND)
    lines = "".join(f"<url><loc>{escape(base + quote(path))}</loc></url>\n" for path in paths)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'{head}<urlset xmlns="{space}">\n{lines}</urlset>\n'


def _base(handbook: Handbook) -> str:
    """The path under which a host serves the site, as 404.html says it."""
    return urlsplit(handbook.settings.base_url).path or "/"
