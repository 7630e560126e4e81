"""Sorting: tell a story from an explanation of the method, a template and a weak example."""

import re
from collections.abc import Sequence
from itertools import takewhile

from starbook.importer import words
from starbook.importer.lines import Line
from starbook.importer.page import Page, plain, split_sentences
from starbook.importer.readings import Span
from starbook.model import STAR, Kind

_BRACKETED = re.compile(
    r"\[[^\[\]\n]*\](?!\()|\([^()\n]*\)|<[^<>\n]*>|\{[^{}\n]*\}|_{2,}|\.{3}|…|\?{2,}"
)
# What stands at the start of a line of a legend; `(S)`, `**S (Situation)**`.
_LETTER = re.compile(r"[\W_]*(?:[STARL]|ST|AR)(?![\w'’])")
_METHOD = re.compile(r"\b(?:STAR[RL]{0,2}|SOAR)\b")
_QUOTED = re.compile(r'["“][^"“”]*["”]')
_BEHIND_NAME = re.compile(r"\s*[:：(（–—]")
_LONGEST_PROMPT = 20  # words
_OTHERS = ("heading", "rule", "code", "table")


def part_texts(page: Page, span: Span) -> list[str]:
    """Return the text of each STAR part of a story, without brackets."""
    indices = [i for i, _ in span.labels]
    texts = []
    for i, label in span.labels:
        if label.kinds[0] not in STAR:
            continue
        end = next((j for j in indices if j > i), span.end)
        below = takewhile(lambda line: line.role not in _OTHERS, page.lines[i + 1 : end])
        text = " ".join([label.rest, *(line.words for line in below)])
        code = any(line.role == "code" for line in page.lines[i + 1 : end])
        text = _BRACKETED.sub(" ", text)
        texts.append(re.sub(r"\s+", " ", text).strip(" -*|:") + (" \0" if code else ""))
    return texts


def is_explanation(page: Page, span: Span, spans: Sequence[Span] = ()) -> bool:
    """Return True if a span explains the method, or is a template without words of its own.

    A heading such as `STAR bank` above several stories with titles says nothing of them.
    """
    if not span.labels:
        return False
    texts = part_texts(page, span)
    title = page.lines[span.title].words if span.title >= 0 else _heading_above(page, span.begin)
    if texts and _is_bracketed_form(page, span):
        texts[-1] = ""  # what follows the last blank is no part of the form
    if all(_is_blank(page, text) for text in texts):
        return not _is_own_title(page, title) or _stands_below_template(page, span)
    above = _heading_above(page, span.labels[0][0])
    if title != above and sum(_is_titled_below(page, one, above) for one in spans) > 1:
        above = title
    return (
        (len(texts) > 2 and all(map(_asks, texts)))
        or all(_is_time(page, text) for text in texts)
        or _is_legend(page, span, texts)
        or _is_advice_in_brief(page, above, texts)
        or _instructs(page, title, above, texts, listed=_is_listed(page, span))
    )


def _is_titled_below(page: Page, span: Span, heading: str) -> bool:
    """Return True if a story below a heading has a title of its own."""
    title = page.lines[span.title].words if span.title >= 0 and span.labels else ""
    below = _heading_above(page, span.labels[0][0]) == heading if title else False
    return below and title != heading and _is_own_title(page, title)


def _is_bracketed_form(page: Page, span: Span) -> bool:
    """Return True if nothing but a bracket stands behind each of several labels."""
    rests = [label.rest for _, label in span.labels]
    return len(rests) > 2 and all(
        rest and _is_blank(page, _BRACKETED.sub(" ", rest)) for rest in rests
    )


def _asks(text: str) -> bool:
    """Return True if a part begins with a short question, as the prompt for it does."""
    first = next(iter(split_sentences(text.rstrip("\0 "))), "")
    return first.endswith(("?", "？")) and len(first.split()) < _LONGEST_PROMPT


def _is_blank(page: Page, text: str) -> bool:
    has_words = re.search(r"\w", text.replace("\0", ""))
    return not has_words or bool(page.vocabulary.placeholder.match(text))


def _stands_below_template(page: Page, span: Span) -> bool:
    """Return True if a short line right above the first part says that it is to be filled in."""
    first = span.labels[0][0]
    above = (page.lines[i] for i in range(first - 1, max(span.begin, 0), -1) if page.lines[i].text)
    line = next(above, None)
    short = line is not None and line.role in ("text", "item") and len(line.words.split()) <= 8
    return bool(short and line and page.vocabulary.template_heading.search(line.words))


def _is_advice_in_brief(page: Page, above: str, texts: Sequence[str]) -> bool:
    """Return True if a word or two for each part stand below a heading on advice."""
    brief = all(len(text.split()) <= 3 for text in texts)
    return brief and bool(page.vocabulary.advice_heading.search(above)) and not _figures(texts)


def _is_listed(page: Page, span: Span) -> bool:
    """Return True if the title of a story is an item with a number."""
    return span.title >= 0 and words.counted(
        page.lines[span.title].text.lstrip("# "), page.vocabulary
    )


def _instructs(
    page: Page, title: str, above: str, texts: Sequence[str], *, listed: bool = False
) -> bool:
    """Return True if most parts tell the reader what to write, and nothing of somebody's own."""
    vocabulary = page.vocabulary
    asking = [text.rstrip("\0 ").endswith(("?", "？")) for text in texts]
    instructed = [bool(vocabulary.instruction.search(text)) for text in texts]
    method = any(names_method(page, text) for text in (title, above))
    advises = any(vocabulary.advice_heading.search(text) for text in (title, above))
    # Short notes begin as instructions do, too: `Set up a board`.
    counted = words.counted(title, vocabulary) or words.ID_TITLE.match(title)
    named = listed or page.is_question(title)
    least = 0.75 if named and not method and not advises else 0.5
    instructs = sum(map(max, asking, instructed)) >= len(texts) * least
    own = sum(bool(vocabulary.speaks_of_self.search(_QUOTED.sub("", text))) for text in texts)
    figures = _figures([vocabulary.time.sub("", vocabulary.amount.sub("", one)) for one in texts])
    if instructs and own * 2 <= len(texts) * advises:
        return figures < len(texts) / 2
    if method and not counted and not figures and sum(len(text.split()) > 15 for text in texts) < 2:
        return True
    score = 2 * bool(method and not counted) + instructs
    score += all(len(text.split()) < 30 for text in texts)
    return score - own - figures >= 2


def names_method(page: Page, heading: str) -> bool:
    """Return True if a heading says that a method or a template follows."""
    vocabulary = page.vocabulary
    if _METHOD.search(heading):
        answers = page.is_answer_heading(Line(0, heading, "text"))
        told = vocabulary.own_stories.search(heading) or answers
        return not told or bool(vocabulary.method_heading.search(heading))
    found = vocabulary.method_heading.search(heading) or vocabulary.template_heading.search(heading)
    return bool(found) and not page.is_question(heading)


def _is_legend(page: Page, span: Span, texts: Sequence[str]) -> bool:
    """Return True if the parts say what their letters stand for."""
    star = [(i, label) for i, label in span.labels if label.kinds[0] in STAR]
    named = 0
    for (i, label), text in zip(star, texts, strict=True):
        if not label.rest or not _LETTER.match(page.lines[i].words):
            continue
        first = re.split(r"\s*[–—:(=-]\s*", text.replace("\0", ""), maxsplit=1)[0].strip("* ")
        named += page.vocabulary.kind_of.get(first.casefold()) in label.kinds
    return named >= max(1, len(star) - 1) and all(len(text.split()) < 25 for text in texts)


def _is_own_title(page: Page, title: str) -> bool:
    """Return True if somebody gave a name to a story that is still blank."""
    bare = plain(words.strip_count(title, page.vocabulary))
    if bare.startswith(("[", "<", "{")) and not re.search(r"[\"“][^\"”]+[\"”]", title):
        return False
    inside = re.sub(r"[\[\]<>{}]", "", bare)
    return page.is_title(inside) and not names_method(page, inside)


def _figures(texts: Sequence[str]) -> int:
    """Return how many texts hold a digit."""
    return sum(bool(re.search(r"\d", text)) for text in texts)


def _is_time(page: Page, text: str) -> bool:
    """Return True if a part holds no more than the time that it takes."""
    rest = page.vocabulary.time.sub("", page.vocabulary.count.sub("", text), count=1)
    return bool(re.search(r"\d", text)) and not re.search(r"\w{3}", rest)


def _heading_above(page: Page, i: int) -> str:
    above = page.borders_between(0, i)
    return page.lines[above[-1]].words if above else ""


def find_weak_label(page: Page, span: Span) -> int:
    """Return the index of `Bad answer` above the first part of a span, or -1.

    A name of a good answer may not stand between them.
    """
    first = next((i for i, label in span.labels if label.kinds[0] in STAR), span.end)
    above = (i for i in range(span.begin - 1, -1, -1) if page.lines[i].text)
    for i in range(first - 1, max(0, next(above, 0)) - 1, -1):
        if i in page.labels and Kind.WEAK in page.labels[i].kinds:
            return i
        if page.is_answer_heading(page.lines[i]):
            return -1
    return -1


def is_sample(page: Page, span: Span, spans: Sequence[Span]) -> bool:
    """Return True if a title says only `Sample`, and most stories beside it have one of their own.

    `My example` is somebody's own.
    """
    if span.title < 0 or page.lines[span.title].role != "heading":
        return False
    level = page.lines[span.title].level
    beside = [one.title for one in spans if one.title >= 0 and one.title != span.title]
    beside = [i for i in beside if page.is_border(i) and page.lines[i].level == level]
    titled = sum(page.is_title(page.lines[i].words) for i in beside)
    title = page.lines[span.title].words
    own = page.vocabulary.speaks_of_self.search(title)
    says = page.says_answer(title.split("(")[0].split("（")[0])
    return says and not own and titled > 1 and titled * 2 > len(beside)


def is_weak(page: Page, span: Span) -> bool:
    """Return True if a span is an example of how not to answer."""
    title = page.lines[span.title if span.title >= 0 else span.begin].words
    first = next((i for i, label in span.labels if label.kinds[0] in STAR), span.end)
    above = _heading_above(page, first)
    return find_weak_label(page, span) >= 0 or any(
        page.vocabulary.weak_heading.fullmatch(_BEHIND_NAME.split(plain(name))[0])
        for text in (title, above)
        for name in (text, words.strip_count(text, page.vocabulary))
    )
