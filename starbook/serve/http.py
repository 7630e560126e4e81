"""Serves a snapshot over HTTP, to this machine alone; tells pages when there is another one.

Nothing is read from the disk for a request: what is not in the snapshot is not there. A page of
another site, open in the same browser, gets nothing: neither by a name that leads here (the Host
header says so), nor as a script, a picture or a frame of its own (the browser says so).
"""

import errno
import os
import socketserver
import sys
import threading
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs

import msgspec

from starbook.serve import responses
from starbook.serve.responses import Reply, Snapshot

HOME = "127.0.0.1"
# What the system says of a port that somebody has.
BUSY = (errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", errno.EADDRINUSE))
# How many ports after the one that is busy are tried.
_TRIES = 50
# A browser that went away is noticed when it is written to.
_HEARTBEAT = 15.0
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
}


class Board:
    """Where the snapshot hangs that is served now, and where one can wait for the next."""

    def __init__(self) -> None:
        self.now = Snapshot()
        self.closed = False
        self._news = threading.Condition()

    def show(self, snapshot: Snapshot) -> None:
        """From now on this one is served."""
        with self._news:
            self.now = snapshot
            self._news.notify_all()

    def after(self, seen: Snapshot | None, seconds: float) -> Snapshot:
        """The snapshot that is not `seen`, or still the same one after so many seconds."""
        with self._news:
            self._news.wait_for(lambda: self.closed or self.now is not seen, seconds)
            return self.now

    def close(self) -> None:
        """Let everybody go who waits."""
        with self._news:
            self.closed = True
            self._news.notify_all()


class Server(socketserver.ThreadingTCPServer):
    """Listens on 127.0.0.1. Raises OSError where the port cannot be had."""

    # On Windows this would let two servers have one port.
    allow_reuse_address = os.name != "nt"
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, board: Board, port: int) -> None:
        self.board = board
        self.own = responses.own_files()
        self._thread = threading.Thread(target=self.serve_forever, daemon=True)
        super().__init__((HOME, port), Handler)

    def begin(self) -> None:
        """Answer, in threads of their own, until `end`."""
        self._thread.start()

    def end(self) -> None:
        """Answer no more."""
        if self._thread.is_alive():
            self.shutdown()
        self.server_close()

    @property
    def port(self) -> int:
        """The port that it has."""
        return int(self.server_address[1])

    @property
    def address(self) -> str:
        """What to type into a browser."""
        return f"http://{HOME}:{self.port}/"

    def hosts(self) -> Iterator[str]:
        """What a browser may say whom it means."""
        for name in (HOME, "localhost", "[::1]"):
            yield f"{name}:{self.port}"
            if self.port == 80:
                yield name

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that went away is no news; everything else is a line."""
        error = sys.exception()
        if not isinstance(error, OSError):
            print(f"A request failed: {error!r}", file=sys.stderr, flush=True)


def listen(board: Board, port: int, *, next_port: bool = False) -> Server:
    """A server on this port or, with `next_port`, on the first free one from there on.

    Raises OSError where none can be had.
    """
    for other in range(port + 1, min(port + _TRIES, 65536)) if next_port else ():
        try:
            return Server(board, port)
        except OSError:
            port = other
    return Server(board, port)


class Handler(BaseHTTPRequestHandler):
    """One connection. Any method but GET and HEAD is refused."""

    server: Server
    protocol_version = "HTTP/1.1"
    timeout = 30
    wbufsize = -1  # head and body in one piece; in two, the second waits for the first's receipt
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer a request."""
        if self.headers.get("Content-Length") or self.headers.get("Transfer-Encoding"):
            self.close_connection = True  # what follows is no request
        address, _, query = self.path.partition("?")
        if self.request_version == "HTTP/0.9":  # its answers have no head, and so no guard
            self.send_error(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED)
        elif refused := self._refused():
            self._send(Reply(403, f"{refused}\n".encode()))
        elif address == responses.EVENTS:
            self._tell(query)
        else:
            self._send(responses.reply(self.server.board.now, address, self.server.own))

    do_HEAD = do_GET  # noqa: N815

    def _refused(self) -> str:
        """Why this request is not answered, if it is not."""
        hosts = list(self.server.hosts())
        named = self.headers.get_all("Host", [])
        if len(named) != 1 or named[0].strip().lower() not in hosts:
            return f"This server answers to {self.server.address} only."
        origin = self.headers.get("Origin")
        if origin and origin not in [f"http://{host}" for host in hosts]:
            return "A page of another site may not ask."
        # "none" is an address that was typed; a click on a link elsewhere opens a whole page.
        asked_by = self.headers.get("Sec-Fetch-Site", "none")
        clicked = self.headers.get("Sec-Fetch-Dest") == "document"
        if asked_by not in ("none", "same-origin") and not clicked:
            return "A page of another site may not ask."
        return ""

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        if reply.status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(len(reply.body)))
        if reply.location:
            self.send_header("Location", reply.location)
        if reply.status == HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "GET, HEAD")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def _tell(self, query: str) -> None:
        """Tell a page how it is now, and each time that this changes, until one of us goes."""
        key = parse_qs(query).get("page", ["index.html"])[0]
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command == "HEAD":
            return
        self.wfile.write(b"retry: 500\n\n")
        board, seen, told = self.server.board, None, b""
        while not board.closed:
            seen = board.after(seen, 0 if seen is None else _HEARTBEAT)
            state = msgspec.json.encode(responses.state(seen, key))
            self.wfile.write(b"data: %b\n\n" % state if state != told else b": \n\n")
            self.wfile.flush()
            told = state

    def end_headers(self) -> None:
        """Every answer says to keep it from others, and not to keep it."""
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What http.server itself does not like, in a few words."""
        # It says 501 for a method that it finds no function for.
        status = HTTPStatus.METHOD_NOT_ALLOWED if code == HTTPStatus.NOT_IMPLEMENTED else code
        self.close_connection = True
        self.request_version = self.protocol_version  # else there would be no head
        self.command = getattr(self, "command", None) or ""
        self._send(Reply(status, f"{HTTPStatus(status).phrase}.\n".encode()))

    def version_string(self) -> str:
        """Who answers; which Python does is nobody's business."""
        return "Starbook"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the terminal is for what was saved."""
