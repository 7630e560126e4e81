"""Helpers for tests of publishing: build an edition from a few files, and read its text."""

import html
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from conftest import LAYOUTS

from starbook.build import pipeline
from starbook.model import Edition

Files = Mapping[str, str | bytes]

PUBLIC = "publish: true"
# One grey point.
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU"
    b"\0\0\0\nIDATx\x9cc`\0\0\0\x02\0\x01H\xaf\xa4q\0\0\0\0IEND\xaeB`\x82"
)


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def dump(data: Any) -> str:
    """Data as the YAML of a content file."""
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False)


def document(body: str, **front: Any) -> str:
    """A content file with this front matter."""
    return f"---\n{dump(front)}---\n\n{body}"


def write(folder: Path, files: Files) -> Path:
    """Put files into a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def read(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def site_of(files: Files, edition: Edition = Edition.PUBLIC) -> dict[str, bytes]:
    """Every file of an edition, by its path; the content must be clean of errors."""
    with tempfile.TemporaryDirectory() as folder:
        content = write(Path(folder, "content"), files)
        built = pipeline.build_site(pipeline.open_database(content, LAYOUTS, edition))
        assert not built.failed, [str(problem) for problem in built.problems]
        return dict(built.files)


def text_of(page: bytes) -> str:
    """Return the text of the main part of a page, white space folded."""
    body = page.decode().partition("<main ")[2].partition("</main>")[0].partition(">")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", body)).split())


def pages_of(files: Mapping[str, bytes]) -> set[str]:
    """The pages of an edition, without those that every one has."""
    pages = {path for path in files if path.endswith(".html")}
    return pages - {"index.html", "404.html", "stories/index.html"}
