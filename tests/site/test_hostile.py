"""Whatever lies in the content folder: a right page, or one clear line. Never a crash or a hang."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
import yaml
from conftest import ROOT, examples, story
from editions import PNG, write
from editions import read as read_folder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from starbook.build import pipeline
from starbook.content import yaml_nodes
from starbook.problem import Problem
from starbook.text import names

PATIENCE = 120  # s; tests/benchmarks has the limits of the time that a text may take
OUT = "is a link out of the content folder; copy the file here instead [outside]"
FOLDER = "is a link to a folder, and is not followed; copy the folder here instead [outside]"
NO_LETTER = "its name has no letter; give it an `id: …` [no-id]"


@pytest.fixture
def linked(tmp_path: Path, problems: Callable[..., list[str]]) -> Callable[..., list[str]]:
    """Return a function that checks a folder with a link to a file or folder outside it."""

    def check(name: str, target: str, files: dict[str, str] | None = None) -> list[str]:
        write(tmp_path / "outside", {"b.md": story("B"), "q.yml": "- question: Why?\n"})
        write(tmp_path / "content", {"stories/a.md": story("A")} if files is None else files)
        link = tmp_path / "content" / name
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(target)
        return problems({})

    return check


# Links


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("stories/b.md", "../../outside/b.md"),
        ("guides/b.md", "/etc/passwd"),
        ("templates/b.md", "../../outside/b.md"),
        ("questions.yml", "../outside/q.yml"),
        ("questions/q.yml", "../../outside/q.yml"),
        ("handbook.yml", "../outside/q.yml"),
        ("handbook.yml", "../outside/gone.yml"),
    ],
)
def test_a_link_that_leaves_the_folder_is_not_read(name: str, target: str, linked) -> None:
    assert linked(name, target) == [f"content/{name}: {OUT}"]


def test_a_folder_of_stories_elsewhere_is_not_read(linked) -> None:
    assert linked("stories", "../outside", {"guides/g.md": "---\ntitle: G\n---\n"}) == [
        f"content/stories/b.md: {OUT}"
    ]


@pytest.mark.parametrize("target", [".", "..", "../../content", "../stories"])
def test_a_link_to_a_folder_that_it_lies_in_is_named_and_not_followed(target: str, linked) -> None:
    assert linked("stories/more", target) == [
        "content/stories/more: warning: is a link to a folder that it lies in, and is not "
        "followed; delete the link [outside]"
    ]


@pytest.mark.parametrize("target", ["../../outside", "../gone"])
def test_a_link_to_a_folder_among_the_stories_is_not_followed(target: str, linked) -> None:
    found = linked("stories/more", target)
    assert found == (
        [] if target.endswith("gone") else [f"content/stories/more: warning: {FOLDER}"]
    )


def test_a_link_to_itself_is_one_line(linked) -> None:
    assert linked("stories/b.md", "b.md") == [
        "content/stories/b.md: cannot be read (Too many levels of symbolic links); "
        "check its permissions and, if it is a link, where it leads [unreadable]"
    ]


@pytest.mark.parametrize("name", ["handbook.yml", "questions.yml", "categories.yaml", "stories"])
def test_a_link_that_leads_nowhere_is_one_line(name: str, linked) -> None:
    files = {"guides/g.md": "---\ntitle: G\n---\n"}
    assert linked(name, "gone", files) == [
        f"content/{name}: cannot be read (No such file or directory); "
        "check its permissions and, if it is a link, where it leads [unreadable]"
    ]


def test_a_link_within_the_folder_is_read(linked, tmp_path: Path) -> None:
    assert linked("stories/b.md", "a.md") == [
        "content/stories/b.md:1: warning: has the same title as stories/a.md; "
        "give one of them another title, or delete it [same-title]"
    ]
    handbook, _ = pipeline.load(tmp_path / "content")
    assert [told.id for told in handbook.stories] == ["a", "b"]


# Files that are none


@pytest.mark.parametrize("name", ["stories/x.md", "guides/x.md", "questions.yml", "handbook.yml"])
def test_a_folder_in_the_place_of_a_file_is_one_line(name: str, problems) -> None:
    assert problems({"stories/a.md": story("A"), f"{name}/note.txt": "x"}) == [
        f"content/{name}: is not a file; give it another name, or delete it [unreadable]"
    ]


@pytest.mark.parametrize("name", ["stories", "guides", "questions"])
def test_a_file_in_the_place_of_a_folder_is_one_line(name: str, problems) -> None:
    other = "guides/g.md" if name == "stories" else "stories/a.md"
    assert problems({other: "---\ntitle: A\n---\n", name: "x"}) == [
        f"content/{name}: cannot be read (Not a directory); "
        "check its permissions and, if it is a link, where it leads [unreadable]"
    ]


@pytest.fixture
def locked(
    tmp_path: Path, problems: Callable[..., list[str]]
) -> Iterator[Callable[..., list[str]]]:
    """Return what `check` reports where a file or folder may not be read."""
    closed: list[Path] = []

    def check(name: str) -> list[str]:
        write(tmp_path / "content", {"stories/a.md": story("A"), "guides/in/g.md": "x"})
        closed.append(tmp_path / name)
        closed[0].chmod(0)
        if os.access(closed[0], os.R_OK):
            pytest.skip("permissions do not bind whoever runs this")
        return problems({})

    yield check
    closed[0].chmod(0o755)


DENIED = "cannot be read (Permission denied)"


@pytest.mark.parametrize("name", ["content/stories/a.md", "content/stories", "content/guides/in"])
def test_what_may_not_be_read_is_one_line(name: str, locked) -> None:
    assert f"{name}: {DENIED}; check its permissions and, if it is a link, where it leads " \
        "[unreadable]" in locked(name)  # fmt: skip


def test_a_content_folder_that_may_not_be_read_is_one_line(locked) -> None:
    assert locked("content") == [
        f"content: the content folder {DENIED}; "
        "name the folder that holds your stories/ with --content [no-content]"
    ]


# Names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cafe", "Cafe"),
        ("cafe", "Café"),
        ("cafe", "ｃａｆｅ"),
        ("a b", "a-b"),
        ("cafe", "2024/cafe"),
        ("straße", "STRASSE"),
    ],
)
@pytest.mark.parametrize("folder", ["stories", "guides"])
def test_names_that_would_be_one_page_are_one_line(
    folder: str, one: str, other: str, content, problems
) -> None:
    texts = {name: f"---\ntitle: {title}\n---\n" for name, title in ((one, "A"), (other, "B"))}
    made = content({f"{folder}/{name}.md": text for name, text in texts.items()})
    files = sorted(path.relative_to(made).as_posix() for path in made.rglob("*.md"))
    if len(files) < 2:
        pytest.skip("this file system takes the two names for one")
    (line,) = problems({})
    assert line.endswith("give one of them another `id: …` [duplicate-id]")
    assert {f"{folder}/{one}.md", f"{folder}/{other}.md"} == {
        line.partition(":")[0].removeprefix("content/"),
        line.partition("already taken by ")[2].partition(":")[0],
    }


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ("questions.yml: question", "Café?/cafe!"),
        ("categories.yml: name", "Café/CAFE"),
        ("principles.yml: name", "Café/Cafe\u0301"),
        ("to-ask.yml: audience", "Peers/PEERS"),
    ],
)
def test_entries_that_would_be_one_page_are_one_line(entry: str, what: str, problems) -> None:
    name, key = entry.split(": ")
    more = ", topics: [{topic: x, questions: [y?]}]" if key == "audience" else ""
    text = "".join(f"- {{{key}: {one}{more}}}\n" for one in what.split("/"))
    found = problems({"stories/a.md": story("A"), name: text})
    ident = names.slug(what.split("/", maxsplit=1)[0])
    hint = "another name" if key == "audience" else "another `id: …`"
    said = (
        f"content/{name}:2: the id `{ident}` is already taken by {name}:1; give one of them {hint}"
    )
    assert f"{said} [duplicate-id]" in found


@pytest.mark.parametrize("name", ["🎯", "!!!", "…", "\u0301"])
def test_a_file_whose_name_has_no_letter_is_one_line(name: str, problems) -> None:
    assert problems({f"stories/{name}.md": story("A")}) == [
        f"content/stories/{name}.md:1: {NO_LETTER}"
    ]


def test_an_entry_of_emoji_only_is_one_line(problems) -> None:
    files = {"stories/a.md": story("A"), "questions.yml": "- question: Why?\n- question: 🎯\n",
             "categories.yml": "- name: 🎯\n"}  # fmt: skip
    assert problems(files) == [
        f"content/categories.yml:1: {NO_LETTER}",
        f"content/questions.yml:2: {NO_LETTER}",
    ]


@pytest.mark.parametrize(
    "title", ["🎯", "🎯 🎯", "T" * 300, "word " * 60, "CON", "日本語", "../up", "a/b"]
)
def test_a_story_may_have_any_title(title: str, build) -> None:
    page = build({"stories/a.md": story(f"'{title}'")}) / "stories/a.html"
    assert f"<h1>{' '.join(title.split())}</h1>" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("wording", ["T" * 300, "word " * 60, "𠀀" * 100, "日" * 300, "é" * 300])
def test_a_question_of_any_length_has_a_page(wording: str, build) -> None:
    built = build({"stories/a.md": story("A"), "questions.yml": f"- question: {wording}\n"})
    (page,) = (path for path in (built / "questions").iterdir() if path.name != "index.html")
    assert len(os.fsencode(page.name)) <= 255
    assert f"<h1>{wording.strip()}</h1>" in page.read_text(encoding="utf-8")


@pytest.mark.slow
@given(st.text())
def test_an_id_fits_into_a_file_name_and_is_the_id_of_itself(text: str) -> None:
    ident = names.slug(text)
    assert len(os.fsencode(f"{ident}.html")) < 220
    assert names.slug(ident) == ident


@pytest.mark.parametrize("name", ["con", "PRN", "Aux", "nul", "COM1", "lpt9", "index"])
@pytest.mark.parametrize("folder", ["stories", "guides"])
def test_a_name_that_windows_keeps_for_itself_is_one_line(folder: str, name: str, problems) -> None:
    front, fine = "---\ntitle: A\n---\n", "---\ntitle: Fine\n---\n"
    assert problems({f"{folder}/{name}.md": front, f"{folder}/fine.md": fine}) == [
        f"content/{folder}/{name}.md:1: no page can be named `{name.lower()}`; "
        "give it another `id: …` [no-id]"
    ]


@pytest.mark.parametrize("name", ["con-1", "console", "com10", "lpt", "auxiliary", "com0x"])
def test_a_name_that_only_begins_like_it_is_fine(name: str, problems) -> None:
    assert problems({f"stories/{name}.md": story("A")}) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "shown"), [(b"\xff.md", "\ufffd.md"), (b"a\nb.md", "a\ufffdb.md"), (b"\x1b[31m.md", "\ufffd[31m.md")]  # noqa: E501
)  # fmt: skip
def test_a_file_name_that_cannot_be_printed_is_shown_on_one_line(
    name: bytes, shown: str, content, tmp_path: Path
) -> None:
    folder = content({"stories/a.md": story("A")}) / "stories"
    try:
        Path(os.fsdecode(os.path.join(os.fsencode(folder), name))).write_text("none")  # noqa: PTH118
    except OSError:
        pytest.skip("this file system takes no such name")
    for more, expected in ([], f"content/stories/{shown}:1: error: has no front matter"), (
        ["--format", "json"], f'"path": "content/stories/{shown}"'
    ):  # fmt: skip
        done = _checked(tmp_path, *more)
        assert (done.returncode, done.stderr) == (1, "")
        assert expected in done.stdout


def _checked(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    code = "import sys; from starbook.cli import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.run(
        [sys.executable, "-c", code, "check", "--content", "content", *more],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=20, check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8:strict"},
    )  # fmt: skip


@pytest.mark.parametrize("target", ["a%0Ab.md", "a%1B[31m.md", "a%00.md"])
@pytest.mark.parametrize(("mark", "severity"), [("", "warning: "), ("!", "")])
def test_an_address_that_cannot_be_printed_is_shown_on_one_line(
    mark: str, severity: str, target: str, problems
) -> None:
    (line,) = problems({"stories/a.md": story("A", body=f"\n{mark}[x](<{target}>)\n")})
    assert line.isprintable()
    assert line.startswith(f"content/stories/a.md:22: {severity}the ")


def test_a_problem_never_commands_a_terminal() -> None:
    problem = Problem("a\nb", 1, "says \x1b[2J", "\u2028 \u202e", "x\ud800")
    assert str(problem) == "a\ufffdb:1: error: says \ufffd[2J; \ufffd \ufffd [x\ufffd]"


# Characters


def test_half_a_character_in_bytes_is_one_line(problems) -> None:
    assert problems({"stories/a.md": b"---\ntitle: A \xed\xa0\x80\n---\n"}) == [
        "content/stories/a.md:2: is not UTF-8 (byte 0xed at offset 13); save it as UTF-8 [encoding]"
    ]


@pytest.mark.parametrize("loader", [yaml_nodes.LOADER, yaml.SafeLoader], ids=["libyaml", "PyYAML"])
@pytest.mark.parametrize("escape", ["\\ud800", "\\udfff", "\\uD83C\\uDFAF", "\\U0000d800"])
def test_half_a_character_written_as_an_escape_is_one_line(
    escape: str, loader: Any, problems, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_nodes, "LOADER", loader)
    (line,) = problems({"stories/a.md": f'---\nlevel: x\ntitle: "A {escape}"\n---\n'})
    assert line.startswith("content/stories/a.md:3: ")
    assert line.endswith(" [yaml]")


@pytest.mark.parametrize("key", ["title: A\nheadline", "title"])
def test_a_nul_written_as_an_escape_is_one_line(key: str, problems) -> None:
    lines = 2 + key.count("\n")
    assert problems({"stories/a.md": f'---\n{key}: "a\\0b"\n---\n'}) == [
        f"content/stories/a.md:{lines}: the escape \\u0000 stands for no character of a text; "
        "delete it [yaml]"
    ]


def test_half_a_character_in_markdown_is_shown_as_no_character(build) -> None:
    page = (
        build({"stories/a.md": story("A", body="\n## Own\n\n&#xD800; \\ud800\n")})
        / "stories/a.html"
    )
    assert "<p>\ufffd \\ud800</p>" in page.read_text(encoding="utf-8")


# What a page must not do


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "</script>", "</title>", r"\<!--"])
def test_markup_in_a_field_is_text(text: str, build) -> None:
    shown = text.removeprefix("\\").replace("<", "&lt;").replace(">", "&gt;")
    built = build({"stories/a.md": story(f"'{text}'", body=f"\n## Own\n\n{text}\n\n## {text}\n")})
    page = (built / "stories/a.html").read_text(encoding="utf-8")
    assert f"<h1>{shown}</h1>" in page
    assert f"<p>{shown}</p>" in page
    assert f"<h2>{shown}\n</h2>" in page
    assert text.removeprefix("\\") not in page.partition("<body>")[2]


@pytest.mark.parametrize(
    "target",
    ["javascript:alert(1)", "JaVaScRiPt:x", "//host/x", "blob:null/x", "data:text/html,x",
     "vbscript:x", "file:///etc/passwd", "ftp://host/x"],
)  # fmt: skip
def test_a_link_that_no_page_may_follow_is_text(target: str, build) -> None:
    built = build({"guides/g.md": f"---\ntitle: G\n---\nBefore [x]({target}) after.\n"})
    assert f"<p>Before [x]({target}) after.</p>" in (built / "guides/g.html").read_text()


# Anything at all

WORKER = """
import json, sys, tempfile, traceback
from pathlib import Path
from unicodedata import category
from starbook.build import pipeline
from starbook.build import queries
from starbook.model import Edition
from starbook.pages import routes

LAYOUTS = Path(pipeline.__file__).parents[2] / "layouts"

def read(files):
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data.encode("latin-1"))
        database = pipeline.open_database(Path(folder), LAYOUTS)
        problems = pipeline.examine(database)
        lines = [str(problem) for problem in problems]
        odd = [line for line in lines if {"Cc", "Cs", "Zl", "Zp"} & set(map(category, line))]
        assert odd == []
        for edition in Edition if not any(p.severity == "error" for p in problems) else ():
            if edition is not Edition.PRIVATE:  # that one has been examined
                database = pipeline.open_database(Path(folder), LAYOUTS, edition)
            database.environment.read_layouts()
            context = queries.page_context(database)
            [routes.make_view(context, path) for path in routes.page_paths(context)]

for line in sys.stdin:
    try:
        read(json.loads(line))
        said = ""
    except Exception:
        said = traceback.format_exc()
    print(json.dumps(said), flush=True)
"""


@pytest.fixture(scope="module")
def reader() -> Iterator[Callable[[dict[str, bytes]], None]]:
    """Reads files in a process of its own, which must neither die nor go on for ever."""
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True, encoding="utf-8", env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stdin
    assert process.stdout

    def read(files: dict[str, bytes]) -> None:
        process.stdin.write(json.dumps({n: d.decode("latin-1") for n, d in files.items()}) + "\n")
        process.stdin.flush()
        watchdog = Timer(PATIENCE, process.kill)
        watchdog.start()
        answer = process.stdout.readline()
        watchdog.cancel()
        assert answer, f"the reader died with {process.wait()}"
        assert json.loads(answer) == ""

    yield read
    process.stdin.close()
    process.wait(20)


FILES = read_folder(ROOT / "tests" / "handbook")
PIECES = [
    *(bytes([sign]) for sign in b"\0\t\n\r \"#%&'()*+,-./:;<=>?@[]\\^_`{|}~!"),
    b"---\n", b"\n...\n", b"&a ", b"*a ", b"!!python/object:os.system ", b"<<: ", b"? ", b": ", b"- ",  # noqa: E501
    b"[" * 40, b"{" * 40, b"> " * 200, b"* " * 200, b"`" * 500, b"](" * 200, b"![" * 200, b"*a_ " * 300,  # noqa: E501
    b"|a|\n|-|\n" * 50, b"[a]: b\n" * 50, b"&#x0;", b"\xff\xfe", b"\xc3", b"\xed\xa0\x80",
    "\u2028\ufeff\u202e🎯é".encode(), b"[x](//[)", b"![x](http://[)", b"![](%00)", b"https://[",
    b"> [!NOTE]", b"> [!]", b"**Task:**", b"## Action (9999999999999999 min)", b"[Fill in: ",
    b"1e999 \xe2\x86\x92 -1 %: x", b"publish: true\nstatus: ready\n", b"\n  - \n", b"\n\n\n    ",
]  # fmt: skip
LONGEST = 60_000  # bytes: five parts repeated 150 times each would be more than anyone writes


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, bytes]:
    """The sample, with one of its files torn apart here and there."""
    name = draw(st.sampled_from(sorted(FILES)))
    data = FILES[name]
    for _ in range(draw(st.integers(1, 5))):
        begin = draw(st.integers(0, len(data)))
        end = draw(
            st.integers(begin, min(len(data), begin + 60)) | st.just(begin) | st.just(len(data))
        )
        piece = draw(st.sampled_from(PIECES) | st.binary(max_size=8) | st.just(data[begin:end] * 3))
        data = data[:begin] + piece * draw(st.sampled_from([1, 1, 1, 2, 50])) + data[end:]
        data = data[:LONGEST]
    return FILES | {name: data}


@pytest.mark.slow
@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow])
@given(files=mutated())
def test_no_sample_torn_apart_stops_the_reader(files: dict[str, bytes], reader) -> None:
    reader(files)


@pytest.mark.slow
@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.too_slow])
@given(
    pieces=st.lists(st.sampled_from(PIECES) | st.binary(max_size=9), max_size=40), data=st.data()
)
def test_no_heap_of_signs_stops_the_reader(
    pieces: list[bytes], data: st.DataObject, reader
) -> None:
    heap = b"".join(pieces)
    front = b"---\ntitle: A\nstatus: ready\npublish: true\n---\n" + heap
    name = data.draw(st.sampled_from(["handbook.yml", "questions.yml", "to-ask.yml", "decks.yml"]))
    reader({"stories/a.md": front, "guides/g.md": b"---\ntitle: G\n---\n" + heap, name: heap})


@pytest.mark.slow
@pytest.mark.parametrize(
    "sign",
    ["[", "![", "](", "*", "_", "`", "<", "> ", "- ", "# ", "|", "\\", "&", "~~", "**a ", "*a **b ",
     "[a](b", "![a](<", "[Fill in: ", "a: ", "# q\n", "### q\n\n",
     "<!--", "[^", "www.a.", "a@b.", "http://", "\t", "1. ", "[ ] ", "\u0301"],
)  # fmt: skip
def test_no_long_row_of_one_sign_keeps_the_reader(sign: str, reader) -> None:
    row = sign * (20_000 // len(sign))
    text = f"---\ntitle: A\nstatus: ready\n---\n## Task\n\n{row}\n"
    reader({"stories/a.md": text.encode(), "categories.yml": f"- name: {row}\n".encode()})


@pytest.mark.slow
def test_the_picture_of_a_story_may_be_anything_as_well(reader) -> None:
    text = story("A", body="\n![x](x.png)\n").encode()
    for data in (b"", PNG[:9], PNG[:-1], b"\xff\xd8" * 1000, b"\xff\xd8" + b"\xff" * 100_000):
        reader({"stories/a.md": text, "stories/x.png": data})


def test_the_files_that_are_torn_apart_read_clean_when_whole(content) -> None:
    assert pipeline.load(content(FILES))[1] == ()
