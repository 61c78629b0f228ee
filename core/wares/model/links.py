"""The kinds of link between a line and a later line that comes `from` it."""

from __future__ import annotations

from typing import Final

DELIVERED_NOT_INVOICED: Final = "delivered_not_invoiced"
"""Role of the account that holds the cost of goods delivered and not invoiced yet."""
RECEIVED_NOT_BILLED: Final = "received_not_billed"
"""Role of the account that holds the value of goods received and not billed yet."""


class LinkKind:
    """The kinds of link of the core: the words that `fulfils` of a document type, `Link.kind` and `Opens.waits_for` hold. A plugin
    may name kinds of its own: lines of those take their part of the origin's quantity, and no core document waits for them."""

    DELIVER: Final = "deliver"  # goods of an invoice or cash sale go out later
    INVOICE: Final = "invoice"  # goods of a delivery are charged later
    RECEIVE: Final = "receive"  # goods of a bill or cash purchase come in later
    BILL: Final = "bill"  # goods of a receipt are charged later
    RETURN: Final = "return"  # goods go back before anybody is credited for them
    CREDIT: Final = "credit"  # the amount of a charge, or of returned goods, is credited
    CLOSE: Final = "close"  # the rest of a line is given up: nothing more comes


BROUGHT = frozenset({LinkKind.DELIVER, LinkKind.RECEIVE})
"""Kinds that bring the goods of a line that was charged before."""
CHARGED = frozenset({LinkKind.INVOICE, LinkKind.BILL})
"""Kinds that charge the goods of a line that moved before."""
