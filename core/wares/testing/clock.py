"""A clock that a test sets: it gives Wares the date of today and the moment at which a document is recorded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from wares import values


class Clock:
    """A clock that stands still until it is set or moved. `start` puts it in place of Wares' own clock, `stop` restores that."""

    def __init__(self, moment: str = "2026-01-01") -> None:
        self.now = datetime.fromisoformat(moment)
        self._before = values._now

    def set(self, moment: str) -> None:
        """Set the clock to an ISO date or date-time."""
        self.now = datetime.fromisoformat(moment)

    def move(self, **by: float) -> None:
        """Move the clock by `days=1`, `hours=2` and so on, with the arguments of datetime.timedelta."""
        self.now += timedelta(**by)

    def start(self) -> Clock:
        """Make Wares read this clock."""
        self._before = values._now
        values._now = self._read
        return self

    def stop(self) -> None:
        """Make Wares read its former clock again."""
        values._now = self._before

    def _read(self, zone: tzinfo | None = None) -> datetime:
        return self.now.replace(tzinfo=UTC) if zone is not None else self.now
