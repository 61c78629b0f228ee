"""`wares load`: records of masters and documents, one JSON object a line, recorded in their order.

    with RefusedLines(path) as rejects:
        report = load(books, read_records("-"), on_refusal=rejects.write)

`lines` reads a file into records. `loader` takes them chunk by chunk: accepted records stay, refused ones are reported with
their line. `recording` records the lines of a chunk by their kinds. `identity` knows the lines that an earlier load of the
file recorded. `report` counts the outcomes.
"""

from __future__ import annotations

from wares.loading.lines import FileLine, read_records
from wares.loading.loader import last_recorded, load
from wares.loading.report import LoadReport, RefusedLines, Rejected

__all__ = ["FileLine", "LoadReport", "RefusedLines", "Rejected", "last_recorded", "load", "read_records"]
