"""Bootstrap: build.py finds or makes an interpreter that has Starbook's packages."""

import ast
import errno
import os
import re
import runpy
import shutil
import subprocess
import sys
import threading
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import package_index
import pytest

from starbook import bootstrap
from starbook.bootstrap import BUILD_LOCK, EXTRA_LOCK, LOCKS_OF_TESTS, TEST_LOCK, SetupError, Venv

ROOT = Path(__file__).resolve().parents[2]
LOCKS = list(LOCKS_OF_TESTS)

posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows has neither exec nor links")


Ran = list[list[str]]
Entered = list[tuple[list[str], list[str]]]
Lacks = Callable[[str], None]

MADE = "made .venv"
BUILD_INSTALLED = f"installed {BUILD_LOCK}"
EXTRA_INSTALLED = f"installed {EXTRA_LOCK}"
TESTS_INSTALLED = f"installed {TEST_LOCK}"


class FakePythons:
    """Stands in for the interpreters that `_call` runs: notes what they did, and does a little."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.did: list[str] = []
        self.commands: Ran = []
        self.failure = ""
        self.during_pip: Callable[[], None] = lambda: None

    def __call__(self, python: Path, *args: str) -> subprocess.CompletedProcess[str]:
        self.commands.append([str(python), *args])
        if args[1] == "venv":
            self._make_venv(Path(args[2]))
        else:
            self.during_pip()
            self._install([arg.partition("=")[2] for arg in args if "--requirement=" in arg])
        return subprocess.CompletedProcess([], int(bool(self.failure)), self.failure)

    def _make_venv(self, folder: Path) -> None:
        self.did.append(MADE)
        python = Venv(folder.parent).python
        python.parent.mkdir()
        python.touch()
        (folder / "pyvenv.cfg").touch()

    def _install(self, locks: list[str]) -> None:
        self.did += [f"installed {Path(lock).relative_to(self.root).as_posix()}" for lock in locks]

    def did_since(self) -> list[str]:
        """Return what was done since this was asked last."""
        done, self.did = self.did, []
        return done


@pytest.fixture
def venv(tmp_path: Path) -> Venv:
    root = tmp_path / "checkout"
    (root / "tests").mkdir(parents=True)
    (root / BUILD_LOCK).write_text("jinja2==3.1.6\n")
    (root / EXTRA_LOCK).write_text("cryptography==50.0.2\n")
    (root / TEST_LOCK).write_text("hypothesis==6.170.15\n")
    return Venv(root)


@pytest.fixture
def pythons(venv: Venv, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakePythons:
    fake = FakePythons(venv.root)
    base = tmp_path / "base-python"
    base.touch()
    monkeypatch.setattr(bootstrap, "_call", fake)
    monkeypatch.setattr(bootstrap, "BASE_PYTHON", base)
    return fake


# --- Making .venv, and leaving it alone ---------------------------------------------------------


def test_the_first_run_makes_it_and_installs_the_lock(
    venv: Venv, pythons: FakePythons, capsys: pytest.CaptureFixture[str]
) -> None:
    venv.prepare([BUILD_LOCK])

    assert pythons.did_since() == [MADE, BUILD_INSTALLED]
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        "Setting up .venv, as there is none yet (once, about a minute)…\n"
        "Installing the packages in requirements.lock…\n"
    )


def test_the_second_run_does_and_says_nothing(
    venv: Venv, pythons: FakePythons, capsys: pytest.CaptureFixture[str]
) -> None:
    venv.prepare([BUILD_LOCK])
    pythons.did_since()
    capsys.readouterr()

    venv.prepare([BUILD_LOCK])

    assert pythons.did_since() == []
    assert capsys.readouterr().err == ""


def test_testing_adds_its_lock_to_the_same_folder(venv: Venv, pythons: FakePythons) -> None:
    venv.prepare([BUILD_LOCK])
    pythons.did_since()

    venv.prepare(LOCKS)
    assert pythons.did_since() == [EXTRA_INSTALLED, TESTS_INSTALLED]

    venv.prepare([BUILD_LOCK])
    venv.prepare(LOCKS)
    assert pythons.did_since() == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_changed_lock_is_installed_again(venv: Venv, pythons: FakePythons, lock: str) -> None:
    venv.prepare(LOCKS)
    pythons.did_since()

    venv.root.joinpath(lock).write_text("jinja2==3.1.7\n")
    venv.prepare(LOCKS)

    assert pythons.did_since() == [f"installed {lock}"]


def test_other_line_ends_are_no_change(venv: Venv, pythons: FakePythons) -> None:
    venv.prepare([BUILD_LOCK])
    pythons.did_since()

    venv.root.joinpath(BUILD_LOCK).write_bytes(b"jinja2==3.1.6\r\n")
    venv.prepare([BUILD_LOCK])

    assert pythons.did_since() == []


def test_pip_installs_wheels_with_hashes_into_the_folder_only(
    venv: Venv, pythons: FakePythons
) -> None:
    venv.prepare([BUILD_LOCK])

    assert pythons.commands[-1] == [
        *(str(venv.python), "-m", "pip", "install", "--quiet", "--no-input"),
        *("--disable-pip-version-check", "--require-hashes", "--only-binary=:all:"),
        f"--requirement={venv.root / BUILD_LOCK}",
    ]


# --- Making it again ----------------------------------------------------------------------------


def test_a_set_up_cut_short_is_made_from_scratch(
    venv: Venv, pythons: FakePythons, capsys: pytest.CaptureFixture[str]
) -> None:
    def cut_short() -> None:
        raise KeyboardInterrupt

    pythons.during_pip = cut_short
    with pytest.raises(KeyboardInterrupt):
        venv.prepare([BUILD_LOCK])
    venv.folder.joinpath("half").mkdir()
    venv.folder.joinpath("half", "a-package").touch()
    pythons.did_since()
    capsys.readouterr()

    pythons.during_pip = lambda: None
    venv.prepare([BUILD_LOCK])

    assert pythons.did_since() == [MADE, BUILD_INSTALLED]
    assert not venv.folder.joinpath("half").exists()
    assert "as its last set-up did not finish" in capsys.readouterr().err


def test_a_stamp_cut_short_counts_as_none(venv: Venv, pythons: FakePythons) -> None:
    venv.prepare([BUILD_LOCK])
    venv.stamp.write_text(venv.stamp.read_text(encoding="utf-8")[:12], encoding="utf-8")

    assert venv.find_defect() == "its last set-up did not finish"


def test_a_moved_checkout_is_made_again(venv: Venv, pythons: FakePythons) -> None:
    venv.prepare([BUILD_LOCK])
    pythons.did_since()

    moved = Venv(venv.root.rename(venv.root.with_name("elsewhere")))
    pythons.root = moved.root
    assert moved.find_defect() == "it was made for another folder"
    moved.prepare([BUILD_LOCK])

    assert pythons.did_since()[0] == MADE
    assert moved.find_defect() == ""


def test_a_folder_whose_base_python_is_gone_is_made_again(venv: Venv, pythons: FakePythons) -> None:
    venv.prepare([BUILD_LOCK])
    bootstrap.BASE_PYTHON.unlink()

    assert venv.find_defect() == "the Python it was made with is gone"


@posix_only
def test_so_is_one_whose_link_leads_to_another_python(
    venv: Venv, pythons: FakePythons, tmp_path: Path
) -> None:
    venv.prepare([BUILD_LOCK])
    venv.python.unlink()
    assert venv.find_defect() == "the Python it was made with is gone"

    (tmp_path / "newer-python").touch()
    venv.python.symlink_to(tmp_path / "newer-python")
    assert venv.find_defect() == "the Python it was made with is gone"


def test_a_folder_somebody_else_made_is_left_as_it_is(venv: Venv, pythons: FakePythons) -> None:
    venv.python.parent.mkdir(parents=True)
    venv.python.touch()

    venv.prepare([BUILD_LOCK])

    assert pythons.did_since() == []


def test_even_when_it_is_of_no_use(venv: Venv, pythons: FakePythons) -> None:
    venv.folder.mkdir()
    venv.folder.joinpath("notes.txt").touch()

    with pytest.raises(SetupError, match=r"build\.py did not make it\.\nMove it away and run"):
        venv.prepare([BUILD_LOCK])

    assert venv.folder.joinpath("notes.txt").exists()


@posix_only
def test_a_link_to_the_folder_of_another_checkout_leaves_that_as_it_is(
    venv: Venv, pythons: FakePythons, tmp_path: Path
) -> None:
    venv.prepare([BUILD_LOCK])
    other = tmp_path / "other-checkout"
    stamp = venv.stamp.read_text(encoding="utf-8").replace(str(venv.folder), str(other))
    venv.stamp.write_text(stamp, encoding="utf-8")
    venv.folder.rename(other)
    venv.folder.symlink_to(other)
    pythons.did_since()

    venv.prepare([BUILD_LOCK])

    assert pythons.did_since() == []
    assert (other / "pyvenv.cfg").exists()


@pytest.mark.slow
def test_a_second_run_at_the_same_time_waits_and_then_finds_all_done(
    venv: Venv, pythons: FakePythons, capsys: pytest.CaptureFixture[str]
) -> None:
    second = threading.Thread(target=Venv(venv.root).prepare, args=([BUILD_LOCK],))
    seen: list[bool] = []

    def meanwhile() -> None:
        second.start()
        second.join(timeout=0.5)
        seen.append(second.is_alive())

    pythons.during_pip = meanwhile
    venv.prepare([BUILD_LOCK])
    second.join(timeout=10)

    assert seen == [True]
    assert pythons.did_since() == [MADE, BUILD_INSTALLED]
    assert "Another run is setting up .venv. Waiting for it…\n" in capsys.readouterr().err


# --- When it does not work ----------------------------------------------------------------------


def test_a_failing_pip_is_quoted_with_what_to_do(venv: Venv, pythons: FakePythons) -> None:
    venv.prepare([BUILD_LOCK])
    pythons.failure = "\n".join([*(f"line {n}" for n in range(20)), "", "ERROR: no route"])

    with pytest.raises(SetupError) as caught:
        venv.prepare(LOCKS)

    lines = str(caught.value).splitlines()
    assert lines[0] == "the packages could not be installed. pip says:"
    assert lines[1:13] == [*(f"    line {n}" for n in range(9, 20)), "    ERROR: no route"]
    assert "run the same command again" in lines[13]
    assert "HTTPS_PROXY" in lines[13]


def test_what_worked_before_a_failed_addition_still_works(venv: Venv, pythons: FakePythons) -> None:
    venv.prepare([BUILD_LOCK])
    pythons.failure = "ERROR: no route"
    with pytest.raises(SetupError):
        venv.prepare(LOCKS)
    pythons.did_since()

    venv.prepare([BUILD_LOCK])

    assert pythons.did_since() == []


def test_a_python_that_cannot_make_one_is_quoted(venv: Venv, pythons: FakePythons) -> None:
    pythons.failure = "No space left on device"

    with pytest.raises(SetupError, match="It says:\n    No space left on device\nPut that right"):
        venv.prepare([BUILD_LOCK])


@pytest.mark.parametrize(
    ("debian", "remedy"),
    [
        (True, "Install it: sudo apt install python{}.{}-venv"),
        (False, "Install the package that your system has for it, or another Python"),
    ],
)
def test_a_python_without_ensurepip_is_told_what_to_install(
    venv: Venv,
    pythons: FakePythons,
    monkeypatch: pytest.MonkeyPatch,
    debian: bool,
    remedy: str,
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "ensurepip" else 1)
    monkeypatch.setattr(bootstrap, "DEBIAN", SimpleNamespace(exists=lambda: debian))

    with pytest.raises(SetupError) as caught:
        venv.prepare([BUILD_LOCK])

    assert str(caught.value).splitlines()[1:] == [
        remedy.format(*sys.version_info[:2]),
        "Then run the same command again.",
    ]
    assert not venv.folder.exists()


# --- Which interpreter runs the command ---------------------------------------------------------


def exit_code(*argv: str) -> object:
    """Return what the process ends with; None if it goes on, in this interpreter."""
    try:
        bootstrap.ensure_packages(list(argv))
    except SystemExit as end:
        return end.code
    return None


@pytest.fixture
def entered(monkeypatch: pytest.MonkeyPatch) -> Entered:
    """The locks that `.venv` was prepared with and the arguments that it was entered with."""
    calls: Entered = []
    prepared: list[str] = []

    def enter(_: Venv, argv: list[str]) -> int:
        calls.append((list(prepared), argv))
        return 9

    monkeypatch.setattr(Venv, "prepare", lambda _, locks: prepared.extend(locks))
    monkeypatch.setattr(Venv, "enter", enter)
    return calls


@pytest.fixture
def lacks(monkeypatch: pytest.MonkeyPatch) -> Lacks:
    """Makes it seem that the running interpreter lacks one package and has all others."""

    def lack(package: str) -> None:
        def missing(wanted: list[str]) -> list[str]:
            return [requirement for requirement in wanted if requirement.startswith(package + ">")]

        monkeypatch.setattr(bootstrap, "find_missing", missing)
        monkeypatch.setattr(bootstrap, "has_locked", lambda *_: False)

    monkeypatch.delenv(bootstrap.SWITCH, raising=False)
    lack("nothing")
    return lack


def test_an_interpreter_that_has_all_is_used_as_it_is(entered: Entered, lacks: Lacks) -> None:
    assert exit_code("check", "my notes") is None
    assert entered == []


def test_one_that_lacks_a_package_hands_over_to_venv(entered: Entered, lacks: Lacks) -> None:
    lacks("jinja2")

    assert exit_code("check", "my notes") == 9
    assert entered == [([BUILD_LOCK], ["check", "my notes"])]


def test_what_only_tests_need_counts_for_testing_alone(entered: Entered, lacks: Lacks) -> None:
    lacks("hypothesis")

    assert exit_code("check") is None
    assert exit_code("test", "-k", "card") == 9
    assert entered == [(LOCKS, ["test", "-k", "card"])]


def test_a_switch_asks_for_venv_whatever_the_interpreter_has(
    entered: Entered, lacks: Lacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STARBOOK_VENV", "1")

    assert exit_code() == 9
    assert "STARBOOK_VENV" not in os.environ


def test_a_venv_that_lacks_a_package_after_all_says_so_and_does_not_go_round_in_circles(
    entered: Entered,
    lacks: Lacks,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    lacks("jinja2")
    monkeypatch.setenv(bootstrap.SWITCH, bootstrap.ENTERED)

    assert exit_code() == 1
    assert entered == []
    said = capsys.readouterr().err
    assert re.match(r"error: \S.*\.venv lacks jinja2>=\S+\.\nDelete that folder and run ", said)


def test_a_folder_that_cannot_be_written_is_named_with_what_to_do(
    lacks: Lacks, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_: Venv, locks: list[str]) -> None:
        raise OSError(errno.EROFS, "Read-only file system", "/mnt/.venv")

    lacks("jinja2")
    monkeypatch.setattr(Venv, "prepare", refuse)

    assert exit_code() == 1
    first, *rest = capsys.readouterr().err.splitlines()
    assert first.endswith(".venv. The system says: [Errno 30] Read-only file system: '/mnt/.venv'")
    assert "Is the folder writable" in rest[0]
    assert "a virtual environment of your own" in rest[1]


def test_ctrl_c_during_the_set_up_is_no_traceback(
    lacks: Lacks, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(_: Venv, locks: list[str]) -> None:
        raise KeyboardInterrupt

    lacks("jinja2")
    monkeypatch.setattr(Venv, "prepare", stop)

    assert exit_code() == 130
    assert capsys.readouterr().err.startswith("Stopped. The same command, run again,")


@posix_only
def test_entering_replaces_this_process(venv: Venv, monkeypatch: pytest.MonkeyPatch) -> None:
    became: list[tuple[str, list[str], dict[str, str]]] = []
    monkeypatch.setattr(os, "execve", lambda *call: became.append(call))

    venv.enter(["check", "a b"])

    [(program, command_line, environ)] = became
    assert program == str(venv.python)
    assert command_line == [str(venv.python), str(venv.root / "build.py"), "check", "a b"]
    assert environ["STARBOOK_VENV"] == "entered"


@pytest.fixture
def tested(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[Path, list[str]]]:
    """Return the folder and arguments of each run of pytest, called from another folder."""
    seen: list[tuple[Path, list[str]]] = []

    def main(args: list[str]) -> pytest.ExitCode:
        seen.append((Path.cwd(), args))
        return pytest.ExitCode.TESTS_FAILED

    monkeypatch.setattr(pytest, "main", main)
    monkeypatch.chdir(tmp_path)
    return seen


def test_the_tests_run_from_the_root_all_of_them_in_several_processes(
    tested: list[tuple[Path, list[str]]],
) -> None:
    assert bootstrap.run_tests(["-k", "card"]) == 1
    assert bootstrap.run_tests([]) == 1
    assert tested[0] == (ROOT, ["-k", "card"])
    assert tested[1][0] == ROOT
    assert "--numprocesses=auto" in tested[1][1]


def test_the_quick_ones_are_those_that_are_not_slow_and_need_no_browser_and_no_network(
    tested: list[tuple[Path, list[str]]],
) -> None:
    quick = ["-m", "not (slow or browser or network)"]
    assert bootstrap.run_tests(["--quick"]) == 1
    assert bootstrap.run_tests(["--quick", "tests/unit/text"]) == 1
    assert tested[0][1][:2] == quick
    assert "--numprocesses=auto" in tested[0][1]
    assert tested[1][1] == [*quick, "tests/unit/text"]


# --- What is installed --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("installed", "wanted", "met"),
    [
        ("3.1.6", "jinja2>=3.1,<4", True),
        ("3.1", "jinja2>=3.1.0,<4", True),
        ("3.10", "jinja2>=3.9,<4", True),
        ("3.0.9", "jinja2>=3.1,<4", False),
        ("4.0", "jinja2>=3.1,<4", False),
        ("4.0rc1", "jinja2>=3.1,<4", False),
        ("3.1.6", "markdown-it-py>=3,<4", False),
    ],
)
def test_a_requirement_is_met_by_a_version_in_its_range(
    monkeypatch: pytest.MonkeyPatch, installed: str, wanted: str, met: bool
) -> None:
    monkeypatch.setattr(bootstrap, "find_installed", lambda: {"jinja2": installed})

    assert bootstrap.find_missing([wanted]) == ([] if met else [wanted])


def test_installed_packages_go_by_their_normal_names_and_the_first_on_the_path_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("first/Markdown_It.py-4.0.dist-info", "second/markdown_it_py-3.0.dist-info"):
        tmp_path.joinpath(name).mkdir(parents=True)
    tmp_path.joinpath("second/PyYAML-6.0.3-py3.11.egg-info").touch()
    monkeypatch.setattr(sys, "path", [str(tmp_path / name) for name in ("first", "gone", "second")])

    assert bootstrap.find_installed() == {"markdown-it-py": "4.0", "pyyaml": "6.0.3-py3.11"}


def test_what_this_very_interpreter_runs_on_counts_as_installed() -> None:
    assert "pytest" in bootstrap.find_installed()


# --- build.py -----------------------------------------------------------------------------------


def test_an_old_python_is_told_which_one_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 13))

    with pytest.raises(SystemExit) as caught:
        runpy.run_path(str(ROOT / "build.py"), run_name="__main__")

    assert str(caught.value).startswith(
        "Starbook needs Python 3.11 or newer, and this is Python 3.10.\n"
    )


def test_even_a_very_old_one_can_read_that_far() -> None:
    source = (ROOT / "build.py").read_bytes()

    ast.parse(source, feature_version=(3, 6))
    assert source.isascii()  # Python 2 reads no other source, and has the same message to give


# --- The locks ----------------------------------------------------------------------------------

ENTRY = re.compile(
    r"^(?P<name>[a-z0-9.-]+)==(?P<version>[^\s;]+)(?: ; [^\n\\]+)? \\\n"
    r"(?:    --hash=sha256:[0-9a-f]{64} \\\n)*    --hash=sha256:[0-9a-f]{64}\n",
    re.MULTILINE,
)


def locked(lock: str) -> dict[str, str]:
    """The version of each package that a lock pins with hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {entry["name"]: entry["version"] for entry in ENTRY.finditer(text)}


def test_requirements_are_written_in_the_form_that_is_read() -> None:
    for requirement in bootstrap.read_requirements(ROOT, tests=True):
        assert re.fullmatch(r"[a-z0-9-]+>=[\d.]+,<[\d.]+", requirement), requirement


def test_the_lock_has_what_building_needs_and_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest_itself = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
        "dependency-groups"
    ]["test"]
    monkeypatch.setattr(bootstrap, "find_installed", lambda: locked(BUILD_LOCK))

    assert bootstrap.find_missing(bootstrap.read_requirements(ROOT, tests=False)) == []
    assert bootstrap.find_missing(pytest_itself) == []


def test_the_locks_together_have_what_testing_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    pinned = {name: version for lock in LOCKS for name, version in locked(lock).items()}
    monkeypatch.setattr(bootstrap, "find_installed", lambda: pinned)

    assert bootstrap.find_missing(bootstrap.read_requirements(ROOT, tests=True)) == []


def test_the_lock_of_encryption_has_what_it_needs_and_what_building_needs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bootstrap, "find_installed", lambda: locked(EXTRA_LOCK))

    optional = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]["encrypt"]
    assert tuple(one.partition(">")[0] for one in optional) == bootstrap.EXTRA
    assert bootstrap.find_missing(optional) == []
    assert bootstrap.has_extra()
    assert bootstrap.find_missing(bootstrap.read_requirements(ROOT, tests=False)) == []


@pytest.mark.parametrize(
    ("change", "has"),
    [({}, True), ({"jinja2": "3.1.5"}, False), ({"yet-another": "1.0"}, True)],
    ids=["all", "another version", "and more"],
)
def test_who_has_what_the_locks_name_is_not_asked_further(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, str], has: bool
) -> None:
    pinned = locked(BUILD_LOCK) | locked(TEST_LOCK) | change
    monkeypatch.setattr(bootstrap, "find_installed", lambda: pinned)

    assert bootstrap.has_locked(ROOT, [BUILD_LOCK, TEST_LOCK]) == has


@pytest.mark.parametrize("package", ["jinja2", "pyyaml", "snowballstemmer", "pytest"])
def test_who_lacks_one_that_the_locks_name_is(
    monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    pinned = locked(BUILD_LOCK)
    del pinned[package]
    monkeypatch.setattr(bootstrap, "find_installed", lambda: pinned)

    assert not bootstrap.has_locked(ROOT, [BUILD_LOCK])


def test_a_lock_that_is_gone_says_nothing(tmp_path: Path) -> None:
    assert not bootstrap.has_locked(tmp_path, [BUILD_LOCK])


@pytest.mark.parametrize(("lock", "one"), [(TEST_LOCK, "pytest"), (EXTRA_LOCK, "jinja2")])
def test_the_locks_agree_where_they_meet(lock: str, one: str) -> None:
    build, other = locked(BUILD_LOCK), locked(lock)

    shared = build.keys() & other.keys()
    assert one in shared
    assert {name: build[name] for name in shared} == {name: other[name] for name in shared}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_hashes_for_every_package_and_nothing_but_packages(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")

    rest = [line for line in ENTRY.sub("", text).splitlines() if not line.lstrip().startswith("#")]
    assert rest == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_says_how_it_is_made_and_names_no_host_and_no_machine(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")

    assert text.splitlines()[1].startswith("#    uv pip compile ")
    assert text.splitlines()[1].endswith(f" -o {lock}")
    assert not re.search(r"://|index-url|find-links|trusted-host|[a-z0-9]\.(?:org|com|io)\b", text)
    assert not re.search(r"(?:^|\s)(?:/|~|[A-Z]:\\)\w", text)


# --- All of it, for real ------------------------------------------------------------------------

STUB = """
import sys

def main(argv):
    import frontmatter, jinja2, markdown_it, mdit_py_plugins, msgspec, snowballstemmer
    import watchdog, yaml
    print(sys.prefix, *argv, sep="|")
    return 7

def exit_fast(code, argv):
    sys.exit(code)
"""


def build(root: Path, *argv: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(root / "build.py"), *argv],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=os.environ | {"STARBOOK_VENV": "1", "PYTHONIOENCODING": "utf-8"} | environ,
        timeout=300,
    )


@pytest.mark.network
def test_a_bare_machine_gets_there_with_one_command_and_then_needs_no_network(
    tmp_path: Path,
) -> None:
    package_index.skip_unless_it_answers(tmp_path)
    root = tmp_path / "a checkout"
    in_build = (f"build/{module}" for module in ("__init__", "lock", "cache", "fast_path"))
    sources = (
        f"starbook/{module}.py" for module in ("bootstrap", "program", "site_folders", *in_build)
    )
    for name in ("build.py", "pyproject.toml", *LOCKS, *sources):
        root.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    root.joinpath("starbook", "cli.py").write_text(STUB, encoding="utf-8")

    first = build(root, "check", "my notes")
    again = build(root, PIP_NO_INDEX="1", PIP_INDEX_URL="nowhere")

    assert (first.returncode, first.stdout) == (7, f"{root / '.venv'}|check|my notes\n"), (
        first.stderr
    )
    assert "Setting up .venv" in first.stderr
    assert (again.returncode, again.stderr) == (7, "")
