"""Every line of a document has a destination: no word is lost, and none is written twice."""

import re
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from starbook.importer import output, plan
from starbook.importer.document import parse_document
from starbook.importer.stories import Known
from starbook.text.vocabulary import load


def written(text: str) -> dict[str, str]:
    return output.render_files(plan.import_document(parse_document("notes", text, load()), Known()))


def lost(text: str, *words: str) -> list[str]:
    found = "\n".join(written(text).values())
    return [word for word in words if found.count(word) != 1]


STORY = """## {title}

**Situation:** The barge leaked.

**Task:** I had to keep it afloat.

**Action:** I pumped for 3 nights.

**Result:** 40 of 40 crates stayed dry.
"""


@pytest.mark.parametrize("rule", ["---", "===", "- - -", "-", "***"])
@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("R: The crates were dry\nby the otter's lunch.\n{rule}\n", ["otter"]),
        ("One plain heron line\nand a second one with a stoat\n{rule}\n", ["heron", "stoat"]),
        ("- an item of a newt\n  that goes on with a vole\n  {rule}\n", ["newt", "vole"]),
        ("> quoted by a lynx\n> and a marten\n> {rule}\n", ["lynx", "marten"]),
        ("Der Dachs kam spät\nund der Fischotter auch\n{rule}\n", ["Dachs", "Fischotter"]),
    ],
)
def test_lines_above_a_rule_are_kept(rule: str, form: str, words: list[str]) -> None:
    text = f"# Bank\n\n{STORY.format(title='The barge')}\n{form.format(rule=rule)}"
    assert lost(text, *words) == []


def test_four_letters_above_a_rule_are_the_parts_of_a_story() -> None:
    files = written(
        "# Bank\n\n## Barge\n\nS: It leaked.\nT: Keep it.\nA: I pumped.\nR: Dry.\n---\n"
    )
    assert files["stories/barge.md"].partition("---\n\n")[2] == (
        "## Situation\n\nIt leaked.\n\n## Task\n\nKeep it.\n\n"
        "## Action\n\nI pumped.\n\n## Result\n\nDry.\n"
    )


@pytest.mark.parametrize(
    ("below", "about"),
    [
        ("  - when a boss shouts\n", "when a boss shouts"),
        ("  - at sea\n  - in port\n", "at sea; in port"),
        ("\n  Asked by most.\n", "Asked by most."),
        ("  and the like\n\n  More of it.\n", "and the like More of it."),
        ("    1. zuerst\n    2. danach\n", "zuerst; danach"),
    ],
)
def test_lines_below_a_category_are_about_it(below: str, about: str) -> None:
    text = (
        f"# Bank\n\n## Categories\n\n- Storms\n{below}- Calm\n\n{STORY.format(title='The barge')}"
    )
    assert (
        written(text)["categories/notes.yml"] == f"- name: Storms\n  about: {about}\n- name: Calm\n"
    )


def test_a_list_of_categories_with_a_table_below_one_stays_as_it_is() -> None:
    table = "  | otter | stoat |\n  |---|---|\n  | newt | vole |\n"
    text = f"# Bank\n\n## Categories\n\n- Storms\n\n{table}\n{STORY.format(title='The barge')}"
    assert lost(text, "otter", "stoat", "newt", "vole") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # more cells than the head has names
        ("| Title | S | T | A | R |\n|-|-|-|-|-|\n| Barge | a | b | c | d | otter | stoat |\n",
         ["otter", "stoat"]),
        ("| Situation | a |\n|-|-|\n| Task | b | otter |\n| Action | c |\n| Result | d |\n",
         ["otter"]),
        # a cell that is equal to the number of its row, and a number that is none
        ("| # | Title | S | T | A | R |\n|-|-|-|-|-|-|\n| otter-7 | Barge | a | b | c | d |\n",
         ["otter"]),
        # a row without a question, and a second table of another form
        ("{story}\n## Questions\n\n| Question | Story |\n|-|-|\n| Why? | 1 |\n| | otter |\n",
         ["otter"]),
        ("{story}\n## Questions\n\n| Question | x |\n|-|-|\n| Why? | otter |\n\n"
         "| a |\n|-|\n| stoat |\n", ["otter", "stoat"]),
        ("{story}\n## Questions\n\n| Question | Story |\n|-|-|\n| Why? | 1 | otter |\n",
         ["otter"]),
        # a fence that is never closed
        ("## Barge\n\n```\nS: a\nT: b\nA: c\nR: otter\n", ["otter"]),
        # values with more in them than the field takes
        ("{story}\nTags: #boats and the otter\n", ["otter"]),
        ("{story}\nStatus: otter is still missing\n", ["otter"]),
        ("{story}\nQuestions: for the otter, \"Why?\"\n", ["otter"]),
        # the title of a link or picture
        ("{story}\n[x](barge.md \"otter\") ![y](stoat.png \"newt\") [z](https://a.b \"vole\")\n",
         ["otter", "stoat", "newt", "vole"]),
        # nothing but a list of questions below the heading of the document
        ("# The otter bank\n\n## Questions\n\n- Why?\n- How?\n", ["otter"]),
        # a title of several pieces
        ("# Bank\n\n{story}\n" + STORY.format(title="Otter - The long stoat tale - Newt"),
         ["Otter", "Newt"]),
        # a time that stands below the last part
        ("{story}\nTarget: 30s\n\nAnd the otter.\n", ["30s", "otter"]),
    ],
)  # fmt: skip
def test_no_word_of_a_line_is_dropped(text: str, words: list[str]) -> None:
    assert lost(text.replace("{story}", STORY.format(title="The barge")), *words) == []


# Blocks of markdown: `{b}` is a word of the text, `{h}` one of a name, which may stand twice.
FORMS = """\
{b} {b} {b}.
%
{b} {b}
{b} {b}
---
%
{b} {b}
{b}
===
%
- {b} {b}
  - {b}
- {b}
%
1. {b}
   {b}
%
> {b}
> {b}
%
```
{b}
{b}
```
%
{b}
    {b}
%
## {h} {h}
%
### {h}
%
# {h}
%
**{h} {h}**
%
{h} {h}
---
%
## Questions
%
- Why {h}?
- Tell me about a time when {h} {h}
  {b}
%
- "{h} {h}?" {b}
%
## Categories
%
- {h}
  - {b}
- {h} {h}
%
## Questions to ask the interviewer
%
- What {h} {h}?
%
## {h} {h}

**Situation:** {b}

**Task:** {b}

**Action:** I {b} 3.

**Result:** {b} {b}
%
## {h}

S: {b}
T: {b}
A: I {b} 2
R: {b}.
---
%
## {h}

- **Situation**: {b}
- **Task**: {b}
- **Action**: I {b} 2
  - {b}
- **Result**: {b}
%
(S) {b} (T) {b} (A) I {b} 3 (R) {b}
%
| {h} | {h} |
|---|---|
| {b} | {b} |
| {b} | {b} | {b} |
%
| Title | Situation | Task | Action | Result |
|-|-|-|-|-|
| {h} | {b} | {b} | I {b} 3 | {b} | {b} |
%
| # | Question | Story |
|-|-|-|
| 1 | Why {h}? | {b} |
%
[{b}](x.md "{b}") ![{b}](y.png)
%
<b>{b}</b> <a href="z">{b}</a><br>{b}
%
<details><summary>{h}</summary>

{b}

</details>
%
{b}\\
{b}
%
***
%
* * *
%
Tags: #{h} {h}
%
Category: {h}, {h}
%
{h}:

- {b}
- {b}
%
* {b}

  {b}

      {b}
%
[[{b}|{b}]]
"""


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(forms=st.lists(st.sampled_from(FORMS.split("\n%\n")), min_size=1, max_size=9))
def test_no_word_of_any_document_is_lost_or_doubled(forms: list[str]) -> None:
    numbers = count(100)
    text = "\n\n".join(forms)
    text = re.sub(r"\{(\w)\}", lambda mark: f"{mark[1]}zq{next(numbers)}", text)
    text += f"\n\n# Bank\n\n{STORY.format(title='The barge')}"
    files = written(text)
    found = re.findall(r"[bh]zq\d+", "\n".join(files.values()))
    # Decks have ids, which are made of the words of a title.
    told = "\n".join(text for path, text in files.items() if not path.startswith("decks/"))
    # A title may be the first words of the story, and lists name stories by their ids.
    told = re.sub(r"(?m)^title: .*$|^ *- (?:story: )?[\w-]+$", "", told)
    wanted = re.findall(r"[bh]zq\d+", text)
    assert [word for word in wanted if word not in found] == []
    assert [w for w in wanted if w[0] == "b" and told.count(w) > 1] == []
