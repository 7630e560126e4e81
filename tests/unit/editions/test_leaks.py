"""The last check: a public edition with something private in it is not published."""

import html
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from conftest import LAYOUTS, brief, story
from editions import PNG, PUBLIC, document, dump, read, site_of, write

from starbook.build import pipeline
from starbook.cli import main
from starbook.editions import leaks
from starbook.editions.compounds import find_compounds
from starbook.model import Edition, Redaction
from starbook.render.renderer import read_catalogue, read_layouts

ALL_KINDS = "publish: [questions, guides, to-ask, coverage]\n"
REDACT = "redact: [{term: Acme Payments, as: a payments company}]\n"
NIGHT = "stories/night-of-the-outage.md"
SECRET = story(
    "The Night of the Outage", "metrics: ['48120 → 12 %: failed payments']",
    body="\n## More\n\n![x](blackout-of-the-mill.png)\n",
)  # fmt: skip
BOOK = {
    "handbook.yml": ALL_KINDS + REDACT,
    "stories/open.md": story("Open door", PUBLIC),
    NIGHT: SECRET,
    "stories/blackout-of-the-mill.png": PNG,
    "questions.yml": "- question: Why?\n",
    "guides/g.md": "---\ntitle: Advice\n---\nBe brief.\n",
}
HINT = "reword it there, give it another name, or `redact:` it in handbook.yml [leak]"
OF_NIGHT = f"of the private story {NIGHT}"


@pytest.fixture
def publish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Return a function that builds a public edition and returns the problems."""
    monkeypatch.chdir(tmp_path)

    def build(files: Mapping[str, str | bytes], layouts: Path = LAYOUTS) -> list[str]:
        content = write(tmp_path / "content", files)
        outcome = pipeline.build(content, layouts, tmp_path / "site", edition=Edition.PUBLIC)
        assert outcome.failed is not (tmp_path / "site").exists()
        return [brief(problem) for problem in outcome.problems]

    return build


@pytest.fixture
def layouts(tmp_path: Path) -> Callable[[str, str, str], Path]:
    """Return a function that copies the layouts and inserts a text in one of them."""

    def change(name: str, before: str, planted: str) -> Path:
        folder = tmp_path / "layouts"
        shutil.copytree(LAYOUTS, folder)
        text = (folder / name).read_text(encoding="utf-8")
        assert before in text
        (folder / name).write_text(text.replace(before, planted + before, 1), encoding="utf-8")
        return folder

    return change


@pytest.mark.slow
def test_a_handbook_that_says_nothing_private_is_published(publish) -> None:
    assert publish(BOOK) == []


# Something planted


PLANTED = [
    ("The Night of the Outage", f"says `The Night of the Outage`, the title {OF_NIGHT}"),
    ("the NIGHT of the outage’s", f"says `The Night of the Outage`, the title {OF_NIGHT}"),
    ("night-of-the-outage", f"says `night-of-the-outage`, the id {OF_NIGHT}"),
    ("48120 → 12&nbsp;%", f"says `48120 12 %`, the number {OF_NIGHT}"),
    ("blackout-of-the-mill.png", "says `blackout-of-the-mill.png`, the file name of the private "
     "image stories/blackout-of-the-mill.png"),
    ("blackout-of-the-mill", "says `blackout-of-the-mill`, the file name of the private "
     "image stories/blackout-of-the-mill.png"),
    ("ACME  Payments", "says `Acme Payments`, a redacted term"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("planted", "expected"), PLANTED)
def test_what_a_layout_says_is_found(planted: str, expected: str, publish, layouts) -> None:
    folder = layouts("404.html", "<h1>", f"<p>{planted}</p>")
    assert publish(BOOK, folder) == [f"404.html: {expected}; {HINT}"]


SPLIT = [
    ("It ran on ac-me since.", "ac-me", "Acme"),
    ("It ran on *ac*.me since.", "ac.me", "Acme"),
    ("It ran on AC’ME since.", "ac'me", "Acme"),
    ("We sailed the old north/pier.", "north/pier", "Northpier"),
    ("We sailed north\u2010pier,now.", "north-pier,now", "Northpiernow"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("said", "shown", "term"), SPLIT)
def test_a_term_that_the_search_puts_together_is_named_where_it_is_written(
    said: str, shown: str, term: str, publish
) -> None:
    book = BOOK | {
        "handbook.yml": f"redact:\n- {{term: {term}, as: a client}}\n",
        "stories/open.md": story("Open door", PUBLIC, body=f"\n## More\n\nSo.\n\n{said}\n"),
    }
    assert publish(book) == [
        f"content/stories/open.md:27: says `{shown}`, which the search joins to `{term}`, a "
        f'redacted term; add `{{term: "{shown}", as: …}}` to `redact:`, or reword it [leak]'
    ]
    book["handbook.yml"] += f'- {{term: "{shown}", as: another}}\n'
    assert publish(book) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "planted",
    [
        "<!-- The Night of the Outage -->",
        "The Night of <b>the</b> <em>Out</em>age",
        "The&nbsp;Ni&shy;ght of the O&#117;tage",
        "<i title='The Night of the Outage'></i>",
        '<i class="the-night-of-the-outage"></i>',
        "The%20Night%20of%20the%20%4Futage",
        "The \\u004eight of the Outage",
        "The Night\nof the <span>Outage</span>",
    ],
)
def test_it_is_found_however_it_is_written(planted: str, publish, layouts) -> None:
    folder = layouts("404.html", "<h1>", planted)
    expected = f"404.html: says `The Night of the Outage`, the title {OF_NIGHT}; {HINT}"
    assert publish(BOOK, folder) == [expected]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "before", "planted"),
    [
        ("assets/starbook.css", "", 'p::after { content: "The Night of the Outage" }\n'),
        ("assets/filter.js", "", 'const x = "The \\u004eight of the Outage";\n'),
    ],
)
def test_a_script_or_style_sheet_is_read_as_well(name, before, planted, publish, layouts) -> None:
    expected = f"{name}: says `The Night of the Outage`, the title {OF_NIGHT}; {HINT}"
    assert publish(BOOK, layouts(name, before, planted)) == [expected]


@pytest.mark.slow
def test_the_name_of_a_file_is_read_as_well(publish, layouts) -> None:
    folder = layouts("404.html", "<h1>", "")
    (folder / "assets" / "night-of-the-outage.css").write_text("p { color: red }\n")
    assert publish(BOOK, folder) == [
        f"assets/night-of-the-outage.css: says `night-of-the-outage`, the id {OF_NIGHT}; {HINT}"
    ]


GUIDE = "---\ntitle: Advice\n---\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("more", "page"),
    [
        ({"guides/g.md": f"{GUIDE}Tell *the night* of the outage.\n"}, "guides/g.html"),
        ({"guides/g.md": f"{GUIDE}# The Night of the Outage\n"}, "guides/g.html"),
        ({"guides/g.md": f"{GUIDE}[The night of the outage](../{NIGHT})\n"}, "guides/g.html"),
        ({"questions.yml": "- {question: Why?, notes: The night of the outage.}\n"},
         "questions/why.html"),
        ({"questions.yml": "- {question: Why?, stories: [{story: open, note: Not the night of the "
          "outage}]}\n"}, "questions/why.html"),
        ({"stories/open.md": story("Open door", PUBLIC, body="\n## More\n\nAs in [the night of the "
          f"outage](../{NIGHT}).\n")}, "stories/open.html"),
    ],
)  # fmt: skip
def test_what_speaks_of_a_private_story_is_found(more, page: str, publish) -> None:
    found = publish(BOOK | more)
    expected = f"says `The Night of the Outage`, the title {OF_NIGHT}; {HINT}"
    assert f"{page}: {expected}" in found
    assert {line.partition(": ")[2] for line in found} == {expected}


def test_a_link_of_one_word_to_a_private_story_is_found(publish) -> None:
    files = {
        "handbook.yml": "",
        "stories/zebra.md": story("Zebra"),
        "stories/open.md": story("Open door", PUBLIC, body="\n## More\n\nSee [zebra](zebra.md).\n"),
    }
    assert publish(files) == [
        f"stories/open.html: says `Zebra`, the title of the private story stories/zebra.md; {HINT}"
    ]


@pytest.mark.slow
def test_a_link_called_like_a_category_is_not_found_on_all_its_pages(publish) -> None:
    files = BOOK | {
        "categories.yml": "- name: Feedback\n",
        "stories/open.md": story("Open door", PUBLIC, "categories: [Feedback]"),
        "stories/feedback.md": story("Feedback"),
        "stories/story.md": story("Zebra"),
        "guides/g.md": f"{GUIDE}[Feedback](../stories/feedback.md), [a story](../stories/story.md)",
    }
    found = publish(files)
    assert all(line.endswith(("[said-in-public]", "[dead-mention]")) for line in found)
    assert _anyway("stories/feedback.md", "title", "Feedback") in found


@pytest.mark.slow
def test_the_words_of_a_link_to_a_private_story_are_pointed_out(publish) -> None:
    files = BOOK | {"guides/g.md": f"{GUIDE}\nSee [the grand failure](../{NIGHT}).\n"}
    assert publish(files) == [
        f"{Path('content/guides/g.md')}:5: warning: "
        "`the grand failure` links to what is not published, "
        "and its words stay; check that they may, or reword it [dead-mention]"
    ]


def test_a_number_that_was_found_in_a_private_result_is_looked_for(publish) -> None:
    told = story("Zebra").replace("from 9 to 2 %", "from 4,096 to 37 in a week")
    files = {
        "handbook.yml": "publish: [guides]\n",
        "stories/zebra.md": told,
        "guides/g.md": f"{GUIDE}It fell from 4,096 to 37 once.\n",
        "stories/open.md": story("Open door", PUBLIC),
    }
    assert _anyway("stories/zebra.md", "number", "4,096") in publish(files)


def test_a_title_in_a_script_without_spaces_is_found(publish) -> None:
    files = {
        "handbook.yml": "publish: [guides]\n",
        "stories/a.md": story("A", PUBLIC),
        "stories/b.md": story("銀行の障害", body="\n"),
        "guides/g.md": f"{GUIDE}昨日の[銀行の障害](../stories/b.md)について。\n",
    }
    assert publish(files) == [
        f"guides/g.html: says `銀行の障害`, the title of the private story stories/b.md; {HINT}"
    ]


def test_the_title_of_an_unpublished_guide_or_deck_is_found(publish, layouts) -> None:
    files = BOOK | {
        "handbook.yml": "",
        "guides/g.md": "---\ntitle: What Globex asks first\n---\nWords.\n",
        "decks.yml": "- {name: Globex onsite in May, stories: [open]}\n",
    }
    planted = "<p>What Globex asks first</p><p>Globex onsite in May</p>"
    assert publish(files, layouts("404.html", "<h1>", planted)) == [
        "404.html: says `Globex onsite in May`, the name of the private deck decks.yml; " + HINT,
        "404.html: says `What Globex asks first`, the title of the private guide guides/g.md; "
        + HINT,
    ]


@pytest.mark.slow
def test_every_file_that_says_it_is_named(publish, layouts) -> None:
    found = publish(BOOK, layouts("base.html", "<footer", "<p>Acme Payments</p>"))
    pages = {path for path in site_of(BOOK) if path.endswith(".html")}
    assert found == sorted(
        f"{page}: says `Acme Payments`, a redacted term; {HINT}" for page in pages
    )


# What is left in place


@pytest.mark.slow
def test_a_leak_is_exit_1_and_leaves_the_last_edition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "content", BOOK)
    command = ["--public", "--content", "content", "--out", "site-public"]
    assert main(command) == 0
    before = read(tmp_path / "site-public")
    times = {path: (tmp_path / "site-public" / path).stat().st_mtime_ns for path in before}
    guide = f"{GUIDE}Tell the night of the outage.\n"
    write(tmp_path / "content", {"guides/g.md": guide, "stories/new.md": story("New", PUBLIC)})
    capsys.readouterr()
    assert main(command) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"guides/g.html: error: says `The Night of the Outage`, the title {OF_NIGHT}; {HINT}",
        f"guides/index.html: error: says `The Night of the Outage`, the title {OF_NIGHT}; {HINT}",
        "Nothing was built: 2 errors. The last good site is untouched.",
    ]
    assert read(tmp_path / "site-public") == before
    now = {path: (tmp_path / "site-public" / path).stat().st_mtime_ns for path in before}
    assert now == times


def test_the_private_edition_may_say_it_all(tmp_path: Path, layouts) -> None:
    folder = layouts("base.html", "<footer", "<p>Acme Payments, the night of the outage</p>")
    content = write(tmp_path / "content", BOOK)
    assert not pipeline.build(content, folder, tmp_path / "site").failed


# What public content says too


def _anyway(path: str, what: str, text: str) -> str:
    said = f"content/{path}: warning: its {what} `{text}` stands in the public edition anyway"
    return f"{said}; check that it may: it is not looked for [said-in-public]"


@pytest.mark.slow
@pytest.mark.parametrize(
    "more",
    [
        {"stories/open.md": story("Open door", PUBLIC, body="\nIt was the night of the outage.\n")},
        {"stories/open.md": story("The Night of the Outage", PUBLIC)},
        {"questions.yml": "- question: Tell me about the night of the outage\n"},
        {"guides/g.md": "---\ntitle: The night of the outage\n---\nWords.\n"},
        {"categories.yml": "- name: The night of the outage\n", "stories/open.md":
         story("Open door", PUBLIC, "categories: [The night of the outage]")},
    ],
)  # fmt: skip
def test_what_public_content_says_by_chance_is_listed_and_not_looked_for(more, publish) -> None:
    found = publish(BOOK | more)
    assert _anyway(NIGHT, "title", "The Night of the Outage") in found
    assert all(line.endswith(("[said-in-public]", "[same-title]")) for line in found)
    # Of all these, one story has the title of the other.
    assert sum(line.endswith("[same-title]") for line in found) == (
        "The Night of the Outage" in more.get("stories/open.md", "")
    )


@pytest.mark.slow
def test_a_word_or_a_number_in_a_guide_is_chance(publish) -> None:
    files = BOOK | {
        "stories/outage.md": story("Outage", "metrics: [3 weeks]"),
        "guides/g.md": f"{GUIDE}Three weeks before: 3 weeks. An outage.\n",
    }
    assert publish(files) == [
        _anyway("stories/outage.md", "file name", "outage"),
        _anyway("stories/outage.md", "id", "outage"),
        _anyway("stories/outage.md", "number", "3 weeks"),
        _anyway("stories/outage.md", "title", "Outage"),
    ]


@pytest.mark.slow
def test_words_side_by_side_in_two_fields_are_not_said(publish, layouts) -> None:
    files = BOOK | {
        "categories.yml": "- {name: The Night, aliases: [of the outage]}\n",
        "stories/open.md": story("Open door", PUBLIC, "categories: [The Night]"),
    }
    folder = layouts("404.html", "<h1>", "<p>The Night of the Outage</p>")
    assert f"404.html: says `The Night of the Outage`, the title {OF_NIGHT}; {HINT}" in publish(
        files, folder
    )


@pytest.mark.slow
def test_a_redacted_term_is_not_excused_by_public_content(publish) -> None:
    files = BOOK | {"handbook.yml": "redact: [{term: stories, as: tales}]\n"}
    found = publish(files)
    assert "stories/index.html: says `stories`, a redacted term; " + HINT in found


def test_an_address_of_the_site_with_a_term_in_it_is_refused(publish) -> None:
    settings = "base_url: https://acme.example/book/\nredact: [{term: Acme, as: a firm}]\n"
    found = publish({"handbook.yml": settings, "stories/a.md": story("A", PUBLIC)})
    assert found == [
        f"{path}: says `Acme`, a redacted term; {HINT}"
        for path in (
            "index.html",
            "sitemap.xml",
            "stories/a.html",
            "stories/index.html",
        )
    ]


# Addresses of private stories

SAY_OTHERWISE = "reword it there, publish that story, or give it another name"
FERRY = "stories/late-ferry.md"


def _with_ferry(**files: str) -> dict[str, str | bytes]:
    """Return a handbook with a private story `late-ferry`, and files whose names have a `_`."""
    named = {name.replace("__", "/") + ".md": text for name, text in files.items()}
    return {
        "handbook.yml": "publish: [questions, guides]\n",
        FERRY: story("How we missed the boat"),
        "stories/open.md": story("Open door", PUBLIC),
        "guides/g.md": f"{GUIDE}Words.\n",
    } | named


@pytest.mark.slow
@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("As in late-ferry.", "late-ferry"),
        ("As in *late*-ferry.", "late-ferry"),
        ("As in `LATE_FERRY`.", "late_ferry"),
        ("As in ../stories/late-ferry.md.", "late-ferry"),
        ("See <https://me.example/book/stories/late-ferry.html>.", "late-ferry"),
        ("See [it](https://me.example/book/stories/late-ferry).", "late-ferry"),
        ("See [it](https://me.example/?story=late%2Dferry).", "late-ferry"),
        ("See [it](https://me.example 'late-ferry').", "late-ferry"),
        ("See \\[[late ferry]] or \\[[late ferry|it]].", "late ferry"),
        ("See `stories/late ferry`.", "late ferry"),
        ("Late&#45;ferry", "late-ferry"),
    ],
)
def test_an_address_of_a_private_story_stops_the_build(said: str, found: str, publish) -> None:
    body = f"\n## More\n\nWords.\n\n{said}\n"
    line = story("Open door", PUBLIC, body=body).count("\n")
    (problem,) = publish(_with_ferry(stories__open=story("Open door", PUBLIC, body=body)))
    place, _, says = problem.partition(": ")
    assert place == f"content/stories/open.md:{line}"
    assert says == (
        f"says `{found}`, the id of the private story {FERRY}; {SAY_OTHERWISE} [private-mention]"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"stories/open.md": story("A", PUBLIC, "headline: Not late-ferry")}, "stories/open.md:5"),
        ({"stories/open.md": story("A", PUBLIC, "company: stories/late-ferry.md")},
         "stories/open.md:5"),
        ({"stories/open.md": story("A", PUBLIC, "cue: [late_ferry]")}, "stories/open.md:5"),
        ({"stories/a.png": PNG, "stories/open.md": story("A", PUBLIC, body="\n![late-ferry](a.png)"
         )},
         "stories/open.md:23"),
        ({"guides/g.md": f"{GUIDE}\n# On late-ferry\n"}, "guides/g.md:5"),
        ({"questions.yml": "- question: Why late-ferry?\n"}, "questions.yml:1"),
        ({"questions.yml": "- question: Why?\n  notes: Tell late-ferry.\n"}, "questions.yml:2"),
        ({"categories.yml": "- name: Boats\n  about: As late-ferry.\n", "questions.yml":
          "- {question: Why?, categories: [Boats]}\n"}, "categories.yml:2"),
        ({"handbook.yml": "title: Of late-ferry\npublish: [questions]\n"}, "handbook.yml:1"),
    ],
)  # fmt: skip
def test_an_address_is_found_in_every_field(more, place: str, publish) -> None:
    assert publish(_with_ferry() | more) == [
        f"content/{place}: says `{'late_ferry' if 'cue' in str(more) else 'late-ferry'}`, "
        f"the id of the private story {FERRY}; {SAY_OTHERWISE} [private-mention]"
    ]


def test_the_id_and_the_file_name_of_a_private_story_are_two_addresses(publish) -> None:
    book = _with_ferry(stories__open=story("Open", PUBLIC, "headline: slow-boat, late-ferry"))
    book[FERRY] = story("How we missed the boat", "id: slow-boat")
    assert publish(book) == [
        f"content/stories/open.md:5: says `{name}`, the {kind} of the private story {FERRY}; "
        f"{SAY_OTHERWISE} [private-mention]"
        for name, kind in (("late-ferry", "file name"), ("slow-boat", "id"))
    ]


@pytest.mark.parametrize("said", ["stories/kiln.md", "kiln.html", "\\[[kiln]]", "stories/kiln"])
def test_an_address_of_one_word_stops_the_build(said: str, publish) -> None:
    book = {
        "stories/kiln.md": story("How it burnt"),
        "stories/open.md": story("Open door", PUBLIC, body=f"\n## More\n\nSee {said}, the kiln.\n"),
    }
    assert publish(book) == [
        "content/stories/open.md:25: says `kiln`, the id of the private story stories/kiln.md; "
        f"{SAY_OTHERWISE} [private-mention]"
    ]


def test_the_words_of_an_id_are_pointed_out(publish) -> None:
    book = _with_ferry(guides__g=f"{GUIDE}Never take the late ferry.\n")
    assert publish(book) == [
        f"content/guides/g.md:4: warning: says `late ferry`, the id of the private story {FERRY}; "
        f"{SAY_OTHERWISE} [private-mention]"
    ]


@pytest.mark.parametrize(
    "said",
    ["late. Ferry", "late-ferry-2, not-late-ferry", "latest-ferry", "late, ferry", "ferry late"],
)
def test_other_words_are_no_address(said: str, publish) -> None:
    assert publish(_with_ferry(guides__g=f"{GUIDE}A {said}.\n")) == []


@pytest.mark.slow
def test_an_id_that_something_public_has_too_is_no_address_of_a_private_story(publish) -> None:
    book = _with_ferry(guides__g=f"{GUIDE}On the late-ferry.\n")
    book["categories.yml"] = "- {name: Late ferry}\n"
    book["stories/open.md"] = story("Open door", PUBLIC, "categories: [late-ferry]")
    found = publish(book)
    assert found
    assert all(line.endswith("[said-in-public]") for line in found)


@pytest.mark.slow
def test_a_picture_does_not_carry_its_name(publish) -> None:
    body = "\n## More\n\n![A boat](late-ferry.png) ![At Acme](acme-boat.png)\n"
    book = _with_ferry(stories__open=story("Open door", PUBLIC, body=body))
    settings = "redact: [{term: Acme, as: a firm}]\n"
    book |= {"handbook.yml": settings, "stories/late-ferry.png": PNG, "stories/acme-boat.png": PNG}
    assert publish(book) == []
    page = Path("site/stories/open.html").read_text()
    assert re.findall(r'alt="([^"]+)"', page) == ["A boat", "At a firm"]
    assert all(
        re.fullmatch(r"[0-9a-f]{16}\.png", path.name) for path in Path("site/images").iterdir()
    )


# What may mean a redacted term


@pytest.mark.slow
def test_a_word_that_may_mean_a_term_is_listed_for_a_decision(publish) -> None:
    settings = "redact:\n  - {term: Ann, as: a colleague}\n  - {term: Globex, as: a firm}\n"
    body = "\n## More\n\nAnnSmith ran `globexctl`. Annual plans, all of Globex's.\n"
    book = {
        "handbook.yml": settings,
        "stories/a.md": story("A", PUBLIC, body=body),
        "stories/b.md": story("B", PUBLIC, "headline: More globexctl", "tags: [annsmith]"),
        "stories/c.md": story("C", "headline: AnnJones"),
    }
    assert publish(book) == [
        "content/stories/a.md:25: warning: `AnnSmith` may mean the redacted term `Ann`, and stays; "
        "add `{term: AnnSmith, as: …}` to `redact:`, or `keep: [AnnSmith]` to the term `Ann` "
        "[possible-term]",
        "content/stories/a.md:25: warning: `globexctl` may mean the redacted term `Globex`, "
        "and stays, here and in 1 more; add `{term: globexctl, as: …}` to `redact:`, or "
        "`keep: [globexctl]` to the term `Globex` [possible-term]",
    ]
    decided = settings.replace("colleague", "colleague, keep: [AnnSmith]")
    decided += "  - {term: globexctl, as: our tool}\n"
    assert publish(book | {"handbook.yml": decided}) == []
    page = Path("site/stories/a.html").read_text()
    assert "AnnSmith ran <code>our tool</code>. Annual plans, all of a firm's." in page


@pytest.mark.parametrize(("term", "kept"), [("Acme", "AcmeBot"), ("North Pier", "NorthPierApp")])
def test_a_word_that_is_kept_stops_no_build(term: str, kept: str, publish) -> None:
    said = story("A", PUBLIC, body=f"\n## More\n\nWe ran the {kept}, and `{kept}` again.\n")
    settings = f"redact: [{{term: {term}, as: a firm, keep: [{kept}]}}]\n"
    assert publish({"handbook.yml": settings, "stories/a.md": said}) == []
    page = Path("site/stories/a.html").read_text(encoding="utf-8")
    assert f"We ran the {kept}, and <code>{kept}</code> again." in page


CAUGHT = """
    Acme: Acme2 acme1 Acmebot Acmeology acmes; Initech: initechhq; Globex: libglobex globex2go;
    Acme Payments: acmepaymentsclient AcmePayments2; PayPal: paypals; IBM: IBMs IBMCloud;
    SAP: SAPClient; Ann: AnnSmith JoAnn; Müller: Müllersche muellerbot; Søren: sorenbot
"""
PASSED_OVER = """
    Ann: Annual planned Hannah cannot; Mark: market remark marked benchmark; Meta: metadata;
    Box: boxing inbox; Gap: gaps; Target: targeted targeting; Block: blockers; Square: squared;
    Linear: linearly; Uber: exuberant; Visa: advisable; Chase: purchase chased; Dell: modelling;
    IBM: ibmx; Go: good going ago; Ford: afford; Ally: really
"""


def _pairs(listed: str) -> list[tuple[str, str]]:
    groups = (group.strip().split(": ") for group in listed.split(";"))
    return [(term, word) for term, words in groups for word in words.split()]


@pytest.mark.parametrize(("term", "word"), _pairs(CAUGHT))
def test_a_compound_is_found(term: str, word: str) -> None:
    found = find_compounds([("a.md", f"so {word} it")], [Redaction(term, "x")])
    assert [one.word for one in found] == [word]


@pytest.mark.parametrize(("term", "word"), _pairs(PASSED_OVER))
def test_a_word_that_only_shares_letters_is_not_found(term: str, word: str) -> None:
    assert list(find_compounds([("a.md", f"so {word} it")], [Redaction(term, "x")])) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("[us](https://acme.example/a)", "https://acme.example/a"),
        ("[us](https://x.example/?q=%41cme)", "https://x.example/?q=%41cme"),
        ("[us](mailto:a@acme.example)", "mailto:a@acme.example"),
        ("[us](https://www.mül.example)", "https://www.xn--ml-xka.example"),
    ],
)
def test_a_link_that_is_left_out_for_a_term_is_pointed_out(link, address, publish) -> None:
    body = f"\n## More\n\nAsk {link}.\n"
    settings = "redact: [{term: Acme, as: a firm}, {term: Mül, as: a firm}]\n"
    found = publish({"handbook.yml": settings, "stories/a.md": story("A", PUBLIC, body=body)})
    term = "Mül" if "xn" in address else "Acme"
    assert found == [
        f"content/stories/a.md:25: warning: the link to `{address}` is left out: it says `{term}`; "
        "check that the text reads well without it [redacted-link]"
    ]
    assert "<p>Ask us.</p>" in Path("site/stories/a.html").read_text()


# What would be noise


@pytest.mark.parametrize(
    "front",
    [
        ["metrics: [100 %, 12 %, 120 s, 40, 9.5 %, '300: x']"],
        ["id: hidden"], ["id: private"], ["id: draft"], ["id: focus"], ["id: ab"],
    ],
)  # fmt: skip
def test_what_stands_in_every_style_sheet_and_script_proves_nothing(front, publish) -> None:
    length = "answer_lengths: [{name: x, seconds: 120, result: 120}]\n"
    files = BOOK | {"handbook.yml": length, NIGHT: story("The Night of the Outage", *front)}
    assert publish(files) == []


@pytest.mark.slow
@pytest.mark.parametrize("term", ["Meta", "Target", "Grid", "Block", "Linear", "Box", "Gap"])
def test_a_company_named_like_a_piece_of_code_can_be_redacted(term: str, publish) -> None:
    told = f"\n## More\n\nAt {term}.\n"
    settings = f"redact: [{{term: {term}, as: a firm}}]\n"
    files = {"handbook.yml": settings, "stories/a.md": story("A", PUBLIC, body=told)}
    assert publish(files) == []
    page = (Path.cwd() / "site/stories/a.html").read_text()
    assert "<p>At a firm.</p>" in page


def test_an_id_is_a_whole_word(publish) -> None:
    files = {
        "handbook.yml": "publish: [questions]\n",
        "questions.yml": "- {question: Why?, stories: [co-1]}\n",
        "stories/co-1.md": story("First", PUBLIC, body="\n## More\n\nAnd Co 10, co-100.\n"),
        "stories/co-10.md": story("The tenth"),
    }
    # On the page of the question `co-1` stands before `Speaking time 0:07`.
    assert publish(files) == []


def test_a_picture_is_not_read_for_short_words(publish) -> None:
    noise = b"\0\0\0\x0bIDAT rain, fog \0\0\0\0"
    picture = PNG.replace(b"\0\0\0\0IEND", noise + b"\0\0\0\0IEND")
    body = "\n## More\n\n![x](x.png)\n"
    files = {
        "stories/a.md": story("A", PUBLIC, body=body),
        "stories/x.png": picture,
        "stories/fog.md": story("Fog"),
    }
    assert publish(files) == []


def test_the_words_of_a_longer_name_in_a_picture_are_found(publish) -> None:
    noise = b"\0\0\0\x19IDAT the night of the outage.\0\0\0\0"
    picture = PNG.replace(b"\0\0\0\0IEND", noise + b"\0\0\0\0IEND")
    body = "\n## More\n\n![x](x.png)\n"
    files = BOOK | {"stories/open.md": story("Open", PUBLIC, body=body), "stories/x.png": picture}
    (found,) = publish(files)
    assert re.fullmatch(r"images/[0-9a-f]{16}\.png: says `The Night of the Outage`, .*", found), (
        found
    )


# The words of our own layouts

PARTS = ("Situation", "Task", "Action", "Result", "Follow-ups", "Quiz", "Angles", "Levels", "More")
# Headings that the person writes, and what stands in every name here.
THEIRS = {"follow", "ups", "followups", "quiz", "angles", "levels", "org", "https"}


def _full() -> dict[str, str]:
    """Return a handbook that fills every part of every page with the word `qqq`."""
    q = "qqq"
    notes = "".join(f"> [!{kind}]\n> {q}\n\n" for kind in ("COACHING", "MISTAKE", "PHRASES"))
    parts = (f"## {part}\n\n{q}\n\n{notes}### {q}\n\n**{q}:** {q}\n" for part in PARTS)
    body, nine = "\n".join(parts), range(9)
    topic = {"tags": [q], "about": q, "asked_as": [q]}
    topics = [{"name": f"{q}-{i}", "aliases": [f"{q}{i}"], **topic} for i in nine]
    questions = [
        {
            "id": f"{q}-{i}", "question": q, "also": [q], "notes": q,
            "categories": [f"{q}-{j}" for j in nine], "principles": [f"{q}-{i}"],
            "companies": [f"{q}-{i}"], "levels": [q], "stories": [{"story": f"{q}-{i}", "note": q}],
        }
        for i in nine
    ]  # fmt: skip
    front = {"title": q, "headline": q, "company": q, "metrics": [f"{q} → {q}: {q}"]}
    stories = {
        f"stories/{q}-{i}.md": document(
            body, **front, status="ready", publish=True, principles=[f"{q}-{i}"],
            categories=[f"{q}-{j}" for j in nine[i % 3 :]], level=f"{q}-{i}", tags=[f"{q}-{i}"],
        )
        for i in nine
    }  # fmt: skip
    spine = "".join(f"## {part}\n\n{q}\n\n" for part in PARTS[:3])
    lengths = "answer_lengths: [{name: qqq, seconds: 10, action: 10}]\n"
    return stories | {
        "handbook.yml": f"{ALL_KINDS}base_url: https://qqq/\ntitle: qqq\nlevel: qqq\n{lengths}",
        "categories.yml": dump(topics),
        "principles.yml": dump([topic | {"set": f"{q}-{i % 2}"} for i, topic in enumerate(topics)]),
        "questions.yml": dump([*questions, {"id": "qqq-x", "question": q}]),
        "to-ask.yml": dump([{"audience": q, "topics": [{"topic": q, "questions": [q, q]}]}]),
        "guides/qqq.md": document(f"# {q}\n\n# {q}\n\n- [ ] {q}\n", title=q),
        "guides/qqq-2.md": document(q, title=q),
        "stories/qqq-found.md": document(
            f"{spine}## Result\n\n{q} +7[^1]\n\n[^1]: {q}\n", title=q, status="ready", publish=True
        ),
    }


def _said(files: Mapping[str, bytes]) -> set[str]:
    pages = {path: data.decode() for path, data in files.items() if path != ".starbook.json"}
    return {
        word
        for path, text in pages.items()
        for said, code in leaks.readings(path, text)
        for word in leaks.fold_words(said)
        if not code and not word.startswith("qqq") and not word.isdecimal() and len(word) > 2
    }


@pytest.mark.slow
def test_we_know_the_words_that_our_layouts_say() -> None:
    book = _full()
    nothing = {"stories/qqq.md": document("", title="qqq")}
    empty = nothing | {"handbook.yml": book["handbook.yml"]}
    said = _said(site_of(book)) | _said(site_of(nothing)) | _said(site_of(empty))
    texts = read_catalogue(read_layouts(LAYOUTS), "en").public_texts()
    interface = leaks.our_words(texts) - leaks.our_words(())
    assert " ".join(sorted(said - THEIRS - interface)) == " ".join(sorted(leaks.our_words(())))


@pytest.mark.slow
@pytest.mark.parametrize("word", ["one", "story", "first", "another"])
def test_a_story_named_by_a_word_of_our_layouts_is_listed_and_not_looked_for(
    word: str, publish
) -> None:
    assert publish(BOOK | {f"stories/{word}.md": story("Zebra")}) == [
        _anyway(f"stories/{word}.md", "file name", word),
        _anyway(f"stories/{word}.md", "id", word),
    ]


def test_a_page_reads_as_it_is_shown() -> None:
    page = "<p title='a'>Ac<em>me</em> <a href=\"b%20c\">d</a><a>e</a>f&amp;g</p>"
    said = [" ".join(text.split()) for text, _ in leaks.readings("x.html", page)]
    assert "Acme d ef&g" in said
    assert html.unescape(page).replace("%20", " ") in said
    assert page in said


# Private answers

ANSWERED = BOOK | {
    "questions.yml": "- question: Why leave?\n- question: Why us?\n  answer: plan-of-the-mill.md\n",
    "answers/why-leave.md": "My manager read my letters aloud. I **stay calm**.[^1]\n\n"
    "> [!COACHING]\n> Never name the manager who did it.\n\n"
    "[^1]: He did it again at lunch in March.\n",
    "answers/plan-of-the-mill.md": "---\npublish: false\n---\nYour mill grinds rye, not spelt.\n\n"
    "私はあなたの会社の地図が好き。\n",
}  # fmt: skip


@pytest.mark.slow
def test_a_private_answer_is_in_no_public_file(publish) -> None:
    assert publish(ANSWERED) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("planted", "said", "path"),
    [
        ("MY MANAGER <b>read</b> my letters, ALOUD", "My manager read my letters aloud.",
         "why-leave"),
        ("Never name the manager who did it", "Never name the manager who did it.", "why-leave"),
        ("He did it again at&nbsp;lunch in March!", "He did it again at lunch in March.",
         "why-leave"),
        ("Your mill grinds rye, not spelt", "Your mill grinds rye, not spelt.", "plan-of-the-mill"),
        ("私はあなたの会社の地図が好き", "私はあなたの会社の地図が好き。", "plan-of-the-mill"),
    ],
)  # fmt: skip
def test_a_sentence_of_a_private_answer_is_a_leak(planted, said, path, publish, layouts) -> None:
    folder = layouts("404.html", "<h1>", planted)
    expected = f"says `{said}`, the words of the private answer answers/{path}.md; {HINT}"
    assert publish(ANSWERED, folder) == [f"404.html: {expected}"]


@pytest.mark.slow
def test_the_file_name_of_a_private_answer_is_a_leak(publish, layouts) -> None:
    expected = "the file name of the private answer answers/plan-of-the-mill.md"
    assert publish(ANSWERED, layouts("404.html", "<h1>", "plan-of-the-mill")) == [
        f"404.html: says `plan-of-the-mill`, {expected}; {HINT}"
    ]


@pytest.mark.slow
def test_a_short_sentence_of_a_private_answer_proves_nothing(publish, layouts) -> None:
    assert publish(ANSWERED, layouts("404.html", "<h1>", "I stay calm")) == []


def test_an_answer_that_is_copied_into_a_public_note_is_a_leak(publish) -> None:
    notes = "- question: Why leave?\n  notes: Say that my manager read my letters aloud.\n"
    files = ANSWERED | {"questions.yml": notes}
    del files["answers/plan-of-the-mill.md"]
    expected = "the words of the private answer answers/why-leave.md"
    assert (
        f"questions/why-leave.html: says `My manager read my letters aloud.`, {expected}; {HINT}"
        in (publish(files))
    )


def test_a_private_answer_in_a_public_list_has_no_warnings_of_links(publish) -> None:
    answer = f"  answer: I told you [once]({NIGHT}), and [Acme](https://acme-payments.example/).\n"
    assert publish(BOOK | {"questions.yml": f"- question: Why leave?\n{answer}"}) == []


LOOP = {
    "principles.yml": "- name: Ownership\n",
    "interviews/cranes-in-june.yml": """company: Harbour Cranes
role: Engineer
notes: They still use the paper ledger.
rounds:
  - with: Ana Silva
    themes: [Ownership]
    notes: Asks about the night shift.
""",
    "log.yml": "- interview: cranes-in-june\n  question: Would you climb a crane?\n"
    "  notes: Forgot the harbour master.\n",
}
OF_LOOP = "of the private interview interviews/cranes-in-june.yml"


@pytest.mark.slow
def test_interviews_and_the_log_make_nothing_in_a_public_edition() -> None:
    files = {"stories/open.md": BOOK["stories/open.md"], "handbook.yml": ALL_KINDS}
    assert site_of(files | LOOP) == site_of(files | {"principles.yml": LOOP["principles.yml"]})


@pytest.mark.slow
@pytest.mark.parametrize(
    "publish", ["", "publish: [questions, guides, to-ask, coverage, practice]\n"]
)
def test_a_story_that_was_told_in_an_interview_is_published_as_if_it_was_not(publish: str) -> None:
    """No count of tellings, no how it landed, no company: whatever the log says."""
    files = {
        "handbook.yml": f"title: Open\n{publish}",
        "principles.yml": LOOP["principles.yml"],
        "questions.yml": "- question: What broke?\n  principles: [Ownership]\n  stories: [bell]\n",
        "to-ask.yml": "- audience: Them\n  topics: [{topic: Work, questions: [What is slow?]}]\n",
        "stories/bell.md": story("The bell", "principles: [Ownership]", "publish: true"),
    }
    told = (
        "- interview: cranes-in-june\n  date: 2026-06-05\n  round: Ana Silva\n"
        "  question: What broke?\n  story: bell\n  landed: 1\n  notes: Forgot the crane driver.\n"
    )
    private = site_of({**files, **LOOP, "log.yml": LOOP["log.yml"] + told * 2}, Edition.PRIVATE)
    assert b"Forgot the crane driver." in private["interviews/cranes-in-june.html"]
    assert b"Lost the thread" in private["stories/bell.html"]
    public = site_of({**files, **LOOP, "log.yml": LOOP["log.yml"] + told * 2})
    assert public == site_of(files)
    whole = b"\n".join(public.values()).lower()
    words = (b"cranes", b"harbour", b"silva", b"ledger", b"night shift", b"climb", b"log.yml")
    assert [word for word in words if word in whole] == []


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("They still use the paper ledger.", f"the note {OF_LOOP}"),
        ("Asks about the night shift.", f"the note {OF_LOOP}"),
        ("Ana Silva", f"the name of a person {OF_LOOP}"),
        ("Would you climb a crane?", "the question of the private log log.yml"),
        ("Forgot the harbour master.", "the note of the private log log.yml"),
    ],
)
def test_what_an_interview_or_the_log_says_stops_a_public_edition(said, what, publish) -> None:
    guide = f"---\ntitle: Advice\n---\nOnce more: {said}\n"
    found = publish({**LOOP, "handbook.yml": ALL_KINDS, "guides/g.md": guide})
    assert f"guides/g.html: says `{said}`, {what}; {HINT}" in found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("As in cranes-in-june.", "cranes-in-june"),
        ("See `interviews/Cranes_in-June.yml`.", "cranes_in-june"),
    ],
)
def test_the_id_of_an_interview_in_a_public_text_stops_a_public_edition(
    text, said, publish
) -> None:
    guide = f"---\ntitle: Advice\n---\n{text}\n"
    found = publish({**LOOP, "handbook.yml": ALL_KINDS, "guides/g.md": guide})
    assert (
        f"content/guides/g.md:4: says `{said}`, the id {OF_LOOP}; "
        "reword it there, or give it another name [private-mention]"
    ) in found


def test_a_company_that_names_its_interview_may_stand_in_public_with_its_dash(publish) -> None:
    loop = {"interviews/blue-cranes.yml": "company: Blue Cranes\nrounds: [{with: Ana Silva}]\n"}
    guide = "---\ntitle: Advice\n---\nThey said Blue-Cranes.\n"
    assert [
        one
        for one in publish({**loop, "handbook.yml": ALL_KINDS, "guides/g.md": guide})
        if "warning" not in one
    ] == []


@pytest.mark.slow
def test_a_company_that_public_questions_name_is_not_looked_for(publish) -> None:
    questions = "- question: Why us?\n  companies: [Harbour Cranes]\n"
    files = {**LOOP, "handbook.yml": ALL_KINDS, "questions.yml": questions}
    assert publish({**files, "stories/open.md": BOOK["stories/open.md"]}) == []
