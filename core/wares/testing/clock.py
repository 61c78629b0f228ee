"""A clock that a test sets: what Wares takes for today, and for the moment at which something is recorded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from wares import values


class Clock:
    """Stands still at the moment it was given, until it is set or moved. `start` and `stop` take and give back Wares' own."""

    def __init__(self, moment: str = "2026-01-01") -> None:
        self.now = datetime.fromisoformat(moment)
        self._before = values._now

    def set(self, moment: str) -> None:
        """Go to an ISO date or date-time."""
        self.now = datetime.fromisoformat(moment)

    def move(self, **by: float) -> None:
        """Go on by `days=1`, `hours=2` and so on, as datetime.timedelta has them."""
        self.now += timedelta(**by)

    def start(self) -> Clock:
        """From here on this is the time."""
        self._before = values._now
        values._now = self._read
        return self

    def stop(self) -> None:
        """Let the time be what it is again."""
        values._now = self._before

    def _read(self, zone: tzinfo | None = None) -> datetime:
        return self.now.replace(tzinfo=UTC) if zone is not None else self.now
