"""The part `projections` of `Books`: the rows that plugins derive from documents."""

from __future__ import annotations

from collections.abc import Iterator

from wares.contract.projection import Projection
from wares.errors import Refused
from wares.facade.part import Part
from wares.runtime.gc_pauses import fewer_gc_passes
from wares.services import projections
from wares.values import Json

LAST_DAY = 9999_12_31


class Projections(Part):
    """The rows of projections (`wares.Projection`), by key."""

    def keep(self, *keys: str) -> None:
        """Keep the rows of these projections from now on. Refused UNKNOWN_PROJECTION.

        Rows that the books do not keep yet are made of every document, in one transaction; otherwise nothing is written.
        """
        wanted = [self._of(key) for key in keys]
        here = self._books.reading(lambda reader, _: projections.kept(reader))
        for projection in wanted:
            if projection.key not in here:
                self._keep(projection)

    def _keep(self, projection: Projection) -> None:
        self._books.writing(lambda writing: projections.keep(writing.unit, projection))

    def pages(self, key: str, *, since: int = 0, until: int = LAST_DAY, waiting: bool = False) -> Iterator[list[list[Json]]]:
        """Yield the rows of some days (yyyymmdd), oldest first, a page at a time, each page from one snapshot.

        With `waiting` only rows that wait for an action. Rows that the books do not keep are made. Refused UNKNOWN_PROJECTION.
        """
        projection = self._of(key)
        after: projections.Place | None = None
        with fewer_gc_passes():  # the rows of a listing need cycle collection as seldom as the objects of a unit
            while True:
                page, after = self._page(projection, after, since=since, until=until, waiting=waiting)
                yield page
                if after is None:
                    return

    def _page(
        self, projection: Projection, after: projections.Place | None, since: int, until: int, waiting: bool
    ) -> projections.ProjectedPage:
        return self._books.reading(
            lambda reader, _: projections.page_of(reader, projection, since=since, until=until, waiting=waiting, after=after)
        )

    def _of(self, key: str) -> Projection:
        found = self._books.plugins.registry.projections.get(key)
        if found is None:
            known = ", ".join(self._books.plugins.registry.projections) or "there is none"
            raise Refused.because("UNKNOWN_PROJECTION", f"there is no projection {key!r}", path="key", hint=known)
        return found
