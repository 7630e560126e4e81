"""Angles: how to tell one story for a principle, a category, a question or a company."""

import re

import pytest
from conftest import LAYOUTS, brief, story
from editions import PUBLIC, site_of, text_of, write

from starbook.build import pipeline, queries
from starbook.editions.leaks import find_leaks
from starbook.model import Edition

ANGLES = """
## Angles

### Ownership

Begin with the phone.

**Lead with:** nobody was on call.

**Emphasise:** the rota.

### outages

**Downplay:** the clock.

### night-call

**Lead with:** the hour.

### Brightwater

**Emphasize:** what readers saw next morning.

### Staying calm

**Emphasize:** one branch before all others.
"""
BOOK = {
    "handbook.yml": "publish: [questions]\n",
    "principles.yml": "- name: Ownership\n",
    "categories.yml": "- name: Incidents\n  aliases: [Outages]\n",
    "questions.yml": "- question: Who called you at night?\n  id: night-call\n"
    "  principles: [Ownership]\n  companies: [Brightwater]\n",
    "stories/a.md": story(
        "The rota", PUBLIC, "principles: [Ownership]", "categories: [Incidents]",
        "questions: [night-call]", body=ANGLES,
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def site() -> dict[str, bytes]:
    """The private edition of `BOOK`."""
    return site_of(BOOK, Edition.PRIVATE)


@pytest.fixture(scope="module")
def public() -> dict[str, bytes]:
    """The public edition of `BOOK`."""
    return site_of(BOOK)


def angles_on(page: bytes) -> list[str]:
    """Return the text of each angle on a page, in order."""
    found = re.findall(r'<div class="angle">.*?</dl></div>', page.decode(), re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", one).split()) for one in found]


@pytest.mark.slow
def test_the_page_of_a_principle_has_the_angle_at_the_story(site) -> None:
    assert angles_on(site["principles/ownership.html"]) == [
        "Angle Begin with the phone. Lead with nobody was on call. Emphasise the rota."
    ]


@pytest.mark.slow
def test_an_alias_names_a_category(site) -> None:
    assert angles_on(site["categories/incidents.html"]) == ["Angle Downplay the clock."]


def test_the_page_of_a_question_has_its_angle_then_those_of_what_it_belongs_to(site) -> None:
    assert angles_on(site["questions/night-call.html"]) == [
        "Angle Lead with the hour.",
        "Angle: Brightwater Emphasize what readers saw next morning.",
        "Angle: Ownership Begin with the phone. Lead with nobody was on call. Emphasise the rota.",
    ]


@pytest.mark.parametrize(
    ("href", "shown"),
    [
        ("../principles/ownership.html", "Ownership"),
        ("../categories/incidents.html", "outages"),
        ("../questions/night-call.html", "Who called you at night?"),
        ("../questions/index.html#company=brightwater", "Brightwater"),
    ],
)
def test_an_angle_on_the_page_of_its_story_links_to_what_it_is_for(site, href, shown) -> None:
    heading = rf'<h3><a class="chip[^"]*" href="{re.escape(href)}">(.*?)</a></h3>'
    assert re.findall(heading, site["stories/a.html"].decode()) == [shown]


def test_an_angle_for_a_name_that_no_list_has_stays_as_it_is(site) -> None:
    assert '<span class="chip principle">Staying calm</span>' in site["stories/a.html"].decode()


def test_an_address_tells_a_company_from_a_principle_of_that_name() -> None:
    lists = {"questions.yml": "- {question: Why us?, id: us, companies: [Ownership]}\n"}
    body = ANGLES.replace("### Brightwater", "### company/ownership")
    site = site_of(BOOK | lists | {"stories/a.md": story("A", body=body)}, Edition.PRIVATE)
    assert (
        '../questions/index.html#company=ownership">Ownership</a>'
        in site["stories/a.html"].decode()
    )


# The public edition


def test_a_company_and_an_unknown_name_are_private(public) -> None:
    text = text_of(public["stories/a.html"])
    assert "nobody was on call" in text
    assert "the hour" in text
    for private in ("what readers saw", "Brightwater", "Staying calm", "one branch"):
        assert private not in text
    everything = b"".join(data for path, data in public.items() if "assets/" not in path)
    assert b"readers saw" not in everything
    assert b"one branch" not in everything


def test_an_angle_may_say_that_it_is_public_or_private() -> None:
    said = "### Brightwater\n\n**Publish:** true\n"
    body = ANGLES.replace("### Brightwater\n", said)
    body = body.replace("### outages\n", "### outages\n\n**Publish:** false\n")
    files = BOOK | {"stories/a.md": BOOK["stories/a.md"].replace(ANGLES, body)}
    site = site_of(files)
    text = text_of(site["stories/a.html"])
    assert "what readers saw" in text
    assert "Publish" not in text
    assert "the clock" not in text
    assert angles_on(site["categories/incidents.html"]) == []


def test_an_angle_for_a_question_is_private_where_the_question_is() -> None:
    site = site_of(BOOK | {"handbook.yml": "title: Mine\n"})
    assert "the hour" not in text_of(site["stories/a.html"])


def test_a_section_of_private_angles_leaves_no_heading() -> None:
    body = "\n## Angles\n\n### Brightwater\n\n**Emphasize:** what readers saw next morning.\n"
    site = site_of(BOOK | {"stories/a.md": story("A", PUBLIC, body=body)})
    assert "Angles" not in text_of(site["stories/a.html"])


@pytest.mark.parametrize("value", ["yes", "True", "", "true, I think"])
def test_a_word_that_decides_on_publishing_is_not_guessed(value, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    body = f"\n## Angles\n\n### Brightwater\n\n**Publish:** {value}\n"
    write(tmp_path / "content", BOOK | {"stories/a.md": story("A", body=body)})
    problems = pipeline.check(tmp_path / "content", LAYOUTS)
    assert [brief(problem) for problem in problems] == [
        f"content/stories/a.md:24: expected true or false, found `{value}`; "
        "write `**Publish:** true` below this angle, or take it out [type]"
    ]


def test_the_search_for_leaks_knows_the_lines_and_the_company_of_a_private_angle(tmp_path) -> None:
    files = BOOK | {"questions.yml": "- {question: Why?, companies: [Brightwater Mills]}\n"}
    body = "\n## Angles\n\n### Brightwater Mills\n\n**Emphasize:** what readers saw next morning.\n"
    files |= {"handbook.yml": "title: Mine\n", "stories/a.md": story("A", PUBLIC, body=body)}
    content = write(tmp_path, files)
    database = pipeline.open_database(content, LAYOUTS, Edition.PUBLIC)
    pipeline.examine(database)
    books = queries.private_handbook(database), queries.edition_handbook(database)
    planted = "<p>what readers saw next morning, at Brightwater Mills</p>"
    found = [problem.message for problem in find_leaks(*books, {"index.html": planted})]
    assert found == [
        "says `what readers saw next morning.`, the line of the private angle in stories/a.md",
        "says `Brightwater Mills`, the company of the private angle in stories/a.md",
    ]
