"""Cutting a text for a card: at the end of a sentence, or of its first clause."""

import re
from html import escape, unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starbook.content.markdown import parse, render
from starbook.text.sentences import (
    first_clause,
    shorten,
    shorten_html,
    split,
    split_html,
    wrap_sentences,
)

PIECES = st.lists(
    st.sampled_from(
        'I went|to 4.1|from 3.2|. |, |! | “so” | (x. |) |"|e.g. |<b>|</i>|&|。|他| — |- item\n|\n\n'
        "|**bold. Move** |`a. B` ".split("|")
    )
)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("I went. He came! Who? Nobody…", ["I went.", "He came!", "Who?", "Nobody…"]),
        ("It fell to 4.1 from 5. Then it rose.", ["It fell to 4.1 from 5.", "Then it rose."]),
        ("I asked Dr. Smith, e.g. Alice. He knew.", ["I asked Dr. Smith, e.g. Alice.", "He knew."]),
        ("He said “Stop. Now.” and left. I sat.", ["He said “Stop. Now.” and left.", "I sat."]),
        ('"Wait. Do not pay." That was all.', ['"Wait. Do not pay."', "That was all."]),
        ("One thing (not two. Three) is it. Yes.", ["One thing (not two. Three) is it.", "Yes."]),
        ("我修好了。没有错误。", ["我修好了。", "没有错误。"]),
        ("A line\nAnother line", ["A line", "Another line"]),
        ("", []),
    ],
)  # fmt: skip
def test_a_text_is_cut_into_sentences(text, sentences) -> None:
    assert split(text) == sentences


@pytest.mark.parametrize(
    ("sentence", "clause"),
    [
        ("I called the team, and we wrote a plan.", "I called the team"),
        ("I moved the queue – the old one that failed.", "I moved the queue"),
        ("I held the line because nobody else would.", "I held the line"),
        # Too little is said, or too little would be left out.
        ("First, I called everyone in the team.", "First, I called everyone in the team."),
        ("I called the team, twice over.", "I called the team, twice over."),
        # The two numbers of a pair stay together.
        ("The score rose from 3.2, slowly, to 4.1.", "The score rose from 3.2, slowly, to 4.1."),
    ],
)
def test_a_sentence_is_cut_after_its_first_clause(sentence, clause) -> None:
    assert first_clause(sentence) == clause


@pytest.mark.parametrize(
    ("sentence", "gist"),
    [
        ("I mended it.", "I mended it"),
        ("I wrote one two three four five six seven eight nine.", "I wrote one two three four …"),
        ("Faults fell from 90 in May to 4 in all of July.", "Faults fell from 90 in May to 4 …"),
        ("I added an alert to the list of the others.", "I added an alert …"),
    ],
)  # fmt: skip
def test_the_gist_of_a_sentence_is_its_first_words_up_to_the_last_number(sentence, gist) -> None:
    assert shorten(sentence, 6).replace("\N{NO-BREAK SPACE}", " ") == gist


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", html)).strip()


@given(PIECES.map("".join))
def test_no_character_is_added_moved_or_lost(text) -> None:
    html = "".join(part for part in render(parse(text)).parts if isinstance(part, str))
    assert words(wrap_sentences(html)) == words(html)
    assert re.sub(r'<span class="sentence">|</span>', "", wrap_sentences(html)) == re.sub(
        "</span>", "", html
    )


@given(PIECES.map("".join))
def test_sentences_put_together_are_the_text(text) -> None:
    assert "".join("".join(split(text)).split()) == "".join(text.split())


@given(st.text())
def test_tags_that_are_opened_are_closed_in_turn(text) -> None:
    html = wrap_sentences(f"<p>{escape(text)}<strong>{escape(text)}</strong>{escape(text)}</p>")
    open_: list[str] = []
    for closing, name in re.findall(r"<(/?)([a-z]+)[^>]*>", html):
        if closing:
            assert open_.pop() == name
        else:
            open_.append(name)
    assert open_ == []


def test_each_sentence_stands_whole_in_a_span() -> None:
    assert wrap_sentences("<p>I called the <em>team</em>, and we wrote a plan. Done.</p>\n") == (
        '<p><span class="sentence">I called the <em>team</em>, and we wrote a plan.</span> '
        '<span class="sentence">Done.</span></p>\n'
    )


def test_tables_code_and_headings_stay_as_they_are() -> None:
    html = "<h3>A. B.</h3>\n<pre><code>a. B\n</code></pre>\n<table><tr><td>A. B.</td></tr></table>"
    assert wrap_sentences(html) == html


# Sentences that keep their code


@pytest.mark.parametrize(
    ("html", "sentences"),
    [
        ("<p>I <code>a. B</code> <em>do</em>.\nSo</p>", ["I <code>a. B</code> do.", "So"]),
        ("<p>One<br />two</p><ul><li>three</li></ul>", ["One", "two", "three"]),
        ('<p>a &lt; b &amp; <a href="x.html">c</a></p>', ["a &lt; b &amp; c"]),
        ("<h3>A. B.</h3><pre><code>a. B\nb\n</code></pre>", ["A. B.", "a. B", "b"]),
        ("<table><tr><td>A. <code>B</code></td></tr></table>", ["A.", "B"]),
        ("<p> </p>", []),
    ],
)  # fmt: skip
def test_sentences_of_prose_keep_code_and_no_other_tag(html: str, sentences: list[str]) -> None:
    assert split_html(html) == sentences


@pytest.mark.parametrize(
    ("sentence", "short"),
    [
        ("I ran <code>make -j</code> twice.", "I ran <code>make -j</code> twice"),
        (
            "I ran <code>one two three four five six seven</code> and then I went on",
            "I ran <code>one two three four</code>\xa0…",
        ),
        ("we saw a <code>b &amp; c</code>, and it was", "we saw a <code>b &amp; c</code>\xa0…"),
        ("<code>.</code>", ""),
    ],
)  # fmt: skip
def test_a_sentence_is_cut_inside_code_and_the_code_is_closed(sentence: str, short: str) -> None:
    assert shorten_html(sentence, 6) == short


@given(PIECES.map("".join))
def test_a_sentence_with_code_is_cut_where_the_plain_one_is(text: str) -> None:
    for sentence in split_html(render(parse(text)).parts[0] if text.strip() else ""):
        plain = unescape(re.sub("</?code>", "", sentence))
        shown = shorten_html(sentence, 6)
        assert unescape(re.sub("</?code>", "", shown)).split() == shorten(plain, 6).split()
        assert shown.count("<code>") == shown.count("</code>")
