"""Levels on pages: what a story shows of what its level asks, and what a public edition has."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import story
from editions import site_of, write

from starbook.model import Edition

Build = Callable[..., Path]
LEVELS = """- name: Mate
  aliases: [M1]
  next: Captain
  expects:
    teams: 2 to 3
    horizon: a quarter
    money: 1M/year
    command: one watch of the night
  red_flags: [Has only ever sailed in fog.]
  differs: ["Command: a watch, then the whole ship."]
  length: Short
- name: Captain
  expects: {teams: 5+, command: the whole ship, hires: 2/year}
"""
SETTINGS = "answer_lengths: [{name: Short, seconds: 60}]\n"
SCOPE = "scope: {teams: 3, horizon: 8 weeks, command: 'mine, at night'}"
BY_LEVEL = """
## Reflection

I asked too late.

## Levels

### Mate

**Reflection:** I asked *too late*, and alone.

### Captain

**Reflection:** I let nobody ask.

**Length:** 3 minutes.

### Cook

**Bar:** Feeds them all.
"""
FILES = {
    "levels.yml": LEVELS,
    "handbook.yml": SETTINGS,
    "stories/told.md": story("The night watch", "level: Mate", SCOPE, body=BY_LEVEL),
    "stories/bare.md": story("The bare hull", "level: m1"),
    "stories/other.md": story("The galley", "level: Cook"),
}


def _read(site: Path, page: str) -> str:
    return (site / page).read_text(encoding="utf-8")


def _fold(page: str) -> str:
    return page.partition('id="_level"')[2].partition("</section>")[0]


def _rows(text: str) -> list[list[str]]:
    """The words of each cell of a table."""
    rows = re.findall(r"<tr>(.*?)</tr>", text)
    cells = (re.findall(r"<t[hd]>(.*?)</t[hd]>", row) for row in rows)
    return [[re.sub(r"<[^>]*>", "", cell) for cell in row] for row in cells]


def test_what_a_story_shows_stands_beside_its_level_and_the_next(build: Build) -> None:
    fold = _fold(_read(build(FILES), "stories/told.html"))
    assert _rows(fold) == [
        ["Measure", "This story", "Mate", "Captain"],
        ["Teams", "3 shown", "2 to 3", "5+"],
        ["Horizon", "8 weeks below", "a quarter", "–"],
        ["Money", "Not said", "1M/year", "–"],
        ["Command", "mine, at night not compared", "one watch of the night", "the whole ship"],
        ["Hires", "", "–", "2/year"],
    ]
    assert "<summary>Mate: 1 shown, 1 below, 1 not said, 1 not compared</summary>" in fold


def test_not_said_is_marked_as_a_gap_and_below_is_plain(build: Build) -> None:
    fold = _fold(_read(build(FILES), "stories/told.html"))
    assert '<span class="draft">Not said</span>' in fold
    assert "8 weeks <b>below</b>" in fold


@pytest.mark.slow
def test_red_flags_and_differences_are_folded_on_the_page_of_a_story(build: Build) -> None:
    for page in ("stories/told.html", "stories/bare.html"):
        fold = _fold(_read(build(FILES), page))
        assert "<details class=" in fold
        assert "open" not in fold.partition("<summary>")[0]
        assert "<li>Has only ever sailed in fog.</li>" in fold
        assert "<li>Command: a watch, then the whole ship.</li>" in fold
        assert 'href="../levels/mate.html"' in fold


def test_the_line_to_add_has_what_is_said_and_what_is_not(build: Build) -> None:
    site = build(FILES)
    told, bare = (_fold(_read(site, f"stories/{name}.html")) for name in ("told", "bare"))
    assert (
        "<code>scope: {teams: 3, horizon: 8 weeks, command: &#34;mine, at night&#34;, "
        "money: …}</code>" in told
    )
    assert "<code>scope: {teams: …, horizon: …, money: …, command: …}</code>" in bare


def test_a_story_without_a_scope_is_compared_with_nothing(build: Build) -> None:
    fold = _fold(_read(build(FILES), "stories/bare.html"))
    assert "<summary>Mate: 4 not said</summary>" in fold
    assert "<table" not in fold


def test_a_story_of_a_level_that_is_not_listed_has_no_fold(build: Build) -> None:
    page = _read(build(FILES), "stories/other.html")
    assert "_level" not in page
    assert ">Levels</a>" in page


def test_the_fold_stands_behind_the_answer_and_in_the_rail(build: Build) -> None:
    page = _read(build(FILES), "stories/told.html")
    order = ('id="reflection"', 'id="_level"', 'id="levels"')
    assert sorted(order, key=page.index) == list(order)
    rail = re.findall(r'<li><a href="(#[^"]+)">([^<]+) <span class="numeric">([^<]*)', page)
    assert rail[:3] == [
        ("#reflection", "Reflection", ""),
        ("#_level", "Level", "1 not said"),
        ("#levels", "Levels", "3"),
    ]
    bare = _read(build(FILES), "stories/bare.html")
    assert bare.index('href="#_level"') < bare.index('href="#links"')


@pytest.mark.slow
def test_a_switch_shows_the_reflection_and_length_of_each_level(build: Build) -> None:
    page = _read(build(FILES), "stories/told.html")
    switch = page.partition('class="by-level"')[2].partition("</section>")[0]
    found = re.findall(
        r'name="_level"( checked)?> ([^<]+)</label><div class="text">(.*?)</div>',
        switch,
        re.DOTALL,
    )
    assert [(bool(checked), name, " ".join(text.split())) for checked, name, text in found] == [
        (True, "As written", "<p>I asked too late.</p>"),
        (
            False,
            "Mate",
            '<p>I asked <em>too late</em>, and alone.</p> <p class="note">Length: Short</p>',
        ),
        (False, "Captain", '<p>I let nobody ask.</p> <p class="note">Length: 3 minutes</p>'),
    ]
    assert "by-level" not in _read(build(FILES), "stories/bare.html")


def test_the_printed_story_has_no_switch_and_no_fold(build: Build) -> None:
    page = _read(build(FILES), "print.html")
    assert "I asked too late." in page
    assert "by-level" not in page
    assert "_level" not in page


def test_the_page_of_a_level_has_what_it_asks_and_its_stories(build: Build) -> None:
    page = _read(build(FILES), "levels/mate.html")
    assert _rows(page) == [
        ["Measure", "Mate", "Captain"],
        ["Teams", "2 to 3", "5+"],
        ["Horizon", "a quarter", "–"],
        ["Money", "1M/year", "–"],
        ["Command", "one watch of the night", "the whole ship"],
        ["Hires", "–", "2/year"],
    ]
    assert "<li>Has only ever sailed in fog.</li>" in page
    assert 'Length: Short · Next: <a href="captain.html">Captain</a>' in page
    stories = page.partition('id="stories"')[2]
    assert re.findall(r'<h3><a href="\.\./stories/(\w+)\.html">', stories) == ["bare", "told"]
    assert re.findall(r'<p class="reason">([^<]+)', stories) == [
        "4 not said",
        "1 shown, 1 below, 1 not said, 1 not compared",
    ]


def test_a_level_without_a_story_says_what_gives_it_one(build: Build) -> None:
    page = _read(build(FILES), "levels/captain.html")
    assert "No story of this level yet" in page
    assert '<pre tabindex="0">level: Captain</pre>' in page


def test_the_list_of_levels_says_what_each_asks(build: Build) -> None:
    page = _read(build(FILES), "levels/index.html")
    assert re.findall(r'<h2><a href="([^"]+)">([^<]+)</a></h2><p>([^<]+)', page) == [
        ("mate.html", "Mate", "2 stories · Teams · Horizon · Money · Command"),
        ("captain.html", "Captain", "No story of this level yet · Teams · Command · Hires"),
    ]


def test_without_levels_there_is_no_page_of_them(build: Build) -> None:
    site = build({"stories/a.md": story("A", "level: Mate")})
    assert not (site / "levels").exists()
    assert "levels/" not in _read(site, "index.html")


@pytest.mark.slow
def test_levels_are_shown_in_the_language_of_the_handbook(build: Build) -> None:
    fold = _fold(
        _read(build({**FILES, "handbook.yml": f"language: de\n{SETTINGS}"}), "stories/told.html")
    )
    assert (
        "<summary>Mate: 1 gezeigt, 1 darunter, 1 nicht gesagt, 1 nicht verglichen</summary>" in fold
    )
    assert _rows(fold)[2] == ["Zeitraum", "8 weeks darunter", "a quarter", "–"]


# The public edition

PUBLIC = {
    **FILES,
    "stories/told.md": story(
        "The night watch", "level: Mate", "publish: true", SCOPE, body=BY_LEVEL
    ),
    "stories/bare.md": story("The bare hull", "level: Mate", "publish: true"),
}


def _public(files: dict[str, str]) -> dict[str, str]:
    return {path: data.decode() for path, data in site_of(files, Edition.PUBLIC).items()}


def test_a_public_edition_has_nothing_of_levels_and_scope() -> None:
    site = _public(PUBLIC)
    assert [path for path in site if path.startswith("levels")] == []
    pages = {path: text for path, text in site.items() if not path.startswith("assets/")}
    words = ("sailed in fog", "whole ship", "8 weeks", "mine, at night", "1M/year", "not said")
    assert [(path, word) for path, text in pages.items() for word in words if word in text] == []
    assert [path for path, text in pages.items() if "levels/" in text or "#_level" in text] == []


def test_a_public_story_keeps_what_it_says_for_levels_to_itself() -> None:
    page = _public(PUBLIC)["stories/told.html"]
    words = ("Levels", "by-level", "too late</em>, and alone", "let nobody ask", "Feeds them all")
    assert "I asked too late." in page
    assert [word for word in words if word in page] == []


def test_a_public_story_has_what_it_says_for_a_published_level_by_any_name_of_it() -> None:
    files = {**PUBLIC, "levels.yml": LEVELS.replace("  length: Short\n", "  publish: true\n")}
    files["stories/told.md"] = files["stories/told.md"].replace("### Mate\n", "### m1\n")
    page = _public(files)["stories/told.html"]
    assert re.findall(r'<h3 class="level">(.*?)</h3>', page) == ["m1"]
    assert "too late</em>, and alone" in page
    assert "let nobody ask" not in page
    assert "Feeds them all" not in page


def test_an_entry_for_a_level_may_say_that_it_is_public_or_private() -> None:
    files = {**PUBLIC, "levels.yml": LEVELS.replace("  length: Short\n", "  publish: true\n")}
    told = files["stories/told.md"].replace("### Mate\n", "### Mate\n\n**Publish:** false\n")
    told = told.replace("### Cook\n", "### Cook\n\n**Publish:** true\n")
    page = _public({**files, "stories/told.md": told})["stories/told.html"]
    assert re.findall(r'<h3 class="level">(.*?)</h3>', page) == ["Cook"]
    assert "Feeds them all" in page
    assert "Publish" not in page
    assert "and alone" not in page


@pytest.mark.parametrize("entry", ["", "\n### Mate\n\n**Publish:** true\n"])
def test_a_text_for_all_levels_is_private(entry: str) -> None:
    body = f"\n## Levels\n\nAbove Mate, speak of the whole harbour.\n{entry}"
    site = _public({**PUBLIC, "stories/told.md": story("A", "publish: true", body=body)})
    assert ('<h3 class="level">Mate</h3>' in site["stories/told.html"]) is bool(entry)
    assert [path for path, text in site.items() if "whole harbour" in text] == []


def test_a_word_that_decides_on_publishing_a_level_is_not_guessed(
    problems: Callable[[dict[str, str]], list[str]],
) -> None:
    body = "\n## Levels\n\n### Mate\n\n**Publish:** yes\n"
    assert problems({"stories/a.md": story("A", body=body)}) == [
        "content/stories/a.md:24: expected true or false, found `yes`; "
        "write `**Publish:** true` below this level, or take it out [type]"
    ]


def test_what_a_story_says_for_a_private_level_is_a_leak_in_a_public_file(tmp_path: Path) -> None:
    text = "Nobody else dared to count the ropes."
    body = f"\n## Levels\n\n### Captain\n\n**Reflection:** {text}\n"
    files = {"stories/a.md": story("A", "publish: true", body=body)}
    from starbook.build import pipeline  # noqa: PLC0415
    from starbook.editions.leaks import find_leaks  # noqa: PLC0415
    from starbook.editions.public import public_edition  # noqa: PLC0415

    private, _ = pipeline.load(write(tmp_path, files))
    (leak,) = find_leaks(private, public_edition(private), {"a.html": f"<p>{text}</p>"})
    assert str(leak).startswith(
        f"a.html: error: says `{text}`, the line of the private level in stories/a.md; "
    )


@pytest.mark.slow
def test_a_published_level_has_its_page_without_the_private_one_above_it() -> None:
    files = {**PUBLIC, "levels.yml": LEVELS.replace("  length: Short\n", "  publish: true\n")}
    site = _public(files)
    assert {path for path in site if path.startswith("levels")} == {
        "levels/index.html",
        "levels/mate.html",
    }
    assert _rows(site["levels/mate.html"])[:2] == [["Measure", "Mate"], ["Teams", "2 to 3"]]
    everything = "".join(text for path, text in site.items() if not path.startswith("assets/"))
    assert "captain.html" not in everything
    assert "8 weeks" not in everything
    for name in ("told", "bare"):  # what is not published is not told from what is not there
        fold = _fold(site[f"stories/{name}.html"])
        assert "<summary>Mate</summary>" in fold
        assert "<table" not in fold
        assert "scope:" not in fold
        assert "Has only ever sailed in fog." in fold


def test_a_published_scope_is_compared_with_a_published_level() -> None:
    told = PUBLIC["stories/told.md"].replace("scope: {", "scope: {publish: true, ")
    levels = LEVELS.replace("  length: Short\n", "  publish: true\n")
    site = _public({**PUBLIC, "stories/told.md": told, "levels.yml": levels})
    fold = _fold(site["stories/told.html"])
    assert _rows(fold)[1:3] == [
        ["Teams", "3 shown", "2 to 3"],
        ["Horizon", "8 weeks below", "a quarter"],
    ]
    assert "scope:" not in fold


@pytest.mark.parametrize("text", ["Has only ever sailed in fog.", "a watch, then the whole ship"])
def test_what_a_private_level_says_is_a_leak_in_a_public_file(text: str) -> None:
    from starbook.editions.leaks import find_leaks  # noqa: PLC0415
    from starbook.model import Handbook, Level  # noqa: PLC0415

    level = Level("mate", "levels.yml", 1, "Mate", red_flags=(text,))
    (leak,) = find_leaks(Handbook(levels=(level,)), Handbook(), {"a.html": f"<p>{text}</p>"})
    assert str(leak) == (
        f"a.html: error: says `{text}`, the red flag of the private level levels.yml; "
        "reword it there, give it another name, or `redact:` it in handbook.yml [leak]"
    )
