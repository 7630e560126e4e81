"""The public edition as GitHub Pages serves it: below a path of a host that is not ours."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote, unquote, urldefrag, urljoin
from xml.etree import ElementTree

import pytest
import yaml
from conftest import DESK, LAYOUTS, ROOT, SAMPLE, Tabs, story
from playwright.sync_api import Page, expect

from starbook import cli
from starbook.build import pipeline
from starbook.commands import folders
from starbook.model import Edition

BASE = "https://example.org/x/"
HANDBOOK = ROOT / "tests" / "handbook"  # it has pages of each kind


def _public(content: Path, out: Path) -> Path:
    outcome = pipeline.build(content, LAYOUTS, out, edition=Edition.PUBLIC)
    assert not outcome.failed, [str(problem) for problem in outcome.problems]
    return out


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small handbook with an address, and with a name that no address can have as it is."""
    content = shutil.copytree(HANDBOOK, tmp_path_factory.mktemp("hosting") / "content")
    path = content / "handbook.yml"
    text = re.sub(r"^publish:.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    kinds = "publish: [questions, guides, to-ask, coverage]"
    path.write_text(f"{text}\n{kinds}\nbase_url: {BASE}\n", encoding="utf-8")
    cyrillic = story("Заказ ночью", "publish: true", "id: заказ-ночью")
    (content / "stories/order.md").write_text(cyrillic, encoding="utf-8")
    return content


@pytest.fixture(scope="module")
def public_site(content: Path) -> Path:
    return _public(content, content.parent / "site-public")


@pytest.fixture(scope="module")
def pages(public_site: Path) -> list[str]:
    found = sorted(p.relative_to(public_site).as_posix() for p in public_site.rglob("*.html"))
    assert len(found) > 20
    return found


# In the files


@pytest.mark.slow
def test_the_sitemap_lists_exactly_the_pages_but_the_one_for_what_is_not_there(
    public_site: Path, pages: list[str]
) -> None:
    root = ElementTree.parse(public_site / "sitemap.xml").getroot()

    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert root.tag == f"{space}urlset"
    assert {child.tag for child in root} == {f"{space}url"}
    addresses = [loc.text for loc in root.iter(f"{space}loc")]
    expected = [BASE + quote(page) for page in pages if page != "404.html"]
    assert sorted(addresses) == sorted(expected)
    assert f"{BASE}stories/{quote('заказ-ночью')}.html" in addresses


@pytest.mark.slow
def test_every_page_but_that_one_says_its_full_address(public_site: Path, pages: list[str]) -> None:
    for page in pages:
        words = (public_site / page).read_text(encoding="utf-8")
        said = re.findall(r'<link rel="canonical" href="([^"]*)">', words)
        assert page == "404.html" or list(map(unquote, said)) == [BASE + page]


@pytest.mark.slow
def test_nothing_is_left_for_jekyll_to_change(public_site: Path) -> None:
    assert (public_site / ".nojekyll").read_bytes() == b""


@pytest.mark.slow
@pytest.mark.parametrize("edition", list(Edition))
def test_without_an_address_there_is_none_of_this(
    edition: Edition, sample_site: Path, tmp_path: Path
) -> None:
    out = sample_site if edition is Edition.PRIVATE else _public(SAMPLE, tmp_path / "site")

    assert not (out / "sitemap.xml").exists()
    assert not (out / ".nojekyll").exists()
    words = "".join(page.read_text(encoding="utf-8") for page in out.rglob("*.html"))
    assert "canonical" not in words


# In a browser


class _Pages(SimpleHTTPRequestHandler):
    """As GitHub Pages does it: the site is below /x/, and what is not there is 404.html."""

    def translate_path(self, path: str) -> str:
        inside = unquote(urldefrag(path).url.partition("?")[0]).removeprefix("/x/")
        return str(Path(self.directory) / inside) if path.startswith("/x/") else "/nowhere"

    def do_GET(self) -> None:
        if self.path == "/favicon.ico":  # what browsers ask a host for on their own
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()

    def end_headers(self) -> None:
        if not self.path.endswith((".css", ".js")):  # many tests use one tab
            self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def send_error(self, code: int, *_: Any, **__: Any) -> None:
        body = (Path(self.directory) / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), lambda *args: _Pages(*args, directory=str(folder))
    )
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/x/"
    finally:
        server.shutdown()
        server.server_close()


class Visit:
    """A tab that remembers what it asked for, what it got, and what it complained of."""

    def __init__(self, page: Page, root: str) -> None:
        self.page = page
        self.root = root
        self.asked: list[str] = []
        self.got: dict[str, int] = {}
        self.complaints: list[str] = []
        self._listeners: dict[Any, Callable[[Any], None]] = {
            "request": lambda request: self.asked.append(request.url),
            "response": lambda answer: self.got.update({answer.url: answer.status}),
            "pageerror": lambda error: self.complaints.append(f"{page.url}: {error}"),
            "console": lambda said: self.complaints.append(f"{page.url}: {said.text}"),
        }
        for event, listener in self._listeners.items():
            page.on(event, listener)

    def end(self) -> None:
        for event, listener in self._listeners.items():
            self.page.remove_listener(event, listener)

    def __call__(self, path: str) -> int:
        answer = self.page.goto(self.root + path)
        assert answer
        return answer.status

    def style(self) -> Any:
        """Return the style of the heading, which is another one without the style sheets."""
        return self.page.evaluate(
            """() => {
                const style = getComputedStyle(document.querySelector('h1'));
                const body = getComputedStyle(document.body);
                return [style.fontFamily, style.fontSize, body.backgroundColor, body.margin];
            }"""
        )

    def links(self) -> set[str]:
        hrefs = self.page.eval_on_selector_all("a[href]", "links => links.map(a => a.href)")
        return {urldefrag(href).url.partition("?")[0] for href in hrefs}


@pytest.fixture(scope="module")
def root(public_site: Path) -> Iterator[str]:
    with served(public_site) as root:
        yield root


@pytest.fixture
def visit(tabs: Tabs, root: str) -> Iterator[Visit]:
    visit = Visit(tabs.lend(DESK), root)
    yield visit
    visit.end()
    tabs.take_back(visit.page)


@pytest.mark.browser
def test_every_page_and_every_link_works_below_a_path_and_asks_nobody_else(
    visit: Visit, pages: list[str]
) -> None:
    links: set[str] = set()
    for page in pages:
        assert visit(quote(page)) == 200
        assert visit.style()[0] != "Times New Roman"
        links |= visit.links()

    assert visit.complaints == []
    assert set(visit.got.values()) <= {200, 304}
    assert {url for url in visit.asked if not url.startswith(visit.root)} == set()
    own = {visit.root + quote(page) for page in pages}
    elsewhere = {link for link in links if not link.startswith(visit.root)}
    assert links - elsewhere <= own
    assert own - links <= {urljoin(visit.root, "404.html")}, "pages that no link leads to"
    assert all(link.startswith(("https://", "mailto:")) for link in elsewhere)


@pytest.mark.browser
@pytest.mark.parametrize(
    "path", ["nothing", "nothing.html", "a/b/c/nothing", "stories/nothing", "a b/ü"]
)
def test_what_is_not_there_is_said_in_our_style_and_leads_home(visit: Visit, path: str) -> None:
    assert visit("index.html") == 200
    ours = visit.style()
    assert visit(path) == 404

    assert visit.style()[0] == ours[0]
    assert visit.style()[2:] == ours[2:]
    expect(visit.page.locator("h1")).to_have_count(1)
    visit.page.get_by_role("link", name="Go to the home page").click()
    assert visit.page.url == f"{visit.root}index.html"
    assert visit.got[visit.page.url] == 200
    assert {url for url in visit.asked if not url.startswith(visit.root)} == set()


@pytest.mark.browser
@pytest.mark.parametrize("path", ["nothing", "a/b/c/nothing"])
def test_every_link_of_that_page_works_from_any_depth(visit: Visit, path: str) -> None:
    visit(path)
    links = visit.links() - {visit.page.url}

    assert len(links) > 2
    for link in sorted(links):
        answer = visit.page.goto(link)
        assert answer
        assert answer.status == 200, link


# The workflow that publishes


@pytest.fixture(scope="module")
def workflow() -> dict[Any, Any]:
    text = (ROOT / ".github/workflows/pages.yml").read_text(encoding="utf-8")
    found: dict[Any, Any] = yaml.safe_load(text)
    return found


def test_the_workflow_runs_when_it_is_asked_and_for_the_main_branch_alone(
    workflow: dict[Any, Any],
) -> None:
    assert workflow[True] == {"workflow_dispatch": None, "push": {"branches": ["main"]}}  # `on`


def test_the_workflow_may_do_no_more_than_publish(workflow: dict[Any, Any]) -> None:
    assert workflow["permissions"] == {"contents": "read", "pages": "write", "id-token": "write"}
    assert all("permissions" not in job for job in workflow["jobs"].values())
    assert workflow["concurrency"] == {"group": "pages", "cancel-in-progress": False}
    assert workflow["jobs"]["publish"]["environment"]["name"] == "github-pages"


def test_the_workflow_uses_official_actions_that_nobody_can_change_under_it(
    workflow: dict[Any, Any],
) -> None:
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    used = [step["uses"].split("@") for step in steps if "uses" in step]

    assert [name for name, _ in used] == [
        f"actions/{name}"
        for name in (
            *("checkout", "setup-python", "configure-pages"),
            *("upload-pages-artifact", "deploy-pages"),
        )
    ]
    assert all(re.fullmatch(r"[0-9a-f]{40}", commit) for _, commit in used)


def test_the_workflow_uploads_what_its_command_builds_which_is_the_public_edition(
    workflow: dict[Any, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    steps = workflow["jobs"]["build"]["steps"]
    [command] = [step["run"] for step in steps if "run" in step]
    [uploaded] = [step["with"]["path"] for step in steps if "path" in step.get("with", {})]
    program, *argv = command.split()[1:]
    assert program == "build.py"
    built: list[tuple[Path, Edition]] = []

    def build(*args: Any, edition: Edition, **_: Any) -> pipeline.BuildResult:
        built.append((args[2], edition))
        return pipeline.BuildResult(pipeline.Summary(), ())

    monkeypatch.setattr(pipeline, "build", build)
    monkeypatch.setattr(folders, "REMEMBERED", tmp_path / "none")
    assert cli.main(argv) == 0
    assert built == [(ROOT / uploaded, Edition.PUBLIC)]
