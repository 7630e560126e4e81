"""The command `deploy`."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from starbook.build.pipeline import BuildResult
from starbook.commands import folders, terminal
from starbook.commands.site import print_wait, run_build
from starbook.pages.formatting import count
from starbook.problem import printable

if TYPE_CHECKING:
    from starbook.deploy import Plan

_LISTED = 40  # so many files of a kind are listed before a push; all that it deletes are


def deploy_site(args: argparse.Namespace) -> int:
    """Build the public edition and push it; return the exit code."""
    from starbook import deploy  # noqa: PLC0415  (only this command pays for its imports)

    out, target = folders.out_folder(args), f"{deploy.BRANCH} of {args.remote}"
    try:
        repository = deploy.find_repository(args.content)
        if repository != Path.cwd():
            target += f" in {terminal.shown(repository)}"
        deploy.check(out, repository, args.remote)
        with deploy.locked(repository, print_wait):
            result = run_build(args)
            if result.failed:
                return 1
            doubts = "" if args.allow_warnings else _doubts(result)
            if doubts and not args.dry_run:
                raise deploy.DeployError(doubts)
            plan = deploy.plan(result.files, out, repository, args.remote)
            if args.dry_run:
                print("\n".join(_describe_dry_run(plan, target, result, doubts)))
            elif plan.is_empty:
                print(f"Nothing to push: {target} is up to date.")
            else:
                print("\n".join(_describe_plan(plan, target)), flush=True)
                if refused := _refusal(plan, target, yes=args.yes):
                    raise deploy.DeployError(refused)
                deploy.push(plan, repository, args.remote)
                print(f"Pushed {terminal.shown(out)} to {target}.")
    except deploy.DeployError as error:
        return terminal.fail(f"Nothing was pushed: {error}")
    return 0


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


def _describe_dry_run(plan: "Plan", target: str, result: BuildResult, doubts: str) -> Iterator[str]:
    """Yield lines with the pages of a site, what a push would do, and what would stop it."""
    yield "Pages of the public edition:"
    yield from (f"  {printable(path)}" for path in sorted(result.files) if path.endswith(".html"))
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
        shown = paths if verb == "delete" else paths[:_LISTED]
        yield from (f"  {verb:6} {printable(path)}" for path in shown)
        if more := len(paths) - len(shown):
            yield f"  {verb:6} {count(more, 'file')} more"


def _refusal(plan: "Plan", target: str, *, yes: bool) -> str:
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
    says = f"this is the first push to {target}, where others may read it"
    if terminal.confirms(f"{says[0].upper()}{says[1:]}. Push? [y/N] ", yes=("y", "yes")):
        return ""
    return f"{says}; run this in a terminal and say yes, or add --yes"
