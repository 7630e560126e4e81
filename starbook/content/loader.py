"""The only reader of content: a folder → a `Handbook` and what is wrong with its files."""

import os
import re
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec
import msgspec.yaml

from starbook import urls
from starbook.build import pool
from starbook.build.memory import Memory
from starbook.build.past import Past, mark_of
from starbook.content import files, images, markdown, metrics, schema
from starbook.content import sections as anatomy
from starbook.content import yaml_nodes as yaml
from starbook.model import (
    Audience,
    Choice,
    Deck,
    Guide,
    Handbook,
    Image,
    Interview,
    Item,
    Question,
    Ref,
    Section,
    Settings,
    Story,
    Topic,
)
from starbook.problem import Problem, Report, Severity, has_errors, printable
from starbook.text import names

FOLDERS = ("stories", "guides", "templates")
LISTS = ("categories", "principles", "questions", "to-ask", "decks", "synonyms")
SETTINGS = "handbook.yml"
_YAML = (".yml", ".yaml")
_QUESTION_WORDS = 8
# Two seconds in nanoseconds: as slow as the clock of any file system ticks.
_TICK = 2 * 10**9
_LAST = 10_000  # a guide without an order stands behind those that have one

_INTERVIEW = Path(__file__).with_name("interview.yml")

T = TypeVar("T")
Told = tuple[T | None, tuple[Problem, ...]]  # what a file holds, and what is wrong with it


def load(
    content: Path,
    on_file: Callable[[], None] = lambda: None,
    memory: Memory | None = None,
    past: Past | None = None,
) -> tuple[Handbook, tuple[Problem, ...]]:
    """Read a content folder; paths in the result are relative to it.

    `on_file` is called once for each file that was read.
    """
    if problem := _not_a_folder(content):
        return Handbook(), (problem,)
    memory = memory or Memory()
    reader = _Reader(content, on_file, memory, past or Past())
    handbook = reader.handbook()
    unread = {p.path for p in reader.problems if p.severity is Severity.ERROR} | reader.refused
    handbook = msgspec.structs.replace(handbook, unread=frozenset(unread))
    if not reader.files and not has_errors(tuple(reader.problems)):
        hint = "write a first story in stories/, such as stories/first.md"
        reader.problems.append(Problem("", 0, "the content folder is empty", hint, "no-content"))
    return _resolve(handbook, memory), tuple(reader.problems)


def interview(past: Past | None = None) -> Interview:
    """What we know of how interviewers talk: a file of the package."""
    return (past or Past()).once("interview", b"", Interview, _interview)


@cache
def _interview() -> Interview:
    said = msgspec.yaml.decode(_INTERVIEW.read_bytes(), type=dict[str, Any])
    return Interview(
        tuple(said["asides"]),
        frozenset(said["function_words"].split()),
        frozenset(said["common_words"].split()),
        tuple(map(tuple, said["synonyms"])),
    )


def _not_a_folder(content: Path) -> Problem | None:
    try:
        os.scandir(content).close()
    except FileNotFoundError:
        what = "does not exist"
    except NotADirectoryError:
        what = "is not a folder"
    except OSError as error:
        what = f"cannot be read ({error.strerror})"
    else:
        return None
    hint = "name the folder that holds your stories/ with --content"
    return Problem("", 0, f"the content folder {what}", hint, "no-content")


class _File(msgspec.Struct, frozen=True):
    """A file as it was found; `path` is `place`, its path from the content folder, in print.

    By its `mark` the bytes are known. They are not read where the past has what is made of them.
    """

    place: str
    path: str
    mark: bytes
    data: bytes = b""

    @property
    def stem(self) -> str:
        """Its name without the ending."""
        return self.place.rpartition("/")[2].rpartition(".")[0]


def _place(file: _File) -> tuple[str, bytes]:
    """Where the past has what is made of a file, and from what."""
    return file.place, file.mark


class _Reader:
    """Walks one content folder, gathering problems as it goes."""

    def __init__(
        self, content: Path, on_file: Callable[[], None], memory: Memory, past: Past
    ) -> None:
        self.content = content
        self.top = os.path.abspath(content)  # noqa: PTH100  (as the past has it, with its links)
        self.on_file = on_file
        self.memory = memory
        self.past = past
        self.problems: list[Problem] = []
        self.files = 0
        self.begun = time.time_ns()
        self.folders: dict[str, bool] = {}
        self.refused: set[str] = set()

    def handbook(self) -> Handbook:
        self._strangers()
        handbook = self._texts()
        return msgspec.structs.replace(handbook, images=tuple(self._images(handbook)))

    def _texts(self) -> Handbook:
        return Handbook(
            settings=self._settings(),
            stories=tuple(self._documents("stories", Story)),
            questions=_with_ids(tuple(self._list("questions", _question, Question))),
            categories=tuple(self._list("categories", _category, Topic)),
            principles=tuple(self._list("principles", _principle, Topic)),
            audiences=tuple(self._list("to-ask", _audience, Audience)),
            guides=tuple(sorted(self._documents("guides", Guide), key=_guide_order)),
            templates=tuple(self._documents("templates", Story)),
            decks=tuple(self._list("decks", _deck, Deck)),
            synonyms=tuple(self._list("synonyms", _synonyms, tuple[str, ...])),
        )

    def _strangers(self) -> None:
        """Warn of what looks like ours but has a name that is never read."""
        ours = {*FOLDERS, *LISTS, *(f"{name}{end}" for name in LISTS for end in _YAML), SETTINGS}
        for path in sorted(self.content.iterdir()):
            near = names.nearest(path.name, ours)
            if path.name not in ours and not path.name.startswith((".", "README")) and near:
                report = Report(printable(path.name))
                report.warning(0, "unknown-file", "is not read", f"did you mean `{near}`?")
                self.problems += report.problems

    def _settings(self) -> Settings:
        if not os.path.lexists(self.content / SETTINGS):
            return Settings()
        return next(self._entries([SETTINGS], _read_settings, Settings), Settings())

    def _documents(self, folder: str, kind: type[T]) -> Iterator[T]:
        files = self._found(self._files(folder, (".md",)))
        told = tuple[kind | None, tuple[Problem, ...]]  # type: ignore[valid-type]

        def work(new: Sequence[_File]) -> Sequence[tuple[T | None, tuple[Problem, ...]]]:
            return pool.each(_READ[kind], new, told, self._counted)

        def read(new: Sequence[_File]) -> Sequence[tuple[T | None, tuple[Problem, ...]]]:
            return self.past.each(work, new, _place, told)

        for made, problems in self.memory.all(folder, {file.place: file for file in files}, read):
            self.problems += problems
            if made is not None:
                yield made

    def _counted(self, read: Told[T]) -> Told[T]:
        self.on_file()
        return read

    def _list(
        self, name: str, make: Callable[[yaml.Node, Report], T | None], kind: Any
    ) -> Iterator[T]:
        single = (f"{name}{end}" for end in _YAML)
        found = [place for place in single if os.path.lexists(self.content / place)]
        read = partial(_read_list, make=make)
        return self._entries((*found, *self._files(name, _YAML)), read, kind)

    def _entries(
        self, found: Iterable[str], read: Callable[[yaml.Node, Report], Iterable[T]], kind: Any
    ) -> Iterator[T]:
        """What the YAML files hold, entries of a `kind`."""
        told = tuple[tuple[kind, ...], tuple[Problem, ...]]

        for file in self._found(found):
            self.on_file()
            work = partial(_read_entries, file, read)
            again = partial(self.past.once, *_place(file), told, work)
            entries, problems = self.memory.kept(file.place, file, again)
            self.problems += problems
            yield from entries

    def _found(self, listed: Iterable[str]) -> list[_File]:
        """The files that can be read."""
        found = []
        for place in listed:
            self.files += 1
            file, problems = self._file(place)
            self.problems += problems
            if file is None:
                self.on_file()
            else:
                found.append(file)
        return found

    def _file(self, place: str, most: int = files.MAX_BYTES) -> Told[_File]:
        path = f"{self.content}{os.sep}{place}"
        stamp: object = None
        with suppress(OSError, RuntimeError):  # a link that leads to itself; reading it says so
            looks = os.lstat(path)
            link = stat.S_ISLNK(looks.st_mode)
            if not (self._is_inside(path) if link else self._is_folder_inside(place)):
                report = Report(printable(place))
                hint = "copy the file here instead"
                report.error(0, "outside", "is a link out of the content folder", hint)
                return None, tuple(report.problems)
            if self.past.kept and not link and (mark := self._known(place, looks)):
                return _File(place, printable(place), mark), ()
            stamp = None if link else _stamp(looks, self.begun)
        read = partial(_read_file, path, place, most)
        return self.memory.kept(("file", place), stamp or object(), read)

    def _known(self, place: str, looks: os.stat_result) -> bytes | None:
        """The mark of a file that is as the last build read it, and of which that left a result."""
        path = f"{self.top}{os.sep}{place}"
        return self.past.sound(place) if self.past.is_as_left(path, looks) else None

    def _is_inside(self, path: str) -> bool:
        """Whether it is in the content folder, through all links."""
        return Path(path).resolve().is_relative_to(self.content.resolve())

    def _is_folder_inside(self, place: str) -> bool:
        """Whether the folder of a file is. It is looked at once for all that is in it."""
        folder = place.rpartition("/")[0]
        if folder not in self.folders:
            self.folders[folder] = self._is_inside(f"{self.content}{os.sep}{folder}")
        return self.folders[folder]

    def _images(self, handbook: Handbook) -> Iterator[Image]:
        """The pictures that prose shows, each once; those of another host are left to the check."""
        found = {
            (urls.join_source(link.target, source), source, link.line): None
            for source, link in handbook.links()
            if link.image and not urls.is_remote(link.target)
        }
        seen: set[str] = set()
        for target, source, line in found:
            inside = not target.startswith(("/", "../"))
            # Not Path.is_file(), which raises where a name is too long to be one.
            if inside and target not in seen and os.path.isfile(self.content / target):  # noqa: PTH113
                seen.add(target)
                yield from self._image(target, Report(source), line)

    def _image(self, target: str, report: Report, line: int) -> Iterator[Image]:
        file, problems = self._file(target, images.MAX_BYTES)
        if file is not None:
            try:
                yield images.make_image(target, file.data)
            except images.NotAnImageError as error:
                hint = "save it as PNG or JPEG"
                report.error(line, "image", f"the image `{target}` {error}", hint)
                self.refused.add(target)
        self.problems += (*problems, *report.problems)

    def _files(self, folder: str, endings: tuple[str, ...]) -> Iterable[str]:
        named = (place for place in self._walk(folder) if place.lower().endswith(endings))
        return sorted(named, key=_natural)

    def _walk(self, folder: str) -> Iterator[str]:
        """All that lies below a folder; what cannot be looked into is reported.

        What a program keeps for itself, such as what an editor threw away, has a name with a dot.
        """
        top = os.fspath(self.content / folder)
        for here, folders, filenames in os.walk(top, onerror=self._cannot_look_into):
            inside = folder + here.removeprefix(top).replace(os.sep, "/")
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in folders:
                yield f"{inside}/{name}"
                if (self.content / inside / name).is_symlink():
                    report = Report(printable(f"{inside}/{name}"))
                    hint = "copy the folder here instead"
                    report.warning(0, "outside", "is a link to a folder, and is not followed", hint)
                    self.problems += report.problems
            yield from (f"{inside}/{name}" for name in filenames if not name.startswith("."))

    def _cannot_look_into(self, error: OSError) -> None:
        path = Path(error.filename)
        if os.path.lexists(path):
            report = Report(printable(path.relative_to(self.content).as_posix()))
            hint = "check its permissions and, if it is a link, where it leads"
            report.error(0, "unreadable", f"cannot be read ({error.strerror})", hint)
            self.problems += report.problems


def _read_file(path: str, place: str, most: int) -> Told[_File]:
    report = Report(printable(place))
    data = files.read_bytes(Path(path), report, most)
    file = None if data is None else _File(place, report.path, mark_of(data), data)
    return file, tuple(report.problems)


def _stamp(found: os.stat_result, now: int) -> object:
    """What tells that a file is as it was when it was read, or None where nothing does.

    Nobody can set the time of a file's last change but the system, whose clock may tick so slowly
    that a young file can change again within a tick. Windows keeps no such time.
    """
    newest = max(found.st_mtime_ns, found.st_ctime_ns)
    if os.name == "nt" or now - newest < _TICK:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


@lru_cache(maxsize=2**15)  # while one serves, the same names are sorted over and over
def _natural(name: str) -> list[tuple[int, str]]:
    """A sort key by which `co-2` stands before `co-10`."""
    pieces = re.split(r"(\d+)", name.casefold())
    return [(int(piece), "") if piece.isdecimal() else (0, piece) for piece in pieces]


def _guide_order(guide: Guide) -> tuple[int, str]:
    return guide.order, guide.title


def _front_matter(
    text: str, spec: schema.Spec, report: Report
) -> tuple[dict[str, Any] | None, str, int]:
    node, body, line = yaml.parse_front_matter(text, report)
    return (schema.read(node, spec, report) if node else None), body, line


def _story(file: _File, report: Report) -> Story | None:
    text = files.decode(file.data, report)
    if text is None:
        return None
    values, body, line = _front_matter(text, schema.STORY, report)
    if values is None:
        return None
    values["figures"] = values.pop("metrics", ())
    values.setdefault("id", names.slug(file.stem))
    opening, sections = anatomy.parse(body, line, values["title"])
    story = Story(path=file.path, opening=opening, sections=sections, body_line=line, **values)
    return metrics.with_extracted(story)


def _guide(file: _File, report: Report) -> Guide | None:
    text = files.decode(file.data, report)
    if text is None:
        return None
    values, body, line = _front_matter(text, schema.GUIDE, report)
    if values is None:
        return None
    blocks = markdown.parse(body, line)
    rendered = markdown.render(blocks, top=2)
    values.setdefault("id", names.slug(file.stem))
    values.setdefault("order", _LAST)
    return Guide(
        path=file.path, body=rendered, headings=markdown.collect_headings(blocks), **values
    )


def _told(make: Callable[[_File, Report], T | None]) -> Callable[[_File], Told[T]]:
    """With what is wrong with it."""

    def read(file: _File) -> Told[T]:
        report = Report(file.path)
        return make(file, report), tuple(report.problems)

    return read


_READ: dict[type, Callable[[_File], Told[Any]]] = {Story: _told(_story), Guide: _told(_guide)}


def _read_entries(
    file: _File, read: Callable[[yaml.Node, Report], Iterable[T]]
) -> tuple[tuple[T, ...], tuple[Problem, ...]]:
    report = Report(file.path)
    text = files.decode(file.data, report)
    node = yaml.parse(text, report) if text is not None else None
    return tuple(read(node, report)) if node is not None else (), tuple(report.problems)


def _read_settings(node: yaml.Node, report: Report) -> Iterator[Settings]:
    values = schema.read(node, schema.SETTINGS, report)
    if values is not None:
        yield Settings(**values)


def _read_list(
    node: yaml.Node, report: Report, make: Callable[[yaml.Node, Report], T | None]
) -> Iterator[T]:
    if isinstance(node, yaml.Sequence):
        made = [make(item, report) for item in node.items]
        yield from (entry for entry in made if entry is not None)
    else:
        report.error(node.line, "type", "expected a list", "begin each entry with `- `")


def _question(node: yaml.Node, report: Report) -> Question | None:
    values = schema.read(node, schema.QUESTION, report)
    if values is None:
        return None
    return Question(path=report.path, line=node.line, **({"id": ""} | values))


def _with_ids(questions: tuple[Question, ...]) -> tuple[Question, ...]:
    """Give each question without an id one: its first eight words, or more to tell it apart."""
    taken = {question.id: names.key(question.question) for question in questions if question.id}
    given = {wording: ident for ident, wording in reversed(taken.items())}
    found = []
    for question in questions:
        known = given.get(names.key(question.question))  # the same one, in another file
        ident = question.id or known or _short_id(question.question, taken)
        taken.setdefault(ident, names.key(question.question))
        found.append(msgspec.structs.replace(question, id=ident))
    return tuple(found)


def _short_id(question: str, taken: Mapping[str, str]) -> str:
    """An id that no other question has; one that is asked twice is a fault for `check` to see."""
    wording = names.key(question)
    for count in range(_QUESTION_WORDS, len(question.split()) + 1):
        ident = names.slug(names.first_words(question, count))
        if taken.get(ident, wording) == wording:
            return ident
    return names.slug(question)


def _category(node: yaml.Node, report: Report) -> Topic | None:
    return _topic(schema.read(node, schema.CATEGORY, report), node.line, report.path)


def _principle(node: yaml.Node, report: Report) -> Topic | None:
    return _topic(schema.read(node, schema.PRINCIPLE, report), node.line, report.path)


def _topic(values: dict[str, Any] | None, line: int, path: str) -> Topic | None:
    if values is None:
        return None
    return Topic(path=path, line=line, **({"id": names.slug(values["name"])} | values))


def _audience(node: yaml.Node, report: Report) -> Audience | None:
    values = schema.read(node, schema.AUDIENCE, report)
    if values is None:
        return None
    ident = names.slug(values["audience"]) or "audience"
    return Audience(id=ident, path=report.path, line=node.line, **values)


def _deck(node: yaml.Node, report: Report) -> Deck | None:
    values = schema.read(node, schema.DECK, report)
    return Deck(path=report.path, line=node.line, **values) if values else None


def _synonyms(node: yaml.Node, report: Report) -> tuple[str, ...] | None:
    found: tuple[str, ...] | None = schema.words(node, report)
    return found


class _Known(NamedTuple):
    """What the names in a handbook lead to, by kind."""

    categories: names.Names
    principles: names.Names
    questions: names.Names
    lengths: names.Names
    stories: names.Names
    lists: names.Names


def _resolve(handbook: Handbook, memory: Memory) -> Handbook:
    """Give every reference the id of what it names."""
    known = _Known(
        categories=names.index((t.id, (t.name, *t.aliases)) for t in handbook.categories),
        principles=names.index((t.id, (t.name, *t.aliases)) for t in handbook.principles),
        questions=names.index((q.id, (q.question, *q.also)) for q in handbook.questions),
        lengths=names.index((a.name, ()) for a in handbook.settings.answer_lengths),
        stories=names.index((s.id, (s.title,)) for s in handbook.stories),
        lists=names.index(urls.deck_endings(handbook)),
    )
    # Compared as one value for each story; they are the same objects as long as no name changes.
    # What other stories are called is nothing to a story.
    of_stories = memory.same("names", known._replace(stories={}, lists={}))

    def resolved(form: str, stories: tuple[Story, ...]) -> tuple[Story, ...]:
        values = {story.path: (story, of_stories) for story in stories}

        def work(new: Sequence[tuple[Story, object]]) -> list[Story]:
            return [_resolved_story(story, known) for story, _ in new]

        return tuple(memory.all(("resolved", form), values, work))

    return msgspec.structs.replace(
        handbook,
        stories=resolved("stories", handbook.stories),
        templates=resolved("templates", handbook.templates),
        questions=tuple(_resolved_question(question, known) for question in handbook.questions),
        decks=tuple(_resolved_deck(deck, known) for deck in handbook.decks),
    )


def _resolved_story(found: Story, known: _Known) -> Story:
    return msgspec.structs.replace(
        found,
        categories=_all(found.categories, known.categories),
        principles=_all(found.principles, known.principles),
        questions=_all(found.questions, known.questions),
        length=names.resolve(found.length, known.lengths) if found.length else None,
        sections=tuple(_angles(section, known.principles) for section in found.sections),
    )


def _resolved_question(found: Question, known: _Known) -> Question:
    chosen = (Choice(names.resolve(c.story, known.stories), c.note) for c in found.stories)
    return msgspec.structs.replace(
        found,
        categories=_all(found.categories, known.categories),
        principles=_all(found.principles, known.principles),
        stories=tuple(chosen),
    )


def _resolved_deck(found: Deck, known: _Known) -> Deck:
    return msgspec.structs.replace(
        found,
        stories=_all(found.stories, known.stories),
        ends_with=_all(found.ends_with, known.lists),
    )


def _all(refs: tuple[Ref, ...], known: names.Names) -> tuple[Ref, ...]:
    return tuple(names.resolve(ref, known) for ref in refs)


def _angles(section: Section, principles: names.Names) -> Section:
    if not any(item.ref for item in section.items):
        return section
    items = tuple(_angle(item, principles) for item in section.items)
    return msgspec.structs.replace(section, items=items)


def _angle(item: Item, principles: names.Names) -> Item:
    if item.ref is None:
        return item
    return msgspec.structs.replace(item, ref=names.resolve(item.ref, principles))
