"""View models → `{path: text}`, through templates that only show what they are given."""

import os
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path

from jinja2 import Environment, Template, TemplateNotFound, TemplateSyntaxError

from starbook import views
from starbook.problem import Problem
from starbook.templates import Templates


class LayoutError(Exception):
    """A layout cannot be used; `problem` says where and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


TEMPLATES: dict[type, str] = {
    views.Home: "home.html",
    views.StoryList: "stories.html",
    views.StoryPage: "story.html",
    views.QuestionList: "questions.html",
    views.QuestionPage: "question.html",
    views.TopicList: "topics.html",
    views.TopicPage: "topic.html",
    views.Coverage: "coverage.html",
    views.GuideList: "guides.html",
    views.GuidePage: "guide.html",
    views.ToAsk: "to-ask.html",
    views.CardPage: "cards.html",
    views.NotFound: "404.html",
}


def environment(layouts: Path) -> Environment:
    """The templates of a folder."""
    return Templates(layouts)


class Layouts:
    """The templates of a folder, each read when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._environment = environment(folder)
        self._templates: dict[type, Template] = {}

    def page(self, view: views.Page) -> str:
        """The text of a page. Raises `LayoutError` where its layout is missing or broken."""
        kind = type(view)
        try:
            if kind not in self._templates:
                self._templates[kind] = self._environment.get_template(TEMPLATES[kind])
            return self._templates[kind].render(page=view)
        except Exception as error:  # a layout is a program: whatever it raises is its own fault
            raise LayoutError(_problem_in(error, self.folder)) from error


def render(pages: Iterable[views.Page], layouts: Path) -> Iterator[tuple[str, str]]:
    """Each page's path and text. Raises `LayoutError` where a layout is missing or broken."""
    templates = Layouts(layouts)
    return ((page.path, templates.page(page)) for page in pages)


def assets(layouts: Path) -> Iterator[tuple[str, str]]:
    """The style sheets and scripts, as they are. Raises `LayoutError` for one that is no text."""
    for path in sorted((layouts / "assets").glob("*.*")):
        try:
            yield f"assets/{path.name}", path.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise LayoutError(_layout_problem(str(path), 0, f"cannot be read ({error})")) from error


def _problem_in(error: Exception, layouts: Path) -> Problem:
    """A fault of a layout, as a problem with its file and line."""
    if isinstance(error, TemplateSyntaxError):
        path = error.filename or str(layouts)
        return _layout_problem(path, error.lineno, error.message or "cannot be read")
    if isinstance(error, TemplateNotFound):
        return _layout_problem(str(layouts / (error.name or "")), 0, "is missing")
    if isinstance(error, UnicodeDecodeError):  # jinja2 does not say which file it was reading
        read = (path for path in layouts.glob("*.html") if path.read_bytes() == error.object)
        line = error.object.count(b"\n", 0, error.start) + 1
        return _layout_problem(str(next(read, layouts)), line, "is not UTF-8")
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame for frame in frames if frame.filename.startswith(str(layouts))]
    path, line = (inside[-1].filename, inside[-1].lineno or 0) if inside else (str(layouts), 0)
    return _layout_problem(path, line, str(error))


def _layout_problem(path: str, line: int, message: str) -> Problem:
    hint = "mend this layout, or name another folder with --layouts"
    return Problem(os.path.relpath(path), line, message, hint, "layout")
