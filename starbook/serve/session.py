"""Save a file, see its page: watches, makes the site anew, serves it, and puts it on disk later."""

import gc
import os
import threading
import time
import webbrowser
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from starbook import urls
from starbook.build import output, past, pipeline
from starbook.build.memory import Memory
from starbook.build.past import Past
from starbook.build.stored import Files
from starbook.model import Edition
from starbook.pages.context import count
from starbook.problem import Problem, Severity
from starbook.serve import diagnostics
from starbook.serve import http as server
from starbook.serve.responses import Snapshot
from starbook.serve.watcher import Watch

# How long it must be quiet until the site is put on disk, in seconds.
QUIET = 1.0
# How often we look whether the folders are still the same ones.
_LOOK = 0.5


class Voice(msgspec.Struct, frozen=True):
    """How to tell the person at the terminal: a line, problems, how far a first build is."""

    say: Callable[[str], None]
    show: Callable[[Iterable[Problem]], None]
    progress: pipeline.Progress


class Options(msgspec.Struct, frozen=True):
    """How to serve. Port 0 is any that is free."""

    port: int
    next_port: bool = False
    poll: bool = False
    open: bool = False


def serve(content: Path, layouts: Path, out: Path, options: Options, voice: Voice) -> int:
    """Serve until Ctrl-C; the exit code."""
    if refused := tuple(output.refusals(out, Edition.PRIVATE, (content, layouts))):
        voice.show(refused)
        voice.say("Nothing is served: the site could not be written.")
        return 1
    board = server.Board()
    try:
        http = server.listen(board, options.port, next_port=options.next_port)
    except OSError as error:
        voice.say(_no_port(options, error))
        return 1
    serving = _Serving(content, layouts, out, board, voice)
    try:
        serving.run(http, options)
    except KeyboardInterrupt:
        serving.end()
    finally:
        board.close()
        http.end()
    return 0


def _no_port(options: Options, error: OSError) -> str:
    if options.next_port:
        return f"Nothing is served: no port from {options.port} on is free ({error.strerror})."
    remedy = "End it, take another with --port N, or the next free one with --next-port."
    if error.errno in server.BUSY:
        return f"Port {options.port} is in use by another program, or by another `serve`. {remedy}"
    return f"Port {options.port} cannot be used ({error.strerror}). Take another with --port N."


class _Serving:
    """What is served, what is wrong, and what is not on disk yet."""

    def __init__(
        self, content: Path, layouts: Path, out: Path, board: server.Board, voice: Voice
    ) -> None:
        self.sources = (content, layouts)
        self.memory = Memory()
        self.out = out
        self.board = board
        self.voice = voice
        self.made: pipeline.Made | None = None
        self.unwritten: pipeline.Made | None = None
        self.due = 0.0
        self.on_disk = False
        self.writer = threading.Thread()
        self.told: frozenset[Problem] = frozenset()

    def run(self, http: server.Server, options: Options) -> None:
        """Build, serve, and then do what every burst of changes asks for. It never returns."""
        self.begin(http.begin)  # before there are threads: several processes can do it
        watch = Watch(self.sources, poll=options.poll)
        try:
            self.rebuild(())  # what was saved before anybody watched
            self.voice.say(f"Serving {http.address} - what you save shows at once. Ctrl-C ends it.")
            if watch.polls and not options.poll:
                self.voice.say("The system cannot watch so many folders: looking twice a second.")
            if options.open:
                threading.Thread(target=self._open, args=[http.address], daemon=True).start()
            while True:
                self._step(watch)
        finally:
            watch.close()

    def begin(self, ready: Callable[[], None]) -> None:
        """Build, going on from what the last build left; then all is `ready` to be served."""
        content, layouts = map(os.fspath, self.sources)
        left, well = past.read(content, layouts, self.out, Edition.PRIVATE), False
        try:
            self.rebuild((), self.voice.progress, left)
            well = not self.board.now.faults
            ready()  # whoever asked already has been waiting for this
        finally:
            left.end(well=well)
        gc.freeze()  # what there is now lives on; looking through it again costs a save dearly

    def _step(self, watch: Watch) -> None:
        try:
            if changed := watch.wait(_LOOK):
                self.rebuild(changed)
            elif self._is_quiet():
                self.writer = threading.Thread(target=self.write)
                self.writer.start()
        except Exception as error:  # whatever it is, the person goes on writing
            self._stumble(error)

    def _is_quiet(self) -> bool:
        """Whether there is something to put on disk, and nobody is at work."""
        good = self.unwritten is not None and not self.board.now.faults
        return good and time.monotonic() >= self.due and not self.writer.is_alive()

    def rebuild(
        self,
        changed: tuple[Path, ...],
        progress: pipeline.Progress = pipeline.silent,
        left: Past | None = None,
    ) -> None:
        """Make the site anew; show it if it is good, and what is wrong if it is not."""
        try:
            self._rebuild(changed, progress, left)
        except Exception as error:  # whatever it is, the last good site stays
            self._stumble(error)

    def _rebuild(
        self, changed: tuple[Path, ...], progress: pipeline.Progress, left: Past | None
    ) -> None:
        begun = time.perf_counter()
        gc.disable()  # to look for garbage now would cost the person a tenth of their wait
        try:
            made = pipeline.make(
                *self.sources, Edition.PRIVATE, progress, memory=self.memory, past=left
            )
        finally:
            gc.enable()
        if not changed and made == self.made:
            return  # nothing was saved
        self.made = made
        before = self.board.now
        if made.failed:
            found = diagnostics.faults(made.problems, self.sources)
            self.board.show(msgspec.structs.replace(before, faults=found))
        else:
            self.board.show(Snapshot(made.files, base=urls.base(made.handbook)))
            self.unwritten, self.due = made, time.monotonic() + QUIET
        spent = time.perf_counter() - begun
        self._tell(made, before, changed, f"in {spent * 1000:.0f} ms")

    def _stumble(self, error: Exception) -> None:
        self.memory = Memory()  # what was half done when it broke is not relied on
        problem, fault = diagnostics.crash(error)
        self.board.show(msgspec.structs.replace(self.board.now, faults=(fault,)))
        self.voice.show([problem])

    def _tell(
        self, made: pipeline.Made, before: Snapshot, changed: tuple[Path, ...], spent: str
    ) -> None:
        """One line, after all errors and those warnings that are new."""
        new = [p for p in made.problems if p.severity is Severity.ERROR or p not in self.told]
        self.told = frozenset(made.problems)
        self.voice.show(new)
        what = _named(changed)
        if made.failed:
            errors = sum(problem.severity is Severity.ERROR for problem in made.problems)
            kept = "There is no page yet" if before.empty else "The last good pages are shown"
            self.voice.say(f"{what}: {count(errors, 'error')}, {spent}. {kept}.")
        else:
            self.voice.say(f"{what}: {_difference(before, made.files)}, {spent}.")

    def write(self) -> None:
        """Put the last good site on disk, unless that is done."""
        made, self.unwritten = self.unwritten, None
        if made is None:
            return
        self.on_disk = False
        written = pipeline.write(made, self.out, self.sources, self._say_waiting)
        self.on_disk = not written.failed
        if written.failed:
            self.voice.show(problem for problem in written.problems if problem.rule == "output")

    def _say_waiting(self, holder: str) -> None:
        self.voice.say(f"Waiting for {holder}, which is building too…")

    def end(self) -> None:
        """Leave the site on disk as it was last served."""
        if self.writer.is_alive():
            self.writer.join()
        try:
            self.write()
        except Exception as error:
            self._stumble(error)
        home = os.path.relpath(self.out / "index.html")
        last = "the last good one" if self.board.now.faults else "up to date"
        self.voice.say(f"\nStopped. {home} is {last}." if self.on_disk else "\nStopped.")

    def _open(self, address: str) -> None:
        if not webbrowser.open_new_tab(address):
            self.voice.say(f"No browser was found; open {address} in yours.")


def _named(changed: tuple[Path, ...]) -> str:
    if not changed:
        return "Built"
    return os.path.relpath(changed[0]) if len(changed) == 1 else f"{len(changed)} files"


def _difference(before: Snapshot, files: Files) -> str:
    """How many pages, or else other files, are not what they were."""
    names = before.files.keys() | files.keys()
    changed = [name for name in names if before.files.get(name) != files.get(name)]
    pages = sum(name.endswith(".html") for name in changed)
    if before.empty:
        return count(pages, "page")
    if pages:
        return f"{count(pages, 'page')} changed"
    return f"{count(len(changed), 'file')} changed" if changed else "nothing changed"
