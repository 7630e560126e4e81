"""Sentences: split plain text and rendered prose, and cut a sentence after its first clause.

Prose is split as HTML, so that emphasis, code and links stay intact. A card shows the sentences of
an Action on lines of their own, and of a long one only the first clause.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from html import escape, unescape
from itertools import islice, pairwise

_TOKEN = re.compile(r"<[^>]+>|[^<]+")
_TAGS = re.compile(r"<[^>]+>")
_TAG_NAME = re.compile(r"</?([a-z0-9]+)")
_INLINE = frozenset("a b br code del em i img input kbd s small span strong sub sup".split())
_VOID = frozenset({"br", "img", "input"})
# Their content is not split: a cell, a heading or a line of code is no sentence.
_UNSPLIT = frozenset("pre table h1 h2 h3 h4 h5 h6 label summary".split())

# The end of a sentence: a mark, with closing quotation marks and brackets. The next sentence does
# not begin with a lower-case letter. Chinese and Japanese have no space between sentences.
_END = re.compile(
    r"""(?<![.!?…])[.!?…]+(?:&quot;|["”’»)\]])*(?=\s+(?![a-zà-ÿ]))\s+ | [。！？]+[」』”）]*(?=.)""",
    re.VERBOSE | re.DOTALL,
)
_ABBREVIATION = re.compile(
    r"""(?: \b(?:e\.g|i\.e|etc|vs|cf|approx|incl|no|nr|vol|fig|mr|mrs|ms|dr|prof|st|inc|ltd|jr|sr
        |jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec) | (?:^|[\s(.])[A-Z] ) \.$""",
    re.VERBOSE | re.IGNORECASE,
)
_LONGEST_ABBREVIATION = len(" approx.") + 1
_QUOTES = re.compile(r'&quot;|["“”«»「」（）()]')
_OPENING, _CLOSING, _EITHER = "“«「（(", "”»」）)", ('"', "&quot;")

# The end of a clause. The mark or word itself is the first part that is left out.
_CLAUSE_END = re.compile(
    r"""(?<!&quot)(?<!&amp)(?<!&lt)(?<!&gt)[,;:](?=\s) | \s[–—-](?=\s) | \s(?=\()
        | \s(?=(?:because|so\ that|which|while|although)\s)""",
    re.VERBOSE,
)
_MIN_KEPT, _MIN_CUT = 4, 3  # words
_NUMBER = re.compile(r"\d")
_WORD = re.compile(r"\w+")
_NOT_SPACE = re.compile(r"\S+")
_NOT_SPACE_SIGN = re.compile(r"\S")
_NOT_CODE = re.compile(r"<(?!/?code\b)[^>]*>")
_LEFT_OUT = "\N{NO-BREAK SPACE}…"
_DANGLING = re.compile(
    r"\s(?:and|or|but|the|a|an|of|to|for|with|in|on|at|by|from|that)$", re.IGNORECASE
)


def wrap_sentences(html: str) -> str:
    """Return `html` with each sentence in a `<span class="sentence">`.

    No word is added, moved or lost.
    """
    output: list[str] = []
    for piece, is_sentence in _pieces(html):
        text = piece.strip() if is_sentence else ""
        span = f'<span class="sentence">{text}</span>'
        output.append(piece.replace(text, span, 1) if text else piece)
    return "".join(output)


def mark(html: str, wanted: Iterable[str]) -> list[str | int]:
    """Return `html` in pieces, with plain sentences marked, and behind each its place in `wanted`.

    The place of one that is not found, as in a table, is left out.
    """
    left = {" ".join(sentence.split()): number for number, sentence in enumerate(wanted)}
    pieces: list[str | int] = []
    for piece, is_sentence in _pieces(html):
        plain = " ".join(plain_text(piece).split()) if is_sentence else ""
        found = next((one for one in left if plain and one in plain), None)
        if found is None:
            pieces.append(piece)
        else:
            text = piece.strip()
            span = f'<span class="marked">{text}</span>'
            start, end = piece.split(text, 1)
            pieces += [start + span, left.pop(found), end]
    return pieces


def split(text: str) -> list[str]:
    """Return the sentences of a plain text; a line break ends a sentence."""
    sentences = []
    for line in text.splitlines():
        starts = [0, *_Boundaries().find(line), len(line)]
        pieces = (line[a:b].strip() for a, b in pairwise(starts))
        sentences += [piece for piece in pieces if piece]
    return sentences


def split_html(html: str) -> list[str]:
    """Return the sentences of rendered prose as HTML, of which only `<code>` is left.

    A line break ends a sentence, and so does the end of a cell or of a line of code.
    """
    found: list[str] = []
    inline: list[str] = []
    for token, is_inline in (*_with_blocks(html), ("", False)):
        tag = _tag_name(token)
        if is_inline and tag in ("", "code"):
            inline.append(token)
        elif tag == "br" or not is_inline:
            found += map("".join, _split_tokens(inline))
            inline = []
            found += () if tag else token.splitlines()  # in a cell, a heading or code
    return [" ".join(sentence.split()) for sentence in found if plain_text(sentence).strip()]


def first_clause(sentence: str) -> str:
    """Return the first clause of a plain sentence, without the mark at its end.

    A sentence is not cut before a number: `from 3.2` is no statement without `to 4.1`.
    """
    cuts = (match.start() for match in _CLAUSE_END.finditer(sentence))
    cut = next(_allowed_cuts(sentence, cuts), None)
    return sentence if cut is None else sentence[:cut].rstrip()


def shorten(sentence: str, words: int) -> str:
    """Return the first clause of a plain sentence, cut after about `words` words.

    `…` stands for words that are left out. A clause with numbers is cut after the last of them,
    unless that takes more than twice as many words.
    """
    text = first_clause(sentence)
    is_cut = text != sentence
    pieces = text.split()
    numbers = (i + 1 for i, word in enumerate(pieces[: 2 * words]) if _NUMBER.search(word))
    last = max(numbers, default=0)
    keep = max(words, last + 1 if last else 0)
    if len(pieces) > keep + 1:  # a single word takes no more room than the ellipsis
        text, is_cut = " ".join(pieces[:keep]), True
        while dangling := _DANGLING.search(text):
            text = text[: dangling.start()]
    text = text.rstrip(".,;:。")
    return f"{text}{_LEFT_OUT}" if is_cut else text


def shorten_html(sentence: str, words: int) -> str:
    """Shorten a sentence of HTML without tags but `<code>`, as `shorten` does a plain one."""
    text = shorten(plain_text(sentence), words)
    kept = text.removesuffix(_LEFT_OUT)
    left = len("".join(kept.split()))
    output = ""
    for token in _TOKEN.findall(sentence) if left else ():
        piece = token
        if not _tag_name(token):
            ends = [match.end() for match in _NOT_SPACE_SIGN.finditer(unescape(token))][:left]
            left -= len(ends)
            piece = escape(unescape(token)[: None if left else ends[-1]], quote=False)
        output += piece
        if not left:
            break
    is_open = output.count("<code>") > output.count("</code>")
    return output + "</code>" * is_open + (_LEFT_OUT if kept != text else "")


def without_markup(html: str) -> str:
    """Return rendered prose on one line, of which only `<code>` is left."""
    return " ".join(_NOT_CODE.sub("", html).split())


def _tag_name(token: str) -> str:
    """Return the name of a tag, or "" for text."""
    match = _TAG_NAME.match(token) if token.startswith("<") else None
    return match[1] if match else ""


def _with_blocks(html: str) -> Iterator[tuple[str, bool]]:
    """Yield each tag and text, and whether it is a part of a sentence."""
    depth = 0  # of elements that are not split
    for token in _TOKEN.findall(html):
        tag = _tag_name(token)
        if tag in _UNSPLIT:
            depth += -1 if token.startswith("</") else 1
        yield token, depth == 0 and (not tag or tag in _INLINE)


def _pieces(html: str) -> Iterator[tuple[str, bool]]:
    """Yield each sentence with True, and each tag or text between sentences with False."""
    inline: list[str] = []
    for token, is_inline in (*_with_blocks(html), ("", False)):
        if is_inline:
            inline.append(token)
            continue
        yield from (("".join(sentence), True) for sentence in _split_tokens(inline))
        yield token, False
        inline = []


def _with_depth(tokens: list[str]) -> Iterator[tuple[str, int | None]]:
    """Yield each token with the number of elements around a text, and None for a tag."""
    depth = 0
    for token in tokens:
        tag = _tag_name(token)
        if tag and tag not in _VOID:
            depth += -1 if token.startswith("</") else 1
        yield token, None if tag else depth


def _split_tokens(tokens: list[str]) -> Iterator[list[str]]:
    """Yield the tokens of each sentence; none ends inside emphasis, a link or code."""
    sentence: list[str] = []
    boundaries = _Boundaries()
    for token, depth in _with_depth(tokens):
        start = 0
        for end in boundaries.find(token) if depth == 0 else ():
            sentence.append(token[start:end])
            yield sentence
            sentence, start = [], end
        if depth:
            boundaries.add(token)
        sentence.append(token[start:])
    yield sentence


class _Boundaries:
    """A finder of the ends of sentences in texts that follow each other.

    Each text is read once, however long its sentences are: `tail` has the last characters of the
    sentence so far, and `brackets` and `quotes` count what is open in it.
    """

    def __init__(self) -> None:
        self.tail = ""
        self.brackets = self.quotes = 0

    def add(self, text: str) -> None:
        """Add text to the sentence, without looking for its end."""
        # Only the end is kept: the pattern would try every letter of a long sentence.
        self.tail = (self.tail + text)[-_LONGEST_ABBREVIATION:]
        for mark in _QUOTES.findall(text):
            self.brackets += (mark in _OPENING) - (mark in _CLOSING)
            self.quotes += mark in _EITHER

    def find(self, text: str) -> Iterator[int]:
        """Add text, and yield where in it the next sentence starts after each that ends."""
        start = 0
        for match in _END.finditer(text):
            end = match.start() + len(match[0].rstrip())
            self.add(text[start:end])
            start = end
            balanced = self.brackets <= 0 and self.quotes % 2 == 0
            if balanced and not _ABBREVIATION.search(self.tail):
                self.tail, self.brackets, self.quotes = "", 0, 0
                start = match.end()
                yield start
        self.add(text[start:])


def _allowed_cuts(text: str, cuts: Iterable[int]) -> Iterator[int]:
    """Yield those of `cuts`, in rising order, where the plain `text` may be cut.

    Enough words stand before and behind, no number behind, and no quotation or bracket is open.
    """
    words = list(islice(_NOT_SPACE.finditer(text), _MIN_KEPT))
    last_words = [match.start() for match in _WORD.finditer(text)][-_MIN_CUT:]
    if len(words) < _MIN_KEPT or len(last_words) < _MIN_CUT:
        return
    least = max([words[-1].start() + 1, *(match.end() for match in _NUMBER.finditer(text))])
    marks = deque(_QUOTES.finditer(text))
    brackets = quotes = 0
    for cut in cuts:
        while marks and marks[0].start() < cut:
            mark = marks.popleft()[0]
            brackets += (mark in _OPENING) - (mark in _CLOSING)
            quotes += mark in _EITHER
        if least <= cut <= last_words[0] and brackets <= 0 and quotes % 2 == 0:
            yield cut


def plain_text(html: str) -> str:
    """Return the words of rendered prose."""
    return unescape(_TAGS.sub("", html) if "<" in html else html)
