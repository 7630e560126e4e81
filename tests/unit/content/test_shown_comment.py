"""A comment that is taken for code by mistake stops the build; it is never shown."""

import pytest

from starbook.content import comments, markdown
from starbook.problem import Report


def problems(text: str) -> list[str]:
    report = Report("stories/a.md")
    markdown.parse(text, 3, report)
    return [str(problem) for problem in report.problems]


@pytest.mark.parametrize(
    "text",
    ["A barge <!-- the Vega -->", "- a\n- <!-- the Vega -->", "[x <!-- the Vega -->](y)",
     "![x <!-- the Vega -->](y.png)", "*a <!-- the\nVega -->*"],
)  # fmt: skip
def test_a_comment_that_was_overlooked_is_an_error(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    overlooked = comments.Visible(text, range(text.count("\n") + 2))
    monkeypatch.setattr(comments, "hide", lambda _: overlooked)
    (problem,) = problems(text)
    assert problem.endswith(
        "a comment here would be shown, as it looks like code but is none; put it on a line of its "
        "own, with an empty line above and below [shown-comment]"
    )


@pytest.mark.parametrize(
    "text", ["`<!-- code -->`", r"\<!-- words", "&lt;!-- words", "```\n<!-- code -->\n```\n"]
)
def test_code_and_escaped_openers_are_none(text: str) -> None:
    assert problems(text) == []
