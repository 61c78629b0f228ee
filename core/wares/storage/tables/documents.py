"""Facts: documents and their lines, fulfilments and applications. Projections: open lines and the rows of plugins."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy import text as sql_text

from wares.storage.columns import amount, code, count, day, identifier, instant, quantity, rate, small, text
from wares.storage.tables.declare import belongs, company_table

WAITS = sql_text("waits = 1")
HAS_PARENT = sql_text("parent_id IS NOT NULL")
"""Documents made by another document, such as the open items of an opening balance: few, and voided with it."""
document = company_table(
    "document",
    identifier("document_id", primary_key=True),
    code("type"),
    code("number"),
    count("revision"),  # 1, then +1 per edit; all but the last are `replaced`
    count("issued", nullable=True),  # its number within the series, when Wares gave it
    code("status"),  # posted | pending | void | reversed | reversal | replaced
    instant("effective_at"),
    count("sequence"),  # breaks ties of effective_at; kept by edits
    day("date"),
    day("due", nullable=True),
    identifier("party_id", nullable=True),
    identifier("location_id", nullable=True),
    identifier("account_id", nullable=True),
    code("reference", nullable=True),
    code("reference_key", nullable=True),  # party/type/reference while the document stands; null once void
    code("currency"),
    rate("rate"),  # company currency for one unit of `currency`
    code("goods"),
    amount("total"),  # document currency, the amount of the counter leg
    amount("base_total"),  # the same in company currency
    identifier("parent_id", nullable=True),  # the document that made this one (open items of an opening balance, a reversal)
    text("memo"),
    code("key", nullable=True),
    code("body_hash", nullable=True),
    instant("recorded_at"),
    text("attributes"),
    text("record", nullable=False),  # JSON of the record as given
    code("content", nullable=True),  # hash of what was written with it (wares.storage.content); null in older books
    UniqueConstraint("company_id", "number", "revision"),
    UniqueConstraint("company_id", "key"),
    UniqueConstraint("company_id", "reference_key"),
    Index(None, "company_id", "date"),
    Index("ix_wares_document_parent", "company_id", "parent_id", sqlite_where=HAS_PARENT, postgresql_where=HAS_PARENT),
)
line = company_table(
    "line",
    identifier("line_id", primary_key=True),
    identifier("document_id"),
    code("number"),  # "2", "2.1"
    count("position"),
    identifier("parent_id", nullable=True),  # the line above this subline
    small("kind"),  # 0 row, 1 content, 2 calculation, 3 subtotal, 4 header
    identifier("item_id", nullable=True),
    identifier("base_id", nullable=True),  # a calculation: the row it is attached to
    quantity("quantity"),
    quantity("scrapped"),  # a build: consumed but not received
    quantity("unit_price", nullable=True),
    quantity("discount"),
    amount("amount"),  # signed effect on the document's total, company currency (`foreign_line` has the document's own)
    amount("goods_amount"),  # purchases: its amount with its share of the charges that belong to cost, at the rate of valuation
    code("unit", nullable=True),
    quantity("unit_factor"),
    identifier("location_id", nullable=True),
    identifier("account_id", nullable=True),
    identifier("from_id", nullable=True),  # the line it fulfils or takes back
    code("lot", nullable=True),
    text("description"),
    text("memo"),
    text("attributes"),
    belongs("document_id", "document"),
    Index(None, "company_id", "document_id"),
)
foreign_line = company_table(
    "foreign_line",
    identifier("line_id", primary_key=True),
    amount("amount"),  # as in table line, in the document's currency, if that is not the company's
    amount("goods_amount"),
    belongs("line_id", "line"),
)
fulfilment = company_table(
    "fulfilment",
    identifier("origin_line_id", primary_key=True),
    identifier("line_id", primary_key=True),
    code("kind"),  # deliver | invoice | receive | bill | credit
    quantity("quantity"),
    amount("amount"),  # its part of the origin's amount, company currency
    amount("currency_amount", nullable=True),  # the same in the origin's currency, if that is another
    belongs("origin_line_id", "line", "line_id"),
    belongs("line_id", "line"),
    Index(None, "company_id", "line_id"),
)
open_line = company_table(
    "open_line",
    identifier("line_id", primary_key=True),
    code("waits_for"),  # deliver | invoice | receive | bill
    identifier("party_id"),
    identifier("item_id"),
    quantity("quantity"),  # still open
    amount("amount"),  # still open, company currency, at the line's own price
    belongs("line_id", "line"),
    Index(None, "company_id", "party_id", "item_id"),
)
application = company_table(
    "application",
    identifier("document_id", primary_key=True),  # the payment or credit
    identifier("target_id", primary_key=True),  # the document it settles
    amount("amount"),  # in the common currency of both documents
    amount("base_amount"),  # its part of the target's company-currency amount
    belongs("document_id", "document"),
    belongs("target_id", "document", "document_id"),
    Index(None, "company_id", "target_id", "document_id"),
)
projected = company_table(
    "projected",
    code("projection", primary_key=True),
    identifier("document_id", primary_key=True),
    count("position", primary_key=True),  # among the document's rows in the projection
    day("day"),
    small("waits"),
    text("content", nullable=False),  # JSON: an array of its values
    belongs("document_id", "document"),
    Index("ix_wares_projected_in_order", "company_id", "projection", "day", "document_id", "position"),
    Index("ix_wares_projected_waits", "company_id", "projection", "day", "document_id", "position",
          sqlite_where=WAITS, postgresql_where=WAITS),
)  # fmt: skip
"""Rows that plugins derive from documents (`wares.Projection`)."""
