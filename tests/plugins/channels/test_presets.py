"""One order of each channel's files as it reaches the ledger. Columns stand in another order than the channel writes them, some are
missing and one is new."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import pytest

from tests.books import balances
from wares import Books
from wares_channels.presets import CHANNELS

Sent = Callable[..., Any]
BANK, CLEARING, TAX, SALES, SHIPPING, DISCOUNTS, FEES = "1010", "1100", "2100", "4000", "4100", "4900", "6300"


def test_declarations_are_sound() -> None:
    assert {channel.key: channel.problems() for channel in CHANNELS} == {
        key: [] for key in ("shopify", "etsy", "ebay", "amazon", "woocommerce", "square")
    }
    assert tuple(importlib.import_module("wares_channels").wares_channels()) == CHANNELS


FILES: dict[str, tuple[list[list[str]], dict[str, str]]] = {
    "shopify": (
        [[
            "Lineitem name | Name | Created at | Lineitem sku | Lineitem quantity | Lineitem price | Shipping | Taxes "
            "| Discount Amount | New",
            "Blue mug | #1 | 2026-02-01 10:00:00 -0500 | MUG | 2 | 15.00 | 5.00 | 2.80 | 3.00 | ?",
            "Red cup | #1 | | | 1 | 8.00 | | | | ?",
        ]],
        {CLEARING: "42.80", TAX: "-2.80", SALES: "-38.00", SHIPPING: "-5.00", DISCOUNTS: "3.00"},
    ),
    "etsy": (
        [
            [
                "Sale Date | Item Name | Quantity | Price | Discount Amount | Order Shipping | Transaction ID | Order ID | SKU",
                "02/01/26 | Blue mug | 2 | 15.00 | 3.00 | 5.00 | 901 | 77 | MUG",
                "02/01/26 | Red cup | 1 | 8.00 | 0 | 5.00 | 902 | 77 | ",
            ],
            [
                "Date | Type | Title | Info | Currency | Amount | Fees & Taxes | Net",
                "February 1, 2026 | Sale | Payment | Order #77 | USD | $43.00 | -- | $43.00",
                "February 1, 2026 | Fee | Listing fee | Order #77 | USD | -- | -$0.20 | -$0.20",
                "February 2, 2026 | Refund | Partial refund | Order #77 | USD | -$8.00 | -- | -$8.00",
                "February 9, 2026 | Deposit | $31.80 sent to your bank account | | USD | -- | -- | --",
            ],
        ],
        {BANK: "31.80", SALES: "-30.00", SHIPPING: "-5.00", DISCOUNTS: "3.00", FEES: "0.20"},
    ),
    "ebay": (
        [[
            "Order Number | Item Title | Custom Label | Quantity | Sold For | Shipping And Handling | Seller Collected Tax "
            "| Sale Date | Transaction ID",
            "12-1 | | | 3 | $38.00 | $5.00 | $2.80 | Feb-01-26 | ",
            "12-1 | Blue mug | MUG | 2 | $15.00 | | | Feb-01-26 | 901",
            "12-1 | Red cup | | 1 | $8.00 | | | Feb-01-26 | 902",
            "2 record(s) downloaded",
        ]],
        {CLEARING: "45.80", TAX: "-2.80", SALES: "-38.00", SHIPPING: "-5.00"},
    ),
    "amazon": (
        [
            [
                "amazon-order-id | purchase-date | item-status | product-name | sku | quantity | item-price | shipping-price "
                "| item-promotion-discount | ship-promotion-discount",
                "1-1 | 2026-02-01T10:00:00+00:00 | Shipped | Blue mug | MUG | 2 | 30.00 | 5.00 | 2.00 | 1.00",
                "1-2 | 2026-02-01T10:00:00+00:00 | Cancelled | Blue mug | MUG | 0 | | | | ",
            ],
            [
                "settlement-id | deposit-date | total-amount | transaction-type | order-id | amount-type | amount-description "
                "| amount | posted-date | sku | order-item-code",
                "5 | 2026-02-15 | 27.50 | | | | | | | | ",
                "5 | | | Order | 1-1 | ItemPrice | Principal | 30.00 | 2026-02-02 | MUG | 9",
                "5 | | | Order | 1-1 | ItemFees | Commission | -4.50 | 2026-02-02 | MUG | 9",
            ],
        ],
        {BANK: "27.50", SALES: "-30.00", SHIPPING: "-5.00", DISCOUNTS: "3.00", FEES: "4.50"},
    ),
    "woocommerce": (
        [[
            "Order Number | Order Status | Order Date | Item Name | SKU | Quantity | Item Cost | Order Shipping Amount "
            "| Cart Discount Amount | Order Total Tax Amount",
            "7 | Completed | 2026-02-01 | Blue mug | MUG | 2 | 15.00 | 5.00 | 3.00 | 2.80",
            "8 | Cancelled | 2026-02-01 | Blue mug | MUG | 2 | 15.00 | 5.00 | 3.00 | 2.80",
        ]],
        {CLEARING: "34.80", TAX: "-2.80", SALES: "-30.00", SHIPPING: "-5.00", DISCOUNTS: "3.00"},
    ),
    "square": (
        [
            [
                "Date | Item | Qty | SKU | Gross Sales | Discounts | Tax | Transaction ID | Event Type",
                "2026-02-01 | Blue mug | 2 | MUG | $30.00 | ($3.00) | $2.80 | T1 | Payment",
                "2026-02-05 | Blue mug | -1 | MUG | -$15.00 | $1.50 | -$1.40 | T2 | Refund",
            ],
            ["Date | Transaction ID | Gross Sales | Fees | Net Total", "2026-02-01 | T1 | $30.00 | -$0.90 | $28.90"],
        ],
        {CLEARING: "14.00", TAX: "-1.40", SALES: "-15.00", DISCOUNTS: "1.50", FEES: "0.90"},
    ),
}  # fmt: skip
"""Channel → its files, and the trial balance after them."""


@pytest.mark.parametrize("channel", FILES)
def test_an_order_of(channel: str, seller: Books, send: Sent) -> None:
    """The channel is found by its columns; importing all again, in a file that is not quite the same, changes nothing."""
    files, wanted = FILES[channel]
    for again in (False, True):
        for rows in files:
            done = send(*rows, *([""] if again else []), channel=None)
            assert (done.channel, done.rejected, done.issues) == (channel, 0, [])
            assert not again or not done.posted
        assert balances(seller) == wanted
