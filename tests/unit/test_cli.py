"""The command line: commands, the lines and colours printed, and exit codes."""

import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import LAYOUTS, ROOT, story

from starbook import cli
from starbook.commands import folders, terminal

SUMMARY = r"Built 1 story and 0 questions: \d+ pages in \d+\.\d\d s, "
CLEAN = {"stories/a.md": story("A")}
WARNED = {"stories/a.md": story("A").partition("## Result")[0]}
FAULTY = {"stories/a.md": story("A", "levl: x"), "stories/b.md": "no fences"}
MISSING = (
    "content/stories/a.md:5: warning: says `status: ready`, but has no Result, "
    "so it counts as a draft; add `## Result`, or write `status: draft` [missing-part]"
)
UNKNOWN = "content/stories/a.md:4: error: unknown key `levl`; did you mean `level`? [unknown-key]"
NO_FENCES = (
    "content/stories/b.md:1: error: has no front matter; "
    "start it with ---, title: …, --- [front-matter]"
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """The folder where the person stands, with content beside them."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)
    return tmp_path


def tree(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file with its bytes and the time it was written."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in found}


# Commands and exit codes


@pytest.mark.parametrize(("files", "code"), [(CLEAN, 0), (WARNED, 0), (FAULTY, 1)])
@pytest.mark.parametrize("command", [["check"], ["build", "--out", "site"], ["--out", "site"]])
def test_only_an_error_makes_the_exit_code_1(command, files, code, here, content) -> None:
    content(files)
    assert cli.main([*command, "--content", "content"]) == code


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["biuld"], "build.py: error: argument COMMAND: invalid choice: 'biuld'"),
        (["--outt", "x"], "build.py: error: unrecognized arguments: --outt x"),
        (["check", "--out", "x"], "build.py: error: unrecognized arguments: --out x"),
        (["check", "--format", "xml"], "argument --format: invalid choice: 'xml'"),
        (["build", "--content"], "argument --content: expected one argument"),
    ],
)
def test_a_slip_on_the_command_line_is_exit_2(arguments, complaint, here, capsys) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    assert stopped.value.code == 2
    assert complaint in capsys.readouterr().err.splitlines()[-1]
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("arguments", [["--help"], ["-h"]])
def test_help_names_every_command_and_is_exit_0(arguments, capsys) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    assert stopped.value.code == 0
    named = re.findall(r"^    (\w+) ", capsys.readouterr().out, re.MULTILINE)
    assert {"build", "check", "test"} <= set(named)


@pytest.mark.parametrize("arguments", [["test", "--help"], ["test", "--quick", "-h"]])
def test_help_of_the_tests_is_ours_and_runs_none(arguments, capsys, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    assert stopped.value.code == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "usage: build.py test [-h] [--quick] [ARGUMENT ...]"
    assert "Run the tests of Starbook itself." in lines
    assert "  --quick     run the fast tests only" in lines
    assert "  ARGUMENT    anything else goes to pytest, such as `tests/unit/content -k" in lines


def test_help_of_a_command_says_what_it_does_and_names_each_option(capsys) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["serve", "--help"])
    assert stopped.value.code == 0
    printed = capsys.readouterr().out
    assert (
        "\nShow your pages as you write, on this machine only unless --lan is given.\n" in printed
    )
    options = ("content", "out", "layouts", "no-cache", "port", "next-port", "open", "poll")
    options += ("public", "lan", "yes")
    assert set(re.findall(r"^  --([a-z-]+)", printed, re.MULTILINE)) == set(options)


def test_without_a_word_it_builds_from_the_folders_beside_build_py(
    here, content, monkeypatch
) -> None:
    root = content(CLEAN).parent
    shutil.copytree(LAYOUTS, root / "layouts")
    (here / "elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    monkeypatch.setattr(folders, "ROOT", root)
    monkeypatch.setattr(folders, "SAMPLE", root / "content")
    monkeypatch.setattr(folders, "REMEMBERED", root / "none")
    assert cli.main([]) == 0
    assert (root / "site/stories/a.html").is_file()
    assert list(Path.cwd().iterdir()) == []


@pytest.mark.slow
def test_the_door_hands_on_the_exit_code(here, content) -> None:
    content(FAULTY)
    command = [sys.executable, str(ROOT / "build.py"), "check", "--content", "content"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout.splitlines(), done.stderr) == (
        1,
        ["Content: content", UNKNOWN, NO_FENCES, "2 errors."],
        "",
    )


# check


@pytest.mark.parametrize(
    ("files", "lines"),
    [
        (CLEAN, ["No problems."]),
        (WARNED, [MISSING, "1 warning."]),
        (FAULTY, [UNKNOWN, NO_FENCES, "2 errors."]),
        (
            {**WARNED, "stories/b.md": "no fences"},
            [MISSING, NO_FENCES, "1 error, 1 warning."],
        ),
    ],
)
def test_check_prints_what_is_wrong_and_how_much(files, lines, here, content, capsys) -> None:
    content({"handbook.yml": "id: mill\n", **files})
    cli.main(["check", "--content", "content"])
    assert capsys.readouterr() == ("\n".join(["Content: content", *lines, ""]), "")


def test_check_offers_an_id_to_a_handbook_that_has_none(here, content, capsys) -> None:
    content(CLEAN)
    assert cli.main(["check", "--content", "content", "--strict"]) == 0
    lines = capsys.readouterr().out.splitlines()
    place = Path("content/handbook.yml")
    assert lines[1] == (
        "It has no id, which tells its practice from that of other handbooks. "
        f"Add this line to {place}:"
    )
    assert re.fullmatch(r"  id: [0-9a-f]{16}", lines[2])
    assert lines[3:] == ["No problems."]


def test_the_offered_line_is_a_setting_that_checks_clean(here, content, capsys) -> None:
    content(CLEAN)
    cli.main(["check", "--content", "content"])
    content({"handbook.yml": capsys.readouterr().out.splitlines()[-2].strip() + "\n"})
    cli.main(["check", "--content", "content"])
    assert capsys.readouterr().out == "Content: content\nNo problems.\n"


def test_check_offers_no_id_where_there_is_an_error(here, content, capsys) -> None:
    content(FAULTY)
    cli.main(["check", "--content", "content"])
    assert "id:" not in capsys.readouterr().out


def test_check_builds_nothing(here, content) -> None:
    content(CLEAN)
    cli.main(["check", "--content", "content"])
    assert [path.name for path in here.iterdir()] == ["content"]


def test_check_as_json_prints_nothing_else(here, content, capsys) -> None:
    content({**WARNED, "stories/b.md": "no fences"})
    assert cli.main(["check", "--content", "content", "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out) == [
        {
            "path": "content/stories/a.md",
            "line": 5,
            "message": "says `status: ready`, but has no Result, so it counts as a draft",
            "hint": "add `## Result`, or write `status: draft`",
            "rule": "missing-part",
            "severity": "warning",
        },
        {
            "path": "content/stories/b.md",
            "line": 1,
            "message": "has no front matter",
            "hint": "start it with ---, title: …, ---",
            "rule": "front-matter",
            "severity": "error",
        },
    ]


def test_check_as_json_of_a_clean_handbook_is_an_empty_list(here, content, capsys) -> None:
    content(CLEAN)
    assert cli.main(["check", "--content", "content", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


# Colour


def test_a_terminal_gets_the_same_words_in_colour(here, content, monkeypatch) -> None:
    content({**WARNED, "stories/b.md": "no fences"})
    monkeypatch.setattr(sys, "stdout", Terminal())
    cli.main(["check", "--content", "content"])
    assert sys.stdout.getvalue().splitlines()[1:-1] == [
        "\033[1mcontent/stories/a.md:5\033[0m: \033[33mwarning: "
        "says `status: ready`, but has no Result, so it counts as a draft\033[0m; "
        "add `## Result`, or write `status: draft` \033[2m[missing-part]\033[0m",
        "\033[1mcontent/stories/b.md:1\033[0m: \033[31merror: has no front matter\033[0m; "
        "start it with ---, title: …, --- \033[2m[front-matter]\033[0m",
    ]


@pytest.mark.parametrize(
    ("stream", "no_colour", "coloured"),
    [
        (Terminal, None, True),
        (Terminal, "", True),
        (Terminal, "1", False),
        (io.StringIO, None, False),
    ],
)
@pytest.mark.usefixtures("here")
def test_colour_is_for_terminals_and_can_be_refused(
    stream, no_colour, coloured, content, monkeypatch
) -> None:
    content(FAULTY)
    if no_colour is not None:
        monkeypatch.setenv("NO_COLOR", no_colour)
    monkeypatch.setattr(sys, "stdout", stream())
    cli.main(["check", "--content", "content"])
    assert ("\033" in sys.stdout.getvalue()) is coloured


# build


@pytest.mark.slow
def test_a_build_says_what_it_made_and_where_to_begin(here, content, capsys) -> None:
    content(CLEAN)
    build = ["build", "--content", "content", "--out", "site"]
    assert cli.main(build) == 0
    first, built, start = capsys.readouterr().out.splitlines()
    assert (first, start) == ("Content: content", "Open site/index.html")
    assert re.fullmatch(SUMMARY + r"\d+ files changed\.", built)
    assert (here / "site/index.html").is_file()


@pytest.mark.slow
def test_a_build_says_what_changed_and_what_went(here, content, capsys) -> None:
    build = ["build", "--content", "content", "--out", "site"]
    (content({**CLEAN, "stories/b.md": story("B")}) / "stories/b.md").unlink()
    cli.main(build)
    cli.main(build)
    assert re.fullmatch(SUMMARY + r"0 files changed\.", capsys.readouterr().out.splitlines()[-2])
    content({"stories/b.md": story("B")})
    cli.main(build)
    (here / "content/stories/b.md").unlink()
    cli.main(build)
    built = capsys.readouterr().out.splitlines()[-2]
    assert re.fullmatch(SUMMARY + r"\d+ files changed, 1 removed\.", built)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "options", "expected"),
    [
        ({"stories/a.md": story("A", "publish: true")}, ["--public"], ""),
        (
            CLEAN,
            ["--public"],
            " No story is public: one must say `publish: true` and `status: ready`.",
        ),
        ({"guides/g.md": "---\ntitle: G\n---\n"}, [], ""),
    ],
    ids=["a public story", "none", "a private edition"],
)
@pytest.mark.usefixtures("here")
def test_a_public_edition_without_a_story_says_how_to_have_one(
    files, options, expected, content, capsys
) -> None:
    content(files)
    assert cli.main([*options, "--content", "content", "--out", "site"]) == 0
    built = capsys.readouterr().out.splitlines()[1]
    assert built.startswith("Built the public edition: ") is bool(options)
    assert built.rpartition(" changed.")[2] == expected


@pytest.mark.slow
def test_a_build_with_warnings_counts_them_and_is_done(here, content, capsys) -> None:
    content(WARNED)
    assert cli.main(["build", "--content", "content", "--out", "site"]) == 0
    out, err = capsys.readouterr()
    assert err.splitlines() == [MISSING]
    assert out.splitlines()[1].endswith(" files changed. 1 warning.")


def test_a_failed_build_leaves_the_last_good_site_as_it_was(here, content, capsys) -> None:
    content(CLEAN)
    build = ["build", "--content", "content", "--out", "site"]
    assert cli.main(build) == 0
    before = tree(here / "site")
    capsys.readouterr()
    content(FAULTY)
    assert cli.main(build) == 1
    assert capsys.readouterr() == (
        "Content: content\n",
        f"{UNKNOWN}\n{NO_FENCES}\nNothing was built: 2 errors. The last good site is untouched.\n",
    )
    assert tree(here / "site") == before
    assert {path.name for path in here.iterdir()} == {"content", "site"}


def test_a_first_build_that_fails_leaves_nothing(here, content, capsys) -> None:
    content(FAULTY)
    assert cli.main(["build", "--content", "content", "--out", "site"]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == "Nothing was built: 2 errors."
    assert [path.name for path in here.iterdir()] == ["content"]


@pytest.mark.slow
def test_paths_count_from_where_the_person_stands(here, content, monkeypatch, capsys) -> None:
    content(WARNED)
    shutil.copytree(LAYOUTS, here / "own-layouts")
    (here / "desk").mkdir()
    monkeypatch.chdir("desk")
    options = ["--content", "../content", "--layouts", "../own-layouts", "--out", "out"]
    assert cli.main(options) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[0] == "Content: ../content"
    assert out.splitlines()[-1] == "Open out/index.html"
    assert err.splitlines() == [f"../{MISSING}"]
    assert (here / "desk/out/stories/a.html").is_file()


def test_a_path_is_shown_as_short_as_it_can_be_typed(here, content, capsys) -> None:
    cli.main(["check", "--content", str(content(WARNED))])
    assert capsys.readouterr().out.splitlines()[:2] == ["Content: content", MISSING]


# Layouts


def _break(name: str, text: str):
    def change(layouts: Path) -> None:
        path = layouts / name
        path.write_text(f"{text}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")

    return change


def _end(text: str):
    def change(layouts: Path) -> None:
        with (layouts / "languages/en.yml").open("a", encoding="utf-8") as file:
            file.write(text)

    return change


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            _break("base.html", "\n{% if %}"),
            "own/base.html:2: error: Expected an expression, got 'end of statement block'",
        ),
        (_break("base.html", "\n\n{{ pag }}"), "own/base.html:3: error: 'pag' is undefined"),
        (
            _break("base.html", "{{ page.titel }}"),
            "own/base.html:1: error: 'Home' object has no attribute 'titel'",
        ),
        (
            _break("base.html", "{{ 1 | titel }}"),
            "own/base.html:1: error: No filter named 'titel'.",
        ),
        (_break("base.html", '{% include "gone.html" %}'), "own/gone.html: error: is missing"),
        (lambda layouts: (layouts / "story.html").unlink(), "own/story.html: error: is missing"),
        (shutil.rmtree, "own/languages/en.yml: error: is missing"),
        (
            _break("base.html", '\n{{ "home.gasp" | t }}'),
            "own/base.html:2: error: there is no text `home.gasp` in languages/",
        ),
        (
            _break("assets/ask.js", '\n\nstarbook.t("home.gasp");\n'),
            "own/assets/ask.js:3: error: there is no text `home.gasp` in languages/",
        ),
        (
            lambda layouts: (layouts / "languages/en.yml").write_text("a: b\n", encoding="utf-8"),
            re.compile(r"own[/\w.]*(:\d+)?: error: there is no text `[\w.]+` in languages/"),
        ),
        (_end("a: b\n\tc: d\n"), re.compile(r"own/languages/en.yml:\d+: error: is not YAML")),
        (
            _end("home.gaps: [a]\n"),
            "own/languages/en.yml: error: `home.gaps` is neither a text nor `one:` and `other:`",
        ),
    ],
    ids=[
        *("syntax", "name", "attribute", "filter", "include", "page", "folder"),
        *("text", "text of a script", "texts", "yaml", "form"),
    ],
)
def test_a_broken_layout_is_one_line_and_exit_1(change, expected, here, content, capsys) -> None:
    content(CLEAN)
    shutil.copytree(LAYOUTS, here / "own")
    change(here / "own")
    assert cli.main(["--content", "content", "--layouts", "own", "--out", "site"]) == 1
    line, tally = capsys.readouterr().err.splitlines()
    what = line.removesuffix("; fix this layout, or name another folder with --layouts [layout]")
    assert re.fullmatch(expected, what) if isinstance(expected, re.Pattern) else what == expected
    assert tally == "Nothing was built: 1 error."
    assert not (here / "site").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", [b"{% for a in 5 %}{% endfor %}", b"{{ 1 + 'a' }}", b"{{ 1 / 0 }}", b"caf\xe9"]
)
def test_a_layout_that_stumbles_is_one_line_and_exit_1(text, here, content, capsys) -> None:
    content(CLEAN)
    shutil.copytree(LAYOUTS, here / "own")
    (here / "own/base.html").write_bytes(text)
    assert cli.main(["--content", "content", "--layouts", "own", "--out", "site"]) == 1
    assert capsys.readouterr().err.splitlines()[-2].startswith("own/base.html:1: error: ")


# The progress bar


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stream", "patience", "shown"),
    [(Terminal, 0.0, True), (Terminal, 60.0, False), (io.StringIO, 0.0, False)],
    ids=["terminal", "soon done", "no terminal"],
)
@pytest.mark.usefixtures("here")
def test_a_bar_is_drawn_on_a_terminal_when_it_takes_long(
    stream, patience, shown, content, monkeypatch
) -> None:
    content(CLEAN)
    monkeypatch.setattr(terminal, "_BAR_DELAY", patience)
    monkeypatch.setattr(sys, "stderr", stream())
    assert cli.main(["--content", "content", "--out", "site"]) == 0
    drawn = sys.stderr.getvalue()
    if shown:
        assert re.match(r"\rreading +█+·* 1 of \d", drawn)
        assert re.search(r"\rmaking pages +█+·* \d+ of \d", drawn)
        assert drawn.endswith("\r\033[K")
    else:
        assert drawn == ""


def test_the_bar_is_gone_before_problems_are_printed(here, content, monkeypatch) -> None:
    content(FAULTY)
    monkeypatch.setattr(terminal, "_BAR_DELAY", 0.0)
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert cli.main(["--content", "content", "--out", "site"]) == 1
    drawn, _, _ = sys.stderr.getvalue().partition("\033[1mcontent")
    assert drawn.endswith("\r\033[K")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_reader_that_has_seen_enough_is_no_traceback() -> None:
    process = subprocess.Popen(
        [sys.executable, "build.py", "check", "--format", "json"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    assert (process.stderr.read(), process.wait(60)) == (b"", 0)
