"""Helpers for tests of `serve`: raw requests, and a session that has not begun."""

import socket
from pathlib import Path
from typing import Any

from conftest import LAYOUTS

from starbook.serve import session
from starbook.serve.http import SnapshotChannel

PATIENCE = 30.0


def send(port: int, *lines: str) -> tuple[int, dict[str, str], str]:
    """Send lines as they are; return the status, headers and text of the response."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
        connection.shutdown(socket.SHUT_WR)
        data = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = data.decode("latin-1").partition("\r\n\r\n")
    first, *headers = head.split("\r\n")
    named = (header.partition(": ") for header in headers)
    return int(first.split()[1]), {name: value for name, _, value in named}, body


def create_session(folder: Path, out: Path, **options: Any) -> tuple[session.Session, list[str]]:
    """Return a session that has not begun, and the list of the lines that it will print."""
    lines: list[str] = []
    terminal = session.Terminal(
        lines.append, lambda problems: lines.extend(map(str, problems)), lambda *_: None
    )
    return session.Session(folder, LAYOUTS, out, SnapshotChannel(), terminal, **options), lines
