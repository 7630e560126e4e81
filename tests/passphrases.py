"""A passphrase for tests of locked files, and the file descriptor to give it by."""

import os

PHRASE = "stamp cargo willow tiger anvil mosaic"


def descriptor(text: str | bytes = PHRASE) -> str:
    """Return the number of a file descriptor that this can be read from."""
    reading, writing = os.pipe()
    os.write(writing, text.encode() if isinstance(text, str) else text)
    os.close(writing)
    return str(reading)
