"""Naming: give the stories of a document their titles, ids, and the names from headings above."""

import re
from collections import Counter
from collections.abc import Sequence

from starbook.content.checks import RESERVED_IDS
from starbook.importer import lists, words
from starbook.importer.account import normalize_words
from starbook.importer.blanks import BLANK
from starbook.importer.lines import Line
from starbook.importer.page import plain
from starbook.importer.result import ImportResult
from starbook.importer.sections import Section, join_lines
from starbook.importer.stories import Known, Story, first_words, parse_title
from starbook.text import names

_EXAMPLES = re.compile(r"\s+(?:examples?|stories)$", re.I)


class StoryNamer:
    """Names the stories of a result."""

    def __init__(self, result: ImportResult, known: Known) -> None:
        self.result, self.known = result, known
        self.page, self.account = result.page, result.account

    def take_named_stories(self, sections: Sequence[Section]) -> None:
        """Make drafts of stories of which a document gives only the names."""
        for section in sections:
            self._take_named(section)

    def _take_named(self, section: Section) -> None:
        """Make a draft of each story of which a list below `Stories` gives only the name."""
        name = plain(words.strip_count(section.name, self.known.vocabulary)).rstrip(": ")
        if not words.names_stories(name, self.known.vocabulary):
            return
        items, rest = lists.split_items(section.lines, self.page)
        titles = [item[0].words for item in items]
        if not titles or any(
            len(text.split()) > 30
            or self.page.is_question(text)
            or lists.names_story(text, self.known.vocabulary)
            for text in titles
        ):
            return
        for item in items:
            if re.search(r"\w", item[0].words):
                self._add_named_story(item)
        section.lines = [line for line in section.lines if any(line is one for one in rest)]

    def _add_named_story(self, item: Sequence[Line]) -> None:
        text = item[0].words
        bold = re.match(r"\*\*(?P<title>.+?)\*\*\s*[–—:-]?\s*(?P<rest>.*)", text)
        shown, rest = (bold["title"], bold["rest"]) if bold else (text, "")
        story = parse_title(shown, self.known)
        if not bold and len(shown.split()) > 12:
            story.title, rest = first_words(story.title), text
        story.line, story.owner.name = item[0].number, story.title
        story.body = "\n\n".join(filter(None, [rest, join_lines(item[1:]), BLANK]))
        self.account.put(item, story.owner, "title")
        self.result.stories.append(story)

    def name_stories(self, begins: Sequence[int]) -> None:
        """Give each story its title, its id, and the names from its title and headings above."""
        result = self.result
        titled = [story for story in result.stories if not story.question]
        matches = [(story, words.DASH_THEME_TITLE.fullmatch(story.title)) for story in titled]
        themed = [(story, match) for story, match in matches if match and len(titled) > 1]
        counts = Counter(names.key(match["theme"]) for _, match in themed)
        for story, match in themed if len(themed) * 2 > len(titled) else []:
            theme = self._full_theme(match["theme"])
            if theme or counts[names.key(match["theme"])] > 1:
                story.title, theme = match["title"], theme or match["theme"]
                story.fields.setdefault("categories", []).insert(0, theme)
        self._take_out_counts()
        self._take_title_of_page()
        self._tell_apart()
        first_heading = next(
            (
                self.page.lines[i].words
                for i in self.page.borders_between(0, min(begins, default=0))
            ),
            "",
        )
        taken = set(RESERVED_IDS)
        more = [-1] * (len(result.stories) - len(begins))
        for story, begin in zip(result.stories, [*begins, *more], strict=True):
            if begin >= 0:
                self._add_topics(story, begin)
            story.title = story.title or first_heading or result.name
            ident = story.ident or names.slug(story.title) or f"{names.slug(result.name)}-story"
            story.ident = names.unique(ident, taken)
            story.owner.name = story.title

    def _full_theme(self, theme: str) -> str:
        """Return the category or principle that a theme before a dash names, or ""."""
        parts = set(normalize_words(theme))  # a category may have more words
        full = (name for name in self.result.categories if parts <= set(normalize_words(name)))
        return next(full, "") or self.known.find(theme)

    def _take_title_of_page(self) -> None:
        """Give the only story the title that a line such as `Title: The mill` above it gives."""
        fields = self.page.fields.values()
        titles = [value for field, value in fields if field == "title" and value]
        stories = self.result.stories
        if len(stories) == len(titles) == 1 and not stories[0].has_own_title:
            stories[0].title, stories[0].has_own_title = plain(titles[0]), True

    def _take_out_counts(self) -> None:
        """Take `Competency 2:` off titles, where several begin with the word and other numbers."""
        pairs = [
            (story, words.SERIES_TITLE.fullmatch(story.title)) for story in self.result.stories
        ]
        found = [(story, match) for story, match in pairs if match]
        counts: dict[str, set[str]] = {}
        for _, match in found:
            counts.setdefault(match["word"].casefold(), set()).add(match["number"])
        for story, match in found:
            if len(counts[match["word"].casefold()]) > 1:
                story.title = match["title"]

    def _tell_apart(self) -> None:
        """Give a story its first words as title where an answer to its question has that title."""
        taken: set[str] = set()
        for story in self.result.stories:
            if story.question and names.key(story.title) in taken:
                story.title = story.first_words or story.title
            taken.add(names.key(story.title))

    def _add_topics(self, story: Story, begin: int) -> None:
        """Add the principle, category and level that the headings above a story name."""
        lines, vocabulary = self.page.lines, self.known.vocabulary
        for at, i in enumerate(self.page.borders_above(begin)):
            name = words.strip_bracketed_count(lines[i].words)
            if (match := words.LEVEL.search(name)) and not story.fields.get("level"):
                story.fields["level"] = [match[0]]
            full = plain(name)
            name = _EXAMPLES.sub("", plain(words.strip_count(name, vocabulary)))
            names_stories = vocabulary.own_stories.search(name) and len(name.split()) < 4
            no_topic = (
                words.NO_TOPIC.search(name)
                or names_stories
                or words.names_stories(full, vocabulary)
                or vocabulary.method_heading.search(name)
                or vocabulary.template_heading.search(full)
                or self.page.is_question(name)
                or not self.page.is_title(name)
            )
            if self.known.find(name):
                story.add("principles", [self.known.find(name)])
            elif at == 0 and lines[i].level > 1 and not no_topic and len(name.split()) <= 8:
                story.add("categories", [name])
