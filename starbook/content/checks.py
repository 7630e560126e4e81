"""Checks of a handbook that could be read: one generator for each rule, and a list of them."""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import PurePosixPath

import msgspec

from starbook import urls
from starbook.content import amounts, answers, headings, readiness, references
from starbook.content.merge import entry_name
from starbook.model import (
    STAR,
    Audience,
    Edition,
    Guide,
    Handbook,
    Interview,
    Kind,
    Level,
    Link,
    Question,
    Ref,
    Round,
    Settings,
    Story,
    Topic,
)
from starbook.problem import Problem, Severity
from starbook.text import names, sentences

Rule = Callable[[Handbook], Iterator[Problem]]
_Entry = Story | Question | Topic | Guide | Audience | Interview | Level

# The characters that always fit on a sheet of each paper in the smallest type: tried in a browser.
_CARD_ROOM = {"A4": 5000, "Letter": 4800, "A5": 2400, "4x6": 1200, "3x5": 700}

# A company that has heard a story this often is told another one.
_OFTEN = 3

# What a deck may name by `kind/name`, and where such names stand.
_KINDS_IN_DECKS = {
    "principle": "principles.yml",
    "category": "categories.yml",
    "question": "questions.yml",
    "answers": "answers/",
    "to-ask": "to-ask.yml",
    "guides": "guides/",
    "company": "",
    "level": "",
}

# The list of pages is `index`; the others are names of devices on Windows, with any extension.
RESERVED_IDS = frozenset(
    {"index", "con", "prn", "aux", "nul"}
    | {f"{device}{number}" for device in ("com", "lpt") for number in range(10)}
)


def check_handbook(handbook: Handbook) -> tuple[Problem, ...]:
    """Return what the rules find that look at a handbook as a whole."""
    return tuple(problem for rule in HANDBOOK_RULES for problem in rule(handbook))


def check_story(story: Story, settings: Settings, edition: Edition) -> tuple[Problem, ...]:
    """Return what the rules find that look at one story at a time."""
    alone = Handbook(settings=settings, stories=(story,), edition=edition)
    return tuple(problem for rule in STORY_RULES for problem in rule(alone))


def find_blanks(story: Story) -> Iterator[Problem]:
    """Yield a fault for each blank that is left in a story, whatever its status."""
    for blank in readiness.blanks(story):
        message = f"still has `{_shorten(blank.text)}` in {blank.part}"
        yield _warning(story.path, blank.line, message, "fill it in", "placeholder")


def find_missing_parts(story: Story) -> Iterator[Problem]:
    """Yield a fault if a story lacks a Situation, Task, Action or Result, whatever its status."""
    missing = [kind.capitalize() for kind in readiness.missing_parts(story)]
    if missing:
        message, hint = f"has no {', '.join(missing)}", f"add `## {missing[0]}`"
        yield _warning(story.path, story.body_line, message, hint, "missing-part")


def is_page_id(text: str) -> bool:
    """Return True if `text` can be the id of a page."""
    return bool(text) and text not in RESERVED_IDS


def _warning(path: str, line: int, message: str, hint: str, rule: str) -> Problem:
    return Problem(path, line, message, hint, rule, Severity.WARNING)


def unknown_category(handbook: Handbook) -> Iterator[Problem]:
    """Report a category of a story or question that categories.yml does not have.

    Bad: `categories: [Feedbak]`
    Good: `categories: [Feedback]`
    """
    known = _labels(handbook.categories)
    return _find_unknown_in_entries(handbook, "category", "categories", known)


def unknown_principle(handbook: Handbook) -> Iterator[Problem]:
    """Report a principle of a story or question that principles.yml does not have.

    Bad: `principles: [Onwership]`
    Good: `principles: [Ownership]`
    """
    known = _labels(handbook.principles)
    return _find_unknown_in_entries(handbook, "principle", "principles", known)


def unknown_question(handbook: Handbook) -> Iterator[Problem]:
    """Report a question of a story that questions.yml does not have.

    Bad: `questions: [pushed-bakc]`
    Good: `questions: [pushed-back]`
    """
    return _find_unknown_in_entries(handbook, "question", "questions", _question_names(handbook))


def unknown_story(handbook: Handbook) -> Iterator[Problem]:
    """Report a story of a list or log that is not in stories/, and is left out.

    Bad: `stories: [slipped-lanch]`
    Good: `stories: [slipped-launch]`
    """
    stories = {name: name for story in handbook.stories for name in (story.id, story.title)}
    unread = {names.slug(path.rsplit("/", 1)[-1][:-3]) for path in handbook.unread}
    chosen = [(q.path, choice.story) for q in handbook.questions for choice in q.stories]
    printed = [(deck.path, ref) for deck in handbook.decks for ref in deck.stories]
    planned = [(path, ref) for path, one in _rounds(handbook) for ref in (*one.avoid, *one.fixed)]
    told = [(one.path, one.story) for one in handbook.log if one.story]
    for path, ref in (*chosen, *printed, *planned, *told):
        if ref.to or names.slug(ref.text) in unread:
            continue
        hint = names.suggest(ref.text, stories, "add it to stories/, or take it out here")
        if (path, ref) in printed:
            hint = _hint_for_deck(ref.text, handbook, stories)
        message = f"unknown story `{ref.text}`, which is left out"
        yield _warning(path, ref.line, message, hint, "unknown-story")


def _hint_for_deck(text: str, handbook: Handbook, stories: dict[str, str]) -> str:
    """Return the hint for what a deck names and is not there; of `kind/name`, the name counts."""
    index = references.index_names(handbook)
    known = index.listeners | references.deck_addresses(handbook, index)
    kind, _, name = text.partition("/")
    if kind not in _KINDS_IN_DECKS:
        known |= {name: name for name in urls.STATUSES} | stories
        return names.suggest(text, known, "add it to stories/, or take it out here")
    of_kind = {
        label.removeprefix(f"{kind}/"): address
        for label, address in known.items()
        if address.startswith(f"{kind}/")
    }
    lists = _KINDS_IN_DECKS[kind]
    hint = f"add it to {lists}, or take it out here" if lists else "take it out here"
    return names.suggest(name, of_kind, hint)


def unknown_list(handbook: Handbook) -> Iterator[Problem]:
    """Report a deck that ends with something that has no card.

    Bad: `ends_with: [to-aks]`
    Good: `ends_with: [to-ask]`
    """
    known = [name for _, labels in urls.deck_endings(handbook) for name in labels]
    for deck in handbook.decks:
        for ref in deck.ends_with:
            if not ref.to:
                hint = "name `to-ask`, an audience of to-ask.yml, a guide with tick boxes, "
                hint += "`answers`, or a question with an answer"
                hint = names.did_you_mean(ref.text, known, hint)
                message = f"`{ref.text}` is no list that a deck can end with"
                yield Problem(deck.path, ref.line, message, hint, "unknown-list")


def unknown_length(handbook: Handbook) -> Iterator[Problem]:
    """Report a `length` of a story, interview or level that is none of the answer_lengths.

    Bad: `length: 5 minutes`
    Good: `length: 3 minutes`
    """
    known = {length.name: length.name for length in handbook.settings.answer_lengths}
    entries: tuple[Story | Interview | Level, ...] = (
        *handbook.stories, *handbook.templates, *handbook.interviews, *handbook.levels,
    )  # fmt: skip
    for entry in entries if _was_read_whole(handbook, "handbook") else ():
        refs = [entry.length] if entry.length else []
        where = "answer_lengths in handbook.yml"
        yield from _find_unknown(entry.path, refs, "length", known, where)


def unknown_level(handbook: Handbook) -> Iterator[Problem]:
    """Report a `next` level that levels.yml does not have, and a story of a level it lacks.

    A story may be of any level, unless it has a `scope`, or one of levels.yml was meant. So may
    the entries of its section Levels.

    Bad: `next: Staff enginer`, `level: Staff enginer`, `### Staff enginer`
    Good: `next: Staff engineer`, `level: Staff engineer`, `### Staff engineer`
    """
    levels = handbook.levels
    known = {label: one.name for one in levels for label in (one.id, *one.aliases, one.name)}
    for level in levels if _was_read_whole(handbook, "levels") else ():
        refs = [level.next] if level.next else []
        yield from _find_unknown(level.path, refs, "level", known, "levels.yml")
    ids = references.index_topics(levels)
    for story in handbook.stories if _was_read_whole(handbook, "levels") else ():
        of_story = Ref(story.level, story.level_line)
        for ref in (of_story, *(one.ref for one in story.told_at_levels if one.ref)):
            if not ref.text or names.key(ref.text) in ids:
                continue
            near = next((known[label] for label in known if _is_meant(ref.text, label)), "")
            is_compared = ref is of_story and story.scope
            if near or is_compared:
                hint = f"did you mean `{near}`?" if near else "add it there"
                message = f"levels.yml has no level `{_shorten(ref.text)}`"
                message += ", so the scope is compared with nothing" if is_compared else ""
                yield _warning(story.path, ref.line, message, hint, "unknown-level")


def no_level(handbook: Handbook) -> Iterator[Problem]:
    """Report a `scope` that nothing is compared with: the story has no `level`.

    Bad: `scope: {teams: 3}` alone
    Good: the same, with `level: Senior engineer`
    """
    for story in handbook.stories:
        for extent in story.scope.extents[:1] if not story.level else ():
            message = "has a `scope`, but no `level` to compare it with"
            yield _warning(story.path, extent.line, message, "add `level: …`", "no-level")


def unknown_measure(handbook: Handbook) -> Iterator[Problem]:
    """Report a measure of a `scope` that no level expects, and a slip in one of `expects`.

    Bad: `scope: {teems: 3}`
    Good: `scope: {teams: 3}`
    """
    expected = [extent.measure for one in handbook.levels for extent in one.expects]
    known = {name: name for name in (*amounts.MEASURES, *expected)}
    keys = set(map(names.key, known))
    for story in handbook.stories if _was_read_whole(handbook, "levels") else ():
        for extent in story.scope.extents:
            if names.key(extent.measure) not in keys:
                hint = "add it to `expects` in levels.yml, or take it out here"
                hint = names.suggest(extent.measure, known, hint)
                message = f"no level expects `{_shorten(extent.measure)}`"
                yield Problem(story.path, extent.line, message, hint, "unknown-measure")
    for level in handbook.levels:
        for extent in level.expects:
            meant = (name for name in amounts.MEASURES if _is_meant(extent.measure, name))
            if near := next(meant, ""):
                message = f"`{_shorten(extent.measure)}` is no measure that is known"
                hint = f"did you mean `{near}`?"
                yield _warning(level.path, extent.line, message, hint, "unknown-measure")


def level_in_a_circle(handbook: Handbook) -> Iterator[Problem]:
    """Report a level that leads back to itself.

    Bad: `next: Staff engineer` of Staff engineer
    Good: the level above it
    """
    above = {one.id: one.next.to for one in handbook.levels if one.next}
    for level in handbook.levels:
        seen = [level.id]
        while (following := above.get(seen[-1], "")) and following not in seen:
            seen.append(following)
        if level.next and following == level.id:
            message = f"the levels above `{_shorten(level.name)}` lead back to it"
            hint = "take out one `next`"
            yield Problem(level.path, level.next.line, message, hint, "level-in-a-circle")


def unknown_set(handbook: Handbook) -> Iterator[Problem]:
    """Report a `principles_of`, or `principles` of an interview, that is the set of no principle.

    Bad: `principles_of: Amazn`
    Good: `principles_of: Amazon`
    """
    known = [one.set for one in handbook.principles if one.set]
    wanted = [("handbook.yml", handbook.settings.principles_of)]
    wanted += [(one.path, one.principles) for one in handbook.interviews]
    for path, ref in wanted if _was_read_whole(handbook, "principles") else ():
        if ref and names.key(ref.text) not in map(names.key, known):
            hint = names.did_you_mean(ref.text, known, "write a `set` of principles.yml")
            message = f"no principle is of the set `{ref.text}`"
            yield Problem(path, ref.line, message, hint, "unknown-set")


def unknown_language(wanted: Ref, codes: Mapping[str, str]) -> Problem:
    """Return the error for a language without texts; `codes` are those that have some, by name.

    Bad: `language: German`
    Good: `language: de`
    """
    near = names.nearest(wanted.text, codes) or names.nearest(wanted.text.split("-")[0], codes)
    known = ", ".join(f"`{code}`" for code in sorted(set(codes.values())))
    hint = f"did you mean `{codes[near]}`?" if near else f"the pages can be in {known}"
    message = f"unknown language `{wanted.text}`"
    return Problem("handbook.yml", wanted.line, message, hint, "unknown-language")


def unknown_angle(handbook: Handbook) -> Iterator[Problem]:
    """Report an angle that is almost the name of a principle, category, question or company.

    Bad: `### Onwership`
    Good: `### Ownership`
    """
    lists = ("principles", "categories", "questions")
    companies = references.companies(handbook.questions, handbook.principles).values()
    known = {name: name for name in companies}
    known |= _question_names(handbook) | _labels((*handbook.categories, *handbook.principles))
    for story in handbook.stories if all(_was_read_whole(handbook, one) for one in lists) else ():
        for ref in (item.ref for item in story.angles if item.ref):
            hint = "" if ref.to else names.suggest(ref.text, known, "")
            if hint:
                message = (
                    f"the angle `{ref.text}` names no principle, category, question or company"
                )
                yield _warning(story.path, ref.line, message, hint, "unknown-angle")


def unknown_theme(handbook: Handbook) -> Iterator[Problem]:
    """Report a theme of a round that is no principle, category or question.

    Bad: `themes: [Onwership]`
    Good: `themes: [Ownership]`
    """
    known = _question_names(handbook) | _labels((*handbook.categories, *handbook.principles))
    lists = ("principles", "categories", "questions")
    if all(_was_read_whole(handbook, name) for name in lists):
        hint = "name a principle, a category or a question of the handbook"
        for path, one in _rounds(handbook):
            yield from _find_unknown(path, one.themes, "theme", known, hint=hint)


def unknown_audience(handbook: Handbook) -> Iterator[Problem]:
    """Report an audience of a round that to-ask.yml does not have.

    Bad: `audience: Hiring manger`
    Good: `audience: Hiring manager`
    """
    known = {one.audience: one.audience for one in handbook.audiences}
    for path, one in _rounds(handbook) if _was_read_whole(handbook, "to-ask") else ():
        refs = [one.audience] if one.audience else []
        yield from _find_unknown(path, refs, "audience", known, "to-ask.yml")


def unknown_interview(handbook: Handbook) -> Iterator[Problem]:
    """Report an interview in the log that is not in interviews/.

    Bad: `interview: city-libary`
    Good: `interview: city-library`
    """
    known = {name: name for one in handbook.interviews for name in (one.id, one.company)}
    for entry in handbook.log if _was_read_whole(handbook, "interviews") else ():
        yield from _find_unknown(entry.path, [entry.interview], "interview", known, "interviews/")


def unknown_round(handbook: Handbook) -> Iterator[Problem]:
    """Report a round in the log that its interview does not have.

    Bad: `round: 7`, of an interview with two
    Good: `round: 2`, or its name, or whom it was with
    """
    loops = {one.id: one for one in handbook.interviews}
    for entry in handbook.log:
        loop = loops.get(entry.interview.to)
        if loop and entry.round and loop.find_round(entry.round.text) is None:
            known = [name for one in loop.rounds for name in (one.name, one.person) if name]
            hint = names.did_you_mean(
                entry.round.text, known, "give its number, its name or whom it was with"
            )
            message = f"{loop.path} has no round `{_shorten(entry.round.text)}`"
            yield _warning(entry.path, entry.round.line, message, hint, "unknown-round")


def no_round(handbook: Handbook) -> Iterator[Problem]:
    """Report an interview without rounds.

    Bad: `company: City Library` alone
    Good: the same, with `rounds:`
    """
    for one in handbook.interviews:
        if not one.rounds:
            hint = "add `rounds:` with an entry `- with: …` for each"
            yield _warning(
                one.path, one.line, "has no rounds, so nothing is planned", hint, "no-round"
            )


def no_theme(handbook: Handbook) -> Iterator[Problem]:
    """Report a round without themes.

    Bad: `- with: Ana Silva`
    Good: `themes: [Ownership, Conflict]` in it
    """
    for path, one in _rounds(handbook):
        if not one.themes:
            hint = "add `themes: […]`: principles, categories or questions"
            yield _warning(
                path, one.line, "this round has no theme, and so no story", hint, "no-theme"
            )


def fixed_too_many(handbook: Handbook) -> Iterator[Problem]:
    """Report more stories to tell in a round than it has themes.

    Bad: `themes: [Ownership]` and `fixed: [outage, slipped-launch]`
    Good: two themes, or one of the stories
    """
    for path, one in _rounds(handbook):
        if one.themes and len(one.fixed) > len(one.themes):
            ref = one.fixed[len(one.themes)]
            message = f"there is no theme left for `{_shorten(ref.text)}`"
            hint = "add a theme for it, or take it out of `fixed`"
            yield _warning(path, ref.line, message, hint, "fixed-too-many")


def fixed_and_avoided(handbook: Handbook) -> Iterator[Problem]:
    """Report a story that a round has to tell and to avoid.

    Bad: `fixed: [outage]` and `avoid: [outage]`
    Good: one of them
    """
    for path, one in _rounds(handbook):
        avoided = {ref.to for ref in one.avoid if ref.to}
        for ref in one.fixed:
            if ref.to in avoided:
                message = f"`{_shorten(ref.text)}` is both `fixed` and to `avoid`"
                hint = "take it out of one of them"
                yield Problem(path, ref.line, message, hint, "fixed-and-avoided")


def told_often(handbook: Handbook) -> Iterator[Problem]:
    """Report a story that one company has heard three times.

    Bad: three entries of the log with `story: outage`, all of interviews with City Library
    Good: another story
    """
    companies = {one.id: one.company for one in handbook.interviews}
    heard: dict[tuple[str, str], int] = {}
    for entry in handbook.log:
        company = companies.get(entry.interview.to, "")
        if company and entry.story and entry.story.to:
            key = names.key(company), entry.story.to
            heard[key] = heard.get(key, 0) + 1
            if heard[key] == _OFTEN:
                message = f"{company} has heard `{entry.story.to}` {_OFTEN} times"
                hint = "tell them another story next time, or add it to `avoid`"
                yield _warning(entry.path, entry.story.line, message, hint, "told-often")


def duplicate_id(handbook: Handbook) -> Iterator[Problem]:
    """Report two entries of one kind that have the same id, and so the same page.

    Bad: stories/a.md and stories/old/a.md
    Good: `id: old-a` in one of them
    """
    for entries in (*_entries_with_pages(handbook), handbook.audiences):
        first: dict[str, _Entry] = {}
        for entry in entries:
            other = first.setdefault(entry.id.casefold(), entry)
            # Entries of different files that have one name are merged into one.
            name = entry_name(entry) if other.path != entry.path else ""
            if other is entry or not entry.id or (name and name == entry_name(other)):
                continue
            message = f"the id `{entry.id}` is already taken by {other.path}:{_line(other)}"
            field = "name" if isinstance(entry, Audience) else "`id: …`"
            hint = f"give one of them another {field}"
            yield Problem(entry.path, _line(entry), message, hint, "duplicate-id")


def ambiguous_name(handbook: Handbook) -> Iterator[Problem]:
    """Report a name or alias of two categories, of two principles, or of two levels.

    Bad: `aliases: [Conflict]` under Feedback, beside a category Conflict
    Good: aliases that only one of them has
    """
    lists: tuple[Sequence[Topic | Level], ...]
    lists = (handbook.categories, handbook.principles, handbook.levels)
    for topics in lists:
        first: dict[str, Topic | Level] = {}
        for topic in topics:
            for name in dict.fromkeys(map(names.key, (topic.name, *topic.aliases))):
                other = first.setdefault(name, topic)
                if other.id != topic.id:
                    place = f"{other.path}:{other.line}"
                    message = f"`{name}` already names `{other.name}` ({place})"
                    yield Problem(
                        topic.path, topic.line, message, "use another alias", "ambiguous-name"
                    )


def no_id(handbook: Handbook) -> Iterator[Problem]:
    """Report an id that no page can have, such as that of a title of emoji only.

    Bad: `- name: 🎯`
    Good: `- name: 🎯 Focus`
    """
    for entry in chain.from_iterable(_entries_with_pages(handbook)):
        if not is_page_id(entry.id):
            message = f"no page can be named `{entry.id}`" if entry.id else "its name has no letter"
            hint = "give it another `id: …`" if entry.id else "give it an `id: …`"
            yield Problem(entry.path, _line(entry), message, hint, "no-id")


def dead_link(handbook: Handbook) -> Iterator[Problem]:
    """Report a link in prose to a page or heading that does not exist.

    A link to a story that is not there is a warning, as other references to it are.

    Bad: `[the outage](outrage.md)`
    Good: `[the outage](outage.md)`
    """
    # A public edition makes words of a link to what it leaves out.
    pages = urls.by_source(msgspec.structs.replace(handbook, edition=Edition.PRIVATE))
    sources = {page: source for source, page in pages.items()}
    anchors = urls.anchors(handbook)
    unread = {source: source for source in handbook.unread}
    for path, link in handbook.links():
        file = link.target.partition("#")[0] or "?"
        if link.image or (unread and urls.resolve(file, path, unread)):
            continue
        page = urls.resolve(link.target, path, pages)
        target = " ".join(link.target.split())
        if page is None:
            near = link.near if link.by_name else _nearest_target(target, path, pages)
            hint = f"did you mean `{near}`?" if near else "link to a file in stories/ or guides/"
            message = f"the link to `{target}` leads nowhere"
            if _may_be_story(link, path):
                yield _warning(path, link.line, f"{message}, and its words stay", hint, "dead-link")
            else:
                yield Problem(path, link.line, message, hint, "dead-link")
            continue
        url, _, anchor = page.partition("#")
        offered = anchors(sources[url]) or set() if url else anchors(path)
        if anchor and offered is not None and anchor not in offered:
            hint = names.did_you_mean(anchor, offered, "use the id of a heading that is there")
            message = f"the link to `{target}` leads to no heading there"
            yield Problem(path, link.line, message, hint, "dead-link")


def remote_image(handbook: Handbook) -> Iterator[Problem]:
    """Report an image at another host: pages never load anything from another host.

    Bad: `![chart](https://example.com/chart.png)`
    Good: `![chart](chart.png)`
    """
    for path, image in handbook.links():
        if image.image and urls.is_remote(image.target):
            elsewhere = image.target.lower().startswith(("http:", "https:", "//", "\\\\"))
            reason = "is not on this computer" if elsewhere else "is not the path of a file"
            hint = "save it beside this file"
            hint += ": a page that asks another host tells it who reads" if elsewhere else ""
            message = f"the image `{_shorten(image.target)}` {reason}"
            yield Problem(path, image.line, message, hint, "remote-image")


def missing_image(handbook: Handbook) -> Iterator[Problem]:
    """Report an image that is not in the content folder.

    Bad: `![chart](chrat.png)`
    Good: `![chart](chart.png)`
    """
    known = {image.path for image in handbook.images} | handbook.unread
    for path, image in handbook.links():
        if not image.image or urls.is_remote(image.target):
            continue
        if urls.join_source(image.target, path) not in known:
            message = f"the image `{_shorten(image.target)}` is not in the content folder"
            hint = f"did you mean `{image.near}`?" if image.near else "save it beside this file"
            yield Problem(path, image.line, message, hint, "missing-image")


def lengths_add_up(handbook: Handbook) -> Iterator[Problem]:
    """Report an answer length whose sections do not add up to the whole.

    Bad: `{name: 2 minutes, seconds: 120, situation: 60, action: 90}`
    Good: `{name: 2 minutes, seconds: 120, situation: 30, action: 90}`
    """
    for length in handbook.settings.answer_lengths:
        total = sum(seconds for _, seconds in length.sections)
        if length.sections and total != length.seconds:
            message = f"the sections of `{length.name}` take {total} s, not {length.seconds} s"
            hint = f"write `seconds: {total}`, or change the sections"
            yield _warning("handbook.yml", length.line, message, hint, "lengths-add-up")


def placeholder(handbook: Handbook) -> Iterator[Problem]:
    """Report a blank in a story that says it is ready.

    Bad: `status: ready` above `[Fill in: the number]` or `grew by X%`
    Good: the number, or `status: draft`
    """
    for story in _said_to_be_ready(handbook):
        for fault in find_blanks(story):
            yield _as_not_ready(fault, story, handbook.edition)


def answer_placeholder(handbook: Handbook) -> Iterator[Problem]:
    """Report a blank in a prepared answer, which is a draft as long as it has one.

    Bad: `[Fill in: what you want next]`
    Good: what you want next
    """
    found = {q.answer: None for q in handbook.questions if q.answer}  # a file may serve several
    for answer in found:
        says, severity = "", Severity.WARNING
        if handbook.edition is Edition.PUBLIC and answer.publish:
            says, severity = "says `publish: true`, but ", Severity.ERROR
        for hole in answer.holes:
            message = f"{says}still has `{_shorten(hole)}`, so the answer counts as a draft"
            yield Problem(answer.path, answer.line, message, "fill it in", "placeholder", severity)


def missing_part(handbook: Handbook) -> Iterator[Problem]:
    """Report a story that says it is ready, without a Situation, Task, Action or Result.

    Bad: `status: ready` and no `## Result`
    Good: all four
    """
    for story in _said_to_be_ready(handbook):
        for fault in find_missing_parts(story):
            yield _as_not_ready(fault, story, handbook.edition)


def misspelt_heading(handbook: Handbook) -> Iterator[Problem]:
    """Report a heading that is a known one but for a slip of the keyboard.

    Bad: `## Reslt`
    Good: `## Result`, or `## Restart`
    """
    for story in handbook.stories:
        for section in story.parts(Kind.OTHER):
            if section.meant:
                message = f"`## {_shorten(section.heading)}` is no part that is known"
                hint = f"did you mean `## {section.meant}`?"
                yield _warning(story.path, section.line, message, hint, "misspelt-heading")


def quiz_without_answer(handbook: Handbook) -> Iterator[Problem]:
    """Report a quiz question of which no choice is right.

    Bad: `- [ ] 9 minutes` and `- [ ] 41 minutes`
    Good: `- [ ] 9 minutes` and `- [x] 41 minutes`
    """
    for story in handbook.stories:
        for item in (item for quiz in story.parts(Kind.QUIZ) for item in quiz.items):
            if item.choices and not any(choice.right for choice in item.choices):
                message = f"no choice of the quiz question `{_shorten(item.title.text)}` is right"
                hint = "tick the right one: `- [x] …`"
                yield _warning(story.path, item.line, message, hint, "quiz-without-answer")


def too_long_for_a_card(handbook: Handbook) -> Iterator[Problem]:
    """Report a story whose shortest card does not fit on a sheet of the paper.

    Bad: an Action that is one sentence of 2,000 words
    Good: an Action in sentences, however many
    """
    paper = handbook.settings.paper
    room = _CARD_ROOM[paper]
    for story in handbook.stories:
        pieces = [("the title", 1, len(story.title)), ("the headline", 1, len(story.headline))]
        for section in [part for kind in STAR for part in story.parts(kind)[:1]]:
            text = section.body.text
            # Every card has at least one sentence of a part; one of white space has none.
            told = sentences.split(text) if len(text) > room // len(STAR) else []
            pieces.append(("", section.line, min(map(len, told), default=0)))
        total = sum(length for _, _, length in pieces)
        if total > room:
            where, line, _ = max(pieces, key=lambda piece: piece[2])
            message = (
                f"a card of this story has at least {total:,} characters, "
                f"and {paper} holds about {room:,}"
            )
            hint = f"make {where} shorter" if where else "split this part into shorter sentences"
            yield _warning(story.path, line, message, hint, "too-long-for-a-card")


HANDBOOK_RULES: tuple[Rule, ...] = (
    unknown_category,
    unknown_principle,
    unknown_question,
    unknown_story,
    unknown_list,
    unknown_length,
    unknown_level,
    unknown_measure,
    no_level,
    level_in_a_circle,
    unknown_set,
    unknown_angle,
    unknown_theme,
    unknown_audience,
    unknown_interview,
    unknown_round,
    no_round,
    no_theme,
    fixed_too_many,
    fixed_and_avoided,
    told_often,
    duplicate_id,
    ambiguous_name,
    no_id,
    dead_link,
    remote_image,
    missing_image,
    lengths_add_up,
    answers.unknown_answer,
    answers.stray_answer,
    answers.two_answers,
    answers.empty_answer,
    answer_placeholder,
)
# The rules that need one story at a time, and of the rest of the handbook only the settings.
STORY_RULES: tuple[Rule, ...] = (
    placeholder,
    missing_part,
    misspelt_heading,
    quiz_without_answer,
    too_long_for_a_card,
)
RULES = (*HANDBOOK_RULES, *STORY_RULES)


def _entries_with_pages(handbook: Handbook) -> Iterable[Sequence[_Entry]]:
    kinds = (handbook.stories, handbook.questions, handbook.categories, handbook.principles)
    return (*kinds, handbook.guides, handbook.interviews, handbook.levels)


def _rounds(handbook: Handbook) -> Iterator[tuple[str, Round]]:
    """Yield each round of each interview with the path of its file."""
    for loop in handbook.interviews:
        yield from ((loop.path, one) for one in loop.rounds)


def _said_to_be_ready(handbook: Handbook) -> Iterator[Story]:
    return (story for story in handbook.stories if story.says_ready)


def _as_not_ready(fault: Problem, story: Story, edition: Edition) -> Problem:
    """Return a fault as the reason why a story is a draft: an error if it was to be published."""
    says, hint = "`status: ready`", f"{fault.hint}, or write `status: draft`"
    severity = Severity.WARNING
    if edition is Edition.PUBLIC and story.publish:
        says, severity = "`publish: true` and `status: ready`", Severity.ERROR
    message = f"says {says}, but {fault.message}, so it counts as a draft"
    return msgspec.structs.replace(fault, message=message, hint=hint, severity=severity)


def _was_read_whole(handbook: Handbook, name: str) -> bool:
    """Return True if each file of a list could be read: only then a name can be unknown."""
    return not any(path.startswith((f"{name}.", f"{name}/")) for path in handbook.unread)


def _labels(topics: Iterable[Topic]) -> dict[str, str]:
    """Return the name that each label of a topic stands for: its id, its name or an alias."""
    known = {label: one.name for one in topics for label in (one.id, *one.aliases)}
    return known | {one.name: one.name for one in topics}


def _question_names(handbook: Handbook) -> dict[str, str]:
    """Return what each wording of a question stands for; an id or a question stands for itself."""
    known = {wording: q.question for q in handbook.questions for wording in q.also}
    return known | {name: name for q in handbook.questions for name in (q.question, q.id)}


def _find_unknown_in_entries(
    handbook: Handbook, what: str, field: str, known: names.Names
) -> Iterator[Problem]:
    stories = (*handbook.stories, *handbook.templates)
    entries: tuple[Story | Question, ...] = (*stories, *handbook.questions)
    for entry in entries if _was_read_whole(handbook, field) else ():
        refs = getattr(entry, field, ())
        yield from _find_unknown(entry.path, refs, what, known, f"{field}.yml")


def _find_unknown(
    path: str,
    refs: Iterable[Ref],
    what: str,
    known: names.Names,
    where: str = "",
    *,
    hint: str = "",
) -> Iterator[Problem]:
    otherwise = hint or f"add it to {where}, or take it out here"
    for ref in refs:
        if not ref.to:
            near = names.suggest(ref.text, known, otherwise)
            yield Problem(path, ref.line, f"unknown {what} `{ref.text}`", near, f"unknown-{what}")


def _is_meant(typed: str, known: str) -> bool:
    """Return True if `typed` is a known name but for a slip: `Level 2` is not `Level 3`."""
    one, other = names.key(typed), names.key(known)
    same_digits = re.findall(r"\d", one) == re.findall(r"\d", other)
    return one != other and same_digits and headings.is_slip(one, other)


def _line(entry: _Entry) -> int:
    return getattr(entry, "line", 1)


def _may_be_story(link: Link, path: str) -> bool:
    """Return True for a name, and for the path of a file that would be a story."""
    file = PurePosixPath(urls.join_source(link.target.partition("#")[0], path))
    return link.by_name or (file.parts[0] == "stories" and file.suffix in ("", ".md"))


def _nearest_target(target: str, path: str, pages: Iterable[str]) -> str:
    """Return the file with the most similar name, relative to `path`, or ""."""
    by_name = {PurePosixPath(page).stem: page for page in pages}
    near = names.nearest(PurePosixPath(target).stem, by_name)
    return posixpath.relpath(by_name[near], posixpath.dirname(path) or ".") if near else ""


def _shorten(text: str) -> str:
    return text if len(text) <= 50 else f"{text[:49]}…"
