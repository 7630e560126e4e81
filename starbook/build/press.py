"""From sheets to pages: looked at, put into their templates, and their links read."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import accumulate, chain
from sys import intern
from typing import Any

import msgspec

from starbook.build import pool
from starbook.build.memory import Memory, Seen, Sight, Traced, others
from starbook.build.past import Past, digest, mark_of
from starbook.build.stored import Spool, Stored, as_bytes, joined, size
from starbook.model import Story
from starbook.pages import views
from starbook.pages.context import Desk
from starbook.pages.routes import Sheet
from starbook.render.link_check import Scan, scan
from starbook.render.renderer import Renderer


class Page(msgspec.Struct, frozen=True):
    """A page as it will be written, what its links need, and the mark of one as it was made."""

    data: bytes | Stored
    scan: Scan
    mark: bytes = b""


class _Made(msgspec.Struct, frozen=True, array_like=True):
    """A page as the process that made it sends it: what it saw, its links, its bytes, their mark.

    Once it is here, the bytes are put away as they are in a `Page`. There is no page where it saw
    what it saw the last time: it is as it was.
    """

    sight: Sight
    view: bytes
    scan: Scan = Scan((), ())
    data: Any = None
    mark: bytes = b""


class _Filed(msgspec.Struct, frozen=True, array_like=True):
    """A page in the past: what it saw, its links, and the mark of its bytes.

    Those lie in the site; but of a page with pieces, what is around them lies here.
    """

    sight: Sight
    view: bytes
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

    def find(self, part: Sheet) -> tuple[Seen | None, bool]:
        """A page as it was, where it is there; and whether it would see the same."""
        if not self.past.kept:
            return None, False
        place, ground = _place(part), self._ground(part)
        same: _Filed | None = self.past.find(place, ground, _Filed)
        filed: _Filed | None = same or self.past.last(place, _Filed)
        data = filed and (filed.around or self._left(part, filed.mark))
        if not (filed and data):
            return None, False
        seen = Seen(filed.sight, filed.view, Page(data, filed.scan, filed.mark))
        return seen, same is not None and not filed.sight.has(*self.changes)

    def _left(self, part: Sheet, mark: bytes) -> bytes | Stored | None:
        """What the site has of it."""
        if not part.name:
            return self.past.left(part.path, mark)
        if part.path not in self.stands:
            self.stands[part.path] = self.past.last(_stands(part.path), _Stands) or {}
        stand = self.stands[part.path].get(part.name)
        return self.past.left(part.path, mark, stand) if stand else None

    def keep(self, part: Sheet, seen: Seen) -> None:
        """For the next build."""
        if self.past.kept:
            page: Page = seen.result
            around = as_bytes(page.data) if part.pieces else b""
            filed = _Filed(seen.sight, seen.view, page.scan, page.mark, around)
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
        made = deque(self._all(parts, memory, past))
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

    def _all(self, parts: Sequence[Sheet], memory: Memory | None, past: Past) -> Iterable[Page]:
        if memory is None:
            made = self._made([(part, None) for part in parts], past, Spool().put)
            return (seen.result for seen in made)
        whole = {(part.path, part.name): part for part in parts}
        return memory.traced(
            # Pieces are parts themselves.
            {name: p._replace(pieces=()) if p.pieces else p for name, p in whole.items()},
            (memory.same("rest", self.desk.rest), (self.renderer, self.base)),
            self.desk.stories,
            lambda new: self._made([(whole[name], seen) for name, seen in new], past, _as_it_is),
        )

    def _made(
        self,
        parts: Sequence[tuple[Sheet, Seen | None]],
        past: Past,
        put: Callable[[bytes], bytes | Stored],
    ) -> Iterator[Seen]:
        """Pages, by several processes; but for those that the past holds.

        Each comes with what it saw the last time. Its bytes are `put` away.
        """
        archive = _Archive(self.desk, past)
        known = [(seen, False) if seen else archive.find(part) for part, seen in parts]

        def take(made: _Made) -> _Made:
            self.step()
            links, data = _with_texts_of_all(made.scan), made.data and put(made.data)
            return msgspec.structs.replace(made, scan=links, data=data)

        new = [
            (part, seen.view if seen else b"")
            for (part, _), (seen, holds) in zip(parts, known, strict=True)
            if not holds
        ]
        come = deque(pool.each(self._looked_at, new, _Made, take))
        for (part, _), (before, holds) in zip(parts, known, strict=True):
            seen = before if before and holds else _seen(come.popleft(), before)
            if seen is not before:
                archive.keep(part, seen)
            yield seen

    def _looked_at(self, part_and_view: tuple[Sheet, bytes]) -> _Made:
        """What a page sees, and, if that is new, the page."""
        part, before = part_and_view
        world = self.desk.stories
        world.begin()
        view: views.View = part.make(self.desk, *part.of)
        mark = digest((self.base, view))
        if mark == before:
            return _Made(world.sight(), mark)
        data, links = self._page(part, view)
        return _Made(world.sight(), mark, links, data, mark_of(data))

    def _page(self, part: Sheet, view: views.View) -> tuple[bytes, Scan]:
        text = self.renderer.page(view)
        # As bytes: a text with one arrow in it takes twice the room.
        return text.encode(), scan(part.path, text, self.base)


def _as_it_is(data: bytes) -> bytes:
    return data


def _seen(made: _Made, before: Seen | None) -> Seen:
    """What comes of a page, which is as it was before where no other was made."""
    page = before.result if before else None
    if made.data is not None:
        page = Page(made.data, made.scan, made.mark)
    return Seen(made.sight, made.view, page)


def _with_texts_of_all(links: Scan) -> Scan:
    """The links of a page that may come from another process, where their texts are copies."""
    return Scan(tuple(map(intern, links.leads)), links.offers)


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
