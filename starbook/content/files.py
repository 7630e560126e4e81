"""Files to text: their bytes, and the text in these; and text to files, whole or not at all."""

import os
import stat
import tempfile
from pathlib import Path

from starbook.problem import Report

MAX_BYTES = 1_000_000


def read_bytes(path: Path, report: Report, max_bytes: int = MAX_BYTES) -> bytes | None:
    """Return the content of a file, or None after reporting why it cannot be read."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # reading a pipe or device may never end
            report.error(0, "unreadable", "is not a file", "give it another name, or delete it")
        elif status.st_size > max_bytes:
            message = f"is {status.st_size:,} bytes, over {max_bytes:,}"
            report.error(0, "too-large", message, "split it, or move data elsewhere")
        else:
            return path.read_bytes()
    except OSError as error:
        report_unreadable(error, report)
    return None


def report_unreadable(error: OSError, report: Report) -> None:
    """Report why the system does not let a file or folder be read."""
    hint = "check its permissions and, if it is a link, where it leads"
    report.error(0, "unreadable", f"cannot be read ({error.strerror})", hint)


def decode(data: bytes, report: Report) -> str | None:
    """Return the text in `data` with Unix line ends, or None after reporting what is wrong."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        report.error(1, "encoding", "is UTF-16", "save it as UTF-8")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = f"byte 0x{data[error.start]:02x} at offset {error.start}"
        report.error(line, "encoding", f"is not UTF-8 ({byte})", "save it as UTF-8")
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        report.error(line, "encoding", "holds a NUL character", "delete it")
        return None
    return text


def create(path: Path, text: str) -> None:
    """Write a new file with Unix line ends; see `create_bytes`."""
    create_bytes(path, text.encode())


def create_bytes(path: Path, data: bytes) -> None:
    """Write a new file, and its folders; if that fails, as on a full disk, leave no part of it.

    Raises FileExistsError where there is a file, and OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("xb")
    try:
        with file:
            file.write(data)
    except BaseException as error:  # Ctrl-C too
        path.unlink(missing_ok=True)
        if isinstance(error, OSError):  # the system does not say which file was too large
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise


def replace(path: Path, old: bytes | None, new: bytes) -> bool:
    """Replace the content of a file in one step; return False if it is no longer `old`.

    Its permissions stay. If `old` is None there must be no file, and only its owner can read the
    new one. Raises OSError.
    """
    path = path.resolve()  # a link stays a link
    beside = None
    try:
        with tempfile.NamedTemporaryFile(prefix=".", dir=path.parent, delete=False) as file:
            beside = Path(file.name)
            file.write(new)
            file.flush()
            os.fsync(file.fileno())
        if old is not None:
            beside.chmod(stat.S_IMODE(path.stat().st_mode))
        if (path.read_bytes() if os.path.lexists(path) else None) != old:
            return False
        beside.replace(path)
        beside = None
    except OSError as error:  # name the file of the person
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        if beside:
            beside.unlink(missing_ok=True)
    return True
