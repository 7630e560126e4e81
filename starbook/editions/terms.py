"""Redacted terms: where a text says one of them, in whichever spelling."""

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from starbook.editions import spelling
from starbook.editions.spelling import AS_WRITTEN, BREAK, CASED, MARKS, Form, fold
from starbook.model import Redaction

# What no term reaches across, such as the end of a block: white space that `_BETWEEN` leaves out.
GAP = " \x1c "
_CASED = re.compile(f"[{CASED}]")
_SPACE = re.compile(r"[\s_\-\u2010-\u2015\u2212]+")
# Between the words of a term: spaces, hyphens, and markup that is shown as it was written.
_BETWEEN = r"[^\S\x1c]*+(?:(?:[^\w\s]|_)[^\S\x1c]*+){0,4}"
# A shorter term inside a longer word is too often no name: `Ann` in `JoAnn`.
_LONG = 4


class Hit(msgspec.Struct, frozen=True):
    """An occurrence of a term in a text, and what stands in its place."""

    start: int
    end: int
    term: str
    instead: str


class TermFinder:
    """The compiled terms of a handbook."""

    def __init__(self, redactions: Iterable[Redaction]) -> None:
        # A longer term goes first: `Acme Payments` before `Acme`.
        self.redactions = sorted(redactions, key=lambda redaction: -len(redaction.term))
        self._patterns = [_patterns(redaction.term) for redaction in self.redactions]
        # A text without one of these does not say the term. Looking for them is much quicker.
        self._keys = [
            (key, number)
            for number, redaction in enumerate(self.redactions)
            for key in _keys(redaction.term)
        ]
        self._compiled: dict[tuple[int, ...], re.Pattern[str]] = {}

    def find(self, text: str) -> Sequence[Hit]:
        """Return the occurrences of terms in all forms of `text`, in order and without overlaps."""
        forms = self._forms(text, plurals=True)
        hits = [hit for form, candidates in forms for hit in self._hits(text, form, candidates)]
        found: list[Hit] = []
        for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
            if not found or hit.start >= found[-1].end:
                found.append(hit)
        return found

    def find_terms(self, text: str) -> Iterator[str]:
        """Yield the terms that `text` says, for a text that is searched only.

        A plural is not one of them: `Levels` stands on many pages.
        """
        for form, candidates in self._forms(text, plurals=False):
            yield from (hit.term for hit in self._hits(text, form, candidates))

    def _forms(self, text: str, plurals: bool) -> Iterator[tuple[Form, tuple[int, ...]]]:
        """Yield the forms in which `text` may say terms, with the numbers of these."""
        if not self._keys:
            return
        folded = fold(text)
        candidates = self._candidates(folded)
        if candidates:
            yield AS_WRITTEN, candidates
        for form in spelling.other_forms(text, plurals):
            letters = form.folded(text) if form.letters else folded
            if letters != folded:
                candidates = self._candidates(letters)
            if candidates:
                yield form, candidates

    def _candidates(self, folded: str) -> tuple[int, ...]:
        return tuple(dict.fromkeys(number for key, number in self._keys if key in folded))

    def _hits(self, text: str, form: Form, candidates: tuple[int, ...]) -> Iterator[Hit]:
        reading = form.read(text)
        for match in self._pattern(candidates, form.is_unmarked).finditer(reading.text):
            start, end = reading.starts[match.start()], reading.ends[match.end() - 1]
            while end < len(text) and not fold(text[end]):  # invisible signs go with the term
                end += 1
            redaction = self.redactions[candidates[(match.lastindex or 1) - 1]]
            if form.is_unmarked and not _is_bounded(
                match, text[start - 1 : start], text[end : end + 1]
            ):
                continue
            if form is AS_WRITTEN or not _is_kept(text, start, end, redaction):
                yield Hit(start, end, redaction.term, redaction.instead)

    def _pattern(self, numbers: tuple[int, ...], is_unmarked: bool) -> re.Pattern[str]:
        key = (is_unmarked, *numbers)
        if key not in self._compiled:
            patterns = (f"({self._patterns[number][is_unmarked]})" for number in numbers)
            self._compiled[key] = re.compile("|".join(patterns))
        return self._compiled[key]


def _is_bounded(match: re.Match[str], before: str, after: str) -> bool:
    """Return True if a term found without boundaries ends a word there, or is beside markup."""
    start, end, text = match.start(), match.end(), match.string
    begins_inside = _CASED.match(text, start) and start and _CASED.match(text, start - 1)
    ends_inside = _CASED.match(text, end - 1) and _CASED.match(text, end)
    return not ((begins_inside and before not in MARKS) or (ends_inside and after not in MARKS))


def word_at(text: str, start: int, end: int) -> str:
    """Return the whole word around a part of a text."""
    before, after = _WORD_END.search(text, max(0, start - 100), start), _WORD_START.match(text, end)
    return (before[0] if before else "") + text[start:end] + (after[0] if after else "")


_WORD_END, _WORD_START = re.compile(r"\w*\Z"), re.compile(r"\w{0,100}")


def _is_kept(text: str, start: int, end: int, redaction: Redaction) -> bool:
    return bool(redaction.keep) and fold(word_at(text, start, end)) in map(fold, redaction.keep)


def _words(term: str) -> list[str]:
    return [word for word in _SPACE.split(fold(spelling.break_capitals(term))) if word]


def _keys(term: str) -> tuple[str, ...]:
    """Return a word of each spelling of `term`, as texts have it folded."""
    found = []
    for spelt in spelling.spellings(term):
        pieces = re.findall(r"[^\W_]+", "".join(_words(spelt)[:1]).replace(BREAK, ""))
        found += [max(pieces, key=len)] if pieces else [""]
    return tuple(dict.fromkeys(found))


def _patterns(term: str) -> tuple[str, str]:
    """Return the pattern of a term, and the one for a text whose markup is left out."""
    spelt = map(_spelling_patterns, spelling.spellings(term))
    bounded, unbounded = (
        "|".join(dict.fromkeys(patterns)) for patterns in zip(*spelt, strict=True)
    )
    return bounded, unbounded


def _spelling_patterns(term: str) -> tuple[str, str]:
    """Return the pattern of a folded term at word boundaries, and the one without boundaries.

    A short term has boundaries in both, since its letters are in too many words.
    """
    words = _words(term)
    if not words:
        return "(?!)", "(?!)"
    last = words[-1].rstrip(".,!?") or words[-1]
    stop = words[-1][len(last) :]  # `Acme Inc.` and `Yahoo!` are also written without it
    body = _BETWEEN.join(map(_word_pattern, (*words[:-1], last)))
    is_long = sum(map(str.isalnum, "".join(words))) >= _LONG
    word = CASED if is_long else CASED + BREAK
    before = f"(?<![{word}])" if re.match(f"[{CASED}]", words[0]) else ""
    after = f"(?![{word}])" if re.search(f"[{CASED}]$", last) else ""
    body += f"(?:{re.escape(stop)})?" if stop else ""
    bounded = before + body + after
    return bounded, body if is_long else bounded


def _word_pattern(word: str) -> str:
    """Return the pattern of a word; in an address, `O'Neil` is `oneil` and `AT&T` is `at-t`."""
    pieces = re.split(r"(?<=[^\W_])([\W_])(?=[^\W_])", word)
    signs = {"'": "'?", "&": r"(?:\s?&\s?|-)", BREAK: f"{BREAK}?"}
    separators = (signs.get(p) or rf"(?:{re.escape(p)}|-)" for p in pieces[1::2])
    first, *others = map(_piece_pattern, pieces[::2])
    return first + "".join(sign + piece for sign, piece in zip(separators, others, strict=True))


def _piece_pattern(piece: str) -> str:
    """Return the pattern of a part of a word; its last `s` may look like the end of a plural."""
    pattern = re.escape(piece)
    return f"{pattern[:-1]}{BREAK}?s" if re.search("[^\\W\\d_]s$", piece) else pattern
