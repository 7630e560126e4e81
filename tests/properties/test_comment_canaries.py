"""No byte of a comment is in a site or a message, wherever in a text it stands."""

import contextlib
import io
import re
import tempfile
from pathlib import Path

import editions
from conftest import LAYOUTS, examples, story
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from starbook.build import pipeline
from starbook.cli import main
from starbook.content import markdown
from starbook.model import Edition

CANARY = "xylograph"

TEXTS = st.sampled_from(
    [
        "The mill stood in 9 feet of water.",
        "- one\n- two\n\n  three\n- four",
        "1. one\n2. two",
        "> [!COACHING]\n> Go slow.\n> Stop.",
        "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |",
        "### Why?\n\n**Weak:** none\n\n**Strong:** all of it",
        "**bold** and *soft* [a link](https://mill.example/a?b=5)",
        "See https://mill.example/path and <mailto:a@mill.example>",
        "- [ ] boots\n- [x] pump",
        "Head\n----\n\nbelow",
        "It grew by 5 %  \nand then\nsome.",
    ]
)


@settings(
    max_examples=examples(25),
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[*HealthCheck],
)
@given(data=st.data())
def test_a_comment_anywhere_is_in_no_byte_of_a_site(data: st.DataObject) -> None:
    """Put comments between any two characters of bodies, notes and values, and build them."""

    def body() -> str:
        text = "\n\n".join(data.draw(st.lists(TEXTS, min_size=1, max_size=3)))
        places = st.lists(st.integers(0, len(text)), min_size=1, max_size=4, unique=True)
        for place in sorted(data.draw(places), reverse=True):
            sign = data.draw(st.sampled_from(["<!--{}-->", "%%{}%%"]))
            words = data.draw(st.sampled_from(["{}", "\n{}\n\n## {}\n", " {} ` {} ", "\n```\n{}"]))
            text = text[:place] + sign.format(words.replace("{}", CANARY)) + text[place:]
        return text

    notes = body().replace("\n", "\n    ")
    files = {
        "handbook.yml": "publish: [questions, guides]\n",
        "stories/a.md": story(
            "A", "publish: true", body=f"\n{body()}\n\n## Follow-ups\n\n{body()}"
        ),
        "guides/g.md": f"---\ntitle: G\n---\n\n{body()}\n",
        "questions.yml": f"- question: Why?\n  notes: |\n    x\n\n    {notes}\n",
        "answers/why.md": f"---\npublish: true\n---\n\n{body()}\n",
    }
    files["stories/b.md"] = story("B", body=f"\n{body()}\n")
    printed = io.StringIO()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(printed):
        content = editions.write(Path(folder, "content"), files)
        main(["check", "--content", str(content)])
        for edition in Edition:
            out = Path(folder, edition)
            outcome = pipeline.build(content, LAYOUTS, out, edition=edition)
            printed.write("\n".join(map(str, outcome.problems)))
            if not outcome.failed:
                site = editions.read(out)
                assert [path for path in site if CANARY.encode() in site[path]] == [], files
    assert CANARY not in printed.getvalue()


# What begins blocks and code, in any order.
MARKS = ["[^1]: ", "[^1]:\t", "> ", ">", "- ", "1. ", "# ", "```", "~~~", "`", "---", "|"]
MARKS += [" ", "a", "b \n", "x\n", "\n", "\n\n", "    ", "\t"]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(MARKS), max_size=9), st.lists(st.sampled_from(MARKS), max_size=9))
def test_a_comment_among_any_marks_is_shown_in_code_alone(
    before: list[str], after: list[str]
) -> None:
    """Render the comment between the two, and look for it outside code."""
    text = f"{''.join(before)}<!-- {CANARY} -->{''.join(after)}\n\nThe end[^1].\n"
    parts = markdown.render(markdown.parse(text)).parts
    html = "".join(part for part in parts if isinstance(part, str))
    html = re.sub(r' id="[^"]*"', "", html)  # of a heading with code
    assert CANARY not in re.sub(r"<code[^>]*>.*?</code>", "", html, flags=re.DOTALL)
