"""Measure the time from a save to its page: `python3 tests/benchmarks/bench_serve.py [100 1000]`.

Serves made-up handbooks of the sizes given, adds a line to a story, and asks for its page until the
line is there: the median of seven saves, and the slowest. Before that, how long from the command
until the first page is served: with nothing left of an earlier one, and after a build. Machines
differ and are shared, so compare numbers within one run only.
"""

import argparse
import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bench import ROOT, make_handbook

SAVES = 7
# Between two saves, as a person makes them: the site is put on disk in the meantime.
PAUSE = 2.0


@contextmanager
def served(content: Path, out: Path) -> Iterator[http.client.HTTPConnection]:
    """A connection to a `serve` of this content."""
    command = [sys.executable, ROOT / "build.py", "serve", "--port", "0", "--content", content]
    process = subprocess.Popen(
        [*command, "--out", out], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        said = iter(process.stdout.readline, "") if process.stdout else iter(())
        port = next(found[1] for line in said if (found := re.search(r"http://.*:(\d+)/", line)))
        with closing(http.client.HTTPConnection("127.0.0.1", int(port))) as connection:
            yield connection
    finally:
        process.kill()
        process.wait()


def page(connection: http.client.HTTPConnection, path: str) -> bytes:
    """Return what is served at a path."""
    connection.request("GET", path)
    return connection.getresponse().read()


def save(connection: http.client.HTTPConnection, story: Path, words: str) -> float:
    """Seconds from a save until its words are served."""
    text = story.read_text(encoding="utf-8") + f"\n{words}\n"
    begun = time.perf_counter()
    story.write_text(text, encoding="utf-8")
    while words.encode() not in page(connection, f"/stories/{story.stem}.html"):
        time.sleep(0.005)
    return time.perf_counter() - begun


def main() -> None:
    """Print a row for each size."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[100, 1000])
    sizes = parser.parse_args().sizes
    print("| stories | served anew, s | after a build, s | save → served, ms | slowest |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["STARBOOK_CACHE"] = str(Path(temporary, "cache"))
        for size in sizes:
            content, out = Path(temporary, str(size)), Path(temporary, f"site-{size}")
            make_handbook(content, size)
            anew = start(content, out)
            subprocess.run(
                [sys.executable, ROOT / "build.py", "--content", content, "--out", out],
                check=True, capture_output=True,
            )  # fmt: skip
            row = f"{anew:.2f} | {start(content, out):.2f} | {saves(content, out)}"
            print(f"| {size:,} | {row} |", flush=True)


def start(content: Path, out: Path) -> float:
    """Seconds until the first page is served."""
    begun = time.perf_counter()
    with served(content, out) as connection:
        page(connection, "/")
        return time.perf_counter() - begun


def saves(content: Path, out: Path) -> str:
    """The median and the slowest."""
    times = []
    with served(content, out) as connection:
        for n in range(SAVES):
            time.sleep(PAUSE)
            story = content / "stories" / f"story-{n}.md"
            times.append(1000 * save(connection, story, f"Saved for the {n}. time."))
    return f"{statistics.median(times):.0f} | {max(times):.0f}"


if __name__ == "__main__":
    main()
