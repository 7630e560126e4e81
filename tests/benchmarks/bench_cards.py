"""Measure how cards fit: `python3 tests/benchmarks/bench_cards.py [--content DIR]`.

For each paper and form, over all stories of a handbook: how many cards are set in 9 pt or more, in
8 to 9, in 7 to 8, in less, how many are trimmed, how many do not fit even so, and how many have all
of the story and less of what stands around it. Then the seconds until 100 and 1,000 chosen cards of
made-up stories are fitted.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from bench import make_handbook  # noqa: E402
from conftest import LAYOUTS, SAMPLE, browser_path  # noqa: E402

from starbook.build import pipeline  # noqa: E402

PAPERS = (
    *("paper=a4", "paper=letter", "paper=a5", "paper=4x6", "paper=3x5"),
    *("paper=a4&up=2", "paper=a4&up=4"),
    *("paper=a4&form=cue", "paper=a4&up=4&form=cue", "paper=4x6&form=cue", "paper=3x5&form=cue"),
)
_RESULTS = """[...document.querySelectorAll(".sheet .card:not(.front-side)")].map((card) => [
    Number(card.style.getPropertyValue("--fs")),
    card.classList.contains("too-long") ? "does not fit"
        : card.querySelector(".story-text .trimmed") ? "trimmed" : "",
    Boolean(card.querySelector(".trimmed")),
])"""
_FITTED = "() => !/^Fitting/.test(document.querySelector('.status').textContent)"


def bin_of(size: float, mark: str) -> str:
    """The column of the table a card belongs to."""
    if mark:
        return mark
    return "9 pt" if size >= 9 else "8–9" if size >= 8 else "7–8" if size >= 7 else "under 7"


def shown(page: Page, folder: Path, choice: str) -> float:
    """Open the cards with this choice; the seconds until all of them are fitted."""
    begun = time.perf_counter()
    page.goto("about:blank")
    page.goto(f"{(folder / 'cards.html').as_uri()}#stories=all&{choice}")
    page.wait_for_function(_FITTED, timeout=300_000)
    return time.perf_counter() - begun


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--content", type=Path, default=SAMPLE, help="a handbook of your own")
    parser.add_argument("--sizes", type=int, nargs="*", default=[100, 1000])
    args = parser.parse_args()
    columns = ("9 pt", "8–9", "7–8", "under 7", "trimmed", "does not fit", "less around it")
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        page = browser.new_page()
        out = Path(temporary) / "own"
        pipeline.build(args.content, LAYOUTS, out)
        print(f"| paper | {' | '.join(columns)} | seconds |\n|{'---|' * (len(columns) + 2)}")
        for choice in PAPERS:
            seconds = shown(page, out, choice)
            results = page.evaluate(_RESULTS)
            counts = Counter(bin_of(size, mark) for size, mark, _ in results)
            counts["less around it"] = sum(less and not mark for _, mark, less in results)
            row = " | ".join(str(counts[column]) for column in columns)
            print(f"| {choice.replace('paper=', '')} | {row} | {seconds:.1f} |", flush=True)
        for size in args.sizes:
            content, out = Path(temporary) / f"c{size}", Path(temporary) / f"s{size}"
            make_handbook(content, size)
            pipeline.build(content, LAYOUTS, out)
            print(f"{size:,} cards on A4: {shown(page, out, 'paper=a4'):.1f} s", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
