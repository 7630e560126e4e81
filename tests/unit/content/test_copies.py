"""Copies that synchronising programs and editors leave, and stories that are told twice."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from conftest import LAYOUTS, story
from editions import read

from starbook.build import pipeline
from starbook.content import copies
from starbook.model import Edition

Check = Callable[[Mapping[str, str | bytes]], list[str]]

CERTAIN = [
    "night (conflicted copy 2023-04-05)",
    "night (Ada's conflicted copy 2023-04-05 (1))",
    "night (Conflicted copy Pixel 202304050708)",
    "night (Konfliktkopie von Ada 2023-04-05)",
    "night (In Konflikt stehende Kopie von Ada 2023-04-05)",
    "night (Copie en conflit de Ada 2023-04-05)",
    "night (Copia en conflicto de Ada 2023-04-05)",
    "night (Copia in conflitto di Ada 2023-04-05)",
    "night (Cópia em conflito de Ada 2023-04-05)",
    "night (Adaの競合コピー 2023-04-05)",
    "night (конфликтующая копия Ada 2023-04-05)",
    "night (Case Conflict)",
    "night.sync-conflict-20230405-070809-ABCDEFG",
    "night_conflict-20230405-070809",
    "night.conflict",
    "night.orig",
    "night.bak",
    "night~",
]
LIKELY = [
    "night 2",
    "night (1)",
    "night(1)",
    "night copy",
    "night copy 3",
    "night - Copy",
    "night - Copy (2)",
    "night – Kopie",
    "night 2 (1)",
    "night-DESKTOP-AB12CD3",
    "night-LAPTOP-77",
    "night-Adas-MacBook-Pro",
]
NAMES_OF_THEIR_OWN = [
    "night-2", "night-eu", "night-EU", "night-LONDON", "nights", "night 1999", "night and day",
    "night (a conflict)", "night conflict", "night (with Ada)", "night-v2", "night-1",
]  # fmt: skip
NIGHT = story("The night", "headline: From 9 to 2 hours.")
KEEP_ONE = "keep one of them, and delete the other or give it another name [copy]"


def left_out(path: str, original: str, share: int) -> str:
    return (
        f"content/{path}: warning: is left out: it is a copy of `{original}` by its name, and "
        f"{share} % of their words are the same; {KEEP_ONE}"
    )


# Copies by their names


@pytest.mark.parametrize("name", CERTAIN + LIKELY)
def test_a_copy_beside_its_original_is_left_out_and_names_it(name: str, problems, content) -> None:
    files = {"stories/night.md": NIGHT, f"stories/{name}.md": NIGHT}
    assert problems(files) == [left_out(f"stories/{name}.md", "night.md", 100)]
    handbook, _ = pipeline.load(content({}))
    assert [one.path for one in handbook.stories] == ["stories/night.md"]


@pytest.mark.parametrize(
    ("folder", "ending", "text"),
    [
        ("guides", "md", "---\ntitle: G\n---\nWords to say.\n"),
        ("templates", "md", "---\ntitle: T\n---\nWords to say.\n"),
        ("questions", "yml", "- question: Why did it rain?\n"),
        ("categories", "yaml", "- name: Rain\n"),
        ("stories/old", "md", NIGHT.replace("night", "day")),
    ],
)
@pytest.mark.parametrize("name", ["x (conflicted copy 2023-04-05)", "x 2"])
def test_copies_of_guides_templates_and_lists_are_left_out_too(
    folder, ending, text, name, problems
) -> None:
    path, copy = (f"{folder}/{one}.{ending}" for one in ("x", name))
    files = {"stories/night.md": NIGHT, path: text, copy: text}
    assert problems(files) == [left_out(copy, f"x.{ending}", 100)]


def test_nothing_of_a_copy_is_published(content, tmp_path: Path) -> None:
    night = story("The night", "publish: true")
    copy = night.replace("It was late.", "It was late at Kilnbank.")
    folder = content({"stories/night.md": night, "stories/night (1).md": copy})
    made = pipeline.build(folder, LAYOUTS, tmp_path / "site", edition=Edition.PUBLIC)
    assert [problem.rule for problem in made.problems] == ["copy"]
    assert not any(b"Kilnbank" in data for data in read(tmp_path / "site").values())


def test_a_copy_with_the_id_of_its_original_stops_no_build(problems) -> None:
    night = story("The night", "id: dark")
    files = {"stories/night.md": night, "stories/night 2.md": night}
    assert problems(files) == [left_out("stories/night 2.md", "night.md", 100)]


@pytest.mark.parametrize("name", ["night (conflicted copy 2023-04-05)", "night 2"])
def test_a_copy_that_differs_is_read_with_a_warning(name: str, problems, content) -> None:
    day = story("Day").replace("I mended it.", "The bakers found that flour was short. " * 5)
    files = {"stories/night.md": NIGHT, f"stories/{name}.md": day}
    (line,) = problems(files)
    assert line.startswith(
        f"content/stories/{name}.md: warning: is named like a copy of `night.md`, and is read, "
        "since only "
    )
    assert line.endswith(f" % of their words are the same; {KEEP_ONE}")
    assert len(pipeline.load(content({}))[0].stories) == 2


@pytest.mark.parametrize("name", CERTAIN)
def test_a_copy_without_its_original_is_read_with_a_warning(name: str, problems, content) -> None:
    assert problems({f"stories/{name}.md": NIGHT}) == [
        f"content/stories/{name}.md: warning: is named like a copy by a program that synchronises "
        "files, and is read; delete it, or give it another name [copy]"
    ]
    assert len(pipeline.load(content({}))[0].stories) == 1


@pytest.mark.parametrize("name", LIKELY + NAMES_OF_THEIR_OWN)
def test_a_name_that_a_person_may_give_is_no_copy_by_itself(name: str, problems) -> None:
    assert problems({f"stories/{name}.md": NIGHT}) == []


@pytest.mark.parametrize("name", NAMES_OF_THEIR_OWN)
def test_a_name_of_its_own_beside_another_is_no_copy(name: str, problems) -> None:
    files = {"stories/night.md": NIGHT, f"stories/{name}.md": NIGHT.replace("The night", "A day")}
    assert problems(files) == []


def test_two_stories_from_one_template_are_no_copies(problems) -> None:
    blanks = "\n".join(f"## {part}\n\n[Fill in: {'what ' * 20}]\n" for part in ("Task", "Action"))
    one, other = (f"---\ntitle: {title}\n---\n\n{blanks}" for title in ("Alps", "Sea and salt"))
    (line,) = problems({"stories/trip.md": one, "stories/trip 2.md": other})
    assert "is named like a copy of `trip.md`, and is read, since only " in line


@pytest.mark.parametrize("ending", ["~", ".orig", ".bak", ".old", ".rej"])
@pytest.mark.parametrize("path", ["stories/a.md", "guides/g.md", "questions/q.yml"])
def test_a_backup_is_not_read_and_pointed_out(path: str, ending: str, problems) -> None:
    name = path.rpartition("/")[2]
    assert problems({"stories/a.md": story("A"), f"{path}{ending}": "x"}) == [
        f"content/{path}{ending}: warning: is a backup of `{name}`, and is not read; "
        "delete it [copy]"
    ]


@pytest.mark.parametrize(
    ("name", "original"),
    [
        ("handbook (conflicted copy 2023-04-05).yml", "handbook.yml"),
        ("questions 2.yml", "questions.yml"),
        ("categories.yml.orig", "categories.yml"),
        ("principles.sync-conflict-20230405-070809-ABCDEFG.yaml", "principles.yaml"),
    ],
)
def test_a_copy_of_a_list_beside_it_is_named(name: str, original: str, problems) -> None:
    assert problems({"stories/a.md": story("A"), name: "x"}) == [
        f"content/{name}: warning: is a copy of `{original}`, and is not read; "
        "delete it, or merge them [copy]"
    ]


@pytest.mark.slow
def test_a_copy_is_compared_again_after_either_changed(content) -> None:
    folder = content({"stories/night.md": NIGHT, "stories/night 2.md": NIGHT})
    database = pipeline.open_database(folder, LAYOUTS)
    assert sorted(pipeline.build_site(database).files).count("stories/night-2.html") == 0
    other = story("A day").replace("I mended it.", "The bakers found that flour was short. " * 9)
    (folder / "stories/night 2.md").write_text(other, encoding="utf-8")
    assert "stories/night-2.html" in pipeline.build_site(database).files
    (folder / "stories/night.md").write_text(other, encoding="utf-8")
    assert "stories/night-2.html" not in pipeline.build_site(database).files
    (folder / "stories/night.md").unlink()
    assert "stories/night-2.html" in pipeline.build_site(database).files


# One title, one text

TOLD = (
    "The ovens of the third bakery stood still before dawn, and four hundred loaves were promised "
    "to the market by six. I rang the two drivers, sent one for yeast and the other for Ada, who "
    "knew the old oven, and wrote on a slate which orders could wait until noon."
)


def told(title: str, words: str = TOLD) -> str:
    return story(title).replace("I mended it.", words)


def test_two_stories_with_one_title_are_a_warning(problems) -> None:
    files = {"stories/a.md": story("The night"), "stories/b.md": told("the  Night")}
    assert problems(files) == [
        "content/stories/b.md:1: warning: has the same title as stories/a.md; "
        "give one of them another title, or delete it [same-title]"
    ]


def test_two_guides_with_one_title_are_a_warning(problems) -> None:
    guide = "---\ntitle: The day\n---\nWords.\n"
    files = {"stories/a.md": story("The day"), "guides/a.md": guide, "guides/b.md": guide}
    assert problems(files) == [
        "content/guides/b.md:1: warning: has the same title as guides/a.md; "
        "give one of them another title, or delete it [same-title]"
    ]


@pytest.mark.parametrize("words", [TOLD, TOLD.replace("four hundred", "500"), f"{TOLD} So I did."])
def test_two_stories_with_nearly_one_text_are_a_warning(words: str, problems) -> None:
    assert problems({"stories/a.md": told("Bread"), "stories/b.md": told("Loaves", words)}) == [
        "content/stories/b.md: warning: has nearly the same text as stories/a.md; "
        "keep one of them, or tell two stories [same-text]"
    ]


@pytest.mark.parametrize(
    "words",
    [
        "The mill by the river lost its wheel in the flood, and nobody had a drawing of it. I went "
        "through the attic with the miller's daughter until we found one from 1910, and had the "
        "joiner build it new in nine days instead of thirty.",
        f"{TOLD[:90]} The rest was quite another matter: a strike of drivers, a queue at the gate, "
        "three buyers from abroad, and one clerk who spoke none of their tongues but mine.",
        "[Fill in: what did you do, step by step, beginning with I?] " * 20,
    ],
)
def test_stories_that_share_a_sentence_or_blanks_are_two(words: str, problems) -> None:
    files = {"stories/a.md": told("Bread"), "stories/b.md": told("Mill", words)}
    assert [line for line in problems(files) if "[same-" in line] == []
    blanks = {f"stories/{name}.md": told(name, words).replace("ready", "draft") for name in "ab"}
    same = [line for line in problems(blanks) if "[same-text]" in line]
    assert len(same) == (0 if words.startswith("[Fill in") else 1)


def test_of_a_thousand_stories_those_of_one_text_are_found() -> None:
    numbers = [tuple(range(i * 7, i * 7 + 32)) for i in range(1000)]  # each overlaps the next
    alike = dict.fromkeys((f"{i}" for i in range(1000)), tuple(range(32)))
    assert len(list(copies.find_equal_texts(alike))) == 999
    assert (
        list(copies.find_equal_texts(dict(zip(map(str, range(1000)), numbers, strict=True)))) == []
    )
