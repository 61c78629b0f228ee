"""Record the shipping label of an order by hand."""

from __future__ import annotations

from wares import Books, Posted
from wares_tracking.days import iso
from wares_tracking.document_keys import channel_key
from wares_tracking.sale_costs import lines_of_sale, unknown_sale
from wares_tracking.sale_lines import SaleLine


def add_label(
    books: Books, sale: str, amount: str, *, account: str | None = None, date: str | None = None, dry_run: bool = False
) -> Posted:
    """Post the cost of shipping an order and return the charge.

    `sale` is the sale of the order, or one line of it that was sent alone. `account` paid for the label; without it the channel
    kept the amount. Without `date` the day is the day of the sale. Refused UNKNOWN_SALE.
    """
    lines = lines_of_sale(books, sale)
    if not lines:
        raise unknown_sale(sale)
    line = lines[0]
    attributes = {"kind": "label", "line": line.channel_line or line.name} if "#" in sale else {"kind": "label"}
    record = {
        "date": date or iso(line.day), "key": _free_key(books, line), "memo": f"label of {sale}",
        "lines": [{"amount": amount, "attributes": attributes}], **({"account": account} if account is not None else {}),
    }  # fmt: skip
    return (books.preview if dry_run else books.post)("channel_charge", **record)


def _free_key(books: Books, line: SaleLine) -> str:
    """Return the key of the next label of an order."""
    part = 1
    while True:
        key = channel_key(line.channel, line.order, f"by hand {part}", "label")
        with books.recorded() as recorded:
            if key not in recorded.records([key]):
                return key
        part += 1
