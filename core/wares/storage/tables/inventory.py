"""Facts: moves and the value added to them. Projections: pools, layers, consumptions, totals."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy import text as sql_text

from wares.storage.columns import amount, code, count, day, identifier, instant, period, quantity, small
from wares.storage.tables.declare import belongs, company_table

STANDING = "m.annulled_by IS NULL AND m.annuls IS NULL"
"""The condition that a move `m` stands: no other move annuls it, and it annuls none."""
OF_TOTALS_MOVES = "intent >= 5"
"""The moves that read or change the pool's totals (`wares.model.Intent` from AT_POOL on), in the spelling of the partial index on
them."""

pool = company_table(
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
    quantity("known_quantity"),  # of the last known unit value, a ratio; 0 = nothing is known, −1 = to be read from the moves
    amount("known_value"),
    instant("last_at"),
    count("last_sequence"),
    UniqueConstraint("company_id", "item_id", "area_id", "lot", "order_line_id"),
)
pool_account = company_table(
    "pool_account",
    identifier("pool_id", primary_key=True),
    day("since", primary_key=True),  # the day from which the pool is on another account
    identifier("document_id", primary_key=True),  # the reclassification
    identifier("account_id"),  # the account before that day
    belongs("pool_id", "pool"),
    belongs("document_id", "document"),
)
move = company_table(
    "move",
    identifier("move_id", primary_key=True),
    identifier("document_id"),
    identifier("line_id"),
    identifier("pool_id"),
    identifier("item_id"),
    identifier("location_id"),
    quantity("quantity"),  # signed; for a count the derived difference
    quantity("counted", nullable=True),  # the quantity found by a count
    instant("effective_at"),
    count("sequence"),  # document sequence × 2²⁰ + position within the document
    instant("recorded_at"),
    day("date"),  # the day of effective_at and of its first entry
    small("intent"),  # wares.model.Intent
    amount("stated", nullable=True),
    identifier("origin_id", nullable=True),  # as_left, as_came: the move whose value it takes
    identifier("group_id", nullable=True),  # from_inputs: the line whose issues give its value; the issues have it too
    quantity("share", nullable=True),
    quantity("fallback_cost", nullable=True),  # the item's unit cost when recorded, for goods whose pool knows none
    identifier("counter_id", nullable=True),  # the account its value came from or goes to; null inside a group
    identifier("variance_id", nullable=True),  # the account of the difference from a standard rate
    small("short"),  # an issue beyond the quantity on hand: 0 refused, 1 at an estimate, 2 at no value until covered
    code("method", nullable=True),  # a method change: the method from here on
    identifier("annulled_by", nullable=True),  # a void in its place: original and mirror name each other, and the fold skips both
    identifier("annuls", nullable=True),
    belongs("document_id", "document"),
    belongs("pool_id", "pool"),
    Index(None, "company_id", "pool_id", "effective_at", "sequence"),
    Index(None, "company_id", "document_id"),
    Index(
        "ix_wares_move_of_totals", "company_id", "pool_id", "effective_at", "sequence",
        sqlite_where=sql_text(OF_TOTALS_MOVES), postgresql_where=sql_text(OF_TOTALS_MOVES),
    ),  # few of many moves: shows method changes and counts of a pool without reading its history
)  # fmt: skip
move_link = company_table(
    "move_link",
    identifier("origin_id", primary_key=True),
    identifier("move_id", primary_key=True),  # takes its value from origin (as_left, as_came)
    belongs("origin_id", "move", "move_id"),
    belongs("move_id", "move"),
)
value_fact = company_table(
    "value_fact",
    identifier("fact_id", primary_key=True),
    identifier("move_id"),  # the receipt it prices; it acts at that move's instant
    identifier("document_id"),
    identifier("line_id", nullable=True),
    code("kind"),  # bill | rebate | landed_cost
    amount("amount"),
    identifier("counter_id"),
    small("annulled"),
    belongs("move_id", "move"),
    belongs("document_id", "document"),
    Index(None, "company_id", "move_id"),
    Index(None, "company_id", "document_id"),
)
layer = company_table(
    "layer",
    identifier("pool_id", primary_key=True),
    identifier("layer_id", primary_key=True),  # the move's own id; for a layer that a transfer brought, derived from it
    instant("effective_at"),  # its age: that of the source move
    count("sequence"),
    identifier("move_id"),  # the move that brought it into the pool
    identifier("source_id"),  # the receipt it comes from; differs from move_id only after a transfer
    instant("arrived_at"),  # of move_id
    count("arrived_sequence"),
    quantity("quantity"),
    amount("value"),
    quantity("remaining"),
    amount("taken"),  # value issued from it so far
    quantity("base_quantity"),  # the basis of its issues: as received, or as last revalued; an exact unit value if it had no price
    amount("base_value"),
    identifier("exhausted_by", nullable=True),
    instant("exhausted_at"),  # of the move that exhausted it; OPEN while something remains
    count("exhausted_sequence"),
    belongs("pool_id", "pool"),
    belongs("move_id", "move"),
    Index("ix_wares_layer_in_order", "company_id", "pool_id", "exhausted_at", "effective_at", "sequence"),
)
OPEN = 2**62
"""`exhausted_at` of a layer with a remaining quantity."""
consumption = company_table(
    "consumption",
    identifier("move_id", primary_key=True),
    identifier("layer_id", primary_key=True),
    quantity("quantity"),
    amount("value"),
    amount("estimate", nullable=True),  # the value until this layer covered the part; null if the layer was there in time
    belongs("move_id", "move"),
    Index(None, "company_id", "layer_id"),
)
pool_month = company_table(
    "pool_month",
    identifier("pool_id", primary_key=True),
    identifier("location_id", primary_key=True),
    period("period"),
    quantity("quantity"),  # by effective date
    amount("value"),  # by effective date of the move
    amount("posted"),  # by date of the entry
    belongs("pool_id", "pool"),
)
stock = company_table(
    "stock",
    identifier("item_id", primary_key=True),
    identifier("location_id", primary_key=True),
    quantity("on_hand"),
    quantity("reserved"),
    quantity("on_order"),
    belongs("item_id", "item"),
)
