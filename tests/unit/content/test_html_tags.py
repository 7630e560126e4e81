"""HTML in markdown: a few tags are rendered, and nothing else can come of what is written."""

import re
from html.parser import HTMLParser

import pytest
from conftest import story
from editions import document, site_of
from hypothesis import example, given, settings
from hypothesis import strategies as st

from starbook.content import markdown, sections
from starbook.model import Link
from starbook.problem import Report
from starbook.text.vocabulary import load

UNKNOWN = (
    "write code between backticks; of HTML only `<br>`, `<kbd>`, `<sub>`, `<sup>`, `<details>` "
    "and `<summary>` are used [html]"
)
ATTRIBUTE = "take it out: no tag may have one but `<details open>` [html]"
UNPAIRED = "begin and end it in the same paragraph [html]"
UNPLACED = "`<details>` ends in the section in which it begins, and `<summary>` opens it [html]"


def rendered(text: str) -> tuple[str, list[str]]:
    report = Report("f.md", [])
    prose = markdown.render(markdown.parse(text, 1, report))
    parts = (part if isinstance(part, str) else part.target for part in prose.parts)
    return "".join(parts).strip(), [str(problem) for problem in report.problems]


def plain(text: str) -> str:
    return markdown.render(markdown.parse(text)).text


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("a<br>b<br/>c<BR />d", "<p>a<br />\nb<br />\nc<br />\nd</p>"),
        (
            "press <kbd>Esc</kbd> or <KBD>Strg</Kbd>",
            "<p>press <kbd>Esc</kbd> or <kbd>Strg</kbd></p>",
        ),
        ("CO<sub>2</sub>, m<sup>2</sup>", "<p>CO<sub>2</sub>, m<sup>2</sup></p>"),
        ("**<kbd>a *b*</kbd>**", "<p><strong><kbd>a <em>b</em></kbd></strong></p>"),
        ("<sup>a<sub>b</sub></sup>", "<p><sup>a<sub>b</sub></sup></p>"),
        ("[x <sub>y</sub>](z.md)", '<p><a href="z.md">x <sub>y</sub></a></p>'),
        ("# H<sub>2</sub>", '<h3 id="h2">H<sub>2</sub></h3>'),
        ("`<br>` and \\<br>", "<p><code>&lt;br&gt;</code> and &lt;br&gt;</p>"),
        ("```\n<kbd>\n```", '<pre tabindex="0"><code>&lt;kbd&gt;\n</code></pre>'),
    ],
)
def test_tags_in_a_line_are_rendered(text: str, page: str) -> None:
    assert rendered(text) == (page, [])


def test_cells_may_have_lines() -> None:
    page, problems = rendered("| a |\n|---|\n| one<br>two |\n")
    assert "<td>one<br />\ntwo</td>" in page
    assert problems == []


@pytest.mark.parametrize(
    ("text", "page", "problem"),
    [
        ("<div>x", "<p>&lt;div&gt;x</p>", f"1: warning: `<div>` is shown as text; {UNKNOWN}"),
        (
            "a\n</span>",
            "<p>a\n&lt;/span&gt;</p>",
            f"2: warning: `</span>` is shown as text; {UNKNOWN}",
        ),
        (
            "<Foo-Bar x=1>",
            "<p>&lt;Foo-Bar x=1&gt;</p>",
            f"1: warning: `<foo-bar>` is shown as text; {UNKNOWN}",
        ),
        (
            "<kbd class=k>x",
            "<p>&lt;kbd class=k&gt;x</p>",
            f"1: warning: `<kbd …>` has an attribute and is shown as text; {ATTRIBUTE}",
        ),
        (
            '<details open onclick="x">',
            "<p>&lt;details open onclick=&quot;x&quot;&gt;</p>",
            f"1: warning: `<details …>` has an attribute and is shown as text; {ATTRIBUTE}",
        ),
        (
            "<sub>never\n\nclosed",
            "<p>&lt;sub&gt;never</p>\n<p>closed</p>",
            f"1: warning: `<sub>` has no matching tag here and is shown as text; {UNPAIRED}",
        ),
        (
            "never\nopened</sup>",
            "<p>never\nopened&lt;/sup&gt;</p>",
            f"2: warning: `</sup>` has no matching tag here and is shown as text; {UNPAIRED}",
        ),
        (
            "x\n\n<details>\n\ny",
            "<p>x</p>\n<p>&lt;details&gt;</p>\n<p>y</p>",
            f"3: warning: `<details>` has no matching tag here and is shown as text; {UNPLACED}",
        ),
        (
            "<summary>alone</summary>",
            "<p>&lt;summary&gt;alone&lt;/summary&gt;</p>",
            f"1: warning: `<summary>` has no matching tag here and is shown as text; {UNPLACED}",
        ),
    ],
)
def test_any_other_tag_is_shown_as_text_with_a_warning(text: str, page: str, problem: str) -> None:
    shown, problems = rendered(text)
    assert shown == page
    assert problems[0] == f"f.md:{problem}"


def test_a_tag_is_named_once_in_a_file_with_its_first_line(problems) -> None:
    body = "\n## Notes\n\n<u>a</u> and\n<u>b</u> and <font>\n\n`<u>`\n"
    assert problems({"stories/a.md": story(body=body)}) == [
        f"content/stories/a.md:24: warning: `</u>` is shown as text; {UNKNOWN}",
        f"content/stories/a.md:24: warning: `<u>` is shown as text; {UNKNOWN}",
        f"content/stories/a.md:25: warning: `<font>` is shown as text; {UNKNOWN}",
    ]


@pytest.mark.parametrize(
    "text",
    ["a < b > c", "1 <2> 3", "<3", "x<-y", "<https://a.example>", "<me@a.example>", "&lt;b&gt;"],
)
def test_what_is_no_tag_gives_no_warning(text: str) -> None:
    assert rendered(text)[1] == []


def test_tags_never_cross_other_markup() -> None:
    assert rendered("*<kbd>a*</kbd>")[0] == "<p><em>&lt;kbd&gt;a</em>&lt;/kbd&gt;</p>"
    assert rendered("<sub>a <sup>b</sub> c</sup>")[0] == (
        "<p>&lt;sub&gt;a <sup>b&lt;/sub&gt; c</sup></p>"
    )


# Details


FOLD = "<details>\n<summary>The *numbers*</summary>\n\n- 4\n- 9\n\n</details>"


@pytest.mark.parametrize(
    ("text", "page"),
    [
        (
            FOLD,
            "<details>\n<summary>The <em>numbers</em></summary>\n"
            "<ul>\n<li>4</li>\n<li>9</li>\n</ul>\n</details>",
        ),
        (
            "<DETAILS OPEN><summary>A</summary>b *c*</DETAILS>",
            "<details open>\n<summary>A</summary>\n<p>b <em>c</em></p>\n</details>",
        ),
        ('<details open="">\nb\n</details>', "<details open>\n<p>b</p>\n</details>"),
        (
            "before <details>\n\n```\n</details>\n```\n\n</details> after",
            '<p>before</p>\n<details>\n<pre tabindex="0"><code>&lt;/details&gt;\n</code></pre>\n'
            "</details>\n<p>after</p>",
        ),
        (
            "<details><summary>A</summary>\n\n<details><summary>B</summary>c</details>\n\n</details>",
            "<details>\n<summary>A</summary>\n<details>\n<summary>B</summary>\n<p>c</p>\n</details>\n"
            "</details>",
        ),
        (
            "> <details>\n>\n> a\n>\n> </details>",
            "<blockquote>\n<details>\n<p>a</p>\n</details>\n</blockquote>",
        ),
        (
            "> <details>\n\n</details>",
            "<blockquote>\n<p>&lt;details&gt;</p>\n</blockquote>\n<p>&lt;/details&gt;</p>",
        ),
    ],
)
def test_details_fold_blocks_of_markdown(text: str, page: str) -> None:
    assert rendered(text)[0] == page


def test_links_in_details_keep_their_lines() -> None:
    text = "<details>\n<summary>[a](1.md)</summary>\n[b](2.md)\n[c](3.md)\n\n[d](6.md)\n</details>"
    parts = markdown.render(markdown.parse(text)).parts
    links = [(part.target, part.line) for part in parts if isinstance(part, Link)]
    assert links == [("1.md", 2), ("2.md", 3), ("3.md", 4), ("6.md", 6)]


def test_details_stay_within_their_section() -> None:
    text = f"## Action\n\n{FOLD}\n\n<details>\n\n## Result\n\nFine.\n\n</details>\n"
    report = Report("f.md", [])
    _, (action, result) = sections.parse(text, 1, "A story", load(), report)
    assert action.body.text == "The numbers\n4\n9\n<details>\n"
    assert result.body.text == "Fine.\n</details>\n"
    assert [str(problem) for problem in report.problems] == [
        f"f.md:11: warning: `<details>` has no matching tag here and is shown as text; {UNPLACED}",
        f"f.md:17: warning: `</details>` has no matching tag here and is shown as text; {UNPLACED}",
    ]


def test_a_section_may_have_headings_of_its_own_in_details_and_so_may_a_guide() -> None:
    inner = "<details>\n\n### How I counted\n\nBy hand.\n\n</details>\n"
    _, (action,) = sections.parse(f"## Action\n\n{inner}", 1, "A story", load())
    assert '<h3 id="how-i-counted">' in str(action.body.parts[0])
    page, problems = rendered(inner.replace("###", "#"))
    assert page.startswith("<details>\n<h3 id=")
    assert problems == []


# Where the words go


def test_plain_words_have_no_tags_and_keep_exponents() -> None:
    assert plain("2<sup>10</sup> steps<br>CO<sub>2</sub> <kbd>Esc</kbd>") == "2¹⁰ steps\nCO2 Esc\n"
    assert plain(FOLD) == "The numbers\n4\n9\n"


def test_cards_lie_open_and_ask_shows_no_tags(build) -> None:
    body = f"\n## Numbers\n\nIt<br>fell. <kbd>Esc</kbd>\n\n{FOLD}\n"
    site = build({"stories/a.md": story(body=body)})
    cards = (site / "cards.html").read_text()
    assert "<details open>\n<summary>The <em>numbers</em></summary>" in cards
    texts = "".join(path.read_text() for path in (site / "search-texts").iterdir())
    assert "It\\nfell. Esc\\nThe numbers\\n4\\n9" in texts
    assert not re.search(r"<|&lt;", texts + (site / "search-index.js").read_text())


def test_terms_are_redacted_in_and_across_tags_and_secrets_found() -> None:
    body = "## Situation\n\nGrey<br>Mill and G<sub>rey</sub> Mill.\n\n" + FOLD.replace(
        "4", "Grey Mill"
    )
    body += "".join(f"\n\n## {part}\n\nX.\n" for part in ("Task", "Action", "Result"))
    site = site_of(
        {
            "handbook.yml": "redact:\n  - {term: Grey Mill, as: big mill}\n",
            "stories/a.md": document(body, title="T", status="ready", publish=True),
        }
    )
    page = site["stories/a.html"].decode()
    assert "<p>big mill<br />" in page
    assert "<li>big mill</li>" in page
    for data in site.values():
        assert not re.search(rb"grey.{0,9}mill", data, re.IGNORECASE)


# Whatever is written


class Nesting(HTMLParser):
    """The elements of rendered prose, each closed where it was opened."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attrs)))
        if tag not in ("br", "img", "hr", "input"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


_PIECES = [
    "<kbd>", "</kbd>", "<sub>", "</sub>", "<SUP>", "</sup>", "<br>", "<details>", "<details open>",
    "</details>", "<summary>", "</summary>", "<details open x>", "<kbd onclick=x>", "<b>", "*",
    "**", "`", "[", "](a.md)", "\n", "\n\n", "> ", "- ", "# ", "    ", "| a |\n|---|\n| ", "[^1]",
    "\n\n[^1]: ", "[[a]]", "![[b.png]]", "word", "&", '"', "<", ">", "~~",
]  # fmt: skip
_BLOCKS = ["\n\n", "word ", "- ", "> "]
_ALLOWED = {
    **dict.fromkeys("kbd sub br hr summary p em strong s ul blockquote".split(), ()),
    **dict.fromkeys("table thead tbody tr th td sup".split(), ()),
}
_ATTRIBUTES = {
    "details": {(), ("open",)},
    "sup": {(), ("class",)},
    "a": {("href",), ("href", "id"), ("href", "class", "aria-label")},
    "img": {("src", "alt", "loading")},
    "h3": {("id",)},
    "code": {(), ("class",)},
    "pre": {("tabindex",)},
    "div": {("class", "tabindex")},
    "ol": {("class",), ()},
    "li": {(), ("id",)},
}


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=25).map("".join))
@example("<details>\n\n> </details>\n\n<summary>\n</details>")
@example("<kbd>*a</kbd>* <sub>**b</sub>**")
@example("<details><summary><details></summary></details></details>")
def test_no_writing_makes_another_element_or_attribute_or_crosses_one(text: str) -> None:
    page, _ = rendered(text)
    parsed = Nesting(page)
    assert parsed.open == []
    for tag, attributes in parsed.found:
        assert attributes in _ATTRIBUTES.get(tag, {_ALLOWED.get(tag)}), (tag, attributes)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*_PIECES[:14], *_BLOCKS]), max_size=20).map("".join))
def test_no_word_is_lost_between_tags(text: str) -> None:
    assert plain(text).count("word") == text.count("word")
