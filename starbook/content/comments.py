"""Comments: take what `<!-- … -->` and `%% … %%` hide out of markdown and of plain text.

A comment may stand anywhere outside code: in a line, around lines, over headings and sections.
`%%` opens one wherever it stands, as in Obsidian. A backslash before an opener makes it text.

To tell code, one pass follows the block structure of CommonMark: quotes, list items, fences,
indented lines. Where it cannot be sure, text counts as text: words of a comment must never show.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

import msgspec

from starbook.problem import Report

_OPENER = re.compile(r"<!--|%%")
_EMPTY = re.compile(r"<!--?->|<!-->")  # whole comments by the rules of HTML
_ESCAPED = re.compile(r"\\(?=<!--|%%)")
_ESCAPE_OR_OPENER = re.compile(r"\\[^\n]|(?P<opener><!--|%%)")
# Addresses, link targets and wiki links: a backtick in one of them opens no code.
_TOKEN = re.compile(
    r"""(?P<end>\n) | \\[^\n] | (?P<ticks>`+) | (?P<opener><!--|%%)
    | (?P<address> (?:https?:|ftp:|mailto:|xmpp:|www\.)[^\s<]*+ | <[^\s<>]*+>
      | \]\([ \t]*+(?:<[^<>\n]*+>|(?!<)(?:[^\s()]++|\([^\s()]*+\))*+)
        (?:[ \t]++(?:"[^"\n]*+"|'[^'\n]*+'|\([^()\n]*+\)))?[ \t]*+\)
      | \[\[[^\[\]\n]*+\]\] )""",
    re.VERBOSE,
)
_DEFINITION = re.compile(r"\[(?!\^)[^\[\]\n]++\]:")  # of a link: no code in it either
_TICKS = re.compile("`+")
_PIPE = re.compile(r"(?<!\\)\|")
_FENCE = re.compile(r"(?P<mark>`{3,})[^`\n]*(?=\n|\Z)|(?P<tilde>~{3,})[^\n]*")
_FENCE_END = re.compile(r"(?P<mark>`{3,}|~{3,})[ \t]*(?=\n|\Z)")
_UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*(?=\n|\Z)")
_RULE = re.compile(r"(?P<sign>[-*_])[ \t]*+(?:(?P=sign)[ \t]*+){2,}(?=\n|\Z)")
_ITEM = re.compile(r"(?:[-+*]|\d{1,9}[.)])(?=[ \t\n]|\Z)")
_NOTE = re.compile(r"\[\^[^\]\s]+\]:")  # a footnote: what is indented below it belongs to it
_INTERRUPTING = frozenset({"-", "+", "*", "1.", "1)"})
_TASK = re.compile(r"\[[ xX]\](?=[ \t])[ \t]*")
_HEADING = re.compile(r"#{1,6}(?=[ \t\n]|\Z)[ \t]*")
_SPACE = re.compile(r"[ \t]*")
_QUOTES = re.compile(r"[ \t>]*")
_ADDRESS_SIGN = re.compile("[:@]")
_ADDRESS_REST = re.compile(r"[^\s<]*")
# In a quote within a quote the parser counts the columns of a tab in its own way.
_TAB_IN_QUOTES = re.compile(
    r"""(?:(?:[ \t]|(?:[-+*]|\d{1,9}[.)])(?=[ \t]))*+>){2}
    (?:[ >]|(?:[-+*]|\d{1,9}[.)])(?=[ \t]))*+\t""",
    re.VERBOSE,
)
# The line below the head of a table; one that begins an item is none.
_DELIMITER = re.compile(r"[ \t>]*(?=[-:|])(?!-[ \t])[-:| \t]*-[-:| \t]*(?=\n|\Z)")
# A line that goes on with the paragraph above it. A line that only may do so is left out.
_CONTINUATION = re.compile(
    r"""(?P<quotes>[ \t>]*+)(?![\n<%|:]|\Z|```|~~~|\[\^)
    (?!(?:[-+*]|\d{1,9}[.)]|\#{1,6})(?:[ \t\n]|\Z))
    (?!(?:[-=*_][ \t]*+)+(?:\n|\Z))[^|\n]*+(?:\n|\Z)""",
    re.VERBOSE,
)
# A line before which a comment of whole lines leaves no gap: a table row, an item, a heading.
_NO_PARAGRAPH = re.compile(
    r"[ \t>]*(?:[-+*#][ \t#]|\d{1,9}[.)][ \t]|```|~~~|(?=\n|\Z))|[^|\n]*\|[^\n]*"
)
# The widths of a quote and a footnote among the containers; that of a list item is at least 2.
_QUOTE, _NOTE_WIDTH = 0, 4
_MAX_CONTAINERS = 100


class Opener(msgspec.Struct, frozen=True):
    """The sign that opens a comment, and its line from 0."""

    sign: str
    line: int


class Visible(msgspec.Struct, frozen=True):
    """A text without its comments.

    `lines` has the line of the whole text, from 0, for each line that is left, and one more.
    `unclosed` is an opener without an end, which hides all that follows. `doubtful` are those that
    stand right behind a digit, where a percent sign may be meant.
    """

    text: str
    lines: Sequence[int]
    unclosed: Opener | None = None
    doubtful: tuple[Opener, ...] = ()


def hide(text: str) -> Visible:
    """Return markdown without its comments."""
    if not _OPENER.search(text):
        return Visible(text, range(text.count("\n") + 2))
    return _cut(_scan(text))


def hide_in_line(text: str) -> Visible:
    """Return plain text, such as a title, without its comments, and escaped openers as meant.

    It has no blocks, so that indented words are no code; words in backticks are.
    """
    if not _OPENER.search(text):
        return Visible(text, range(text.count("\n") + 2))
    scanner = _Scanner(text)
    position = 0
    while position < len(text):
        position = scanner.scan_words(position, is_one_line=True)
    visible = _cut(scanner)
    return msgspec.structs.replace(visible, text=_ESCAPED.sub("", visible.text))


def find(text: str) -> list[tuple[int, int]]:
    """Return the start and end of each comment in markdown; an unclosed one ends with the text."""
    return _scan(text).comments if _OPENER.search(text) else []


def report(visible: Visible, first_line: int, to: Report) -> None:
    """Report a comment of `visible` that is never closed, and those that may be none."""
    if visible.unclosed:
        sign, end = visible.unclosed.sign, "%%" if visible.unclosed.sign == "%%" else "-->"
        message = f"the comment that `{sign}` opens here is never closed, so it hides all below it"
        hint = f"close it with `{end}`, or write `\\{sign}` for the sign itself"
        to.error(visible.unclosed.line + first_line, "open-comment", message, hint)
    for opener in visible.doubtful:
        message = "`%%` behind a number opens a comment, and what follows up to `%%` is hidden"
        hint = "write `%`, or put a space before the comment"
        to.warning(opener.line + first_line, "comment-in-number", message, hint)


def _scan(text: str) -> "_Scanner":
    scanner = _Scanner(text)
    position = 0
    while position < len(text):
        position = scanner.scan_line(position)
    return scanner


def _cut(scanner: "_Scanner") -> Visible:
    """Return the text of a scanner without its cuts, with the line of each line."""
    text = scanner.text
    lines: list[int] = []
    pieces: list[str] = []
    line = position = 0
    is_new = True
    for start, end in _kept(scanner.cuts, len(text)):
        line += text.count("\n", position, start)
        inside = text.count("\n", start, end)
        lines += range(line if is_new else line + 1, line + inside + 1)
        line, position = line + inside, end
        is_new = text[end - 1] == "\n"
        if is_new:
            lines.pop()  # the next line begins where the next piece does
        # Two runs of backticks must not become one, which would end another code span.
        is_joint = text[start] == "`" and bool(pieces) and pieces[-1].endswith("`")
        pieces.append(f" {text[start:end]}" if is_joint else text[start:end])
    lines += [line, line] if is_new else [line + 1]
    openers: list[Opener] = []
    line = position = 0
    for place in (*scanner.doubtful, *scanner.unclosed):
        line += text.count("\n", position, place)
        position = place
        openers.append(Opener("%%" if text[place] == "%" else "<!--", line))
    unclosed = openers.pop() if scanner.unclosed else None
    return Visible("".join(pieces), lines, unclosed, tuple(openers))


def _kept(cuts: Sequence[tuple[int, int]], end: int) -> Iterator[tuple[int, int]]:
    position = 0
    for start, stop in (*cuts, (end, end)):
        if start > position:
            yield position, start
        position = max(position, stop)


class _Scanner:
    """Finds comments line by line, and what to cut out of the text for each.

    `containers` are the open quotes, list items and footnotes, by the width that their lines are
    indented.
    Of the line in hand, `position` and `column` are behind the marks read so far, `base` is the
    column where the content of the innermost container begins, `matched` counts containers, and
    `item` is the base of a list item or footnote that begins on the line.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.comments: list[tuple[int, int]] = []
        self.cuts: list[tuple[int, int]] = []
        self.doubtful: list[int] = []
        self.unclosed: list[int] = []
        self.containers: list[int] = []
        self.position = self.column = self.base = self.matched = self.item = 0
        self.first_cut = 0  # the index of the first one of the line in hand
        self.is_unsure_item = False
        self.fence = ""
        self.in_paragraph = self.in_table = False
        # The runs of backticks up to `span_end` by length, to look up where a code span ends.
        self.runs: dict[int, list[int]] = {}
        self.span_end = self.next_pipe = 0
        self.open_runs: set[int] = set()  # the lengths of those without an end so far

    def scan_line(self, start: int) -> int:
        """Scan the line at `start` and those that a comment joins to it; return the next start."""
        self._match_containers(start)
        if self.fence and self.matched == len(self.containers):
            end = self.column - self.base < 4 and _FENCE_END.match(self.text, self.position)
            if end and end["mark"].startswith(self.fence):
                self.fence = ""
            return self._next_line(self.position)
        self.fence = ""
        if self._is_end(self.position):
            return self._end_blocks()
        return self._scan_blocks(start)

    def _match_containers(self, start: int) -> None:
        self.base = self.matched = self.item = 0
        self.is_unsure_item = False
        self._skip_space(start, 0)
        for width in self.containers:
            if width == _QUOTE:
                if not self.text.startswith(">", self.position):  # the parser takes any indentation
                    break
                self._skip_quote_mark()
            elif self.column - self.base >= width or self._is_end(self.position):
                self.base += width
            else:
                break
            self.matched += 1

    def _scan_blocks(self, start: int) -> int:
        """Scan a line that is not blank from behind the marks of the containers that go on."""
        before = tuple(self.containers), self.in_paragraph, self.in_table
        is_unsure = bool(_TAB_IN_QUOTES.match(self.text, start))
        self.first_cut = len(self.cuts)
        while not self._is_end(self.position):
            is_indented = self.column - self.base >= 4
            if is_indented and not self.in_paragraph and not is_unsure:
                return self._end_blocks()
            if _OPENER.match(self.text, self.position):
                self._take_leading_comment()
                continue
            if is_indented:
                break
            if end := self._scan_code_or_rule(is_unsure=is_unsure):
                return end
            if not self._open_container():
                break
        is_empty = self._is_end(self.position) and not self.is_unsure_item
        is_heading = self._skip_leading_marks()
        if self._is_end(self.position) and len(self.cuts) > self.first_cut:
            return self._leave_out_line(start, *before)
        return self._scan_leaf(is_heading=is_heading, is_empty=is_empty)

    def _scan_code_or_rule(self, *, is_unsure: bool) -> int:
        """Scan a line that opens a fence, underlines a heading or is a rule, else return 0."""
        is_continued = self.in_paragraph and self.matched == len(self.containers)
        if is_continued and _UNDERLINE.match(self.text, self.position):
            return self._end_blocks()
        is_text = is_unsure or self._is_table_head()
        fence = None if is_text else _FENCE.match(self.text, self.position)
        if not fence and not _RULE.match(self.text, self.position):
            return 0
        end = self._end_blocks()
        self.fence = (fence["mark"] or fence["tilde"]) if fence else ""
        return end

    def _open_container(self) -> bool:
        """Open the quote, item or footnote that begins here, and return True, or return False."""
        item = _ITEM.match(self.text, self.position)
        # A paragraph in a quote goes on with a line that looks like a footnote.
        is_lazy = self.in_paragraph and _QUOTE in self.containers[self.matched :]
        note = None if is_lazy else _NOTE.match(self.text, self.position)
        is_quote = self.text[self.position] == ">"
        if not (item or note or is_quote) or self.matched >= _MAX_CONTAINERS:
            return False
        # An item below a paragraph begins with 1; what follows another number may be no code.
        is_sure = item is None or not self.in_paragraph or item[0] in _INTERRUPTING
        self.is_unsure_item = not is_sure
        del self.containers[self.matched :]
        self.in_paragraph = self.in_table = False
        self.matched += 1
        if note:
            self.containers.append(_NOTE_WIDTH)
            self._skip_space(note.end(), self.column + len(note[0]))
            self.item = self.base = self.column
            return False  # in another footnote it is none, and a fence behind it no code
        if item is None:
            self.containers.append(_QUOTE)
            self._skip_quote_mark()
            return True
        offset, content = self.column - self.base, self.column + len(item[0])
        self._skip_space(item.end(), content)
        space = self.column - content
        space = 1 if space > 4 or self._is_end(self.position) else space
        self.containers.append(offset + len(item[0]) + space)
        self.item = self.base = content + space
        return is_sure

    def _skip_leading_marks(self) -> bool:
        """Skip the sign of a heading or tick box, and comments; return True for a heading."""
        is_indented = self.column - self.base >= 4
        heading = None if is_indented else _HEADING.match(self.text, self.position)
        mark = heading or (_TASK.match(self.text, self.position) if self.item else None)
        self.position = mark.end() if mark else self.position
        while _OPENER.match(self.text, self.position):
            self._take_leading_comment()
        return heading is not None

    def _take_leading_comment(self) -> None:
        """Take a comment before the words of a line; these begin in the column where it began."""
        end = self._take_comment(self.position, leads=True)
        self.position = _end_of(_SPACE.match(self.text, end))

    def _leave_out_line(self, start: int, containers: tuple[int, ...], *was_in: bool) -> int:
        """Cut out a line that has only comments: whole, or up to its marks if these matter.

        A list item may go on below it. Between two lines of a paragraph it leaves a blank line, as
        an HTML comment parts paragraphs; between table rows, list items and so on it does not.
        """
        line_end, end = self.position, self._next_line(self.position)
        self._skip_space(end, 0)
        goes_on = self.item and self.column >= self.item and not self._is_end(self.position)
        parts = was_in[0] and not self.item and not _NO_PARAGRAPH.match(self.text, end)
        first = self.cuts[self.first_cut][0]
        del self.cuts[self.first_cut :]
        if goes_on or parts:
            self.cuts.append((first, line_end))
            self.in_paragraph = self.in_table = False
        else:
            self.cuts.append((start, end))
            self.containers = list(containers)
            self.in_paragraph, self.in_table = was_in
        return end

    def _scan_leaf(self, *, is_heading: bool, is_empty: bool) -> int:
        """Scan the words of a line for comments, and note what they are part of."""
        is_lazy = self.in_paragraph and not is_heading
        if not is_lazy:
            del self.containers[self.matched :]
            self.span_end = 0
            if not self.is_unsure_item:
                self.open_runs.clear()
        self.in_table = not is_heading and (self.in_table or self._is_table_head())
        # A fence behind the mark of a footnote may be one or not.
        is_unsure = not self.in_paragraph and _FENCE.match(self.text, self.position)
        opens_no_code = is_unsure or _DEFINITION.match(self.text, self.position)
        self.in_paragraph = not (is_heading or is_empty)
        if is_heading or self.in_table:
            self.span_end = 0
        return self.scan_words(
            self.position,
            is_one_line=is_heading or self.in_table,
            ticks_from=self._next_line(self.position) if opens_no_code else 0,
        )

    def scan_words(self, position: int, *, is_one_line: bool = False, ticks_from: int = 0) -> int:
        """Scan inline text up to the end of its line; return the start of the next line.

        With `is_one_line` no code span goes on below; before `ticks_from` no code span begins.
        """
        while token := _TOKEN.search(self.text, position):
            position = token.end()
            if token["end"]:
                return position
            if token["opener"]:
                position = self._take_comment(token.start())
            elif token["ticks"] and token.start() < ticks_from:
                self.open_runs ^= {len(token[0])}  # or it does, and ends with the next one
            elif token["ticks"]:
                position = self._find_span_end(*token.span(), is_one_line=is_one_line)
            elif token["address"]:
                position = self._scan_address(*token.span())
        return len(self.text)

    def _scan_address(self, start: int, end: int) -> int:
        if self.text[start] == "<" and not _ADDRESS_SIGN.search(self.text, start, end):
            return start + 1
        while True:
            tokens = _ESCAPE_OR_OPENER.finditer(self.text, start, end)
            openers = (token.start() for token in tokens if token["opener"])
            opener = next(openers, end)
            if not _OPENER.match(self.text, opener):
                return end
            start = self._take_comment(opener)
            if start >= end:
                end = _end_of(_ADDRESS_REST.match(self.text, start))

    def _take_comment(self, start: int, *, leads: bool = False) -> int:
        """Note the comment at `start` and what is cut out for it; return where it ends."""
        text = self.text
        is_percent = text[start] == "%"
        closer = "%%" if is_percent else "-->"
        empty = None if is_percent else _EMPTY.match(text, start)
        found = text.find(closer, start + (2 if is_percent else 4))
        if empty:
            end = empty.end()
        else:
            end = found + len(closer) if found >= 0 else len(text)
            if found < 0:
                self.unclosed.append(start)
            elif is_percent and text[max(start - 1, 0)].isdigit():
                self.doubtful.append(start)
        self.comments.append((start, end))
        self._cut(start, end, leads=leads)
        return end

    def _cut(self, start: int, end: int, *, leads: bool) -> None:
        """Cut out a comment, and the space on one side of it, or on both at the end of a line."""
        text, space_end = self.text, _end_of(_SPACE.match(self.text, end))
        floor = 0
        if len(self.cuts) > self.first_cut and self.cuts[-1][1] == start:
            start = self.cuts.pop()[0]
        if self.cuts:
            floor = self.cuts[-1][1]
        if self._is_end(space_end):
            end = space_end
            while not leads and start > floor and text[start - 1] in " \t":
                start -= 1
        elif leads or start == 0 or text[start - 1] in " \t\n":
            end = space_end
        self.cuts.append((start, end))

    def _find_span_end(self, start: int, end: int, *, is_one_line: bool) -> int:
        """Return the end of the code span that a run of backticks opens, or that of the run."""
        if start >= self.span_end:
            self._find_runs(start, is_one_line=is_one_line)
        runs = self.runs.get(end - start, [])
        index = bisect_right(runs, start)
        if end - start in self.open_runs:  # a comment of many lines stands between the two
            self.open_runs.remove(end - start)
            return end
        if index == len(runs):
            if not is_one_line:
                self.open_runs.add(end - start)
            return end
        if self.in_table:  # cells are told apart before code spans are
            if self.next_pipe < end:
                pipe = _PIPE.search(self.text, end)
                self.next_pipe = pipe.start() if pipe else len(self.text)
            if runs[index] > self.next_pipe:
                return end
        return runs[index] + end - start

    def _find_runs(self, start: int, *, is_one_line: bool) -> None:
        self.span_end = self._next_line(start)
        self.runs = {}
        line = self.text.rfind("\n", 0, start) + 1
        quotes = _end_of(_QUOTES.match(self.text, line))
        depth = self.text.count(">", line, quotes)
        while not is_one_line and (below := _CONTINUATION.match(self.text, self.span_end)):
            if below["quotes"].count(">") != depth:
                break
            self.span_end = below.end()
        for run in _TICKS.finditer(self.text, start, self.span_end):
            self.runs.setdefault(len(run[0]), []).append(run.start())

    def _is_table_head(self) -> bool:
        end = self._next_line(self.position)
        has_pipe = self.text.find("|", self.position, end) >= 0
        return has_pipe and bool(_DELIMITER.match(self.text, end))

    def _end_blocks(self) -> int:
        """Close what does not go on after this line: a blank one, code or a rule."""
        del self.containers[self.matched :]
        self.in_paragraph = self.in_table = False
        return self._next_line(self.position)

    def _is_end(self, position: int) -> bool:
        return position >= len(self.text) or self.text[position] == "\n"

    def _next_line(self, position: int) -> int:
        end = self.text.find("\n", position)
        return end + 1 if end >= 0 else len(self.text)

    def _skip_space(self, position: int, column: int) -> None:
        """Set position and column behind the spaces and tabs from `position` on."""
        end = _end_of(_SPACE.match(self.text, position))
        for sign in self.text[position:end]:
            column += 4 - column % 4 if sign == "\t" else 1
        self.position, self.column = end, column

    def _skip_quote_mark(self) -> None:
        mark, column = self.position, self.column
        self._skip_space(mark + 1, column + 1)
        self.base = column + (2 if self.position > mark + 1 else 1)


def _end_of(match: re.Match[str] | None) -> int:
    """Return the end of a match of a pattern that matches everywhere."""
    assert match
    return match.end()
