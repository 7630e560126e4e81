"""Command line: arguments, printing and exit codes (0 clean, 1 errors, 2 usage)."""

import argparse
import gc
import io
import os
import shlex
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

import msgspec

from starbook import scaffold, site_folders
from starbook.bootstrap import run_tests
from starbook.build import cache, fast_path, output, pipeline
from starbook.build.database import Database
from starbook.content.folder import SETTINGS, ContentFolder
from starbook.model import Edition
from starbook.pages import plain_text
from starbook.pages.formatting import count
from starbook.problem import Problem, has_errors, printable
from starbook.text import names

if TYPE_CHECKING:
    from starbook.debrief.dialogue import Dialogue
    from starbook.debrief.entries import Entry
    from starbook.debrief.writing import Book
    from starbook.deploy import Plan
    from starbook.promotion import Candidate

    _Commands = argparse._SubParsersAction[argparse.ArgumentParser]

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "content"
REMEMBERED = ROOT / fast_path.REMEMBERED
_PORT = 7827  # S, T, A, R on the keys of a phone
_PATH_ERRORS = "surrogateescape"  # the name of a folder need not be UTF-8
_BAR_DELAY = 2.0  # seconds; a short build needs no progress bar
_BAR_WIDTH = 30
_NO_FOLDER = "There is no such folder; name the one that holds your stories/ with --content"
_CONTENT_HELP = "the folder of your handbook (default: content/, or the one that is remembered)"
_REVIEW = Path("import-review.html")
_LISTED = 40  # so many files of a kind are listed before a push; all that it deletes are


def main(argv: Sequence[str]) -> int:
    """Run one command and return the exit code."""
    if argv[:1] == ["test"] and not {"-h", "--help"}.intersection(argv):
        return run_tests(list(argv[1:]))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal need not have every character
            stream.reconfigure(errors="backslashreplace")
    args = _parser().parse_args(_with_command(argv))
    args.argv = list(argv)
    try:
        code: int = args.run(args)
        sys.stdout.flush()
    except BrokenPipeError:  # `| head` needs no more; discard the rest
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    return code


def exit_fast(code: int, argv: Sequence[str]) -> NoReturn:
    """End the process of a command; after a build, without freeing its objects one by one.

    That would take a tenth of the time of the build.
    """
    if _with_command(argv)[0] == "build":
        for stream in filter(None, (sys.stdout, sys.stderr)):
            with suppress(OSError):
                stream.flush()
        os._exit(code)
    sys.exit(code)


def _with_command(argv: Sequence[str]) -> list[str]:
    """Return the arguments with the command `build` where they name none."""
    if argv and (not argv[0].startswith("-") or argv[0] in ("-h", "--help")):
        return list(argv)
    return ["build", *argv]


def _shared_options() -> tuple[argparse.ArgumentParser, argparse.ArgumentParser]:
    """Return the options of commands that read content, and of those that build as well."""
    content = argparse.ArgumentParser(add_help=False)
    content.add_argument(
        "--content", type=_path, default=_default_content(), metavar="DIR", help=_CONTENT_HELP
    )
    out = argparse.ArgumentParser(add_help=False)
    out.add_argument(
        "--out", type=_path, metavar="DIR",
        help="the folder to write the site to (default: site/ or site-public/ in the handbook's "
        "folder; for the sample, beside build.py)",
    )  # fmt: skip
    out.add_argument(
        "--layouts", type=_path, default=ROOT / "layouts", metavar="DIR",
        help="the folder with the templates (default: layouts/)",
    )  # fmt: skip
    out.add_argument(
        "--no-cache", action="store_true", help="neither use nor keep results for a later build"
    )
    out.set_defaults(edition=Edition.PRIVATE)
    return content, out


def _parser() -> argparse.ArgumentParser:
    content, out = _shared_options()
    parser = argparse.ArgumentParser(
        prog="build.py",
        description="Starbook builds a handbook for interviews from your stories.",
        epilog="Without a command it builds. `build.py COMMAND --help` lists the options of one. "
        "Exit code: 0 if all is well, 1 for errors in the content, 2 for a wrong command.",
    )
    commands = parser.add_subparsers(dest="command", title="commands", metavar="COMMAND")
    _add_build(commands, content, out)
    _add_check(commands, content)
    _add_new(commands, content)
    _add_serve(commands, content, out)
    _add_deploy(commands, content, out)
    _add_import(commands)
    _add_metrics(commands, content)
    _add_export(commands, content)
    _add_ready(commands, content)
    _add_log(commands, content)
    _add_text(commands, content)
    clean = _add(commands, "clean", "delete the cache of all handbooks; no content and no site")
    clean.set_defaults(run=_clean)
    _add_test(commands)
    return parser


def _add(
    commands: "_Commands", name: str, what: str, *parents: argparse.ArgumentParser
) -> argparse.ArgumentParser:
    """Add a command that has the options of `parents`; --help prints what it does."""
    description = f"{what[0].upper()}{what[1:]}."
    return commands.add_parser(name, help=what, description=description, parents=parents)


def _add_build(
    commands: "_Commands", content: argparse.ArgumentParser, out: argparse.ArgumentParser
) -> None:
    build = _add(commands, "build", "build the site (the default)", content, out)
    build.add_argument(
        "--public", action="store_const", dest="edition", const=Edition.PUBLIC,
        help="the public edition: only what says `publish: true`, checked for leaks",
    )  # fmt: skip
    build.set_defaults(run=_build)


def _add_check(commands: "_Commands", content: argparse.ArgumentParser) -> None:
    what = "list all problems in the content, and build nothing"
    check = _add(commands, "check", what, content)
    check.add_argument(
        "--format", choices=["text", "json"], default="text",
        help="how to list them (default: text)",
    )  # fmt: skip
    check.add_argument("--strict", action="store_true", help="exit with 1 for a warning, too")
    check.set_defaults(run=_check)


def _add_new(commands: "_Commands", content: argparse.ArgumentParser) -> None:
    new = _add(commands, "new", "make a story, question, guide, interview or handbook")
    kinds = new.add_subparsers(dest="kind", title="what to make", metavar="KIND", required=True)
    for kind, what, title in (
        ("story", "make a draft of a story", "its title"),
        ("question", "make a question", "the question"),
        ("guide", "make a guide", "its title"),
        ("interview", "make an interview", 'company and role, such as "City Library, Engineer"'),
    ):
        command = _add(kinds, kind, what, content)
        command.add_argument("title", help=title)
        command.set_defaults(run=_new, template="")
        if kind == "story":
            command.add_argument(
                "--template", default="", metavar="NAME", help="begin with a file of templates/"
            )
    book = _add(kinds, "handbook", "make a handbook of your own, in a new folder")
    book.add_argument("content", type=_path, metavar="DIR", help="the new folder")
    book.add_argument(
        "--remember", action="store_true", help="use it for later commands, without asking"
    )
    book.set_defaults(run=_new_handbook)


def _add_serve(
    commands: "_Commands", content: argparse.ArgumentParser, out: argparse.ArgumentParser
) -> None:
    what = "show your pages as you write, on this machine only"
    serve = _add(commands, "serve", what, content, out)
    serve.add_argument(
        "--port", type=_port, default=_PORT, metavar="N",
        help="the port on 127.0.0.1 (default: %(default)s; 0: any that is free)",
    )  # fmt: skip
    serve.add_argument(
        "--next-port", action="store_true", help="take the next free port if that one is in use"
    )
    serve.add_argument("--open", action="store_true", help="open the first page in your browser")
    serve.add_argument(
        "--poll", action="store_true",
        help="look for changes twice a second: for network drives, which report none",
    )  # fmt: skip
    serve.set_defaults(run=_serve)


def _add_deploy(
    commands: "_Commands", content: argparse.ArgumentParser, out: argparse.ArgumentParser
) -> None:
    what = "build the public edition and push it to gh-pages of the handbook's repository"
    deploy = _add(commands, "deploy", what, content, out)
    deploy.add_argument(
        "--remote", default="origin", metavar="NAME", help="where to push (default: %(default)s)"
    )
    deploy.set_defaults(run=_deploy, edition=Edition.PUBLIC)


# The rules by which a document is divided into stories; a test compares them with the importer's.
_SPLITS = (
    "rows", *(f"heading{level}" for level in range(1, 7)), "details", "transcript", "numbered",
    "bold", "questions", "letters",
)  # fmt: skip


def _add_import(commands: "_Commands") -> None:
    what = "turn documents that you have into stories, questions and guides"
    importer = _add(commands, "import", what)
    importer.add_argument(
        "files", type=_path, nargs="+", metavar="FILE",
        help="markdown, text, HTML, docx, CSV, JSON, YAML or Org; a folder or a zip of them",
    )  # fmt: skip
    importer.add_argument(
        "--into", dest="content", type=_path, default=_default_content(), metavar="DIR",
        help=_CONTENT_HELP,
    )  # fmt: skip
    importer.add_argument(
        "--dry-run", action="store_true", help="report what it would write, and write nothing"
    )
    importer.add_argument(
        "--rename", action="store_true", help="give new files another name where yours have theirs"
    )
    importer.add_argument(
        "--as", dest="kind", default="", choices=("stories", "questions", "to-ask", "guide"),
        help="what the documents are, if that is not recognised",
    )  # fmt: skip
    importer.add_argument(
        "--split", default="", metavar="RULE", choices=_SPLITS,
        help=f"where their stories begin: {', '.join(_SPLITS)}",
    )  # fmt: skip
    importer.add_argument(
        "--review", type=_path, nargs="?", const=_REVIEW, metavar="PATH",
        help="write a page with each line beside what it became (default: import-review.html)",
    )  # fmt: skip
    importer.set_defaults(run=_import)


def _add_metrics(commands: "_Commands", content: argparse.ArgumentParser) -> None:
    what = "propose `metrics` for stories without, from the numbers in their text"
    metrics = _add(commands, "metrics", what, content)
    metrics.add_argument(
        "id", nargs="?", default="", metavar="ID", help="a story (default: all without `metrics`)"
    )
    metrics.add_argument(
        "--write", action="store_true", help="ask for each story, and add them to its file"
    )
    metrics.set_defaults(run=_metrics)


def _add_export(commands: "_Commands", content: argparse.ArgumentParser) -> None:
    export = _add(commands, "export", "write the handbook as one file for other programs")
    kinds = export.add_subparsers(dest="kind", title="formats", metavar="FORMAT", required=True)
    for kind, what in (
        ("anki", "write notes to import into Anki"),
        ("json", "write everything, as docs/EXPORT.md describes"),
    ):
        command = _add(kinds, kind, what, content)
        command.add_argument(
            "--out", type=_path, metavar="FILE", required=True, help="the file to write"
        )
        command.add_argument(
            "--public", action="store_const", dest="edition", const=Edition.PUBLIC,
            default=Edition.PRIVATE, help="only what a public edition has, checked for leaks",
        )  # fmt: skip
        command.set_defaults(run=_export)


def _add_ready(commands: "_Commands", content: argparse.ArgumentParser) -> None:
    ready = _add(commands, "ready", "set `status: ready` in drafts that are complete", content)
    ready.add_argument(
        "ids", nargs="*", metavar="ID", help="a story (default: list the complete drafts)"
    )
    ready.set_defaults(run=_ready)


def _add_text(commands: "_Commands", content: argparse.ArgumentParser) -> None:
    text = _add(commands, "text", "print a story or a prepared answer as plain text", content)
    text.add_argument("id", metavar="ID", help="a story, or a question with a prepared answer")
    text.set_defaults(run=_text)


def _add_test(commands: "_Commands") -> None:
    """Describe `test` for --help; `run_tests` takes its arguments as they are."""
    test = _add(commands, "test", "run the tests of Starbook itself")
    test.add_argument("--quick", action="store_true", help="run the fast tests only")
    test.add_argument(
        "arguments", nargs="*", metavar="ARGUMENT",
        help="anything else goes to pytest, such as `tests/unit/content -k heading`",
    )  # fmt: skip


def _add_log(commands: "_Commands", content: argparse.ArgumentParser) -> None:
    what = "note what was asked in an interview and what you told, in log.yml"
    log = _add(commands, "log", what, content)
    log.description = f"{log.description} Without --question, --story and --from it asks."
    for name, metavar, what in (
        ("interview", "ID", "the interview, by id or company (default: the only one)"),
        ("date", "DATE", "the day (default: that of the interview)"),
        ("round", "ROUND", "who asked: the number or name of a round, or whom it was with"),
        ("question", "TEXT", "what was asked, in words or by id"),
        ("story", "ID", "the story that you told"),
        ("notes", "TEXT", "what was missed"),
    ):
        log.add_argument(f"--{name}", default="", metavar=metavar, help=what)
    log.add_argument(
        "--landed", type=int, default=0, choices=(1, 2, 3, 4),
        help="1 lost the thread, 2 with gaps, 3 told whole, 4 all numbers, in time",
    )  # fmt: skip
    log.add_argument(
        "--from", dest="phone", type=_path, metavar="FILE",
        help="what the page of the interview saved on the phone",
    )  # fmt: skip
    log.add_argument(
        "--add-question", action="store_true", help="add a question that is new to the questions"
    )
    log.set_defaults(run=_log)


def _path(text: str) -> Path:
    """Return the path that was typed; no shell expands `--out=~/site`."""
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise argparse.ArgumentTypeError(f"{text}: {error}") from error


def _port(text: str) -> int:
    if not (text.isdecimal() and int(text) < 65536):
        raise argparse.ArgumentTypeError(f"{text}: a port is a number from 0 to 65535")
    return int(text)


def _default_content() -> Path:
    """Return the remembered folder, or else the sample."""
    with suppress(OSError):
        return Path(REMEMBERED.read_text(encoding="utf-8", errors=_PATH_ERRORS).strip() or SAMPLE)
    return SAMPLE


def _out(args: argparse.Namespace) -> Path:
    """Return where the site goes: the site of the sample beside it, any other into its handbook."""
    if args.out:
        return Path(args.out)
    is_public = args.edition is Edition.PUBLIC
    name = site_folders.PUBLIC if is_public else site_folders.PRIVATE
    is_sample = os.path.realpath(args.content) == os.path.realpath(SAMPLE)
    return (ROOT if is_sample else Path(args.content)) / name


def _build(args: argparse.Namespace) -> int:
    return int(_run_build(args).failed)


def _run_build(args: argparse.Namespace) -> pipeline.BuildResult:
    out = _out(args)
    print(_content_line(args.content), flush=True)
    record = None
    if args.command == "build" and not args.no_cache:  # no other command is replayed
        sources = os.fspath(args.content), os.fspath(args.layouts)
        record = fast_path.BuildRecord(args.argv, sources, _store_path(args))
    database: Database | None = None
    if not args.no_cache:
        database = pipeline.open_saved_database(args.content, args.layouts, out, args.edition)
    gc.disable()  # nearly all objects live until the end; looking for others is a tenth of the time
    result = pipeline.build(
        args.content, args.layouts, out, _ProgressBar(sys.stderr),
        edition=args.edition, database=database,
        on_wait=_print_wait,
    )  # fmt: skip
    written = time.perf_counter()
    if database and not result.failed:
        database.commit()
    _print_problems(result.problems, sys.stderr)
    if result.failed:
        kept = " The last good site is untouched." if output.read_manifest(out) else ""
        print(f"Nothing was built: {_tally(result.problems)}.{kept}", file=sys.stderr)
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


def _print_wait(holder: str) -> None:
    print(f"Waiting for {holder}, which is building too…", file=sys.stderr)


def _read_files(content: Path, database: Database) -> Iterator[tuple[str, os.stat_result | None]]:
    folder: ContentFolder = database.environment.content
    for path, status in folder.statuses.items():
        yield os.fspath(content / path), status


def _store_path(args: argparse.Namespace) -> str:
    return cache.store_path(os.fspath(args.content), os.fspath(_out(args)), args.edition)


def _output_to_replay(
    content: Path, result: pipeline.BuildResult, out: Path
) -> tuple[str, str, str]:
    """Return what this build prints again while nothing changes.

    That is the problems, plain and in colour, and the rest, with a NUL for the seconds.
    """
    unchanged = msgspec.structs.replace(result, changed=0, removed=0)
    plain = "".join(f"{problem}\n" for problem in result.problems)
    coloured = "".join(f"{_coloured(problem)}\n" for problem in result.problems)
    return plain, coloured, f"{_content_line(content)}\n{_summary(unchanged, out, chr(0))}\n"


def _prune_cache(args: argparse.Namespace) -> None:
    if not args.no_cache:
        cache.touch(_store_path(args))
        cache.prune(cache.handbook_folder(os.fspath(args.content)))


def _deploy(args: argparse.Namespace) -> int:
    from starbook import deploy  # noqa: PLC0415  (only this command pays for its imports)

    out, target = _out(args), f"{deploy.BRANCH} of {args.remote}"
    try:
        repository = deploy.find_repository(args.content)
        if repository != Path.cwd():
            target += f" in {_shown(repository)}"
        deploy.check(out, repository, args.remote)
        with deploy.locked(repository, _print_wait):
            result = _run_build(args)
            if result.failed:
                return 1
            plan = deploy.plan(result.files, out, repository, args.remote)
            if plan.is_empty:
                print(f"Nothing is new to {target}.")
                return 0
            print("\n".join(_describe_plan(plan, target)), flush=True)
            if plan.unlisted and not _confirms(
                f"{target} does not say which files `deploy` wrote. Change or delete "
                f"{count(len(plan.unlisted), 'file')} of it? [y/N] ",
                yes=("y", "yes"),
            ):
                return _fail(_describe_unlisted(plan, target))
            deploy.push(plan, repository, args.remote)
    except deploy.DeployError as error:
        return _fail(f"Nothing was pushed: {error}")
    print(f"Pushed {_shown(out)} to {target}.")
    return 0


def _describe_plan(plan: "Plan", target: str) -> Iterator[str]:
    """Yield lines with what a push does; of what is added or changed, the first of many."""
    kinds = {"add": plan.added, "change": plan.changed, "delete": plan.deleted}
    yield f"Changes to {target}:"
    for verb, paths in kinds.items():
        shown = paths if verb == "delete" else paths[:_LISTED]
        yield from (f"  {verb:6} {printable(path)}" for path in shown)
        if more := len(paths) - len(shown):
            yield f"  {verb:6} {count(more, 'file')} more"


def _describe_unlisted(plan: "Plan", target: str) -> str:
    listed = ", ".join(printable(path) for path in plan.unlisted[:3])
    return (
        f"Nothing was pushed: {target} does not say which files `deploy` wrote, and has "
        f"{count(len(plan.unlisted), 'file')} like ours ({listed}); run this in a terminal and say "
        "yes if they are, or move them away there"
    )


def _serve(args: argparse.Namespace) -> int:
    from starbook.serve import session  # noqa: PLC0415  (only this command pays for its imports)

    print(_content_line(args.content), flush=True)
    options = session.Options(
        args.port, args.next_port, args.poll, args.open, cache=not args.no_cache
    )
    terminal = session.Terminal(
        print_line=_print_line, print_problems=_print_to_stderr, progress=_ProgressBar(sys.stderr)
    )
    code = session.serve(args.content, args.layouts, _out(args), options, terminal)
    _prune_cache(args)
    return code


def _print_line(line: str) -> None:
    with suppress(BrokenPipeError):  # a closed terminal ends no server
        print(line, flush=True)


def _print_to_stderr(problems: Iterable[Problem]) -> None:
    with suppress(BrokenPipeError):
        _print_problems(problems, sys.stderr)


def _clean(_: argparse.Namespace) -> int:
    folder = cache.root()
    handbooks, size, left = cache.clean()
    where = f" in {_shown(Path(folder))}" if folder else ""
    if size or handbooks:
        shown = f"{size / 1e6:.1f} MB" if size >= 10**6 else f"{-(-size // 1000)} kB"
        print(f"Deleted the cache of {count(handbooks, 'handbook')}{where}: {shown}.")
    elif not left:
        print(f"Nothing to delete: there is no cache{where}.")
    if left:
        return _fail(f"{count(left, 'file')}{where} cannot be deleted; check the permissions")
    return 0


def _import(args: argparse.Namespace) -> int:
    from starbook.importer import folder as documents  # noqa: PLC0415  (only this pays for it)
    from starbook.importer import review_file  # noqa: PLC0415

    print(_content_line(args.content), flush=True)
    content = documents.Content(args.content)
    known = content.load_known()
    try:
        if args.review:  # before anything is written
            review_file.read_old(args.review)
        read = documents.read_documents(args.files, known, kind=args.kind, rule=args.split)
        if not read.imported:
            reasons = map(printable, [*read.failures, *read.passed])
            return _fail("Nothing was written: " + ".\n".join(reasons))
        lines, done = documents.write_and_report(
            content, read.imported, dry_run=args.dry_run, rename=args.rename
        )
        if args.review:
            made = [
                review_file.make_document(
                    one.source, one.result, _import_command(args, one.source.path)
                )
                for one in read.imported
            ]
            review_file.write(args.review, made)
            lines.append(f"Open {_shown(args.review)} to see where each line went. It is private.")
    except (review_file.NotAReviewError, OSError) as error:
        return _fail(f"It stopped: {_reason(error)}")
    print("\n".join([*lines, *_describe_passed(read.passed)]))
    for failure in read.failures:
        _fail(f"Not imported: {printable(failure)}")
    return 1 if done.conflicts or done.refused or read.failures else 0


def _import_command(args: argparse.Namespace, shown: str) -> str:
    """Return the command that imports one document again, so that an option can follow."""
    path = shown.split(": ", maxsplit=1)[0]  # of a document in an archive, the archive
    words = ["python3", "build.py", "import", path]
    words += [] if args.content == _default_content() else ["--into", _shown(args.content)]
    words += ["--review"] if args.review == _REVIEW else ["--review", _shown(args.review)]
    return shlex.join(words)


def _describe_passed(reasons: Sequence[str]) -> Iterator[str]:
    """Yield lines with the files of folders and archives that are not read; of many, the first."""
    for reason in reasons[:10]:
        yield f"Passed over: {printable(reason)}."
    if more := len(reasons[10:]):
        yield f"Passed over: {count(more, 'more file')}."


def _export(args: argparse.Namespace) -> int:
    from starbook.exporter import run  # noqa: PLC0415  (only this command pays for its imports)

    print(_content_line(args.content), flush=True)
    made = run.make(args.content, ROOT / "layouts", args.kind, args.edition)
    _print_problems(made.problems, sys.stderr)
    if has_errors(made.problems):
        return _fail(f"Nothing was written: {_tally(made.problems)}")
    try:
        run.write(args.out, made.text, args.kind)
    except (run.ExportError, OSError) as error:
        return _fail(f"Nothing was written: {_reason(error)}")
    whats = ("note", "") if args.kind == "anki" else ("story", "stories")
    private = "" if args.edition is Edition.PUBLIC else " It is private: nothing is left out."
    print(f"Wrote {count(made.count, *whats)} to {_shown(args.out)}.{private}")
    return 0


def _metrics(args: argparse.Namespace) -> int:
    from starbook import proposals  # noqa: PLC0415  (only this command pays for its imports)

    print(_content_line(args.content), flush=True)
    if not args.content.is_dir():
        return _fail(_NO_FOLDER)
    if args.write and not _has_terminal():
        return _fail("Nothing was written: --write asks before each story, and needs a terminal")
    try:
        proposed = list(proposals.propose(args.content, args.id))
        for proposal in proposed:
            print(f"\n{_shown(proposal.path)}")
            print("\n".join(proposal.lines if proposal.entries else ("No numbers were found.",)))
            if (
                args.write
                and proposal.entries
                and _confirms("Add these lines? [y/N] ", yes=("y", "yes"))
            ):
                proposals.write(proposal)
                print("Added.")
    except (proposals.ProposalError, OSError) as error:
        return _fail(
            f"Nothing more was written: {_reason(error)}" if args.write else _reason(error)
        )
    if not proposed:
        print("No story without `metrics` has numbers that can be found.")
    elif not args.write and any(proposal.entries for proposal in proposed):
        print("\nPaste what is right between the two --- of each file, or let --write add it.")
    return 0


def _ready(args: argparse.Namespace) -> int:
    from starbook import promotion  # noqa: PLC0415  (only this command pays for its imports)

    print(_content_line(args.content), flush=True)
    if not args.content.is_dir():
        return _fail(_NO_FOLDER)
    # Of two with one id the second has the fault that says so.
    stories = {story.id: story for story in promotion.find_candidates(args.content)}
    if not args.ids:
        _print_complete_drafts(args, list(stories.values()))
        return 0
    refused = 0
    for ident in dict.fromkeys(args.ids):
        if ident not in stories:
            refused += _fail(names.no_story(ident, stories))
            continue
        faults = promotion.promote(stories[ident])
        _print_problems(faults, sys.stdout)
        refused += bool(faults)
        if not faults:
            told = "was ready already" if stories[ident].is_ready else "is ready now"
            print(f"{_shown(stories[ident].path)} {told}.", flush=True)
    return int(refused > 0)


def _log(args: argparse.Namespace) -> int:
    from starbook.debrief import writing  # noqa: PLC0415  (only this command pays for its imports)

    print(_content_line(args.content), flush=True)
    if not args.content.is_dir():
        return _fail(_NO_FOLDER)
    if not (args.question or args.story or args.phone or _has_terminal()):
        hint = "say what was asked and told with --interview, --question and --story"
        return _fail(f"Nothing was written: {hint}, or run this in a terminal")
    try:
        book = writing.open_book(args.content)
    except OSError as error:
        return _fail(f"Nothing was written: {_reason(error)}")
    if book.faults:
        _print_problems(book.faults, sys.stderr)
        return _fail(f"Nothing was written: mend {printable(book.log.shown)} first")
    return _write_log(args, book)


def _write_log(args: argparse.Namespace, book: "Book") -> int:
    from starbook.debrief import dialogue, entries, writing  # noqa: PLC0415

    talk = dialogue.Dialogue(book.handbook, input, print)
    try:
        made = _entries_to_log(args, book, talk)
        if made:
            writing.write_entries(book, made)
    except (EOFError, KeyboardInterrupt) as error:
        print("\nNothing was written.")
        _print_entries(talk.entries, "These entries were whole:")
        return 1 if isinstance(error, EOFError) else 130
    except (entries.EntryError, writing.LogError, OSError) as error:
        return _fail(f"Nothing was written: {printable(_reason(error))}")
    if not made:
        print("Nothing was written.")
        return 0
    print(f"Added {count(len(made), 'entry', 'entries')} to {printable(book.log.shown)}.")
    return _offer_questions(args, book, made)


def _entries_to_log(args: argparse.Namespace, book: "Book", talk: "Dialogue") -> "Sequence[Entry]":
    """Return the entries that options, a phone or the terminal give; none if they are refused."""
    from starbook.debrief import entries, phone  # noqa: PLC0415

    if args.phone:
        found = phone.read(args.phone, book.handbook)
        new = phone.leave_out_known(book, found)
        if known := len(found) - len(new):
            are = "is" if known == 1 else "are"
            print(f"{known} of them {are} in the log already.")
        if not new or not _has_terminal():
            return new
        talk.complete(new)
    elif args.question or args.story:
        return [
            entries.make_entry(
                book.handbook, interview=args.interview, date=args.date, place=args.round,
                question=args.question, story=args.story, landed=args.landed, notes=args.notes,
            )
        ]  # fmt: skip
    else:
        one = args.interview and entries.find_interview(book.handbook, args.interview)
        talk.run(one or None, args.date and entries.read_date(args.date))
    _print_entries(talk.entries, "")
    asks = f"Add this to {printable(book.log.shown)}? [Y/n] "
    return talk.entries if talk.entries and _confirms(asks) else ()


def _print_entries(made: "Sequence[Entry]", above: str) -> None:
    from starbook.content.list_files import as_item  # noqa: PLC0415

    if made:
        print(above)
        print("\n".join(printable(line) for one in made for line in as_item(one.lines)))


def _offer_questions(args: argparse.Namespace, book: "Book", made: "Sequence[Entry]") -> int:
    """Offer the catalogue the questions that it does not have, and add them if that is wanted."""
    from starbook.content.list_files import as_item  # noqa: PLC0415
    from starbook.debrief import writing  # noqa: PLC0415

    offered = writing.new_questions(book, made)
    if not offered:
        return 0
    shown = printable(book.catalogue.shown)
    these = "a question that is" if len(offered) == 1 else f"{len(offered)} questions that are"
    print(f"It has {these} not in the handbook. For {shown}:")
    print("\n".join(printable(line) for one in offered for line in as_item(one.lines)))
    for near in dict.fromkeys(near for one in offered for near in one.near):
        print(printable(f"The handbook has one like it: {near.question} (`{near.id}`)"))
    if "questions" in book.handbook.settings.publish:
        print("The public edition would have it, too: handbook.yml publishes questions.")
    if not (args.add_question or _confirms("Add this? [y/N] ", yes=("y", "yes"))):
        return 0
    try:
        writing.write_questions(book, [one.lines for one in offered])
    except (writing.LogError, OSError) as error:
        return _fail(f"It was not added: {printable(_reason(error))}")
    print(f"Added to {shown}.")
    return 0


def _text(args: argparse.Namespace) -> int:
    """Print a text alone to standard output, so that it can be piped; the rest elsewhere."""
    print(_content_line(args.content), file=sys.stderr, flush=True)
    if not args.content.is_dir():
        return _fail(_NO_FOLDER)
    handbook, _ = pipeline.load(args.content)
    texts = {
        question.id: plain_text.answer_text(question.answer)
        for question in handbook.questions
        if question.answer
    }
    texts |= {story.id: plain_text.story_text(story) for story in handbook.stories}
    ident = args.id.removesuffix(".md").rpartition("/")[2]
    if ident not in texts:
        return _fail(names.no_story(args.id, texts))
    print(texts[ident], flush=True)
    words = len(texts[ident].split())
    over, limit = words - plain_text.MOST_WORDS, plain_text.MOST_WORDS
    shown = count(words, "word")
    print(f"{shown}, {over} over {limit}" if over > 0 else shown, file=sys.stderr)
    return 0


def _print_complete_drafts(args: argparse.Namespace, stories: "Sequence[Candidate]") -> None:
    drafts = [story for story in stories if not story.is_ready]
    complete = [story for story in drafts if not story.faults]
    for story in complete:
        print(printable(f"{story.id}: {story.title}"))
    command = f"python3 build.py ready{_content_option(args)}"
    if complete:
        print(f"Set them with: {command} {' '.join(story.id for story in complete)}")
    elif drafts:
        print(f"No draft is complete. See what one still needs: {command} {drafts[0].id}")
    else:
        print("There are no drafts.")


def _content_option(args: argparse.Namespace) -> str:
    """Return the option that later commands need to read the same content, or ""."""
    if os.path.realpath(args.content) == os.path.realpath(_default_content()):
        return ""
    path = _shown(args.content)
    return f' --content "{path}"' if " " in path else f" --content {path}"


def _new(args: argparse.Namespace) -> int:
    print(_content_line(args.content), flush=True)
    if not args.content.is_dir():
        return _fail("Nothing was made: there is no such folder; `new handbook DIR` makes one")
    try:
        made = scaffold.create(args.content, args.kind, args.title, args.template)
    except (scaffold.ScaffoldError, OSError) as error:
        return _fail(f"Nothing was made: {_reason(error)}")
    command = f"python3 build.py{_content_option(args)}"
    print(f"Made {_shown(made)}. Fill it in, then run `{command}`.")
    return 0


def _new_handbook(args: argparse.Namespace) -> int:
    try:
        first = scaffold.create_handbook(args.content, SAMPLE)
    except (scaffold.ScaffoldError, OSError) as error:
        return _fail(f"Nothing was made: {_reason(error)}")
    print(f"Made {_shown(args.content)}, with the questions, guides and templates of the sample.")
    if args.remember or _confirms("Use it for later commands? [Y/n] "):
        try:
            text = f"{args.content.resolve()}\n"
            REMEMBERED.write_text(text, encoding="utf-8", errors=_PATH_ERRORS)
        except OSError as error:
            return _fail(f"It cannot be remembered: {_reason(error)}")
        print(f"Later commands use it. Delete {_shown(REMEMBERED)} to go back to the sample.")
    print(f"Open {_shown(first)} first, and fill it in.")
    print(f"See each save in your browser: python3 build.py serve --open{_content_option(args)}")
    return 0


def _has_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _confirms(question: str, yes: tuple[str, ...] = ("", "y", "yes")) -> bool:
    """Ask a question on the terminal; return False where there is none."""
    if not _has_terminal():
        return False
    try:
        return input(question).strip().lower() in yes
    except EOFError:
        return False


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"{_shown(Path(error.filename))} cannot be written ({error.strerror})"
    return getattr(error, "strerror", None) or str(error)


def _fail(message: str) -> int:
    print(message if message.endswith("?") else f"{message}.", file=sys.stderr)
    return 1


def _content_line(content: Path) -> str:
    """Return the first line that commands print: which content they read."""
    remembered = content != SAMPLE and content == _default_content()
    why = f" (remembered in {_shown(REMEMBERED)})" if remembered else ""
    return f"Content: {_shown(content)}{why}"


def _summary(result: pipeline.BuildResult, out: Path, seconds: str) -> str:
    book = result.summary
    stories = count(book.stories, "story", "stories")
    questions = count(book.questions, "question")
    made = f"{count(result.pages, 'page')} in {seconds} s"
    changes = f"{count(result.changed, 'file')} changed"
    if result.removed:
        changes += f", {result.removed} removed"
    warnings = f" {_tally(result.problems).capitalize()}." if result.problems else ""
    if book.edition is Edition.PUBLIC and not book.stories:
        warnings += " No story is public: one must say `publish: true` and `status: ready`."
    start = _shown(out / "index.html")
    built = "Built" if book.edition is Edition.PRIVATE else "Built the public edition:"
    return f"{built} {stories} and {questions}: {made}, {changes}.{warnings}\nOpen {start}"


def _check(args: argparse.Namespace) -> int:
    database = pipeline.open_database(args.content, ROOT / "layouts")
    problems = pipeline.examine(database)
    if args.format == "json":
        print(msgspec.json.format(msgspec.json.encode(problems), indent=2).decode())
    else:
        print(_content_line(args.content), flush=True)
        _print_problems(problems, sys.stdout)
        if not has_errors(problems) and not pipeline.has_id(database):
            print(_offer_id(args.content))
        print(f"{_tally(problems).capitalize()}." if problems else "No problems.")
    return 1 if has_errors(problems) or (args.strict and problems) else 0


def _offer_id(content: Path) -> str:
    """Return the lines that offer an id to a handbook that has none."""
    return (
        f"It has no id, which tells its practice from that of other handbooks. Add this line to "
        f"{_shown(content / SETTINGS)}:\n  id: {scaffold.random_id()}"
    )


def _shown(path: Path) -> str:
    """Return the relative or the absolute path, whichever is shorter to type, on one line."""
    relative = os.path.relpath(path)
    return printable(relative if len(relative) < len(str(path)) else str(path))


def _tally(problems: Sequence[Problem]) -> str:
    errors = sum(problem.is_error for problem in problems)
    counts = {"error": errors, "warning": len(problems) - errors}
    return ", ".join(count(number, noun) for noun, number in counts.items() if number)


def _print_problems(problems: Iterable[Problem], stream: TextIO) -> None:
    colour = stream.isatty() and not os.environ.get("NO_COLOR")
    for problem in problems:
        print(_coloured(problem) if colour else problem, file=stream)


def _coloured(problem: Problem) -> str:
    """Return the text with the place in bold, the message red or yellow, the rule faint."""
    hue = "31" if problem.is_error else "33"
    place = f"{problem.path}:{problem.line}" if problem.line else problem.path
    text = str(problem).removeprefix(f"{place}: ").removesuffix(f" [{problem.rule}]")
    message = text.removesuffix(f"; {problem.hint}") if problem.hint else text
    hint = f"; {problem.hint}" if problem.hint else ""
    rule = f"\033[2m[{problem.rule}]\033[0m"
    return f"\033[1m{place}\033[0m: \033[{hue}m{message}\033[0m{hint} {rule}"


class _ProgressBar:
    """A progress bar on a terminal, for builds that take longer than two seconds."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.begun = time.monotonic()
        self.last = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        finished = done >= total
        if not self.stream.isatty() or now - self.begun < _BAR_DELAY:
            return
        if now - self.last < 0.1 and not finished:
            return
        self.last = now
        filled = _BAR_WIDTH * min(done, total) // max(total, 1)
        bar = "█" * filled + "·" * (_BAR_WIDTH - filled)
        end = "\r\033[K" if finished else ""
        print(f"\r{stage:13}{bar} {done:,} of {total:,}{end}", end="", file=self.stream, flush=True)
