"""Line breaks of their own, as `line_breaks: true` in handbook.yml asks for them."""

from conftest import story

from starbook.content import markdown

LINES = "First I asked.\nThen I *counted*.\nThen I went."


def html(text: str, *, line_breaks: bool) -> str:
    return str(markdown.render(markdown.parse(text, line_breaks=line_breaks)).parts[0])


def test_lines_of_a_paragraph_run_together_unless_they_are_to_stay() -> None:
    together = "<p>First I asked.\nThen I <em>counted</em>.\nThen I went.</p>\n"
    apart = "<p>First I asked.<br />\nThen I <em>counted</em>.<br />\nThen I went.</p>\n"
    assert html(LINES, line_breaks=False) == together
    assert html(LINES, line_breaks=True) == apart


def test_code_and_links_keep_their_lines_as_they_are() -> None:
    assert html("`a\nb`", line_breaks=True) == "<p><code>a b</code></p>\n"
    assert html("```\na\nb\n```", line_breaks=True).count("<br") == 0
    assert (
        html("- a\n  b\n- c", line_breaks=True) == "<ul>\n<li>a<br />\nb</li>\n<li>c</li>\n</ul>\n"
    )


def test_stories_guides_and_notes_follow_the_setting(build) -> None:
    files = {
        "handbook.yml": "line_breaks: true\n",
        "stories/a.md": story(body=f"\n## Steps\n\n{LINES}\n"),
        "guides/g.md": f"---\ntitle: G\n---\n\n{LINES}\n",
        "questions.yml": "- question: Why?\n  notes: |\n    One.\n    Two.\n",
    }
    site = build(files)
    broken = "First I asked.<br />\nThen I <em>counted</em>.<br />\nThen I went."
    assert broken in (site / "stories/a.html").read_text()
    assert broken in (site / "guides/g.html").read_text()
    assert "One.<br />\nTwo." in (site / "questions/why.html").read_text()


def test_a_changed_setting_changes_every_page_of_the_next_build(build) -> None:
    files = {"handbook.yml": "title: H\n", "stories/a.md": story(body=f"\n## Steps\n\n{LINES}\n")}
    before = (build(files) / "stories/a.html").read_text()
    after = (build(files | {"handbook.yml": "title: H\nline_breaks: true\n"})) / "stories/a.html"
    assert before.count("<br />") == 0
    assert after.read_text().count("<br />") == 2


def test_the_setting_is_true_or_false(problems) -> None:
    assert problems({"handbook.yml": "line_breaks: yes\n", "stories/a.md": story()}) == [
        "content/handbook.yml:1: expected true or false, found `yes`; "
        "write it without quotes, in lower case [type]"
    ]
