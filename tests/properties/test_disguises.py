"""Disguises: no redacted term is in the public edition, however and wherever it is written."""

import html
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from urllib.parse import quote, unquote

from conftest import LAYOUTS, examples, story
from editions import PNG, PUBLIC, dump, read, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from starbook.build import pipeline
from starbook.model import Edition

# Each is a name that stands nowhere else, and its letters as they are compared.
TERMS = {
    "Quazel Vortran": ("quazelvortran", "quazel"),
    "Zwörnig": ("zwornig", "zwoernig"),
    "Blixtorp": ("blixtorp",),
    "Øvrexal": ("ovrexal", "oevrexal"),
}
SETTINGS = {
    "publish": ["questions", "guides", "to-ask", "coverage"],
    "redact": [{"term": term, "as": "a firm"} for term in TERMS],
}

SPACES = [
    "   ",
    "\t",
    "\u00a0",
    "\u2009",
    "\u3000",
    " \u200b ",
    "-",
    "_",
    "",
    " \u2013 ",
    "&nbsp;",
    " **",
]
HIDDEN = ["\u200b", "\u00ad", "\u200d", "\ufeff", "\ufe0f", "\u200e", "\u2060", "&shy;", "&#8203;"]
MARKED = [
    "{}**{}**",
    "**{}**{}",
    "{}`{}`",
    "[{}](https://x.example){}",
    "{}<sub>{}</sub>",
    "{}_{}",
    r"{}\{}",
    "{}*{}*",
]
AROUND = [
    "{}'s",
    "{}_x",
    "x-{}",
    "({})",
    "**{}**",
    "`{}`",
    "{}<sup>2</sup>",
]
COMPOUNDS = ["{}s", "{}Client", "My{}Bot"]
ADDRESSES = [
    "[we](https://{}.example)", "<https://x.example/?q={}>", "[we](https://x.example/{}/a)",
    "https://www.{}.example/", "<jane@{}.example>", '[we](https://x.example "{}")', "![{}](a.png)",
]  # fmt: skip


@st.composite
def disguises(draw: st.DrawFn) -> str:
    """Return one of the terms, disguised."""
    first, *others = draw(st.sampled_from(list(TERMS))).split()
    change_case = draw(st.sampled_from([str, str, str.upper, str.lower]))
    first, *others = map(change_case, [first, *others])
    term = draw(st.sampled_from(SPACES)).join([first, *others])
    cut = draw(st.integers(2, len(first) - 2))
    steps = {
        "hidden": lambda said: said[:cut] + draw(st.sampled_from(HIDDEN)) + said[cut:],
        "marked": lambda said: draw(st.sampled_from(MARKED)).format(said[:cut], said[cut:]),
        "wide": lambda said: re.sub("[A-Z]", lambda m: chr(ord(m[0]) + 0xFEE0), said),
        "accents": lambda said: said[:cut] + "\u0301" + said[cut:],
        "decomposed": lambda said: unicodedata.normalize("NFD", said),
        "entity": lambda said: f"&#{ord(said[0])};{said[1:]}",
        "percent": lambda said: f"%{ord(said[1]):02x}".join((said[0], said[2:]))
        if said[1].isascii() else quote(said),
        "abroad": lambda said: said.replace("ö", "oe").replace("Ø", "Oe"),
    }  # fmt: skip
    said = steps[draw(st.sampled_from(list(steps)))](term)
    compounds = COMPOUNDS if change_case is str else []
    around = draw(st.sampled_from([*AROUND, *ADDRESSES, *compounds, "{}", "{}", "{}"]))
    return around.format(said)


PLACES = (
    "title", "headline", "company", "tags", "cue", "metrics", "body", "table", "code", "heading",
    "guide", "question", "notes", "category", "ask",
)  # fmt: skip


def _book(said: dict[str, str]) -> dict[str, str | bytes]:
    """Return a handbook that says each text at its place."""
    front = {name: said.get(name, "x") for name in ("headline", "company")}
    front |= {name: [said.get(name, "x")] for name in ("tags", "cue")}
    front["metrics"] = [f"41 → 6 minutes: {said.get('metrics', 'x')}"]
    body = f"""
## On {said.get("heading", "x")}

At {said.get("body", "x")} it was.

| x |
|---|
| {said.get("table", "x").replace("|", "")} |

```
{said.get("code", "x")}
```
"""
    title = f"A {said.get('title', 'x')} b"
    told = story("TITLE", PUBLIC, "id: a", dump(front).strip(), body=body)
    question = {"question": f"Why {said.get('question', 'x')}?", "id": "q", "categories": ["c"]}
    return {
        "handbook.yml": dump(SETTINGS),
        "stories/a.md": told.replace("title: TITLE", dump({"title": title}).strip()),
        "stories/a.png": PNG, "guides/a.png": PNG, "a.png": PNG,
        "guides/g.md": "---\ntitle: G\n---\n\n# {0}\n\nAt {0}\n".format(said.get("guide", "x")),
        "questions.yml": dump([question | {"notes": said.get("notes", "x")}]),
        "categories.yml": dump([{"name": "c", "about": said.get("category", "x")}]),
        "to-ask.yml": dump(
            [{"audience": "Peers", "topics": [{"topic": "T", "questions": [said.get("ask", "x")]}]}]
        ),
    }  # fmt: skip


def _labels(text: str) -> str:
    """Return `text` with its punycode decoded, by the codec of the standard library."""
    return re.sub(
        r"xn--([a-z0-9-]+)", lambda m: m[1].encode().decode("punycode", "replace"), text.lower()
    )


def _plain(text: str) -> str:
    """Return the letters and digits of a text, without accents, case and invisible signs."""
    plain = unicodedata.normalize("NFKD", text).casefold().replace("ø", "o")
    return "".join(c for c in plain if c.isalnum())


def _readings(path: str, data: bytes) -> Iterator[str]:
    text = data.decode("utf-8", "replace")
    if path.endswith((".css", ".png")):
        return
    for shown in (path, text, re.sub(r"<[^>]*>", "", text)):
        decoded = _labels(unquote(html.unescape(unquote(html.unescape(shown)))))
        unmarked = re.sub(r"<[^>]*>|\]\([^)]*\)", "", decoded)
        yield from map(_plain, (shown, decoded, unmarked))


_LISTED = re.compile(r"`(\w+)` may mean the redacted term .* \[possible-term\]$")


def _canaries(site: dict[str, bytes], listed: list[str]) -> list[tuple[str, str]]:
    """Return the terms in a site, with the paths of files, but for the words of warnings."""
    letters = [one for forms in TERMS.values() for one in forms]
    return [
        (path, one)
        for path, data in site.items()
        for said in _readings(path, data)
        for one in letters
        if one in reduce(lambda text, word: text.replace(_plain(word), ""), listed, said)
    ]


@settings(deadline=None, max_examples=examples(25), suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(PLACES), disguises(), min_size=4))
def test_a_disguised_term_is_nowhere_or_stops_the_build_by_its_place(said: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        content, out = Path(folder, "content"), Path(folder, "site")
        outcome = pipeline.build(write(content, _book(said)), LAYOUTS, out, edition=Edition.PUBLIC)
        if outcome.failed:
            errors = [problem for problem in outcome.problems if problem.is_error]
            assert all(problem.path and problem.rule == "leak" for problem in errors), errors
            assert not out.exists()
        else:
            listed = [_LISTED.search(str(problem)) for problem in outcome.problems]
            words = [match[1] for match in listed if match]
            assert _canaries(read(out), words) == []
