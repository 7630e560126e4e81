"""The fast path: repeat the output of the last build where no input has changed since.

After a build, a record lists the signatures of all files that it read or wrote: the content, the
layouts, Starbook itself, its packages, the site. If the same command finds them all unchanged, its
output is printed again, in a tenth of the time that a build needs. The record names private
stories, so it lies in the cache (cache.py), where only its owner can read it.

A signature is a file's number on the disk, its size and its times. Only the system sets the time
of the last change, so a changed file cannot look like the old one, unless it changes twice within a
tick of the system's clock (see `is_reliable`), or a program has it mapped into its memory (see
`_is_any_being_written`). Windows has no such time, and keeps no records.
Both doors run this before anything else, so the module imports next to nothing.
"""

import io
import os
import stat
import sys
import time
import zlib
from collections.abc import Iterable
from contextlib import suppress

from starbook import program, site_folders
from starbook.build import cache

_FORMAT = b"starbook 5"
# In nanoseconds: longer than a tick of the clocks of common file systems, and of others.
_TICK, _SLOW_TICK = 11 * 10**6, 2 * 10**9
_ABSENT = b"-"
_NAMES = b"="  # the beginning of signatures of the folders that are walked
_OWN = os.fsencode(os.path.join(program.PACKAGE, "build", "fast_path.py"))

Lines = list[bytes]


def replay_if_unchanged(arguments: list[str]) -> bool:
    """Print what the last build printed and return True if no input has changed since."""
    begun = time.perf_counter()
    record = [] if os.environ.get("STARBOOK_VENV") else _read_record(arguments)
    if not record:
        return False
    store, *printed, signatures = record
    lines = signatures.split(b"\n")
    # The number and times of this very file are known to nobody who has not seen it here.
    if not any(line.endswith(b" " + _OWN) for line in lines) or not _are_current(lines):
        return False
    cache.touch(_record_path(arguments), os.fsdecode(store))
    _print_again(*printed, seconds=time.perf_counter() - begun)
    return True


def _print_again(problems: bytes, coloured: bytes, summary: bytes, *, seconds: float) -> None:
    colour = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    first, _, rest = summary.partition(b"\n")
    rest = rest.replace(b"\0", f"{seconds:.2f}".encode())
    try:
        for stream, text in (
            (sys.stdout, first + b"\n"),
            (sys.stderr, coloured if colour else problems),
            (sys.stdout, rest),
        ):
            if isinstance(stream, io.TextIOWrapper):  # a terminal need not have every character
                stream.reconfigure(errors="backslashreplace")
            stream.write(text.decode("utf-8", "surrogateescape"))
            stream.flush()
    except BrokenPipeError:  # `| head` needs no more; discard the rest
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


# Records


class BuildRecord:
    """The record of a build that is about to begin, with the signatures of all that it will read.

    `store` is the path of the build's results in the cache; a replay counts as a use of them.
    `looked_for` are the files, there or not, that decide which handbook is built.
    """

    def __init__(
        self,
        arguments: list[str],
        sources: tuple[str, ...],
        store: str,
        looked_for: tuple[str, ...] = (),
    ) -> None:
        self.arguments = arguments
        self.store = store
        files = [program.REMEMBERED, os.path.join(program.ROOT, "pyproject.toml"), *looked_for]
        self.begun = time.time_ns()
        self.inputs = _list_signatures((*sources, program.PACKAGE), [*files, *_package_folders()])
        if self.inputs and _is_any_being_written(self.inputs, sources):
            self.inputs = None

    def save(
        self,
        out: str,
        manifest: str,
        version: bytes,
        *,
        read: Iterable[tuple[str, os.stat_result | None]],
        absent: list[str],
        printed: tuple[str, str, str],
        age: float,
    ) -> None:
        """Write the record; without one, the next build simply runs.

        `version` is the signature of the `manifest` that the build left in `out`; if it has another
        one now, another build has replaced the site, and nothing is recorded. `read` has each file
        that was read, with its status before. `absent` names files that must stay missing,
        `printed` has the problems plain and in colour, and the rest of the output with a NUL for
        the seconds. All files of the site are at least `age` seconds old.
        """
        if self.inputs is None:
            return
        # Later changes of these files must alter their times.
        time.sleep(max(0.0, _TICK / 10**9 - age))
        outputs = _list_signatures((out,), absent)
        others = _read_lines(read, self.inputs, self.begun)
        if outputs is None or others is None or _signature(os.fsencode(manifest)) != version:
            return
        texts = [text.encode("utf-8", "surrogateescape") for text in (self.store, *printed)]
        body = b"\0\0".join((*texts, b"\n".join((*self.inputs, *others, *outputs))))
        with suppress(OSError):
            cache.write_atomically(_record_path(self.arguments), _head(self.arguments, body) + body)


def _read_record(arguments: list[str]) -> Lines:
    """Return the parts of a record as `save` joined them; none where there is no sound one."""
    data = cache.read_private(_record_path(arguments))
    head, separator, body = data.partition(b"\n\n")
    return body.split(b"\0\0") if head + separator == _head(arguments, body) else []


def _record_path(arguments: list[str]) -> str:
    return cache.record_path(_command(arguments))


def _command(arguments: list[str]) -> str:
    """Return a line that identifies a command, where it runs, and by which Starbook."""
    place = os.getcwd(), program.PACKAGE, os.path.expanduser("~")
    return repr((program.COMMAND, arguments, *place))


def _head(arguments: list[str], body: bytes) -> bytes:
    command = os.fsencode(_command(arguments))
    return b"%s\n%08x %d\n%s\n\n" % (_FORMAT, zlib.crc32(body), len(body), command)


# Signatures


def stat_signature(status: os.stat_result) -> bytes:
    """Return what changes when a file with this status is written, replaced or renamed."""
    return b"%x.%x.%x.%x.%x.%x" % (
        status.st_dev, status.st_ino, status.st_mode, status.st_size,
        status.st_mtime_ns, status.st_ctime_ns,
    )  # fmt: skip


def is_reliable(signature: bytes, now: int) -> bool:
    """Return True if any change after the time `now` must alter this signature.

    It need not where the file is so young that the clock may not tick before the change (git calls
    that "racy"), nor where it is a link, as the target can change. `now` is in nanoseconds.
    """
    if signature == _ABSENT:
        return True
    *_, mode, _, modified, changed = (int(number, 16) for number in signature.split(b"."))
    tick = _TICK if changed % 10**6 else _SLOW_TICK // 2  # slow clocks have whole milliseconds
    return not stat.S_ISLNK(mode) and now - max(modified, changed) > tick


def program_signature() -> bytes | None:
    """Return the signature of Starbook, Python and the packages; None if it is unreliable."""
    lines = _list_signatures((program.PACKAGE,), _package_folders())
    return b"\n".join((sys.version.encode(), *lines)) if lines else None


def _package_folders() -> list[str]:
    """Return the folders that packages are installed in; installing one changes its folder."""
    return [folder for folder in sys.path if folder.endswith("-packages")]


def _list_signatures(folders: tuple[str, ...], files: list[str]) -> Lines | None:
    """Return a line with signature and path for each file; None if one is unreliable."""
    now = time.time_ns()
    paths = [os.fsencode(os.path.abspath(file)) for file in files]
    tops = [os.fsencode(os.path.abspath(folder)) for folder in folders]
    # Before they are walked: what appears meanwhile is in the walk, and then differs.
    names_of_tops = [_names_signature(top) for top in tops]
    for top in tops:
        sites = {*map(os.fsencode, site_folders.find(os.fsdecode(top)))}
        for here, inner, names in os.walk(top):
            inner[:] = [name for name in inner if here != top or name not in sites]
            if any(os.path.islink(os.path.join(here, name)) for name in inner):
                return None
            # What is read from such folders has its status noted (see `BuildRecord.save`).
            inner[:] = [name for name in inner if name[:1] != b"."]
            if top == os.fsencode(program.PACKAGE):
                inner[:] = [name for name in inner if name != b"__pycache__"]
            paths += [] if here == top else [here]
            paths += [os.path.join(here, name) for name in names]
    signatures = [_signature(path) for path in paths]
    if not all(is_reliable(signature, now) for signature in signatures):
        return None
    if any(b"\n" in path for path in (*paths, *tops)):
        return None
    pairs = zip((*signatures, *names_of_tops), (*paths, *tops), strict=True)
    return [b"%s %s" % pair for pair in pairs]


def _read_lines(
    read: Iterable[tuple[str, os.stat_result | None]], listed: Lines, begun: int
) -> Lines | None:
    """Return a line for each file that was read and is not listed; None if one is unreliable."""
    known = {line.partition(b" ")[2] for line in listed}
    lines = []
    for file, status in read:
        path = os.fsencode(os.path.abspath(file))
        signature = stat_signature(status) if status else _ABSENT
        if path not in known and (b"\n" in path or not is_reliable(signature, begun)):
            return None
        if path not in known:
            lines.append(b"%s %s" % (signature, path))
    return lines


def _is_any_being_written(lines: Lines, folders: tuple[str, ...]) -> bool:
    """Return True if a program has a file in the folders open for writing, or mapped so.

    Through a mapping it may change a file again and again, and only the first time alters the times
    of the file. Linux tells who asks for a lease. Where it gives none, nothing is known.
    """
    try:
        import signal  # noqa: PLC0415  (no replay needs it)
        from fcntl import F_SETLEASE  # noqa: F401, PLC0415  (Linux alone)

        # Whoever opens such a file meanwhile waits, and the holder of the lease gets this signal.
        handler = signal.signal(signal.SIGIO, signal.SIG_IGN)
    except (ImportError, AttributeError, ValueError):  # another system, or not the main thread
        return False
    inside = tuple(os.fsencode(os.path.join(os.path.abspath(folder), "")) for folder in folders)
    try:
        return any(
            _is_being_written(path)
            for signature, _, path in (line.partition(b" ") for line in lines)
            if path.startswith(inside) and not signature.startswith((_NAMES, _ABSENT))
            if stat.S_ISREG(int(signature.split(b".")[2], 16))
        )
    finally:
        signal.signal(signal.SIGIO, handler)


def _is_being_written(path: bytes) -> bool:
    import fcntl  # noqa: PLC0415  (not on Windows)

    try:
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:  # the file is another user's, or its file system has no leases
        return False
    finally:
        os.close(file)
    return False


def _are_current(lines: Lines) -> bool:
    """Return True if all files listed have the same signature now."""
    try:
        for line in lines:
            signature, _, path = line.partition(b" ")
            sign = _names_signature if signature.startswith(_NAMES) else _signature
            if signature != sign(path):
                return False
    except OSError:
        return False
    return True


def _names_signature(folder: bytes) -> bytes:
    """Return what changes with the names in a folder of content, layouts, code or pages.

    Its times change with each build into it, so they do not count; nor do the names of sites, of
    what is put beside them for a moment, and of compiled modules.
    """
    left_out = {b"__pycache__", *map(os.fsencode, site_folders.find(os.fsdecode(folder)))}
    try:
        names = [name for name in os.listdir(folder) if not name.startswith(b".")]
    except OSError:
        return _ABSENT
    return b"%s%08x" % (_NAMES, zlib.crc32(b"\0".join(sorted({*names} - left_out))))


def _signature(path: bytes) -> bytes:
    try:
        return stat_signature(os.lstat(path))
    except FileNotFoundError:
        return _ABSENT
