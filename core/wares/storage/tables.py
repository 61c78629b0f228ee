"""The core's tables. Every one is `company` (keys lead with company_id) or `reference`; the lint in the tests keeps it so.

Facts (never changed once written, save the marks named): document, line, move, value_fact, entry, posting, valuation.
Projections (rebuildable from facts, checked by `verify`): pool, layer, consumption, pool_month, stock, period_total,
fulfilment totals in open_line.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKeyConstraint, Index, MetaData, Table, UniqueConstraint
from sqlalchemy import text as sql_text

from wares.storage.columns import amount, code, company, count, day, identifier, instant, period, quantity, rate, small, text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _company_table(name: str, *columns: Column[Any] | Any) -> Table:
    owner = [] if name == "company" else [ForeignKeyConstraint(["company_id"], ["company.company_id"])]
    return Table(name, metadata, company(), *columns, *owner, info={"kind": "company"})


def _belongs(column: str, table: str, target: str | None = None) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["company_id", column], [f"{table}.company_id", f"{table}.{target or column}"])


# --- reference -------------------------------------------------------------------------------------------------------
currency = Table("currency", metadata, code("code", primary_key=True), text("name"), small("decimals"), info={"kind": "reference"})
directory = Table("directory", metadata, code("code", primary_key=True), identifier("company_id"), info={"kind": "reference"})
"""Which company a code means; the one place that is unique across companies."""

# --- the company and its masters -------------------------------------------------------------------------------------
company_head = _company_table(
    "company",
    code("code"),
    text("name"),
    code("currency"),
    small("decimals"),
    count("version"),  # +1 by the first statement of every writing transaction: one writer per company
    count("master_version"),  # +1 when a master changes: what caches compare
    identifier("next_id"),
    count("next_sequence"),
    count("next_entry"),
    day("closed_through"),  # nothing on or before it is recorded or changed; 0 = never closed
)
setting = _company_table("setting", code("key", primary_key=True), text("value", nullable=False))
closing = _company_table(
    "closing",
    count("number", primary_key=True),
    code("action"),  # close | reopen
    day("date"),
    text("reason"),
    instant("recorded_at"),
    count("entry_number"),  # the last entry number at that moment: what verify holds against
)
series = _company_table("series", code("series", primary_key=True), code("prefix"), count("issued"))
"""`issued` is the last number given; the next is one more."""
account = _company_table(
    "account",
    identifier("account_id", primary_key=True),
    code("code"),
    text("name"),
    code("type"),  # asset | liability | equity | income | expense
    text("roles"),  # JSON array of the roles it may hold
    small("active"),
    UniqueConstraint("company_id", "code"),
)
mapping = _company_table(
    "mapping",
    code("role", primary_key=True),
    code("level", primary_key=True),  # item | category | item_type | location | party | company
    code("of", primary_key=True),  # "" at company level
    identifier("account_id"),
    _belongs("account_id", "account"),
)
party = _company_table(
    "party",
    identifier("party_id", primary_key=True),
    code("code"),
    text("name"),
    text("kinds"),  # JSON array: customer, supplier
    small("active"),
    UniqueConstraint("company_id", "code"),
)
location = _company_table(
    "location",
    identifier("location_id", primary_key=True),
    code("code"),
    text("name"),
    small("active"),
    UniqueConstraint("company_id", "code"),
)
item = _company_table(
    "item",
    identifier("item_id", primary_key=True),
    code("type"),
    code("sku"),
    text("name"),
    code("unit"),
    quantity("price", nullable=True),
    quantity("cost", nullable=True),
    code("cost_method", nullable=True),
    code("category", nullable=True),
    code("barcode", nullable=True),
    quantity("weight", nullable=True),
    quantity("volume", nullable=True),
    quantity("makes"),
    small("active"),
    text("attributes", nullable=False),  # JSON, parsed by the type's Attributes model only
    UniqueConstraint("company_id", "sku"),
)
component = _company_table(
    "component",
    identifier("parent_id", primary_key=True),
    small("kind", primary_key=True),  # 0 content, 1 variant, 2 by-product
    count("position", primary_key=True),
    identifier("item_id"),
    quantity("quantity"),
    quantity("price", nullable=True),
    quantity("share", nullable=True),  # by-product: percent of the build's value
    text("attributes"),  # JSON: a variant's values
    _belongs("parent_id", "item", "item_id"),
    _belongs("item_id", "item"),
    Index(None, "company_id", "item_id"),
)

# --- documents -------------------------------------------------------------------------------------------------------
HAS_PARENT = sql_text("parent_id IS NOT NULL")
"""The open items of an opening balance: few, and voided with it."""
document = _company_table(
    "document",
    identifier("document_id", primary_key=True),
    code("type"),
    code("number"),
    count("revision"),  # 1, then +1 per edit; all but the last are `replaced`
    count("issued", nullable=True),  # its number within the series, when Wares gave it
    code("status"),  # posted | pending | void | reversed | replaced | deleted
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
    amount("total"),  # document currency, what the counter leg carries
    amount("base_total"),  # the same in company currency
    identifier("parent_id", nullable=True),  # the document that made this one (open items of an opening balance, a reversal)
    text("memo"),
    code("key", nullable=True),
    code("body_hash", nullable=True),
    instant("recorded_at"),
    text("attributes"),
    text("record", nullable=False),  # JSON of the record as given
    UniqueConstraint("company_id", "number", "revision"),
    UniqueConstraint("company_id", "key"),
    UniqueConstraint("company_id", "reference_key"),
    Index(None, "company_id", "date"),
    Index("ix_document_parent", "company_id", "parent_id", sqlite_where=HAS_PARENT, postgresql_where=HAS_PARENT),
)
line = _company_table(
    "line",
    identifier("line_id", primary_key=True),
    identifier("document_id"),
    code("number"),  # "2", "2.1"
    count("position"),
    identifier("parent_id", nullable=True),  # the line it is a subline of
    small("kind"),  # 0 row, 1 content, 2 calculation, 3 subtotal, 4 header
    identifier("item_id", nullable=True),
    identifier("base_id", nullable=True),  # a calculation: the row it is attached to
    quantity("quantity"),
    quantity("scrapped"),  # a build: consumed but not received
    quantity("unit_price", nullable=True),
    quantity("discount"),
    amount("amount"),  # signed effect on the document's total, company currency (`foreign_line` has the document's own)
    amount("goods_amount"),  # purchases: its amount with its part of the charges that belong to cost, at the rate it is carried at
    code("unit", nullable=True),
    quantity("unit_factor"),
    identifier("location_id", nullable=True),
    identifier("account_id", nullable=True),
    identifier("from_id", nullable=True),  # the line it fulfils or takes back
    code("lot", nullable=True),
    text("description"),
    text("memo"),
    text("attributes"),
    _belongs("document_id", "document"),
    Index(None, "company_id", "document_id"),
)
foreign_line = _company_table(
    "foreign_line",
    identifier("line_id", primary_key=True),
    amount("amount"),  # as in table line, in the currency of the document, where that is not the company's
    amount("goods_amount"),
    _belongs("line_id", "line"),
)
fulfilment = _company_table(
    "fulfilment",
    identifier("origin_line_id", primary_key=True),
    identifier("line_id", primary_key=True),
    code("kind"),  # deliver | invoice | receive | bill | credit
    quantity("quantity"),
    amount("amount"),  # what of the origin's amount it took, company currency
    amount("currency_amount", nullable=True),  # and in the origin's, where that is another
    _belongs("origin_line_id", "line", "line_id"),
    _belongs("line_id", "line"),
    Index(None, "company_id", "line_id"),
)
open_line = _company_table(
    "open_line",
    identifier("line_id", primary_key=True),
    code("waits_for"),  # deliver | invoice | receive | bill
    identifier("party_id"),
    identifier("item_id"),
    quantity("quantity"),  # still open
    amount("amount"),  # still open, company currency, at the line's own price
    _belongs("line_id", "line"),
    Index(None, "company_id", "party_id", "item_id"),
)
application = _company_table(
    "application",
    identifier("document_id", primary_key=True),  # the payment or credit
    identifier("target_id", primary_key=True),  # what it settles
    amount("amount"),  # in the currency that both are in
    amount("base_amount"),  # what of the target's company-currency amount that took
    _belongs("document_id", "document"),
    _belongs("target_id", "document", "document_id"),
    Index(None, "company_id", "target_id"),
)

OF_TOTALS_MOVES = "intent >= 5"
"""The moves that look at what the pool holds as a whole, or act on it (`wares.model.Intent` from AT_POOL on), as the partial index
on them spells it."""

# --- stock -----------------------------------------------------------------------------------------------------------
pool = _company_table(
    "pool",
    identifier("pool_id", primary_key=True),
    identifier("item_id"),
    identifier("area_id"),  # a location with cost_scope=location, else 0
    code("lot"),  # "" unless the method is specific
    identifier("order_line_id"),  # special orders, else 0
    code("first_method"),  # as the pool began; method changes are moves
    quantity("first_rate", nullable=True),  # standard: the item's cost when the pool began
    code("method"),
    identifier("account_id"),  # its inventory account, frozen while value ≠ 0
    quantity("quantity"),
    amount("value"),
    quantity("base_quantity"),  # after the last change that was not an issue
    amount("base_value"),
    quantity("rate", nullable=True),  # standard: the rate in force
    quantity("known_quantity"),  # of the last valued move: the last known unit value
    amount("known_value"),
    instant("last_at"),
    count("last_sequence"),
    UniqueConstraint("company_id", "item_id", "area_id", "lot", "order_line_id"),
)
pool_account = _company_table(
    "pool_account",
    identifier("pool_id", primary_key=True),
    day("since", primary_key=True),  # from here on it stands on another account
    identifier("document_id", primary_key=True),  # the reclassification
    identifier("account_id"),  # where it stood before
    _belongs("pool_id", "pool"),
    _belongs("document_id", "document"),
)
move = _company_table(
    "move",
    identifier("move_id", primary_key=True),
    identifier("document_id"),
    identifier("line_id"),
    identifier("pool_id"),
    identifier("item_id"),
    identifier("location_id"),
    quantity("quantity"),  # signed; for a count the derived difference
    quantity("counted", nullable=True),  # what a count found
    instant("effective_at"),
    count("sequence"),  # document sequence × 2²⁰ + position within the document
    instant("recorded_at"),
    day("date"),  # the day of effective_at: where its first entry stands
    small("intent"),  # wares.model.Intent
    amount("stated", nullable=True),
    identifier("origin_id", nullable=True),  # as_left, as_came: the move whose value it takes
    identifier("group_id", nullable=True),  # from_inputs: the line whose issues pay for it; the issues carry it too
    quantity("share", nullable=True),
    quantity("fallback_cost", nullable=True),  # the item's unit cost when recorded, for goods whose pool knows none
    identifier("counter_id", nullable=True),  # the account its value came from or goes to; null inside a group
    identifier("variance_id", nullable=True),  # the account of what a standard rate does not take in
    small("short"),  # whether it may take more than there is: 0 never, 1 at an estimate, 2 at nothing until covered
    code("method", nullable=True),  # a method change: the method from here on
    identifier("annulled_by", nullable=True),  # a void in place: original and mirror name each other, the fold skips both
    identifier("annuls", nullable=True),
    _belongs("document_id", "document"),
    _belongs("pool_id", "pool"),
    Index(None, "company_id", "pool_id", "effective_at", "sequence"),
    Index(None, "company_id", "document_id"),
    Index(
        "ix_move_of_totals", "company_id", "pool_id", "effective_at", "sequence",
        sqlite_where=sql_text(OF_TOTALS_MOVES), postgresql_where=sql_text(OF_TOTALS_MOVES),
    ),  # the few among many: how a pool was folded, and whether anything counted what it held, is known without walking its history
)  # fmt: skip
move_link = _company_table(
    "move_link",
    identifier("origin_id", primary_key=True),
    identifier("move_id", primary_key=True),  # takes its value from origin (as_left, as_came)
    _belongs("origin_id", "move", "move_id"),
    _belongs("move_id", "move"),
)
value_fact = _company_table(
    "value_fact",
    identifier("fact_id", primary_key=True),
    identifier("move_id"),  # the receipt it prices; it acts at that move's instant
    identifier("document_id"),
    identifier("line_id", nullable=True),
    code("kind"),  # bill | rebate | landed_cost
    amount("amount"),
    identifier("counter_id"),
    small("annulled"),
    _belongs("move_id", "move"),
    _belongs("document_id", "document"),
    Index(None, "company_id", "move_id"),
    Index(None, "company_id", "document_id"),
)
layer = _company_table(
    "layer",
    identifier("pool_id", primary_key=True),
    identifier("layer_id", primary_key=True),  # the move's own id; of those that a transfer brought, made from it
    instant("effective_at"),  # its age: of the move that it goes back to
    count("sequence"),
    identifier("move_id"),  # that brought it into the pool
    identifier("source_id"),  # that it goes back to: another only where a transfer carried it here
    instant("arrived_at"),  # of move_id
    count("arrived_sequence"),
    quantity("quantity"),
    amount("value"),
    quantity("remaining"),
    amount("taken"),  # value issued from it so far
    quantity("base_quantity"),  # what its issues are measured from: as received, or as last revalued
    amount("base_value"),
    identifier("exhausted_by", nullable=True),
    instant("exhausted_at"),  # of the move that exhausted it; OPEN while something remains
    count("exhausted_sequence"),
    _belongs("pool_id", "pool"),
    _belongs("move_id", "move"),
    Index(None, "company_id", "pool_id", "exhausted_at", "effective_at", "sequence"),
)
OPEN = 2**62
"""`exhausted_at` of a layer that still has something left."""
consumption = _company_table(
    "consumption",
    identifier("move_id", primary_key=True),
    identifier("layer_id", primary_key=True),
    quantity("quantity"),
    amount("value"),
    amount("estimate", nullable=True),  # what the part was worth until this layer covered it; null if it was there in time
    _belongs("move_id", "move"),
    Index(None, "company_id", "layer_id"),
)
pool_month = _company_table(
    "pool_month",
    identifier("pool_id", primary_key=True),
    identifier("location_id", primary_key=True),
    period("period"),
    quantity("quantity"),  # by effective date
    amount("value"),  # by effective date of the move
    amount("posted"),  # by date of the entry
    _belongs("pool_id", "pool"),
)
stock = _company_table(
    "stock",
    identifier("item_id", primary_key=True),
    identifier("location_id", primary_key=True),
    quantity("on_hand"),
    quantity("reserved"),
    quantity("on_order"),
    _belongs("item_id", "item"),
)

# --- ledger ----------------------------------------------------------------------------------------------------------
entry = _company_table(
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
    _belongs("document_id", "document"),
    Index(None, "company_id", "document_id"),
)
posting = _company_table(
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
    _belongs("entry_id", "entry"),
    _belongs("account_id", "account"),
    Index(None, "company_id", "account_id", "date"),
)
valuation = _company_table(
    "valuation",
    identifier("move_id", primary_key=True),
    identifier("entry_id", primary_key=True),
    identifier("counter_id", primary_key=True),  # 0 inside a group
    identifier("pool_id"),
    day("date"),
    amount("value"),
    _belongs("move_id", "move"),
    _belongs("entry_id", "entry"),
    Index(None, "company_id", "entry_id"),
)
period_total = _company_table(
    "period_total",
    identifier("account_id", primary_key=True),
    period("period"),
    amount("debit"),
    amount("credit"),
    _belongs("account_id", "account"),
)
outbox = _company_table(
    "outbox",
    count("sequence", primary_key=True),
    code("event"),
    identifier("document_id", nullable=True),
    text("payload", nullable=False),
    instant("recorded_at"),
    instant("delivered_at", nullable=True),
)
source = _company_table(
    "source",
    code("fingerprint", primary_key=True),  # of a file that was read in to its end
    text("name", nullable=False),
    text("summary", nullable=False),
    instant("recorded_at"),
)
