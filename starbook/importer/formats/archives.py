"""Archives: the files in a zip, read in memory and within limits. Nothing is unpacked to disk."""

import io
import zipfile
import zlib
from collections.abc import Sequence

from starbook.importer.formats.source import UnreadableError

MAX_ENTRIES = 2_000
MAX_TOTAL = 100_000_000
# What a file may become, a byte: text packs to a tenth, tables of equal rows to a hundredth.
MAX_RATIO = 200
_SMALL = 1_000_000
_ENCRYPTED = 0x1


class Archive:
    """The files of a zip by name, each read when it is asked for."""

    def __init__(self, data: bytes, path: str) -> None:
        self.path = path
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(data))
            entries = [entry for entry in self.zip.infolist() if not entry.is_dir()]
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
            raise UnreadableError(
                f"{path} is a damaged archive ({error}); export it again"
            ) from error
        self._check(entries, len(data))
        self.entries = {_clean_name(entry.filename): entry for entry in entries}

    @property
    def names(self) -> list[str]:
        """The names of all files."""
        return list(self.entries)

    def read(self, name: str) -> bytes:
        """Return the content of a file. Raise `UnreadableError`."""
        try:
            return self.zip.read(self.entries[name])
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            reason = f"is damaged ({error}); export it again"
        except (NotImplementedError, RuntimeError):
            reason = "is packed in a way that is not read; unpack the archive, import the folder"
        raise UnreadableError(f"{self.path}: {name} {reason}")

    def _check(self, entries: Sequence[zipfile.ZipInfo], packed: int) -> None:
        """Raise `UnreadableError` for an archive that is no export of a person's documents."""
        total = sum(entry.file_size for entry in entries)
        if len(entries) > MAX_ENTRIES:
            reason = f"has {len(entries):,} files, over {MAX_ENTRIES:,}; export less of it"
        elif total > MAX_TOTAL:
            reason = f"unpacks to {total:,} bytes, over {MAX_TOTAL:,}; export less of it"
        elif total > _SMALL and total > MAX_RATIO * packed:
            reason = f"unpacks to {total // max(packed, 1)} times its size, as no document does"
        elif any(entry.flag_bits & _ENCRYPTED for entry in entries):
            reason = "is encrypted; export it without a password"
        elif odd := next((entry for entry in entries if _leads_out(entry.filename)), None):
            reason = f"has a file named `{odd.filename}`, which leads out of it; export it again"
        else:
            return
        raise UnreadableError(f"{self.path} {reason}")


def _clean_name(name: str) -> str:
    return name.replace("\\", "/")


def _leads_out(name: str) -> bool:
    parts = _clean_name(name).split("/")
    return ".." in parts or not parts[0] or ":" in parts[0]
