"""Images without metadata: where and when a photograph was taken, by whom, with which camera.

Formats: PNG (ISO/IEC 15948) is a signature and chunks; JPEG (ITU-T T.81) is markers and, from the
start of scan on, data. Both are copied part by part, and only the parts that draw are kept.
"""

import hashlib
import re
import struct
from collections.abc import Iterator

MAX_BYTES = 8_000_000
# The endings of files that are meant as pictures, also in formats that are refused.
ENDINGS = tuple(".png .jpg .jpeg .gif .webp .svg .bmp .avif .tif .tiff .heic".split())

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8"

# The chunks that a PNG needs to be drawn in its colours: no text, time, EXIF or private ones.
_KEPT_CHUNKS = frozenset(b"IHDR PLTE IDAT tRNS gAMA cHRM sRGB sBIT pHYs".split())
# The last chunk, without any data that it had: its length, name and checksum.
_PNG_END = b"\0\0\0\0IEND\xae\x42\x60\x82"
# The segments that a JPEG needs: frames, tables and scans. Of the others, three are rebuilt.
_KEPT_SEGMENTS = frozenset(range(0xC0, 0xE0)) - {0xC8, 0xD8, 0xD9}
_JFIF, _EXIF, _ADOBE, _SCAN, _END = 0xE0, 0xE1, 0xEE, 0xDA, 0xD9
_WITHOUT_DATA = frozenset({0x01, *range(0xD0, 0xD8)})
# The data of a scan end at a marker that is no stuffed byte, no fill byte and no restart.
_SCAN_END = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")
_ORIENTATION = 0x0112
_UPRIGHT = 1


class NotAnImageError(Exception):
    """Raised for bytes that are no whole PNG or JPEG; the message says why."""


def image_name(data: bytes) -> str:
    """Return the name of an image on the site, taken from its content: its own may be confidential.

    Raises `NotAnImageError`.
    """
    return hashlib.sha256(strip_metadata(data)).hexdigest()[:16] + _extension(data)


def strip_metadata(data: bytes) -> bytes:
    """Return the same picture without metadata. Raises `NotAnImageError`."""
    parts = _png(data) if _extension(data) == ".png" else _jpeg(data)
    try:
        return b"".join(parts)
    except (struct.error, IndexError) as error:
        raise NotAnImageError("is cut short") from error


def _extension(data: bytes) -> str:
    if data.startswith(PNG):
        return ".png"
    if data.startswith(JPEG):
        return ".jpg"
    raise NotAnImageError("is neither PNG nor JPEG")


def _png(data: bytes) -> Iterator[bytes]:
    yield PNG
    at = len(PNG)
    while True:
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + length + 12
        if at == len(PNG) and kind != b"IHDR":
            raise NotAnImageError("is damaged")
        if end > len(data):
            raise NotAnImageError("is cut short")
        if kind == b"IEND":
            yield _PNG_END
            return  # Data that some programs put after the end is not part of the picture.
        if kind in _KEPT_CHUNKS:
            yield data[at:end]
        at = end


def _jpeg(data: bytes) -> Iterator[bytes]:
    yield JPEG
    at = len(JPEG)
    while True:
        lead, marker = struct.unpack_from(">BB", data, at)
        if lead != 0xFF:
            raise NotAnImageError("is damaged")
        if marker == 0xFF:  # a fill byte
            at += 1
        elif marker == _END:
            yield data[at : at + 2]
            return  # Some cameras put a second picture after the end.
        elif marker in _WITHOUT_DATA:
            yield data[at : at + 2]
            at += 2
        else:
            (length,) = struct.unpack_from(">H", data, at + 2)
            end = at + 2 + length
            payload = data[at + 4 : end]
            if marker == _SCAN:
                following = _SCAN_END.search(data, end)
                if not following:
                    raise NotAnImageError("is cut short")
                end = following.start()
            yield data[at:end] if marker in _KEPT_SEGMENTS else _rebuild_segment(marker, payload)
            at = end


def _rebuild_segment(marker: int, payload: bytes) -> bytes:
    """Return a segment with only its shape, colours or orientation, or b"" if it has none."""
    if marker == _JFIF and payload.startswith(b"JFIF\0") and len(payload) >= 12:
        return _segment(marker, payload[:12] + b"\0\0")  # without its thumbnail
    if marker == _ADOBE and payload.startswith(b"Adobe") and len(payload) >= 12:
        return _segment(marker, payload[:12])
    if marker == _EXIF and payload.startswith(b"Exif\0\0"):
        orientation = _read_orientation(payload[6:])
        entry = struct.pack(">HHIHH", _ORIENTATION, 3, 1, orientation, 0)
        exif = b"Exif\0\0MM\0\x2a" + struct.pack(">IH", 8, 1) + entry + b"\0\0\0\0"
        return _segment(marker, exif) if orientation != _UPRIGHT else b""
    return b""


def _segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def _read_orientation(tiff: bytes) -> int:
    """Return how the camera was held, 1 to 8; without it, a photograph may lie on its side."""
    order = "<" if tiff.startswith(b"II") else ">"
    try:
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, first)
        for i in range(count):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * i)
            if tag == _ORIENTATION:
                return value if _UPRIGHT < value <= 8 else _UPRIGHT
    except struct.error:
        pass
    return _UPRIGHT
