"""Starbook as it is installed: sdist and wheel, built from a checkout, in an empty environment."""

import os
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import package_index
import pytest
from conftest import ROOT, SAMPLE, made_once
from editions import read as files

pytestmark = [pytest.mark.network, pytest.mark.slow]

Run = Callable[..., subprocess.CompletedProcess[str]]
# Variables that no process gets, as they name this checkout or what a person has set.
PRIVATE = {"PYTHONPATH", "STARBOOK_VENV", "XDG_CONFIG_HOME", "VIRTUAL_ENV"}


def _run(*words: str | Path, here: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in PRIVATE}
    return subprocess.run(
        [str(word) for word in words],
        capture_output=True, encoding="utf-8", check=False, cwd=here,
        env=kept | {"PYTHONIOENCODING": "utf-8"} | environ,
    )  # fmt: skip


def _succeed(*words: str | Path, here: Path) -> None:
    done = _run(*words, here=here)
    assert done.returncode == 0, done.stdout + done.stderr


PROGRAMS = "Scripts" if os.name == "nt" else "bin"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what is built, and with an environment in which that was installed."""
    package_index.skip_unless_it_answers(tmp_path_factory.mktemp("asked"))
    return made_once(_make, tmp_path_factory, "wheel")


def _make(top: Path) -> None:
    """Build an sdist of this checkout and a wheel of that, and install the wheel alone."""
    top.mkdir()
    _succeed(sys.executable, "-m", "venv", top / "tools", here=top)
    python = top / "tools" / PROGRAMS / "python"
    _succeed(python, "-m", "pip", "install", "--quiet", "build>=1.2,<2", here=top)
    # Without -P the module `build` would be our build.py.
    _succeed(python, "-P", "-m", "build", "--outdir", top / "dist", here=ROOT)

    _succeed(sys.executable, "-m", "venv", "--without-pip", top / "environment", here=top)
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = re.findall(r"^[\w.-]+==[^\\\n]+", lock, re.MULTILINE)  # some for some Pythons
    (top / "constraints.txt").write_text("\n".join(pinned), encoding="utf-8")
    pip = (python, "-m", "pip", "--python", top / "environment" / PROGRAMS / "python")
    [wheel] = (top / "dist").glob("*.whl")
    install = ("install", "--quiet", "--constraint", top / "constraints.txt", wheel)
    _succeed(*pip, *install, here=top)


@pytest.fixture
def built(made: Path) -> Path:
    """A folder with an sdist of this checkout, and with a wheel that is made of that."""
    return made / "dist"


@pytest.fixture
def programs(made: Path) -> Path:
    """The programs of an environment in which nothing but the wheel was installed."""
    return made / "environment" / PROGRAMS


@pytest.fixture
def run(programs: Path, tmp_path: Path) -> Run:
    """The installed command, run in a folder by a person without settings."""

    def run(here: Path, *argv: str) -> subprocess.CompletedProcess[str]:
        here.mkdir(exist_ok=True)
        home = {name: str(tmp_path / "home") for name in ("HOME", "USERPROFILE", "APPDATA")}
        return _run(programs / "starbook", *argv, here=here, **home)

    return run


def test_the_wheel_has_all_that_a_checkout_has_to_build_and_nothing_else(built: Path) -> None:
    [wheel], [sdist] = built.glob("*.whl"), built.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    with tarfile.open(sdist) as archive:
        unpacked = {name.partition("/")[2] for name in archive.getnames()}

    for folder, inside in (
        ("starbook", "starbook"),
        ("layouts", "starbook/_data/layouts"),
        ("content", "starbook/_data/content"),
    ):
        there = {f"{inside}/{name}" for name in _tracked(folder)}
        found = {name for name in packed if name.startswith(f"{inside}/")}
        assert {name for name in found if inside != "starbook" or "/_data/" not in name} == there
    assert {name.partition("/")[0] for name in packed} == {"starbook"}
    assert {"build.py", "requirements.lock", "layouts/base.html", "docs/FORMAT.md"} <= unpacked


def _tracked(folder: str) -> set[str]:
    left_out = ("__pycache__", ".pyc")
    names = files(ROOT / folder)
    return {name for name in names if not any(part in name for part in left_out)}


def test_the_sample_becomes_the_same_bytes_as_in_the_checkout(run: Run, tmp_path: Path) -> None:
    assert run(tmp_path, "new", "handbook", "sample", "--sample").returncode == 0
    sample = tmp_path / "sample"
    copied = {name for name in files(sample) if not name.startswith(".")}
    assert copied == files(SAMPLE).keys()

    built = run(sample)
    assert built.stdout.startswith("Content: .\nBuilt 15 stories and 71 questions: ")
    door = ("-m", "starbook", "--out", "../by-checkout")
    _run(sys.executable, *door, here=sample, PYTHONPATH=str(ROOT))
    ours, theirs = files(sample / "site"), files(tmp_path / "by-checkout")
    assert ours.keys() == theirs.keys()
    assert [name for name in ours if ours[name] != theirs[name]] == []
    assert len(ours) > 100


def test_but_for_the_name_of_the_command_build_py_makes_the_same(run: Run, tmp_path: Path) -> None:
    run(tmp_path, "--content", str(SAMPLE), "--out", "installed")
    door = (ROOT / "build.py", "--content", str(SAMPLE), "--out", "checkout")
    _run(sys.executable, *door, here=tmp_path)

    ours, theirs = files(tmp_path / "installed"), files(tmp_path / "checkout")
    named = {name: data.replace(b"python3 build.py", b"starbook") for name, data in theirs.items()}
    assert ours.keys() == named.keys()
    assert [name for name in ours if ours[name] != named[name]] == []
    assert [name for name in ours if b"build.py" in ours[name]] == []


def test_a_new_handbook_needs_no_checkout(run: Run, tmp_path: Path) -> None:
    made = run(tmp_path, "new", "handbook", "mine")
    assert made.stdout == (
        "Made mine, with the questions, guides and templates of the sample.\n"
        f"Open {Path('mine/stories/my-first-story.md')} first, and fill it in.\n"
        "In mine, see each save in your browser: starbook serve --open\n"
    )
    mine = tmp_path / "mine"
    before = files(mine)

    assert run(mine, "check").stdout == "Content: .\nNo problems.\n"
    done = run(mine)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith(f"\nOpen {Path('site/index.html')}\n")
    assert {name: data for name, data in files(mine).items() if name[:5] != "site/"} == before
    locked = run(mine, "bundle", "--encrypt").stderr
    assert re.search(r"\n    \S+ -m pip install cryptography xkcdpass zxcvbn\n", locked)
    assert "build.py" not in (mine / "site/index.html").read_text(encoding="utf-8")
    assert b'STARBOOK: ""' in before[".github/workflows/pages.yml"] or (
        b'STARBOOK: "git+https://' in before[".github/workflows/pages.yml"]
    )


def test_a_layout_of_the_handbook_takes_the_place_of_the_installed_one(
    run: Run, tmp_path: Path
) -> None:
    run(tmp_path, "new", "handbook", "mine")
    mine = tmp_path / "mine"
    assert run(mine, "new", "layout", "guide.html").returncode == 0
    run(mine)
    plain = files(mine / "site")
    own = mine / "layouts/guide.html"
    text = own.read_text(encoding="utf-8")
    for words in ("First look", "Second look"):
        begun = "{% block main %}"
        assert begun in text
        own.write_text(text.replace(begun, f"{begun}<p>{words}</p>"), encoding="utf-8")
        assert run(mine).returncode == 0
        changed = {name for name, data in files(mine / "site").items() if data != plain[name]}
        assert changed == {name for name in plain if re.fullmatch(r"guides/(?!index).+html", name)}
        assert words.encode() in files(mine / "site")["guides/timing.html"]
    own.unlink()
    run(mine)
    assert files(mine / "site") == plain


def test_it_sets_nothing_up_and_has_no_tests(run: Run, programs: Path, tmp_path: Path) -> None:
    here = tmp_path / "here"
    assert run(here, "--version").stdout.startswith("Starbook ")
    done = run(here, "test")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "The tests are in a checkout of Starbook; run them there: python3 build.py test\n"
    )
    assert list(here.iterdir()) == []
    assert not list(programs.parent.rglob(".venv"))
    by_module = _run(programs / "python", "-m", "starbook", "check", here=here)
    assert by_module.stderr.splitlines()[-1].startswith("starbook: error: no handbook.yml is here")
