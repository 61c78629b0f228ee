"""The reports of the channels that come with Wares. Columns are found by name, in any order; missing and further ones do no
harm."""

from __future__ import annotations

from wares import Channel, ChannelReport
from wares_channels import examples

SHOPIFY = Channel(
    key="shopify",
    title="Shopify",
    examples=examples.SHOPIFY,
    reports=(
        ChannelReport(
            key="orders",
            columns={
                "order": ("Name",), "date": ("Created at", "Paid at"), "status": ("Financial Status",), "sku": ("Lineitem sku",),
                "title": ("Lineitem name",), "quantity": ("Lineitem quantity",), "unit_price": ("Lineitem price",),
                "shipping": ("Shipping",), "discount": ("Lineitem discount",), "whole_discount": ("Discount Amount",),
                "tax": ("Taxes", "Duties"), "refund": ("Refunded Amount",), "total": ("Total",), "currency": ("Currency",),
            },
            needs=frozenset({"order", "title", "quantity", "unit_price"}),
            per_order=frozenset({"date", "status", "shipping", "tax", "refund", "currency"}),
            skip={"status": ("voided", "pending", "expired")},
            tax="payable",
        ),
    ),
)  # fmt: skip

ETSY = Channel(
    key="etsy",
    title="Etsy",
    examples=examples.ETSY,
    reports=(
        ChannelReport(
            key="sold_items",
            columns={
                "order": ("Order ID",), "date": ("Sale Date",), "line": ("Transaction ID",), "sku": ("SKU",),
                "title": ("Item Name",), "quantity": ("Quantity",), "unit_price": ("Price",), "discount": ("Discount Amount",),
                "order_discount": ("Shipping Discount",), "shipping": ("Order Shipping",),
                "tax": ("Order Sales Tax",), "currency": ("Currency",),
            },
            needs=frozenset({"order", "line", "title", "quantity", "unit_price"}),
            per_order=frozenset({"shipping", "tax"}),
            dates="MDY",
        ),
        ChannelReport(
            key="sold_orders",
            columns={
                "order": ("Order ID",), "date": ("Sale Date",), "fee": ("Card Processing Fees",), "currency": ("Currency",),
                "status": ("Status",),
            },
            needs=frozenset({"order", "date", "fee"}),
            per_order=frozenset({"fee"}),
            dates="MDY",
        ),
        ChannelReport(
            key="statement",
            columns={
                "date": ("Date",), "type": ("Type",), "amount": ("Amount", "Fees & Taxes"), "memo": ("Title",), "order": ("Info",),
                "currency": ("Currency",),
            },
            needs=frozenset({"date", "type", "amount", "memo", "order"}),
            kinds=(
                ("sale", "ignore"), ("tax", "ignore"), ("fee", "fee"), ("marketing", "fee"), ("vat", "fee"), ("shipping", "label"),
                ("refund", "refund"), ("deposit", "payout"),
            ),
            fees_are_negative=True,
        ),
    ),
)  # fmt: skip

EBAY = Channel(
    key="ebay",
    title="eBay",
    examples=examples.EBAY,
    reports=(
        ChannelReport(
            key="orders",
            columns={
                "order": ("Order Number", "Sales Record Number"), "date": ("Sale Date", "Paid On Date"),
                "line": ("Transaction ID",), "sku": ("Custom Label",), "title": ("Item Title",), "quantity": ("Quantity",),
                "unit_price": ("Sold For",), "shipping": ("Shipping And Handling", "Postage And Packaging"),
                "tax": ("Seller Collected Tax",), "marketplace_tax": ("eBay Collected Tax",), "total": ("Total Price",),
            },
            needs=frozenset({"order", "title", "quantity", "unit_price"}),
            per_order=frozenset({"date", "shipping", "tax"}),
            tax="payable",
        ),
    ),
)  # fmt: skip

AMAZON = Channel(
    key="amazon",
    title="Amazon",
    examples=examples.AMAZON,
    reports=(
        ChannelReport(
            key="all_orders",
            columns={
                "order": ("amazon-order-id",), "date": ("purchase-date",), "status": ("item-status", "order-status"),
                "sku": ("sku",), "title": ("product-name",), "quantity": ("quantity",),
                "amount": ("item-price",), "shipping": ("shipping-price", "gift-wrap-price"),
                "discount": ("item-promotion-discount", "ship-promotion-discount"),
                "tax": ("item-tax", "shipping-tax", "gift-wrap-tax"), "currency": ("currency",),
            },
            needs=frozenset({"order", "sku", "quantity", "amount"}),
            skip={"status": ("cancelled", "canceled", "pending")},
        ),
        ChannelReport(
            key="settlement",
            columns={
                "order": ("order-id",), "date": ("posted-date", "posted-date-time", "deposit-date"),
                "type": ("transaction-type", "amount-type", "amount-description"), "amount": ("amount",), "sku": ("sku",),
                "line": ("settlement-id", "order-item-code"), "payout": ("total-amount",), "currency": ("currency",),
            },
            needs=frozenset({"order", "type", "amount", "payout"}),
            kinds=(
                ("", "payout"), ("//", "payout"), ("refund/itemprice/principal", "refund"), ("refund/itemprice/shipping", "refund"),
                ("refund/itemprice/giftwrap", "refund"), ("refund/promotion/*", "discount"), ("*/itemfees/*", "fee"),
                ("order/*", "ignore"), ("refund/*", "ignore"), ("*reserve*", "ignore"), ("*", "fee"),
            ),
            fees_are_negative=True,
        ),
        ChannelReport(
            key="settlement_v1",
            columns={
                "order": ("order-id",), "date": ("posted-date", "deposit-date"), "sku": ("sku",), "amount": ("price-amount",),
                "type": ("transaction-type", "price-type", "promotion-type"), "line": ("settlement-id", "order-item-code"),
                "fee": (
                    "item-related-fee-amount", "shipment-fee-amount", "order-fee-amount", "misc-fee-amount", "other-fee-amount",
                    "other-amount", "direct-payment-amount",
                ),
                "discount": ("promotion-amount",), "memo": ("other-fee-reason-description",),
                "payout": ("total-amount",), "currency": ("currency",),
            },
            needs=frozenset({"order", "type", "amount", "fee", "payout"}),
            kinds=(
                ("", "payout"), ("//", "payout"), ("refund/principal/", "refund"), ("refund/shipping/", "refund"),
                ("refund/giftwrap/", "refund"), ("refund//?*", "discount"), ("refund/?*", "ignore"), ("order//?*", "ignore"),
                ("*reserve*", "ignore"), ("*", "fee"),
            ),
            fees_are_negative=True,
        ),
        ChannelReport(
            key="date_range",
            columns={
                "order": ("order id",), "date": ("date/time",), "type": ("type",), "sku": ("sku",), "memo": ("description",),
                "fee": ("selling fees", "fba fees", "other transaction fees", "Regulatory Fee", "Tax On Regulatory Fee", "other"),
                "amount": ("total",), "line": ("settlement id",),
            },
            needs=frozenset({"order", "date", "type", "amount", "fee"}),
            kinds=(("order", "fee"), ("refund", "refund"), ("transfer", "payout"), ("*fee*", "fee"), ("adjustment", "fee")),
            fees_are_negative=True,
        ),
    ),
)  # fmt: skip

WOOCOMMERCE = Channel(
    key="woocommerce",
    title="WooCommerce",
    examples=examples.WOOCOMMERCE,
    reports=(
        ChannelReport(
            key="orders",
            columns={
                "order": ("Order Number",), "date": ("Order Date",), "status": ("Order Status",), "line": ("Item #",),
                "sku": ("SKU",), "title": ("Item Name", "Name", "Product Name"), "quantity": ("Quantity", "Quantity (- Refund)"),
                "unit_price": ("Item Cost",), "shipping": ("Order Shipping Amount",), "discount": ("Cart Discount Amount",),
                "tax": ("Order Total Tax Amount",), "refund": ("Order Refund Amount",), "total": ("Order Total Amount",),
            },
            needs=frozenset({"order", "date", "title", "quantity", "unit_price"}),
            per_order=frozenset({"date", "status", "shipping", "discount", "tax", "refund"}),
            skip={"status": ("cancelled", "failed", "pending", "pending payment")},
            tax="payable",
        ),
    ),
)  # fmt: skip

SQUARE = Channel(
    key="square",
    title="Square",
    examples=examples.SQUARE,
    reports=(
        ChannelReport(
            key="items",
            columns={
                "order": ("Transaction ID",), "date": ("Date",), "sku": ("SKU",), "title": ("Item",), "quantity": ("Qty",),
                "amount": ("Gross Sales",), "discount": ("Discounts",), "tax": ("Tax",), "status": ("Event Type",),
            },
            needs=frozenset({"order", "title", "quantity", "amount"}),
            refunds=("refund",),
            tax="payable",
        ),
        ChannelReport(
            key="transactions",
            columns={"order": ("Transaction ID",), "date": ("Date",), "fee": ("Fees",), "tip": ("Tip",), "cash": ("Cash",)},
            needs=frozenset({"order", "date", "fee"}),
            per_order=frozenset({"fee", "tip"}),
            fees_are_negative=True,
        ),
    ),
)  # fmt: skip

CHANNELS = (SHOPIFY, ETSY, EBAY, AMAZON, WOOCOMMERCE, SQUARE)
