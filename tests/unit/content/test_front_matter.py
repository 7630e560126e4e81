"""Front matter as other programs write it, and values that YAML would cut without a word."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from conftest import story

from starbook.build import pipeline
from starbook.build.pipeline import load
from starbook.model import Story

Check = Callable[[Mapping[str, str]], list[str]]
A = "content/stories/a.md"


def front(*lines: str) -> dict[str, str]:
    return {"stories/a.md": "\n".join(["---", *lines, "---", ""])}


def read(files: Mapping[str, str], content: Callable[..., Path]) -> Story:
    handbook, found = load(content(files))
    assert [problem for problem in found if problem.is_error] == []
    return handbook.stories[0]


def cut(line: int, comment: str, whole: str) -> str:
    return (
        f"{A}:{line}: warning: `{comment}` is read as a comment, and is no part of the value; "
        f"quote the value: {whole}, or begin a comment with `# ` [comment]"
    )


# Properties of other programs


@pytest.mark.parametrize(
    "line",
    [
        "aliases: [The long night]",
        "cssclasses: [wide]",
        "cssclass: wide",
        "created: 2023-04-05",
        "modified: 2023-04-05T07:08:09",
        "updated: [a, {b: c}]",
        "date created: Monday",
        "Created time: April 5, 2023 7:08 AM",
        "Last edited time: x",
        "last-edited-time: x",
        "kanban-plugin: board",
        "excalidraw-plugin: parsed",
        "permalink: /a/b",
        "uid: 202304050708",
        "Zettel ID: 1",
        "icon:",
        "banner_x: 0.5",
    ],
)
@pytest.mark.parametrize("path", ["stories/b.md", "templates/b.md", "guides/b.md"])
def test_a_property_of_another_program_is_passed_over(line: str, path: str, problems) -> None:
    text = f"---\ntitle: B\n{line}\n---\n\n## Situation\n\nIt rained.\n"
    assert problems({"stories/a.md": story("A"), path: text}) == []


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("tag: payments", "did you mean `tags`?"),
        ("Tags: payments", "did you mean `tags`?"),
        ("published: true", "did you mean `publish`?"),
        ("metric: [1 %]", "did you mean `metrics`?"),
        ("headlines: x", "did you mean `headline`?"),
        ("categorie: [x]", "did you mean `categories`?"),
        ("dates: 2023", "did you mean `date`?"),
    ],
)
def test_a_near_miss_of_a_field_of_ours_stays_an_error(line: str, hint: str, problems) -> None:
    key = line.partition(":")[0]
    assert problems(front("title: A", line)) == [
        f"{A}:3: unknown key `{key}`; {hint} [unknown-key]"
    ]


@pytest.mark.parametrize("listed", ["[mood, reviewed by]", "[Mood, Reviewed-By]"])
def test_handbook_yml_names_more_properties_to_pass_over(listed: str, problems) -> None:
    files = front("title: A", "mood: sunny", "reviewed_by: Ada")
    (first, second) = problems(files)
    assert first.startswith(f"{A}:3: unknown key `mood`; ")
    assert second.startswith(f"{A}:4: unknown key `reviewed_by`; ")
    assert problems({**files, "handbook.yml": f"ignore_properties: {listed}\n"}) == []


def test_a_field_of_ours_cannot_be_passed_over(problems) -> None:
    files = {**front("title: A"), "handbook.yml": "ignore_properties: [metrics, mood]\n"}
    assert problems(files) == [
        "content/handbook.yml:1: `metrics` is a field of stories or guides; "
        "take it out of the list [type]"
    ]


def test_a_guide_may_have_the_tags_of_a_note_but_never_seems_to_be_kept_back(problems) -> None:
    guide = "---\ntitle: G\ntags: [a]\ndate: 2023-01-02\npublish: false\n---\nWords.\n"
    (line,) = problems({"stories/a.md": story("A"), "guides/g.md": guide})
    assert line.startswith("content/guides/g.md:5: unknown key `publish`; ")


def test_a_change_of_the_list_reads_stories_again(content) -> None:
    folder = content({**front("title: A", "mood: x"), "handbook.yml": "title: B\n"})
    database = pipeline.open_database(folder, folder)
    assert [problem.rule for problem in pipeline.examine(database)] == ["unknown-key"]
    (folder / "handbook.yml").write_text("ignore_properties: [mood]\n", encoding="utf-8")
    assert pipeline.examine(database) == ()


# Tags and dates


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("payments, on-call", ("payments", "on-call")),
        ("payments", ("payments",)),
        ("stakeholder management", ("stakeholder management",)),
        ('"#payments"', ("payments",)),
        ('"#payments #on-call"', ("payments", "on-call")),
        ('"#payments, #on-call"', ("payments", "on-call")),
        ('["#payments", on-call, payments]', ("payments", "on-call")),
        ("a, , b,", ("a", "b")),
        ('"#"', ()),
        ("C#, F#", ("C#", "F#")),
    ],
)
def test_tags_are_read_as_a_list_a_line_or_with_their_sign(value, expected, content) -> None:
    assert read(front("title: A", f"tags: {value}"), content).tags == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2023-04-05T07:08", "2023-04-05"),
        ("2023-04-05 07:08:09", "2023-04-05"),
        ("2023-04-05T07:08:09Z", "2023-04-05"),
        ("2023-04-05T07:08:09.123+02:00", "2023-04-05"),
        ("2023-04-05 07:08 -0500", "2023-04-05"),
        ('"2023-04-05t07:08z"', "2023-04-05"),
        ("2023-04", "2023-04"),
    ],
)
def test_a_date_with_a_time_is_read_as_its_date(value, expected, content) -> None:
    assert read(front("title: A", f"date: {value}"), content).date == expected


@pytest.mark.parametrize("value", ["2023-04-31T07:08", "2023-04-05T25:00", "2023-04-05T07", "7:08"])
def test_a_time_that_no_clock_shows_is_an_error(value, problems) -> None:
    assert problems(front("title: A", f"date: {value}")) == [
        f"{A}:3: expected a date, found `{value}`; write it as 2024-03-01 or 2024-03 [type]"
    ]


# Values that YAML cuts


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["title: Up to #3"], cut(2, "#3", '"Up to #3"')),
        (["title: A", "headline: From #9 to #2"], cut(3, "#9 to #2", '"From #9 to #2"')),
        (["title: A", "headline: #2 in the north"], cut(3, "#2 in the north", '"#2 in the north"')),
        (["title: A", "headline: We won  #2"], cut(3, "#2", '"We won #2"')),
        (["title: A", "company: Kiln\t#bakers"], cut(3, "#bakers", '"Kiln #bakers"')),
        (["title: A", "metrics:", "  - 3 % less for team #7"],
         cut(4, "#7", '"3 % less for team #7"')),
        (["title: A", "metrics:", "  - 9 → 3 %: calls to #help"],
         cut(4, "#help", '"calls to #help"')),
        (["title: A", "metrics:", "  - #1: rank in town"], cut(4, "#1: rank in town",
                                                               '"#1: rank in town"')),
        (["title: A", "cue: [x]", "tags:", "  - #on-call"], cut(5, "#on-call", '"#on-call"')),
        (["title: A", "tags: #on-call"], cut(3, "#on-call", '"#on-call"')),
        (["title: A", "cue:", '  - the "old" ticket #12'],
         cut(4, "#12", "'the \"old\" ticket #12'")),
        (["title: A", "level: Senior #maybe"], cut(3, "#maybe", '"Senior #maybe"')),
        (["title: A", "id: a #2"], cut(3, "#2", '"a #2"')),
        (["title: A", "categories:", "  - Größe #1"], cut(4, "#1", '"Größe #1"')),
    ],
)  # fmt: skip
def test_a_value_that_is_cut_at_a_number_sign_is_a_warning(lines, expected, problems) -> None:
    files = {**front(*lines), "categories.yml": "- name: Größe\n"}
    assert problems(files) == [expected]


@pytest.mark.parametrize(
    "line",
    [
        "level: Senior # or Staff",
        "level: Senior  #or Staff",
        'level: "Senior" #1',
        "level: 'Senior #1'",
        "level: C#",
        "level: a#1",
        "level: # none yet",
        "level: Senior #",
        "level: Senior ##### levels",
        "publish: false #yet",
        "tags: [a, b] #1",
        "cssclass: wide #1",
        "# headline: #1 of all",
    ],
)
def test_a_comment_that_is_meant_as_one_is_passed_over(line: str, problems) -> None:
    assert problems(front("title: A", line)) == []


@pytest.mark.parametrize(
    ("path", "text", "line", "cut_at"),
    [
        ("questions.yml", "- question: Why #1?\n", 1, ("#1?", '"Why #1?"')),
        ("questions.yml", "- question: Q\n  notes: See #4\n", 2, ("#4", '"See #4"')),
        ("categories.yml", "- name: N\n  about: All of #4\n", 2, ("#4", '"All of #4"')),
        ("to-ask.yml", "- audience: B\n  topics:\n  - topic: T\n    questions:\n    - Is #1?\n",
         5, ("#1?", '"Is #1?"')),
        ("handbook.yml", "title: Book #2\n", 1, ("#2", '"Book #2"')),
        ("synonyms.yml", "- [a, b]\n-\n  - c\n  - d #e\n", 4, ("#e", '"d #e"')),
        ("guides/g.md", "---\ntitle: Day #1\n---\nWords.\n", 2, ("#1", '"Day #1"')),
    ],
)  # fmt: skip
def test_lists_and_guides_are_looked_at_too(path, text, line, cut_at, problems) -> None:
    expected = cut(line, *cut_at).replace("stories/a.md", path)
    assert problems({"stories/a.md": story("A"), path: text}) == [expected]


def test_a_quoted_number_that_begins_with_the_sign_arrives_whole(content) -> None:
    made = read(front("title: '#1 in town'", 'headline: "From #9 to #2"'), content)
    assert (made.title, made.headline) == ("#1 in town", "From #9 to #2")


def test_a_colon_in_an_entry_of_a_list_names_the_quotes(problems) -> None:
    assert problems(front("title: A", "cue:", "  - the night: nobody came")) == [
        f'{A}:4: expected text, found a mapping; quote it: "the night: nobody came" [type]'
    ]
