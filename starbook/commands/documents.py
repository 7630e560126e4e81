"""The commands for documents and single files: `import`, `export` and `bundle`."""

import argparse
import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from starbook import program
from starbook.commands import encryption, folders, terminal
from starbook.model import Edition
from starbook.pages.formatting import count
from starbook.problem import has_errors, printable

# Where the review of an import goes unless it is named.
REVIEW = Path("import-review.html")
_NOT_ENCRYPTED = "It is private, and not encrypted: whoever has the file can read it."


def import_documents(args: argparse.Namespace) -> int:
    """Turn documents into content; return the exit code."""
    from starbook.importer import folder as documents  # noqa: PLC0415  (only this pays for it)
    from starbook.importer import review_file  # noqa: PLC0415

    print(terminal.content_line(args.content), flush=True)
    content = documents.Content(args.content)
    known = content.load_known()
    try:
        if args.review:  # before anything is written
            review_file.read_old(args.review)
        read = documents.read_documents(args.files, known, kind=args.kind, rule=args.split)
        if not read.imported:
            reasons = map(printable, [*read.failures, *read.passed])
            return terminal.fail("Nothing was written: " + ".\n".join(reasons))
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
            lines.append(
                f"Open {terminal.shown(args.review)} to see where each line went. It is private."
            )
    except (review_file.NotAReviewError, OSError) as error:
        return terminal.fail(f"The import stopped: {terminal.reason(error)}")
    print("\n".join([*lines, *_describe_passed(read.passed)]))
    for failure in read.failures:
        terminal.fail(f"Not imported: {printable(failure)}")
    return 1 if done.conflicts or done.refused or read.failures else 0


def _import_command(args: argparse.Namespace, shown: str) -> str:
    """Return the command that imports one document again, so that an option can follow."""
    path = shown.split(": ", maxsplit=1)[0]  # of a document in an archive, the archive
    words = [*program.COMMAND.split(), "import", path]
    words += (
        []
        if args.content == folders.default_content()
        else ["--into", terminal.shown(args.content)]
    )
    words += ["--review"] if args.review == REVIEW else ["--review", terminal.shown(args.review)]
    return shlex.join(words)


def _describe_passed(reasons: Sequence[str]) -> Iterator[str]:
    """Yield lines with the files of folders and archives that are not read; of many, the first."""
    for reason in reasons[:10]:
        yield f"Passed over: {printable(reason)}."
    if more := len(reasons[10:]):
        yield f"Passed over: {count(more, 'more file')}."


def export(args: argparse.Namespace) -> int:
    """Write a handbook as one file; return the exit code."""
    from starbook.exporter import run  # noqa: PLC0415  (only this command pays for its imports)

    print(terminal.content_line(args.content), flush=True)
    made = run.make(args.content, folders.layouts(), args.kind, args.edition)
    terminal.print_problems(made.problems, sys.stderr)
    if has_errors(made.problems):
        return terminal.fail(f"Nothing was written: {terminal.tally(made.problems)}")
    try:
        run.write(args.out, made.text, args.kind)
    except (run.ExportError, OSError) as error:
        return terminal.fail(f"Nothing was written: {terminal.reason(error)}")
    whats = ("note", "") if args.kind == "anki" else ("story", "stories")
    private = "" if args.edition is Edition.PUBLIC else " It is private: nothing is left out."
    print(f"Wrote {count(made.count, *whats)} to {terminal.shown(args.out)}.{private}")
    return 0


def write_bundle(args: argparse.Namespace) -> int:
    """Write a handbook, or a part, as one HTML file; return the exit code."""
    from starbook.exporter import bundle, run  # noqa: PLC0415  (only this pays for its imports)

    print(terminal.content_line(args.content), flush=True)
    choice = bundle.Choice(tuple(dict.fromkeys(args.stories)), args.deck, args.interview)
    try:
        passphrase = encryption.obtain_passphrase(args) if encryption.is_wanted(args) else ""
        made = bundle.make(args.content, folders.layouts(), choice, passphrase)
        terminal.print_problems(made.problems, sys.stderr)
        if has_errors(made.problems):
            return terminal.fail(f"Nothing was written: {terminal.tally(made.problems)}")
        if passphrase:  # before the file is there that needs it
            encryption.show_if_new(args, passphrase)
        run.write(args.out, made.text, "bundle")
    except (bundle.ChoiceError, encryption.EncryptionError, run.ExportError, OSError) as error:
        return terminal.fail(f"Nothing was written: {terminal.reason(error)}")
    size = f"{len(made.text.encode()) / 1000:,.0f} kB"
    stories = count(made.stories, "story", "stories")
    print(f"Wrote {stories} to {terminal.shown(args.out)}, {size}.")
    print(encryption.ENCRYPTED if passphrase else _NOT_ENCRYPTED)
    return 0
