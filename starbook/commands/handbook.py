"""The commands that change a handbook, or print its texts: `new`, `metrics`, `ready`, `text`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from starbook import editor_files, program, scaffold
from starbook.build import pipeline, queries
from starbook.commands import folders, terminal
from starbook.pages import plain_text
from starbook.pages.formatting import count
from starbook.problem import printable
from starbook.text import names

if TYPE_CHECKING:
    from starbook.promotion import Candidate


def propose_metrics(args: argparse.Namespace) -> int:
    """Print the lines `metrics:` for stories without, or add them; return the exit code."""
    from starbook import proposals  # noqa: PLC0415  (only this command pays for its imports)

    print(terminal.content_line(args.content), flush=True)
    if not args.content.is_dir():
        return terminal.fail(folders.NO_FOLDER)
    if args.write and not terminal.has_terminal():
        return terminal.fail(
            "Nothing was written: --write asks before each story, and needs a terminal"
        )
    try:
        proposed = list(proposals.propose(args.content, args.id))
        for proposal in proposed:
            print(f"\n{terminal.shown(proposal.path)}")
            print("\n".join(proposal.lines if proposal.entries else ("No numbers were found.",)))
            if (
                args.write
                and proposal.entries
                and terminal.confirms("Add these lines? [y/N] ", yes=("y", "yes"))
            ):
                proposals.write(proposal)
                print("Added.")
    except (proposals.ProposalError, OSError) as error:
        return terminal.fail(
            f"Nothing more was written: {terminal.reason(error)}"
            if args.write
            else terminal.reason(error)
        )
    if not proposed:
        print("No story without `metrics` has numbers that can be found.")
    elif not args.write and any(proposal.entries for proposal in proposed):
        print("\nPaste what is right between the two --- of each file, or let --write add it.")
    return 0


def set_ready(args: argparse.Namespace) -> int:
    """Set complete drafts to `status: ready`; return the exit code."""
    from starbook import promotion  # noqa: PLC0415  (only this command pays for its imports)

    print(terminal.content_line(args.content), flush=True)
    if not args.content.is_dir():
        return terminal.fail(folders.NO_FOLDER)
    # Of two with one id the second has the fault that says so.
    stories = {story.id: story for story in promotion.find_candidates(args.content)}
    if not args.ids:
        _print_complete_drafts(args, list(stories.values()))
        return 0
    refused = 0
    for ident in dict.fromkeys(args.ids):
        if ident not in stories:
            refused += terminal.fail(names.no_story(ident, stories))
            continue
        faults = promotion.promote(stories[ident])
        terminal.print_problems(faults, sys.stdout)
        refused += bool(faults)
        if not faults:
            told = "was ready already" if stories[ident].is_ready else "is ready now"
            print(f"{terminal.shown(stories[ident].path)} {told}.", flush=True)
    return int(refused > 0)


def print_text(args: argparse.Namespace) -> int:
    """Print a text alone to standard output, so that it can be piped; the rest elsewhere."""
    print(terminal.content_line(args.content), file=sys.stderr, flush=True)
    if not args.content.is_dir():
        return terminal.fail(folders.NO_FOLDER)
    handbook, _ = pipeline.load(args.content)
    texts = {
        question.id: plain_text.answer_text(question.answer)
        for question in handbook.questions
        if question.answer
    }
    texts |= {story.id: plain_text.story_text(story) for story in handbook.stories}
    ident = args.id.removesuffix(".md").rpartition("/")[2]
    if ident not in texts:
        return terminal.fail(names.no_story(args.id, texts))
    print(texts[ident], flush=True)
    words = len(texts[ident].split())
    over, limit = words - plain_text.MOST_WORDS, plain_text.MOST_WORDS
    shown = count(words, "word")
    print(f"{shown}, {over} over {limit}" if over > 0 else shown, file=sys.stderr)
    return 0


def _print_complete_drafts(args: argparse.Namespace, stories: "Sequence[Candidate]") -> None:
    drafts = [story for story in stories if not (story.is_ready or story.is_resting)]
    complete = [story for story in drafts if not story.faults]
    for story in complete:
        print(printable(f"{story.id}: {story.title}"))
    command = f"{program.COMMAND} ready{terminal.content_option(args)}"
    if complete:
        print(f"Set them with: {command} {' '.join(story.id for story in complete)}")
    elif drafts:
        print(f"No draft is complete. See what one still needs: {command} {drafts[0].id}")
    else:
        print("There are no drafts.")


def make_entry(args: argparse.Namespace) -> int:
    """Make a story, question, guide or interview to fill in; return the exit code."""
    print(terminal.content_line(args.content), flush=True)
    if not args.content.is_dir():
        return terminal.fail(
            "Nothing was made: there is no such folder; `new handbook DIR` makes one"
        )
    try:
        made = scaffold.create(args.content, args.kind, args.title, args.template)
    except (scaffold.ScaffoldError, OSError) as error:
        return terminal.fail(f"Nothing was made: {terminal.reason(error)}")
    command = f"{program.COMMAND}{terminal.content_option(args)}"
    print(f"Made {terminal.shown(made)}. Fill it in, then run `{command}`.")
    return 0


def make_layout(args: argparse.Namespace) -> int:
    """Copy a layout of Starbook into the handbook, or list them all; return the exit code."""
    if args.name is None:
        print("\n".join(scaffold.layout_names(folders.layouts())))
        return 0
    print(terminal.content_line(args.content), flush=True)
    if not args.content.is_dir():
        return terminal.fail(folders.NO_FOLDER)
    try:
        made = scaffold.create_layout(
            args.content, folders.layouts(), args.name.removeprefix("layouts/")
        )
    except (scaffold.ScaffoldError, OSError) as error:
        return terminal.fail(f"Nothing was made: {terminal.reason(error)}")
    print(f"Made {terminal.shown(made)}. It takes the place of Starbook's own; delete it to undo.")
    return 0


def make_handbook(args: argparse.Namespace) -> int:
    """Make a content folder; return the exit code."""
    from starbook import origin  # noqa: PLC0415  (only this command pays for its imports)

    source = origin.pinned_source()
    first = None
    try:
        if args.sample:
            scaffold.copy_sample(args.content, folders.SAMPLE, source)
        else:
            first = scaffold.create_handbook(args.content, folders.SAMPLE, source)
    except (scaffold.ScaffoldError, OSError) as error:
        return terminal.fail(f"Nothing was made: {terminal.reason(error)}")
    made = terminal.shown(args.content)
    what = "with the questions, guides and templates of the sample" if first else "with the sample"
    print(f"Made {made}, {what}.")
    if args.remember or (first and terminal.confirms("Use it for later commands? [Y/n] ")):
        try:
            _remember(args.content)
        except OSError as error:
            return terminal.fail(f"It cannot be remembered: {terminal.reason(error)}")
    if first:
        print(f"Open {terminal.shown(first)} first, and fill it in.")
    option = terminal.content_option(args)
    if program.IS_COMMAND:
        see = f"In {made}, see" if option else "See"
        print(f"{see} each save in your browser: {program.COMMAND} serve --open")
    else:
        print(f"See each save in your browser: {program.COMMAND} serve --open{option}")
    return 0


def write_schemas(args: argparse.Namespace) -> int:
    """Write the schemas that editors check the files with; return the exit code."""
    print(terminal.content_line(args.content), flush=True)
    if not args.content.is_dir():
        return terminal.fail(folders.NO_FOLDER)
    properties = queries.properties(pipeline.open_database(args.content))
    try:
        written, foreign = editor_files.write_schemas(args.content, properties)
    except OSError as error:
        return terminal.fail(f"Not all schemas were written: {terminal.reason(error)}")
    shown = terminal.shown(args.content / editor_files.SCHEMAS)
    if written:
        print(f"Wrote {count(len(written), 'schema')} to {shown}.")
        print("A file names its schema in a comment; docs/FORMAT.md has it, under In the editor.")
    elif not foreign:
        print(f"The schemas in {shown} are up to date.")
    for path in foreign:
        terminal.fail(f"{terminal.shown(path)} stays as it is: Starbook did not write it")
    return int(bool(foreign))


def _remember(content: Path) -> None:
    """Note which handbook later commands use. Raises OSError."""
    folders.REMEMBERED.parent.mkdir(parents=True, exist_ok=True)
    text = f"{content.resolve()}\n"
    folders.REMEMBERED.write_text(text, encoding="utf-8", errors=folders.PATH_ERRORS)
    undone = "forget it" if program.IS_COMMAND else "go back to the sample"
    print(f"Later commands use it. Delete {terminal.shown(folders.REMEMBERED)} to {undone}.")
