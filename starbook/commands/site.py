"""The commands that read all content: `build`, `check`, `serve`, and `clean`."""

import argparse
import gc
import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from starbook import scaffold
from starbook.build import cache, fast_path, output, pipeline
from starbook.build.database import Database
from starbook.commands import folders, formats, terminal
from starbook.content.folder import SETTINGS, ContentFolder
from starbook.model import Edition
from starbook.pages.formatting import count
from starbook.problem import Problem, has_errors


def build(args: argparse.Namespace) -> int:
    """Build a site; return the exit code."""
    return int(run_build(args).failed)


def run_build(args: argparse.Namespace) -> pipeline.BuildResult:
    """Build a site, and print what is wrong and what was built."""
    out = folders.out_folder(args)
    print(terminal.content_line(args.content), flush=True)
    record = None
    if args.command == "build" and not args.no_cache:  # no other command is replayed
        sources = os.fspath(args.content), os.fspath(args.layouts)
        looked_for = tuple(map(os.fspath, folders.places_of_settings()))
        record = fast_path.BuildRecord(args.argv, sources, _store_path(args), looked_for)
    database: Database | None = None
    if not args.no_cache:
        database = pipeline.open_saved_database(args.content, args.layouts, out, args.edition)
    gc.disable()  # nearly all objects live until the end; looking for others is a tenth of the time
    result = pipeline.build(
        args.content, args.layouts, out, terminal.ProgressBar(sys.stderr),
        edition=args.edition, database=database,
        on_wait=print_wait,
    )  # fmt: skip
    written = time.perf_counter()
    if database and not result.failed:
        database.commit()
    terminal.print_problems(result.problems, sys.stderr)
    if result.failed:
        kept = " The last good site is untouched." if output.read_manifest(out) else ""
        print(f"Nothing was built: {terminal.tally(result.problems)}.{kept}", file=sys.stderr)
        return result
    print(_summary(result, out, f"{result.seconds:.2f}"), flush=True)
    if record and database:
        absent = [os.fspath(output.sibling(out, suffix)) for suffix in ("new", "old")]
        record.save(
            os.fspath(out), os.fspath(out / output.NAME), result.version,
            read=_read_files(args.content, database), absent=absent,
            age=time.perf_counter() - written,
            printed=_output_to_replay(args.content, result, out),
        )  # fmt: skip
    _prune_cache(args)
    return result


def print_wait(holder: str) -> None:
    """Tell which process the build waits for."""
    print(f"Waiting for {holder}, which is building too…", file=sys.stderr)


def _read_files(content: Path, database: Database) -> Iterator[tuple[str, os.stat_result | None]]:
    folder: ContentFolder = database.environment.content
    for path, status in folder.statuses.items():
        yield os.fspath(content / path), status


def _store_path(args: argparse.Namespace) -> str:
    return cache.store_path(
        os.fspath(args.content), os.fspath(folders.out_folder(args)), args.edition
    )


def _output_to_replay(
    content: Path, result: pipeline.BuildResult, out: Path
) -> tuple[str, str, str]:
    """Return what this build prints again while nothing changes.

    That is the problems, plain and in colour, and the rest, with a NUL for the seconds.
    """
    unchanged = msgspec.structs.replace(result, changed=0, removed=0)
    plain = "".join(f"{problem}\n" for problem in result.problems)
    coloured = "".join(f"{terminal.coloured(problem)}\n" for problem in result.problems)
    return (
        plain,
        coloured,
        f"{terminal.content_line(content)}\n{_summary(unchanged, out, chr(0))}\n",
    )


def _prune_cache(args: argparse.Namespace) -> None:
    if not args.no_cache:
        cache.touch(_store_path(args))
        cache.prune(cache.handbook_folder(os.fspath(args.content)))


def serve(args: argparse.Namespace) -> int:
    """Show the site until Ctrl-C; return the exit code."""
    from starbook.serve import http, lan, session  # noqa: PLC0415  (only this command pays)

    print(terminal.content_line(args.content), flush=True)
    entrance = http.LOOPBACK
    if args.lan is not None:
        try:
            entrance = http.Entrance(lan.choose_address(args.lan), lan.make_token())
        except lan.LanError as error:
            return terminal.fail(f"Nothing is served: {error}")
        if refused := _lan_refusal(args, entrance.host):
            return terminal.fail(f"Nothing is served: {refused}")
    options = session.Options(
        args.port, args.next_port, args.poll, args.open, not args.no_cache, args.edition, entrance,
        _qr_code,
    )  # fmt: skip
    output_to = session.Terminal(
        print_line=_print_line,
        print_problems=_print_to_stderr,
        progress=terminal.ProgressBar(sys.stderr),
    )
    code = session.serve(args.content, args.layouts, folders.out_folder(args), options, output_to)
    _prune_cache(args)
    return code


def _lan_refusal(args: argparse.Namespace, host: str) -> str:
    """Ask whether devices of the network may read; return why not, or ""."""
    what = "the public edition" if args.edition is Edition.PUBLIC else "your private handbook"
    asked = (
        f"Let devices on the network of {host} read {what}, if they have the address? It is plain "
        "HTTP: whoever can listen on that network may read along. [y/N] "
    )
    if args.yes or terminal.confirms(asked, yes=("y", "yes")):
        return ""
    return "--lan opens it to the network; run this in a terminal and say yes, or add --yes"


def _qr_code(address: str) -> str:
    """Return a QR code for the terminal, or how to get one; "" where there is no terminal."""
    from starbook.serve import lan  # noqa: PLC0415  (only one option needs it)

    if not sys.stdout.isatty():
        return ""
    if not lan.can_draw():
        return f'For a QR code here, install segno: "{sys.executable}" -m pip install segno'
    return lan.draw_qr_code(address)


def _print_line(line: str) -> None:
    with suppress(BrokenPipeError):  # a closed terminal ends no server
        print(line, flush=True)


def _print_to_stderr(problems: Iterable[Problem]) -> None:
    with suppress(BrokenPipeError):
        terminal.print_problems(problems, sys.stderr)


def clean_cache(_: argparse.Namespace) -> int:
    """Delete the cache; return the exit code."""
    folder = cache.root()
    handbooks, size, left = cache.clean()
    where = f" in {terminal.shown(Path(folder))}" if folder else ""
    if size or handbooks:
        shown = f"{size / 1e6:.1f} MB" if size >= 10**6 else f"{-(-size // 1000)} kB"
        print(f"Deleted the cache of {count(handbooks, 'handbook')}{where}: {shown}.")
    elif not left:
        print(f"Nothing to delete: there is no cache{where}.")
    if left:
        return terminal.fail(
            f"{count(left, 'file')}{where} cannot be deleted; check the permissions"
        )
    return 0


def _summary(result: pipeline.BuildResult, out: Path, seconds: str) -> str:
    book = result.summary
    stories = count(book.stories, "story", "stories")
    questions = count(book.questions, "question")
    made = f"{count(result.pages, 'page')} in {seconds} s"
    changes = f"{count(result.changed, 'file')} changed"
    if result.removed:
        changes += f", {result.removed} removed"
    warnings = f" {terminal.tally(result.problems).capitalize()}." if result.problems else ""
    if book.edition is Edition.PUBLIC and not book.stories:
        warnings += f" {pipeline.NO_PUBLIC_STORY}"
    start = terminal.shown(out / "index.html")
    built = "Built" if book.edition is Edition.PRIVATE else "Built the public edition:"
    return f"{built} {stories} and {questions}: {made}, {changes}.{warnings}\nOpen {start}"


def check(args: argparse.Namespace) -> int:
    """Print all problems of the content; return the exit code."""
    database = pipeline.open_database(args.content, folders.layouts())
    problems = pipeline.examine(database)
    advice = pipeline.advice(database) if args.coach and not has_errors(problems) else ()
    found = tuple(sorted((*problems, *advice)))
    if args.format == "json":
        print(formats.as_json(found))
    elif args.format == "sarif":
        print(formats.as_sarif(found, formats.root()))
    else:
        print(terminal.content_line(args.content), flush=True)
        if args.format == "github":
            for problem in found:
                print(formats.as_github(problem, formats.root()))
        else:
            terminal.print_problems(found, sys.stdout)
        if not has_errors(problems) and not pipeline.has_id(database):
            print(_offer_id(args.content))
        if args.coach and has_errors(problems):
            print("The coach did not run: mend the errors first.")
        print(f"{terminal.tally(found).capitalize()}." if found else "No problems.")
    return 1 if has_errors(problems) or (args.strict and problems) else 0


def _offer_id(content: Path) -> str:
    """Return the lines that offer an id to a handbook that has none."""
    return (
        f"It has no id, which tells its practice from that of other handbooks. Add this line to "
        f"{terminal.shown(content / SETTINGS)}:\n  id: {scaffold.random_id()}"
    )
