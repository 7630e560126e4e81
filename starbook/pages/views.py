"""View models: what each page shows, resolved to words and relative links.

They are frozen and compare by value, so a page whose view did not change need not be made again.
Text is plain unless its type is `Markup`, which is safe HTML.
"""

import msgspec
from markupsafe import Markup

# Where a page shows its pieces, which are put into templates of their own, one by one. Content
# holds no NUL.
PIECES = Markup("\0")


class View(msgspec.Struct, frozen=True):
    """The base of every view."""


class Anchor(View, frozen=True):
    """A link: where to and what it says."""

    href: str
    text: str


class NavItem(View, frozen=True):
    """A link of the main menu."""

    href: str
    text: str
    current: bool


class Frame(View, frozen=True):
    """What stands around every page. `root` leads from the page to the folder of the site.

    `private` marks the edition for the person alone: only there do pages say what is missing.
    """

    root: str
    handbook: str
    private: bool
    canonical: str
    nav: tuple[NavItem, ...]
    counts: str
    to_ask: str


class Letter(View, frozen=True):
    """One of S, T, A, R: `hue` names its colour, `gap` says that it is not written yet."""

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


class TieView(View, frozen=True):
    """A cross-link and why it is there: the person's choice and note, or what is shared."""

    href: str
    title: str
    id: str
    chosen: bool
    note: str
    why: str
    draft: bool
    lacking: bool = False


class Ties(View, frozen=True):
    """Cross-links with, where more were found, where all of them stand."""

    ties: tuple[TieView, ...]
    more: Anchor | None


class ThumbView(View, frozen=True):
    """A letter of the thumb index, as tall as its time: `size` is 1 to 12."""

    letter: Letter
    href: str
    time: str
    size: int


class TocView(View, frozen=True):
    """A line of the contents list; `count` is what stands at its end."""

    href: str
    text: str
    count: str


class NoteView(View, frozen=True):
    """A note in the margin, or a labelled paragraph."""

    kind: str
    label: str
    html: Markup


class ItemView(View, frozen=True):
    """A probe, quiz question, angle, level or weak answer.

    `notes` are its labelled paragraphs; of a probe or weak answer, `weak` and `strong` are those
    that stand side by side.
    """

    title: Markup
    href: str
    lead: Markup
    notes: tuple[NoteView, ...]
    weak: tuple[NoteView, ...] = ()
    strong: tuple[NoteView, ...] = ()


class SectionView(View, frozen=True):
    """A section of a story. `form` picks its shape: `text`, or a kind from around the spine."""

    form: str
    id: str
    heading: str
    letter: Letter | None
    planned: str
    seconds: int | None
    aloud: str
    over: str
    html: Markup
    say: tuple[Markup, ...]
    coaching: tuple[NoteView, ...]
    coaching_label: str
    items: tuple[ItemView, ...]


class StoryPage(View, frozen=True):
    """A story with its whole anatomy."""

    path: str
    frame: Frame
    crumbs: tuple[Anchor, ...]
    id: str
    title: str
    headline: str
    level: Anchor | None
    company: str
    date: str
    aloud: str
    draft: str
    published: str
    card: str
    figures: tuple[FigureView, ...]
    categories: tuple[Anchor, ...]
    principles: tuple[Anchor, ...]
    tags: tuple[Anchor, ...]
    thumbs: tuple[ThumbView, ...]
    toc: tuple[TocView, ...]
    opening: Markup
    sections: tuple[SectionView, ...]
    questions: Ties
    stories: Ties
    before: Anchor | None
    after: Anchor | None


class StoryRow(View, frozen=True):
    """A story in a list. `facets` are what the filters look at: (name, values)."""

    href: str
    id: str
    title: str
    headline: str
    hole: str
    holes: int
    figures: tuple[FigureView, ...]
    letters: tuple[Letter, ...]
    missing: str
    draft: bool
    facets: tuple[tuple[str, str], ...]
    why: str = ""


class Option(View, frozen=True):
    """A value that a filter offers, and how many it would leave."""

    value: str
    text: str
    count: int


class Facet(View, frozen=True):
    """A group of filter values; those past the first few are folded."""

    name: str
    legend: str
    options: tuple[Option, ...]
    folded: tuple[Option, ...]


class StoryList(View, frozen=True):
    """All stories, with filters."""

    path: str
    frame: Frame
    crumbs: tuple[Anchor, ...]
    title: str
    total: int
    facets: tuple[Facet, ...]
    rows: tuple[StoryRow, ...]


class QuestionRow(View, frozen=True):
    """A question in a list: the stories that meet it, or what stands in for them."""

    href: str
    question: str
    state: str
    label: str
    stories: tuple[Anchor, ...]
    companies: str
    facets: tuple[tuple[str, str], ...]


class QuestionGroup(View, frozen=True):
    """Questions under one category."""

    id: str
    name: str
    href: str
    rows: tuple[QuestionRow, ...]


class QuestionList(View, frozen=True):
    """All questions, with filters."""

    path: str
    frame: Frame
    crumbs: tuple[Anchor, ...]
    title: str
    total: int
    facets: tuple[Facet, ...]
    groups: tuple[QuestionGroup, ...]


class Bone(View, frozen=True):
    """A part of a story in one sentence."""

    letter: Letter
    text: str
    hole: bool


class Pick(View, frozen=True):
    """A story for a question."""

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
    figures: tuple[FigureView, ...]


class QuestionPage(View, frozen=True):
    """A question: the chosen stories, others that fit, notes, questions close to it."""

    path: str
    frame: Frame
    crumbs: tuple[Anchor, ...]
    title: str
    id: str
    also: tuple[str, ...]
    categories: tuple[Anchor, ...]
    principles: tuple[Anchor, ...]
    asked: str
    notes: Markup
    chosen: tuple[Pick, ...]
    found: tuple[Pick, ...]
    more: Anchor | None
    close: tuple[TieView, ...]
    cards: Anchor | None


class IndexLine(View, frozen=True):
    """A line as at the back of a book: name, dots, number; `none` stands where there is none."""

    href: str
    text: str
    count: str
    none: str = ""


class TopicGroup(View, frozen=True):
    """Principles of one set, or all categories."""

    name: str
    lines: tuple[IndexLine, ...]


class TopicList(View, frozen=True):
    """All categories or all principles."""

    path: str
    frame: Frame
    crumbs: tuple[Anchor, ...]
    title: str
    form: str
    groups: tuple[TopicGroup, ...]


class TopicPage(View, frozen=True):
    """A category or principle: how it is asked, its stories and questions."""

    path: str
    frame: Frame
    crumbs: tuple[Anchor, ...]
    title: str
    form: str
    set: str
    about: str
    aliases: str
    asked_as: tuple[str, ...]
    rows: tuple[StoryRow, ...]
    questions: tuple[QuestionRow, ...]
    cards: Anchor | None
    before: Anchor | None
    after: Anchor | None


class Column(View, frozen=True):
    """A column of a matrix."""

    href: str
    text: str
    count: int


class MatrixRow(View, frozen=True):
    """A row of a matrix; each cell is `ready`, `draft` or empty."""

    href: str
    id: str
    text: str
    cells: tuple[str, ...]


class Matrix(View, frozen=True):
    """Stories against names, emptiest column first, rows as a stair."""

    id: str
    title: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[MatrixRow, ...]
    left_out: tuple[Anchor, ...]
    left_out_label: str


class CoverageRow(View, frozen=True):
    """A question against its stories, chosen and found."""

    question: QuestionRow
    ready: tuple[Anchor, ...]
    drafts: tuple[Anchor, ...]
    candidates: tuple[Anchor, ...]


class LooseEnd(View, frozen=True):
    """Something to mend: how many, a link, and what it is."""

    count: int
    href: str
    text: str
    rest: str


class Coverage(View, frozen=True):
    """What is met and what is not, gaps first."""

    path: str
    frame: Frame
    crumbs: tuple[Anchor, ...]
    title: str
    principles: tuple[IndexLine, ...]
    categories: tuple[IndexLine, ...]
    questions: tuple[Anchor, ...]
    all_questions: Anchor | None
    loose: tuple[LooseEnd, ...]
    matrices: tuple[Matrix, ...]
    rows: tuple[CoverageRow, ...]


class AskGroup(View, frozen=True):
    """Questions to ask about one thing."""

    topic: str
    questions: tuple[str, ...]


class AskAudience(View, frozen=True):
    """Questions to ask one kind of interviewer."""

    id: str
    name: str
    count: int
    groups: tuple[AskGroup, ...]


class ToAsk(View, frozen=True):
    """Questions for the interviewer."""

    path: str
    frame: Frame
    crumbs: tuple[Anchor, ...]
    title: str
    audiences: tuple[AskAudience, ...]


class GuidePage(View, frozen=True):
    """A page of advice."""

    path: str
    frame: Frame
    crumbs: tuple[Anchor, ...]
    title: str
    id: str
    html: Markup
    toc: tuple[Anchor, ...]
    before: Anchor | None
    after: Anchor | None


class GuideList(View, frozen=True):
    """All guides."""

    path: str
    frame: Frame
    crumbs: tuple[Anchor, ...]
    title: str
    guides: tuple[Anchor, ...]


class Ready(View, frozen=True):
    """`81 of 89 stories ready`."""

    href: str
    count: int
    of: str
    label: str


class CardPart(View, frozen=True):
    """A part of a story on a card. Its sentences and what may be left out of them are marked."""

    letter: Letter | None
    heading: str
    time: str
    html: Markup


class ProbeView(View, frozen=True):
    """A follow-up question and the line to answer it with."""

    question: Markup
    answer: Markup


class Card(View, frozen=True):
    """A story on one sheet of paper, in full and as cues. `size` is in half points.

    `size` is for a reader without scripts: what the text of this length takes on the paper of the
    handbook.
    """

    id: str
    href: str
    address: str
    title: str
    headline: str
    draft: str
    facts: str
    size: int
    questions: tuple[str, ...]
    categories: tuple[str, ...]
    principles: tuple[str, ...]
    figures: tuple[FigureView, ...]
    context: tuple[CardPart, ...]
    beats: tuple[CardPart, ...]
    rest: tuple[CardPart, ...]
    probes: tuple[ProbeView, ...]
    say: tuple[Markup, ...]
    cues: tuple[tuple[Letter | None, tuple[str, ...]], ...]


class ListCard(View, frozen=True):
    """Questions to ask, or a checklist, on one sheet of paper: (heading, lines) by group."""

    id: str
    href: str
    address: str
    title: str
    size: int
    ticks: bool
    groups: tuple[tuple[str, tuple[Markup, ...]], ...]


class CardSet(View, frozen=True):
    """A name for several cards: `token` stands for `ids` in the address of the page."""

    token: str
    text: str
    ids: tuple[str, ...]


class CardPage(View, frozen=True):
    """The deck builder. Without scripts it shows the cards of the first deck, else all.

    `sets` are the ways to choose by a shared name: (what it is, those of that kind).
    """

    path: str
    frame: Frame
    crumbs: tuple[Anchor, ...]
    title: str
    paper: str
    decks: tuple[CardSet, ...]
    sets: tuple[tuple[str, tuple[CardSet, ...]], ...]
    first: frozenset[str]
    cards: Markup
    lists: tuple[ListCard, ...]


class CardPiece(View, frozen=True):
    """One card on that page; `hidden` if it is not among the first to be seen."""

    card: Card
    hidden: bool


class Home(View, frozen=True):
    """The first page: the box to ask in, what is ready, what is missing, ways in.

    `tries` are words to try it with; `questions` is where they are listed, if they are.
    """

    path: str
    frame: Frame
    title: str
    tries: tuple[Anchor, ...]
    questions: str
    level: str
    cards: Anchor | None
    ready: tuple[Ready, ...]
    missing: tuple[LooseEnd, ...]
    categories: tuple[IndexLine, ...]
    sets: tuple[TopicGroup, ...]
    guides: tuple[Anchor, ...]
    audiences: tuple[IndexLine, ...]


class NotFound(View, frozen=True):
    """What a host shows for an address that leads nowhere; its links stand on the base URL."""

    path: str
    frame: Frame
    title: str


Page = (
    StoryPage
    | StoryList
    | QuestionPage
    | QuestionList
    | TopicPage
    | TopicList
    | Coverage
    | ToAsk
    | CardPage
    | GuidePage
    | GuideList
    | Home
    | NotFound
)
