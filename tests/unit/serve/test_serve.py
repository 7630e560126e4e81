"""Save a file, see its page: a real server, real saves and a real browser."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import LAYOUTS, ROOT, story
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Error, Page, expect
from watchdog.events import FileClosedEvent, FileCreatedEvent, FileDeletedEvent, FileModifiedEvent

from starbook.build import pipeline
from starbook.build.stored import as_text
from starbook.problem import Problem, Severity
from starbook.serve import diagnostics, responses, session, watcher
from starbook.serve import http as server
from starbook.serve.diagnostics import Diagnostic
from starbook.serve.responses import Snapshot

Make = Callable[..., Path]
posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signal")

PATIENCE = 30.0
LONG = story("Long", body="\n".join(f"\n## Part {n}\n\nOne.\n\nTwo.\n" for n in range(30)))
STORIES = {"stories/a.md": LONG, "stories/b.md": story("Beta")}
SCRIPT = re.compile(rb'<script src="/\.starbook/live\.js"[^>]*></script>\n')


def until(done: Callable[[], Any], what: str = "") -> Any:
    """What `done` says, once that is something."""
    end = time.monotonic() + PATIENCE
    while not (found := done()):
        assert time.monotonic() < end, what
        time.sleep(0.01)
    return found


class Serving:
    """A `serve` that runs, what it has said so far, and its folders."""

    def __init__(self, folder: Path, *options: str, env: Any = None) -> None:
        self.content, self.layouts, self.site = (
            folder / name for name in ("content", "layouts", "site")
        )
        command = [sys.executable, str(ROOT / "build.py"), "serve", "--content", "content"]
        self.process = subprocess.Popen(
            [*command, "--layouts", "layouts", "--out", "site", *options],
            cwd=folder,
            env=os.environ | {"PYTHONIOENCODING": "utf-8"} | (env or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        self.lines.extend(line.rstrip("\n") for line in iter(self.process.stdout.readline, ""))

    def said(self, pattern: str) -> list[str]:
        return [line for line in list(self.lines) if re.search(pattern, line)]

    @property
    def url(self) -> str:
        line = until(lambda: self.said("^Serving http") or self._ended(), "it serves")[0]
        return line.split()[1]

    def _ended(self) -> None:
        assert self.process.poll() is None, self.lines

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1].strip("/"))

    def get(self, path: str) -> bytes:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as asked:
            asked.request("GET", f"/{path}")
            return asked.getresponse().read()

    def save(self, name: str, old: str, new: str) -> None:
        """As most editors do: write beside it, then rename."""
        path = self.content.parent / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        beside = path.with_name(f".{path.name}.new")
        beside.write_text(text.replace(old, new), encoding="utf-8")
        beside.replace(path)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(PATIENCE)
        self._reader.join()
        return code

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()


@pytest.fixture
def start(tmp_path: Path, content: Make) -> Iterator[Callable[..., Serving]]:
    """Serve these files, with layouts of one's own."""
    running: list[Serving] = []

    def start(files: Any = STORIES, *options: str, env: Any = None) -> Serving:
        content(files)
        if not (tmp_path / "layouts").exists():
            shutil.copytree(LAYOUTS, tmp_path / "layouts")
        running.append(Serving(tmp_path, *(options or ("--port", "0")), env=env))
        return running[-1]

    yield start
    for serving in running:
        serving.kill()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page in a tab; a tab is marked, and loses its mark when it is loaded anew."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    complaints: list[str] = []

    def visit(url: str) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(url)
        page.evaluate("window.mark = 1")
        return page

    yield visit
    context.close()
    assert complaints == []


def says(page: Page, expression: str) -> Any:
    """What is true in the page; nothing while it is being loaded."""
    with suppress(Error):
        return page.evaluate(expression)
    return None


def marked(page: Page) -> bool:
    return page.evaluate("window.mark === 1") is True


# In the browser


@pytest.mark.browser
def test_what_is_saved_shows_in_place_with_its_scroll_and_its_folds(start, visit) -> None:
    probe = "\n## Follow-ups\n\n### Why one?\n\n**Strong:** A.\n\n### Why two?\n\n**Strong:** B.\n"
    serving = start({"stories/a.md": LONG + probe, "stories/b.md": story("Beta")})
    page = visit(f"{serving.url}stories/a.html#task")
    fold = page.locator("details", has_text="Why two?").last
    fold.locator("summary").click()
    expect(fold).to_have_attribute("open", "")
    page.evaluate("scrollTo({top: 900, behavior: 'instant'})")

    serving.save("content/stories/a.md", "It was late.", "It was early.")

    expect(page.locator("main")).to_contain_text("It was early.")
    until(lambda: says(page, "Math.abs(scrollY - 900) < 2"))
    expect(page.locator("details", has_text="Why two?").last).to_have_attribute("open", "")
    assert page.evaluate("history.scrollRestoration") == "auto"
    assert not marked(page)


@pytest.mark.browser
def test_only_the_tab_whose_page_changed_is_loaded_anew(start, visit) -> None:
    serving = start()
    first, second = visit(f"{serving.url}stories/a.html"), visit(f"{serving.url}stories/b.html")
    serving.save("content/stories/a.md", "It was late.", "It was early.")
    expect(first.locator("main")).to_contain_text("It was early.")
    serving.save("content/stories/b.md", "I mended it.", "I drew it.")
    expect(second.locator("main")).to_contain_text("I drew it.")
    assert not marked(first)
    first.evaluate("window.mark = 1")
    serving.save("content/stories/b.md", "I drew it.", "I drew two.")
    expect(second.locator("main")).to_contain_text("I drew two.")
    assert marked(first)


@pytest.mark.browser
def test_a_style_sheet_is_exchanged_without_a_reload(start, visit) -> None:
    serving = start()
    page = visit(f"{serving.url}stories/a.html")
    with (serving.layouts / "assets/starbook.css").open("a", encoding="utf-8") as sheet:
        sheet.write("\nbody { background: rgb(1, 2, 3); }\n")
    until(lambda: says(page, "getComputedStyle(document.body).backgroundColor === 'rgb(1, 2, 3)'"))
    until(lambda: says(page, "document.querySelectorAll('head link[rel=stylesheet]').length === 1"))
    assert marked(page)


@pytest.mark.browser
def test_a_script_that_changed_is_run_anew(start, visit) -> None:
    serving = start()
    page = visit(f"{serving.url}stories/a.html")
    serving.save("layouts/assets/story.js", '"use strict";', '"use strict"; window.fresh = 1;')
    until(lambda: says(page, "window.fresh === 1"))


@pytest.mark.browser
def test_a_fault_lies_over_the_last_good_page_until_it_is_mended(start, visit) -> None:
    serving = start()
    page = visit(f"{serving.url}stories/b.html")
    serving.save("content/stories/b.md", "status: ready", "staus: <b>ready</b>")
    dialog = page.get_by_role("dialog", name="1 error")
    expect(dialog.get_by_role("heading", name="content/stories/b.md:3")).to_be_visible()
    expect(dialog).to_contain_text("unknown key staus")
    expect(dialog).to_contain_text("did you mean status?")
    expect(dialog).to_contain_text("unknown-key")
    expect(dialog.locator("mark")).to_have_text("staus: <b>ready</b>")
    around = dialog.locator(".line").all_inner_texts()
    assert [line.split(maxsplit=1) for line in around] == [
        ["1", "---"],
        ["2", "title: Beta"],
        ["▸", "3 staus: <b>ready</b>"],
        ["4", "---"],
        ["5"],
        ["6", "## Situation"],
    ]
    assert "I mended it." in page.locator("main").inner_text()
    assert serving.said(r"^content/stories/b\.md:3: unknown key `staus`")
    assert serving.said(r"^content/stories/b\.md: 1 error, in \d+ ms\. The last good pages are")

    serving.save("content/stories/b.md", "staus: <b>ready</b>", "status: ready\ntags: [mended]")

    expect(dialog).to_have_count(0)
    expect(page.locator("main")).to_contain_text("mended")


@pytest.mark.browser
def test_all_faults_are_shown_of_layouts_and_settings_too(start, visit) -> None:
    serving = start(STORIES | {"handbook.yml": "title: Book\n"})
    page = visit(serving.url)
    serving.save("layouts/base.html", "<!doctype html>", "<!doctype html>\n{{ pag }}")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("layouts/base.html:2")
    expect(dialog.locator("mark")).to_have_text("{{ pag }}")
    serving.save("layouts/base.html", "{{ pag }}", "")
    expect(dialog).to_have_count(0)

    serving.save("content/handbook.yml", "title: Book", "titel: Book")
    expect(dialog).to_contain_text("content/handbook.yml:1")
    serving.save("content/stories/a.md", "status: ready", "status: redy")
    expect(page.get_by_role("dialog", name="2 errors")).to_contain_text("content/stories/a.md:3")


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_faults_are_for_everybody_and_can_be_put_aside(start, visit, scheme) -> None:
    serving = start()
    page = visit(f"{serving.url}stories/a.html")
    page.emulate_media(color_scheme=scheme)
    serving.save("content/stories/b.md", "status: ready", "staus: ready")
    hide = page.get_by_role("button", name="Hide")
    expect(hide).to_be_focused()
    found = Axe().run(page, context="starbook-live")
    assert found.response["violations"] == []
    assert len(found.response["passes"]) > 5

    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    show = page.get_by_role("button", name="Show 1 error")
    expect(show).to_be_focused()
    page.goto(f"{serving.url}stories/b.html")
    expect(show).to_be_visible()  # put aside on every page
    assert page.get_by_role("dialog").count() == 0
    show.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.reload()
    expect(page.get_by_role("dialog")).to_be_visible()

    hide.click()
    expect(show).to_be_visible()
    serving.save("content/stories/b.md", "staus: ready", "status: ready")
    expect(show).to_have_count(0)
    serving.save("content/stories/b.md", "status: ready", "staus: ready")
    expect(page.get_by_role("dialog")).to_be_visible()  # another fault is news


@pytest.mark.browser
def test_a_handbook_that_is_broken_from_the_start_says_so_and_then_appears(start, visit) -> None:
    serving = start({"stories/a.md": story("Alpha", "levl: x")})
    page = visit(f"{serving.url}stories/a.html")
    expect(page.get_by_role("dialog")).to_contain_text("content/stories/a.md:4")
    expect(page.locator("main li")).to_contain_text("content/stories/a.md:4: unknown key `levl`")
    assert serving.get("stories/a.md") == b"Not found.\n"
    serving.save("content/stories/a.md", "levl: x", "level: x")
    expect(page.get_by_role("heading", level=1)).to_have_text("Alpha")
    assert page.get_by_role("dialog").count() == 0


@pytest.mark.browser
def test_a_page_that_is_gone_says_so_and_comes_back(start, visit) -> None:
    serving = start()
    page = visit(f"{serving.url}stories/b.html")
    (serving.content / "stories/b.md").rename(serving.content / "stories/.b.md")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")
    (serving.content / "stories/.b.md").rename(serving.content / "stories/b.md")
    expect(page.get_by_role("heading", level=1)).to_have_text("Beta")


@pytest.mark.browser
def test_a_tab_hears_that_the_server_ended_and_what_it_missed(start, visit) -> None:
    serving = start()
    page = visit(f"{serving.url}stories/b.html")
    port = serving.port
    serving.kill()
    expect(page.get_by_role("status")).to_contain_text("The server has ended")
    serving.save("content/stories/b.md", "It was late.", "It was early.")
    assert marked(page)
    start(STORIES | {"stories/b.md": story("Gamma")}, "--port", str(port))
    expect(page.get_by_role("heading", level=1)).to_have_text("Gamma")


# The server

SITE = {
    "index.html": "<head></head>home",
    "404.html": "<head></head>lost",
    "stories/index.html": "<head></head>all stories",
    "stories/a.html": "<head></head>a story",
    "assets/a.css": "body {}",
    "images/a.png": b"\x89PNG",
    ".nojekyll": "",
}


@pytest.fixture(scope="module")
def one_server() -> Iterator[server.Server]:
    channel = server.SnapshotChannel()
    listening = server.listen(channel, 0)
    listening.start()
    yield listening
    channel.close()
    listening.stop()


@pytest.fixture
def listening(one_server: server.Server) -> server.Server:
    """A server in this process, with a small site."""
    one_server.channel.publish(Snapshot(SITE))
    return one_server


def ask(port: int, *lines: str) -> tuple[int, dict[str, str], str]:
    """Send these lines, whatever they are; the status, headers and text of the answer."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as asked:
        asked.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
        asked.shutdown(socket.SHUT_WR)
        data = b"".join(iter(lambda: asked.recv(65536), b""))
    head, _, body = data.decode("latin-1").partition("\r\n\r\n")
    first, *headers = head.split("\r\n")
    named = (header.partition(": ") for header in headers)
    return int(first.split()[1]), {name: value for name, _, value in named}, body


def get(listening: server.Server, path: str, *headers: str) -> tuple[int, dict[str, str], str]:
    host = (
        []
        if any(h.lower().startswith("host:") for h in headers)
        else [f"Host: 127.0.0.1:{listening.port}"]
    )
    return ask(listening.port, f"GET {path} HTTP/1.1", *host, "Connection: close", *headers)


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
    assert ask(listening.port, "GET / HTTP/1.1")[0] == 403
    assert ask(listening.port, "GET / HTTP/1.1", good, "Host: evil")[0] == 403
    assert ask(listening.port, "GET /", good)[0] == 505


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW", "get"]
)
def test_no_method_but_get_and_head_is_answered(method, listening) -> None:
    host = f"Host: 127.0.0.1:{listening.port}"
    status, headers, _ = ask(listening.port, f"{method} / HTTP/1.1", host)
    assert (status, headers["Allow"]) == (405, "GET, HEAD")


def test_head_is_get_without_the_page(listening) -> None:
    host = f"Host: 127.0.0.1:{listening.port}"
    status, headers, body = ask(listening.port, "HEAD / HTTP/1.1", host, "Connection: close")
    assert (status, body) == (200, "")
    assert headers["Content-Length"] == get(listening, "/")[1]["Content-Length"]


def test_what_hangs_on_a_request_is_no_request_of_its_own(listening) -> None:
    host = f"Host: 127.0.0.1:{listening.port}"
    inner = f"GET /stories/a.html HTTP/1.1\r\n{host}\r\n\r\n"
    lines = "GET / HTTP/1.1", host, f"Content-Length: {len(inner)}", "", inner
    _, headers, body = ask(listening.port, *lines)
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
    assert (status, body) == (403, "A page of another site may not ask.\n")


def test_a_link_elsewhere_may_lead_here(listening) -> None:
    click = "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"
    assert get(listening, "/", *click)[0] == 200


def test_a_request_that_is_none_gets_a_few_words(listening) -> None:
    status, headers, body = ask(listening.port, "GET / HTTP/9.9 x")
    assert (status, body, headers["Connection"]) == (400, "Bad Request.\n", "close")
    assert ask(listening.port, "GET /" + "x" * 70000 + " HTTP/1.1")[0] == 414


def test_it_listens_on_this_machine_only(listening) -> None:
    assert listening.server_address[0] == "127.0.0.1"


@given(st.text(), st.text(alphabet="/.%2fe\\~index.htmlstories"))
def test_no_address_whatever_leads_out_of_the_site(wild, near) -> None:
    texts = {data.encode() if isinstance(data, str) else data for data in SITE.values()}
    own = responses.client_assets()
    for address in (wild, near, f"/{wild}", f"/{near}"):
        answer = responses.respond(Snapshot(SITE), address, own)
        assert answer.status in (200, 204, 302, 404)
        plain = SCRIPT.sub(b"", answer.body)
        assert plain in texts | set(own.values()) | {b"", b"Not found.\n"}


@given(st.text())
def test_no_address_can_write_markup_into_a_page(text) -> None:
    page = responses.add_script("<head></head>", text, {text: '"><script>'})
    assert re.fullmatch(
        r'<head><script src="[^"<>]+"( data-\w+="[^"<>]*"){2} defer></script>\n</head>', page
    )


# What is told to a page


def told(listening: server.Server, page: str) -> Iterator[Any]:
    asked = http.client.HTTPConnection("127.0.0.1", listening.port, timeout=PATIENCE)
    asked.request("GET", f"/.starbook/events?page={page}")
    answer = asked.getresponse()
    assert answer.getheader("Content-Type") == "text/event-stream"
    with closing(asked):
        while line := answer.readline():
            if line.startswith(b"data: "):
                yield json.loads(line[6:])


def test_a_page_hears_of_itself_and_of_what_it_is_made_of_alone(listening) -> None:
    page = '<head><link href="../assets/a.css"><a href="b.html"></a></head>'
    search = {"search-index.js": "1", "stories/b.html": "1"}
    first = SITE | search | {"stories/a.html": page, "assets/a.css": '@import "b.css";'}
    listening.channel.publish(Snapshot(first | {"assets/b.css": "b"}))
    events = told(listening, "stories/a.html")
    before = next(events)["versions"]
    assert list(before) == ["stories/a.html", "assets/a.css", "assets/b.css"]
    listening.channel.publish(Snapshot(first | {"assets/b.css": "b", "stories/b.html": "2"}))
    listening.channel.publish(Snapshot(first | {"assets/b.css": "c"}))
    after = next(events)["versions"]
    assert {name for name in before if before[name] != after[name]} == {"assets/b.css"}
    del first["stories/a.html"]
    listening.channel.publish(Snapshot(first))
    assert next(events)["versions"]["stories/a.html"] == ""
    events.close()


def test_a_page_hears_of_every_fault(listening) -> None:
    events = told(listening, "index.html")
    assert next(events)["faults"] == []
    fault = Diagnostic("a.md", 3, "is wrong", "mend it", "rule", Severity.ERROR)
    listening.channel.publish(Snapshot(SITE, (fault,)))
    assert [(f["path"], f["line"]) for f in next(events)["faults"]] == [("a.md", 3)]


def test_a_page_under_a_base_is_found_there_too() -> None:
    snapshot = Snapshot(SITE, base="/book/")
    pages = [
        responses.respond(snapshot, path, {}).body for path in ("/book/", "/", "/book/index.html")
    ]
    assert pages[0] == pages[1] == pages[2]
    assert b"home" in pages[0]


def test_a_page_of_bytes_is_a_page_too() -> None:
    text, data = (
        Snapshot({"a.html": page}) for page in ("<head></head>é", "<head></head>é".encode())
    )
    assert responses.respond(data, "/a.html", {}) == responses.respond(text, "/a.html", {})
    assert responses.page_state(data, "a.html") == responses.page_state(text, "a.html")


def test_a_page_is_let_ask_this_server_whatever_its_policy_says() -> None:
    policy = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">'
    page = responses.add_script(f"<head>{policy}</head>", "a.html", {})
    assert "content=\"connect-src 'self'; default-src 'none'\"" in page


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


def test_errors_stand_before_warnings() -> None:
    problems = [
        Problem("a.md", 0, "", "", "", Severity.WARNING),
        Problem("b.md", 0, "", "", ""),
    ]
    assert [fault.path for fault in diagnostics.diagnostics(problems, [])] == ["b.md", "a.md"]


# Watching


def seen(watching: watcher.Watcher, path: Path) -> set[Path]:
    """What was told until this path was."""
    found: set[Path] = set()

    def more() -> bool:
        found.update(watching.wait(0.1))
        return path in found

    until(more, f"{path} is seen")
    return found


@pytest.fixture(params=[False, True], ids=["told", "polling"])
def watched(request, content) -> Iterator[tuple[watcher.Watcher, Path]]:
    folder = content(STORIES)
    watching = watcher.Watcher([folder], poll=request.param)
    yield watching, folder
    watching.close()


def in_place(path: Path) -> None:
    path.write_text("saved", encoding="utf-8")


def by_rename(path: Path) -> None:
    beside = path.with_name("a.md.tmp")
    beside.write_text("saved", encoding="utf-8")
    beside.replace(path)


def like_vim(path: Path) -> None:
    path.with_name("4913").touch()
    path.with_name("4913").unlink()
    kept = path.with_name("a.md~")
    path.rename(kept)
    path.write_text("saved", encoding="utf-8")
    kept.unlink()


def anew(path: Path) -> None:
    path.unlink()
    path.write_text("saved", encoding="utf-8")


@pytest.mark.parametrize("save", [in_place, by_rename, like_vim, anew, Path.unlink])
def test_a_save_is_seen_however_an_editor_does_it(save, watched) -> None:
    watching, folder = watched
    save(folder / "stories/a.md")
    assert seen(watching, folder / "stories/a.md") <= {folder / "stories/a.md", folder / "stories"}


def test_a_folder_that_is_deleted_and_made_anew_is_watched(watched) -> None:
    watching, folder = watched
    shutil.rmtree(folder)
    seen(watching, folder)
    (folder / "stories").mkdir(parents=True)
    (folder / "stories/a.md").write_text("one", encoding="utf-8")
    seen(watching, folder)
    (folder / "stories/a.md").write_text("two, later", encoding="utf-8")
    seen(watching, folder / "stories/a.md")


def test_a_folder_that_takes_the_place_of_another_is_watched(watched) -> None:
    watching, folder = watched
    shutil.copytree(folder, folder.with_name("fresh"))
    folder.rename(folder.with_name("old"))
    folder.with_name("fresh").rename(folder)
    seen(watching, folder)
    (folder.with_name("old") / "stories/b.md").write_text("not ours any more", encoding="utf-8")
    (folder / "stories/a.md").write_text("ours", encoding="utf-8")
    assert folder / "stories/b.md" not in seen(watching, folder / "stories/a.md")


def test_a_folder_that_is_made_later_is_watched(tmp_path) -> None:
    watching = watcher.Watcher([tmp_path / "content"])
    (tmp_path / "content").mkdir()
    seen(watching, tmp_path / "content")
    (tmp_path / "content/handbook.yml").write_text("title: x", encoding="utf-8")
    seen(watching, tmp_path / "content/handbook.yml")
    watching.close()


def test_reading_and_what_programs_keep_for_themselves_are_no_news(content) -> None:
    folder = content(STORIES)
    watching = watcher.Watcher([folder])
    pipeline.make(folder, LAYOUTS)
    for name in (".git/index", ".cache/x", "stories/.a.md.swp", "stories/a.md~", "stories/#a.md#"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("x", encoding="utf-8")
    (folder / "stories/c.md").write_text("x", encoding="utf-8")
    assert seen(watching, folder / "stories/c.md") == {folder / "stories/c.md"}
    watching.close()


def test_many_saves_are_one_burst(content) -> None:
    folder = content(STORIES)
    watching = watcher.Watcher([folder])
    names = {folder / f"stories/{n}-{kind}.md" for n in range(50) for kind in "xy"}
    for path in names:
        path.write_text("x", encoding="utf-8")
    assert set(until(lambda: watching.wait(1))) == names
    watching.close()


def test_where_the_system_watches_no_more_folders_we_look_ourselves(content, monkeypatch) -> None:
    folder = content(STORIES)
    full = OSError(28, "inotify watch limit reached")

    class Full(watcher.Observer):  # type: ignore[misc, valid-type]
        def schedule(self, *args: Any, **options: Any) -> None:
            raise full

    monkeypatch.setattr(watcher, "Observer", Full)
    watching = watcher.Watcher([folder])
    assert watching.polls
    (folder / "stories/a.md").write_text("saved", encoding="utf-8")
    seen(watching, folder / "stories/a.md")
    watching.close()


A, B = Path("a.md"), Path("b.md")


def test_one_whole_file_is_acted_upon_at_once() -> None:
    batch = watcher.Debouncer(reports_close=True)
    assert batch.due is None
    batch.add(FileModifiedEvent, A, 1.0)
    assert batch.due == 1.0 + watcher.LONG_DELAY  # it may be half written
    batch.add(FileClosedEvent, A, 1.01)
    assert batch.due == 1.01 + watcher.SHORT_DELAY
    assert list(batch.changed) == [A]


def test_a_system_that_does_not_say_when_a_file_is_whole_is_not_waited_for() -> None:
    batch = watcher.Debouncer(reports_close=False)
    batch.add(FileModifiedEvent, A, 1.0)
    assert batch.due == 1.0 + watcher.SHORT_DELAY


def test_a_second_file_makes_us_wait_for_a_third_but_not_for_ever() -> None:
    batch = watcher.Debouncer(reports_close=True)
    for n in range(100):
        batch.add(FileClosedEvent, Path(f"{n}.md"), 1.0 + n / 50)
    assert batch.due == 1.0 + watcher.MAX_DELAY


def test_a_file_that_is_gone_may_be_back_in_a_moment() -> None:
    batch = watcher.Debouncer(reports_close=True)
    batch.add(FileDeletedEvent, A, 1.0)
    assert batch.due == 1.0 + watcher.LONG_DELAY
    batch.add_move(None, A, 1.01)
    assert batch.due == 1.01 + watcher.SHORT_DELAY


def test_a_file_made_to_take_anothers_place_is_not_a_second_one() -> None:
    batch = watcher.Debouncer(reports_close=True)
    batch.add(FileCreatedEvent, B, 1.0)
    batch.add_move(B, A, 1.01)
    assert (list(batch.changed), batch.due) == ([A], 1.01 + watcher.SHORT_DELAY)
    batch.add_move(A, B, 1.02)
    assert set(batch.changed) == {A, B}


# The command


def test_what_is_served_is_what_a_build_writes_and_the_script_is_never_on_disk(start) -> None:
    serving = start()
    until((serving.site / "index.html").is_file, "it is put on disk")
    serving.save("content/stories/a.md", "It was late.", "It was early.")
    page = serving.site / "stories/a.html"
    until(lambda: "It was early." in page.read_text(encoding="utf-8"), "so is the change")
    pipeline.build(serving.content, serving.layouts, serving.site.with_name("built"))
    names = [path.relative_to(serving.site) for path in serving.site.rglob("*.*")]
    assert len(names) > 5
    for name in names:
        on_disk = (serving.site / name).read_bytes()
        assert on_disk == (serving.site.with_name("built") / name).read_bytes()
        assert b"live.js" not in on_disk
        if not name.name.startswith("."):
            sent = serving.get(name.as_posix())
            assert SCRIPT.sub(b"", sent).replace(b"connect-src 'self'; ", b"") == on_disk
            assert (len(SCRIPT.findall(sent)) == 1) is (name.suffix == ".html")


def test_it_says_a_line_for_each_save_and_nothing_for_what_it_does_itself(start) -> None:
    serving = start()
    until((serving.site / "index.html").is_file, "it is put on disk")
    serving.get("stories/a.html")
    serving.save("content/stories/a.md", "It was late.", "It was early.")
    until(lambda: serving.said("a.md"), "it says so")
    assert serving.lines[0] == "Content: content"
    assert re.fullmatch(r"Built: \d+ pages, in \d+ ms\.", serving.lines[1])
    assert serving.lines[2].startswith("Serving http://127.0.0.1:")
    line = r"content/stories/a\.md: \d pages? changed, in \d+ ms\."
    assert re.fullmatch(line, serving.lines[3])
    assert len(serving.lines) == 4


def test_a_site_with_a_fault_is_not_put_on_disk(start) -> None:
    serving = start({"stories/a.md": story("Alpha", "levl: x")})
    assert b"No page yet" in serving.get("")
    serving.save("content/stories/a.md", "levl: x", "level: x")
    until((serving.site / "stories/a.html").is_file, "it is put on disk when it is mended")
    assert serving.said(r"^content/stories/a\.md:4: unknown key `levl`")
    assert serving.said(r"^Built: 1 error, in \d+ ms\. There is no page yet\.$")


@posix_only
def test_ctrl_c_ends_it_with_the_site_on_disk_though_a_page_listens(start) -> None:
    serving = start()
    with closing(http.client.HTTPConnection("127.0.0.1", serving.port)) as tab:
        tab.request("GET", "/.starbook/events?page=index.html")
        assert tab.getresponse().status == 200
        serving.save("content/stories/a.md", "It was late.", "It was early.")
        until(lambda: b"early" in serving.get("stories/a.html"), "it is served")
        assert serving.stop() == 0
    assert serving.lines[-2:] == ["", f"Stopped. {Path('site/index.html')} is up to date."]
    assert "It was early." in (serving.site / "stories/a.html").read_text(encoding="utf-8")
    assert not serving.said("Traceback")


@posix_only
def test_ctrl_c_with_a_fault_leaves_the_last_good_site(start) -> None:
    serving = start()
    until(lambda: serving.get("index.html"))
    serving.save("content/stories/a.md", "status: ready", "staus: ready")
    until(lambda: serving.said("1 error"), "it says so")
    assert serving.stop() == 0
    assert serving.lines[-1] == f"Stopped. {Path('site/index.html')} is the last good one."
    assert (serving.site / "stories/a.html").is_file()


def test_a_busy_port_is_explained_and_the_next_one_taken_on_request(start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = start(STORIES, "--port", str(port))
        assert refused.process.wait(PATIENCE) == 1
        until(lambda: refused.said("in use"))
        assert refused.lines[-1] == (
            f"Port {port} is in use by another program, or by another `serve`. End it, take "
            "another with --port N, or the next free one with --next-port."
        )
        assert not refused.site.exists()
        assert start(STORIES, "--port", str(port), "--next-port").port > port


def test_a_folder_that_must_not_be_written_is_refused_at_once(start, tmp_path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/mine.txt").write_text("mine", encoding="utf-8")
    serving = start()
    assert serving.process.wait(PATIENCE) == 1
    until(lambda: serving.said("Nothing is served"))
    assert serving.said("^site: is not empty, and not a site that we made")


@pytest.mark.parametrize("port", ["-1", "65536", "x", "1.5"])
def test_a_port_is_a_number(port, capsys) -> None:
    from starbook import cli  # noqa: PLC0415  (the one test that needs it)

    with pytest.raises(SystemExit) as stopped:
        cli.main(["serve", f"--port={port}"])
    assert stopped.value.code == 2
    assert f"{port}: a port is a number from 0 to 65535" in capsys.readouterr().err


def test_the_browser_is_opened_on_request(start, tmp_path) -> None:
    opener = tmp_path / "opener.py"
    text = "import sys, pathlib; pathlib.Path('opened').write_text(sys.argv[1])"
    opener.write_text(text, encoding="utf-8")
    browser = f"{sys.executable} {opener} %s"
    serving = start(STORIES, "--port", "0", "--open", env={"BROWSER": browser})
    opened = tmp_path / "opened"
    until(lambda: opened.is_file() and opened.read_text(encoding="utf-8"), "it is opened")
    assert opened.read_text(encoding="utf-8") == serving.url


def test_polling_serves_what_is_saved(start) -> None:
    serving = start(STORIES, "--port", "0", "--poll")
    serving.get("index.html")
    serving.save("content/stories/a.md", "It was late.", "It was early.")
    until(lambda: b"It was early." in serving.get("stories/a.html"), "it is served")


def test_a_link_out_of_the_site_on_disk_leads_nowhere(start, tmp_path) -> None:
    serving = start()
    until((serving.site / "index.html").is_file, "it is put on disk")
    (tmp_path / "secret.html").write_text("secret", encoding="utf-8")
    (serving.site / "link.html").symlink_to(tmp_path / "secret.html")
    assert b"There is no such page" in serving.get("link.html")


def test_a_content_folder_that_is_gone_for_a_while_ends_nothing(start) -> None:
    serving = start()
    serving.get("index.html")
    serving.content.rename(serving.content.with_name("away"))
    until(lambda: serving.said("the content folder does not exist"), "it says so")
    assert b"It was late." in serving.get("stories/a.html")
    serving.content.with_name("away").rename(serving.content)
    until(lambda: serving.said("nothing changed"), "it is back")
    serving.save("content/stories/a.md", "It was late.", "It was early.")
    until(lambda: b"It was early." in serving.get("stories/a.html"), "it is served")


def in_this_process(folder: Path, out: Path) -> tuple[session.Session, list[str]]:
    """What serves a folder, not begun, and the lines that it will say."""
    lines: list[str] = []
    terminal = session.Terminal(
        lines.append, lambda problems: lines.extend(map(str, problems)), lambda *_: None
    )
    return session.Session(folder, LAYOUTS, out, server.SnapshotChannel(), terminal), lines


def test_what_is_saved_before_anybody_watches_is_served_and_nothing_is_said_twice(
    content, tmp_path, monkeypatch
) -> None:
    folder = content(STORIES)
    serving, lines = in_this_process(folder, tmp_path / "site")
    channel = serving.channel

    class Watcher:
        polls = False

        def __init__(self, *_: Any, **__: Any) -> None:
            if not lines[1:]:  # the first that watches comes too late for this
                (folder / "stories/a.md").write_text(story("Saved early"), encoding="utf-8")

        def wait(self, seconds: float) -> tuple[Path, ...]:
            raise KeyboardInterrupt

        def close(self) -> None:
            pass

    class Http:
        url = "here"

        def start(self) -> None:
            pass

    monkeypatch.setattr(session, "Watcher", Watcher)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            serving.run(Http(), session.Options(0))
    assert "Saved early" in as_text(channel.current.files["stories/a.html"])
    said = [re.sub(r"\d+ ms", "1 ms", line) for line in lines if not line.startswith("Serving")]
    pages = len([name for name in channel.current.files if name.endswith(".html")])
    assert said[0] == f"Built: {pages} pages, in 1 ms."
    assert re.fullmatch(r"Built: \d pages changed, in 1 ms\.", said[1])
    assert len(said) == 2


def test_a_mistake_of_ours_is_a_fault_that_is_shown_and_ends_nothing(
    content, tmp_path, monkeypatch
) -> None:
    serving, lines = in_this_process(content(STORIES), tmp_path / "site")
    channel = serving.channel
    serving.rebuild(())
    good = channel.current

    def stumble(*_: Any, **__: Any) -> None:
        raise KeyError("nobody expects this")

    monkeypatch.setattr(pipeline, "make", stumble)
    serving.rebuild((A,))
    (fault,) = channel.current.diagnostics
    assert fault.rule == "internal"
    assert fault.message == "stumbled: KeyError: 'nobody expects this'"
    assert "this is a mistake in Starbook" in fault.hint
    assert any("session.py" in step and "rebuild" in step for step in fault.trace)
    assert channel.current.files == good.files
    assert lines[-1].endswith("or run the command again [internal]")
    serving.write_due = 0.0
    assert not serving._should_write()  # nothing is put on disk as long as there is a fault
    monkeypatch.undo()
    serving.rebuild((A,))
    assert channel.current.diagnostics == ()
    serving.write_due = 0.0
    assert serving._should_write()
