"""Renderer: view models to HTML, through the templates of a layouts folder."""

import os
import re
import traceback
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
from jinja2 import BytecodeCache, TemplateNotFound, TemplateSyntaxError

from starbook import program
from starbook.pages import views
from starbook.problem import Problem
from starbook.render.templates import make_environment
from starbook.text import catalogue
from starbook.text.catalogue import Catalogue, CatalogueError, Text, UnknownTextError

_HINT = "fix this layout, or name another folder with --layouts"
_OWN_HINT = "fix this file, or delete it to have the one of Starbook"
_NEAR_HINT = "look for the cause in the layouts of the handbook, which this one works with"
# The folder of the texts, in the layouts; and a text that a script names.
_LANGUAGES = "languages/"
_IN_SCRIPT = re.compile(r"\b(?:t|pieces)\(\"([\w.-]+)\"")
# A comment in a style sheet, and the space around its signs; a string stays.
_COMMENT = re.compile(r"""("(?:[^"\\\n]|\\.)*")|/\*.*?\*/""", re.DOTALL)
_SHEET_SPACE = re.compile(r"""("(?:[^"\\\n]|\\.)*")|[\s;]*(\})\s*|\s*([{;,>])\s*|(:)\s+""")


class LayoutError(Exception):
    """A layout that cannot be used; `problem` has the place and the reason."""

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
    views.InterviewList: "interviews.html",
    views.InterviewPage: "interview.html",
    views.BundledPractice: "bundle-practice.html",
    views.GuideList: "guides.html",
    views.GuidePage: "guide.html",
    views.ToAsk: "to-ask.html",
    views.CardPage: "cards.html",
    views.CardFragment: "card.html",
    views.PrintPage: "print.html",
    views.CoachPage: "coach.html",
    views.LevelList: "levels.html",
    views.LevelPage: "level.html",
    views.PrintedStory: "print-story.html",
    views.Practice: "practice.html",
    views.PracticeStory: "practice-story.html",
    views.NotFound: "404.html",
    views.BundlePage: "bundle.html",
    views.LockedPage: "locked.html",
    views.BundledStory: "bundle-story.html",
    views.BundledInterview: "bundle-interview.html",
}


# A sign of JavaScript with the space or line end around it, or a comment; `kept` are strings and
# patterns, which stay.
_SPACED = re.compile(
    r"""(?P<kept>"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`"""
    r"""|(?:(?<=[(,=])|(?<=[(,=][ ]))/(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/\w*)"""
    r"""|[ ]?//[^\n]*(?P<nothing>)"""
    r"""|[ \n]?(?P<sign>=>|[=!]==|&&|\|\||\?\?|[;?:,{}=<>*])[ \n]?"""
    r"""|[ ]?(?P<between>[-+/%])[ ](?![-+])|(?P<close>\))[ ]"""
)


class Layouts(msgspec.Struct, frozen=True):
    """The files of a layouts folder at one moment, by their path in the folder.

    All pages of a build are made from these, though a layout may be saved meanwhile. The paths
    in `own` are in the folder of the handbook; they take the places of those that are `replaced`.
    """

    folder: Path
    files: dict[str, bytes] = {}
    own_folder: Path = Path()
    own: frozenset[str] = frozenset()
    replaced: dict[str, bytes] = {}

    def place(self, path: str) -> str:
        """Return where the file with this path in the layouts lies."""
        return str((self.own_folder if path in self.own else self.folder) / path)

    def problem(self, path: str, line: int, message: str) -> Problem:
        """Return an error in the file with this path in the layouts, or with "" in all of them."""
        near = _NEAR_HINT if self.own else _HINT
        hint = _OWN_HINT if path in self.own else near
        return _layout_problem(self.place(path), line, message, hint)

    def templates(self) -> dict[str, bytes]:
        """Return the templates by path."""
        return {path: data for path, data in self.files.items() if path.endswith(".html")}

    def languages(self) -> dict[str, list[bytes]]:
        """Return the files with the texts of the interface, by language; later texts count."""
        inside = (path for path in self.files if path.startswith(_LANGUAGES))
        return {Path(path).stem: self.versions(path) for path in inside if path.endswith(".yml")}

    def versions(self, path: str) -> list[bytes]:
        """Return the file that is replaced, if one is, and the one in its place."""
        return [files[path] for files in (self.replaced, self.files) if path in files]

    def assets(self) -> Iterator[tuple[str, str]]:
        """Yield the path and text of each asset as a site has it. Raise `LayoutError`."""
        for path, source in self.asset_sources():
            yield path, shorten_asset(path, source)

    def asset_sources(self) -> Iterator[tuple[str, str]]:
        """Yield the path and source of each asset. Raise `LayoutError` if one is not UTF-8.

        The scripts in a folder of assets are parts of one script.
        """
        parts: dict[str, list[str]] = {}
        for path in self.files:
            *folders, name = path.split("/")
            if folders == ["assets"] and "." in name:
                yield path, self.text(path)
            elif len(folders) == 2 and folders[0] == "assets" and name.endswith(".js"):
                parts.setdefault(folders[1], []).append(self.text(path))
        for folder, texts in parts.items():
            yield f"assets/{folder}.js", _join_scripts(texts)

    def text(self, path: str) -> str:
        """Return the text of a file. Raise `LayoutError` if it is not UTF-8."""
        try:
            text = self.files[path].decode()
        except UnicodeDecodeError as error:
            raise LayoutError(self.problem(path, 0, f"cannot be read ({error})")) from error
        return text.replace("\r\n", "\n").replace("\r", "\n")


def _join_scripts(texts: Iterable[str]) -> str:
    """Return scripts as one, with names that no other script sees."""
    return "\n".join(("(() => {", '"use strict";', *texts, "})();", ""))


def shorten_asset(path: str, source: str) -> str:
    """Return an asset without comments and indents."""
    if path.endswith(".css"):
        return _shorten_sheet(source)
    return _squeeze(source) if path.endswith(".js") else source


def _squeeze(script: str) -> str:
    """Return a script without comments, and without white space where it can go."""
    lines = (line.strip() for line in script.split("\n"))
    kept = "\n".join(line for line in lines if line and not line.startswith("//"))
    return _SPACED.sub(lambda match: match[match.lastgroup or 0], kept) + "\n"


def _shorten_sheet(text: str) -> str:
    """Return a style sheet without comments, and without the space between its signs."""
    bare = _COMMENT.sub(lambda match: match[1] or "", text)
    return _SHEET_SPACE.sub(lambda match: match[match.lastindex or 0], bare).strip() + "\n"


def find_script_keys(assets: Iterable[tuple[str, str]]) -> Iterator[tuple[str, int, str]]:
    """Yield the path, line and key of each text that a script names.

    It does so by `t("key"` or `pieces("key"`.
    """
    for path, source in assets:
        for match in _IN_SCRIPT.finditer(source) if path.endswith(".js") else ():
            yield path, source.count("\n", 0, match.start()) + 1, match[1]


def read_layouts(layouts: Path, own_folder: Path | None = None) -> Layouts:
    """Return the files of a layouts folder, those of a handbook in the place of others.

    Raise `LayoutError` if one cannot be read.
    """
    ours = _read_files(layouts, _HINT)
    if not (ours and own_folder) or os.path.realpath(own_folder) == os.path.realpath(layouts):
        return Layouts(layouts, ours)
    own = _read_files(own_folder, _OWN_HINT)
    replaced = {path: ours[path] for path in own if path in ours}
    files = dict(sorted((ours | own).items()))
    return Layouts(layouts, files, own_folder, frozenset(own), replaced)


def _read_files(top: Path, hint: str) -> dict[str, bytes]:
    """Return the files in a folder by path; none if it is not there."""
    files = {}
    for folder, subfolders, filenames in os.walk(top):
        subfolders[:] = [name for name in subfolders if not name.startswith(".")]
        for path in (Path(folder, name) for name in filenames if not name.startswith(".")):
            try:
                files[path.relative_to(top).as_posix()] = path.read_bytes()
            except OSError as error:
                message = f"cannot be read ({error.strerror})"
                raise LayoutError(_layout_problem(str(path), 0, message, hint)) from error
    return dict(sorted(files.items()))


def read_catalogue(layouts: Layouts, language: str, command: str = program.COMMAND) -> Catalogue:
    """Return the texts in a language; where it has none, they are those of the default.

    `command` is what the person types. Raise `LayoutError` if a file of texts is missing or broken.
    """
    texts: dict[str, Text] = {}
    for name in dict.fromkeys((catalogue.DEFAULT, language)):
        path = f"{_LANGUAGES}{name}.yml"
        if path not in layouts.files:
            raise LayoutError(layouts.problem(path, 0, "is missing"))
        try:
            for data in layouts.versions(path):
                texts |= catalogue.parse(data)
        except CatalogueError as error:
            raise LayoutError(layouts.problem(path, error.line, str(error))) from error
    return Catalogue(language, catalogue.with_command(texts, command))


def unknown_script_text(layouts: Layouts, key: str) -> LayoutError:
    """Return the error for a text that a script names and that the catalogue has not."""
    scripts = ((path, layouts.text(path)) for path in layouts.files if path.endswith(".js"))
    named = find_script_keys(scripts)
    path, line = next((path, line) for path, line, name in named if name == key)
    return LayoutError(unknown_text(layouts, path, line, key))


class Renderer:
    """A renderer of views; see `make_environment` for `texts` and `compiled`."""

    def __init__(
        self, layouts: Layouts, texts: Catalogue, compiled: BytecodeCache | None = None
    ) -> None:
        self.layouts = layouts
        self.texts = texts
        self._environment = make_environment(layouts.files, layouts.place, texts, compiled)

    def compile_all(self) -> None:
        """Compile all templates now, so that worker processes need not, each by itself."""
        for name in self.layouts.templates():
            with suppress(Exception):  # reported when a page needs the template
                self._environment.get_template(name)

    def render(self, view: views.View) -> str:
        """Return the HTML of a view. Raise `LayoutError` if its layout is missing or broken."""
        try:
            return self._environment.get_template(TEMPLATES[type(view)]).render(page=view)
        except Exception as error:  # a template is a program and may raise anything
            raise LayoutError(problem_of(error, self.layouts)) from error


def problem_of(error: Exception, layouts: Layouts) -> Problem:
    """Return an error in a layout as a problem with its file and line."""
    paths = {layouts.place(path): path for path in layouts.files}
    frames = traceback.extract_tb(error.__traceback__)
    inside = [(paths[one.filename], one.lineno or 0) for one in frames if one.filename in paths]
    path, line = inside[-1] if inside else ("", 0)
    if isinstance(error, TemplateSyntaxError):
        message = error.message or "cannot be read"
        return layouts.problem(paths.get(str(error.filename), ""), error.lineno, message)
    if isinstance(error, TemplateNotFound) and path in layouts.own:
        return layouts.problem(path, line, f"names `{error.name}`, and there is no such layout")
    if isinstance(error, TemplateNotFound):
        return layouts.problem(str(error.name), 0, "is missing")
    if isinstance(error, UnicodeDecodeError):  # jinja2 does not say which file it was reading
        file = next((path for path, data in layouts.files.items() if data == error.object), "")
        line = error.object.count(b"\n", 0, error.start) + 1
        return layouts.problem(file, line, "is not UTF-8")
    if isinstance(error, UnknownTextError):
        return unknown_text(layouts, path, line, error.args[0])
    return layouts.problem(path, line, str(error))


def unknown_text(layouts: Layouts, path: str, line: int, key: str) -> Problem:
    """Return the error for a key without a text that a file of the layouts names."""
    return layouts.problem(path, line, f"there is no text `{key}` in {_LANGUAGES}")


def _layout_problem(place: str, line: int, message: str, hint: str) -> Problem:
    return Problem(os.path.relpath(place), line, message, hint, "layout")
