"""What was saved: changes below some folders, gathered into bursts.

A burst is what belongs together: an editor that writes another file and renames it, a checkout of
a hundred files. Only what changes a file is told: not that one was opened, read or closed.
"""

import errno
import os
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from watchdog.events import (
    DirAttribEvent,
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileAttribEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch
from watchdog.observers.polling import PollingObserver

# How long nothing may happen until a burst is over, in seconds: after one file that is surely
# whole, after several or one that may be half written, and however restless it is.
SOON, CALM, LONGEST = 0.005, 0.05, 1.0
# How often a folder that cannot tell us is looked through.
_POLL = 0.5

_CHANGES: list[type[FileSystemEvent]] = [
    *(FileCreatedEvent, FileModifiedEvent, FileClosedEvent, FileAttribEvent),
    *(FileMovedEvent, FileDeletedEvent),
    *(DirCreatedEvent, DirMovedEvent, DirDeletedEvent, DirAttribEvent),
]
# What editors put beside a file while they save it: `x~` and `#x#`, vim's `4913`, JetBrains' two.
_SCRATCH = ("~", "#", ".tmp", "___jb_tmp___", "___jb_old___")
# What the system says when it watches no more folders than its settings allow.
_TOO_MANY = (errno.ENOSPC, errno.EMFILE, errno.ENFILE)


def is_scratch(path: Path) -> bool:
    """Whether an editor keeps this file for itself, and only while it is open."""
    return path.name.endswith(_SCRATCH) or path.name.isdecimal()


class Burst:
    """Changes that belong together. It is due when nothing more is to be expected.

    Times are those of one clock, in seconds. With `closes` we hear of it when a file is written
    to its end, and until then take it for half written.
    """

    def __init__(self, *, closes: bool) -> None:
        self.closes = closes
        self.changed: dict[Path, None] = {}
        self._born: set[Path] = set()
        self._unsure: set[Path] = set()
        self._first = self._last = 0.0

    def note(self, event: type[FileSystemEvent], path: Path, now: float) -> None:
        """Something happened to a path."""
        self._first = self._first if self.changed else now
        self._last = now
        self.changed[path] = None
        if event is FileCreatedEvent:
            self._born.add(path)
        # A file that is gone is often back at once: some editors save like that.
        gone = issubclass(event, (FileDeletedEvent, DirDeletedEvent))
        begun = issubclass(event, (FileCreatedEvent, FileModifiedEvent))
        if gone or (begun and self.closes):
            self._unsure.add(path)
        else:
            self._unsure.discard(path)

    def move(self, source: Path | None, target: Path | None, now: float) -> None:
        """A path has another name now; None stands for a name that is nothing to us."""
        if source in self._born:  # it was made to take another one's place
            del self.changed[source]
            self._unsure.discard(source)
        elif source:
            self.note(FileDeletedEvent, source, now)
        if target:
            self.note(FileMovedEvent, target, now)

    @property
    def due(self) -> float | None:
        """When it is over, if nothing more comes; None as long as there is none."""
        if not self.changed:
            return None
        quiet = CALM if self._unsure or len(self.changed) > 1 else SOON
        return min(self._last + quiet, self._first + LONGEST)


class Watch(FileSystemEventHandler):
    """Watches folders, also where one is deleted and made anew."""

    def __init__(self, folders: Iterable[Path], *, poll: bool = False) -> None:
        self.polls = poll
        self._news = threading.Condition()
        self._roots = [_Root(folder) for folder in folders]
        self._start()

    def _start(self) -> None:
        self._observer = self._observe()
        self._burst = self._fresh()
        self._observer.start()
        self._arm()
        with self._news:
            self._burst = self._fresh()  # that the folders are there is no news

    def _observe(self) -> BaseObserver:
        if not self.polls:
            with suppress(OSError):
                return Observer()
            self.polls = True
        return PollingObserver(timeout=_POLL)

    def _fresh(self) -> Burst:
        return Burst(closes=sys.platform == "linux" and not self.polls)

    def wait(self, seconds: float) -> tuple[Path, ...]:
        """What the next burst changed; nothing if there was none for so long."""
        end = time.monotonic() + seconds
        while True:
            self._arm()
            with self._news:
                now, due = time.monotonic(), self._burst.due
                if due is not None and due <= now:
                    changed, self._burst = tuple(self._burst.changed), self._fresh()
                    return changed
                if end <= now:
                    return ()
                self._news.wait(min(end, due or end) - now)

    def close(self) -> None:
        """Watch no more."""
        self._observer.stop()
        self._observer.join()

    def _arm(self) -> None:
        """Watch each folder that is there, and another one that has taken its place.

        The system tells no more of a folder that was deleted, and goes on about one that was
        renamed; so we look which folder has the name now.
        """
        for root in self._roots:
            if root.is_settled():
                continue
            if root.watch:
                with suppress(KeyError, RuntimeError):
                    self._observer.unschedule(root.watch)
            changed = root.look()
            if self._schedule(root) or changed:
                with self._news:
                    self._burst.note(DirCreatedEvent, root.folder, time.monotonic())

    def _schedule(self, root: "_Root") -> bool:
        """Have a folder watched, if it is there; whether it is."""
        if root.identity is None:
            return False
        try:
            root.watch = self._observer.schedule(
                self, str(root.real), recursive=True, event_filter=_CHANGES
            )
        except OSError as error:
            if error.errno in _TOO_MANY and not self.polls:
                self._poll_instead()
        return root.watch is not None

    def _poll_instead(self) -> None:
        """To look again and again is slow, but every system can."""
        self.polls = True
        self.close()
        for root in self._roots:
            root.watch = None
        self._start()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Called by watchdog, in a thread of its own."""
        source, target = os.fsdecode(event.src_path), os.fsdecode(event.dest_path)
        with self._news:
            for root in self._roots:
                if source == str(root.real) and isinstance(event, DirDeletedEvent):
                    root.forget()
                    self._burst.note(DirDeletedEvent, root.folder, time.monotonic())
            if isinstance(event, (FileMovedEvent, DirMovedEvent)):
                moved = self._ours(source, event), self._ours(target, event)
                self._burst.move(*moved, time.monotonic())
            elif path := self._ours(source, event):
                self._burst.note(type(event), path, time.monotonic())
            self._news.notify_all()

    def _ours(self, path: str, event: FileSystemEvent) -> Path | None:
        """The path as the person would type it, unless it is nothing to us."""
        for root in self._roots:
            with suppress(ValueError):
                inside = Path(path).relative_to(root.real)
                hidden = any(part.startswith(".") for part in inside.parts)  # load reads none
                scratch = is_scratch(inside) and not event.is_directory
                if inside.parts and not hidden and not scratch:
                    return root.folder / inside
        return None


class _Root:
    """A folder that is watched, by its name, and which one that is on the disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.real = folder
        self.identity: tuple[int, int] | None = None
        self.watch: ObservedWatch | None = None
        self._looked = False

    def look(self) -> bool:
        """Take the folder as it is now; whether that is another one, or none any more."""
        before = self.identity if self._looked else ()
        self.identity = self._found()
        self.real = self.folder.resolve() if self.identity else self.real
        self.watch = None
        self._looked = True
        return self.identity != before

    def forget(self) -> None:
        """It is not what it was, whatever stands there now."""
        self._looked = False

    def is_settled(self) -> bool:
        """Whether the folder that has the name is watched, or there is none to watch."""
        same = self._looked and self.identity == self._found()
        return same and (self.watch is not None or self.identity is None)

    def _found(self) -> tuple[int, int] | None:
        try:
            found = self.folder.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino
