"""Footnotes: numbered on their page, with ways back, and off what is spoken or printed small."""

import html
import re
from pathlib import Path

import pytest
from conftest import story
from editions import document, site_of
from hypothesis import example, given, settings
from hypothesis import strategies as st

from starbook.content import markdown, sections
from starbook.model import Kind, Link, Prose
from starbook.problem import Report
from starbook.text.vocabulary import load

BACK = '<a href="[#{}]" class="back" aria-label="Back to the text">\u21a9\ufe0e</a>'


def shown(prose: Prose) -> str:
    return "".join(p if isinstance(p, str) else f"[{p.target}]" for p in prose.parts)


def rendered(text: str) -> tuple[str, list[str]]:
    report = Report("f.md", [])
    prose = markdown.render(markdown.parse(text, 1, report))
    return shown(prose), [str(problem) for problem in report.problems]


def test_a_note_stands_at_the_end_with_its_number_and_a_way_back() -> None:
    page, problems = rendered("It fell to 4.[^src]\n\n[^src]: The *weekly* count.\n\nThe end.")
    assert page == (
        '<p>It fell to 4.<sup class="ref"><a href="[#fn_1]" id="fnref_1">1</a></sup></p>\n'
        "<p>The end.</p>\n"
        '<ol class="footnotes">\n'
        f'<li id="fn_1"><p>The <em>weekly</em> count. {BACK.format("fnref_1")}</p>\n</li>\n</ol>\n'
    )
    assert problems == []


def test_notes_are_numbered_as_the_text_refers_to_them_and_each_reference_is_led_back_to() -> None:
    page, _ = rendered("A[^b], b[^a], c[^B].\n\n[^a]: First.\n[^b]: Second; see [^c].\n[^c]: C.\n")
    assert re.findall(r'id="(fnref_\w+)">(\d)<', page) == [
        ("fnref_1", "1"), ("fnref_2", "2"), ("fnref_1_2", "1"), ("fnref_3", "3"),
    ]  # fmt: skip
    notes = re.findall(r'<li id="(fn_\d)"><p>(\w+)', page)
    assert notes == [("fn_1", "Second"), ("fn_2", "First"), ("fn_3", "C")]
    assert re.findall(r"\[#(fnref_\w+)\]", page) == ["fnref_1", "fnref_1_2", "fnref_2", "fnref_3"]


def test_a_note_may_have_several_blocks() -> None:
    page, _ = rendered("A.[^1]\n\n[^1]: One.\n\n    Two.\n\n    - three\n\nAfter.")
    assert f"<li>three</li>\n</ul>\n {BACK.format('fnref_1')}</li>" in page
    assert page.index("<p>After.</p>") < page.index("<p>One.</p>") < page.index("<p>Two.</p>")


@pytest.mark.parametrize(
    ("text", "page", "problem"),
    [
        (
            "It held.[^gone] So did I.[^gone]",
            "<p>It held.[^gone] So did I.[^gone]</p>\n",
            "f.md:1: warning: no footnote is named `[^gone]`, so it is shown as text; "
            "add a paragraph `[^gone]: …` [footnote]",
        ),
        (
            "Ja.\n\n[^Übrig]: Das *Blatt*.\n",
            "<p>Ja.</p>\n<p>[^Übrig]: Das <em>Blatt</em>.</p>\n",
            "f.md:3: warning: nothing refers to the footnote `[^Übrig]`, so it is shown as text; "
            "write `[^Übrig]` where it belongs [footnote]",
        ),
        (
            "Text.\n\n[^7]:\n\n    ```\n    code\n    ```\n",
            '<p>Text.</p>\n<p>[^7]: </p>\n<pre tabindex="0"><code>code\n</code></pre>\n',
            "f.md:3: warning: nothing refers to the footnote `[^7]`, so it is shown as text; "
            "write `[^7]` where it belongs [footnote]",
        ),
    ],
)
def test_half_a_footnote_is_shown_as_it_was_written(text: str, page: str, problem: str) -> None:
    assert rendered(text) == (page, [problem])


def test_of_two_notes_with_one_name_the_first_counts() -> None:
    page, problems = rendered("A[^1].\n\n[^1]: one\n\n[^1]: two\n")
    assert "<p>[^1]: two</p>" in page
    assert '<li id="fn_1"><p>one ' in page
    assert problems == [
        "f.md:5: warning: there are two footnotes `[^1]`, and this one is shown as text; "
        "give one of them another name [footnote]"
    ]


def test_code_has_no_footnotes() -> None:
    assert rendered("`a[^1]`\n\n```\n[^1]: x\n```") == (
        '<p><code>a[^1]</code></p>\n<pre tabindex="0"><code>[^1]: x\n</code></pre>\n',
        [],
    )


# A story


BODY = """
## Situation

The mill stood still.[^when]

## Task

Mine.

## Action

1. I oiled it.[^oil]

> [!PHRASES]
> "it sang"[^when]

## Result

From 9 to 2 stops.[^oil]

[^when]: In the spring of the flood.

## Reflection

More oil.[^flax]

[^oil]: Linseed, from [the other story](b.md).
[^flax]: Not flaxseed.
"""


def test_notes_of_all_sections_are_the_last_section_whatever_section_defines_them() -> None:
    _, found = sections.parse(BODY, 1, "A story", load())
    assert found[-1].kind is Kind.FOOTNOTES
    assert found[-1].body.text == (
        "In the spring of the flood.\nLinseed, from the other story.\nNot flaxseed.\n"
    )
    assert [part.body.text for part in found if part.kind is Kind.RESULT] == [
        "From 9 to 2 stops.\n"
    ]
    links = [part.target for part in found[-1].body.parts if isinstance(part, Link)]
    assert links == ["#fnref_1", "#fnref_1_2", "b.md", "#fnref_2", "#fnref_2_2", "#fnref_3"]


def test_a_reference_in_a_heading_has_no_way_back_since_no_page_shows_it() -> None:
    _, found = sections.parse("## Result[^1]\n\nFine.\n\n[^1]: Really.\n", 1, "A story", load())
    assert [(part.heading, part.id) for part in found] == [
        ("Result", "result"), ("Footnotes", "footnotes"),
    ]  # fmt: skip
    assert "<p>Really.</p>" in shown(found[1].body)


def files(**front: object) -> dict[str, str]:
    return {
        "stories/a.md": document(BODY, title="The mill", status="ready", publish=True, **front),
        "stories/b.md": document("## Situation\n\nX.\n", title="Other"),
        "guides/g.md": document("- [ ] Oil[^1]\n\n[^1]: Linseed.\n", title="G"),
        "questions.yml": "- question: Why?\n  notes: |\n    So.[^1]\n\n    [^1]: Or so.\n",
    }


def test_pages_show_notes_and_every_id_once(build) -> None:
    site: Path = build(files())
    page = (site / "stories/a.html").read_text()
    assert '<section class="section plain" id="footnotes">' in page
    assert page.count('<a href="#fn_1"') == 2
    assert page.count('href="#fnref_1"') == page.count('href="#fnref_1_2"') == 1
    for path in ("stories/a.html", "guides/g.html", "questions/why.html", "cards.html"):
        text = (site / path).read_text()
        ids = re.findall(r' id="([^"]*)"', text)
        assert len(ids) == len(set(ids)), path
        assert ('id="fn_1"' in text) == (path != "cards.html"), path


def test_nothing_of_a_note_is_spoken_printed_on_a_card_or_quoted(build) -> None:
    site: Path = build(files())
    cards = html.unescape(re.sub(r"<[^>]*>", "", (site / "cards.html").read_text()))
    assert "From 9 to 2 stops." in cards
    for word in ("spring", "Linseed", "flaxseed", "[^", "stops.1", "stops.2", "Oil1"):
        assert word not in cards
    spoken = "The mill stood still. Mine. I oiled it. From 9 to 2 stops. More oil."
    seconds = round(len(spoken.split()) * 60 / 140)
    assert f"Speaking time 0:{seconds:02d}" in (site / "stories/a.html").read_text()


def test_ask_finds_words_of_notes_and_shows_no_marks(build) -> None:
    site: Path = build(files())
    index = (site / "search-index.js").read_text()
    texts = "".join(path.read_text() for path in (site / "search-texts").iterdir())
    assert "flaxseed" in index
    assert '["","Footnotes","In the spring of the flood.' in texts
    _, _, words = index.partition("\n")  # the first line is the same for every handbook
    assert "[^" not in words + texts


def test_terms_in_notes_and_across_references_are_redacted() -> None:
    text = BODY.replace("The mill", "The Grey[^when] Mill").replace("flood", "Grey Mill")
    text = text.replace("[the other story](b.md)", "a friend")
    site = site_of(
        {
            "handbook.yml": "redact:\n  - {term: Grey Mill, as: big mill}\n",
            "stories/a.md": document(text, title="T", status="ready", publish=True),
        }
    )
    page = site["stories/a.html"].decode()
    number = '<sup class="ref"><a href="#fn_1" id="fnref_1">1</a></sup>'
    assert f"The big mill{number} stood still." in page
    assert "In the spring of the big mill." in page
    assert not any(re.search(rb"grey.{0,9}mill", data, re.IGNORECASE) for data in site.values())


def test_a_link_in_a_note_is_checked_like_any_other(problems) -> None:
    body = BODY.replace("(b.md)", "(c.md)")
    found = problems({"stories/a.md": document(body, title="A"), "stories/b.md": story("B")})
    assert found == [
        "content/stories/a.md:31: warning: the link to `c.md` leads nowhere, and its words stay; "
        "link to a file in stories/ or guides/ [dead-link]"
    ]


_PIECES = [
    "[^1]", "[^b]", "[^ b]", "[^", "]:", "[^1]: x", "[^b]: y[^1]", "- ", "> ", "    ", "\n", "\n\n",
    "word", "`",
]  # fmt: skip


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=20).map("".join))
@example("[^1]: x\n    [^1]: x")
@example("[^ b]: word")
@example("```[^1]: x")
def test_no_word_is_lost_and_every_link_has_its_end(text: str) -> None:
    page, _ = rendered(text)
    ids = re.findall(r' id="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="\[#([^"]*)\]"', page)) <= set(ids)
    blocks = markdown.parse(text)
    # What stands behind the opening of a fence names a language, and is no text.
    kept = [token.info for block in blocks for token in block.tokens]
    kept.append(markdown.render(blocks).text)
    for word in ("word", "x", "y"):
        assert " ".join(kept).count(word) == text.count(word)
