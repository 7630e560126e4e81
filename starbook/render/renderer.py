"""View models → `{path: text}`, through templates that only show what they are given."""

import os
import traceback
from collections.abc import Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

import msgspec
from jinja2 import TemplateNotFound, TemplateSyntaxError

from starbook.pages import views
from starbook.problem import Problem
from starbook.render.templates import environment


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
    views.CardFragment: "card.html",
    views.NotFound: "404.html",
}


class Layouts(msgspec.Struct, frozen=True):
    """All files of a layouts folder as they were at one moment, by their path in the folder.

    Pages are made from these, so that one that is saved meanwhile is not half in them.
    """

    folder: Path
    files: dict[str, bytes] = {}

    @property
    def fingerprint(self) -> bytes:
        """Bytes that tell these templates from any other."""
        templates = sorted((p, data) for p, data in self.files.items() if p.endswith(".html"))
        data = msgspec.msgpack.encode((str(self.folder), templates))
        return blake2b(data, digest_size=16).digest()

    def assets(self) -> Iterator[tuple[str, str]]:
        """Yield the style sheets and scripts. Raise `LayoutError` for one that is no text."""
        for path, data in self.files.items():
            if path.startswith("assets/") and path.count("/") == 1 and "." in path:
                try:
                    text = data.decode()
                except UnicodeDecodeError as error:
                    place = str(self.folder / path)
                    problem = _layout_problem(place, 0, f"cannot be read ({error})")
                    raise LayoutError(problem) from error
                yield path, text.replace("\r\n", "\n").replace("\r", "\n")


def read_layouts(layouts: Path) -> Layouts:
    """Return the files of a folder. Raise `LayoutError` for one that cannot be read."""
    files = {}
    for folder, folders, found in os.walk(layouts):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for path in (Path(folder, name) for name in found if not name.startswith(".")):
            try:
                files[path.relative_to(layouts).as_posix()] = path.read_bytes()
            except OSError as error:
                message = f"cannot be read ({error.strerror})"
                raise LayoutError(_layout_problem(str(path), 0, message)) from error
    return Layouts(layouts, dict(sorted(files.items())))


class Renderer:
    """Puts views into templates; see `templates.environment` for `compiled`."""

    def __init__(self, layouts: Layouts, compiled: tuple[str, str] | None = None) -> None:
        self.layouts = layouts
        self._environment = environment(layouts.files, layouts.folder, compiled)

    def compile_all(self) -> None:
        """Compile all templates, before worker processes do it again, each for itself."""
        for name in self.layouts.files:
            if name.endswith(".html"):
                with suppress(Exception):  # it is reported when a page needs it
                    self._environment.get_template(name)

    def page(self, view: views.View) -> str:
        """Return the text of a page. Raise `LayoutError` if its layout is missing or broken."""
        try:
            return self._environment.get_template(TEMPLATES[type(view)]).render(page=view)
        except Exception as error:  # a layout is a program: whatever it raises is its own fault
            raise LayoutError(_problem_in(error, self.layouts)) from error


def _problem_in(error: Exception, layouts: Layouts) -> Problem:
    """A fault of a layout, as a problem with its file and line."""
    folder = str(layouts.folder)
    if isinstance(error, TemplateSyntaxError):
        path = error.filename or folder
        return _layout_problem(path, error.lineno, error.message or "cannot be read")
    if isinstance(error, TemplateNotFound):
        return _layout_problem(str(layouts.folder / (error.name or "")), 0, "is missing")
    if isinstance(error, UnicodeDecodeError):  # jinja2 does not say which file it was reading
        read = next((path for path, data in layouts.files.items() if data == error.object), "")
        line = error.object.count(b"\n", 0, error.start) + 1
        return _layout_problem(str(layouts.folder / read), line, "is not UTF-8")
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame for frame in frames if frame.filename.startswith(folder)]
    path, line = (inside[-1].filename, inside[-1].lineno or 0) if inside else (folder, 0)
    return _layout_problem(path, line, str(error))


def _layout_problem(path: str, line: int, message: str) -> Problem:
    hint = "mend this layout, or name another folder with --layouts"
    return Problem(os.path.relpath(path), line, message, hint, "layout")
