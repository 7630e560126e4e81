"""Practice in a public edition: only where it is published, with public stories, and no records."""

from collections.abc import Mapping

import editions
import pytest
from conftest import brief, story

from starbook.editions.leaks import find_leaks, readings
from starbook.model import Edition, Handbook

RECORD = '{"id": "k2v9xq-71", "story": "ferry", "at": "2025-12-02T08:00:00Z", "rating": 3}'
BOOK = {
    "handbook.yml": "id: mill\npublish: [questions, practice]\n",
    "questions.yml": "- question: What sank?\n  stories: [ferry, cellar]\n",
    "stories/ferry.md": story("The ferry", "publish: true"),
    "stories/cellar.md": story("The flooded grain cellar"),
    "practice/phone.json": '{"starbook": "practice", "version": 1, "handbook": {"id": "mill"}, '
    f'"records": [{RECORD}]}}',
}


def _site(files: Mapping[str, str], edition: Edition = Edition.PUBLIC) -> dict[str, str]:
    """Return the pages and data of a site by path, without pictures and assets."""
    site = editions.site_of(files, edition)
    return {path: data.decode() for path, data in site.items() if not path.startswith("assets/")}


def test_a_public_edition_has_no_practice_page_unless_it_is_published() -> None:
    settings = {"handbook.yml": "id: mill\npublish: [questions]\n"}
    site = _site(BOOK | settings)
    assert [path for path in site if path.startswith("practice")] == []
    pages = [text for path, text in site.items() if path.endswith(".html")]
    assert not any("practice" in page or "told" in page for page in pages)


@pytest.mark.slow
def test_a_published_practice_page_has_public_stories_alone_and_no_records() -> None:
    site = _site(BOOK)
    assert {path for path in site if path.startswith("practice")} == {
        *("practice.html", "practice-index.js", "practice-texts/0.js")
    }
    assert '"id":"ferry"' in site["practice-index.js"]
    everything = "".join(site.values())
    assert not any(word in everything for word in ("cellar", "grain", "k2v9xq", "2025-12-02"))


def test_the_private_edition_has_all_stories_and_the_records() -> None:
    site = _site(BOOK, Edition.PRIVATE)
    assert '"id":"cellar"' in site["practice-index.js"]
    assert "k2v9xq-71" in site["practice-index.js"]
    assert "k2v9xq-71" in site["practice-history.js"]
    assert 'src="../practice-history.js"' in site["stories/ferry.html"]


def test_a_record_in_a_public_file_is_a_leak() -> None:
    files = {"stories/a.html": "<p>k2v9xq-71</p>"}
    practised = [("practice/phone.json", "k2v9xq-71")]
    (leak,) = find_leaks(Handbook(), Handbook(), files, practised=practised)
    assert brief(leak) == (
        "stories/a.html: says `k2v9xq-71`, the id of the private answer in practice/phone.json; "
        "reword it there, give it another name, or `redact:` it in handbook.yml [leak]"
    )


def test_a_private_text_in_the_texts_of_practice_is_found() -> None:
    data = 'starbook.practice.texts(0,"a1",["<p>the <em>flooded</em> grain</p>","&amp; x"]);\n'
    shown = [" ".join(text.split()) for text, _ in readings("practice-texts/0.js", data)]
    assert any("the flooded grain" in text for text in shown)
