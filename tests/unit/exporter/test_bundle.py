"""The bundle: all of a handbook, or a part of it and nothing else, in one file that is complete."""

import base64
import hashlib
import html
import re
import stat
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, SAMPLE, story
from editions import PNG

from starbook import cli
from starbook.build import pipeline
from starbook.content.footnotes import RENDERED_REFERENCE

Make = Callable[[Mapping[str, str | bytes]], Path]
BOOK = {
    "handbook.yml": "title: The mill\n",
    "categories.yml": "- name: Water\n  about: What the river did.\n- name: Bells\n",
    "questions.yml": "- question: What rang at night?\n  id: rang\n  stories: [bell]\n"
    "- question: When did a gate stay shut?\n  id: shut\n\n"
    "  stories: [{story: gate, note: From the end.}]\n"
    "- question: Why us?\n  id: us\n  answer: {text: Because of the river., seconds: 20}\n",
    "to-ask.yml": "- audience: The miller\n  topics:\n"
    "  - {topic: Flour, questions: [Who sweeps?]}\n",
    "decks.yml": "- name: Short\n  stories: [bell]\n  ends_with: [to-ask, answers/us]\n",
    "interviews/lock.yml": "company: Lock & Sons\nrounds:\n- with: Ada\n  audience: The miller\n"
    "  themes: [When did a gate stay shut?]\n",
    "guides/day.md": "---\ntitle: On the day\n---\n\n## Early\n\nSee [early](#early) and"
    " [the gate](../stories/gate.md#action).\n",
    "pictures/dot.png": PNG,
    "stories/bell.md": story(
        "The bell", "id: bell", "categories: [Bells]", "cue: [rope, tower]", "level: Senior",
        body="\n## Follow-ups\n\n### Why then?\n\n![a dot](../pictures/dot.png)"
        " See [the gate](gate.md).\n",
    ),
    "stories/gate.md": story("The closed sluice", "id: gate", "categories: [Water]"),
}  # fmt: skip


@pytest.fixture
def bundle(content: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Write a bundle of the handbook, which must succeed; return its text, with nothing packed."""
    monkeypatch.chdir(tmp_path)
    content(BOOK)

    def write(*options: str) -> str:
        assert cli.main(["bundle", "--content", "content", *options]) == 0
        document = (tmp_path / "handbook.html").read_text("utf-8")
        return PACKED.sub(lambda it: f"{it[1]}{unpack(it[3])}{it[4]}", document)

    return write


PACKED = re.compile(r'(<script type="text/plain" id="([^"]*)">)([^<]*)(</script>)')


def unpack(text: str) -> str:
    return zlib.decompress(base64.b64decode(text)).decode()


def shown(document: str) -> str:
    """Return the text between the tags of a document, without white space and footnote marks."""
    body = document.partition("<main ")[2].partition("</main>")[0]
    body = RENDERED_REFERENCE.sub("", body)
    return "".join(html.unescape(re.sub(r"<[^>]*>", "", body)).split())


def is_shown(text: str, document: str) -> bool:
    return "".join(text.split()) in shown(document)


@pytest.mark.slow
@pytest.mark.parametrize("folder", [SAMPLE, ROOT / "tests/handbook"], ids=["sample", "handbook"])
def test_every_text_of_a_handbook_is_in_the_file(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.html"
    assert cli.main(["bundle", "--content", str(folder), "--out", str(file)]) == 0
    document = shown(file.read_text("utf-8"))
    book, _ = pipeline.load(folder)
    texts = [line for _, prose in book.proses() for line in prose.text.splitlines()]
    for told in book.stories:
        texts += [told.title, told.headline, told.level, told.company, *told.cue, *told.tags]
        texts += [section.heading for section in told.sections]
        texts += [text for one in told.figures for text in (one.before, one.value, one.label)]
    for asked in book.questions:
        texts += [asked.question, *asked.also, *(choice.note for choice in asked.stories)]
    for audience in book.audiences:
        texts += [audience.audience, *(line for it in audience.topics for line in it.questions)]
    for topic in (*book.categories, *book.principles):
        texts += [topic.name, topic.about, *topic.asked_as]
    for one in book.interviews:
        texts += [one.title, *one.notes.splitlines(), *(each.person for each in one.rounds)]
    texts += [guide.title for guide in book.guides]
    assert len(texts) > 100
    assert [text for text in texts if "".join(text.split()) not in document] == []


def test_links_lead_to_anchors_in_the_file_and_pictures_are_in_it(bundle: Any) -> None:
    document = bundle()
    ids = set(re.findall(r' id="([^"]*)"', document))
    hrefs = re.findall(r' href="([^"]*)"', document.partition("<script type")[0])
    assert "#stories/gate/action" in hrefs
    assert "#guides/day/early" in hrefs
    assert [href for href in hrefs if not href.startswith("#") or href[1:] not in ids] == []
    assert re.findall(r' src="([^"]*)"', document) == [
        f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    ]
    assert "<link" not in document


def test_a_link_to_what_the_file_has_not_is_words(bundle: Any) -> None:
    assert "<a>Senior</a>" in bundle()


def test_the_policy_allows_the_styles_and_scripts_of_the_file_alone(
    content: Make, tmp_path: Path
) -> None:
    file = tmp_path / "all.html"
    assert cli.main(["bundle", "--content", str(content(BOOK)), "--out", str(file)]) == 0
    document = file.read_text("utf-8")
    packed = {it[2]: unpack(it[3]) for it in PACKED.finditer(document)}
    pages = (PACKED.sub("", document), packed.pop("practice.html"))
    policies = {re.search(r'-Policy" content="([^"]*)"', page)[1] for page in pages}  # type: ignore[index]
    assert len(policies) == 1
    directives = dict(one.strip().split(" ", 1) for one in policies.pop().split(";"))
    blocks = [
        *(
            it
            for page in pages
            for it in re.findall(r"<(script|style)>(.*?)</\1>", page, re.DOTALL)
        ),
        *(("script", text) for text in packed.values()),
    ]
    assert len(blocks) > 8
    for name in ("script", "style"):
        inside = [text.encode() for tag, text in blocks if tag == name]
        hashes = (base64.b64encode(hashlib.sha256(text).digest()).decode() for text in inside)
        allowed = directives[f"{name}-src"].split()
        assert sorted(allowed) == sorted({f"'sha256-{one}'" for one in hashes})
    assert directives["default-src"] == "'none'"
    assert directives["img-src"] == "data:"
    assert directives["media-src"] == "blob:"


def test_what_is_practised_has_its_pictures_and_no_links(bundle: Any) -> None:
    document = bundle()
    _, _, page = document.partition('id="practice.html">')
    assert "The bell" in page
    _, _, texts = document.partition('id="practice-texts/0.js">')
    texts = texts.replace(r"\u003c", "<").replace(r"\"", '"')
    assert f'src="data:image/png;base64,{base64.b64encode(PNG).decode()}"' in texts
    assert "See <a>the gate</a>." in texts


def test_a_bundle_in_the_folder_of_the_handbook_is_no_file_of_it(
    content: Make, capsys: Any
) -> None:
    folder = content(BOOK)
    out = str(folder / "handbook.html")
    assert cli.main(["bundle", "--content", str(folder), "--out", out]) == 0
    capsys.readouterr()
    assert cli.main(["check", "--content", str(folder)]) == 0
    assert "handbook.html" not in capsys.readouterr().out


def test_a_handbook_without_stories_has_no_practice(content: Make, tmp_path: Path) -> None:
    file = tmp_path / "new.html"
    folder = content({"questions.yml": "- question: Why?\n"})
    assert cli.main(["bundle", "--content", str(folder), "--out", str(file)]) == 0
    assert "practice" not in re.sub(r"(?s)<(script|style)>.*?</\1>", "", file.read_text("utf-8"))


# Parts


def test_chosen_stories_come_with_their_questions_and_without_a_trace_of_others(
    bundle: Any,
) -> None:
    document = bundle("--stories", "bell")
    assert is_shown("The bell", document)
    assert is_shown("What rang at night?", document)
    assert is_shown("See the gate.", document)  # a link to it is words
    for word in (
        "sluice",
        "gate.md",
        "stories/gate",
        "stay shut",
        "Water",
        "miller",
        "Lock",
        "river",
    ):
        assert not re.search(rf"\b{word}", document), word


@pytest.mark.slow
def test_a_deck_comes_with_what_it_names(bundle: Any) -> None:
    document = bundle("--deck", "short")
    for text in ("The bell", "Who sweeps?", "Because of the river."):
        assert is_shown(text, document), text
    assert "sluice" not in document


@pytest.mark.slow
def test_an_interview_comes_with_what_its_plan_names(bundle: Any) -> None:
    document = bundle("--interview", "Lock & Sons")
    for text in ("Ada", "The closed sluice", "When did a gate stay shut?", "Who sweeps?"):
        assert is_shown(text, document), text
    assert "Because of the river" not in document


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--stories", "bel"], "there is no story `bel`; did you mean `bell`?"),
        (["--deck", "Shorts"], "there is no deck `Shorts`; did you mean `Short`?"),
        (["--interview", "x"], "there is no interview `x`; interviews/ has their files."),
    ],
)
def test_what_is_not_there_cannot_be_chosen(
    bundle: Any, tmp_path: Path, capsys: Any, options: list[str], message: str
) -> None:
    assert cli.main(["bundle", "--content", "content", *options]) == 1
    assert capsys.readouterr().err == f"Nothing was written: {message}\n"
    assert not (tmp_path / "handbook.html").exists()


def test_a_company_with_two_interviews_is_chosen_by_an_id(
    content: Make, tmp_path: Path, capsys: Any
) -> None:
    plan = "company: Lock & Sons\nrounds: [{with: Ada, themes: [Why?]}]\n"
    asked = {"questions.yml": "- question: Why?\n"}
    folder = content({"interviews/spring.yml": plan, "interviews/autumn.yml": plan} | asked)
    out = tmp_path / "new.html"
    chosen = ["bundle", "--content", str(folder), "--out", str(out), "--interview"]
    assert cli.main([*chosen, "lock & sons"]) == 1
    message = "2 interviews are called `lock & sons`; name one of `autumn`, `spring`."
    assert message in capsys.readouterr().err
    assert not out.exists()


def test_a_handbook_without_stories_says_so(content: Make, tmp_path: Path, capsys: Any) -> None:
    folder = content({"handbook.yml": "title: New\n", "questions.yml": "- question: Why?\n"})
    assert cli.main(["bundle", "--content", str(folder), "--out", str(tmp_path / "new.html")]) == 0
    assert is_shown("No stories yet.", (tmp_path / "new.html").read_text("utf-8"))


# The file


def test_the_file_is_the_owners_and_the_command_says_that_it_is_private(
    bundle: Any, tmp_path: Path, capsys: Any
) -> None:
    bundle()
    assert stat.S_IMODE((tmp_path / "handbook.html").stat().st_mode) == 0o600
    first, second = capsys.readouterr().out.splitlines()[1:]
    assert re.fullmatch(r"Wrote 2 stories to handbook\.html, \d+ kB\.", first)
    assert second == "It is private, and not encrypted: whoever has the file can read it."


@pytest.mark.slow
def test_only_an_older_bundle_is_replaced(bundle: Any, tmp_path: Path, capsys: Any) -> None:
    bundle()
    bundle("--stories", "bell")  # in the place of an older one
    page = tmp_path / "page.html"
    page.write_text("<!doctype html>\n<title>Mine</title>\n", "utf-8")
    capsys.readouterr()
    assert cli.main(["bundle", "--content", "content", "--out", "page.html"]) == 1
    assert capsys.readouterr().err == (
        "Nothing was written: page.html is there already, and is no bundle; name another file.\n"
    )
    assert page.read_text("utf-8") == "<!doctype html>\n<title>Mine</title>\n"
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "content",
        "handbook.html",
        "page.html",
    ]


def test_faulty_content_writes_nothing(
    content: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    content({"stories/a.md": "no fences"})
    assert cli.main(["bundle", "--content", "content"]) == 1
    assert "Nothing was written: 1 error." in capsys.readouterr().err
    assert not (tmp_path / "handbook.html").exists()


ENDS = "</noscript></details>"
PLACES = {
    "stories/a.md": story(
        f"'{ENDS} title'", "id: a", f"headline: '{ENDS} headline'", f"cue: ['{ENDS} cue']",
        f"tags: ['{ENDS} tag']", f"company: '{ENDS} company'",
        body=f"\n{ENDS} text\n\n`{ENDS} code`\n\n```\n{ENDS} block\n```\n\n"
        f'![{ENDS} picture](../pictures/dot.png "{ENDS} name")\n\n## {ENDS} heading\n\n'
        f'[{ENDS} link](https://example.org "{ENDS} name")\n',
    ),
    "questions.yml": f"- question: '{ENDS} question'\n  answer: {{text: '{ENDS} answer'}}\n"
    "- question: Why\n",
    "categories.yml": f"- name: '{ENDS} category'\n  about: '{ENDS} about'\n",
    "to-ask.yml": f"- audience: Ada\n  topics: [{{topic: '{ENDS} x', questions: ['{ENDS}?']}}]\n",
    "interviews/b.yml": f"company: '{ENDS}'\nnotes: '{ENDS} note'\n"
    "rounds: [{with: Ada, themes: [Why]}]\n",
    "guides/c.md": f"---\ntitle: '{ENDS} guide'\n---\n\n<b>{ENDS}</b> way\n",
    "pictures/dot.png": PNG,
}  # fmt: skip


@pytest.mark.slow
def test_no_text_ends_what_is_folded(content: Make, tmp_path: Path) -> None:
    """A script reads what is folded in an entry as one text, which ends at the first such tag."""
    file = tmp_path / "all.html"
    assert cli.main(["bundle", "--content", str(content(PLACES)), "--out", str(file)]) == 0
    body = file.read_text("utf-8").partition("<script type")[0]
    assert is_shown(f"{ENDS} block", body)
    assert is_shown(f"<b>{ENDS}</b> way", body)
    assert html.unescape(body).count(ENDS) > 20
    folded = re.findall(r"(?s)<details class=\"bundled.*?</noscript>\n</details>", body)
    assert len(folded) == body.count('class="bundled ') == 7
    assert [it.lower().count("noscript>") for it in folded] == [2] * 7


@pytest.mark.slow
def test_a_text_ends_no_script_and_is_no_link(content: Make, tmp_path: Path) -> None:
    plain, odd = ("Plain", '</script><script>x()</script> href="stories/a.html" src="b.png"')
    documents = []
    for title in (plain, odd):
        folder = content(
            {"stories/a.md": story(f"'{title}'"), "questions.yml": "- question: Why?\n"}
        )
        assert (
            cli.main(["bundle", "--content", str(folder), "--out", str(tmp_path / "o.html")]) == 0
        )
        documents.append((tmp_path / "o.html").read_text("utf-8"))
    first, second = (
        [text.count(tag) for tag in ("<script", "</script", "<style")] for text in documents
    )
    assert first == second
    assert is_shown(odd, documents[1])
