"""The first run: from `new handbook` to a card on paper, and what Ask says until then."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import PHONE, breaches, breaches_in_each_scheme, story
from editions import write
from paper import read_sheets
from playwright.sync_api import Page, expect

from starbook import cli
from starbook.commands import folders

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the person makes their handbook."""
    monkeypatch.setattr(folders, "REMEMBERED", tmp_path / "remembered")
    return tmp_path / "mine"


def build(folder: Path) -> Path:
    assert cli.main(["--content", str(folder)]) == 0
    return folder / "site"


@pytest.mark.slow
def test_a_new_handbook_leads_to_a_story_and_its_card_on_one_sheet(
    mine: Path, visit: Open, capsys: Said
) -> None:
    assert cli.main(["new", "handbook", str(mine)]) == 0
    [first] = re.findall(r"^Open (\S+) first", capsys.readouterr().out, re.MULTILINE)
    page = visit("index.html", build(mine))
    expect(page.locator(".steps h2")).to_have_text(
        ["Write a story", "Import what you have", "Look at the sample"]
    )
    named = page.locator(".steps pre").first.inner_text()
    assert Path(first).resolve() == mine / named
    page.get_by_role("link", name="My first story").click()
    expect(page).to_have_title("My first story – My interview handbook")
    command = ["new", "story", "--content", str(mine), "The night the tills stopped"]
    assert cli.main([*command, "--template", "outage"]) == 0
    [made] = re.findall(r"^Made (\S+)\. ", capsys.readouterr().out, re.MULTILINE)
    text = Path(made).read_text(encoding="utf-8")
    assert "[Fill in: " in text
    text = re.sub(r"\[Fill in: .*?\]", "I brought 40 tills back within 25 minutes.", text)
    Path(made).write_text(text.replace("status: draft", "status: ready"), encoding="utf-8")

    page = visit("index.html", build(mine))

    expect(page.locator(".steps")).to_have_count(0)
    expect(page.locator(".readiness")).to_contain_text("1 of 2")
    page.get_by_role("link", name="Stories", exact=True).first.click()
    page.get_by_role("link", name="The night the tills stopped").click()
    page.get_by_role("link", name="Print the card").click()
    expect(page.locator(".status")).to_contain_text("1 card on 1 sheet of A4")
    [sheet] = read_sheets(page.pdf(prefer_css_page_size=True))
    assert "The night the tills stopped" in sheet.text
    assert "I brought 40 tills back within 25 minutes." in sheet.text
    assert [round(side) for side in sheet.size] == [210, 297]


@pytest.mark.slow
@pytest.mark.parametrize("size", [PHONE, None], ids=["phone", "desk"])
def test_pages_where_nothing_is_written_are_accessible_and_fit_the_screen(
    mine: Path, visit: Open, size: dict[str, int] | None
) -> None:
    empty = build(write(mine, {"handbook.yml": "title: Mine\n"}))
    assert cli.main(["new", "handbook", str(mine.with_name("fresh"))]) == 0
    fresh = build(mine.with_name("fresh"))
    options = {"size": size} if size else {}
    paths = ("index.html", "coverage.html", "cards.html")
    lists = ("stories", "questions", "categories", "principles", "guides")
    more = (*(f"{one}/index.html" for one in lists), "to-ask.html")
    for site, path in (*((fresh, path) for path in paths), *((empty, p) for p in (*paths, *more))):
        page = visit(path, site, **options)
        assert breaches_in_each_scheme(page) == [], path
        width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert width <= 0, path


def test_one_click_chooses_all_lines_to_copy(mine: Path, visit: Open) -> None:
    page = visit("questions/index.html", build(write(mine, {"handbook.yml": "title: Mine\n"})))

    page.locator(".paste pre").click()

    chosen = page.evaluate("getSelection().toString()")
    assert chosen.splitlines() == page.locator(".paste pre").inner_text().splitlines()
    assert chosen.startswith("- question: ")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status").last).to_have_text("Copied")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {"questions.yml": "- question: Why?\n"},
            'No stories yet. Write the first one: python3 build.py new story "The outage I '
            'remember best"',
        ),
        (
            {"stories/a.md": story("One")},
            'No story about “zebra” yet. If one of yours fits, add tags: ["zebra"] to its file in '
            'stories/. Or write one: python3 build.py new story "The outage I remember best"',
        ),
    ],
    ids=["no stories", "none that fits"],
)
def test_ask_says_what_to_write_where_it_finds_nothing(
    mine: Path, visit: Open, files: dict[str, str], said: str
) -> None:
    page = visit("guides/index.html", build(write(mine, files)))

    page.keyboard.press("/")
    page.keyboard.type("zebra")

    expect(page.locator(".ask-dialog .result-count")).to_have_text(said)
    assert breaches(page) == []
