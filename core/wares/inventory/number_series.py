"""The number series of documents."""

from __future__ import annotations

from wares.storage import tables as t
from wares.storage.unit import Unit


class NumberSeries:
    """The number series of one company within one unit, read when first asked for."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self._series: dict[str, tuple[str, int]] | None = None  # series → (prefix, count of the last number given)
        self._taken: dict[str, int] = {}  # series → numbers taken since the last flush

    def next(self, series: str, prefix: str) -> tuple[str, int]:
        """Return the next number of a series as text and as count; `take` uses it up."""
        if self._series is None:
            self._series = {
                key: (known, number)
                for key, known, number in self.unit.rows("SELECT series, prefix, issued FROM wares_series WHERE company_id = ?")
            }
        prefix, issued = self._series.get(series, (prefix, 0))
        self._series[series] = (prefix, issued)
        return f"{prefix}-{issued + 1:05d}", issued + 1

    def take(self, series: str) -> None:
        """Use up the number that `next` returned; for good once the unit commits."""
        assert self._series is not None
        prefix, issued = self._series[series]
        self._series[series] = (prefix, issued + 1)
        self._taken[series] = self._taken.get(series, 0) + 1

    def flush(self) -> None:
        """Write how many numbers of each series were taken."""
        if self._taken and self._series is not None:
            unit = self.unit
            rows = [(unit.company_id, key, self._series[key][0], taken) for key, taken in sorted(self._taken.items())]
            unit.connection.exec_driver_sql(unit.dialect.upsert_add(t.series, ("company_id", "series"), ("issued",)), rows)
            self._taken.clear()
