"""What is remembered between two builds changes nothing: each save gives what a clean one gives."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import msgspec
import pytest
from conftest import LAYOUTS, story
from editions import PNG, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from starbook.build import pipeline
from starbook.build.memory import Memory
from starbook.build.past import Past
from starbook.build.press import Press
from starbook.build.stored import Stored, as_bytes
from starbook.content import loader
from starbook.model import Edition
from starbook.render import renderer

Edit = Callable[[Path], None]


@pytest.fixture(autouse=True, scope="module")
def _in_haste() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        # Templates are compiled once, and files need not be two seconds old to be trusted.
        patch.setattr(renderer, "environment", cache(renderer.environment))
        patch.setattr(loader, "_TICK", 20 * 10**6)
        yield


# What a save costs


def test_a_page_that_names_a_story_waits_for_no_word_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(
        tmp_path / "stories", {f"{stem}.md": story(f"Story {stem}", "tags: [x]") for stem in "ab"}
    )
    write(tmp_path, {"categories.yml": "- {name: Hiring, tags: [x]}\n"})
    looked: list[str] = []
    look = Press._looked_at
    monkeypatch.setattr(
        Press, "_looked_at", lambda self, p: looked.append(p[0].path) or look(self, p)
    )
    memory = Memory()

    def saved(before: str, after: str) -> set[str]:
        path = tmp_path / "stories/b.md"
        path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")
        looked.clear()
        made = pipeline.make(tmp_path, LAYOUTS, memory=memory)
        page = str(made.files["stories/a.html"], "utf-8")
        assert "Story b" in page or "Tale b" in page
        return set(looked)

    saved("", "")
    assert saved("I mended it.", "I repaired it.") == {"stories/b.html", "cards.html"}
    assert {"stories/a.html", "stories/b.html", "stories/index.html"} <= saved("Story b", "Tale b")


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
        "![a chart](chart.png)",
        "[Fill in: the number] and X%.",
        "- [ ] one\n- [x] two",
        "> [!PHRASES]\n> it was late",
    ]
)
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
        f"status: {draw(st.sampled_from(['ready', 'draft']))}",
        f"publish: {draw(st.sampled_from(['true', 'false']))}",
        *draw(st.lists(st.sampled_from(["level: Senior", "id: own", "cue: [x]"]), unique=True)),
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
        "- question: [\n",
    ),
    "handbook.yml": (
        "title: Mine\npublish: [questions, coverage]\n",
        "title: Mine\npace: 90\nanswer_lengths: [{name: short, seconds: 60}]\n",
        "title: Mine\nbase_url: https://example.org/x/\npublish: [questions, guides]\n",
        "redact: [{term: flood, as: rain}]\n",
        "pace: fast\n",
    ),
    "decks.yml": ("- name: One\n  stories: [b]\n", "- name: Two\n  stories: [b, a]\n"),
    "to-ask.yml": ("- audience: Peers\n  topics: [{topic: Days, questions: [Which?]}]\n",),
    "guides/g.md": (
        "---\ntitle: Guide\n---\n\n## Part\n\n- [ ] [b](../stories/b.md)\n",
        "---\ntitle: Guide two\norder: 1\n---\n\nShort.\n",
    ),
    "templates/t.md": (story("A template"), BROKEN),
    "stories/chart.png": (PNG, b"no picture"),
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


@pytest.mark.parametrize("edition", list(Edition))
@pytest.mark.parametrize("lives", [None, 1, 3], ids=["one process", "a new one each time", "three"])
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(made_of=st.lists(edits, min_size=3, max_size=8))
def test_after_any_edits_a_build_that_remembers_equals_a_clean_one(
    lives: int | None, edition: Edition, made_of: list[Edit]
) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "now"
        shutil.copytree(LAYOUTS, folder / "layouts")
        for name, texts in OTHERS.items():
            write(folder / "content", {name: texts[0]})
        memory = Remembering(lives, folder.with_name("site"))
        assert not compared(folder, edition, memory).failed
        for edit in made_of:
            saved = shutil.copytree(folder, folder.with_name("saved"))
            edit(folder)
            if compared(folder, edition, memory).failed:  # and then the person mends it
                shutil.rmtree(folder)
                saved.rename(folder)
                assert not compared(folder, edition, memory).failed
            else:
                shutil.rmtree(saved)


class Remembering:
    """Builds that remember. A process makes so many, and the next goes on from what it left.

    One that makes several keeps them in memory; one that makes a single build leaves files alone
    that look as they were.
    """

    def __init__(self, lives: int | None, out: Path) -> None:
        self.lives, self.out = lives, out
        self.memory = Memory()
        self.builds = 0

    def make(self, folder: Path, edition: Edition) -> pipeline.Made:
        begins = self.lives is not None and self.builds % self.lives == 0
        self.memory = Memory() if begins else self.memory
        self.builds += 1
        past = self._past(folder) if begins else Past()
        memory = None if self.lives == 1 else self.memory
        sources = folder / "content", folder / "layouts"
        made = pipeline.make(*sources, edition, memory=memory, past=past)
        past.end(well=not made.failed)
        if memory:
            assert not any(isinstance(data, Stored) for data in made.files.values())
        files = {path: as_bytes(data) for path, data in made.files.items()}
        if self.lives and not made.failed:
            shutil.rmtree(self.out, ignore_errors=True)
            write(self.out, files)
        return msgspec.structs.replace(made, files=files)

    def _past(self, folder: Path) -> Past:
        program = repr(renderer.read(folder / "layouts").files).encode()
        looks = (b"", {}) if self.lives == 1 else None
        return Past(self.out, f"{self.out}.past", program, looks=looks)


def compared(folder: Path, edition: Edition, memory: Remembering) -> pipeline.Made:
    """A build that remembers, which is in all what a clean one is."""
    remembered = memory.make(folder, edition)
    clean = pipeline.make(folder / "content", folder / "layouts", edition)
    assert [str(p) for p in remembered.problems] == [str(p) for p in clean.problems]
    assert list(remembered.files) == list(clean.files)
    files = {path: as_bytes(data) for path, data in clean.files.items()}
    changed = [path for path in files if files[path] != remembered.files[path]]
    assert changed == []
    assert remembered.handbook == clean.handbook
    return clean
