"""Properties: what the front matter of a document says of its stories."""

import re
from collections.abc import Collection, Sequence

from starbook.content import yaml_nodes
from starbook.content.properties import Properties
from starbook.importer.result import ImportResult
from starbook.importer.stories import Known, Story, first_words
from starbook.problem import Report
from starbook.text import names

_PROPERTY = re.compile(r"([^\s:#][^:]*):(?:\s|$)")
# Fields that hold for each story of a document, and those that one story alone may have.
_OF_ALL = ("categories", "principles", "names", "tags", "level", "company")
_OF_ONE = ("date", "headline")

Values = dict[str, list[str]]


def read_properties(result: ImportResult, known: Known) -> str:
    """Give a result what its front matter says, and return the lines of it that say something else.

    Front matter may hold a story: a value for each part.
    """
    front = result.document.front.strip()
    values = _read(front)
    used = {key for key in values if Properties().in_stories(key)}
    title = next((key for key in values if _is_title(key, known)), "")
    if values.get(title):
        result.title = values[title][0]
        used.add(title)
    if not result.stories and (story := _story_of(values, values.get(title, []), known)):
        result.stories = [story]
        used |= values.keys() & known.vocabulary.kind_of.keys()
    for story in result.stories:
        used |= _add_values(story, values, known, only=len(result.stories) == 1)
    return _without_properties(front, used) if result.stories else front


def _read(front: str) -> Values:
    """Return the values of each key as texts; front matter that is no mapping has none."""
    node = yaml_nodes.parse(front, Report("")) if front else None
    if not isinstance(node, yaml_nodes.Mapping):
        return {}
    return {names.key(key.text): _texts(value) for key, value in node.entries}


def _texts(node: yaml_nodes.Node) -> list[str]:
    if isinstance(node, yaml_nodes.Scalar):
        return [] if node.is_null or not node.text.strip() else [node.text.strip()]
    items: Sequence[yaml_nodes.Node] = (
        node.items
        if isinstance(node, yaml_nodes.Sequence)
        else [value for _, value in node.entries]
    )
    return [text for item in items for text in _texts(item)]


def _is_title(key: str, known: Known) -> bool:
    return known.vocabulary.field_of_label(key) == "title"


def _story_of(values: Values, title: Sequence[str], known: Known) -> Story | None:
    """Return the story whose parts are front matter."""
    kinds = known.vocabulary.kind_of
    named = {key: texts for key, texts in values.items() if key in kinds and texts}
    parts = {kinds[key]: "\n".join(texts) for key, texts in named.items()}
    if len(parts) < 3:
        return None
    story = Story(" ".join(title) or first_words(next(iter(parts.values()))))
    headed = ((key.capitalize(), "\n".join(texts)) for key, texts in named.items())
    story.body = "\n\n".join(f"## {heading}\n\n{text}" for heading, text in headed)
    story.sections = tuple(map(str, parts))
    story.line, story.has_own_title, story.owner.name = 1, True, story.title
    return story


def _add_values(story: Story, values: Values, known: Known, *, only: bool) -> set[str]:
    """Add what front matter says to a story, and return the keys that were used."""
    used = set()
    for key, texts in values.items():
        field = known.vocabulary.field_of_label(key)
        if field == "status" and texts in (["ready"], ["draft"], ["resting"]):
            story.is_ready = texts == ["ready"]
            used.add(key)
        elif field == "title" and only and texts and not story.has_own_title:
            story.title = story.owner.name = texts[0]
        elif field in _OF_ALL or (field in _OF_ONE and only):
            used.add(key)
            for text in texts:
                _add_value(story, field, text, known)
    return used


def _add_value(story: Story, field: str, text: str, known: Known) -> None:
    """Add a value, where a list is a list already."""
    if field in ("names", "principles"):
        principle = known.find(text)
        field = "categories" if field == "names" and not principle else "principles"
        text = principle or text
    if names.slug(text):
        story.add(field, [text.lstrip("#")] if field == "tags" else [text])


def _without_properties(front: str, used: Collection[str]) -> str:
    """Return the lines of front matter but for those of the keys in `used`."""
    kept: list[str] = []
    keep = True
    for line in front.splitlines():
        if match := _PROPERTY.match(line):
            keep = names.key(match[1]) not in used
        if keep and line.strip():
            kept.append(line)
    return "\n".join(kept)
