"""Encryption: the packages that it needs, and the passphrase."""

import argparse
import getpass
import os
import sys

from starbook import bootstrap
from starbook.commands import terminal

_WHY = (
    "encryption needs packages that are not installed: cryptography, which encrypts; xkcdpass, "
    "which has a list of words; and zxcvbn, which judges a passphrase of your own."
)
# What is said of a file that is written.
ENCRYPTED = "It is encrypted: whoever has the file needs its passphrase, and can guess for ever."
_LONGEST = 4096  # bytes of a passphrase


class EncryptionError(Exception):
    """Nothing can be encrypted; the message says why and what to do."""


def is_wanted(args: argparse.Namespace) -> bool:
    """Return True if a file is to be encrypted: a passphrase alone says so too."""
    return args.encrypt or args.passphrase_prompt or args.passphrase_fd is not None


def obtain_passphrase(args: argparse.Namespace) -> str:
    """Return the passphrase that was asked for or given, or a new one. Raise `EncryptionError`."""
    _need_packages()
    from starbook.exporter import passphrase  # noqa: PLC0415  (its packages are optional)

    if args.passphrase_fd is not None:
        return _strong(_read(args.passphrase_fd))
    if args.passphrase_prompt:
        text = _strong(_ask("Passphrase: "))  # before it is typed again
        if _ask("The same again: ") != text:
            raise EncryptionError("the two passphrases differ")
        return text
    if sys.stderr.isatty():
        return passphrase.make()
    raise EncryptionError(
        "there is no terminal to show a new passphrase on; give one with --passphrase-fd N"
    )


def _strong(text: str) -> str:
    """Return a passphrase as it is. Raise `EncryptionError` if it is weak."""
    from starbook.exporter import passphrase  # noqa: PLC0415

    if weakness := passphrase.weakness(text):
        raise EncryptionError(
            f"this passphrase will not do: {weakness}; take six words that have nothing to do with "
            "each other, or leave the choice to this command"
        )
    return text


def show_if_new(args: argparse.Namespace, text: str) -> None:
    """Print a passphrase on the terminal if it was made for the person, and nowhere else."""
    if args.passphrase_fd is None and not args.passphrase_prompt:
        print(
            f"\n    {text}\n\nThis is the passphrase. It is shown this once; write it down: "
            "without it nobody can read the file.\n",
            file=sys.stderr,
            flush=True,
        )


def _need_packages() -> None:
    """Install the optional packages if the person says so. Raise `EncryptionError`."""
    if bootstrap.has_extra():
        return
    question = f"{_WHY[0].upper()}{_WHY[1:]}\nInstall them into .venv? [Y/n] "
    if not (bootstrap.can_install_extra() and terminal.confirms(question)):
        raise EncryptionError(
            f"{_WHY}\nInstall them\n\n    {bootstrap.extra_command()}\n\nand run this again"
        )
    try:
        bootstrap.install_extra()
    except (bootstrap.SetupError, OSError) as error:
        raise EncryptionError(str(error).rstrip(".")) from error


def _read(number: int) -> str:
    """Return the first line of a file descriptor. Raise `EncryptionError`."""
    data = b""
    try:
        while b"\n" not in data and len(data) <= _LONGEST and (part := os.read(number, _LONGEST)):
            data += part
        line = data.partition(b"\n")[0].removesuffix(b"\r")
        if len(line) > _LONGEST:  # what is cut off would not be typed the same again
            raise EncryptionError(
                f"the passphrase in file descriptor {number} is longer than {_LONGEST} bytes"
            )
        return line.decode()
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or "there is none"
        raise EncryptionError(f"file descriptor {number} cannot be read ({why})") from error
    except UnicodeDecodeError as error:
        raise EncryptionError(f"the passphrase in file descriptor {number} is not UTF-8") from error


def _ask(question: str) -> str:
    """Return what is typed on the terminal, where it is not shown."""
    if not terminal.has_terminal():
        raise EncryptionError("there is no terminal to ask on; use --passphrase-fd N")
    try:
        return getpass.getpass(question)
    except EOFError as error:
        raise EncryptionError("no passphrase was typed") from error
