"""Live preview: rebuild and publish the site on every save; write it to disk once it is quiet."""

import gc
import os
import threading
import time
import webbrowser
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

import msgspec

from starbook import urls
from starbook.build import output, pipeline
from starbook.build.database import Database
from starbook.content.folder import ContentFolder
from starbook.model import Edition
from starbook.pages.formatting import count
from starbook.problem import Problem
from starbook.serve import diagnostics, http
from starbook.serve.http import SnapshotChannel
from starbook.serve.responses import Snapshot
from starbook.serve.watcher import Watcher

# Seconds without a change until the site is written to disk.
WRITE_DELAY = 1.0
# Seconds between two checks for that, and for watched folders that were replaced.
_CHECK_INTERVAL = 0.5


class Terminal(msgspec.Struct, frozen=True):
    """The functions that write to the terminal; `progress` is for the first build."""

    print_line: Callable[[str], None]
    print_problems: Callable[[Iterable[Problem]], None]
    progress: pipeline.Progress


# The files that are made after the pages: what Ask and the practice page read.
_LATER = (urls.SEARCH, urls.PRACTICE_DATA)


class Options(msgspec.Struct, frozen=True):
    """The options of the command. Port 0 stands for any free one.

    `draw` returns a picture of an address for the terminal, or a line that says how to get one.
    """

    port: int
    next_port: bool = False
    poll: bool = False
    open: bool = False
    cache: bool = True
    edition: Edition = Edition.PRIVATE
    entrance: http.Entrance = http.LOOPBACK
    draw: Callable[[str], str] = str


def serve(content: Path, layouts: Path, out: Path, options: Options, terminal: Terminal) -> int:
    """Serve until Ctrl-C is pressed and return the exit code."""
    if refused := pipeline.write_errors(out, options.edition, (content, layouts)):
        terminal.print_problems(refused)
        terminal.print_line("Nothing is served: the site could not be written.")
        return 1
    channel = SnapshotChannel()
    try:
        server = http.listen(
            channel, options.port, next_port=options.next_port, entrance=options.entrance
        )
    except OSError as error:
        terminal.print_line(_port_error(options, error))
        return 1
    is_lan = options.entrance != http.LOOPBACK
    session = Session(
        content, layouts, out, channel, terminal, edition=options.edition, is_lan=is_lan
    )
    try:
        session.run(server, options)
    except KeyboardInterrupt:
        session.finish()
    finally:
        channel.close()
        server.stop()
    return 0


def _port_error(options: Options, error: OSError) -> str:
    if error.errno in http.ADDRESS_UNKNOWN:
        host = options.entrance.host
        return f"Nothing is served: {host} is no address of this machine. Name one that is."
    if options.next_port:
        return f"Nothing is served: no port from {options.port} on is free ({error.strerror})."
    remedy = "End it, take another with --port N, or the next free one with --next-port."
    if error.errno in http.ADDRESS_IN_USE:
        return f"Port {options.port} is in use by another program, or by another `serve`. {remedy}"
    return f"Port {options.port} cannot be used ({error.strerror}). Take another with --port N."


class Session:
    """The state of one run: what was built, what was reported, and what is not on disk yet."""

    def __init__(
        self, content: Path, layouts: Path, out: Path, channel: SnapshotChannel, terminal: Terminal,
        *, edition: Edition = Edition.PRIVATE, is_lan: bool = False,
    ) -> None:  # fmt: skip
        self.sources = (content, layouts)
        self.edition = edition
        self.is_lan = is_lan
        self.database = self._open_database()
        self.out = out
        self.channel = channel
        self.terminal = terminal
        self._print = terminal.print_line
        self.unwritten: pipeline.BuiltSite | None = None
        # The versions of the folder when that was begun, and as it was last written here.
        self.version = self.written_version = output.version(out)
        # The files of a save whose pages are shown, and whose search index is not made yet.
        self.unfinished: tuple[Path, ...] = ()
        self.write_due = 0.0
        self.on_disk = False
        self.writer = threading.Thread()
        self.problems: tuple[Problem, ...] = ()

    def _open_database(self) -> Database:
        return pipeline.open_database(*self.sources, self.edition)

    def run(self, server: http.Server, options: Options) -> None:
        """Build, start the server, and rebuild on every change until interrupted."""
        # Before any thread starts, so that the build can fork.
        self.begin(server.start, cache=options.cache)
        watcher = Watcher(self.sources, poll=options.poll)
        try:
            self.rebuild(())  # for what was saved before the watcher started
            self._watch_what_was_read(watcher)
            self._print_address(server, options)
            if watcher.polls and not options.poll:
                self._print(
                    "The system cannot watch so many folders; they are read twice a second."
                )
            if options.open:
                threading.Thread(target=self._open_browser, args=[server.url], daemon=True).start()
            while True:
                try:
                    if changed := watcher.wait(_CHECK_INTERVAL):
                        self.rebuild(changed)
                        self._watch_what_was_read(watcher)
                    elif self._should_write():
                        self.writer = threading.Thread(target=self.write)
                        self.writer.start()
                except Exception as error:  # no error may end the session while the person writes
                    self.report_crash(error)
        finally:
            watcher.close()

    def _print_address(self, server: http.Server, options: Options) -> None:
        what = "the public edition; " if self.edition is Edition.PUBLIC else ""
        self._print(f"Serving {server.url} - {what}what you save shows at once. Ctrl-C ends it.")
        if self.is_lan:
            self._print(
                "Whoever has this address and is on the network can read it, until this ends. "
                "It is plain HTTP: others there may read along."
            )
            if picture := options.draw(server.url):
                self._print(picture)

    def _watch_what_was_read(self, watcher: Watcher) -> None:
        """Watch pictures in folders too that are else the business of other programs."""
        content: ContentFolder = self.database.environment.content
        watcher.watch_also(content.path, content.read_paths())

    def begin(self, start_server: Callable[[], None], *, cache: bool = True) -> None:
        """Build from what the last process saved, then call `start_server`."""
        if cache:
            self.database = pipeline.open_saved_database(*self.sources, self.out, self.edition)
        self.rebuild((), self.terminal.progress)
        start_server()  # before results are saved: a browser may be waiting for the page
        if not self.channel.current.diagnostics:
            self.database.commit()
        gc.freeze()  # the site lives on; scanning it again would slow every save

    def _should_write(self) -> bool:
        is_good = self.unwritten is not None and not self.channel.current.diagnostics
        return is_good and time.monotonic() >= self.write_due and not self.writer.is_alive()

    def rebuild(
        self, changed: tuple[Path, ...], progress: pipeline.Progress = pipeline.no_progress
    ) -> None:
        """Build the site and publish it, or else the last good one with the diagnostics."""
        try:
            self._rebuild(changed, progress)
        except Exception as error:  # no error may take down the last good site
            self.report_crash(error)

    def _rebuild(self, changed: tuple[Path, ...], progress: pipeline.Progress) -> None:
        started, before = time.perf_counter(), self.channel.current
        version = output.version(self.out)
        # The pages of a public edition are shown once they were searched for what is private.
        is_early = changed and self.edition is Edition.PRIVATE
        on_pages = partial(self._show_pages, changed) if is_early else None
        gc.disable()  # a collection here would make a save a tenth slower
        try:
            built = pipeline.build_site(self.database, progress, on_pages)
            built = msgspec.structs.replace(built, files=dict(built.files))
        finally:
            gc.enable()
        is_same = built.failed or built.files == before.files
        if not changed and is_same and built.problems == self.problems:
            return  # nothing was saved before the watcher started
        if built.failed:
            before = self._last_good()
            found = diagnostics.diagnostics(built.problems, self.sources)
            self._publish_over(before, found)
        else:
            self.database.commit(save=False)
            self.channel.publish(Snapshot(built.files, base=urls.base(built.summary.settings)))
            self.version, self.unwritten = version, built
            self.write_due = time.monotonic() + WRITE_DELAY
        self.unfinished = ()
        self._report(built, before, changed, time.perf_counter() - started)

    def _last_good(self) -> Snapshot:
        """Return what is served or, before any build was good, the site in the folder."""
        current = self.channel.current
        if current.files:
            return current
        return msgspec.structs.replace(current, files=output.read_site(self.out, self.edition))

    def _show_pages(self, changed: tuple[Path, ...], built: pipeline.BuiltSite) -> None:
        """Publish pages before their search index is there: that of the last save still serves."""
        before = self.channel.current.files
        kept = {path: before[path] for path in before if path.startswith(_LATER)}
        files = {**kept, **built.files}
        self.unfinished = changed
        self.channel.publish(Snapshot(files, base=urls.base(built.summary.settings)))

    def _publish_over(self, good: Snapshot, found: tuple[diagnostics.Diagnostic, ...]) -> None:
        """Publish diagnostics over a good site, as far as those who read it may see them."""
        if self.is_lan:
            found = diagnostics.for_network(found, self.edition)
        self.channel.publish(msgspec.structs.replace(good, diagnostics=found))

    def report_crash(self, error: Exception) -> None:
        """Show a bug in Starbook on the pages and in the terminal, and start from a clean state."""
        # The interrupted build may have left the database half filled.
        self.database = self._open_database()
        self.unfinished = ()
        problem, diagnostic = diagnostics.describe_crash(error)
        self._publish_over(self._last_good(), (diagnostic,))
        self.terminal.print_problems([problem])

    def _report(
        self, built: pipeline.BuiltSite, before: Snapshot, changed: tuple[Path, ...], seconds: float
    ) -> None:
        """Print all errors, the warnings that are new, and one line about the build."""
        reported, self.problems = self.problems, built.problems
        self.terminal.print_problems(p for p in built.problems if p.is_error or p not in reported)
        name = f"{len(changed)} files" if changed else "Built"
        if len(changed) == 1:
            name = os.path.relpath(changed[0])
        elapsed = f"in {seconds * 1000:.0f} ms"
        if built.failed:
            errors = sum(problem.is_error for problem in built.problems)
            shown = "The last good pages are shown" if before.files else "There is no page yet"
            self._print(f"{name}: {count(errors, 'error')}, {elapsed}. {shown}.")
        else:
            difference = _describe_difference(before, built.files)
            is_empty = self.edition is Edition.PUBLIC and not built.summary.stories
            why = f" {pipeline.NO_PUBLIC_STORY}" if is_empty else ""
            self._print(f"{name}: {difference}, {elapsed}.{why}")

    def write(self) -> None:
        """Write the last good site to disk, unless it has been written."""
        built, self.unwritten = self.unwritten, None
        if built is None:
            return
        self.on_disk = False
        result = pipeline.publish(
            built, self.out, self.sources,
            on_wait=lambda holder: self._print(f"Waiting for {holder}, which is building too…"),
            known={self.version, self.written_version}, rebuild=self._build_from_disk,
        )  # fmt: skip
        self.on_disk = not result.failed
        self.written_version = result.version or self.written_version
        if result.failed:
            self.terminal.print_problems(p for p in result.problems if p.rule == "output")

    def _build_from_disk(self) -> pipeline.BuiltSite:
        """Build in the thread that writes, where the database of the session must not be used."""
        return pipeline.build_site(self._open_database())

    def finish(self) -> None:
        """Write what is not on disk yet and print the last line."""
        if self.writer.is_alive():
            self.writer.join()
        if self.unfinished:  # what was shown must be on disk
            self.rebuild(self.unfinished)
        try:
            self.write()
        except Exception as error:
            self.report_crash(error)
        home = os.path.relpath(self.out / "index.html")
        state = "the last good one" if self.channel.current.diagnostics else "up to date"
        self._print(f"\nStopped. {home} is {state}." if self.on_disk else "\nStopped.")

    def _open_browser(self, url: str) -> None:
        if not webbrowser.open_new_tab(url):
            self._print(f"No browser was found; open {url} in yours.")


def _describe_difference(before: Snapshot, files: Mapping[str, bytes]) -> str:
    """Return the number of pages that differ or, if none does, of other files."""
    names = before.files.keys() | files.keys()
    changed = [name for name in names if before.files.get(name) != files.get(name)]
    pages = sum(name.endswith(".html") for name in changed)
    if not before.files:
        return count(pages, "page")
    counted = count(pages, "page") if pages else count(len(changed), "file")
    return f"{counted} changed" if changed else "nothing changed"
