"""labels.yml: a person's own words for parts and fields, on the site and in an import."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from conftest import LAYOUTS, story

from starbook import cli
from starbook.build import pipeline
from starbook.content import loader
from starbook.model import STAR, Kind

Check = Callable[[Mapping[str, str]], list[str]]

SWEDISH = """---
title: The lock
status: ready
---

## Utgångsläge

It was late.

## Uppgift (20 sekunder)

I had to mend it.

## Genomförande

I mended it.

## Utfall

Errors fell from 9 to 2 %.
"""
LABELS = """parts:
  situation: [Utgångsläge]
  task: Uppgift, Min uppgift
  action: ["Genomförande:"]
  result: [Utfall]
units_of_time: {seconds: [sekunder]}
"""


def test_a_story_has_the_parts_that_labels_name(content) -> None:
    folder = content({"stories/a.md": SWEDISH, "labels.yml": LABELS})
    handbook, problems = pipeline.load(folder)
    (story,) = handbook.stories
    assert [part.kind for part in story.sections] == list(STAR)
    assert [part.heading for part in story.sections][:2] == ["Utgångsläge", "Uppgift"]
    assert story.sections[1].seconds == 20
    assert problems == ()


def test_the_page_shows_them_as_parts_under_their_own_names(build) -> None:
    site = build({"stories/a.md": SWEDISH, "labels.yml": LABELS})
    page = (site / "stories/a.html").read_text(encoding="utf-8")
    assert 'id="situation"' in page
    assert "Utgångsläge" in page


def test_without_labels_they_are_sections_like_any_other(problems: Check) -> None:
    assert problems({"stories/a.md": SWEDISH}) == [
        "content/stories/a.md:5: warning: says `status: ready`, but has no Situation, Task, "
        "Action, "
        "Result, so it counts as a draft; add `## Situation`, or write `status: draft` "
        "[missing-part]"
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["labels.yml", "labels/sv.yml", "labels/deep/sv.yaml"])
def test_an_edit_of_labels_reads_the_stories_again(content, tmp_path: Path, name: str) -> None:
    folder = content({"stories/a.md": SWEDISH, name: "parts: {}\n"})

    def kinds() -> list[str]:
        pipeline.build(folder, LAYOUTS, tmp_path / "site")
        page = (tmp_path / "site/stories/a.html").read_text(encoding="utf-8")
        return [kind for kind in STAR if f'id="{kind}"' in page]

    assert kinds() == []
    (folder / name).write_text(LABELS, encoding="utf-8")
    assert kinds() == list(STAR)
    (folder / name).unlink()
    assert kinds() == []


def test_files_of_labels_add_up(content) -> None:
    files = {
        "labels/a.yml": "parts: {situation: [Utgångsläge]}\n",
        "labels/b.yml": "story_words: [saga]\n",
    }
    sources = [pipeline.ContentFolder(content(files)).source(path) for path in files]
    own, problems = loader.load_labels(sources)
    assert (own.parts, own.story_words, problems) == (
        {"situation": ("Utgångsläge",)},
        ("saga",),
        (),
    )


def test_a_link_by_name_leads_to_an_own_part(build) -> None:
    linking = SWEDISH.replace("It was late.", "See [[a#Utfall]].")
    site = build(
        {
            "stories/a.md": SWEDISH,
            "stories/b.md": linking.replace("The lock", "B"),
            "labels.yml": LABELS,
        }
    )
    assert 'href="a.html#result"' in (site / "stories/b.html").read_text(encoding="utf-8")


def test_a_slip_in_an_own_word_is_asked_about(problems: Check) -> None:
    text = SWEDISH.replace("## Utfall", "## Utfal").replace("status: ready\n", "")
    assert problems({"stories/a.md": text, "labels.yml": LABELS}) == [
        "content/stories/a.md:17: warning: `## Utfal` is no part that is known; "
        "did you mean `## Utfall`? [misspelt-heading]"
    ]
    right = f"{LABELS}other_words: [Utfal]\n"
    assert problems({"stories/a.md": text, "labels.yml": right}) == []


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        (
            "prats: {}\n",
            ["content/labels.yml:1: unknown key `prats`; did you mean `parts`? [unknown-key]"],
        ),
        (
            "parts:\n  situation: [Läge]\n  rsult: [Utfall]\n",
            ["content/labels.yml:3: unknown key `rsult`; did you mean `result`? [unknown-key]"],
        ),
        (
            "parts:\n  situation: [Läge]\n  task: [läge]\n",
            [
                "content/labels.yml:3: `läge` is already a word for `situation` "
                "(labels.yml:2); take it out of one of them: a word names one part "
                "[ambiguous-label]"
            ],
        ),
        (
            "fields: {company: [bolag], level: ['Bolag:']}\n",
            [
                "content/labels.yml:1: `Bolag:` is already a word for `company` "
                "(labels.yml:1); take it out of one of them: a word names one field "
                "[ambiguous-label]"
            ],
        ),
        (
            "parts:\n  situation:\n    - Läge\n    - Impact\n",
            [
                "content/labels.yml:4: warning: `Impact` is a word for `result` elsewhere, and for "
                "`situation` in this handbook; take it out if you did not mean that [own-label]"
            ],
        ),
        ("parts: {result: [Impact, Utfall, utfall]}\n", []),
        (
            "parts: [Läge]\n",
            ["content/labels.yml:1: expected a mapping for `parts`, found a list; "
             "write its keys, such as `situation: …` [type]"],
        ),
        (
            "greetings: ['—']\n",
            ["content/labels.yml:1: `—` has no letter or digit; "
             "write the words as they stand in your notes [type]"],
        ),
        ("- parts\n", ["content/labels.yml:1: expected a mapping for labels.yml, found a list; "
                       "write its keys, such as `parts: …` [type]"]),
        ("parts:\n", []),
        ("# nothing yet\n", []),
    ],
)  # fmt: skip
def test_faults_of_labels_have_a_line_and_say_what_to_do(problems: Check, labels, said) -> None:
    assert problems({"labels.yml": labels}) == said


def test_two_files_that_claim_one_word_are_named(problems: Check) -> None:
    files = {
        "labels/a.yml": "parts: {situation: [Läge]}\n",
        "labels/b.yml": "\nparts: {task: [Läge]}\n",
    }
    assert problems(files) == [
        "content/labels/b.yml:2: `Läge` is already a word for `situation` "
        "(labels/a.yml:1); take it out of one of them: a word names one part [ambiguous-label]"
    ]


@pytest.mark.parametrize("name", ["label.yml", "lables.yml"])
def test_a_file_of_almost_that_name_is_pointed_out(problems: Check, name: str) -> None:
    assert problems({"stories/a.md": story(), name: "parts: {}\n"}) == [
        f"content/{name}: warning: is not read; did you mean `labels.yml`? [unknown-file]"
    ]


def test_an_own_word_wins_over_ours(content) -> None:
    text = SWEDISH.replace("## Utfall", "## Impact")
    labels = LABELS.replace("[Utfall]", "[Utfall]\n  weak: [Impact]")
    handbook, _ = pipeline.load(content({"stories/a.md": text, "labels.yml": labels}))
    assert handbook.stories[0].sections[-1].kind is Kind.WEAK


NOTES = """# Anteckningar

## Saga 1: The lock

**Bolag:** Northwind

**Utgångsläge:** It was late and the lock was stuck.

**Uppgift:** I had to mend it before the barge came.

**Genomförande:** I took it apart and oiled it, twice.

**Utfall:** Errors fell from 9 to 2 %.
"""


@pytest.mark.slow
def test_an_import_reads_own_words(content, tmp_path: Path) -> None:
    own = f"{LABELS}fields: {{company: [Bolag]}}\nstory_words: [saga]\n"
    folder = content({"labels.yml": own})
    (tmp_path / "notes.md").write_text(NOTES, encoding="utf-8")
    assert cli.main(["import", str(tmp_path / "notes.md"), "--into", str(folder)]) == 0
    written = (folder / "stories/the-lock.md").read_text(encoding="utf-8")
    assert "title: The lock\ncompany: Northwind\n" in written
    assert "\n## Utgångsläge\n\nIt was late and the lock was stuck.\n" in written
    (story,) = pipeline.load(folder)[0].stories
    assert [part.kind for part in story.sections] == list(STAR)


@pytest.mark.slow
def test_an_import_without_labels_does_not_read_them(tmp_path: Path, capsys) -> None:
    (tmp_path / "notes.md").write_text(NOTES, encoding="utf-8")
    folder = tmp_path / "book"
    assert cli.main(["import", str(tmp_path / "notes.md"), "--into", str(folder)]) == 0
    assert "notes: 0 stories, 0 questions, 0 questions to ask, " in capsys.readouterr().out
