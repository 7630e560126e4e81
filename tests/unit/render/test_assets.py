"""Assets: what is sent of scripts and style sheets, and what stays in the layouts."""

import re
from pathlib import Path

from conftest import LAYOUTS

from starbook.render.renderer import Layouts


def _sent(name: str, text: str) -> str:
    return dict(Layouts(Path("layouts"), {f"assets/{name}": text.encode()}).assets())[
        f"assets/{name}"
    ]


def test_comments_and_indents_of_a_script_are_not_sent() -> None:
    script = '// Why.\n(() => {\n  // More.\n  go("https://a.example//b"); // here\n\n})();\n'
    assert _sent("a.js", script) == '(()=>{go("https://a.example//b");})();\n'


def test_strings_and_patterns_of_a_script_stay_as_they_are() -> None:
    script = 'const a = `x  // y`;\nconst b = text.replace(/ , \\/\\/ /g, " // ");\n'
    assert _sent("a.js", script) == (
        'const a=`x  // y`;const b=text.replace(/ , \\/\\/ /g," // ");\n'
    )


def test_a_pattern_behind_a_space_stays_and_so_does_a_slash_in_its_brackets() -> None:
    script = "const a = /^(b) ([/ ] = c) = d$/u, e = (f) / g;\n"
    assert _sent("a.js", script) == "const a=/^(b) ([/ ] = c) = d$/u,e=(f)/g;\n"


def test_comments_and_space_of_a_style_sheet_are_not_sent() -> None:
    sheet = "/* Why. */\n.a , .b > .c {\n  margin: 0 1px; /* more */\n  color: red;\n}\n"
    assert _sent("a.css", sheet) == ".a,.b>.c{margin:0 1px;color:red}\n"


def test_the_strings_of_a_style_sheet_stay_as_they_are() -> None:
    sheet = '.a::before { content: " ; /* no comment */ \\" { "; }\n'
    assert _sent("a.css", sheet) == '.a::before{content:" ; /* no comment */ \\" { "}\n'


def test_another_file_is_sent_as_it_is() -> None:
    assert _sent("a.svg", "<svg>\n  <!-- b -->\n</svg>\n") == "<svg>\n  <!-- b -->\n</svg>\n"


def test_no_space_that_a_sheet_shows_ends_an_escape_instead() -> None:
    """CSS drops one space behind `\\00b7`, so that `"\\00b7 "` shows none."""
    taken = re.compile(r"""\\[0-9a-fA-F]{1,6} ["']""")
    sheets = sorted((LAYOUTS / "assets").glob("*.css"))
    assert sheets
    assert {p.name: found for p in sheets if (found := taken.findall(p.read_text("utf-8")))} == {}
