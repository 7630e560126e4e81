"""The graph of queries: how a site comes from the files of a handbook, each step memoised.

A query asks for others by calling them; that is how its dependencies are recorded. Private stories
are known by the path of their file, those of an edition by their id.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache
from msgspec import Raw, json
from msgspec.structs import replace

from starbook import links, program, urls
from starbook.build.database import Database, Keep, query, split_key
from starbook.coach import events, rules, style
from starbook.coach.remark import Remark, fingerprint
from starbook.coach.told import NoteOnStory, SameEvent, Told
from starbook.content import (
    answers,
    checks,
    copies,
    file_names,
    loader,
    metrics,
    practice_files,
    references,
)
from starbook.content.folder import LABELS, LAYOUTS, LISTS, PRACTICE, ContentFolder, Listing
from starbook.content.merge import merge_lists
from starbook.content.properties import Properties
from starbook.content.rewriter import without_lines
from starbook.links import CrossLink, CrossLinks, LinkIndex, Placement, TopicLinks
from starbook.model import (
    Answer,
    Audience,
    CoachRule,
    Deck,
    Edition,
    Guide,
    Handbook,
    Image,
    Interview,
    Item,
    Labels,
    Level,
    Place,
    PracticeRecord,
    Question,
    Settings,
    Story,
    Telling,
    Topic,
)
from starbook.pages import cards, coverage, practice, print_page, routes, search_results, views
from starbook.pages import question as question_page
from starbook.pages.context import PageContext
from starbook.planning.plan import Plan, make_plan
from starbook.planning.selection import Selection, select
from starbook.problem import Problem
from starbook.render import link_check
from starbook.render.link_check import PageLinks
from starbook.render.renderer import (
    LayoutError,
    Layouts,
    Renderer,
    find_script_keys,
    read_catalogue,
    read_layouts,
    shorten_asset,
    unknown_script_text,
)
from starbook.search import export, fields, scoring, segments
from starbook.search.export import InterviewExport
from starbook.search.fields import CountedWords, Topics, WordSplitter
from starbook.search.interview import load_interview
from starbook.search.question_matching import Meanings, QuestionReader, WordMatch, match_questions
from starbook.search.scoring import WordingWords
from starbook.search.segments import FieldLengths, Segment
from starbook.text import names
from starbook.text import vocabulary as vocabularies
from starbook.text.catalogue import DEFAULT, LANGUAGE_NAMES, Catalogue, CatalogueError, parse
from starbook.text.vocabulary import Vocabulary

Problems = tuple[Problem, ...]


# Assets of pages that no public edition has, and those that no site has.
_PRIVATE_ASSETS = (
    *("assets/interview.js", "assets/interview.css", "assets/run-sheet.css"),
    "assets/coach.css",
)
_BUNDLE_ASSETS = (
    *("assets/bundle.js", "assets/bundle.css"),
    *("assets/locked.js", "assets/locked.css", "assets/unlock.js"),
)


class Environment:
    """The world outside that inputs read: the content, the layouts, and the edition that is made.

    `compiled` has compiled templates, if they are kept. `chosen` are the addresses of what a part
    of the private edition is made of, such as `stories/outage`; without it, that is the whole.
    """

    def __init__(
        self,
        content: ContentFolder,
        layouts: Path,
        edition: Edition = Edition.PRIVATE,
        compiled: BytecodeCache | None = None,
        chosen: frozenset[str] | None = None,
    ) -> None:
        self.content = content
        self.command = program.COMMAND
        self.edition = edition
        self.chosen = chosen
        self.layouts = Layouts(layouts)
        self.layout_error: LayoutError | None = None
        self.asset_sources: dict[str, str] = {}
        self.script_keys: list[str] = []
        self._compiled = compiled
        self._vocabulary: tuple[Labels, Vocabulary] | None = None
        self._renderer: Renderer | None = None

    def vocabulary(self, words: Labels) -> Vocabulary:
        """Return the vocabulary of these words, the same object until they change."""
        if self._vocabulary is None or self._vocabulary[0] != words:
            self._vocabulary = words, vocabularies.from_words(words)
        return self._vocabulary[1]

    def read_layouts(self) -> None:
        """Read the layouts as they are now; `layout_error` is why that could not be done."""
        self.layout_error = None
        try:
            layouts = read_layouts(self.layouts.folder, self.content.path / LAYOUTS)
            if layouts != self.layouts:
                is_public = self.edition is Edition.PUBLIC
                left_out = (*_BUNDLE_ASSETS, *(_PRIVATE_ASSETS if is_public else ()))
                sources = dict(layouts.asset_sources())
                self.asset_sources = {p: s for p, s in sources.items() if p not in left_out}
                keys = find_script_keys(self.asset_sources.items())
                self.script_keys = sorted({key for _, _, key in keys})
                self.layouts, self._renderer = layouts, None
        except LayoutError as error:
            self.layout_error = error

    def renderer(self, texts: Catalogue) -> Renderer:
        """Return the renderer of pages with these texts, its templates compiled."""
        if self._renderer is None or self._renderer.texts != texts:
            self._renderer = Renderer(self.layouts, texts, self._compiled)
            self._renderer.compile_all()
        return self._renderer


def _environment(db: Database) -> Environment:
    environment: Environment = db.environment
    return environment


def is_private(db: Database) -> bool:
    """Return True for the edition that only the person reads; a database has one edition."""
    return _environment(db).edition is Edition.PRIVATE


def is_whole(db: Database) -> bool:
    """Return True for the edition of the whole handbook."""
    return is_private(db) and _environment(db).chosen is None


# Inputs


@query(Listing, is_input=True)
def listing(db: Database) -> Listing:
    return _environment(db).content.listing()


@query(bytes, is_input=True)
def file_fingerprint(db: Database, path: str) -> bytes:
    return _environment(db).content.fingerprint(path)


@query(dict[str, bytes], Keep.FINGERPRINT, is_input=True)
def templates(db: Database) -> dict[str, bytes]:
    return _environment(db).layouts.templates()


@query(dict[str, list[bytes]], is_input=True)
def language_files(db: Database) -> dict[str, list[bytes]]:
    """Return the files with the texts of the interface, by language."""
    return _environment(db).layouts.languages()


@query(str, is_input=True)
def command(db: Database) -> str:
    """Return what the person types to run Starbook, which pages name."""
    return _environment(db).command


@query(list[str], is_input=True)
def script_keys(db: Database) -> list[str]:
    """Return the keys of the texts that scripts show."""
    return _environment(db).script_keys


@query(tuple[str, ...], is_input=True)
def asset_paths(db: Database) -> tuple[str, ...]:
    return tuple(_environment(db).asset_sources)


@query(bytes, Keep.FINGERPRINT, is_input=True)
def asset_source(db: Database, path: str) -> bytes:
    return _environment(db).asset_sources.get(path, "").encode()


@query(bytes, Keep.FINGERPRINT)
def asset(db: Database, path: str) -> bytes:
    """Return a style sheet or script as the site has it."""
    return shorten_asset(path, asset_source(db, path).decode()).encode()


# Content, by the path of a file


@query(tuple[tuple[str, ...], Problems])
def copies_left_out(db: Database) -> tuple[tuple[str, ...], Problems]:
    """Return the files that are left out since they are copies, and what is said of copies."""
    left_out: list[str] = []
    problems: list[Problem] = []
    # Exports of practice are merged, so that a copy of one does no harm.
    read = (some for name, some in listing(db).files.items() if name != PRACTICE)
    listed = [path for some in read for path in some]
    for copy in copies.find_copies(listed):
        shared = 0.0
        if copy.original:
            shared = copies.similarity(_raw_text(db, copy.path), _raw_text(db, copy.original))
        if shared >= copies.NEARLY_EQUAL:
            left_out.append(copy.path)
        problems.append(copies.copy_problem(copy, shared))
    return tuple(left_out), tuple(problems)


def _raw_text(db: Database, path: str) -> str:
    file_fingerprint(db, path)
    return (_environment(db).content.source(path).data or b"").decode(errors="replace")


@query(tuple[str, ...])
def files_of(db: Database, folder: str) -> tuple[str, ...]:
    """Return the files of a folder or list, but for copies that are left out."""
    left_out = set(copies_left_out(db)[0])
    return tuple(path for path in listing(db).files.get(folder, ()) if path not in left_out)


@query(Properties)
def properties(db: Database) -> Properties:
    """Return the properties of other programs, which are passed over."""
    return Properties.of(parsed_lists(db)[0].settings.ignore_properties)


@query(bool)
def line_breaks(db: Database) -> bool:
    return parsed_lists(db)[0].settings.line_breaks


@query(tuple[Labels, Problems])
def own_labels(db: Database) -> tuple[Labels, Problems]:
    """Return the words that labels.yml adds, and what is wrong with them."""
    paths = files_of(db, LABELS)
    for path in paths:
        file_fingerprint(db, path)
    return loader.load_labels(map(_environment(db).content.source, paths))


@query(Labels)
def words_of_parts(db: Database) -> Labels:
    """Return the words that stories are read with: kept, since our files take long to read."""
    own = own_labels(db)[0]
    return vocabularies.for_stories(vocabularies.extend(vocabularies.load(), own))


def _vocabulary(db: Database) -> Vocabulary:
    return _environment(db).vocabulary(words_of_parts(db))


@query(tuple[Story | None, Problems])
def parsed_story(db: Database, path: str) -> tuple[Story | None, Problems]:
    file_fingerprint(db, path)
    source = _environment(db).content.source(path)
    vocabulary = _vocabulary(db)
    return loader.load_story(source, vocabulary, properties(db), line_breaks=line_breaks(db))


@query(tuple[Guide | None, Problems])
def parsed_guide(db: Database, path: str) -> tuple[Guide | None, Problems]:
    file_fingerprint(db, path)
    source = _environment(db).content.source(path)
    return loader.load_guide(source, properties(db), line_breaks=line_breaks(db))


@query(tuple[Answer | None, Problems])
def parsed_answer(db: Database, path: str) -> tuple[Answer | None, Problems]:
    file_fingerprint(db, path)
    source = _environment(db).content.source(path)
    return loader.load_answer(source, properties(db), line_breaks=line_breaks(db))


@query(tuple[Handbook, Problems])
def parsed_lists(db: Database) -> tuple[Handbook, Problems]:
    sources = {name: list(files_of(db, name)) for name in ("handbook", *LISTS)}
    for path in (path for paths in sources.values() for path in paths):
        file_fingerprint(db, path)
    read = _environment(db).content.source
    return loader.load_lists({name: map(read, paths) for name, paths in sources.items()})


@query(references.NameIndex)
def name_index(db: Database) -> references.NameIndex:
    return references.index_names(parsed_lists(db)[0])


@query(file_names.Files)
def files_by_name(db: Database) -> file_names.Files:
    """Return the files that have a page, by name."""
    folders = ("stories", "guides", answers.FOLDER, "interviews")
    paths = [path for folder in folders for path in files_of(db, folder)]
    for name in LISTS:  # whose page is that of `principles.yml`, and not of `principles/a.yml`
        if name in urls.KINDS and name not in folders:
            paths += (path for path in files_of(db, name) if "/" not in path)
    return file_names.index(paths)


@query(tuple[str, ...], is_input=True)
def picture_paths(db: Database) -> tuple[str, ...]:
    return _environment(db).content.picture_paths()


@query(file_names.Files)
def pictures_by_name(db: Database) -> file_names.Files:
    return file_names.index(picture_paths(db))


def _with_paths(db: Database, entry: file_names.Entry) -> file_names.Entry:
    """Return `entry` with paths in place of the names in its links."""
    if not file_names.has_names(entry):
        return entry
    pictures_ = partial(pictures_by_name, db)
    return file_names.resolve(entry, files_by_name(db), pictures_, _vocabulary(db))


@query(Story | None, Keep.FINGERPRINT)
def resolved_story(db: Database, path: str) -> Story | None:
    story = parsed_story(db, path)[0]
    return story and _with_paths(db, references.resolve_story(story, name_index(db)))


@query(Story | None)
def summary(db: Database, path: str) -> Story | None:
    story = resolved_story(db, path)
    return story and story.summary


@query(Story | None)
def story_references(db: Database, path: str) -> Story | None:
    story = resolved_story(db, path)
    return story and references.without_words(story)


@query(Problems)
def story_problems(db: Database, path: str) -> Problems:
    story = resolved_story(db, path)
    settings, edition = parsed_lists(db)[0].settings, _environment(db).edition
    found = checks.check_story(story, settings, edition) if story else ()
    return (*parsed_story(db, path)[1], *found)


@query(tuple[int, ...])
def text_sketch(db: Database, path: str) -> tuple[int, ...]:
    story = resolved_story(db, path)
    return copies.sketch(story) if story else ()


@query(Problems)
def equal_stories(db: Database) -> Problems:
    """Return the warnings for stories and guides with one title, and stories with one text."""
    stories = _stories(db, story_references, "stories")
    same_title = [
        *copies.find_equal_titles((story.path, story.title) for story in stories),
        *copies.find_equal_titles((guide.path, guide.title) for guide in written_guides(db)),
    ]
    named = {problem.path for problem in same_title}
    texts = {path: text_sketch(db, path) for path in files_of(db, "stories")}
    same_text = copies.find_equal_texts(texts)
    return (*same_title, *(problem for problem in same_text if problem.path not in named))


@query(tuple[Guide, ...])
def written_guides(db: Database) -> tuple[Guide, ...]:
    guides = (parsed_guide(db, path)[0] for path in files_of(db, "guides"))
    return loader.in_guide_order(_with_paths(db, guide) for guide in guides if guide)


@query(tuple[Answer, ...])
def written_answers(db: Database) -> tuple[Answer, ...]:
    """Return the answers that have a file of their own."""
    found = (parsed_answer(db, path)[0] for path in files_of(db, answers.FOLDER))
    return tuple(_with_paths(db, answer) for answer in found if answer)


def _stories(db: Database, read: Callable[..., Story | None], folder: str) -> tuple[Story, ...]:
    return tuple(story for path in files_of(db, folder) if (story := read(db, path)))


@query(Handbook)
def resolved_lists(db: Database) -> Handbook:
    """Return everything but stories and pictures, as it was written in the files."""
    stories = _stories(db, summary, "stories")
    parsed = parsed_lists(db)[0]
    asked = tuple(_with_paths(db, question) for question in parsed.questions)
    asked = answers.attach(asked, written_answers(db))
    handbook = replace(parsed, stories=stories, guides=written_guides(db), questions=asked)
    return replace(references.resolve_lists(handbook, name_index(db)), stories=())


@query(Handbook, Keep.NOTHING)
def reference_handbook(db: Database) -> Handbook:
    """Return the handbook with the references of its stories in place of their words."""
    stories = _stories(db, story_references, "stories")
    story_templates = _stories(db, resolved_story, "templates")
    lists_ = replace(resolved_lists(db), answers=written_answers(db))
    return replace(lists_, stories=stories, templates=story_templates)


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
    refused: list[str] = []
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


@query(tuple[tuple[PracticeRecord, ...], Problems])
def practice_file(db: Database, path: str) -> tuple[tuple[PracticeRecord, ...], Problems]:
    """Return the records of an export of the practice page, and what is wrong with it."""
    file_fingerprint(db, path)
    source = _environment(db).content.source(path)
    return practice_files.load(source, parsed_lists(db)[0].settings.id)


@query(Problems)
def practice_problems(db: Database, path: str) -> Problems:
    """Return what is wrong with an export, and with its records as those of stories."""
    records, problems = practice_file(db, path)
    stories = {story.id for story in _stories(db, summary, "stories")}
    return (*problems, *practice_files.unknown_stories(path, records, stories))


def practised_answers(db: Database) -> Iterator[tuple[str, str]]:
    """Yield the file and id of each record, which no public edition may have."""
    for path in files_of(db, PRACTICE):
        yield from ((path, record.id) for record in practice_file(db, path)[0])


@query(tuple[PracticeRecord, ...])
def practice_records(db: Database) -> tuple[PracticeRecord, ...]:
    """Return what was practised, as all exports say it; it is never part of a public edition."""
    paths = files_of(db, PRACTICE) if is_private(db) else ()
    return practice_files.merge(practice_file(db, path)[0] for path in paths)


@query(dict[str, int])
def times_practised(db: Database) -> dict[str, int]:
    """Return how often each story was told in practice, by id."""
    return dict(Counter(record.story for record in practice_records(db)))


@query(bool)
def has_history(db: Database) -> bool:
    return bool(practice_records(db))


# Remarks of the coach


@query(tuple[Remark, ...])
def remarks_on_text(db: Database, path: str) -> tuple[Remark, ...]:
    """Return the remarks that need no more than a story and the settings."""
    story = resolved_story(db, path)
    told = story and Told(story, parsed_lists(db)[0].settings)
    return rules.remarks(told, (*rules.STORY_RULES, *style.RULES)) if told else ()


@query(dict[str, tuple[NoteOnStory, ...]])
def coached_notes(db: Database) -> dict[str, tuple[NoteOnStory, ...]]:
    """Return what questions say on how to tell a story, by its id."""
    found: dict[str, tuple[NoteOnStory, ...]] = {}
    for asked in resolved_lists(db).questions:
        for choice in (one for one in asked.stories if one.note and one.story.to):
            note = NoteOnStory(asked.path, choice.story.line, asked.question, choice.note)
            found[choice.story.to] = (*found.get(choice.story.to, ()), note)
    return found


@query(frozenset[int], Keep.NOTHING)
def runs_of_words(db: Database, path: str) -> frozenset[int]:
    story = resolved_story(db, path)
    return events.runs(story) if story and not story.resting else frozenset()


@query(tuple[int, ...])
def event_sketch(db: Database, path: str) -> tuple[int, ...]:
    return events.sketch(runs_of_words(db, path))


@query(dict[str, tuple[SameEvent, ...]])
def same_events(db: Database) -> dict[str, tuple[SameEvent, ...]]:
    """Return the stories of one event, by path; without pairs for which either says to keep both.

    None rests.
    """
    found: dict[str, tuple[SameEvent, ...]] = {}
    sketches = {path: event_sketch(db, path) for path in files_of(db, "stories")}
    for paths in events.find_pairs(sketches):
        percent = events.shared_percent(*(runs_of_words(db, path) for path in paths))
        one, other = (resolved_story(db, path) for path in paths)
        if percent and one and other:
            mark = fingerprint(*sorted((one.id, other.id)))
            if (CoachRule.SAME_EVENT, mark) not in (*one.coach, *other.coach):
                for story, twin in ((one, other), (other, one)):
                    named = SameEvent(twin.title, percent, mark, twin.figures)
                    found[story.path] = (*found.get(story.path, ()), named)
    return found


@query(tuple[tuple[NoteOnStory, ...], int | None, tuple[SameEvent, ...]])
def around_story(
    db: Database, ident: str
) -> tuple[tuple[NoteOnStory, ...], int | None, tuple[SameEvent, ...]]:
    """Return the notes on a story, how often it was practised, if any was, and its doubles."""
    times = times_practised(db).get(ident, 0) if has_history(db) else None
    return coached_notes(db).get(ident, ()), times, same_events(db).get(story_paths(db)[ident], ())


@query(tuple[Remark, ...])
def remarks(db: Database, ident: str) -> tuple[Remark, ...]:
    """Return the remarks on a story; a public edition has none."""
    if not is_private(db):
        return ()
    path = story_paths(db)[ident]
    on_text, around = remarks_on_text(db, path), around_story(db, ident)
    if around == ((), None, ()):
        return on_text
    story = resolved_story(db, path)
    assert story
    told = Told(story, parsed_lists(db)[0].settings, *around)
    return rules.in_order((*on_text, *rules.remarks(told, rules.HANDBOOK_RULES)))


@query(Problems)
def file_problems(db: Database) -> Problems:
    """Return what is wrong with folders and files, each by itself."""
    return (
        *listing(db).problems,
        *copies_left_out(db)[1],
        *parsed_lists(db)[1],
        *own_labels(db)[1],
        *(one for path in files_of(db, "stories") for one in story_problems(db, path)),
        *(one for path in files_of(db, "templates") for one in parsed_story(db, path)[1]),
        *(one for path in files_of(db, "guides") for one in parsed_guide(db, path)[1]),
        *(one for path in files_of(db, answers.FOLDER) for one in parsed_answer(db, path)[1]),
        *(one for path in files_of(db, PRACTICE) for one in practice_problems(db, path)),
        *pictures(db)[1],
        *language_problems(db),
    )


@query(Problems)
def handbook_problems(db: Database) -> Problems:
    """Return what is wrong with the handbook as a whole."""
    images, _, refused = pictures(db)
    unread = {one.path for one in file_problems(db) if one.is_error} | set(refused)
    edition = _environment(db).edition
    handbook = replace(
        reference_handbook(db), images=images, unread=frozenset(unread), edition=edition
    )
    return (*checks.check_handbook(handbook), *equal_stories(db))


@query(Handbook, Keep.NOTHING)
def private_handbook(db: Database) -> Handbook:
    """Return the whole handbook: each question, category and principle once."""
    stories = _stories(db, resolved_story, "stories")
    story_templates = _stories(db, resolved_story, "templates")
    lists_ = replace(resolved_lists(db), images=pictures(db)[0])
    return merge_lists(replace(lists_, stories=stories, templates=story_templates))


# The edition: stories by id, lists without stories


@query(Handbook, Keep.NOTHING)
def edition_handbook(db: Database) -> Handbook:
    """Return an edition that is less than the whole handbook."""
    chosen = _environment(db).chosen
    if chosen is not None:
        from starbook.editions.part import part_of  # noqa: PLC0415  (others do without it)

        return part_of(private_handbook(db), chosen)
    from starbook.editions.public import public_edition  # noqa: PLC0415  (others do without it)

    return public_edition(private_handbook(db))


@query(Handbook)
def lists(db: Database) -> Handbook:
    """Return the edition without stories and pictures; equal while only lines of files move."""
    found = merge_lists(resolved_lists(db)) if is_whole(db) else edition_handbook(db)
    questions_ = tuple(replace(one, place=None) for one in found.questions)
    return without_lines(replace(found, questions=questions_, stories=(), images=()))


@query(dict[str, str])
def story_paths(db: Database) -> dict[str, str]:
    """Return the file of each story, by id, in their order."""
    stories = _stories(db, summary, "stories") if is_whole(db) else edition_handbook(db).stories
    return {story.id: story.path for story in stories}


@query(dict[str, Story], Keep.NOTHING)
def edition_stories(db: Database) -> dict[str, Story]:
    return {story.id: story for story in edition_handbook(db).stories}


@query(Story)
def edition_story(db: Database, ident: str) -> Story:
    return metrics.with_found(edition_stories(db)[ident])


@query(Story)
def edition_summary(db: Database, ident: str) -> Story:
    return edition_story(db, ident).summary


def story_of(
    db: Database, ident: str, paths: Mapping[str, str], *, is_summary: bool = False
) -> Story:
    """Return a story of the edition, or without its words; `paths` are those of all stories."""
    if is_whole(db):
        story = (summary if is_summary else resolved_story)(db, paths[ident])
        assert story
        return story
    return (edition_summary if is_summary else edition_story)(db, ident)


def _summaries(db: Database) -> tuple[Story, ...]:
    paths = story_paths(db)
    return tuple(story_of(db, ident, paths, is_summary=True) for ident in paths)


@query(tuple[Image, ...], Keep.NOTHING)
def images(db: Database) -> tuple[Image, ...]:
    return pictures(db)[0] if is_whole(db) else edition_handbook(db).images


@query(Settings)
def settings(db: Database) -> Settings:
    return lists(db).settings


@query(tuple[Guide, ...])
def guides(db: Database) -> tuple[Guide, ...]:
    return lists(db).guides


@query(dict[str, Question], Keep.NOTHING)
def questions(db: Database) -> dict[str, Question]:
    return {question.id: question for question in lists(db).questions}


@query(Question)
def question(db: Database, ident: str) -> Question:
    return questions(db)[ident]


@query(dict[str, Place | None], Keep.NOTHING)
def places(db: Database) -> dict[str, Place | None]:
    return {question.id: question.place for question in merge_lists(resolved_lists(db)).questions}


@query(Place | None)
def place(db: Database, question: str) -> Place | None:
    """Return where the file of a question takes the name of one more story."""
    return places(db)[question]


@query(dict[str, Topic])
def topics(db: Database, kind: str) -> dict[str, Topic]:
    found = lists(db).categories if kind == "category" else lists(db).principles
    return {topic.id: topic for topic in found}


@query(tuple[Interview, ...])
def interviews(db: Database) -> tuple[Interview, ...]:
    return lists(db).interviews


@query(tuple[Audience, ...])
def audiences(db: Database) -> tuple[Audience, ...]:
    return lists(db).audiences


@query(tuple[Deck, ...])
def decks(db: Database) -> tuple[Deck, ...]:
    return lists(db).decks


@query(dict[str, Level])
def levels(db: Database) -> dict[str, Level]:
    return {level.id: level for level in lists(db).levels}


@query(Level | None)
def level_called(db: Database, name: str) -> Level | None:
    """Return the level with a name, an alias or an id."""
    ident = references.index_topics(levels(db).values()).get(names.key(name), "")
    return levels(db).get(ident)


@query(dict[str, list[str]])
def stories_of_levels(db: Database) -> dict[str, list[str]]:
    """Return the stories of each level, by its id."""
    found: dict[str, list[str]] = {}
    for story in _summaries(db) if levels(db) else ():
        if level := level_called(db, story.level):
            found.setdefault(level.id, []).append(story.id)
    return found


@query(tuple[str, ...])
def stories_of_level(db: Database, ident: str) -> tuple[str, ...]:
    return tuple(stories_of_levels(db).get(ident, ()))


@query(tuple[Telling, ...])
def log(db: Database) -> tuple[Telling, ...]:
    return lists(db).log


@query(tuple[Telling, ...])
def tellings(db: Database, ident: str) -> tuple[Telling, ...]:
    """Return the entries of the log in which a story was told."""
    return tuple(entry for entry in log(db) if entry.story and entry.story.to == ident)


@query(tuple[Telling, ...])
def askings(db: Database, ident: str) -> tuple[Telling, ...]:
    """Return the entries of the log in which a question was asked."""
    return tuple(entry for entry in log(db) if entry.question and entry.question.to == ident)


@query(tuple[str, ...])
def ids(db: Database, kind: str) -> tuple[str, ...]:
    """Return the stories, questions, guides, categories or principles in their order."""
    if kind == "story":
        return tuple(story_paths(db))
    if kind == "question":
        return tuple(questions(db))
    return tuple(guide.id for guide in guides(db)) if kind == "guide" else tuple(topics(db, kind))


@query(dict[str, int], Keep.NOTHING)
def story_positions(db: Database) -> dict[str, int]:
    return {ident: position for position, ident in enumerate(ids(db, "story"))}


# Texts of the interface


@query(Catalogue)
def catalogue(db: Database) -> Catalogue:
    """Return the texts of the interface in the language of the handbook."""
    known, wanted = language_files(db), settings(db).language
    code = names.key(wanted.text) if wanted else DEFAULT
    language = code if code in known else DEFAULT
    return read_catalogue(_environment(db).layouts, language, command(db))


@query(Problems)
def language_problems(db: Database) -> Problems:
    """Return an error if there are no texts in the language that the handbook names."""
    wanted, files = parsed_lists(db)[0].settings.language, language_files(db)
    if wanted is None or not files or names.key(wanted.text) in files:
        return ()
    return (checks.unknown_language(wanted, _language_names(files)),)


def _language_names(files: Mapping[str, list[bytes]]) -> dict[str, str]:
    """Return the code of each language by its code and names."""
    found = {code: code for code in files}
    for code, data in ((code, data) for code, versions in files.items() for data in versions):
        with suppress(CatalogueError):
            texts = parse(data)
            found |= {str(texts[key]): code for key in LANGUAGE_NAMES if key in texts}
    return found


@query(bytes, Keep.FINGERPRINT)
def script_texts(db: Database) -> bytes:
    """Return the file with the texts that scripts show."""
    texts = catalogue(db).texts
    for key in (keys := script_keys(db)):
        if key not in texts:
            raise unknown_script_text(_environment(db).layouts, key)
    return export.script("addTexts", {key: texts[key] for key in keys}).encode()


# Search


@query(InterviewExport)
def interview_export(db: Database) -> InterviewExport:
    return export.export_interview(load_interview())


@query(WordSplitter, Keep.NOTHING)
def splitter(db: Database) -> WordSplitter:
    return WordSplitter(load_interview().function_words)


@query(Topics, Keep.NOTHING)
def written_topics(db: Database) -> Topics:
    """Return the topics of the private edition, which are known before its stories are read."""
    handbook = merge_lists(parsed_lists(db)[0])
    return Topics(handbook.categories, handbook.principles)


@query(Topics, Keep.NOTHING)
def edition_topics(db: Database) -> Topics:
    return Topics(topics(db, "category").values(), topics(db, "principle").values())


@query(CountedWords | None)
def words_of_story(db: Database, path: str) -> CountedWords | None:
    story = resolved_story(db, path)
    if story is None:
        return None
    return fields.count_words("story", story, written_topics(db), splitter(db))


@query(CountedWords)
def words_of(db: Database, kind: str, ident: str) -> CountedWords:
    """Return the words of anything but a private story."""
    entry: fields.Entry
    if kind == "guide":
        entry = next(guide for guide in guides(db) if guide.id == ident)
    elif kind == "story":
        entry = edition_story(db, ident)
    else:
        entry = question(db, ident) if kind == "question" else topics(db, kind)[ident]
    return fields.count_words(kind, entry, edition_topics(db), splitter(db))


def _words_of_block(db: Database, kind: str, number: str) -> Iterable[CountedWords]:
    start = int(number) * segments.SIZE
    paths = story_paths(db) if kind == "story" and is_whole(db) else {}
    for ident in ids(db, kind)[start : start + segments.SIZE]:
        words = words_of_story(db, paths[ident]) if paths else words_of(db, kind, ident)
        assert words
        yield words


def _blocks(db: Database, kind: str) -> list[str]:
    return [str(number) for number in range(-(-len(ids(db, kind)) // segments.SIZE))]


@query(FieldLengths)
def field_lengths(db: Database, kind: str, number: str) -> FieldLengths:
    return segments.add_lengths(words.lengths for words in _words_of_block(db, kind, number))


@query(tuple[float, ...])
def usual_lengths(db: Database, kind: str) -> tuple[float, ...]:
    return scoring.usual_lengths(field_lengths(db, kind, block) for block in _blocks(db, kind))


@query(Segment)
def segment(db: Database, kind: str, number: str) -> Segment:
    boosts = tuple(fields.BOOSTS[kind].values())
    return segments.invert(_words_of_block(db, kind, number), boosts, usual_lengths(db, kind))


def _segments(db: Database, kind: str) -> list[Segment]:
    return [segment(db, kind, block) for block in _blocks(db, kind)]


def _counts(db: Database) -> tuple[int, ...]:
    return tuple(len(ids(db, kind)) for kind in fields.KINDS)


@query(list[tuple[int, str]])
def wordings(db: Database) -> list[tuple[int, str]]:
    return export.list_wordings(lists(db), len(ids(db, "story")))


@query(WordingWords)
def wording_words(db: Database) -> WordingWords:
    return scoring.weigh_wordings([wording for _, wording in wordings(db)], splitter(db))


@query(tuple[dict[str, str], dict[str, str]])
def words_and_postings(db: Database) -> tuple[dict[str, str], dict[str, str]]:
    """Return all words with their stems, and the posting list of each stem as it is written."""
    found = {kind: _segments(db, kind) for kind in fields.KINDS}
    words = {
        word: stem for some in found.values() for one in some for word, stem in one.words.items()
    }
    asked = wording_words(db)
    return words | asked.words, segments.write(list(found.values()), _counts(db), asked.postings)


@query(tuple[list[str], list[int], list[int], list[list[int]]])
def story_facts(db: Database) -> tuple[list[str], list[int], list[int], list[list[int]]]:
    """Return the titles of all stories, the positions of drafts and resting ones, and topics."""
    stories = _summaries(db)
    first, known = sum(_counts(db)[:3]), edition_topics(db)
    return (
        [story.title for story in stories],
        [position for position, story in enumerate(stories) if not story.ready],
        [position for position, story in enumerate(stories) if story.resting],
        [[first + number for number in known.numbers(story)] for story in stories],
    )


@query(bytes, Keep.FINGERPRINT)
def search_index(db: Database) -> bytes:
    """Return the file `search-index.js`."""
    words, postings = words_and_postings(db)
    synonyms, synonym_words = export.usable_synonyms(lists(db).synonyms, postings)
    titles, drafts, resting_, topics_of = story_facts(db)
    chosen = [chosen_for(db, ident) for ident in ids(db, "question")]
    index = export.SearchIndex(
        counts=_counts(db),
        ids=[ident for _, ident in search_entries(db)],
        titles=[*titles, *export.list_titles(lists(db))],
        drafts=drafts,
        resting=resting_,
        wordings=wordings(db),
        topics=topics_of,
        chosen=[[story_positions(db)[link.id] for link in found] for found in chosen],
        answered=[
            number
            for number, one in enumerate(questions(db).values())
            if one.answer and (one.needs_answer or not chosen[number])
        ],
        words=synonym_words | words,
        postings=postings,
        synonyms=synonyms,
    )
    versions = [result_version(db, str(number)) for number in range(shard_count(db))]
    text = export.write_index(
        index, interview_export(db), versions, search_results.SHARD, private=is_private(db)
    )
    return text.encode()


def shard_count(db: Database) -> int:
    """Return how many files with texts of search results there are."""
    return search_results.shard_count(page_context(db))


@query(bytes, Keep.NOTHING)
def result_rows(db: Database, number: str) -> bytes:
    return search_results.result_rows(page_context(db), int(number))


@query(str)
def result_version(db: Database, number: str) -> str:
    return export.fingerprint(result_rows(db, number))


@query(bytes, Keep.FINGERPRINT)
def search_texts(db: Database, number: str) -> bytes:
    """Return a file with the texts of some search results."""
    rows = Raw(result_rows(db, number))
    return export.script("texts", int(number), result_version(db, number), rows).encode()


# Cross-links


@query(Handbook)
def link_terms(db: Database) -> Handbook:
    return links.link_terms(replace(lists(db), stories=_summaries(db)))


@query(LinkIndex, Keep.NOTHING)
def link_index(db: Database) -> LinkIndex:
    return LinkIndex(link_terms(db), splitter(db))


@query(dict[str, tuple[CrossLink, ...]])
def chosen_stories(db: Database) -> dict[str, tuple[CrossLink, ...]]:
    return links.chosen_stories(link_terms(db))


@query(tuple[CrossLink, ...])
def chosen_for(db: Database, ident: str) -> tuple[CrossLink, ...]:
    return chosen_stories(db)[ident]


@query(dict[str, Meanings])
def open_questions(db: Database) -> dict[str, Meanings]:
    """Return what the questions ask that no story was chosen for."""
    reader = QuestionReader(load_interview(), lists(db).synonyms)
    return {
        one.id: reader.meanings((one.question, *one.also))
        for one in questions(db).values()
        if not chosen_for(db, one.id)
    }


@query(dict[str, dict[int, WordMatch]])
def question_matches(db: Database) -> dict[str, dict[int, WordMatch]]:
    asked = open_questions(db)
    return match_questions(asked, _segments(db, "story"), _counts(db)) if asked else {}


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


@query(dict[str, list[str]])
def topics_of_stories(db: Database, kind: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for ident, placements in topic_links(db).stories[kind].items():
        for placement in placements:
            found.setdefault(placement.story, []).append(ident)
    return found


# Plans of interviews


@query(int)
def seconds_of_story(db: Database, ident: str) -> int:
    return story_preview(db, ident).seconds


@query(Plan)
def plan(db: Database, ident: str) -> Plan:
    data = PageData(db)
    return make_plan(next(one for one in data.interviews if one.id == ident), data)


@query(Selection)
def selection(db: Database) -> Selection:
    """Return the fewest stories with all topics of those that are ready, if those are many."""
    return select(coverage.topics_to_carry(page_context(db)))


# Pages


@query(bool)
def nothing_written(db: Database) -> bool:
    """Return True for a private edition in which no story has a part that is written."""
    return is_private(db) and all(story.is_blank for story in _summaries(db))


@query(tuple[str, ...])
def template_names(db: Database) -> tuple[str, ...]:
    """Return the names that `new story --template` takes."""
    return tuple(names.stem(path) for path in files_of(db, "templates"))


@query(tuple[str, ...])
def page_kinds(db: Database) -> tuple[str, ...]:
    return tuple(kind for kind in urls.KINDS if urls.has_pages(lists(db), kind))


@query(dict[str, str])
def pages_of_sources(db: Database) -> dict[str, str]:
    return urls.by_source(replace(lists(db), stories=_summaries(db), images=images(db)))


@query(tuple[views.CardSet, ...])
def card_decks(db: Database) -> tuple[views.CardSet, ...]:
    return tuple(cards.make_decks(page_context(db)))


@query(list[str])
def resting(db: Database) -> list[str]:
    """Return the ids of the stories that rest."""
    return [story.id for story in _summaries(db) if story.resting]


@query(dict[str, list[str]])
def stories_for_companies(db: Database) -> dict[str, list[str]]:
    return cards.stories_for_companies(page_context(db))


@query(dict[str, None])
def first_cards(db: Database) -> dict[str, None]:
    return dict.fromkeys(cards.first_cards(page_context(db)))


@query(bool)
def is_first_card(db: Database, ident: str) -> bool:
    """Return True for a card that is shown at first, or an address that the first are told for.

    So a card depends on nothing of the others.
    """
    return ident in first_cards(db)


@query(tuple[tuple[str, str], ...])
def search_entries(db: Database) -> tuple[tuple[str, str], ...]:
    return tuple((kind, ident) for kind in fields.KINDS for ident in ids(db, kind))


@query(dict[str, int], Keep.NOTHING)
def search_positions(db: Database) -> dict[str, int]:
    """Return the position in the search index of each entry, by its address."""
    return {f"{kind}/{ident}": place for place, (kind, ident) in enumerate(search_entries(db))}


@query(dict[str, list[tuple[int, str]]])
def notes_on_stories(db: Database) -> dict[str, list[tuple[int, str]]]:
    return search_results.notes_on_stories(page_context(db))


@query(tuple[Item, ...])
def angles_of_story(db: Database, ident: str) -> tuple[Item, ...]:
    return without_lines(story_of(db, ident, story_paths(db)).angles)


@query(dict[str, str])
def companies(db: Database) -> dict[str, str]:
    """Return the names of companies, by id."""
    return references.companies(lists(db).questions, lists(db).principles)


@query(list[str])
def asking_companies(db: Database) -> list[str]:
    return list(references.companies(lists(db).questions, ()))


@query(views.Preview)
def story_preview(db: Database, ident: str) -> views.Preview:
    return question_page.preview(page_context(db), ident)


def _value(read: Callable[..., Any], *args: str) -> Any:
    return cached_property(lambda self: read(self.db, *args))


def _lookup(read: Callable[..., Any]) -> Any:
    return lambda self, *args: read(self.db, *args)


class PageData:
    """The data of one page, each part a query; see `starbook.pages.context.PageData`."""

    def __init__(self, db: Database) -> None:
        self.db = db

    private = _value(is_private)
    settings = _value(settings)
    catalogue = _value(catalogue)
    nothing_written = _value(nothing_written)
    template_names = _value(template_names)
    page_kinds = _value(page_kinds)
    story_ids = _value(ids, "story")
    story_positions = _value(story_positions)
    question_ids = _value(ids, "question")
    categories = _value(topics, "category")
    principles = _value(topics, "principle")
    guides = _value(guides)
    audiences = _value(audiences)
    decks = _value(decks)
    levels = _value(levels)
    level_called = _lookup(level_called)
    stories_of_level = _lookup(stories_of_level)
    interviews = _value(interviews)
    log = _value(log)
    sources = _value(pages_of_sources)
    card_decks = _value(card_decks)
    resting = _value(lambda db: frozenset(resting(db)))
    stories_for_companies = _value(stories_for_companies)
    search_entries = _value(search_entries)
    search_positions = _value(search_positions)
    stories_at_level = _value(lambda db: topic_links(db).at_level)
    has_history = _value(has_history)
    times_practised = _value(times_practised)
    remarks = _lookup(remarks)
    paths = _value(story_paths)
    companies = _value(companies)
    asking_companies = _value(lambda db: frozenset(asking_companies(db)))
    is_first_card = _lookup(is_first_card)
    angles = _lookup(angles_of_story)
    seconds = _lookup(seconds_of_story)
    plan = _lookup(plan)
    selection = _value(selection)
    tellings = _lookup(tellings)
    askings = _lookup(askings)
    preview = _lookup(story_preview)
    question = _lookup(question)
    place = _lookup(place)
    chosen_for = _lookup(chosen_for)
    stories_of_question = _lookup(stories_of_question)
    questions_of_story = _lookup(questions_of_story)
    related_stories = _lookup(related_stories)
    related_questions = _lookup(related_questions)
    stories_of_topic = _lookup(stories_of_topic)
    questions_of_topic = _lookup(questions_of_topic)
    topics_of_story = _lookup(lambda db, kind, ident: topics_of_stories(db, kind).get(ident, ()))
    notes_on_story = _lookup(lambda db, ident: tuple(notes_on_stories(db).get(ident, ())))

    def story(self, ident: str) -> Story:
        return story_of(self.db, ident, self.paths)

    def summary(self, ident: str) -> Story:
        return story_of(self.db, ident, self.paths, is_summary=True)

    def topics(self, kind: str) -> dict[str, Topic]:
        found: dict[str, Topic] = self.categories if kind == "category" else self.principles
        return found


def page_context(db: Database) -> PageContext:
    """Return what pages are made from."""
    return PageContext(PageData(db))


@query(tuple[str, ...])
def page_paths(db: Database) -> tuple[str, ...]:
    return tuple(routes.page_paths(page_context(db)))


@query(tuple[str, ...])
def card_ids(db: Database) -> tuple[str, ...]:
    """Return the cards that are made each by itself: those of stories, then those of answers."""
    return (*ids(db, "story"), *cards.answer_cards(page_context(db)))


@query(bytes)
def card(db: Database, ident: str) -> bytes:
    """Return the HTML of one card, as it stands on the page of all cards."""
    view = cards.card_fragment(page_context(db), ident)
    return _renderer(db).render(view).encode()


def _renderer(db: Database) -> Renderer:
    templates(db)
    return _environment(db).renderer(catalogue(db))


@query(PageLinks)
def card_links(db: Database, ident: str) -> PageLinks:
    return link_check.scan(urls.CARDS, card(db, ident).decode(), urls.base(settings(db)))


@query(bytes, Keep.FINGERPRINT)
def html(db: Database, path: str) -> bytes:
    """Return a page; that of all cards with a mark in the place of the cards."""
    view = routes.make_view(page_context(db), path)
    return _renderer(db).render(view).encode()


@query(bytes, Keep.FINGERPRINT)
def cards_html(db: Database) -> bytes:
    """Return the page of all cards."""
    return _put_together(html(db, urls.CARDS), (card(db, ident) for ident in card_ids(db)))


def _put_together(page: bytes, fragments: Iterable[bytes]) -> bytes:
    """Return a page with fragments in the place that is marked for them, if one is."""
    before, *after = page.split(views.PLACEHOLDER.encode())
    return b"".join([before, *(fragments if after else ()), *after])


@query(bytes)
def printed_story(db: Database, ident: str) -> bytes:
    """Return the HTML of a story, as it stands on the page to print."""
    view = print_page.printed_story(page_context(db), ident)
    html = print_page.with_own_anchors(_renderer(db).render(view), f"stories/{ident}")
    return html.encode()


@query(PageLinks)
def printed_links(db: Database, ident: str) -> PageLinks:
    return link_check.scan(urls.PRINT, printed_story(db, ident).decode(), urls.base(settings(db)))


@query(bytes, Keep.FINGERPRINT)
def print_html(db: Database) -> bytes:
    """Return the page to print."""
    stories = (printed_story(db, ident) for ident in ids(db, "story"))
    return _put_together(html(db, urls.PRINT), stories)


@query(PageLinks)
def page_links(db: Database, path: str) -> PageLinks:
    return link_check.scan(path, html(db, path).decode(), urls.base(settings(db)))


# Practice


@query(views.PracticeFacts)
def practice_facts(db: Database, ident: str) -> views.PracticeFacts:
    return practice.facts(page_context(db), ident)


@query(bytes, Keep.FINGERPRINT)
def practice_story(db: Database, ident: str) -> bytes:
    """Return the texts of a story in practice, as HTML."""
    view = practice.texts(page_context(db), ident)
    return _renderer(db).render(view).encode()


def practice_shard_count(db: Database) -> int:
    """Return how many files with texts of stories there are."""
    return practice.shard_count(page_context(db)) if "practice" in page_kinds(db) else 0


@query(bytes, Keep.NOTHING)
def practice_rows(db: Database, number: str) -> bytes:
    found = practice.shard(page_context(db), int(number))
    return json.encode([practice_story(db, ident).decode() for ident in found])


@query(str)
def practice_version(db: Database, number: str) -> str:
    return export.fingerprint(practice_rows(db, number))


@query(bytes, Keep.FINGERPRINT)
def practice_texts(db: Database, number: str) -> bytes:
    """Return a file with the texts of some stories."""
    rows, version = Raw(practice_rows(db, number)), practice_version(db, number)
    return export.script("practice.texts", int(number), version, rows).encode()


@query(bytes, Keep.FINGERPRINT)
def practice_index(db: Database) -> bytes:
    """Return the file that the practice page reads first."""
    known = tuple(practice_facts(db, ident) for ident in ids(db, "story"))
    versions = [practice_version(db, str(number)) for number in range(practice_shard_count(db))]
    index = practice.index(page_context(db), known, versions)
    return export.script("practice.receive", index, practice_records(db)).encode()


@query(bytes, Keep.FINGERPRINT)
def practice_history(db: Database) -> bytes:
    """Return what was practised on other devices, for the pages that say it."""
    return export.script("practice.history", practice_records(db)).encode()


# The site


@query(dict[str, tuple[str, ...]])
def pages(db: Database) -> dict[str, tuple[str, ...]]:
    """Return the query and arguments that make each page, asset and picture."""
    found: dict[str, tuple[str, ...]] = {path: ("html", path) for path in page_paths(db)}
    if urls.CARDS in found:
        found[urls.CARDS] = ("cards_html",)
    if urls.PRINT in found:
        found[urls.PRINT] = ("print_html",)
    found[urls.SCRIPT_TEXTS] = ("script_texts",)
    found |= {path: ("asset", path) for path in asset_paths(db)}
    return found | {f"images/{image.name}": ("picture_data", image.path) for image in images(db)}


@query(dict[str, tuple[str, ...]])
def search_files(db: Database) -> dict[str, tuple[str, ...]]:
    """Return the query and arguments that make each file that Ask reads."""
    found: dict[str, tuple[str, ...]] = {urls.SEARCH_INDEX: ("search_index",)}
    for number in range(shard_count(db)):
        found[urls.search_texts(number)] = ("search_texts", str(number))
    return found


@query(dict[str, tuple[str, ...]])
def practice_files_made(db: Database) -> dict[str, tuple[str, ...]]:
    """Return the query and arguments that make each file that the practice page reads."""
    found: dict[str, tuple[str, ...]] = {}
    if "practice" in page_kinds(db):
        found[urls.PRACTICE_INDEX] = ("practice_index",)
    if has_history(db):
        found[urls.PRACTICE_HISTORY] = ("practice_history",)
    for number in range(practice_shard_count(db)):
        found[urls.practice_texts(number)] = ("practice_texts", str(number))
    return found


@query(Problems)
def link_problems(db: Database) -> Problems:
    """Return the links of pages that lead nowhere."""
    links_ = [(path, page_links(db, path)) for path in page_paths(db)]
    if urls.CARDS in page_paths(db):
        links_ += [(urls.CARDS, card_links(db, ident)) for ident in card_ids(db)]
    if urls.PRINT in page_paths(db):
        links_ += [(urls.PRINT, printed_links(db, ident)) for ident in ids(db, "story")]
    made, base = pages(db), urls.base(settings(db))

    def read(path: str) -> str:
        page: bytes = db.get(*split_key(made[path]))
        return page.decode()

    others = (*made, *search_files(db), *practice_files_made(db))
    return link_check.find_dead_links(links_, others, read, base)
