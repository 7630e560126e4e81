"""The pipeline: content in, site out."""

import html
import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from starbook import urls
from starbook.build import cache, fast_path, lock, output, queries
from starbook.build.compiled import CompiledTemplates
from starbook.build.database import Database, Key, fingerprint_of, split_key
from starbook.build.queries import Environment
from starbook.build.store import Store
from starbook.coach import places
from starbook.content.folder import ContentFolder
from starbook.model import Edition, Handbook, Settings
from starbook.problem import Problem, Severity, has_errors
from starbook.render.own_layouts import broken_layouts, unknown_layouts, unknown_texts
from starbook.render.renderer import LayoutError, read_catalogue, unknown_text
from starbook.text import vocabulary
from starbook.text.catalogue import DEFAULT, UnknownTextError

# How long a build waits for another one that writes the same folder, in seconds.
PATIENCE = 60.0
# What is said where the public edition has no story.
NO_PUBLIC_STORY = "No story is public: one must say `publish: true` and `status: ready`."
# Where no layout is, for content that becomes no pages.
_NO_LAYOUTS = Path(os.devnull)

# What is done and how much of it there is, such as ("reading", 20, 89).
Progress = Callable[[str, int, int], None]


def no_progress(stage: str, done: int, total: int) -> None:
    """Show no progress."""


def ignore_wait(holder: str) -> None:
    """Do not tell that the build has to wait."""


class Summary(msgspec.Struct, frozen=True):
    """The facts about a handbook that a site was built from."""

    edition: Edition = Edition.PRIVATE
    settings: Settings = Settings()
    stories: int = 0
    questions: int = 0


class SiteFiles(Mapping[str, bytes]):
    """The files of a site by path, each read or made when it is asked for."""

    def __init__(self, database: Database, made: Mapping[str, tuple[str, ...]]) -> None:
        self._database = database
        self._made = made
        self._given: dict[str, bytes] = {}

    def add(self, path: str, data: bytes) -> None:
        """Add a file that no query makes."""
        self._given[path] = data

    def __getitem__(self, path: str) -> bytes:
        if path in self._given:
            return self._given[path]
        data: bytes = self._database.get(*split_key(self._made[path]))
        return data

    def __iter__(self) -> Iterator[str]:
        yield from self._given
        yield from self._made

    def __len__(self) -> int:
        return len(self._given) + len(self._made)


class BuiltSite(msgspec.Struct, frozen=True):
    """A site that is not written yet: what is wrong with it, and its files.

    With an error among the problems there need not be all files, and none may be written.
    """

    summary: Summary
    problems: tuple[Problem, ...] = ()
    files: Mapping[str, bytes] = {}

    @property
    def failed(self) -> bool:
        """True if an error forbids to write it."""
        return has_errors(self.problems)


class BuildResult(msgspec.Struct, frozen=True):
    """The result of a build. With an error among the problems nothing was written.

    `version` is that of the output folder, which the next build replaces; `files` are its files.
    """

    summary: Summary
    problems: tuple[Problem, ...]
    pages: int = 0
    changed: int = 0
    removed: int = 0
    seconds: float = 0.0
    version: bytes = b""
    files: Mapping[str, bytes] = {}

    @property
    def failed(self) -> bool:
        """True if an error stopped it."""
        return has_errors(self.problems)


def open_database(
    content: Path,
    layouts: Path = _NO_LAYOUTS,
    edition: Edition = Edition.PRIVATE,
    chosen: frozenset[str] | None = None,
) -> Database:
    """Return an empty database for a handbook, or for a part; see `Environment`."""
    return Database(Environment(ContentFolder(content), layouts, edition, chosen=chosen))


def open_saved_database(content: Path, layouts: Path, out: Path, edition: Edition) -> Database:
    """Return the database that the last process saved for this handbook and output folder."""
    program = fast_path.program_signature()
    if program is None:  # the program is just being changed
        return open_database(content, layouts, edition)
    store = open_store(content, out, edition, program)
    compiled = CompiledTemplates(program)
    environment = Environment(ContentFolder(content), layouts, edition, compiled)
    return Database(environment, store, partial(read_made, out))


def open_store(content: Path, out: Path, edition: Edition, program: bytes) -> Store:
    """Return the store of what building an edition of a handbook into `out` results in.

    Its file has a short name, which another may have by chance. So its seal names all this too.
    """
    paths = os.fspath(content), os.fspath(out)
    owner = "\0".join((edition, *map(os.path.realpath, paths)))
    return Store(cache.store_path(*paths, edition), program + b"\0" + os.fsencode(owner))


def read_made(out: Path, key: Key, fingerprint: bytes) -> bytes | None:
    """Return a file of the site if it is still the one that was made."""
    match key:
        case ("html" | "asset", path):
            pass
        case ("search_index",):
            path = urls.SEARCH_INDEX
        case ("script_texts",):
            path = urls.SCRIPT_TEXTS
        case ("cards_html",):
            path = urls.CARDS
        case ("print_html",):
            path = urls.PRINT
        case ("practice_index",):
            path = urls.PRACTICE_INDEX
        case ("practice_history",):
            path = urls.PRACTICE_HISTORY
        case ("practice_texts", number):
            path = urls.practice_texts(int(number))
        case ("search_texts", number):
            path = urls.search_texts(int(number))
        case _:
            return None
    with suppress(OSError):
        data = (out / path).read_bytes()
        return data if fingerprint_of(data) == fingerprint else None
    return None


def build(
    content: Path,
    layouts: Path,
    out: Path,
    progress: Progress = no_progress,
    *,
    edition: Edition = Edition.PRIVATE,
    on_wait: Callable[[str], None] = ignore_wait,
    database: Database | None = None,
) -> BuildResult:
    """Build the site into `out`. Where there is an error, the site stays as it was.

    `on_wait` is told who else is writing `out`, if this has to wait. With a `database` of the same
    handbook, what is in it is used again where it holds.
    """
    begun = time.perf_counter()
    database = database or open_database(content, layouts, edition)
    sources = (content, layouts)
    if refused := write_errors(out, edition, sources, on_wait):
        return BuildResult(Summary(edition), (*examine(database, progress), *refused))
    known = {output.version(out)}
    rebuild = partial(build_site, database, progress)
    result = publish(rebuild(), out, sources, on_wait, known=known, rebuild=rebuild)
    return msgspec.structs.replace(result, seconds=time.perf_counter() - begun)


def build_site(
    database: Database,
    progress: Progress = no_progress,
    on_pages: Callable[[BuiltSite], None] | None = None,
) -> BuiltSite:
    """Return all files of a site, and all that is wrong with it.

    `on_pages` is called with the pages before the search index of the same save is made.
    """
    content_problems = examine(database, progress)
    about = Summary(database.environment.edition)
    if has_errors(content_problems):
        return BuiltSite(about, content_problems)
    try:
        about = summary(database)
        if database.environment.layout_error:
            raise database.environment.layout_error
        # Compiled before worker processes are started, or each would compile them by itself.
        database.environment.renderer(queries.catalogue(database))
        if on_pages:
            database.refresh_all(_page_groups(database))
            if not has_errors(queries.link_problems(database)):
                pages = _site_files(database, queries.pages(database))
                on_pages(BuiltSite(about, content_problems, pages))
        else:  # each save needs them again, a single build does not
            database.release(queries.story_references, queries.reference_handbook)
        files = _make_files(database, progress)
        problems = [*content_problems, *queries.link_problems(database)]
    except LayoutError as error:
        return BuiltSite(about, (*content_problems, error.problem))
    except UnknownTextError as error:  # a page of ours names it, so the layouts are older than we
        layouts = database.environment.layouts
        return BuiltSite(about, (*content_problems, unknown_text(layouts, "", 0, error.args[0])))
    if about.edition is Edition.PUBLIC:
        texts = {
            path: data if path.startswith("images/") else data.decode()
            for path, data in files.items()
        }
        problems += leaks_in(database, texts)
    return BuiltSite(about, tuple(sorted(problems)), files)


def examine(database: Database, progress: Progress = no_progress) -> tuple[Problem, ...]:
    """Return all that is wrong with the content, its paths as the person would type them."""
    environment: Environment = database.environment
    environment.content.begin()
    environment.read_layouts()
    database.begin()
    # What all stories need is there before worker processes are started.
    queries.properties(database)
    queries.name_index(database)
    queries.written_topics(database)
    queries.splitter(database)
    queries.words_of_parts(database)
    paths = queries.files_of(database, "stories")
    # Not every file counted is content, but nobody has to wait until they are told apart.
    total = environment.content.count_files() if progress is not no_progress else 0
    step = _counter(progress, "reading", total)
    each = (
        queries.story_problems,
        queries.story_references,
        queries.summary,
        queries.text_sketch,
    )
    private = (queries.words_of_story, queries.remarks_on_text)
    words = private if queries.is_private(database) else ()
    database.refresh_all([[(one, path) for one in (*each, *words)] for path in paths], step)
    problems = _problems(database)
    progress("reading", total, total)
    found = (from_here(problem, environment.content) for problem in problems)
    layouts = environment.layouts
    unknown = (*unknown_layouts(layouts), *unknown_texts(layouts))
    return tuple(sorted((*found, *unknown, *_layout_errors(database))))


def _layout_errors(database: Database) -> Iterator[Problem]:
    """Yield why no site can be made with the layouts, as far as no page is needed to know it."""
    environment: Environment = database.environment
    if environment.layout_error:
        yield environment.layout_error.problem
    elif environment.layouts.own:
        try:
            queries.script_texts(database)
        except LayoutError as error:
            yield error.problem
        yield from broken_layouts(environment.layouts)


def _problems(database: Database) -> tuple[Problem, ...]:
    found = (*queries.file_problems(database), *queries.handbook_problems(database))
    if not any(queries.listing(database).files.values()) and not has_errors(found):
        hint = "write a first story in stories/, such as stories/first.md"
        return (*found, Problem("", 0, "the content folder is empty", hint, "no-content"))
    return found


def check(content: Path, layouts: Path) -> tuple[Problem, ...]:
    """Return all that is wrong with the content of a folder; `layouts` have the languages."""
    return examine(open_database(content, layouts))


def advice(database: Database) -> Iterator[Problem]:
    """Yield the remarks of the coach on content without errors, in English as all problems are."""
    environment: Environment = database.environment
    texts = read_catalogue(environment.layouts, DEFAULT)
    for ident, path in queries.story_paths(database).items():
        source = environment.content.text(path)
        for one in queries.remarks(database, ident):
            line = places.line_of(source, one.sentence, one.line) if one.sentence else one.line
            message = texts.t(one.key, **one.values)
            hint = texts.t(f"remark.step.{one.rule}")
            where = "" if one.path == path else f" in {path}"
            hint += f"; or keep it: `{one.answer}`{where}"
            fault = Problem(one.path, line, message, hint, one.rule, Severity.ADVICE)
            yield from_here(fault, environment.content)


def has_id(database: Database) -> bool:
    """Return True if handbook.yml gives the handbook an id."""
    return bool(queries.parsed_lists(database)[0].settings.id)


def summary(database: Database) -> Summary:
    """Return what the site is built from."""
    lists = queries.lists(database)
    return Summary(
        database.environment.edition,
        lists.settings,
        len(queries.ids(database, "story")),
        len(lists.questions),
    )


def load(content: Path) -> tuple[Handbook, tuple[Problem, ...]]:
    """Return the private handbook in a content folder, and all that is wrong with it."""
    database = open_database(content)
    problems = examine(database)
    return queries.private_handbook(database), problems


def load_vocabulary(database: Database) -> vocabulary.Vocabulary:
    """Return the words that are recognised in a content folder, with its own."""
    return vocabulary.extend(vocabulary.load(), queries.own_labels(database)[0])


def _counter(progress: Progress, stage: str, total: int) -> Callable[[int], None]:
    """Return a function that adds to what is done of a stage, and shows it."""
    done = 0

    def step(count: int) -> None:
        nonlocal done
        done += count
        if count:
            progress(stage, done, total)

    return step


def from_here(problem: Problem, content: ContentFolder) -> Problem:
    """Return a problem with its path as the person would type it."""
    path = content.path / content.written(problem.path) if problem.path else content.path
    return msgspec.structs.replace(problem, path=os.path.relpath(path))


def _page_groups(database: Database) -> list[list[tuple[Any, ...]]]:
    """Return the pages, cards and stories to print that can be made each by itself."""
    paths = queries.page_paths(database)
    groups: list[list[tuple[Any, ...]]] = [[(queries.page_links, path)] for path in paths]
    if urls.CARDS in paths:
        groups += [[(queries.card_links, ident)] for ident in queries.card_ids(database)]
    if urls.PRINT in paths:
        groups += [[(queries.printed_links, ident)] for ident in queries.ids(database, "story")]
    return groups


def _practice_groups(database: Database) -> list[list[tuple[Any, ...]]]:
    """Return what the practice page reads of each story."""
    if "practice" not in queries.page_kinds(database):
        return []
    each = (queries.practice_facts, queries.practice_story)
    return [[(one, ident) for one in each] for ident in queries.ids(database, "story")]


def _make_files(database: Database, progress: Progress) -> SiteFiles:
    """Make all files; those that can be made each by itself in several processes."""
    made = queries.pages(database) | queries.search_files(database)
    made |= queries.practice_files_made(database)
    queries.link_index(database)
    texts = range(queries.shard_count(database))
    groups = [
        [(queries.words_and_postings,)],
        *_page_groups(database),
        *([(queries.search_texts, str(number))] for number in texts),
        *_practice_groups(database),
    ]
    database.refresh_all(groups, _counter(progress, "making pages", len(groups)))
    files = _site_files(database, made)
    for path in made:  # those that are made of others
        database.refresh(*split_key(made[path]))
    return files


def _site_files(database: Database, made: Mapping[str, tuple[str, ...]]) -> SiteFiles:
    """Return the files that queries make, and those that need none."""
    environment: Environment = database.environment
    files = SiteFiles(database, made)
    settings = queries.settings(database)
    if settings.base_url and environment.edition is Edition.PUBLIC:
        files.add("sitemap.xml", _sitemap(settings.base_url, made).encode())
        files.add(".nojekyll", b"")
    return files


def _sitemap(base: str, files: Mapping[str, object]) -> str:
    """Return a map as sitemaps.org has it, without dates: pages do not depend on the day."""
    paths = sorted(path for path in files if path.endswith(".html") and path != urls.NOT_FOUND)
    lines = "".join(
        f"<url><loc>{html.escape(base + quote(path), quote=False)}</loc></url>\n" for path in paths
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'{head}<urlset xmlns="{space}">\n{lines}</urlset>\n'


def leaks_in(database: Database, files: Mapping[str, str | bytes]) -> Iterator[Problem]:
    """Yield what private texts files of the public edition have; pictures are bytes."""
    from starbook.editions.leaks import find_leaks  # noqa: PLC0415  (a public edition alone)

    content: ContentFolder = database.environment.content
    handbooks = queries.private_handbook(database), queries.edition_handbook(database)
    said = queries.catalogue(database).public_texts()
    practised = queries.practised_answers(database)
    for problem in find_leaks(*handbooks, files, content.text, said, practised=practised):
        yield problem if problem.path in files else from_here(problem, content)


def publish(
    built: BuiltSite,
    out: Path,
    sources: tuple[Path, ...],
    on_wait: Callable[[str], None] = ignore_wait,
    *,
    known: Collection[bytes],
    rebuild: Callable[[], BuiltSite],
) -> BuildResult:
    """Put a site into its folder, unless there is an error.

    If the folder has none of the `known` versions, another build has written it since this site was
    begun, and may have read newer content. Then what `rebuild` returns is put there instead.
    """
    if built.failed:
        return BuildResult(built.summary, built.problems)
    edition = built.summary.edition
    try:
        out.resolve().parent.mkdir(parents=True, exist_ok=True)
        with lock.holding(output.sibling(out, "lock"), PATIENCE, on_wait):
            output.recover(out)
            # Asked again: another run may have written there while this one made its pages.
            if refused := tuple(output.write_errors(out, edition, sources)):
                return _failure(built, refused)
            if output.version(out) not in known:
                built = rebuild()
            if built.failed:
                return BuildResult(built.summary, built.problems)
            if refused := tuple(output.foreign_files(built.files, out)):
                return _failure(built, refused)
            changed, removed = output.write(built.files, out, edition)
            version = output.version(out)
    except (OSError, lock.BusyError) as error:
        return _failure(built, [_unwritten(out, error)])
    pages = sum(path.endswith(".html") for path in built.files)
    return BuildResult(
        built.summary, built.problems, pages, changed, removed, version=version, files=built.files
    )


def _failure(built: BuiltSite, refused: Iterable[Problem]) -> BuildResult:
    return BuildResult(built.summary, (*built.problems, *refused))


def write_errors(
    out: Path,
    edition: Edition,
    sources: tuple[Path, ...],
    on_wait: Callable[[str], None] = ignore_wait,
) -> tuple[Problem, ...]:
    """Return why `out` must not be written, after repairing what a stopped run left there.

    That comes first: even if there is a fault in content now, the last good site is back. While
    another build exchanges the folder nothing about it is sure, so this waits for it.
    """
    refused = tuple(output.write_errors(out, edition, sources))
    if refused and not output.is_being_written(out):  # perhaps that has just ended
        refused = tuple(output.write_errors(out, edition, sources))
    if refused and not output.is_being_written(out):
        return refused
    try:
        if refused or output.is_unfinished(out):
            with lock.holding(output.sibling(out, "lock"), PATIENCE, on_wait):
                output.recover(out)
                return tuple(output.write_errors(out, edition, sources))
    except (OSError, lock.BusyError) as error:
        return (_unwritten(out, error),)
    return ()


def _unwritten(out: Path, error: Exception) -> Problem:
    shown = os.path.relpath(out)
    if isinstance(error, lock.BusyError):
        hint = "wait until it has finished, or end it"
        return Problem(shown, 0, f"is being written by {error}", hint, "output")
    reason = getattr(error, "strerror", None) or str(error)
    hint = "free some space or check its permissions; the last site is as it was"
    return Problem(shown, 0, f"cannot be written ({reason})", hint, "output")
