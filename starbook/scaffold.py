"""New stories, questions, guides and handbooks to start from; never over a file that is there."""

import json
import os
import re
import shutil
import unicodedata
from pathlib import Path

import yaml

from starbook.build.pipeline import load
from starbook.content.checks import is_page_id
from starbook.text import names

# What a new handbook takes over from the sample: names and prompts, none of its stories.
_TAKEN_OVER = ("categories.yml", "principles.yml", "synonyms.yml", "to-ask.yml", "templates")

_FRONT_MATTER = re.compile(r"-{3,}[ \t]*\n(?P<front>(?s:.*?))^-{3,}[ \t]*$\n?", re.MULTILINE)
# What a story does not take over from its template, with the lines that go on with it.
_OF_ITS_OWN = re.compile(r"^(?:title|id|status|publish)[ \t]*:.*\n(?:[ \t]+.*\n)*", re.MULTILINE)
# Plain words that YAML, or another reader of it, takes for something else.
_NOT_PLAIN = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})

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

_GUIDE = """\
---
title: {title}
---

[Fill in: what should you remember on the day?]
"""

_HANDBOOK = """\
title: My interview handbook
pace: 140
answer_lengths:
  - {name: 2 minutes, seconds: 120, situation: 20, task: 15, action: 55, result: 20, reflection: 10}
  - {name: 3 minutes, seconds: 180, situation: 30, task: 20, action: 80, result: 35, reflection: 15}
paper: A4
"""


class ScaffoldError(Exception):
    """Nothing was made; the message says why and what to do."""


def story(content: Path, title: str, template: str = "") -> Path:
    """A draft to fill in, from a template of the handbook if one is named."""
    title = _folded(title)
    ident = _ident(title)
    text = _from_template(content, template, title) if template else _filled(_STORY, title)
    taken = {story.id: story.path for story in load(content)[0].stories}
    return _create(content / "stories" / f"{ident}.md", text, _holder(content, taken.get(ident)))


def question(content: Path, title: str) -> Path:
    """A file of its own for one question, in `questions/`."""
    title = _folded(title)
    ident = _ident(title)
    taken = {
        names.key(wording): f"{question.path}:{question.line}"
        for question in load(content)[0].questions
        for wording in (question.question, *question.also)
    }
    place = taken.get(names.key(title))
    path = content / "questions" / f"{ident}.yml"
    return _create(path, _filled(_QUESTION, title), _holder(content, place))


def guide(content: Path, title: str) -> Path:
    """A guide to write."""
    title = _folded(title)
    ident = _ident(title)
    taken = {guide.id: guide.path for guide in load(content)[0].guides}
    path = content / "guides" / f"{ident}.md"
    return _create(path, _filled(_GUIDE, title), _holder(content, taken.get(ident)))


def handbook(folder: Path, sample: Path) -> Path:
    """A content folder with the sample's names, questions and templates, and one draft."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ScaffoldError(f"{os.path.relpath(folder)} is there already; name a new folder")
    for name in _TAKEN_OVER:
        source = sample / name
        folder.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, folder / name)
        elif source.is_file():
            shutil.copyfile(source, folder / name)
    _create(folder / "handbook.yml", _HANDBOOK)
    _questions(folder, sample)
    story(folder, "My first story")
    return folder


def _questions(folder: Path, sample: Path) -> None:
    """The sample's questions without its stories: a first list of what to prepare."""
    for source in sorted(sample.glob("questions/*.yml")):
        entries = yaml.safe_load(source.read_text(encoding="utf-8"))
        for entry in entries:
            entry.pop("stories", None)
        text = yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=100)
        _create(folder / "questions" / source.name, text)


def _from_template(content: Path, template: str, title: str) -> str:
    known = {path.stem: path for path in sorted((content / "templates").glob("*.md"))}
    if template not in known:
        listed = ", ".join(f"`{name}`" for name in known) or "none yet in templates/"
        hint = names.did_you_mean(template, known, f"there are {listed}")
        raise ScaffoldError(f"there is no template `{template}`; {hint}")
    try:
        text = known[template].read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        shown = os.path.relpath(known[template])
        raise ScaffoldError(f"{shown} is not UTF-8; save it as UTF-8") from error
    found = _FRONT_MATTER.match(text)
    kept = _OF_ITS_OWN.sub("", found["front"]) if found else ""
    body = text[found.end() :] if found else f"\n{text}"
    return f"---\ntitle: {_scalar(title)}\n{kept}status: draft\n---\n{body}"


def _filled(text: str, title: str) -> str:
    return text.replace("{title}", _scalar(title), 1)


def _folded(title: str) -> str:
    """A title on one line, without what no text may hold.

    Raises `ScaffoldError` for bytes that a terminal passed on as such.
    """
    try:
        title.encode()
    except UnicodeEncodeError as error:
        raise ScaffoldError("the title is not UTF-8; type it in a terminal that is") from error
    return "".join(char for char in " ".join(title.split()) if _is_text(char))


def _is_text(char: str) -> bool:
    return unicodedata.category(char) != "Cc" and char not in "\ufffe\uffff"


def _scalar(text: str) -> str:
    """A title as YAML: plain where it reads as nothing else, else in double quotes."""
    plain = re.fullmatch(r"[^\W\d_][\w ,.’()-]*", text) and text.casefold() not in _NOT_PLAIN
    return text if plain else json.dumps(text, ensure_ascii=False)


def _ident(title: str) -> str:
    ident = names.slug(title)
    if not ident:
        raise ScaffoldError(f"no file can be named after `{title}`; use a title with letters")
    if not is_page_id(ident):
        raise ScaffoldError(f"no page can be named `{ident}`; choose another title")
    return ident


def _holder(content: Path, place: str | None) -> str:
    return os.path.relpath(content / place) if place else ""


def _create(path: Path, text: str, holder: str = "") -> Path:
    """Write a new file; `holder` is the place, if any, that has its name already."""
    if os.path.lexists(path) or holder:
        shown = holder or os.path.relpath(path)
        raise ScaffoldError(f"{shown} is there already; choose another title")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
    return path
