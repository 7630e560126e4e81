"""Rebuilds: with a filled database, each save gives the same site as a clean build."""

import os
import shutil
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec
import pytest
from conftest import LAYOUTS, examples, story
from editions import PNG, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from starbook.build import cache as build_cache
from starbook.build import pipeline
from starbook.build.database import Database
from starbook.build.queries import Environment
from starbook.build.store import Store
from starbook.content.folder import ContentFolder
from starbook.model import Edition
from starbook.pages import views
from starbook.render.renderer import Renderer

Edit = Callable[[Path], None]


# What a save costs


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that were rendered, and the cards."""
    paths: list[str] = []
    make_page = Renderer.render

    def page(self: Renderer, view: views.View) -> str:
        paths.append(view.path if hasattr(view, "path") else "a card")
        return make_page(self, view)

    monkeypatch.setattr(Renderer, "render", page)
    return paths


def test_a_page_that_names_a_story_waits_for_no_word_of_it(
    tmp_path: Path, rendered: list[str]
) -> None:
    write(
        tmp_path / "stories", {f"{stem}.md": story(f"Story {stem}", "tags: [x]") for stem in "ab"}
    )
    write(tmp_path, {"categories.yml": "- {name: Hiring, tags: [x]}\n"})
    database = pipeline.open_database(tmp_path, LAYOUTS)

    def saved(before: str, after: str) -> set[str]:
        path = tmp_path / "stories/b.md"
        path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")
        rendered.clear()
        built = pipeline.build_site(database)
        page = str(built.files["stories/a.html"], "utf-8")
        assert "Story b" in page or "Tale b" in page
        return set(rendered)

    saved("", "")
    assert saved("I mended it.", "I repaired it.") == {"stories/b.html", "a card"}
    assert {"stories/a.html", "stories/b.html", "stories/index.html"} <= saved("Story b", "Tale b")


def test_a_change_of_a_level_makes_the_pages_again_that_show_it(
    tmp_path: Path, rendered: list[str]
) -> None:
    levels = "- {name: Mate, next: Captain}\n- {name: Captain, expects: {teams: 2}}\n- name: Cook\n"
    stories = {
        f"stories/{level.lower()}.md": story(f"The {level}", f"level: {level}", "scope: {teams: 1}")
        for level in ("Mate", "Captain", "Cook")
    }
    write(tmp_path, {"levels.yml": levels, **stories})
    database = pipeline.open_database(tmp_path, LAYOUTS)

    def saved(before: str, after: str) -> set[str]:
        path = tmp_path / "levels.yml"
        path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")
        rendered.clear()
        pipeline.build_site(database)
        return set(rendered)

    saved("", "")
    of_captain = {
        "stories/captain.html",
        *(f"levels/{n}.html" for n in ("mate", "captain", "cook")),
    }
    assert saved("Captain, expects", "Captain, red_flags: [Fog.], expects") == {
        *of_captain, "levels/index.html",
    }  # fmt: skip
    assert saved("- name: Cook", "# later\n- name: Cook") == set()


# Any edits, in any order


STEMS = ("a", "b", "c-2", "c-10")
BROKEN = "---\ntitle: [\n---\n"
TITLES = st.sampled_from(["The flood", "The fire", "A *quiet* <week>", "b"])
NAMES = st.lists(st.sampled_from(["hiring"]), max_size=2, unique=True)
WORDS = st.sampled_from(
    [
        "Nothing much.",
        "Faults fell from 9 to 2 %. I stayed calm, which helped.",
        "See [the other](b.md#action) and [all](../questions.yml).",
        "See [none](gone.md).",
        "See [[b]], [[g#Part|it]] and ![[chart.png|90]].",
        "One.[^1]\nTwo<br>lines.\n\n[^1]: The <kbd>log</kbd>; see [[c-2]].",
        "![a chart](chart.png)",
        "[Fill in: the number] and X%.",
        "- [ ] one\n- [x] two",
        "> [!PHRASES]\n> it was late",
        # Long enough for two stories of one event.
        "The ferry had left without the bread, and the island had none all day. I rang the baker, "
        "who had a van, and the fisherman with a boat, and we basically met in the middle.",
    ]
)
PATTERNS = "patterns: {ticked: [scale, depth], publish: true}"
SCOPE = "scope: {teams: 2, horizon: a month}"
SAID_IN_B = st.sampled_from(["It was late.", "I mended it.", "Errors fell from 9 to 2 %."])
ANGLES = "\n## Angles\n\n### Owning\n\nMine.\n"
PROBES = "\n## Follow-ups\n\n### Why?\n\n**Strong:** Because. It was.\n"


@st.composite
def stories(draw: st.DrawFn) -> str:
    front = [
        "---",
        f"title: {draw(TITLES)}",
        f"categories: {draw(NAMES)}".replace("'", ""),
        f"principles: {draw(st.sampled_from(['[]', '[Owning]', '[owning, Care]']))}",
        f"questions: {draw(st.sampled_from(['[]', '[why]', '[how]']))}",
        f"tags: {draw(st.sampled_from(['[]', '[loud]', '[loud, late]']))}",
        f"status: {draw(st.sampled_from(['ready', 'draft', 'resting']))}",
        f"publish: {draw(st.sampled_from(['true', 'false']))}",
        *draw(
            st.lists(
                st.sampled_from(["level: Senior", "id: own", "cue: [x]", SCOPE, PATTERNS]),
                unique=True,
            )
        ),
        "---",
    ]
    parts = (f"\n## {part}\n\n{draw(WORDS)}\n" for part in ("Situation", "Action", "Result"))
    return "\n".join(front) + "".join(parts) + draw(st.sampled_from(["", ANGLES, PROBES]))


OTHERS: dict[str, tuple[str | bytes, ...]] = {
    "stories/b.md": (story("The fire", "tags: [loud]", "questions: [how]"),),
    "categories.yml": (
        "- name: Conflict\n  tags: [loud]\n- name: Hiring\n",
        "- name: Hiring\n  about: People.\n  aliases: [conflict]\n",
        "- nme: x\n",
    ),
    "principles/a.yml": (
        "- name: Owning\n- name: Care\n",
        "- {name: Owning, tags: [late]}\n- name: Care\n",
    ),
    "questions.yml": (
        "- question: Why?\n  id: why\n  stories: [b]\n  notes: See [b](stories/b.md).\n"
        "- question: How?\n  id: how\n  categories: [Hiring]\n",
        "- question: How?\n  id: how\n  principles: [Care]\n- {question: Why now?, id: why}\n",
        "- {question: How?, id: how, needs: answer, answer: {text: Calmly., publish: true}}\n",
        "- {question: Why?, id: why, answer: other.md}\n- {question: How?, id: how}\n",
        "- question: [\n",
    ),
    "handbook.yml": (
        "title: Mine\npublish: [questions, coverage]\n",
        "title: Mine\npace: 90\nanswer_lengths: [{name: short, seconds: 60}]\n",
        "title: Mine\nbase_url: https://example.org/x/\npublish: [questions, guides]\n",
        "redact: [{term: flood, as: rain}]\n",
        "pace: fast\n",
        "title: Mine\nline_breaks: true\n",
        "title: Mine\ncoach: [style]\n",
    ),
    "answers/how.md": (
        "I [ask](../stories/b.md) [[b]] first.[^1]\n\n[^1]: Mostly.\n",
        "I ask [[a]] first, and not `principles/a.yml`.\n",
        "---\npublish: true\n---\n\n![chart](../pictures/chart.png) [Fill in: how]\n",
        "---\npublish: maybe\n---\n",
    ),
    "answers/other.md": ("> [!COACHING]\n> Slowly.\n\nBecause of the flood.\n",),
    "decks.yml": ("- name: One\n  stories: [b]\n", "- name: Two\n  stories: [b, a]\n"),
    "labels.yml": (
        "parts: {quiz: [Follow-ups], task: [Situation]}\n",
        "parts: {result: Action, weak: [Actoin]}\nother_words: [Rezult]\n",
        "parts: {result: [Mine], task: [mine]}\n",
        "prts: {}\n",
    ),
    "levels.yml": (
        "- {name: Senior, next: Staff, expects: {teams: 3}}\n- {name: Staff, red_flags: [Fog.]}\n",
        "- {name: Lead, id: staff, aliases: [senior], publish: true, expects: {horizon: a year}}\n",
        "- {name: Senior, next: Stuff}\n",
    ),
    "to-ask.yml": ("- audience: Peers\n  topics: [{topic: Days, questions: [Which?]}]\n",),
    "guides/g.md": (
        "---\ntitle: Guide\n---\n\n## Part\n\n- [ ] [b](../stories/b.md)\n",
        "---\ntitle: Guide two\norder: 1\n---\n\nShort.\n",
    ),
    "templates/t.md": (story("A template"), BROKEN),
    "guides/b.md": ("---\ntitle: B\nid: bee\n---\n\n[[stories/b]] and [[guides/b]].[^x]\n",),
    "pictures/chart.png": (PNG, b"nothing"),
    "stories/chart.png": (PNG, b"no picture"),
    "layouts/languages/en.yml": ("nav.stories: Told\n", "nav.storys: Told\n", "nav.stories: []\n"),
    "layouts/guide.html": (
        "{% extends 'base.html' %}{% block main %}{{ page.title }}{% endblock %}\n",
        "{% include 'gone.html' %}\n",
    ),
    "layouts/stry.html": ("Nobody's.\n",),
    "layouts/assets/mine.css": ("a { b: c }\n",),
    "stories/.#a.md": ("an editor's own\n",),
    "ctegories.yml": ("- name: x\n",),
}


def saving(path: str, text: str | bytes) -> Edit:
    return lambda folder: void(write(folder / "content", {path: text}))


def void(_: object) -> None:
    pass


def deleting(path: str) -> Edit:
    return lambda folder: (folder / "content" / path).unlink(missing_ok=True)


def renaming(before: str, after: str) -> Edit:
    def rename(folder: Path) -> None:
        old = folder / "content/stories" / f"{before}.md"
        if old.exists():
            old.replace(old.with_name(f"{after}.md"))

    return rename


def rewording(stem: str, before: str, after: str) -> Edit:
    """A story in other words, and all else as it was."""

    def reword(folder: Path) -> None:
        path = folder / "content/stories" / f"{stem}.md"
        if path.exists():
            text = path.read_text(encoding="utf-8").replace(f"\n{before}\n", f"\n{after}\n")
            path.write_text(text, encoding="utf-8")

    return reword


def saved_behind_our_back(folder: Path) -> None:
    """Another text of the same length, with the times of the old one."""
    for path in sorted((folder / "content/stories").glob("[a-c]*.md")):
        times, text = path.stat(), path.read_text(encoding="utf-8")
        path.write_text(text.replace("fell", "rose").replace("The ", "One "), encoding="utf-8")
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def laying_out(name: str, before: str, after: str) -> Edit:
    def change(folder: Path) -> None:
        path = folder / "layouts" / name
        path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")

    return change


def nothing(folder: Path) -> None:
    pass


def a_folder_gone(folder: Path) -> None:
    shutil.rmtree(folder / "content/stories", ignore_errors=True)


PATHS = [*(f"stories/{stem}.md" for stem in STEMS), *OTHERS]
LAYING_OUT = (
    laying_out("story.html", "<h1>", "<h1 class='x'>"),
    laying_out("story.html", "<h1 class='x'>", "<h1>"),
    laying_out("parts.html", "Draft", "Not ready"),
    laying_out("base.html", "<body>", "<body>{{ page.titel }}"),
    laying_out("base.html", "{{ page.titel }}", ""),
    laying_out("assets/starbook.css", "}", "}\n"),
    laying_out("home.html", "index.html", "nowhere.html"),
    laying_out("home.html", "nowhere.html", "index.html"),
)
edits = st.one_of(
    st.builds(saving, st.sampled_from([f"stories/{s}.md" for s in STEMS]), stories()),
    st.builds(saving, st.sampled_from([f"stories/{s}.md" for s in STEMS]), stories()),
    st.sampled_from([(path, text) for path, texts in OTHERS.items() for text in texts]).map(
        lambda pair: saving(*pair)
    ),
    st.builds(saving, st.sampled_from([f"stories/{s}.md" for s in STEMS]), st.just(BROKEN)),
    st.builds(rewording, st.sampled_from(STEMS), WORDS, WORDS),
    st.builds(rewording, st.just("b"), SAID_IN_B, WORDS),
    st.builds(deleting, st.sampled_from(PATHS)),
    st.builds(renaming, st.sampled_from(STEMS), st.sampled_from(STEMS)),
    st.sampled_from([*LAYING_OUT, nothing, a_folder_gone, saved_behind_our_back]),
)


# How many builds a process makes that remembers.
LIVES = {"one process": None, "a new one each time": 1, "three": 3}


@pytest.mark.parametrize("edition", list(Edition))
@settings(max_examples=examples(5), suppress_health_check=list(HealthCheck))
@given(made_of=st.lists(edits, min_size=3, max_size=8))
def test_after_any_edits_a_build_that_remembers_equals_a_clean_one(
    edition: Edition, made_of: list[Edit]
) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "now"
        shutil.copytree(LAYOUTS, folder / "layouts")
        for name, texts in OTHERS.items():
            write(folder / "content", {name: texts[0]})
        several = [Remembering(name, folder.with_name(f"site of {name}")) for name in LIVES]
        assert not compared(folder, edition, several).failed
        for edit in made_of:
            saved = shutil.copytree(folder, folder.with_name("saved"))
            edit(folder)
            if compared(folder, edition, several).failed:  # and then the person mends it
                shutil.rmtree(folder)
                saved.rename(folder)
                assert not compared(folder, edition, several).failed
            else:
                shutil.rmtree(saved)


class Remembering:
    """Builds that remember. A process makes so many, and the next goes on from what it saved.

    One that makes a single build takes files that look as they were for unchanged.
    """

    def __init__(self, name: str, out: Path) -> None:
        self.name, self.lives, self.out = name, LIVES[name], out
        self.database: Database | None = None
        self.builds = 0

    def build(self, folder: Path, edition: Edition) -> pipeline.BuiltSite:
        begins = self.builds == 0 or (self.lives is not None and self.builds % self.lives == 0)
        self.builds += 1
        if begins or self.database is None:
            self.database = self._open(folder, edition)
        built = pipeline.build_site(self.database)
        files = dict(built.files)
        if not built.failed:
            self.database.commit()
            if self.lives:
                shutil.rmtree(self.out, ignore_errors=True)
                write(self.out, files)
        return msgspec.structs.replace(built, files=files)

    def _open(self, folder: Path, edition: Edition) -> Database:
        store = (
            Store(str(Path(build_cache.root()) / f"0000aaa{self.lives}.sqlite"), b"program")
            if self.lives
            else None
        )
        recover = partial(pipeline.read_made, self.out)
        environment = Environment(ContentFolder(folder / "content"), folder / "layouts", edition)
        return Database(environment, store, recover)


def compared(folder: Path, edition: Edition, several: list[Remembering]) -> pipeline.BuiltSite:
    """A clean build, which each of those that remember is in all."""
    remembered = {one.name: one.build(folder, edition) for one in several}
    clean = pipeline.build_site(
        pipeline.open_database(folder / "content", folder / "layouts", edition)
    )
    for name, built in remembered.items():
        assert [str(p) for p in built.problems] == [str(p) for p in clean.problems], name
        assert list(built.files) == list(clean.files), name
        changed = [path for path, data in clean.files.items() if data != built.files[path]]
        assert changed == [], name
        assert built.summary == clean.summary, name
    return clean
