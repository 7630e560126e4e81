"""Rules: the exact sentence for a bad case, and nothing for a good one."""

import pytest
from conftest import story

from starbook.content.checks import RULES

CATEGORIES = "- name: Feedback\n  aliases: [Criticism]\n- name: Conflict\n"
PRINCIPLES = "- name: Ownership\n- name: Dive Deep\n"
QUESTIONS = "- question: Tell me about feedback.\n  id: feedback\n"
LENGTHS = "answer_lengths:\n  - {name: 2 minutes, seconds: 90, situation: 30, action: 60}\n"
LISTS = {
    "categories.yml": CATEGORIES,
    "principles.yml": PRINCIPLES,
    "questions.yml": QUESTIONS,
    "handbook.yml": LENGTHS,
}
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU"
    b"\0\0\0\nIDATx\x9cc`\0\0\0\x02\0\x01H\xaf\xa4q\0\0\0\0IEND\xaeB`\x82"
)
GUIDE = "---\ntitle: A guide\n---\n\n## Part one\n\nWords.\n"
TO_ASK = "- audience: My boss\n  topics: [{topic: Work, questions: [Why?]}]\n"
LONG = "so " * 2000
UNREADABLE = "---\ntitle: [\n---\n"


def loop(one: str) -> str:
    """An interview with one round, which begins on line 3."""
    return f"company: City Library\nrounds:\n  - {one}\n"


LOOP = loop("{with: Ana Silva, themes: [Ownership]}")


LEVELS = "- {name: Mate, aliases: [M1], next: Captain}\n- {name: Captain, id: master}\n"


def told(text: str, *front: str) -> str:
    return story("A story", *front, body=f"\n## More\n\n{text}\n")


# By rule: files, and the lines that checking them says. Every file stands beside LISTS.
BAD = {
    "unknown-category": [
        (
            {"stories/a.md": story("A", "categories: [Feedback, Feedbak]")},
            ["content/stories/a.md:4: unknown category `Feedbak`; did you mean `Feedback`?"],
        ),
        (
            {"stories/a.md": story("A", "categories:", "  - Sailing")},
            [
                "content/stories/a.md:5: unknown category `Sailing`; "
                "add it to categories.yml, or take it out here"
            ],
        ),
        (
            {"questions.yml": f"{QUESTIONS}  categories: [Conflicts]\n"},
            ["content/questions.yml:3: unknown category `Conflicts`; did you mean `Conflict`?"],
        ),
        (
            {"templates/t.md": story("T", "categories: [Criticsm]")},
            ["content/templates/t.md:4: unknown category `Criticsm`; did you mean `Feedback`?"],
        ),
    ],
    "unknown-principle": [
        (
            {"stories/a.md": story("A", "principles: [Onwership]")},
            ["content/stories/a.md:4: unknown principle `Onwership`; did you mean `Ownership`?"],
        ),
        *(
            (
                {
                    "principles.yml": "- {name: Think big, id: big, aliases: [Bold bets]}\n",
                    "stories/a.md": story("A", f"principles: [{wrong}]"),
                },
                [f"content/stories/a.md:4: unknown principle `{wrong}`; did you mean `Think big`?"],
            )
            for wrong in ("THINK BG", "bgi", "bold bet")
        ),
        (
            {"questions.yml": f"{QUESTIONS}  principles: [Thrift]\n"},
            [
                "content/questions.yml:3: unknown principle `Thrift`; "
                "add it to principles.yml, or take it out here"
            ],
        ),
    ],
    "unknown-question": [
        (
            {"stories/a.md": story("A", "questions: [feedbakc]")},
            ["content/stories/a.md:4: unknown question `feedbakc`; did you mean `feedback`?"],
        ),
        (
            {"stories/a.md": story("A", "questions: [Tell me of feedback.]")},
            [
                "content/stories/a.md:4: unknown question `Tell me of feedback.`; "
                "did you mean `Tell me about feedback.`?"
            ],
        ),
        (
            {
                "questions.yml": f"{QUESTIONS}  also: [When were you criticised?]\n",
                "stories/a.md": story("A", "questions: [when were you critisised]"),
            },
            [
                "content/stories/a.md:4: unknown question `when were you critisised`; "
                "did you mean `Tell me about feedback.`?"
            ],
        ),
    ],
    "unknown-story": [
        (
            {
                "stories/a.md": story("A"),
                "interviews/loop.yml": loop("{themes: [Ownership], fixed: [aa], avoid: [zebra]}"),
                "log.yml": "- interview: loop\n  story: bb\n",
            },
            [
                "content/interviews/loop.yml:3: warning: unknown story `aa`, which is left out; "
                "did you mean `A`?",
                "content/interviews/loop.yml:3: warning: unknown story `zebra`, which is left out; "
                "add it to stories/, or take it out here",
                "content/log.yml:2: warning: unknown story `bb`, which is left out; "
                "add it to stories/, or take it out here",
            ],
        ),
        (
            {
                "stories/launch.md": story("The launch"),
                "questions.yml": f"{QUESTIONS}  stories:\n    - launch\n    - story: lanch\n",
            },
            [
                "content/questions.yml:5: warning: unknown story `lanch`, which is left out; "
                "did you mean `launch`?"
            ],
        ),
        (
            {
                "stories/launch.md": story("The launch"),
                "decks.yml": "- name: First\n  stories: [The lunch, zebra]\n",
            },
            [
                "content/decks.yml:2: warning: unknown story `The lunch`, which is left out; "
                "did you mean `The launch`?",
                "content/decks.yml:2: warning: unknown story `zebra`, which is left out; "
                "add it to stories/, or take it out here",
            ],
        ),
        (
            {"decks.yml": "- name: First\n  stories: [ownershp, CRITICISM, feedbakc]\n"},
            [
                f"content/decks.yml:2: warning: unknown story `{wrong}`, "
                f"which is left out; did you mean `{right}`?"
                for wrong, right in (
                    ("CRITICISM", "category/feedback"),
                    ("feedbakc", "category/feedback"),
                    ("ownershp", "principle/ownership"),
                )
            ],
        ),
        (
            {"decks.yml": "- name: First\n  stories: [principle/onwership, raedy]\n"},
            [
                "content/decks.yml:2: warning: unknown story `principle/onwership`, "
                "which is left out; did you mean `principle/ownership`?",
                "content/decks.yml:2: warning: unknown story `raedy`, which is left out; "
                "did you mean `ready`?",
            ],
        ),
        (
            {
                "decks.yml": "- name: First\n"
                "  stories: [principle/zebra, category/Feedbakc, level/mate, answers/feedback]\n"
            },
            [
                "content/decks.yml:2: warning: unknown story `answers/feedback`, "
                "which is left out; add it to answers/, or take it out here",
                "content/decks.yml:2: warning: unknown story `category/Feedbakc`, "
                "which is left out; did you mean `category/feedback`?",
                "content/decks.yml:2: warning: unknown story `level/mate`, "
                "which is left out; take it out here",
                "content/decks.yml:2: warning: unknown story `principle/zebra`, "
                "which is left out; add it to principles.yml, or take it out here",
            ],
        ),
    ],
    "unknown-list": [
        (
            {
                "to-ask.yml": TO_ASK,
                "decks.yml": "- {name: First, stories: [], ends_with: [to-aks, zebra]}\n",
            },
            [
                "content/decks.yml:1: `to-aks` is no list that a deck can end with; "
                "did you mean `to-ask`?",
                "content/decks.yml:1: `zebra` is no list that a deck can end with; "
                "name `to-ask`, an audience of to-ask.yml, a guide with tick boxes, "
                "`answers`, or a question with an answer",
            ],
        ),
    ],
    "unknown-length": [
        (
            {"stories/a.md": story("A", "length: 3 minutes")},
            ["content/stories/a.md:4: unknown length `3 minutes`; did you mean `2 minutes`?"],
        ),
        (
            {"stories/a.md": story("A", "length: short")},
            [
                "content/stories/a.md:4: unknown length `short`; "
                "add it to answer_lengths in handbook.yml, or take it out here"
            ],
        ),
    ],
    "unknown-level": [
        (
            {"levels.yml": "- {name: Mate, next: Captian}\n- name: Captain\n"},
            ["content/levels.yml:1: unknown level `Captian`; did you mean `Captain`?"],
        ),
        (
            {"levels.yml": "- name: Mate\n  next: Admiral\n"},
            [
                "content/levels.yml:2: unknown level `Admiral`; "
                "add it to levels.yml, or take it out here"
            ],
        ),
        (
            {"levels.yml": LEVELS, "stories/a.md": story("A", "level: Captainn")},
            [
                "content/stories/a.md:4: warning: levels.yml has no level `Captainn`; "
                "did you mean `Captain`?"
            ],
        ),
        (
            {
                "levels.yml": LEVELS,
                "stories/a.md": story("A", "level: Cook", "scope: {teams: 1}"),
            },
            [
                "content/stories/a.md:4: warning: levels.yml has no level `Cook`, "
                "so the scope is compared with nothing; add it there"
            ],
        ),
        (
            {
                "levels.yml": LEVELS,
                "stories/a.md": story(
                    "A", "level: Mate", body="\n## Levels\n\n### Captian\n\n**Bar:** All.\n"
                ),
            },
            [
                "content/stories/a.md:25: warning: levels.yml has no level `Captian`; "
                "did you mean `Captain`?"
            ],
        ),
    ],
    "unknown-measure": [
        (
            {
                "levels.yml": "- {name: Mate, expects: {Sea miles: 100}}\n",
                "stories/a.md": story("A", "level: Mate", "scope:", "  teams: 2", "  sea mile: 7"),
            },
            ["content/stories/a.md:7: no level expects `sea mile`; did you mean `Sea miles`?"],
        ),
        (
            {
                "levels.yml": LEVELS,
                "stories/a.md": story("A", "level: M1", "scope: {weather: bad}"),
            },
            [
                "content/stories/a.md:5: no level expects `weather`; "
                "add it to `expects` in levels.yml, or take it out here"
            ],
        ),
        (
            {"levels.yml": "- name: Mate\n  expects:\n    poeple: 3\n"},
            [
                "content/levels.yml:3: warning: `poeple` is no measure that is known; "
                "did you mean `people`?"
            ],
        ),
    ],
    "no-level": [
        (
            {"levels.yml": LEVELS, "stories/a.md": story("A", "scope: {teams: 1, people: 4}")},
            [
                "content/stories/a.md:4: warning: has a `scope`, but no `level` to compare it "
                "with; add `level: …`"
            ],
        ),
    ],
    "level-in-a-circle": [
        (
            {
                "levels.yml": "- name: Mate\n  next: Captain\n- name: Captain\n  next: Mate\n"
                "- name: Cook\n  next: Mate\n"
            },
            [
                f"content/levels.yml:{line}: the levels above `{name}` lead back to it; "
                "take out one `next`"
                for line, name in ((2, "Mate"), (4, "Captain"))
            ],
        ),
    ],
    "unknown-set": [
        (
            {
                "principles.yml": "- name: Ownership\n  set: Amazon\n",
                "interviews/loop.yml": f"principles: Amazn\n{LOOP}",
            },
            [
                "content/interviews/loop.yml:1: no principle is of the set `Amazn`; "
                "did you mean `Amazon`?"
            ],
        ),
        (
            {
                "handbook.yml": "title: Mine\nprinciples_of: Amazn\n",
                "principles.yml": "- {name: Ownership, set: Amazon}\n",
            },
            ["content/handbook.yml:2: no principle is of the set `Amazn`; did you mean `Amazon`?"],
        ),
        (
            {"handbook.yml": "principles_of: Zebra\n"},
            [
                "content/handbook.yml:1: no principle is of the set `Zebra`; "
                "write a `set` of principles.yml"
            ],
        ),
    ],
    "unknown-angle": [
        (
            {"stories/a.md": story("A", body="\n## Angles\n\n### Onwership\n\nSay I.\n")},
            [
                "content/stories/a.md:24: warning: the angle `Onwership` names no principle, "
                "category, question or company; did you mean `Ownership`?"
            ],
        ),
        *(
            (
                {
                    "questions.yml": f"{QUESTIONS}  companies: [Brightwater]\n",
                    "stories/a.md": story("A", body=f"\n## Angles\n\n### {wrong}\n\nSay I.\n"),
                },
                [
                    f"content/stories/a.md:24: warning: the angle `{wrong}` names no principle, "
                    f"category, question or company; did you mean `{right}`?"
                ],
            )
            for wrong, right in (
                ("Confilct", "Conflict"),
                ("feedbakc", "Feedback"),
                ("Critisism", "Feedback"),
                ("Brigthwater", "Brightwater"),
            )
        ),
    ],
    "unknown-theme": [
        (
            {"interviews/loop.yml": loop("{themes: [Onwership, Feedback]}")},
            ["content/interviews/loop.yml:3: unknown theme `Onwership`; did you mean `Ownership`?"],
        ),
        (
            {"interviews/loop.yml": loop("{themes: [Sailing]}")},
            [
                "content/interviews/loop.yml:3: unknown theme `Sailing`; "
                "name a principle, a category or a question of the handbook"
            ],
        ),
    ],
    "unknown-audience": [
        (
            {
                "to-ask.yml": TO_ASK,
                "interviews/loop.yml": loop("{themes: [Ownership], audience: My bos}"),
            },
            ["content/interviews/loop.yml:3: unknown audience `My bos`; did you mean `My boss`?"],
        ),
    ],
    "unknown-interview": [
        (
            {"interviews/loop.yml": LOOP, "log.yml": "- interview: lop\n"},
            ["content/log.yml:1: unknown interview `lop`; did you mean `loop`?"],
        ),
        (
            {"interviews/loop.yml": LOOP, "log.yml": "- interview: Zebra\n"},
            [
                "content/log.yml:1: unknown interview `Zebra`; "
                "add it to interviews/, or take it out here"
            ],
        ),
    ],
    "unknown-round": [
        (
            {"interviews/loop.yml": LOOP, "log.yml": "- interview: loop\n  round: Ana Slva\n"},
            [
                "content/log.yml:2: warning: interviews/loop.yml has no round `Ana Slva`; "
                "did you mean `Ana Silva`?"
            ],
        ),
        (
            {"interviews/loop.yml": LOOP, "log.yml": "- interview: loop\n  round: 2\n"},
            [
                "content/log.yml:2: warning: interviews/loop.yml has no round `2`; "
                "give its number, its name or whom it was with"
            ],
        ),
    ],
    "no-round": [
        (
            {"interviews/loop.yml": "company: City Library\n"},
            [
                "content/interviews/loop.yml:1: warning: has no rounds, so nothing is planned; "
                "add `rounds:` with an entry `- with: …` for each"
            ],
        ),
    ],
    "no-theme": [
        (
            {"interviews/loop.yml": loop("with: Ana Silva")},
            [
                "content/interviews/loop.yml:3: warning: this round has no theme, and so no story; "
                "add `themes: […]`: principles, categories or questions"
            ],
        ),
    ],
    "fixed-too-many": [
        (
            {
                "stories/a.md": story("A"),
                "stories/b.md": story("B"),
                "interviews/loop.yml": loop("{themes: [Ownership], fixed: [a, b]}"),
            },
            [
                "content/interviews/loop.yml:3: warning: there is no theme left for `b`; "
                "add a theme for it, or take it out of `fixed`"
            ],
        ),
    ],
    "fixed-and-avoided": [
        (
            {
                "stories/a.md": story("A"),
                "interviews/loop.yml": loop("{themes: [Ownership], fixed: [a], avoid: [A]}"),
            },
            [
                "content/interviews/loop.yml:3: `a` is both `fixed` and to `avoid`; "
                "take it out of one of them"
            ],
        ),
    ],
    "told-often": [
        (
            {
                "stories/a.md": story("A"),
                "interviews/loop.yml": LOOP,
                "log.yml": "- interview: loop\n  story: a\n" * 4,
            },
            [
                "content/log.yml:6: warning: City Library has heard `a` 3 times; "
                "tell them another story next time, or add it to `avoid`"
            ],
        ),
    ],
    "duplicate-id": [
        (
            {"stories/a.md": story("A"), "stories/old/A.md": story("Another")},
            [
                "content/stories/old/A.md:1: the id `a` is already taken by stories/a.md:1; "
                "give one of them another `id: …`"
            ],
        ),
        (
            {"questions.yml": f"{QUESTIONS}- question: Another?\n  id: feedback\n"},
            [
                "content/questions.yml:3: the id `feedback` is already taken by questions.yml:1; "
                "give one of them another `id: …`"
            ],
        ),
        (
            {"questions.yml": "[{question: One?, id: one}, {question: Two?, id: one}]\n"},
            [
                "content/questions.yml:1: the id `one` is already taken by questions.yml:1; "
                "give one of them another `id: …`"
            ],
        ),
        (
            {"guides/a.md": GUIDE, "guides/b.md": "---\ntitle: B\nid: a\n---\n"},
            [
                "content/guides/b.md:1: the id `a` is already taken by guides/a.md:1; "
                "give one of them another `id: …`"
            ],
        ),
        (
            {"to-ask.yml": "- {audience: Peers, topics: []}\n- {audience: peers!, topics: []}\n"},
            [
                "content/to-ask.yml:2: the id `peers` is already taken by to-ask.yml:1; "
                "give one of them another name"
            ],
        ),
        (
            {"to-ask.yml": "- {audience: 🎯, topics: []}\n- {audience: 🎉, topics: []}\n"},
            [
                "content/to-ask.yml:2: the id `audience` is already taken by to-ask.yml:1; "
                "give one of them another name"
            ],
        ),
    ],
    "ambiguous-name": [
        (
            {"categories.yml": f"{CATEGORIES}- name: Dispute\n  aliases: [CONFLICT]\n"},
            [
                "content/categories.yml:4: `conflict` already names `Conflict` (categories.yml:3); "
                "use another alias"
            ],
        ),
        (
            {"principles.yml": f"{PRINCIPLES}- name: Depth\n  aliases: [Dive  deep]\n"},
            [
                "content/principles.yml:3: `dive deep` already names `Dive Deep` "
                "(principles.yml:2); use another alias"
            ],
        ),
    ],
    "no-id": [
        (
            {"categories.yml": f"{CATEGORIES}- name: 🎯\n"},
            ["content/categories.yml:4: its name has no letter; give it an `id: …`"],
        ),
        (
            {"stories/🎯.md": story("A")},
            ["content/stories/🎯.md:1: its name has no letter; give it an `id: …`"],
        ),
        (
            {"guides/index.md": GUIDE},
            ["content/guides/index.md:1: no page can be named `index`; give it another `id: …`"],
        ),
        *(
            (
                {"stories/a.md": story("A", f"id: {name}")},
                [f"content/stories/a.md:1: no page can be named `{name}`; give it another `id: …`"],
            )
            for name in ("con", "nul", "com1")
        ),
        (
            {"questions.yml": "- question: 🎯\n- question: 🎉\n"},
            [
                "content/questions.yml:1: its name has no letter; give it an `id: …`",
                "content/questions.yml:2: its name has no letter; give it an `id: …`",
            ],
        ),
    ],
    "dead-link": [
        (
            {
                "stories/outage.md": story("B"),
                "stories/a.md": told("Not *this*\n[one](outrage.md)."),
            },
            [
                "content/stories/a.md:25: warning: the link to `outrage.md` leads nowhere, "
                "and its words stay; did you mean `outage.md`?"
            ],
        ),
        (
            {"stories/a.md": told("[x](zebra.md)")},
            [
                "content/stories/a.md:24: warning: the link to `zebra.md` leads nowhere, "
                "and its words stay; link to a file in stories/ or guides/"
            ],
        ),
        (
            {"guides/g.md": f"{GUIDE}\n[x](outage.md)\n", "stories/outage.md": story("B")},
            [
                "content/guides/g.md:9: the link to `outage.md` leads nowhere; "
                "did you mean `../stories/outage.md`?"
            ],
        ),
        (
            {"guides/g.md": GUIDE, "stories/a.md": told("[x](../guides/g.md#part-two)")},
            [
                "content/stories/a.md:24: the link to `../guides/g.md#part-two` leads to no "
                "heading there; did you mean `part-one`?"
            ],
        ),
        (
            {
                "categories.yml": "- name: Cats\n",
                "stories/a.md": told("[x](../categories.yml#cats)"),
            },
            [
                "content/stories/a.md:24: the link to `../categories.yml#cats` leads to no heading "
                "there; use the id of a heading that is there"
            ],
        ),
        (
            {"stories/a.md": told("[x](#xyz)")},
            [
                "content/stories/a.md:24: the link to `#xyz` leads to no heading there; "
                "use the id of a heading that is there"
            ],
        ),
        (
            {"stories/a.md": told("[x](one%0Atwo.pdf)")},
            [
                "content/stories/a.md:24: the link to `one two.pdf` leads nowhere; "
                "link to a file in stories/ or guides/"
            ],
        ),
        (
            {
                "stories/launch.md": story("B"),
                "questions.yml": f"{QUESTIONS}  notes: '[x](stories/lanch.md)'\n",
            },
            [
                "content/questions.yml:3: warning: the link to `stories/lanch.md` leads nowhere, "
                "and its words stay; did you mean `stories/launch.md`?"
            ],
        ),
        (
            {"questions.yml": f"{QUESTIONS}  notes: |\n    Well.\n\n    See [x](stories/z.md).\n"},
            [
                "content/questions.yml:6: warning: the link to `stories/z.md` leads nowhere, "
                "and its words stay; link to a file in stories/ or guides/"
            ],
        ),
    ],
    "remote-image": [
        *(
            (
                {"stories/a.md": told(f"One,\n![a chart]({address})")},
                [
                    f"content/stories/a.md:25: the image `{address}` is not on this computer; "
                    "save it beside this file: a page that asks another host tells it who reads"
                ],
            )
            for address in ("https://example.org/a.png", "//example.org/a.png")
        ),
        (
            {"guides/g.md": f"{GUIDE}\n![a chart](data:image/png;base64,AAAA)\n"},
            [
                "content/guides/g.md:9: the image `data:image/png;base64,AAAA` is not the path of "
                "a file; save it beside this file"
            ],
        ),
    ],
    "missing-image": [
        (
            {"stories/chart.png": PNG, "stories/a.md": told("One,\n![a chart](chrat.png)")},
            [
                "content/stories/a.md:25: the image `chrat.png` is not in the content folder; "
                "save it beside this file"
            ],
        ),
        (
            {"guides/chart.png": PNG, "stories/a.md": told("![a chart](chart.png)")},
            [
                "content/stories/a.md:24: the image `chart.png` is not in the content folder; "
                "save it beside this file"
            ],
        ),
    ],
    "lengths-add-up": [
        (
            {"handbook.yml": LENGTHS.replace("90", "120")},
            [
                "content/handbook.yml:2: warning: "
                "the sections of `2 minutes` take 90 s, not 120 s; "
                "write `seconds: 90`, or change the sections"
            ],
        ),
    ],
    "unknown-answer": [
        (
            {
                "answers/hiring-plan.md": "We hire two.\n",
                "questions.yml": f"{QUESTIONS}  answer: hiring-paln.md\n",
            },
            [
                "content/answers/hiring-plan.md: warning: is the answer to no question: "
                "none has the id `hiring-plan`; name it after the id of a question [stray-answer]",
                "content/questions.yml:3: warning: the answer `hiring-paln.md` is not in answers/; "
                "did you mean `hiring-plan.md`? [unknown-answer]",
            ],
        ),
        (
            {"questions.yml": f"{QUESTIONS}  answer: zebra.md\n"},
            [
                "content/questions.yml:3: warning: the answer `zebra.md` is not in answers/; "
                "write the answer in answers/zebra.md [unknown-answer]"
            ],
        ),
    ],
    "stray-answer": [
        (
            {"answers/feedbck.md": "I ask for it.\n"},
            [
                "content/answers/feedbck.md: warning: is the answer to no question: "
                "none has the id `feedbck`; did you mean `feedback.md`? [stray-answer]"
            ],
        ),
    ],
    "two-answers": [
        (
            {
                "answers/feedback.md": "I ask for it.\n",
                "questions.yml": f"{QUESTIONS}  answer: I say it at once.\n",
            },
            [
                "content/answers/feedback.md:1: `feedback` has an answer in "
                "questions.yml:3 already; keep one of them"
            ],
        ),
        (
            {
                "questions/a.yml": QUESTIONS + "  answer: One.\n",
                "questions/b.yml": QUESTIONS + "  answer: Two.\n",
                "questions.yml": QUESTIONS,
            },
            [
                "content/questions/b.yml:3: `feedback` has an answer in "
                "questions/a.yml:3 already; keep one of them"
            ],
        ),
    ],
    "empty-answer": [
        (
            {"answers/feedback.md": "---\npublish: false\n---\n\n"},
            [
                "content/answers/feedback.md: warning: is empty; "
                "write the answer as you say it, or delete the file [empty-answer]"
            ],
        ),
    ],
    "answer-placeholder": [
        (
            {"answers/feedback.md": "I ask [Fill in: whom] for it, X% of the time.\n"},
            [
                "content/answers/feedback.md:1: warning: still has `X%`, "
                "so the answer counts as a draft; fill it in [placeholder]",
                "content/answers/feedback.md:1: warning: still has `[Fill in: whom]`, "
                "so the answer counts as a draft; fill it in [placeholder]",
            ],
        ),
    ],
    "placeholder": [
        (
            {"stories/a.md": told("Errors fell by [Fill in: the number].")},
            [
                "content/stories/a.md:22: warning: "
                "says `status: ready`, but still has `[Fill in: the number]` in More, "
                "so it counts as a draft; fill it in, or write `status: draft`"
            ],
        ),
        (
            {"stories/a.md": story('"A [TBD]"')},
            [
                "content/stories/a.md:1: warning: "
                "says `status: ready`, but still has `[TBD]` in its title, "
                "so it counts as a draft; fill it in, or write `status: draft`"
            ],
        ),
        (
            {"stories/a.md": story("A", 'headline: "[TBD]"')},
            [
                "content/stories/a.md:1: warning: "
                "says `status: ready`, but still has `[TBD]` in its headline, "
                "so it counts as a draft; fill it in, or write `status: draft`"
            ],
        ),
        (
            {"stories/a.md": story("A").replace("---\n\n", "---\n\n[todo: who]\n\n", 1)},
            [
                "content/stories/a.md:5: warning: "
                "says `status: ready`, but still has `[todo: who]` in its opening, "
                "so it counts as a draft; fill it in, or write `status: draft`"
            ],
        ),
        (
            {"stories/a.md": told(f"[Fill in: {'x' * 39}] [Fill in: {'y' * 40}]")},
            [
                "content/stories/a.md:22: warning: says `status: ready`, but still has "
                f"`[Fill in: {part}` in More, so it counts as a draft; fill it in, "
                "or write `status: draft`"
                for part in ("x" * 39 + "]", "y" * 39 + "…")
            ],
        ),
        *(
            (
                {"stories/a.md": told(f"It grew by {blank}.")},
                [
                    f"content/stories/a.md:22: warning: "
                    f"says `status: ready`, but still has `{blank}` in More, "
                    "so it counts as a draft; fill it in, or write `status: draft`"
                ],
            )
            for blank in ("X%", "XX %", "$X", "$XXK", "X months", "X/10", "XX people")
        ),
    ],
    "missing-part": [
        (
            {"stories/a.md": story("A").partition("## Task")[0]},
            [
                "content/stories/a.md:5: warning: "
                "says `status: ready`, but has no Task, Action, Result, "
                "so it counts as a draft; add `## Task`, or write `status: draft`"
            ],
        ),
        (
            {"stories/a.md": story("A").replace("It was late.", "[TBD]").partition("## Result")[0]},
            [
                "content/stories/a.md:5: warning: says `status: ready`, but has no Result, "
                "so it counts as a draft; add `## Result`, or write `status: draft`",
                "content/stories/a.md:6: warning: "
                "says `status: ready`, but still has `[TBD]` in Situation, "
                "so it counts as a draft; fill it in, or write `status: draft` [placeholder]",
            ],
        ),
        (
            {"stories/a.md": story("A").replace("It was late.", "")},
            [
                "content/stories/a.md:5: warning: says `status: ready`, but has no Situation, "
                "so it counts as a draft; add `## Situation`, or write `status: draft`"
            ],
        ),
    ],
    "misspelt-heading": [
        (
            {"stories/a.md": f"{story('A')}\n## Reflecton\n\nAsk early.\n"},
            [
                "content/stories/a.md:22: warning: `## Reflecton` is no part that is known; "
                "did you mean `## Reflection`?"
            ],
        ),
        (
            {"stories/a.md": "---\ntitle: A\n---\n\n## Acitons taken (40 s)\n\nI rang.\n"},
            [
                "content/stories/a.md:5: warning: `## Acitons taken (40 s)` is no part that is "
                "known; did you mean `## Actions taken`?"
            ],
        ),
    ],
    "quiz-without-answer": [
        (
            {"stories/a.md": f"{story('A')}\n## Quiz\n\n### Who?\n\n- [ ] Ana\n- [ ] Bo\n"},
            [
                "content/stories/a.md:24: warning: no choice of the quiz question `Who?` is right; "
                "tick the right one: `- [x] …`"
            ],
        ),
    ],
    "too-long-for-a-card": [
        (
            {"stories/a.md": story("A").replace("I mended it.", LONG)},
            [
                "content/stories/a.md:14: warning: "
                "a card of this story has at least 6,000 characters, "
                "and A4 holds about 5,000; split this part into shorter sentences"
            ],
        ),
        (
            {
                "handbook.yml": "paper: 3x5\n",
                "stories/a.md": story("A", f"headline: {LONG[:800]}"),
            },
            [
                "content/stories/a.md:1: warning: "
                "a card of this story has at least 801 characters, "
                "and 3x5 holds about 700; make the headline shorter"
            ],
        ),
    ],
}

# By rule: files in which it finds nothing, however near they come.
GOOD = {
    "unknown-category": {
        "stories/a.md": story("A", "categories: [feedback, CRITICISM, ' Conflict ']"),
    },
    "unknown-principle": {"stories/a.md": story("A", "principles: [dive-deep, dive  Deep]")},
    "unknown-question": {
        "questions.yml": f"{QUESTIONS}  also: [How do you take feedback?]\n",
        "stories/a.md": story(
            "A", "questions: [feedback, tell me about feedback., how do you take feedback?]"
        ),
    },
    "unknown-story": {
        "stories/launch.md": story("The launch"),
        "questions.yml": f"{QUESTIONS}  stories: [launch, the launch]\n",
        "decks.yml": "- name: First\n"
        "  stories: [Launch, all, ready, status/draft, principle/ownership, question/feedback]\n",
    },
    "unknown-list": {
        "to-ask.yml": TO_ASK,
        "guides/g.md": f"{GUIDE}\n- [ ] Sleep\n",
        "decks.yml": "- {name: First, stories: [], ends_with: [to-ask, my boss, A guide, g]}\n",
    },
    "unknown-length": {"stories/a.md": story("A", "length: 2 Minutes")},
    "unknown-level": {
        "levels.yml": f"{LEVELS}- {{name: Level 3}}\n",
        "stories/a.md": story("A", "level: m1", "scope: {teams: 1}"),
        "stories/b.md": story("B", "level: MASTER"),
        "stories/c.md": story("C", "level: Cook"),
        "stories/d.md": story("D", "level: Level 2"),
        "stories/e.md": story(
            "E",
            "level: Mate",
            "scope: {teams: 1}",
            body="\n## Levels\n\n### m1\n\nI.\n\n### Cook\n\nWe.\n\n### Level 2\n\nThey.\n",
        ),
    },
    "unknown-measure": {
        "levels.yml": "- {name: Mate, expects: {people: 3, Sea Miles: 9}}\n",
        "stories/a.md": story("A", "level: Mate", "scope: {sea miles: 9, hires: 2}"),
    },
    "no-level": {"stories/a.md": story("A", "level: Mate")},
    "level-in-a-circle": {"levels.yml": f"{LEVELS}- {{name: Cook, next: Captain}}\n"},
    "unknown-set": {
        "handbook.yml": "principles_of: amazon\n",
        "principles.yml": "- {name: Ownership, set: Amazon}\n",
    },
    "unknown-angle": {
        "stories/a.md": story(
            "A",
            body="\n## Angles\n\n### ownership\n\nI.\n\n### Zebras\n\nNo.\n"
            "\n## Quiz\n\n### Onwership\n\nNot an angle.\n",
        )
    },
    "unknown-theme": {
        "interviews/loop.yml": loop("{themes: [ownership, conflict, Tell me about feedback.]}")
    },
    "unknown-audience": {
        "to-ask.yml": TO_ASK,
        "interviews/loop.yml": loop("{themes: [Ownership], audience: my boss}"),
    },
    "unknown-interview": {
        "interviews/loop.yml": LOOP,
        "log.yml": "- interview: loop\n- interview: City Library\n",
    },
    "unknown-round": {
        "interviews/loop.yml": LOOP,
        "log.yml": "- interview: loop\n  round: 1\n- interview: loop\n  round: ana silva\n",
    },
    "no-round": {"interviews/loop.yml": LOOP},
    "no-theme": {"interviews/loop.yml": LOOP},
    "fixed-too-many": {
        "stories/a.md": story("A"),
        "interviews/loop.yml": loop("{themes: [Ownership], fixed: [a]}"),
    },
    "fixed-and-avoided": {
        "stories/a.md": story("A"),
        "stories/b.md": story("B"),
        "interviews/loop.yml": loop("{themes: [Ownership], fixed: [a], avoid: [b]}"),
    },
    "told-often": {
        "stories/a.md": story("A"),
        "interviews/loop.yml": LOOP,
        "interviews/other.yml": LOOP.replace("City Library", "Harbour Cranes"),
        "log.yml": "- interview: loop\n  story: a\n- interview: other\n  story: a\n" * 2,
    },
    "duplicate-id": {
        "stories/a.md": story("A"),
        "stories/old/a.md": story("Another", "id: old-a"),
        "guides/a.md": GUIDE,
    },
    "ambiguous-name": {
        "categories.yml": "- name: Feedback\n  aliases: [feedback, Conflict]\n",
        "principles.yml": "- name: Conflict\n",
        "questions.yml": "[]",
    },
    "no-id": {"categories.yml": "- name: 🎯 Focus\n- {name: 🎉, id: party}\n"},
    "dead-link": {
        "stories/b.md": story("B"),
        "guides/g.md": GUIDE,
        "stories/a.md": told(
            "[1](b.md) [2](b) [3](./b.md#result) [4](#situation) [5](../guides/g.md#part-one) "
            "[6](../questions.yml) [7](https://example.org/x.md) [8](mailto:a@example.org)"
        ),
    },
    "remote-image": {
        "stories/my chart.png": PNG,
        "stories/a.md": told(
            "![a](my%20chart.png) ![b](<./my chart.png>) [c](https://a.org/d.png)"
        ),
    },
    "missing-image": {
        "stories/my chart.png": PNG,
        "guides/g.md": f"{GUIDE}\n![a](../stories/my%20chart.png)\n",
        "stories/a.md": told(
            "![a](my%20chart.png) ![b](<./my chart.png>) ![c](https://a.org/d.png)"
        ),
    },
    "lengths-add-up": {"handbook.yml": "answer_lengths: [{name: Any, seconds: 60}]\n"},
    "unknown-answer": {
        "answers/how/hiring.md": "We hire two.\n",
        "questions.yml": f"{QUESTIONS}  answer: how/hiring.md\n",
    },
    "stray-answer": {"answers/Feedback.md": "I ask for it.\n"},
    "two-answers": {
        "answers/feedback.md": "I ask for it.\n",
        "answers/other.md": "I say it.\n",
        "questions.yml": QUESTIONS + "- question: Why?\n  answer: ./other.md\n",
    },
    "empty-answer": {"answers/feedback.md": "Yes.\n"},
    "answer-placeholder": {"answers/feedback.md": "I ask [whom](#it) I like.\n"},
    "placeholder": {
        "stories/draft.md": told("[Fill in: it] X%").replace("ready", "draft"),
        "stories/ready.md": told("[x] [a link](#result) iPhone X, 5X, X-ray, TODO, an X on a map"),
    },
    "missing-part": {
        "stories/draft.md": "---\ntitle: A draft\n---\n",
        # `placeholder` speaks of this one already.
        "stories/holes.md": story("A").replace("It was late.", "[Fill in: when]"),
    },
    "misspelt-heading": {
        "stories/a.md": f"{story('A')}\n## Restart\n\nWe did.\n\n### Reslt\n\nDeeper.\n",
        "guides/g.md": "---\ntitle: G\n---\n\n## Reslt\n\nIn no story.\n",
    },
    "quiz-without-answer": {
        "stories/a.md": f"{story('A')}\n## Quiz\n\n### Who?\n\n- [ ] Ana\n- [x] Bo\n\n"
        "### Why?\n\nBecause.\n",
    },
    "too-long-for-a-card": {
        "stories/a.md": story("A").replace("I mended it.", "So I mended it. " * 2000),
    },
}

NAMES = [rule.__name__.replace("_", "-") for rule in RULES]


def test_every_rule_has_a_bad_and_a_good_case_here() -> None:
    assert list(BAD) == NAMES
    assert list(GOOD) == NAMES


@pytest.mark.parametrize(
    ("rule", "files", "expected"),
    [(rule, *case) for rule, cases in BAD.items() for case in cases],
)
def test_what_is_wrong_is_said_in_one_line_each(rule, files, expected, problems) -> None:
    assert problems(LISTS | files) == [
        line if line.endswith("]") else f"{line} [{rule}]" for line in expected
    ]


@pytest.mark.parametrize("rule", NAMES)
def test_what_is_right_is_passed_over_in_silence(rule, problems) -> None:
    found = problems(LISTS | GOOD[rule])
    assert [line for line in found if line.endswith(f"[{rule}]")] == []


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_rule_shows_what_is_bad_and_what_is_good(rule) -> None:
    lines = [line.strip() for line in (rule.__doc__ or "").splitlines()]
    assert [line[:5] for line in lines if line.startswith(("Bad: ", "Good:"))] == ["Bad: ", "Good:"]


@pytest.mark.parametrize(
    ("broken", "story_lines"),
    [
        ("categories.yml", ["categories: [Feedback]"]),
        ("principles.yml", ["principles: [Ownership]"]),
        ("questions.yml", ["questions: [feedback]"]),
        ("handbook.yml", ["length: 2 minutes"]),
    ],
)
def test_a_list_that_cannot_be_read_makes_no_name_unknown(broken, story_lines, problems) -> None:
    stories = {f"stories/{i}.md": story(f"Number {i}", *story_lines) for i in range(3)}
    assert problems(LISTS | stories | {broken: "- [\n"}) == [
        f"content/{broken}:2: YAML is broken: did not find expected node content; "
        "check quotes, brackets and indentation here [yaml]"
    ]


def test_one_file_of_a_folder_that_cannot_be_read_makes_no_name_unknown(problems) -> None:
    files = {
        "categories/a.yml": "- name: Feedback\n",
        "categories/b.yml": "- nam: Conflict\n",
        "stories/a.md": story("A", "categories: [Conflict]"),
    }
    assert problems(files) == [
        "content/categories/b.yml:1: a category has no `name`; add `name: …` [required]",
        "content/categories/b.yml:1: unknown key `nam`; did you mean `name`? [unknown-key]",
    ]


def test_principles_that_cannot_be_read_make_no_angle_unknown(problems) -> None:
    files = {
        "principles.yml": "- name: Owner\n- nam: Ownership\n",
        "stories/a.md": story("A", body="\n## Angles\n\n### Ownership\n\nI.\n"),
    }
    assert [line.rpartition(" ")[2] for line in problems(files)] == ["[required]", "[unknown-key]"]


def test_a_story_that_cannot_be_read_is_not_also_unknown_or_a_dead_link(problems) -> None:
    files = {
        "stories/launch.md": UNREADABLE,
        "stories/a.md": told("[the launch](launch.md#result) [again](launch)"),
        "questions.yml": f"{QUESTIONS}  stories: [launch, a]\n",
        "decks.yml": "- name: First\n  stories: [launch]\n",
    }
    assert problems(files) == [
        "content/stories/launch.md:3: YAML is broken: did not find expected node content; "
        "check quotes, brackets and indentation here [yaml]"
    ]


def test_all_faults_of_all_files_come_out_in_one_run_in_order(problems) -> None:
    files = {
        "stories/b.md": story("B", "levl: Senior", "date: May", "publish: yes"),
        "stories/a.md": told("[x](gone.pdf)\n[y](#gone)", "categories: [Feedbak, Zebra]"),
        "guides/g.md": "no fences",
        "questions.yml": f"{QUESTIONS}- id: x\n  stories: [zebra]\n- question: Q?\n  also: Q\n",
    }
    assert problems(LISTS | files) == [
        "content/guides/g.md:1: has no front matter; start it with ---, title: …, --- "
        "[front-matter]",
        "content/questions.yml:3: a question has no `question`; add `question: …` [required]",
        "content/questions.yml:6: expected a list of words, found `Q`; write `[Q]` [type]",
        "content/stories/a.md:4: unknown category `Feedbak`; did you mean `Feedback`? "
        "[unknown-category]",
        "content/stories/a.md:4: unknown category `Zebra`; "
        "add it to categories.yml, or take it out here [unknown-category]",
        "content/stories/a.md:25: the link to `gone.pdf` leads nowhere; "
        "link to a file in stories/ or guides/ [dead-link]",
        "content/stories/a.md:26: the link to `#gone` leads to no heading there; "
        "use the id of a heading that is there [dead-link]",
        "content/stories/b.md:4: unknown key `levl`; did you mean `level`? [unknown-key]",
        "content/stories/b.md:5: expected a date, found `May`; "
        "write it as 2024-03-01 or 2024-03 [type]",
        "content/stories/b.md:6: expected true or false, found `yes`; "
        "write it without quotes, in lower case [type]",
    ]
