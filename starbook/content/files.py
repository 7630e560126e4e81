"""Text of files: bytes to text, and text to front matter and body. It does not read YAML."""

import re
import stat
from pathlib import Path
from typing import NamedTuple

from frontmatter.default_handlers import YAMLHandler

from starbook.problem import Report

MAX_BYTES = 1_000_000

_FENCE = re.compile(r"-{3,}\s*")


class Document(NamedTuple):
    """A text split at the fences of its front matter, and the first line of each piece."""

    front_matter: str
    front_matter_line: int
    body: str
    body_line: int


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
        hint = "check its permissions and, if it is a link, where it leads"
        report.error(0, "unreadable", f"cannot be read ({error.strerror})", hint)
    return None


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


def split_front_matter(text: str, report: Report) -> Document | None:
    """Split `text` at the fences of its front matter, or report why that cannot be done."""
    lines = text.split("\n")
    closer = _find_closing_fence(lines, report)
    if closer is None:
        return None
    # After our own checks on the fences the library's split cannot go wrong. It removes blank lines
    # after a fence, so both first lines are counted from the end.
    front_matter, body = YAMLHandler().split(text)
    front_matter_line = closer + 1 - front_matter.count("\n")
    return Document(front_matter, front_matter_line, body, len(lines) - body.count("\n"))


def _find_closing_fence(lines: list[str], report: Report) -> int | None:
    """Return the index of the line that closes the front matter, or report what is wrong."""
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    if not _FENCE.fullmatch(lines[first]):
        report.error(1, "front-matter", "has no front matter", "start it with ---, title: …, ---")
        return None
    if first:
        report.error(first + 1, "front-matter", "has blank lines above ---", "delete them")
        return None
    for i, line in enumerate(lines[1:], 1):
        if _FENCE.fullmatch(line):
            return i
        if line.rstrip() == "...":
            report.error(i + 1, "front-matter", "front matter ends with ...", "end it with ---")
            return None
    report.error(1, "front-matter", "front matter is never closed", "add a line --- below it")
    return None
