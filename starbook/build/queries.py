"""The graph of queries: how a site comes from the files of a handbook, each step memoised.

A query asks for others by calling them; that is how its dependencies are recorded. Stories are
known by the path of their file until an edition is made, and by their id from then on.
"""

from pathlib import Path
from typing import Any

import msgspec

from starbook import links, urls
from starbook.build.database import Database, Keep, query
from starbook.content import checks, loader, references
from starbook.content.folder import LISTS, ContentFolder, Listing
from starbook.content.merge import merge_lists
from starbook.links import CrossLink, CrossLinks, LinkIndex, Placement, TopicLinks
from starbook.model import (
    Edition,
    Guide,
    Handbook,
    Image,
    Interview,
    Question,
    Settings,
    Story,
    Topic,
)
from starbook.pages import cards, routes, search_results, views
from starbook.pages.context import PageContext
from starbook.problem import Problem
from starbook.render import link_check
from starbook.render.link_check import PageLinks
from starbook.render.renderer import Layouts, Renderer, read_layouts
from starbook.search import export, fields, scoring, segments
from starbook.search.export import InterviewExport
from starbook.search.fields import CountedWords, Topics, WordSplitter
from starbook.search.interview import load_interview
from starbook.search.question_matching import (
    Meanings,
    QuestionReader,
    WordMatch,
    match_questions,
)
from starbook.search.scoring import WordingWords
from starbook.search.segments import Segment

Problems = tuple[Problem, ...]
_ID_KINDS = ("question", "guide", "category", "principle")


class Environment:
    """What inputs read from: the content folder, the layouts, and the edition that is made.

    `compiled` is the folder for compiled templates and how they are named, if they are kept.
    """

    def __init__(
        self,
        content: ContentFolder,
        layouts: Path,
        edition: Edition = Edition.PRIVATE,
        compiled: tuple[str, str] | None = None,
    ) -> None:
        self.content = content
        self.edition = edition
        self.layouts = Layouts(layouts)
        self.renderer = Renderer(self.layouts)
        self._compiled = compiled

    def read_layouts(self) -> None:
        """Read the layouts as they are now. Raise `LayoutError` if that cannot be done."""
        found = read_layouts(self.layouts.folder)
        if found != self.layouts:
            self.layouts, self.renderer = found, Renderer(found, self._compiled)
            self.renderer.compile_all()


def _environment(db: Database) -> Environment:
    environment: Environment = db.environment
    return environment


# Inputs


@query(Listing, is_input=True)
def listing(db: Database) -> Listing:
    return _environment(db).content.listing()


@query(bytes, is_input=True)
def file_fingerprint(db: Database, path: str) -> bytes:
    return _environment(db).content.fingerprint(path)


@query(bool, is_input=True)
def is_private(db: Database) -> bool:
    return _environment(db).edition is Edition.PRIVATE


@query(bytes, is_input=True)
def templates(db: Database) -> bytes:
    return _environment(db).layouts.fingerprint


@query(tuple[str, ...], is_input=True)
def asset_paths(db: Database) -> tuple[str, ...]:
    return tuple(path for path, _ in _environment(db).layouts.assets())


# Content


@query(tuple[Story | None, Problems])
def parsed_story(db: Database, path: str) -> tuple[Story | None, Problems]:
    file_fingerprint(db, path)
    return loader.load_story(_environment(db).content.source(path))


@query(tuple[Guide | None, Problems])
def parsed_guide(db: Database, path: str) -> tuple[Guide | None, Problems]:
    file_fingerprint(db, path)
    return loader.load_guide(_environment(db).content.source(path))


@query(tuple[Handbook, Problems])
def parsed_lists(db: Database) -> tuple[Handbook, Problems]:
    files = listing(db).files
    sources: dict[str, list[Any]] = {}
    for name in ("handbook", *LISTS):
        for path in files.get(name, ()):
            file_fingerprint(db, path)
            sources.setdefault(name, []).append(_environment(db).content.source(path))
    return loader.load_lists(sources)


@query(references.NameIndex)
def name_index(db: Database) -> references.NameIndex:
    return references.index_names(parsed_lists(db)[0])


@query(Story | None, Keep.FINGERPRINT)
def resolved_story(db: Database, path: str) -> Story | None:
    story = parsed_story(db, path)[0]
    return story and references.resolve_story(story, name_index(db))


@query(Story | None)
def summary_of(db: Database, path: str) -> Story | None:
    story = resolved_story(db, path)
    return story and story.summary


@query(Story | None)
def references_of(db: Database, path: str) -> Story | None:
    story = resolved_story(db, path)
    return story and references.without_words(story)


@query(Problems)
def story_problems(db: Database, path: str) -> Problems:
    story = resolved_story(db, path)
    found = checks.check_story(story, parsed_lists(db)[0].settings) if story else ()
    return (*parsed_story(db, path)[1], *found)


@query(tuple[Guide, ...])
def all_guides(db: Database) -> tuple[Guide, ...]:
    guides = (parsed_guide(db, path)[0] for path in listing(db).files.get("guides", ()))
    return loader.in_guide_order(guide for guide in guides if guide)


@query(Handbook)
def resolved_lists(db: Database) -> Handbook:
    """Return everything but stories and pictures, as it was written in the files."""
    summaries = (summary_of(db, path) for path in listing(db).files.get("stories", ()))
    handbook = msgspec.structs.replace(
        parsed_lists(db)[0],
        stories=tuple(story for story in summaries if story),
        guides=all_guides(db),
    )
    resolved = references.resolve_lists(handbook, name_index(db))
    return msgspec.structs.replace(resolved, stories=())


@query(Problems)
def file_problems(db: Database) -> Problems:
    """Return what is wrong with folders and files, each by itself."""
    found = listing(db)
    stories = (story_problems(db, path) for path in found.files.get("stories", ()))
    templates_ = (parsed_story(db, path)[1] for path in found.files.get("templates", ()))
    guides = (parsed_guide(db, path)[1] for path in found.files.get("guides", ()))
    problems = (found.problems, parsed_lists(db)[1], *stories, *templates_, *guides)
    return tuple(problem for some in problems for problem in some)


@query(Handbook, Keep.NOTHING)
def reference_handbook(db: Database) -> Handbook:
    """Return the handbook with the references of its stories in place of their words."""
    files = listing(db).files
    stories = (references_of(db, path) for path in files.get("stories", ()))
    story_templates = (resolved_story(db, path) for path in files.get("templates", ()))
    return msgspec.structs.replace(
        resolved_lists(db),
        stories=tuple(story for story in stories if story),
        templates=tuple(story for story in story_templates if story),
    )


@query(tuple[str, str, Problems])
def picture(db: Database, path: str) -> tuple[str, str, Problems]:
    """Return the name of a picture on the site, or why it is none; and the faults of its file."""
    file_fingerprint(db, path)
    return loader.load_picture(_environment(db).content.source(path))


@query(bytes, Keep.FINGERPRINT)
def picture_data(db: Database, path: str) -> bytes:
    file_fingerprint(db, path)
    return loader.picture_data(_environment(db).content.source(path))


@query(tuple[tuple[Image, ...], Problems, list[str]])
def pictures(db: Database) -> tuple[tuple[Image, ...], Problems, list[str]]:
    """Return the pictures that prose shows, what is wrong with them, and those refused."""
    found: list[Image] = []
    problems: list[Problem] = []
    refused = []
    for path, place in loader.shown_pictures(reference_handbook(db)).items():
        file_fingerprint(db, path)
        if not _environment(db).content.has_file(path):
            continue  # the checks report it
        name, fault, of_file = picture(db, path)
        problems += of_file
        if name:
            found.append(Image(path, name))
        elif fault:
            problems.append(loader.picture_problem(path, fault, *place))
            refused.append(path)
    return tuple(found), tuple(problems), refused


@query(Problems)
def handbook_problems(db: Database) -> Problems:
    """Return what is wrong with the handbook as a whole."""
    shown, wrong, refused = pictures(db)
    found = (*file_problems(db), *wrong)
    unread = {problem.path for problem in found if problem.is_error} | set(refused)
    handbook = msgspec.structs.replace(
        reference_handbook(db), images=shown, unread=frozenset(unread)
    )
    return (*wrong, *checks.check_handbook(handbook))


def problems(db: Database) -> Problems:
    """Return all that is wrong with the content; paths count from the content folder."""
    found = (*file_problems(db), *handbook_problems(db))
    if not any(listing(db).files.values()) and not any(problem.is_error for problem in found):
        hint = "write a first story in stories/, such as stories/first.md"
        return (*found, Problem("", 0, "the content folder is empty", hint, "no-content"))
    return found


@query(Handbook, Keep.NOTHING)
def private_handbook(db: Database) -> Handbook:
    """Return the whole handbook: each question, category and principle once."""
    files = listing(db).files
    stories = (resolved_story(db, path) for path in files.get("stories", ()))
    story_templates = (resolved_story(db, path) for path in files.get("templates", ()))
    return merge_lists(
        msgspec.structs.replace(
            resolved_lists(db),
            stories=tuple(story for story in stories if story),
            templates=tuple(story for story in story_templates if story),
            images=pictures(db)[0],
        )
    )


# The edition: stories by id, lists without stories


@query(Handbook, Keep.NOTHING)
def public_handbook(db: Database) -> Handbook:
    from starbook.editions import public  # noqa: PLC0415  (only a public edition pays for it)

    return public.public_edition(private_handbook(db))


@query(Handbook)
def lists(db: Database) -> Handbook:
    """Return the edition without its stories and pictures."""
    if is_private(db):
        return merge_lists(resolved_lists(db))
    return msgspec.structs.replace(public_handbook(db), stories=(), images=())


@query(dict[str, str])
def story_paths(db: Database) -> dict[str, str]:
    """Return the file of each story, by id, in their order."""
    if not is_private(db):
        return {story.id: story.path for story in public_handbook(db).stories}
    summaries = (summary_of(db, path) for path in listing(db).files.get("stories", ()))
    return {story.id: story.path for story in summaries if story}


@query(dict[str, Story], Keep.NOTHING)
def public_stories(db: Database) -> dict[str, Story]:
    return {story.id: story for story in public_handbook(db).stories}


@query(Story)
def public_story(db: Database, ident: str) -> Story:
    return loader.with_extracted_metrics(public_stories(db)[ident])


@query(Story)
def public_summary(db: Database, ident: str) -> Story:
    return public_story(db, ident).summary


def _story(db: Database, ident: str) -> Story:
    if not is_private(db):
        return public_story(db, ident)
    story = resolved_story(db, story_paths(db)[ident])
    assert story
    return story


def _summary(db: Database, ident: str) -> Story:
    if not is_private(db):
        return public_summary(db, ident)
    story = summary_of(db, story_paths(db)[ident])
    assert story
    return story


@query(Question)
def question(db: Database, ident: str) -> Question:
    return next(one for one in lists(db).questions if one.id == ident)


@query(tuple[str, ...])
def question_ids(db: Database) -> tuple[str, ...]:
    return tuple(one.id for one in lists(db).questions)


@query(dict[str, Topic])
def topics(db: Database, kind: str) -> dict[str, Topic]:
    found = lists(db).categories if kind == "category" else lists(db).principles
    return {topic.id: topic for topic in found}


@query(tuple[Guide, ...])
def guides(db: Database) -> tuple[Guide, ...]:
    return lists(db).guides


@query(dict[str, int], Keep.NOTHING)
def story_positions(db: Database) -> dict[str, int]:
    return {ident: position for position, ident in enumerate(story_paths(db))}


# Search


@query(Interview)
def interview(db: Database) -> Interview:
    return load_interview()


@query(InterviewExport)
def interview_export(db: Database) -> InterviewExport:
    return export.export_interview(interview(db))


@query(WordSplitter, Keep.NOTHING)
def splitter(db: Database) -> WordSplitter:
    return WordSplitter(interview(db).function_words)


@query(Topics, Keep.NOTHING)
def written_topics(db: Database) -> Topics:
    """Return the topics of the private edition, which are known before its stories are read."""
    handbook = merge_lists(parsed_lists(db)[0])
    return Topics(handbook.categories, handbook.principles)


@query(Topics, Keep.NOTHING)
def edition_topics(db: Database) -> Topics:
    return Topics(topics(db, "category").values(), topics(db, "principle").values())


@query(CountedWords)
def words_of_story(db: Database, path: str) -> CountedWords:
    story = resolved_story(db, path)
    assert story
    return fields.count_words("story", story, written_topics(db), splitter(db))


@query(CountedWords)
def words_of(db: Database, kind: str, ident: str) -> CountedWords:
    """Return the words of anything but a private story."""
    entry: Any
    if kind == "story":
        entry = public_story(db, ident)
    elif kind == "question":
        entry = question(db, ident)
    elif kind == "guide":
        entry = next(guide for guide in guides(db) if guide.id == ident)
    else:
        entry = topics(db, kind)[ident]
    return fields.count_words(kind, entry, edition_topics(db), splitter(db))


def _ids(db: Database, kind: str) -> list[str]:
    if kind == "story":
        return list(story_paths(db))
    if kind == "question":
        return list(question_ids(db))
    if kind == "guide":
        return [guide.id for guide in guides(db)]
    return list(topics(db, kind))


def _words(db: Database, kind: str, idents: list[str]) -> list[CountedWords]:
    if kind == "story" and is_private(db):
        return [words_of_story(db, story_paths(db)[ident]) for ident in idents]
    return [words_of(db, kind, ident) for ident in idents]


@query(type(None), Keep.NOTHING)
def prepared_story(db: Database, path: str) -> None:
    """Do all that can be done for a story by itself; worker processes share this out."""
    story_problems(db, path)
    references_of(db, path)
    if summary_of(db, path) and is_private(db):
        words_of_story(db, path)


@query(tuple[float, ...])
def usual_lengths(db: Database, kind: str) -> tuple[float, ...]:
    return scoring.usual_lengths(one.lengths for one in _words(db, kind, _ids(db, kind)))


@query(Segment)
def segment(db: Database, kind: str, number: str) -> Segment:
    start = int(number) * segments.SIZE
    idents = _ids(db, kind)[start : start + segments.SIZE]
    boosts = tuple(fields.BOOSTS[kind].values())
    return segments.invert(_words(db, kind, idents), boosts, usual_lengths(db, kind))


def _segments(db: Database, kind: str, first: int) -> list[tuple[int, Segment]]:
    starts = range(0, len(_ids(db, kind)), segments.SIZE)
    return [(first + start, segment(db, kind, str(number))) for number, start in enumerate(starts)]


def _counts(db: Database) -> tuple[int, ...]:
    return tuple(len(_ids(db, kind)) for kind in fields.KINDS)


@query(list[tuple[int, str]])
def wordings(db: Database) -> list[tuple[int, str]]:
    """Return how questions and topics are asked, each with the position of the entry."""
    found = []
    first = len(_ids(db, "story"))
    for position, one in enumerate(lists(db).questions, first):
        found += [(position, wording) for wording in (one.question, *one.also)]
    first += len(_ids(db, "question")) + len(_ids(db, "guide"))
    for position, topic in enumerate((*lists(db).categories, *lists(db).principles), first):
        phrases = (topic.name, *topic.aliases, *topic.tags, *topic.asked_as)
        found += [(position, wording) for wording in phrases]
    return found


@query(WordingWords)
def wording_words(db: Database) -> WordingWords:
    return scoring.weigh_wordings([wording for _, wording in wordings(db)], splitter(db))


@query(tuple[dict[str, str], dict[str, str]], Keep.FINGERPRINT)
def words_and_postings(db: Database) -> tuple[dict[str, str], dict[str, str]]:
    """Return all words with their stems, and the posting list of each stem as it is written."""
    found: list[tuple[int, Segment]] = []
    counts = _counts(db)
    for number, kind in enumerate(fields.KINDS):
        found += _segments(db, kind, sum(counts[:number]))
    words: dict[str, str] = {}
    for _, one in found:
        words |= one.words
    asked = wording_words(db)
    return words | asked.words, segments.write(segments.merge(found), counts, asked.postings)


@query(bytes, Keep.FINGERPRINT)
def search_index(db: Database) -> bytes:
    """Return the file `search-index.js`."""
    words, postings = words_and_postings(db)
    synonyms, synonym_words = export.leading_synonyms(lists(db).synonyms, postings)
    summaries = [_summary(db, ident) for ident in story_paths(db)]
    first = sum(_counts(db)[:3])
    chosen = [[link.id for link in chosen_for(db, ident)] for ident in question_ids(db)]
    positions = story_positions(db)
    index = export.SearchIndex(
        counts=_counts(db),
        ids=[ident for kind in fields.KINDS for ident in _ids(db, kind)],
        titles=[*(story.title for story in summaries), *_titles(db)],
        drafts=[position for position, story in enumerate(summaries) if not story.ready],
        wordings=wordings(db),
        topics=[
            [first + number for number in edition_topics(db).numbers(story)] for story in summaries
        ],
        chosen=[[positions[ident] for ident in idents] for idents in chosen],
        words=synonym_words | words,
        postings=postings,
        synonyms=synonyms,
    )
    numbers = range(search_results.shard_count(page_context(db)))
    versions = [result_version(db, str(number)) for number in numbers]
    text = export.write_index(
        index, interview_export(db), versions, search_results.SHARD, private=is_private(db)
    )
    return text.encode()


def _titles(db: Database) -> list[str]:
    handbook = lists(db)
    return [
        *(one.question for one in handbook.questions),
        *(guide.title for guide in handbook.guides),
        *(topic.name for topic in (*handbook.categories, *handbook.principles)),
    ]


@query(bytes, Keep.FINGERPRINT)
def result_rows(db: Database, number: str) -> bytes:
    return search_results.result_rows(page_context(db), int(number))


@query(str)
def result_version(db: Database, number: str) -> str:
    return export.version_of(result_rows(db, number))


@query(bytes, Keep.FINGERPRINT)
def search_texts(db: Database, number: str) -> bytes:
    """Return a file with the texts of some results."""
    rows, version = msgspec.Raw(result_rows(db, number)), result_version(db, number)
    return export.script("texts", int(number), version, rows).encode()


# Cross-links


@query(Handbook)
def link_terms(db: Database) -> Handbook:
    summaries = tuple(_summary(db, ident) for ident in story_paths(db))
    return links.link_terms(msgspec.structs.replace(lists(db), stories=summaries))


@query(LinkIndex, Keep.NOTHING)
def link_index(db: Database) -> LinkIndex:
    return LinkIndex(link_terms(db))


@query(dict[str, tuple[CrossLink, ...]])
def chosen_stories(db: Database) -> dict[str, tuple[CrossLink, ...]]:
    return links.chosen_stories(link_terms(db))


@query(tuple[CrossLink, ...])
def chosen_for(db: Database, ident: str) -> tuple[CrossLink, ...]:
    return chosen_stories(db)[ident]


@query(dict[str, Meanings])
def open_questions(db: Database) -> dict[str, Meanings]:
    """Return what the questions ask that no story was chosen for."""
    reader = QuestionReader(interview(db), lists(db).synonyms)
    return {
        one.id: reader.meanings((one.question, *one.also))
        for one in lists(db).questions
        if not chosen_for(db, one.id)
    }


@query(dict[str, dict[int, WordMatch]])
def question_matches(db: Database) -> dict[str, dict[int, WordMatch]]:
    if not open_questions(db):
        return {}
    return match_questions(open_questions(db), _segments(db, "story", 0), _counts(db))


@query(CrossLinks)
def stories_of_question(db: Database, ident: str) -> CrossLinks:
    matches = {} if chosen_for(db, ident) else question_matches(db)[ident]
    return link_index(db).stories_of_question(ident, matches)


@query(CrossLinks)
def questions_of_story(db: Database, ident: str) -> CrossLinks:
    return link_index(db).questions_of_story(ident)


@query(CrossLinks)
def related_stories(db: Database, ident: str) -> CrossLinks:
    return link_index(db).related_stories(ident)


@query(CrossLinks)
def related_questions(db: Database, ident: str) -> CrossLinks:
    return link_index(db).related_questions(ident)


@query(TopicLinks)
def topic_links(db: Database) -> TopicLinks:
    return link_index(db).topics


@query(tuple[Placement, ...])
def stories_of_topic(db: Database, kind: str, ident: str) -> tuple[Placement, ...]:
    return topic_links(db).stories[kind][ident]


@query(tuple[str, ...])
def questions_of_topic(db: Database, kind: str, ident: str) -> tuple[str, ...]:
    return topic_links(db).questions[kind][ident]


@query(dict[str, tuple[str, ...]])
def topics_of_stories(db: Database, kind: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for ident, placements in topic_links(db).stories[kind].items():
        for placement in placements:
            found.setdefault(placement.story, []).append(ident)
    return {story: tuple(idents) for story, idents in found.items()}


# Pages


class _PageData:
    """What pages are made from, each part a query; see `starbook.pages.context.PageData`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    @property
    def private(self) -> bool:
        return is_private(self._db)

    @property
    def settings(self) -> Any:
        return settings(self._db)

    @property
    def page_kinds(self) -> tuple[str, ...]:
        return page_kinds(self._db)

    @property
    def story_ids(self) -> tuple[str, ...]:
        return story_ids(self._db)

    @property
    def story_positions(self) -> dict[str, int]:
        return story_positions(self._db)

    @property
    def question_ids(self) -> tuple[str, ...]:
        return question_ids(self._db)

    @property
    def guides(self) -> tuple[Guide, ...]:
        return guides(self._db)

    @property
    def audiences(self) -> Any:
        return lists(self._db).audiences

    @property
    def decks(self) -> Any:
        return lists(self._db).decks

    @property
    def sources(self) -> dict[str, str]:
        return pages_of_sources(self._db)

    @property
    def first_cards(self) -> frozenset[str]:
        return first_cards(self._db)

    @property
    def search_entries(self) -> tuple[tuple[str, str], ...]:
        return search_entries(self._db)

    @property
    def stories_at_level(self) -> dict[str, tuple[str, ...]]:
        return topic_links(self._db).at_level

    def story(self, ident: str) -> Story:
        return _story(self._db, ident)

    def summary(self, ident: str) -> Story:
        return _summary(self._db, ident)

    def question(self, ident: str) -> Question:
        return question(self._db, ident)

    def topics(self, kind: str) -> dict[str, Topic]:
        return topics(self._db, kind)

    def stories_of_topic(self, kind: str, ident: str) -> tuple[Placement, ...]:
        return stories_of_topic(self._db, kind, ident)

    def questions_of_topic(self, kind: str, ident: str) -> tuple[str, ...]:
        return questions_of_topic(self._db, kind, ident)

    def topics_of_story(self, kind: str, ident: str) -> tuple[str, ...]:
        return topics_of_stories(self._db, kind).get(ident, ())

    def notes_on_story(self, ident: str) -> tuple[tuple[int, str], ...]:
        return tuple(notes_on_stories(self._db).get(ident, ()))

    def chosen_for(self, question: str) -> tuple[CrossLink, ...]:
        return chosen_for(self._db, question)

    def stories_of_question(self, ident: str) -> CrossLinks:
        return stories_of_question(self._db, ident)

    def questions_of_story(self, ident: str) -> CrossLinks:
        return questions_of_story(self._db, ident)

    def related_stories(self, ident: str) -> CrossLinks:
        return related_stories(self._db, ident)

    def related_questions(self, ident: str) -> CrossLinks:
        return related_questions(self._db, ident)


def page_context(db: Database) -> PageContext:
    """Return what pages are made from."""
    return PageContext(_PageData(db))


@query(Settings)
def settings(db: Database) -> Settings:
    return lists(db).settings


@query(tuple[str, ...])
def story_ids(db: Database) -> tuple[str, ...]:
    return tuple(story_paths(db))


def _edition(db: Database) -> Handbook:
    """Return the edition with the summaries of its stories."""
    summaries = tuple(_summary(db, ident) for ident in story_paths(db))
    images = pictures(db)[0] if is_private(db) else public_handbook(db).images
    return msgspec.structs.replace(lists(db), stories=summaries, images=images)


@query(tuple[str, ...])
def page_kinds(db: Database) -> tuple[str, ...]:
    return tuple(kind for kind in urls.KINDS if urls.has_pages(lists(db), kind))


@query(dict[str, str])
def pages_of_sources(db: Database) -> dict[str, str]:
    return urls.by_source(_edition(db))


@query(tuple[str, ...])
def first_card_ids(db: Database) -> tuple[str, ...]:
    return tuple(cards.first_cards(page_context(db)))


@query(frozenset[str], Keep.NOTHING)
def first_cards(db: Database) -> frozenset[str]:
    return frozenset(first_card_ids(db))


@query(tuple[tuple[str, str], ...])
def search_entries(db: Database) -> tuple[tuple[str, str], ...]:
    return search_results.search_entries(page_context(db))


@query(dict[str, list[tuple[int, str]]])
def notes_on_stories(db: Database) -> dict[str, list[tuple[int, str]]]:
    return search_results.notes_on_stories(page_context(db))


@query(tuple[str, ...])
def page_paths(db: Database) -> tuple[str, ...]:
    return tuple(routes.page_paths(page_context(db)))


@query(bytes)
def card(db: Database, ident: str) -> bytes:
    """Return the HTML of one card, as it stands on the page of all cards."""
    templates(db)
    view = cards.card_fragment(page_context(db), ident)
    return _environment(db).renderer.page(view).encode()


@query(bytes, Keep.FINGERPRINT)
def html(db: Database, path: str) -> bytes:
    """Return a page."""
    templates(db)
    text = _environment(db).renderer.page(routes.make_view(page_context(db), path)).encode()
    if path == urls.CARDS:
        before, *after = text.split(views.PIECES.encode())
        all_cards = [card(db, ident) for ident in story_ids(db)] if after else []
        return b"".join((before, *all_cards, *after))
    return text


@query(PageLinks)
def page_links(db: Database, path: str) -> PageLinks:
    return link_check.scan(path, html(db, path).decode(), urls.base(settings(db)))


# The site


@query(dict[str, tuple[str, str]])
def files(db: Database) -> dict[str, tuple[str, str]]:
    """Return the query and its argument that make each file of the site, but for the assets."""
    found = {path: ("html", path) for path in page_paths(db)}
    found |= {f"images/{image.name}": ("picture_data", image.path) for image in _edition(db).images}
    found[urls.SEARCH_INDEX] = ("search_index", "")
    for number in range(search_results.shard_count(page_context(db))):
        found[urls.search_texts(number)] = ("search_texts", str(number))
    return found


@query(Problems)
def link_problems(db: Database) -> Problems:
    """Return the links of pages that lead nowhere."""
    pages = {path: page_links(db, path) for path in page_paths(db)}
    others = (*files(db), *asset_paths(db))
    base = urls.base(settings(db))
    return link_check.find_dead_links(pages, others, lambda path: html(db, path).decode(), base)
