"""`serve --lan` and `serve --public`: who is let in, and what they see."""

import http.client
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from conftest import LAYOUTS, ROOT, answering, story
from playwright.sync_api import Browser, Page, expect
from serving import PATIENCE, create_session, send

from starbook import cli
from starbook.build import pipeline
from starbook.model import Edition
from starbook.problem import Problem
from starbook.serve import diagnostics, lan, responses, session
from starbook.serve.http import Entrance, Server, SnapshotChannel, listen
from starbook.serve.responses import Snapshot

TOKEN = "a-token_of-22-letters0"
SITE = {
    "index.html": b"<head></head>home",
    "404.html": b'<head><link href="/assets/a.css"></head>lost <a href="/index.html">home</a>',
    "stories/index.html": b"<head></head>all stories",
    "stories/a.html": b"<head></head>a story",
    "assets/a.css": b"body {}",
}


@pytest.fixture(scope="module")
def module_server() -> Iterator[Server]:
    channel = SnapshotChannel()
    listening = listen(channel, 0, entrance=Entrance("127.0.0.1", TOKEN))
    listening.start()
    yield listening
    channel.close()
    listening.stop()


@pytest.fixture
def listening(module_server: Server) -> Server:
    """Return a server that is open to a network, with a small site."""
    module_server.channel.publish(Snapshot(SITE))
    return module_server


def get(listening: Server, path: str, *headers: str) -> tuple[int, dict[str, str], str]:
    host = f"Host: 127.0.0.1:{listening.port}"
    return send(listening.port, f"GET {path} HTTP/1.1", host, "Connection: close", *headers)


# The token


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/", "home"),
        ("/index.html", "home"),
        ("/stories/", "all stories"),
        ("/stories/a.html?x=1", "a story"),
        ("/assets/a.css", "body {}"),
        ("/.starbook/live.css", "dialog"),
    ],
)
def test_whoever_has_the_token_can_read(path: str, text: str, listening: Server) -> None:
    status, headers, body = get(listening, f"/{TOKEN}{path}")
    assert status == 200
    assert text in body
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/", "/index.html", "/stories/a.html", "/assets/a.css", "/favicon.ico", "/gone.html",
        "/.starbook/live.js", "/.starbook/events?page=index.html", f"/?{TOKEN}", f"//{TOKEN[:-1]}/",
        f"/{TOKEN[:-1]}/", f"/{TOKEN}x/", f"/{TOKEN.upper()}/", f"/x/{TOKEN}/", f"/{TOKEN}%2f",
        f"/%61{TOKEN[1:]}/", f"/./{TOKEN}/", f"/x/../{TOKEN}/", f"http://x/{TOKEN}/", TOKEN,
        "/\xff", "*", "",
    ],
)  # fmt: skip
def test_nobody_else_finds_anything(path: str, listening: Server) -> None:
    status, headers, body = get(listening, path)
    assert (status, body, headers["Content-Length"]) == (404, "", "0")
    assert "Server" not in headers
    assert TOKEN not in str(headers)


@pytest.mark.parametrize(
    "lines",
    [
        ["POST / HTTP/1.1"], ["BREW /x HTTP/1.1"], ["GET /"], ["GET / HTTP/9.9"], ["GET / x y z"],
        ["GET /" + "x" * 70000 + " HTTP/1.1"], ["GET / HTTP/1.1", "Host: evil"], ["GET"],
        ["GET / HTTP/1.1", "Expect: 100-continue"], ["PUT /x HTTP/1.1", "Expect: 100-Continue"],
    ],
)  # fmt: skip
def test_a_request_that_is_none_finds_nothing_either(lines: list[str], listening: Server) -> None:
    status, _, body = send(listening.port, *lines)
    assert (status, body) == (404, "")


@pytest.mark.parametrize(
    "host", ["localhost:{port}", "[::1]:{port}", "127.0.0.1", "127.0.0.1:1", "evil:{port}", ""]
)
def test_the_host_must_be_the_address_itself(host: str, listening: Server) -> None:
    line = "Host: " + host.format(port=listening.port)
    status, _, body = send(listening.port, f"GET /{TOKEN}/ HTTP/1.1", line, "Connection: close")
    assert (status, body) == (403, f"This server answers to {listening.origin}/ only.\n")
    assert TOKEN not in listening.origin


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"])
def test_nothing_can_be_sent_there(method: str, listening: Server) -> None:
    host = f"Host: 127.0.0.1:{listening.port}"
    status, headers, body = send(
        listening.port, f"{method} /{TOKEN}/ HTTP/1.1", host, "Content-Length: 3", "", "abc"
    )
    assert (status, headers["Allow"], body) == (405, "GET, HEAD", "Method Not Allowed.\n")


def test_a_page_of_another_site_gets_nothing(listening: Server) -> None:
    assert get(listening, f"/{TOKEN}/", "Origin: http://evil")[0] == 403


def test_what_leads_to_another_page_keeps_the_token(listening: Server) -> None:
    assert get(listening, f"/{TOKEN}")[:2][1]["Location"] == f"/{TOKEN}/"
    assert get(listening, f"/{TOKEN}/stories")[1]["Location"] == f"/{TOKEN}/stories/"
    page = get(listening, f"/{TOKEN}/stories/a.html")[2]
    assert f'<script src="/{TOKEN}/.starbook/live.js"' in page
    status, _, lost = get(listening, f"/{TOKEN}/gone/for/ever.html")
    assert status == 404
    assert f'<link href="/{TOKEN}/assets/a.css">' in lost
    assert f'<a href="/{TOKEN}/index.html">' in lost


def test_a_site_with_a_folder_in_its_address_keeps_it_too() -> None:
    lost = b'<head></head><a href="/book/index.html">home</a>'
    snapshot = Snapshot(SITE | {"404.html": lost}, base="/book/")
    page = responses.respond(snapshot, "/book/gone.html", {}, f"/{TOKEN}").body.decode()
    assert f'<a href="/{TOKEN}/book/index.html">' in page
    assert b"home" in responses.respond(snapshot, "/book/index.html", {}, f"/{TOKEN}").body


def test_the_page_before_there_is_any_keeps_it_too() -> None:
    assets = responses.client_assets()
    page = responses.respond(Snapshot(), "/", assets, f"/{TOKEN}").body.decode()
    assert f'<link rel="stylesheet" href="/{TOKEN}/.starbook/live.css">' in page
    assert '<link rel="stylesheet" href="/.starbook/live.css">' in (
        responses.respond(Snapshot(), "/", assets).body.decode()
    )


def test_the_token_is_new_each_time_and_has_128_bits() -> None:
    tokens = {lan.make_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(re.fullmatch(r"[\w-]{22}", token) for token in tokens)  # 22 × 6 bits


def test_nothing_of_a_request_is_printed(listening: Server, capfd: Any) -> None:
    get(listening, f"/{TOKEN}/stories/a.html")
    get(listening, "/stories/a.html")
    send(listening.port, f"BREW /{TOKEN}/ HTTP/1.1")
    assert capfd.readouterr() == ("", "")


def test_a_mistake_of_ours_is_printed_without_the_address(
    listening: Server, capfd: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: Any) -> None:
        raise KeyError(f"/{TOKEN}/stories/a.html")

    monkeypatch.setattr(responses, "respond", stumble)
    with pytest.raises(IndexError):  # there is no status line
        get(listening, f"/{TOKEN}/stories/a.html")
    assert capfd.readouterr() == ("", "A request failed: KeyError\n")


# The address


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("0.0.0.0", "0.0.0.0 is no address of one machine on a network"),
        ("127.0.0.1", "127.0.0.1 is no address of one machine on a network"),
        ("224.0.0.1", "224.0.0.1 is no address of one machine on a network"),
        ("8.8.8.8", "8.8.8.8 can be reached from the whole internet"),
        ("laptop", "laptop is no address such as 192.168.1.20"),
        ("fe80::1", "fe80::1 is no address such as 192.168.1.20"),
    ],
)
def test_an_address_that_is_not_of_a_local_network_is_refused(address: str, says: str) -> None:
    with pytest.raises(lan.LanError, match=re.escape(says)):
        lan.choose_address(address)


@pytest.mark.parametrize("address", ["192.168.1.20", "10.0.0.7", "172.16.3.4", "169.254.7.8"])
def test_an_address_of_a_local_network_is_taken(address: str) -> None:
    assert lan.choose_address(address) == address


def test_the_address_towards_other_networks_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lan, "_address_of_route", lambda: "192.168.7.8")
    assert lan.choose_address("") == "192.168.7.8"


def test_without_a_way_out_the_address_of_the_name_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    found = [(2, 1, 6, "", (address, 0)) for address in ("127.0.1.1", "192.168.4.2")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: found)
    assert lan.choose_address("") == "192.168.4.2"
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: found[:1])
    with pytest.raises(lan.LanError, match="this machine has no address on a network"):
        lan.choose_address("")


# The question, and what is printed

QUESTION = (
    "Let devices on the network of 192.168.1.20 read your private handbook, if they have the "
    "address? It is plain HTTP: whoever can listen on that network may read along. [y/N] "
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, content: Any) -> list[str]:
    """Serve nothing but the question; the list has the questions and what is served after them."""
    content({"stories/a.md": story("Alpha")})
    said: list[str] = []

    def pretend(*arguments: Any) -> int:
        entrance = arguments[3].entrance
        said.append(f"served on {entrance.host}, {len(entrance.token)} letters")
        return 0

    monkeypatch.setattr(session, "serve", pretend)
    return said


def serve(*options: str) -> int:
    return cli.main(["serve", "--content", "content", "--out", "site", *options])


@pytest.mark.parametrize("answer", ["y", "YES"])
def test_it_is_asked_for_twice(
    asked: list[str], monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    answering(monkeypatch, answer, asked)
    assert serve("--lan", "192.168.1.20") == 0
    assert asked == [QUESTION, "served on 192.168.1.20, 22 letters"]


@pytest.mark.parametrize("answer", ["", "n", "what?"])
def test_who_does_not_agree_serves_nothing(
    asked: list[str], monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    answering(monkeypatch, answer, asked)
    assert serve("--lan", "192.168.1.20") == 1
    assert asked == [QUESTION]


def test_the_question_names_the_edition(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, "y", asked)
    serve("--public", "--lan", "192.168.1.20")
    assert asked[0] == QUESTION.replace("your private handbook", "the public edition")


def test_without_a_terminal_it_needs_a_yes(asked: list[str], capsys: Any) -> None:
    assert serve("--lan", "192.168.1.20") == 1
    assert capsys.readouterr().err == (
        "Nothing is served: --lan opens it to the network; run this in a terminal and say yes, "
        "or add --yes.\n"
    )
    assert serve("--lan", "192.168.1.20", "--yes") == 0
    assert asked == ["served on 192.168.1.20, 22 letters"]


def test_without_the_option_nothing_is_asked_and_this_machine_alone_is_served(
    asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, "y", asked)
    assert serve("--yes") == 0
    assert asked == ["served on 127.0.0.1, 0 letters"]


def test_an_address_that_is_refused_is_named(asked: list[str], capsys: Any) -> None:
    assert serve("--lan", "0.0.0.0", "--yes") == 1
    assert capsys.readouterr().err == (
        "Nothing is served: 0.0.0.0 is no address of one machine on a network; name one with "
        "--lan ADDRESS.\n"
    )
    assert asked == []


def test_no_program_is_given_the_secret_address(capsys: Any) -> None:
    with pytest.raises(SystemExit) as stopped:
        serve("--lan", "--open")
    assert stopped.value.code == 2
    assert "argument --open: not allowed with argument --lan" in capsys.readouterr().err


def test_the_qr_code_is_the_address_dark_on_light() -> None:
    segno = pytest.importorskip("segno")
    address = f"http://192.168.100.200:65535/{TOKEN}/"
    lines = lan.draw_qr_code(address).splitlines()
    assert all(re.fullmatch(r"\x1b\[97;40m[█▀▄ ]+\x1b\[0m", line) for line in lines)
    light = {"█": (0, 0), "▀": (0, 1), "▄": (1, 0), " ": (1, 1)}
    pairs = [[light[letter] for letter in line[8:-4]] for line in lines]
    rows = [[pair[half] for pair in line] for line in pairs for half in (0, 1)]
    code = segno.make_qr(address, error="l")
    size = len(code.matrix)
    assert [row[4 : 4 + size] for row in rows[4 : 4 + size]] == [list(row) for row in code.matrix]
    assert not any(map(any, [*rows[:4], *(row[:4] + row[4 + size :] for row in rows[: size + 8])]))
    assert len(lines[0]) - 12 < 80  # of a terminal


def test_without_the_library_it_says_how_to_get_the_code(
    asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from starbook.commands import site  # noqa: PLC0415

    assert site._qr_code("http://x/") == ""  # into a file or another program
    answering(monkeypatch, "y", asked)
    monkeypatch.setattr(lan, "can_draw", lambda: False)
    assert site._qr_code("http://x/") == (
        f'For a QR code here, install segno: "{sys.executable}" -m pip install segno'
    )


# What is shown


@pytest.mark.slow
def test_problems_are_shown_without_the_lines_of_the_source(
    content: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = content({"stories/a.md": story("Alpha", "levl: x")})
    serving, _ = create_session(folder, tmp_path / "site", is_lan=True)
    serving.rebuild(())
    (fault,) = serving.channel.current.diagnostics
    assert (fault.line, fault.message, fault.lines) == (4, "unknown key `levl`", ())

    def stumble(*_: Any, **__: Any) -> None:
        raise KeyError("nobody expects this")

    monkeypatch.setattr(pipeline, "build_site", stumble)
    serving.rebuild(())
    (crash,) = serving.channel.current.diagnostics
    assert (crash.rule, crash.lines, crash.trace) == ("internal", (), ())


NOT_BUILT = "error: cannot be built as it was saved; the terminal that runs `serve` says why"


@pytest.mark.slow
@pytest.mark.parametrize(
    "saved",
    [
        {"stories/a.md": story("Alpha", "publish: true\nheadline: As stories/bell.md")},
        {"stories/bell.md": story("The private bell", "levl: x")},
        {"handbook.yml": "title: T\nbell: 1\n"},
        {"bell.yml": None},
    ],
)
def test_on_a_network_the_public_edition_says_nothing_of_what_is_wrong_with_the_private_one(
    saved: dict[str, str | None], content: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = content({"stories/a.md": PUBLIC["stories/a.md"], "stories/bell.md": story("A bell")})
    serving, lines = create_session(
        folder, tmp_path / "site-public", edition=Edition.PUBLIC, is_lan=True
    )
    first, _ = create_session(folder, tmp_path / "new", edition=Edition.PUBLIC, is_lan=True)
    serving.rebuild(())
    good = serving.channel.current.files

    def stumble(*_: Any, **__: Any) -> None:
        raise KeyError("the private bell")

    for name, text in saved.items():
        if text is None:
            monkeypatch.setattr(pipeline, "build_site", stumble)
        else:
            (folder / name).write_text(text, encoding="utf-8")
    serving.rebuild((folder,))
    first.rebuild(())

    assert "bell" in "".join(lines)  # the person at the terminal is told
    assert serving.channel.current.files == good
    assets = responses.client_assets()
    state = responses.page_state(serving.channel.current, "index.html")
    assert [str(problem) for problem in state.faults if "bell" in str(problem)] == []
    assert [one.message for one in state.faults] == ["cannot be built as it was saved"]
    page = responses.respond(first.channel.current, "/", assets, f"/{TOKEN}").body.decode()
    assert f"The handbook: {NOT_BUILT} [not-built]" in page
    assert "bell" not in page


def test_on_this_machine_they_have_their_lines() -> None:
    (fault,) = diagnostics.diagnostics([Problem(__file__, 1, "", "", "")], [Path(__file__).parent])
    assert fault.lines


PUBLIC = {
    "stories/a.md": story("Alpha", "publish: true"),
    "stories/b.md": story("The private bell"),
}


@pytest.mark.slow
def test_the_public_edition_is_served_and_written_beside_the_private_one(
    content: Any, tmp_path: Path
) -> None:
    folder = content(PUBLIC)
    serving, lines = create_session(folder, tmp_path / "site-public", edition=Edition.PUBLIC)
    serving.rebuild(())
    shown = serving.channel.current.files
    assert "stories/a.html" in shown
    assert "stories/b.html" not in shown
    assert not [name for name, data in shown.items() if b"private bell" in data]
    serving.finish()
    pipeline.build(folder, LAYOUTS, tmp_path / "built", edition=Edition.PUBLIC)
    for name, data in shown.items():
        assert (tmp_path / "built" / name).read_bytes() == data
        assert (tmp_path / "site-public" / name).read_bytes() == data
    assert re.fullmatch(r"Built: \d+ pages, in \d+ ms\.", lines[0])


@pytest.mark.slow
def test_a_leak_is_an_error_over_the_last_good_public_page_and_never_shown(
    content: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = content(PUBLIC)
    serving, lines = create_session(folder, tmp_path / "site-public", edition=Edition.PUBLIC)
    serving.rebuild(())
    seen: list[bytes] = []
    publish = serving.channel.publish
    monkeypatch.setattr(
        serving.channel,
        "publish",
        lambda snapshot: [seen.append(snapshot.files["stories/a.html"]), publish(snapshot)],
    )
    saved = folder / "stories/a.md"
    saved.write_text(story("Alpha", "publish: true\nheadline: As stories/b.md"), encoding="utf-8")
    good = serving.channel.current.files

    serving.rebuild((saved,))

    assert serving.channel.current.files == good
    assert [fault.rule for fault in serving.channel.current.diagnostics] == ["private-mention"]
    assert seen
    assert not [page for page in seen if b"b.md" in page]
    assert lines[-1].endswith("The last good pages are shown.")


@pytest.mark.slow
def test_a_public_edition_without_a_story_says_why(content: Any, tmp_path: Path) -> None:
    folder = content({"stories/b.md": story("Beta")})
    serving, lines = create_session(folder, tmp_path / "site-public", edition=Edition.PUBLIC)
    serving.rebuild(())
    assert lines[-1].endswith(
        " ms. No story is public: one must say `publish: true` and `status: ready`."
    )


# The command, and a browser


def address_of_network() -> str:
    try:
        return lan.choose_address("")
    except lan.LanError:
        pytest.skip("this machine is on no network")


@pytest.fixture
def start(tmp_path: Path, content: Any, compiled_layouts: None) -> Iterator[Callable[..., Any]]:
    """Return a function that runs `serve` and returns its lines and the address that it names."""
    running: list[subprocess.Popen[str]] = []

    def start(*options: str) -> tuple[list[str], str]:
        content(PUBLIC)
        command = [sys.executable, str(ROOT / "build.py"), "serve", "--content", "content"]
        process = subprocess.Popen(
            [*command, "--port", "0", *options],
            cwd=tmp_path,
            env=os.environ | {"PYTHONIOENCODING": "utf-8"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        running.append(process)
        lines: list[str] = []
        served = threading.Event()
        last = "Whoever has this address" if "--lan" in options else "Serving"
        threading.Thread(
            target=read, args=[process.stdout, lines, last, served], daemon=True
        ).start()
        assert served.wait(PATIENCE), lines
        urls = (line.split()[1] for line in lines if line.startswith("Serving"))
        return lines, next(urls, "")

    yield start
    for process in running:
        process.kill()
        process.wait()


def read(stream: Any, lines: list[str], last: str, served: threading.Event) -> None:
    """Add the lines of a stream to a list, and tell when there is one that begins with `last`."""
    for line in stream:
        lines.append(line.rstrip("\n"))
        if line.startswith(last):
            served.set()
    served.set()


def fetch(url: str) -> tuple[int, bytes]:
    _, _, host, path = url.split("/", 3)
    with closing(http.client.HTTPConnection(host, timeout=PATIENCE)) as connection:
        connection.request("GET", f"/{path}")
        response = connection.getresponse()
        return response.status, response.read()


@pytest.mark.slow
def test_the_command_listens_on_the_one_address_that_it_names(start: Any, tmp_path: Path) -> None:
    address = address_of_network()
    lines, url = start("--lan", "--yes")
    assert re.fullmatch(rf"http://{re.escape(address)}:\d+/[\w-]{{22}}/", url)
    assert b"The private bell" in fetch(f"{url}stories/b.html")[1]
    origin = url.rsplit("/", 2)[0]
    assert fetch(f"{origin}/stories/b.html") == (404, b"")
    assert fetch(f"{url}../stories/b.html")[0] == 404
    port = int(origin.rsplit(":", 1)[1])
    with pytest.raises(OSError, match=r"."):
        socket.create_connection(("127.0.0.1", port), 5).close()
    assert lines[-2:] == [
        f"Serving {url} - what you save shows at once. Ctrl-C ends it.",
        "Whoever has this address and is on the network can read it, until this ends. "
        "It is plain HTTP: others there may read along.",
    ]


@pytest.mark.slow
def test_the_command_serves_the_public_edition_on_this_machine(start: Any, tmp_path: Path) -> None:
    lines, url = start("--public")
    assert lines[-1] == f"Serving {url} - the public edition; what you save shows at once. " + (
        "Ctrl-C ends it."
    )
    assert fetch(f"{url}stories/a.html")[0] == 200
    assert fetch(f"{url}stories/b.html")[0] == 404
    assert not (tmp_path / "content/site").exists()


@pytest.mark.slow
def test_an_address_of_another_machine_is_refused(start: Any) -> None:
    lines, url = start("--lan", "192.168.255.254", "--yes")
    assert url == ""
    assert lines[-1] == (
        "Nothing is served: 192.168.255.254 is no address of this machine. Name one that is."
    )


@pytest.mark.browser
def test_a_phone_reads_follows_links_and_hears_of_a_save(
    listening: Server, chromium: Browser, content: Any, tmp_path: Path
) -> None:
    folder = content(PUBLIC)
    serving, _ = create_session(folder, tmp_path / "site", is_lan=True)
    serving.channel = listening.channel
    serving.rebuild(())
    context = chromium.new_context(viewport={"width": 360, "height": 780})
    page: Page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{listening.url}stories/b.html")
    saved = folder / "stories/b.md"
    saved.write_text(story("The silver bell"), encoding="utf-8")
    serving.rebuild((saved,))
    expect(page.get_by_role("heading", level=1)).to_have_text("The silver bell")

    saved.write_text(story("The silver bell", "levl: x"), encoding="utf-8")
    serving.rebuild((saved,))
    dialog = page.get_by_role("dialog", name="1 error")
    expect(dialog).to_contain_text("unknown key levl")
    assert dialog.locator("pre").count() == 0
    assert (
        page.evaluate(
            "getComputedStyle(document.querySelector('starbook-live').shadowRoot"
            ".querySelector('dialog')).display"
        )
        == "flex"
    )  # it has its style
    saved.write_text(story("The silver bell"), encoding="utf-8")
    serving.rebuild((saved,))
    expect(dialog).to_have_count(0)

    page.goto(f"{listening.url}gone.html")
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    page.get_by_role("link", name="Go to the home page").click()
    expect(page).to_have_url(f"{listening.url}index.html")
    page.get_by_role("link", name="2 of 2 stories ready").click()
    expect(page.locator("main")).to_contain_text("The silver bell")
    assert all(url.startswith(listening.url) or url.endswith("/favicon.ico") for url in asked)
    context.close()
