"""The fulfilment of sale lines: quantities and costs of the matches and credits that name them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

from wares import LinkKind

if TYPE_CHECKING:
    from wares import Recorded


class Fulfilment(NamedTuple):
    """The sums of the matches and credits of a sale line. Quantities are millionths, money minor units."""

    matched: int = 0
    """The quantity that matches gave to the line."""
    credited: int = 0
    """The quantity of its credits."""
    returned: int = 0
    """The quantity that came back before it was matched."""
    cost: int = 0
    """The cost of the matched quantity, less the cost of the quantity that came back."""
    restocked: int = 0
    """The quantity that came back after it was matched."""
    item_id: int | None = None
    """The product of its matches."""
    sku: str | None = None
    """The SKU of that product."""


NOTHING = Fulfilment()


def fulfilments(recorded: Recorded, line_ids: Collection[int]) -> dict[int, Fulfilment]:
    """Return the fulfilment of each sale line that has matches or credits, in two queries."""
    links = recorded.links(line_ids, kinds=["deliver", "credit"])
    values = recorded.values({link.document_id for link in links})
    found: dict[int, Fulfilment] = {}
    for link in links:
        before, cost = found.get(link.origin_id, NOTHING), -values.get(link.line_id, 0)
        item = (link.item_id, link.sku) if link.sku else (before.item_id, before.sku)
        if link.kind == LinkKind.DELIVER:
            found[link.origin_id] = Fulfilment(
                before.matched + link.quantity, before.credited, before.returned, before.cost + cost, before.restocked, *item
            )  # fmt: skip
        else:
            found[link.origin_id] = Fulfilment(
                before.matched, before.credited + link.quantity,
                before.returned + (link.quantity if link.attributes.get("returned") else 0), before.cost + cost,
                before.restocked + (link.quantity if link.line_id in values else 0), *item,
            )  # fmt: skip
    return found
