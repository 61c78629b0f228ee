"""`wares load`: records of masters and documents, one JSON object a line, recorded in their order.

    with Rejects(path) as rejects:
        report = load(books, read_records("-"), on_refusal=rejects.write)

`lines` reads the file without knowing what it means; `recording` records chunk by chunk, what is good staying and what is
refused reported with its line; `report` counts.
"""

from __future__ import annotations

from wares.loading.lines import Line, read_records
from wares.loading.recording import load
from wares.loading.report import LoadReport, Rejected, Rejects

__all__ = ["Line", "LoadReport", "Rejected", "Rejects", "load", "read_records"]
