"""The page of an interview: what it plans, what is missing, and what came of it."""

import re
from collections.abc import Mapping

import pytest
from conftest import story
from editions import site_of, text_of

from starbook.model import Edition

BOOK = {
    "principles.yml": "- name: Ownership\n- name: Frugality\n",
    "questions.yml": (
        "- question: What broke?\n  id: broke\n  principles: [Ownership]\n  companies: [Harbour]\n"
        "- question: What did you mend?\n  principles: [Ownership]\n"
        "- question: Who asked?\n  principles: [Frugality]\n"
    ),
    "to-ask.yml": (
        "- audience: The team\n  topics:\n"
        "  - {topic: Work, questions: [What is slow?, What is loud?]}\n"
        "  - {topic: Rest, questions: [When do you go?, Where is lunch?]}\n"
    ),
    "stories/bell.md": story(
        "The bell", "principles: [Ownership]", "metrics: ['9 → 2 errors: a week']",
        body="\n## Follow-ups\n\n### Why you?\n\n**Key line:** I was awake.\n"
        "\n## Angles\n\n### Harbour\n\nBegin with the crane.\n",
    ),
    "stories/door.md": story("The door", "principles: [Ownership]"),
    "interviews/harbour.yml": (
        "company: Harbour\nrole: Engineer\ndate: 2026-12-10 Europe/Paris\nrounds:\n"
        "- {with: Ana Silva, starts: '23:40', minutes: 45, audience: The team,\n"
        "   themes: [Ownership, Frugality]}\n"
        "- {name: the boss, audience: The team, themes: [Ownership]}\n"
    ),
}  # fmt: skip


def page(files: Mapping[str, str], path: str = "interviews/harbour.html") -> str:
    """Return the words of a page; those of two tags are two words."""
    html = site_of(files, Edition.PRIVATE)[path].replace(b"<", b" <")
    return re.sub(r" (?=[:;,.](\s|$))", "", text_of(html))


def plan(files: Mapping[str, str]) -> str:
    """The text of the plan alone, without the day on the phone and the run sheet."""
    return page(files).rpartition("Afterwards")[0]


def test_each_theme_has_its_story_with_numbers_angle_and_reason() -> None:
    shown = plan(BOOK)
    assert "The bell" in shown
    assert "9 → 2 errors a week" in shown
    assert "Angle for Harbour Begin with the crane." in shown
    assert "Names Ownership" in shown


def test_the_date_stands_as_it_was_written_with_the_first_start() -> None:
    assert "2026-12-10, 23:40, Europe/Paris" in plan(BOOK)


def test_a_round_that_goes_over_midnight_ends_on_the_next_day() -> None:
    assert "Round 1 of 2, 45 minutes, until 00:25" in plan(BOOK)


@pytest.mark.parametrize(
    ("starts", "until"),
    [
        ("9.30", ", until 10:15"),
        ("14h05", ", until 14:50"),
        ("2 pm", ", until 2:45 pm"),
        ("11:30 AM", ", until 12:15 pm"),
        ("12:15 p.m.", ", until 1:00 pm"),
        ("after lunch", ""),
        ("9", ""),
    ],
)
def test_the_end_of_a_round_is_written_as_its_start(starts: str, until: str) -> None:
    loop = f"company: Harbour\nrounds: [{{with: Ana, starts: {starts}, minutes: 45}}]\n"
    shown = plan({**BOOK, "interviews/harbour.yml": loop})
    assert f"Ana Round 1 of 1, 45 minutes{until} No themes yet" in shown


def test_the_minutes_of_a_round_are_divided_among_its_themes() -> None:
    assert "5 hello 15 Ownership 15 Frugality 5 spare 5 you ask" in plan(BOOK)


def test_a_theme_without_a_story_is_the_first_gap_and_says_what_to_write() -> None:
    shown = plan(BOOK)
    assert "Biggest gaps Frugality: no story" in shown
    assert (
        'A story about Frugality is missing. Give one principles: ["Frugality"], '
        "or write it with python3 build.py new story." in shown
    )


def test_without_another_story_the_backup_is_only_a_repetition() -> None:
    assert (
        "No free backup A second story about Ownership is missing. "
        "Best repetition, first in round 2: The door" in plan(BOOK)
    )


def test_themes_that_lack_the_same_share_a_row_and_the_worst_comes_first() -> None:
    loop = "company: Harbour\nrounds:\n- {themes: [Hiring, Ownership]}\n- {themes: [Frugality]}\n"
    files = {**BOOK, "categories.yml": "- name: Hiring\n", "interviews/harbour.yml": loop}
    only = story("The mast", "principles: [Care]")
    files |= {"principles.yml": BOOK["principles.yml"] + "- name: Care\n", "stories/mast.md": only}
    files["interviews/harbour.yml"] += "- {themes: [Care, Ownership, Care]}\n"
    assert (
        "Biggest gaps Hiring, Frugality: no story Care: only by telling a story twice "
        "Ownership: a backup only by telling a story twice Who asked?:" in plan(files)
    )


def test_where_a_story_is_told_twice_it_says_that_one_of_its_own_is_missing() -> None:
    rounds = "- {themes: [Ownership]}\n" * 3
    shown = plan({**BOOK, "interviews/harbour.yml": f"company: Harbour\nrounds:\n{rounds}"})
    assert "Ownership: only by telling a story twice" in shown
    assert shown.count("A story of its own for Ownership is missing.") == 2
    asked = "company: Harbour\nrounds:\n" + "- {themes: [broke]}\n" * 3
    shown = plan({**BOOK, "interviews/harbour.yml": asked})
    assert shown.count("A story of its own for this question is missing.") == 2
    assert "No angle for this Same principle: Ownership" in shown


def test_what_the_company_asks_about_no_theme_has_a_list_of_its_own() -> None:
    other = "- {question: Which bird?, companies: [HARBOUR], stories: [door]}\n"
    shown = plan({**BOOK, "questions.yml": BOOK["questions.yml"] + other})
    assert "Harbour also asks Which bird? The door, round 2" in shown
    assert "also asks" not in plan(BOOK)


def test_no_question_to_ask_is_in_two_rounds() -> None:
    shown = plan(BOOK)
    assert "Ask Ana Silva What is slow? When do you go? What is loud?" in shown
    assert "Ask them Where is lunch?" in shown


def test_what_the_company_asks_comes_first_among_the_likely_questions() -> None:
    assert "Likely questions What broke?" in plan(BOOK)


def test_a_question_with_a_prepared_answer_lacks_no_story() -> None:
    asked = (
        BOOK["questions.yml"] + "- {question: Why us?, principles: [Frugality], answer: Boats.}\n"
    )
    shown = plan({**BOOK, "questions.yml": asked})
    assert "Why us? Prepared answer" in shown
    assert "Who asked? no story assigned" in shown


def test_the_first_page_leads_to_the_latest_interviews() -> None:
    shown = page(BOOK, "index.html")
    assert "Harbour, Engineer 2026-12-10, 23:40, Europe/Paris · 2 rounds" in shown


def checklist(name: str) -> dict[str, str]:
    return {f"guides/{name}.md": f"---\ntitle: {name}\n---\n- [ ] Eat\n"}


def test_the_pack_of_an_interview_is_one_link_away() -> None:
    site = site_of(BOOK | checklist("day"), Edition.PRIVATE)
    link = (
        b'<a class="btn" href="../cards.html#deck=interview/harbour">Print the pack: 6 sheets</a>'
    )
    assert link in site["interviews/harbour.html"]
    deck = (
        b'<option value="interview/harbour" data-ids="interviews/harbour bell door '
        b'interviews/harbour/1 interviews/harbour/2 guides/day" data-for="company/harbour"'
    )
    assert deck in site["cards.html"]


def test_the_pack_has_the_run_sheet_and_a_card_to_ask_each_person() -> None:
    shown = page(BOOK, "cards.html").partition("Run sheet: Harbour, Engineer")[2]
    assert shown.startswith(
        " 2026-12-10, 23:40, Europe/Paris 23:40 to 00:25 Ana Silva "
        "Ownership The bell 9 → 2 errors a week Begin with the crane. "
        "Best repetition, first in round 2: The door Frugality No story "
        "Ask Ana Silva What is slow? When do you go? What is loud? 2 the boss Ownership The door"
    )
    cards = shown.partition("interviews/harbour.html ")[2]
    assert cards.startswith("Ask Ana Silva 23:40 What is slow? When do you go? What is loud?")
    assert cards.partition("Ask them ")[2].startswith("Where is lunch?")


def test_of_several_checklists_the_pack_has_those_that_a_deck_ends_with() -> None:
    book = BOOK | checklist("day") | checklist("week")
    every = b"guides/day guides/week"
    assert every in site_of(book, Edition.PRIVATE)["cards.html"].partition(b'"interview/')[2]
    book["decks.yml"] = "- {name: Tonight, stories: [bell], ends_with: [day]}\n"
    [ids] = re.findall(
        rb'"interview/harbour" data-ids="([^"]*)"', site_of(book, Edition.PRIVATE)["cards.html"]
    )
    assert ids.split()[-1] == b"guides/day"
    assert b"guides/week" not in ids


def test_the_cards_of_a_pack_have_the_angles_for_its_themes_and_its_company() -> None:
    angles = "\n## Angles\n\n### Ownership\n\nSay who owned it.\n\n### Frugality\n\nCount.\n"
    files = {**BOOK, "stories/door.md": story("The door", "principles: [Ownership]", body=angles)}
    html = site_of(files, Edition.PRIVATE)["cards.html"]
    told_for = b'data-for="company/harbour principle/ownership principle/frugality"'
    assert told_for in html.partition(b'value="interview/harbour"')[2].partition(b">")[0]


def test_a_follow_up_comes_with_its_key_line() -> None:
    assert "Why you? I was awake." in plan(BOOK)


def test_an_interview_without_rounds_says_what_to_write() -> None:
    files = {**BOOK, "interviews/harbour.yml": "company: Harbour\n"}
    assert (
        "This interview has no rounds yet. List them as rounds: in its file, "
        "each with whom it is with and its themes." in page(files)
    )


def test_a_round_without_themes_says_what_to_write() -> None:
    files = {**BOOK, "interviews/harbour.yml": "company: Harbour\nrounds: [{with: Ana}]\n"}
    assert "No themes yet, so no story is planned." in plan(files)


LOG = (
    "- {interview: harbour, round: Ana Silva, question: broke, story: bell, landed: 4}\n"
    "- {interview: harbour, round: 2, question: Why cranes?}\n"
)


def after(files: Mapping[str, str]) -> str:
    """Return the text below the plan of an interview: what came of it, from the log."""
    return page(files).rpartition("Afterwards ")[2].partition(" Save what was told")[0]


def test_afterwards_the_log_is_compared_with_the_plan() -> None:
    assert after({**BOOK, "log.yml": LOG}).startswith(
        "1 of 3 themes came up · 1 of 2 planned stories told · 1 question not foreseen "
        "Theme You planned They asked You told How it landed "
        "Ownership The bell What broke? Ana Silva The bell All numbers, in time "
        "Frugality No story Not asked "
        "Ownership The door Not asked "
        "Not foreseen They asked You told How it landed Why cranes? 2 "
        "Note more with python3 build.py log --interview harbour."
    )


def test_a_theme_that_came_up_twice_has_both_questions() -> None:
    mend = "what-did-you-mend"
    log = f"{LOG}- {{interview: harbour, round: 1, question: {mend}, notes: Too long.}}\n"
    shown = after({**BOOK, "log.yml": log})
    assert "All numbers, in time What did you mend? 1 Too long. Frugality" in shown
    assert "1 of 3 themes came up" in shown


def test_a_story_that_was_told_without_a_question_belongs_to_its_theme() -> None:
    log = "- {interview: harbour, round: 2, story: door}\n- {interview: harbour, story: bell}\n"
    shown = after({**BOOK, "log.yml": log})
    assert shown.startswith(
        "2 of 3 themes came up · 2 of 2 planned stories told · 0 questions not foreseen"
    )
    assert "Frugality No story Not asked Ownership The door 2 The door Note more" in shown


def test_a_question_that_another_round_was_to_ask_was_foreseen() -> None:
    other = "company: Mill\nrounds: [{with: Bo, themes: [Ownership]}, {with: Al, themes: [X]}]\n"
    log = "- {interview: mill, round: Al, question: broke}\n"
    files = {**BOOK, "interviews/mill.yml": other.replace("X", "Frugality"), "log.yml": log}
    text = page(files, "interviews/mill.html").rpartition("Afterwards ")[2]
    assert text.startswith("1 of 2 themes came up")
    assert "0 questions not foreseen" in text


@pytest.mark.slow
def test_a_planned_story_is_struck_unless_it_was_told() -> None:
    html = site_of({**BOOK, "log.yml": LOG}, Edition.PRIVATE)["interviews/harbour.html"]
    assert b'<s><a href="../stories/door.html">The door</a></s>' in html
    told = f"{LOG}- {{interview: harbour, round: 2, question: Why not?, story: door}}\n"
    html = site_of({**BOOK, "log.yml": told}, Edition.PRIVATE)["interviews/harbour.html"]
    assert b'<s><a href="../stories/door.html">' not in html


def test_before_the_interview_it_says_how_to_note_what_is_asked() -> None:
    assert after(BOOK).startswith(
        "Note each question while you remember it, with python3 build.py log --interview harbour "
        "or in log.yml: - interview: harbour date: 2026-12-10 round: 1 question:"
    )


def test_the_list_of_interviews_says_what_came_of_them_together() -> None:
    other = "company: Mill\nrounds: [{with: Bo, themes: [Ownership]}]\n"
    log = f"{LOG}- {{interview: mill, question: What?}}\n- {{interview: mill, story: door}}\n"
    files = {**BOOK, "interviews/mill.yml": other, "log.yml": log}
    shown = page(files, "interviews/index.html").partition("What came of them ")[2]
    assert shown.startswith(
        "Interview Themes that came up Planned stories told Not foreseen "
        "Harbour, Engineer 1 of 3 1 of 2 1 "
        "Mill 1 of 1 0 of 1 1 "
        "All interviews 2 of 4 1 of 3 2 "
        "Not foreseen When Interview They asked You told How it landed "
        "2026-12-10 Harbour, Engineer, 2 Why cranes? Mill What?"
    )


def test_the_contents_lead_to_what_the_company_heard_and_asks() -> None:
    html = site_of(BOOK, Edition.PRIVATE)["interviews/harbour.html"]
    assert b'href="#told"' not in html
    assert b'href="#also-asked"' not in html
    files = {
        **BOOK,
        "questions.yml": BOOK["questions.yml"] + "- {question: Why?, companies: [Harbour]}\n",
        "interviews/call.yml": "company: Harbour\nrole: Call\n",
        "log.yml": "- {interview: call, story: bell}\n",
    }
    html = site_of(files, Edition.PRIVATE)["interviews/harbour.html"]
    contents = html.partition(b'class="day-rail"')[2].partition(b"</nav>")[0]
    assert b'<a href="#also-asked">Harbour also asks</a>' in contents
    assert b'<a href="#told">Told to them before</a>' in contents


def test_a_single_interview_in_the_log_has_no_sum() -> None:
    shown = page({**BOOK, "log.yml": LOG}, "interviews/index.html")
    assert "1 of 3 1 of 2 1" in shown
    assert "All interviews" not in shown


def test_without_a_log_the_list_of_interviews_says_how_to_write_one() -> None:
    shown = page(BOOK, "interviews/index.html")
    assert "Nothing is noted yet. After an interview, run python3 build.py log." in shown


@pytest.mark.slow
def test_the_page_of_a_story_says_where_it_was_told() -> None:
    log = "- {interview: harbour, date: 2026-12-10, question: broke, story: bell, landed: 2}\n"
    files = {**BOOK, "log.yml": log}
    assert "Told in interviews" in page(files, "stories/bell.html")
    assert "Harbour, Engineer 2026-12-10 What broke? With gaps" in page(files, "stories/bell.html")
    assert "Told in interviews" not in page(files, "stories/door.html")


def test_the_list_has_the_latest_interview_first() -> None:
    other = "company: Mill\ndate: 2027-01-02\nrounds: [{themes: [Frugality]}]\n"
    shown = page({**BOOK, "interviews/a.yml": other}, "interviews/index.html")
    assert re.findall(r"Mill|Harbour", shown) == ["Mill", "Harbour"]
    assert "2 rounds · 2 of 3 themes have a story" in shown


def test_without_interviews_the_list_says_how_to_make_one() -> None:
    shown = page({"stories/bell.md": story("The bell")}, "interviews/index.html")
    assert 'python3 build.py new interview "City Library, Engineer"' in shown


def test_a_guide_may_link_to_an_interview() -> None:
    guide = "---\ntitle: Next\n---\n[Harbour](../interviews/harbour.yml), [all](../interviews)\n"
    shown = site_of({**BOOK, "guides/next.md": guide}, Edition.PRIVATE)["guides/next.html"]
    assert b'<a href="../interviews/harbour.html">Harbour</a>' in shown
    assert b'<a href="../interviews/index.html">all</a>' in shown
