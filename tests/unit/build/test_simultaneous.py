"""Builds at once, in any order: each site comes out as if its builds had run one after the other.

A scheduler forks the builds and stops each at every lock and write. It lets them go on in an order
that follows from a seed, and at some moment takes a story back that was published. Run as a
program, this file is the scheduler.
"""

import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import LAYOUTS, ROOT, story
from editions import read, write

from starbook import cli
from starbook.build import fast_path, lock, output
from starbook.render.renderer import TEMPLATES
from starbook.serve import http, session

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="Windows does not fork"),
    pytest.mark.skipif(not shutil.which("git"), reason="no git on this machine"),
]

BUILDS = {
    "two private": ("private", "private"),
    "two public": ("public", "public"),
    "private and public": ("private", "public", "private"),
    "public and deploy": ("public", "deploy"),
    "two deploys": ("deploy", "deploy"),
    "private and serve": ("private", "serve"),
    "all": ("private", "public", "deploy", "serve"),
    "public, public and deploy": ("public", "deploy", "public"),
}
# How many orders are tried in all, each about a third of a second of a processor.
ORDERS = int(os.environ.get("STARBOOK_ORDERS", "16"))


def test_builds_at_once_are_as_if_they_ran_one_after_the_other(tmp_path: Path) -> None:
    """All groups begin with the same sites, which take longer to make than a few orders to try."""
    paths = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    environ = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environ |= {"PYTHONPATH": paths, "STARBOOK_CACHE": str(tmp_path / "place/cache")}
    environ.pop("STARBOOK_VENV", None)
    done = subprocess.run(
        [sys.executable, __file__, str(tmp_path), str(ORDERS // len(BUILDS))],
        capture_output=True, text=True, check=False, env=environ, timeout=900 + 5 * ORDERS,
    )  # fmt: skip
    assert done.returncode == 0, (tmp_path / "log").read_text(encoding="utf-8")[-2000:]
    found = json.loads(done.stdout)
    assert found["faults"] == []
    stops = found["stops"]
    assert stops.keys() == BUILDS.keys()
    assert {group: n for group, n in stops.items() if n <= 50 * ORDERS // len(BUILDS)} == {}


# The scheduler

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
CHANGES = {
    *("os.mkdir", "os.link", "os.symlink", "os.rename", "os.remove", "os.rmdir", "os.chmod"),
    *("fcntl.flock", "sqlite3.connect", "subprocess.Popen"),
}


def is_stop(event: str, args: tuple[Any, ...]) -> bool:
    """Return True for a lock and for a write, and where the list of a site is read."""
    if event != "open":
        return event in CHANGES
    return bool(args[2] & WRITING) or str(args[0]).endswith(output.NAME)


class Task:
    """A build in a process of its own, which stops before each lock and write."""

    def __init__(self, kind: str, log: Path) -> None:
        self.kind = kind
        self.log = log
        self.began_after_edit: bool | None = None
        go, self._go = os.pipe()
        self._at, at = os.pipe()
        self.process = os.fork()
        if self.process == 0:
            code = 1
            try:
                os.close(self._go)
                os.close(self._at)
                _redirect(log)
                _stop(go, at)
                sys.addaudithook(lambda event, args: is_stop(event, args) and _stop(go, at))
                code = RUN[kind]()
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        os.close(go)
        os.close(at)
        os.read(self._at, 1)

    def step(self) -> bool:
        """Let it go on to its next stop; return False if it has ended."""
        os.write(self._go, b"g")
        return os.read(self._at, 1) != b""

    def end(self) -> str:
        """Return what was printed, if it ended with a fault."""
        os.close(self._go)
        os.close(self._at)
        _, status = os.waitpid(self.process, 0)
        return self.log.read_text(encoding="utf-8") if status else ""


def _redirect(log: Path) -> None:
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(file, 1)
    os.dup2(file, 2)


def _stop(go: int, at: int) -> None:
    os.write(at, b".")
    if not os.read(go, 1):
        os._exit(1)


def build(*argv: str) -> int:
    """`python3 build.py`, as its door runs it."""
    folders = ["--content", "../content", "--layouts", "../layouts"]
    arguments = [*argv, *folders]
    return 0 if fast_path.replay_if_unchanged(arguments) else cli.main(arguments)


def serve() -> int:
    terminal = session.Terminal(print, print, lambda *_: None)
    paths = Path("../content"), Path("../layouts"), Path("../site")
    serving = session.Session(*paths, http.SnapshotChannel(), terminal)
    serving.begin(lambda: None)
    serving.write()
    return 0 if serving.on_disk else 1


RUN: dict[str, Callable[[], int]] = {
    "private": lambda: build("build", "--out", "../site"),
    "public": lambda: build("build", "--public", "--out", "../public"),
    "deploy": lambda: build("deploy", "--yes", "--out", "../public"),
    "serve": serve,
}
FOLDER = {"private": "site", "serve": "site", "public": "public", "deploy": "public"}

PUBLISHED = story("The heron", "publish: true")
TAKEN_BACK = story("The heron", body="\n## Aside\n\nOnly for me.\n")


class Stage:
    """The place of all builds, which is as it was at first before each of them."""

    def __init__(self, folder: Path) -> None:
        self.place, self.saved = folder / "place", folder / "saved"
        self.clean: dict[tuple[str, bool], dict[str, bytes]] = {}

    def prepare(self) -> None:
        (self.place / "layouts/assets").mkdir(parents=True)
        shutil.copytree(LAYOUTS / "languages", self.place / "layouts/languages")
        (self.place / "layouts/assets/a.css").write_text("p {}", encoding="utf-8")
        for name in TEMPLATES.values():
            text = "<title>{{ page.title }}</title>\n"
            (self.place / "layouts" / name).write_text(text, encoding="utf-8")
        card = "<p>{{ page.card.id }}</p>\n"
        (self.place / "layouts/card.html").write_text(card, encoding="utf-8")
        printed = "<p>{{ page.story.id }}</p>\n"
        (self.place / "layouts/print-story.html").write_text(printed, encoding="utf-8")
        (self.place / "layouts/practice-story.html").write_text("<p></p>\n", encoding="utf-8")
        stories = {
            "stories/crane.md": story("The crane", "publish: true"),
            "stories/crow.md": story("The crow"),
        }
        write(self.place / "content", stories)
        clone = self.place / "clone"
        clone.mkdir()
        os.chdir(clone)
        for command in (
            ["init", "--quiet"], ["init", "--quiet", "--bare", "../remote.git"],
            ["remote", "add", "origin", "../remote.git"],
            ["config", "user.name", "Ada"], ["config", "user.email", "ada@example.org"],
        ):  # fmt: skip
            subprocess.run(["git", *command], check=True)
        for edited in (True, False):
            self.tell(TAKEN_BACK if edited else PUBLISHED)
            for name, edition in (("site", []), ("public", ["--public"])):
                shutil.rmtree(self.place / "clean", ignore_errors=True)
                assert build("build", "--no-cache", "--out", "../clean", *edition) == 0
                self.clean[name, edited] = read(self.place / "clean")
        shutil.rmtree(self.place / "clean")

    def save(self, *first: str) -> None:
        """Have these builds behind, and keep all that there is then."""
        if self.saved.exists():
            self.reset()
        for kind in first:
            assert RUN[kind]() == 0
        shutil.rmtree(self.saved, ignore_errors=True)
        shutil.copytree(self.place, self.saved, symlinks=True)

    def reset(self) -> None:
        os.chdir("/")
        shutil.rmtree(self.place)
        shutil.copytree(self.saved, self.place, symlinks=True)
        os.chdir(self.place / "clone")

    def tell(self, text: str) -> None:
        path = self.place / "content/stories/heron.md"
        path.with_suffix(".tmp").write_text(text, encoding="utf-8")
        path.with_suffix(".tmp").replace(path)

    def run(self, kinds: tuple[str, ...], seed: int) -> tuple[str, list[str]]:
        """Return the order in which builds went on, and what is wrong with what came of it."""
        self.reset()
        chance = random.Random(seed)
        tasks = [Task(kind, self.place / f"{n}.log") for n, kind in enumerate(kinds)]
        left, order, faults, stops = list(tasks), "", [], 0
        edit_at = chance.randrange(0, 100)
        longest = chance.choice((2, 20, 200))
        while left:
            task = chance.choice(left)
            for _ in range(chance.randint(1, longest)):
                if stops == edit_at:
                    self.tell(TAKEN_BACK)
                    order += "e"
                if task.began_after_edit is None:
                    task.began_after_edit = stops >= edit_at
                stops += 1
                order += str(tasks.index(task))
                if not task.step():
                    left.remove(task)
                    faults += filter(None, [task.end()])
                    break
        is_edited = stops > edit_at
        for name in ("site", "public"):
            late = any(t.began_after_edit for t in tasks if FOLDER[t.kind] == name)
            if any(FOLDER[kind] == name for kind in kinds):
                faults += self.compare(name, read(self.place / name), late, is_edited)
        if "deploy" in kinds:
            late = any(t.began_after_edit for t in tasks if t.kind == "deploy")
            faults += self.compare("public", self.branch(), late, is_edited)
        beside = {path.name for path in self.place.iterdir() if path.suffix != ".log"}
        known = {"cache", "clone", "content", "layouts", "public", "remote.git", "site"}
        faults += [f"left behind: {name}" for name in sorted(beside - known)]
        return order, [f"seed {seed}: {fault}" for fault in faults]

    def branch(self) -> dict[str, bytes]:
        """Return the files on the branch, but for the one that hosts need."""
        git = ["git", "-C", "../remote.git"]
        names = subprocess.check_output([*git, "ls-tree", "-r", "-z", "--name-only", "gh-pages"])
        paths = [name for name in names.decode().split("\0") if name and name != ".nojekyll"]
        shown = {path: f"gh-pages:{path}" for path in paths}
        return {p: subprocess.check_output([*git, "show", at]) for p, at in shown.items()}

    def compare(self, name: str, found: dict[str, bytes], late: bool, is_edited: bool) -> list[str]:
        """Compare a site with those of the content before and after the story was taken back."""
        allowed = {edited for edited in (False, True) if found == self.clean[name, edited]}
        if not allowed:
            wrong = [path for path in found if found[path] != self.clean[name, True].get(path)]
            return [f"{name} is neither site: {sorted(found)}, {wrong}"]
        if late and True not in allowed:
            return [f"{name} is that of older content"]
        if not is_edited and False not in allowed:
            return [f"{name} is that of content to come"]
        return []


def main(folder: str, count: str) -> None:
    lock._PAUSE = 0.0  # who waits goes on when the scheduler says so
    stage = Stage(Path(folder))
    printed = os.dup(1)
    _redirect(Path(folder) / "log")
    stage.prepare()
    orders: dict[str, set[str]] = {group: set() for group in BUILDS}
    faults = []
    for first in ((), ("private", "deploy")):  # without anything, then with a cache and sites
        stage.save(*first)
        wanted = int(count) if first else int(count) // 2
        for group, tried in orders.items():
            for seed in itertools.count(len(tried)):
                if len(tried) >= wanted:
                    break
                order, wrong = stage.run(BUILDS[group], seed)
                tried.add(order)
                faults += [f"{group}: {fault}" for fault in wrong]
    stops = {group: sum(map(len, tried)) for group, tried in orders.items()}
    found = {"stops": stops, "faults": faults}
    os.write(printed, json.dumps(found).encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
