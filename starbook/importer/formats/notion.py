"""Notion exports: names with ids, and databases: a table, and a page for each row of it."""

import re
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from starbook.content import front_matter
from starbook.importer.formats.source import Source
from starbook.importer.formats.tables import Row

# The id that Notion puts behind the name of a page, in a path or in an address.
_ID = re.compile(r"(?:%20|[ ])[0-9a-f]{32}(?=[./)_\]>\"]|%20|$)", re.MULTILINE)
_ALL = "_all.csv"
_PROPERTY = re.compile(r"(?P<name>[^:\n]{1,100}):[ \t]*(?P<value>.*)")


def drop_ids(text: str) -> str:
    """Return a path or a text without the ids of pages."""
    return _ID.sub("", text)


def find_databases(names: Iterable[str], sizes: Mapping[str, int]) -> dict[str, list[str]]:
    """Return the pages of each table that has a folder of its own name beside it.

    Of a table and its `_all.csv`, which has all rows whatever the view shows, one is meant.
    """
    every = sorted(names)
    tables = {name for name in every if name.lower().endswith(".csv")}
    found: dict[str, list[str]] = {}
    for table in sorted(tables - find_duplicates(every, sizes)):
        stem = table[: -len(_ALL if table.endswith(_ALL) else ".csv")]
        folders = (f"{stem}/", f"{drop_ids(stem)}/")
        pages = [name for name in every if name.startswith(folders) and name.endswith(".md")]
        if pages := [page for page in pages if page.count("/") == stem.count("/") + 1]:
            found[table] = pages
    return found


def find_duplicates(names: Iterable[str], sizes: Mapping[str, int]) -> set[str]:
    """Return, of each table and its `_all.csv`, the smaller one: it has a part of the other."""
    every = set(names)
    pairs = [(f"{name[: -len(_ALL)]}.csv", name) for name in every if name.endswith(_ALL)]
    return {
        plain if sizes[whole] > sizes[plain] else whole for plain, whole in pairs if plain in every
    }


def join_database(rows: Sequence[Row], pages: Sequence[Source]) -> tuple[list[Row], list[Source]]:
    """Return the rows that are no page of their own, and the pages with their rows as properties.

    A page with nothing but the properties of its row is left out: the row says it all.
    """
    if not rows:
        return [], list(pages)
    head, *body = rows
    left = {_key(row.cells[0]): row for row in reversed(body) if row.cells}
    kept: list[Source] = []
    taken: set[int] = set()
    for page in pages:
        row = left.get(_key(_find_title(page.text)))
        if row is None or row.number in taken:
            kept.append(page)
            continue
        values = {name: cell for name, cell in zip(head.cells, row.cells, strict=False) if cell}
        lines = _drop_properties(page, values)
        if any(text.strip() and not text.startswith("# ") for _, text in lines):
            taken.add(row.number)
            kept.append(_with_properties(page, lines, values, head.cells[0]))
    others = [row for row in body if row.number not in taken]
    return [head, *others] if others else [], kept


def _find_title(text: str) -> str:
    first = next((line for line in text.split("\n") if line.strip()), "")
    return first[2:] if first.startswith("# ") else ""


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()


def _drop_properties(page: Source, values: Mapping[str, str]) -> list[tuple[int, str]]:
    """Return the numbered lines of a page without those below its title that repeat its row."""
    known = {_key(name): _key(value) for name, value in values.items()}
    lines = list(zip(page.numbers, page.text.split("\n"), strict=True))
    start = next((i for i, (_, text) in enumerate(lines) if text.startswith("# ")), -1) + 1
    end = start
    kept: list[tuple[int, str]] = []
    while end < len(lines):
        number, text = lines[end]
        match = _PROPERTY.fullmatch(text)
        if text.strip() and not (match and _key(match["name"]) in known):
            break
        if match and known[_key(match["name"])] != _key(match["value"]):
            kept.append((number, text))
        end += 1
    blank = [(lines[start - 1][0], "")] if start else []
    return [*lines[:start], *blank, *kept, *(blank if kept else ()), *lines[end:]]


def _with_properties(
    page: Source, lines: Sequence[tuple[int, str]], values: Mapping[str, str], title: str
) -> Source:
    """Return a page with its row as front matter; its title stands there already."""
    properties = {"title": values.get(title, "")} | {
        name: value for name, value in values.items() if name and name != title
    }
    above = front_matter.dump(properties).rstrip("\n").split("\n")
    return msgspec.structs.replace(
        page,
        text="\n".join([*above, *(text for _, text in lines)]),
        numbers=(*[1] * len(above), *(number for number, _ in lines)),
    )
