"""The door to Starbook: `python3 build.py [command]` on any Python from 3.11 on.

It holds no logic. starbook/build/fast_path.py says at once where nothing has changed since the last
build; else starbook/bootstrap.py sees to the packages, starbook/cli.py to the command.
This file is kept to what old Pythons can read, so that they can say what is wrong.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Starbook needs Python 3.11 or newer, and this is Python %d.%d.\n"
        "Install a newer one, or name one that you have: python3.13 build.py" % sys.version_info[:2]
    )

if __name__ == "__main__":
    from starbook.build.fast_path import said_again

    if said_again(sys.argv[1:]):
        sys.exit(0)

    from starbook.bootstrap import ensure_packages

    ensure_packages(sys.argv[1:])

    from starbook.cli import leave, main

    leave(main(sys.argv[1:]), sys.argv[1:])
