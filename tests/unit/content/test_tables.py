"""Tables and code: what a table cannot show, and what scrolls."""

import pytest
from conftest import story

from starbook.content import markdown
from starbook.problem import Report


def warnings(text: str) -> list[str]:
    report = Report("f.md", [])
    markdown.parse(text, 10, report)
    return [str(problem) for problem in report.problems]


def wide(line: int, cells: int, head: int) -> str:
    return (
        f"f.md:{line}: warning: this row has {cells} cells, but its head has {head}; "
        "the rest is not shown: write `\\|` for a pipe in a cell [wide-row]"
    )


@pytest.mark.parametrize(
    ("table", "lines"),
    [
        ("| job | line |\n|---|---|\n| list | `ls|wc` |\n", [(12, 3, 2)]),
        ("| job | line |\n|---|---|\n| list | `ls\\|wc` |\n", []),
        ("a | b\n--|--\n1 | 2 | 3 | 4\n5 | 6\n7 | 8 | 9\n", [(12, 4, 2), (14, 3, 2)]),
        ("| eins |\n|---|\n| Größe | 3 |\n", [(12, 2, 1)]),
        ("| a | b |\n|---|---|\n| 1 | 2 | |\n| 1 |\n", []),
        ("> | a | b |\n> |---|---|\n> | 1 | 2 | 3 |\n", [(12, 3, 2)]),
        ("- x\n\n  | a |\n  |---|\n  | 1 | 2 |\n", [(14, 2, 1)]),
        ("a\n%%\nb\n\nc\n%%\n\n| a |\n|---|\n| 1 | 2 |\n", [(19, 2, 1)]),
        ("```\n| a |\n|---|\n| 1 | 2 |\n```\n", []),
    ],
)
def test_a_row_with_more_cells_than_its_head_is_named(
    table: str, lines: list[tuple[int, int, int]]
) -> None:
    assert warnings(table) == [wide(*row) for row in lines]


def test_the_line_counts_in_the_file_of_a_story_and_of_a_note(problems) -> None:
    table = "| a | b |\n| - | - |\n| 1 | 2 | 3 |\n"
    notes = "- question: Why?\n  notes: |\n    | a |\n    | - |\n    | 1 | 2 |\n"
    found = problems(
        {"stories/a.md": story(body=f"\n## Numbers\n\n{table}"), "questions.yml": notes}
    )
    message = "the rest is not shown: write `\\|` for a pipe in a cell [wide-row]"
    assert found == [
        f"content/questions.yml:5: warning: this row has 2 cells, but its head has 1; {message}",
        f"content/stories/a.md:26: warning: this row has 3 cells, but its head has 2; {message}",
    ]


@pytest.mark.parametrize("code", ["```\nx\n```", "```py\nx\n```", "    x\n", "- a\n\n      x\n"])
def test_code_that_scrolls_can_be_reached_with_the_keyboard(code: str) -> None:
    prose = markdown.render(markdown.parse(code))
    assert '<pre tabindex="0"><code' in str(prose.parts[0])


def test_a_cell_of_the_head_without_words_is_no_head() -> None:
    prose = markdown.render(markdown.parse("|  | Before |\n|:--|--:|\n| days | 9 |\n"))
    assert '<td class="left"></td>\n<th class="right">Before</th>' in str(prose.parts[0])
