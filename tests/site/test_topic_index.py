"""The lists of categories and guides: what each is about, its best story, and what might fit."""

from conftest import story
from editions import site_of, text_of

from starbook.model import Edition

BOOK = {
    "categories.yml": """
- {name: Ferries, about: You move people over water. They listen for the weather.}
- {name: Bridges, asked_as: [crossed a river, built a bridge]}
- {name: Tunnels}
""",
    "questions.yml": """
- {question: When did you cross a lagoon by lantern?, id: lagoon, categories: [Bridges]}
- {question: What do you like about ferries?, id: like, categories: [Ferries], stories: [b]}
""",
    "stories/a.md": story("The slow boat", "categories: [Ferries]", "metrics: ['9 → 2 min: late']"),
    "stories/b.md": story("The fast boat", "categories: [Ferries]"),
    "stories/c.md": story("By lantern over the lagoon", "tags: [lagoon, lantern]"),
}


def private(files: dict[str, str]) -> dict[str, bytes]:
    return site_of(files, Edition.PRIVATE)


def test_what_has_no_story_comes_first_with_one_that_might_fit_and_why() -> None:
    text = text_of(private(BOOK)["categories/index.html"])
    assert text.index("Bridges") < text.index("Tunnels") < text.index("Ferries")
    row = text[text.index("Bridges") : text.index("Tunnels")]
    assert "No story assigned" in row
    assert "Might fit, a guess: By lantern over the lagoon" in row
    assert "for “When did you cross a lagoon by lantern?”" in row
    assert "1 of 1 question uncovered" in row
    assert "Might fit" not in text[text.index("Tunnels") : text.index("Ferries")]


def test_the_best_story_is_the_one_chosen_for_most_questions() -> None:
    text = text_of(private(BOOK)["categories/index.html"])
    row = text[text.index("Ferries") :]
    assert "You move people over water. They listen for the weather." in row
    assert "The fast boat" in row
    assert "The slow boat" not in row
    assert "2 stories" in row


def test_without_a_word_about_it_a_category_says_how_it_is_asked() -> None:
    assert "Asked as: crossed a river; built a bridge" in text_of(
        private(BOOK)["categories/index.html"]
    )


def test_a_guide_is_listed_with_its_first_sentence() -> None:
    guides = {
        "guides/a.md": "---\ntitle: A\n---\n\n## Before\n\nPack *two* pens. Then sleep well.\n",
        "guides/b.md": "---\ntitle: B\n---\n## Red lights first\n- Stop\n\n## Green ones\n- Go\n",
    }
    text = text_of(private(BOOK | guides)["guides/index.html"])
    assert "Pack two pens." in text
    assert "Then sleep" not in text
    assert "Red lights first · Green ones" in text
