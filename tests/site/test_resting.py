"""A story that rests: kept and shown as such, in no deck, practice or plan but by its name."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import LAYOUTS, Command, story
from editions import site_of

from starbook.build import pipeline, queries
from starbook.exporter import run as exports
from starbook.model import Edition

Build = Callable[..., Path]
Content = Callable[..., Path]


def resting(title: str, *front: str) -> str:
    return story(title, *front).replace("status: ready", "status: resting")


OWN = "principles: [Ownership]"
FILES = {
    "principles.yml": "- name: Ownership\n",
    "questions.yml": "- question: What broke?\n  id: broke\n  principles: [Ownership]\n"
    "  stories: [old, fresh]\n",
    "decks.yml": "- name: All about it\n  stories: [principle/ownership]\n"
    "- name: By name\n  stories: [old]\n- name: Kept\n  stories: [resting]\n",
    "stories/fresh.md": story("The fresh one", OWN),
    "stories/old.md": resting("The old one", OWN),
    "stories/rough.md": story("The rough one", OWN).replace("status: ready", "status: draft"),
}


def read(site: Path, page: str) -> str:
    return (site / page).read_text(encoding="utf-8")


def test_a_list_says_that_it_rests_and_can_be_filtered_by_that(build: Build) -> None:
    page = read(build(FILES), "stories/index.html")
    rows = page.partition("<main")[2].split('<li class="row"')
    said = [row for row in rows if '<span class="draft">Resting</span>' in row]
    assert ['data-status="ready resting"' in row and "The old one" in row for row in said] == [True]
    assert re.findall(r'name="status" value="(\w+)">(\w+) <span class="numeric">(\d)', page) == [
        ("ready", "Ready", "2"), ("draft", "Draft", "1"), ("resting", "Resting", "1"),
    ]  # fmt: skip


def test_its_own_page_says_so(build: Build) -> None:
    assert '<span class="draft">Resting</span>' in read(build(FILES), "stories/old.html")


@pytest.mark.parametrize(
    ("page", "order"),
    [
        ("principles/ownership.html", ["fresh", "rough", "old"]),
        ("questions/broke.html", ["fresh", "old", "rough"]),  # the last of these was found
    ],
)
def test_it_is_the_last_of_a_topic_and_of_those_chosen_for_a_question(
    build: Build, page: str, order: list[str]
) -> None:
    shown = read(build(FILES), page).partition("<h1")[2]
    assert list(dict.fromkeys(re.findall(r">The (fresh|old|rough) one</a>", shown))) == order


def test_it_is_in_no_deck_but_those_that_name_it(build: Build) -> None:
    page = read(build(FILES), "cards.html")
    decks = dict(re.findall(r'<option value="([^"]+)" data-ids="([^"]+)"', page))
    assert decks["all-about-it"] == decks["principle/ownership"] == "fresh rough"
    assert decks["question/broke"] == "fresh"
    assert decks["by-name"] == decks["kept"] == "old"
    assert re.findall(r'data-id="(\w+)" data-sets="([^"]+)"', page) == [
        ("fresh", "all ready"), ("old", "resting"), ("rough", "all draft"),
    ]  # fmt: skip


@pytest.mark.slow
def test_the_number_of_cards_to_print_leaves_it_out(build: Build) -> None:
    assert ">Print 2 cards</a>" in read(build(FILES), "principles/ownership.html")
    assert ">Print 1 card</a>" in read(build(FILES), "questions/broke.html")


def test_without_a_deck_its_card_is_the_one_that_is_not_shown_at_first(build: Build) -> None:
    page = read(build(FILES | {"decks.yml": ""}), "cards.html")
    assert re.findall(r'<section class="sheet" hidden><article [^>]*data-id="(\w+)"', page) == [
        "old"
    ]


def test_practice_knows_that_it_rests_and_draws_it_for_no_question(build: Build) -> None:
    script = read(build(FILES), "practice-index.js")
    index = json.JSONDecoder().raw_decode(script.partition("receive(")[2])[0]
    states = {one["id"]: (one["ready"], one["resting"]) for one in index["stories"]}
    assert states == {"fresh": (True, False), "old": (False, True), "rough": (False, False)}
    assert [one["topics"] for one in index["stories"]] == [
        ["principle/ownership"], [], ["principle/ownership"],
    ]  # fmt: skip
    drawn = [link[0] for one in index["questions"] for link in one["stories"]]
    assert drawn == ["fresh", "rough"]


def plan_of(folder: Path) -> list[tuple[str, str]]:
    database = pipeline.open_database(folder, LAYOUTS)
    assert [str(one) for one in pipeline.examine(database) if one.is_error] == []
    rows = queries.plan(database, "loop").rows
    return [(r.first.fit.story if r.first else "", r.backup.fit.story if r.backup else "")
            for r in rows]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "planned"), [("", ("fresh", "rough")), (", fixed: [old]", ("old", "fresh"))]
)
def test_an_interview_tells_it_only_where_it_is_fixed(
    content: Content, more: str, planned: tuple[str, str]
) -> None:
    loop = f"company: City Library\nrounds: [{{themes: [Ownership]{more}}}]\n"
    assert plan_of(content(FILES | {"interviews/loop.yml": loop})) == [planned]


def test_a_fixed_one_is_marked_in_the_plan(build: Build) -> None:
    loop = "company: City Library\nrounds: [{themes: [Ownership], fixed: [old]}]\n"
    page = read(build(FILES | {"interviews/loop.yml": loop}), "interviews/loop.html")
    assert "Resting" in page


def test_one_with_a_blank_is_told_nothing_and_is_a_draft(
    problems: Callable[..., list[str]],
) -> None:
    blank = resting("The old one").replace("I mended it.", "[Fill in: how]")
    assert problems({"stories/old.md": blank}) == []


@pytest.mark.slow
def test_a_public_edition_has_it_like_any_other_that_is_ready() -> None:
    site = site_of({"stories/old.md": resting("The old one", "publish: true")})
    assert "stories/old.html" in site
    texts = [path for path, data in site.items() if b"esting" in data and path.endswith(".html")]
    assert texts == []
    blank = resting("The old one", "publish: true").replace("I mended it.", "[Fill in: how]")
    assert "stories/old.html" not in site_of({"stories/old.md": blank})


def test_the_coach_lists_it_behind_all_others_and_asks_for_no_practice(build: Build) -> None:
    vague = resting("A vague one").replace("Errors fell from 9 to 2 %.", "All are happier.")
    site = build(
        {"stories/a.md": vague, "stories/b.md": FILES["stories/rough.md"].replace(OWN, "")}
    )
    page = read(site, "coach.html")
    assert re.findall(r'<h2><a href="[^"]+">([^<]+)', page) == ["The rough one", "A vague one"]
    assert '<span class="draft">Resting</span>' in page


def test_notes_for_anki_leave_it_out_and_json_says_that_it_rests(content: Content) -> None:
    quiz = "\n## Quiz\n\n### How far?\n\nTo 2 %.\n"
    files = FILES | {"stories/old.md": FILES["stories/old.md"] + quiz}
    folder = content(files)
    anki = exports.make(folder, LAYOUTS, "anki", Edition.PRIVATE).text
    assert "The fresh one" in anki
    assert "The old one" not in anki
    made = json.loads(exports.make(folder, LAYOUTS, "json", Edition.PRIVATE).text)
    assert [one["status"] for one in made["stories"]] == ["ready", "resting", "draft"]


def test_ready_wakes_it_and_does_not_offer_it(content: Content, command: Command) -> None:
    content({"stories/old.md": resting("The old one")})
    assert command("ready") == (0, "There are no drafts.\n", "")
    assert command("ready", "old") == (0, "content/stories/old.md is ready now.\n", "")
    assert command("ready", "old") == (0, "content/stories/old.md was ready already.\n", "")
