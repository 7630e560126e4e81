"""The handbook as frozen values: what a person wrote, read and typed, with no I/O.

Everything here compares by value. Lines count from 1 in the file that `path` names; paths are
relative to the content folder and use `/`.
"""

from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property

import msgspec


class Kind(StrEnum):
    """What a section of a story is; its value is also its anchor on the page."""

    SITUATION = "situation"
    TASK = "task"
    ACTION = "action"
    RESULT = "result"
    REFLECTION = "reflection"
    METRICS = "metrics"
    RISK = "risk-mitigation"
    FOLLOW_UPS = "follow-ups"
    WEAK = "weak-answer"
    QUIZ = "quiz"
    ANGLES = "angles"
    LEVELS = "levels"
    OTHER = "other"


STAR = (Kind.SITUATION, Kind.TASK, Kind.ACTION, Kind.RESULT)
SPINE = (*STAR, Kind.REFLECTION, Kind.METRICS, Kind.RISK)
AROUND = (Kind.FOLLOW_UPS, Kind.WEAK, Kind.QUIZ, Kind.ANGLES, Kind.LEVELS)


class Status(StrEnum):
    """Whether a story can be told yet."""

    DRAFT = "draft"
    READY = "ready"


class Edition(StrEnum):
    """Whom a handbook is for: the person, or anybody."""

    PRIVATE = "private"
    PUBLIC = "public"


class Ref(msgspec.Struct, frozen=True):
    """A name as the person wrote it; `to` is the id it stands for, or "" where none does."""

    text: str
    line: int
    to: str = ""


class Link(msgspec.Struct, frozen=True):
    """A hole in rendered prose: a link to a local file, whose address each page works out.

    `image` says that it is the source of a picture; that of another host is a hole too.
    """

    target: str
    line: int
    image: bool = False


class Prose(msgspec.Struct, frozen=True):
    """Rendered markdown: pieces of safe HTML with `Link` holes between them, and its plain text.

    `text` has a newline after each block and keeps every word a reader sees.
    """

    parts: tuple[str | Link, ...] = ()
    text: str = ""

    def __bool__(self) -> bool:
        return bool(self.parts)


class Callout(msgspec.Struct, frozen=True):
    """`> [!PHRASES]`, `> [!COACHING]` or `> [!MISTAKE]`: a note in the margin of a section."""

    kind: str
    body: Prose


class Field(msgspec.Struct, frozen=True):
    """A labelled paragraph inside an item: `**Weak:** …`; `name` is lower case."""

    name: str
    label: str
    body: Prose


class Item(msgspec.Struct, frozen=True):
    """A `###` entry of a section around the spine: a probe, a quiz question, an angle, a level.

    `body` is what stands before the first field.
    """

    title: Prose
    line: int
    body: Prose
    fields: tuple[Field, ...] = ()
    ref: Ref | None = None


class Section(msgspec.Struct, frozen=True):
    """A part of a story, in the place where it was written.

    `heading` is the person's own wording without the time, `seconds` the time they give it, `id`
    its anchor on the page.
    """

    kind: Kind
    id: str
    heading: str
    line: int
    body: Prose
    seconds: int | None = None
    notes: tuple[Callout, ...] = ()
    items: tuple[Item, ...] = ()
    holes: tuple[str, ...] = ()

    def proses(self) -> Iterator[Prose]:
        """Everything it says, in reading order."""
        yield self.body
        for item in self.items:
            yield from (item.title, item.body, *(field.body for field in item.fields))
        yield from (note.body for note in self.notes)


class Figure(msgspec.Struct, frozen=True):
    """A number that matters: `73 → 61 %: cart abandonment`."""

    value: str
    before: str = ""
    unit: str = ""
    label: str = ""


class Story(msgspec.Struct, frozen=True, dict=True):
    """One STAR story: its front matter and its sections in the order they were written.

    `figures` are the numbers that it gives, `found` those that were found in its words where it
    gives none; None where nobody has looked.
    """

    id: str
    path: str
    title: str
    headline: str = ""
    categories: tuple[Ref, ...] = ()
    principles: tuple[Ref, ...] = ()
    questions: tuple[Ref, ...] = ()
    level: str = ""
    tags: tuple[str, ...] = ()
    company: str = ""
    date: str = ""
    length: Ref | None = None
    status: Status = Status.DRAFT
    publish: bool = False
    figures: tuple[Figure, ...] = ()
    found: tuple[Figure, ...] | None = None
    cue: tuple[str, ...] = ()
    opening: Prose = Prose()
    sections: tuple[Section, ...] = ()
    body_line: int = 1

    def proses(self) -> Iterator[Prose]:
        """Everything it says in prose, in reading order."""
        yield self.opening
        for section in self.sections:
            yield from section.proses()

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Every link and picture in its prose."""
        proses = self.proses()
        return tuple(part for prose in proses for part in prose.parts if isinstance(part, Link))

    @property
    def ready(self) -> bool:
        """Whether the person says it can be told."""
        return self.status is Status.READY

    def parts(self, kind: Kind) -> tuple[Section, ...]:
        """The sections of one kind; a story may come back to its Action."""
        return tuple(section for section in self.sections if section.kind is kind)

    @cached_property
    def outline(self) -> "Story":
        """All but its words: enough for a list, and the same while they are written."""
        sections = (
            Section(
                section.kind, section.id, "", 0,
                Prose(text="…" if section.body.text.strip() or section.items else ""),
                holes=section.holes,
            )
            for section in self.sections
        )  # fmt: skip
        return msgspec.structs.replace(
            self, opening=Prose(), sections=tuple(sections), cue=(), body_line=1
        )

    @cached_property
    def bare(self) -> "Story":
        """Only that by which it is tied to others."""
        return Story(
            id=self.id,
            path=self.path,
            title="",
            categories=self.categories,
            principles=self.principles,
            questions=self.questions,
            level=self.level,
            tags=self.tags,
            status=self.status,
        )

    @cached_property
    def missing(self) -> tuple[Kind, ...]:
        """Which of S, T, A, R have no words of their own yet."""
        written = {
            section.kind
            for section in self.sections
            if (section.body.text.strip() or section.items) and not section.holes
        }
        return tuple(kind for kind in STAR if kind not in written)

    @cached_property
    def holes(self) -> tuple[str, ...]:
        """Every `[Fill in: …]` that is left."""
        return tuple(hole for section in self.sections for hole in section.holes)


class Choice(msgspec.Struct, frozen=True):
    """A story chosen for a question, with how to tell it for this one."""

    story: Ref
    note: str = ""


class Question(msgspec.Struct, frozen=True):
    """A question an interviewer may ask."""

    id: str
    path: str
    line: int
    question: str
    also: tuple[str, ...] = ()
    categories: tuple[Ref, ...] = ()
    principles: tuple[Ref, ...] = ()
    companies: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    notes: Prose = Prose()
    stories: tuple[Choice, ...] = ()


class Topic(msgspec.Struct, frozen=True):
    """A category or a principle: a name that stories and questions share."""

    id: str
    path: str
    line: int
    name: str
    aliases: tuple[str, ...] = ()
    about: str = ""
    tags: tuple[str, ...] = ()
    asked_as: tuple[str, ...] = ()
    set: str = ""


class AskTopic(msgspec.Struct, frozen=True):
    """Questions for the interviewer about one thing."""

    topic: str
    questions: tuple[str, ...]


class Audience(msgspec.Struct, frozen=True):
    """Who a question for the interviewer is for."""

    id: str
    path: str
    line: int
    audience: str
    topics: tuple[AskTopic, ...] = ()


class Heading(msgspec.Struct, frozen=True):
    """A heading inside a guide, for its contents list."""

    id: str
    text: str


class Guide(msgspec.Struct, frozen=True):
    """A page of advice."""

    id: str
    path: str
    title: str
    order: int
    body: Prose
    headings: tuple[Heading, ...] = ()


class Deck(msgspec.Struct, frozen=True):
    """A named choice of stories to print.

    `ends_with` names lists that follow as cards of their own: `to-ask`, an audience of it, or a
    guide with tick boxes.
    """

    path: str
    line: int
    name: str
    stories: tuple[Ref, ...] = ()
    ends_with: tuple[Ref, ...] = ()


class AnswerLength(msgspec.Struct, frozen=True):
    """How long an answer may take, in seconds: in all, and for each section by its kind."""

    name: str
    line: int
    seconds: int
    sections: tuple[tuple[Kind, int], ...] = ()

    def of(self, kind: Kind) -> int | None:
        """The seconds this length gives a section of that kind."""
        return dict(self.sections).get(kind)


class Redaction(msgspec.Struct, frozen=True):
    """A term to be replaced in a public edition."""

    term: str
    instead: str


class Settings(msgspec.Struct, frozen=True):
    """`handbook.yml`. `pace` is in words a minute."""

    title: str = "Interview handbook"
    level: str = ""
    pace: int = 140
    answer_lengths: tuple[AnswerLength, ...] = ()
    paper: str = "A4"
    base_url: str = ""
    publish: tuple[str, ...] = ()
    redact: tuple[Redaction, ...] = ()


class Image(msgspec.Struct, frozen=True):
    """A picture beside the content: its path there, its name on the site, its bytes."""

    path: str
    name: str
    data: bytes


class Interview(msgspec.Struct, frozen=True):
    """How interviewers talk.

    `asides` say nothing of what is asked, `function_words` only join others, `common_words` are
    said of everything, and each list of `synonyms` has words that mean the same.
    """

    asides: tuple[str, ...] = ()
    function_words: frozenset[str] = frozenset()
    common_words: frozenset[str] = frozenset()
    synonyms: tuple[tuple[str, ...], ...] = ()


class Handbook(msgspec.Struct, frozen=True):
    """All that was read, every list in the order the pages show it.

    `unread` has the paths of files with a fault, so that what they would have named is not reported
    as unknown as well.
    """

    settings: Settings = Settings()
    stories: tuple[Story, ...] = ()
    questions: tuple[Question, ...] = ()
    categories: tuple[Topic, ...] = ()
    principles: tuple[Topic, ...] = ()
    audiences: tuple[Audience, ...] = ()
    guides: tuple[Guide, ...] = ()
    templates: tuple[Story, ...] = ()
    decks: tuple[Deck, ...] = ()
    synonyms: tuple[tuple[str, ...], ...] = ()
    images: tuple[Image, ...] = ()
    edition: Edition = Edition.PRIVATE
    unread: frozenset[str] = frozenset()

    def links(self) -> Iterator[tuple[str, Link]]:
        """Every link and picture in it, each with the path of the file it stands in."""
        for story in self.stories:
            for link in story.links:
                yield story.path, link
        told = [(guide.path, guide.body) for guide in self.guides]
        told += [(question.path, question.notes) for question in self.questions]
        for path, prose in told:
            yield from ((path, part) for part in prose.parts if isinstance(part, Link))

    def proses(self) -> Iterator[tuple[str, Prose]]:
        """All prose of pages, each with the path of the file it stands in."""
        for story in self.stories:
            yield from ((story.path, prose) for prose in story.proses())
        yield from ((guide.path, guide.body) for guide in self.guides)
        yield from ((question.path, question.notes) for question in self.questions)
