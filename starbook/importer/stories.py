"""Stories: turn the lines of a span into a story file, with front matter and sections."""

import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence

import msgspec

from starbook.content import comments, front_matter, headings
from starbook.content.markdown import PLACEHOLDER
from starbook.importer import walkthrough, words
from starbook.importer.account import FORMAT, Account, Owner
from starbook.importer.blanks import BLANK, fill_blanks
from starbook.importer.labels import PartLabel
from starbook.importer.lines import Line, join_lines, trim_lines
from starbook.importer.page import (
    Page,
    find_question,
    is_question,
    parse_field,
    plain,
    split_sentences,
    without_symbols,
)
from starbook.importer.readings import Span
from starbook.importer.spoken import split_parts
from starbook.model import SPINE, STAR, Kind
from starbook.text import names
from starbook.text.vocabulary import Vocabulary, load

_QUOTES = '"“”«»„「」『』'
_LIST_SEPARATOR = re.compile(r"(?:(?<!\s)\s+)?(?:[,;，、；]|\s/\s|\s\|\s|\s·\s)\s*")
_QUOTED = re.compile(r"[\"“„«「『]\s*(?P<name>[^\"“”„«»「」『』]+?)\s*[\"”“»」』]")
_OWNED = re.compile(rf"(?:[A-Z][\w&.]+(?:['’]s?\s+|:\s*))?{_QUOTED.pattern}")
_TAG = re.compile(r"#([\w/-]+)")
_TIME = re.compile(r"(?:⏱\S*\s*)?target\s*:?\s*(?P<time>\d+\s*(?:s|sec|seconds|min|m)\b)", re.I)
_PROBE = re.compile(r"(?:follow[- ]?ups?|probes?)\b", re.I)
_LIST_FIELDS = ("categories", "principles", "tags", "cue")
_BEFORE_CAPITAL = re.compile(r"[,;]\s+(?=[\[\"“]*[A-Z¿¡])")
_FRONT_FIELDS = "headline categories principles level tags company date cue".split()
# Kana and Hangul: without the request at its end, a question of these is a title.
_NO_ARTICLES = re.compile("[\u3040-\u30ff\uac00-\ud7af]")
_EMPHASIS = re.compile(r"(?<!\w)([*_]{1,3})(?=\S)([^*_]+)(?<=\S)\1(?!\w)")
_NO_TEXT = re.compile(r"(?m)^(?:#.*|\[Fill in:.*)$")
_EXAMPLE = re.compile(r"\[[^\[\]]*?[:,–-]?\s*[\"“](?P<title>[^\"”\[\]]+)[\"”]\s*\]")
# How many words of a Situation are its title, and letters where no spaces part words.
# `**The mill** (calm, courage)`, `**The mill** - good for: courage`; no figures, as in `(2021)`.
_BOLD_TITLE = re.compile(
    r"\*\*(?P<title>[^*]+)\*\*\s*"
    r"(?P<behind>[(（][^()（）\d]+,[^()（）\d]+[)）]|[–—-]\s+[^:：]{2,30}[:：]\s*\S.*)"
)
_MARKS = "*_=~()（）!.… "
_REMARK_WORDS = 10
_TITLE_WORDS, _TITLE_LETTERS = 8, 24


class Known(msgspec.Struct, frozen=True):
    """The names of the topics of a handbook, and the vocabulary to read documents with.

    `names` are those of its principles.
    """

    names: tuple[str, ...] = ()
    vocabulary: Vocabulary = msgspec.field(default_factory=load)
    categories: tuple[str, ...] = ()

    def find(self, name: str) -> str:
        """Return the full spelling of the principle that `name` means, or ""."""
        slug = names.slug(name)
        known = (*self.names, *words.AMAZON_PRINCIPLES)
        return next((full for full in known if slug and names.slug(full) == slug), "")


class Story(msgspec.Struct, eq=False):
    """A story to be written.

    `question` is the question that it answers, `also` are other questions for it, `line` is the
    line of the document where it begins, `doubts` are lines and remarks on them. `owner` stands
    for it in the account.
    """

    title: str
    number: str = ""
    ident: str = ""
    question: str = ""
    also: list[str] = []
    fields: dict[str, list[str]] = {}
    body: str = ""
    sections: tuple[str, ...] = ()
    line: int = 0
    doubts: list[tuple[int, str]] = []
    owner: Owner = msgspec.field(default_factory=lambda: Owner("story"))
    is_ready: bool = False
    has_own_title: bool = False

    @property
    def is_complete(self) -> bool:
        """True if it has the four parts, and nothing in it is still to be filled in."""
        has_blank = PLACEHOLDER.search(comments.hide(self.body).text)
        return not has_blank and {str(kind) for kind in STAR} <= set(self.sections)

    @property
    def first_words(self) -> str:
        """A title from the first words of its text, or "" if nothing is filled in."""
        return first_words(_NO_TEXT.sub("", self.body))

    def add(self, field: str, values: Iterable[str]) -> None:
        """Add values to a field of the front matter."""
        self.fields.setdefault(field, []).extend(values)

    def to_markdown(self) -> str:
        """Return the text of its file."""
        front: dict[str, object] = {"title": self.title}
        for key in _FRONT_FIELDS:
            values = list(dict.fromkeys(filter(None, self.fields.get(key, []))))
            if values:
                front[key] = values if key in _LIST_FIELDS else " ".join(values)
        front["status"] = "ready" if self.is_ready and self.is_complete else "draft"
        return f"{front_matter.dump(front)}\n{self.body.strip()}\n"


# Titles


def parse_title(text: str, known: Known, *, page_title: bool = False) -> Story:
    """Return a story with what the line of its title says: a number, an id, a question, names.

    Of a `page_title` such as `Questions - The title - A kind of page` only one piece is the title.
    """
    vocabulary = known.vocabulary
    text = _EMPHASIS.sub(r"\2", without_symbols(text)).strip().strip("*").strip()
    story = Story(text)
    numbered_question = words.is_numbered_question(text, vocabulary)
    story.number, bare = words.split_count(text, vocabulary)
    text = bare or text
    if match := words.ID_TITLE.fullmatch(text):
        story.ident, text = names.slug(match["id"]), match["title"]
    if match := _EXAMPLE.fullmatch(text.strip()):
        text = match["title"]
    if match := words.BRACKET_THEME_TITLE.fullmatch(text):
        text = match["title"]
        add_field(story.fields, "names", match["theme"], known)
    text = _strip_quotes(_take_names(story, text, known).strip())
    pieces = text.split(" - ")
    if page_title and len(pieces) > 2:
        text = max(pieces, key=len).strip()
    if names.slug(text) and (
        is_question(text, vocabulary)
        or vocabulary.question_preamble.match(text)
        or numbered_question
    ):
        story.question, text = text, shorten_question(text, vocabulary)
    story.title = text
    return story


def _strip_quotes(text: str) -> str:
    """Return `text` without quotes around all of it; `"No" (2021)` keeps those inside."""
    inside = any(sign in text[1:-1] for sign in _QUOTES)
    around = text[:1] and text[0] in _QUOTES and text[-1] in _QUOTES
    return text if inside and not around else text.strip(_QUOTES).strip()


def _take_names(story: Story, text: str, known: Known) -> str:
    """Move names in brackets at the end of `text` to `story`, and return the text without them."""
    match = words.TITLE_WITH_NAMES.fullmatch(text)
    if not match:
        return text
    inside = split_names(match["names"], known)
    if inside and all(map(known.find, inside)):
        story.add("principles", inside)
    elif names.key(match["names"]) in ("sample", "example", "draft"):
        story.add("tags", [match["names"]])
    elif re.search(r"\w", match["names"]):
        return text
    return match["title"]


def shorten_question(question: str, vocabulary: Vocabulary) -> str:
    """Return a title for the answer to `question`: its first sentence, without the preamble."""
    question = question.replace("**", "").strip(_QUOTES + "*_ ")
    begins = vocabulary.question_preamble.match(question)
    rest = question[begins.end() if begins else 0 :].strip()
    request = vocabulary.request_end.fullmatch(rest)
    if request and _NO_ARTICLES.search(rest):
        rest = request["rest"].strip()
    long_enough = len(rest.split()) > 1 or (not rest.isascii() and len(rest) > 3)
    rest = rest if long_enough else question
    asks = rest == question and not begins
    ends = ".!。" if asks else ".?!。？"
    first = re.split(r"(?<=[.?!])\s+(?=[A-Z¿¡])|(?<=[。？！])", rest)[0]
    first = first.rstrip(ends + _QUOTES).strip()
    return first[:1].upper() + first[1:]


def first_words(text: str) -> str:
    """Return the first words of a part, as a title."""
    sentence = re.split(r"(?<=[.?!;])\s|(?<=[。？！；])|\n", plain(text).strip(), maxsplit=1)[0]
    parts = sentence.split()
    if len(parts) > 1 or sentence.isascii():
        short = " ".join(parts[:_TITLE_WORDS])
        end = re.split(r"[,;:–—](?:\s|$)", short)[0]
        short = end if len(end.split()) > 2 else short
    else:
        short = re.split(r"[，、；,]", sentence)[0][:_TITLE_LETTERS]
    parts = short.strip(" .,;:–—-。，").split()
    while len(parts) > 3 and len(parts[-1]) <= 3 and parts[-1].islower():  # `of`, `the`, `y`
        parts.pop()
    return " ".join(parts)


# Names and fields


def split_names(text: str, known: Known) -> list[str]:
    """Split a list of names; "Are Right, A Lot" is one name, and NUL while the list is split."""
    text = text.strip().strip("[]")
    compound = [n for n in (*words.AMAZON_PRINCIPLES, *known.names) if re.search("[,;/]", n)]
    longest_first = "|".join(map(re.escape, sorted(compound, key=len, reverse=True)))
    # A name in quotes is one, whatever is in it, and whosever it is.
    form = re.compile(f"{_OWNED.pattern}|(?P<compound>{longest_first})", re.I)
    found = form.finditer(text)
    pieces = _LIST_SEPARATOR.split(form.sub("\0", text))

    def restore(piece: str) -> str:
        if piece.strip("*` ") == "\0":
            match = next(found)
            return match["name"] or match["compound"]
        return re.sub("\0", lambda _: next(found)[0], piece)  # quotes within a name

    restored = map(restore, pieces)
    return [name.strip("*`[] ") for name in restored if name.strip("*`[] –-")]


def add_field(fields: dict[str, list[str]], key: str, value: str, known: Known) -> None:
    """Add values to a field of the front matter; "names" are principles and categories."""
    if key in ("headline", "level", "company", "date", "title", "duration"):
        values = [value.strip().strip("* ")]
    else:
        tags = _TAG.findall(value) if key == "tags" and not _TAG.sub("", value).strip(" ,;") else []
        values = tags or split_names(value, known)
    for name in values:
        principle = known.find(name) if key in ("names", "principles") else ""
        field = ("principles" if principle else "categories") if key == "names" else key
        if names.slug(principle or name):
            fields.setdefault(field, []).append(principle or name)


# The story


class _Builder:
    """Builds the story of one span."""

    def __init__(self, page: Page, span: Span, known: Known, account: Account) -> None:
        self.page, self.span, self.known, self.account = page, span, known, account
        self.story = Story("")

    def build(self, *, page_title: bool) -> Story:
        """Return the story, without the names from the headings above it."""
        span, lines = self.span, self.page.lines
        self.story = self._start(page_title=page_title)
        self.story.line = lines[span.begin].number
        begin = span.title + 1 if span.title >= 0 else span.begin
        if not span.labels:
            below = [self._without_speaker(line) for line in lines[begin : span.end]]
            return self._build_unwritten(below)
        parsed = [headings.parse(label.heading, self.known.vocabulary) for _, label in span.labels]
        opening, time = self._take_opening(begin, takes_time=parsed[0].seconds is None)
        folds = self._find_folds()
        pieces = [opening, *self._take_parts(parsed, time, folds)]
        for fold in folds.values():
            self.account.put(fold, self.story.owner, "details")
        pieces += _format_folds(folds.values(), self.known.vocabulary)
        self.story.body = "\n\n".join(filter(None, pieces))
        self._take_names_of_sections()
        self._title_from_text()
        self.story.owner.name = self.story.title
        return self.story

    def _take_opening(self, begin: int, *, takes_time: bool) -> tuple[str, str]:
        """Take the lines above the first part; return the opening and the time of that part."""
        span, lines = self.span, self.page.lines
        spoken = [self._without_speaker(line) for line in lines[begin : span.labels[0][0]]]
        opening, time = self._take_fields(self._take_questions(spoken), takes_time)
        if any(line.role != "comment" for line in opening):
            self.story.doubts.append((opening[0].number, "kept above the first part"))
        self.account.put(opening, self.story.owner, "opening")
        return _format_lines(opening, lines[begin : span.end]), time

    def _take_parts(
        self, parsed: Sequence[headings.ParsedHeading], time: str, folds: Container[int]
    ) -> list[str]:
        """Take the parts; return the heading and text of each. `time` is that of the first."""
        span, lines = self.span, self.page.lines
        pieces: list[str] = []
        kinds: list[str] = []
        has_task = any(Kind.TASK in label.kinds for _, label in span.labels)
        ends = [*(i for i, _ in span.labels[1:]), span.end]
        # A time at the end of a part is for the next one, unless that has one.
        takes_times = [*(name.seconds is None for name in parsed[1:]), False]
        parts = zip(span.labels, parsed, ends, takes_times, strict=True)
        for (i, label), name, end, takes_time in parts:
            if len(label.kinds) > 1:
                self.story.doubts.append((lines[i].number, f"one part for two: {label.heading}"))
            timed = f" ({time})" if time else ""
            written = label.rest or f"## {label.heading}{timed}"
            self.account.put([lines[i]], self.story.owner, label.heading, written)
            own = [line for line in lines[i + 1 : end] if line.fold not in folds]
            body, time = self._take_fields(own, takes_time)
            self.account.put(body, self.story.owner, label.heading)
            pieces += [f"## {label.heading}{timed}", self._format_part(label, body, lines[i].level)]
            is_task = name.may_be_task and Kind.SITUATION in kinds and not has_task
            kinds += map(str, [Kind.TASK] if is_task else label.kinds)
        self.story.sections = tuple(kind for kind in dict.fromkeys(kinds) if kind != Kind.OTHER)
        pieces[1::2] = _blank_repeated(pieces[1::2])
        return pieces

    def _start(self, *, page_title: bool) -> Story:
        """Return a story with what its title and the question above it say."""
        span, lines = self.span, self.page.lines
        asked = self._question_of(span.question)
        titled = span.title >= 0 and self.page.is_title(lines[span.title].words)
        if not asked and not titled and span.title not in self.page.turns:
            asked = self._question_above(span.begin)
        if span.title < 0:
            story = Story("", question=asked)
        elif span.title in self.page.turns:
            question = self._question_of(span.title)
            story = Story(shorten_question(question, self.known.vocabulary), question=question)
        else:
            field = self.page.fields.get(span.title)
            text = field[1] if field else lines[span.title].words
            text, behind = split_bold(text, self.known.vocabulary)
            story = parse_title(text, self.known, page_title=page_title)
            if behind:
                add_field(story.fields, *behind, self.known)
            if not self.page.is_title(lines[span.title].words):
                story.title = "" if not names.slug(story.title) or story.number else story.title
            story.question = story.question or asked
        if span.title >= 0:
            says_nothing = not titled and self.page.is_answer_heading(
                _without_digits(lines[span.title])
            )
            owner = FORMAT if says_nothing else story.owner
            self.account.put([lines[span.title]], owner, "title")
        if span.question >= 0:
            self.account.put([lines[span.question]], story.owner, "question")
        return story

    def _question_above(self, begin: int) -> str:
        """Return the question that the nearest heading above asks, of those it is below, or ""."""
        for i in self.page.borders_above(begin):
            line = self.page.lines[i]
            if line.level > 1 and (question := parse_title(line.words, self.known).question):
                return question
        return ""

    def _question_of(self, i: int) -> str:
        if i < 0:
            return ""
        if i in self.page.turns:
            said = self.page.turns[i][1]
            return find_question(said, self.known.vocabulary) or said
        text = self.page.lines[i].words
        title = parse_title(text, self.known)
        return title.question or plain(words.strip_count(text, self.known.vocabulary))

    def _build_unwritten(self, lines: Sequence[Line]) -> Story:
        """Return the draft of a story of which only the title stands, with words below it."""
        story = self.story
        title = self.known.vocabulary.draft_word.split(story.title, maxsplit=1)[0]
        first = split_sentences(title)[:1]
        title = first[0] if first and " " in first[0] else title
        title = title.rstrip(" -–—:(,._")
        rest = story.title[len(title) :].strip(" -–—:.") if names.slug(title) else ""
        story.title = title if names.slug(title) else story.title
        kept, _ = self._take_fields(lines, takes_time=False)
        if rest or not words.is_spoken(join_lines(kept), self.known.vocabulary):
            self.account.put(kept, story.owner, "notes")
            story.body = "\n\n".join(filter(None, [rest, join_lines(kept), BLANK]))
        else:
            self._write_told(kept)
        story.owner.name = story.title
        return story

    def _write_told(self, lines: Sequence[Line]) -> None:
        """Write a story that is told without labels: its parts, if its sentences name them."""
        story = self.story
        pieces = split_parts(lines, self.known.vocabulary)
        if len(pieces) == 1:
            story.doubts.append((story.line, "told without parts: give each its heading"))
        self.account.put(lines, story.owner, "opening" if len(pieces) == 1 else "parts")
        headed = [f"## {kind.capitalize()}\n\n{text}" if kind else text for kind, text in pieces]
        story.body = fill_blanks("\n\n".join(headed))
        story.sections = tuple(str(kind) for kind, _ in pieces if kind)

    def _title_from_text(self) -> None:
        """Give the story its title from a field, its question or the first words of its text."""
        story = self.story
        if given := story.fields.pop("title", []):
            story.title = given[0]
        if not (story.title and self.page.is_title(story.title)) and story.also:
            story.question = story.question or story.also.pop(0)
            story.title = shorten_question(story.question, self.known.vocabulary)
        if not story.title and story.question:
            story.title = shorten_question(story.question, self.known.vocabulary)
        story.has_own_title = bool(story.title) and self.page.is_title(story.title)
        if not story.has_own_title:
            story.title = story.first_words or story.title

    def _take_names_of_sections(self) -> None:
        """Take the principles that the Angles name, and the level that the Reflection names."""
        story = self.story
        angles = story.body.partition("## Angles\n")[2].partition("\n## ")[0]
        found = re.findall(r"^### (.+)$", angles, re.M)
        story.add("principles", filter(self.known.find, found))
        if level := re.search(rf"^\*\*({words.LEVEL.pattern}) Reflection:", story.body, re.M):
            story.fields.setdefault("level", [level[1]])

    def _find_folds(self) -> dict[int, list[Line]]:
        """Return the lines of each fold below the first part that holds no part of the story."""
        lines, span = self.page.lines, self.span
        parts = {lines[i].fold for i, _ in span.labels}
        folds: dict[int, list[Line]] = {}
        for line in lines[span.labels[0][0] : span.end]:
            if line.fold > 0 and line.fold not in parts:
                folds.setdefault(line.fold, []).append(line)
        return folds

    def _take_fields(self, lines: Sequence[Line], takes_time: bool) -> tuple[list[Line], str]:
        """Move fields from `lines` to the story; return the other lines and the next part's time.

        There is none unless the next part `takes_time`. A field without a value has the list, or
        the paragraph, below it.
        """
        kept: list[Line] = []
        time = ""
        at = 0
        while at < len(lines):
            line = lines[at]
            at += 1
            field = self.page.fields.get(line.index)
            if takes_time and not time and (match := _TIME.fullmatch(line.words.strip())):
                time = match["time"]
                self.account.put([line], self.story.owner, "time")
            elif field and (below := _values_below(field[1], lines, at)) is not None:
                if not self._take_field(field, below):
                    kept += [line, *lines[at : at + len(below)]]
                else:
                    self.account.put([line, *below], self.story.owner, "front matter")
                at += len(below)
            elif line.number and self._is_title_line(line):
                self.account.put([line], self.story.owner, "title")
            elif line.role != "blank" and self._says_nothing(line):
                self.account.put([line], FORMAT)
            else:
                kept.append(line)
        return trim_lines(kept), time

    def _is_title_line(self, line: Line) -> bool:
        """Take the title from a line such as `Story: The mill`, above the parts."""
        first = self.span.labels[0][0] if self.span.labels else self.span.end
        match = self.known.vocabulary.word_title.fullmatch(plain(line.words))
        if not match or line.index > first or len(match["title"].split()) > 14:
            return False
        self.story.fields.setdefault("title", []).append(match["title"])
        return True

    def _take_questions(self, lines: Sequence[Line]) -> list[Line]:
        """Move paragraphs above the first part that ask to the questions of the story."""
        kept: list[Line] = []
        for line in lines:
            named = plain(line.words).endswith((":", "："))
            cited = line.text.startswith(">") and not self._is_quoted_alone(line)
            asks = line.role == "text" and not cited and not named
            free = line.index not in self.page.fields and line.index not in self.page.turns
            quoted = _quoted_questions(line.words, self.page)
            if asks and free and quoted:
                self.story.also += quoted
                self.account.put([line], self.story.owner, "question")
            elif asks and free and self.page.is_question(line.words) and len(line.words) < 200:
                label = self.known.vocabulary.question_label
                self.story.also.append(plain(label.sub("", line.words, count=1)))
                self.account.put([line], self.story.owner, "question")
            else:
                kept.append(line)
        return kept

    def _is_quoted_alone(self, line: Line) -> bool:
        """Return True if a line of a quotation is all of it, and no value of a field above."""
        around = self.page.lines[max(line.index - 1, 0) : line.index + 2]
        alone = sum(one.text.startswith(">") for one in around) == 1
        return alone and line.index - 1 not in self.page.fields

    def _without_speaker(self, line: Line) -> Line:
        """Return a line without the name of the candidate who says it."""
        name, text = self.page.turns.get(line.index, ("", ""))
        is_own = text and name not in self.page.interviewers
        return msgspec.structs.replace(line, text=text) if is_own else line

    def _says_nothing(self, line: Line) -> bool:
        turn = self.page.turns.get(line.index)
        return self.page.is_answer_heading(line) or (turn is not None and not turn[1])

    def _take_field(self, field: tuple[str, str], below: Sequence[Line]) -> bool:
        """Move a field to the story, and return True; or return False if it stays in the text."""
        key, value = field
        if key == "questions":
            listed = [line.words for line in below if line.words]
            self.story.also += _split_questions(value, listed)
            return True
        if key == "title" and value and not self.page.is_title(value):
            return False
        if key in ("status", "duration"):
            return key == "status" and names.key(value) in ("", "draft")
        texts = [line.words for line in below if line.words]
        if key in _LIST_FIELDS or key == "names":
            for text in filter(None, self._take_asked([value, *texts])):
                add_field(self.story.fields, key, text, self.known)
        else:
            add_field(self.story.fields, key, " ".join(filter(None, [value, *texts])), self.known)
        return True

    def _take_asked(self, texts: Sequence[str]) -> list[str]:
        """Move the questions among values to the story; return the other values.

        `Good for: Tell me about a time you failed` names no tag.
        """
        left = []
        for text in texts:
            pieces = [plain(piece) for piece in _BEFORE_CAPITAL.split(text)]
            asked = [piece for piece in pieces if self.page.is_question(piece)]
            self.story.also += asked
            others = [piece for piece in pieces if piece not in asked]
            left += [", ".join(others)] if asked else [text]
        return left

    def _format_part(self, label: PartLabel, lines: Iterable[Line], level: int) -> str:
        """Return the text of a part whose label is a heading of this level, or of level 0.

        A heading inside the part is put below it; one beside it is a section.
        """
        is_spine = label.kinds[:1] and label.kinds[0] in SPINE
        shifted = [_shift_heading(line, level) for line in lines]
        if label.kinds == (Kind.FOLLOW_UPS,):
            shifted = _head_questions(shifted, self.page)
        joint = "\n" if shifted and shifted[0].role in ("item", "text") else "\n\n"
        text = joint.join(filter(None, [label.rest.strip(), _format_lines(shifted, shifted)]))
        return self._fill(text) if is_spine else text

    def _fill(self, text: str) -> str:
        """Return the text of a part with its blanks; a remark that it is not written is one."""
        bare = text.strip().strip(_MARKS)
        begins = self.known.vocabulary.draft_word.match(bare)
        marked = bare != text.strip() or bare.split(" ")[0].isupper()
        short = words.count(bare) <= (_REMARK_WORDS if marked else 3)
        return f"[Fill in: {bare}]" if begins and short and "\n" not in bare else fill_blanks(text)


def _blank_repeated(texts: Sequence[str]) -> list[str]:
    """Return texts of parts, as a blank if others have the same few words."""
    counts = Counter(texts)
    return [
        f"[Fill in: {text}]"
        if counts[text] > 1 and words.count(text) <= 3 and "[" not in text and names.slug(text)
        else text
        for text in texts
    ]


def build_story(
    page: Page, span: Span, known: Known, account: Account, *, page_title: bool = False
) -> Story:
    """Return the story of a span, without the names from the headings above it.

    Its parts become sections. Lines that give fields go to the front matter, and the time for a
    part goes to the heading of its section.
    """
    return _Builder(page, span, known, account).build(page_title=page_title)


def split_bold(text: str, vocabulary: Vocabulary) -> tuple[str, tuple[str, str] | None]:
    """Return a bold title, and the field behind it: `- good for: a, b`, or names in brackets."""
    match = _BOLD_TITLE.fullmatch(text.strip())
    behind = match["behind"] if match else ""
    if behind.startswith(("(", "（")):
        field: tuple[str, str] | None = "names", behind.strip("()（） ")
    else:
        field = parse_field(Line(0, behind.lstrip("–—- "), "text"), vocabulary)
    return (match["title"], field) if match and field else (text, None)


def _without_digits(line: Line) -> Line:
    return msgspec.structs.replace(line, text=line.text.rstrip(" 0123456789:."))


def _values_below(value: str, lines: Sequence[Line], at: int) -> list[Line] | None:
    """Return the lines that hold the value of a field that has none on its own line."""
    if value:
        return []
    below: list[Line] = []
    for line in lines[at:]:
        if line.role == "blank" and (not below or below[-1].role == "blank"):
            if below:
                break
            below.append(line)
        elif line.role == "item" or (line.role == "text" and not any(map(_is_solid, below))):
            below.append(line)
        elif line.role != "blank" or not any(one.role == "item" for one in below):
            break
        else:
            below.append(line)
    while below and not _is_solid(below[-1]):
        below.pop()
    return below


def _is_solid(line: Line) -> bool:
    return line.role != "blank"


def _split_questions(value: str, listed: Sequence[str]) -> list[str]:
    only_quoted = value and not re.search(r"\w", _QUOTED.sub("", value))
    parts = _QUOTED.findall(value) if only_quoted else value.split(";")
    found = [*parts, *listed]
    return [part for text in found if (part := plain(text))]


def _quoted_questions(text: str, page: Page) -> list[str]:
    """Return the questions in quotes of a line that says little else: `Use for: "…", "…"`."""
    found = [match["name"].rstrip(",") for match in _QUOTED.finditer(text)]
    rest = _QUOTED.sub("", text.replace("**", "")).split()
    return found if found and len(rest) <= 6 and all(map(page.is_question, found)) else []


def _head_questions(lines: Sequence[Line], page: Page) -> list[Line]:
    """Return lines in which each item that asks is a heading; else they are as they were."""
    outer = min((line.indent for line in lines if line.role == "item"), default=0)
    items = [line for line in lines if line.role == "item" and line.indent == outer]
    if not items or not all(page.is_question(line.words) for line in items):
        return list(lines)
    headed = []
    below = [line.indent for line in lines if line not in items and line.text]
    by = min(below, default=0)  # what stands below a heading needs no indent
    for line in lines:
        if line in items:
            text = plain(line.words)
            headed += [
                Line(line.number, "", "blank"),
                msgspec.structs.replace(line, role="heading", text=f"### {text}", level=3),
                Line(line.number, "", "blank"),
            ]
        else:
            cut = msgspec.structs.replace(
                line, text=line.text[by:], indent=max(0, line.indent - by)
            )
            headed.append(cut)
    return trim_lines(headed)


def _shift_heading(line: Line, level: int) -> Line:
    if line.role != "heading":
        return line
    shifted = 2 if level and line.level <= level else max(3, min(line.level, 6))
    return msgspec.structs.replace(line, text=f"{'#' * shifted} {line.words}")


def _format_folds(folds: Iterable[Sequence[Line]], vocabulary: Vocabulary) -> list[str]:
    """Return folds as sections; those with a question as their summary are follow-ups."""
    sections: list[str] = []
    probes: list[str] = []
    for lines in folds:
        summary, *below = trim_lines(lines) or [Line(0, "", "blank")]
        title = summary.text.strip().strip("*").strip() if summary.text.startswith("**") else ""
        if not title:
            below = [summary, *below]
        text = _format_lines(trim_lines([_shift_heading(line, 0) for line in below]), below)
        spelling = headings.parse(title, vocabulary).spelling
        names_part = spelling == title.casefold().rstrip(": ")
        if (title.endswith("?") or _PROBE.match(title)) and not names_part:
            probes += [f"### {title}", text]
        else:
            sections += [f"## {title or 'Details'}", text]
    return [*sections, *(["## Follow-ups", *probes] if probes else [])]


def _format_lines(lines: Sequence[Line], context: Sequence[Line]) -> str:
    """Return `lines` without their common indent; if `context` is a walkthrough, convert them."""
    if walkthrough.is_walkthrough(context):
        return walkthrough.convert([line.text for line in lines])
    return join_lines(lines)
