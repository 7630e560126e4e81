"""The index of a save: what is not in its story is not counted again, and it is as if all were."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import LAYOUTS, examples, story
from hypothesis import given, settings
from hypothesis import strategies as st

from starbook import links
from starbook.build import pipeline, pool, queries
from starbook.build.database import Database
from starbook.content import loader
from starbook.content.folder import Listing
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
from starbook.render.renderer import Renderer
from starbook.search import export, fields, question_matching, segments

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


class Folder:
    """A content folder whose files hold values: what is read from them need not be written."""

    path = Path("content")

    def __init__(self) -> None:
        self.book = Handbook()

    def listing(self) -> Listing:
        stories = tuple(story.path for story in self.book.stories)
        guides = tuple(guide.path for guide in self.book.guides)
        return Listing({"stories": stories, "guides": guides, "handbook": ("handbook.yml",)})

    def source(self, path: str) -> Any:
        things = {thing.path: thing for thing in (*self.book.stories, *self.book.guides)}
        lists = msgspec.structs.replace(self.book, stories=(), guides=())
        return things.get(path, lists)

    def fingerprint(self, path: str) -> bytes:
        return msgspec.msgpack.encode(self.source(path))


@contextmanager
def patched(size: int) -> Iterator[None]:
    """Load values as they are, and cut them into blocks of so many."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("load_story", "load_guide"):
            patch.setattr(loader, name, lambda source, *_, **options: (source, ()))
        patch.setattr(loader, "load_lists", lambda sources: (next(sources["handbook"]), ()))
        patch.setattr(segments, "SIZE", size)
        yield


def opened(folder: Folder) -> Database:
    environment = queries.Environment(folder, LAYOUTS)
    environment.read_layouts()
    return Database(environment)


@pytest.mark.slow
@settings(max_examples=examples(60))
@given(whole, edits)
def test_after_any_edits_the_index_is_that_of_a_clean_build(
    of: dict[str, Any], made: list[tuple[str, Any]]
) -> None:
    folder = Folder()
    remembered = opened(folder)
    for name, thing in [("", None), *made]:
        of[name] = thing
        folder.book = handbook(of)
        with patched(size=2):
            remembered.begin()
            words, *_, text = found = indexed(remembered)
            remembered.commit()
        for size in (2, 32):  # however they are cut into blocks
            with patched(size):
                assert found == indexed(opened(folder))
        assert list(index_words(text)) == sorted(words, key=lambda word: word.encode("utf-16-be"))


def indexed(db: Database) -> tuple[dict[str, str], dict[str, str], Any, str]:
    """The words with their stems, the postings, what the questions match, and the file."""
    words, postings = queries.words_and_postings(db)
    text = queries.search_index(db).decode()
    _, own = export.usable_synonyms(queries.lists(db).synonyms, postings)
    return words | own, postings, queries.question_matches(db), text


def index_words(text: str) -> list[str]:
    line = text.split("\n")[1]
    words: str = msgspec.json.decode(f"[{line[len('starbook.index(') : -2]}]")[3]
    return words.split(" q0 ") if words else []


# What a save costs, in pieces of work


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Return the number of calls of some functions, all of them in this process."""
    monkeypatch.setattr(pool, "FEWEST", 10_000)
    done: Counter[str] = Counter()
    for module, name in (
        *((fields, "count_words"), (segments, "invert"), (question_matching, "_matches")),
        *((search_results, "_story_hit"), (search_results, "result_rows")),
        (links, "link_terms"),
    ):
        key = f"{module.__name__.rpartition('.')[2]}.{name}"
        monkeypatch.setattr(module, name, counting(done, key, getattr(module, name)))
    page = Renderer.render

    def rendered(self: Renderer, view: Any) -> str:
        done["question pages"] += getattr(view, "path", "").startswith("questions/")
        return page(self, view)

    monkeypatch.setattr(Renderer, "render", rendered)
    return done


def counting(done: Counter[str], name: str, work: Callable[..., Any]) -> Callable[..., Any]:
    def counted(*args: Any) -> Any:
        done[name] += 1
        return work(*args)

    return counted


@pytest.mark.slow
def test_a_saved_story_is_counted_alone(content, work) -> None:
    files = {f"stories/{n}.md": story(f"Story {n}") for n in range(40)}
    files["questions.yml"] = "- question: When did you mend an error?\n- question: Who was late?\n"
    db = pipeline.open_database(content(files), LAYOUTS)

    def save() -> dict[str, int]:
        work.clear()
        content(files)
        built = pipeline.build_site(db)
        assert not built.failed
        db.commit()
        return {name: times for name, times in work.items() if times}

    assert save() == {
        "fields.count_words": 42,
        "segments.invert": 3,  # two blocks of stories, and one of questions
        "search_results._story_hit": 40,
        "search_results.result_rows": 3,
        "question_matching._matches": 2,
        "links.link_terms": 1,
        "question pages": 3,
    }

    files["stories/7.md"] = files["stories/7.md"].replace("I mended it.", "I repaired it.")
    # "mend" at another level, "repair" for the first time; the questions find what they found.
    assert save() == {
        "fields.count_words": 1,
        "segments.invert": 1,
        "search_results._story_hit": search_results.SHARD,  # those that share its file of texts
        "search_results.result_rows": 1,
        "question_matching._matches": 2,
    }

    assert save() == {}
    files["stories/8.md"] = files["stories/8.md"].replace("I mended it.", "I repaired it.")
    cost = save()  # and what was not asked for is still known
    assert (cost["fields.count_words"], cost["search_results.result_rows"]) == (1, 1)
    assert "links.link_terms" not in cost
