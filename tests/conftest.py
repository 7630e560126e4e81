"""Fixtures: a handbook from a few lines, a build of it, and a real browser."""

import argparse
import gc
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import count
from pathlib import Path
from types import CodeType
from typing import Any, NoReturn

import firefox
import msgspec
import pytest
from hypothesis import settings
from jinja2 import Environment

from starbook import cli
from starbook.build import lock, pipeline, queries
from starbook.editions import leaks
from starbook.editions.spelling import Form
from starbook.problem import Problem
from starbook.render import renderer
from starbook.text import catalogue

ROOT = Path(__file__).resolve().parent.parent
LAYOUTS = ROOT / "layouts"
SAMPLE = ROOT / "content"
CORPUS = ROOT.parent / "shared" / "corpus"

# Tests start Python hundreds of times. To compile all its modules each time is a fifth of that.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# An example that takes long on a busy machine is no fault of the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def examples(number: int) -> int:
    """Return how many random examples a costly test tries; STARBOOK_EXAMPLES says another number.

    Each of them builds a handbook or more.
    """
    return int(os.environ.get("STARBOOK_EXAMPLES") or number)


# Debian's names first: without a window Chromium takes two thirds of the time. The others are what
# people have.
_BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
_FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"),
    # A microphone that hums, and nobody to ask for it.
    *("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"),
]

READY = """---
title: {title}
status: ready
---

## Situation

It was late.

## Task

I had to mend it.

## Action

I mended it.

## Result

Errors fell from 9 to 2 %.
"""


def story(title: str = "A story", *front: str, body: str = "") -> str:
    """A story that checks clean, with more front matter and more sections."""
    text = READY.format(title=title)
    return text.replace("status: ready", "\n".join(["status: ready", *front])) + body


def brief(problem: Problem) -> str:
    """Return the line that is printed for a problem; a warning says so, an error does not."""
    return str(problem).replace(": error: ", ": ", 1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of properties as slow, and those that have the browser as such.

    The tests of properties take longest and come first: of several processes, one would go on
    with them when the others have ended.
    """
    for item in items:
        if _is_of_properties(item):
            item.add_marker("slow")
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    items.sort(key=_is_of_properties, reverse=True)


def pytest_collection_finish() -> None:
    """Have the garbage collector leave all that is there now: it would look through it each time.

    Programs that are forked share it for as long as nobody writes to it.
    """
    gc.collect()
    gc.freeze()


def _is_of_properties(item: pytest.Item) -> bool:
    return _is_in_properties(item.path)


@lru_cache
def _is_in_properties(path: Path) -> bool:
    return path.is_relative_to(ROOT / "tests" / "properties")


@pytest.fixture(scope="session")
def _cache_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders for the caches of tests: a factory looks through all it has made for each new one."""
    folder = tmp_path_factory.mktemp("caches")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def cache_root(_cache_folders: Iterator[Path]) -> Iterator[Path]:
    """The folder of the cache: each test has its own, which is not there yet."""
    folder = next(_cache_folders) / "starbook"
    folder.parent.mkdir()
    with pytest.MonkeyPatch.context() as patch:  # a test may undo what it patched itself
        patch.setenv("STARBOOK_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session")
def _folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tests")


@pytest.fixture
def tmp_path(_folders: Path, request: pytest.FixtureRequest) -> Path:
    """A folder for a test, as pytest has it, which would look through all those of other tests."""
    name = re.sub(r"\W", "_", request.node.name)[:26]
    folder = _folders / f"{name}-{next(_NUMBERS)}"
    folder.mkdir(0o700)
    return folder


_NUMBERS = count()


@pytest.fixture(scope="session")
def _cache_with_layouts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cache of a build."""
    folder = tmp_path_factory.mktemp("compiled")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STARBOOK_CACHE", str(folder / "cache"))
        handbook = str(ROOT / "tests" / "handbook")
        assert cli.main(["--content", handbook, "--out", str(folder / "site")]) == 0
    return folder / "cache"


@pytest.fixture
def compiled_layouts(cache_root: Path, _cache_with_layouts: Path) -> None:
    """Have the cache begin with the layouts compiled, which takes a program half its time."""
    cache_root.mkdir(0o700)
    for path in _cache_with_layouts.glob("*.template"):
        shutil.copy2(path, cache_root)


@pytest.fixture(scope="session", autouse=True)
def _layouts_compiled_once() -> Iterator[None]:
    """Compile equal layouts once in a process: that is four fifths of the time of a small build.

    A copy in another folder is equal; only the name of its file is put into the code.
    """
    compile_layout = Environment.compile
    codes: dict[tuple[Any, ...], Any] = {}

    def compile_once(
        environment: Environment, source: str, name: str, filename: str, *rest: Any
    ) -> Any:
        texts = msgspec.msgpack.encode(environment.filters["t"].__self__)  # they are in the code
        key = (type(environment), source, name, texts, *rest)
        if key not in codes:
            codes[key] = compile_layout(environment, source, name, filename, *rest)
        return _in_file(codes[key], filename)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Environment, "compile", compile_once)
        yield


def _in_file(code: CodeType, filename: str) -> CodeType:
    """Return compiled code as if it had been compiled from this file."""
    if code.co_filename == filename:
        return code
    constants = (
        _in_file(part, filename) if isinstance(part, CodeType) else part for part in code.co_consts
    )
    return code.replace(co_filename=filename, co_consts=tuple(constants))


@pytest.fixture(scope="session", autouse=True)
def _texts_and_assets_read_once() -> Iterator[None]:
    """Read equal texts, style sheets and scripts once in a process: every site has them."""
    parse = lru_cache(64)(catalogue.parse)
    join = lru_cache(64)(renderer._join_scripts)
    keys = lru_cache(64)(lambda assets: list(renderer.find_script_keys(assets)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "parse", lambda data: dict(parse(data)))
        patch.setattr(renderer, "_join_scripts", lambda texts: join(tuple(texts)))
        patch.setattr(renderer, "_squeeze", lru_cache(256)(renderer._squeeze))
        patch.setattr(renderer, "_shorten_sheet", lru_cache(64)(renderer._shorten_sheet))
        patch.setattr(queries, "find_script_keys", lambda assets: keys(tuple(assets)))
        patch.setattr(leaks, "decode", lru_cache(64)(leaks.decode))
        patch.setattr(Form, "folded", lru_cache(256)(Form.folded))
        yield


@pytest.fixture(scope="session", autouse=True)
def _language_of_options_found_once() -> Iterator[None]:
    """Have argparse look once for its words in the person's language, and not for each option."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(argparse, "_", lru_cache(argparse._))
        yield


@pytest.fixture
def content(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], Path]:
    """A content folder with these files, by path."""

    def make(files: Mapping[str, str | bytes]) -> Path:
        folder = tmp_path / "content"
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return folder

    return make


Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Run a command on `content/`; return its exit code, and what it prints to both channels."""
    monkeypatch.chdir(tmp_path)

    def run(name: str, *argv: str) -> tuple[int, str, str]:
        code = cli.main([name, "--content", "content", *argv])
        printed = capsys.readouterr()
        return code, printed.out.removeprefix("Content: content\n"), printed.err

    return run


def answering(patch: pytest.MonkeyPatch, answer: str, asked: list[str] | None = None) -> list[str]:
    """Sit at a terminal and answer each question so; return what was asked, after `asked`."""
    asked = [] if asked is None else asked

    def reply(question: str) -> str:
        asked.append(question)
        return answer

    for stream in (sys.stdin, sys.stdout):
        patch.setattr(stream, "isatty", lambda: True)
    patch.setattr("builtins.input", reply)
    return asked


@pytest.fixture
def problems(
    content: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Mapping[str, str | bytes]], list[str]]:
    """Return a function that checks files and returns a line for each problem, see `brief`."""
    monkeypatch.chdir(tmp_path)

    def check(files: Mapping[str, str | bytes]) -> list[str]:
        _, found = pipeline.load(content(files))
        return [brief(problem) for problem in found]

    return check


@pytest.fixture
def build(content: Callable[..., Path], tmp_path: Path) -> Callable[..., Path]:
    """Build these files, which must be clean of errors, and return the site."""

    def make(files: Mapping[str, str | bytes]) -> Path:
        outcome = pipeline.build(content(files), LAYOUTS, tmp_path / "site")
        assert not outcome.failed, [str(problem) for problem in outcome.problems]
        return tmp_path / "site"

    return make


@pytest.fixture(scope="session")
def sample_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The handbook that ships, built."""
    return _built_once(SAMPLE, tmp_path_factory, "sample")


@pytest.fixture(scope="session")
def corpus() -> Path:
    """A large handbook that is not part of the checkout."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not beside this checkout")
    return CORPUS


@pytest.fixture(scope="session")
def corpus_site(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The large handbook, built."""
    return _built_once(corpus, tmp_path_factory, "corpus")


def _built_once(handbook: Path, tmp_path_factory: pytest.TempPathFactory, name: str) -> Path:
    """Return the site of a handbook, which the first worker process that needs it builds."""

    def build(site: Path) -> None:
        outcome = pipeline.build(handbook, LAYOUTS, site)
        assert not outcome.failed, [str(problem) for problem in outcome.problems]

    return made_once(build, tmp_path_factory, f"{name}-site")


def made_once(
    make: Callable[[Path], None], tmp_path_factory: pytest.TempPathFactory, name: str
) -> Path:
    """Return a folder that all worker processes share, and that the first one makes.

    The others wait meanwhile. What fails is tried again by the next.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, done = shared / name, shared / f"{name}.done"
    with lock.holding(shared / f"{name}.lock", 300, lambda holder: None):
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            make(folder)
            done.touch()
    return folder


def browser_path() -> str | None:
    """Return the path of Chromium on this machine."""
    return next(filter(None, map(shutil.which, _BROWSERS)), None)


def lack(browser: str) -> NoReturn:
    """Skip a test for the lack of a browser, or fail it where browsers are required."""
    message = f"no {browser} on this machine"
    if os.environ.get("STARBOOK_BROWSER") == "required":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A running Chromium; without one the test is skipped, or fails where one is required."""
    path = browser_path() or lack("Chromium")
    from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415 (slow to import)

    expect.set_options(timeout=20_000)  # ms; a busy machine is no fault of the page
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def fox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[firefox.Firefox]:
    """A running Firefox; without one the test is skipped, or fails where one is required."""
    program = firefox.path() or lack("Firefox")
    with firefox.running(program, tmp_path_factory.mktemp("firefox")) as running:
        yield running


DESK = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}


class Tabs:
    """The tabs of a browser, lent to one test after another: a new one takes half a second.

    Nothing that a test can leave in one reaches the next, or the tab is closed.
    """

    def __init__(self, browser: Any) -> None:
        self.browser = browser
        self._free: dict[tuple[Any, ...], list[Any]] = {}
        self._lent: dict[Any, tuple[Any, ...]] = {}

    def lend(
        self,
        size: Any,
        color_scheme: Any = "light",
        reduced_motion: Any = "no-preference",
        **options: Any,
    ) -> Any:
        """Return an empty tab of this size; `options` are those of a context of the browser."""
        key = tuple(sorted(options.items()))
        free = self._free.setdefault(key, [])
        page = free.pop() if free else self.browser.new_context(**options).new_page()
        self._lent[page] = key
        page.set_viewport_size(size)
        page.emulate_media(media="null", color_scheme=color_scheme, reduced_motion=reduced_motion)
        return page

    def take_back(self, page: Any) -> None:
        """Empty a tab for the next test."""
        key = self._lent.pop(page)
        try:
            page.evaluate("localStorage.clear(); sessionStorage.clear()")
            page.mouse.move(-1, -1)  # it would hover over something of the next page
            page.goto("about:blank")
        except Exception:  # closed, or without the storage: not one for another test
            page.context.close()
        else:
            self._free[key].append(page)


@pytest.fixture(scope="session")
def tabs(chromium: Any) -> Tabs:
    """The tabs that tests share."""
    return Tabs(chromium)


@pytest.fixture
def visit(tabs: Tabs, sample_site: Path) -> Iterator[Callable[..., Any]]:
    """Open a page of the sample site; any word the browser has to say about it is a fault."""
    with visiting(tabs, sample_site, DESK, ("console", "pageerror")) as visit:
        yield visit


@contextmanager
def visiting(
    tabs: Tabs, sample: Path, desk: Any, events: Sequence[str]
) -> Iterator[Callable[..., Any]]:
    """Give a function that opens pages in tabs; each of these events there is a fault."""
    complaints: list[str] = []
    lent: list[tuple[Any, Callable[[Any], None]]] = []

    def visit(path: str, site: Path = sample, size: Any = desk, **options: Any) -> Any:
        page = tabs.lend(size, **options)

        def complain(what: Any) -> None:
            complaints.append(f"{page.url}: {getattr(what, 'text', what)}")

        lent.append((page, complain))
        for event in events:
            page.on(event, complain)
        page.goto(address(site, path))
        return page

    try:
        yield visit
    finally:
        for page, complain in lent:
            tabs.take_back(page)
            for event in events:
                page.remove_listener(event, complain)
    assert complaints == []


def breaches(page: Any, **options: Any) -> list[str]:
    """Return the rules of accessibility that a page breaks, each with the element and the reason.

    Axe is put into a page once, and so is quicker when it is asked again, of another size or hue.
    """
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 (large)

    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
        page.evaluate(_FEW_OF_A_KIND)
    options = {"resultTypes": ["violations"], "preload": False, **options}
    run = "(options) => axe.run(options).then((found) => found.violations)"
    return [
        f"{rule['id']}: {node['html']} – {_why(node)}"
        for rule in page.evaluate(run, options)
        for node in rule["nodes"]
    ]


# To measure contrast is nine tenths of axe's time. So it measures three of each kind of element:
# those with the same style in elements of the same styles have the same contrast.
_FEW_OF_A_KIND = """() => {
  const rule = axe._audit.rules.find((it) => it.id === "color-contrast");
  const [matches, run] = [rule.matches, axe.run];
  const styles = ["color", "backgroundColor", "backgroundImage", "fontSize", "fontWeight",
                  "opacity", "filter", "mixBlendMode", "textShadow", "position", "zIndex",
                  "visibility", "-webkit-text-stroke-color"];
  let kinds, numbers, measured;
  const kind = (element) => {
    if (!element) return 0;
    if (!kinds.has(element)) {
      const style = getComputedStyle(element);
      const own = [kind(element.parentElement), element.localName, element.className,
                   ...styles.map((name) => style[name])].join("|");
      if (!numbers.has(own)) numbers.set(own, numbers.size + 1);
      kinds.set(element, numbers.get(own));
    }
    return kinds.get(element);
  };
  rule.matches = (element, ...rest) => {
    const count = measured.get(kind(element)) ?? 0;
    if (count === 3 || !matches.call(rule, element, ...rest)) return false;
    return Boolean(measured.set(kind(element), count + 1));
  };
  axe.run = (...options) => {
    [kinds, numbers, measured] = [new Map(), new Map(), new Map()];
    return run(...options);
  };
}"""


def breaches_in_each_scheme(page: Any, **options: Any) -> list[str]:
    """Return the rules of accessibility that a page breaks in the light and in the dark.

    Between the two only colours differ (`tests/site/test_class_names.py` holds that), so in the
    dark the rules about colours are enough.
    """
    page.emulate_media(color_scheme="light")
    light = breaches(page, **options)
    page.emulate_media(color_scheme="dark")
    return light + [f"dark: {one}" for one in breaches(page, runOnly=_OF_COLOURS)]


# The rules of axe that look at colours.
_OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}


def _why(node: dict[str, Any]) -> str:
    return "; ".join(check["message"] for check in [*node["any"], *node["all"], *node["none"]])


def address(site: Path, path: str) -> str:
    """Of a page on the disk, with what stands behind `?` or `#`."""
    file, behind = re.fullmatch(r"([^?#]*)(.*)", path).groups()
    return (site / file).as_uri() + behind
