"""Firefox without a window, driven by its own remote protocol (Marionette).

Playwright drives only Firefoxes of its own making. The protocol is a line of JSON with its length
before it, over a socket of this machine.
"""

import base64
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

_NAMES = ("firefox-esr", "firefox")
_PATIENCE = 180.0  # seconds until Firefox answers, on a busy machine
_A4 = {"width": 21.0, "height": 29.7}  # cm


def path() -> str | None:
    """Return the path of Firefox on this machine."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


class Firefox:
    """A running Firefox that listens on `port`."""

    def __init__(self, port: int) -> None:
        self._socket = _connect(port)
        self._count = 0
        self._receive()  # its greeting
        self._send("WebDriver:NewSession", capabilities={})

    def open(self, address: str) -> None:
        """Open a page and wait until it is loaded."""
        self._send("WebDriver:Navigate", url=address)

    def reload(self) -> None:
        """Load the page again."""
        self._send("WebDriver:Refresh")

    def go_back(self) -> None:
        """Go back to the page before."""
        self._send("WebDriver:Back")

    def run(self, script: str) -> Any:
        """Return what a function with this body returns in the page."""
        return self._send("WebDriver:ExecuteScript", script=script, args=[])["value"]

    def wait_for(self, condition: str) -> None:
        """Wait until an expression is true in the page."""
        until = time.monotonic() + _PATIENCE
        while not self.run(f"return !!({condition})"):
            if time.monotonic() > until:
                raise TimeoutError(condition)
            time.sleep(0.05)

    def pdf(self, address: str) -> bytes:
        """Return a page printed on A4; its own style sheet has the margins."""
        self.open(address)
        none = dict.fromkeys(("top", "bottom", "left", "right"), 1.4)
        printed = self._send("WebDriver:Print", page=_A4, margin=none, shrinkToFit=True)
        return base64.b64decode(printed["value"])

    def close(self) -> None:
        """End the connection."""
        self._socket.close()

    def _send(self, command: str, **parameters: Any) -> Any:
        self._count += 1
        message = json.dumps([0, self._count, command, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._receive()
        if error:
            raise RuntimeError(f"{command}: {error['message']}")
        return result

    def _receive(self) -> Any:
        head = b""
        while not head.endswith(b":"):
            head += self._read(1)
        return json.loads(self._read(int(head[:-1])))

    def _read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            piece = self._socket.recv(size - len(data))
            if not piece:
                raise ConnectionError("Firefox ended")
            data += piece
        return data


@contextmanager
def running(program: str, folder: Path) -> Iterator[Firefox]:
    """Start a Firefox with a new profile in `folder`, and end it afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "user.js").write_text(f'user_pref("marionette.port", {port});\n', "utf-8")
    command = [program, "--headless", "--no-remote", "--marionette", "--profile", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            firefox = Firefox(port)
            try:
                yield firefox
            finally:
                firefox.close()
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()


def _connect(port: int) -> socket.socket:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
