"""Links by the name of a file, as Obsidian writes them."""

import re
import unicodedata
from pathlib import Path

import pytest
from conftest import LAYOUTS, story
from editions import PNG, document, site_of, text_of, write

from starbook.build import pipeline
from starbook.content import file_names, markdown
from starbook.model import Edition, Link


def page_of(text: str) -> str:
    """Rendered prose, with each target in brackets."""
    prose = markdown.render(markdown.parse(text))
    return "".join(p if isinstance(p, str) else f"[{p.target}]" for p in prose.parts).strip()


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("see [[mill]].", '<p>see <a href="[mill]">mill</a>.</p>'),
        ("[[mill#Result|how]]", '<p><a href="[mill#Result]">how</a></p>'),
        ("[[mill#The end]]", '<p><a href="[mill#The end]">mill &gt; The end</a></p>'),
        ("[[#Result]]", '<p><a href="[#Result]">Result</a></p>'),
        ("[[a/b c.md|<i> & *x*]]", '<p><a href="[a/b c.md]">&lt;i&gt; &amp; *x*</a></p>'),
        ("**[[mill]]**", '<p><strong><a href="[mill]">mill</a></strong></p>'),
        ("![[mill]]", '<p><a href="[mill]">mill</a></p>'),
        ("![[mill#Result]]", '<p><a href="[mill#Result]">mill &gt; Result</a></p>'),
        ("![[Kurve.PNG]]", '<p><img src="[Kurve.PNG]" alt="" loading="lazy"></p>'),
        ("![[a b.jpg|300]]", '<p><img src="[a b.jpg]" alt="" loading="lazy"></p>'),
        ("![[a.png|A curve|30x40]]", '<p><img src="[a.png]" alt="A curve" loading="lazy"></p>'),
        ("![x y](my chart.png)", '<p><img src="[my chart.png]" alt="x y" loading="lazy"></p>'),
        ("![](a (1).jpeg)", '<p><img src="[a (1).jpeg]" alt="" loading="lazy"></p>'),
        ("![](<my chart.png>)", '<p><img src="[my chart.png]" alt="" loading="lazy"></p>'),
        ("[a *b*](my mill.md#result)", '<p><a href="[my mill.md#result]">a <em>b</em></a></p>'),
    ],
)
def test_links_and_pictures_by_name(text: str, page: str) -> None:
    assert page_of(text) == page


@pytest.mark.parametrize(
    "text",
    [
        "`[[mill]]`", "\\[[mill]]", "[[]]", "[[ ]]", "[[|x]]", "[[a\nb]]", "[[a[b]]", "![](a b)",
        "![](http://a.example/a b.png)", "[[Fill in: what?]]", "[[TODO x]]", "[mill]]", "[[mill]",
    ],
)  # fmt: skip
def test_what_is_no_link_stays_as_it_was_written(text: str) -> None:
    prose = markdown.render(markdown.parse(text))
    assert not any(isinstance(part, Link) for part in prose.parts)


def test_a_cell_escapes_the_bar() -> None:
    page = page_of("| a |\n|---|\n| [[mill\\|the mill]] |\n")
    assert '<td><a href="[mill]">the mill</a></td>' in page
    assert page_of("[[mill\\|the mill]]") == '<p><a href="[mill]">the mill</a></p>'


def test_no_link_stands_in_another() -> None:
    assert page_of("[see [[mill]]](a.md)") == '<p>[see <a href="[mill]">mill</a>](a.md)</p>'
    assert page_of("[[1]](a.md)") == '<p><a href="[a.md]">[1]</a></p>'


# Which file a name means

PATHS = (
    "stories/mill.md", "stories/old/mill.md", "stories/old/Größe.md", "guides/mill.md",
    "guides/On the day.md", "questions.yml", "stories/old/Mühle 2.png", "chart.png",
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "source", "path"),
    [
        ("mill", "stories/a.md", "stories/mill.md"),
        ("MILL.md", "stories/a.md", "stories/mill.md"),
        ("mill", "stories/old/a.md", "stories/old/mill.md"),
        ("mill", "guides/g.md", "guides/mill.md"),
        ("old/mill", "guides/g.md", "stories/old/mill.md"),
        ("../guides/mill", "stories/a.md", "guides/mill.md"),
        ("stories/mill", "guides/g.md", "stories/mill.md"),
        ("on the  day", "stories/a.md", "guides/On the day.md"),
        (unicodedata.normalize("NFD", "größe"), "stories/a.md", "stories/old/Größe.md"),
        (unicodedata.normalize("NFD", "Mühle 2.png"), "stories/a.md", "stories/old/Mühle 2.png"),
        ("chart.png", "guides/g.md", "chart.png"),
        ("questions", "stories/a.md", "questions.yml"),
        ("new/mill", "stories/a.md", ""),
        ("mil", "stories/a.md", ""),
        ("..", "stories/a.md", ""),
    ],
)
def test_the_nearest_file_of_that_name(name: str, source: str, path: str) -> None:
    assert file_names.find(name, source, file_names.index(PATHS)) == path


FILES: dict[str, str | bytes] = {
    "stories/a.md": story(
        "A",
        body="\n## Links\n\n[[b mill]], [[B Mill#Outcome|end]], [[b mill#What I kept]], [[day]]\n"
        "[[day#An hour before]] [[#Result]] [[b mill#^x1]]\n\n![[chart.png]] ![](my curve.png)\n",
    ),
    "stories/old/b mill.md": document(
        "## Outcome\n\nX.\n\n## What I kept\n\nY.\n", title="B", id="b"
    ),
    "guides/day.md": document("## An hour before\n\n[[a]]\n", title="Day"),
    "questions.yml": "- question: Why?\n  notes: see [[a]] and ![[chart.png]]\n",
    "pictures/chart.png": PNG,
    "pictures/deep/my curve.png": PNG,
}


def test_pages_have_links_and_pictures_wherever_the_files_are(build) -> None:
    site: Path = build(FILES)
    page = (site / "stories/a.html").read_text()
    links = re.search(r'id="links-2".*?</section>', page, re.DOTALL)
    assert links
    assert re.findall(r'<a href="([^"]*)">([^<]*)</a>', links[0]) == [
        ("b.html", "b mill"), ("b.html#result", "end"),
        ("b.html#what-i-kept", "b mill &gt; What I kept"), ("../guides/day.html", "day"),
        ("../guides/day.html#an-hour-before", "day &gt; An hour before"), ("#result", "Result"),
        ("b.html", "b mill &gt; ^x1"),
    ]  # fmt: skip
    assert len(re.findall(r'<img src="\.\./images/\w+\.png" alt=""', links[0])) == 2
    assert '<a href="../stories/a.html">a</a>' in (site / "guides/day.html").read_text()
    notes = (site / "questions/why.html").read_text()
    assert '<a href="../stories/a.html">a</a> and <img src="../images/' in notes


def test_a_name_that_no_file_has_is_reported_with_the_nearest(problems) -> None:
    found = problems(
        {
            "stories/slow queue.md": story("Q"),
            "stories/a.md": story(
                "A",
                body="\n## Links\n\n[[slow que]] [[nothing]]\n[[slow queue#Resullt]]\n"
                "![[chrt.png]]\n![](another thing.png)\n",
            ),
            "pictures/chart.png": PNG,
        }
    )
    assert found == [
        "content/stories/a.md:24: warning: the link to `nothing` leads nowhere, "
        "and its words stay; link to a file in stories/ or guides/ [dead-link]",
        "content/stories/a.md:24: warning: the link to `slow que` leads nowhere, "
        "and its words stay; did you mean `slow queue`? [dead-link]",
        "content/stories/a.md:25: the link to `slow queue.md#resullt` leads to no heading there; "
        "did you mean `result`? [dead-link]",
        "content/stories/a.md:26: the image `chrt.png` is not in the content folder; "
        "did you mean `chart.png`? [missing-image]",
        "content/stories/a.md:27: the image `another thing.png` is not in the content folder; "
        "save it beside this file [missing-image]",
    ]


@pytest.mark.parametrize("edition", Edition)
def test_of_links_to_a_story_that_is_not_there_the_words_stay(edition: Edition) -> None:
    lines = "[[The flood]], [[flood|it]], [*the* night](../stories/flood.md), [b](b.md).\n"
    files: dict[str, str | bytes] = {
        "handbook.yml": "publish: [guides]\n",
        "stories/a.md": story("A", "publish: true", body=f"\n## More\n\n{lines}"),
        "stories/b.md": story("B", "publish: true"),
        "guides/g.md": document(lines.replace("b.md", "../stories/b.md"), title="G"),
    }
    site = site_of(files, edition)
    words = "<p>The flood, it, <em>the</em> night, "
    assert f'{words}<a href="b.html">b</a>.</p>' in site["stories/a.html"].decode()
    assert f'{words}<a href="../stories/b.html">b</a>.</p>' in site["guides/g.html"].decode()


def test_a_file_that_cannot_be_read_is_not_unknown_too(problems) -> None:
    found = problems({"stories/a.md": story("A", body="\n[[b]]\n"), "stories/b.md": "no front\n"})
    assert [line for line in found if "dead-link" in line] == []


@pytest.mark.slow
def test_a_nearer_file_takes_the_link_in_the_next_build(build) -> None:
    body = "\n## More\n\n[[mill]] ![[chart.png]]\n"
    files: dict[str, str | bytes] = {
        "stories/new/a.md": story("A", body=body),
        "stories/mill.md": document("## Task\n\nX.\n", title="M", id="far"),
        "far/chart.png": PNG,
    }
    before = (build(files) / "stories/a.html").read_text()
    assert 'href="far.html"' in before
    near = {"stories/new/mill.md": document("## Task\n\nX.\n", title="N", id="near")}
    other = PNG[:-12] + b"\0\0\0\x05tEXtA\0bcd\0\0\0\0" + PNG[-12:]
    after = (build(files | near | {"stories/new/chart.png": other}) / "stories/a.html").read_text()
    assert 'href="near.html"' in after
    assert 'href="far.html">mill' not in after


@pytest.mark.parametrize("path", ["principles/care.yml", "decks/care.yml", "log/care.yml"])
def test_a_file_without_a_page_takes_no_link(build, path: str) -> None:
    files: dict[str, str | bytes] = {
        "guides/day.md": document("[[care]]\n", title="Day"),
        "stories/care.md": story("Care"),
        path: "- name: Care\n" if path.startswith("principles") else "[]\n",
    }
    assert 'href="../stories/care.html"' in (build(files) / "guides/day.html").read_text()


@pytest.mark.parametrize("path", ["principles/care.yml", "decks/care.yml"])
def test_the_name_of_a_file_without_a_page_leads_nowhere(problems, path: str) -> None:
    listed = "- name: Care\n" if path.startswith("principles") else "[]\n"
    found = problems({"guides/day.md": document("[[care]]\n", title="Day"), path: listed})
    assert [line for line in found if "the link to `care` leads nowhere" in line]


# What others may read


PUBLIC = {"status": "ready", "publish": True}
PARTS = "".join(f"## {part}\n\nDone.\n\n" for part in ("Situation", "Task", "Action", "Result"))


def public(body: str) -> tuple[bytes, dict[str, bytes]]:
    files = {
        "handbook.yml": "publish: [questions, guides]\n",
        "stories/a.md": document(f"{PARTS}## More\n\n{body}\n", title="A story", **PUBLIC),
        "stories/kelp-wharf.md": document("## Task\n\nX.\n", title="The hidden plan"),
    }
    site = site_of(files)
    return site["stories/a.html"], site


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Before [[kelp-wharf]] and after.", "Before and after."),
        ("Before [[kelp-wharf#Task]] after.", "Before after."),
        ("Before [[Kelp-Wharf|that year]] after.", "Before that year after."),
        ("Ja ![[kelp-wharf]] nein *[[kelp-wharf]]*.", "Ja nein ."),
        ("| a |\n|---|\n| x [[kelp-wharf]] y |", "a x y"),
        ("- [[kelp-wharf]]\n- [x **y**](kelp-wharf.md) z", "x y z"),
    ],
)
def test_the_name_of_a_story_that_is_left_out_is_nowhere(body: str, words: str) -> None:
    page, site = public(body)
    assert text_of(page).partition(" More ")[2].startswith(words)
    for path, data in site.items():
        assert b"wharf" not in data.lower(), path
        assert "wharf" not in path


def test_a_link_that_is_left_out_is_a_warning(tmp_path: Path) -> None:
    files = {
        "stories/a.md": document(
            f"{PARTS}## More\n\n[[gone-far]]\n\n[[gone-far|it]]", title="A", **PUBLIC
        ),
        "stories/gone-far.md": document("## Task\n\nX.\n", title="The hidden plan"),
    }
    content = write(tmp_path / "content", files)
    outcome = pipeline.build(content, LAYOUTS, tmp_path / "site", edition=Edition.PUBLIC)
    found = [str(problem).rpartition("content")[2] for problem in outcome.problems]
    assert found == [
        "/stories/a.md:25: warning: `[[gone-far]]` links to what is not published, and is left "
        "out; "
        "write `[[…|words]]` for words that stay [dead-mention]",
        "/stories/a.md:27: warning: `it` links to what is not published, and its words stay; "
        "check that they may, or reword it [dead-mention]",
    ]


def test_a_public_story_keeps_its_link() -> None:
    files = {
        "stories/a.md": document(f"{PARTS}## More\n\nSee [[b]].\n", title="A story", **PUBLIC),
        "stories/b.md": document(PARTS, title="Another", **PUBLIC),
    }
    assert b'See <a href="b.html">b</a>.' in site_of(files)["stories/a.html"]


def test_ask_and_cards_show_no_marks(build) -> None:
    site: Path = build(FILES)
    texts = [path.read_text() for path in (site / "search-texts").iterdir()]
    for text in (*texts, (site / "search-index.js").read_text(), (site / "cards.html").read_text()):
        assert "b mill" in text or "[[b" not in text
        assert not re.search(r"\[\[(b mill|day|a)\b|!\[\[", text)
