"""The command `serve`: a real server, real saves and a real browser."""

import http.client
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
from playwright.sync_api import Browser, Error, Page, expect
from serving import PATIENCE, create_session

from starbook.build import output, pipeline
from starbook.model import Edition
from starbook.serve import session

Make = Callable[..., Path]
posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signal")

LONG = story("Long", body="\n".join(f"\n## Part {n}\n\nOne.\n\nTwo.\n" for n in range(30)))
STORIES = {"stories/a.md": LONG, "stories/b.md": story("Beta")}
SCRIPT = re.compile(rb'<script src="/\.starbook/live\.js"[^>]*></script>\n')


def until(done: Callable[[], Any], what: str = "") -> Any:
    """Call `done` until it returns a true value, and return that."""
    end = time.monotonic() + PATIENCE
    while not (result := done()):
        assert time.monotonic() < end, what
        time.sleep(0.01)
    return result


class ServeProcess:
    """A running `serve`, the lines that it has printed so far, and its folders."""

    def __init__(self, folder: Path, *options: str, env: Any = None) -> None:
        self.content, self.site = folder / "content", folder / "site"
        own = (folder / "layouts").exists()
        self.layouts = folder / "layouts" if own else LAYOUTS
        command = [sys.executable, str(ROOT / "build.py"), "serve", "--content", "content"]
        command += ["--layouts", "layouts"] if own else []
        self.process = subprocess.Popen(
            [*command, "--out", "site", *options],
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

    def lines_with(self, pattern: str) -> list[str]:
        return [line for line in list(self.lines) if re.search(pattern, line)]

    @property
    def url(self) -> str:
        line = until(lambda: self.lines_with("^Serving http") or self._ended(), "it serves")[0]
        return line.split()[1]

    def _ended(self) -> None:
        assert self.process.poll() is None, self.lines

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1].strip("/"))

    def get(self, path: str) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with closing(connection):
            connection.request("GET", f"/{path}")
            return connection.getresponse().read()

    def save(self, name: str, old: str, new: str) -> None:
        """Write a temporary file and rename it, as most editors do."""
        path = self.content.parent / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        temporary = path.with_name(f".{path.name}.new")
        temporary.write_text(text.replace(old, new), encoding="utf-8")
        temporary.replace(path)

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
def own_layouts(tmp_path: Path) -> None:
    """Have a copy of the layouts served, to be changed."""
    shutil.copytree(LAYOUTS, tmp_path / "layouts")


@pytest.fixture
def start(
    tmp_path: Path, content: Make, compiled_layouts: None
) -> Iterator[Callable[..., ServeProcess]]:
    """Return a function that serves files."""
    running: list[ServeProcess] = []

    def start(files: Any = STORIES, *options: str, env: Any = None) -> ServeProcess:
        content(files)
        running.append(ServeProcess(tmp_path, *(options or ("--port", "0")), env=env))
        return running[-1]

    yield start
    for serving in running:
        serving.kill()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page in a tab and marks it; a reload removes the mark."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    errors: list[str] = []

    def visit(url: str) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(url)
        page.evaluate("window.mark = 1")
        return page

    yield visit
    context.close()
    assert errors == []


def evaluate(page: Page, expression: str) -> Any:
    """Return the value of an expression in the page, or None while the page is loading."""
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
    until(lambda: evaluate(page, "Math.abs(scrollY - 900) < 2"))
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
@pytest.mark.usefixtures("own_layouts")
def test_a_style_sheet_is_exchanged_without_a_reload(start, visit) -> None:
    serving = start()
    page = visit(f"{serving.url}stories/a.html")
    with (serving.layouts / "assets/starbook.css").open("a", encoding="utf-8") as sheet:
        sheet.write("\nbody { background: rgb(1, 2, 3); }\n")
    until(
        lambda: evaluate(page, "getComputedStyle(document.body).backgroundColor === 'rgb(1, 2, 3)'")
    )
    until(
        lambda: evaluate(
            page, "document.querySelectorAll('head link[href*=\"starbook.css\"]').length === 1"
        )
    )
    assert marked(page)


@pytest.mark.slow
def test_a_layout_of_the_handbook_that_is_saved_is_shown_at_once(start) -> None:
    own = "{% extends 'base.html' %}{% block main %}<p>First look</p>{% endblock %}\n"
    serving = start(STORIES | {"layouts/story.html": own})
    assert b"<p>First look</p>" in serving.get("stories/a.html")
    serving.save("content/layouts/story.html", "First", "Second")
    until(lambda: b"<p>Second look</p>" in serving.get("stories/a.html"))
    (serving.content / "layouts/story.html").unlink()
    until(lambda: b"One." in serving.get("stories/a.html"))


@pytest.mark.browser
@pytest.mark.usefixtures("own_layouts")
def test_a_script_that_changed_is_run_anew(start, visit) -> None:
    serving = start()
    page = visit(f"{serving.url}stories/a.html")
    script = "layouts/assets/reading-position.js"
    serving.save(script, '"use strict";', '"use strict"; window.fresh = 1;')
    until(lambda: evaluate(page, "window.fresh === 1"))


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
    assert serving.lines_with(r"^content/stories/b\.md:3: error: unknown key `staus`")
    assert serving.lines_with(
        r"^content/stories/b\.md: 1 error, in \d+ ms\. The last good pages are"
    )

    serving.save("content/stories/b.md", "staus: <b>ready</b>", "status: ready\ntags: [mended]")

    expect(dialog).to_have_count(0)
    expect(page.locator("main")).to_contain_text("mended")


@pytest.mark.browser
def test_faults_say_that_they_are_in_english_over_pages_in_another_language(start, visit) -> None:
    serving = start(STORIES | {"handbook.yml": "language: de\n"})
    page = visit(f"{serving.url}stories/a.html")
    serving.save("content/stories/b.md", "status: ready", "staus: ready")
    dialog = page.get_by_role("dialog", name="1 error")
    expect(dialog).to_be_visible()
    language = "it => it.getRootNode().host.lang"
    assert (dialog.evaluate(language), page.evaluate("document.documentElement.lang")) == (
        "en",
        "de",
    )


@pytest.mark.browser
@pytest.mark.usefixtures("own_layouts")
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
    expect(page.locator("main li")).to_contain_text(
        "content/stories/a.md:4: error: unknown key `levl`"
    )
    assert serving.get("stories/a.md") == b"Not found.\n"
    serving.save("content/stories/a.md", "levl: x", "level: x")
    expect(page.get_by_role("heading", level=1)).to_have_text("Alpha")
    assert page.get_by_role("dialog").count() == 0


HEAR = """() => {
  heard = [];
  const source = new EventSource("/.starbook/events?page=practice.html");
  source.onmessage = ({ data }) => heard.push(data);
}"""


@pytest.mark.browser
def test_a_save_does_not_interrupt_practice_and_shows_after_it(start, visit) -> None:
    serving = start({"stories/a.md": story("The bell")})
    page = visit(f"{serving.url}practice.html#tell=a")
    page.evaluate(HEAR)
    page.get_by_role("button", name="Begin to tell").click()
    expect(page.get_by_role("heading", name="Situation")).to_be_visible()
    until(lambda: page.evaluate("heard.length"))

    serving.save("content/stories/a.md", "The bell", "The great bell")
    until(lambda: page.evaluate("heard.length === 2"))
    serving.save("content/stories/a.md", "status: ready", "status: raedy")
    until(lambda: page.evaluate("heard.length === 3"))

    assert marked(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Stop here").click()
    page.wait_for_timeout(450)  # a press so soon after another is a slip
    page.get_by_label("With gaps").check()
    serving.save("content/stories/a.md", "status: raedy", "status: ready")
    until(lambda: page.evaluate("heard.length === 4"))
    assert marked(page)
    assert page.get_by_label("With gaps").is_checked()

    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_label("Practise with")).to_contain_text("The great bell")
    until(lambda: evaluate(page, "window.mark !== 1"))
    expect(page.get_by_role("heading", name="Practice")).to_be_visible()  # it does not begin anew
    expect(page.locator(".sofar")).to_contain_text("1 of 1")


@pytest.mark.browser
def test_what_a_page_alone_keeps_is_not_lost_by_a_reload(start, visit) -> None:
    serving = start({"stories/a.md": story("The bell")})
    page = visit(f"{serving.url}practice.html#tell=a")
    page.evaluate(HEAR)
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
    page.get_by_role("button", name="Begin to tell").click()
    page.get_by_role("button", name="Stop here").click()
    page.wait_for_timeout(450)  # a press so soon after another is a slip
    page.get_by_label("With gaps").check()
    page.get_by_role("button", name="Leave").click()
    until(lambda: page.evaluate("heard.length"))

    serving.save("content/stories/a.md", "The bell", "The great bell")

    status = page.locator("starbook-live").get_by_role("status")
    expect(status).to_have_text(
        "A change waits: a reload would lose what this page keeps. "
        "Save that as a file, then reload."
    )
    assert marked(page)
    expect(page.locator(".sofar")).to_contain_text("1 of 1")


@pytest.mark.browser
def test_a_handbook_that_broke_since_its_last_build_shows_that_build_below_the_errors(
    start, visit, content, tmp_path
) -> None:
    pipeline.build(content(STORIES), LAYOUTS, tmp_path / "site")
    serving = start({"stories/b.md": story("Alpha", "levl: x")})
    page = visit(f"{serving.url}stories/a.html")
    dialog = page.get_by_role("dialog", name="1 error")
    expect(dialog).to_contain_text("content/stories/b.md:4")
    expect(dialog).to_contain_text("The page below is the last good one.")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=1)).to_have_text("Long")
    expect(page.locator("main")).to_contain_text("It was late.")
    serving.save("content/stories/a.md", "It was late.", "It was early.")
    expect(dialog).to_have_count(0)
    assert serving.lines_with("The last good pages are shown")
    assert (serving.site / "stories/a.html").read_bytes().find(b"It was late.") > 0
    serving.save("content/stories/b.md", "levl: x", "level: x")
    expect(page.locator("main")).to_contain_text("It was early.")


@pytest.mark.browser
def test_a_page_that_is_gone_says_so_and_comes_back(start, visit) -> None:
    serving = start()
    page = visit(f"{serving.url}stories/b.html")
    (serving.content / "stories/b.md").rename(serving.content / "stories/.b.md")
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    (serving.content / "stories/.b.md").rename(serving.content / "stories/b.md")
    expect(page.get_by_role("heading", level=1)).to_have_text("Beta")


@pytest.mark.browser
def test_a_tab_hears_that_the_server_ended_and_what_it_missed(start, visit) -> None:
    serving = start()
    page = visit(f"{serving.url}stories/b.html")
    port = serving.port
    serving.kill()
    expect(page.locator("[role=status].status")).to_contain_text("The server has ended")
    serving.save("content/stories/b.md", "It was late.", "It was early.")
    assert marked(page)
    start(STORIES | {"stories/b.md": story("Gamma")}, "--port", str(port))
    expect(page.get_by_role("heading", level=1)).to_have_text("Gamma")


# The command


@pytest.mark.slow
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


@pytest.mark.slow
def test_it_says_a_line_for_each_save_and_nothing_for_what_it_does_itself(start) -> None:
    serving = start()
    until((serving.site / "index.html").is_file, "it is put on disk")
    serving.get("stories/a.html")
    serving.save("content/stories/a.md", "It was late.", "It was early.")
    until(lambda: serving.lines_with("a.md"), "it says so")
    assert serving.lines[0] == "Content: content"
    assert re.fullmatch(r"Built: \d+ pages, in \d+ ms\.", serving.lines[1])
    assert serving.lines[2].startswith("Serving http://127.0.0.1:")
    line = r"content/stories/a\.md: \d pages? changed, in \d+ ms\."
    assert re.fullmatch(line, serving.lines[3])
    assert len(serving.lines) == 4


@pytest.mark.slow
def test_a_site_with_a_fault_is_not_put_on_disk(start) -> None:
    serving = start({"stories/a.md": story("Alpha", "levl: x")})
    assert b"No page yet" in serving.get("")
    serving.save("content/stories/a.md", "levl: x", "level: x")
    until((serving.site / "stories/a.html").is_file, "it is put on disk when it is mended")
    assert serving.lines_with(r"^content/stories/a\.md:4: error: unknown key `levl`")
    assert serving.lines_with(r"^Built: 1 error, in \d+ ms\. There is no page yet\.$")


@pytest.mark.slow
@posix_only
def test_ctrl_c_ends_it_with_the_site_on_disk_though_a_page_listens(start) -> None:
    serving = start()
    with closing(http.client.HTTPConnection("127.0.0.1", serving.port)) as tab:
        tab.request("GET", "/.starbook/events?page=index.html")
        assert tab.getresponse().status == 200
        serving.save("content/stories/a.md", "It was late.", "It was early.")
        until(lambda: b"early" in serving.get("stories/a.html"), "it is served")
        until(lambda: serving.lines_with(r"stories/a\.md: \d"), "it says so")
        assert serving.stop() == 0
    assert serving.lines[-2:] == ["", f"Stopped. {Path('site/index.html')} is up to date."]
    assert "It was early." in (serving.site / "stories/a.html").read_text(encoding="utf-8")
    assert not serving.lines_with("Traceback")


@pytest.mark.slow
@posix_only
def test_ctrl_c_with_a_fault_leaves_the_last_good_site(start) -> None:
    serving = start()
    until(lambda: serving.get("index.html"))
    serving.save("content/stories/a.md", "status: ready", "staus: ready")
    until(lambda: serving.lines_with("1 error"), "it says so")
    assert serving.stop() == 0
    assert serving.lines[-1] == f"Stopped. {Path('site/index.html')} is the last good one."
    assert (serving.site / "stories/a.html").is_file()


@pytest.mark.slow
def test_a_busy_port_is_explained_and_the_next_one_taken_on_request(start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = start(STORIES, "--port", str(port))
        assert refused.process.wait(PATIENCE) == 1
        until(lambda: refused.lines_with("in use"))
        assert refused.lines[-1] == (
            f"Port {port} is in use by another program, or by another `serve`. End it, take "
            "another with --port N, or the next free one with --next-port."
        )
        assert not refused.site.exists()
        assert start(STORIES, "--port", str(port), "--next-port").port > port


@pytest.mark.slow
def test_a_folder_that_must_not_be_written_is_refused_at_once(start, tmp_path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/mine.txt").write_text("mine", encoding="utf-8")
    serving = start()
    assert serving.process.wait(PATIENCE) == 1
    until(lambda: serving.lines_with("Nothing is served"))
    assert serving.lines_with("^site: error: is not empty, and not a site that Starbook made")


@pytest.mark.parametrize("port", ["-1", "65536", "x", "1.5"])
def test_a_port_is_a_number(port, capsys) -> None:
    from starbook import cli  # noqa: PLC0415  (the one test that needs it)

    with pytest.raises(SystemExit) as stopped:
        cli.main(["serve", f"--port={port}"])
    assert stopped.value.code == 2
    assert f"{port}: a port is a number from 0 to 65535" in capsys.readouterr().err


@pytest.mark.slow
def test_the_browser_is_opened_on_request(start, tmp_path) -> None:
    opener = tmp_path / "opener.py"
    text = "import sys, pathlib; pathlib.Path('opened').write_text(sys.argv[1])"
    opener.write_text(text, encoding="utf-8")
    browser = f"{sys.executable} {opener} %s"
    serving = start(STORIES, "--port", "0", "--open", env={"BROWSER": browser})
    opened = tmp_path / "opened"
    until(lambda: opened.is_file() and opened.read_text(encoding="utf-8"), "it is opened")
    assert opened.read_text(encoding="utf-8") == serving.url


@pytest.mark.slow
def test_polling_serves_what_is_saved(start) -> None:
    serving = start(STORIES, "--port", "0", "--poll")
    serving.get("index.html")
    serving.save("content/stories/a.md", "It was late.", "It was early.")
    until(lambda: b"It was early." in serving.get("stories/a.html"), "it is served")


@pytest.mark.slow
def test_a_link_out_of_the_site_on_disk_leads_nowhere(start, tmp_path) -> None:
    serving = start()
    until((serving.site / "index.html").is_file, "it is put on disk")
    (tmp_path / "secret.html").write_text("secret", encoding="utf-8")
    (serving.site / "link.html").symlink_to(tmp_path / "secret.html")
    assert b"Page not found" in serving.get("link.html")


@pytest.mark.slow
@posix_only
def test_a_content_folder_that_becomes_a_circle_of_links_is_named(start) -> None:
    serving = start()
    serving.get("index.html")
    away = serving.content.with_name("away")
    serving.content.rename(away)
    serving.content.symlink_to(serving.content.name)
    until(lambda: serving.lines_with(r"cannot be read \(its links lead in a circle\)"), "it is")
    assert b"It was late." in serving.get("stories/a.html")
    serving.content.unlink()
    away.rename(serving.content)
    serving.save("content/stories/a.md", "It was late.", "It was early.")
    until(lambda: b"It was early." in serving.get("stories/a.html"), "it is served again")
    assert not serving.lines_with("internal error")


@pytest.mark.slow
@posix_only
@pytest.mark.parametrize(
    ("link", "target"), [("stories/again", "."), ("stories/up", ".."), ("guides/all", "../..")]
)
def test_a_folder_that_contains_itself_is_named_and_not_followed(start, link, target) -> None:
    serving = start()
    serving.get("index.html")
    place = serving.content / link
    place.parent.mkdir(exist_ok=True)
    place.symlink_to(target)
    line = rf"^content/{link}: warning: is a link to a folder that it lies in, and is not followed;"
    until(lambda: serving.lines_with(line), "it is named")
    serving.save("content/stories/a.md", "It was late.", "It was early.")
    until(lambda: b"It was early." in serving.get("stories/a.html"), "it goes on")


@pytest.mark.slow
def test_a_content_folder_that_is_gone_for_a_while_ends_nothing(start) -> None:
    serving = start()
    serving.get("index.html")
    serving.content.rename(serving.content.with_name("away"))
    until(lambda: serving.lines_with("the content folder does not exist"), "it says so")
    assert b"It was late." in serving.get("stories/a.html")
    serving.content.with_name("away").rename(serving.content)
    until(lambda: serving.lines_with("nothing changed"), "it is back")
    serving.save("content/stories/a.md", "It was late.", "It was early.")
    until(lambda: b"It was early." in serving.get("stories/a.html"), "it is served")


@pytest.mark.slow
def test_what_is_saved_before_anybody_watches_is_served_and_nothing_is_said_twice(
    content, tmp_path, monkeypatch
) -> None:
    folder = content(STORIES)
    serving, lines = create_session(folder, tmp_path / "site")
    channel = serving.channel

    class Watcher:
        polls = False

        def __init__(self, *_: Any, **__: Any) -> None:
            if not lines[1:]:  # the first that watches comes too late for this
                (folder / "stories/a.md").write_text(story("Saved early"), encoding="utf-8")

        def wait(self, seconds: float) -> tuple[Path, ...]:
            raise KeyboardInterrupt

        def watch_also(self, *_: Any) -> None:
            pass

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
    assert b"Saved early" in channel.current.files["stories/a.html"]
    printed = [re.sub(r"\d+ ms", "1 ms", line) for line in lines if not line.startswith("Serving")]
    pages = len([name for name in channel.current.files if name.endswith(".html")])
    assert printed[0] == f"Built: {pages} pages, in 1 ms."
    assert re.fullmatch(r"Built: \d pages changed, in 1 ms\.", printed[1])
    assert len(printed) == 2


def test_where_the_first_build_fails_the_last_good_site_of_the_folder_is_shown(
    content, tmp_path
) -> None:
    folder, out = content(STORIES), tmp_path / "site"
    pipeline.build(folder, LAYOUTS, out)
    written = (out / "stories/a.html").read_bytes()
    saved = folder / "stories/a.md"
    saved.write_text(story("Alpha", "levl: x"), encoding="utf-8")
    serving, lines = create_session(folder, out)
    serving.rebuild(())
    current = serving.channel.current
    assert current.files["stories/a.html"] == written
    assert [fault.message for fault in current.diagnostics] == ["unknown key `levl`"]
    assert re.fullmatch(r"Built: 1 error, in \d+ ms\. The last good pages are shown\.", lines[-1])
    serving.rebuild(())
    assert len([line for line in lines if line.startswith("Built")]) == 1
    saved.write_text(story("Mended"), encoding="utf-8")
    serving.rebuild((saved,))
    assert b"Mended" in serving.channel.current.files["stories/a.html"]
    assert serving.channel.current.diagnostics == ()


@pytest.mark.slow
@pytest.mark.parametrize("broken", ["public", "lost", "outside"])
def test_no_site_of_the_folder_is_shown_that_is_not_whole_or_not_private(
    content, tmp_path, broken
) -> None:
    folder, out = content(STORIES), tmp_path / "site"
    edition = Edition.PUBLIC if broken == "public" else Edition.PRIVATE
    pipeline.build(folder, LAYOUTS, out, edition=edition)
    if broken == "lost":
        (out / "index.html").unlink()
    (tmp_path / "secret").write_text("Mine")
    if broken == "outside":
        manifest = out / output.NAME
        manifest.write_text(output.manifest_text(edition, ["../secret"]))
    (folder / "stories/a.md").write_text(story("Alpha", "levl: x"), encoding="utf-8")
    serving, lines = create_session(folder, out)
    serving.rebuild(())
    assert serving.channel.current.files == {}
    assert re.fullmatch(r"Built: 1 error, in \d+ ms\. There is no page yet\.", lines[-1])


@pytest.mark.slow
def test_pages_that_were_shown_are_on_disk_though_ctrl_c_came_before_their_search_index(
    content, tmp_path, monkeypatch
) -> None:
    folder = content(STORIES)
    serving, lines = create_session(folder, tmp_path / "site")
    serving.rebuild(())
    saved = folder / "stories/a.md"
    saved.write_text(story("Saved late"), encoding="utf-8")

    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "_make_files", interrupt)
    with pytest.raises(KeyboardInterrupt):
        serving.rebuild((saved,))
    assert b"Saved late" in serving.channel.current.files["stories/a.html"]
    monkeypatch.undo()
    serving.finish()
    for name in ("stories/a.html", "search-index.js"):
        assert "Saved late" in (tmp_path / "site" / name).read_text(encoding="utf-8")
    assert lines[-1].endswith("is up to date.")


@pytest.mark.slow
def test_a_mistake_of_ours_in_the_first_build_is_shown_over_the_last_good_site(
    content, tmp_path, monkeypatch
) -> None:
    folder, out = content(STORIES), tmp_path / "site"
    pipeline.build(folder, LAYOUTS, out)
    serving, _ = create_session(folder, out)

    def stumble(*_: Any, **__: Any) -> None:
        raise KeyError("nobody expects this")

    monkeypatch.setattr(pipeline, "build_site", stumble)
    serving.rebuild(())
    current = serving.channel.current
    assert current.files["stories/a.html"] == (out / "stories/a.html").read_bytes()
    assert [fault.rule for fault in current.diagnostics] == ["internal"]


def test_a_mistake_of_ours_is_a_fault_that_is_shown_and_ends_nothing(
    content, tmp_path, monkeypatch
) -> None:
    serving, lines = create_session(content(STORIES), tmp_path / "site")
    channel = serving.channel
    serving.rebuild(())
    good = channel.current

    def stumble(*_: Any, **__: Any) -> None:
        raise KeyError("nobody expects this")

    monkeypatch.setattr(pipeline, "build_site", stumble)
    serving.rebuild((Path("a.md"),))
    (fault,) = channel.current.diagnostics
    assert fault.rule == "internal"
    assert fault.message == "internal error: KeyError: 'nobody expects this'"
    assert "this is a bug in Starbook" in fault.hint
    assert any("session.py" in step and "rebuild" in step for step in fault.trace)
    assert channel.current.files == good.files
    assert lines[-1].endswith("or run the command again [internal]")
    serving.write_due = 0.0
    assert not serving._should_write()  # nothing is put on disk as long as there is a fault
    monkeypatch.undo()
    serving.rebuild((Path("a.md"),))
    assert channel.current.diagnostics == ()
    serving.write_due = 0.0
    assert serving._should_write()
