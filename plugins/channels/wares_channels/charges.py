"""The charges of orders: the money of an order beside its sale lines, as rows that profit is made of."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, NamedTuple

from wares import Projected, Projection
from wares_tracking.document_keys import CHANNEL_PREFIX, parse_channel_key

if TYPE_CHECKING:
    from wares import Recorded, RecordedLine

KINDS = frozenset({"shipping", "tip", "discount", "refund", "fee", "label"})
"""The kinds of charge that change the profit of an order; tax and payouts do not."""


class Charge(NamedTuple):
    """A charge of an order."""

    kind: str
    line: str
    """The sale line of the charge, by our name or the channel's; "" for a charge of the whole order."""
    amount: int
    """Minor units."""
    day: int


class Charges(Projection):
    """The charges of orders: shipping, tips, discounts, refunds, fees, labels. Values: channel, order, and the fields of a
    `Charge`."""

    key = "seller_charges"

    def rows(self, documents: Collection[int], recorded: Recorded) -> Iterator[Projected]:
        for line in recorded.lines(types=["channel_charge", "credit_note"], key_prefix=CHANNEL_PREFIX, document_ids=documents):
            charge = charge_of(line)
            if charge is not None:
                channel, order, _, _ = parse_channel_key(line.key, line.document)
                yield Projected(line.document_id, line.day, [channel, order, *charge])


def charge_of(line: RecordedLine) -> Charge | None:
    """Return the charge of a line of a channel_charge or credit note; None if the line does not change profit."""
    attributes = line.attributes
    kind = "refund" if line.type == "credit_note" else str(attributes.get("kind", ""))
    if kind not in KINDS:
        return None
    return Charge(kind, line.origin or attributes.get("sale") or attributes.get("line") or "", line.amount, line.day)
