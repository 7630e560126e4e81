"""Addresses of sites, as people write and copy them."""

from pathlib import Path

import pytest
from conftest import LAYOUTS, story
from hypothesis import given
from hypothesis import strategies as st

from starbook.build import pipeline
from starbook.content import address
from starbook.model import Edition

FORMS = {
    "https://me.example": "https://me.example/",
    "https://me.example/": "https://me.example/",
    "HTTPS://Me.Example/Book": "https://me.example/Book/",
    "https://me.example/book///": "https://me.example/book/",
    "http://localhost:8000/~ana/my book": "http://localhost:8000/~ana/my%20book/",
    "https://me.example/%7Eana/my%20book/": "https://me.example/%7Eana/my%20book/",
    "https://me.example/100%/": "https://me.example/100%25/",
    "https://me.example/Bücher/日本": "https://me.example/B%C3%BCcher/%E6%97%A5%E6%9C%AC/",
    "https://bücher.example/": "https://xn--bcher-kva.example/",
    "https://straße.example/": "https://xn--strae-oqa.example/",
    "https://例え.テスト/a": "https://xn--r8jz45g.xn--zckzah/a/",
    "https://[2001:DB8::0:1]:8443/b": "https://[2001:db8::1]:8443/b/",
    "https://127.0.0.1:/b": "https://127.0.0.1/b/",
    "https://my_host.example./a;b=c,d&e(f)@g!": "https://my_host.example/a;b=c,d&e(f)@g!/",
    'https://me.example/it\'s "here" <now>': "https://me.example/it%27s%20%22here%22%20%3Cnow%3E/",
}


@pytest.mark.parametrize(("written", "encoded"), FORMS.items(), ids=ascii)
def test_an_address_has_the_form_that_links_need(written: str, encoded: str) -> None:
    assert address.normalize(written) == encoded
    assert address.normalize(encoded) == encoded


@pytest.mark.slow
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_path_is_encoded_or_refused(path: str) -> None:
    try:
        encoded = address.normalize(f"https://me.example/{path}")
    except address.AddressError:
        assert set(path) & set("/?#\\.%")
    else:
        assert encoded.isascii()
        assert " " not in encoded
        assert address.normalize(encoded) == encoded


@pytest.mark.slow
@pytest.mark.parametrize("base", FORMS, ids=ascii)
def test_each_link_of_the_public_edition_begins_with_the_address(
    base: str, content, tmp_path: Path
) -> None:
    settings = "base_url: '" + base.replace("'", "''") + "'\n"
    folder = content({"handbook.yml": settings, "stories/a.md": story("A", "publish: true")})
    outcome = pipeline.build(folder, LAYOUTS, tmp_path / "site", edition=Edition.PUBLIC)
    assert [str(problem) for problem in outcome.problems] == []
    root = "/" + FORMS[base].split("/", 3)[3].replace("&", "&amp;")
    not_found = (tmp_path / "site/404.html").read_text(encoding="utf-8")
    assert f'href="{root}index.html"' in not_found
    assert f'href="{root}stories/index.html"' in not_found
    page = FORMS[base].replace("&", "&amp;")
    sitemap = (tmp_path / "site/sitemap.xml").read_text(encoding="utf-8")
    assert f"<loc>{page}stories/a.html</loc>" in sitemap
