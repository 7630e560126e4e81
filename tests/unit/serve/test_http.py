"""HTTP server, responses and diagnostics of `serve`, in this process."""

import contextlib
import http.client
import json
import re
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from serving import PATIENCE, send

from starbook.problem import Problem, Severity
from starbook.serve import diagnostics, responses
from starbook.serve.diagnostics import Diagnostic
from starbook.serve.http import Server, SnapshotChannel, listen
from starbook.serve.responses import Snapshot

SCRIPT = re.compile(rb'<script src="/\.starbook/live\.js"[^>]*></script>\n')
SITE = {
    "index.html": b"<head></head>home",
    "404.html": b"<head></head>lost",
    "stories/index.html": b"<head></head>all stories",
    "stories/a.html": b"<head></head>a story",
    "assets/a.css": b"body {}",
    "images/a.png": b"\x89PNG",
    ".nojekyll": b"",
}


@pytest.fixture(scope="module")
def module_server() -> Iterator[Server]:
    channel = SnapshotChannel()
    listening = listen(channel, 0)
    listening.start()
    yield listening
    channel.close()
    listening.stop()


@pytest.fixture
def listening(module_server: Server) -> Server:
    """Return a server in this process, with a small site."""
    module_server.channel.publish(Snapshot(SITE))
    return module_server


def get(listening: Server, path: str, *headers: str) -> tuple[int, dict[str, str], str]:
    host = (
        []
        if any(h.lower().startswith("host:") for h in headers)
        else [f"Host: 127.0.0.1:{listening.port}"]
    )
    return send(listening.port, f"GET {path} HTTP/1.1", *host, "Connection: close", *headers)


@pytest.mark.parametrize(
    ("path", "kind", "text"),
    [
        ("/", "text/html; charset=utf-8", "home"),
        ("/index.html", "text/html; charset=utf-8", "home"),
        ("/stories/", "text/html; charset=utf-8", "all stories"),
        ("/stories/a.html?x=1", "text/html; charset=utf-8", "a story"),
        ("/stories/%61.html", "text/html; charset=utf-8", "a story"),
        ("/assets/a.css", "text/css; charset=utf-8", "body {}"),
        ("/images/a.png", "image/png", "PNG"),
    ],
)
def test_what_is_in_the_site_is_served_and_kept_nowhere(path, kind, text, listening) -> None:
    status, headers, body = get(listening, path)
    assert (status, headers["Content-Type"]) == (200, kind)
    assert text in body
    assert int(headers["Content-Length"]) == len(body)
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "path",
    [
        "/..%2f",
        "/%2e%2e/",
        "/..%2f..%2fetc/passwd",
        "/%252e%252e/",
        "/../index.html",
        "/stories/../index.html",
        "/stories/..%2findex.html",
        "/stories//a.html",
        "/./index.html",
        "/.env",
        "/.git/config",
        "/.nojekyll",
        "/stories/.hidden.html",
        "/..%5cindex.html",
        "/stories%5ca.html",
        "/index.html%00",
        "/%00",
        "/%ff",
        "/etc/passwd",
        "/C:/Windows/win.ini",
        "/stories/a.html/",
        "/images/",
        "/assets/",
        "/assets",
        "/.starbook/",
        "/.starbook/..%2fhttp.py",
        "/.starbook/../responses.py",
        "/.starbook/first.html%00",
        "/gone.html",
        "http://evil/index.html",
        "file:///etc/passwd",
        "index.html",
        "*",
    ],
)
def test_what_is_not_in_the_site_is_not_found(path, listening) -> None:
    status, headers, body = get(listening, path)
    assert status == 404
    assert not {"home", "a story", "root:"} & set(re.findall(r"\w+[ :]?\w*", body))
    assert headers["Cache-Control"] == "no-store"


def test_a_folder_without_its_slash_leads_to_its_page(listening) -> None:
    status, headers, _ = get(listening, "/stories")
    assert (status, headers["Location"]) == (302, "/stories/")


@pytest.mark.parametrize(
    "host",
    ["evil", "evil:{port}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil:{port}", "0:{port}", ""],
)
def test_only_who_means_this_server_is_answered(host, listening) -> None:
    status, _, body = get(listening, "/", "Host: " + host.format(port=listening.port))
    assert status == 403
    assert body == f"This server answers to http://127.0.0.1:{listening.port}/ only.\n"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
def test_every_name_of_this_machine_will_do(host, listening) -> None:
    assert get(listening, "/", f"Host: {host}:{listening.port}")[0] == 200


def test_no_host_and_two_hosts_are_refused(listening) -> None:
    good = f"Host: 127.0.0.1:{listening.port}"
    assert send(listening.port, "GET / HTTP/1.1")[0] == 403
    assert send(listening.port, "GET / HTTP/1.1", good, "Host: evil")[0] == 403
    assert send(listening.port, "GET /", good)[0] == 505


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW", "get"]
)
def test_no_method_but_get_and_head_is_answered(method, listening) -> None:
    host = f"Host: 127.0.0.1:{listening.port}"
    status, headers, _ = send(listening.port, f"{method} / HTTP/1.1", host)
    assert (status, headers["Allow"]) == (405, "GET, HEAD")


def test_head_is_get_without_the_page(listening) -> None:
    host = f"Host: 127.0.0.1:{listening.port}"
    status, headers, body = send(listening.port, "HEAD / HTTP/1.1", host, "Connection: close")
    assert (status, body) == (200, "")
    assert headers["Content-Length"] == get(listening, "/")[1]["Content-Length"]


@pytest.mark.parametrize("before", [(), ("Content-Length:",)])
def test_what_hangs_on_a_request_is_no_request_of_its_own(before, listening) -> None:
    host = f"Host: 127.0.0.1:{listening.port}"
    inner = f"GET /stories/a.html HTTP/1.1\r\n{host}\r\n\r\n"
    lines = "GET / HTTP/1.1", host, *before, f"Content-Length: {len(inner)}", "", inner
    _, headers, body = send(listening.port, *lines)
    assert headers["Connection"] == "close"
    assert "a story" not in body


@pytest.mark.parametrize(
    "headers",
    [
        ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: script"],
        ["Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"],
        ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"],
        ["Origin: http://evil"],
        ["Origin: null"],
    ],
)
@pytest.mark.parametrize("path", ["/", "/assets/a.css", "/.starbook/events?page=index.html"])
def test_a_page_of_another_site_gets_nothing(headers, path, listening) -> None:
    status, _, body = get(listening, path, *headers)
    assert (status, body) == (403, "Requests from pages of other sites are refused.\n")


def test_a_link_elsewhere_may_lead_here(listening) -> None:
    click = "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"
    assert get(listening, "/", *click)[0] == 200


def test_a_request_that_is_none_gets_a_few_words(listening) -> None:
    status, headers, body = send(listening.port, "GET / HTTP/9.9 x")
    assert (status, body, headers["Connection"]) == (400, "Bad Request.\n", "close")
    assert send(listening.port, "GET /" + "x" * 70000 + " HTTP/1.1")[0] == 414


@pytest.mark.slow
def test_so_many_connections_are_answered_that_files_can_still_be_read() -> None:
    channel = SnapshotChannel()
    server = listen(channel, 0)
    server.start()
    channel.publish(Snapshot(SITE))
    with contextlib.ExitStack() as held:
        # Each has begun a request, and does not end it.
        for _ in range(100):
            idle = socket.create_connection(("127.0.0.1", server.port), PATIENCE)
            held.enter_context(idle).sendall(b"GET / HTTP/1.1\r\nHost: ")
        late = held.enter_context(socket.create_connection(("127.0.0.1", server.port), PATIENCE))
        with contextlib.suppress(ConnectionError):  # a reset is a refusal too
            assert late.recv(1) == b""
    answers = (_try_to_get(server) for _ in range(600))
    assert "home" in next(filter(None, answers), "")  # once they are gone
    channel.close()
    server.stop()


def _try_to_get(server: Server) -> str:
    """Return a page; after a moment "" if the connection was closed."""
    with contextlib.suppress(ConnectionError, IndexError):
        return get(server, "/")[2]
    time.sleep(0.05)
    return ""


def test_it_listens_on_this_machine_only(listening) -> None:
    assert listening.server_address[0] == "127.0.0.1"


@pytest.mark.slow
@given(st.text(), st.text(alphabet="/.%2fe\\~index.htmlstories"))
def test_no_address_whatever_leads_out_of_the_site(wild, near) -> None:
    assets = responses.client_assets()
    for address in (wild, near, f"/{wild}", f"/{near}"):
        response = responses.respond(Snapshot(SITE), address, assets)
        assert response.status in (200, 204, 302, 404)
        plain = SCRIPT.sub(b"", response.body)
        assert plain in {*SITE.values(), *assets.values(), b"", b"Not found.\n"}


@pytest.mark.slow
@given(st.text())
def test_no_address_can_write_markup_into_a_page(text) -> None:
    page = responses.add_script("<head></head>", text, {text: '"><script>'})
    assert re.fullmatch(
        r'<head><script src="[^"<>]+"( data-\w+="[^"<>]*"){2} defer></script>\n</head>', page
    )


# Events


def read_events(listening: Server, page: str) -> Iterator[Any]:
    connection = http.client.HTTPConnection("127.0.0.1", listening.port, timeout=PATIENCE)
    connection.request("GET", f"/.starbook/events?page={page}")
    response = connection.getresponse()
    assert response.getheader("Content-Type") == "text/event-stream"
    with contextlib.closing(connection):
        while line := response.readline():
            if line.startswith(b"data: "):
                yield json.loads(line[6:])


def test_a_page_hears_of_itself_and_of_what_it_is_made_of_alone(listening) -> None:
    page = b'<head><link href="../assets/a.css"><a href="b.html"></a></head>'
    search = {"search-index.js": b"1", "stories/b.html": b"1"}
    first = SITE | search | {"stories/a.html": page, "assets/a.css": b'@import "b.css";'}
    listening.channel.publish(Snapshot(first | {"assets/b.css": b"b"}))
    events = read_events(listening, "stories/a.html")
    before = next(events)["versions"]
    assert list(before) == ["stories/a.html", "assets/a.css", "assets/b.css"]
    listening.channel.publish(Snapshot(first | {"assets/b.css": b"b", "stories/b.html": b"2"}))
    listening.channel.publish(Snapshot(first | {"assets/b.css": b"c"}))
    after = next(events)["versions"]
    assert {name for name in before if before[name] != after[name]} == {"assets/b.css"}
    del first["stories/a.html"]
    listening.channel.publish(Snapshot(first))
    assert next(events)["versions"]["stories/a.html"] == ""
    events.close()


def test_a_page_hears_of_every_fault(listening) -> None:
    events = read_events(listening, "index.html")
    assert next(events)["faults"] == []
    diagnostic = Diagnostic("a.md", 3, "is wrong", "mend it", "rule", Severity.ERROR)
    listening.channel.publish(Snapshot(SITE, (diagnostic,)))
    assert [(f["path"], f["line"]) for f in next(events)["faults"]] == [("a.md", 3)]


def test_a_page_under_a_base_is_found_there_too() -> None:
    snapshot = Snapshot(SITE, base="/book/")
    pages = [
        responses.respond(snapshot, path, {}).body for path in ("/book/", "/", "/book/index.html")
    ]
    assert pages[0] == pages[1] == pages[2]
    assert b"home" in pages[0]


def test_a_page_in_any_script_is_served_as_it_is() -> None:
    snapshot = Snapshot({"a.html": "<head></head>é東".encode()})
    assert SCRIPT.sub(b"", responses.respond(snapshot, "/a.html", {}).body) == (
        "<head></head>é東".encode()
    )
    assert list(responses.page_state(snapshot, "a.html").versions) == ["a.html"]


def test_a_page_is_let_ask_this_server_whatever_its_policy_says() -> None:
    policy = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">'
    page = responses.add_script(f"<head>{policy}</head>", "a.html", {})
    assert "content=\"connect-src 'self'; default-src 'none'\"" in page


@pytest.mark.slow
def test_lines_are_shown_of_our_folders_alone_and_are_what_one_can_see(content, tmp_path) -> None:
    folder = content({"a.md": "one\r\n\ttwo\x1b[31m\u202e\rthree\n" + "x" * 999 + "\n"})
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    (folder / "b.md").symlink_to(tmp_path / "secret")
    problems = [Problem(str(folder / name), 2, "", "", "") for name in ("a.md", "b.md", "gone.md")]
    first, *others = diagnostics.diagnostics(problems, [folder])
    assert [(line.number, line.text) for line in first.lines] == [
        (1, "one"),
        (2, "    two\ufffd[31m\ufffd"),
        (3, "three"),
        (4, "x" * 400 + "…"),
    ]
    assert [fault.lines for fault in others] == [(), ()]


@pytest.mark.slow
def test_errors_stand_before_warnings() -> None:
    problems = [
        Problem("a.md", 0, "", "", "", Severity.WARNING),
        Problem("b.md", 0, "", "", ""),
    ]
    assert [fault.path for fault in diagnostics.diagnostics(problems, [])] == ["b.md", "a.md"]
