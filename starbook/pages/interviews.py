"""Pages of interviews: the plan by round, what else to expect, and what came of it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest

import msgspec

from starbook import urls
from starbook.model import Audience, Interview, Item, Kind, Question, Round, Story, Telling
from starbook.pages import formatting, views
from starbook.pages.context import PageContext
from starbook.pages.tellings import telling_view
from starbook.planning.costs import Cost
from starbook.planning.plan import Pick, Plan, Row, angle_address
from starbook.planning.review import Review, ThemeReview, entries_of, make_review
from starbook.text import names, sentences

# The keys of the reasons for points. Why a story fits names what it fits through.
_WHY = {
    Cost.CHOSEN: "plan.chosen",
    Cost.NAMED: "plan.named",
    Cost.ANGLE_ONLY: "plan.angle_only",
    Cost.ASKED: "plan.asked",
    Cost.SAME_PRINCIPLE: "plan.same_principle",
    Cost.SAME_CATEGORY: "plan.same_category",
    Cost.TAG: "plan.same_tag",
    Cost.FIXED: "plan.fixed",
    Cost.NO_ANGLE: "plan.no_angle",
    Cost.NEVER_TOLD: "plan.never_told",
    Cost.OTHER_LEVEL: "plan.other_level",
    Cost.TOO_LONG: "plan.too_long",
    Cost.TOLD_TO_THEM: "plan.told_to_them",
    Cost.DRAFT: "story.draft",
}
# The fields of an angle that say how to tell a story, the best first.
_ANGLE_FIELDS = ("lead with", "emphasize", "emphasise")
_MAX_LIKELY, _MAX_OF_THEME, _MAX_ALSO, _MAX_ASK, _MAX_FOLLOW_UPS = 5, 3, 10, 3, 2
# What a theme may lack, the worst first.
_GAPS = (
    *("plan.gap_story", "plan.gap_twice", "plan.gap_draft"),
    *("plan.gap_backup", "plan.gap_repetition"),
)
_MAX_FIGURES, _MAX_CUE_FIGURES, _MAX_CUES = 3, 4, 9
# A hello and a farewell, in minutes; and what a story with its follow-ups takes, at most and least.
_HELLO, _YOUR_QUESTIONS, _LONGEST, _SHORTEST = 5, 5, 15, 10
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d\d))?(?: ?([ap])\.?m\.?)?", re.I)
_DAY = 24 * 60


def interview_list(context: PageContext) -> views.InterviewList:
    """Return the list of interviews: the latest date first, then those without a date."""
    title = context.t("nav.interviews")
    page = urls.INTERVIEWS
    loops = latest_first(context.data.interviews)
    logged = [one for one in loops if entries_of(one, context.data.log)]
    reviews = [make_review(one, context.data.plan(one.id), context.data) for one in logged]
    lines = [
        _review_line(context, [review], views.Anchor(_link(page, one), one.title))
        for one, review in zip(logged, reviews, strict=True)
    ]
    unforeseen = (entry for review in reviews for entry in review.unforeseen)
    return views.InterviewList(
        **context.page(page, title, (title, "")),
        rows=tuple(interview_line(context, one, page) for one in loops),
        reviews=tuple(lines),
        total=_review_line(context, reviews, None) if len(reviews) > 1 else None,
        unforeseen=tuple(telling_view(context, entry, page) for entry in unforeseen),
    )


def _link(page: str, one: Interview) -> str:
    return urls.relative(page, urls.interview(one.id))


def _review_line(
    context: PageContext, reviews: Iterable[Review], where: views.Anchor | None
) -> views.ReviewLine:
    """Return what came of some interviews together."""
    listed = list(reviews)
    total = sum(len(review.themes) for review in listed)
    firsts = sum(review.firsts for review in listed)
    met = context.t("plan.of", count=sum(review.met for review in listed), total=total)
    told = context.t("plan.of", count=sum(len(review.told) for review in listed), total=firsts)
    unforeseen = sum(len(review.unforeseen) for review in listed)
    return views.ReviewLine(where, met, told, str(unforeseen))


def latest_first(interviews: Iterable[Interview]) -> list[Interview]:
    """Return interviews by date, the latest first; which are over depends on the day."""
    return sorted(interviews, key=lambda one: one.date, reverse=True)


def interview_line(context: PageContext, one: Interview, page: str) -> views.InterviewLine:
    """Return the line of an interview in a list, for the page at `page`."""
    rows = context.data.plan(one.id).rows
    covered = sum(row.first is not None for row in rows)
    facts = [context.t("plan.rounds", count=len(one.rounds))]
    if rows:
        facts.append(context.t("plan.covered_of", covered=covered, total=len(rows)))
    if entries := entries_of(one, context.data.log):
        facts.append(context.t("plan.logged", count=len(entries)))
    return views.InterviewLine(_link(page, one), one.title, when(one), " · ".join(facts))


def interview_page(context: PageContext, ident: str) -> views.InterviewPage:
    """Return the page of an interview."""
    data = context.data
    one = next(each for each in data.interviews if each.id == ident)
    page, plan = urls.interview(ident), data.plan(ident)
    made = _InterviewPage(context, one, plan, page)
    rounds = tuple(made.round(position) for position in range(len(one.rounds)))
    review = make_review(one, plan, data)
    steps = ((context.t("nav.interviews"), urls.INTERVIEWS), (ident, ""))
    after = entries_of(one, data.log)
    pack = pack_of(context, one)
    reviewed = (
        context.t("plan.met", met=review.met, total=len(review.themes)),
        context.t("plan.used", told=len(review.told), total=review.firsts),
        context.t("plan.unforeseen", count=len(review.unforeseen)),
    )
    return views.InterviewPage(
        **context.page(page, one.title, *steps),
        when=when(one),
        facts=tuple(_facts(context, one)),
        notes=tuple(one.notes.splitlines()),
        cards=context.cards_url(f"deck=interview/{ident}", page) if pack else "",
        sheets=len(pack),
        practice=_practice_url(context, ident, page) if plan.rows else "",
        paper="letter" if data.settings.paper in ("Letter", "4x6", "3x5") else "a4",
        figures=tuple(_figures(context, one, plan)),
        gaps=tuple(made.gaps(rounds)),
        rounds=rounds,
        cues=tuple(made.cue_cards(rounds)),
        stories=tuple(_stories_to_choose(context, page)),
        asked_title=context.t("plan.also_asked", name=one.company),
        also_asked=tuple(map(made.likely_question, made.likely.asked_by_company())),
        before=tuple(made.telling(entry) for entry in _heard(one, data.interviews, data.log)),
        compared=tuple(made.compared(theme, review) for theme in review.themes),
        others=tuple(made.telling(entry) for entry in review.others),
        review=reviewed if after else (),
        id=ident,
        paste=_paste(one),
    )


def _stories_to_choose(context: PageContext, page: str) -> Iterator[views.StoryChoice]:
    """Yield all stories, by title."""
    for story in sorted(context.summaries, key=lambda one: names.slug(one.title)):
        href = urls.relative(page, urls.story(story.id))
        yield views.StoryChoice(story.id, href, story.title)


def _practice_url(context: PageContext, ident: str, page: str) -> str:
    href = f"{urls.relative(page, urls.PRACTICE)}#with=interview/{ident}"
    return href if context.shows("practice") else ""


def when(one: Interview) -> str:
    """Return the date as it was written, and when the first round starts."""
    starts = next((each.starts for each in one.rounds if each.starts), "")
    return ", ".join(filter(None, (one.date, starts, one.zone)))


def _facts(context: PageContext, one: Interview) -> Iterator[str]:
    if one.level:
        yield one.level
    if one.length:
        yield context.t("plan.length", length=one.length.text)
    if one.principles:
        yield context.t("plan.set", set=one.principles.to)


def _figures(context: PageContext, one: Interview, plan: Plan) -> Iterator[views.FigureView]:
    """Yield how many themes have a story, how many a backup, and the minutes of all rounds."""
    total = len(plan.rows)
    of = f"\N{NO-BREAK SPACE}{context.t('count.of', total=total)}"
    firsts = [row.first.fit.story for row in plan.rows if row.first]
    if total:
        again = len(firsts) - len(set(firsts))
        label = context.t("plan.some_twice", count=again) if again else context.t("plan.none_twice")
        yield views.FigureView(str(len(firsts)), "", of, label)
        backups = sum(row.backup is not None for row in plan.rows)
        yield views.FigureView(str(backups), "", of, context.t("plan.have_backup"))
    minutes = sum(each.minutes for each in one.rounds)
    if minutes:
        unit = f"\N{NO-BREAK SPACE}{context.t('plan.minutes')}"
        label = context.t("plan.in_rounds", count=len(one.rounds))
        yield views.FigureView(str(minutes), "", unit, label)


def _heard(
    one: Interview, interviews: Iterable[Interview], log: Iterable[Telling]
) -> Iterator[Telling]:
    """Yield what the company heard in other interviews."""
    company = names.key(one.company)
    same = {each.id for each in interviews if names.key(each.company) == company} - {one.id}
    return (entry for entry in log if entry.interview.to in same)


def _paste(one: Interview) -> str:
    """Return an entry of the log to fill in."""
    lines = [f"- interview: {one.id}", *([f"  date: {one.date}"] if one.date else [])]
    return "\n".join([*lines, "  round: 1", "  question:", "  story:", "  landed:", "  notes:"])


def pack_of(context: PageContext, one: Interview) -> tuple[str, ...]:
    """Return the ids of the cards to print for an interview, in the order of the day.

    The run sheet comes first, then the stories, what to ask each person, and the checklists: those
    that a deck ends with, or all if no deck has one.
    """
    stories = [row.first.fit.story for row in context.data.plan(one.id).rows if row.first]
    if not stories:
        return ()
    asks = (f"{_sheet(one)}/{at}" for at, asked in enumerate(_to_ask(context, one), 1) if asked)
    lists = [f"guides/{each.id}" for each in context.data.guides if urls.has_tick_boxes(each.body)]
    ends = {ref.to for deck in context.data.decks for ref in deck.ends_with}
    checklists = [one for one in lists if one in ends] or lists
    return tuple(dict.fromkeys((_sheet(one), *stories, *asks, *checklists)))


def _sheet(one: Interview) -> str:
    """Return the id of the run sheet among cards; those of what to ask begin with it."""
    return f"interviews/{one.id}"


def run_sheets(context: PageContext, page: str) -> Iterator[views.RunSheet]:
    """Yield the run sheet of each interview that has cards, for the page at `page`."""
    for one in context.data.interviews:
        if pack_of(context, one):
            made = _InterviewPage(context, one, context.data.plan(one.id), page)
            yield views.RunSheet(
                id=_sheet(one),
                href=_link(page, one),
                address=context.printed_address(urls.interview(one.id)),
                title=one.title,
                when=when(one),
                rounds=tuple(made.sheet_round(at) for at in range(len(one.rounds))),
            )


def _to_ask(context: PageContext, one: Interview) -> list[tuple[str, ...]]:
    """Return what to ask in each round, of each topic in turn; nothing is asked in two rounds."""
    audiences = {each.id: each for each in context.data.audiences}
    taken: set[str] = set()
    found = []
    for each in one.rounds:
        wanted = audiences.get(each.audience.to) if each.audience else None
        fresh = [text for text in _in_turn(wanted) if text not in taken] if wanted else []
        taken.update(fresh[:_MAX_ASK])
        found.append(tuple(fresh[:_MAX_ASK]))
    return found


class LikelyQuestions:
    """The questions of the catalogue that may come in an interview, each for one theme alone."""

    def __init__(self, context: PageContext, one: Interview, plan: Plan) -> None:
        self.context, self.interview = context, one
        self.expected = {row.id for row in plan.rows if row.kind == "question"}
        firsts = ((row.first.fit.story, row.round) for row in reversed(plan.rows) if row.first)
        self.place_of = dict(firsts)

    def pick(self, row: Row) -> list[str]:
        """Return the next questions of a theme: those that this company asks first, then any."""
        fresh = [one for one in self.questions_about(row) if one.id not in self.expected]
        fresh.sort(key=self.unlikeliness)
        found = [question.id for question in fresh[:_MAX_OF_THEME]]
        self.expected.update(found)
        return found

    def questions_about(self, row: Row) -> list[Question]:
        """Return the questions of a theme."""
        data = self.context.data
        if row.kind == "question":
            ids: Iterable[str] = (link.id for link in data.related_questions(row.id).all)
        else:
            ids = data.questions_of_topic(row.kind, row.id)
        return [data.question(ident) for ident in ids]

    def asked_by_company(self) -> list[str]:
        """Return what this company asks besides the themes and the questions picked for them."""
        company, found = names.key(self.interview.company), []
        for question in self.context.questions:
            if question.id not in self.expected and company in map(names.key, question.companies):
                found.append(question)
        found.sort(key=self.unlikeliness)
        return [question.id for question in found[:_MAX_ALSO]]

    def unlikeliness(self, question: Question) -> tuple[bool, bool]:
        """Return a sort key: what this company asks comes first, then what the level is asked."""
        company, level = names.key(self.interview.company), names.key(self.interview.level)
        asks = company in map(names.key, question.companies)
        return not asks, level not in map(names.key, question.levels)

    def story_for(self, question: str) -> str:
        """Return the story to tell: a first of the plan if one fits, else the best; or ""."""
        fitting = [link.id for link in self.context.stories_to_tell(question)]
        return next((one for one in fitting if one in self.place_of), next(iter(fitting), ""))


class _InterviewPage:
    """The parts of one page; a question to expect is in the first round alone."""

    def __init__(self, context: PageContext, one: Interview, plan: Plan, page: str) -> None:
        self.context, self.interview, self.plan, self.page = context, one, plan, page
        self.likely = LikelyQuestions(context, one, plan)
        self.to_ask = _to_ask(context, one)

    def round(self, position: int) -> views.RoundView:
        """Return a round; rounds are made in their order."""
        rows = self.plan.of_round(position)
        return msgspec.structs.replace(
            self.sheet_round(position),
            likely=tuple(self.likely_questions(rows)),
            follow_ups=tuple(self.follow_ups(rows)),
        )

    def sheet_round(self, position: int) -> views.RoundView:
        """Return a round without what to expect in it."""
        t, one = self.context.t, self.interview.rounds[position]
        rows = self.plan.of_round(position)
        title = one.person or one.name or t("plan.round", number=position + 1)
        ends = _ends(one)
        facts = [t("plan.round_of", number=position + 1, total=len(self.interview.rounds))]
        if one.minutes:
            facts.append(t("plan.long", count=one.minutes))
        if ends:
            facts.append(t("plan.until", time=ends))
        themes = tuple(self.theme(row, number) for number, row in enumerate(rows, 1))
        stretches = tuple(_stretches(self.context, one, [theme.name for theme in themes]))
        is_short = any(part.told and part.count < _SHORTEST for part in stretches)
        return views.RoundView(
            number=position + 1,
            starts=one.starts,
            ends=ends,
            title=title,
            role=one.name if one.person else "",
            facts=", ".join(facts),
            notes=tuple(one.notes.splitlines()),
            minutes=stretches,
            short=t("plan.short") if is_short else "",
            themes=themes,
            ask_title=t("plan.ask", name=one.person) if one.person else t("plan.ask_them"),
            ask=self.to_ask[position],
        )

    def theme(self, row: Row, number: int) -> views.PlannedTheme:
        """Return a theme, the one at `number` of its round."""
        name, href = self.theme_link(row)
        cue = f"cue-{row.round + 1}-{number}"
        first = self.planned(row, row.first, cue) if row.first else None
        backup = self.planned(row, row.backup, f"{cue}-backup") if row.backup else None
        return views.PlannedTheme(
            href=href,
            name=name,
            form=row.kind,
            first=first,
            no_first=None if first else self.missing_first(row, name),
            no_angle=self.no_angle(row, name) if first and not first.angle else "",
            missing=self.own_missing(row, name) if row.first and row.first.again else "",
            backup=backup,
            no_backup=None if backup or not first else self.missing_backup(row, name),
        )

    def theme_link(self, row: Row) -> tuple[str, str]:
        """Return the name of a theme and the link to its page."""
        if row.kind == "question":
            href = urls.relative(self.page, urls.question(row.id))
            return self.context.data.question(row.id).question, href
        link = self.context.topic_indexes[row.kind].link(row.id, self.page)
        return link.text, link.href

    def missing_first(self, row: Row, name: str) -> views.Gap:
        """Return what to do about a theme that no story fits."""
        html = self.context.data.catalogue.html  # there is code in these
        hint = {
            "principle": html("plan.write_principle", name=name),
            "category": html("plan.write_category", name=name),
            "question": html("plan.write_question"),
        }
        return views.Gap(self.context.t("plan.no_story"), hint[row.kind])

    def no_angle(self, row: Row, name: str) -> str:
        """Return that a story does not say how it is told for a theme."""
        t = self.context.t
        return t("plan.no_angle") if row.kind == "question" else t("plan.no_angle_for", name=name)

    def own_missing(self, row: Row, name: str) -> str:
        """Return what kind of story is missing where one is told twice."""
        t = self.context.t
        if row.kind == "question":
            return t("plan.own_missing_question")
        return t("plan.own_missing", name=name)

    def missing_backup(self, row: Row, name: str) -> views.Gap:
        """Return what is missing for a backup, with the best repetition, if any."""
        t, question = self.context.t, row.kind == "question"
        key = "plan.second_missing_question" if question else "plan.second_missing"
        missing = t(key) if question else t(key, name=name)
        if row.repetition is None:
            return views.Gap(t("plan.no_backup"), missing)
        text = t("plan.best_repetition", round=row.repeats + 1)
        story = self.context.story_link(row.repetition.story, self.page)
        return views.Gap(t("plan.no_free_backup"), text, story, missing)

    def planned(self, row: Row, pick: Pick, cue: str) -> views.PlannedStory:
        """Return a story for a theme with its reasons."""
        context, ident = self.context, pick.fit.story
        story = context.data.summary(ident)
        label, angle = self.angle(row, ident)
        seconds = context.data.seconds(ident)
        return views.PlannedStory(
            href=urls.relative(self.page, urls.story(ident)),
            id=ident,
            cue=cue,
            title=story.title,
            aloud=formatting.clock(seconds) if seconds else "",
            numbers=context.numbers(story, _MAX_FIGURES),
            angle_label=label,
            angle=angle,
            why=self.reason(row, pick.fit.why, pick.fit.via),
            warnings=tuple(self.warnings(pick, story, is_backup=cue.endswith("backup"))),
            points=tuple(self.points(row, pick)),
            instead=self.instead(pick),
        )

    def warnings(self, pick: Pick, story: Story, *, is_backup: bool) -> Iterator[str]:
        """Yield what one has to know before telling a story."""
        t = self.context.t
        if pick.fit.has(Cost.TOLD_TO_THEM):
            yield t("plan.told_to_them")
        for position in pick.again:
            key = "plan.backup_again" if is_backup else "plan.again"
            yield t(key, round=position + 1)
        if draft := self.context.status_label(story):
            yield draft

    def points(self, row: Row, pick: Pick) -> Iterator[tuple[str, str]]:
        """Yield what a story costs, reason by reason."""
        for number, (cost, points) in enumerate(pick.fit.points):
            via = pick.fit.via if number == 0 else ""
            yield self.reason(row, cost, via), self.context.t("plan.points", count=points)

    def reason(self, row: Row, cost: Cost, via: str) -> str:
        """Return the words for a reason of points."""
        context, name = self.context, self.theme_link(row)[0]
        if cost is Cost.ASKED:
            name = context.data.question(via).question
        elif cost in (Cost.SAME_PRINCIPLE, Cost.SAME_CATEGORY):
            topics = context.principles if cost is Cost.SAME_PRINCIPLE else context.categories
            name = topics.by_id[via].name
        elif cost is Cost.TAG:
            name = via
        return context.t(_WHY[cost], name=name)

    def instead(self, pick: Pick) -> str:
        """Return the next best story, and what it would cost."""
        t, other = self.context.t, pick.instead
        if other is None:
            return ""
        title = self.context.data.summary(other.story).title
        if other.again > 0:
            return t("plan.instead_again", title=title)
        if other.needed is not None:
            number = other.needed + 1
            return t("plan.instead_needed", title=title, count=other.points, round=number)
        if other.points == 0:
            return t("plan.instead_equal", title=title)
        return t("plan.instead", title=title, count=other.points)

    def angle(self, row: Row, ident: str) -> tuple[str, str]:
        """Return how to tell a story for a theme: your note, its angle for that, or for them."""
        t, data = self.context.t, self.context.data
        if row.kind == "question":
            for link in data.chosen_for(row.id):
                if link.id == ident and link.note:
                    return t("plan.your_note"), link.note
        company = self.interview.company
        angles = {angle_address(item, company): item for item in reversed(data.angles(ident))}
        if item := angles.get(f"{row.kind}/{row.id}"):
            return t("plan.angle"), _angle_text(item)
        if item := angles.get("company"):
            return t("plan.angle_for", name=company), _angle_text(item)
        return "", ""

    def likely_questions(self, rows: Iterable[Row]) -> Iterator[views.LikelyQuestion]:
        """Yield the questions of the catalogue that may come in a round."""
        found = [ident for row in rows for ident in self.likely.pick(row)]
        for ident in found[:_MAX_LIKELY]:
            yield self.likely_question(ident)

    def likely_question(self, ident: str) -> views.LikelyQuestion:
        """Return a question with the story to tell: one of this plan if it fits; or its answer."""
        context, question = self.context, self.context.data.question(ident)
        href = urls.relative(self.page, urls.question(ident))
        story = self.likely.story_for(ident)
        if not story and question.answer:
            answer = views.Anchor(href, context.t("plan.prepared"))
            return views.LikelyQuestion(href, question.question, answer, "", "")
        if not story:
            key = "question.no_answer" if question.needs_answer else "question.no_story_assigned"
            return views.LikelyQuestion(href, question.question, None, "", context.t(key))
        place = self.likely.place_of.get(story)
        note = "" if place is None else context.t("plan.in_round", round=place + 1)
        link = context.story_link(story, self.page)
        return views.LikelyQuestion(href, question.question, link, note, "")

    def follow_ups(self, rows: Iterable[Row]) -> Iterator[views.FollowUp]:
        """Yield the follow-ups to expect after the first stories of a round."""
        for row in rows:
            if row.first:
                story = self.context.data.story(row.first.fit.story)
                yield from _follow_ups(story, 1)

    def gaps(
        self, rounds: Iterable[views.RoundView]
    ) -> Iterator[tuple[tuple[views.Anchor, ...], str]]:
        """Yield the themes that lack the same, with what it is; the worst first."""
        t = self.context.t
        found: dict[str, dict[str, views.Anchor]] = {key: {} for key in _GAPS}
        for one in rounds:
            for theme, row in zip(one.themes, self.plan.of_round(one.number - 1), strict=True):
                if key := _gap(row):
                    link = views.Anchor(f"#round-{one.number}", theme.name)
                    found[key].setdefault(theme.name, link)
        yield from ((tuple(links.values()), t(key)) for key, links in found.items() if links)
        open_ = [one for each in rounds for one in each.likely if one.story is None]
        if open_:
            text = t("plan.gap_questions", count=len(open_))
            yield (views.Anchor(open_[0].href, open_[0].text),), text

    def cue_cards(self, rounds: Iterable[views.RoundView]) -> Iterator[views.CueCard]:
        """Yield the cue card of each story of each theme."""
        for one in rounds:
            for theme in one.themes:
                for story in filter(None, (theme.first, theme.backup)):
                    yield self.cue_card(one.number, theme.name, story)

    def cue_card(self, number: int, theme: str, planned: views.PlannedStory) -> views.CueCard:
        """Return the cue card of a story for a theme of a round."""
        story = self.context.data.story(planned.id)
        return views.CueCard(
            id=planned.cue,
            back=f"#day-{number}",
            round=number,
            theme=theme,
            story=planned,
            cues=story.cue[:_MAX_CUES],
            bones=self.context.data.preview(planned.id).bones,
            follow_ups=tuple(_follow_ups(story, _MAX_FOLLOW_UPS)),
        )

    def compared(self, theme: ThemeReview, review: Review) -> views.ComparedTheme:
        """Return what was planned for a theme beside what came of it."""
        name, href = self.theme_link(theme.row)
        first = theme.row.first
        planned = self.context.story_link(first.fit.story, self.page) if first else None
        told = tuple(self.telling(entry) for entry in theme.entries)
        unused = not told and first is not None and first.fit.story not in review.told
        return views.ComparedTheme(href, name, planned, unused, told)

    def telling(self, entry: Telling) -> views.TellingView:
        """Return a line of the log."""
        return telling_view(self.context, entry, self.page)


def _gap(row: Row) -> str:
    """Return the key of what a theme lacks, or ""."""
    if row.first is None:
        return "plan.gap_story"
    if row.first.again:
        return "plan.gap_twice"
    if row.first.fit.has(Cost.DRAFT):
        return "plan.gap_draft"
    if row.backup is None:
        return "plan.gap_repetition" if row.repetition else "plan.gap_backup"
    return ""


def _follow_ups(story: Story, most: int) -> Iterator[views.FollowUp]:
    """Yield the first follow-ups of a story with their key lines, as plain text."""
    items = [item for section in story.parts(Kind.FOLLOW_UPS) for item in section.items]
    for item in items[:most]:
        fields = {field.name: field.body.text for field in item.fields}
        answer = fields.get("key line") or fields.get("strong") or item.body.text
        line = next(iter(sentences.split(answer.strip())), "")
        yield views.FollowUp(_one_line(item.title.text), _one_line(line))


def _angle_text(item: Item) -> str:
    fields: Mapping[str, str] = {field.name: field.body.text for field in item.fields}
    texts = [fields[name] for name in _ANGLE_FIELDS if name in fields]
    return _one_line(next(iter([*texts, item.body.text])))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _in_turn(audience: Audience) -> list[str]:
    """Return the questions for an audience, the first of each topic before the second of any."""
    rows = zip_longest(*(topic.questions for topic in audience.topics))
    return [question for row in rows for question in row if question]


def _ends(one: Round) -> str:
    """Return when a round is over, if it is written when it starts.

    `09:30` and 45 minutes are `10:15`, and `9:30 am` is `10:15 am`.
    """
    match = _CLOCK.fullmatch(one.starts)
    if not match or not one.minutes or not (match[2] or match[3]):
        return ""
    half = (match[3] or "").lower()
    hours = int(match[1]) % 12 + 12 * (half == "p") if half else int(match[1])
    minutes = (hours * 60 + int(match[2] or 0) + one.minutes) % _DAY
    hours, minutes = divmod(minutes, 60)
    if half:
        return f"{hours % 12 or 12}:{minutes:02d} {'pm' if hours >= 12 else 'am'}"
    return f"{hours:02d}:{minutes:02d}"


def _stretches(context: PageContext, one: Round, themes: list[str]) -> Iterator[views.Minutes]:
    """Yield a plan of the minutes of a round, if it is written how long it is."""
    left = one.minutes - _HELLO - _YOUR_QUESTIONS
    if left < len(themes) or not themes:
        return
    each = min(left // len(themes), _LONGEST)
    yield views.Minutes(_HELLO, context.t("plan.hello"))
    yield from (views.Minutes(each, name, told=True) for name in themes)
    if spare := left - each * len(themes):
        yield views.Minutes(spare, context.t("plan.spare"))
    yield views.Minutes(_YOUR_QUESTIONS, context.t("plan.you_ask"))
