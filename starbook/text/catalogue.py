"""Catalogue: the texts of the interface in one language, by key.

Names in braces are replaced by values: `{count} of {total}`. A text that depends on a number has
two forms, `one` and `other`; the value `count` decides between them. `{program}` stands for what a
person types to run Starbook, and needs no value.
"""

from collections.abc import Iterator

import msgspec
import yaml
from markupsafe import Markup, escape

from starbook import program
from starbook.text import yaml_texts

# The language whose texts stand in where another one has none.
DEFAULT = "en"
# The beginnings of the keys of texts that only a private edition shows: what is missing there.
_PRIVATE = (
    *("site.private", "story.draft", "story.missing", "story.more_blanks", "story.public"),
    *(
        "coverage.draft",
        "coverage.blanks",
        "coverage.incomplete",
        "coverage.no_",
        "coverage.title_",
    ),
    *("coverage.uncovered_", "home.gaps", "home.no_gaps", "home.uncovered_", "filter.draft_only"),
    *("plan.", "day.", "nav.interviews", "remark.", "coach.", "nav.coach", "home.remarked"),
    *("practice.drafts", "practice.all_drafts", "practice.study_drafts"),
    *("filter.no_", "question.assign", "question.draft_only", "question.no_", "ask.none_yet"),
    *("ask.none_hint", "ask.no_stories", "first.", "example.", "coverage.begin", "coverage.none"),
    *("cards.no_decks", "guides.none", "questions.none", "stories.or_file", "to_ask.none"),
    *("topic.no_story", "topic.no_categories", "topic.no_principles"),
    *("topic.with_drafts", "print.", "nav.print"),
)
# The texts that say something else where Starbook is installed: there is no checkout to stand in.
_INSTALLED = {
    "first.sample_command": "first.sample_installed",
    "first.sample_note": "first.sample_installed_note",
    "first.where_text": "first.where_installed",
}
# The texts with the names of a language, in itself and in English.
LANGUAGE_NAMES = ("language.name", "language.name_in_english")


class Plural(msgspec.Struct, frozen=True):
    """A text with a form for one thing, and a form for any other number."""

    one: str
    other: str

    def form(self, count: object) -> str:
        """Return the form for a number."""
        return self.one if count == 1 else self.other


Text = str | Plural


class CatalogueError(Exception):
    """A file of texts that cannot be read; `line` is where, or 0."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


class UnknownTextError(KeyError):
    """A key without a text."""


class Catalogue(msgspec.Struct, frozen=True):
    """The texts of a language."""

    language: str = DEFAULT
    texts: dict[str, Text] = {}

    def t(self, key: str, **values: object) -> str:
        """Return the text named `key` with `values` in it, or raise `UnknownTextError`."""
        text = self._find(key)
        if not isinstance(text, str):
            text = text.form(values["count"])
        if not values:
            return text
        return text.format_map({name: self._shown(value) for name, value in values.items()})

    def public_texts(self) -> Iterator[str]:
        """Yield the texts that a public edition may show, of a plural both forms."""
        for key, text in self.texts.items():
            if not key.startswith(_PRIVATE):
                yield from (text,) if isinstance(text, str) else (text.one, text.other)

    def html(self, key: str, **values: object) -> str:
        """Return a text for a template, with `code` marked up; values are escaped there.

        A value that is `Markup` stays as it is.
        """
        text = self._find(key)
        has_code = "`" in (text if isinstance(text, str) else text.other)
        if not has_code and not any(isinstance(value, Markup) for value in values.values()):
            return self.t(key, **values)
        form = text if isinstance(text, str) else text.form(values["count"])
        safe = {name: escape(self._shown(value)) for name, value in values.items()}
        filled = str(escape(form)).format_map(safe) if values else str(escape(form))
        first, *rest = filled.split("`")
        pieces = [f"<code>{piece}</code>" if i % 2 == 0 else piece for i, piece in enumerate(rest)]
        return Markup("".join([first, *pieces]))

    def _find(self, key: str) -> Text:
        if key not in self.texts:
            raise UnknownTextError(key)
        return self.texts[key]

    def _shown(self, value: object) -> object:
        """Return a whole number with the separator of the language between its thousands."""
        if isinstance(value, int) and value > 999:
            return f"{value:,}".replace(",", str(self.texts.get("number.thousands", ",")))
        return value


def parse(data: bytes) -> dict[str, Text]:
    """Return the texts in a file of a language. Raise `CatalogueError` if it cannot be read."""
    try:
        found = yaml_texts.load(data.decode()) or {}
    except UnicodeDecodeError as error:
        raise CatalogueError("is not UTF-8") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise CatalogueError("is not YAML", mark.line + 1 if mark else 0) from error
    if not isinstance(found, dict):
        raise CatalogueError("is no mapping of keys to texts")
    return {str(key): _text(str(key), value) for key, value in found.items()}


def with_command(texts: dict[str, Text], command: str) -> dict[str, Text]:
    """Return the texts for a person who runs Starbook by typing `command`."""
    if command == program.INSTALLED:
        texts = texts | {key: texts[own] for key, own in _INSTALLED.items() if own in texts}
    return {
        key: text.replace("{program}", command) if isinstance(text, str) else text
        for key, text in texts.items()
    }


def _text(key: str, value: object) -> Text:
    try:
        text: Text = msgspec.convert(value, Text)
    except msgspec.ValidationError as error:
        message = f"`{key}` is neither a text nor `one:` and `other:`"
        raise CatalogueError(message) from error
    return text
