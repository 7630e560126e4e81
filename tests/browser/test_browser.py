"""The sample handbook as a person meets it: opened from disk, in a real browser."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from conftest import DESK, PHONE, address, breaches, breaches_in_each_scheme, story
from paper import read_sheets
from playwright.sync_api import Browser, Locator, Page, Request, expect

pytestmark = pytest.mark.browser

STORY = "stories/double-charge.html"  # with a whole anatomy
DRAFT = "stories/changed-my-mind.html"
GUIDE = "guides/on-the-day.html"  # with tick boxes
ANSWER = "questions/what-is-your-leadership-style.html"
UNCOVERED = "questions/when-have-you-done-more-with-less.html"
PAGES = (
    "index.html",
    "stories/index.html",
    STORY,
    DRAFT,
    "questions/index.html",
    "questions/tell-me-about-pushing-back-on-someone-well.html",
    ANSWER,
    UNCOVERED,
    "categories/index.html",
    "categories/conflict.html",
    "principles/index.html",
    "principles/ownership.html",
    "coverage.html",
    "guides/index.html",
    GUIDE,
    "to-ask.html",
    "cards.html",
    "print.html",
)
# Pages as somebody leaves them: the address, and the names of what was clicked.
STATES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (STORY, ("Contents",)),
    (STORY, ("Copy as text",)),
    (ANSWER, ("Copy as text",)),
    (UNCOVERED, ("Copy",)),
    ("index.html?q=pushed back on my manager", ()),
    ("index.html?q=why do you want to work here", ()),
    ("index.html?q=zebra", ()),
    ("stories/index.html#status=draft", ()),
    ("stories/index.html#words=zebra", ()),
    ("questions/index.html#coverage=uncovered", ()),
    ("print.html#deck=category/incidents", ()),
    ("questions/index.html#coverage=unanswered", ()),
    ("principles/index.html#set=gitlab", ()),
    ("cards.html#stories=principle/ownership&paper=4x6&form=cue", ()),
    ("cards.html#stories=answers", ()),
    ("cards.html#stories=zebra", ()),
)
STANDARDS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]

Open = Callable[..., Page]


def printed_sheets(page: Page) -> list[str]:
    """Return the words on each sheet of paper, if a page is printed."""
    return [sheet.text for sheet in read_sheets(page.pdf(format="A4", prefer_css_page_size=True))]


# Wherever one clicks

# All in one question, as each one takes longer than the answer. Scripts hear of another size with
# the next picture, and cards come a few at a time.
WIDE = """async () => {
  const picture = () => new Promise((done) => requestAnimationFrame(done));
  await picture();
  await picture();
  for (const last = Date.now() + 20_000; document.querySelector(".fitting"); await picture())
    if (Date.now() > last) return ["its cards are never done"];
  const width = document.documentElement.clientWidth;
  const out = [...document.querySelectorAll("body *")].filter((e) => {
    const box = e.getBoundingClientRect(); // few are too wide, and the rest is slower to ask
    return box.width && box.right > width + 1 && e.checkVisibility()
      && !e.closest(".scroll, .table, pre, .skip, .day, .sticky");
  });
  const said = out.map((e) => `${e.tagName}.${e.className}: ${e.textContent.slice(0, 40)}`);
  return document.documentElement.scrollWidth > width ? ["it scrolls", ...said] : said;
}"""


class Crawl:
    """Every page that can be reached by links, what went wrong on the way, and what is too wide."""

    def __init__(self, page: Page, start: str) -> None:
        self.page = page
        self.requests: list[str] = []
        self.said: list[str] = []
        self.ids: dict[str, set[str]] = {}
        self.anchors: dict[str, str] = {}  # link to an anchor → a page that has it
        self.faults: list[str] = []
        self.wide: dict[str, list[str]] = {}
        page.on("request", self._note)
        page.on("console", lambda message: self.said.append(f"{page.url}: {message.text}"))
        page.on("pageerror", lambda error: self.said.append(f"{page.url}: {error}"))
        waiting = {start: "the start"}
        while waiting:
            url, source = waiting.popitem()
            found = self._read(url, source)
            waiting |= {link: url for link in found if link not in self.ids}

    def _note(self, request: Request) -> None:
        self.requests.append(request.url)

    def _read(self, url: str, source: str) -> set[str]:
        self.ids[url] = set()
        try:
            self.page.goto(url)
        except Exception as error:
            self.faults.append(f"{source} links to {url}: {error}")
            return set()
        ids = "[...document.querySelectorAll('[id]')].map(e => e.id)"
        hrefs = "[...document.querySelectorAll('a[href]')].map(a => a.href)"
        found, leading = self.page.evaluate(f"[{ids}, {hrefs}]")
        self.ids[url] = set(found)
        links = [link for link in leading if link.startswith("file:")]
        self.wide |= _wide(self.page)
        self.anchors |= {link: url for link in links if "#" in link and "=" not in link}
        return {urldefrag(link).url.partition("?q=")[0] for link in links}

    @property
    def dead(self) -> list[str]:
        """Links to an anchor that is not there."""
        split = {link: urldefrag(link) for link in self.anchors}
        return [
            f"{self.anchors[link]} links to {link}"
            for link, (url, anchor) in split.items()
            if unquote(anchor) not in self.ids.get(url, ())
        ]


@pytest.fixture(scope="module")
def crawl(chromium: Browser, sample_site: Path) -> Iterator[Crawl]:
    """A walk through the sample."""
    context = chromium.new_context(viewport=DESK)
    yield Crawl(context.new_page(), address(sample_site, "index.html"))
    context.close()


def test_every_link_leads_somewhere_and_nothing_leaves_the_disk(
    crawl: Crawl, sample_site: Path
) -> None:
    assert crawl.faults == []
    assert crawl.dead == []
    assert crawl.said == []
    assert [url for url in crawl.requests if not url.startswith("file://")] == []
    pages = {path.as_uri() for path in sample_site.rglob("*.html") if path.name != "404.html"}
    assert set(crawl.ids) == pages


def test_no_page_scrolls_sideways(crawl: Crawl) -> None:
    assert crawl.wide == {}


# Reading for everyone


def test_one_pale_row_among_many_is_found_to_be_pale(visit: Open) -> None:
    page = visit("stories/index.html")  # axe measures few of many equal rows
    page.evaluate("[...document.querySelectorAll('.row a')].at(-1).style.color = '#bbb'")
    (found,) = breaches(page)
    assert found.startswith("color-contrast: <a ")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_breaks_no_rule_of_accessibility(
    visit: Open, path: str, size: dict[str, int]
) -> None:
    page = visit(path, size=size)
    rules = {"target-size": {"enabled": True}}
    assert breaches_in_each_scheme(page, runOnly=STANDARDS, rules=rules) == []


@pytest.mark.parametrize(("path", "clicked"), STATES)
def test_no_state_of_a_page_breaks_a_rule_of_accessibility(
    visit: Open, path: str, clicked: tuple[str, ...]
) -> None:
    page = visit(path, size=PHONE)
    for name in clicked:
        page.get_by_role("button", name=name).or_(page.get_by_text(name, exact=True)).locator(
            "visible=true"
        ).first.click()
    rules = {"target-size": {"enabled": True}}
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        found = breaches_in_each_scheme(page, runOnly=STANDARDS, rules=rules)
        assert found == [], size["width"]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("width", [1280, 1216, 1215, 1121, 1120, 800, 769])
def test_the_menu_is_one_line_and_what_it_has_no_room_for_is_in_the_contents(
    visit: Open, build: Callable[[dict[str, str]], Path], language: str, width: int
) -> None:
    book = {"handbook.yml": f"title: A long name for my interviews\nlanguage: {language}\n"}
    files = {"stories/a.md": story("A"), "guides/g.md": "---\ntitle: G\n---\nText.\n"}
    page = visit("stories/index.html", build(book | files), {"width": width, "height": 700})
    links = page.locator(".head nav.main a:visible")
    tops = links.evaluate_all("all => all.map((a) => a.getBoundingClientRect().top)")
    assert len(set(tops)) == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    all_links = page.locator(".head nav.main a").all_text_contents()
    menu = page.locator(".menu summary")
    assert menu.is_visible() == (links.count() < len(all_links))
    if menu.is_visible():
        menu.click()
        others = page.locator(".foot a").all_text_contents()
        assert page.locator(".menu a:visible").all_inner_texts() == all_links + others


def test_dark_is_dark_and_light_is_light(visit: Open) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    light = visit("index.html", color_scheme="light").evaluate(ground)
    dark = visit("index.html", color_scheme="dark").evaluate(ground)
    assert (light, dark) == ("rgb(252, 252, 250)", "rgb(20, 23, 25)")


def test_nothing_moves_for_those_who_want_no_motion(visit: Open) -> None:
    scrolling = "getComputedStyle(document.documentElement).scrollBehavior"
    moving = "document.getAnimations().length"
    assert visit(STORY, reduced_motion="no-preference").evaluate(scrolling) == "smooth"
    still = visit(STORY, reduced_motion="reduce")
    assert (still.evaluate(scrolling), still.evaluate(moving)) == ("auto", 0)


def test_no_page_of_a_large_handbook_scrolls_sideways(visit: Open, corpus_site: Path) -> None:
    assert _too_wide(visit("index.html", corpus_site), corpus_site) == {}


def _too_wide(page: Page, site: Path) -> dict[str, list[str]]:
    """Return the elements that are too wide, by page; test_hosting looks at `404.html`."""
    wide = {}
    for path in sorted(site.rglob("*.html")):
        if path.name != "404.html":
            page.goto(path.as_uri())
            wide |= _wide(page)
    return wide


def _wide(page: Page) -> dict[str, list[str]]:
    """Return the elements of a page that are wider than a phone or a desktop screen."""
    wide = {}
    for size in sorted((PHONE, DESK), key=page.viewport_size.__ne__):  # the one that it has first
        page.set_viewport_size(size)
        if found := page.evaluate(WIDE):
            wide[f"{page.url} at {size['width']}"] = found[:4]
    return wide


def test_words_that_never_break_widen_no_page(
    visit: Open, build: Callable[[dict[str, str]], Path]
) -> None:
    word = "unbreakable" * 8
    front = [f'{key}: "{word}"' for key in ("title", "headline", "level", "company")]
    lists = [f'{key}: ["{word}"]' for key in ("categories", "principles", "tags", "cue")]
    matter = "\n".join([*front, *lists, f'metrics: ["£9{"0" * 30} → £8: {word}"]'])
    table = f"| {word} | {word} |\n|---|---|\n| {word} | b |"
    parts = "\n\n".join(f"## {part}\n\n{word}\n\n{table}" for part in ("Task", "Action", word))
    around = f"## Follow-ups\n\n### {word}\n\n**Strong:** {word}\n\n## Angles\n\n### {word}"
    files = {
        "handbook.yml": f"title: {word}",
        "categories.yml": f"[{{name: {word}}}]",
        "principles.yml": f"[{{name: {word}, set: {word}}}]",
        "questions.yml": f"[{{id: q, question: {word}, also: [{word}], companies: [{word}]}}]",
        "to-ask.yml": f"[{{audience: {word}, topics: [{{topic: {word}, questions: [{word}]}}]}}]",
        "guides/g.md": f"---\ntitle: {word}\n---\n## {word}\n\n- [ ] {word}\n\n`{word}`\n\n{table}",
        "stories/s.md": f"---\n{matter}\nquestions: [q]\n---\n{parts}\n\n{around}\n",
    }
    site = build(files)
    assert _too_wide(visit("index.html", site), site) == {}


# By keyboard


@pytest.mark.parametrize("path", PAGES)
def test_the_first_stop_of_the_tab_key_skips_to_the_text(visit: Open, path: str) -> None:
    page = visit(path)
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    expect(skip).to_have_text("Skip to content")
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector(':target').tagName") == "MAIN"
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('main')")


FOCUS = """() => {
  const on = document.activeElement;
  if (on === document.body) return null;
  const style = getComputedStyle(on);
  const box = on.getBoundingClientRect();
  const bar = document.querySelector(".thumb-index")?.getBoundingClientRect();
  const hidden = bar && bar.width === innerWidth
    && !on.closest(".thumb-index") && box.bottom > bar.top;
  return {
    name: on.outerHTML.slice(0, 80),
    outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: box.width > 0 && box.top < innerHeight && box.bottom > 0 && !hidden,
  };
}"""


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize(
    "path", ["index.html", "stories/index.html", STORY, GUIDE, "coverage.html"]
)
def test_the_focus_can_be_seen_wherever_it_stops(
    visit: Open, path: str, size: dict[str, int]
) -> None:
    page = visit(path, size=size, reduced_motion="reduce")
    unseen = []
    for _ in range(80):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop is None:
            break
        if not (stop["outline"] and stop["seen"]):
            unseen.append(stop)
    assert unseen == []


# The lists and their filters


def _shown(page: Page) -> list[str]:
    return page.locator(".rows > li:visible a:first-of-type").all_inner_texts()


def _with(page: Page, facet: str, value: str) -> int:
    """Return the number of rows that have a value, shown or not."""
    return page.locator(f".rows > li[data-{facet}~={value}]").count()


def _choose(page: Page, group: str, value: str) -> Locator:
    """Tick a value of a filter, unfolding those behind `8 more` where it is one of them."""
    values = page.get_by_role("group", name=group, exact=True)
    box = values.get_by_role("checkbox", name=re.compile(rf"^{value} \d+$"))
    if not box.is_visible():
        values.locator("summary").click()
    box.check()
    return box


def _tally(page: Page) -> str:
    return page.get_by_role("status").inner_text()


def test_choosing_a_principle_leaves_its_stories_and_says_how_many(visit: Open) -> None:
    page = visit("stories/index.html")
    total, wanted = page.locator(".row").count(), _with(page, "principle", "ownership")
    assert 0 < wanted < total
    assert _tally(page) == f"{total} stories"
    _choose(page, "Principle", "Ownership")
    assert _tally(page) == f"{wanted} of {total} stories"
    assert page.locator(".row:visible").count() == wanted
    assert page.locator(".row:visible[data-principle~=ownership]").count() == wanted


def test_values_of_one_filter_widen_the_list_and_filters_together_narrow_it(visit: Open) -> None:
    page = visit("stories/index.html")
    _choose(page, "Principle", "Ownership")
    one = page.locator(".row:visible").count()
    _choose(page, "Principle", "Dive Deep")
    two = page.locator(".row:visible").count()
    _choose(page, "Category", "Customers")
    both = page.locator(".row:visible").count()
    assert two > one
    assert 0 < both < two


def test_the_address_carries_the_filters_and_a_reload_keeps_them(visit: Open) -> None:
    page = visit("stories/index.html")
    _choose(page, "Principle", "Ownership")
    page.get_by_label("Words in stories").fill("the")
    expect(page).to_have_url(re.compile(r"stories/index\.html#words=the&principle=ownership$"))
    before = _shown(page)
    page.reload()
    expect(page.locator("[name=principle][value=ownership]")).to_be_checked()
    expect(page.get_by_label("Words in stories")).to_have_value("the")
    assert _shown(page) == before != []


def test_clear_brings_all_back_and_empties_the_address(visit: Open) -> None:
    page = visit("stories/index.html#principle=ownership&words=the")
    total = page.locator(".row").count()
    assert page.locator(".row:visible").count() < total
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_role("status")).to_have_text(f"{total} stories")
    assert page.locator(".row:visible").count() == total
    expect(page).to_have_url(re.compile(r"stories/index\.html$"))


def test_the_filters_work_by_keyboard_alone(visit: Open) -> None:
    page = visit("stories/index.html")
    box = page.get_by_role("group", name="Status").get_by_label("Draft")
    for _ in range(40):
        page.keyboard.press("Tab")
        if box.evaluate("box => box === document.activeElement"):
            break
    page.keyboard.press("Space")
    expect(box).to_be_checked()
    drafts = _with(page, "status", "draft")
    assert _tally(page) == f"{drafts} of {page.locator('.row').count()} stories"


def test_on_the_phone_the_filters_unfold_first(visit: Open) -> None:
    page = visit("stories/index.html", size=PHONE)
    box = page.get_by_role("group", name="Status").get_by_label("Draft")
    expect(box).to_be_hidden()
    page.get_by_text("Filter stories").click()
    box.check()
    assert page.locator(".row:visible").count() == _with(page, "status", "draft")


def test_a_tag_of_a_story_leads_to_the_stories_with_that_tag(visit: Open) -> None:
    page = visit(STORY)
    page.locator(".tags").get_by_role("link", name="incident", exact=True).click()
    page.wait_for_url("**/stories/index.html#tag=incident")
    assert page.locator(".row:visible").count() == _with(page, "tag", "incident")
    expect(page.locator("[name=tag][value=incident]")).to_be_checked()


def test_the_level_of_a_story_leads_to_the_stories_of_that_level(visit: Open) -> None:
    page = visit(STORY)
    page.locator(".facts").get_by_role("link", name="Senior engineer").click()
    page.wait_for_url("**/stories/index.html#level=senior-engineer")
    assert page.locator(".row:visible").count() == _with(page, "level", "senior-engineer")


def test_words_leave_the_rows_that_have_them_all(visit: Open) -> None:
    page = visit("stories/index.html")
    words = page.get_by_label("Words in stories")
    words.fill("Double CHARGES")
    assert _shown(page) == ["The night we charged passengers twice"]
    words.fill("charges museum")
    assert _shown(page) == []


def test_where_nothing_fits_the_list_says_so(visit: Open) -> None:
    page = visit("stories/index.html")
    sentence = page.get_by_text("No story matches all filters.")
    expect(sentence).to_be_hidden()
    page.get_by_label("Words in stories").fill("zzzz")
    expect(sentence).to_be_visible()
    assert _tally(page) == f"0 of {page.locator('.row').count()} stories"
    page.goto(page.url.replace("stories/index", "questions/index"))
    expect(page.get_by_text("No question matches all filters.")).to_be_visible()
    assert page.locator(".group:visible").count() == 0


def test_questions_can_be_chosen_by_company_and_by_what_meets_them(visit: Open) -> None:
    page = visit("questions/index.html")
    company = page.get_by_role("group", name="Company").get_by_role("checkbox").first
    name = company.get_attribute("value")
    company.check()
    asked = page.locator(f".question-row:visible[data-company~={name}]").count()
    shown = page.locator(".question-row:visible").count()
    assert asked == shown == _with(page, "company", str(name)) > 0
    _choose(page, "Status", "No story assigned")
    both = page.locator(f".question-row[data-company~={name}][data-coverage=uncovered]").count()
    assert page.locator(".question-row:visible").count() == both


def test_a_heading_without_a_question_left_goes_too(visit: Open) -> None:
    page = visit("questions/index.html#category=hiring")
    left = page.locator(".group:visible")
    assert left.count() < page.locator(".group").count()
    assert left.evaluate_all("all => all.every(g => g.querySelector('li:not([hidden])'))")


@pytest.mark.parametrize("path", ["stories/index.html", "questions/index.html"])
def test_without_scripts_every_row_is_there_and_no_filter_is(visit: Open, path: str) -> None:
    page = visit(path, size=PHONE, java_script_enabled=False)
    rows = page.locator(".rows > li")
    for fold in page.locator(".fold > summary").all():
        fold.click()
    assert rows.count() == page.locator(".rows > li:visible").count() > 10
    expect(page.locator("form.filters")).to_be_hidden()
    expect(page.locator(".sidebar summary").first).to_be_hidden()


# Without scripts, and with scripts that may not remember


@pytest.mark.parametrize("path", PAGES)
def test_every_page_reads_without_scripts(visit: Open, path: str) -> None:
    page = visit(path, java_script_enabled=False)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("navigation", name="Main menu", exact=True)).to_be_visible()


def test_tick_boxes_remember(visit: Open) -> None:
    page = visit(GUIDE)
    boxes = page.get_by_role("checkbox")
    assert boxes.count() > 3
    boxes.nth(1).check()
    page.reload()
    assert [boxes.nth(i).is_checked() for i in range(3)] == [False, True, False]
    boxes.nth(1).uncheck()
    page.reload()
    expect(boxes.nth(1)).not_to_be_checked()


def test_the_words_of_a_tick_box_tick_it(visit: Open) -> None:
    page = visit(GUIDE)
    page.get_by_text("Eat something").click()
    expect(page.get_by_role("checkbox").first).to_be_checked()


def test_tick_boxes_tick_where_nothing_may_be_kept(visit: Open) -> None:
    page = visit(GUIDE)
    page.add_init_script(
        """Object.defineProperty(window, "localStorage", {
             get() { throw new DOMException("no storage here", "SecurityError"); },
           });"""
    )
    page.reload()
    box = page.get_by_role("checkbox").first
    box.check()
    expect(box).to_be_checked()


# A story


def test_every_follow_up_unfolds(visit: Open) -> None:
    page = visit(STORY)
    probes = page.locator("#follow-ups details")
    assert probes.count() > 2
    for i in range(probes.count()):
        probe = probes.nth(i)
        if probe.get_attribute("open") is None:
            expect(probe.locator(".strong")).to_be_hidden()
            probe.locator("summary").click()
        expect(probe.locator(".strong")).to_be_visible()


def test_every_fold_opens_without_scripts(visit: Open) -> None:
    page = visit(STORY, size=PHONE, java_script_enabled=False)
    folds = page.locator("main details:not([open])")
    while folds.count():
        folds.first.locator("summary").first.click()
    assert page.locator("main details[open]").count() > 5


def test_coaching_folds_on_the_phone_and_lies_open_beside_the_text(visit: Open) -> None:
    coaching = "#situation .coaching-notes .note"
    expect(visit(STORY, size=DESK).locator(coaching).last).to_be_visible()
    phone = visit(STORY, size=PHONE)
    expect(phone.locator(coaching).last).to_be_hidden()
    phone.locator("#situation .coaching-notes summary").click()
    expect(phone.locator(coaching).last).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_thumb_index_marks_what_one_reads(visit: Open, size: dict[str, int]) -> None:
    page = visit(STORY, size=size, reduced_motion="reduce")
    thumbs = page.get_by_role("navigation", name="Parts of the story, by speaking time")
    for name in ("Result", "Task", "Action", "Situation"):
        thumbs.get_by_role("link", name=re.compile(name)).click()
        expect(thumbs.locator("[aria-current]")).to_have_count(1)
        expect(thumbs.locator("[aria-current]")).to_contain_text(name)
        expect(page.locator(f"#{name.lower()} h2")).to_be_in_viewport()


def test_the_contents_mark_the_parts_around_the_answer(visit: Open) -> None:
    page = visit(STORY, reduced_motion="reduce")
    contents = page.get_by_role("navigation", name="Other sections")
    contents.get_by_role("link", name="Follow-ups").click()
    expect(contents.locator("[aria-current]")).to_contain_text("Follow-ups")


def test_on_the_phone_the_thumb_index_lies_under_the_thumb(visit: Open) -> None:
    page = visit(STORY, size=PHONE, reduced_motion="reduce")
    bar = page.locator(".rail .sticky").bounding_box()
    assert bar is not None
    assert (bar["x"], bar["width"], bar["y"] + bar["height"]) == (0, 360, 740)
    assert all(a.bounding_box()["height"] >= 44 for a in page.locator(".rail .sticky a").all())  # type: ignore[index]
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    last = page.locator(".foot a").last.bounding_box()
    assert last is not None
    assert last["y"] + last["height"] <= bar["y"]


def test_the_letters_are_as_long_as_their_part_of_the_answer(visit: Open) -> None:
    page = visit(STORY)
    tall = [link.bounding_box()["height"] for link in page.locator(".thumb-index a").all()]  # type: ignore[index]
    situation, task, action, result = tall
    assert action > result >= situation > task


# On paper


@pytest.fixture(scope="module")
def printed(chromium: Browser, sample_site: Path) -> Iterator[list[str]]:
    """The whole-anatomy story, printed: the text of each sheet."""
    context = chromium.new_context(viewport=DESK, color_scheme="dark")
    page = context.new_page()
    page.goto(address(sample_site, STORY))
    yield printed_sheets(page)
    context.close()


def test_paper_has_the_story_and_nothing_of_the_screen(printed: list[str]) -> None:
    text = " ".join(printed)
    assert "The night we charged passengers twice" in text
    chrome = (
        "Skip to content",
        "Coverage",
        "Questions to ask",
        "Questions this story answers",
        "Contents",
    )
    assert [word for word in chrome if word in text] == []


def test_paper_unfolds_everything(printed: list[str]) -> None:
    text = " ".join(printed)
    assert "I had approved it, and I wrote that down." in text  # in a closed follow-up
    assert "The second goal is yours; nobody gave it to you." in text  # in closed coaching


def test_a_whole_anatomy_takes_few_sheets(printed: list[str]) -> None:
    assert len(printed) <= 4


def test_a_two_minute_answer_is_whole_on_the_first_sheet(visit: Open) -> None:
    first = printed_sheets(visit("stories/review-tone.html"))[0]
    parts = ("Situation", "Task", "Action", "Result", "Reflection")
    assert [part for part in parts if part not in first] == []


def test_the_squares_of_a_matrix_are_printed_though_grounds_are_not(visit: Open) -> None:
    page = visit("coverage.html")
    page.emulate_media(media="print")
    square = page.locator("td .dot:not(.hollow)").first
    assert square.evaluate("dot => getComputedStyle(dot).printColorAdjust") == "exact"


def test_links_to_the_parts_of_a_page_are_not_printed(visit: Open) -> None:
    page = visit("coverage.html")
    jumps = page.locator(".jumps")
    expect(jumps.first).to_be_visible()
    page.emulate_media(media="print")
    assert jumps.evaluate_all("all => all.map(it => it.offsetHeight)") == [0] * jumps.count()


def test_a_printed_matrix_is_whole(visit: Open) -> None:
    page = visit("coverage.html", size={"width": 688, "height": 1000})  # A4 within its margins
    page.emulate_media(media="print")
    right = "all => all.map(e => e.getBoundingClientRect().right)"
    edges = page.locator(".matrix").evaluate_all(right)
    assert edges
    assert max(edges) <= 688


def test_paper_is_light_whatever_the_screen_is(visit: Open) -> None:
    page = visit(STORY, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    colours = (
        "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
    )
    assert page.evaluate(colours) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


def test_code_that_scrolls_is_reached_with_the_keyboard(visit, build) -> None:
    code = f"\n```\n{'a line that goes on ' * 40}\n```\n"
    fold = (
        f"\n<details>\n<summary>More</summary>\n{code}\n</details>\n\nDone.[^1]\n\n[^1]: Twice.\n"
    )
    site = build(
        {
            "stories/a.md": story("A", body=f"\n## Steps\n{code}{fold}"),
            "guides/g.md": f"---\ntitle: G\n---\n{code}{fold}",
            "questions.yml": "- question: Why?\n  notes: |\n" + code.replace("\n", "\n    "),
        }
    )
    for path in ("stories/a.html", "guides/g.html", "questions/why.html"):
        for width in (390, 1200):
            page = visit(path, site, {"width": width, "height": 800})
            assert breaches(page) == [], (path, width)
            page.locator("pre").first.focus()
            page.keyboard.press("ArrowRight")
            scrolled = "document.activeElement.scrollLeft > 0"
            # The policy of our pages forbids `wait_for_function`, which evaluates a text in them.
            assert any(page.evaluate(scrolled) or page.wait_for_timeout(20) for _ in range(100))
