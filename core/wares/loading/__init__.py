"""`wares load`: records of masters and documents, one JSON object a line, recorded in their order.

    with Rejects(path) as rejects:
        report = load(books, read_records("-"), on_refusal=rejects.write)

`lines` reads a file into records. `recording` records them chunk by chunk: accepted records stay, refused ones are reported
with their line. `report` counts the outcomes.
"""

from __future__ import annotations

from wares.loading.lines import Line, read_records
from wares.loading.recording import load
from wares.loading.report import LoadReport, Rejected, Rejects

__all__ = ["Line", "LoadReport", "Rejected", "Rejects", "load", "read_records"]
