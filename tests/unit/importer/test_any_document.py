"""Documents put together at random: every line has one place, and what is written has no error."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kinds_of_documents import read_cases

from starbook.build import pipeline
from starbook.importer import folder
from starbook.importer.folder import Imported, WriteResult

FRAGMENTS = sorted(
    {
        fragment
        for case in read_cases()
        if case.name.endswith((".md", ".txt"))
        for fragment in re.split(r"\n\n+", case.text.strip("\n"))
    }
)
# What makes names, ids and questions clash.
CLASHES = """\
**Maps to:** Google's "Ship; Then Fix", "Yes, And"
**Categories:** A; B, "C, D" / E's
**Tags:** #one, two; "three, four"
- Tell me about a late boat
- Tell me about a late boat.
- TELL ME ABOUT A LATE BOAT?
- Tell me, about a late boat!
## The late boat
## The Late Boat!
## Tell me about a late boat
### Q1: Tell me about a late boat.
## 🚤
##
---
title: "A: b"
tags: [x
1. The late boat
| Question | Notes |\n|---|---|\n| Tell me about a late boat | ; |
> **Situation:** I
(S) a (T) b (A) c (R) d
%% not said %%
<details><summary>**Task:** x</summary>
</details>
""".splitlines()
TEXTS = st.lists(
    st.sampled_from(FRAGMENTS)
    | st.sampled_from(CLASHES).map(lambda line: line.replace("\\n", "\n")),
    min_size=1,
    max_size=14,
).flatmap(lambda pieces: st.sampled_from(["\n\n", "\n"]).map(lambda joint: joint.join(pieces)))


def write(content: Path, text: str) -> tuple[list[Imported], WriteResult]:
    """Import a text into a content folder, and return what it became and the outcome."""
    document = content.parent / "notes.md"
    document.write_text(text, encoding="utf-8")
    target = folder.Content(content)
    documents = folder.read_documents([document], target.load_known()).imported
    return documents, folder.write_and_report(target, documents, dry_run=False, rename=False)[1]


def errors(content: Path) -> list[str]:
    if not content.is_dir():
        return []
    return [str(problem) for problem in pipeline.load(content)[1] if problem.is_error]


def check(text: str, content: Path) -> None:
    """Check what holds for the import of any text."""
    documents, outcome = write(content, text)
    for one in documents:
        result, source = one.result, one.source
        assert result.account.unplaced(result.document) == []
        lines = list(range(1, len(source.text.splitlines()) + 1))
        assert [place.number for place in result.places] == lines
        idents = [story.ident for story in result.stories]
        assert len(set(idents)) == len(idents)
    assert (outcome.refused, errors(content)) == ([], [])
    again = write(content, text)[1]
    assert (again.new, again.conflicts, again.refused) == ([], [], [])


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=TEXTS)
def test_each_line_has_one_place_and_what_is_written_has_no_error(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    check(text, tmp_path_factory.mktemp("any") / "content")


STORY = (
    "## {0}\n\n{1}\n\n**Situation:** I sat in a boat.\n\n**Task:** I had to row.\n\n"
    "**Action:** I rowed for 3 hours.\n\n**Result:** We landed.\n\n"
)
HANDBOOK = {
    "stories/old.md": "---\nid: the-boat\ntitle: The old boat\nstatus: draft\n---\n\nIt leaked.\n",
    "questions/old.yml": "- question: Why boats?\n",
    "categories/old.yml": "- name: Calm; Quiet\n",
    "principles/old.yml": '- name: "Have Backbone; Disagree and Commit"\n',
}


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A content folder that has an entry of each kind."""
    for path, text in HANDBOOK.items():
        file = tmp_path / "content" / path
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path / "content"


@pytest.mark.slow
def test_a_story_whose_id_is_taken_gets_a_number(content: Path) -> None:
    check(STORY.format("The boat", ""), content)
    assert {path.name for path in (content / "stories").iterdir()} == {"old.md", "the-boat-2.md"}


@pytest.mark.slow
def test_stories_of_one_title_get_numbers(content: Path) -> None:
    check(STORY.format("A lake", "") + STORY.format("A lake", ""), content)
    files = {path.name for path in (content / "stories").iterdir()}
    assert files == {"old.md", "a-lake.md", "a-lake-2.md"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("label", "names", "found"),
    [
        ("Categories", "Calm; Quiet", ["Calm", "Quiet"]),
        ("Categories", '"Calm; Quiet", Haste', ["Calm; Quiet", "Haste"]),
        ("Categories", "« Vite, mais bien » / Calme", ["Vite, mais bien", "Calme"]),
        ("Categories", "Rowers' pride, O'Neill's way", ["Rowers' pride", "O'Neill's way"]),
        ("Categories", 'Say "no" early', ['Say "no" early']),
        ("Categories", '"Yes, and", Yes and', ["Yes, and", "Yes and"]),
        ("Categories", "Calm quiet", ["Calm quiet"]),
        ("Principles", "Acme's “Row; Then Rest”", ["Row; Then Rest"]),
        ("Principles", "Have Backbone; Disagree and Commit, Think Big",
         ["Have Backbone; Disagree and Commit", "Think Big"]),
    ],
)  # fmt: skip
def test_names_with_marks_stay_whole(
    label: str, names: str, found: list[str], content: Path
) -> None:
    check(STORY.format("A lake", f"**{label}:** {names}"), content)
    story = next(one for one in pipeline.load(content)[0].stories if one.id == "a-lake")
    assert [name.text for name in getattr(story, label.lower())] == found


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        (["Why lakes?", "Why lakes", "WHY LAKES?"], ["Why lakes?"]),
        (["Why, lakes?", "Why lakes?"], ["Why, lakes?", "Why lakes?"]),
        (["Why boats?", "Why boats", "Why lakes?"], ["Why lakes?"]),
        (["¿Por qué lagos?", "Por qué lagos?"], ["¿Por qué lagos?"]),
        (["Why, boats?"], ["Why, boats?"]),
        (["Why «lakes»?", 'Why "lakes"?'], ["Why «lakes»?", 'Why "lakes"?']),
        (["Why C++?", "Why C?"], ["Why C++?", "Why C?"]),
    ],
)
def test_questions_that_differ_by_a_mark_have_no_error(
    asked: list[str], written: list[str], content: Path
) -> None:
    check("# Questions\n\n" + "".join(f"- {one}\n" for one in asked), content)
    new = [one.question for one in pipeline.load(content)[0].questions if "notes" in one.path]
    assert new == written
