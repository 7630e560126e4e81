"""Sets of principles: what is counted is counted by set."""

import re

import pytest
from conftest import story
from editions import site_of, text_of

from starbook.model import Edition

BOOK = {
    "principles.yml": """
- {name: Ownership, set: Amazon}
- {name: Think Big, set: Amazon}
- {name: Candour, set: Brightwater}
- {name: Thrift}
""",
    "stories/a.md": story("A", "principles: [Ownership, Candour]"),
}
CHOSEN = BOOK | {"handbook.yml": "principles_of: brightwater\n"}


def private(files: dict[str, str]) -> dict[str, bytes]:
    return site_of(files, Edition.PRIVATE)


def headings(page: bytes) -> list[str]:
    return re.findall(r"<h2>(.*?)</h2>", page.decode())


def test_the_first_page_counts_each_set_by_itself() -> None:
    text = text_of(private(BOOK)["index.html"])
    assert "1 of 2Amazon principles covered" in text
    assert "1 of 1Brightwater principles covered" in text
    assert "0 of 1principles covered" in text
    assert "of 4" not in text
    assert "1uncovered Amazon principle: Think Big" in text


def test_the_first_page_counts_the_chosen_set_alone() -> None:
    page = private(CHOSEN)["index.html"]
    text = text_of(page)
    assert "1 of 1Brightwater principles covered" in text
    assert "Amazon" not in text
    assert "uncovered principle" not in text
    assert "By principle, Brightwater" in headings(page)


def test_a_handbook_with_one_set_names_none() -> None:
    files = BOOK | {
        "principles.yml": "- {name: Ownership, set: Amazon}\n- {name: Candour, set: Amazon}\n"
    }
    assert "2 of 2principles covered" in text_of(private(files)["index.html"])


def test_the_list_of_principles_counts_each_set_and_begins_with_the_chosen_one() -> None:
    page = private(CHOSEN)["principles/index.html"]
    assert headings(page) == ["Brightwater", "Amazon", "No set"]
    counts = re.findall(r"<p class=\"meta\">(.*?)</p>", page.decode())
    assert counts == ["1 of 1 covered", "1 of 2 covered", "0 of 1 covered"]
    assert re.findall(r'value="([^"]*)" checked', page.decode()) == ["brightwater"]


@pytest.mark.parametrize(
    ("files", "title"),
    [
        (BOOK, "Principles without a story: 1 of Amazon, 1 of no set"),
        (BOOK | {"handbook.yml": "principles_of: Amazon\n"}, "1 principle has no story"),
        (CHOSEN, "Everything is covered"),
    ],
)
def test_the_page_of_coverage_counts_gaps_by_set(files, title) -> None:
    page = private(files)["coverage.html"].decode()
    assert f"<h1>{title}</h1>" in page
    assert ("Think Big" in page.partition('id="gaps"')[2].partition("</div>")[0]) is (
        files is not CHOSEN
    )


def test_a_public_edition_does_not_say_which_set_was_chosen() -> None:
    files = {
        **CHOSEN,
        "stories/a.md": story("A", "publish: true", "principles: [Ownership, Candour]"),
    }
    page = site_of(files)["principles/index.html"]
    assert headings(page) == ["Amazon", "Brightwater"]
    assert re.findall(r'value="([^"]*)" checked', page.decode()) == ["all"]
    assert "covered" not in text_of(page)
