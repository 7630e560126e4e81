"""The review of an import: a page with each line of a document beside what it became."""

import html
import re
import stat
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from starbook.content import files
from starbook.importer import review_file
from starbook.importer.account import Place
from starbook.importer.review import Document, Way

MILL, FILE = "The mill", "stories/the-mill.md"
PLACES = (
    Place(1, "# Notes", "guide", "Notes", "title", "guides/notes.md", "title: Notes"),
    Place(2, "", "blank"),
    Place(3, "## The mill", "story", MILL, "title", FILE, "title: The mill"),
    Place(4, "S: It <b>&</b> we", "story", MILL, "Situation", FILE, "It <b>&</b> we"),
    Place(5, "<!-- not her -->", "comment", MILL, "Situation", FILE),
    Place(6, "We cut the belt.", "story", MILL, "Action", FILE, doubt="it may be the Task"),
    Place(7, "and swam", "story", MILL, "Action", FILE),
    Place(8, "| question |", "format"),
    Place(9, "| Why? |", "question", "Why?", "question", "questions/notes.yml", "question: Why?"),
    Place(10, "for the miller", "question", "When?", "notes", "questions/notes.yml"),
    Place(11, "- How many?", "to-ask", "Miller", "question", "to-ask/notes.yml"),
)  # fmt: skip
HEADINGS = Way("heading2", 0.86, "stories begin at headings of level 2")
NUMBERED = Way("numbered", 0.8, "stories begin at numbered titles")
LISTS = Way("lists", 0.3, "a list of questions")
COMMAND = "python3 build.py import notes.md --into 'my book' --review"
NOTES = Document("notes.md", "1 story, 2 questions", COMMAND, PLACES, HEADINGS)


def page(path: Path, *documents: Document) -> str:
    """Return the HTML of a review."""
    review_file.write(path / "import-review.html", documents)
    return (path / "import-review.html").read_text("utf-8")


def row(page: str, ident: str) -> list[str]:
    """Return the cells of a row as words."""
    (found,) = re.findall(rf'<tr id="{ident}"[^>]*>(.*)</tr>', page)
    return [words(cell) for cell in re.findall(r"<td>(.*?)</td>", found)]


def words(markup: str) -> str:
    """Return what a reader reads of markup."""
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", markup).split()))


def heads(page: str) -> list[str]:
    """Return the headings in the table: where lines went."""
    return list(map(words, re.findall(r'<tr class="where">(.*)</tr>', page)))


def test_each_line_stands_beside_what_it_became_once_and_in_order(tmp_path: Path) -> None:
    found = page(tmp_path, NOTES)
    assert re.findall(r'<tr id="([^"]*)"', found) == [f"d1-{place.number}" for place in PLACES]
    assert [row(found, f"d1-{number}") for number in range(3, 11)] == [
        ["3", "## The mill", "St title title: The mill"],
        ["4", "S: It <b>&</b> we", "S Situation It <b>&</b> we"],
        ["5", "<!-- not her -->", "C <!-- not her -->"],
        ["6", "We cut the belt.", "A Action We cut the belt. ? Not sure: it may be the Task"],
        ["7", "and swam", "A and swam"],
        ["8", "| question |", "layout"],
        ["9", "| Why? |", "Q question question: Why?"],
        ["10", "for the miller", "Q notes When? for the miller"],
    ]
    assert row(found, "d1-2") == ["2", "", ""]


def test_lines_of_one_destination_stand_under_its_name_and_file(tmp_path: Path) -> None:
    assert heads(page(tmp_path, NOTES)) == [
        "Guide: Notes guides/notes.md",
        "Story: The mill stories/the-mill.md",
        "Questions questions/notes.yml",
        "Questions to ask to-ask/notes.yml",
    ]


def test_a_comment_in_a_file_of_its_own_stands_by_itself(tmp_path: Path) -> None:
    away = Place(8, "%% mine %%", "comment", "", "", "guides/notes.md")
    found = page(tmp_path, Document("a.md", "1 story", COMMAND, (*PLACES[:7], away), HEADINGS))
    assert heads(found)[-1] == "Comment, hidden guides/notes.md"


def test_doubts_stand_first_in_the_order_of_lines_each_with_a_link_to_its_line(
    tmp_path: Path,
) -> None:
    said = ((9, "two may be one"), (6, "it may be the Task"))
    found = page(tmp_path, Document("a.md", "", COMMAND, PLACES, HEADINGS, doubts=said))
    top = found[: found.index("<fieldset")]
    assert "Not sure of 2 places" in words(top)
    assert re.findall(r'<a href="#(d1-\d+)">(Line \d+)</a>: (.*)</li>', top) == [
        ("d1-6", "Line 6", "it may be the Task"),
        ("d1-9", "Line 9", "two may be one"),
    ]
    assert row(found, "d1-9")[2] == "Q question question: Why? ? Not sure: two may be one"


def test_without_a_doubt_that_is_said_and_there_is_no_such_choice(tmp_path: Path) -> None:
    found = page(tmp_path, Document("a.md", "", COMMAND, PLACES[:5], HEADINGS))
    assert "No place is in doubt" in words(found)
    assert 'id="show-doubt"' not in found


@pytest.mark.parametrize(
    ("others", "told"),
    [
        ((), []),
        (
            (NUMBERED, LISTS),
            [
                "Or, nearly as good stories begin at numbered titles (0.80) "
                f"{COMMAND} --split numbered",
                f"Or a list of questions (0.30) {COMMAND} --as questions",
            ],
        ),
    ],
)
def test_the_reading_is_named_and_the_commands_that_take_the_next(
    tmp_path: Path, others: Sequence[Way], told: list[str]
) -> None:
    document = Document("a.md", "1 story", COMMAND, PLACES, HEADINGS, tuple(others))
    found = page(tmp_path, document)
    facts = list(map(words, re.findall(r"<div><dt>(.*?)</div>", found, re.DOTALL)))
    assert facts == [
        "Made 1 story",
        "Read as stories begin at headings of level 2 (0.86)",
        *told,
        "Words that are nowhere none",
    ]


def test_words_that_are_nowhere_are_named(tmp_path: Path) -> None:
    document = Document("a.md", "", COMMAND, PLACES, HEADINGS, missing_words=("quern", "<i>"))
    assert "Words that are nowhere quern <i>" in words(page(tmp_path, document))


def test_only_kinds_that_are_there_can_be_chosen_each_with_its_letter(tmp_path: Path) -> None:
    found = page(tmp_path, NOTES)
    assert list(map(words, re.findall(r"<label>(.*)</label>", found))) == [
        "Everything", "? Not sure", "S T A R St Story", "Q Questions", "TA Questions to ask",
        "G Guide", "C Comment, hidden",
    ]  # fmt: skip
    few = page(tmp_path, Document("a.md", "", COMMAND, PLACES[2:5], HEADINGS))
    assert 'id="show-guide"' not in few


def test_each_document_has_a_part_of_its_own(tmp_path: Path) -> None:
    found = page(tmp_path, NOTES, Document("<list>.csv", "1", COMMAND, PLACES[8:], LISTS))
    assert list(map(words, re.findall(r"<h2><bdi>.*</h2>", found))) == ["notes.md", "<list>.csv"]
    assert row(found, "d1-9")[1] == row(found, "d2-9")[1] == "| Why? |"


def test_what_a_document_says_is_text_and_runs_nothing(tmp_path: Path) -> None:
    evil = "</style></td><script>alert(1)</script><img src=//x.example/\"onerror='a'>"
    place = Place(1, evil, "story", evil, evil, evil, evil, evil)
    reading = Way(evil, 0, evil)
    found = page(tmp_path, Document(evil, evil, evil, (place,), reading, (reading,), (), (evil,)))
    assert "<script" not in found
    assert "<img" not in found
    assert found.count("</style>") == 1
    assert "script" not in re.findall(r'Content-Security-Policy" content="(.*?)"', found)[0]
    assert row(found, "d1-1")[1] == " ".join(words(html.escape(evil)).split())


def test_a_sign_that_no_file_can_hold_is_replaced(tmp_path: Path) -> None:
    place = Place(1, "a\ud800b", "guide", "Notes", "", "guides/notes.md")
    assert row(page(tmp_path, Document("a.md", "", "", (place,), HEADINGS)), "d1-1")[1] == "a?b"


def test_it_says_that_it_is_private_and_only_its_owner_can_read_the_file(tmp_path: Path) -> None:
    assert "Private: this page holds the words of your documents." in words(page(tmp_path, NOTES))
    assert [path.name for path in tmp_path.iterdir()] == ["import-review.html"]
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / "import-review.html").stat().st_mode) == 0o600


def test_an_older_review_is_replaced(tmp_path: Path) -> None:
    page(tmp_path, NOTES)
    assert "No place is in doubt" in page(
        tmp_path, Document("a.md", "", COMMAND, PLACES[:5], HEADINGS)
    )


@pytest.mark.parametrize("there", ["", "# My notes\n", "<!doctype html>\n<title>Mine</title>"])
def test_another_file_is_never_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.md").write_text(there, "utf-8")
    with pytest.raises(review_file.NotAReviewError) as caught:
        review_file.write(tmp_path / "notes.md", [NOTES])
    assert str(caught.value) == (
        "notes.md is no review of an import; name another file behind --review, "
        "or put --review behind all documents"
    )
    assert (tmp_path / "notes.md").read_text("utf-8") == there


def test_a_folder_is_no_review(tmp_path: Path) -> None:
    with pytest.raises(review_file.NotAReviewError, match="is no review of an import"):
        review_file.write(tmp_path, [NOTES])


def test_a_file_that_appears_meanwhile_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, replace = tmp_path / "r.html", files.replace

    def save_first(path: Path, old: bytes | None, new: bytes) -> bool:
        path.write_bytes(b"mine")
        return replace(path, old, new)

    monkeypatch.setattr(files, "replace", save_first)
    with pytest.raises(review_file.NotAReviewError, match="has changed meanwhile"):
        review_file.write(path, [NOTES])
    assert path.read_bytes() == b"mine"
    assert list(tmp_path.iterdir()) == [path]
