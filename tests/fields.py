"""Every field of every file of a handbook: from a text, the files that have it in that field."""

import json
import re
from collections.abc import Callable

HEAD = "---\ntitle: The ferry\nstatus: ready\npublish: true\n"
PARTS = {"Situation": "The ferry was late.", "Task": "I had to call.", "Action": "I called.",
         "Result": "Nobody was left behind."}  # fmt: skip
BODY = "".join(f"## {name}\n\n{text}\n\n" for name, text in PARTS.items())
STORY = f"{HEAD}---\n\n{BODY}"

Field = Callable[[str], dict[str, str]]


def quoted(text: str) -> str:
    """Return `text` as a scalar of YAML."""
    return json.dumps(text, ensure_ascii=False)


def one_line(text: str) -> str:
    """Return `text` without line breaks."""
    return " ".join(text.split("\n"))


def fill(form: str, text: str) -> str:
    """Return `form` with `text` for each `@`, and `text` on one line for each `#1`."""
    values = {"@": text, "#1": one_line(text)}
    return re.sub("@|#1", lambda mark: values[mark[0]], form)


def _front(line: str) -> Field:
    """Of a line of front matter, with `@` in the place of the value."""
    key = line.partition(":")[0]
    head = "".join(f"{one}\n" for one in HEAD.splitlines() if not one.startswith(f"{key}:"))
    return lambda text: {"stories/a.md": f"{head}{line.replace('@', quoted(text))}\n---\n\n{BODY}"}


def _body(form: str) -> Field:
    """Of the body of a story, with `@` in the place of a text, and `#1` on one line."""
    return lambda text: {"stories/a.md": f"{HEAD}---\n\n{fill(form.replace('~', BODY), text)}"}


def _section(name: str) -> Field:
    said = PARTS.get(name, "")
    if said:
        return lambda text: {"stories/a.md": STORY.replace(said, text)}
    return _body(f"~\n## {name}\n\n@\n")


def _file(path: str, form: str) -> Field:
    """Of a file beside a story, with `@` in the place of a quoted value."""
    return lambda text: {"stories/a.md": STORY, path: form.replace("@", quoted(text)) + "\n"}


def _raw(path: str, form: str = "@\n") -> Field:
    """Of a file beside a story, with `@` in the place of the text as it is, `#1` on one line."""
    return lambda text: {
        "stories/a.md": STORY,
        path: fill(form, text),
    }


_FRONT = """title: @, headline: @, level: @, company: @, status: @, id: @, date: @, length: @,
    publish: @, categories: [@], principles: [@], questions: [@], tags: [@], cue: [@],
    metrics: [@], scope: {influence: @}, coach: {arithmetic: @}, tide: @, @: x"""
_SECTIONS = """Situation, Task, Action, Result, Reflection, Metrics, Risk mitigation, Follow-ups,
    Weak answer, Quiz, Angles, Levels, Own"""
_BODIES = {
    "opening": "@\n\n~", "whole": "@\n", "heading": "~## #1\n\nx\n",
    "entry": "~## Follow-ups\n\n### #1\n\nx\n",
    "labelled": "~## Follow-ups\n\n### Why?\n\n**Strong:** #1\n",
    "callout": "~> [!PHRASES]\n> #1\n", "item": "~- #1\n", "quote": "~> #1\n",
    "cell": "~| a | b |\n|---|---|\n| #1 | x |\n", "code": "~```\n@\n```\n",
}  # fmt: skip
_LISTS = {
    "questions": """- question: @|id: @|also: [@]|categories: [@]|principles: [@]|companies: [@]
        |levels: [@]|stories: [@]|stories: [{story: a, note: @}]|notes: @|needs: @|answer: @
        |answer: {text: @, publish: true}""",
    "categories": "- name: @|id: @|aliases: [@]|about: @|tags: [@]|asked_as: [@]",
    "principles": "- name: @|id: @|aliases: [@]|about: @|tags: [@]|asked_as: [@]|set: @",
    "decks": "- name: @|stories: [@]|ends_with: [@]",
    "levels": """- name: @|id: @|aliases: [@]|next: @|expects: {influence: @}|red_flags: [@]
        |differs: [@]|length: @""",
    "to-ask": """- audience: @|topics: [{topic: @, questions: [Who?]}]
        |topics: [{topic: Boats, questions: [@]}]""",
}
_NEEDED = {
    "questions": {"question": "Why?"}, "categories": {"name": "Boats"},
    "principles": {"name": "Calm"}, "decks": {"name": "Boats", "stories": "[a]"},
    "levels": {"name": "Mate"},
    "to-ask": {"audience": "Peers", "topics": "[{topic: Boats, questions: [Who?]}]"},
}  # fmt: skip
_SETTINGS = """title: @|level: @|pace: @|paper: @|base_url: @|publish: [@]
    |answer_lengths: [{name: @, seconds: 60}]|redact: [{term: @, as: a boat}]
    |redact: [{term: late, as: @}]"""


def _list_field(name: str, line: str) -> Field:
    """Of an entry of the list `name`, with the other keys that it needs."""
    key = line.removeprefix("- ").partition(":")[0]
    others = "".join(f"\n  {k}: {v}" for k, v in _NEEDED[name].items() if k != key)
    return _file(f"{name}.yml", f"- {line.removeprefix('- ')}{others}")


FIELDS: dict[str, Field] = {
    **{f"story: {line}": _front(line) for line in " ".join(_FRONT.split()).split(", ")},
    **{f"story ## {name}": _section(name) for name in " ".join(_SECTIONS.split()).split(", ")},
    **{f"story, {name}": _body(form) for name, form in _BODIES.items()},
    **{
        f"{name}: {line.strip()}": _list_field(name, line.strip())
        for name, lines in _LISTS.items()
        for line in lines.split("|")
    },
    **{f"handbook: {line.strip()}": _file("handbook.yml", line.strip())
       for line in _SETTINGS.split("|")},
    "handbook: base_url: path": lambda text: _file("handbook.yml", "base_url: @")(
        f"https://boats.example/{text}"
    ),
    "synonyms": _file("synonyms.yml", "- [late, @]"),
    "guide: title": _file("guides/g.md", "---\ntitle: @\n---\n\nx"),
    "guide": _raw("guides/g.md", "---\ntitle: G\n---\n\n@\n"),
    "guide, tick box": _raw("guides/g.md", "---\ntitle: G\n---\n\n- [ ] #1\n"),
    "answer": lambda text: {
        **_file("questions.yml", "- {question: Why?, answer: a.md}")(""),
        "answers/a.md": f"{text}\n",
    },
    "template": _raw("templates/t.md", f"{HEAD}---\n\n@\n\n{BODY}"),
    "story, unquoted": lambda text: {
        "stories/a.md": f"{HEAD}headline: {one_line(text)}\n---\n\n{BODY}"
    },
    "story, front matter": lambda text: {"stories/a.md": f"{HEAD}{text}\n---\n\n{BODY}"},
    **{f"{name}, whole": _raw(name) for name in (
        "handbook.yml", "questions.yml", "to-ask.yml", "decks.yml", "levels.yml", "synonyms.yml",
        "guides/g.md", "stories/b.md", "templates/t.md",
    )},
}  # fmt: skip
