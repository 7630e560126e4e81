"""View models → `{path: text}`, through templates that only show what they are given."""

import os
import traceback
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
from jinja2 import Environment, Template, TemplateNotFound, TemplateSyntaxError

from starbook.build.past import Past
from starbook.pages import views
from starbook.problem import Problem
from starbook.render.templates import Compiled, Templates


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
    views.CardPiece: "card.html",
    views.NotFound: "404.html",
}


class Layouts(msgspec.Struct, frozen=True):
    """All files of a layouts folder as they were at one moment: (their path in there, their bytes).

    Pages are made from these, so that one that is saved meanwhile is not half in them.
    """

    folder: Path
    files: tuple[tuple[str, bytes], ...] = ()

    def assets(self) -> Iterator[tuple[str, str]]:
        """The style sheets and scripts. Raises `LayoutError` for one that is no text."""
        for path, data in self.files:
            if path.startswith("assets/") and path.count("/") == 1 and "." in path:
                try:
                    text = data.decode()
                except UnicodeDecodeError as error:
                    raise LayoutError(
                        self._problem(path, 0, f"cannot be read ({error})")
                    ) from error
                yield path, text.replace("\r\n", "\n").replace("\r", "\n")

    def _problem(self, path: str, line: int, message: str) -> Problem:
        return _layout_problem(str(self.folder / path), line, message)


def read(layouts: Path) -> Layouts:
    """The files of a folder. Raises `LayoutError` for one that cannot be read."""
    files = []
    for folder, folders, found in os.walk(layouts):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for path in (Path(folder, name) for name in found if not name.startswith(".")):
            try:
                files.append((path.relative_to(layouts).as_posix(), path.read_bytes()))
            except OSError as error:
                message = f"cannot be read ({error.strerror})"
                raise LayoutError(_layout_problem(str(path), 0, message)) from error
    return Layouts(layouts, tuple(sorted(files)))


def environment(layouts: Layouts) -> Environment:
    """The templates among the layouts."""
    return Templates({path: (data, str(layouts.folder / path)) for path, data in layouts.files})


class Renderer:
    """Puts views into templates, each of which is compiled when it is first needed.

    Those that an earlier build has compiled are taken from the `past`. The first one compiles all
    `at_once`, before other processes do it again, each for itself.
    """

    def __init__(self, layouts: Layouts, past: Past, *, at_once: bool = False) -> None:
        self.layouts = layouts
        self._environment = environment(layouts)
        if past.common.kept:
            self._environment.bytecode_cache = Compiled(past.common)
        self._templates: dict[type, Template] = {}
        for name, _ in layouts.files if at_once or past.common.is_new else ():
            if name.endswith(".html"):  # others too than those of pages: what they are built on
                with suppress(Exception):  # it is said where a page needs it
                    self._environment.get_template(name)

    def page(self, view: views.View) -> str:
        """The text of a page. Raises `LayoutError` where its layout is missing or broken."""
        kind = type(view)
        try:
            if kind not in self._templates:
                self._templates[kind] = self._environment.get_template(TEMPLATES[kind])
            return self._filled(self._templates[kind], view)
        except Exception as error:  # a layout is a program: whatever it raises is its own fault
            raise LayoutError(_problem_in(error, self.layouts)) from error

    def _filled(self, template: Template, view: views.View) -> str:
        """What `Template.render` does; but it leaves what it was given to the garbage collector.

        A template's macros know its context, and it knows them: untied, all goes at once.
        """
        context = template.new_context({"page": view})
        try:
            return "".join(template.root_render_func(context))
        except Exception:
            self._environment.handle_exception()
        finally:
            context.vars.clear()
            context.blocks.clear()


def _problem_in(error: Exception, layouts: Layouts) -> Problem:
    """A fault of a layout, as a problem with its file and line."""
    folder = str(layouts.folder)
    if isinstance(error, TemplateSyntaxError):
        path = error.filename or folder
        return _layout_problem(path, error.lineno, error.message or "cannot be read")
    if isinstance(error, TemplateNotFound):
        return _layout_problem(str(layouts.folder / (error.name or "")), 0, "is missing")
    if isinstance(error, UnicodeDecodeError):  # jinja2 does not say which file it was reading
        read = next((path for path, data in layouts.files if data == error.object), "")
        line = error.object.count(b"\n", 0, error.start) + 1
        return _layout_problem(str(layouts.folder / read), line, "is not UTF-8")
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame for frame in frames if frame.filename.startswith(folder)]
    path, line = (inside[-1].filename, inside[-1].lineno or 0) if inside else (folder, 0)
    return _layout_problem(path, line, str(error))


def _layout_problem(path: str, line: int, message: str) -> Problem:
    hint = "mend this layout, or name another folder with --layouts"
    return Problem(os.path.relpath(path), line, message, hint, "layout")
