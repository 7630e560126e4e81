"""Folders: the content that a command reads, and the site that it writes."""

import argparse
import os
from contextlib import suppress
from pathlib import Path

from starbook import program, site_folders
from starbook.content.folder import SETTINGS
from starbook.model import Edition

ROOT = Path(program.ROOT)
SAMPLE = ROOT / "content"
REMEMBERED = Path(program.REMEMBERED)
PATH_ERRORS = "surrogateescape"  # the name of a folder need not be UTF-8
# What is said where the content folder is missing, and where it is not known which one is meant.
NO_FOLDER = "There is no such folder; name the one that holds your stories/ with --content"
NO_HANDBOOK = (
    f"no {SETTINGS} is here or in a folder around this one, and no handbook is remembered; go to "
    "one, name it with --content DIR (for `import` with --into DIR), or make one: "
    f"{program.COMMAND} new handbook DIR"
)


def default_content() -> Path | None:
    """Return the handbook to use where none is named.

    For build.py that is the remembered one, or else the sample. For the command `starbook` it is
    the one that the person stands in, or else the remembered one, if there is any.
    """
    if not program.IS_COMMAND:
        return remembered() or SAMPLE
    around = (path.parent for path in places_of_settings() if path.is_file())
    return next(around, None) or remembered()


def remembered() -> Path | None:
    """Return the folder that a person told to remember, if there is one."""
    with suppress(OSError):
        name = REMEMBERED.read_text(encoding="utf-8", errors=PATH_ERRORS).strip()
        return Path(name) if name else None
    return None


def places_of_settings() -> tuple[Path, ...]:
    """Return the paths at which a handbook.yml may be: here, then in each folder around."""
    if not program.IS_COMMAND:
        return ()
    here = Path.cwd()
    return tuple(folder / SETTINGS for folder in (here, *here.parents))


def layouts() -> Path:
    """Return the folder with the layouts of Starbook."""
    return ROOT / "layouts"


def out_folder(args: argparse.Namespace) -> Path:
    """Return where the site goes: the site of the sample beside it, any other into its handbook."""
    if args.out:
        return Path(args.out)
    is_public = args.edition is Edition.PUBLIC
    name = site_folders.PUBLIC if is_public else site_folders.PRIVATE
    is_sample = os.path.realpath(args.content) == os.path.realpath(SAMPLE)
    return (ROOT if is_sample else Path(args.content)) / name
