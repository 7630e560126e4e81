"""Compiled templates in the cache: one handbook compiles them, and all others need not."""

import marshal
from contextlib import suppress

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from starbook.build import cache
from starbook.build.database import fingerprint_of

_SEAL = len(fingerprint_of(b""))


class CompiledTemplates(BytecodeCache):
    """Templates as the `program` with this signature has compiled them, each in a private file.

    A file begins with a seal on the rest: Python may crash on code that is damaged.
    """

    def __init__(self, program: bytes) -> None:
        self._program = program

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket if there is a sound file; Jinja calls this before it compiles."""
        data = cache.read_private(cache.template_path(bucket.key))
        if data[:_SEAL] == self._seal(bucket, data[_SEAL:]):
            bucket.code = marshal.loads(data[_SEAL:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write a file; without one, the next build compiles the template again."""
        code = marshal.dumps(bucket.code)
        with suppress(OSError):
            cache.write_atomically(cache.template_path(bucket.key), self._seal(bucket, code) + code)

    def _seal(self, bucket: Bucket, code: bytes) -> bytes:
        return fingerprint_of(b"\0".join((self._program, bucket.checksum.encode(), code)))
