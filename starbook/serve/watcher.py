"""File watcher: report changes below some folders, debounced.

A batch holds the changes that belong together: a file that an editor writes under another name and
renames, or a checkout of a hundred files. Opening, reading and closing a file are no changes.
"""

import errno
import os
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path, PurePath

import msgspec
from watchdog import events
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch
from watchdog.observers.polling import PollingObserverVFS

from starbook import site_folders

# Seconds without an event until a batch is complete: after one file that is whole, and after
# several files or one that may be half written. MAX_DELAY counts from the first event.
SHORT_DELAY, LONG_DELAY, MAX_DELAY = 0.005, 0.05, 1.0
_POLL_INTERVAL = 0.5

_EVENT_TYPES: list[type[events.FileSystemEvent]] = [
    *(events.FileCreatedEvent, events.FileModifiedEvent, events.FileClosedEvent),
    *(events.FileAttribEvent, events.FileMovedEvent, events.FileDeletedEvent),
    *(events.DirCreatedEvent, events.DirMovedEvent, events.DirDeletedEvent, events.DirAttribEvent),
]
# The files that editors write beside one that they save: `x~` and `#x#`, and two of JetBrains.
_TEMPORARY_SUFFIXES = ("~", "#", ".tmp", "___jb_tmp___", "___jb_old___")
# The beginnings of paths into a site that lies in the folder of its handbook.
_SITES = tuple((name,) for name in site_folders.NAMES)
# The error numbers when a limit of the system on watches or open files is reached.
_LIMIT_REACHED = (errno.ENOSPC, errno.EMFILE, errno.ENFILE)


class Debouncer:
    """A batch of changes that is due when no more are expected.

    Times are seconds of one clock. With `reports_close`, the system reports when a file has been
    written and closed; until then it counts as half written.
    """

    def __init__(self, *, reports_close: bool) -> None:
        self.reports_close = reports_close
        self.changed: dict[Path, None] = {}
        self._created: set[Path] = set()
        self._incomplete: set[Path] = set()
        self._first = self._last = 0.0

    def add(self, event: type[events.FileSystemEvent], path: Path, now: float) -> None:
        """Add an event at `path`."""
        self._first = self._first if self.changed else now
        self._last = now
        self.changed[path] = None
        if event is events.FileCreatedEvent:
            self._created.add(path)
        # Some editors save by deleting a file and writing it anew.
        is_deleted = issubclass(event, (events.FileDeletedEvent, events.DirDeletedEvent))
        is_opened = issubclass(event, (events.FileCreatedEvent, events.FileModifiedEvent))
        if is_deleted or (is_opened and self.reports_close):
            self._incomplete.add(path)
        else:
            self._incomplete.discard(path)

    def add_move(self, source: Path | None, target: Path | None, now: float) -> None:
        """Add a rename; None stands for a path that is not watched."""
        if source in self._created:  # a temporary file that replaces the target
            del self.changed[source]
            self._incomplete.discard(source)
        elif source:
            self.add(events.FileDeletedEvent, source, now)
        if target:
            self.add(events.FileMovedEvent, target, now)

    @property
    def due(self) -> float | None:
        """The time at which the batch is complete if nothing is added; None if it is empty."""
        if not self.changed:
            return None
        delay = LONG_DELAY if self._incomplete or len(self.changed) > 1 else SHORT_DELAY
        return min(self._last + delay, self._first + MAX_DELAY)


class Watcher(events.FileSystemEventHandler):
    """A watcher of folders, which may be deleted, replaced and created while it runs."""

    def __init__(self, folders: Iterable[Path], *, poll: bool = False) -> None:
        self.polls = poll
        self._condition = threading.Condition()
        self._read: frozenset[Path] = frozenset()
        self._folders = [_WatchedFolder(folder, folder) for folder in folders]
        self._start()

    def _start(self) -> None:
        if not self.polls:
            try:
                self._observer: BaseObserver = Observer()
            except OSError:
                self.polls = True
        if self.polls:
            # Links are looked at themselves: one to a folder around it would be followed for ever.
            self._observer = PollingObserverVFS(
                os.lstat, _list_entries, polling_interval=_POLL_INTERVAL
            )
        self._batch = self._create_batch()
        self._observer.start()
        self._update_watches()
        with self._condition:
            self._batch = self._create_batch()  # that the folders exist is no change

    def _create_batch(self) -> Debouncer:
        return Debouncer(reports_close=sys.platform == "linux" and not self.polls)

    def wait(self, timeout: float) -> tuple[Path, ...]:
        """Return the paths of the next batch, or nothing after `timeout` seconds without one."""
        end = time.monotonic() + timeout
        while True:
            self._update_watches()
            with self._condition:
                now, due = time.monotonic(), self._batch.due
                if due is not None and due <= now:
                    changed, self._batch = tuple(self._batch.changed), self._create_batch()
                    return changed
                if end <= now:
                    return ()
                self._condition.wait(min(end, due or end) - now)

    def watch_also(self, folder: Path, paths: Iterable[str]) -> None:
        """Report changes of these files in a folder, whatever their names, and of their folders."""
        found = [folder / path for path in paths if _is_ignored(PurePath(path))]
        self._read = frozenset(path for file in found for path in (file, *file.parents))

    def close(self) -> None:
        """Stop watching."""
        self._observer.stop()
        self._observer.join()

    def _update_watches(self) -> None:
        """Watch each folder that exists, and the one that has replaced another.

        The system reports nothing of a folder that is created anew, and goes on about one that
        was renamed, so the identity of the folder at each path is compared.
        """
        for folder in self._folders:
            before, identity = folder.identity, _read_identity(folder.path)
            if identity == before and (folder.watch or identity is None):
                continue
            if folder.watch:
                with suppress(KeyError, RuntimeError):
                    self._observer.unschedule(folder.watch)
            folder.identity, folder.watch = identity, None
            folder.real_path = folder.path.resolve() if identity else folder.real_path
            if self._schedule(folder) or identity != before:
                with self._condition:
                    self._batch.add(events.DirCreatedEvent, folder.path, time.monotonic())

    def _schedule(self, folder: "_WatchedFolder") -> bool:
        """Watch a folder, or all by polling if the system cannot watch so many.

        Return True if the folder exists and is watched.
        """
        if folder.identity is None:
            return False
        try:
            folder.watch = self._observer.schedule(
                self, str(folder.real_path), recursive=True, event_filter=_EVENT_TYPES
            )
        except OSError as error:
            if error.errno in _LIMIT_REACHED and not self.polls:
                self.polls = True
                self.close()
                for each in self._folders:
                    each.watch = None
                self._start()
        return folder.watch is not None

    def on_any_event(self, event: events.FileSystemEvent) -> None:
        """Add an event to the batch; watchdog calls this from its own thread."""
        source, target = os.fsdecode(event.src_path), os.fsdecode(event.dest_path)
        with self._condition:
            now = time.monotonic()
            for folder in self._folders:
                if source == str(folder.real_path) and isinstance(event, events.DirDeletedEvent):
                    folder.identity = ()  # one created anew may have the same device and inode
                    self._batch.add(events.DirDeletedEvent, folder.path, now)
            if isinstance(event, (events.FileMovedEvent, events.DirMovedEvent)):
                paths = self._content_path(source, event), self._content_path(target, event)
                self._batch.add_move(*paths, now)
            elif path := self._content_path(source, event):
                self._batch.add(type(event), path, now)
            self._condition.notify_all()

    def _content_path(self, path: str, event: events.FileSystemEvent) -> Path | None:
        """Return the path as the person typed its folder, or None for one that is not read."""
        for folder in self._folders:
            with suppress(ValueError):
                inside = Path(path).relative_to(folder.real_path)
                shown = folder.path / inside
                ignored = _is_ignored(inside, is_folder=event.is_directory)
                if inside.parts and (not ignored or shown in self._read):
                    return shown
        return None


def _list_entries(folder: str | None) -> "Iterator[os.DirEntry[str]]":
    """Yield the entries of a folder but for sites in it, which are as large as the content."""
    sites = site_folders.find(folder or ".")
    with os.scandir(folder) as entries:
        yield from (entry for entry in entries if entry.name not in sites)


def _is_ignored(path: PurePath, *, is_folder: bool = False) -> bool:
    """Return True for a path within content that no build reads, unless a text shows it."""
    if any(part.startswith(".") for part in path.parts) or path.parts[:1] in _SITES:
        return True
    # A name of digits is the file with which vim tests whether it may write.
    return not is_folder and (path.name.endswith(_TEMPORARY_SUFFIXES) or path.name.isdecimal())


class _WatchedFolder(msgspec.Struct):
    """A path, the identity (device and inode) of the folder last seen there, and its watch.

    The identity is None where there is no folder, and empty as long as it is not known.
    """

    path: Path
    real_path: Path
    identity: tuple[int, ...] | None = ()
    watch: ObservedWatch | None = None


def _read_identity(folder: Path) -> tuple[int, ...] | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
