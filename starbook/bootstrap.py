"""Finds or makes an interpreter that has Starbook's packages, and runs the command in it.

build.py comes here first, perhaps on a Python with nothing installed, so this module uses the
standard library alone. An interpreter that has what pyproject.toml asks for (an active virtual
environment, conda, uv) is used as it is. Any other makes and then uses `.venv` beside build.py,
with exactly the packages in requirements.lock, and in tests/requirements.lock too for `test`.
Once that is made, no network is needed any more. Nothing is ever installed anywhere else.

`STARBOOK_VENV=1` asks for `.venv` whatever the interpreter has: it shows what a bare machine gets.
"""

import hashlib
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from starbook.build.lock import locked

if TYPE_CHECKING:
    from subprocess import CompletedProcess

# Every build passes through here, and one in .venv twice. So what only a set-up needs is imported
# where it is needed.

ROOT = Path(__file__).resolve().parent.parent
BUILD_LOCK = "requirements.lock"
TEST_LOCK = "tests/requirements.lock"
SWITCH = "STARBOOK_VENV"
ENTERED = "entered"
DEBIAN = Path("/etc/debian_version")  # Ubuntu has it too, and both split Python up

# A virtual environment stands on another interpreter, and that one makes `.venv`: its own could
# not, once the folder is emptied to be made again.
BASE_PYTHON = Path(getattr(sys, "_base_executable", None) or sys.executable)

# Wheels only: a package that must be compiled needs what a bare machine does not have, and what
# compiles it is in no lock.
PIP_INSTALL = (
    *("-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"),
    *("--require-hashes", "--only-binary=:all:"),
)


class SetupError(Exception):
    """The packages cannot be had; the message says why and what to do about it."""


def ensure_packages(argv: list[str]) -> None:
    """Return in an interpreter that has the packages which the command `argv` needs.

    If that is not the running one, the command runs to its end in `.venv`, and this never returns.
    """
    # Taken out, so that programs started from the command choose for themselves.
    switch = os.environ.pop(SWITCH, "")
    tests = next((word for word in argv if not word.startswith("-")), "") == "test"
    locks = [BUILD_LOCK, TEST_LOCK] if tests else [BUILD_LOCK]
    if switch != "1" and has_locked(ROOT, locks):
        return
    try:
        lacking = missing(requirements(ROOT, tests=tests))
        if lacking and switch == ENTERED:
            raise SetupError(_lacks(lacking))
        if lacking or switch == "1":
            sys.exit(_run_in_venv(argv, locks))
    except SetupError as error:
        say(f"error: {error}")
        sys.exit(1)
    except KeyboardInterrupt:
        say("Stopped. The same command, run again, will start the set-up anew.")
        sys.exit(130)


def run_tests(args: list[str]) -> int:
    """Run pytest on Starbook's own tests. Paths among `args` count from Starbook's root.

    Without any, several processes share the tests: to begin with, each takes a second or two.
    """
    import pytest  # a build does without it

    os.chdir(ROOT)
    return int(pytest.main(args or ["--numprocesses=auto", "--maxprocesses=4", "--dist=worksteal"]))


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


def _lacks(lacking: list[str]) -> str:
    return (
        f"{ROOT / '.venv'} lacks {', '.join(lacking)}.\n"
        "Delete that folder and run the same command again. If you made it yourself and want to "
        f"keep it, install {BUILD_LOCK} into it (and {TEST_LOCK} for the tests)."
    )


def say(line: str) -> None:
    """Tell the person at the terminal; standard output belongs to the command."""
    print(line, file=sys.stderr, flush=True)


# --- What the running interpreter has ---------------------------------------------------------


def has_locked(root: Path, locks: list[str]) -> bool:
    """Whether the running interpreter has just what the locks name, as `.venv` mostly has.

    That is soon said. The parser that pyproject.toml takes is as much to import as all else here.
    """
    have = installed()
    with suppress(OSError):
        return all(_is_there(*pin, have) for lock in locks for pin in _pins(root / lock))
    return False


def _pins(lock: Path) -> Iterator[tuple[str, str]]:
    """Each name and version. What a lock names for some systems only is left to pyproject.toml."""
    for line in lock.read_text(encoding="utf-8").splitlines():
        name, pinned, version = line.removesuffix("\\").strip().partition("==")
        if pinned and line[:1].isalnum() and ";" not in version:
            yield name, version


def _is_there(name: str, version: str, have: dict[str, str]) -> bool:
    return have.get(_normalized(name)) == version


def requirements(root: Path, *, tests: bool) -> list[str]:
    """Return what pyproject.toml asks for to build, and to test as well if `tests`."""
    import tomllib

    with (root / "pyproject.toml").open("rb") as file:
        pyproject = tomllib.load(file)
    wanted: list[str] = list(pyproject["project"]["dependencies"])
    if tests:
        for group in pyproject["dependency-groups"].values():
            wanted += group
    return wanted


def missing(wanted: list[str]) -> list[str]:
    """Return those of `wanted` that the running interpreter has not, or not in their range."""
    have = installed()
    return [requirement for requirement in wanted if not _is_met(requirement, have)]


def installed() -> dict[str, str]:
    """Return the version of each distribution that can be imported, by its normalized name.

    The names of the metadata folders tell. importlib.metadata knows more ways to be installed,
    but importing it takes longer than all else here.
    """
    found: dict[str, str] = {}
    for folder in sys.path:
        with suppress(OSError):  # sys.path may name zip files, and folders that are not there
            for entry in os.listdir(folder or "."):  # noqa: PTH208  (names will do)
                stem, _, kind = entry.rpartition(".")
                if kind in {"dist-info", "egg-info"}:
                    name, _, version = stem.partition("-")
                    found.setdefault(_normalized(name), version)
    return found


def _is_met(requirement: str, have: dict[str, str]) -> bool:
    name, _, bounds = requirement.partition(">=")
    low, _, high = bounds.partition(",<")
    version = have.get(_normalized(name))
    return version is not None and _release(low) <= _release(version) < _release(high)


def _normalized(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def _release(version: str) -> list[int]:
    """Return the numbers a version starts with, so that 3.10 > 3.9 and 4.0 == 4."""
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
    """The `.venv` folder in `root`: whether it can be used, how it is made, how it is entered.

    Its stamp says what it was made from, and is written last. So a set-up that was cut short, a
    lock that changed, a folder that moved and a Python that is gone all show in one place.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.python = self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        self.stamp = self.folder / "starbook-stamp"
        # Held locked during a set-up. It is there before anything else, so it also tells our
        # .venv from one that a person made, which is not ours to change.
        self.turn = self.folder / "starbook-turn"

    def prepare(self, locks: list[str]) -> None:
        """See to it that the packages in `locks` are there; do nothing if they are."""
        if self.is_foreign():
            if not self.python.exists():
                raise SetupError(
                    f"{self.folder} has no {self.python.relative_to(self.folder)}, and build.py "
                    "did not make it.\nMove it away and run the same command again."
                )
            return
        if self.unusable():
            _need_ensurepip()
        elif not self.outdated(locks):
            return
        with self._taking_turns():
            # Judged again: another run may have done it all while this one waited.
            if reason := self.unusable():
                self._make(reason)
            if todo := self.outdated(locks):
                self._install(todo)

    def enter(self, argv: list[str]) -> int:
        """Run build.py with `argv` on the folder's Python, in place of this process."""
        command = [str(self.python), str(self.root / "build.py"), *argv]
        environ = os.environ | {SWITCH: ENTERED}
        environ.pop("PYTHONHOME", None)  # as activating the folder would
        if sys.platform == "win32":
            # There is no exec. So this process stays to pass on the exit code, and leaves Ctrl-C,
            # which reaches both, to the one that does the work.
            import signal
            import subprocess

            signal.signal(signal.SIGINT, signal.SIG_IGN)
            return subprocess.call(command, env=environ)
        os.execve(command[0], command, environ)

    def is_foreign(self) -> bool:
        """Whether a person or another tool made the folder; a link leads to one of somebody's."""
        entries = os.listdir(self.folder) if self.folder.is_dir() else []  # noqa: PTH208  (the same)
        return self.folder.is_symlink() or (bool(entries) and self.turn.name not in entries)

    def unusable(self) -> str:
        """Say why the folder has to be made from scratch; empty if it has not."""
        facts = self._facts()
        if not self.folder.joinpath("pyvenv.cfg").exists():
            return "there is none yet"
        if not facts:
            return "its last set-up did not finish"
        if facts["folder"] != str(self.folder):
            return "it was made for another folder"
        if self._lost_its_python(facts):
            return "the Python it was made with is gone"
        return ""

    def outdated(self, locks: list[str]) -> list[str]:
        """Return those of `locks` that are not installed as they now read."""
        facts = self._facts()
        return [lock for lock in locks if facts.get(lock) != self._digest(lock)]

    def _lost_its_python(self, facts: dict[str, str]) -> bool:
        # A link may lead to another version by now. On Windows there is no link to tell.
        leads_elsewhere = facts["python"] != str(self.python.resolve())
        return leads_elsewhere or not self.python.exists() or not Path(facts["base"]).exists()

    def _facts(self) -> dict[str, str]:
        try:
            lines = self.stamp.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return {}
        facts = {name: value for name, _, value in (line.partition(" ") for line in lines)}
        return facts if facts.keys() >= self._foundation().keys() else {}

    def _digest(self, lock: str) -> str:
        # Git may check a lock out with other line ends; that does not make it another lock.
        content = (self.root / lock).read_bytes().replace(b"\r\n", b"\n")
        return hashlib.sha256(content).hexdigest()

    @contextmanager
    def _taking_turns(self) -> Iterator[None]:
        """Let one run at a time change the folder; the others wait."""
        self.folder.mkdir(exist_ok=True)
        with self.turn.open("a") as file:
            # pip inherits it. If this process is killed, pip goes on for a while, and the next
            # run must not empty the folder under it.
            os.set_inheritable(file.fileno(), True)
            if not locked(file):
                say("Another run is setting up .venv. Waiting for it…")
                while not locked(file):
                    time.sleep(0.2)
            yield

    def _make(self, reason: str) -> None:
        say(f"Setting up .venv, as {reason} (once, about a minute)…")
        self._empty()
        done = _call(BASE_PYTHON, "-m", "venv", str(self.folder))
        if done.returncode:
            raise SetupError(
                f"Python could not make {self.folder}. It says:\n{_tail(done.stdout)}\n"
                "Put that right and run the same command again."
            )

    def _empty(self) -> None:
        import shutil

        self.stamp.unlink(missing_ok=True)  # first, should the rest be cut short
        for entry in self.folder.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            elif entry != self.turn:
                entry.unlink()

    def _install(self, locks: list[str]) -> None:
        say(f"Installing the packages in {' and '.join(locks)}…")
        before = self._facts()
        after = (before or self._foundation()) | {lock: self._digest(lock) for lock in locks}
        self.stamp.unlink(missing_ok=True)
        files = [f"--requirement={self.root / lock}" for lock in locks]
        done = _call(self.python, *PIP_INSTALL, *files)
        if done.returncode:
            # pip fetches everything before it changes anything, so what worked before still does.
            self._write_stamp(before)
            raise SetupError(_pip_failed(done.stdout))
        # As pip does with what it installs: where Python is told to leave no such files, as in many
        # containers, every command would begin by doing it again.
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
    """Run a Python with `args`, unswayed by settings that would have it import or write elsewhere.

    So -I hides PYTHONPATH and the packages of the user, and PIP_USER=0 overrules pip's own
    configuration, of which the index, a proxy and certificates still count.
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
    """Refuse a Python that cannot make virtual environments, before anything is begun."""
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


def _pip_failed(output: str) -> str:
    return (
        f"the packages could not be installed. pip says:\n{_tail(output)}\n"
        "Put that right and run the same command again. This once it needs a network; behind a "
        "proxy, set HTTPS_PROXY.\n"
        "If pip has no version for this system, install the packages in your own way into a "
        "virtual environment and run build.py with its Python."
    )


def _tail(output: str) -> str:
    """Return the end of what a program said, indented, without its blank lines."""
    lines = [line for line in output.splitlines() if line.strip()]
    return "\n".join(f"    {line}" for line in lines[-12:])
