"""Where a text can be cut: rendered prose in sentences, and a sentence after its first clause.

Works on the HTML that `prose` makes, so that emphasis, code and links stay what they are. A card
shows the sentences of an Action one under the other, and leaves out of a long one what follows the
first clause.
"""

import re
from collections.abc import Iterator
from html import unescape
from itertools import pairwise

_TOKEN = re.compile(r"<[^>]+>|[^<]+")
_TAGS = re.compile(r"<[^>]+>")
_NAME = re.compile(r"</?([a-z0-9]+)")
_INLINE = frozenset("a b br code del em i img input s small span strong sub sup".split())
_VOID = frozenset({"br", "img", "input"})
# What stands in these is left as it is: a cell, a heading or a line of code is no sentence.
_WHOLE = frozenset("pre table h1 h2 h3 h4 h5 h6 label".split())

# A sentence ends with one of these, and what closes a quotation or bracket after it; the next
# begins with no small letter. Chinese and Japanese put no space between.
_END = re.compile(
    r"""[.!?…]+(?:&quot;|["”’»)\]])*(?=\s+(?![a-zà-ÿ]))\s+ | [。！？]+[」』”）]*(?=.)""",
    re.VERBOSE | re.DOTALL,
)
_SHORT = re.compile(
    r"""(?: \b(?:e\.g|i\.e|etc|vs|cf|approx|incl|no|nr|vol|fig|mr|mrs|ms|dr|prof|st|inc|ltd|jr|sr
        |jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec) | (?:^|[\s(.])[A-Z] ) \.$""",
    re.VERBOSE | re.IGNORECASE,
)
_LONGEST_SHORT = len(" approx.") + 1
_QUOTES = re.compile(r'&quot;|["“”«»「」（）()]')
_OPENING, _CLOSING, _EITHER = "“«「（(", "”»」）)", '"'

# Where a clause may end. What is left out begins with the sign or word itself.
_CLAUSE = re.compile(
    r"""(?<!&quot)(?<!&amp)(?<!&lt)(?<!&gt)[,;:](?=\s) | \s[–—-](?=\s) | \s(?=\()
        | \s(?=(?:because|so\ that|which|while|although)\s)""",
    re.VERBOSE,
)
_LEAST_SAID, _LEAST_LEFT_OUT = 4, 3  # words
_NUMBER = re.compile(r"\d")
_WORD = re.compile(r"\w+")
_DANGLING = re.compile(
    r"\s(?:and|or|but|the|a|an|of|to|for|with|in|on|at|by|from|that)$", re.IGNORECASE
)


def marked(html: str) -> str:
    """Prose with each sentence in a `<span class="b">`.

    What may be left out of one stands in a `<span class="rest">` inside of it. No word
    is added, moved or lost.
    """
    out: list[str] = []
    run: list[str] = []
    whole = 0
    for token in _TOKEN.findall(html):
        tag = _tag(token)
        if tag in _WHOLE:
            whole += -1 if token.startswith("</") else 1
        if whole == 0 and (not tag or tag in _INLINE):
            run.append(token)
            continue
        out += _run(run)
        run = []
        out.append(token)
    return "".join((*out, *_run(run)))


def split(text: str) -> list[str]:
    """The sentences of a plain text; each line begins a new one."""
    sentences = []
    for line in text.splitlines():
        starts = [0, *_boundaries(line), len(line)]
        pieces = (line[a:b].strip() for a, b in pairwise(starts))
        sentences += [piece for piece in pieces if piece]
    return sentences


def first_clause(sentence: str) -> str:
    """A plain sentence up to where its first clause ends, without the sign that ended it.

    Never cut before a number: `from 3.2` says nothing without `to 4.1`.
    """
    cut = _clause_end(sentence)
    return sentence if cut is None else sentence[:cut].rstrip()


def in_short(sentence: str, words: int) -> str:
    """The gist of a plain sentence: its first clause, and of that the first words.

    `…` stands where words were left out. A clause with numbers in it is cut after the last of
    them, unless that takes more than twice as many words.
    """
    said = first_clause(sentence)
    cut = said != sentence
    pieces = said.split()
    numbers = (i + 1 for i, word in enumerate(pieces[: 2 * words]) if _NUMBER.search(word))
    last = max(numbers, default=0)
    keep = max(words, last + 1 if last else 0)
    if len(pieces) > keep + 1:  # a single word more costs no more room than the sign
        said, cut = " ".join(pieces[:keep]), True
        while dangling := _DANGLING.search(said):
            said = said[: dangling.start()]
    said = said.rstrip(".,;:。")
    return f"{said}\N{NO-BREAK SPACE}…" if cut else said


def _tag(token: str) -> str:
    """The name of a tag, or nothing for text."""
    found = _NAME.match(token) if token.startswith("<") else None
    return found[1] if found else ""


def _run(tokens: list[str]) -> Iterator[str]:
    """Text and inline tags between two blocks, each sentence in a span of its own."""
    if not tokens or "".join(tokens).isspace():
        yield from tokens
        return
    for sentence in _cut(tokens):
        text = "".join(sentence)
        if not text.strip():
            yield text
            continue
        lead = text[: len(text) - len(text.lstrip())]
        tail = text[len(text.rstrip()) :]
        yield f'{lead}<span class="b">{_with_rest(text.strip())}</span>{tail}'


def _depths(tokens: list[str]) -> Iterator[tuple[str, int | None]]:
    """Each token; of a text, in how many tags it stands, and of a tag None."""
    depth = 0
    for token in tokens:
        tag = _tag(token)
        if tag and tag not in _VOID:
            depth += -1 if token.startswith("</") else 1
        yield token, None if tag else depth


def _cut(tokens: list[str]) -> Iterator[list[str]]:
    """The tokens of each sentence. One ends only outside of emphasis, links and code."""
    sentence: list[str] = []
    said = ""  # so far in this sentence, without tags
    for token, inside in _depths(tokens):
        if inside is None:
            sentence.append(token)
            continue
        start = 0
        for end in () if inside else _boundaries(token, said):
            sentence.append(token[start:end])
            yield sentence
            sentence, said, start = [], "", end
        sentence.append(token[start:])
        said += token[start:]
    yield sentence


def _boundaries(text: str, before: str = "") -> Iterator[int]:
    """Where the next sentence begins, after each sentence that ends in the text.

    `before` is what the sentence said already.
    """
    begun = -len(before)
    whole = before + text
    for found in _END.finditer(text):
        end = len(before) + found.end()
        said = whole[begun + len(before) : end].rstrip()
        # Only its end is looked at: an abbreviation is looked for from each letter on.
        if not _SHORT.search(said[-_LONGEST_SHORT:]) and _balanced(said):
            yield found.end()
            begun = found.end()


def _balanced(text: str) -> bool:
    """Whether each quotation and bracket that was opened is closed."""
    found = _QUOTES.findall(text)
    if not found:
        return True
    marks = [mark.replace("&quot;", '"') for mark in found]
    open_ = sum((mark in _OPENING) - (mark in _CLOSING) for mark in marks)
    return open_ <= 0 and sum(mark == _EITHER for mark in marks) % 2 == 0


def _with_rest(sentence: str) -> str:
    """A sentence of HTML, what may be left out of it in a span."""
    if not _CLAUSE.search(sentence):
        return sentence
    at = 0
    for token, inside in _depths(_TOKEN.findall(sentence)):
        for found in _CLAUSE.finditer(token) if inside == 0 else ():
            cut = at + found.start()
            if _may_cut(_text(sentence[:cut]), _text(sentence[cut:])):
                return f'{sentence[:cut]}<span class="rest">{sentence[cut:]}</span>'
        at += len(token)
    return sentence


def _clause_end(sentence: str) -> int | None:
    ends = (found.start() for found in _CLAUSE.finditer(sentence))
    return next((end for end in ends if _may_cut(sentence[:end], sentence[end:])), None)


def _may_cut(said: str, left_out: str) -> bool:
    return (
        len(said.split()) >= _LEAST_SAID
        and len(_WORD.findall(left_out)) >= _LEAST_LEFT_OUT
        and not _NUMBER.search(left_out)
        and _balanced(said)
    )


def _text(html: str) -> str:
    return unescape(_TAGS.sub("", html) if "<" in html else html)
