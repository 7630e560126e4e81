"""Bootstrap: find or make an interpreter with Starbook's packages, and run the command in it.

build.py runs this on a Python that may have nothing installed, so the module uses the standard
library alone. An interpreter that meets the requirements of pyproject.toml (an active virtual
environment, conda, uv) is used as it is. Any other makes and then uses `.venv` beside build.py,
with exactly the packages in requirements.lock, and in tests/requirements.lock too for `test`.
After that set-up no network is needed. Nothing is installed anywhere else.

What encryption needs is in requirements-encrypt.lock. `test` has it; to others it is added when a
person asks for it, see `install_extra`.

`STARBOOK_VENV=1` uses `.venv` whatever the interpreter has, as a bare machine does.
"""

import hashlib
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from starbook.build.lock import try_lock

if TYPE_CHECKING:
    from subprocess import CompletedProcess

# Every build runs this, and one in .venv twice. So modules that only a set-up needs are imported
# where they are needed.

ROOT = Path(__file__).resolve().parent.parent
BUILD_LOCK = "requirements.lock"
TEST_LOCK = "tests/requirements.lock"
EXTRA = ("cryptography", "xkcdpass", "zxcvbn")
EXTRA_LOCK = "requirements-encrypt.lock"
LOCKS_OF_TESTS = (BUILD_LOCK, EXTRA_LOCK, TEST_LOCK)
SWITCH = "STARBOOK_VENV"
ENTERED = "entered"
QUICK = "--quick"
SHARED = ("--numprocesses=auto", "--maxprocesses=4", "--dist=worksteal")
DEBIAN = Path("/etc/debian_version")  # Ubuntu has it too; both put venv into another package

# The interpreter behind a virtual environment makes `.venv`: the environment's own could not, once
# the folder is emptied to be made again.
BASE_PYTHON = Path(getattr(sys, "_base_executable", None) or sys.executable)

# Wheels only: to compile a package, a bare machine lacks the tools, and no lock pins them.
PIP_INSTALL = (
    *("-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"),
    *("--require-hashes", "--only-binary=:all:"),
)


class SetupError(Exception):
    """The packages cannot be installed; the message says why and what to do about it."""


def ensure_packages(argv: list[str]) -> None:
    """Return if the running interpreter has the packages that the command `argv` needs.

    If it has not, run the command in `.venv` and exit.
    """
    # Removed, so that programs started by the command choose for themselves.
    switch = os.environ.pop(SWITCH, "")
    tests = next((word for word in argv if not word.startswith("-")), "") == "test"
    locks = list(LOCKS_OF_TESTS) if tests else [BUILD_LOCK]
    if switch != "1" and has_locked(ROOT, locks):
        return
    try:
        missing = find_missing(read_requirements(ROOT, tests=tests))
        if missing and switch == ENTERED:
            raise SetupError(
                f"{ROOT / '.venv'} lacks {', '.join(missing)}.\n"
                "Delete that folder and run the same command again. If you made it yourself and "
                f"want to keep it, install {BUILD_LOCK} into it (and {TEST_LOCK} for the tests)."
            )
        if missing or switch == "1":
            sys.exit(_run_in_venv(argv, locks))
    except SetupError as error:
        print_status(f"error: {error}")
        sys.exit(1)
    except KeyboardInterrupt:
        print_status("Stopped. The same command, run again, will start the set-up anew.")
        sys.exit(130)


def run_tests(args: list[str]) -> int:
    """Run pytest on Starbook's own tests; paths in `args` are relative to Starbook's root.

    `--quick` leaves out the tests that are slow or need a browser or the network. Without any
    other argument several processes share the tests; for a few tests their start takes longer.
    """
    import pytest  # a build does without it

    os.chdir(ROOT)
    rest = [argument for argument in args if argument != QUICK]
    chosen = ["-m", "not (slow or browser or network)"] if QUICK in args else []
    return int(pytest.main([*chosen, *(rest or SHARED)]))


def _run_in_venv(argv: list[str], locks: list[str]) -> int:
    venv = Venv(ROOT)
    try:
        venv.prepare(locks)
        return venv.enter(argv)
    except OSError as error:
        raise SetupError(
            f"cannot set up {venv.folder}. The system says: {error}\n"
            "Is the folder writable, is the disk full, does another program use .venv? Put that "
            "right and run the same command again.\n"
            f"Or install the packages in {BUILD_LOCK} into a virtual environment of your own and "
            "run build.py with its Python."
        ) from error


def extra_command() -> str:
    """Return the command that installs what encryption needs into the running interpreter."""
    import shlex

    lock = ROOT / EXTRA_LOCK  # that of a checkout
    what = [*PIP_INSTALL, "-r", str(lock)] if lock.exists() else ["-m", "pip", "install", *EXTRA]
    return shlex.join([sys.executable, *what])


def has_extra() -> bool:
    """Return True if the running interpreter has what encryption needs."""
    return find_installed().keys() >= set(EXTRA)


def can_install_extra() -> bool:
    """Return True if the running interpreter is that of a `.venv` that build.py made."""
    venv = Venv(ROOT)
    return Path(sys.prefix) == venv.folder and not venv.is_foreign()


def install_extra() -> None:
    """Install what encryption needs into `.venv`. Raise `SetupError` or OSError."""
    import importlib

    Venv(ROOT).prepare([BUILD_LOCK, EXTRA_LOCK])
    importlib.invalidate_caches()


def print_status(line: str) -> None:
    """Print a line on standard error, as standard output belongs to the command."""
    print(line, file=sys.stderr, flush=True)


# --- Packages of the running interpreter ------------------------------------------------------


def has_locked(root: Path, locks: list[str]) -> bool:
    """Return True if the interpreter has all packages in the versions of the locks.

    This is the fast check, which `.venv` mostly passes: to parse pyproject.toml, a parser must be
    imported that takes as long as everything else here.
    """
    versions = find_installed()
    try:  # a lock may be missing
        text = "\n".join((root / lock).read_text(encoding="utf-8") for lock in locks)
    except OSError:
        return False
    for line in text.splitlines():
        name, pinned, version = line.removesuffix("\\").strip().partition("==")
        # A semicolon begins a condition: only some systems need the package.
        is_needed = pinned and line[:1].isalnum() and ";" not in version
        if is_needed and versions.get(_normalized(name)) != version:
            return False
    return True


def read_requirements(root: Path, *, tests: bool) -> list[str]:
    """Return the requirements in pyproject.toml, with those of the tests if `tests`."""
    import tomllib

    with (root / "pyproject.toml").open("rb") as file:
        pyproject = tomllib.load(file)
    requirements: list[str] = list(pyproject["project"]["dependencies"])
    if tests:
        extras = pyproject["project"]["optional-dependencies"]
        for group in (*extras.values(), *pyproject["dependency-groups"].values()):
            requirements += group
    return requirements


def find_missing(requirements: list[str]) -> list[str]:
    """Return the requirements that the running interpreter does not meet."""
    versions = find_installed()
    missing = []
    for requirement in requirements:
        name, _, bounds = requirement.partition(">=")
        low, _, high = bounds.partition(",<")
        version = versions.get(_normalized(name))
        if version is None or not _release(low) <= _release(version) < _release(high):
            missing.append(requirement)
    return missing


def find_installed() -> dict[str, str]:
    """Return the version of each distribution that can be imported, by its normalized name.

    Both are in the names of the metadata folders. importlib.metadata knows more ways to be
    installed, but importing it takes longer than everything else here.
    """
    versions: dict[str, str] = {}
    for folder in sys.path:
        with suppress(OSError):  # sys.path may name zip files, and folders that are not there
            for entry in os.listdir(folder or "."):  # noqa: PTH208  (names will do)
                stem, _, kind = entry.rpartition(".")
                if kind in {"dist-info", "egg-info"}:
                    name, _, version = stem.partition("-")
                    versions.setdefault(_normalized(name), version)
    return versions


def _normalized(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def _release(version: str) -> list[int]:
    """Return the leading numbers of a version, so that 3.10 > 3.9 and 4.0 == 4."""
    numbers: list[int] = []
    for part in version.split("."):
        if not part.isdecimal():
            break
        numbers.append(int(part))
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return numbers


# --- The .venv folder -------------------------------------------------------------------------


class Venv:
    """The `.venv` folder in `root`: checked, made, and entered.

    Its stamp names what it was made from, and is written last. So it reveals a set-up that was cut
    short, a lock that changed, a folder that moved and a Python that is gone.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.python = self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        self.stamp = self.folder / "starbook-stamp"
        # Locked during a set-up. It is created first of all, so it also distinguishes our .venv
        # from one that a person made, which must not be changed.
        self.lock_file = self.folder / "starbook-turn"

    def prepare(self, locks: list[str]) -> None:
        """Make the folder and install the packages in `locks`, as far as that is needed.

        One run at a time does so; another one waits for it.
        """
        if self.is_foreign():
            if not self.python.exists():
                raise SetupError(
                    f"{self.folder} has no {self.python.relative_to(self.folder)}, and build.py "
                    "did not make it.\nMove it away and run the same command again."
                )
            return
        if self.find_defect():
            _need_ensurepip()
        elif not self.find_outdated(locks):
            return
        self.folder.mkdir(exist_ok=True)
        with self.lock_file.open("a") as file:
            # pip inherits the lock. If this process is killed, pip goes on for a while, and the
            # next run must not empty the folder meanwhile.
            os.set_inheritable(file.fileno(), True)
            if not try_lock(file):
                print_status("Another run is setting up .venv. Waiting for it…")
                while not try_lock(file):
                    time.sleep(0.2)
            # Checked again: another run may have done it all while this one waited.
            if reason := self.find_defect():
                self._make(reason)
            if outdated := self.find_outdated(locks):
                self._install(outdated)

    def enter(self, argv: list[str]) -> int:
        """Run build.py with `argv` on the folder's Python, in place of this process."""
        command = [str(self.python), str(self.root / "build.py"), *argv]
        environ = os.environ | {SWITCH: ENTERED}
        environ.pop("PYTHONHOME", None)  # as activating the folder would
        if sys.platform == "win32":
            # There is no exec. So this process stays to pass on the exit code. It ignores Ctrl-C,
            # which reaches the other one as well.
            import signal
            import subprocess

            signal.signal(signal.SIGINT, signal.SIG_IGN)
            return subprocess.call(command, env=environ)
        os.execve(command[0], command, environ)

    def is_foreign(self) -> bool:
        """Return True if a person or another tool made the folder, or if it is a link."""
        entries = os.listdir(self.folder) if self.folder.is_dir() else []  # noqa: PTH208  (the same)
        return self.folder.is_symlink() or (bool(entries) and self.lock_file.name not in entries)

    def find_defect(self) -> str:
        """Return why the folder has to be made from scratch; "" if it has not."""
        facts = self._read_stamp()
        if not self.folder.joinpath("pyvenv.cfg").exists():
            return "there is none yet"
        if not facts:
            return "its last set-up did not finish"
        if facts["folder"] != str(self.folder):
            return "it was made for another folder"
        # The link may lead to another version by now. Windows has no link.
        leads_elsewhere = facts["python"] != str(self.python.resolve())
        if leads_elsewhere or not self.python.exists() or not Path(facts["base"]).exists():
            return "the Python it was made with is gone"
        return ""

    def find_outdated(self, locks: list[str]) -> list[str]:
        """Return the locks that have changed since they were installed."""
        facts = self._read_stamp()
        return [lock for lock in locks if facts.get(lock) != self._digest(lock)]

    def _read_stamp(self) -> dict[str, str]:
        try:
            lines = self.stamp.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return {}
        facts = {name: value for name, _, value in (line.partition(" ") for line in lines)}
        return facts if facts.keys() >= self._foundation().keys() else {}

    def _digest(self, lock: str) -> str:
        # Git may check a lock out with other line ends, which do not matter.
        content = (self.root / lock).read_bytes().replace(b"\r\n", b"\n")
        return hashlib.sha256(content).hexdigest()

    def _make(self, reason: str) -> None:
        print_status(f"Setting up .venv, as {reason} (once, about a minute)…")
        import shutil

        self.stamp.unlink(missing_ok=True)  # first, should the rest be cut short
        for entry in self.folder.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            elif entry != self.lock_file:
                entry.unlink()
        done = _call(BASE_PYTHON, "-m", "venv", str(self.folder))
        if done.returncode:
            raise SetupError(
                f"Python could not make {self.folder}. It says:\n{_tail(done.stdout)}\n"
                "Put that right and run the same command again."
            )

    def _install(self, locks: list[str]) -> None:
        print_status(f"Installing the packages in {' and '.join(locks)}…")
        before = self._read_stamp()
        after = (before or self._foundation()) | {lock: self._digest(lock) for lock in locks}
        self.stamp.unlink(missing_ok=True)
        files = [f"--requirement={self.root / lock}" for lock in locks]
        done = _call(self.python, *PIP_INSTALL, *files)
        if done.returncode:
            # pip fetches everything before it changes anything, so what worked before still does.
            self._write_stamp(before)
            raise SetupError(
                f"the packages could not be installed. pip says:\n{_tail(done.stdout)}\n"
                "Put that right and run the same command again. This once it needs a network; "
                "behind a proxy, set HTTPS_PROXY.\n"
                "If pip has no version for this system, install the packages in your own way into "
                "a virtual environment and run build.py with its Python."
            )
        # As pip does with packages. Where Python is told to write no bytecode, as in many
        # containers, every command would have to compile it again.
        import compileall

        compileall.compile_dir(self.root / "starbook", quiet=2)
        self._write_stamp(after)

    def _foundation(self) -> dict[str, str]:
        return {
            "folder": str(self.folder),
            "python": str(self.python.resolve()),
            "base": str(BASE_PYTHON),
        }

    def _write_stamp(self, facts: dict[str, str]) -> None:
        lines = [f"{name} {value}\n" for name, value in facts.items()]
        self.stamp.write_text("".join(lines), encoding="utf-8")


def _call(python: Path, *args: str) -> "CompletedProcess[str]":
    """Run a Python with `args`, without settings that would make it import or write elsewhere.

    So -I hides PYTHONPATH and the packages of the user, and PIP_USER=0 overrules that part of
    pip's configuration; the index, a proxy and certificates remain in force.
    """
    import subprocess

    return subprocess.run(
        [str(python), "-I", *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        close_fds=False,
        env=os.environ | {"PIP_USER": "0"},
    )


def _need_ensurepip() -> None:
    """Raise `SetupError` if this Python cannot make virtual environments."""
    from importlib.util import find_spec

    if find_spec("venv") and find_spec("ensurepip"):
        return
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if DEBIAN.exists():
        remedy = f"Install it: sudo apt install python{version}-venv"
    else:
        remedy = "Install the package that your system has for it, or another Python"
    raise SetupError(
        f"this Python {version} comes without `venv` or `ensurepip`, which make .venv.\n"
        f"{remedy}\nThen run the same command again."
    )


def _tail(output: str) -> str:
    """Return the last lines of a program's output, indented, without blank lines."""
    lines = [line for line in output.splitlines() if line.strip()]
    return "\n".join(f"    {line}" for line in lines[-12:])
