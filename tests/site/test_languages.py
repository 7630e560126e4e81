"""Languages: all texts of the interface are in the catalogues, and these are alike.

A language that is none has each text between `⟦` and `⟧`, with accents. A handbook in Cyrillic
letters then has Latin ones outside these marks only where a text is not in the catalogue.
"""

import re
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from conftest import LAYOUTS, ROOT, SAMPLE, brief
from editions import write
from playwright.sync_api import Page, expect

from starbook.build import pipeline
from starbook.model import Edition
from starbook.text.catalogue import Plural, parse

CODES = sorted(path.stem for path in (LAYOUTS / "languages").glob("*.yml"))
ACCENTS = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")
VALUE = re.compile(r"(\{\w+\}|`[^`]*`)")
SHOWN = ("aria-label", "title", "placeholder", "alt", "label", "data-label")

STORY = """---
title: {title}
headline: Мы починили всё
categories: [Сбои]
principles: [Смелость]
level: Старший
tags: [ночь]
company: Фирма
date: 2024-03
{more}
---

Сначала одно слово.

## Ситуация (20 seconds)

Было поздно, и ничего не работало.

> [!PHRASES]
> Я взял это на себя.

> [!COACHING]
> Говори спокойно.

> [!MISTAKE]
> Не вини других.

## Задача

Надо было починить.

## Действие

Я починил это. Потом мы всё проверили[^1].

## Результат

Ошибок стало меньше: 9 → 2 %.

## Вывод

Проверять раньше.

## Follow-ups

### Почему так?

**Weak:** Не знаю.

**Strong:** Потому что так быстрее.

**Key line:** Так быстрее.

[^1]: Сноска.
"""
# What stands in those files in Latin letters, and what is no word of a language.
WRITTEN = frozenset("Follow-ups Weak Strong Key line Fill in".split())
SIGNS = frozenset("S T A R A4 A5 Letter in Enter Esc JavaScript".split())
HANDBOOK = {
    "handbook.yml": "title: Книга\nlevel: Старший\npublish: [questions, guides, to-ask, coverage]\n"
    "answer_lengths: [{name: Длинный, seconds: 60, situation: 10}]\n",
    "categories.yml": "- {name: Сбои, asked_as: [что сломалось], about: О сбоях}\n- name: Пусто\n",
    "principles.yml": "- {name: Смелость, set: Набор, aliases: [Отвага]}\n- name: Никто\n",
    "questions.yml": "- question: Что сломалось?\n  categories: [Сбои]\n  companies: [Фирма]\n"
    "  levels: [Старший]\n  also: [Что упало?]\n  stories: [{story: a, note: Коротко}]\n"
    "- {question: Кого вы наняли?, notes: Скажи правду.}\n"
    "- {question: Что ещё сломалось?, categories: [Сбои]}\n",
    "to-ask.yml": "- audience: Начальник\n  topics: [{topic: Дела, questions: [Как дела?]}]\n",
    "decks.yml": "- {name: Четверг, stories: [a], ends_with: [to-ask]}\n",
    "guides/g.md": "---\ntitle: Совет\n---\n\n## Раз\n\n- [ ] Спать\n\n## Два\n\nЕсть.\n",
    "interviews/i.yml": "company: Фирма\nrounds: [{name: Первый, themes: [Смелость, Пусто]}]\n",
    "guides/h.md": "---\ntitle: Другой совет\n---\n\nПить.\n",
    "stories/a.md": STORY.format(title="Ночь", more="status: ready\npublish: true"),
    "stories/b.md": STORY.format(title="День", more="status: ready\npublish: true"),
    "stories/c.md": "---\ntitle: Черновик\n---\n\n## Ситуация\n\n[Fill in: что было]\n",
}
# Pages that scripts draw or change, and what they show.
PAGES_OF_SCRIPTS = {
    "practice.html": "Practise with",
    "practice.html#tell=a": "Begin to tell",
    "practice.html#study=a": "Show numbers and cue",
    "print.html": "Everything",
    "principles/index.html": "Show",
    "interviews/i.html": "Biggest gaps",
}
NO_STORIES = {"handbook.yml": "publish: [questions, guides, to-ask, coverage]\n"}


def texts(code: str) -> dict[str, str | Plural]:
    return parse((LAYOUTS / f"languages/{code}.yml").read_bytes())


def pseudo(text: str) -> str:
    pieces = VALUE.split(text)
    return f"⟦{''.join(p if i % 2 else p.translate(ACCENTS) for i, p in enumerate(pieces))}⟧"


@pytest.fixture(scope="module")
def layouts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The layouts, with a language `xx` that is none."""
    folder = tmp_path_factory.mktemp("xx") / "layouts"
    shutil.copytree(LAYOUTS, folder)
    marked = {
        key: pseudo(text)
        if isinstance(text, str)
        else {"one": pseudo(text.one), "other": pseudo(text.other)}
        for key, text in texts("en").items()
        if not key.startswith(("language.", "number."))
    }
    (folder / "languages/xx.yml").write_text(yaml.safe_dump(marked, allow_unicode=True), "utf-8")
    return folder


def build(layouts: Path, content: Path, out: Path, edition: Edition = Edition.PRIVATE) -> Path:
    settings = content / "handbook.yml"
    settings.write_text(f"{settings.read_text('utf-8')}language: xx\n", "utf-8")
    built = pipeline.build(content, layouts, out, edition=edition)
    assert [brief(problem) for problem in built.problems if problem.is_error] == []
    return out


# Keys and ids for a content file, which are the same in each language.
_LINES_TO_PASTE = re.compile(
    r'<pre tabindex="0">[^<]*</pre>(?:</div>|<p>)|<code>coach: [^<]*</code>'
)


class _Shown(HTMLParser):
    """The texts of a page, and those of attributes that are read out or shown."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.attributes: list[str] = []
        self.feed(_LINES_TO_PASTE.sub("", page))

    @property
    def found(self) -> list[str]:
        return [self.text, *self.attributes]

    def handle_data(self, data: str) -> None:
        self.text += f" {data}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [value for name, value in attrs if name in SHOWN and value]


def outside_the_marks(shown: Iterable[str]) -> Iterator[str]:
    """Yield the words in Latin letters that stand outside the marks."""
    for text in shown:
        text = re.sub(r"\S+\.html\S*", " ", text)  # noqa: PLW2901  (addresses on cards)
        while (inner := re.sub(r"⟦[^⟦⟧]*⟧", " ", text)) != text:
            text = inner  # noqa: PLW2901
        yield from re.findall(r"[A-Za-z][A-Za-z0-9-]*", text)


def untranslated(
    pages: Mapping[str, str], own: Collection[str] = frozenset()
) -> set[tuple[str, str]]:
    """Return the words of pages that are neither `own`, in small letters, nor in the catalogue."""
    return {
        (path, word)
        for path, page in pages.items()
        for word in set(outside_the_marks(_Shown(page).found)) - WRITTEN - SIGNS - {*"abc"}
        if word.lower() not in own
        if f"stories/{word}" not in page and f"{word}.html" not in page
    }


def pages_in(site: Path) -> dict[str, str]:
    return {p.relative_to(site).as_posix(): p.read_text("utf-8") for p in site.rglob("*.html")}


@pytest.mark.slow
@pytest.mark.parametrize("edition", Edition)
@pytest.mark.parametrize("files", [HANDBOOK, NO_STORIES], ids=["full", "without stories"])
def test_pages_have_no_text_that_is_not_in_the_catalogue(
    layouts, tmp_path, files: Mapping[str, str], edition: Edition
) -> None:
    files = dict(files)
    if edition is Edition.PUBLIC:
        files.pop("stories/c.md", None)
    if files == NO_STORIES:
        files["synonyms.yml"] = "- [один, два]\n"
    site = build(layouts, write(tmp_path / "content", files), tmp_path / "site", edition)
    pages = pages_in(site)
    assert all('<html lang="xx">' in page for page in pages.values())
    assert untranslated(pages) == set()


@pytest.mark.slow
def test_the_sample_has_no_text_that_is_neither_its_own_nor_in_the_catalogue(
    layouts, tmp_path
) -> None:
    shutil.copytree(SAMPLE, tmp_path / "content")
    files = [path for path in SAMPLE.rglob("*.*") if path.suffix != ".png"]
    written = " ".join(f"{path.stem} {path.read_text('utf-8')}" for path in files)  # ids, too
    words = {word.lower() for word in re.findall(r"[A-Za-z][A-Za-z0-9-]*", written)}
    words |= {path.stem for path in SAMPLE.glob("answers/*.md")}  # pages name these files
    site = build(layouts, tmp_path / "content", tmp_path / "site")
    assert untranslated(pages_in(site), words) == set()


@pytest.mark.browser
def test_scripts_show_no_text_that_is_not_in_the_catalogue(layouts, tmp_path, visit) -> None:
    site = build(layouts, write(tmp_path / "content", HANDBOOK), tmp_path / "site")
    seen = 0

    def check(page: Page) -> None:
        nonlocal seen
        page.evaluate("""for (const all of document.querySelectorAll("details")) all.open = true""")
        html = page.content()
        seen += html.count("⟦")
        assert untranslated({page.url: html}) == set()

    page = visit("stories/index.html", site)
    page.get_by_label(pseudo("Words in stories")).fill("ночь")
    expect(page.locator(".result-count")).to_contain_text("⟦1 óf 3 stóríés⟧")
    check(page)
    page = visit("cards.html#stories=a,b,to-ask&duplex=1&deck=нет", site)
    expect(page.locator(".status")).to_contain_text("cárds⟧")
    expect(page.locator(".alert")).to_contain_text("⟦Nót ín thís hándbóók")
    check(page)
    page.get_by_label(pseudo("Paper")).select_option("3x5")
    check(page)
    for query in ("сломалось", "яяя"):
        page = visit("guides/index.html", site)
        page.keyboard.press("/")
        page.keyboard.type(query)
        expect(page.locator(".result-count")).to_contain_text("⟦")
        check(page)
    for path, shown in PAGES_OF_SCRIPTS.items():
        page = visit(path, site)
        expect(page.locator("main")).to_contain_text(pseudo(shown))
        page.evaluate("""for (const one of document.querySelectorAll("[hidden]")) one.remove()""")
        check(page)
    page = visit("index.html?q=сломалось", site)
    expect(page.locator(".result .reason").first).to_contain_text("⟦")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".cue-card")).to_be_visible()
    check(page)
    assert seen > 200


@pytest.mark.parametrize("code", [code for code in CODES if code != "en"])
def test_a_language_has_the_same_texts_with_the_same_values(code: str) -> None:
    def shape(code: str) -> dict[str, object]:
        return {
            key: sorted(re.findall(r"\{\w+\}|`", text))
            if isinstance(text, str)
            else [sorted(re.findall(r"\{\w+\}", form)) for form in (text.one, text.other)]
            for key, text in texts(code).items()
        }

    assert shape(code) == shape("en")


def test_no_text_has_a_name_twice() -> None:
    for code in CODES:
        lines = (LAYOUTS / f"languages/{code}.yml").read_text("utf-8").splitlines()
        keys = [line.partition(":")[0] for line in lines if re.match(r"[a-z]", line)]
        assert len(keys) == len(set(keys)), code


def test_every_text_is_used_and_every_text_that_is_used_is_there() -> None:
    sources = [
        *(LAYOUTS).glob("*.html"),
        *(LAYOUTS / "assets").rglob("*.js"),
        *(ROOT / "starbook").rglob("*.py"),
    ]
    source = "\n".join(path.read_text("utf-8") for path in sources)
    used = set(re.findall(r"[\"']([a-z_]+\.[a-z_]+)[\"']", source))
    for begun in re.findall(r"f[\"']([a-z_]+\.[a-z_]*)\{", source):
        used |= {key for key in texts("en") if key.startswith(begun)}
    assert set(texts("en")) - used == set()
    named = set(re.findall(r"\"([\w.]+)\" \| t\b", source))
    named |= set(re.findall(r"\b(?:t|pieces)\(\s*\"(\w+\.\w+)\"", source))
    assert named - set(texts("en")) == set()
