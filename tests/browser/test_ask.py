"""Ask: what is typed, what stands first, and that nothing typed or broken stops it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bench_search import QUERIES, labelled, quality, stories_found
from conftest import CORPUS, Tabs, breaches_in_each_scheme, story, visiting
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, expect

from starbook.search.export import VERSION, script
from starbook.text import tokenizer
from starbook.text.spelling import american

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
BOSS = "tell me about a time you pushed back on your boss"
STRINGS = (
    *(
        "$2m in 99.9% of p95",
        "on-call/off-call",
        "Größe ΣΊΣΥΦΟΣ ß",
        "I'm “here’s” don't",
        "AT&T a_b",
    ),
    *("450 ms, 450ms, 1,200\nGB", "p95 ms 99.9 % 10-20 ms", "$2 m 5\u00a0µs ２ h 3 x4"),
    *("東京で働く 我修好了", "Ünïcödé ﬁne ①", "3.14 1,000 v2.0", "😀 a\u200bb", "\u2028x\ttabs\n"),
)


@pytest.fixture
def visit(tabs: Tabs, sample_site: Path) -> Iterator[Open]:
    """Open a page, the first one if no other is named; an error on it is a fault."""
    with visiting(tabs, sample_site, {"width": 1280, "height": 720}, ["pageerror"]) as visit:
        yield lambda path="index.html", *site, **options: visit(path, *site, **options)


@pytest.fixture(scope="module")
def page(chromium: Browser, sample_site: Path) -> Iterator[Page]:
    """One page for many questions; an error on it is a fault."""
    context = chromium.new_context()
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((sample_site / "index.html").as_uri())
    page.evaluate("starbook.search('x')")
    yield page
    context.close()
    assert errors == []


def found(page: Page, query: str) -> list[tuple[str, str]]:
    hits = page.evaluate("(query) => starbook.search(query, 5)", query)
    return [(hit["kind"], hit["id"]) for hit in hits]


def first_story(page: Page, query: str) -> str:
    return next(ident for kind, ident in found(page, query) if kind == "story")


# Answers

ANSWERED = {
    "stories/a.md": story("Leaving the mill", body="\n## More\n\nI want to leave it dry.\n"),
    "questions.yml": "- {question: Why do you want to leave?, id: leave, needs: answer}\n"
    "- {question: Why us?, id: us, stories: [a]}\n",
    "answers/leave.md": "I am going towards museums.\n\nThank you for asking.\n",
    "answers/us.md": "You grind rye.\n",
}


def test_an_answer_stands_before_the_stories_that_say_the_words_of_its_question(
    visit, build
) -> None:
    page = visit(site=build(ANSWERED))
    page.locator("input[name=q]").fill("why do you want to leave")
    first = page.locator(".result").first
    expect(first).to_contain_text("Prepared answerI am going towards museums.")
    assert page.locator(".results .label").first.text_content() == "Prepared answer"
    expect(page.locator(".result-count")).to_have_text("Prepared answer, 1 story")
    page.keyboard.press("ArrowRight")
    expect(first.locator(".cue-card .paragraph")).to_have_text(
        ["I am going towards museums.", "Thank you for asking."]
    )
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".cue-card")).to_have_count(0)
    page.keyboard.press("Enter")
    page.wait_for_url("**/questions/leave.html#answer")


@pytest.mark.parametrize(
    ("query", "leads"),
    [
        ("tell me about yourself", True),
        ("Tell me about yourself!", True),
        ("why do you want to leave", True),
        ("what is your weakness?", True),
        ("tell me about", False),
        ("tell me about a time you failed", False),
        ("your", False),
        ("pushed back on your boss", False),
    ],
)
def test_what_is_asked_as_a_question_is_worded_leads_to_its_answer(page, query, leads) -> None:
    place = page.evaluate("(query) => starbook.engine.rank(query).answer", query)
    assert bool(place) is leads


def test_a_story_that_rests_is_found_behind_all_others_drafts_too(visit, build) -> None:
    flood = "\n## More\n\nThe flood.\n"
    old = story("The flood of the flood", body=flood).replace("ready", "resting")
    rough = story("The rough one", body=flood).replace("ready", "draft")
    files = {"stories/a.md": old, "stories/b.md": rough, "stories/c.md": story("C", body=flood)}
    page = visit(site=build(files))
    page.locator("input[name=q]").fill("flood")
    titles = ["C", "The rough one", "The flood of the flood"]
    expect(page.locator(".result .title")).to_have_text(titles)
    expect(page.locator(".result .draft")).to_have_text(["Draft", "Resting"])


def test_without_an_answer_the_count_begins_with_the_stories(visit, build) -> None:
    page = visit(site=build(ANSWERED))
    page.locator("input[name=q]").fill("mill")
    expect(page.locator(".result-count")).to_have_text("1 story")


def test_an_answer_beside_chosen_stories_stands_behind_them(visit, build) -> None:
    page = visit(site=build(ANSWERED))
    page.locator("input[name=q]").fill("why us")
    expect(page.locator(".results .group > .label")).to_have_text(["Stories", "Questions"])
    expect(page.locator(".result").last).to_contain_text("You grind rye.")


def test_words_of_an_answer_lead_to_it(visit, build) -> None:
    page = visit(site=build(ANSWERED))
    page.locator("input[name=q]").fill("museums")
    result = page.locator(".result").first
    expect(result.locator("mark")).to_have_text("museums")
    assert (result.get_attribute("href") or "").endswith("questions/leave.html#answer")


# Finding


def test_most_queries_of_ours_find_a_right_story_first(page) -> None:
    queries, wanted = labelled(QUERIES)
    assert len(queries) >= 60
    result = quality(stories_found(page, queries), wanted)
    assert result.mrr >= 0.93
    assert result.five >= 0.95


def test_most_queries_of_a_large_handbook_do_too(visit, corpus_site) -> None:
    path = CORPUS.parent / "retrieval" / "queries_dev.json"
    if not path.is_file():
        pytest.skip("its labelled queries are not beside this checkout")
    queries, wanted = labelled(path)
    result = quality(stories_found(visit(site=corpus_site), queries), wanted)
    assert result.mrr >= 0.93
    assert result.five >= 0.95


@pytest.mark.parametrize(
    ("query", "ident"),
    [
        (BOSS, "rewrite-argued-down"),
        ("double char", "double-charge"),  # the last word is a beginning
        ("doubel charge", "double-charge"),  # a typo
        ("DOUBLE-CHARGE", "double-charge"),
        ("ferry", "double-charge"),
    ],
)
def test_the_right_story_stands_first(page, query, ident) -> None:
    assert first_story(page, query) == ident


def test_a_typo_leads_to_what_means_the_same(visit, build) -> None:
    made = build(
        {
            "stories/a.md": story("Two leads", body="\n## Situation\n\nA quarrel began.\n"),
            "stories/b.md": story("Another"),
        }
    )
    assert first_story(visit(site=made), "a disptue") == "a"


def test_words_of_other_scripts_are_found(visit, build) -> None:
    made = build(
        {"stories/a.md": story("東京の障害を直した"), "stories/b.md": story("Другая история")}
    )
    page = visit(site=made)
    assert first_story(page, "障害") == "a"
    assert first_story(page, "другая") == "b"


def test_a_draft_stands_behind_the_best_ready_story(visit, build) -> None:
    ready = story("The late launch")
    made = build(
        {
            "stories/a.md": ready.replace("ready", "draft").replace("It was late.", "launch " * 9),
            "stories/b.md": ready,
        }
    )
    assert [ident for kind, ident in found(visit(site=made), "launch") if kind == "story"] == [
        "b",
        "a",
    ]


# Words are cut alike in Python and in the page


@pytest.mark.parametrize("text", STRINGS)
def test_python_and_the_page_cut_words_alike(page, text) -> None:
    assert page.evaluate("(text) => starbook.split(text)", text) == tokenizer.split(text)


_text = st.text(st.characters(exclude_categories=["Cs", "Cn", "Co"]), max_size=40)

# Words with the endings that rules of spelling are about.
_SPELT = (
    r"[a-z]{1,6}(our|re|is|lys|tis|enc|ogu|gramm|dge|ell|oeuvr|entr)(e|ed|es|er|ing|s|ment|ation|)"
)


@settings(max_examples=150)
@given(st.lists(_text, min_size=1, max_size=20))
def test_they_cut_any_words_alike(page, texts) -> None:
    theirs = page.evaluate("(texts) => texts.map((text) => starbook.split(text))", texts)
    assert dict(zip(texts, theirs, strict=True)) == {text: tokenizer.split(text) for text in texts}


@pytest.mark.parametrize(
    "words",
    [
        "organisation recognised authorising advise exercise criticise incentivised unpromising",
        "behaviour colourful hour centre metre kilolitres genre centred programmes judgement grey",
        "analysed catalogues licence defences practising fuelled manoeuvring skilful learnt called",
    ],
)
def test_python_and_the_page_spell_words_alike(page, words) -> None:
    theirs = page.evaluate("(words) => words.map(starbook.american)", words.split())
    assert theirs == [american(word) for word in words.split()]


@settings(max_examples=50)
@given(st.lists(st.from_regex(_SPELT, fullmatch=True), min_size=1, max_size=20))
def test_they_spell_any_words_alike(page, words) -> None:
    theirs = page.evaluate("(words) => words.map(starbook.american)", words)
    assert theirs == [american(word) for word in words]


# Dates, ids, numbers with units, spelling

DATED = {
    "stories/a.md": story("The pump", "date: 2021-08-14"),
    "stories/b.md": story("The bridge", "date: 2022-03"),
    "stories/c.md": story("The dam", body="\n## Notes\n\nIt began in August 2021.\n"),
    "stories/d.md": story("The well", "date: 2024-08"),
}


@pytest.mark.parametrize(
    ("query", "idents"),
    [
        ("2021", "ac"),
        ("August 2021", "ac"),
        ("aug. 2021", "ac"),
        ("august, 2021", "ac"),
        ("2021-08", "ac"),
        ("2021-08-14", "a"),
        ("in March 2022", "b"),
        ("2022", "b"),
        ("2023", ""),  # another year is no mistyped one
    ],
)
def test_a_date_is_found_however_it_is_written(visit, build, query, idents) -> None:
    hits = found(visit(site=build(DATED)), query)
    assert sorted(ident for kind, ident in hits if kind == "story") == list(idents)


def test_months_are_known_in_the_language_of_the_handbook(visit, build) -> None:
    page = visit(site=build({**DATED, "handbook.yml": "language: de\n"}))
    assert found(page, "März 2022")[0] == ("story", "b")
    assert found(page, "March 2022")[0] == ("story", "b")


def test_a_story_found_by_its_date_or_company_says_so(visit, build) -> None:
    made = build({"stories/a.md": story("The pump", "date: 2021-08-14", "company: Brakewater")})
    page = visit("index.html?q=august+2021", made)
    expect(page.locator(".result .reason").first).to_have_text("found by: 2021-08")
    page.locator(".ask input").fill("brakewater")
    expect(page.locator(".result .reason").first).to_have_text("found by: Brakewater")


NAMED = {
    "stories/wet-feet.md": story("The cellar", body="\n## Notes\n\nMy feet got wet.\n"),
    "stories/other.md": story("Wet paint", body="\n## Notes\n\nWet feet, wet feet.\n"),
    "questions.yml": "- {question: How do you plan?, id: cold-hands}\n",
    "guides/dry-socks.md": "---\ntitle: Before the day\n---\n\nSleep.\n",
}


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("wet-feet", ("story", "wet-feet")),
        ("cold-hands", ("question", "cold-hands")),
        ("dry-socks", ("guide", "dry-socks")),
    ],
)
def test_an_id_leads_to_what_has_it(visit, build, query, first) -> None:
    assert found(visit(site=build(NAMED)), query)[0] == first


@pytest.mark.parametrize("query", ["450 ms", "450ms", "450\u00a0ms"])
def test_a_number_and_its_unit_may_be_written_together_or_apart(visit, build, query) -> None:
    made = build(
        {
            "stories/a.md": story("One", body="\n## Notes\n\nIt took 450 ms.\n"),
            "stories/b.md": story("Two", body="\n## Notes\n\nIt took 450ms.\n"),
            "stories/c.md": story("Three", body="\n## Notes\n\n450 of 90 ms.\n"),
        }
    )
    page = visit(site=made)
    assert {ident for _, ident in found(page, query)} == {"a", "b"}
    page.locator(".ask input").fill(query)
    marks = page.locator(".result mark")
    expect(marks).to_have_text(["450 ms", "450ms"])


@pytest.mark.parametrize(
    "query", ["organisation", "organization", "favour", "favor", "travelling", "traveling"]
)
def test_british_and_american_spelling_find_each_other(visit, build, query) -> None:
    british, other = "An organisation in favour of travelling.", "Organization, favor, traveling."
    made = build(
        {
            "stories/a.md": story("One", body=f"\n## Notes\n\n{british}\n"),
            "stories/b.md": story("Two", body=f"\n## Notes\n\n{other}\n"),
            "stories/c.md": story("Three", body="\n## Notes\n\nAn organ.\n"),
        }
    )
    page = visit(site=made)
    assert {ident for _, ident in found(page, query)} == {"a", "b"}
    page.locator(".ask input").fill(query)
    expect(page.locator(".result mark")).to_have_count(2)


def test_a_spelling_that_no_story_has_leads_to_the_other(visit, build) -> None:
    made = build({"stories/a.md": story("One", body="\n## Notes\n\nA catalogue.\n")})
    assert found(visit(site=made), "catalog ") == [("story", "a")]


# An exact phrase

PHRASES = {
    "stories/a.md": story("Rain", body="\n## Notes\n\nWe sold\nevery last umbrella we had.\n"),
    "stories/b.md": story("Hail", body="\n## Notes\n\nThe last umbrella: every one sold.\n"),
    "stories/c.md": story("The last umbrella"),
    "stories/d.md": story("Fog", body="\n## Weak answer\n\nNobody needs an umbrella stand.\n"),
    "questions.yml": "- {question: Who took the last umbrella?, needs: answer, answer: I did.}\n",
}


def titles(page: Page, query: str) -> list[str]:
    page.locator(".ask input").fill(query)
    expect(page.locator(".ask ~ .result-count")).not_to_have_text(re.compile("^$|^Reading"))
    return sorted(page.locator(".result .title").all_text_contents())


@pytest.mark.parametrize(
    "quotes", ['"{}"', "“{}”", "„{}“", "«{}»", '"{}" please', 'about "{}"', '"{}" "we sold"']
)
def test_a_phrase_in_quotes_finds_only_what_says_it_in_this_order(visit, build, quotes) -> None:
    page = visit(site=build(PHRASES))
    assert titles(page, quotes.format("Every last umbrella")) == ["Rain"]
    expect(page.locator(".ask ~ .result-count")).to_have_text("1 story")


def test_without_quotes_the_words_may_stand_anywhere(visit, build) -> None:
    page = visit(site=build(PHRASES))
    assert {"Rain", "Hail"} <= set(titles(page, "every last umbrella"))
    # Until the second quote is typed, it is no phrase.
    assert {"Rain", "Hail"} <= set(titles(page, '"every last umbrella'))


def test_a_phrase_is_found_in_titles_questions_and_weak_answers(visit, build) -> None:
    page = visit(site=build(PHRASES))
    expected = ["Hail", "The last umbrella", "Who took the last umbrella?"]
    assert titles(page, '"the last umbrella"') == expected
    assert titles(page, '"umbrella stand"') == ["Fog"]
    assert titles(page, '"umbrella st"') != ["Fog"]  # whole words


def test_a_phrase_that_nothing_says_shows_what_has_its_words_and_says_so(visit, build) -> None:
    page = visit(site=build(PHRASES))
    assert {"Rain", "Hail"} <= set(titles(page, "“umbrella last every”"))
    expect(page.locator(".ask ~ .result-count")).to_contain_text(
        "No text says “umbrella last every” word for word. These have its words: "
    )


def test_the_passage_shown_is_that_with_the_phrase(visit, build) -> None:
    far = " ".join(["Nothing else was there."] * 20)
    body = f"\n## Notes\n\nThe blue one was the door. {far} It was the blue door.\n"
    page = visit(site=build({"stories/a.md": story("Paint", body=body)}))
    assert titles(page, '"the blue door"') == ["Paint"]
    expect(page.locator(".result .part-line")).to_contain_text("It was the blue door.")


def test_a_phrase_of_a_script_without_spaces_is_found_inside_a_sentence(visit, build) -> None:
    made = build({"stories/a.md": story("東京の障害を直した"), "stories/b.md": story("障の害")})
    assert titles(visit(site=made), "“障害を”") == ["東京の障害を直した"]


# The cue card, by a button


@pytest.mark.parametrize(("width", "least"), [(360, 44), (1280, 24)])
def test_a_button_opens_the_cue_card_and_not_the_story(visit, width: int, least: int) -> None:
    page = visit("stories/index.html?q=double+charge", size={"width": width, "height": 740})
    button = page.get_by_role("button", name="Cue card: The night we charged passengers twice")
    box = button.bounding_box()
    assert box["height"] >= least
    assert box["width"] >= least
    button.click()
    expect(page.locator(".result .cue-card")).to_contain_text("ferry sale, Saturday 21:05")
    expect(button).to_have_attribute("aria-expanded", "true")
    button.click()
    expect(page.locator(".cue-card")).to_have_count(0)
    expect(button).to_have_attribute("aria-expanded", "false")
    assert "/stories/index.html" in page.url
    page.locator(".result .title").first.click()
    page.wait_for_url("**/stories/double-charge.html")


def test_a_tap_opens_the_cue_card(visit) -> None:
    options = {"size": {"width": 360, "height": 740}, "has_touch": True}
    page = visit("stories/index.html?q=double+charge", **options)
    page.get_by_role("button", name=re.compile("^Cue card: ")).first.tap()
    expect(page.locator(".result .cue-card")).to_be_visible()
    page.locator(".ask input").press("ArrowLeft")
    expect(page.locator(".cue-card")).to_have_count(0)


def test_what_has_no_cue_card_has_no_button(visit, build) -> None:
    lists = {"questions.yml": "- question: Who took the umbrella?\n"}
    page = visit("index.html?q=umbrella", build({"stories/a.md": story(), **lists}))
    expect(page.locator(".result")).to_have_count(1)
    expect(page.locator(".peek")).to_have_count(0)


# What was asked before, and what may be asked


def ask(page: Page, *questions: str) -> None:
    """Ask one question after another in the dialog of a page, and leave it open."""
    if not page.locator("dialog.ask-dialog").is_visible():
        page.keyboard.press("/")
    box = page.locator("dialog.ask-dialog input")
    for question in questions:
        box.fill(question)
        expect(page.locator(".result").first).to_be_visible()
        box.press("Escape")


def shown(page: Page, name: str) -> list[str]:
    return page.get_by_role("group", name=name).locator(".asks").all_text_contents()


def test_ask_without_words_offers_the_last_questions_and_examples(visit) -> None:
    page = visit("stories/index.html")
    page.keyboard.press("/")
    expect(page.get_by_role("group", name="Examples").get_by_role("option")).to_have_count(3)
    expect(page.get_by_role("group", name="Recent questions")).to_have_count(0)
    ask(page, "hiring", "vendor", "Hiring")
    assert shown(page, "Recent questions") == ["Hiring", "vendor"]
    page.get_by_role("option", name="vendor").click()
    expect(page.locator("dialog.ask-dialog input")).to_have_value("vendor")
    expect(page.locator(".result").first).to_contain_text("Leaving the map company")
    page.locator("dialog.ask-dialog input").press("Escape")
    assert shown(page, "Recent questions") == ["vendor", "Hiring"]


def test_the_last_questions_are_walked_with_the_keyboard(visit) -> None:
    page = visit("stories/index.html")
    ask(page, "vendor", "hiring")
    page.keyboard.press("Enter")  # nothing is chosen yet
    expect(page.locator("dialog.ask-dialog input")).to_have_value("")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", name="vendor")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.locator("dialog.ask-dialog input")).to_have_value("vendor")


def test_the_last_questions_are_known_on_other_pages_and_can_be_cleared(visit) -> None:
    page = visit("stories/index.html")
    ask(page, *"vendor hiring ferry boss launch review estimate".split())
    # Without the question, which stays in the address for a moment.
    page.goto(page.url.partition("stories/index.html")[0] + "index.html")
    page.locator(".ask input").click()
    expect(page.get_by_role("group", name="Recent questions")).to_be_visible()
    recent = ["estimate", "review", "launch", "boss", "ferry", "hiring"]  # six of them
    assert shown(page, "Recent questions") == recent
    expect(page.get_by_role("group", name="Examples")).to_have_count(0)  # the page has its own
    page.get_by_role("button", name="Clear recent questions").click()
    expect(page.get_by_role("group", name="Recent questions")).to_have_count(0)
    assert page.evaluate("localStorage.length") == 0


def test_a_question_that_found_nothing_or_was_typed_on_is_not_kept(visit) -> None:
    page = visit("stories/index.html")
    page.keyboard.press("/")
    box = page.locator("dialog.ask-dialog input")
    box.fill("vend")
    expect(page.locator(".result").first).to_be_visible()
    box.blur()
    box.fill("vendor contract")
    expect(page.locator(".result").first).to_be_visible()
    box.press("Escape")
    assert shown(page, "Recent questions") == ["vendor contract"]


def test_another_handbook_has_its_own_questions(visit, build) -> None:
    page = visit("stories/index.html")
    ask(page, "vendor")
    page.goto((build({"stories/a.md": story("A")}) / "stories" / "index.html").as_uri())
    page.keyboard.press("/")
    expect(page.locator("dialog.ask-dialog")).to_be_visible()
    expect(page.locator("dialog.ask-dialog .result-count")).to_have_count(1)
    expect(page.get_by_role("group", name="Recent questions")).to_have_count(0)


@pytest.mark.parametrize("kept", ["null", "{}", "[1, null]", "no JSON"])
def test_a_damaged_memory_of_questions_is_none(visit, kept) -> None:
    page = visit("stories/index.html")
    ask(page, "vendor")
    page.evaluate("(kept) => localStorage.setItem(Object.keys(localStorage)[0], kept)", kept)
    page.goto(page.url.partition("stories/")[0] + "categories/index.html")
    page.keyboard.press("/")
    expect(page.get_by_role("group", name="Examples")).to_be_visible()
    expect(page.get_by_role("group", name="Recent questions")).to_have_count(0)
    ask(page, "hiring")
    assert shown(page, "Recent questions") == ["hiring"]


@pytest.mark.parametrize("width", [360, 1280])
def test_what_may_be_asked_is_accessible(visit, width: int) -> None:
    page = visit("stories/index.html", size={"width": width, "height": 740})
    page.locator(".open-ask").click()
    expect(page.get_by_role("group", name="Examples")).to_be_visible()
    ask(page, "vendor")
    page.keyboard.press("ArrowDown")
    for part in page.locator(".asks, .forget").all():
        assert part.bounding_box()["height"] >= (44 if width == 360 else 24)
    rules = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
    assert breaches_in_each_scheme(page, runOnly=rules) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


# The box


def test_the_first_page_asks_and_shows_the_story_with_its_numbers(visit) -> None:
    page = visit()
    page.get_by_role("combobox", name="What are they asking?").or_(
        page.get_by_role("searchbox", name="What are they asking?")
    ).fill(BOSS)
    hit = page.locator("[role=option]").first
    expect(hit).to_contain_text("The rewrite that became a two-week trial")
    expect(hit).to_contain_text("126→21")
    expect(page.locator(".result-count")).to_contain_text("stories")


def test_the_keyboard_alone_is_enough(visit) -> None:
    page = visit("stories/double-charge.html")
    page.keyboard.press("/")
    expect(page.locator("dialog.ask-dialog")).to_be_visible()
    page.keyboard.type("vendor")
    first = page.locator("[role=option]").first
    expect(first).to_contain_text("Leaving the map company")
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "false")
    page.keyboard.press("ArrowUp")
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.ask-dialog input")).to_have_value("")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.ask-dialog")).to_be_hidden()
    page.keyboard.press("Control+k")
    page.keyboard.type("vendor")
    expect(first).to_contain_text("Leaving the map company")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/stories/vendor-exit\.html"))


def test_texts_that_come_late_leave_whoever_walked_on_where_they_are(visit) -> None:
    page = visit()
    page.evaluate("""() => {
      const add = starbook.add;
      const free = new Promise((done) => { window.release = done; });
      starbook.add = (to) => (to.startsWith("search-texts") ? free.then(() => add(to)) : add(to));
    }""")
    page.locator(".ask input").fill("vendor")
    second = page.locator("[role=option]").nth(1)
    expect(second).to_be_visible()
    page.locator(".ask input").press("ArrowDown")
    expect(second).to_have_attribute("aria-selected", "true")
    page.evaluate("release()")
    expect(page.locator("[role=option]").first.locator(".part-line")).to_be_visible()
    expect(second).to_have_attribute("aria-selected", "true")


def test_the_arrow_to_the_right_shows_the_cue_card(visit) -> None:
    page = visit("stories/index.html")
    page.keyboard.press("/")
    page.keyboard.type("double charge")
    first = page.locator("[role=option]").first
    expect(first.locator(".part-line, .figures").first).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".result .cue-card")).to_contain_text("ferry sale, Saturday 21:05")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".result .cue-card")).to_have_count(0)


def test_a_number_that_was_found_is_quoted_and_marked_as_found(visit, build) -> None:
    site = build({"stories/a.md": story("The night shift")})
    page = visit("index.html", site)
    page.locator(".ask input").fill("night shift")
    quoted = page.locator("[role=option]").first.locator(".found")
    expect(quoted).to_have_text("Found in the textErrors fell from 9 to 2 %")
    expect(quoted.locator("q b")).to_have_text("9 to 2 %")
    expect(page.locator(".result .figure")).to_have_count(0)
    page.locator(".ask input").press("ArrowRight")
    expect(page.locator(".result .cue-card .found")).to_contain_text("Errors fell from 9 to 2 %")


def test_a_hold_shows_the_cue_card_and_opens_nothing(visit) -> None:
    page = visit("stories/index.html")
    page.keyboard.press("/")
    page.keyboard.type("double charge")
    title = page.locator(".result:has(.part-line) .title").first
    title.hover()
    page.mouse.down()
    expect(page.locator(".result .cue-card")).to_contain_text("ferry sale, Saturday 21:05")
    page.mouse.up()
    expect(page.locator("dialog.ask-dialog")).to_be_visible()
    assert "/stories/index.html" in page.url


def test_what_is_being_composed_is_neither_asked_nor_opened(visit) -> None:
    page = visit("stories/index.html")
    page.keyboard.press("/")
    page.keyboard.type("vendor")
    expect(page.locator("[role=option]").first).to_contain_text("Leaving the map company")
    page.evaluate(
        """() => {
            const box = document.querySelector(".ask").q;
            const key = { key: "Enter", isComposing: true, bubbles: true, cancelable: true };
            box.value = "hiring";
            box.dispatchEvent(new InputEvent("input", { isComposing: true }));
            box.dispatchEvent(new KeyboardEvent("keydown", key));
        }"""
    )
    expect(page.locator("[role=option]").first).to_contain_text("Leaving the map company")
    end = "document.querySelector('.ask').q.dispatchEvent(new CompositionEvent('compositionend'))"
    page.evaluate(end)
    expect(page.locator("[role=option]").first).to_contain_text("The interview our own engineers")


def test_whoever_comes_back_finds_the_question_still_asked(visit) -> None:
    page = visit("stories/index.html")
    page.keyboard.press("/")
    page.keyboard.type("vendor")
    expect(page.locator("[role=option]").first).to_contain_text("Leaving the map company")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/stories/vendor-exit\.html"))
    page.go_back()
    expect(page.locator("[role=option]").first).to_contain_text("Leaving the map company")


@pytest.mark.parametrize("path", ["index.html", "stories/index.html"])
@pytest.mark.parametrize("width", [360, 1280])
def test_what_is_found_is_accessible(visit, path: str, width: int) -> None:
    page = visit(f"{path}?q=pushed+back+on+your+boss", size={"width": width, "height": 800})
    expect(page.locator(".result .part-line").first).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".result .cue-card")).to_be_visible()
    rules = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
    assert breaches_in_each_scheme(page, runOnly=rules) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_phrase_that_says_nothing_is_asked_where_it_is_all_there_is(page) -> None:
    assert found(page, "tell me about")
    assert found(page, "tell me about hiring") == found(page, "hiring")


def test_a_question_in_the_address_is_asked(visit) -> None:
    page = visit("index.html?q=hiring")
    expect(page.locator("[role=option]").first).to_contain_text("The interview our own engineers")


def test_where_nothing_is_found_it_says_so_and_shows_what_is_near(visit) -> None:
    page = visit("index.html?q=zzzzqqq")
    expect(page.locator(".result-count")).to_contain_text("No story about “zzzzqqq” yet")
    expect(page.get_by_role("group", name="Similar categories")).to_be_visible()


def test_without_scripts_no_dead_box_is_shown(visit) -> None:
    page = visit(java_script_enabled=False)
    expect(page.locator(".no-ask")).to_be_visible()
    expect(page.locator("input[type=search]")).to_be_hidden()


# Nothing breaks it


@settings(max_examples=60)
@given(
    _text | st.sampled_from(["<script>alert(1)</script>", "__proto__", "constructor", "'\"`", "\\"])
)
def test_any_string_may_be_typed(page, text) -> None:
    page.locator(".ask input").fill(text.replace("\n", " "))
    assert page.evaluate("document.querySelectorAll('.results script, .results img').length") == 0
    assert page.locator(".result-count").count() == 1


@pytest.mark.parametrize("asked", ["sre", "site reliability", "keeping it up"])
def test_words_that_a_person_says_mean_the_same_lead_to_each_other(visit, build, asked) -> None:
    made = build(
        {
            "stories/a.md": story("Pager duty", body="\n## Result\n\nSite reliability rose.\n"),
            "stories/b.md": story("Another"),
            "synonyms.yml": "- [SRE, site reliability, keeping it up]\n",
        }
    )
    page = visit("index.html", made)
    found = page.evaluate("(asked) => starbook.search(asked, 5)", asked)
    assert [it["id"] for it in found] == ["a"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("The night watch was mine.", "found by: night watch"),
        ("The watch was long. Night fell.", "found by: night, watch"),
    ],
)
def test_a_story_found_by_words_that_stand_apart_says_them_apart(visit, build, said, why) -> None:
    made = build(
        {
            "stories/a.md": story("Pager duty", body=f"\n## Result\n\n{said}\n"),
            "synonyms.yml": "- [SRE, night watch]\n",
        }
    )
    page = visit("index.html?q=sre", made)
    expect(page.locator(".result .reason").first).to_have_text(why)


def test_the_ring_of_focus_goes_round_the_whole_box(visit) -> None:
    page = visit()
    page.locator(".ask input").fill("vendor")
    expect(page.locator("[role=option]").first).to_be_visible()
    expect(page.locator("form.ask kbd")).to_be_hidden()
    sides = page.evaluate("""() => {
      const rect = (part) => document.querySelector(part).getBoundingClientRect();
      const box = rect("form.ask"), field = rect(".ask input");
      return [field.left - box.left, box.right - field.right];
    }""")
    assert sides == [2, 2]


def test_a_missing_index_says_so(visit, build) -> None:
    made = build({"stories/a.md": story("A")})
    (made / "search-index.js").unlink()
    page = visit("index.html?q=a", made)
    expect(page.locator(".result-count")).to_contain_text("index")


def test_a_missing_script_says_so_on_the_page_and_to_scripts(visit, build) -> None:
    made = build({"stories/a.md": story("A")})
    (made / "assets" / "search.js").unlink()
    page = visit("index.html?q=a", made)
    told = "assets/search.js is missing from this site. Build it again."
    expect(page.locator(".result-count")).to_have_text(told)
    assert page.evaluate("starbook.search('a').catch((error) => error.message)") == told


def test_an_index_of_another_version_says_so(visit, build) -> None:
    made = build({"stories/a.md": story("A")})
    index = made / "search-index.js"
    ours = f"starbook.index({VERSION},"
    assert index.read_text("utf-8").startswith(ours)
    index.write_text(index.read_text("utf-8").replace(ours, "starbook.index(999,", 1), "utf-8")
    page = visit("index.html?q=a", made)
    expect(page.locator(".result-count")).to_contain_text("from another version of Starbook")


def test_texts_of_another_build_are_told_from_these(visit, build) -> None:
    made = build({"stories/a.md": story("Lanterns")})
    texts = made / "search-texts" / "0.js"
    texts.write_text(re.sub(r'"[0-9a-f]{12}"', '"000000000000"', texts.read_text("utf-8")), "utf-8")
    page = visit("index.html?q=lanterns", made)
    expect(page.locator(".result-count")).to_contain_text("from another build")


def test_the_index_closes_no_script_and_is_the_same_each_time(build) -> None:
    files = {"stories/a.md": story("</script>\\<!-- &\u2028 a")}
    made = build(files)
    first = (made / "search-index.js").read_bytes()
    assert b"</script" not in first.lower()
    assert b"<!--" not in first
    build(files)
    assert (made / "search-index.js").read_bytes() == first
    assert "</" not in script("f", "</script>")


def test_nothing_of_ask_is_fetched_before_it_is_used(visit) -> None:
    page = visit("stories/double-charge.html")
    names = "performance.getEntriesByType('resource').map((it) => it.name.split('/').pop())"
    loaded = page.evaluate(f"[...document.scripts].map((it) => it.src.split('/').pop()), {names}")
    assert not {"search-index.js", "search.js", "search-results.js"} & set(loaded)


def test_on_a_phone_the_word_on_the_button_is_not_broken(visit) -> None:
    page = visit("stories/double-charge.html", size={"width": 360, "height": 740})
    word = page.locator(".open-ask .short")
    assert word.evaluate("el => el.getClientRects().length") == 1
    assert word.evaluate("el => el.offsetHeight / parseFloat(getComputedStyle(el).fontSize)") < 1.5
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
