"""Facts: entries, postings, valuations. Projection: the totals of each period."""

from __future__ import annotations

from sqlalchemy import Index

from wares.storage.columns import amount, code, count, day, identifier, instant, period, text
from wares.storage.tables.declare import belongs, company_table

entry = company_table(
    "entry",
    identifier("entry_id", primary_key=True),
    count("number"),
    day("date"),
    identifier("document_id"),  # the document that caused it
    code("kind"),  # original | correction | void | reversal
    identifier("reverses_id", nullable=True),
    instant("recorded_at"),
    text("memo"),
    code("seal", nullable=True),
    code("content", nullable=True),  # hash of the entry with its postings (wares.storage.content); null in older books
    belongs("document_id", "document"),
    Index(None, "company_id", "document_id"),
)
posting = company_table(
    "posting",
    identifier("entry_id", primary_key=True),
    count("position", primary_key=True),
    identifier("account_id"),
    day("date"),
    code("role"),
    amount("amount"),  # company currency, debit positive
    code("currency"),
    amount("currency_amount"),
    identifier("item_id", nullable=True),
    identifier("party_id", nullable=True),
    identifier("line_id", nullable=True),
    text("memo"),
    belongs("entry_id", "entry"),
    belongs("account_id", "account"),
    Index(None, "company_id", "account_id", "date"),
)
valuation = company_table(
    "valuation",
    identifier("move_id", primary_key=True),
    identifier("entry_id", primary_key=True),
    identifier("counter_id", primary_key=True),  # 0 inside a group
    identifier("pool_id"),
    day("date"),
    amount("value"),
    belongs("move_id", "move"),
    belongs("entry_id", "entry"),
    Index(None, "company_id", "entry_id"),
)
sealing = company_table(
    "sealing",
    count("number", primary_key=True),
    instant("recorded_at"),
    identifier("last_id"),  # it covers rows up to this id
    count("entry_number"),
    code("entry_seal"),
    count("closings"),
    count("documents"),
    text("digests", nullable=False),  # JSON: kind of row → digests (wares.ledger.sealing)
    code("seal"),
)
period_total = company_table(
    "period_total",
    identifier("account_id", primary_key=True),
    period("period"),
    amount("debit"),
    amount("credit"),
    belongs("account_id", "account"),
)
