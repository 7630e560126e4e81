"""Routes: the paths of all pages of an edition, and the function that makes each view."""

from collections.abc import Callable, Iterator, Mapping

from starbook import urls
from starbook.pages import views
from starbook.pages.cards import card_page
from starbook.pages.coach import coach_page
from starbook.pages.context import PageContext
from starbook.pages.coverage import coverage
from starbook.pages.guides import guide_list, guide_page, to_ask
from starbook.pages.home import home
from starbook.pages.interviews import interview_list, interview_page
from starbook.pages.levels import level_list, level_page
from starbook.pages.lists import question_list, story_list
from starbook.pages.practice import practice_page
from starbook.pages.print_page import print_page
from starbook.pages.question import question_page
from starbook.pages.story import story_page
from starbook.pages.topic import topic_page
from starbook.pages.topic_index import topic_list


def page_paths(context: PageContext) -> Iterator[str]:
    """Yield the path of every page of the edition, in the order of the menu."""
    data = context.data
    yield urls.HOME
    yield urls.STORIES
    yield from map(urls.story, data.story_ids)
    if context.shows("questions"):
        yield urls.QUESTIONS
        yield from map(urls.question, data.question_ids)
    for topics in context.topic_indexes.values():
        if context.shows(topics.plural):
            yield topics.list_path
            yield from map(topics.url, topics.by_id)
    if context.shows("coverage"):
        yield urls.COVERAGE
    if context.shows("interviews"):
        yield urls.INTERVIEWS
        yield from (urls.interview(one.id) for one in data.interviews)
    if context.shows("practice"):
        yield urls.PRACTICE
    if context.shows("guides"):
        yield urls.GUIDES
        yield from (urls.guide(guide.id) for guide in data.guides)
    if context.shows("to-ask"):
        yield urls.TO_ASK
    if context.shows("cards"):
        yield urls.CARDS
    if context.shows("print"):
        yield urls.PRINT
    if context.shows("coach"):
        yield urls.COACH
    if context.shows("levels"):
        yield urls.LEVELS
        yield from map(urls.level, data.levels)
    yield urls.NOT_FOUND


def make_view(context: PageContext, path: str) -> views.View:
    """Return the view of the page at `path`."""
    if path in _PAGES:
        return _PAGES[path](context)
    folder, _, name = path.rpartition("/")
    return _FOLDERS[folder](context, name.removesuffix(".html"))


def not_found(context: PageContext) -> views.NotFound:
    """Return the page for an unknown address; a host may show it in any folder."""
    frame = context.frame(urls.NOT_FOUND, root=urls.base(context.data.settings))
    return views.NotFound(path=urls.NOT_FOUND, frame=frame, title=context.t("missing.title"))


_PAGES: Mapping[str, Callable[[PageContext], views.View]] = {
    urls.HOME: home,
    urls.STORIES: story_list,
    urls.QUESTIONS: question_list,
    urls.CATEGORIES: lambda context: topic_list(context, context.categories),
    urls.PRINCIPLES: lambda context: topic_list(context, context.principles),
    urls.COVERAGE: coverage,
    urls.INTERVIEWS: interview_list,
    urls.PRACTICE: practice_page,
    urls.GUIDES: guide_list,
    urls.TO_ASK: to_ask,
    urls.CARDS: card_page,
    urls.PRINT: print_page,
    urls.COACH: coach_page,
    urls.LEVELS: level_list,
    urls.NOT_FOUND: not_found,
}
_FOLDERS: Mapping[str, Callable[[PageContext, str], views.View]] = {
    "stories": story_page,
    "questions": question_page,
    "categories": lambda context, ident: topic_page(context, context.categories, ident),
    "principles": lambda context, ident: topic_page(context, context.principles, ident),
    "interviews": interview_page,
    "guides": guide_page,
    "levels": level_page,
}
