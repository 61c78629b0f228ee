"""The outbox of some books."""

from __future__ import annotations

from collections.abc import Callable

from wares.facade.part import Part, Rows
from wares.services import outbox


class Outbox(Part):
    """Events kept for a host: on with `books.settings.set("outbox", "on")`."""

    def list(self, *, delivered: bool = False, limit: int = 100) -> Rows:
        """What waits to be delivered, oldest first; with `delivered` the latest events, whether they wait or not.

        sequence, event (posted | voided | cost_corrected), document_id, recorded_at, delivered_at, payload.
        """
        find = outbox.all_events if delivered else outbox.waiting_events
        return self._books.reading(lambda reader, _: find(reader, limit))

    def drain(self, deliver: Callable[[outbox.Event], None], *, limit: int = 100) -> int:
        """Hand each waiting event to `deliver`, in order, and mark what it took; how many that were.

        Where `deliver` raises, the events before are marked, this one and those after it wait, and the exception goes on. An
        event whose mark is lost is handed over again.
        """
        taken: int | None = None
        count = 0
        try:
            for event in self.list(limit=limit):
                deliver(event)
                taken = event["sequence"]
                count += 1
        finally:
            if taken is not None:
                upto = taken
                self._books.writing(lambda writing: outbox.mark_delivered(writing.unit, upto))
        return count
