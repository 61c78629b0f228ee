"""A posted line in the item's own unit, for documents that take parts of it in another unit than the line's."""

from __future__ import annotations

from collections.abc import Mapping

from wares.model import BROUGHT, CHARGED, LinkKind, Origin
from wares.values import SCALE, divide, share, times

RETURNS = frozenset({"customer_return", "supplier_return"})
"""Document types that return goods before the credit: the charged part of these goods waits for a credit."""
_CONTINUED = (*BROUGHT, *CHARGED, LinkKind.RETURN, LinkKind.CLOSE)
_CREDITED = (LinkKind.CREDIT, LinkKind.CLOSE)
"""Kinds of links that lower the open quantity of a line, and of a line of a return."""


def in_item_unit(origin: Origin, taken: Mapping[str, int] | None = None) -> Origin:
    """Return the line with its quantities and price in the item's unit, and the line as recorded as `stated`. `taken` has the
    quantities (kind of link → quantity in the item's unit) that have no exact value in the unit of the line."""
    if origin.unit_factor == SCALE:
        return origin
    known = {**(taken or {})}
    if LinkKind.BILL in known:
        known["charged"] = known[LinkKind.BILL]
    factor, whole = origin.unit_factor, times(origin.quantity, origin.unit_factor)
    done = {kind: (known.get(kind, times(quantity, factor)), amount) for kind, (quantity, amount) in origin.done.items()}
    price = None if origin.unit_price is None else divide(origin.unit_price * SCALE, factor)
    return origin._replace(
        quantity=whole, unit=None, unit_factor=SCALE, done=done, unit_price=price, scrapped=times(origin.scrapped, factor),
        waiting=(_waiting(origin, whole, done), origin.waiting[1]), stated=origin,
        base=None if origin.base is None else in_item_unit(origin.base, taken),
    )  # fmt: skip


def _waiting(origin: Origin, whole: int, done: Mapping[str, tuple[int, int]]) -> int:
    """Return the open quantity of a line in the item's unit."""
    waiting = origin.waiting[0]
    if not waiting:
        return 0
    kinds = _CREDITED if origin.document_type in RETURNS else _CONTINUED
    opened = waiting + sum(origin.done[kind][0] for kind in kinds if kind in origin.done)
    return share(whole, opened, origin.quantity) - sum(done[kind][0] for kind in kinds if kind in done)
