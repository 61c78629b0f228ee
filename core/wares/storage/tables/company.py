"""The company's head, settings, closings, series, outgoing events, imported and loaded files; and the two reference tables."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy import text as sql_text

from wares.storage.columns import code, count, day, identifier, instant, small, text
from wares.storage.tables.declare import belongs, company_table, reference_table

BROKEN_OFF = sql_text("is_whole = 0")

currency = reference_table("currency", code("code", primary_key=True), text("name"), small("decimals"))
directory = reference_table("directory", code("code", primary_key=True), identifier("company_id"))
"""Company code → company id; the one table that is unique across companies."""

company_head = company_table(
    "company",
    code("code"),
    text("name"),
    code("currency"),
    small("decimals"),
    count("version"),  # +1 by the first statement of every writing transaction: one writer per company
    count("master_version"),  # +1 when a master changes; caches compare it
    identifier("next_id"),
    count("next_sequence"),
    count("next_entry"),
    day("closed_through"),  # nothing on or before it is recorded or changed; 0 = never closed
    text("projections", nullable=False),  # keys of the projections whose rows are kept, separated by spaces
    text("recent_units", nullable=False),  # marks of the last transactions, newest first (wares.storage.attempt)
)
setting = company_table("setting", code("key", primary_key=True), text("value", nullable=False))
closing = company_table(
    "closing",
    count("number", primary_key=True),
    code("action"),  # close | reopen
    day("date"),
    text("reason"),
    instant("recorded_at"),
    count("last_id"),  # the last id given at that moment; verify compares with it
)
series = company_table("series", code("series", primary_key=True), code("prefix"), count("issued"))
"""`issued` is the last number given; the next is one more."""
outbox = company_table(
    "outbox",
    count("sequence", primary_key=True),
    code("event"),
    identifier("document_id", nullable=True),
    text("payload", nullable=False),
    instant("recorded_at"),
    instant("delivered_at", nullable=True),
)
source = company_table(
    "source",
    code("fingerprint", primary_key=True),  # of a file that was imported to its end
    text("name", nullable=False),
    text("summary", nullable=False),
    instant("recorded_at"),
)
loaded_file = company_table(
    "loaded_file",
    identifier("file_id", primary_key=True),
    code("path_hash"),  # of its path; "" for a stream
    text("name", nullable=False),
    text("begins", nullable=False),  # the identities of the lines that it began with (wares.loading.identity)
    small("is_whole"),  # 0 while lines follow that no load has reached
    instant("recorded_at"),
    Index(None, "company_id", "path_hash"),
    Index("ix_wares_loaded_file_broken_off", "company_id", "file_id", sqlite_where=BROKEN_OFF, postgresql_where=BROKEN_OFF),
)
"""The files of `load`, so that a load that was interrupted continues where it stopped."""
loaded_part = company_table(
    "loaded_part",
    identifier("file_id", primary_key=True),
    count("part", primary_key=True),  # 1 for the first transaction of the file
    count("through"),  # the last line that the transaction reached
    text("lines", nullable=False),  # the identities of the lines that it recorded
    belongs("file_id", "loaded_file"),
)
