"""The command `deploy`: a public edition, or a locked handbook, to GitHub Pages."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from starbook import urls
from starbook.build.pipeline import BuildResult
from starbook.commands import encryption, folders, terminal
from starbook.commands.site import print_wait, run_build
from starbook.pages.formatting import count
from starbook.problem import has_errors, printable

if TYPE_CHECKING:
    from starbook.deploy import Plan

# So many files that it adds, changes or keeps are listed before a push; all that it deletes are.
_LISTED = {"add": 40, "change": 40, "keep": 10}


def deploy_site(args: argparse.Namespace) -> int:
    """Build an edition and push it; return the exit code."""
    from starbook import deploy  # noqa: PLC0415  (only this command pays for its imports)

    try:
        folder = deploy.folder_name(args.path)
        target = f"{folder}/ on " if folder else ""
        target += f"{deploy.BRANCH} of {args.remote}"
        repository = deploy.find_repository(args.content)
        if repository != Path.cwd():
            target += f" in {terminal.shown(repository)}"
        send = _send_locked if encryption.is_wanted(args) else _send_public
        return send(args, folder, repository, target)
    except (deploy.DeployError, encryption.EncryptionError) as error:
        return terminal.fail(f"Nothing was pushed: {error}")


def _send_public(args: argparse.Namespace, folder: str, repository: Path, target: str) -> int:
    """Push the public edition."""
    from starbook import deploy  # noqa: PLC0415  (the same)

    out = folders.out_folder(args)
    deploy.check(out, repository, args.remote)
    with deploy.locked(repository, print_wait):
        result = run_build(args)
        if result.failed:
            return 1
        doubts = "" if args.allow_warnings else _doubts(result)
        if doubts and not args.dry_run:
            raise deploy.DeployError(doubts)
        plan = deploy.plan(result.files, out, folder, repository, args.remote)
        if args.dry_run:
            pages = sorted(path for path in result.files if path.endswith(".html"))
            print("\n".join(_describe_dry_run(plan, target, pages, doubts)))
        elif plan.is_empty:
            print(f"Nothing to push: {target} is up to date.")
        else:
            _agree(plan, target, "read it", yes=args.yes)
            deploy.push(plan, repository, args.remote)
            print(f"Pushed {terminal.shown(out)} to {target}.")
    return 0


def _send_locked(args: argparse.Namespace, folder: str, repository: Path, target: str) -> int:
    """Push the private handbook as one locked file. A dry run needs no passphrase."""
    from starbook import deploy  # noqa: PLC0415  (the same)
    from starbook.exporter import bundle  # noqa: PLC0415  (the same)

    print(terminal.content_line(args.content), flush=True)
    deploy.check_remote(repository, args.remote)
    with deploy.locked(repository, print_wait):
        # Whatever refuses a push comes before a person types a passphrase.
        plan = deploy.plan_locked(b"", folder, repository, args.remote)
        passphrase = "" if args.dry_run else encryption.obtain_passphrase(args)
        made = bundle.make(args.content, args.layouts, bundle.Choice(), passphrase)
        terminal.print_problems(made.problems, sys.stderr)
        if has_errors(made.problems):
            raise deploy.DeployError(terminal.tally(made.problems))
        if args.dry_run:
            print("\n".join(_describe_dry_run(plan, target, [urls.HOME], "")))
            return 0
        if not made.text.startswith(bundle.LOCKED_MARK):  # of all mistakes, not this one
            raise AssertionError("the handbook is not locked")
        plan = deploy.plan_locked(made.text.encode(), folder, repository, args.remote)
        _agree(plan, target, "fetch the file and guess for ever", yes=args.yes)
        encryption.show_if_new(args, passphrase)
        deploy.push(plan, repository, args.remote)
    print(f"Pushed the locked handbook to {target}.\n{encryption.ENCRYPTED}")
    return 0


def _agree(plan: "Plan", target: str, others: str, *, yes: bool) -> None:
    """Print what a push does, and ask what a person must agree to. Raise `DeployError`."""
    from starbook import deploy  # noqa: PLC0415  (the same)

    print("\n".join(_describe_plan(plan, target)), flush=True)
    if refused := _refusal(plan, target, others, yes=yes):
        raise deploy.DeployError(refused)


def _doubts(result: BuildResult) -> str:
    """Return why the warnings of a build forbid a push; "" if they don't."""
    from starbook.editions.leaks import MAY_TELL  # noqa: PLC0415  (the build has loaded it)

    found = [problem for problem in result.problems if problem.rule in MAY_TELL]
    if not found:
        return ""
    rules = ", ".join(sorted({problem.rule for problem in found}))
    said, them = ("warning says", "it") if len(found) == 1 else ("warnings say", "them")
    return (
        f"{len(found)} {said} that a public page may name what is private ({rules}); mend {them} "
        "in the content or, if nothing of it is private, add --allow-warnings"
    )


def _describe_dry_run(
    plan: "Plan", target: str, pages: Sequence[str], doubts: str
) -> Iterator[str]:
    """Yield lines with the pages of a site, what a push would do, and what would stop it."""
    yield "Pages:"
    yield from (f"  {printable(path)}" for path in pages)
    if plan.is_empty:
        yield f"No changes: {target} is up to date."
    else:
        yield from _describe_plan(plan, target)
    if doubts:
        yield f"A push would stop: {doubts}."
    elif plan.unlisted or plan.is_first:
        yield "A push would ask first."
    yield "Nothing was pushed: this was a dry run."


def _describe_plan(plan: "Plan", target: str) -> Iterator[str]:
    """Yield lines with what a push does; of what it deletes all, of the rest the first of many."""
    kinds = {
        "add": plan.added, "change": plan.changed, "delete": plan.deleted, "keep": plan.kept
    }  # fmt: skip
    yield f"Changes to {target}:"
    for verb, paths in kinds.items():
        shown = paths[: _LISTED.get(verb)]
        yield from (f"  {verb:6} {printable(path)}" for path in shown)
        if more := len(paths) - len(shown):
            yield f"  {verb:6} {count(more, 'file')} more"


def _refusal(plan: "Plan", target: str, others: str, *, yes: bool) -> str:
    """Ask what a person must agree to; return why a push must not be, or ""."""
    if plan.unlisted:
        files = count(len(plan.unlisted), "file")
        says = f"{target} does not say which files `deploy` wrote"
        if terminal.confirms(f"{says}. Change or delete {files} of it? [y/N] ", yes=("y", "yes")):
            return ""
        listed = ", ".join(printable(path) for path in plan.unlisted[:3])
        return (
            f"{says}, and has {files} like ours ({listed}); run this in a terminal and say yes if "
            "they are, or move them away there"
        )
    if yes or not plan.is_first:
        return ""
    says = f"this is the first push to {target}, where others may {others}"
    if terminal.confirms(f"{says[0].upper()}{says[1:]}. Push? [y/N] ", yes=("y", "yes")):
        return ""
    return f"{says}; run this in a terminal and say yes, or add --yes"
