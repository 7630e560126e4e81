"""HTTP server: serve a snapshot on one address, and notify pages of a newer one.

That is the loopback interface or, for a phone, one address of a local network. Requests are
answered from the snapshot in memory, never from the disk, and change nothing. Requests that a page
of another site makes in the same browser are refused: DNS rebinding by the Host header, embedding
as a script, picture or frame by the Origin and Sec-Fetch headers. On a local network, whoever does
not know the token in the address finds nothing.
"""

import errno
import hmac
import os
import socketserver
import sys
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs

import msgspec

from starbook.serve import responses
from starbook.serve.responses import Response, Snapshot

HOST = "127.0.0.1"
# The error numbers for a port that is in use.
ADDRESS_IN_USE = (errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", errno.EADDRINUSE))
# The error numbers for an address that this machine does not have.
ADDRESS_UNKNOWN = (errno.EADDRNOTAVAIL, getattr(errno, "WSAEADDRNOTAVAIL", errno.EADDRNOTAVAIL))
# The number of ports that are tried where the next free one may be taken.
_PORT_ATTEMPTS = 50
# Seconds between comments in an event stream; a closed connection is only noticed by writing.
_HEARTBEAT = 15.0
# The connections that are answered at once. Each has a thread and a file handle, of which macOS
# allows 256: without a limit, whoever reaches the port could leave a build none to read with.
_MOST_CONNECTIONS = 100
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
}


class Entrance(msgspec.Struct, frozen=True):
    """The address to listen on, and the token that a request must begin its path with, if any."""

    host: str = HOST
    token: str = ""

    @property
    def prefix(self) -> str:
        """The beginning of all paths."""
        return f"/{self.token}" if self.token else ""

    @property
    def names(self) -> list[str]:
        """The names of the host that a request may be for."""
        return [self.host] if self.token else [HOST, "localhost", "[::1]"]

    def admits(self, path: str) -> bool:
        """Return True if a request for `path` has the token."""
        given = path.partition("?")[0].split("/")[1:2]
        wanted = self.token.encode()
        return not wanted or hmac.compare_digest("".join(given).encode(errors="replace"), wanted)


LOOPBACK = Entrance()


class SnapshotChannel:
    """The current snapshot, for one thread that publishes and many that wait for a newer one."""

    def __init__(self) -> None:
        self.current = Snapshot()
        self.closed = False
        self._condition = threading.Condition()

    def publish(self, snapshot: Snapshot) -> None:
        """Replace the current snapshot and wake the threads that wait."""
        with self._condition:
            self.current = snapshot
            self._condition.notify_all()

    def wait_newer(self, seen: Snapshot | None, timeout: float) -> Snapshot:
        """Wait until the current snapshot is not `seen`, at most `timeout` seconds; return it."""
        with self._condition:
            self._condition.wait_for(lambda: self.closed or self.current is not seen, timeout)
            return self.current

    def close(self) -> None:
        """Wake all threads that wait, for the last time."""
        with self._condition:
            self.closed = True
            self._condition.notify_all()


class Server(socketserver.ThreadingTCPServer):
    """A threaded HTTP server on one address. Raise OSError if it cannot bind."""

    # On Windows this would let two servers have one port.
    allow_reuse_address = os.name != "nt"
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, channel: SnapshotChannel, port: int, entrance: Entrance = LOOPBACK) -> None:
        self.channel = channel
        self.entrance = entrance
        self.client_assets = responses.client_assets()
        self._free = threading.Semaphore(_MOST_CONNECTIONS)
        self._thread = threading.Thread(target=self.serve_forever, daemon=True)
        super().__init__((entrance.host, port), Handler)

    def start(self) -> None:
        """Answer requests in background threads until `stop` is called."""
        self._thread.start()

    def stop(self) -> None:
        """Stop answering and free the port."""
        if self._thread.is_alive():
            self.shutdown()
        self.server_close()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer in a thread, or close the connection if too many others are open."""
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer, and let another connection in."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    @property
    def port(self) -> int:
        """The bound port."""
        return int(self.server_address[1])

    @property
    def origin(self) -> str:
        """The address without a token."""
        return f"http://{self.entrance.host}:{self.port}"

    @property
    def url(self) -> str:
        """The address to open in a browser."""
        return f"{self.origin}{self.entrance.prefix}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print an unexpected error on one line; ignore connections that broke.

        Its text is left out, as it may have the address with the token.
        """
        error = sys.exception()
        if not isinstance(error, OSError):
            print(f"A request failed: {type(error).__name__}", file=sys.stderr, flush=True)


def listen(
    channel: SnapshotChannel, port: int, *, next_port: bool = False, entrance: Entrance = LOOPBACK
) -> Server:
    """Return a server on `port` or, with `next_port`, on the first free port from there on.

    Raise OSError if there is none.
    """
    for following in range(port + 1, min(port + _PORT_ATTEMPTS, 65536)) if next_port else ():
        try:
            return Server(channel, port, entrance)
        except OSError:
            port = following
    return Server(channel, port, entrance)


class Handler(BaseHTTPRequestHandler):
    """A connection. Methods other than GET and HEAD are refused."""

    server: Server
    protocol_version = "HTTP/1.1"
    timeout = 30
    wbufsize = -1  # send head and body at once, else the body waits for a TCP acknowledgement
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer a GET or HEAD request."""
        if "Content-Length" in self.headers or "Transfer-Encoding" in self.headers:
            self.close_connection = True  # else the body would be read as the next request
        entrance = self.server.entrance
        address, _, query = self.path.partition("?")
        address = address.removeprefix(entrance.prefix)
        if not entrance.admits(self.path):
            self._send_nothing()
        elif self.request_version == "HTTP/0.9":  # it has no headers to check, or to protect by
            self.send_error(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED)
        elif reason := self._refusal():
            self._send(Response(403, f"{reason}\n".encode()))
        elif address == responses.EVENTS_PATH:
            self._stream_states(query)
        elif not address and entrance.token:
            self._send(Response(302, location=f"{entrance.prefix}/"))
        else:
            shown, assets = self.server.channel.current, self.server.client_assets
            self._send(responses.respond(shown, address, assets, entrance.prefix))

    do_HEAD = do_GET  # noqa: N815

    def _refusal(self) -> str:
        """Return the reason to refuse this request, or an empty string."""
        names, port = self.server.entrance.names, self.server.port
        accepted = [f"{name}:{port}" for name in names] + (names if port == 80 else [])
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1 or hosts[0].strip().lower() not in accepted:
            return f"This server answers to {self.server.origin}/ only."
        origin = self.headers.get("Origin")
        # Site "none" is an address that was typed; a click on a link elsewhere has a "document"
        # as its destination, and opens a whole page.
        site = self.headers.get("Sec-Fetch-Site", "none")
        is_navigation = self.headers.get("Sec-Fetch-Dest") == "document"
        foreign = origin and origin not in [f"http://{host}" for host in accepted]
        if foreign or (site not in ("none", "same-origin") and not is_navigation):
            return "Requests from pages of other sites are refused."
        return ""

    def handle_expect_100(self) -> bool:
        """Ask for no body: none is read, and the token is checked only after this."""
        return True

    def _send_nothing(self) -> None:
        """Answer as if there were no server of ours: not found, without a word."""
        self.close_connection = True
        self.request_version = self.protocol_version  # for HTTP/0.9 no headers would be sent
        self.send_response_only(HTTPStatus.NOT_FOUND)
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        if response.status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Type", response.content_type)
            self.send_header("Content-Length", str(len(response.body)))
        if response.location:
            self.send_header("Location", response.location)
        if response.status == HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "GET, HEAD")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    def _stream_states(self, query: str) -> None:
        """Send the state of a page, and again whenever it changes, as server-sent events."""
        key = parse_qs(query).get("page", ["index.html"])[0]
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command == "HEAD":
            return
        self.wfile.write(b"retry: 500\n\n")
        channel, seen, last = self.server.channel, None, b""
        while not channel.closed:
            seen = channel.wait_newer(seen, 0 if seen is None else _HEARTBEAT)
            state = msgspec.json.encode(responses.page_state(seen, key))
            self.wfile.write(b"data: %b\n\n" % state if state != last else b": \n\n")
            self.wfile.flush()
            last = state

    def end_headers(self) -> None:
        """Add the headers that every response has."""
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer a request that http.server rejects with the name of the status alone."""
        if not self.server.entrance.admits(getattr(self, "path", "")):
            self._send_nothing()
            return
        # http.server sends 501 for a method that has no do_* function.
        status = HTTPStatus.METHOD_NOT_ALLOWED if code == HTTPStatus.NOT_IMPLEMENTED else code
        self.close_connection = True
        self.request_version = self.protocol_version  # for HTTP/0.9 no headers would be sent
        self.command = getattr(self, "command", None) or ""
        self._send(Response(status, f"{HTTPStatus(status).phrase}.\n".encode()))

    def version_string(self) -> str:
        """Return the Server header, without the version of Python."""
        return "Starbook"

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: the terminal shows only what was saved."""
