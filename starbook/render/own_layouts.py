"""Own layouts: what is wrong with the files in the layouts/ of a handbook.

Warnings are for those that change nothing, errors for those that cannot be used.
"""

import os
import re
from collections.abc import Iterator

from jinja2 import TemplateSyntaxError

from starbook.problem import Problem, Severity, printable
from starbook.render.renderer import Layouts, problem_of
from starbook.render.templates import make_environment
from starbook.text import catalogue, names
from starbook.text.catalogue import Catalogue, CatalogueError

_LANGUAGE = re.compile(r"languages/[^/]+\.yml")
# What editors, git and systems put beside a file for a moment, and what explains the folder.
_PASSED_OVER = re.compile(r".*(?:~|#|\.tmp|\.orig|\.rej|___jb_\w+___)|\d+|README.*|Thumbs\.db")


def unknown_layouts(layouts: Layouts) -> Iterator[Problem]:
    """Yield a warning for each own file that takes no place and that no other own file names.

    Bad: layouts/storry.html, and no own layout includes it
    Good: layouts/story.html; layouts/assets/mine.css, and layouts/base.html links to it
    """
    new = sorted(layouts.own - layouts.replaced.keys())
    for path in new:
        name = path.rpartition("/")[2]
        if _PASSED_OVER.fullmatch(name) or _LANGUAGE.fullmatch(path) or _is_named(layouts, path):
            continue
        ours = [known for known in layouts.files if known not in new]
        same_name = [known for known in ours if known.endswith(f"/{name}")]
        otherwise = "delete it, or name it in another one of yours"
        hint = names.did_you_mean(path, same_name or ours, otherwise)
        message = "takes the place of no layout"
        place = _place(layouts, path)
        yield Problem(place, 0, message, hint, "unknown-layout", Severity.WARNING)


def broken_layouts(layouts: Layouts) -> Iterator[Problem]:
    """Yield an error for each own layout that no page can be made from.

    Bad: `{% iff page.story %}`
    Good: `{% if page.story %}`
    """
    environment = make_environment(layouts.files, layouts.place, Catalogue(catalogue.DEFAULT, {}))
    for path in sorted(layouts.own):
        if path.endswith(".html") and (path in layouts.replaced or _is_named(layouts, path)):
            try:
                environment.get_template(path)
            except (TemplateSyntaxError, UnicodeDecodeError) as error:
                yield problem_of(error, layouts)


def unknown_texts(layouts: Layouts) -> Iterator[Problem]:
    """Yield a warning for each own text that nothing shows.

    Bad: `home.gasp: To do`
    Good: `home.gaps: To do`
    """
    default = f"languages/{catalogue.DEFAULT}.yml"
    try:
        known = catalogue.parse(layouts.versions(default)[0]) if layouts.own else {}
        for path in filter(_LANGUAGE.fullmatch, sorted(layouts.own)):
            for key in catalogue.parse(layouts.files[path]):
                if key not in known and not _is_named(layouts, key):
                    hint = names.did_you_mean(key, known, "delete it, or show it in a layout")
                    line = _line_of(layouts.text(path), key)
                    message = f"the text `{printable(key)}` is shown nowhere"
                    place = _place(layouts, path)
                    yield Problem(place, line, message, hint, "unknown-text", Severity.WARNING)
    except CatalogueError:  # an error of the build, with its line
        return


def _is_named(layouts: Layouts, path: str) -> bool:
    """Return True if another own file has the name of the file at `path`, or a key, in it."""
    name = path.rpartition("/")[2].encode()
    others = (one for one in layouts.own if one != path and not _LANGUAGE.fullmatch(one))
    return any(name in layouts.files[one] for one in others)


def _line_of(text: str, key: str) -> int:
    found = re.search(rf"^[\"']?{re.escape(key)}[\"']?\s*:", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def _place(layouts: Layouts, path: str) -> str:
    return os.path.relpath(layouts.place(path))
