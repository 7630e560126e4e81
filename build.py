"""The door to Starbook: `python3 build.py [command]` on any Python from 3.11 on.

It holds no logic. starbook/build/fast_path.py repeats the output of the last build where nothing
has changed; else starbook/bootstrap.py provides the packages, and starbook/cli.py runs the command.
This file must parse on old Pythons, so that they can print what is wrong.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Starbook needs Python 3.11 or newer, and this is Python %d.%d.\n"
        "Install a newer one, or name one that you have: python3.13 build.py" % sys.version_info[:2]
    )

if __name__ == "__main__":
    from starbook.build.fast_path import replay_if_unchanged

    if replay_if_unchanged(sys.argv[1:]):
        sys.exit(0)

    from starbook.bootstrap import ensure_packages

    ensure_packages(sys.argv[1:])

    from starbook.cli import exit_fast, main

    exit_fast(main(sys.argv[1:]), sys.argv[1:])
