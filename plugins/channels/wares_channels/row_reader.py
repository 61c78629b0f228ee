"""Read the transactions of one row of a channel's file.

Nothing of the books is known here. A row that cannot be read gives its issues instead.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fnmatch import fnmatchcase

from wares import TableRow
from wares_channels.currencies import Stated
from wares_channels.layout import Layout
from wares_channels.order_state import OrderState, OrderStates
from wares_channels.row_cells import RowCells
from wares_channels.transaction import WHOLE_ORDER, ReadingOptions, ReadRow, Transaction, line_name
from wares_tracking.cells import parse_money

_ONCE = {"order_discount": WHOLE_ORDER, "cash": "~cash"}
"""Field that is stated of an order only → line of its transactions."""
_COSTS = frozenset({"fee", "label"})
_COMES_IN = frozenset({"sale", "shipping", "tip", "tax"})
"""Movements that add to the money that the channel holds."""
_AMOUNT_IN_TEXT = re.compile(r"[^\s\d]{0,4}\d[\d.,]*")


class RowReader:
    """One row that is being read."""

    def __init__(self, layout: Layout, options: ReadingOptions, orders: OrderStates, row: TableRow) -> None:
        self.layout = layout
        self.report = layout.report
        self.options = options
        self.row = row
        self.cells = RowCells(layout, options, orders, row)

    @property
    def state(self) -> OrderState:
        """Return the statements about the order of the row so far."""
        return self.cells.state

    def read(self) -> ReadRow:
        """Return the transactions of the row, or its issues."""
        report, cells, found = self.report, self.cells, list[Transaction]()
        if not self._is_skipped():
            if "type" in report.columns:
                found = self._movement()
            elif "payout" in report.columns:
                found = self._payout()
            elif not cells.order:
                cells.add_issue("order", "NO_ORDER", "the row names no order", "")
            else:
                self._totals()
                found = self._line() if self.layout.has_lines else self._charges("")
            rate = cells.rate() if found else None
            if rate is not None:
                found = [each._replace(stated=Stated(rate[0], each.amount, rate[1])) for each in found]
        if cells.issues:
            found = []
        return ReadRow(self.row, self.row.line, tuple(found), tuple(cells.issues))

    def _is_skipped(self) -> bool:
        return any(self.cells.text(field).lower() in values for field, values in self.report.skip.items())

    def _totals(self) -> None:
        """Keep the statements about the order as a whole, which count once."""
        places, state, money = self.layout.places, self.state, self.cells.money
        if "total" in places and state.total is None:
            state.total = money("total")
        if "whole_discount" in places and not state.whole_discount:
            state.whole_discount = abs(money("whole_discount", add=True) or Decimal(0))
        if "marketplace_tax" in places and not state.marketplace_tax:
            state.marketplace_tax = money("marketplace_tax", add=True) or Decimal(0)

    # --- sold and refunded lines ---

    def _line(self) -> list[Transaction]:
        """Return a sold or refunded line and its charges; a row without product has charges of its order only."""
        cells = self.cells
        sku, title = cells.text("sku"), " ".join(cells.text("title").split())
        if not sku and not title:
            return self._charges("")
        line = self._line_id(sku or title)
        quantity = self._quantity()
        amount = self._amount(quantity)
        if amount is None or quantity is None:
            return []
        refunded = cells.text("status").lower() in self.report.refunds
        if quantity <= 0 and not refunded:
            cells.add_issue("quantity", "BAD_QUANTITY", f"quantity {quantity} must be more than 0", "record refunds as refunds")
            return []
        restock = self.options.restock
        kind = "refund" if refunded else "sale"
        found = Transaction(kind, cells.order, line, cells.day(), abs(amount) if refunded else amount, abs(quantity), sku, title,
                            restock=self.report.restock if restock is None else restock)  # fmt: skip
        if not refunded and amount < 0:
            cells.add_issue("amount", "BAD_AMOUNT", f"the amount {amount} is negative", "record refunds as refunds")
        return [found, *(self._charges(line) if not refunded else self._charges_back(line))]

    def _charges_back(self, line: str) -> list[Transaction]:
        """Return the discount and tax of a refunded line, taken back."""
        return [each._replace(line=f"{line}~back", amount=-abs(each.amount)) for each in self._charges(line) if each.line]

    def _line_id(self, product: str) -> str:
        stated = "-".join(text for text in self.cells.texts("line") if text)
        count = self.state.count(product)
        return stated or (line_name(product) if count == 1 else f"{line_name(product)}#{count}")

    def _quantity(self) -> Decimal | None:
        text = self.cells.text("quantity")
        try:
            return parse_money(text, mark=self.options.mark) or (Decimal(1) if not text else Decimal(0))
        except ValueError:
            self.cells.add_issue("quantity", "BAD_QUANTITY", f"{text[:40]!r} is no quantity", "give a number")
            return None

    def _amount(self, quantity: Decimal | None) -> Decimal | None:
        """Return the amount of the line: stated, or unit price × quantity."""
        total = self.cells.money("amount")
        if total is not None:
            return total
        price = self.cells.money("unit_price")
        if price is None or quantity is None:
            if not self.cells.issues:
                self.cells.add_issue("amount", "NO_AMOUNT", "the row has neither amount nor price", "give 0 for free goods")
            return None
        return price * quantity

    def _charges(self, line: str) -> list[Transaction]:
        cells, state, found = self.cells, self.state, []
        for field, kind in self.layout.charges:
            amount = cells.money(field, add=True)
            once = field in self.report.per_order or field in _ONCE or not line
            if not amount or (once and field in state.stated):
                continue
            if once:
                state.stated[field] = "stated"
            if kind == "tax" and (self.options.tax or self.report.tax) == "ignore":
                state.marketplace_tax += amount
                continue
            of = _ONCE.get(field, "") if once else line
            found.append(Transaction(kind, cells.order, of, cells.day(), self._signed(kind, amount), cumulative=kind == "refund"))
        return found

    def _signed(self, kind: str, amount: Decimal) -> Decimal:
        if kind in ("discount", "refund"):
            return abs(amount)
        return -amount if kind in _COSTS and self.report.fees_are_negative else amount

    # --- movements of money ---

    def _movement(self) -> list[Transaction]:
        """Return a movement of money: its type gives its kind, its texts give its identity."""
        cells = self.cells
        stated = "/".join(cells.texts("type")).strip().lower()
        kind = next((kind for pattern, kind in self.report.kinds if fnmatchcase(stated, pattern)), None)
        if kind is None:
            message, hint = f"the type {stated!r} of the movement is unknown", "leave the row out, or map its type"
            cells.add_issue("type", "UNKNOWN_KIND", message, hint)
        if kind in (None, "ignore"):
            return []
        assert kind is not None
        amount = self._moved(kind)
        if not amount:
            return []
        identity = ":".join(
            text for text in ("-".join(cells.texts("line")), cells.text("sku"), cells.day(), stated, str(amount)) if text
        )
        count = self.state.count(identity)
        line = identity[:100] if count == 1 else f"{identity[:100]}#{count}"
        return [Transaction(kind, cells.order, line, cells.day(), amount, sku=cells.text("sku"), title=cells.text("memo")[:200])]

    def _moved(self, kind: str) -> Decimal | None:
        """Return the amount of a movement with the sign of its kind. A payout may stand in a column of its own, or in its text."""
        own = kind in ("fee", "discount") and kind in self.report.columns
        amount = self.cells.money(kind if own else "amount", add=True)
        if amount is None and kind == "payout":
            return self.cells.money("payout") or self._amount_in_text()
        if amount is None:
            return None
        if self.report.fees_are_negative:
            return amount if kind in _COMES_IN else -amount
        return abs(amount)

    def _payout(self) -> list[Transaction]:
        """Return a transfer to the bank, and the fee that was kept of it."""
        cells = self.cells
        day, amounts = cells.day(), {kind: cells.money(kind, add=True) for kind in ("payout", "fee")}
        line = "-".join(text for text in cells.texts("line") if text) or f"{day}:{amounts['payout']}"
        count = self.state.count(line)
        line = line if count == 1 else f"{line}#{count}"
        title = cells.text("memo")[:200]
        return [Transaction(kind, cells.order, line, day, self._signed(kind, amount), title=title)
                for kind, amount in amounts.items() if amount]  # fmt: skip

    def _amount_in_text(self) -> Decimal | None:
        found = _AMOUNT_IN_TEXT.search(self.cells.text("memo"))
        return parse_money(found[0].rstrip(".,"), mark=self.options.mark) if found else None
