"""The command `deploy`."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

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
            plan = deploy.plan(result.files, out, repository, args.remote)
            if plan.is_empty:
                print(f"Nothing to push: {target} is up to date.")
                return 0
            print("\n".join(_describe_plan(plan, target)), flush=True)
            if plan.unlisted and not terminal.confirms(
                f"{target} does not say which files `deploy` wrote. Change or delete "
                f"{count(len(plan.unlisted), 'file')} of it? [y/N] ",
                yes=("y", "yes"),
            ):
                return terminal.fail(_describe_unlisted(plan, target))
            deploy.push(plan, repository, args.remote)
    except deploy.DeployError as error:
        return terminal.fail(f"Nothing was pushed: {error}")
    print(f"Pushed {terminal.shown(out)} to {target}.")
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
