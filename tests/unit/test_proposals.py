"""`metrics`: the lines that are proposed for stories that give no numbers, printed or written."""

import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Command, story

from starbook.build.pipeline import load
from starbook.commands import terminal
from starbook.model import Figure

A = story("A").replace(
    "Errors fell from 9 to 2 %.", 'Waste fell from 9 to 2 %. We saved €9k on "C#" books.'
)
B = story("B")
C = story("C", 'metrics: ["3: x"]')
D = story("D").replace("Errors fell from 9 to 2 %.", "All went well.")
LINES_A = """\
metrics:
  - "9 → 2 %: Waste"
  - "€9k: We saved €9k on \\"C#\\" books"
"""
LINES_B = 'metrics:\n  - "9 → 2 %: Errors"\n'
BOOK = {f"stories/{name}.md": text for name, text in zip("abcd", (A, B, C, D), strict=True)}
HINT = "\nPaste what is right between the two --- of each file, or let --write add it.\n"


@pytest.fixture
def run(content: Callable[..., Path], command: Command, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run the command with answers on a terminal, if there are any; return what it says."""

    def run(*argv: str, answers: str = "") -> tuple[int, str, str]:
        given = iter(answers)
        monkeypatch.setattr(terminal, "has_terminal", lambda: bool(answers))
        monkeypatch.setattr("builtins.input", lambda question: print(question) or next(given))
        return command("metrics", *argv)

    content(BOOK)
    return run


def test_the_lines_of_each_story_without_metrics_are_printed_with_its_file(run: Command) -> None:
    said = f"\ncontent/stories/a.md\n{LINES_A}\ncontent/stories/b.md\n{LINES_B}{HINT}"
    assert run() == (0, said, "")


def test_one_story_can_be_named(run: Command) -> None:
    assert run("b") == (0, f"\ncontent/stories/b.md\n{LINES_B}{HINT}", "")


def test_a_story_without_numbers_that_can_be_found_says_so(run: Command) -> None:
    assert run("d") == (0, "\ncontent/stories/d.md\nNo numbers were found.\n", "")


def test_a_handbook_without_any_says_so(run: Command, content: Callable[..., Path]) -> None:
    content({"stories/a.md": C, "stories/b.md": D, "stories/c.md": D, "stories/d.md": D})
    assert run() == (0, "No story without `metrics` has numbers that can be found.\n", "")


@pytest.mark.parametrize(
    ("argv", "complaint"),
    [
        (["xyz"], "there is no story `xyz`; the id is the name of its file without `.md`.\n"),
        (["c"], "content/stories/c.md has `metrics` already; edit them there.\n"),
        (
            ["--content", "none"],
            "There is no such folder; name the one that holds your stories/ with --content.\n",
        ),
        (
            ["--write"],
            "Nothing was written: --write asks before each story, and needs a terminal.\n",
        ),
    ],
)
def test_what_cannot_be_done_is_said_and_exit_1(
    run: Command, argv: list[str], complaint: str
) -> None:
    code, _, error = run(*argv)
    assert (code, error) == (1, complaint)


def test_an_unknown_id_names_the_nearest(run: Command, content: Callable[..., Path]) -> None:
    content({"stories/night-shift.md": B})
    assert run("nightshift")[2] == "there is no story `nightshift`; did you mean `night-shift`?\n"


def test_each_story_is_asked_about_and_only_a_yes_writes(run: Command, tmp_path: Path) -> None:
    code, said, error = run("--write", answers="ny")
    asked = "Add these lines? [y/N] \n"
    assert (code, error) == (0, "")
    assert said == (
        f"\ncontent/stories/a.md\n{LINES_A}{asked}"
        f"\ncontent/stories/b.md\n{LINES_B}{asked}Added.\n"
    )  # fmt: skip
    assert (tmp_path / "content/stories/a.md").read_text("utf-8") == A
    assert (tmp_path / "content/stories/b.md").read_text("utf-8") == B.replace(
        "status: ready\n", f"status: ready\n{LINES_B}"
    )
    assert {path.name for path in (tmp_path / "content/stories").iterdir()} == {
        "a.md", "b.md", "c.md", "d.md",
    }  # fmt: skip


@pytest.mark.parametrize("answer", ["", "n", "x", " "])
def test_no_answer_is_no(run: Command, tmp_path: Path, answer: str) -> None:
    run("b", "--write", answers=answer or "\n")
    assert (tmp_path / "content/stories/b.md").read_text("utf-8") == B


def test_what_was_written_is_what_pages_show(run: Command, tmp_path: Path) -> None:
    run("a", "--write", answers="y")
    book, problems = load(tmp_path / "content")
    assert problems == ()
    assert book.stories[0].figures == (
        Figure("2", "9", "%", "Waste"),
        Figure("€9k", label='We saved €9k on "C#" books'),
    )


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_nothing_else_in_the_file_changes(
    run: Command, tmp_path: Path, ending: str, mark: bytes
) -> None:
    path = tmp_path / "content/stories/b.md"
    odd = B.replace("title: B", "title:  B   # mine\ntags: [ a,b ]").rstrip("\n").encode()
    path.write_bytes(mark + odd.replace(b"\n", ending.encode()))
    path.chmod(0o640)
    run("b", "--write", answers="y")
    added = LINES_B.replace("\n", ending).encode()
    assert path.read_bytes().replace(added, b"") == mark + odd.replace(b"\n", ending.encode())
    assert added in path.read_bytes()
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize("given", ["metrics:", "metrics: []", '"metrics": []'])
def test_a_story_with_the_key_is_left_alone(
    run: Command, content: Callable[..., Path], given: str
) -> None:
    content({"stories/b.md": B.replace("status", f"{given}\nstatus")})
    assert run("b", "--write", answers="y")[2] == (
        "Nothing more was written: content/stories/b.md has `metrics` already; edit them there.\n"
    )


def test_front_matter_in_braces_is_left_to_the_author(
    run: Command, content: Callable[..., Path], tmp_path: Path
) -> None:
    text = B.replace("title: B\nstatus: ready", "{title: B, status: ready}")
    content({"stories/b.md": text})
    assert run("b", "--write", answers="y")[2] == (
        "Nothing more was written: content/stories/b.md has no room for them; "
        "paste them between the two ---.\n"
    )
    assert (tmp_path / "content/stories/b.md").read_text("utf-8") == text
