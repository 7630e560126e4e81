"""A prepared answer: on its page, in lists, among what is missing, in Ask and on cards."""

import re
from collections.abc import Callable
from pathlib import Path

import editions
import pytest
from conftest import LAYOUTS, SAMPLE, story

from starbook.build import pipeline
from starbook.model import Edition

Build = Callable[..., Path]
ANSWER = "I want a team that ships to museums. Yours does, twice a year.\n"
BOOK = {
    "stories/a.md": story("A flood"),
    "categories.yml": "- name: Why\n",
    "questions.yml": "- {question: Why us?, id: why-us, needs: answer, categories: [Why]}\n"
    "- {question: Why now?, id: why-now, needs: answer}\n"
    "- {question: What broke?, id: broke}\n",
    "answers/why-us.md": ANSWER,
    "decks.yml": "- {name: All, stories: [answers/why-us, a]}\n",
}


def texts(site: Path, path: str) -> str:
    return editions.text_of((site / path).read_bytes())


def test_the_page_of_a_question_shows_its_answer_and_the_time_to_say_it(build: Build) -> None:
    site = build(BOOK)
    shown = texts(site, "questions/why-us.html")
    assert (
        "Print 1 card Prepared answer Speaking time 0:06answers/why-us.mdCopy as text 13 words "
        "I want a team that ships to museums. Yours does, twice a year."
    ) in shown


@pytest.mark.parametrize("place", ["file", "question"])
@pytest.mark.parametrize(
    ("seconds", "words", "shown"),
    [
        (20, 47, "Speaking time 0:20, planned 0:20, fits"),
        (20, 93, "Speaking time 0:40, planned 0:20, 20 s over"),
        (90, 47, "Speaking time 0:20, planned 1:30, fits"),
    ],
)
def test_an_answer_has_a_planned_time_and_says_by_how_much_it_is_over(
    build: Build, place: str, seconds: int, words: int, shown: str
) -> None:
    text = "We ship. " * (words // 2) + "Soon." * (words % 2)
    files = BOOK | {"answers/why-us.md": f"---\nseconds: {seconds}\n---\n{text}\n"}
    if place == "question":
        inline = f"answer: {{text: {text.strip()}, seconds: {seconds}}}"
        files = {name: BOOK[name] for name in ("stories/a.md", "decks.yml")}
        files["questions.yml"] = f"- {{question: Why us?, id: why-us, {inline}}}\n"
    site = build(files)
    assert shown in texts(site, "questions/why-us.html")
    page = (site / "cards.html").read_text("utf-8")
    card = page[page.index('data-id="answers/why-us"') :].partition("</article>")[0]
    assert f"<span>{shown.rpartition(', ')[0]}</span>" in card


def test_a_question_that_needs_an_answer_says_where_to_write_it(build: Build) -> None:
    page = (build(BOOK) / "questions/why-now.html").read_text("utf-8")
    assert "Write yours in this file, or as <code>answer: …</code> at the question:" in page
    assert "<span>In answers/why-now.md</span>" in page
    assert "No story assigned" not in page


def test_an_answer_covers_its_question_and_gaps_name_the_two_kinds_apart(build: Build) -> None:
    site = build(BOOK)
    home = texts(site, "index.html")
    assert "1 of 3questions covered" in home
    assert "1question needs a story: What broke?" in home
    assert "1question needs an answer: Why now?" in home
    coverage = texts(site, "coverage.html")
    assert "2 questions are uncovered" in coverage
    assert "Questions that need a storyWhat broke?" in coverage
    assert "Questions that need an answerWhy now?" in coverage
    assert "Why now?no answer" in coverage
    assert '<a href="questions/why-us.html#answer">Prepared answer</a>' in (
        (site / "coverage.html").read_text("utf-8")
    )


def test_a_list_of_questions_leads_to_the_answer(build: Build) -> None:
    site = build(BOOK)
    link = 'why-us.html#answer">Prepared answer</a>'
    assert f'<a href="{link}' in (site / "questions/index.html").read_text("utf-8")
    assert f'<a href="../questions/{link}' in (site / "categories/why.html").read_text("utf-8")
    listed = (site / "questions/index.html").read_text("utf-8")
    rows = dict(re.findall(r'data-coverage="(\w+)"[^>]*><div><a [^>]*>([^<]*)</a>', listed))
    assert rows == {"covered": "Why us?", "unanswered": "Why now?", "uncovered": "What broke?"}


def test_an_answer_with_a_blank_is_a_draft(build: Build) -> None:
    site = build(BOOK | {"answers/why-us.md": "I want [Fill in: what].\n"})
    assert "0 of 3questions covered" in texts(site, "index.html")
    assert "Draft, 1 blank" in texts(site, "questions/why-us.html")
    assert 'data-coverage="draft"' in (site / "questions/index.html").read_text("utf-8")


def test_words_of_an_answer_are_in_the_index(build: Build) -> None:
    site = build(BOOK)
    assert " museums " in (site / "search-index.js").read_text("utf-8")
    shown = (site / "search-texts/0.js").read_text("utf-8")
    assert '["","I want a team that ships to museums. Yours does, twice a year."]' in shown


def test_an_answer_has_a_card_and_a_deck_may_have_it(build: Build) -> None:
    page = (build(BOOK) / "cards.html").read_text("utf-8")
    card = page[page.index('data-id="answers/why-us"') :].partition("</article>")[0]
    assert '<h2><a href="questions/why-us.html#answer">Why us?</a></h2>' in card
    assert (
        '<span class="sentence" data-rank="0">I want a team that ships to museums.</span>' in card
    )
    assert '<p data-rank="0">I want a team that ships to museums.</p>' in card
    assert "Speaking time 0:06" in card
    assert '<option value="all" data-ids="answers/why-us a">All</option>' in page
    assert '<option value="question/why-us" data-ids="answers/why-us">' in page
    assert '<option value="answers" data-ids="answers/why-us">All answers</option>' in page


@pytest.mark.parametrize("name", ["answers", "answers/why-us", "Why us?", "why-us"])
def test_a_deck_may_end_with_answers(name: str, build: Build) -> None:
    decks = f"- {{name: Last, stories: [a], ends_with: ['{name}']}}\n"
    page = (build(BOOK | {"decks.yml": decks}) / "cards.html").read_text("utf-8")
    assert '<option value="last" data-ids="a answers/why-us">Last</option>' in page


def test_other_stories_do_not_take_the_place_of_an_answer_on_paper(build: Build) -> None:
    files = BOOK | {"stories/a.md": story("A flood", "categories: [Why]")}
    page = (build(files) / "cards.html").read_text("utf-8")
    assert '<option value="question/why-us" data-ids="answers/why-us">' in page


def test_links_pictures_and_footnotes_work_in_an_answer(build: Build) -> None:
    answer = "See [[a]], [it](../stories/a.md#task) and ![map](map.png).[^1]\n\n[^1]: Seen.\n"
    notes = "- {question: Why us?, id: why-us, notes: 'Be brief.[^1]\n\n\n  [^1]: Short.'}\n"
    site = build(
        BOOK
        | {"answers/why-us.md": answer, "answers/map.png": editions.PNG, "questions.yml": notes}
    )
    page = (site / "questions/why-us.html").read_text("utf-8")
    assert '<a href="../stories/a.html">a</a>, <a href="../stories/a.html#task">it</a>' in page
    assert '<img src="../images/' in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert sorted(ids) == sorted(set(ids))
    assert '<a href="#answer_fn_1" id="answer_fnref_1">1</a>' in page
    assert '<a href="#fn_1" id="fnref_1">1</a>' in page


def test_other_pages_link_to_an_answer_by_its_file(build: Build) -> None:
    told = story("B", body="\n## More\n\nSee [this](../answers/why-us.md#maps) and [[why-us]].\n")
    site = build(BOOK | {"stories/b.md": told, "answers/why-us.md": f"## Maps\n\n{ANSWER}"})
    page = (site / "stories/b.html").read_text("utf-8")
    assert '<a href="../questions/why-us.html#maps">this</a>' in page
    assert '<a href="../questions/why-us.html">why-us</a>' in page


@pytest.mark.slow
def test_an_edit_of_an_answer_is_on_each_of_its_pages(content) -> None:
    folder = content(BOOK)
    (folder / "decks.yml").unlink()  # which could not do without the answer
    database = pipeline.open_database(folder, LAYOUTS)
    pipeline.build_site(database)
    (folder / "answers/why-us.md").write_text("I like your zebras.\n", "utf-8")
    files = pipeline.build_site(database).files
    changed = {path for path, data in files.items() if b"zebras" in bytes(data)}
    assert changed == {
        "questions/why-us.html", "cards.html", "print.html", "search-index.js", "search-texts/0.js"
    }  # fmt: skip
    (folder / "answers/why-us.md").unlink()
    files = pipeline.build_site(database).files
    assert b"question needs an answer" not in bytes(files["index.html"])
    assert b"questions need an answer" in bytes(files["index.html"])


@pytest.mark.slow
def test_a_public_question_page_offers_no_card(content) -> None:
    files = BOOK | {
        "handbook.yml": "publish: [questions]\n",
        "answers/why-us.md": f"---\npublish: true\n---\n{ANSWER}",
    }
    made = editions.site_of(files, Edition.PUBLIC)
    assert "cards.html" not in made
    assert b"Print" not in made["questions/why-us.html"]
    assert b"museums" in made["questions/why-us.html"]


@pytest.mark.slow
def test_the_sample_answers_each_question_that_needs_an_answer(sample_site: Path) -> None:
    needing = [one.id for one in pipeline.load(SAMPLE)[0].questions if one.needs_answer]
    assert needing
    for ident in needing:
        assert "Prepared answer Speaking time" in texts(sample_site, f"questions/{ident}.html")
