"""`new story`, `new question`, `new guide`, `new handbook`, and the folder that is remembered."""

import os
import re
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from conftest import LAYOUTS, ROOT, SAMPLE, story

from starbook import cli, origin, scaffold
from starbook.build import pipeline
from starbook.build.pipeline import load
from starbook.commands import folders
from starbook.model import Handbook

posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows has no such terminals and links")

MODELINE = "# yaml-language-server: $schema="
Make = Callable[..., Path]
Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's own folder to stand in; what is remembered is remembered there."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr(folders, "REMEMBERED", tmp_path / "here/.starbook-content")
    return folders.REMEMBERED


def new(kind: str, *argv: str) -> int:
    return cli.main(["new", kind, "--content", "../content", *argv])


def checked(content: Path = Path("../content")) -> Handbook:
    """The handbook, of which nothing at all is to be complained."""
    handbook, problems = pipeline.load(content)
    assert [str(problem) for problem in problems] == []
    return handbook


def files(content: Path = Path("../content")) -> dict[str, bytes]:
    paths = (path for path in content.rglob("*") if path.is_file())
    return {path.relative_to(content).as_posix(): path.read_bytes() for path in paths}


TITLES = [
    "A plain title",
    "Disagree: and commit",
    "What \"they\" called 'done' # really",
    "- [ ] not a list, 100 % {sure} & *bold* `code` @me !now | > ?",
    "\\ back\\slash \\n and a \t tab",
    "Null",
    "yes",
    "No",
    "True",
    "2024-03-01",
    "010",
    "1:30",
    "~ home",
    "🎉 party",
    "👩‍👩‍👧 family \U000e0041",
    "Привет, мир",
    "日本語のタイトル",
    "हिन्दी शीर्षक",
    "عنوان",
    "Ünïcödé  and   spaces ",
    "a ringing\x07 bell, a\x7f hole\uffff and the next\x85line",
    "<script>alert(1)</script>",
    "---",
    "a" * 300,
    "word " * 60,
    "\U00010330" * 20,
    "{title}",
    "[Fill in: me]",
]


@pytest.mark.parametrize("title", [title for title in TITLES if title != "---"])
@pytest.mark.parametrize("kind", ["story", "question", "guide"])
def test_what_is_made_says_its_title_and_checks_clean(content: Make, kind: str, title: str) -> None:
    content({"stories/other.md": story("Another one")})

    assert new(kind, "--", title) == 0

    handbook = checked()
    made = {
        "story": [story.title for story in handbook.stories if story.path != "stories/other.md"],
        "question": [question.question for question in handbook.questions],
        "guide": [guide.title for guide in handbook.guides],
    }
    assert made[kind] == [" ".join(re.sub("[\x07\x7f\uffff]", "", title).split())]


def test_a_new_story_is_a_draft_that_says_what_to_write_and_is_not_published(
    content: Make, capsys: Said
) -> None:
    content({})

    assert new("story", "The slow page") == 0

    path = Path("../content/stories/the-slow-page.md")
    assert capsys.readouterr().out == (
        f"Content: {Path('../content')}\nMade {path}. Fill it in, then run "
        f"`python3 build.py --content {Path('../content')}`.\n"
    )
    [made] = checked().stories
    assert (made.title, made.ready, made.publish) == ("The slow page", False, False)
    assert [section.heading for section in made.sections] == [
        *("Situation", "Task", "Action", "Result", "Reflection")
    ]
    assert path.read_text(encoding="utf-8").count("[Fill in: ") == 5


def test_a_new_interview_has_its_company_and_role_and_a_round_to_fill_in(
    content: Make, capsys: Said
) -> None:
    content({})

    assert new("interview", "City Library,  Senior: Engineer") == 0

    path = Path("../content/interviews/city-library-senior-engineer.yml")
    assert f"Made {path}. Fill it in" in capsys.readouterr().out
    book, problems = pipeline.load(Path("../content"))
    [made] = book.interviews
    assert (made.company, made.role, len(made.rounds)) == ("City Library", "Senior: Engineer", 1)
    assert [problem.rule for problem in problems] == ["no-theme"]
    assert new("interview", "City Library, Senior: Engineer") == 1


def test_a_new_interview_says_which_names_its_fields_may_have(content: Make) -> None:
    content(
        {
            "handbook.yml": "answer_lengths: [{name: short, seconds: 60, action: 60}]\n",
            "principles.yml": "- {name: Ownership, set: Harbour}\n- {name: Care, set: Harbour}\n",
            "to-ask.yml": "- {audience: Peers, topics: []}\n- {audience: 'Lead # 2', topics: []}\n",
        }
    )
    new("interview", "Harbour")
    text = files()["interviews/harbour.yml"].decode()
    assert "length:  # short\nprinciples:  # Harbour\nnotes:\n" in text
    assert "    audience:  # Peers · Lead # 2\n    minutes: 45\n" in text
    assert "    themes: []  # principles, categories or questions\n" in text
    [made] = pipeline.load(Path("../content"))[0].interviews
    assert (made.length, made.principles, made.rounds[0].audience) == (None, None, None)


def test_an_interview_may_have_no_role_yet(content: Make) -> None:
    content({})
    new("interview", "Harbour")
    assert files()["interviews/harbour.yml"].startswith(b"company: Harbour\nrole:\ndate:\n")


def test_a_title_is_quoted_only_where_it_must_be(content: Make) -> None:
    content({})
    new("guide", "On the day (short)")
    new("guide", "On: the day")

    assert files()["guides/on-the-day-short.md"].startswith(b"---\ntitle: On the day (short)\n")
    assert files()["guides/on-the-day.md"].startswith(b'---\ntitle: "On: the day"\n')


@pytest.mark.parametrize(
    ("title", "why"),
    [
        ("🎉", "no file can be named after `🎉`; use a title with letters"),
        ("---", "no file can be named after `---`; use a title with letters"),
        ("", "no file can be named after ``; use a title with letters"),
        ("Con", "no page can be named `con`; choose another title"),
        ("Index", "no page can be named `index`; choose another title"),
        ("caf\udce9", "the title is not UTF-8; type it in a terminal that is"),
    ],
)
@pytest.mark.parametrize("kind", ["story", "question", "guide"])
def test_a_title_that_can_name_no_page_makes_nothing(
    content: Make, capsys: Said, kind: str, title: str, why: str
) -> None:
    content({"stories/other.md": story("Another one")})
    before = files()

    assert new(kind, "--", title) == 1

    assert capsys.readouterr().err == f"Nothing was made: {why}.\n"
    assert files() == before


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("story", "stories/a-title.md"),
        ("question", "questions/a-title.yml"),
        ("guide", "guides/a-title.md"),
    ],
)
def test_a_file_that_is_there_is_never_written_over(
    content: Make, capsys: Said, kind: str, file: str
) -> None:
    content({file: "mine, and no handbook"})
    before = files()

    assert new(kind, "A title!") == 1

    path = Path("../content", file)
    assert capsys.readouterr().err == (
        f"Nothing was made: {path} is there already; choose another title.\n"
    )
    assert files() == before


@posix_only
def test_not_even_a_link_to_nowhere_is_written_through(content: Make, tmp_path: Path) -> None:
    folder = content({"stories/other.md": story("Another one")})
    (folder / "stories/a-title.md").symlink_to(tmp_path / "elsewhere.md")

    assert new("story", "A title") == 1

    assert not (tmp_path / "elsewhere.md").exists()


@pytest.mark.parametrize(
    ("kind", "text", "place"),
    [
        ("story", story("It", "id: a-title"), "stories/old/it.md"),
        ("guide", "---\ntitle: It\nid: a-title\n---\n", "guides/it.md"),
        ("question", "\n- question: a TITLE\n", "questions.yml:2"),
        ("question", "- question: x\n  also: [A title]\n", "questions.yml:1"),
    ],
)
def test_what_is_there_by_that_name_elsewhere_is_not_made_twice(
    content: Make, capsys: Said, kind: str, text: str, place: str
) -> None:
    content({place.partition(":")[0]: text})
    before = files()

    assert new(kind, "A title") == 1

    assert capsys.readouterr().err == (
        f"Nothing was made: {Path('../content', place)} is there already; choose another title.\n"
    )
    assert files() == before


def test_questions_that_begin_alike_have_files_of_their_own(content: Make) -> None:
    content({})

    for end in ("say no to your boss", "let somebody go", "say no to a customer"):
        assert new("question", f"Tell me about a time when you had to {end}?") == 0

    assert len(checked().questions) == 3
    assert len(files()) == 3


@pytest.mark.slow
def test_a_new_question_can_be_added_to_the_sample(tmp_path: Path) -> None:
    assert cli.main(["new", "handbook", "../mine"]) == 0
    before = len(checked(tmp_path / "mine").questions)

    assert cli.main(["new", "question", "--content", "../mine", "Why bread?"]) == 0

    assert len(checked(tmp_path / "mine").questions) == before + 1


def test_without_a_content_folder_it_says_how_one_is_made(capsys: Said) -> None:
    assert new("story", "A title") == 1

    assert capsys.readouterr().err == (
        "Nothing was made: there is no such folder; `new handbook DIR` makes one.\n"
    )
    assert not Path("../content").exists()


def test_what_cannot_be_written_is_one_clear_line(content: Make, capsys: Said) -> None:
    content({"stories": "a file where a folder should be"})

    assert new("story", "A title") == 1

    assert capsys.readouterr().err.startswith(
        f"Nothing was made: {Path('../content/stories')} cannot be written ("
    )


# From a template


TEMPLATE = """---
# what broke
title: >
  An outage
  I handled
id: outage
categories: [Incidents]
status: ready
publish: true
tags:
  - on-call
---

title: not this one

## Situation

[Fill in: what stopped]
"""
TEMPLATES = {
    "templates/outage.md": TEMPLATE,
    "templates/late.md": b"\xef\xbb\xbf---\r\ntitle: x\r\n---\r\n\r\n[Fill in: y]\r\n",
    "categories.yml": "- name: Incidents\n",
}


def test_a_story_from_a_template_has_its_body_and_front_matter_but_is_a_draft(
    content: Make,
) -> None:
    content(TEMPLATES)

    assert new("story", "Night: shift", "--template", "outage") == 0

    assert (Path("../content/stories/night-shift.md")).read_text(encoding="utf-8") == (
        '---\ntitle: "Night: shift"\n# what broke\ncategories: [Incidents]\ntags:\n  - on-call\n'
        "status: draft\n---\n\ntitle: not this one\n\n## Situation\n\n[Fill in: what stopped]\n"
    )
    [made] = checked().stories
    assert (made.id, made.ready, made.publish) == ("night-shift", False, False)


def test_a_template_may_be_written_on_another_system(content: Make) -> None:
    content(TEMPLATES)

    assert new("story", "Night shift", "--template", "late") == 0

    assert [made.title for made in checked().stories] == ["Night shift"]
    assert files()["stories/night-shift.md"] == (
        b"---\ntitle: Night shift\nstatus: draft\n---\n\n[Fill in: y]\n"
    )


def test_a_template_that_lacks_front_matter_still_makes_a_story_that_has_it(content: Make) -> None:
    content({"templates/bare.md": "## Situation\n\n[Fill in: who waited]\n"})

    assert new("story", "Night shift", "--template", "bare") == 0

    assert files()["stories/night-shift.md"] == (
        b"---\ntitle: Night shift\nstatus: draft\n---\n\n## Situation\n\n[Fill in: who waited]\n"
    )


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("outrage", "did you mean `outage`?"),
        ("wedding", "there are `late`, `outage`."),
    ],
)
def test_an_unknown_template_names_the_nearest_or_all(
    content: Make, capsys: Said, name: str, hint: str
) -> None:
    content(TEMPLATES)

    assert new("story", "Night shift", "--template", name) == 1

    assert capsys.readouterr().err == f"Nothing was made: there is no template `{name}`; {hint}\n"
    assert "stories/night-shift.md" not in files()


def test_where_there_are_no_templates_it_says_so(content: Make, capsys: Said) -> None:
    content({"stories/other.md": story("Another one")})

    assert new("story", "Night shift", "--template", "outage") == 1

    assert capsys.readouterr().err == (
        "Nothing was made: there is no template `outage`; there are none yet in templates/.\n"
    )


def test_a_template_that_cannot_be_read_is_one_clear_line(content: Make, capsys: Said) -> None:
    content({"templates/old.md": "caf\xe9".encode("latin-1")})

    assert new("story", "Night shift", "--template", "old") == 1

    path = Path("../content/templates/old.md")
    line = f"Nothing was made: {path} is not UTF-8; save it as UTF-8.\n"
    assert capsys.readouterr().err == line


@pytest.fixture(scope="module")
def handbook_of_the_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "mine"
    assert cli.main(["new", "handbook", str(folder)]) == 0
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("template", sorted(p.stem for p in (SAMPLE / "templates").glob("*.md")))
def test_each_template_of_the_sample_makes_a_clean_draft(
    handbook_of_the_sample: Path, tmp_path: Path, template: str
) -> None:
    shutil.copytree(handbook_of_the_sample, tmp_path / "mine")

    made = cli.main(["new", "story", "--content", "../mine", "Mine", "--template", template])

    assert made == 0
    stories = checked(tmp_path / "mine").stories
    assert {story.title: story.ready for story in stories} == {
        "Mine": False,
        "My first story": False,
    }


# A layout of one's own


@pytest.mark.parametrize("name", ["assets/starbook.css", "layouts/story.html"])
def test_a_layout_is_copied_into_the_handbook_to_be_changed_there(
    content: Make, capsys: Said, name: str
) -> None:
    content({"stories/a.md": story("One"), "handbook.yml": "id: mill\n"})

    assert new("layout", name) == 0

    name = name.removeprefix("layouts/")
    made = Path("../content/layouts", name)
    assert made.read_bytes() == (LAYOUTS / name).read_bytes()
    assert capsys.readouterr().out == (
        f"Content: {Path('../content')}\n"
        f"Made {made}. It takes the place of Starbook's own; delete it to undo.\n"
    )
    assert cli.main(["check", "--content", "../content"]) == 0
    assert capsys.readouterr().out.endswith("No problems.\n")
    made.write_text("mine", encoding="utf-8")
    assert new("layout", name) == 1
    assert capsys.readouterr().err == (
        f"Nothing was made: {made} is there already; change it there.\n"
    )
    assert made.read_text(encoding="utf-8") == "mine"


def test_without_a_name_the_layouts_are_listed(content: Make, capsys: Said) -> None:
    content({"stories/a.md": story("One")})

    assert new("layout") == 0

    said = capsys.readouterr()
    listed = said.out.splitlines()
    assert said.err == ""
    assert listed[:2] == ["404.html", "base.html"]
    assert {"story.html", "assets/starbook.css", "languages/en.yml"} < set(listed)
    assert [name for name in listed if not (LAYOUTS / name).is_file()] == []
    assert new("layout", listed[-1]) == 0


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("storry.html", "did you mean `story.html`?"),
        ("../content/stories/a.md", f"the names are those of files in {LAYOUTS}."),
    ],
)
def test_there_is_no_copy_of_what_is_no_layout(
    content: Make, capsys: Said, name: str, hint: str
) -> None:
    content({"stories/a.md": story("One")})

    assert new("layout", name) == 1

    assert capsys.readouterr().err == f"Nothing was made: there is no layout `{name}`; {hint}\n"
    assert not Path("../content/layouts").exists()


# A handbook of one's own


@pytest.mark.slow
def test_a_new_handbook_checks_clean_builds_and_holds_no_story_of_the_sample(
    capsys: Said, tmp_path: Path
) -> None:
    assert cli.main(["new", "handbook", "../deep/mine"]) == 0

    mine = Path("../deep/mine")
    assert capsys.readouterr().out == (
        f"Made {mine}, with the questions, guides and templates of the sample.\n"
        f"Open {mine / 'stories/my-first-story.md'} first, and fill it in.\n"
        f"See each save in your browser: python3 build.py serve --open --content {mine}\n"
    )
    handbook = checked(mine)
    assert [story.title for story in handbook.stories] == ["My first story"]
    assert not handbook.stories[0].ready
    sample, _ = load(SAMPLE)
    assert [q.question for q in handbook.questions] == [q.question for q in sample.questions]
    assert [q.stories for q in handbook.questions if q.stories] == []
    assert len(handbook.templates) == len(sample.templates)
    assert [guide.title for guide in handbook.guides] == [guide.title for guide in sample.guides]
    ends = {deck.name: [ref.to for ref in deck.ends_with] for deck in sample.decks}
    assert {deck.name: [ref.to for ref in deck.ends_with] for deck in handbook.decks} == ends
    sets = {deck.name: [ref.text for ref in deck.stories] for deck in handbook.decks}
    assert sets == {**{name: [] for name in ends}, "For Amazon": ["company/amazon"]}
    assert cli.main(["--content", str(mine), "--out", "../deep/site"]) == 0
    assert (tmp_path / "deep/site/stories/my-first-story.html").is_file()


@pytest.mark.slow
def test_a_new_handbook_names_no_story_of_the_sample(tmp_path: Path) -> None:
    assert cli.main(["new", "handbook", "../mine"]) == 0

    texts = {name: data.decode() for name, data in files(tmp_path / "mine").items()}
    for named in (SAMPLE / "stories").glob("*.md"):
        title = re.search("^title: (.+)", named.read_text(encoding="utf-8"), re.MULTILINE)
        assert title
        found = [n for n, text in texts.items() if named.stem in text or title[1] in text]
        assert found == []
    assert "../stories/" not in "".join(texts.values())


@pytest.mark.slow
def test_the_advice_of_the_sample_is_copied_but_for_paragraphs_that_name_a_story() -> None:
    assert cli.main(["new", "handbook", "../mine"]) == 0

    for name, data in files(Path("../mine")).items():
        if name.startswith("guides/"):
            paragraphs = (SAMPLE / name).read_text(encoding="utf-8").strip().split("\n\n")
            kept = [one for one in paragraphs if "](../stories/" not in one]
            text = data.decode().replace(f"{MODELINE}../.schemas/guide.json\n", "", 1)
            assert text.strip().split("\n\n") == kept
            assert len(kept) > len(paragraphs) - 2


def test_nothing_of_the_persons_in_the_sample_is_copied(tmp_path: Path) -> None:
    """Neither the stories chosen for a question, nor what that person would answer."""
    sample = tmp_path / "sample"
    question = "- question: Why us?\n  answer: Because of the ferries.\n  stories: [a]\n"
    for name, text in {
        "questions/q.yml": question,
        "decks.yml": "- {name: D, stories: [a]}",
    }.items():
        (sample / name).parent.mkdir(parents=True, exist_ok=True)
        (sample / name).write_text(text, encoding="utf-8")

    scaffold.create_handbook(tmp_path / "mine", sample)

    made = files(tmp_path / "mine")
    modeline = f"{MODELINE}../.schemas/questions.json\n"
    assert made["questions/q.yml"].decode() == f"{modeline}- question: Why us?\n"
    assert made["decks.yml"].splitlines()[2:] == [b"- name: D", b"  stories: []"]


def test_git_ignores_the_sites_of_a_new_handbook(tmp_path: Path) -> None:
    assert cli.main(["new", "handbook", "../mine"]) == 0

    ignored = (tmp_path / "mine/.gitignore").read_text(encoding="utf-8").splitlines()
    assert ignored == [
        "# What Starbook makes of this handbook",
        *("/site/", "/site-public/", "/.site*", "/import-review.html", "/handbook.html"),
    ]


def test_the_workflow_of_a_new_handbook_runs_when_it_is_asked_and_installs_one_commit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = f"git+https://code.example/starbook@{'0f' * 20}"
    monkeypatch.setattr(origin, "pinned_source", lambda: source)

    assert cli.main(["new", "handbook", "../mine"]) == 0

    text = (tmp_path / "mine/.github/workflows/pages.yml").read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    assert workflow[True] == {"workflow_dispatch": None}  # `on`
    assert workflow["env"] == {"STARBOOK": source}
    ours = yaml.safe_load((ROOT / ".github/workflows/pages.yml").read_text(encoding="utf-8"))
    same = ("permissions", "concurrency", "name")
    assert {key: workflow[key] for key in same} == {key: ours[key] for key in same}
    assert workflow["jobs"]["publish"] == ours["jobs"]["publish"]
    steps, theirs = (each["jobs"]["build"]["steps"] for each in (workflow, ours))
    assert [one for one in steps if "uses" in one] == [one for one in theirs if "uses" in one]
    install, build = (one["run"] for one in steps if "run" in one)
    assert install.splitlines()[-1] == 'pip install "$STARBOOK"'
    assert build == "starbook --public"


@pytest.mark.slow
@posix_only
@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("", 1),
        ("starbook", 1),
        ("git+https://code.example/starbook@main", 1),
        (f"git+https://code.example/starbook@{'0f' * 20}", 0),
    ],
)
def test_the_workflow_installs_nothing_but_a_commit(tmp_path: Path, source: str, code: int) -> None:
    assert cli.main(["new", "handbook", "../mine"]) == 0
    text = (tmp_path / "mine/.github/workflows/pages.yml").read_text(encoding="utf-8")
    steps = yaml.safe_load(text)["jobs"]["build"]["steps"]
    [script] = [one["run"] for one in steps if "pip" in one.get("run", "")]

    done = subprocess.run(
        ["bash", "-ec", f"pip() {{ echo \"pip $*\"; }}\n{script}"],
        capture_output=True, encoding="utf-8", check=False, env=os.environ | {"STARBOOK": source},
    )  # fmt: skip

    assert done.returncode == code
    assert done.stdout == (
        "::error file=.github/workflows/pages.yml::"
        "Write git+https://ADDRESS@COMMIT behind STARBOOK\n"
        if code
        else f"pip install {source}\n"
    )


def test_the_sample_can_be_copied_with_its_stories(capsys: Said, tmp_path: Path) -> None:
    assert cli.main(["new", "handbook", "../sample", "--sample"]) == 0

    made = files(tmp_path / "sample")
    of_programs = {name for name in made if name.startswith(".")}
    named = re.compile(rb"^# yaml-language-server: .*\n", re.MULTILINE)
    copied = {name: named.sub(b"", made[name]) for name in made.keys() - of_programs}
    assert copied == files(SAMPLE)
    assert {".gitignore", ".github/workflows/pages.yml", ".schemas/story.json"} <= of_programs
    assert capsys.readouterr().out == (
        f"Made {Path('../sample')}, with the sample.\n"
        f"See each save in your browser: python3 build.py serve --open --content "
        f"{Path('../sample')}\n"
    )
    assert cli.main(["check", "--content", "../sample"]) == 0


def test_a_folder_with_a_space_is_named_so_that_it_can_be_pasted(capsys: Said) -> None:
    assert cli.main(["new", "handbook", "../job search"]) == 0

    assert capsys.readouterr().out.endswith(f'serve --open --content "{Path("../job search")}"\n')


def test_an_empty_folder_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()

    assert cli.main(["new", "handbook", "../mine"]) == 0

    checked(tmp_path / "mine")


@pytest.mark.parametrize("there", ["mine/notes.txt", "mine"])
def test_a_folder_that_is_not_empty_is_left_alone(
    content: Make, capsys: Said, tmp_path: Path, there: str
) -> None:
    (tmp_path / there).parent.mkdir(exist_ok=True)
    (tmp_path / there).write_text("mine", encoding="utf-8")

    assert cli.main(["new", "handbook", "../mine"]) == 1

    assert capsys.readouterr().err == (
        f"Nothing was made: {Path('../mine')} is there already; name a new folder.\n"
    )
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [tmp_path / there]


# The folder that is remembered


@pytest.mark.slow
def test_a_handbook_that_is_remembered_is_used_by_later_commands_which_say_so(
    capsys: Said, remembered: Path, tmp_path: Path
) -> None:
    assert cli.main(["new", "handbook", "../mine", "--remember"]) == 0

    mine = Path("../mine")
    assert capsys.readouterr().out == (
        f"Made {mine}, with the questions, guides and templates of the sample.\n"
        "Later commands use it. Delete .starbook-content to go back to the sample.\n"
        f"Open {mine / 'stories/my-first-story.md'} first, and fill it in.\n"
        "See each save in your browser: python3 build.py serve --open\n"
    )
    first = f"Content: {mine} (remembered in .starbook-content)\n"
    assert cli.main(["new", "story", "The slow page"]) == 0
    assert capsys.readouterr().out.startswith(first)
    assert (tmp_path / "mine/stories/the-slow-page.md").is_file()
    assert cli.main(["check"]) == 0
    assert capsys.readouterr().out == f"{first}No problems.\n"
    assert cli.main(["build", "--out", "site"]) == 0
    assert capsys.readouterr().out.startswith(f"{first}Built 2 stories and ")
    assert cli.main(["build", "--public", "--out", "public"]) == 0
    assert capsys.readouterr().out.startswith(first)
    remembered.unlink()
    assert cli.main(["check"]) == 0
    assert capsys.readouterr().out.startswith(f"Content: {SAMPLE}\n")


def test_another_folder_can_still_be_named(capsys: Said, content: Make) -> None:
    content({"stories/a.md": story("One"), "handbook.yml": "id: mill\n"})
    cli.main(["new", "handbook", "../mine", "--remember"])
    capsys.readouterr()

    assert cli.main(["check", "--content", "../content"]) == 0

    assert capsys.readouterr().out == f"Content: {Path('../content')}\nNo problems.\n"


def test_a_remembered_folder_that_is_gone_is_one_clear_line(
    capsys: Said, remembered: Path, tmp_path: Path
) -> None:
    remembered.write_text(f"{tmp_path / 'gone'}\n", encoding="utf-8")
    gone = Path("../gone")

    assert cli.main(["build", "--out", "site"]) == 1

    assert capsys.readouterr() == (
        f"Content: {gone} (remembered in .starbook-content)\n",
        f"{gone}: error: the content folder does not exist; "
        "name the folder that holds your stories/ with --content [no-content]\n"
        "Nothing was built: 1 error.\n",
    )
    assert cli.main(["new", "story", "A title"]) == 1
    assert capsys.readouterr() == (
        f"Content: {gone} (remembered in .starbook-content)\n",
        "Nothing was made: there is no such folder; `new handbook DIR` makes one.\n",
    )


def test_git_ignores_what_is_remembered() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()

    assert "/.starbook-content" in ignored


@posix_only
def test_a_folder_whose_name_is_not_utf_8_is_remembered_too(
    capsys: Said, remembered: Path, tmp_path: Path
) -> None:
    try:
        Path(os.fsdecode(bytes(tmp_path) + b"/caf\xe9")).mkdir()
    except OSError:
        pytest.skip("this file system has only names in UTF-8")

    assert cli.main(["new", "handbook", "../caf\udce9", "--remember"]) == 0

    assert remembered.read_bytes() == bytes(tmp_path) + b"/caf\xe9\n"
    assert cli.main(["check"]) == 0


def test_where_it_cannot_be_remembered_it_says_so(capsys: Said, remembered: Path) -> None:
    remembered.mkdir()

    assert cli.main(["new", "handbook", "../mine", "--remember"]) == 1

    assert capsys.readouterr().err.startswith(
        "It cannot be remembered: .starbook-content cannot be written ("
    )


# Whether it asks

PROGRAM = """
import sys
from pathlib import Path
from starbook import cli, scaffold
from starbook.commands import folders

folders.REMEMBERED = Path(".starbook-content")
sys.exit(cli.main(["new", "handbook", "../mine"]))
"""
QUESTION = "Use it for later commands? [Y/n] "


@pytest.mark.slow
@posix_only
@pytest.mark.parametrize(
    ("typed", "remembers"),
    [("\n", True), ("y\n", True), ("Yes\n", True), ("n\n", False), ("\x04", False)],
)
def test_on_a_terminal_it_asks_whether_to_remember(
    remembered: Path, typed: str, remembers: bool
) -> None:
    code, said = on_a_terminal(typed)

    assert QUESTION in said
    assert code == 0
    assert remembered.exists() is remembers
    assert ("Later commands use it." in said) is remembers
    assert ("python3 build.py serve --open --content ../mine" in said) is not remembers


@pytest.mark.slow
@posix_only
def test_ctrl_c_at_the_question_is_no_traceback(remembered: Path) -> None:
    code, said = on_a_terminal("\x03")

    assert (code, remembered.exists()) == (130, False)
    assert said.endswith("Stopped.\n")
    assert "Traceback" not in said


def on_a_terminal(typed: str) -> tuple[int, str]:
    """Run it with a terminal for its input and output, and type this when it asks.

    A key that is not heeded is pressed again a second later, as everybody does: Python takes note
    of a Ctrl-C between its question and its wait for an answer, but does not wake up for it.
    """
    import pty  # noqa: PLC0415 (not on Windows)

    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=_own_terminal,  # noqa: PLW1509 (no threads here)
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    ) as process:
        os.close(theirs)
        said, piece, running, pressed = b"", b"", True, 0.0
        while running or piece:
            running = process.poll() is None
            piece = _read(ours)
            said += piece
            asks = bool(piece) and said.endswith(QUESTION.encode())
            if asks or (running and pressed and time.monotonic() - pressed > 1):
                os.write(ours, typed.encode())
                pressed = time.monotonic()
    os.close(ours)
    return process.returncode, said.decode().replace("\r\n", "\n")


def _own_terminal() -> None:
    import fcntl  # noqa: PLC0415 (not on Windows)
    import termios  # noqa: PLC0415

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _read(terminal: int) -> bytes:
    """Return what was printed on the terminal since the last call, if anything."""
    if not select.select([terminal], [], [], 0.05)[0]:
        return b""
    try:
        return os.read(terminal, 4096)
    except OSError:  # so says Linux when nobody is there any more
        return b""


@pytest.mark.slow
def test_without_a_terminal_it_does_not_ask(remembered: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input="y\n",
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert QUESTION not in done.stdout
    assert not remembered.exists()
