"""`import` of documents in each format: the handbook that is written, and what is said."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from documents import heading, make_docx, make_png, make_zip, paragraph, picture, run, table

from starbook import cli
from starbook.build import pipeline
from starbook.model import Handbook

Said = pytest.CaptureFixture[str]
PARTS = ("Situation", "Task", "Action", "Result")
TEXTS = ("The oven stayed cold", "To bake for forty", "I borrowed a kiln", "All had bread at 6")
BOLD = "<w:b/>"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run_import(name: str, data: str | bytes, *more: str) -> int:
    Path(name).write_bytes(data if isinstance(data, bytes) else data.encode())
    return cli.main(["import", name, "--into", "book", *more])


def load_book() -> Handbook:
    """Return the imported handbook, which checks clean."""
    book, problems = pipeline.load(Path("book"))
    assert [str(problem) for problem in problems if problem.is_error] == []
    return book


def tell(text: str) -> str:
    return "\n\n".join(f"**{part}:** {words}." for part, words in zip(PARTS, TEXTS, strict=True))


SHEET = ("Title", *PARTS)
ROWS = (("The oven", *TEXTS), ("The queue", "It was long", "To shorten it", "I moved a desk", "12"))
FORMATS: dict[str, tuple[str, str | bytes]] = {
    "csv": ("bank.csv", "\n".join(",".join(row) for row in (SHEET, *ROWS))),
    "csv of Excel": (
        "bank.csv",
        "\n".join(";".join(row) for row in (SHEET, *ROWS)).encode("utf-16"),
    ),
    "tsv": ("bank.tsv", "\n".join("\t".join(row) for row in (SHEET, *ROWS))),
    "json": (
        "bank.json",
        str([dict(zip(SHEET, row, strict=True)) for row in ROWS]).replace("'", '"'),
    ),
    "yaml": (
        "bank.yml",
        "\n".join(
            f"{'-' if name == 'Title' else ' '} {name}: {cell}"
            for row in ROWS
            for name, cell in zip(SHEET, row, strict=True)
        ),
    ),
    "table in html": (
        "bank.html",
        "<table>" + "".join(f"<tr><td>{'<td>'.join(row)}</tr>" for row in (SHEET, *ROWS)),
    ),
    "page": (
        "bank.html",
        "".join(
            f"<h2>{title}</h2>"
            + "".join(f"<p><b>{part}:</b> {t}</p>" for part, t in zip(PARTS, texts, strict=True))
            for title, *texts in ROWS
        ),
    ),
    "table in docx": ("bank.docx", make_docx(table(SHEET, *ROWS))),
    "docx": (
        "bank.docx",
        make_docx(
            *(
                piece
                for title, *texts in ROWS
                for piece in (
                    heading(title, 2),
                    *(
                        paragraph(run(f"{part}:", BOLD), f" {text}")
                        for part, text in zip(PARTS, texts, strict=True)
                    ),
                )
            )
        ),
    ),
    "org": (
        "bank.org",
        "\n".join(
            f"* {title}\n"
            + "\n".join(f"- {part} :: {text}" for part, text in zip(PARTS, texts, strict=True))
            for title, *texts in ROWS
        ),
    ),
    "zip": (
        "bank.zip",
        make_zip(
            {
                f"{title} {'ab' * 16}.md": f"# {title}\n\n"
                + "\n\n".join(f"**{part}:** {t}" for part, t in zip(PARTS, texts, strict=True))
                for title, *texts in ROWS
            }
        ),
    ),
}


@pytest.mark.parametrize(("name", "data"), FORMATS.values(), ids=list(FORMATS))
def test_two_stories_are_the_same_from_each_format(name: str, data: str | bytes) -> None:
    assert run_import(name, data) == 0
    stories = sorted(load_book().stories, key=lambda story: story.title)
    assert [story.title for story in stories] == ["The oven", "The queue"]
    for story, (_, *texts) in zip(stories, ROWS, strict=True):
        body = Path("book", story.path).read_text(encoding="utf-8").partition("\n---\n")[2].strip()
        parts = zip(PARTS, texts, strict=True)
        assert body == "\n\n".join(f"## {part}\n\n{text}" for part, text in parts)


def test_a_document_that_cannot_be_read_does_not_stop_the_others(capsys: Said) -> None:
    Path("bank.csv").write_text(str(FORMATS["csv"][1]), encoding="utf-8")
    Path("cv.pdf").write_bytes(b"%PDF-1.7")
    Path("notes.json").write_text("[\n{]", encoding="utf-8")
    assert cli.main(["import", "cv.pdf", "bank.csv", "notes.json", "--into", "book"]) == 1
    said = capsys.readouterr()
    assert len(load_book().stories) == 2
    first, second = said.err.splitlines()
    assert first == (
        "Not imported: cv.pdf is a PDF; open it in Word or Google Docs and save it as .docx, or "
        "copy its text to .md."
    )
    assert second.startswith("Not imported: notes.json:2 is no JSON: ")
    assert "Wrote 3 files to book." in said.out


def test_a_folder_says_what_it_passed_over(capsys: Said) -> None:
    Path("bank").mkdir()
    Path("bank/cv.rtf").write_bytes(b"{\\rtf1}")
    Path("bank/a.csv").write_text(str(FORMATS["csv"][1]), encoding="utf-8")
    assert cli.main(["import", "bank", "--into", "book"]) == 0
    assert capsys.readouterr().out.endswith(
        "Passed over: bank/cv.rtf is RTF; open it in Word, LibreOffice or TextEdit and save it as "
        ".docx.\n"
    )


def test_messages_have_the_lines_of_the_original(capsys: Said) -> None:
    page = "<html>\n<body>\n\n<h2>The oven</h2>\n" + tell("").replace("\n\n", "<br>\n<br>")
    run_import("bank.html", page)
    assert "  4: The oven (" in capsys.readouterr().out


def test_a_picture_comes_with_the_story_that_shows_it(capsys: Said) -> None:
    Path("race.png").write_bytes(make_png())
    notes = f"# Bank\n\n## The oven\n\n{tell('')}\n\n![the kiln](race.png)\n"
    assert run_import("bank.md", notes) == 0
    (copied,) = Path("book/pictures").iterdir()
    assert copied.read_bytes() == make_png()
    texts = "".join(path.read_text(encoding="utf-8") for path in Path("book").rglob("*.md"))
    assert f"![[{copied.name}|the kiln]]" in texts
    load_book()
    assert run_import("bank.md", notes) == 0
    assert "No changes: " in capsys.readouterr().out


def test_a_dry_run_writes_no_picture() -> None:
    data = make_docx(
        heading("The oven"),
        *(paragraph(f"{part}: {text}") for part, text in zip(PARTS, TEXTS, strict=True)),
        picture("p"),
        links={"p": ("image", "media/a.png")},
        parts={"word/media/a.png": make_png()},
    )
    assert run_import("a.docx", data, "--dry-run") == 0
    assert not Path("book").exists()


@pytest.mark.slow
def test_a_build_does_not_load_what_only_import_needs() -> None:
    code = (
        "import sys; from starbook import cli; from starbook.importer import folder; "
        "print(sorted({'bs4', 'mammoth', 'markdownify'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True,
        env=os.environ,
    )  # fmt: skip
    assert done.stdout == "[]\n"


def test_more_prose_than_can_be_read_in_time_is_refused_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("long.md").write_text("I led the team. " * 40_000, "utf-8")
    assert cli.main(["import", "long.md", "--into", "mine"]) == 1
    said = capsys.readouterr().err
    assert "long.md has 640,000 characters of text, over 600,000; split it" in said
