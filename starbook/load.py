"""The only reader of content: a folder → a `Handbook` and what is wrong with its files."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import msgspec.yaml

from starbook import anatomy, images, names, places, prose, schema
from starbook import source as yaml
from starbook.model import (
    Audience,
    Choice,
    Deck,
    Guide,
    Handbook,
    Image,
    Interview,
    Item,
    Link,
    Question,
    Ref,
    Section,
    Settings,
    Story,
    Topic,
)
from starbook.problem import Problem, Report, Severity, has_errors, printable

FOLDERS = ("stories", "guides", "templates")
LISTS = ("categories", "principles", "questions", "to-ask", "decks", "synonyms")
SETTINGS = "handbook.yml"
_YAML = (".yml", ".yaml")
_QUESTION_WORDS = 8
_LAST = 10_000  # a guide without an order stands behind those that have one

_INTERVIEW = Path(__file__).with_name("interview.yml")

T = TypeVar("T")


def load(
    content: Path, on_file: Callable[[], None] = lambda: None
) -> tuple[Handbook, tuple[Problem, ...]]:
    """Read a content folder; paths in the result are relative to it.

    `on_file` is called once for each file that was read.
    """
    if problem := _not_a_folder(content):
        return Handbook(), (problem,)
    reader = _Reader(content, on_file)
    handbook = reader.handbook()
    unread = {p.path for p in reader.problems if p.severity is Severity.ERROR} | reader.refused
    handbook = msgspec.structs.replace(handbook, unread=frozenset(unread))
    if not reader.files and not has_errors(tuple(reader.problems)):
        hint = "write a first story in stories/, such as stories/first.md"
        reader.problems.append(Problem("", 0, "the content folder is empty", hint, "no-content"))
    return _resolve(handbook), tuple(reader.problems)


def interview() -> Interview:
    """What we know of how interviewers talk: a file of the package."""
    said = msgspec.yaml.decode(_INTERVIEW.read_bytes(), type=dict[str, Any])
    return Interview(
        tuple(said["asides"]),
        frozenset(said["function_words"].split()),
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


class _Reader:
    """Walks one content folder, gathering problems as it goes."""

    def __init__(self, content: Path, on_file: Callable[[], None]) -> None:
        self.content = content
        self.on_file = on_file
        self.problems: list[Problem] = []
        self.files = 0
        self.refused: set[str] = set()

    def handbook(self) -> Handbook:
        self._strangers()
        handbook = self._texts()
        return msgspec.structs.replace(handbook, images=tuple(self._images(handbook)))

    def _texts(self) -> Handbook:
        return Handbook(
            settings=self._settings(),
            stories=tuple(self._documents("stories", _story)),
            questions=_with_ids(tuple(self._list("questions", _question))),
            categories=tuple(self._list("categories", _category)),
            principles=tuple(self._list("principles", _principle)),
            audiences=tuple(self._list("to-ask", _audience)),
            guides=tuple(sorted(self._documents("guides", _guide), key=_guide_order)),
            templates=tuple(self._documents("templates", _story)),
            decks=tuple(self._list("decks", _deck)),
            synonyms=tuple(self._list("synonyms", _synonyms)),
        )

    def _strangers(self) -> None:
        """Warn of what looks like ours but has a name that is never read."""
        ours = {*FOLDERS, *LISTS, *(f"{name}{end}" for name in LISTS for end in _YAML), SETTINGS}
        for path in sorted(self.content.iterdir()):
            near = names.nearest(path.name, ours)
            if path.name not in ours and not path.name.startswith((".", "README")) and near:
                report = Report(self._shown(path))
                report.warning(0, "unknown-file", "is not read", f"did you mean `{near}`?")
                self.problems += report.problems

    def _settings(self) -> Settings:
        path = self.content / SETTINGS
        if not os.path.lexists(path):
            return Settings()
        report, node = self._yaml(path)
        values = schema.read(node, schema.SETTINGS, report) if node else None
        self.problems += report.problems
        return Settings(**values) if values else Settings()

    def _documents(self, folder: str, make: Callable[[str, str, Report], T | None]) -> Iterator[T]:
        for path in self._files(self.content / folder, (".md",)):
            report = Report(self._shown(path))
            text = self._read(path, report)
            made = make(path.stem, text, report) if text is not None else None
            self.problems += report.problems
            if made is not None:
                yield made

    def _list(self, name: str, make: Callable[[yaml.Node, Report], T | None]) -> Iterator[T]:
        single = [self.content / f"{name}{end}" for end in _YAML]
        paths = [path for path in single if os.path.lexists(path)]
        for path in (*paths, *self._files(self.content / name, _YAML)):
            report, node = self._yaml(path)
            if isinstance(node, yaml.Sequence):
                made = [make(item, report) for item in node.items]
                yield from (entry for entry in made if entry is not None)
            elif node is not None:
                report.error(node.line, "type", "expected a list", "begin each entry with `- `")
            self.problems += report.problems

    def _yaml(self, path: Path) -> tuple[Report, yaml.Node | None]:
        report = Report(self._shown(path))
        text = self._read(path, report)
        return report, yaml.parse_yaml(text, report) if text is not None else None

    def _read(self, path: Path, report: Report) -> str | None:
        self.files += 1
        self.on_file()
        data = self._bytes(path, report)
        return yaml.decode(data, report) if data is not None else None

    def _bytes(self, path: Path, report: Report, most: int = yaml.MAX_BYTES) -> bytes | None:
        with suppress(OSError, RuntimeError):  # a link that leads to itself; reading it says so
            if not path.resolve().is_relative_to(self.content.resolve()):
                hint = "copy the file here instead"
                report.error(0, "outside", "is a link out of the content folder", hint)
                return None
        return yaml.read_bytes(path, report, most)

    def _images(self, handbook: Handbook) -> Iterator[Image]:
        """The pictures that prose shows, each once; those of another host are left to the check."""
        found = {
            (places.beside(part.target, source), source, part.line): None
            for source, prose in handbook.proses()
            for part in prose.parts
            if isinstance(part, Link) and part.image and not places.is_remote(part.target)
        }
        seen: set[str] = set()
        for target, source, line in found:
            inside = not target.startswith(("/", "../"))
            # Not Path.is_file(), which raises where a name is too long to be one.
            if inside and target not in seen and os.path.isfile(self.content / target):  # noqa: PTH113
                seen.add(target)
                yield from self._image(target, Report(source), line)

    def _image(self, target: str, report: Report, line: int) -> Iterator[Image]:
        own = Report(target)
        data = self._bytes(self.content / target, own, images.MAX_BYTES)
        if data is not None:
            try:
                yield images.image(target, data)
            except images.NotAnImageError as error:
                hint = "save it as PNG or JPEG"
                report.error(line, "image", f"the image `{target}` {error}", hint)
                self.refused.add(target)
        self.problems += (*own.problems, *report.problems)

    def _files(self, folder: Path, endings: tuple[str, ...]) -> Iterator[Path]:
        found = (path.relative_to(folder) for path in self._walk(folder))
        named = (path for path in found if path.suffix.lower() in endings and not _hidden(path))
        for path in sorted(named, key=lambda path: _natural(path.as_posix())):
            yield folder / path

    def _walk(self, folder: Path) -> Iterator[Path]:
        """All that lies below a folder; what cannot be looked into is reported."""
        for here, folders, files in os.walk(folder, onerror=self._cannot_look_into):
            inside = [Path(here, name) for name in folders]
            for path in inside:
                if path.is_symlink() and not _hidden(path.relative_to(folder)):
                    report = Report(self._shown(path))
                    hint = "copy the folder here instead"
                    report.warning(0, "outside", "is a link to a folder, and is not followed", hint)
                    self.problems += report.problems
            yield from (*inside, *(Path(here, name) for name in files))

    def _cannot_look_into(self, error: OSError) -> None:
        path = Path(error.filename)
        if os.path.lexists(path):
            report = Report(self._shown(path))
            hint = "check its permissions and, if it is a link, where it leads"
            report.error(0, "unreadable", f"cannot be read ({error.strerror})", hint)
            self.problems += report.problems

    def _shown(self, path: Path) -> str:
        return printable(path.relative_to(self.content).as_posix())


def _hidden(path: Path) -> bool:
    """Whether it is something a program keeps for itself, such as what an editor threw away."""
    return any(part.startswith(".") for part in path.parts)


def _natural(name: str) -> list[tuple[int, str]]:
    """A sort key by which `co-2` stands before `co-10`."""
    pieces = re.split(r"(\d+)", name.casefold())
    return [(int(piece), "") if piece.isdecimal() else (0, piece) for piece in pieces]


def _guide_order(guide: Guide) -> tuple[int, str]:
    return guide.order, guide.title


def _front_matter(
    text: str, spec: schema.Spec, report: Report
) -> tuple[dict[str, Any] | None, str, int]:
    node, body, line = yaml.split_front_matter(text, report)
    return (schema.read(node, spec, report) if node else None), body, line


def _story(stem: str, text: str, report: Report) -> Story | None:
    values, body, line = _front_matter(text, schema.STORY, report)
    if values is None:
        return None
    values["figures"] = values.pop("metrics", ())
    values.setdefault("id", names.slug(stem))
    opening, sections = anatomy.sections(body, line, values["title"])
    return Story(path=report.path, opening=opening, sections=sections, body_line=line, **values)


def _guide(stem: str, text: str, report: Report) -> Guide | None:
    values, body, line = _front_matter(text, schema.GUIDE, report)
    if values is None:
        return None
    blocks = prose.parse(body, line)
    rendered = prose.render(blocks, top=2)
    values.setdefault("id", names.slug(stem))
    values.setdefault("order", _LAST)
    return Guide(path=report.path, body=rendered, headings=prose.headings(blocks), **values)


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


def _resolve(handbook: Handbook) -> Handbook:
    """Give every reference the id of what it names."""
    categories = names.index((t.id, (t.name, *t.aliases)) for t in handbook.categories)
    principles = names.index((t.id, (t.name, *t.aliases)) for t in handbook.principles)
    questions = names.index((q.id, (q.question, *q.also)) for q in handbook.questions)
    stories = names.index((s.id, (s.title,)) for s in handbook.stories)
    lengths = names.index((a.name, ()) for a in handbook.settings.answer_lengths)

    def story(found: Story) -> Story:
        return msgspec.structs.replace(
            found,
            categories=_all(found.categories, categories),
            principles=_all(found.principles, principles),
            questions=_all(found.questions, questions),
            length=names.resolve(found.length, lengths) if found.length else None,
            sections=tuple(_angles(section, principles) for section in found.sections),
        )

    def question(found: Question) -> Question:
        chosen = (Choice(names.resolve(c.story, stories), c.note) for c in found.stories)
        return msgspec.structs.replace(
            found,
            categories=_all(found.categories, categories),
            principles=_all(found.principles, principles),
            stories=tuple(chosen),
        )

    return msgspec.structs.replace(
        handbook,
        stories=tuple(story(s) for s in handbook.stories),
        templates=tuple(story(s) for s in handbook.templates),
        questions=tuple(question(q) for q in handbook.questions),
        decks=tuple(
            msgspec.structs.replace(deck, stories=_all(deck.stories, stories))
            for deck in handbook.decks
        ),
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
