"""The kinds of histories that are compared with the reference: their events, their instants, and the settings of their books."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.core.laws.histories import (
    CHAINS,
    CONTENTS,
    COSTS,
    CURRENCIES,
    METHOD_CHANGES,
    METHODS,
    OTHERS,
    SHORTAGES,
    SOURCES,
    TIES,
    History,
)
from tests.core.laws.looks import stock, values
from tests.core.laws.reference import Reference
from wares import unscaled

Options = dict[str, str]


class Kind(NamedTuple):
    options: list[Options]
    """Settings of the books, and `method`: the cost method of every item."""
    others: tuple[str, ...] = SOURCES + OTHERS
    at: st.SearchStrategy[int] | None = None
    """The instants that several events may share."""
    sources: int = 3
    """The first events bring so many goods."""


SCOPES = [{"scope": scope} for scope in ("company", "location")]
METHODS_OF_ALL: list[Options] = [{}, {"method": "fifo"}, {"method": "lifo"}, {"method": "standard"}]
KINDS = {
    "plain": Kind([scope | method for scope in SCOPES for method in METHODS_OF_ALL]),
    "instants": Kind(SCOPES, at=TIES),
    "chains": Kind([scope | {"cogs_at": at} for scope in SCOPES for at in ("delivery", "invoice")], CHAINS),
    "currencies": Kind(SCOPES, CURRENCIES),
    "methods": Kind([{}], METHOD_CHANGES),
    "shortages": Kind([{"cogs_at": "invoice", "negative_stock": "provisional"} | method for method in METHODS_OF_ALL], SHORTAGES,
                      sources=1),
    "places": Kind([{"cogs_at": "invoice", "negative_stock": "provisional", "scope": "location"} | method
                    for method in METHODS_OF_ALL], (*SHORTAGES, "transfer", "transfer", "goods_back"), sources=1),
}  # fmt: skip


def differences(record: History, options: Options) -> dict[str, Any]:
    """Stock, its value, cost of sales and cost not invoiced that are not those of the reference: in the books, in the reference."""
    methods = {sku: options.get("method", own) for sku, own in METHODS.items()}
    reference = Reference(
        methods, CONTENTS, COSTS, by_place=options.get("scope") == "location", at_invoice=options.get("cogs_at") == "invoice"
    )
    reference.fold([each.record for each in record.in_effective_order()])
    books = record.books
    pools = {name: pool for name, pool in reference.pools.items() if pool.quantity or pool.value}
    found: dict[str, tuple[Any, Any]] = {
        "values": (values(books), {name: (str(unscaled(pool.quantity)), str(pool.value)) for name, pool in pools.items()}),
        "stock": (stock(books), {place: str(unscaled(quantity)) for place, quantity in reference.places.items() if quantity}),
        "cost of sales": (books.gl.balance("5000"), Decimal(reference.cogs).scaleb(-2)),
        "not invoiced": (books.gl.balance("1400"), Decimal(reference.not_invoiced).scaleb(-2)),
    }
    return {name: pair for name, pair in found.items() if pair[0] != pair[1]}
