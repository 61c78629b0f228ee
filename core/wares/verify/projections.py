"""The kept rows of projections compared with rows made anew (I16)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wares.services.projections import ProjectedRow, every_document, kept, rows_of
from wares.storage.unit import Reader
from wares.verify.finding import Finding, document_number

if TYPE_CHECKING:
    from wares.plugin_manager.registry import Registry

_HELD = "SELECT * FROM wares_projected WHERE company_id = ? AND projection = ? AND {among}"


def projections_hold(reader: Reader, registry: Registry) -> Finding:
    """I16: every kept row of a projection equals the row that the projection makes of its document now, and no row is missing. Rows
    of projections that no loaded plugin makes are not checked."""
    here = [registry.projections[key] for key in kept(reader) if key in registry.projections]
    examined, wrong = 0, None
    for documents in every_document(reader) if here else ():
        for projection in here:
            held = reader.rows(_HELD.format(among=reader.among("document_id")), projection.key, reader.listed(documents))
            examined += len(held)
            differing = {*map(ProjectedRow._make, held)}.symmetric_difference(rows_of(reader, projection, documents))
            if differing and wrong is None:
                number = document_number(reader, min(row.document_id for row in differing))
                wrong = f"{projection.key} keeps other rows of {number} than it makes now"
    absent = [f"rows of {key}: no loaded plugin makes them" for key in kept(reader) if key not in registry.projections]
    return Finding(examined, wrong, tuple(absent))
