"""Scaffold: create stories, questions, guides and handbooks to fill in; never replace a file."""

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from starbook import editor_files, site_folders
from starbook.build.pipeline import load
from starbook.content import files, yaml_nodes
from starbook.content.checks import is_page_id
from starbook.content.folder import LAYOUTS
from starbook.model import Guide, Handbook, Interview, Story
from starbook.text import names

_FILES_TO_COPY = Path(__file__).with_name("handbook_files")
# Copied from the sample into a new handbook: names, prompts and advice, none of its stories.
_COPIED = ("categories.yml", "principles.yml", "synonyms.yml", "to-ask.yml", "templates")
# Lists that are copied without what is about the person of the sample.
_LISTS = ("questions/*.yml", "decks.yml")
_PERSONAL = ("stories", "answer")
# A set of cards in a deck, which may be empty; that of an answer is a card of the person's own.
_SET = re.compile(r"(?!answers/)[^/]+/")
_STORY_LINK = "](../stories/"

# A field of an interview that is empty.
_FIELD = re.compile(r"^ *(\w+):(?: \[\])?$", re.M)
_PLACE = re.compile(r" \{(title|company|role)\}")
_FRONT_MATTER = re.compile(r"-{3,}[ \t]*\n(?P<front>(?s:.*?))^-{3,}[ \t]*$\n?", re.MULTILINE)
# Keys that are not copied from a template, with their continuation lines.
_NOT_COPIED = re.compile(r"^(?:title|id|status|publish)[ \t]*:.*\n(?:[ \t]+.*\n)*", re.MULTILINE)

_STORY = """\
---
title: {title}
headline:
categories: []
principles: []
tags: []
status: draft
---

## Situation

[Fill in: where were you, what was at stake, in two sentences?]

## Task

[Fill in: what was yours to do, and what made it hard?]

## Action

[Fill in: what did you do, step by step, beginning with "I"?]

## Result

[Fill in: what changed, in numbers, from what to what?]

## Reflection

[Fill in: what do you do differently since?]
"""

_QUESTION = """\
- question: {title}
  categories: []
  principles: []
  stories: []
"""

_INTERVIEW = """\
company: {company}
role: {role}
date:
level:
length:
principles:
notes:
rounds:
  - name: Round 1
    with:
    audience:
    minutes: 45
    starts:
    themes: []
    avoid: []
    fixed: []
    notes:
"""

_GUIDE = """\
---
title: {title}
---

[Fill in: what should you remember on the day?]
"""

# The path of a new file, with the stem left open, and its text.
_FILES = {
    "story": ("stories/{}.md", _STORY),
    "question": ("questions/{}.yml", _QUESTION),
    "guide": ("guides/{}.md", _GUIDE),
    "interview": ("interviews/{}.yml", _INTERVIEW),
}

_HANDBOOK = """\
# docs/FORMAT.md of Starbook describes all settings.
title: My interview handbook
id: {id}
pace: 140
answer_lengths:
  - {name: 2 minutes, seconds: 120, situation: 20, task: 15, action: 55, result: 20, reflection: 10}
  - {name: 3 minutes, seconds: 180, situation: 30, task: 20, action: 80, result: 35, reflection: 15}
paper: A4
"""


_DECKS = """\
# Stories to print together: the names of their files in stories/, without .md.
"""

_GITIGNORE = """\
# What Starbook makes of this handbook
/site/
/site-public/
/.site*
/import-review.html
/handbook.html
"""


class ScaffoldError(Exception):
    """Nothing was created; the message says why and what to do."""


def create(content: Path, kind: str, title: str, template: str = "") -> Path:
    """Create a story, question, guide or interview to fill in.

    A story is made from a template if one is named. The title of an interview is its company, a
    comma and the role.
    """
    title, ident = _clean_title(title)
    name, prompts = _FILES[kind]
    if template:
        text = _fill_template(content, template, title)
    else:
        company, _, role = (part.strip() for part in title.partition(","))
        values = {"title": title, "company": company or title, "role": role}
        text = _PLACE.sub(lambda place: _value(values[place[1]]), prompts)
    name = name.format(ident)
    book = load(content)[0]
    if kind == "interview":
        text = _with_names(text, book)
    text = editor_files.with_modeline(content, name, text)
    if kind == "question":
        pairs = ((q, wording) for q in book.questions for wording in (q.question, *q.also))
        wordings = {names.key(wording): f"{q.path}:{q.line}" for q, wording in pairs}
        return _create(content, name, text, wordings.get(names.key(title)))
    kinds: dict[str, tuple[Story | Guide | Interview, ...]]
    kinds = {"story": book.stories, "guide": book.guides, "interview": book.interviews}
    existing = {page.id: page.path for page in kinds[kind]}
    return _create(content, name, text, existing.get(ident))


def _with_names(text: str, book: Handbook) -> str:
    """Return the text of an interview with the names that each field may have, as comments."""
    sets = dict.fromkeys(one.set for one in book.principles if one.set)
    known = {
        "length": ", ".join(one.name for one in book.settings.answer_lengths),
        "principles": ", ".join(sets),
        "audience": " · ".join(one.audience for one in book.audiences),
        "starts": '"09:30"',
        "themes": "principles, categories or questions",
        "avoid": "stories not to tell in it",
        "fixed": "stories to tell in it",
    }
    hints = {key: names for key, names in known.items() if names}

    def hint(field: re.Match[str]) -> str:
        return f"{field[0]}  # {hints[field[1]]}" if field[1] in hints else field[0]

    return _FIELD.sub(hint, text)


def layout_names(layouts: Path) -> list[str]:
    """Return the names of the files of the layouts, those in no folder first."""
    found = (path.relative_to(layouts) for path in layouts.rglob("*") if path.is_file())
    return [path.as_posix() for path in sorted(found, key=lambda path: (len(path.parts), path))]


def create_layout(content: Path, layouts: Path, name: str) -> Path:
    """Copy a file of the layouts into those of a handbook, to be changed there."""
    known = layout_names(layouts)
    if name not in known:
        hint = names.did_you_mean(name, known, f"the names are those of files in {layouts}")
        raise ScaffoldError(f"there is no layout `{name}`; {hint}")
    path = content / LAYOUTS / name
    if os.path.lexists(path):
        raise ScaffoldError(f"{os.path.relpath(path)} is there already; change it there")
    files.create(path, (layouts / name).read_text(encoding="utf-8"))
    return path


def create_handbook(folder: Path, sample: Path, source: str = "") -> Path:
    """Create a content folder with all of the sample but its stories, and return the first draft.

    `source` is what the workflow in it installs to have Starbook.
    """
    with _new_folder(folder):
        _add_files_of_git(folder, source)
        return _fill_handbook(folder, sample)


def copy_sample(folder: Path, sample: Path, source: str = "") -> None:
    """Create a content folder with all of the sample; see `create_handbook` for `source`."""
    with _new_folder(folder):
        _add_files_of_git(folder, source)
        left_out = shutil.ignore_patterns(".*", *site_folders.NAMES)
        shutil.copytree(sample, folder, ignore=left_out, dirs_exist_ok=True)
        editor_files.add_to_new(folder)


@contextmanager
def _new_folder(folder: Path) -> Iterator[None]:
    """Make a folder to be filled. If that fails, as on a full disk, it is empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ScaffoldError(f"{os.path.relpath(folder)} is there already; name a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:  # Ctrl-C too
        for path in folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        raise


def random_id() -> str:
    """Return an id for a handbook that no other one has."""
    return secrets.token_hex(8)


def _add_files_of_git(folder: Path, source: str) -> None:
    workflow = (_FILES_TO_COPY / "pages.yml").read_text(encoding="utf-8")
    _create(folder, ".github/workflows/pages.yml", workflow.replace("{source}", source))
    _create(folder, ".gitignore", _GITIGNORE)


def _fill_handbook(folder: Path, sample: Path) -> Path:
    for name in _COPIED:
        source = sample / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        elif source.is_file():
            shutil.copyfile(source, folder / name)
    for source in sorted(path for pattern in _LISTS for path in sample.glob(pattern)):
        name = source.relative_to(sample).as_posix()
        _create(folder, name, _impersonal_list(source, name))
    for source in sorted(sample.glob("guides/*.md")):
        paragraphs = source.read_text(encoding="utf-8").split("\n\n")
        kept = "\n\n".join(one for one in paragraphs if _STORY_LINK not in one)
        _create(folder, f"guides/{source.name}", f"{kept.rstrip()}\n")
    _create(folder, "handbook.yml", _HANDBOOK.replace("{id}", random_id()))
    editor_files.add_to_new(folder)
    return create(folder, "story", "My first story")


def _impersonal_list(source: Path, name: str) -> str:
    """Return a list of the sample without its stories; a deck has a list to fill.

    Sets of cards, such as `company/amazon`, name nothing of the sample, and stay in a deck.
    """
    entries = yaml.load(source.read_text(encoding="utf-8"), Loader=yaml_nodes.LOADER)
    is_decks = name == "decks.yml"
    sets = [
        [one for one in entry.get("stories", ()) if _SET.match(one)]
        for entry in entries
        if is_decks
    ]
    for entry in entries:
        for key in _PERSONAL:
            entry.pop(key, None)
    if is_decks:
        entries = [
            {"name": entry.pop("name"), "stories": kept, **entry}
            for entry, kept in zip(entries, sets, strict=True)
        ]
    text = yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=100)
    return f"{_DECKS}{text}" if is_decks else text


def _fill_template(content: Path, template: str, title: str) -> str:
    paths = sorted((content / "templates").glob("*.md"))
    known = {names.composed(path.stem): path for path in paths}
    template = names.composed(template)
    if template not in known:
        listed = ", ".join(f"`{name}`" for name in known) or "none yet in templates/"
        hint = names.did_you_mean(template, known, f"there are {listed}")
        raise ScaffoldError(f"there is no template `{template}`; {hint}")
    try:
        text = known[template].read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        shown = os.path.relpath(known[template])
        raise ScaffoldError(f"{shown} is not UTF-8; save it as UTF-8") from error
    match = _FRONT_MATTER.match(text)
    front = _NOT_COPIED.sub("", match["front"]) if match else ""
    body = text[match.end() :] if match else f"\n{text}"
    return f"---\ntitle: {yaml_nodes.scalar(title)}\n{front}status: draft\n---\n{body}"


def _clean_title(title: str) -> tuple[str, str]:
    """Return a title on one line, without characters that no text may hold, and its file stem."""
    try:
        title.encode()
    except UnicodeEncodeError as error:
        raise ScaffoldError("the title is not UTF-8; type it in a terminal that is") from error
    title = re.sub(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff]", "", " ".join(title.split()))
    ident = names.slug(title)
    if not ident:
        raise ScaffoldError(f"no file can be named after `{title}`; use a title with letters")
    if not is_page_id(ident):
        raise ScaffoldError(f"no page can be named `{ident}`; choose another title")
    return title, ident


def _value(text: str) -> str:
    """Return what stands behind the colon of a key."""
    return f" {yaml_nodes.scalar(text)}" if text else ""


def _create(content: Path, name: str, text: str, existing: str | None = None) -> Path:
    """Write a new file; `existing` is the place in the content that has its id already, if any."""
    path = content / name
    if os.path.lexists(path) or existing:
        shown = os.path.relpath(content / (existing or name))
        raise ScaffoldError(f"{shown} is there already; choose another title")
    files.create(path, text)
    return path
