"""View models: the values that the templates show, with texts and relative links resolved.

Text is plain unless its type is `Markup`, which is safe HTML.
"""

from typing import TypedDict

import msgspec
from markupsafe import Markup

from starbook.model import AskTopic, Topic

# Stands for the cards on cards.html, or the stories on print.html, each of which is rendered by
# itself. Content holds no NUL.
PLACEHOLDER = Markup("\0")


class View(msgspec.Struct, frozen=True):
    """The base of every view."""


class Anchor(View, frozen=True):
    """A link: its target and its text."""

    href: str
    text: str


class NavItem(Anchor, frozen=True):
    """A link of the main menu."""

    current: bool


class Frame(View, frozen=True):
    """The header, menu and footer of a page; `root` leads from it to the folder of the site.

    `others` are links to pages that are not in the menu, but in the contents and the footer.
    `private` is true for the private edition: only there do pages say what is missing. `id` is that
    of the handbook; with `history`, a file has what was practised on other devices.
    """

    root: str
    language: str
    handbook: str
    private: bool
    canonical: str
    nav: tuple[NavItem, ...]
    others: tuple[NavItem, ...]
    counts: str
    id: str
    history: bool


class Page(View, frozen=True, kw_only=True):
    """The base of the view of every page."""

    path: str
    frame: Frame
    title: str
    crumbs: tuple[Anchor, ...] = ()


class PageFields(TypedDict):
    """The fields of `Page`, as keyword arguments."""

    path: str
    frame: Frame
    title: str
    crumbs: tuple[Anchor, ...]


class Letter(View, frozen=True):
    """One of S, T, A, R: `hue` names its colour; `gap` is true if the part is not written yet."""

    letter: str
    name: str
    hue: str
    gap: bool = False


class FigureView(View, frozen=True):
    """A number that matters, before → after, with its unit and what it counts."""

    value: str
    before: str
    unit: str
    label: str


class FoundView(View, frozen=True):
    """A number found in the text, between the words that stand before and after it there."""

    before: str
    number: str
    after: str


class Numbers(View, frozen=True):
    """The numbers of a story: those that it gives, or those that were found in its text."""

    figures: tuple[FigureView, ...]
    found: tuple[FoundView, ...]

    def __bool__(self) -> bool:
        return bool(self.figures or self.found)


class CrossLinkView(View, frozen=True):
    """A cross-link and its reason: the author's choice and note, or the names that are shared.

    `lacking` says what a question still needs.
    """

    href: str
    title: str
    id: str
    chosen: bool
    note: str
    why: str
    draft: bool
    lacking: str = ""
    resting: bool = False


class CrossLinkList(View, frozen=True):
    """Cross-links, and a link to all of them if more were found."""

    ties: tuple[CrossLinkView, ...]
    more: Anchor | None


class IndexLine(Anchor, frozen=True):
    """A line of an index or table of contents; `none` is the text in place of a number."""

    count: str
    none: str = ""


class CopyText(View, frozen=True):
    """A text to copy, and its number of words as it is said; "" where nothing is copied."""

    text: str = ""
    words: str = ""


class ThumbView(View, frozen=True):
    """A letter of the thumb index, as tall as its time: `size` is 1 to 12."""

    letter: Letter
    href: str
    time: str
    size: int


class NoteView(View, frozen=True):
    """A note in the margin, or a labelled paragraph."""

    kind: str
    label: str
    html: Markup


class ChoiceView(View, frozen=True):
    """An answer to choose in a quiz."""

    html: Markup
    right: bool


class ItemView(View, frozen=True):
    """A probe, quiz question, angle, level or weak answer.

    `shape` is the class of the chip of an angle. `notes` are labelled paragraphs; the `weak` and
    `strong` ones of a probe stand side by side.
    """

    title: Markup | str
    href: str
    lead: Markup
    notes: tuple[NoteView, ...]
    shape: str = ""
    weak: tuple[NoteView, ...] = ()
    strong: tuple[NoteView, ...] = ()
    choices: tuple[ChoiceView, ...] = ()


class Verdict(View, frozen=True):
    """A remark on a time beside its plan, or ""; `over` is true if it takes too long."""

    text: str = ""
    over: bool = False


class RemarkView(View, frozen=True):
    """A remark of the coach: its number on the page, what to do, and the line that answers it.

    `is_marked` is true beside a sentence that has the number as well.
    """

    number: int
    text: str
    step: str
    answer: str
    is_marked: bool = False


class LevelReflection(View, frozen=True):
    """The Reflection of a story as it is told at a level, and the length of the answer there."""

    level: str
    html: Markup
    length: str


class SectionView(View, frozen=True):
    """A section of a story; `form` is its layout: `text`, or one of `story._FORMS`.

    `pieces` are its HTML with the remarks beside sentences, if there are some; `remarks` are those
    on the section as a whole. `by_level` are the Reflections for other levels.
    """

    form: str
    id: str
    heading: str
    letter: Letter | None
    planned: str
    seconds: int | None
    aloud: str
    verdict: Verdict
    html: Markup
    say: tuple[Markup, ...]
    coaching: tuple[NoteView, ...]
    coaching_label: str
    items: tuple[ItemView, ...]
    remarks: tuple[RemarkView, ...] = ()
    pieces: tuple[Markup | RemarkView, ...] = ()
    by_level: tuple[LevelReflection, ...] = ()


class StoryText(View, frozen=True):
    """A story as its page and the page to print show it: its facts, numbers and sections."""

    id: str
    title: str
    headline: str
    level: Anchor | None
    company: str
    date: str
    aloud: str
    planned: str
    verdict: Verdict
    draft: str
    numbers: Numbers
    categories: tuple[Anchor, ...]
    principles: tuple[Anchor, ...]
    opening: Markup
    sections: tuple[SectionView, ...]


class Expectation(View, frozen=True):
    """A measure of a level: what a story shows in it, and what its level and the next one ask.

    `fit` is how the two compare, such as `below`, or "" if the level does not ask it.
    """

    measure: str
    shown: str
    fit: str
    fit_text: str
    asked: str
    above: str


class LevelFold(View, frozen=True):
    """The comparison of a story with its level, folded, before the section at `place`.

    `above` is the name of the next level. `to_add` is what the story could say in its file.
    """

    place: int
    level: Anchor
    above: str
    summary: str
    not_said: str
    expects: tuple[Expectation, ...]
    red_flags: tuple[str, ...]
    differs: tuple[str, ...]
    to_add: str


class StoryPage(Page, frozen=True):
    """The page of a story; `source` is its file, in a private edition.

    `remarks` are those on the story as a whole, and `remarked` says how many there are in all.
    """

    story: StoryText
    source: str
    published: str
    text: CopyText
    card: str
    practice: str
    digest: str
    tags: tuple[Anchor, ...]
    thumbs: tuple[ThumbView, ...]
    toc: tuple[IndexLine, ...]
    remarks: tuple[RemarkView, ...]
    remarked: str
    level: LevelFold | None
    questions: CrossLinkList
    stories: CrossLinkList
    told: tuple["TellingView", ...]
    before: Anchor | None
    after: Anchor | None


class AngleView(View, frozen=True):
    """An angle of a story: the sentence to lead with, and labelled lines.

    `name` is what the angle is for, where that is not the page itself.
    """

    name: str
    lead: Markup
    lines: tuple[NoteView, ...]


class StoryRow(View, frozen=True):
    """A story in a list; `facets` are the values that the filters compare, by name."""

    href: str
    id: str
    title: str
    headline: str
    hole: str
    holes: int
    numbers: Numbers
    letters: tuple[Letter, ...]
    missing: str
    draft: bool
    facets: tuple[tuple[str, str], ...]
    resting: bool = False
    facts: str = ""
    why: str = ""
    angles: tuple[AngleView, ...] = ()


class Option(View, frozen=True):
    """A value of a filter, and the number of entries that have it."""

    value: str
    text: str
    count: int


class Facet(View, frozen=True):
    """A filter; its values after the first few are folded."""

    name: str
    legend: str
    options: tuple[Option, ...]
    folded: tuple[Option, ...]


class StoryGroup(View, frozen=True):
    """The stories of one category; a short list is one group without a name."""

    id: str
    name: str
    href: str
    rows: tuple[StoryRow, ...]


class StoryList(Page, frozen=True):
    """The list of all stories, with filters; `orders` are those it can be put in, by value.

    With `folds`, its groups are folded on a phone.
    """

    total: int
    folds: bool
    facets: tuple[Facet, ...]
    orders: tuple[tuple[str, str], ...]
    groups: tuple[StoryGroup, ...]
    practice: bool


class QuestionRow(View, frozen=True):
    """A question in a list: its answer, the stories chosen for it, or a label of what it lacks."""

    href: str
    question: str
    label: str
    stories: tuple[Anchor, ...]
    answer: Anchor | None
    companies: str
    facets: tuple[tuple[str, str], ...]


class QuestionGroup(View, frozen=True):
    """The questions of one category."""

    id: str
    name: str
    href: str
    rows: tuple[QuestionRow, ...]


class QuestionList(Page, frozen=True):
    """The list of all questions, with filters; with `folds`, folded by group on a phone."""

    total: int
    folds: bool
    facets: tuple[Facet, ...]
    groups: tuple[QuestionGroup, ...]


class Bone(View, frozen=True):
    """A part of a story in one sentence; `hole` is true if it is still to be written."""

    letter: Letter
    text: str
    hole: bool


class Preview(View, frozen=True):
    """The words of a story that pages of questions show, and how long its answer takes to say."""

    seconds: int
    bones: tuple[Bone, ...]


class Pick(View, frozen=True):
    """A story to tell for a question."""

    href: str
    id: str
    title: str
    chosen: bool
    note: str
    why: str
    aloud: str
    draft: str
    letters: tuple[Letter, ...]
    missing: str
    bones: tuple[Bone, ...]
    numbers: Numbers
    angles: tuple[AngleView, ...]


class AnswerView(View, frozen=True):
    """A prepared answer, its notes, how long it takes to say, and its number of words."""

    html: Markup
    say: tuple[Markup, ...]
    coaching: tuple[NoteView, ...]
    footnotes: Markup
    aloud: str
    planned: str
    verdict: Verdict
    draft: str
    published: str
    source: str
    card: str
    text: CopyText


class PasteView(View, frozen=True):
    """Lines to paste into a file of the content, and where: `replaces` the line, or behind it."""

    path: str
    line: int
    replaces: bool
    text: str


class QuestionPage(Page, frozen=True):
    """The page of a question: its answer, chosen stories, others that fit, notes, and so on.

    `needs_answer` is true if the question wants no story; `answer_path` is where to write one.
    `asked_in` is where it was asked, and `pastes` are the lines that choose another story for it; a
    public edition has neither.
    """

    also: tuple[str, ...]
    categories: tuple[Anchor, ...]
    principles: tuple[Anchor, ...]
    asked: str
    asked_in: tuple["TellingView", ...]
    notes: Markup
    needs_answer: bool
    answer: AnswerView | None
    answer_path: str
    chosen: tuple[Pick, ...]
    found: tuple[Pick, ...]
    more: Anchor | None
    close: tuple[CrossLinkView, ...]
    cards: Anchor | None
    id: str
    pastes: tuple[PasteView, ...]


class TopicGroup(View, frozen=True):
    """The principles of one set, or all categories; `covered` says how many have a story."""

    name: str
    lines: tuple[IndexLine, ...]
    id: str = ""
    covered: str = ""


class TopicGuess(Anchor, frozen=True):
    """A story that might fit a topic without one: the question it is told for, and why."""

    question: str
    why: str


class TopicRow(Anchor, frozen=True):
    """A category or principle: what it is about, its best story, and how far it is covered.

    `more` follows the first sentence of what it is about. `none` says that it has no story;
    `questions` has a link if some are uncovered.
    """

    about: str
    more: str
    best: Anchor | None
    numbers: Numbers
    none: str
    guess: TopicGuess | None
    stories: str
    questions: Anchor | None


class TopicRows(View, frozen=True):
    """The rows of one set of principles, or of all categories; `covered` counts those covered."""

    name: str
    rows: tuple[TopicRow, ...]
    id: str
    covered: str


class TopicList(Page, frozen=True):
    """The list of all categories or all principles.

    `chosen` is the id of the group that a page of several shows at first, or "all". `has_best` is
    False if no row has a story or says that it has none.
    """

    form: str
    groups: tuple[TopicRows, ...]
    chosen: str
    has_best: bool


class Example(View, frozen=True):
    """Lines to copy, and the file that they are for."""

    file: str
    lines: str


class TopicPage(Page, frozen=True):
    """The page of a category or principle: how it is asked, its stories and questions.

    `example` is what to add to a story, or to a question, if there is none.
    """

    form: str
    set: str
    about: str
    aliases: str
    asked_as: tuple[str, ...]
    rows: tuple[StoryRow, ...]
    questions: tuple[QuestionRow, ...]
    cards: Anchor | None
    example: Example | None
    print: Anchor | None
    before: Anchor | None
    after: Anchor | None


class Column(Anchor, frozen=True):
    """A column of a matrix: a topic or a pattern, which has no page, and the number of stories."""

    count: int


class MatrixRow(Anchor, frozen=True):
    """A row of a matrix; each cell is a mark or empty.

    A story is `ready` or a `draft` where it belongs; a pattern is `shown` by its text, or `ticked`.
    """

    cells: tuple[str, ...]


class Matrix(View, frozen=True):
    """A table of stories by topic or by pattern, emptiest column first.

    `lists` are the same for a phone: each topic that has stories, and each pattern, with the mark
    of each story.
    """

    id: str
    title: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[MatrixRow, ...]
    lists: tuple[tuple[Column, tuple[tuple[Anchor, str], ...]], ...]
    left_out: tuple[Anchor, ...]
    left_out_label: str


class CoverageRow(View, frozen=True):
    """A question with its stories, chosen and found."""

    question: QuestionRow
    ready: tuple[Anchor, ...]
    drafts: tuple[Anchor, ...]
    none: str
    candidates: tuple[Anchor, ...]


class CoverageGroup(View, frozen=True):
    """The questions of one category; `lacking` says how many are open."""

    id: str
    name: str
    lacking: str
    rows: tuple[CoverageRow, ...]


class LooseEnd(View, frozen=True):
    """Something to mend: their number, a link, and what they are."""

    count: int
    href: str
    text: str
    rest: str


class OpenQuestions(View, frozen=True):
    """The first questions that need a story, or an answer, and a link to all of them."""

    title: str
    first: tuple[Anchor, ...]
    all: Anchor | None


class Loop(View, frozen=True):
    """The fewest stories that carry a loop, each with what it alone has, and the others.

    Those could rest, each with how many questions it was chosen for.
    """

    text: str
    stories: tuple[tuple[Anchor, str], ...]
    spare: tuple[tuple[Anchor, str], ...]
    spare_label: str


class Coverage(Page, frozen=True):
    """The page of coverage: what has a story and what has none, gaps first.

    Where there is nothing to show, it has an `example` instead.
    """

    principles: tuple[IndexLine, ...] = ()
    categories: tuple[IndexLine, ...] = ()
    questions: tuple[OpenQuestions, ...] = ()
    loose: tuple[LooseEnd, ...] = ()
    loop: Loop | None = None
    matrices: tuple[Matrix, ...] = ()
    groups: tuple[CoverageGroup, ...] = ()
    example: Example | None = None


class AskAudience(View, frozen=True):
    """Questions for one kind of interviewer."""

    id: str
    name: str
    count: int
    groups: tuple[AskTopic, ...]
    href: str = ""


class ToAsk(Page, frozen=True):
    """The page of questions for the interviewer; with `folds`, folded by group on a phone."""

    folds: bool
    audiences: tuple[AskAudience, ...]


class GuidePage(Page, frozen=True):
    """The page of a guide."""

    html: Markup
    toc: tuple[Anchor, ...]
    before: Anchor | None
    after: Anchor | None


class GuideLine(Anchor, frozen=True):
    """A guide in the list: what it is about, in a sentence."""

    about: str


class GuideList(Page, frozen=True):
    """The list of all guides."""

    guides: tuple[GuideLine, ...]


class Ready(View, frozen=True):
    """`81 of 89 stories ready`."""

    href: str
    count: int
    of: str
    label: str


class CardPart(View, frozen=True):
    """A part of a story on a card; its sentences, tables and blocks of code have ranks.

    `wide` if it has a table or code, which may need the whole width.
    """

    letter: Letter | None
    heading: str
    time: str
    html: Markup
    wide: bool


class RankedLine(View, frozen=True):
    """A line of a card; of all ranked ones, a card first leaves out that of the highest rank."""

    html: Markup
    rank: int


class ProbeView(View, frozen=True):
    """A follow-up question and the line to answer it with."""

    question: Markup
    answer: Markup
    rank: int


class CueLines(View, frozen=True):
    """The lines of a card of cues: words, sentences for each letter, and follow-ups.

    A line of rank 0 is never left out.
    """

    words: tuple[RankedLine, ...] = ()
    parts: tuple[tuple[Letter | None, tuple[RankedLine, ...]], ...] = ()
    probes: tuple[ProbeView, ...] = ()


class CardAngle(View, frozen=True):
    """An angle on a card, shown where the card is printed for what is at `address`."""

    address: str
    angle: AngleView
    hidden: bool


class Card(View, frozen=True):
    """A story, or the answer to a question, on one sheet of paper, in full and as cues.

    `size` is the font size in half points for readers without scripts.
    """

    id: str
    href: str
    address: str
    title: str
    headline: str
    draft: str
    resting: bool
    facts: tuple[str, ...]
    size: int
    questions: tuple[str, ...]
    categories: tuple[str, ...]
    principles: tuple[str, ...]
    numbers: Numbers
    answer: Markup
    context: tuple[CardPart, ...]
    beats: tuple[CardPart, ...]
    rest: tuple[CardPart, ...]
    probes: tuple[ProbeView, ...]
    say: tuple[RankedLine, ...]
    cues: CueLines
    angles: tuple[CardAngle, ...]


class ListCard(View, frozen=True):
    """Questions to ask, or a checklist, on one sheet of paper: (heading, lines) by group.

    `hidden` if it is not shown at first.
    """

    id: str
    href: str
    address: str
    title: str
    size: int
    hidden: bool
    ticks: bool
    groups: tuple[tuple[str, tuple[RankedLine, ...]], ...]


class CardSet(View, frozen=True):
    """A name for several cards: `token` stands for `ids` in the address of the page.

    `told_for` are the addresses of those whose angles the cards show.
    """

    token: str
    text: str
    ids: tuple[str, ...]
    told_for: tuple[str, ...] = ()


class CardPage(Page, frozen=True):
    """The deck builder. Without scripts it shows the cards of the first deck, else all.

    `sets` are the ways to choose cards by a shared name, each with the kind of name. `angles` are
    the addresses and names of all that a story has an angle for. `run_sheets`, and what is `to_ask`
    in each round, are in the decks of interviews alone.
    """

    paper: str
    decks: tuple[CardSet, ...]
    interviews: tuple[CardSet, ...]
    sets: tuple[tuple[str, tuple[CardSet, ...]], ...]
    angles: tuple[tuple[str, str], ...]
    cards: Markup
    has_answers: bool
    lists: tuple[ListCard, ...]
    run_sheets: tuple["RunSheet", ...]
    to_ask: tuple[ListCard, ...]
    deck_example: str


class CardFragment(View, frozen=True):
    """One card on cards.html; `hidden` if it is not shown at first."""

    card: Card
    hidden: bool


class PrintedStory(View, frozen=True):
    """A story on print.html."""

    story: StoryText


class ContentsLine(View, frozen=True):
    """A story in the table of contents of print.html."""

    id: str
    title: str
    time: str
    draft: str


class PrintedQuestion(View, frozen=True):
    """A question on print.html: its facts, notes, stories and prepared answer."""

    id: str
    question: str
    also: tuple[str, ...]
    asked: str
    notes: Markup
    stories: tuple[Anchor, ...]
    lacking: str
    answer: AnswerView | None


class PrintedTopic(View, frozen=True):
    """The questions of a category on print.html."""

    name: str
    questions: tuple[PrintedQuestion, ...]


class PrintedGuide(View, frozen=True):
    """A guide on print.html."""

    id: str
    title: str
    html: Markup


class PrintPage(Page, frozen=True):
    """The whole handbook as one document.

    `choices` are sets of its stories, questions, lists to ask and guides, by the kind of name;
    `contents` has its stories, each with its speaking time.
    """

    choices: tuple[tuple[str, tuple[CardSet, ...]], ...]
    contents: tuple[ContentsLine, ...]
    stories: Markup
    topics: tuple[PrintedTopic, ...]
    audiences: tuple[AskAudience, ...]
    guides: tuple[PrintedGuide, ...]


class FirstRun(View, frozen=True):
    """Three ways to begin a handbook in which no story is written.

    `draft` is the story that is begun, if one is, and `file` its path; `parts` are S, T, A and R
    with their seconds; `here` is what the handbook has already.
    """

    file: str
    draft: Anchor | None
    parts: tuple[tuple[Letter, str], ...]
    templates: tuple[str, ...]
    here: tuple[Anchor, ...]


class Home(Page, frozen=True):
    """The first page: the box to ask in, what is ready, what is missing, ways in.

    `tries` are examples for the box; `questions` links to the list of questions, if there is one.
    """

    tries: tuple[Anchor, ...]
    questions: str
    level: str
    first_run: FirstRun | None
    cards: Anchor | None
    practice: str
    ready: tuple[Ready, ...]
    missing: tuple[LooseEnd, ...]
    categories: tuple[IndexLine, ...]
    sets: tuple[TopicGroup, ...]
    interviews: tuple["InterviewLine", ...]
    guides: tuple[Anchor, ...]
    audiences: tuple[IndexLine, ...]


class Practice(Page, frozen=True):
    """The practice page: its choices, as (value, text) by kind of name.

    With the name of an interview stands its day. `stories` are all, `ready` those that are;
    `titles` are (id, title) of each story. `days` are those of interviews. In a bundle that is
    `locked` nothing is kept in the browser.
    """

    stories: int
    ready: int
    cards: str
    choices: tuple[tuple[str, tuple[tuple[str, str], ...], str], ...]
    days: tuple[tuple[str, str], ...]
    lengths: tuple[str, ...]
    titles: tuple[tuple[str, str], ...]
    locked: bool = False


class PracticePart(View, frozen=True, omit_defaults=True):
    """A part of an answer to practise: `seconds` are those in its heading, `aloud` of its words.

    `letter` is s, t, a or r, or "" for a part without a letter; `gap` if it is not written.
    """

    letter: str
    name: str
    kind: str
    seconds: int = 0
    aloud: int = 0
    gap: bool = False


class PracticeFacts(View, frozen=True):
    """A story to choose for practice; `length` is the position of its answer length, or -1.

    One that rests is neither `ready` to be drawn nor a draft.
    """

    id: str
    title: str
    ready: bool
    resting: bool
    digest: str
    length: int
    parts: tuple[PracticePart, ...]
    topics: tuple[str, ...]
    level: str
    probes: int


class PracticeQuestion(View, frozen=True, omit_defaults=True):
    """A question to practise: each story with its id, whether it was chosen, and the reason.

    `first` is the story that the plan of an interview has for it. `angles` are the addresses of
    those for whom stories have angles, and who ask this. `answer` is true if it wants no story.
    """

    id: str
    text: str
    topics: tuple[str, ...]
    companies: tuple[str, ...]
    levels: tuple[str, ...]
    stories: tuple[tuple[str, bool, str], ...]
    first: str = ""
    angles: tuple[str, ...] = ()
    answer: bool = False


class PracticeSet(View, frozen=True, omit_defaults=True):
    """A deck, an interview or a round: its stories, and the positions of its planned questions.

    `day` is that of the interview.
    """

    stories: tuple[str, ...]
    questions: tuple[int, ...] = ()
    day: str = ""


class PracticeLength(View, frozen=True):
    """An answer length: its seconds in all, and by kind of part."""

    name: str
    seconds: int
    parts: dict[str, int]


class PracticeIndex(View, frozen=True):
    """The data of the practice page before a story is chosen; a file has `shard` stories."""

    id: str
    title: str
    lengths: tuple[PracticeLength, ...]
    topics: dict[str, str]
    sets: dict[str, PracticeSet]
    stories: tuple[PracticeFacts, ...]
    questions: tuple[PracticeQuestion, ...]
    planned: tuple[PracticeQuestion, ...]
    shard: int
    versions: tuple[str, ...]


class ToldFor(View, frozen=True):
    """An angle of a story with the address of whom or what it is for."""

    address: str
    angle: AngleView


class PracticeSection(View, frozen=True):
    """A part of a story in practice: its key words, then its text."""

    letter: Letter | None
    heading: str
    planned: int
    words: tuple[str, ...]
    html: Markup
    coaching: tuple[NoteView, ...]


class PracticeStory(View, frozen=True):
    """The texts of a story in practice."""

    numbers: Numbers
    cue: tuple[str, ...]
    angles: tuple[ToldFor, ...]
    opening: Markup
    sections: tuple[PracticeSection, ...]
    probes: tuple[ItemView, ...]
    quiz: tuple[ItemView, ...]


class NotFound(Page, frozen=True):
    """The page for an unknown address; its links begin with the base URL."""


class Minutes(View, frozen=True):
    """A stretch of a round, as wide as it is long; `told` is true if a story is told in it."""

    count: int
    text: str
    told: bool = False


class PlannedStory(View, frozen=True):
    """A story for a theme of an interview.

    `cue` is the anchor of its cue card. `angle` is how to tell it here, and `why` the reason of the
    choice. `warnings` are what changes how it is told; `points` are what it costs, one by one.
    """

    href: str
    id: str
    cue: str
    title: str
    aloud: str
    numbers: Numbers
    angle_label: str
    angle: str
    why: str
    warnings: tuple[str, ...]
    points: tuple[tuple[str, str], ...]
    instead: str


class Gap(View, frozen=True):
    """A gap in a plan: its label, what to do, the story that may stand in, and what is missing."""

    label: str
    text: str
    story: Anchor | None = None
    missing: str = ""


class PlannedTheme(View, frozen=True):
    """A theme of a round with its stories, or what is missing."""

    href: str
    name: str
    form: str
    first: PlannedStory | None
    no_first: Gap | None
    no_angle: str
    missing: str
    backup: PlannedStory | None
    no_backup: Gap | None


class LikelyQuestion(Anchor, frozen=True):
    """A question that may come, the story to tell, and where it has its place; or what it lacks."""

    story: Anchor | None
    note: str
    lacking: str


class FollowUp(View, frozen=True):
    """A follow-up question, and the line to answer it with."""

    question: str
    answer: str


class CueCard(View, frozen=True):
    """A story on the phone, to be read in two seconds; `back` leads to its round."""

    id: str
    back: str
    round: int
    theme: str
    story: PlannedStory
    cues: tuple[str, ...]
    bones: tuple[Bone, ...]
    follow_ups: tuple[FollowUp, ...]


class RoundView(View, frozen=True):
    """A round: who, when, how long; its themes, and what else to expect."""

    number: int
    starts: str
    ends: str
    title: str
    role: str
    facts: str
    notes: tuple[str, ...]
    minutes: tuple[Minutes, ...]
    short: str
    themes: tuple[PlannedTheme, ...]
    ask_title: str
    ask: tuple[str, ...]
    likely: tuple[LikelyQuestion, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()


class RunSheet(View, frozen=True):
    """An interview on one sheet of paper, among the cards."""

    id: str
    href: str
    address: str
    title: str
    when: str
    rounds: tuple[RoundView, ...]


class TellingView(View, frozen=True):
    """A line of the log. A question of the handbook is a link; any other has no address."""

    date: str
    where: Anchor
    round: str
    question: Anchor | None
    story: Anchor | None
    landed: str
    notes: tuple[str, ...]


class ComparedTheme(Anchor, frozen=True):
    """A theme after an interview: the first story that was planned, and what was asked and told.

    `unused` says that neither the theme came up nor the story was told.
    """

    planned: Anchor | None
    unused: bool
    told: tuple[TellingView, ...]


class InterviewLine(Anchor, frozen=True):
    """An interview in the list."""

    when: str
    facts: str


class ReviewLine(View, frozen=True):
    """The outcome of an interview, or of all: `3 of 10` themes, stories, and questions."""

    where: Anchor | None
    met: str
    told: str
    unforeseen: str


class InterviewList(Page, frozen=True):
    """The list of all interviews, the latest first, and what came of those that are in the log."""

    rows: tuple[InterviewLine, ...]
    reviews: tuple[ReviewLine, ...]
    total: ReviewLine | None
    unforeseen: tuple[TellingView, ...]


class StoryChoice(View, frozen=True):
    """A story that may be told instead of those that were planned."""

    id: str
    href: str
    text: str


class InterviewPage(Page, frozen=True):
    """An interview: its plan, the day on a phone, and the run sheet."""

    when: str
    facts: tuple[str, ...]
    notes: tuple[str, ...]
    cards: str
    sheets: int
    practice: str
    paper: str
    figures: tuple[FigureView, ...]
    gaps: tuple[tuple[tuple[Anchor, ...], str], ...]
    rounds: tuple[RoundView, ...]
    cues: tuple[CueCard, ...]
    stories: tuple[StoryChoice, ...]
    asked_title: str
    also_asked: tuple[LikelyQuestion, ...]
    before: tuple[TellingView, ...]
    compared: tuple[ComparedTheme, ...]
    others: tuple[TellingView, ...]
    review: tuple[str, ...]
    id: str
    paste: str


class LevelList(Page, frozen=True):
    """The list of all levels: how many stories each has, and what it asks."""

    levels: tuple["GuideLine", ...]


class LevelPage(Page, frozen=True):
    """The page of a level: what it asks beside the next one, what speaks against it, its stories.

    `example` is the line that gives a story this level, in a private edition.
    """

    aliases: str
    length: str
    above: Anchor | None
    expects: tuple[Expectation, ...]
    red_flags: tuple[str, ...]
    differs: tuple[str, ...]
    rows: tuple[StoryRow, ...]
    example: str
    before: Anchor | None
    after: Anchor | None


class CoachRow(View, frozen=True):
    """A story on the page of the coach: what most needs work, and the next step."""

    story: Anchor
    draft: str
    text: str
    step: str
    more: str


class CoachPage(Page, frozen=True):
    """The stories by what most needs work; `rest` says how many there is nothing to say of."""

    rows: tuple[CoachRow, ...]
    rest: str


class Inlined(View, frozen=True):
    """The style and scripts inside a file, and the policy that allows no others.

    `first` runs before the page is read, `last` after it. `data` are compressed texts that are
    read when they are first needed, each with the path that it is asked by.
    """

    policy: Markup
    style: Markup
    first: Markup
    last: Markup
    data: tuple[tuple[str, str], ...] = ()


class BundledPractice(Practice, frozen=True, kw_only=True):
    """The practice page in the bundle."""

    inlined: Inlined


class BundledStory(View, frozen=True):
    """A story of the bundle: what its page has, the words to remember it by, and its tags."""

    story: StoryText
    cue: tuple[str, ...]
    tags: tuple[str, ...]


class BundledInterview(View, frozen=True):
    """An interview of the bundle."""

    interview: InterviewPage


class BundledQuestion(View, frozen=True):
    """A question of the bundle, and the stories to tell with the reasons."""

    question: PrintedQuestion
    ties: tuple[CrossLinkView, ...]


class BundledQuestions(View, frozen=True):
    """The questions of a category."""

    name: str
    questions: tuple[BundledQuestion, ...]


class BundledTopic(View, frozen=True):
    """A category or principle of the bundle, and links to its stories and questions."""

    id: str
    topic: Topic
    stories: tuple[Anchor, ...]
    questions: tuple[Anchor, ...]


class BundledTopics(View, frozen=True):
    """All categories, or all principles; `id` is that of the part of the file."""

    id: str
    title: str
    topics: tuple[BundledTopic, ...]


class LockedPage(View, frozen=True):
    """The page that asks for the passphrase of a bundle, which is `sealed` in it."""

    language: str
    style: Markup
    script: Markup
    sealed: str


class BundlePage(Page, frozen=True):
    """The handbook, or a part of it, in one file; `stories` and `interviews` come as HTML.

    If it is to be `locked`, its title says nothing of what is in it: browsers remember titles.
    """

    inlined: Inlined
    locked: bool
    story_count: int
    stories: Markup
    question_count: int
    questions: tuple[BundledQuestions, ...]
    topics: tuple[BundledTopics, ...]
    interviews: Markup
    audiences: tuple[AskAudience, ...]
    guides: tuple[PrintedGuide, ...]
