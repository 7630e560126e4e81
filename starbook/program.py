"""The program: by which door it was started, and where the files that belong to it lie.

It has two doors. In a checkout that is build.py, with layouts/ and content/ beside it. Installed it
is the command `starbook`; a wheel has copies of both folders in the package. What a person is told
to type depends on the door, and is said by `COMMAND` alone. The fast path needs this before any
package exists, so the module uses the standard library only.
"""

import os
import sys

# What a person types, installed and in a checkout.
INSTALLED, CHECKOUT = "starbook", "python3 build.py"
PACKAGE = os.path.dirname(os.path.abspath(__file__))
_IN_WHEEL = os.path.join(PACKAGE, "_data")
IS_WHEEL = os.path.isdir(_IN_WHEEL)
# The folder that has layouts/, and the sample in content/.
ROOT = _IN_WHEEL if IS_WHEEL else os.path.dirname(PACKAGE)


def is_command(started: str) -> bool:
    """Return True if `started`, a path in `sys.argv`, is the command `starbook` or the package."""
    name = os.path.basename(started).lower().removesuffix(".exe")
    return name == INSTALLED or started == os.path.join(PACKAGE, "__main__.py")


IS_COMMAND = IS_WHEEL or is_command(sys.argv[0])
# The program as its usage names it, and as a person types it.
NAME = INSTALLED if IS_COMMAND else "build.py"
COMMAND = INSTALLED if IS_COMMAND else CHECKOUT


def process(by_command: bool = IS_COMMAND) -> list[str]:
    """Return the program and first arguments of a process that runs this in any folder."""
    python = "py" if os.name == "nt" else "python3"
    return [INSTALLED] if by_command else [python, os.path.join(ROOT, "build.py")]


def _settings_folder() -> str:
    """Return the folder in which the system keeps the settings of programs."""
    if sys.platform == "win32":
        return os.environ.get("APPDATA") or os.path.expanduser("~")
    if sys.platform == "darwin":
        return os.path.expanduser("~/Library/Application Support")
    named = os.environ.get("XDG_CONFIG_HOME", "")  # the specification says to ignore relative ones
    return named if os.path.isabs(named) else os.path.expanduser("~/.config")


# The file that names the content folder to use when nothing else does.
REMEMBERED = (
    os.path.join(_settings_folder(), "starbook", "handbook")
    if IS_COMMAND
    else os.path.join(ROOT, ".starbook-content")
)
