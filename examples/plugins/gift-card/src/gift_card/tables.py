"""The plugin's table."""

from __future__ import annotations

from sqlmodel import Field
from wares.storage import WaresModel, belongs


class Entry(WaresModel, table=True):
    """What a line of a sale put on a card (or took back), or what a redemption spent, in minor units."""

    __plugin__ = "gift_card"
    __tablename__ = "gift_card_entry"
    __table_args__ = (belongs("document_id", "document"),)

    document_id: int = Field(primary_key=True)
    line_id: int = Field(primary_key=True)
    """0 for a redemption."""
    code: str = Field(max_length=60)
    amount: int
