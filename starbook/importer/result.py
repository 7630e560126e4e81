"""Result of an import: the stories, lists and guides of a document, and where its lines went."""

from collections.abc import Sequence
from typing import Any

import msgspec

from starbook.importer.account import Account, Place
from starbook.importer.document import Document
from starbook.importer.levels import PlannedLevel
from starbook.importer.lists import QuestionEntry
from starbook.importer.page import Page
from starbook.importer.readings import Reading
from starbook.importer.rounds import PlannedInterview
from starbook.importer.stories import Story

# A second reading is close if it has this share of the points of the best.
CLOSE = 0.9


class ImportResult(msgspec.Struct, eq=False):
    """The stories, questions and guides of a document, and the place of each of its lines.

    `abouts` are texts on categories, by the key of the name, `guides` are texts by title; the plans
    of `interviews` and the texts of `levels` stand in guides, too;
    `headings` are those whose lines went to lists and stories, `comments` are numbers of lines,
    `unrecognised` are numbers and texts of lines. `readings` are the ways to divide it, the one
    that was taken first; `places` say where each line went, and `missing_words` are words of the
    document that are written nowhere.
    """

    name: str
    title: str
    document: Document
    account: Account
    page: Page
    stories: list[Story] = []
    questions: list[QuestionEntry] = []
    audiences: list[dict[str, Any]] = []
    categories: list[str] = []
    principles: list[str] = []
    abouts: dict[str, str] = {}
    guides: dict[str, str] = {}
    interviews: list[PlannedInterview] = []
    levels: list[PlannedLevel] = []
    headings: list[str] = []
    comments: list[int] = []
    unrecognised: list[tuple[int, str]] = []
    readings: tuple[Reading, ...] = ()
    places: tuple[Place, ...] = ()
    missing_words: tuple[str, ...] = ()

    def add_to_ask(self, audience: str, topics: Sequence[dict[str, Any]]) -> None:
        """Add topics of questions to ask to an audience, or the questions to topics that it has."""
        known = next((one["topics"] for one in self.audiences if one["audience"] == audience), None)
        if known is None:
            known = []
            self.audiences.append({"audience": audience, "topics": known})
        for topic in topics:
            same = next((one for one in known if one["topic"] == topic["topic"]), None)
            if same:
                same["questions"] += topic["questions"]
            else:
                known.append(topic)

    @property
    def close_reading(self) -> Reading | None:
        """A reading that finds another number of stories and has nearly as many points."""
        best, *others = self.readings or (None,)
        if best is None:
            return None
        count = len(best.spans)
        close = (one for one in others if one.score >= best.score * CLOSE)
        return next((one for one in close if len(one.spans) != count), None)
