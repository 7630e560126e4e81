"""The index of a save: what is not in its story is not counted again, and it is as if all were."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from conftest import LAYOUTS, story
from hypothesis import given, settings
from hypothesis import strategies as st
from starbook.build.memory import Memory

from starbook import links
from starbook.build import pipeline
from starbook.content.loader import interview
from starbook.model import (
    Choice,
    Guide,
    Handbook,
    Kind,
    Prose,
    Question,
    Ref,
    Section,
    Status,
    Story,
    Topic,
)
from starbook.pages import search_results
from starbook.search import export, scoring

# Some only join others, some mean the same, some are cut up, and one has an astral letter.
WORDS = (
    "late ledger boss manager outage mended mending the of post-mortem 9% 東京 \U00010400 \ufa0e"
)
texts = st.lists(st.sampled_from(WORDS.split()), max_size=5).map(" ".join)
names = st.lists(st.sampled_from(["one", "two"]), max_size=2, unique=True).map(
    lambda idents: tuple(Ref(ident, 1, ident) for ident in idents)
)
CHOSEN = (Choice(Ref("b", 1, "b")),)


def section(kind: Kind, text: str) -> Section:
    return Section(kind, kind, kind.capitalize(), 1, Prose((text,), text))


def stories(ident: str) -> st.SearchStrategy[Story]:
    kinds = (Kind.ACTION, Kind.RESULT, Kind.OTHER)
    return st.builds(
        Story,
        st.just(ident),
        st.just(f"stories/{ident}.md"),
        texts,
        texts,
        categories=names,
        questions=st.sampled_from([(), (Ref("how", 1, "how"),)]),
        tags=st.sampled_from([(), ("late",)]),
        status=st.sampled_from(Status),
        sections=st.tuples(*(st.builds(section, st.just(kind), texts) for kind in kinds)),
    )


def questions(ident: str) -> st.SearchStrategy[Question]:
    return st.builds(
        Question,
        st.just(ident),
        st.just("questions.yml"),
        st.just(1),
        texts,
        also=st.lists(texts, max_size=1).map(tuple),
        categories=names,
        stories=st.sampled_from([(), (), CHOSEN]),
    )


def topics(ident: str) -> st.SearchStrategy[Topic]:
    return st.builds(
        Topic, st.just(ident), st.just("x.yml"), st.just(1), texts, tags=st.just(("late",))
    )


guides = st.builds(lambda text: Guide("g", "guides/g.md", "G", 1, Prose((text,), text)), texts)
STORIES = [f"story {ident}" for ident in "abcdef"]
OTHERS = {
    "question why": questions("why"),
    "question how": questions("how"),
    "category one": topics("one"),
    "category two": topics("two"),
    "principle two": topics("two"),
    "guide g": guides,
}
THINGS: dict[str, st.SearchStrategy[Any]] = {
    **{name: stories(name.split()[1]) for name in STORIES},
    **OTHERS,
}
GOING = [name for name in THINGS if name != "question how"]  # there are stories that name it
whole = st.fixed_dictionaries(THINGS)
# A story is edited more often than all else, and now and then something goes or comes back.
edits = st.lists(
    st.one_of(
        *(
            st.tuples(st.just(name), THINGS[name] | st.none() if all_ else THINGS[name])
            for all_ in (False, False, True)
            for name in (GOING if all_ else STORIES)
        )
    ),
    min_size=1,
    max_size=5,
)


def handbook(of: dict[str, Any]) -> Handbook:
    def each(kind: str) -> tuple[Any, ...]:
        return tuple(of[name] for name in THINGS if name.startswith(kind) and of[name])

    return Handbook(
        stories=each("story"),
        questions=each("question"),
        categories=each("category"),
        principles=each("principle"),
        guides=each("guide"),
        synonyms=(("ledger", "東京", "unheard"),),
    )


@settings(max_examples=150, deadline=None)
@given(whole, edits)
def test_after_any_edits_the_index_is_that_of_a_clean_build(
    of: dict[str, Any], made: list[tuple[str, Any]]
) -> None:
    remembered = Memory()
    for name, thing in [("", None), *made]:
        of[name] = thing
        index, said, text = indexed(handbook(of), remembered)
        clean, clean_said, clean_text = indexed(handbook(of), None)
        assert msgspec.structs.asdict(index) == msgspec.structs.asdict(clean)
        assert said == clean_said
        assert text == clean_text
        assert list(index_words(text)) == sorted(
            index.words, key=lambda word: word.encode("utf-16-be")
        )
        remembered.turn()


def indexed(book: Handbook, memory: Memory | None) -> tuple[scoring.Index, Any, str]:
    index = scoring.build(book, interview(), memory)
    said = links.said(book, index, memory)
    return index, said, export.text(index, [], 16, private=True, memory=memory)


def index_words(text: str) -> list[str]:
    line = text.split("\n")[1]
    words: str = msgspec.json.decode(f"[{line[len('starbook.index(') : -2]}]")[3]
    return words.split(" q0 ") if words else []


# What a save costs, in pieces of work


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often some pieces of work were done."""
    done: Counter[str] = Counter()
    for module, name in (
        *((scoring, "_counted"), (scoring, "_row"), (scoring, "_posting"), (scoring, "_matches")),
        *((search_results, "_story"), (search_results, "_texts"), (links, "link")),
    ):
        key = f"{module.__name__.rpartition('.')[2]}.{name}"
        monkeypatch.setattr(module, name, counting(done, key, getattr(module, name)))
    return done


def counting(done: Counter[str], name: str, work: Callable[..., Any]) -> Callable[..., Any]:
    def counted(*args: Any) -> Any:
        done[name] += 1
        return work(*args)

    return counted


def test_a_saved_story_is_counted_alone(content, work) -> None:
    files = {f"stories/{n}.md": story(f"Story {n}") for n in range(40)}
    files["questions.yml"] = "- question: When did you mend an error?\n- question: Who was late?\n"
    memory = Memory()
    pipeline.make(content(files), LAYOUTS, memory=memory)
    assert work["scoring._counted"] == work["scoring._row"] == 42
    assert (
        work["search_results._story"],
        work["search_results._texts"],
        work["scoring._matches"],
    ) == (40, 3, 2)

    files["stories/7.md"] = files["stories/7.md"].replace("I mended it.", "I repaired it.")
    work.clear()
    assert not pipeline.make(content(files), LAYOUTS, memory=memory).failed
    # "mend" at another level, "repair" for the first time; the questions find what they found.
    assert dict(work) == {
        **dict.fromkeys(("scoring._counted", "scoring._row", "search_results._texts"), 1),
        "scoring._posting": 2,
        "search_results._story": search_results.SHARD,  # those that share its file of texts
    }

    work.clear()
    pipeline.make(
        content(files), LAYOUTS, memory=memory
    )  # and what was not asked for is still known
    files["stories/8.md"] = files["stories/8.md"].replace("I mended it.", "I repaired it.")
    pipeline.make(content(files), LAYOUTS, memory=memory)
    assert (work["scoring._counted"], work["search_results._texts"], work["links.link"]) == (
        1,
        1,
        0,
    )
