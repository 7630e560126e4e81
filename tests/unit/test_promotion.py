"""`ready`: complete drafts are set to `status: ready`; of the others it says what they need."""

import stat
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from conftest import Command, story

from starbook.build.pipeline import load
from starbook.content import files

DRAFT = story("The mill").replace("status: ready", "status: draft  # for now")
READY = story("The lamp")
NO_RESULT = DRAFT.replace("## Result\n\nErrors fell from 9 to 2 %.\n", "")
BLANK = DRAFT.replace("It was late.", "It was [Fill in: when?] and X% worse.")
BOOK = {
    "stories/mill.md": DRAFT,
    "stories/lamp.md": READY,
    "stories/no-result.md": NO_RESULT.replace("The mill", "The kiln"),
    "stories/blank.md": BLANK.replace("The mill", "The pump").replace("mended it", "fitted it"),
}


@pytest.fixture
def run(content: Callable[..., Path], command: Command) -> Command:
    """Run the command; return what it says."""
    content(BOOK)
    return partial(command, "ready")


@pytest.fixture
def read(tmp_path: Path) -> Callable[[], dict[str, str]]:
    """Return the stories by path, with the line ends that they have."""
    folder = tmp_path / "content"
    return lambda: {
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_complete_draft_is_set_and_nothing_else_changes(
    run: Command, read: Callable[[], dict[str, str]], tmp_path: Path
) -> None:
    path = tmp_path / "content/stories/mill.md"
    path.chmod(0o640)
    assert run("mill") == (0, "content/stories/mill.md is ready now.\n", "")
    after = DRAFT.replace("status: draft  # for now", "status: ready  # for now")
    assert read() == {**BOOK, "stories/mill.md": after}
    assert {one.id for one in load(tmp_path / "content")[0].stories if one.ready} == {
        "lamp", "mill",
    }  # fmt: skip
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_ready_story_is_left_and_said_to_be(
    run: Command, read: Callable[[], dict[str, str]]
) -> None:
    assert run("lamp", "lamp") == (0, "content/stories/lamp.md was ready already.\n", "")
    assert read() == BOOK


def test_what_a_story_lacks_is_named_and_the_others_are_set(
    run: Command, read: Callable[[], dict[str, str]]
) -> None:
    code, said, error = run("no-result", "mill", "blank", "lamp")
    assert (code, error) == (1, "")
    assert said == (
        "content/stories/no-result.md:5: error: has no Result; add `## Result` [missing-part]\n"
        "content/stories/mill.md is ready now.\n"
        "content/stories/blank.md:6: error: still has `[Fill in: when?]` in Situation; "
        "fill it in [placeholder]\n"
        "content/stories/blank.md:6: error: still has `X%` in Situation; fill it in [placeholder]\n"
        "content/stories/lamp.md was ready already.\n"
    )
    changed = {path for path, text in read().items() if text != BOOK[path]}
    assert changed == {"stories/mill.md"}


@pytest.mark.parametrize(
    ("front", "complaint"),
    [
        (
            "status: draft\ncategories: [Trust]",
            "4: error: unknown category `Trust`; add it to categories.yml, or take it out here "
            "[unknown-category]",
        ),
        (
            "status: draft\ntags: [a: b]",
            '4: error: expected text, found a mapping; quote it: "a: b" [type]',
        ),
        (
            "status: done",
            "3: error: expected `draft` or `ready` or `resting`, found `done`; "
            "choose one of them [type]",
        ),
        (
            "title: [B",
            "3: error: YAML is broken: did not find expected ',' or ']'; check quotes, "
            "brackets and indentation here [yaml]",
        ),
    ],
)
def test_a_story_with_an_error_in_its_file_is_left(
    run: Command, content: Callable[..., Path], read: Callable[[], dict[str, str]],
    front: str, complaint: str,
) -> None:  # fmt: skip
    text = READY.replace("status: ready", front)
    content({"stories/odd.md": text})
    assert run("odd") == (1, f"content/stories/odd.md:{complaint}\n", "")
    assert read()["stories/odd.md"] == text


def test_a_story_that_says_ready_and_is_not_is_told_what_it_needs(
    run: Command, content: Callable[..., Path]
) -> None:
    content({"stories/early.md": NO_RESULT.replace("status: draft", "status: ready")})
    code, said, _ = run("early")
    assert code == 1
    assert said == (
        "content/stories/early.md:5: error: has no Result; add `## Result` [missing-part]\n"
    )


def test_an_unknown_id_names_the_nearest_and_the_others_are_set(run: Command) -> None:
    assert run("mlil", "mill", "zebra") == (
        1,
        "content/stories/mill.md is ready now.\n",
        "there is no story `mlil`; did you mean `mill`?\n"
        "there is no story `zebra`; the id is the name of its file without `.md`.\n",
    )


def test_two_stories_of_one_id_are_left(
    run: Command, content: Callable[..., Path], read: Callable[[], dict[str, str]]
) -> None:
    content({"stories/z.md": DRAFT.replace("status", "id: mill\nstatus")})
    before = read()
    code, said, _ = run("mill")
    assert code == 1
    assert "the id `mill` is already taken by stories/mill.md:1" in said
    assert read() == before


def test_without_an_id_the_complete_drafts_are_listed_and_nothing_is_written(
    run: Command, content: Callable[..., Path], read: Callable[[], dict[str, str]]
) -> None:
    content({"stories/oven.md": DRAFT.replace("The mill", "The oven").replace("late", "early")})
    before = read()
    assert run() == (
        0,
        "mill: The mill\n"
        "oven: The oven\n"
        "Set them with: python3 build.py ready --content content mill oven\n",
        "",
    )
    assert read() == before


def test_without_a_complete_draft_that_is_said(run: Command, content: Callable[..., Path]) -> None:
    content({"stories/mill.md": READY})
    assert run() == (
        0,
        "No draft is complete. See what one still needs: "
        "python3 build.py ready --content content blank\n",
        "",
    )
    content({"stories/no-result.md": READY, "stories/blank.md": READY})
    assert run() == (0, "There are no drafts.\n", "")


def test_a_file_that_changed_since_it_was_checked_is_left(
    run: Command, content: Callable[..., Path], read: Callable[[], dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    replace = files.replace

    def save_first(path: Path, old: bytes, new: bytes) -> bool:
        content({"stories/mill.md": NO_RESULT})
        return replace(path, old, new)

    monkeypatch.setattr(files, "replace", save_first)
    assert run("mill") == (
        1,
        "content/stories/mill.md: error: has changed since it was checked, and stays as it is; "
        "run this again [changed]\n",
        "",
    )
    assert read() == {**BOOK, "stories/mill.md": NO_RESULT}


def test_a_status_that_is_written_in_an_odd_way_is_left_to_the_author(
    run: Command, content: Callable[..., Path], read: Callable[[], dict[str, str]]
) -> None:
    text = DRAFT.replace("draft  # for now", '"dra\\x66t"')
    content({"stories/mill.md": text})
    assert run("mill") == (
        1,
        "content/stories/mill.md:1: error: its `status` cannot be changed; "
        "write `status: ready` between the two --- [status]\n",
        "",
    )
    assert read()["stories/mill.md"] == text


def test_a_folder_that_is_not_there_is_said(run: Command) -> None:
    assert run("--content", "none", "mill") == (
        1,
        "Content: none\n",
        "There is no such folder; name the one that holds your stories/ with --content.\n",
    )


@pytest.mark.skipif(sys.platform != "linux", reason="other systems may store another form")
def test_a_file_whose_name_has_its_accents_apart_is_found(
    run: Command, content: Callable[..., Path], read: Callable[[], dict[str, str]]
) -> None:
    content({"stories/mu\u0308hle.md": DRAFT.replace("The mill", "Die Mühle")})
    assert run("muhle")[0] == 0
    assert "status: ready" in read()["stories/mu\u0308hle.md"]
