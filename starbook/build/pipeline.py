"""The pipeline: content in, site out."""

import html
import os
import time
from collections.abc import Callable, Container, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import msgspec

from starbook import links as link
from starbook import urls
from starbook.build import lock, output
from starbook.build.memory import Memory
from starbook.build.past import Past
from starbook.build.press import Press
from starbook.build.stored import Data, Files, Stored, as_text
from starbook.content.checks import check
from starbook.content.loader import interview, load
from starbook.content.merge import merge_lists
from starbook.model import Edition, Handbook
from starbook.pages import routes, search_results
from starbook.pages.context import Desk
from starbook.problem import Problem, has_errors
from starbook.render import renderer as render
from starbook.render.link_check import Scan, dead
from starbook.search import export, scoring
from starbook.text import tokenizer

# How long a build waits for another one that writes the same folder, in seconds.
PATIENCE = 60.0

# What is done and how much of it there is, such as ("reading", 20, 89).
Progress = Callable[[str, int, int], None]
T = TypeVar("T")


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


def silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""


def _nobody(holder: str) -> None:
    pass


class Made(msgspec.Struct, frozen=True):
    """A site that is not written yet: what it was made of, what is wrong with it, and its files.

    With an error among the problems there need not be all files, and none may be written.
    """

    handbook: Handbook
    problems: tuple[Problem, ...] = ()
    files: Files = {}

    @property
    def failed(self) -> bool:
        """Whether an error forbids to write it."""
        return has_errors(self.problems)


def build(
    content: Path,
    layouts: Path,
    out: Path,
    progress: Progress = silent,
    *,
    edition: Edition = Edition.PRIVATE,
    on_wait: Callable[[str], None] = _nobody,
    past: Past | None = None,
) -> Outcome:
    """Content in, site out. Where there is an error, the site stays as it was.

    `on_wait` is told who else is writing `out`, if this has to wait. With the `past`, what the last
    build of the same came to is used again where it can be.
    """
    begun = time.perf_counter()
    sources = (content, layouts)
    refused = _refused(out, edition, sources, on_wait)
    made = make(content, layouts, edition, progress, past=past, only_check=bool(refused))
    if refused:
        return Outcome(made.handbook, (*made.problems, *refused))
    written = write(made, out, sources, on_wait)
    return msgspec.structs.replace(written, seconds=time.perf_counter() - begun)


def make(
    content: Path,
    layouts: Path,
    edition: Edition = Edition.PRIVATE,
    progress: Progress = silent,
    *,
    memory: Memory | None = None,
    past: Past | None = None,
    only_check: bool = False,
) -> Made:
    """All files of a site, whatever folder they will be written to, and all that is wrong.

    With the `memory` of the last time, or the `past` of another process, only what has changed is
    made anew; what comes out is the same as without.
    """
    past = past or Past()
    private, problems = examine(content, progress, memory, past)
    if has_errors(problems) or only_check:
        return Made(private, problems)
    handbook = private if edition is Edition.PRIVATE else _public(private)
    try:
        files, scans = _rendered(handbook, layouts, progress, memory, past)
    except render.LayoutError as error:
        return Made(private, (*problems, error.problem))
    problems = (*problems, *dead(scans, files, urls.base(handbook), memory or Memory()))
    if edition is Edition.PUBLIC:
        found = _leaks(private, handbook, _said(files, scans))
        problems = (*problems, *(p if p.path in files else _from_here(p, content) for p in found))
    if memory:
        memory.turn()
    return Made(handbook, tuple(sorted(problems)), files)


# Only a public edition pays for what it imports.


def _public(private: Handbook) -> Handbook:
    from starbook.editions import public as edition  # noqa: PLC0415

    return edition.public_edition(private)


def _said(files: Files, pages: Container[str]) -> dict[str, str | bytes]:
    """What the files say: pages, and all that is stored, as the texts that they are."""
    return {
        path: as_text(data) if path in pages or isinstance(data, Stored) else data
        for path, data in files.items()
    }


def _leaks(
    private: Handbook, public: Handbook, said: Mapping[str, str | bytes]
) -> tuple[Problem, ...]:
    from starbook.editions.leaks import find_leaks  # noqa: PLC0415

    return find_leaks(private, public, said)


def _refused(
    out: Path, edition: Edition, sources: tuple[Path, ...], on_wait: Callable[[str], None]
) -> tuple[Problem, ...]:
    """Why `out` must not be written, once what a stopped run left there is put right.

    That comes first: even if there is a fault in content now, the last good site is back.
    """
    if refused := tuple(output.refusals(out, edition, sources)):
        return refused
    try:
        if output.unfinished(out):
            with lock.holding(output.beside(out, "lock"), PATIENCE, on_wait):
                output.heal(out)
    except (OSError, lock.BusyError) as error:
        return (_unwritten(out, error),)
    return tuple(output.refusals(out, edition, sources))


def write(
    made: Made,
    out: Path,
    sources: tuple[Path, ...],
    on_wait: Callable[[str], None] = _nobody,
) -> Outcome:
    """Put a site that was made into its folder, unless there is an error."""
    built = Outcome(made.handbook, made.problems)
    if made.failed:
        return built
    files, edition = made.files, made.handbook.edition
    try:
        out.resolve().parent.mkdir(parents=True, exist_ok=True)
        with lock.holding(output.beside(out, "lock"), PATIENCE, on_wait):
            output.heal(out)
            # Asked again: another run may have written there while this one made its pages.
            refused = (*output.refusals(out, edition, sources), *output.strangers(files, out))
            if refused:
                return msgspec.structs.replace(built, problems=(*built.problems, *refused))
            changed, removed = output.write(files, out, edition)
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


def examine(
    content: Path,
    progress: Progress = silent,
    memory: Memory | None = None,
    past: Past | None = None,
) -> tuple[Handbook, tuple[Problem, ...]]:
    """Load and check, with every problem sorted and its path as the person would type it."""
    total = 0 if progress is silent else sum(len(files) for *_, files in os.walk(content))
    handbook, problems = load(content, _counter(progress, "reading", total), memory, past)
    progress("reading", total, total)  # not every file is ours to read
    problems = (*problems, *check(handbook, memory, past))
    shown = sorted(_from_here(problem, content) for problem in problems)
    return merge_lists(handbook), tuple(shown)


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


def _rendered(
    handbook: Handbook, layouts: Path, progress: Progress, memory: Memory | None, past: Past
) -> tuple[Files, dict[str, Scan]]:
    read = render.read(layouts)
    files: dict[str, Data] = dict(read.assets())
    files |= {f"images/{image.name}": image.data for image in handbook.images}
    known = memory or Memory()
    desk, asked = _desk(handbook, known, past)
    files |= asked
    renderer = known.kept(
        "layouts", read, lambda: render.Renderer(read, past, at_once=memory is not None)
    )
    sheets = list(routes.sheets(desk))
    step = _counter(progress, "making pages", sum(1 + len(sheet.pieces) for sheet in sheets))
    press = Press(desk, renderer, urls.base(handbook), step)
    made = press.pages(sheets, memory, past)
    scans = {path: page.scan for path, page in made.items()}
    files |= {path: page.data for path, page in made.items()}
    if handbook.settings.base_url and handbook.edition is Edition.PUBLIC:
        files["sitemap.xml"] = _sitemap(handbook.settings.base_url, files)
        files[".nojekyll"] = ""
    return files, scans


def _desk(handbook: Handbook, known: Memory, past: Past) -> tuple[Desk, Files]:
    """All that pages draw on, and the files of Ask; the parts of its index are large, and go."""
    _know_stems(past)
    index, said = _apart(known, "index", handbook, lambda own: _index(handbook, own, past))
    # The words of stories tie questions alone; what else is tied stays while they are written.
    bare = link.bare(handbook)
    plain = known.kept("links", bare, lambda: link.link(bare))
    links = link.with_words(plain, said, known)
    desk = Desk(handbook, links)
    value = handbook, links
    files = _apart(known, "asked", value, lambda own: search_results.files(desk, index, own, past))
    past.keep("stems", b"", tokenizer.known)
    return desk, dict(files)


def _know_stems(past: Past) -> None:
    """Those of the last build, and of the words that every build asks for."""
    if past.kept:
        ours = past.common.once("stems of ours", b"", dict[str, str], partial(_our_stems, past))
        tokenizer.before.update(ours)
        tokenizer.before.update(past.find("stems", b"", dict[str, str]) or {})


def _our_stems(past: Past) -> dict[str, str]:
    return {word: tokenizer.stem(word) for word in export.words(interview(past.common))}


def _apart(known: Memory, name: str, value: object, work: Callable[[Memory], T]) -> T:
    """What is kept, by work with a memory of its own: it forgets nothing while it is not asked."""
    own = known.kept((name, "memory"), None, Memory)

    def turned() -> T:
        result = work(own)
        own.turn()
        return result

    return known.kept(name, value, turned)


def _index(handbook: Handbook, memory: Memory, past: Past) -> tuple[scoring.Index, link.Said]:
    """All that the words of a handbook come to: for Ask, and for questions without a story."""
    talk = memory.kept("interview", None, lambda: interview(past.common))
    index = scoring.build(handbook, talk, memory, past)
    return index, link.said(handbook, index, memory)


def _sitemap(base: str, files: Files) -> str:
    """As sitemaps.org has it, without dates: nothing on a page depends on the day it was built."""
    paths = sorted(path for path in files if path.endswith(".html") and path != urls.NOT_FOUND)
    lines = "".join(
        f"<url><loc>{html.escape(base + quote(path), quote=False)}</loc></url>\n" for path in paths
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'{head}<urlset xmlns="{space}">\n{lines}</urlset>\n'
