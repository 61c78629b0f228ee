"""The plugin's table."""

from __future__ import annotations

from sqlmodel import Field
from wares.storage import WaresModel, belongs


class Entry(WaresModel, table=True):
    """A change of a card's balance by a line of a sale or credit, or by a redemption."""

    __plugin__ = "gift_card"
    __tablename__ = "gift_card_entry"
    __table_args__ = (belongs("document_id", "document"),)

    document_id: int = Field(primary_key=True)
    line_id: int = Field(primary_key=True)
    """0 for a redemption."""
    code: str = Field(max_length=60)
    amount: int
    """Minor units; negative if the balance falls."""
