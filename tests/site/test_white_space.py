"""White space of any kind, in any field: it leads to a page or to a message, never to a crash."""

import pytest
from conftest import LAYOUTS, story
from fields import FIELDS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from starbook.build import pipeline, queries
from starbook.model import Edition
from starbook.pages import cards, routes

BLANKS = {
    "nothing": "", "space": " ", "tab": "\t", "line feed": "\n", "carriage return": "\r",
    "form feed": "\f", "vertical tab": "\v", "file separator": "\x1c", "next line": "\x85",
    "no-break space": "\u00a0", "ogham space": "\u1680", "em space": "\u2003",
    "line separator": "\u2028", "paragraph separator": "\u2029", "ideographic space": "\u3000",
    "byte order mark": "\ufeff", "zero width space": "\u200b", "NUL": "\0", "entity": "&nbsp;",
    "em entity": "&emsp;",
}  # fmt: skip


def read_and_show(folder) -> list[str]:
    """Return the lines printed for a handbook, after making the views of all its pages."""
    lines = []
    for edition in Edition:
        database = pipeline.open_database(folder, LAYOUTS, edition)
        problems = pipeline.examine(database)
        lines += map(str, problems)
        if not any(problem.is_error for problem in problems):
            context = queries.page_context(database)
            for path in routes.page_paths(context):
                routes.make_view(context, path)
            for name in context.data.story_ids:
                cards.card_fragment(context, name)
    return lines


@pytest.mark.parametrize("blank", sorted(set(BLANKS.values()) - {"\0"}), ids=ascii)
def test_a_part_of_white_space_only_is_missing(blank: str, problems) -> None:
    text = story("A").replace("I had to mend it.", blank * 1300)
    found = problems({"handbook.yml": "paper: 3x5\n", "stories/a.md": text})
    assert found == [
        "content/stories/a.md:5: warning: says `status: ready`, but has no Task, so it counts as a "
        "draft; add `## Task`, or write `status: draft` [missing-part]"
    ]


@pytest.mark.parametrize("blank", ["\u00a0", "\u2003", "\x85", "\u200b", "\ufeff", "\u200d\u2060"])
@pytest.mark.parametrize(
    ("name", "key", "form"),
    [
        ("stories/a.md", "title", '---\nstatus: ready\ntitle: "@"\n---\n'),
        ("questions.yml", "question", '- id: why\n  question: "@"\n'),
        ("categories.yml", "name", '- id: why\n  name: "@"\n'),
        ("to-ask.yml", "audience", '- topics: []\n  audience: "@"\n'),
    ],
)
def test_a_name_that_nobody_sees_is_empty(blank, name, key, form, problems) -> None:
    line = 3 if name.endswith(".md") else 2
    (found,) = problems({"stories/b.md": story("B"), name: form.replace("@", blank * 3)})
    assert found == (
        f"content/{name}:{line}: `{key}` is empty; "
        "write it behind the colon, in quotes if it begins with # [required]"
    )


@pytest.mark.slow
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    field=st.sampled_from(sorted(FIELDS)),
    signs=st.lists(st.sampled_from(sorted(BLANKS.values())), min_size=1, max_size=3),
    times=st.sampled_from([1, 2, 300]),
)
def test_white_space_in_any_field_is_a_page_or_a_message(
    field: str, signs: list[str], times: int, content, tmp_path_factory
) -> None:
    folder = tmp_path_factory.mktemp("handbook")
    files = {"handbook.yml": "paper: 3x5\npublish: [questions, guides, to-ask, coverage]\n"}
    for name, text in (files | FIELDS[field]("".join(signs) * times)).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    assert all(len(line.splitlines()) == 1 for line in read_and_show(folder))
