"""What plugins keep of documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wares.contract.projection import Projection
from wares.errors import Refused
from wares.facade.part import Part
from wares.runtime.gc_pauses import fewer_gc_passes
from wares.services import projections

LAST_DAY = 9999_12_31
Page = tuple[list[list[Any]], projections.Place | None]
"""Rows, and the place after which to go on."""


class Projections(Part):
    """The rows of projections (`wares.Projection`), by key."""

    def keep(self, *keys: str) -> None:
        """From now on have the rows of these projections at hand; where the books do not keep them yet they are made of every
        document, in one transaction. Nothing is written where they do. Refused UNKNOWN_PROJECTION."""
        wanted = [self._of(key) for key in keys]
        here = self._books.reading(lambda reader, _: projections.kept(reader))
        for projection in wanted:
            if projection.key not in here:
                self._keep(projection)

    def _keep(self, projection: Projection) -> None:
        self._books.writing(lambda writing: projections.keep(writing.unit, projection))

    def pages(self, key: str, *, since: int = 0, until: int = LAST_DAY, waiting: bool = False) -> Iterator[list[list[Any]]]:
        """The rows of some days (yyyymmdd), oldest first, a page at a time, each page one snapshot; with `waiting` only those about
        which something is to be done. Books that do not keep them have them made. Refused UNKNOWN_PROJECTION."""
        projection = self._of(key)
        after: projections.Place | None = None
        with fewer_gc_passes():  # what a listing makes of its rows is looked through for cycles as seldom as what a unit makes
            while True:
                page, after = self._page(projection, after, since=since, until=until, waiting=waiting)
                yield page
                if after is None:
                    return

    def _page(self, projection: Projection, after: projections.Place | None, **wanted: Any) -> Page:
        return self._books.reading(lambda reader, _: projections.page_of(reader, projection, after=after, **wanted))

    def _of(self, key: str) -> Projection:
        found = self._books.plugins.registry.projections.get(key)
        if found is None:
            known = ", ".join(self._books.plugins.registry.projections) or "there is none"
            raise Refused.because("UNKNOWN_PROJECTION", f"there is no projection {key!r}", path="key", hint=known)
        return found
