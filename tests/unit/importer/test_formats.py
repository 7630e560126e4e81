"""Formats: each kind of file to its documents of markdown text."""

import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from documents import (
    heading,
    make_comments,
    make_docx,
    make_part,
    make_png,
    make_zip,
    paragraph,
    picture,
    run,
    table,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from starbook.content import images
from starbook.importer.formats import (
    tables,
)
from starbook.importer.formats.reading import Readings, read_all
from starbook.importer.formats.source import Source

Write = Callable[..., Path]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(name: str, data: str | bytes) -> Source:
    """Return the one document of a file with this content."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    readings = read_all([path])
    assert (readings.failures, readings.passed) == ([], [])
    (source,) = readings.sources
    return source


def refusal(name: str, data: str | bytes) -> str:
    """Return why a file cannot be read."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    readings = read_all([path])
    assert readings.sources == []
    return (readings.failures or readings.passed)[0]


def numbered(source: Source) -> list[tuple[int, str]]:
    lines = zip(source.numbers, source.text.split("\n"), strict=True)
    return [(number, line) for number, line in lines if line]


# Tables


def test_a_csv_is_a_table_of_its_rows() -> None:
    source = read(
        "bank.csv",
        'Title,Situation,LP\nThe oven,"It stayed cold,\nall night",Ownership\nThe queue,a|b,\n',
    )
    assert (source.name, source.format) == ("bank", "table")
    assert numbered(source) == [
        (1, "| Title | Situation | LP |"),
        (1, "| --- | --- | --- |"),
        (2, "| The oven | It stayed cold,<br>all night | Ownership |"),
        (3, r"| The queue | a\|b |  |"),
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "Title;Result\nOven, cold;warm, at last\nQueue, long;short\n"),
        ("a.tsv", "Title\tResult\nOven, cold\twarm, at last\nQueue, long\tshort\n"),
        ("a.csv", "sep=;\nTitle;Result\nOven, cold;warm, at last\nQueue, long;short\n"),
        ("a.csv", "\ufeffTitle;Result\r\nOven, cold;warm, at last\r\nQueue, long;short\r\n"),
        ("a.csv", ';;\n;;\nTitle;Result;\nOven, cold;"warm, at last";\nQueue, long;short;\n'),
    ],
)
def test_the_sign_between_cells_is_found_and_what_is_empty_goes(name: str, text: str) -> None:
    assert read(name, text).text.split("\n") == [
        "| Title | Result |",
        "| --- | --- |",
        "| Oven, cold | warm, at last |",
        "| Queue, long | short |",
    ]


def test_a_row_above_the_head_is_the_title_of_the_sheet() -> None:
    source = read("a.csv", "My bank,,\n,,\nTitle,Result,\nOven,warm,\n")
    assert numbered(source) == [
        (1, "# My bank"),
        (3, "| Title | Result |"),
        (3, "| --- | --- |"),
        (4, "| Oven | warm |"),
    ]


def test_questions_in_one_column_are_a_list_unless_the_column_has_a_name() -> None:
    asked = "Tell me about a fire.\nWhy here?\n"
    assert read("a.csv", asked).text == "- Tell me about a fire.\n- Why here?"
    assert read("a.csv", f"Question\n{asked}").text.split("\n")[:2] == ["| Question |", "| --- |"]


def test_a_first_row_that_is_no_head_stays_a_row() -> None:
    source = read("a.csv", "Tell me about a fire.,Ownership\nWhy here?,Thrift\n")
    assert source.text.split("\n")[0] == "|  |  |"
    assert "| Tell me about a fire. | Ownership |" in source.text


def test_a_table_too_large_or_broken_is_refused_by_name() -> None:
    assert refusal("a.csv", "a,b\n" + "x,y\n" * 5_001) == "a.csv has over 5,000 rows; split it"
    assert refusal("a.csv", 'a,b\nc,"d\n') == (
        'a.csv: row 2 opens a quote `"` that is never closed; close it'
    )
    assert refusal("a.org", "| a |\n" * 5_002) == ("a.org has a table of over 5,000 rows; split it")
    assert refusal("a.csv", "x," * 200_001) == "a.csv has over 200,000 cells; delete some columns"


# JSON and YAML


def test_a_json_list_of_objects_is_a_table_with_the_lines_of_its_objects() -> None:
    source = read(
        "a.json",
        '[\n  {"title": "Oven", "action": ["lit it", "fed it"], "minutes": 1.50},\n'
        '  {"title": "Queue",\n   "result": "short", "told": true, "by": null}\n]\n',
    )
    assert numbered(source) == [
        (2, "| title | action | minutes | result | told | by |"),
        (2, "| --- | --- | --- | --- | --- | --- |"),
        (2, "| Oven | lit it<br>fed it | 1.50 |  |  |  |"),
        (3, "| Queue |  |  | short | true |  |"),
    ]


def test_lists_by_name_are_headings_with_tables() -> None:
    source = read(
        "a.yml", "stories:\n- title: Oven\n  result: warm\nquestions:\n- Why here?\n- Why now?\n"
    )
    assert numbered(source) == [
        (1, "## stories"),
        (2, "| title | result |"),
        (2, "| --- | --- |"),
        (2, "| Oven | warm |"),
        (4, "## questions"),
        (5, "- Why here?"),
        (6, "- Why now?"),
    ]


def test_objects_with_lists_of_questions_are_headings() -> None:
    text = json.dumps([{"category": "Care", "questions": ["Why?"]}, {"category": "Thrift"}])
    assert read("a.json", text).text.split("\n") == [
        *("## Care", "", "### questions", "", "- Why?", ""),
        *("## Thrift", ""),
    ]


def test_objects_by_name_keep_their_names() -> None:
    text = json.dumps({"oven": {"situation": "cold"}, "queue": {"situation": "long"}})
    assert read("a.json", text).text.split("\n")[2:] == ["| oven | cold |", "| queue | long |"]


def test_a_key_that_stands_twice_in_json_keeps_both_values() -> None:
    assert "| a<br>b | c |" in read("a.json", '{"x": "a", "x": "b", "y": "c"}').text


def test_json_and_yaml_that_cannot_be_read_say_where() -> None:
    assert refusal("a.json", '[\n{"a": 1,}]').startswith("a.json:2 is no JSON: ")
    assert refusal("a.json", "[" * 100_000) == "a.json is nested over 16 deep; flatten it"
    assert refusal("a.json", '["a"' + ',"a"' * 5_000 + "]") == (
        "a.json has a list of over 5,000 entries; split it"
    )
    assert refusal("a.yml", "a: 1\nb: 'x\n").startswith("a.yml:2: error: YAML is broken")
    assert refusal("a.yml", "a: &x [1]\nb: *x\n").startswith("a.yml:1: error: YAML anchors")


# HTML

PAGE = """<!DOCTYPE html>
<html><head><title>My bank</title><style>
.c1{font-weight:700} .c2{display:none} @media print{.c3{display:none}}
</style><script>var lost = 1;</script></head><body>
<h2>The oven</h2>
<p><span class="c1">Situation:</span> It was
cold.</p>
<p hidden>secret1</p><p style="color: red; display: none">secret2</p><i class="c2">secret3</i>
<p class="c3">Shown.<span aria-hidden="true">secret4</span>
<ol start="3"><li>one<li>two <b>bold</b><ul><li>deep</ul></ol>
<table><caption>Bank</caption><tr><th>Title<th>Result</tr>
<tr><td>Oven<td><p>warm</p><p>at last</p></table>
<details><summary>More</summary><p>Folded.</p></details>
<dl><dt>Task<dd>Mine</dl>
<!-- a note to me --><!--[if IE]>x<![endif]-->
<ul><li><input type="checkbox" checked> done</ul>
<pre>
a
  b
</pre>
<p>&lt;b&gt; __init__ 100 %%</p>
</body></html>
"""


def test_a_page_keeps_its_blocks_and_lines_and_hides_what_browsers_hide() -> None:
    source = read("page.html", PAGE)
    assert numbered(source) == [
        (2, "# My bank"),
        (5, "## The oven"),
        (6, "**Situation:** It was cold."),
        (9, "Shown."),
        (10, "3. one"),
        (10, "4. two **bold**"),
        (10, "   - deep"),
        (11, "Bank"),
        (11, "| Title | Result |"),
        (11, "| --- | --- |"),
        (12, "| Oven | warm<br>at last |"),
        (12, "<details>"),
        (13, "<summary>More</summary>"),
        (13, "Folded."),
        (13, "</details>"),
        (14, "**Task**"),
        (14, "Mine"),
        (16, "- [x] done"),
        (16, "```"),
        (18, "a"),
        (19, "  b"),
        (19, "```"),
        (21, r"\<b> \_\_init\_\_ 100 \%%"),
    ]
    assert source.notes == ("1 comment stays out", "4 hidden elements stay out")


def test_an_export_of_google_docs_has_its_title_bold_text_and_links_but_no_comments() -> None:
    page = (
        "<html><head><style>.c3{font-weight:700}</style></head><body>"
        '<p class="c2 title"><span>My bank</span></p><h2><span class="c3">The oven</span></h2>'
        '<p><span class="c3">Task:</span><span>&nbsp;Mine.</span>'
        '<sup><a href="#cmnt1">[a]</a></sup>'
        ' <a href="https://www.google.com/url?q=https://a.example/b&amp;sa=D">the log</a></p>'
        '<div><p><a href="#cmnt_ref1">[a]</a><span>who is this?</span></p></div></body></html>'
    )
    source = read("a.html", page)
    assert source.text == (
        "# My bank\n\n## The oven\n\n**Task:** Mine. [the log](https://a.example/b)"
    )
    assert source.notes == ("1 comment stays out",)


def test_a_table_for_layout_is_no_table() -> None:
    page = "<table><tr><td><h2>Oven</h2><p>Cold.</p></td><td><table><tr><td>a</table></table>"
    assert read("a.html", page).text.split("\n")[:3] == ["## Oven", "", "Cold."]


def test_a_page_in_a_file_of_another_name_is_a_page() -> None:
    assert read("a.md", "<!doctype html><p>Hello").format == "html"


def test_a_page_too_large_or_deep_is_refused() -> None:
    assert refusal("a.html", "<div>" * 500) == (
        "a.html has HTML that is nested over 100 deep; copy its text into a .md file"
    )
    assert refusal("a.html", "<p>x</p>" * 60_000) == (
        "a.html has 60,000 HTML tags, over 40,000; split it"
    )


# Word

BOLD = "<w:b/>"


def test_a_word_document_keeps_headings_bold_and_tables_with_its_paragraphs() -> None:
    data = make_docx(
        heading("The oven"),
        paragraph(run("Situation:", BOLD), " It was cold."),
        table(("Title", "Result"), ("Oven", "warm")),
    )
    source = read("bank.docx", data)
    assert numbered(source) == [
        (1, "# The oven"),
        (2, "**Situation:** It was cold."),
        (3, "| Title | Result |"),
        (3, "| --- | --- |"),
        (5, "| Oven | warm |"),
    ]
    assert (source.format, source.notes) == ("docx", ())


def test_lists_links_and_footnotes_of_word_are_those_of_markdown() -> None:
    item = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    level = '<w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl>'
    note = f'<w:footnote w:id="2">{paragraph("The log.")}</w:footnote>'
    data = make_docx(
        paragraph("Cold.", '<w:r><w:footnoteReference w:id="2"/></w:r>'),
        *(f"<w:p>{item}{run(text)}</w:p>" for text in ("lit it", "fed it")),
        f'<w:p><w:hyperlink r:id="h">{run("site")}</w:hyperlink></w:p>',
        links={
            "f": ("footnotes", "footnotes.xml"),
            "n": ("numbering", "numbering.xml"),
            "h": ("hyperlink", "https://a.example/"),
        },
        parts={
            "word/footnotes.xml": make_part("footnotes", note),
            "word/numbering.xml": make_part(
                "numbering",
                f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum>'
                '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
            ),
        },
    )
    source = read("a.docx", data)
    assert source.text == (
        "Cold.[^2]\n\n1. lit it\n2. fed it\n\n[site](https://a.example/)\n\n[^2]: The log."
    )
    assert source.notes == ()


def test_what_word_hides_stays_out_with_a_note() -> None:
    deleted = f'<w:del w:id="1">{run("x").replace("w:t", "w:delText")}</w:del>'
    secret = '<w:style w:type="character" w:styleId="Secret"><w:rPr><w:vanish/></w:rPr></w:style>'
    data = make_docx(
        paragraph("Seen. ", run("Hidden1", "<w:vanish/>"), run("Shown", '<w:vanish w:val="0"/>')),
        paragraph(run("Hidden2", '<w:rStyle w:val="Secret"/>'), "Here.", deleted),
        styles=secret,
        parts={"word/comments.xml": make_comments("who is this?", "no")},
    )
    source = read("a.docx", data)
    assert source.text == "Seen. Shown\n\nHere."
    assert source.notes == (
        *("2 hidden texts stay out", "1 deleted text stays out", "2 comments stay out"),
    )


def test_nothing_is_fetched_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **more: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    Path("secret.png").write_bytes(make_png())
    links = {
        "web": ("image", "http://spy.example/x.png"),
        "file": ("image", Path("secret.png").absolute().as_uri()),
        "t": ("attachedTemplate", "http://spy.example/x.dotm"),
    }
    body = [paragraph("Here."), picture("web", "link"), picture("file", "link")]
    source = read("a.docx", make_docx(*body, links=links))
    assert (source.text.split("\n")[0], source.pictures) == ("Here.", ())
    assert source.notes[0].startswith("3 parts outside the file are not fetched: http://spy")


def test_a_picture_in_a_word_document_is_named_by_its_content() -> None:
    data = make_docx(
        paragraph("Here."),
        picture("p"),
        links={"p": ("image", "media/image1.png")},
        parts={"word/media/image1.png": make_png()},
    )
    source = read("a.docx", data)
    name = images.image_name(make_png())
    assert source.text == f"Here.\n\n![[{name}|the race]]"
    assert [(one.name, one.data) for one in source.pictures] == [(name, make_png())]


# They are made when they are needed: some are large.
HOSTILE = {
    "entities": (
        lambda: make_docx(parts={"word/document.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}),
        "a.docx has XML with a DOCTYPE, as no Word document has",
    ),
    "a path that leads out": (
        lambda: make_docx(parts={"../x.xml": "x"}),
        "a.docx has a file named `../x.xml`, which leads out of it; export it again",
    ),
    "a bomb": (
        lambda: make_docx(parts={"word/media/x.png": b"\0" * 90_000_000}),
        "times its size, as no document does",
    ),
    "depth": (
        lambda: make_docx("<w:p>" * 500 + "</w:p>" * 500),
        "a.docx is nested or large (over 100 deep",
    ),
    "no xml": (lambda: make_docx(parts={"word/document.xml": "<w:p"}), "a.docx is damaged ("),
    "another xml": (lambda: make_docx(parts={"word/document.xml": "<a/>"}), "a.docx "),
    "no zip": (lambda: b"hello", "a.docx is no Word document; open it in Word and save it again"),
    "half": (lambda: make_docx(paragraph("a"))[:400], "a.docx is a damaged archive ("),
}


@pytest.mark.parametrize(("make", "message"), HOSTILE.values(), ids=list(HOSTILE))
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_hostile_word_document_is_refused(make: Callable[[], bytes], message: str) -> None:
    assert message in refusal("a.docx", make())


# Org mode


def test_org_mode_becomes_markdown() -> None:
    text = """#+TITLE: My bank
#+STARTUP: overview
# not for others
* TODO [#A] The oven  :fire:team:
:PROPERTIES:
:LP: Ownership
:END:
- Situation :: It was *cold* and /dark/ at 3/4 past.
  + [X] lit it
** Result
SCHEDULED: <2024-01-01>
See [[https://a.example][the log]] and =x=.
| Title | Minutes |
|-------+---------|
| Oven  | 9 |
#+BEGIN_SRC python
* = 1
#+END_SRC
#+begin_quote
Well done.
#+end_quote
"""
    source = read("bank.org", text)
    assert numbered(source) == [
        (1, "# My bank"),
        (4, "## The oven"),
        (4, "Tags: fire, team"),
        (6, "Lp: Ownership"),
        (8, "- **Situation:** It was **cold** and *dark* at 3/4 past."),
        (9, "  - [x] lit it"),
        (10, "### Result"),
        (12, "See [the log](https://a.example) and `x`."),
        (13, "| Title | Minutes |"),
        (13, "| --- | --- |"),
        (15, "| Oven | 9 |"),
        (16, "```python"),
        (17, "* = 1"),
        (18, "```"),
        (20, "> Well done."),
    ]
    assert source.notes == ("1 line of comments stays out",)


# Text


def test_an_indent_in_a_plain_text_is_no_code_and_signs_stay() -> None:
    text = "Oven\n\n    It was cold in __init__.\n\n* lit it\n    * fed it\n\na*b*c ___ _so_ <x>\n"
    assert read("a.txt", text).text.split("\n") == [
        *("Oven", "", r"It was cold in \_\_init\_\_.", ""),
        *("* lit it", "    * fed it", "", r"a\*b\*c ___ _so_ <x>", ""),
    ]


def test_markdown_in_a_plain_text_is_markdown() -> None:
    text = "# Oven\n\n    code\n"
    assert read("a.txt", text).text == text


@pytest.mark.parametrize(
    ("data", "notes"),
    [
        ("Café“".encode("utf-16"), ("it was UTF-16",)),
        ("Where is the café?".encode("utf-16-le"), ("it was UTF-16",)),
        (
            "The café is open".encode("cp1252"),
            ("it was not UTF-8 and was read as Windows-1252; check its accents",),
        ),
        ("\ufeffThe café is open".encode(), ()),
    ],
)
def test_text_in_other_encodings_is_read_with_a_note(data: bytes, notes: tuple[str]) -> None:
    source = read("a.md", data)
    assert "Caf" in source.text or "café" in source.text
    assert source.notes == notes


@pytest.mark.parametrize(
    ("text", "encoding", "language"),
    [
        ("# 面接\n\n自分の強みはなんですか。\n", "cp932", "Japanese"),
        ("# 面试\n\n我的故事是在码头发生的，我们有一条船。\n", "gb18030", "Chinese"),
        ("# 면접\n\n저는 배를 타고 바다에서 일하는 사람입니다.\n", "cp949", "Korean"),
    ],
)
def test_older_encodings_of_asian_languages_are_read_with_a_note(
    text: str, encoding: str, language: str
) -> None:
    source = read("a.md", text.encode(encoding))
    assert source.text == text
    note = f"it was not UTF-8 and was read as {language} in {encoding}; check its letters"
    assert source.notes == (note,)


def test_a_language_that_would_turn_into_nonsense_is_refused() -> None:
    message = refusal("a.md", "Расскажите о пожаре".encode("cp1251"))
    assert message.startswith(
        "a.md:1: error: is not UTF-8 (byte 0xd0 at offset 0); save it as UTF-8"
    )


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.pdf", b"%PDF-1.7", "a.pdf is a PDF; open it in Word"),
        ("a.md", b"%PDF-1.7", "a.md is a PDF; open it in Word"),
        ("a.rtf", b"{\\rtf1 x}", "a.rtf is RTF; open it in Word, LibreOffice or TextEdit and save"),
        ("a.txt", b"{\\rtf1 x}", "a.txt is RTF; open it in Word"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc is a document of old Word; open it"),
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "a.docx is encrypted, or of old",
        ),
        ("a.odt", b"PK\x03\x04", "a.odt is an OpenDocument text; open it in LibreOffice"),
        ("a.pages", b"PK\x03\x04", "a.pages is a Pages document; in Pages, choose File > Export"),
        ("a.xlsx", b"PK\x03\x04", "a.xlsx is a spreadsheet; open it and save each sheet"),
        ("a", make_zip({"xl/workbook.xml": "x"}), "a is a spreadsheet; open it and save each"),
        ("a.docx", make_zip({"xl/workbook.xml": "x"}), "a.docx is a spreadsheet; open it"),
        ("a.adoc", b"= A", "a.adoc is AsciiDoc; save it as markdown"),
        ("a.mp3", b"ID3\x03\0", "a.mp3 is a recording; type the words"),
        ("a.md", b"\x01\0\0\0\0", "a.md is no text; save it as markdown"),
        ("a.csv", b"", "a.csv is empty; name a document with stories or questions"),
    ],
)
def test_what_is_not_read_is_told_by_name_with_what_to_do(
    name: str, data: bytes, message: str
) -> None:
    assert refusal(name, data).startswith(message)


# Pictures


def test_pictures_beside_a_document_come_with_it() -> None:
    Path("img").mkdir()
    Path("img/my oven.png").write_bytes(make_png(1))
    Path("race.png").write_bytes(make_png(2))
    source = read(
        "a.md",
        "![Oven](img/my%20oven.png) ![](<img/my oven.png>) ![[my oven.png|300]] ![[race.png]]\n"
        "`![[race.png]]` ![[Another note]] ![x](https://a.example/b.png)\n\n| a |\n|---|\n"
        "| ![[race.png\\|top]] |\n",
    )
    oven, race = (one.name for one in source.pictures)
    assert (oven[:8], race[:5], oven[-4:]) == ("my-oven-", "race-", ".png")
    assert source.text == (
        f"![[{oven}|Oven]] ![[{oven}]] ![[{oven}]] ![[{race}]]\n"
        "`![[race.png]]` ![[Another note]] ![x](https://a.example/b.png)\n\n| a |\n|---|\n"
        f"| ![[{race}\\|top]] |\n"
    )
    assert source.notes == ()


def test_a_picture_that_is_none_or_lies_outside_stays_out_with_a_note(folder: Path) -> None:
    (folder / "out.png").write_bytes(make_png())
    inner = folder / "in"
    inner.mkdir()
    (inner / "fake.png").write_bytes(b"no picture")
    (inner / "link.png").symlink_to(folder / "out.png")
    (inner / "linked").symlink_to(folder)
    source = read(
        "in/a.md",
        "![up](../out.png) ![](/etc/x.png) ![](fake.png) ![](link.png) ![](linked/out.png) "
        "![[gone.png]]",
    )
    assert source.pictures == ()
    assert source.text == ("up (../out.png) /etc/x.png fake.png link.png linked/out.png gone.png")
    outside = "is outside the folder of the document, and stays out"
    linked = "is a symbolic link, which is not followed"
    assert source.notes == (
        f"the picture `../out.png` {outside}",
        f"the picture `/etc/x.png` {outside}",
        "the picture `fake.png` is neither PNG, JPEG nor WebP, and stays out",
        f"the picture `link.png` {linked}",
        f"the picture `linked/out.png` {linked}",
        "the picture `gone.png` is not beside the document or in a folder below, and stays out",
    )


# Archives and folders

ID = "0123456789abcdef0123456789abcdef"
OVEN = "# The oven\n\nLP: Ownership\nSituation: Cold\n\nIt was cold.\n"
EXPORT = {
    f"Bank {ID}.csv": "Name,LP,Situation\nThe oven,Ownership,Cold\nThe queue,Thrift,Long\n",
    f"Bank {ID}_all.csv": "Name,LP,Situation\nThe oven,Ownership,Cold\nThe queue,Thrift,Long\n",
    f"Bank/The oven {ID}.md": OVEN,
    f"Bank/The queue {ID}.md": "# The queue\n\nLP: Thrift\nSituation: Long\n",
    f"Notes {ID}.md": f"# Notes\n\n[oven](Bank%20{ID}/The%20oven%20{ID}.md)\n\n"
    f"![](Notes%20{ID}/x.png)\n",
    f"Notes {ID}/x.png": make_png(),
    "__MACOSX/._x.md": "x",
    ".DS_Store": "x",
    "cv.pdf": b"%PDF-",
}


def all_in(data: bytes) -> Readings:
    Path("notes.zip").write_bytes(data)
    return read_all([Path("notes.zip")])


@pytest.mark.parametrize("nested", [False, True])
def test_a_notion_export_is_its_pages_with_their_properties(nested: bool) -> None:
    inner = make_zip(EXPORT)
    readings = all_in(make_zip({"Part-1.zip": inner}) if nested else inner)
    shown = "notes.zip: Part-1.zip: " if nested else "notes.zip: "
    table, oven, notes = readings.sources
    assert (table.path, table.name) == (f"{shown}Bank.csv", "Bank")
    assert table.text.split("\n")[2:] == ["| The queue | Thrift | Long |"]
    assert oven.path == f"{shown}Bank/The oven.md"
    assert oven.text == (
        "---\ntitle: The oven\nLP: Ownership\nSituation: Cold\n---\n# The oven\n\nIt was cold.\n"
    )
    assert oven.original_line(8) == 6
    (picture,) = notes.pictures
    assert notes.text == f"# Notes\n\n[oven](Bank/The%20oven.md)\n\n![[{picture.name}]]\n"
    assert readings.failures == []
    assert [line.partition(";")[0] for line in readings.passed] == [f"{shown}cv.pdf is a PDF"]


def test_a_folder_is_read_whole_and_one_bad_file_stops_no_other(folder: Path) -> None:
    for name, data in {
        "b.md": b"# B",
        "a/c.csv": b"Q,A\nx,y\n",
        "d.json": b"{",
        ".e.md": b"x",
    }.items():
        path = folder / "bank" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    readings = read_all([Path("bank"), Path("gone.md")])
    assert [source.path for source in readings.sources] == ["bank/a/c.csv", "bank/b.md"]
    first, second = readings.failures
    assert first.startswith("bank/d.json:1 is no JSON")
    assert second.startswith("gone.md: error: cannot be read (No such")


def encrypted() -> bytes:
    data = bytearray(make_zip({"a.md": "x"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (encrypted, "notes.zip is encrypted; export it without a password"),
        (
            lambda: make_zip({"../a.md": "x"}),
            "notes.zip has a file named `../a.md`, which leads out of it",
        ),
        (
            lambda: make_zip({"/a.md": "x"}),
            "notes.zip has a file named `/a.md`, which leads out of it",
        ),
        (
            lambda: make_zip({f"{i}.md": "x" for i in range(2001)}),
            "notes.zip has 2,001 files, over 2,000;",
        ),
        (
            lambda: make_zip({"a.md": b"x" * 101_000_000}),
            "notes.zip unpacks to 101,000,000 bytes, over",
        ),
        (lambda: make_zip({"a.md": b"x" * 9_000_000}), "notes.zip unpacks to "),
        (lambda: make_zip({"a.png": "x"}), "notes.zip has no document that is read: .md, "),
        (lambda: make_zip({"a.md": "# x"})[:60], "notes.zip is a damaged archive ("),
        (
            lambda: make_zip(
                {"b.zip": make_zip({"c.zip": make_zip({"d.zip": make_zip({"e.md": "x"})})})}
            ),
            "notes.zip: b.zip: c.zip is an archive in an archive in an archive; unpack it",
        ),
    ],
)
def test_a_hostile_archive_is_refused(make: Callable[[], bytes], message: str) -> None:
    readings = all_in(make())
    assert readings.sources == []
    assert readings.failures[0].startswith(message)


# Any text at all

SIGNS = st.text(
    st.sampled_from("ab \n\t|,;\"'*_/=~<>[]{}()#:-%!&\\`\r\0\x1e\x1f\u2028\U0010fe00\U0010fe01é"),
    max_size=200,
)
TAGS = st.lists(
    st.sampled_from(
        "<p> <li> <ul> <ol> </ul> <table> <tr> <td> </td> <th> </table> <b> </b> <pre> </pre> <br> "
        "<details> <summary> </details> <dl> <dt> <dd> <h1> </h1> <a href=x> </a> <img src=x.png> "
        "<!-- --> <script> </script> <style> <title> </title> <input> <span hidden> </span>".split()
    )
    | st.text(max_size=8),
    max_size=30,
).map("".join)


@pytest.mark.slow
@settings(max_examples=100, suppress_health_check=list(HealthCheck), deadline=None)
@given(
    text=SIGNS | TAGS,
    name=st.sampled_from("a.md a.txt a.csv a.tsv a.json a.yml a.org a.html".split()),
)
def test_any_text_is_read_or_refused_and_each_line_has_a_number(text: str, name: str) -> None:
    Path(name).write_bytes(text.encode("utf-8", "replace"))
    readings = read_all([Path(name)])
    assert len(readings.sources) + len(readings.failures) == 1
    for source in readings.sources:
        assert len(source.numbers) == source.text.count("\n") + 1
        assert all(1 <= n <= text.count("\n") + text.count("\r") + 2 for n in source.numbers)


@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(words=st.lists(st.text(st.sampled_from("ab<>&|*_%`#\n "), max_size=12), max_size=12))
def test_any_table_keeps_its_words(words: list[str]) -> None:
    rows = [tables.make_row(i, ["x", word]) for i, word in enumerate(words, 1)]
    written = (
        "".join(line for _, line in tables.to_lines(rows)).replace("<br>", "").replace("\\", "")
    )
    for word in words:
        assert "".join(word.split()) in "".join(written.split())


@pytest.mark.slow
@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(cut=st.integers(0, 2000), flips=st.lists(st.integers(0, 2000), max_size=4))
def test_a_damaged_archive_or_word_document_is_read_or_refused(cut: int, flips: list[int]) -> None:
    for name, whole in (
        ("a.docx", make_docx(paragraph("a"), table(("b", "c")))),
        ("a.zip", make_zip(EXPORT)),
    ):
        data = bytearray(whole[: len(whole) - cut // 4])
        for flip in flips:
            if data:
                data[flip % len(data)] ^= 0x55
        Path(name).write_bytes(bytes(data))
        readings = read_all([Path(name)])
        assert readings.sources or readings.failures


OTHER_NAMES = [
    pytest.param(name, marks=pytest.mark.slow)
    for name in ("a.txt", "a.org", "a.csv", "a.html", "a.json")
]


@pytest.mark.parametrize(
    "sign",
    [
        *"|*_/=~<>[]{}()#:-%!&\\`\"' ,;\t\na",
        "![",
        "[[",
        "![[a",
        "<img ",
        "- ",
        " :",
        "%%",
        "<!--",
        ":a",
        "__a",
        "a*",
        '"a',
        "](",
    ],
)
@pytest.mark.parametrize("name", ["a.md", *OTHER_NAMES])
def test_a_long_row_of_one_sign_ends(sign: str, name: str) -> None:
    Path(name).write_text("x " + sign * (20_000 // len(sign)), encoding="utf-8")
    readings = read_all([Path(name)])
    assert len(readings.sources) + len(readings.failures) == 1
