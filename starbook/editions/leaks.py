"""The last look before a public edition is put in place: does any file say what is private?

Everything is compared word by word, folded as in a redaction, so that neither case, Unicode form,
markup nor punctuation between the words hides anything.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote

import msgspec

from starbook import urls
from starbook.content import metrics
from starbook.editions.redaction import CASED, Redactor, folded
from starbook.editions.rewriter import texts
from starbook.model import Figure, Guide, Handbook, Image, Link, Redaction, Story
from starbook.problem import Problem, Severity

_WORD = re.compile(r"[^\W_]+")
_TAGS = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
# The attributes that say something in words of ours or of the content.
_TELLING = re.compile(r'\s(?:href|src|alt|title|id|value|aria-label|data-\w+)="([^"]*)"')
# Markup that stands inside a word. Two links side by side do not.
_INLINE = re.compile(r"(?<!</a>)</?(?:a|em|strong|s|small|code|wbr|b|i|u|mark|sub|sup)\b[^>]*>")
# The two numbers of a pair are read as one: `41 → 6`.
_ARROW = re.compile(r'<span class="to"[^>]*>(.*?)</span>')
# Words of two blocks are further apart than those of a term.
_APART = " " * 6
# Between the texts of a search file, so that the end of one and the next make no phrase.
_NEXT = f"{_APART}next{_APART}"
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_NO_CASE = re.compile(f"[^{CASED}]")
# Fewer letters and digits than this stand everywhere, and would prove nothing; in the bytes of a
# picture, which are as good as random, it takes more.
_LEAST, _LEAST_IN_BYTES = 3, 6
# Nor do small numbers, be it with a letter for a unit: pages give times of their own (`120 s`),
# and style sheets are full of them.
_SMALL = re.compile(r"\d{1,3}[^\W\d_]?")
# So many words in a row are no chance.
_PHRASE = 3
# The words that our layouts say of themselves. A title or id of one of them proves nothing.
_OUR_WORDS = """
    about action all aloud also and another answer are around ask asked asking assets audience
    away becomes been begin categories category chose clear close coaching column company
    contents coverage css each emptiest empty file filter first fit fits for four gaps given
    guide guides handbook have here how html index interview javascript level like links list
    listed main markdown may missing mistake more moved name needs next nojekyll nothing off one
    page pages parts phrases principle principles question questions ready result same say
    serves short sitemap situation skip speaking starbook stories story such tag tags take task
    tell text the their them then there these they this ticks time title topics under what where
    which whom with words would written xml yet yml you
"""
OUR_WORDS = frozenset(_OUR_WORDS.split())

Words = tuple[str, ...]


class Secret(msgspec.Struct, frozen=True):
    """Something private in its own words: what it is (`title`), of what (`story`), and where."""

    text: str
    what: str
    of: str
    path: str

    def __str__(self) -> str:
        """`the title of the private story stories/outage.md`."""
        return f"the {self.what} of the private {self.of} {self.path}" if self.of else self.what


_TERM = "a redacted term"
_NUMBER = "number"
# What is looked for as it stands in an address, and not as words that may stand anywhere.
_EXACT = frozenset({"id", "file name"})


def leaks(
    private: Handbook, public: Handbook, files: Mapping[str, str | bytes]
) -> tuple[Problem, ...]:
    """An error for each file of the public edition that says what only the private one may.

    What public content says as well cannot be told apart from it: it is not looked for, and each
    such secret is a warning. A redacted term must not stand anywhere.
    """
    secrets = tuple(dict.fromkeys(_secrets(private, public)))
    common = _common(_Finder(secrets), private, public)
    finder = _Finder(secret for secret in secrets if secret not in common)
    found = {path: tuple(_whole(_of_file(finder, path, data))) for path, data in files.items()}
    # What Ask shows stands on pages: one line for each of those is enough.
    shown = {hit for path, hits in found.items() if not _is_search(path) for hit in hits}
    hits = (
        _leak(path, hit)
        for path, hits in found.items()
        for hit in hits
        if not (_is_search(path) and hit in shown)
    )
    anyway = (_said_in_public(secret) for secret in secrets if secret in common)
    mentions = (
        _still_said(path, line, said)
        for path, line, said in _dead_links(private, public)
        if said.strip() and not any(finder.found(said))  # what is found is an error already
    )
    return (*hits, *anyway, *mentions)


def words(text: str) -> Words:
    """A text as it is compared."""
    return tuple(_WORD.findall(folded(text)))


def readings(path: str, data: str | bytes) -> Iterator[tuple[str, bool]]:
    """All the ways in which a file may say something: its name, its bytes, and both decoded.

    With each goes whether it is code. `meta`, `hidden` and `focus` stand in every page or style
    sheet: a single word in code says nothing.
    """
    asset, page = path.startswith("assets/"), path.endswith((".html", ".xml"))
    yield path, asset or _is_search(path)
    if isinstance(data, bytes):
        yield data.decode("utf-8", "replace"), False
        return
    if _is_search(path):
        data = _searched(path, data)
    for said in dict.fromkeys((data, _decoded(data))):
        yield said, asset or page
    if page:
        yield _decoded(_TAGS.sub(_telling, data)), False
        shown = _INLINE.sub("", _ARROW.sub(r" \1 ", data))
        yield _decoded(_TAGS.sub(_APART, shown)), False


def _is_search(path: str) -> bool:
    return path == urls.SEARCH_INDEX or path.startswith(urls.SEARCH_TEXTS)


def _searched(path: str, data: str) -> str:
    """What a file of Ask says, without the call that hands it over.

    The first line of the index is the same in every handbook, and its third has numbers alone; the
    texts of results have a number and a mark in front.
    """
    is_index = path == urls.SEARCH_INDEX
    call = data.split("\n")[1] if is_index else data
    values = msgspec.json.decode(f"[{call.partition('(')[2].rpartition(')')[0]}]")
    return _NEXT.join(_strings(values if is_index else values[2:]))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def _telling(tag: re.Match[str]) -> str:
    said = tag[0] if tag[0].startswith("<!--") else _APART.join(_TELLING.findall(tag[0]))
    return f" {said} " if _INLINE.match(tag[0]) else f"{_APART}{said}{_APART}"


def _decoded(text: str) -> str:
    text = html.unescape(text)
    if "\\u" in text:
        text = _ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), text)
    return unquote(text) if "%" in text else text


# What is private


def _secrets(private: Handbook, public: Handbook) -> Iterator[Secret]:
    shown: tuple[Story | Guide | Image, ...] = (*public.stories, *public.guides, *public.images)
    kept = {thing.path for thing in shown}
    for story in private.stories:
        if story.path not in kept:
            yield from filter(_proves, _of_story(story))
    for image in private.images:
        if image.path not in kept:
            yield from filter(_proves, _of_image(image))
    for guide in private.guides:
        if guide.path not in kept:
            yield from filter(_is_phrase, _of_guide(guide))
    for deck in private.decks:
        yield from filter(_is_phrase, [Secret(deck.name, "name", "deck", deck.path)])
    for redaction in private.settings.redact:
        yield Secret(redaction.term, _TERM, "", "handbook.yml")


def _of_story(story: Story) -> Iterator[Secret]:
    yield Secret(story.title, "title", "story", story.path)
    yield Secret(story.id, "id", "story", story.path)
    yield Secret(_stem(story.path), "file name", "story", story.path)
    for said in _numbers(story):
        yield Secret(said, _NUMBER, "story", story.path)


def _of_guide(guide: Guide) -> Iterator[Secret]:
    yield Secret(guide.title, "title", "guide", guide.path)
    yield Secret(_stem(guide.path), "file name", "guide", guide.path)


def _of_image(image: Image) -> Iterator[Secret]:
    """Its whole name, as many are called `chart`; of a telling one, the stem as well."""
    yield Secret(image.path.rsplit("/", 1)[-1], "file name", "image", image.path)
    stem = Secret(_stem(image.path), "file name", "image", image.path)
    yield from [stem] if _is_phrase(stem) else []


def _numbers(story: Story) -> Iterator[str]:
    """Those that were given; of those that were found, `2 days` would be found everywhere."""
    yield from map(_figure, story.figures)
    for figure in () if story.figures else metrics.get(story):
        apart = (figure.before, figure.value) if figure.before else ()  # `from 4,096 to 37 weeks`
        for said in (_figure(figure), *(f"{number} {figure.unit}".strip() for number in apart)):
            if sum(map(str.isdecimal, said)) >= _LEAST:
                yield said


def _figure(figure: Figure) -> str:
    return " ".join(filter(None, (figure.before, figure.value, figure.unit)))


def _stem(path: str) -> str:
    return path.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def _proves(secret: Secret) -> bool:
    """Whether it is telling enough to be looked for."""
    said = "".join(words(secret.text))
    return len(said) >= _LEAST and not (secret.what == _NUMBER and _SMALL.fullmatch(said))


def _is_phrase(secret: Secret) -> bool:
    return len(words(secret.text)) >= _PHRASE


# What public content says too


def _common(finder: "_Finder", private: Handbook, public: Handbook) -> set[Secret]:
    """The secrets that public content, or our layouts, say by chance.

    The words of a link to something private are no chance, nor is a phrase in a guide or a note:
    they speak of it.
    """
    named = _heard(finder, (*_names(public), *OUR_WORDS))
    told = _heard(finder, (prose.text for story in public.stories for prose in story.proses()))
    noted = _heard(finder, _notes(public))
    chance = told | {hit for hit in noted if hit.what == _NUMBER or not _is_phrase(hit)}
    spoken_of = _heard(finder, (said for _, _, said in _dead_links(private, public)))
    return {hit for hit in named | (chance - spoken_of) if hit.what != _TERM}


def _heard(finder: "_Finder", said: Iterable[str]) -> set[Secret]:
    return {hit for text in said for hit in finder.found(text)}


def _names(public: Handbook) -> Iterator[str]:
    """Titles, names, wordings, headings, numbers and the like."""
    bare = msgspec.structs.replace
    guides = tuple(bare(guide, headings=()) for guide in public.guides)
    questions = tuple(bare(question, stories=()) for question in public.questions)
    yield from texts(bare(public, guides=guides, questions=questions))
    yield from (_figure(figure) for story in public.stories for figure in metrics.get(story))


def _notes(public: Handbook) -> Iterator[str]:
    """What is published as a whole, and hardly ever read again before it is."""
    yield from (guide.body.text for guide in public.guides)
    for question in public.questions:
        yield question.notes.text
        yield from (choice.note for choice in question.stories)


def _dead_links(private: Handbook, public: Handbook) -> Iterator[tuple[str, int, str]]:
    """Where public content links to what is left out: the file, the line and the link's words."""
    sources = {path for path, _ in public.proses()}
    here, there = urls.by_source(private), urls.by_source(public)
    for path, prose in private.proses() if sources else ():
        for i, part in enumerate(prose.parts if path in sources else ()):
            if isinstance(part, Link) and not part.image:
                dead = not urls.resolve(part.target, path, there)
                if dead and urls.resolve(part.target, path, here):
                    yield path, part.line, _link_words(prose.parts[i + 1 :])


def _link_words(parts: Iterable[str | Link]) -> str:
    markup = "".join(part for part in parts if isinstance(part, str))
    return html.unescape(_TAGS.sub("", markup.partition(">")[2].partition("</a>")[0]))


# Looking


class _Finder:
    """Finds secrets in a text."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self.index: dict[str, list[tuple[Words, Secret]]] = {}
        # In scripts without spaces, a phrase stands inside of what looks like one long word.
        self.solid: dict[str, list[Secret]] = {}
        self.terms: dict[str, Secret] = {}
        for secret in secrets:
            if secret.what == _TERM:
                self.terms[secret.text] = secret
            elif said := words(secret.text):
                self.index.setdefault(said[0], []).append((said, secret))
                if _NO_CASE.search("".join(said)):
                    self.solid.setdefault("".join(said), []).append(secret)
        self.redactor = Redactor(Redaction(term, "") for term in self.terms)

    def found(self, text: str) -> Iterator[Secret]:
        """Every secret that a text says, perhaps more than once."""
        same = folded(text)
        said = _WORD.findall(same)
        for i, word in enumerate(said):
            for wanted, secret in self.index.get(word, ()):
                if tuple(said[i : i + len(wanted)]) == wanted and _fits(secret, same):
                    yield secret
        whole = "".join(said) if self.solid else ""
        for solid, secrets in self.solid.items():
            yield from secrets if solid in whole else ()
        yield from (self.terms[term] for term in self.redactor.said(same))


def _fits(secret: Secret, same: str) -> bool:
    """Whether it stands there as a whole, if it is such that must: `co-1` and not `co 1`."""
    if secret.what not in _EXACT:
        return True
    return bool(re.search(rf"(?<![\w-]){re.escape(folded(secret.text))}(?![\w-])", same))


def _of_file(finder: _Finder, path: str, data: str | bytes) -> tuple[Secret, ...]:
    least = _LEAST_IN_BYTES if isinstance(data, bytes) else 0
    found = {
        hit: None
        for said, code in readings(path, data)
        for hit in finder.found(said)
        if not (code and len(words(hit.text)) == 1) and len("".join(words(hit.text))) >= least
    }
    return tuple(found)


def _whole(hits: tuple[Secret, ...]) -> Iterator[Secret]:
    """Without an id that was found only because the title holds it, and the like."""
    for i, hit in enumerate(hits):
        before, after = hits[:i], hits[i + 1 :]
        within = any(_holds(other, hit) and not _holds(hit, other) for other in after)
        if not within and not any(_holds(other, hit) for other in before):
            yield hit


def _holds(other: Secret, hit: Secret) -> bool:
    inside = f" {' '.join(words(hit.text))} " in f" {' '.join(words(other.text))} "
    return inside and other.path == hit.path


def _leak(path: str, secret: Secret) -> Problem:
    hint = "say it otherwise there, give it another name, or `redact:` it in handbook.yml"
    return Problem(path, 0, f"says `{secret.text}`, {secret}", hint, "leak")


def _still_said(path: str, line: int, said: str) -> Problem:
    message = f"`{said}` links to what is not published, and its words stay"
    hint = "check that they may, or say it otherwise"
    return Problem(path, line, message, hint, "dead-mention", Severity.WARNING)


def _said_in_public(secret: Secret) -> Problem:
    message = f"its {secret.what} `{secret.text}` stands in the public edition anyway"
    hint = "check that it may: it is not looked for"
    return Problem(secret.path, 0, message, hint, "said-in-public", Severity.WARNING)
