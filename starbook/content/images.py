"""Images without metadata: where and when a photograph was taken, by whom, with which camera.

Formats: PNG (ISO/IEC 15948) is a signature and chunks; JPEG (ITU-T T.81) is markers and, from the
start of scan on, data; WebP (RFC 9649) is a RIFF file of chunks. All are copied part by part, and
only the parts that draw are kept. SVG is a document that may load and run things: it is refused.
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

_RIFF, _WEBP = b"RIFF", b"WEBP"
# The start of an SVG, with a byte order mark, a declaration, comments and a type before it.
_SVG = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<[?!][^>]*>\s*){0,20}<svg[\s>]", re.IGNORECASE)
IS_SVG = "is an SVG"

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
# The chunks of a WebP that draw, and of its flags those that say how: an animation, and an alpha
# channel. The others announce colour profiles and metadata.
_STILL, _FRAME, _ANIMATION = (b"VP8 ", b"VP8L"), b"ANMF", b"ANIM"
_ANIMATED, _DRAWING_FLAGS = 0x02, 0x12
# What the data of a still picture begin with, from this byte on.
_SIGNATURES = {b"VP8 ": (3, b"\x9d\x01\x2a", 10), b"VP8L": (0, b"\x2f", 5)}
_ORIENTATION = 0x0112
_UPRIGHT = 1


class NotAnImageError(Exception):
    """Raised for bytes that are no whole PNG, JPEG or WebP; the message says why."""


def image_name(data: bytes) -> str:
    """Return the name of an image on the site, taken from its content: its own may be confidential.

    Raises `NotAnImageError`.
    """
    return hashlib.sha256(strip_metadata(data)).hexdigest()[:16] + _extension(data)


def strip_metadata(data: bytes) -> bytes:
    """Return the same picture without metadata. Raises `NotAnImageError`."""
    copy = {".png": _png, ".jpg": _jpeg, ".webp": _webp}[_extension(data)]
    try:
        return b"".join(copy(data))
    except (struct.error, IndexError) as error:
        raise NotAnImageError("is cut short") from error


def _extension(data: bytes) -> str:
    if data.startswith(PNG):
        return ".png"
    if data.startswith(JPEG):
        return ".jpg"
    if data.startswith(_RIFF) and data[8:12] == _WEBP:
        return ".webp"
    raise NotAnImageError(IS_SVG if _SVG.match(data) else "is neither PNG, JPEG nor WebP")


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


def _webp(data: bytes) -> Iterator[bytes]:
    (size,) = struct.unpack_from("<I", data, 4)
    if size + 8 > len(data):
        raise NotAnImageError("is cut short")
    chunks = list(_chunks(data[12 : size + 8]))
    kind, payload = chunks[0] if chunks else (b"", b"")
    if kind == b"VP8X" and len(payload) == 10:
        body = _chunk(kind, bytes([payload[0] & _DRAWING_FLAGS, 0, 0, 0]) + payload[4:])
        is_animated = bool(payload[0] & _ANIMATED)
        body += _animation(chunks) if is_animated else _still(chunks)
    elif kind in _STILL:
        body = _still(chunks[:1])
    else:
        raise NotAnImageError("is damaged")
    yield _RIFF + struct.pack("<I", len(body) + 4) + _WEBP + body


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the name and payload of each chunk of a RIFF file."""
    at = 0
    while at < len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        end = at + 8 + length
        if end > len(data):
            raise NotAnImageError("is cut short")
        yield kind, data[at + 8 : end]
        at = end + length % 2


def _chunk(kind: bytes, payload: bytes) -> bytes:
    return kind + struct.pack("<I", len(payload)) + payload + b"\0" * (len(payload) % 2)


def _still(chunks: list[tuple[bytes, bytes]]) -> bytes:
    """Return the chunks of one picture: its alpha channel, if that is apart, and its colours."""
    drawn = [(kind, payload) for kind, payload in chunks if kind in _STILL]
    if not drawn:
        raise NotAnImageError("is damaged")
    kind, payload = drawn[0]
    at, signature, least = _SIGNATURES[kind]
    if len(payload) < least or not payload.startswith(signature, at):
        raise NotAnImageError("is damaged")
    alpha = [part for name, part in chunks if name == b"ALPH"][: kind == b"VP8 "]
    return b"".join(_chunk(b"ALPH", part) for part in alpha) + _chunk(kind, payload)


def _animation(chunks: list[tuple[bytes, bytes]]) -> bytes:
    settings = [payload for kind, payload in chunks if kind == _ANIMATION]
    frames = [payload for kind, payload in chunks if kind == _FRAME]
    if not settings or not frames or len(settings[0]) != 6:
        raise NotAnImageError("is damaged")
    # The place, size and time of a frame are 16 bytes; chunks as of a still picture follow.
    drawn = (frame[:16] + _still(list(_chunks(frame[16:]))) for frame in frames)
    return _chunk(_ANIMATION, settings[0]) + b"".join(_chunk(_FRAME, frame) for frame in drawn)
