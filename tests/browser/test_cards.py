"""Cards on paper: what is asked of them is one story, one sheet, and no word lost in silence."""

import math
import re
import subprocess
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import DESK, LAYOUTS, Tabs, address, browser_path, examples, story, visiting
from paper import Sheet, read_sheets, type_sizes
from playwright.sync_api import Page, expect

from starbook.build import pipeline

pytestmark = pytest.mark.browser

# In millimetres, as they lie by default.
PAPERS = {
    "a4": (210, 297),
    "letter": (215.9, 279.4),
    "a5": (148, 210),
    "4x6": (152.4, 101.6),
    "3x5": (127, 76.2),
}
FLOORS = {"a4": 7.5, "letter": 7.5, "a5": 7, "4x6": 7, "3x5": 7}

Open = Callable[..., Page]

_OVERFLOWS = """() => {
  const faults = [];
  for (const card of document.querySelectorAll(".sheet .card:not(.too-long)")) {
    const box = card.getBoundingClientRect();
    const margin = parseFloat(getComputedStyle(card).paddingTop);
    for (const el of card.querySelectorAll("*")) {
      const r = el.getBoundingClientRect();
      if (!r.width || !r.height) continue;
      const out = Math.max(box.left + margin - r.left, r.right - box.right + margin,
                           box.top + margin - r.top, r.bottom - box.bottom + margin);
      if (out > 1) faults.push([card.dataset.id, el.className || el.tagName, Math.round(out)]);
    }
  }
  return faults;
}"""


@pytest.fixture
def cards(visit: Open) -> Open:
    """Open the cards with a choice in the address."""
    return lambda choice="", *site, **options: fitted(
        visit(f"cards.html#{choice}", *site, **options)
    )


def fitted(page: Page) -> Page:
    """The page as soon as all its cards are fitted."""
    expect(page.locator(".status", has_text="Fitting")).to_have_count(0, timeout=60_000)
    return page


def ids_in(page: Page, selector: str = ".sheet .card:not(.front-side)") -> list[str]:
    return page.locator(selector).evaluate_all("all => all.map((card) => card.dataset.id)")


def pdf_of(page: Page, **options: Any) -> bytes:
    return page.pdf(**{"prefer_css_page_size": True, "print_background": False, **options})


def printed(page: Page, **options: Any) -> list[Sheet]:
    return read_sheets(pdf_of(page, **options))


def squeezed(text: str) -> str:
    """A text as it can be compared, wherever its lines break."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def found_on(sheets: Iterable[str], titles: dict[str, str], most: int = 1) -> list[list[str]]:
    """The ids of the first stories on each sheet, by the titles at the heads of the cards."""
    found = []
    for text in map(squeezed, sheets):
        places = {ident: text.find(squeezed(title)) for ident, title in titles.items()}
        shown = sorted((at, ident) for ident, at in places.items() if at >= 0)
        found.append([ident for _, ident in shown[:most]])
    return found


def status(page: Page) -> str:
    return page.locator(".status").inner_text()


@pytest.fixture(scope="module")
def titles(sample_site: Path) -> dict[str, str]:
    return titles_of(sample_site)


@pytest.fixture(scope="module")
def every(titles: dict[str, str]) -> list[str]:
    """The ids of all stories of the sample, in the order of the handbook."""
    return list(titles)


def titles_of(folder: Path) -> dict[str, str]:
    """The titles of all stories by their ids, in the order of the handbook."""
    text = (folder / "cards.html").read_text(encoding="utf-8")
    pattern = r'<article class="card size-\d+" data-id="([^"/]+)".*?<h2><a [^>]*>(.*?)</a>'
    return {ident: unescape(title) for ident, title in re.findall(pattern, text, re.DOTALL)}


# One story, one sheet


@pytest.mark.parametrize("paper", PAPERS)
def test_every_full_card_takes_one_sheet_of_its_paper(
    cards, deck, sample_site, titles, paper
) -> None:
    assert_one_sheet_each(deck(paper, sample_site).sheets, titles, paper)
    page = cards(f"stories={list(titles)[-1]}&paper={paper}")
    assert_one_sheet_each_of_some(page, list(titles))


@pytest.mark.parametrize("paper", PAPERS)
def test_every_card_of_cues_takes_one_sheet_of_its_paper(cards, titles, paper) -> None:
    page = cards(f"stories=all&paper={paper}&form=cue")
    assert_one_sheet_each(printed(page), titles, paper)
    assert_one_sheet_each_of_some(page, list(titles))


def assert_one_sheet_each(sheets: list[Sheet], titles: dict[str, str], paper: str) -> None:
    assert found_on((sheet.text for sheet in sheets), titles) == [[ident] for ident in titles]
    for sheet in sheets:
        assert sheet.size == pytest.approx(PAPERS[paper], abs=0.5)


def assert_one_sheet_each_of_some(page: Page, every: list[str]) -> None:
    for ids in (every[4:9], every[:1]):
        page.goto(page.url.split("#")[0] + f"#stories={','.join(ids)}")
        expect(page.locator(".sheet")).to_have_count(len(ids))
        assert ids_in(page) == ids
        assert len(printed(page)) == len(ids)


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("up", [2, 4])
def test_two_or_four_cards_share_a_sheet(cards, titles, every, paper, up) -> None:
    for form, orient in (("full", "portrait"), ("cue", "landscape")):
        page = cards(f"stories=all&paper={paper}&up={up}&orient={orient}&form={form}")
        found = found_on((sheet.text for sheet in printed(page)), titles, most=5)
        assert [len(ids) for ids in found[:-1]] == [up] * (math.ceil(len(every) / up) - 1)
        assert sorted(ident for ids in found for ident in ids) == sorted(every)
        assert ids_in(page) == every
        assert page.locator(".sheet").first.locator(".crop").count() == (4 if up == 4 else 2)


def test_another_paper_and_scale_in_the_dialog_keep_the_count(cards, every) -> None:
    page = cards("stories=all&paper=a4")
    for scale in (0.5, 1.1, 1.2):
        for other in ({"format": "Letter"}, {"format": "A5"}, None):
            options = {**(other or {}), "scale": scale, "prefer_css_page_size": other is None}
            pdf = printed(page, **options)
            assert len(pdf) == len(every), (other, scale)


def test_what_is_not_fitted_yet_is_fitted_before_it_is_printed(cards, sample_site, titles) -> None:
    browser = cards("stories=double-charge").context.browser
    assert browser
    page = browser.new_page()
    try:
        page.add_init_script(
            """let time = 0;
            performance.now = () => (time += 30); // so that it measures the first cards once
            MessagePort.prototype.postMessage = () => {}; // and is never woken again"""
        )
        page.goto(address(sample_site, "cards.html#stories=all&paper=4x6"))
        assert status(page) == "Fitting 0 of 15 cards …"
        assert_one_sheet_each(printed(page), titles, "4x6")
        assert status(page).startswith("15 cards on 15 sheets")
    finally:
        page.close()


def test_three_prints_from_the_command_line_agree_with_the_page(
    cards, sample_site, every, tmp_path
) -> None:
    choice = "stories=all&paper=a5"
    wanted = [sheet.text for sheet in printed(cards(choice))]
    assert len(wanted) == len(every)
    for number in range(3):
        path = tmp_path / f"{number}.pdf"
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]
        flags += ["--disable-background-networking", f"--user-data-dir={tmp_path / str(number)}"]
        flags += ["--no-pdf-header-footer", f"--print-to-pdf={path}"]
        command = [browser_path() or "", *flags, address(sample_site, f"cards.html#{choice}")]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        assert [sheet.text for sheet in read_sheets(path)] == wanted


# All cards of a large handbook


class Deck(NamedTuple):
    """All cards of a handbook on one paper: what the page has, and what the sheets show."""

    status: str
    trimmed: int
    shown_sizes: list[tuple[float, bool]]  # each with whether it is that of the text
    words: list[tuple[str, str, str]]  # the id, the words and the remark of each card
    sheets: list[Sheet]
    printed_sizes: set[float]
    beyond: list[Any]  # what stood beyond its card while it was printed


@pytest.fixture(scope="module")
def corpus_or_sample(sample_site: Path, request: pytest.FixtureRequest) -> Path:
    """The large handbook where it is there: it has longer stories."""
    try:
        folder: Path = request.getfixturevalue("corpus_site")
    except pytest.skip.Exception:
        return sample_site
    return folder


@pytest.fixture(scope="module")
def deck(tabs: Tabs, corpus_or_sample: Path) -> Callable[..., Deck]:
    """Return all cards on a paper, which is printed once for all that is asked of it."""

    @cache
    def print_once(paper: str, site: Path) -> Deck:
        with visiting(tabs, site, DESK, ("console", "pageerror")) as visit:
            return _deck(fitted(visit(f"cards.html#stories=all&paper={paper}")))

    return lambda paper, site=corpus_or_sample: print_once(paper, site)


def _deck(page: Page) -> Deck:
    shown_sizes = page.evaluate(
        """() => [...document.querySelectorAll(".sheet .card *")]
            .filter((el) => el.getClientRects().length && [...el.childNodes].some(
                (node) => node.nodeType === 3 && node.data.trim()))
            .map((el) => [parseFloat(getComputedStyle(el).fontSize) * 0.75,
                          Boolean(el.closest(".text .sentence"))])"""
    )
    words = page.locator(".sheet .card").evaluate_all(
        """all => all.map((card) => [card.dataset.id,
            [...card.querySelectorAll("h2, .headline, .figures, .full-card, .card-facts")]
                .flatMap((el) => {
                    const nodes = document.createNodeIterator(el, NodeFilter.SHOW_TEXT);
                    const texts = []; // a letter stands by itself, wherever it is on paper
                    for (let node; (node = nodes.nextNode());) texts.push(node.data);
                    return texts;
                }).join(" "),
            card.querySelector(".trim-note").textContent])"""
    )
    told, trimmed = status(page), page.locator(".trim-note:visible").count()
    look_while_it_is_printed(page)
    pdf = pdf_of(page)
    sheets = read_sheets(pdf)
    beyond = page.evaluate("window.faults")
    return Deck(told, trimmed, shown_sizes, words, sheets, type_sizes(pdf), beyond)


def look_while_it_is_printed(page: Page) -> None:
    """Have the page note as `faults` what stands beyond its card on paper."""
    page.evaluate(
        f"""() => matchMedia("print").addEventListener("change", (event) => {{
            if (event.matches) window.faults = ({_OVERFLOWS})();
        }})"""
    )


@pytest.mark.parametrize("paper", PAPERS)
def test_every_story_of_a_large_handbook_takes_one_sheet(deck, corpus_site, paper) -> None:
    assert_one_sheet_each(deck(paper).sheets, titles_of(corpus_site), paper)


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_on_a4_and_letter_nothing_of_a_large_handbook_is_left_out(deck, corpus_site, paper) -> None:
    assert deck(paper).trimmed == 0
    named = "A4" if paper == "a4" else "Letter"
    assert f"89 cards on 89 sheets of {named}" in deck(paper).status


@pytest.mark.parametrize("paper", PAPERS)
def test_no_type_is_smaller_than_7_points_and_the_text_not_than_its_floor(deck, paper) -> None:
    told = deck(paper).shown_sizes
    assert min(size for size, _ in told) >= 7 - 0.01
    assert min(size for size, is_text in told if is_text) >= FLOORS[paper] - 0.01
    assert min(deck(paper).printed_sizes) >= 7 - 0.05


def words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize("paper", ["a4", "4x6"])
def test_no_word_of_a_card_is_missing_on_paper_unless_it_says_so(deck, paper) -> None:
    on_paper = "".join(words(" ".join(sheet.text for sheet in deck(paper).sheets)))
    for ident, text, mark in deck(paper).words:
        if not mark:
            assert [word for word in words(text) if word not in on_paper] == [], ident


@pytest.mark.parametrize("paper", ["a4", "4x6", "3x5"])
def test_nothing_stands_beyond_its_card_when_it_is_printed(deck, paper) -> None:
    assert deck(paper).beyond == []


@pytest.mark.parametrize("density", [1, 1.25, 2])
def test_nor_does_it_on_any_screen_in_any_form(cards, corpus_or_sample, density) -> None:
    plain = ["paper=a4", "paper=4x6", "paper=3x5"] if density != 1 else []
    some = ",".join(longest_and_shortest(corpus_or_sample)) if density != 1 else "all"
    for choice in (*plain, "paper=a4&up=4", "paper=4x6&form=cue"):
        page = cards(f"stories={some}&{choice}", corpus_or_sample, device_scale_factor=density)
        look_while_it_is_printed(page)
        page.pdf(prefer_css_page_size=True)
        assert page.evaluate("window.faults") == []


def longest_and_shortest(folder: Path) -> list[str]:
    """The ids of the stories with the longest cards, and of half as many with the shortest."""
    text = (folder / "cards.html").read_text(encoding="utf-8")
    pattern = r'<article class="card size-\d+" data-id="([^"/]+)"(.*?)</article>'
    found = sorted(re.findall(pattern, text, re.DOTALL), key=lambda card: -len(card[1]))
    many = examples(16)
    return list(dict.fromkeys(ident for ident, _ in (*found[:many], *found[-many // 2 :])))


# What can be read


@pytest.mark.parametrize("paper", ["a4&up=4", "4x6"])
def test_few_stories_of_a_large_handbook_are_trimmed(cards, corpus_site, paper) -> None:
    page = cards(f"stories=all&paper={paper}", corpus_site)
    trimmed = re.search(r"smallest type 7 pt, (\d+) trimmed\.$", status(page))
    assert trimmed
    assert int(trimmed[1]) <= 15


def test_what_a_trimmed_card_keeps_are_whole_sentences_of_each_part(cards, sample_site) -> None:
    page = cards("stories=all&paper=3x5")
    source = unescape((sample_site / "cards.html").read_text(encoding="utf-8"))
    told = page.locator(".sheet .card").evaluate_all(
        """all => all.map((card) => [...card.querySelectorAll(".story-text .card-part")].map(
            (part) => [...part.querySelectorAll(".sentence")]
                .filter((el) => el.getClientRects().length)
                .map((el) => el.outerHTML.replace(/ class="[^"]*"/, ' class="sentence"'))))"""
    )
    assert "15 trimmed" in status(page)
    for parts in told:
        assert all(parts)  # none is without a sentence
        assert [one for part in parts for one in part if unescape(one) not in source] == []


def test_a_card_that_leaves_something_out_says_so(cards, corpus_site) -> None:
    page = cards("stories=qa-24,co-1&paper=4x6", corpus_site)
    first, second = (sheet.text for sheet in printed(page))
    assert re.search(r"Trimmed: \d+ of \d\d sentences left out", first)
    assert "Trimmed" not in second
    assert "1 trimmed" in status(page)
    assert "trimmed" in page.locator(".chosen li").first.inner_text()


def test_the_numbers_the_title_and_the_headline_are_never_left_out(cards, sample_site) -> None:
    page = cards("stories=all&paper=3x5")
    assert page.locator(".trim-note:visible").count() > 5
    for selector in ("h2", ".headline", ".figures .figure"):
        for each in page.locator(f".sheet .card {selector}").all():
            expect(each).to_be_visible()


def test_a_full_card_has_what_one_needs(cards) -> None:
    page = cards("stories=double-charge&paper=a4")
    text = printed(page)[0].text
    for part in (
        "The night we charged passengers twice",
        "I stopped the double charges in 41 minutes",
        "34 → 2 minutes",
        "Senior engineer · Skerry Line",
        "Follow-ups to expect",
        "Reflection",
        "Risk mitigation",
        "stories/double-charge.html",
    ):
        assert part in text


def test_a_card_of_cues_has_the_cues_and_a_whole_sentence_of_each_part(cards) -> None:
    page = cards("stories=double-charge,slipped-launch&paper=4x6&form=cue")
    own, found = (" ".join(sheet.text.split()) for sheet in printed(page))
    for line in (
        "41 minutes from the call to the last double charge",
        "– ferry sale, Saturday 21:05",
        "I was a senior engineer at Skerry Line, a ferry company with nine island routes.",
        "I was on call for timetables, so the checkout was not mine.",
        "All 1,312 passengers had their refund sent by noon on Monday, 39 hours in: £187,600.",
    ):
        assert line in own
    assert "and we gave back £19,500 in fees." in found
    assert "Follow-ups to expect" not in own + found
    assert page.locator(".cue-parts p:visible", has_text="…").count() == 0


@pytest.mark.parametrize("paper", ["4x6", "3x5", "a4&up=4"])
def test_a_card_of_cues_has_a_sentence_for_every_letter(cards, corpus_or_sample, paper) -> None:
    page = cards(f"stories=ready&form=cue&paper={paper}", corpus_or_sample)
    lacking = page.locator(".sheet .card").evaluate_all(
        """all => all.flatMap((card) => [...card.querySelectorAll(".cue-parts > div")]
            .filter((part) => !part.querySelector("p")?.getClientRects().length)
            .map((part) => card.dataset.id))"""
    )
    assert lacking == []


def test_a_short_story_gets_lines_to_write_on(cards, build) -> None:
    page = cards("stories=a", build({"stories/a.md": story("Short")}))
    assert page.locator(".note-lines i").count() > 10
    assert page.evaluate(_OVERFLOWS) == []


def test_chinese_arabic_and_emoji_print(cards, build) -> None:
    told = "我修好了它。第二天没有错误。 ثم أصلحت الخطأ. 🎉"
    made = build({"stories/a.md": story("夜里", "headline: شكرا").replace("I mended it.", told)})
    for paper in PAPERS:
        pdf = printed(cards(f"stories=a&paper={paper}", made))
        assert len(pdf) == 1
        text = "".join(pdf[0].text.split())
        assert "我修好了它。" in text
        assert "🎉" in text


# Both sides


def test_a_duplex_deck_has_the_questions_in_front_of_each_story(cards, every) -> None:
    page = cards("stories=double-charge,slipped-launch&paper=4x6&duplex=1")
    texts = [sheet.text for sheet in printed(page)]
    assert [("?" in text, "The night we charged" in text) for text in texts[:2]] == [
        (True, False),
        ("?" in texts[1], True),
    ]
    assert len(texts) == 4
    assert "flipped on the short edge" in status(page)


def test_the_backs_of_cards_that_share_a_sheet_are_mirrored(cards, every) -> None:
    page = cards(f"stories={','.join(every[:5])}&paper=a4&up=4&duplex=1")
    sheets = page.locator(".sheet").evaluate_all(
        "all => all.map((s) => [...s.children].filter((c) => c.localName !== 'i')"
        ".map((c) => c.dataset.id ?? ''))"
    )
    a, b, c, d, e = every[:5]
    assert sheets == [[a, b, c, d], [b, a, d, c], [e], ["", e]]


# Choosing


def test_the_first_deck_is_one_click_from_the_first_page(cards, sample_site) -> None:
    page = cards()
    page.goto((sample_site / "index.html").as_uri())
    page.get_by_role("link", name="Tonight: print 8 cards").click()
    expect(page.locator(".status")).to_contain_text("8 cards on 8 sheets of A4")
    assert ids_in(page)[0] == "rewrite-argued-down"
    assert ids_in(page)[-2:] == ["to-ask/the-hiring-manager", "guides/on-the-day"]


@pytest.mark.parametrize(
    ("where", "name", "ids"),
    [
        ("stories/double-charge.html", "Print the card", ["double-charge"]),
        ("principles/ownership.html", "Print 6 cards", None),
        ("categories/incidents.html", "Print 2 cards", None),
    ],
)
def test_stories_categories_and_principles_lead_to_their_cards(
    cards, sample_site, where, name, ids
) -> None:
    page = cards()
    page.goto((sample_site / where).as_uri())
    link = page.get_by_role("link", name=re.compile(r"^Print (the card|\d+ cards?)$"))
    wanted = ids or [a.split("/")[-1][:-5] for a in hrefs(page, "#stories .row h3 a")]
    link.click()
    expect(page.locator(".chosen li")).to_have_count(len(wanted))
    assert sorted(ids_in(page)) == sorted(wanted)


def hrefs(page: Page, selector: str) -> list[str]:
    return page.locator(selector).evaluate_all("all => all.map((a) => a.getAttribute('href'))")


def test_what_is_chosen_stands_in_the_address_and_is_remembered(cards, sample_site) -> None:
    page = cards("stories=double-charge")
    page.get_by_label("Paper").select_option("4x6")
    page.get_by_label("Layout").select_option("cue")
    page.locator(".all-stories input[value=vendor-exit]").check()
    assert page.url.endswith("#stories=double-charge,vendor-exit&paper=4x6&form=cue")
    page.goto("about:blank")
    page.goto(address(sample_site, "cards.html"))
    assert ids_in(page) == ["double-charge", "vendor-exit"]
    assert page.get_by_label("Paper").input_value() == "4x6"


def test_cards_are_ordered_with_the_keyboard(cards, every) -> None:
    a, b, c = every[:3]
    page = cards(f"stories={a},{b},{c}")
    page.locator(".chosen li").first.get_by_role("button", name="Move down").focus()
    page.keyboard.press("Enter")
    assert ids_in(page) == [b, a, c]
    page.keyboard.press("Alt+ArrowDown")
    assert ids_in(page) == [b, c, a]
    page.keyboard.press("Alt+ArrowUp")
    assert ids_in(page) == [b, a, c]
    page.keyboard.press("Delete")
    assert ids_in(page) == [b, c]
    assert page.evaluate("document.activeElement.closest('li').dataset.id") == c


def test_cards_are_ordered_by_dragging(cards, every) -> None:
    a, b, c = every[:3]
    page = cards(f"stories={a},{b},{c}")
    rows = page.locator(".chosen li")
    rows.nth(2).drag_to(rows.nth(0))
    expect(rows.first).to_have_attribute("data-id", c)
    assert ids_in(page) == [c, a, b]


def test_a_principle_adds_its_stories_and_a_checklist_may_end_the_deck(cards) -> None:
    page = cards("stories=double-charge")
    page.get_by_label("Add").select_option("principle/earn-trust")
    rows = page.locator(".chosen li")
    assert rows.count() > 2
    before = rows.count()
    page.get_by_label("Add").select_option("guides/on-the-day")
    expect(rows).to_have_count(before + 1)
    last = page.locator(".sheet .card").last
    assert last.get_attribute("data-id") == "guides/on-the-day"
    assert last.locator(".ticks li").count() > 5


def test_ready_only_leaves_drafts_out(cards) -> None:
    page = cards("stories=ready")
    assert "changed-my-mind" not in ids_in(page)
    assert len(ids_in(page)) == page.locator(".card[data-sets='all ready']").count()


def test_an_empty_deck_prints_nothing_and_says_so(cards) -> None:
    page = cards("stories=double-charge")
    page.locator(".chosen").get_by_role("button", name="Remove").click()
    expect(page.locator(".status")).to_have_text("The deck is empty.")
    expect(page.locator(".no-match")).to_contain_text("This deck has no cards")
    expect(page.get_by_role("button", name="Print", exact=True)).to_be_disabled()
    assert [sheet.text for sheet in printed(page)] == [""]


def test_what_the_address_names_and_the_handbook_has_not_is_named(cards) -> None:
    page = cards("stories=double-charge,nobody,category/x&paper=a7")
    expect(page.get_by_role("alert")).to_have_text(
        "Not in this handbook: paper=a7, nobody, category/x."
    )
    assert ids_in(page) == ["double-charge"]


def test_words_narrow_the_list_of_stories(cards) -> None:
    page = cards("stories=double-charge")
    page.get_by_label("Words in the title").fill("vendor")
    assert page.locator(".all-stories li:visible").count() == 1


# What does not fit


@pytest.mark.parametrize("told", ["so " * 5000, "I did " + "x" * 9000], ids=["words", "token"])
def test_a_story_that_fits_no_card_says_so_everywhere(
    cards, content, tmp_path, monkeypatch, told
) -> None:
    monkeypatch.chdir(tmp_path)
    files = {"stories/a.md": story("Long").replace("I mended it.", told)}
    outcome = pipeline.build(content(files), LAYOUTS, tmp_path / "site")
    assert [str(problem) for problem in outcome.problems] == [
        f"content/stories/a.md:14: warning: "
        f"a card of this story has at least {len(told.strip()) + 4:,} characters, "
        "and A4 holds about 5,000; split this part into shorter sentences "
        "[too-long-for-a-card]"
    ]
    page = cards("stories=a", tmp_path / "site")
    assert "Too long for this paper, even when trimmed: a." in status(page)
    pdf = printed(page)
    assert len(pdf) == 1
    assert "Does not fit: see the full story" in pdf[0].text


def test_a_token_of_300_characters_and_5000_words_in_sentences_fit(cards, build) -> None:
    made = build(
        {
            "stories/a.md": story("x" * 300),
            "stories/b.md": story("B").replace("I mended it.", "I mended one more of them. " * 900),
        }
    )
    for paper in PAPERS:
        page = cards(f"stories=all&paper={paper}", made)
        assert page.evaluate(_OVERFLOWS) == []
        assert page.locator(".too-long").count() == 0
        assert len(printed(page)) == 2


# Without scripts, on a phone, in public


def test_without_scripts_the_first_deck_prints_one_card_a_page(cards) -> None:
    page = cards(java_script_enabled=False)
    pdf = printed(page)
    assert len(pdf) == 8
    assert page.locator(".card-builder").is_hidden()
    expect(page.locator(".no-script")).to_contain_text("One card on each sheet. Print this page.")


def test_without_scripts_no_story_of_a_large_handbook_leaves_its_page(cards, corpus_site) -> None:
    page = cards("", corpus_site, java_script_enabled=False)
    titles = titles_of(corpus_site)
    found = found_on((sheet.text for sheet in printed(page)), titles)
    assert found == [[ident] for ident in titles]


def test_on_a_phone_the_paper_is_shown_whole(cards) -> None:
    page = cards("stories=double-charge", size={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    box = page.locator(".sheet").bounding_box()
    assert box is not None
    assert box["width"] <= 360


def test_a_handbook_without_stories_says_how_to_begin(cards, build) -> None:
    page = cards("", build({"handbook.yml": "title: New\n"}))
    expect(page.locator("main")).to_contain_text("No stories yet, so there are no cards.")


def test_lists_alone_can_be_printed_before_there_is_a_story(cards, build) -> None:
    guide = "---\ntitle: The day\n---\n\n- [ ] Sleep\n- [ ] Eat\n"
    page = cards("stories=guides/day", build({"guides/day.md": guide}))
    expect(page.locator(".status")).to_contain_text("1 card on 1 sheet of A4")
    assert ids_in(page) == ["guides/day"]


def test_a_public_edition_has_no_cards(content, tmp_path) -> None:
    files = {"stories/a.md": story("A", "publish: true")}
    pipeline.build(content(files), LAYOUTS, tmp_path / "public", edition=pipeline.Edition.PUBLIC)
    assert not (tmp_path / "public/cards.html").exists()
    assert "cards.html" not in (tmp_path / "public/stories/a.html").read_text(encoding="utf-8")
