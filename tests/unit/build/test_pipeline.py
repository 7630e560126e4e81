"""The pipeline: from content to pages that hang together. (The folder: test_folder.py.)"""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from conftest import LAYOUTS, ROOT, story

from starbook.build import pipeline
from starbook.problem import Problem
from starbook.render.link_check import find_dead_links, scan

TWO = {"stories/a.md": story("The first"), "stories/b.md": story("The second")}


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.mark.slow
def test_a_story_that_is_gone_leaves_no_trace_on_any_page(build, content) -> None:
    made = build(TWO)
    assert len([name for name, data in files(made).items() if b"The second" in data]) > 1
    (content({}) / "stories/b.md").unlink()
    build({})
    assert [name for name, data in files(made).items() if b"The second" in data] == []
    assert b"The first" in files(made)["stories/a.html"]


def test_a_story_with_another_id_leaves_its_old_page(build) -> None:
    made = build(TWO)
    build({"stories/b.md": story("The second", "id: second")})
    assert (made / "stories/second.html").is_file()
    assert not (made / "stories/b.html").exists()


def test_no_page_says_where_it_was_built(build, tmp_path) -> None:
    made = b"".join(files(build(TWO)).values())
    assert str(tmp_path).encode() not in made
    assert str(ROOT).encode() not in made


def test_progress_comes_to_its_end_in_every_stage(content, tmp_path) -> None:
    # What is not read counts as well.
    folder = content({**TWO, "stories/deep/c.md": story("C"), "notes.txt": "x"})
    calls: list[tuple[str, int, int]] = []
    pipeline.build(folder, LAYOUTS, tmp_path / "site", lambda *call: calls.append(call))
    stages = list(dict.fromkeys(stage for stage, _, _ in calls))
    assert stages == ["reading", "making pages"]
    assert calls[:4] == [("reading", done, 4) for done in (1, 2, 3, 4)]
    for stage in stages:
        counts = [(done, total) for name, done, total in calls if name == stage]
        assert counts == sorted(counts)
        assert any(done >= total for done, total in counts)


@pytest.mark.slow
def test_a_dead_link_in_a_layout_stops_the_build(content, tmp_path) -> None:
    shutil.copytree(LAYOUTS, tmp_path / "layouts")
    base = tmp_path / "layouts/base.html"
    text = base.read_text(encoding="utf-8").replace("</body>", '<a href="gone.html">x</a></body>')
    base.write_text(text, encoding="utf-8")
    outcome = pipeline.build(content(TWO), tmp_path / "layouts", tmp_path / "site")
    assert (
        "stories/a.html: error: the link to `gone.html` leads to no page; "
        "fix the layout that writes it [dead-page-link]"
    ) in [str(problem) for problem in outcome.problems]
    assert not (tmp_path / "site").exists()


# Dead links in pages


def verify(files: Mapping[str, str | bytes], base: str = "/") -> tuple[Problem, ...]:
    """Every dead link of pages that are made by hand."""
    texts = {path: data for path, data in files.items() if path.endswith(".html")}
    scans = {path: scan(path, str(text), base) for path, text in texts.items()}
    others = [path for path in files if path not in texts]
    return find_dead_links(list(scans.items()), others, lambda path: str(texts[path]), base)


def page(*links: str) -> str:
    return '<main id="main">{}</main>'.format("".join(f"<a {link}>x</a>" for link in links))


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ('href="b.html"', "the link to `b.html` leads to no page"),
        ('href="../a.html"', "the link to `../a.html` leads to no page"),
        ('href="."', "the link to `.` leads to no page"),
        ('href="../"', "the link to `../` leads to no page"),
        ('src="gone.js"', "the link to `gone.js` leads to no page"),
        ('id="here" href="b&amp;c.html"', "the link to `b&c.html` leads to no page"),
        ('href="#top"', "the link to `#top` leads to no anchor there"),
        ('href="../index.html#top"', "the link to `../index.html#top` leads to no anchor there"),
        ('href="../chart.png#top"', "the link to `../chart.png#top` leads to no anchor there"),
    ],
)
def test_a_page_with_a_dead_link_is_one_line(link, expected) -> None:
    made = {
        "stories/a.html": page(link),
        "index.html": page(),
        "style.css": '<a href="gone.html">',
        "chart.png": b'<a href="gone.html">',
    }
    assert [str(problem) for problem in verify(made)] == [
        f"stories/a.html: error: {expected}; fix the layout that writes it [dead-page-link]"
    ]


@pytest.mark.parametrize(
    "link",
    [
        'href="a.html"',
        'href="./../index.html#main"',
        'href="#main"',
        'href="../index.html#category=feedback&amp;status=ready"',
        'href="two%20words.html"',
        'href="b&amp;c.html"',
        'href="caf%C3%A9.html#caf%C3%A9"',
        'src="../assets/app.js"',
        'href="https://example.org/gone.html"',
        'href="//example.org/gone.html"',
        'href="mailto:a@example.org"',
        'href="#"',
        'id="here" href="#here"',
        'href="#there" id="there"',
    ],
)
def test_a_link_that_leads_somewhere_is_passed_over(link) -> None:
    made = {
        "stories/a.html": page(link),
        "stories/two words.html": "",
        "stories/b&c.html": "",
        "stories/café.html": '<p id="café">',
        "index.html": page(),
        "assets/app.js": "",
    }
    assert verify(made) == ()


def test_every_dead_link_of_every_page_is_found_once() -> None:
    made = {
        "a.html": page('href="x.html"', 'href="x.html"', 'href="#y"'),
        "b.html": page('href="#z"'),
    }
    assert [(problem.path, problem.message) for problem in verify(made)] == [
        ("a.html", "the link to `x.html` leads to no page"),
        ("a.html", "the link to `#y` leads to no anchor there"),
        ("b.html", "the link to `#z` leads to no anchor there"),
    ]


@pytest.mark.parametrize(
    ("base", "link", "dead"),
    [
        ("/", "/index.html", False),
        ("/book/", "/book/index.html", False),
        ("/book/", "index.html", False),
        ("/book/", "/index.html", True),
        ("/", "/book/index.html", True),
    ],
)
def test_a_link_from_the_root_of_the_host_must_lead_below_the_base(base, link, dead) -> None:
    made = {"404.html": page(f'href="{link}"'), "index.html": page()}
    assert [problem.message for problem in verify(made, base)] == [
        f"the link to `{link}` leads to no page"
    ] * dead
