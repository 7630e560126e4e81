"""A handbook in which nothing is written yet: each page says what to do, with lines to copy."""

import html
import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from conftest import LAYOUTS, brief, story
from editions import text_of, write

from starbook import scaffold
from starbook.build import pipeline
from starbook.commands.folders import SAMPLE
from starbook.model import Edition

STEPS = '<ol class="steps">'
BADGES = re.compile(r'class="draft"|<li class="(?:[\w-]+ )?none"')
PASTE = re.compile(
    r'<div class="paste"><p><span>(.*?)</span><button.*?</p><pre tabindex="0">(.*?)</pre>',
    re.DOTALL,
)
CODES = sorted(path.stem for path in (LAYOUTS / "languages").glob("*.yml"))
BLANK = (
    "---\ntitle: Mine\n---\n\n## Situation\n\n[Fill in: where]\n\n## Action\n\n[Fill in: what]\n"
)


def build(content: Path, edition: Edition = Edition.PRIVATE) -> dict[str, str]:
    """Return the pages of a handbook by path."""
    out = content.with_name(f"{content.name}-{edition}")
    built = pipeline.build(content, LAYOUTS, out, edition=edition)
    assert [brief(problem) for problem in built.problems] == []
    return {p.relative_to(out).as_posix(): p.read_text("utf-8") for p in out.rglob("*.html")}


def examples(page: str) -> dict[str, str]:
    """Return the lines to copy on a page by what stands above them."""
    found = PASTE.findall(page)
    return {head: html.unescape(re.sub("</?span>", "", lines)) for head, lines in found}


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fresh") / "mine"
    scaffold.create_handbook(folder, SAMPLE)
    return folder


@pytest.fixture(scope="module")
def pages(fresh: Path) -> dict[str, str]:
    return build(fresh)


@pytest.mark.slow
def test_the_first_page_of_a_fresh_handbook_is_three_steps_that_begin_with_the_draft(
    pages: Mapping[str, str],
) -> None:
    home = pages["index.html"]
    assert STEPS in home
    assert re.findall("<h2>(.*?)</h2>", home) == [
        "Write a story",
        "Import what you have",
        "Look at the sample",
    ]
    found = PASTE.findall(home)
    assert [(head, re.sub("</?span>", "", lines)) for head, lines in found] == [
        ("In your editor, open", "stories/my-first-story.md"),
        ("In a terminal", "python3 build.py import notes.docx"),
        ("In a terminal", "python3 build.py serve --open --next-port --content content"),
    ]
    assert '<a href="stories/my-first-story.html">My first story</a>' in home
    assert '<a href="questions/index.html">71 questions</a>' in home


def test_without_a_draft_the_first_step_is_the_command_that_makes_one(tmp_path: Path) -> None:
    files = {"templates/outage.md": BLANK, "questions.yml": "- question: Why?\n"}

    home = build(write(tmp_path / "mine", files))["index.html"]

    assert examples(home)["In a terminal"].startswith("python3 build.py ")
    assert "new</span> <span>story</span> <span>&#34;The</span>" in home
    assert "add <code>--template</code> and a name, such as outage." in home


@pytest.mark.slow
def test_no_page_of_a_fresh_handbook_has_a_wall_of_badges(pages: Mapping[str, str]) -> None:
    for path in ("index.html", "questions/index.html", "categories/index.html",
                 "principles/index.html", "coverage.html"):  # fmt: skip
        assert not BADGES.search(pages[path]), path


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["categories", "principles"])
def test_topics_of_a_fresh_handbook_have_no_column_for_stories_that_are_not_there(
    kind: str, pages: Mapping[str, str], tmp_path: Path
) -> None:
    list_of_topics = text_of(pages[f"{kind}/index.html"].encode())
    assert re.search(r"\d questions?\b", list_of_topics)
    assert not re.search(r"Best story|uncovered|0 stories", list_of_topics)
    files = {f"{kind}.yml": "- name: Boats\n", "stories/a.md": story("At sea")}

    written = text_of(build(write(tmp_path / "mine", files))[f"{kind}/index.html"].encode())

    assert "Best story" in written
    assert "Boats No story assigned 0 stories" in written


@pytest.mark.slow
def test_coverage_names_the_file_and_lines_that_cover_something(
    fresh: Path, pages: Mapping[str, str], tmp_path: Path
) -> None:
    [(head, lines)] = examples(pages["coverage.html"]).items()
    assert head == "In stories/my-first-story.md"
    book = pipeline.load(fresh)[0]
    text = story("One").replace("title:", f"{lines}\ntitle:")
    files = {p.relative_to(fresh).as_posix(): p.read_bytes() for p in fresh.rglob("*.*")
             if p.is_file() and "stories" not in p.parts}  # fmt: skip

    again = pipeline.load(write(tmp_path / "mine", {**files, "stories/my-first-story.md": text}))

    assert [str(problem) for problem in again[1]] == []
    [written] = again[0].stories
    assert [bool(r) for r in (written.categories, written.principles, written.questions)] == [
        *(True, True, True)
    ]
    assert {ref.to for ref in written.questions} <= {one.id for one in book.questions}


def test_a_part_that_is_written_ends_the_first_run(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "mine", {"stories/a.md": BLANK, "questions.yml": "- question: Why?\n"}
    )
    assert STEPS in build(folder)["index.html"]

    (folder / "stories/a.md").write_text(BLANK.replace("[Fill in: where]", "At sea."), "utf-8")

    made = build(folder)
    assert STEPS not in made["index.html"]
    assert BADGES.search(made["questions/index.html"])
    assert "1 question is uncovered" in made["coverage.html"]


def test_notes_without_parts_are_a_story(tmp_path: Path) -> None:
    notes = "---\ntitle: Notes\n---\n\nThe night at sea, 40 boats.\n"

    assert STEPS not in build(write(tmp_path / "mine", {"stories/a.md": notes}))["index.html"]


@pytest.mark.slow
def test_a_public_edition_tells_no_reader_what_to_write(tmp_path: Path, fresh: Path) -> None:
    nothing = "publish: [questions, guides, to-ask, coverage]\n"

    for folder in (fresh, write(tmp_path / "mine", {"handbook.yml": nothing})):
        for path, page in build(folder, Edition.PUBLIC).items():
            assert 'class="steps"' not in page, path
            assert 'class="paste"' not in page, path
            assert "build.py" not in page, path


@pytest.mark.slow
@pytest.mark.parametrize("code", CODES)
def test_what_an_empty_page_says_to_write_makes_a_handbook_without_a_problem(
    code: str, tmp_path: Path
) -> None:
    folder = write(tmp_path / "mine", {"handbook.yml": f"language: {code}\n"})
    empty = build(folder)
    written = {}
    for path in ("stories/index.html", "questions/index.html", "categories/index.html",
                 "principles/index.html", "guides/index.html", "to-ask.html"):  # fmt: skip
        assert re.search(r'<div class="empty"><p>.+?</p>', empty[path]), path
        found = {head.removeprefix("In "): text for head, text in examples(empty[path]).items()}
        files = {name: text for name, text in found.items() if name.endswith((".yml", ".md"))}
        assert len(files) == 1, path
        written |= files
    write(folder, written)

    book, problems = pipeline.load(folder)

    assert [str(problem) for problem in problems] == []
    assert [len(found) for found in (book.stories, book.questions, book.categories)] == [1, 1, 1]
    assert [len(found) for found in (book.principles, book.guides, book.audiences)] == [1, 1, 1]
    assert not book.stories[0].missing  # its headings are known in that language
    [(_, deck)] = examples(build(folder)["cards.html"]).items()
    write(folder, {"decks.yml": deck})
    book, problems = pipeline.load(folder)
    assert [str(problem) for problem in problems] == []
    assert [ref.to for ref in book.decks[0].stories] == ["my-first-story"]


@pytest.mark.slow
@pytest.mark.parametrize("code", CODES)
def test_what_ends_with_a_colon_has_lines_to_copy_and_a_button_that_copies_them(
    code: str, tmp_path: Path
) -> None:
    folder = write(tmp_path / "mine", {"handbook.yml": f"language: {code}\n"})
    begun = [
        (path, after, page)
        for path, page in build(folder).items()
        for after in re.findall(r":</p>\s*(.{20})", page, re.DOTALL)
    ]
    assert len(begun) > 8
    for path, after, page in begun:
        assert after == '<div class="paste"><', path
        assert "assets/copy.js" in page, path


@pytest.mark.parametrize("name", ["handbook.yml", "stories/a.md"])
def test_a_handbook_without_lists_is_not_said_to_be_covered(name: str, tmp_path: Path) -> None:
    text = story("One") if name == "stories/a.md" else "title: Mine\n"

    page = build(write(tmp_path / "mine", {name: text}))["coverage.html"]

    assert "<h1>Coverage</h1>" in page
    assert examples(page)["In questions.yml"].startswith("- question: ")


def test_an_empty_category_or_principle_says_what_to_write_where(tmp_path: Path) -> None:
    lists = {"categories.yml": "- name: Conflict\n", "principles.yml": "- name: Ownership\n"}

    made = build(write(tmp_path / "mine", {**lists, "stories/a.md": story("One")}))

    for page, key, name in (
        ("categories/conflict.html", "categories", "Conflict"),
        ("principles/ownership.html", "principles", "Ownership"),
    ):
        assert f"No story for {name} yet. Add this line to one that fits" in made[page]
        assert f"No question for {name} yet. Add this line to one that fits:" in made[page]
        assert examples(made[page]) == {
            "In the file of a story, after line 1": f'{key}: ["{name}"]',
            "In questions.yml, below a question": f'  {key}: ["{name}"]',
        }


def test_what_an_empty_category_says_to_add_fills_it(tmp_path: Path) -> None:
    name = 'Say "no": it\'s #1'
    files = {
        "categories.yml": f"- name: {json.dumps(name)}\n  id: no\n",
        "questions/a.yml": "- question: Why?\n",
        "stories/a.md": story("One"),
    }
    folder = write(tmp_path / "mine", files)

    found = examples(build(folder)["categories/no.html"])

    in_story, in_question = found.values()
    assert list(found)[1] == "In questions/, below a question"
    write(folder, {"stories/a.md": story("One").replace("---\n", f"---\n{in_story}\n", 1),
                   "questions/a.yml": f"{files['questions/a.yml']}{in_question}\n"})  # fmt: skip
    page = build(folder)["categories/no.html"]
    assert ">One</a>" in page
    assert ">Why?</a>" in page
    assert examples(page) == {}


@pytest.mark.slow
def test_a_question_without_an_answer_shows_the_file_and_how_it_begins(tmp_path: Path) -> None:
    folder = write(tmp_path / "mine", {"questions.yml": "- {question: Why us?, needs: answer}\n"})

    found = examples(build(folder)["questions/why-us.html"])

    file = "answers/why-us.md"
    assert found[f"In {file}"].startswith("---\nseconds: 60\n---\n")
    write(folder, {file: found[f"In {file}"]})
    page = build(folder)["questions/why-us.html"]
    assert "planned 1:00" in page
    assert list(examples(page)) == ["The id of this question"]


@pytest.mark.slow
def test_the_only_story_is_the_one_to_paste_where_none_fits(tmp_path: Path) -> None:
    lists = {"questions.yml": "- question: Why?\n", "stories/a.md": story("One")}

    one = build(write(tmp_path / "one", lists))["questions/why.html"]
    two = build(write(tmp_path / "two", {**lists, "stories/b.md": story("Two")}))

    assert examples(one) == {
        "stories/a.md, after line 1": "questions: [why]",
        "questions.yml, after line 1": "  stories:\n  - a",
        "The id of this question": "why",
    }
    assert "stories/your-story.md, after line 1" in examples(two["questions/why.html"])


def test_a_handbook_without_interviews_has_the_command_that_makes_one(
    pages: Mapping[str, str],
) -> None:
    page = pages["interviews/index.html"]
    assert examples(page) == {
        "In a terminal": 'python3 build.py new interview "City Library, Engineer"'
    }
    assert "assets/copy.js" in page
