"""The plugin's table."""

from __future__ import annotations

from sqlmodel import Field
from wares.storage import WaresModel, belongs


class Unit(WaresModel, table=True):
    """The quantity of a number that a move brought in (or took out, below 0). The quantity on hand is the sum of the rows whose
    documents stand."""

    __plugin__ = "serial"
    __tablename__ = "serial_unit"
    __table_args__ = (belongs("document_id", "document"), belongs("item_id", "item"))

    move_id: int = Field(primary_key=True)
    document_id: int
    item_id: int
    location_id: int
    number: str = Field(max_length=60)
    """The serial number, or the number of the lot."""
    quantity: int
    """Millionths."""
    expires: int
    """Expiry date, as 20261231; 0 = never."""
