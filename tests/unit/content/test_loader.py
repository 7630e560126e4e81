"""Loading any content folder: one clear line for each fault, and never a traceback."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, story
from hypothesis import example, given, settings
from hypothesis import strategies as st

from starbook.build import pipeline
from starbook.cli import main
from starbook.content import files, yaml_nodes
from starbook.text import names

A = "content/stories/a.md"
GUIDE = "---\ntitle: A guide\n---\n\nWords.\n"
LONG_QUESTION = "Tell me about a time when you had to {}"


def front(*lines: str) -> dict[str, str]:
    """Return one story with these lines between its fences."""
    return {"stories/a.md": "\n".join(["---", *lines, "---", "", "## Own", "", "Words.", ""])}


def read(files, content):
    """Return the handbook in these files, which must have no problem."""
    handbook, problems = pipeline.load(content(files))
    assert [str(problem) for problem in problems] == []
    return handbook


# The folder


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda folder: folder.mkdir(), "content: error: the content folder is empty; "
         "write a first story in stories/, such as stories/first.md [no-content]"),
        (lambda folder: None, "content: error: the content folder does not exist; "
         "name the folder that holds your stories/ with --content [no-content]"),
        (lambda folder: folder.write_text("x"), "content: error: "
                                                "the content folder is not a folder; "
         "name the folder that holds your stories/ with --content [no-content]"),
    ],
    ids=["empty", "missing", "a file"],
)  # fmt: skip
def test_a_folder_without_content_is_one_line_and_exit_1(
    make, expected, tmp_path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    make(tmp_path / "content")
    assert main(["check", "--content", "content"]) == 1
    assert capsys.readouterr().out.splitlines() == ["Content: content", expected, "1 error."]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("question.yml", "questions.yml"),
        ("Stories/a.md", "stories"),
        ("to_ask.yml", "to-ask.yml"),
        ("handbook.yaml", "handbook.yml"),
        ("categorys.yaml", "categories.yaml"),
    ],
)
def test_a_name_that_is_never_read_is_pointed_out(name, meant, problems) -> None:
    top = name.partition("/")[0]
    found = problems({"stories/b.md": story("B"), name: "x"})
    if (Path.cwd() / "content/STORIES").exists():
        pytest.skip("this file system does not tell upper from lower case")
    assert found == [f"content/{top}: warning: is not read; did you mean `{meant}`? [unknown-file]"]


@pytest.mark.parametrize(
    "name", ["README.md", ".questions.yml", "stories/.trash/x.md", "stories/.x.md", "stories/x.txt"]
)
def test_what_is_not_for_us_is_passed_over(name, content) -> None:
    handbook = read({"stories/a.md": story("A"), name: "no front matter"}, content)
    assert [told.title for told in handbook.stories] == ["A"]


def test_a_story_may_lie_in_a_folder_and_end_in_capitals(content) -> None:
    handbook = read({"stories/2024/Late Night.MD": story("A")}, content)
    assert [(told.id, told.path) for told in handbook.stories] == [
        ("late-night", "stories/2024/Late Night.MD")
    ]


def test_a_folder_named_like_a_story_is_not_read(problems) -> None:
    assert problems({"stories/a.md/b.txt": "x"}) == [
        f"{A}: is not a file; give it another name, or delete it [unreadable]"
    ]


def test_a_link_that_leads_nowhere_is_one_line(content, problems) -> None:
    (content({}) / "stories").mkdir()
    (content({}) / "stories/a.md").symlink_to("gone.md")
    assert problems({}) == [
        f"{A}: cannot be read (No such file or directory); "
        "check its permissions and, if it is a link, where it leads [unreadable]"
    ]


@pytest.mark.parametrize("name", ["handbook.yml", "questions.yml", "stories/a.md"])
def test_a_link_out_of_the_folder_is_refused(name, content, tmp_path, problems) -> None:
    (tmp_path / "mine").write_text("[]")
    path = content({"stories/b.md": story("B")}) / name
    path.symlink_to(tmp_path / "mine")
    assert problems({}) == [
        f"content/{name}: is a link out of the content folder; copy the file here instead [outside]"
    ]


def test_a_link_that_leads_to_itself_is_one_line(content, problems) -> None:
    path = content({"stories/b.md": story("B")}) / "stories/a.md"
    path.symlink_to(path)
    (line,) = problems({})
    assert line.startswith(f"{A}: cannot be read (")
    assert line.endswith("check its permissions and, if it is a link, where it leads [unreadable]")


@pytest.mark.parametrize("name", ["stories", "questions"])
def test_a_folder_of_ours_that_cannot_be_looked_into_is_one_line(name, content, problems) -> None:
    folder = content({"guides/g.md": GUIDE})
    (folder / name).symlink_to("gone")
    hint = "check its permissions and, if it is a link, where it leads [unreadable]"
    assert problems({}) == [f"content/{name}: cannot be read (No such file or directory); {hint}"]
    (folder / name).unlink()
    (folder / name).write_text("a file")
    assert problems({}) == [f"content/{name}: cannot be read (Not a directory); {hint}"]


def test_a_picture_that_is_none_is_one_line(problems) -> None:
    text = story("A", body="\n## More\n\n![a](chart.png)\n\n![again](chart.png)\n")
    (line,) = problems({"stories/a.md": text, "stories/chart.png": "no picture"})
    assert line.startswith(f"{A}:24: the image `stories/chart.png` ")
    assert line.endswith("; save it as PNG, JPEG or WebP [image]")


def test_a_link_inside_the_folder_is_read(content) -> None:
    folder = content({"stories/b.md": story("B"), "kept/c.md": story("C")})
    (folder / "stories/a.md").symlink_to("../kept/c.md")
    assert [told.title for told in read({}, content).stories] == ["C", "B"]


def test_a_link_to_a_folder_is_pointed_out(content, tmp_path, problems) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/c.md").write_text(story("C"))
    (content({"stories/b.md": story("B")}) / "stories/more").symlink_to(tmp_path / "mine")
    assert problems({}) == [
        "content/stories/more: warning: is a link to a folder, and is not followed; "
        "copy the folder here instead [outside]"
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes on this system")
def test_a_pipe_is_refused_and_not_waited_for(content, problems) -> None:
    (content({}) / "stories").mkdir()
    os.mkfifo(content({}) / "stories/a.md")
    assert problems({}) == [f"{A}: is not a file; give it another name, or delete it [unreadable]"]


# Bytes


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            b"---\ntitle: caf\xe9\n---\n",
            ":2: is not UTF-8 (byte 0xe9 at offset 14); save it as UTF-8 [encoding]",
        ),
        (story("A").encode("utf-16"), ":1: is UTF-16; save it as UTF-8 [encoding]"),
        (
            b"\xfe\xff" + story("A").encode("utf-16-be"),
            ":1: is UTF-16; save it as UTF-8 [encoding]",
        ),
        (b"---\ntitle: A\n---\n\nno\0thing\n", ":5: holds a NUL character; delete it [encoding]"),
        (
            "---\ntitle: Ä\nlevel: a\x07b\n---\n".encode(),
            ":3: holds the control character U+0007; delete it [encoding]",
        ),
        (
            b"---\ntitle: A\n---\n" + b"x" * 1_000_000,
            ": is 1,000,017 bytes, over 1,000,000; split it, or move data elsewhere [too-large]",
        ),
    ],
    ids=["latin-1", "utf-16", "utf-16-be", "nul", "bell", "large"],
)
def test_bytes_that_are_no_text_are_one_line(data, expected, problems) -> None:
    assert problems({"stories/a.md": data}) == [f"{A}{expected}"]


@pytest.mark.slow
def test_a_file_may_be_as_large_as_the_limit(content) -> None:
    text = story("A")
    long = "I did. " * (files.MAX_BYTES // 7)
    read({"stories/a.md": text + long[: files.MAX_BYTES - len(text)]}, content)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "BOM"])
def test_line_ends_and_a_byte_order_mark_make_no_difference(newline, mark, problems) -> None:
    text = mark + story("A", "levl: x", body="\n## More\n\n[x](gone.pdf)\n").replace("\n", newline)
    assert problems({"stories/a.md": text}) == [
        f"{A}:4: unknown key `levl`; did you mean `level`? [unknown-key]",
        f"{A}:25: the link to `gone.pdf` leads nowhere; "
        "link to a file in stories/ or guides/ [dead-link]",
    ]


# Fences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ":1: has no front matter; start it with ---, title: …, ---"),
        ("# A\n\nWords.\n", ":1: has no front matter; start it with ---, title: …, ---"),
        ("---\ntitle: A\n\n## Task\n", ":1: front matter is never closed; add a line --- below it"),
        ("---\ntitle: A\n...\n\n## Task\n", ":3: front matter ends with ...; end it with ---"),
        ("\n \n---\ntitle: A\n---\n", ":3: has blank lines above ---; delete them"),
        ("---\n---\n\n## Task\n", ":1: front matter is empty; write `title: …` between the ---"),
        ("---\n# a\n---\n", ":1: front matter is empty; write `title: …` between the ---"),
        (
            "---\n\n- title: A\n---\n",
            ":3: front matter is not a mapping; write it as `title: …`, one key a line",
        ),
        (
            "---\ntitle:A\n---\n",
            ":2: front matter is not a mapping; write it as `title: …`, one key a line",
        ),
    ],
)
@pytest.mark.parametrize("folder", ["stories", "guides", "templates"])
def test_front_matter_that_is_not_there_is_one_line(folder, text, expected, problems) -> None:
    found = problems({f"{folder}/a.md": text})
    assert found == [f"content/{folder}/a.md{expected} [front-matter]"]


@pytest.mark.parametrize("above", [0, 1, 3])
@pytest.mark.parametrize("below", [0, 1, 3])
@pytest.mark.parametrize("fence", ["---", "-----", "---  "])
def test_blank_lines_around_a_fence_keep_the_count_of_lines(above, below, fence, problems) -> None:
    blank = "\n"
    text = f"{fence}\n{blank * above}title: A\nlevl: x\n{fence}\n{blank * below}[x](gone.pdf)\n"
    assert [line.partition(": ")[0] for line in problems({"stories/a.md": text})] == [
        f"{A}:{3 + above}",
        f"{A}:{5 + above + below}",
    ]


def test_a_rule_in_the_body_is_no_fence(content) -> None:
    handbook = read({"stories/a.md": story("A", body="\n---\n\nBelow the rule.\n")}, content)
    assert handbook.stories[0].sections[-1].body.text.splitlines()[-1] == "Below the rule."


# YAML


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # What has to be quoted is said.
        (
            ["title: The outage: what I did"],
            ":2: YAML is broken: mapping values are not allowed in this context; "
            'quote the value: title: "The outage: what I did"',
        ),
        (
            ["title: A", 'headline: The "outage": what I did'],
            ":3: YAML is broken: mapping values are not allowed in this context; "
            "quote the value: headline: 'The \"outage\": what I did'",
        ),
        (
            ['title: "The outage" and what I said'],
            ":2: YAML is broken: did not find expected key; "
            "quote the value: title: '\"The outage\" and what I said'",
        ),
        (
            ["title: 'It's late'"],
            ':2: YAML is broken: did not find expected key; quote the value: title: "It\'s late"',
        ),
        (
            ["title: [x] done"],
            ":2: YAML is broken: did not find expected key; "
            'quote the value: title: "[x] done"',
        ),
        (
            ["title: @home"],
            ":2: YAML is broken: found character that cannot start any token; "
            'quote the value: title: "@home"',
        ),
        (
            ["title: `code`"],
            ":2: YAML is broken: found character that cannot start any token; "
            'quote the value: title: "`code`"',
        ),
        (
            [r"title: C:\temp: gone"],
            ":2: YAML is broken: mapping values are not allowed in this context; "
            r"quote the value: title: 'C:\temp: gone'",
        ),
        (
            ["title: A", "tags: {a: b: c}"],
            ":3: YAML is broken: did not find expected ',' or '}'; "
            "check quotes, brackets and indentation here",
        ),
        # What is noticed late is reported where it begins.
        (
            ['title: "A', "level: b", "company: c"],
            ":2: YAML is broken: found unexpected end of stream; "
            "check quotes, brackets and indentation here",
        ),
        (
            ["title: A", "tags: [a, b", "level: c"],
            ":3: YAML is broken: did not find expected ',' or ']'; "
            "check quotes, brackets and indentation here",
        ),
        (
            ["title: A", "level:b", "company: c"],
            ":3: YAML is broken: could not find expected ':'; "
            "check quotes, brackets and indentation here",
        ),
        (
            ["title: A", "tags:", "\t- a"],
            ":4: YAML is broken: found character that cannot start any token; "
            "indent with spaces, not tabs",
        ),
        (
            ["title: A", "  level: b"],
            ":3: YAML is broken: mapping values are not allowed in this context; "
            "check quotes, brackets and indentation here",
        ),
        # What we refuse.
        *(
            (
                lines,
                f":{line}: YAML anchors (&), aliases (*) and tags (!) are not read; "
                'write the value out, or quote it: "…"',
            )
            for line, lines in [
                (2, ["title: &you me"]),
                (3, ["title: A", "tags: *you"]),
                (2, ["title: !important thing"]),
                (3, ["title: A", "tags: !!python/tuple [a]"]),
                (3, ["title: A", 'tags: &a ["x", "x"]', "cue: [*a, *a]"]),
            ]
        ),
        *(
            (
                [f'title: "a{escape}b"'],
                f":2: the escape {shown} stands for no character of a text; delete it",
            )
            for escape, shown in [(r"\0", r"\u0000"), (r"\x1b", r"\u001b"), (r"\e", r"\u001b")]
        ),
        (
            ["title: A", "? [a, b]", ": c"],
            ":3: a key is a list or mapping; use a word as the key",
        ),
        (
            ["title: A", "tags: " + "[" * 17 + "]" * 17],
            ":3: YAML is nested over 16 deep; flatten it",
        ),
        (
            ["title: A", *("  " * depth + "tags:" for depth in range(18))],
            ":19: YAML is nested over 16 deep; flatten it",
        ),
    ],
)  # fmt: skip
def test_broken_yaml_is_one_line_that_says_what_to_do(lines, expected, problems) -> None:
    assert problems(front(*lines)) == [f"{A}{expected} [yaml]"]


def test_sixteen_levels_of_yaml_are_read(problems) -> None:
    (line,) = problems(front("title: A", "tags: " + "[" * 16 + "]" * 16))
    assert line.endswith("[type]")


def test_yaml_that_the_slower_parser_chokes_on_is_one_line(problems, monkeypatch) -> None:
    monkeypatch.setattr(yaml_nodes, "LOADER", yaml.SafeLoader)
    assert problems(front(r'title: "\U00110000"')) == [
        f"{A}:1: YAML cannot be read (chr() arg not in range(0x110000)); check this file [yaml]"
    ]


def test_a_second_document_in_a_list_is_refused(problems) -> None:
    assert problems({"questions.yml": "---\n- question: One?\n---\n- question: Two?\n"}) == [
        "content/questions.yml:3: a second YAML document starts here; delete the line --- [yaml]"
    ]


def test_a_key_that_stands_twice_names_both_lines(problems) -> None:
    assert problems(front("title: A", "level: x", "'title': B")) == [
        f"{A}:4: key `title` stands twice, here and on line 2; "
        "write it once, with what both say [duplicate-key]"
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{a: " * 100_000,
        "- " * 100_000,
        "".join(f"{'  ' * depth}a:\n" for depth in range(800)),
        "\n".join(['a: &a ["x", "x"]', *(f"b{i}: &b{i} [*a, *a]" for i in range(30_000))]),
    ],
    ids=["brackets", "braces", "dashes", "indents", "bomb"],
)
def test_a_hostile_file_neither_kills_nor_keeps_the_process(text, content) -> None:
    folder = content({"stories/a.md": f"---\ntitle: A\ntags: {text}\n---\n", "questions.yml": text})
    code = "import sys; from starbook.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "check", "--content", str(folder)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines()[-1] == "2 errors."


# Values


@pytest.mark.parametrize("title", ["no", "yes", "010", "1:30", "1e3", "0x1F", "2024-01-01", "true"])
def test_a_title_stays_what_was_written(title, content) -> None:
    assert read(front(f"title: {title}"), content).stories[0].title == title


@pytest.mark.parametrize("title", ["null", "~", "true", "#1", "a: b", "* a", "- b"])
def test_a_quoted_title_may_be_anything(title, content) -> None:
    assert read(front(f'title: "{title}"'), content).stories[0].title == title


@pytest.mark.parametrize("date", ["2024", "2024-02", "2024-02-29", '"2024-03-01"'])
def test_a_date_may_be_a_year_a_month_or_a_day(date, content) -> None:
    assert read(front("title: A", f"date: {date}"), content).stories[0].date == date.strip('"')


@pytest.mark.parametrize("status", ["ready", "Ready", '"READY"'])
def test_a_word_of_a_few_may_be_in_any_case(status, content) -> None:
    text = story("A").replace("status: ready", f"status: {status}")
    assert read({"stories/a.md": text}, content).stories[0].ready


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["level: x"], ":2: a story has no `title`; add `title: …` [required]"),
        *(
            (
                [f"title:{value}"],
                ":2: `title` is empty; write it behind the colon, in quotes if it begins with # "
                "[required]",
            )
            for value in ("", ' ""', ' "  "', " ~", " #1 in the region")
        ),
        (
            ["title: [a, b]"],
            ":2: expected text, found a list; write one line of text; quote it if need be [type]",
        ),
        (
            ["title: {a: b}"],
            ':2: expected text, found a mapping; quote it: "a: b" [type]',
        ),
        (
            ["title: A", "categories: Feedback, Growth"],
            ":3: expected a list of names, found `Feedback, Growth`; "
            "write `[Feedback, Growth]` [type]",
        ),
        (
            ["title: A", "tags:", "  release: yes"],
            ":4: expected a list of words, found a mapping; write `[…]` [type]",
        ),
        (
            ["title: A", "metrics: 73 → 61 %"],
            ":3: expected a list of numbers, found `73 → 61 %`; write `[73 → 61 %]` [type]",
        ),
        (
            ["title: A", "metrics: [{a: 1, b: 2}]"],
            ":3: expected text, found a mapping; write one line of text; quote it if need be "
            "[type]",
        ),
        (
            ["title: A", "tags: [a, [b]]"],
            ":3: expected text, found a list; write one line of text; quote it if need be [type]",
        ),
        (
            ["title: A", "publsh: true"],
            ":3: unknown key `publsh`; did you mean `publish`? [unknown-key]",
        ),
        (
            ["title: A", "colour: red"],
            ":3: unknown key `colour`; a story may have `title`, `id`, `headline`, `categories`, "
            "`principles`, `questions`, `level`, `tags`, `company`, `date`, `length`, `status`, "
            "`publish`, `metrics`, `cue`, `patterns`, `scope`, `coach` [unknown-key]",
        ),
        (["title: A", '"a\\nb": c'], ":3: unknown key `a b`; a story may have `title`, `id`, "
            "`headline`, `categories`, `principles`, `questions`, `level`, `tags`, `company`, "
            "`date`, `length`, `status`, `publish`, `metrics`, `cue`, `patterns`, `scope`, "
            "`coach` [unknown-key]"),
        *(
            (
                ["title: A", f"publish: {value}"],
                f":3: expected true or false, found {found}; "
                "write it without quotes, in lower case [type]",
            )
            for value, found in [
                ('"true"', '`"true"`'),
                ("'false'", '`"false"`'),
                ("yes", "`yes`"),
                ("True", "`True`"),
                ("1", "`1`"),
                ("[true]", "a list"),
                ("|\n  true", '`"true "`'),
            ]
        ),
        (
            ["title: A", "status: redy"],
            ":3: expected `draft` or `ready` or `resting`, found `redy`; "
            "did you mean `ready`? [type]",
        ),
        (
            ["title: A", "status: done"],
            ":3: expected `draft` or `ready` or `resting`, found `done`; choose one of them [type]",
        ),
        *(
            (
                ["title: A", f"date: {date}"],
                f":3: expected a date, found `{date}`; write it as 2024-03-01 or 2024-03 [type]",
            )
            for date in ("2023-02-29", "2024-13", "0000-01-01", "2024-3-1", "May 2024", "24-03")
        ),
        (
            ["title: A", "id: My Story"],
            ":3: expected an id of lower-case letters, digits and hyphens, found `My Story`; "
            "write `my-story` [type]",
        ),
        (
            ["title: A", "id: ../../up"],
            ":3: expected an id of lower-case letters, digits and hyphens, found `../../up`; "
            "write `up` [type]",
        ),
        (
            ["title: A", "id: 🎯"],
            ":3: expected an id of lower-case letters, digits and hyphens, found `🎯`; "
            "use letters, digits and hyphens [type]",
        ),
        (
            ["title: A", "id: [a]"],
            ":3: expected text, found a list; write one line of text; quote it if need be [type]",
        ),
        (
            ["title: A", f"date: {'x' * 60}"],
            f":3: expected a date, found `{'x' * 60}`; write it as 2024-03-01 or 2024-03 [type]",
        ),
        (
            ["title: A", f"date: {'x' * 61}"],
            f":3: expected a date, found `{'x' * 57}…`; write it as 2024-03-01 or 2024-03 [type]",
        ),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_kind_is_one_line(lines, expected, problems) -> None:
    assert problems(front(*lines)) == [f"{A}{expected}"]


def test_every_fault_of_a_story_is_reported(problems) -> None:
    lines = problems(front("id: A b", "levl: x", "publish: on", "date: May", "cue: x"))
    assert [line.rpartition(" ")[2] for line in lines] == [
        "[required]", "[type]", "[unknown-key]", "[type]", "[type]", "[type]",
    ]  # fmt: skip


def test_the_settings_are_held_to_their_bounds(problems) -> None:
    settings_file = """\
pace: 900
paper: A3
publish: [stories, question]
answer_lengths:
  - {name: Short, seconds: 9}
  - {seconds: 60, situation: -1}
  - 2 minutes
redact:
  - {term: Acme}
"""
    assert problems({"handbook.yml": settings_file}) == [
        f"content/handbook.yml:{line}"
        for line in (
            "1: expected a whole number from 60 to 400, found `900`; "
            "write a number in between, in digits [type]",
            "2: expected `A4` or `Letter` or `A5` or `4x6` or `3x5`, found `A3`; "
            "choose one of them [type]",
            "3: expected `questions` or `guides` or `to-ask` or `coverage` or `practice`, "
            "found `question`; did you mean `questions`? [type]",
            "3: expected `questions` or `guides` or `to-ask` or `coverage` or `practice`, "
            "found `stories`; choose one of them [type]",
            "5: expected a whole number from 10 to 3600, found `9`; "
            "write a number in between, in digits [type]",
            "6: an answer length has no `name`; add `name: …` [required]",
            "6: expected a whole number from 0 to 3600, found `-1`; "
            "write a number in between, in digits [type]",
            "7: expected a mapping for an answer length, found `2 minutes`; "
            "write its keys, such as `name: …` [type]",
            "9: a redaction has no `as`; add `as: …` [required]",
        )
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("question: One?\n", "1: expected a list; begin each entry with `- `"),
        ("One?\n", "1: expected a list; begin each entry with `- `"),
        (
            "- One?\n",
            "1: expected a mapping for a question, found `One?`; "
            "write its keys, such as `question: …`",
        ),
        (
            "- question: One?\n-\n",
            "2: expected a mapping for a question, found nothing; "
            "write its keys, such as `question: …`",
        ),
    ],
)
def test_a_list_of_the_wrong_shape_is_one_line(text, expected, problems) -> None:
    assert problems({"questions.yml": text}) == [f"content/questions.yml:{expected} [type]"]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"handbook.yml": "pace: [140]\n"},
            "handbook.yml:1: expected a whole number from 60 to 400, found a list; "
            "write a number in between, in digits [type]",
        ),
        (
            {"handbook.yml": "pace: fast\n"},
            "handbook.yml:1: expected a whole number from 60 to 400, found `fast`; "
            "write a number in between, in digits [type]",
        ),
        (
            {"handbook.yml": "paper: [A4]\n"},
            "handbook.yml:1: expected `A4` or `Letter` or `A5` or `4x6` or `3x5`, found a list; "
            "choose one of them [type]",
        ),
        (
            {"handbook.yml": "answer_lengths:\n  - {name: A, seconds: 20, lesson: 20}\n"},
            "handbook.yml:2: unknown key `lesson`; an answer length may have `name`, `seconds`, "
            "`situation`, `task`, `action`, `result`, `reflection`, `metrics`, `risk_mitigation`, "
            "`follow_ups`, `weak_answer`, `quiz`, `angles`, `levels` [unknown-key]",
        ),
        *(
            (
                {"handbook.yml": f"base_url: '{address}'\n"},
                f"handbook.yml:1: `{address}` is no address that the site can have: {why}; "
                "write it as https://me.github.io/handbook/ [type]",
            )
            for address, why in {
                "me.github.io": "it does not begin with https:// or http://",
                "/handbook": "it does not begin with https:// or http://",
                "ftp://me.org/": "it does not begin with https:// or http://",
                "https:///b": "it has no host",
                "https://a.b/?c": "what begins with ? or # belongs to no site",
                "https://a.b/#c": "what begins with ? or # belongs to no site",
                "https://[a": "`[a` is no host",
                "https://[::g]/": "`[::g]` is no host",
                "https://a b.org/": "`a b.org` is no host",
                "https://a..org/": "`a..org` is no host",
                "https://-a.org/": "`-a.org` is no host",
                "https://me:pw@a.org/": "it has a user name, which every reader would see",
                "https://a.org:0/": "0 is no port: those are 1 to 65535",
                "https://a.org:70000/": "70000 is no port: those are 1 to 65535",
                "https://a.org:x/": "`a.org:x` is no host",
                "https://a.org/b\\c": "it has a backslash",
                "https://a.org//b/": "it has a folder that is empty, . or ..",
                "https://a.org/b/../c": "it has a folder that is empty, . or ..",
                "https://a.org/%2e%2E/c": "it has a folder that is empty, . or ..",
            }.items()
        ),
        (
            {"handbook.yml": "base_url: [a]\n"},
            "handbook.yml:1: expected text, found a list; "
            "write one line of text; quote it if need be [type]",
        ),
        (
            {"handbook.yml": 'redact: [{term: "***", as: x}]\n'},
            "handbook.yml:1: the term `***` has no letter or digit; "
            "write the name that is not to be read [type]",
        ),
        (
            {"handbook.yml": "redact: [{term: Acme, as: the ACME shop}]\n"},
            "handbook.yml:1: `as` says `Acme` again; say something else there [type]",
        ),
        *(
            (
                {"guides/g.md": GUIDE.replace("\n---", f"\norder: {order}\n---", 1)},
                f"guides/g.md:3: expected a whole number from 0 to 9999, found `{order}`; "
                "write a number in between, in digits [type]",
            )
            for order in ("-1", "10000", "1.5", "first")
        ),
        (
            {"questions.yml": "- question: One?\n  notes: [a]\n"},
            "questions.yml:2: expected text, found a list; "
            "write markdown, such as `notes: |` and lines [type]",
        ),
        (
            {"questions.yml": "- question: One?\n  stories: [{note: Short}]\n"},
            "questions.yml:2: a chosen story has no `story`; add `story: …` [required]",
        ),
        (
            {"to-ask.yml": "- audience: Peers\n  topics:\n    - topic: Work\n"},
            "to-ask.yml:3: a topic has no `questions`; add `questions: …` [required]",
        ),
        (
            {"decks.yml": "- name: First\n"},
            "decks.yml:1: a deck has no `stories`; add `stories: …` [required]",
        ),
        (
            {"synonyms.yml": "- [boss, manager]\n- peer\n"},
            "synonyms.yml:2: expected a list of words, found `peer`; write `[peer]` [type]",
        ),
    ],
)
def test_a_fault_of_any_other_file_is_one_line(files, expected, problems) -> None:
    assert problems(files) == [f"content/{expected}"]


def test_what_is_right_in_those_files_is_read(content) -> None:
    handbook = read(
        {
            "handbook.yml": "pace: 400\npaper: a5\nredact: [{term: Acme, as: an acmeist}]\n"
            "base_url: https://me.org/book\n"
            "answer_lengths: [{name: Long, seconds: 60, situation: 20, risk_mitigation: 40}]\n",
            "guides/g.md": GUIDE.replace("\n---", "\norder: 9999\n---", 1),
            "questions.yml": "- question: One?\n  stories: [a, {story: A, note: Short}, '']\n",
            "to-ask.yml": "- audience: Peers\n  topics: [{topic: Work, questions: [Why?]}]\n",
            "decks.yml": "- {name: First, stories: [a]}\n",
            "synonyms.yml": "- [boss, manager]\n",
            **front(
                "title: A", 'id: ""', "metrics:", "  - 9 → 2 %: errors", '  - "9 → 2 %: errors"'
            ),
        },
        content,
    )
    length = handbook.settings.answer_lengths[0]
    assert (handbook.settings.pace, handbook.settings.paper) == (400, "A5")
    assert [(term.term, term.instead) for term in handbook.settings.redact] == [
        ("Acme", "an acmeist")
    ]
    assert handbook.settings.base_url == "https://me.org/book/"
    assert [(str(kind), seconds) for kind, seconds in length.sections] == [
        ("situation", 20), ("risk-mitigation", 40),
    ]  # fmt: skip
    assert [(chosen.story.to, chosen.note) for chosen in handbook.questions[0].stories] == [
        ("a", ""), ("a", "Short"),
    ]  # fmt: skip
    assert [(topic.topic, topic.questions) for topic in handbook.audiences[0].topics] == [
        ("Work", ("Why?",))
    ]
    assert [ref.to for ref in handbook.decks[0].stories] == ["a"]
    assert handbook.synonyms == (("boss", "manager"),)
    unquoted, quoted = handbook.stories[0].figures
    assert unquoted == quoted
    assert (quoted.before, quoted.label) == ("9", "errors")


def test_half_typed_entries_of_a_list_are_left_out(content) -> None:
    handbook = read(front("title: A", "tags:", "  - a", "  -", '  - ""', "  - ~", "  - b"), content)
    assert handbook.stories[0].tags == ("a", "b")


# Lists, ids and names


def test_a_list_may_be_one_file_or_a_folder_of_either_ending(content) -> None:
    handbook = read(
        {
            "questions.yml": "- question: One?\n",
            "questions/b.yaml": "- question: Three?\n",
            "questions/a.yml": "- question: Two?\n",
            "categories.yaml": "- name: Feedback\n",
        },
        content,
    )
    assert [question.id for question in handbook.questions] == ["one", "two", "three"]
    assert [category.id for category in handbook.categories] == ["feedback"]


def test_numbers_in_file_names_count_as_numbers(content) -> None:
    stories = {f"stories/{name}.md": story(name) for name in ("co-10", "co-2", "co-1", "Co-3", "b")}
    found = read(stories, content).stories
    assert [told.id for told in found] == ["b", "co-1", "co-2", "co-3", "co-10"]


def test_names_of_one_number_have_one_order_too(content) -> None:
    names = [f"co-{'0' * zeros}1" for zeros in range(7, -1, -1)]
    found = read({f"stories/{name}.md": story(name) for name in names}, content).stories
    assert [told.id for told in found] == names


def test_questions_that_begin_alike_get_ids_that_tell_them_apart(content) -> None:
    wordings = [LONG_QUESTION.format(what) for what in ("say no", "say yes", "say no to a friend")]
    listed = "".join(f"- question: {wording}\n" for wording in wordings)
    taken = "- question: Another\n  id: tell-me-about-a-time-when-you-had\n"
    handbook = read({"questions.yml": listed + taken}, content)
    assert [question.id for question in handbook.questions] == [
        "tell-me-about-a-time-when-you-had-to",
        "tell-me-about-a-time-when-you-had-to-say",
        "tell-me-about-a-time-when-you-had-to-say-no",
        "tell-me-about-a-time-when-you-had",
    ]


def test_one_question_asked_twice_is_a_fault(problems) -> None:
    text = f"- question: {LONG_QUESTION}\n" * 2
    assert problems({"questions.yml": text}) == [
        "content/questions.yml:2: the id `tell-me-about-a-time-when-you-had` "
        "is already taken by questions.yml:1; give one of them another `id: …` [duplicate-id]"
    ]


@pytest.mark.parametrize(
    "name", ["growth", "GROWTH", "Getting  better", "MENTORING", "ｇｒｏｗｔｈ"]
)
def test_a_name_is_known_by_id_name_or_alias_in_any_case(name, content) -> None:
    handbook = read(
        {
            "categories.yml": "- {name: Getting better, id: growth, aliases: [Mentoring]}\n",
            **front("title: A", f"categories: [{name}]"),
        },
        content,
    )
    assert [ref.to for ref in handbook.stories[0].categories] == ["growth"]


def test_guides_stand_in_their_order_then_by_title(content) -> None:
    guides = {
        "guides/a.md": GUIDE.replace("A guide", "Zebra"),
        "guides/b.md": GUIDE.replace("A guide", "Second\norder: 2"),
        "guides/c.md": GUIDE.replace("A guide", "First\norder: 1"),
        "guides/d.md": GUIDE.replace("A guide", "Apple"),
        "guides/e.md": GUIDE.replace("A guide", "Yak\norder: 9999"),
    }
    found = [guide.title for guide in read(guides, content).guides]
    assert found == ["First", "Second", "Yak", "Apple", "Zebra"]


@pytest.mark.parametrize(
    ("name", "ident"),
    [
        ("Have Backbone; Disagree", "have-backbone-disagree"),
        ("  What's the boss’s_way? ", "whats-the-bosss-way"),
        ("Überzeugen & Straße, naïve", "uberzeugen-strasse-naive"),
        ("チームをつくる", "チームをつくる"),
        ("テスト・データ", "テスト-データ"),
        ("हिन्दी 2", "हिन्दी-2"),
        ("𝑨 ½ ﬁt", "a-1-2-fit"),
        ("x" * 80, "x" * 80),
        ("x" * 81, "x" * 80),
        (f"{'x' * 39} {'y' * 40}", f"{'x' * 39}-{'y' * 40}"),
        (f"{'x' * 39} {'y' * 41}", "x" * 39),
        ("❤️ 🎯!", ""),
    ],
)
def test_an_id_is_made_of_the_letters_and_digits_of_a_name(name, ident) -> None:
    assert names.slug(name) == ident


@pytest.mark.slow
@given(st.text())
def test_an_id_made_from_a_name_is_one_that_a_person_may_write(text) -> None:
    assert names.slug(names.slug(text)) == names.slug(text)


# Anything at all


def _survives(files: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        _, problems = pipeline.load(Path(folder))
        assert [str(problem) for problem in problems if "\n" in str(problem)] == []


YAML_SIGNS = st.text(st.sampled_from(list(" \n\t-:#'\"[]{}|>&*!?%@`~,.ab1\\")), max_size=60)
KEYS = st.sampled_from(["title", "id", "publish", "metrics", "date", "cue", "status", "categories"])


@pytest.mark.slow
@settings(max_examples=100)
@given(st.one_of(YAML_SIGNS, st.text(max_size=60)), KEYS)
@example("\ud7ff\ue000\x85\u2028", "title")
@example('"\\U00110000"', "title")
@pytest.mark.parametrize("loader", [yaml_nodes.LOADER, yaml.SafeLoader], ids=["libyaml", "PyYAML"])
def test_no_front_matter_raises(loader, text, key) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_nodes, "LOADER", loader)
        lines = f"---\ntitle: A\n{key}: {text}\n---\n\n## Task\n".encode()
        _survives({"stories/a.md": lines, "questions.yml": text.encode()})


@pytest.mark.slow
@settings(max_examples=100)
@given(st.binary(max_size=80), st.sampled_from(["stories/a.md", "handbook.yml", "to-ask.yml"]))
def test_no_bytes_raise(data, name) -> None:
    _survives({name: data, "guides/g.md": b"---\ntitle: G\n---\n" + data})


MARKDOWN = st.lists(
    st.sampled_from([*"#*_`[]()<>!-:| \n\t1.\\~", "## Action", "**Task:**", "> [!PHRASES]"]),
    max_size=40,
).map("".join)


@pytest.mark.slow
@settings(max_examples=100)
@given(MARKDOWN)
def test_no_markdown_raises(text) -> None:
    _survives({"stories/a.md": f"---\ntitle: A\nstatus: ready\n---\n{text}".encode()})
