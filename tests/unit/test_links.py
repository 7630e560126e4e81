"""Cross-links: both ways, each with its reason, what was chosen before what was found."""

from collections.abc import Iterable
from types import SimpleNamespace

import msgspec
from msgspec.structs import replace

from starbook import links as link
from starbook.links import LinkIndex, Term
from starbook.model import Answer, Choice, Handbook, Prose, Question, Ref, Status, Story, Topic
from starbook.pages.context import PageContext
from starbook.search.fields import WordSplitter
from starbook.search.question_matching import WordMatch


def _refs(names: Iterable[str]) -> tuple[Ref, ...]:
    return tuple(Ref(name, 1, name) for name in names)


def _story(ident: str, categories: str = "", principles: str = "", **more: object) -> Story:
    found = Story(
        ident, f"stories/{ident}.md", ident.title(), status=Status.READY,
        categories=_refs(categories.split()), principles=_refs(principles.split()),
    )  # fmt: skip
    return msgspec.structs.replace(found, **more)


def _question(ident: str, categories: str = "", principles: str = "", *chosen: Choice) -> Question:
    return Question(
        ident, "questions.yml", 1, f"{ident}?",
        categories=_refs(categories.split()), principles=_refs(principles.split()), stories=chosen,
    )  # fmt: skip


def _choice(story: str, note: str = "") -> Choice:
    return Choice(Ref(story, 1, story), note)


def _topic(ident: str, *tags: str) -> Topic:
    return Topic(ident, "categories.yml", 1, ident.title(), tags=tags)


def _linked(*stories: Story, questions: Iterable[Question] = (), tags: str = "") -> LinkIndex:
    names = {ref.to for item in (*stories, *questions) for ref in item.categories}
    principles = {ref.to for item in (*stories, *questions) for ref in item.principles}
    return LinkIndex(
        Handbook(
            stories=stories,
            questions=tuple(questions),
            categories=tuple(_topic(name, *tags.split()) for name in sorted(names)),
            principles=tuple(_topic(name) for name in sorted(principles)),
        ),
        WordSplitter(["the", "of"]),
    )


def _ids(ties: Iterable[link.CrossLink]) -> list[str]:
    return [tie.id for tie in ties]


def test_a_chosen_story_stands_before_found_ones_with_the_persons_note() -> None:
    question = _question("boss", "conflict", "", _choice("last", "start with the goal"))
    links = _linked(
        _story("first", "conflict"), _story("last", "conflict"), questions=[question]
    )  # fmt: skip
    ties = links.stories_of_question("boss")
    assert _ids(ties.all) == ["last", "first"]
    assert ties.chosen[0].note == "start with the goal"
    assert ties.found[0].shared == (Term("category", "conflict"),)


def test_a_choice_leads_both_ways_whoever_made_it() -> None:
    named = _story("a", questions=(Ref("boss", 1, "boss"),))
    links = _linked(
        named, _story("b"), questions=[_question("boss", "", "", _choice("b", "calmly"))]
    )
    assert _ids(links.stories_of_question("boss").chosen) == ["b", "a"]
    assert _ids(links.questions_of_story("a").chosen) == ["boss"]
    assert links.questions_of_story("b").chosen[0].note == "calmly"


def test_a_story_that_was_chosen_twice_stands_once() -> None:
    story = _story("a", questions=(Ref("boss", 1, "boss"),))
    links = _linked(story, questions=[_question("boss", "", "", _choice("a", "first"))])
    assert [tie.note for tie in links.stories_of_question("boss").all] == ["first"]


def test_what_shares_more_stands_first_and_a_principle_weighs_more_than_a_category() -> None:
    links = _linked(
        _story("category", "x y"),
        _story("principle", "", "p q"),
        _story("both", "x", "p"),
        _story("me", "x y", "p q"),
    )
    assert _ids(links.related_stories("me").found) == ["principle", "both", "category"]


def test_of_equals_the_ready_one_stands_before_the_draft() -> None:
    draft = _story("a-draft", "x", status=Status.DRAFT)
    links = _linked(draft, _story("ready", "x"), _story("me", "x"))
    assert _ids(links.related_stories("me").found) == ["ready", "a-draft"]


def test_at_most_five_are_found_and_then_the_broadest_name_has_all() -> None:
    links = _linked(*(_story(f"s{n}", "x") for n in range(9)))
    ties = links.related_stories("s0")
    assert len(ties.found) == link.FOUND == 5
    assert ties.more == Term("category", "x")


def test_where_all_are_shown_nothing_more_is_promised() -> None:
    links = _linked(*(_story(f"s{n}", "x") for n in range(6)))
    assert links.related_stories("s0").more is None


def test_a_tag_alone_ties_nothing_but_adds_to_what_is_tied() -> None:
    links = _linked(
        _story("tag", tags=("speed",)),
        _story("far", "x"),
        _story("near", "x", tags=("speed",)),
        _story("me", "x", tags=("speed",)),
    )
    assert _ids(links.related_stories("me").found) == ["near", "far"]


def test_a_category_takes_in_stories_by_its_tags_and_says_so() -> None:
    links = _linked(_story("named", "x"), _story("tagged", tags=("Speed",)), tags="speed")
    assert links.topics.stories["category"]["x"] == (
        link.Placement("named"),
        link.Placement("tagged", "Speed"),
    )
    assert _ids(links.related_stories("tagged").found) == ["named"]


def test_every_level_knows_its_stories() -> None:
    links = _linked(_story("a", level="Senior", tags=("x", "y")), _story("b", tags=("y",)))
    assert links.topics.at_level == {"Senior": ("a",)}


def test_a_question_is_covered_by_a_ready_chosen_story_or_answer_only() -> None:
    draft = _story("draft", "x", status=Status.DRAFT)
    ready = _story("ready", "x")
    questions = [
        _question("met", "", "", _choice("draft"), _choice("ready")),
        _question("drafted", "", "", _choice("draft")),
        _question("found", "x"),
    ]
    body = Prose(("Yes.",), "Yes.")
    answered = [
        Answer("a.md", 1, body),
        Answer("b.md", 1, body, holes=("X%",)),
        Answer("c.md", 1, Prose()),
    ]
    questions += [replace(_question(a.path, ""), answer=a) for a in answered]
    links = _linked(draft, ready, questions=questions)
    chosen = link.chosen_stories(Handbook(stories=(draft, ready), questions=tuple(questions)))
    stories = {"draft": draft, "ready": ready}
    data = SimpleNamespace(chosen_for=chosen.__getitem__, summary=stories.__getitem__)
    assert [PageContext(data).is_covered(q) for q in questions] == [
        *[True, False, False],
        *[True, False, False],
    ]
    assert _ids(links.stories_of_question("found").found) == ["ready", "draft"]


def test_among_thousands_neighbours_are_found_without_looking_at_all() -> None:
    stories = [_story(f"s{n}", "common", "rare" if n in (7, 2999) else "") for n in range(3000)]
    links = _linked(*stories)
    assert _ids(links.related_stories("s7").found)[0] == "s2999"


def test_where_a_story_has_more_or_less_of_a_question_the_links_are_the_same() -> None:
    index = _linked(_story("a"), _story("b"), questions=[_question("boss")])

    def found(*scores: float) -> tuple[link.CrossLink, ...]:
        words = ("boss", "argued")
        matches = {position: WordMatch(score, words) for position, score in enumerate(scores)}
        return index.stories_of_question("boss", matches).found

    first = found(1.5, 0.9)
    assert _ids(first) == ["a", "b"]
    assert found(1.6, 0.8) == first
    assert _ids(found(0.8, 1.6)) == ["b", "a"]


def test_what_few_stories_have_weighs_more_than_what_many_have() -> None:
    links = _linked(
        *(_story(f"s{n}", "common") for n in range(8)),
        _story("rare", "rare"),
        _story("me", "common rare"),
    )
    assert _ids(links.related_stories("me").found)[0] == "rare"


def test_words_of_titles_that_few_have_make_stories_similar_and_are_the_reason() -> None:
    links = _linked(
        *(_story(f"s{n}", "x") for n in range(8)),
        _story("ferry", "x", title="The ferry that sailed twice"),
        _story("me", "x", title="One ferry too many"),
    )
    nearest = links.related_stories("me").found[0]
    assert (nearest.id, nearest.words) == ("ferry", ("ferry",))


def test_two_shared_words_make_stories_similar_without_a_shared_name() -> None:
    links = _linked(
        _story("two", title="Ferry tickets"),
        _story("one", title="Ferry lights"),
        _story("me", title="Tickets for the ferry"),
        *(_story(f"s{n}") for n in range(20)),
    )
    assert _ids(links.related_stories("me").found) == ["two"]


def test_a_word_that_many_titles_have_says_nothing() -> None:
    links = _linked(*(_story(f"s{n}", "x", title=f"Project {n}") for n in range(9)))
    assert links.related_stories("s0").found[0].words == ()


def test_a_shared_tag_is_a_reason_beside_a_shared_name() -> None:
    links = _linked(_story("near", "x", tags=("speed",)), _story("me", "x", tags=("speed",)))
    shared = links.related_stories("me").found[0].shared
    assert set(shared) == {Term("category", "x"), Term("tag", "speed")}


def test_stories_that_share_the_same_have_different_lists() -> None:
    links = _linked(*(_story(f"s{n}", "x") for n in range(20)))
    lists = [_ids(links.related_stories(f"s{n}").found) for n in range(20)]
    assert len(set(map(tuple, lists))) == 20
    assert {ident for some in lists for ident in some} == {f"s{n}" for n in range(20)}
