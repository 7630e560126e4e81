"""Folders: the content that a command reads, and the site that it writes."""

import argparse
import os
from contextlib import suppress
from pathlib import Path

from starbook import site_folders
from starbook.build import fast_path
from starbook.model import Edition

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLE = ROOT / "content"
REMEMBERED = ROOT / fast_path.REMEMBERED
PATH_ERRORS = "surrogateescape"  # the name of a folder need not be UTF-8
# What is said where the content folder is missing.
NO_FOLDER = "There is no such folder; name the one that holds your stories/ with --content"


def default_content() -> Path:
    """Return the remembered folder, or else the sample."""
    with suppress(OSError):
        return Path(REMEMBERED.read_text(encoding="utf-8", errors=PATH_ERRORS).strip() or SAMPLE)
    return SAMPLE


def out_folder(args: argparse.Namespace) -> Path:
    """Return where the site goes: the site of the sample beside it, any other into its handbook."""
    if args.out:
        return Path(args.out)
    is_public = args.edition is Edition.PUBLIC
    name = site_folders.PUBLIC if is_public else site_folders.PRIVATE
    is_sample = os.path.realpath(args.content) == os.path.realpath(SAMPLE)
    return (ROOT if is_sample else Path(args.content)) / name
