"""The part `outbox` of `Books`: events kept for other programs."""

from __future__ import annotations

from collections.abc import Callable

from wares.facade.part import Part, Rows
from wares.services import outbox
from wares.values import JsonObject


class Outbox(Part):
    """Events kept for a host. `books.settings.set("outbox", "on")` switches them on."""

    def list(self, *, delivered: bool = False, limit: int = 100) -> Rows:
        """Return the events that wait, oldest first; with `delivered` the latest events, waiting or delivered.

        Their keys are sequence, event (posted | voided | cost_corrected), document_id, recorded_at, delivered_at, payload.
        """
        find = outbox.all_events if delivered else outbox.waiting_events
        return self._books.reading(lambda reader, _: find(reader, limit))

    def drain(self, deliver: Callable[[JsonObject], None], *, limit: int = 100) -> int:
        """Pass each waiting event to `deliver`, in order, and mark it as delivered; return the number of events.

        If `deliver` raises, the events before are marked, this one and those after it wait, and the exception is raised. An
        event whose mark is lost is passed again.
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
