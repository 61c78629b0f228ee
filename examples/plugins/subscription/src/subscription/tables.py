"""The plugin's tables."""

from __future__ import annotations

from sqlmodel import Field
from wares.storage import WaresModel, belongs


class Sold(WaresModel, table=True):
    """A line that sold a subscription, or credited one (then `of_line_id` is the line that sold it, and the amount negative)."""

    __plugin__ = "subscription"
    __tablename__ = "subscription_sold"
    __table_args__ = (belongs("line_id", "line"), belongs("document_id", "document"))

    line_id: int = Field(primary_key=True)
    document_id: int
    of_line_id: int
    item_id: int
    start: int
    """The day on which it begins, yyyymmdd; 0 on a credit."""
    months: int
    """Number of months for which it is paid; 0 on a credit."""
    amount: int
    """Minor units; negative on a credit."""


class Recognised(WaresModel, table=True):
    """The amount that a recognition moved to income for one subscription."""

    __plugin__ = "subscription"
    __tablename__ = "subscription_recognised"
    __table_args__ = (belongs("document_id", "document"),)

    document_id: int = Field(primary_key=True)
    of_line_id: int = Field(primary_key=True)
    """The line that sold the subscription."""
    amount: int
    """Minor units; negative if income is taken back."""
