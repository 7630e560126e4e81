"""What is remembered between two builds changes nothing: each save gives what a clean one gives."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from conftest import LAYOUTS, story
from editions import PNG, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from starbook import load, render, site
from starbook.memory import Memory
from starbook.model import Edition

Edit = Callable[[Path], None]


@pytest.fixture(autouse=True, scope="module")
def _in_haste() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        # Templates are compiled once, and files need not be two seconds old to be trusted.
        patch.setattr(render, "environment", cache(render.environment))
        patch.setattr(load, "_TICK", 20 * 10**6)
        yield


# Any edits, in any order


STEMS = ("a", "b", "c-2", "c-10")
BROKEN = "---\ntitle: [\n---\n"
TITLES = st.sampled_from(["The flood", "The fire", "A *quiet* <week>", "b"])
NAMES = st.lists(st.sampled_from(["Conflict", "hiring", "Gone"]), max_size=2, unique=True)
WORDS = st.sampled_from(
    [
        "Nothing much.",
        "Faults fell from 9 to 2 %. I stayed calm, which helped.",
        "See [the other](b.md#action) and [all](../questions.yml).",
        "![a chart](chart.png)",
        "[Fill in: the number] and X%.",
        "- [ ] one\n- [x] two",
        "> [!PHRASES]\n> it was late",
    ]
)
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


OTHERS = {
    "categories.yml": (
        "- name: Conflict\n  tags: [loud]\n- name: Hiring\n",
        "- name: Hiring\n  aliases: [conflict]\n",
        "- nme: x\n",
    ),
    "principles/a.yml": ("- name: Owning\n- name: Care\n", "- name: Care\n  tags: [late]\n"),
    "questions.yml": (
        "- question: Why?\n  id: why\n  stories: [a]\n  notes: See [b](stories/b.md).\n"
        "- question: How?\n  id: how\n  categories: [Conflict]\n",
        "- question: How?\n  id: how\n  principles: [Care]\n",
        "- question: [\n",
    ),
    "handbook.yml": (
        "title: Mine\npace: 90\nanswer_lengths: [{name: short, seconds: 60}]\n",
        "title: Mine\nbase_url: https://example.org/x/\npublish: [questions, guides]\n",
        "redact: [{term: flood, as: rain}]\n",
        "pace: fast\n",
    ),
    "decks.yml": ("- name: One\n  stories: [a, b]\n", "- name: Two\n  stories: [c-2]\n"),
    "to-ask.yml": ("- audience: Peers\n  topics: [{topic: Days, questions: [Which?]}]\n",),
    "guides/g.md": (
        "---\ntitle: Guide\n---\n\n## Part\n\n- [ ] [a](../stories/a.md)\n",
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


def saved_behind_our_back(folder: Path) -> None:
    """Another text of the same length, with the times of the old one."""
    for path in sorted((folder / "content/stories").glob("*.md"))[:1]:
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
    st.builds(deleting, st.sampled_from(PATHS)),
    st.builds(renaming, st.sampled_from(STEMS), st.sampled_from(STEMS)),
    st.sampled_from([*LAYING_OUT, nothing, a_folder_gone, saved_behind_our_back]),
)


@pytest.mark.parametrize("edition", list(Edition))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(made_of=st.lists(edits, min_size=2, max_size=8))
def test_after_any_edits_a_build_that_remembers_equals_a_clean_one(
    edition: Edition, made_of: list[Edit]
) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        content, layouts = folder / "content", folder / "layouts"
        shutil.copytree(LAYOUTS, layouts)
        for name, texts in OTHERS.items():
            write(content, {name: texts[0]})
        memory = Memory()
        for edit in made_of:
            edit(folder)
            remembered = site.make(content, layouts, edition, memory=memory)
            clean = site.make(content, layouts, edition)
            assert [str(p) for p in remembered.problems] == [str(p) for p in clean.problems]
            assert remembered.files == clean.files
            assert list(remembered.files) == list(clean.files)
