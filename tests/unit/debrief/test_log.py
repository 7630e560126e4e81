"""`log`: what was asked and told is added to log.yml, and nothing that stands there changes."""

import builtins
import json
import os
import stat
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from conftest import story
from hypothesis import given, strategies

from starbook import cli
from starbook.build import pipeline
from starbook.content import files, yaml_nodes
from starbook.content.list_files import as_item
from starbook.debrief.entries import Entry, EntryError, clean
from starbook.problem import Report

BOOK = {
    "handbook.yml": "id: f00d\n",
    "principles.yml": "- name: Ownership\n",
    "questions/core.yml": (
        "- question: What broke at night?\n  id: broke\n"
        "- question: Which failure taught you most?\n"
    ),
    "stories/bell.md": story("The bell tower"),
    "stories/door.md": story("The open door"),
    "interviews/harbour.yml": (
        "company: Harbour\nrole: Engineer\ndate: 2026-12-10\nrounds:\n"
        "- {name: manager, with: Ana Silva, themes: [Ownership]}\n"
        "- {name: the boss, themes: [Ownership]}\n"
    ),
}
LOG = (
    "# What was told.\r\n"
    "-   interview: harbour   # the first\r\n"
    "    question: 'What broke at night?'\r\n"
    "\r\n"
    "    story: bell\r\n"
    "# until here"
)
NOTHING = "Nothing was written: "

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    content: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Run the command; return what it says. Answers are typed on a terminal."""
    monkeypatch.chdir(tmp_path)
    content(BOOK)

    def command(
        *argv: str, answers: Iterable[str | BaseException] | None = None
    ) -> tuple[int, str, str]:
        typed = iter(answers or ())

        def answer(prompt: str) -> str:
            print(prompt, end="")
            found = next(typed)
            if isinstance(found, BaseException):
                raise found
            return found

        monkeypatch.setattr(builtins, "input", answer)
        for stream in (sys.stdin, sys.stdout):
            monkeypatch.setattr(stream, "isatty", lambda: answers is not None, raising=False)
        code = cli.main(["log", "--content", "content", *argv])
        printed = capsys.readouterr()
        assert next(typed, None) is None  # whatever is typed is asked for
        return code, printed.out.removeprefix("Content: content\n"), printed.err

    return command


def log(text: str | None = None) -> str:
    """Return log.yml with the line ends that it has, after writing it if there is a text."""
    path = Path("content/log.yml")
    if text is not None:
        path.write_bytes(text.encode())
    return path.read_bytes().decode()


def shown(path: str) -> str:
    return os.fspath(Path(path))


def test_options_make_an_entry_that_checks_clean(run: Run) -> None:
    code, out, _ = run(
        "--interview", "Harbour", "--round", "1", "--question", "what broke at  night",
        "--story", "The bell tower", "--landed", "3", "--notes", "Forgot: the \"second\" bell # 2",
    )  # fmt: skip

    assert (code, out) == (0, f"Added 1 entry to {shown('content/log.yml')}.\n")
    assert log() == (
        "- interview: harbour\n  date: 2026-12-10\n  round: Ana Silva\n  question: broke\n"
        "  story: bell\n  landed: 3\n  notes: 'Forgot: the \"second\" bell # 2'\n"
    )
    book, problems = pipeline.load(Path("content"))
    assert problems == ()
    [entry] = book.log
    assert entry.notes == 'Forgot: the "second" bell # 2'
    assert entry.question
    assert entry.question.to == "broke"


def test_the_bytes_before_a_new_entry_stay_with_comments_and_line_ends(run: Run) -> None:
    log(LOG)
    assert run("--round", "2", "--story", "door", "--date", "2026-12-11")[0] == 0
    assert log() == LOG + (
        "\r\n- interview: harbour\r\n  date: 2026-12-11\r\n  round: 2\r\n  story: door\r\n"
    )


@pytest.mark.parametrize(
    ("before", "indent"),
    [
        ("", ""),
        ("# nothing yet\n", ""),
        ("\ufeff- interview: harbour\n", ""),
        ("  - interview: harbour\n    notes: |\n      one\n\n      - two\n\n", "  "),
        ("-\n  interview: harbour\n  notes: >-\n    - so\n", ""),
        ("---\n- interview: harbour\n", ""),
    ],
)
def test_an_entry_stands_as_far_in_as_those_before_it(run: Run, before: str, indent: str) -> None:
    log(before)
    assert run("--story", "door")[0] == 0
    assert log() == before + f"{indent}- interview: harbour\n{indent}  date: 2026-12-10\n" + (
        f"{indent}  story: door\n"
    )


def test_entries_go_to_the_last_file_of_a_folder(run: Run, content: Callable[..., Path]) -> None:
    content({"log/2025.yml": "", "log/2026.yml": "- interview: harbour\n"})
    assert run("--story", "door")[0] == 0
    assert Path("content/log/2025.yml").read_text(encoding="utf-8") == ""
    assert Path("content/log/2026.yml").read_text(encoding="utf-8").endswith("  story: door\n")
    assert not Path("content/log.yml").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_new_log_is_for_its_owner_alone_and_an_old_one_stays_as_it_was(run: Run) -> None:
    path = Path("content/log.yml")
    run("--story", "door")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    run("--story", "bell")
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


@pytest.mark.parametrize(
    ("damaged", "fault"),
    [
        ("- interview: [harbour\n", "log.yml:1: error: YAML is broken: "),
        ("- interview: harbour\n  landed: 7\n", "log.yml:2: error: expected a whole number from"),
        ("- interview: harbour\n  stroy: bell\n", "log.yml:2: error: unknown key `stroy`; did you"),
        ("- interview: harbor\n", "log.yml:1: error: unknown interview `harbor`; did you mean"),
        ("interview: harbour\n", "log.yml:1: error: expected a list; begin each entry with `- `"),
        ("- interview: harbour\n  date: 2026-02-30\n", "log.yml:2: error: expected a date, found"),
        ("- interview: \xe9\n", "log.yml:1: error: is not UTF-8"),
    ],
)
def test_a_damaged_log_is_not_written_to(run: Run, damaged: str, fault: str) -> None:
    data = damaged.encode("latin-1")
    Path("content/log.yml").write_bytes(data)
    code, out, err = run("--story", "door")
    assert (code, out) == (1, "")
    assert fault in err
    assert err.endswith(f"{NOTHING}mend {shown('content/log.yml')} first.\n")
    assert Path("content/log.yml").read_bytes() == data


@pytest.mark.parametrize("text", ["[{interview: harbour}]\n", "- interview: harbour\n...\n"])
def test_a_list_without_room_for_lines_says_so_and_stays(run: Run, text: str) -> None:
    log(text)
    code, _, err = run("--story", "door")
    assert (code, err) == (1, (
        f"{NOTHING}{shown('content/log.yml')} is no list that lines can be added to; "
        "begin each of its entries with `- ` on a line of its own.\n"
    ))  # fmt: skip
    assert log() == text


def test_a_log_that_is_saved_meanwhile_stays(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    log(LOG)
    monkeypatch.setattr(files, "replace", lambda *_: False)
    code, _, err = run("--story", "door")
    shown_log = shown("content/log.yml")
    assert (code, err) == (1, f"{NOTHING}{shown_log} has changed meanwhile; run this again.\n")


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (
            ["--interview", "harbor", "--story", "bell"],
            "there is no interview `harbor`; name `harbour`.",
        ),
        (
            ["--story", "belt"],
            "there is no story `belt`; did you mean `bell`?",
        ),
        (["--story", "tower"], "there is no story `tower`; did you mean `bell`?"),
        (["--story", "zeppelin"], "there is no story `zeppelin`; stories/ has no name like it."),
        (["--question", "brokn"], "there is no question `brokn`; did you mean `broke`?"),
        (
            ["--question", "xylophone"],
            "there is no question `xylophone`; write a new question in its words.",
        ),
        (
            ["--story", "bell", "--round", "Anna Silva"],
            "there is no round `Anna Silva` in interviews/harbour.yml; did you mean `Ana Silva`?",
        ),
        (
            ["--story", "bell", "--round", "3"],
            "there is no round `3` in interviews/harbour.yml; "
            "give its number, its name or whom it was with.",
        ),
        (
            ["--story", "bell", "--date", "2026-13-01"],
            "expected a date, found `2026-13-01`; write it as 2024-03-01 or 2024-03.",
        ),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(run: Run, argv: list[str], said: str) -> None:
    assert run(*argv) == (1, "", f"{NOTHING}{said}\n")
    assert not Path("content/log.yml").exists()


def test_a_company_with_two_interviews_needs_the_id(run: Run, content: Callable[..., Path]) -> None:
    content({"interviews/phone.yml": "company: Harbour\nrounds: [{themes: [Ownership]}]\n"})
    hint = "name `harbour` or `phone`.\n"
    said = f"{NOTHING}2 interviews are called `harbour `; {hint}"
    assert run("--interview", "harbour", "--story", "bell")[0] == 0  # an id comes first
    assert run("--interview", "Harbour, Engineer", "--story", "bell")[0] == 0
    said = f"{NOTHING}say which interview it was with --interview; {hint}"
    assert run("--story", "bell") == (1, "", said)


def test_without_a_terminal_and_options_it_says_what_to_give(run: Run) -> None:
    assert run() == (1, "", (
        f"{NOTHING}say what was asked and told with --interview, --question and --story, "
        "or run this in a terminal.\n"
    ))  # fmt: skip


def test_a_question_that_is_new_is_offered_to_the_catalogue_with_its_lines(run: Run) -> None:
    code, out, _ = run("--question", "Why: cranes?")
    assert (code, out) == (0, (
        f"Added 1 entry to {shown('content/log.yml')}.\n"
        "It has a question that is not in the handbook. "
        f"For {shown('content/questions/asked.yml')}:\n"
        '- question: "Why: cranes?"\n  categories: []\n  principles: []\n'
        "  companies: [Harbour]\n  stories: []\n"
    ))  # fmt: skip
    assert 'question: "Why: cranes?"' in log()
    assert not Path("content/questions/asked.yml").exists()


def test_a_new_question_comes_with_those_that_are_like_it(run: Run) -> None:
    _, out, _ = run("--question", "Which failures were worst?")
    assert (
        "The handbook has one like it: Which failure taught you most? "
        "(`which-failure-taught-you-most`)\n" in out
    )


def test_a_new_question_is_added_to_the_catalogue_if_that_is_wanted(
    run: Run, content: Callable[..., Path]
) -> None:
    content({"questions.yml": "# mine\n- question: Who are you?"})
    code, out, _ = run("--question", "Why cranes?", "--add-question")
    assert code == 0
    assert out.endswith(f"Added to {shown('content/questions.yml')}.\n")
    assert Path("content/questions.yml").read_text(encoding="utf-8") == (
        "# mine\n- question: Who are you?\n"
        "- question: Why cranes?\n  categories: []\n  principles: []\n"
        "  companies: [Harbour]\n  stories: []\n"
    )
    assert pipeline.load(Path("content"))[1] == ()
    # It is known from now on.
    assert run("--question", "why cranes") == (
        0, f"Added 1 entry to {shown('content/log.yml')}.\n", ""
    )  # fmt: skip


def test_a_catalogue_that_is_published_gets_no_company(
    run: Run, content: Callable[..., Path]
) -> None:
    content({"handbook.yml": "id: f00d\npublish: [questions]\n"})
    _, out, _ = run("--question", "Why cranes?")
    assert "companies" not in out
    assert "The public edition would have it, too: handbook.yml publishes questions.\n" in out


_LINE = (
    strategies.text(min_size=1)
    .map(str.split)
    .map(" ".join)
    .filter(lambda text: text and "%%" not in text and "<!" not in text)
)


@pytest.mark.slow
@given(_LINE, _LINE)
def test_whatever_is_noted_is_read_as_it_was_typed(question: str, notes: str) -> None:
    try:
        entry = Entry("harbour", question=clean(question), notes=clean(notes))
    except EntryError:  # half of a character
        return
    node = yaml_nodes.parse("\n".join(as_item(entry.lines)), Report(""))
    assert isinstance(node, yaml_nodes.Sequence)
    [item] = node.items
    assert isinstance(item, yaml_nodes.Mapping)
    read = {key.text: value.source for key, value in item.entries}
    assert read == {
        key: getattr(entry, key)
        for key in ("interview", "question", "notes")
        if getattr(entry, key)
    }


# On a terminal


def test_a_terminal_is_asked_one_question_after_the_other(run: Run) -> None:
    code, out, _ = run(
        answers=[
            "What broke at night?", "bell", "1", "4", "",
            "Why cranes here?", "", "", "1", "No story for this.",
            "", "door", "2", "", "",
            "", "", "y", "n",
        ]
    )  # fmt: skip
    assert code == 0
    assert log() == (
        "- interview: harbour\n  date: 2026-12-10\n  round: Ana Silva\n  question: broke\n"
        "  story: bell\n  landed: 4\n"
        "- interview: harbour\n  date: 2026-12-10\n  round: Ana Silva\n"
        "  question: Why cranes here?\n  landed: 1\n  notes: No story for this.\n"
        "- interview: harbour\n  date: 2026-12-10\n  round: 2\n  story: door\n"
    )
    assert "Rounds: 1 Ana Silva, 2 the boss\n" in out
    assert f"Added 3 entries to {shown('content/log.yml')}.\n" in out
    assert not Path("content/questions/asked.yml").exists()


def test_what_is_unknown_on_a_terminal_is_asked_for_again(run: Run) -> None:
    _, out, _ = run(
        answers=[
            "brok", "1",  # the one that was offered
            "towr", "bell", "7", "Ana Silva", "9", "3", "", "", "", "",
        ]
    )  # fmt: skip
    assert "There is no question `brok`; did you mean `broke`?" in out
    assert "There is no story `towr`; did you mean `bell`?" in out
    assert "There is no round `7` in interviews/harbour.yml; " in out
    assert "Write a number from 1 to 4, or nothing" in out
    assert "question: broke\n  story: bell\n  landed: 3\n" in log()


def test_the_only_name_that_is_offered_is_chosen_by_its_number(run: Run) -> None:
    _, out, _ = run(answers=["broke", "towr", "1", "", "", "", "", "", ""])
    assert "did you mean `bell`?\n  1  bell\n" in out
    assert "question: broke\n  story: bell\n" in log()


def test_a_story_is_found_by_its_title_without_its_marks(run: Run) -> None:
    run("--question", "broke", "--story", "the bell-tower", "--interview", "harbour")
    assert "question: broke\n  story: bell\n" in log()


def test_words_that_are_like_a_question_may_mean_it(run: Run) -> None:
    answers = ["what was your worst failure", "1", "", "", "", "", "", "", ""]
    _, out, _ = run(answers=answers)
    assert "The handbook has:\n  1  Which failure taught you most?\n" in out
    assert "question: which-failure-taught-you-most\n" in log()


def test_of_several_interviews_one_is_chosen_by_number_or_name(
    run: Run, content: Callable[..., Path]
) -> None:
    content({"interviews/mill.yml": "company: Mill\nrounds: [{with: Bo, themes: [Ownership]}]\n"})
    _, out, _ = run(answers=["Mil", "2", "soon", "2026-12-12", "", "bell", "", "", "", "", ""])
    assert "  1  Harbour, Engineer, 2026-12-10\n  2  Mill\n" in out
    assert "There is no interview `Mil`; name `mill`" in out
    assert log() == ("- interview: mill\n  date: 2026-12-12\n  round: Bo\n  story: bell\n")


@pytest.mark.parametrize(("stop", "code"), [(KeyboardInterrupt(), 130), (EOFError(), 1)])
def test_whoever_stops_leaves_the_log_as_it_was_and_sees_what_was_whole(
    run: Run, stop: BaseException, code: int
) -> None:
    log(LOG)
    done = run(answers=["broke", "bell", "1", "", "", "Why cr", stop])
    assert done[0] == code
    assert done[1].endswith(
        "\nNothing was written.\nThese entries were whole:\n- interview: harbour\n"
        "  date: 2026-12-10\n  round: Ana Silva\n  question: broke\n  story: bell\n"
    )
    assert log() == LOG


def test_entries_that_are_refused_are_not_written(run: Run) -> None:
    code, out, _ = run(answers=["broke", "bell", "1", "", "", "", "", "n"])
    assert code == 0
    assert out.endswith("[Y/n] Nothing was written.\n")
    assert not Path("content/log.yml").exists()


# From the phone


def phone(*told: tuple[str, int], **other: object) -> str:
    listed = [{"story": story, "round": number} for story, number in told]
    export = {"starbook": "told", "version": 1, "interview": "harbour", "told": listed}
    Path("told.json").write_text(json.dumps(export | other), encoding="utf-8")
    return "told.json"


def test_what_the_phone_saved_is_added_once(run: Run) -> None:
    path = phone(("bell", 1), ("door", 2))
    code, out, _ = run("--from", path)
    assert (code, out) == (0, f"Added 2 entries to {shown('content/log.yml')}.\n")
    written = log()
    assert written == (
        "- interview: harbour\n  date: 2026-12-10\n  round: Ana Silva\n  story: bell\n"
        "- interview: harbour\n  date: 2026-12-10\n  round: 2\n  story: door\n"
    )
    code, out, _ = run("--from", path)
    assert (code, out) == (0, "2 of them are in the log already.\nNothing was written.\n")
    assert log() == written


def test_a_terminal_is_asked_what_the_phone_does_not_know(run: Run) -> None:
    _, out, _ = run("--from", phone(("bell", 1)), answers=["broke", "2", "The numbers.", ""])
    assert "1 of 1, with Ana Silva: The bell tower\n" in out
    assert log() == (
        "- interview: harbour\n  date: 2026-12-10\n  round: Ana Silva\n  question: broke\n"
        "  story: bell\n  landed: 2\n  notes: The numbers.\n"
    )


AGAIN = "save it again on the page of the interview"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", f"told.json is not what the page of an interview saves; {AGAIN}"),
        ("[1]", f"told.json is not what the page of an interview saves; {AGAIN}"),
        ("\xff", f"told.json is not what the page of an interview saves; {AGAIN}"),
        ("{}", f"told.json is not what the page of an interview saves; {AGAIN}"),
        (
            '{"starbook": "practice", "version": 1, "records": []}',
            "told.json is what the practice page saves; put it into practice/",
        ),
        (
            '{"starbook": "told", "version": 2}',
            "told.json is of version 2, and this program reads 1; update Starbook",
        ),
        (
            '{"starbook": "told", "version": 1, "interview": "mill"}',
            "told.json: there is no interview `mill`; name `harbour`",
        ),
        (
            '{"starbook": "told", "version": 1, "interview": "harbour", '
            '"told": [{"story": "bel", "round": 1}]}',
            "told.json: there is no story `bel`; write `id: bel` in the story that was renamed",
        ),
        (
            '{"starbook": "told", "version": 1, "interview": "harbour", '
            '"told": [{"story": "bell", "round": 3}]}',
            f"told.json: interviews/harbour.yml has no round 3; {AGAIN}",
        ),
    ],
)
def test_a_file_that_is_not_of_the_phone_says_what_it_is(run: Run, text: str, said: str) -> None:
    Path("told.json").write_bytes(text.encode("latin-1"))
    assert run("--from", "told.json") == (1, "", f"{NOTHING}{said}.\n")


def test_a_file_that_is_not_there_says_so(run: Run) -> None:
    code, _, err = run("--from", "no.json")
    assert (code, err.startswith(f"{NOTHING}no.json cannot be read (")) == (1, True)
