"""Nothing has changed: said again in a tenth of the time that it takes to find out by building.

After a build, a record says how every file looked that it read or wrote: the content, the layouts,
Starbook itself, its packages, the site. Where the same command finds all of them as they were, its
result stands, and what it said is said again. The record holds names of private stories, so only
its owner may read it; it lies in `.cache/starbook/` beside the content, where git does not see it.

A file is taken to be as it was where its number on the disk, size and times are. Nobody but the
system sets the time of a last change, so a file cannot be changed and dressed up as the old one,
unless it is within a tick of the system's clock: see `_TICK`. Windows has no such time, and no
records. build.py comes here before anything else, so this module needs next to nothing.
"""

import io
import os
import sys
import time
import zlib

from starbook.build import cache

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_FORMAT = b"starbook 3"
# In nanoseconds: more than the clocks of common file systems take to tick, and those of others.
_TICK, _SLOW_TICK = 11 * 10**6, 2 * 10**9
_OPTIONS = ("--content", "--out", "--layouts")

Lines = list[bytes]


def said_again(argv: list[str]) -> bool:
    """Whether this command was run before and nothing has changed; it has had its say then."""
    begun = time.perf_counter()
    content = _content(argv)
    if content is None or os.environ.get("STARBOOK_VENV"):
        return False
    key = _key(argv)
    path = cache.record_path(content, key)
    store, plain, coloured, said = _still_true(_read(path, key)) or (b"", b"", b"", b"")
    if not said:
        return False
    cache.touch(path, os.path.join(os.path.dirname(path), os.fsdecode(store)))
    colour = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    first, _, rest = said.partition(b"\n")
    seconds = f"{time.perf_counter() - begun:.2f}".encode()
    try:
        for stream, text in (
            (sys.stdout, first + b"\n"),
            (sys.stderr, coloured if colour else plain),
            (sys.stdout, rest.replace(b"\0", seconds)),
        ):
            if isinstance(stream, io.TextIOWrapper):  # a terminal need not have every character
                stream.reconfigure(errors="backslashreplace")
            stream.write(text.decode("utf-8", "surrogateescape"))
            stream.flush()
    except BrokenPipeError:  # `| head` has seen enough; what is left goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return True


def _content(argv: list[str]) -> str | None:
    """The content folder of a plain `build`; None for what only the parser of arguments knows.

    With `--no-cache` there is no record to look for either.
    """
    words = argv[1:] if argv[:1] == ["build"] else argv
    found = os.path.join(ROOT, "content")
    while words:
        name, equals, value = words[0].partition("=")
        if name in _OPTIONS:
            value, words = (value, words[1:]) if equals else ("".join(words[1:2]), words[2:])
            found = value if name == "--content" else found
        elif words[0] == "--public":
            words = words[1:]
        else:
            return None
        if (equals and not value) or "~" in value:
            return None
    if found == os.path.join(ROOT, "content"):
        return _remembered() or found
    return found


def _remembered() -> str:
    try:
        with open(os.path.join(ROOT, ".starbook-content"), encoding="utf-8") as file:
            return file.read().strip()
    except (OSError, ValueError):
        return ""


def _key(argv: list[str]) -> bytes:
    """What a record is of: the command, where it was run, and by which Starbook."""
    words = [repr(argv), os.getcwd(), ROOT]
    return "\t".join(words).encode("utf-8", "surrogateescape").replace(b"\n", b" ")


def program() -> bytes | None:
    """How all looks that makes pages of content; None where that does not tell if it changes."""
    lines = _listed((os.path.join(ROOT, "starbook"),), _packages())
    return b"\n".join((sys.version.encode(), *lines)) if lines else None


def _packages() -> list[str]:
    """Such a folder changes with what is installed in it."""
    return [folder for folder in sys.path if folder.endswith("-packages")]


def looks(content: str, argv: list[str]) -> tuple[bytes, dict[bytes, bytes]]:
    """How all looked at the last build of a command, by path; and the seal of what that left."""
    key = _key(argv)
    seal, *_, listed = _read(cache.record_path(content, key), key) or (b"", b"")
    lines = (line.partition(b" ") for line in listed.split(b"\n"))
    return seal, {name: stamp for stamp, _, name in lines}


def _read(path: str, key: bytes) -> Lines | None:
    """The record of this command, where it is whole and ours."""
    head, _, body = (cache.read_private(path) or b"").partition(b"\n\n")
    return body.split(b"\0\0") if head == _head(key, body) else None


def _still_true(record: Lines | None) -> Lines | None:
    """What was said, where all still looks as it did."""
    if record is None:
        return None
    _, *said, listed = record
    try:
        for line in listed.split(b"\n"):
            look, _, name = line.partition(b" ")
            if look != _look(name):
                return None
    except OSError:
        return None
    return said


def _head(key: bytes, body: bytes) -> bytes:
    return b"%s\n%08x %d\n%s" % (_FORMAT, zlib.crc32(body), len(body), key)


def _look(name: bytes) -> bytes:
    """How a file or folder looks; `-` for one that is not there."""
    try:
        return stamp(os.lstat(name))
    except FileNotFoundError:
        return b"-"


def stamp(found: os.stat_result) -> bytes:
    """How a file looks that the system has told of."""
    return b"%x.%x.%x.%x.%x.%x" % (
        found.st_dev, found.st_ino, found.st_mode, found.st_size,
        found.st_mtime_ns, found.st_ctime_ns,
    )  # fmt: skip


# Writing it


class Record:
    """The record of a build that is about to begin: how all that it will read looks by now.

    `store` is the file in the cache that it keeps its results in, used again with the record.
    """

    def __init__(self, argv: list[str], sources: tuple[str, ...], store: str) -> None:
        self.argv = argv
        self.store = os.path.basename(store)
        self.content = sources[0]
        self.lines: Lines | None = None
        if os.name == "nt" or _content(argv) is None:
            return
        ours = [os.path.join(ROOT, name) for name in (".starbook-content", "pyproject.toml")]
        self.lines = _listed((*sources, os.path.join(ROOT, "starbook")), [*ours, *_packages()])

    def keep(
        self, out: str, absent: list[str], said: tuple[str, str, str], age: float, seal: bytes
    ) -> None:
        """Write it, where that can be done; if it cannot, the next build takes its time.

        `age` says for how many seconds all of the site has been as it is, `seal` by what the past
        is known that was left with it.
        """
        if self.lines is None:
            return
        # So that no file can change and keep the time it has now.
        time.sleep(max(0.0, _TICK / 10**9 - age))
        site = _listed((out,), absent)
        if site is None:
            return
        texts = [text.encode("utf-8", "surrogateescape") for text in (self.store, *said)]
        body = b"\0\0".join((seal, *texts, b"\n".join((*self.lines, *site))))
        key = _key(self.argv)
        path = cache.record_path(self.content, key)
        try:
            cache.write_atomically(path, _head(key, body) + b"\n\n" + body)
        except OSError:
            return


def _listed(folders: tuple[str, ...], files: list[str]) -> Lines | None:
    """How all that lies in folders looks, or None where that does not tell whether it changes."""
    now = time.time_ns()
    names = [os.fsencode(os.path.abspath(name)) for name in files]
    for folder in folders:
        for here, inside, found in os.walk(os.fsencode(os.path.abspath(folder))):
            if any(os.path.islink(os.path.join(here, name)) for name in inside):
                return None
            inside[:] = [name for name in inside if name[:1] != b"." and name != b"__pycache__"]
            names += [here, *(os.path.join(here, name) for name in found)]
    lines = [_look(name) + b" " + name for name in names]
    return lines if all(_is_telling(line, now) for line in lines) else None


def _is_telling(line: bytes, now: int) -> bool:
    """Whether a later change of a file must show: not of a link, nor of one that is too young."""
    look, _, name = line.partition(b" ")
    if look == b"-":
        return True
    *_, mode, _, modified, changed = (int(number, 16) for number in look.split(b"."))
    fine = changed % 10**6  # whole milliseconds are those of a slow clock
    return (
        b"\n" not in name
        and mode & 0o170000 != 0o120000
        and now - max(modified, changed) > (_TICK if fine else _SLOW_TICK // 2)
    )
