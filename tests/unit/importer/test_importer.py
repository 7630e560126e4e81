"""Documents that people have become a handbook: every word kept, none made up."""

import json
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from conftest import LAYOUTS, ROOT
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from starbook import cli
from starbook.build import pipeline
from starbook.content import comments, sections
from starbook.importer import output, plan
from starbook.importer.account import normalize_words
from starbook.importer.document import parse_document
from starbook.importer.result import ImportResult
from starbook.importer.stories import Known, Story
from starbook.model import Kind
from starbook.text.vocabulary import load

SEEDS = ROOT.parent / "shared" / "seeds"
Said = pytest.CaptureFixture[str]


def imported(text: str, name: str = "notes") -> ImportResult:
    return plan.import_document(parse_document(name, text, load()), Known())


def parts(story: Story) -> dict[str, str]:
    """Return the text of each part of a story that was written."""
    found: dict[str, str] = {}
    for section in sections.parse(story.body, 1, story.title, load())[1]:
        said = " ".join(prose.text for prose in section.proses())
        found[str(section.kind)] = " ".join(f"{found.get(str(section.kind), '')} {said}".split())
    return found


def only(text: str) -> Story:
    (story,) = imported(text).stories
    return story


TOLD = {
    "situation": "The mill had 3 stones and one was cracked.",
    "task": "I had to grind the harvest before rain.",
    "action": "I borrowed a stone from the next village.",
    "result": "We ground 40 sacks in 2 days.",
}


# Labels


@pytest.mark.parametrize(
    "form",
    [
        "**{word}:** {said}\n\n",
        "**{word}**: {said}\n\n",
        "**{WORD}**\n\n{said}\n\n",
        "- {word}: {said}\n",
        "- **{letter}:** {said}\n",
        "* **{letter} ({word}):** {said}\n",
        "#### {word}\n\n{said}\n\n",
        "### {word} (90 seconds)\n\n{said}\n\n",
        "#### {word} (Part – 15 %)\n\n{said}\n\n",
        "{letter} – {said}\n",
        "({letter}) {said} ",
        "{word}: {said}\n\n",
        "<b>{word}: </b>{said}\n\n",
        "【{letter} — {word}】{said}\n\n",
        "{letter}\n\n{said}\n\n",
        "| {word} | {said} |\n",
        "__{word}:__ {said}\n\n",
        "✅ **{word}:** {said}\n\n",
        "> **{word}:** {said}\n>\n",
        "> ### {word}\n> {said}<br>\n",
        "### ({letter}){rest}\n\n{said}\n\n",
        "{word} : {said}\n\n",
    ],
)
def test_a_label_is_known_in_whatever_form_it_stands(form: str) -> None:
    text = "".join(
        form.format(
            word=kind.capitalize(),
            WORD=kind.upper(),
            letter=kind[0].upper(),
            rest=kind[1:],
            said=said,
        )
        for kind, said in TOLD.items()
    )
    head = "| Part | Said |\n|---|---|\n" if form.startswith("|") else ""
    story = only(f"# Book\n\n## The cracked stone\n\n{head}{text}\n")
    assert story.title == "The cracked stone"
    assert parts(story) == TOLD


def test_labels_in_a_fence_tell_a_story() -> None:
    lines = "\n".join(f"{kind.upper()}: {said}" for kind, said in TOLD.items())
    assert parts(only(f"## The cracked stone\n\n```\n{lines}\n```\n")) == TOLD


@pytest.mark.parametrize(
    "words",
    [
        "Context/Goal/What I did/Outcome",
        "Background/Obstacle/Activity/Impact",
        "Why/Target/Actions/How it turned out",
        "Situación/Tarea/Acción/Resultado",
        "Situação/Tarefa/Ação/Resultado",
        "Situation/Aufgabe/Vorgehen/Ergebnis",
        "Contexte/Tâche/Actions/Résultat",
        "Ситуация/Задача/Действия/Результат",
        "情境/任务/行动/结果",
        "状況/課題/行動/結果",
        "상황/과제/행동/결과",
    ],
)
def test_the_words_of_other_people_and_languages_are_known(words: str) -> None:
    told = zip(words.split("/"), TOLD.values(), strict=True)
    text = "".join(f"**{word}:** {said}\n\n" for word, said in told)
    assert parts(only(f"## Stone\n\n{text}")) == TOLD


def test_a_challenge_behind_a_situation_is_what_there_was_to_do() -> None:
    words = zip(("Background", "Challenge", "Activity", "Impact"), TOLD.values(), strict=True)
    story = only("## Stone\n\n" + "".join(f"**{word}**: {said}\n" for word, said in words))
    assert story.sections == ("situation", "task", "action", "result")
    assert parts(story) == TOLD


def test_a_joined_part_is_one_and_is_said_to_be_unsure() -> None:
    story = only("## Stone\n\n(ST) Late, and mine to do. (A) I did it. (R) 2 of 2 were done.\n")
    assert parts(story)["situation"] == "Late, and mine to do."
    assert [doubt for _, doubt in story.doubts] == ["one part for two: Situation / Task"]


def test_a_repeated_part_with_more_in_its_name_stays_two() -> None:
    story = only(
        "## Stone\n\n**Situation:** Late.\n\n**Task:** Mine.\n\n**Action** (Finding out):\n"
        "- I asked.\n\n**Action** (Mending):\n- I mended.\n\n---\n\nThey laughed.\n\n"
        "**Result:** 2 of 2.\n"
    )
    headings = re.findall(r"^## (.+)$", story.body, re.MULTILINE)
    assert headings == ["Situation", "Task", "Action (Finding out)", "Action (Mending)", "Result"]
    assert "They laughed." in parts(story)["action"]


# Borders

STAR = "".join(f"**{kind.capitalize()}:** {said}\n\n" for kind, said in TOLD.items())


@pytest.mark.parametrize(
    ("border", "title", "ident"),
    [
        ("## Story 3: The stone", "The stone", "the-stone"),
        ("## Story #3\n\n", "The mill had 3 stones", "the-mill-had-3-stones"),
        ("#### CO-1: The stone", "The stone", "co-1"),
        ("### [Theme] The stone", "The stone", "the-stone"),
        ("### Q4: Tell me about a time you mended a stone.", "Mended a stone", "mended-a-stone"),
        ("### 4. Describe a stone that broke? (Dive Deep)", "Stone that broke", "stone-that-broke"),
        ('**"Tell me about a time you mended a stone"**', "Mended a stone", "mended-a-stone"),
        ("<details><summary>The stone</summary>\n\n", "The stone", "the-stone"),
        ("- **The stone**\n", "The stone", "the-stone"),
        ("## 故事一：石头", "石头", "石头"),
        ("## История №1: Камень", "Камень", "камень"),
    ],
)
def test_a_story_begins_at_its_title(border: str, title: str, ident: str) -> None:
    found = imported(f"# Book\n\n{border}\n\n{STAR}\n{border}\n\n{STAR}").stories
    assert (len(found), found[0].title, found[0].ident) == (2, title, ident)


def test_rows_of_a_table_are_stories() -> None:
    row = " | ".join(TOLD.values())
    head = "| # | Story | Situation | Task | Action | Result | Company |\n|-|-|-|-|-|-|-|\n"
    (one, two) = imported(
        f"{head}| 1 | Stone | {row} | Mill |\n| 2 | Wheel | {row} | Mill |\n"
    ).stories
    assert (one.title, two.title, one.fields["company"]) == ("Stone", "Wheel", ["Mill"])
    assert parts(two) == TOLD


def test_a_row_whose_title_is_its_number_is_a_story() -> None:
    row = " | ".join(TOLD.values())
    head = "| # | Story | Situation | Task | Action | Result |\n|-|-|-|-|-|-|\n"
    assert parts(only(f"{head}| 1 | 1 | {row} |\n")) == TOLD


def test_levels_of_headings_may_skip_and_turn_round() -> None:
    text = (
        "### Project: Stone\n\n#### Situation\n\nLate.\n\n## Task\n\nMine.\n\n##### Action\n\n"
        "I did.\n\n"
        "###### A detail\n\nOf it.\n\n### Result\n\n2 of 2.\n\n### Project: Wheel\n\n" + STAR
    )
    one, two = imported(text).stories
    assert (one.title, two.title) == ("Stone", "Wheel")
    assert parts(one)["action"] == "I did. A detail Of it."


def test_a_theme_in_titles_is_the_category() -> None:
    text = "## Categories\n\n- Mending & Repair\n\n## Bank\n\n" + "".join(
        f"### Mending – {name}\n\n{STAR}" for name in ("Stone", "Wheel")
    )
    found = imported(text)
    assert [story.title for story in found.stories] == ["Stone", "Wheel"]
    assert found.stories[0].fields["categories"] == ["Mending & Repair"]
    assert found.categories == ["Mending & Repair"]


# What goes around


def test_what_stands_around_a_story_goes_to_its_front_matter() -> None:
    story = only(
        "# Book\n\n## Story 1: Stone\n\n### Category: Mending, Trade\n\nTags: #late #rain\n"
        "**Maps to:** Are Right, A Lot, Courage\n**Company:** [[Old Mill]]\n**Level:** Miller\n"
        f'**Question variants:** "Why mend?"; "Why not?"\n**Talking time:** 2 minutes\n\n{STAR}'
    )
    assert story.fields["categories"] == ["Mending", "Trade", "Courage"]
    assert story.fields["principles"] == ["Are Right, A Lot"]
    assert story.fields["tags"] == ["late", "rain"]
    assert story.fields["company"] == ["Old Mill"]
    assert story.also == ["Why mend?", "Why not?"]
    assert "Talking time" in story.body


def test_a_name_with_a_comma_stays_whole_in_quotes() -> None:
    maps = """Maps to: Amazon's "Have Backbone; Disagree and Commit", "Are Right, A Lot"\n\n"""
    fields = only(f"## Stone\n\n{maps}{STAR}").fields
    assert fields["principles"] == ["Have Backbone; Disagree and Commit", "Are Right, A Lot"]


def test_a_heading_that_asks_without_a_story_keeps_the_name_in_brackets() -> None:
    text = (
        "## Questions\n\n### Why?\n\n### [Ownership] Tell me about a stone you broke?\n\nA note.\n"
    )
    asked = imported(text).questions[-1]
    assert (asked.question, asked.principles) == (
        "Tell me about a stone you broke?",
        ["Ownership"],
    )


def test_a_question_mark_alone_is_no_question() -> None:
    assert imported(f"?\n\n{STAR}").questions == []


def test_the_heading_above_names_a_principle_or_a_category_and_a_level() -> None:
    above = "# Guide\n\n## 9 L6-specific stories\n\n### Ownership (2 Examples)\n\n"
    story = only(f"{above}#### The stone\n\n{STAR}")
    assert story.fields["principles"] == ["Ownership"]
    assert story.fields["level"] == ["L6"]


def test_a_blank_makes_a_draft() -> None:
    story = only(
        f"## Story 1: Stone\n\n{STAR.replace('I borrowed', '[Fill in: what?] I borrowed')}"
    )
    assert "\nstatus: draft\n" in story.to_markdown()
    assert not story.is_complete


def test_a_story_is_ready_only_if_the_document_says_so_and_it_is_complete() -> None:
    told = f"## Story 1: Stone\n\n{STAR}"
    assert "\nstatus: draft\n" in only(told).to_markdown()
    assert "\nstatus: ready\n" in only(f"---\nstatus: ready\n---\n{told}").to_markdown()
    half = told.partition("**Result:**")[0]
    assert "\nstatus: draft\n" in only(f"---\nstatus: ready\n---\n{half}").to_markdown()


@pytest.mark.parametrize(
    "text",
    [
        "## The STAR method\n\n- **Situation**: Set the scene.\n- **Task**: What was your part?\n"
        "- **Action**: Describe your steps.\n- **Result**: Share what changed.\n",
        "## Template\n\n```\n**Situation:**\n**Task:**\n**Action:**\n**Result:**\n```\n",
        "## Story [Title]\n\n**Situation:** [...]\n\n**Task:** [...]\n\n**Action:** [...]\n\n"
        "**Result:** [...]\n",
        "## Scores\n\n| Part | Poor | Good |\n|---|---|---|\n| Situation | Long | Short |\n"
        "| Task | None | Mine |\n| Action | We | I |\n| Result | None | A number |\n",
        "## Notes\n\n**S:** small things\n\n**T:** two of them\n",
    ],
    ids=["method", "template", "blanks", "rubric", "two letters"],
)
def test_what_explains_or_is_empty_is_a_guide_and_no_story(text: str) -> None:
    found = imported(f"# Book\n\n{text}")
    assert found.stories == []
    assert found.guides


def test_notes_in_a_page_without_markup_become_ours() -> None:
    text = "\n".join(
        'Repairs - How to mend a cracked stone - A walkthrough|S|It was March.|"was" "March"'
        "|💡 Coaching||Be brief.||⏱ Target: 20s|T|It was mine.||A|I lent one.||R|We ground 40."
        "||💭|👤|L5 Reflection|I ask sooner now.||Why you?|Probes: courage"
        '|❌ Weak||"No reason."||It says nothing.||'
        '✅ Strong||"I knew the owner."||"Know people."||Weak Answer|We did something.'.split("|")
    )
    story = only(text)
    assert story.title == "How to mend a cracked stone"
    for said in (
        "> [!PHRASES]\n> \"was\", \"March\"", "> [!COACHING]\n> Be brief.", "## Task (20s)",
        "### Why you?\n\n**Probes:** courage", "**Why it fails:** It says nothing.",
        "**Key line:** \"Know people.\"", "## Weak Answer",
        "**L5 Reflection:** I ask sooner now.",
    ):  # fmt: skip
        assert said in story.body


def test_question_and_answer_by_their_letters() -> None:
    told = " ".join(f"({kind[0].upper()}) {said}" for kind, said in TOLD.items())
    text = (
        f"Notes\n\nQ: Tell me about a time you failed.\nA: A word. {told}\n\n"
        f"Q: Tell me about a conflict.\nA: {told}\n\nQuestions for them\n- What is new?\n"
    )
    found = imported(text)
    assert [story.title for story in found.stories] == [
        "Tell me about a time you failed",
        "Tell me about a conflict",
    ]
    assert [parts(story)["result"] for story in found.stories] == [TOLD["result"]] * 2
    assert [asked.question for asked in found.questions] == [
        "Tell me about a time you failed.",
        "Tell me about a conflict.",
    ]
    assert [audience["audience"] for audience in found.audiences] == ["Questions for them"]


@pytest.mark.parametrize(
    "text",
    [
        "**Situation:** A.\n**Background:** B.\n**Assessment:** C.\n**Recommendation:** D.\n",
        "- **S:** one day\n- **M:** a week\n- **L:** a month\n",
        "- **S:** single\n- **O:** open\n- **L:** whole\n- **I:** parted\n- **D:** turned\n",
    ],
    ids=["a handover", "sizes", "principles of code"],
)
def test_letters_and_words_of_something_else_are_no_story(text: str) -> None:
    assert imported(f"# Notes\n\n{text}").stories == []


# Questions


def test_questions_name_their_stories_notes_companies_and_levels() -> None:
    text = (
        f"# Book\n\n## Story 1: Stone\n\n{STAR}## Story 2: Wheel\n\n{STAR}"
        "## Common Northwind Interview Questions\n\n"
        '1. **"Tell me about mending"** `Senior`\n   - Use: Story 1 (old one) or Story 2 - be brief\n'  # noqa: E501
        "1. How do you rest?\n   - Not a story: say that I sleep.\n"
        '- "Why millers?" → Story 2\n'
    )
    mending, rest, why = imported(text).questions
    assert (mending.question, mending.companies, mending.levels) == (
        "Tell me about mending", ["Northwind"], ["Senior"],
    )  # fmt: skip
    assert mending.stories == [
        {"story": "stone", "note": "old one"},
        {"story": "wheel", "note": "be brief"},
    ]
    assert rest.notes == "- Not a story: say that I sleep."
    assert (why.question, why.stories) == ("Why millers?", ["wheel"])


def test_a_table_maps_questions_to_stories_by_number() -> None:
    text = (
        f"## Story 1: Stone\n\n{STAR}## Story 2: Wheel\n\n{STAR}## Which question, which story\n\n"
        "| Question | Story | Level |\n|---|---|---|\n| Tell me about rain | #2, #1 | `L4` |\n"
    )
    (asked,) = imported(text).questions
    assert (asked.stories, asked.levels) == (["wheel", "stone"], ["L4"])


def test_the_notes_of_a_question_that_stands_twice_are_written_once() -> None:
    text = "## Questions\n\n- Why?\n  - One\n- Who?\n- Why?\n  - Two\n"
    (written,) = (
        text for path, text in output.render_files(imported(text)).items() if "questions" in path
    )
    assert (written.count("One"), written.count("Two")) == (1, 1)


def test_a_question_that_is_a_title_belongs_to_its_story() -> None:
    found = imported(f"## Repairs\n\n### Q1: Tell me about a time you mended a stone.\n\n{STAR}")
    (asked,) = found.questions
    assert asked.question == "Tell me about a time you mended a stone."
    assert (asked.stories, asked.categories) == (["mended-a-stone"], ["Repairs"])


def test_questions_to_ask_stand_by_audience_and_topic() -> None:
    text = (
        "# Book\n\n## Questions to ask the interviewer\n\nPick two.\n\n### For the miller\n\n"
        '1. **Team**:\n   - "Who mends?"\n   - "Who rests?"\n\n### For anyone\n\n- What is new?\n\n'
        "### Questions to avoid\n\n- Anything on pay\n"
    )
    found = imported(text)
    assert found.audiences == [
        {
            "audience": "miller",
            "topics": [{"topic": "Team", "questions": ["Who mends?", "Who rests?"]}],
        },
        {"audience": "anyone", "topics": [{"topic": "anyone", "questions": ["What is new?"]}]},
    ]
    assert "Anything on pay" in "".join(found.guides.values())


# The command


@pytest.fixture
def bring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """`build.py import`, of documents with these texts, into `book/`."""
    monkeypatch.chdir(tmp_path)

    def run(documents: Mapping[str, str | bytes], *more: str) -> int:
        for name, text in documents.items():
            data = text if isinstance(text, bytes) else text.encode()
            Path(name).write_bytes(data)
        return cli.main(["import", *documents, "--into", "book", *more])

    return run


BOOK = (
    f"# My mill\n\nA word before.\n\n## Repairs\n\n### Story 1: Stone\n\n{STAR}\n## Questions\n\n"
    "- Tell me about rain. → Story 1\n\n[the list](#questions), [a file](gone.md), ![x](https://a.b/c.png)\n"
)


@pytest.mark.slow
def test_import_then_build_gives_a_handbook_at_once(bring, capsys: Said) -> None:
    assert bring({"mill.md": BOOK}) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[:3] == [
        "Content: book",
        "mill: 1 story, 1 question, 0 questions to ask, 2 guides",
        "  Reading: stories begin at headings of level 3 (--split heading3)",
    ]
    assert said[-2:] == ["Wrote 6 files to book.", "Look them over, then run `python3 build.py`."]
    assert pipeline.load(Path("book"))[1] == ()
    assert not pipeline.build(Path("book"), LAYOUTS, Path("site")).failed


@pytest.mark.slow
@pytest.mark.parametrize("name", ["Con", "Aux", "Nul", "COM1", "Index"])
def test_a_name_that_no_page_and_no_file_of_windows_can_have_gets_a_number(bring, name) -> None:
    told = "\n\n".join(f"**{part.title()}:** {words}" for part, words in TOLD.items())
    document = f"# Stories\n\n## {name}\n\n{told}\n\n## The mill\n\n{told}\n\n# Questions\n\n"
    assert bring({f"{name}.md": f"{document}- {name}?\n- Why?\n"}) == 0

    folder = Path("book")
    stems = {path.stem.lower() for path in folder.rglob("*.*")}
    assert f"{name.lower()}-2" in stems
    assert name.lower() not in stems
    assert not [problem for problem in pipeline.check(folder, LAYOUTS) if problem.is_error]


def test_importing_twice_adds_nothing(bring, capsys: Said) -> None:
    bring({"mill.md": BOOK})
    before = {path: path.read_bytes() for path in Path("book").rglob("*.*")}
    capsys.readouterr()
    assert bring({"mill.md": BOOK}) == 0
    assert capsys.readouterr().out.endswith("\nNo changes: 6 files exist.\n")
    assert {path: path.read_bytes() for path in Path("book").rglob("*.*")} == before


def test_a_file_that_is_there_stays_and_gets_company_only_on_request(bring, capsys: Said) -> None:
    mine = Path("book/stories/stone.md")
    mine.parent.mkdir(parents=True)
    mine.write_text("mine", encoding="utf-8")
    assert bring({"mill.md": BOOK}) == 1
    assert capsys.readouterr().out.endswith(
        f"{mine} is there already and differs; it stays as it is\n"
        "`--rename` writes those under another name.\n"
    )
    assert bring({"mill.md": BOOK}, "--rename") == 0
    assert mine.read_text(encoding="utf-8") == "mine"
    assert "title: Stone" in Path("book/stories/stone-2.md").read_text(encoding="utf-8")


def test_a_dry_run_writes_nothing(bring, capsys: Said) -> None:
    assert bring({"mill.md": BOOK}, "--dry-run") == 0
    assert capsys.readouterr().out.endswith("\nWould write 6 files to book.\n")
    assert not Path("book").exists()


def test_several_documents_make_one_handbook(bring) -> None:
    other = BOOK.replace("# My mill", "# Other").replace("→ Story 1", "→ Story 1")
    assert bring({"mill.md": BOOK, "other.md": other}) == 0
    book, problems = pipeline.load(Path("book"))
    assert [(problem.path, problem.rule) for problem in problems] == [
        ("book/stories/stone.md", "same-title")
    ]
    assert {story.id for story in book.stories} == {"stone", "stone-2"}
    (asked,) = book.questions
    assert [choice.story.to for choice in asked.stories] == ["stone", "stone-2"]
    assert [topic.name for topic in book.categories] == ["Repairs"]


def test_a_story_that_takes_a_new_name_does_not_hide_another(bring) -> None:
    second = f"## Repairs\n\n### Stone 2\n\n{STAR}\n## Questions"
    other = BOOK.replace("# My mill", "# Other").replace("## Questions", second)
    assert bring({"mill.md": BOOK, "other.md": other}) == 0
    ids = {path.stem for path in Path("book/stories").iterdir()}
    assert ids == {"stone", "stone-2", "stone-2-2"}


UNREADABLE = {
    "a picture": (
        "a.md", b"\x89PNG\r\n\x1a\n\0\0\0\0",
        "a.md is a picture; type the words that you want from it into a .md file",
    ),
    "a binary": ("a.md", b"\x01\0\0\0\0", "a.md is no text; save it as markdown"),
    "nothing": ("a.md", b" \n", "a.md is empty; name a document with stories or questions"),
    "asciidoc": (
        "a.adoc", b"= Book",
        "a.adoc is AsciiDoc; save it as markdown, or as HTML with `asciidoctor`",
    ),
    "asciidoc too": (
        "a.md", b"= Book\n\n== Part\n",
        "a.md is AsciiDoc; save it as markdown, or as HTML with `asciidoctor`",
    ),
    "20 MB": (
        "a.md", b"x" * 20_000_000,
        "a.md: error: is 20,000,000 bytes, over 5,000,000; "
        "split it, or move data elsewhere [too-large]",
    ),
    "Latin-1": (
        "a.md", b"\xe9",
        "a.md:1: error: is not UTF-8 (byte 0xe9 at offset 0); save it as UTF-8 [encoding]",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data", "message"), UNREADABLE.values(), ids=list(UNREADABLE))
def test_a_document_of_which_nothing_can_be_made_is_one_line(
    name: str, data: bytes, message: str, bring, capsys: Said
) -> None:
    assert bring({name: data}) == 1
    assert capsys.readouterr().err == f"Nothing was written: {message}.\n"
    assert not Path("book").exists()


def test_a_document_that_is_not_there_is_one_line(bring, capsys: Said) -> None:
    assert cli.main(["import", "gone.md", "--into", "book"]) == 1
    assert capsys.readouterr().err.startswith(
        "Nothing was written: gone.md: error: cannot be read (No such"
    )


# Any text at all

PIECES = [
    *("# A", "## Story 1: B", "### Q1: Why?", "#### CO-1: C", "**Situation:** I was 1.", "- S: x"),
    *("**Task**: mine", "Action: I did", "(R) done", "S", "T", "A", "R", "```", "| a | b |"),
    *("|---|---|", "| Situation | x |", "1. Tell me about it", "   - Use: Story 1", "---", ""),
    *("## Questions to ask", "<details><summary>x</summary>", "</details>", "[x](#y)"),
    *("![x](y.png)", "[[a|b]]", "> q", "&amp;", "[Fill in: z]", "Tags: #a", "### Category: A, B"),
    *("[a]: b", "<!-- c -->", "💡 Coaching", "(S) a (T) b (A) c (R) d", "Weak", "Probes: x"),
]  # fmt: skip


@pytest.mark.slow
@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(pieces=st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=30))
@example(pieces=["## Questions to ask", "\r0", "# A", "0\r0"])  # a carriage return in a line
def test_no_document_stops_the_import_and_what_is_written_checks_clean(
    pieces: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = "\n".join(pieces).encode("utf-8", "replace").decode().replace("\0", "")
    assume(not comments.hide(text).unclosed)  # the command refuses it
    found = imported(text)
    folder = tmp_path_factory.mktemp("any")
    for path, written in output.render_files(found).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(written, encoding="utf-8")
    _, problems = pipeline.load(folder)
    errors = [str(p) for p in problems if p.severity == "error" and p.rule != "no-content"]
    assert errors == []


def test_a_section_named_like_the_document_is_not_lost() -> None:
    found = imported(f"# Mill\n\nFirst.\n\n## Mill\n\nSecond.\n\n## Stone\n\n{STAR}")
    assert (found.guides["Mill"], found.missing_words) == ("First.\n\nSecond.", ())


def test_nothing_is_made_up() -> None:
    wrote = " ".join(output.render_files(imported(BOOK)).values())
    ours = (
        "title categories status draft name question stories contents situation task action result"
    )
    assert set(normalize_words(wrote)) - set(normalize_words(BOOK)) <= set(normalize_words(ours))


# The documents that this was made for

EXPECTED = {"000": (5, 0), "001": (8, 20), "002": (50, 0), "003": (1, 0), "004": (25, 25)}


@pytest.mark.slow
@pytest.mark.parametrize("seed", EXPECTED)
def test_a_real_document_imports_fully(seed: str) -> None:
    path = next(iter(SEEDS.glob(f"{seed}*")), None) if SEEDS.is_dir() else None
    if path is None:
        pytest.skip("the documents are not beside this checkout")
    begun = time.perf_counter()
    found = imported(path.read_text(encoding="utf-8"), path.stem)
    seconds = time.perf_counter() - begun
    files = output.render_files(found)
    found.places = tuple(found.account.places(found.document, {}))
    missing = output.find_missing_words(found.document, found, files)
    print(json.dumps({"seed": seed, "missing": missing, "seconds": round(seconds, 2)}))
    assert (len(found.stories), len(found.questions)) == EXPECTED[seed]
    assert found.account.unplaced(found.document) == []
    star = {str(kind) for kind in (Kind.SITUATION, Kind.TASK, Kind.ACTION, Kind.RESULT)}
    assert [story.title for story in found.stories if not star <= set(story.sections)] == []


# Comments and folds

HIDDEN = [
    ("**Task:**", "<!-- whose mill? -->\n\n**Task:**"),
    ("**Task:**", "<!-- whose\nmill? -->\n**Task:**"),
    ("**Task:**", "%% whose mill? %%\n\n**Task:**"),
    ("had 3 stones", "had <!-- whose mill? --> 3 stones"),
    ("## The mill", "## The mill %%whose mill?%%"),
    ("**Result:** We", "<!-- whose mill? --> **Result:** We"),
    ("## The mill", "<!-- **Situation:** whose mill? -->\n\n## The mill"),
]
NOTES = "# Stories\n\n## The mill\n\n" + "\n".join(
    f"**{word.capitalize()}:** {said}" for word, said in TOLD.items()
)


@pytest.mark.parametrize(("place", "with_comment"), HIDDEN)
def test_a_comment_stays_one_and_the_story_stays_the_same(place: str, with_comment: str) -> None:
    result = imported(NOTES.replace(place, with_comment))
    (story,) = result.stories
    assert (story.title, parts(story), story.doubts) == ("The mill", TOLD, [])
    assert "whose" not in comments.hide(story.body).text
    texts = [story.body, *result.guides.values()]
    comment = re.search(r"<!--(?s:.*)-->|%%.*%%", with_comment)
    assert comment
    assert sum(text.count(comment[0]) for text in texts) == 1
    line = NOTES.replace(place, with_comment).partition(comment[0])[0].count("\n") + 1
    assert (result.comments, result.missing_words) == ([line], ())


def test_comments_of_lists_are_notes_or_go_into_a_guide() -> None:
    text = (
        "# Questions to practise\n\n1. What broke last year?\n   <!-- ask Kim -->\n"
        "2. What did you mend? %% or not %%\n\n## Questions to ask\n\n- **Rota**\n"
        "  - Who calls at night?\n    <!-- not the boss -->\n"
    )
    result = imported(f"{text}\n{NOTES}\n")
    files = output.render_files(result)
    asked = [entry.question for entry in result.questions]
    assert asked == ["What broke last year?", "What did you mend?"]
    whole = "\n".join(files.values())
    for comment in ("<!-- ask Kim -->", "%% or not %%", "<!-- not the boss -->"):
        assert whole.count(comment) == 1
    assert "Kim" not in str(result.audiences) + str(asked)
    assert result.comments == [4, 5, 11]


def test_a_comment_in_code_or_front_matter_is_kept_too() -> None:
    result = imported(f"---\nby: me <!-- not Kim -->\n---\n\n`<!-- code -->`\n\n{NOTES}\n")
    (guide,) = result.guides.values()
    assert guide == "```yaml\nby: me\n```\n\n`<!-- code -->`\n\n<!-- not Kim -->"
    assert result.comments == [2]


def test_the_report_names_comments(tmp_path: Path, capsys: Said) -> None:
    document = tmp_path / "notes.md"
    document.write_text(f"{NOTES}\n\n<!-- xylograph -->\n\n%% xylograph %%\n", encoding="utf-8")
    assert cli.main(["import", str(document), "--into", str(tmp_path / "book")]) == 0
    said = capsys.readouterr().out
    assert "  2 comments stay comments: line 10, 12\n" in said
    assert "xylograph" not in said


def test_a_document_with_an_open_comment_is_refused(tmp_path: Path, capsys: Said) -> None:
    document = tmp_path / "notes.md"
    document.write_text(f"{NOTES}\n\n<!-- the rest\n", encoding="utf-8")
    assert cli.main(["import", str(document), "--into", str(tmp_path / "book")]) == 1
    assert capsys.readouterr().err.endswith(
        "notes.md:10 opens a comment with `<!--` that is never closed; close it, or write `\\<!--` "
        "for the sign itself.\n"
    )
    assert not (tmp_path / "book").exists()


def test_a_fold_below_a_story_is_a_section_of_its_own() -> None:
    fold = "<details>\n<summary>{}</summary>\n\nBecause it was near.\n\n</details>\n"
    story = only(
        f"{NOTES}\n\n{fold.format('Why that village?')}\n{fold.format('Follow up: the price')}\n"
        f"{fold.format('What the miller said')}"
    )
    assert parts(story)["result"] == TOLD["result"]
    assert story.body.partition("40 sacks in 2 days.\n\n")[2] == (
        "## What the miller said\n\nBecause it was near.\n\n## Follow-ups\n\n"
        "### Why that village?\n\nBecause it was near.\n\n"
        "### Follow up: the price\n\nBecause it was near."
    )


def test_a_story_in_a_fold_keeps_its_parts() -> None:
    folded = "\n\n".join(f"**{word.capitalize()}:** {said}" for word, said in TOLD.items())
    story = only(f"<details><summary>The mill</summary>\n\n{folded}\n\n</details>\n")
    assert (story.title, parts(story)) == ("The mill", TOLD)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[*HealthCheck])
@given(data=st.data())
def test_a_comment_anywhere_in_a_document_is_written_once_and_stays_hidden(
    data: st.DataObject,
) -> None:
    lists = (
        "\n\n## Questions to ask\n\n- Who calls?\n\n| Question | Notes |\n|---|---|\n| Why? | x |\n"
    )
    text = NOTES + lists
    places = st.lists(st.integers(0, len(text)), min_size=1, max_size=4, unique=True)
    chosen = sorted(data.draw(places), reverse=True)
    for number, place in enumerate(chosen):
        form = data.draw(st.sampled_from(["<!-- {} -->", "%%{}%%", "<!--\n## {}\n-->"]))
        text = text[:place] + form.format(f"xylograph{number}") + text[place:]
    result = imported(text)
    files = output.render_files(result)
    assert len(result.comments) == len(chosen)
    for number in range(len(chosen)):
        word = f"xylograph{number}"
        assert sum(written.count(word) for written in files.values()) == 1
    for path, written in files.items():
        assert "xylograph" not in comments.hide(written).text, path


@pytest.mark.parametrize(
    ("label", "heading", "seconds"),
    [
        ("Situation (35 seconds)", "Situation", 35),
        ("Situation (1 minute 45 seconds)", "Situation", 105),
        ("Step 1: Situation (20 s)", "Situation", 20),
        ("Ausgangslage (90 Sekunden)", "Ausgangslage", 90),
    ],
)
def test_a_time_in_a_heading_keeps_its_digits(label: str, heading: str, seconds: int) -> None:
    story = only(f"## The mill\n\n### {label}\n\nFlour ran out.\n\n{BELOW}")
    first = sections.parse(story.body, 1, story.title, load())[1][0]
    assert (first.heading, first.seconds) == (heading, seconds)


BELOW = "### Task\n\nI had to get more.\n\n### Action\n\nI rowed.\n\n### Result\n\n40 sacks came.\n"


@pytest.mark.parametrize("number", ["3.", "3 /", "3.1", "③", "#3"])
def test_the_number_of_a_title_is_no_part_of_it(number: str) -> None:
    text = f"# Bank\n\n## {number} The stone\n\n{STAR}## {number} The wheel\n\n{STAR}"
    assert [story.title for story in imported(text).stories] == ["The stone", "The wheel"]


def test_a_decimal_in_a_title_is_no_number_of_it() -> None:
    assert only(f"# Bank\n\n## 3.5 hours without a stone\n\n{STAR}").title == (
        "3.5 hours without a stone"
    )


def test_short_labels_with_a_point_are_parts() -> None:
    text = STAR.replace("Situation:", "Sit.").replace("Task:", "Tsk.")
    text = text.replace("Action:", "Act.").replace("Result:", "Res.")
    assert parts(only(f"## The stone\n\n{text}")) == TOLD


def test_text_between_questions_is_the_answer_to_the_one_above() -> None:
    found = imported("1. Why us?\n\nI like mills.\n\n2. Why now?\nAns: The harvest is in.\n")
    assert [(one.question, one.notes) for one in found.questions] == [
        ("Why us?", "I like mills."),
        ("Why now?", "Ans: The harvest is in."),
    ]


def test_a_label_above_a_list_of_its_own_is_no_blank() -> None:
    steps = "1. **Looked:**\n\n   - at the crack\n\n2. **Asked:**\n\n   - the smith"
    story = only(f"## The stone\n\n{STAR.replace(TOLD['action'], steps)}")
    assert "[Fill in" not in story.body
    assert story.is_complete


# Prepared answers


@pytest.mark.parametrize(
    ("below", "is_answer"),
    [
        ("I have learned there what I came to learn. What I want is a team.", True),
        ("Six good years. I leave them with thanks.\n\nMy next post is at sea.", True),
        ("Say that I ring first.", False),
        ("Tell them what you go towards, and what I told you.", False),
        ("- I go first\n- I ring", False),
        ("Thirty seconds, and one sentence of thanks.", False),
    ],
)
def test_prose_of_the_candidate_below_a_question_is_its_answer(below, is_answer) -> None:
    asked = f"# Interview questions\n\n## Why are you leaving your job?\n\n{below}\n"
    (entry,) = (question.to_mapping() for question in imported(asked).questions)
    key = "answer" if is_answer else "notes"
    assert {"question", key} <= set(entry)
    assert str(entry[key]).split() == below.split()
    assert entry.get("needs") == ("answer" if is_answer else None)
