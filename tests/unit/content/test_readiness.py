"""A story that says it is ready: a draft everywhere as long as it is not complete."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from conftest import LAYOUTS, story

from starbook import cli
from starbook.build import pipeline, queries
from starbook.model import Edition, Status

A = "content/stories/a.md"
WHOLE = story("A", "categories: [Calm]", "publish: true")
CALM = {"categories.yml": "- name: Calm\n", "stories/b.md": story("B", "categories: [Calm]")}
DRAFTS = {
    "no Result": WHOLE.partition("## Result")[0],
    "an empty Task": WHOLE.replace("I had to mend it.\n", ""),
    "a blank": WHOLE.replace("It was late.", "It was [Fill in: when]."),
    "a blank around it": f"{WHOLE}\n## Follow-ups\n\n### Why?\n\n**Strong:** [todo]\n",
    "a blank title": WHOLE.replace("title: A", 'title: "A [TBD]"'),
    "a number to fill in": WHOLE.replace("9 to 2 %", "9 to X%"),
}
Content = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def made(content: Content, tmp_path: Path) -> Callable[..., tuple[pipeline.BuildResult, Path]]:
    def build(
        files: Mapping[str, str], edition: Edition = Edition.PRIVATE
    ) -> tuple[pipeline.BuildResult, Path]:
        folder = content(files)
        return pipeline.build(
            folder, LAYOUTS, tmp_path / "site", edition=edition
        ), tmp_path / "site"

    return build


def text(site: Path, path: str) -> str:
    return (site / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("written", DRAFTS.values(), ids=list(DRAFTS))
def test_a_story_that_is_not_complete_is_a_draft_whatever_it_says(written, content) -> None:
    handbook, found = pipeline.load(content({"stories/a.md": written, **CALM}))
    assert [(one.status, one.says_ready) for one in handbook.stories] == [
        (Status.DRAFT, True), (Status.READY, True),
    ]  # fmt: skip
    assert {problem.rule for problem in found} <= {"missing-part", "placeholder"}
    assert found
    assert not any(problem.is_error for problem in found)


def test_ask_sorts_it_behind_a_story_that_is_ready(content) -> None:
    folder = content({"stories/a.md": DRAFTS["no Result"], **CALM})
    database = pipeline.open_database(folder, LAYOUTS)
    pipeline.examine(database)
    assert queries.story_facts(database)[1] == [0]


def test_a_story_that_says_draft_is_one_without_a_word(problems, content) -> None:
    files = {"stories/a.md": WHOLE.replace("ready", "draft").partition("## Result")[0], **CALM}
    assert problems(files) == []


def test_pages_count_and_show_it_as_a_draft(made) -> None:
    _, site = made({"stories/a.md": DRAFTS["no Result"], **CALM})
    assert re.search(r"<b>1 <small class=\"total\">of 2</small></b>", text(site, "index.html"))
    assert '<span class="draft">Draft</span>' in text(site, "stories/a.html")
    assert "Public once ready" in text(site, "stories/a.html")
    assert re.findall(r'data-id="(\w)" data-sets="([^"]+)"', text(site, "cards.html")) == [
        ("a", "all draft"), ("b", "all ready"),
    ]  # fmt: skip
    rows = re.findall(r'<li[^>]*data-status="(\w+)[^>]*>.*?href="(\w)\.html"', text(
        site, "stories/index.html"), re.DOTALL)  # fmt: skip
    assert rows == [("draft", "a"), ("ready", "b")]


@pytest.mark.parametrize(
    ("name", "line", "reason"),
    [
        ("no Result", 7, "has no Result, so it counts as a draft; add `## Result`"),
        ("a blank", 8, "still has `[Fill in: when]` in Situation, so it counts as a draft; "
         "fill it in"),
    ],
)  # fmt: skip
def test_a_public_edition_stops_where_a_story_was_to_be_published(name, line, reason, made) -> None:
    result, site = made({"stories/a.md": DRAFTS[name], **CALM}, Edition.PUBLIC)
    where = Path(result.problems[0].path).resolve()
    assert where == site.parent / A
    assert [str(problem).removeprefix(result.problems[0].path) for problem in result.problems] == [
        f":{line}: error: says `publish: true` and `status: ready`, but {reason}, "
        f"or write `status: draft` [{'placeholder' if 'blank' in name else 'missing-part'}]"
    ]
    assert not site.exists()


def test_a_public_edition_is_made_without_a_private_story_that_is_no_more_ready(made) -> None:
    private = DRAFTS["no Result"].replace("publish: true", "publish: false")
    public = story("B", "categories: [Calm]", "publish: true")
    result, site = made({"stories/a.md": private, **CALM, "stories/b.md": public}, Edition.PUBLIC)
    assert [problem.severity for problem in result.problems] == ["warning"]
    assert sorted(path.name for path in (site / "stories").iterdir()) == ["b.html", "index.html"]


def test_strict_makes_a_warning_count(content, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    content({"stories/a.md": DRAFTS["no Result"], **CALM})
    check = ["check", "--content", "content"]
    assert cli.main(check) == 0
    assert cli.main([*check, "--strict"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "1 warning."
    assert cli.main([*check, "--strict", "--format", "json"]) == 1
    assert [one["rule"] for one in json.loads(capsys.readouterr().out)] == ["missing-part"]


def test_strict_has_nothing_against_a_handbook_without_a_problem(content, tmp_path) -> None:
    folder = content({"stories/a.md": WHOLE, **CALM})
    assert cli.main(["check", "--content", str(folder), "--strict"]) == 0


def test_a_save_that_completes_a_story_makes_it_ready(content) -> None:
    folder = content({"stories/a.md": DRAFTS["a blank"], **CALM})
    database = pipeline.open_database(folder, LAYOUTS)
    first = pipeline.build_site(database)
    assert b'class="draft"' in first.files["stories/a.html"]
    (folder / "stories/a.md").write_text(WHOLE, encoding="utf-8")
    second = pipeline.build_site(database)
    assert second.problems == ()
    assert b'class="draft"' not in second.files["stories/a.html"]
    assert b"of 2</small>" in second.files["index.html"]
