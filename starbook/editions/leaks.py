"""The last check of a public edition: search every file for private texts before it is published.

Texts are compared word by word, folded as for redaction, so that case, Unicode form, markup and
punctuation between the words make no difference.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial

import msgspec

from starbook import urls
from starbook.content import metrics
from starbook.content.footnotes import RENDERED_REFERENCE
from starbook.content.references import companies
from starbook.content.rewriter import texts
from starbook.content.yaml_nodes import quote
from starbook.editions.compounds import Compound, find_compounds
from starbook.editions.mentions import Mention, content_texts, find_mentions
from starbook.editions.public import without_private_answer
from starbook.editions.spelling import CASED, decode, fold
from starbook.editions.terms import GAP, TermFinder
from starbook.model import Figure, Guide, Handbook, Image, Item, Link, Story
from starbook.problem import Problem, Severity
from starbook.text import names, sentences, tokenizer

_WORD = re.compile(r"[^\W_]+")
_TAGS = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
# The attributes with a text of the layouts or the content.
_ATTRIBUTES = re.compile(r'\s(?:href|src|alt|title|id|value|aria-label|data-\w+)="([^"]*)"')
# Tags that may stand inside a word. Two links side by side are two words.
_INLINE = re.compile(r"(?<!</a>)</?(?:a|em|strong|s|small|code|kbd|wbr|b|i|u|mark|sub|sup)\b[^>]*>")
# The two numbers of a pair are read as one: `41 → 6`.
_ARROW = re.compile(r'<span class="arrow"[^>]*>(.*?)</span>')
# Between the texts of a search file, so that the end of one and the next form no phrase.
_SEPARATOR = f"{GAP}next{GAP}"
_LINKED = re.compile(r'<a href="([^"]+)"')
_MARKS = re.compile(r"[*`\\]")
_NO_CASE = re.compile(f"[^{CASED}]")
# Texts with fewer letters and digits occur everywhere and prove nothing. The bytes of a picture are
# nearly random, so a text in them has to be longer.
_MIN_LENGTH, _MIN_LENGTH_IN_BYTES = 3, 6
# Small numbers prove nothing either, with or without a letter for the unit: pages have times of
# their own (`120 s`), and style sheets are full of numbers.
_SMALL_NUMBER = re.compile(r"\d{1,3}[^\W\d_]?")
# What a text of the interface does not say itself: code, and values.
_NOT_SAID = re.compile(r"`[^`]*`|\{\w+\}")
# This many words in a row are no coincidence.
_PHRASE_LENGTH = 3
# So many letters and digits in a sentence are none either; half of them in Chinese and the like.
_SENTENCE_LENGTH = 24
# The words in addresses, anchors and names of files. A title or id that is one of them, or a word
# of the interface, proves nothing.
_ADDRESS_WORDS = frozenset(
    """
    assets checkboxes css fnref folds footnotes gaps html index links nojekyll phrases position
    reading sets sitemap switch xml
    """.split()
)


class Secret(msgspec.Struct, frozen=True):
    """A private text: its `kind`, such as `title`, and the kind and path of its `owner`."""

    text: str
    kind: str
    owner: str
    path: str

    def __str__(self) -> str:
        """Return a description: `the title of the private story stories/outage.md`."""
        owner = f"the private {self.owner} {self.path}"
        return f"the {self.kind} of {owner}" if self.owner else self.kind


# The rules of warnings by which public pages may name what is private. Only a person can tell.
MAY_TELL = frozenset({"said-in-public", "private-mention", "possible-term"})

# The content file of a link to a private page, the link, and its words.
_DeadLink = tuple[str, Link, str]

_MENTION = "dead-mention"
_TERM = "a redacted term"
_NUMBER = "number"
_PERSON = "name of a person"
# Kinds that have to match exactly, as they are written in an address.
_EXACT = frozenset({"id", "file name"})


def find_leaks(
    private: Handbook,
    public: Handbook,
    files: Mapping[str, str | bytes],
    read: Callable[[str], str] = lambda path: "",
    texts_of_pages: Iterable[str] = (),
    *,
    practised: Iterable[tuple[str, str]] = (),
) -> tuple[Problem, ...]:
    """Return an error for each private text in each file of the public edition.

    A text that public content has as well cannot be told apart from it: it is not searched for, and
    is a warning. Redacted terms, people of interviews, and addresses of private stories are never
    excused. `read` returns the text of a content file, to name the line of a fault in it.
    `texts_of_pages` are those of the interface. `practised` are the files and ids of answers in
    practice.
    """
    shown_texts = tuple(content_texts(public))
    terms = TermFinder(private.settings.redact)
    mentions = tuple(find_mentions(shown_texts, private, public))
    reported = {(one.story, fold_words(one.found)) for one in mentions if one.is_address}
    secrets = tuple(
        secret
        for secret in dict.fromkeys((*_secrets(private, public), *_records(practised)))
        if secret.kind not in _EXACT or (secret.path, fold_words(secret.text)) not in reported
    )
    # The public edition has the files of questions, but not the private answers in them.
    questions = tuple(map(without_private_answer, private.questions))
    shown = msgspec.structs.replace(private, questions=questions)
    dead = tuple(_dead_links(shown, public))
    ours = our_words(texts_of_pages)
    common = _common_secrets(_Finder(secrets, terms), public, dead, ours)
    finder = _Finder((secret for secret in secrets if secret not in common), terms)
    problems = [_mention_problem(mention, read) for mention in mentions]
    problems += _leaks(finder, files, partial(_joined_terms, finder, shown_texts, read))
    problems += (_common_problem(secret) for secret in secrets if secret in common)
    problems += _dead_link_problems(dead, finder)
    compounds = find_compounds(shown_texts, private.settings.redact)
    problems += (_compound_problem(compound, read) for compound in compounds)
    problems += _dropped_links(terms, shown, public, read)
    return tuple(problems)


def _mention_problem(mention: Mention, read: Callable[[str], str]) -> Problem:
    """Return the error for an address of what is private, or the warning for words of its id.

    Bad:  As in stories/night-outage.md, I asked first.
    Good: As once before, I asked first.
    """
    says = f"says `{mention.found}`, the {mention.kind} of the private {mention.what} "
    hint = "reword it there, publish that story, or give it another name"
    if mention.what == "interview":
        hint = "reword it there, or give it another name"
    severity = Severity.ERROR if mention.is_address else Severity.WARNING
    line = _line_of(mention.found, read(mention.path))
    says += mention.story
    return Problem(mention.path, line, says, hint, "private-mention", severity)


def _common_problem(secret: Secret) -> Problem:
    """Return the warning for a private text that public content has as well.

    Bad:  `title: Night outage` in a private story, and `the night outage` in a public one
    Good: the same, once it was checked that the public one may say so
    """
    says = f"its {secret.kind} `{secret.text}` stands in the public edition anyway"
    hint = "check that it may: it is not looked for"
    return Problem(secret.path, 0, says, hint, "said-in-public", Severity.WARNING)


def _dead_link_problems(dead: Iterable[_DeadLink], finder: "_Finder") -> Iterator[Problem]:
    """Yield a warning for each link to a private page: its words stay, or it is left out.

    Bad:  We did it [once before](outage.md), as in [[night-outage]].
    Good: We did it once before.
    """
    for path, link, text in dead:
        if link.words:
            says = f"`[[{text}]]` links to what is not published, and is left out"
            hint = "write `[[…|words]]` for words that stay"
            yield Problem(path, link.line, says, hint, _MENTION, Severity.WARNING)
        elif text.strip() and not any(finder.find(text)):  # otherwise it is an error already
            says = f"`{text}` links to what is not published, and its words stay"
            hint = "check that they may, or reword it"
            yield Problem(path, link.line, says, hint, _MENTION, Severity.WARNING)


def _compound_problem(compound: Compound, read: Callable[[str], str]) -> Problem:
    """Return the warning for a word that may mean a redacted term.

    Bad:  Acmeology, while `Acme` is a term
    Good: the same, with `{term: Acmeology, as: …}` or with `keep: [Acmeology]` at the term `Acme`
    """
    word, term, (path, *others) = compound.word, compound.term, compound.paths
    also = f", here and in {len(others)} more" if others else ""
    says = f"`{word}` may mean the redacted term `{term}`, and stays{also}"
    hint = f"add `{{term: {word}, as: …}}` to `redact:`, or `keep: [{word}]` to the term `{term}`"
    line = _line_of(word, read(path))
    return Problem(path, line, says, hint, "possible-term", Severity.WARNING)


def _dropped_links(
    terms: TermFinder, private: Handbook, public: Handbook, read: Callable[[str], str]
) -> Iterator[Problem]:
    """Yield a warning for each link that is left out since its address has a redacted term.

    Bad:  [our client](https://acme.example)
    Good: our client
    """
    paths = {path for path, _ in public.proses()}
    hint = "check that the text reads well without it"
    for path, prose in private.proses() if terms.redactions else ():
        for part in prose.parts if path in paths else ():
            for found in _LINKED.findall(part) if isinstance(part, str) else ():
                address = html.unescape(found)
                if hits := terms.find(address):
                    says = f"the link to `{address}` is left out: it says `{hits[0].term}`"
                    line = _line_of(address, read(path))
                    yield Problem(path, line, says, hint, "redacted-link", Severity.WARNING)


def _line_of(found: str, text: str) -> int:
    """Return the first line of `text` that says `found`, as written or as shown, or 0."""
    for read in (fold, lambda line: fold(decode(line)), lambda line: _MARKS.sub("", fold(line))):
        wanted = read(found)
        if number := _first_line(text, lambda line: wanted in read(line)):  # noqa: B023 (at once)
            return number
    return 0


def _first_line(text: str, is_meant: Callable[[str], bool]) -> int:
    numbered = enumerate(text.split("\n"), 1)
    return next((number for number, line in numbered if is_meant(line)), 0)


def _leaks(
    finder: "_Finder",
    files: Mapping[str, str | bytes],
    find_joined: Callable[[Secret], Iterator[Problem]],
) -> Iterator[Problem]:
    leaks = {path: tuple(_find_in_file(finder, path, data)) for path, data in files.items()}
    # The texts of search results come from pages: one error for each of those is enough.
    on_pages = {secret for path in leaks if not _is_data(path) for secret in leaks[path]}
    hint = "reword it there, give it another name, or `redact:` it in handbook.yml"
    for path, secrets in leaks.items():
        for secret in secrets:
            if _is_data(path) and secret in on_pages:
                continue
            found = list(find_joined(secret)) if _is_data(path) else []
            yield from found
            if not found:
                yield Problem(path, 0, f"says `{secret.text}`, {secret}", hint, "leak")


def _joined_terms(
    finder: "_Finder",
    shown_texts: Iterable[tuple[str, str]],
    read: Callable[[str], str],
    secret: Secret,
) -> Iterator[Problem]:
    """Yield an error for each text that says a term only as the search reads it, without signs.

    Bad:  We moved it to ac-me, while `Acme` is a term
    Good: the same, with `{term: ac-me, as: …}`
    """
    for path, text in shown_texts if secret.kind == _TERM else ():
        for chunk in dict.fromkeys(tokenizer.chunks(text)):
            if secret in finder.find(" ".join(tokenizer.words(chunk))):
                said = partial(_says_chunk, chunk)
                says = f"says `{chunk}`, which the search joins to `{secret.text}`, {secret}"
                hint = f"add `{{term: {quote(chunk)}, as: …}}` to `redact:`, or reword it"
                yield Problem(path, _first_line(read(path), said), says, hint, "leak")


def _says_chunk(chunk: str, line: str) -> bool:
    return any(
        chunk in tokenizer.chunks(text) for text in (line, decode(line), _MARKS.sub("", line))
    )


def fold_words(text: str) -> tuple[str, ...]:
    """Return the words of `text` as they are compared."""
    return tuple(_WORD.findall(fold(text)))


def readings(path: str, data: str | bytes) -> Iterator[tuple[str, bool]]:
    """Yield the ways to read a file: its name, its content, the decoded content, the shown text.

    With each goes whether it is code. `meta`, `hidden` and `focus` occur in every page or style
    sheet, so a single word in code proves nothing.
    """
    asset = path.startswith("assets/")
    page = path.endswith((".html", ".xml")) or path.startswith(urls.PRACTICE_TEXTS)
    yield path, asset or _is_data(path)
    if isinstance(data, bytes):
        yield data.decode("utf-8", "replace"), False
        return
    if _is_data(path):
        data = _texts_of_data(path, data)
    for text in dict.fromkeys((data, decode(data))):
        yield text, asset or page
    if page:
        yield decode(_TAGS.sub(_tag_texts, data)), False
        shown = RENDERED_REFERENCE.sub("", _ARROW.sub(r" \1 ", data))
        shown = _INLINE.sub("", shown)
        yield decode(_TAGS.sub(GAP, shown)), False


def _is_data(path: str) -> bool:
    """Return True for what Ask and the practice page read: its texts are on other pages too."""
    begins = (urls.SEARCH_TEXTS, urls.PRACTICE_DATA)
    return path == urls.SEARCH_INDEX or path.startswith(begins)


def _texts_of_data(path: str, data: str) -> str:
    """Return the texts in such a file, without the JavaScript call around them.

    The first line of the index is the same in every handbook, and its third has only numbers; the
    texts of results follow a number and a mark.
    """
    call = data.split("\n")[1] if path == urls.SEARCH_INDEX else data
    values = msgspec.json.decode(f"[{call.partition('(')[2].rpartition(')')[0]}]")
    has_mark = path.startswith((urls.SEARCH_TEXTS, urls.PRACTICE_TEXTS))
    return _SEPARATOR.join(texts(values[2:] if has_mark else values))


def _tag_texts(tag: re.Match[str]) -> str:
    """Return a comment, or the texts in the attributes of a tag."""
    text = tag[0] if tag[0].startswith("<!--") else GAP.join(_ATTRIBUTES.findall(tag[0]))
    return f" {text} " if _INLINE.match(tag[0]) else f"{GAP}{text}{GAP}"


# Secrets


def _secrets(private: Handbook, public: Handbook) -> Iterator[Secret]:
    kept: tuple[Story | Guide | Image, ...] = (*public.stories, *public.guides, *public.images)
    paths = {entry.path for entry in kept}
    for story in private.stories:
        if story.path not in paths:
            found = [
                (story.title, "title"),
                (story.id, "id"),
                (names.stem(story.path), "file name"),
            ]
            found += [(number, _NUMBER) for number in _numbers(story)]
            secrets = (Secret(text, kind, "story", story.path) for text, kind in found)
            yield from filter(_is_distinctive, secrets)
    for image in private.images:
        if image.path not in paths:  # many are called `chart`, so a short stem proves nothing
            name = Secret(image.path.rsplit("/", 1)[-1], "file name", "image", image.path)
            yield from filter(_is_distinctive, [name])
            yield from filter(
                _is_phrase, [msgspec.structs.replace(name, text=names.stem(image.path))]
            )
    for guide in private.guides:
        if guide.path not in paths:
            title = Secret(guide.title, "title", "guide", guide.path)
            stem = Secret(names.stem(guide.path), "file name", "guide", guide.path)
            yield from filter(_is_phrase, [title, stem])
    yield from _angle_secrets(private, public)
    yield from _secrets_of_answers(private, public)
    for deck in private.decks:
        yield from filter(_is_phrase, [Secret(deck.name, "name", "deck", deck.path)])
    yield from _secrets_of_interviews(private, public)
    yield from _secrets_of_levels(private, public)
    for redaction in private.settings.redact:
        yield Secret(redaction.term, _TERM, "", "handbook.yml")


def _angle_secrets(private: Handbook, public: Handbook) -> Iterator[Secret]:
    """Yield the lines of angles that are left out of public stories, and whom they are for.

    A company that the public edition has in a list is no secret.
    """
    told = {story.path: {item.line for item in story.angles} for story in public.stories}
    known = {*companies(public.questions, public.principles)}
    for story in private.stories:
        for item in story.angles if story.path in told else ():
            if item.line in told[story.path]:
                continue
            yield from _lines_of_entry(item, "angle in", story.path)
            kind, _, ident = (item.ref.to if item.ref else "").partition("/")
            if kind not in ("principle", "category", "question") and ident not in known:
                name = Secret(item.title.text.strip(), "company", "angle in", story.path)
                yield from filter(_is_distinctive, [name])


def _lines_of_entry(item: Item, place: str, path: str) -> Iterator[Secret]:
    """Yield the lines of an angle or level that is left out of a public story."""
    proses = (item.body, *(field.body for field in item.fields))
    lines = (line.strip() for prose in proses for line in prose.text.splitlines())
    yield from filter(_is_phrase, (Secret(line, "line", place, path) for line in lines))


def _secrets_of_answers(private: Handbook, public: Handbook) -> Iterator[Secret]:
    """Yield each sentence of the private answers, and the names of their files."""
    kept = {question.answer.path for question in public.questions if question.answer}
    asked = {question.id for question in private.questions}
    for question in private.questions:
        answer = question.answer
        if answer is None or without_private_answer(question).answer:
            continue
        for prose in answer.proses():
            for sentence in sentences.split(prose.text):
                yield from filter(_is_sentence, [Secret(sentence, "words", "answer", answer.path)])
        stem = names.stem(answer.path)
        if answer.path not in kept and stem not in asked and urls.answer_file(question):
            name = Secret(stem, "file name", "answer", answer.path)
            yield from filter(_is_phrase, [name])


def _records(practised: Iterable[tuple[str, str]]) -> Iterator[Secret]:
    secrets = (Secret(ident, "id", "answer in", path) for path, ident in practised)
    yield from filter(_is_distinctive, secrets)


def _secrets_of_interviews(private: Handbook, public: Handbook) -> Iterator[Secret]:
    """Yield what interviews and the log say; a company that is named in public is no secret."""
    named = {fold_words(name) for question in public.questions for name in question.companies}
    named |= {fold_words(principle.set) for principle in public.principles}
    named |= {fold_words(story.company) for story in public.stories}
    for one in private.interviews:
        if fold_words(one.company) not in named:
            company = Secret(one.company, "company", "interview", one.path)
            yield from filter(_is_distinctive, [company])
        yield from filter(_is_distinctive, [Secret(one.id, "id", "interview", one.path)])
        people = (Secret(each.person, _PERSON, "interview", one.path) for each in one.rounds)
        yield from (person for person in people if len(fold_words(person.text)) > 1)
        notes = "\n".join((one.notes, *(each.notes for each in one.rounds)))
        lines = (Secret(line, "note", "interview", one.path) for line in notes.splitlines())
        yield from filter(_is_phrase, lines)
    for entry in private.log:
        asked = entry.question.text if entry.question and not entry.question.to else ""
        lines = (Secret(line, "note", "log", entry.path) for line in entry.notes.splitlines())
        yield from filter(_is_phrase, [*lines, Secret(asked, "question", "log", entry.path)])


def _secrets_of_levels(private: Handbook, public: Handbook) -> Iterator[Secret]:
    """Yield what is said for private levels, and the scope of stories that do not publish it."""
    kept = {level.id for level in public.levels}
    told = {story.path: {item.line for item in story.told_at_levels} for story in public.stories}
    for story in (one for one in private.stories if one.path in told):
        for item in story.told_at_levels:
            if item.line not in told[story.path]:
                yield from _lines_of_entry(item, "level in", story.path)
    for level in (one for one in private.levels if one.id not in kept):
        found = [(text, "red flag") for text in level.red_flags]
        found += [(text, "difference") for text in level.differs]
        found += [(extent.text, "expectation") for extent in level.expects]
        secrets = (Secret(text, kind, "level", level.path) for text, kind in found)
        yield from filter(_is_phrase, secrets)
    for story in (one for one in private.stories if not one.scope.publish):
        scope = (Secret(one.text, "scope", "story", story.path) for one in story.scope.extents)
        yield from filter(_is_phrase, scope)


def _numbers(story: Story) -> Iterator[str]:
    """Yield the given numbers, or the longer found ones: `2 days` occurs everywhere."""
    yield from map(_figure_text, story.figures)
    for found in metrics.found_in(story):
        for text in {found.number, *metrics.sides(found.number)}:  # `4,096 to 37 weeks`
            if sum(map(str.isdecimal, text)) >= _MIN_LENGTH:
                yield text


def _figure_text(figure: Figure) -> str:
    return " ".join(filter(None, (figure.before, figure.value, figure.unit)))


def _is_distinctive(secret: Secret) -> bool:
    """Return True if finding the secret in a file would prove a leak."""
    text = "".join(fold_words(secret.text))
    is_small = secret.kind == _NUMBER and _SMALL_NUMBER.fullmatch(text)
    return len(text) >= _MIN_LENGTH and not is_small


def _is_phrase(secret: Secret) -> bool:
    return len(fold_words(secret.text)) >= _PHRASE_LENGTH


def _is_sentence(secret: Secret) -> bool:
    """Return True if a sentence is too long to stand in another text by chance."""
    text = "".join(fold_words(secret.text))
    return len(text) * (2 if _NO_CASE.search(text) else 1) >= _SENTENCE_LENGTH


# Secrets that public content has as well


def our_words(texts_of_pages: Iterable[str]) -> frozenset[str]:
    """Return the words that each site has, whatever its content; code in a text is none of them."""
    said = (_NOT_SAID.sub(" ", text) for text in texts_of_pages)
    return _ADDRESS_WORDS.union(*map(fold_words, said))


def _common_secrets(
    finder: "_Finder", public: Handbook, dead: Iterable[_DeadLink], ours: Iterable[str]
) -> set[Secret]:
    """Return the secrets that public content or the layouts have by coincidence.

    The words of a link to a private page are no coincidence, and neither is a phrase in a guide or
    a note: they refer to it.
    """
    replace = msgspec.structs.replace
    # Titles, names, wordings and the like.
    guides = tuple(replace(guide, headings=()) for guide in public.guides)
    questions = tuple(replace(question, stories=()) for question in public.questions)
    titles = texts(replace(public, guides=guides, questions=questions))
    figures = (_figure_text(figure) for story in public.stories for figure in story.figures)
    in_names = finder.find_in_all((*titles, *figures, *ours))
    proses = (prose for story in public.stories for prose in story.proses())
    in_stories = finder.find_in_all(prose.text for prose in proses)
    # Texts that are published as a whole, and are rarely read again before.
    notes = [guide.body.text for guide in public.guides]
    notes += [question.notes.text for question in public.questions]
    answers = (question.answer for question in public.questions if question.answer)
    notes += [prose.text for answer in answers for prose in answer.proses()]
    notes += [choice.note for question in public.questions for choice in question.stories]
    in_notes = finder.find_in_all(notes)
    brief = {secret for secret in in_notes if secret.kind == _NUMBER or not _is_phrase(secret)}
    referred_to = finder.find_in_all(text for _, link, text in dead if not link.words)
    common = in_names | ((in_stories | brief) - referred_to)
    return {secret for secret in common if secret.kind not in (_TERM, _PERSON)}


def _dead_links(private: Handbook, public: Handbook) -> Iterator[_DeadLink]:
    """Yield each link from public content to a private page."""
    sources = {path for path, _ in public.proses()}
    private_pages, public_pages = urls.by_source(private), urls.by_source(public)
    for path, prose in private.proses() if sources else ():
        for i, part in enumerate(prose.parts if path in sources else ()):
            if isinstance(part, Link) and not part.image:
                is_dead = not urls.resolve(part.target, path, public_pages)
                if is_dead and urls.resolve(part.target, path, private_pages):
                    markup = "".join(p for p in prose.parts[i + 1 :] if isinstance(p, str))
                    words = markup.partition(">")[2].partition("</a>")[0]
                    yield path, part, html.unescape(_TAGS.sub("", words))


# Search


class _Finder:
    """An index of secrets for finding them in texts; `terms` finds those that are redacted."""

    def __init__(self, secrets: Iterable[Secret], terms: TermFinder) -> None:
        self.by_first_word: dict[str, list[tuple[tuple[str, ...], Secret]]] = {}
        # In a script without spaces, a phrase is part of a seemingly long word.
        self.unspaced: dict[str, list[Secret]] = {}
        self.terms: dict[str, Secret] = {}
        for secret in secrets:
            if secret.kind == _TERM:
                self.terms[secret.text] = secret
            elif words := fold_words(secret.text):
                self.by_first_word.setdefault(words[0], []).append((words, secret))
                if _NO_CASE.search("".join(words)):
                    self.unspaced.setdefault("".join(words), []).append(secret)
        self.term_finder = terms

    def find(self, text: str) -> Iterator[Secret]:
        """Yield the secrets in `text`, perhaps more than once."""
        folded = fold(text)
        words = _WORD.findall(folded)
        matches = cache(partial(_matches, folded=folded))
        for i, word in enumerate(words):
            for wanted, secret in self.by_first_word.get(word, ()):
                if tuple(words[i : i + len(wanted)]) == wanted and matches(secret):
                    yield secret
        joined = "".join(words) if self.unspaced else ""
        for phrase, secrets in self.unspaced.items():
            yield from secrets if phrase in joined else ()
        yield from (self.terms[term] for term in self.term_finder.find_terms(text))

    def find_in_all(self, texts: Iterable[str]) -> set[Secret]:
        """Return the secrets in any of `texts`."""
        return {secret for text in texts for secret in self.find(text)}


def _matches(secret: Secret, folded: str) -> bool:
    """Return True unless the secret has to match exactly and does not: `co 1` is not `co-1`."""
    if secret.kind not in _EXACT:
        return True
    name = re.sub(r"\\-|_", "[-_]", re.escape(fold(secret.text)))
    return bool(re.search(rf"(?<![\w-]){name}(?![\w-])", folded))


def _find_in_file(finder: _Finder, path: str, data: str | bytes) -> Iterator[Secret]:
    """Yield the secrets in a file that are not part of another one, such as an id of a title."""
    minimum = _MIN_LENGTH_IN_BYTES if isinstance(data, bytes) else 0
    found: dict[Secret, None] = {}
    for text, is_code in readings(path, data):
        for secret in finder.find(text):
            words = fold_words(secret.text)
            if not (is_code and len(words) == 1) and len("".join(words)) >= minimum:
                found[secret] = None
    for i, secret in enumerate(found):
        others = (s for j, s in enumerate(found) if j < i or not _contains(secret, s))
        if not any(_contains(other, secret) for other in others):
            yield secret


def _contains(secret: Secret, part: Secret) -> bool:
    outer, inner = (f" {' '.join(fold_words(text))} " for text in (secret.text, part.text))
    return secret.path == part.path and inner in outer
