"""From sheets to pages: looked at, put into their templates, and their links read."""

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain
from sys import intern

import msgspec

from starbook import views, workers
from starbook.desk import Desk
from starbook.memory import Memory
from starbook.model import Story
from starbook.pages import Sheet
from starbook.past import Past, digest, mark_of
from starbook.render import Renderer
from starbook.verify import Scan, scan


class Page(msgspec.Struct, frozen=True):
    """A page as it will be written, and what its links need."""

    data: bytes
    scan: Scan


class _Sight(msgspec.Struct, frozen=True, array_like=True):
    """What a page asked of the stories: which, which in brief, and whether for all, either way."""

    asked: tuple[str, ...]
    asked_briefly: tuple[str, ...]
    asked_for_all: bool
    asked_for_summary: bool


class _Seen(msgspec.Struct, frozen=True):
    """A page, and what it has seen."""

    page: Page
    sight: _Sight


class _Filed(msgspec.Struct, frozen=True, array_like=True):
    """A page in the past: what it saw, and its bytes, or the mark of the file that has them."""

    sight: _Sight
    answers: bytes
    scan: Scan
    data: bytes
    mark: bytes


class _Archive:
    """The pages of the past, each of which holds as long as it would see the same."""

    def __init__(self, desk: Desk, past: Past) -> None:
        self.world, self.past = desk.stories, past
        self.rest = digest(desk.rest) if past.kept else b""
        self.grounds: dict[tuple[str, str], bytes] = {}

    def find(self, part: Sheet) -> Page | None:
        """A page, where it is there and holds."""
        if not self.past.kept:
            return None
        filed: _Filed | None = self.past.find(_place(part), self._ground(part), _Filed)
        if filed is None or filed.answers != self._answers(filed.sight):
            return None
        data = filed.data or self.past.written(part.path, filed.mark)
        return Page(data, filed.scan) if data else None

    def keep(self, part: Sheet, seen: _Seen) -> None:
        """For the next build. What stands in no file by itself has to be kept whole."""
        if self.past.kept:
            alone = not (part.name or part.pieces)
            data, mark = (b"", mark_of(seen.page.data)) if alone else (seen.page.data, b"")
            filed = _Filed(seen.sight, self._answers(seen.sight), seen.page.scan, data, mark)
            self.past.keep(_place(part), self._ground(part), filed)

    def _ground(self, part: Sheet) -> bytes:
        """All that it was made from, but for what it asks of stories."""
        key = part.path, part.name
        if key not in self.grounds:
            of = [self.past.mark(it) if isinstance(it, Story) else it for it in part.of]
            self.grounds[key] = digest((self.rest, part.make.__qualname__, of))
        return self.grounds[key]

    def _answers(self, sight: _Sight) -> bytes:
        world, mark = self.world, self.past.mark
        found = [mark(world.entries.get(ident)) for ident in sight.asked]
        found += [mark(world.briefs.get(ident)) for ident in sight.asked_briefly]
        found += [mark(world.entries)] if sight.asked_for_all else []
        found += [mark(world.briefs)] if sight.asked_for_summary else []
        return digest(found)


def _place(part: Sheet) -> str:
    return f"{part.path} {part.name}"


class Press:
    """Makes pages: all of them, by several processes; with a memory, those that have changed."""

    def __init__(self, desk: Desk, renderer: Renderer, base: str, step: Callable[[], None]) -> None:
        self.desk = desk
        self.renderer = renderer
        self.base = base
        self.step = step

    def pages(self, sheets: Sequence[Sheet], memory: Memory | None, past: Past) -> dict[str, Page]:
        """Each page by its path."""
        parts = [part for sheet in sheets for part in (sheet, *sheet.pieces)]
        made = deque(self._again(parts, memory) if memory else self._anew(parts, past))
        found = {}
        for sheet in sheets:
            page = made.popleft()
            if sheet.pieces:  # these are many, and nobody else holds them
                pieces = tuple(made.popleft() for _ in sheet.pieces)
                page = self._whole(sheet, page, pieces, memory)
            found[sheet.path] = page
        return found

    def _whole(
        self, sheet: Sheet, page: Page, pieces: tuple[Page, ...], memory: Memory | None
    ) -> Page:
        if memory is None:
            return _put_together(page, pieces)
        work = partial(_put_together, page, pieces)
        return memory.kept(("whole", sheet.path), (page, pieces), work)

    def _anew(self, parts: Sequence[Sheet], past: Past) -> Sequence[Page]:
        """By several processes, but for those that the past holds."""
        archive = _Archive(self.desk, past)
        found = [archive.find(part) for part in parts]
        new = [part for part, page in zip(parts, found, strict=True) if page is None]
        made = iter(workers.each(self._seen, new, _Seen, self.step))
        for n, page in enumerate(found):
            if page is None:
                seen = next(made)
                archive.keep(parts[n], seen)
                found[n] = seen.page
        return [_with_texts_of_all(page) for page in found if page]

    def _seen(self, part: Sheet) -> "_Seen":
        world = self.desk.stories
        world.begin()
        page = self._page(part, self._view(part))
        return _Seen(page, _Sight(*world.sight()))

    def _again(self, parts: Sequence[Sheet], memory: Memory) -> Sequence[Page]:
        return memory.traced(
            # Pieces are parts themselves.
            {(p.path, p.name): p._replace(pieces=()) if p.pieces else p for p in parts},
            (memory.same("rest", self.desk.rest), (self.renderer, self.base)),
            self.desk.stories,
            self._looked_at,
            self._page,
        )

    def _looked_at(self, part: Sheet) -> views.View:
        self.step()
        return self._view(part)

    def _view(self, part: Sheet) -> views.View:
        view: views.View = part.make(self.desk, *part.of)
        return view

    def _page(self, part: Sheet, view: views.View) -> Page:
        text = self.renderer.page(view)
        # As bytes: a text with one arrow in it takes twice the room.
        return Page(text.encode(), scan(part.path, text, self.base))


def _with_texts_of_all(page: Page) -> Page:
    """A page that may come from another process, where the texts of `scan` are copies."""
    leads = tuple(map(intern, page.scan.leads))
    return Page(page.data, Scan(leads, page.scan.offers))


def _put_together(page: Page, pieces: tuple[Page, ...]) -> Page:
    """A page with its pieces in their place."""
    inside = [piece.data for piece in pieces]
    leads = dict.fromkeys(chain(page.scan.leads, *(piece.scan.leads for piece in pieces)))
    offers = dict.fromkeys(chain(page.scan.offers, *(piece.scan.offers for piece in pieces)))
    before, *rest = page.data.split(views.PIECES.encode())
    data = b"".join(chain([before], *([*inside, after] for after in rest)))
    return Page(data, Scan(tuple(leads), tuple(offers)))
