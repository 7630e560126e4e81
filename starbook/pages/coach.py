"""The coach on pages: remarks beside their sentences, and the list of what most needs work."""

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec
from markupsafe import Markup

from starbook import urls
from starbook.coach.remark import Remark
from starbook.model import CoachRule, Story
from starbook.pages import views
from starbook.pages.context import PageContext
from starbook.text import sentences

Numbered = tuple[Remark, views.RemarkView]

# A company that has heard a story this often is told another one.
_OFTEN = 3
# Where what is missing stands among the rules: behind what is wrong.
_RANKS = {rule: rank for rank, rule in enumerate(CoachRule)}
_MISSING, _DRAFT = _RANKS[CoachRule.NO_FIGURE] - 0.5, len(_RANKS)


def numbered(context: PageContext, story: Story) -> tuple[Numbered, ...]:
    """Return the remarks on a story in the order of its page, each with its number there."""
    texts = {one.id: (place, one.body.text) for place, one in enumerate(story.sections)}

    def place(remark: Remark) -> tuple[int, int]:
        number, text = texts.get(remark.section, (-1, ""))
        return number, text.find(remark.sentence) if remark.sentence else -1

    found = sorted(context.data.remarks(story.id), key=place)
    return tuple((one, _view(context, one, number)) for number, one in enumerate(found, 1))


def _view(context: PageContext, remark: Remark, number: int) -> views.RemarkView:
    step = context.t(f"remark.step.{remark.rule}")
    text = context.data.catalogue.html(remark.key, **remark.values)
    return views.RemarkView(number, text, step, remark.answer)


def with_remarks(section: views.SectionView, remarks: Sequence[Numbered]) -> views.SectionView:
    """Return a section with its remarks: beside their sentences, where those are found."""
    own = [(remark, view) for remark, view in remarks if remark.section == section.id]
    beside = [(remark, view) for remark, view in own if remark.sentence]
    if not own:
        return section
    marked = sentences.mark(section.html, [remark.sentence for remark, _ in beside])
    placed = {piece for piece in marked if isinstance(piece, int)}
    shown = [msgspec.structs.replace(view, is_marked=True) for _, view in beside]
    left = [view for remark, view in own if not remark.sentence]
    left += [view for number, (_, view) in enumerate(beside) if number not in placed]
    pieces = (shown[one] if isinstance(one, int) else Markup(one) for one in marked)
    return msgspec.structs.replace(
        section, remarks=tuple(left), pieces=tuple(pieces) if placed else ()
    )


def coach_page(context: PageContext) -> views.CoachPage:
    """Return the page with the stories by what most needs work."""
    title = context.t("nav.coach")
    rows = sorted(_rows(context), key=lambda row: row[0])
    clean = len(context.data.story_ids) - len(rows)
    return views.CoachPage(
        **context.page(urls.COACH, title, (title, "")),
        rows=tuple(row for _, row in rows),
        rest=context.t("coach.rest", count=clean) if clean else "",
    )


def remarked_stories(context: PageContext) -> list[str]:
    """Return the titles of the stories with a remark."""
    data = context.data
    return [data.summary(one).title for one in data.story_ids if data.remarks(one)]


def _rows(context: PageContext) -> Iterator[tuple[tuple[bool, float, int], views.CoachRow]]:
    """Yield a row for each story with something to do, with what it is sorted by.

    Those that rest are last.
    """
    heard = _heard_often(context)
    for ident in context.data.story_ids:
        story = context.data.summary(ident)
        found = context.data.remarks(ident)
        needs = [
            (
                float(_RANKS[one.rule]),
                context.data.catalogue.html(one.key, **one.values),
                f"remark.step.{one.rule}",
            )
            for one in found
        ]
        needs += [(_MISSING, heard[ident], "coach.step_heard")] if ident in heard else []
        if not story.ready and not story.resting:
            rank = _MISSING if story.says_ready else float(_DRAFT)
            key = "coach.step_draft" if story.holes or story.missing else "coach.step_ready"
            needs.append((rank, context.status_label(story), key))
        if needs:
            needs.sort(key=lambda need: need[0])
            rank, text, step = needs[0]
            anchor = "#remark-1" if found else ""
            more = context.t("coach.more", count=len(needs) - 1) if len(needs) > 1 else ""
            link = views.Anchor(f"{urls.story(ident)}{anchor}", story.title)
            row = views.CoachRow(
                link, context.status_label(story), text, context.data.catalogue.html(step), more
            )
            yield (story.resting, rank, -len(needs)), row


def _heard_often(context: PageContext) -> dict[str, str]:
    """Return what is said of each story that one company has heard three times, by its id."""
    companies = {one.id: one.company for one in context.data.interviews}
    heard = Counter(
        (entry.story.to, companies[entry.interview.to])
        for entry in context.data.log
        if entry.story and entry.story.to and entry.interview.to in companies
    )
    return {
        ident: context.t("coach.heard", company=company, count=times)
        for (ident, company), times in heard.items()
        if times >= _OFTEN
    }
