"""The public edition: its content, and that no page shows what it leaves out."""

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

import pytest
from conftest import LAYOUTS, SAMPLE, brief, examples, story
from editions import PNG, PUBLIC, document, dump, pages_of, read, site_of, text_of
from hypothesis import given, settings
from hypothesis import strategies as st

from starbook.build import pipeline
from starbook.model import Edition

ALL_KINDS = "publish: [questions, guides, to-ask, coverage]\n"
SPINE = "\n\n".join(f"## {part}\n\nTold." for part in ("Situation", "Task", "Action", "Result"))


def menu_of(page: bytes) -> list[str]:
    """Return the targets of the main menu of a page."""
    menu = page.decode().partition('aria-label="Main menu">')[2].partition("</nav>")[0]
    return re.findall(r'href="([^"]+)"', menu)


# What it holds


@pytest.mark.parametrize(
    ("lines", "held"),
    [
        (["publish: true", "status: ready"], True),
        (["publish: true", "status: draft"], False),
        (["publish: true"], False),
        (["publish: false", "status: ready"], False),
        (["status: ready"], False),
        ([], False),
    ],
)
def test_a_story_is_public_that_is_ready_and_says_so(lines: list[str], held: bool) -> None:
    text = "\n".join(["---", "title: Mine", *lines, "---", "", SPINE, ""])
    files = site_of({"stories/mine.md": text, "stories/other.md": story("Other", PUBLIC)})
    assert ("stories/mine.html" in files) is held
    assert ("Mine" in text_of(files["stories/index.html"])) is held


KINDS = {
    "questions": ["questions/index.html", "questions/why.html"],
    "coverage": ["coverage.html"],
    "guides": ["guides/index.html", "guides/star.html"],
    "to-ask": ["to-ask.html"],
}
EVERY_KIND = {
    "stories/mine.md": story("Mine", PUBLIC),
    "questions.yml": "- question: Why?\n",
    "guides/star.md": "---\ntitle: The method\n---\nAdvice.\n",
    "to-ask.yml": "- {audience: Peers, topics: [{topic: Work, questions: [How?]}]}\n",
    "templates/start.md": "---\ntitle: Start\n---\n\n## Task\n\n[Fill in: it]\n",
    "decks.yml": "- {name: Onsite, stories: [mine]}\n",
    "synonyms.yml": "- [boss, manager]\n",
}


@pytest.mark.parametrize("named", [[], *([kind] for kind in KINDS), list(KINDS)])
def test_another_kind_is_public_as_a_whole_where_the_handbook_names_it(named: list[str]) -> None:
    files = site_of(EVERY_KIND | {"handbook.yml": f"publish: [{', '.join(named)}]\n"})
    assert pages_of(files) == {"stories/mine.html"}.union(*(KINDS[kind] for kind in named))
    in_menu = [KINDS[kind][0] for kind in named if kind != "to-ask"]
    assert menu_of(files["index.html"]) == ["stories/index.html", *in_menu]
    assert (b'href="to-ask.html"' in files["index.html"]) is ("to-ask" in named)


@pytest.mark.slow
def test_the_level_that_one_applies_for_is_private() -> None:
    book = {"handbook.yml": "level: Harbour master\n", "stories/a.md": story("A", PUBLIC)}
    private = site_of(book, Edition.PRIVATE)
    assert b'<p class="headline">For Harbour master</p>' in private["index.html"]
    public = site_of(book)
    assert b'class="headline"' not in public["index.html"]
    assert [path for path, data in public.items() if b"Harbour master" in data] == []


@pytest.mark.slow
def test_a_story_without_public_questions_has_no_heading_for_them() -> None:
    files = {
        "stories/a.md": story("A", PUBLIC, "tags: [bells]"),
        "questions.yml": "- question: Why?\n  stories: [a]\n",
    }
    heading = b"Questions this story answers"
    assert heading not in site_of(files)["stories/a.html"]
    assert b"bells" in site_of(files)["stories/a.html"]
    assert heading in site_of(files, Edition.PRIVATE)["stories/a.html"]
    files["handbook.yml"] = "publish: [questions]\n"
    assert heading in site_of(files)["stories/a.html"]


def test_an_edition_without_a_story_says_only_that() -> None:
    files = site_of({"stories/mine.md": story("Mine")})
    assert pages_of(files) == set()
    assert text_of(files["stories/index.html"]).endswith("There are no stories here yet.")


@pytest.mark.slow
def test_a_category_is_there_for_what_is_public_and_for_nothing_else() -> None:
    files = {
        "categories.yml": (
            "- {name: Feedback}\n- {name: Growth, tags: [mentor]}\n"
            "- {name: Conflict, tags: [row]}\n- {name: Scale}\n- {name: Asked}\n"
        ),
        "stories/a.md": story("A", PUBLIC, "categories: [Feedback]", "tags: [mentor]"),
        "stories/b.md": story("B", "categories: [Conflict, Scale]", "tags: [row]"),
        "questions.yml": "- {question: Why?, categories: [Asked]}\n",
    }
    shown = {"categories/index.html", "categories/feedback.html", "categories/growth.html"}
    assert {path for path in site_of(files) if path.startswith("categories/")} == shown
    files["handbook.yml"] = "publish: [questions]\n"
    shown.add("categories/asked.html")
    assert {path for path in site_of(files) if path.startswith("categories/")} == shown


def test_an_angle_on_a_principle_that_is_not_shown_keeps_its_words_without_a_link() -> None:
    angles = "\n## Angles\n\n### Ownership\n\n**Emphasize:** the rota.\n\n### Candour\n\nSaid.\n"
    files = site_of(
        {
            "principles.yml": "- name: Ownership\n- name: Candour\n",
            "stories/a.md": story("A", PUBLIC, "principles: [Candour]", body=angles),
            "stories/b.md": story("B", "principles: [Ownership]"),
        }
    )
    page = files["stories/a.html"].decode()
    assert '<span class="chip principle">Ownership</span>' in page
    assert '<a class="chip principle" href="../principles/candour.html">Candour</a>' in page
    assert "principles/ownership.html" not in files


# Answers

QUOKKA = "The quokka sat still."
AT_THE_QUESTION = "- question: Why?\n  notes: Be brief.\n  answer: {answer}\n"
IN_A_FILE = "---\nmood: calm\n{publish}---\n\nThe quokka sat still.\n\n> [!COACHING]\n> Quokka.\n"
KINDS_AND_MOOD = f"{ALL_KINDS}ignore_properties: [mood]\n"


@pytest.mark.parametrize(
    ("files", "held"),
    [
        ({"questions.yml": AT_THE_QUESTION.format(answer=QUOKKA)}, False),
        ({"questions.yml": AT_THE_QUESTION.format(answer=f"{{text: {QUOKKA}}}")}, False),
        ({"questions.yml": AT_THE_QUESTION.format(answer=f"{{text: {QUOKKA}, publish: false}}")},
         False),
        ({"questions.yml": AT_THE_QUESTION.format(answer=f"{{text: {QUOKKA}, publish: true}}")},
         True),
        ({"questions.yml": "- question: Why?\n", "answers/why.md": IN_A_FILE.format(publish="")},
         False),
        ({"questions.yml": "- question: Why?\n",
          "answers/why.md": IN_A_FILE.format(publish="publish: true\n")}, True),
        ({"questions.yml": AT_THE_QUESTION.format(answer="quokka-of-the-isle.md"),
          "answers/quokka-of-the-isle.md": IN_A_FILE.format(publish="")}, False),
    ],
)  # fmt: skip
def test_an_answer_is_public_that_itself_says_so(files: dict[str, str], held: bool) -> None:
    """No byte of the site has the animal, whatever kinds of pages are published."""
    site = site_of({"handbook.yml": KINDS_AND_MOOD, "stories/a.md": story("A", PUBLIC)} | files)
    found = {path for path, data in site.items() if b"quokka" in data.lower()}
    assert ("questions/why.html" in found) is held
    assert bool(found) is held
    assert ("Prepared answer" in text_of(site["questions/why.html"])) is held


@pytest.mark.slow
def test_a_public_answer_says_neither_its_file_nor_what_is_missing() -> None:
    links = "[maps](../stories/hidden.md), and [A](../stories/a.md)"
    files = site_of(
        {
            "handbook.yml": "publish: [questions]\nredact: [{term: Acme, as: A shop}]\n",
            "stories/a.md": story("A", PUBLIC),
            "stories/hidden.md": story("Zebra"),
            "questions.yml": "- question: Why?\n- {question: How?, needs: answer}\n",
            "answers/why.md": f"---\npublish: true\n---\nAcme has {links}.\n",
        }
    )
    page = files["questions/why.html"].decode()
    assert '<p>A shop has maps, and <a href="../stories/a.html">A</a>.</p>' in page
    assert "Prepared answer Speaking time 0:03 A shop has maps, and A." in text_of(page.encode())
    assert text_of(files["questions/how.html"]).endswith("How?")


def test_a_public_answer_with_a_blank_stops_the_build(problems, content) -> None:
    files = {
        "stories/a.md": story("A", PUBLIC),
        "questions.yml": "- question: Why?\n",
        "answers/why.md": "---\npublish: true\n---\n[Fill in: why]\n",
    }
    fault = "still has `[Fill in: why]`, so the answer counts as a draft; fill it in [placeholder]"
    assert problems(files) == [f"content/answers/why.md:4: warning: {fault}"]
    found = pipeline.examine(pipeline.open_database(content(files), LAYOUTS, Edition.PUBLIC))
    assert [brief(problem) for problem in found] == [
        f"content/answers/why.md:4: says `publish: true`, but {fault}"
    ]


# Links to what is left out

LINKING = """\
Read [the *long* one]({up}stories/hidden.md), then [more]({up}stories/hidden.md#task "A
title")[and]({up}stories/shown.md), [![a chart]({up}guides/chart.png)]({up}stories/hidden.md) of
[its own part](#words).

## Words

End.
"""


@pytest.mark.parametrize("page", ["stories/shown.html", "guides/g.html", "questions/why.html"])
def test_a_link_to_a_private_story_becomes_plain_words(page: str) -> None:
    notes = "".join(f"    {line}\n" for line in LINKING.format(up="").splitlines())
    linking = LINKING.format(up="../")
    files = site_of(
        {
            "handbook.yml": ALL_KINDS,
            "stories/hidden.md": story("Zebra"),
            "stories/shown.md": story("Shown", PUBLIC, body=f"\n## More\n\n{linking}"),
            "guides/g.md": f"---\ntitle: G\n---\n{linking}",
            "guides/chart.png": PNG,
            "questions.yml": f"- question: Why?\n  notes: |\n{notes}",
        }
    )
    prose = files[page].decode()
    prose = prose[prose.index("Read ") : prose.index(".</p>", prose.index("Read "))]
    (picture,) = (path for path in files if path.startswith("images/"))
    shown = "shown.html" if page.startswith("stories") else "../stories/shown.html"
    assert prose == (
        f'Read the <em>long</em> one, then more<a href="{shown}">and</a>, '
        f'<img src="../{picture}" alt="a chart" loading="lazy"> of\n'
        '<a href="#words">its own part</a>'
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "target", ["questions.yml", "categories.yml", "principles.yml", "guides/g.md", "to-ask.yml"]
)
def test_a_link_to_a_kind_that_is_not_published_becomes_plain_words(target: str) -> None:
    files = EVERY_KIND | {
        "guides/g.md": "---\ntitle: G\n---\nWords.\n",
        "stories/mine.md": story("Mine", PUBLIC, body=f"\n## More\n\nSee [this](../{target}).\n"),
    }
    assert b"<p>See this.</p>" in site_of(files)["stories/mine.html"]
    assert b'<p>See <a href="../' in site_of(files, Edition.PRIVATE)["stories/mine.html"]


# A canary in every place


class Canaries:
    """Unique words, one for each place with a private text."""

    def __init__(self) -> None:
        self.words: dict[str, str] = {}

    def __call__(self, place: str) -> str:
        """Return the canary of a place."""
        number = len(self.words) + 1
        spelt = "".join("aeioubdfgk"[int(digit)] for digit in f"{number:03d}")
        return self.words.setdefault(place, f"quaz{spelt}x")

    def number(self, place: str) -> str:
        """Return a canary of digits."""
        return self.words.setdefault(place, f"48{len(self.words):03d}17")

    def found_in(self, files: Mapping[str, bytes]) -> dict[str, str]:
        """Return the places with a canary in `files`, each with the path of a file that has it."""
        read = {path: "\n".join(_readings(path, data)) for path, data in files.items()}
        heard = ((place, path) for place, word in self.words.items()
                 for path, said in read.items() if word in said)  # fmt: skip
        return dict(heard)


def _readings(path: str, data: bytes) -> Iterator[str]:
    text = data.decode("utf-8", "replace")
    for said in (path, text, html.unescape(text), unquote(text), unquote(html.unescape(text))):
        yield said.casefold()


def caged_story(c: Canaries, a: str, **front: Any) -> dict[str, str | bytes]:
    """Return a private story and its picture, with a canary in every text."""
    body = f"""\
# {c(f"{a} own heading")}

{c(f"{a} opening")}

## Situation ({c(f"{a} bracket")})

{c(f"{a} situation")} [{c(f"{a} link")}](https://{c(f"{a} address")}.example/ "{c(f"{a} tip")}")

> [!PHRASES]
> {c(f"{a} phrase")}

> [!COACHING] {c(f"{a} coaching title")}
> {c(f"{a} coaching")}

> [!MISTAKE]
> {c(f"{a} mistake")}

> [!NOTE] {c(f"{a} note title")}
> {c(f"{a} note")}

## Task

![{c(f"{a} alt")}]({c(f"{a} picture")}.png) {c(f"{a} task")}

## Action

1. **{c(f"{a} action")}**

```{c(f"{a} language")}
{c(f"{a} code")}
```

## Result

It fell from {c.number(f"{a} before")} to {c.number(f"{a} after")} ms. <!-- {c(f"{a} comment")} -->

## {c(f"{a} other heading")}

| {c(f"{a} table head")} |
|---|
| {c(f"{a} cell")} |

## Follow-ups

### {c(f"{a} probe")}

**Weak:** {c(f"{a} weak")}

**Strong:** {c(f"{a} strong")}

**{c(f"{a} label")}:** {c(f"{a} labelled")}

## Weak answer

{c(f"{a} weak answer")}

## Quiz

### {c(f"{a} quiz")}

{c(f"{a} quiz answer")}

## Angles

### Ownership

**Emphasize:** {c(f"{a} angle")}

## Levels

### {c(f"{a} at level")}

**Bar:** {c(f"{a} bar")}
"""
    fields = {
        "title": f"The {c(f'{a} title')} of it",
        "id": c(f"{a} id"),
        "headline": c(f"{a} headline"),
        "categories": ["Caged", "Feedback"],
        "principles": ["Trapped", "Ownership"],
        "questions": ["why"],
        "level": c(f"{a} level"),
        "tags": [c(f"{a} tag"), "hidden tag", "candour"],
        "company": c(f"{a} company"),
        "date": "1907-03",
        "length": "Caged length",
        "metrics": [f"{c.number(f'{a} metric')} → 6 %: {c(f'{a} metric label')}"],
        "cue": [c(f"{a} cue")],
    }
    text = document(body, **fields, **front)
    text = text.replace("---\n", f"---\n# {c(f'{a} yaml comment')}\n", 1)
    return {f"stories/{c(f'{a} file')}.md": text, f"stories/{c.words[f'{a} picture']}.png": PNG}


def caged_lists(c: Canaries) -> dict[str, str | bytes]:
    """Return lists with entries that only private stories use, and kinds that are never public."""
    category, principle = (
        {
            "name": name,
            "id": c(f"{name} id"),
            "aliases": [c(f"{name} alias")],
            "about": c(f"{name} about"),
            "asked_as": [c(f"{name} asked as")],
            "tags": ["hidden tag"],
        }
        for name in ("Caged", "Trapped")
    )
    feedback = {"name": "Feedback", "tags": [c.words["draft tag"], "candour"]}
    principles = [principle | {"set": c("set")}, {"name": "Ownership"}]
    template = document(
        f"## Task\n\n{c('template task')} [Fill in: {c('template hole')}]\n",
        title=c("template title"), headline=c("template headline"), cue=[c("template cue")],
    )  # fmt: skip
    return {
        "categories.yml": dump([category, feedback]),
        "principles.yml": f"# {c('comment')}\n{dump(principles)}",
        "decks.yml": f"- {{name: {c('deck')}, stories: [open, {c.words['draft id']}]}}\n",
        "synonyms.yml": f"- [{c('synonym')}, {c('other synonym')}]\n",
        f"templates/{c('template file')}.md": template,
        f"guides/{c('unshown picture')}.png": PNG.replace(b"~\x9bU", b"~\x9bV"),
    }


def caged_kinds(c: Canaries) -> dict[str, str | bytes]:
    """Return questions, guides and questions to ask of a handbook that publishes none."""
    question = {
        "question": f"Why {c('question')}?",
        "id": "why",
        "also": [c("also")],
        "categories": ["Feedback"],
        "companies": [c("asked at")],
        "levels": [c("asked for")],
        "notes": f"{c('notes')} ![{c('notes alt')}](pictures/{c('notes picture')}.png)",
        "stories": [{"story": "open", "note": c("note on a public story")}],
    }
    guide = f"# {c('guide heading')}\n\n- [ ] {c('guide box')}\n"
    ask = {"topic": c("topic"), "questions": [c("to ask")]}
    return {
        "questions.yml": dump([question]),
        f"pictures/{c.words['notes picture']}.png": PNG.replace(b"~\x9bU", b"~\x9bW"),
        f"guides/{c('guide file')}.md": document(guide, title=c("guide title"), id=c("guide id")),
        "to-ask.yml": dump([{"audience": c("audience"), "topics": [ask]}]),
    }


def open_story() -> str:
    links = "[one](https://a.example) and [two](#task)"
    return story(
        "Open", PUBLIC, "id: open", "categories: [Feedback]", "principles: [Ownership]",
        "tags: [candour]", "level: Senior", body=f"\n## Links\n\n{links}\n",
    )  # fmt: skip


SETTINGS = "answer_lengths: [{name: Short, seconds: 60}, {name: Caged length, seconds: 90}]\n"


def caged(c: Canaries, settings: str) -> dict[str, str | bytes]:
    """Return a handbook with one public story and three private ones."""
    return {
        "handbook.yml": SETTINGS + settings,
        "stories/open.md": open_story(),
        **caged_story(c, "private", status="ready"),
        **caged_story(c, "draft", status="draft", publish=True),
        **caged_story(c, "half", publish=True),
        **caged_lists(c),
    }


# These the private edition does not show either: nothing on a page comes of them.
UNSEEN = re.compile(r"file|picture|yaml comment|comment$|cue|deck|synonym|template")


@pytest.mark.slow
def test_the_private_edition_shows_what_the_canaries_stand_for() -> None:
    c = Canaries()
    files = caged(c, "")
    files |= caged_kinds(c)
    heard = c.found_in(site_of(files, Edition.PRIVATE))
    unheard = {place for place in c.words if place not in heard}
    assert {place for place in unheard if not UNSEEN.search(place)} == set()
    assert len(heard) > 120


def test_no_canary_of_a_private_story_or_of_an_unpublished_kind_is_heard() -> None:
    c = Canaries()
    files = caged(c, "")
    files |= caged_kinds(c)
    public = site_of(files)
    assert c.found_in(public) == {}
    assert pages_of(public) == {
        "stories/open.html",
        "categories/index.html", "categories/feedback.html",
        "principles/index.html", "principles/ownership.html",
    }  # fmt: skip
    assert not [path for path in public if path.startswith("images/")]


@pytest.mark.slow
def test_no_canary_is_heard_where_every_kind_is_published() -> None:
    c = Canaries()
    files = caged(c, ALL_KINDS + "base_url: https://me.example/book\n")
    chosen = [
        {"story": c.words[f"{a} id"], "note": c(f"{a} chosen note")}
        for a in ("draft", "private", "half")
    ]
    question = {"question": "Why?", "categories": ["Feedback"], "stories": [*chosen, "open"]}
    alone = {"question": "How?", "stories": chosen}
    linked = f"[here](../stories/{c.words['private file']}.md#{c.words['private other heading']})"
    files |= {
        "questions.yml": dump([question, alone]),
        "guides/g.md": f"---\ntitle: G\n---\nIt is {linked}.\n",
        "to-ask.yml": "- {audience: Peers, topics: [{topic: Work, questions: [How?]}]}\n",
    }
    public = site_of(files)
    assert c.found_in(public) == {}
    assert "It is here." in text_of(public["guides/g.html"])
    assert "stories/open.html" in public


# Nothing shows what was left out

BOOK = {
    "handbook.yml": ALL_KINDS + "base_url: https://me.example/book\n",
    "categories.yml": "- {name: Feedback, tags: [mentor, hush]}\n- name: Growth\n- name: Scale\n",
    "principles.yml": "- {name: Ownership, set: Ours}\n- {name: Frugality, set: Theirs}\n",
    "stories/m-1.md": story("One", PUBLIC, "categories: [Feedback]", "principles: [Ownership]"),
    "stories/m-2.md": story("Two", PUBLIC, "tags: [mentor]", "level: Senior"),
    "guides/g.md": "---\ntitle: G\n---\nWords, [one](../stories/m-1.md).\n",
    "to-ask.yml": "- {audience: Peers, topics: [{topic: Work, questions: [How?]}]}\n",
}
QUESTIONS = """\
- {{question: Why?, categories: [Feedback], stories: [m-1{0}]}}
- {{question: How?, categories: [Growth], principles: [Ownership]{1}}}
- {{question: Where?{1}}}
"""
NOT_CHOSEN = QUESTIONS.format("", "")


def hidden(title: str, *front: str) -> str:
    return story(title, "categories: [Feedback, Scale]", "principles: [Ownership, Frugality]",
                 "tags: [mentor, hush, other]", "level: Principal", *front)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 2, 12])
@pytest.mark.parametrize("where", ["a", "m-1", "z"])
def test_private_stories_change_no_byte(number: int, where: str) -> None:
    alone = site_of(BOOK | {"questions.yml": NOT_CHOSEN})
    names = [f"{where}-{i}5" for i in range(number)]
    chosen = ", ".join(f"{{story: {name}, note: Tell it}}" for name in names)
    more = {f"stories/{name}.md": hidden(f"Zebra {name}", "questions: [where]") for name in names}
    more["questions.yml"] = QUESTIONS.format(f", {chosen}", f", stories: [{chosen}]")
    more["decks.yml"] = f"- {{name: Onsite, stories: [m-1, {names[0]}]}}\n"
    assert site_of(BOOK | more) == alone


@pytest.mark.slow
@pytest.mark.parametrize(
    "more",
    [
        {"stories/a.md": hidden("Zebra", "status: draft", PUBLIC).replace("status: ready\n", "")},
        {"categories.yml": BOOK["categories.yml"] + "- {name: Zebra, tags: [other]}\n"},
        {"categories.yml": "- {name: Zebra, tags: [other]}\n" + BOOK["categories.yml"]},
        {"categories.yml": BOOK["categories.yml"].replace("mentor", "other, mentor")},
        {"principles.yml": "- {name: Zebra, set: Mine}\n" + BOOK["principles.yml"]},
        {"synonyms.yml": "- [boss, manager]\n", "templates/t.md": hidden("Zebra")},
        {"decks.yml": "- {name: Onsite, stories: [m-1]}\n"},
        {"handbook.yml": BOOK["handbook.yml"] + "redact: [{term: Zebra, as: an animal}]\n"},
        {"stories/chart.png": PNG, "stories/a.md": hidden("A") + "\n![x](chart.png)\n"},
    ],
)
def test_nothing_else_that_is_private_changes_a_byte(more: dict[str, str | bytes]) -> None:
    book = BOOK | {"questions.yml": NOT_CHOSEN, "stories/b.md": hidden("B")}
    assert site_of(book | more) == site_of(BOOK | {"questions.yml": NOT_CHOSEN})


@pytest.mark.slow
def test_the_same_additions_do_change_the_private_edition() -> None:
    book = BOOK | {"questions.yml": NOT_CHOSEN}
    private = site_of(book, Edition.PRIVATE)
    assert site_of(book | {"stories/a.md": hidden("Zebra")}, Edition.PRIVATE) != private


NAMES = ("Feedback", "Growth", "Scale")
WORDS = st.sampled_from(["mentor", "hush", "row", "Übung"])
STORIES = st.fixed_dictionaries(
    {
        "public": st.booleans(),
        "categories": st.lists(st.sampled_from(NAMES), max_size=2, unique=True),
        "principles": st.lists(
            st.sampled_from(["Ownership", "Frugality"]), max_size=2, unique=True
        ),
        "tags": st.lists(WORDS, max_size=2, unique=True),
        "level": st.sampled_from(["", "Senior", "Staff"]),
        "questions": st.lists(st.sampled_from(["q-0", "q-1"]), max_size=2, unique=True),
    }
)
TAGS = st.lists(WORDS, max_size=2, unique=True)


@pytest.mark.slow
@settings(max_examples=examples(20))
@given(stories=st.lists(STORIES, max_size=9), tags=st.tuples(TAGS, TAGS, TAGS), data=st.data())
def test_no_mixture_of_stories_shows_what_is_private(
    stories: list[dict[str, Any]], tags: tuple[list[str], ...], data: st.DataObject
) -> None:
    every = range(len(stories))
    shown = [i for i in every if stories[i]["public"]]
    chosen = st.lists(st.sampled_from(every), unique=True) if every else st.just([])
    choices = [data.draw(chosen) for _ in range(2)]

    def book(kept: list[int]) -> dict[str, str]:
        asked = [
            {"id": f"q-{n}", "question": f"Q {n}?", "categories": NAMES[n : n + 2],
             "stories": [{"story": f"s-{i}", "note": f"Note {i}"} for i in choice if i in kept]}
            for n, choice in enumerate(choices)
        ]  # fmt: skip
        topics = [{"name": name, "tags": own} for name, own in zip(NAMES, tags, strict=True)]
        told = {f"stories/s-{i}.md": _told(i, stories[i]) for i in kept}
        return told | {
            "handbook.yml": ALL_KINDS,
            "categories.yml": dump(topics),
            "principles.yml": "- {name: Ownership, tags: [row]}\n- {name: Frugality, set: Ours}\n",
            "questions.yml": dump(asked),
        }

    assert site_of(book(list(every))) == site_of(book(shown))


def _told(i: int, fields: dict[str, Any]) -> str:
    front = {key: value for key, value in fields.items() if key != "public"}
    return document(SPINE, title=f"Told {i}", status="ready", publish=fields["public"], **front)


# What stands at the head of every page

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'"
)
BASE = "https://me.example/book/"


def _sample(base_url: str, edition: Edition) -> dict[str, bytes]:
    files = read(SAMPLE)
    files["stories/open.md"] = story("Open", PUBLIC).encode()
    set_already = files["handbook.yml"].decode()
    kept = re.sub(r"^(publish|base_url|redact):.*\n", "", set_already, flags=re.MULTILINE)
    return site_of(files | {"handbook.yml": f"{kept}{ALL_KINDS}{base_url}"}, edition)


@pytest.fixture(scope="module")
def private() -> dict[str, bytes]:
    return _sample(f"base_url: {BASE}\n", Edition.PRIVATE)


@pytest.fixture(scope="module")
def public() -> dict[str, bytes]:
    return _sample(f"base_url: {BASE}\n", Edition.PUBLIC)


@pytest.fixture(scope="module")
def homeless() -> dict[str, bytes]:
    return _sample("", Edition.PUBLIC)


def _heads(files: Mapping[str, bytes]) -> dict[str, str]:
    pages = {path: data.decode() for path, data in files.items() if path.endswith(".html")}
    assert len(pages) > 50
    return {path: text.partition("</head>")[0] for path, text in pages.items()}


@pytest.mark.slow
@pytest.mark.parametrize("edition", ["private", "public", "homeless"])
def test_every_page_allows_our_own_files_only_and_tells_nobody_where_one_comes_from(
    edition: str, request: pytest.FixtureRequest
) -> None:
    files = request.getfixturevalue(edition)
    for path, head in _heads(files).items():
        policies = re.findall(
            r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', head
        )
        listens = POLICY.replace("data:;", "data:; media-src blob:;")  # to takes of its own
        assert policies == [listens if path == "practice.html" else POLICY], path
        assert '<meta name="referrer" content="no-referrer">' in head, path
        before, _, after = head.partition("Content-Security-Policy")
        assert "<link" not in before, path  # a policy is for what stands below it
        assert "<script" not in before, path
        assert after


@pytest.mark.slow
@pytest.mark.parametrize("edition", ["private", "public", "homeless"])
def test_no_page_holds_a_script_or_style_of_its_own(
    edition: str, request: pytest.FixtureRequest
) -> None:
    files = request.getfixturevalue(edition)
    for path in _heads(files):
        text = files[path].decode()
        scripts = re.findall(r"<script[^>]*>.*?</script>", text, re.DOTALL)
        # The page waits for one script, which sets its theme, and cards for the one that fits them.
        fits = r'defer blocking="render" src="assets/cards\.js"'
        ours = rf'<script (src="[^":]*assets/theme\.js"|defer src="[^":]+"|{fits})></script>'
        assert [one for one in scripts if not re.fullmatch(ours, one)] == [], path
        assert len(scripts) == text.count("<script"), path
        tags = re.findall(r"<[^>]+>", text)
        assert [tag for tag in tags if re.search(r"<style|\s(style|on\w+)=", tag)] == [], path


@pytest.mark.slow
def test_even_with_a_base_url_private_pages_say_that_they_are_private_and_not_to_be_found(
    private: dict[str, bytes],
) -> None:
    for path, head in _heads(private).items():
        assert '<meta name="robots" content="noindex, nofollow">' in head, path
        assert '<span class="private">Private edition</span>' in private[path].decode(), path
        assert "canonical" not in head, path
        assert BASE not in private[path].decode(), path
    assert not {"sitemap.xml", ".nojekyll"} & set(private)


@pytest.mark.slow
def test_no_public_page_calls_itself_private_or_hides_from_search(public: dict[str, bytes]) -> None:
    for path, head in _heads(public).items():
        assert "robots" not in head, path
        assert "Private edition" not in public[path].decode(), path


@pytest.mark.slow
def test_with_a_base_url_each_public_page_names_its_own_address(public: dict[str, bytes]) -> None:
    heads = _heads(public)
    found = {
        path: re.findall(r'<link rel="canonical" href="([^"]*)">', h) for path, h in heads.items()
    }
    assert found.pop("404.html") == []
    assert found == {path: [f"{BASE}{path}"] for path in found}


@pytest.mark.slow
def test_with_a_base_url_the_site_map_lists_the_public_pages(public: dict[str, bytes]) -> None:
    listed = re.findall(r"<loc>([^<]*)</loc>", public["sitemap.xml"].decode())
    assert listed == sorted(f"{BASE}{path}" for path in _heads(public) if path != "404.html")
    assert public[".nojekyll"] == b""


@pytest.mark.slow
def test_without_a_base_url_there_is_neither(homeless: dict[str, bytes]) -> None:
    assert not {"sitemap.xml", ".nojekyll"} & set(homeless)
    assert [path for path, head in _heads(homeless).items() if "canonical" in head] == []
