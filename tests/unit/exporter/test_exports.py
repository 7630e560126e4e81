"""Exports for Anki and as JSON: what is in them, what is not, and which files are replaced."""

import csv
import json
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import story

from starbook import cli
from starbook.exporter import document

Make = Callable[[Mapping[str, str]], Path]
FOLLOW_UP = """
## Follow-ups

### Why not\tsooner?

**Strong:** I did not know & go.

Nobody did.

**Key line:** Now I ask.

### And then?

## Quiz

### Which bell?

- [ ] the small one
- [x] the large one

It rang.
"""
BOOK = {
    "handbook.yml": "id: mill\ntitle: The mill\n",
    "questions.yml": "- question: What rang?\n  id: rang\n  stories: [bell]\n  needs: answer\n"
    "  answer: {text: All of it., seconds: 20}\n"
    "- question: What is open?\n",
    "stories/bell.md": story(
        "The bell", "id: bell", 'metrics: ["9 → 2 %: errors"]', "cue: [rope]", "publish: true",
        body=FOLLOW_UP,
    ),
    "stories/secret.md": story("The closed sluice gate", "id: secret"),
    "practice/p.json": '{"starbook": "practice", "version": 1, "records": '
    '[{"id": "r", "story": "bell", "at": "2025-12-02T08:00:00Z"}]}',
}  # fmt: skip


@pytest.fixture
def run(content: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Run an export of the handbook, which must succeed, and return the file."""
    monkeypatch.chdir(tmp_path)
    content(BOOK)

    def export(kind: str, *options: str, name: str = "out") -> Path:
        arguments = ["export", kind, "--content", "content", "--out", name, *options]
        assert cli.main(arguments) == 0
        return tmp_path / name

    return export


def rows(file: Path) -> list[list[str]]:
    lines = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("#")]
    return list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_anki_gets_questions_follow_ups_and_quiz_questions(run: Callable[..., Path]) -> None:
    file = run("anki")
    assert file.read_text("utf-8").startswith(
        "#separator:tab\n#html:true\n#guid column:1\n#notetype:Basic\n#deck:The mill\n"
        "#tags column:4\n"
    )
    question, follow_up, quiz = rows(file)
    assert question[1:] == [
        "What rang?",
        "<b>The bell</b><br>9 → 2 %: errors<br>– rope",
        "question",
    ]
    assert follow_up[1:] == [
        "<i>The bell</i><br>Why not sooner?",
        "I did not know &amp; go.<br>Nobody did.<br><b>Now I ask.</b>",
        "follow-ups bell",
    ]
    assert quiz[1:] == [
        "<i>The bell</i><br>Which bell?<ul><li>the small one</li><li>the large one</li></ul>",
        "<b>the large one</b><br>It rang.",
        "quiz bell",
    ]


def test_the_id_of_a_note_stays_while_its_words_change(
    run: Callable[..., Path], content: Make
) -> None:
    before = [row[0] for row in rows(run("anki"))]
    content({"stories/bell.md": BOOK["stories/bell.md"].replace("Nobody did.", "Who did?")})
    content({"questions.yml": BOOK["questions.yml"].replace("What rang?", "What was that?")})
    after = rows(run("anki"))
    assert [row[0] for row in after] == before
    assert len(set(before)) == 3
    assert after[0][1] == "What was that?"


def test_json_has_the_whole_handbook(run: Callable[..., Path]) -> None:
    whole = json.loads(run("json").read_text("utf-8"))
    assert (whole["starbook"], whole["version"], whole["edition"]) == ("handbook", 1, "private")
    assert (whole["id"], whole["title"]) == ("mill", "The mill")
    bell = whole["stories"][0]
    assert bell["metrics"] == [{"before": "9", "value": "2", "unit": "%", "label": "errors"}]
    assert [section["kind"] for section in bell["sections"]] == [
        *("situation", "task", "action", "result", "follow-ups", "quiz")
    ]
    assert bell["sections"][5]["entries"] == [
        {
            "title": "Which bell?",
            "text": "It rang.\n",
            "fields": [],
            "choices": [
                {"text": "the small one", "right": False},
                {"text": "the large one", "right": True},
            ],
        }
    ]
    assert whole["questions"][0]["stories"] == [{"story": "bell", "note": ""}]
    assert [question["needs"] for question in whole["questions"]] == ["answer", "story"]
    assert [question["answer"] for question in whole["questions"]] == [
        {"seconds": 20, "publish": False, "text": "All of it.\n", "callouts": []},
        None,
    ]
    assert [record["id"] for record in whole["practice"]] == ["r"]


def test_the_document_names_every_key_of_the_json(run: Callable[..., Path]) -> None:
    text = (Path(__file__).parents[3] / "docs/EXPORT.md").read_text("utf-8")

    def keys(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value).union(*map(keys, value.values()))
        return set().union(*map(keys, value)) if isinstance(value, list) else set()

    whole = json.loads(run("json").read_text("utf-8"))
    del whole["practice"]  # FORMAT.md has its keys
    assert [key for key in sorted(keys(whole)) if f"`{key}`" not in text] == []
    assert f"`version` | `{document.VERSION}`" in text


@pytest.mark.parametrize("kind", ["anki", "json"])
def test_a_public_export_has_nothing_private(run: Callable[..., Path], kind: str) -> None:
    text = run(kind, "--public").read_text("utf-8")
    assert "The bell" in text
    assert not any(
        word in text for word in ("sluice", "secret", '"practice"', "What is open?", "All of it")
    )


def test_a_leak_stops_a_public_export(
    run: Callable[..., Path], content: Make, capsys: Any, tmp_path: Path
) -> None:
    content(
        {"stories/bell.md": BOOK["stories/bell.md"].replace("It rang.", "See stories/secret.md.")}
    )
    arguments = ["export", "json", "--content", "content", "--out", "leak", "--public"]
    assert cli.main(arguments) == 1
    assert "Nothing was written: 1 error." in capsys.readouterr().err
    assert not (tmp_path / "leak").exists()


@pytest.mark.slow
def test_the_file_is_the_owners_and_only_an_older_export_is_replaced(
    run: Callable[..., Path], capsys: Any, tmp_path: Path
) -> None:
    file = run("json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    run("json")  # an older export
    export = ["export", "anki", "--content", "content", "--out"]
    capsys.readouterr()
    assert cli.main([*export, "out"]) == 1
    assert capsys.readouterr().err == (
        "Nothing was written: out is there already, and is no such export; name another file.\n"
    )
    assert json.loads(file.read_text("utf-8"))["starbook"] == "handbook"
    (tmp_path / "link").symlink_to(file)
    assert cli.main([*export, "link"]) == 1
    assert "link is not a file" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["content", "link", "out"]


def test_an_export_of_faulty_content_writes_nothing(
    content: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    content({"stories/a.md": "no fences"})
    assert cli.main(["export", "json", "--content", "content", "--out", "out"]) == 1
    assert "Nothing was written: 1 error." in capsys.readouterr().err
