"""Measure Ask: `python3 tests/benchmarks/bench_search.py [89 1000 5000]`.

First the labelled queries of ask_queries.json over the sample handbook, and those that lie beside
the checkout over theirs, if they do: MRR@10, nDCG@5, and how often a right story stands first, or
among the first five. Then, at each size, made-up stories twice: with the few words of bench.py, and
with as many different words as real stories have. All of it in Chromium, from disk.

Sizes are in kB, compressed as a server would; times are in ms. Ready is Ask from the focus in the
box of a page that has been drawn until a first search has an answer; those of a keystroke are of
typing every query letter by letter: looking up and ranking, and showing as well.
"""

import argparse
import gzip
import json
import math
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import bench  # noqa: E402

from starbook.build import pipeline  # noqa: E402
from starbook.build.queries import private_handbook, words_and_postings  # noqa: E402
from starbook.text import tokenizer  # noqa: E402

QUERIES = ROOT / "tests" / "ask_queries.json"
OTHERS = ROOT.parent / "shared"
FIRST, FIVE = 10, 5
_SYLLABLES = "ba ce di fo gu ka le mi no pu ra se ti vo zu cha ster lin mor net pel ran".split()


class Quality(NamedTuple):
    """Of all queries, the means: each from 0 to 1."""

    mrr: float
    ndcg: float
    first: float
    five: float


def quality(found: list[list[str]], wanted: list[dict[str, int]]) -> Quality:
    """Return how well the ids found, best first, match the grades of those wanted."""
    rows = [_quality(ids, grades) for ids, grades in zip(found, wanted, strict=True)]
    return Quality(*(statistics.mean(column) for column in zip(*rows, strict=True)))


def _quality(ids: list[str], grades: dict[str, int]) -> Quality:
    rank = next((n for n, ident in enumerate(ids[:FIRST], 1) if ident in grades), 0)
    gained = _gain(grades.get(ident, 0) for ident in ids[:FIVE])
    best = _gain(sorted(grades.values(), reverse=True)[:FIVE])
    return Quality(1 / rank if rank else 0, gained / best, rank == 1, 1 <= rank <= FIVE)


def _gain(grades: Any) -> float:
    return sum((2**grade - 1) / math.log2(n + 2) for n, grade in enumerate(grades))


def stories_found(page: Any, queries: list[str]) -> list[list[str]]:
    """The ids of the stories that a page finds for each query."""
    ask = """async (queries) => {
      const found = [];
      for (const query of queries) found.push(await starbook.search(query, 20));
      return found.map((list) => list.filter((it) => it.kind === "story").map((it) => it.id));
    }"""
    return list(page.evaluate(ask, queries))


def labelled(path: Path) -> tuple[list[str], list[dict[str, int]]]:
    """The queries of a file and their grades."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    return [row["q"] for row in rows], [row["relevant"] for row in rows]


def made_up_words(count: int) -> list[str]:
    """So many different words, none of which means anything."""
    rng = random.Random(count)
    words = {"".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4))) for _ in range(count * 2)}
    return sorted(words)[:count]


def make_wordy(folder: Path, count: int) -> None:
    """Stories as bench.py makes them, in as many words as real ones: a few often, many once."""
    bench.make_handbook(folder, count)
    rng = random.Random(count)
    words = made_up_words(min(2000 + 5 * count, 20_000))
    rng.shuffle(words)
    weights = [1 / (n + 10) for n in range(len(words))]
    for path in sorted((folder / "stories").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        draw = iter(rng.choices(words, weights, k=1000))
        lines = [
            " ".join(next(draw) if word in bench.NOUNS else word for word in line.split(" "))
            if line.startswith(("I ", "- I "))
            else line
            for line in text.split("\n")
        ]
        extra = " ".join(next(draw) for _ in range(60))
        path.write_text("\n".join(lines) + f"\n## Notes\n\n{extra}\n", encoding="utf-8")


def sent(path: Path) -> int:
    """Return the bytes of a file that a server sends."""
    return len(gzip.compress(path.read_bytes(), 9, mtime=0))


_READY = """async () => {
  const begun = performance.now();
  document.querySelector(".ask").q.focus();
  await starbook.search("x", 1);
  return performance.now() - begun;
}"""
_KEYSTROKES = """async (queries) => {
  const times = [], shown = [];
  const box = document.querySelector(".ask").q;
  for (const query of queries) {
    for (let end = 1; end <= query.length; end++) {
      const part = query.slice(0, end);
      let begun = performance.now();
      await starbook.search(part, 20);
      times.push(performance.now() - begun);
      box.value = part;
      begun = performance.now();
      box.dispatchEvent(new InputEvent("input"));
      shown.push(performance.now() - begun);
      await new Promise((done) => setTimeout(done));
    }
  }
  const p95 = (list) => list.sort((a, b) => a - b)[Math.floor(list.length * 0.95)];
  return [p95(times), p95(shown), times.at(-1)];
}"""


def speeds(browser: Any, out: Path, queries: list[str]) -> tuple[float, list[float]]:
    """Milliseconds until ready, the median of five, and those of a keystroke."""
    ready = []
    for _ in range(5):
        context = browser.new_context()
        page = context.new_page()
        page.goto((out / "index.html").as_uri())
        page.evaluate("new Promise((idle) => requestIdleCallback(idle))")
        ready.append(page.evaluate(_READY))
        if len(ready) < 5:
            context.close()
    return statistics.median(ready), page.evaluate(_KEYSTROKES, queries)


def built(content: Path, out: Path) -> float:
    """Build a site, and how many seconds its index took."""
    outcome = pipeline.build(content, ROOT / "layouts", out)
    if outcome.failed:
        raise SystemExit("\n".join(map(str, outcome.problems)))
    database = pipeline.open_database(content, ROOT / "layouts")
    private_handbook(database)
    for cached in (tokenizer.words, tokenizer.stem):
        cached.cache_clear()
    begun = time.perf_counter()
    words_and_postings(database)
    return time.perf_counter() - begun


def show_quality(browser: Any, folder: Path) -> Iterator[str]:
    """A line for each set of queries."""
    for name, content, labels in (
        ("sample", ROOT / "content", QUERIES),
        ("beside the checkout", OTHERS / "corpus", OTHERS / "retrieval" / "queries_dev.json"),
    ):
        if content.is_dir() and labels.is_file():
            out = folder / f"{name} site"
            built(content, out)
            page = browser.new_page()
            page.goto((out / "index.html").as_uri())
            asked, wanted = labelled(labels)
            it = quality(stories_found(page, asked), wanted)
            page.close()
            numbers = f"{it.mrr:.3f} | {it.ndcg:.3f} | {it.first:.3f} | {it.five:.3f}"
            yield f"| {name}, {len(asked)} queries | {numbers} |"


def show_speed(browser: Any, folder: Path, sizes: list[int]) -> Iterator[str]:
    """A line for each size and kind of made-up handbook."""
    for size in sizes:
        for name, make in (("few words", bench.make_handbook), ("many words", make_wordy)):
            content, out = folder / f"{size} {name}", folder / "site"
            make(content, size)
            shutil.rmtree(out, ignore_errors=True)
            seconds = built(content, out)
            queries = labelled(QUERIES)[0][:40] + made_up_words(30)
            ready, (rank, shown, _) = speeds(browser, out, queries)
            index = sent(out / "search-index.js") / 1000
            texts = [sent(path) for path in out.glob("search-texts/*.js")]
            numbers = f"{index:.0f} | {max(texts) / 1000:.1f} | {seconds:.2f}"
            times = f"{ready:.0f} | {rank:.1f} | {shown:.1f}"
            yield f"| {size:,} stories, {name} | {numbers} | {times} |"


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[89, 1000, 5000])
    args = parser.parse_args()
    from conftest import _BROWSERS, _FLAGS  # noqa: PLC0415
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    path = next(filter(None, map(shutil.which, _BROWSERS)), None)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as temporary:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        print("| queries | MRR@10 | nDCG@5 | success@1 | @5 |\n|---|---|---|---|---|")
        for line in show_quality(browser, Path(temporary)):
            print(line, flush=True)
        print(
            "\n| handbook | index kB | largest texts kB | index s | ready ms "
            "| rank p95 | shown p95 |"
        )
        print("|---|---|---|---|---|---|---|")
        for line in show_speed(browser, Path(temporary), args.sizes):
            print(line, flush=True)
        scripts = {
            name: sent(ROOT / "layouts" / "assets" / name)
            for name in ("ask.js", "search.js", "search-results.js")
        }
        print("\nScripts, bytes:", ", ".join(f"{name} {size}" for name, size in scripts.items()))
        browser.close()


if __name__ == "__main__":
    main()
