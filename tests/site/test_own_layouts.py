"""The layouts of a handbook: each file takes the place of one of Starbook's, and of that alone."""

import json
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from conftest import LAYOUTS, story
from editions import read as files

from starbook import cli
from starbook.build import pipeline

Make = Callable[[Mapping[str, str | bytes]], Path]
Said = pytest.CaptureFixture[str]
BOOK = {"handbook.yml": "id: mill\ntitle: The mill\n", "stories/a.md": story("Alpha")}
GUIDE = "{% extends 'base.html' %}{% block main %}<p>My own guide page</p>{% endblock %}\n"
HINT = "fix this file, or delete it to have the one of Starbook [layout]"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def build(*options: str) -> int:
    return cli.main(["--content", "content", "--out", "site", *options])


def page(path: str) -> str:
    return Path("site", path).read_text(encoding="utf-8")


def test_a_file_takes_the_place_of_one_layout_and_of_no_other(content: Make, capsys: Said) -> None:
    book = BOOK | {"guides/g.md": "---\ntitle: Sleep\n---\n\nEarly.\n"}
    content(book)
    assert build() == 0
    before = files(Path("site"))
    content({"layouts/guide.html": GUIDE})
    capsys.readouterr()

    assert build() == 0

    assert capsys.readouterr().err == ""
    after = files(Path("site"))
    assert [path for path in before if before[path] != after[path]] == ["guides/g.html"]
    assert "<p>My own guide page</p>" in page("guides/g.html")


@pytest.mark.slow
def test_a_style_sheet_of_ones_own_is_in_the_site(content: Make, capsys: Said) -> None:
    base = (LAYOUTS / "base.html").read_text(encoding="utf-8")
    link = '<link rel="stylesheet" href="{{ page.frame.root }}assets/mine.css">\n</head>'
    content(
        BOOK
        | {
            "layouts/base.html": base.replace("</head>", link, 1),
            "layouts/assets/mine.css": "body { color: #123456 }\n",
        }
    )

    assert build() == 0

    assert capsys.readouterr().err == ""
    assert "#123456" in page("assets/mine.css")
    assert 'href="../assets/mine.css"' in page("stories/a.html")


@pytest.mark.slow
def test_a_text_takes_the_place_of_one_text(content: Make, capsys: Said) -> None:
    content(BOOK | {"layouts/languages/en.yml": "nav.stories: My stories\n"})

    assert build() == 0

    assert capsys.readouterr().err == ""
    assert "My stories" in page("index.html")
    assert ">Questions<" in page("index.html")


@pytest.mark.slow
def test_a_language_of_ones_own_needs_no_more_than_the_texts_that_it_has(content: Make) -> None:
    content(
        BOOK
        | {
            "handbook.yml": "id: mill\nlanguage: fr\n",
            "layouts/languages/fr.yml": "language.name: Français\nnav.stories: Récits\n",
        }
    )

    assert build() == 0

    assert '<html lang="fr">' in page("index.html")
    assert ">Récits<" in page("index.html")


# Names that are nearly right


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("storry.html", "did you mean `story.html`?"),
        ("Story.html", "did you mean `story.html`?"),
        ("starbook.css", "did you mean `assets/starbook.css`?"),
        ("assets/starbok.css", "did you mean `assets/starbook.css`?"),
        ("old/story.html", "did you mean `story.html`?"),
        ("qqqqq.svg", "delete it, or name it in another one of yours"),
    ],
)
def test_a_file_that_changes_nothing_is_a_warning_with_the_nearest_name(
    content: Make, capsys: Said, name: str, hint: str
) -> None:
    if name == "Story.html" and Path(LAYOUTS, name).exists():
        pytest.skip("this file system takes both names for one")
    content(BOOK | {f"layouts/{name}": "{{ page }}"})
    warning = (
        f"content/layouts/{name}: warning: takes the place of no layout; {hint} [unknown-layout]\n"
    )

    assert cli.main(["check", "--content", "content"]) == 0
    assert capsys.readouterr().out == f"Content: content\n{warning}1 warning.\n"
    assert build() == 0
    assert capsys.readouterr().err == warning


def test_a_file_that_another_one_names_is_none_and_neither_are_those_of_editors(
    content: Make, command: Callable[..., tuple[int, str, str]]
) -> None:
    guide = GUIDE.replace("<p>", '{% include "mine.html" %}<p>')
    left = {f"layouts/{name}": "" for name in (".story.html.swp", "story.html.tmp", "4913")}
    content(BOOK | left | {"layouts/guide.html": guide, "layouts/mine.html": "."})
    assert command("check") == (0, "No problems.\n", "")


def test_a_text_that_nothing_shows_is_a_warning_with_its_line(content: Make, capsys: Said) -> None:
    content(
        BOOK
        | {
            "layouts/languages/en.yml": "# Mine\nnav.storys: Tales\nmine.hello: Hello\n",
            "layouts/guide.html": GUIDE.replace("My own", '{{ "mine.hello" | t }}'),
        }
    )

    assert cli.main(["check", "--content", "content", "--format", "json"]) == 0

    [found] = json.loads(capsys.readouterr().out)
    assert (found["path"], found["line"]) == ("content/layouts/languages/en.yml", 2)
    assert found["message"] == "the text `nav.storys` is shown nowhere"
    assert found["hint"] == "did you mean `nav.stories`?"


def test_the_folder_itself_may_be_misnamed(problems: Callable[..., list[str]]) -> None:
    assert problems(BOOK | {"layout/story.html": "."}) == [
        "content/layout: warning: is not read; did you mean `layouts`? [unknown-file]"
    ]


# Faults

# These are found by a build, and by `check` as well.
FOUND_BY_BOTH = [
    ("story.html", b"a\ncaf\xe9", "story.html:2: error: is not UTF-8"),
    ("languages/en.yml", "a: b\n\tc: d\n", "languages/en.yml:2: error: is not YAML"),
    (
        "assets/ask.js",
        '\nstarbook.t("home.gasp");\n',
        "assets/ask.js:2: error: there is no text `home.gasp` in languages/",
    ),
]


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("story.html", "\n{% if %}", "story.html:2: error: Expected an expression, got 'end of"),
        ("story.html", "\n\n{{ pag }}", "story.html:3: error: 'pag' is undefined"),
        (
            "story.html",
            '\n{% include "gone.html" %}',
            "story.html:2: error: names `gone.html`, and there is no such layout",
        ),
        (
            "base.html",
            '\n{{ "home.gasp" | t }}',
            "base.html:2: error: there is no text `home.gasp` in languages/",
        ),
        *FOUND_BY_BOTH,
    ],
)
def test_a_fault_names_the_file_of_the_handbook_and_the_line(
    content: Make, capsys: Said, name: str, text: str | bytes, fault: str
) -> None:
    content(BOOK | {f"layouts/{name}": text})

    assert build() == 1

    line, tally = capsys.readouterr().err.splitlines()
    assert line.startswith(f"content/layouts/{fault}")
    assert line.endswith(f"; {HINT}")
    assert tally == "Nothing was built: 1 error."


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        (
            "story.html",
            "{% extends 'base.html' %}\n\n{% iff page.story %}{% endif %}\n",
            "story.html:3: error: Encountered unknown tag 'iff'.",
        ),
        ("cards.html", "\n{% if page %}\n", "cards.html:2: error: Unexpected end of template."),
        ("guide.html", "{{ page.title | uper }}", "guide.html:1: error: No filter named 'uper'."),
        ("assets/mine.css", b"caf\xe9", "assets/mine.css: error: cannot be read ('utf-8' codec"),
        *FOUND_BY_BOTH,
    ],
)
def test_check_finds_a_fault_that_stops_a_build_and_says_the_same(
    content: Make, capsys: Said, name: str, text: str | bytes, fault: str
) -> None:
    content(BOOK | {f"layouts/{name}": text})

    assert cli.main(["check", "--content", "content"]) == 1

    out = capsys.readouterr().out.splitlines()
    (line,) = [line for line in out if "content/layouts" in line]
    assert line.startswith(f"content/layouts/{fault}")
    assert line.endswith(f"; {HINT}")
    assert build() == 1
    assert line in capsys.readouterr().err.splitlines()


def test_check_finds_the_fault_of_a_part_that_a_layout_of_theirs_includes(
    content: Make,
) -> None:
    parts = {
        "layouts/guide.html": "{% include 'mine.html' %}\n",
        "layouts/mine.html": "{% fro x in page %}",
    }
    (problem,) = pipeline.check(content(BOOK | parts), LAYOUTS)
    assert str(problem).startswith("content/layouts/mine.html:1: error: Encountered unknown tag")


def test_a_layout_that_nothing_uses_stops_no_build(content: Make, capsys: Said) -> None:
    content(BOOK | {"layouts/scrap.html": "{% fro %}"})

    assert build() == 0

    assert capsys.readouterr().err.startswith(
        "content/layouts/scrap.html: warning: takes the place of no layout; "
    )


def test_what_is_wrong_with_content_and_with_layouts_comes_in_one_run(
    content: Make,
) -> None:
    faulty = {"handbook.yml": "titel: Mine\n", "layouts/story.html": "{% fro %}"}
    found = pipeline.check(content(BOOK | faulty), LAYOUTS)
    assert [problem.rule for problem in found] == ["unknown-key", "layout"]


def test_a_fault_of_ours_that_one_of_theirs_causes_is_named_where_it_shows(
    content: Make, capsys: Said
) -> None:
    content(BOOK | {"layouts/parts.html": "{% macro letter(kind) %}{% endmacro %}\n"})

    assert build() == 1

    line, _ = capsys.readouterr().err.splitlines()
    assert re.search(
        r"layouts/home\.html:\d+: error: 'TemplateModule' object has no attribute 'told_scripts'; "
        r"look for the cause in the layouts of the handbook, which this one works with \[layout\]$",
        line,
    )


# What a later build and `serve` make of a change


@pytest.mark.slow
def test_a_change_of_a_file_is_in_the_next_build_and_so_is_its_absence(
    content: Make, capsys: Said
) -> None:
    content(BOOK)
    assert build() == 0
    plain = files(Path("site"))
    own = content({"layouts/story.html": GUIDE}) / "layouts/story.html"
    for said in ("One", "Another"):
        own.write_text(GUIDE.replace("My own", said), encoding="utf-8")
        for _ in range(2):
            assert build() == 0
            assert f"<p>{said} guide page</p>" in page("stories/a.html")
    own.unlink()
    assert build() == 0
    assert files(Path("site")) == plain


@pytest.mark.slow
def test_a_language_file_beneath_an_own_one_counts_too(content: Make, tmp_path: Path) -> None:
    """As when Starbook itself is brought up to date."""
    layouts = shutil.copytree(LAYOUTS, tmp_path / "ours")
    book = content(BOOK | {"layouts/languages/en.yml": "nav.stories: My stories\n"})
    database = pipeline.open_database(book, layouts)
    built = pipeline.build_site(database)
    assert b">Questions<" in dict(built.files)["index.html"]
    database.commit(save=False)
    texts = layouts / "languages/en.yml"
    text = texts.read_text(encoding="utf-8")
    assert "nav.questions: Questions" in text
    texts.write_text(text.replace("nav.questions: Questions", "nav.questions: Asked"), "utf-8")

    again = dict(pipeline.build_site(database).files)["index.html"]

    assert b">Asked<" in again
    assert b"My stories" in again
