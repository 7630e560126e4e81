"""Comments: nothing of them is in what is built, printed or counted, in either edition."""

import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import editions
import pytest
from conftest import story

from starbook.build import pipeline
from starbook.model import Edition, Kind

Check = Callable[[Mapping[str, str]], list[str]]
CANARY = "xylograph"
EDITIONS = list(Edition)

LISTS = {
    "handbook.yml": "title: Mill book {}\npublish: [questions, guides, to-ask, coverage]\n"
    "redact:\n  - {{term: Acme {}, as: a mill}}\n",
    "categories.yml": "- name: Floods {}\n  about: Water {} came in.\n  tags: [wet {}]\n"
    "  asked_as: [a flood {}]\n",
    "principles.yml": "- name: Ownership {}\n  about: You {} act.\n  aliases: [Own it {}]\n",
    "questions.yml": "- question: What {} went wrong?\n  also: [What {} broke?]\n"
    "  companies: [Contoso {}]\n  stories: [{{story: flood, note: Begin {} late}}]\n"
    "  notes: |\n    Say **what {} broke**.\n\n    - first {}\n    {}\n",
    "to-ask.yml": "- audience: Peers {}\n"
    "  topics: [{{topic: Rota {}, questions: [Who {} calls?]}}]\n",
    "decks.yml": "- {{name: Day {}, stories: [flood]}}\n",
    "synonyms.yml": "- [flood, water {}]\n",
}
STORY = """---
title: The flood {}
headline: From 9 {} to 2 hours.
company: Acme {}
tags: [wet {}]
level: Senior {}
metrics: ["9 → 2 hours: outage {}", 61 %: calls {}]
cue: [one pump {}]
publish: true {}
status: ready {}
---

{}

## Situation {}

The mill {} stood in 9 feet of water.

> [!PHRASES]
> "so {} wet"

## Task

- Pump {} it out.
- {}

## Action

| what | when {} |
|---|---|
| pump {} | May |
{}
| [wet {} sand](https://mill.example) | June |

## Result {}

From 9 {} to 2 hours.

{}
"""
GUIDE = "---\ntitle: Water {}\n---\n\n## Before {}\n\n- [ ] Boots {}\n\n{}\n"
COMMENTS = ["<!-- xylograph -->", "%% xylograph %%", "<!--xylograph [Fill in: 4 of 5 mills]-->"]


def _site(files: Mapping[str, str], edition: Edition) -> dict[str, bytes]:
    return editions.site_of(files, edition)


def _without_pastes(pages: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return pages without the lines to paste, which count lines and pass over comments."""
    paste = re.compile(rb"<div class=\"paste\">.*?</div>\n?", re.DOTALL)
    return {path: paste.sub(b"", data) for path, data in pages.items()}


def _fill(text: str, comment: str) -> str:
    """Put a comment into each place of a file, or take the places out."""
    if not comment:
        text = re.sub(r"^(\| |- )?\{\}\n", "", re.sub(r"\n\n\{\}\n", "\n", text), flags=re.M)
        text = text.replace(" {}", "")
    return text.replace("{}", comment).replace("{{", "{").replace("}}", "}")


def _has_canary(site: Mapping[str, bytes]) -> list[str]:
    return [path for path, data in site.items() if CANARY in (path + data.decode(errors="ignore"))]


@pytest.mark.slow
@pytest.mark.parametrize("comment", COMMENTS)
@pytest.mark.parametrize("edition", EDITIONS)
def test_a_comment_in_any_place_changes_nothing_of_the_site(edition: Edition, comment: str) -> None:
    files = {**LISTS, "stories/flood.md": STORY, "guides/water.md": GUIDE}
    without = {path: _fill(text, "") for path, text in files.items()}
    quoted = comment.replace("[", "(").replace("]", ")").replace(": ", " ")
    with_comments = {path: _fill(text, quoted) for path, text in files.items()}
    built = _site(with_comments, edition)
    assert _has_canary(built) == []
    assert _without_pastes(built) == _without_pastes(_site(without, edition))


@pytest.mark.slow
@pytest.mark.parametrize("edition", EDITIONS)
def test_a_section_in_a_comment_is_none(edition: Edition) -> None:
    old = "\n<!--\n## Result\n\nWe lost 40 xylographs.\n\n## Quiz\n\n### Why?\n-->\n"
    text = story("The flood", "publish: true")
    with_old = text.replace("\n## Result", f"{old}\n## Result")
    assert _site({"stories/flood.md": with_old}, edition) == _site(
        {"stories/flood.md": text}, edition
    )
    _, faults = pipeline.load(
        editions.write(Path(tempfile.mkdtemp()), {"stories/flood.md": with_old})
    )
    assert faults == ()


def test_words_of_comments_are_in_no_story_value(content: Callable[..., Path]) -> None:
    text = story("The flood", body="\n%%\n## Follow-ups\n%%\n<!-- [Fill in: x] 40 % -->\n")
    (loaded,) = pipeline.load(content({"stories/flood.md": text}))[0].stories
    assert [section.kind for section in loaded.sections] == [
        Kind.SITUATION, Kind.TASK, Kind.ACTION, Kind.RESULT,
    ]  # fmt: skip
    assert (loaded.holes, loaded.sections[-1].body.text) == ((), "Errors fell from 9 to 2 %.\n")


@pytest.mark.slow
def test_a_redacted_term_in_a_comment_is_no_leak() -> None:
    files = {
        "handbook.yml": "redact: [{term: Northwind, as: a bank}]\n",
        "stories/a.md": story("A <!-- Northwind -->", "publish: true", body="\n%% Northwind %%\n"),
        "stories/b.md": story("The Contoso outage", body="\n<!-- Northwind -->\n"),
    }
    site = _site(files, Edition.PUBLIC)
    assert [path for path, data in site.items() if b"northwind" in data.lower()] == []


def test_an_open_comment_is_an_error_where_it_begins(problems: Check) -> None:
    files = {
        "stories/a.md": story("A", body="\nSeen <!-- not\n\n## Quiz\n"),
        "guides/b.md": "---\ntitle: B\n---\n\n`%%`\n\n%%\n",
        "questions.yml": "- question: Why?\n  notes: |\n    one\n\n    two %% three\n",
        "categories.yml": "- name: Floods\n  about: Water <!-- was\n",
    }

    def error(place: str, sign: str, end: str) -> str:
        return (
            f"content/{place}: the comment that `{sign}` opens here is never closed, so it hides "
            f"all below it; close it with `{end}`, or write `\\{sign}` for the sign itself "
            "[open-comment]"
        )

    assert problems(files) == [
        error("categories.yml:2", "<!--", "-->"),
        error("guides/b.md:7", "%%", "%%"),
        error("questions.yml:5", "%%", "%%"),
        error("stories/a.md:22", "<!--", "-->"),
    ]


def test_messages_do_not_repeat_a_comment(problems: Check) -> None:
    found = problems(
        {
            "stories/a.md": "---\ntitel <!-- xylograph -->: A\nstatus: redy <!-- xylograph -->\n"
            "categories: [Flods <!-- xylograph -->]\ntitle: A\n---\n",
            "stories/b.md": "---\ntitle: B: c <!-- xylograph -->\n---\n",
            "stories/c.md": "---\ntitle: C\n<!-- xylograph -->\n---\n",
            "categories.yml": "- name: Floods\n- <!-- xylograph -->\n",
        }
    )
    assert [line for line in found if CANARY in line] == []
    assert [line.split(": ", 1)[1] for line in found] == [
        "unknown key `titel`; did you mean `title`? [unknown-key]",
        "expected `draft` or `ready` or `resting`, found `redy`; did you mean `ready`? [type]",
        "unknown category `Flods`; did you mean `Floods`? [unknown-category]",
        "YAML is broken: mapping values are not allowed in this context; quote the value: "
        'title: "…" [yaml]',
        "YAML is broken: could not find expected ':'; begin a comment in YAML with # [yaml]",
    ]
