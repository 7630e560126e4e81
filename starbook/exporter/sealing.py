"""Sealing: a text encrypted with a passphrase, as a line that a page in a browser can open.

`layouts/assets/unlock.js` opens it; docs/BUNDLE.md describes the line.
"""

import base64
import hashlib
import secrets
import zlib

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from starbook.exporter.passphrase import normalized

VERSION = 1
ROUNDS = 600_000  # what OWASP asks for; a phone of today needs under a second
_SALT, _NONCE, _SIZE = 16, 12, 4  # bytes
_LEAST_STEP = 1 << 16


def seal(text: str, passphrase: str) -> str:
    """Return a text as a line of version, rounds, salt, nonce, encrypted data and check sum.

    Salt and nonce are new each time. What stands before the data is authenticated with them. The
    check sum is that of a public line, and tells a damaged file from a wrong passphrase.
    """
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    head = f"{VERSION} {ROUNDS} {_base64(salt)} {_base64(nonce)}"
    key = hashlib.pbkdf2_hmac("sha256", normalized(passphrase).encode(), salt, ROUNDS)
    packed = _padded(zlib.compress(text.encode(), 9))
    line = f"{head} {_base64(AESGCM(key).encrypt(nonce, packed, head.encode()))}"
    return f"{line} {_base64(hashlib.sha256(line.encode()).digest())}"


def _padded(data: bytes) -> bytes:
    """Return data behind its size, with zeros up to one of few sizes.

    They are multiples of 64 kB, and from half a megabyte on eight between a power of two and the
    next: that hides the size to an eighth.
    """
    framed = len(data).to_bytes(_SIZE, "big") + data
    step = max(_LEAST_STEP, 1 << (len(framed).bit_length() - 4))
    return framed.ljust(-(-len(framed) // step) * step, b"\0")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
