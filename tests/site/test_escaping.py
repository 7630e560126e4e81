"""Whatever a person writes is text: it shows as it was written, and no element comes of it."""

import re
import tempfile
from collections.abc import Mapping
from functools import cached_property, lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from conftest import LAYOUTS, examples
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from starbook.build import pipeline
from starbook.model import CoachRule

# All that our layouts and our markdown make.
_TAGS = """
    html head meta title link script body header nav main footer section article aside div p span
    h1 h2 h3 h4 h5 h6 a ul ol li details summary form fieldset legend label input button time
    table thead tbody tr th td b strong em s i q code pre small blockquote br hr dialog kbd sub sup
    select option optgroup dl dt dd template noscript textarea svg path text rect wbr
"""
TAGS = frozenset(_TAGS.split())
# Those that a person can type, and that have no attribute wherever they stand.
BARE = frozenset({"br", "kbd", "sub"})
SCHEMES = frozenset({"http", "https", "mailto", "tel"})

NASTY = (
    "<script>alert(1)</script>",
    "</script>",
    "</title></style></textarea>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<!-- ",
    "-->",
    "]]>",
    "<?php",
    "&lt;b&gt;",
    "&amp;",
    "&",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)",
    "` onclick=alert(1)",
    "{{ page.frame.root }}",
    "{{ 7 * 7 }}",
    "{% for x in y %}",
    "{# a comment",
    "{%",
    "javascript:alert(1)",
    "é日本語🎯",
    "\u202eright to left",
    "\u2028",
    "\ufeff",
    "\ufffe",
    "\x07\x1b[31m",
    "\x85",
    "\ud800",
    ": ",
    "- ",
    "#",
    "'",
    '"',
    "\\",
    "|",
    "%41",
    "no",
    "~",
)
MARKED = (
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](data:text/html,<script>alert(1)</script>)",
    "[a](vbscript:x)",
    "[a](//evil.example)",
    "[a](\\\\evil.example)",
    "[a](file:///etc/passwd)",
    '[a](https://a.example/" onclick="alert(1))',
    '[a](<https://a.example/" onclick="alert(1)>)',
    "[a](https://a.example 'title\" onclick=\"alert(1)')",
    "[a][b]\n\n[b]: javascript:alert(1)\n\n",
    "<javascript:alert(1)>",
    "<https://a.example/<script>>",
    "www.a.example/<b>",
    "![a](https://a.example/x.png)",
    '![" onerror="alert(1)](x.png)',
    "\n\n# <script>\n\n",
    '\n\n### " onclick="alert(1)\n\n',
    '\n\n```" onclick="x\n</code></pre><script>\n```\n\n',
    "\n\n| <b onclick=x> | a |\n|:-:|--:|\n| <i> | `<u>` |\n\n",
    "\n\n> [!NOTE] <b onclick=x>\n> <i>\n\n",
    "\n\n> [!COACHING]\n> <script>\n\n",
    "\n\n> [!PHRASES]\n> [a](javascript:x)\n\n",
    "\n\n- [ ] <input onfocus=alert(1)>\n- [x] </label>\n\n",
    "\n\n**<b>:** <i>\n\n",
    '[Fill in: "><script>]',
    "\n\n<div onclick=x>\n\n",
    "<a href=x>",
    "**a**",
    "*a*",
    "~~a~~",
    "`</code><script>`",
    "\n\n    <pre>\n\n",
    "\n\n---\n\n",
    "\\<b>",
    "\0",
    "&#0;",
    "&#x2028;",
    "<kbd onclick=alert(1)>a</kbd>",
    '<sub style="x">',
    "<br onload=alert(1)>",
    "<kbd>",
    "</sup>",
    "<br>",
    "\n\n<details ontoggle=alert(1) open>\n<summary onclick=x>a</summary>\n\n</details>\n\n",
    "\n\n<details open>\n<summary><script></summary>\n\n",
    "\n\n</details>\n\n",
    "[^<b>]\n\n[^<b>]: <script> [^<b>]\n\n",
    '\n\n[^" onclick=x]: [^1]\n\n',
    "[[two|<img src=x onerror=alert(1)>]]",
    '[[#" onclick="alert(1)]]',
    "[[javascript:alert(1)]]",
    '![[" onerror="alert(1).png]]',
    '![" onerror="x](a " b.png "" onload="x")',
)

_any_text = st.text(max_size=12)
hostile = st.lists(st.sampled_from(NASTY) | _any_text, min_size=1, max_size=4).map("".join)
markdown = st.lists(st.sampled_from(NASTY + MARKED) | _any_text, min_size=1, max_size=6).map(
    "".join
)

# A file system and a browser start are slow at first; how slow is not what is tested here.
patiently = settings(
    max_examples=examples(20), suppress_health_check=[HealthCheck.function_scoped_fixture]
)


# A small handbook with every text field of every kind


class Fields(dict[str, str]):
    """A text for each field, by its name; plain ones where no other is given."""

    def __missing__(self, name: str) -> str:
        return f"plain {name}"


def _document(front: Mapping[str, Any], body: str) -> str:
    return f"---\n{_yaml(front)}---\n{body}"


def _yaml(data: Any) -> str:
    return yaml.safe_dump(data, allow_unicode=False, sort_keys=False)


def _story(f: Fields) -> str:
    front = {
        "title": f["title"],
        "headline": f["headline"],
        "categories": ["c"],
        "principles": ["p"],
        "level": f["level"],
        "tags": [f["tag"], f["other tag"]],
        "company": f["company"],
        "status": "ready",
        "metrics": [f"1 → 2 %: {f['figure']}"],
        "cue": [f["cue"]],
        "scope": {"influence": f["scope"]},
    }
    body = "\n\n".join(f"## {part}\n\nPlain." for part in ("Situation", "Task", "Action", "Result"))
    return _document(front, body)


def _topic(f: Fields, ident: str) -> dict[str, Any]:
    return {
        "id": ident,
        "name": f[f"{ident} name"],
        "aliases": [f[f"{ident} alias"]],
        "about": f[f"{ident} about"],
        "asked_as": [f[f"{ident} asked as"]],
        "tags": [f[f"{ident} tag"]],
    }


def handbook(f: Fields, body: str = "Plain.", *, coach: bool = True) -> dict[str, str]:
    """The files of a handbook with these texts, and this body wherever there is markdown."""
    off = [] if coach else [rule.value for rule in CoachRule]
    question = {
        "id": "q",
        "question": f["question"],
        "also": [f["also"]],
        "categories": ["c"],
        "principles": ["p"],
        "companies": [f["asked at"]],
        "levels": [f["asked for"]],
        "notes": body,
        "stories": [{"story": "one", "note": f["note"]}],
    }
    level = {
        "id": "l",
        "name": f["l name"],
        "aliases": [f["level"]],
        "expects": {"influence": f["l expects"]},
        "red_flags": [f["red flag"]],
        "differs": [f["difference"]],
    }
    topics = [{"topic": f["topic"], "questions": [f["to ask"]]}]
    return {
        "handbook.yml": _yaml({"title": f["handbook"], "level": f["aim"], "coach": {"off": off}}),
        "categories.yml": _yaml([_topic(f, "c")]),
        "principles.yml": _yaml([_topic(f, "p") | {"set": f["set"]}]),
        "questions.yml": _yaml([question]),
        "to-ask.yml": _yaml([{"audience": f["audience"], "topics": topics}]),
        "levels.yml": _yaml([level]),
        "decks.yml": _yaml([{"name": f["deck"], "stories": ["one"]}]),
        "synonyms.yml": _yaml([[f["a word"], f["its synonym"]]]),
        "stories/one.md": _story(f),
        "stories/two.md": _document({"title": "Two", "categories": ["c"]}, body),
        "guides/g.md": _document({"title": f["guide"]}, body),
    }


# Where each text has to stand
SHOWN: dict[str, tuple[str, ...]] = {
    "stories/one.html": (
        "title", "headline", "level", "tag", "other tag", "company", "figure", "question", "note",
        "c name", "p name", "handbook", "scope", "l name", "l expects", "red flag", "difference",
    ),
    "stories/two.html": ("title",),
    "stories/index.html": ("title", "headline", "level", "tag", "figure", "c name", "p name"),
    "questions/q.html": (
        "question", "also", "asked at", "asked for", "note", "title", "figure", "c name", "p name",
    ),
    "questions/index.html": ("question", "asked at", "asked for", "title", "c name"),
    "categories/c.html": ("c name", "c alias", "c about", "c asked as", "title", "question"),
    "principles/p.html": ("p name", "p alias", "p about", "p asked as", "set", "title"),
    "categories/index.html": ("c name",),
    "principles/index.html": ("p name", "set"),
    "levels/index.html": ("l name",),
    "levels/l.html": ("l name", "level", "l expects", "red flag", "difference", "title"),
    "coverage.html": ("c name", "p name", "question", "title"),
    "to-ask.html": ("audience", "topic", "to ask"),
    "guides/g.html": ("guide",),
    "guides/index.html": ("guide",),
    "index.html": ("handbook", "aim", "c name", "p name", "set", "guide", "audience"),
}  # fmt: skip
FIELDS = sorted({name for names in SHOWN.values() for name in names})
UNSHOWN = ("cue", "deck", "a word", "its synonym", "c tag", "p tag")


class Page(HTMLParser):
    """A page as a browser reads it: its elements and words."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.said: list[str] = []
        self.odd: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def handle_comment(self, data: str) -> None:
        self.odd.append(f"a comment: {data}")

    def handle_pi(self, data: str) -> None:
        self.odd.append(f"an instruction: {data}")

    def unknown_decl(self, data: str) -> None:
        self.odd.append(f"a declaration: {data}")

    @property
    def text(self) -> str:
        return " ".join("".join(self.said).split())

    @property
    def shape(self) -> list[tuple[str, tuple[str, ...]]]:
        """Its elements with the names of their attributes, in order."""
        return [(tag, tuple(attributes)) for tag, attributes in self.elements]

    @cached_property
    def intruders(self) -> list[str]:
        """Return the elements and attributes that no page of a site may have."""
        found = list(self.odd)
        for tag, attributes in self.elements:
            if tag not in TAGS:
                found.append(f"<{tag}>")
            for name, value in attributes.items():
                bad_name = name.startswith("on") or name in ("style", "srcdoc", "srcset")
                bad_name |= tag in BARE or (tag == "sup" and (name, value) != ("class", "ref"))
                if bad_name or not re.fullmatch(r"[a-z-]+", name):
                    found.append(f"{name}={value!r} on <{tag}>")
            found += [f"{a}={attributes[a]!r}" for a in ("href", "src") if _leaves(attributes, a)]
            if tag == "script" and not attributes.get("src", "").endswith(".js"):
                found.append("a script of its own")
        return found


def _leaves(attributes: Mapping[str, str], name: str) -> bool:
    """Return True if a page on disk must not have this link."""
    address = urlsplit(attributes.get(name, ""))
    allowed = SCHEMES if name == "href" and attributes.get("rel") != "stylesheet" else frozenset()
    away = bool(address.netloc) and not address.scheme
    return away or bool(address.scheme and address.scheme.lower() not in allowed)


def build(files: Mapping[str, str]) -> dict[str, Page] | None:
    """The pages of these files, or None where they have a fault that was reported."""
    with tempfile.TemporaryDirectory() as folder:
        content = Path(folder) / "content"
        for name, text in files.items():
            path = content / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8", "replace"))
        built = pipeline.build_site(pipeline.open_database(content, LAYOUTS))
        if built.failed:
            return None
        return {path: page(data) for path, data in built.files.items() if path.endswith(".html")}


@lru_cache(maxsize=200)
def page(data: bytes) -> Page:
    """A page, which is read once: most pages of a handbook do not show what is hostile in it."""
    return Page(data.decode())


def assert_only_ours(pages: Mapping[str, Page]) -> None:
    found = {path: page.intruders for path, page in pages.items()}
    assert {path: intruders for path, intruders in found.items() if intruders} == {}


@pytest.fixture(scope="module")
def plain() -> dict[str, Page]:
    pages = build(handbook(Fields(), coach=False))
    assert pages is not None
    return pages


def _named(texts: Mapping[str, str]) -> Fields:
    """Each text behind the name of its field: so none is empty, and no two are the same."""
    return Fields({name: f"{name} {text}" for name, text in texts.items()})


@pytest.mark.slow
def test_the_plain_handbook_shows_every_field(plain: dict[str, Page]) -> None:
    assert_only_ours(plain)
    lost = {
        path: [name for name in names if f"plain {name}" not in plain[path].text]
        for path, names in SHOWN.items()
        if path != "stories/two.html"
    }
    assert {path: names for path, names in lost.items() if names} == {}


@pytest.mark.slow
@patiently
@given(texts=st.fixed_dictionaries(dict.fromkeys((*FIELDS, *UNSHOWN), hostile)))
def test_every_text_shows_as_it_was_written_and_makes_no_element(
    plain: dict[str, Page], texts: dict[str, str]
) -> None:
    fields = _named({name: _printable(text) for name, text in texts.items()})
    # A remark adds elements to a page, by the numbers in the texts.
    pages = build(handbook(fields, coach=False))
    assert pages is not None
    assert_only_ours(pages)
    for path, names in SHOWN.items():
        for name in names if path != "stories/two.html" else ():
            shown = re.sub(r"\\(<!--|%%)", r"\1", fields[name])
            assert " ".join(shown.split()) in pages[path].text, (path, name)
    assert {path: page.shape for path, page in pages.items()} == {
        path: page.shape for path, page in plain.items()
    }


def _printable(text: str) -> str:
    """Without what no text file may hold, and with a backslash before what opens a comment."""
    text = re.sub(r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]", "", text)
    return re.sub(r"\\*(<!--|%%)", r"\\\1", text)


@pytest.mark.slow
@patiently
@given(texts=st.fixed_dictionaries({}, optional=dict.fromkeys((*FIELDS, *UNSHOWN), hostile)))
@example({"title": "\0"})
@example({"question": "\ud800"})
@example({"c name": "<"})
def test_any_text_alone_builds_or_is_reported(texts: dict[str, str]) -> None:
    pages = build(handbook(Fields(texts)))
    assert_only_ours(pages or {})


@pytest.mark.slow
@patiently
@given(body=markdown)
@example("a\0b [x](#\0)")
def test_no_markdown_makes_an_element_of_its_own(body: str) -> None:
    pages = build(handbook(Fields(), body))
    assert_only_ours(pages or {})


@pytest.mark.slow
@pytest.mark.parametrize("around", ["Follow-ups", "Weak answer", "Quiz", "Angles", "Levels"])
@patiently
@given(heading=hostile, label=hostile, body=markdown)
def test_no_part_around_the_answer_makes_an_element_of_its_own(
    around: str, heading: str, label: str, body: str
) -> None:
    story = f"---\ntitle: One\n---\n## {around}\n\n{body}\n\n### {heading}\n\n**{label}:** {body}\n"
    pages = build({"stories/one.md": story})
    assert_only_ours(pages or {})


@pytest.mark.slow
@patiently
@given(heading=hostile, body=markdown)
def test_a_section_of_any_name_keeps_its_words(heading: str, body: str) -> None:
    story = (
        f"---\ntitle: One\n---\nBefore.\n\n## {heading}\n\nFirst.\n\n{body}\n\n## End\n\nLast.\n"
    )
    pages = build({"stories/one.md": story})
    assert_only_ours(pages or {})
    if pages is not None:
        text = pages["stories/one.html"].text
        assert "Before." in text
        assert "First." in text


@pytest.mark.slow
@pytest.mark.parametrize("nasty", MARKED)
def test_each_known_trick_shows_as_text(nasty: str, plain: dict[str, Page]) -> None:
    pages = build(handbook(Fields(), f"Before.\n\n{nasty}\n\nAfter."))
    assert_only_ours(pages or {})


@pytest.mark.slow
def test_no_heading_takes_the_place_of_an_anchor_of_ours() -> None:
    words = ("Main", "Links", "Stories", "Questions", "Situation")
    pages = build(handbook(Fields(audience="Main"), "\n\n".join(f"# {word}" for word in words)))
    assert pages is not None
    for path, page in pages.items():
        ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
        assert len(ids) == len(set(ids)), path


def test_a_link_to_elsewhere_stays_a_link_and_tells_nobody_where_one_comes_from() -> None:
    pages = build({"guides/g.md": "---\ntitle: G\n---\n[a](https://a.example/?b=1&c=2)"})
    assert pages is not None
    links = [attributes for tag, attributes in pages["guides/g.html"].elements if tag == "a"]
    found = [link for link in links if link.get("href", "").startswith("http")]
    assert [(a["href"], a["rel"]) for a in found] == [("https://a.example/?b=1&c=2", "noreferrer")]
