"""The command `log`."""

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from starbook.commands import folders, terminal
from starbook.pages.formatting import count
from starbook.problem import printable

if TYPE_CHECKING:
    from starbook.debrief.dialogue import Dialogue
    from starbook.debrief.entries import Entry
    from starbook.debrief.writing import Book


def log_interview(args: argparse.Namespace) -> int:
    """Add entries to the log of interviews; return the exit code."""
    from starbook.debrief import writing  # noqa: PLC0415  (only this command pays for its imports)

    print(terminal.content_line(args.content), flush=True)
    if not args.content.is_dir():
        return terminal.fail(folders.NO_FOLDER)
    if not (args.question or args.story or args.phone or terminal.has_terminal()):
        hint = "say what was asked and told with --interview, --question and --story"
        return terminal.fail(f"Nothing was written: {hint}, or run this in a terminal")
    try:
        book = writing.open_book(args.content)
    except OSError as error:
        return terminal.fail(f"Nothing was written: {terminal.reason(error)}")
    if book.faults:
        terminal.print_problems(book.faults, sys.stderr)
        return terminal.fail(f"Nothing was written: mend {printable(book.log.shown)} first")
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
        return terminal.fail(f"Nothing was written: {printable(terminal.reason(error))}")
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
        if not new or not terminal.has_terminal():
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
    return talk.entries if talk.entries and terminal.confirms(asks) else ()


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
    if not (args.add_question or terminal.confirms("Add this? [y/N] ", yes=("y", "yes"))):
        return 0
    try:
        writing.write_questions(book, [one.lines for one in offered])
    except (writing.LogError, OSError) as error:
        return terminal.fail(f"It was not added: {printable(terminal.reason(error))}")
    print(f"Added to {shown}.")
    return 0
