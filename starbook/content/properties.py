"""Properties of other programs: keys of front matter that are theirs, and are passed over.

A key is in the list if a program writes it by itself and no person would write words in it that a
page should have. What is only similar to a key of ours is not in it: that is a spelling mistake.
"""

from collections.abc import Iterable

import msgspec

from starbook.text import names

# By program: Obsidian, its plugins, Notion, notebooks with numbered notes, makers of sites.
_PROPERTIES = """
aliases, alias, cssclasses, cssclass, permalink, kanban-plugin, excalidraw-plugin, mindmap-plugin,
banner, banner_x, banner_y, banner_icon, icon, iconColor, position, obsidianUIMode,
obsidianEditingMode, linter-yaml-title-alias, sr-due, sr-interval, sr-ease, number headings,
created, created at, created on, created by, created time, date created, creation date, ctime,
modified, modified at, modified on, date modified, modification date, mtime, last modified, lastmod,
updated, updated at, updated on, date updated, last updated, last edited by, last edited time,
uid, uuid, guid, zettel, zettel id, zettelkasten, notion-id, layout
"""
# What a guide may have besides, since Obsidian writes it to any note. `publish` is not among them:
# a guide is published by handbook.yml alone, and must not seem to be kept back.
_OF_ANY_NOTE = frozenset({"tags", "date"})


def _key(name: str) -> str:
    return names.key(name.replace("-", " ").replace("_", " "))


_KNOWN = frozenset(_key(name) for name in _PROPERTIES.split(","))


class Properties(msgspec.Struct, frozen=True):
    """The properties to pass over: those that are known, and those that handbook.yml lists."""

    listed: frozenset[str] = frozenset()

    @classmethod
    def of(cls, ignore: Iterable[str]) -> "Properties":
        """Return the known properties and these."""
        return cls(frozenset(map(_key, ignore)))

    def in_stories(self, name: str) -> bool:
        """Return True if a key of a story or template is another program's."""
        return _key(name) in self.of_stories()

    def in_guides(self, name: str) -> bool:
        """Return True if a key of a guide is another program's."""
        return _key(name) in self.of_guides()

    def of_stories(self) -> frozenset[str]:
        """Return the keys of stories that are passed over, in the form in which they compare."""
        return _KNOWN | self.listed

    def of_guides(self) -> frozenset[str]:
        """Return the keys of guides that are passed over, in that form."""
        return _OF_ANY_NOTE | self.of_stories()
