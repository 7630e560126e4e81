"""The plan of an interview: which story fits a theme, and why."""

import json
from pathlib import Path

import pytest
from conftest import LAYOUTS, story

from starbook.build import pipeline, queries
from starbook.planning.costs import POINTS, Candidate, Cost, Wish, weigh
from starbook.planning.plan import Plan

LISTS = {
    "principles.yml": "- name: Ownership\n  tags: [mine]\n- name: Frugality\n",
    "categories.yml": "- name: Conflict\n",
    "questions.yml": "- question: What broke?\n  id: broke\n  principles: [Ownership]\n"
    "  stories: [{story: chosen, note: Begin with the bell.}]\n",
}
STORIES = {
    "stories/chosen.md": story("Chosen"),
    "stories/named.md": story("Named", "principles: [Ownership]"),
    "stories/tagged.md": story("Tagged", "tags: [mine]"),
}


@pytest.fixture
def plan(content):
    """Return a function that plans the interview `loop` of these files."""

    def make(rounds: str, files: dict[str, str] | None = None, more: str = "") -> Plan:
        loop = f"company: City Library\n{more}rounds:\n{rounds}"
        book = LISTS | STORIES | (files or {}) | {"interviews/loop.yml": loop}
        database = pipeline.open_database(Path(content(book)), LAYOUTS)
        assert [str(one) for one in pipeline.examine(database) if one.is_error] == []
        return queries.plan(database, "loop")

    return make


def firsts(made: Plan) -> list[str]:
    return [row.first.fit.story if row.first else "" for row in made.rows]


def backups(made: Plan) -> list[str]:
    return [row.backup.fit.story if row.backup else "" for row in made.rows]


def test_the_story_that_names_a_principle_comes_before_the_one_that_a_tag_leads_to(plan) -> None:
    made = plan("- themes: [Ownership]\n")
    assert (firsts(made), backups(made)) == (["named"], ["chosen"])
    assert made.rows[0].first.fit.why is Cost.NAMED
    assert (made.rows[0].backup.fit.why, made.rows[0].backup.fit.via) == (Cost.ASKED, "broke")


def test_what_was_chosen_for_the_question_comes_first(plan) -> None:
    made = plan("- themes: [broke]\n")
    assert (firsts(made), backups(made)) == (["chosen"], ["named"])
    assert made.rows[0].first.fit.points == ((Cost.CHOSEN, 0), (Cost.NEVER_TOLD, 5))


def test_no_story_is_told_twice_while_another_fits(plan) -> None:
    made = plan("- themes: [Ownership, broke]\n- themes: [Ownership]\n")
    assert sorted(firsts(made)) == ["chosen", "named", "tagged"]
    assert backups(made) == ["", "", ""]
    assert [row.repetition.story for row in made.rows] == ["chosen", "named", "named"]


def test_too_few_stories_are_told_twice_and_the_page_knows_where(plan) -> None:
    made = plan("- themes: [broke]\n- themes: [broke]\n- themes: [broke, broke]\n")
    assert set(firsts(made)) == {"chosen", "named", "tagged"}
    told_twice = [row for row in made.rows if row.first and row.first.again]
    assert [row.first.fit.story for row in told_twice] == ["chosen", "chosen"]


def test_a_theme_that_no_story_fits_is_a_gap(plan) -> None:
    made = plan("- themes: [Frugality, Conflict]\n")
    assert firsts(made) == ["", ""]


def test_what_a_round_avoids_is_neither_first_nor_backup_in_it(plan) -> None:
    made = plan("- themes: [Ownership]\n  avoid: [named]\n")
    assert (firsts(made), backups(made)) == (["chosen"], ["tagged"])


def test_what_is_fixed_is_told_even_if_it_fits_nothing(plan) -> None:
    made = plan("- themes: [Frugality]\n  fixed: [named]\n- themes: [Ownership]\n")
    assert firsts(made) == ["named", "chosen"]
    assert made.rows[0].first.fit.why is Cost.FIXED
    assert made.rows[0].first.instead is None


def test_the_next_best_says_what_the_whole_plan_would_cost_more(plan) -> None:
    made = plan("- themes: [Ownership]\n")
    instead = made.rows[0].first.instead
    points = POINTS[Cost.ASKED] - POINTS[Cost.NAMED]
    assert (instead.story, instead.points, instead.again, instead.needed) == (
        "chosen",
        points,
        0,
        None,
    )


def test_the_next_best_may_be_needed_in_another_round(plan) -> None:
    made = plan("- themes: [Ownership]\n  avoid: [tagged]\n- themes: [broke]\n")
    assert made.rows[0].first.instead.story == "chosen"
    assert made.rows[0].first.instead.needed == 1


LOG = {"log.yml": "- interview: before\n  date: 2026-01-02\n  story: named\n"}
BEFORE = {"interviews/before.yml": "company: city library\nrounds: [{themes: [Conflict]}]\n"}


def test_a_story_that_the_company_has_heard_is_dear(plan) -> None:
    made = plan("- themes: [Ownership]\n", LOG | BEFORE)
    assert (firsts(made), backups(made)) == (["chosen"], ["named"])
    assert made.rows[0].backup.fit.has(Cost.TOLD_TO_THEM)


def test_another_company_may_hear_it_again(plan) -> None:
    other = {"interviews/before.yml": BEFORE["interviews/before.yml"].replace("city", "town")}
    made = plan("- themes: [Ownership]\n", LOG | other)
    assert firsts(made) == ["named"]
    assert not made.rows[0].first.fit.has(Cost.NEVER_TOLD)


def test_what_was_told_in_the_interview_itself_or_later_does_not_change_its_plan(plan) -> None:
    told = "- interview: loop\n  date: 2026-01-02\n  story: named\n"
    later = "- interview: before\n  date: 2026-01-03\n  story: named\n"
    files = BEFORE | {"log.yml": told + later}
    assert firsts(plan("- themes: [Ownership]\n", files, "date: 2026-01-02\n")) == ["named"]


def test_what_was_practised_counts_as_told_aloud(plan) -> None:
    record = {"id": "r1", "story": "door", "at": "2025-12-02T19:40:00.000Z", "rating": 3}
    export = {
        "starbook": "practice",
        "version": 1,
        "handbook": {"id": "mill", "title": "The mill"},
        "records": [record],
    }
    files = {
        "handbook.yml": "id: mill\n",
        "stories/door.md": story("Door", "principles: [Ownership]"),
        "stories/aunt.md": story("Aunt", "principles: [Ownership]"),
        "practice/phone.json": json.dumps(export),
    }
    made = plan("- themes: [Ownership]\n", files)
    assert firsts(made) == ["door"]
    assert not made.rows[0].first.fit.has(Cost.NEVER_TOLD)


def test_an_angle_for_the_company_or_the_theme_is_worth_something(plan) -> None:
    angles = "\n## Angles\n\n### {}\n\nSay it slowly.\n"
    for name in ("Ownership", "City Library"):
        angled = story("Other", "principles: [Ownership]", body=angles.format(name))
        made = plan("- themes: [Ownership]\n", {"stories/z.md": angled})
        assert firsts(made) == ["z"]


def test_an_angle_alone_makes_a_story_fit(plan) -> None:
    angled = story("Other", body="\n## Angles\n\n### Frugality\n\nCount the cost.\n")
    made = plan("- themes: [Frugality]\n", {"stories/z.md": angled})
    assert (firsts(made), made.rows[0].first.fit.why) == (["z"], Cost.ANGLE_ONLY)


def test_level_and_length_cost_something() -> None:
    wish = Wish("Senior", 100)
    fits = weigh(Candidate("a", level="senior", seconds=110, told=1), Cost.NAMED, wish, angle=True)
    other = weigh(Candidate("a", level="Staff", seconds=111, told=1), Cost.NAMED, wish, angle=True)
    assert fits.cost == POINTS[Cost.NAMED]
    assert [cost for cost, _ in other.points[1:]] == [Cost.OTHER_LEVEL, Cost.TOO_LONG]


def test_a_draft_is_dearer_than_any_ready_story() -> None:
    worst = Candidate("a", level="Staff", seconds=200, told_to_them=1, told=1)
    draft = Candidate("a", ready=False, level="Senior", seconds=10, told=1)
    wish = Wish("Senior", 100)
    for why in (Cost.NAMED, Cost.ASKED, Cost.SAME_CATEGORY):
        fit = weigh(worst, why, wish, angle=False)
        assert fit.cost < weigh(draft, why, wish, angle=True).cost
