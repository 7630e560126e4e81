"""Choices of the practice page: the questions, and sets of them and of stories.

A set is a deck, an interview, or a round of one. Interviews are private: a public edition has none.
"""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping

import msgspec

from starbook.links import CrossLink
from starbook.model import Interview
from starbook.pages import views
from starbook.pages.context import PageContext
from starbook.pages.interviews import LikelyQuestions, latest_first, when
from starbook.planning.plan import Plan, Row
from starbook.text import names

Options = tuple[tuple[str, str], ...]
Group = tuple[str, Options, str]  # its name, and the day if it is an interview


def choices(context: PageContext, titles: Options) -> Iterator[Group]:
    """Yield the choices by kind of name; scripts find what each stands for by its value."""
    questions = context.questions if context.shows("questions") else []
    yield from _interviews(context)
    yield from _group(
        context.t("practice.deck"),
        "deck",
        ((str(i), deck) for i, (deck, _) in enumerate(_decks(context))),
    )
    for topics in context.topic_indexes.values():
        named = ((topic.id, topic.name) for topic in topics if topics.stories(topic.id))
        yield from _group(context.t(f"filter.{topics.kind}"), topics.kind, named)
    companies = dict.fromkeys(name for question in questions for name in question.companies)
    yield from _group(
        context.t("filter.company"), "company", zip(companies, companies, strict=True)
    )
    levels = dict.fromkeys(
        (*context.data.stories_at_level, *(level for one in questions for level in one.levels))
    )
    yield from _group(context.t("practice.level"), "level", zip(levels, levels, strict=True))
    yield from _group(context.t("practice.story"), "story", titles)


def _group(name: str, kind: str, entries: Iterable[tuple[str, str]]) -> Iterator[Group]:
    if options := tuple((f"{kind}/{value}", text) for value, text in entries):
        yield name, options, ""


def _interviews(context: PageContext) -> Iterator[Group]:
    """Yield the choices of each interview: by its company, or its title where two read the same."""
    planned = list(_planned(context))
    short = [tuple(_rounds(context, one, plan, one.company)) for one, plan in planned]
    texts = Counter(text for options in short for _, text in options)
    titles = Counter(one.title for one, _ in planned)
    for (one, plan), brief_options in zip(planned, short, strict=True):
        title = f"{one.title}, {one.date}" if titles[one.title] > 1 and one.date else one.title
        pairs = zip(brief_options, _rounds(context, one, plan, title), strict=True)
        options = tuple(full if texts[brief[1]] > 1 else brief for brief, full in pairs)
        yield title, options, one.date


def _rounds(
    context: PageContext, one: Interview, plan: Plan, interview: str
) -> Iterator[tuple[str, str]]:
    """Yield the choice of a whole interview, and of each round that has themes."""
    yield f"interview/{one.id}", context.t("practice.loop", company=interview)
    for position in dict.fromkeys(row.round for row in plan.rows):
        each = one.rounds[position]
        name = each.person or each.name or context.t("plan.round", number=position + 1)
        text = context.t("practice.round", company=interview, name=name)
        yield f"interview/{one.id}/{position + 1}", text


def days(context: PageContext) -> Options:
    """Return the day of each interview with its words, by date."""
    dated = [one for one in context.data.interviews if one.date]
    dated.sort(key=lambda one: one.date)
    return tuple((one.date, f"{one.title}, {when(one)}") for one in dated)


class Choices(msgspec.Struct, frozen=True):
    """The sets by the value of their choice, the questions of the handbook and of interviews."""

    sets: dict[str, views.PracticeSet]
    questions: tuple[views.PracticeQuestion, ...]
    planned: tuple[views.PracticeQuestion, ...]


def make_choices(context: PageContext) -> Choices:
    """Return the sets and questions for the index of the practice page."""
    sets = {
        f"deck/{number}": views.PracticeSet(ids) for number, (_, ids) in enumerate(_decks(context))
    }
    ids = context.data.question_ids if context.shows("questions") else ()
    refs = (one.ref for story in context.summaries for one in story.angles)
    told_for = {ref.to for ref in refs if ref}
    questions = {ident: _question(context, ident, told_for) for ident in ids}
    planned: list[views.PracticeQuestion] = []
    for one, plan in _planned(context):
        of_round: dict[int, list[int]] = {}
        for row, question in _Interview(context, one, plan, questions).asked():
            of_round.setdefault(row.round, []).append(len(planned))
            planned.append(question)
        everything = [number for numbers in of_round.values() for number in numbers]
        sets[f"interview/{one.id}"] = _set(one, plan.rows, everything)
        for position, numbers in of_round.items():
            key = f"interview/{one.id}/{position + 1}"
            sets[key] = _set(one, plan.of_round(position), numbers)
    return Choices(sets, tuple(questions.values()), tuple(planned))


def _decks(context: PageContext) -> Iterator[tuple[str, tuple[str, ...]]]:
    for deck in context.data.card_decks:
        ids = tuple(ident for ident in deck.ids if ident in context.data.story_positions)
        if ids:
            yield deck.text, ids


def _planned(context: PageContext) -> Iterator[tuple[Interview, Plan]]:
    """Yield the interviews that have themes, the latest first."""
    for one in latest_first(context.data.interviews):
        if (plan := context.data.plan(one.id)).rows:
            yield one, plan


def _set(one: Interview, rows: Iterable[Row], numbers: Iterable[int]) -> views.PracticeSet:
    """Return the set of some themes: first the stories to tell, then the backups."""
    pairs = [(row.first, row.backup) for row in rows]
    picks = (pick for column in zip(*pairs, strict=True) for pick in column if pick)
    stories = dict.fromkeys(pick.fit.story for pick in picks)
    return views.PracticeSet(tuple(stories), tuple(numbers), one.date)


def _question(context: PageContext, ident: str, told_for: Container[str]) -> views.PracticeQuestion:
    """Return a question of the handbook; some story has an angle for each of `told_for`."""
    asked = context.data.question(ident)
    refs = [f"category/{ref.to}" for ref in asked.categories if ref.to]
    refs += [f"principle/{ref.to}" for ref in asked.principles if ref.to]
    links = context.data.stories_of_question(ident).all
    told = (link for link in links if link.id not in context.data.resting)
    return views.PracticeQuestion(
        id=ident,
        text=asked.question,
        topics=tuple(refs),
        companies=asked.companies,
        levels=asked.levels,
        stories=tuple(_link(context, link) for link in told),
        angles=tuple(one for one in context.listeners(asked) if one in told_for),
        answer=asked.needs_answer,
    )


def _link(context: PageContext, link: CrossLink) -> tuple[str, bool, str]:
    """Return the id of a story, whether it was chosen, and the note or the reason."""
    return link.id, link.chosen, link.note if link.chosen else context.reason(link)


class _Interview:
    """The questions to practise for one interview, each with the story that is planned for it."""

    def __init__(
        self,
        context: PageContext,
        one: Interview,
        plan: Plan,
        questions: Mapping[str, views.PracticeQuestion],
    ) -> None:
        self.context, self.plan, self.questions = context, plan, questions
        self.likely = LikelyQuestions(context, one, plan)
        self.company = f"company/{names.slug(one.company)}"

    def asked(self) -> Iterator[tuple[Row, views.PracticeQuestion]]:
        """Yield the questions of each theme: the theme itself, and those that may come.

        A theme is asked by its name only where no likely question leads to its story.
        """
        for row in self.plan.rows:
            first = row.first.fit.story if row.first else ""
            if row.kind == "question":
                yield row, self.planned(self.questions[row.id], row, first)
                continue
            picked = [self.questions[ident] for ident in self.likely.pick(row)]
            found = [(one, self.likely.story_for(one.id)) for one in picked]
            if all(story != first for _, story in found):
                yield row, self.planned(self.theme(row), row, first)
            for one, story in found:
                if story or not self.context.data.question(one.id).needs_answer:
                    yield row, self.planned(one, row, story)

    def theme(self, row: Row) -> views.PracticeQuestion:
        """Return a theme as a question: it is asked by its name."""
        address = f"{row.kind}/{row.id}"
        name = self.context.topic_indexes[row.kind].by_id[row.id].name
        text = self.context.t("practice.ask_about", name=name)
        return views.PracticeQuestion(address, text, (address,), (), (), ())

    def planned(
        self, asked: views.PracticeQuestion, row: Row, story: str
    ) -> views.PracticeQuestion:
        """Return a question whose first story is that of the plan, told for this theme to them."""
        others = {link[0]: link for link in asked.stories}
        own = others.pop(story, (story, False, ""))
        if not own[1] and story in self.likely.place_of:  # a note of the person's says more
            number = self.likely.place_of[story] + 1
            own = (story, False, self.context.t("practice.in_plan", round=number))
        listeners = (f"{row.kind}/{row.id}", self.company, *asked.angles)
        return msgspec.structs.replace(
            asked,
            stories=(own, *others.values()) if story else asked.stories,
            first=story,
            angles=tuple(dict.fromkeys(listeners)),
        )
