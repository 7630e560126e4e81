"""Worth: the order in which a small card gives up the sentences of a story.

A card that is too small for its story keeps the thread of it: who, what, the two strongest actions,
and what came of them. A text is cut into pieces that are kept or left out as a whole: a sentence, a
table, a block of code, a heading. Each gets a rank; that of the highest rank goes first:

1. the strongest sentence of each part is never left out, and has rank 0;
2. the next strongest of the Action, from another paragraph or bullet;
3. the sentences of the Result with an outcome (`starbook/content/outcomes.py`), then with a number;
4. all others, by their points.

A sentence gets points for a number, for words of the title, the headline and the numbers of the
story, for bold type, if it begins with `I`, and if it begins its paragraph; length, what was not
done, tables and blanks to fill in cost points. Some pieces need another, which is then kept at
least as long: a sentence that begins with `So` or `They` the one before, an entry of a list the
line that introduces the list, and a sentence with a name the one that says who that is.
"""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import partial
from itertools import count

import msgspec

from starbook.content import outcomes
from starbook.model import Kind
from starbook.text import sentences, tokenizer

_HOLDERS = frozenset({"ul", "ol", "blockquote"})
_BLOCKS = frozenset({"p", "li", "dd", "dt"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_WHOLE = frozenset({"table", "pre", "hr", "label"})
_TAGS = "|".join(sorted(_HOLDERS | _BLOCKS | _HEADINGS | _WHOLE))
_TAG = re.compile(rf'<span class="sentence">|</?({_TAGS})(?=[ >])[^>]*>')

# A sentence that begins so is not clear without the one before.
_LEANING = re.compile(
    r"""\W*(?: (?:so|instead|but|that|this|these|those|then|it|its|he|she|they|his|her|their|and|or
        |both|neither|either|one|each|yet|still|nor|also|otherwise|therefore|however|because|such
        |the\ (?:second|third|other|others|last|same|next)|another|even\ so|as\ a\ result
        |aber|also|dann|das|dies|diese|dieser|er|sie|es|sein|seine|ihr|ihre|und|oder|deshalb|daher
        |stattdessen|trotzdem|beide|mais|donc|alors|cela|ce|cette|ces|il|elle|ils|elles|son|leur|et
        |ensuite|pero|así|entonces|esto|eso|esta|él|ella|ellos|y|luego|ma|quindi|allora|questo|lui
        |lei|loro|poi|maar|dus|toen|dat|dit|hij|zij|ze|het|en|daarna|mas|então|isso|ele|ela|eles|e
        |depois|но|поэтому|тогда|это|он|она|они|и|затем)(?![\w'’])
        | (?:it|that|he|she|they)['’]
        | しかし|そこで|それ|そして|また|その|彼|但是|因此|所以|然后|这|那|他|她
        | 그러나|그래서|그리고 )""",
    re.VERBOSE | re.IGNORECASE,
)
_FIRST_PERSON = re.compile(
    r"\W*(?:(?:I|I['’](?:m|d|ve)|[Ii]ch|Je|Yo|Io|Ik|Eu|Я|मैं|मैंने)(?!\w)|J['’]|私|僕|我|제가|저는|나는)"
)
# `the duty manager, Colm, rang me` says who Colm is.
_INTRODUCED = re.compile(r", ([^\W\d_a-zß-ÿ][\w’'-]{2,})(?=[,.])")
_NAME = re.compile(r"[^\W\d_a-zß-ÿ][\w’'-]{2,}?(?=['’]s\b|[^\w’'-]|$)")
# What was not done: `I could have closed the shop.`
_UNDONE = re.compile(
    r"\b(?:(?:could|would|should|might)(?: not)? have|hätte|könnte|aurai[st]|aurait|habría|avrei)\b"
)
_DIGIT = re.compile(r"\d")
_ENDS_SENTENCE = re.compile(r"""[.!?…。！？]["'”’»)\]」』）]*\s*$""")

# Points
_OF_PART: dict[Kind | None, int] = {Kind.SITUATION: 2, Kind.TASK: 2, Kind.RESULT: 2}
# The first sentence says who, and what is asked.
_OF_OPENING: dict[Kind | None, int] = {Kind.SITUATION: 4, Kind.TASK: 2}
_OF_NUMBER = _OF_FIRST_PERSON = _OF_BEGINNING = 2
_OF_BOLD = 1
_OF_UNDONE = -3
_OF_WHOLE = -4  # a table or code, which says little by itself
_OF_BLANK = -9
_OF_NEED = -2  # for each piece that it needs
_MOST_KEY_WORDS = 3
_LONG = 20  # words cost a point, and as many again another
_SHORTEST_KEY_WORD = 4  # letters
_MOST_WORDS_OF_LINE = 36
# The parts in the order in which one would miss them, behind the Result.
_PARTS = (Kind.SITUATION, Kind.ACTION, Kind.TASK, None)


class Text(msgspec.Struct, frozen=True):
    """Rendered prose of a part of a story, or of an answer, with its sentences marked."""

    kind: Kind | None
    html: str


class Piece(msgspec.Struct, frozen=True):
    """A part of a text that is kept or left out as a whole.

    `text` is the number of its text, `start` the place where its first tag ends, and `head` the
    number of the piece that introduces it. `block` is the number of its paragraph or bullet, and
    `needs` are the numbers of the pieces without which it is not clear.
    """

    text: int
    kind: Kind | None
    tag: str
    start: int
    html: str
    plain: str
    block: int
    begins: bool
    head: int | None
    needs: tuple[int, ...] = ()
    points: int = 0


class Ranking(msgspec.Struct, frozen=True):
    """The pieces of texts in reading order, and their numbers in the order in which they stay.

    The first `kept` in this order are never left out.
    """

    texts: tuple[Text, ...]
    pieces: tuple[Piece, ...]
    order: tuple[int, ...]
    kept: int = 0

    def html(self, first: int = 1) -> tuple[str, ...]:
        """Return the HTML of each text with the rank of each piece in an attribute.

        Ranks are counted from `first`; `data-needs` has those that a piece is not clear without.
        """
        ranks = self._ranks(first)
        marked = [text.html for text in self.texts]
        for number, piece in reversed(tuple(enumerate(self.pieces))):
            html, at = marked[piece.text], piece.start - 1
            others = {ranks[one] for one in piece.needs} - {0, ranks[number]}
            needs = " ".join(map(str, sorted(others)))
            marks = f' data-rank="{ranks[number]}"' + (f' data-needs="{needs}"' if needs else "")
            marked[piece.text] = html[:at] + marks + html[at:]
        return tuple(marked)

    def _ranks(self, first: int) -> dict[int, int]:
        """Return the rank of each piece; one that introduces others shares that of the next."""
        labels = _labels(self.pieces)
        ranks: dict[int, int] = {}
        rank = first
        for at, number in enumerate(self.order):
            ranks[number] = rank if at >= self.kept else 0
            rank += at >= self.kept and number not in labels
        return ranks

    def lines(self, kind: Kind | None, most: int) -> tuple[str, ...]:
        """Return the sentences of a part that tell most by themselves, in reading order."""
        labels = _labels(self.pieces)
        kept = [
            number
            for number in self.order
            if self.pieces[number].kind is kind and self.pieces[number].tag == "span"
            if number not in labels and not _has_blank(self.pieces[number])
        ]
        kept.sort(key=lambda number: _is_no_line(self.pieces[number]))
        shown = (self.pieces[number].html for number in sorted(kept[:most]))
        return tuple(map(sentences.without_markup, shown))


def rank(texts: Iterable[Text], about: str = "") -> Ranking:
    """Return the pieces of a story by their worth; `about` tells its key words."""
    texts = tuple(texts)
    pieces = _all_pieces(texts)
    key_words = _words(about)
    needs = _needs(pieces)
    points = (_points(pieces, number, key_words) for number in range(len(pieces)))
    pieces = tuple(
        msgspec.structs.replace(piece, needs=need, points=point)
        for piece, need, point in zip(pieces, needs, points, strict=True)
    )
    placed: dict[int, None] = {}
    _place(placed, pieces, _strongest_of_parts(pieces))
    kept = len(placed)
    _place(placed, pieces, _others(pieces))
    return Ranking(texts, pieces, tuple(placed), kept)


def in_reading_order(texts: Iterable[Text]) -> Ranking:
    """Return the pieces of texts that are left out from the last to the first."""
    texts = tuple(texts)
    pieces = _all_pieces(texts)
    needs = (
        (n - 1,) if n and pieces[n - 1].text == pieces[n].text else () for n in range(len(pieces))
    )
    pieces = tuple(
        msgspec.structs.replace(piece, needs=need)
        for piece, need in zip(pieces, needs, strict=True)
    )
    return Ranking(texts, pieces, tuple(range(len(pieces))))


def _all_pieces(texts: Sequence[Text]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for number, text in enumerate(texts):
        pieces += _pieces(number, text, len(pieces))
    return tuple(pieces)


def _pieces(number: int, text: Text, first: int) -> Iterator[Piece]:
    """Yield the pieces of a text; they are counted from `first`."""
    numbers = count(first)
    headings: list[tuple[str, int]] = []
    around: list[int | None] = []  # what introduces each list or quotation around the place
    last: int | None = None  # the line before the place, if it may introduce what follows
    block, begins, names_callout, place = 0, False, False, 0
    while match := _TAG.search(text.html, place):
        tag, place = match[1] or "span", match.end()
        if match[0].startswith("</"):
            if tag in _HOLDERS and around:
                around.pop()
                last = None
        elif tag in _HOLDERS:
            around.append(last)
        elif tag in _BLOCKS:
            block, begins, last = block + 1, True, None
            names_callout = 'class="label"' in match[0]
        else:
            own, start, place = next(numbers), place, _end(text.html, place, tag)
            while tag in _HEADINGS and headings and headings[-1][0] >= tag:
                headings.pop()
            heads = [*(one for _, one in headings), *around, last if tag in _WHOLE else None]
            head = next((one for one in reversed(heads) if one is not None), None)
            html = text.html[start:place]
            plain = sentences.plain_text(html).strip()
            yield Piece(number, text.kind, tag, start, html, plain, block, begins, head)
            if tag in _HEADINGS:
                headings.append((tag, own))
            if names_callout and around:
                around[-1] = own
            introduces = tag == "span" and (around or plain.endswith((":", "：")))
            begins, names_callout, last = False, False, own if introduces else None


def _end(html: str, start: int, tag: str) -> int:
    """Return the place where the element ends whose content begins at `start`."""
    depth = 0 if tag == "hr" else 1
    place = start
    tags = re.compile(rf"<(/?){tag}(?=[ >])")
    while depth and (match := tags.search(html, place)):
        depth += -1 if match[1] else 1
        place = match.end()
        if not depth:
            return match.start()
    return len(html) if depth else start


def _labels(pieces: Sequence[Piece]) -> frozenset[int]:
    """Return the numbers of the pieces that say nothing without those that they introduce."""
    heads = {piece.head for piece in pieces if piece.head is not None}
    return frozenset(
        number
        for number, piece in enumerate(pieces)
        if piece.tag in _HEADINGS or (number in heads and not _ENDS_SENTENCE.search(piece.plain))
    )


# Points


def _words(text: str) -> frozenset[str]:
    """Return the words of a text that may tell what a story is about."""
    words = (word for chunk in tokenizer.chunks(text) for word in tokenizer.words(chunk))
    return frozenset(word for word in words if len(word) >= _SHORTEST_KEY_WORD or word.isdigit())


def _points(pieces: Sequence[Piece], number: int, key_words: frozenset[str]) -> int:
    """Return how strong a piece is, by what can be counted in it."""
    piece = pieces[number]
    is_opening = number == 0 or pieces[number - 1].kind is not piece.kind
    return (
        _OF_PART.get(piece.kind, 0)
        + _OF_OPENING.get(piece.kind, 0) * is_opening
        + min(len(key_words & _words(piece.plain)), _MOST_KEY_WORDS)
        + _OF_NUMBER * bool(_DIGIT.search(piece.plain))
        + _OF_FIRST_PERSON * bool(_FIRST_PERSON.match(piece.plain))
        + _OF_BEGINNING * piece.begins
        + _OF_BOLD * ("<strong>" in piece.html)
        + _OF_UNDONE * bool(_UNDONE.search(piece.plain))
        + _OF_WHOLE * (piece.tag in _WHOLE)
        + _OF_BLANK * _has_blank(piece)
        - len(piece.plain.split()) // _LONG
    )


def _has_blank(piece: Piece) -> bool:
    return 'class="placeholder"' in piece.html


def _is_no_line(piece: Piece) -> bool:
    """Return True for a sentence that says little by itself, or is too long to take in."""
    is_long = len(piece.plain.split()) > _MOST_WORDS_OF_LINE
    return is_long or bool(_LEANING.match(piece.plain) or _UNDONE.search(piece.plain))


# What a piece needs


def _needs(pieces: Sequence[Piece]) -> Iterator[tuple[int, ...]]:
    """Yield the numbers of the pieces, all before it, without which each piece is not clear."""
    introduced: dict[str, int] = {}
    for number, piece in enumerate(pieces):
        found = set() if piece.head is None else {piece.head}
        before = pieces[number - 1] if number else None
        if before and before.text == piece.text and before.tag == piece.tag == "span":
            found |= {number - 1} if _LEANING.match(piece.plain) else set()
        if introduced:
            names = _NAME.findall(piece.plain)
            found |= {introduced[name] for name in names if name in introduced}
        for name in _INTRODUCED.findall(piece.plain):
            introduced.setdefault(name, number)
        yield tuple(found)


def _with_needs(pieces: Sequence[Piece], number: int, placed: Container[int] = ()) -> list[int]:
    """Return a piece behind all that it needs and that is not placed yet."""
    found, waiting = {number}, [number]
    while waiting:
        needs = pieces[waiting.pop()].needs
        more = {one for one in needs if one not in placed and one not in found}
        found |= more
        waiting += more
    return sorted(found)


# The order


def _place(placed: dict[int, None], pieces: Sequence[Piece], numbers: Iterable[int]) -> None:
    """Add pieces to those that are placed, each behind what it needs."""
    for number in numbers:
        if number not in placed:
            placed.update(dict.fromkeys(_with_needs(pieces, number, placed)))


def _strongest_of_parts(pieces: Sequence[Piece]) -> Iterator[int]:
    """Yield the strongest piece of each part; a Result is told by an outcome, if it has one."""
    told = _told(pieces)
    outcome = _strongest(pieces, filter(partial(_has_outcome, pieces), told))
    yield from outcome
    for kind in (*(() if outcome else (Kind.RESULT,)), *_PARTS):
        yield from _strongest(pieces, (n for n in told if pieces[n].kind is kind))


def _others(pieces: Sequence[Piece]) -> Iterator[int]:
    """Yield all pieces by their worth; the strongest ones are among them."""
    told = _told(pieces)
    results = [number for number in told if pieces[number].kind is Kind.RESULT]
    actions = [number for number in told if pieces[number].kind is Kind.ACTION]
    first = {(pieces[n].text, pieces[n].block) for n in _strongest(pieces, actions)}
    elsewhere = (n for n in actions if (pieces[n].text, pieces[n].block) not in first)
    yield from _strongest(pieces, elsewhere)
    yield from filter(partial(_has_outcome, pieces), results)
    yield from (number for number in results if _DIGIT.search(pieces[number].plain))
    yield from sorted(told, key=lambda number: -pieces[number].points)
    yield from range(len(pieces))  # labels of nothing


def _told(pieces: Sequence[Piece]) -> list[int]:
    labels = _labels(pieces)
    return [number for number in range(len(pieces)) if number not in labels]


def _strongest(pieces: Sequence[Piece], numbers: Iterable[int]) -> list[int]:
    """Return the piece with most points, if there is any; what it needs costs some."""
    costs = ((_OF_NEED * len(_with_needs(pieces, n)) + pieces[n].points, -n) for n in numbers)
    return [-number for _, number in sorted(costs)[-1:]]


def _has_outcome(pieces: Sequence[Piece], number: int) -> bool:
    piece = pieces[number]
    return piece.kind is Kind.RESULT and bool(outcomes.find(piece.plain, 1))
