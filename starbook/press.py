"""From sheets to pages: looked at, put into their templates, and their links read."""

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from itertools import accumulate, chain
from sys import intern
from typing import Any

import msgspec

from starbook import views, workers
from starbook.desk import Desk
from starbook.memory import Memory, Sight, Traced, others
from starbook.model import Story
from starbook.pages import Sheet
from starbook.past import Past, digest, mark_of
from starbook.render import Renderer
from starbook.stored import Spool, Stored, as_bytes, joined, size
from starbook.verify import Scan, scan


class Page(msgspec.Struct, frozen=True):
    """A page as it will be written, and what its links need."""

    data: bytes | Stored
    scan: Scan


class _Made(msgspec.Struct, frozen=True, array_like=True):
    """A page as the process that made it sends it: what it saw, its links, its bytes, their mark.

    Once it is here, the bytes are put away as they are in a `Page`.
    """

    sight: Sight
    scan: Scan
    data: Any
    mark: bytes


class _Filed(msgspec.Struct, frozen=True, array_like=True):
    """A page in the past: what it saw, its links, and the mark of its bytes.

    Those lie in the site; but of a page with pieces, what is around them lies here.
    """

    sight: Sight
    scan: Scan
    mark: bytes
    around: bytes


# Where each piece of a page begins in its file, and how long it is.
_Stands = dict[str, tuple[int, int]]


class _Archive:
    """The pages of the past, each of which holds as long as it would see the same."""

    def __init__(self, desk: Desk, past: Past) -> None:
        self.past = past
        self.rest = digest(desk.rest) if past.kept else b""
        self.changes = self._changes(desk.stories) if past.kept else (set(), set())
        self.grounds: dict[tuple[str, str], bytes] = {}
        self.stands: dict[str, _Stands] = {}

    def find(self, part: Sheet) -> Page | None:
        """A page, where it is there and holds."""
        if not self.past.kept:
            return None
        filed: _Filed | None = self.past.find(_place(part), self._ground(part), _Filed)
        if filed is None or filed.sight.has(*self.changes):
            return None
        data = filed.around or self._left(part, filed.mark)
        return Page(data, filed.scan) if data else None

    def _left(self, part: Sheet, mark: bytes) -> Stored | None:
        """What the site has of it."""
        if not part.name:
            return self.past.left(part.path, mark)
        if part.path not in self.stands:
            self.stands[part.path] = self.past.last(_stands(part.path), _Stands) or {}
        stand = self.stands[part.path].get(part.name)
        return self.past.left(part.path, mark, stand) if stand else None

    def keep(self, part: Sheet, made: _Made) -> None:
        """For the next build."""
        if self.past.kept:
            around = as_bytes(made.data) if part.pieces else b""
            filed = _Filed(made.sight, made.scan, made.mark, around)
            self.past.keep(_place(part), self._ground(part), filed)

    def _ground(self, part: Sheet) -> bytes:
        """All that it was made from, but for what it asks of stories."""
        key = part.path, part.name
        if key not in self.grounds:
            of = [self.past.mark(it) if isinstance(it, Story) else it for it in part.of]
            self.grounds[key] = digest((self.rest, part.make.__qualname__, of))
        return self.grounds[key]

    def _changes(self, stories: Traced[str, Story]) -> tuple[set[str], set[str]]:
        """Which stories are not what they were for the last build, and which not in brief."""
        found = []
        for place, them in (("stories", stories.entries), ("briefs", stories.briefs)):
            marks = {ident: self.past.mark(story) for ident, story in them.items()}
            found.append(others(self.past.last(place, dict[str, bytes]) or {}, marks))
            self.past.keep(place, b"", marks)
        whole, brief = found
        return whole, brief


def _place(part: Sheet) -> str:
    return f"{part.path} {part.name}"


def _stands(path: str) -> str:
    """The place of where the pieces of a page are."""
    return f"pieces {path}"


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
                if past.kept:
                    past.keep(_stands(sheet.path), b"", _standing(sheet, page, pieces))
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
        archive, spool = _Archive(self.desk, past), Spool()
        found = [archive.find(part) for part in parts]
        new = [part for part, page in zip(parts, found, strict=True) if page is None]

        def take(made: _Made) -> _Made:
            self.step()
            return msgspec.structs.replace(made, data=spool.put(made.data))

        come = iter(workers.each(self._made, new, _Made, take))
        for n, page in enumerate(found):
            if page is None:
                made = next(come)
                archive.keep(parts[n], made)
                found[n] = Page(made.data, made.scan)
        return [_with_texts_of_all(page) for page in found if page]

    def _made(self, part: Sheet) -> _Made:
        world = self.desk.stories
        world.begin()
        page = self._page(part, self._view(part))
        data = as_bytes(page.data)
        return _Made(world.sight(), page.scan, data, mark_of(data))

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
    before, *rest = _around(page)
    data = joined(chain([before], *([*inside, after] for after in rest)))
    return Page(data, Scan(tuple(leads), tuple(offers)))


def _around(page: Page) -> list[bytes]:
    return as_bytes(page.data).split(views.PIECES.encode())


def _standing(sheet: Sheet, page: Page, pieces: tuple[Page, ...]) -> _Stands:
    """Where the pieces are in the file of their page: where they first are, if they are twice."""
    before, *rest = _around(page)
    if not rest:
        return {}
    sizes = [size(piece.data) for piece in pieces]
    starts = accumulate(sizes, initial=len(before))
    stands = zip(starts, sizes, strict=False)  # a last one would start where they end
    return {part.name: stand for part, stand in zip(sheet.pieces, stands, strict=True)}
