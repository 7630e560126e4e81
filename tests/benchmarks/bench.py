"""Measure the time and memory of builds: `python3 tests/benchmarks/bench.py [1000 10000]`.

Builds the sample handbook, the handbook given with --content, and made-up stories of the sizes
given, each in a process of its own, cold, with nothing changed, and with one story edited; then
saves a story over and over in one process, as `serve` sees it. The numbers are medians of three
runs (one from 5,000 stories on); machines differ and are shared, so compare them within one run
only. `--growth` builds 1,000, 2,000, 4,000 and 8,000 and divides by the number of stories: what
grows faster than they do shows. `--profile` says where the time of one build goes.
"""

import argparse
import cProfile
import gc
import os
import pstats
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from starbook.build import pipeline, pool  # noqa: E402
from starbook.build.database import Database  # noqa: E402

CATEGORIES = "Conflict Delivery Failure Ambiguity Hiring Feedback Customers Incidents".split()
PRINCIPLES = "Ownership Candour Curiosity Frugality Craft Pace Care Courage".split()
LEVELS = "Engineer", "Senior engineer", "Staff engineer", "Manager"
NOUNS = "ledger queue timetable ferry boiler archive sensor invoice depot index kiln rota".split()
VERBS = "measured moved split named mended drew wrote halved asked checked told traced".split()


class Run(NamedTuple):
    """Seconds on the clock, seconds of CPU, and peak memory in MB."""

    wall: float
    cpu: float
    memory: float


def sentence(rng: random.Random) -> str:
    """A sentence of about twelve words that means nothing."""
    a, b, c = rng.sample(NOUNS, 3)
    verb, days = rng.choice(VERBS), rng.randint(2, 90)
    return f"I {verb} the {a} behind the {b} until the {c} held for {days} days."


def paragraph(rng: random.Random, sentences: int) -> str:
    """Several of them."""
    return " ".join(sentence(rng) for _ in range(sentences))


def make_story(rng: random.Random, number: int, questions: int) -> str:
    """A story of about 250 words with all four parts, a reflection and a probe."""
    before, after = rng.randint(40, 90), rng.randint(2, 30)
    actions = "\n".join(f"- {sentence(rng)}" for _ in range(7))
    return f"""---
title: The {rng.choice(NOUNS)} that {rng.choice(VERBS)} the {rng.choice(NOUNS)} {number}
headline: {sentence(rng)}
categories: [{", ".join(rng.sample(CATEGORIES, 2))}]
principles: [{rng.choice(PRINCIPLES)}]
questions: [q{rng.randrange(questions)}]
level: {rng.choice(LEVELS)}
tags: [{", ".join(rng.sample(NOUNS, 3))}]
status: ready
---

## Situation

{paragraph(rng, 4)}

## Task

{paragraph(rng, 2)}

## Action

{actions}

## Result

- Faults fell from {before} to {after} % within {rng.randint(2, 9)} weeks.
- {sentence(rng)}

## Reflection

{paragraph(rng, 2)}

## Follow-ups

### What would you do first today?

**Weak:** {sentence(rng)}

**Strong:** {paragraph(rng, 2)}
"""


def make_handbook(folder: Path, count: int) -> None:
    """A content folder of `count` made-up stories and a quarter as many questions."""
    rng = random.Random(count)
    questions = max(count // 4, 1)
    (folder / "stories").mkdir(parents=True)
    for number in range(count):
        text = make_story(rng, number, questions)
        (folder / "stories" / f"story-{number}.md").write_text(text, encoding="utf-8")
    for name, topics in (("categories", CATEGORIES), ("principles", PRINCIPLES)):
        lines = "".join(f"- name: {topic}\n" for topic in topics)
        (folder / f"{name}.yml").write_text(lines, encoding="utf-8")
    asked = (
        f'- {{id: q{n}, question: "When did you last mend {n} things?", '
        f"categories: [{rng.choice(CATEGORIES)}], principles: [{rng.choice(PRINCIPLES)}]}}\n"
        for n in range(questions)
    )
    (folder / "questions.yml").write_text("".join(asked), encoding="utf-8")


def measure(content: Path, out: Path) -> Run:
    """One build in a new process. Raises RuntimeError where it fails."""
    command = [sys.executable, ROOT / "build.py", "--content", content, "--out", out]
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        said = process.stderr.read() if process.stderr else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - begun
    if process.returncode:
        raise RuntimeError(said.decode(errors="replace"))
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def median(runs: list[Run]) -> Run:
    """Of each number by itself."""
    return Run(*(statistics.median(column) for column in zip(*runs, strict=True)))


def bench(content: Path, out: Path, rounds: int) -> Iterator[tuple[str, Run]]:
    """The three kinds of build, the last with a line added to the first story."""
    cold = []
    for _ in range(rounds):
        shutil.rmtree(out, ignore_errors=True)
        shutil.rmtree(os.environ["STARBOOK_CACHE"], ignore_errors=True)
        cold.append(measure(content, out))
    yield "cold", median(cold)
    time.sleep(1)  # as people do: a file is trusted once the clock has ticked
    yield "no change", median([measure(content, out) for _ in range(rounds)])
    edited = min((content / "stories").glob("*.md"))
    runs = []
    for n in range(rounds):
        with edited.open("a", encoding="utf-8") as file:
            file.write(f"\nEdited {n}.\n")
        runs.append(measure(content, out))
    yield "one edit", median(runs)


def save(content: Path, rounds: int) -> tuple[float, float]:
    """Milliseconds that a saved story takes, and those without anything new, as in `serve`."""
    database = pipeline.open_database(content, ROOT / "layouts")
    edited = min((content / "stories").glob("*.md"))
    text = edited.read_text(encoding="utf-8")
    spent = []
    for n in range(rounds + 1):
        edited.write_text(f"{text}\nSaved {n}.\n", encoding="utf-8")
        spent.append(_made(database))
    return statistics.median(spent[1:]), statistics.median(_made(database) for _ in range(3))


def _made(database: Database) -> float:
    begun = time.perf_counter()
    built = pipeline.build_site(database)
    assert not built.failed, built.problems
    dict(built.files)
    database.commit(save=False)
    spent = 1000 * (time.perf_counter() - begun)
    gc.freeze()  # results are no garbage, and need not be looked through for it
    return spent


def growth(folder: Path, sizes: Iterable[int]) -> None:
    """A row for each size, divided by it."""
    print("| stories | ms a story | CPU ms a story | peak kB a story |\n|---|---|---|---|")
    for size in sizes:
        make_handbook(folder / str(size), size)
        run = measure(folder / str(size), folder / "site")
        shutil.rmtree(folder / "site")
        row = (1000 * run.wall / size, 1000 * run.cpu / size, 1000 * run.memory / size)
        print(f"| {size:,} | {row[0]:.2f} | {row[1]:.2f} | {row[2]:.0f} |", flush=True)


def profile(content: Path, out: Path) -> None:
    """Print the functions of Starbook in which one build in one process spends its time."""
    pool.MOST = 1
    with cProfile.Profile() as profiler:
        pipeline.build(content, ROOT / "layouts", out)
    pstats.Stats(profiler).sort_stats("cumulative").print_stats("starbook", 40)


def main() -> None:
    """Print a row for each handbook and kind of build."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[1000, 10000])
    parser.add_argument("--content", type=Path, help="a handbook of your own to build as well")
    parser.add_argument("--growth", action="store_true", help="how it grows with the stories")
    parser.add_argument("--profile", action="store_true", help="where the time goes")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["STARBOOK_CACHE"] = str(Path(temporary, "cache"))
        if args.growth:
            growth(Path(temporary), (1000, 2000, 4000, 8000))
            return
        if args.profile:
            make_handbook(Path(temporary, "content"), args.sizes[0])
            profile(args.content or Path(temporary, "content"), Path(temporary, "site"))
            return
    print("| handbook | build | seconds | CPU s | peak MB |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        os.environ["STARBOOK_CACHE"] = str(folder / "cache")
        shutil.copytree(ROOT / "content", folder / "sample")
        handbooks = [("sample", folder / "sample", 3)]
        if args.content:
            shutil.copytree(args.content, folder / "own")
            handbooks.append((args.content.name, folder / "own", 3))
        for size in args.sizes:
            make_handbook(folder / str(size), size)
            handbooks.append((f"{size:,} stories", folder / str(size), 3 if size < 5000 else 1))
        for name, content, rounds in handbooks:
            for kind, run in bench(content, folder / "site", rounds):
                row = f"{run.wall:.2f} | {run.cpu:.2f} | {run.memory:.0f}"
                print(f"| {name} | {kind} | {row} |", flush=True)
            changed, same = save(content, 7)
            print(f"| {name} | a save: {changed:.0f} ms, nothing new: {same:.0f} ms |", flush=True)


if __name__ == "__main__":
    main()
