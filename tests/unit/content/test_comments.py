"""Comments are taken out of markdown and of plain text; code and escaped signs stay."""

import pytest

from starbook.content import comments, markdown
from starbook.problem import Report

MARKDOWN = {
    "The mill <!-- whose? --> stood.": "The mill stood.",
    "The mill %% whose? %% stood.": "The mill stood.",
    "mi<!-- x -->ll": "mill",
    "mi%%x%%ll": "mill",
    "The mill. <!-- whose? -->\nIt stood.": "The mill.\nIt stood.",
    "The mill  <!-- no break -->  \nstood.": "The mill\nstood.",
    "<!-- first --> The mill": "The mill",
    "The mill <!-- over\n\nthree lines --> stood.": "The mill stood.",
    "One.\n<!-- parts them -->\nTwo.": "One.\n\nTwo.",
    "One.\n\n<!-- gone -->\n\nTwo.": "One.\n\n\nTwo.",
    "- one\n<!-- - two -->\n- three": "- one\n- three",
    "- one\n- <!-- two -->\n- three": "- one\n- three",
    "- one\n- [ ] %% two %%\n- three": "- one\n- three",
    "- <!-- mark -->\n  one": "- \n  one",
    "> one\n> <!-- gone -->\n> two": "> one\n> \n> two",
    "| a | b |\n|---|---|\n<!-- | 1 | 2 | -->\n| 3 | 4 |": "| a | b |\n|---|---|\n| 3 | 4 |",
    "| a | <!-- x | y --> b |\n|---|---|": "| a | b |\n|---|---|",
    "## <!-- Old -->\n\n## New": "\n## New",
    "## Result <!-- mine -->\n\nx": "## Result\n\nx",
    "One\n<!-- no underline -->\n---": "One\n\n---",
    "<!-- %% --> seen %%no%%": "seen",
    "%% <!-- %% seen": "seen",
    "<!--> seen <!---> too <!-- not --> end": "seen too end",
    "a %%%% b": "a b",
    "[rope](<!-- x -->rope.md)": "[rope](rope.md)",
    "<https://mill.example/%%x%%>": "<https://mill.example/>",
    "<!-- x\n-->```\n%%code%%\n```": "```\n%%code%%\n```",
    "<!--\n```\n--> text %%gone%%\n": "text\n",
    "``<!-- x -->`": "`` `",
    "- ```\n  %%code%%\nout %%gone%%": "- ```\n  %%code%%\nout",
    "> ```\n> %%code%%\nout %%gone%%": "> ```\n> %%code%%\nout",
    "| a | b |\n|---|---|\n| ` | %%gone%% ` |": "| a | b |\n|---|---|\n| ` | ` |",
    "[a](b`c) %%gone%% `d": "[a](b`c) `d",
    "[^1]: One.\n\n    %% gone %%\n\n    Two.": "[^1]: One.\n\n\n    Two.",
    "[^1]: A.\n\n    - b\n\n      <!-- gone --> c": "[^1]: A.\n\n    - b\n\n      c",
    "> [^1]: One.\n>\n>     two %% gone %%": "> [^1]: One.\n>\n>     two",
    "[^`]: one %%gone%% `": "[^`]: one `",
    # A paragraph in a quote goes on: what looks like a footnote is a part of it.
    "> one\n[^1]: two\n>     three %%gone%%": "> one\n[^1]: two\n>     three",
    "> one\n [^1]:\n     >     two %%gone%%": "> one\n [^1]:\n     >     two",
    # Below an empty footnote or quote nothing goes on.
    ">\n[^1]: \n\n    one %%gone%%": ">\n[^1]: \n\n    one",
    "[^1]:\nx\n\t~~~ %%gone%%": "[^1]:\nx\n\t~~~",
    # A fence in a footnote ends with it.
    "[^1]: ``` one\ntwo\nx %%gone%% ```": "[^1]: ``` one\ntwo\nx ```",
    # What looks like an item or a definition is none, so that code goes on below or above it.
    "one ``two\n2) three`` four %%gone%% `` five": "one ``two\n2) three`` four `` five",
    "``one\n2) two\nthree`` four %%gone%%\n``": "``one\n2) two\nthree`` four\n``",
    "[a]: ``one two\nthree`` %%gone%% `` four": "[a]: ``one two\nthree`` `` four",
    "2) [ ]\nx\n\n    - two %%gone%%": "2) [ ]\nx\n\n    - two",
    # No table begins above an item.
    "~~~ |\n- |--|--|\n~~~\nout %%gone%%": "~~~ |\n- |--|--|\n~~~\nout",
    # However far a quote is indented below a line of its own.
    "> # One\n        > two <!-- gone -->": "> # One\n        > two",
    # The parser counts this tab from another column.
    "> \t>  - \t <!-- gone --> x": "> \t>  - \t x",
}
CODE = [
    "`<!-- code -->`",
    "``a ` %%code%%``",
    "one `two\nthree %%code%% four` five",
    "```html\n<!-- code -->\n```",
    "~~~\n%%\n~~~",
    "- item\n\n  ```\n  %% code\n  ```",
    "> ~~~\n> <!-- code\n> ~~~",
    "    <!-- code -->",
    "text\n\n\t%% code",
    "- item\n\n      <!-- code -->",
    "1. one\n   - ```\n     %%\n     ```",
    "[^1]: One.\n\n        %% code %%",
    r"\<!-- text -->",
    r"100\%% and 5\%%",
    "5 % and 7 % <! -- -->",
]


@pytest.mark.parametrize(("text", "visible"), MARKDOWN.items())
def test_a_comment_is_taken_out_of_markdown(text: str, visible: str) -> None:
    assert comments.hide(text).text == visible


@pytest.mark.parametrize("text", CODE)
def test_code_and_escaped_signs_open_no_comment(text: str) -> None:
    found = comments.hide(text)
    assert (found.text, list(found.lines)) == (text, [*range(text.count("\n") + 2)])
    assert (found.unclosed, found.doubtful) == (None, ())


@pytest.mark.parametrize(
    ("text", "sign", "line", "visible"),
    [
        ("One <!-- two\n\n## Three", "<!--", 0, "One"),
        ("One\n\n%%\ntwo", "%%", 2, "One\n\n"),
        ("`%%` 5%% of all\nand", "%%", 0, "`%%` 5"),
        ("<!-- a -->\n<!-- b --\n-->\n<!--", "<!--", 3, ""),
    ],
)
def test_an_opener_without_an_end_hides_the_rest(
    text: str, sign: str, line: int, visible: str
) -> None:
    found = comments.hide(text)
    assert (found.text, found.unclosed) == (visible, comments.Opener(sign, line))


def test_each_line_that_is_left_knows_where_it_stood() -> None:
    text = "one\n<!--\ntwo\n-->\nthree <!-- four\nfive --> six\nseven\n"
    found = comments.hide(text)
    assert found.text == "one\n\nthree six\nseven\n"
    assert list(found.lines)[:4] == [0, 3, 4, 6]


def test_links_below_a_comment_keep_their_lines() -> None:
    text = "One <!--\ntwo\n-->\n[three](three.md)\nfour\n[five](five.md)\n"
    parts = markdown.render(markdown.parse(text, 10)).parts
    assert [part.line for part in parts if not isinstance(part, str)] == [13, 15]


def test_plain_text_has_no_blocks_but_code_in_backticks() -> None:
    shown = {
        "    The mill <!-- whose? -->": "    The mill",
        "~~~ %%x%%": "~~~",
        "- %%x%%": "-",
        "The `<!--` sign %%x%%": "The `<!--` sign",
        r"5\%% more": "5%% more",
    }
    assert {text: comments.hide_in_line(text).text for text in shown} == shown


def test_two_percent_signs_behind_a_number_are_doubtful() -> None:
    report = Report("a.md")
    comments.report(comments.hide("It grew by\n5%% and then 7%% again, x%%y%%."), 4, report)
    assert list(map(str, report.problems)) == [
        "a.md:5: warning: `%%` behind a number opens a comment, and what follows up to `%%` is "
        "hidden; write `%`, or put a space before the comment [comment-in-number]"
    ]
    assert not report.problems[0].is_error


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_blocks_have_the_lines_that_each_kind_of_line_end_makes(end: str) -> None:
    text = end.join(["One.", "", "Two. %% gone", "%%", "", "Three."])
    assert [block.line for block in markdown.parse(text)] == [1, 3, 6]
