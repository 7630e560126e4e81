"""Sections of a story, in the many ways in which people write them."""

import pytest
from conftest import story
from hypothesis import given
from hypothesis import strategies as st

from starbook.build import pipeline
from starbook.content import headings, sections
from starbook.model import STAR, Kind
from starbook.text.vocabulary import load

PLAIN = "## Situation\n\nS.\n\n## Task\n\nT.\n\n## Action\n\nA.\n\n## Result\n\nR.\n"


def parts(text: str, title: str = "A story") -> list[tuple[str, str, str]]:
    """Return the kind, heading and text of each section."""
    _, found = sections.parse(text, 1, title, load())
    return [(str(part.kind), part.heading, part.body.text.strip()) for part in found]


def only(text: str):
    """Return the only section of a text."""
    _, (section,) = sections.parse(text, 1, "A story", load())
    return section


def items(text: str) -> list[tuple[str, str, dict[str, str]]]:
    """Return the title, lead text and fields of each entry of the only section of a text."""
    return [
        (
            item.title.text,
            item.body.text.strip(),
            {field.name: field.body.text.strip() for field in item.fields},
        )
        for item in only(text).items
    ]


# Headings


@pytest.mark.parametrize(
    ("heading", "kind", "words", "seconds"),
    [
        ("Situation", Kind.SITUATION, "Situation", None),
        ("THE SITUATION", Kind.SITUATION, "THE SITUATION", None),
        ("Context", Kind.SITUATION, "Context", None),
        ("Background:", Kind.SITUATION, "Background", None),
        ("Situation / Context", Kind.SITUATION, "Situation / Context", None),
        ("Challenge", Kind.SITUATION, "Challenge", None),
        ("My role", Kind.TASK, "My role", None),
        ("Goal", Kind.TASK, "Goal", None),
        ("What I did", Kind.ACTION, "What I did", None),
        ("Actions  I took", Kind.ACTION, "Actions I took", None),
        ("Outcome", Kind.RESULT, "Outcome", None),
        ("Results & Impact", Kind.RESULT, "Results & Impact", None),
        ("Impact", Kind.RESULT, "Impact", None),
        ("Key Learnings", Kind.REFLECTION, "Key Learnings", None),
        ("Key Takeaway", Kind.REFLECTION, "Key Takeaway", None),
        ("What I’d do differently", Kind.REFLECTION, "What I’d do differently", None),
        ("Key metrics", Kind.METRICS, "Key metrics", None),
        ("Risks", Kind.RISK, "Risks", None),
        ("Follow-up questions", Kind.FOLLOW_UPS, "Follow-up questions", None),
        ("Weak Answer", Kind.WEAK, "Weak Answer", None),
        ("Test yourself", Kind.QUIZ, "Test yourself", None),
        ("Angles", Kind.ANGLES, "Angles", None),
        ("By level", Kind.LEVELS, "By level", None),
        # Times
        ("Action (90 seconds)", Kind.ACTION, "Action", 90),
        ("Action (90s)", Kind.ACTION, "Action", 90),
        ("Action (90 sec.)", Kind.ACTION, "Action", 90),
        ("Action [90 s]", Kind.ACTION, "Action", 90),
        ("Action - 90 seconds", Kind.ACTION, "Action", 90),
        ("Action – 1.5 min", Kind.ACTION, "Action", 90),
        ("Action: 90s", Kind.ACTION, "Action", 90),
        ("Action, 2 minutes", Kind.ACTION, "Action", 120),
        ("Action (1 Minute)", Kind.ACTION, "Action", 60),
        ("Action (2m):", Kind.ACTION, "Action", 120),
        ("Action (60-90 seconds)", Kind.ACTION, "Action", 90),
        ("Action (1–2 minutes)", Kind.ACTION, "Action", 120),
        ("Action (60 to 90 s)", Kind.ACTION, "Action", 90),
        ("Action (~90s)", Kind.ACTION, "Action", 90),
        ("Action (about 2 minutes)", Kind.ACTION, "Action", 120),
        ("Key takeaways (15 seconds)", Kind.REFLECTION, "Key takeaways", 15),
        # What stands behind a name stays with it.
        ("Action (what I did myself)", Kind.ACTION, "Action (what I did myself)", None),
        ("Action (the core, 90 seconds)", Kind.ACTION, "Action (the core)", 90),
        ("Action — the hard part", Kind.ACTION, "Action — the hard part", None),
        ("Result: what changed", Kind.RESULT, "Result: what changed", None),
        ("Result (2023)", Kind.RESULT, "Result (2023)", None),
        # Headings of their own
        ("Impact on the team", Kind.OTHER, "Impact on the team", None),
        ("Situation room", Kind.OTHER, "Situation room", None),
        ("Action items", Kind.OTHER, "Action items", None),
        ("Actions-to-be", Kind.OTHER, "Actions-to-be", None),
        ("Timeline (90 seconds)", Kind.OTHER, "Timeline (90 seconds)", None),
        ("What retry_count * 2 meant:", Kind.OTHER, "What retry_count * 2 meant:", None),
    ],
)
def test_a_heading_is_read_in_the_words_people_use(heading, kind, words, seconds) -> None:
    found = headings.parse(heading, load())
    assert (found.kind, found.words, found.seconds) == (kind, words, seconds)


@pytest.mark.parametrize("part", load().parts)
def test_a_spelling_is_known_in_capitals_with_a_time_and_in_bold(part) -> None:
    for spelling in load().parts[part]:
        kind = headings.parse(spelling, load()).kind
        assert kind is not Kind.OTHER, spelling
        assert only(f"## **{spelling.upper()}** (20 s)\n").kind is kind, spelling


def test_no_spelling_stands_for_two_parts() -> None:
    spellings = [spelling for found in load().parts.values() for spelling in found]
    assert sorted(set(spellings)) == sorted(spellings)


# Sections


def test_the_sections_keep_their_order_and_lines() -> None:
    _, found = sections.parse(PLAIN, 10, "A story", load())
    assert [(part.kind, part.line) for part in found] == list(
        zip(STAR, (10, 14, 18, 22), strict=True)
    )


def test_the_time_of_a_heading_is_kept() -> None:
    section = only("## Action (60–90 seconds)\n\nI called.\n")
    assert (section.heading, section.seconds) == ("Action", 90)


def test_a_heading_we_do_not_know_keeps_its_words_and_its_place() -> None:
    text = "## Situation\n\nS.\n\n## Impact on the team\n\nI.\n\n## Result\n\nR.\n"
    assert parts(text) == [
        ("situation", "Situation", "S."),
        ("other", "Impact on the team", "I."),
        ("result", "Result", "R."),
    ]


def test_what_stands_before_the_first_heading_is_the_opening() -> None:
    opening, found = sections.parse("Once.\n\n- upon\n\n## Task\n\nT.\n", 1, "A story", load())
    assert opening.text == "Once.\nupon\n"
    assert [part.body.text for part in found] == ["T.\n"]


def test_a_story_may_come_back_to_its_action() -> None:
    text = "## Action (60 s)\n\n1\n\n## Result\n\n2\n\n## Action (again, 30 s)\n\n3\n"
    _, found = sections.parse(text, 1, "A story", load())
    assert [(part.id, part.heading, part.seconds, part.body.text) for part in found] == [
        ("action", "Action", 60, "1\n"),
        ("result", "Result", None, "2\n"),
        ("action-2", "Action (again)", 30, "3\n"),
    ]


@pytest.mark.parametrize(
    ("headings", "kinds"),
    [
        (["Situation", "Challenge", "Action"], ["situation", "task", "action"]),
        (["Context", "The Problem (20 s)", "Action"], ["situation", "task", "action"]),
        (["Challenge", "Action"], ["situation", "action"]),
        (["Challenge", "Task"], ["situation", "task"]),
        (["Situation", "Challenge", "Task"], ["situation", "situation", "task"]),
        (["Situation", "Background", "Challenge"], ["situation", "situation", "task"]),
        (["Challenge", "Situation"], ["situation", "situation"]),
    ],
)
def test_a_challenge_after_the_situation_is_the_task(headings, kinds) -> None:
    text = "".join(f"## {heading}\n\nWords.\n\n" for heading in headings)
    assert [kind for kind, _, _ in parts(text)] == kinds


# Heading levels


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_a_story_may_use_any_level_of_heading(level) -> None:
    assert parts(PLAIN.replace("##", "#" * level)) == parts(PLAIN)


def test_deeper_headings_stay_inside_their_section() -> None:
    assert parts("## Action\n\n### First\n\n1\n\n### Result\n\n2\n") == [
        ("action", "Action", "First\n1\nResult\n2")
    ]


def test_a_story_without_a_known_part_is_cut_at_its_own_headings() -> None:
    assert parts("## Own\n\n### Deeper\n\nD.\n") == [("other", "Own", "Deeper\nD.")]


def test_underlined_headings_count() -> None:
    assert parts("Situation\n---------\n\nS.\n") == [("situation", "Situation", "S.")]


def test_the_parts_may_stand_together_below_a_heading_of_another_name() -> None:
    told = f"## The story\n\n{PLAIN.replace('## ', '### ')}\n"
    around = "## Follow-ups\n\n### Why?\n\nBecause.\n\n## Angles\n\n### Impact\n\nI.\n\n"
    star = ["other", "situation", "task", "action", "result"]
    assert [kind for kind, _, _ in parts(told + around)] == [*star, "follow-ups", "angles"]
    assert [kind for kind, _, _ in parts(around + told)] == ["follow-ups", "angles", *star]


def test_below_such_a_heading_only_the_parts_are_parts() -> None:
    text = "## The story\n\n### Situation\n\nS.\n\n### Own\n\nO.\n\n#### Result\n\nR.\n\n## Quiz\n"
    assert parts(text) == [
        ("other", "The story", ""),
        ("situation", "Situation", "S.\nOwn\nO.\nResult\nR."),
        ("quiz", "Quiz", ""),
    ]


def test_sections_of_their_own_may_stand_beside_parts_of_any_level() -> None:
    text = "# Another title\n\n### Situation\n\nS.\n\n### Own\n\nO.\n"
    assert parts(text) == [
        ("other", "Another title", ""),
        ("situation", "Situation", "S."),
        ("other", "Own", "O."),
    ]


@pytest.mark.parametrize("title", ["A story", "a  STORY", "*A* story"])
def test_a_first_heading_that_repeats_the_title_is_passed_over(title) -> None:
    assert parts(f"# {title}\n\n{PLAIN}") == parts(PLAIN)


@pytest.mark.parametrize("text", ["# Another\n\n", "Words.\n\n# A story\n\n", "## A story\n\n"])
def test_any_other_heading_is_kept(text) -> None:
    heading = text.strip().rpartition("# ")[2]
    assert parts(text + PLAIN) == [("other", heading, ""), *parts(PLAIN)]


# Labels in the place of headings


@pytest.mark.parametrize(
    "text",
    [
        "**Situation:** S.\n\n**Task:** T.\n\n**Action:** A.\n\n**Result:** R.\n",
        "**Situation:** S.\n**Task:** T.\n**Action:** A.\n**Result:** R.\n",
        "**Situation**: S.  \n**Task**:T.\\\n**Action** : A.\n\n**Result**:\nR.\n",
        "**Situation:**\n\nS.\n\n**Task:**\n\nT.\n\n**Action:**\n\nA.\n\n**Result:**\n\nR.\n",
        "# Another title\n\n**Situation:** S.\n**Task:** T.\n\n**Action:** A.\n\n**Result:** R.\n",
    ],
    ids=["apart", "one paragraph", "colon outside", "alone", "below a title"],
)
def test_a_story_without_headings_is_read_by_its_labels(text) -> None:
    found = [part for part in parts(text) if part[0] != "other"]
    assert found == parts(PLAIN)


def test_labels_have_times_lines_and_more_than_one_paragraph() -> None:
    text = "*Lead* it.\n**Situation (20 seconds):** One\ntwo.\n**Action - 1 min:** I\n\n- called\n"
    opening, found = sections.parse(text, 1, "A story", load())
    assert opening.parts == ("<p><em>Lead</em> it.</p>\n",)
    assert [(part.heading, part.seconds, part.line, part.body.text) for part in found] == [
        ("Situation", 20, 2, "One two.\n"),
        ("Action", 60, 4, "I\ncalled\n"),
    ]


@pytest.mark.parametrize("said", ["**It** was *late*", "*It*", "`It`", "It `was`", "~~It~~"])
@pytest.mark.parametrize("between", [" ", "\n", "  \n", "   "])
def test_what_follows_a_label_keeps_its_markup(said, between) -> None:
    section = only(f"**Situation:**{between}{said}\n")
    (plain,), (labelled,) = only(f"## Situation\n\n{said}\n").body.parts, section.body.parts
    assert labelled == plain


def test_a_link_behind_a_label_knows_its_line() -> None:
    section = only("**Situation:** one,\ntwo, [three](b.md).\n**Note:** [four](b.md)\n")
    assert [part.line for part in section.body.parts if not isinstance(part, str)] == [2, 3]


def test_a_bold_word_that_is_no_part_keeps_its_colon() -> None:
    assert parts("**Situation:** S.\n**Note**: keep.\n") == [
        ("situation", "Situation", "S. Note: keep.")
    ]


def test_a_later_heading_ends_what_labels_part() -> None:
    text = "**Situation:** S.\n\n**Action:** A.\n\n## Reflection\n\n**Result:** not a part.\n"
    assert parts(text) == [
        ("situation", "Situation", "S."),
        ("action", "Action", "A."),
        ("reflection", "Reflection", "Result: not a part."),
    ]


def test_labels_stay_words_where_there_are_headings() -> None:
    text = "**Result:** we won.\n\n## Situation\n\n**Action:** none yet.\n"
    opening, _ = sections.parse(text, 1, "A story", load())
    assert opening.text == "Result: we won.\n"
    assert parts(text) == [("situation", "Situation", "Action: none yet.")]


@pytest.mark.parametrize(
    "text",
    [
        "The **Situation:** x",
        "One\nand **Task:** y",
        "**Situation** x",
        "**Situation**",
        "**Own:** x",
    ],
)
def test_a_bold_word_elsewhere_or_without_a_colon_is_no_label(text) -> None:
    opening, found = sections.parse(text, 1, "A story", load())
    assert found == ()
    assert opening.text == text.replace("*", "").replace("\n", " ") + "\n"


def test_an_angle_named_like_a_part_takes_nothing_from_the_labels() -> None:
    found = parts("**Situation:** S.\n\n**Result:** R.\n\n## Angles\n\n### Impact\n\nI.\n")
    assert [kind for kind, _, _ in found] == ["situation", "result", "angles"]


# Around the spine


def test_a_follow_up_has_its_fields() -> None:
    text = """## Follow-ups

### Why you?

I was there.

**Probes:** judgement
**Weak:** We did.
**Why it fails**: no I

**Strong:** I did,

- and here is how

**Key line:** It was mine.

### And then?
"""
    assert items(text) == [
        (
            "Why you?",
            "I was there.",
            {
                "probes": "judgement",
                "weak": "We did.",
                "why it fails": "no I",
                "strong": "I did,\nand here is how",
                "key line": "It was mine.",
            },
        ),
        ("And then?", "", {}),
    ]


@pytest.mark.parametrize(
    "reasons",
    [
        "**Why it fails:** no number\n",
        "**Why it fails**: no number\n",
        "**Why it fails:**\n\n- no number\n",
        "### Why it fails\n\n- no number\n",
        "- no number\n",
    ],
)
def test_a_weak_answer_is_told_apart_from_why_it_is_weak(reasons) -> None:
    section = only(f"## Weak answer\n\nWe did it.\n\nIt went well.\n\n{reasons}")
    assert section.body.text == "We did it.\nIt went well.\n"
    (item,) = section.items
    told = [item.body.text, *(field.body.text for field in item.fields)]
    assert "".join(told) == "no number\n"


def test_a_weak_answer_may_be_a_list() -> None:
    section = only("## Weak answer\n\n- We did it.\n\n**Why it fails:** no number\n")
    assert section.body.text == "We did it.\n"
    assert [item.fields[0].body.text for item in section.items] == ["no number\n"]


def test_a_quiz_has_questions_and_answers() -> None:
    text = "## Quiz\n\nTry.\n\n- aloud\n\n### How much?\n\n73 %\n\n### Who?\n\n**Answer:** I\n"
    assert only(text).body.text == "Try.\naloud\n"
    assert items(text) == [("How much?", "73 %", {}), ("Who?", "", {"answer": "I"})]


def test_levels_have_their_fields() -> None:
    text = "## Levels\n\n### Senior\n\n**Reflection:** r\n\n**Bar:** b\n\n**Length:** 3 minutes\n"
    assert items(text) == [("Senior", "", {"reflection": "r", "bar": "b", "length": "3 minutes"})]


def test_an_angle_is_the_principle_that_it_names(content) -> None:
    body = "\n## Angles\n\n### ownership\n\n**Emphasize:** me\n\n### Zebras\n\n**Downplay:** us\n"
    files = {
        "principles.yml": "- {name: Take charge, id: charge, aliases: [Ownership]}\n",
        "stories/a.md": story("A", body=body),
    }
    handbook, _ = pipeline.load(content(files))
    angles = handbook.stories[0].sections[-1].items
    assert [(item.ref.text, item.ref.to, item.ref.line) for item in angles] == [
        ("ownership", "principle/charge", 24),
        ("Zebras", "", 28),
    ]


# Callouts


def test_notes_go_into_the_margin_and_other_callouts_stay() -> None:
    section = only(
        "## Action\n\nOne.\n\n> [!PHRASES]\n> Say this.\n\n> [!NOTE]\n> In place.\n\n"
        "> [!coaching] Not so fast.\n\n> [!MISTAKE]\n> - a\n> - b\n\n> Quoted.\n"
    )
    assert [(note.kind, note.body.text) for note in section.notes] == [
        ("phrases", "Say this.\n"),
        ("coaching", "Not so fast.\n"),
        ("mistake", "a\nb\n"),
    ]
    assert section.body.text == "One.\nIn place.\nQuoted.\n"


def test_a_note_in_a_follow_up_stays_with_it() -> None:
    text = "## Follow-ups\n\n### Why?\n\n> [!COACHING]\n> Breathe.\n"
    assert items(text) == [("Why?", "Breathe.", {})]
    assert only(text).notes == ()


# Ids


def test_no_two_ids_of_a_story_are_the_same() -> None:
    text = (
        "## Own\n\n### Own\n\n1\n\n## Own\n\n### Result\n\n2\n\n## Result\n\n3\n\n"
        "## Links\n\n4\n\n## Main\n\n5\n\n## 🎯\n\n6\n\n## 🎯\n\n7\n"
    )
    _, found = sections.parse(text, 1, "A story", load())
    assert [part.id for part in found] == [
        "own", "own-2", "result", "links-2", "main", "part", "part-2",
    ]  # fmt: skip
    written = [piece for part in found for piece in part.body.parts if "<h3" in piece]
    assert [piece.partition('id="')[2].partition('"')[0] for piece in written] == [
        "own-3",
        "result-2",
    ]


HEADINGS = st.sampled_from(["Situation", "Result", "result-2", "Own", "Links", "Angles", "🎯", ""])
BODIES = st.lists(st.tuples(st.integers(1, 4), HEADINGS), max_size=8).map(
    lambda found: "".join(f"{'#' * level} {text}\n\nWords.\n\n" for level, text in found)
)


@pytest.mark.slow
@given(BODIES)
def test_ids_are_unique_whatever_the_headings_are(text) -> None:
    _, found = sections.parse(text, 1, "A story", load())
    proses = [prose for part in found for prose in part.proses()]
    html = "".join(str(piece) for prose in proses for piece in prose.parts)
    ids = [part.id for part in found] + [piece.split('"')[0] for piece in html.split(' id="')[1:]]
    assert sorted(set(ids)) == sorted(ids)


# What is missing


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (PLAIN, []),
        (PLAIN.replace("R.", ""), ["result"]),
        (PLAIN.replace("R.", "[Fill in: the number]"), ["result"]),
        (PLAIN.replace("R.", "> [!PHRASES]\n> Say this."), ["result"]),
        (PLAIN.partition("## Action")[0], ["action", "result"]),
        (PLAIN.replace("A.", "[TBD]") + "## Action (again)\n\nMore.\n", []),
        ("", ["situation", "task", "action", "result"]),
    ],
)
def test_a_part_without_words_of_its_own_is_missing(text, missing, content) -> None:
    handbook, _ = pipeline.load(content({"stories/a.md": f"---\ntitle: A\n---\n\n{text}"}))
    assert [str(kind) for kind in handbook.stories[0].missing] == missing


@pytest.mark.parametrize(
    ("text", "holes"),
    [
        ("Fell by [Fill in: how much] in [fill in:\nhow long].", 2),
        ("[TODO], [todo: ask], [ TBD ], [Tbd who]", 4),
        ("`[TODO: in code]` and **[TBD]**", 2),
        ("- [Fill in: in a list]\n\n| [TBD] |\n|---|\n| [TODO] |", 3),
        ("> [!PHRASES]\n> [Fill in: a phrase]", 1),
        ("[x] [todos] TODO TBD [1] [a link](todo.md) - [ ] [Filling in]", 0),
    ],
)
def test_holes_are_what_stands_in_brackets_to_be_written(text, holes) -> None:
    assert len(only(f"## Action\n\n{text}\n").holes) == holes


def test_holes_are_found_in_every_corner_of_a_section() -> None:
    section = only(
        "## Follow-ups\n\n[TBD: lead]\n\n### Why [TBD: title]?\n\n[TBD: body]\n\n"
        "**Strong:** [TBD: field]\n"
    )
    assert section.holes == ("[TBD: lead]", "[TBD: title]", "[TBD: body]", "[TBD: field]")
