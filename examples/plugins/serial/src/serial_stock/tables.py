"""The plugin's table."""

from __future__ import annotations

from sqlmodel import Field
from wares.storage import WaresModel, belongs


class Unit(WaresModel, table=True):
    """What a move brought in of a number (or took out, with a quantity below 0). What is on hand of it is the sum of the rows
    whose documents stand."""

    __plugin__ = "serial"
    __tablename__ = "serial_unit"
    __table_args__ = (belongs("document_id", "document"), belongs("item_id", "item"))

    move_id: int = Field(primary_key=True)
    document_id: int
    item_id: int
    location_id: int
    number: str = Field(max_length=60)
    """The serial number, or the lot's."""
    quantity: int
    """Millionths."""
    expires: int
    """The day, as 20261231; 0 = never."""
