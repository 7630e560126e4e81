"""Guides: put the text that went nowhere else into guides, by the headings above it."""

from collections import Counter
from collections.abc import Sequence

from starbook.importer.account import FORMAT, Owner, normalize_words
from starbook.importer.result import ImportResult
from starbook.importer.sections import Section, join_lines


def build_guides(result: ImportResult, sections: Sequence[Section], front: str) -> None:
    """Put the text that is left into guides, split at the level where headings repeat.

    `front` are lines of front matter that belong to no story. Headings without a text of their own
    are kept too, unless their words stand elsewhere.
    """
    builder = _Builder(result, sections)
    for section in sections:
        builder.add(section)
    headings = builder.find_headings()
    if result.stories or result.questions or result.audiences:
        result.headings = headings
    elif headings := [name for name in headings if name != builder.top]:
        # There is no list that could have them on top.
        builder.main.append("\n".join(["## Contents", "", *(f"- {name}" for name in headings)]))
    result.guides = builder.join(f"```yaml\n{front}\n```" if front else "")


# Where no level of headings repeats, a document is one guide.
_NO_LEVEL = 9


class _Builder:
    """Collects the texts of sections: those of the document itself, and of each guide."""

    def __init__(self, result: ImportResult, sections: Sequence[Section]) -> None:
        self.result = result
        borders = set(result.page.borders)
        counts = Counter(
            section.level
            for section in sections
            if section.heading and (section.heading.index in borders or section.level > 6)
        )
        self.level = next((level for level in sorted(counts) if counts[level] > 1), _NO_LEVEL)
        # A heading is the title of what stands above it only if it is one of the whole document.
        begins = any(line.text for line in sections[0].lines)
        most = min(self.level, 2 if begins else 7)
        above = (s.name for s in sections if s.level and s.level < most)
        self.top = next(above, "") or result.name
        self.title = ""
        self.main: list[str] = []
        self.empty: list[str] = []
        self.texts: dict[str, list[str]] = {}
        audiences = [audience["audience"] for audience in result.audiences]
        topics = [topic["topic"] for one in result.audiences for topic in one["topics"]]
        # Names of headings that stand in the files of lists and stories.
        self.written = {*result.categories, *result.principles, *audiences, *topics}

    def add(self, section: Section) -> None:
        """Add the text of a section to its guide."""
        if section.level and section.level <= self.level:
            self.title = section.name if section.level == self.level else ""
        text = join_lines(section.lines)
        contents = self.result.page.vocabulary.contents_heading.fullmatch(section.name)
        owner = Owner("guide", self.title or self.top)
        if not text:
            self.empty += [section.name] if section.name else []
            listed = self.result.stories or self.result.questions or self.result.audiences
            owner = FORMAT if section.name in self.written or listed else owner
        elif not self.title or contents:
            is_top = section.name in ("", self.top)
            mark = "#" * (max(2, section.level) if section.level < 7 else 2)
            self.main += [text] if is_top else [f"{mark} {section.name}", text]
            owner.name = self.top
        elif section.level == self.level:
            self.texts.setdefault(self.title, []).append(text)
        else:
            mark = "##" if section.level == self.level + 1 else "###"
            self.texts.setdefault(self.title, []).extend([f"{mark} {section.name}", text])
        heading = [section.heading] if section.heading else []
        self.result.account.put([*heading, *section.lines], owner, section.name)

    def find_headings(self) -> list[str]:
        """Return the headings without a text of their own whose words stand nowhere else."""
        said = set(normalize_words(" ".join(self.main)))
        return [
            name
            for name in dict.fromkeys(self.empty)
            if name not in self.texts
            and name not in self.written
            and not set(normalize_words(name)) <= said
        ]

    def join(self, front: str) -> dict[str, str]:
        """Return the text of each guide by its title."""
        guides = {name: "\n\n".join(pieces) for name, pieces in self.texts.items()}
        main = [*filter(None, [front]), *self.main]
        if main:
            main += filter(None, [guides.pop(self.top, "")])  # a section of the document's name
            guides = {self.top: "\n\n".join(main)} | guides
        return guides
