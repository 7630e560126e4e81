"""The content of a handbook as frozen, typed values; no reading and no writing.

All values compare by their fields. Lines count from 1 in the file that `path` names; paths are
relative to the content folder and use `/`.
"""

from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property
from typing import Annotated

import msgspec


class Kind(StrEnum):
    """The kind of a section of a story; the value is also its anchor on the page."""

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
    FOOTNOTES = "footnotes"
    OTHER = "other"


STAR = (Kind.SITUATION, Kind.TASK, Kind.ACTION, Kind.RESULT)
SPINE = (*STAR, Kind.REFLECTION, Kind.METRICS, Kind.RISK)
AROUND = (Kind.FOLLOW_UPS, Kind.WEAK, Kind.QUIZ, Kind.ANGLES, Kind.LEVELS, Kind.FOOTNOTES)


class Status(StrEnum):
    """The status of a story: still being written, ready to be told, or kept and not told."""

    DRAFT = "draft"
    READY = "ready"
    RESTING = "resting"


class Pattern(StrEnum):
    """A pattern that interviewers look for in a story; docs/FORMAT.md says by which sign."""

    OWNERSHIP = "ownership"
    DEPTH = "depth"
    COLLABORATION = "collaboration"
    REFLECTION = "reflection"
    RISK = "risk"
    SCALE = "scale"


class Edition(StrEnum):
    """The audience of a build: the author alone, or everybody."""

    PRIVATE = "private"
    PUBLIC = "public"


class Ref(msgspec.Struct, frozen=True):
    """A reference by name, as it was written; `to` is the id it resolves to, or ""."""

    text: str
    line: int
    to: str = ""


class Link(msgspec.Struct, frozen=True):
    """The target of a local link in rendered prose; each page puts its relative address there.

    `image` is true for the source of a picture, including one on another host. `by_name` is true
    while the target is the name of a file that has not been looked for, or is not there; `near` is
    then the name that is nearest to it. `words` is the place of the words in the plain text, if
    they are no label but the name of the file.
    """

    target: str
    line: int
    image: bool = False
    by_name: bool = False
    near: str = ""
    words: tuple[int, int] | None = None


class Prose(msgspec.Struct, frozen=True):
    """Rendered markdown: fragments of safe HTML with links between them, and the plain text.

    `text` has a newline after each block and keeps every word that a reader sees.
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
    """A labelled paragraph of an item: `**Weak:** …`; `name` is the label in lower case."""

    name: str
    label: str
    body: Prose


class QuizChoice(msgspec.Struct, frozen=True):
    """An answer to choose in a quiz: `- [x] right` or `- [ ] wrong`."""

    text: Prose
    right: bool


class Item(msgspec.Struct, frozen=True):
    """A `###` entry of a section: a follow-up, a quiz question, an angle or a level.

    `body` is the text before the first field, without the `choices` of a quiz question. Of an
    angle, `ref` names the principle, category, question or company that it is for: `to` is its
    address, such as `principle/ownership`; of a level, `ref` is its name as it is written. With
    `publish` the author says whether a public edition may have the angle or level.
    """

    title: Prose
    line: int
    body: Prose
    fields: tuple[Field, ...] = ()
    ref: Ref | None = None
    publish: bool | None = None
    choices: tuple[QuizChoice, ...] = ()

    def proses(self) -> Iterator[Prose]:
        """Yield all prose of the entry in reading order."""
        yield self.title
        yield from (choice.text for choice in self.choices)
        yield self.body
        yield from (field.body for field in self.fields)


class Section(msgspec.Struct, frozen=True):
    """A `##` section of a story.

    `heading` is as it was written, without the time; `seconds` is that time; `id` is the anchor on
    the page; `holes` are the `[Fill in: …]` placeholders that are left; `meant` is the heading of a
    known part that this one is but for a slip of the keyboard, or "".
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
    meant: str = ""

    def proses(self) -> Iterator[Prose]:
        """Yield all prose of the section in reading order."""
        yield self.body
        for item in self.items:
            yield from item.proses()
        yield from (note.body for note in self.notes)


class Figure(msgspec.Struct, frozen=True):
    """A number that matters: `73 → 61 %: cart abandonment`."""

    value: str
    before: str = ""
    unit: str = ""
    label: str = ""


class Patterns(msgspec.Struct, frozen=True):
    """The patterns that a person ticked for a story, and whether a public edition may say so."""

    ticked: tuple[str, ...] = ()
    publish: bool = False


class FoundNumber(msgspec.Struct, frozen=True):
    """A number found in the text of a story, with the words around it as they were written."""

    before: str
    number: str
    after: str

    @property
    def text(self) -> str:
        """The part of the text as a whole."""
        return f"{self.before}{self.number}{self.after}"


class Amount(msgspec.Struct, frozen=True):
    """An amount that can be compared with others: its bounds, and what they are of.

    `kind` is `number`, `money`, which has a `currency` if one is written, or `time`, in days.
    `unit` is what is counted, or the days of the unit that was written. `per` is `year` for what
    is by the year, or "".
    """

    low: float
    high: float
    kind: str
    unit: str = ""
    per: str = ""
    currency: str = ""


class Extent(msgspec.Struct, frozen=True):
    """The reach of a story or a level in one measure: `teams: 3`, `influence: one boundary`.

    `amount` is the value of the text, or None if it cannot be compared.
    """

    measure: str
    text: str
    line: int
    amount: Amount | None = None


class Scope(msgspec.Struct, frozen=True):
    """The scope of a story by its author: an extent for each measure that is said."""

    extents: tuple[Extent, ...] = ()
    publish: bool = False

    def __bool__(self) -> bool:
        return bool(self.extents)


class Level(msgspec.Struct, frozen=True):
    """A level that interviewers look for: what it asks, and what speaks against it.

    `next` is the level above it, and `differs` is how that one differs. `length` is the length of
    an answer at this level.
    """

    id: str
    path: str
    line: int
    name: str
    aliases: tuple[str, ...] = ()
    next: Ref | None = None
    expects: tuple[Extent, ...] = ()
    red_flags: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()
    length: Ref | None = None
    publish: bool = False


class Story(msgspec.Struct, frozen=True, dict=True):
    """A STAR story: its front matter, and its sections in the order they were written.

    `status` is ready only if no part is missing and no blank is left; `says_ready` tells that the
    author wrote it. One that says `resting` is as ready as it is complete, and `resting` is true.
    `figures` are the numbers of the front matter. `found_numbers` are those found
    in the text of a story without `figures`; None until the text has been searched. `coach` are the
    remarks that were answered, each by its rule and fingerprint. `level_line` is the line of
    `level`, or 0.
    """

    id: str
    path: str
    title: str
    headline: str = ""
    categories: tuple[Ref, ...] = ()
    principles: tuple[Ref, ...] = ()
    questions: tuple[Ref, ...] = ()
    level: str = ""
    level_line: int = 0
    tags: tuple[str, ...] = ()
    company: str = ""
    date: str = ""
    length: Ref | None = None
    status: Status = Status.DRAFT
    says_ready: bool = False
    resting: bool = False
    publish: bool = False
    figures: tuple[Figure, ...] = ()
    found_numbers: tuple[FoundNumber, ...] | None = None
    cue: tuple[str, ...] = ()
    scope: Scope = Scope()
    coach: tuple[tuple[str, str], ...] = ()
    patterns: Patterns = Patterns()
    opening: Prose = Prose()
    sections: tuple[Section, ...] = ()
    body_line: int = 1

    def proses(self) -> Iterator[Prose]:
        """Yield all prose of the story in reading order."""
        yield self.opening
        for section in self.sections:
            yield from section.proses()

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """The links and pictures in the prose of the story."""
        proses = self.proses()
        return tuple(part for prose in proses for part in prose.parts if isinstance(part, Link))

    @property
    def ready(self) -> bool:
        """True if the story can be told: the author says so, and it is complete."""
        return self.status is Status.READY

    def parts(self, kind: Kind) -> tuple[Section, ...]:
        """Return the sections of one kind; a story may have several."""
        return tuple(section for section in self.sections if section.kind is kind)

    @property
    def angles(self) -> tuple[Item, ...]:
        """The angles: how to tell the story for a principle, category, question or company."""
        return tuple(item for section in self.parts(Kind.ANGLES) for item in section.items)

    @property
    def told_at_levels(self) -> tuple[Item, ...]:
        """The entries of its section Levels: how to tell the story at another level."""
        return tuple(item for section in self.parts(Kind.LEVELS) for item in section.items)

    @cached_property
    def summary(self) -> "Story":
        """The story without its text, for lists; equal for two versions that differ in words only.

        A section keeps its kind, id and placeholders, and has "…" as its text if it had any. An
        angle keeps what it is for.
        """
        sections = (
            Section(
                section.kind, section.id, "", 0,
                Prose(text="…" if section.body.text.strip() or section.items else ""),
                items=tuple(
                    Item(Prose(), 0, Prose(), ref=Ref(item.ref.text, 0, item.ref.to))
                    for item in section.items if item.ref
                ),
                holes=section.holes,
            )
            for section in self.sections
        )  # fmt: skip
        return msgspec.structs.replace(
            self,
            opening=Prose(),
            sections=tuple(sections),
            cue=(),
            coach=(),
            body_line=1,
            level_line=0,
        )

    @cached_property
    def link_terms(self) -> "Story":
        """The story reduced to the fields from which cross-links are made."""
        kept = (
            *("id", "path", "title", "headline", "categories", "principles", "questions", "level"),
            *("tags", "status", "resting", "figures"),
        )
        return Story(**{name: getattr(self, name) for name in kept})

    @cached_property
    def missing(self) -> tuple[Kind, ...]:
        """The kinds among S, T, A and R without a section that has text and no placeholder."""
        written = {
            section.kind
            for section in self.sections
            if (section.body.text.strip() or section.items) and not section.holes
        }
        return tuple(kind for kind in STAR if kind not in written)

    @property
    def is_blank(self) -> bool:
        """True for a draft as it was made: it has placeholders, and no part is written."""
        return bool(self.holes) and self.missing == STAR

    @cached_property
    def holes(self) -> tuple[str, ...]:
        """The `[Fill in: …]` placeholders that are left in the story."""
        return tuple(hole for section in self.sections for hole in section.holes)


class Choice(msgspec.Struct, frozen=True):
    """A story chosen for a question; `note` is how to tell it there."""

    story: Ref
    note: str = ""


class Answer(msgspec.Struct, frozen=True):
    """A prepared answer to a question, from the file `path`: its own, or that of the question.

    `notes` stand beside the text, and `footnotes` below it; neither is spoken. `holes` are the
    blanks that are left: with one, the answer is a draft. `seconds` are planned for it, or 0.
    """

    path: str
    line: int
    body: Prose
    notes: tuple[Callout, ...] = ()
    footnotes: Prose = Prose()
    publish: bool = False
    seconds: int = 0
    holes: tuple[str, ...] = ()

    @property
    def ready(self) -> bool:
        """True if the answer can be said: something is written, and no blank is left."""
        return bool(self.body) and not self.holes

    @property
    def section(self) -> Section:
        """The answer as a section of a story, which is timed in the same way."""
        return Section(Kind.OTHER, "answer", "", self.line, self.body, holes=self.holes)

    def proses(self) -> Iterator[Prose]:
        """Yield all prose of the answer in reading order."""
        yield self.body
        yield from (note.body for note in self.notes)
        yield self.footnotes


class Place(msgspec.Struct, frozen=True):
    """The position in a file for the name of one more story: behind a line, or in its place.

    What to write there is the name between `head` and `tail`.
    """

    line: int
    replaces: bool
    head: str
    tail: str = ""


class Question(msgspec.Struct, frozen=True):
    """A question that an interviewer may ask; `also` are other wordings.

    `place` is where it takes one more story, or None if that is not known.
    `needs` is `answer`, `story`, or "", which means a story. `answer_file` names the file of the
    answer, if the question says one.
    """

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
    needs: str = ""
    answer: Answer | None = None
    answer_file: Ref | None = None
    stories: tuple[Choice, ...] = ()
    place: Place | None = None

    @property
    def needs_answer(self) -> bool:
        """True if the question wants an answer of its own, and no story."""
        return self.needs == "answer"


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
    """Questions for the interviewer on one topic."""

    topic: str
    questions: tuple[str, ...]


class Audience(msgspec.Struct, frozen=True):
    """A kind of interviewer, with the questions for them by topic."""

    id: str
    path: str
    line: int
    audience: str
    topics: tuple[AskTopic, ...] = ()


class Heading(msgspec.Struct, frozen=True):
    """A heading in a guide, for its table of contents."""

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
    """A named selection of stories to print as cards.

    Besides stories, `stories` may have addresses of sets, such as `principle/ownership`.
    `ends_with` names the lists that follow on cards of their own: `to-ask`, one of its audiences,
    a guide with tick boxes, `answers`, or a question with an answer.
    """

    path: str
    line: int
    name: str
    stories: tuple[Ref, ...] = ()
    ends_with: tuple[Ref, ...] = ()


class AnswerLength(msgspec.Struct, frozen=True):
    """The length of an answer in seconds: in all, and by kind of section."""

    name: str
    line: int
    seconds: int
    sections: tuple[tuple[Kind, int], ...] = ()

    def seconds_for(self, kind: Kind) -> int | None:
        """Return the seconds for sections of `kind`, or None if the length sets none."""
        return dict(self.sections).get(kind)


class Redaction(msgspec.Struct, frozen=True):
    """A term that a public edition replaces, its replacement, and words with the term that stay."""

    term: str
    instead: str
    keep: tuple[str, ...] = ()


class Round(msgspec.Struct, frozen=True):
    """A round of an interview: who asks, for how long, and about what.

    `person` is whom it is with. A theme is a principle, a category or a question: its `to` is an
    address such as `principle/ownership`. `avoid` are stories not to tell in this round, `fixed`
    are stories to tell in it.
    """

    line: int
    name: str = ""
    person: str = ""
    audience: Ref | None = None
    minutes: int = 0
    starts: str = ""
    themes: tuple[Ref, ...] = ()
    avoid: tuple[Ref, ...] = ()
    fixed: tuple[Ref, ...] = ()
    notes: str = ""


class Interview(msgspec.Struct, frozen=True):
    """An interview with a company: one loop of rounds.

    `date` is the day, and `zone` what is written behind it. `principles` names a set of principles.
    """

    id: str
    path: str
    line: int
    company: str
    role: str = ""
    date: str = ""
    zone: str = ""
    level: str = ""
    length: Ref | None = None
    principles: Ref | None = None
    notes: str = ""
    rounds: tuple[Round, ...] = ()

    @property
    def title(self) -> str:
        """The company and the role."""
        return ", ".join(filter(None, (self.company, self.role)))

    def find_round(self, named: str) -> int | None:
        """Return the position of the round with this number, name or person, or None."""
        wanted = " ".join(named.casefold().split())
        for position, one in enumerate(self.rounds):
            if wanted in (str(position + 1), one.name.casefold(), one.person.casefold()):
                return position
        return None


class Telling(msgspec.Struct, frozen=True):
    """An entry of the log: a question that was asked, and the story that was told.

    `question` is as it was asked; `to` is its id if it is one of the handbook. `landed` says how it
    went over, from 1 to 4, and is 0 if that was not noted.
    """

    path: str
    line: int
    interview: Ref
    date: str = ""
    round: Ref | None = None
    question: Ref | None = None
    story: Ref | None = None
    landed: int = 0
    notes: str = ""


class CoachRule(StrEnum):
    """A rule of the coach, by the id that switches it off; in the order of what matters most."""

    ARITHMETIC = "arithmetic"
    TWO_VALUES = "two-values"
    ANSWER_NUMBER = "answer-number"
    FOREIGN_NUMBER = "foreign-number"
    NO_FIGURE = "no-figure"
    NO_STRONG_ANSWER = "no-strong-answer"
    SAME_EVENT = "same-event"
    TOO_LONG = "too-long"
    ONLY_NOTES = "only-notes"
    NEVER_PRACTISED = "never-practised"
    WE_AS_SUBJECT = "we-as-subject"
    PASSIVE_OPENING = "passive-opening"
    VAGUE_RESULT = "vague-result"
    HEDGE = "hedge"
    ACTION_SHARE = "action-share"
    JARGON = "jargon"


# The rules on style, which say something only where they are asked to: all as `style`, or each.
STYLE = (
    CoachRule.WE_AS_SUBJECT,
    CoachRule.PASSIVE_OPENING,
    CoachRule.VAGUE_RESULT,
    CoachRule.HEDGE,
    CoachRule.ACTION_SHARE,
    CoachRule.JARGON,
)


class CoachSettings(msgspec.Struct, frozen=True):
    """The settings of the coach: the rules that are off, and those on style that are on."""

    off: tuple[str, ...] = ()
    on: tuple[str, ...] = ()

    def allows(self, rule: CoachRule) -> bool:
        """Return True if a rule may say something."""
        return rule not in self.off and (rule not in STYLE or bool({"style", rule} & {*self.on}))


class Settings(msgspec.Struct, frozen=True):
    """The settings in `handbook.yml`.

    `id` tells the practice of this handbook from that of others, or is "". `principles_of` names
    the set of principles that counts. `pace` is in words a minute; with `line_breaks`, each line of
    a paragraph stays a line.
    """

    title: str = ""
    id: str = ""
    level: str = ""
    language: Ref | None = None
    principles_of: Ref | None = None
    pace: int = 140
    answer_lengths: tuple[AnswerLength, ...] = ()
    paper: str = "A4"
    line_breaks: bool = False
    base_url: str = ""
    publish: tuple[str, ...] = ()
    redact: tuple[Redaction, ...] = ()
    ignore_properties: tuple[str, ...] = ()
    coach: CoachSettings = CoachSettings()


class Image(msgspec.Struct, frozen=True):
    """A picture in the content folder: its path there, and its name on the site."""

    path: str
    name: str


class ProbeRecord(msgspec.Struct, frozen=True):
    """A follow-up that was answered in practice, and the seconds that it took."""

    probe: str
    seconds: float


class PracticeRecord(msgspec.Struct, frozen=True):
    """An answer that was practised: one line of an export of the practice page.

    `digest` is that of the words of the story when it was told, `at` is in UTC. `parts` are the
    seconds of the parts in their order. `rating` is 1 to 4, or None until it is given.
    """

    id: str
    story: str
    at: str
    digest: str = ""
    question: str = ""
    thinking: float = 0
    parts: tuple[float, ...] = ()
    rating: Annotated[int, msgspec.Meta(ge=1, le=4)] | None = None
    probes: tuple[ProbeRecord, ...] = ()
    mode: str = ""


class InterviewWords(msgspec.Struct, frozen=True):
    """The vocabulary of interview questions, for the search.

    `asides` are phrases without a bearing on the question, `function_words` carry grammar only,
    `common_words` are too frequent to tell questions apart, and the words of each entry of
    `synonyms` mean the same.
    """

    asides: tuple[str, ...] = ()
    function_words: frozenset[str] = frozenset()
    common_words: frozenset[str] = frozenset()
    synonyms: tuple[tuple[str, ...], ...] = ()


class Labels(msgspec.Struct, frozen=True):
    """Words that are recognised in files, by their meaning; docs/FORMAT.md explains each key.

    These are the words of `labels.yml`, or all known ones. A phrase is plain text.
    """

    parts: dict[str, tuple[str, ...]] = {}
    fields: dict[str, tuple[str, ...]] = {}
    units_of_time: dict[str, tuple[str, ...]] = {}
    challenges: tuple[str, ...] = ()
    other_words: tuple[str, ...] = ()
    story_words: tuple[str, ...] = ()
    story_plurals: tuple[str, ...] = ()
    question_words: tuple[str, ...] = ()
    title_words: tuple[str, ...] = ()
    placeholder_titles: tuple[str, ...] = ()
    answer_headings: tuple[str, ...] = ()
    weak_headings: tuple[str, ...] = ()
    template_headings: tuple[str, ...] = ()
    method_headings: tuple[str, ...] = ()
    question_headings: tuple[str, ...] = ()
    to_ask_headings: tuple[str, ...] = ()
    people_to_ask: tuple[str, ...] = ()
    to_ask_phrases: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    category_headings: tuple[str, ...] = ()
    advice_headings: tuple[str, ...] = ()
    contents_headings: tuple[str, ...] = ()
    question_starts: tuple[str, ...] = ()
    polite_starts: tuple[str, ...] = ()
    question_phrases: tuple[str, ...] = ()
    question_articles: tuple[str, ...] = ()
    question_links: tuple[str, ...] = ()
    question_ends: tuple[str, ...] = ()
    greetings: tuple[str, ...] = ()
    interviewer: tuple[str, ...] = ()
    candidate: tuple[str, ...] = ()
    story_references: tuple[str, ...] = ()
    instruction_starts: tuple[str, ...] = ()
    first_person: tuple[str, ...] = ()
    second_person: tuple[str, ...] = ()
    placeholders: tuple[str, ...] = ()
    draft_words: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    story_requests: tuple[str, ...] = ()
    conditional_questions: tuple[str, ...] = ()
    standard_questions: tuple[str, ...] = ()
    acronyms: tuple[str, ...] = ()
    spoken_labels: dict[str, tuple[str, ...]] = {}
    about_words: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()


class Handbook(msgspec.Struct, frozen=True):
    """The whole content; each list is in the order of the pages.

    `answers` are those with a file of their own, for the checks; each question has its answer.
    `unread` has the paths of files that could not be read, so that a reference to something in one
    of them is not reported as unknown too.
    """

    settings: Settings = Settings()
    stories: tuple[Story, ...] = ()
    questions: tuple[Question, ...] = ()
    categories: tuple[Topic, ...] = ()
    principles: tuple[Topic, ...] = ()
    audiences: tuple[Audience, ...] = ()
    guides: tuple[Guide, ...] = ()
    templates: tuple[Story, ...] = ()
    answers: tuple[Answer, ...] = ()
    decks: tuple[Deck, ...] = ()
    levels: tuple[Level, ...] = ()
    interviews: tuple[Interview, ...] = ()
    log: tuple[Telling, ...] = ()
    synonyms: tuple[tuple[str, ...], ...] = ()
    images: tuple[Image, ...] = ()
    edition: Edition = Edition.PRIVATE
    unread: frozenset[str] = frozenset()

    def links(self) -> Iterator[tuple[str, Link]]:
        """Yield every link and picture, each with the path of its file."""
        for story in self.stories:
            yield from ((story.path, link) for link in story.links)
        for path, prose in self._other_proses():
            yield from ((path, part) for part in prose.parts if isinstance(part, Link))

    def proses(self) -> Iterator[tuple[str, Prose]]:
        """Yield all prose of the pages, each with the path of its file."""
        for story in self.stories:
            yield from ((story.path, prose) for prose in story.proses())
        yield from self._other_proses()

    def _other_proses(self) -> Iterator[tuple[str, Prose]]:
        yield from ((guide.path, guide.body) for guide in self.guides)
        for question in self.questions:
            yield question.path, question.notes
            if answer := question.answer:
                yield from ((answer.path, prose) for prose in answer.proses())
