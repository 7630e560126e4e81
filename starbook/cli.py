"""Command line: the arguments of all commands, and exit codes (0 clean, 1 errors, 2 usage)."""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import starbook
from starbook import program
from starbook.bootstrap import run_tests
from starbook.commands import debriefing, documents, folders, formats, handbook, publishing, site
from starbook.model import Edition
from starbook.urls import BUNDLE

if TYPE_CHECKING:
    _Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_PORT = 7827  # S, T, A, R on the keys of a phone
# What the defaults are called; for the command `starbook`, the folder that one stands in counts.
_BY_COMMAND = "the one you are in, or the one that is remembered"
_DEFAULT = _BY_COMMAND if program.IS_COMMAND else "content/, or the one that is remembered"
_CONTENT_HELP = f"the folder of your handbook (default: {_DEFAULT})"
_SAMPLE_SITE = "" if program.IS_COMMAND else f"; for the sample, beside {program.NAME}"
_OWN_LAYOUTS = "those of Starbook" if program.IS_COMMAND else "layouts/"
_NO_TESTS = f"The tests are in a checkout of Starbook; run them there: {program.CHECKOUT} test"


def main(argv: Sequence[str]) -> int:
    """Run one command and return the exit code."""
    if argv[:1] == ["test"] and program.IS_COMMAND:
        print(_NO_TESTS, file=sys.stderr)
        return 2
    if argv[:1] == ["test"] and not {"-h", "--help"}.intersection(argv):
        return run_tests(list(argv[1:]))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal need not have every character
            stream.reconfigure(errors="backslashreplace")
    parser = _parser()
    args = parser.parse_args(_with_command(argv))
    if getattr(args, "content", "") is None:
        parser.error(folders.NO_HANDBOOK)
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
    if argv and (not argv[0].startswith("-") or argv[0] in ("-h", "--help", "--version")):
        return list(argv)
    return ["build", *argv]


def _shared_options() -> tuple[argparse.ArgumentParser, argparse.ArgumentParser]:
    """Return the options of commands that read content, and of those that build as well."""
    content = argparse.ArgumentParser(add_help=False)
    content.add_argument(
        "--content",
        type=_path,
        default=folders.default_content(),
        metavar="DIR",
        help=_CONTENT_HELP,
    )
    out = argparse.ArgumentParser(add_help=False)
    out.add_argument(
        "--out", type=_path, metavar="DIR",
        help="the folder to write the site to (default: site/ or site-public/ in the handbook's "
        f"folder{_SAMPLE_SITE})",
    )  # fmt: skip
    out.add_argument(
        "--layouts", type=_path, default=folders.layouts(), metavar="DIR",
        help=f"the folder with the templates (default: {_OWN_LAYOUTS})",
    )  # fmt: skip
    out.add_argument(
        "--no-cache", action="store_true", help="neither use nor keep results for a later build"
    )
    out.set_defaults(edition=Edition.PRIVATE)
    return content, out


def _parser() -> argparse.ArgumentParser:
    content, out = _shared_options()
    parser = argparse.ArgumentParser(
        prog=program.NAME,
        description="Starbook builds a handbook for interviews from your stories.",
        epilog=f"Without a command it builds. `{program.NAME} COMMAND --help` lists the options of "
        "one. Exit code: 0 if all is well, 1 for errors in the content, 2 for a wrong command.",
    )
    parser.add_argument(
        "--version", action="version", version=f"Starbook {starbook.__version__}",
        help="print the version and exit",
    )  # fmt: skip
    commands = parser.add_subparsers(dest="command", title="commands", metavar="COMMAND")
    _add_build(commands, content, out)
    _add_check(commands, content)
    _add_new(commands, content)
    _add_serve(commands, content, out)
    _add_deploy(commands, content, out)
    _add_import(commands)
    _add_metrics(commands, content)
    _add_export(commands, content)
    _add_bundle(commands, content)
    _add_ready(commands, content)
    _add_log(commands, content)
    _add_text(commands, content)
    clean = _add(commands, "clean", "delete the cache of all handbooks; no content and no site")
    clean.set_defaults(run=site.clean_cache)
    if not program.IS_COMMAND:
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
    build.set_defaults(run=site.build)


def _add_check(commands: "_Commands", content: argparse.ArgumentParser) -> None:
    what = "list all problems in the content, and build nothing"
    check = _add(commands, "check", what, content)
    check.add_argument(
        "--format", choices=formats.CHOICES, default="text",
        help="how to list them (default: text); github and sarif are for workflows of GitHub",
    )  # fmt: skip
    check.add_argument("--strict", action="store_true", help="exit with 1 for a warning, too")
    check.add_argument(
        "--coach", action="store_true",
        help="also print what an interviewer would stumble over; it changes no exit code",
    )  # fmt: skip
    check.set_defaults(run=site.check)


def _add_new(commands: "_Commands", content: argparse.ArgumentParser) -> None:
    what = "make a story, question, guide, interview, layout or handbook; write schemas"
    new = _add(commands, "new", what)
    kinds = new.add_subparsers(dest="kind", title="what to make", metavar="KIND", required=True)
    for kind, what, title in (
        ("story", "make a draft of a story", "its title"),
        ("question", "make a question", "the question"),
        ("guide", "make a guide", "its title"),
        ("interview", "make an interview", 'company and role, such as "City Library, Engineer"'),
    ):
        command = _add(kinds, kind, what, content)
        command.add_argument("title", help=title)
        command.set_defaults(run=handbook.make_entry, template="")
        if kind == "story":
            command.add_argument(
                "--template", default="", metavar="NAME", help="begin with a file of templates/"
            )
    what = "write the schemas by which editors check your files, into .schemas/"
    schemas = _add(kinds, "schemas", what, content)
    schemas.set_defaults(run=handbook.write_schemas)
    layout = _add(kinds, "layout", "copy a layout into the handbook, to change it there", content)
    layout.add_argument(
        "name", nargs="?",
        help="its file, such as story.html or assets/starbook.css; without it, all are listed",
    )  # fmt: skip
    layout.set_defaults(run=handbook.make_layout)
    book = _add(kinds, "handbook", "make a handbook of your own, in a new folder")
    book.add_argument("content", type=_path, metavar="DIR", help="the new folder")
    book.add_argument(
        "--remember", action="store_true", help="use it for later commands, without asking"
    )
    book.add_argument(
        "--sample", action="store_true", help="copy the sample with its stories, to look at"
    )
    book.set_defaults(run=handbook.make_handbook)


def _add_serve(
    commands: "_Commands", content: argparse.ArgumentParser, out: argparse.ArgumentParser
) -> None:
    what = "show your pages as you write, on this machine only unless --lan is given"
    serve = _add(commands, "serve", what, content, out)
    serve.add_argument(
        "--port", type=_port, default=_PORT, metavar="N",
        help="the port (default: %(default)s; 0: any that is free)",
    )  # fmt: skip
    serve.add_argument(
        "--next-port", action="store_true", help="take the next free port if that one is in use"
    )
    where = serve.add_mutually_exclusive_group()  # programs may see the address to be opened
    where.add_argument("--open", action="store_true", help="open the first page in your browser")
    where.add_argument(
        "--lan", nargs="?", const="", metavar="ADDRESS",
        help="let your phone read along on the local network, over plain HTTP: listen on the "
        "address of this machine there, and print a secret address to open",
    )  # fmt: skip
    serve.add_argument("--yes", action="store_true", help="do not ask before --lan")
    serve.add_argument(
        "--public", action="store_const", dest="edition", const=Edition.PUBLIC,
        help="show the public edition",
    )  # fmt: skip
    serve.add_argument(
        "--poll", action="store_true",
        help="look for changes twice a second: for network drives, which report none",
    )  # fmt: skip
    serve.set_defaults(run=site.serve)


def _add_deploy(
    commands: "_Commands", content: argparse.ArgumentParser, out: argparse.ArgumentParser
) -> None:
    what = "build the public edition and push it to gh-pages of the handbook's repository"
    deploy = _add(commands, "deploy", what, content, out)
    deploy.add_argument(
        "--remote", default="origin", metavar="NAME", help="where to push (default: %(default)s)"
    )
    deploy.add_argument(
        "--dry-run", action="store_true", help="list the pages and what would change; push nothing"
    )
    deploy.add_argument(
        "--yes", action="store_true", help="do not ask before the first push to a branch"
    )
    deploy.add_argument(
        "--allow-warnings", action="store_true",
        help="push though a warning says that a page may name what is private",
    )  # fmt: skip
    deploy.add_argument(
        "--encrypted", dest="encrypt", action="store_true",
        help="push the private handbook instead, as one file that is locked with a passphrase",
    )  # fmt: skip
    deploy.add_argument(
        "--path", default="", metavar="DIR",
        help="a folder of the branch to push to (default: its top)",
    )  # fmt: skip
    _add_passphrase(deploy)
    deploy.set_defaults(run=publishing.deploy_site, edition=Edition.PUBLIC)


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
        "--into", dest="content", type=_path, default=folders.default_content(), metavar="DIR",
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
        "--review", type=_path, nargs="?", const=documents.REVIEW, metavar="PATH",
        help="write a page with each line beside what it became (default: import-review.html)",
    )  # fmt: skip
    importer.set_defaults(run=documents.import_documents)


def _add_metrics(commands: "_Commands", content: argparse.ArgumentParser) -> None:
    what = "propose `metrics` for stories without, from the numbers in their text"
    metrics = _add(commands, "metrics", what, content)
    metrics.add_argument(
        "id", nargs="?", default="", metavar="ID", help="a story (default: all without `metrics`)"
    )
    metrics.add_argument(
        "--write", action="store_true", help="ask for each story, and add them to its file"
    )
    metrics.set_defaults(run=handbook.propose_metrics)


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
        command.set_defaults(run=documents.export)


def _add_bundle(commands: "_Commands", content: argparse.ArgumentParser) -> None:
    what = "write the handbook as one private HTML file, for your phone or a stick"
    bundle = _add(commands, "bundle", what, content)
    bundle.add_argument(
        "--out", type=_path, default=Path(BUNDLE), metavar="FILE",
        help="the file to write (default: %(default)s)",
    )  # fmt: skip
    bundle.add_argument(
        "--stories", nargs="+", default=[], metavar="ID",
        help="these stories only, and the questions that they are told for",
    )  # fmt: skip
    bundle.add_argument("--deck", default="", metavar="NAME", help="what this deck names")
    bundle.add_argument(
        "--interview", default="", metavar="ID",
        help="this interview, by id or company, and what its plan names",
    )  # fmt: skip
    bundle.add_argument(
        "--encrypt", action="store_true",
        help="lock the file with a passphrase: six random words, which are shown once",
    )  # fmt: skip
    _add_passphrase(bundle)
    bundle.set_defaults(run=documents.write_bundle)


def _add_passphrase(command: argparse.ArgumentParser) -> None:
    """Add where a passphrase comes from; never from an argument, which other programs can see."""
    given = command.add_mutually_exclusive_group()
    given.add_argument(
        "--passphrase-prompt", action="store_true", help="ask for a passphrase of your own"
    )
    given.add_argument(
        "--passphrase-fd", type=int, metavar="N", help="read it from this file descriptor"
    )


def _add_ready(commands: "_Commands", content: argparse.ArgumentParser) -> None:
    ready = _add(commands, "ready", "set `status: ready` in drafts that are complete", content)
    ready.add_argument(
        "ids", nargs="*", metavar="ID", help="a story (default: list the complete drafts)"
    )
    ready.set_defaults(run=handbook.set_ready)


def _add_text(commands: "_Commands", content: argparse.ArgumentParser) -> None:
    text = _add(commands, "text", "print a story or a prepared answer as plain text", content)
    text.add_argument("id", metavar="ID", help="a story, or a question with a prepared answer")
    text.set_defaults(run=handbook.print_text)


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
    log.description = (
        f"{log.description} Without --question, --story and --from it asks on the terminal."
    )
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
    log.set_defaults(run=debriefing.log_interview)


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
