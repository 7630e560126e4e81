"""The door of an installed Starbook: the command `starbook`, and `python3 -m starbook`.

It does what build.py does, but for the packages: whoever installed Starbook installed them with it.
"""

import sys
from typing import NoReturn

from starbook.build.fast_path import replay_if_unchanged


def main() -> NoReturn:
    """Run the command that the person typed, and exit with its code."""
    if replay_if_unchanged(sys.argv[1:]):
        sys.exit(0)
    from starbook import cli  # noqa: PLC0415  (no replay needs it)

    cli.exit_fast(cli.main(sys.argv[1:]), sys.argv[1:])


if __name__ == "__main__":
    main()
