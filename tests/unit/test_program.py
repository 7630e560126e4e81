"""The command `starbook`: it does what build.py does, in the handbook that one stands in."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import LAYOUTS, ROOT, story
from editions import write

from starbook import program
from starbook.text import catalogue

Run = Callable[..., subprocess.CompletedProcess[str]]
NO_HANDBOOK = (
    "starbook: error: no handbook.yml is here or in a folder around this one, and no handbook is "
    "remembered; go to one, name it with --content DIR (for `import` with --into DIR), or make "
    "one: starbook new handbook DIR"
)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """The command, run in a folder, by a person who has no settings but those of this test."""
    home = {name: str(tmp_path / "home") for name in ("HOME", "USERPROFILE", "APPDATA")}
    environ = os.environ | home | {"PYTHONPATH": str(ROOT), "COLUMNS": "80"}
    for name in ("XDG_CONFIG_HOME", "STARBOOK_CACHE"):
        environ.pop(name, None)

    def run(
        here: Path, *argv: str, door: tuple[str, ...] = ("-m", "starbook")
    ) -> subprocess.CompletedProcess[str]:
        here.mkdir(parents=True, exist_ok=True)
        return subprocess.run(
            [sys.executable, *door, *argv],
            capture_output=True, encoding="utf-8", check=False, cwd=here, env=environ,
        )  # fmt: skip

    return run


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A handbook with one story."""
    return write(tmp_path / "book", {"handbook.yml": "id: mill\n", "stories/a.md": story("A")})


# By which name it is called


@pytest.mark.parametrize(
    ("started", "is_command"),
    [
        *(("starbook", True), ("/opt/tools/bin/starbook", True), ("bin/starbook.exe", True)),
        *((str(Path(program.PACKAGE) / "__main__.py"), True), ("build.py", False)),
        *(("/opt/starbook/build.py", False), ("/opt/pytest/__main__.py", False), ("-c", False)),
    ],
)
def test_the_name_of_the_program_that_was_started_decides(started: str, is_command: bool) -> None:
    assert program.is_command(started) is is_command


def test_a_process_in_any_folder_starts_the_same_door() -> None:
    assert program.process(by_command=True) == ["starbook"]
    python, script = program.process(by_command=False)
    assert (python, Path(script)) == ("py" if os.name == "nt" else "python3", ROOT / "build.py")


@pytest.mark.slow
def test_no_other_module_and_no_text_says_what_a_person_types() -> None:
    """Strings, that is: comments and docstrings are read in a checkout."""
    paths = [*(ROOT / "starbook").rglob("*.py")]
    found = {path.stem for path in paths for text in _strings(path) if "build.py" in text}
    assert found == {"program", "bootstrap"}  # bootstrap is for checkouts alone
    for path in (LAYOUTS / "languages").glob("*.yml"):
        texts = catalogue.parse(path.read_bytes())
        assert [key for key in texts if "build.py" in str(texts[key])] == []


def _strings(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = (ast.Module, ast.ClassDef, ast.FunctionDef)
    documented = [node for node in ast.walk(tree) if isinstance(node, nodes)]
    docstrings = [ast.get_docstring(node, clean=False) for node in documented]
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return [text for text in texts if isinstance(text, str) and text not in docstrings]


@pytest.mark.slow
def test_usage_and_help_name_the_command(run: Run, tmp_path: Path) -> None:
    asked = run(tmp_path, "serve", "--help").stdout
    assert asked.startswith("usage: starbook serve [-h] [--content DIR]")
    assert "default: the one you are in" in re.sub(r"\s+", " ", asked)
    assert "build.py" not in asked + run(tmp_path, "--help").stdout
    wrong = run(tmp_path, "biuld")
    assert wrong.returncode == 2
    assert wrong.stderr.splitlines()[-1].startswith("starbook: error: argument COMMAND: invalid")


@pytest.mark.slow
def test_the_tests_are_run_by_build_py_alone(run: Run, tmp_path: Path) -> None:
    assert "run the tests" not in run(tmp_path, "--help").stdout
    for options in ([], ["--help"], ["tests/unit"]):
        done = run(tmp_path, "test", *options)
        assert (done.returncode, done.stdout, done.stderr) == (
            2, "",
            "The tests are in a checkout of Starbook; run them there: python3 build.py test\n",
        )  # fmt: skip


@pytest.mark.slow
def test_the_version_is_that_of_the_package(run: Run, tmp_path: Path) -> None:
    said = run(tmp_path, "--version").stdout
    source = (ROOT / "starbook/__init__.py").read_text(encoding="utf-8")
    [version] = re.findall('__version__ = "(.+)"', source)
    assert said == f"Starbook {version}\n"


# Which handbook it uses


@pytest.mark.slow
def test_it_uses_the_handbook_that_one_stands_in(run: Run, book: Path) -> None:
    assert run(book, "check").stdout == "Content: .\nNo problems.\n"
    assert run(book / "stories", "check").stdout == "Content: ..\nNo problems.\n"
    faulty = write(book, {"stories/b.md": "no fences"})
    assert "\nb.md:1: error: has no front matter; " in run(faulty / "stories", "check").stdout


@pytest.mark.slow
def test_elsewhere_it_says_what_to_do(run: Run, tmp_path: Path) -> None:
    for command in (["check"], ["import", "notes.md"], []):
        done = run(tmp_path / "elsewhere", *command)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.splitlines()[-1] == NO_HANDBOOK
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the settings of other systems lie elsewhere")
def test_elsewhere_it_uses_the_handbook_that_is_remembered(
    run: Run, book: Path, tmp_path: Path
) -> None:
    made = run(tmp_path / "elsewhere", "new", "handbook", "../mine", "--remember")
    settings = tmp_path / "home/.config/starbook/handbook"
    assert settings.read_text(encoding="utf-8") == f"{tmp_path / 'mine'}\n"
    assert "Later commands use it. Delete ../home/.config/starbook/handbook to forget it.\n" in (
        made.stdout
    )
    assert made.stdout.splitlines()[-1] == ("See each save in your browser: starbook serve --open")
    said = run(tmp_path / "elsewhere", "check").stdout
    first = "Content: ../mine (remembered in ../home/.config/starbook/handbook)\n"
    assert said == f"{first}No problems.\n"
    assert run(book, "check").stdout == "Content: .\nNo problems.\n"


@pytest.mark.slow
def test_a_new_entry_goes_into_the_handbook_that_one_stands_in(run: Run, book: Path) -> None:
    said = run(book / "stories", "new", "question", "Why us?").stdout
    assert said == ("Content: ..\nMade ../questions/why-us.yml. Fill it in, then run `starbook`.\n")


# What it builds


def shown(page: Path) -> str:
    """The words of a page."""
    return re.sub("<[^>]*>", "", page.read_text(encoding="utf-8"))


@pytest.mark.slow
def test_a_site_says_what_the_person_types_who_built_it(run: Run, tmp_path: Path) -> None:
    book = write(tmp_path / "empty", {"handbook.yml": "id: mill\n", "questions.yml": "[]\n"})
    home = book / "site/index.html"
    assert run(book).returncode == 0
    own = shown(home)
    for told in (
        *("starbook new story ", "starbook new handbook ../sample --sample", "starbook serve"),
        "In the folder of this handbook, or in any folder inside it.",
    ):
        assert told in own
    door = (str(ROOT / "build.py"), "--content", ".")
    assert run(book, door=door).returncode == 0
    theirs = shown(home)
    for told in (
        *("python3 build.py new story ", "python3 build.py serve --open --next-port --content"),
        "In the folder of Starbook.",
    ):
        assert told in theirs
        assert told not in own
    assert run(book).returncode == 0
    assert shown(home) == own


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no records")
def test_a_handbook_that_is_nearer_is_built_though_nothing_else_changed(
    run: Run, book: Path
) -> None:
    inner = write(book / "inner", {"stories/b.md": story("B")})
    for _ in range(2):
        assert run(inner).stdout.startswith("Content: ..\nBuilt 1 story")
    write(inner, {"handbook.yml": "id: loaf\n"})
    assert run(inner).stdout.startswith("Content: .\nBuilt 1 story")
