"""Levels on pages: what a story shows of what its level asks, and a page for each level."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from starbook import urls
from starbook.content import amounts, yaml_nodes
from starbook.content.amounts import Fit
from starbook.model import Extent, Item, Kind, Level, Story
from starbook.pages import formatting, views
from starbook.pages.context import PageContext
from starbook.text import names

# The labels of a level in `## Levels`, in lower case.
_REFLECTION, _LENGTH = ("reflection", "reflexion"), ("length", "länge", "dauer")
_NOT_ASKED = "–"
_SIGNS_OF_YAML = re.compile(r"""^\W|[][{}:#,&*!|>'"%@`]""")


def level_list(context: PageContext) -> views.LevelList:
    """Return the list of all levels."""
    title = context.t("nav.levels")
    lines = tuple(_line(context, level) for level in context.data.levels.values())
    return views.LevelList(**context.page(urls.LEVELS, title, (title, "")), levels=lines)


def _line(context: PageContext, level: Level) -> views.GuideLine:
    count = len(context.data.stories_of_level(level.id))
    stories = context.t("count.stories", count=count) if count else context.t("level.no_story")
    asked = (_measure(context, extent.measure) for extent in level.expects)
    return views.GuideLine(f"{level.id}.html", level.name, " · ".join((stories, *asked)))


def level_page(context: PageContext, ident: str) -> views.LevelPage:
    """Return the page of a level: what it asks, what speaks against it, and its stories."""
    levels, page = context.data.levels, urls.level(ident)
    level, ids = levels[ident], list(levels)
    above = _above(context, level)
    stories = [context.data.summary(one) for one in context.data.stories_of_level(ident)]
    stories.sort(key=lambda story: not story.ready)
    steps = ((context.t("nav.levels"), urls.LEVELS), (level.name, ""))
    before, after = formatting.neighbours(ids, ids.index(ident), lambda one: levels[one].name)
    return views.LevelPage(
        **context.page(page, level.name, *steps),
        aliases=", ".join(level.aliases),
        length=_length(context, level),
        above=views.Anchor(urls.relative(page, urls.level(above.id)), above.name)
        if above
        else None,
        expects=tuple(_expectations(context, None, level, above)),
        red_flags=level.red_flags,
        differs=level.differs,
        rows=tuple(
            context.story_row(story, page, ", ".join(_counts(context, story, level).values()))
            for story in stories
        ),
        example=f"level: {level.name}" if context.private else "",
        before=before,
        after=after,
    )


def fold(
    context: PageContext, story: Story, sections: Sequence[views.SectionView], page: str
) -> views.LevelFold | None:
    """Return what is said of a story and its level; None if nothing is known of its level.

    It stands before the first of the `sections` around the answer. A story without a scope is
    compared with nothing, and a public edition does not say that it has none.
    """
    level = context.data.level_called(story.level)
    if level is None or not (level.expects or level.red_flags or level.differs):
        return None
    above, counts = _above(context, level), _counts(context, story, level)
    return views.LevelFold(
        place=next((at for at, one in enumerate(sections) if one.form != "text"), len(sections)),
        level=views.Anchor(urls.relative(page, urls.level(level.id)), level.name),
        above=above.name if above else "",
        summary=", ".join(counts.values()),
        not_said=counts.get(Fit.NOT_SAID, ""),
        expects=tuple(_expectations(context, story, level, above)) if story.scope else (),
        red_flags=level.red_flags,
        differs=level.differs,
        to_add=_to_add(story, level) if context.private else "",
    )


def with_reflections(
    context: PageContext, story: Story, sections: Sequence[views.SectionView], page: str
) -> tuple[views.SectionView, ...]:
    """Return the sections of a story; its Reflection has those for other levels, too."""
    found = (_reflection(context, story, item, page) for item in story.told_at_levels)
    reflections = tuple(one for one in found if one)
    own = next((section.id for section in story.parts(Kind.REFLECTION)), "")
    return tuple(
        msgspec.structs.replace(view, by_level=reflections) if view.id == own else view
        for view in sections
    )


def _reflection(
    context: PageContext, story: Story, item: Item, page: str
) -> views.LevelReflection | None:
    """Return the reflection for one level of `## Levels`, if that has one, with its length."""
    fields = {field.name: field.body for field in reversed(item.fields)}
    reflection = next((fields[name] for name in _REFLECTION if name in fields), None)
    if reflection is None:
        return None
    name = item.title.text.strip()
    written = next((fields[label].text.strip() for label in _LENGTH if label in fields), "")
    level = context.data.level_called(name)
    length = context.t("level.length", length=written.rstrip(".")) if written else ""
    html = context.html(reflection, page, story.path)
    return views.LevelReflection(name, html, length or (_length(context, level) if level else ""))


def _above(context: PageContext, level: Level) -> Level | None:
    return context.data.levels.get(level.next.to) if level.next else None


def _length(context: PageContext, level: Level) -> str:
    return context.t("level.length", length=level.length.text) if level.length else ""


def _measure(context: PageContext, measure: str) -> str:
    """Return the name of a measure: ours in the language of the pages, others as written."""
    key = names.key(measure)
    if key in amounts.MEASURES:
        return context.t(f"level.measure.{key}")
    return measure[:1].upper() + measure[1:]


def _by_measure(extents: Sequence[Extent]) -> dict[str, Extent]:
    return {names.key(extent.measure): extent for extent in extents}


def _expectations(
    context: PageContext, story: Story | None, level: Level, above: Level | None
) -> Iterator[views.Expectation]:
    """Yield a line for each measure: what a story shows, what its level asks, and the next one."""
    asked, next_asked = _by_measure(level.expects), _by_measure(above.expects if above else ())
    said = _by_measure(story.scope.extents if story else ())
    for key in dict.fromkeys((*asked, *next_asked, *said)):
        one = (said | next_asked | asked)[key]
        fit = amounts.fit(said.get(key), asked[key]) if story and key in asked else None
        yield views.Expectation(
            measure=_measure(context, one.measure),
            shown=said[key].text if key in said else "",
            fit=str(fit or ""),
            fit_text=context.t(f"level.fit.{fit}") if fit else "",
            asked=asked[key].text if key in asked else _NOT_ASKED,
            above=next_asked[key].text if key in next_asked else _NOT_ASKED,
        )


def _counts(context: PageContext, story: Story, level: Level) -> dict[Fit, str]:
    """Return `3 shown`, `1 below` and `1 not said` of what a level asks, without those of none."""
    if not (context.private or story.scope):
        return {}
    said = _by_measure(story.scope.extents)
    fits = Counter(amounts.fit(said.get(names.key(one.measure)), one) for one in level.expects)
    return {fit: context.t(f"level.{fit}", count=fits[fit]) for fit in Fit if fits[fit]}


def _quoted(text: str) -> str:
    return yaml_nodes.quote(text) if _SIGNS_OF_YAML.search(text) else text


def _to_add(story: Story, level: Level) -> str:
    """Return the line of front matter that has what the story does not say yet, too."""
    said = _by_measure(story.scope.extents)
    lacking = [one.measure for one in level.expects if names.key(one.measure) not in said]
    pairs = [f"{one.measure}: {_quoted(one.text)}" for one in story.scope.extents]
    pairs += [f"{measure}: …" for measure in lacking]
    return f"scope: {{{', '.join(pairs)}}}" if lacking else ""
