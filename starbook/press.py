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
from starbook.pages import Sheet
from starbook.render import Renderer
from starbook.verify import Scan, scan


class Page(msgspec.Struct, frozen=True):
    """A page as it will be written, and what its links need."""

    data: bytes
    scan: Scan


class Press:
    """Makes pages: all of them, by several processes; with a memory, those that have changed."""

    def __init__(self, desk: Desk, renderer: Renderer, base: str, step: Callable[[], None]) -> None:
        self.desk = desk
        self.renderer = renderer
        self.base = base
        self.step = step

    def pages(self, sheets: Sequence[Sheet], memory: Memory | None) -> dict[str, Page]:
        """Each page by its path."""
        parts = [part for sheet in sheets for part in (sheet, *sheet.pieces)]
        made = deque(self._again(parts, memory) if memory else self._anew(parts))
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

    def _anew(self, parts: Sequence[Sheet]) -> Sequence[Page]:
        def work(part: Sheet) -> Page:
            return self._page(part, self._view(part))

        return list(map(_with_texts_of_all, workers.each(work, parts, Page, self.step)))

    def _again(self, parts: Sequence[Sheet], memory: Memory) -> Sequence[Page]:
        rest = memory.same("rest", self.desk.rest)
        return [self._remembered(part, rest, memory) for part in parts]

    def _remembered(self, part: Sheet, rest: object, memory: Memory) -> Page:
        self.step()
        return memory.traced(
            ("page", part.path, part.name),
            ((rest, part.make, part.of), (self.renderer, self.base)),
            self.desk.stories,
            partial(self._view, part),
            partial(self._page, part),
        )

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
